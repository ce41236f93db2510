#!/bin/sh
# Shows the main job on real data:   sh examples/demo.sh
# Installs what is missing (packaging/setup.sh), builds the Python package, prints a report on the CDNOW customers
# (examples/data/cdnow) and writes a table of them to build/demo.
set -eu
cd "$(dirname "$0")/.."
. packaging/setup.sh
kundenwert_setup build

echo "building the Python package (about two minutes the first time)"
if ! kundenwert_python_package >build/log/build-python.log 2>&1 </dev/null; then
  tail -n 40 build/log/build-python.log >&2
  echo "the build failed; the whole log is build/log/build-python.log" >&2
  exit 1
fi

mkdir -p build/demo
build/venv/bin/kundenwert report examples/data/cdnow/transactions.csv --end 1997-09-30 --holdout-end 1998-06-30 \
  --unit week --horizon 52 --annual-discount-rate 0.10 --units-per-year 52 --csv build/demo/customers.csv
echo "written:"
find build/demo -type f | sort | sed 's/^/  /'
