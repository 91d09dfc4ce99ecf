"""Insurers' checks: opened with an amount, explained to the cent, closed at remaining 0.00."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.books import Account, CheckItem
from app.domain.dates import format_date
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Finding, Severity
from app.domain.money import format_cents
from app.models.books import Journal, Payment, Posting, stands_in
from app.models.people import Payer
from app.services import _check_items, _dues, _ledger, _payments
from app.services.desk import Desk
from app.services.payment_commands import (
    METHODS,
    AddCheckItem,
    CheckOpened,
    CheckState,
    EditCheck,
    OpenCheck,
    PostedItem,
)


class CheckService:
    """Headers, provider-level items, closing and voiding of insurers' checks."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open_check(self, command: OpenCheck) -> CheckOpened:
        """Enters a check's header.

        Raises:
            Refused: ``negative_check``; a takeback goes on a zero check with a forward balance.
            Invalid: unknown payer or method, amount missing.
        """
        if command.amount_cents < 0:
            raise Refused(
                "negative_check",
                "A check cannot be negative. Enter 0.00 and post the takeback with a forward "
                "balance (F7).",
            )
        with self._desk.write() as session:
            self._check_header(session, command)
            warnings = self._duplicates(session, command)
            row = self._new(command)
            session.add(row)
            session.flush()
            self._desk.audit(session, "open check", entity="payment", entity_id=row.id)
            return CheckOpened(row.id, warnings)

    def _check_header(self, session: Session, command: OpenCheck) -> None:
        findings = []
        if session.get(Payer, command.payer_id) is None:
            findings.append(Finding("payer_id", "Choose the payer who wrote this check."))
        if command.method not in METHODS:
            findings.append(Finding("method", "Choose check, EFT or EOB only."))
        if command.method == "eob_only" and command.amount_cents:
            findings.append(Finding("amount_cents", "An EOB without money has the amount 0.00."))
        if findings:
            raise Invalid(findings)

    def _new(self, command: OpenCheck) -> Payment:
        received = command.received_on or self._desk.today
        method = "eob_only" if command.amount_cents == 0 else command.method
        return Payment(
            kind="insurer",
            method=method,
            payer_id=command.payer_id,
            number=command.number.strip() or None,
            amount_cents=command.amount_cents,
            payment_date=command.payment_date or received,
            received_on=received,
            note=command.note or None,
            created_at=self._desk.clock.now(),
        )

    def _duplicates(self, session: Session, command: OpenCheck) -> tuple[Finding, ...]:
        if not command.number.strip():
            return ()
        twin = session.scalar(
            select(Payment).where(
                Payment.payer_id == command.payer_id,
                Payment.number == command.number.strip(),
                Payment.amount_cents == command.amount_cents,
                Payment.status != "voided",
            )
        )
        if twin is None:
            return ()
        message = (
            f"A check of this payer with number {twin.number} and amount "
            f"{format_cents(twin.amount_cents)} was entered on {format_date(twin.received_on)}."
        )
        return (Finding("number", message, Severity.WARNING),)

    def edit_check(self, command: EditCheck) -> None:
        """Corrects the header of an open check.

        Raises:
            Refused: ``closed_check`` when it is closed; ``negative_check``.
        """
        with self._desk.write() as session:
            row = _payments.open_payment(session, command.payment_id)
            if command.amount_cents is not None:
                if command.amount_cents < 0:
                    raise Refused("negative_check", "A check cannot be negative.")
                row.amount_cents = command.amount_cents
            if command.number is not None:
                row.number = command.number.strip() or None
            if command.payment_date is not None:
                row.payment_date = command.payment_date
            self._desk.audit(session, "edit check", entity="payment", entity_id=row.id)

    def add_item(self, command: AddCheckItem) -> None:
        """Posts interest, a withholding, a forward balance, unapplied money or a levy.

        Raises:
            Refused: ``wrong_sign``, ``closed_check``, ``exceeds_due_to_payer``.
        """
        _check_items.check_sign(command.kind, command.amount_cents)
        with self._desk.write() as session:
            row = _payments.open_payment(session, command.payment_id)
            memo = " ".join(p for p in (command.code, command.note) if p) or None
            _check_items.add(
                session,
                self._desk,
                row,
                command.kind,
                command.amount_cents,
                on=command.accounting_date,
                memo=memo,
            )
            kind = str(command.kind)
            self._desk.audit(session, f"check item {kind}", entity="payment", entity_id=row.id)

    def items(self, payment_id: int) -> tuple[PostedItem, ...]:
        """Provider-level items that stand on a check, in the order they were added."""
        reversing = select(Journal.reverses_id).where(Journal.reverses_id.is_not(None))
        query = (
            select(Journal.id, Posting.reason, Posting.amount_cents, Journal.memo)
            .join(Posting, Posting.journal_id == Journal.id)
            .where(
                Journal.kind == "check_item",
                Posting.payment_id == payment_id,
                Posting.account == str(Account.CASH),
                Journal.id.not_in(reversing),
            )
            .order_by(Journal.id)
        )
        with self._desk.read() as session:
            return tuple(
                PostedItem(key, CheckItem(str(kind)), cents, memo or "")
                for key, kind, cents, memo in session.execute(query)
            )

    def reverse_item(self, payment_id: int, journal_id: int) -> None:
        """Takes a provider-level item off an open check.

        Raises:
            Refused: ``closed_check``, ``already_reversed``; ``exceeds_unapplied`` when the money
                was placed or refunded since, ``exceeds_due_to_payer`` when it was withheld.
            NotFound: no such item on this check.
        """
        with self._desk.write() as session:
            row = _payments.open_payment(session, payment_id)
            journal = session.get(Journal, journal_id)
            legs = _ledger.legs_of(session, journal_id)
            on_check = any(leg.payment_id == row.id for leg in legs)
            if journal is None or journal.kind != "check_item" or not on_check:
                raise NotFound("This item is no longer on the check. Refresh the page.")
            if _ledger.reversed_by(session, journal_id) is not None:
                raise Refused("already_reversed", "This item was already taken off the check.")
            waits = sum(-leg.cents for leg in legs if leg.account is Account.UNAPPLIED)
            _payments.check_unapplied(session, row, waits, "exceeds_unapplied")
            _ledger.mirror(session, self._desk, journal_id, None)
            _dues.check_not_negative(session, row.payer_id)
            self._desk.audit(session, "reverse check item", entity="payment", entity_id=row.id)

    def close_check(self, payment_id: int) -> None:
        """Closes a check whose every cent is explained.

        Raises:
            Refused: ``check_not_balanced`` while anything remains; ``closed_check``.
        """
        with self._desk.write() as session:
            row = _payments.open_payment(session, payment_id)
            remaining = row.amount_cents - _ledger.allocated(session, row.id)
            if remaining:
                raise Refused(
                    "check_not_balanced",
                    f"{format_cents(remaining)} of this check is not yet posted. A check closes at "
                    "0.00; money you cannot place goes to Unapplied with a note (F8).",
                )
            row.status, row.closed_at = "closed", self._desk.clock.now()
            self._desk.audit(session, "close check", entity="payment", entity_id=row.id)

    def void_check(self, payment_id: int, reason: str) -> None:
        """Takes back a check that was entered by mistake and never posted.

        Raises:
            Refused: ``policy:check_has_postings``, ``closed_check``.
        """
        with self._desk.write() as session:
            row = _payments.open_payment(session, payment_id)
            legs = session.scalar(
                select(func.count()).select_from(Posting).where(Posting.payment_id == row.id)
            )
            if legs:
                raise Refused(
                    "policy:check_has_postings",
                    "This check has postings. Reverse them first; then it can be voided.",
                )
            row.status = "voided"
            row.note = reason
            self._desk.audit(session, "void check", entity="payment", entity_id=row.id)

    def state(self, payment_id: int) -> CheckState:
        """One check as it stands."""
        with self._desk.read() as session:
            return _payments.state_of(session, payment_id)

    def list_checks(self, *, open_only: bool = False, limit: int = 200) -> tuple[CheckState, ...]:
        """Checks and receipts, newest first."""
        query = _payments.state_query().order_by(Payment.id.desc()).limit(limit)
        if open_only:
            query = query.where(Payment.status == "open", Payment.kind == "insurer")
        with self._desk.read() as session:
            return tuple(_payments.check_state(row) for row in session.execute(query))

    def for_posting(self, limit: int = 200) -> tuple[CheckState, ...]:
        """Insurers' checks, open ones first, then the newest."""
        query = (
            _payments.state_query()
            .where(Payment.kind == "insurer")
            .order_by(Payment.status != "open", Payment.id.desc())
            .limit(limit)
        )
        with self._desk.read() as session:
            return tuple(_payments.check_state(row) for row in session.execute(query))

    def due_to_payers(self) -> dict[int, int]:
        """What announced takebacks we still owe each payer (cents), by payer id."""
        query = (
            select(Posting.payer_id, -func.sum(Posting.amount_cents))
            .where(stands_in(Account.DUE_TO_PAYER))
            .group_by(Posting.payer_id)
        )
        with self._desk.read() as session:
            return {p: c for p, c in session.execute(query) if p is not None and c}
