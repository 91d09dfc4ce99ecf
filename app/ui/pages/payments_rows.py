"""How a claim being keyed reads in the grid, in the totals and under *Look once*."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.books import Disposition
from app.domain.dates import format_date
from app.domain.eob_entry import parse_reason
from app.domain.money import format_cents
from app.domain.posting import EobAdjustment
from app.ui.grid_model import GridColumn, GridRow, Kind
from app.ui.pages.payments_entry import LEFT, MONEY, ClaimEntry
from app.ui.pages.payments_together import Entry


@dataclass(frozen=True, slots=True)
class ReasonColumn(GridColumn):
    """A cell that takes ``16``, ``co16`` or ``CO-16``."""

    def read(self, text: str) -> str:
        """``CO-16``; empty stays empty.

        Raises:
            ValueError: when it is no reason.
        """
        return "-".join(parse_reason(text)) if text.strip() else ""


COLUMNS: tuple[GridColumn, ...] = (
    GridColumn("patient", "Patient", width=112),
    GridColumn("service", "Service", width=70),
    GridColumn("code", "Code", width=82),
    GridColumn("billed", "Billed", width=66, numeric=True),
    GridColumn("allowed", "Allowed", Kind.MONEY, width=72),
    GridColumn("deductible", "Deduct.", Kind.MONEY, width=66),
    GridColumn("coinsurance", "Coins.", Kind.MONEY, width=62),
    GridColumn("copay", "Copay", Kind.MONEY, width=58),
    GridColumn("other", "Other", Kind.MONEY, width=62),
    ReasonColumn("reason", "Reason", Kind.CODE, width=66),
    GridColumn("paid", "Paid", Kind.MONEY, width=72),
    GridColumn("write_off", "Write-off", Kind.COMPUTED, width=72, numeric=True),
    GridColumn(LEFT, "Left over", Kind.COMPUTED, width=72, numeric=True),
    GridColumn("goes_to", "Goes to", Kind.COMPUTED, width=0),
)


def grid_row(entry: Entry, row: int) -> GridRow:
    """One line of the grid."""
    line, typed = entry.lines()[row], entry.typed[row]
    cells = {
        "patient": entry.heads(row),
        "service": f"{line.service_date:%m/%d}",
        "code": f"{line.code} {line.modifiers}".strip(),
        "billed": format_cents(line.entry.billed),
    }
    if entry.is_done(row):
        return GridRow({**cells, "goes_to": "decided"}, state="done")
    if not typed.touched:
        return GridRow(cells, suggest=_suggestions(entry, row))
    worked = entry.worked(row)
    for key in MONEY:
        value = getattr(typed, key)
        cells[key] = "" if value is None else format_cents(value)
    posted = entry.posts(row).adjustments
    cells |= {
        "paid": format_cents(worked.paid),
        "reason": _reason(entry, row, posted),
        "write_off": format_cents(_sum(posted, Disposition.WRITEOFF)),
        LEFT: format_cents(worked.left_over),
        "goes_to": _goes_to(entry, row, posted),
    }
    looks = {"paid": "bold"}
    if not typed.carc:
        looks["reason"] = "muted"
    if worked.left_over or cells["goes_to"] == NEEDS_REASON:
        looks |= {LEFT: "bad" if worked.left_over else "", "goes_to": "bad"}
    return GridRow(cells, suggest=_suggestions(entry, row), looks=looks)


NEEDS_REASON = "reason?"


def _sum(adjustments: tuple[EobAdjustment, ...], kind: Disposition) -> int:
    return sum(a.cents for a in adjustments if a.disposition is kind)


def _reason(entry: Entry, row: int, posted: tuple[EobAdjustment, ...]) -> str:
    """The reason typed, else the one the write-off will carry."""
    typed = entry.typed[row]
    if typed.carc:
        return f"{typed.group}-{typed.carc}"
    worked = entry.worked(row)
    if worked.write_off:
        return next(f"{a.group}-{a.carc}" for a in posted if a.carc == "45")
    return ""


def _goes_to(entry: Entry, row: int, posted: tuple[EobAdjustment, ...]) -> str:
    typed = entry.typed[row]
    if typed.other and not typed.carc:
        return NEEDS_REASON
    if entry.worked(row).left_over:
        return "place it"
    words = []
    for party in dict.fromkeys(a.to_party for a in posted if a.disposition is _TRANSFER):
        cents = sum(a.cents for a in posted if a.disposition is _TRANSFER and a.to_party == party)
        to_next = party == entry.entry(row).next_party
        words.append(
            f"{short(entry.part(row).claim.next_name) if to_next else 'patient'} {_money(cents)}"
        )
    if held := _sum(posted, Disposition.HOLD):
        words.append(f"held {_money(held)}")
    if any(a.carc == "94" for a in posted):
        words.append("payer's credit")
    return ", ".join(words)


_TRANSFER = Disposition.TRANSFER
_money = format_cents


def short(name: str) -> str:
    """The first word of a payer's long name; ``patient`` stays."""
    return name if len(name) <= 10 else name.split(maxsplit=1)[0]


