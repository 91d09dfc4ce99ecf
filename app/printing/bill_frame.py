"""What a statement and a letter share: letterhead, window address, tear-off slip.

Three panels when folded like a C or a Z. The first shows the guarantor's address where a #10
window always shows it and nothing else of that part; the slip below the perforation shows the
practice's address in the window of a #9 return envelope (``docs/decisions`` on envelopes).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.claim_form import Address
from app.domain.dates import format_date
from app.domain.money import format_cents
from app.domain.statement_content import LetterContent, Sender, StatementContent
from app.printing.fields import PAGE_WIDTH_PT
from app.printing.mailing import ADDRESS_LEFT_PT, ADDRESS_WIDTH_PT, address_lines
from app.printing.sheets import LEFT_PT, RIGHT_PT, Page, wrapped_words

ADDRESS_FIRST_PT, ADDRESS_LEADING_PT = 190.0, 11.0
BODY_TOP_PT = 277.0  # below whatever the window could ever show
SLIP_TOP_PT = 540.0  # the perforation: a slip of 3 1/2 inches
REMIT_FIRST_PT = SLIP_TOP_PT + 171.0  # inside what the #9 window always shows
SIDE_PT = 396.0  # the column right of both windows
_SIDE_WIDTH_PT = RIGHT_PT - SIDE_PT
_BOX_PT = 8.0


def letterhead(page: Page, sender: Sender, ask: str = "Questions about this bill?") -> None:
    """Name, address, telephone (after the words of ``ask``) and tax ID of the practice."""
    page.put(LEFT_PT, 48, sender.name, 13, bold=True, width_pt=340)
    place = sender.address
    lines = [place.line1, place.line2, _city_line(place)]
    if sender.phone:
        lines.append(f"{ask} Call {sender.phone}")
    if sender.tax_id:
        lines.append(f"Tax ID {sender.tax_id}")
    for number, text in enumerate(line for line in lines if line):
        page.put(LEFT_PT, 63 + 11 * number, text, 9, gray=True, width_pt=340)


def _city_line(place: Address) -> str:
    code = place.zip
    if len(code) == 9 and code.isdigit():
        code = f"{code[:5]}-{code[5:]}"
    city = ", ".join(part for part in (place.city, place.state) if part)
    return f"{city} {code}".strip()


def window_address(page: Page, name: str, address: Address) -> None:
    """Who gets it, in the window."""
    for number, text in enumerate(address_lines(name, address)):
        down = ADDRESS_FIRST_PT + ADDRESS_LEADING_PT * number
        page.put(ADDRESS_LEFT_PT, down, text, 10, width_pt=ADDRESS_WIDTH_PT)


def amount_box(page: Page, words: str, cents: int, due_on: date) -> None:
    """The amount, large, and until when."""
    page.shade(SIDE_PT, 66, _SIDE_WIDTH_PT, 76)
    page.put(SIDE_PT + 10, 82, words, 10)
    page.right(RIGHT_PT - 10, 109, f"${format_cents(cents)}", 24, bold=True, width_pt=158)
    page.put(SIDE_PT + 10, 131, "Please pay by", 10)
    page.right(RIGHT_PT - 10, 131, format_date(due_on), 10, bold=True)


def side_row(page: Page, down: float, words: str, figure: str, *, bold: bool = False) -> None:
    """A label with its figure in the right column."""
    page.put(SIDE_PT, down, words, 9, bold=bold)
    page.right(RIGHT_PT, down, figure, 9, bold=bold)


@dataclass(frozen=True, slots=True)
class Slip:
    """What the tear-off slip says (cents)."""

    sender: Sender
    guarantor: str
    account_no: str
    on: date
    due_on: date
    amount_cents: int
    of_statement: bool = True
    card_fields: bool = False


def slip_of(content: StatementContent | LetterContent) -> Slip:
    """The slip that belongs to a bill."""
    return Slip(
        sender=content.sender,
        guarantor=content.guarantor,
        account_no=content.account_no,
        on=content.on,
        due_on=content.due_on,
        amount_cents=content.amount_cents,
        of_statement=isinstance(content, StatementContent),
        card_fields=isinstance(content, StatementContent) and content.card_fields,
    )


def draw_slip(page: Page, slip: Slip) -> None:
    """Perforation, account and amounts, and the address to pay to in the return window."""
    page.line(0, SLIP_TOP_PT, PAGE_WIDTH_PT, SLIP_TOP_PT, 0.5, dashed=True)
    page.put(LEFT_PT, SLIP_TOP_PT + 12, "Detach here and return this part.", 7.5, gray=True)
    _slip_left(page, slip)
    _slip_right(page, slip)
    for number, text in enumerate(address_lines(slip.sender.remit_name, slip.sender.remit_address)):
        down = REMIT_FIRST_PT + ADDRESS_LEADING_PT * number
        page.put(ADDRESS_LEFT_PT, down, text, 10, width_pt=ADDRESS_WIDTH_PT)


def _slip_left(page: Page, slip: Slip) -> None:
    top = SLIP_TOP_PT
    page.put(LEFT_PT, top + 34, "Make your check payable to", 9, gray=True)
    page.put(LEFT_PT, top + 47, slip.sender.remit_name, 10.5, bold=True, width_pt=330)
    words = f"Write account number {slip.account_no} on it. Please do not send cash."
    page.put(LEFT_PT, top + 60, words, 9, gray=True, width_pt=330)
    if slip.card_fields:
        _card_fields(page, top + 84)
    down = top + 126
    _tick_box(page, LEFT_PT, down)
    words = "My address or insurance has changed; see the back of this slip."
    page.put(LEFT_PT + 14, down, words, 9, width_pt=330)


def _card_fields(page: Page, down: float) -> None:
    page.put(LEFT_PT, down, "Card number", 8, gray=True)
    page.line(LEFT_PT + 54, down + 2, LEFT_PT + 216, down + 2)
    page.put(LEFT_PT + 224, down, "Expires", 8, gray=True)
    page.line(LEFT_PT + 256, down + 2, LEFT_PT + 330, down + 2)
    page.put(LEFT_PT, down + 22, "Signature", 8, gray=True)
    page.line(LEFT_PT + 54, down + 24, LEFT_PT + 330, down + 24)


def _tick_box(page: Page, x: float, down: float) -> None:
    top, right = down - _BOX_PT + 1, x + _BOX_PT
    for line in (
        (x, top, right, top),
        (x, down + 1, right, down + 1),
        (x, top, x, down + 1),
        (right, top, right, down + 1),
    ):
        page.line(*line, 0.6)


def _slip_right(page: Page, slip: Slip) -> None:
    top = SLIP_TOP_PT
    page.put(SIDE_PT, top + 20, slip.guarantor, 10, bold=True, width_pt=_SIDE_WIDTH_PT)
    side_row(page, top + 36, "Account number", slip.account_no)
    words = "Statement date" if slip.of_statement else "Date"
    side_row(page, top + 49, words, format_date(slip.on))
    side_row(page, top + 62, "Please pay by", format_date(slip.due_on))
    page.line(SIDE_PT, top + 69, RIGHT_PT, top + 69)
    side_row(page, top + 82, "Amount due", f"${format_cents(slip.amount_cents)}", bold=True)
    page.put(SIDE_PT, top + 114, "Amount enclosed", 9)
    page.put(SIDE_PT + 88, top + 114, "$", 11)
    page.line(SIDE_PT + 98, top + 117, RIGHT_PT, top + 117, 0.8)


def paragraph(page: Page, down: float, text: str, *, size_pt: float, leading_pt: float) -> float:
    """A paragraph over the whole width; returns the baseline after its last line."""
    for line in wrapped_words(text, RIGHT_PT - LEFT_PT, size_pt):
        page.put(LEFT_PT, down, line, size_pt)
        down += leading_pt
    return down
