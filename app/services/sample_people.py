"""Families of the sample practice: who lives together, who answers for whom, who insures them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.domain.claim_form import Address, Relationship
from app.domain.dates import age_on
from app.services.people_commands import InsuredPerson, SaveGuarantor, SavePatient, SavePolicy

_PLANS = {
    "blue": "Ridge Select",
    "piedmont": "Alliance Plus",
    "teachers": "Old Mill Basic",
    "hmo": "Shenandoah HMO",
    "medicare": "Medicare Part B",
    "medicaid": "Commonwealth Medicaid",
    "tricare": "TRICARE Prime",
    "champva": "CHAMPVA",
    "medigap": "Silver Pines Plan G",
    "feca": "Federal Injury Program",
}
_COPAYS = (2000, 2500, 3000, 4000, None)  # cents; a family has one card and one copay
_MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"  # CMS leaves out S, L, O, I, B and Z


@dataclass(frozen=True, slots=True)
class FamilyKind:
    """A kind of household.

    Attributes:
        payers: keys of the payers of every member, billed in this order; a slash means one of.
        adults: youngest and oldest age of each adult.
        children: how many; with no adult the parent is the guarantor and not a patient.
        accident: key of a payer that covers an accident of the first adult, or empty.
        visits: visits of a member in 18 months.
        own: every member is insured in his own name.
    """

    name: str
    weight: int
    payers: tuple[str, ...]
    adults: tuple[tuple[int, int], ...]
    children: int = 0
    accident: str = ""
    visits: int = 2
    own: bool = False


KINDS = (
    FamilyKind("family", 20, ("blue/piedmont",), ((28, 48), (28, 48)), 2),
    FamilyKind("medigap", 12, ("medicare", "medigap"), ((66, 88), (66, 88)), visits=4, own=True),
    FamilyKind("medicaid", 9, ("medicaid",), (), 2, visits=3, own=True),
    FamilyKind("retiree", 6, ("medicare", "piedmont"), ((66, 84),), visits=4, own=True),
    FamilyKind("dual", 5, ("medicare", "medicaid"), ((66, 90),), visits=4, own=True),
    FamilyKind("self_pay", 7, (), ((20, 60),)),
    FamilyKind("military", 6, ("tricare",), ((26, 44),), 1),
    FamilyKind("champva", 4, ("champva",), ((45, 64),), own=True),
    FamilyKind("hmo", 7, ("hmo",), ((22, 60),), 1),
    FamilyKind("teacher", 5, ("teachers",), ((25, 60),), own=True),
    FamilyKind("injured", 4, ("blue",), ((22, 60),), accident="comp", visits=1, own=True),
    FamilyKind("crashed", 4, ("piedmont",), ((20, 63),), accident="auto", visits=1, own=True),
    FamilyKind("federal", 3, ("blue",), ((25, 60),), accident="feca", visits=1, own=True),
    FamilyKind("working", 3, ("piedmont", "medicare"), ((66, 71),), visits=3, own=True),
    FamilyKind("medicare", 6, ("medicare",), ((67, 92),), visits=4, own=True),
    FamilyKind("single", 12, ("blue/piedmont",), ((19, 63),), own=True),
)


@dataclass(frozen=True, slots=True)
class Member:
    """A patient to be. ``dependent``: the household's first guarantor answers for this one."""

    command: SavePatient
    payers: tuple[str, ...]
    dependent: bool


@dataclass(frozen=True, slots=True)
class Family:
    """A household; ``new`` ones come to the practice for the first time during the sample."""

    kind: FamilyKind
    members: tuple[Member, ...]
    new: bool


def families(
    rng: random.Random,
    names: Mapping[str, tuple[str, ...]],
    payers: Mapping[str, int],
    start: date,
    patients: int,
) -> tuple[Family, ...]:
    """Households holding ``patients`` patients in all, one of every kind before any second one."""
    maker = _Maker(rng, names, payers, start)
    found: list[Family] = []
    left = patients
    for kind in _kinds(rng):
        if left <= 0:
            break
        family = maker.family(kind, left, new=len(found) >= len(KINDS) and rng.randrange(100) < 20)
        left -= len(family.members)
        found.append(family)
    return tuple(found)


def _kinds(rng: random.Random) -> Iterator[FamilyKind]:
    yield from KINDS
    while True:
        yield from rng.choices(KINDS, [kind.weight for kind in KINDS])


