"""Words for the cells of a line: our modifiers, CMS' places, imported HCPCS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.reference import FileKind
from app.services.line_codes import LineCodeService, Source
from app.services.reference import ReferenceService
from tests.codesets.official_files import official
from tests.services.reference_desk import SUMMER, opened, take


@pytest.fixture
def reference(tmp_path: Path) -> Iterator[ReferenceService]:
    service = opened(tmp_path / "codes")
    yield service
    service.close()


@pytest.fixture
def codes(reference: ReferenceService) -> LineCodeService:
    return LineCodeService(reference)


def shown(rows: object) -> list[str]:
    return [row.code for row in rows]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("2", "22"), ("right side", "RT"), ("bilat", "50"), ("assist surg", "80"), ("waived", "QW")],
)
def test_modifiers_by_sign_and_by_word(codes: LineCodeService, typed: str, first: str) -> None:
    assert shown(codes.modifiers(typed, SUMMER))[0] == first


def test_our_words_say_what_is_paid(codes: LineCodeService) -> None:
    found = codes.modifier("25", SUMMER)
    assert found is not None
    assert found.sentence == "25: separate visit (E/M) on the day of a procedure"
    both = codes.modifier("50", SUMMER)
    assert both is not None
    assert both.note == "changes the payment"
    assert codes.modifier("ZZ", SUMMER) is None


def test_imported_modifiers_join_ours(
    codes: LineCodeService, reference: ReferenceService, tmp_path: Path
) -> None:
    ours = codes.modifiers("", SUMMER)
    take(reference, tmp_path, official(FileKind.HCPCS))
    every = codes.modifiers("", SUMMER)
    # The file has two: one that we word ourselves, one that ended and is not offered.
    assert shown(every) == shown(ours)
    assert {row.code: row.source for row in every}["Q9"] is Source.OWN
    ended = codes.modifier("QX", SUMMER)
    assert ended is not None
    assert ended.source is Source.OWN


def test_a_modifier_that_only_the_file_has_is_explained(
    codes: LineCodeService, reference: ReferenceService, tmp_path: Path
) -> None:
    file = official(FileKind.HCPCS)
    path = tmp_path / file.name
    path.write_text(file.text().replace("   Q9", "   U7"), encoding="utf-8")
    reference.import_file(path)
    found = codes.modifier("U7", SUMMER)
    assert found is not None
    assert (found.wording, found.source) == ("Made up", Source.HCPCS)
    assert shown(codes.modifiers("made", SUMMER)) == ["U7"]


def test_places_by_number_and_word(codes: LineCodeService) -> None:
    assert shown(codes.places("home"))[:2] == ["12", "04"]
    assert shown(codes.places("2"))[0] == "20"
    assert len(codes.places("")) == 52
    place = codes.place("22")
    assert place is not None
    assert place.note == "facility rate"
    assert codes.place("37") is None


def test_hcpcs_is_offered_by_code_and_words_while_it_may_be_used(
    codes: LineCodeService, reference: ReferenceService, tmp_path: Path
) -> None:
    assert codes.procedures("j12", SUMMER) == ()
    take(reference, tmp_path, official(FileKind.HCPCS))
    assert shown(codes.procedures("j12", SUMMER)) == ["J1234"]
    assert shown(codes.procedures("drug injection", SUMMER)) == ["J1234"]
    assert codes.procedures("g0999", SUMMER) == ()  # ended with June
    assert codes.procedures("", SUMMER) == ()
    assert codes.procedures("100%_", SUMMER) == ()
    found = codes.procedure("J1234", SUMMER)
    assert found is not None
    assert found.wording == "Inj made-up"
    gone = codes.procedure("G0999", SUMMER)
    assert gone is not None
    assert gone.note == "ended 06/30/2026"


def test_the_amas_words_are_offered_only_where_she_keeps_them(
    codes: LineCodeService, reference: ReferenceService, tmp_path: Path
) -> None:
    take(reference, tmp_path, official(FileKind.RVU))
    assert codes.procedures("somebody", SUMMER) == ()
    assert codes.procedures("992", SUMMER) == ()
    take(reference, tmp_path, official(FileKind.RVU), with_descriptors=True)
    found = codes.procedures("somebody 992", SUMMER)
    assert [(row.code, row.source) for row in found] == [("99213", Source.LICENCE)]
    assert codes.procedure("99213", SUMMER) is None
