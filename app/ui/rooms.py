"""The pages in the order of the sidebar, each handed only the services it uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QSettings

from app.services.door import Services
from app.services.find import Found
from app.ui.changes import Changes
from app.ui.jobs import Jobs
from app.ui.page import Go, Page, PageSpec
from app.ui.pages.claims import ClaimsPage
from app.ui.pages.encounters import EncountersPage
from app.ui.pages.encounters_aids import Aids
from app.ui.pages.follow_up import FollowUpPage
from app.ui.pages.patients import PatientsPage
from app.ui.pages.patients_money_deeds import MoneyServices
from app.ui.pages.patients_views import PatientServices
from app.ui.pages.payments import PaymentsPage
from app.ui.pages.reports import ReportsPage
from app.ui.pages.setup import SetupPage
from app.ui.pages.setup_charges import ChargeAids
from app.ui.pages.setup_codes_lookup import Lookups
from app.ui.pages.setup_codes_room import CodesRoom
from app.ui.pages.setup_edits import EditsRoom
from app.ui.pages.setup_fees_room import FeesRoom
from app.ui.pages.setup_printers import PrinterRoom
from app.ui.pages.statements import StatementsPage
from app.ui.pages.today import TodayPage
from app.ui.palette import FoundItem
from app.ui.printout import PrintOut
from app.ui.window import MainWindow

_KINDS = {"patient": "Patients", "claim": "Claims", "check": "Checks"}


@dataclass(frozen=True, slots=True)
class Rooms:
    """Builds pages for one open practice."""

    services: Services
    jobs: Jobs
    out: PrintOut
    printers: PrinterRoom | None = None

    def window(self, changes: Changes) -> MainWindow:
        """The main window over all rooms."""
        window = MainWindow(
            self.specs(),
            self._name(),
            changes,
            jobs=self.jobs,
            providers=(self._find, self._find_report),
        )

        def renamed(tables: frozenset[str]) -> None:
            if "practice" in tables:
                window.show_practice(self._name())

        changes.happened.connect(renamed)
        return window

    def _name(self) -> str:
        practice = self.services.setup.practice()
        return practice.name if practice else "New practice"

    def specs(self) -> tuple[PageSpec, ...]:
        """Every page, built on its first visit."""
        return (
            PageSpec(TodayPage.NAME, TodayPage.TITLE, self._today),
            PageSpec(PatientsPage.NAME, PatientsPage.TITLE, self._patients, "Ctrl+2"),
            PageSpec(EncountersPage.NAME, EncountersPage.TITLE, self._encounters, "Ctrl+3"),
            PageSpec(ClaimsPage.NAME, ClaimsPage.TITLE, self._claims, "Ctrl+4"),
            PageSpec(PaymentsPage.NAME, PaymentsPage.TITLE, self._payments, "Ctrl+5"),
            PageSpec(FollowUpPage.NAME, FollowUpPage.TITLE, self._follow_up, "Ctrl+6"),
            PageSpec(StatementsPage.NAME, StatementsPage.TITLE, self._statements, "Ctrl+7"),
            PageSpec(ReportsPage.NAME, ReportsPage.TITLE, self._reports, "Ctrl+8"),
            PageSpec(SetupPage.NAME, SetupPage.TITLE, self._setup, "Ctrl+9"),
        )

    def _find(self, text: str) -> Sequence[FoundItem]:
        return [_item(found) for found in self.services.find.find(text)]

    def _find_report(self, text: str) -> Sequence[FoundItem]:
        words = text.casefold().split()
        return [
            FoundItem("Reports", info.title, info.answers, Go(ReportsPage.NAME, info.key))
            for info in self.services.money.catalog()
            if words and all(word in info.title.casefold() for word in words)
        ]

    def _day(self) -> date:
        return self.services.desk.today

    def _today(self) -> Page:
        day = self._day()
        line = f"{day:%A}, {day:%B} {day.day}, {day.year}"
        return TodayPage(self.services.today, self.services.reports, self.jobs, line)

    def _patients(self) -> Page:
        s = self.services
        own = PatientServices(
            patients=s.patients,
            households=s.households,
            directory=s.directory,
            drafts=s.drafts,
            accounts=s.accounts,
            receipts=s.receipts,
            adjustments=s.adjustments,
            queue=s.queue,
            claims=s.claims,
            money=money_of(s, self.out),
        )
        return PatientsPage(own, self._day)

    def _encounters(self) -> Page:
        s = self.services
        return EncountersPage(
            s.encounters,
            s.queue,
            s.coding,
            s.codes,
            s.patients,
            s.directory,
            s.claims,
            s.drafts,
            self.out,
            self._day,
            s.codesets,
            s.scrub,
            self._aids(),
        )

    def _aids(self) -> Aids:
        s, kept = self.services, QSettings("CleanClaim", "CleanClaim")
        return Aids(
            s.attachments,
            s.note_terms,
            s.recurring,
            s.favourites,
            s.line_codes,
            self.jobs,
            kept,
        )

    def _claims(self) -> Page:
        s = self.services
        return ClaimsPage(s.claims, self.out, self.jobs, s.packets)

    def _payments(self) -> Page:
        s = self.services
        return PaymentsPage(
            s.checks,
            s.eobs,
            s.posting,
            s.directory,
            s.drafts,
            self._day,
            s.deposits,
            self.out,
            s.returns,
        )

    def _follow_up(self) -> Page:
        s = self.services
        return FollowUpPage(s.follow_up, s.claims, s.drafts, self.jobs, self._day)

    def _statements(self) -> Page:
        return StatementsPage(self.services.statements, self.out, self.jobs, self._day)

    def _reports(self) -> Page:
        s = self.services
        return ReportsPage(s.money, s.directory, s.find, self.out, self.jobs, self._day)

    def _setup(self) -> Page:
        s = self.services
        edits = EditsRoom(s.scrub, s.directory)
        return SetupPage(
            s.setup,
            s.directory,
            s.drafts,
            self.printers,
            s.previews,
            s.statements,
            edits,
            FeesRoom(s.fee_schedules, s.medicare, self.jobs, self.out, self._day),
            s.favourites,
            self._day,
            CodesRoom(s.code_files, s.code_changes, self.jobs, self._day),
            Lookups(s.reference.search_taxonomy, s.reference.search_payers),
            ChargeAids(s.line_codes, s.medicare, self._day),
        )


def money_of(s: Services, out: PrintOut) -> MoneyServices:
    """What the rarer money of an account uses."""
    return MoneyServices(
        accounts=s.accounts,
        households=s.households,
        receipts=s.receipts,
        returns=s.returns,
        third_parties=s.third_parties,
        insurance_found=s.insurance_found,
        collections=s.collections,
        fees=s.fees,
        superbills=s.superbills,
        estimates=s.estimates,
        sliding_fees=s.sliding_fees,
        directory=s.directory,
        out=out,
    )


def _item(found: Found) -> FoundItem:
    return FoundItem(_KINDS[found.kind], found.title, found.detail, Go(found.page, found.key))
