"""Which column is which field, and which file which table: recognised, never guessed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kundenwert import codes, fields
from kundenwert.report.columns import recognized_columns
from kundenwert.report.files import USUAL_FILES, data_files
from kundenwert.report.problem import ReportError
from kundenwert.tables import simplified

LOG = ("customer_id", "date", "amount", "currency")


def used(there: tuple[str, ...], table: str = "transactions", **given: str) -> dict[str, str]:
    return dict(recognized_columns(table, there, given, "log.csv"))


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (("customer_id", "date", "amount"), ("customer_id", "date", "amount", None)),
        (("Customer ID", "InvoiceDate", "Revenue"), ("Customer ID", "InvoiceDate", "Revenue", None)),
        (("Kunden-Nr.", "Datum", "Umsatz", "W\u00e4hrung"), ("Kunden-Nr.", "Datum", "Umsatz", "W\u00e4hrung")),
        (("KUNDE", "Rechnungsdatum", "Betrag"), ("KUNDE", "Rechnungsdatum", "Betrag", None)),
        (("user_id", "timestamp", "price"), ("user_id", "timestamp", "price", None)),
        (("cust_id", "order_date", "total"), ("cust_id", "order_date", "total", None)),
        (("client", "purchase date", "sales"), ("client", "purchase date", "sales", None)),
        # The only column of ids is that of the customers.
        (("Id", "Date", "Price"), ("Id", "Date", "Price", None)),
        # A number of the customer beats a bare "customer", which may be a name, and the canonical name every other.
        (("customer", "cust_id", "date"), ("cust_id", "date", None, None)),
        (("user_id", "customer_id", "date"), ("customer_id", "date", None, None)),
        (("id", "customer_id", "date"), ("customer_id", "date", None, None)),
        (("order_id", "customerid", "created_at"), ("customerid", "created_at", None, None)),
    ],
)
def test_columns_of_a_log(there: tuple[str, ...], expected: tuple[str | None, ...]) -> None:
    found = used(there)
    assert tuple(found.get(field) for field in LOG) == expected
    assert set(found) <= set(LOG)


@pytest.mark.parametrize(
    ("there", "given", "message"),
    [
        (("a", "date"), {}, "no column is recognised as the customer; the columns are 'a', 'date'"),
        (("a", "b"), {}, "as the customer or the date"),
        (("user_id", "client_id", "date"), {}, "several columns could be the customer"),
        (("user", "order_date", "invoice_date"), {}, "name one with --date-column"),
        (("user", "date", "price", "total"), {}, "'price', 'total'; name one with --amount-column"),
        (("user", "date"), {"amount": "sum"}, "there is no column 'sum' (--amount-column)"),
        (("user", "date", "date"), {"date": "date"}, "2 columns are named 'date'"),
        (("user", "date"), {"customer_id": "user", "date": "user"}, "named for two purposes"),
        (("user", "date"), {"price": "date"}, "transactions have no field 'price'"),
    ],
)
def test_columns_are_not_guessed(there: tuple[str, ...], given: dict[str, str], message: str) -> None:
    with pytest.raises(ReportError, match=re.escape(message)):
        used(there, **given)


def test_named_columns_win_and_are_not_used_twice() -> None:
    assert used(("customer_id", "user_id", "date", "price"), customer_id="user_id")["customer_id"] == "user_id"
    # The column named for the date is no candidate for the amount.
    found = used(("id", "total", "price"), date="total")
    assert (found["date"], found["amount"]) == ("total", "price")
    assert "amount" not in used(("id", "date", "price"), amount="")


def test_columns_of_contracts() -> None:
    found = used(("Vertrags-Nr.", "Kunden-Nr.", "Beginn", "K\u00fcndigung", "Zahlweise", "Beitrag"), "contracts")
    assert found == {
        "contract_id": "Vertrags-Nr.",
        "customer_id": "Kunden-Nr.",
        "start": "Beginn",
        "notice": "K\u00fcndigung",
        "period": "Zahlweise",
        "recurring_amount": "Beitrag",
    }
    with pytest.raises(ReportError, match=re.escape("as the start; the columns are 'customer_id'")) as error:
        used(("customer_id",), "contracts")
    assert "--column contracts.start=NAME" in str(error.value)


def test_ids_of_transactions_are_read_with_what_returns_are_of() -> None:
    log = ("customer_id", "date", "transaction_id")
    assert "transaction_id" not in used(log)
    assert used((*log, "returns_transaction_id"))["transaction_id"] == "transaction_id"
    assert used(log, transaction_id="transaction_id")["transaction_id"] == "transaction_id"


def test_fields_are_those_of_the_core() -> None:
    assert {field.table for field in fields()} == set(codes.tables)
    for field in fields():
        assert field.meaning or field.name == "customer_id" or field.table
        names = [simplified(name) for name in field.usual_names]
        assert len(names) == len(set(names)), field
        assert simplified(field.name) not in names, field
    assert simplified(" Kunden-Nr. ") == "kundennr"


# --- files


def folder_of(tmp_path: Path, *names: str) -> Path:
    for name in names:
        (tmp_path / name).write_text("x\n")
    return tmp_path


def test_files_by_name(tmp_path: Path) -> None:
    names = ("Kunden.csv", "Buchungen.parquet", "Vertr\u00e4ge.csv.gz", "activities.csv", "tickets.csv", "kosten.tsv")
    found = data_files([folder_of(tmp_path, *names, "truth.csv", "README.md", "notes.csv")])
    assert {table: path.name for table, path in found.tables.items()} == dict(
        zip(("customers", "transactions", "contracts", "contacts", "complaints", "costs"), names, strict=True)
    )
    assert list(found.tables) == list(codes.tables)
    assert found.truth is not None
    assert [path.name for path in found.others] == ["notes.csv"]
    assert data_files([tmp_path / names[1], tmp_path / names[0]]).tables["customers"].name == "Kunden.csv"


def test_a_single_file_is_a_log_whatever_its_name(tmp_path: Path) -> None:
    folder_of(tmp_path, "anything.dat")
    assert list(data_files([tmp_path / "anything.dat"]).tables) == ["transactions"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("customers.csv",), "there are neither transactions nor contracts"),
        ((), "there is nothing"),
        (("orders.csv", "sales.csv"), "'orders.csv' and 'sales.csv' are both transactions"),
    ],
)
def test_folders_that_say_too_little(tmp_path: Path, names: tuple[str, ...], message: str) -> None:
    with pytest.raises(ReportError, match=re.escape(message)):
        data_files([folder_of(tmp_path, *names)])


def test_files_that_say_too_little(tmp_path: Path) -> None:
    folder_of(tmp_path, "orders.csv", "what.csv")
    with pytest.raises(ReportError, match="this name says no table"):
        data_files([tmp_path / "orders.csv", tmp_path / "what.csv"])
    with pytest.raises(ReportError, match="no such file"):
        data_files([tmp_path / "orders.csv", tmp_path / "customers.csv"])
    with pytest.raises(ReportError, match="is a folder"):
        data_files([tmp_path / "orders.csv", tmp_path])


def test_names_of_files_are_written_as_they_are_compared() -> None:
    names = [name for each in USUAL_FILES.values() for name in each]
    assert [simplified(name) for name in names] == names
    assert len(names) == len(set(names))
