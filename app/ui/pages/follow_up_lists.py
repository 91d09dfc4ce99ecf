"""The four lists of follow-up: their columns, and which give way in a narrow window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.dates import format_date, format_short
from app.domain.follow_up import days_left
from app.domain.money import format_cents
from app.services.follow_up_commands import CreditRow, FollowUpLists, OpenRow
from app.ui.pages.claims_side import STATUS_ROLE, status_word
from app.ui.pages.patients_figures import Width
from app.ui.tables import Column

LISTS = (
    ("outstanding", "Outstanding"),
    ("denials", "Denials"),
    ("unbilled", "Unbilled"),
    ("credits", "Credits"),
)
SOON_DAYS = 30  # a deadline nearer than this is marked
NO_CLAIM = "no claim"

Today = Callable[[], date]


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


def left_words(limit: date | None, today: date) -> str:
    """``6 days``, ``today``, ``4 days over``; empty where there is no deadline."""
    left = days_left(limit, today)
    if left is None:
        return ""
    if left == 0:
        return "today"
    many = f"{abs(left)} day{'' if abs(left) == 1 else 's'}"
    return f"{many} over" if left < 0 else many


def deadline_role(limit: date | None, today: date) -> str:
    """How urgent a deadline is, as a pill's role."""
    left = days_left(limit, today)
    if left is None or left > SOON_DAYS:
        return "neutral"
    return "bad" if left <= SOON_DAYS // 3 else "warn"


def why_words(row: OpenRow) -> str:
    """The largest reason of a denial, and how many more there are."""
    if row.status == "rejected":
        return "Came back undecided: correct it and send it again"
    if not row.why:
        return "Paid in part; no reason given"
    first = row.why[0]
    more = f" and {len(row.why) - 1} more" if len(row.why) > 1 else ""
    return f"{first.code} {first.words or 'see the payer’s list'}{more}"


def state_words(row: OpenRow) -> str:
    """How a row that is not out stands."""
    if row.status == "draft":
        return "not posted"
    return status_word(row.status).partition(",")[0] if row.status else NO_CLAIM


def _claim() -> Column[Any]:
    return Column("number", "Claim", lambda r: r.number or "–", width=80)


def _patient(width: int = 0) -> Column[Any]:
    return Column("patient", "Patient", lambda r: r.patient_name, width=width, tooltip=_whole)


def _whole(row: OpenRow) -> str:
    return f"{row.patient_name}, {row.payer or 'no payer yet'}, {format_date(row.service_date)}"


def _payer() -> Column[Any]:
    return Column("payer", "Payer", lambda r: r.payer, width=150, muted=True)


def _open(title: str = "Open") -> Column[Any]:
    return Column(
        "open",
        title,
        lambda r: format_cents(r.open_cents),
        lambda r: r.open_cents,
        numeric=True,
        width=86,
    )


def _note(width: int) -> Column[Any]:
    return Column("note", "Last note", lambda r: r.note, width=width, muted=True, tooltip=_noted)


def _noted(row: OpenRow) -> str:
    when = f"{row.noted_at.astimezone():%m/%d/%Y}: " if row.noted_at else ""
    return f"{when}{row.note}" if row.note else ""


def _limit(key: str, title: str, day: Callable[[Any], date | None], today: Today) -> Column[Any]:
    def pill(row: Any) -> tuple[str, str] | None:
        role, words = deadline_role(day(row), today()), left_words(day(row), today())
        if role == "neutral":
            return None
        return ("passed" if words.endswith("over") else words, role)

    def text(row: Any) -> str:
        return "" if pill(row) else format_short(day(row))

    return Column(
        key,
        title,
        text,
        lambda r: day(r) or date.max,
        width=100,
        pill=pill,
        tooltip=lambda r: format_date(day(r)),
    )


def specs(today: Today) -> dict[str, ListSpec]:
    """The lists by key. ``today``: the practice's day."""
    return {
        "outstanding": _outstanding(today),
        "denials": _denials(today),
        "unbilled": _unbilled(today),
        "credits": _credits(today),
    }


