"""Rows that are no respondents: previews, tests, spam, the header once more, totals and notes below a table.

Each has a rule with a name; the rows are left out while reading, counted and told. A last respondent who
answered little stays one.
"""

import math
import re
from functools import partial
from operator import eq
from typing import TYPE_CHECKING, Any

from survey.ingest.cell_values import as_text
from survey.ingest.matching import Match, Target
from survey.ingest.raw_table import RawColumn, RawTable
from survey.ingest.respondents import row_states
from survey.instrument import Instrument
from survey.wording import near_misses, normalise

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

STATES = ("preview", "test", "spam")
# The rules, in the order in which they are told; a row that two of them find is of the first.
READING_RULES = (*STATES, "header_again", "summary_row", "note_row")
_TAIL = 12  # rows from the end that may be totals and notes
_SUMMARIES = frozenset(
    """
    total totals subtotal sum average averages mean means avg median std stdev sd min max minimum maximum
    合计 总计 小计 汇总 平均 平均值 平均分 均值 平均数 总数 总和 求和 中位数 标准差 合計 總計 平均値
    gesamt summe mittelwert durchschnitt moyenne somme promedio suma media totale
    """.split()  # noqa: SIM905 - one word after the other
) | {
    "grand total",
    "std dev",
    "std. dev.",
    "standard deviation",
    "column total",
    "overall average",
    "overall",
    "人均",
    "最大值",
    "最小值",
}
# What may stand behind such a word: 合计（30人）, Total (n=30), 合计：30人.
_COUNT_BEHIND = re.compile(r"\s*(?:\((?:n\s*=\s*)?\d+\s*[人份]?\)|:?\s*\d+\s*[人份]|n\s*=\s*\d+)$")
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_NOTE = re.compile(
    r"(?:notes?|sources?|remarks?|legend|exported|generated|n\.?b|quelle|anmerkung(?:en)?|fuente|nota)\b\s*[:：.\s]"
    r"|(?:注释?|备注|说明|[填制]表(?:人|日期|时间)|审核人?|资料来源|数据来源|来源|附注)\s*[:：]"
    r"|[*†‡§]\s?\S|\[(?:note )?\d+\]"
)
_SENTENCE = re.compile(r"(?:\S+\s+){3,}\S+|[\u4e00-\u9fff].{9,}")
_CLOSED = ("single", "rating", "number", "multiple")
_NEAR = 1e-6


def rows_left_out(table: RawTable, match: Match, instrument: Instrument) -> "dict[str, Mask]":
    """Tell by rule the rows that are no respondents; rules that find none are not among them."""
    import numpy as np

    nobody = np.zeros(len(table.numbers), np.bool_)
    rules: dict[str, Mask] = {}
    own = {str(name): rule for name, rule in instrument.quality.items()}.get("test_rows")
    states = row_states(table, match.meta) if own is None or own.action in (None, "drop") else None
    for state in STATES:
        rules[state] = nobody if states is None else states.where(state.__eq__)
    rules["header_again"] = _header_again(table)
    taken = np.logical_or.reduce(list(rules.values()))
    for rule in ("summary_row", "note_row"):
        rules[rule] = nobody.copy()
    tail = _Tail(table, match)
    for row in range(len(nobody) - 1, max(len(nobody) - 1 - _TAIL, 0), -1):
        if taken[row]:
            continue
        rule = tail.rule_of(row)
        if not rule:
            break
        rules[rule][row] = True
    earlier = nobody.copy()
    for rule, rows in rules.items():
        rules[rule] = rows & ~earlier
        earlier |= rows
    return {rule: rows for rule, rows in rules.items() if rows.any()}


def _header_again(table: RawTable) -> "Mask":
    """Rows in which every cell that is filled says what its column is headed by, two at least."""
    import numpy as np

    size = len(table.numbers)
    headed = [
        column
        for column in table.columns
        if column.header
        and any(kind == column.header for kind in column.cells.kinds if isinstance(kind, str))
    ]
    if len(headed) < 2:
        return np.zeros(size, np.bool_)
    alike, filled = np.zeros(size, np.int32), np.zeros(size, np.int32)
    for column in table.columns:
        filled += column.cells.filled()
    for column in headed:
        alike += column.cells.where(partial(eq, column.header))
    again: Mask = (alike == filled) & (alike >= 2)
    return again


