"""Reference table of GGompertz/NBD: likelihood, probability alive and expected transactions by integrals over time.

    python btyd_ggompertz.py       writes btyd_ggompertz.csv beside this file (needs mpmath)

The likelihood of one customer is Bemmaor & Glady (2012), the integral over the time of death between the last purchase
and the end, in 30 digits; the conditional expectation is the integral of the survival function (Adler 2022).
"""

import os

import mpmath as mp

mp.mp.dps = 30
HERE = os.path.dirname(os.path.abspath(__file__))


def pieces(length):
    """0 to length, cut geometrically towards 0, so that whatever happens in it is seen."""
    return [mp.mpf(0)] + [length * mp.mpf(3) ** -k for k in range(40, 0, -1)] + [length]


def answers(theta, x, t_x, age, horizon):
    r, alpha, b, s, beta = (mp.mpf(repr(v)) for v in theta)
    x, t_x, age, horizon = (mp.mpf(repr(v)) for v in (x, t_x, age, horizon))

    def log_growth(y):
        return mp.log1p(mp.expm1(b * y) / beta)

    def log_death(u):
        y = t_x + u
        return r * mp.log(alpha) - (r + x) * mp.log(alpha + y) + mp.log(s * b / beta) + b * y - (s + 1) * log_growth(y)

    log_alive = r * mp.log(alpha) - (r + x) * mp.log(alpha + age) - s * log_growth(age)
    top = max(log_alive, max(log_death(age * mp.mpf(k) / 64 - t_x) for k in range(65) if age * mp.mpf(k) / 64 >= t_x))
    gone = mp.quad(lambda u: mp.exp(log_death(u) - top), pieces(age - t_x)) if age > t_x else mp.mpf(0)
    alive = mp.exp(log_alive - top)
    log_likelihood = mp.loggamma(r + x) - mp.loggamma(r) + top + mp.log(alive + gone)
    probability_alive = alive / (alive + gone)
    left = mp.quad(lambda u: mp.exp(-s * (log_growth(age + u) - log_growth(age))), pieces(horizon))
    expected = probability_alive * (r + x) / (alpha + age) * left
    return [log_likelihood, probability_alive, expected]


THETAS = [
    (0.5533, 10.58, 2.6e-8, 0.6062, 3e-7),
    (0.5533, 10.58, 1e-3, 0.6062, 0.0117),
    (0.5533, 10.58, 0.002, 0.6062, 0.03),
    (0.8, 11.0, 0.1, 0.6, 3.9),
    (0.8, 11.0, 0.1, 0.6, 0.2),
    (2.0, 5.0, 1.3, 0.02, 1e4),
    (2.0, 5.0, 1.3, 0.02, 1e-3),
    (1.1, 3.0, 0.25, 3.0, 1e6),
    (0.05, 0.01, 0.05, 2.0, 1.0),
    (40.0, 8.0, 0.02, 20.0, 60.0),
    (1.5, 1e4, 1e-4, 1e-3, 1e-6),
]
CUSTOMERS = [
    (0, 0.0, 39.0),
    (0, 0.0, 0.001),
    (2, 30.5, 39.0),
    (2, 2.0, 39.0),
    (29, 38.0, 39.0),
    (1000, 35.0, 39.0),
    (1, 0.25, 38.5),
    (5, 12.0, 12.0),
]

if __name__ == "__main__":
    rows = []
    for i, theta in enumerate(THETAS):
        for j, customer in enumerate(CUSTOMERS):
            horizon = (39.0, 5.0, 150.0)[(i + j) % 3]
            rows.append((*theta, *customer, horizon, *answers(theta, *customer, horizon)))
    with open(os.path.join(HERE, "btyd_ggompertz.csv"), "w", newline="\n") as out:
        out.write("# Origin: mpmath, btyd_ggompertz.py: integrals over the time of death, 30 digits\n")
        out.write(
            "r,alpha,b,s,beta,frequency,recency,T,horizon,log_likelihood,probability_alive,expected_transactions\n"
        )
        for row in rows:
            out.write(",".join(mp.nstr(v, 17) if isinstance(v, mp.mpf) else repr(v) for v in row) + "\n")
    print(len(rows))
