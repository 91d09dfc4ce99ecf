"""Items 10 and 14 to 23: what happened, who sent the patient, diagnoses, references."""

from __future__ import annotations

from app.domain.claim_form import ClaimForm, DateSpan, ReferringOrder, ReferringProvider
from app.domain.payer_rules import rules_for
from app.printing.items.entries import Entries, date_parts, money, yes_no
from app.printing.text import MARK, Written, identifier, name_first_last, note, prose

MAX_DIAGNOSES = 12  # A-L
DIAGNOSIS_LETTERS = "ABCDEFGHIJKL"
_NOTE_FIRST_LINE, _NOTE_MAIN_LINE = 23, 48  # cells of item 19: 71 in all (NUCC)
REPLACEMENT_CODES = ("7", "8")  # item 22: replacement and void of a prior claim (NUCC)


def related_to(form: ClaimForm) -> Entries:
    """Items 10a-10d; the state belongs to an auto accident only."""
    related = form.related
    state = prose(related.auto_state if related.auto else "")
    return {
        **yes_no("10a", related.employment),
        **yes_no("10b", related.auto),
        "10b_state": state,
        **yes_no("10c", related.other),
        "10d": prose(form.claim_codes),
    }


def dates(form: ClaimForm) -> Entries:
    """Items 14, 15, 16 and 18; Medicare leaves 15 blank (manual ch. 26)."""
    style, entries = form.rules.date_style, dict[str, Written]()
    if form.onset is not None:
        entries |= date_parts("14", form.onset.date, style)
        entries["14_qualifier"] = identifier(form.onset.qualifier)
    if form.other_date is not None and not rules_for(form.payer.type).medicare:
        entries |= date_parts("15", form.other_date.date, style)
        entries["15_qualifier"] = identifier(form.other_date.qualifier)
    entries |= _span("16", form.unable_to_work, style)
    entries |= _span("18", form.hospital, style)
    return entries


def _span(item: str, span: DateSpan | None, style: str) -> Entries:
    if span is None:
        return {}
    return {
        **date_parts(f"{item}_from", span.start, style),
        **date_parts(f"{item}_to", span.end, style),
    }


def referring(form: ClaimForm) -> Entries:
    """Items 17, 17a and 17b.

    NUCC writes first, middle initial, last, credentials; Medicare contractors first and last only,
    as in the ordering file, and return a claim with anything in 17a.
    """
    provider = form.referring
    if provider is None:
        return {}
    medicare = rules_for(form.payer.type).medicare
    order = form.rules.referring_order
    if order is None:
        order = ReferringOrder.FIRST_LAST if medicare else ReferringOrder.NUCC
    return {
        "17_qualifier": identifier(provider.qualifier),
        "17_name": name_first_last(provider.name, in_full=order is ReferringOrder.NUCC),
        **({} if medicare else _other_id(provider)),
        "17b_npi": identifier(provider.npi),
    }


def _other_id(provider: ReferringProvider) -> Entries:
    if not provider.other_id:
        return {}
    return {
        "17a_qualifier": identifier(provider.other_id_qualifier),
        "17a_id": identifier(provider.other_id),
    }


def additional_information(form: ClaimForm) -> Entries:
    """Item 19: one line of 48; a longer text begins behind the caption, 71 characters in all."""
    whole = note(form.additional_info)
    if len(whole.text) <= _NOTE_MAIN_LINE:
        return {"19_line2": whole}
    head, rest = _broken(whole.text)
    return {
        "19_line1": Written(head, whole.odd, whole.unprintable),
        "19_line2": Written(rest),
    }


def _broken(text: str) -> tuple[str, str]:
    """First line and rest, broken at a blank unless the rest would then be too long."""
    at = text.rfind(" ", 0, _NOTE_FIRST_LINE + 1)
    if at > 0 and len(text[at:].lstrip()) <= _NOTE_MAIN_LINE:
        return text[:at].rstrip(), text[at:].lstrip()
    return text[:_NOTE_FIRST_LINE], text[_NOTE_FIRST_LINE:]


def outside_lab(form: ClaimForm) -> Entries:
    """Item 20: YES with the purchase price; NO where the practice marks it."""
    if form.outside_lab_cents is not None:
        return {"20_yes": MARK, **money("20", form.outside_lab_cents)}
    return {"20_no": MARK} if form.rules.box20_no_when_none else {}


def diagnoses(form: ClaimForm) -> Entries:
    """Item 21: indicator 0 (ICD-10-CM) and up to twelve codes A-L without the point (NUCC)."""
    pairs = zip(DIAGNOSIS_LETTERS, form.diagnoses, strict=False)
    codes = {f"21_{letter}": identifier(code) for letter, code in pairs}
    return {"21_icd_ind": Written("0"), **codes} if codes else {}


def references(form: ClaimForm) -> Entries:
    """Items 22 and 23; an original claim and Medicare leave 22 blank (NUCC; manual ch. 26)."""
    entries = {"23": identifier(form.authorization)}
    replaces = form.frequency in REPLACEMENT_CODES
    if replaces and not rules_for(form.payer.type).medicare:
        entries["22_code"] = Written(form.frequency)
        entries["22_ref"] = identifier(form.original_reference)
    return entries
