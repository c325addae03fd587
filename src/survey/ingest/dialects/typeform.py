"""Typeform: a column per choice headed by the choice alone; the text of an "other" in a column after them."""

import re
from dataclasses import replace

from survey.files.grid import Grid
from survey.ingest.cell_values import as_text
from survey.ingest.dialects.roles import NOT_KEPT, by_header, role_of
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable
from survey.wording import normalise

ROLES = by_header(
    {
        "#": "key",
        "Response Type": "finished",
        "Start Date (UTC)": "started",
        "Stage Date (UTC)": NOT_KEPT,
        "Submit Date (UTC)": "submitted",
        "Network ID": NOT_KEPT,
        "Tags": NOT_KEPT,
        "Ending": NOT_KEPT,
    }
)

HABITS = Habits(separator=", ", free_other=True, other_in_tick=True)

_OTHER = re.compile(r"(?:other|其他|其它|andere|sonstige|autre|otr[oa]|outr[oa])", re.IGNORECASE)


def detect(grid: Grid) -> Signs:
    """By its two dates, which name their zone."""
    return evidence(headers_of(grid), ("Start Date (UTC)",), ("Submit Date (UTC)",))


def read(grid: Grid) -> RawTable:
    """Read one header row; columns of choices side by side are of one question, whose text stands nowhere."""
    headers = headers_of(grid)
    groups = _choices(grid, headers)

    def naming(place: int, header: str) -> RawColumn:
        if place in groups:
            return named(header, group=groups[place])
        before = headers[place - 1] if place else ""
        if _OTHER.match(header) and before and place - 1 not in groups:
            return named(f"{before} {header}", f"{before} {header} text")
        return named(header)

    table = table_of(grid, roles=ROLES, naming=naming, habits=HABITS)
    columns = list(table.columns)
    for place, column in enumerate(columns[1:], 1):
        if column.also and column.also[0].endswith(" text"):
            columns[place - 1] = _with_other(columns[place - 1], column)
    return replace(table, columns=columns)


def _with_other(choice: RawColumn, other: RawColumn) -> RawColumn:
    """A choice that was left for words of one's own holds these words."""
    pairs = zip(choice.cells, other.cells, strict=True)
    return replace(choice, values=[text if cell is None else cell for cell, text in pairs])


def _choices(grid: Grid, headers: list[str]) -> dict[int, str]:
    """The group of every column that ticks by its own header, and of the "other" after these."""
    groups: dict[int, str] = {}
    run: list[int] = []
    for place, header in enumerate([*headers, ""]):
        kinds = grid.columns[place][1:].present().kinds if place in grid.columns else []
        cells = {normalise(as_text(cell)) for cell in kinds if cell is not None}
        if header and not role_of(ROLES, header) and cells <= {normalise(header)}:
            run.append(place)
            continue
        if len(run) > 1:
            also = [place] if _OTHER.match(header) else []
            groups |= dict.fromkeys([*run, *also], f"choices {run[0]}")
        run = []
    return groups
