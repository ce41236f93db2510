#!/bin/sh
# Builds everything with g++ and clang and runs every test:   sh tests/run.sh
# Installs what is missing first (packaging/setup.sh). Logs are in build/log; one is shown only where something failed.
# KUNDENWERT_DATA names the folder of the real data sets; unset, it is ../shared/data where that exists.
# The last line is "<n> passed, <n> failed" (", <n> skipped" where a test left itself out); ends with 0 if none failed.
set -u
cd "$(dirname "$0")/.." || exit 2
. packaging/setup.sh
kundenwert_setup tests

if [ -z "${KUNDENWERT_DATA:-}" ] && [ -d ../shared/data ]; then
  KUNDENWERT_DATA=$(cd ../shared/data && pwd)
fi
if [ -n "${KUNDENWERT_DATA:-}" ]; then
  export KUNDENWERT_DATA
else
  echo "KUNDENWERT_DATA is not set: tests on the real data sets leave themselves out"
fi

passed=0
failed=0
skipped=0

# result <name> <passed> <failed> <skipped> <log>
result() {
  passed=$((passed + $2))
  failed=$((failed + $3))
  skipped=$((skipped + $4))
  kw_skips=
  [ "$4" = 0 ] || kw_skips=", $4 skipped"
  if [ "$3" = 0 ]; then
    echo "$1: $2 passed$kw_skips"
  else
    echo "$1: $2 passed, $3 FAILED$kw_skips; the end of $5:"
    # Without the lines of a build that say only how far it is.
    grep -av '^\[[0-9]*/[0-9]*\] [A-Z]' "$5" | tail -n 60
  fi
}

# step <name> <log> <command>...: silent when it succeeds, one failure when not.
step() {
  kw_name=$1
  kw_log=build/log/$2.log
  shift 2
  if ! "$@" >"$kw_log" 2>&1 </dev/null; then
    result "$kw_name" 0 1 0 "$kw_log"
    return 1
  fi
}

# check <name> <log> <command>...: one test.
check() {
  step "$@" && result "$1" 1 0 0 ""
}

# counted <name> <log> <exit code> <passed> <failed> <skipped>: a program that fails without saying what counts as one.
counted() {
  kw_failed=${5:-0}
  [ "$3" = 0 ] || [ "$kw_failed" != 0 ] || kw_failed=1
  [ -n "$4" ] || kw_failed=$((kw_failed + 1))
  result "$1" "${4:-0}" "$kw_failed" "${6:-0}" "$2"
}

# attribute <file> <name>: of the first test suite in a JUnit file.
attribute() {
  tr '\n\t' '  ' <"$1" 2>/dev/null | grep -o '<testsuite [^>]*>' | head -n 1 | sed -n "s/.* $2=\"\([0-9]*\)\".*/\1/p"
}

# junit <name> <log> <exit code> <file>
junit() {
  kw_all=$(attribute "$4" tests)
  kw_bad=$(($(attribute "$4" failures || echo 0) + 0$(attribute "$4" errors)))
  kw_left=$((0$(attribute "$4" skipped) + 0$(attribute "$4" disabled)))
  [ -z "$kw_all" ] || kw_all=$((kw_all - kw_bad - kw_left))
  counted "$1" "$2" "$3" "$kw_all" "$kw_bad" "$kw_left"
}

# ctest_of <preset> <ctest options>...: everything but the doctest program, which is counted by its test cases.
ctest_of() {
  kw_preset=$1
  shift
  rm -f "build/log/ctest-$kw_preset.xml"
  ctest --test-dir "build/$kw_preset" --output-on-failure --parallel "$CMAKE_BUILD_PARALLEL_LEVEL" --timeout 900 \
    --output-junit "$PWD/build/log/ctest-$kw_preset.xml" "$@" >"build/log/ctest-$kw_preset.log" 2>&1 </dev/null
  junit "ctest ($kw_preset)" "build/log/ctest-$kw_preset.log" $? "build/log/ctest-$kw_preset.xml"
}

# doctest_start <preset> runs the doctest program; doctest_result <preset> counts its test cases.
doctest_start() {
  kw_log=build/log/doctest-$1.log
  timeout 1800 "build/$1/tests/kundenwert_tests" --no-colors=true >"$kw_log" 2>&1 </dev/null
  echo "exit code $?" >>"$kw_log"
}

doctest_result() {
  kw_log=build/log/doctest-$1.log
  kw_line=$(grep '^\[doctest\] test cases:' "$kw_log" | tail -n 1)
  number() { echo "$kw_line" | sed -n "s/.*| *\([0-9]*\) $1.*/\1/p"; }
  counted "C++ tests ($1)" "$kw_log" "$(sed -n 's/^exit code //p' "$kw_log")" \
    "$(number passed)" "$(number failed)" "$(number skipped)"
}

# build <preset> <target>...: what is missing of them.
build() {
  kw_preset=$1
  shift
  cmake --preset "$kw_preset" && cmake --build "build/$kw_preset" --target "$@" -- -k 0
}

format() {
  git -c safe.directory="$PWD" ls-files -z -co --exclude-standard '*.h' '*.hpp' '*.c' '*.cpp' |
    xargs -0 clang-format-14 --dry-run -Werror
}

check "format (clang-format)" format format
check "format (ruff)" ruff-format build/venv/bin/python -m ruff format --check .
check "lint (ruff)" ruff build/venv/bin/python -m ruff check .

built_dev=no
built_clang=no
# Every header by itself too; once is enough.
step "build (g++)" build-dev build dev all all_verify_interface_header_sets && built_dev=yes
step "build (clang)" build-clang build clang all && built_clang=yes

# Both programs at a time: each runs on one core.
if [ "$built_dev" = yes ]; then doctest_start dev & fi
if [ "$built_clang" = yes ]; then doctest_start clang & fi
wait
if [ "$built_dev" = yes ]; then
  doctest_result dev
  ctest_of dev -LE doctest
fi
if [ "$built_clang" = yes ]; then
  doctest_result clang
  # What lies in the tree is the same for both compilers; the programs, the C tests and the consumers are not.
  ctest_of clang -LE doctest -E '^package\.(layers|umbrella|version)'
fi

if step "build (Python)" build-python kundenwert_python_package; then
  check "types (mypy)" mypy build/venv/bin/python -m mypy
  check "stubs (stubtest)" stubtest build/venv/bin/python -m mypy.stubtest kundenwert._core
  rm -f build/log/pytest.xml
  KUNDENWERT_C_LIBRARY="$PWD/build/dev/src/libkundenwert.so" MPLBACKEND=Agg timeout 1800 \
    build/venv/bin/python -m pytest --junitxml=build/log/pytest.xml >build/log/pytest.log 2>&1 </dev/null
  junit "Python tests" build/log/pytest.log $? build/log/pytest.xml
  for example in examples/python/*.py; do
    name=$(basename "$example" .py)
    check "example (python/$name)" "example-python-$name" env MPLBACKEND=Agg timeout 600 build/venv/bin/python "$example"
  done
fi

line="$passed passed, $failed failed"
[ "$skipped" = 0 ] || line="$line, $skipped skipped"
echo "$line"
[ "$failed" = 0 ]
