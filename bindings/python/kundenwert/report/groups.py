"""Customers of whom the same is said: a million rows are a few hundred groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Group", "counted", "groups_of"]

_ONE = ("phase", "kind", "task", "goal")
_SEVERAL = ("measures", "risks", "suppressions", "value_reasons")


@dataclass(frozen=True)
class Group:
    """Codes, and how many customers have all of them; no phase: nothing is known of them on the as-of date."""

    customers: int
    phase: str
    kind: str
    task: str
    goal: str
    measures: tuple[str, ...]
    risks: tuple[str, ...]
    suppressions: tuple[str, ...]
    value_reasons: tuple[str, ...]


def groups_of(customers: pa.Table) -> tuple[Group, ...]:
    """The groups of a table of customers, in the order in which they first appear."""
    texts = [pc.fill_null(customers[name].cast(pa.string()), "") for name in _ONE]
    for name in _SEVERAL:
        lists = customers[name].cast(pa.list_(pa.string()))
        texts.append(pc.fill_null(pc.binary_join(lists, " "), ""))
    found = pc.value_counts(pc.binary_join_element_wise(*texts, "|"))
    groups = []
    for line in found:
        codes = line["values"].as_py().split("|")
        groups.append(
            Group(line["counts"].as_py(), *codes[: len(_ONE)], *(tuple(c.split()) for c in codes[len(_ONE) :]))
        )
    return tuple(groups)


def counted(groups: Iterable[Group], words: Callable[[Group], Sequence[str]]) -> list[tuple[str, int]]:
    """How many customers have each of some words, the most frequent first; equal ones in the order of the alphabet."""
    counts: Counter[str] = Counter()
    for group in groups:
        for word in words(group):
            counts[word] += group.customers
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
