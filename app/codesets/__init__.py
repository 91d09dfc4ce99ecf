"""Readers of official code files; none is built yet."""
