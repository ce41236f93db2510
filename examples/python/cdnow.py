import kundenwert as kw
import pyarrow.csv

log = pyarrow.csv.read_csv("examples/data/cdnow/transactions.csv")
customers = kw.summarize(log, unit="week", end="1997-09-30", holdout_end="1998-06-30")
purchases = kw.BgNbd.fit(customers)
spend = kw.GammaGamma.fit(customers)
expected = purchases.expected_transactions(customers, 39)  # in the next 39 weeks, customer by customer
value = kw.lifetime_value(purchases, spend, customers, horizon=52, annual_discount_rate=0.10)
classes = kw.classify_abc(value)

print(customers)
print(purchases)
print(spend)
print(f"purchases expected in the hold-out: {expected.sum():.0f}, made: {customers['holdout_frequency'].sum():.0f}")
print(f"value of a year, discounted at 10 %: {value.sum():.0f}")
for name, held in classes.summary.items():
    print(f"class {name}: {held.customers} customers hold {held.share_of_value:.0%} of it")

best = value.argsort()[::-1][:5]
print("the five most valuable customers:")
for row in best:
    print(f"  {customers['customer_id'][row]:5d}  {expected[row]:5.1f} purchases  {value[row]:8.2f}")
