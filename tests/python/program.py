"""The program on a file, in a process of its own and in this one; and what a plausible log looks like."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import kundenwert as kw
import pytest
from kundenwert import cli
from kundenwert.report import reading
from kundenwert.report.data import TableRead
from kundenwert.report.files import data_files
from kundenwert.report.settings import ReadSettings

ASKED = ("--as-of", "2024-12-31", "--unit", "week", "--horizon", "52", "--annual-discount-rate", "0.10")
HEAD = "customer_id,date,amount\n"


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


def rows(count: int, customers: int = 20) -> str:
    """Lines of a plausible log: customers come back in different rhythms."""
    first = datetime.date(2024, 1, 1)
    lines = []
    for i in range(count):
        day = first + datetime.timedelta(days=(i * i * 7 + i * 13) % 360)
        lines.append(f"{i * i % customers},{day},{5 + i % 9}.25\n")
    return "".join(lines)


def read(path: Path, end: str = "2024-12-31", **settings: object) -> tuple[TableRead, kw.Summary]:
    """What is read of one file: the first table, and the summary of the purchases."""
    found = reading.read_base(ReadSettings(data_files([path]), **settings), None, quietly)  # type: ignore[arg-type]
    return found.tables[0], found.base.summarize(unit="day", end=end)
