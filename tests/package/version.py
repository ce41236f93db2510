#!/usr/bin/env python3
"""Checks that there is one version number: what CMake and the Python package say is what the header says.

Usage: version.py --cmake VERSION [--installed-python]
"""

from __future__ import annotations

import argparse
import importlib.metadata
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def header_version() -> str:
    text = (ROOT / "include/kundenwert/version.hpp").read_text(encoding="utf-8")
    return ".".join(re.findall(r"^#define KW_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)$", text, re.MULTILINE))


def pyproject_version() -> str:
    """The version by the rule that pyproject.toml gives to the build."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = text[text.index("[tool.scikit-build.metadata.version]") :]
    source = re.search(r'^input = "([^"]+)"$', section, re.MULTILINE)
    rule = re.search(r"^regex = '''(.*?)'''$", section, re.MULTILINE | re.DOTALL)
    result = re.search(r'^result = "([^"]+)"$', section, re.MULTILINE)
    if not (source and rule and result):
        return "no rule in pyproject.toml"
    found = re.search(rule[1], (ROOT / source[1]).read_text(encoding="utf-8"), re.MULTILINE)
    return result[1].format(**found.groupdict()) if found else f"no match in {source[1]}"


def changelog_versions() -> list[str]:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.findall(r"^## \[(\d+\.\d+\.\d+)\]", text, re.MULTILINE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cmake", required=True)
    parser.add_argument("--installed-python", action="store_true")
    arguments = parser.parse_args()
    expected = header_version()
    said = {"CMake": arguments.cmake, "pyproject.toml": pyproject_version()}
    said["CHANGELOG.md"] = expected if expected in changelog_versions()[:1] else "another version first"
    if arguments.installed_python:
        said["the installed Python package"] = importlib.metadata.version("kundenwert")
    wrong = {who: version for who, version in said.items() if version != expected}
    for who, version in wrong.items():
        print(f"the header says {expected}, {who}: {version}")
    if wrong:
        return 1
    print(f"OK: {expected} in the header, {', '.join(said)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
