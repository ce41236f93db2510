"""Reference tables of the BTYD integrals and derivatives, found with mpmath at 40 digits or more by other routes than
the library's.

    btyd_power_integral.csv        Gauss-Legendre on an adaptive subdivision around the mode; where the powers are
                                   small also the difference of two 2F1, and the two must agree
    btyd_exponential_integral.csv  the incomplete gamma function
    btyd_discounted_purchases.csv  the expectation over the dropout probability p of the closed form given p
    btyd_derivatives_<model>.csv   numerical derivatives at 60 digits of the papers' formulas

    pip install mpmath && python btyd_tables.py [name ...]       writes them beside this file
"""

import os
import random
import sys

import mpmath as mp
from mpmath.calculus.quadrature import GaussLegendre

HERE = os.path.dirname(os.path.abspath(__file__))


def text(value):
    """17 significant digits; a value below the smallest double as 0."""
    if abs(value) < mp.mpf("2.2250738585072014e-308"):
        return "0.0"
    return mp.nstr(value, 17, strip_zeros=False, min_fixed=0, max_fixed=1)


def write(name, header, rows):
    with open(os.path.join(HERE, f"btyd_{name}.csv"), "w", newline="\n") as out:
        out.write("# Origin: mpmath, btyd_tables.py\n" + header + "\n")
        for row in rows:
            out.write(",".join(text(v) if isinstance(v, mp.mpf) else repr(float(v)) for v in row) + "\n")
    print(name, len(rows), flush=True)


class numbers:
    """Doubles drawn with a fixed seed, log-uniform."""

    def __init__(self, seed):
        self.draw = random.Random(seed)

    def log_uniform(self, low, high):
        return 10 ** self.draw.uniform(low, high)


NODES = {}


def gauss(f, low, high, degree=5):
    key = (degree, mp.mp.prec)
    if key not in NODES:
        NODES[key] = GaussLegendre(mp.mp).calc_nodes(degree, mp.mp.prec)
    half = (high - low) / 2
    middle = low + half
    return half * mp.fsum(w * f(middle + half * x) for x, w in NODES[key])


def adaptive(f, low, high, tolerance=mp.mpf(10) ** -28, pieces=8):
    """Integral of f by halving until a panel agrees with its halves, relative to the largest panel."""
    edges = [low + (high - low) * i / pieces for i in range(pieces + 1)]
    work = [(edges[i], edges[i + 1], gauss(f, edges[i], edges[i + 1])) for i in range(pieces)]
    largest = max(abs(w[2]) for w in work)
    total = mp.mpf(0)
    while work:
        a, b, whole = work.pop()
        m = (a + b) / 2
        left, right = gauss(f, a, m), gauss(f, m, b)
        largest = max(largest, abs(left), abs(right))
        if abs(left + right - whole) <= tolerance * largest or b - a < (high - low) * mp.mpf(2) ** -60:
            total += left + right
        else:
            work += [(a, m, left), (m, b, right)]
    return total


def log_concave_integral(phi, slope, end):
    """ln of the integral of e^phi over [0, end], phi concave."""
    low, high = mp.mpf(0), end
    if slope(low) <= 0:
        mode = low
    elif slope(end) >= 0:
        mode = end
    else:
        for _ in range(200):
            mode = (low + high) / 2
            if slope(mode) > 0:
                low = mode
            else:
                high = mode
    peak = phi(mode)
    drop = 80

    def edge(inside, outside):
        if peak - phi(outside) <= drop:
            return outside
        for _ in range(60):
            m = (inside + outside) / 2
            if peak - phi(m) <= drop:
                inside = m
            else:
                outside = m
        return outside

    return peak + mp.log(adaptive(lambda y: mp.exp(phi(y) - peak), edge(mode, mp.mpf(0)), edge(mode, end)))


def power_integral(A, B, p, q, D):
    A, B, p, q, D = map(mp.mpf, (A, B, p, q, D))
    if p > q:
        A, B, p, q = B, A, q, p
    k = p / q

    def phi(y):
        return (1 - A) * y - B * mp.log1p(k * mp.expm1(y))

    def slope(y):
        return 1 - A - B * k * mp.exp(y) / (1 + k * mp.expm1(y))

    return mp.log(p) + log_concave_integral(phi, slope, mp.log1p(D / p))


