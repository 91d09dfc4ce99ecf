"""The cards of a patient side by side: first, second, third payer, and those that ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from app.domain.findings import Finding
from app.services.people_commands import SavePayer, SavePolicy
from app.ui.pages.patients_drafts import Body
from app.ui.pages.patients_fields import CityOf, Today
from app.ui.pages.patients_payers import ORDINALS
from app.ui.pages.patients_policy import PolicyForm
from app.ui.theme import dp


class PolicyCards(QWidget):
    """One tab a policy; a new patient begins with an empty first card.

    Attributes:
        tabs: the tabs, to be put where there is room for them.
        edited: something was typed on a card.
        turned: another card is in front, or there are more or fewer of them.
        new_payer: she looked for a payer that is not there.
    """

    edited = Signal()
    turned = Signal()
    new_payer = Signal()

    def __init__(self, city_of: CityOf, today: Today) -> None:
        super().__init__()
        self._city_of, self._today = city_of, today
        self._payers: tuple[SavePayer, ...] = ()
        self._neighbour: Callable[[], Mapping[str, Any]] = dict
        self._cards: list[PolicyForm] = []
        self._replaced: dict[PolicyForm, PolicyForm] = {}
        self._read: dict[int | None, SavePolicy] = {}
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.setAccessibleName("Policies")
        self.tabs.setToolTip("Next card (Ctrl Page ↓), card before (Ctrl Page ↑)")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(dp(8))
        self.tabs.currentChanged.connect(self._turn)

    def set_neighbour(self, neighbour: Callable[[], Mapping[str, Any]]) -> None:
        """Where the proposals for an insured person come from."""
        self._neighbour = neighbour

    def set_payers(self, payers: Sequence[SavePayer]) -> None:
        """Payers to choose from."""
        self._payers = tuple(payers)

    # --- showing --------------------------------------------------------------------------------
    def show_policies(self, policies: Sequence[SavePolicy]) -> None:
        """Shows these policies; without any, one empty card."""
        today = self._today()
        self._read = {p.policy_id: p for p in policies}

        def ended(policy: SavePolicy) -> bool:
            return policy.termination is not None and policy.termination < today

        ordered = sorted(policies, key=lambda p: (ended(p), p.rank, -(p.policy_id or 0)))
        self._begin(max(1, len(ordered)))
        for number, card in enumerate(self._cards):
            card.show_policy(ordered[number] if ordered else None)
        self._name_tabs()
        self._turn(0)

    def restore(self, bodies: Sequence[Body]) -> None:
        """Brings drafts of cards back."""
        self._begin(len(bodies))
        for card, body in zip(self._cards, bodies, strict=True):
            card.restore(body)
        self._name_tabs()
        self._turn(0)

    def bodies(self) -> list[Body]:
        """What stands on every card, for a draft."""
        return [card.body() for card in self._cards]

    def _begin(self, count: int) -> None:
        self._replaced.clear()
        self.tabs.blockSignals(True)
        while self._cards and len(self._cards) > count:
            card = self._cards.pop()
            self.tabs.removeTab(len(self._cards))
            card.hide()
            card.deleteLater()
        while len(self._cards) < count:
            self._new_form()
        self.tabs.setCurrentIndex(0)
        self.tabs.blockSignals(False)

    def _new_form(self) -> PolicyForm:
        card = PolicyForm(lambda: self._payers, self._city_of, self._today, self._near)
        card.hide()
        card.edited.connect(lambda _name: self._edited(card))
        card.new_payer.connect(self.new_payer)
        self._cards.append(card)
        self._column.addWidget(card)
        self.tabs.addTab("")
        return card

    def _near(self) -> Mapping[str, Any]:
        return self._neighbour()

    def _edited(self, card: PolicyForm) -> None:
        old = self._replaced.get(card)
        begins = card.values()["effective"]
        if old is not None and isinstance(begins, date):
            ends: Any = old.widget("termination")
            ends.set_value(begins - timedelta(days=1))
        self._name_tabs()
        self.edited.emit()

    def _name_tabs(self) -> None:
        for number, card in enumerate(self._cards):
            self.tabs.setTabText(number, card.title(self._today))
            self.tabs.setTabToolTip(number, card.title(self._today))

    def _turn(self, number: int) -> None:
        for at, card in enumerate(self._cards):
            card.setVisible(at == number)
        self.turned.emit()

    # --- turning and adding ---------------------------------------------------------------------
    def cards(self) -> tuple[PolicyForm, ...]:
        """All cards, first payer first."""
        return tuple(self._cards)

    def card(self) -> PolicyForm:
        """The card in front."""
        return self._cards[max(0, self.tabs.currentIndex())]

    def go_to(self, policy_id: int, field: str) -> None:
        """Brings a policy's card in front with the cursor in one of its fields, if asked for."""
        for number, card in enumerate(self._cards):
            if card.policy_id == policy_id:
                self.tabs.setCurrentIndex(number)
                cell = card.widget(field).parentWidget() if field in card.names() else None
                card.go_to(field if cell is not None and not cell.isHidden() else "payer_id")

    def step(self, by: int) -> None:
        """Turns to the next (1) or previous (-1) card, round and round."""
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % len(self._cards))

    def add_payer(self) -> None:
        """An empty card for the payer billed next; the untouched one is used first."""
        for number, card in enumerate(self._cards):
            if card.is_blank():
                self.tabs.setCurrentIndex(number)
                card.go_to("payer_id")
                return
        self._add(self._next_rank())

    def _add(self, rank: int) -> PolicyForm:
        card = self._new_form()
        card.show_policy(None, rank)
        self._name_tabs()
        self.tabs.setCurrentIndex(len(self._cards) - 1)
        self.turned.emit()
        card.go_to("payer_id")
        return card

    def _next_rank(self) -> int:
        taken = {c.command().rank for c in self._cards if not self._has_ended(c)}
        return next((n for n in range(1, len(ORDINALS)) if n not in taken), len(ORDINALS))

    def _has_ended(self, card: PolicyForm) -> bool:
        ends = card.values()["termination"]
        return ends is not None and ends < self._today()

    def replace_card(self) -> None:
        """A new card came: the old one ends the day before, the new one stands beside it.

        What was typed over the old card moves to the new one, and the old one is as it was.
        """
        old, today = self.card(), self._today()
        if old.is_blank():
            old.go_to("payer_id")
            return
        typed = old.command()
        moved = self._overwritten(old)
        if moved:
            old.show_policy(self._read[old.policy_id])
        ends: Any = old.widget("termination")
        last = ends.value() or today - timedelta(days=1)
        ends.set_value(last)
        card = self._add(typed.rank)
        if moved:
            card.show_policy(replace(typed, policy_id=None, termination=None))
        begins: Any = card.widget("effective")
        begins.set_value(last + timedelta(days=1))
        self._replaced[card] = old
        card.go_to("effective" if moved else "payer_id")
        self._name_tabs()
        self.edited.emit()

    def _overwritten(self, card: PolicyForm) -> bool:
        """True when what tells this policy from others is no longer as it was read."""
        before = self._read.get(card.policy_id) if card.policy_id else None
        return before is not None and _identity(before) != _identity(card.command())

    def turn_to_overwritten(self) -> None:
        """Brings the card in front whose payer, number or insured person was changed."""
        for number, card in enumerate(self._cards):
            if self._overwritten(card):
                self.tabs.setCurrentIndex(number)
                return

    # --- saving ---------------------------------------------------------------------------------
    def _kept(self) -> list[PolicyForm]:
        return [card for card in self._cards if not card.is_blank()]

    def commands(self) -> tuple[SavePolicy, ...]:
        """Every policy as typed; untouched new cards are left out."""
        return tuple(card.command() for card in self._kept())

    def problems(self) -> tuple[Finding, ...]:
        """What cannot be read, named ``policies.0.member_id`` and so on."""
        return tuple(
            Finding(f"policies.{n}.{f.field}", f.message, f.severity)
            for n, card in enumerate(self._kept())
            for f in card.problems()
        )

    def clear_findings(self) -> None:
        """Takes all marks away."""
        for card in self._cards:
            card.clear_findings()

    def show_findings(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Marks the fields of each card and turns to the first that has one; answers the rest."""
        left = list(findings)
        for number, card in reversed(list(enumerate(self._kept()))):
            prefix = f"policies.{number}."
            mine = [f for f in left if f.field.startswith(prefix)]
            if not mine:
                card.clear_findings()
                continue
            left = [f for f in left if not f.field.startswith(prefix)]
            self.tabs.setCurrentIndex(self._cards.index(card))
            left += card.show_findings(
                Finding(f.field.removeprefix(prefix).replace(".", "_"), f.message, f.severity)
                for f in mine
            )
        return tuple(left)

    def fields(self) -> list[QWidget]:
        """The fields of the card in front, in reading order."""
        card = self.card()
        return [card.widget(name) for name in card.names()]


def _identity(policy: SavePolicy) -> tuple[object, ...]:
    insured = policy.insured
    name = (insured.last, insured.first) if insured else ("", "")
    return (policy.payer_id, policy.member_id, policy.relationship, *name)
