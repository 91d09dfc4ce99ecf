"""Setup's page of the practice's habits with statements: days, amounts and the words printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from app.domain.errors import Invalid
from app.domain.findings import Finding
from app.domain.statement_policy import (
    LETTER,
    MESSAGES,
    PLAN_BEHIND_MESSAGE,
    PLAN_MESSAGE,
    CountReset,
    StatementPolicy,
)
from app.services.statements import StatementService
from app.ui.form import Slot
from app.ui.pages.setup_fields import Row
from app.ui.pages.setup_sections import Section
from app.ui.tables import Column
from app.ui.widgets.choice import CheckField, Choice, ChoiceEdit, TextArea
from app.ui.widgets.field import NumberEdit
from app.ui.widgets.money import MoneyEdit

HELP = "When a statement goes out, and the words on it."
RESETS = (
    Choice(CountReset.FULL, "Only when all of it is paid", "F"),
    Choice(CountReset.ANY, "After any payment", "A"),
    Choice(CountReset.STEP, "A payment earns the same number again", "S"),
)
_MESSAGE = "message_"
_NEEDED = "Enter the words that are printed."
_PARAGRAPH = "\n\n"
# Texts are checked by the books, which also know how long they may be; blanks are ours to say.
_DAYS = {
    "cycle_days": "Enter 7 to 365 days from one statement to the next.",
    "minimum_cents": "Enter the smallest balance to bill.",
    "skip_if_paid_within_days": "Enter 0 to 90 days.",
    "statements_before_letter": "Enter 1 to 12 statements, or 0 for no letter.",
    "letter_after_days": "Enter 10 to 180 days.",
    "due_days": "Enter 1 to 90 days.",
    "final_due_days": "Enter 1 to 90 days.",
    "plan_grace_days": "Enter 0 to 30 days.",
}


@dataclass(frozen=True, slots=True)
class StatementHabits:
    """The settings as one form shows them: each message a field, the letter one text."""

    cycle_days: int
    minimum_cents: int
    skip_if_paid_within_days: int
    due_days: int
    final_due_days: int
    count_reset: CountReset
    statements_before_letter: int
    letter_after_days: int
    plan_grace_days: int
    card_fields: bool = False
    message_1: str = MESSAGES[0]
    message_2: str = MESSAGES[1]
    message_3: str = MESSAGES[2]
    message_4: str = MESSAGES[3]
    plan_message: str = PLAN_MESSAGE
    plan_behind_message: str = PLAN_BEHIND_MESSAGE
    letter: str = _PARAGRAPH.join(LETTER)

    @property
    def name(self) -> str:
        """What the notice calls it."""
        return "Statements"


def habits_of(policy: StatementPolicy) -> StatementHabits:
    """The settings as the form shows them."""
    values: dict[str, Any] = {
        f.name: getattr(policy, f.name)
        for f in fields(StatementPolicy)
        if f.name not in ("messages", "letter")
    }
    values |= {f"{_MESSAGE}{n}": text for n, text in enumerate(policy.messages, start=1)}
    return StatementHabits(**values, letter=_PARAGRAPH.join(policy.letter))


def policy_of(habits: StatementHabits) -> StatementPolicy:
    """The settings as the books keep them."""
    plain = {
        f.name: getattr(habits, f.name)
        for f in fields(StatementPolicy)
        if f.name not in ("messages", "letter", "count_reset")
    }
    texts = (getattr(habits, f"{_MESSAGE}{n}") for n in range(1, len(MESSAGES) + 1))
    letter = (" ".join(part.split()) for part in habits.letter.split(_PARAGRAPH))
    return StatementPolicy(
        **plain,
        count_reset=CountReset(habits.count_reset),
        messages=tuple(texts),
        letter=tuple(part for part in letter if part),
    )


def keeper(statements: StatementService) -> Callable[[StatementHabits], None]:
    """Saves the form's values; findings of a message point at its field.

    Raises:
        Invalid: with a sentence for each wrong field.
    """

    def save(habits: StatementHabits) -> None:
        try:
            statements.save_settings(policy_of(habits))
        except Invalid as wrong:
            raise Invalid([_at_field(finding) for finding in wrong.findings]) from wrong

    return save


def _at_field(finding: Finding) -> Finding:
    name, _, number = finding.field.partition(".")
    if name != "messages" or not number:
        return finding
    return Finding(f"{_MESSAGE}{int(number) + 1}", finding.message, finding.severity)


def rows() -> Sequence[tuple[str, Sequence[Row]]]:
    """The form, section by section."""
    return (
        ("When a statement goes out", _cycle_rows()),
        ("Before collections", _letter_rows()),
        ("Words on the statement", _message_rows()),
        ("The letter before collections", _letter_words()),
    )


def _days(name: str, text: str, span: int) -> Slot:
    return Slot(name, text, NumberEdit(high=365), span, _DAYS[name])


def _cycle_rows() -> list[Row]:
    minimum = Slot(
        "minimum_cents", "Smallest balance to bill", MoneyEdit(), 4, _DAYS["minimum_cents"]
    )
    return [
        (
            _days("cycle_days", "Days from one to the next", 4),
            minimum,
            _days("skip_if_paid_within_days", "Days of rest after a payment", 4),
        ),
        (
            _days("due_days", "Days to pay", 4),
            _days("final_due_days", "Days to pay a final notice", 4),
            _days("plan_grace_days", "Days a plan may be late", 4),
        ),
        (
            Slot("count_reset", "Counting starts again", ChoiceEdit(RESETS, blank=False), 8),
            Slot("card_fields", "", CheckField("Room for a card"), 4),
        ),
    ]


def _letter_rows() -> list[Row]:
    return [
        (
            _days("statements_before_letter", "Statements before the letter (0: none)", 6),
            _days("letter_after_days", "Days from the last one to the letter", 6),
        )
    ]


def _text(name: str, text: str, lines: int = 3) -> Row:
    return (Slot(name, text, TextArea(lines=lines), 12, _NEEDED),)


def _message_rows() -> list[Row]:
    hint = "{phone}, {amount} and {due} are filled in"
    return [
        _text("message_1", f"First statement ({hint})"),
        _text("message_2", "Second"),
        _text("message_3", "Third"),
        _text("message_4", "Fourth and all further, the final notice"),
        _text("plan_message", "With a payment plan ({left} is filled in, too)"),
        _text("plan_behind_message", "When an installment is missing"),
    ]


def _letter_words() -> list[Row]:
    return [
        _text(
            "letter",
            "An empty line begins a paragraph; {number} and {last} are the statements sent",
            lines=10,
        )
    ]


def section(statements: StatementService) -> Section:
    """The page as Setup shows it: one form, no list."""
    return Section(
        key="statements",
        title="Statements",
        help=HELP,
        load=lambda: (habits_of(statements.settings()),),
        save=keeper(statements),
        key_of=lambda _: 1,
        columns=(Column("name", "Name", lambda row: row.name, width=0),),
        rows=rows,
        command=StatementHabits,
    )
