"""ICD-10-CM for the windows: search, notes, validity by date of service, new editions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from app.codesets.excludes import keeps_apart, may_be_first
from app.codesets.validity import ValidityTable
from app.domain.errors import DamagedFile
from app.domain.icd import (
    CodeStanding,
    NoteKind,
    bare,
    dotted,
    fiscal_year,
)
from app.services import _code_import, _code_judge
from app.services._code_search import CodeSearch, Hit
from app.services._code_shelf import CodeShelf, Tell
from app.services._code_uses import CodeUse, CodeUses
from app.services.code_set_rows import CodeNote, DiagnosisRow, EditionRow, ImportReport
from app.services.desk import Desk

LONGEST_QUERY = 200  # characters of a query that are read
_UNUSED = CodeUse(0, 0, None)
_SECOND = "0123456789A"  # of a code: a digit, since FY2026 also an A (QA0.-)


class CodeSetService:
    """The code sets of this computer; public data, the same for every practice on it.

    ``prepare`` builds what is missing (a few seconds, once) and belongs into a job; whoever asks
    before it has run waits for it.
    """

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._shelf = CodeShelf(folder)
        self._validity = ValidityTable()
        self._uses = CodeUses(desk)

    @property
    def ready(self) -> bool:
        """True once a search answers at once."""
        return self._shelf.ready

    @property
    def damaged(self) -> tuple[str, ...]:
        """Imported editions whose files cannot be read; importing them again mends it."""
        return self._shelf.damaged

    def prepare(self, tell: Tell | None = None) -> None:
        """Makes the code sets ready; ``tell`` hears (done, total, words).

        Raises:
            StoreTrouble: the data folder cannot be written.
        """
        self._shelf.prepare(tell)

    def close(self) -> None:
        """Lets go of the files; a later question opens them again."""
        self._shelf.close()
        self._validity.close()

    def editions(self) -> tuple[EditionRow, ...]:
        """What is on the shelf, oldest first."""
        return tuple(
            EditionRow(
                file.edition.name,
                file.edition.starts,
                file.edition.ends,
                file.edition.source,
                *file.counts,
                file.make == "imported",
            )
            for file in (search.file for search in self._shelf.editions())
        )

    def search_diagnoses(
        self, text: str, on: date, patient_id: int | None = None, limit: int = 10
    ) -> tuple[DiagnosisRow, ...]:
        """Codes for what was typed, likeliest first; every one valid on the date of service ``on``.

        A code or its beginning, words in any order, their beginnings, abbreviations, everyday
        terms, with slips. The practice's codes are raised, the patient's more. A category appears
        only when its very code was typed. Shows no person's record: the patient is open.
        """
        if (
            not text.strip()
            or limit < 1
            or (not self.ready and not self._shelf.editions(wait=False))
        ):
            return ()
        try:
            search, own = self._shelf.at(on)
            return () if search is None else self._rows(search, own, text, on, patient_id, limit)
        except DamagedFile:
            self._shelf.mistrust()
            return ()

    def children(self, code: str, on: date) -> tuple[DiagnosisRow, ...]:
        """What a category opens into on a day: its subcategories and codes, one level down.

        Levels of one child are passed through. Codes of no date's choosing come from ``judge``.
        """
        search, own = self._shelf.at(on)
        if search is None:
            return ()
        key = bare(code)
        nodes = search.file.children(key)
        while len(nodes) == 1 and not nodes[0].billable:
            nodes = search.file.children(nodes[0].key)
        rows = [
            DiagnosisRow(dotted(n.key), n.title, n.billable)
            for n in nodes
            if own or not n.billable or self._alive(n.key, on)
        ]
        if not rows and not own:
            standing = self.judge(code, on)
            rows = [self._promised(new, standing.title, on) for new in standing.replacements]
        return tuple(rows)

    def judge(self, code: str, on: date) -> CodeStanding:
        """What a code is worth on a date of service, and why."""
        return _code_judge.judge(self._shelf, self._validity, code, on)

    def notes(self, code: str, on: date) -> tuple[CodeNote, ...]:
        """The notes that hold for a code: its own first, then those of every heading above it."""
        search, _ = self._shelf.at(on)
        found: list[CodeNote] = []
        key = bare(code)
        while search is not None and key:
            node = search.file.nodes([key]).get(key)
            if node is None:
                break
            at = dotted(key) if node.is_code else node.title
            found += [CodeNote(n.kind, n.text, at, node.title) for n in search.file.notes(key)]
            key = node.parent
        return tuple(found)

    def excludes1(self, codes: Sequence[str], on: date) -> tuple[tuple[str, str], ...]:
        """Pairs among ``codes`` that an Excludes1 note keeps apart, each pair once."""
        pairs: dict[frozenset[str], tuple[str, str]] = {}
        for code in codes:
            said = [n.text for n in self.notes(code, on) if n.kind is NoteKind.EXCLUDES1]
            for other in codes:
                if bare(other) == bare(code) or frozenset((code, other)) in pairs:
                    continue
                if any(keeps_apart(text, bare(other)) for text in said):
                    pairs[frozenset((code, other))] = code, other
        return tuple(pairs.values())

    def may_be_first(self, code: str, on: date) -> bool:
        """False for external causes and manifestations, which never come first on a claim."""
        return may_be_first(bare(code), self.judge(code, on).title)

    def import_official(
        self,
        paths: Sequence[Path],
        year: int | None = None,
        *,
        starts: date | None = None,
        partial: bool = False,
        tell: Tell | None = None,
    ) -> ImportReport:
        """Takes the official files of a year (or of an update from ``starts`` on), zipped or not.

        Nothing is kept unless all is: the edition is built aside and put on the shelf when whole.

        Args:
            paths: order file, tabular list, index, or the zips they came in.
            year: the fiscal year meant; None takes what the files say.
            starts: first date of service of a mid-year update.
            partial: the files are an excerpt upon the edition before, and the report counts what
                they hold; else few codes mean a truncated file.
            tell: hears (done, total, words); what it raises stops the import.

        Raises:
            Refused: ``truncated``, ``wrong_year``, ``year_unknown``, ``nothing_found``,
                ``not_tabular``, ``not_index``, ``order_wanted``, ``too_big``, ``damaged_zip``.
            StoreTrouble: a file cannot be read, or the data folder not written.
        """
        return _code_import.official(
            self._shelf, self._validity, paths, year, starts, partial=partial, tell=tell
        )

    def import_status_changes(
        self, changes: Iterable[tuple[str, bool, str]], year: int
    ) -> ImportReport:
        """An edition that differs from the one before by a list of (code, billable, title) only.

        For the weeks in which only the list of changes is at hand: a code named becomes a header
        or a billable code, a new one is added.

        Raises:
            NotFound: there is no earlier edition to build upon.
            Refused: ``nothing_found`` when a line names no code.
        """
        return _code_import.status_changes(self._shelf, changes, year)

    def remove_edition(self, name: str) -> None:
        """Takes an imported edition off the shelf.

        Raises:
            NotFound: no such imported edition.
        """
        self._shelf.remove(name)

    def _rows(
        self,
        search: CodeSearch,
        own: bool,
        text: str,
        on: date,
        patient_id: int | None,
        limit: int,
    ) -> tuple[DiagnosisRow, ...]:
        uses = self._uses.of(patient_id)
        typed = bare(text)
        hits = search.search(
            text[:LONGEST_QUERY],
            limit,
            favourites=frozenset(code for code, use in uses.items() if use.practice_uses),
            past=frozenset(code for code, use in uses.items() if use.patient_uses),
            wanted=lambda node: node.billable or node.key == typed,
        )
        rows: dict[str, DiagnosisRow] = {}
        if not hits or hits[0].node.key != typed:
            self._take_new(rows, typed, own, on)
        for hit in hits:
            if own or not hit.node.billable or self._alive(hit.node.key, on):
                rows.setdefault(dotted(hit.node.key), _row(hit, uses, own))
                continue
            instead = _code_judge.probe(self._validity, hit.node.key, on)
            for code in instead:
                rows.setdefault(dotted(code), self._promised(dotted(code), hit.node.title, on))
        return tuple(rows.values())[:limit]

    def _take_new(self, rows: dict[str, DiagnosisRow], typed: str, own: bool, on: date) -> None:
        """A whole code newer than our text is offered as a bare code."""
        if 3 <= len(typed) <= 7 and typed.isalnum() and typed[0].isalpha() and typed[1] in _SECOND:
            standing = self.judge(typed, on)
            if standing.billable:
                rows[standing.code] = DiagnosisRow(
                    standing.code, standing.title, True, note=standing.note
                )

    def _promised(self, code: str, title: str, on: date) -> DiagnosisRow:
        year = fiscal_year(on)
        return DiagnosisRow(
            code,
            title,
            True,
            note=f"New in FY{year}, in place of the shorter code. Import the FY{year} files for "
            "its exact text.",
        )

    def _alive(self, code: str, on: date) -> bool:
        return self._validity.exists(code, on) is not False


def _row(hit: Hit, uses: dict[str, CodeUse], own: bool) -> DiagnosisRow:
    node, use = hit.node, uses.get(hit.node.key, _UNUSED)
    return DiagnosisRow(
        dotted(node.key),
        node.title,
        node.billable,
        hit.by,
        "" if node.billable else "A category: open it and choose a code.",
        use.patient_uses,
        use.practice_uses,
        use.last_used,
    )
