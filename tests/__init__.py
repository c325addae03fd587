"""The tests. What is set here is set before any library of numbers loads, in every worker.

Threads of OpenBLAS only spin beside products this small, and two workers have two cores. The libraries make
a hundred thousand objects that stay, through which the garbage collector need not look again and again.
"""

import gc
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
gc.set_threshold(100_000, 50, 100)
