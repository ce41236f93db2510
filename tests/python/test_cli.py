"""The report on the command line: golden numbers, what is asked, what is written, terminal and pipe."""

from __future__ import annotations

import csv
import datetime
import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import kundenwert as kw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from kundenwert.report import analysis, console, progress, reading, writing
from kundenwert.report.data import ReportData
from kundenwert.report.files import data_files
from kundenwert.report.problem import ReportError
from kundenwert.report.settings import ReadSettings, ReportSettings
from program import ASKED, HEAD, in_process, quietly, rows, run
from rich.console import Console

CDNOW = Path(__file__).parents[2] / "examples" / "data" / "cdnow" / "transactions.csv"
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


def reported(path: Path, as_of: datetime.date = datetime.date(2024, 12, 31)) -> ReportData:
    found = reading.read_base(ReadSettings(data_files([path])), None, quietly)
    return analysis.report_on(found, ReportSettings("week", as_of, 52, 0.1), quietly, source=str(path))


@pytest.fixture
def cdnow() -> Path:
    if not CDNOW.exists():
        pytest.skip(f"{CDNOW} is not there")
    return CDNOW


# --- golden numbers


def test_cdnow_headline(cdnow: Path) -> None:
    done = run("report", cdnow, *CDNOW_ASKED, "--holdout-end", "1998-06-30", "--units-per-year", 52)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    out = done.stdout
    assert re.search(r"rows +6,919 rows read from 1997-01-01 to 1998-06-30\n", out)
    assert re.search(r"customers +2,357\n", out)
    assert re.search(r"repeat rate +40\.1%, 946 of 2,357 buyers", out)
    assert re.search(r"repeat transactions +2,457\n", out)
    assert re.search(r"actual +1,882\n", out)
    seen = [info.title for info in kw.models() if info.title in CDNOW_LIKELIHOOD]
    assert {"BG/NBD", "Pareto/NBD"} <= set(seen)
    for title in seen:
        assert re.search(rf"^ +{title} .* {CDNOW_LIKELIHOOD[title]} .* converged$", out, re.MULTILINE)
        assert re.search(rf"^ +{title} +{CDNOW_HOLDOUT[title]} ", out, re.MULTILINE)
    assert re.search(r"^ +Gamma-Gamma +p 6\.25, q 3\.744, v 15\.44 +-4,055\.92 ", out, re.MULTILINE)


def test_cdnow_says_how_it_chose(cdnow: Path) -> None:
    result = reported(cdnow, datetime.date(1997, 9, 30))
    seen = result.overview
    assert seen.chosen is not None
    assert seen.chosen.aic == min(m.aic for m in seen.models if m.outcome == "converged" and m.aic is not None)
    assert "lowest AIC" in result.chosen_why
    head = seen.headline
    assert head.customer_equity.valued == head.current
    # By definition: classes share out all customers and all revenue.
    assert sum(line.customers for line in head.abc.classes.values()) == 2357
    assert sum(line.value for line in head.abc.classes.values()) == pytest.approx(head.revenue, rel=1e-12)
    assert sum(total.customers for total in head.phases.values()) == 2357
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
    assert metadata["kundenwert.as_of"] == "1997-09-30"
    assert metadata["kundenwert.horizon"] == "52"
    assert metadata["kundenwert.basis"] == "revenue"
    one = table.filter(pa.compute.equal(table["customer_id"], "1")).to_pylist()[0]
    alive, purchases = CDNOW_CUSTOMER_1[metadata["kundenwert.model"]]
    # The parameters of the references have seven decimals, so their numbers are good to 1e-6.
    assert one["probability_alive"] == pytest.approx(alive, rel=1e-6)
    if purchases is not None:
        assert one["expected_transactions"] == pytest.approx(purchases, rel=1e-6)
    assert one["expected_spend"] == pytest.approx(CDNOW_SPEND_1, rel=1e-6)
    assert one["frequency"] == 2
    assert one["first_purchase"] == datetime.date(1997, 1, 1)
    assert one["last_purchase"] == datetime.date(1997, 8, 2)
    assert one["value_reasons"] == []

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
    assert re.search(r"^ +values are +revenue, discounted at 10% a year", out["revenue"][0], re.MULTILINE)
    assert re.search(r"^ +values are +margin, 30% of revenue, ", out["margin"][0], re.MULTILINE)
    # A product of two more factors, each rounded; missing values are missing in both.
    assert out["margin"][1] == pytest.approx(0.3 * out["revenue"][1], rel=1e-14, nan_ok=True)


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


# --- unusual customers


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (HEAD + "".join(f"{i},2024-01-{1 + i % 28:02},9.5\n" for i in range(40)), "no customer has a repeat purchase"),
        (HEAD + "a,2024-01-05,10\n", "The most valuable customer"),
        (HEAD + "".join(f"{i % 7},2024-0{1 + i % 9}-01,0\n" for i in range(40)), "no customer has a positive revenue"),
        (
            HEAD + "a,2024-01-05,-3\nb,2024-01-06,-2\n",
            "Customers whose returns cancel every purchase: 2.",
        ),
        ("id,date,quantity\n" + rows(60), "No column is recognised as the amount"),
        ("id,date\n" + re.sub(r",[\d.]+$", "", rows(60), flags=re.MULTILINE), "there are no amounts"),
    ],
    ids=["one-time buyers", "one customer", "free", "returns only", "no amount", "two columns"],
)
def test_unusual_customers(written, capsys: pytest.CaptureFixture[str], content: str, expected: str) -> None:
    code, out, err = in_process(capsys, "report", written(content), *ASKED)
    assert (code, err) == (0, "")
    assert expected in " ".join(out.split())
    assert "nan" not in out.lower()
    assert max(map(len, out.splitlines())) <= 100


