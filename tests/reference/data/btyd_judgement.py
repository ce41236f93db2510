"""Reference tables of how well BG/NBD, Pareto/NBD and MBG/NBD forecast the CDNOW customers, from the transactions and
the maximum likelihood estimates of btyd_cdnow_<model>.csv. Forecasts are sums over the distribution of the number of
purchases, n = 0 ... 250; that of BG/NBD and MBG/NBD from the moments of the beta distribution, that of Pareto/NBD from
integrals over the time of death by Gauss-Legendre panels. No formula of the library is used for an expectation.

    btyd_judgement_scores.csv     scores of the hold-out, 1997-10-01 to 1998-06-30
    btyd_judgement_deciles.csv    tenths of the customers by prediction; equal predictions share one
    btyd_judgement_histogram.csv  customers by frequency, counted and expected

The Gini coefficient is that of google/lifetime_value (metrics.py), equal predictions given the mean of their customers.

    python btyd_judgement.py       writes them beside this file (needs numpy)
"""

import csv
import datetime
import math
import os
from collections import defaultdict

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
LOG = os.path.join(HERE, "..", "..", "..", "examples", "data", "cdnow", "transactions.csv")
END = datetime.date(1997, 9, 30)
WEEKS = 39
COUNTS = np.arange(251)
LOG_FACTORIAL = np.array([math.lgamma(n + 1) for n in COUNTS])
NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)


