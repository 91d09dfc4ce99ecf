"""Every tie of every report holds, on every past day, in a practice that lived through months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.books import PATIENT_PARTY
from app.domain.errors import NotFound
from app.domain.reports import Kind, Report
from app.services.clock import SetClock
from app.services.door import Services
from app.services.payment_commands import (
    Application,
    PatientPayment,
    Refund,
    ReverseEob,
)
from app.services.report_commands import ReportInfo, ReportParameters
from app.services.sample import build_sample
from tests.office import PASSPHRASE, door
from tests.services.front_desk import TODAY, VISIT, Office, eob, held, off, to

LAST_DAY = date(2026, 3, 16)
MOST_QUERIES = 12


@dataclass(frozen=True, slots=True)
class Lived:
    """The sample practice after some months."""

    services: Services
    days: tuple[date, ...]  # on which something was booked

    def sql(self, statement: str) -> list[Any]:
        with self.services.desk.read() as session:
            return [tuple(row) for row in session.execute(text(statement))]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp("lived") / "practice"
    own = door(SetClock(LAST_DAY))
    services = build_sample(folder, PASSPHRASE, today=LAST_DAY, patients=30, months=4, door=own)
    try:
        with services.desk.read() as session:
            rows = session.execute(
                text("SELECT DISTINCT accounting_date FROM journal ORDER BY 1")
            ).scalars()
            days = tuple(date.fromisoformat(day) for day in rows)
        yield Lived(services, days)
    finally:
        services.close()


def variants(info: ReportInfo) -> list[ReportParameters]:
    """Every choice a report offers."""
    details = (False, True) if "detail" in info.takes else (False,)
    choices = product(info.by or ("",), info.dates or ("",), details)
    return [ReportParameters(by=by, dates=dates, detail=d) for by, dates, d in choices]


def asks(services: Services) -> Iterator[tuple[ReportInfo, ReportParameters]]:
    for info in services.money.catalog():
        for variant in variants(info):
            yield info, variant


def check(report: Report) -> None:
    """Ties hold, totals are the sums of their columns, cells are of their column's kind."""
    assert [tie for tie in report.ties if not tie.holds] == []
    for n, column in enumerate(report.columns):
        values = [row[n] for group in report.groups if group.counted for row in group.rows]
        if column.adds_up and report.totals and values:
            assert report.total(column.key) == sum(v for v in values if isinstance(v, int))
        kinds = {Kind.TEXT: str, Kind.DATE: date}
        assert all(v is None or isinstance(v, kinds.get(column.kind, int)) for v in values)
    assert all(len(row) == len(report.columns) for row in report.rows)


def test_every_report_ties_on_many_days_and_asks_little(lived: Lived) -> None:
    days = [*lived.days[::9], LAST_DAY, LAST_DAY + timedelta(days=40), date(2020, 1, 1)]
    for info, variant in asks(lived.services):
        for day in days:
            first = day - timedelta(days=25)
            p = replace(variant, start=first, end=day, as_of=day, payment_id=5)
            with lived.services.desk.db.query_counter() as counter:
                report = lived.services.money.run(info.key, p)
            check(report)
            assert report.title
            assert report.basis
            if info.key == "batch_proof":
                continue  # the same whatever day it is
            assert counter.count <= MOST_QUERIES, (info.key, counter.count)


def test_the_number_of_questions_does_not_grow(lived: Lived) -> None:
    for info, variant in asks(lived.services):
        counts = set()
        for days in (1, 30, 120):
            p = replace(variant, start=LAST_DAY - timedelta(days=days), end=LAST_DAY, payment_id=5)
            with lived.services.desk.db.query_counter() as counter:
                lived.services.money.run(info.key, p)
            counts.add(counter.count)
        assert len(counts) == 1, info.key


def test_reports_of_every_check_prove_it(lived: Lived) -> None:
    for (key,) in lived.sql("SELECT id FROM payment WHERE status = 'closed'"):
        check(lived.services.money.run("batch_proof", ReportParameters(payment_id=key)))


def test_the_receivable_moves_by_what_was_entered_on_every_day(lived: Lived) -> None:
    """Month-end identities on every past date, against plain sums of the tables."""
    posted = dict(
        lived.sql(
            "SELECT accounting_date, SUM(amount_cents) FROM posting JOIN journal"
            " ON journal.id = journal_id WHERE account = 'receivable' GROUP BY 1"
        )
    )
    money = lived.services.money
    before = 0
    for day in lived.days:
        aging = money.run("total_aging", ReportParameters(as_of=day))
        check(aging)
        assert aging.total("total") == before + posted.get(day.isoformat(), 0)
        before = aging.total("total")
        parts = [
            money.run(k, ReportParameters(as_of=day)) for k in ("insurance_aging", "patient_aging")
        ]
        assert sum(part.total("total") for part in parts) == aging.total("total")
        assert sum(part.total("credit") for part in parts) == aging.total("credit")


