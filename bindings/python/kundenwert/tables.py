"""The core's tables: models and what can be asked of them, and the fields of the tables of a business."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from kundenwert import _core

__all__ = ["FieldInfo", "ModelInfo", "ParameterInfo", "QuantityInfo", "fields", "models", "quantities", "simplified"]


class ParameterInfo(NamedTuple):
    """A parameter of a model.

    Attributes
    ----------
    name : str
    unit_power : int
        1: measured in the unit of the rows; -1: per unit; 0: a pure number.
    meaning : str
    takes_covariates : bool
        Whether covariates can change it.
    largest_whole : int
        Above 0: a whole number from 1 to this, which a fit chooses by likelihood.
    """

    name: str
    unit_power: int
    meaning: str
    takes_covariates: bool = False
    largest_whole: int = 0


class ModelInfo(NamedTuple):
    """One line of the core's table of models.

    Attributes
    ----------
    number : int
        Of the constant in the C interface.
    name, title, source : str
        "bg_nbd", "BG/NBD", and the paper.
    parameters : tuple of ParameterInfo
    quantities : tuple of str
        What can be asked of it; see :func:`quantities`.
    columns : tuple of str
        What it reads of the customers.
    is_spend, is_contractual : bool
        Of what purchases are worth; of renewals of contracts. Neither: of when customers buy.
    is_discrete : bool
        Whether time counts whole periods.
    reads_intervals : bool
        Whether a fit also reads log_interval_sum, the logarithms of the times between purchases, summed.
    """

    number: int
    name: str
    title: str
    source: str
    parameters: tuple[ParameterInfo, ...]
    quantities: tuple[str, ...]
    columns: tuple[str, ...]
    is_spend: bool
    is_contractual: bool
    is_discrete: bool
    reads_intervals: bool


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
            number,
            name,
            title,
            source,
            tuple(ParameterInfo(*p) for p in parameters),
            tuple(quantities_),
            tuple(columns),
            **facts,
        )
        for number, name, title, source, parameters, quantities_, columns, facts in _core.models()
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
