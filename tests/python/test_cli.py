"""The command line: the whole program on real and on bad files."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import gzip
import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import kundenwert as kw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from kundenwert import cli
from kundenwert.report import headline, progress, reading, terminal, values, writing
from kundenwert.report.columns import USUAL_NAMES, ColumnChoice, recognize_columns, simplified
from kundenwert.report.problem import ReportError
from kundenwert.report.settings import LogSettings, ReportSettings
from rich.console import Console

CDNOW = Path(__file__).parents[2] / "examples" / "data" / "cdnow" / "transactions.csv"
ASKED = ("--end", "2024-12-31", "--unit", "week", "--horizon", "52", "--annual-discount-rate", "0.10")
CDNOW_ASKED = ("--end", "1997-09-30", "--unit", "week", "--horizon", "52", "--annual-discount-rate", "0.10")

# Summary of the 1/10 sample, and purchases in the 39 weeks after: Fader, Hardie & Lee (2005), "Counting your customers
# the easy way". Log-likelihoods and sums of conditional expectations: mpmath, 40 digits, Newton to 1e-18.
CDNOW_LIKELIHOOD = {"BG/NBD": "-9,582.43", "Pareto/NBD": "-9,594.98", "MBG/NBD": "-9,582.14"}
CDNOW_HOLDOUT = {"BG/NBD": "1,653.4", "Pareto/NBD": "1,665.5", "MBG/NBD": "1,576.7"}
# Of customer 1 (x = 2, t_x = 213/7, T = 272/7), mpmath at the parameters to seven decimals: probability alive, expected
# purchases in 52 weeks (MBG/NBD: not at hand).
CDNOW_CUSTOMER_1 = {
    "bg_nbd": (0.72662032, 1.55868624),
    "pareto_nbd": (0.86913426, 1.85089055),
    "mbg_nbd": (0.70613847, None),
}
# Expected spend of customer 1 at the parameters of Hardie's note 025 to seven decimals, scipy.
CDNOW_SPEND_1 = 24.653919


def run(*arguments: object, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kundenwert.cli", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


def in_process(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """The program without a new process; nothing of it depends on one."""
    try:
        code = cli.main([str(argument) for argument in arguments])
    except SystemExit as stop:
        code = int(str(stop.code or 0))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def quietly(_title: str) -> Callable[[float], object]:
    return lambda _done: None


@pytest.fixture
def cdnow() -> Path:
    if not CDNOW.exists():
        pytest.skip(f"{CDNOW} is not there")
    return CDNOW


@pytest.fixture
def log(tmp_path: Path):
    """Writes a file and gives its path."""

    def write(content: str | bytes, name: str = "log.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def rows(count: int, customers: int = 20) -> str:
    """Lines of a plausible log: customers come back in different rhythms."""
    first = datetime.date(2024, 1, 1)
    lines = []
    for i in range(count):
        day = first + datetime.timedelta(days=(i * i * 7 + i * 13) % 360)
        lines.append(f"{i * i % customers},{day},{5 + i % 9}.25\n")
    return "".join(lines)


HEAD = "customer_id,date,amount\n"


# --- golden numbers


def test_cdnow_headline(cdnow: Path) -> None:
    done = run("report", cdnow, *CDNOW_ASKED, "--holdout-end", "1998-06-30", "--units-per-year", 52)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    out = done.stdout
    assert re.search(r"rows +6,919 rows read from 1997-01-01 to 1998-06-30, 1,959 in the hold-out\n", out)
    assert re.search(r"customers +2,357\n", out)
    assert re.search(r"repeat rate +40\.1%, 946 with repeat purchases", out)
    assert re.search(r"repeat transactions +2,457\n", out)
    assert re.search(r"actual +1,882\n", out)
    seen = [info.title for info in kw.models() if info.title in CDNOW_LIKELIHOOD]
    assert {"BG/NBD", "Pareto/NBD"} <= set(seen)
    for title in seen:
        assert re.search(rf"^ +{title} .* {CDNOW_LIKELIHOOD[title]} .* converged$", out, re.MULTILINE)
        assert re.search(rf"^ +{title} +{CDNOW_HOLDOUT[title]} ", out, re.MULTILINE)
    assert re.search(r"^ +Gamma-Gamma +p 6\.25, q 3\.744, v 15\.44 +-4,055\.92 ", out, re.MULTILINE)


def test_cdnow_says_how_it_chose(cdnow: Path) -> None:
    log_settings = LogSettings(cdnow)
    wanted = ReportSettings("week", datetime.date(1997, 9, 30), 52, 0.1)
    _, customers = reading.read_log(log_settings, wanted)
    result = headline.report_on(customers, wanted, step=quietly).headline
    assert result.chosen is not None
    assert result.chosen.aic == min(line.aic for line in result.models if line.is_converged and line.aic is not None)
    assert "lowest AIC" in result.chosen_why
    assert result.forecast is not None
    assert result.forecast.valued == 2357
    # By definition: classes share out all customers and all revenue.
    assert sum(line.customers for line in result.abc) == 2357
    assert sum(line.value for line in result.abc) == pytest.approx(result.revenue, rel=1e-12)
    assert result.rfm is not None
    assert sum(map(sum, result.rfm.counts)) == 2357
    values_of_top = [line.lifetime_value for line in result.top]
    assert len(values_of_top) == 10
    assert values_of_top == sorted(values_of_top, reverse=True)


def test_cdnow_customer_table(cdnow: Path, tmp_path: Path) -> None:
    as_csv, as_parquet = tmp_path / "customers.csv", tmp_path / "customers.parquet"
    done = run("report", cdnow, *CDNOW_ASKED, "--csv", as_csv, "--parquet", as_parquet)
    assert done.returncode == 0, done.stderr
    table = pq.read_table(as_parquet)
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert metadata["kundenwert.unit"] == "week"
    assert metadata["kundenwert.end"] == "1997-09-30"
    assert metadata["kundenwert.report.horizon"] == "52.0"
    assert metadata["kundenwert.report.basis"] == "revenue"
    one = table.filter(pa.compute.equal(table["customer_id"], "1")).to_pylist()[0]
    alive, purchases = CDNOW_CUSTOMER_1[metadata["kundenwert.report.model"]]
    # The parameters of the references have seven decimals, so their numbers are good to 1e-6.
    assert one["probability_alive"] == pytest.approx(alive, rel=1e-6)
    if purchases is not None:
        assert one["expected_transactions"] == pytest.approx(purchases, rel=1e-6)
    assert one["expected_spend"] == pytest.approx(CDNOW_SPEND_1, rel=1e-6)
    assert one["frequency"] == 2
    assert one["first_purchase"] == datetime.date(1997, 1, 1)
    assert one["last_purchase"] == datetime.date(1997, 8, 2)
    assert one["reasons"] == []

    with as_csv.open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == table.num_rows == 2357
    first = next(line for line in lines if line["customer_id"] == "1")
    assert float(first["lifetime_value"]) == one["lifetime_value"]
    # A customer without repeat purchase has no mean spend: empty, neither 0 nor "nan".
    once = next(line for line in lines if float(line["frequency"]) == 0)
    assert once["monetary_value"] == ""
    assert not any("nan" in (line["lifetime_value"] or "").lower() for line in lines)


def test_margin_rate_scales_and_labels(cdnow: Path, tmp_path: Path) -> None:
    out = {}
    for name, more in {"revenue": (), "margin": ("--margin-rate", "0.3")}.items():
        path = tmp_path / f"{name}.parquet"
        done = run("report", cdnow, *CDNOW_ASKED, "--parquet", path, *more)
        out[name] = (done.stdout, pq.read_table(path)["lifetime_value"].to_numpy())
    assert re.search(r"^ +revenue +[\d,.]+ currency units, discounted at 10% a year", out["revenue"][0], re.MULTILINE)
    assert re.search(r"^ +margin +[\d,.]+ currency units, 30% of revenue, ", out["margin"][0], re.MULTILINE)
    assert out["margin"][1] == pytest.approx(0.3 * out["revenue"][1], rel=1e-14)


def test_threads_do_not_matter(cdnow: Path) -> None:
    one, two = (run("report", cdnow, *CDNOW_ASKED, "--threads", n) for n in (1, 2))
    assert one.stdout == two.stdout


def test_parquet_says_the_same_as_csv(cdnow: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with cdnow.open(newline="") as file:
        read = list(csv.DictReader(file))
    table = pa.table(
        {
            "customer_id": [row["customer_id"] for row in read],
            "date": [datetime.datetime.fromisoformat(row["date"] + "T12:00") for row in read],
            "amount": pa.array([row["amount"] for row in read]).cast(pa.decimal128(10, 2)),
        }
    )
    path = tmp_path / "log.parquet"
    pq.write_table(table, path)
    _, from_csv, _ = in_process(capsys, "report", cdnow, *CDNOW_ASKED)
    _, from_parquet, _ = in_process(capsys, "report", path, *CDNOW_ASKED)
    assert from_csv.split("Customers\n")[1] == from_parquet.split("Customers\n")[1]


# --- columns


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
        (("Id", "Date", "Price"), ("Id", "Date", "Price", None)),
        # A number of the customer beats a bare "customer", which may be a name.
        (("customer", "customer_id", "date"), ("customer_id", "date", None, None)),
        (("order_id", "customerid", "created_at"), ("customerid", "created_at", None, None)),
    ],
)
def test_columns_are_recognized(there: tuple[str, ...], expected: tuple[str | None, ...]) -> None:
    assert dataclasses.astuple(recognize_columns(there, ColumnChoice(), "f")) == expected


@pytest.mark.parametrize(
    ("there", "given", "message"),
    [
        (("a", "date"), ColumnChoice(), "no column is recognised as the customer; the columns are 'a', 'date'"),
        (("a", "b"), ColumnChoice(), "as the customer or the date"),
        (("user_id", "customer_id", "date"), ColumnChoice(), "several columns could be the customer"),
        (("user", "order_date", "invoice_date"), ColumnChoice(), "name one with --date-column"),
        (("user", "date", "price", "total"), ColumnChoice(), "'price', 'total'; name one with --amount-column"),
        (("user", "date"), ColumnChoice(amount="sum"), "there is no column 'sum' (--amount-column)"),
        (("user", "date", "date"), ColumnChoice(date="date"), "2 columns are named 'date'"),
        (("user", "date"), ColumnChoice(customer="user", date="user"), "named for two purposes"),
    ],
)
def test_columns_are_not_guessed(there: tuple[str, ...], given: ColumnChoice, message: str) -> None:
    with pytest.raises(ReportError, match=re.escape(message)):
        recognize_columns(there, given, "log.csv")


def test_named_columns_win_and_are_not_used_twice() -> None:
    found = recognize_columns(("customer_id", "user_id", "date", "price"), ColumnChoice(customer="user_id"), "f")
    assert found.customer == "user_id"
    # The column named for the date is no candidate for the amount.
    found = recognize_columns(("id", "total", "price"), ColumnChoice(date="total"), "f")
    assert (found.date, found.amount) == ("total", "price")


def test_usual_names_are_written_as_they_are_compared() -> None:
    names = [name for tiers in USUAL_NAMES.values() for tier in tiers for name in tier]
    assert [simplified(name) for name in names] == names
    assert len(names) == len(set(names))
    assert simplified(" Kunden-Nr. ") == "kundennr"


# --- dates and amounts


def read(path: Path, end: str = "2024-12-31", **settings: object) -> tuple[reading.Log, kw.Summary]:
    wanted = ReportSettings("day", datetime.date.fromisoformat(end), 30, 0.1)
    return reading.read_log(LogSettings(path, **settings), wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["2024-03-01", "2024-3-2"], ["2024-03-01", "2024-03-02"]),
        (["2024-03-01T23:59:59.5+02:00", "2024-03-02 00:30:00Z"], ["2024-03-01", "2024-03-02"]),
        (["20240301", "20240302"], ["2024-03-01", "2024-03-02"]),
        (["2024/03/01", "2024/03/02"], ["2024-03-01", "2024-03-02"]),
        (["1.3.2024", "02.03.2024 08:26"], ["2024-03-01", "2024-03-02"]),
        (["31/01/2024", "01/02/2024"], ["2024-01-31", "2024-02-01"]),
        (["1/31/2024 8:26", "2/1/2024 9:00 PM"], ["2024-01-31", "2024-02-01"]),
        (["31-01-2024", "01-02-2024"], ["2024-01-31", "2024-02-01"]),
        # The same day either way: nothing to ask.
        (["01/01/2024", "02/02/2024"], ["2024-01-01", "2024-02-02"]),
    ],
)
def test_dates_are_recognized(log, dates: list[str], expected: list[str]) -> None:
    path = log("kunde;datum\n" + "".join(f"{i};{date}\n" for i, date in enumerate(dates)))
    _, customers = read(path)
    assert [str(day) for day in customers["first_purchase"]] == expected


@pytest.mark.parametrize(
    ("option", "title"), [("--date-format %d/%m/%Y", "DD/MM/YYYY"), ("--date-format %m/%d/%Y", "MM/DD/YYYY")]
)
def test_ambiguous_dates_are_asked_for(log, capsys: pytest.CaptureFixture[str], option: str, title: str) -> None:
    path = log(HEAD + "1,01/01/2024,5\n1,03/04/2024 8:26,5\n")
    code, out, err = in_process(capsys, "report", path, *ASKED)
    assert (code, out) == (2, "")
    assert f"{path}, line 3, column 'date': '03/04/2024 8:26' can be read as DD/MM/YYYY and as MM/DD/YYYY" in err
    assert option in err
    code, out, _ = in_process(capsys, "report", path, *ASKED, *option.split())
    assert code == 0
    assert f"date 'date' ({title})" in out


def test_dates_of_both_orders_are_asked_for(log, capsys: pytest.CaptureFixture[str]) -> None:
    path = log(HEAD + "1,31/01/2024,5\n1,01/31/2024,5\n2,03/04/2024,1\n")
    code, _, err = in_process(capsys, "report", path, *ASKED)
    assert code == 2
    assert "line 4" in err


def test_own_date_format(log) -> None:
    _, customers = read(log("id,date\n1,31-Jan-24\n"), date_format="%d-%b-%y")
    assert str(customers["first_purchase"][0]) == "2024-01-31"


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (["12.50", "3"], 15.5),
        (["12,50", "3"], 15.5),
        (["1,012.50", ".5"], 1013.0),
        (["1.012,50", ",5"], 1013.0),
        (["1.234.567", "1,5"], 1234568.5),
        (["1e3", "-0.5"], 999.5),
        ([" 7.25 ", "+1"], 8.25),
    ],
)
def test_amounts_are_recognized(log, amounts: list[str], expected: float) -> None:
    path = log("kunde;datum;umsatz\n" + "".join(f"1;2024-01-0{i + 1};{a}\n" for i, a in enumerate(amounts)))
    _, customers = read(path)
    assert customers["revenue"][0] == expected


def test_ambiguous_amounts_are_asked_for(log, capsys: pytest.CaptureFixture[str]) -> None:
    path = log("kunde;datum;umsatz\n1;2024-01-01;7\n1;2024-01-02;1.234\n")
    code, _, err = in_process(capsys, "report", path, *ASKED)
    assert code == 2
    assert "line 3, column 'umsatz': '1.234' can be read as" in err
    assert "--decimal point or --decimal comma" in err
    assert read(path, decimal="comma")[1]["revenue"][0] == 1241
    assert read(path, decimal="point")[1]["revenue"][0] == 8.234


def test_forms_are_resolved_by_values_that_only_one_fits() -> None:
    pair = ((0, 1),)
    assert values.resolved_form(values.FormCounts((5, 3), (3,), (2,)), pair) == 0
    assert values.resolved_form(values.FormCounts((3, 5), (3,), (2,)), pair) == 1
    assert values.resolved_form(values.FormCounts((3, 3), (3,), (0,)), pair) == 0
    assert values.resolved_form(values.FormCounts((0, 0), (0,), (0,)), pair) is None
    for fits in ((3, 3), (5, 4)):
        with pytest.raises(values.FormDoubtError):
            values.resolved_form(values.FormCounts(fits, (3,), (2,)), pair)


# --- files


@pytest.mark.parametrize(
    ("content", "settings"),
    [
        ("id,date,amount\n\u00e4,2024-01-01,1.5\nb,2024-01-02,2\n".encode(), {}),
        ("\ufeffid,date,amount\r\n\u00e4,2024-01-01,1.5\r\nb,2024-01-02,2\r\n".encode(), {}),
        ("id;date;amount\n\u00e4;2024-01-01;1,5\nb;2024-01-02;2".encode(), {}),
        ('"id"\t"date"\t"amount"\n"\u00e4"\t"2024-01-01"\t"1.5"\n\n"b"\t2024-01-02\t2\n'.encode(), {}),
        ("id|date|amount\r\u00e4|2024-01-01|1.5\rb|2024-01-02|2\r".encode(), {}),
        ("id,date,amount\n\u00e4,2024-01-01,1.5\nb,2024-01-02,2\n".encode("latin-1"), {"encoding": "latin-1"}),
        ("id,date,amount\n\u00e4,2024-01-01,1.5\nb,2024-01-02,2\n".encode("utf-16"), {}),
    ],
    ids=["utf-8", "mark-and-crlf", "semicolon", "tab-and-quotes", "bar-and-cr", "latin-1", "utf-16"],
)
def test_ways_of_writing_a_csv(log, content: bytes, settings: dict[str, object]) -> None:
    _, customers = read(log(content), **settings)
    assert list(customers["customer_id"]) == ["b", "\u00e4"]
    assert list(customers["revenue"]) == [2, 1.5]


def test_gzip(log) -> None:
    _, customers = read(log(gzip.compress((HEAD + rows(50)).encode()), "log.csv.gz"))
    assert customers.report.rows_read == 50


def test_names_of_files_are_no_patterns(log) -> None:
    for other in ("log1.csv", "logs.csv"):
        log("id,date\nwrong,2024-01-01\n", other)
    for name in ("log[1].csv", "log?.csv", "log*.csv", "it's.csv"):
        _, customers = read(log("id,date\nright,2024-01-01\n", name))
        assert list(customers["customer_id"]) == ["right"]


def test_ids_are_not_altered(log) -> None:
    _, customers = read(log('id,date\n007,2024-01-01\n" 7",2024-01-01\n7,2024-01-01\n"a,""b""",2024-01-02\n'))
    assert list(customers["customer_id"]) == [" 7", "007", "7", 'a,"b"']


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (pa.array([3, 1, None], pa.int32()), [1, 3]),
        (pa.array([3.0, 1.0, float("nan")], pa.float64()), [1, 3]),
        (pa.array(["b", "a", None]), ["a", "b"]),
        (pa.array([2**64 - 1, 1, None], pa.uint64()), ["1", "18446744073709551615"]),
    ],
)
def test_ids_of_parquet(tmp_path: Path, ids: pa.Array, expected: list[object]) -> None:
    path = tmp_path / "log.parquet"
    pq.write_table(pa.table({"id": ids, "date": [datetime.date(2024, 1, 1)] * 3}), path)
    _, customers = read(path)
    assert list(customers["customer_id"]) == expected
    assert customers.report.anonymous_rows == 1


