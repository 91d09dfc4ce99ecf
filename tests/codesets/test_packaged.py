"""The edition that comes with the program has exactly the official codes."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from app.codesets.icd_tables import common_codes, search_tables
from app.codesets.icd_terms import base_of
from app.codesets.packaged import CARRIER, package_files, read_package
from app.codesets.tabular import expand, read_tabular
from app.domain.icd import EditionRows, IcdNode, NoteKind


@pytest.fixture(scope="module")
def rows() -> EditionRows:
    return read_package()


@pytest.fixture(scope="module")
def nodes(rows: EditionRows) -> dict[str, IcdNode]:
    return {node.key: node for node in rows.nodes}


def test_the_official_counts(rows: EditionRows) -> None:
    assert (rows.codes, rows.billable) == (98_186, 74_719)
    assert rows.edition.name == "FY2026"
    assert (rows.edition.starts, rows.edition.ends) == (date(2025, 10, 1), date(2026, 9, 30))


@pytest.mark.parametrize("code", ["B20", "F99", "P84", "R99", "Z66"])
def test_a_category_without_children_may_stand_on_a_claim(
    nodes: dict[str, IcdNode], code: str
) -> None:
    assert nodes[code].billable


def test_codes_that_the_7th_characters_alone_would_make_are_not_there(
    nodes: dict[str, IcdNode],
) -> None:
    with package_files()[0].open("rb") as file:
        loose = {node.key for node in expand(read_tabular(file).nodes) if node.is_code}
    phantoms = loose - nodes.keys()
    assert len(phantoms) == 76
    assert {"S061X7D", "S061X7S"} <= phantoms


def test_the_carrier_is_read_and_never_imported(rows: EditionRows) -> None:
    assert rows.codes
    assert not any(name.split(".")[0] == CARRIER for name in sys.modules)


def test_parents_stand_before_their_children(rows: EditionRows) -> None:
    seen = {""}
    for node in rows.nodes:
        assert node.parent in seen, node.key
        seen.add(node.key)


def test_a_7th_character_is_composed_into_code_and_title(nodes: dict[str, IcdNode]) -> None:
    made = nodes["T148XXD"]
    assert (made.base, made.extra) == ("T148", "subsequent encounter")
    assert made.title == f"{nodes['T148'].title}, subsequent encounter"
    assert made.billable
    assert not nodes["T148"].billable


def test_notes_stand_at_the_node_they_were_written_at(nodes: dict[str, IcdNode]) -> None:
    kinds = {note.kind for node in nodes.values() for note in node.notes}
    assert set(NoteKind) <= kinds
    assert any(n.kind is NoteKind.EXCLUDES2 for n in nodes["ch1"].notes)


def test_every_code_in_our_own_tables_exists(nodes: dict[str, IcdNode]) -> None:
    tables = search_tables()
    missing = [
        f"{' '.join(typed)}: {code}"
        for typed, codes in tables.codes.items()
        for code in codes
        if base_of(code, nodes) is None
    ]
    assert not missing
    assert not [code for code in common_codes() if code not in nodes]


def test_our_tables_are_as_large_as_promised() -> None:
    tables = search_tables()
    assert len(tables.abbreviations) >= 400
    assert len((tables.codes.keys() | tables.phrases.keys()) - tables.abbreviations) >= 600
