"""Which model fits the CDNOW customers, how sure is it of one of them, and was it right?"""

import kundenwert as kw
import pyarrow.csv

log = pyarrow.csv.read_csv("examples/data/cdnow/transactions.csv")
customers = kw.summarize(log, unit="week", end="1997-09-30", holdout_end="1998-06-30")

found = kw.compare(customers)
for row in found.to_arrow().to_pylist():
    print(f"{row['model']:<15} {row['outcome']:<10} ln L {row['log_likelihood']:.2f}  AIC {row['aic']:.2f}")
print(f"{found.recommended.title}: {found.reason}")

# How sure: the posterior of the parameters, and what it leaves open for customer 1.
draws = found.recommended.posterior(customers, seed=1)
expected = draws.interval("expected_transactions", customers, horizon=39, probability=0.9)
bought = draws.predicted_purchases(customers, 39, probability=0.9)
print(draws)
print(
    f"customer 1: {expected.mean[0]:.2f} purchases expected, 90 %: {expected.lower[0]:.2f} to {expected.upper[0]:.2f}"
)
print(f"            {bought.lower[0]:.0f} to {bought.upper[0]:.0f} bought")

# Was it right: the 39 weeks that followed.
for row in kw.backtest(customers, models=["nbd", "bg_nbd", "mbg_nbd", "pareto_nbd"]).to_arrow().to_pylist():
    print(f"{row['model']:<15} bias {row['relative_bias']:+.1%}, mean absolute error {row['mae']:.3f}")
