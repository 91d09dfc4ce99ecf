"""How the sample's payers decide a claim: arithmetic on its lines, as an EOB prints it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.domain.books import PATIENT_PARTY, Disposition
from app.domain.claim_form import PayerType
from app.domain.posting import EobAdjustment, EobLine
from app.services.sample_data import Charge, SamplePayer

_INJURY_TYPES = (PayerType.WORKERS_COMP, PayerType.AUTO, PayerType.FECA)


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """A line as its payer sees it. ``open_cents``: charge less what earlier payers settled."""

    line_id: int
    charge_cents: int
    open_cents: int
    charge: Charge


@dataclass(frozen=True, slots=True)
class DecidedClaim:
    """A claim on the payer's desk. ``next_party``: who owes what this payer leaves over."""

    policy_id: int
    payer: SamplePayer
    rank: int
    copay_cents: int
    next_party: int
    year: int
    lines: tuple[DecidedLine, ...]


@dataclass(slots=True)
class Deductibles:
    """What of the yearly deductible each policy has used, and on which lines (cents)."""

    used: dict[tuple[int, int], int] = field(default_factory=dict)
    by_line: dict[int, int] = field(default_factory=dict)

    def take(self, claim: DecidedClaim, line: DecidedLine, allowed: int) -> int:
        """The part of ``allowed`` that falls under the deductible; it is used up by it."""
        key, whole = (claim.policy_id, claim.year), claim.payer.terms.deductible
        used = self.used.setdefault(key, _met_elsewhere(claim, whole))
        part = min(allowed, whole - used)
        self.used[key] = used + part
        self.by_line[line.line_id] = part
        return part


def _met_elsewhere(claim: DecidedClaim, deductible: int) -> int:
    """What other practices' bills used up before ours: all of it for a third of the policies."""
    return deductible * min((claim.policy_id * 37 + claim.year * 11) % 150, 100) // 100


def decide(claim: DecidedClaim, deductibles: Deductibles) -> tuple[EobLine, ...]:
    """The lines of an EOB that pays as the plan says."""
    answer = _rule(claim)
    return tuple(answer(claim, line, deductibles) for line in claim.lines)


_Rule = Callable[[DecidedClaim, DecidedLine, Deductibles], EobLine]


def _rule(claim: DecidedClaim) -> _Rule:
    kind = claim.payer.command.type
    if claim.rank > 1:
        return _later_medicaid if kind is PayerType.MEDICAID else _later
    if claim.payer.command.capitated:
        return _capitated
    return _injury if kind in _INJURY_TYPES else _first


def _first(claim: DecidedClaim, line: DecidedLine, deductibles: Deductibles) -> EobLine:
    """The first health plan: price, deductible, coinsurance or copay, sequestration, payment."""
    terms, charge = claim.payer.terms, line.charge
    allowed = allowed_amount(claim.payer, line)
    shares: list[tuple[str, int]] = []
    if charge.kind == "visit" and claim.copay_cents:
        shares.append(("3", min(claim.copay_cents, allowed)))
    elif charge.kind != "preventive" and (terms.deductible or terms.coinsurance):
        used = 0 if charge.kind == "lab" else deductibles.take(claim, line, allowed)
        percent = 0 if charge.kind == "lab" else terms.coinsurance
        shares += [("1", used), ("2", _percent(allowed - used, percent))]
    paid = allowed - sum(cents for _, cents in shares)
    withheld = _percent(paid, 2) if terms.sequestration else 0
    found = [
        _above_allowed(claim, line.charge_cents - allowed),
        *(_share(carc, cents, claim.next_party) for carc, cents in shares),
        EobAdjustment("CO", "253", withheld, Disposition.WRITEOFF),
    ]
    return _line(line, paid - withheld, found, allowed)


def allowed_amount(payer: SamplePayer, line: DecidedLine) -> int:
    """What a payer says a line is worth (cents)."""
    if not payer.terms.allows:
        return line.charge_cents
    return min(line.charge_cents, _percent(line.charge.base_cents, payer.terms.allows))


