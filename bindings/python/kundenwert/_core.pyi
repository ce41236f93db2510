"""The compiled core of kundenwert. Its public face is the package kundenwert."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

version: str

_Progress: TypeAlias = Callable[[float], object] | None
_Effect: TypeAlias = tuple[str, str, str]
_Prior: TypeAlias = tuple[str, str, float, float]
_Intervals: TypeAlias = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.uint32]]

# Without public constructors: Table, Summary, CustomerBase, Overview.

class Table:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __len__(self) -> int: ...

class Columns:
    def __init__(
        self, stream: object, names: list[tuple[str, str]], covariates: list[tuple[str, str]] = ...
    ) -> None: ...
    def __len__(self) -> int: ...

class Accumulator:
    def __init__(
        self,
        *,
        customer_id: str,
        date: str,
        amount: str,
        currency_column: str,
        currency: str,
        returns: str,
        rows: str,
        rejected_limit: float,
        load_date: int | None,
        date_format: str,
        utc_offset: int | None,
    ) -> None: ...
    def add(self, stream: object, threads: int, expected_rows: float, progress: _Progress) -> None: ...
    def merge(self, other: Accumulator) -> None: ...
    def finish(
        self, unit: str, end: int, start: int | None, holdout_end: int | None, threads: int, progress: _Progress
    ) -> Summary: ...
    def opportunities(
        self, each: str, end: int, start: int | None, holdout_end: int | None, threads: int, progress: _Progress
    ) -> Summary: ...
    def report(self) -> dict[str, Any]: ...
    @property
    def reads_amount(self) -> bool: ...
    @property
    def reads_currency(self) -> bool: ...
    @property
    def memory_bytes(self) -> int: ...

class Summary:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    @staticmethod
    def from_columns(columns: Columns, unit: str) -> Summary: ...
    def __len__(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def start(self) -> int | None: ...
    @property
    def end(self) -> int | None: ...
    @property
    def holdout_end(self) -> int | None: ...
    @property
    def currency(self) -> str: ...
    @property
    def repeaters(self) -> int: ...
    @property
    def repeat_transactions(self) -> int: ...
    def column(self, name: str) -> Any: ...
    def report(self) -> dict[str, Any]: ...
    def rejected(self, columns: list[str]) -> Table: ...
    def table(self) -> Table: ...

class Model:
    def __init__(
        self,
        name: str,
        values: list[float],
        unit: str,
        effects: list[_Effect] = ...,
        coefficients: dict[str, float] = ...,
    ) -> None: ...
    def to_json(self, date: str, note: str) -> str: ...
    @staticmethod
    def from_json(text: str) -> Model: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def parameters(self) -> list[float]: ...
    @property
    def effects(self) -> list[_Effect]: ...
    @property
    def coefficients(self) -> list[float]: ...
    @property
    def estimates(self) -> list[str]: ...
    @property
    def is_fitted(self) -> bool: ...
    def report(self) -> dict[str, Any]: ...
    def is_same(self, other: Model) -> bool: ...

class Draws:
    def __init__(
        self,
        center: Model,
        method: str,
        seed: int,
        outcome: str,
        detail: str,
        values: NDArray[np.float64],
        chains: dict[str, Any],
    ) -> None: ...
    def __len__(self) -> int: ...
    @property
    def center(self) -> Model: ...
    @property
    def method(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def outcome(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def names(self) -> list[str]: ...
    @property
    def values(self) -> NDArray[np.float64]: ...
    def chains(self) -> dict[str, Any]: ...
    def summary(self, probability: float) -> list[list[float]]: ...

class BaseBuilder:
    def __init__(
        self,
        *,
        currency: str,
        returns: str,
        rows: str,
        rejected_limit: float,
        load_date: int | None,
        date_format: str,
        utc_offset: int | None,
    ) -> None: ...
    def add(
        self,
        table: str,
        stream: object,
        names: dict[str, str],
        expected_rows: float,
        threads: int,
        progress: _Progress,
    ) -> None: ...
    def finish(self, threads: int, progress: _Progress) -> CustomerBase: ...

class CustomerBase:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __len__(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def has_amounts(self) -> bool: ...
    @property
    def has_costs(self) -> bool: ...
    @property
    def ids(self) -> Any: ...
    def reports(self) -> list[dict[str, Any]]: ...
    def rejected(self) -> Table: ...
    def summarize(
        self, unit: str, end: int, start: int | None, holdout_end: int | None, threads: int, progress: _Progress
    ) -> Summary: ...

class Overview:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __len__(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def chosen(self) -> int: ...
    @property
    def models(self) -> list[Model]: ...
    @property
    def spend(self) -> list[Model]: ...
    def headline(self) -> dict[str, Any]: ...
    def options(self) -> dict[str, Any]: ...
    def table(self) -> Table: ...

def codes() -> dict[str, list[tuple[int, str, str]]]: ...
def models() -> list[
    tuple[int, str, str, str, list[tuple[str, int, str, bool, int]], list[str], list[str], dict[str, bool]]
]: ...
def quantities() -> list[tuple[int, str, list[str], str]]: ...
def fields() -> list[tuple[str, str, str, bool, list[str], str, list[tuple[int, str, str]]]]: ...
def parse_day(text: str, argument: str) -> int: ...
def fit(
    name: str,
    customers: Summary | Columns,
    covariates: Columns | None,
    unit: str,
    weight: Columns | None,
    effects: list[_Effect],
    priors: list[_Prior],
    k: int | None,
    threads: int,
    progress: _Progress,
) -> Model: ...
def predict(
    model: Model,
    quantity: str,
    customers: Summary | Columns,
    covariates: Columns | None,
    arguments: dict[str, float],
    threads: int,
    progress: _Progress,
) -> tuple[NDArray[np.float64], NDArray[np.uint32]]: ...
def predict_new(model: Model, quantity: str, arguments: dict[str, float], covariates: dict[str, float]) -> float: ...
def lifetime_value(
    transactions: Model,
    spend: Model,
    customers: Summary | Columns,
    covariates: Columns | None,
    arguments: dict[str, float],
    margin_rates: Columns | None,
    annual_discount_rates: Columns | None,
    threads: int,
    progress: _Progress,
) -> tuple[NDArray[np.float64], NDArray[np.uint32]]: ...
def calendar_horizon(customers: Summary, months: int) -> float: ...
def cohort_rows(columns: Columns) -> dict[str, NDArray[np.float64]]: ...
def normal_draws(model: Model, method: str, draws: int, seed: int) -> Draws: ...
def bootstrap_draws(
    model: Model,
    customers: Summary | Columns,
    covariates: Columns | None,
    weight: Columns | None,
    draws: int,
    seed: int,
    threads: int,
    progress: _Progress,
) -> Draws: ...
def posterior_draws(
    model: Model,
    customers: Summary | Columns,
    covariates: Columns | None,
    weight: Columns | None,
    draws: int,
    chains: int,
    warm_up: int,
    seed: int,
    threads: int,
    progress: _Progress,
) -> Draws: ...
def intervals(
    draws: Draws,
    quantity: str,
    customers: Summary | Columns,
    covariates: Columns | None,
    probability: float,
    arguments: dict[str, float],
    threads: int,
    progress: _Progress,
) -> _Intervals: ...
def predicted_purchases(
    draws: Draws,
    customers: Summary | Columns,
    covariates: Columns | None,
    probability: float,
    horizon: float,
    most_draws: int,
    threads: int,
    progress: _Progress,
) -> _Intervals: ...
def lifetime_value_intervals(
    transactions: Draws,
    spend: Draws,
    customers: Summary | Columns,
    covariates: Columns | None,
    probability: float,
    arguments: dict[str, float],
    margin_rates: Columns | None,
    annual_discount_rates: Columns | None,
    threads: int,
    progress: _Progress,
) -> _Intervals: ...
def compare(
    customers: Summary | Columns,
    covariates: Columns | None,
    unit: str,
    models: list[str],
    weight: Columns | None,
    effects: list[_Effect],
    priors: list[_Prior],
    threads: int,
    progress: _Progress,
) -> tuple[Table, list[Model], int | None, str, str]: ...
def likelihood_ratio(restricted: Model, full: Model) -> dict[str, Any]: ...
def backtest(
    origins: list[Summary],
    models: list[str],
    horizon: float | None,
    priors: list[_Prior],
    threads: int,
    progress: _Progress,
) -> tuple[Table, Table]: ...
def rolling_origins(
    base: CustomerBase,
    unit: str,
    first_end: int,
    step_days: int,
    count: int,
    holdout_days: int,
    start: int | None,
    threads: int,
    progress: _Progress,
) -> list[Summary]: ...
def frequency_histogram(
    model: Model, customers: Summary | Columns, largest: int, threads: int, progress: _Progress
) -> tuple[Table, float]: ...
def conditional_expectations(
    model: Model,
    customers: Summary,
    by: str,
    largest: int,
    bins: int,
    horizon: float | None,
    threads: int,
    progress: _Progress,
) -> Table: ...
def history_grid(
    model: Model,
    quantity: str,
    age: float,
    largest: int,
    recency_steps: int,
    arguments: dict[str, float],
    threads: int,
    progress: _Progress,
) -> Table: ...
def heterogeneity(model: Model, of: str, points: Columns | None, count: int) -> Table: ...
def classify_abc(values: Columns, a: float, b: float, rule: str, keep_ties: bool) -> dict[str, Any]: ...
def classify_rfm(
    customers: Summary | Columns,
    classes: tuple[int, int, int],
    method: str,
    r_edges: list[float],
    f_edges: list[float],
    m_edges: list[float],
) -> dict[str, Any]: ...
def concentration(values: Columns, negative: str) -> dict[str, Any]: ...
def lorenz_points(values: Columns, most_points: int, negative: str) -> list[tuple[float, float]]: ...
def classify_phases(
    base: CustomerBase,
    as_of: int,
    probability_alive: Columns | None,
    parameters: dict[str, float],
    threads: int,
    progress: _Progress,
) -> dict[str, Any]: ...
def recommended_measures(phase: str, suppressions: list[str]) -> list[str]: ...
def retention_rate(
    base: CustomerBase,
    from_: int,
    to: int,
    confidence: float,
    phase_parameters: dict[str, float],
    threads: int,
    progress: _Progress,
) -> dict[str, Any]: ...
def retention_of_counts(
    retained: int, lost: int, regained: int, joined: int, returned: int, confidence: float
) -> dict[str, Any]: ...
def contract_value(
    *,
    columns: dict[str, Columns],
    convention: str,
    periodic_discount_rate: float,
    retention: float | None,
    periods: float | None,
    retention_curve: list[float],
    ages: list[int] | None,
    age: int,
    growth: float,
    growth_start: int | None,
    include_acquisition: bool,
    threads: int,
    progress: _Progress,
) -> dict[str, Any]: ...
def overview(
    base: CustomerBase,
    options: dict[str, Any],
    phase_parameters: dict[str, float],
    threads: int,
    progress: _Progress,
) -> Overview: ...
def track_repeat_purchases(
    base: CustomerBase, model: Model, as_of: int, start: int | None, through: int | None, step_days: int
) -> dict[str, Any]: ...
def regularity(
    base: CustomerBase, end: int, start: int | None, fewest_pairs: int, threads: int, progress: _Progress
) -> dict[str, Any]: ...
def rank_correlation(truth: Columns, estimate: Columns) -> float: ...
def top_hits(truth: Columns, estimate: Columns, share: float) -> float: ...
def simulate_business(
    customers: int,
    seed: int,
    first_day: int,
    as_of: int,
    holdout_end: int | None,
    parameters: dict[str, float],
    text_ids: bool,
    threads: int,
    progress: _Progress,
) -> dict[str, Table]: ...