def test_free_purchases_do_not_cost_the_spend_model(written) -> None:
    free = "free,2024-01-01,0\nfree,2024-02-01,0\n"
    without, with_free = (
        reported(written(content)).overview for content in (HEAD + rows(200), HEAD + rows(200) + free)
    )
    assert without.spend is not None
    assert with_free.spend is not None
    assert with_free.spend.params == without.spend.params


def test_hold_out_without_rows(written, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(HEAD + rows(50))
    last = re.findall(r"\d{4}-\d\d-\d\d", path.read_text())
    code, out, _ = in_process(capsys, "report", path, *ASKED, "--holdout-end", "2025-06-30")
    assert code == 0
    assert f"There is no row in the hold-out; the last one is of {max(last)}." in out


def test_dates_outside_the_log(written, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(HEAD + rows(50))
    code, out, err = in_process(capsys, "report", path, *ASKED[2:], "--end", "2023-12-31")
    assert (code, out) == (2, "")
    assert "nothing is known of anybody on 2023-12-31" in err
    assert "2024-01-01" in err


# --- what is asked


def test_nothing_that_decides_has_a_default(written, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(HEAD + "a,2024-01-05,10\nb,2024-03-09,10\n")
    code, out, err = in_process(capsys, "report", path)
    assert (code, out) == (2, "")
    assert "the last date in the data is 2024-03-09: --as-of 2024-03-09" in err
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
def test_bad_options(written, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str) -> None:
    code, out, err = in_process(capsys, "report", written(HEAD), *ASKED, *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_hold_out_before_the_end(written, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = in_process(capsys, "report", written(HEAD + rows(50)), *ASKED, "--holdout-end", "2024-06-01")
    assert code == 2
    assert "holdout_end" in err


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert in_process(capsys, "--version")[:2] == (0, f"kundenwert {kw.__version__}\n")
    code, out, _ = in_process(capsys, "report", "--help")
    assert code == 0
    assert "--annual-discount-rate" in out
    assert in_process(capsys)[0] == 2


# --- writing


def test_nothing_is_written_for_a_bad_file(written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.csv"
    target.write_text("before")
    bad = written(HEAD + "a,never,1\n")
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


def test_interrupt(
    written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_arguments: object, **_settings: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(analysis, "report_on", interrupted)
    path = written(HEAD + rows(50))
    code, out, err = in_process(capsys, "report", path, *ASKED, "--csv", tmp_path / "out.csv")
    assert (code, out, err) == (130, "", "kundenwert: interrupted\n")
    assert list(tmp_path.iterdir()) == [path]


def test_targets_are_checked_first(written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(HEAD + rows(50))
    for target, message in (
        (tmp_path / "no" / "out.csv", "there is no folder"),
        (tmp_path, "is a folder"),
        (path, "is one of the files that are read"),
    ):
        code, _, err = in_process(capsys, "report", path, *ASKED, "--csv", target)
        assert code == 2
        assert message in err


def test_reader_that_stops_early(written) -> None:
    command = f"{sys.executable} -m kundenwert.cli report {written(HEAD + rows(50))} {' '.join(ASKED)} | head -n 1"
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


def test_terminal_and_pipe(written) -> None:
    path = written(HEAD + rows(200))
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


def test_ids_cannot_steer_the_terminal(written, capsys: pytest.CaptureFixture[str]) -> None:
    content = HEAD + "".join(f"\x1b[31m[bold]{i % 5}\u202e,2024-01-{1 + i % 28:02},5\n" for i in range(40))
    code, out, _ = in_process(capsys, "report", written(content), *ASKED)
    assert code == 0
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "?[31m[bold]" in out


def test_progress_only_where_it_takes_long() -> None:
    for quiet_seconds, is_shown in ((0.0, True), (60.0, False)):
        screen = Console(file=io.StringIO(), force_terminal=True, width=80)
        with progress.Steps(screen, quiet_seconds) as step:
            step("Counting")(0.5)
            step._timer.join(timeout=5 if is_shown else 0)
        assert ("Counting" in screen.file.getvalue()) is is_shown  # type: ignore[attr-defined]
    with progress.Steps(None, 0.0) as step:
        step("Counting")(0.5)


def test_wide_numbers_stay_in_the_page(written, capsys: pytest.CaptureFixture[str]) -> None:
    first = [line.split(",") for line in rows(300).splitlines()]
    content = HEAD + "".join(f"customer-with-a-long-name-{a},{b},{c}e8\n" for a, b, c in first)
    code, out, _ = in_process(capsys, "report", written(content), *ASKED, "--currency", "EUR")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 100


def test_plain_and_rich_streams() -> None:
    class Screen(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    assert console.is_rich(Screen(), {"TERM": "xterm"})
    assert not console.is_rich(Screen(), {"NO_COLOR": "1"})
    assert not console.is_rich(Screen(), {"TERM": "dumb"})
    assert not console.is_rich(io.StringIO(), {})
