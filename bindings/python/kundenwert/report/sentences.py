"""The answer in plain words: three to five sentences that follow from the numbers alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kundenwert.overviews import Headline
from kundenwert.report.data import ReportData
from kundenwert.report.labels import Words

__all__ = ["answer", "counted", "fitting", "why_no_value"]

_COMPLAINT_RISKS = frozenset({"open_complaint", "bad_complaint_outcome"})


def fitting(measures: Sequence[str], risks: Sequence[str]) -> list[str]:
    """Measures in their order; complaint management only for somebody who is endangered by a complaint."""
    is_complaint = not _COMPLAINT_RISKS.isdisjoint(risks)
    return [code for code in measures if is_complaint or code != "complaint_management"]


def counted(lists: Sequence[Sequence[str] | None]) -> list[tuple[str, int]]:
    """How often each word is in the lists, the most frequent first; equal ones in the order of the alphabet."""
    counts = Counter(word for words in lists for word in words or ())
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def why_no_value(data: ReportData, words: Words) -> str:
    """The most frequent reason why current customers have no value."""
    kinds = data.customers["kind"].to_pylist()
    reasons = data.customers["value_reasons"].to_pylist()
    found = counted([why for why, kind in zip(reasons, kinds, strict=True) if kind == "current"])
    return words.label("reason", found[0][0]) if found else words("why.no_current")


def _value(data: ReportData, headline: Headline, words: Words) -> str:
    total = headline.customer_equity
    if not total.valued:
        return words("sentence.no_value", reason=why_no_value(data, words))
    return words(
        "sentence.value",
        horizon=words.units(data.settings.horizon, data.settings.unit),
        value=words.money(total.value),
        basis=words.label("basis", headline.basis),
        rate=words.short_percent(data.settings.annual_discount_rate),
    )


def _risk(data: ReportData, headline: Headline, words: Words) -> str:
    at_risk = headline.value_at_risk
    if not at_risk.customers:
        return words("sentence.no_risk")
    sign, count = counted(data.customers["risks"].to_pylist())[0]
    facts = {
        "customers": words.customers(at_risk.customers),
        "risk": words.label("risk", sign),
        "count": words.number(count),
    }
    if not at_risk.valued:
        return words("sentence.risk_without_value", **facts)
    return words("sentence.risk", value=words.money(at_risk.value), **facts)


def _next(data: ReportData, headline: Headline, words: Words) -> str | None:
    phases = data.customers["phase"].to_pylist()
    measures = data.customers["measures"].to_pylist()
    risks = data.customers["risks"].to_pylist()

    def first_of(phase: str) -> str | None:
        rows = zip(phases, measures, risks, strict=True)
        found = counted([fitting(m or (), r or ())[:1] for p, m, r in rows if p == phase])
        return words.label("measure", found[0][0]) if found else None

    if headline.value_at_risk.customers:
        measure = first_of("endangered")
        return None if measure is None else words("sentence.next_risk", measure=measure)
    kinds = data.customers["kind"].to_pylist()
    current = counted([[p] for p, kind in zip(phases, kinds, strict=True) if kind == "current"])
    if not current:
        return None
    largest, _ = current[0]
    measure = first_of(largest)
    if measure is None:
        return None
    customers = words.customers(headline.phases[largest].customers)
    return words("sentence.next_phase", phase=words.label("phase", largest), customers=customers, measure=measure)


def answer(data: ReportData, words: Words) -> list[str]:
    """The sentences; what is not available is left out, except the value, which says why."""
    headline = data.overview.headline
    if not headline.customers:
        return [words("sentence.empty", as_of=words.date(data.settings.as_of))]
    base = words(
        "sentence.base",
        as_of=words.date(data.settings.as_of),
        current=words.number(headline.current),
        potential=words.number(headline.potential),
        lost=words.number(headline.lost),
    )
    retention = headline.retention
    kept = None
    if retention.rate is not None:
        kept = words(
            "sentence.retention",
            rate=words.percent(retention.rate),
            start=words.date(retention.from_),
            low=words.percent(retention.lower),
            high=words.percent(retention.upper),
        )
    few = None
    share = headline.revenue_concentration.top_20_share
    if share is not None:
        few = words("sentence.concentration", share=words.short_percent(0.2), value_share=words.percent(share))
    risk, do = _risk(data, headline, words), _next(data, headline, words)
    said = [base, _value(data, headline, words), kept or few, risk, do]
    return [sentence for sentence in said if sentence is not None]
