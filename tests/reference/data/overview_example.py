"""The worked example of tests/reference/overview_test.cpp: eight customers, added up day by day and payment by payment.

Nothing of the library is used; dates are Python's, sums run over every single payment, numbers are fractions or
mpmath's at 40 digits. The customers themselves stand in the test.
"""

import datetime
import os
from fractions import Fraction

import mpmath as mp

mp.mp.dps = 40
AS_OF = datetime.date(2025, 1, 1)
YEAR_AGO = datetime.date(2024, 1, 1)
HORIZON_MONTHS = 18
ANNUAL_DISCOUNT_RATE = mp.mpf("0.12")


def date(text):
    return datetime.date.fromisoformat(text)


def add_months(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (datetime.date(year + month // 11, month % 12 + 2 if month < 11 else 1, 1) - datetime.timedelta(1)).day
    return datetime.date(year, month + 1, min(day.day, last))


# customer: (start, exclusive end as known on AS_OF or None, months of a period, amount)
CONTRACTS = {
    1: [("2023-02-15", None, 1, "30")],
    2: [("2022-05-31", "2025-05-31", 3, "90")],
    3: [("2023-03-01", "2024-03-01", 12, "200")],
    4: [("2023-06-30", "2024-03-31", 6, "60"), ("2024-08-01", None, 6, "66")],
    5: [("2024-09-01", None, 1, "12.5")],
}
# customer: (day, revenue, variable cost)
PURCHASES = {
    6: [("2024-11-20", "100", "62"), ("2024-12-05", "40", "18"), ("2024-12-28", "59.99", "31.5")],
    8: [("2021-03-01", "250", "140"), ("2021-06-11", "10", "6")],
}
# (day, head, amount): what is dated 2024-01-01 or before, or after AS_OF, is not in the twelve months
COSTS = [
    ("2024-02-29", "service", "12"),
    ("2024-01-01", "service", "500"),
    ("2024-06-30", "care", "7.25"),
    ("2024-10-10", "marketing", "80"),
    ("2024-12-31", "service", "33"),
    ("2025-01-02", "care", "900"),
]


def payments(start, end, months):
    """The days on which a contract is paid, up to AS_OF."""
    days = []
    k = 0
    while True:
        day = add_months(date(start), k * months)
        if day > AS_OF or (end and day >= date(end)):
            return days
        days.append(day)
        k += 1


revenue = {i: Fraction(0) for i in range(1, 9)}
recent = Fraction(0)
for customer, contracts in CONTRACTS.items():
    for start, end, months, amount in contracts:
        for day in payments(start, end, months):
            revenue[customer] += Fraction(amount)
            recent += Fraction(amount) if day > YEAR_AGO else 0
bought = cost = Fraction(0)
for customer, purchases in PURCHASES.items():
    for day, amount, variable_cost in purchases:
        revenue[customer] += Fraction(amount)
        recent += Fraction(amount) if date(day) > YEAR_AGO else 0
        bought += Fraction(amount)
        cost += Fraction(variable_cost)

margin_rate = (bought - cost) / bought
spent = {head: sum(Fraction(a) for d, h, a in COSTS if h == head and YEAR_AGO < date(d) <= AS_OF)
         for head in ("service", "care")}  # fmt: skip
service_rate, care_rate = spent["service"] / recent, spent["care"] / recent

# With a contract on 2024-01-01: 1, 2, 3, 4. Of them 3 has none on AS_OF, 4 had none for 123 days in between.
stayed, at_start = 2, 4
retention = mp.mpf(stayed) / at_start
z = mp.sqrt(2) * mp.erfinv(mp.mpf("0.95"))
share = 1 + z * z / at_start
centre = (retention + z * z / (2 * at_start)) / share
half = z * mp.sqrt(retention * (1 - retention) / at_start + z * z / (4 * at_start**2)) / share


def value(amount, months, periods):
    """Convention mid_period: period k is paid in its middle; of the last period its share."""
    total = mp.mpf(0)
    k = 0
    while k < periods:
        part = min(mp.mpf(1), periods - k)
        stays = retention ** (mp.mpf(months * k) / 12)
        total += part * stays * (1 + ANNUAL_DISCOUNT_RATE) ** (-mp.mpf(months) * (k + mp.mpf("0.5")) / 12)
        k += 1
    left = margin_rate - service_rate - care_rate
    return mp.mpf(amount) * total * mp.mpf(left.numerator) / left.denominator


# From 2025-01-01 to 2025-05-31 it is four months and 30 of the 31 days of May.
ahead = mp.mpf(4) + mp.mpf(30) / 31
values = {
    1: value("30", 1, mp.mpf(HORIZON_MONTHS)),
    2: value("90", 3, ahead / 3),
    4: value("66", 6, mp.mpf(HORIZON_MONTHS) / 6),
    5: value("12.5", 1, mp.mpf(HORIZON_MONTHS)),
}
# Gini of the seven who are or were customers; 7 is a prospect.
x = sorted(v for i, v in revenue.items() if i != 7)
gini = 2 * sum((i + 1) * v for i, v in enumerate(x)) / (len(x) * sum(x)) - Fraction(len(x) + 1, len(x))

found = {f"revenue_{i}": v for i, v in revenue.items()}
found |= {"revenue": sum(revenue.values()), "margin_rate": margin_rate, "service_cost_rate": service_rate,
          "care_cost_rate": care_rate, "retention": retention, "retention_lower": centre - half,
          "retention_upper": centre + half}  # fmt: skip
found |= {f"value_{i}": v for i, v in values.items()}
found |= {"customer_equity": sum(values.values()), "value_at_risk": values[2], "gini": gini}


def text(number):
    if isinstance(number, Fraction):
        number = mp.mpf(number.numerator) / number.denominator
    return mp.nstr(number, 17)


here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "overview_example.csv"), "w", newline="\n") as out:
    out.write(",".join(found) + "\n" + ",".join(text(v) for v in found.values()) + "\n")
