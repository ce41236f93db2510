"""The answer in plain words: three to five sentences that follow from the numbers alone."""

from __future__ import annotations

from collections.abc import Sequence

from kundenwert.overviews import Headline
from kundenwert.report.data import ReportData
from kundenwert.report.groups import Group, counted
from kundenwert.report.labels import Words

__all__ = ["answer", "fitting", "why_no_value"]

_COMPLAINT_RISKS = frozenset({"open_complaint", "bad_complaint_outcome"})


def fitting(measures: Sequence[str], risks: Sequence[str]) -> list[str]:
    """Measures in their order; complaint management only for somebody who is endangered by a complaint."""
    is_complaint = not _COMPLAINT_RISKS.isdisjoint(risks)
    return [code for code in measures if is_complaint or code != "complaint_management"]


def why_no_value(groups: Sequence[Group], words: Words) -> str:
    """The most frequent reason why current customers have no value."""
    found = counted([g for g in groups if g.kind == "current"], lambda g: g.value_reasons)
    return words.label("reason", found[0][0]) if found else words("why.no_current")


def _value(data: ReportData, groups: Sequence[Group], words: Words) -> str:
    headline = data.overview.headline
    total = headline.customer_equity
    if not total.valued:
        return words("sentence.no_value", reason=why_no_value(groups, words))
    return words(
        "sentence.value",
        horizon=words.units(data.settings.horizon, data.settings.unit),
        value=words.money(total.value),
        basis=words.label("basis", headline.basis),
        rate=words.short_percent(data.settings.annual_discount_rate),
    )


def _risk(headline: Headline, groups: Sequence[Group], words: Words) -> str:
    at_risk = headline.value_at_risk
    if not at_risk.customers:
        return words("sentence.no_risk")
    sign, count = counted(groups, lambda g: g.risks)[0]
    facts = {
        "customers": words.customers(at_risk.customers),
        "risk": words.label("risk", sign),
        "count": words.number(count),
    }
    if not at_risk.valued:
        return words("sentence.risk_without_value", **facts)
    return words("sentence.risk", value=words.money(at_risk.value), **facts)


def _next(headline: Headline, groups: Sequence[Group], words: Words) -> str | None:
    def first_of(phase: str) -> str | None:
        found = counted([g for g in groups if g.phase == phase], lambda g: fitting(g.measures, g.risks)[:1])
        return words.label("measure", found[0][0]) if found else None

    if headline.value_at_risk.customers:
        measure = first_of("endangered")
        return None if measure is None else words("sentence.next_risk", measure=measure)
    current = counted([g for g in groups if g.kind == "current"], lambda g: [g.phase])
    if not current:
        return None
    largest, count = current[0]
    measure = first_of(largest)
    if measure is None:
        return None
    phase = words.label("phase", largest)
    return words("sentence.next_phase", phase=phase, customers=words.customers(count), measure=measure)


def answer(data: ReportData, groups: Sequence[Group], words: Words) -> list[str]:
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
            "sentence.retention_regained" if retention.regained else "sentence.retention",
            regained=words.number(retention.regained),
            customers=words.number(retention.at_start),
            rate=words.percent(retention.rate),
            start=words.date(retention.from_),
            low=words.percent(retention.lower),
            high=words.percent(retention.upper),
        )
    few = None
    share = headline.revenue_concentration.top_20_share
    if share is not None:
        few = words("sentence.concentration", share=words.short_percent(0.2), value_share=words.percent(share))
    risk, do = _risk(headline, groups, words), _next(headline, groups, words)
    said = [base, _value(data, groups, words), kept or few, risk, do]
    return [sentence for sentence in said if sentence is not None]
