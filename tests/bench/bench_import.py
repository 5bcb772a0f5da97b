"""What `import nnlib` costs after `import numpy`: the median of fresh processes."""

import statistics
import subprocess
import sys

from tests.bench.measure import Row

CODE = """
import time
import numpy
start = time.perf_counter()
import nnlib
print(1000 * (time.perf_counter() - start))
"""


def rows():
    times = []
    for _ in range(15):
        done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
        times.append(float(done.stdout))
    yield Row("import nnlib after import numpy", statistics.median(times), "ms", at_most=20)
