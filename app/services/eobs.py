"""Posting an insurer's decision on a claim, line by line, taking it back, and correcting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refused
from app.domain.money import format_cents
from app.models.books import Eob, Payment
from app.services import _eob_posting, _ledger, _payments
from app.services.desk import Desk
from app.services.payment_commands import (
    CorrectEobs,
    EobPosted,
    PostEob,
    ReverseEob,
)


class EobService:
    """Post, reverse and correct EOBs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def post_eob(self, command: PostEob) -> EobPosted:
        """Posts one claim's EOB in one transaction: books, status, release of the next payer.

        Figures the paper gives for the whole claim only (``claim_level``) are laid out over its
        lines to the cent.

        Raises:
            Refused: with the rule's code; nothing is posted.
        """
        (posted,) = self.post_eobs((command,))
        return posted

    def post_eobs(self, commands: Sequence[PostEob]) -> tuple[EobPosted, ...]:
        """Posts the decisions on several claims in one transaction, in the order given.

        Raises:
            Refused: with the rule's code; then none of them is posted.
        """
        with self._desk.write() as session:
            return tuple(self._post(session, command) for command in commands)

    def _post(self, session: Session, command: PostEob) -> EobPosted:
        find = _payments.payment if command.from_unapplied else _payments.open_payment
        check = find(session, command.payment_id)
        return _eob_posting.post(session, self._desk, command, check)

    def reverse_eob(self, command: ReverseEob) -> None:
        """Mirrors every leg of an EOB on a check; the payer owes again (billing rules §3.4).

        Raises:
            Refused: ``already_reversed``, ``closed_check``, ``reversal_not_reversible``.
        """
        self.reverse_eobs((command,))

    def reverse_eobs(self, commands: Sequence[ReverseEob]) -> None:
        """Takes several EOBs back in one transaction.

        Raises:
            Refused: as ``reverse_eob``; then all of them stand.
        """
        with self._desk.write() as session:
            for command in commands:
                check = _payments.open_payment(session, command.payment_id)
                _reverse(session, self._desk, command, check)

    def correct(self, command: CorrectEobs) -> tuple[EobPosted, ...]:
        """Takes EOBs back and posts them right in one transaction, also on a closed check.

        For money posted to the wrong patient or claim: the check's total, its number and its
        deposit stay what they are (billing rules §3.4.8). Everything is dated today.

        Raises:
            Refused: ``correction_changes_check`` when the check would no longer come out even;
                ``voided_check``; the rule of any part, and then nothing is posted.
        """
        with self._desk.write() as session:
            check = _payments.payment(session, command.payment_id)
            if check.status in ("voided", "returned"):
                raise Refused("voided_check", f"This check is {check.status}. Nothing is on it.")
            before = _ledger.allocated(session, check.id)
            for part in command.reverse:
                _reverse(session, self._desk, part, check)
            posted = tuple(
                _eob_posting.post(session, self._desk, replace(part, payment_id=check.id), check)
                for part in command.post
            )
            _check_even(session, check, before)
            self._desk.audit(session, "correct check", entity="payment", entity_id=check.id)
            return posted


def _reverse(session: Session, desk: Desk, command: ReverseEob, check: Payment) -> None:
    eob = session.get(Eob, command.eob_id)
    if eob is None:
        raise NotFound("This EOB is no longer there. Refresh the list.")
    on = command.accounting_date or desk.today
    _eob_posting.reverse(session, desk, eob, check, on, command.claim_status_after)


def _check_even(session: Session, check: Payment, before: int) -> None:
    """A closed check keeps its every cent; an open one may still come out short."""
    off = _ledger.allocated(session, check.id) - before
    if off and check.status != "open":
        raise Refused(
            "correction_changes_check",
            f"The correction is {format_cents(abs(off))} {'more' if off > 0 else 'less'} than "
            "what it takes back. A closed check keeps its total: post exactly as much again.",
        )
