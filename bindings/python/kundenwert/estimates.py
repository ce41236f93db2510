"""What a model says of itself: parameters, coefficients, and how a fit ended."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from kundenwert import _core
from kundenwert.effects import Effect, Prior, prior_of_core
from kundenwert.frozen import Frozen
from kundenwert.logs import Unit
from kundenwert.tables import ModelInfo

__all__ = ["Estimate"]


class Estimate(Frozen):
    """The parameters of a model, and the report of the fit they come from. Immutable."""

    __slots__ = ("_handle", "_report")
    _handle: _core.Model
    _report: Mapping[str, Any]
    _info: ClassVar[ModelInfo]

    @property
    def name(self) -> str:
        """Name in the core's table, such as "bg_nbd"."""
        return self._info.name

    @property
    def title(self) -> str:
        """Name in the literature, such as "BG/NBD"."""
        return self._info.title

    @property
    def unit(self) -> Unit:
        """Unit of recency, T and horizons."""
        return self._handle.unit  # type: ignore[return-value]

    @property
    def params(self) -> Mapping[str, float]:
        """Parameters by name, read-only; in units of ``unit`` (spend models: of the currency)."""
        values = self._handle.parameters
        return MappingProxyType({p.name: v for p, v in zip(self._info.parameters, values, strict=True)})

    @property
    def coefficients(self) -> Mapping[str, float]:
        """Coefficients of covariates by name, read-only; empty where there are none."""
        names = self._handle.estimates[len(self._info.parameters) :]
        return MappingProxyType(dict(zip(names, self._handle.coefficients, strict=True)))

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Which covariates change which parameters."""
        return tuple(Effect(*effect) for effect in self._handle.effects)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the rows of ``covariance``: the parameters, then the coefficients."""
        return tuple(self._handle.estimates)

    def _by_name(self, values: Any) -> Mapping[str, float]:
        return MappingProxyType({name: float(v) for name, v in zip(self._handle.estimates, values, strict=True)})

    @property
    def outcome(self) -> str | None:
        """How the fit ended, one of ``codes.outcomes``; None for a model from known parameters, as all that follows."""
        return self._report.get("outcome")

    @property
    def detail(self) -> str | None:
        """What the outcome means here, naming parameters; empty when converged."""
        return self._report.get("detail")

    @property
    def remark(self) -> str | None:
        """What to know of the parameters found, such as an infinite mean; mostly empty."""
        return self._report.get("remark")

    @property
    def log_likelihood(self) -> float | None:
        """Sum over customers, in the unit of the data, without 1/x!."""
        return self._report.get("log_likelihood")

    @property
    def log_prior(self) -> float | None:
        """Logarithm of the density of the priors at the estimate; 0 without priors."""
        return self._report.get("log_prior")

    @property
    def priors(self) -> Mapping[str, Prior] | None:
        """As given to the fit."""
        given = self._report.get("priors")
        return None if given is None else MappingProxyType({of: prior_of_core(*prior) for of, *prior in given})

    @property
    def estimated(self) -> int | None:
        """Parameters and coefficients that were estimated, or chosen by likelihood: k of the criteria."""
        return self._report.get("estimated")

    @property
    def aic(self) -> float | None:
        """Akaike's criterion, 2 k - 2 ln L."""
        return self._report.get("aic")

    @property
    def bic(self) -> float | None:
        """Schwarz's criterion, k ln n - 2 ln L."""
        return self._report.get("bic")

    @property
    def customers(self) -> float | None:
        """Sum of the weights of the rows used."""
        return self._report.get("customers")

    @property
    def distinct_rows(self) -> int | None:
        """Rows that differ from one another."""
        return self._report.get("distinct_rows")

    @property
    def iterations(self) -> int | None:
        """Steps of the search."""
        return self._report.get("iterations")

    @property
    def gradient_norm(self) -> float | None:
        """Largest derivative of ln L in the logarithm of a parameter that is not at a bound."""
        return self._report.get("gradient_norm")

    @property
    def standard_errors(self) -> Mapping[str, float] | None:
        """By parameter and coefficient; nan where they were not estimated."""
        values = self._report.get("standard_errors")
        return None if values is None else self._by_name(values)

    @property
    def covariance(self) -> NDArray[np.float64] | None:
        """Of ``names``, read-only: the inverse of the Hessian; nan where it was not estimated."""
        return self._report.get("covariance")

    @property
    def robust_standard_errors(self) -> Mapping[str, float] | None:
        """Of the sandwich: right also where the model is not, as long as customers are independent."""
        values = self._report.get("robust_standard_errors")
        return None if values is None else self._by_name(values)

    @property
    def robust_covariance(self) -> NDArray[np.float64] | None:
        """The sandwich, of ``names``, read-only; nan where it was not estimated."""
        return self._report.get("robust_covariance")

    @property
    def eigenvalues(self) -> NDArray[np.float64] | None:
        """Of the Hessian of -ln L in the logarithms of the parameters, ascending, read-only."""
        return self._report.get("eigenvalues")

    def to_json(self, *, date: str = "", note: str = "") -> str:
        """The model as a small JSON document: parameters by name, unit, and the report of the fit; no customers.

        Numbers come back to the bit. The format is described in docs/model-files.md.

        Parameters
        ----------
        date, note : str
            Kept in the document for its readers: when and from what the model was made, in any words.

        Returns
        -------
        str

        Raises
        ------
        KundenwertError
            non_finite for an infinite number in the report of the fit.

        Examples
        --------
        >>> import json
        >>> import kundenwert as kw
        >>> model = kw.BgNbd(r=0.24, alpha=4.41, a=0.79, b=2.43, unit="week")
        >>> json.loads(model.to_json(note="from a paper"))["parameters"]["alpha"]
        4.41
        """
        return self._handle.to_json(date, note)

    def save(self, path: str | PathLike[str], *, date: str = "", note: str = "") -> None:
        """Write :meth:`to_json` to a file, which is replaced where there is one; read it by ``kw.load_model``.

        Parameters
        ----------
        path : path-like
        date, note : str
            As in :meth:`to_json`.

        Raises
        ------
        KundenwertError
            As :meth:`to_json`; the file is as it was then.
        OSError
            The file cannot be written.
        """
        text = self.to_json(date=date, note=note)
        Path(path).write_text(text, encoding="utf-8", newline="\n")
