"""Customer management analytics: customer lifetime value, retention, portfolio classification.

Pure functions over columns; results are frozen; arguments after the data are keyword-only. All numbers come from the
C++ core.

Examples
--------
>>> import kundenwert as kw
>>> log = {"customer_id": [7, 7, 8], "date": ["2024-01-01", "2024-03-01", "2024-02-01"], "amount": [9.0, 4.0, 7.5]}
>>> customers = kw.summarize(log, unit="week", end="2024-03-31")
>>> model = kw.BgNbd(r=0.24, alpha=4.41, a=0.79, b=2.43, unit="week")
>>> model.expected_transactions(customers, 26).shape
(2,)
"""

from __future__ import annotations

from kundenwert import _core, _models, codes
from kundenwert._models import *  # noqa: F403 - one class per line of the table of models
from kundenwert.bases import CustomerBase, RejectedTableRows, TableReport
from kundenwert.classification import AbcClass, AbcResult, RfmResult, RfmScale, classify_abc, classify_rfm
from kundenwert.cohorts import cohort_rows
from kundenwert.comparisons import (
    Backtest,
    Comparison,
    Deciles,
    LikelihoodRatio,
    backtest,
    compare,
    likelihood_ratio,
    rolling_origins,
)
from kundenwert.concentrations import Concentration, concentration, lorenz_curve
from kundenwert.contracts import ContractValue, contract_value
from kundenwert.diagnostics import (
    ConditionalExpectations,
    FrequencyHistogram,
    Heterogeneity,
    HistoryGrid,
    conditional_expectations,
    frequency_histogram,
    heterogeneity,
    history_grid,
)
from kundenwert.draws import ChainReport, Draws, DrawSummary, Intervals, lifetime_value_intervals
from kundenwert.effects import Effect, Gamma, HalfNormal, LogNormal, Normal, Prior, Weibull
from kundenwert.errors import ConvergenceWarning, KundenwertError
from kundenwert.logs import Accumulator, summarize
from kundenwert.modeling import ContractModel, Model, SpendModel, TransactionModel, load_model
from kundenwert.overviews import (
    AbcOptions,
    AbcTotals,
    Headline,
    Overview,
    OverviewOptions,
    PhaseTotal,
    ValueTotal,
    overview,
)
from kundenwert.phases import PhaseResult, classify_phases, recommended_measures
from kundenwert.rates import RetentionRate, retention_of_counts, retention_rate
from kundenwert.result_tables import ResultTable
from kundenwert.simulation import SimulatedBusiness, SimulatedTable, simulate_business
from kundenwert.summaries import LogReport, LogWarning, RejectedRows, Summary
from kundenwert.tables import FieldInfo, ModelInfo, ParameterInfo, QuantityInfo, fields, models, quantities
from kundenwert.tracking import (
    Regularity,
    TrackingResult,
    rank_correlation,
    regularity,
    top_hits,
    track_repeat_purchases,
)
from kundenwert.valuation import lifetime_value

__version__: str = _core.version

__all__ = [
    "AbcClass",
    "AbcOptions",
    "AbcResult",
    "AbcTotals",
    "Accumulator",
    "Backtest",
    "ChainReport",
    "Comparison",
    "Concentration",
    "ConditionalExpectations",
    "ContractModel",
    "ContractValue",
    "ConvergenceWarning",
    "CustomerBase",
    "Deciles",
    "DrawSummary",
    "Draws",
    "Effect",
    "FieldInfo",
    "FrequencyHistogram",
    "Gamma",
    "HalfNormal",
    "Headline",
    "Heterogeneity",
    "HistoryGrid",
    "Intervals",
    "KundenwertError",
    "LikelihoodRatio",
    "LogNormal",
    "LogReport",
    "LogWarning",
    "Model",
    "ModelInfo",
    "Normal",
    "Overview",
    "OverviewOptions",
    "ParameterInfo",
    "PhaseResult",
    "PhaseTotal",
    "Prior",
    "QuantityInfo",
    "Regularity",
    "RejectedRows",
    "RejectedTableRows",
    "ResultTable",
    "RetentionRate",
    "RfmResult",
    "RfmScale",
    "SimulatedBusiness",
    "SimulatedTable",
    "SpendModel",
    "Summary",
    "TableReport",
    "TrackingResult",
    "TransactionModel",
    "ValueTotal",
    "Weibull",
    "__version__",
    "backtest",
    "classify_abc",
    "classify_phases",
    "classify_rfm",
    "codes",
    "cohort_rows",
    "compare",
    "concentration",
    "conditional_expectations",
    "contract_value",
    "fields",
    "frequency_histogram",
    "heterogeneity",
    "history_grid",
    "lifetime_value",
    "lifetime_value_intervals",
    "likelihood_ratio",
    "load_model",
    "lorenz_curve",
    "models",
    "overview",
    "quantities",
    "rank_correlation",
    "recommended_measures",
    "regularity",
    "retention_of_counts",
    "retention_rate",
    "rolling_origins",
    "simulate_business",
    "summarize",
    "top_hits",
    "track_repeat_purchases",
]
__all__ += _models.__all__
