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
from kundenwert.classification import AbcClass, AbcResult, RfmResult, RfmScale, classify_abc, classify_rfm
from kundenwert.errors import ConvergenceWarning, KundenwertError
from kundenwert.logs import Accumulator, summarize
from kundenwert.modeling import Model, SpendModel, TransactionModel
from kundenwert.summaries import LogReport, LogWarning, RejectedRows, Summary
from kundenwert.tables import ModelInfo, ParameterInfo, QuantityInfo, models, quantities
from kundenwert.valuation import lifetime_value

__version__: str = _core.version

__all__ = [
    "AbcClass",
    "AbcResult",
    "Accumulator",
    "ConvergenceWarning",
    "KundenwertError",
    "LogReport",
    "LogWarning",
    "Model",
    "ModelInfo",
    "ParameterInfo",
    "QuantityInfo",
    "RejectedRows",
    "RfmResult",
    "RfmScale",
    "SpendModel",
    "Summary",
    "TransactionModel",
    "__version__",
    "classify_abc",
    "classify_rfm",
    "codes",
    "lifetime_value",
    "models",
    "quantities",
    "summarize",
]
__all__ += _models.__all__
