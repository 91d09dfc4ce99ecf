"""The official files as Setup shows them: what is here, what is old, importing many at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.domain.errors import AppError, Invalid, Refused
from app.domain.findings import Finding
from app.domain.reference import FileKind, ReferenceEdition
from app.services._code_file_states import BUILT_IN, rows_of
from app.services._code_import import EXCERPT
from app.services._code_shelf import Tell
from app.services.code_file_rows import CodeTableRow, FileOutcome, ImportWish, Locality
from app.services.code_set_rows import EditionRow
from app.services.codesets import CodeSetService
from app.services.desk import Desk
from app.services.reference import ReferenceService
from app.services.reference_rows import ReferenceReport
from app.services.scrub import ScrubService
from app.services.setup import SetupService

LOCALITY, CHANGED = "medicare_locality", "code_files_changed"
_JOINT = ("order_wanted",)  # refused alone, good together with another file of the same set
_DAMAGED = (
    "The file of imported tables on this computer cannot be read, so nothing of it is used. Import "
    "the official files again: the first import begins it anew."
)


class CodeFileService:
    """Lists the code tables, imports several files, and keeps the practice's Medicare locality."""

    def __init__(
        self, desk: Desk, codesets: CodeSetService, reference: ReferenceService, scrub: ScrubService
    ) -> None:
        self._desk, self._codesets = desk, codesets
        self._reference, self._scrub = reference, scrub
        self._setup = SetupService(desk)

    def tables(self) -> tuple[CodeTableRow, ...]:
        """Every table with its editions; one that is missing says which edits sleep.

        ICD-10-CM is left out until the codes are ready: nobody waits for them here.
        """
        editions = [e for e in self._reference.editions() if e.kind is not FileKind.ICD]
        ready = self._codesets.ready
        if ready:
            editions += [_icd(row) for row in self._codesets.editions()]
        edits = [(edit.edit_id, edit.table) for edit in self._scrub.edits()]
        rows = rows_of(editions, edits, self._desk.today)
        return tuple(row for row in rows if ready or row.kind is not FileKind.ICD)

    def damage(self) -> str:
        """What is damaged and how it is mended; empty when all can be read."""
        words = [_DAMAGED] if self._reference.damaged else []
        if self._codesets.ready and (gone := self._codesets.damaged):
            names = ", ".join(gone)
            words.append(f"The diagnoses of {names} cannot be read. Import {names} again.")
        return " ".join(words)

    def import_files(
        self, paths: Sequence[Path], wish: ImportWish, tell: Tell | None = None
    ) -> tuple[FileOutcome, ...]:
        """Takes files one by one; what one refuses does not keep the others out.

        Files of ICD-10-CM (code descriptions, tabular list, index) that came together are joined
        into one edition. What ``tell`` raises stops the work; files taken before stay.
        """
        found: list[FileOutcome] = []
        try:
            for number, path in enumerate(paths, 1):
                found.append(self._import(path, wish, _heard(tell, number, len(paths), path)))
            for together in _belong_together(found):
                self._join(found, together, wish, tell)
        finally:
            if any(outcome.report for outcome in found):
                self._say_changed()
        return tuple(found)

    def _say_changed(self) -> None:
        """The files lie outside the practice: its pages learn of a change by a setting."""
        self._setup.save_setting(CHANGED, self._desk.clock.now().isoformat())

    def _import(self, path: Path, wish: ImportWish, tell: Tell | None) -> FileOutcome:
        try:
            report = self._reference.import_file(
                path,
                kind=wish.kind,
                edition=wish.edition,
                with_descriptors=wish.with_descriptors,
                partial=wish.partial,
                tell=tell,
            )
        except AppError as error:
            return _refused(path, error)
        return FileOutcome(path, report)

    def _join(
        self, found: list[FileOutcome], icd: list[int], wish: ImportWish, tell: Tell | None
    ) -> None:
        """Diagnoses again, from all their files at once."""
        paths = [found[n].path for n in icd]
        try:
            whole = self._codesets.import_official(paths, partial=wish.partial, tell=tell)
        except AppError as error:
            for n in icd:
                found[n] = found[n] if found[n].report else _refused(found[n].path, error)
            return
        words = (
            f"Joined from {len(paths)} files: {whole.notes:,} notes, {whole.index_terms:,} terms."
        )
        for n in icd:
            before = found[n].report
            report = ReferenceReport(
                FileKind.ICD, whole.name, whole.starts, whole.ends, whole.codes, whole.codes,
                before.refused if before else (), before.refused_count if before else 0, (words,),
            )  # fmt: skip
            found[n] = FileOutcome(found[n].path, report)

    def remove(self, kind: FileKind, edition: str) -> None:
        """Takes an imported edition away.

        Raises:
            NotFound: no such edition.
            StoreTrouble: the folder cannot be written.
        """
        self._reference.remove(kind, edition)
        self._say_changed()

    # --- Medicare locality ------------------------------------------------------------------
    def localities(self) -> tuple[Locality, ...]:
        """Those of the imported price indices; none without them."""
        rows = self._reference.localities(self._desk.today)
        return tuple(Locality(row.key, row.state, row.name) for row in rows)

    def locality(self) -> str:
        """The practice's, seven digits; empty while none is chosen."""
        return str(self._setup.setting(LOCALITY) or "")

    def choose_locality(self, key: str) -> None:
        """Keeps the practice's locality; empty takes it back.

        Raises:
            Invalid: no locality of the imported price indices.
        """
        if key and key not in {row.key for row in self.localities()}:
            sentence = "Choose a locality of the list. Import the price indices (GPCI) if it lacks."
            raise Invalid([Finding(LOCALITY, sentence)])
        self._setup.save_setting(LOCALITY, key)


def _icd(row: EditionRow) -> ReferenceEdition:
    source = row.source if row.imported else BUILT_IN
    whole = not source.endswith(EXCERPT)
    return ReferenceEdition(FileKind.ICD, row.name, row.starts, row.ends, row.codes, whole, source)


def _refused(path: Path, error: AppError) -> FileOutcome:
    code = error.code if isinstance(error, Refused) else "trouble"
    return FileOutcome(path, None, code, error.message)


def _belong_together(found: Sequence[FileOutcome]) -> list[list[int]]:
    """Files of diagnoses of one edition; one refused for want of another goes with the only one."""
    editions: dict[str, list[int]] = {}
    for number, outcome in enumerate(found):
        if outcome.report is not None and outcome.report.kind is FileKind.ICD:
            editions.setdefault(outcome.report.edition, []).append(number)
    lost = [number for number, outcome in enumerate(found) if outcome.code in _JOINT]
    if len(editions) == 1:
        next(iter(editions.values())).extend(lost)
    return [sorted(numbers) for numbers in editions.values() if len(numbers) > 1]


def _heard(tell: Tell | None, number: int, count: int, path: Path) -> Tell | None:
    if tell is None:
        return None

    def told(done: int, total: int, words: str) -> None:
        tell(done, total, f"{number} of {count}: {path.name} · {words}" if count > 1 else words)

    return told
