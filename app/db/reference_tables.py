"""The tables of the reference file: editions, their parts, and one for the rows of each kind."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.reference import FileKind

MAKE = 1  # raise it when the tables below change: older files are then begun anew

# What a kind's rows hold beside their part, in the order of its named tuple.
COLUMNS = {
    FileKind.HCPCS: "code, wording, short, added, effective, ended, action, coverage",
    FileKind.NCCI: "first, second, starts, ends, indicator",
    FileKind.MUE: "code, units, indicator",
    FileKind.RVU: "code, modifier, status, work, practice_office, practice_facility, malpractice,"
    " pctc, global_days, multiple, bilateral, assistant, cosurgeon, team, factor, wording",
    FileKind.GPCI: "mac, locality, state, name, work, practice, malpractice",
    FileKind.TAXONOMY: "code, grouping, classification, specialization, definition, notes,"
    " display, section",
    FileKind.PAYERS: "name, payer_id, transaction_kind, available, non_par, enrollment, secondary,"
    " attachment, work_or_auto, notes",
    FileKind.AGES: "code, category, youngest, oldest",
    FileKind.SEXES: "code, sex",
    FileKind.PLACES: "code, name, facility, description",
}
_KEYS = {
    FileKind.NCCI: "first, second, starts",
    FileKind.RVU: "code, modifier",
    FileKind.GPCI: "mac, locality",
    FileKind.PAYERS: "",
}
_SCHEMA = (
    "CREATE TABLE edition (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,"
    " starts TEXT, ends TEXT, whole INTEGER NOT NULL, source TEXT NOT NULL, UNIQUE (kind, name))",
    # One import. Of NCCI an edition has several, each for some codes of column 1.
    "CREATE TABLE part (id INTEGER PRIMARY KEY AUTOINCREMENT, edition INTEGER NOT NULL,"
    " number INTEGER NOT NULL, rows INTEGER NOT NULL, low INTEGER, high INTEGER,"
    " UNIQUE (edition, number))",
)


def statements() -> Iterator[str]:
    """What creates the tables."""
    yield from _SCHEMA
    for kind, columns in COLUMNS.items():
        key = _KEYS.get(kind, "code")
        rest = f", PRIMARY KEY (part, {key})) WITHOUT ROWID" if key else ")"
        yield f"CREATE TABLE {kind} (part INTEGER NOT NULL, {columns}{rest}"
    yield f"CREATE INDEX {FileKind.PAYERS}_part ON {FileKind.PAYERS} (part)"


def row_width(kind: FileKind) -> int:
    """How many columns the table of a kind has, its part included."""
    return COLUMNS[kind].count(",") + 2
