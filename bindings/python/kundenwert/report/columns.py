"""Which column of a table is the customer, the date, the amount, the currency: recognised by the usual names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kundenwert.report.problem import ReportError

__all__ = ["USUAL_NAMES", "ColumnChoice", "recognize_columns", "simplified"]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# By role: tiers of names as `simplified` writes them. A name of an earlier tier wins over one of a later tier, two of
# one tier are ambiguous. Only the customer has two: a number or key says more than "customer", which may be a name.
USUAL_NAMES: Mapping[str, tuple[frozenset[str], ...]] = {
    "customer": (
        _names(
            "customerid customernumber customerno customernr customerkey customercode custid custno cid clientid "
            "clientnumber userid buyerid memberid accountid accountnumber householdid shopperid "
            "kundenid kundennr kundennummer kundeid kdnr kdnummer debitor debitorennr debitorennummer mitgliedsnummer"
        ),
        _names("customer client user buyer member account shopper cust kunde kunden id"),
    ),
    "date": (
        _names(
            "date orderdate orderedat orderday invoicedate purchasedate purchasedat transactiondate transdate trxdate "
            "txndate bookingdate postingdate saledate salesdate eventdate timestamp datetime createdat day "
            "datum bestelldatum auftragsdatum rechnungsdatum kaufdatum buchungsdatum belegdatum umsatzdatum "
            "zeitpunkt zeitstempel tag"
        ),
    ),
    "amount": (
        _names(
            "amount revenue netrevenue price total totalprice totalamount orderamount ordertotal ordervalue sales "
            "salesamount saleamount spend spending value netamount netsales invoiceamount linetotal "
            "transactionamount purchaseamount paid turnover "
            "umsatz nettoumsatz betrag nettobetrag rechnungsbetrag bestellwert auftragswert kaufbetrag summe preis "
            "gesamtpreis gesamtbetrag warenwert wert erloes"
        ),
    ),
    "currency": (_names("currency currencycode ccy waehrung waehrungscode"),),
}

_REQUIRED = ("customer", "date")


def simplified(name: str) -> str:
    """A name without case, blanks and punctuation; umlauts as two letters: "Kunden-Nr." is "kundennr"."""
    folded = unicodedata.normalize("NFC", name).casefold()
    for umlaut, letters in (("\u00e4", "ae"), ("\u00f6", "oe"), ("\u00fc", "ue")):
        folded = folded.replace(umlaut, letters)
    return re.sub(r"[^a-z0-9]", "", folded)


@dataclass(frozen=True)
class ColumnChoice:
    """Names of columns by role; None: not named (yet), or not there."""

    customer: str | None = None
    date: str | None = None
    amount: str | None = None
    currency: str | None = None

    def of(self, role: str) -> str | None:
        """The name of a role."""
        return {"customer": self.customer, "date": self.date, "amount": self.amount, "currency": self.currency}[role]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _named(role: str, name: str, there: Sequence[str], file: str) -> str:
    found = [column for column in there if column == name]
    if len(found) == 1:
        return name
    if found:
        raise ReportError(f"{file}: {len(found)} columns are named '{name}' (--{role}-column)")
    raise ReportError(f"{file}: there is no column '{name}' (--{role}-column); the columns are {_listed(there)}")


def _recognized(role: str, there: Sequence[str], taken: Sequence[str], file: str) -> str | None:
    for tier in USUAL_NAMES[role]:
        found = [column for column in there if simplified(column) in tier and column not in taken]
        if len(found) > 1:
            raise ReportError(
                f"{file}: several columns could be the {role}: {_listed(found)}; name one with --{role}-column"
            )
        if found:
            return found[0]
    return None


def recognize_columns(there: Sequence[str], given: ColumnChoice, file: str) -> ColumnChoice:
    """The columns of a table by role.

    Parameters
    ----------
    there : sequence of str
        Names of the columns of the table.
    given : ColumnChoice
        What the person named.
    file : str
        For messages.

    Returns
    -------
    ColumnChoice
        Customer and date are always there; without an amount the log has no money.

    Raises
    ------
    ReportError
        A named column that is not there, several that could be meant, or none.
    """
    chosen: dict[str, str | None] = {}
    for role in USUAL_NAMES:
        name = given.of(role)
        if name is not None:
            chosen[role] = _named(role, name, there, file)
    named = [name for name in chosen.values() if name is not None]
    if len(set(named)) < len(named):
        raise ReportError(f"{file}: one column is named for two purposes: {_listed(named)}")
    for role in USUAL_NAMES:
        if role not in chosen:
            chosen[role] = _recognized(role, there, named, file)
    missing = [role for role in _REQUIRED if chosen[role] is None]
    if missing:
        options = " and ".join(f"--{role}-column" for role in missing)
        raise ReportError(
            f"{file}: no column is recognised as the {' or the '.join(missing)}; the columns are {_listed(there)}; "
            f"name it with {options}"
        )
    return ColumnChoice(**chosen)
