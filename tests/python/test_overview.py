"""The overview and what it is made of: parity of its parts, undefined numbers, options that are refused."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import math
from collections.abc import Mapping

import kundenwert as kw
import numpy as np
import pyarrow.compute as pc
import pytest

AS_OF = "2025-12-31"
ASKED = {"as_of": AS_OF, "unit": "week", "horizon": 52, "annual_discount_rate": 0.1}


@pytest.fixture(scope="module")
def shop() -> kw.SimulatedBusiness:
    return kw.simulate_business(customers=600, seed=5, first_day="2023-01-01", as_of=AS_OF)


@pytest.fixture(scope="module")
def base(shop) -> kw.CustomerBase:
    return kw.CustomerBase(**shop)


@pytest.fixture(scope="module")
def seen(base) -> kw.Overview:
    return kw.overview(base, **ASKED, convention="first_margin_now")


def numbers_in(value: object):
    """Every number of nested frozen objects."""
    if isinstance(value, float):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from numbers_in(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from numbers_in(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from numbers_in(each)


def test_headline_adds_up(seen, shop) -> None:
    head, table = seen.headline, seen.to_arrow()
    assert len(seen) == head.customers == 600
    assert head.potential + head.current + head.lost == head.customers
    assert list(head.phases) == list(kw.codes.phases)
    counts = dict(table["phase"].value_counts().to_pandas().map(lambda c: (c["values"], c["counts"])).tolist())
    assert {name: total.customers for name, total in head.phases.items() if total.customers} == counts
    values = table["lifetime_value"].to_numpy()
    assert head.customer_equity.valued == np.count_nonzero(~np.isnan(values))
    assert head.customer_equity.value == pytest.approx(np.nansum(values), rel=1e-12)
    endangered = table.filter(pc.equal(table["phase"], "endangered"))
    assert head.value_at_risk.customers == len(endangered)
    assert head.value_at_risk.value == pytest.approx(np.nansum(endangered["lifetime_value"].to_numpy()), rel=1e-12)
    assert head.valued_by_contract + head.valued_by_purchases == head.customer_equity.valued
    assert head.basis == "margin_records"
    # By definition: values are margin, and the shop's variable cost share has a mean of 0.6.
    assert head.margin_rate == pytest.approx(0.4, abs=0.05)
    assert sum(c.customers for c in head.abc.classes.values()) == head.current + head.lost
    assert seen.options.as_of == datetime.date(2025, 12, 31)
    assert len(shop.truth) == 600


def test_parts_agree_with_their_own_functions(seen, base) -> None:
    table, head = seen.to_arrow(), seen.headline
    alive = table["probability_alive"].to_numpy()
    phases = kw.classify_phases(base, as_of=AS_OF, probability_alive=alive)
    assert list(phases.phases) == table["phase"].to_pylist()
    assert {n: c for n, c in phases.counts.items() if c} == {
        n: t.customers for n, t in head.phases.items() if t.customers
    }
    assert phases.to_arrow()["risks"].to_pylist() == table["risks"].to_pylist()
    rate = kw.retention_rate(base, from_=head.retention.from_, to=head.retention.to)
    assert rate == head.retention
    customers = base.summarize(unit="week", end=AS_OF)
    assert seen.chosen is not None
    fitted = type(seen.chosen).fit(customers)
    assert fitted == seen.chosen
    known = dict(zip(base.ids.tolist(), alive.tolist(), strict=True))
    expected = dict(zip(customers["customer_id"], fitted.probability_alive(customers), strict=True))
    assert {name: p for name, p in known.items() if not math.isnan(p)} == expected
    bought = np.isin(table["kind"].to_numpy(zero_copy_only=False).astype(str), ["current", "lost"])
    revenue = table["revenue"].to_numpy()[bought]
    found = kw.concentration(revenue, negative="leave_out")
    # Prospects are rows without a value there.
    assert dataclasses.replace(found, null_rows=head.potential) == head.revenue_concentration
    assert kw.classify_abc(revenue).summary == head.abc.classes
    for row in table.select(["phase", "measures", "suppressions"]).slice(0, 100).to_pylist():
        assert tuple(row["measures"]) == kw.recommended_measures(row["phase"], suppressions=row["suppressions"])


def test_undefined_is_none_and_never_nan() -> None:
    nothing = kw.CustomerBase(customers={"customer_id": [1, 2]})
    seen = kw.overview(nothing, **ASKED)
    head = seen.headline
    assert not any(math.isnan(n) for n in numbers_in(head))
    assert not any(math.isnan(n) for n in numbers_in(seen.options))
    assert (head.revenue, head.retention.rate, head.retention.reason) == (None, None, "total_not_positive")
    assert (head.revenue_concentration.gini, head.revenue_concentration.reason) == (None, "total_not_positive")
    assert (head.abc.total, seen.chosen, seen.spend, seen.currency) == (None, None, None, None)
    assert seen.to_arrow()["lifetime_value"].null_count == 2
    assert "Overview" in repr(seen)
    assert "<table>" in seen._repr_html_()


def test_no_number_is_nan_in_a_full_headline(seen) -> None:
    assert not any(math.isnan(n) for n in numbers_in(seen.headline))


@pytest.mark.parametrize(
    ("options", "code", "argument"),
    [
        ({"convention": None}, "missing", "convention"),
        ({"convention": "usual"}, "unknown_code", "convention"),
        ({"horizon": 0}, "sign", "horizon"),
        ({"horizon": math.nan}, "missing", "horizon"),
        ({"annual_discount_rate": -0.1}, "sign", "annual_discount_rate"),
        ({"unit": "quarter"}, "unknown_code", "unit"),
        ({"as_of": "nonsense"}, "date_invalid", "as_of"),
        ({"margin_rate": 1.5}, "domain", "margin_rate"),
        ({"annual_retention_rate": 1.5}, "domain", "annual_retention_rate"),
        ({"units_per_year": 0}, "sign", "units_per_year"),
        ({"start": "2026-01-01"}, "date_order", None),
        ({"model": "none"}, "unknown_code", "model"),
        ({"model": "gamma_gamma"}, None, "model"),
        ({"phase_parameters": {"windows": 5}}, "unknown_code", "windows"),
        ({"phase_parameters": {"new_window": -5}}, "sign", "new_window"),
        ({"phase_parameters": {"new_window": 1.5}}, "not_integer", "new_window"),
        ({"abc": kw.AbcOptions(a_share=2)}, "domain", None),
        ({"rfm_classes": 0}, "domain", None),
    ],
)
def test_options_that_are_refused(base, options, code, argument) -> None:
    with pytest.raises(kw.KundenwertError) as error:
        kw.overview(base, **{**ASKED, "convention": "first_margin_now", **options})
    assert code in {None, error.value.code}
    assert argument in {None, error.value.argument}


def test_options_count(base, seen) -> None:
    def again(**options: object) -> kw.Overview:
        return kw.overview(base, **{**ASKED, "convention": "first_margin_now", **options})

    assert again(model="bg_nbd").chosen.name == "bg_nbd"
    assert again(margin_rate=0.5).headline.basis == "margin_rate"
    assert again(annual_retention_rate=0.9).headline.annual_retention_rate == 0.9
    # Contracts that last are worth more.
    low, high = (again(annual_retention_rate=r).headline.customer_equity.value for r in (0.2, 0.9))
    assert low < high
    young = again(phase_parameters={"new_window": 0})
    assert young.headline.phases["new"].customers < seen.headline.phases["new"].customers
    assert young.options.phases["new_window"] == 0
    later = again(convention="gupta_lehmann")
    assert later.options.convention == "gupta_lehmann"
    assert later.headline.customer_equity.value < seen.headline.customer_equity.value


def test_tracking(base, seen) -> None:
    customers = base.summarize(unit="week", end=AS_OF)
    found = kw.track_repeat_purchases(base, seen.chosen, as_of=AS_OF)
    assert found.customers == len(customers)
    assert found.actual[-1] == customers.repeat_transactions
    assert found.days[-1] == np.datetime64(AS_OF)
    assert (np.diff(found.expected) >= 0).all()
    # The model was fitted to these purchases: their sum is near.
    assert found.expected[-1] == pytest.approx(found.actual[-1], rel=0.1)
    assert found.to_arrow().column_names == ["day", "actual", "expected", "actual_step", "expected_step"]


# --- the parts alone


def test_contract_value_has_four_components() -> None:
    # Domain specification B1.2: m = 100, r = 0.8, d = 0.1; five periods.
    found = kw.contract_value(
        [130.0, None],
        convention="first_margin_now",
        periodic_discount_rate=0.1,
        retention=0.8,
        service=20.0,
        care=[10.0, 10.0],
        acquisition=50.0,
        include_acquisition=True,
        periods=5,
    )
    assert found.value[0] == pytest.approx(292.063384 - 50, rel=1e-8)
    assert found.value[0] == found.revenue[0] - found.acquisition[0] - found.service[0] - found.care[0]
    assert kw.codes.reason_names(found.reasons[1]) == ("missing_input",)
    assert math.isnan(found.value[1])
    curve = kw.contract_value(
        [100.0],
        convention="first_margin_now",
        periodic_discount_rate=0.1,
        retention=0.9,
        retention_curve=[0.7, 0.8, 0.85, 0.9],
    )
    assert curve.value[0] == pytest.approx(406.611570, rel=1e-8)
    error = kw.contract_value(
        [100.0], convention="gupta_lehmann", periodic_discount_rate=0.1, retention=0.8, retention_error=0.02
    )
    assert error.standard_error is not None
    assert error.standard_error[0] == pytest.approx(24.444444, rel=1e-7)


@pytest.mark.parametrize(
    ("options", "code", "argument"),
    [
        ({"convention": "x"}, "unknown_code", "convention"),
        ({"retention": 1.5}, "domain", "retention"),
        ({"retention": [0.5]}, "length_mismatch", "retention"),
        ({"retention": None}, "missing", "retention"),
        ({"age": [1.5, 2.5]}, "not_integer", "age"),
        ({"service": ["x", "y"]}, "wrong_type", "service"),
    ],
)
def test_contract_value_refuses(options, code, argument) -> None:
    asked = {"convention": "mid_period", "periodic_discount_rate": 0.1, "retention": 0.8}
    with pytest.raises(kw.KundenwertError) as error:
        kw.contract_value([1.0, 2.0], **{**asked, **options})
    assert (error.value.code, error.value.argument) == (code, argument)


def test_concentration_and_its_curve() -> None:
    values = [500.0, 250, 100, 50, 40, 25, 15, 10, 6, 4]
    found = kw.concentration([*values, None])
    # Domain specification B3.2.
    assert found.gini == pytest.approx(0.6742, abs=1e-12)
    assert found.gini_corrected == pytest.approx(0.749111, rel=1e-6)
    assert found.effective_customers == pytest.approx(3.052484, rel=1e-6)
    assert (found.customers, found.null_rows) == (10, 1)
    curve = kw.lorenz_curve(values)
    assert curve[0] == (0.0, 0.0)
    assert curve[-1] == (1.0, 1.0)
    # The area between the curve and the diagonal, twice: trapezoids.
    area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in itertools.pairwise(curve))
    assert 1 - 2 * area == pytest.approx(found.gini, rel=1e-12)
    assert len(kw.lorenz_curve(np.arange(1000.0), most_points=50)) <= 50
    with pytest.raises(kw.KundenwertError) as error:
        kw.concentration([1.0, -1.0])
    assert (error.value.code, error.value.argument, error.value.row) == ("domain", "values", 1)
    assert kw.concentration([1.0, -1.0], negative="leave_out").negative_rows == 1
    assert kw.concentration([]).reason == "total_not_positive"


def test_retention_of_counts() -> None:
    # Domain specification B2.1.
    assert kw.retention_of_counts(retained=260, lost=140).upper == pytest.approx(0.695114, rel=1e-6)
    none = kw.retention_of_counts(retained=0, lost=0)
    assert (none.rate, none.lower, none.upper, none.reason) == (None, None, None, "total_not_positive")
    assert (none.from_, none.to) == (None, None)
    with pytest.raises(kw.KundenwertError, match="negative"):
        kw.retention_of_counts(retained=-1, lost=0)


def test_simulated_business(shop) -> None:
    again = kw.simulate_business(customers=600, seed=5, first_day="2023-01-01", as_of=AS_OF, threads=1)
    for name, table in shop.items():
        assert table.to_arrow().equals(again[name].to_arrow())
    assert shop.truth.to_arrow().equals(again.truth.to_arrow())
    other = kw.simulate_business(customers=600, seed=6, first_day="2023-01-01", as_of=AS_OF)
    assert not other["transactions"].to_arrow().equals(shop["transactions"].to_arrow())
    quiet = kw.simulate_business(
        customers=50,
        seed=1,
        first_day="2024-01-01",
        as_of="2024-12-31",
        holdout_end="2025-06-30",
        parameters={"returns.share": 0, "complaints.per_year": 0, "complaints.suggestions_per_year": 0},
        text_ids=False,
    )
    assert len(quiet["complaints"]) == 0
    assert min(quiet["transactions"].to_arrow()["amount"].to_pylist()) > 0
    assert quiet["customers"].to_arrow()["customer_id"].to_pylist() == list(range(1, 51))
    assert "holdout_purchases" in quiet.truth.to_arrow().column_names
    with pytest.raises(kw.KundenwertError, match="is no parameter of a simulated business"):
        kw.simulate_business(customers=5, seed=1, first_day="2024-01-01", as_of=AS_OF, parameters={"x": 1})


def test_agreement_with_the_truth(seen, shop) -> None:
    truth = shop.truth.to_arrow()
    table = seen.to_arrow()
    assert truth["customer_id"].to_pylist() == table["customer_id"].to_pylist()
    true, found = truth["remaining_value"].to_numpy(), table["lifetime_value"].to_numpy()
    both = ~np.isnan(true) & ~np.isnan(found)
    assert kw.rank_correlation(true[both], found[both]) > 0.5
    assert kw.top_hits(true[both], found[both], share=0.1) > 0.4
    assert kw.rank_correlation(true[both], true[both]) == 1
