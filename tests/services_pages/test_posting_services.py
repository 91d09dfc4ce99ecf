"""What the posting window asks of the services beyond the main job."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from app.domain.books import CheckItem
from app.domain.errors import NotFound, Refused
from app.domain.posting import EobLine
from app.services.door import Services
from app.services.payment_commands import AddCheckItem, OpenCheck, PostEob, ReverseEob
from tests.office import open_office
from tests.ui.pages.payments_office import CHARGES, Envelope

DAY = date(2026, 11, 23)


@pytest.fixture
def services() -> Iterator[Services]:
    with open_office(DAY) as (opened, _):
        yield opened


def _check(paper: Envelope, cents: int, number: str) -> int:
    return paper.services.checks.open_check(OpenCheck(paper.payer, cents, number)).payment_id


def _pay(paper: Envelope, check: int, last: str) -> int:
    claim = paper.services.posting.open_claim(paper.claims[last])
    lines = tuple(
        EobLine(line.entry.line_id, line.entry.billed, line.entry.billed) for line in claim.lines
    )
    return paper.services.eobs.post_eob(PostEob(check, claim.claim_id, lines)).eob_id


WHOLE = sum(cents for _, cents in CHARGES)


def test_open_checks_come_first(services: Services) -> None:
    paper = Envelope(services, ())
    first, second, third = (_check(paper, cents, "N") for cents in (100, 0, 200))
    services.checks.close_check(second)
    listed = [c.payment_id for c in services.checks.for_posting()]
    assert listed == [third, first, second]


def test_items_are_listed_and_taken_off_once(services: Services) -> None:
    paper = Envelope(services, ())
    check = _check(paper, 1000, "N")
    services.checks.add_item(AddCheckItem(check, CheckItem.INTEREST, 150, code="L6", note="late"))
    (item,) = services.checks.items(check)
    assert (item.kind, item.amount_cents, item.note) == (CheckItem.INTEREST, 150, "L6 late")
    services.checks.reverse_item(check, item.journal_id)
    assert services.checks.items(check) == ()
    assert services.checks.state(check).remaining_cents == 1000
    with pytest.raises(Refused, match="already taken off") as refusal:
        services.checks.reverse_item(check, item.journal_id)
    assert refusal.value.code == "already_reversed"
    paper.books_are_sound()


def test_an_item_of_another_check_is_not_found(services: Services) -> None:
    paper = Envelope(services, ("Lind",))
    check, other = _check(paper, 1000, "A"), _check(paper, WHOLE, "B")
    services.checks.add_item(AddCheckItem(check, CheckItem.INTEREST, 150))
    (item,) = services.checks.items(check)
    _pay(paper, other, "Lind")
    with pytest.raises(NotFound):
        services.checks.reverse_item(other, item.journal_id)
    with pytest.raises(NotFound):  # an EOB is reversed as an EOB
        services.checks.reverse_item(other, item.journal_id + 1)


def test_a_takeback_stands_on_the_later_check(services: Services) -> None:
    paper = Envelope(services, ("Lind",))
    first, later = _check(paper, WHOLE, "A1"), _check(paper, 0, "A2")
    eob = _pay(paper, first, "Lind")
    (before,) = services.posting.open_claim(paper.claims["Lind"]).earlier
    assert (before.eob_id, before.number, before.paid_cents) == (eob, "A1", WHOLE)
    services.eobs.reverse_eob(ReverseEob(eob, later))
    assert services.posting.open_claim(paper.claims["Lind"]).earlier == ()
    (row,) = services.posting.posted_on(later)
    assert (row.takeback, row.paid_cents, row.reversed) == (True, -WHOLE, False)
    assert [r.reversed for r in services.posting.posted_on(first)] == [True]


def test_an_undo_on_the_same_check_is_no_second_row(services: Services) -> None:
    paper = Envelope(services, ("Lind",))
    check = _check(paper, WHOLE, "A1")
    eob = _pay(paper, check, "Lind")
    services.eobs.reverse_eob(ReverseEob(eob, check))
    (row,) = services.posting.posted_on(check)
    assert (row.eob_id, row.reversed, row.takeback) == (eob, True, False)
