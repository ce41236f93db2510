"""Reference tables of the regular-purchase models (BG/CNBD-k and MBG/CNBD-k), k events of a Poisson clock per purchase.

    python btyd_cnbd.py [likelihoods] [derivatives] [futures]       writes btyd_cnbd_*.csv beside this file (mpmath)

Log-likelihood: the integrals over lambda and p of one customer's likelihood, each a gamma or beta integral, at 50
digits; silence is a sum over the events passed. Its derivatives are numerical (mpmath diff at 100 digits).
The future: purchase n from now is event n k - j of the clock, at a time whose density given j is beta prime, and is
made with probability E[(1 - p)^(n-1)]. Probabilities by the time of an event are mpmath's regularized incomplete beta
function, discounted purchases and waits its quadrature; sums over n are plain sums. None of the library's recurrences,
poles or integrals over rates is used.
"""

import os
import sys

import mpmath as mp

HERE = os.path.dirname(os.path.abspath(__file__))
mp.mp.dps = 50
REGULAR = 7
MODIFIED = 8


def log_likelihood(model, theta, x, t_x, age):
    """Without the product of intervals to the power k - 1 (the interval term)."""
    r, alpha, a, b, k = theta
    more = 1 if model == MODIFIED else 0
    clock = mp.gamma(r + k * x) / mp.gamma(r) * mp.mpf(alpha) ** r

    def silent(j):
        rising = mp.rf(r + k * x, j) / mp.factorial(j)
        return rising * (age - t_x) ** j / (alpha + age) ** (r + k * x + j)

    alive = mp.beta(a, b + x + more) / mp.beta(a, b) * mp.fsum(silent(j) for j in range(int(k)))
    gone = 0
    if x + more > 0:
        gone = mp.beta(a + 1, b + x + more - 1) / mp.beta(a, b) / (alpha + t_x) ** (r + k * x)
    return mp.log(clock * (alive + gone)) - x * mp.loggamma(k), alive / (alive + gone)


def chains(model, theta, x, t_x, age):
    """Given alive: P(j events passed since t_x), each with the shape of lambda; scale, a and b of the dropout."""
    r, alpha, a, b, k = theta
    weights = [mp.rf(r + k * x, j) / mp.factorial(j) * ((age - t_x) / (alpha + age)) ** j for j in range(int(k))]
    total = mp.fsum(weights)
    shapes = [(w / total, r + k * x + j) for j, w in enumerate(weights) if w > 0]
    return shapes, alpha + age, a, b + x + (1 if model == MODIFIED else 0)


def survived(a, b, n):
    return mp.rf(b, n) / mp.rf(a + b, n)


def reached(m, shape, share):
    """P(event m within t), share = t / (scale + t)."""
    return mp.betainc(m, shape, 0, share, regularized=True)


def discounted_sum(terms, scale, t, rate):
    """Sum over terms (weight, m, shape) of weight E[e^(-rate tau); tau <= t], tau / scale beta prime (m, shape)."""
    known = [(w / mp.beta(m, shape), m, m + shape) for w, m, shape in terms]

    def density(u):
        one = 1 + u
        return mp.exp(-rate * scale * u) * mp.fsum(w * u ** (m - 1) / one**c for w, m, c in known)

    return mp.quad(density, mp.linspace(0, t / scale, 13))


def future(model, theta, x, t_x, age, t, rate, count):
    k = int(theta[4])
    shapes, scale, a, b = chains(model, theta, x, t_x, age)
    share = mp.mpf(t) / (scale + t)

    def by_time(n):
        return mp.fsum(w * reached(n * k - j, shape, share) for j, (w, shape) in enumerate(shapes))

    expected = alive_after = mp.mpf(0)
    before = mp.mpf(1)
    terms = []
    n = 1
    while True:
        now = by_time(n)
        chance = survived(a, b, n - 1)
        expected += chance * now
        alive_after += chance * (before - now)
        terms += [(chance * w, n * k - j, shape) for j, (w, shape) in enumerate(shapes)]
        if now * n < mp.mpf(10) ** -15 * expected:
            break
        before = now
        n += 1
    discounted = discounted_sum(terms, scale, t, rate) if rate > 0 else expected
    tail = survived(a, b, count - 1) * by_time(count) if count > 0 else mp.mpf(1)
    exactly = survived(a, b, count) * ((by_time(count) if count > 0 else 1) - by_time(count + 1))
    if count > 0:
        exactly += (survived(a, b, count - 1) - survived(a, b, count)) * by_time(count)
    # The mean time to event m, waits beyond t counted as t: the integral of P(not yet reached).
    wait = mp.fsum(
        w * mp.quad(lambda u, j=j, shape=shape: 1 - reached(k - j, shape, u / (scale + u)), mp.linspace(0, t, 5))
        for j, (w, shape) in enumerate(shapes)
    )
    return expected, discounted, alive_after, tail, exactly, wait