class _Tail:
    """The end of a table, and what its rows are."""

    def __init__(self, table: RawTable, match: Match) -> None:
        self.table = table
        self.targets = {id(column): target for column, target in match.answers}
        self.roles = {id(column): name for column, name in match.meta}

    def rule_of(self, row: int) -> str:
        """The rule by which a row is no respondent; "" where it is one."""
        filled = [column for column in self.table.columns if column.cells[row] is not None]
        if not filled:
            return ""
        first = as_text(filled[0].cells[row]).strip()
        if self._is_summary(filled, first) or self._is_aggregate(filled, row):
            return "summary_row"
        return "note_row" if self._is_note(filled, first) else ""

    def _target(self, column: RawColumn) -> Target | None:
        return self.targets.get(id(column))

    def _is_summary(self, filled: list[RawColumn], first: str) -> bool:
        """A word such as "Total" leads the row, and is no option of the question it stands under."""
        word = _COUNT_BEHIND.sub("", _SPACED.sub("", normalise(first)).rstrip(":： ")).rstrip(":： ")
        if word not in _SUMMARIES:
            return False
        target = self._target(filled[0])
        if target is None:
            return True
        question = target.question
        if question.kind in ("text", "single") or target.text:
            forms = {normalise(form) for option in question.options for form in option.forms}
            others = [one for column in filled[1:] if (one := self._target(column)) is not None]
            return word not in forms and all(one.question.kind not in ("single", "text") for one in others)
        return True

    def _is_aggregate(self, filled: list[RawColumn], row: int) -> bool:
        """Nothing but means, or nothing but sums, of the numbers above, without an id, which rows have."""
        if row < 3 or any(id(column) in self.roles for column in filled):
            return False
        if not any(name == "key" for name in self.roles.values()):
            return False
        ways = [self._ways(column, row) for column in filled]
        return len(ways) > 1 and bool(set.intersection(*ways))

    def _ways(self, column: RawColumn, row: int) -> set[str]:
        target = self._target(column)
        value = _number(column.cells[row])
        if target is None or target.question.kind not in ("rating", "number") or value is None:
            return set()
        above = [number for raw in column.cells[:row] if (number := _number(raw)) is not None]
        if len(above) < 3:
            return set()
        sums = {"sum": math.fsum(above), "mean": math.fsum(above) / len(above)}
        rounded = {way: (round(result, 1), round(result, 2), result) for way, result in sums.items()}
        return {way for way, results in rounded.items() if any(abs(value - one) < _NEAR for one in results)}

    def _is_note(self, filled: list[RawColumn], first: str) -> bool:
        """A sentence alone in a row, where an id or the answer to a closed question would stand."""
        column, target = filled[0], self._target(filled[0])
        marked = _NOTE.match(normalise(first)) is not None
        others = [self._target(one) for one in filled[1:]]
        answered = any(one is not None and one.question.kind in _CLOSED for one in others)
        if answered or len(filled) > (2 if marked else 1):
            return False
        spoken = _SENTENCE.fullmatch(first) is not None
        if target is None:  # an id, or nothing of ours
            texts = [as_text(raw).strip() for raw in column.cells.kinds if raw is not None]
            return marked or (spoken and not any(map(_SENTENCE.fullmatch, (t for t in texts if t != first))))
        forms = [form for part in target.question.parts for form in part.forms]
        if target.question.kind == "text" or target.text or normalise(first) in map(normalise, forms):
            return False  # it may be what somebody wrote
        # In a narrow table a respondent had little else to answer.
        return len(self.table.columns) > 2 and (marked or (spoken and not near_misses(first, forms)))


def _number(raw: Any) -> float | None:
    if isinstance(raw, bool) or raw is None:
        return None
    try:
        value = float(raw)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None
