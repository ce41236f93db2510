#!/bin/sh
# The overview of a simulated business stage by stage, then kundenwert beside its peers.
#   sh benchmarks/run.sh [--quick]
# The peers live in an environment of their own (build/venv-peers), pinned by benchmarks/peers/requirements.txt.
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
if [ ! -x build/venv-peers/bin/python ] || ! cmp -s benchmarks/peers/requirements.txt build/venv-peers/requirements.txt; then
  python3 -m venv build/venv-peers
  build/venv-peers/bin/pip install -q --disable-pip-version-check -r benchmarks/peers/requirements.txt
  cp benchmarks/peers/requirements.txt build/venv-peers/requirements.txt
fi
build/venv/bin/python benchmarks/peers/compare.py build/venv-peers/bin/python "$@"
