"""An account as it stood at the end of a past day: what came later has not happened."""

from __future__ import annotations

from datetime import date, timedelta

from app.services.payment_commands import Application, PatientPayment, ReverseEob
from app.services.report_commands import ReportParameters
from tests.services.front_desk import TODAY, Office, eob, off, to


def lived(office: Office) -> tuple[int, tuple[date, date, date]]:
    """Charged today, decided ten days on, the decision taken back after twenty; a receipt."""
    case = office.sent(charges=(10000,))
    second, third = TODAY + timedelta(days=10), TODAY + timedelta(days=20)
    office.clock.day = second
    check = office.check(7000)
    line = eob(case.lines[0], 10000, 7000, off(2000), to(1000))
    key = office.post(check, case.claim, line).eob_id
    part = Application(case.lines[0], 400)
    office.services.receipts.receive(PatientPayment(case.guarantor, 600, (part,)))
    office.clock.day = third
    office.services.eobs.reverse_eob(ReverseEob(key, check))
    office.services.encounters.post_charges(office.draft(case.patient, (3000,), policy_ids=()))
    return case.patient, (TODAY, second, third)


def test_each_day_shows_what_was_known_by_then(office: Office) -> None:
    patient, (first, second, third) = lived(office)
    shown = {d: office.services.accounts.show(patient, d) for d in (first, second, third)}
    figures = {
        d: (v.insurance_cents, v.patient_cents, v.unapplied_cents, len(v.lines), v.as_of)
        for d, v in shown.items()
    }
    assert figures == {
        first: (10000, 0, 0, 1, first),
        second: (0, 600, 200, 1, second),
        third: (10000, 2600, 200, 2, third),
    }
    assert not any(e.folded for e in shown[second].lines[0].entries)  # not taken back yet
    [old] = [line for line in shown[third].lines if line.charge_cents == 10000]
    assert any(e.folded for e in old.entries)


def test_before_the_first_charge_there_is_nothing(office: Office) -> None:
    patient, (first, _, _) = lived(office)
    view = office.services.accounts.show(patient, first - timedelta(days=1))
    assert (view.lines, view.balance_cents, view.unapplied_cents) == ((), 0, 0)


def test_now_is_the_last_day_and_both_tie_to_the_aging(office: Office) -> None:
    patient, days = lived(office)
    now, then = (office.services.accounts.show(patient, d) for d in (None, days[-1]))
    assert now.lines == then.lines
    for day in days:
        aging = office.services.money.run("total_aging", ReportParameters(as_of=day))
        assert office.services.accounts.show(patient, day).balance_cents == aging.total("total")
