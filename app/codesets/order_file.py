"""Reader of the official ICD-10-CM text files: the order file, and the plain list of codes.

Order file (CMS, fixed width, 1-based): 1-5 order number, 7-13 code without point, 15 flag (1 may
stand on a claim, 0 is a header), 17-76 short title, from 78 long title. List of codes: 1-7 code,
from 9 long title, codes for claims only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.icd import IcdNode

ORDER_LINE = re.compile(r"(\d{5}) ([A-Z][0-9A][0-9A-Z]{1,5}) {1,5}([01]) (.{60}) (\S.*)")
_SHORT_ORDER_LINE = re.compile(r"(\d{5}) ([A-Z][0-9A][0-9A-Z]{1,5}) {1,5}([01]) (\S.*)")
LIST_LINE = re.compile(r"([A-Z][0-9A][0-9A-Z]{1,5}) {1,6}(\S.*)")
_LOOSE = re.compile(r"\s*\d{1,6}\s+[A-Z][0-9A]")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A code as its line says it."""

    code: str
    billable: bool
    short: str
    title: str


@dataclass(frozen=True, slots=True)
class OrderFile:
    """What was read; ``refused`` holds ``line 7: reason``."""

    lines: tuple[OrderLine, ...]
    refused: tuple[str, ...]
    cut: bool  # the last line breaks off


def text_of(data: bytes) -> str:
    """The text of a file, whichever of the official encodings it has."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def looks_like_order(text: str) -> bool:
    """True when the first lines are those of an order file or of a list of codes."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    fit = sum(bool(_SHORT_ORDER_LINE.match(n) or LIST_LINE.match(n)) for n in lines)
    return bool(lines) and fit * 2 > len(lines)


def read_order(text: str) -> OrderFile:
    """Reads the lines; blank ones are passed over."""
    lines: list[OrderLine] = []
    refused: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        read = _line(line.rstrip())
        if read is None:
            refused.append(f"line {number}: {_why(line)}")
        elif read.code in seen:
            refused.append(f"line {number}: {read.code} stands in the file twice")
        else:
            seen.add(read.code)
            lines.append(read)
    last = text.rstrip("\r\n ").rsplit("\n", 1)[-1].rstrip("\r")
    cut = not text.endswith(("\n", "\r")) and bool(lines) and not _whole(last)
    return OrderFile(tuple(lines), tuple(refused), cut)


def _line(line: str) -> OrderLine | None:
    if found := ORDER_LINE.fullmatch(line):
        _, code, flag, short, title = found.groups()
        return OrderLine(code, flag == "1", short.strip(), title.strip())
    if found := LIST_LINE.fullmatch(line):
        return OrderLine(found[1], True, "", found[2].strip())
    return None


def _whole(line: str) -> bool:
    return _line(line) is not None


def _why(line: str) -> str:
    if _SHORT_ORDER_LINE.match(line) or _LOOSE.match(line):
        return "the columns are not where an order file has them, or the line breaks off"
    return "not a line of an order file"


def nodes_of(lines: Iterable[OrderLine]) -> list[IcdNode]:
    """Nodes with their places in the tree, as far as codes and titles tell them."""
    every = sorted(lines, key=lambda line: line.code)
    titles = {line.code: line.title for line in every}
    nodes = []
    for line in every:
        parent = next(
            (line.code[:n] for n in range(len(line.code) - 1, 2, -1) if line.code[:n] in titles), ""
        )
        if not parent and len(line.code) == 7:
            parent = line.code[:6].rstrip("X") if line.code[:6].rstrip("X") in titles else ""
        base, extra = _base(line, parent, titles)
        nodes.append(IcdNode(line.code, parent, line.title, line.billable, base, extra, line.short))
    return nodes


def _base(line: OrderLine, parent: str, titles: dict[str, str]) -> tuple[str, str]:
    begins = f"{titles.get(parent, '')}, "
    if len(line.code) == 7 and parent and line.title.startswith(begins):
        return parent, line.title[len(begins) :]
    return "", ""
