"""The ICD-10-CM edition that comes with the program, inside the package simple-icd-10-cm.

The package is never imported (that costs seconds and 185 MB): its two data files are found and
read. Its own idea of what is a leaf is wrong for B20, F99, P84, R99 and Z66; ours comes from the
tabular list.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from app.codesets.tabular import expand, read_tabular
from app.domain.errors import NotFound
from app.domain.icd import EditionRows, edition_of

CARRIER = "simple_icd_10_cm"
_TABULAR = "icd10c*tabular*.xml"
_LISTED = "code-list*.txt"
SOURCE = "came with the program"


def package_files() -> tuple[Path, Path]:
    """Tabular list and list of codes of the installed package.

    Raises:
        NotFound: the package is not installed, or holds no data.
    """
    spec = importlib.util.find_spec(CARRIER)
    folders = spec.submodule_search_locations if spec is not None else None
    for folder in folders or ():
        tabular = sorted(Path(folder, "data").glob(_TABULAR))
        listed = sorted(Path(folder, "data").glob(_LISTED))
        if tabular and listed:
            return tabular[-1], listed[-1]
    raise NotFound(
        "The ICD-10-CM code set that comes with the program is missing. Install the program again, "
        "or import the official files in Setup."
    )


def package_print() -> str:
    """What tells one delivery of the data from another: names and sizes of its files.

    Raises:
        NotFound: the package is not installed, or holds no data.
    """
    return " ".join(f"{path.name}:{path.stat().st_size}" for path in package_files())


def read_package() -> EditionRows:
    """The packaged edition, whole.

    Raises:
        NotFound: the package is not installed, or holds no data.
    """
    tabular_path, listed_path = package_files()
    with listed_path.open(encoding="utf-8") as file:
        listed = frozenset(line.strip().replace(".", "") for line in file)
    with tabular_path.open("rb") as file:
        tabular = read_tabular(file)
    return EditionRows(edition_of(tabular.year, SOURCE), tuple(expand(tabular.nodes, listed)))
