"""A claim as a plain-text print image: what the sheet would show, as 66 lines of 80 columns.

Some clearinghouses take this instead of paper. Line 1 is the top sixth of an inch of the paper, so
form line L stands on line L + 2; columns are the form's own, 1 to 79 (column 1 begins 0.30 inch
from the paper's edge), and column 80 stays blank. A reader that counts columns from the paper's
edge expects everything three columns further right, which does not fit in 80: its left margin is
set to 3 there. Lines end in CR LF and are filled with blanks; a form feed stands between sheets.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.printing.claim_pages import ClaimPages, Sheet
from app.printing.fields import fields

LINES, COLUMNS = 66, 80
PAPER_LINES_ABOVE = 2  # form line 1 is the third line of the paper
LINE_END = "\r\n"
FORM_FEED = "\f"


def print_image(claims: Sequence[ClaimPages]) -> str:
    """All sheets of the claims, in order."""
    sheets = [sheet for pages in claims for sheet in pages.sheets]
    return FORM_FEED.join(_page(sheet) for sheet in sheets)


def _page(sheet: Sheet) -> str:
    known = fields()
    grid = [[" "] * COLUMNS for _ in range(LINES)]
    for field_id, text in sheet.boxes.items():
        field = known[field_id]
        start = field.column - 1
        if field.align == "right":
            start += field.length - len(text)
        grid[field.line + PAPER_LINES_ABOVE - 1][start : start + len(text)] = text
    return "".join("".join(row) + LINE_END for row in grid)
