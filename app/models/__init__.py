"""Mapped tables; used by ``db`` and ``services`` only."""
