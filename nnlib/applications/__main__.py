"""Train and write the shipped weights: `python -m nnlib.applications [name ...]`, or `make weights`."""

import sys

from nnlib.applications.shipped import TRAIN, save

for name in sys.argv[1:] or TRAIN:
    print(f"{name}:")
    save(name, TRAIN[name](seed=0))
