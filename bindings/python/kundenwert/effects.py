"""What is known of a model beside its customers' histories: effects of covariates, and priors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from kundenwert.errors import KundenwertError

__all__ = [
    "Effect",
    "Effects",
    "Gamma",
    "HalfNormal",
    "LogNormal",
    "Normal",
    "Prior",
    "Weibull",
    "core_effects",
    "core_priors",
    "prior_of_core",
]


@dataclass(frozen=True)
class Effect:
    """A covariate changes a parameter: for a customer with the value z the parameter is theta exp(sign coefficient z).

    The sign is that of the parameter, so that a positive coefficient means more purchases, and more dropout.

    Parameters
    ----------
    parameter : str
        Of the model, such as "alpha"; ``takes_covariates`` in :func:`models` tells which.
    covariate : str
        The column of the customers: numbers without nulls; a category is one column of 0 and 1 for each of its values
        but one.
    coefficient : str
        Its name; empty: "parameter.covariate". Effects with the same name share their coefficient.

    Examples
    --------
    >>> import kundenwert as kw
    >>> kw.Effect("alpha", "gender").name
    'alpha.gender'
    """

    parameter: str
    covariate: str
    coefficient: str = ""

    @property
    def name(self) -> str:
        """Name of the coefficient."""
        return self.coefficient or f"{self.parameter}.{self.covariate}"


Effects: TypeAlias = Mapping[str, str | Sequence[str] | Mapping[str, str]] | Iterable[Effect]


def core_effects(effects: Effects | None) -> list[tuple[str, str, str]]:
    """Effects as the core takes them: parameter, covariate, name of the coefficient."""
    if effects is None:
        return []
    if not isinstance(effects, Mapping):
        return [(e.parameter, e.covariate, e.coefficient) for e in effects]
    out: list[tuple[str, str, str]] = []
    for parameter, covariates in effects.items():
        if isinstance(covariates, Mapping):
            out += [(parameter, covariate, coefficient) for covariate, coefficient in covariates.items()]
        else:
            names = [covariates] if isinstance(covariates, str) else covariates
            out += [(parameter, covariate, "") for covariate in names]
    return out


class Prior:
    """What is known of a parameter, or of a coefficient, before the data: a density on its natural scale.

    One of :class:`Normal` (coefficients), :class:`LogNormal`, :class:`Gamma`, :class:`HalfNormal`, :class:`Weibull`
    (parameters, which are positive).
    """

    __slots__ = ()
    _family: ClassVar[str]

    def _numbers(self) -> tuple[float, float]:
        raise NotImplementedError


@dataclass(frozen=True)
class Normal(Prior):
    """Normal, of a coefficient. With mean 0 it is the L2 penalty of weight 1 / (2 sd^2) on the log-likelihood.

    Parameters
    ----------
    mean : float
    sd : float
        Standard deviation, above 0.

    Examples
    --------
    >>> import kundenwert as kw
    >>> kw.Normal(0, 0.5)
    Normal(mean=0, sd=0.5)
    """

    mean: float
    sd: float
    _family: ClassVar[str] = "normal"

    def _numbers(self) -> tuple[float, float]:
        return float(self.mean), float(self.sd)


@dataclass(frozen=True)
class LogNormal(Prior):
    """Log-normal, of a parameter.

    Parameters
    ----------
    mu, sigma : float
        Mean and standard deviation of the logarithm; ``sigma`` above 0.

    Examples
    --------
    >>> import kundenwert as kw
    >>> kw.LogNormal(0, 1)
    LogNormal(mu=0, sigma=1)
    """

    mu: float
    sigma: float
    _family: ClassVar[str] = "log_normal"

    def _numbers(self) -> tuple[float, float]:
        return float(self.mu), float(self.sigma)


@dataclass(frozen=True)
class Gamma(Prior):
    """Gamma, of a parameter.

    Parameters
    ----------
    shape, rate : float
        Above 0; the mean is shape / rate.

    Examples
    --------
    >>> import kundenwert as kw
    >>> kw.Gamma(2, 0.5)
    Gamma(shape=2, rate=0.5)
    """

    shape: float
    rate: float
    _family: ClassVar[str] = "gamma"

    def _numbers(self) -> tuple[float, float]:
        return float(self.shape), float(self.rate)


@dataclass(frozen=True)
class HalfNormal(Prior):
    """Half-normal, of a parameter.

    Parameters
    ----------
    sigma : float
        Standard deviation of the normal that is folded, above 0.

    Examples
    --------
    >>> import kundenwert as kw
    >>> kw.HalfNormal(10)
    HalfNormal(sigma=10)
    """

    sigma: float
    _family: ClassVar[str] = "half_normal"

    def _numbers(self) -> tuple[float, float]:
        return float(self.sigma), 0.0


@dataclass(frozen=True)
class Weibull(Prior):
    """Weibull, of a parameter.

    Parameters
    ----------
    shape, scale : float
        Above 0.

    Examples
    --------
    >>> import kundenwert as kw
    >>> kw.Weibull(2, 10)
    Weibull(shape=2, scale=10)
    """

    shape: float
    scale: float
    _family: ClassVar[str] = "weibull"

    def _numbers(self) -> tuple[float, float]:
        return float(self.shape), float(self.scale)


_FAMILIES: dict[str, type[Prior]] = {p._family: p for p in (Normal, LogNormal, Gamma, HalfNormal, Weibull)}


def core_priors(priors: Mapping[str, Prior] | None) -> list[tuple[str, str, float, float]]:
    """Priors as the core takes them: of what, family, two numbers."""
    out = []
    for of, prior in (priors or {}).items():
        if not isinstance(prior, Prior):
            message = f"is a {type(prior).__name__}; give one of {', '.join(p.__name__ for p in _FAMILIES.values())}"
            raise KundenwertError(message, code="wrong_type", argument="priors")
        out.append((of, prior._family, *prior._numbers()))
    return out


def prior_of_core(family: str, first: float, second: float) -> Prior:
    """A prior as the core tells it."""
    return HalfNormal(first) if family == "half_normal" else _FAMILIES[family](first, second)  # type: ignore[call-arg]
