"""What a person can put right: a file, a value, an option."""

from __future__ import annotations

__all__ = ["ReportError"]


class ReportError(Exception):
    """One clear message for the person who asked for the report; the program ends with code 2."""
