#!/usr/bin/env python3
"""Checks that the umbrella includes every header, in rank order.

Usage: umbrella.py [--write]. Names what is missing, unknown or out of order and ends with 1, or ends with 0; --write
writes the list of includes anew first.
"""

from __future__ import annotations

import itertools
import re
import sys
from pathlib import Path

from layers import FOLDERS, OUTSIDE, UMBRELLA, VERSION

OWN_INCLUDE = re.compile(r'^#include "kundenwert/([^"]+)"$', re.MULTILINE)


def expected_headers(root: Path) -> list[str]:
    """The version first, then the folders in rank order, then the headers by name."""
    base = root / "include" / "kundenwert"
    found = [path.relative_to(base).as_posix() for path in base.glob("*/*.hpp")]
    inside = [name for name in found if name not in OUTSIDE]
    return [VERSION, *sorted(inside, key=lambda name: (FOLDERS.index(name.split("/")[0]), name))]


def write(path: Path, expected: list[str]) -> None:
    """One block of includes for each folder; what stands above the first one is kept."""
    text = path.read_text(encoding="utf-8")
    blocks = [
        "\n".join(f'#include "kundenwert/{name}"' for name in names)
        for _, names in itertools.groupby(expected, key=lambda name: name.split("/")[0])
    ]
    path.write_text(text[: text.index("#include")] + "\n\n".join(blocks) + "\n", encoding="utf-8")


def main() -> int:
    root = Path(__file__).resolve().parents[2]
    path = root / "include" / "kundenwert" / UMBRELLA
    expected = expected_headers(root)
    if "--write" in sys.argv:
        write(path, expected)
    found = OWN_INCLUDE.findall(path.read_text(encoding="utf-8"))
    for name in expected:
        if name not in found:
            print(f"{UMBRELLA} lacks {name} (umbrella.py --write adds it)")
    for name in found:
        if name not in expected:
            print(f"{UMBRELLA} includes {name}, which does not exist or is outside the umbrella")
    if sorted(found) == sorted(expected) and found != expected:
        wrong = next(f for f, e in zip(found, expected, strict=True) if f != e)
        print(f"{UMBRELLA} is not in rank order from {wrong} on (umbrella.py --write orders it)")
    if found != expected:
        return 1
    print(f"OK: {len(found)} headers in the umbrella")
    return 0


if __name__ == "__main__":
    sys.exit(main())
