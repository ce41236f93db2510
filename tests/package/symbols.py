#!/usr/bin/env python3
"""Checks what the C library exports: exactly src/symbols.txt, which is exactly what the header declares.

Usage: symbols.py --nm NM --library LIBRARY [--write]
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LISTED = ROOT / "src/symbols.txt"


def exported(nm: str, library: str) -> set[str]:
    listing = subprocess.run([nm, "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1].split("@")[0] for line in listing.splitlines() if line.strip()}


def declared() -> set[str]:
    """Functions of the header: kw_ names before a parenthesis, outside comments and function pointer types."""
    text = (ROOT / "include/kundenwert.h").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/|//[^\n]*|^\s*#(?:[^\n]*\\\n)*[^\n]*", "", text, flags=re.DOTALL | re.MULTILINE)
    return set(re.findall(r"(?<!\(\*)\b(kw_\w+)\s*\(", text))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--library", required=True)
    parser.add_argument("--write", action="store_true", help="write src/symbols.txt from the header")
    arguments = parser.parse_args()
    if arguments.write:
        LISTED.write_text("".join(f"{name}\n" for name in sorted(declared())), encoding="utf-8")
    lines = LISTED.read_text(encoding="utf-8").split()
    wrong = [f"symbols.txt is not sorted at {a}" for a, b in zip(lines, sorted(lines), strict=True) if a != b][:1]
    by_library, by_header, by_list = exported(arguments.nm, arguments.library), declared(), set(lines)
    wrong += [f"exported, not in symbols.txt: {name}" for name in sorted(by_library - by_list)]
    wrong += [f"in symbols.txt, not exported: {name}" for name in sorted(by_list - by_library)]
    wrong += [f"declared, not in symbols.txt: {name}" for name in sorted(by_header - by_list)]
    wrong += [f"in symbols.txt, not declared: {name}" for name in sorted(by_list - by_header)]
    wrong += [f"exported without kw_: {name}" for name in sorted(by_library) if not name.startswith("kw_")]
    for line in wrong:
        print(line)
    if wrong:
        return 1
    print(f"OK: {len(lines)} symbols exported, listed and declared")
    return 0


if __name__ == "__main__":
    sys.exit(main())
