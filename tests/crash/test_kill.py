"""kill -9 in the middle of posting: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.services.clock import SetClock
from app.services.door import Services
from app.services.payment_commands import OpenCheck
from tests.crash import poster
from tests.crash.poster import CHARGE, PAID, PATIENTS_SHARE, WRITTEN_OFF, Work
from tests.office import PASSPHRASE, USER, door
from tests.services.front_desk import Office, stock

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")

KILLS = int(os.environ.get("KILLS", "100"))
PRACTICES = 4
CLAIMS = 6
LINES = 3

# One posting: cash, payer; adjustment, payer; payer, patient - two legs each, on every line.
LEGS = 6 * LINES


@dataclass
class Told:
    """What the posters acknowledged so far, over all their lives."""

    posted: set[int] = field(default_factory=set)
    reversed: set[int] = field(default_factory=set)

    def hear(self, word: str, eob: int) -> None:
        (self.posted if word == "posted" else self.reversed).add(eob)


def _prepare(folder: Path) -> Work:
    """A practice with sent claims and a check that is never used up."""
    services, _ = door(SetClock(poster.DAY)).create(folder, USER, PASSPHRASE)
    try:
        office = Office(services, SetClock(poster.DAY), stock(services))
        cases = [
            office.sent(charges=(CHARGE,) * LINES, last="Doe" + "abcdefghij"[n])
            for n in range(CLAIMS)
        ]
        check = services.checks.open_check(OpenCheck(office.lists.primary, 10**9, "1"))
        claims = tuple((case.claim, case.lines) for case in cases)
        return Work(folder, check.payment_id, claims)
    finally:
        services.close()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Work:
    return _prepare(tmp_path_factory.mktemp("crash") / "practice")


def _kill_one(work: Work, standing: dict[int, int], told: Told, moment: float) -> None:
    """Starts a poster, kills it ``moment`` seconds later, and keeps what it had told."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.poster"])
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=poster.post_for_ever, args=(work, standing, theirs))
    child.start()
    theirs.close()
    time.sleep(moment)
    assert child.exitcode is None, "the poster died by itself"
    child.kill()
    child.join()
    _listen(ours, told)
    child.close()


def _listen(ours: Connection, told: Told) -> None:
    with ours:
        while True:
            try:
                word, eob = ours.recv()
            except EOFError:
                return
            if word != "open":
                told.hear(word, eob)


def _rows(services: Services, statement: str, **values: Any) -> list[Any]:
    with services.desk.read() as session:
        return [tuple(row) for row in session.execute(text(statement), values)]


def _standing(services: Services) -> dict[int, int]:
    return dict(
        _rows(
            services,
            "SELECT claim_id, id FROM eob WHERE reverses_id IS NULL"
            " AND id NOT IN (SELECT reverses_id FROM eob WHERE reverses_id IS NOT NULL)",
        )
    )


def _nothing_is_lost(services: Services, told: Told) -> None:
    """What was acknowledged is there; at most one commit more than the poster could tell of."""
    rows = _rows(services, "SELECT id, reverses_id FROM eob")
    posted = {key for key, reverses in rows if reverses is None}
    reversed_ = {reverses for _, reverses in rows if reverses is not None}
    assert told.posted <= posted
    assert told.reversed <= reversed_
    untold = len(posted - told.posted) + len(reversed_ - told.reversed)
    assert untold <= 1
    told.posted, told.reversed = posted, reversed_


def _nothing_is_half_there(services: Services, work: Work) -> None:
    for key, reverses, legs, off in _rows(
        services,
        "SELECT eob.id, eob.reverses_id, COUNT(posting.id), SUM(posting.amount_cents) FROM eob"
        " LEFT JOIN journal ON journal.id = eob.journal_id"
        " LEFT JOIN posting ON posting.journal_id = journal.id GROUP BY eob.id",
    ):
        assert (legs, off) == (LEGS, 0), f"EOB {key} (reverses {reverses})"
    posted = "SELECT id FROM eob WHERE reverses_id IS NULL"
    lines = _rows(services, "SELECT eob_id, COUNT(*) FROM eob_line GROUP BY eob_id")
    assert dict(lines) == {key: LINES for (key,) in _rows(services, posted)}
    [(amounts,)] = _rows(services, "SELECT COUNT(*) FROM eob_adjustment")
    assert amounts == 2 * LINES * len(lines)
    audited = Counter(row[0] for row in _rows(services, "SELECT action FROM audit"))
    assert audited["post eob"] == len(lines)
    assert audited["reverse eob"] == len(_rows(services, "SELECT 1 FROM eob")) - len(lines)
    assert services.reports.verify_books().problems == ()
    _claims_fit_their_eobs(services, work)


def _claims_fit_their_eobs(services: Services, work: Work) -> None:
    standing = _standing(services)
    for claim, lines in work.claims:
        [(status,)] = _rows(services, "SELECT status FROM claim WHERE id = :id", id=claim)
        assert status == ("paid" if claim in standing else "submitted")
        owed = _rows(
            services,
            "SELECT party_id = 1, amount_cents FROM line_balance WHERE amount_cents <> 0"
            f" AND charge_line_id IN ({', '.join(map(str, lines))})",
        )
        one = (1, PATIENTS_SHARE) if claim in standing else (0, CHARGE)
        assert owed == [one] * LINES
    booked = services.checks.state(work.check).allocated_cents
    assert booked == PAID * LINES * len(standing)


def test_amounts_foot() -> None:
    assert PAID + WRITTEN_OFF + PATIENTS_SHARE == CHARGE


@pytest.mark.parametrize("seed", range(PRACTICES))
def test_killed_while_posting(prepared: Work, tmp_path: Path, seed: int) -> None:
    folder = Path(shutil.copytree(prepared.folder, tmp_path / "practice"))
    work = Work(folder, prepared.check, prepared.claims)
    chance, told = random.Random(seed), Told()
    standing: dict[int, int] = {}
    for _ in range(KILLS // PRACTICES):
        _kill_one(work, standing, told, chance.uniform(0.01, 0.4))
        services = poster.unlock(folder)  # the lock died with its process
        try:
            _nothing_is_lost(services, told)
            _nothing_is_half_there(services, work)
            standing = _standing(services)
        finally:
            services.close()
    assert len(told.posted) > KILLS // PRACTICES  # they really were at work
