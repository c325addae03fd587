"""Headers to questions: which column of a file holds which part of an instrument."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from survey.errors import Place, Problem
from survey.ingest.cell_values import guarded
from survey.ingest.code_evidence import Column
from survey.ingest.column_targets import JOINED, META_HEADERS, WEIGHT, Match, Target
from survey.ingest.headers import Headers
from survey.ingest.joined_answers import code_of
from survey.ingest.number_cells import number_reader
from survey.ingest.numbered_parts import grouped_parts, numbered_parts
from survey.ingest.option_cells import tick_reader
from survey.ingest.raw_table import RawColumn, RawTable
from survey.messages import LANGUAGES, message
from survey.wording import normalise, skeleton


@cache
def _meta_forms() -> dict[str, str]:
    own = {normalise(message("heading_respondent", lang)): "key" for lang in LANGUAGES}
    return own | {normalise(form): name for name, forms in META_HEADERS.items() for form in forms}


def match_columns(headers: Headers, table: RawTable, mapped: Mapping[str, str | None] | None = None) -> Match:
    """Sort the columns of a table. Two columns for the same thing are a fault, not a choice.

    `mapped` says by hand what headers (normalised) mean: a column of the data or of `meta`, or None to
    leave it out. Where the header itself says otherwise the map is followed, and that is told.
    """
    sorting = _Sorting(headers, table, mapped or {})
    for column in table.columns:
        sorting.sort(column)
    return sorting.finished()


class _Sorting:
    """The columns of one table as they are sorted."""

    def __init__(self, headers: Headers, table: RawTable, mapped: Mapping[str, str | None]) -> None:
        self.headers = headers
        self.table = table
        self.mapped = mapped
        self.match = Match()
        self._groups = grouped_parts(headers, table)
        self._numbered = numbered_parts(headers, table, self.mapped)
        self.match.contradicted = self._numbered.contradicted
        self._refused = {id(one) for parts in self._numbered.contradicted for one in parts.columns}
        self._answered: dict[str, RawColumn] = {}
        self._recomputed: list[str] = []
        self._about: set[str] = set()
        self._weight_named = WEIGHT in mapped.values()  # by hand: no other column is one

    def sort(self, column: RawColumn) -> None:
        form = normalise(column.header)
        by_hand = form in self.mapped
        wanted = self.mapped.get(form)
        if by_hand and wanted is None:
            self.match.not_kept.append(column)
            return
        if id(column) in self._refused:
            return
        if wanted is None and form in self.headers.made:
            self._recomputed.append(column.header)
            self.match.not_kept.append(column)
            return
        names, meta = self._by_itself(column) if wanted is None else self._by_hand(column, wanted)
        if names:
            self._take_answers(column, names)
        else:
            self._take_meta(column, meta, by_hand=by_hand)

    def _by_hand(self, column: RawColumn, wanted: str) -> tuple[set[str], str]:
        """The columns of the data that a header means, or the column of `meta`, as the map says."""
        meta = wanted if wanted in META_HEADERS and wanted not in self.headers.targets else ""
        names = set() if meta else {wanted}
        itself = self.headers.by_names(column)
        if len(itself) == 1 and itself != names:
            values = {"header": column.header[:80], "told": wanted, "other": next(iter(itself))}
            self.match.notices.append(Problem("map_overrides", self.table.place(column), values))
        return names, meta

    def _by_itself(self, column: RawColumn) -> tuple[set[str], str]:
        """The same, as its own names, its number and its place say."""
        meta = self.headers.meta_name(column)
        if meta and not (meta == WEIGHT and self._weight_named):
            return set(), meta
        if column.role:
            return set(), column.role
        if id(column) in self._groups:
            target = self._groups[id(column)]
            return ({target.column} if target else set()), ""
        names = self.headers.by_names(column)
        if column.otherwise:
            return names, "" if names else column.otherwise
        if not names and (by_number := self._numbered.targets.get(id(column))):
            return {by_number.column}, ""
        plain = not names and self.table.of_no_platform
        meta = _meta_forms().get(normalise(column.header), "") if plain else ""
        return names, "" if meta == WEIGHT and not self._is_weight(column) else meta

    def _is_weight(self, column: RawColumn) -> bool:
        """Whether a column headed so holds weights: it has numbers, and no other was named."""
        return not self._weight_named and any(
            kind is not None and number_reader(kind).value is not None for kind in column.cells.kinds
        )

    def _take_answers(self, column: RawColumn, names: set[str]) -> None:
        if len(names) > 1:
            values = {"header": column.header[:80], "known": sorted(names)}
            self.match.faults.append(Problem("header_ambiguous", self.table.place(column), values))
            return
        target = self.headers.targets[next(iter(names))]
        first = self._answered.setdefault(target.column, column)
        if first is column:
            self.match.answers.append((column, target))
        elif not self._take_text_beside(column, first, target):
            self._twice(column, first)

    def _take_text_beside(self, column: RawColumn, first: RawColumn, target: Target) -> bool:
        """Take one of two columns of an "other" for its text, where the other one holds ticks alone."""
        text = self.headers.targets.get(f"{target.column}__text")
        if text is None or target.text or target.question.kind != "multiple" or text.column in self._answered:
            return False
        ticked = [one for one in (first, column) if self._holds_ticks(one, target)]
        if len(ticked) != 1:
            return False
        written = column if ticked[0] is first else first
        self._answered |= {target.column: ticked[0], text.column: written}
        self.match.answers = [pair for pair in self.match.answers if pair[0] is not first]
        self.match.answers += [(ticked[0], target), (written, text)]
        values = {"header": written.header[:80], "other": self.table.place(ticked[0]).cell}
        self.match.notices.append(Problem("text_beside_tick", self.table.place(written), values))
        return True

    def _holds_ticks(self, column: RawColumn, target: Target) -> bool:
        """Tell whether a column has ticks, codes or their absence, and nothing else."""
        assert target.part is not None
        habits = replace(self.table.habits, other_in_tick=False)
        words = {**habits.missing, **habits.missing_ticks, "NA": "empty"}
        reader = guarded(self.headers.instrument, tick_reader(target.question, target.part, habits), words)
        standing = [
            code_of(raw, habits) is not None or not read.key
            for raw, _, read in Column(column.cells, reader).standing()
            if not read.missing
        ]
        return bool(standing) and all(standing)

    def _take_meta(self, column: RawColumn, meta: str, *, by_hand: bool) -> None:
        if meta in META_HEADERS and meta not in self._about:
            self._about.add(meta)
            self.match.meta.append((column, meta))
        elif meta == JOINED:
            self.match.not_kept.append(column)
            names = self.headers.by_names(column)
            question = self.headers.targets[next(iter(names))].question if len(names) == 1 else None
            if question is not None and question.kind == "multiple":
                self.match.doubled.append((column, question))
        elif meta and (not self.table.of_no_platform or by_hand or self.headers.meta_name(column)):
            self.match.not_kept.append(column)
        else:
            self.match.unmatched.append(column)

    def _twice(self, column: RawColumn, other: RawColumn) -> None:
        values = {"header": column.header[:80], "other": self.table.place(other).cell}
        self.match.faults.append(Problem("header_twice", self.table.place(column), values))

    def finished(self) -> Match:
        """Tell what hangs on all columns together: parts by number, joined beside split, what is absent."""
        if self._recomputed:
            place = Place(file=self.table.file, sheet=self.table.sheet)
            values = {"names": self._recomputed, "count": len(self._recomputed)}
            self.match.notices.append(Problem("columns_recomputed", place, values))
        for question_id, column in self._numbered.first.items():
            values = {"question": question_id, "header": column.header[:80]}
            self.match.notices.append(Problem("parts_by_position", self.table.place(column), values))
        joined = {
            target.question.id: column
            for column, target in self.match.answers
            if target.question.traits.joined and target.whole
        }
        for column, target in self.match.answers:
            if not target.whole and not target.text and target.question.id in joined:
                self._twice(column, joined[target.question.id])
        self._find_strangers()
        present = {target.column for _, target in self.match.answers}
        present |= {name for parts in self.match.contradicted for name in parts.names}
        for question in self.headers.instrument.questions:
            in_one = question.traits.joined and question.id in present
            in_one = in_one or any(name.startswith(f"{question.id}#") for name in present)
            names = question.text_columns if in_one else question.columns
            self.match.absent += [name for name in names if name not in present]
        return self.match

    def _find_strangers(self) -> None:
        ticked = {
            target.question.id
            for _, target in self.match.answers
            if target.question.kind == "multiple" and target.part is not None
        }
        heads = {head: one.id for head, one in self.headers.heads.items() if one.id in ticked and head}
        for column in self.match.unmatched:
            for form in map(skeleton, column.names):
                fitting = [head for head in heads if form.startswith(head) and form != head]
                if fitting:
                    owner = heads[max(fitting, key=len)]
                    self.match.strangers.setdefault(owner, []).append(column)
                    break
