import kundenwert as kw
import pyarrow.compute
import pyarrow.csv

folder = "examples/data/shop"
names = ["customers", "transactions", "contracts", "contacts", "complaints", "costs"]
base = kw.CustomerBase(**{name: pyarrow.csv.read_csv(f"{folder}/{name}.csv") for name in names}, currency="EUR")
overview = kw.overview(
    base, as_of="2025-12-31", unit="month", horizon=12, annual_discount_rate=0.10, convention="first_margin_now"
)

headline = overview.headline
print(base)
print(f"{headline.current} current customers, {headline.potential} potential, {headline.lost} lost")
for name, phase in headline.phases.items():
    print(f"  {name:14s} {phase.customers:5d} customers  {phase.value:10,.2f} ahead")
stayed = headline.retention
print(f"stayed over the last twelve months: {stayed.rate:.1%} ({stayed.lower:.1%} to {stayed.upper:.1%})")
print(f"worth together, over the next twelve months: {headline.customer_equity.value:,.2f} EUR of margin")
print(f"of it in danger: {headline.value_at_risk.value:,.2f} EUR of {headline.value_at_risk.customers} customers")

# One row per customer, as a frame of the caller's kind (here pyarrow).
rows = overview.to_frame()
endangered = rows.filter(pyarrow.compute.equal(rows["phase"], "endangered")).sort_by([("lifetime_value", "descending")])
print("whom to call first:")
for row in endangered.slice(0, 3).to_pylist():
    print(f"  {row['customer_id']}  {row['lifetime_value']:8.2f}  {', '.join(row['risks'])}; {row['measures'][0]}")
