"""The order file in all the clothes it comes in; what is not of it is refused line by line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codesets.order_file import looks_like_order, nodes_of, read_order, text_of


def order_line(number: int, code: str, flag: int, title: str) -> str:
    return f"{number:05} {code:<7} {flag} {title[:60]:<60} {title}"


ROWS = (
    ("K35", 0, "Lumpy gut"),
    ("K350", 1, "Lumpy gut, left"),
    ("K351", 0, "Lumpy gut, Ménière's"),
    ("K351XXA", 1, "Lumpy gut, Ménière's, first visit"),
)
TEXT = "\n".join(order_line(n, *row) for n, row in enumerate(ROWS, 1)) + "\n"


@pytest.mark.parametrize(
    "dress",
    [
        lambda text: text.encode(),
        lambda text: text.encode("latin-1"),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode("latin-1"),
        lambda text: text.rstrip("\n").encode(),
    ],
    ids=["utf8", "latin1", "bom", "crlf", "no last line end"],
)
def test_every_encoding_and_line_end_reads_the_same(dress: Callable[[str], bytes]) -> None:
    read = read_order(text_of(dress(TEXT)))
    assert [(line.code, int(line.billable), line.title) for line in read.lines] == list(ROWS)
    assert not read.refused
    assert not read.cut


def test_the_plain_list_of_codes_is_read_as_well() -> None:
    read = read_order("K350    Lumpy gut, left\nK351XXA Lumpy gut, first visit\n")
    assert [(line.code, line.billable) for line in read.lines] == [
        ("K350", True),
        ("K351XXA", True),
    ]


def test_lines_of_another_kind_are_refused_with_their_number_and_reason() -> None:
    read = read_order(TEXT + "\nnot a code at all\n00009 K359    1 too short\n" + TEXT)
    assert len(read.lines) == len(ROWS)
    assert [reason.split(":")[0] for reason in read.refused[:2]] == ["line 6", "line 7"]
    assert "breaks off" in read.refused[1]
    assert sum("twice" in reason for reason in read.refused) == len(ROWS)


@given(st.integers(1, len(TEXT) - 2))
def test_a_file_cut_anywhere_says_so_or_lacks_lines(place: int) -> None:
    read = read_order(TEXT[:place])
    assert (
        read.cut
        or len(read.lines) < len(ROWS)
        or TEXT[:place].rstrip() == TEXT.rstrip()
        or (
            # A cut inside the last title cannot be told from a shorter title.
            read.lines[-1].title == ROWS[-1][2][: len(read.lines[-1].title)]
        )
    )


@given(st.text())
def test_no_text_is_too_odd_to_read(text: str) -> None:
    looks_like_order(text)
    read = read_order(text)
    assert len({line.code for line in read.lines}) == len(read.lines)


def test_the_tree_comes_from_the_codes_and_the_7th_character_from_the_titles() -> None:
    nodes = {node.key: node for node in nodes_of(read_order(TEXT).lines)}
    assert nodes["K350"].parent == "K35"
    assert (nodes["K351XXA"].base, nodes["K351XXA"].extra) == ("K351", "first visit")
