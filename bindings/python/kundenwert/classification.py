"""Classification of customers: ABC and RFM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kundenwert import _core
from kundenwert.errors import KundenwertError
from kundenwert.frames import ArrowTable, FrameResult, kind_of, values_stream
from kundenwert.frozen import Frozen, finite, read_only
from kundenwert.notebook import number_table
from kundenwert.summaries import Summary, plain_columns

__all__ = ["AbcClass", "AbcResult", "RfmResult", "RfmScale", "abc_classes_of_core", "classify_abc", "classify_rfm"]

AbcRule = Literal["crossing_included", "cum_after_le"]
RfmMethod = Literal["quantile", "nested", "fixed", "ntile", "compat_rfm"]
_RFM_COLUMNS = ("days_since_purchase", "purchase_days", "revenue")


class AbcClass(NamedTuple):
    """What one class holds.

    Attributes
    ----------
    customers : int
        For C with those of zero or less.
    value : float
        Sum of the positive values.
    share_of_value, share_of_customers : float
        Of the total; of the classified customers.
    cumulated_share : float
        Of this class and the better ones: the threshold reached.
    smallest_value : float or None
        The cut: the smallest positive value of the class; None where it has none.
    """

    customers: int
    value: float
    share_of_value: float
    share_of_customers: float
    cumulated_share: float
    smallest_value: float | None


def abc_classes_of_core(found: Mapping[str, Mapping[str, Any]]) -> Mapping[str, AbcClass]:
    """The classes as the core tells them."""
    return MappingProxyType(
        {
            name: AbcClass(**{**total, "smallest_value": finite(total["smallest_value"])})
            for name, total in found.items()
        }
    )


class AbcResult(Frozen, FrameResult):
    """Result of :func:`classify_abc`; as a table: value, abc_class, reasons. Immutable.

    Attributes
    ----------
    classes : numpy.ndarray of object, one per row
        "A", "B", "C", or None where the value is null.
    reasons : numpy.ndarray of uint32, one per row
        Masks; see ``codes.reason_names``.
    summary : mapping from class to AbcClass
    total : float
        Sum of the positive values; nan where there is none.
    not_positive, unclassified : int
        Rows of zero or less; rows without a class.
    a, b, rule, keep_ties
        As given.
    """

    __slots__ = (
        "_kind",
        "_rows",
        "a",
        "b",
        "classes",
        "keep_ties",
        "not_positive",
        "reasons",
        "rule",
        "summary",
        "total",
        "unclassified",
    )
    classes: NDArray[np.object_]
    reasons: NDArray[np.uint32]
    summary: Mapping[str, AbcClass]
    total: float
    not_positive: int
    unclassified: int
    a: float
    b: float
    rule: AbcRule
    keep_ties: bool
    _kind: str
    _rows: _core.Table

    def __init__(self, **attributes: object) -> None:
        self._set(**attributes)

    def __len__(self) -> int:
        return len(self.classes)

    def _table(self) -> ArrowTable:
        return self._rows

    def _frame_kind(self) -> str:
        return self._kind

    def __repr__(self) -> str:
        parts = [f"{name} {c.customers} ({c.share_of_value:.1%} of the value)" for name, c in self.summary.items()]
        return f"<AbcResult: {', '.join(parts)}, unclassified {self.unclassified}>"

    def _repr_html_(self) -> str:
        head = ["class", "customers", "share of customers", "value", "share of value", "from"]
        return number_table(
            head,
            [
                [
                    name,
                    f"{c.customers}",
                    f"{c.share_of_customers:.1%}",
                    f"{c.value:.2f}",
                    f"{c.share_of_value:.1%}",
                    "" if c.smallest_value is None else f"{c.smallest_value:.2f}",
                ]
                for name, c in self.summary.items()
            ],
        )


def classify_abc(
    values: object, *, a: float = 0.80, b: float = 0.95, rule: AbcRule = "crossing_included", keep_ties: bool = True
) -> AbcResult:
    """The customers who bring the first 80 % of the value are A, those up to 95 % B, the others C.

    Parameters
    ----------
    values : array-like of float, one per customer
        Revenue, margin or lifetime value; null and nan are unclassified, zero and less are C and not in the total.
    a, b : float
        Thresholds of the cumulated share, 0 < a < b < 1.
    rule : {"crossing_included", "cum_after_le"}
        Whether who crosses a threshold belongs to the better class or to the worse one.
    keep_ties : bool
        Whether equal values get the same class, the better one; otherwise earlier rows come first.

    Returns
    -------
    AbcResult

    Raises
    ------
    KundenwertError
        domain of a or b, unknown_code of the rule, non_finite or wrong_type of the values, overflow of their sum.

    Examples
    --------
    >>> import kundenwert as kw
    >>> result = kw.classify_abc([70.0, 20.0, 6.0, 4.0, None])
    >>> list(result.classes)
    ['A', 'A', 'B', 'C', None]
    >>> result.summary["A"].share_of_value
    0.9
    """
    given = _core.Columns(values_stream(values, "values"), [("value", "values")])
    found = _core.classify_abc(given, a, b, rule, keep_ties)
    names = np.array([None, "A", "B", "C"], dtype=object)
    return AbcResult(
        classes=read_only(names[found["codes"]]),
        reasons=read_only(found["reasons"]),
        summary=abc_classes_of_core(found["classes"]),
        total=found["total"],
        not_positive=found["not_positive"],
        unclassified=found["unclassified"],
        a=a,
        b=b,
        rule=rule,
        keep_ties=keep_ties,
        _kind=kind_of(values),
        _rows=found["table"],
    )


class RfmScale(NamedTuple):
    """How one of the three was scored.

    Attributes
    ----------
    classes : int
    edges : numpy.ndarray of float64
        ``classes - 1`` per group, ascending; nan in an empty group. Method "nested" has a group per R score for F, and
        per R and F score for M; the others have one.
    counts : numpy.ndarray of int64
        Customers per score; the first is score 1.
    """

    classes: int
    edges: NDArray[np.float64]
    counts: NDArray[np.int64]


class RfmResult(Frozen, FrameResult):
    """Result of :func:`classify_rfm`; as a table: customer_id where known, scores, cell, reasons. Immutable.

    Attributes
    ----------
    r_score, f_score, m_score : numpy.ndarray of int32, one per row
        From 1 (worst) to the number of classes (best); 0 where there is none.
    cell : numpy.ndarray of object, one per row
        "5-4-3"; empty where there is none.
    combined : numpy.ndarray of float64, one per row
        100 R + 10 F + M; nan where there is none.
    reasons : numpy.ndarray of uint32, one per row
        Masks; see ``codes.reason_names``.
    r, f, m : RfmScale
    cells : mapping from cell to its number of customers
    scored, unscored, revenue_not_positive : int
        Customers with and without scores; scored ones whose returns equal or exceed their purchases.
    method : str
        As given.
    """

    __slots__ = (
        "_kind",
        "_rows",
        "cell",
        "cells",
        "combined",
        "f",
        "f_score",
        "m",
        "m_score",
        "method",
        "r",
        "r_score",
        "reasons",
        "revenue_not_positive",
        "scored",
        "unscored",
    )
    r_score: NDArray[np.int32]
    f_score: NDArray[np.int32]
    m_score: NDArray[np.int32]
    cell: NDArray[np.object_]
    combined: NDArray[np.float64]
    reasons: NDArray[np.uint32]
    r: RfmScale
    f: RfmScale
    m: RfmScale
    cells: Mapping[str, int]
    scored: int
    unscored: int
    revenue_not_positive: int
    method: RfmMethod
    _kind: str
    _rows: _core.Table

    def __init__(self, **attributes: object) -> None:
        self._set(**attributes)

    def __len__(self) -> int:
        return len(self.r_score)

    def _table(self) -> ArrowTable:
        return self._rows

    def _frame_kind(self) -> str:
        return self._kind

    def __repr__(self) -> str:
        return f"<RfmResult: {self.scored} customers scored in {len(self.cells)} cells, unscored {self.unscored}>"

    def _repr_html_(self) -> str:
        rows = [
            [name, *(f"{n}" for n in scale.counts)] for name, scale in zip("RFM", (self.r, self.f, self.m), strict=True)
        ]
        most = max(len(row) for row in rows) - 1
        return number_table(["score", *(f"{s}" for s in range(1, most + 1))], rows)


def _edges(edges: Sequence[float] | None, name: str) -> list[float]:
    try:
        return [float(edge) for edge in ([] if edges is None else edges)]
    except (TypeError, ValueError) as error:
        raise KundenwertError(f"is no sequence of numbers: {error}", code="wrong_type", argument=name) from error


def classify_rfm(
    customers: object,
    *,
    classes: int | tuple[int, int, int] = 5,
    method: RfmMethod = "quantile",
    r_edges: Sequence[float] | None = None,
    f_edges: Sequence[float] | None = None,
    m_edges: Sequence[float] | None = None,
    columns: Mapping[str, str] | None = None,
) -> RfmResult:
    """Scores for recency, frequency and revenue, from 1 (worst) to the number of classes (best).

    Parameters
    ----------
    customers : Summary, mapping of arrays, or frame
        A Summary made with amounts: days from the last purchase to its end, all purchase days, revenue. Otherwise
        days_since_purchase (days, >= 0), purchase_days (whole numbers >= 0; 0: no score), revenue (null: no score).
    classes : int or (int, int, int)
        1 to 100; of R, F and M. Not used by "fixed".
    method : {"quantile", "nested", "fixed", "ntile", "compat_rfm"}
        1 + floor(K b / n) with b customers strictly worse; the same for F within each R score and for M within each R
        and F score; given edges, where a value on an edge belongs to the better class; NTILE(K) of SQL; as the R
        package rfm.
    r_edges, f_edges, m_edges : sequence of float, optional
        For "fixed": ascending; one class more than edges.
    columns : mapping, optional
        Names of plain columns where they differ, such as ``{"revenue": "amount"}``.

    Returns
    -------
    RfmResult

    Raises
    ------
    KundenwertError
        length_mismatch, missing, non_finite, sign, not_integer with column and row; domain of classes or edges; empty
        edges; unknown_code of the method; column_missing for a Summary without amounts or dates.

    Examples
    --------
    >>> import kundenwert as kw
    >>> customers = {"days_since_purchase": [3.0, 90.0], "purchase_days": [8.0, 1.0], "revenue": [900.0, 20.0]}
    >>> list(kw.classify_rfm(customers, classes=2).cell)
    ['2-2-2', '1-1-1']
    """
    each = (classes, classes, classes) if isinstance(classes, int) else tuple(classes)
    if len(each) != 3:
        raise KundenwertError("is neither one number nor three", code="length_mismatch", argument="classes")
    given = customers._handle if isinstance(customers, Summary) else plain_columns(customers, _RFM_COLUMNS, columns)
    found: dict[str, Any] = _core.classify_rfm(
        given, each, method, _edges(r_edges, "r_edges"), _edges(f_edges, "f_edges"), _edges(m_edges, "m_edges")
    )
    cell = np.empty(len(found["cell"]), dtype=object)
    cell[:] = found["cell"]
    scales = {
        name: RfmScale(scale["classes"], read_only(scale["edges"]), read_only(scale["counts"]))
        for name, scale in ((name, found[name]) for name in "rfm")
    }
    return RfmResult(
        r_score=read_only(found["r_score"]),
        f_score=read_only(found["f_score"]),
        m_score=read_only(found["m_score"]),
        cell=read_only(cell),
        combined=read_only(found["combined_score"]),
        reasons=read_only(found["reasons"]),
        cells=MappingProxyType(dict(found["cells"])),
        scored=found["scored"],
        unscored=found["unscored"],
        revenue_not_positive=found["revenue_not_positive"],
        method=method,
        _kind=customers._kind if isinstance(customers, Summary) else kind_of(customers),
        _rows=found["table"],
        **scales,
    )
