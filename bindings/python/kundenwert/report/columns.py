"""Which column of a file is which field of its table: recognised by the names the core knows for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kundenwert.report.problem import ReportError
from kundenwert.tables import FieldInfo, fields, simplified

__all__ = ["option_for", "recognized_columns"]

# An id in this sense says more than a bare word, which may be a name: "customer_no", not "customer".
_TELLING = re.compile(r"(id|no|nr|key|code|number|nummer)$")
# The four fields of a plain log have options of their own.
_OPTIONS = {"customer_id": "customer", "date": "date", "amount": "amount", "currency": "currency"}
_RETURNS = "returns_transaction_id"


def option_for(table: str, field: str) -> str:
    """The option with which a person names the column of a field."""
    if table == "transactions" and field in _OPTIONS:
        return f"--{_OPTIONS[field]}-column"
    return f"--column {table}.{field}=NAME"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _named(table: str, field: str, name: str, there: Sequence[str], file: str) -> str:
    found = [column for column in there if column == name]
    if len(found) == 1:
        return name
    option = option_for(table, field)
    if found:
        raise ReportError(f"{file}: {len(found)} columns are named '{name}' ({option})")
    raise ReportError(f"{file}: there is no column '{name}' ({option}); the columns are {_listed(there)}")


def _tiers(info: FieldInfo) -> list[frozenset[str]]:
    """Names as `simplified` writes them; one of an earlier tier wins, two of one tier are ambiguous."""
    usual = {simplified(name) for name in info.usual_names}
    if info.type != "id":
        return [frozenset({simplified(info.name)}), frozenset(usual)]
    telling = {name for name in usual if _TELLING.search(name) and name != "id"}
    last = usual - telling
    # In a log with one column of ids these are the customers.
    alone = {"id"} if info.table == "transactions" and info.name == "customer_id" else set()
    return [
        frozenset(tier) for tier in ({simplified(info.name)}, telling, last - {"id"}, (last & {"id"}) | alone) if tier
    ]


def _recognized(info: FieldInfo, there: Sequence[str], taken: Sequence[str], file: str) -> str | None:
    free = [column for column in there if column not in taken]
    exact = [column for column in free if column == info.name]
    for found in (exact, *([c for c in free if simplified(c) in tier] for tier in _tiers(info))):
        if len(found) > 1:
            raise ReportError(
                f"{file}: several columns could be the {_word(info.name)}: {_listed(found)}; "
                f"name one with {option_for(info.table, info.name)}"
            )
        if found:
            return found[0]
    return None


def _word(field: str) -> str:
    return "customer" if field == "customer_id" else field.replace("_", " ")


def _order(info: FieldInfo) -> tuple[bool, bool]:
    """Required fields look first, the ids of rows last, so that "id" is a customer where there is no other."""
    return (not info.is_required, info.type == "id")


def recognized_columns(table: str, there: Sequence[str], given: Mapping[str, str], file: str) -> Mapping[str, str]:
    """The columns of a table that are used.

    Parameters
    ----------
    table : str
        One of ``codes.tables``.
    there : sequence of str
        Names of the columns of the file.
    given : mapping
        From fields to the names a person gave; an empty one: the field is not read.
    file : str
        For messages.

    Returns
    -------
    mapping
        From fields to names, in the order of the core's table of fields. Ids of transactions are there only with what
        returns are of: alone they may as well be numbers of orders of several lines.

    Raises
    ------
    ReportError
        A named column that is not there, several that could be meant, or none where one is required.
    """
    infos = [info for info in fields() if info.table == table]
    unknown = set(given) - {info.name for info in infos}
    if unknown:
        known = ", ".join(info.name for info in infos)
        raise ReportError(f"{file}: {table} have no field '{min(unknown)}' (--column); they have {known}")
    chosen = {field: _named(table, field, name, there, file) for field, name in given.items() if name}
    named = list(chosen.values())
    if len(set(named)) < len(named):
        raise ReportError(f"{file}: one column is named for two purposes: {_listed(named)}")
    # A column of the canonical name is that field and no other.
    exact = {info.name for info in infos if there.count(info.name) == 1 and info.name not in given}
    for info in sorted((i for i in infos if i.name not in given), key=lambda i: (i.name not in exact, *_order(i))):
        name = _recognized(info, there, list(chosen.values()), file)
        if name is not None:
            chosen[info.name] = name
    missing = [info.name for info in infos if info.is_required and info.name not in chosen]
    if missing:
        options = " and ".join(option_for(table, field) for field in missing)
        raise ReportError(
            f"{file}: no column is recognised as the {' or the '.join(map(_word, missing))}; "
            f"the columns are {_listed(there)}; name it with {options}"
        )
    if table == "transactions" and _RETURNS not in chosen and "transaction_id" not in given:
        chosen.pop("transaction_id", None)
    return {info.name: chosen[info.name] for info in infos if info.name in chosen}
