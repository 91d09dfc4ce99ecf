"""Finding a patient by what the biller has in hand: name, account, birth date, telephone."""

from __future__ import annotations

import re

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db.triggers import Trigger

TABLE = "patient_search"
COLUMNS = ("last", "first", "middle", "account_no", "birth_date", "phone")

# Contentless: the index holds words only and can always be built again from the patients.
TABLE_DDL = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5({', '.join(COLUMNS)}, content='', "
    "contentless_delete=1, prefix='2 3', tokenize='unicode61 remove_diacritics 2')"
)


def _squashed(column: str) -> str:
    """As written and as one word: O'Brien answers to ``obrien``, A-101 to ``a101``."""
    bare = f"NEW.{column}"
    for sign in ("''''", "'’'", "'-'", "' '", "'.'"):
        bare = f"replace({bare}, {sign}, '')"
    return f"NEW.{column} || ' ' || {bare}"


def _birth(value: str = "NEW.birth_date") -> str:
    """ISO date as ``mmddyyyy mmddyy yyyymmdd``: however it is typed, it is a prefix of one."""
    year, month, day = f"substr({value},1,4)", f"substr({value},6,2)", f"substr({value},9,2)"
    return (
        f"{month}||{day}||{year}||' '||{month}||{day}||substr({year},3)"
        f"||' '||{year}||{month}||{day}"
    )


def _phone() -> str:
    """Digits of the telephone number: ten, the last seven, the last four."""
    bare = "NEW.phone"
    for sign in ("'-'", "'('", "')'", "' '", "'.'", "'+'"):
        bare = f"replace({bare}, {sign}, '')"
    return " || ' ' || ".join(f"substr({bare}, -{length})" for length in (10, 7, 4))


_ROW = (
    f"NEW.id, {_squashed('last')}, {_squashed('first')}, NEW.middle,\n"
    f"  {_squashed('account_no')}, {_birth()}, {_phone()}"
)
_INTO = f"INSERT INTO {TABLE} (rowid, {', '.join(COLUMNS)})"
_INSERT = f"{_INTO}\n  VALUES ({_ROW});"
_DELETE = f"DELETE FROM {TABLE} WHERE rowid = OLD.id;"  # noqa: S608 - our own names

SEARCH_TRIGGERS = (
    Trigger("patient_search_insert", "AFTER INSERT ON patient", _INSERT),
    Trigger("patient_search_delete", "AFTER DELETE ON patient", _DELETE),
    Trigger(
        "patient_search_update",
        "AFTER UPDATE OF id, last, first, middle, account_no, birth_date, phone ON patient",
        f"{_DELETE}\n  {_INSERT}",
    ),
)

# Builds the index anew from the patients; the alias lets one expression serve both ways.
REBUILD = (
    f"INSERT INTO {TABLE} ({TABLE}) VALUES ('delete-all')",  # noqa: S608 - our own names
    f"{_INTO}\n  SELECT {_ROW} FROM patient AS NEW",  # noqa: S608 - our own names
)

_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?1[ .-]?)?(?:\(?(\d{3})\)?[ .-]?)?(\d{3})[ .-](\d{4})(?!\d)")
_SIGNS = re.compile(r"['’\-.]")


def patient_match(typed: str) -> str:
    """The FTS5 query for typed text: every word must begin a word of the patient.

    Each word is quoted, so AND, NOT, quotes and stars are words like any other. Dates typed the
    US way (``1/5/1980``) and telephone numbers become the digits the index holds. Empty when
    nothing searchable was typed.
    """
    typed = _DATE.sub(lambda m: f" {int(m[1]):02d}{int(m[2]):02d}{m[3]} ", typed)
    typed = _DAY.sub(lambda m: f" {int(m[1]):02d}{int(m[2]):02d} ", typed)
    typed = _PHONE.sub(lambda m: f" {m[1] or ''}{m[2]}{m[3]} ", typed)
    words = (_SIGNS.sub("", word) for word in re.split(r"[\s,;/\\\"()*:^{}\[\]<>\0]+", typed))
    return " ".join(f'"{word}"*' for word in words if any(map(str.isalnum, word)))


def find_patients(session: Session, typed: str, limit: int = 50) -> list[int]:
    """Ids of the patients who match, in order of their names; at most ``limit``."""
    match = patient_match(typed)
    if not match:
        return []
    # The inner limit bounds the work of a one-letter query over a large practice.
    rows = session.execute(
        text(
            "SELECT patient.id FROM patient WHERE id IN (SELECT rowid FROM patient_search"
            " WHERE patient_search MATCH :match LIMIT :most)"
            " ORDER BY last COLLATE NOCASE, first COLLATE NOCASE, id LIMIT :limit"
        ),
        {"match": match, "most": max(limit * 20, 2000), "limit": limit},
    )
    return [int(row[0]) for row in rows]
