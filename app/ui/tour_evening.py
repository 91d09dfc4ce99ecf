"""The tour's end of the day: claims chased, statements sent, the reports read."""

from __future__ import annotations

from app.ui.tour_day import Day


def evening_scenes(day: Day) -> None:
    """All scenes in order."""
    follow_up(day)
    send_statements(day)
    deposit(day)
    read_report(day)


def follow_up(day: Day) -> None:
    """A note on the denial, and the date to look at it again."""
    hands = day.hands
    hands.key("Ctrl+6")
    hands.key("Alt+2")
    hands.settle(300)
    with hands.task("Follow up one claim", 3):
        hands.key("N")
        hands.enter("Called; corrected claim wanted")
    hands.until(lambda: _noted(day), "the note to be kept")
    hands.settle(200)
    hands.shot(day.window, "follow-up")


def _noted(day: Day) -> bool:
    denied = day.services.claims.list_claims(("denied", "partially_paid"))
    return any(day.services.follow_up.show(row.claim_id).notes for row in denied)


def send_statements(day: Day) -> None:
    """Everybody who owes gets a statement, in one key."""
    hands = day.hands
    hands.key("Ctrl+7")
    hands.settle(500)
    hands.shot(day.window, "statements-due")
    before = len(day.sheets.pdfs)
    with hands.task("Send every statement due", 1):
        hands.key("Ctrl+Shift+P")
    hands.until(lambda: len(day.sheets.pdfs) > before, "the statements")
    (hands.folder / "statements.pdf").write_bytes(day.sheets.pdfs[-1])
    hands.settle(600)
    hands.shot(day.window, "statements-sent")


def deposit(day: Day) -> None:
    """The checks of the day onto a slip for the bank."""
    hands = day.hands
    hands.key("Ctrl+5")
    before = len(day.sheets.pdfs)
    with hands.task("Deposit everything", 2):
        hands.key("Ctrl+D")
        hands.settle(300)
        hands.shot(day.window, "deposits")
        hands.key("Ctrl+D")
    hands.until(lambda: len(day.sheets.pdfs) > before, "the deposit slip")
    (hands.folder / "deposit-slip.pdf").write_bytes(day.sheets.pdfs[-1])
    hands.key("Ctrl+L")


def read_report(day: Day) -> None:
    """Who owes what, by age, with what it ties to."""
    hands = day.hands
    with hands.task("A report from anywhere", 3):
        hands.key("Ctrl+8")
        hands.settle(300)
        hands.type("receivable")
        hands.key("Return")
    hands.settle(1200)
    hands.shot(day.window, "report-aging")
