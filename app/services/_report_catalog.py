"""The catalog of money reports: what each answers, what one may ask of it, how it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.reports import Report
from app.services import (
    _month_close,
    _report_activity,
    _report_claims,
    _report_credits,
    _report_daysheet,
    _report_denials,
    _report_open,
    _report_payments,
    _report_proof,
    _report_rates,
    _report_underpaid,
)
from app.services._report_base import Asked
from app.services.report_commands import ReportInfo

PERIOD = ("start", "end")


@dataclass(frozen=True, slots=True)
class Entry:
    """One report of the catalog and how it is made."""

    info: ReportInfo
    make: Callable[[Session, Asked], Report]


REPORTS: tuple[Entry, ...] = (
    Entry(
        ReportInfo(
            "day_sheet", "Day sheet", "What did I enter, and does it add up?", (*PERIOD, "by"),
            ("day", _report_daysheet.SINCE_CLOSE), patients=True,
        ),
        _report_daysheet.day_sheet,
    ),
    Entry(
        ReportInfo(
            "batch_proof", "Check proof", "Is every cent of this check explained?",
            ("payment_id",), patients=True,
        ),
        _report_proof.batch_proof,
    ),
    Entry(
        ReportInfo("deposits", "Deposits", "What went to the bank, and what waits?", PERIOD),
        _report_payments.deposits,
    ),
    Entry(
        ReportInfo(
            "payments", "Payments", "Which money came, from whom, and where is it?",
            (*PERIOD, "by", "payer_id"), ("tender", "payer"),
        ),
        _report_payments.payments,
    ),
    Entry(
        ReportInfo(
            "production", "Production", "What was charged?",
            (*PERIOD, "by", "dates", "payer_id", "provider_id"), _report_activity.BY,
            ("accounting date", "service date"),
        ),
        _report_activity.production,
    ),
    Entry(
        ReportInfo(
            "collections", "Collections", "What was collected on it?",
            (*PERIOD, "by", "payer_id", "provider_id"), _report_activity.BY,
        ),
        _report_activity.collections,
    ),
    Entry(
        ReportInfo(
            "adjustments", "Adjustments", "What was given up, and why?", (*PERIOD, "by"),
            ("reason", "payer"),
        ),
        _report_activity.adjustments,
    ),
    Entry(
        ReportInfo(
            "refunds", "Refunds paid and due", "What was paid back, and what must be?", PERIOD,
            patients=True,
        ),
        _report_credits.refunds,
    ),
    Entry(
        ReportInfo("reversals", "Reversals", "What was taken back?", PERIOD, patients=True),
        _report_payments.reversals,
    ),
    Entry(
        ReportInfo(
            "credits", "Credit balances", "Whose money do we hold?", ("as_of",), patients=True
        ),
        _report_credits.credit_balances,
    ),
    Entry(
        ReportInfo("unapplied", "Unapplied money", "Which money waits for its place?", ("as_of",)),
        _report_credits.unapplied,
    ),
    Entry(
        ReportInfo(
            "insurance_aging", "Insurance aging", "What do payers owe, and since when?",
            ("as_of", "dates", "detail", "payer_id"), (), ("service date", "last billed"),
            patients=True,
        ),
        _report_open.insurance_aging,
    ),
    Entry(
        ReportInfo(
            "patient_aging", "Patient aging", "What do patients owe, and since when?",
            ("as_of", "detail"), patients=True,
        ),
        _report_open.patient_aging,
    ),
    Entry(
        ReportInfo(
            "total_aging", "Accounts receivable aging", "What is owed in all?", ("as_of",)
        ),
        _report_open.total_aging,
    ),
    Entry(
        ReportInfo(
            "outstanding", "Outstanding claims", "Which claims wait for a payer?",
            ("as_of", "payer_id"), patients=True,
        ),
        _report_claims.outstanding,
    ),
    Entry(
        ReportInfo(
            "unbilled", "Unbilled charges", "What has no payer seen yet?",
            ("as_of", "older_than"), patients=True,
        ),
        _report_claims.unbilled,
    ),
    Entry(
        ReportInfo(
            "denials", "Denials", "What was refused or held, and what became of it?",
            (*PERIOD, "by", "payer_id"), ("reason code", "payer", "code", "provider"),
            patients=True,
        ),
        _report_denials.denials,
    ),
    Entry(
        ReportInfo(
            "underpaid", "Underpaid lines", "Who allowed less than the contract says?",
            (*PERIOD, "payer_id"), patients=True,
        ),
        _report_underpaid.underpaid,
    ),
    Entry(
        ReportInfo(
            "collection_rate", "Collection rate", "How much of what we charge do we get?",
            (*PERIOD, "by"), ("month", "payer"),
        ),
        _report_rates.collection_rate,
    ),
    Entry(
        ReportInfo(
            "key_figures", "Key figures", "How is the practice doing?", (*PERIOD, "as_of")
        ),
        _report_rates.key_figures,
    ),
    Entry(
        ReportInfo("month_close", "Month close", "Does the month tie?", ("start",)),
        _month_close.month_report,
    ),
)  # fmt: skip


def entry_of(key: str) -> Entry:
    """A report by its key.

    Raises:
        NotFound: no such report.
    """
    found = next((entry for entry in REPORTS if entry.info.key == key), None)
    if found is None:
        raise NotFound("There is no such report. Choose one of the list.")
    return found
