#!/bin/sh
# Everything in benchmarks/: our own figures, then kundenwert beside its peers.   sh benchmarks/run.sh [--quick]
# The peers live in an environment of their own (build/venv-peers), pinned by benchmarks/peers/requirements.txt.
set -eu
cd "$(dirname "$0")/.."
. packaging/setup.sh
kundenwert_setup build
kundenwert_python_package >build/log/build-python.log 2>&1 || { tail -n 40 build/log/build-python.log; exit 1; }
if [ ! -x build/venv-peers/bin/python ] || ! cmp -s benchmarks/peers/requirements.txt build/venv-peers/requirements.txt; then
  python3 -m venv build/venv-peers
  build/venv-peers/bin/pip install -q --disable-pip-version-check -r benchmarks/peers/requirements.txt
  cp benchmarks/peers/requirements.txt build/venv-peers/requirements.txt
fi
build/venv/bin/python benchmarks/peers/compare.py build/venv-peers/bin/python "$@"
