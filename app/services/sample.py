"""The sample practice (``--demo``): a fictional family practice lived through day by day.

Nothing is put into the file behind the services' back: patients register, visits are coded and
posted, claims printed, checks posted and closed through the same commands the windows give, with
a clock that moves from day to day. So the journal, the audit trail and every date are true.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from app.services.clock import SetClock
from app.services.desk import Desk
from app.services.door import Door, Services, services_for
from app.services.sample_data import read_sample
from app.services.sample_ends import LastDay
from app.services.sample_follow_up import FollowUp
from app.services.sample_front import FrontDesk
from app.services.sample_mail import Mailbox
from app.services.sample_office import SampleOffice, set_up_office
from app.services.sample_people import Family, families
from app.services.sample_visits import plan_visits

SEED = 417
Progress = Callable[[int, int], None]


def build_sample(
    folder: Path,
    passphrase: str,
    *,
    today: date,
    patients: int = 200,
    months: int = 18,
    progress: Progress | None = None,
    door: Door | None = None,
) -> Services:
    """Creates the sample practice in an empty folder and leaves it open.

    The same arguments give the same practice. The services handed back go by the door's own clock,
    which should stand at ``today`` or later.

    Args:
        folder: where the practice is made; must be empty or not there yet.
        passphrase: of the sample's user, who is named in ``resources/sample/practice.toml``.
        today: the last day lived; loose ends of every kind are left on it.
        patients: how many; from about 22 on there is a household of every kind.
        months: how far back the practice begins, at least 1.
        progress: called with (days lived, days in all); may raise to cancel.
        door: creates the practice; the standard one when None.

    Raises:
        StoreTrouble: the folder is not empty, not writable, or the disk is full.
    """
    own = door or Door()
    clock = SetClock(today - timedelta(days=months * 61 // 2))
    book = read_sample()
    services, _ = replace(own, clock=clock).create(folder, book.user, passphrase)
    office = SampleOffice(services, clock, random.Random(SEED), book, today)  # noqa: S311 - a story, not a secret
    try:
        _live(office, patients, months, progress)
    except BaseException:
        services.close()
        raise
    desk = Desk(services.desk.db, own.clock, services.desk.user_id)
    return services_for(desk, own.codes or folder / "codes")


def _live(office: SampleOffice, patients: int, months: int, progress: Progress | None) -> None:
    set_up_office(office)
    start = office.today
    front, mail = FrontDesk(office), Mailbox(office)
    follow_up = FollowUp(office, mail, front.owes)
    mail.decided.append(follow_up.hear)
    households = families(office.rng, office.book.names, office.payers, start, patients)
    for family in households:
        _put_on_agenda(office, front, family, start, months)
    days = list(_office_days(start, office.last_day))
    for number, day in enumerate(days, start=1):
        office.clock.day = day
        _morning(office, mail, follow_up, halfway=number * 2 > len(days))
        for action in office.agenda.pop(day, []):
            action()
        if progress is not None:
            progress(number, len(days))
    LastDay(office, front, mail, households).live()


def _put_on_agenda(
    office: SampleOffice, front: FrontDesk, family: Family, start: date, months: int
) -> None:
    """Registration on the first day, or with the first visit of a new household; then visits."""
    visits = [
        (member, visit)
        for member in family.members
        for visit in plan_visits(office, family, member, start, months)
    ]
    first = min((visit.day for _, visit in visits), default=start)
    if family.new:
        office.on(first, partial(front.register, family))
    else:
        front.register(family)
    if family.kind.name in ("single", "teacher") and not family.new:
        for member in family.members:
            office.on(_card_day(start, office.last_day), partial(front.new_card, member))
    for member, visit in visits:
        office.on(visit.day, partial(front.visit, family, member, visit))


def _card_day(start: date, last: date) -> date:
    """The first of January within the sample, or its middle when there is none."""
    january = date(last.year, 1, 1)
    return january if start < january else start + (last - start) / 2


def _morning(office: SampleOffice, mail: Mailbox, follow_up: FollowUp, *, halfway: bool) -> None:
    """Yesterday's claims go out and the mail is posted; on the last day they are still there."""
    if office.today < office.last_day:
        mail.send_ready()
        if halfway:
            follow_up.take_back()
        mail.open_envelopes()
        follow_up.work_returned_mail()


def _office_days(start: date, last: date) -> Iterator[date]:
    """Monday to Friday, and the last day whatever it is."""
    for number in range((last - start).days + 1):
        day = start + timedelta(days=number)
        if day.weekday() < 5 or day == last:
            yield day
