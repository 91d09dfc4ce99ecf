"""Setup, Favourites: the groups of codes on the superbill, typed one code a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.domain.errors import Invalid
from app.domain.findings import Finding
from app.services.favourites import FavouriteCode, FavouriteGroup, FavouriteService
from app.ui.form import Slot
from app.ui.pages.setup_fields import Row
from app.ui.pages.setup_sections import Section
from app.ui.tables import Column
from app.ui.widgets.choice import TextArea
from app.ui.widgets.field import LineField

TITLE = "Favourites"
HELP = "Groups of codes as on your superbill, put into a visit by a key."


@dataclass(frozen=True, slots=True)
class GroupForm:
    """A group as its form shows it: a code, then perhaps own words, on each line."""

    name: str = ""
    specialty: str = ""
    diagnoses: str = ""
    procedures: str = ""
    group_id: int | None = None

    @property
    def count(self) -> int:
        """How many codes it holds."""
        return sum(len(text.splitlines()) for text in (self.diagnoses, self.procedures))


def form_of(group: FavouriteGroup) -> GroupForm:
    """A group as the form shows it."""
    return GroupForm(
        group.name, group.specialty, _lines(group, "dx"), _lines(group, "px"), group.id
    )


def _lines(group: FavouriteGroup, kind: str) -> str:
    lines = []
    for code in group.codes:
        if code.kind == kind:
            joined = "-".join((code.code, *code.modifiers.split()))
            lines.append(f"{joined} {code.wording}".strip())
    return "\n".join(lines)


def group_of(form: GroupForm) -> FavouriteGroup:
    """What was typed, as it is kept: ``99214-25 Visit`` is a code, a modifier, own words."""
    codes = (*_codes("dx", form.diagnoses), *_codes("px", form.procedures))
    return FavouriteGroup(form.group_id, form.name, form.specialty, codes)


def _codes(kind: Literal["dx", "px"], text: str) -> tuple[FavouriteCode, ...]:
    found = []
    for line in text.splitlines():
        first, _, words = line.strip().partition(" ")
        code, *modifiers = first.split("-")
        if code:
            found.append(FavouriteCode(kind, code, words.strip(), " ".join(modifiers)))
    return tuple(found)


def keeper(favourites: FavouriteService) -> Callable[[GroupForm], object]:
    """Saves the form; what is wrong with a code stands under its list, with the code's name.

    Raises:
        Invalid: with a sentence for each wrong field.
    """

    def save(form: GroupForm) -> object:
        group = group_of(form)
        try:
            return favourites.save(group)
        except Invalid as wrong:
            raise Invalid([_at_field(finding, group) for finding in wrong.findings]) from wrong

    return save


def _at_field(finding: Finding, group: FavouriteGroup) -> Finding:
    name, _, number = finding.field.partition(".")
    if name != "codes":
        return finding
    code = group.codes[int(number)] if number else None
    field = "diagnoses" if code is not None and code.kind == "dx" else "procedures"
    said = f"{code.code}: " if code is not None else ""
    return Finding(field, f"{said}{finding.message}", finding.severity)


def rows() -> Sequence[tuple[str, Sequence[Row]]]:
    """The form."""
    return (
        (
            "",
            [
                (
                    Slot("name", "Name of the group", LineField(), 7, "Enter the name."),
                    Slot("specialty", "Specialty", LineField(), 5),
                ),
                (
                    Slot(
                        "diagnoses",
                        "Diagnoses: a code on each line, then your own words if you like",
                        TextArea(lines=8, hint="E11.65\nI10 High blood pressure"),
                        12,
                    ),
                ),
                (
                    Slot(
                        "procedures",
                        "Procedures: code, modifiers after a hyphen, then your own words",
                        TextArea(lines=8, hint="99214-25\n83036 A1c in the office"),
                        12,
                    ),
                ),
            ],
        ),
    )


def _named(row: GroupForm) -> str:
    return row.name


def section(favourites: FavouriteService) -> Section:
    """The groups as Setup shows them."""

    def remove(form: GroupForm) -> Callable[[], object]:
        gone = favourites.remove(form.group_id or 0)
        return lambda: favourites.save(gone)

    return Section(
        key="favourites",
        title=TITLE,
        help=HELP,
        load=lambda: tuple(form_of(group) for group in favourites.groups()),
        save=keeper(favourites),
        key_of=lambda row: row.group_id,
        columns=(
            Column("name", "Group", _named, width=0, tooltip=_named),
            Column(
                "codes",
                "Codes",
                lambda row: str(row.count),
                lambda row: row.count,
                numeric=True,
                width=60,
            ),
        ),
        rows=rows,
        command=GroupForm,
        row_id="group_id",
        remove=remove,
    )
