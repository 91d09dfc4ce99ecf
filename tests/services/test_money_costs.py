"""What money costs: one commit an EOB, and an account of thousands of visits in few questions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.services.desk import Desk
from app.services.payment_commands import PostEob, ReverseEob
from benchmarks import ledger_data
from tests.services.front_desk import Office, eob, off, to


@contextmanager
def commits(desk: Desk) -> Iterator[list[object]]:
    """Collects the commits of the writing connection; each is one wait for the disk."""
    found: list[object] = []
    writer = desk.db._writer  # the only engine that may write
    keep = found.append  # one object: a bound method is another each time
    event.listen(writer, "commit", keep)
    try:
        yield found
    finally:
        event.remove(writer, "commit", keep)


@pytest.mark.parametrize("lines", [1, 40])
def test_an_eob_is_one_commit_whatever_its_length(office: Office, lines: int) -> None:
    case = office.sent(second=True, charges=(10000,) * lines)
    check = office.check(6000 * lines)
    later = case.later_party or 0
    said = tuple(eob(i, 10000, 6000, off(1000), to(3000, later)) for i in case.lines)
    with commits(office.services.desk) as found:
        posted = office.services.eobs.post_eob(PostEob(check, case.claim, said))
    assert len(found) == 1
    with commits(office.services.desk) as found:
        office.services.eobs.reverse_eob(ReverseEob(posted.eob_id, check))
    assert len(found) == 1


def test_an_account_of_two_thousand_visits_is_six_questions(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_data, "PATIENTS", 40)
    monkeypatch.setattr(ledger_data, "VISITS", 40)
    lists = office.lists
    payers = [lists.primary, lists.secondary, lists.medicaid]
    filled = ledger_data.Filler(office.services, payers, lists.provider, 1).fill(1)
    desk, accounts = office.services.desk, office.services.accounts
    with desk.db.query_counter() as counter:
        view = accounts.show(filled.big)
    assert len({line.encounter_id for line in view.lines}) >= ledger_data.BIG_PATIENT_VISITS == 2000
    assert counter.count <= 6
    owed = office.sql(
        "SELECT SUM(amount_cents) FROM line_balance JOIN charge_line l ON l.id = charge_line_id"
        " JOIN encounter e ON e.id = l.encounter_id WHERE e.patient_id = :patient",
        patient=filled.big,
    )
    assert view.balance_cents == owed[0][0]
