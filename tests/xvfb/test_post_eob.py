"""Forty lines of an EOB by keys alone, in a real window of a real X server."""

from __future__ import annotations

import pytest

from tests.xvfb import post_eob


@pytest.mark.skipif(bool(post_eob.missing()), reason="needs Xvfb and xdotool")
def test_forty_lines_are_posted_to_the_cent_without_a_mouse() -> None:
    hands, wrong = post_eob.run()
    assert wrong == []
    assert post_eob.LINES == 40
    # Per line at most six fields; a claim is found by a name and kept by a key.
    assert hands.actions <= 40 * 2 + 30