def power_integral_by_2f1(A, B, p, q, D):
    A, B, p, q, D = map(mp.mpf, (A, B, p, q, D))
    if p > q:
        A, B, p, q = B, A, q, p
    w = A + B - 1

    def tail(t):
        return (q + t) ** -w / w * mp.hyp2f1(w, A, w + 1, (q - p) / (q + t))

    return A * mp.log(p) + B * mp.log(q) + mp.log(tail(mp.mpf(0)) - tail(D))


def table_power_integral():
    n = numbers(1)
    rows = []
    for i in range(220):
        A, B = n.log_uniform(-3, 5), n.log_uniform(-3, 5)
        p, q, D = n.log_uniform(-8, 8), n.log_uniform(-8, 8), n.log_uniform(-9, 9)
        if i % 4 == 1:  # scales of one size and a length in between, as in a fit
            q = p * n.log_uniform(-2, 2)
            D = p * n.log_uniform(-6, 3)
        if i % 4 == 2:
            A, B = n.log_uniform(-3, 1.5), n.log_uniform(-3, 1.5)
        if i == 0:
            q = p
        value = power_integral(A, B, p, q, D)
        if i % 4 == 2:
            with mp.workdps(120):
                other = power_integral_by_2f1(A, B, p, q, D)
            assert abs(other - value) < mp.mpf(10) ** -20 * (1 + abs(value)), (A, B, p, q, D, value, other)
        rows.append((A, B, p, q, D, value))
    write("power_integral", "first_power,second_power,first_scale,second_scale,length,log_integral", rows)


def exponential_integral(s, z, V):
    s, z = mp.mpf(s), mp.mpf(z)
    with mp.workdps(60):
        if mp.isinf(V):
            return z + (s - 1) * mp.log(z) + mp.log(mp.gammainc(1 - s, z))

        def phi(y):
            return (1 - s) * y - z * mp.expm1(y)

        def slope(y):
            return 1 - s - z * mp.exp(y)

        return log_concave_integral(phi, slope, mp.log1p(mp.mpf(V)))


def table_exponential_integral():
    n = numbers(2)
    rows = []
    for i in range(120):
        s = [n.log_uniform(-9, -1), n.log_uniform(-1, 1), 1.0, n.log_uniform(0, 3), 2.0][i % 5]
        z = n.log_uniform(-9, 4)
        V = mp.inf if i % 2 == 0 else n.log_uniform(-9, 9)
        value = exponential_integral(s, z, V)
        rows.append((s, z, float("inf") if mp.isinf(V) else V, value))
    write("exponential_integral", "power,rate,length,log_integral", rows)


def scaled_exponential_integral(n, x):
    """e^x E_n(x), by the continued fraction A&S 5.1.22 (Lentz), or mpmath's expint where that is slow."""
    if x < 2:
        return mp.exp(x) * mp.expint(n, x)
    b = x + n
    c = mp.inf
    d = 1 / b
    h = d
    for i in range(1, 20000):
        a = -i * (n - 1 + i)
        b += 2
        d = 1 / (a * d + b)
        c = b + a / c
        step = c * d
        h *= step
        if abs(step - 1) < mp.mpf(10) ** (3 - mp.mp.dps):
            return h
    raise ArithmeticError((n, x))


