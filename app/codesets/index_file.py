"""Reader of the ICD-10-CM Alphabetic Index (XML of NCHS): its terms and the codes they lead to."""

from __future__ import annotations

import re
from typing import BinaryIO

from app.codesets.tabular import hear_xml
from app.domain.errors import Refused
from app.domain.icd import bare

_CODE = re.compile(r"[A-Z][0-9A][0-9A-Z](\.[0-9A-Z]{1,4})?")
_TERMS = ("mainTerm", "term")


class _Walk:
    def __init__(self) -> None:
        self.year = ""
        self.terms: list[tuple[str, str]] = []
        self._tags: list[str] = []
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._tags.append(tag)
        if tag in _TERMS:
            self._path.append("")
        if tag not in ("nemod",):
            self._text.clear()

    def text(self, data: str) -> None:
        if self._tags[-1] != "nemod":  # words in parentheses change nothing
            self._text.append(data)

    def end(self, tag: str) -> None:
        said = " ".join("".join(self._text).split())
        self._tags.pop()
        above = self._tags[-1] if self._tags else ""
        if tag in _TERMS:
            self._path.pop()
        elif tag == "title" and above in _TERMS:
            self._path[-1] = said
        elif tag == "code" and self._path:
            code = said.rstrip("-. ")
            if _CODE.fullmatch(code):
                self.terms.append((" ".join(part for part in self._path if part), bare(code)))
        elif tag == "version" and not self._path:
            self.year = said
        if tag != "nemod":
            self._text.clear()


def read_index(file: BinaryIO) -> tuple[int, tuple[tuple[str, str], ...]]:
    """The fiscal year and (term with its main term before it, code without point).

    Raises:
        Refused: ``not_index`` for another file, a damaged or truncated one.
    """
    walk = _Walk()
    hear_xml(file, walk.start, walk.end, walk.text, "ICD10CM.index", "not_index")
    if not walk.year.isdigit() or not walk.terms:
        raise Refused("not_index", "This is not an Alphabetic Index. Nothing was imported.")
    return int(walk.year), tuple(dict.fromkeys(walk.terms))
