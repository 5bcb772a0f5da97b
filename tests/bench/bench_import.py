"""What `import nnlib` costs more than `import numpy`, in fresh processes that take turns."""

import statistics
import subprocess
import sys

from tests.bench.measure import Row

CODE = """
import time, sys
import {first}
start = time.perf_counter()
import {second}
print(time.perf_counter() - start)
"""


def rows():
    times = []
    for _ in range(15):
        code = CODE.format(first="numpy", second="nnlib")
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        times.append(1000 * float(done.stdout))
    yield Row("import nnlib after import numpy", statistics.median(times), "ms", at_most=20)
