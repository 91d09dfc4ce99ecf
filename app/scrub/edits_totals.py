"""Edits of 28 and 29: totals, payments, and how several sheets are told."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.claim_form import Box29, ClaimForm, MultiPage, PayerType
from app.domain.coverage import amount_paid
from app.domain.findings import Severity
from app.domain.money import format_cents
from app.domain.payer_rules import rules_for
from app.scrub.edit import LINES_PER_SHEET, Edit, Hit, Scope
from app.scrub.facts import ScrubFacts

_MOST_LINES_CONTINUED = 28  # Texas Medicaid (TMHP), the payer that wrote this manner down


def total(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E109: the total is the sum of the lines by construction; what can fail is its being nothing.

    Where each sheet is a claim of its own, each needs a total of its own.
    """
    step = LINES_PER_SHEET if form.rules.multi_page is MultiPage.SEPARATE else len(form.lines) or 1
    for start in range(0, len(form.lines), step):
        charges = sum(line.charge_cents for line in form.lines[start : start + step])
        if charges <= 0:
            sheet = f"Sheet {start // step + 1}" if len(form.lines) > step else "The claim"
            yield Hit(
                f"{sheet} would have a total of {format_cents(charges)} (box 28). Enter the "
                "charges of its lines.",
                "28_dollars",
            )


def paid(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E110: money received is not more than the claim, and no write-off is money."""
    shown = amount_paid(form)
    if shown < 0 or form.patient_paid_cents < 0:
        yield Hit(f"Box 29 would be negative ({format_cents(shown)}).", "29_dollars")
    elif shown > form.total_cents:
        yield Hit(
            f"Box 29 ({format_cents(shown)}) is more than the total "
            f"({format_cents(form.total_cents)}). Look for a payment posted to the "
            "wrong visit, or a write-off among the payments.",
            "29_dollars",
        )


def earlier_eob(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E111: a later payer wants to see what the earlier ones decided."""
    decided = {decision.rank for decision in facts.decisions}
    for policy in sorted(form.other_policies, key=lambda p: p.rank):
        if policy.rank < form.policy.rank and policy.rank not in decided:
            yield Hit(
                f"No EOB of {policy.payer_name} is posted. Post it first: {form.payer.name} will "
                "deny the claim without it (MA04).",
                "29_dollars",
            )


def several_sheets(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E125: how this payer wants a claim of more than six lines."""
    count = -(-len(form.lines) // LINES_PER_SHEET)
    if count < 2:
        return
    manner = form.rules.multi_page
    words = {
        MultiPage.SEPARATE: "each sheet as a claim with its own total",
        MultiPage.CONTINUED_LAST_PAGE: "CONTINUED in box 28 and the total on the last sheet",
        MultiPage.GRAND_TOTAL_EACH: "the whole total on every sheet",
    }[manner]
    more = ""
    if manner is MultiPage.CONTINUED_LAST_PAGE and len(form.lines) > _MOST_LINES_CONTINUED:
        more = (
            f" Such payers take {_MOST_LINES_CONTINUED} lines at most; this has {len(form.lines)}."
        )
    yield Hit(
        f"This claim needs {count} sheets; {form.payer.name} gets {words}, as its record "
        f"says.{more}",
        "28_dollars",
    )


def box29_rule(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E127: what a later payer's box 29 leaves out, or tells differently from the EOB."""
    earlier = [d for d in facts.decisions if d.rank < form.policy.rank]
    if form.policy.rank == 1 or rules_for(form.payer.type).medicare or not earlier:
        return
    by_eob = sum(decision.paid_cents for decision in earlier)
    rule = form.rules.box29
    if rule is not Box29.PRIOR_PAYERS_PLUS_PATIENT and by_eob > 0:
        what = "nothing" if rule is Box29.BLANK else "patient money only"
        yield Hit(
            f"Box 29 for {form.payer.name} holds {what}, so the {format_cents(by_eob)} of the "
            "earlier payers are seen on their EOB only. Is that what this payer wants?",
            "29_dollars",
        )
    elif rule is Box29.PRIOR_PAYERS_PLUS_PATIENT and form.prior_paid_cents != by_eob:
        yield Hit(
            f"Box 29 counts {format_cents(form.prior_paid_cents)} of earlier payers, their EOBs "
            f"say {format_cents(by_eob)}. Post what is missing.",
            "29_dollars",
        )


def copay_refund(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E124: QMB and Medicaid patients owe no copay for the visit."""
    medicaid = any(
        policy.payer_type is PayerType.MEDICAID for policy in (form.policy, *form.other_policies)
    )
    if form.patient_paid_cents > 0 and (facts.qmb or medicaid):
        kind = "a QMB" if facts.qmb else "on Medicaid"
        yield Hit(
            f"The patient is {kind} and paid {format_cents(form.patient_paid_cents)}. Refund it, "
            "unless the state sets a copay.",
            "29_dollars",
        )


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E109", "28", _ERROR, Scope.ALL, "The total is the sum of the lines.",
         total, "NUCC 28; NGS missing total"),
    Edit("E110", "29", _ERROR, Scope.ALL, "Box 29 is not negative and not above the total.",
         paid, "NUCC 29; MCPM ch26; Noridian NonPar"),
    Edit("E111", "29", _WARN, Scope.ALL, "The earlier payer's EOB is posted.",
         earlier_eob, "CARC 16 MA04"),
    Edit("E124", "claim", _WARN, Scope.ALL, "No copay was taken from a QMB or Medicaid patient.",
         copay_refund, "CMS CR 9911"),
    Edit("E125", "28", _WARN, Scope.CONFIGURABLE, "How the payer wants more than six lines.",
         several_sheets, "TMHP multipage claim forms"),
    Edit("E127", "29", _WARN, Scope.CONFIGURABLE, "What box 29 holds for a later payer.",
         box29_rule, "payer's record"),
)  # fmt: skip
