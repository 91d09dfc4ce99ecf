"""New editions: the official files, or a bare list of changes, put on the shelf."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from app.codesets.official import WHOLE_SET, compose, find_files, year_of
from app.codesets.validity import ValidityTable
from app.domain.errors import NotFound, Refused
from app.domain.icd import EditionRows, IcdNode, bare, edition_of, fiscal_year
from app.services._code_shelf import CodeShelf, Tell
from app.services.code_set_rows import ImportReport

EXCERPT = ", an excerpt"  # at the end of the source of such an edition


def official(
    shelf: CodeShelf,
    validity: ValidityTable,
    paths: Sequence[Path],
    year: int | None,
    starts: date | None,
    *,
    partial: bool,
    tell: Tell | None,
) -> ImportReport:
    """See ``CodeSetService.import_official``."""
    found = find_files(paths)
    chosen = year_of(found, year)
    first = starts or edition_of(chosen, "").starts
    if fiscal_year(first) != chosen:
        raise Refused("wrong_year", f"{first:%m/%d/%Y} does not lie in FY{chosen}.")
    rows = compose(
        found,
        chosen,
        _base(shelf, first),
        starts=starts,
        partial=partial,
        exists=lambda code: validity.exists(code, first),
    )
    if partial:
        source = rows.edition.source + EXCERPT
        rows = replace(rows, edition=replace(rows.edition, source=source))
    shelf.put(rows, tell)
    report = _report(rows)
    if partial and found.order is not None:
        lines = found.order.lines
        report = replace(report, codes=len(lines), billable=sum(n.billable for n in lines))
    return report


def status_changes(
    shelf: CodeShelf, changes: Iterable[tuple[str, bool, str]], year: int
) -> ImportReport:
    """See ``CodeSetService.import_status_changes``."""
    edition = edition_of(year, "list of changes")
    search, own = shelf.at(edition.starts)
    if own:
        earlier = [s for s in shelf.editions() if s.file.edition.starts < edition.starts]
        search = earlier[-1] if earlier else None
    if search is None:
        raise NotFound("There is no earlier edition to apply the changes to. Import it first.")
    nodes = {node.key: node for node in search.file.all_nodes()}
    for code, billable, title in changes:
        key = bare(code)
        if len(key) < 3 or not key.isalnum():
            raise Refused("nothing_found", f"“{code}” is no ICD-10-CM code.")
        known = nodes.get(key) or IcdNode(key, _parent(key, nodes), title)
        nodes[key] = replace(known, billable=billable)
    rows = EditionRows(edition, tuple(nodes.values()))
    shelf.put(rows)
    return _report(rows)


def _base(shelf: CodeShelf, day: date) -> list[IcdNode]:
    """The nodes to build upon: of the fullest edition, the latest of those up to ``day``."""
    every = shelf.editions()
    most = max((search.file.counts[1] for search in every), default=0)
    whole = [s.file for s in every if s.file.counts[1] > most * WHOLE_SET]
    before = [file for file in whole if file.edition.starts <= day]
    return (before or whole)[-1].all_nodes() if whole else []


def _parent(key: str, nodes: dict[str, IcdNode]) -> str:
    return next((key[:n] for n in range(len(key) - 1, 2, -1) if key[:n] in nodes), "")


def _report(rows: EditionRows) -> ImportReport:
    return ImportReport(
        rows.edition.name,
        rows.edition.starts,
        rows.edition.ends,
        rows.codes,
        rows.billable,
        sum(len(node.notes) for node in rows.nodes),
        len(rows.index),
        rows.refused,
    )
