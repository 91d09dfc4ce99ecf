"""The rarer money carried out: each deed one call, one sentence, and its Undo if there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.money import format_cents
from app.services.account import AccountService
from app.services.collections import Collected, CollectionService
from app.services.directory import DirectoryService
from app.services.estimate_commands import EstimateMade, MakeEstimate
from app.services.estimates import EstimateService
from app.services.fees import FeeService
from app.services.households import HouseholdService, ReceiptRow
from app.services.insurance_found import InsuranceFound, InsuranceFoundService
from app.services.receipts import ReceiptService
from app.services.returns import BouncedCheck, CameBack, ReturnService
from app.services.sliding_fees import SaveSlidingFee, SlidingFeeService
from app.services.superbills import SuperbillService
from app.services.third_parties import PartyReceipt, ThirdPartyService
from app.ui.guard import guard
from app.ui.pages.patients_more import ChargeFee, Collect
from app.ui.printout import PrintOut
from app.ui.widgets.notice import NoticeText


@dataclass(frozen=True, slots=True)
class MoneyServices:
    """What the rarer money uses of the practice."""

    accounts: AccountService
    households: HouseholdService
    receipts: ReceiptService
    returns: ReturnService
    third_parties: ThirdPartyService
    insurance_found: InsuranceFoundService
    collections: CollectionService
    fees: FeeService
    superbills: SuperbillService
    estimates: EstimateService
    sliding_fees: SlidingFeeService
    directory: DirectoryService
    out: PrintOut


class MoneyDeeds(QObject):
    """Carries out what the panels ask for.

    Attributes:
        notify: what was done, or why it cannot be.
    """

    notify = Signal(NoticeText)

    def __init__(self, owner: QWidget, services: MoneyServices, done: Callable[[], None]) -> None:
        super().__init__(owner)
        self._owner, self._s, self._done = owner, services, done

    def _say(self, words: str) -> None:
        self.notify.emit(NoticeText(words))

    def _do(
        self,
        run: Callable[[], object],
        words: str | Callable[[], str],
        undo: Callable[[], None] | None = None,
    ) -> None:
        with guard(self._owner, say=self.notify.emit) as call:
            run()
        if call.ok:
            said = words if isinstance(words, str) else words()
            self.notify.emit(NoticeText(said, undo=undo))
            self._done()

    def _print(self, make: Callable[[], bytes], name: str) -> None:
        with guard(self._owner, say=self.notify.emit) as call:
            pdf = make()
        if call.ok:
            self._s.out.put(pdf, name, self._say, failed=self._refuse)

    def _refuse(self, words: str) -> None:
        self.notify.emit(NoticeText(words, "bad"))

    # --- paper ----------------------------------------------------------------------------------
    def print_receipt(self, payment_id: int) -> None:
        """Prints a receipt, the first time or again."""
        self._print(lambda: self._s.receipts.receipt_pdf(payment_id), "receipt")

    def print_superbill(self, encounter_id: int) -> None:
        """Prints the itemized receipt of a visit."""
        self._print(lambda: self._s.superbills.superbill_pdf(encounter_id), "itemized-receipt")

    def print_estimate(self, estimate_id: int) -> None:
        """Prints an estimate as it was given."""
        self._print(lambda: self._s.estimates.pdf(estimate_id), "estimate")

    # --- checks that came back ------------------------------------------------------------------
    def bounce(self, command: BouncedCheck) -> None:
        """Takes a bounced check back; Undo puts it back and takes the fee off."""
        done: list[CameBack] = []

        def run() -> None:
            done.append(self._s.returns.nsf(command))

        def words() -> str:
            said = "Check taken back: what it paid is owed again."
            if command.fee_cents:
                said += f" Fee of {format_cents(command.fee_cents)} charged."
            if (waits := done[0].unapplied_cents) < 0:
                said += f" {format_cents(-waits)} of it had been refunded and is owed to you."
            return said

        def undo() -> None:
            def back() -> None:
                self._s.returns.put_back(command.payment_id)
                if (fee := done[0].fee_encounter_id) is not None:
                    self._s.fees.take_off(fee, "the check was good")

            self._do(back, "The check counts again.")

        self._do(run, words, undo)

    def put_back(self, row: ReceiptRow) -> None:
        """The bank honoured it after all."""
        words = f"{format_cents(row.amount_cents)} counts again. A fee for it stays until voided."
        self._do(lambda: self._s.returns.put_back(row.payment_id), words)

    # --- fees, collections, others --------------------------------------------------------------
    def charge(self, fee: ChargeFee) -> None:
        """Charges a fee; Undo takes it off."""
        amount, made = format_cents(fee.cents), list[int]()

        def run() -> None:
            made.append(self._s.fees.charge(fee.patient_id, fee.kind, fee.cents, fee.on))

        def undo() -> None:
            words = f"Fee of {amount} taken off."
            self._do(lambda: self._s.fees.take_off(made[0], "entry mistake"), words)

        self._do(run, f"Fee of {amount} charged to the patient.", undo)

    def collect(self, wish: Collect) -> None:
        """Places, recalls or gives up; each can be taken back."""
        do, guarantor = self._s.collections, wish.guarantor_id
        done: list[Collected] = []

        def run() -> None:
            if wish.deed == "place":
                found = do.place(guarantor, agency=wish.agency)
            else:
                found = do.recall(guarantor) if wish.deed == "recall" else do.give_up(guarantor)
            done.append(found)

        def undo() -> None:
            lines = done[0].lines
            if wish.deed == "place":
                words = "Back from the agency."
                self._do(lambda: do.recall(guarantor, lines, why="taken back"), words)
            elif wish.deed == "recall":
                self._do(lambda: do.place(guarantor, lines), "With the agency again.")
            else:
                journal = done[0].journal_id
                self._do(lambda: do.take_back(journal), "Not given up: with the agency again.")

        ends = {
            "place": "placed with the agency; no statement asks for it.",
            "recall": "recalled: the patient owes it again.",
            "give_up": "written off as bad debt. Write it back on a line if it comes in.",
        }
        words = ends[wish.deed]
        self._do(run, lambda: f"{format_cents(done[0].cents)} {words}", undo)

    def third_party(self, command: PartyReceipt) -> None:
        """Takes a third party's payment; Undo takes it back as it was applied."""
        kept: list[int] = []
        amount = format_cents(command.check.amount_cents)
        placed = format_cents(sum(part.cents for part in command.apply))

        def run() -> None:
            kept.append(self._s.third_parties.receive(command).payment_id)

        def undo() -> None:
            words = f"Payment of {amount} taken back."
            self._do(lambda: self._s.receipts.reverse_receipt(kept[0], "entry mistake"), words)

        fee = f", {format_cents(command.fee_cents)} kept as fee" if command.fee_cents else ""
        self._do(run, f"{amount} received{fee}: pays {placed} of the debt.", undo)

    def insurance(self, command: InsuranceFound) -> None:
        """Passes a visit to a payer; Undo takes it back while its claim is not printed."""
        said: list[str] = []
        journals: list[int] = []

        def run() -> None:
            done = self._s.insurance_found.found(command)
            words = f"{format_cents(done.passed_cents)} passed to the payer"
            if done.provisional_cents:
                words += f"; {format_cents(done.provisional_cents)} paid by the patient waits"
            said.append(f"{words}. Claim {done.claim_number} is ready.")
            journals.append(done.journal_id)

        def undo() -> None:
            words = "The patient owes the visit again; the claim is void."
            self._do(lambda: self._s.insurance_found.take_back(journals[0]), words)

        self._do(run, lambda: said[0], undo)

    def sliding_fee(self, command: SaveSlidingFee) -> None:
        """Keeps the household's discount; Undo ends it."""

        def undo() -> None:
            words = "The discount ends today."
            self._do(lambda: self._s.sliding_fees.end(command.guarantor_id), words)

        words = f"{command.percent} percent of each self-pay charge is forgiven from now on."
        self._do(lambda: self._s.sliding_fees.save(command), words, undo)

    # --- estimates ------------------------------------------------------------------------------
    def give_estimate(self, command: MakeEstimate) -> None:
        """Keeps an estimate and prints it; Undo withdraws it."""
        made: list[EstimateMade] = []

        def undo() -> None:
            words = "Estimate withdrawn."
            self._do(lambda: self._s.estimates.withdraw(made[0].estimate_id), words)

        def words() -> str:
            late = " ".join(finding.message for finding in made[0].warnings)
            return f"Estimate of {format_cents(made[0].total_cents)} given. {late}".strip()

        with guard(self._owner, say=self.notify.emit) as call:
            made.append(self._s.estimates.give(command))
        if call.ok:
            self.print_estimate(made[0].estimate_id)
            self.notify.emit(NoticeText(words(), undo=undo))
            self._done()

    def dispute(self, encounter_id: int) -> None:
        """The patient disputes a bill: it goes on hold until the dispute is settled."""
        words = "On hold: no statement asks for it. Release it on Statements when it is settled."
        self._do(lambda: self._s.estimates.dispute(encounter_id), words)
