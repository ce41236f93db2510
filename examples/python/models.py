"""Which model fits the CDNOW customers, how sure is it of one of them, and was it right?"""

import kundenwert as kw
import pyarrow.csv

log = pyarrow.csv.read_csv("examples/data/cdnow/transactions.csv")
customers = kw.summarize(log, unit="week", end="1997-09-30", holdout_end="1998-06-30")

found = kw.compare(customers)
print(found)
print(f"recommended: {found.recommended} ({found.reason})")

model = kw.MbgNbd.fit(customers)
draws = model.posterior(customers, seed=1)
print(draws)
expected = draws.interval("expected_transactions", customers, horizon=39, probability=0.9)
print(f"customer 1: {expected['mean'][0]:.2f} purchases, 90 %: {expected['lower'][0]:.2f} to {expected['upper'][0]:.2f}")
