"""Payments: a line allowed below contract is said once, and posted as it was paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.services.door import Services
from app.services.fee_commands import SaveFee, SaveSchedule
from tests.office import open_office
from tests.ui.pages.office import DAY
from tests.ui.pages.payments_office import Clerk, Envelope


@pytest.fixture
def services() -> Iterator[Services]:
    with open_office(DAY) as (opened, _):
        yield opened


@pytest.mark.parametrize(("allowed", "warned"), [("128.40", True), ("130", False), ("0", False)])
def test_an_amount_below_contract_is_warned_of(
    qtbot: QtBot, services: Services, allowed: str, warned: bool
) -> None:
    envelope = Envelope(services, ("Lind",))
    key = services.fee_schedules.save_schedule(SaveSchedule("Contract"))
    services.fee_schedules.save_fee(SaveFee(key, "99214", 13000))
    payer = services.directory.payer(envelope.payer)
    services.setup.save_payer(replace(payer, contract_schedule_id=key))
    clerk = Clerk(qtbot, services)
    clerk.open_check("300")
    clerk.claim("lind")
    clerk.field(allowed)
    clerk.settle()
    shown = " ".join(w.text() for w in clerk.window.findChildren(QLabel) if w.isVisible())
    assert ("below contract: 130.00" in shown) is warned
