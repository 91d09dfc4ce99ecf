"""Visits that come again: due on their days, made as drafts when asked, never posted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.rhythm import Rhythm
from app.services.codesets import CodeSetService
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import SaveProcedure
from app.services.recurring import RecurringService, SaveRecurring
from tests.services.front_desk import TODAY, Office


def visit(office: Office, day: date, **changes: object) -> int:
    office.services.setup.save_procedure(SaveProcedure("97110", 4000, "Exercise, 15 min"))
    patient = office.patient("Doe", office.lists.primary)
    line = SaveLine("97110", modifiers="GP", pointers="A", units="2")
    values: dict[str, object] = {"diagnoses": ("M54.50",), "lines": (line,)} | changes
    command = SaveEncounter(patient, office.lists.provider, day, **values)  # type: ignore[arg-type]
    return office.services.encounters.save(command).encounter_id


def repeat(office: Office, first: date, every: int = 1, unit: str = "weeks", **more: object) -> int:
    made = visit(office, first - timedelta(days=7))
    command = SaveRecurring(every, unit, first, encounter_id=made, **more)  # type: ignore[arg-type]
    return office.services.recurring.save(command)


class TestRhythm:
    def test_months_keep_the_day_of_the_first(self) -> None:
        days = list(Rhythm(date(2026, 1, 31), 1, "months").days(date(2026, 5, 1)))
        assert [(d.month, d.day) for d in days] == [(1, 31), (2, 28), (3, 31), (4, 30)]

    @given(
        first=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        every=st.integers(1, 366),
        unit=st.sampled_from(["days", "weeks", "months"]),
        times=st.one_of(st.none(), st.integers(1, 50)),
        span=st.integers(0, 2000),
    )
    def test_days_ascend_and_stop(
        self, first: date, every: int, unit: str, times: int | None, span: int
    ) -> None:
        last = first + timedelta(days=span)
        rhythm = Rhythm(first, every, unit, times=times)
        days = list(rhythm.days(last))
        assert days == sorted(set(days))
        assert days[0] == first
        assert days[-1] <= last
        assert times is None or len(days) <= times
        following = rhythm.next_after(days[-1])
        assert following is None or following > last


def test_due_days_become_drafts_to_be_coded_at_the_charges_of_the_day(office: Office) -> None:
    recurring = office.services.recurring
    key = repeat(office, TODAY - timedelta(days=7), times=4)
    assert [due.day for due in recurring.due()] == [TODAY - timedelta(days=7), TODAY]
    (row,) = recurring.templates()
    assert (row.due, row.made, row.next_on) == (2, 0, TODAY - timedelta(days=7))
    own = next(p for p in office.services.directory.procedures() if p.code == "97110")
    raised = SaveProcedure("97110", 4500, "Exercise, 15 min", procedure_id=own.procedure_id)
    office.services.setup.save_procedure(raised)
    made = recurring.make_due()
    assert [draft.day for draft in made] == [TODAY - timedelta(days=7), TODAY]
    view = office.services.encounters.show(made[1].encounter_id)
    assert (view.state, view.command.service_date) == ("draft", TODAY)
    assert view.command.diagnoses == ("M54.50",)
    (line,) = view.command.lines
    assert (line.code, line.modifiers, line.pointers, line.units) == ("97110", "GP", "A", "2")
    assert (line.charge_cents, line.service_from) == (9000, TODAY)
    assert recurring.due() == ()
    assert recurring.make_due() == ()
    assert office.sql("SELECT COUNT(*) FROM journal") == [(0,)]
    (row,) = recurring.templates()
    assert (row.recurring_id, row.made, row.next_on) == (key, 2, TODAY + timedelta(days=7))


def test_a_recurring_draft_is_to_be_coded_until_somebody_saved_it(office: Office) -> None:
    repeat(office, TODAY)
    (draft,) = office.services.recurring.make_due()
    queue = office.services.queue
    (row,) = [r for r in queue.list_encounters("draft") if r.recurring]
    assert row.encounter_id == draft.encounter_id
    office.services.encounters.save(office.services.encounters.show(draft.encounter_id).command)
    assert [r.encounter_id for r in queue.list_encounters("coded") if r.recurring] == [
        draft.encounter_id
    ]
    assert sum(queue.counts().values()) == 2


def test_undo_deletes_only_drafts_that_nobody_touched(office: Office) -> None:
    recurring = office.services.recurring
    repeat(office, TODAY)
    (draft,) = recurring.make_due()
    recurring.unmake((draft.encounter_id,))
    assert [due.day for due in recurring.due()] == [TODAY]
    (draft,) = recurring.make_due()
    office.services.encounters.hold(draft.encounter_id, "waiting")
    with pytest.raises(Refused, match="worked on"):
        recurring.unmake((draft.encounter_id,))
    assert office.services.encounters.show(draft.encounter_id).state == "on hold"


def test_skip_end_resume_and_change(office: Office) -> None:
    recurring = office.services.recurring
    key = repeat(office, TODAY)
    recurring.skip(key, TODAY)
    assert recurring.due() == ()
    with pytest.raises(Refused):
        recurring.skip(key, TODAY)
    assert recurring.templates()[0].next_on == TODAY + timedelta(days=7)
    recurring.unskip(key, TODAY)
    with pytest.raises(NotFound):
        recurring.unskip(key, TODAY)
    recurring.end(key)
    assert recurring.due() == ()
    assert recurring.templates() == ()
    assert [row.recurring_id for row in recurring.templates(ended=True)] == [key]
    recurring.resume(key)
    assert len(recurring.due()) == 1
    recurring.save(SaveRecurring(3, "months", TODAY + timedelta(days=1), recurring_id=key))
    assert recurring.due() == ()
    assert recurring.templates()[0].rhythm.words() == "every 3 months"


def test_a_deleted_draft_counts_as_skipped(office: Office) -> None:
    repeat(office, TODAY)
    (draft,) = office.services.recurring.make_due()
    office.services.encounters.delete_draft(draft.encounter_id)
    assert office.services.recurring.due() == ()


@pytest.mark.parametrize(
    "change",
    [
        {"every": 0},
        {"unit": "years"},
        {"until": TODAY - timedelta(days=1)},
        {"times": 0},
        {"times": 3, "until": TODAY},
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(
    office: Office, change: dict[str, object]
) -> None:
    values: dict[str, object] = {"every": 1, "unit": "weeks", "first_on": TODAY} | change
    made = visit(office, TODAY)
    with pytest.raises(Invalid) as invalid:
        office.services.recurring.save(SaveRecurring(**values, encounter_id=made))  # type: ignore[arg-type]
    assert invalid.value.findings[0].field in change


def test_a_visit_without_lines_cannot_repeat(office: Office) -> None:
    made = visit(office, TODAY, lines=())
    with pytest.raises(Invalid):
        office.services.recurring.save(SaveRecurring(1, "weeks", TODAY, encounter_id=made))


def test_diagnoses_are_judged_on_the_new_date(office: Office, codes: CodeSetService) -> None:
    recurring = RecurringService(office.services.desk, codes)
    office.clock.day = date(2026, 10, 5)
    made = visit(office, date(2026, 9, 21), diagnoses=("M72.2",))
    recurring.save(SaveRecurring(2, "weeks", date(2026, 10, 5), encounter_id=made))
    (draft,) = recurring.make_due()
    assert "M72.2 is only a category on 10/05/2026" in draft.trouble
