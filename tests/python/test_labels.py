"""The one table of labels: every code of the core is in it, in both languages, and nothing else is."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import replace

import pytest
from conftest import ROOT
from fake_report import fake_report
from kundenwert.report.labels import LANGUAGES, Words, labels
from kundenwert.report.page import page_html
from lacking_reports import without_amounts, without_anything, without_model, without_some_values

# By the first part of a key: the list of the core that has its codes.
TABLES = {
    "basis": "KW_MONEY_BASES",
    "basis_note": "KW_MONEY_BASES",
    "convention": "KW_CLV_CONVENTIONS",
    "error": "KW_ERROR_CODES",
    "kind": "KW_CUSTOMER_KINDS",
    "goal": "KW_GOALS",
    "measure": "KW_MEASURES",
    "outcome": "KW_OUTCOMES",
    "phase": "KW_PHASES",
    "phase_note": "KW_PHASES",
    "reason": "KW_REASONS",
    "risk": "KW_RISKS",
    "spend_basis": "KW_SPEND_BASES",
    "suppression": "KW_SUPPRESSIONS",
    "table": "KW_TABLE_KINDS",
    "task": "KW_TASKS",
    "value_basis": "KW_VALUE_BASES",
    "warning": "KW_WARNING_CODES",
}
LIST = re.compile(r"#define (KW_[A-Z_]+)\(X\)((?:.*\\\n)*.*\n)")


@pytest.fixture(scope="module")
def core() -> dict[str, set[str]]:
    found = {}
    for header in sorted((ROOT / "include/kundenwert").glob("*/*.hpp")):
        for name, lines in LIST.findall(header.read_text(encoding="utf-8")):
            found[name] = {code.removesuffix("_") for code in re.findall(r"X\(\d+, (\w+),", lines)}
    return found


def labelled(table: str) -> set[str]:
    return {key.partition(".")[2] for key in labels() if key.startswith(f"{table}.")}


@pytest.mark.parametrize("table", TABLES)
def test_every_code_of_the_core_has_a_label(core: dict[str, set[str]], table: str) -> None:
    assert core[TABLES[table]]
    assert labelled(table) == core[TABLES[table]]


def test_every_parameter_of_the_phases_is_explained() -> None:
    text = (ROOT / "include/kundenwert/lifecycle/phase_parameters.hpp").read_text(encoding="utf-8")
    body = text.partition("struct phase_parameters {")[2].partition("};")[0]
    assert labelled("parameter") == set(re.findall(r"(?:std::int32_t|double) (\w+) =", body))


def test_every_rule_and_unit_has_a_label() -> None:
    text = (ROOT / "include/kundenwert/portfolio/abc.hpp").read_text(encoding="utf-8")
    assert labelled("rule") == set(
        re.findall(r"(\w+) = \d", text.partition("enum class abc_rule")[2].partition("}")[0])
    )
    assert {key.partition(".")[0] for key in labelled("unit")} == {"day", "week", "month", "year"}


def test_no_label_is_unused(monkeypatch: pytest.MonkeyPatch) -> None:
    used = set()
    known = Words.__call__

    def recorded(words: Words, key: str, **values: str) -> str:
        used.add(key)
        return known(words, key, **values)

    monkeypatch.setattr(Words, "__call__", recorded)
    data = fake_report(400)
    for lacking in (replace, without_anything, without_amounts, without_model, without_some_values):
        page_html(lacking(data))
    codes = {*TABLES, "parameter", "rule", "unit", "ranked_by", "place", "count"}
    unused = {key for key in labels() if key not in used and key.partition(".")[0] not in codes}
    assert unused == set()


def placeholders(text: str) -> Iterator[str]:
    return (name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_both_languages_say_the_same_things() -> None:
    for key, words in labels().items():
        assert set(words) == set(LANGUAGES), key
        assert all(text and text == text.strip() for text in words.values()), key
        assert sorted(placeholders(words["en"])) == sorted(placeholders(words["de"])), key


def test_numbers_and_dates_are_written_as_the_language_has_them() -> None:
    import datetime

    en, de = Words("en", "EUR"), Words("de", "EUR")
    assert (en.number(1234567.891, 2), de.number(1234567.891, 2)) == ("1,234,567.89", "1.234.567,89")
    assert (en.money(-1234.5), de.money(1234.5, 1)) == ("\u22121,234\u00a0EUR", "1.234,5\u00a0EUR")
    assert (en.percent(0.8123), de.percent(0.8123)) == ("81.2%", "81,2\u202f%")
    assert (en.short_percent(0.1), de.short_percent(0.125)) == ("10%", "12,5\u202f%")
    assert (en.units(12, "month"), de.units(1, "month"), de.units(2.5, "year")) == (
        "12\u00a0months",
        "1\u00a0Monat",
        "2,5\u00a0Jahre",
    )
    day = datetime.date(2025, 12, 31)
    assert (en.date(day), de.date(day), en.date(None)) == ("2025-12-31", "31.12.2025", "\u2013")
    assert en.number(None) == en.number(float("nan")) == en.percent(None) == en.money(None) == "\u2013"
    assert en.number(-0.001, 2) == "0.00"
    assert Words("de").money(5) == "5\u00a0W\u00e4hrungseinheiten"


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="none of en, de"):
        Words("fr")  # type: ignore[arg-type]
