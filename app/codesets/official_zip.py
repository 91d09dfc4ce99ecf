"""Official files straight from the official zip, whatever it calls them; bombs are refused.

Both the sizes a zip declares and the bytes that really come out are held to the limits.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import error as ZlibError  # noqa: N812 - an error class by its trade name

from app.domain.errors import Refused, StoreTrouble

MOST_BYTES = 120 * 1024 * 1024  # of one file; the largest official one has 21 MB
MOST_IN_ALL = 400 * 1024 * 1024
MOST_FILES = 500
MOST_DEPTH = 3
_PIECE = 1 << 20
_YEAR = re.compile(r"(?<!\d)(20[1-9]\d)(?!\d)")
_DULL = (".pdf", ".xlsx", ".xls", ".docx", ".xsd", ".png", ".jpg", ".htm", ".html")


@dataclass(frozen=True, slots=True)
class Member:
    """A file found: its name with the zips it lies in, and its bytes."""

    name: str
    data: bytes

    @property
    def year(self) -> int | None:
        """The fiscal year its own name tells; None when it tells none."""
        found = _YEAR.findall(self.name.rsplit("/", 1)[-1]) or _YEAR.findall(self.name)
        return int(found[-1]) if found else None


def members(path: Path, *, workbooks: bool = False) -> Iterator[Member]:
    """The files in a zip, zips inside it opened; a file that is no zip is its own only member.

    Args:
        path: the file.
        workbooks: hands out Excel workbooks, which are zips too, whole; else they are passed over.

    Raises:
        Refused: ``too_big`` (a bomb), ``damaged_zip``.
        StoreTrouble: the file cannot be read.
    """
    budget = [MOST_IN_ALL]
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _too_big(path.name)
        with path.open("rb") as file:
            data = file.read(size + 1)  # as much as is asked for is set aside at once
    except OSError as error:
        raise StoreTrouble(f"{path.name} cannot be read. Check that it is still there.") from error
    yield from _opened(path.name, data, 0, budget, workbooks)


def _opened(
    name: str, data: bytes, depth: int, budget: list[int], workbooks: bool
) -> Iterator[Member]:
    if not data.startswith(b"PK\x03\x04") or (workbooks and is_workbook(data)):
        yield Member(name, data)
        return
    if depth == MOST_DEPTH:
        raise Refused("too_big", f"{name} holds zips in zips in zips. Unpack it by hand.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in _wanted(name, archive, budget, workbooks):
                inner = _bytes(archive, info, budget)
                below = f"{name}/{info.filename}"
                yield from _opened(below, inner, depth + 1, budget, workbooks)
    except (zipfile.BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refused(
            "damaged_zip", f"{name} is damaged or cut off. Download it again; nothing was imported."
        ) from error


def is_workbook(data: bytes) -> bool:
    """True for the bytes of an Excel workbook."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
        return False


def _wanted(
    name: str, archive: zipfile.ZipFile, budget: list[int], workbooks: bool
) -> list[zipfile.ZipInfo]:
    infos = [i for i in archive.infolist() if not i.is_dir()]
    declared = sum(i.file_size for i in infos)
    if len(infos) > MOST_FILES or declared > budget[0]:
        raise _too_big(name)
    dull = tuple(end for end in _DULL if not (workbooks and end == ".xlsx"))
    return [i for i in infos if not i.filename.lower().endswith(dull)]


def _bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: list[int]) -> bytes:
    if info.file_size > MOST_BYTES:
        raise _too_big(info.filename)
    pieces = bytearray()
    with archive.open(info) as stream:
        while piece := stream.read(_PIECE):
            pieces += piece
            budget[0] -= len(piece)
            if len(pieces) > MOST_BYTES or budget[0] < 0:
                raise _too_big(info.filename)
    return bytes(pieces)


def _too_big(name: str) -> Refused:
    return Refused(
        "too_big",
        f"{name} is far larger than any official code file, and was not opened. Download it again "
        "from CMS or CDC.",
    )
