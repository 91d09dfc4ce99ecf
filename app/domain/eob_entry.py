"""An EOB line as it is typed, column by column: what is computed, what is left over (rules §8)."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.books import Disposition
from app.domain.posting import EobAdjustment, EobLine


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A service line waiting for its EOB (cents).

    Attributes:
        open: what this payer still owes on the line.
        provisional: patient's share taken at the visit, released by this EOB.
        next_party: who owes the patient's share next (a later payer, or the patient).
        patient_party: the patient, who alone answers for a plan out of network.
    """

    line_id: int
    billed: int
    open: int
    provisional: int
    next_party: int
    patient_party: int
    contracted: bool = True

    @property
    def prior(self) -> int:
        """What earlier payers paid and adjusted: information, never posted again (OA-23)."""
        return self.billed - self.open - self.provisional

    @property
    def decidable(self) -> int:
        """The part of the charge this payer decides."""
        return self.open + self.provisional


@dataclass(frozen=True, slots=True)
class TypedLine:
    """What she typed so far (cents); None is an empty cell.

    ``other_action`` is how the other amount is placed; None takes the reason's default.
    """

    allowed: int | None = None
    deductible: int | None = None
    coinsurance: int | None = None
    copay: int | None = None
    other: int | None = None
    group: str = "CO"
    carc: str = ""
    other_action: Disposition | None = None
    paid: int | None = None
    # How the amount that stands in no column was placed by key: W, T, H; nothing by itself.
    # INFO, for more than was left to pay: a smaller write-off first, then the payer's credit.
    rest_action: Disposition | None = None
    sequestered: bool = False  # paid is computed less the 2 % that Medicare keeps (CO-253)

    @property
    def touched(self) -> bool:
        """True once anything was typed."""
        cells = (self.allowed, self.deductible, self.coinsurance, self.copay, self.other, self.paid)
        return any(cell is not None for cell in cells)


@dataclass(frozen=True, slots=True)
class WorkedLine:
    """The line worked out (cents). ``left_over`` must be 0 before the claim can be saved.

    Attributes:
        computed_paid: what the columns leave to pay, before any cut for sequestration.
        sequestration: 2 % of the computed payment, when that is what is missing.
        kept_back: the same 2 % where the line is marked as sequestered; it is accounted for.
    """

    paid: int
    computed_paid: int
    write_off: int
    patient_share: int
    left_over: int
    sequestration: int
    kept_back: int = 0


def work_out(line: EntryLine, typed: TypedLine) -> WorkedLine:
    """Computes write-off, payment and what is in no column from what was typed."""
    share = sum(c or 0 for c in (typed.deductible, typed.coinsurance, typed.copay))
    other = typed.other or 0
    allowed = line.decidable if typed.allowed is None else min(typed.allowed, line.decidable)
    # A line denied whole has no contractual part: its amount stands under its reason.
    denied = typed.allowed == 0 and other > 0
    write_off = 0 if denied or typed.allowed is None else line.decidable - allowed
    computed = max(line.decidable - write_off - share - other, 0)
    cut = round_half_up(computed * 2, 100)
    kept = cut if typed.sequestered else 0
    untyped = typed.paid is None and typed.allowed is not None
    paid = computed - kept if untyped else typed.paid or 0
    rest = line.decidable - write_off - share - other - kept - paid
    if typed.rest_action is Disposition.INFO and rest < 0:
        write_off = max(write_off + rest, 0)
    return WorkedLine(
        paid=paid,
        computed_paid=computed,
        write_off=write_off,
        patient_share=share,
        left_over=0 if typed.rest_action is not None else rest,
        sequestration=cut if rest == cut and cut else 0,
        kept_back=kept,
    )


def round_half_up(numerator: int, denominator: int) -> int:
    """Whole cents of a fraction, half a cent up."""
    return (2 * numerator + denominator) // (2 * denominator)