def discounted_purchases(A, scale, a, b, horizon, rate):
    """E over p ~ Beta(a, b) of A int_0^t e^(-z tau) (1 + p tau)^-(A + 1) d tau, t = horizon / scale, z = rate scale."""
    A, scale, a, b, rate = map(mp.mpf, (A, scale, a, b, rate))
    t = mp.inf if mp.isinf(horizon) else mp.mpf(horizon) / scale
    z = rate * scale

    def given(p):
        if p == 0:
            if z == 0:
                return A * t
            return A / z * (1 if mp.isinf(t) else -mp.expm1(-z * t))
        if z == 0:
            return -mp.expm1(-A * mp.log1p(p * t)) / p
        k = z / p
        with mp.workdps(85):
            value = scaled_exponential_integral(A + 1, k)
            if not mp.isinf(t):
                left = mp.exp(-A * mp.log1p(p * t) - z * t)
                value -= left * scaled_exponential_integral(A + 1, k * (1 + p * t))
            return A / p * value

    zero, one = given(mp.mpf(0)), given(mp.mpf(1))
    # What is left of given(p) after its chord vanishes at both ends like p (1 - p), so that tiny a, b are harmless.
    log_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)

    def rest(y):
        p = 1 / (1 + mp.exp(-y))
        weight = a * mp.log(p) - b * mp.log1p(mp.exp(y)) - log_beta
        if weight < -200:
            return mp.mpf(0)
        return mp.exp(weight) * (given(p) - zero - (one - zero) * p)

    # The weight falls like e^((1 + a) y) to the left and e^(-(1 + b) y) to the right of its peak.
    middle = mp.log((a + 1) / (b + 1))
    width = mp.sqrt(1 / (a + 1) + 1 / (b + 1))
    low = middle - 14 * width - 75 / (a + 1)
    high = middle + 14 * width + 75 / (b + 1)
    return zero + (one - zero) * a / (a + b) + adaptive(rest, low, high, mp.mpf(10) ** -24, 12)


def table_discounted_purchases():
    n = numbers(3)
    rows = []
    for i in range(200):
        A, scale = n.log_uniform(-3, 4), n.log_uniform(-2, 4)
        a, b = n.log_uniform(-6, 5), n.log_uniform(-6, 5)
        if i % 3 == 1:  # the usual range
            A, a, b = n.log_uniform(-1, 2), n.log_uniform(-1, 1), n.log_uniform(-1, 2)
        if i % 17 == 3:
            a = 1.0
        if i % 17 == 5:
            a, b = 0.25, 0.5
        horizon = scale * n.log_uniform(-9, 6)
        rate = 0.0
        if i % 12 == 0:
            horizon, rate = float("inf"), n.log_uniform(-6, 1)
        if i % 12 == 3:
            horizon, rate = scale * n.log_uniform(-2, 3), n.log_uniform(-6, 1)
        with mp.workdps(55):
            value = discounted_purchases(A, scale, a, b, horizon, rate)
        rows.append((A, scale, a, b, horizon, rate, value))
    # 3000 purchases in 100 weeks: dropout and survival of the BG/NBD at the CDNOW parameters
    for horizon, rate in ((39.0, 0.0), (float("inf"), 0.002), (52.0, 0.05)):
        with mp.workdps(55):
            value = discounted_purchases(3000.243, 104.414, 0.793, 3002.426, horizon, rate)
        rows.append((3000.243, 104.414, 0.793, 3002.426, horizon, rate, value))
    write("discounted_purchases", "shape,scale,dropout,survival,horizon,rate,purchases", rows)


def log_likelihood_bg_nbd(theta, x, t_x, T):
    r, alpha, a, b = theta
    alive = mp.beta(a, b + x) / mp.beta(a, b) * (alpha + T) ** -(r + x)
    dead = 0
    if x > 0:
        dead = mp.beta(a + 1, b + x - 1) / mp.beta(a, b) * (alpha + t_x) ** -(r + x)
    return mp.log(mp.gamma(r + x) / mp.gamma(r) * alpha**r * (alive + dead))


def log_likelihood_mbg_nbd(theta, x, t_x, T):
    r, alpha, a, b = theta
    alive = mp.beta(a, b + x + 1) / mp.beta(a, b) * (alpha + T) ** -(r + x)
    dead = mp.beta(a + 1, b + x) / mp.beta(a, b) * (alpha + t_x) ** -(r + x)
    return mp.log(mp.gamma(r + x) / mp.gamma(r) * alpha**r * (alive + dead))


