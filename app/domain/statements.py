"""Who is sent a statement and who is not, and the one reason why (billing rules §2.4, §7).

Pure: facts of one guarantor's account in, a decision out. Amounts in cents. Only what the PATIENT
party owes is ever asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.account_standing import NOT_ASKED_WORDS, Standing
from app.domain.dates import format_date
from app.domain.money import format_cents
from app.domain.payment_plans import PlanState
from app.domain.statement_policy import CountReset, StatementPolicy


class HoldKind(StrEnum):
    """Why the biller stopped an account's statements."""

    DISPUTE = "dispute"
    GFE_DISPUTE = "gfe_dispute"
    BANKRUPTCY = "bankruptcy"
    DECEASED = "deceased"
    MAIL_RETURNED = "mail_returned"
    OTHER = "other"


HOLD_WORDS = {
    HoldKind.DISPUTE: "dispute",
    HoldKind.GFE_DISPUTE: "good-faith-estimate dispute",
    HoldKind.BANKRUPTCY: "bankruptcy",
    HoldKind.DECEASED: "deceased",
    HoldKind.MAIL_RETURNED: "mail returned",
    HoldKind.OTHER: "other reason",
}


@dataclass(frozen=True, slots=True)
class LastSent:
    """The latest statement or letter that stands and counts.

    Attributes:
        owed_cents: what is still owed on the lines it asked for; 0 when all of it was settled.
        paid_since: a patient's payment came after it.
    """

    kind: str  # statement or letter
    number: int
    on: date
    owed_cents: int
    paid_since: bool = False


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known about one guarantor's account on a day (cents)."""

    standing: Standing
    has_address: bool = True
    unapplied_cents: int = 0
    last: LastSent | None = None
    last_payment_on: date | None = None
    hold: HoldKind | None = None
    hold_until: date | None = None
    plan: PlanState | None = None


class Step(StrEnum):
    """What is to be done with an account now."""

    STATEMENT = "statement"
    LETTER = "letter"
    NOTHING = "nothing"


