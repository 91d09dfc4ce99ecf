"""What can be done with visits that come again; nothing of it ever posts."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.domain.rhythm import Rhythm
from app.services.recurring import MadeDraft, RecurringRow, RecurringService, SaveRecurring
from app.ui.guard import guard
from app.ui.page import Page
from app.ui.pages.encounters_bench import CodingBench
from app.ui.pages.encounters_recurring import DueLine, RecurringPanel, RepeatBar, next_words
from app.ui.widgets.notice import NoticeText


class RecurringActs(QObject):
    """Between the service, the bar that asks, the line of due visits and the list."""

    def __init__(
        self,
        service: RecurringService,
        bench: CodingBench,
        bar: RepeatBar,
        line: DueLine,
        panel: RecurringPanel,
        owner: Page,
    ) -> None:
        super().__init__(owner)
        self._service, self._bench, self._owner = service, bench, owner
        self._bar, self._line, self._panel = bar, line, panel
        bar.given.connect(self.save)
        line.wanted.connect(self.make_due)
        panel.changed.connect(self.change)
        panel.skipped.connect(self.skip)
        panel.ended.connect(self.end)

    def refresh(self) -> None:
        """Reads what is due and the list: six statements."""
        rows = self._service.templates()
        self._panel.show_rows(rows)
        self._line.show_due(sum(row.due for row in rows))

    def ask(self) -> None:
        """How often the visit in front comes again."""
        bench = self._bench
        if not bench.is_open():
            return
        with guard(self._owner, say=self._owner.notify.emit):
            encounter_id = bench.kept_id()
            day = bench.service_day()
            following = Rhythm(day, 1, "weeks").next_after(day) or day
            self._bar.ask(
                "How often does this visit come again?",
                Rhythm(following, 1, "weeks"),
                encounter_id=encounter_id,
            )

    def change(self, row: RecurringRow) -> None:
        """Another rhythm for a visit of the list."""
        self._bar.ask(f"{row.patient_name}: how often?", row.rhythm, recurring_id=row.recurring_id)

    def save(self, command: SaveRecurring) -> None:
        """Keeps the rhythm that was typed."""
        with guard(self._owner, form=self._bar.form, say=self._owner.notify.emit):
            key = self._service.save(command)
            self._bar.close_bar()
            words = Rhythm(
                command.first_on, command.every, command.unit, command.until, command.times
            ).words()
            undo = None if command.recurring_id else (lambda: self._end(key))
            said = f"This visit comes again {words}; drafts are made when you say so."
            self._owner.notify.emit(NoticeText(said, undo=undo))
            self.refresh()

    def make_due(self) -> None:
        """Makes drafts of all that is due; Undo takes away those nobody has touched."""
        with guard(self._owner, say=self._owner.notify.emit):
            made = self._service.make_due()
            if not made:
                self._owner.notify.emit(NoticeText("No recurring visit is due."))
                return
            keys = tuple(draft.encounter_id for draft in made)
            self._owner.notify.emit(NoticeText(_made_words(made), undo=lambda: self._unmake(keys)))
            self._owner.refresh()

    def _unmake(self, keys: tuple[int, ...]) -> None:
        with guard(self._owner, say=self._owner.notify.emit):
            self._service.unmake(keys)
            self._owner.refresh()

    def skip(self, row: RecurringRow) -> None:
        """Leaves the next day out; Undo takes it in again."""
        day = row.next_on
        if day is None:
            return
        with guard(self._owner, say=self._owner.notify.emit):
            self._service.skip(row.recurring_id, day)
            self.refresh()

            def back() -> None:
                with guard(self._owner, say=self._owner.notify.emit):
                    self._service.unskip(row.recurring_id, day)
                    self.refresh()

            self._owner.notify.emit(NoticeText(f"Skipped: {next_words(row)}.", undo=back))

    def end(self, row: RecurringRow) -> None:
        """Nothing more comes; Undo lets it go on."""
        self._end(row.recurring_id)

        def back() -> None:
            with guard(self._owner, say=self._owner.notify.emit):
                self._service.resume(row.recurring_id)
                self.refresh()

        said = f"{row.patient_name}: this visit does not come again."
        self._owner.notify.emit(NoticeText(said, undo=back))

    def _end(self, recurring_id: int) -> None:
        with guard(self._owner, say=self._owner.notify.emit):
            self._service.end(recurring_id)
            self.refresh()


def _made_words(made: tuple[MadeDraft, ...]) -> str:
    count = len(made)
    words = f"{count} draft{'s' * (count != 1)} made, to be looked over; nothing is posted."
    bad = [draft for draft in made if draft.trouble]
    if bad:
        words += f" {bad[0].patient_name}: {bad[0].trouble}"
        if len(bad) > 1:
            words += f" {len(bad) - 1} more have codes that changed."
    return words
