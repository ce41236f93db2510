"""Reference tables of tests/reference/special_test.cpp, found with mpmath at 50 digits or more.

Arguments are doubles, drawn with a fixed seed over the whole domain and beside every place where a function changes its
method or passes zero; they are written so that they read back exactly, values with 17 significant digits.

    pip install mpmath && python special_tables.py       writes special_<name>.csv beside this file
"""

import os
import random

import mpmath as mp
from special_coefficients import quantile

HERE = os.path.dirname(os.path.abspath(__file__))
draw = random.Random(20240229)


def log_uniform(low, high):
    return 10 ** draw.uniform(low, high)


def write(name, header, rows):
    with open(os.path.join(HERE, f"special_{name}.csv"), "w", newline="\n") as out:
        out.write(header + "\n")
        for row in rows:
            out.write(",".join(v if isinstance(v, str) else repr(float(v)) for v in row) + "\n")
    print(name, len(rows))


def text(value):
    """17 significant digits; values below the smallest double as 0, above the largest as inf."""
    if abs(value) > mp.mpf("1.7976931348623157e308"):
        return "inf" if value > 0 else "-inf"
    if abs(value) < mp.mpf("2.2250738585072014e-308"):
        return "0.0"
    return mp.nstr(value, 17, strip_zeros=False, min_fixed=0, max_fixed=1)


def with_digits(digits, f):
    with mp.workdps(digits):
        return text(f())


def gamma_family():
    xs = [log_uniform(-300, 300) for _ in range(60)] + [log_uniform(-17, 17) for _ in range(60)]
    xs += [draw.uniform(0, 3) for _ in range(80)] + [draw.uniform(2, 12) for _ in range(80)]
    for base in (1.0, 2.0, 1.4616321449683622):
        for e in range(1, 16, 2):
            xs += [base + 10.0**-e, base - 10.0**-e]
    for edge in (0.5, 0.7, 1.0, 1.5, 2.0, 2.5, 8.0):
        xs += [edge, edge * (1 - 2**-52), edge * (1 + 2**-52)]
    xs += [1e-300, 1e300, 0.25, 3.0, 100.0, 171.5, 1e6]
    rows = []
    for x in xs:
        digits = 60
        trigamma = with_digits(digits, lambda: mp.psi(1, mp.mpf(x)))
        rows.append(
            (
                x,
                with_digits(digits + 20, lambda: mp.loggamma(mp.mpf(x))),
                with_digits(digits + 20, lambda: mp.psi(0, mp.mpf(x))),
                trigamma,
            )
        )
    write("gamma", "x,log_gamma,digamma,trigamma", rows)


def difference(f, a, x):
    """f(a + x) - f(a) with enough digits for the smallest x / a of the table."""
    with mp.workdps(720 if x < a * 1e-250 or a > 1e250 else 360 if x < a * 1e-60 or a < 1e-60 else 140):
        a, x = mp.mpf(a), mp.mpf(x)
        return text(f(a + x) - f(a))


def rising_family():
    pairs = []
    for _ in range(110):
        pairs.append((log_uniform(-300, 15), float(draw.randint(0, 40))))
    for _ in range(60):
        pairs.append((log_uniform(-3, 4), float(int(log_uniform(0, 6)))))
    for _ in range(80):
        pairs.append((log_uniform(-12, 15), log_uniform(-12, 6)))
    for _ in range(60):
        pairs.append((log_uniform(-3, 2), log_uniform(-3, 2)))
    for _ in range(40):
        pairs.append((draw.uniform(0.01, 9), draw.uniform(0, 20)))
    for a in (1.0, 1.4, 1.4616321449683622, 1.5, 2.0, 7.999999, 8.0):
        pairs += [(a, x) for x in (1e-14, 1e-6, 0.5, 1.0, 16.0, 17.0)]
    pairs += [(1e-300, 1.0), (1e-300, 1e6), (1e-300, 1e-3), (1e15, 1e6), (1e12, 3.0), (1e-10, 1.0), (1e15, 1e-9)]
    # Beside the curve on which the rising factorial is 1 and its logarithm passes zero.
    for _ in range(30):
        a = log_uniform(-18, 0.1)
        with mp.workdps(60):
            low, high = (mp.mpf("1.4616321449683623") if a > 0.9 else mp.mpf("1.5")), mp.mpf(40)
            for _ in range(120):
                middle = (low + high) / 2
                low, high = (low, middle) if mp.loggamma(middle) > mp.loggamma(mp.mpf(a)) else (middle, high)
            pairs.append((a, float(low - a)))
    rows = []
    for a, x in pairs:
        rows.append(
            (
                a,
                x,
                difference(mp.loggamma, a, x),
                difference(lambda v: mp.psi(0, v), a, x),
                difference(lambda v: mp.psi(1, v), a, x),
            )
        )
    write("rising", "a,x,log_rising,digamma_rising,trigamma_rising", rows)


