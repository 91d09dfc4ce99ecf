"""Favourites: the groups of codes on the practice's superbill, put into a visit by a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain import identifiers as ids
from app.domain.errors import NotFound
from app.models.fees import FavouriteCode as CodeRow
from app.models.fees import FavouriteGroup as GroupRow
from app.models.visits import Procedure
from app.services._checks import FieldChecks, blank_to_none
from app.services.desk import Desk

MOST_CODES = 60  # more is a list to search, not a group to choose from


@dataclass(frozen=True, slots=True)
class FavouriteCode:
    """A diagnosis (``dx``) or a procedure (``px``, perhaps with its modifiers) of a group.

    ``wording`` is the practice's own; empty, a procedure takes that of the charge list.
    """

    kind: Literal["dx", "px"]
    code: str
    wording: str = ""
    modifiers: str = ""


@dataclass(frozen=True, slots=True)
class FavouriteGroup:
    """A group as it is shown and saved; ``id`` None makes a new one."""

    id: int | None
    name: str
    specialty: str = ""
    codes: tuple[FavouriteCode, ...] = ()


class FavouriteService:
    """Reads and keeps the groups."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def groups(self) -> tuple[FavouriteGroup, ...]:
        """All groups by specialty and in her order, with their codes; three statements."""
        with self._desk.read() as session:
            rows = session.scalars(
                select(GroupRow).order_by(
                    func.coalesce(GroupRow.specialty, ""), GroupRow.position, GroupRow.id
                )
            ).all()
            codes = _codes(session)
            return tuple(
                FavouriteGroup(g.id, g.name, g.specialty or "", tuple(codes.get(g.id, ())))
                for g in rows
            )

    def save(self, group: FavouriteGroup) -> int:
        """Keeps a group with its codes in the order given; answers its id.

        Raises:
            Invalid: with a sentence for each wrong field (``name``, ``codes.0``).
            NotFound: the group is gone.
        """
        checks = FieldChecks()
        with self._desk.write() as session:
            row = _group(session, group.id)
            name = checks.text("name", group.name, "Enter the name of the group.")
            twin = session.scalar(
                select(GroupRow.id).where(func.lower(GroupRow.name) == name.lower())
            )
            if twin not in (None, group.id):
                checks.add("name", "A group with this name is there already.")
            values = _checked(checks, group.codes)
            checks.done()
            row.name, row.specialty = name, blank_to_none(group.specialty)
            session.add(row)
            session.flush()
            session.execute(delete(CodeRow).where(CodeRow.group_id == row.id))
            words = _listed_words(session)
            for number, code in enumerate(values):
                session.add(_code_row(row.id, number, _own_words(code, words)))
            self._desk.audit(session, "save favourites", entity="favourite_group", entity_id=row.id)
            return row.id

    def remove(self, group_id: int) -> FavouriteGroup:
        """Takes a group away; answers it, so that it can be saved again as a new one.

        Raises:
            NotFound: the group is gone.
        """
        with self._desk.write() as session:
            row = _group(session, group_id)
            codes = _codes(session).get(group_id, [])
            gone = FavouriteGroup(None, row.name, row.specialty or "", tuple(codes))
            session.execute(delete(CodeRow).where(CodeRow.group_id == group_id))
            session.delete(row)
            self._desk.audit(
                session, "remove favourites", entity="favourite_group", entity_id=group_id
            )
            return gone


def _group(session: Session, group_id: int | None) -> GroupRow:
    if group_id is None:
        last = session.scalar(select(func.max(GroupRow.position)))
        return GroupRow(position=(last or 0) + 1)
    row = session.get(GroupRow, group_id)
    if row is None:
        raise NotFound("This group is no longer there. Refresh the list.")
    return row


def _codes(session: Session) -> dict[int, list[FavouriteCode]]:
    """Every group's codes; a procedure without own words takes those of the charge list."""
    words = _listed_words(session)
    found: dict[int, list[FavouriteCode]] = {}
    for row in session.scalars(select(CodeRow).order_by(CodeRow.group_id, CodeRow.position)):
        kind: Literal["dx", "px"] = "dx" if row.kind == "dx" else "px"
        wording = row.wording or (words.get(row.code) if kind == "px" else "") or ""
        code = FavouriteCode(kind, row.code, wording, row.modifiers or "")
        found.setdefault(row.group_id, []).append(code)
    return found


def _listed_words(session: Session) -> dict[str, str | None]:
    """What the charge list calls each code."""
    query = select(Procedure.code, func.max(Procedure.wording)).group_by(Procedure.code)
    return dict(session.execute(query).all())


def _own_words(code: FavouriteCode, words: dict[str, str | None]) -> FavouriteCode:
    """The charge list's words are not kept twice: they follow it when it changes."""
    same = code.kind == "px" and code.wording == words.get(code.code)
    return replace(code, wording="") if same else code


def _checked(checks: FieldChecks, codes: Sequence[FavouriteCode]) -> list[FavouriteCode]:
    if len(codes) > MOST_CODES:
        checks.add("codes", f"A group holds {MOST_CODES} codes at most. Begin a second one.")
    found: list[FavouriteCode] = []
    for number, code in enumerate(codes):
        place = f"codes.{number}"
        check = ids.check_icd10 if code.kind == "dx" else ids.check_procedure
        shaped = checks.need(place, check, code.code, "Enter the code.")
        modifiers = [
            checks.take(place, ids.check_modifier, m)
            for m in ("" if code.kind == "dx" else code.modifiers).replace(",", " ").split()
        ]
        kept = FavouriteCode(
            code.kind, shaped, code.wording.strip(), " ".join(m for m in modifiers if m)
        )
        if any((k.kind, k.code, k.modifiers) == (kept.kind, shaped, kept.modifiers) for k in found):
            checks.add(place, f"{shaped} is in this group already.")
        found.append(kept)
    return found


def _code_row(group_id: int, number: int, code: FavouriteCode) -> CodeRow:
    return CodeRow(
        group_id=group_id,
        position=number,
        kind=code.kind,
        code=code.code,
        modifiers=blank_to_none(code.modifiers),
        wording=blank_to_none(code.wording),
    )
