"""The letter before collections: plain, polite, and what will happen said without a threat."""

from __future__ import annotations

from app.domain.dates import format_date
from app.domain.statement_content import LetterContent
from app.printing.bill_frame import (
    BODY_TOP_PT,
    SLIP_TOP_PT,
    amount_box,
    draw_slip,
    letterhead,
    paragraph,
    side_row,
    slip_of,
    window_address,
)
from app.printing.sheets import LEFT_PT, RIGHT_PT, Page, wrapped_words

_SIZES = ((10.5, 14.0), (9.5, 12.5), (8.5, 11.0))  # size and leading, the largest that fits
_GAP_PT = 7.0


def letter_pages(content: LetterContent) -> list[Page]:
    """One page with a slip; a very long text goes on to a second."""
    page = Page()
    letterhead(page, content.sender)
    window_address(page, content.guarantor, content.address)
    amount_box(page, "Amount due", content.amount_cents, content.due_on)
    side_row(page, 158, "Date", format_date(content.on))
    side_row(page, 171, "Account number", content.account_no)
    draw_slip(page, slip_of(content))
    size, leading = next((s for s in _SIZES if _height(content, *s) <= _room()), _SIZES[-1])
    pages, down = [page], BODY_TOP_PT
    for text in _texts(content):
        lines = len(wrapped_words(text, RIGHT_PT - LEFT_PT, size))
        foot = SLIP_TOP_PT - 8 if len(pages) == 1 else 742.0
        if down + (lines - 1) * leading > foot:
            page, down = Page(), 60.0
            pages.append(page)
        down = paragraph(page, down, text, size_pt=size, leading_pt=leading) + _GAP_PT
    return pages


def _texts(content: LetterContent) -> tuple[str, ...]:
    return (f"Dear {content.guarantor}:", *content.paragraphs, "Sincerely,", content.sender.name)


def _room() -> float:
    return SLIP_TOP_PT - 8 - BODY_TOP_PT


def _height(content: LetterContent, size: float, leading: float) -> float:
    width = RIGHT_PT - LEFT_PT
    texts = _texts(content)
    lines = sum(len(wrapped_words(text, width, size)) for text in texts)
    return (lines - 1) * leading + (len(texts) - 1) * _GAP_PT
