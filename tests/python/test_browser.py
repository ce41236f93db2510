"""The page in headless Chromium: no error, no request, whatever the data lack; and the check itself can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import CHROMIUM, visit
from fake_report import fake_report
from kundenwert.report.data import ReportData
from kundenwert.report.page import page_html, write_page
from lacking_reports import without_amounts, without_anything

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium")

BROKEN = """<!DOCTYPE html>
<html lang="en"><head><title>broken</title><link rel="icon" href="data:,"></head><body>
<img src="missing.png" alt="">
<img src="http://elsewhere.example/x.png" alt=""><img src="https://elsewhere.example/y.png" alt="">
<script>console.error("told by the page"); undefinedFunction();</script>
</body></html>
"""


@pytest.fixture(scope="module")
def data() -> ReportData:
    return fake_report()


def test_the_check_sees_what_is_broken(tmp_path: Path) -> None:
    page = tmp_path / "broken.html"
    page.write_text(BROKEN, encoding="utf-8")
    found = visit(page, tmp_path)
    console = "\n".join(found.console)
    for text in ("told by the page", "Uncaught ReferenceError: undefinedFunction"):
        assert text in console, text
    for requests in (found.requests, found.failed):
        assert sorted(address.rpartition("/")[2] for address in requests) == ["missing.png", "x.png", "y.png"]


def test_the_check_sees_what_the_policy_forbids(data: ReportData, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text = page_html(data).replace("</main>", '<script>document.title = "x"</script></main>')
    page.write_text(text, encoding="utf-8")
    found = visit(page, tmp_path)
    assert any("Content Security Policy" in line for line in found.console)
    assert "<title>x" not in found.document


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("variant", ["all", "nothing", "amounts"])
def test_it_loads_without_a_word(data: ReportData, tmp_path: Path, language: str, variant: str) -> None:
    known = {"all": data, "nothing": without_anything(data), "amounts": without_amounts(data)}[variant]
    page = tmp_path / "page.html"
    write_page(known, page, "de" if language == "de" else "en")
    found = visit(page, tmp_path)
    assert found.console == ()
    assert (found.requests, found.failed) == ((), ())
    assert found.document.rstrip().endswith("</html>")
    assert found.document.count("<svg") == {"all": 4, "nothing": 0, "amounts": 2}[variant]