def _suggestions(entry: Entry, row: int) -> dict[str, str]:
    """What ``=`` takes: the whole open amount, or what is still to be said of it."""
    line, typed, worked = entry.entry(row), entry.typed[row], entry.worked(row)
    found = {"allowed": format_cents(line.decidable), "paid": format_cents(worked.computed_paid)}
    if typed.touched:
        open_part = worked.computed_paid if typed.paid is None else max(entry.rest(row), 0)
        for key in ("deductible", "coinsurance", "copay", "other"):
            found[key] = format_cents(open_part + (getattr(typed, key) or 0))
    return found


def totals(entry: Entry) -> tuple[dict[str, str], dict[str, str]]:
    """Footer of the grid and its looks."""
    count = len(entry.lines())
    rows = entry.touched()
    sums = {"code": f"{count} line{'s' if count > 1 else ''}"}
    sums["billed"] = format_cents(sum(line.entry.billed for line in entry.lines()))
    for key in ("allowed", "deductible", "coinsurance", "copay", "other"):
        if found := [v for n in rows if (v := getattr(entry.typed[n], key)) is not None]:
            sums[key] = format_cents(sum(found))
    if rows:
        written = sum(_sum(entry.posts(n).adjustments, Disposition.WRITEOFF) for n in rows)
        sums |= {
            "paid": format_cents(entry.paid_cents()),
            "write_off": format_cents(written),
            LEFT: format_cents(entry.left_over_cents()),
        }
    return sums, {LEFT: "bad" if entry.left_over_cents() else ""}


def rest_words(entry: Entry, row: int) -> tuple[str, str]:
    """What is wrong with a line's left over amount, and the keys that place it."""
    rest, code = entry.rest(row), entry.lines()[row].code
    if rest < 0:
        said = f"{_money(-rest)} more is paid on {code} than its columns leave."
        return said, "K keep it: a smaller write-off, then the payer's credit · Esc undo line"
    why = "Paid is lower than allowed minus the patient's share."
    if entry.typed[row].allowed is None:
        why = "No allowed amount is typed."
    write = "W write off"
    if entry.worked(row).sequestration:
        why, write = "It is the 2 % that Medicare keeps.", "W write off as sequestration · S always"
    to = short(entry.part(row).claim.next_name)
    target = "the patient" if to == "patient" else to
    return f"{_money(rest)} of {code} is in no column. {why}", (
        f"{write} · T to {target} · H hold with payer"
    )


def warnings(entry: Entry, dated: date) -> tuple[str, ...]:
    """What to look at once before this claim is saved."""
    found = []
    for part in entry.parts():
        if part.touched() or part is entry:
            found += _claim_warnings(part, dated, "" if part is entry else _last_name(part))
    for row in entry.touched():
        line, typed, code = entry.entry(row), entry.typed[row], entry.lines()[row].code
        if typed.allowed is not None and typed.allowed > line.billed:
            found.append(f"{code} allowed {_money(typed.allowed)} is more than was billed.")
        if typed.allowed is not None and (typed.paid or 0) > typed.allowed:
            found.append(f"{code} is paid more than allowed.")
        contract = entry.lines()[row].contract_cents
        if contract is not None and typed.allowed and typed.allowed < contract:
            found.append(
                f"{code} allowed {_money(typed.allowed)} is below contract: {_money(contract)}. "
                "Post it as paid; Reports, Underpaid lines keeps it."
            )
    for part in entry.parts():
        if part.touched() and (left := part.blank()):
            codes = ", ".join(part.lines()[n].code for n in left)
            found.append(f"{codes} left blank: stays open with the payer.")
    return tuple(found)


def _last_name(part: ClaimEntry) -> str:
    return f"{part.claim.patient_name.partition(',')[0]}: "


def _claim_warnings(entry: ClaimEntry, dated: date, who: str) -> list[str]:
    claim, found = entry.claim, []
    if claim.earlier:
        last = claim.earlier[-1]
        found.append(
            f"{who}Decided before: check {last.number or 'without number'} of "
            f"{format_date(last.payment_date)} paid {_money(last.paid_cents)}. Ctrl R takes it "
            "back on this check."
        )
        if any(e.payment_date > dated for e in claim.earlier):
            found.append(f"{who}This check is older than the decision already posted.")
    if claim.provisional_cents:
        found.append(
            f"{who}Copay of {_money(claim.provisional_cents)} was taken at the visit; this EOB "
            "releases it."
        )
    return found
