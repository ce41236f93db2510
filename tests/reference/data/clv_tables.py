"""Reference table of tests/reference/clv_test.cpp: margin multiples by plain summation with mpmath at 60 digits.

Every term of the definition is added one by one, those of sums without end until they no longer count at 40 digits; no
closed form is used. Rates, curves and horizons are doubles, drawn with a fixed seed; the slope is the sum of the terms'
own derivatives in a constant retention.

    pip install mpmath && python clv_tables.py       writes clv_multiple.csv beside this file
"""

import os
import random

import mpmath as mp

HERE = os.path.dirname(os.path.abspath(__file__))
draw = random.Random(19980101)
mp.mp.dps = 60

# First period and time of payment of the conventions, in the order of their numbers.
CONVENTIONS = [(0, 0), (1, 0), (0, 0.5), (0, 1), (1, 0.5), (1, 1)]
CURVE = 5


def multiple(convention, d, r, periods, g, g0, age, curve):
    k0, tau = CONVENTIONS[convention - 1]
    d, r, g, tau = mp.mpf(d), mp.mpf(r), mp.mpf(g), mp.mpf(tau)
    left = list(curve[age:])
    total = slope = mp.mpf(0)
    survival = mp.mpf(1)
    # Derivative of S(k) = r^k for a constant retention.
    survival_slope = mp.mpf(0)
    k = 0
    while k < periods:
        share = min(mp.mpf(1), mp.mpf(periods) - k) if periods != mp.inf else mp.mpf(1)
        if k >= k0:
            weight = share * (1 + g) ** max(0, k - g0) / (1 + d) ** (k + tau)
            total += weight * survival
            slope += weight * survival_slope
            # From here on terms fall by 0.98 and more a period, all later ones together by 1 / 0.02 of this one.
            if periods == mp.inf and k > 200 and weight * survival_slope * 10**40 <= slope:
                break
        rate = mp.mpf(left[k]) if k < len(left) else r
        survival_slope = survival_slope * rate + survival
        survival *= rate
        k += 1
    return total, slope


def main():
    rows = []
    while len(rows) < 240:
        case = len(rows)
        convention = case % 6 + 1
        d = draw.choice([0.0, 0.1, 0.15, draw.uniform(-0.2, 0.6), draw.uniform(0, 0.01)])
        r = draw.choice([0.0, 0.8, 1.0, draw.uniform(0, 1), draw.uniform(0.9, 0.999)])
        g = draw.choice([0.0, 0.0, 0.03, draw.uniform(-0.3, 0.2)])
        g0 = draw.choice([0, 1])
        periods = draw.choice([mp.inf, draw.randint(0, 40), draw.uniform(0, 6), draw.uniform(0, 400)])
        length = draw.choice([0, 0, 2, CURVE])
        curve = [draw.choice([draw.random(), draw.uniform(0.6, 1.0), 1.0]) for _ in range(length)]
        age = draw.choice([0, 0, 1, 3])
        if periods == mp.inf and r * (1 + g) / (1 + d) > 0.98:
            continue
        total, slope = multiple(convention, d, r, periods, g, g0, age, curve)
        numbers = [convention, d, r, periods, g, g0, age, length, *curve, *[0.0] * (CURVE - length)]
        cells = [repr(float(v)) for v in numbers]
        cells += [mp.nstr(total, 17), "nan" if length else mp.nstr(slope, 17)]
        rows.append(",".join(cells))
    header = "convention,d,r,periods,g,g0,age,curve_length,r1,r2,r3,r4,r5,multiple,slope"
    with open(os.path.join(HERE, "clv_multiple.csv"), "w", newline="\n") as out:
        out.write("\n".join([header, *rows]) + "\n")
    print(len(rows))


if __name__ == "__main__":
    main()
