"""Plots of the diagnostics of a model: each draws a result on matplotlib Axes and returns them.

They need matplotlib (``pip install kundenwert[plots]``). What they show is in the results themselves, for other plots.

Examples
--------
>>> import kundenwert as kw
>>> from kundenwert import plots
>>> model = kw.BgNbd(r=0.24, alpha=4.41, a=0.79, b=2.43, unit="week")
>>> customers = {"frequency": [2, 1, 0, 4], "recency": [30, 5, 0, 35], "T": [39, 39, 39, 39]}
>>> plots.plot_frequencies(kw.frequency_histogram(model, customers, largest=4)).get_xlabel()
'repeat purchases'
"""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.ticker import MaxNLocator

from kundenwert.comparisons import Backtest
from kundenwert.diagnostics import ConditionalExpectations, FrequencyHistogram, Heterogeneity, HistoryGrid
from kundenwert.errors import KundenwertError
from kundenwert.report.plots import INK, MAIN, SOFT, WARN, bare, on_axes
from kundenwert.tracking import TrackingResult

__all__ = [
    "plot_calibration",
    "plot_conditional_expectations",
    "plot_frequencies",
    "plot_heterogeneity",
    "plot_history_grid",
    "plot_tracking",
]

_DASHED = (0, (4, 2))


def plot_frequencies(histogram: FrequencyHistogram, *, ax: Axes | None = None) -> Axes:
    """Customers by number of repeat purchases, counted and under the model.

    Parameters
    ----------
    histogram : FrequencyHistogram
        Of :func:`frequency_histogram`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None: on new ones of pyplot.

    Returns
    -------
    matplotlib.axes.Axes
    """
    frequency = histogram["frequency"]
    names = [*(f"{f}" for f in frequency[:-1]), f"{frequency[-1]}+"]

    def draw(on: Axes) -> Axes:
        on.bar(frequency - 0.2, histogram["actual"], width=0.38, color=SOFT, label="actual")
        on.bar(frequency + 0.2, histogram["expected"], width=0.38, color=MAIN, label="expected")
        on.set_xticks(frequency, names)
        on.set_xlabel("repeat purchases")
        on.set_ylabel("customers")
        on.legend(frameon=False)
        bare(on, "y")
        return on

    return on_axes(ax, draw)


def plot_conditional_expectations(expectations: ConditionalExpectations, *, ax: Axes | None = None) -> Axes:
    """Mean purchases in the hold-out by group, counted and expected.

    Parameters
    ----------
    expectations : ConditionalExpectations
        Of :func:`conditional_expectations`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None: on new ones of pyplot.

    Returns
    -------
    matplotlib.axes.Axes
    """
    after, up_to = expectations["after"], expectations["up_to"]
    if expectations.by == "frequency":
        names = [f"{a + 1:.0f}+" if math.isinf(u) else f"{u:.0f}" for a, u in zip(after, up_to, strict=True)]
    else:
        names = ["none" if u == 0 else f"{u:.3g}" for u in up_to]
    places = np.arange(len(names))

    def draw(on: Axes) -> Axes:
        on.plot(places, expectations["actual_mean"], color=INK, marker="o", markersize=4, label="actual")
        on.plot(
            places,
            expectations["expected_mean"],
            color=MAIN,
            linestyle=_DASHED,
            marker="o",
            markersize=4,
            label="expected",
        )
        on.set_xticks(places, names)
        on.set_xlabel("repeat purchases" if expectations.by == "frequency" else "age at the last purchase, up to")
        on.set_ylabel("mean purchases in the hold-out")
        on.set_ylim(bottom=0)
        on.legend(frameon=False)
        bare(on, "y")
        return on

    return on_axes(ax, draw)


def plot_tracking(tracking: TrackingResult, *, incremental: bool = False, ax: Axes | None = None) -> Axes:
    """Repeat purchases of all customers over time, counted and expected.

    Parameters
    ----------
    tracking : TrackingResult
        Of :func:`track_repeat_purchases`.
    incremental : bool
        From one day to the next instead of since the first.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None: on new ones of pyplot.

    Returns
    -------
    matplotlib.axes.Axes
    """
    days = date2num(tracking.days)
    actual = tracking.actual_step if incremental else tracking.actual
    expected = tracking.expected_step if incremental else tracking.expected

    def draw(on: Axes) -> Axes:
        on.plot(days, actual, color=INK, label="actual")
        on.plot(days, expected, color=MAIN, linestyle=_DASHED, label="expected")
        if len(days):
            until = date2num(tracking.as_of)
            if until < days[-1]:
                on.axvline(until, color=WARN, linewidth=1)
            on.set_xlim(days[0], days[-1])
        locator = AutoDateLocator()
        on.xaxis.set_major_locator(locator)
        on.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        on.set_ylabel("repeat purchases" + ("" if incremental else ", cumulated"))
        on.set_ylim(bottom=0)
        on.legend(frameon=False, loc="upper left")
        bare(on, "y")
        return on

    return on_axes(ax, draw)


