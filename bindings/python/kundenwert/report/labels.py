"""How things are called and numbers are written, in each language. All words are lines of one table, ``labels.tsv``:
key, English, German; codes of the core are keys such as "phase.mature".
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, cast

__all__ = ["LANGUAGES", "Language", "Words", "labels"]

Language = Literal["en", "de"]
LANGUAGES: tuple[Language, ...] = ("en", "de")

_NARROW = "\u202f"  # between a number and its unit, where no line may break
_MINUS = "\u2212"
_NONE = "\u2013"
# Thousands and decimals.
_SEPARATORS: Mapping[Language, tuple[str, str]] = {"en": (",", "."), "de": (".", ",")}


@cache
def labels() -> Mapping[str, Mapping[Language, str]]:
    """The table: key -> language -> words."""
    text = files("kundenwert.report").joinpath("labels.tsv").read_text(encoding="utf-8")
    head, *lines = (line.split("\t") for line in text.splitlines())
    languages = cast("list[Language]", head[1:])
    return MappingProxyType({key: MappingProxyType(dict(zip(languages, words, strict=True))) for key, *words in lines})


class Words:
    """The words and numbers of one language; None and NaN are a dash."""

    def __init__(self, language: Language, currency: str = "") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language is none of {', '.join(LANGUAGES)}: {language!r}")
        self.language = language
        self._thousands, self._decimal = _SEPARATORS[language]
        self.has_currency = bool(currency)
        self.currency = currency or self("page.no_currency")

    def __call__(self, key: str, **values: str) -> str:
        """The words of a key, with values in their places."""
        words = labels()[key][self.language]
        return words.format(**values) if values else words

    def label(self, table: str, code: str) -> str:
        """The label of a code of one of the core's tables."""
        return self(f"{table}.{code}")

    def number(self, value: float | None, digits: int = 0) -> str:
        """With separators of thousands."""
        if value is None or not math.isfinite(value):
            return _NONE
        text = f"{abs(value):,.{digits}f}"
        text = text.replace(",", "\0").replace(".", self._decimal).replace("\0", self._thousands)
        is_negative = value < 0 and any(c in "123456789" for c in text)
        return _MINUS + text if is_negative else text

    def plain(self, value: float | None) -> str:
        """A number as short as it can be said: a parameter, a setting."""
        if value is None or not math.isfinite(value):
            return _NONE
        return f"{value:.5g}".replace(".", self._decimal).replace("-", _MINUS)

    def money(self, value: float | None, digits: int = 0) -> str:
        """With the currency."""
        text = self.number(value, digits)
        return text if text == _NONE else f"{text}\u00a0{self.currency}"

    def percent(self, share: float | None, digits: int = 1) -> str:
        """A share as percent."""
        if share is None or not math.isfinite(share):
            return _NONE
        return self.number(100 * share, digits) + ("%" if self.language == "en" else f"{_NARROW}%")

    def short_percent(self, share: float) -> str:
        """A share that was chosen, such as 20 %: without decimals it does not have."""
        return self.plain(100 * share) + ("%" if self.language == "en" else f"{_NARROW}%")

    def date(self, day: datetime.date | None) -> str:
        """2025-12-31, in German 31.12.2025."""
        if day is None:
            return _NONE
        return day.isoformat() if self.language == "en" else f"{day.day:02}.{day.month:02}.{day.year:04}"

    def units(self, value: float, unit: str) -> str:
        """A length of time: 12 months."""
        number = "one" if value == 1 else "other"
        return f"{self.plain(value)}\u00a0{self(f'unit.{unit}.{number}')}"

    def customers(self, count: int) -> str:
        """1 customer, 2 customers."""
        number = "one" if count == 1 else "other"
        return f"{self.number(count)}\u00a0{self(f'count.customer.{number}')}"
