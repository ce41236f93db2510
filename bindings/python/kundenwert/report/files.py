"""Which file is which table: recognised by its name, in English and German."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kundenwert import codes
from kundenwert.report.problem import ReportError
from kundenwert.tables import simplified

__all__ = ["USUAL_FILES", "DataFiles", "data_files"]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names of files without their endings, as `simplified` writes them, by table.
USUAL_FILES: Mapping[str, frozenset[str]] = {
    "customers": _names("customers customer clients accounts kunden kunde kundenstamm kundenliste"),
    "transactions": _names(
        "transactions transaction orders order purchases sales invoices bookings revenue revenues log "
        "umsaetze umsatz buchungen bestellungen kaeufe verkaeufe rechnungen auftraege transaktionen"
    ),
    "contracts": _names("contracts contract subscriptions memberships vertraege vertrag abos abonnements"),
    "contacts": _names("contacts contact interactions activities touchpoints kontakte kontakt aktivitaeten"),
    "complaints": _names("complaints complaint cases tickets claims beschwerden beschwerde reklamationen reklamation"),
    "costs": _names("costs cost expenses kosten aufwendungen"),
}
_TRUTH = "truth"

_ENDINGS = (".csv.gz", ".csv", ".tsv", ".parquet")
# Data that cannot be read; in a folder they are told.
_FOREIGN = (".xlsx", ".xls", ".ods", ".json", ".xml", ".feather", ".arrow")


@dataclass(frozen=True)
class DataFiles:
    """The files of a business.

    Attributes
    ----------
    source : str
        What the person named, for titles and messages.
    tables : mapping from table to Path
        In the order of ``codes.tables``.
    truth : Path or None
        The truth of a simulated business.
    others : tuple of Path
        Files of data whose names are no table; they are not read.
    """

    source: str
    tables: Mapping[str, Path]
    truth: Path | None = None
    others: tuple[Path, ...] = ()


def _stem(path: Path) -> str | None:
    """The name without its ending; None for a file that is no data."""
    name = path.name.casefold()
    return next((path.name[: -len(ending)] for ending in _ENDINGS if name.endswith(ending)), None)


def _table_of(path: Path) -> str | None:
    name = simplified(_stem(path) or path.stem)
    return _TRUTH if name == _TRUTH else next((table for table, names in USUAL_FILES.items() if name in names), None)


def _assigned(source: str, paths: Sequence[Path], is_folder: bool) -> DataFiles:
    found: dict[str, Path] = {}
    others = []
    for path in paths:
        table = None if path.suffix.casefold() in _FOREIGN else _table_of(path)
        if table is None:
            others.append(path)
        elif table in found:
            raise ReportError(
                f"{source}: '{found[table].name}' and '{path.name}' are both {table}; leave one of them out"
            )
        else:
            found[table] = path
    if others and not is_folder:
        raise ReportError(f"{others[0]}: this name says no table; {_expected()}")
    truth = found.pop(_TRUTH, None)
    if not {"transactions", "contracts"} & found.keys():
        there = ", ".join(path.name for path in paths) or "nothing"
        raise ReportError(
            f"{source}: there are neither transactions nor contracts, and without them there is nothing to report; "
            f"{_expected()}; there is {there}"
        )
    return DataFiles(source, {name: found[name] for name in codes.tables if name in found}, truth, tuple(others))


def _expected() -> str:
    return f"files are named after their tables ({', '.join(f'{name}.csv' for name in USUAL_FILES)}, or .parquet)"


def data_files(paths: Sequence[Path]) -> DataFiles:
    """The files of what a person named: one transaction log of any name, a folder, or several files.

    Raises
    ------
    ReportError
        Where something is not there, a name says no table or two say the same one, and where there are neither
        transactions nor contracts.
    """
    for path in paths:
        if not path.exists():
            raise ReportError(f"{path}: no such file or directory")
    if len(paths) == 1:
        (path,) = paths
        if not path.is_dir():
            return DataFiles(str(path), {"transactions": path})
        files = sorted(file for file in path.iterdir() if file.is_file())
        inside = [file for file in files if _stem(file) is not None or file.suffix.casefold() in _FOREIGN]
        return _assigned(str(path), inside, is_folder=True)
    for path in paths:
        if path.is_dir():
            raise ReportError(f"{path}: is a folder; give one folder, or files")
    return _assigned(", ".join(map(str, paths)), paths, is_folder=False)