def plot_history_grid(grid: HistoryGrid, *, ax: Axes | None = None) -> Axes:
    """An answer for every history, as colors: the probability-alive matrix.

    Parameters
    ----------
    grid : HistoryGrid
        Of :func:`history_grid`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None: on new ones of pyplot.

    Returns
    -------
    matplotlib.axes.Axes
    """
    frequency = np.unique(grid["frequency"])
    recency = np.unique(grid["recency"])
    values = grid["value"].reshape(len(frequency), len(recency))

    def draw(on: Axes) -> Axes:
        image = on.pcolormesh(recency, frequency, values, shading="nearest", cmap="viridis")
        bar = on.figure.colorbar(image, ax=on)
        bar.set_label(grid.quantity.replace("_", " "))
        on.set_xlabel("age at the last purchase")
        on.set_ylabel("repeat purchases")
        on.yaxis.set_major_locator(MaxNLocator(integer=True))
        return on

    return on_axes(ax, draw)


def plot_heterogeneity(densities: Heterogeneity, *, of: str | None = None, ax: Axes | None = None) -> Axes:
    """The density of one distribution over the customers.

    Parameters
    ----------
    densities : Heterogeneity
        Of :func:`heterogeneity`.
    of : str, optional
        Which one; None: the first.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None: on new ones of pyplot.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    KundenwertError
        unknown_code where there is no such distribution.
    """
    there = list(dict.fromkeys(densities["of"]))
    chosen = there[0] if of is None else of
    if chosen not in there:
        raise KundenwertError(f"is none of {', '.join(there)}", code="unknown_code", argument="of")
    rows = densities["of"] == chosen

    def draw(on: Axes) -> Axes:
        values, density = densities["value"][rows], densities["density"][rows]
        on.fill_between(values, density, color=SOFT, alpha=0.5, linewidth=0)
        on.plot(values, density, color=MAIN)
        on.set_xlabel(chosen.replace("_", " "))
        on.set_ylabel("density of customers")
        on.set_ylim(bottom=0)
        bare(on, "y")
        return on

    return on_axes(ax, draw)


def plot_calibration(
    backtest: Backtest, *, model: str | None = None, origin: int | None = None, ax: Axes | None = None
) -> Axes:
    """Predicted and actual means by tenth of the customers.

    Parameters
    ----------
    backtest : Backtest
        Of :func:`backtest`.
    model : str, optional
        Name of a model in it; None: the first.
    origin : int, optional
        From 1; None: all together, or the only one.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None: on new ones of pyplot.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    KundenwertError
        unknown_code where there is no such model or origin.
    """
    table = backtest.deciles.to_arrow()
    lines = table.to_pylist()
    chosen = model if model is not None or not lines else lines[0]["model"]
    of_model = [line for line in lines if line["model"] == chosen]
    at = origin
    if origin is None and of_model and all(line["origin"] is not None for line in of_model):
        at = of_model[0]["origin"]
    rows = [line for line in of_model if line["origin"] == at]
    if not rows:
        argument = "origin" if of_model else "model"
        raise KundenwertError("is not in the backtest", code="unknown_code", argument=argument)
    decile = [line["decile"] for line in rows]
    means = {
        name: [math.nan if line[name] is None else line[name] for line in rows]
        for name in ("actual_mean", "predicted_mean")
    }

    def draw(on: Axes) -> Axes:
        on.plot(decile, means["actual_mean"], color=INK, marker="o", markersize=4, label="actual")
        on.plot(
            decile, means["predicted_mean"], color=MAIN, linestyle=_DASHED, marker="o", markersize=4, label="predicted"
        )
        on.set_xticks(decile)
        on.set_xlabel("tenth of the customers by prediction")
        on.set_ylabel("mean purchases in the hold-out")
        on.set_ylim(bottom=0)
        on.legend(frameon=False)
        bare(on, "y")
        return on

    return on_axes(ax, draw)
