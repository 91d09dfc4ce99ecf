"""Starts CleanClaim."""

from app.bootstrap import run

raise SystemExit(run())
