"""Reference tables of the models of discrete time, found with mpmath from the papers' definitions. BG/BB: the chances
to buy and to leave are followed opportunity by opportunity as urns (the predictive probability of a beta distributed
chance), which uses none of the papers' sums; long histories by eq. 5 of Fader, Hardie & Shang (2010). Contracts: S(t)
by Gamma functions, sums term by term.

    python btyd_discrete.py [ratio bg_bb renewals derivatives]
        writes beta_ratio.csv, btyd_bg_bb.csv, btyd_renewals.csv and the btyd_derivatives_*.csv of these models beside
        this file (needs mpmath)
"""

import os
import random
import sys

from mpmath import exp, expm1, inf, log, loggamma, mp, mpf, power

HERE = os.path.dirname(os.path.abspath(__file__))


def text(v):
    if v == inf:
        return "inf"
    if isinstance(v, (int, float)):
        return repr(float(v))
    return mp.nstr(v, 17, min_fixed=0, max_fixed=0)


def write(name, columns, rows):
    with open(os.path.join(HERE, name), "w", newline="\n") as out:
        out.write("# Origin: mpmath, btyd_discrete.py\n" + columns + "\n")
        for row in rows:
            out.write(",".join(text(v) for v in row) + "\n")
    print(name, len(rows))


def log_uniform(low, high):
    return 10 ** random.uniform(low, high)


def log_ratio(a, b, u):
    """ln(B(a, b + u) / B(a, b))"""
    a, b, u = mpf(a), mpf(b), mpf(u)
    return loggamma(b + u) - loggamma(a + b + u) - loggamma(b) + loggamma(a + b)


# --- derivatives -----------------------------------------------------------------------------------------------------


def derivatives(f, theta):
    """Value, gradient and lower triangle of f by central differences; mp.dps is far above what they cost."""
    theta = [mpf(v) for v in theta]
    n = len(theta)
    h = [v * mpf(10) ** -30 for v in theta]

    def at(*moves):
        point = list(theta)
        for i, sign in moves:
            point[i] += sign * h[i]
        return f(*point)

    middle = f(*theta)
    up = [at((i, 1)) for i in range(n)]
    down = [at((i, -1)) for i in range(n)]
    gradient = [(up[i] - down[i]) / (2 * h[i]) for i in range(n)]
    hessian = []
    for i in range(n):
        for j in range(i + 1):
            if i == j:
                hessian.append((up[i] - 2 * middle + down[i]) / h[i] ** 2)
            else:
                hessian.append(
                    (at((i, 1), (j, 1)) - at((i, 1), (j, -1)) - at((i, -1), (j, 1)) + at((i, -1), (j, -1)))
                    / (4 * h[i] * h[j])
                )
    return [middle, *gradient, *hessian]


def names(k):
    first = ",".join(f"d{i}" for i in range(k))
    return "value," + first + "," + ",".join(f"d{i}{j}" for i in range(k) for j in range(i + 1))


def bg_bb_likelihood(x, t_x, n):
    """Eq. 5, terms from one to the next."""

    def f(alpha, beta, gamma, delta):
        def log_beta(a, b):
            return loggamma(a) + loggamma(b) - loggamma(a + b)

        base = log_beta(alpha, beta) + log_beta(gamma, delta)
        alive = exp(log_beta(alpha + x, beta + n - x) + log_beta(gamma, delta + n) - base)
        term = exp(log_beta(alpha + x, beta + t_x - x) + log_beta(gamma + 1, delta + t_x) - base)
        total = alive
        for i in range(n - t_x):
            total += term
            term *= (beta + t_x - x + i) / (alpha + beta + t_x + i) * (delta + t_x + i) / (gamma + 1 + delta + t_x + i)
        return log(total)

    return f


def contract_likelihood(tenure, ended):
    def f(alpha, beta, c=mpf(1)):
        def share(t):
            return exp(log_ratio(alpha, beta, power(t, c))) if t > 0 else mpf(1)

        return log(share(tenure) - share(tenure + 1)) if ended else log(share(tenure))

    return f