def beta_family():
    pairs = [(log_uniform(-300, 15), log_uniform(-300, 15)) for _ in range(60)]
    pairs += [(log_uniform(-12, 1), log_uniform(0, 15)) for _ in range(60)]
    pairs += [(log_uniform(0, 15), log_uniform(0, 15)) for _ in range(60)]
    pairs += [(draw.uniform(0.01, 12), draw.uniform(0.01, 12)) for _ in range(80)]
    pairs += [(1.0, 1.0), (1.0, 1.0 + 1e-9), (8.0, 8.0), (8.0, 1e15), (7.9999, 7.9999), (0.5, 0.5), (1e-300, 1e300)]

    def value(a, b):
        with mp.workdps(720 if max(a, b) > 1e250 or min(a, b) < 1e-60 else 140):
            a, b = mp.mpf(a), mp.mpf(b)
            return text(mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b))

    write("beta", "a,b,log_beta", [(a, b, value(a, b)) for a, b in pairs])


def elementary_family():
    xs = [draw.choice((-1, 1)) * log_uniform(-300, 2.8) for _ in range(60)]
    xs += [draw.choice((-1, 1)) * log_uniform(-17, 2.8) for _ in range(120)]
    xs += [draw.uniform(-40, 40) for _ in range(80)]
    for edge in (-0.6931471805599453, 18.0, 33.3, -37.0, 37.0):
        xs += [edge, edge * (1 - 2**-52), edge * (1 + 2**-52)]
    rows = []
    for x in xs:
        with mp.workdps(700):
            v = mp.mpf(x)
            e = mp.exp(v)
            rows.append(
                (
                    x,
                    text(mp.log(1 - e)) if x < 0 else "nan",
                    text(mp.log(1 + e)),
                    text((e - 1) / v),
                    text(mp.log(1 + v) / v) if x > -1 else "nan",
                    text(1 / (1 + 1 / e)),
                )
            )
    write("elementary", "x,log1m_exp,log1p_exp,expm1_over,log1p_over,expit", rows)

    ps = [log_uniform(-307, 0) for _ in range(80)] + [draw.random() for _ in range(100)]
    ps += [0.5 + draw.choice((-1, 1)) * log_uniform(-15, -0.4) for _ in range(60)]
    ps += [1 - log_uniform(-15, -1) for _ in range(30)]
    for edge in (0.075, 0.925, 0.25, 0.75, 1.388794386496402e-11):
        ps += [edge, edge * (1 - 2**-52), edge * (1 + 2**-52)]
    rows = []
    for p in ps:
        with mp.workdps(60):
            v = mp.mpf(p)
            normal = mp.mpf(0) if p == 0.5 else (quantile(v) if v < 0.5 else -quantile(1 - v))
            rows.append((p, text(mp.log(v / (1 - v)) if p != 0.5 else mp.mpf(0)), text(normal)))
    write("probability", "p,logit,normal_quantile", rows)

    zs = [draw.uniform(-37.5, 9) for _ in range(140)] + [
        draw.choice((-1, 1)) * log_uniform(-20, 0.7) for _ in range(80)
    ]
    rows = []
    for z in zs:
        with mp.workdps(80):
            rows.append((z, text(mp.erfc(-mp.mpf(z) / mp.sqrt(2)) / 2)))
    write("normal", "x,normal_cdf", rows)

    pairs = [(draw.uniform(-800, 800), draw.uniform(-800, 800)) for _ in range(60)]
    pairs += [(draw.uniform(-3, 3), draw.uniform(-3, 3)) for _ in range(120)]
    pairs += [(v, v + draw.uniform(-40, 40)) for v in (log_uniform(-5, 5) for _ in range(60))]
    rows = []
    for x, y in pairs:
        with mp.workdps(800):
            rows.append((x, y, text(mp.log(mp.exp(mp.mpf(x)) + mp.exp(mp.mpf(y))))))
    write("log_add_exp", "x,y,log_add_exp", rows)


def incomplete_family():
    rows = []
    for i in range(240):
        a = log_uniform(-3, 4)
        x = a * log_uniform(-1.5, 0.6) if i % 3 == 0 else max(1e-6, a + draw.uniform(-6, 6) * a**0.5)
        if i % 5 == 0:
            x = log_uniform(-8, 2)
        with mp.workdps(80):
            low = mp.gammainc(mp.mpf(a), 0, mp.mpf(x), regularized=True)
            high = mp.gammainc(mp.mpf(a), mp.mpf(x), mp.inf, regularized=True)
            assert abs(low + high - 1) < mp.mpf(10) ** -40
            rows.append((a, x, text(low), text(high)))
    write("incomplete_gamma", "a,x,lower,upper", rows)
    rows = []
    for i in range(240):
        a, b = log_uniform(-2, 3), log_uniform(-2, 3)
        mean, spread = a / (a + b), (a * b / (a + b + 1)) ** 0.5 / (a + b)
        x = min(max(mean + draw.uniform(-6, 6) * spread, 1e-6), 1 - 1e-6) if i % 3 else draw.uniform(0.001, 0.999)
        with mp.workdps(80):
            va, vb, vx = mp.mpf(a), mp.mpf(b), mp.mpf(x)
            low = mp.betainc(va, vb, 0, vx, regularized=True)
            assert abs(low + mp.betainc(vb, va, 0, 1 - vx, regularized=True) - 1) < mp.mpf(10) ** -40
            rows.append((a, b, x, text(low)))
    write("incomplete_beta", "a,b,x,lower", rows)


if __name__ == "__main__":
    gamma_family()
    rising_family()
    beta_family()
    elementary_family()
    incomplete_family()
