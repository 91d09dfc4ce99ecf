"""The services against the paper ledger: random days at the office, checked after every step.

Each run is a practice of its own with one household: a patient with two policies, a second with
one, one guarantor. ``BOOKS_RUNS`` and ``BOOKS_STEPS`` lengthen the run at night.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.services.book_keeping import TAMPERING
from tests.services.books_claims import BooksClaims
from tests.services.books_money import BooksMoney
from tests.services.books_office import BooksOffice
from tests.services.conftest import Template
from tests.services.front_desk import Office

RUNS = int(os.environ.get("BOOKS_RUNS", "300"))
STEPS = int(os.environ.get("BOOKS_STEPS", "50"))
PHASES = tuple(Phase) if os.environ.get("BOOKS_SHRINK") else (Phase.explicit, Phase.generate)


class Books(BooksClaims, BooksMoney, BooksOffice):
    """Everything that can happen to the books. ``journals`` counts what was posted, by kind."""

    journals: ClassVar[Counter[str]] = Counter()

    def everything_ties(self) -> None:
        super().everything_ties()
        rows = self.office.sql("SELECT kind, COUNT(*) FROM journal GROUP BY kind")
        self.journals.update(dict(rows))


def test_books_agree_with_the_paper_ledger(template: Template, tmp_path: Path) -> None:
    place = tmp_path / "runs"
    place.mkdir()
    Books.journals.clear()
    run_state_machine_as_test(
        partial(Books, template, place),  # type: ignore[arg-type]  # a factory will do
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            # Shrinking a failure may take minutes; say BOOKS_SHRINK=1 to have it.
            phases=PHASES,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Books.journals.total() > RUNS * STEPS // 5  # most steps really post something


@pytest.mark.parametrize("statement", TAMPERING)
def test_no_statement_changes_the_books(office: Office, statement: str) -> None:
    office.pay_in_full(office.sent())
    before = office.sql("SELECT * FROM posting"), office.sql("SELECT * FROM line_balance")
    with pytest.raises(IntegrityError), office.services.desk.write() as session:
        session.execute(text(statement))
    assert (office.sql("SELECT * FROM posting"), office.sql("SELECT * FROM line_balance")) == before
