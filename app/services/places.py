"""Cities by ZIP code, from the table the ``zipcodes`` package carries."""

from __future__ import annotations

import re
from functools import cache

# The post office writes ARMY, NAVY and AIR FORCE posts as APO, FPO and DPO in states AA, AE, AP.
_STATE = re.compile(r"[A-Z]{2}")


def city_of(zip_code: str) -> tuple[str, str] | None:
    """The default city and two-letter state of a ZIP code.

    Args:
        zip_code: 5 digits, or 9 with or without hyphen; anything else is unknown.

    Returns:
        The city as the post office prefers it and the state; None when no such ZIP is known.
    """
    digits = re.sub(r"[\s-]", "", zip_code)
    if not re.fullmatch(r"[0-9]{5}([0-9]{4})?", digits):
        return None
    return _five(digits[:5])


@cache
def _five(digits: str) -> tuple[str, str] | None:
    # Late: the table takes a quarter of a second to unpack, and most mornings nobody needs it.
    import zipcodes  # noqa: PLC0415

    rows = zipcodes.matching(digits)  # type: ignore[no-untyped-call]
    # A code split over two rows is settled by the one still delivered to.
    rows.sort(key=lambda row: not row["active"])
    for row in rows:
        city, state = str(row["city"]).strip(), str(row["state"]).strip()
        if city and _STATE.fullmatch(state):
            return city, state
    return None
