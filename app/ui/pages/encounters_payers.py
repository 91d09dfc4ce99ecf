"""Who may be billed for a visit, first payer first, as answers to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import permutations

from app.domain.dates import format_date
from app.services.coding_desk import PolicyChoice
from app.ui.widgets.choice import Choice

BY_ORDER = "by order"  # the policies in force on the day, by their order
_MOST = 3  # orders of more than three payers are set on the patient


def payer_choices(policies: Sequence[PolicyChoice], day: date | None) -> tuple[Choice, ...]:
    """The usual answer first: all in force by order; then other orders, single ones, self-pay."""
    current = [p for p in policies if day is None or p.in_force(day)]
    usual = tuple(p.policy_id for p in current)
    choices = [Choice(BY_ORDER, names(current) or "Self-pay: no policy in force on this date")]
    for count in range(min(_MOST, len(current)), 0, -1):
        choices += [
            Choice(chosen, names(order))
            for order in permutations(current[:_MOST], count)
            if (chosen := tuple(p.policy_id for p in order)) != usual
        ]
    choices += [
        Choice((p.policy_id,), f"{p.payer} ({_why(p, day)})") for p in policies if p not in current
    ]
    if current:
        choices.append(Choice((), "Self-pay: the patient is billed", "s"))
    return tuple(choices)


def names(policies: Sequence[PolicyChoice]) -> str:
    """``Blue Ridge PPO, then Harbor Mutual``; empty for none."""
    return ", then ".join(p.payer for p in policies)


def to_command(answer: object) -> tuple[int, ...] | None:
    """The answer as ``SaveEncounter.policy_ids``."""
    return answer if isinstance(answer, tuple) else None


def to_answer(
    policy_ids: Sequence[int] | None, policies: Sequence[PolicyChoice], day: date | None
) -> object:
    """``SaveEncounter.policy_ids`` as one of the answers."""
    if policy_ids is None:
        return BY_ORDER
    usual = [p.policy_id for p in policies if day is None or p.in_force(day)]
    return BY_ORDER if policy_ids and list(policy_ids) == usual else tuple(policy_ids)


def _why(policy: PolicyChoice, day: date | None) -> str:
    if policy.termination is not None and day is not None and policy.termination < day:
        return f"ended {format_date(policy.termination)}"
    return f"begins {format_date(policy.effective)}"