def customers():
    """Frequency, recency, T in weeks, and purchases in the hold-out."""
    days = defaultdict(set)
    with open(LOG, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            days[row["customer_id"]].add(datetime.date.fromisoformat(row["date"]))
    out = []
    for bought in days.values():
        known = sorted(d for d in bought if d <= END)
        first = known[0]
        out.append((len(known) - 1, (known[-1] - first).days / 7, (END - first).days / 7, sum(d > END for d in bought)))
    return np.array(out, dtype=float)


def estimates(model):
    with open(os.path.join(HERE, f"btyd_cdnow_{model}.csv"), encoding="utf-8") as file:
        rows = [line for line in file if not line.startswith("#")]
    found = next(csv.DictReader(rows))
    names = {"pareto_nbd": "r alpha s beta"}.get(model, "r alpha a b").split()
    return [float(found[name]) for name in names]


def negative_binomial(shape, scale, t):
    """P(n purchases within t), n along the last axis; t may be an array."""
    t = np.asarray(t, dtype=float)[..., None]
    rising = np.concatenate([[0.0], np.cumsum(np.log(shape + COUNTS[:-1]))])
    share = np.log(t) - np.log(scale + t)
    return np.exp(rising - LOG_FACTORIAL - shape * np.log1p(t / scale) + COUNTS * share)


def beta_counts(shape, scale, a, b, t):
    """Of somebody alive whose dropout probability is Beta(a, b)."""
    counts = negative_binomial(shape, scale, t)
    survived = np.cumprod(np.concatenate([[1.0], (b + COUNTS[:-1]) / (a + b + COUNTS[:-1])]))  # E[(1 - p)^n]
    left = np.concatenate([[0.0], survived[:-1] - survived[1:]])  # E[p (1 - p)^(n - 1)]
    at_least = 1 - np.concatenate([[0.0], np.cumsum(counts)[:-1]])
    return counts * survived + left * at_least


def panels(begin, end, scale, count=60):
    """Nodes and weights on [begin, end], even in ln(scale + u)."""
    cuts = np.linspace(math.log(scale + begin), math.log(scale + end), count + 1)
    half = np.diff(cuts) / 2
    y = (cuts[:-1, None] + half[:, None] * (1 + NODES)).ravel()
    return np.exp(y) - scale, (half[:, None] * WEIGHTS).ravel() * np.exp(y)


def pareto_counts(shape, scale, s, beta, t):
    """Of somebody alive whose lifetime is Lomax(s, beta)."""
    u, w = panels(0, t, min(scale, beta))
    gone = (w * s / beta * (1 + u / beta) ** (-s - 1)) @ negative_binomial(shape, scale, u)
    return negative_binomial(shape, scale, t) * (1 + t / beta) ** -s + gone


def forecast(model, theta, x, t_x, age, t):
    """Distribution of the number of purchases within t after `age`."""
    r, alpha, a, b = theta
    if model == "pareto_nbd":
        s, beta = a, b
        alive = 1.0
        if age > t_x:
            u, w = panels(t_x, age, min(alpha, beta))
            lived = -(r + x) * np.log((alpha + u) / (alpha + age)) - s * np.log((beta + u) / (beta + age))
            alive = 1 / (1 + float(np.sum(w * s / (beta + u) * np.exp(lived))))
        counts = pareto_counts(r + x, alpha + age, s, beta + age, t)
    else:
        again = x + (1 if model == "mbg_nbd" else 0)  # chances to leave that were had
        odds = a / (b + again - 1) * ((alpha + age) / (alpha + t_x)) ** (r + x) if again > 0 else 0.0
        alive = 1 / (1 + odds)
        counts = beta_counts(r + x, alpha + age, a, b + again, t)
    counts = alive * counts
    counts[0] += 1 - alive
    return counts


def ranks(values):
    ordered = np.sort(values)
    return (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right") + 1) / 2


def gini(truth, estimate):
    """2 sum(gain) / n - 1 of the gain chart, best estimates first."""
    means = {}
    for value in np.unique(estimate):
        means[value] = truth[estimate == value].mean()
    order = np.argsort(-estimate, kind="stable")
    gain = np.cumsum([means[value] for value in estimate[order]]) / truth.sum()
    return 2 * gain.sum() / len(truth) - 1


def scores(rows, counts, which):
    """Of counts of distinct customers, and which of them each customer is: equal customers have equal predictions."""
    actual = rows[:, 3]
    predicted = (counts @ COUNTS)[which]
    counts = counts[which]
    purchase = 1 - counts[:, 0]
    reached = np.cumsum(counts, axis=1)
    low_90, low_80, high_80, high_90 = (np.argmax(reached >= level, axis=1) for level in (0.05, 0.1, 0.9, 0.95))
    own = np.divide(rows[:, 0], rows[:, 2], out=np.zeros(len(rows)), where=rows[:, 2] > 0) * WEEKS
    mean = rows[:, 0].sum() / rows[:, 2].sum() * WEEKS
    bought = actual > 0
    happened = np.where(bought, purchase, 1 - purchase)
    rank_a, rank_p = ranks(actual), ranks(predicted)
    out = {"actual_total": actual.sum(), "predicted_total": predicted.sum()}
    out["bias"] = predicted.sum() - actual.sum()
    out["relative_bias"] = out["bias"] / actual.sum()
    for name, values in (("", predicted), ("own_rate_", own), ("mean_rate_", mean)):
        out[name + "mae"] = np.abs(values - actual).mean()
        out[name + "rmse"] = math.sqrt(((values - actual) ** 2).mean())
    out["normalized_gini"] = gini(actual, predicted) / gini(actual, actual)
    out["rank_correlation"] = np.corrcoef(rank_a, rank_p)[0, 1]
    out["coverage_80"] = ((low_80 <= actual) & (actual <= high_80)).mean()
    out["coverage_90"] = ((low_90 <= actual) & (actual <= high_90)).mean()
    out["buyers"] = bought.mean()
    out["predicted_buyers"] = purchase.mean()
    out["brier"] = ((purchase - bought) ** 2).mean()
    out["log_score"] = -np.log(happened).mean()
    place = np.floor(10 * (ranks(predicted) - 0.5) / len(rows)).astype(int)
    tenths = []
    for d in range(10):
        here = place == d
        tenths.append((d + 1, int(here.sum()), predicted[here].mean(), actual[here].mean()))
    return out, tenths


def write(name, header, rows):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as out:
        out.write("# btyd_judgement.py: CDNOW, distributions of counts by numpy\n")
        out.write(",".join(header) + "\n")
        for row in rows:
            out.write(",".join(repr(float(v)) if isinstance(v, float) else str(v) for v in row) + "\n")


def main():
    rows = customers()
    distinct, which = np.unique(rows[:, :3], axis=0, return_inverse=True)
    ages, age_counts = np.unique(rows[:, 2], return_counts=True)
    all_scores, all_tenths, histogram = [], [], []
    for number, model in ((1, "bg_nbd"), (2, "pareto_nbd"), (4, "mbg_nbd")):
        theta = estimates(model)
        counts = np.array([forecast(model, theta, *row, WEEKS) for row in distinct])
        found, tenths = scores(rows, counts, which.ravel())
        all_scores.append([number, *found.values()])
        all_tenths += [[number, *line] for line in tenths]
        new = sum(n * forecast(model, theta, 0, 0, 0, age) for age, n in zip(ages, age_counts, strict=True))
        for x in range(8):
            actual = int((rows[:, 0] == x).sum() if x < 7 else (rows[:, 0] >= x).sum())
            histogram.append([number, x, actual, float(new[x] if x < 7 else len(rows) - new[:7].sum())])
    write("btyd_judgement_scores.csv", ["model", *found], all_scores)
    write("btyd_judgement_deciles.csv", ["model", "decile", "customers", "predicted_mean", "actual_mean"], all_tenths)
    write("btyd_judgement_histogram.csv", ["model", "frequency", "actual", "expected"], histogram)


if __name__ == "__main__":
    main()
