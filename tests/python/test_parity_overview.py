"""The overview of the C library is that of this module, to the last bit."""

from __future__ import annotations

import ctypes
import math

import kundenwert as kw
import pyarrow as pa
import pytest
from c_library import NEEDS_LIBRARY, Library, day, stream_pointer

pytestmark = NEEDS_LIBRARY

AS_OF = "2025-12-31"
WEEK, HORIZON, RATE = 2, 52.0, 0.1
DOUBLE, LONG, INT = ctypes.c_double, ctypes.c_int64, ctypes.c_int32


class ValueTotal(ctypes.Structure):
    _fields_ = (("customers", LONG), ("valued", LONG), ("value", DOUBLE))


class RetentionRate(ctypes.Structure):
    _fields_ = (
        ("from_", INT),
        ("to", INT),
        *((name, LONG) for name in ("at_start", "retained", "lost", "regained", "joined", "returned")),
        *((name, DOUBLE) for name in ("rate", "lower", "upper", "confidence")),
    )


class Concentration(ctypes.Structure):
    _fields_ = (
        ("customers", LONG),
        ("negative_rows", LONG),
        *((name, DOUBLE) for name in ("total", "gini", "top_10_share", "top_20_share")),
        *((name, DOUBLE) for name in ("share_of_customers_for_80", "hhi", "effective_customers")),
    )


class AbcClassTotal(ctypes.Structure):
    _fields_ = (
        ("customers", LONG),
        ("value", DOUBLE),
        *((name, DOUBLE) for name in ("share_of_value", "share_of_customers", "cumulated_share", "smallest_value")),
    )


class Headline(ctypes.Structure):
    _fields_ = (
        ("struct_size", INT),
        ("money_basis", INT),
        *((name, LONG) for name in ("customers", "potential", "current", "lost")),
        ("revenue", DOUBLE),
        ("retention", RetentionRate),
        ("contract_retention", RetentionRate),
        ("annual_retention_rate", DOUBLE),
        ("customer_equity", ValueTotal),
        ("value_at_risk", ValueTotal),
        *((name, LONG) for name in ("valued_by_contract", "valued_by_purchases")),
        *((name, DOUBLE) for name in ("margin_rate", "service_cost_rate", "care_cost_rate", "mean_spend")),
        ("spend_basis", INT),
        ("model", INT),
        *((name, LONG) for name in ("models", "chosen", "spend_model")),
        ("abc_total", DOUBLE),
        *((name, AbcClassTotal) for name in "abc"),
        ("revenue_concentration", Concentration),
        ("value_concentration", Concentration),
        ("currency", ctypes.c_char * 16),
    )


class ArrowStream(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_void_p) for name in ("schema", "next", "error", "release", "data"))


@pytest.fixture(scope="module")
def shop() -> kw.SimulatedBusiness:
    return kw.simulate_business(customers=400, seed=3, first_day="2023-01-01", as_of=AS_OF)


@pytest.fixture(scope="module")
def c_overview(library: Library, shop: kw.SimulatedBusiness):
    builder = library.made("kw_base_builder_create", None)
    for kind, table in enumerate(shop.values(), start=1):
        capsule = table.to_arrow().__arrow_c_stream__()
        library.call("kw_base_builder_add_arrow", builder, INT(kind), stream_pointer(capsule), None)
    base = library.made("kw_base_builder_finish", builder, None)
    as_of = day(kw.dates.date_of(kw.dates.day_of(AS_OF, "as_of")))
    found = library.made("kw_overview_create", base, as_of, INT(WEEK), DOUBLE(HORIZON), DOUBLE(RATE), INT(1), None)
    yield found
    library.functions.kw_overview_free(found)
    library.functions.kw_base_free(base)
    library.functions.kw_base_builder_free(builder)


@pytest.fixture(scope="module")
def seen(shop: kw.SimulatedBusiness) -> kw.Overview:
    base = kw.CustomerBase(**shop)
    asked = {"as_of": AS_OF, "unit": "week", "horizon": HORIZON, "annual_discount_rate": RATE}
    return kw.overview(base, **asked, convention="first_margin_now")


def test_rows(library: Library, c_overview, seen: kw.Overview) -> None:
    stream = ArrowStream()
    library.call("kw_overview_export_arrow", c_overview, ctypes.byref(stream))
    table = pa.RecordBatchReader._import_from_c(ctypes.addressof(stream)).read_all()
    assert table.equals(seen.to_arrow(), check_metadata=True)


def is_same(found: float, expected: float | None) -> bool:
    return math.isnan(found) if expected is None else found == expected


def assert_same_parts(found: ctypes.Structure, expected: object) -> None:
    for part, kind in found._fields_:
        number = getattr(expected, part)
        assert is_same(getattr(found, part), day(number).value if kind is INT else number), part


def test_headline(library: Library, c_overview, seen: kw.Overview) -> None:
    head = library.options("headline", Headline)
    library.call("kw_overview_headline", c_overview, ctypes.byref(head))
    expected = seen.headline
    assert head.money_basis == kw.codes.money_bases[expected.basis].number
    assert seen.models[head.chosen] == seen.chosen
    assert is_same(head.abc_total, expected.abc.total)
    for name in "abc":
        assert_same_parts(getattr(head, name), expected.abc.classes[name.upper()])
    for name, kind in Headline._fields_:
        if hasattr(expected, name) and issubclass(kind, ctypes.Structure):
            assert_same_parts(getattr(head, name), getattr(expected, name))
        elif hasattr(expected, name):
            assert is_same(getattr(head, name), getattr(expected, name)), name
