"""The core's tables: models and what can be asked of them, and the fields of the tables of a business."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from kundenwert import _core

__all__ = ["FieldInfo", "ModelInfo", "ParameterInfo", "QuantityInfo", "fields", "models", "quantities", "simplified"]


class ParameterInfo(NamedTuple):
    """A parameter: name, whether it is measured in the unit of the rows (1) or a pure number (0), and meaning."""

    name: str
    unit_power: int
    meaning: str


class ModelInfo(NamedTuple):
    """One line of the core's table of models."""

    number: int
    name: str
    title: str
    source: str
    is_spend: bool
    parameters: tuple[ParameterInfo, ...]
    quantities: tuple[str, ...]


class QuantityInfo(NamedTuple):
    """One line of the core's table of what can be asked of a model."""

    number: int
    name: str
    arguments: tuple[str, ...]
    meaning: str


def models() -> tuple[ModelInfo, ...]:
    """The models there are.

    Examples
    --------
    >>> import kundenwert as kw
    >>> [p.name for m in kw.models() if m.name == "bg_nbd" for p in m.parameters]
    ['r', 'alpha', 'a', 'b']
    """
    return tuple(
        ModelInfo(
            number, name, title, source, is_spend, tuple(ParameterInfo(*p) for p in parameters), tuple(quantities_)
        )
        for number, name, title, source, is_spend, parameters, quantities_ in _core.models()
    )


def quantities() -> tuple[QuantityInfo, ...]:
    """What can be asked of a model.

    Examples
    --------
    >>> import kundenwert as kw
    >>> [q.name for q in kw.quantities() if "annual_discount_rate" in q.arguments]
    ['discounted_expected_transactions']
    """
    return tuple(
        QuantityInfo(number, name, tuple(arguments), meaning) for number, name, arguments, meaning in _core.quantities()
    )


class FieldInfo(NamedTuple):
    """A column of one of the tables of a :class:`CustomerBase`.

    Attributes
    ----------
    table, name : str
        "contracts", "start".
    type : str
        "id", "day", "money", "number", "code" or "text".
    is_required : bool
        Whether the column must be there.
    usual_names : tuple of str
        By which it is recognised where ``name`` is absent, whatever case, blanks and punctuation.
    meaning : str
    codes : tuple of (int, str, str)
        Of a code: number, name, meaning.
    """

    table: str
    name: str
    type: str
    is_required: bool
    usual_names: tuple[str, ...]
    meaning: str
    codes: tuple[tuple[int, str, str], ...]


@cache
def fields() -> tuple[FieldInfo, ...]:
    """The columns of the tables of a business.

    Examples
    --------
    >>> import kundenwert as kw
    >>> [f.name for f in kw.fields() if f.table == "contracts" and f.is_required]
    ['customer_id', 'start']
    """
    return tuple(
        FieldInfo(table, name, kind, is_required, tuple(usual), meaning, tuple(codes))
        for table, name, kind, is_required, usual, meaning, codes in _core.fields()
    )


def simplified(name: str) -> str:
    """A name without case, blanks and punctuation; umlauts as two letters: "Kunden-Nr." is "kundennr"."""
    folded = unicodedata.normalize("NFC", name).casefold()
    for umlaut, letters in (("\u00e4", "ae"), ("\u00f6", "oe"), ("\u00fc", "ue")):
        folded = folded.replace(umlaut, letters)
    return re.sub(r"[^a-z0-9]", "", folded)
