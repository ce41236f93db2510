"""The command ``kundenwert``."""

from __future__ import annotations

import argparse
import datetime
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from kundenwert.report.settings import LogSettings, ReportSettings

__all__ = ["main"]

_DONE = 0
_USER_ERROR = 2
_INTERRUPTED = 130

_REPORT_HELP = """\
Reads a transaction log (CSV or Parquet, one row per purchase) and prints what it says about the customers: repeat
rate, models compared, expected transactions and value, ABC and RFM, the most valuable customers. With --csv or
--parquet it also writes a table with one row per customer.

Nothing that decides a number has a silent default: the analysis date, the unit of time, the horizon and the discount
rate are always asked for.
"""

_REPORT_EXAMPLE = """\
example:
  kundenwert report orders.csv --end 2024-12-31 --unit week --horizon 52 --annual-discount-rate 0.10 \\
    --csv customers.csv
"""


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date; write it as 2024-12-31") from None


def _float(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number")
    return value


def _positive(text: str) -> float:
    value = _float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


def _share(text: str) -> float:
    value = _float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1; ten percent is 0.10")
    return value


def _whole(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of 0 or more")
    return value


def _threads(text: str) -> int:
    value = _whole(text)
    if value == 0:
        raise argparse.ArgumentTypeError("0 threads cannot work; give 1 or more")
    return value


class _Parser(argparse.ArgumentParser):
    """One line for a mistake, instead of all options."""

    def error(self, message: str) -> NoReturn:
        self.exit(_USER_ERROR, f"{self.prog}: {message}\nTry '{self.prog} --help'.\n")


def _add_report(commands: argparse._SubParsersAction[_Parser]) -> None:
    report = commands.add_parser(
        "report",
        usage="kundenwert report FILE --end DATE --unit UNIT --horizon N --annual-discount-rate RATE [option ...]",
        help="what a transaction log says about the customers",
        description=_REPORT_HELP,
        epilog=_REPORT_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    report.add_argument("file", type=Path, metavar="FILE", help="transaction log: CSV (also .gz) or Parquet")

    asked = report.add_argument_group("what is asked (required)")
    asked.add_argument("--end", type=_date, metavar="DATE", help="analysis date: last day of observation, inclusive")
    asked.add_argument("--unit", choices=["day", "week", "month", "year"], help="unit of time of models and horizon")
    asked.add_argument("--horizon", type=_positive, metavar="N", help="units of time to look ahead")
    asked.add_argument(
        "--annual-discount-rate", type=_share, metavar="RATE", help="effective rate a year; ten percent is 0.10"
    )

    more = report.add_argument_group("more about what is asked")
    more.add_argument("--start", type=_date, metavar="DATE", help="first day of observation (default: the first row)")
    more.add_argument(
        "--holdout-end", type=_date, metavar="DATE", help="compare the models with the purchases after --end until then"
    )
    more.add_argument(
        "--units-per-year", type=_positive, metavar="N", help="for the discount rate (default: from 365.25 days)"
    )
    more.add_argument(
        "--margin-rate", type=_share, metavar="SHARE", help="share of revenue that is margin (default: value revenue)"
    )
    more.add_argument("--top", type=_whole, default=10, metavar="N", help="most valuable customers to show (10)")

    log = report.add_argument_group("how the file is read")
    log.add_argument("--customer-column", metavar="NAME", help="column of the customer (default: by its name)")
    log.add_argument("--date-column", metavar="NAME", help="column of the date (default: by its name)")
    log.add_argument("--amount-column", metavar="NAME", help="column of the amount (default: by its name)")
    log.add_argument("--currency-column", metavar="NAME", help="column of the currency (default: by its name)")
    log.add_argument("--currency", metavar="CODE", help="currency of all amounts, such as EUR")
    log.add_argument("--date-format", metavar="FORMAT", help="how dates are written, such as %%d.%%m.%%Y")
    log.add_argument("--decimal", choices=["point", "comma"], help="decimal separator of the amounts")
    log.add_argument("--encoding", choices=["utf-8", "latin-1", "utf-16"], help="of a CSV (default: UTF-8)")
    log.add_argument(
        "--returns",
        choices=["net", "drop", "error"],
        default="net",
        help="negative amounts: net them with the day's purchases, drop them, or call them an error (net)",
    )
    log.add_argument("--collect", action="store_true", help="leave bad rows out and list them, instead of stopping")
    log.add_argument(
        "--rejected-limit", type=_share, default=0.05, metavar="SHARE", help="with --collect: most bad rows (0.05)"
    )

    out = report.add_argument_group("output")
    out.add_argument("--csv", type=Path, metavar="FILE", help="write the table of all customers as CSV")
    out.add_argument("--parquet", type=Path, metavar="FILE", help="write the table of all customers as Parquet")
    out.add_argument("--quiet", action="store_true", help="no progress on the terminal")
    out.add_argument("--threads", type=_threads, metavar="N", help="threads to use (default: one per core)")


def _parser() -> _Parser:
    from kundenwert import __version__

    parser = _Parser(prog="kundenwert", description="Customer management analytics.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"kundenwert {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_report(commands)
    return parser


def _log_settings(options: argparse.Namespace) -> LogSettings:
    from kundenwert.report.columns import ColumnChoice
    from kundenwert.report.settings import LogSettings

    return LogSettings(
        path=options.file,
        columns=ColumnChoice(
            options.customer_column, options.date_column, options.amount_column, options.currency_column
        ),
        date_format=options.date_format,
        decimal=options.decimal,
        encoding=options.encoding,
        returns=options.returns,
        currency=options.currency,
        collect=options.collect,
        rejected_limit=options.rejected_limit,
    )


def _report_settings(options: argparse.Namespace, log: LogSettings) -> ReportSettings:
    from kundenwert.report.problem import ReportError
    from kundenwert.report.reading import last_date
    from kundenwert.report.settings import ReportSettings

    missing = []
    if options.end is None:
        last = last_date(log)
        hint = f"; the last date in the data is {last}: --end {last}" if last else ""
        missing.append(f"  --end DATE                   the analysis date{hint}")
    if options.unit is None:
        missing.append("  --unit UNIT                  day, week, month or year")
    if options.horizon is None:
        missing.append("  --horizon N                  how many of these units to look ahead")
    if options.annual_discount_rate is None:
        missing.append("  --annual-discount-rate RATE  ten percent a year is 0.10")
    if missing:
        raise ReportError("these have no default, because they decide the numbers:\n" + "\n".join(missing))
    return ReportSettings(
        unit=options.unit,
        end=options.end,
        horizon=options.horizon,
        annual_discount_rate=options.annual_discount_rate,
        units_per_year=options.units_per_year,
        margin_rate=options.margin_rate,
        start=options.start,
        holdout_end=options.holdout_end,
        top=options.top,
        threads=options.threads,
    )


def _report(options: argparse.Namespace) -> None:
    from rich.console import Console

    from kundenwert.report.headline import report_on
    from kundenwert.report.progress import Steps
    from kundenwert.report.reading import read_log
    from kundenwert.report.terminal import console_for, print_report
    from kundenwert.report.writing import require_writable, write_csv, write_parquet

    log_settings = _log_settings(options)
    settings = _report_settings(options, log_settings)
    for target in (options.csv, options.parquet):
        if target is not None:
            require_writable(target, options.file)
    shows_progress = sys.stderr.isatty() and not options.quiet and os.environ.get("TERM") != "dumb"
    with Steps(Console(stderr=True) if shows_progress else None) as step:
        log, customers = read_log(log_settings, settings, step("Reading"))
        result = report_on(customers, settings, step)
        if options.csv is not None:
            step("Writing")
            write_csv(result.customers, options.csv)
        if options.parquet is not None:
            step("Writing")
            write_parquet(result.customers, options.parquet)
    print_report(console_for(sys.stdout), log, customers, result.headline, settings)


def _fail(message: str) -> int:
    print(f"kundenwert: {message}", file=sys.stderr)
    return _USER_ERROR


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the name of the program; None: those of the process.

    Returns
    -------
    int
        0, or 2 for what the person can put right (one message on the error stream), or 130 after Ctrl-C. Files are
        written whole or not at all.
    """
    try:
        options = _parser().parse_args(arguments)
        try:
            import duckdb as _duckdb  # noqa: F401
            import rich as _rich  # noqa: F401

            from kundenwert.report.problem import ReportError
        except ModuleNotFoundError as error:
            return _fail(f"the report needs {error.name}: pip install 'kundenwert[report]'")
        try:
            _report(options)
        except ReportError as problem:
            return _fail(str(problem))
    except KeyboardInterrupt:
        print("kundenwert: interrupted", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of the output has seen enough. What is left in the buffer must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _DONE


if __name__ == "__main__":
    sys.exit(main())
