"""kundenwert beside its peers in one run: `python benchmarks/peers/compare.py PEERS_PYTHON PYMC_PYTHON [--quick]`.

Run by the interpreter that has kundenwert; PEERS_PYTHON is one with requirements.txt, PYMC_PYTHON one with
requirements-pymc.txt (benchmarks/run.sh makes them all).
Each task of each library runs in a process of its own, the libraries of a task in turn; the median counts.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import data

HERE = Path(__file__).resolve().parent


def seconds(python: str, library: str, task: str, path: Path, repeats: int) -> float:
    command = [python, str(HERE / "tasks.py"), library, task, str(path), str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{library}, {task}: {done.stderr.strip().splitlines()[-1]}")
    return statistics.median(float(line) for line in done.stdout.split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peers_python")
    parser.add_argument("pymc_python", help="one with requirements-pymc.txt")
    parser.add_argument("--quick", action="store_true", help="a hundredth of the data: to see that everything runs")
    options = parser.parse_args()
    rows, customers = (100_000, 10_000) if options.quick else (10_000_000, 1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.parquet"
        table = Path(folder) / "customers.parquet"
        few = Path(folder) / "few.parquet"
        data.write_log(log, rows)
        data.write_customers(table, customers)
        data.write_customers(few, min(customers, 10_000))
        plan = [
            ("summarize", log, {"memory floor": 5, "pandas": 3, "polars": 5, "duckdb": 5, "lifetimes": 1}),
            ("fit BG/NBD", table, {"lifetimes": 1}),
            ("fit Pareto/NBD", table, {"lifetimes": 1}),
            ("expected transactions", table, {"lifetimes": 3}),
            ("lifetime value", table, {"lifetimes": 1}),
            ("posterior BG/NBD", few, {"pymc-marketing": 1}),
        ]
        print(f"{rows:,} transactions, {customers:,} customers on daily data; two threads; seconds, median\n")
        print(f"{'task':<24}{'kundenwert':>12}  peer")
        for task, path, peers in plan:
            ours = seconds(sys.executable, "kundenwert", task, path, 5)
            for library, repeats in peers.items():
                python = options.pymc_python if library == "pymc-marketing" else options.peers_python
                theirs = seconds(python, library, task, path, repeats)
                print(f"{task:<24}{ours:>12.4f}  {library:<14}{theirs:>10.4f}  ratio {theirs / ours:8.1f}", flush=True)


if __name__ == "__main__":
    main()
