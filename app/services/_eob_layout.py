"""Inner functions: an EOB that tells only of the whole claim, laid out over its lines."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.money import format_cents
from app.domain.posting import EobAdjustment, EobLine
from app.domain.spreading import lay_out
from app.models.visits import ChargeLine
from app.services import _claim_state
from app.services.payment_commands import ClaimLevel, PostEob


def laid_out(session: Session, command: PostEob) -> PostEob:
    """The command with its claim-level figures on the lines (billing rules §3.4.17).

    Raises:
        Refused: ``claim_level_not_balanced`` when they are not what the lines leave open.
    """
    level = command.claim_level
    if level is None:
        return command
    lines = list(command.lines) or _every_line(session, command.claim_id)
    room = [line.billed - line.paid - sum(a.cents for a in line.adjustments) for line in lines]
    amounts = [level.paid_cents, *(a.cents for a in level.adjustments)]
    _check(amounts, room)
    paid, *parts = lay_out(amounts, room)
    return replace(
        command,
        claim_level=None,
        lines=tuple(
            _filled(line, paid[n], [part[n] for part in parts], level)
            for n, line in enumerate(lines)
        ),
    )


def _every_line(session: Session, claim_id: int) -> list[EobLine]:
    on_claim = _claim_state.line_ids(session, claim_id)
    query = select(ChargeLine.id, ChargeLine.charge_cents).where(ChargeLine.id.in_(on_claim))
    return [EobLine(key, cents, 0) for key, cents in session.execute(query.order_by(ChargeLine.id))]


def _check(amounts: list[int], room: list[int]) -> None:
    left = sum(room) - sum(amounts)
    if left or min(amounts) < 0 or min(room, default=0) < 0:
        raise Refused(
            "claim_level_not_balanced",
            f"The figures of the claim leave {format_cents(left)} unexplained. Paid and "
            "adjustments must add up to what was billed, none of them below 0.00.",
        )


def _filled(line: EobLine, paid: int, parts: list[int], level: ClaimLevel) -> EobLine:
    more: list[EobAdjustment] = [
        replace(amount, cents=cents)
        for amount, cents in zip(level.adjustments, parts, strict=True)
        if cents
    ]
    return replace(line, paid=line.paid + paid, adjustments=(*line.adjustments, *more))