class _Maker:
    """Draws names, birth dates, addresses and insurance cards."""

    def __init__(
        self,
        rng: random.Random,
        names: Mapping[str, tuple[str, ...]],
        payers: Mapping[str, int],
        start: date,
    ) -> None:
        self._rng, self._names, self._payers, self._start = rng, names, payers, start
        self._taken: set[tuple[str, str]] = set()
        self._cards = 0

    def family(self, kind: FamilyKind, room: int, *, new: bool) -> Family:
        """One household of at most ``room`` patients."""
        last, home = self._rng.choice(self._names["last"]), self._home()
        phone = f"54055501{self._rng.randrange(100):02}"
        payers = tuple(self._rng.choice(p.split("/")) for p in kind.payers)
        adults = [self._person(last, home, phone, *ages, n) for n, ages in enumerate(kind.adults)]
        children = [self._person(last, home, phone, 1, 16, n) for n in range(kind.children)]
        head = adults[0] if adults else self._person(last, home, phone, 24, 40, 0)
        group = "" if kind.own else self._card(payers[0]) if payers else ""
        members = [
            self._member(kind, payers, head, person, group, child=person in children)
            for person in [*adults, *children][:room]
        ]
        return Family(kind, tuple(members), new)

    def _member(
        self,
        kind: FamilyKind,
        payers: tuple[str, ...],
        head: SavePatient,
        person: SavePatient,
        card: str,
        *,
        child: bool,
    ) -> Member:
        policies = [
            self._policy(kind, key, rank, head, person, card)
            for rank, key in enumerate(payers, start=1)
        ]
        if kind.accident and person is head:
            policies.append(self._accident_policy(kind.accident, person))
            payers = (*payers, kind.accident)
        guarantor = None
        if child:
            guarantor = SaveGuarantor(
                head.last, head.first, "", head.address, head.phone, head.birth_date
            )
        qmb = "medicaid" in payers[1:]
        command = replace(person, policies=tuple(policies), guarantor=guarantor, qmb=qmb)
        return Member(command, payers, dependent=child)

    def _policy(
        self,
        kind: FamilyKind,
        key: str,
        rank: int,
        head: SavePatient,
        person: SavePatient,
        card: str,
    ) -> SavePolicy:
        """A card; a family plan has one number, and its first adult or the sponsor insures all."""
        sponsor = self._sponsor(head) if kind.name == "military" else head
        own = kind.own or sponsor is person
        group = key in ("blue", "piedmont", "teachers", "hmo")
        number = card or self._card(key)
        return SavePolicy(
            payer_id=self._payers[key],
            member_id=number,
            rank=rank,
            relationship=Relationship.SELF if own else self._relationship(person),
            insured=None if own else _insured(sponsor),
            group_number=f"G{number[-4:]}" if group else "",
            plan_name=_PLANS[key],
            effective=date(self._start.year - 1, 1, 1),
            copay_cents=_copay(key, number) if group and rank == 1 else None,
            **_marks(kind, key),
        )

    def _relationship(self, person: SavePatient) -> Relationship:
        grown = age_on(person.birth_date or self._start, self._start) >= 18
        return Relationship.SPOUSE if grown else Relationship.CHILD

    def _accident_policy(self, key: str, person: SavePatient) -> SavePolicy:
        employer = None
        if key == "comp":
            name = self._rng.choice(self._names["employer"])
            employer = InsuredPerson(organization=name, address=self._home(), phone="5405550199")
        return SavePolicy(
            payer_id=self._payers[key],
            member_id=self._card(key),
            rank=9,
            relationship=Relationship.OTHER if employer else Relationship.SELF,
            insured=employer,
            effective=date(self._start.year - 1, 1, 1),
            claim_number=f"{key[:2].upper()}{self._rng.randrange(100000, 999999)}",
        )

    def _sponsor(self, head: SavePatient) -> SavePatient:
        """The serviceman or -woman himself: insures the family, is treated elsewhere."""
        first = self._names["M" if head.sex == "F" else "F"][len(head.first)]
        sex = "M" if head.sex == "F" else "F"
        return replace(head, first=first, sex=sex)

    def _person(
        self, last: str, home: Address, phone: str, youngest: int, oldest: int, n: int
    ) -> SavePatient:
        sex = "FM"[n] if n < 2 and self._rng.randrange(10) else self._rng.choice("FM")
        first = self._rng.choice(self._names[sex])
        for _ in range(20):
            if (last, first) not in self._taken:
                break
            first = self._rng.choice(self._names[sex])
        self._taken.add((last, first))
        days = self._rng.randrange(youngest * 365 + 400, (oldest + 1) * 365)
        return SavePatient(
            last=last,
            first=first,
            middle=self._rng.choice(("", "", "A", "J", "L", "M", "R", "T")),
            birth_date=self._start - timedelta(days=days),
            sex=sex,
            address=home,
            phone=phone,
        )

    def _home(self) -> Address:
        town, state, code = self._rng.choice(self._names["town"]).rsplit(" ", 2)
        street = f"{self._rng.randrange(10, 990)} {self._rng.choice(self._names['street'])}"
        return Address(street, "", town, state, code)

    def _card(self, key: str) -> str:
        self._cards += 1
        if key == "medicare":
            return self._mbi()
        # 9 in front: no Social Security number begins so.
        number = f"9{self._rng.randrange(10**6):06}{self._cards % 10000:04}"
        return number if key in ("medicaid", "champva", "tricare") else f"{key[:3].upper()}{number}"

    def _mbi(self) -> str:
        """Eleven characters in CMS's pattern."""
        return "".join(
            self._rng.choice({"C": "123456789", "N": "0123456789"}.get(place, _MBI_LETTERS))
            for place in "CANNANNAANN"
        )


def _marks(kind: FamilyKind, key: str) -> dict[str, Any]:
    """Why Medicare comes second (12: working aged), and where Medicare forwards to a Medigap."""
    if key == "medigap":
        return {"medigap": True, "coba_id": "55417"}
    return {"msp_type": "12"} if kind.name == "working" and key == "medicare" else {}


def _copay(key: str, number: str) -> int | None:
    return 1500 if key == "hmo" else _COPAYS[int(number[-2:]) % len(_COPAYS)]


def _insured(person: SavePatient) -> InsuredPerson:
    return InsuredPerson(
        last=person.last,
        first=person.first,
        middle=person.middle,
        birth_date=person.birth_date,
        sex=person.sex,
        address=person.address,
        phone=person.phone,
    )
