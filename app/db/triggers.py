"""The rules of the books that SQLite itself keeps, as data: whoever writes, by whatever way.

``RAISE(ABORT)`` undoes the statement; the unit of work around it then undoes itself. Every rule
also closes the side doors of SQLite: ``INSERT OR REPLACE`` and ``UPDATE OR REPLACE`` delete rows
without firing delete triggers unless ``recursive_triggers`` is on, which a stranger may not set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger: its name, when it fires (``BEFORE DELETE ON audit``) and what it does."""

    name: str
    fires: str
    body: str

    @property
    def ddl(self) -> str:
        """The CREATE statement."""
        return f"CREATE TRIGGER {self.name} {self.fires}\nBEGIN\n  {self.body}\nEND"


# Append-only tables with the keys that may never be taken twice.
APPEND_ONLY: dict[str, tuple[tuple[str, ...], ...]] = {
    "journal": (("id",), ("reverses_id",)),
    "posting": (("id",),),
    "audit": (("id",),),
    "claim_event": (("id",),),
    "claim_version": (("id",), ("claim_id", "number")),
    "period_close": (("id",),),
    "month_close": (("id",), ("month",)),
    "deposit_item": (("id",),),
}

# What money stands on: fixed once anything was posted to the line.
POSTED_LINE_COLUMNS = (
    "encounter_id",
    "service_from",
    "service_to",
    "code",
    "modifiers",
    "charge_cents",
    "units",
)
# A bill once sent: only the marks of taking it back may follow.
STATEMENT_COLUMNS = (
    "guarantor_id",
    "kind",
    "number",
    "printed_on",
    "due_on",
    "amount_cents",
    "balance_cents",
    "sha256",
    "content_json",
    "pdf",
)
# A deposit slip once printed: only the marks of taking it back may follow.
DEPOSIT_COLUMNS = ("deposited_on", "bank", "total_cents", "created_at", "user_id", "sha256", "pdf")
CLOSED_PAYMENT_COLUMNS = ("amount_cents", "number", "payer_id", "method", "kind")


def _refuse(message: str, condition: str) -> str:
    return f"SELECT RAISE(ABORT, '{message}') WHERE {condition};"


def _changed(columns: Sequence[str]) -> str:
    return " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)


def _taken(table: str, keys: Sequence[Sequence[str]]) -> str:
    matches = " OR ".join(
        "(" + " AND ".join(f"{name} = NEW.{name}" for name in key) + ")" for key in keys
    )
    return f"EXISTS (SELECT 1 FROM {table} WHERE {matches})"  # noqa: S608 - our own names


# A new row must keep these, in this order. The postings of a journal come first and the journal
# row last; it seals them, so what it seals must foot, and nothing can be added afterwards.
_ON_INSERT: dict[str, tuple[str, ...]] = {
    "posting": (
        _refuse("journal is sealed", "EXISTS (SELECT 1 FROM journal WHERE id = NEW.journal_id)"),
        _refuse("cents are whole", "typeof(NEW.amount_cents) <> 'integer'"),
    ),
    "deposit_item": (
        _refuse(
            "payment is deposited already",
            "EXISTS (SELECT 1 FROM deposit_item JOIN deposit ON deposit.id = deposit_id"
            " WHERE payment_id = NEW.payment_id AND voided_at IS NULL)",
        ),
    ),
    "journal": (
        _refuse("gap in journal", "NEW.id IS NOT (SELECT COALESCE(MAX(id), 0) + 1 FROM journal)"),
        _refuse(
            "accounting date is no date", "NEW.accounting_date IS NOT date(NEW.accounting_date)"
        ),
        _refuse("closed period", "NEW.accounting_date <= (SELECT MAX(through) FROM period_close)"),
        _refuse(
            "journal does not balance",
            "(SELECT COUNT(*) < 2 OR COALESCE(SUM(amount_cents), 0) <> 0"
            " FROM posting WHERE journal_id = NEW.id)",
        ),
        _refuse(
            "a reversal is not reversed",
            "(SELECT reverses_id FROM journal WHERE id = NEW.reverses_id) IS NOT NULL",
        ),
        # A takeback stands on another check than the payment it takes back, so the payment is left
        # out of the comparison.
        _refuse(
            "a reversal mirrors its journal",
            "NEW.reverses_id IS NOT NULL AND EXISTS ("
            "SELECT 1 FROM posting WHERE journal_id IN (NEW.id, NEW.reverses_id)"
            " GROUP BY account, charge_line_id, party_id"
            " HAVING SUM(amount_cents) <> 0)",
        ),
    ),
}


