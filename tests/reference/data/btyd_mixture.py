"""Reference table of the distributions over customers: quantiles and densities of gamma and beta distributions by
mpmath at 40 digits, the quantile as the root of the regularized incomplete function.

    pip install mpmath && python btyd_mixture.py       writes btyd_mixture.csv beside this file
"""

import os

import mpmath as mp

HERE = os.path.dirname(os.path.abspath(__file__))
mp.mp.dps = 40

GAMMA = [(0.2426, 4.4136), (0.5533, 10.578), (3.75, 15.4), (40, 0.01), (0.01, 1000)]
BETA = [(0.793, 2.426), (0.66, 2.78), (30, 4), (0.05, 0.05)]
LEVELS = ["0.01", "0.5", "0.9", "0.99"]


def quantile(cumulative, to_value, level):
    """Bisection in a coordinate in which cumulative o to_value rises from 0 to 1."""
    low, high = mp.mpf(-2000), mp.mpf(2000)
    for _ in range(170):
        middle = (low + high) / 2
        if cumulative(to_value(middle)) < level:
            low = middle
        else:
            high = middle
    return to_value((low + high) / 2)


def main():
    rows = []
    for first, second in GAMMA:
        a, rate = mp.mpf(first), mp.mpf(second)
        for level in LEVELS:
            x = quantile(lambda v, a=a, r=rate: mp.gammainc(a, 0, r * v, regularized=True), mp.exp, mp.mpf(level))
            density = rate**a * x ** (a - 1) * mp.exp(-rate * x) / mp.gamma(a)
            rows.append((1, first, second, level, x, density))
    for first, second in BETA:
        a, b = mp.mpf(first), mp.mpf(second)
        for level in LEVELS:
            x = quantile(
                lambda v, a=a, b=b: mp.betainc(a, b, 0, v, regularized=True),
                lambda y: 1 / (1 + mp.exp(-y)),
                mp.mpf(level),
            )
            density = x ** (a - 1) * (1 - x) ** (b - 1) / mp.beta(a, b)
            rows.append((2, first, second, level, x, density))
    with open(os.path.join(HERE, "btyd_mixture.csv"), "w", encoding="utf-8") as out:
        out.write("# btyd_mixture.py: mpmath, 40 digits. kind 1: gamma, 2: beta\n")
        out.write("kind,first,second,level,quantile,density\n")
        for row in rows:
            out.write(",".join(v if isinstance(v, str) else mp.nstr(mp.mpf(v), 17) for v in row) + "\n")


if __name__ == "__main__":
    main()
