"""Codes suggested by a chart note: recognised, never taken on their own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from app.codesets import note_reader
from app.codesets.note_context import Clause
from app.codesets.note_reader import Found, Lexicon
from app.domain.icd import CodeStanding, bare
from app.models.visits import Procedure
from app.services import _note_lexicon
from app.services._code_uses import CodeUses
from app.services.codesets import CodeSetService
from app.services.desk import Desk

MOST = 12
KEPT = 600  # clauses remembered, so that a note is not read again at every key
DIAGNOSIS, PROCEDURE = "dx", "px"


@dataclass(frozen=True, slots=True)
class Suggested:
    """A code that the note speaks of.

    Attributes:
        kind: ``dx`` or ``px``.
        code: with its point, billable on the day asked; a procedure as on the charge list.
        title: official title, or the practice's own wording.
        words: the very words of the note.
        start, end: where they stand, characters from the note's beginning.
        part_of: the code of a disease found too, of which this is a sign; empty for none.
        uses: how often the practice coded it.
    """

    kind: str
    code: str
    title: str
    words: str
    start: int
    end: int
    part_of: str = ""
    uses: int = 0


class NoteTermService:
    """Reads notes a clause at a time and remembers what it read. Shows nobody's record: the note
    is that of the visit which is open.
    """

    def __init__(self, desk: Desk, codesets: CodeSetService) -> None:
        self._desk, self._codesets = desk, codesets
        self._uses = CodeUses(desk)
        self._lexicon: Lexicon | None = None
        self._building: Iterator[Lexicon] | None = None
        self._growing: Lexicon | None = None
        self._read: OrderedDict[tuple[str, str, date], tuple[Suggested, ...]] = OrderedDict()
        self._charges: dict[str, str] | None = None
        desk.db.subscribe(self._changed)

    @property
    def ready(self) -> bool:
        """True once the code set is open; before that nothing is offered."""
        return self._codesets.ready

    def step(self, text: str, on: date) -> bool:
        """A few milliseconds of the work that ``suggest`` needs; True while more is left."""
        if not self._codesets.ready or not text.strip():
            return False
        if self._lexicon is None:
            self._build(on, steps=1)
            return True
        for clause in note_reader.clauses(text):
            if (clause.text, clause.section, on) not in self._read:
                self._clause(clause, on)
                return True
        return False

    def suggest(
        self,
        text: str,
        on: date,
        *,
        coded: Sequence[str] = (),
        dismissed: Sequence[str] = (),
        patient_id: int | None = None,
    ) -> tuple[Suggested, ...]:
        """What the note says of the patient, now and without doubt, as codes of a day; best first.

        Args:
            text: the note.
            on: the date of service.
            coded: diagnoses and procedures on the visit already; they are left out.
            dismissed: codes she does not want offered.
            patient_id: whose codes of the past come first.
        """
        if not self._codesets.ready or not text.strip():
            return ()
        self._build(on)
        found: dict[str, Suggested] = {}
        for clause in note_reader.clauses(text):
            for one in self._clause(clause, on):
                placed = replace(one, start=one.start + clause.start, end=one.end + clause.start)
                found.setdefault(one.code, placed)
        return self._ranked(found, frozenset(coded), frozenset(dismissed), patient_id)

    # --- inside -------------------------------------------------------------------------------
    def _changed(self, tables: frozenset[str]) -> None:
        if "procedure" in tables:
            self._charges = None
            self._read.clear()

    def _build(self, on: date, steps: int = 0) -> None:
        """Builds the lexicon, all of it or a few steps."""
        if self._lexicon is not None:
            return
        if self._building is None:
            self._building = _note_lexicon.build(self._codesets, on)
        for done, lexicon in enumerate(self._building, 1):
            self._growing = lexicon
            if done == steps:
                return
        self._lexicon, self._building = self._growing, None

    def _procedures(self) -> dict[str, str]:
        if self._charges is None:
            with self._desk.read() as session:
                query = select(Procedure.code, Procedure.wording).where(Procedure.active)
                self._charges = {code: wording or "" for code, wording in session.execute(query)}
        return self._charges

    def _clause(self, clause: Clause, on: date) -> tuple[Suggested, ...]:
        key = clause.text, clause.section, on
        known = self._read.get(key)
        if known is None and self._lexicon is not None:
            charges = self._procedures()
            read = note_reader.read_clause(clause, self._lexicon, frozenset(charges))
            known = tuple(s for f in read if (s := self._meant(f, clause, charges, on)))
            self._read[key] = known
            if len(self._read) > KEPT:
                self._read.popitem(last=False)
        return known or ()

    def _meant(
        self, found: Found, clause: Clause, charges: dict[str, str], on: date
    ) -> Suggested | None:
        words = clause.text[found.start : found.end]
        if found.kind == "procedure":
            code = found.meaning
            return Suggested(PROCEDURE, code, charges[code], words, found.start, found.end)
        if found.kind == "icd":
            meant = self._written(found.meaning, on)
        else:
            meant = _note_lexicon.resolve(self._codesets, found.meaning, found.side, found.near, on)
        if meant is None:
            return None
        return Suggested(DIAGNOSIS, meant.code, meant.title, words, found.start, found.end)

    def _written(self, code: str, on: date) -> CodeStanding | None:
        """A code written in the note; ``B12`` and ``T12`` without a point are none of the list."""
        if "." not in code and not self._codesets.notes(code, on):
            return None
        standing = self._codesets.judge(code, on)
        return standing if standing.billable else None

    def _ranked(
        self,
        found: dict[str, Suggested],
        coded: frozenset[str],
        dismissed: frozenset[str],
        patient_id: int | None,
    ) -> tuple[Suggested, ...]:
        uses = self._uses.of(patient_id)
        diseases = [bare(c) for c in (*found, *coded)]
        rows: list[tuple[tuple[bool, int, int], Suggested]] = []
        for code, one in found.items():
            if code in coded or code in dismissed or _covered(one, found):
                continue
            use = uses.get(bare(code))
            whole = next((d for d in diseases if note_reader.belongs_to(bare(code), d)), "")
            part_of = next((c for c in (*found, *coded) if bare(c) == whole), "")
            told = replace(one, part_of=part_of, uses=use.practice_uses if use else 0)
            mine = use.patient_uses if use else 0
            rows.append(((bool(part_of), -mine, one.start), told))
        rows.sort(key=lambda row: row[0])
        return tuple(one for _, one in rows[:MOST])


def _covered(one: Suggested, found: dict[str, Suggested]) -> bool:
    """A code that only says less than another one found: of the same disease, unspecified."""
    if one.kind != DIAGNOSIS or "unspecified" not in one.title.lower():
        return False
    category = one.code[:3]
    return any(
        other.code[:3] == category and "unspecified" not in other.title.lower()
        for other in found.values()
        if other.code != one.code and other.kind == DIAGNOSIS
    )
