"""The core's tables of codes.

Each is a read-only mapping from a name to its line:

- ``errors``: what a :class:`~kundenwert.KundenwertError` can be about
- ``warnings``: what reading a log can report
- ``outcomes``: how a fit can end
- ``reasons``: why a row can be without a value; the numbers are bits of a mask
- ``tables``: the tables of a business
- ``phases``, ``kinds``, ``tasks``, ``goals``, ``measures``: where a customer stands, and what follows from it
- ``risks``, ``suppressions``: why a customer is endangered, and why there is no promotion; bits of a mask
- ``conventions``: how contracts are valued
- ``value_bases``, ``money_bases``: where a value comes from, and whether it is margin or revenue
- ``prior_families``, ``draw_methods``: what is known of a parameter before the data, and how its draws are made
- ``data_kinds``, ``history_parts``: what likelihoods are of, and what groups of customers are made by

Examples
--------
>>> import kundenwert as kw
>>> kw.codes.outcomes["at_bound"].meaning
'the likelihood still rises where a parameter reaches the edge of its range'
>>> kw.codes.reason_names(3)
('missing_input', 'no_purchases')
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from kundenwert import _core

__all__ = [
    "Code",
    "conventions",
    "data_kinds",
    "draw_methods",
    "errors",
    "goals",
    "history_parts",
    "kinds",
    "measures",
    "money_bases",
    "outcomes",
    "phases",
    "prior_families",
    "reason_names",
    "reasons",
    "risks",
    "suppressions",
    "tables",
    "tasks",
    "value_bases",
    "warnings",
]


class Code(NamedTuple):
    """One line of a table of codes."""

    number: int
    name: str
    meaning: str


def _table(name: str) -> Mapping[str, Code]:
    return MappingProxyType({line[1]: Code(*line) for line in _core.codes()[name]})


errors: Mapping[str, Code] = _table("errors")
warnings: Mapping[str, Code] = _table("warnings")
outcomes: Mapping[str, Code] = _table("outcomes")
reasons: Mapping[str, Code] = _table("reasons")
tables: Mapping[str, Code] = _table("tables")
phases: Mapping[str, Code] = _table("phases")
kinds: Mapping[str, Code] = _table("kinds")
risks: Mapping[str, Code] = _table("risks")
tasks: Mapping[str, Code] = _table("tasks")
goals: Mapping[str, Code] = _table("goals")
suppressions: Mapping[str, Code] = _table("suppressions")
measures: Mapping[str, Code] = _table("measures")
conventions: Mapping[str, Code] = _table("conventions")
value_bases: Mapping[str, Code] = _table("value_bases")
money_bases: Mapping[str, Code] = _table("money_bases")
prior_families: Mapping[str, Code] = _table("prior_families")
draw_methods: Mapping[str, Code] = _table("draw_methods")
data_kinds: Mapping[str, Code] = _table("data_kinds")
history_parts: Mapping[str, Code] = _table("history_parts")


def reason_names(mask: int) -> tuple[str, ...]:
    """Names of the reasons in a mask.

    Parameters
    ----------
    mask : int
        Sum of the numbers in ``reasons``; 0 is none.

    Returns
    -------
    tuple of str
        In the order of the table; empty for 0.
    """
    return tuple(reason.name for reason in reasons.values() if int(mask) & reason.number)
