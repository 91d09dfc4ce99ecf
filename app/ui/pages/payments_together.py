"""All open lines of a payer keyed as one list: many claims behind the face of one. No widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.books import Disposition
from app.domain.eob_entry import EntryLine, TypedLine, WorkedLine
from app.domain.posting import EobLine
from app.services.posting_commands import LineToPost
from app.ui.pages.payments_entry import ClaimEntry, Place


class TogetherEntry:
    """Several claims of one payer, their lines one under the other in the order of the paper.

    Whatever belongs to a line is asked of the claim it is in; the claims stay apart in the books.

    Args:
        parts: the claims, by patient; at least one.
    """

    def __init__(self, parts: Sequence[ClaimEntry]) -> None:
        self._parts = tuple(parts)
        self._rows = [(part, n) for part in self._parts for n in range(len(part.typed))]
        self._firsts: dict[int, int] = {}  # by claim
        for row, (part, _) in enumerate(self._rows):
            self._firsts.setdefault(part.claim.claim_id, row)

    # --- the claims -------------------------------------------------------------------------
    def parts(self) -> tuple[ClaimEntry, ...]:
        """The claims, one by one."""
        return self._parts

    def part(self, row: int) -> ClaimEntry:
        """The claim a line belongs to."""
        return self._rows[row][0]

    def row_of(self, claim_id: int) -> int | None:
        """The first line of a claim; None when it is not among them."""
        return self._firsts.get(claim_id)

    def heads(self, row: int) -> str:
        """Whose claim begins here, and its day; empty on its other lines."""
        part, n = self._rows[row]
        if n:
            return ""
        last = part.claim.patient_name.partition(",")[0]
        return f"{last} {part.lines()[0].service_date:%m/%d}"

    def one_day(self) -> bool:
        """True when every claim is of a single day: where it begins tells the day of its lines."""
        return all(len({line.service_date for line in part.lines()}) == 1 for part in self._parts)

    # --- reading ----------------------------------------------------------------------------
    @property
    def typed(self) -> tuple[TypedLine, ...]:
        """What was typed, line by line."""
        return tuple(part.typed[n] for part, n in self._rows)

    @property
    def sequestered(self) -> bool:
        """Whether lines are paid less 2 % by now."""
        return self._parts[-1].sequestered

    def lines(self) -> tuple[LineToPost, ...]:
        """All lines."""
        return tuple(line for part in self._parts for line in part.lines())

    def entry(self, row: int) -> EntryLine:
        """See ``ClaimEntry``."""
        part, n = self._rows[row]
        return part.entry(n)

    def worked(self, row: int) -> WorkedLine:
        """See ``ClaimEntry``."""
        part, n = self._rows[row]
        return part.worked(n)

    def posts(self, row: int) -> EobLine:
        """See ``ClaimEntry``."""
        part, n = self._rows[row]
        return part.posts(n)

    def rest(self, row: int) -> int:
        """See ``ClaimEntry``."""
        part, n = self._rows[row]
        return part.rest(n)

    def is_done(self, row: int) -> bool:
        """See ``ClaimEntry``."""
        part, n = self._rows[row]
        return part.is_done(n)

    def touched(self) -> list[int]:
        """Numbers of the lines that something was typed on."""
        return [row for row, (part, n) in enumerate(self._rows) if part.typed[n].touched]

    def blank(self) -> list[int]:
        """Numbers of the lines still untouched that wait for a decision."""
        return [
            row
            for row, (part, n) in enumerate(self._rows)
            if not part.typed[n].touched and not part.is_done(n)
        ]

    def paid_cents(self) -> int:
        """What the typed lines are paid."""
        return sum(part.paid_cents() for part in self._parts)

    def left_over_cents(self) -> int:
        """What the typed lines still have in no column."""
        return sum(part.left_over_cents() for part in self._parts)

    def off_by(self) -> int:
        """Nothing: an EOB's total is checked claim by claim."""
        return 0

    def open_place(self) -> Place | None:
        """The first cell that must be typed or placed before all can be saved."""
        return next(filter(None, (self._here(p, p.open_place()) for p in self._parts)), None)

    def first(self) -> Place | None:
        """Where typing begins."""
        return next(filter(None, (self._here(p, p.first()) for p in self._parts)), None)

    def after(self, row: int, key: str) -> Place | None:
        """Where Enter goes: on in the claim, then to the next one that waits."""
        part, n = self._rows[row]
        if (place := self._here(part, part.after(n, key))) is not None:
            return place
        below = self._parts[self._parts.index(part) + 1 :]
        return next(filter(None, (self._here(p, p.first()) for p in below)), None)

    def _here(self, part: ClaimEntry, place: Place | None) -> Place | None:
        return None if place is None else (self._firsts[part.claim.claim_id] + place[0], place[1])

    # --- typing -----------------------------------------------------------------------------
    def type_cell(self, row: int, key: str, text: str) -> None:
        """See ``ClaimEntry``.

        Raises:
            ValueError: when it cannot be read; nothing changes.
        """
        part, n = self._rows[row]
        part.type_cell(n, key, text)

    def clear(self, row: int) -> None:
        """Undoes a line."""
        part, n = self._rows[row]
        part.clear(n)

    def place(self, row: int, action: Disposition) -> bool:
        """See ``ClaimEntry``."""
        part, n = self._rows[row]
        return part.place(n, action)

    def hold(self, row: int) -> bool:
        """See ``ClaimEntry``."""
        part, n = self._rows[row]
        return part.hold(n)

    def keep_sequestration(self, row: int) -> None:
        """Marks the line as paid less 2 %, or takes the mark off; all later lines follow."""
        part, n = self._rows[row]
        part.keep_sequestration(n)
        for other in self._parts:
            other.sequestered = part.sequestered

    def restore(self, bodies: Mapping[int, Mapping[str, Any]]) -> None:
        """Takes drafts back, by claim."""
        for part in self._parts:
            part.restore(bodies.get(part.claim.claim_id, {}))


Entry = ClaimEntry | TogetherEntry
