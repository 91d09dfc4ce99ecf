"""What a new edition changes of the practice's own codes, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.reference import FileKind


class What(StrEnum):
    """What happens to a code, worst first."""

    DEAD = "No longer valid"
    CATEGORY = "Only a category"
    PAIR = "New pair edit"
    LIMIT = "Lower unit limit"
    STATUS = "Medicare status"
    PRICE = "Medicare price"
    TEXT = "New text"


STOPS = (What.DEAD, What.CATEGORY, What.PAIR, What.LIMIT)  # a claim with it would be rejected


class Place(StrEnum):
    """Where a code stands."""

    ENCOUNTER = "Visit to post"
    CLAIM = "Claim to send"
    RECURRING = "Recurring visit"
    CHARGE = "Charge list"
    FAVOURITE = "Favourites"


OPEN = (Place.ENCOUNTER, Place.CLAIM, Place.RECURRING)


@dataclass(frozen=True, slots=True)
class Touched:
    """A place where a changed code stands.

    Attributes:
        place: the kind of place; ``key`` is its id.
        title: who or what: a patient's name, a group of favourites.
        detail: a claim's number and state, a charge's wording.
        day: of the service; the next one of a recurring visit; None for lists.
    """

    place: Place
    key: int
    title: str
    detail: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code to use instead; the title is empty when no file here has it."""

    code: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class CodeChange:
    """One code, or pair of codes, of the practice that a new edition changes.

    Attributes:
        codes: one, or the two of a pair edit, column 1 first.
        wording: what the first is called.
        says: what happens, in a sentence.
        instead: what to use, best first.
        uses: visits of the last 24 months with it (with both of a pair).
        last_used: the newest of them.
        touched: where it stands: open work first.
    """

    kind: FileKind
    what: What
    codes: tuple[str, ...]
    wording: str
    says: str
    instead: tuple[NewCode, ...] = ()
    uses: int = 0
    last_used: date | None = None
    touched: tuple[Touched, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """Tells changes of one day apart."""
        return (self.kind, self.what, *self.codes)

    @property
    def open(self) -> tuple[Touched, ...]:
        """Visits, claims and recurring visits that want another code; none where nothing stops."""
        return tuple(t for t in self.touched if t.place in OPEN and self.what in STOPS)


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which editions take effect.

    Attributes:
        day: first date of service.
        editions: their names in words, like ``ICD-10-CM FY2027``.
        codes_only: the diagnoses of that year are known by their codes alone, their texts are not
            imported yet.
    """

    day: date
    editions: tuple[str, ...]
    codes_only: bool = False


@dataclass(frozen=True, slots=True)
class OpenTouched:
    """Open work with codes that an edition takes away: within 45 days, or already in effect.

    Attributes:
        oldest: the first of its days of service.
        turn: the newest day on which an edition took one of the codes away.
    """

    visits: int = 0
    claims: int = 0
    recurring: int = 0
    oldest: date | None = None
    turn: date | None = None

    @property
    def count(self) -> int:
        """All of it."""
        return self.visits + self.claims + self.recurring
