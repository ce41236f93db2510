"""The pages of the shop and of CDNOW, from their files: what stands on a page is what the overview says."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import kundenwert as kw
import pytest
from browser import CHROMIUM, print_pdf, screenshot, visit
from conftest import ROOT
from kundenwert.report.analysis import report_on
from kundenwert.report.data import ReportData
from kundenwert.report.files import data_files
from kundenwert.report.labels import LANGUAGES, Language, Words
from kundenwert.report.page import page_html, write_page
from kundenwert.report.reading import read_base
from kundenwert.report.settings import ReadSettings, ReportSettings
from test_page import Outline, said

PICTURES = ROOT / "build/page"


def no_step(_: str) -> Callable[[float], object]:
    return lambda _: None


def reported(path: Path, settings: ReportSettings) -> ReportData:
    read = read_base(ReadSettings(data_files([path])), 1, no_step)
    return report_on(read, settings, no_step, source=str(path))


@pytest.fixture(scope="module")
def shop() -> ReportData:
    settings = ReportSettings(
        unit="month",
        as_of=datetime.date(2025, 12, 31),
        horizon=12,
        annual_discount_rate=0.10,
        convention="first_margin_now",
    )
    return reported(ROOT / "examples/data/shop", settings)


@pytest.fixture(scope="module")
def cdnow(log_csv: Path) -> ReportData:
    settings = ReportSettings(
        unit="week",
        as_of=datetime.date(1997, 9, 30),
        horizon=52,
        annual_discount_rate=0.10,
        holdout_end=datetime.date(1998, 6, 30),
    )
    return reported(log_csv, settings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_the_overview_says(shop: ReportData, language: Language) -> None:
    words = Words(language, "EUR")
    text = said(page_html(shop, language))
    head = shop.overview.headline
    money = [head.customer_equity.value, head.value_at_risk.value, head.revenue]
    for number in (
        *(f"{words.number(value)} EUR" for value in money),
        *(words.number(count) for count in (head.current, head.potential, head.lost)),
        *(words.percent(rate) for rate in (head.retention.rate, head.retention.lower, head.retention.upper)),
        words.percent(head.revenue_concentration.top_20_share),
        words.percent(head.annual_retention_rate),
        *(words.number(line.customers) for line in head.phases.values()),
        *(words.number(line.lifetime_value, 2) for line in (*shop.top, *shop.endangered[:10])),
        *(words.number(model.aic, 2) for model in shop.overview.models),
        *(words.number(table.rows_read) for table in shop.tables),
        f"kundenwert {kw.__version__}",
    ):
        assert " ".join(number.split()) in text, number


def test_the_page_is_compared_with_the_truth(shop: ReportData) -> None:
    assert shop.truth is not None
    text = said(page_html(shop))
    agreement = f"Kind of customer as in truth (of {shop.truth.compared:,} customers) {shop.truth.agreement:.1%}"
    assert agreement in text
    assert f"{shop.truth.rank_correlation:.3f}" in text
    assert "Customers by phase and true state" in text


def test_a_plain_log_has_no_contracts_and_no_truth(cdnow: ReportData) -> None:
    html = page_html(cdnow)
    text = said(html)
    assert "Retention rate Not available: nobody was a customer twelve months before." in text
    assert "values are revenue: no margin is known" in text
    for absent in ("Contracts", "Complaints", "truth", "EUR"):
        assert absent not in text
    assert html.count("<svg") == 4


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_browser_has_nothing_to_say(shop: ReportData, tmp_path: Path, language: Language) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = PICTURES / f"shop-{language}.html"
    write_page(shop, page, language)
    found = visit(page, tmp_path)
    assert (found.console, found.requests, found.failed) == ((), (), ())
    assert re.sub(r"\s", "", "".join(Outline(found.document).words)) == re.sub(
        r"\s", "", "".join(Outline(page.read_text(encoding="utf-8")).words)
    )
    if language == "en":
        screenshot(page, PICTURES / "desktop.png", tmp_path / "profile", width=1200, height=1900)
        screenshot(page, PICTURES / "telephone.png", tmp_path / "profile", width=500, height=3000, scale=2)
        print_pdf(page, PICTURES / "print.pdf", tmp_path / "profile")
        for name, begin in (("desktop.png", b"\x89PNG"), ("telephone.png", b"\x89PNG"), ("print.pdf", b"%PDF")):
            content = (PICTURES / name).read_bytes()
            assert content.startswith(begin)
            assert len(content) > 20_000
