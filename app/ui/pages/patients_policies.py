"""The cards of a patient side by side: first, second, third payer, and those that ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
        self._tabs = QTabBar()
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self._tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tabs.setAccessibleName("Policies")
        self._tabs.setToolTip("Next card (Ctrl Page ↓), card before (Ctrl Page ↑)")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(dp(8))
        self._column.addWidget(self._tabs)
        self._tabs.currentChanged.connect(self._turn)

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
        self._tabs.blockSignals(True)
        while self._cards and len(self._cards) > count:
            card = self._cards.pop()
            self._tabs.removeTab(len(self._cards))
            card.hide()
            card.deleteLater()
        while len(self._cards) < count:
            self._new_form()
        self._tabs.setCurrentIndex(0)
        self._tabs.blockSignals(False)

    def _new_form(self) -> PolicyForm:
        card = PolicyForm(lambda: self._payers, self._city_of, self._today, self._near)
        card.hide()
        card.edited.connect(lambda _name: self._edited(card))
        card.new_payer.connect(self.new_payer)
        self._cards.append(card)
        self._column.addWidget(card)
        self._tabs.addTab("")
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
            self._tabs.setTabText(number, card.title(self._today))
            self._tabs.setTabToolTip(number, card.title(self._today))

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
        return self._cards[max(0, self._tabs.currentIndex())]

    def step(self, by: int) -> None:
        """Turns to the next (1) or previous (-1) card, round and round."""
        self._tabs.setCurrentIndex((self._tabs.currentIndex() + by) % len(self._cards))

    def add_payer(self) -> None:
        """An empty card for the payer billed next; the untouched one is used first."""
        for number, card in enumerate(self._cards):
            if card.is_blank():
                self._tabs.setCurrentIndex(number)
                card.go_to("payer_id")
                return
        self._add(self._next_rank())

    def _add(self, rank: int) -> PolicyForm:
        card = self._new_form()
        card.show_policy(None, rank)
        self._name_tabs()
        self._tabs.setCurrentIndex(len(self._cards) - 1)
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
        """A new card came: the old one ends the day before, the new one stands beside it."""
        old, today = self.card(), self._today()
        if old.is_blank():
            old.go_to("payer_id")
            return
        ends: Any = old.widget("termination")
        if ends.value() is None:
            ends.set_value(today - timedelta(days=1))
        card = self._add(old.command().rank)
        begins: Any = card.widget("effective")
        begins.set_value((ends.value() or today) + timedelta(days=1))
        self._replaced[card] = old
        self._name_tabs()
        self.edited.emit()

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
            self._tabs.setCurrentIndex(self._cards.index(card))
            left += card.show_findings(
                Finding(f.field.removeprefix(prefix).replace(".", "_"), f.message, f.severity)
                for f in mine
            )
        return tuple(left)

    def fields(self) -> list[QWidget]:
        """The fields of the card in front, in reading order."""
        card = self.card()
        return [card.widget(name) for name in card.names()]
