"""What can be done with the encounter on the bench: save, hold, copy, post, print, delete."""

from __future__ import annotations

from datetime import date

from app.domain.dates import format_date
from app.domain.errors import AppError, Invalid
from app.domain.estimates import may_be_disputed
from app.domain.findings import Finding
from app.domain.money import format_cents
from app.services.encounter_commands import ChargesPosted
from app.ui.guard import guard
from app.ui.page import Go, Page
from app.ui.pages import encounters_line_rules as rules
from app.ui.pages.encounters_bench import CodingBench
from app.ui.pages.encounters_work import Work
from app.ui.widgets.notice import NoticeText


class EncounterActs:
    """Each act says in one sentence what happened, or shows what has to be put right first."""

    def __init__(self, work: Work, bench: CodingBench, owner: Page) -> None:
        self._work, self._bench, self._owner = work, bench, owner
        bench.hold_bar.given.connect(self.set_aside)
        bench.hold_bar.refused.connect(lambda words: self._say(words, "bad"))
        bench.draft_line.discarded.connect(self.discard)
        bench.sheet.refused.connect(lambda words: self._say(words, "bad"))

    def save(self) -> None:
        """Saves the encounter as a draft of the queue."""
        with guard(self._owner, say=self._owner.notify.emit):
            if self._save():
                self._say("Encounter saved; its charges are not posted yet.")

    def _save(self) -> int | None:
        bench = self._bench
        if not bench.is_coding() or not bench.sheet.lines.commit_open():
            return None
        try:
            bench.sheet_saved(bench.sheet.command(bench.note.value()))
        except Invalid as error:
            self._show(error.findings)
            return None
        return bench.sheet.encounter_id

    def _show(self, findings: tuple[Finding, ...]) -> None:
        count = self._bench.sheet.show_findings(findings)
        self._say(f"{count} thing{'s' * (count != 1)} to put right first.", "bad")

    def post(self) -> ChargesPosted | None:
        """Posts the charges; None when something has to be put right first."""
        posted: ChargesPosted | None = None
        with guard(self._owner, say=self._owner.notify.emit):
            if (encounter_id := self._save()) is None:
                return None
            try:
                posted = self._work.encounters.post_charges(encounter_id)
            except Invalid as error:
                self._show(error.findings)
                return None
            self._say(_posted_words(posted))
            self._bench.open(encounter_id)
        return posted

    def post_and_print(self) -> None:
        """Posts, prints the first claim, and goes to it; there she says if the paper is good."""
        if (posted := self.post()) is None or not posted.claim_ids:
            return
        claim_id = posted.claim_ids[0]
        with guard(self._owner, say=self._owner.notify.emit):
            try:
                self._print(claim_id)
            except AppError as error:
                self._say(f"Charges are posted. The claim cannot print yet: {error.message}", "bad")
        self._owner.go.emit(Go("claims", claim_id))

    def _print(self, claim_id: int) -> None:
        """On the paper that its payer takes; a claim that does not come out is ready again."""
        if trouble := self._work.out.trouble(on_stock=True):
            self._say(f"Charges are posted. {trouble}", "bad")
            return
        batch = self._work.claims.print_claims([claim_id], whole_form=None)

        def failed(why: str) -> None:
            self._work.claims.unprint([claim_id], "did not come out")
            self._say(f"Charges are posted. {why} The claim stays ready.", "bad")

        self._work.out.put(batch.pdf, "claims", self._say, sheets=batch.drawn, failed=failed)

    def hold(self) -> None:
        """Asks why, in a line below; releases an encounter that is on hold."""
        if self._bench.held():
            self.release(self._bench.sheet.encounter_id or 0)
        elif self._bench.is_coding():
            self._bench.hold_bar.ask()

    def set_aside(self, reason: str, until: date | None = None) -> None:
        """Saves and sets aside, until a day where one is named; Undo releases."""
        with guard(self._owner, say=self._owner.notify.emit):
            if (encounter_id := self._save()) is None:
                return
            try:
                self._work.encounters.hold(encounter_id, reason, until)
            except Invalid as error:
                self._say(error.findings[0].message, "bad")
                return
            self._bench.open(encounter_id)
            when = f" until {format_date(until)}" if until else ""
            said = f"On hold{when}: {reason}"
            notice = NoticeText(said, undo=lambda: self.release(encounter_id))
            self._owner.notify.emit(notice)

    def release(self, encounter_id: int) -> None:
        """Takes an encounter off hold."""
        with guard(self._owner, say=self._owner.notify.emit):
            self._bench.put_away()
            self._work.encounters.release(encounter_id)
            self._bench.open(encounter_id)
            self._say("Off hold; the encounter is among those to code again.")

    def copy_last(self) -> None:
        """Diagnoses and lines of the patient's last visit, at today's charges; Undo takes back."""
        sheet = self._bench.sheet
        patient = sheet.visit.patient()
        if patient is None:
            self._say("Choose the patient first; then the last visit can be copied.", "bad")
            return
        with guard(self._owner, say=self._owner.notify.emit):
            codes, lines = self._work.encounters.copy_last_visit(
                patient.patient_id, sheet.encounter_id
            )
            if not codes and not lines:
                self._say("This patient has no earlier visit to copy.")
                return
            before = sheet.diagnoses.codes(), sheet.lines.raw()
            sheet.copy(codes, [rules.again(line, self._bench.prices) for line in lines])
            words = f"Copied from the last visit: {_count(codes, lines)}."
            self._owner.notify.emit(NoticeText(words, undo=lambda: sheet.copy(*before)))

    def delete(self) -> None:
        """Deletes an encounter that never reached the books."""
        encounter_id = self._bench.sheet.encounter_id
        with guard(self._owner, say=self._owner.notify.emit):
            if encounter_id is not None:
                self._work.encounters.delete_draft(encounter_id)
            self._bench.drop_draft()
            self._bench.show_nothing()
            self._say("Encounter deleted; it never reached the books.")

    def discard(self) -> None:
        """Gives the draft up and shows what was saved, or an empty sheet."""
        bench = self._bench
        if not bench.is_coding() or bench.draft_line.isHidden():
            return
        encounter_id = bench.sheet.encounter_id
        with guard(self._owner, say=self._owner.notify.emit):
            bench.drop_draft()
            if encounter_id is None:
                bench.begin()
            else:
                bench.open(encounter_id)
            self._say("Draft discarded.")

    def remove_current(self) -> None:
        """Takes out the diagnosis or the service line under the cursor."""
        if self._bench.is_coding() and not self._bench.sheet.diagnoses.remove_current():
            self._bench.sheet.lines.delete_current()

    def _say(self, words: str, look: str = "") -> None:
        self._owner.notify.emit(NoticeText(words, look))


def _count(codes: tuple[str, ...], lines: tuple[object, ...]) -> str:
    diagnoses = f"{len(codes)} diagnos{'is' if len(codes) == 1 else 'es'}"
    return f"{diagnoses}, {len(lines)} line{'s' * (len(lines) != 1)}"


def _posted_words(posted: ChargesPosted) -> str:
    amount = format_cents(posted.total_cents)
    if not posted.claim_ids:
        words = f"Charges posted: {amount}, billed to the patient."
        if posted.forgiven_cents:
            words += f" {format_cents(posted.forgiven_cents)} forgiven by the sliding fee."
        if may_be_disputed(posted.over_estimate_cents, 0):
            over = format_cents(posted.over_estimate_cents)
            words += f" This is {over} above the estimate: the patient may dispute it."
        return words
    return f"Charges posted: {amount} to {posted.first_payer}; the claim is ready to print."
