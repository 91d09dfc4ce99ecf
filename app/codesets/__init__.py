"""Readers of official code files, and what a code search needs to know of words; all pure."""
