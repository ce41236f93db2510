"""Files as they come: ways of writing recognised, bad rows told with file, line, column and reason."""

from __future__ import annotations

import datetime
import gzip
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from kundenwert.report import values
from program import ASKED, HEAD, in_process, read, rows


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
def test_dates_are_recognized(written, dates: list[str], expected: list[str]) -> None:
    path = written("kunde;datum\n" + "".join(f"{i};{date}\n" for i, date in enumerate(dates)))
    _, customers = read(path)
    assert [str(day) for day in customers["first_purchase"]] == expected


@pytest.mark.parametrize(
    ("option", "title"), [("--date-format %d/%m/%Y", "DD/MM/YYYY"), ("--date-format %m/%d/%Y", "MM/DD/YYYY")]
)
def test_ambiguous_dates_are_asked_for(written, capsys: pytest.CaptureFixture[str], option: str, title: str) -> None:
    path = written(HEAD + "1,01/01/2024,5\n1,03/04/2024 8:26,5\n")
    code, out, err = in_process(capsys, "report", path, *ASKED)
    assert (code, out) == (2, "")
    assert f"{path}, line 3, column 'date': '03/04/2024 8:26' can be read as DD/MM/YYYY and as MM/DD/YYYY" in err
    assert option in err
    code, out, _ = in_process(capsys, "report", path, *ASKED, *option.split())
    assert code == 0
    assert f"date 'date' ({title})" in out


def test_dates_of_both_orders_are_asked_for(written, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(HEAD + "1,31/01/2024,5\n1,01/31/2024,5\n2,03/04/2024,1\n")
    code, _, err = in_process(capsys, "report", path, *ASKED)
    assert code == 2
    assert "line 4" in err


def test_own_date_format(written) -> None:
    _, customers = read(written("id,date\n1,31-Jan-24\n"), date_format="%d-%b-%y")
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
def test_amounts_are_recognized(written, amounts: list[str], expected: float) -> None:
    path = written("kunde;datum;umsatz\n" + "".join(f"1;2024-01-0{i + 1};{a}\n" for i, a in enumerate(amounts)))
    _, customers = read(path)
    assert customers["revenue"][0] == expected


def test_ambiguous_amounts_are_asked_for(written, capsys: pytest.CaptureFixture[str]) -> None:
    path = written("kunde;datum;umsatz\n1;2024-01-01;7\n1;2024-01-02;1.234\n")
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
def test_ways_of_writing_a_csv(written, content: bytes, settings: dict[str, object]) -> None:
    _, customers = read(written(content), **settings)
    assert list(customers["customer_id"]) == ["b", "\u00e4"]
    assert list(customers["revenue"]) == [2, 1.5]


def test_gzip(written) -> None:
    table, _ = read(written(gzip.compress((HEAD + rows(50)).encode()), "log.csv.gz"))
    assert table.rows_read == 50


def test_names_of_files_are_no_patterns(written) -> None:
    for other in ("log1.csv", "logs.csv"):
        written("id,date\nwrong,2024-01-01\n", other)
    for name in ("log[1].csv", "log?.csv", "log*.csv", "it's.csv"):
        _, customers = read(written("id,date\nright,2024-01-01\n", name))
        assert list(customers["customer_id"]) == ["right"]


def test_ids_are_not_altered(written) -> None:
    _, customers = read(written('id,date\n007,2024-01-01\n" 7",2024-01-01\n7,2024-01-01\n"a,""b""",2024-01-02\n'))
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
    table, customers = read(path)
    assert list(customers["customer_id"]) == expected
    assert [(w.code, w.count) for w in table.warnings] == [("anonymous", 1)]


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
def test_bad_files(written, capsys: pytest.CaptureFixture[str], name: str) -> None:
    content, message = BAD_FILES[name]
    path = written(content)
    code, out, err = in_process(capsys, "report", path, *ASKED)
    assert (code, out) == (2, "")
    assert err.startswith("kundenwert: " + message.replace("{file}", str(path))), err
    assert "Traceback" not in err


def test_lines_of_a_large_file(written, capsys: pytest.CaptureFixture[str]) -> None:
    # Larger than what one of DuckDB's threads reads at a time.
    count = 400_000
    lines = [f'"customer number\n{i % 999:060}",2024-01-{i % 28 + 1:02},{i % 97}.5\n' for i in range(count)]
    lines[390_000] = "x,2024-02-30,1\n"
    path = written(HEAD + "".join(lines))
    assert path.stat().st_size > 35_000_000
    code, _, err = in_process(capsys, "report", path, *ASKED)
    assert code == 2
    assert f"line {2 + 2 * 390_000}, column 'date': '2024-02-30'" in err


def test_returns_as_errors(written, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(HEAD + "a,2024-01-01,5\na,2024-01-02,-5\n")
    code, _, err = in_process(capsys, "report", path, *ASKED, "--returns", "error")
    assert code == 2
    assert f"{path}, line 3, column 'amount': '-5'" in err


@pytest.mark.parametrize("name", ["nothing.csv", "."])
def test_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, _, err = in_process(capsys, "report", tmp_path / name, *ASKED)
    assert code == 2
    assert str(tmp_path) in err
    assert err.count("\n") == 1


def test_collect_lists_rejected_rows(written, capsys: pytest.CaptureFixture[str]) -> None:
    bad = "x,2024-01-05\ny,31.12.2024,5\nz,2024-01-01,abc\n"
    path = written(HEAD + rows(100) + bad)
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