class Reason(StrEnum):
    """Why, in one word; the sentence goes with it."""

    DUE = "due"
    PLAN_BEHIND = "plan_behind"
    LETTER_DUE = "letter_due"
    HOLD = "hold"
    NOT_ASKED = "not_asked"
    COLLECTIONS = "collections"
    PENDING = "insurance_pending"
    CREDIT = "credit"
    NOTHING_OWED = "nothing_owed"
    UNAPPLIED = "unapplied"
    NO_ADDRESS = "no_address"
    LETTER_SENT = "letter_sent"
    LETTER_WAITS = "letter_waits"
    PLAN_KEPT = "plan_kept"
    MINIMUM = "below_minimum"
    CYCLE = "sent_recently"
    PAID = "paid_recently"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with an account, and why.

    Attributes:
        step: send a statement, write the letter, or nothing.
        reason, words: why, as a word and as a sentence for the biller.
        number: the dunning number a statement sent now would carry.
        firm: nothing may be sent even by hand; False where the biller may decide otherwise.
    """

    step: Step
    reason: Reason
    words: str
    number: int
    firm: bool = False

    def may_send(self, *, by_hand: bool) -> bool:
        """Whether a statement may go out: it is due, or she decides so and nothing forbids it."""
        return self.step is Step.STATEMENT or (by_hand and not self.firm)

    def may_write(self, *, by_hand: bool) -> bool:
        """The same of the letter before collections."""
        return self.step is Step.LETTER or (by_hand and not self.firm)


def next_number(last: LastSent | None, rule: CountReset) -> int:
    """The dunning number of the next statement. What was settled in full begins anew."""
    if last is None or last.owed_cents <= 0 or (rule is CountReset.ANY and last.paid_since):
        return 1
    stays = rule is CountReset.STEP and last.paid_since
    return last.number if stays else last.number + 1


def ask_cents(facts: AccountFacts) -> int:
    """What a bill asks for now: everything, or under a plan its installment and newer debts."""
    balance, plan = facts.standing.balance_cents, facts.plan
    if plan is None:
        return balance
    return min(balance, plan.ask_cents + max(balance - plan.left_cents, 0))


def decide(facts: AccountFacts, policy: StatementPolicy, today: date) -> Decision:
    """Whether a statement is due, with the first reason that speaks against it."""
    number = next_number(facts.last, policy.count_reset)
    against = _firm(facts) or _soft(facts, policy, today, number)
    if against is not None:
        step, reason, words = against
        return Decision(step, reason, words, number, firm=reason in _FIRM)
    if facts.plan is not None and not facts.plan.kept:
        words = f"Payment plan is behind by {format_cents(facts.plan.behind_cents)}"
        return Decision(Step.STATEMENT, Reason.PLAN_BEHIND, words, number)
    return Decision(Step.STATEMENT, Reason.DUE, f"Statement {number} is due", number)


_FIRM = frozenset(
    {
        Reason.HOLD,
        Reason.NOT_ASKED,
        Reason.COLLECTIONS,
        Reason.PENDING,
        Reason.CREDIT,
        Reason.NOTHING_OWED,
    }
)
_NOTHING_ASKED_WORDS = {
    Reason.CREDIT: "In credit: apply or refund it",
    Reason.COLLECTIONS: "Balance is with the collection agency",
    Reason.PENDING: "Insurance still pending; nothing is the patient's yet",
    Reason.NOTHING_OWED: "Nothing is owed",
}
_Against = tuple[Step, Reason, str] | None


def _nothing(reason: Reason, words: str) -> _Against:
    return Step.NOTHING, reason, words


def _firm(facts: AccountFacts) -> _Against:
    """What no biller may override: holds, and accounts that have nothing to ask for."""
    standing = facts.standing
    if facts.hold is not None:
        until = f" until {format_date(facts.hold_until)}" if facts.hold_until else ""
        return _nothing(Reason.HOLD, f"On hold{until}: {HOLD_WORDS[facts.hold]}")
    if standing.balance_cents > 0:
        return None
    if standing.barred:
        reason = max(standing.barred, key=lambda pair: pair[1])[0]
        return _nothing(Reason.NOT_ASKED, NOT_ASKED_WORDS[reason])
    nothing_asked = (
        (standing.credit_cents or facts.unapplied_cents > 0, Reason.CREDIT),
        (standing.collections_cents, Reason.COLLECTIONS),
        (standing.pending_cents, Reason.PENDING),
        (True, Reason.NOTHING_OWED),
    )
    found = next(reason for applies, reason in nothing_asked if applies)
    return _nothing(found, _NOTHING_ASKED_WORDS[found])


def _soft(facts: AccountFacts, policy: StatementPolicy, today: date, number: int) -> _Against:
    """Reasons of habit and prudence, most useful first."""
    if facts.unapplied_cents > 0:
        held = format_cents(facts.unapplied_cents)
        return _nothing(Reason.UNAPPLIED, f"{held} received waits unapplied: apply it first")
    if not facts.has_address:
        return _nothing(Reason.NO_ADDRESS, "The guarantor's address is missing")
    return (
        _plan_kept(facts)
        or _letter(facts, policy, today, number)
        or _small(facts, policy)
        or _recent(facts, policy, today, number)
    )


def _plan_kept(facts: AccountFacts) -> _Against:
    plan = facts.plan
    if plan is None or not plan.kept or facts.standing.balance_cents > plan.left_cents:
        return None
    following = ""
    if plan.next_due is not None:
        following = f"; {format_cents(plan.next_cents)} on {format_date(plan.next_due)}"
    return _nothing(Reason.PLAN_KEPT, f"Payment plan is kept{following}")


def _letter(facts: AccountFacts, policy: StatementPolicy, today: date, number: int) -> _Against:
    last = facts.last
    if last is None or number == 1 or facts.plan is not None:
        return None
    if last.kind == "letter":
        words = f"Pre-collection letter of {format_date(last.on)}: decide on collections"
        return _nothing(Reason.LETTER_SENT, words)
    if not policy.statements_before_letter or number <= policy.statements_before_letter:
        return None
    on = last.on + timedelta(days=policy.letter_after_days)
    if on > today:
        words = f"Statement {last.number} was sent {_ago(last.on, today)}; letter {format_date(on)}"
        return _nothing(Reason.LETTER_WAITS, words)
    return Step.LETTER, Reason.LETTER_DUE, "Pre-collection letter is due"


def _small(facts: AccountFacts, policy: StatementPolicy) -> _Against:
    if facts.standing.balance_cents >= policy.minimum_cents:
        return None
    return _nothing(Reason.MINIMUM, f"Below the minimum of {format_cents(policy.minimum_cents)}")


def _recent(facts: AccountFacts, policy: StatementPolicy, today: date, number: int) -> _Against:
    last, paid = facts.last, facts.last_payment_on
    settled = last is None or last.owed_cents <= 0
    if last is not None and not settled and (today - last.on).days < policy.cycle_days:
        return _nothing(Reason.CYCLE, f"Statement {last.number} was sent {_ago(last.on, today)}")
    if paid is not None and (today - paid).days < policy.skip_if_paid_within_days:
        return _nothing(Reason.PAID, f"Paid {_ago(paid, today)}")
    return None


def _ago(day: date, today: date) -> str:
    days = (today - day).days
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