SETTINGS = [
    (0.5, 3.1, 0.9, 1.6, 2),
    (0.7, 1.5, 0.8, 2.4, 3),
    (3.0, 4.0, 0.3, 0.4, 2),
    (1.5, 0.3, 5.0, 40.0, 5),
    (2.0, 1.0, 0.1, 0.5, 12),
    (0.25, 4.4, 0.8, 2.4, 1),
]
CUSTOMERS = [(0, 0, 39), (2, 30.5, 39), (3, 4, 39), (12, 36, 39), (5, 5, 5), (0, 0, 0), (1, 0.5, 200)]
POINTS = [(0, 39.0, 0.002), (1, 5.0, 0.0), (2, 20.0, 0.1), (4, 52.0, 0.0018), (7, 30.0, 0.0)]
HARD = [
    (200, 1, 300),
    (100, 1, 300),
    (10000, 99, 100),
    (1, 1e-6, 1e-6),
    (0, 0, 1e-3),
    (0, 0, 0.5),
    (40, 39, 39),
    (0, 0, 1e6),
]


def write(name, origin, names, rows):
    with open(os.path.join(HERE, name), "w", newline="\n") as out:
        out.write("# Origin: mpmath, btyd_cnbd.py: " + origin + "\n" + names + "\n")
        for row in rows:
            out.write(",".join(mp.nstr(mp.mpf(v), 17, min_fixed=-5, max_fixed=17) for v in row) + "\n")
    print(name, len(rows))


def likelihoods():
    rows = []
    for model in (REGULAR, MODIFIED):
        for theta in SETTINGS:
            for customer in CUSTOMERS + HARD:
                exact = [mp.mpf(v) for v in theta]
                value, alive = log_likelihood(model, exact, *(mp.mpf(v) for v in customer))
                rows.append((model, *theta, *customer, value, alive))
    names = "model,r,alpha,a,b,k,frequency,recency,T,log_likelihood,probability_alive"
    write("btyd_cnbd_likelihood.csv", "likelihood integrals in closed form at 50 digits", names, rows)


def futures():
    rows = []
    for i, theta in enumerate(SETTINGS):
        for j, customer in enumerate(CUSTOMERS):
            model = REGULAR if (i + j) % 2 == 0 else MODIFIED
            count, t, rate = POINTS[(i + j) % len(POINTS)]
            mp.mp.dps = 20
            exact = [mp.mpf(v) for v in theta]
            found = future(model, exact, *(mp.mpf(v) for v in customer), mp.mpf(t), mp.mpf(rate), count)
            rows.append((model, *theta, *customer, t, rate, count, *found))
    names = "model,r,alpha,a,b,k,frequency,recency,T,horizon,rate,count"
    names += ",expected,discounted,survival,tail,exactly,wait"
    write("btyd_cnbd_future.csv", "sums over the coming purchases of somebody alive at 20 digits", names, rows)


def derivatives():
    mp.mp.dps = 100
    for model, name in ((REGULAR, "bg_cnbd_k"), (MODIFIED, "mbg_cnbd_k")):
        rows = []
        for theta in SETTINGS:
            for customer in CUSTOMERS + HARD[:2] + HARD[3:7]:
                exact = [mp.mpf(v) for v in theta]
                row = [mp.mpf(v) for v in customer]

                def value(*free, exact=exact, row=row, model=model):
                    return log_likelihood(model, [*free, exact[4]], *row)[0]

                out = [*theta, *customer, value(*exact[:4])]
                for i in range(4):
                    out.append(mp.diff(value, tuple(exact[:4]), tuple(int(m == i) for m in range(4))))
                for i in range(4):
                    for j in range(i + 1):
                        out.append(mp.diff(value, tuple(exact[:4]), tuple(int(m == i) + int(m == j) for m in range(4))))
                rows.append(out)
        free = ("r", "alpha", "a", "b")
        names = "r,alpha,a,b,k,frequency,recency,T,value," + ",".join("d_" + p for p in free)
        names += "," + ",".join(f"d_{free[i]}_{free[j]}" for i in range(4) for j in range(i + 1))
        write(f"btyd_cnbd_derivatives_{name}.csv", "numerical derivatives at 100 digits", names, rows)


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["likelihoods", "derivatives", "futures"]
    for table in wanted:
        {"likelihoods": likelihoods, "derivatives": derivatives, "futures": futures}[table]()
