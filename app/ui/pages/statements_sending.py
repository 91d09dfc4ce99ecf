"""Sending from the statements page: frozen one by one on the worker, put out, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import Conflict, NotFound, Refused
from app.domain.money import format_cents
from app.services.statement_commands import StatementBatch
from app.services.statements import StatementService
from app.ui.jobs import Jobs
from app.ui.printout import PrintOut
from app.ui.runs import AT_ONCE, BREATH_MS, Report, Runs
from app.ui.widgets.notice import NoticeText

_LEFT_OUT_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be sent, and to whom, in this order.

    Attributes:
        letters: the letter before collections instead of a statement.
        by_hand: also to those who are not due; holds are never passed over.
    """

    guarantor_ids: tuple[int, ...]
    letters: bool = False
    by_hand: bool = False

    @property
    def noun(self) -> str:
        """``statement``, ``3 letters``."""
        return counted(len(self.guarantor_ids), letters=self.letters)


@dataclass(slots=True)
class Frozen:
    """What a run has frozen so far.

    Attributes:
        batches: one a guarantor, in order.
        left_out: sentences of those who got none.
        pdf: all pages in one document.
        cancelled: taken back; everybody stands as before.
        error: what ended the run early; what was frozen before it still goes out.
    """

    batches: list[StatementBatch] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    pdf: bytes = b""
    cancelled: bool = False
    error: Exception | None = None

    @property
    def statement_ids(self) -> list[int]:
        """What was sent."""
        return [key for batch in self.batches for key in batch.statement_ids]


class StatementSending(Runs):
    """Freezes, draws and puts out; takes back what did not come out.

    Attributes:
        said: a sentence for the line at the bottom.
        changed: the lists want reading again.
    """

    said = Signal(NoticeText)
    changed = Signal()

    def __init__(
        self, statements: StatementService, out: PrintOut, jobs: Jobs | None, parent: QObject
    ) -> None:
        super().__init__(jobs, parent)
        self._statements, self._out = statements, out
        self.waiting = 0  # documents drawn, about to be put out

    def send(self, errand: Errand) -> None:
        """Sends to everybody named; the notice's Undo takes all of it back."""
        if not errand.guarantor_ids:
            self.said.emit(NoticeText("Nobody here is due. Choose a row, or another list."))
            return
        if self.running or self.waiting:
            self.said.emit(NoticeText("Statements are being sent; wait or cancel below.", "bad"))
            return
        if trouble := self._out.trouble(on_stock=False):
            self.said.emit(NoticeText(trouble, "bad"))
            return
        count = len(errand.guarantor_ids)
        self._run(
            count,
            lambda report: self._freeze(errand, report),
            lambda frozen: self._put(errand, frozen),
            f"Sending {errand.noun}",
        )

    def take_back(self, statement_ids: Sequence[int], why: str, words: str = "") -> None:
        """The newest statements of these accounts count as never sent."""

        def work(report: Report) -> None:
            for at, key in enumerate(statement_ids):
                if not report(at):
                    return
                self._statements.unsend(key, why)

        def done(_: None) -> None:
            self.changed.emit()
            if words:
                self.said.emit(NoticeText(words))

        self._run(len(statement_ids), work, done, "Taking statements back")

    def reprint(self, statement_id: int) -> None:
        """The very pages that were sent; nothing changes.

        Raises:
            NotFound: no such statement.
        """
        pdf = self._statements.reprint(statement_id)

        def told(where: str) -> None:
            self.said.emit(NoticeText(f"Printed again, unchanged. {where}"))

        self._out.put(pdf, "statements", told, failed=self._refuse)

    # --- on the worker, or right here when there is little to do ------------------------------
    def _freeze(self, errand: Errand, report: Report) -> Frozen:
        """One unit of work a guarantor, so that the window never waits long for its turn."""
        frozen = Frozen()
        for at, guarantor_id in enumerate(errand.guarantor_ids):
            if not report(at):
                return self._give_up(frozen)
            try:
                self._freeze_one(errand, guarantor_id, frozen)
            except (Refused, NotFound, Conflict) as error:
                if len(errand.guarantor_ids) == 1:
                    raise
                frozen.left_out.append(error.message)
            except Exception as error:  # told once what is frozen is out
                frozen.error = error
                break
        pages = [page for batch in frozen.batches for page in batch.drawn]
        if pages:
            frozen.pdf = self._statements.pages_pdf(pages)
        return frozen if report(len(errand.guarantor_ids)) else self._give_up(frozen)

    def _freeze_one(self, errand: Errand, guarantor_id: int, frozen: Frozen) -> None:
        by_hand = errand.by_hand
        if errand.letters:
            batch = self._statements.to_pre_collection(guarantor_id, even_if_not_due=by_hand)
        else:
            batch = self._statements.freeze([guarantor_id], even_if_not_due=by_hand)
        frozen.left_out += [f"{left.name}: {left.words}." for left in batch.left_out]
        if batch.statement_ids:
            frozen.batches.append(batch)

    def _give_up(self, frozen: Frozen) -> Frozen:
        for key in frozen.statement_ids:
            self._statements.unsend(key, "sending was cancelled")
        return Frozen(cancelled=True)

    # --- back in the window -------------------------------------------------------------------
    def _put(self, errand: Errand, frozen: Frozen) -> None:
        self.changed.emit()
        if frozen.cancelled:
            self.said.emit(NoticeText("Cancelled. Nothing was sent; everybody is due as before."))
        elif len(frozen.batches) > AT_ONCE:
            self.waiting += 1
            QTimer.singleShot(BREATH_MS, self, lambda: self._put_later(errand, frozen))
        elif frozen.batches:
            self._put_pages(errand, frozen)
        elif frozen.left_out:
            self._refuse(f"Nothing was sent. {_left_out(frozen)}")
        if frozen.error is not None:
            self.broke.emit(frozen.error)

    def _put_later(self, errand: Errand, frozen: Frozen) -> None:
        self.waiting -= 1
        self._put_pages(errand, frozen)

    def _put_pages(self, errand: Errand, frozen: Frozen) -> None:
        ids = frozen.statement_ids
        cents = sum(batch.amount_cents for batch in frozen.batches)
        sent = counted(len(ids), letters=errand.letters)
        asked = f"{sent} sent, {format_cents(cents)} asked for."

        def undo() -> None:
            self.take_back(ids, "taken back right after sending", f"{sent} taken back.")

        def told(where: str) -> None:
            words = " ".join(filter(None, (asked, where, _left_out(frozen))))
            self.said.emit(NoticeText(words, undo=undo, word="Take back"))

        def failed(why: str) -> None:
            self.take_back(ids, "did not come out")
            self._refuse(f"{why} Nothing counts as sent.")

        name = "letters" if errand.letters else "statements"
        self._out.put(frozen.pdf, name, told, failed=failed)

    def _refuse(self, sentence: str) -> None:
        self.said.emit(NoticeText(sentence, "bad"))


def counted(number: int, *, letters: bool = False) -> str:
    """``1 statement``, ``12 letters``."""
    return f"{number} {'letter' if letters else 'statement'}{'' if number == 1 else 's'}"


def _left_out(frozen: Frozen) -> str:
    if not frozen.left_out:
        return ""
    shown = " ".join(dict.fromkeys(frozen.left_out[:_LEFT_OUT_SHOWN]))
    return f"{len(frozen.left_out)} left out: {shown}"
