"""The sample's mail: claims printed and sent out, checks with EOBs come in and are posted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.domain.books import CheckItem, Disposition
from app.domain.claim_form import PayerType
from app.domain.posting import EobLine
from app.services.payment_commands import AddCheckItem, EobPosted, OpenCheck, PostEob
from app.services.sample_claims import SentClaim, claims_by_number, on_payers_desk
from app.services.sample_data import SamplePayer
from app.services.sample_office import SampleOffice
from app.services.sample_remits import DecidedClaim, Deductibles, decide, held, with_last_line

_FULL_ENVELOPE = 4  # claims; fewer wait until one of them is a week late
_CAPITATION_CENTS = 2150  # a member and month

# What becomes of a first claim, in percent; the rest is paid as the plan says.
_FATES = (("lost", 3), ("returned", 2), ("missing", 4), ("approval", 3), ("cut", 6))


@dataclass(frozen=True, slots=True)
class Expected:
    """A claim whose answer is awaited: what it will be, and from which day on."""

    claim: SentClaim
    fate: str
    due: date


@dataclass(frozen=True, slots=True)
class Answer:
    """An EOB in the envelope, ready to be posted."""

    expected: Expected
    lines: tuple[EobLine, ...]
    remarks: tuple[str, ...]
    reference: str

    @property
    def paid_cents(self) -> int:
        """What it adds to the check."""
        return sum(line.paid for line in self.lines)


Decided = Callable[[Answer, EobPosted], None]


@dataclass(slots=True)
class Mailbox:
    """Everything that is out with a payer. ``decided`` hears of each EOB posted."""

    office: SampleOffice
    decided: list[Decided] = field(default_factory=list)
    awaited: dict[int, Expected] = field(default_factory=dict)
    deductibles: Deductibles = field(default_factory=Deductibles)
    certain: set[str] = field(default_factory=set)  # numbers of claims that will be paid
    checks: int = 0

    def send_ready(self) -> None:
        """Prints every ready claim in one run, and says that the sheets are good."""
        claims = self.office.services.claims
        ready = claims.list_claims(("ready",))
        keys = sorted(row.claim_id for row in ready)
        if keys:
            claims.print_claims(keys)
            claims.confirm_printed(keys)
            self.await_answers(tuple(row.number for row in ready))

    def await_answers(self, numbers: tuple[str, ...]) -> None:
        """Claims just gone out, or forwarded by the earlier payer: when and what comes back."""
        for claim in claims_by_number(self.office, numbers):
            if claim.status != "submitted":
                continue
            terms = self.office.payer(claim.payer_id).terms
            due = self.office.today + timedelta(days=self.office.rng.randint(*terms.days))
            self.expect(claim, self._fate(claim), due)

    def expect(self, claim: SentClaim, fate: str, due: date) -> None:
        """Awaits an answer to a claim."""
        self.awaited[claim.claim_id] = Expected(claim, fate, due)
        if fate == "pays" and self.office.chance(15):
            self.office.later(6, lambda: self._accepted(claim))

    def _accepted(self, claim: SentClaim) -> None:
        if claim.claim_id in self.awaited:
            note = "Payer has it on file, in process."
            self.office.services.claims.set_status(claim.claim_id, "accepted", note)

    def _fate(self, claim: SentClaim) -> str:
        roll = self.office.rng.randrange(100)
        if claim.rank > 1 or claim.number in self.certain:
            return "pays"
        for fate, percent in _FATES:
            if roll < percent:
                return fate
            roll -= percent
        return "pays"

    def open_envelopes(self) -> None:
        """Posts the checks of the payers whose mail comes today."""
        for payer in self.office.book.payers:
            if payer.terms.mail != self.office.today.weekday():
                continue
            due = self.due_from(payer)
            late = any((self.office.today - e.due).days >= 7 for e in due)
            if len(due) >= _FULL_ENVELOPE or late:
                self.post_check(payer, [self.answer(e) for e in due])
            if payer.command.capitated and self.office.today.day <= 7:
                self._capitation(payer)

    def due_from(self, payer: SamplePayer) -> list[Expected]:
        """Claims that a payer has decided by today."""
        payer_id = self.office.payers[payer.key]
        return [
            e
            for e in self.awaited.values()
            if e.claim.payer_id == payer_id
            and e.due <= self.office.today
            and e.fate not in ("lost", "returned")
        ]

    def answer(self, expected: Expected) -> Answer:
        """What the EOB says about one claim."""
        claim = on_payers_desk(self.office, expected.claim.claim_id)
        remarks: tuple[str, ...] = ()
        if expected.fate == "missing":
            lines, remarks = held(claim, "16", "N290"), ("N290",)
        elif expected.fate == "approval":
            lines, remarks = held(claim, "197", "M62"), ("M62",)
        else:
            lines = decide(claim, self.deductibles)
            if expected.fate == "cut":
                lines = _cut(claim, lines)
            if expected.claim.forwarded_to_medigap:
                remarks = ("MA18",)
        year, number = self.office.today.year % 100, self.office.rng.randrange(10**9)
        return Answer(expected, lines, remarks, f"{year:02}{number:09}")

    def open_check(self, payer: SamplePayer, cents: int) -> int:
        """The header of a check that came today; returns its id."""
        self.checks += 1
        trace = "EFT" if payer.terms.method == "eft" else ""
        command = OpenCheck(
            payer_id=self.office.payers[payer.key],
            amount_cents=cents,
            number=f"{trace}{payer.terms.mail + 1}{70000 + self.checks}",
            payment_date=self.office.today - timedelta(days=3),
            received_on=self.office.today,
            method=payer.terms.method,
        )
        return self.office.services.checks.open_check(command).payment_id

    def post_check(self, payer: SamplePayer, answers: list[Answer]) -> int:
        """A whole check: header, every EOB, what else stands on it, closed at 0.00."""
        extra = self._extra(payer)
        amount = sum(a.paid_cents for a in answers) + (extra[1] if extra else 0)
        check = self.open_check(payer, amount)
        for answer in answers:
            self.post(check, answer)
        if extra:
            kind, cents, note = extra
            self.office.services.checks.add_item(AddCheckItem(check, kind, cents, note=note))
        self.office.services.checks.close_check(check)
        return check

    def post(self, check: int, answer: Answer) -> None:
        """One EOB; forwarded claims are awaited, and whoever follows up hears of it."""
        claim = answer.expected.claim
        self.awaited.pop(claim.claim_id, None)
        command = PostEob(check, claim.claim_id, answer.lines, answer.remarks, answer.reference)
        posted = self.office.services.eobs.post_eob(command)
        if posted.released_claims:
            self.await_answers(posted.released_claims)
        for hear in self.decided:
            hear(answer, posted)

    def _extra(self, payer: SamplePayer) -> tuple[CheckItem, int, str] | None:
        """Once each: interest for a late payment, and a line nobody can place."""
        if payer.key == "blue" and self.office.once("interest"):
            return CheckItem.INTEREST, 187, "Interest, paid late"
        if payer.key == "piedmont" and self.office.once("unplaced"):
            return CheckItem.UNAPPLIED, 4210, "Line of a patient we do not know; payer asked"
        return None

    def _capitation(self, payer: SamplePayer) -> None:
        month = f"{self.office.today:%m/%Y}"
        if self.office.once(f"capitation {month}"):
            cents = 30 * _CAPITATION_CENTS
            check, note = self.open_check(payer, cents), f"Members of {month}"
            item = AddCheckItem(check, CheckItem.CAPITATION, cents, note=note)
            self.office.services.checks.add_item(item)
            self.office.services.checks.close_check(check)


def _cut(claim: DecidedClaim, lines: tuple[EobLine, ...]) -> tuple[EobLine, ...]:
    """One line of several not paid: bundled, or, by a group plan, not covered."""
    last = claim.lines[-1].charge
    if len(lines) < 2 or claim.payer.command.capitated:
        return lines
    if claim.payer.command.type is PayerType.GROUP and last.kind in ("test", "preventive"):
        return with_last_line(lines, ("PR", "204", Disposition.TRANSFER))
    return with_last_line(lines, ("CO", "97", Disposition.WRITEOFF))
