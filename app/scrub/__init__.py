"""Claim edits: pure functions over a ClaimForm and what the practice knows beside it."""
