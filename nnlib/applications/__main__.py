"""Train and write the shipped weights, and the sheet of styles.

`python -m nnlib.applications [name ...]`, or `make weights` for all.
"""

import sys

from nnlib.applications import style_sheet
from nnlib.applications.shipped import TRAIN, save

for name in sys.argv[1:] or [*TRAIN, "styles"]:
    print(f"{name}:")
    if name == "styles":
        style_sheet.save()
    else:
        save(name, TRAIN[name](seed=0))