BAD_FILES = {
    "empty": ("", "{file}: the file is empty"),
    "blank": ("\n\n", "{file}: the file is empty"),
    "header only": (HEAD, "{file}: there are no rows below the header"),
    "blank header": ("\n" + HEAD, "{file}, line 1: the line is blank; it has to be the header"),
    "zip": ("PK\x03\x04....", "{file}: this is a spreadsheet or zip file; save it as CSV first"),
    "date": (HEAD + "a,2024-01-01,1\n\nb,2024-13-01,1\n", "{file}, line 4, column 'date': '2024-13-01' is not a date"),
    "after a long cell": (
        HEAD + '"a\nb\nc",2024-01-01,1\nb,2024-02-30,1\n',
        "{file}, line 5, column 'date': '2024-02-30' is not a date in the form YYYY-MM-DD",
    ),
    "no date": (HEAD + "a,2024-01-01,1\nb,,1\n", "{file}, line 3, column 'date': the value is missing"),
    "no dates": (HEAD + "a,soon,1\n", "{file}, line 2, column 'date': 'soon' is not a date in a form that is"),
    "early date": (HEAD + "a,1024-01-01,1\n", "{file}, line 2, column 'date': '1024-01-01'"),
    "amount": (HEAD + "a,2024-01-01,1\nb,2024-01-01,x\n", "{file}, line 3, column 'amount': 'x' is not a number with"),
    "infinite": (HEAD + "a,2024-01-01,1\nb,2024-01-01,inf\n", "{file}, line 3, column 'amount': 'inf' is not a number"),
    "no amount": (HEAD + "a,2024-01-01,1\nb,2024-01-01,\n", "{file}, line 3, column 'amount': the value is missing"),
    "huge amount": (HEAD + "a,2024-01-01,1e13\n", "{file}, line 2, column 'amount': '1e13'"),
    "long id": (HEAD + "a" * 129 + ",2024-01-01,1\n", "{file}, line 2, column 'customer_id': '" + "a" * 37 + "...'"),
    "few columns": (HEAD + "a,2024-01-01,1\nb,2024-01-01\n", "{file}, line 3: the row has fewer columns"),
    "many columns": (HEAD + "a,2024-01-01,1\nb,2024-01-01,1,5\n", "{file}, line 3: the row has more columns"),
    "open quote": (HEAD + 'a,2024-01-01,1\n"b,2024-01-01,1\n', "{file}, line 3: a quotation mark is not closed"),
    "not utf-8": (HEAD.encode() + b"a,2024-01-01,1\n\xfc,2024-01-01,1\n", "{file}, line 3: the text is not UTF-8"),
    "two currencies": (
        "id,date,amount,currency\n1,2024-01-01,1,EUR\n2,2024-01-01,1,USD\n",
        "{file}, line 3, column 'currency': 'USD' is not EUR",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files(log, capsys: pytest.CaptureFixture[str], name: str) -> None:
    content, message = BAD_FILES[name]
    path = log(content)
    code, out, err = in_process(capsys, "report", path, *ASKED)
    assert (code, out) == (2, "")
    assert err.startswith("kundenwert: " + message.replace("{file}", str(path))), err
    assert "Traceback" not in err


def test_lines_of_a_large_file(log, capsys: pytest.CaptureFixture[str]) -> None:
    # Larger than what one of DuckDB's threads reads at a time.
    count = 400_000
    lines = [f'"customer number\n{i % 999:060}",2024-01-{i % 28 + 1:02},{i % 97}.5\n' for i in range(count)]
    lines[390_000] = "x,2024-02-30,1\n"
    path = log(HEAD + "".join(lines))
    assert path.stat().st_size > 35_000_000
    code, _, err = in_process(capsys, "report", path, *ASKED)
    assert code == 2
    assert f"line {2 + 2 * 390_000}, column 'date': '2024-02-30'" in err


def test_returns_as_errors(log, capsys: pytest.CaptureFixture[str]) -> None:
    path = log(HEAD + "a,2024-01-01,5\na,2024-01-02,-5\n")
    code, _, err = in_process(capsys, "report", path, *ASKED, "--returns", "error")
    assert code == 2
    assert f"{path}, line 3, column 'amount': '-5'" in err


@pytest.mark.parametrize("name", ["nothing.csv", "."])
def test_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, _, err = in_process(capsys, "report", tmp_path / name, *ASKED)
    assert code == 2
    assert str(tmp_path) in err
    assert err.count("\n") == 1


def test_collect_lists_rejected_rows(log, capsys: pytest.CaptureFixture[str]) -> None:
    bad = "x,2024-01-05\ny,31.12.2024,5\nz,2024-01-01,abc\n"
    path = log(HEAD + rows(100) + bad)
    code, out, err = in_process(capsys, "report", path, *ASKED, "--collect")
    assert (code, err) == (0, "")
    assert re.search(r"rows +103 rows read from [-\d]+ to [-\d]+, 3 rejected", out)
    assert re.search(r"line 102 +- +the row has fewer columns than the header", out)
    assert re.search(r"line 103 +date +'31\.12\.2024' is not a date in the form YYYY-MM-DD", out)
    assert re.search(r"line 104 +amount +'abc' is not a number with a decimal point", out)

    code, out, err = in_process(capsys, "report", path, *ASKED, "--collect", "--rejected-limit", "0.02")
    assert (code, out) == (2, "")
    assert "3 of 103 rows are bad (2.9%), more than the limit of 2.0% (--rejected-limit)" in err
    assert "line 103, column 'date': '31.12.2024'" in err


# --- unusual customers


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (HEAD + "".join(f"{i},2024-01-{1 + i % 28:02},9.5\n" for i in range(40)), "no customer has a repeat purchase"),
        (HEAD + "a,2024-01-05,10\n", "The most valuable customer"),
        (HEAD + "".join(f"{i % 7},2024-0{1 + i % 9}-01,0\n" for i in range(40)), "no customer has a positive revenue"),
        (
            HEAD + "a,2024-01-05,-3\nb,2024-01-06,-2\n",
            "Customers whose returns cancel every purchase were left out: 2.",
        ),
        ("id,date,quantity\n" + rows(60), "No column is recognised as the amount"),
        ("id,date\n" + re.sub(r",[\d.]+$", "", rows(60), flags=re.MULTILINE), "the log has no amounts"),
    ],
    ids=["one-time buyers", "one customer", "free", "returns only", "no amount", "two columns"],
)
def test_unusual_customers(log, capsys: pytest.CaptureFixture[str], content: str, expected: str) -> None:
    code, out, err = in_process(capsys, "report", log(content), *ASKED)
    assert (code, err) == (0, "")
    assert expected in " ".join(out.split())
    assert "nan" not in out.lower()
    assert max(map(len, out.splitlines())) <= 100


