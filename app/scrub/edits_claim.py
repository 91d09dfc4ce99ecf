"""Edits of the claim as a whole: whether it should leave at all."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.claim_form import ClaimForm
from app.domain.findings import Severity
from app.domain.payer_rules import rules_for
from app.scrub.days import plus_days, us
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.edits_insured import incomplete
from app.scrub.facts import ScrubFacts

_CROSSOVER_DAYS = 30
_SMALL_PRACTICE_FTE = 10  # fewer than that many full-time staff (ASCA, 42 CFR 424.32)


def nothing_left(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E112: nothing is left to pay; Medicare behind another plan is billed all the same.

    Medicare counts what the first plan paid toward the patient's deductible (MSP full payment).
    """
    if facts.open_cents is None or facts.open_cents > 0 or rules_for(form.payer.type).medicare:
        return
    earlier = [d for d in facts.decisions if d.rank < form.policy.rank]
    if any(decision.paid_cents > 0 for decision in earlier):
        yield Hit(
            f"The earlier payer left nothing to pay. Bill {form.payer.name} anyway? If so, "
            "override with the reason.",
            "29_dollars",
        )


def crossed_over(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E113: Medicare sent it on; paper beside it is a duplicate."""
    for decision in facts.decisions:
        sent = decision.crossed_over_on
        if sent is None or decision.rank >= form.policy.rank:
            continue
        until = plus_days(sent, _CROSSOVER_DAYS)
        if facts.today < until:
            yield Hit(
                f"The earlier payer sent this claim on to {form.payer.name} by itself on "
                f"{us(sent)} (MA18, N89). Wait until {us(until)} before you send paper.",
                "carrier_name",
            )


def payer_address(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E120: paper needs somewhere to go."""
    missing = [words for _, words in incomplete(form.payer.address)]
    if missing:
        yield Hit(
            f"The mailing address of {form.payer.name} lacks a valid {', '.join(missing)}. "
            "Complete the payer's record.",
            "carrier_address1",
        )


def paper_exception(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E121: Medicare takes paper from small practices, or under an exception."""
    staff = facts.practice_fte
    if staff is not None and staff >= _SMALL_PRACTICE_FTE and not facts.medicare_paper_exception:
        yield Hit(
            f"Medicare takes paper from practices with fewer than {_SMALL_PRACTICE_FTE} full-time "
            f"staff, and this one has {staff}. Record the exception in Setup, or send it "
            "electronically.",
            "1_medicare",
        )


def not_to_be_sent(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E122: unsigned, on hold, or paid by the patient who forbade it."""
    if facts.do_not_bill_insurance:
        yield Hit(
            "The patient pays this care and has asked that insurance is not billed (45 CFR "
            "164.522). Do not send it.",
            "2",
        )
    if facts.hold_reason.strip():
        yield Hit(f"The visit is on hold: {facts.hold_reason.strip()}. Release it first.", "2")
    if not facts.signed:
        yield Hit("The provider has not signed the visit's note. Have it signed first.", "31_date")


def text_fits(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E123: silent here; found where the sheets are laid out, which alone knows what is printed.

    The entry stands in the list so that Setup shows the edit and its statistics.
    """
    return iter(())


def mixed_decisions(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E128: paid and denied lines on one later claim, where the payer wants them apart."""
    if not facts.payer.separate_denied_lines:
        return
    for decision in facts.decisions:
        if decision.rank >= form.policy.rank:
            continue
        if decision.paid_lines and decision.denied_lines:
            listed = ", ".join(str(n + 1) for n in sorted(decision.denied_lines))
            yield Hit(
                f"{form.payer.name} wants lines that the earlier payer denied on a claim of their "
                f"own. Move line {listed} to another claim.",
                "29_dollars",
            )


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E112", "claim", _ERROR, Scope.ALL, "The earlier payer left something to pay.",
         nothing_left, "NGS MSP steps"),
    Edit("E113", "claim", _ERROR, Scope.ALL, "Medicare has not sent the claim on by itself.",
         crossed_over, "CGS/NGS crossover"),
    Edit("E120", "claim", _ERROR, Scope.ALL, "The payer has a mailing address.",
         payer_address, "logic"),
    Edit("E121", "claim", _WARN, Scope.MEDICARE, "The practice may send Medicare paper.",
         paper_exception, "ASCA; FCSO MSP page"),
    Edit("E122", "claim", _WARN, Scope.ALL, "The visit is signed, free and may go to insurance.",
         not_to_be_sent, "45 CFR 164.522(a)(1)(vi)"),
    Edit("E123", "claim", _ERROR, Scope.ALL, "Text fits its box and can be printed.",
         text_fits, "Palmetto printing tips; NUCC"),
    Edit("E128", "claim", _WARN, Scope.CONFIGURABLE, "Lines that were denied on their own claim.",
         mixed_decisions, "payer's record"),
)  # fmt: skip
