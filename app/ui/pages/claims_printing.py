"""Printing from the claims page: a few claims at once, many on the worker with Cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.print_ops import SheetOps
from app.services.claim_commands import PrintedBatch
from app.services.claims import ClaimService
from app.ui.jobs import Jobs
from app.ui.pages.claims_mail import ClaimMail
from app.ui.printout import PrintOut
from app.ui.runs import AT_ONCE, BREATH_MS, Report, Runs
from app.ui.widgets.notice import NoticeText

SPOILED = "sheet was spoiled"
_SKIPPED_SHOWN = 3


@dataclass(slots=True)
class Frozen:
    """What a run has frozen so far.

    Attributes:
        batches: one for each claim, in order.
        left_out: sentences of claims that cannot print; they stay as they were.
        pdfs: one document for red stock and one for plain paper, as far as there are sheets.
        cancelled: taken back; every claim is ready again.
        error: what ended the run early; what was frozen before it still goes out.
    """

    batches: list[PrintedBatch] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    pdfs: dict[bool, bytes] = field(default_factory=dict)
    cancelled: bool = False
    error: Exception | None = None

    def claim_ids(self, *, on_stock: bool) -> list[int]:
        """Claims on one paper."""
        return [i for b in self.batches if b.drawn[0].on_stock == on_stock for i in b.claim_ids]

    def sheets(self, *, on_stock: bool) -> list[SheetOps]:
        """Sheets of one paper."""
        return [s for b in self.batches for s in b.drawn if s.on_stock == on_stock]


class ClaimPrinting(Runs):
    """Freezes claims one by one, draws them, puts them out, and takes back what did not come out.

    Attributes:
        said: a sentence for the line at the bottom.
        printed: ids of the claims that wait for her word, before their sheets are out.
        taken_back: ids of claims that are ready again.
    """

    said = Signal(NoticeText)
    printed = Signal(object)
    taken_back = Signal(object)

    def __init__(
        self,
        claims: ClaimService,
        out: PrintOut,
        jobs: Jobs | None,
        parent: QObject,
        mail: ClaimMail | None = None,
    ) -> None:
        super().__init__(jobs, parent)
        self._claims, self._out, self._mail = claims, out, mail
        self.waiting = 0  # documents frozen and drawn, about to be put out

    def print_claims(self, claim_ids: Sequence[int], whole_form: bool | None = None) -> None:
        """Prints ready claims; ``whole_form`` None asks each payer's record."""
        if not claim_ids:
            self.said.emit(NoticeText("No claim is ready to print."))
            return
        if self.running or self.waiting:
            self.said.emit(NoticeText("Claims are being printed; wait or cancel below.", "bad"))
            return
        if trouble := self._out.trouble(on_stock=not whole_form):
            self.said.emit(NoticeText(trouble, "bad"))
            return

        def work(report: Report) -> Frozen:
            return self._freeze(claim_ids, whole_form, report)

        self._run(len(claim_ids), work, self._put, f"Printing {len(claim_ids)} claims")

    def take_back(self, claim_ids: Sequence[int], why: str = SPOILED) -> None:
        """The claims are ready again; ``taken_back`` tells when."""

        def work(report: Report) -> None:
            self._each(claim_ids, lambda i: self._claims.unprint([i], why), report)

        def done(_: None) -> None:
            self.taken_back.emit(list(claim_ids))

        self._run(len(claim_ids), work, done, "Taking claims back")

    def confirm(self, claim_ids: Sequence[int], done: Callable[[], object]) -> None:
        """Her word that the sheets are good."""

        def work(report: Report) -> None:
            self._each(claim_ids, lambda i: self._claims.confirm_printed([i]), report)

        self._run(len(claim_ids), work, lambda _: done(), "Confirming claims")

    def reprint(self, claim_id: int) -> None:
        """The very sheets that were printed; nothing of the claim changes.

        Raises:
            NotFound: the claim was never printed.
        """
        kept = self._claims.reprint_sheets(claim_id)

        def told(words: str) -> None:
            self._beside_again(
                claim_id, lambda more: self.said.emit(NoticeText(_joined(words, more)))
            )

        self._out.put(kept.pdf, "claims", told, sheets=kept.drawn, failed=self._refuse)

    def print_image(self, claim_ids: Sequence[int]) -> None:
        """Ready claims as one text file of 66 lines by 80 columns a sheet.

        Raises:
            Invalid, Refused: a claim cannot go out; nothing was frozen.
        """
        if not claim_ids:
            self.said.emit(NoticeText("No claim here is ready for a print image."))
            return
        image = self._claims.print_image(claim_ids)
        self.printed.emit(list(image.claim_ids))
        words = _counted(len(image.numbers), image.sheets)

        def told(where: str) -> None:
            undo = _later(self.take_back, list(image.claim_ids))
            self.said.emit(NoticeText(f"{words} {where}", undo=undo, word="Take back"))

        def failed(why: str) -> None:
            self.take_back(image.claim_ids, "print image was not saved")
            self._refuse(why)

        self._out.save(image.content, "claims", told, suffix="txt", failed=failed)

    # --- on the worker, or right here when there is little to do ------------------------------
    def _each(self, claim_ids: Sequence[int], act: Callable[[int], object], report: Report) -> None:
        for at, claim_id in enumerate(claim_ids):
            if not report(at):
                return
            act(claim_id)

    def _freeze(self, claim_ids: Sequence[int], whole_form: bool | None, report: Report) -> Frozen:
        """One unit of work a claim, so that the window never waits long for its turn."""
        frozen = Frozen()
        for at, claim_id in enumerate(claim_ids):
            if not report(at):
                return self._give_up(frozen)
            try:
                frozen.batches.append(self._claims.freeze([claim_id], whole_form=whole_form))
            except (Invalid, Refused, NotFound, Conflict) as error:
                if len(claim_ids) == 1:
                    raise
                frozen.left_out.append(error.message)
            except Exception as error:  # told once what is frozen is out
                frozen.error = error
                break
        for on_stock in (True, False):
            if sheets := frozen.sheets(on_stock=on_stock):
                frozen.pdfs[on_stock] = self._claims.sheets_pdf(sheets)
        return frozen if report(len(claim_ids)) else self._give_up(frozen)

    def _give_up(self, frozen: Frozen) -> Frozen:
        for batch in frozen.batches:
            self._claims.unprint(batch.claim_ids, "printing was cancelled")
        return Frozen(cancelled=True)

    # --- back in the window -------------------------------------------------------------------
    def _put(self, frozen: Frozen) -> None:
        if frozen.cancelled:
            self.taken_back.emit([])
            self.said.emit(NoticeText("Cancelled. Nothing was printed; the claims are ready."))
            return
        if frozen.batches:
            self.printed.emit([i for b in frozen.batches for i in b.claim_ids])
        for on_stock, pdf in frozen.pdfs.items():
            if len(frozen.batches) > AT_ONCE:
                self.waiting += 1
                QTimer.singleShot(BREATH_MS, self, partial(self._put_later, frozen, on_stock, pdf))
            else:
                self._put_paper(frozen, on_stock, pdf)
        if frozen.left_out and not frozen.batches:
            self._refuse(_left_out(frozen))
        if frozen.error is not None:
            self.broke.emit(frozen.error)

    def _put_later(self, frozen: Frozen, on_stock: bool, pdf: bytes) -> None:
        self.waiting -= 1
        self._put_paper(frozen, on_stock, pdf)

    def _put_paper(self, frozen: Frozen, on_stock: bool, pdf: bytes) -> None:
        ids, sheets = frozen.claim_ids(on_stock=on_stock), frozen.sheets(on_stock=on_stock)
        words = [_counted(len(ids), len(sheets))]

        def said(where: str, beside: str) -> None:
            text = _joined(*words, where, beside, _left_out(frozen), _warning(frozen))
            self.said.emit(NoticeText(text, undo=_later(self.take_back, ids), word="Spoiled"))

        def told(where: str) -> None:
            self._beside(ids, lambda beside: said(where, beside))

        def failed(why: str) -> None:
            self.take_back(ids, "did not come out")
            many = "claims stay" if len(ids) > 1 else "claim stays"
            self._refuse(f"{why} The {many} ready.")

        name = "claims" if on_stock else "claims-plain"
        self._out.put(pdf, name, told, sheets=sheets, failed=failed)

    def _beside(self, claim_ids: Sequence[int], then: Callable[[str], object]) -> None:
        """What earlier payers decided goes out after the sheets, on plain paper."""
        if self._mail is None:
            then("")
        else:
            self._mail.beside(claim_ids, then)

    def _beside_again(self, claim_id: int, then: Callable[[str], object]) -> None:
        if self._mail is None:
            then("")
        else:
            self._mail.beside_again(claim_id, then)

    def _refuse(self, sentence: str) -> None:
        self.said.emit(NoticeText(sentence, "bad"))


def _later(act: Callable[[Sequence[int]], None], claim_ids: Sequence[int]) -> Callable[[], None]:
    return lambda: act(claim_ids)


def _joined(*words: str) -> str:
    return " ".join(filter(None, words))


def _counted(claims: int, sheets: int) -> str:
    return (
        f"{claims} claim{'s' if claims > 1 else ''} on {sheets} sheet{'s' if sheets > 1 else ''}."
    )


def _left_out(frozen: Frozen) -> str:
    if not frozen.left_out:
        return ""
    count, shown = len(frozen.left_out), " ".join(dict.fromkeys(frozen.left_out[:_SKIPPED_SHOWN]))
    return f"{count} left out: {shown}"


def _warning(frozen: Frozen) -> str:
    numbers = [n for b in frozen.batches for n in b.want_stock]
    if not numbers:
        return ""
    more = f" and {len(numbers) - 1} more" if len(numbers) > 1 else ""
    return f"The payer of claim {numbers[0]}{more} takes red stock only."