def test_free_purchases_do_not_cost_the_spend_model(log) -> None:
    free = "free,2024-01-01,0\nfree,2024-02-01,0\n"
    wanted = ReportSettings("week", datetime.date(2024, 12, 31), 52, 0.1)
    results = []
    for content in (HEAD + rows(200), HEAD + rows(200) + free):
        _, customers = reading.read_log(LogSettings(log(content)), wanted)
        results.append(headline.report_on(customers, wanted, step=quietly).headline)
    without, with_free = results
    assert (without.free_spenders, with_free.free_spenders) == (0, 1)
    assert without.spend is not None
    assert with_free.spend is not None
    assert with_free.spend.parameters == without.spend.parameters


def test_hold_out_without_rows(log, capsys: pytest.CaptureFixture[str]) -> None:
    path = log(HEAD + rows(50))
    last = re.findall(r"\d{4}-\d\d-\d\d", path.read_text())
    code, out, _ = in_process(capsys, "report", path, *ASKED, "--holdout-end", "2025-06-30")
    assert code == 0
    assert f"There is no row in the hold-out; the last one is of {max(last)}." in out


def test_dates_outside_the_log(log, capsys: pytest.CaptureFixture[str]) -> None:
    path = log(HEAD + rows(50))
    code, out, err = in_process(capsys, "report", path, *ASKED[2:], "--end", "2023-12-31")
    assert (code, out) == (2, "")
    assert "no row between" in err
    assert "2024-01-01" in err


