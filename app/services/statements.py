"""Statements: who is due and who is not and why, sent as a frozen PDF, taken back, reprinted.

Sending a statement never changes who owes anything: no journal is written (billing rules §2.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.statement_policy import StatementPolicy
from app.domain.statements import decide
from app.printing.sheets import Page, pages_pdf
from app.services import (
    _statement_acts,
    _statement_facts,
    _statement_keeping,
    _statement_rows,
    _statement_sending,
    _statement_settings,
)
from app.services.desk import Desk
from app.services.statement_commands import (
    HoldAccount,
    LeftOut,
    SavePlan,
    SentLately,
    SentRow,
    StatementAccount,
    StatementBatch,
    Worklist,
)


class StatementService:
    """The statements list and everything that is done from it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- looking ----------------------------------------------------------------------------
    def worklist(self) -> Worklist:
        """Every guarantor with an open line or waiting money: due, or why not; by name."""
        today = self._desk.today
        with self._desk.read() as session:
            policy = _statement_settings.read_policy(session)
            found = _statement_facts.accounts(session, policy, today)
        rows = (_statement_rows.row(a, decide(a.facts, policy, today)) for a in found)
        return Worklist(today, tuple(rows))

    def show(self, guarantor_id: int) -> StatementAccount:
        """One guarantor: how the account stands, what was sent, holds and plans.

        Raises:
            NotFound: no such guarantor.
        """
        today = self._desk.today
        with self._viewing(guarantor_id, "statement account") as session:
            policy, account, decision = _statement_sending.account(
                session, self._desk, guarantor_id
            )
            return StatementAccount(
                row=_statement_rows.row(account, decision),
                history=_statement_rows.history(session, guarantor_id),
                holds=_statement_rows.holds(session, guarantor_id, today),
                plans=_statement_rows.plans(session, guarantor_id, policy, today),
                patient_ids=_statement_rows.patients(session, guarantor_id, account.patient_ids),
            )

    def sent_lately(self, days: int = 45) -> tuple[SentLately, ...]:
        """What went out in so many days, newest first, what was taken back included."""
        since = self._desk.today - timedelta(days=days)
        with self._desk.read() as session:
            return _statement_rows.sent_since(session, since)

    def history(self, guarantor_id: int) -> tuple[SentRow, ...]:
        """What was sent to a guarantor, newest first, also what was taken back.

        Raises:
            NotFound: no such guarantor.
        """
        with self._viewing(guarantor_id, "statement history") as session:
            return _statement_rows.history(session, guarantor_id)

    def preview(self, guarantor_id: int, *, letter: bool = False) -> bytes:
        """The statement (or the letter) as it would go out today, due or not; nothing is kept.

        Raises:
            NotFound: no such guarantor.
            Refused: ``nothing_to_ask`` when no line may be asked for, ``no_practice``.
        """
        with self._viewing(guarantor_id, "statement preview") as session:
            draw = _statement_sending.preview_letter if letter else _statement_sending.preview
            return draw(session, self._desk, guarantor_id)

    def reprint(self, statement_id: int) -> bytes:
        """The very bytes that were printed, also of one that was taken back.

        Raises:
            NotFound: no such statement.
        """
        with self._desk.read() as session:
            guarantor = _statement_keeping.kept(session, statement_id).guarantor_id
        with self._viewing(guarantor, "statement", statement_id) as session:
            return _statement_keeping.kept(session, statement_id).pdf

    # --- sending ----------------------------------------------------------------------------
    def send(
        self, guarantor_ids: Sequence[int], *, even_if_not_due: bool = False
    ) -> StatementBatch:
        """Freezes and keeps a statement for each guarantor, and hands out all as one PDF.

        Args:
            guarantor_ids: to whom, in this order.
            even_if_not_due: overrides habits (cycle, minimum, recent payment), never a hold or
                what may not be asked.

        Raises:
            NotFound: no such guarantor.
            Refused: ``statement_not_due`` when nobody named gets one; ``no_practice``.
        """
        batch = self.freeze(guarantor_ids, even_if_not_due=even_if_not_due)
        if not batch.statement_ids and batch.left_out:
            raise Refused("statement_not_due", f"Nothing was sent. {batch.left_out[0].words}.")
        return replace(batch, pdf=self.pages_pdf(batch.drawn))

    def freeze(
        self, guarantor_ids: Sequence[int], *, even_if_not_due: bool = False
    ) -> StatementBatch:
        """``send`` without the PDF of all: a part of a long batch, a transaction a guarantor.

        Nobody is refused here: who gets none is told in ``left_out``.

        Raises:
            NotFound: no such guarantor.
            Refused: ``no_practice``.
        """
        keys, amount = [], 0
        drawn: list[Page] = []
        left_out = []
        for guarantor_id in guarantor_ids:
            with self._desk.write() as session:
                sent = _statement_sending.statement(
                    session, self._desk, guarantor_id, by_hand=even_if_not_due
                )
            if isinstance(sent, LeftOut):
                left_out.append(sent)
                continue
            keys.append(sent.statement_id)
            drawn += sent.pages
            amount += sent.amount_cents
        return StatementBatch(tuple(keys), amount, b"", tuple(drawn), tuple(left_out))

    def pages_pdf(self, pages: Sequence[Page]) -> bytes:
        """One PDF of pages handed out before; the books are not asked."""
        return pages_pdf(pages, _statement_sending.TITLE)

    def to_pre_collection(
        self, guarantor_id: int, *, even_if_not_due: bool = False
    ) -> StatementBatch:
        """The letter before collections, frozen like a statement; the books stay as they are.

        Raises:
            NotFound: no such guarantor.
            Refused: ``letter_not_due``, ``no_statement_sent``, ``no_practice``.
        """
        with self._desk.write() as session:
            sent, pdf = _statement_sending.letter(
                session, self._desk, guarantor_id, by_hand=even_if_not_due
            )
            return StatementBatch((sent.statement_id,), sent.amount_cents, pdf, sent.pages)

    def unsend(self, statement_id: int, why: str) -> None:
        """Takes the latest statement back: the next run counts as if it never went out.

        Raises:
            NotFound: no such statement.
            Refused: ``already_unsent``, ``not_the_latest``, ``no_reason``.
        """
        with self._desk.write() as session:
            row = _statement_keeping.unsend(session, self._desk, statement_id, why)
            self._audit(session, row.guarantor_id, "unsend statement", row.id)

    # --- the account ------------------------------------------------------------------------
    def hold(self, command: HoldAccount) -> int:
        """Stops statements for a guarantor or one visit; returns the hold's id.

        Raises:
            NotFound, Invalid: as ``HoldAccount`` is checked.
        """
        with self._desk.write() as session:
            row = _statement_acts.hold(session, self._desk, command)
            self._audit(session, command.guarantor_id, "hold statements", row.id, "account_hold")
            return row.id

    def release(self, hold_id: int, why: str = "") -> None:
        """Ends a hold.

        Raises:
            NotFound: no such hold.
            Refused: ``already_released``.
        """
        with self._desk.write() as session:
            row = _statement_acts.release(session, self._desk, hold_id, why)
            self._audit(session, row.guarantor_id, "release statements", row.id, "account_hold")

    def save_plan(self, command: SavePlan) -> int:
        """Begins a payment plan in place of any that runs; returns its id.

        Raises:
            NotFound: no such guarantor.
            Invalid: with a sentence for each wrong field.
        """
        with self._desk.write() as session:
            _, account, _ = _statement_sending.account(session, self._desk, command.guarantor_id)
            owed = account.facts.standing.balance_cents
            row = _statement_acts.save_plan(session, self._desk, command, owed)
            self._audit(session, command.guarantor_id, "save payment plan", row.id, "payment_plan")
            return row.id

    def end_plan(self, plan_id: int, why: str = "") -> None:
        """Ends a payment plan; the whole balance is asked for again.

        Raises:
            NotFound: no such plan.
            Refused: ``already_ended``.
        """
        with self._desk.write() as session:
            row = _statement_acts.end_plan(session, self._desk, plan_id, why)
            self._audit(session, row.guarantor_id, "end payment plan", row.id, "payment_plan")

    def reset_count(self, guarantor_id: int, why: str = "") -> None:
        """The next statement is the first again, whatever was sent before.

        Raises:
            NotFound: no such guarantor.
            Refused: ``nothing_sent``.
        """
        with self._desk.write() as session:
            _statement_acts.reset_count(session, self._desk, guarantor_id, why)
            self._audit(session, guarantor_id, "reset statement count", guarantor_id, "guarantor")

    # --- settings ---------------------------------------------------------------------------
    def settings(self) -> StatementPolicy:
        """The practice's habits with statements."""
        with self._desk.read() as session:
            return _statement_settings.read_policy(session)

    def save_settings(self, policy: StatementPolicy) -> None:
        """Changes the habits.

        Raises:
            Invalid: with a sentence for each wrong field.
        """
        with self._desk.write() as session:
            _statement_settings.save_policy(session, policy)
            self._desk.audit(session, "save setting", entity="setting", detail="statements")

    # --- shared -----------------------------------------------------------------------------
    @contextmanager
    def _viewing(
        self, guarantor_id: int, what: str, statement_id: int | None = None
    ) -> Iterator[Session]:
        """A look at a household; every patient of it has it on record."""
        with self._desk.write() as session:
            _statement_acts.check_guarantor(session, guarantor_id)
            self._audit(session, guarantor_id, f"view {what}", statement_id)
            yield session

    def _audit(
        self,
        session: Session,
        guarantor_id: int,
        action: str,
        key: int | None,
        entity: str = "statement",
    ) -> None:
        _statement_keeping.audit_household(
            session, self._desk, guarantor_id, action, entity if key else None, key
        )
