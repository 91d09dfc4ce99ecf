"""What must tie when a run is over: every payment, account and report, on every past date."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from app.domain.reports import Report
from app.services.clock import SetClock
from app.services.door import Services
from app.services.report_commands import ReportParameters
from tests.services.front_desk import Office
from tests.services.paper_ledger import PaperLedger

_AS_OF = (
    "SELECT account, SUM(amount_cents) FROM posting JOIN journal ON journal.id = journal_id"
    " WHERE accounting_date <= :day GROUP BY account HAVING SUM(amount_cents) <> 0"
)


class MonthEnds:
    """The proofs at the end of a run."""

    office: Office
    ledger: PaperLedger
    clock: SetClock
    checks: list[int]
    policies: dict[int, tuple[int, ...]]
    number: int

    @property
    def do(self) -> Services:
        raise NotImplementedError

    def everything_ties(self) -> None:
        assert self.do.reports.verify_books().problems == ()
        aging = self.do.reports.aging()
        assert aging.total == sum(self.ledger.owes.values())
        for key, payment in self.ledger.payments.items():
            state = self.do.checks.state(key)
            assert (state.amount_cents, state.allocated_cents) == (payment.amount, payment.cash)
            assert state.unapplied_cents == self.ledger.waits[key]
        self._accounts_tie(None)
        days = {entry.on for entry in self.ledger.days}
        for day in sorted(days | {_month_end(day) for day in days}):
            self._day_ties(day)
        for first in sorted({day.replace(day=1) for day in days}):
            self._month_ties(first)
        self._reports_tie()

    def _accounts_tie(self, day: date | None) -> None:
        owes = self.ledger.owes if day is None else self.ledger.until(day).owes
        for patient, parties in self.policies.items():
            view = self.do.accounts.show(patient, day)
            own = {line for line, its in self.ledger.parties.items() if its == parties}
            assert view.balance_cents == sum(c for (line, _), c in owes.items() if line in own)

    def _day_ties(self, day: date) -> None:
        """Books as of a past day are what the paper ledger says of it (billing rules §3.1)."""
        paper = self.ledger.until(day)
        assert dict(self.office.sql(_AS_OF, day=f"{day:%Y-%m-%d}")) == paper.accounts()
        self._accounts_tie(day)
        report = self.do.money.run("total_aging", ReportParameters(as_of=day))
        assert not _broken(report), _broken(report)
        assert report.ties[0].left_cents == sum(paper.owes.values())

    def _month_ties(self, first: date) -> None:
        """Beginning + charges - payments - adjustments + refunds = ending, and the cash (§6)."""
        last = _month_end(first)
        report = self.do.money.run("month_close", ReportParameters(start=first))
        assert not _broken(report), _broken(report)
        told = {str(words): cents for group in report.groups for words, cents in group.rows}
        within, whole = self.ledger.between(first, last), self.ledger.until(last)
        before = self.ledger.until(first - timedelta(days=1))
        paper = {
            "Beginning receivable": sum(before.owes.values()),
            "+ Charges": within.earned,
            "− Adjustments": -sum(within.written.values()),
            "Ending receivable": sum(whole.owes.values()),
            "Cash booked": within.cash,
            "+ Change of unapplied money": sum(within.waits.values()),
            "+ Other income less expenses": within.other_income - within.expense,
            "+ Change of what is due to payers": sum(within.due.values()),
            "Unapplied money": sum(whole.waits.values()),
            "Due to payers": sum(whole.due.values()),
        }
        found = {words: told[words] for words in paper}
        assert found == paper, (found, paper)

    def _reports_tie(self) -> None:
        """Every report in turn, and the proof of a check."""
        catalog = [i for i in self.do.money.catalog() if i.key != "batch_proof"]
        for step in range(4):
            key = catalog[(4 * self.number + step) % len(catalog)].key
            broken = _broken(self.do.money.run(key))
            assert not broken, broken
        check = self.checks[self.number % len(self.checks)]
        proof = self.do.money.run("batch_proof", ReportParameters(payment_id=check))
        whole = self.ledger.payments[check].closed and not self.ledger.payments[check].voided
        ties = proof.ties if whole and not self.ledger.payments[check].returned else proof.ties[:1]
        assert [tie for tie in ties if not tie.holds] == []


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _broken(report: Report) -> list[str]:
    return [f"{report.key}: {tie}" for tie in report.ties if not tie.holds]
