"""What goes into the envelope: rows handed to the window."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Packet:
    """A claim with what goes behind it.

    Attributes:
        claim_id: the claim.
        claim_pdf: the sheets as frozen, or as they would print: for red stock, data only.
        summary_pdf: earlier payers' decisions on plain paper; empty for a first payer's claim.
    """

    claim_id: int
    claim_pdf: bytes
    summary_pdf: bytes


@dataclass(frozen=True, slots=True)
class PlainPart:
    """The plain-paper part of a batch: summaries in the order of the claims; may be empty."""

    claim_ids: tuple[int, ...]  # claims that have one
    numbers: tuple[str, ...]
    pdf: bytes


@dataclass(frozen=True, slots=True)
class MailingSheets:
    """Labels or cover sheets of a batch, with how many envelopes and claims they are for."""

    pdf: bytes
    envelopes: int
    claims: int
