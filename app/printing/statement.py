"""A patient statement on US Letter: window address, amount due, every visit and why, slip."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.account_standing import AGE_TITLES
from app.domain.dates import format_date
from app.domain.money import format_cents
from app.domain.statement_content import StatementContent
from app.printing import statement_table as table
from app.printing.bill_frame import (
    BODY_TOP_PT,
    SIDE_PT,
    SLIP_TOP_PT,
    amount_box,
    draw_slip,
    letterhead,
    paragraph,
    side_row,
    slip_of,
    window_address,
)
from app.printing.sheets import LEFT_PT, RIGHT_PT, Page
from app.printing.statement_table import Block

_AGING_TOP_PT = SLIP_TOP_PT - 38  # the strip stands right above the perforation
_NEXT_TOP_PT, _NEXT_FOOT_PT = 76.0, 742.0


def statement_pages(content: StatementContent) -> list[Page]:
    """The pages of one statement; a long one goes on, numbered, on plain sheets."""
    first = Page()
    letterhead(first, content.sender)
    first.right(RIGHT_PT, 48, "Statement", 15, bold=True)
    window_address(first, content.guarantor, content.address)
    amount_box(first, _asked_words(content), content.amount_cents, content.due_on)
    _summary(first, content)
    _aging(first, content)
    draw_slip(first, slip_of(content))
    down = paragraph(first, BODY_TOP_PT, content.message, size_pt=9.5, leading_pt=12)
    pages = _fill(first, down - 4, content)
    for number, page in enumerate(pages, start=1):
        if len(pages) > 1:
            at = 60.0 if number == 1 else 48.0
            page.right(RIGHT_PT, at, f"Page {number} of {len(pages)}", 8, gray=True)
    return pages


def _asked_words(content: StatementContent) -> str:
    return "Amount due" if content.plan_left_cents is None else "Installment due"


def _summary(page: Page, content: StatementContent) -> None:
    side_row(page, 158, "Statement date", format_date(content.on))
    side_row(page, 171, "Account number", content.account_no)
    page.line(SIDE_PT, 178, RIGHT_PT, 178)
    rows = [
        ("Previous balance", content.previous_cents),
        ("New charges", content.new_cents),
        ("Payments received", -content.paid_cents),
    ]
    if content.other_cents:
        rows.append(("Other changes", content.other_cents))
    down = 191.0
    for words, cents in rows:
        side_row(page, down, words, format_cents(cents))
        down += 12.5
    page.line(SIDE_PT, down - 8, RIGHT_PT, down - 8)
    side_row(page, down + 3, "New balance", format_cents(content.balance_cents), bold=True)


def _aging(page: Page, content: StatementContent) -> None:
    """How old the balance is, counted from the day each part became the patient's."""
    aging = content.aging
    cells = list(zip(AGE_TITLES, aging.cells, strict=True))
    if aging.credit:
        cells.append(("Credits", aging.credit))
    cells.append(("Balance", aging.total))
    page.shade(LEFT_PT, _AGING_TOP_PT, RIGHT_PT - LEFT_PT, 28)
    width = (RIGHT_PT - LEFT_PT) / len(cells)
    for number, (title, cents) in enumerate(cells, start=1):
        right = LEFT_PT + width * number - 6
        last = number == len(cells)
        page.right(right, _AGING_TOP_PT + 11, title, 7.5, gray=True)
        page.right(right, _AGING_TOP_PT + 23, format_cents(cents), 9, bold=last)


def _fill(first: Page, down: float, content: StatementContent) -> list[Page]:
    """Lays the table over as many pages as it takes; a visit is broken only if it must be."""
    pages, page, foot = [first], first, _AGING_TOP_PT - 2
    table.heads(page, down)
    down += table.HEAD_PT
    for block in _pieces(table.blocks(content)):
        if down + block.height_pt > foot:
            page, foot = Page(), _NEXT_FOOT_PT
            pages.append(page)
            down = _next_head(page, content)
            if block.patient:
                again = table.patient_row(f"{block.patient}, continued")
                down = table.draw(page, (again,), down)
        down = table.draw(page, block.rows, down)
    if len(pages) > 1:
        words = "Continued on the next page"
        for begun in pages[:-1]:
            at = SLIP_TOP_PT - 2.5 if begun is first else _NEXT_FOOT_PT + 14
            begun.right(RIGHT_PT, at, words, 7, gray=True)
    return pages


def _pieces(blocks: Iterable[Block]) -> Iterable[Block]:
    """Blocks that no page could hold are broken into rows."""
    room = _NEXT_FOOT_PT - _NEXT_TOP_PT - table.HEAD_PT - 2 * table.ROW_PT
    for block in blocks:
        if block.height_pt <= room:
            yield block
        else:
            yield from (Block((row,), block.patient) for row in block.rows)


def _next_head(page: Page, content: StatementContent) -> float:
    page.put(LEFT_PT, 48, content.sender.name, 11, bold=True, width_pt=330)
    words = f"Statement of {format_date(content.on)}, account {content.account_no}"
    page.put(LEFT_PT, 61, words, 9, gray=True)
    table.heads(page, _NEXT_TOP_PT)
    return _NEXT_TOP_PT + table.HEAD_PT
