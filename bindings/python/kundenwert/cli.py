"""The command ``kundenwert``."""

from __future__ import annotations

import argparse
import datetime
import math
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

if TYPE_CHECKING:
    from kundenwert.report.data import ReportData
    from kundenwert.report.settings import ReadSettings, ReportSettings

__all__ = ["main"]

_DONE = 0
_USER_ERROR = 2
_INTERRUPTED = 130

_REPORT_HELP = """\
Reads what a business knows of its customers and says who they are: where each stands, what each is worth, who is in
danger, what next. DATA is a transaction log (CSV or Parquet, one row per purchase), or a folder (or several files) with
the tables of the business as files of their names: customers, transactions, contracts, contacts, complaints, costs.
With --html the report is one page; --csv and --parquet write a table with one row per customer.

Nothing that decides a number has a silent default: the analysis date, the unit of time, the horizon and the discount
rate are always asked for, and with contracts how they are valued.
"""

_REPORT_EXAMPLE = """\
examples:
  kundenwert report orders.csv --as-of 2024-12-31 --unit week --horizon 52 --annual-discount-rate 0.10
  kundenwert report shop/ --as-of 2024-12-31 --unit month --horizon 12 --annual-discount-rate 0.10 \\
    --convention first_margin_now --html report.html
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


def _column(text: str) -> tuple[str, str, str]:
    place, equals, name = text.partition("=")
    table, dot, field = place.partition(".")
    if not (equals and dot and table and field):
        raise argparse.ArgumentTypeError(f"'{text}' is not TABLE.FIELD=NAME, such as contracts.start=Beginn")
    return table, field, name


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
        usage="kundenwert report DATA... --as-of DATE --unit UNIT --horizon N --annual-discount-rate RATE [option ...]",
        help="who the customers are, where each stands and what each is worth",
        description=_REPORT_HELP,
        epilog=_REPORT_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    report.add_argument(
        "data",
        type=Path,
        nargs="+",
        metavar="DATA",
        help="a transaction log, a folder, or files of tables: CSV, Parquet",
    )

    asked = report.add_argument_group("what is asked (required)")
    asked.add_argument(
        "--as-of", "--end", type=_date, metavar="DATE", help="analysis date: last day of observation, inclusive"
    )
    asked.add_argument("--unit", choices=["day", "week", "month", "year"], help="unit of time of models and horizon")
    asked.add_argument("--horizon", type=_positive, metavar="N", help="units of time to look ahead")
    asked.add_argument(
        "--annual-discount-rate", type=_share, metavar="RATE", help="effective rate a year; ten percent is 0.10"
    )
    asked.add_argument("--convention", metavar="NAME", help="how contracts are valued; required where there are some")

    more = report.add_argument_group("more about what is asked")
    more.add_argument("--start", type=_date, metavar="DATE", help="first day of observation (default: the first row)")
    more.add_argument(
        "--holdout-end",
        type=_date,
        metavar="DATE",
        help="compare the models with the purchases after --as-of until then",
    )
    more.add_argument(
        "--units-per-year", type=_positive, metavar="N", help="for the discount rate (default: from 365.25 days)"
    )
    more.add_argument(
        "--margin-rate",
        type=_share,
        metavar="SHARE",
        help="share of revenue that is margin (default: from recorded costs, else revenue)",
    )
    more.add_argument(
        "--annual-retention-rate", type=_share, metavar="SHARE", help="of contracts (default: as in the last 12 months)"
    )
    more.add_argument("--top", type=_whole, default=10, metavar="N", help="most valuable customers to show (10)")

    log = report.add_argument_group("how the files are read")
    log.add_argument(
        "--customer-column", metavar="NAME", help="of the transactions: column of the customer (default: by its name)"
    )
    log.add_argument(
        "--date-column", metavar="NAME", help="of the transactions: column of the date (default: by its name)"
    )
    log.add_argument(
        "--amount-column", metavar="NAME", help="of the transactions: column of the amount (default: by its name)"
    )
    log.add_argument(
        "--currency-column", metavar="NAME", help="of the transactions: column of the currency (default: by its name)"
    )
    log.add_argument(
        "--column",
        type=_column,
        action="append",
        default=[],
        metavar="TABLE.FIELD=NAME",
        help="any other column, such as contracts.start=Beginn; an empty NAME: not read",
    )
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
        "--rejected-limit",
        type=_share,
        default=0.05,
        metavar="SHARE",
        help="with --collect: most bad rows of a file (0.05)",
    )

    out = report.add_argument_group("output")
    out.add_argument("--html", type=Path, metavar="FILE", help="write the report as one page")
    out.add_argument("--language", choices=["en", "de"], default="en", help="of the page (en)")
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


def _read_settings(options: argparse.Namespace) -> ReadSettings:
    from kundenwert.report.files import data_files
    from kundenwert.report.problem import ReportError
    from kundenwert.report.settings import ReadSettings

    files = data_files(options.data)
    columns: dict[str, dict[str, str]] = {}
    for table, field, name in options.column:
        if table not in files.tables:
            raise ReportError(
                f"--column {table}.{field}: there is no table {table}; there are {', '.join(files.tables)}"
            )
        columns.setdefault(table, {})[field] = name
    for field, name in (
        ("customer_id", options.customer_column),
        ("date", options.date_column),
        ("amount", options.amount_column),
        ("currency", options.currency_column),
    ):
        if name is not None:
            columns.setdefault("transactions", {})[field] = name
    return ReadSettings(
        files=files,
        columns=columns,
        date_format=options.date_format,
        decimal=options.decimal,
        encoding=options.encoding,
        returns=options.returns,
        currency=options.currency,
        collect=options.collect,
        rejected_limit=options.rejected_limit,
    )


def _report_settings(options: argparse.Namespace, read: ReadSettings) -> ReportSettings:
    from kundenwert import codes
    from kundenwert.report.problem import ReportError
    from kundenwert.report.reading import last_date
    from kundenwert.report.settings import ReportSettings

    if options.convention is not None and options.convention not in codes.conventions:
        known = "\n".join(f"  {code.name:<30}{code.meaning}" for code in codes.conventions.values())
        raise ReportError(f"--convention: '{options.convention}' is none of\n{known}")
    missing = []
    if options.as_of is None:
        last = last_date(read)
        hint = f"; the last date in the data is {last}: --as-of {last}" if last else ""
        missing.append(f"  --as-of DATE                 the analysis date{hint}")
    if options.unit is None:
        missing.append("  --unit UNIT                  day, week, month or year")
    if options.horizon is None:
        missing.append("  --horizon N                  how many of these units to look ahead")
    if options.annual_discount_rate is None:
        missing.append("  --annual-discount-rate RATE  ten percent a year is 0.10")
    if options.convention is None and "contracts" in read.files.tables:
        names = list(codes.conventions)
        missing.append(f"  --convention NAME            how contracts are valued: {', '.join(names[:4])},")
        missing.append(f"                               {' or '.join(names[4:])}")
    if missing:
        raise ReportError("these have no default, because they decide the numbers:\n" + "\n".join(missing))
    return ReportSettings(
        unit=options.unit,
        as_of=options.as_of,
        horizon=options.horizon,
        annual_discount_rate=options.annual_discount_rate,
        convention=options.convention,
        units_per_year=options.units_per_year,
        margin_rate=options.margin_rate,
        annual_retention_rate=options.annual_retention_rate,
        start=options.start,
        holdout_end=options.holdout_end,
        top=options.top,
        threads=options.threads,
    )


def _report(options: argparse.Namespace) -> None:
    from rich.console import Console

    from kundenwert.report import analysis
    from kundenwert.report.console import console_for
    from kundenwert.report.progress import Steps
    from kundenwert.report.reading import read_base
    from kundenwert.report.terminal import print_report
    from kundenwert.report.writing import require_writable, write_csv, write_parquet

    read_settings = _read_settings(options)
    files = read_settings.files
    settings = _report_settings(options, read_settings)
    for target in (options.csv, options.parquet, options.html):
        if target is not None:
            require_writable(target, [*files.tables.values(), *([files.truth] if files.truth else [])])
    write_page = _page_writer() if options.html is not None else None
    shows_progress = sys.stderr.isatty() and not options.quiet and os.environ.get("TERM") != "dumb"
    with Steps(Console(stderr=True) if shows_progress else None) as step:
        read = read_base(read_settings, settings.threads, step)
        data = analysis.report_on(
            read, settings, step, source=files.source, others=tuple(path.name for path in files.others)
        )
        step("Writing")
        if options.csv is not None:
            write_csv(data.customers, options.csv)
        if options.parquet is not None:
            write_parquet(data.customers, options.parquet)
        if write_page is not None:
            write_page(data, options.html, options.language)
    print_report(console_for(sys.stdout), data)


def _page_writer() -> Callable[[ReportData, Path, Literal["en", "de"]], object]:
    """What writes a page; asked for before long work, as it needs more than the report on the terminal."""
    from kundenwert.report.problem import ReportError

    try:
        from kundenwert.report.page import write_page
    except ModuleNotFoundError as error:
        raise ReportError(f"--html needs {error.name}: pip install 'kundenwert[report]'") from error
    return write_page


def _fail(message: str) -> int:
    # Names from files may hold signs that steer a terminal.
    shown = "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in message)
    print(f"kundenwert: {shown}", file=sys.stderr)
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
