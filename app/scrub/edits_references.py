"""Edits of items 22 and 23: corrections of earlier claims; authorization, CLIA, mammography."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.claim_form import ClaimForm
from app.domain.findings import Severity
from app.domain.identifiers import normal_id
from app.domain.payer_rules import rules_for
from app.scrub.codes import MAMMOGRAMS
from app.scrub.days import outside, us
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.facts import ScrubFacts
from app.scrub.lines import at_line, days, modifiers, name, numbered

_ORIGINAL = "1"
_CORRECTIONS = {"7": "replacement", "8": "void"}
_CLIA = re.compile(r"[0-9]{2}D[0-9]{7}", re.ASCII)
_CERTIFICATE = re.compile(r"[0-9]{6}", re.ASCII)
_WAIVED = "QW"


def original_number(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E052: 7 and 8 name the claim they correct, and only they do.

    Workers' compensation duplicates and appeals (codes in 10d) name it as well.
    """
    kind, reference = form.frequency.strip(), normal_id(form.original_reference)
    if kind in _CORRECTIONS and not reference:
        yield Hit(
            f"A {_CORRECTIONS[kind]} needs the payer's own number of the original claim (box 22). "
            "Copy it from the EOB.",
            "22_ref",
        )
    elif kind not in (_ORIGINAL, "", *_CORRECTIONS):
        yield Hit(f"Box 22 takes 7 (replacement) or 8 (void), not {kind}.", "22_code")
    elif kind not in _CORRECTIONS and reference and not form.claim_codes.strip():
        yield Hit(
            f"The original claim number {reference} goes with a replacement (7) or void (8) only. "
            "Choose one in box 22, or take the number out.",
            "22_code",
        )


def medicare_correction(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E053: Part B corrects by reopening or appeal."""
    if form.frequency.strip() in _CORRECTIONS:
        yield Hit(
            "Medicare takes no replacement or void claims on paper. Ask for a reopening, or send a "
            "new claim when it was returned as unprocessable (MA130).",
            "22_code",
        )


def undecided_original(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E054: nothing is corrected before it is decided."""
    if form.frequency.strip() in _CORRECTIONS and facts.original_decided is False:
        yield Hit(
            "The original claim has no answer yet, so it cannot be replaced or voided. Wait for "
            "the EOB, or ask the payer.",
            "22_code",
        )


def authorization_wanted(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E055: codes for which this payer wants an authorization."""
    if normal_id(facts.prior_authorization):
        return
    clia_only = bool(facts.clia or facts.mammography_certificate)
    if normal_id(form.authorization) and not clia_only:
        return
    for index, line, code in numbered(form):
        if code in facts.payer.prior_auth_codes:
            yield Hit(
                f"{name(index, line)}: {form.payer.name} wants prior authorization for {code}. "
                "Enter its number (box 23).",
                "23",
            )
            return


def authorization_covers(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E056: the authorization on file is in force and has visits left."""
    held = facts.authorization
    if held is None:
        return
    for index, day in days(form):
        if outside(day, held.valid_from, held.valid_to):
            early = held.valid_from is not None and day < held.valid_from
            term = f"begins {us(held.valid_from)}" if early else f"ended {us(held.valid_to)}"
            yield Hit(
                f"Authorization {held.number} {term} and does not cover line {index + 1} "
                f"({us(day)}). Ask for an extension.",
                "23",
            )
            break
    if held.visits_left is not None and held.visits_left <= 0:
        yield Hit(
            f"The visits of authorization {held.number} are used up. Ask for more before sending.",
            "23",
        )


def clia(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E057: laboratory tests under CLIA; Medicare, and payers that ask."""
    if not (rules_for(form.payer.type).medicare or facts.payer.clia_required):
        return
    number = normal_id(facts.clia)
    if number and not _CLIA.fullmatch(number):
        yield Hit(
            f"{number} is no CLIA number: it has ten characters like 14D0123456 (box 23).", "23"
        )
    missing = not number and not _CLIA.fullmatch(normal_id(form.authorization))
    for index, line, code in numbered(form):
        needs, waived = facts.tables.clia(code) or (False, False)
        if needs and missing:
            missing = False
            yield Hit(
                f"{name(index, line)} is a laboratory test: enter the laboratory's CLIA number "
                "(box 23).",
                "23",
            )
        if waived and _WAIVED not in modifiers(line):
            yield at_line(
                index, "D_mod1", f"{name(index, line)} is a CLIA-waived test: add modifier QW."
            )


def mammography(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E058: the FDA's six-digit certification number."""
    number = normal_id(facts.mammography_certificate or form.authorization)
    for index, line, code in numbered(form):
        if code in MAMMOGRAMS:
            if not _CERTIFICATE.fullmatch(number):
                yield Hit(
                    f"{name(index, line)} is a mammogram: enter the six-digit FDA certification "
                    "number of the facility (box 23).",
                    "23",
                )
            return


def one_number(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E059: box 23 holds one number of one kind."""
    kinds = [
        words
        for words, number in (
            ("an authorization", facts.prior_authorization),
            ("a CLIA number", facts.clia),
            ("a mammography certification", facts.mammography_certificate),
        )
        if normal_id(number)
    ]
    if len(kinds) > 1:
        yield Hit(
            f"This visit has {' and '.join(kinds)}, but box 23 holds one number. Put the services "
            "on separate claims.",
            "23",
        )


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E052", "22", _ERROR, Scope.ALL, "A replacement or void names its original, and only it.",
         original_number, "NUCC item 22"),
    Edit("E053", "22", _ERROR, Scope.MEDICARE, "Medicare takes no 7 or 8.",
         medicare_correction, "NGS unprocessable page"),
    Edit("E054", "22", _ERROR, Scope.ALL, "Only a decided claim is replaced or voided.",
         undecided_original, "Medi-Cal bulletin"),
    Edit("E055", "23", _ERROR, Scope.CONFIGURABLE, "Codes that want prior authorization have it.",
         authorization_wanted, "CARC 197"),
    Edit("E056", "23", _WARN, Scope.ALL, "The authorization covers the dates and has visits left.",
         authorization_covers, "CARC 198"),
    Edit("E057", "23", _ERROR, Scope.MEDICARE_CONFIGURABLE,
         "Laboratory tests have a CLIA number, waived ones QW.",
         clia, "MCPM ch26 item 23", "CLIA tests"),
    Edit("E058", "23", _ERROR, Scope.ALL, "Mammograms have the FDA certification number.",
         mammography, "MCPM ch26, ch18"),
    Edit("E059", "23", _ERROR, Scope.ALL, "Box 23 holds one number.",
         one_number, "MCPM ch26 item 23"),
)  # fmt: skip
