"""What a chart shows: the labels and numbers of its rows, without those that are hidden."""

import math
from dataclasses import dataclass

from survey.document import Chart, Report, Sheet, Table
from survey.render.texts import one_line


@dataclass(frozen=True)
class ChartData:
    """Labels from top to bottom, and of each series its heading and numbers; None where there is none."""

    labels: tuple[str, ...]
    headings: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    form: str

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
    values = []
    for key in chart.series:
        marks = table.marks(columns[key])[places]
        numbers = table.data[key].tolist()[places]
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
    )


def _number(value: object) -> float | None:
    """A finite number, or nothing."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
