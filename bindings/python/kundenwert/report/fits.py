"""The models fitted to one summary, and which of them is used."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

import kundenwert as kw
from kundenwert import codes
from kundenwert.report.settings import Unit

__all__ = [
    "ModelLine",
    "chosen_of",
    "class_of",
    "finite",
    "fitted_or_why",
    "model_line",
    "outcome_in_words",
    "spenders",
]


@dataclass(frozen=True)
class ModelLine:
    """One fitted model; transactions expected in the hold-out where there is one."""

    name: str
    title: str
    parameters: tuple[tuple[str, float], ...]
    log_likelihood: float | None
    aic: float | None
    outcome: str
    detail: str
    holdout_expected: float | None = None

    @property
    def is_converged(self) -> bool:
        """Whether the estimate can be used."""
        return self.outcome == "converged"


def fitted_or_why(
    progress: Callable[[float], object], model: type[kw.Model], customers: object, unit: Unit, threads: int | None
) -> kw.Model | str:
    """A fitted model, or why there is none. How a fit ended is in the report, not in a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", kw.ConvergenceWarning)
        try:
            return model.fit(customers, unit=unit, threads=threads, progress=progress)
        except kw.KundenwertError as error:
            if error.code == "cancelled":
                raise
            return error.message if error.row is None else str(error)


def spenders(customers: kw.Summary) -> tuple[object, int]:
    """What a spend model is fitted on, and how many customers are left out: models of spend know no mean of zero."""
    mean = customers["monetary_value"]
    is_free = mean == 0
    if not is_free.any():
        return customers, 0
    return {
        "frequency": customers["frequency"][~is_free],
        "monetary_value": mean[~is_free],
    }, int(np.count_nonzero(is_free))


def class_of(info: kw.ModelInfo) -> type[kw.Model]:
    found: type[kw.Model] = next(
        c
        for c in vars(kw).values()
        if isinstance(c, type) and issubclass(c, kw.Model) and getattr(c, "_info", None) == info
    )
    return found


def model_line(info: kw.ModelInfo, model: kw.Model | str) -> ModelLine:
    if isinstance(model, str):
        return ModelLine(info.name, info.title, (), None, None, "insufficient_data", model)
    usable = model.outcome != "insufficient_data"
    parameters = tuple((name, value) for name, value in model.params.items()) if usable else ()
    return ModelLine(
        info.name,
        info.title,
        tuple((name, value) for name, value in parameters if math.isfinite(value)),
        finite(model.log_likelihood) if usable else None,
        finite(model.aic) if usable else None,
        model.outcome or "",
        model.detail or "",
    )


def finite(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def chosen_of(lines: Sequence[ModelLine]) -> tuple[ModelLine | None, str]:
    converged = [line for line in lines if line.is_converged and line.aic is not None]
    if not converged:
        return None, "none converged"
    best = min(converged, key=lambda line: line.aic or 0.0)
    if len(converged) == 1:
        return best, "the only model that converged" if len(lines) > 1 else "the only model"
    second = min((line for line in converged if line is not best), key=lambda line: line.aic or 0.0)
    if second.aic == best.aic:
        return best, f"its AIC equals that of {second.title}; the first of the list is taken"
    why = f"lowest AIC of {len(converged)} models that converged"
    if len(best.parameters) == len(second.parameters):
        why += ", which is the highest log-likelihood as they have equally many parameters"
    return best, why


def outcome_in_words(line: ModelLine) -> str:
    """How a fit ended, with its detail."""
    meaning = codes.outcomes[line.outcome].meaning if line.outcome in codes.outcomes else line.outcome
    return f"{meaning} ({line.detail})" if line.detail else meaning
