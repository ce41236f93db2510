"""The plots of a customer base as matplotlib Axes, and as SVG that stands in a page: the same bytes for the same
numbers, text as text, colors that the page may change.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, MonthLocator, YearLocator, date2num
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from kundenwert.classification import AbcClass
from kundenwert.concentrations import lorenz_curve
from kundenwert.report.data import LorenzCurve, Tracking
from kundenwert.report.labels import Language, Words

if TYPE_CHECKING:
    from kundenwert.overviews import Overview

__all__ = ["bare", "draw_lorenz", "draw_phases", "draw_tracking", "on_axes", "plot_lorenz", "plot_phases", "svg"]

INK = "#1c2733"
MUTED = "#5a6775"
GRID = "#dbe1e7"
MAIN = "#17706e"
SOFT = "#a9cfcb"
WARN = "#b3541e"
POTENTIAL = "#6d8fb3"
LOST = "#9aa4ae"
_KIND_COLORS: Mapping[str, str] = {"potential": POTENTIAL, "current": MAIN, "lost": LOST}
_KINDS: Mapping[str, str] = {  # of the phases whose customers are not current ones
    **dict.fromkeys(("prospect", "prospect_cold", "acquisition"), "potential"),
    **dict.fromkeys(("lost", "win_back"), "lost"),
}

# The page gives these colors again for a dark screen.
_VARIABLES: Mapping[str, str] = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--line",
    MAIN: "--main",
    SOFT: "--soft",
    WARN: "--warn",
    POTENTIAL: "--potential",
    LOST: "--lost",
}

_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "kundenwert",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": GRID,
    "axes.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 9,
    "axes.labelsize": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "lines.linewidth": 2,
    "path.simplify": True,
}
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)  # between dates on an axis
_DATES = 6  # that fit
_DAYS_PER_MONTH = 30.4
_CURVE_POINTS = 200
_SIZE = (4.4, 2.95)  # inches: on a telephone nearly as large as it is drawn


def bare(ax: Axes, axis: str) -> None:
    """A light grid behind the plot, across ``axis``, and no ticks."""
    ax.grid(visible=True, axis=axis)  # type: ignore[arg-type]
    ax.set_axisbelow(True)
    ax.tick_params(length=0)


def draw_phases(ax: Axes, values: Mapping[str, float], words: Words, write: Callable[[float], str]) -> Axes:
    """A bar for each phase, the first one on top; ``write`` says what stands beside a bar."""
    places = list(range(len(values)))
    kinds = [_KINDS.get(phase, "current") for phase in values]
    colors = [WARN if p == "endangered" else _KIND_COLORS[kind] for p, kind in zip(values, kinds, strict=True)]
    bars = ax.barh(places, list(values.values()), height=0.66, color=colors)
    ax.bar_label(bars, [write(value) for value in values.values()], padding=4, fontsize=8.5, color=INK)
    ax.set_yticks(places, [words.label("phase", phase) for phase in values])
    ax.invert_yaxis()
    if len(set(kinds)) > 1:
        patches = [Patch(color=_KIND_COLORS[kind], label=words.label("kind", kind)) for kind in dict.fromkeys(kinds)]
        ax.legend(
            handles=patches,
            loc="upper right",
            bbox_to_anchor=(1, 0),
            ncols=3,
            frameon=False,
            fontsize=8,
            handlelength=0.8,
            handleheight=0.8,
            handletextpad=0.4,
            columnspacing=1.2,
        )
    ax.set_xticks([])
    ax.margins(x=0.22, y=0.02)
    ax.axvline(0, color=GRID, linewidth=0.8)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(length=0)
    return ax


def draw_lorenz(
    ax: Axes, curve: LorenzCurve, classes: Mapping[str, AbcClass], top_20_share: float | None, words: Words
) -> Axes:
    """Share of value over share of customers, the best ones first, with the classes A, B, C under it."""
    # The curve has the customers with the least first.
    xs = [1 - share for share in reversed(curve.share_of_customers)]
    ys = [1 - share for share in reversed(curve.share_of_value)]
    ax.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=(0, (3, 3)))
    ax.text(0.98, 0.52, words("plot.equal"), color=MUTED, fontsize=8.5, ha="right", va="top")
    ax.fill_between(xs, ys, color=SOFT, alpha=0.35, linewidth=0)
    ax.plot(xs, ys, color=MAIN)
    begin = 0.0
    for name, line in classes.items():
        end = begin + line.share_of_customers
        ax.axvline(min(end, 1), color=GRID, linewidth=0.8)
        if line.share_of_customers > 0.05:
            ax.text((begin + end) / 2, 0.035, name, color=MUTED, ha="center", fontsize=9, fontweight="bold")
        begin = end
    if top_20_share is not None:
        ax.plot([0.2], [top_20_share], "o", color=WARN, markersize=5)
        ax.annotate(
            words("plot.lorenz_point", share=words.short_percent(0.2), value_share=words.percent(top_20_share)),
            (0.2, top_20_share),
            xytext=(9, -4),
            textcoords="offset points",
            va="top",
            color=INK,
            fontsize=8.5,
        )
    percent = FuncFormatter(lambda value, _: words.percent(value, 0))
    ax.xaxis.set_major_formatter(percent)
    ax.yaxis.set_major_formatter(percent)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1.01)
    ax.set_xlabel(words("plot.share_of_customers"))
    ax.set_ylabel(words("plot.share_of_revenue"))
    bare(ax, "y")
    return ax


def draw_tracking(ax: Axes, tracking: Tracking, words: Words) -> Axes:
    """Repeat purchases of all customers so far, actual and expected by the model."""
    days = date2num(tracking.days)
    actual = [math.nan if count is None else count for count in tracking.actual]
    ax.plot(days, actual, color=INK, label=words("plot.actual"))
    ax.plot(days, tracking.expected, color=MAIN, linestyle=(0, (4, 2)), label=words("plot.expected"))
    if tracking.as_of < tracking.days[-1]:
        until = date2num(tracking.as_of)
        ax.axvline(until, color=WARN, linewidth=1)
        ax.annotate(
            words("plot.estimated_until"),
            (until, 0.04),
            xycoords=("data", "axes fraction"),
            xytext=(-5, 0),
            textcoords="offset points",
            ha="right",
            color=WARN,
            fontsize=8.5,
        )
    months = (days[-1] - days[0]) / _DAYS_PER_MONTH
    step = next((step for step in _MONTH_STEPS if months <= _DATES * step), _MONTH_STEPS[-1])
    ax.xaxis.set_major_locator(MonthLocator(range(1, 13, step)) if step <= 12 else YearLocator(step // 12))
    ax.xaxis.set_major_formatter(DateFormatter("%Y-%m" if words.language == "en" else "%m.%Y"))
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.number(value)))
    ax.set_ylabel(words("plot.cumulated"))
    ax.set_xlim(days[0], days[-1])
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False, loc="upper left", fontsize=8.5)
    bare(ax, "y")
    return ax


def on_axes(ax: Axes | None, draw: Callable[[Axes], Axes]) -> Axes:
    """Draws on the given Axes, or on new ones of pyplot."""
    from matplotlib import pyplot as plt

    with mpl.rc_context(_STYLE):
        return draw(plt.subplots(layout="constrained")[1] if ax is None else ax)


def plot_phases(seen: Overview, ax: Axes | None, language: Language) -> Axes:
    """Customers by phase."""
    words = Words(language)
    counts = {phase: float(line.customers) for phase, line in seen.headline.phases.items() if line.customers}
    return on_axes(ax, lambda on: draw_phases(on, counts, words, words.number))


def plot_lorenz(seen: Overview, ax: Axes | None, language: Language) -> Axes:
    """Concentration of revenue; empty Axes without a positive one."""
    points = lorenz_curve(seen.to_arrow()["revenue"], most_points=_CURVE_POINTS, negative="leave_out")
    head = seen.headline
    if not points:
        return on_axes(ax, lambda on: on)
    curve = LorenzCurve(tuple(x for x, _ in points), tuple(y for _, y in points))
    share = head.revenue_concentration.top_20_share
    return on_axes(ax, lambda on: draw_lorenz(on, curve, head.abc.classes, share, Words(language)))


def svg(draw: Callable[[Axes], object], name: str, label: str) -> str:
    """A plot as an SVG element.

    Parameters
    ----------
    draw : callable
        Draws on the Axes it is given.
    name : str
        Prefix of the ids in the element, so that those of two plots on a page differ.
    label : str
        What the plot says, for those who do not see it.
    """
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=_SIZE, layout="constrained")
        figure.patch.set_visible(False)
        ax = figure.add_subplot()
        ax.patch.set_visible(False)
        draw(ax)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", text)
    for color, variable in _VARIABLES.items():
        text = text.replace(color, f"var({variable})")
    head = re.match(r"<svg[^>]*>", text)
    box = re.search(r'viewBox="[^"]*"', text)
    if head is None or box is None:
        raise AssertionError("matplotlib wrote no <svg> with a viewBox")
    opening = f'<svg {box.group()} role="img" aria-label="{escape(label)}" xmlns:xlink="http://www.w3.org/1999/xlink">'
    return re.sub(r">\s+<", "><", opening + text[head.end() :].strip())
