"""Coefficients of the approximations in numeric/special, found with mpmath at 60 digits.

Each is a rational function (or a polynomial) that agrees with the function at Chebyshev nodes of the interval, which
is within a small factor of the minimax error. The largest relative error over the interval is printed beside it.

    pip install mpmath && python special_coefficients.py
"""

import mpmath as mp

mp.mp.dps = 60
TINY = mp.mpf(10) ** -30  # below it a quotient 0/0 is replaced by its limit


def fit(name, f, low, high, top, bottom):
    count = top + bottom + 1
    middle, half = mp.mpf(low + high) / 2, mp.mpf(high - low) / 2
    nodes = [middle + half * mp.cos(mp.pi * (2 * i + 1) / (2 * count)) for i in range(count)]
    rows, right = mp.matrix(count, count), mp.matrix(count, 1)
    for i, x in enumerate(nodes):
        value = f(x)
        for k in range(top + 1):
            rows[i, k] = x**k
        for k in range(1, bottom + 1):
            rows[i, top + k] = -value * x**k
        right[i] = value
    solved = mp.lu_solve(rows, right)
    p = [mp.mpf(float(c)) for c in solved[: top + 1]]
    q = [mp.mpf(1)] + [mp.mpf(float(c)) for c in solved[top + 1 :]]
    worst = 0
    for i in range(1, 400):
        x = low + (high - low) * mp.mpf(i) / 400
        value = f(x)
        found = sum(c * x**k for k, c in enumerate(p)) / sum(c * x**k for k, c in enumerate(q))
        worst = max(worst, abs(found / value - 1))
    print(f"// {name}: [{mp.nstr(mp.mpf(low), 6)}, {mp.nstr(mp.mpf(high), 6)}], relative error {mp.nstr(worst, 2)}")
    print("  top   ", ", ".join(repr(float(c)) for c in p))
    if bottom:
        print("  bottom", ", ".join(repr(float(c)) for c in q))


def stirling(t):
    x = 1 / mp.sqrt(t)
    return x * (mp.loggamma(x) - ((x - mp.mpf(1) / 2) * mp.log(x) - x + mp.log(2 * mp.pi) / 2))


def digamma_tail(t):
    x = 1 / mp.sqrt(t)
    return (mp.log(x) - 1 / (2 * x) - mp.psi(0, x)) / t


def trigamma_tail(t):
    x = 1 / mp.sqrt(t)
    return (mp.psi(1, x) - 1 / x - t / 2) / (t / x)


ROOT = mp.findroot(lambda z: mp.psi(0, 1 + z), mp.mpf("0.46163"))


def quantile(p):
    """Standard normal quantile by Newton steps on the logarithm of the tail, p <= 1/2."""
    if p > mp.mpf("0.05"):
        return -mp.sqrt(2) * mp.erfinv(1 - 2 * p)
    s = mp.sqrt(-2 * mp.log(p))
    x = -(s - mp.log(s * mp.sqrt(2 * mp.pi)) / s)
    for _ in range(60):
        tail = mp.erfc(-x / mp.sqrt(2)) / 2
        density = mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)
        step = (mp.log(tail) - mp.log(p)) * tail / density
        x -= step
        if abs(step) < mp.mpf(10) ** -50 * abs(x):
            break
    return x


if __name__ == "__main__":
    low = float(ROOT)
    print("root of digamma(1 + z):", repr(low), repr(float(ROOT - mp.mpf(low))))
    half_log_two_pi = mp.log(2 * mp.pi) / 2
    print("ln(2 pi) / 2:", repr(float(half_log_two_pi)))
    print(
        "sqrt(1/2):",
        repr(float(mp.sqrt(mp.mpf(1) / 2))),
        repr(float(mp.sqrt(mp.mpf(1) / 2) - mp.mpf(float(mp.sqrt(mp.mpf(1) / 2))))),
    )
    fit(
        "ln Gamma(1 + z) / z",
        lambda z: mp.loggamma(1 + z) / z if abs(z) > TINY else -mp.euler,
        mp.mpf("-0.3"),
        mp.mpf("0.5"),
        7,
        7,
    )
    fit(
        "ln Gamma(1 + z) / (z - 1)",
        lambda z: mp.loggamma(1 + z) / (z - 1) if abs(z - 1) > TINY else 1 - mp.euler,
        mp.mpf("0.5"),
        mp.mpf("1.5"),
        7,
        6,
    )
    fit("digamma(1 + z) / (z - root)", lambda z: mp.psi(0, 1 + z) / (z - ROOT), mp.mpf(0), mp.mpf("1.5"), 7, 7)
    fit("trigamma(1 + z)", lambda z: mp.psi(1, 1 + z), mp.mpf(0), mp.mpf(1), 5, 6)
    fit("Stirling, x S(x) in 1/x^2", stirling, 0, mp.mpf(1) / 64, 6, 0)
    fit("digamma tail in 1/x^2", digamma_tail, 0, mp.mpf(1) / 64, 6, 0)
    fit("trigamma tail in 1/x^2", trigamma_tail, 0, mp.mpf(1) / 64, 7, 0)

    def centre(d):
        s = mp.mpf("0.425") ** 2 - d
        q = mp.sqrt(s)
        return mp.sqrt(2) * mp.erfinv(2 * q) / q if s else mp.sqrt(2 * mp.pi)

    # Centre: |p - 1/2| <= 0.425, in 0.425^2 - (p - 1/2)^2. Tails in r = sqrt(-ln p): p = 0.075 is r = 1.6094.
    fit("normal quantile / q in 0.425^2 - q^2", centre, mp.mpf(0), mp.mpf("0.425") ** 2, 8, 8)
    fit(
        "normal quantile, r - 1.6",
        lambda d: -quantile(mp.exp(-((d + mp.mpf("1.6")) ** 2))),
        mp.mpf(0),
        mp.mpf("3.4"),
        9,
        8,
    )
    fit("normal quantile, r - 5", lambda d: -quantile(mp.exp(-((d + 5) ** 2))), mp.mpf(0), mp.mpf("22.5"), 10, 9)
