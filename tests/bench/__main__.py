"""`make bench`: run the benchmarks, print one table, write it as JSON.

One BLAS thread, set before NumPy is imported, so that all contenders have the same means.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse  # noqa: E402
import dataclasses  # noqa: E402
import importlib  # noqa: E402
import json  # noqa: E402
import pkgutil  # noqa: E402
from pathlib import Path  # noqa: E402

from tests import bench  # noqa: E402


def main():
    names = sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if m.name.startswith("bench_"))
    tables = [name.removeprefix("bench_") for name in names]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("tables", nargs="*", help=f"which to run (default: all): {', '.join(tables)}")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), help="where to write")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.tables) - set(tables))
    if unknown:
        parser.error(f"no benchmark named {', '.join(unknown)}; there are {', '.join(tables)}")

    results = json.loads(arguments.json.read_text()) if arguments.json.exists() else {}
    print(f"{'measured':<64}{'value':>9}       {'bound':>9}{'goal':>8}")
    for table in arguments.tables or tables:
        results[table] = []
        for row in importlib.import_module(f"tests.bench.bench_{table}").rows():
            print(line(row), flush=True)
            results[table].append(dataclasses.asdict(row) | {"met": row.met})
            arguments.json.write_text(json.dumps(results, indent=1))  # Ctrl-C keeps what was measured


def line(row):
    bound = (
        ""
        if row.met is None
        else (f">= {row.at_least:g}" if row.at_least is not None else f"<= {row.at_most:g}")
    )
    goal = "" if row.goal is None else f"{row.goal:g}"
    verdict = {None: "", True: "met", False: "MISSED"}[row.met]
    return f"{row.name:<64}{row.value:>9.2f} {row.unit:<6}{bound:>9}{goal:>8}  {verdict}"


main()
