"""Phases of the customer lifecycle, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kundenwert import _core, codes
from kundenwert.bases import CustomerBase
from kundenwert.dates import DateLike, day_of
from kundenwert.frames import ArrowTable, FrameResult, values_stream
from kundenwert.frozen import Frozen, read_only, thread_count
from kundenwert.logs import Progress

__all__ = ["PhaseResult", "classify_phases", "recommended_measures"]


class PhaseResult(Frozen, FrameResult):
    """Result of :func:`classify_phases`; as a table one row per customer, ordered by id. Immutable.

    Columns: customer_id, phase, kind, risks, task, goal, has_active_contract, has_open_complaint, repeat_purchases,
    days_since_purchase, tenure, purchase_gap, soft_threshold, lost_threshold, margin_ratio, regained_on; null where
    there is none.

    Attributes
    ----------
    phases : numpy.ndarray of object, one per row
        Of ``codes.phases``; None where nothing is known of the customer on that day.
    risks : numpy.ndarray of uint32, one per row
        Masks of ``codes.risks``; not 0 exactly where endangered.
    counts : mapping from phase to its number of customers
        Every phase, in the order of the table.
    """

    __slots__ = ("_kind", "_rows", "counts", "phases", "risks")
    phases: NDArray[np.object_]
    risks: NDArray[np.uint32]
    counts: Mapping[str, int]
    _kind: str
    _rows: _core.Table

    def __init__(self, **attributes: object) -> None:
        self._set(**attributes)

    def __len__(self) -> int:
        return len(self.phases)

    def _table(self) -> ArrowTable:
        return self._rows

    def _frame_kind(self) -> str:
        return self._kind

    def __repr__(self) -> str:
        return "<PhaseResult: " + ", ".join(f"{name} {count}" for name, count in self.counts.items() if count) + ">"

    def _repr_html_(self) -> str:
        from kundenwert.notebook import number_table

        return number_table(["phase", "customers"], [[name, f"{count}"] for name, count in self.counts.items()])


def classify_phases(
    base: CustomerBase,
    *,
    as_of: DateLike,
    probability_alive: object = None,
    phase_parameters: Mapping[str, float] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> PhaseResult:
    """The phase of every customer's life on a day, by rules; what is dated later changes nothing.

    Parameters
    ----------
    base : CustomerBase
    as_of : date
        The last day whose data are known.
    probability_alive : array-like of float, optional
        One per customer in the order of ``base.ids``, in [0, 1] or null; used for customers with repeat purchases.
    phase_parameters : mapping, optional
        Parameters that differ from their defaults, such as ``{"new_window": 60}``; ``Overview.options.phases`` has all.
    threads : int, optional
        None: as many as there are cores. The result does not depend on it.
    progress : callable, optional
        Is told the share that is done, in [0, 1]; what it raises ends the call.

    Returns
    -------
    PhaseResult

    Raises
    ------
    KundenwertError
        date_range, length_mismatch, domain or non_finite of a probability with its row, unknown_code, sign, domain or
        not_integer of a parameter.

    Examples
    --------
    >>> import kundenwert as kw
    >>> log = {"customer_id": [1, 2], "date": ["2024-06-01", "2022-01-15"], "amount": [9.0, 7.5]}
    >>> list(kw.classify_phases(kw.CustomerBase(transactions=log), as_of="2024-06-30").phases)
    ['new', 'lost']
    """
    alive = None
    if probability_alive is not None:
        alive = _core.Columns(values_stream(probability_alive, "probability_alive"), [("value", "probability_alive")])
    found = _core.classify_phases(
        base._handle, day_of(as_of, "as_of"), alive, dict(phase_parameters or {}), thread_count(threads), progress
    )
    names = np.array([None, *codes.phases], dtype=object)
    counts = np.bincount(found["phase"], minlength=len(names))
    return PhaseResult(
        phases=read_only(names[found["phase"]]),
        risks=read_only(found["risks"]),
        counts={name: int(counts[code.number]) for name, code in codes.phases.items()},
        _kind=base._kind,
        _rows=found["table"],
    )


def recommended_measures(phase: str, *, suppressions: Sequence[str] = ()) -> tuple[str, ...]:
    """The measures that suit a phase, the most fitting first.

    Parameters
    ----------
    phase : str
        One of ``codes.phases``.
    suppressions : sequence of str
        Of ``codes.suppressions``: promotional measures are left out; for an excluded customer all are.

    Returns
    -------
    tuple of str
        Of ``codes.measures``.

    Raises
    ------
    KundenwertError
        unknown_code.

    Examples
    --------
    >>> import kundenwert as kw
    >>> kw.recommended_measures("lost")
    ('defection_interview', 'win_back_offer', 'discount')
    >>> kw.recommended_measures("lost", suppressions=["no_consent"])
    ('defection_interview',)
    """
    return tuple(_core.recommended_measures(phase, list(suppressions)))