def test_months_follow_one_another(lived: Lived) -> None:
    months = sorted({day.replace(day=1) for day in lived.days})
    assert len(months) >= 4
    reports = [lived.services.money.run("month_close", ReportParameters(start=m)) for m in months]
    for report in reports:
        check(report)
    for before, after in pairwise(reports):
        ending = next(r[1] for r in before.rows if r[0] == "Ending receivable")
        assert next(r[1] for r in after.rows if r[0] == "Beginning receivable") == ending


def test_the_present_from_the_projection_is_the_past_from_the_postings(lived: Lived) -> None:
    """The same day asked for as today and, after a later entry, as a past day."""
    money = lived.services.money
    keys = ("total_aging", "insurance_aging", "patient_aging", "credits", "unapplied")
    now = [money.run(key, ReportParameters(as_of=LAST_DAY)) for key in keys]
    clock = lived.services.desk.clock
    assert isinstance(clock, SetClock)
    clock.day = LAST_DAY + timedelta(days=1)
    guarantor = lived.sql("SELECT MIN(id) FROM guarantor")[0][0]
    receipt = lived.services.receipts.receive(PatientPayment(guarantor, 100))
    then = [money.run(key, ReportParameters(as_of=LAST_DAY)) for key in keys]
    lived.services.receipts.reverse_receipt(receipt.payment_id, "entered by mistake")
    clock.day = LAST_DAY
    assert [r.rows for r in then] == [r.rows for r in now]


# --- what single reports say --------------------------------------------------------------------
def run(office: Office, key: str, **changes: Any) -> Report:
    report = office.services.money.run(key, ReportParameters(**changes))
    check(report)
    return report


def cells(report: Report) -> list[tuple[object, ...]]:
    return [tuple(v for v in row if v is not None) for row in report.rows]


def test_a_returned_check_does_not_make_an_old_debt_young(office: Office) -> None:
    case = office.sent(charges=(10000,))
    office.post(
        office.check(7000), case.claim, eob(case.lines[0], 10000, 7000, off(2000), to(1000))
    )
    office.clock.day = date(2026, 5, 20)
    part = Application(case.lines[0], 400)
    paid = office.services.receipts.receive(PatientPayment(case.guarantor, 400, (part,)))
    office.services.receipts.reverse_receipt(paid.payment_id, "NSF")
    assert cells(run(office, "patient_aging")) == [("Doe, Jane", 0, 0, 1000, 0, 0, 0, 1000)]
    aging = office.services.reports.aging()
    assert [(r.key, r.cells) for r in aging.rows] == [("Doe, Jane", (0, 0, 1000, 0, 0))]


def test_a_day_before_knows_nothing_of_what_came_later(office: Office) -> None:
    case = office.sent(charges=(10000,))
    office.clock.day = date(2026, 4, 10)
    office.post(
        office.check(7000), case.claim, eob(case.lines[0], 10000, 7000, off(2000), to(1000))
    )
    before = run(office, "total_aging", as_of=date(2026, 4, 9))
    assert cells(before) == [("Blue Ridge Health", 0, 10000, 0, 0, 0, 0, 10000)]
    assert run(office, "insurance_aging").rows == ()
    out = run(office, "outstanding", as_of=date(2026, 4, 9))
    assert [row[0] for row in out.rows] == ["10001"]
    assert out.total("open") == 10000
    assert run(office, "outstanding").rows == ()


def test_insurance_by_last_billed_says_so(office: Office) -> None:
    office.sent(charges=(5000,))
    office.clock.day = VISIT + timedelta(days=40)
    by_service = run(office, "insurance_aging")
    by_billed = run(office, "insurance_aging", dates="last billed")
    assert "date of service" in by_service.basis
    assert "last billed" in by_billed.basis
    assert cells(by_service) == [("Blue Ridge Health", 0, 5000, 0, 0, 0, 0, 5000)]
    assert cells(by_billed) == [("Blue Ridge Health", 5000, 0, 0, 0, 0, 0, 5000)]


def test_credits_name_owner_reason_and_the_sixty_days(office: Office) -> None:
    case = office.sent(charges=(10000,))

    with office.services.desk.write() as session:
        session.execute(text("UPDATE payer SET type = 'medicare' WHERE id = :id"),
                        {"id": office.lists.primary})  # fmt: skip
    office.post(office.check(12000), case.claim,
                eob(case.lines[0], 10000, 12000, held(-2000, "94")))  # fmt: skip
    receipt = office.services.receipts.receive(PatientPayment(case.guarantor, 600))
    report = run(office, "credits")
    line, waits = report.rows
    assert (line[0], line[5], line[6], line[7]) == (
        "Blue Ridge Health", "Insurer paid more than was open", TODAY + timedelta(days=60), 2000,
    )  # fmt: skip
    assert (waits[0], waits[6], waits[7]) == ("Doe, Jane", None, 600)
    office.services.receipts.refund(Refund(PATIENT_PARTY, 600, source_id=receipt.payment_id))
    back = run(office, "refunds", start=TODAY, end=TODAY)
    assert [(g.title, g.rows[0][-1]) for g in back.groups] == [
        ("Paid", 600),
        ("Due on 03/16/2026", 2000),
    ]
    assert back.total("cents") == 600


