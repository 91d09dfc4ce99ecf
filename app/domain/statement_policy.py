"""The practice's habits with statements: cycle, minimum, dunning and its messages.

Billing rules §7. All of it may be changed by the practice; the wording is our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.findings import Finding


class CountReset(StrEnum):
    """What a patient's payment does to the dunning number.

    Full payment of what the last statement asked for begins anew under every rule.
    """

    FULL = "full"  # only full payment begins anew
    ANY = "any"  # any payment begins anew
    STEP = "step"  # a payment earns the same number once more


MESSAGES = (
    "Thank you for choosing our practice. Your insurance, if you have any, has decided on these "
    "visits; the amount shown is your part. It is due on receipt, at the latest by {due}.",
    "A friendly reminder: this balance has been open for more than 30 days. If your payment is "
    "already in the mail, thank you.",
    "This balance has been open for more than 60 days. Please pay it, or call us at {phone}: we "
    "are glad to arrange monthly payments or to look into a question about the bill.",
    "Final notice. Please pay this balance, or call us at {phone}, within 10 days. Without either "
    "we will decide whether to place the account with a collection agency.",
)
PLAN_MESSAGE = (
    "Thank you for keeping to our payment arrangement. The amount due now is your installment; "
    "{left} of the plan remains."
)
PLAN_BEHIND_MESSAGE = (
    "An installment of our payment arrangement has not reached us. The amount due now includes it; "
    "please call us at {phone} if you cannot pay it. {left} of the plan remains."
)
LETTER = (
    "Our records show that {amount} of your account with us has been unpaid for some time, "
    "although we sent you {number} statements. The last statement of {last} explains each charge.",
    "Please pay this amount by {due}. If you cannot pay all of it at once, call us at {phone} "
    "before that day: we will gladly agree on monthly payments, and will tell you about any help "
    "that our practice can offer.",
    "If you think that the amount is wrong, or that insurance should have paid it, tell us by the "
    "same day, by telephone or in writing. We will look into it and hold the account meanwhile.",
    "If we do not hear from you, we may place the account with a collection agency after that day. "
    "If you have already paid, thank you, and please disregard this letter.",
)


@dataclass(frozen=True, slots=True)
class StatementPolicy:
    """Days, cents and words of the practice's statements.

    Attributes:
        cycle_days: days from one statement to the next.
        minimum_cents: a smaller balance waits.
        skip_if_paid_within_days: after a patient's payment nothing is sent for so long; 0 is off.
        count_reset: what a payment does to the dunning number.
        statements_before_letter: after so many the pre-collection letter follows; 0 for never.
        letter_after_days: days from that statement to the letter.
        due_days: days from a statement to its due date.
        final_due_days: the same for a final notice and for the letter.
        plan_grace_days: days an installment may be late before its plan counts as behind.
        card_fields: whether the slip has room for a payment card.
        messages: for the first, second, third and any further statement; ``{phone}``,
            ``{amount}`` and ``{due}`` are filled in.
        plan_message, plan_behind_message: for accounts on a payment plan; ``{left}`` also.
        letter: paragraphs of the pre-collection letter; ``{number}`` and ``{last}`` also.
    """

    cycle_days: int = 30
    minimum_cents: int = 500
    skip_if_paid_within_days: int = 10
    count_reset: CountReset = CountReset.FULL
    statements_before_letter: int = 3
    letter_after_days: int = 30
    due_days: int = 21
    final_due_days: int = 10
    plan_grace_days: int = 5
    card_fields: bool = False
    messages: tuple[str, ...] = MESSAGES
    plan_message: str = PLAN_MESSAGE
    plan_behind_message: str = PLAN_BEHIND_MESSAGE
    letter: tuple[str, ...] = LETTER

    def message(self, number: int) -> str:
        """The words for a statement by its dunning number; the last ones serve all further."""
        return self.messages[min(number, len(self.messages)) - 1]

    def due_days_of(self, number: int) -> int:
        """Days to the due date; shorter for a final notice."""
        return self.final_due_days if number >= len(self.messages) else self.due_days


_RANGES: dict[str, tuple[int, int, str]] = {
    "cycle_days": (7, 365, "Enter 7 to 365 days from one statement to the next."),
    "minimum_cents": (1, 100_000, "Enter the smallest balance to bill, 0.01 to 1,000.00."),
    "skip_if_paid_within_days": (0, 90, "Enter 0 to 90 days."),
    "statements_before_letter": (0, 12, "Enter 1 to 12 statements, or 0 for no letter."),
    "letter_after_days": (10, 180, "Enter 10 to 180 days."),
    "due_days": (1, 90, "Enter 1 to 90 days."),
    "final_due_days": (1, 90, "Enter 1 to 90 days."),
    "plan_grace_days": (0, 30, "Enter 0 to 30 days."),
}
MAX_MESSAGE = 320  # characters: three lines on the paper


def check_policy(policy: StatementPolicy) -> list[Finding]:
    """What is wrong with the settings, by field."""
    found = [
        Finding(name, sentence)
        for name, (least, most, sentence) in _RANGES.items()
        if not least <= getattr(policy, name) <= most
    ]
    if len(policy.messages) != len(MESSAGES):
        found.append(Finding("messages", f"There are {len(MESSAGES)} messages."))
    words = {f"messages.{n}": text for n, text in enumerate(policy.messages)}
    words |= {"plan_message": policy.plan_message}
    words |= {"plan_behind_message": policy.plan_behind_message}
    for name, text in words.items():
        if not text.strip():
            found.append(Finding(name, "Enter the words that are printed."))
        elif len(text) > MAX_MESSAGE:
            found.append(Finding(name, f"Shorten this to {MAX_MESSAGE} characters."))
    if not any(paragraph.strip() for paragraph in policy.letter):
        found.append(Finding("letter", "Enter the words of the letter."))
    return found


def filled(text: str, **values: str) -> str:
    """``{phone}`` and the like replaced; anything else in braces stays as it was typed."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
