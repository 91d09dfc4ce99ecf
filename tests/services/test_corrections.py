"""EOBs put right under their own check, and figures of a whole claim laid over its lines."""

from __future__ import annotations

from app.domain.books import PATIENT_PARTY, Disposition
from app.domain.posting import EobAdjustment
from app.services.payment_commands import ClaimLevel, CorrectEobs, PostEob, ReverseEob
from tests.services.front_desk import Office, eob, off, to
from tests.services.test_receipts import code_of


def two_patients(office: Office) -> tuple[int, int, PostEob, CorrectEobs]:
    """A closed check posted to the wrong one of two; the posting, and what puts it right."""
    wrong = office.sent(charges=(9000,))
    right = office.sent(charges=(9000,), last="Roe")
    check = office.check(6000)
    posted = office.post(check, wrong.claim, eob(wrong.lines[0], 9000, 6000, off(2000), to(1000)))
    office.services.checks.close_check(check)
    line = eob(right.lines[0], 9000, 6000, off(2000), to(1000))
    again = PostEob(check, right.claim, (line,))
    return (
        wrong.lines[0],
        right.lines[0],
        again,
        CorrectEobs(check, (ReverseEob(posted.eob_id, check),), (again,)),
    )


def test_the_wrong_patient_is_put_right_under_a_closed_check(office: Office) -> None:
    wrong, right, _, command = two_patients(office)
    before = office.services.checks.state(command.payment_id)
    done = office.services.eobs.correct(command)
    assert [part.claim_status for part in done] == ["paid"]
    assert office.services.checks.state(command.payment_id) == before
    assert sum(office.buckets(wrong).values()) == 9000
    assert office.buckets(right) == {PATIENT_PARTY: 1000}
    assert office.status(1) == "submitted"
    office.books_are_sound()


def test_a_correction_that_changes_the_check_is_refused_whole(office: Office) -> None:
    wrong, right, again, command = two_patients(office)
    short = PostEob(again.payment_id, again.claim_id, (eob(right, 9000, 5999, off(3001)),))
    bad = CorrectEobs(command.payment_id, command.reverse, (short,))
    before = office.sql("SELECT COUNT(*) FROM journal")
    assert code_of(lambda: office.services.eobs.correct(bad)) == "correction_changes_check"
    assert office.sql("SELECT COUNT(*) FROM journal") == before
    assert office.buckets(wrong) == {PATIENT_PARTY: 1000}


def test_a_returned_check_is_not_corrected(office: Office) -> None:
    _, _, _, command = two_patients(office)
    office.services.returns.return_check(command.payment_id)
    assert code_of(lambda: office.services.eobs.correct(command)) == "voided_check"


def level(paid: int, *amounts: tuple[str, str, int]) -> ClaimLevel:
    kinds = {"CO": Disposition.WRITEOFF, "PR": Disposition.TRANSFER}
    return ClaimLevel(
        paid,
        tuple(
            EobAdjustment(
                group, carc, cents, kinds[group], PATIENT_PARTY if group == "PR" else None
            )
            for group, carc, cents in amounts
        ),
    )


def test_figures_of_the_claim_are_laid_over_its_lines_to_the_cent(office: Office) -> None:
    case = office.sent(charges=(3333, 3333, 3334))
    check = office.check(5000)
    command = PostEob(
        check, case.claim, (), claim_level=level(5000, ("CO", "45", 4001), ("PR", "2", 999))
    )
    posted = office.services.eobs.post_eob(command)
    assert (posted.paid_cents, posted.written_off_cents) == (5000, 4001)
    rows = office.sql(
        "SELECT l.billed_cents, l.paid_cents, SUM(a.amount_cents) FROM eob_line l"
        " JOIN eob_adjustment a ON a.eob_line_id = l.id GROUP BY l.id"
    )
    assert all(billed == paid + adjusted for billed, paid, adjusted in rows)
    assert sum(office.buckets(line).get(PATIENT_PARTY, 0) for line in case.lines) == 999
    assert office.services.checks.state(check).remaining_cents == 0
    office.books_are_sound()


def test_lines_that_tell_their_part_keep_it(office: Office) -> None:
    case = office.sent(charges=(6000, 4000))
    lines = (eob(case.lines[0], 6000, 3000), eob(case.lines[1], 4000, 1000))
    level_of = level(0, ("CO", "45", 5999), ("PR", "1", 1))
    check = office.check(4000)
    command = PostEob(check, case.claim, lines, claim_level=level_of)
    posted = office.services.eobs.post_eob(command)
    assert posted.paid_cents == 4000
    assert office.buckets(case.lines[0]) | office.buckets(case.lines[1]) == {PATIENT_PARTY: 1}


def test_figures_that_do_not_foot_are_refused(office: Office) -> None:
    case = office.sent()
    for figures in (level(14999), level(15001), level(16000, ("CO", "45", -1000))):
        command = PostEob(office.check(1), case.claim, (), claim_level=figures)
        refused = code_of(lambda command=command: office.services.eobs.post_eob(command))  # type: ignore[misc]
        assert refused == "claim_level_not_balanced"
