"""The core's tables of codes.

Each is a read-only mapping from a name to its line:

- ``errors``: what a :class:`~kundenwert.KundenwertError` can be about
- ``warnings``: what reading a log can report
- ``outcomes``: how a fit can end
- ``reasons``: why a row can be without a value; the numbers are bits of a mask

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

__all__ = ["Code", "errors", "outcomes", "reason_names", "reasons", "warnings"]


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
