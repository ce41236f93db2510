"""Plots of an overview: matplotlib Axes for notebooks, SVG for the page."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import kundenwert as kw
import matplotlib as mpl
import pytest
from fake_report import fake_report
from kundenwert.report import sections
from kundenwert.report.labels import Words
from matplotlib import pyplot as plt


@pytest.fixture(scope="module")
def seen(log_csv: Path) -> kw.Overview:
    import pyarrow.csv

    base = kw.CustomerBase(transactions=pyarrow.csv.read_csv(log_csv))
    return kw.overview(base, as_of="1997-09-30", unit="week", horizon=52, annual_discount_rate=0.1)


@pytest.fixture(autouse=True)
def _no_figure_is_left():
    yield
    plt.close("all")


def test_phases_have_a_bar_each(seen: kw.Overview) -> None:
    ax = seen.plot_phases()
    counts = [line.customers for line in seen.headline.phases.values() if line.customers]
    assert [bar.get_width() for bar in ax.patches] == counts
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Developing", "Endangered", "Regained", "Lost"]
    assert {text.get_text() for text in ax.texts} == {f"{count:,}" for count in counts}


def test_they_draw_where_they_are_told(seen: kw.Overview) -> None:
    before = dict(mpl.rcParams)
    _, axes = plt.subplots(1, 2)
    assert seen.plot_phases(axes[0], language="de") is axes[0]
    assert seen.plot_lorenz(axes[1], language="de") is axes[1]
    assert axes[0].get_yticklabels()[-1].get_text() == "Verloren"
    assert axes[1].get_xlabel() == "Anteil der Kunden"
    assert dict(mpl.rcParams) == before


def test_the_curve_is_the_concentration(seen: kw.Overview) -> None:
    ax = seen.plot_lorenz()
    curve = ax.lines[1].get_xydata()
    assert (tuple(curve[0]), tuple(curve[-1])) == ((0, 0), (1, 1))
    assert (curve[1:] >= curve[:-1]).all()
    share = seen.headline.revenue_concentration.top_20_share
    point = next(line for line in ax.lines if line.get_marker() == "o")
    assert point.get_xydata().tolist() == [[0.2, share]]


def test_svg_is_small_and_stands_alone() -> None:
    drawn = [plot.drawn for plot in sections.plots(fake_report(400), Words("de", "EUR"))]
    assert len(drawn) == 4
    ids: set[str] = set()
    for text in drawn:
        root = ElementTree.fromstring(text)
        assert root.get("role") == "img"
        assert root.get("aria-label")
        assert not re.search(r"<(metadata|\?xml|!DOCTYPE|!--)|#[0-9a-f]{6}", text)
        assert len(text) < 40_000
        mine = {found for element in root.iter() if (found := element.get("id"))}
        assert ids.isdisjoint(mine)
        ids |= mine
