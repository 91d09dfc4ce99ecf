"""The sentences of posting: a claim in the list, what is still missing, what was posted."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.dates import format_date
from app.domain.money import format_cents
from app.services.payment_commands import CheckState, EobPosted
from app.services.posting_commands import ClaimToPost
from app.ui.pages.payments_entry import ClaimEntry
from app.ui.pages.payments_list import is_open, method_word, takes_claims
from app.ui.pages.payments_together import Entry
from app.ui.widgets.results import SearchRow


def claim_row(claim: ClaimToPost, *, half: bool) -> SearchRow:
    """A claim as the claim box lists it; ``half``: a draft of it is kept."""
    lines = f"{claim.lines} line{'s' if claim.lines > 1 else ''}"
    detail = f"{format_date(claim.service_date)} · claim {claim.number} · {lines}"
    money = f"{format_cents(claim.open_cents)} open" if claim.open_cents else "decided"
    return SearchRow(
        claim.claim_id,
        claim.patient_name,
        f"{detail} · {money}",
        "half typed" if half else f"acct {claim.account_no}",
    )


def problem(entry: Entry) -> str:
    """Why the claim cannot be saved yet."""
    row, key = entry.open_place() or (0, "")
    code = entry.lines()[row].code
    if key == "reason":
        cents = format_cents(entry.typed[row].other or 0)
        return f"Type the reason of {cents} on {code}, for example CO-16. F3 lists reasons."
    if key == "other":
        return f"Type the amount that {code} has under this reason."
    return f"{code} does not foot yet: place what is left over, or correct a figure."


def off_words(entry: Entry) -> str:
    """Why a claim that foots is not saved: its total on the paper is another."""
    off, paid = entry.off_by(), format_cents(entry.paid_cents())
    which = "more" if off > 0 else "less"
    return (
        f"The lines are paid {paid}, {format_cents(abs(off))} {which} than the EOB's total of this "
        "claim. Correct a line, or the total."
    )


def posted_words(parts: Sequence[ClaimEntry], posted: Sequence[EobPosted]) -> str:
    """What a posting did, in one sentence."""
    if len(parts) == 1:
        return _one_posted(parts[0], posted[0])
    words = [f"{len(parts)} claims posted: {format_cents(sum(p.paid_cents for p in posted))} paid"]
    if written := sum(p.written_off_cents for p in posted):
        words.append(f"{format_cents(written)} written off")
    if left := sum(p.claim_status in _STAYS for p in posted):
        words.append(f"{left} stay{'s' if left == 1 else ''} open with the payer")
    if ready := [number for p in posted for number in p.released_claims]:
        words.append(f"secondary {', '.join(ready)} ready")
    return ", ".join(words) + "."


_STAYS = ("denied", "partially_paid")


def _one_posted(entry: ClaimEntry, posted: EobPosted) -> str:
    last = entry.claim.patient_name.split(",", maxsplit=1)[0]
    words = [f"{last} posted: {format_cents(posted.paid_cents)} paid"]
    if posted.written_off_cents:
        words.append(f"{format_cents(posted.written_off_cents)} written off")
    words += [f"{who} owes {format_cents(cents)}" for who, cents in posted.moved]
    if posted.claim_status in _STAYS:
        words.append("the rest stays with the payer")
    if posted.released_claims:
        words.append(f"secondary {', '.join(posted.released_claims)} ready")
    return ", ".join(words) + "."


def about(check: CheckState) -> str:
    """What must be known of a check that is not open."""
    if is_open(check):
        return ""
    if takes_claims(check):
        waits = format_cents(check.unapplied_cents)
        return f"This check is closed; {waits} of it waits. A claim saved here is paid out of that."
    status = "removed" if check.status == "voided" else check.status
    if check.status == "closed":
        return (
            "This check is closed. What stands on the wrong claim moves under it (Ctrl Shift M); "
            "another correction goes on a new check: take the decision back there."
        )
    return (
        f"This check is {status}. A correction goes on a new check: take the decision back there."
    )


def heading(check: CheckState) -> tuple[str, str]:
    """Title and subtitle of the page while a check is on the bench."""
    dated = f"dated {format_date(check.payment_date)}"
    title = f"Check {check.number or 'without number'}"
    return title, " · ".join((check.payer_name, dated, method_word(check.method)))
