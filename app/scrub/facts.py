"""What a claim edit may know beside the form: the practice's records, earlier decisions, history.

Everything is a plain value, gathered once by the services. ``None`` means *not recorded*; an edit
that needs such a fact stays silent (it never guesses).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from app.scrub.code_tables import CodeTables


@dataclass(frozen=True, slots=True)
class PayerFacts:
    """What the payer's record says about claims, beyond how they are written.

    Attributes:
        timely_filing_days: from the line's first date; None: not recorded.
        id_mask: how member IDs look: ``#`` a digit, ``@`` a letter, ``*`` either, else itself.
        bilateral: how both sides are billed: ``50`` (one line, modifier 50), ``rt_lt`` (two
            lines), empty when either goes.
        ndc_required, clia_required: asked by this payer too, beyond Medicaid (NDC) and Medicare
            (CLIA), which always ask.
        separate_denied_lines: a secondary claim may not mix lines that the earlier payer paid and
            lines that it denied.
        enrolled_tax_id, enrolled_npi: under which this payer knows the practice, empty: unknown.
        off: ids of edits switched off for this payer.
    """

    timely_filing_days: int | None = None
    id_mask: str = ""
    prior_auth_codes: frozenset[str] = frozenset()
    referring_codes: frozenset[str] = frozenset()
    telehealth_modifier: str = ""
    ndc_required: bool = False
    clia_required: bool = False
    bilateral: str = ""
    separate_denied_lines: bool = False
    forbids_month_span: bool = False
    wants_preventive_33: bool = False
    limiting_charge_applies: bool = False
    enrolled_tax_id: str = ""
    enrolled_npi: str = ""
    off: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PolicyDates:
    """When a policy of the encounter is in force; open ends are None."""

    rank: int
    effective: date | None = None
    termination: date | None = None


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """What an earlier payer decided on this claim's lines (cents).

    Attributes:
        rank: of the payer.
        decided_on: date of its EOB.
        paid_cents: on all lines of this claim.
        crossed_over_on: when the EOB said that the claim was forwarded (MA18, N89); None: not.
        paid_lines, denied_lines: positions on this claim, from 0.
    """

    rank: int
    decided_on: date
    paid_cents: int = 0
    crossed_over_on: date | None = None
    paid_lines: frozenset[int] = frozenset()
    denied_lines: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PastService:
    """A service of the patient on another encounter.

    ``same_provider`` and ``same_specialty`` compare its rendering provider with this claim's.
    """

    on: date
    code: str
    modifiers: tuple[str, ...] = ()
    same_provider: bool = True
    same_specialty: bool = True


@dataclass(frozen=True, slots=True)
class BilledService:
    """A service on another claim to the same payer for the same patient (for duplicates)."""

    claim_number: str
    status: str
    on: date
    code: str
    modifiers: tuple[str, ...]
    rendering_npi: str


@dataclass(frozen=True, slots=True)
class Authorization:
    """A prior authorization on file; ``visits_left`` counts this claim's visit as not yet used."""

    number: str
    valid_from: date | None = None
    valid_to: date | None = None
    visits_left: int | None = None


@dataclass(frozen=True, slots=True)
class ScrubFacts:
    """All that is known for one claim.

    Attributes:
        today: the day the claim would be printed.
        for_print: False while she is still coding: no print date matters yet.
        open_cents: the billed payer's bucket on the claim's lines; None before posting.
        original_decided: of a replacement or void, whether the original has an answer.
        other_coverage: names of other payers whose policy is in force but not on this encounter.
        practice_npi_type: 1 a person, 2 an organisation.
        referring_is_person, referring_enrolled: as the referring provider's record says.
        credentialed: whether the rendering provider is set up with this payer on the dates.
        abn_on_file: advance beneficiary notice signed for this encounter.
    """

    today: date
    payer: PayerFacts = PayerFacts()
    tables: CodeTables = field(default_factory=CodeTables)
    for_print: bool = True
    practice_npi_type: int = 2
    practice_fte: int | None = None
    medicare_paper_exception: bool = False
    medicare_participating: bool | None = None
    rendering_credentials: str = ""
    credentialed: bool | None = None
    referring_is_person: bool | None = None
    referring_enrolled: bool | None = None
    death_date: date | None = None
    hospice: bool = False
    qmb: bool = False
    do_not_bill_insurance: bool = False
    signed: bool = True
    hold_reason: str = ""
    accident_date: date | None = None
    prior_authorization: str = ""
    clia: str = ""
    mammography_certificate: str = ""
    abn_on_file: bool | None = None
    authorization: Authorization | None = None
    policy_dates: tuple[PolicyDates, ...] = ()
    other_coverage: tuple[str, ...] = ()
    decisions: tuple[EarlierDecision, ...] = ()
    open_cents: int | None = None
    original_decided: bool | None = None
    history: tuple[PastService, ...] = ()
    billed: tuple[BilledService, ...] = ()