def derivative_tables():
    mp.dps = 130
    random.seed(11)
    rows = []
    histories = [
        (0, 0, 6),
        (1, 1, 6),
        (2, 4, 6),
        (6, 6, 6),
        (4, 5, 6),
        (0, 0, 1),
        (0, 0, 0),
        (3, 40, 52),
        (30, 30, 200),
    ]
    settings = [(1.2035, 0.7497, 0.6567, 2.7834)]
    settings += [tuple(log_uniform(-1.5, 1.5) for _ in range(4)) for _ in range(3)]
    settings += [tuple(log_uniform(-6, 6) for _ in range(4)) for _ in range(3)]
    for theta in settings:
        for history in histories:
            rows.append([*theta, *history, *derivatives(bg_bb_likelihood(*history), theta)])
    for theta in settings[:2]:
        for history in [(0, 0, 5000), (2500, 4000, 5000), (5000, 5000, 5000), (1, 1, 5000), (20, 3000, 4000)]:
            rows.append([*theta, *history, *derivatives(bg_bb_likelihood(*history), theta)])
    write("btyd_derivatives_bg_bb.csv", "alpha,beta,gamma,delta,frequency,recency,T," + names(4), rows)

    contracts = [(0, 0), (0, 1), (1, 0), (1, 1), (7, 0), (7, 1), (120, 1), (5000, 0), (100000, 0), (100000, 1)]
    settings = [(0.704, 1.182), (0.668, 3.806), (1e-6, 1e6), (1e6, 1e-6), (1e6, 1e6), (1e-6, 1e-6)]
    settings += [tuple(log_uniform(-3, 3) for _ in range(2)) for _ in range(4)]
    mp.dps = 160
    rows = [
        [*theta, *contract, *derivatives(contract_likelihood(*contract), theta)]
        for theta in settings
        for contract in contracts
    ]
    write("btyd_derivatives_shifted_beta_geometric.csv", "alpha,beta,tenure,ended," + names(2), rows)
    settings = [(0.2143, 1.4266, 1.7236), (0.4556, 0.7793, 1.2835), (0.7, 1.2, 1), (2, 5, 0.01), (3, 1, 8)]
    settings += [(1e-6, 1e6, 0.5), (1e4, 1e6, 1.5), (1e-4, 1e-6, 1e-6), (0.5, 2, 40), (50, 1e-3, 200)]
    settings += [(log_uniform(-3, 3), log_uniform(-3, 3), log_uniform(-1, 0.5)) for _ in range(4)]
    rows = []
    for theta in settings:
        for contract in contracts:
            mp.dps = 170 + int(5.2 * theta[2])  # t^c has up to 5 c digits before the point
            rows.append([*theta, *contract, *derivatives(contract_likelihood(*contract), theta)])
    write("btyd_derivatives_beta_discrete_weibull.csv", "alpha,beta,c,tenure,ended," + names(3), rows)


# --- values ----------------------------------------------------------------------------------------------------------


def ratio_table():
    random.seed(12)
    mp.dps = 60
    rows = []
    for a in (1e-6, 0.3, 1, 20, 1e6, 1e12):
        for b in (1e-6, 0.4, 1, 7.5, 300, 1e6, 1e12):
            for u in (1e-6, 0.37, 1, 30, 5000, 1e5, 1e12):
                rows.append([a, b, u, log_ratio(a, b, u)])
    for a in (-0.999, -0.5, -1e-6):
        for b in (1.01, 1.6, 30, 1e6):
            for u in (1, 30, 1e5):
                rows.append([a, b, u, log_ratio(a, b, u)])
    for _ in range(200):
        a, b, u = log_uniform(-6, 8), log_uniform(-6, 8), log_uniform(-2, 8)
        rows.append([a, b, u, log_ratio(a, b, u)])
    write("beta_ratio.csv", "a,b,u,value", rows)


def pass_opportunities(theta, x, t_x, n):
    """P(this history), P(it and alive at n), E[p; it], E[theta; it] by urns: one order of the purchases is as good as
    any, so buy at the first x - 1 opportunities and at t_x."""
    alpha, beta, gamma, delta = (mpf(v) for v in theta)
    bought = [i < x - 1 or i == t_x - 1 for i in range(t_x)] + [False] * (n - t_x)
    if x == 0:
        bought = [False] * n
    alive = mpf(1)
    yes, no = mpf(0), mpf(0)
    gone = rate = leave = mpf(0)
    for i in range(n):
        leaving = alive * gamma / (gamma + delta + i)
        if i >= t_x:
            gone += leaving
            rate += leaving * (alpha + yes) / (alpha + beta + i)
            leave += leaving * (gamma + 1) / (gamma + delta + i + 1)
        alive *= (delta + i) / (gamma + delta + i)
        if bought[i]:
            alive *= (alpha + yes) / (alpha + beta + i)
            yes += 1
        else:
            alive *= (beta + no) / (alpha + beta + i)
            no += 1
    rate += alive * (alpha + yes) / (alpha + beta + n)
    leave += alive * gamma / (gamma + delta + n)
    total = gone + alive
    return log(total), alive / total, rate / total, leave / total


