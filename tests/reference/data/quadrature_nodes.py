"""Nodes and weights of numeric/quadrature: Gauss-Legendre and Gauss-Kronrod rules, found with mpmath at 80 digits.

The Kronrod nodes are the zeros of the Stieltjes polynomial, orthogonal to P_n x^k for k <= n; weights follow from
integrating every Legendre polynomial of degree below the number of nodes exactly.

    pip install mpmath && python quadrature_nodes.py
"""

import mpmath as mp

mp.mp.dps = 80


def legendre_root(n, i):
    x = mp.cos(mp.pi * (i + mp.mpf(3) / 4) / (n + mp.mpf(1) / 2))
    if 2 * i + 1 == n:
        return mp.mpf(0)
    # Newton's steps stay at the root they start beside; a secant may jump to a neighbour.
    for _ in range(12):
        x -= mp.legendre(n, x) * (1 - x * x) / (n * (mp.legendre(n - 1, x) - x * mp.legendre(n, x)))
    return x


def gauss(n):
    nodes = [legendre_root(n, i) for i in range((n + 1) // 2)]
    weights = []
    for x in nodes:
        slope = n * (mp.legendre(n - 1, x) - x * mp.legendre(n, x)) / (1 - x * x)
        weights.append(2 / ((1 - x * x) * slope**2))
    return nodes, weights


def legendre_coefficients(n):
    a, b = [mp.mpf(1)], [mp.mpf(0), mp.mpf(1)]
    if n == 0:
        return a
    for k in range(1, n):
        shifted = [mp.mpf(0)] + [(2 * k + 1) * c for c in b]
        for i, c in enumerate(a):
            shifted[i] -= k * c
        a, b = b, [c / (k + 1) for c in shifted]
    return b


def moment(p, q):
    """Integral over [-1, 1] of the product of two polynomials."""
    total = mp.mpf(0)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            if (i + j) % 2 == 0:
                total += a * b * 2 / mp.mpf(i + j + 1)
    return total


def kronrod(n):
    p = legendre_coefficients(n)
    degree = n + 1
    # x^degree + sum_{j < degree} c_j x^j, orthogonal to P_n x^k for k = 0..n.
    rows, right = mp.matrix(degree, degree), mp.matrix(degree, 1)

    def power(k):
        return [mp.mpf(0)] * k + [mp.mpf(1)]

    for k in range(degree):
        weighted = [mp.mpf(0)] * k + p
        for j in range(degree):
            rows[k, j] = moment(weighted, power(j))
        right[k] = -moment(weighted, power(degree))
    # Half of the equations are 0 = 0 by symmetry and the parity of the unknowns: solve the parity of the degree only.
    unknowns = [j for j in range(degree) if (degree - j) % 2 == 0]
    equations = [k for k in range(degree) if (k + n + degree) % 2 == 0]
    small, side = mp.matrix(len(equations), len(unknowns)), mp.matrix(len(equations), 1)
    for a, k in enumerate(equations):
        side[a] = right[k]
        for b, j in enumerate(unknowns):
            small[a, b] = rows[k, j]
    solved = mp.lu_solve(small, side)
    coefficients = [mp.mpf(0)] * degree + [mp.mpf(1)]
    for b, j in enumerate(unknowns):
        coefficients[j] = solved[b]
    stieltjes = [mp.re(r) for r in mp.polyroots(coefficients[::-1], maxsteps=500, extraprec=400)]
    nodes = sorted(stieltjes + [s * x for x in gauss(n)[0] for s in ((1,) if x == 0 else (1, -1))], reverse=True)
    count = len(nodes)
    rows, right = mp.matrix(count, count), mp.matrix(count, 1)
    for k in range(count):
        for i, x in enumerate(nodes):
            rows[k, i] = mp.legendre(k, x)
        right[k] = 2 if k == 0 else 0
    weights = mp.lu_solve(rows, right)
    half = (count + 1) // 2
    return nodes[:half], [weights[i] for i in range(half)]


def show(name, values):
    print(name, ", ".join(repr(float(v)) if abs(v) > mp.mpf(10) ** -60 else "0.0" for v in values))


if __name__ == "__main__":
    for n in (8, 16, 32):
        nodes, weights = gauss(n)
        show(f"gauss {n} nodes  ", nodes)
        show(f"gauss {n} weights", weights)
    nodes, weights = kronrod(10)
    show("kronrod 21 nodes  ", nodes)
    show("kronrod 21 weights", weights)
    show("gauss 10 weights", gauss(10)[1])
