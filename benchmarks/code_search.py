"""The diagnosis search: one key's answer through the service, against the bare index query."""

from __future__ import annotations

import sqlite3
import statistics
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from app.services.clock import SetClock
from app.services.codesets import CodeSetService
from app.services.door import Door
from benchmarks.measure import BenchResult, interleave_timed

DAY = date(2026, 9, 15)
FRAME = 0.016  # seconds: an answer within one frame of the screen

QUERIES = (
    "type 2 diabetes",
    "pain in knee",
    "fracture of radius",
    "acute bronchitis",
    "heart failure",
    "urinary tract infection",
    "anxiety",
    "lower back",
    "chronic kidney disease",
    "asthma exacerbation",
    "laceration finger",
    "hypothyroid",
)


def _keys() -> list[str]:
    """Every query as it grows under her fingers, from the second letter on."""
    return [query[:n] for query in QUERIES for n in range(2, len(query) + 1) if query[n - 1] != " "]


def _bare(path: Path) -> Callable[[str], object]:
    db = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)

    def ask(text: str) -> object:
        match = " AND ".join(f'"{word}"*' for word in text.split())
        return db.execute(
            "SELECT key, term.words FROM term_search JOIN term ON id = term_search.rowid"
            " WHERE term_search MATCH ? ORDER BY bm25(term_search) LIMIT 10",
            (match,),
        ).fetchall()

    return ask


def _timed(ask: Callable[[str], object], queries: list[str]) -> float:
    times = []
    for query in queries:
        start = perf_counter()
        ask(query)
        times.append(perf_counter() - start)
    return statistics.median(times)


def _late(codesets: CodeSetService) -> float:
    """The 95th percentile over every key, in seconds."""
    times = []
    for text in _keys():
        start = perf_counter()
        codesets.search_diagnoses(text, DAY)
        times.append(perf_counter() - start)
    return sorted(times)[int(len(times) * 0.95)]


def run() -> tuple[BenchResult, ...]:
    """Median search over the bare query; 95th percentile of a key over one frame."""
    with TemporaryDirectory() as place:
        door = Door(clock=SetClock(DAY))
        folder = Path(place) / "practice"
        services, _ = door.create(folder, "Dana Biller", "correct horse battery staple")
        try:
            codesets = services.codesets
            codesets.prepare()
            bare = _bare(next((folder / "codes").glob("*.codes")))
            ratio = interleave_timed(
                lambda: _timed(lambda text: codesets.search_diagnoses(text, DAY), list(QUERIES)),
                lambda: _timed(bare, list(QUERIES)),
                9,
            )
            late = statistics.median(_late(codesets) for _ in range(3))
        finally:
            services.close()
    return (
        BenchResult("code search, median, to bare index query", ratio, 20.0),
        BenchResult("code search, 95th percentile of a key, to a frame", late / FRAME, 1.0),
    )
