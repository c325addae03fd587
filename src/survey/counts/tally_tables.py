"""Every table that a statistic asks a tally for: counts, pairs, patterns, values of numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from survey.counts.code_columns import CodeColumn, CodeColumns
from survey.counts.definition import MEASURES, WEIGHT_UNIT, Definition
from survey.counts.group_tables import GroupTable, PatternPairs, ValueTable
from survey.counts.keyed_counts import LADDER, KeyedCounts, ValueCounts
from survey.counts.tally_parts import MOST_GROUPS, MOST_PATTERNS, CompleteCases, Refusal
from survey.errors import Problem, usage
from survey.ingest.provenance import Provenance
from survey.ingest.responses import MISSING_KINDS
from survey.instrument import Instrument, Question

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]

# What a reader of a table might take for one person, or a few.
SMALL = 5


@dataclass(frozen=True, eq=False)
class TallyTables:
    """The counts of a tally as fields (see `survey.counts.model.Tally`), and the tables asked of them."""

    definition: Definition
    respondents: int
    total: int
    pairs: "Whole"
    missing: "Whole"
    unanswered: "Whole"
    everybody: "Whole"
    groups: Mapping[str, KeyedCounts]
    complete: Mapping[str, CompleteCases]
    ticks: Mapping[str, "Whole"]
    patterns: Mapping[tuple[str, str], KeyedCounts]
    numbers: Mapping[tuple[str, str], ValueCounts]
    rules: Mapping[str, tuple[int, int]]
    sources: tuple[tuple[str, int], ...] = ()
    provenances: tuple[Provenance, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notices: tuple[Problem, ...] = field(default=())

    @property
    def instrument(self) -> Instrument:
        """The instrument under which the answers were given."""
        return self.definition.instrument

    @property
    def columns(self) -> CodeColumns:
        """The columns that are counted, and where their indicators stand in `pairs`."""
        return self.definition.columns

    @cached_property
    def weighted(self) -> bool:
        """Whether there are weights, and they differ by more than they are rounded."""
        if not self.definition.weight or not self.respondents:
            return False
        _, total, squares = (self.everybody / self.respondents).tolist()
        mean, square = total * WEIGHT_UNIT, squares * WEIGHT_UNIT
        return bool(square - mean**2 > WEIGHT_UNIT * (1 + 2 * mean))

    @cached_property
    def _scale(self) -> float:
        """What the weights are multiplied by to have a mean of 1."""
        total = float(self.everybody[1]) * WEIGHT_UNIT if self.definition.weight else 0.0
        return self.respondents / total if total else 1.0

    def counts(self, column: str, measure: str = "n") -> "npt.NDArray[Any]":
        """How many gave each answer of a column, in the order of its codes."""
        import numpy as np

        return np.diagonal(self.cross(column, column, measure)).copy()

    def point_counts(self, column: CodeColumn, measure: str = "n") -> list[Any]:
        """How often each code of a column stands there."""
        own: list[Any] = self.counts(column.name, measure).tolist()
        return own

    def cross(self, column: str, other: str, measure: str = "n") -> "npt.NDArray[Any]":
        """The joint table of two columns, codes x codes, among those who answered both."""
        block = self.pairs[self._measure(measure)]
        return self._scaled(block[self.columns.span(column), self.columns.span(other)], measure)

    def base(self, column: str, measure: str = "n") -> Any:
        """How many answered a column."""
        return self.counts(column, measure).sum()

    def group_counts(self, banner: str, column: str = "", measure: str = "n") -> "npt.NDArray[Any]":
        """Patterns, in the order of `members`, x codes of a column; x 1, everybody, without a column."""
        sums = self._groups(banner).sums[self._measure(measure)]
        span = self.columns.span(column) if column else slice(-1, 0)
        return self._scaled(sums[:, 1 + span.start : 1 + span.stop], measure)

    def members(self, banner: str) -> "npt.NDArray[np.float64]":
        """Patterns x options of a banner: 1.0 in it, 0.0 outside it, nan unknown."""
        patterns = self._groups(banner).keys[:, 0]
        return self.definition.spaces[banner].members(patterns)

    def joint(self, one: Question, other: Question, measure: str = "n") -> "npt.NDArray[Any]":
        """The joint table of two questions: indicators of one x indicators of the other."""
        block = self.pairs[self._measure(measure)]
        return self._scaled(block[self.columns.block(one), self.columns.block(other)], measure)

    def group_table(self, banner: Question, question: Question, measure: str = "n") -> GroupTable:
        """The patterns of a banner x the indicators of a question."""
        block = self.columns.block(question)
        sums = self._groups(banner.id).sums[self._measure(measure)][:, 1 + block.start : 1 + block.stop]
        return GroupTable(self.members(banner.id), self._scaled(sums, measure))

    def complete_cases(self, question: Question, measure: str = "n") -> CompleteCases:
        """Sums over those who answered every part of a question that anybody answered."""
        place, cases = self._measure(measure), self.complete[question.id]
        parts = (cases.n, cases.pairs, cases.totals, cases.ties)
        return CompleteCases(cases.asked, *(self._scaled(part[place : place + 1], measure) for part in parts))

    def tick_counts(self, question: Question, measure: str = "n") -> "npt.NDArray[Any]":
        """Ticked options (exclusive ones apart) x ticked exclusive ones, of those who answered."""
        return self._scaled(self.ticks[question.id][self._measure(measure)], measure)

    def group_patterns(
        self, question: Question, measure: str = "n"
    ) -> "tuple[npt.NDArray[np.float64], npt.NDArray[Any]]":
        """The patterns of a question that occur (patterns x options), and how many respondents have each."""
        import numpy as np

        place = self._measure(measure)
        if question.kind == "single":
            given = np.diagonal(self.pairs[place][self.columns.block(question), self.columns.block(question)])
            nothing = np.full((1, len(given)), np.nan)
            sizes = np.append(self.everybody[place] - given.sum(), given)
            return np.vstack([nothing, np.eye(len(given))]), self._scaled(sizes, measure)
        if question.id in self.groups:
            sums = self._groups(question.id).sums[place][:, 0]
            return self.members(question.id), self._scaled(sums, measure)
        table = self._kept(("", question.id), question)
        members = self.definition.spaces[question.id].members(table.keys[:, 0])
        return members, self._scaled(table.sums[place], measure)

    def pattern_pairs(
        self, first: Question, second: Question, top: int | None = None, measure: str = "n"
    ) -> PatternPairs | None:
        """The patterns of two questions together, of which one is a banner; a rating by its own top box.

        None where there were too many of them.
        """

        banner, other = (first, second) if self._has_patterns(first, second) else (second, first)
        if not self._has_patterns(banner, other):
            raise usage("tally_pair_not_counted", first=first.id, second=second.id)
        if other.kind == "rating" and top not in (None, self.instrument.scale_of(other).top):
            raise usage("tally_top_fixed", question=other.id, top=self.instrument.scale_of(other).top)
        of_pair = self._of_single if other.kind == "single" else self._of_several
        found = of_pair(banner, other, measure)
        return found if found is None or banner is first else found.turned()

    def _has_patterns(self, banner: Question, other: Question) -> bool:
        single = other.kind == "single" and banner.id in self.groups
        return single or (banner.id, other.id) in self.patterns

    def _of_single(self, banner: Question, other: Question, measure: str) -> PatternPairs | None:
        """The patterns of a banner and of a single question, which are its options and no answer."""
        import numpy as np

        if self.groups[banner.id].full:
            return None
        block = self.columns.block(other)
        tables = []
        for sums in (self.groups[banner.id].sums[place] for place in (0, self._measure(measure))):
            given = sums[:, 1 + block.start : 1 + block.stop]
            tables.append(np.column_stack([sums[:, 0] - given.sum(axis=1), given]))
        options = np.vstack([np.full((1, given.shape[1]), np.nan), np.eye(given.shape[1])])
        occurring = tables[0].any(axis=0)
        rows, columns = tables[0][:, occurring].nonzero()
        counts = self._scaled(tables[1][:, occurring][rows, columns], measure)
        return PatternPairs(self.members(banner.id), options[occurring], rows, columns, counts)

    def _of_several(self, banner: Question, other: Question, measure: str) -> PatternPairs | None:
        """The patterns of a banner and of a question of several parts."""
        import numpy as np

        table = self.patterns[banner.id, other.id]
        if table.full:
            return None
        spaces = [self.definition.spaces[banner.id], self.definition.spaces[other.id]]
        sides = []
        for space, codes in zip(spaces, np.divmod(table.keys[:, 0], spaces[1].size), strict=True):
            keys, places = np.unique(codes, return_inverse=True)
            sides.append((space.members(keys), places.reshape(-1)))
        (one, rows), (two, columns) = sides
        return PatternPairs(
            one, two, rows, columns, self._scaled(table.sums[self._measure(measure)], measure)
        )

    def number_values(self, column: str, banner: Question | None = None, measure: str = "n") -> ValueTable:
        """The values of a column of quantities, by the pattern of a banner if one is named, and how often.

        Days are counted from 1 January 1970.
        """
        key = (banner.id if banner else "", column)
        if key not in self.numbers:
            raise usage("tally_banner_not_counted", banner=key[0], known=list(self.groups) or ["-"])
        kept = self.numbers[key]
        if kept.table.full:
            raise usage("tally_numbers_full", question=column, limit=kept.table.limit)
        members = None
        if banner:
            members = self.definition.spaces[banner.id].members(kept.table.keys[:, 0])
        counts = self._scaled(kept.table.sums[self._measure(measure)], measure)
        return ValueTable(members, kept.values, counts, kept.bits == LADDER[0])

    def number_pairs(
        self, first: Question, second: Question, measure: str = "n"
    ) -> "tuple[Any, Any, npt.NDArray[Any]]":
        """Two numbers together need the respondents: a `UsageError` that says what to count instead."""
        raise usage("tally_number_pairs", first=first.id, second=second.id)

    def missing_kinds(self, column: str) -> dict[str, int]:
        """How many answers of a column are missing, by kind, in the order of the kinds."""
        place = [one.name for one in self.columns.answers].index(column)
        return dict(zip(MISSING_KINDS, map(int, self.missing[place]), strict=True))

    def unanswered_kinds(self, question: Question) -> dict[str, int]:
        """The kinds of missing of those without any answer to a question."""
        place = self.instrument.variables.index(question)
        return dict(zip(MISSING_KINDS, map(int, self.unanswered[place]), strict=True))

    def written(self, column: str) -> int:
        """How many answered a column: of open text, who wrote something."""
        return int(self.base(column))

    def _kept(self, key: tuple[str, str], question: Question) -> KeyedCounts:
        """The patterns of a question; `UsageError` where there were too many."""
        if self.patterns[key].full:
            raise usage("tally_patterns_full", question=question.id, limit=MOST_PATTERNS)
        return self.patterns[key]

    def _groups(self, banner: str) -> KeyedCounts:
        """The table of a banner; `UsageError` where it is none of this tally, or had too many patterns."""
        if banner not in self.groups:
            raise usage("tally_banner_not_counted", banner=banner, known=list(self.groups) or ["-"])
        if self.groups[banner].full:
            raise usage("tally_banner_full", banner=banner, limit=MOST_GROUPS)
        return self.groups[banner]

    def _measure(self, measure: str) -> int:
        if measure not in self.definition.measures:
            raise usage("tally_measure", measure=measure, known=list(self.definition.measures))
        return MEASURES.index(measure)

    def _scaled(self, block: "Whole", measure: str) -> "npt.NDArray[Any]":
        """Sums of weights, or of their squares, of which the mean weight is 1."""
        if measure == "n":
            return block
        return block * (WEIGHT_UNIT * self._scale ** MEASURES.index(measure))