# --- what is asked


def test_nothing_that_decides_has_a_default(log, capsys: pytest.CaptureFixture[str]) -> None:
    path = log(HEAD + "a,2024-01-05,10\nb,2024-03-09,10\n")
    code, out, err = in_process(capsys, "report", path)
    assert (code, out) == (2, "")
    assert "the last date in the data is 2024-03-09: --end 2024-03-09" in err
    for option in ("--unit", "--horizon", "--annual-discount-rate"):
        assert option in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--end", "31.12.2024"), "'31.12.2024' is not a date; write it as 2024-12-31"),
        (("--annual-discount-rate", "10"), "10 is not between 0 and 1; ten percent is 0.10"),
        (("--horizon", "0"), "0 is not above 0"),
        (("--horizon", "inf"), "'inf' is not a number"),
        (("--unit", "quarter"), "invalid choice: 'quarter'"),
        (("--threads", "0"), "0 threads cannot work"),
        (("--hor", "5"), "unrecognized arguments"),
    ],
)
def test_bad_options(log, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str) -> None:
    code, out, err = in_process(capsys, "report", log(HEAD), *ASKED, *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_hold_out_before_the_end(log, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = in_process(capsys, "report", log(HEAD + rows(50)), *ASKED, "--holdout-end", "2024-06-01")
    assert code == 2
    assert "holdout_end" in err


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert in_process(capsys, "--version")[:2] == (0, f"kundenwert {kw.__version__}\n")
    code, out, _ = in_process(capsys, "report", "--help")
    assert code == 0
    assert "--annual-discount-rate" in out
    assert in_process(capsys)[0] == 2


# --- writing


def test_nothing_is_written_for_a_bad_file(log, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.csv"
    target.write_text("before")
    bad = log(HEAD + "a,never,1\n")
    assert in_process(capsys, "report", bad, *ASKED, "--csv", target)[0] == 2
    assert target.read_text() == "before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["log.csv", "out.csv"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def half(_table: pa.Table, part: Path, *_more: object) -> None:
        Path(part).write_text("half")
        raise error

    monkeypatch.setattr("pyarrow.csv.write_csv", half)
    target = tmp_path / "out.csv"
    target.write_text("before")
    with pytest.raises(ReportError if isinstance(error, OSError) else KeyboardInterrupt):
        writing.write_csv(pa.table({"a": [1]}), target)
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_interrupt(log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(headline, "report_on", interrupted)
    path = log(HEAD + rows(50))
    code, out, err = in_process(capsys, "report", path, *ASKED, "--csv", tmp_path / "out.csv")
    assert (code, out, err) == (130, "", "kundenwert: interrupted\n")
    assert list(tmp_path.iterdir()) == [path]


def test_targets_are_checked_first(log, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = log(HEAD + rows(50))
    for target, message in (
        (tmp_path / "no" / "out.csv", "there is no folder"),
        (tmp_path, "is a folder"),
        (path, "is the log itself"),
    ):
        code, _, err = in_process(capsys, "report", path, *ASKED, "--csv", target)
        assert code == 2
        assert message in err


def test_reader_that_stops_early(log) -> None:
    command = f"{sys.executable} -m kundenwert.cli report {log(HEAD + rows(50))} {' '.join(ASKED)} | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""


# --- terminal and pipe


def on_terminal(path: Path, **environment: str) -> str:
    """Output of the program on a terminal of its own."""
    leader, follower = pty.openpty()
    env = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    env |= {"TERM": "xterm-256color", "COLUMNS": "100", "LANG": "C.UTF-8", **environment}
    command = [sys.executable, "-m", "kundenwert.cli", "report", str(path), *ASKED]
    with subprocess.Popen(command, stdout=follower, stderr=subprocess.DEVNULL, env=env) as process:
        os.close(follower)
        read = b""
        while True:
            try:
                part = os.read(leader, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            read += part
        process.wait()
    os.close(leader)
    return read.decode()


def test_terminal_and_pipe(log) -> None:
    path = log(HEAD + rows(200))
    piped = run("report", path, *ASKED).stdout
    assert piped.isascii()
    assert "\x1b" not in piped
    assert not any(line != line.rstrip() for line in piped.splitlines())
    assert max(map(len, piped.splitlines())) <= 100

    seen = on_terminal(path)
    assert "\x1b[1m" in seen
    assert "\u2500" in seen
    for plain in (on_terminal(path, NO_COLOR="1"), on_terminal(path, TERM="dumb")):
        assert plain.replace("\r\n", "\n") == piped
    # The same words on both.
    bare = re.sub(r"\x1b\[[\d;]*m", "", seen).replace("\u2500", "-")
    assert [line.rstrip() for line in bare.splitlines()] == piped.splitlines()


def test_ids_cannot_steer_the_terminal(log, capsys: pytest.CaptureFixture[str]) -> None:
    content = HEAD + "".join(f"\x1b[31m[bold]{i % 5}\u202e,2024-01-{1 + i % 28:02},5\n" for i in range(40))
    code, out, _ = in_process(capsys, "report", log(content), *ASKED)
    assert code == 0
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "?[31m[bold]" in out


def test_progress_only_where_it_takes_long() -> None:
    for quiet_seconds, is_shown in ((0.0, True), (60.0, False)):
        console = Console(file=io.StringIO(), force_terminal=True, width=80)
        with progress.Steps(console, quiet_seconds) as step:
            step("Counting")(0.5)
            step._timer.join(timeout=5 if is_shown else 0)
        assert ("Counting" in console.file.getvalue()) is is_shown  # type: ignore[attr-defined]
    with progress.Steps(None, 0.0) as step:
        step("Counting")(0.5)


def test_wide_numbers_stay_in_the_page(log, capsys: pytest.CaptureFixture[str]) -> None:
    first = [line.split(",") for line in rows(300).splitlines()]
    content = HEAD + "".join(f"customer-with-a-long-name-{a},{b},{c}e8\n" for a, b, c in first)
    code, out, _ = in_process(capsys, "report", log(content), *ASKED, "--currency", "EUR")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 100


def test_plain_and_rich_streams() -> None:
    class Screen(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    assert terminal.is_rich(Screen(), {"TERM": "xterm"})
    assert not terminal.is_rich(Screen(), {"NO_COLOR": "1"})
    assert not terminal.is_rich(Screen(), {"TERM": "dumb"})
    assert not terminal.is_rich(io.StringIO(), {})
