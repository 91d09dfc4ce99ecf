"""Reader of the ICD-10-CM Tabular List (XML of NCHS): nodes, notes and 7th characters.

The file is read as a stream of events, so that its 10 MB never stand in memory as a tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from app.domain.errors import Refused
from app.domain.icd import IcdNode, Note, NoteKind

NOTE_TAGS = {
    "includes": NoteKind.INCLUDES,
    "inclusionTerm": NoteKind.INCLUSION,
    "excludes1": NoteKind.EXCLUDES1,
    "excludes2": NoteKind.EXCLUDES2,
    "codeFirst": NoteKind.CODE_FIRST,
    "useAdditionalCode": NoteKind.USE_ADDITIONAL,
    "codeAlso": NoteKind.CODE_ALSO,
    "sevenChrNote": NoteKind.SEVENTH,
    "notes": NoteKind.NOTE,
}
_NODES = ("chapter", "section", "diag")


@dataclass(slots=True)
class RawNode:
    """A node as it stands in the file, before 7th characters are expanded."""

    key: str = ""
    parent: str = ""
    title: str = ""
    notes: list[Note] = field(default_factory=list)
    seventh: dict[str, str] = field(default_factory=dict)
    leaf: bool = True


class _Walk:
    """Hears the parser and collects the nodes."""

    def __init__(self) -> None:
        self.version = ""
        self.nodes: list[RawNode] = []
        self._path: list[RawNode] = []
        self._tags: list[str] = []
        self._text: list[str] = []
        self._extension = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        self._tags.append(tag)
        self._text.clear()
        if tag in _NODES:
            node = RawNode(parent=self._path[-1].key if self._path else "")
            if tag == "section":
                name = attributes.get("id", "")
                node.key = name if "-" in name else f"[{name}]"
            if self._path:
                self._path[-1].leaf = False
            self._path.append(node)
            self.nodes.append(node)
        elif tag == "extension":
            self._extension = attributes.get("char", "")

    def text(self, data: str) -> None:
        """A piece of text."""
        self._text.append(data)

    def end(self, tag: str) -> None:
        """An element closes."""
        said = " ".join("".join(self._text).split())
        self._text.clear()
        self._tags.pop()
        above = self._tags[-1] if self._tags else ""
        if tag in _NODES:
            self._path.pop()
        elif tag == "version" and not self._path:
            self.version = said
        elif self._path:
            self._into(self._path[-1], tag, above, said)

    def _into(self, node: RawNode, tag: str, above: str, said: str) -> None:
        if tag == "name" and above == "chapter":
            node.key = f"ch{said}"
        elif tag == "name" and above == "diag":
            node.key = said.replace(".", "")
        elif tag == "desc" and above in _NODES:
            node.title = said
        elif tag == "note" and above in NOTE_TAGS and said:
            node.notes.append(Note(NOTE_TAGS[above], said))
        elif tag == "extension":
            node.seventh[self._extension] = said


@dataclass(frozen=True, slots=True)
class TabularList:
    """The tabular list: ``year`` as the file says it, nodes in its order."""

    year: int
    nodes: tuple[RawNode, ...]


def read_tabular(file: BinaryIO) -> TabularList:
    """Reads the XML.

    Raises:
        Refused: ``not_tabular`` for another file, a damaged or truncated one.
    """
    walk = _Walk()
    hear_xml(file, walk.start, walk.end, walk.text, "ICD10CM.tabular", "not_tabular")
    if not walk.version.isdigit() or not walk.nodes:
        raise Refused("not_tabular", "This is not an ICD-10-CM tabular list. Nothing was imported.")
    return TabularList(int(walk.version), tuple(walk.nodes))


def hear_xml(
    file: BinaryIO,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
    root: str,
    refusal: str,
) -> None:
    """Feeds a file to three listeners; its outermost element must be ``root``.

    Raises:
        Refused: with the code ``refusal``: another file, damaged, truncated, or one that declares
            entities (the official ones never do; the "billion laughs" do).
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    seen: list[str] = []

    def first(tag: str, attributes: dict[str, str]) -> None:
        if not seen:
            seen.append(tag)
            if tag != root:
                raise _ForeignError
        start(tag, attributes)

    def entity(*_declaration: object) -> None:
        raise _ForeignError

    parser.StartElementHandler = first
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = entity
    try:
        parser.ParseFile(file)
    except (expat.ExpatError, _ForeignError, IndexError) as error:
        raise Refused(
            refusal,
            f"This is not a whole {root} file. Download it again; nothing was imported.",
        ) from error


class _ForeignError(Exception):
    """Not the file it should be."""


def expand(raw: Iterable[RawNode], listed: Set[str] | None = None) -> list[IcdNode]:
    """Nodes with every code its 7th characters make, in order.

    Args:
        raw: nodes, parents first.
        listed: codes that exist. The tabular list alone makes some that do not (``S06.1X7D``), so
            what is not listed is left out.
    """
    nodes: list[IcdNode] = []
    sevenths: dict[str, dict[str, str]] = {}
    for node in raw:
        seventh = node.seventh or sevenths.get(node.parent, {})
        sevenths[node.key] = seventh
        code = "-" not in node.key and node.key[0] not in "c["
        made = _made(node, seventh, listed) if code and node.leaf and len(node.key) < 7 else []
        exists = listed is None or not code or node.key in listed or bool(made)
        if exists:
            billable = code and node.leaf and not made
            nodes.append(
                IcdNode(node.key, node.parent, node.title, billable, notes=tuple(node.notes))
            )
            nodes += made
    return nodes


def _made(node: RawNode, seventh: dict[str, str], listed: Set[str] | None) -> list[IcdNode]:
    padded = node.key.ljust(6, "X")
    return [
        IcdNode(padded + char, node.key, f"{node.title}, {words}", True, node.key, words)
        for char, words in seventh.items()
        if listed is None or padded + char in listed
    ]
