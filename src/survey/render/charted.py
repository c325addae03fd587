"""What a chart shows: the labels and numbers of its rows, without those that are hidden."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from survey.document import Chart, Report, Sheet, Table
from survey.render.texts import one_line


@dataclass(frozen=True)
class ChartData:
    """Labels from top to bottom, and of each series its heading and numbers; None where there is none.

    `unfixed` says of each number whether it is of reconstructed data and published figures do not fix it.
    """

    labels: tuple[str, ...]
    headings: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    form: str
    unfixed: tuple[tuple[bool, ...], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is no number at all."""
        return all(number is None for line in self.values for number in line)


def table_of(chart: Chart, sheet: Sheet, report: Report) -> Table:
    """The table that a chart is drawn over: the first one of its sheet, or the one it names."""
    if not chart.table:
        return sheet.tables[0]
    return next(table for each in report.sheets for table in each.tables if table.name == chart.table)


def chart_data(chart: Chart, table: Table) -> ChartData:
    """Take the rows and columns of a chart out of its table."""
    last = len(table.data) if chart.rows is None else chart.first + chart.rows
    places = slice(chart.first, last)
    columns = {column.key: column for column in table.columns}
    values, unfixed = [], []
    for key in chart.series:
        marks = table.marks(columns[key])[places]
        numbers = table.data[key].tolist()[places]
        unfixed.append(tuple("unfixed" in codes for codes in marks))
        values.append(
            tuple(
                None if "hidden" in codes else _number(value)
                for value, codes in zip(numbers, marks, strict=True)
            )
        )
    return ChartData(
        labels=tuple(one_line(str(label)) for label in table.data[chart.categories].tolist()[places]),
        headings=tuple(one_line(columns[key].heading) for key in chart.series),
        values=tuple(values),
        form=columns[chart.series[0]].form if chart.series else "number",
        unfixed=tuple(unfixed),
    )


def _number(value: object) -> float | None:
    """A finite number, or nothing."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def continued(title: str, number: int, count: int) -> str:
    """The title of one of several parts: "Needs (1/3)"."""
    return title if count < 2 else f"{title} ({number}/{count})"


def chart_parts(chart: Chart, rows: int, most: int) -> Iterator[Chart]:
    """A chart cut into pieces of about the same size, of so many rows at most."""
    count = max(1, -(-rows // most))
    size = max(1, -(-rows // count))
    for number, start in enumerate(range(0, max(rows, 1), size), 1):
        end = min(start + size, rows)
        accent = chart.accent
        if accent is not None:
            accent = tuple(place - start for place in accent if start <= place < end)
        title = continued(chart.title, number, count)
        yield replace(chart, title=title, first=chart.first + start, rows=end - start, accent=accent)
