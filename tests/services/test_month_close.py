"""Closing a month: what forbids it, what it keeps, and that it stays closed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from app.domain.errors import NotFound, Refused
from app.domain.findings import Severity
from app.services.payment_commands import Application, PatientPayment
from app.services.report_commands import ReportParameters
from tests.services.front_desk import Office, eob, off, to

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def busy_march(office: Office) -> None:
    case = office.sent(charges=(10000,))
    check = office.check(7000)
    office.post(check, case.claim, eob(case.lines[0], 10000, 7000, off(2000), to(1000)))
    office.services.checks.close_check(check)
    office.services.receipts.receive(
        PatientPayment(case.guarantor, 500, (Application(case.lines[0], 400),))
    )


def refused(office: Office, month: date) -> str:
    with pytest.raises(Refused) as refusal:
        office.services.money.close_month(month)
    return refusal.value.code


def test_a_month_closes_with_its_figures(office: Office) -> None:
    busy_march(office)
    office.clock.day = date(2026, 4, 2)
    assert office.services.money.open_months() == (MARCH,)
    closed = office.services.money.close_month(date(2026, 3, 20))
    assert (closed.month, closed.beginning_cents, closed.charges_cents) == (MARCH, 0, 10000)
    assert (closed.payments_cents, closed.adjustments_cents) == (7400, 2000)
    assert (closed.refunds_cents, closed.ending_cents) == (0, 600)
    assert office.services.money.closed_months() == (closed,)
    assert office.services.money.closed_through() == date(2026, 3, 31)
    assert office.services.money.open_months() == ()
    office.books_are_sound()


def test_open_months_are_those_with_entries_across_the_year(office: Office) -> None:
    busy_march(office)
    for day in (date(2026, 5, 31), date(2027, 1, 1), date(2027, 1, 30)):
        office.clock.day = day
        office.sent(last="Poe")
    office.clock.day = date(2027, 1, 30)
    assert office.services.money.open_months() == (MARCH, date(2026, 5, 1))
    office.clock.day = date(2027, 1, 31)
    january = date(2027, 1, 1)
    assert office.services.money.open_months() == (MARCH, date(2026, 5, 1), january)
    office.services.money.close_month(MARCH)
    assert office.services.money.open_months() == (date(2026, 5, 1), january)


def test_what_forbids_it(office: Office) -> None:
    busy_march(office)
    assert refused(office, MARCH) == "month_not_over"
    office.clock.day = date(2026, 5, 4)
    office.sent(last="Poe")
    assert refused(office, date(2026, 4, 30)) == "earlier_month_open"
    office.services.money.close_month(MARCH)
    assert refused(office, MARCH) == "already_closed"
    assert refused(office, date(2026, 2, 1)) == "already_closed"
    office.services.money.close_month(APRIL)
    assert [m.month for m in office.services.money.closed_months()] == [APRIL, MARCH]


def test_books_that_do_not_tie_are_not_closed(office: Office) -> None:
    busy_march(office)
    office.clock.day = date(2026, 4, 2)
    with office.services.desk.write() as session:
        session.execute(text("DROP TRIGGER posting_no_update"))
        session.execute(text("UPDATE posting SET amount_cents = amount_cents + 1 WHERE id = 1"))
    assert refused(office, MARCH) == "books_do_not_tie"
    assert office.services.money.closed_months() == ()


def test_on_its_last_day_a_month_may_close_and_the_check_says_what_that_means(
    office: Office,
) -> None:
    busy_march(office)
    office.clock.day = date(2026, 3, 31)
    found = office.services.money.close_check(MARCH).findings
    assert [f.field for f in found] == ["month", "undeposited", "unapplied"]
    assert all(f.severity is Severity.WARNING for f in found)
    office.services.money.close_month(MARCH)
    with pytest.raises(Refused) as refusal:
        office.sent(last="Poe")
    assert refusal.value.code == "closed_period"


def test_loose_ends_are_named_and_forbid_nothing(office: Office) -> None:
    office.sent(charges=(10000,))
    office.check(7000)
    office.draft(office.patient("Poe"), (100,))
    office.services.encounters.post_charges(
        office.draft(office.patient("Roe", office.lists.primary))
    )
    office.clock.day = date(2026, 4, 1)
    found = {f.field: f.message for f in office.services.money.close_check(MARCH).findings}
    assert set(found) == {"open_checks", "drafts", "ready_claims"}
    assert found["open_checks"] == "1 check received by the end of March 2026 not closed yet."
    assert office.services.money.close_check(APRIL).findings[0].field == "month_not_over"
    office.services.money.close_month(MARCH)


def test_nothing_is_dated_in_a_closed_month_and_the_report_is_reprinted_as_it_was(
    office: Office,
) -> None:
    busy_march(office)
    office.clock.day = date(2026, 4, 2)
    office.services.money.close_month(MARCH)
    printed = office.services.money.month_pdf(MARCH)
    encounter = office.draft(office.patient("Poe"), (100,), policy_ids=())
    with pytest.raises(Refused) as refusal:
        office.services.encounters.post_charges(encounter, accounting_date=date(2026, 3, 30))
    assert refusal.value.code == "closed_period"
    office.clock.day = date(2026, 4, 9)
    office.sent(last="Roe", charges=(4000,))
    assert office.services.money.month_pdf(MARCH) == printed
    assert len(office.audited("reprint month close")) == 2
    with pytest.raises(NotFound):
        office.services.money.month_pdf(APRIL)


def test_the_next_month_begins_where_the_closed_one_ended(office: Office) -> None:
    busy_march(office)
    office.clock.day = date(2026, 4, 2)
    ending = office.services.money.close_month(MARCH).ending_cents
    office.sent(last="Roe", charges=(4000,))
    report = office.services.money.run("month_close", ReportParameters(start=APRIL))
    assert [tie.words for tie in report.ties if "closed before" in tie.words]
    assert report.holds
    assert report.rows[0] == ("Beginning receivable", ending)


def test_the_day_sheet_since_the_last_close(office: Office) -> None:
    busy_march(office)
    office.clock.day = date(2026, 4, 2)
    office.services.money.close_month(MARCH)
    office.clock.day = date(2026, 4, 3)
    office.sent(last="Roe", charges=(4000,))
    report = office.services.money.run("day_sheet", ReportParameters(by="since last close"))
    assert report.holds
    assert [row[2] for row in report.rows] == ["Roe, Jane"]
    assert "Since the last month was closed" in report.basis
