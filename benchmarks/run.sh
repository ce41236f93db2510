#!/bin/sh
# The overview of a simulated business stage by stage, then kundenwert beside its peers.
#   sh benchmarks/run.sh [--quick]
# The peers live in environments of their own (build/venv-peers, build/venv-pymc), pinned by the requirements in
# benchmarks/peers.
set -eu
cd "$(dirname "$0")/.."
. packaging/setup.sh
kundenwert_setup tests
kundenwert_python_package >build/log/build-python.log 2>&1 || { tail -n 40 build/log/build-python.log; exit 1; }
{
  cmake --preset dev && cmake --build build/dev --target kundenwert_benchmark_overview
} >build/log/build-benchmarks.log 2>&1 || { tail -n 40 build/log/build-benchmarks.log; exit 1; }
if [ "${1:-}" = --quick ]; then kw_most=100000; else kw_most=10000000; fi
build/dev/benchmarks/kundenwert_benchmark_overview "$kw_most" 2
echo
# peers <environment> <requirements>
peers() {
  if [ ! -x "$1/bin/python" ] || ! cmp -s "$2" "$1/requirements.txt"; then
    python3 -m venv "$1"
    "$1/bin/pip" install -q --disable-pip-version-check -r "$2"
    cp "$2" "$1/requirements.txt"
  fi
}
peers build/venv-peers benchmarks/peers/requirements.txt
peers build/venv-pymc benchmarks/peers/requirements-pymc.txt
build/venv/bin/python benchmarks/peers/compare.py build/venv-peers/bin/python build/venv-pymc/bin/python "$@"
