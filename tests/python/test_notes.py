"""What the report says beside the numbers: what was not read, what is missing, what is unusual."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from program import HEAD, in_process, rows
from test_folder import ASKED, CONVENTION, SHOP, changed

LOG = HEAD + rows(120).replace("2024-", "2025-")


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The notes of a report as one line; empty where there are none."""
    code, out, err = in_process(capsys, "report", *arguments)
    assert (code, err) == (0, "")
    found = re.search(r"^Please note\n(.*?)\n\n", out, re.MULTILINE | re.DOTALL)
    return re.sub(r"\s+", " ", found.group(1)).strip() if found else ""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    if not SHOP.exists():
        pytest.skip(f"{SHOP} is not there")
    return Path(shutil.copytree(SHOP, tmp_path / "shop"))


def test_nothing_to_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    assert told(capsys, path, *ASKED) == ""


def test_columns_that_were_not_read(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(shop, "contracts.csv", "recurring_amount", "MRR")
    changed(shop, "customers.csv", "consent", "Newsletter")
    page = shop.parent / "page.html"
    note = told(capsys, shop, *ASKED, *CONVENTION, "--html", page)
    assert "contracts.csv: no column is recognised as the recurring amount, so contracts have no value" in note
    assert "contracts.csv: columns that were not read: 'MRR'" in note
    assert "customers.csv: no column says whether promotion is allowed" in note
    assert "columns that were not read: 'Newsletter'" in note
    written = page.read_text(encoding="utf-8")
    assert written.index("Please note") < written.index('<section id="pictures">')
    assert "MRR" in written
    assert "nothing needs a warning" not in written


def test_files_are_named_as_they_are_written(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(shop, "contracts.csv", "recurring_amount", "MRR")
    monkeypatch.chdir(shop)
    note = told(capsys, ".", *ASKED, *CONVENTION)
    assert "contracts.csv: no column is recognised" in note
    assert "Contracts.csv" not in note


def test_files_that_were_not_read(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "transactions.csv").rename(shop / "transactions.xlsx")
    (shop / "tx2025.csv").write_text(LOG)
    note = told(capsys, shop, *ASKED, *CONVENTION)
    assert note.startswith("There are no transactions: what is said rests on contracts alone.")
    assert "transactions.xlsx" in note
    assert "tx2025.csv" in note


def test_a_table_without_rows(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shop / "contracts.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n")
    assert "contracts.csv: there are no rows below the header." in told(capsys, shop, *ASKED, *CONVENTION)


def test_an_analysis_date_long_after_the_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    last = max(re.findall(r"2025-\d\d-\d\d", LOG))
    note = told(capsys, path, "--as-of", "2026-12-31", *ASKED[2:])
    assert f"The last row is of {last}" in note
    assert "customers look inactive" in note


def test_the_truth_of_another_day(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = in_process(capsys, "report", shop, *ASKED, *CONVENTION)
    assert code == 0
    assert "Against the truth" in out
    asked = ("--as-of", "2025-06-30", *ASKED[2:], *CONVENTION)
    assert "The truth is of 2025-12-31, not of the analysis date" in told(capsys, shop, *asked)
    code, out, _ = in_process(capsys, "report", shop, *asked)
    assert code == 0
    assert "Against the truth" not in out


def test_latin_1_is_for_files_that_are_not_utf_8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two = LOG.replace("amount\n", "amount,W\u00e4hrung\n").replace(".25\n", ".25,EUR\n")
    two = two[:-4] + "USD\n"
    for encoding in ("utf-8", "latin-1"):
        path = tmp_path / f"{encoding}.csv"
        path.write_text(two, encoding=encoding)
        code, out, err = in_process(capsys, "report", path, *ASKED, "--encoding", "latin-1")
        assert (code, out) == (2, "")
        assert "USD" in err
        assert "EUR" in err


def test_a_program_is_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(b"\x7fELF\x02\x01\x00\x00" * 100)
    code, out, err = in_process(capsys, "report", path, *ASKED)
    assert (code, out) == (2, "")
    assert err == f"kundenwert: {path}: this is no text file\n"
