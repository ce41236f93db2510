#!/usr/bin/env python3
"""Checks that the C header keeps what an older one promised: every constant, every function, every field in its place.

Usage: abi.py FROZEN...    each is a copy of include/kundenwert.h of an earlier version
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def without_comments(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def one_line(text: str) -> str:
    return re.sub(r"\s*([*(),;])\s*", r"\1", " ".join(text.split()))


class Promise:
    """What a program compiled against a header relies on."""

    def __init__(self, path: Path) -> None:
        text = without_comments(path)
        self.constants = dict(re.findall(r"^\s*(KW_\w+) = (\d+)", text, re.MULTILINE))
        self.constants |= dict(re.findall(r"^#define (KW_(?:ABI_VERSION|OK|NO_DAY|NO_ROW)) (.*)$", text, re.MULTILINE))
        self.functions = {
            re.search(r"(kw_\w+)\(", line)[1]: line  # type: ignore[index]
            for line in (one_line(found) for found in re.findall(r"^KW_API ([^;]*);", text, re.MULTILINE))
        }
        self.callbacks = {one_line(line) for line in re.findall(r"^typedef ([^;{]*\(\*[^;]*);", text, re.MULTILINE)}
        self.fields = {
            name: [one_line(field) for field in body.split(";") if field.strip()]
            for name, body in re.findall(r"^typedef struct (kw_\w+) \{(.*?)^\}", text, re.MULTILINE | re.DOTALL)
        }


def broken(old: Promise, new: Promise) -> list[str]:
    wrong = [
        f"constant {name} = {value} is now {new.constants.get(name, 'gone')}"
        for name, value in old.constants.items()
        if new.constants.get(name) != value
    ]
    wrong += [
        f"function {line} is now {new.functions.get(name, 'gone')}"
        for name, line in old.functions.items()
        if new.functions.get(name) != line
    ]
    wrong += [f"callback {line} is gone" for line in sorted(old.callbacks - new.callbacks)]
    for name, fields in old.fields.items():
        for index, field in enumerate(fields):
            now = new.fields.get(name, [])[index : index + 1]
            if now != [field]:
                wrong.append(f"field {index} of {name}, {field}, is now {now[0] if now else 'gone'}")
        # A struct without struct_size cannot grow.
        if fields[0] != "int32_t struct_size" and len(new.fields.get(name, [])) != len(fields):
            wrong.append(f"{name} has no struct_size and must stay as it was")
    return wrong


def main() -> int:
    new = Promise(ROOT / "include/kundenwert.h")
    wrong: list[str] = []
    for name in sys.argv[1:]:
        old = Promise(Path(name))
        if old.constants["KW_ABI_VERSION"] != new.constants["KW_ABI_VERSION"]:
            print(f"{name}: another KW_ABI_VERSION, nothing was promised")
            continue
        if not (old.constants and old.functions and old.callbacks and old.fields):
            wrong.append(f"{name}: cannot be read")
        wrong += [f"{name}: {line}" for line in broken(old, new)]
    for line in wrong:
        print(line)
    if wrong or len(sys.argv) < 2:
        return 1
    print(f"OK: {len(new.functions)} functions, {len(new.fields)} structs, {len(new.constants)} constants")
    return 0


if __name__ == "__main__":
    sys.exit(main())
