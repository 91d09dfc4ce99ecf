"""Posting one claim after the other on a check: open, keep, save, undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.dates import format_date
from app.domain.money import format_cents
from app.services.drafts import DraftService
from app.services.eobs import EobService
from app.services.payment_commands import (
    CheckState,
    CorrectEobs,
    EobPosted,
    PostEob,
    ReverseEob,
)
from app.services.posting_commands import ClaimToPost, PostedClaim, PostingClaim, Reason
from app.services.posting_desk import PostingDeskService
from app.ui.guard import guard
from app.ui.pages.payments_bench import Bench
from app.ui.pages.payments_drafts import Body, EobDrafts
from app.ui.pages.payments_entry import ClaimEntry
from app.ui.pages.payments_list import is_open, takes_claims
from app.ui.pages.payments_together import TogetherEntry
from app.ui.pages.payments_words import claim_row, off_words, posted_words, problem
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.results import SearchRow

_KEEP_MS = 1000


class PostingDesk(QObject):
    """Brings claims to the bench and their EOBs into the books.

    Attributes:
        changed: the books changed; the check must be read again.
        notify: what happened.
        status: quiet facts for the footer.
    """

    changed = Signal()
    notify = Signal(NoticeText)
    status = Signal(str)

    def __init__(
        self, eobs: EobService, posting: PostingDeskService, drafts: DraftService, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._eobs, self._posting, self._drafts = eobs, posting, EobDrafts(drafts)
        self._bench: Bench
        self._reasons: tuple[Reason, ...] = ()
        self._sequestered = False
        self._bodies: dict[int, tuple[int, Body]] = {}
        self.ready: dict[int, str] = {}
        self._moving: int | None = None  # the EOB that is put right under its check
        self._timer = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._timer.timeout.connect(self.keep)

    def serve(self, bench: Bench) -> None:
        """Takes the bench it works on."""
        self._bench = bench
        bench.box.chosen.connect(self.open_claim)
        bench.box.created.connect(self._not_found)
        bench.claim.edited.connect(self._timer.start)
        bench.claim.row_left.connect(self._keep_soon)

    @property
    def _check(self) -> CheckState | None:
        return self._bench.check

    # --- finding ----------------------------------------------------------------------------
    def reasons(self) -> Sequence[Reason]:
        """The practice's reason table."""
        return self._reasons

    def find(self, text: str) -> Sequence[SearchRow]:
        """Claims of the check's payer for the claim box."""
        check = self._check
        if check is None or check.payer_id is None:
            return ()
        found: tuple[ClaimToPost, ...] = ()
        with guard(self._bench, say=self._say):
            found = self._posting.find_claims(check.payer_id, text)
        kept = self._drafts.claims(check)
        return [claim_row(c, half=c.claim_id in kept) for c in found if text or c.open_cents > 0]

    def offer_next(self) -> None:
        """Greys the payer's next open claim into the claim box."""
        rows = self.find("")
        self._bench.box.offer(rows[0] if rows else None, "No claim of this payer is open")

    def _not_found(self, text: str) -> None:
        self._bench.box.selectAll()
        self._bench.say(
            f"No claim of this payer is found by “{text}”. Try the account number, or the last "
            "name and the date; money for it can wait under Unapplied (F8)."
        )

    # --- one claim --------------------------------------------------------------------------
    def open_claim(self, claim_id: object, body: Body | None = None) -> None:
        """Puts a claim on the bench; a draft of it is simply there."""
        check = self._check
        if check is None or not isinstance(claim_id, int):
            return
        if self._bench.claim.go_to_claim(claim_id):
            self._bench.box.set_value(None)
            return
        self.keep()
        with guard(self._bench, say=self._say) as call:
            claim = self._posting.open_claim(claim_id)
            self._begin(check, (claim,), {claim_id: body} if body else {})
        if not call.ok:
            self._bench.claim.end()

    def open_all(self, typed: Mapping[int, Body] | None = None) -> None:
        """Puts every open line of the payer on the bench, claim under claim (F5)."""
        check = self._check
        if check is None or check.payer_id is None or not takes_claims(check):
            return
        if self._moving is not None:
            self._say_words("Open the one claim that the posting belongs to.")
            return
        self.keep()
        with guard(self._bench, say=self._say):
            claims = self._posting.open_claims(check.payer_id)
            if claims:
                self._begin(check, claims, typed or {})
            else:
                self._say_words("No claim of this payer is open.")

    def _begin(
        self,
        check: CheckState,
        claims: Sequence[PostingClaim],
        typed: Mapping[int, Body],
    ) -> None:
        """Claims on the bench; what was ``typed`` on them, or their drafts, is simply there."""
        self._reasons = self._posting.reasons()
        defaults = {(r.group, r.carc): r.disposition for r in self._reasons}
        parts = [ClaimEntry(c, defaults, sequestered=self._sequestered) for c in claims]
        when = self._drafts.bring_back(check, parts, typed)
        self._bench.say("")
        self._bench.box.set_value(None)
        self._bench.box.offer(None)
        self._bench.claim.begin(parts[0] if len(parts) == 1 else TogetherEntry(parts))
        self._bench.show_running()
        if when is not None:
            self.status.emit(f"Draft of {_clock(when)} brought back")

    def resume(self, check: CheckState) -> bool:
        """Opens what was left half typed on a check; False when there is nothing."""
        begun = self._drafts.claims(check)
        if len(begun) == 1:
            self.open_claim(begun[0])
        elif begun:
            self.open_all()
        return bool(begun)

    def move(self, eob: PostedClaim | None) -> None:
        """Begins to put an EOB right: the next claim saved takes its place on the same check."""
        if self._check is None or eob is None or eob.reversed or eob.takeback:
            self._say_words("Choose the posting that is on the wrong claim, then move it.")
            return
        self.put_away()
        self._moving = eob.eob_id
        who = eob.patient_name.split(",", maxsplit=1)[0]
        self._bench.box.setEnabled(True)
        self._bench.say(
            f"{format_cents(eob.paid_cents)} of {who} moves: open the right claim, key the EOB "
            "again and save. Both are posted together; the check keeps its total.",
            "warn",
        )
        self._bench.box.setFocus()

    def put_away(self) -> None:
        """Takes the claim off the bench; what is typed stays as a draft."""
        self._moving = None
        self.keep()
        self._bench.claim.end()
        self._bench.show_running()

    def discard(self) -> None:
        """Forgets what is typed on the claim."""
        check, entry = self._check, self._bench.claim.entry
        if check is not None and entry is not None:
            self._timer.stop()
            with guard(self._bench, say=self._say):
                self._drafts.drop(check, entry.parts())
            self._bench.claim.end()
            self.offer_next()
            self._bench.show_running()
            self._bench.box.setFocus()
            self.status.emit("")

    # --- drafts -----------------------------------------------------------------------------
    def _keep_soon(self) -> None:
        """A line is finished: kept as soon as the keys are served."""
        if self._timer.isActive():
            self._timer.start(0)

    def keep(self) -> None:
        """Keeps what is typed, so that a crash costs nothing."""
        self._timer.stop()
        self._timer.setInterval(_KEEP_MS)
        check, entry = self._check, self._bench.claim.entry
        if check is None or entry is None:
            return
        with guard(self._bench, say=self._say):
            if when := self._drafts.keep(check, entry.parts()):
                self.status.emit(f"Draft kept {_clock(when)}")

    # --- the books --------------------------------------------------------------------------
    def save(self) -> bool:
        """Posts what is on the bench; False when something is still to be typed."""
        check, entry = self._check, self._bench.claim.entry
        if check is None or entry is None or not self._bench.claim.finish():
            return False
        if not entry.touched():
            self._say_words("Type what the EOB says of at least one line, then save (F9).")
            return False
        if self._bench.claim.go_to_problem():
            self._say_words(problem(entry))
            return False
        if entry.off_by():
            self._say_words(off_words(entry))
            return False
        parts = [part for part in entry.parts() if part.touched()]
        with guard(self._bench, say=self._say) as call:
            posted = self._post(check, parts)
        if call.ok:
            with guard(self._bench, say=self._say):
                self._drafts.drop(check, parts)
            self._sequestered = entry.sequestered
            self._told(parts, posted)
        return call.ok

    def _post(self, check: CheckState, parts: Sequence[ClaimEntry]) -> Sequence[EobPosted]:
        commands = tuple(_command(check, part) for part in parts)
        if self._moving is None:
            return self._eobs.post_eobs(commands)
        wrong = ReverseEob(self._moving, check.payment_id)
        right = tuple(replace(command, from_unapplied=False) for command in commands)
        return self._eobs.correct(CorrectEobs(check.payment_id, (wrong,), right))

    def _told(self, parts: Sequence[ClaimEntry], posted: Sequence[EobPosted]) -> None:
        self._timer.stop()
        for part, done in zip(parts, posted, strict=True):
            self._bodies[done.eob_id] = (part.claim.claim_id, part.body())
            if done.released_claims:
                self.ready[done.eob_id] = ", ".join(done.released_claims)
        self._bench.say("")
        self._bench.claim.end()
        self.changed.emit()
        self._bench.box.setFocus()
        self.status.emit("")
        words = posted_words(parts, posted)
        if self._moving is not None:
            self._moving = None
            words = f"Moved under the same check. {words}"
        # A posting out of waiting money is on a closed check: it is reversed on another one.
        eobs = [done.eob_id for done in posted]
        undo = (lambda: self.undo(*eobs)) if self._open() else None
        self.notify.emit(NoticeText(words, undo=undo))

    def _open(self) -> bool:
        return self._check is not None and is_open(self._check)

    def undo(self, *eob_ids: int) -> None:
        """Reverses postings of this check and puts what was typed back on the bench."""
        check = self._check
        if check is None:
            return
        # The last first: an earlier one may have left what a later one passed on.
        commands = [ReverseEob(eob, check.payment_id) for eob in reversed(eob_ids)]
        with guard(self._bench, say=self._say) as call:
            self._eobs.reverse_eobs(commands)
        if not call.ok:
            return
        self.put_away()
        self.changed.emit()
        typed = dict(self._bodies.pop(eob) for eob in eob_ids if eob in self._bodies)
        if len(typed) == 1:
            ((claim_id, body),) = typed.items()
            self.open_claim(claim_id, body)
        elif typed:
            self.open_all(typed)
        self.keep()
        self.notify.emit(NoticeText("Posting undone: the payer owes again."))

    def take_back(self) -> None:
        """Reverses the claim's earlier decision on this check: a takeback, or a correction."""
        check, entry = self._check, self._bench.claim.claim_here()
        if check is None or entry is None or not entry.claim.earlier:
            self._say_words("Open a claim that was decided before; then this takes it back.")
            return
        last = entry.claim.earlier[-1]
        with guard(self._bench, say=self._say) as call:
            self._eobs.reverse_eob(ReverseEob(last.eob_id, check.payment_id))
        if call.ok:
            self.changed.emit()
            self.put_away()
            self.open_claim(entry.claim.claim_id)
            words = f"{format_cents(last.paid_cents)} of {format_date(last.payment_date)}"
            self.notify.emit(
                NoticeText(f"Taken back on this check: {words}. Key the new decision, if any.")
            )

    def _say(self, notice: NoticeText) -> None:
        self._bench.say(notice.text)

    def _say_words(self, words: str) -> None:
        self._bench.say(words)


def _clock(when: datetime) -> str:
    return f"{when.astimezone():%H:%M:%S}"


def _command(check: CheckState, entry: ClaimEntry) -> PostEob:
    return PostEob(
        payment_id=check.payment_id,
        claim_id=entry.claim.claim_id,
        lines=entry.eob_lines(),
        remarks=tuple(entry.remarks.upper().replace(",", " ").split()),
        payer_claim_number=entry.reference,
        from_unapplied=not is_open(check),
    )
