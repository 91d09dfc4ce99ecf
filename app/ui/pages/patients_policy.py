"""One policy as it stands on the insurance card; fields appear when the policy needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal

from app.domain.claim_form import PayerType, Relationship
from app.domain.dates import format_date
from app.domain.findings import Finding
from app.services.people_commands import InsuredPerson, SavePayer, SavePolicy
from app.ui.form import Form, Slot
from app.ui.pages.patients_drafts import Body, lively, plain
from app.ui.pages.patients_fields import (
    SEXES,
    CityOf,
    Today,
    ZipFill,
    address_slots,
    gather_address,
    name_slots,
    show_cells,
    spread_address,
)
from app.ui.pages.patients_payers import (
    MSP_TYPES,
    NEW_PAYER,
    ORDINALS,
    RELATIONS,
    payer_row,
    payer_rows,
)
from app.ui.widgets.choice import CheckField, Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import CodeEdit, LineField, PhoneEdit
from app.ui.widgets.money import MoneyEdit
from app.ui.widgets.results import SearchRow
from app.ui.widgets.search import SearchField

_NAMES = ("insured_last", "insured_first", "insured_middle", "insured_suffix")
_PERSON = ("insured_birth_date", "insured_sex", "insured_phone")
_PLACE = tuple(f"insured_{n}" for n in ("line1", "line2", "zip", "city", "state"))
_TEXTS = ("group_number", "plan_name")
_PLAIN = ("rank", "effective", "termination", "assignment_of_benefits", "copay_cents")
_NO_MEMBER = "Enter the ID from the insurance card."
_ACCIDENT = (PayerType.WORKERS_COMP, PayerType.AUTO, PayerType.FECA)


class PolicyForm(Form):
    """One card. Payer, order and relationship decide which further fields are asked for.

    Args:
        payers: those to choose from, as they stand now.
        city_of: finds city and state of a ZIP.
        today: the practice's day.
        neighbour: the patient's address and last name, proposed for the insured person.

    Attributes:
        new_payer: she looked for a payer that is not there.
    """

    new_payer = Signal()

    def __init__(
        self,
        payers: Callable[[], Sequence[SavePayer]],
        city_of: CityOf,
        today: Today,
        neighbour: Callable[[], Mapping[str, Any]],
    ) -> None:
        super().__init__(submit_keys=())
        self._payers, self._neighbour = payers, neighbour
        self.policy_id: int | None = None
        self._proposed = ""  # plan name that was filled in by itself
        self._payer = SearchField(lambda text: payer_rows(payers(), text), hint="Name or payer ID")
        self._add_card(today)
        self._add_special()
        self._add_insured(today)
        ZipFill(self, city_of, "insured_")
        self.edited.connect(self._edited)
        self._payer.chosen.connect(self._chosen)
        self._payer.created.connect(lambda _text: self.new_payer.emit())
        self.show_policy(None)

    def _add_card(self, today: Today) -> None:
        relation = ChoiceEdit(RELATIONS, blank=False)
        orders = [Choice(n, word) for n, word in enumerate(ORDINALS, start=1)]
        self.add_row(
            Slot("payer_id", "Payer", self._payer, 5, "Choose the payer."),
            Slot("member_id", "Member ID (1a)", LineField(), 4, _NO_MEMBER),
            Slot("relationship", "Patient is (6)", relation, 3),
        )
        self.add_row(
            Slot("group_number", "Group no. (11)", LineField(), 3),
            Slot("plan_name", "Plan (11c)", LineField(), 3),
            Slot("effective", "In force from", DateEdit(today=today), 3),
            Slot("termination", "Ended on", DateEdit(today=today), 3),
        )
        self.add_row(
            Slot("copay_cents", "Copay", MoneyEdit(), 3),
            Slot("rank", "Billed", ChoiceEdit(orders, blank=False), 3),
            Slot("assignment_of_benefits", "", CheckField("Pays the practice (13)"), 6),
        )

    def _add_special(self) -> None:
        self.add_row(
            Slot("msp_type", "Why Medicare is not first", ChoiceEdit(MSP_TYPES), 6),
        )
        self.add_row(
            Slot("medigap", "", CheckField("Medigap policy"), 5),
            Slot("coba_id", "COBA ID", CodeEdit(length=10), 3),
        )
        self.add_row(
            Slot("insured_organization", "Employer (4)", LineField(), 6),
            Slot("claim_number", "Payer's case number", CodeEdit(length=30), 6),
        )

    def _add_insured(self, today: Today) -> None:
        self.add_row(*name_slots("insured_", needed=False))
        street, place = address_slots("insured_")
        self.add_row(
            *street,
            Slot("insured_birth_date", "Birth date", DateEdit(today=today, birth=True), 3),
            Slot("insured_sex", "Sex", ChoiceEdit(SEXES), 3),
        )
        self.add_row(*place, Slot("insured_phone", "Phone", PhoneEdit(), 4))

    # --- values ---------------------------------------------------------------------------------
    def show_policy(self, policy: SavePolicy | None, rank: int = 1) -> None:
        """Shows a policy; None an empty card of that order."""
        shown = policy or SavePolicy(0, "", rank)
        insured = shown.insured or InsuredPerson()
        self.policy_id = shown.policy_id
        self._proposed = ""
        self.set_values(
            {
                "payer_id": self._row_of(shown.payer_id),
                "member_id": shown.member_id,
                "relationship": shown.relationship,
                **{n: getattr(shown, n) for n in (*_TEXTS, *_PLAIN)},
                **{n: getattr(shown, n) for n in ("medigap", "coba_id", "claim_number")},
                "msp_type": shown.msp_type or None,
                **{f"insured_{n}": getattr(insured, n) for n in _INSURED},
                "insured_sex": insured.sex or None,
                **spread_address(insured.address, "insured_"),
            }
        )
        self._reveal()

    def _row_of(self, payer_id: object) -> SearchRow | None:
        return next((payer_row(p) for p in self._payers() if p.payer_id == payer_id), None)

    def payer(self) -> SavePayer | None:
        """The payer chosen."""
        key = self._payer.value()
        return next((p for p in self._payers() if p.payer_id == key), None)

    def command(self) -> SavePolicy:
        """The policy as typed; what is not asked for stays blank."""
        values = self.values()
        asked = self._asked()
        return SavePolicy(
            payer_id=values["payer_id"] or 0,
            member_id=values["member_id"],
            relationship=values["relationship"],
            insured=self._insured(values),
            **{n: values[n] for n in (*_TEXTS, *_PLAIN)},
            msp_type=(values["msp_type"] or "") if asked["msp"] else "",
            medigap=bool(values["medigap"]) and asked["medigap"],
            coba_id=values["coba_id"] if asked["coba"] else "",
            claim_number=values["claim_number"] if asked["case"] else "",
            policy_id=self.policy_id,
        )

    def _insured(self, values: Mapping[str, Any]) -> InsuredPerson | None:
        asked = self._asked()
        employer = values["insured_organization"] if asked["case"] else ""
        if not asked["insured"] and not employer:
            return None
        person = {n: values[f"insured_{n}"] for n in _INSURED if n != "organization"}
        if not asked["insured"]:
            person = {"phone": values["insured_phone"]}
        elif "sex" in person:
            person["sex"] = person["sex"] or ""
        return InsuredPerson(
            **person, organization=employer, address=gather_address(values, "insured_")
        )

    def is_blank(self) -> bool:
        """True for a new card on which nothing was typed."""
        values = self.values()
        typed = any(values[n] for n in ("payer_id", "member_id", *_TEXTS))
        return self.policy_id is None and not typed and not self._payer.text().strip()

    def title(self, today: Today) -> str:
        """How the card is called on its tab: ``1st · Blue Ridge PPO``."""
        values = self.values()
        name = self._payer.text().strip() if values["payer_id"] else "new card"
        if values["termination"] and values["termination"] < today():
            return f"{name} · ended {format_date(values['termination'])}"
        return f"{ORDINALS[(values['rank'] or 1) - 1]} · {name}"

    def body(self) -> Body:
        """What stands here, for a draft."""
        body: Body = plain(self.values())
        return {**body, "policy_id": self.policy_id}

    def restore(self, body: Body) -> None:
        """Brings a draft back."""
        values = {k: v for k, v in lively(body).items() if k in self.names()}
        values["payer_id"] = self._row_of(values.get("payer_id"))
        self.set_values(values)
        self.policy_id = body.get("policy_id")
        self._reveal()

    # --- what is asked for ----------------------------------------------------------------------
    def problems(self) -> tuple[Finding, ...]:
        """Only of fields that are shown; an untouched new card has none."""
        if self.is_blank():
            return ()
        found = tuple(f for f in super().problems() if not self._hidden(f.field))
        values = self.values()
        if self._comp() and not values["insured_organization"]:
            return (*found, Finding("insured_organization", "Enter the employer."))
        return found

    def _comp(self) -> bool:
        payer = self.payer()
        return payer is not None and payer.type is PayerType.WORKERS_COMP

    def _hidden(self, name: str) -> bool:
        cell = self.widget(name).parentWidget()
        return cell is not None and cell.isHidden()

    def _asked(self) -> dict[str, bool]:
        payer, values = self.payer(), self.values()
        kind = payer.type if payer else None
        later = (values["rank"] or 1) > 1
        medigap = later and kind not in (None, PayerType.MEDICARE, PayerType.MEDICAID, *_ACCIDENT)
        case = kind in _ACCIDENT
        return {
            "msp": later and kind is PayerType.MEDICARE,
            "medigap": medigap or bool(values["medigap"]),
            "coba": bool(values["medigap"]),
            "case": case,
            "insured": values["relationship"] is not Relationship.SELF
            and kind is not PayerType.WORKERS_COMP,
        }

    def _reveal(self) -> None:
        asked = self._asked()
        show_cells(self, ("msp_type",), asked["msp"])
        show_cells(self, ("medigap",), asked["medigap"])
        show_cells(self, ("coba_id",), asked["coba"])
        show_cells(self, ("insured_organization", "claim_number"), asked["case"])
        show_cells(self, (*_NAMES, "insured_birth_date", "insured_sex"), asked["insured"])
        show_cells(self, (*_PLACE, "insured_phone"), asked["insured"] or asked["case"])

    def _edited(self, name: str) -> None:
        if name in ("payer_id", "rank", "relationship", "medigap"):
            if name == "payer_id" and self._comp():  # the employer is the insured
                self._field("relationship").set_value(Relationship.OTHER)
            if name == "payer_id":
                self._propose_plan()
            if name == "relationship":
                self._propose()
            self._reveal()

    def _propose_plan(self) -> None:
        """The payer's name is the plan's as long as she types no other (11c, 9d)."""
        payer, plan = self.payer(), self._field("plan_name")
        if plan.value() in ("", self._proposed):
            self._proposed = payer.name if payer else ""
            plan.set_value(self._proposed)

    def _propose(self) -> None:
        """Most insured persons live with the patient; spouse and child mostly share the name."""
        values = self.values()
        if values["relationship"] is Relationship.SELF or values["insured_line1"]:
            return
        near = dict(self._neighbour())
        if values["relationship"] is Relationship.OTHER or values["insured_last"]:
            near.pop("last", None)
        for name, value in near.items():
            self._field(f"insured_{name}").set_value(value)

    def _field(self, name: str) -> Any:
        return self.widget(name)

    def _chosen(self, key: object) -> None:
        if key == NEW_PAYER:
            self._payer.set_value(None)
            self.new_payer.emit()


_INSURED = (
    *("last", "first", "middle", "suffix", "organization"),
    *("birth_date", "sex", "phone"),
)