def eob_line(
    line: EntryLine, typed: TypedLine, defaults: dict[tuple[str, str], Disposition]
) -> EobLine:
    """The typed line as the EOB line to post; ``defaults`` is the practice's reason table."""
    worked = work_out(line, typed)
    adjustments: list[EobAdjustment] = []
    if line.prior:
        adjustments.append(EobAdjustment("OA", "23", line.prior, Disposition.INFO))
    if worked.write_off:
        adjustments.append(_above_allowed(line, worked.write_off))
    for carc, cents in (("1", typed.deductible), ("2", typed.coinsurance), ("3", typed.copay)):
        if cents:
            adjustments.append(_transfer(line, "PR", carc, cents))
    if typed.other:
        adjustments.append(_other(line, typed, defaults))
    if worked.kept_back:
        adjustments.append(EobAdjustment("CO", "253", worked.kept_back, Disposition.WRITEOFF))
    rest = unplaced(line, typed, worked)
    if typed.rest_action is not None and rest:
        adjustments.append(_rest(line, typed, rest, worked))
    return EobLine(line.line_id, line.billed, worked.paid, tuple(adjustments), typed.allowed)


def unplaced(line: EntryLine, typed: TypedLine, worked: WorkedLine) -> int:
    """What stands in no column (cents), however her key has placed it."""
    columns = worked.write_off + worked.patient_share + (typed.other or 0) + worked.kept_back
    return line.decidable - columns - worked.paid


def _above_allowed(line: EntryLine, cents: int) -> EobAdjustment:
    if line.contracted:
        return EobAdjustment("CO", "45", cents, Disposition.WRITEOFF)
    return EobAdjustment("PR", "45", cents, Disposition.TRANSFER, line.patient_party)


def _transfer(line: EntryLine, group: str, carc: str, cents: int) -> EobAdjustment:
    return EobAdjustment(group, carc, cents, Disposition.TRANSFER, line.next_party)


def _other(
    line: EntryLine, typed: TypedLine, defaults: dict[tuple[str, str], Disposition]
) -> EobAdjustment:
    action = typed.other_action or default_action(defaults, typed.group, typed.carc)
    target = line.next_party if action is Disposition.TRANSFER else None
    return EobAdjustment(typed.group, typed.carc, typed.other or 0, action, target)


def _rest(line: EntryLine, typed: TypedLine, cents: int, worked: WorkedLine) -> EobAdjustment:
    """The residual, placed by her key: written off, passed on, or held with the payer."""
    action = typed.rest_action or Disposition.HOLD
    if action is Disposition.INFO:
        return EobAdjustment("OA", "94", cents, action)
    if action is Disposition.TRANSFER:
        return _transfer(line, "PR", "2", cents)
    if action is Disposition.WRITEOFF:
        carc = "253" if worked.sequestration else "45"
        return EobAdjustment("CO", carc, cents, action)
    return EobAdjustment("CO", typed.carc or "16", cents, Disposition.HOLD)


def default_action(
    defaults: dict[tuple[str, str], Disposition], group: str, carc: str
) -> Disposition:
    """What a reason does unless she says otherwise; unknown ones are held, except PR."""
    known = defaults.get((group, carc))
    if known is not None:
        return known
    return Disposition.TRANSFER if group == "PR" else Disposition.HOLD


def parse_reason(text: str) -> tuple[str, str]:
    """``CO-16``, ``co16``, ``16`` → group and CARC; without a group it is CO.

    Raises:
        ValueError: with a sentence for the cell.
    """
    typed = text.strip().upper().replace(" ", "").replace("-", "")
    group, carc = ("CO", typed) if typed[:2] not in GROUPS else (typed[:2], typed[2:])
    if not carc or len(carc) > 4 or not carc.isalnum() or not any(c.isdigit() for c in carc):
        raise ValueError("A reason looks like CO-16 or PR-96: a group and a number.")
    return group, carc


GROUPS = ("CO", "PR", "OA", "PI", "CR")