def _outstanding(today: Today) -> ListSpec:
    def pill(row: OpenRow) -> tuple[str, str] | None:
        late = -(days_left(row.follow_up_on, today()) or 0)
        if late < 0:
            return None
        return (f"{late} day{'' if late == 1 else 's'} late", "bad") if late else ("today", "warn")

    look: Column[Any] = Column(
        "due",
        "Look again",
        lambda r: "" if pill(r) else format_short(r.follow_up_on),
        lambda r: r.follow_up_on or date.min,
        width=124,
        pill=pill,
        tooltip=lambda r: format_date(r.follow_up_on),
    )
    days: Column[Any] = Column(
        "days",
        "Days out",
        lambda r: "" if r.days_out is None else str(r.days_out),
        lambda r: r.days_out or 0,
        numeric=True,
        width=76,
        tooltip=lambda r: f"Sent {format_date(r.sent_on)}" if r.sent_on else "",
    )
    limit = _limit("limit", "File by", lambda r: r.file_by, today)
    columns = (look, _claim(), _patient(), _payer(), days, _open(), limit, _note(150))
    widths = (Width("note", 890), Width("limit", 690), Width("payer", 570), Width("days", 490))
    return ListSpec(columns, widths, "No claim is out. Print the ready ones in Claims (Ctrl 4).")


def _denials(today: Today) -> ListSpec:
    why: Column[Any] = Column("why", "Why", why_words, width=0, tooltip=_all_reasons)
    limit = _limit("limit", "Act by", lambda r: r.appeal_by or r.file_by, today)
    columns = (limit, _claim(), _patient(130), _payer(), _open(), why)
    widths = (Width("payer", 760), Width("number", 560))
    return ListSpec(columns, widths, "No denial waits. What a payer refuses or holds comes here.")


def _all_reasons(row: OpenRow) -> str:
    return "\n".join(f"{r.code} {format_cents(r.cents)} {r.words}" for r in row.why)


def _unbilled(today: Today) -> ListSpec:
    state: Column[Any] = Column(
        "state",
        "State",
        lambda _: "",
        state_words,
        width=104,
        pill=lambda r: (state_words(r), STATUS_ROLE.get(r.status, "warn")),
    )
    service: Column[Any] = Column(
        "service",
        "Service",
        lambda r: format_short(r.service_date),
        lambda r: r.service_date,
        width=88,
    )
    limit = _limit("limit", "File by", lambda r: r.file_by, today)
    columns = (state, _claim(), service, _patient(), _payer(), _open("Amount"), limit, _note(140))
    widths = (Width("note", 890), Width("limit", 730), Width("payer", 620), Width("service", 480))
    return ListSpec(columns, widths, "Every posted charge is out with its payer.")


def _credits(today: Today) -> ListSpec:
    owner: Column[Any] = Column("owner", "Belongs to", lambda r: r.owner, width=0, tooltip=credit)
    kind: Column[Any] = Column("kind", "", lambda r: _KIND[r.kind], width=104, muted=True)
    patient: Column[Any] = Column(
        "patient", "On the account of", lambda r: r.patient_name, width=150, muted=True
    )
    cents: Column[Any] = Column(
        "cents",
        "Amount",
        lambda r: format_cents(r.cents),
        lambda r: r.cents,
        numeric=True,
        width=86,
    )
    since: Column[Any] = Column(
        "since", "Since", lambda r: format_short(r.since), lambda r: r.since, width=88
    )
    days: Column[Any] = Column(
        "days",
        "Days",
        lambda r: str((today() - r.since).days),
        lambda r: -r.since.toordinal(),
        numeric=True,
        width=56,
    )
    limit = _limit("limit", "Give back by", lambda r: r.refund_by, today)
    columns = (owner, kind, patient, cents, since, days, limit)
    widths = (Width("patient", 660), Width("kind", 560), Width("days", 470), Width("since", 400))
    return ListSpec(columns, widths, "Nobody has paid too much, and every check is placed.")


_KIND = {"credit": "overpaid", "unapplied": "not placed"}


def credit(row: CreditRow) -> str:
    """A credit in a sentence."""
    if row.kind == "unapplied":
        paper = f" {row.source}" if row.source else ""
        return f"{format_cents(row.cents)} of payment{paper} received {format_date(row.since)}"
    service = format_date(row.service_date)
    return f"{format_cents(row.cents)} too much on the visit of {service} ({row.patient_name})"


def tie_words(found: FollowUpLists) -> str:
    """The sum that proves that no open cent of a payer is missing from the lists."""
    sums = [
        (word, sum(row.open_cents for row in rows))
        for word, rows in (
            ("Outstanding", found.outstanding),
            ("denials", found.denials),
            ("unbilled", found.unbilled),
        )
    ]
    words = " + ".join(f"{word} {format_cents(cents)}" for word, cents in sums)
    if found.payer_credits_cents:
        words += f" − payers' credits {format_cents(found.payer_credits_cents)}"
    words += f" = {format_cents(found.insurers_cents)} owed by insurers"
    return f"{words} ✓" if found.ties else f"{words}: this does not add up. Verify the books."
