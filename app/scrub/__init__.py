"""Claim edits: pure functions over a ClaimForm; none is built yet."""
