"""Reference table of what customers will do, found by integrating over the rates of one customer: the likelihood and
the future of somebody with a purchase rate lambda and a dropout rate mu (or dropout probability p) are elementary, and
the mixing distributions are integrated by Gauss-Legendre panels in ln lambda and ln mu (or the logit of p). No formula
of the library is used.

    python btyd_future.py       writes btyd_future.csv beside this file (needs numpy)
"""

import math
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)


def panels(*edges):
    """Nodes and weights between the edges: (edge, panels up to the next edge) pairs and the last edge."""
    *parts, last = edges
    starts = [edge for edge, _ in parts] + [last]
    cuts = np.concatenate([np.linspace(starts[i], starts[i + 1], n, endpoint=False) for i, (_, n) in enumerate(parts)])
    cuts = np.append(cuts, last)
    half = np.diff(cuts) / 2
    at = (cuts[:-1, None] + half[:, None] * (1 + NODES)).ravel()
    return at, (half[:, None] * WEIGHTS).ravel()


def gamma_nodes(shape, rate):
    """Values, and logarithms of weights of a gamma distribution: fine where somebody who bought can be."""
    v, w = panels((-50 / shape - 12, 30), (-8, 40), 6 + math.log(shape + 1))
    x = np.exp(v) / rate
    log_weight = np.log(w) + shape * v - np.exp(v) - math.lgamma(shape)
    keep = log_weight > -200
    return x[keep], log_weight[keep]


def beta_nodes(a, b):
    """Values p, ln(1 - p), and logarithms of weights of a beta distribution."""
    y, w = panels((-50 / a - 12, 30), (-10, 40), (6, 12), 50 / b + 8)
    log_p = -np.logaddexp(0, -y)
    log_q = -np.logaddexp(0, y)
    log_weight = np.log(w) + a * log_p + b * log_q - (math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b))
    keep = log_weight > -200
    return np.exp(log_p[keep]), log_q[keep], log_weight[keep]


def poisson_log(n, mean):
    return n * np.log(mean) - mean - math.lgamma(n + 1)


def at_least(n, mean):
    """P(Poisson(mean) >= n): the upper sum where n is above the mean, one less the lower sum elsewhere."""
    small = np.minimum(mean, n)
    upper = np.zeros_like(mean)
    term = np.exp(poisson_log(n, small))
    for k in range(n + 1, n + 400):
        upper += term
        term = term * small / k
    lower = sum((np.exp(poisson_log(k, mean)) for k in range(n)), np.zeros_like(mean))
    return np.where(mean < n, upper, 1 - lower)


def overdue(log_lam, lam, x, t_x, age):
    """P(another purchase between t_x and T), given the rate, of somebody alive throughout: mean over the posterior."""
    log_weight = log_lam + x * np.log(lam) - lam * t_x
    weight = np.exp(log_weight - log_weight.max())
    return float((weight * -np.expm1(-lam * (age - t_x))).sum() / weight.sum())


def answers(alive, gone, events, lam, other):
    """From weights (alive and gone) over the rates and events given the rates, of somebody alive."""
    total = alive.sum() + gone.sum()
    p_alive = alive.sum() / total
    after, purchase, count, tail, waiting = (float((alive * e).sum() / total) for e in events)
    n, horizon = events_at
    return [
        after,
        purchase,
        count + (1 - p_alive if n == 0 else 0),
        tail + (1 - p_alive if n == 0 else 0),
        waiting + (1 - p_alive) * horizon,
        float(((alive + gone) * lam).sum() / total),
        float(((alive + gone) * other).sum() / total),
    ]


events_at = (0, 0.0)


