"""The report on a folder: every table of a business, and every mistake with its file, line, column and reason."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import duckdb
import kundenwert as kw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from program import in_process

SHOP = Path(__file__).parents[2] / "examples" / "data" / "shop"
ASKED = ("--as-of", "2025-12-31", "--unit", "month", "--horizon", "12", "--annual-discount-rate", "0.10")
CONVENTION = ("--convention", "first_margin_now")

# A business of four customers, as somebody else would write it.
SMALL = {
    "Kunden.csv": "Kunden-Nr.;angelegt;Werbung\nA;01.03.2024;ja\nB;15.01.2024;nein\nC;02.02.2025;\nD;03.02.2025;ja\n",
    "Buchungen.csv": (
        "Kunden-Nr.;Datum;Betrag;W\u00e4hrung\nA;05.03.2024;10,50;EUR\nA;20.06.2025;7,25;EUR\nB;18.01.2024;99,00;EUR\n"
    ),
    "Vertraege.csv": (
        "Vertrags-Nr.;Kunden-Nr.;Beginn;Ende;Zahlweise;Beitrag\nV1;C;01.03.2025;;monatlich;19,90\n"
        "V2;C;01.02.2025;01.03.2025;monatlich;9,90\n"
    ),
    "Kontakte.csv": "Kunden-Nr.;Datum;Richtung;Kanal\nD;05.02.2025;out;email\n",
    "Reklamationen.csv": "Kunden-Nr.;opened;resolved;satisfaction\nA;01.07.2025;;\n",
    "Kosten.csv": "Kunden-Nr.;Datum;Kostenart;Betrag\nA;05.03.2024;service;2,00\n;01.01.2025;marketing;100,00\n",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "business"
    folder.mkdir()
    for name, content in SMALL.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def shop() -> Path:
    if not SHOP.exists():
        pytest.skip(f"{SHOP} is not there")
    return SHOP


def changed(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def test_other_names_and_ways_of_writing(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "customers.parquet"
    code, out, err = in_process(capsys, "report", small, *ASKED, *CONVENTION, "--parquet", target)
    assert (code, err) == (0, "")
    for table, rows in (("customers", 4), ("transactions", 3), ("contracts", 2), ("complaints", 1), ("costs", 2)):
        assert re.search(rf"^ +{table} +{rows} rows? read", out, re.MULTILINE), table
    assert re.search(r"^ +customers +4\n +by kind +2 current, 1 lost, 1 potential\n", out, re.MULTILINE)
    assert max(map(len, out.splitlines())) <= 100
    rows = {row["customer_id"]: row for row in pq.read_table(target).to_pylist()}
    assert list(rows) == ["A", "B", "C", "D"]
    # Every rule of the phases by hand: an open complaint; silent for two years; ten months of contract; a prospect.
    assert [row["phase"] for row in rows.values()] == ["endangered", "lost", "development", "prospect"]
    assert rows["A"]["risks"][0] == "open_complaint"
    assert rows["A"]["suppressions"] == ["open_complaint"]
    assert rows["A"]["revenue"] == 17.75
    # Contract payments: one of 9.90 in February, ten of 19.90 from March to December.
    assert rows["C"]["revenue"] == pytest.approx(9.9 + 10 * 19.9, rel=1e-15)
    assert rows["C"]["value_basis"] is None or rows["C"]["value_basis"] == "contract"
    assert rows["D"]["value_reasons"] == ["no_current_customer"]


def test_a_folder_and_its_files_say_the_same(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(path for path in shop.iterdir() if path.suffix == ".csv")
    _, of_folder, _ = in_process(capsys, "report", shop, *ASKED, *CONVENTION)
    _, of_files, _ = in_process(capsys, "report", *files, *ASKED, *CONVENTION)
    assert of_folder.split("Customers\n", 1)[1] == of_files.split("Customers\n", 1)[1]


def test_the_shop_says_what_the_frames_say(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "customers.parquet"
    code, out, err = in_process(capsys, "report", shop, *ASKED, *CONVENTION, "--parquet", target)
    assert (code, err) == (0, "")
    frames = {
        table: duckdb.read_csv(str(shop / f"{table}.csv")) for table in ("customers", "transactions", "contracts")
    }
    frames |= {table: duckdb.read_csv(str(shop / f"{table}.csv")) for table in ("contacts", "complaints", "costs")}
    base = kw.CustomerBase(**frames)
    seen = kw.overview(
        base, as_of="2025-12-31", unit="month", horizon=12, annual_discount_rate=0.10, convention="first_margin_now"
    )
    table = seen.to_arrow()
    written = pq.read_table(target)
    for name in table.column_names:
        assert written[name].to_pylist() == table[name].to_pylist(), name
    equity = seen.headline.customer_equity
    assert f"{equity.value:,.2f} EUR of {equity.valued:,} of {equity.customers:,} current customers" in out
    assert f"{seen.headline.value_at_risk.value:,.2f} EUR of {seen.headline.value_at_risk.customers:,}" in out
    assert re.search(r"kinds of customers +\d\d\.\d% of 1,500 agree", out)
    assert re.search(r"rank correlation +0\.\d{3} of the values of", out)


def test_parquet_files_say_the_same(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "parquet"
    folder.mkdir()
    for path in shop.glob("*.csv"):
        if path.stem in {"customers", "transactions", "contracts"}:
            duckdb.read_csv(str(path)).write_parquet(str(folder / f"{path.stem}.parquet"))
        else:
            shutil.copy(path, folder)
    _, of_csv, _ = in_process(capsys, "report", shop, *ASKED, *CONVENTION)
    _, of_parquet, _ = in_process(capsys, "report", folder, *ASKED, *CONVENTION)
    assert of_csv.split("Customers\n", 1)[1] == of_parquet.split("Customers\n", 1)[1]


def test_ids_that_are_numbers_in_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pq.write_table(pa.table({"customer_id": pa.array([1, 2, 3])}), tmp_path / "customers.parquet")
    (tmp_path / "orders.csv").write_text("customer_id,date,amount\n1,2025-01-05,5\n3,2025-02-05,5\n")
    code, out, err = in_process(capsys, "report", tmp_path, *ASKED)
    assert (code, err) == (0, "")
    assert re.search(r"^ +by kind +2 current, 0 lost, 0 potential$", out, re.MULTILINE)


def test_tables_without_rows_and_without_customers(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small / "Kontakte.csv").write_text("Kunden-Nr.;Datum;Richtung\n", encoding="utf-8")
    (small / "Kosten.csv").write_text("Datum;Kostenart;Betrag\n01.01.2025;marketing;100,00\n", encoding="utf-8")
    code, out, err = in_process(capsys, "report", small, *ASKED, *CONVENTION)
    assert (code, err) == (0, "")
    assert re.search(r"^ +contacts +0 rows read$", out, re.MULTILINE)


# --- mistakes

MISTAKES = {
    "a wrong date": (
        "Buchungen.csv",
        "20.06.2025",
        "31.06.2025",
        "Buchungen.csv, line 3, column 'Datum': '31.06.2025' is not a date in the form DD.MM.YYYY",
    ),
    "a wrong date that may be missing": (
        "Vertraege.csv",
        "01.03.2025;monatlich",
        "irgendwann;monatlich",
        "Vertraege.csv, line 3, column 'Ende': 'irgendwann' is not a date in the form DD.MM.YYYY",
    ),
    "an unknown customer": (
        "Kontakte.csv",
        "D;05",
        "Z;05",
        "Kontakte.csv, line 2, column 'Kunden-Nr.': 'Z': a row for a customer who is not in the table of customers",
    ),
    "two currencies": (
        "Buchungen.csv",
        "99,00;EUR",
        "99,00;USD",
        "Buchungen.csv, line 4, column 'W\u00e4hrung': 'USD' is not EUR",
    ),
    "a contract that ends before it starts": (
        "Vertraege.csv",
        "C;01.02.2025;01.03.2025",
        "C;01.02.2025;01.01.2025",
        "Vertraege.csv, line 3, column 'Ende': '01.01.2025' is not after start",
    ),
    "an amount that is none": (
        "Buchungen.csv",
        "7,25",
        "x",
        "Buchungen.csv, line 3, column 'Betrag': 'x' is not a number with a decimal comma",
    ),
    "a name that is no code": (
        "Vertraege.csv",
        "monatlich;9,90",
        "manchmal;9,90",
        "Vertraege.csv, line 3, column 'Zahlweise': 'manchmal' is none of month, quarter, half_year, year",
    ),
    "a negative cost": (
        "Kosten.csv",
        ";2,00",
        ";-2,00",
        "Kosten.csv, line 2, column 'Betrag': '-2,00' is negative",
    ),
    "a missing value": ("Kosten.csv", "A;05.03.2024", "A;", "Kosten.csv, line 2, column 'Datum': the value is missing"),
    "a short row": ("Kunden.csv", "B;15.01.2024;nein", "B", "Kunden.csv, line 3: the row has fewer columns"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_told_with_their_place(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    file, old, new, message = MISTAKES[name]
    changed(small, file, old, new)
    targets = ("--csv", tmp_path / "out.csv", "--html", tmp_path / "out.html")
    code, out, err = in_process(capsys, "report", small, *ASKED, *CONVENTION, *targets)
    assert (code, out) == (2, "")
    assert err.startswith(f"kundenwert: {small / message}"), err
    assert err.count("\n") == 1
    # Nothing half-written.
    assert [path.name for path in tmp_path.iterdir()] == ["business"]


def test_collect_lists_every_mistake(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a wrong date", "an unknown customer", "a contract that ends before it starts"):
        file, old, new, _ = MISTAKES[name]
        changed(small, file, old, new)
    asked = (*ASKED, *CONVENTION, "--collect", "--rejected-limit", "1")
    code, out, err = in_process(capsys, "report", small, *asked)
    assert (code, err) == (0, "")
    for line in (
        r"Buchungen.csv +line 3 +Datum +'31\.06\.2025' is not a date in the form DD\.MM\.YYYY",
        r"Vertraege.csv +line 3 +Ende +'01\.01\.2025': an end before its start",
        r"Kontakte.csv +line 2 +Kunden-Nr\. +'Z': a row for a customer who is not in the table of",
    ):
        assert re.search(line, out), line
    code, out, err = in_process(capsys, "report", small, *ASKED, *CONVENTION, "--collect")
    assert (code, out) == (2, "")
    assert "1 of 3 rows are bad (33.3%), more than the limit of 5.0% (--rejected-limit)" in err


def test_missing_files(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small / "Kunden.csv").unlink()
    code, out, _ = in_process(capsys, "report", small, *ASKED, *CONVENTION)
    assert code == 0
    assert re.search(r"^ +customers +4$", out, re.MULTILINE)
    (small / "Buchungen.csv").unlink()
    assert in_process(capsys, "report", small, *ASKED, *CONVENTION)[0] == 0
    (small / "Vertraege.csv").unlink()
    code, out, err = in_process(capsys, "report", small, *ASKED)
    assert (code, out) == (2, "")
    assert "there are neither transactions nor contracts" in err
    assert "Kontakte.csv" in err
    code, _, err = in_process(capsys, "report", small / "nothing", *ASKED)
    assert (code, err) == (2, f"kundenwert: {small / 'nothing'}: no such file or directory\n")


def test_contracts_ask_for_a_convention(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = in_process(capsys, "report", small, *ASKED)
    assert (code, out) == (2, "")
    assert "these have no default, because they decide the numbers" in err
    assert "--convention NAME" in err
    for name in kw.codes.conventions:
        assert name in err
    (small / "Vertraege.csv").unlink()
    assert in_process(capsys, "report", small, *ASKED)[0] == 0
    code, _, err = in_process(capsys, "report", small, *ASKED, "--convention", "usual")
    assert code == 2
    assert "'usual' is none of" in err


def test_columns_by_option(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(small, "Vertraege.csv", "Beginn", "los")
    code, _, err = in_process(capsys, "report", small, *ASKED, *CONVENTION)
    assert code == 2
    assert "no column is recognised as the start" in err
    assert "--column contracts.start=NAME" in err
    code, _, err = in_process(capsys, "report", small, *ASKED, *CONVENTION, "--column", "contracts.start=los")
    assert (code, err) == (0, "")
    code, _, err = in_process(capsys, "report", small, *ASKED, *CONVENTION, "--column", "surveys.start=los")
    assert code == 2
    assert "there is no table surveys" in err
    assert in_process(capsys, "report", small, *ASKED, *CONVENTION, "--column", "start")[0] == 2


def test_a_page_is_written(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    for language, word in (("en", "Customers"), ("de", "Kunden")):
        page = tmp_path / f"{language}.html"
        code, _, err = in_process(capsys, "report", small, *ASKED, *CONVENTION, "--html", page, "--language", language)
        assert (code, err) == (0, "")
        assert word in page.read_text(encoding="utf-8")


def test_the_table_of_customers_can_be_read_again(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "customers.csv"
    assert in_process(capsys, "report", shop, *ASKED, *CONVENTION, "--csv", target)[0] == 0
    with target.open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 1500
    assert {line["phase"] for line in lines} <= set(kw.codes.phases)
    for line in lines:
        assert (line["lifetime_value"] == "") == (line["value_reasons"] != "")
        assert (line["risks"] != "") == (line["phase"] == "endangered")
