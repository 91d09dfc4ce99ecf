"""Official code and price files that the biller imports: HCPCS, NCCI, MUE, fee schedule, lists.

Public data, the same for every practice of a computer. ``import_file`` is the one entry: it tells
by the content what a file is. Lookups answer None where no file says; they never wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from app.codesets.places import PlaceOfService, places_of_service
from app.db.reference_file import Shelved
from app.domain.errors import NotFound
from app.domain.reference import (
    CodeRow,
    FileKind,
    GpciRow,
    PayerListRow,
    ReferenceEdition,
    RvuRow,
    TaxonomyRow,
    UnitRow,
)
from app.services import _reference_codes as codes
from app.services._code_shelf import Tell
from app.services._reference_import import Wish, import_all
from app.services._reference_prices import component_of, price_of
from app.services._reference_shelf import ReferenceShelf
from app.services.codesets import CodeSetService
from app.services.reference_rows import CodeFound, MedicarePrice, ReferenceReport, TextFound

_SEARCHED = 200  # characters of a search that are read
# Lines without a descriptor (most practices keep none) and components are not found.
_OWN_WORDS = "CASE WHEN wording = '' OR modifier <> '' THEN '' ELSE code || ' ' || wording END"
_RVU = (
    "SELECT code, modifier, status, work, practice_office, practice_facility, malpractice, pctc,"
    " global_days, multiple, bilateral, assistant, cosurgeon, team, factor, wording"
    " FROM rvu WHERE part = ? AND code = ? ORDER BY modifier"
)


class ReferenceService:
    """Imports official files and answers from them."""

    def __init__(self, codesets: CodeSetService, folder: Path) -> None:
        """``folder``: of the code sets; ICD-10-CM files go on to ``codesets``."""
        self._codesets = codesets
        self._shelf = ReferenceShelf(folder)

    def close(self) -> None:
        """Lets go of the file; a later question opens it again."""
        self._shelf.close()

    @property
    def damaged(self) -> bool:
        """True when the store cannot be read; the next import begins it anew."""
        return self._shelf.damaged

    # --- editions ---------------------------------------------------------------------------
    def import_file(
        self,
        path: Path,
        *,
        kind: FileKind | None = None,
        edition: str | None = None,
        with_descriptors: bool = False,
        partial: bool = False,
        tell: Tell | None = None,
    ) -> ReferenceReport:
        """Takes an official file, or the zip it came in; all of it is kept, or nothing.

        Args:
            path: CSV, text, XLSX, or a zip of them (zips inside it opened).
            kind: what it has to be; None takes what the content says.
            edition: where neither name nor content tells it: ``2026Q3`` for HCPCS, NCCI, MUE and
                RVU; ``2026`` for GPCI; ``FY2027`` for diagnoses; a clearinghouse's name.
            with_descriptors: she states that she holds a CPT licence: the AMA's short descriptors
                of the fee schedule are kept, on this computer only.
            partial: the file is an excerpt; else far fewer rows than before mean a truncated file.
            tell: hears (done, total, words); what it raises stops the import.

        Raises:
            Refused: ``unknown_kind``, ``other_kind``, ``quarter_unknown``, ``year_unknown``,
                ``bad_edition``, ``wrong_year``, ``truncated``, ``not_recognized``,
                ``not_practitioner``, ``nothing_found``, ``whole_there``, ``too_big``,
                ``damaged_zip``, ``damaged_workbook``, ``not_a_table``, and what
                ``CodeSetService.import_official`` refuses.
            StoreTrouble: the file cannot be read, or the data folder not written.
        """
        wish = Wish(kind, edition, with_descriptors, partial, tell)
        return import_all(self._shelf, self._codesets, path, wish)

    def editions(self) -> tuple[ReferenceEdition, ...]:
        """What was imported, by kind, oldest first; ICD-10-CM once it is ready."""
        own = [shelved.edition for shelved in self._shelf.every()]
        if self._codesets.ready:
            own += [
                ReferenceEdition(FileKind.ICD, e.name, e.starts, e.ends, e.codes, True, e.source)
                for e in self._codesets.editions()
                if e.imported
            ]
        return tuple(own)

    def remove(self, kind: FileKind, name: str) -> None:
        """Takes an imported edition away.

        Raises:
            NotFound: no such edition.
            StoreTrouble: the folder cannot be written.
        """
        if kind is FileKind.ICD:
            self._codesets.remove_edition(name)
            return
        found = False
        if any(s.edition.name == name for s in self._shelf.of_kind(kind)):
            with self._shelf.writable().changing() as change:
                found = change.remove(kind, name)
            self._shelf.forget()
        if not found:
            raise NotFound(f"{name} was not imported. Refresh the list.")

    # --- codes ------------------------------------------------------------------------------
    def code(self, code: str, on: date) -> CodeFound | None:
        """A HCPCS code or modifier by the edition of a day; None: not in any."""
        return codes.found(self._shelf, code.strip().upper(), on)

    def code_active(self, code: str, on: date) -> bool | None:
        """Whether a procedure code or modifier may be used on a day; None: nobody here knows."""
        return codes.active(self._shelf, code.strip().upper(), on)

    def search_codes(
        self, text: str, on: date, limit: int = 50, *, modifiers: bool = False
    ) -> tuple[CodeFound, ...]:
        """HCPCS codes (or its modifiers) in use on a day: those that begin so, then by their words.

        Nothing typed gives none, but all modifiers.
        """
        if not text.strip() and not modifiers:
            return ()
        return codes.listed(self._shelf, text[:_SEARCHED], on, limit, modifiers=modifiers)

    def search_descriptors(self, text: str, on: date, limit: int = 20) -> tuple[TextFound, ...]:
        """Codes of the fee schedule by the AMA's short descriptors, where she keeps them by her
        licence; else none.
        """
        if not text.strip():
            return ()
        sql = codes.search_of("rvu", "code, wording", _OWN_WORDS, text[:_SEARCHED])
        found = self._shelf.first(
            self._shelf.in_force(FileKind.RVU, on), sql.text, *sql.values, limit
        )
        return tuple(TextFound(*row) for row in found[1]) if found else ()

    def wording(self, code: str) -> str:
        """HCPCS' short words for a code; empty when unknown."""
        newest = reversed(self._shelf.of_kind(FileKind.HCPCS))
        row = self._shelf.first(newest, codes.SELECT, code.strip().upper())
        if row is None:
            return ""
        said = CodeRow(*row[1][0])
        return said.short or said.wording

    def diagnosis_ages(self, code: str, on: date) -> tuple[int, int] | None:
        """Whole years of life, first and last, that a diagnosis is for by the age edits."""
        sql = "SELECT youngest, oldest FROM age_edits WHERE part = ? AND code = ?"
        found = self._shelf.first(self._shelf.in_force(FileKind.AGES, on), sql, code)
        return tuple(found[1][0]) if found else None

    def diagnosis_sex(self, code: str, on: date) -> str:
        """``M`` or ``F`` when a diagnosis was for one sex only on that day; else empty."""
        for shelved in self._shelf.of_kind(FileKind.SEXES):
            starts, ends = shelved.edition.starts, shelved.edition.ends
            if (starts is None or starts <= on) and (ends is None or on <= ends):
                sql = "SELECT sex FROM sex_edits WHERE part = ? AND code = ?"
                if found := self._shelf.first(iter([shelved]), sql, code):
                    return str(found[1][0][0])
        return ""

    def place(self, code: str) -> PlaceOfService | None:
        """A place of service: the imported list before the program's own."""
        sql = "SELECT code, name, facility FROM places WHERE part = ? AND code = ?"
        found = self._shelf.first(reversed(self._shelf.of_kind(FileKind.PLACES)), sql, code)
        if found is None:
            return places_of_service().get(code)
        key, name, facility = found[1][0]
        return PlaceOfService(key, name, bool(facility))

    # --- edits and prices -------------------------------------------------------------------
    def pair(self, first: str, second: str, on: date) -> int | None:
        """NCCI: 0 never, 1 with a modifier, None: the pair is not edited on that day."""
        return self._shelf.pair(first, second, on)

    def unit_limit(self, code: str, on: date) -> UnitRow | None:
        """The MUE of a code in force on a day."""
        sql = "SELECT code, units, indicator FROM mue WHERE part = ? AND code = ?"
        found = self._shelf.first(self._shelf.in_force(FileKind.MUE, on), sql, code)
        return UnitRow(*found[1][0]) if found else None

    def fee_line(self, code: str, modifier: str, on: date) -> RvuRow | None:
        """A code's line of the fee schedule in force; without a modifier the whole service's.

        For its indicators (global days, components, sides), which hardly ever change: before the
        first imported edition the one that began within a year after serves, so that an operation
        of last quarter has its global period. Prices never do that.
        """
        found = self._fee_line(self._shelf.in_force(FileKind.RVU, on), code, modifier)
        if found is None:
            found = self._fee_line(self._shelf.soon_after(FileKind.RVU, on), code, modifier)
        return found[1] if found else None

    def _fee_line(
        self, editions: Iterator[Shelved], code: str, modifier: str
    ) -> tuple[str, RvuRow] | None:
        found = self._shelf.first(editions, _RVU, code)
        if found is None:
            return None
        rows = [RvuRow(*row) for row in found[1]]
        line = next((row for row in rows if row.modifier == modifier), None)
        return (found[0].edition.name, line) if line else None

    def localities(self, on: date) -> tuple[GpciRow, ...]:
        """Medicare's localities of a day, by state and name."""
        sql = (
            "SELECT mac, locality, state, name, work, practice, malpractice FROM gpci"
            " WHERE part = ? ORDER BY state, name"
        )
        found = self._shelf.first(self._shelf.in_force(FileKind.GPCI, on), sql)
        return tuple(GpciRow(*row) for row in found[1]) if found else ()

    def price(
        self,
        code: str,
        modifiers: tuple[str, ...],
        on: date,
        place: str,
        locality: str,
        percent: int = 100,
    ) -> MedicarePrice | None:
        """What Medicare allows for one unit; None where the schedule does not say.

        Args:
            code: the procedure.
            modifiers: 26, TC and 53 have lines of their own, 50 its percentage; others that
                change the payment by the case give None.
            on: the date of service.
            place: of service; decides the facility rate.
            locality: contractor and locality, seven digits.
            percent: of the schedule that this kind of provider is paid.
        """
        where = self.place(place)
        editions = self._shelf.in_force(FileKind.RVU, on)
        found = self._fee_line(editions, code, component_of(modifiers))
        indices = next((row for row in self.localities(on) if row.key == locality), None)
        if where is None or found is None or indices is None:
            return None
        edition, line = found
        return price_of(line, indices, modifiers, edition, facility=where.facility, percent=percent)

    # --- lists ------------------------------------------------------------------------------
    def search_taxonomy(self, text: str, limit: int = 50) -> tuple[TaxonomyRow, ...]:
        """Provider taxonomy codes that hold every word typed, or begin with the code."""
        sql = codes.search_of(
            "taxonomy",
            "code, grouping, classification, specialization, definition, notes, display, section",
            "code || ' ' || display || ' ' || classification || ' ' || specialization",
            text[:_SEARCHED],
        )
        found = self._newest(FileKind.TAXONOMY, sql, limit)
        return tuple(TaxonomyRow(*row) for row in found)

    def search_payers(self, text: str, limit: int = 50) -> tuple[PayerListRow, ...]:
        """Payers of every imported clearinghouse list by name or ID, in the order of names."""
        sql = codes.search_of(
            "payer_list",
            "name, payer_id, transaction_kind, available, non_par, enrollment, secondary,"
            " attachment, work_or_auto, notes",
            "name || ' ' || payer_id",
            text[:_SEARCHED],
        )
        rows = [
            PayerListRow(*row)
            for shelved in self._shelf.of_kind(FileKind.PAYERS)
            for part in shelved.parts
            for row in self._shelf.ask(sql.text, part.key, *sql.values, limit)
        ]
        rows.sort(key=lambda row: (row.name.lower(), row.transaction))
        return tuple(rows[:limit])

    def _newest(self, kind: FileKind, sql: codes.Search, limit: int) -> list[tuple[str, ...]]:
        for shelved in reversed(self._shelf.of_kind(kind)):
            for part in shelved.parts:
                return list(self._shelf.ask(sql.text, part.key, *sql.values, limit))
        return []
