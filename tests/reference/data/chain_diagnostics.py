"""Reference tables of chain diagnostics and Pareto-smoothed weights, by ArviZ on stored pseudo-random numbers.

    python chain_diagnostics.py     writes chain_draws.csv, chain_diagnostics.csv, pareto_weights.csv and
                                    pareto_smoothing.csv beside this file (needs arviz 0.23 and numpy below 2.4)

chain_draws: one column per case, chain by chain. chain_diagnostics: one row per case. pareto_weights: raw and smoothed
logarithms of weights, one pair of columns per case, and pareto_smoothing: k-hat, tail draws asked for.
"""

import os

import arviz
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
CHAINS = 4
DRAWS = 101  # odd: the middle draw is left out
SEED = 20210601


def autoregressive(rng, rho, shift=0.0, power=1.0):
    """Chains of an AR(1) process; the last one shifted, or all of them heavy-tailed by a power."""
    out = np.zeros((CHAINS, DRAWS))
    for chain in range(CHAINS):
        x = rng.normal()
        for i in range(DRAWS):
            x = rho * x + np.sqrt(1 - rho * rho) * rng.normal()
            out[chain, i] = np.sign(x) * abs(x) ** power
    out[-1] += shift
    return np.round(out, 6)


def number(value):
    """An array of one element, or a scalar, as a number."""
    return float(np.ravel(value)[0])


def write(name, header, rows):
    """One table with its origin."""
    with open(os.path.join(HERE, name), "w", encoding="ascii") as file:
        file.write(f"# Origin: chain_diagnostics.py: arviz {arviz.__version__}, numpy {np.__version__}, seed {SEED}\n")
        file.write(",".join(header) + "\n")
        for row in rows:
            file.write(",".join(repr(float(v)) for v in row) + "\n")


def main():
    """Writes the four tables."""
    rng = np.random.default_rng(SEED)
    cases = {
        "independent": autoregressive(rng, 0.0),
        "slow": autoregressive(rng, 0.9),
        "antithetic": autoregressive(rng, -0.6),
        "apart": autoregressive(rng, 0.3, shift=1.5),
        "heavy": autoregressive(rng, 0.5, power=3.0),
        "ties": np.round(autoregressive(rng, 0.4)),
    }
    write("chain_draws.csv", cases, np.array([draws.ravel() for draws in cases.values()]).T)
    rows = []
    for draws in cases.values():
        sizes = [number(arviz.ess(draws, method=m)) for m in ("bulk", "tail", "mean")]
        rows.append([draws.mean(), draws.std(ddof=1), number(arviz.rhat(draws)), *sizes, number(arviz.mcse(draws))])
    write("chain_diagnostics.csv", ["mean", "sd", "r_hat", "ess_bulk", "ess_tail", "ess_mean", "mcse_mean"], rows)

    weights = {
        "light": rng.normal(size=400) * 0.3,
        "heavy": rng.exponential(size=400) * 0.6,
        "heavier": rng.exponential(size=400) * 1.3,
        "narrow": rng.uniform(size=400),
    }
    columns, shapes, header = [], [], []
    for name, raw in weights.items():
        raw = np.round(raw, 9)
        smoothed, k = arviz.psislw(raw.copy())
        shapes.append([number(k)])
        columns += [raw, smoothed]
        header += [name, name + "_smoothed"]
    write("pareto_weights.csv", header, np.array(columns).T)
    write("pareto_smoothing.csv", ["k_hat"], shapes)


if __name__ == "__main__":
    main()
