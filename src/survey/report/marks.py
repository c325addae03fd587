"""What the margins say of the results of a report of reconstructed data: one pass over the finished document.

No builder of a sheet knows of it. The pass asks every table and sentence for the keys of its results, looks
up their marks, and adds the column that says it, the brackets in headings and texts, and the legend.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from survey.document import Column, Key, Report, Sentence, Sheet, Table
from survey.ingest.provenance import BOUNDED, FIXED, OPEN, Mark
from survey.messages import message
from survey.report.mark_words import FORMS, mark_bracket, mark_text

UNKNOWN = "[r]"  # not fixed, and nothing more is known


@dataclass(frozen=True)
class Kind:
    """How the marks of one kind of result are shown.

    Attributes
    ----------
    measures
        What is marked, in the order in which a row tells it.
    headed
        Measures of which the heading of their column tells too.
    shared
        Measures that are the same down a column about one group: its heading tells them, no row does.
    rests
        The measure on which another column about one group hangs: its count on its base.
    silent
        Measures of which a row says nothing, since they follow from another.
    otherwise
        The one measure that is told of a row without a value of the first.
    verdict
        That of every result of this kind, whatever the margins are.
    """

    measures: tuple[str, ...]
    headed: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    rests: Mapping[str, str] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    otherwise: str = ""
    verdict: str = ""


_AVERAGES = ("rank", "median", "mean", "sd", "rank_low", "rank_high")
_SETS = ("marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high")

# The kinds of results by contract. One that is missing here is marked too: nothing is known of it.
KINDS: dict[str, Kind] = {
    "frequency": Kind(("proportion",)),
    "importance": Kind(("proportion", *_AVERAGES), headed=frozenset(_AVERAGES)),
    "crosstab": Kind(
        ("proportion", "base", "difference", "p_value", "p_adjusted"),
        shared=frozenset({"base"}),
        rests=dict.fromkeys(("n", "ci_low", "ci_high"), "base"),
    ),
    "test": Kind(("p_value", "p_adjusted", "statistic", "effect"), otherwise="statistic"),
    "rank_set": Kind(("rank", *_SETS)),
    "association_test": Kind(("p_value", "p_adjusted")),
    "cooccurrence": Kind(("n", "phi")),
    "overlap": Kind(("n", "proportion"), silent=frozenset({"proportion"})),
    "mention": Kind(("share_of_mentions",), headed=frozenset({"share_of_mentions"})),
    "mention_summary": Kind(("mean_mentions", "ticked_nothing")),
    "precision": Kind(("base", "margin", "smallest_difference", "needed_base")),
    "sentence": Kind(("value",)),
    "respondents": Kind(("proportion",), verdict=FIXED),
    # No number is published of numbers and texts, and a reconstruction leaves them empty.
    "number": Kind(("mean",), verdict=OPEN),
    "text": Kind(("n",), verdict=OPEN),
}

# Contracts of rows that are no results of answers.
_NO_ANSWERS = ("quality_rule", "quality_row")

_PARTS = ("total", "points")  # columns of another kind of result that are told apart from their row


@dataclass(frozen=True)
class Marks:
    """What is known of the results of one report.

    Attributes
    ----------
    by_result
        The mark of each measure by kind and ids of its result; None where it was marked, but for other
        settings than those of this report.
    ranged
        Whether ranges were looked for; else it is known only what is fixed, and the report says no more.
    draws
        Over how many data sets, in words.
    counts
        How many measures are fixed, bounded and open, where they are those of this report.
    """

    by_result: Mapping[tuple[str, tuple[str, ...]], Mapping[str, Mark | None]]
    ranged: bool = False
    draws: str = "-"
    counts: Mapping[str, int] = field(default_factory=dict)

    def mark(self, key: Key) -> Mark | None:
        """The mark of a result; None where nothing is known of it."""
        kind = KINDS.get(key.result)
        if kind and kind.verdict:
            return Mark(kind.verdict)
        return self.by_result.get((key.result, key.ids), {}).get(key.measure)

    def has_no(self, key: Key) -> bool:
        """Whether the result was marked and this measure of it never had a value."""
        measures = self.by_result.get((key.result, key.ids))
        return measures is not None and key.measure not in measures


def with_marks(report: Report, marks: Marks) -> Report:
    """The same report, saying of every result what the margins say of it."""
    marking = _Pass(marks, report.lang)
    sheets = [marking.sheet(sheet, first=not at) for at, sheet in enumerate(report.sheets)]
    return replace(report, sheets=tuple(sheets))


@dataclass(frozen=True)
class _Pass:
    """One pass over a document, in its language."""

    marks: Marks
    lang: str

    def _say(self, key: str, **values: object) -> str:
        return message(key, self.lang, **values)

    def sheet(self, sheet: Sheet, *, first: bool) -> Sheet:
        """A sheet with the marks of its results and the legend; the first one has the legend in any case."""
        draws = self.marks.draws
        legend = self._say("note_margins", draws=draws) if self.marks.ranged else self._say("note_open")
        if first:
            return replace(sheet, lines=(*sheet.lines, legend, *self._counts()))
        keyed = any(isinstance(line, Sentence) and line.keys for line in sheet.lines)
        if not keyed and not any(map(_has_results, sheet.tables)):
            return sheet
        lines = [self._line(line) for line in sheet.lines]
        return replace(
            sheet,
            lines=(*lines, *(() if sheet.tables else self._counts())),
            tables=tuple(self._table(table) if _has_results(table) else table for table in sheet.tables),
            notes=(*sheet.notes, legend),
        )

    def _counts(self) -> tuple[str, ...]:
        """How many results the margins fix, bound and leave open."""
        counts = self.marks.counts
        return (self._say("contents_verdicts", all=sum(counts.values()), **counts),) if counts else ()

    # -- texts ------------------------------------------------------------------------------------------

    def _bracket(self, key: Key) -> str:
        """The mark inside a text: nothing of what is fixed; else its range, that it is open, or [r]."""
        mark = self.marks.mark(key)
        if mark is not None and mark.verdict == FIXED:
            return ""
        if mark is None or not self.marks.ranged:
            return UNKNOWN
        return mark_bracket(mark, FORMS[key.measure], self.lang)

    def _line(self, line: str) -> str:
        """A sentence: the mark of what it rests on before it, those of single numbers behind them."""
        if not isinstance(line, Sentence):
            return line
        begins = self._begins(line)
        text = str(line)
        for place, keys in sorted(line.within, reverse=True):
            bracket = self._ends(keys)
            if bracket in ("", begins) or (begins and bracket == UNKNOWN):
                continue  # it is said of the whole sentence already
            text = f"{text[:place]} {bracket}{text[place:]}"
        return Sentence(f"{begins} {text}".lstrip(), line.keys)

    def _begins(self, line: Sentence) -> str:
        brackets = {self._bracket(key) for key in line.keys}
        if len(brackets) > 1:
            return UNKNOWN
        if any(brackets):
            return brackets.pop()
        return UNKNOWN if any(self._may_exceed(key, line.least) for key in line.rivals) else ""

    def _may_exceed(self, key: Key, least: float) -> bool:
        mark = self.marks.mark(key)
        if mark is not None and mark.proved:
            return mark.proved[1] > least
        return mark is None or mark.verdict != FIXED

    def _ends(self, keys: tuple[Key, ...]) -> str:
        """The mark behind a number; behind an interval the range from its lowest to its highest end."""
        marks = [self.marks.mark(key) for key in keys]
        ends = [mark.draws for mark in marks if mark and mark.draws]
        if self.marks.ranged and len(ends) == len(keys) > 1:
            whole = Mark(BOUNDED, (ends[0][0], ends[-1][1]))
            return mark_bracket(whole, FORMS[keys[0].measure], self.lang)
        brackets = set(map(self._bracket, keys))
        return brackets.pop() if len(brackets) == 1 else UNKNOWN

    # -- tables -----------------------------------------------------------------------------------------

    def _table(self, table: Table) -> Table:
        """A table with marks in its words, its headings, and a column for what is said of its rows."""
        cells = _Cells(table)
        words = {
            column.key: [
                " ".join(filter(None, [text, self._bracket(key) if key else ""]))
                for text, key in zip(table.data[column.key], cells.keys[column.key], strict=True)
            ]
            for column in cells.words
        }
        headed = [replace(column, heading=self._heading(column, cells)) for column in table.columns]
        data = table.data.assign(**words)
        marked = replace(table, data=data, columns=tuple(headed))
        return self._with_margins(marked, cells) if self.marks.ranged else self._with_mark(marked, cells)

    def _heading(self, column: Column, cells: "_Cells") -> str:
        """The heading of a column, with its mark where what it says of all rows is not fixed."""
        keys, shared = cells.headed(column)
        brackets = {bracket for key in keys if (bracket := self._bracket(key))}
        if not brackets:
            return column.heading
        return f"{column.heading} {brackets.pop() if shared and len(brackets) == 1 else UNKNOWN}"

    def _with_mark(self, table: Table, cells: "_Cells") -> Table:
        """A row whose own result is not fixed says [r] in the column of marks."""
        is_open = [any(map(self._bracket, cells.own(row))) for row in range(len(table.data))]
        if not any(is_open):
            return table
        before = table.data["mark"] if "mark" in table.data.columns else [""] * len(is_open)
        texts = [
            " ".join(filter(None, [text, UNKNOWN if row_is_open else ""]))
            for text, row_is_open in zip(before, is_open, strict=True)
        ]
        columns = table.columns
        if not any(column.key == "mark" for column in columns):
            columns = (*columns, Column("mark", self._say("col_mark")))
        return replace(table, data=table.data.assign(mark=texts), columns=columns)

    def _with_margins(self, table: Table, cells: "_Cells") -> Table:
        """A column that says of every row what the margins say of its results; one more for some parts."""
        for part in ("", *_PARTS):
            texts = [self._row_text(cells, row, part) for row in range(len(table.data))]
            if any(texts):
                table = self._with_column(table, part, texts)
        return table

    def _with_column(self, table: Table, part: str, texts: list[str]) -> Table:
        """The table with one more column: behind its part if others follow, else the last but the marks."""
        key = f"margins_{part}" if part else "margins"
        columns = list(table.columns)
        place = len(columns) - (bool(columns) and columns[-1].key == "mark")
        parts = [column.part for column in columns]
        own = len(parts) - parts[::-1].index(part) if part else place
        if any(other and not other.startswith("margins") for other in parts[own:]):
            place, placed_in = own, part
        else:
            placed_in = "margins" if any(parts) else ""
        columns.insert(place, Column(key, self._say(f"col_{key}"), part=placed_in))
        return replace(table, data=table.data.assign(**{key: texts}), columns=tuple(columns))

    def _row_text(self, cells: "_Cells", row: int, part: str) -> str:
        """What the margins say of the measures of a row, those with the same answer together."""
        shown = cells.measures(row, part)
        alike: dict[str, list[str]] = {}
        verdicts = set()
        for column, key in shown:
            mark = self.marks.mark(key)
            if mark is None and (self.marks.has_no(key) or cells.is_blank(column, row)):
                continue  # there is no number
            text = mark_text(mark, FORMS[key.measure], self.lang) if mark else UNKNOWN
            name = column.name or (self._say(f"margins_of_{key.measure}") if len(shown) > 1 else "")
            alike.setdefault(text, []).append(name)
            verdicts.add(mark.verdict if mark else None)
        if len(shown) == 1 or verdicts <= {None} or verdicts == {FIXED}:
            return next(iter(alike), "")
        return self._say("item_separator").join(
            self._say("margins_part", names=self._say("list_separator").join(names), said=text)
            for text, names in alike.items()
        )


def _has_results(table: Table) -> bool:
    """Whether the rows of a table are results of answers."""
    return any(kind and kind not in _NO_ANSWERS for kind in table.kinds)


class _Cells:
    """The keys of a table, and what is to be told of each of its rows."""

    def __init__(self, table: Table) -> None:
        self.kinds = table.kinds
        self.columns = table.columns
        self.keys = {column.key: table.keys(column) for column in table.columns}
        self.blanks = {column.key: table.data[column.key].isna().tolist() for column in table.columns}
        self.words = [
            column
            for column in table.columns
            if column.form == "text" and any(key and key.result in KINDS for key in self.keys[column.key])
        ]
        self.in_words = [
            {key for column in self.words if (key := self.keys[column.key][row])}
            for row in range(len(self.kinds))
        ]

    def is_blank(self, column: Column, row: int) -> bool:
        """Whether there is no number in a cell."""
        return bool(self.blanks[column.key][row])

    def numbers(self, row: int) -> Iterator[tuple[Column, Key]]:
        """The numbers of a row of which its words say nothing, each with its column."""
        for column in self.columns:
            key = self.keys[column.key][row]
            if column.form != "text" and key is not None and key not in self.in_words[row]:
                yield column, key

    def headed(self, column: Column) -> tuple[set[Key], bool]:
        """The keys of which the heading of a column tells, and whether it is the same for all rows."""
        keys, shared = set(), False
        for row, key in enumerate(self.keys[column.key]):
            if key is None or self.is_blank(column, row):
                continue
            kind = KINDS.get(key.result)
            if kind is None:
                keys |= {key} if column.ids else set()
                continue
            measure = kind.rests.get(key.measure, key.measure) if column.ids else key.measure
            hangs = replace(key, measure=measure)
            is_headed = measure in kind.measures if column.ids else measure in kind.headed
            if is_headed and hangs not in self.in_words[row]:
                keys.add(hangs)
                shared = hangs == key and measure in kind.shared
        return keys, shared

    def own(self, row: int) -> list[Key]:
        """The results of the row itself that no heading tells of."""
        own = [(column, key) for column, key in self.numbers(row) if not column.result and not column.ids]
        kind = KINDS.get(self.kinds[row])
        if kind is None:
            return [key for _, key in own[:1]]
        marked = [key for _, key in own if key.measure in kind.measures]
        if not marked and own:
            marked = [replace(own[0][1], measure=kind.measures[0])]
        return [key for key in marked if key.measure not in kind.headed]

    def measures(self, row: int, part: str) -> list[tuple[Column, Key]]:
        """What is told of a row, or of a part of its columns: of every kind its measures in their order."""
        own_kind = self.kinds[row]
        own = KINDS.get(own_kind)
        by_kind: dict[str, list[tuple[Column, Key]]] = {}
        unmarked: list[tuple[Column, Key]] = []
        for column, key in self.numbers(row):
            kind = KINDS.get(key.result)
            is_own = not column.result and not column.ids
            if part != (column.part if column.result and column.part in _PARTS else ""):
                continue
            if kind is None or key.measure not in kind.measures:
                unmarked += [(column, key)] if is_own else []
            elif not (key.measure in kind.silent or (column.ids and key.measure in kind.shared)):
                by_kind.setdefault(key.result, []).append((column, key))
        if own is None:
            by_kind[own_kind] = unmarked[:1]
        elif unmarked and all(key.measure in own.shared for _, key in by_kind.get(own_kind, [])):
            column, key = unmarked[0]  # a row with none of its marked measures is told of the first
            by_kind.setdefault(own_kind, []).append((column, replace(key, measure=own.measures[0])))
        return [pair for name, pairs in by_kind.items() for pair in self._in_order(name, pairs, row)]

    def _in_order(self, name: str, pairs: list[tuple[Column, Key]], row: int) -> list[tuple[Column, Key]]:
        """The measures of a kind in its order; of a row without the first, the one that stands for all."""
        kind = KINDS.get(name)
        if kind is None:
            return pairs
        if kind.otherwise:
            first = [column for column, key in pairs if key.measure == kind.measures[0]]
            alone = all(self.is_blank(column, row) for column in first)
            pairs = [(column, key) for column, key in pairs if (key.measure == kind.otherwise) == alone]
        return sorted(pairs, key=lambda pair: kind.measures.index(pair[1].measure))
