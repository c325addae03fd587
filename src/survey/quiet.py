"""Libraries whose warnings do not concern the user: their filters belong to the whole process."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

_ONE_AT_A_TIME = RLock()


@contextmanager
def without_warnings() -> Iterator[None]:
    """Let nothing warn while the block runs; the filters are then what they were.

    Threads take turns: `warnings.catch_warnings` puts back what it met, which would be the filters of another
    thread's block.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
