"""Reference table of posteriors on the CDNOW sample: PyMC-Marketing's BG/NBD (NUTS), Pareto/NBD (DE-MetropolisZ) and
Gamma-Gamma (NUTS) with log-normal priors on the natural parameters, in weeks and dollars.

    python btyd_posterior_pymc.py [models]    writes btyd_posterior_pymc.csv beside this file

Needs pymc-marketing and arviz, and cdnow/cdnowSummary_cbs.csv in the folder KUNDENWERT_DATA. Columns: model (1 BG/NBD,
2 Pareto/NBD, 3 Gamma-Gamma); quantity (0 a parameter, 1 probability alive, 2 expected purchases within the horizon,
3 expected spend); index (of the parameter, or of the customer); the customer; the prior; the posterior; its
Monte-Carlo standard errors; R-hat, effective sample sizes; seconds of the fit.
"""

import os
import pickle
import sys
import time
from importlib.metadata import version

import arviz
import numpy as np
import pandas as pd
from pymc_extras.prior import Prior
from pymc_marketing import clv

HERE = os.path.dirname(os.path.abspath(__file__))
CDNOW = os.path.join(os.environ.get("KUNDENWERT_DATA", "."), "cdnow", "cdnowSummary_cbs.csv")
KEEP = os.environ.get("POSTERIOR_CACHE")
HORIZON = 39
TEN = float(np.log(10))
SHAPE = (0.0, 1.5)
SCALE = (TEN, 1.5)
NARROW = (0.0, 1.0)  # s and beta are hardly told apart by the data: a wide prior leaves tails that no run settles
NARROW_SCALE = (TEN, 1.0)
SEED = 20050501
CUSTOMERS = [(0, 0.0, 38.0, 0.0), (2, 213 / 7, 272 / 7, 22.345), (10, 20.0, 35.0, 40.0)]

MODELS = {
    1: (clv.BetaGeoModel, {"r": SHAPE, "alpha": SCALE, "a": SHAPE, "b": SHAPE}, "mcmc", 3000, 1000, 0.9),
    2: (
        clv.ParetoNBDModel,
        {"r": NARROW, "alpha": NARROW_SCALE, "s": NARROW, "beta": NARROW_SCALE},
        "demz",
        12000,
        3000,
        None,
    ),
    3: (clv.GammaGammaModel, {"p": SHAPE, "q": SHAPE, "v": SCALE}, "mcmc", 4000, 1000, 0.9),
}
COLUMNS = [
    "model",
    "quantity",
    "index",
    "frequency",
    "recency",
    "T",
    "monetary_value",
    "horizon",
    "prior_mu",
    "prior_sigma",
    "mean",
    "sd",
    "q05",
    "q50",
    "q95",
    "mcse_mean",
    "mcse_sd",
    "mcse_q05",
    "mcse_q50",
    "mcse_q95",
    "r_hat",
    "ess_bulk",
    "ess_tail",
    "seconds",
]


def customers():
    """The sample with times in days / 7."""
    table = pd.read_csv(CDNOW)
    return pd.DataFrame(
        {
            "customer_id": table["cust"],
            "frequency": table["x"].astype(float),
            "recency": np.round(table["t.x"] * 7) / 7,
            "T": np.round(table["T.cal"] * 7) / 7,
            "monetary_value": table["m_x"].astype(float),
        }
    )


def mcse(draws, method, **options):
    """Monte-Carlo standard error as a number."""
    return float(np.ravel(arviz.mcse(draws, method=method, **options))[0])


def summary(draws):
    """Posterior, its errors and diagnostics; draws are chains x draws."""
    quantiles = (0.05, 0.5, 0.95)
    return (
        [draws.mean(), draws.std(ddof=1), *np.quantile(draws, quantiles)]
        + [mcse(draws, "mean"), mcse(draws, "sd")]
        + [mcse(draws, "quantile", prob=p) for p in quantiles]
        + [float(arviz.rhat(draws))]
        + [float(arviz.ess(draws, method=m)) for m in ("bulk", "tail")]
    )


def fitted(number):
    """The model with its posterior, and the seconds it took."""
    kind, priors, method, draws, tune, target = MODELS[number]
    table = customers()
    if number == 3:
        table = table[table["frequency"] > 0]
    config = {name: Prior("LogNormal", mu=mu, sigma=sigma) for name, (mu, sigma) in priors.items()}
    model = kind(data=table, model_config=config)
    options = {"target_accept": target} if target else {}
    start = time.time()
    model.fit(method=method, chains=4, cores=1, draws=draws, tune=tune, random_seed=SEED, progressbar=False, **options)
    return model, time.time() - start


def lines(number):
    """Rows of the table: parameters, then what follows for three customers."""
    model, seconds = fitted(number)
    posterior = model.idata.posterior
    out = []
    if KEEP:
        with open(os.path.join(KEEP, f"draws_{number}.pkl"), "wb") as file:
            pickle.dump({name: posterior[name].values for name in MODELS[number][1]}, file)
    for index, (name, prior) in enumerate(MODELS[number][1].items()):
        out.append([number, 0, index, 0, 0, 0, 0, 0, *prior, *summary(posterior[name].values), seconds])
    # A posterior of many draws is thinned where a prediction holds draws x customers.
    for index, (x, t_x, age, spend) in enumerate(CUSTOMERS):
        row = pd.DataFrame(
            {"customer_id": [1], "frequency": [float(x)], "recency": [t_x], "T": [age], "monetary_value": [spend]}
        )
        if number == 3:
            wanted = {3: model.expected_customer_spend(row)}
        else:
            wanted = {
                1: model.expected_probability_alive(row, **({"future_t": 0} if number == 2 else {})),
                2: model.expected_purchases(row, future_t=HORIZON),
            }
        for quantity, draws in wanted.items():
            values = draws.transpose("chain", "draw", ...).values.reshape(draws.sizes["chain"], -1)
            if np.ptp(values) == 0:
                continue  # BG/NBD: alive by construction
            customer = [x, t_x, age, spend, HORIZON if quantity == 2 else 0]
            out.append([number, quantity, index, *customer, 0, 0, *summary(values), seconds])
    return out


def main():
    """Writes the rows of the models asked for, keeping those of the others."""
    path = os.path.join(HERE, "btyd_posterior_pymc.csv")
    asked = [int(n) for n in sys.argv[1:]] or list(MODELS)
    kept = []
    if os.path.exists(path):
        old = pd.read_csv(path, comment="#")
        kept = [row for row in old.to_numpy().tolist() if int(row[0]) not in asked]
    for number in asked:
        kept += lines(number)
        used = ", ".join(f"{p} {version(p)}" for p in ("pymc-marketing", "pymc", "pytensor", "arviz"))
        with open(path, "w", encoding="ascii") as file:
            file.write(f"# Origin: btyd_posterior_pymc.py: {used}; one core, seed {SEED}\n")
            file.write(",".join(COLUMNS) + "\n")
            for row in sorted(kept):
                file.write(",".join(str(int(v)) if i < 3 else repr(float(v)) for i, v in enumerate(row)) + "\n")


if __name__ == "__main__":
    main()
