"""The door of a practice: create it, unlock it, and hand out the services inside."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import practice
from app.db.database import Database
from app.db.header import KdfCost
from app.db.keys import OWASP_FLOOR, STRONG, registered_name, user_names
from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, PartyKind
from app.domain.paths import resource
from app.models.books import ReasonRule
from app.models.people import Party, User
from app.services import _fee_rows
from app.services._code_tables import LoadedTables
from app.services.account import AccountService
from app.services.adjustments import AdjustmentService
from app.services.attachments import AttachmentService
from app.services.checks import CheckService
from app.services.claims import ClaimService
from app.services.clock import Clock, SystemClock
from app.services.code_changes import CodeChangeService
from app.services.code_files import CodeFileService
from app.services.code_memory import CodeMemoryService
from app.services.codesets import CodeSetService
from app.services.coding_desk import CodingDeskService
from app.services.collections import CollectionService
from app.services.deposits import DepositService
from app.services.desk import Desk
from app.services.directory import DirectoryService
from app.services.drafts import DraftService
from app.services.encounter_queue import EncounterQueueService
from app.services.encounters import EncounterService
from app.services.eobs import EobService
from app.services.estimates import EstimateService
from app.services.favourites import FavouriteService
from app.services.fee_schedules import FeeScheduleService
from app.services.fees import FeeService
from app.services.find import FindService
from app.services.follow_up import FollowUpService
from app.services.households import HouseholdService
from app.services.insurance_found import InsuranceFoundService
from app.services.line_codes import LineCodeService
from app.services.medicare_prices import MedicarePriceService
from app.services.money_reports import MoneyReportService
from app.services.note_terms import NoteTermService
from app.services.packets import PacketService
from app.services.patients import PatientService
from app.services.payer_preview import PayerPreviewService
from app.services.posting_desk import PostingDeskService
from app.services.printers import PrinterService
from app.services.receipts import ReceiptService
from app.services.recurring import RecurringService
from app.services.reference import ReferenceService
from app.services.reports import ReportService
from app.services.returns import ReturnService
from app.services.scrub import ScrubService
from app.services.setup import SetupService
from app.services.sliding_fees import SlidingFeeService
from app.services.statements import StatementService
from app.services.superbills import SuperbillService
from app.services.third_parties import ThirdPartyService
from app.services.today import TodayService


@dataclass(frozen=True, slots=True)
class Services:
    """Every use case of an open practice. Pages get only the ones they use."""

    desk: Desk
    setup: SetupService
    directory: DirectoryService
    patients: PatientService
    households: HouseholdService
    encounters: EncounterService
    queue: EncounterQueueService
    attachments: AttachmentService
    note_terms: NoteTermService
    recurring: RecurringService
    coding: CodingDeskService
    codes: CodeMemoryService
    codesets: CodeSetService
    reference: ReferenceService
    code_files: CodeFileService
    code_changes: CodeChangeService
    line_codes: LineCodeService
    scrub: ScrubService
    claims: ClaimService
    packets: PacketService
    checks: CheckService
    eobs: EobService
    posting: PostingDeskService
    receipts: ReceiptService
    adjustments: AdjustmentService
    returns: ReturnService
    third_parties: ThirdPartyService
    insurance_found: InsuranceFoundService
    collections: CollectionService
    fees: FeeService
    fee_schedules: FeeScheduleService
    medicare: MedicarePriceService
    favourites: FavouriteService
    estimates: EstimateService
    superbills: SuperbillService
    sliding_fees: SlidingFeeService
    accounts: AccountService
    statements: StatementService
    follow_up: FollowUpService
    reports: ReportService
    money: MoneyReportService
    deposits: DepositService
    today: TodayService
    find: FindService
    drafts: DraftService
    printers: PrinterService
    previews: PayerPreviewService

    def subscribe(self, listener: Callable[[frozenset[str]], None]) -> None:
        """Tells ``listener`` after each commit which tables were written."""
        self.desk.db.subscribe(listener)

    def close(self) -> None:
        """Closes the practice; the services are of no use afterwards."""
        self.codesets.close()
        self.reference.close()
        self.desk.db.close()


def services_for(desk: Desk, codes_folder: Path) -> Services:
    """The services of one desk; the code sets lie in ``codes_folder``."""
    codesets = CodeSetService(desk, codes_folder)
    reference = ReferenceService(codesets, codes_folder)
    tables = LoadedTables(codesets, reference)
    scrub = ScrubService(desk, tables)
    code_changes = CodeChangeService(desk, codesets, reference)
    return Services(
        desk=desk,
        setup=SetupService(desk),
        directory=DirectoryService(desk),
        patients=PatientService(desk),
        households=HouseholdService(desk),
        encounters=EncounterService(desk),
        queue=EncounterQueueService(desk),
        attachments=AttachmentService(desk),
        note_terms=NoteTermService(desk, codesets),
        recurring=RecurringService(desk, codesets),
        coding=CodingDeskService(desk),
        codes=CodeMemoryService(desk),
        codesets=codesets,
        reference=reference,
        code_files=CodeFileService(desk, codesets, reference, scrub),
        code_changes=code_changes,
        line_codes=LineCodeService(reference),
        scrub=scrub,
        claims=ClaimService(desk, tables),
        packets=PacketService(desk),
        checks=CheckService(desk),
        eobs=EobService(desk),
        posting=PostingDeskService(desk),
        receipts=ReceiptService(desk),
        adjustments=AdjustmentService(desk),
        returns=ReturnService(desk),
        third_parties=ThirdPartyService(desk),
        insurance_found=InsuranceFoundService(desk),
        collections=CollectionService(desk),
        fees=FeeService(desk),
        fee_schedules=FeeScheduleService(desk),
        medicare=MedicarePriceService(desk, reference),
        favourites=FavouriteService(desk),
        estimates=EstimateService(desk),
        superbills=SuperbillService(desk),
        sliding_fees=SlidingFeeService(desk),
        accounts=AccountService(desk),
        statements=StatementService(desk),
        follow_up=FollowUpService(desk),
        reports=ReportService(desk),
        money=MoneyReportService(desk),
        deposits=DepositService(desk),
        today=TodayService(desk, code_changes),
        find=FindService(desk),
        drafts=DraftService(desk),
        printers=PrinterService(desk),
        previews=PayerPreviewService(desk),
    )


@dataclass(frozen=True, slots=True)
class Door:
    """Creates and opens practices. ``cost`` and ``floor`` are weakened by tests only.

    ``codes`` is the folder of the code sets, which all practices of a computer share; without one,
    a practice keeps its own.
    """

    clock: Clock = field(default_factory=SystemClock)
    cost: KdfCost = STRONG
    floor: KdfCost = OWASP_FLOOR
    codes: Path | None = None

    def create(self, folder: Path, user: str, passphrase: str) -> tuple[Services, str]:
        """A new practice in an empty folder; also the recovery key, shown this once.

        Raises:
            StoreTrouble: the folder is not empty, not writable, or the disk is full.
        """
        db, recovery_key = practice.create_practice(folder, user, passphrase, cost=self.cost)
        name = registered_name(practice.header_path(folder), user)
        return self._enter(db, name, folder), recovery_key

    def unlock(self, folder: Path, user: str, passphrase: str) -> Services:
        """Opens a practice.

        Raises:
            WrongPassphrase, DamagedFile, NewerFile, InUse, NotFound: each with what to do.
        """
        db = practice.open_practice(folder, user, passphrase, floor=self.floor)
        # The header takes a name whatever its case; the audit trail knows it as registered.
        return self._enter(db, registered_name(practice.header_path(folder), user), folder)

    def users(self, folder: Path) -> tuple[str, ...]:
        """Names that may unlock the practice in a folder.

        Raises:
            NotFound, DamagedFile: no practice there, or its key file is damaged.
        """
        return tuple(user_names(practice.header_path(folder)))

    def recover(self, folder: Path, recovery_key: str) -> Services:
        """Opens a practice with its recovery key, as its first user; the use is audited."""
        services = self._enter(practice.open_with_recovery(folder, recovery_key), None, folder)
        with services.desk.write() as session:
            services.desk.audit(session, "EMERGENCY recovery key used")
        return services

    def _enter(self, db: Database, user: str | None, folder: Path) -> Services:
        try:
            with db.write() as session:
                user_id = _first_rows(session, user, self.clock)
                desk = Desk(db, self.clock, user_id)
                desk.audit(session, "unlock")
        except BaseException:
            db.close()
            raise
        return services_for(desk, self.codes or folder / "codes")


def _first_rows(session: Session, user: str | None, clock: Clock) -> int:
    """What every practice has from its first day; harmless when it is there already."""
    for key, kind in (
        (PATIENT_PARTY, PartyKind.PATIENT),
        (COLLECTIONS_PARTY, PartyKind.COLLECTIONS),
    ):
        if session.get(Party, key) is None:
            session.add(Party(id=key, kind=str(kind)))
    if session.scalar(select(ReasonRule.carc).limit(1)) is None:
        with resource("codes/reasons.csv").open(encoding="utf-8", newline="") as file:
            for reason in csv.DictReader(file):
                reason["group_code"] = reason.pop("group")
                session.add(ReasonRule(**reason))
    _fee_rows.begin(session)
    query = select(User).order_by(User.id)
    row = session.scalar(query.where(User.name == user) if user is not None else query.limit(1))
    if row is None:
        row = User(name=user or "owner", created_at=clock.now())
        session.add(row)
    session.flush()
    return row.id
