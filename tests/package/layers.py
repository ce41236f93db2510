#!/usr/bin/env python3
"""Checks that the code is the picture: who may include whom, what may not be named, what may lie where.

    layers.py [ROOT]    prints every offending file:line and ends with 1, or prints one line and ends with 0

Needs the Python standard library only. The rules stand in tables at the top; layers_test.py holds one bad tree for each
rule, so that no rule can be one that never fails.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# An include goes strictly down, or stays in its own folder. Within a rank the order is that of the umbrella.
RANKS: list[list[str]] = [
    ["base"],
    ["time", "numeric"],
    ["model"],
    ["ingest", "arrow"],
    [
        "value",
        "btyd",
        "retention",
        "portfolio",
        "lifecycle",
        "satisfaction",
        "complaints",
        "touchpoints",
        "drivers",
        "kpi",
        "offers",
        "measures",
    ],
    ["overview", "simulate"],
]
RANK_OF = {folder: rank for rank, folders in enumerate(RANKS) for folder in folders}
FOLDERS = [folder for folders in RANKS for folder in folders]

# Headers of include/kundenwert itself; neither belongs to a rank. Everyone may include the version.
UMBRELLA = "kundenwert.hpp"
VERSION = "version.hpp"
# Headers with a dependency of their own, outside the umbrella and included by no header inside it.
OUTSIDE = {"time/zone.hpp", "btyd/persist.hpp", "btyd/json_fields.hpp"}

# Foreign headers: where each may be included (a folder, or one header).
FOREIGN = {"Eigen": ("numeric",), "date": ("time",), "nlohmann": ("btyd/json_fields.hpp",)}

STANDARD = re.compile(r"[a-z0-9_]+")
FORBIDDEN_HEADERS = {"iostream", "cstdio", "print", "clocale", "locale", "ctime", "csignal", "csetjmp"}

# What the core must not name: hidden state, output, the ends of the process, what is not portable.
FORBIDDEN = {
    r"(?:\bstd\s*::\s*|(?<!\w)::\s*)[lt]gamma\w*": "the standard gamma functions write a global; use numeric/special",
    r"(?<![\w:.])[lt]gamma[fl]?(?:_r)?\s*\(": "the standard gamma functions write a global; use numeric/special",
    r"\b(?:std|boost::math)\s*::\s*(?:digamma|trigamma|polygamma)\b": "special functions are numeric/special's",
    r"\bstd\s*::\s*(?:beta|expint|riemann_zeta|hermite|laguerre|legendre)[fl]?\s*\(": "not in every standard library",
    r"\bstd\s*::\s*(?:assoc|cyl|sph|ellint|comp_ellint)_\w+": "not in every standard library",
    r"\b__u?int128(?:_t)?\b": "not portable",
    # A prefetch changes no result; base/prefetch has it for the compilers that know it.
    r"\b__(?:builtin|sync|atomic)_(?!prefetch\b)\w+": "not portable",
    r"\bstd\s*::\s*(?:cout|cerr|clog|cin|print|println)\b": "nothing prints",
    r"\b(?:v?[fs]?n?printf|puts|fputs|putchar|perror)\s*\(": "nothing prints",
    r"\bgetenv\b": "no environment: an argument",
    r"\b(?:system|steady|high_resolution|utc|tai|gps|file)_clock\b": "no clock: an argument",
    r"\bstd\s*::\s*(?:time|clock)\s*\(|(?<![\w.])time\s*\(\s*(?:nullptr|NULL|0|&\s*\w+)\s*\)": "no clock: an argument",
    r"\b(?:localtime|gmtime|strftime|mktime)(?:_r)?\b": "no clock, no time zone of the machine",
    r"\bsetlocale\b|\bstd\s*::\s*locale\b": "no locale",
    r"\brandom_device\b|(?<![\w.])s?rand\s*\(": "no hidden seed: an argument",
    r"\bthread_local\b": "no hidden state",
    r"\bhardware_concurrency\b": "the number of threads is an argument",
    r"(?<![\w.])(?:std\s*::\s*)?(?:abort|_?[Ee]xit|quick_exit|terminate)\s*\(": "nothing ends the process",
    r"(?<![\w.])assert\s*\(": "nothing ends the process",
    # Indented, it is inside a function.
    r"^using\s+namespace\b": "a header must not open a namespace",
}

# Names of functions that say nothing; the members of the Arrow C interface and of date are their own.
EMPTY_VERBS = re.compile(r"(?<!std::)(?<!py::)\b(?:get|compute|calculate)_\w+(?=\s*(?:\(|<[\w:, ]*>\s*\())")
PYTHON_EMPTY_VERBS = re.compile(r"\bdef\s+_*(?:get|compute|calculate)_\w+")
FOREIGN_MEMBERS = {"get_schema", "get_next", "get_last_error", "get_info"}
EMPTY_FILE_NAMES = re.compile(r"(?:^|[_./-])(?:utils?|helpers?|manager|misc)(?=[_./-]|$)")

TOP_LEVEL = {
    "CMakeLists.txt", "CMakePresets.json", "include", "src", "bindings", "examples", "tests", "benchmarks", "docs",
    "packaging", "pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE",
}  # fmt: skip

CPP = {".h", ".hpp", ".c", ".cpp"}
SOURCE = CPP | {".py", ".pyi", ".sh", ".cmake", ".toml"}
DATA = {".csv", ".txt", ".parquet", ".png", ".svg"}
# Written in pieces, for this file is read by its own rules.
UNFINISHED = re.compile(r"\b(?:" + "TO" + "DO|FIX" + "ME|XX" + r"X)\b")
MACHINE_PATH = re.compile(r"(?<![\w./$}{-])/(?:" + "wo" + "rk|ro" + "ot|ho" + r"me)/\w")

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"(?P<own>[^"]+)"|<(?P<angle>[^>]+)>)')


class Tree:
    """The files of the project: those git knows or would add, or all of them outside a repository."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = sorted(self._files())

    def _files(self) -> Iterator[str]:
        if (self.root / ".git").exists():
            listed = subprocess.run(
                ["git", "-c", f"safe.directory={self.root}", "ls-files", "-z", "-co", "--exclude-standard"],
                cwd=self.root, capture_output=True, text=True, check=True,
            )  # fmt: skip
            yield from (name for name in listed.stdout.split("\0") if name and (self.root / name).is_file())
            return
        for path in self.root.rglob("*"):
            name = path.relative_to(self.root).as_posix()
            if path.is_file() and not name.startswith((".git/", "build/")) and "/__pycache__/" not in f"/{name}":
                yield name

    def lines(self, name: str) -> list[str]:
        return (self.root / name).read_text(encoding="utf-8", errors="replace").splitlines()


