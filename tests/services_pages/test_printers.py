"""Printers and their fits are kept in the practice; frozen sheets agree with their PDF."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.errors import NotFound
from app.domain.print_fit import NO_FIT, PrintFit
from app.domain.print_ops import Run
from app.services.printers import PLAIN, STOCK, PrinterTray
from tests.acceptance.printed_boxes import own_layout, read_sheets
from tests.office import open_office
from tests.ui.pages.office import DAY, small_practice

RED, WHITE = PrinterTray("Laser", "Tray 2"), PrinterTray("Laser", "Tray 1")


def test_each_paper_has_its_printer_and_each_tray_its_fit() -> None:
    with open_office(DAY) as (services, _):
        printers = services.printers
        assert printers.chosen(STOCK) is None
        assert printers.fit(RED) == NO_FIT
        printers.choose(STOCK, RED)
        printers.choose(PLAIN, WHITE)
        printers.save_fit(RED, PrintFit(-3, 2, 10_015, 9_990))
        assert (printers.chosen(STOCK), printers.chosen(PLAIN)) == (RED, WHITE)
        assert printers.fit(RED) == PrintFit(-3, 2, 10_015, 9_990)
        assert printers.fit(WHITE) == NO_FIT, "another tray of the same printer"
        assert printers.fit(PrinterTray("LaserTray 2")) == NO_FIT
        printers.choose(STOCK, None)
        assert printers.chosen(STOCK) is None
        assert printers.chosen(PLAIN) == WHITE
        with pytest.raises(KeyError):
            printers.choose("envelope", RED)


def test_changes_of_printers_are_audited_and_hold_no_name_of_a_person() -> None:
    with open_office(DAY) as (services, _):
        services.printers.choose(STOCK, RED)
        services.printers.save_fit(RED, PrintFit(1))
        with services.desk.read() as session:
            from sqlalchemy import text

            rows = session.execute(text("SELECT action, detail FROM audit ORDER BY id")).all()
        assert rows[-2:] == [
            ("save setting", "printer for stock"),
            ("save setting", "fit of a printer"),
        ]


def test_the_test_page_is_one_sheet_with_crosses() -> None:
    with open_office(DAY) as (services, _):
        sheet = services.printers.calibration()
        assert {"XXX"} <= {run.text for run in sheet.data if isinstance(run, Run)}
        assert services.printers.calibration_pdf().startswith(b"%PDF")


def test_freezing_one_by_one_is_printing_all() -> None:
    with open_office(DAY) as (services, _):
        claim = services.encounters.post_charges(small_practice(services).encounter).claim_ids[0]
        frozen = services.claims.freeze([claim])
        assert frozen.pdf == b""
        assert [s.on_stock for s in frozen.drawn] == [True]
        pdf = services.claims.sheets_pdf(frozen.drawn)
        assert pdf == services.claims.reprint(claim)
        kept = services.claims.reprint_sheets(claim)
        assert (kept.pdf, kept.drawn) == (pdf, frozen.drawn)
        services.claims.unprint([claim], "did not come out")
        view = services.claims.show(claim)
        assert (view.row.status, view.steps[-1].note) == ("ready", "did not come out")


def test_a_payer_that_takes_plain_paper_gets_it_unless_told_otherwise() -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        payer = next(p for p in services.directory.payers() if p.payer_id == small.payer)
        services.setup.save_payer(replace(payer, accepts_plain_paper=True))
        claim = services.encounters.post_charges(small.encounter).claim_ids[0]
        batch = services.claims.print_claims([claim], whole_form=None)
        assert [s.on_stock for s in batch.drawn] == [False]
        assert batch.want_stock == ()
        assert services.claims.reprint_sheets(claim).drawn == batch.drawn
        services.claims.unprint([claim])
        stock = services.claims.print_claims([claim], whole_form=False)
        assert [s.on_stock for s in stock.drawn] == [True]


def test_a_sheet_drawn_by_another_version_is_reprinted_from_its_pdf(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with open_office(DAY) as (services, _):
        claim = services.encounters.post_charges(small_practice(services).encounter).claim_ids[0]
        batch = services.claims.print_claims([claim])
        from app.services import _claim_printing

        monkeypatch.setattr(_claim_printing, "claim_pdf", lambda *_, **__: b"drawn otherwise")
        kept = services.claims.reprint_sheets(claim)
        assert (kept.pdf, kept.drawn) == (batch.pdf, ())


def test_a_print_image_freezes_like_printing_and_reads_the_same() -> None:
    with open_office(DAY) as (services, _):
        claim = services.encounters.post_charges(small_practice(services).encounter).claim_ids[0]
        image = services.claims.print_image([claim])
        assert image.sheets == 1
        words = " ".join(image.content.decode("ascii").split())
        (sheet,) = read_sheets(services.claims.reprint(claim), own_layout())
        for text in sheet.boxes.values():
            assert " ".join(text.split()) in words
        assert services.claims.show(claim).row.status == "printed"


def test_what_cannot_be_frozen_is_refused_whole() -> None:
    with open_office(DAY) as (services, _):
        claim = services.encounters.post_charges(small_practice(services).encounter).claim_ids[0]
        for act in (services.claims.freeze, services.claims.print_image):
            with pytest.raises(NotFound):
                act([claim, 999])
        assert services.claims.show(claim).row.status == "ready"
        with pytest.raises(NotFound):
            services.claims.reprint_sheets(claim)
