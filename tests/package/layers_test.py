#!/usr/bin/env python3
"""The self-test of layers.py: one bad tree for each rule must be refused, a good one accepted."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import layers

# Forbidden words are written in pieces, for layers.py reads this file too.
SLASH = "/"
MARK = "TO" + "DO"

GOOD = {
    "README.md": "# a project\n",
    "include/kundenwert.h": "#include <stddef.h>\n#include <stdint.h>\n",
    "include/kundenwert/version.hpp": "#define KW_VERSION_MAJOR 0\n",
    "include/kundenwert/kundenwert.hpp": '#include "kundenwert/base/error.hpp"\n#include "kundenwert/value/clv.hpp"\n',
    "include/kundenwert/base/error.hpp": (
        "// std::lgamma writes a global; printf( in a comment\n/* getenv\n compute_it() */\n#include <string>\n"
        'inline const char* text = "std::cout << getenv(";\ninline const char* raw = R"(compute_it()\nstd::cerr)";\n'
        "inline long many = 1'000'000; inline char quote = '\"';\n"
    ),
    "include/kundenwert/base/column.hpp": '#include "kundenwert/base/error.hpp"\n#include "kundenwert/version.hpp"\n',
    "include/kundenwert/time/calendar.hpp": "#include <date/date.h>\n",
    "include/kundenwert/numeric/linear.hpp": '#include <Eigen/Dense>\n#include "kundenwert/base/error.hpp"\n',
    "include/kundenwert/arrow/abi.hpp": (
        "struct stream { int (*get_schema)(stream*); int (*get_next)(stream*); };\n"
        "inline int next(stream* s) { return s->get_next(s); }\n"
    ),
    "include/kundenwert/value/clv.hpp": (
        '#include "kundenwert/model/summary.hpp"\n#include "kundenwert/numeric/linear.hpp"\n'
        "template <class V> bool is_one(const V& v) { static_assert(sizeof(V) > 0); return std::get_if<1>(&v); }\n"
        "inline double exit_rate(double time) { return numeric::log_gamma(time); }\n"
    ),
    "include/kundenwert/model/summary.hpp": '#include "kundenwert/base/column.hpp"\n',
    "include/kundenwert/btyd/json_fields.hpp": "#include <nlohmann/json.hpp>\n",
    "include/kundenwert/btyd/persist.hpp": '#include "kundenwert/btyd/json_fields.hpp"\n',
    "src/c/value.cpp": '#include "kundenwert.h"\n#include "guard.hpp"\n#include "kundenwert/value/clv.hpp"\n',
    "src/c/guard.hpp": '#include "kundenwert/base/error.hpp"\n',
    "src/instances/btyd.cpp": '#include "kundenwert/value/clv.hpp"\n',
    "bindings/python/src/register_value.cpp": '#include <pybind11/pybind11.h>\n#include "kundenwert/value/clv.hpp"\n',
    "bindings/python/kundenwert/plots.py": "figure = axes.get_figure()\n",
}

VALUE = "include/kundenwert/value/bad.hpp"
BASE = "include/kundenwert/base/bad.hpp"
# (file, text, a piece of the message)
BAD: list[tuple[str, str, str]] = [
    (BASE, '#include "kundenwert/model/summary.hpp"', "includes up"),
    (BASE, '#include "kundenwert/numeric/linear.hpp"', "includes up"),
    ("include/kundenwert/time/bad.hpp", '#include "kundenwert/numeric/linear.hpp"', "includes sideways"),
    ("include/kundenwert/numeric/bad.hpp", '#include "kundenwert/time/calendar.hpp"', "includes sideways"),
    ("include/kundenwert/ingest/bad.hpp", '#include "kundenwert/arrow/abi.hpp"', "includes sideways"),
    (VALUE, '#include "kundenwert/btyd/nbd.hpp"', "includes sideways"),
    (VALUE, '#include "kundenwert/overview/overview.hpp"', "includes up"),
    ("include/kundenwert/overview/bad.hpp", '#include "kundenwert/simulate/business.hpp"', "includes sideways"),
    (VALUE, '#include "kundenwert/kundenwert.hpp"', "umbrella"),
    (VALUE, '#include "kundenwert/btyd/persist.hpp"', "outside the umbrella"),
    ("include/kundenwert/time/bad.hpp", '#include "kundenwert/time/zone.hpp"', "outside the umbrella"),
    ("include/kundenwert/kundenwert.hpp", '#include "kundenwert/time/zone.hpp"', "outside the umbrella"),
    ("include/kundenwert/version.hpp", '#include "kundenwert/base/error.hpp"', "stands alone"),
    (VALUE, '#include "kundenwert/money/cash.hpp"', "no such folder"),
    (VALUE, '#include "clv.hpp"', "written as"),
    (VALUE, '#include "../base/error.hpp"', "climbs"),
    (VALUE, "#include <kundenwert/base/error.hpp>", "our own headers"),
    (VALUE, "#include WHATEVER", "neither"),
    (VALUE, '#include "kundenwert.h"', "written as"),
    ("include/kundenwert.h", '#include "kundenwert/version.hpp"', "stands alone"),
    ("include/kundenwert.h", "#include <stdio.h>", "a C interface needs"),
    ("src/c/bad.cpp", '#include "bindings/python/src/x.hpp"', "its own folder"),
    ("src/c/bad.cpp", '#include "../../bindings/python/src/x.hpp"', "climbs"),
    ("src/c/bad.cpp", "#include <Eigen/Dense>", "only numeric"),
    ("src/instances/bad.cpp", '#include "kundenwert.h"', "src/c only"),
    ("bindings/python/src/bad.cpp", '#include "src/c/guard.hpp"', "its own folder"),
    ("bindings/python/src/bad.cpp", '#include "kundenwert.h"', "src/c only"),
    (VALUE, "#include <Eigen/Dense>", "only numeric"),
    (BASE, "#include <date/date.h>", "only time"),
    (VALUE, "#include <nlohmann/json.hpp>", "only btyd/json_fields.hpp"),
    ("include/kundenwert/btyd/bad.hpp", "#include <nlohmann/json.hpp>", "only btyd/json_fields.hpp"),
    ("include/kundenwert/btyd/bad.hpp", '#include "kundenwert/btyd/json_fields.hpp"', "outside the umbrella"),
    (VALUE, "#include <boost/math.hpp>", "no header of the C++ standard library"),
    (VALUE, "#include <math.h>", "no header of the C++ standard library"),
    (VALUE, "#include <iostream>", "forbidden in include/"),
    (VALUE, "double f(double x) { return std::lgamma(x); }", "numeric/special"),
    (VALUE, "double f(double x) { return lgamma(x); }", "numeric/special"),
    (VALUE, "double f(double x) { return ::lgamma_r(x, nullptr); }", "numeric/special"),
    (VALUE, "double f(double x) { return std::tgamma(x); }", "numeric/special"),
    (VALUE, "double f(double x) { return std::digamma(x); }", "numeric/special"),
    (VALUE, "double f(double x) { return std::beta(x, x); }", "not in every"),
    (VALUE, "double f(double x) { return std::cyl_bessel_i(0, x); }", "not in every"),
    (VALUE, "__int128 total;", "not portable"),
    (VALUE, "unsigned n = __builtin_popcount(3);", "not portable"),
    (VALUE, "void f() { std::cout << 1; }", "nothing prints"),
    (VALUE, 'void f() { printf("x"); }', "nothing prints"),
    (VALUE, 'void f() { std::snprintf(b, 1, "x"); }', "nothing prints"),
    (VALUE, 'auto e = std::getenv("X");', "no environment"),
    (VALUE, "auto t = std::chrono::system_clock::now();", "no clock"),
    (VALUE, "auto t = std::chrono::steady_clock::now();", "no clock"),
    (VALUE, "auto t = time(nullptr);", "no clock"),
    (VALUE, "auto t = std::time(&x);", "no clock"),
    (VALUE, "auto t = localtime(&x);", "no clock"),
    (VALUE, 'void f() { setlocale(1, "C"); }', "no locale"),
    (VALUE, "std::locale where;", "no locale"),
    (VALUE, "std::random_device seed;", "no hidden seed"),
    (VALUE, "int x = rand();", "no hidden seed"),
    (VALUE, "thread_local int x;", "no hidden state"),
    (VALUE, "auto n = std::thread::hardware_concurrency();", "threads"),
    (VALUE, "void f() { std::abort(); }", "ends the process"),
    (VALUE, "void f() { assert(true); }", "ends the process"),
    (VALUE, "using namespace std;", "must not open"),
    (VALUE, "/* a comment */ double compute_value(int);", "noun"),
    (VALUE, "double get_value(int);", "noun"),
    ("src/c/bad.cpp", "double x = calculate_value(1);", "noun"),
    ("bindings/python/kundenwert/bad.py", "def get_value():", "noun"),
    ("include/kundenwert/base/utils.hpp", "", "named for what is in it"),
    ("include/kundenwert/base/string_helpers.hpp", "", "named for what is in it"),
    ("bindings/python/kundenwert/manager.py", "", "named for what is in it"),
    ("tests/misc/some_test.cpp", "", "named for what is in it"),
    ("scripts/run.sh", "", "top level"),
    ("NOTES.md", "", "top level"),
    ("include/kundenwert/money/cash.hpp", "", "folder of the ranks"),
    ("include/kundenwert/value/deep/cash.hpp", "", "folder of the ranks"),
    ("include/kundenwert/cash.hpp", "", "folder of the ranks"),
    ("include/other.hpp", "", "include/ holds"),
    (VALUE, "// gr\u00fcn", "ASCII"),
    ("tests/python/bad.py", "# gr\u00fcn", "ASCII"),
    (VALUE, f"// {MARK}: later", "unfinished"),
    ("docs/notes.md", f"{MARK} write this", "unfinished"),
    ("tests/run.sh", f"cd {SLASH}root/project", "a path of one machine"),
    ("README.md", f"see `{SLASH}home/me/data`", "a path of one machine"),
    (VALUE, "int x; ", "blanks"),
]


def messages(files: dict[str, str]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return [f"{name}:{line}: {why}" for name, line, why in layers.findings(root)]


def main() -> int:
    failed = 0
    for message in messages(GOOD):
        print(f"refused, though good: {message}")
        failed += 1
    for name, text, expected in BAD:
        found = messages({**GOOD, name: text + "\n"})
        if not any(message.startswith(f"{name}:") and expected in message for message in found):
            print(f"accepted, though bad: {name}: {text!r} ({expected}); found {found}")
            failed += 1
    for pattern in layers.FORBIDDEN:
        if not any(layers.re.search(pattern, text) for _, text, _ in BAD):
            print(f"no bad tree for the rule {pattern}")
            failed += 1
    if failed:
        return 1
    print(f"OK: {len(BAD)} bad trees refused")
    return 0


if __name__ == "__main__":
    sys.exit(main())
