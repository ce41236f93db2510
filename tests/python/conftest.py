"""The CDNOW log and what is made from it, once for all tests; nothing of it can be changed by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import kundenwert as kw
import pandas as pd
import pytest
from c_library import LIBRARY, Library

ROOT = Path(__file__).resolve().parents[2]
CALIBRATION_END = "1997-09-30"
HOLDOUT_END = "1998-06-30"


@pytest.fixture(scope="session")
def log_csv() -> Path:
    return ROOT / "examples/data/cdnow/transactions.csv"


@pytest.fixture(scope="session")
def log_frame(log_csv: Path) -> pd.DataFrame:
    return pd.read_csv(log_csv)


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file and gives its path."""

    def write(content: str | bytes, name: str = "log.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def log(log_frame: pd.DataFrame) -> pd.DataFrame:
    """A copy that a test may change."""
    return log_frame.copy()


@pytest.fixture(scope="session")
def customers(log_frame: pd.DataFrame) -> kw.Summary:
    return kw.summarize(log_frame, unit="week", end=CALIBRATION_END, holdout_end=HOLDOUT_END)


@pytest.fixture(scope="session")
def bg_nbd(customers: kw.Summary) -> kw.BgNbd:
    return kw.BgNbd.fit(customers)


@pytest.fixture(scope="session")
def pareto_nbd(customers: kw.Summary) -> kw.ParetoNbd:
    return kw.ParetoNbd.fit(customers)


@pytest.fixture(scope="session")
def gamma_gamma(customers: kw.Summary) -> kw.GammaGamma:
    return kw.GammaGamma.fit(customers)


@pytest.fixture(scope="session")
def library() -> Library:
    """Only where :data:`c_library.NEEDS_LIBRARY` lets a test run."""
    assert LIBRARY is not None
    return Library(LIBRARY)