def log_likelihood_pareto_nbd(theta, x, t_x, T):
    r, alpha, s, beta = theta
    alive = (alpha + T) ** -(r + x) * (beta + T) ** -s
    dead = 0
    if t_x < T:
        w = r + x + s
        big, small = max(alpha, beta), min(alpha, beta)
        power = s + 1 if alpha >= beta else r + x

        def f(t):
            return (big + t) ** -w * mp.hyp2f1(w, power, w + 1, (big - small) / (big + t))

        dead = s / w * (f(t_x) - f(T))
    return mp.log(mp.gamma(r + x) / mp.gamma(r) * alpha**r * beta**s * (alive + dead))


def log_likelihood_gamma_gamma(theta, x, m):
    p, q, v = theta
    return (
        mp.loggamma(p * x + q)
        - mp.loggamma(p * x)
        - mp.loggamma(q)
        + q * mp.log(v)
        + (p * x - 1) * mp.log(m)
        + p * x * mp.log(x)
        - (p * x + q) * mp.log(v + m * x)
    )


def derivatives(f, theta):
    """Value, gradient and lower triangle of second derivatives by central differences at 100 digits."""
    with mp.workdps(100):
        theta = [mp.mpf(t) for t in theta]
        step = [t * mp.mpf(10) ** -25 for t in theta]

        def at(*moves):
            moved = list(theta)
            for i, k in moves:
                moved[i] += k * step[i]
            return f(moved)

        centre = at()
        out = [centre]
        for i in range(len(theta)):
            out.append((at((i, 1)) - at((i, -1))) / (2 * step[i]))
        for i in range(len(theta)):
            for j in range(i + 1):
                if i == j:
                    out.append((at((i, 1)) - 2 * centre + at((i, -1))) / step[i] ** 2)
                else:
                    out.append(
                        (at((i, 1), (j, 1)) - at((i, 1), (j, -1)) - at((i, -1), (j, 1)) + at((i, -1), (j, -1)))
                        / (4 * step[i] * step[j])
                    )
        return [+v for v in out]


def table_derivatives():
    n = numbers(4)
    customers = [(0, 0, 39), (2, 30.5, 39), (29, 38, 39), (5, 5, 5), (1, 1e-6, 100), (150, 40, 150), (0, 0, 1e-4)]
    names = {"bg_nbd": "r,alpha,a,b", "pareto_nbd": "r,alpha,s,beta", "gamma_gamma": "p,q,v", "mbg_nbd": "r,alpha,a,b"}
    kernels = {
        "bg_nbd": log_likelihood_bg_nbd,
        "pareto_nbd": log_likelihood_pareto_nbd,
        "gamma_gamma": log_likelihood_gamma_gamma,
        "mbg_nbd": log_likelihood_mbg_nbd,
    }
    for model, parameters in names.items():
        size = len(parameters.split(","))
        header = parameters + (",frequency,monetary_value" if model == "gamma_gamma" else ",frequency,recency,T")
        header += ",value" + "".join(f",d{i}" for i in range(size))
        header += "".join(f",d{i}{j}" for i in range(size) for j in range(i + 1))
        rows = []
        for k in range(42):
            if model == "gamma_gamma":
                theta = [n.log_uniform(-1, 2), n.log_uniform(-1, 2), n.log_uniform(-2, 4)]
                row = (float(n.draw.randint(1, 60)), n.log_uniform(-2, 4))
            else:
                theta = [n.log_uniform(-2, 1), n.log_uniform(-1, 3), n.log_uniform(-2, 1.5), n.log_uniform(-1, 3)]
                if model == "pareto_nbd" and k % 3 == 0:
                    theta[1] = theta[3] * (1 + 1e-9 * (k > 20))
                row = customers[k % len(customers)]
            exact = [mp.mpf(v) for v in row]
            rows.append(tuple(theta) + tuple(row) + tuple(derivatives(lambda at: kernels[model](at, *exact), theta)))
        write(f"derivatives_{model}", header, rows)


TABLES = {
    "power_integral": table_power_integral,
    "exponential_integral": table_exponential_integral,
    "discounted_purchases": table_discounted_purchases,
    "derivatives": table_derivatives,
}

if __name__ == "__main__":
    mp.mp.dps = 40
    for name in sys.argv[1:] or TABLES:
        TABLES[name]()
