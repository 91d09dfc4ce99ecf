"""Half-typed claims of a check, kept one by one, so that a crash costs nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.services.drafts import DraftService
from app.services.payment_commands import CheckState
from app.ui.pages.payments_entry import ClaimEntry

Body = dict[str, Any]


class EobDrafts:
    """Drafts by check and claim; remembers what is kept, so that nothing is written twice."""

    def __init__(self, drafts: DraftService) -> None:
        self._drafts = drafts
        self._kept: dict[int, Body] = {}  # by claim, as it is kept

    def claims(self, check: CheckState) -> tuple[int, ...]:
        """Claims half typed on a check."""
        prefix = _key(check, "")
        return tuple(int(key.removeprefix(prefix)) for key in self._drafts.keys(prefix))

    def bring_back(
        self, check: CheckState, parts: Sequence[ClaimEntry], typed: Mapping[int, Body]
    ) -> datetime | None:
        """Puts what was typed back into claims: ``typed`` by claim, else their drafts.

        Answers when the newest of those drafts was kept; None when there was none.
        """
        newest = None
        for part in parts:
            claim = part.claim.claim_id
            draft = self._drafts.find(_key(check, claim))
            part.restore(typed.get(claim) or (draft.body if draft else {}))
            self._kept[claim] = part.body() if draft and claim not in typed else {}
            if draft is not None:
                newest = max(newest, draft.saved_at) if newest else draft.saved_at
        return newest

    def keep(self, check: CheckState, parts: Sequence[ClaimEntry]) -> datetime | None:
        """Keeps what changed since the last time; answers when, or None when nothing did."""
        when = None
        for part in parts:
            body, claim = part.body(), part.claim.claim_id
            kept = self._kept.get(claim, {})
            if body != kept and (part.touched() or part.remarks or kept):
                when = self._drafts.keep(_key(check, claim), body)
                self._kept[claim] = body
        return when

    def drop(self, check: CheckState, parts: Sequence[ClaimEntry]) -> None:
        """Forgets what is kept of claims."""
        for part in parts:
            if self._kept.pop(part.claim.claim_id, {}) or part.touched():
                self._drafts.drop(_key(check, part.claim.claim_id))


def _key(check: CheckState, claim: int | str) -> str:
    return f"eob:{check.payment_id}:{claim}"