def future(theta, x, n, h, count, rate):
    """Of somebody alive at n: urns over (alive or gone, purchases)."""
    alpha, beta, gamma, delta = (mpf(v) for v in theta)
    a, b, d = alpha + x, beta + n - x, delta + n
    alive = [mpf(1)]
    gone = [mpf(0)]
    expected = discounted = waiting = mpf(0)
    for i in range(h):
        waiting += alive[0] + gone[0]
        stays = (d + i) / (gamma + d + i)
        next_alive = [mpf(0)] * (i + 2)
        next_gone = [mpf(0)] * (i + 2)
        for k in range(i + 1):
            next_gone[k] += gone[k] + alive[k] * (1 - stays)
            buys = alive[k] * stays * (a + k) / (a + b + i)
            next_alive[k + 1] += buys
            next_alive[k] += alive[k] * stays * (b + i - k) / (a + b + i)
            expected += buys
            discounted += buys * exp(-mpf(rate) * (i + 1))
        alive, gone = next_alive, next_gone
    both = [alive[k] + gone[k] for k in range(h + 1)]
    within_life = 1 - exp(log_ratio(a, b, h))
    return [
        sum(alive),
        expected,
        discounted,
        both[count] if count <= h else mpf(0),
        sum(both[count:]),
        sum(both[1:]),
        waiting,
        within_life,
    ]


def bg_bb_table():
    mp.dps = 50
    rows = []
    settings = [(1.2035, 0.7497, 0.6567, 2.7834), (0.3, 4.0, 1.0, 20.0), (5.0, 0.2, 2.5, 0.4), (1e-3, 3e3, 50.0, 1e3)]
    settings += [(1e-6, 1e-6, 1e-6, 1e-6), (1e6, 1e6, 1e-6, 1e6), (1e6, 1e3, 1e3, 1e6)]
    histories = [(0, 0, 6), (4, 5, 6), (6, 6, 6), (1, 1, 6), (0, 0, 0), (3, 40, 52), (2, 2, 300)]
    points = [(5, 0, 0.1), (5, 2, 0.0), (1, 1, 0.01), (40, 12, 0.002), (60, 60, 0.0), (30, 31, 1.0), (200, 3, 0.0)]
    for i, theta in enumerate(settings):
        for j, (x, t_x, n) in enumerate(histories):
            h, count, rate = points[(i + j) % len(points)]
            log_l, alive, buy, leave = pass_opportunities(theta, x, t_x, n)
            rows.append(
                [*theta, x, t_x, n, h, count, rate, log_l, alive, buy, leave, *future(theta, x, n, h, count, rate)]
            )
    columns = "alpha,beta,gamma,delta,frequency,recency,T,horizon,count,rate,log_likelihood,probability_alive"
    columns += ",purchase_rate,dropout_probability,survival,expected,discounted,probability_of_count,tail,within"
    write("btyd_bg_bb.csv", columns + ",waiting,within_life", rows)


def renewal_table():
    rows = []
    settings = [(0.7040773, 1.1820431, 1.0), (0.2142533, 1.4265749, 1.7235648), (0.455614, 0.7793255, 1.2834513)]
    settings += [(1.0, 2.0, 1.0), (1.0 + 1e-9, 3.0, 1.0), (3.0, 50.0, 0.4), (20.0, 1e4, 2.5), (1e-6, 1e6, 1.0)]
    settings += [(1e6, 1e6, 1.0), (1e-6, 1e-6, 1.0), (1e5, 1e8, 1.0), (1e4, 1e30, 8.0), (0.01, 0.02, 1.0)]
    points = [(0, 8, 0.1), (5, 1, 0.0), (7, 40, 0.0), (3, 500, 0.01), (0, 3000, 0.0), (1, inf, 0.0953101798043249)]
    points += [(12, inf, 0.004), (400, inf, 0.002), (0, 20000, 0.0), (100000, 50, 0.001)]
    for theta in settings:
        mp.dps = 30 if theta[1] < 1e10 else 110
        for tenure, h, rate in points:
            alpha, beta, c = (mpf(v) for v in theta)
            start = beta + (mpf(tenure) ** c if tenure else 0)
            top = loggamma(start) - loggamma(alpha + start)

            def renewed(i):
                at = beta + mpf(tenure + i) ** c
                return exp(loggamma(at) - loggamma(alpha + at) - top)

            total = mpf(0)
            i = 0
            while i < h:
                i += 1
                term = renewed(i) * exp(-mpf(rate) * i)
                total += term
                left = h - i if rate == 0 else 1 / expm1(mpf(rate))
                if term * left < total * mpf(10) ** -19:
                    break
            last = 30 if h == inf else h
            rows.append([*theta, tenure, h, rate, total, renewed(last), last])
    write("btyd_renewals.csv", "alpha,beta,c,tenure,horizon,rate,discounted,survival,after", rows)


TABLES = {"ratio": ratio_table, "bg_bb": bg_bb_table, "renewals": renewal_table, "derivatives": derivative_tables}

if __name__ == "__main__":
    for chosen in sys.argv[1:] or TABLES:
        TABLES[chosen]()
