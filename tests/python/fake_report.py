"""A report that looks like one of a real business, drawn with a fixed seed: for tests of the page, which only tells
what it is given. The models, ABC and RFM are those of the core; phases come from a rule of thumb, and contracts,
complaints and the truth are made up.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import kundenwert as kw
import numpy as np
import pyarrow as pa
from kundenwert.overviews import AbcTotals, Concentration, Headline, PhaseTotal, RetentionRate, ValueTotal
from kundenwert.report.data import (
    CustomerLine,
    LorenzCurve,
    RejectedRow,
    Repeats,
    ReportData,
    RfmGrid,
    TableRead,
    Tracking,
    TruthComparison,
)
from kundenwert.report.settings import ReportSettings

AS_OF = datetime.date(2025, 12, 31)
BEGIN = datetime.date(2023, 1, 1)
DAYS = (AS_OF - BEGIN).days
PHASES = (
    *("prospect", "prospect_cold", "acquisition", "new", "development"),
    *("mature", "endangered", "regained", "lost", "win_back"),
)
# kind, task, goal, measures
FACTS: dict[str, tuple[str, str, str, list[str]]] = {
    **dict.fromkeys(
        ("prospect", "prospect_cold", "acquisition"),
        ("potential", "acquisition", "new_business", ["advertising", "addressing", "sample", "advice"]),
    ),
    "new": ("current", "development", "existing_care", ["welcome", "voucher_next", "customer_card", "newsletter"]),
    "development": ("current", "development", "existing_care", ["personal_offer", "coupon", "club", "innovation"]),
    "mature": ("current", "retention", "existing_care", ["club", "magazine", "maintenance", "referral_program"]),
    "endangered": (
        "current",
        "retention",
        "existing_care",
        ["complaint_management", "contact_call", "warranty", "exchange", "personal_offer", "survey"],
    ),
    "lost": ("lost", "win_back", "reactivation", ["defection_interview", "win_back_offer", "discount"]),
}
FACTS["regained"] = FACTS["development"]
FACTS["win_back"] = FACTS["lost"]
PROMOTION = {"advertising", "addressing", "sample", "voucher_next", "customer_card", "newsletter", "personal_offer"}
PROMOTION |= {"coupon", "club", "magazine", "referral_program", "win_back_offer", "discount"}
NO_CONCENTRATION = Concentration(0, 0, 0, None, None, None, None, None, None, None, None, "total_not_positive")
PHASE_PARAMETERS = {
    "new_window": 90,
    "acquisition_window": 90,
    "prospect_cold": 365,
    "least_gaps": 3,
    "default_purchase_gap": 90,
    "soft_factor": 2.0,
    "lost_factor": 4.0,
    "soft_least": 30,
    "lost_least": 90,
    "lost_most": 730,
    "endangered_probability": 0.5,
    "lost_probability": 0.1,
    "renewal_window": 90,
    "complaint_open_days": 14,
    "bad_outcome_window": 180,
    "bad_satisfaction": 50,
    "decline_ratio": 0.5,
    "growth_ratio": 1.1,
    "development_longest_tenure": 730,
    "regained_window": 180,
    "win_back_window": 90,
    "contract_gap": 30,
}


def day(number: int) -> datetime.date:
    return BEGIN + datetime.timedelta(days=int(number))


@dataclass
class Log:
    """Purchases of buyers, and ids of those who bought nothing."""

    ids: list[str] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    amounts: list[float] = field(default_factory=list)
    prospects: list[str] = field(default_factory=list)


def drawn_log(customers: int, seed: int) -> Log:
    random = np.random.default_rng(seed)
    log = Log()
    for number in range(customers):
        name = f"K-{10_000 + number}"
        if random.random() < 0.14:
            log.prospects.append(name)
            continue
        gap = 18 / random.gamma(0.9)
        life = random.exponential(420 / random.gamma(1.5))
        spend = random.gamma(3.0, 18) * random.lognormal(0, 0.7)
        begin = now = random.uniform(0, DAYS)
        while now < min(DAYS, begin + life):
            log.ids.append(name)
            log.days.append(int(now))
            log.amounts.append(round(float(random.gamma(6, spend / 6)), 2))
            now += 1 + random.exponential(gap)
    return log


def _row(name: str, **known: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(SCHEMA.names)
    row |= {"risks": [], "measures": [], "suppressions": [], "value_reasons": [], "purchase_days": 0}
    return {**row, "customer_id": name, **known}


def _placed(row: dict[str, Any], phase: str, random: np.random.Generator) -> None:
    kind, task, goal, measures = FACTS[phase]
    row |= {"phase": phase, "kind": kind, "task": task, "goal": goal}
    if random.random() < 0.06:
        row["suppressions"] = ["no_consent"]
    if "open_complaint" in row["risks"]:
        row["suppressions"] = ["open_complaint", *row["suppressions"]]
    row["measures"] = [m for m in measures if not (row["suppressions"] and m in PROMOTION)]
    if kind != "current":
        row |= {"lifetime_value": None, "value_basis": None, "value_reasons": ["no_current_customer"]}


def _phase_of(since: int, tenure: int, alive: float | None, random: np.random.Generator) -> tuple[str, list[str]]:
    if (alive is not None and alive < 0.1 and since > 90) or since > 360:
        return ("win_back" if random.random() < 0.08 else "lost"), []
    risks = []
    if random.random() < 0.012:
        risks.append("contract_expiring")
    if random.random() < 0.015:
        risks.append("open_complaint")
    if alive is not None and alive < 0.5:
        risks.append("low_probability_alive")
    elif alive is None and since > 180:
        risks.append("inactivity")
    if tenure > 730 and random.random() < 0.05:
        risks.append("margin_decline")
    if risks:
        return "endangered", risks
    if random.random() < 0.03 and tenure > 200:
        return "regained", []
    return ("new" if tenure <= 90 else "development" if tenure < 730 else "mature"), []


def _rows(log: Log, customers: kw.Summary, model: Any, spend: Any, seed: int) -> list[dict[str, Any]]:
    random = np.random.default_rng(seed + 1)
    alive = model.probability_alive(customers)
    ahead = model.expected_transactions(customers, 12)
    value = kw.lifetime_value(model, spend, customers, horizon=12, annual_discount_rate=0.10, margin_rate=0.4)
    abc = kw.classify_abc(customers["revenue"])
    rfm = kw.classify_rfm(customers)
    rows = []
    for i, name in enumerate(customers["customer_id"]):
        first, last = customers["first_purchase"][i].item(), customers["last_purchase"][i].item()
        x = int(customers["frequency"][i])
        phase, risks = _phase_of((AS_OF - last).days, (AS_OF - first).days, alive[i] if x else None, random)
        row = _row(
            str(name),
            risks=risks,
            first_purchase=first,
            last_purchase=last,
            purchase_days=x + 1,
            revenue=float(customers["revenue"][i]),
            r_score=int(rfm.r_score[i]),
            f_score=int(rfm.f_score[i]),
            m_score=int(rfm.m_score[i]),
            abc=abc.classes[i],
            probability_alive=float(alive[i]),
            expected_transactions=float(ahead[i]),
            lifetime_value=float(value[i]),
            value_basis="purchases",
        )
        _placed(row, phase, random)
        rows.append(row)
    for name in log.prospects:
        row = _row(name)
        _placed(row, ["prospect", "prospect_cold", "acquisition"][int(random.integers(3))], random)
        rows.append(row)
    return rows


SCHEMA = pa.schema(
    [
        ("customer_id", pa.string()),
        *((name, pa.string()) for name in ("phase", "kind")),
        ("risks", pa.list_(pa.string())),
        *((name, pa.string()) for name in ("task", "goal")),
        *((name, pa.list_(pa.string())) for name in ("measures", "suppressions")),
        *((name, pa.date32()) for name in ("first_purchase", "last_purchase")),
        ("purchase_days", pa.int64()),
        ("revenue", pa.float64()),
        *((f"{name}_score", pa.int32()) for name in "rfm"),
        ("abc", pa.string()),
        *((name, pa.float64()) for name in ("probability_alive", "expected_transactions", "lifetime_value")),
        ("value_basis", pa.string()),
        ("value_reasons", pa.list_(pa.string())),
    ]
)


def line_of(row: dict[str, Any]) -> CustomerLine:
    scores = [row[f"{name}_score"] for name in "rfm"]
    return CustomerLine(
        customer_id=row["customer_id"],
        phase=row["phase"],
        risks=tuple(row["risks"]),
        task=row["task"],
        measures=tuple(row["measures"]),
        suppressions=tuple(row["suppressions"]),
        purchase_days=row["purchase_days"],
        last_purchase=row["last_purchase"],
        revenue=row["revenue"],
        probability_alive=row["probability_alive"],
        expected_transactions=row["expected_transactions"],
        lifetime_value=row["lifetime_value"],
        abc=row["abc"],
        rfm="-".join(map(str, scores)) if all(scores) else None,
    )


def _total(rows: list[dict[str, Any]]) -> ValueTotal:
    values = [row["lifetime_value"] for row in rows if row["lifetime_value"] is not None]
    return ValueTotal(len(rows), len(values), sum(values))


def _headline(rows: list[dict[str, Any]], abc: kw.AbcResult, lorenz: LorenzCurve) -> Headline:
    phases = {}
    for phase in PHASES:
        those = [row for row in rows if row["phase"] == phase]
        total = _total(those)
        revenue = sum(row["revenue"] or 0 for row in those)
        phases[phase] = PhaseTotal(len(those), revenue, total.value, total.valued)
    kinds = {kind: sum(row["kind"] == kind for row in rows) for kind in ("potential", "current", "lost")}
    share = 1 - float(np.interp(0.8, lorenz.share_of_customers, lorenz.share_of_value))
    concentration = replace(
        NO_CONCENTRATION, customers=len(rows), total=abc.total, gini=0.71, top_20_share=share, reason=None
    )
    period = (datetime.date(2024, 12, 31), AS_OF)
    return Headline(
        customers=len(rows),
        **kinds,
        phases=phases,
        revenue=sum(row["revenue"] or 0 for row in rows),
        retention=RetentionRate(*period, 782, 561, 203, 18, 297, 24, 0.717391, 0.684822, 0.747845, None),
        contract_retention=RetentionRate(*period, 164, 139, 22, 3, 41, 2, 0.847561, 0.784751, 0.894521, None),
        annual_retention_rate=0.847561,
        customer_equity=_total([row for row in rows if row["kind"] == "current"]),
        value_at_risk=_total([row for row in rows if row["phase"] == "endangered"]),
        valued_by_contract=0,
        valued_by_purchases=sum(row["lifetime_value"] is not None for row in rows),
        basis="margin_records",
        margin_rate=0.4,
        service_cost_rate=0.021,
        care_cost_rate=0.008,
        spend="spend_model",
        mean_spend=58.31,
        abc=AbcTotals(dict(abc.summary), abc.total, 0, 0),
        revenue_concentration=concentration,
        value_concentration=concentration,
    )


def _lorenz(revenue: np.ndarray[Any, Any]) -> LorenzCurve:
    cumulated = np.concatenate([[0.0], np.cumsum(np.sort(revenue))]) / revenue.sum()
    places = np.unique(np.linspace(0, len(revenue), 101).astype(int))
    return LorenzCurve(tuple(map(float, places / len(revenue))), tuple(map(float, cumulated[places])))


def _grid(rows: list[dict[str, Any]]) -> RfmGrid:
    scored = [row for row in rows if row["r_score"]]

    def mean(name: str, score: int) -> float | None:
        those = [row["revenue"] for row in scored if row[name] == score]
        return sum(those) / len(those) if those else None

    scores = range(1, 6)
    return RfmGrid(
        tuple(tuple(sum(x["r_score"] == r and x["f_score"] == f for x in scored) for f in scores) for r in scores),
        tuple(mean("r_score", score) for score in scores),
        tuple(mean("f_score", score) for score in scores),
        len(rows) - len(scored),
    )


def _tracking(log: Log) -> Tracking:
    ends = list(range(30, DAYS + 1, 15))
    firsts: dict[str, int] = {}
    for name, when in zip(log.ids, log.days, strict=True):
        firsts.setdefault(name, when)
    repeats = np.sort([w for name, w in zip(log.ids, log.days, strict=True) if w > firsts[name]])
    actual = [int(np.searchsorted(repeats, end, side="right")) for end in ends]
    expected = [count * (1 + 0.05 * np.cos(place / 9)) for place, count in enumerate(actual)]
    return Tracking(tuple(day(end) for end in ends), tuple(actual), tuple(expected), day(900), "BG/NBD")


def _tables(log: Log, customers: int) -> tuple[TableRead, ...]:
    rejected = tuple(
        RejectedRow("shop/transactions.csv", f"line {17 + 31 * i}", *why)
        for i, why in enumerate(
            [
                ("Datum", "date_invalid", "'31.02.2024' is not a date in the form DD.MM.YYYY"),
                ("Kunden-Nr", "unknown_customer", "'K-99999' is not in customers.csv"),
                ("Betrag", "non_finite", "'1O,50' is not a number"),
            ]
        )
    )

    def read(name: str, taken: int, first: datetime.date, last: datetime.date, **more: Any) -> TableRead:
        facts: dict[str, Any] = {"bad_lines": 0, "rejected_rows": 0, "rejected": (), "warnings": ()}
        facts |= more
        rows = taken + facts["rejected_rows"]
        return TableRead(name, f"shop/{name}.csv", (), {}, {}, rows, taken, first_day=first, last_day=last, **facts)

    # The line of the core's table, and how often.
    adjusted = SimpleNamespace(
        code="created_adjusted", meaning="customers with an event before their creation", count=4
    )
    return (
        read("customers", customers, BEGIN, AS_OF, warnings=(adjusted,)),
        read("transactions", len(log.ids), BEGIN, AS_OF, rejected_rows=3, rejected=rejected),
        read("contracts", 231, BEGIN, datetime.date(2025, 11, 20)),
        read("contacts", 3120, BEGIN, AS_OF),
        read("complaints", 118, datetime.date(2023, 2, 11), datetime.date(2025, 12, 19)),
        read("costs", 940, BEGIN, AS_OF),
    )


def fake_report(customers: int = 1500, seed: int = 7) -> ReportData:
    """A business with everything."""
    log = drawn_log(customers, seed)
    frame = {"customer_id": log.ids, "date": [day(d) for d in log.days], "amount": log.amounts}
    summary = kw.summarize(frame, unit="month", end=AS_OF)
    models = [model.fit(summary) for model in (kw.BgNbd, kw.MbgNbd, kw.ParetoNbd)]
    spend = kw.GammaGamma.fit(summary)
    chosen = min((m for m in models if m.outcome == "converged"), key=lambda m: m.aic or 0.0)
    rows = _rows(log, summary, chosen, spend, seed)
    lorenz = _lorenz(np.asarray(summary["revenue"]))
    headline = _headline(rows, kw.classify_abc(summary["revenue"]), lorenz)
    options = SimpleNamespace(
        units_per_year=12.0,
        convention="gupta_lehmann",
        start=BEGIN,
        phases=PHASE_PARAMETERS,
        abc=SimpleNamespace(a_share=0.80, b_share=0.95, rule="crossing_included"),
        rfm_classes=5,
    )
    overview: Any = SimpleNamespace(
        headline=headline, models=tuple(models), chosen=chosen, spend=spend, currency="EUR", options=options
    )
    best = sorted(rows, key=lambda row: -(row["lifetime_value"] or -1.0))
    return ReportData(
        source="shop",
        settings=ReportSettings(
            unit="month", as_of=AS_OF, horizon=12, annual_discount_rate=0.10, convention="gupta_lehmann"
        ),
        tables=_tables(log, customers),
        overview=overview,
        chosen_why="lowest AIC of 3 models that converged",
        repeats=Repeats(len(summary), int((summary["frequency"] > 0).sum()), int(summary["frequency"].sum())),
        expected_transactions=sum(row["expected_transactions"] or 0 for row in rows),
        value_why="",
        holdout=None,
        abc_why="",
        rfm=_grid(rows),
        rfm_why="",
        top=tuple(line_of(row) for row in best[:10]),
        ranked_by="lifetime value",
        endangered=tuple(line_of(row) for row in best if row["phase"] == "endangered"),
        tracking=_tracking(log),
        revenue_lorenz=lorenz,
        value_lorenz=lorenz,
        truth=TruthComparison(
            states={
                "alive": {"mature": 240, "development": 180, "endangered": 31},
                "gone": {"lost": 402, "endangered": 57},
            },
            agreement=0.941,
            compared=910,
            rank_correlation=0.873,
            top_share=0.1,
            top_captured=0.792,
            valued=512,
        ),
        customers=pa.Table.from_pylist(rows, SCHEMA),
        notes=("Amounts are net of returns.",),
    )
