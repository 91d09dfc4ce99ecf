"""Favourite groups: kept in her order, nonsense refused, words from the charge list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.errors import Invalid, NotFound
from app.services.favourites import MOST_CODES, FavouriteCode, FavouriteGroup
from app.services.people_commands import SaveProcedure
from tests.services.front_desk import Office

VISIT = FavouriteGroup(
    None,
    "Diabetes visit",
    "Family practice",
    (
        FavouriteCode("dx", "e11.65"),
        FavouriteCode("dx", "I10", "High blood pressure"),
        FavouriteCode("px", "99214", modifiers="25"),
    ),
)


def test_a_group_is_kept_in_order_and_its_codes_in_shape(office: Office) -> None:
    service = office.services.favourites
    office.services.setup.save_procedure(SaveProcedure("99214", 18500, "Visit, established"))
    key = service.save(VISIT)
    (found,) = (g for g in service.groups() if g.id == key)
    assert (found.name, found.specialty) == ("Diabetes visit", "Family practice")
    assert found.codes == (
        FavouriteCode("dx", "E11.65"),
        FavouriteCode("dx", "I10", "High blood pressure"),
        FavouriteCode("px", "99214", "Visit, established", "25"),
    )
    service.save(replace(found, codes=found.codes[::-1]))
    assert service.groups()[-1].codes == found.codes[::-1]
    (listed,) = office.services.directory.procedures()
    office.services.setup.save_procedure(replace(listed, wording="Long visit"))
    assert service.groups()[-1].codes[0].wording == "Long visit"
    with office.services.desk.db.query_counter() as queries:
        service.groups()
    assert queries.count <= 3


def test_a_group_removed_can_be_saved_again(office: Office) -> None:
    service = office.services.favourites
    key = service.save(VISIT)
    gone = service.remove(key)
    assert all(group.id != key for group in service.groups())
    service.save(gone)
    assert service.groups()[-1].codes == gone.codes
    with pytest.raises(NotFound):
        service.remove(999)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"codes": (FavouriteCode("dx", "Q"),)}, "codes.0"),
        ({"codes": (FavouriteCode("px", "nonsense"),)}, "codes.0"),
        ({"codes": (FavouriteCode("px", "99213", modifiers="!"),)}, "codes.0"),
        ({"codes": (FavouriteCode("dx", "I10"), FavouriteCode("dx", "i10"))}, "codes.1"),
        ({"codes": tuple(FavouriteCode("px", str(n)) for n in range(10000, 10061))}, "codes"),
    ],
)
def test_nonsense_has_its_sentence_and_nothing_is_kept(
    office: Office, change: dict[str, object], field: str
) -> None:
    before = office.services.favourites.groups()
    with pytest.raises(Invalid) as wrong:
        office.services.favourites.save(replace(VISIT, **change))  # type: ignore[arg-type]
    assert field in {f.field for f in wrong.value.findings}
    assert office.services.favourites.groups() == before


def test_two_groups_of_one_name_are_refused(office: Office) -> None:
    office.services.favourites.save(VISIT)
    with pytest.raises(Invalid, match="already"):
        office.services.favourites.save(replace(VISIT, name="diabetes VISIT"))
    assert MOST_CODES == 60
