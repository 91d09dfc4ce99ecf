"""The table of a statement: visit by visit, what it cost, who paid, what is owed and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.dates import format_date
from app.domain.money import format_cents
from app.domain.statement_content import BilledVisit, StatementContent
from app.printing.sheets import LEFT_PT, NO_BREAK, RIGHT_PT, Page, wrapped_words

ROW_PT = 12.0
_SIZE_PT, _HEAD_PT = 9.0, 7.5
_TEXT_X, _WHY_X = 90.0, 102.0
COLUMNS = (
    ("Charge", 340.0),
    ("Insurance paid", 398.0),
    ("Adjusted", 442.0),
    ("You paid", 485.0),
    ("Pending", 530.0),
    ("You owe", RIGHT_PT),
)
_OWE_X = RIGHT_PT
_TEXT_WIDTH = COLUMNS[0][1] - 38 - _TEXT_X
_WHY_WIDTH = _OWE_X - 60 - _WHY_X
HEAD_PT = 20.0  # height of the column titles


@dataclass(frozen=True, slots=True)
class Words:
    """A text of a row by its left edge."""

    x_pt: float
    text: str
    bold: bool = False
    gray: bool = False
    width_pt: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a row by its right edge."""

    x_pt: float
    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Texts and figures on one baseline. ``rule``: from where to where a line lies above it."""

    words: tuple[Words, ...] = ()
    figures: tuple[Figure, ...] = ()
    height_pt: float = ROW_PT
    rule: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that stay on one page where they can. ``patient``: whose they are, on the next page."""

    rows: tuple[Row, ...]
    patient: str = ""

    @property
    def height_pt(self) -> float:
        """How tall it is."""
        return sum(row.height_pt for row in self.rows)


def heads(page: Page, down: float) -> None:
    """Column titles, the top of which is at ``down``."""
    page.put(LEFT_PT, down + 12, "Date", _HEAD_PT, gray=True)
    page.put(_TEXT_X, down + 12, "Service", _HEAD_PT, gray=True)
    for title, x in COLUMNS:
        page.right(x, down + 12, title, _HEAD_PT, gray=True)
    page.line(LEFT_PT, down + 16, RIGHT_PT, down + 16, 0.8)


def blocks(content: StatementContent) -> Iterator[Block]:
    """The whole table, block by block."""
    for patient in content.patients:
        for number, visit in enumerate(patient.visits):
            rows = tuple(_visit(visit))
            if number == 0:
                yield Block((patient_row(patient.name), *rows))
            else:
                yield Block(rows, patient.name)
    yield _total(content)
    yield from _payments(content)
    yield from _credits(content)


def patient_row(name: str) -> Row:
    """The heading above a patient's visits."""
    return Row((Words(LEFT_PT, name, bold=True, width_pt=400),), height_pt=15)


def _visit(visit: BilledVisit) -> Iterator[Row]:
    f = visit.figures
    amounts = (f.charge, f.insurance, f.adjusted, f.paid, f.pending + f.agency)
    figures = tuple(
        Figure(x, format_cents(cents, blank_zero=n > 0))
        for n, (cents, (_, x)) in enumerate(zip(amounts, COLUMNS[:5], strict=True))
    )
    provider = visit.provider.replace(" ", NO_BREAK)
    text = f"{visit.description} –{NO_BREAK}{provider}"
    first, *more = wrapped_words(text, _TEXT_WIDTH, _SIZE_PT)[:4]
    date = Words(LEFT_PT, format_date(visit.service_date))
    yield Row((date, Words(_TEXT_X, first, width_pt=_TEXT_WIDTH)), figures, 13)
    for text in more:
        yield Row((Words(_TEXT_X, text, width_pt=_TEXT_WIDTH),), height_pt=11)
    yield from _why(visit)
    for text in wrapped_words(f"{visit.note}." if visit.note else "", _WHY_WIDTH, _SIZE_PT):
        yield Row((Words(_WHY_X, text, gray=True),))
    yield Row(height_pt=4)


def _why(visit: BilledVisit) -> Iterator[Row]:
    """The reasons one below the other; several are added up."""
    alone = len(visit.why) == 1
    for why in visit.why:
        lines = wrapped_words(why.words, _WHY_WIDTH, _SIZE_PT) or ("",)
        for text in lines[:-1]:
            yield Row((Words(_WHY_X, text),))
        figure = Figure(_OWE_X, format_cents(why.cents), bold=alone)
        yield Row((Words(_WHY_X, lines[-1]),), (figure,))
    if len(visit.why) > 1:
        total = Figure(_OWE_X, format_cents(visit.owes_cents), bold=True)
        words = Words(_WHY_X, "You owe for this visit", bold=True)
        yield Row((words,), (total,), 13, rule=(_OWE_X - 48, _OWE_X))


def _total(content: StatementContent) -> Block:
    words = Words(LEFT_PT, "New balance", bold=True)
    figure = Figure(_OWE_X, format_cents(content.balance_cents), bold=True)
    return Block((Row((words,), (figure,), 16, (LEFT_PT, RIGHT_PT)), Row(height_pt=6)))


def _payments(content: StatementContent) -> Iterator[Block]:
    """What came in since the last statement."""
    for item in content.payments:
        words = "Received, thank you: " if item.cents > 0 else "Returned: "
        yield Block(
            (
                Row(
                    (
                        Words(LEFT_PT, format_date(item.on)),
                        Words(_TEXT_X, words + item.words, width_pt=_TEXT_WIDTH),
                    ),
                    (Figure(COLUMNS[3][1], format_cents(item.cents)),),
                ),
            )
        )


def _credits(content: StatementContent) -> Iterator[Block]:
    for cents, words in (
        (content.unapplied_cents, "Received and not yet applied to a visit"),
        (content.credit_cents, "Credit on your account, kept for you until we apply or refund it"),
    ):
        if cents:
            figure = Figure(COLUMNS[3][1], format_cents(cents))
            yield Block((Row((Words(LEFT_PT, words),), (figure,)),))


def draw(page: Page, rows: Sequence[Row], down: float) -> float:
    """Draws rows from ``down`` on; returns where they end."""
    for row in rows:
        if row.rule is not None:
            page.line(row.rule[0], down + 1, row.rule[1], down + 1, 0.5)
        down += row.height_pt
        for w in row.words:
            page.put(
                w.x_pt, down - 2, w.text, _SIZE_PT, bold=w.bold, gray=w.gray, width_pt=w.width_pt
            )
        for f in row.figures:
            page.right(f.x_pt, down - 2, f.text, _SIZE_PT, bold=f.bold)
    return down
