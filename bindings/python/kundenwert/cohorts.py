"""Cohort tables as rows of the contract models."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kundenwert import _core
from kundenwert.frames import stream_of, table_of, values_stream

__all__ = ["cohort_rows"]


def cohort_rows(survivors: object, *, cohort: object = None) -> dict[str, NDArray[np.float64]]:
    """Contracts as a contract model reads them, from a table of how many were left after each period.

    Parameters
    ----------
    survivors : array-like of float
        Customers of a cohort at the start and after each period, >= 0 and never rising; cohort after cohort.
    cohort : array-like, optional
        What tells the cohorts apart, one per row, such as years or names; a new one begins where it changes. None:
        there is one cohort. Cohorts may differ in length.

    Returns
    -------
    dict of numpy.ndarray
        Columns tenure, ended and weight (customers) of one length; rows without customers are left out.

    Raises
    ------
    KundenwertError
        empty, length_mismatch, missing, non_finite, sign, and inconsistent where the number rises, with the row.

    Examples
    --------
    >>> import kundenwert as kw
    >>> rows = kw.cohort_rows([1000, 631, 468])
    >>> rows["tenure"], rows["ended"], rows["weight"]
    (array([0., 1., 2.]), array([1., 1., 0.]), array([369., 163., 468.]))
    >>> model = kw.ShiftedBetaGeometric.fit(rows, weight=rows["weight"], unit="year")
    >>> model.customers
    1000.0
    """
    given = table_of(values_stream(survivors, "survivors"))
    names = [("survivors", "survivors")]
    table = {"survivors": given["survivors"]}
    if cohort is not None:
        told = table_of(values_stream(cohort, "cohort"))["cohort"]
        table["cohort"] = pa.concat_arrays(told.chunks).dictionary_encode().indices
        names.append(("cohort", "cohort"))
    return _core.cohort_rows(_core.Columns(stream_of(table, [name for name, _ in names]), names))
