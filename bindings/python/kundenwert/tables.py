"""The core's tables of models and of what can be asked of them."""

from __future__ import annotations

from typing import NamedTuple

from kundenwert import _core

__all__ = ["ModelInfo", "ParameterInfo", "QuantityInfo", "models", "quantities"]


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
