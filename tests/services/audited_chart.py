"""Scans of the chart and recurring visits, each with a call that leaves its row in the audit."""

from __future__ import annotations

from app.services.recurring import SaveRecurring
from tests.services.audited_money import Call
from tests.services.front_desk import VISIT, Case, Office
from tests.ui.pages.scans import png_of


def scan(office: Office, case: Case) -> int:
    scans = office.services.attachments
    return scans.add(case.encounter, scans.examine("scan.png", png_of())).attachment_id


def repeating(office: Office, case: Case) -> int:
    command = SaveRecurring(1, "weeks", VISIT, times=1, encounter_id=case.encounter)
    return office.services.recurring.save(command)


def removed(office: Office, case: Case) -> int:
    key = scan(office, case)
    office.services.attachments.remove(key)
    return key


def skipped(office: Office, case: Case) -> int:
    key = repeating(office, case)
    office.services.recurring.skip(key, VISIT)
    return key


CHART: dict[str, Call] = {
    "attachments.add": scan,
    "attachments.open": lambda o, c: o.services.attachments.open(scan(o, c)),
    "attachments.remove": lambda o, c: o.services.attachments.remove(scan(o, c)),
    "attachments.bring_back": lambda o, c: o.services.attachments.bring_back(removed(o, c)),
    "recurring.save": repeating,
    "recurring.end": lambda o, c: o.services.recurring.end(repeating(o, c)),
    "recurring.resume": lambda o, c: o.services.recurring.resume(repeating(o, c)),
    "recurring.skip": lambda o, c: o.services.recurring.skip(repeating(o, c), VISIT),
    "recurring.unskip": lambda o, c: o.services.recurring.unskip(skipped(o, c), VISIT),
    "recurring.make_due": lambda o, c: repeating(o, c) and o.services.recurring.make_due(),
    "recurring.unmake": lambda o, c: o.services.recurring.unmake(
        tuple(
            made.encounter_id
            for made in (repeating(o, c) and o.services.recurring.make_due()) or ()
        )
    ),
}