def _above_allowed(claim: DecidedClaim, cents: int) -> EobAdjustment:
    if claim.payer.command.contracted:
        return EobAdjustment("CO", "45", cents, Disposition.WRITEOFF)
    return EobAdjustment("PR", "45", cents, Disposition.TRANSFER, claim.next_party)


def _injury(claim: DecidedClaim, line: DecidedLine, _: Deductibles) -> EobLine:
    """Workers' compensation, auto and FECA pay their schedule; the patient owes nothing."""
    allowed = allowed_amount(claim.payer, line)
    carc = "P12" if claim.payer.command.type is PayerType.WORKERS_COMP else "45"
    cut = EobAdjustment("CO", carc, line.charge_cents - allowed, Disposition.WRITEOFF)
    return _line(line, allowed, [cut], allowed)


def _capitated(claim: DecidedClaim, line: DecidedLine, _: Deductibles) -> EobLine:
    """Paid by the month; the visit's copay is the patient's."""
    copay = min(claim.copay_cents, line.charge_cents) if line.charge.kind == "visit" else 0
    rest = EobAdjustment("CO", "24", line.charge_cents - copay, Disposition.WRITEOFF)
    return _line(line, 0, [rest, _share("3", copay, claim.next_party)], copay)


def _later(claim: DecidedClaim, line: DecidedLine, deductibles: Deductibles) -> EobLine:
    """A Medigap or second plan pays the cost share; a Medigap leaves the deductible."""
    left = min(deductibles.by_line.get(line.line_id, 0), line.open_cents)
    if claim.payer.key != "medigap":
        left = _percent(line.open_cents, claim.payer.terms.coinsurance)
    paid = line.open_cents - left
    withheld = _percent(paid, 2) if claim.payer.terms.sequestration else 0
    found = [
        _earlier(line),
        _share("1" if claim.payer.key == "medigap" else "2", left, claim.next_party),
        EobAdjustment("CO", "253", withheld, Disposition.WRITEOFF),
    ]
    return _line(line, paid - withheld, found, line.open_cents)


def _later_medicaid(claim: DecidedClaim, line: DecidedLine, _: Deductibles) -> EobLine:
    """Medicaid as last payer: part or nothing, and that settles it (billing rules §3.3)."""
    paid = line.open_cents // 2
    rest = EobAdjustment("CO", "45", line.open_cents - paid, Disposition.WRITEOFF)
    return _line(line, paid, [_earlier(line), rest], line.open_cents)


def _earlier(line: DecidedLine) -> EobAdjustment:
    return EobAdjustment("OA", "23", line.charge_cents - line.open_cents, Disposition.INFO)


def _share(carc: str, cents: int, party: int) -> EobAdjustment:
    return EobAdjustment("PR", carc, cents, Disposition.TRANSFER, party)


def _percent(cents: int, percent: int) -> int:
    """A percentage of an amount, rounded to the nearest cent."""
    return (cents * percent + 50) // 100


def _line(line: DecidedLine, paid: int, found: Sequence[EobAdjustment], allowed: int) -> EobLine:
    shown = tuple(a for a in found if a.cents)
    return EobLine(line.line_id, line.charge_cents, paid, shown, allowed)


def held(claim: DecidedClaim, carc: str, rarc: str) -> tuple[EobLine, ...]:
    """A claim denied for something that can be cured: every line stays with the payer."""
    return tuple(
        _line(
            line,
            0,
            [EobAdjustment("CO", carc, line.charge_cents, Disposition.HOLD, rarc=rarc)],
            0,
        )
        for line in claim.lines
    )


def with_last_line(
    lines: tuple[EobLine, ...], adjustment: tuple[str, str, Disposition]
) -> tuple[EobLine, ...]:
    """The same EOB with its last line not paid: bundled (CO-97), or not covered (PR-204)."""
    group, carc, disposition = adjustment
    last = lines[-1]
    party = PATIENT_PARTY if disposition is Disposition.TRANSFER else None
    whole = EobAdjustment(group, carc, last.billed, disposition, party)
    return (*lines[:-1], EobLine(last.line_id, last.billed, 0, (whole,), 0))
