"""A claim being keyed from an EOB: what is typed, worked out line by line. No widgets here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from app.domain.books import Disposition
from app.domain.eob_entry import (
    EntryLine,
    TypedLine,
    WorkedLine,
    default_action,
    eob_line,
    parse_reason,
    unplaced,
    work_out,
)
from app.domain.money import parse_cents
from app.domain.posting import EobLine
from app.services.posting_commands import LineToPost, PostingClaim

Defaults = dict[tuple[str, str], Disposition]
Place = tuple[int, str]  # line number and column key

MONEY = ("allowed", "deductible", "coinsurance", "copay", "other", "paid")
TYPED = ("allowed", "deductible", "coinsurance", "copay", "other", "reason", "paid")
LEFT = "left"  # the column of what stands in no other


class ClaimEntry:
    """The lines of one claim with what was typed so far.

    Args:
        claim: as the posting desk opened it.
        defaults: the practice's reason table.
        sequestered: lines are paid less 2 % unless said otherwise.
    """

    def __init__(
        self, claim: PostingClaim, defaults: Defaults, *, sequestered: bool = False
    ) -> None:
        self.claim, self.defaults = claim, defaults
        self.sequestered = sequestered
        self.typed = [TypedLine() for _ in claim.lines]
        self.reference = claim.payer_claim_number
        self.remarks = ""
        self.said_paid: int | None = None  # what the EOB says is paid on the claim (cents)

    # --- among others, see ``TogetherEntry`` ------------------------------------------------
    def parts(self) -> tuple[ClaimEntry, ...]:
        """The claims: this one."""
        return (self,)

    def part(self, row: int) -> ClaimEntry:
        """The claim a line belongs to: this one."""
        return self

    def row_of(self, claim_id: int) -> int | None:
        """None: a claim by itself is opened again when it is asked for."""
        return None

    def heads(self, row: int) -> str:
        """Nothing: the title says whose claim it is."""
        return ""

    def one_day(self) -> bool:
        """True when all lines are of the day that the title tells."""
        return len({line.service_date for line in self.lines()}) == 1

    # --- reading ----------------------------------------------------------------------------
    def lines(self) -> tuple[LineToPost, ...]:
        """The lines in the order of the paper."""
        return self.claim.lines

    def entry(self, row: int) -> EntryLine:
        """The facts of a line that its arithmetic works with."""
        return self.claim.lines[row].entry

    def worked(self, row: int) -> WorkedLine:
        """A line worked out."""
        return work_out(self.entry(row), self.typed[row])

    def posts(self, row: int) -> EobLine:
        """A line as it would be posted now."""
        return eob_line(self.entry(row), self.typed[row], self.defaults)

    def rest(self, row: int) -> int:
        """What of a touched line stands in no column (cents), placed by key or not."""
        return unplaced(self.entry(row), self.typed[row], self.worked(row))

    def is_done(self, row: int) -> bool:
        """True for a line this payer decided and owes nothing on."""
        return self.claim.lines[row].decided and not self.entry(row).decidable

    def touched(self) -> list[int]:
        """Numbers of the lines that something was typed on."""
        return [n for n, line in enumerate(self.typed) if line.touched]

    def blank(self) -> list[int]:
        """Numbers of the lines still untouched that wait for a decision."""
        return [n for n, t in enumerate(self.typed) if not t.touched and not self.is_done(n)]

    def paid_cents(self) -> int:
        """What the typed lines are paid."""
        return sum(self.worked(n).paid for n in self.touched())

    def left_over_cents(self) -> int:
        """What the typed lines still have in no column."""
        return sum(self.worked(n).left_over for n in self.touched())

    def off_by(self) -> int:
        """How much more or less the lines are paid than the EOB says of the claim (cents)."""
        return 0 if self.said_paid is None else self.paid_cents() - self.said_paid

    def open_place(self) -> Place | None:
        """The first cell that must be typed or placed before the claim can be saved."""
        for row in self.touched():
            typed = self.typed[row]
            if typed.other and not typed.carc:
                return row, "reason"
            if typed.carc and not typed.other and not self._reason_of_rest(row):
                return row, "other"
            if self.worked(row).left_over:
                return row, LEFT
        return None

    def _reason_of_rest(self, row: int) -> bool:
        return self.typed[row].rest_action is Disposition.HOLD

    # --- typing -----------------------------------------------------------------------------
    def type_cell(self, row: int, key: str, text: str) -> None:
        """Takes a cell's text as the grid wrote it.

        Raises:
            ValueError: when it cannot be read; nothing changes.
        """
        typed = replace(self.typed[row], rest_action=None)
        if not self.typed[row].touched:
            typed = replace(typed, sequestered=self.sequestered)
        if key == "reason":
            group, carc = parse_reason(text) if text else ("CO", "")
            said = None if typed.carc else typed.other_action  # F4 before the reason holds
            self.typed[row] = replace(typed, group=group, carc=carc, other_action=said)
            return
        cents = int(parse_cents(text)) if text else None
        if key == "allowed":
            typed = self._denied_or_not(row, typed, cents)
        change: dict[str, Any] = {key: cents}
        self.typed[row] = replace(typed, **change)

    def _denied_or_not(self, row: int, typed: TypedLine, allowed: int | None) -> TypedLine:
        """Allowed 0.00 puts the whole line under its reason; taking the 0.00 back undoes that."""
        whole = self.entry(row).decidable
        if allowed == 0 and typed.other is None and not typed.paid:
            return replace(typed, other=whole)
        if typed.allowed == 0 and allowed != 0 and typed.other == whole and not typed.carc:
            return replace(typed, other=None)
        return typed

    def clear(self, row: int) -> None:
        """Undoes a line: nothing is typed on it."""
        self.typed[row] = TypedLine()

    def place(self, row: int, action: Disposition) -> bool:
        """Places what is left over, or the other amount, as her key says; False when nothing is."""
        typed = self.typed[row]
        if typed.touched and self.rest(row):
            if self.rest(row) < 0 and action is not Disposition.INFO:
                return False
            self.typed[row] = replace(typed, rest_action=action)
        elif typed.other and action is not Disposition.INFO:
            self.typed[row] = replace(typed, other_action=action)
        else:
            return False
        return True

    def hold(self, row: int) -> bool:
        """Holds the rest with the payer, or the whole line when nothing is typed on it."""
        if self.is_done(row):
            return False
        if not self.typed[row].touched:
            self.type_cell(row, "allowed", "0.00")
        return self.place(row, Disposition.HOLD)

    def keep_sequestration(self, row: int) -> None:
        """Marks the line as paid less 2 %, or takes the mark off; later lines follow."""
        self.sequestered = not self.typed[row].sequestered
        self.typed[row] = replace(self.typed[row], sequestered=self.sequestered, rest_action=None)

    def other_does(self, row: int) -> Disposition:
        """What the other amount of a line does."""
        typed = self.typed[row]
        return typed.other_action or default_action(self.defaults, typed.group, typed.carc)

    # --- where the cursor goes --------------------------------------------------------------
    def first(self) -> Place | None:
        """Where typing begins: the first line that waits for a decision."""
        return next(((n, "allowed") for n in range(len(self.typed)) if not self.is_done(n)), None)

    def after(self, row: int, key: str) -> Place | None:
        """Where Enter goes: what the line still needs, then the next line; None at the end.

        Coinsurance, a whole line's deductible and a typed payment are asked for again when the
        line above had them: EOBs repeat themselves.
        """
        typed = self.typed[row]
        if typed.touched:
            if typed.other and not typed.carc:
                return row, "reason"
            if key == "reason" and typed.carc and not typed.other:
                return row, "other"
            if column := self._used_above(row, key):
                return row, column
            if self.worked(row).left_over and key != LEFT:
                return row, LEFT
        below = (n for n in range(row + 1, len(self.typed)) if not self.is_done(n))
        following = next(below, None)
        return None if following is None else (following, "allowed")

    def _used_above(self, row: int, key: str) -> str | None:
        if row == 0 or key not in TYPED or self.typed[row].allowed == 0:
            return None
        above, here = self.typed[row - 1], self.typed[row]
        used = {
            "deductible": above.deductible is not None and above.deductible == above.allowed,
            "coinsurance": above.coinsurance is not None,
            "paid": above.paid is not None,
        }
        for column in TYPED[TYPED.index(key) + 1 :]:
            if used.get(column) and getattr(here, column) is None:
                return column
        return None

    # --- keeping and saving -----------------------------------------------------------------
    def eob_lines(self) -> tuple[EobLine, ...]:
        """The typed lines, ready to post."""
        return tuple(self.posts(n) for n in self.touched())

    def body(self) -> dict[str, Any]:
        """Everything typed, as plain values for a draft."""
        lines = {str(self.entry(n).line_id): asdict(self.typed[n]) for n in self.touched()}
        return {
            "lines": lines,
            "reference": self.reference,
            "remarks": self.remarks,
            "said_paid": self.said_paid,
        }

    def restore(self, body: Mapping[str, Any]) -> None:
        """Takes a draft back; lines that are no longer there, or decided since, are passed over."""
        kept = body.get("lines", {})
        for row, line in enumerate(self.claim.lines):
            values = kept.get(str(line.entry.line_id))
            if values and not self.is_done(row):
                self.typed[row] = _typed_line(values)
                self.sequestered = self.typed[row].sequestered
        self.reference = body.get("reference", self.reference)
        self.remarks = body.get("remarks", "")
        self.said_paid = body.get("said_paid")


def _typed_line(values: Mapping[str, Any]) -> TypedLine:
    actions = {
        key: Disposition(values[key]) if values.get(key) else None
        for key in ("other_action", "rest_action")
    }
    return TypedLine(**{**values, **actions})
