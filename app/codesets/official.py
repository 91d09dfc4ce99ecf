"""An edition from the official files the user has: order file, tabular list, Alphabetic Index.

The order file alone is enough for validity and search; the tabular list adds the notes, the index
its synonyms. What a file is, its content says, not its name.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from app.codesets.index_file import read_index
from app.codesets.official_zip import Member, members
from app.codesets.order_file import OrderFile, looks_like_order, nodes_of, read_order, text_of
from app.codesets.tabular import TabularList, expand, read_tabular
from app.domain.errors import Refused
from app.domain.icd import EditionRows, IcdNode, edition_of

_HEAD = 4096
WHOLE_SET = 0.9  # of the codes of the edition before; less is a truncated file


@dataclass(slots=True)
class OfficialFiles:
    """What was found in the files handed over; the fullest of each kind."""

    order: OrderFile | None = None
    tabular: TabularList | None = None
    index: tuple[tuple[str, str], ...] = ()
    years: dict[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


def find_files(paths: Iterable[Path]) -> OfficialFiles:
    """Reads the official files among ``paths`` and inside zips.

    Raises:
        Refused: ``nothing_found``, ``truncated``, or what a reader refuses.
        StoreTrouble: a file cannot be read.
    """
    found = OfficialFiles()
    for path in paths:
        for member in members(path):
            _take(found, member)
    if found.order is None and found.tabular is None:
        raise Refused(
            "nothing_found",
            "No ICD-10-CM order file or tabular list is in there. Choose the zip of code "
            "descriptions from CMS or CDC.",
        )
    return found


def _take(found: OfficialFiles, member: Member) -> None:
    head = member.data[:_HEAD]
    if b"<ICD10CM.tabular" in head:
        found.tabular = read_tabular(io.BytesIO(member.data))
        found.years[member.name] = found.tabular.year
    elif b"<ICD10CM.index" in head:
        found.years[member.name], found.index = read_index(io.BytesIO(member.data))
    elif not head.lstrip().startswith(b"<") and looks_like_order(text_of(head)):
        _take_order(found, member)
        return
    else:
        return
    found.names.append(member.name.rsplit("/", 1)[-1])


def _take_order(found: OfficialFiles, member: Member) -> None:
    order = read_order(text_of(member.data))
    if order.cut:
        raise Refused(
            "truncated", "The file breaks off in the middle of a line. Download it again."
        )
    headers = sum(not line.billable for line in order.lines)
    known = found.order
    known_headers = sum(not line.billable for line in known.lines) if known else -1
    # An order file tells headers, the plain list of codes beside it does not.
    if known is None or (headers > 0, len(order.lines)) > (known_headers > 0, len(known.lines)):
        found.order = order
        if member.year is not None:
            found.years[member.name] = member.year
        found.names.append(member.name.rsplit("/", 1)[-1])


def year_of(found: OfficialFiles, asked: int | None) -> int:
    """The fiscal year of the files.

    Raises:
        Refused: ``wrong_year`` when they disagree with each other or with ``asked``;
            ``year_unknown`` when nothing tells it.
    """
    years = set(found.years.values()) | ({asked} if asked is not None else set())
    if len(years) > 1:
        told = ", ".join(f"{n.rsplit('/', 1)[-1]} is FY{y}" for n, y in found.years.items())
        wanted = f" FY{asked} was asked for." if asked is not None else ""
        raise Refused("wrong_year", f"These files are not of one year: {told}.{wanted}")
    if not years:
        raise Refused("year_unknown", "The files do not tell their year. Enter the fiscal year.")
    return years.pop()


def compose(
    found: OfficialFiles,
    year: int,
    before: Sequence[IcdNode],
    *,
    starts: date | None = None,
    partial: bool = False,
    exists: Callable[[str], bool | None] = lambda _code: None,
) -> EditionRows:
    """The edition of ``year`` from its files, upon the nodes of the edition before.

    Args:
        found: the files.
        year: the fiscal year.
        before: lends notes and chapters where no tabular list was handed over.
        starts: first day of a mid-year update.
        partial: the files are an excerpt: what they hold replaces what the edition before says,
            the rest of which stays, but for billable codes known to be dead.
        exists: whether a code is valid in that year; None when nobody knows.

    Raises:
        Refused: ``truncated``, ``wrong_year``, ``order_wanted``.
    """
    if found.order is not None:
        nodes = _from_order(found, before)
        refused = found.order.refused
    else:
        nodes, refused = _from_tabular(found.tabular, exists), ()
    billable = [node.key for node in nodes if node.billable]
    known = sum(node.billable for node in before)
    if not partial and len(billable) < WHOLE_SET * known:
        raise Refused(
            "truncated",
            f"The file holds {len(billable):,} codes, the year before had {known:,}: it is not "
            "whole. Download it again; nothing was imported.",
        )
    _check_year(billable, year, exists)
    if partial:
        nodes = _upon(before, nodes, exists)
    source = "imported: " + ", ".join(dict.fromkeys(found.names))
    return EditionRows(edition_of(year, source, starts), tuple(nodes), found.index, refused)


def _check_year(billable: Iterable[str], year: int, exists: Callable[[str], bool | None]) -> None:
    strangers = [code for code in billable if exists(code) is False]
    if len(strangers) > 5:
        raise Refused(
            "wrong_year",
            f"{len(strangers)} codes of this file are not valid in FY{year} ({strangers[0]}, "
            f"{strangers[1]} …): it is of another year. Nothing was imported.",
        )


def _from_tabular(
    tabular: TabularList | None, exists: Callable[[str], bool | None]
) -> list[IcdNode]:
    if tabular is None:
        return []
    nodes = expand(tabular.nodes)
    if nodes and exists("I10") is None:
        raise Refused(
            "order_wanted",
            "The tabular list alone does not tell which 7th characters exist. Import the order "
            "file (code descriptions) with it.",
        )
    return [n for n in nodes if not n.base or exists(n.key)]


def _from_order(found: OfficialFiles, before: Sequence[IcdNode]) -> list[IcdNode]:
    assert found.order is not None  # noqa: S101 - the caller looked
    if found.tabular is not None:
        return _joined(found.order, found.tabular)
    nodes = nodes_of(found.order.lines)
    old = {node.key: node for node in before}
    present = {node.key for node in nodes}
    above = [n for n in before if not n.is_code]
    lent = [_lent(node, old, present) for node in nodes]
    return [*above, *lent]


def _lent(node: IcdNode, old: dict[str, IcdNode], present: set[str]) -> IcdNode:
    """A code with the notes and the place that the edition before gave it."""
    known = old.get(node.key)
    if known is None:
        category = old.get(node.key[:3])
        parent = node.parent or (category.key if category and category.key in present else "")
        return replace(node, parent=parent)
    stays = known.parent in present or (known.parent in old and not old[known.parent].is_code)
    return replace(node, notes=known.notes, parent=known.parent if stays else node.parent)


def _upon(
    before: Sequence[IcdNode], nodes: Sequence[IcdNode], exists: Callable[[str], bool | None]
) -> list[IcdNode]:
    new = {node.key: node for node in nodes}
    kept = [
        replace(node, billable=False) if node.billable and exists(node.key) is False else node
        for node in before
        if node.key not in new
    ]
    order = {node.key: place for place, node in enumerate(before)}
    known = [node for node in nodes if node.key in order]
    merged = sorted([*kept, *known], key=lambda node: order[node.key])
    return [*merged, *(node for node in nodes if node.key not in order)]


def _joined(order: OrderFile, tabular: TabularList) -> list[IcdNode]:
    """The tree and notes of the tabular list with the titles and flags of the order file."""
    lines = {line.code: line for line in order.lines}
    nodes = expand(tabular.nodes, lines.keys())
    held = {node.key for node in nodes}
    joined = []
    for node in nodes:
        line = lines.get(node.key)
        if line is None:
            joined.append(node)
            continue
        joined.append(replace(node, title=line.title, short=line.short, billable=line.billable))
    rest = [node for node in nodes_of(order.lines) if node.key not in held]
    return [*joined, *rest]