def code_only(lines: list[str]) -> list[str]:
    """The lines of a C or C++ file without comments and without the text in quotes."""
    token = re.compile(r'//|/\*|R"(?P<tag>[^(\s]*)\(|"|\'')
    out: list[str] = []
    closing = ""
    for line in lines:
        kept: list[str] = []
        at = 0
        if INCLUDE.match(line) and not closing:
            out.append(line)
            continue
        while at < len(line):
            if closing:
                end = line.find(closing, at)
                if end < 0:
                    break
                at = end + len(closing)
                closing = ""
                continue
            found = token.search(line, at)
            if not found:
                kept.append(line[at:])
                break
            kept.append(line[at : found.start()])
            at = found.end()
            text = found.group()
            if text == "//":
                break
            if text == "/*":
                closing = "*/"
            elif text.startswith("R"):
                closing = f'){found.group("tag")}"'
            elif text == "'" and found.start() > 0 and line[found.start() - 1].isalnum():
                continue  # a digit separator
            else:
                quoted = re.compile(rf"(?:\\.|[^\\{text}])*{text}?").match(line, at)
                at = quoted.end() if quoted else at
                kept.append(text + text)
        out.append("".join(kept))
    return out


Finding = tuple[str, int, str]


def include_directions(tree: Tree) -> Iterator[Finding]:
    for name in tree.files:
        if Path(name).suffix not in CPP or not name.startswith(("include/", "src/", "bindings/")):
            continue
        for number, line in enumerate(code_only(tree.lines(name)), 1):
            found = INCLUDE.match(line)
            if found is None:
                if re.match(r"\s*#\s*include\b", line):
                    yield name, number, 'an include that is neither "..." nor <...>'
                continue
            reason = refused_include(name, found["own"], found["angle"])
            if reason:
                yield name, number, reason


def refused_include(name: str, own: str | None, angle: str | None) -> str | None:
    """Why the file must not have this include; None where it may."""
    parts = name.split("/")
    if own is None:
        return refused_foreign(name, angle or "")
    if ".." in own.split("/"):
        return f"{own}: an include never climbs"
    if parts[0] != "include":
        mine = "/".join(parts[:2])  # src/c, src/instances, bindings/python
        if own == "kundenwert.h":
            return None if mine == "src/c" else "the C interface is included by src/c only"
        if own.startswith("kundenwert/"):
            return None
        other = re.match(r"(?:src/|bindings/|c/|instances/|python/)", own)
        return f"{own}: {mine} includes its own folder and the headers below" if other else None
    if name in ("include/kundenwert.h", "include/kundenwert/arrow/abi.hpp"):
        return f"{own}: the C header stands alone"
    if not own.startswith("kundenwert/"):
        return f'{own}: written as "kundenwert/<folder>/<header>"'
    target = own.removeprefix("kundenwert/")
    here = name.removeprefix("include/kundenwert/")
    if target == VERSION:
        return None
    if here == VERSION:
        return f"{own}: the version stands alone"
    if target == UMBRELLA:
        return "the umbrella is for users"
    if target in OUTSIDE and here not in OUTSIDE:
        return f"{own}: outside the umbrella, included by no header inside it"
    if here == UMBRELLA:
        return None
    from_folder, to_folder = here.split("/")[0], target.split("/")[0]
    if to_folder not in RANK_OF:
        return f"{own}: no such folder in the ranks"
    if from_folder not in RANK_OF:
        return f"{from_folder} has no rank"
    if from_folder != to_folder and RANK_OF[to_folder] >= RANK_OF[from_folder]:
        way = "up" if RANK_OF[to_folder] > RANK_OF[from_folder] else "sideways"
        return f"{own}: {from_folder} (rank {RANK_OF[from_folder]}) includes {way} (rank {RANK_OF[to_folder]})"
    return None


