"""The schema as this version of the program wants it: tables, indexes and the search index.

The triggers are not part of it: every upgrade installs those of today, see ``app.db.upgrade``.
"""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from app.db.search import TABLE_DDL
from app.models.tables import metadata


def table_metadata() -> MetaData:
    """Metadata with every mapped table loaded."""
    return metadata()


def schema_statements() -> tuple[str, ...]:
    """Every CREATE statement, in an order that works on an empty file."""
    dialect = sqlite.dialect()
    statements: list[str] = []
    for table in table_metadata().sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=dialect)))
        statements += [
            str(CreateIndex(index).compile(dialect=dialect))
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        ]
    statements.append(TABLE_DDL)
    return tuple(_tidy(statement) for statement in statements)


def _tidy(statement: str) -> str:
    lines = (line.rstrip().replace("\t", "  ") for line in statement.strip().splitlines())
    return "\n".join(line for line in lines if line)
