"""Setup, typed: the practice's own data and a payer, wrong and then right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.claim_form import PayerType
from app.services.door import Services
from app.ui.form import Form
from app.ui.pages.setup import SetupPage
from app.ui.widgets.notice import NoticeText
from tests.office import open_office
from tests.ui.pages.office import DAY, small_practice


def _page(qtbot: QtBot, services: Services) -> tuple[SetupPage, list[NoticeText]]:
    page = SetupPage(services.setup, services.directory, services.drafts)
    notices: list[NoticeText] = []
    page.notify.connect(notices.append)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    page.refresh()
    return page, notices


def _form(page: SetupPage) -> Form:
    return next(f for f in page.findChildren(Form) if f.isVisible())


def _type(page: SetupPage, name: str, text: str) -> QWidget:
    field = _form(page).widget(name)
    field.setFocus()
    QTest.keyClicks(field, text)
    return field


def test_the_practice_is_typed_with_a_wrong_npi_first(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        page, notices = _page(qtbot, services)
        _type(page, "name", "Larkfield Family Practice")
        _type(page, "npi", "1245319598")
        last = _type(page, "tax_id", "54-1234567")
        QTest.keyClick(last, Qt.Key.Key_F9)
        page.save()
        assert services.setup.practice() is None
        assert "wrong digit" in _words(page)
        field = _form(page).widget("npi")
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, "1245319599")
        page.save()
        saved = services.setup.practice()
        assert saved is not None
        assert (saved.npi, saved.tax_id) == ("1245319599", "541234567")
        assert notices[-1].text == "Saved: Larkfield Family Practice"


def _words(page: SetupPage) -> str:
    from PySide6.QtWidgets import QLabel

    return " ".join(w.text() for w in _form(page).findChildren(QLabel) if w.isVisible())


def test_a_new_payer_and_a_draft_that_survives_leaving(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small_practice(services)
        page, _notices = _page(qtbot, services)
        page.open(("payers", "new"))
        _type(page, "name", "Cedar Health")
        page.leave()
        page.show_section("providers")
        page.open(("payers", "new"))
        assert _form(page).values()["name"] == "Cedar Health"
        _form(page).set_values({"name": "Cedar Health", "type": PayerType.GROUP})
        _type(page, "electronic_id", "60054")
        page.save()
        payers = {p.name: p for p in services.directory.payers()}
        assert payers["Cedar Health"].electronic_id == "60054"
        assert services.drafts.find("setup:payers:new") is None


def test_every_section_opens_with_few_queries(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small_practice(services)
        page, _notices = _page(qtbot, services)
        for key in ("practice", "providers", "facilities", "payers", "procedures", "referring"):
            page.show_section(key)
            with services.desk.db.query_counter() as queries:
                page.refresh()
            assert queries.count <= 8, key


def test_the_zip_fills_city_and_state_and_leaves_what_was_typed(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small_practice(services)
        page, _notices = _page(qtbot, services)
        page.open(("payers", "new"))
        QTest.keyClick(_type(page, "zip", "24153"), Qt.Key.Key_Tab)
        assert [_form(page).values()[name] for name in ("city", "state")] == ["Salem", "VA"]
        page.open(("practice",))
        _type(page, "pay_to_city", "Roanoke City")
        QTest.keyClick(_type(page, "pay_to_zip", "24153"), Qt.Key.Key_Tab)
        assert _form(page).values()["pay_to_city"] == "Roanoke City"
