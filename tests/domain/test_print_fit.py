"""What a ruler says of the test page becomes the correction that puts the next page right."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.print_fit import (
    ACROSS_IN,
    CROSS_LEFT_IN,
    CROSS_TOP_IN,
    DOWN_IN,
    NO_FIT,
    Measured,
    PrintFit,
    new_fit,
    parse_inches,
    warning,
)

CLOSE_IN = 0.0075  # half a hundredth of offset, and what rounding of lengths to 1/1000 adds


def page_of(late: tuple[float, float], stretch: tuple[float, float], fit: PrintFit) -> Measured:
    """What she reads to 1/1000 inch on a page from a printer that is late and stretches."""

    def paper(x_in: float, y_in: float) -> tuple[float, float]:
        x, y = fit.place(x_in * 72, y_in * 72)
        return late[0] + stretch[0] * x / 72, late[1] + stretch[1] * y / 72

    left, top = paper(float(CROSS_LEFT_IN), float(CROSS_TOP_IN))
    right, low = paper(float(CROSS_LEFT_IN + ACROSS_IN), float(CROSS_TOP_IN + DOWN_IN))
    return Measured(*(f"{length:.4f}" for length in (left, top, right - left, low - top)))


offsets, stretches = st.floats(-0.4, 0.4), st.floats(0.98, 1.02)


@given(
    st.tuples(offsets, offsets),
    st.tuples(stretches, stretches),
    st.builds(
        PrintFit,
        st.integers(-5, 5),
        st.integers(-5, 5),
        st.integers(9_950, 10_050),
        st.integers(9_950, 10_050),
    ),
    st.tuples(st.floats(0, 8.5), st.floats(0, 11)),
)
def test_with_the_new_fit_every_point_lands_where_it_should(
    late: tuple[float, float],
    stretch: tuple[float, float],
    before: PrintFit,
    spot: tuple[float, float],
) -> None:
    fit = new_fit(page_of(late, stretch, before), before)
    x, y = fit.place(spot[0] * 72, spot[1] * 72)
    assert late[0] + stretch[0] * x / 72 == pytest.approx(spot[0], abs=CLOSE_IN)
    assert late[1] + stretch[1] * y / 72 == pytest.approx(spot[1], abs=CLOSE_IN)


def test_a_page_that_is_right_changes_nothing() -> None:
    right = Measured("1", "1.00", "6 1/2", "9")
    assert new_fit(right) == NO_FIT
    kept = PrintFit(3, -2, 10_010, 9_990)
    assert new_fit(right, kept) == kept, "a second test page that is right keeps the fit"
    assert NO_FIT.words() == "Nothing needs correcting."


def test_a_plain_example_in_words() -> None:
    fit = new_fit(Measured("1.03", "0.98", "6.5", "9"))
    assert fit == PrintFit(right=-3, down=2)
    assert fit.words() == "Everything is sent 0.03 in further left, 0.02 in further down."


@pytest.mark.parametrize(
    ("text", "inches"),
    [
        ("1", Fraction(1)),
        ("1.02", Fraction(102, 100)),
        (".98", Fraction(98, 100)),
        ("1 1/32", Fraction(33, 32)),
        ("1-1/32", Fraction(33, 32)),
        ("31/32", Fraction(31, 32)),
        ('6.5"', Fraction(13, 2)),
        ("6.5 in", Fraction(13, 2)),
        ("25.4 mm", Fraction(1)),
        ("165.1mm", Fraction(13, 2)),
    ],
)
def test_lengths_as_they_are_read(text: str, inches: Fraction) -> None:
    assert parse_inches(text) == inches


@pytest.mark.parametrize("text", ["", "abc", "1,5", "1/0", "1/00", "-1", "1 1", "1..2", "mm"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Type inches like"):
        parse_inches(text)


@pytest.mark.parametrize(
    ("measured", "field", "words"),
    [
        (Measured("x", "1", "6.5", "9"), "left", "Type inches"),
        (Measured("1", "1", "6.3", "8.73"), "across", "fits it to the page"),
        (Measured("1.9", "1", "6.5", "9"), "left", "US Letter"),
        (Measured("1", "0.2", "6.5", "9"), "top", "US Letter"),
        (Measured("1", "1", "9", "6.5"), "across", "about 6.5 inches apart"),
        (Measured("1", "1", "6.5", "0"), "down", "about 9 inches apart"),
    ],
)
def test_what_is_no_feed_error_is_named(measured: Measured, field: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as caught:
        new_fit(measured)
    assert field in {f.field for f in caught.value.findings}


def test_a_large_scale_warns_of_fit_to_page() -> None:
    assert warning(new_fit(Measured("1", "1", "6.5", "9.05"))) == ""
    assert "fit the page" in warning(new_fit(Measured("1", "1", "6.4", "8.86")))
