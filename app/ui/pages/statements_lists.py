"""The lists of the statements page: who is due, who is not and why, and what was sent lately."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.domain.account_standing import AGE_TITLES
from app.domain.dates import format_date, format_short
from app.domain.money import format_cents
from app.domain.statements import Reason
from app.services.statement_commands import SentLately, StatementRow
from app.ui.pages.patients_figures import Width
from app.ui.tables import Column

LISTS = (
    ("due", "Due"),
    ("letters", "Letters"),
    ("not_due", "Not due"),
    ("sent", "Sent lately"),
)
SENT_WORD = {"statement": "Statement", "letter": "Letter"}
REASON_ROLE = {
    Reason.DUE: "ok",
    Reason.PLAN_BEHIND: "warn",
    Reason.LETTER_DUE: "warn",
    Reason.HOLD: "bad",
    Reason.UNAPPLIED: "warn",
    Reason.NO_ADDRESS: "bad",
    Reason.LETTER_SENT: "warn",
    Reason.CREDIT: "warn",
}
REASON_WORD = {
    Reason.DUE: "due",
    Reason.PLAN_BEHIND: "plan behind",
    Reason.LETTER_DUE: "letter due",
    Reason.HOLD: "on hold",
    Reason.NOT_ASKED: "not asked",
    Reason.COLLECTIONS: "collections",
    Reason.PENDING: "insurance pending",
    Reason.CREDIT: "in credit",
    Reason.NOTHING_OWED: "nothing owed",
    Reason.UNAPPLIED: "money waits",
    Reason.NO_ADDRESS: "no address",
    Reason.LETTER_SENT: "letter sent",
    Reason.LETTER_WAITS: "letter waits",
    Reason.PLAN_KEPT: "plan kept",
    Reason.MINIMUM: "too small",
    Reason.CYCLE: "sent recently",
    Reason.PAID: "paid recently",
}


@dataclass(frozen=True, slots=True)
class ListSpec:
    """One list: its columns, the widths (pixels at 100 %) some of them want, its empty sentence."""

    columns: tuple[Column[Any], ...]
    widths: tuple[Width, ...]
    empty: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the columns in order."""
        return tuple(column.key for column in self.columns)


def status_of(row: StatementRow) -> tuple[str, str]:
    """Why something goes out or not, as a word and a pill's role."""
    return REASON_WORD[row.reason], REASON_ROLE.get(row.reason, "neutral")


def oldest(row: StatementRow) -> str:
    """The oldest bucket in which something is owed: ``61–90``."""
    owed = [title for title, cents in zip(AGE_TITLES, row.aging.cells, strict=True) if cents > 0]
    return owed[-1].replace(" days", "").replace("Over 120", "120+") if owed else "–"


def _age(row: StatementRow) -> int:
    return max((i for i, cents in enumerate(row.aging.cells) if cents > 0), default=-1)


_NAME: Column[Any] = Column(
    "name", "Guarantor", lambda r: r.name, width=0, tooltip=lambda r: r.name
)
_NUMBER: Column[Any] = Column(
    "number",
    "No.",
    lambda r: str(r.number),
    lambda r: r.number,
    numeric=True,
    width=44,
    tooltip=lambda r: f"Statement {r.number} is the next",
)
_ASKED: Column[Any] = Column(
    "amount",
    "To pay now",
    lambda r: format_cents(r.amount_cents),
    lambda r: r.amount_cents,
    numeric=True,
    width=92,
)
_OLDEST: Column[Any] = Column("oldest", "Oldest", oldest, _age, width=72)
_PAID: Column[Any] = Column(
    "paid",
    "Last paid",
    lambda r: format_short(r.last_payment_on) or "–",
    lambda r: str(r.last_payment_on or ""),
    width=88,
    muted=True,
)
_DUE = ListSpec(
    (_NAME, _ASKED, _NUMBER, _OLDEST, _PAID),
    (Width("paid", 440), Width("oldest", 350), Width("number", 300)),
    "Nobody is due a statement now. Not due (Alt 3) says why, each with the reason.",
)
_LETTERS = ListSpec(
    _DUE.columns,
    _DUE.widths,
    "No account is due the letter before collections.",
)


def open_first(rows: tuple[StatementRow, ...]) -> tuple[StatementRow, ...]:
    """Those with something to decide before those who merely wait for their insurance."""
    return tuple(sorted(rows, key=lambda row: row.reason is Reason.PENDING))


def _owed(row: StatementRow) -> int:
    return row.balance_cents + row.not_asked_cents - row.credit_cents


_NOT_DUE = ListSpec(
    (
        Column("name", "Guarantor", lambda r: r.name, width=142, tooltip=lambda r: r.words),
        Column(
            "owed",
            "Owed",
            lambda r: format_cents(_owed(r)) if _owed(r) else "–",
            _owed,
            numeric=True,
            width=76,
        ),
        Column(
            "why",
            "Why not",
            lambda r: r.words.partition(";")[0],
            width=0,
            tooltip=lambda r: r.words,
        ),
    ),
    (),
    "Everybody who owes anything is due.",
)


def _sent_words(row: SentLately) -> str:
    return f"{SENT_WORD[row.kind]} {row.number}" if row.kind == "statement" else SENT_WORD[row.kind]


_SENT = ListSpec(
    (
        Column(
            "on", "Sent", lambda r: format_short(r.printed_on), lambda r: r.printed_on, width=96
        ),
        Column("name", "Guarantor", lambda r: r.name, width=0),
        Column(
            "what",
            "What",
            _sent_words,
            width=104,
            look=lambda r: "muted" if r.taken_back else "",
            tooltip=lambda r: f"To be paid by {format_date(r.due_on)}",
        ),
        Column(
            "amount",
            "Asked for",
            lambda r: "taken back" if r.taken_back else format_cents(r.amount_cents),
            lambda r: r.amount_cents,
            numeric=True,
            width=92,
            look=lambda r: "muted" if r.taken_back else "",
        ),
    ),
    (Width("what", 380),),
    "Nothing was sent in the last weeks. Ctrl P sends to those chosen under Due (Alt 1).",
)
SPECS: dict[str, ListSpec] = {
    "due": _DUE,
    "letters": _LETTERS,
    "not_due": _NOT_DUE,
    "sent": _SENT,
}
