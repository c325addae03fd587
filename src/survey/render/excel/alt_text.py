"""What openpyxl cannot write: the alternative texts of native charts and the formats of their labels.

Both are added to the parts of the archive while it is repacked.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from openpyxl.workbook import Workbook

from survey.files.saving import Amend
from survey.render.texts import one_line

_CHART_NAME = re.compile(r'(<(?:\w+:)?cNvPr\b[^>]*?\bname="Chart (\d+)")')
# The formats of data labels: without the attribute readers take the format of the cells instead.
_OWN_FORMAT = re.compile(rb'(<(?:\w+:)?numFmt formatCode="[^"]*")(?= ?/?>)')


def amended(book: Workbook, chart_texts: Mapping[str, Sequence[str]]) -> Amend:
    """Give the function that amends the parts of a finished workbook.

    `chart_texts` gives for a sheet's name the alternative texts of its charts, in order.
    """
    sheets: Sequence[Any] = book.worksheets
    # Drawing parts are numbered through, one for each sheet that holds pictures or charts.
    drawn = [sheet.title for sheet in sheets if sheet._charts or sheet._images]
    texts = {f"xl/drawings/drawing{i}.xml": chart_texts.get(title, ()) for i, title in enumerate(drawn, 1)}

    def amend(name: str, content: bytes) -> bytes:
        if texts.get(name):
            return _described(content.decode("utf-8"), texts[name]).encode("utf-8")
        if name.startswith("xl/charts/"):
            return _OWN_FORMAT.sub(rb'\1 sourceLinked="0"', content)
        return content

    return amend


def _described(drawing: str, texts: Sequence[str]) -> str:
    """Add `descr` to the charts of a drawing part: openpyxl names them Chart 1, 2, ... in order."""

    def add(match: re.Match[str]) -> str:
        return f'{match.group(1)} descr="{escape(one_line(texts[int(match.group(2)) - 1]))}"'

    return _CHART_NAME.sub(add, drawing)