def _append_only(table: str, keys: Sequence[Sequence[str]]) -> tuple[Trigger, ...]:
    message = f"append-only: {table}"
    body = f"SELECT RAISE(ABORT, '{message}');"
    rules = (_refuse(message, _taken(table, keys)), *_ON_INSERT.get(table, ()))
    return (
        Trigger(f"{table}_no_update", f"BEFORE UPDATE ON {table}", body),
        Trigger(f"{table}_no_delete", f"BEFORE DELETE ON {table}", body),
        Trigger(f"{table}_append", f"BEFORE INSERT ON {table}", "\n  ".join(rules)),
    )


_SUM = (
    "(SELECT SUM(amount_cents) FROM posting WHERE account = 'receivable'"
    " AND charge_line_id = NEW.charge_line_id AND party_id = NEW.party_id)"
)
_PROJECTION = (
    Trigger(
        "posting_moves_balance",
        "AFTER INSERT ON posting WHEN NEW.account = 'receivable'",
        "INSERT INTO line_balance (charge_line_id, party_id, amount_cents)\n"
        "  VALUES (NEW.charge_line_id, NEW.party_id, NEW.amount_cents)\n"
        "  ON CONFLICT (charge_line_id, party_id)\n"
        "  DO UPDATE SET amount_cents = amount_cents + excluded.amount_cents;",
    ),
    *(
        Trigger(
            f"line_balance_true_on_{event.lower()}",
            f"AFTER {event} ON line_balance",
            _refuse("line_balance is a projection", f"NEW.amount_cents IS NOT {_SUM}"),
        )
        for event in ("INSERT", "UPDATE")
    ),
    Trigger(
        "line_balance_stays",
        "BEFORE UPDATE OF charge_line_id, party_id ON line_balance",
        "SELECT RAISE(ABORT, 'line_balance is a projection');",
    ),
    Trigger(
        "line_balance_no_delete",
        "BEFORE DELETE ON line_balance",
        "SELECT RAISE(ABORT, 'line_balance is a projection');",
    ),
)


def _identity(table: str) -> tuple[Trigger, Trigger]:
    """A row is not put in another's place, neither by REPLACE nor by taking over its id."""
    return (
        Trigger(
            f"{table}_no_replace",
            f"BEFORE INSERT ON {table}",
            _refuse(f"{table} is there already", _taken(table, (("id",),))),
        ),
        Trigger(
            f"{table}_keeps_id",
            f"BEFORE UPDATE OF id ON {table} WHEN NEW.id IS NOT OLD.id",
            f"SELECT RAISE(ABORT, '{table} keeps its id');",
        ),
    )


_LINE_IS_POSTED = _refuse(
    "charge line is posted", "EXISTS (SELECT 1 FROM posting WHERE charge_line_id = OLD.id)"
)
_DOCUMENTS = (
    *_identity("charge_line"),
    Trigger(
        "charge_line_fixed",
        f"BEFORE UPDATE ON charge_line WHEN {_changed(POSTED_LINE_COLUMNS)}",
        _LINE_IS_POSTED,
    ),
    Trigger("charge_line_kept", "BEFORE DELETE ON charge_line", _LINE_IS_POSTED),
    *_identity("payment"),
    Trigger(
        "payment_fixed",
        f"BEFORE UPDATE ON payment WHEN {_changed(CLOSED_PAYMENT_COLUMNS)}",
        _refuse("payment is closed", "OLD.status <> 'open'"),
    ),
    *_identity("statement"),
    Trigger(
        "statement_fixed",
        "BEFORE UPDATE ON statement WHEN OLD.voided_at IS NOT NULL"
        f" OR {_changed(STATEMENT_COLUMNS)}",
        "SELECT RAISE(ABORT, 'statement is kept as sent');",
    ),
    Trigger(
        "statement_kept",
        "BEFORE DELETE ON statement",
        "SELECT RAISE(ABORT, 'statement is kept as sent');",
    ),
    *_identity("deposit"),
    Trigger(
        "deposit_fixed",
        f"BEFORE UPDATE ON deposit WHEN OLD.voided_at IS NOT NULL OR {_changed(DEPOSIT_COLUMNS)}",
        "SELECT RAISE(ABORT, 'deposit is kept as printed');",
    ),
    Trigger(
        "deposit_kept",
        "BEFORE DELETE ON deposit",
        "SELECT RAISE(ABORT, 'deposit is kept as printed');",
    ),
    Trigger(
        "payment_kept",
        "BEFORE DELETE ON payment",
        _refuse(
            "payment is posted",
            "OLD.status <> 'open' OR EXISTS (SELECT 1 FROM posting WHERE payment_id = OLD.id)",
        ),
    ),
)

BOOK_TRIGGERS: tuple[Trigger, ...] = (
    *(trigger for table, keys in APPEND_ONLY.items() for trigger in _append_only(table, keys)),
    *_PROJECTION,
    *_DOCUMENTS,
)