def test_denials_tell_what_became_of_them(office: Office) -> None:
    case = office.sent(charges=(10000, 5000))
    check_ = office.check(6000)
    first, second = case.lines
    office.post(
        check_, case.claim, eob(first, 10000, 0, held(10000)), eob(second, 5000, 0, held(5000))
    )
    report = run(office, "denials")
    assert [(g.title, len(g.rows)) for g in report.groups] == [("CO-16", 2)]
    assert report.total("open") == 15000
    office.clock.day = TODAY + timedelta(days=20)
    office.post(check_, case.claim, eob(first, 10000, 6000, off(4000)))
    later = run(office, "denials", start=TODAY, end=office.clock.day)
    assert [(row[5], row[-1]) for row in later.rows] == [("won", 0), ("open", 5000)]
    assert run(office, "denials", start=TODAY, end=TODAY).total("open") == 15000


def test_production_collections_and_adjustments_speak_of_the_same_month(office: Office) -> None:
    case = office.sent(charges=(10000, 5000))
    check_ = office.check(9000)
    first, second = case.lines
    key = office.post(check_, case.claim, eob(first, 10000, 6000, off(4000)),
                      eob(second, 5000, 3000, off(2000))).eob_id  # fmt: skip
    assert cells(run(office, "production", by="code")) == [("99213", 2, 2000, 15000, 10000)]
    assert run(office, "collections", by="payer").total("net") == 9000
    assert cells(run(office, "adjustments")) == [("Blue Ridge Health", 2, 6000)]
    office.services.eobs.reverse_eob(ReverseEob(key, check_))
    assert run(office, "collections").total("net") == 0
    assert run(office, "adjustments").total("cents") == 0
    assert [row[4] for row in run(office, "reversals").rows] == ["eob"]


def test_the_day_sheet_goes_by_day_of_entry(office: Office) -> None:
    office.sent(charges=(10000,))
    office.clock.day = TODAY + timedelta(days=1)
    case = office.draft(office.patient("Poe", office.lists.primary), (2500,))
    office.services.encounters.post_charges(case, accounting_date=TODAY)
    report = run(office, "day_sheet", start=office.clock.day, end=office.clock.day)
    assert [(row[1], row[2], row[4]) for row in report.rows] == [(TODAY, "Poe, Jane", 2500)]
    assert "100.00 before, 125.00 after" in report.notes[1]


def test_unbilled_is_what_no_payer_has(office: Office) -> None:
    office.sent(charges=(10000,))
    posted = office.draft(office.patient("Poe", office.lists.primary), (2500,))
    office.services.encounters.post_charges(posted)
    office.draft(office.patient("Roe"), (900,))
    report = run(office, "unbilled")
    assert [(g.title, g.rows[0][-1]) for g in report.groups] == [
        ("Claims: ready", 2500),
        ("Visits not yet posted (not in the receivable)", 900),
    ]
    assert report.total("cents") == 2500


def test_rates_and_key_figures(office: Office) -> None:
    case = office.sent(charges=(10000,))
    office.post(
        office.check(6000), case.claim, eob(case.lines[0], 10000, 6000, off(2500), to(1500))
    )
    rate = run(office, "collection_rate")
    assert rate.rows[0] == ("2026-03", 10000, 2500, 0, 6000, 6000, 8000)
    assert rate.totals[-2:] == (6000, 8000)
    figures = {row[0]: row[1] for row in run(office, "key_figures").rows}
    assert figures["Days in A/R"] == "13.5 days"  # 15.00 at 100.00 in 90 days
    assert figures["First-pass rate"] == "100.00%"
    assert figures["Service to posted"] == "14.0 days"


def test_an_unknown_report_and_an_unknown_check(office: Office) -> None:
    with pytest.raises(NotFound):
        office.services.money.run("nothing")
    with pytest.raises(NotFound):
        office.services.money.run("batch_proof", ReportParameters(payment_id=99))


def test_empty_books_give_empty_reports(office: Office) -> None:
    for info, variant in asks(office.services):
        if info.key != "batch_proof":
            check(office.services.money.run(info.key, variant))


def test_a_report_that_names_patients_is_audited_once(office: Office) -> None:
    office.sent()
    for info in office.services.money.catalog():
        if info.key == "batch_proof":
            continue
        office.services.money.run(info.key)
        rows = office.audited(f"view report {info.key}")
        assert rows == ([None] if info.patients else []), info.key
    report = office.services.money.run("outstanding")
    office.services.money.csv(report)
    office.services.money.xlsx(report)
    office.services.money.pdf(report)
    assert len(office.audited("export report outstanding")) == 2
    assert len(office.audited("print report outstanding")) == 1
    detail = office.sql("SELECT detail FROM audit WHERE action = 'export report outstanding'")
    assert [row[0] for row in detail] == ["1 rows csv", "1 rows xlsx"]
