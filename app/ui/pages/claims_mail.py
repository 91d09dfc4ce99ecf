"""What goes into the envelope beside the claims: earlier decisions, labels, cover sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.services.packet_commands import MailingSheets, PlainPart
from app.services.packets import PacketService
from app.ui.jobs import Jobs, Progress
from app.ui.printout import PrintOut
from app.ui.runs import AT_ONCE
from app.ui.shortcuts import make_action
from app.ui.widgets.notice import NoticeText

Words = Callable[[str], object]


class ClaimMail(QObject):
    """Puts out the plain-paper part after the claims' own sheets; labels and lists on wish.

    Attributes:
        said: a sentence for the line at the bottom.
        broke: an error to be told in the usual way.
    """

    said = Signal(NoticeText)
    broke = Signal(object)

    def __init__(
        self, packets: PacketService, out: PrintOut, jobs: Jobs | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._packets, self._out, self._jobs = packets, out, jobs

    def in_order(self, claim_ids: Sequence[int]) -> Sequence[int]:
        """The same claims payer by payer, as the envelopes are filled."""
        return self._packets.mailing_order(claim_ids)

    def beside(self, claim_ids: Sequence[int], then: Words) -> None:
        """Puts out what earlier payers decided on these claims; ``then`` gets the words for it.

        The words are empty when nothing goes with them.
        """

        def put(part: PlainPart) -> None:
            self._put(part.pdf, len(part.claim_ids), then)

        if self._jobs is None or len(claim_ids) <= AT_ONCE:
            try:
                part = self._packets.plain_part(claim_ids)
            except Exception as error:
                then("")
                self.broke.emit(error)
            else:
                put(part)
            return

        def work(_: Progress) -> PlainPart:
            return self._packets.plain_part(claim_ids)

        def failed(error: BaseException) -> None:
            then("")
            self.broke.emit(error)

        self._jobs.run(work, put, failed, name="Earlier payers' decisions")

    def beside_again(self, claim_id: int, then: Words) -> None:
        """The same page as went out with a claim that is printed again."""
        pdf = self._packets.packet(claim_id).summary_pdf
        self._put(pdf, 1 if pdf else 0, then)

    def _put(self, pdf: bytes, count: int, then: Words) -> None:
        if not pdf:
            then("")
            return
        pages = "page of earlier decisions" if count == 1 else "pages of earlier decisions"

        def told(where: str) -> None:
            then(f"With {count} {pages} on plain paper. {where}")

        def failed(why: str) -> None:
            then(f"The earlier decisions did not come out: {why}")

        self._out.put(pdf, "earlier-decisions", told, failed=failed)

    def labels(self, claim_ids: Sequence[int]) -> None:
        """A mailing label for each payer of these claims.

        Raises:
            Refused: no claims were chosen.
        """
        self._put_sheets(self._packets.labels(claim_ids), "labels", "label", "labels")

    def cover_list(self, claim_ids: Sequence[int]) -> None:
        """A cover sheet for each envelope and the list of all of them.

        Raises:
            Refused: no claims were chosen, or the practice is not set up.
        """
        sheets = self._packets.cover_list(claim_ids)
        self._put_sheets(sheets, "cover-list", "cover sheet", "cover sheets")

    def _put_sheets(self, sheets: MailingSheets, name: str, one: str, many: str) -> None:
        claims = f"{sheets.claims} claim{'s' if sheets.claims > 1 else ''}"
        words = f"{sheets.envelopes} {many if sheets.envelopes > 1 else one} for {claims}."

        def told(where: str) -> None:
            self.said.emit(NoticeText(f"{words} {where}"))

        def failed(why: str) -> None:
            self.said.emit(NoticeText(why, "bad"))

        self._out.put(sheets.pdf, name, told, failed=failed)


def add_mail_actions(page: QWidget, mail: ClaimMail, chosen: Callable[[], Sequence[int]]) -> None:
    """Commands for Ctrl+K about the claims chosen in the list (Ctrl+A chooses all of them)."""

    def act(deed: Callable[[Sequence[int]], None]) -> None:
        try:
            deed(chosen())
        except Exception as error:
            mail.broke.emit(error)

    tip = "For the claims chosen in the list; Ctrl A chooses all"
    make_action(page, "Mailing labels", "", lambda: act(mail.labels), tip=tip)
    make_action(page, "Cover list", "", lambda: act(mail.cover_list), tip=tip)
