"""How survey tools lay out their exports: one small module each, all listed here.

A dialect has a name, a `detect(grid)` that gives what shows that the grid is of this dialect, or None, and a
`read(grid)` that gives the columns. The first dialect that recognises a grid reads it; the plain table
stands last and takes everything.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from survey.errors import usage
from survey.files.grid import Grid
from survey.ingest.dialects import (
    alchemer,
    feishu,
    googleforms,
    jotform,
    kobo,
    labelled,
    limesurvey,
    msforms,
    odk,
    plain,
    qualtrics,
    redcap,
    sosci,
    surveymonkey,
    tencent,
    typeform,
    wenjuanwang,
    wjx,
)
from survey.ingest.dialects.table import Signs
from survey.ingest.raw_table import RawTable


class Dialect(NamedTuple):
    """A layout: its name, why a grid is of it (or None), and how its columns are read."""

    name: str
    detect: Callable[[Grid], Signs]
    read: Callable[[Grid], RawTable]


# Adding a dialect: one module beside this file and one line here.
DIALECTS = (
    Dialect("labelled", labelled.detect, labelled.read),
    Dialect("wjx_number", wjx.detect_number, wjx.read_number),
    Dialect("wjx_text", wjx.detect_text, wjx.read_text),
    Dialect("tencent", tencent.detect, tencent.read),
    Dialect("wenjuanwang", wenjuanwang.detect, wenjuanwang.read),
    Dialect("qualtrics", qualtrics.detect, qualtrics.read),
    Dialect("surveymonkey", surveymonkey.detect, surveymonkey.read),
    Dialect("kobo", kobo.detect, kobo.read),
    Dialect("odk_central", odk.detect_central, odk.read_central),
    Dialect("surveycto", odk.detect_surveycto, odk.read_surveycto),
    Dialect("limesurvey", limesurvey.detect, limesurvey.read),
    Dialect("redcap", redcap.detect, redcap.read),
    Dialect("msforms", msforms.detect, msforms.read),
    Dialect("typeform", typeform.detect, typeform.read),
    Dialect("jotform", jotform.detect, jotform.read),
    Dialect("alchemer", alchemer.detect, alchemer.read),
    Dialect("sosci", sosci.detect, sosci.read),
    Dialect("feishu", feishu.detect, feishu.read),
    Dialect("googleforms", googleforms.detect, googleforms.read),
    Dialect("plain", plain.detect, plain.read),
)


def read_grid(grid: Grid, dialect: str | None = None) -> RawTable:
    """Read a grid by the dialect named, or by the first that recognises it.

    Raises
    ------
    UsageError
        There is no dialect of that name.
    """
    if dialect is not None:
        for known in DIALECTS:
            if known.name == dialect:
                return replace(known.read(grid), dialect=known.name)
        raise usage("dialect_unknown", dialect=dialect, known=[known.name for known in DIALECTS])
    for known in DIALECTS:
        if reason := known.detect(grid):
            return replace(known.read(grid), dialect=known.name, reason=reason)
    raise AssertionError("the plain dialect takes every grid")
