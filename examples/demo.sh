#!/bin/sh
# Shows the main job:   sh examples/demo.sh
# Installs what is missing (packaging/setup.sh), builds the Python package, and reports on the customers of CDNOW, a
# transaction log (examples/data/cdnow), and of a simulated shop with all its tables (examples/data/shop): headlines
# here, pages and tables of all customers in build/demo.
set -eu
cd "$(dirname "$0")/.."
. packaging/setup.sh
kundenwert_setup build

echo "building the Python package (about four minutes the first time)"
if ! kundenwert_python_package >build/log/build-python.log 2>&1 </dev/null; then
  tail -n 40 build/log/build-python.log >&2
  echo "the build failed; the whole log is build/log/build-python.log" >&2
  exit 1
fi

mkdir -p build/demo
build/venv/bin/kundenwert report examples/data/cdnow/transactions.csv --as-of 1997-09-30 --holdout-end 1998-06-30 \
  --unit week --horizon 52 --annual-discount-rate 0.10 --units-per-year 52 \
  --html build/demo/cdnow.html --csv build/demo/cdnow.csv
build/venv/bin/kundenwert report examples/data/shop --as-of 2025-12-31 --unit month --horizon 12 \
  --annual-discount-rate 0.10 --convention first_margin_now --html build/demo/shop.html --csv build/demo/shop.csv
echo "written:"
find build/demo -type f | sort | sed 's/^/  /'