def pareto(theta, x, t_x, age, n, h):
    r, alpha, s, beta = theta
    lam, log_lam = gamma_nodes(r, alpha)
    late = overdue(log_lam, lam, x, t_x, age)
    mu, log_mu = gamma_nodes(s, beta)
    lam, mu = lam[:, None], mu[None, :]
    prior = log_lam[:, None] + log_mu[None, :] + x * np.log(lam)
    both = lam + mu
    shift = (prior - both * age).max()
    alive = np.exp(prior - both * age - shift)
    gone = mu / both * (np.exp(prior - both * t_x - shift) - np.exp(prior - both * age - shift))
    # n purchases: alive all the time, or dead after n of them.
    count = np.exp(poisson_log(n, lam * h) - mu * h) + np.exp(n * np.log(lam / both)) * mu / both * at_least(
        n + 1, both * h
    )
    tail = np.exp(n * np.log(lam / both)) * (at_least(n, both * h) if n > 0 else 1)
    purchase = lam / both * -np.expm1(-both * h)
    waiting = h - lam / both * (h - -np.expm1(-both * h) / both)
    return [*answers(alive, gone, (np.exp(-mu * h), purchase, count, tail, waiting), lam, mu), late]


def beta_geometric(theta, x, t_x, age, n, h, is_modified):
    r, alpha, a, b = theta
    lam, log_lam = gamma_nodes(r, alpha)
    late = overdue(log_lam, lam, x, t_x, age)
    p, log_q, log_p = beta_nodes(a, b)
    lam, p, log_q = lam[:, None], p[None, :], log_q[None, :]
    prior = log_lam[:, None] + log_p[None, :] + x * np.log(lam)
    survived = x + (1 if is_modified else 0)
    log_alive = prior + survived * log_q - lam * age
    shift = log_alive.max()
    alive = np.exp(log_alive - shift)
    gone = np.zeros_like(alive)
    if survived > 0:
        gone = np.exp(prior + np.log(p) + (survived - 1) * log_q - lam * t_x - shift)
    count = np.exp(n * log_q + poisson_log(n, lam * h))
    tail = np.ones_like(count)
    if n > 0:
        tail = np.exp((n - 1) * log_q) * at_least(n, lam * h)
        count = count + p * tail
    events = (np.exp(-lam * p * h), -np.expm1(-lam * h), count, tail, -np.expm1(-lam * h) / lam)
    return [*answers(alive, gone, events, lam, p), late]


CUSTOMERS = [(0, 0, 39), (2, 30.5, 39), (2, 2, 39), (29, 38, 39), (5, 5, 5), (0, 0, 0), (1, 0.5, 200)]
POINTS = [(0, 39.0), (1, 5.0), (3, 39.0), (12, 100.0), (40, 150.0)]
PARETO = [(0.55, 10.6, 0.61, 11.7), (2.0, 5.0, 1.0, 30.0), (0.3, 100.0, 3.0, 20.0)]
GEOMETRIC = [(0.24, 4.4, 0.8, 2.4), (0.5, 6.2, 0.9, 1.6), (3.0, 20.0, 0.3, 0.4), (1.5, 1.0, 5.0, 40.0)]

if __name__ == "__main__":
    rows = []
    for model, settings in ((2, PARETO), (1, GEOMETRIC), (4, GEOMETRIC)):
        for i, theta in enumerate(settings):
            for j, customer in enumerate(CUSTOMERS):
                n, h = POINTS[(i + j) % len(POINTS)]
                events_at = (n, h)
                found = (
                    pareto(theta, *customer, n, h)
                    if model == 2
                    else beta_geometric(theta, *customer, n, h, is_modified=model == 4)
                )
                rows.append((model, *theta, *customer, h, n, *found))
    names = "model,p0,p1,p2,p3,frequency,recency,T,horizon,count"
    names += ",probability_alive_after,probability_of_purchase,probability_of_count,purchase_tail,expected_waiting_time"
    names += ",purchase_rate,dropout,overdue"
    with open(os.path.join(HERE, "btyd_future.csv"), "w", newline="\n") as out:
        out.write(
            "# Origin: numpy, btyd_future.py: integrals over the rates of one customer, in doubles\n" + names + "\n"
        )
        for row in rows:
            out.write(",".join(repr(float(v)) for v in row) + "\n")
    print(len(rows))