def refused_foreign(name: str, angle: str) -> str | None:
    first = angle.split("/")[0]
    if first in ("kundenwert", "kundenwert.h"):
        return f'<{angle}>: our own headers are included with "..."'
    if first in FOREIGN:
        here = name.removeprefix("include/kundenwert/")
        if not name.startswith("include/") or not any(here == at or here.startswith(at + "/") for at in FOREIGN[first]):
            return f"<{angle}>: only {' and '.join(FOREIGN[first])} may"
        return None
    if not name.startswith("include/"):
        return None
    if name in ("include/kundenwert.h", "include/kundenwert/arrow/abi.hpp"):
        return None if angle in ("stdint.h", "stddef.h") else f"<{angle}>: a C interface needs stdint.h, stddef.h only"
    if not STANDARD.fullmatch(angle):
        return f"<{angle}>: no header of the C++ standard library"
    if angle in FORBIDDEN_HEADERS:
        return f"<{angle}>: forbidden in include/"
    return None


def forbidden_names(tree: Tree) -> Iterator[Finding]:
    rules = [(re.compile(pattern), why) for pattern, why in FORBIDDEN.items()]
    for name in tree.files:
        if Path(name).suffix in CPP and name.startswith("include/"):
            for number, line in enumerate(code_only(tree.lines(name)), 1):
                for rule, why in rules:
                    found = rule.search(line)
                    if found:
                        yield name, number, f"{found.group().strip()}: {why}"


def empty_verbs(tree: Tree) -> Iterator[Finding]:
    for name in tree.files:
        if not name.startswith(("include/", "src/", "bindings/")):
            continue
        suffix = Path(name).suffix
        if suffix in CPP:
            pattern, lines = EMPTY_VERBS, code_only(tree.lines(name))
        elif suffix in (".py", ".pyi"):
            pattern, lines = PYTHON_EMPTY_VERBS, tree.lines(name)
        else:
            continue
        for number, line in enumerate(lines, 1):
            for found in pattern.finditer(line):
                if found.group() not in FOREIGN_MEMBERS:
                    yield name, number, f"{found.group()}: a quantity is a noun"


def file_names(tree: Tree) -> Iterator[Finding]:
    for name in tree.files:
        if EMPTY_FILE_NAMES.search(name):
            yield name, 0, "a file is named for what is in it"


def folders(tree: Tree) -> Iterator[Finding]:
    for name in tree.files:
        top = name.split("/")[0]
        if top not in TOP_LEVEL and not top.startswith("."):
            yield name, 0, "the top level has no such entry"
        parts = name.split("/")
        if parts[:2] == ["include", "kundenwert"] and not (
            (len(parts) == 3 and parts[2] in (UMBRELLA, VERSION)) or (len(parts) == 4 and parts[2] in RANK_OF)
        ):
            yield name, 0, "a header lies in a folder of the ranks"
        if parts[0] == "include" and name != "include/kundenwert.h" and parts[1:2] != ["kundenwert"]:
            yield name, 0, "include/ holds kundenwert.h and kundenwert/"


def texts(tree: Tree) -> Iterator[Finding]:
    for name in tree.files:
        path = Path(name)
        if path.suffix in DATA and name != "CMakeLists.txt" and path.name != "CMakeLists.txt":
            continue
        is_source = path.suffix in SOURCE or path.name == "CMakeLists.txt"
        for number, line in enumerate(tree.lines(name), 1):
            if is_source and not line.isascii():
                yield name, number, "source is ASCII"
            if UNFINISHED.search(line):
                yield name, number, f"{UNFINISHED.findall(line)[0]}: unfinished"
            if MACHINE_PATH.search(line):
                yield name, number, "a path of one machine"
            if is_source and line != line.rstrip():
                yield name, number, "blanks at the end of the line"


RULES: list[Callable[[Tree], Iterator[Finding]]] = [
    include_directions, forbidden_names, empty_verbs, file_names, folders, texts,
]  # fmt: skip


def findings(root: Path) -> list[Finding]:
    tree = Tree(root)
    return sorted(finding for rule in RULES for finding in rule(tree))


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    found = findings(root)
    for name, number, why in found:
        print(f"{name}:{number}: {why}" if number else f"{name}: {why}")
    if found:
        return 1
    print(f"OK: {len(Tree(root).files)} files keep to the layers and names")
    return 0


if __name__ == "__main__":
    sys.exit(main())
