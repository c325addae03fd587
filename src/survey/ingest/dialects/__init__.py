"""How survey tools lay out their exports: one small module each, all listed here.

A dialect has a `NAME`, a `detect(grid)` that gives the reason why the grid is of this dialect, or None, and
a `read(grid)` that gives the columns. The first dialect that recognises a grid reads it; the plain table
stands last and takes everything.
"""

from collections.abc import Callable
from typing import NamedTuple

from survey.ingest.columns import RawTable
from survey.ingest.dialects import plain
from survey.ingest.grid import Grid


class Dialect(NamedTuple):
    """A layout: its name, why a grid is of it (or None), and how its columns are read."""

    name: str
    detect: Callable[[Grid], str | None]
    read: Callable[[Grid], RawTable]


# Adding a dialect: one module beside this file and one line here.
DIALECTS = (Dialect("plain", plain.detect, plain.read),)


def read_grid(grid: Grid) -> RawTable:
    """Read a grid by the first dialect that recognises it."""
    for dialect in DIALECTS:
        if dialect.detect(grid):
            return dialect.read(grid)
    raise AssertionError("the plain dialect takes every grid")
