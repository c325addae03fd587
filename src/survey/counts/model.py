"""`Tally`: every count that a table of a survey needs, additive, and nobody's answers.

Which block serves which statistic:

`pairs`
    Z'Z over the indicators of `CodeColumns`: `counts(column)` is its diagonal, `cross(a, b)` the joint
    table of two columns among those who answered both. From it: `frequencies`; `importance_shares` (top
    boxes with any `top`, means, medians, ranks); `crosstab` against the complement, by any single or
    select-all question; `overlaps`, `mentions`, `cooccurrence`, `precision`, `rank_sets`, `reproduce`; the
    McNemar rows of `compare_items`; `compare_ratings` (Wilcoxon from the points x points table of two
    items); `compare_group_ratings` (Mann-Whitney and Cliff's delta from the histograms of group and
    complement); `correlations` of items; two single questions, sum, cells and Bonferroni of
    `association`.
`groups`
    Per banner the patterns of its options x all indicators: `only="exclusive"` and `"mixed"`, the overlap
    of `compare="columns"` (who is in both, and who of them says yes), the variance
    of overlapping groups, weighted too; what `disclosure` takes for memberships.
`complete`
    Per battery and select-all question, among those who answered every part that anybody answered: joint
    table, histogram of row totals, histogram of ties. Cochran's Q and Friedman of `compare_items`;
    `reliability` (alpha, omega, item-rest).
`ticks`
    Per select-all question how many options were ticked, exclusive ones apart: `mention_summary`, and
    whether the rules `least` and `most` were kept.
`patterns`
    Per select-all question and battery (as top boxes) the patterns that occur, alone and by the pattern of
    each banner: permutations and Rao-Scott of `association` where one of the two questions is a banner,
    `group_patterns` (UpSet), reach.
`numbers`
    Per column of quantities (a number, a date as days, an option of a constant sum) the values that occur,
    alone and by the pattern of each banner: `number_summary`, `compare_numbers`, `allocations`,
    `date_summary`, `date_counts`.
`missing`, `unanswered`
    Per column the kinds of missing answers; per question those of respondents without any answer to it:
    bases in words, accounting.
`rules`
    Per rule of data quality that looks at one respondent alone, how many it finds, of how many.
`sources`
    Respondents per file.

The first six have a leading axis of measures: "n", the respondents; of a weighted tally also "w" and "w2",
the sums of weights and of squared weights, in units of `WEIGHT_UNIT`. All are whole numbers, so that sums
are exact: however rows are split into batches, files or machines, and in whichever order the parts are
added, the tally is the same to the bit. What is asked of a tally are sums of weights with a mean of 1: they
are divided by the mean weight of all respondents (`everybody`) when they are looked up. Tables of patterns
and values are kept up to a stated number of rows.

What is not here, and needs rows: open text, lists of single respondents, keys, times and devices (and with
them the rules of data quality that compare respondents), panels of two waves, raking, models with
adjustment, bootstraps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from survey.counts.code_columns import CodeColumn, CodeColumns
from survey.counts.definition import MEASURES, WEIGHT_UNIT, Definition, differences, refuse_different
from survey.counts.group_tables import GroupTable, PatternPairs, ValueTable
from survey.counts.keyed_counts import LADDER, KeyedCounts, ValueCounts
from survey.errors import Problem, usage
from survey.ingest.conditions import Condition
from survey.ingest.merging import merged_provenance
from survey.ingest.provenance import Provenance, Screening, add_counts
from survey.ingest.responses import MISSING_KINDS
from survey.instrument import Instrument, Question
from survey.messages import message

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]

# Different patterns of a banner (each is a row of all indicators); of a question, alone or with a banner; the
# values of a number, which are kept to fewer digits first (with a banner: as many rows as patterns).
MOST_GROUPS = 2_048
MOST_PATTERNS = 262_144
MOST_VALUES = 65_536
# What a reader of a table might take for one person, or a few.
SMALL = 5


@dataclass(frozen=True, eq=False)
class CompleteCases:
    """Sums over those who answered every part of a question that anybody answered (`asked`, one per part).

    `pairs`: joint table of all codes of all parts. `totals`: histogram of the sum of the answers (the
    `steps` of points, or ticks), the lowest possible sum first. `ties`: over respondents and points, how
    often so many parts were answered alike. Exclusive options take no part.
    """

    asked: "npt.NDArray[np.bool_]"
    n: "Whole"
    pairs: "Whole"
    totals: "Whole"
    ties: "Whole"

    def __add__(self, other: "CompleteCases") -> "CompleteCases":
        """Add; where one side lacks a part that the other has, nobody of it answered every part."""
        asked = self.asked | other.asked
        kept = [one for one in (self, other) if (one.asked == asked).all()]
        if len(kept) == 2:
            names = ("n", "pairs", "totals", "ties")
            return CompleteCases(asked, *(getattr(self, name) + getattr(other, name) for name in names))
        blank = CompleteCases(asked, self.n * 0, self.pairs * 0, self.totals * 0, self.ties * 0)
        return kept[0] if kept else blank


@dataclass(frozen=True)
class Refusal:
    """Cells of a column that could not be counted, with the same value; `key`: the message that says why."""

    source: str
    column: str
    key: str
    value: str
    n: int


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of a survey: see the table above. Frozen; `a + b` counts the respondents of both.

    Attributes
    ----------
    definition
        Instrument, banners, conditions and weight: what was fixed when it was made.
    respondents, total
        How many are counted, and how many there were before any condition.
    everybody
        All respondents by measure, also those without any answer.
    problems
        What was noticed and did not stop the counting; not part of a written tally.
    provenances
        Where the parts come from, each once: files, waves, rows that rules left out before counting.
    refusals
        Cells set aside, by column and value. A written tally has only their number (`missing`, refused).
    """

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

    def __len__(self) -> int:
        """Count the respondents."""
        return self.respondents

    def __repr__(self) -> str:
        """Say what this is in one line."""
        return f"<Tally: {self.respondents} respondents, {self.instrument.reference}>"

    @property
    def instrument(self) -> Instrument:
        """The instrument under which the answers were given."""
        return self.definition.instrument

    @property
    def columns(self) -> CodeColumns:
        """The columns that are counted, and where their indicators stand in `pairs`."""
        return self.definition.columns

    @property
    def reconstructed(self) -> bool:
        """Whether any of it was made from published figures, and nobody gave these answers."""
        return any(provenance.reconstructed for provenance in self.provenances)

    @cached_property
    def provenance(self) -> Provenance:
        """Where all of it comes from: what the parts have alike, and the rows left out of any."""
        screened = [one.screening for one in self.provenances if one.screening]
        screening = None
        if screened:
            counts = add_counts(count for one in screened for count in one.counts)
            screening = Screening(counts, self.total + sum(count.n for count in counts))
        return merged_provenance(self.provenances or (Provenance(),), screening)

    @property
    def subset(self) -> tuple[Condition, ...]:
        """The conditions that all respondents meet."""
        return self.definition.subset

    @property
    def accounting(self) -> None:
        """Cells as they were read: a tally does not have them."""
        return

    def subset_text(self, lang: str = "en") -> str:
        """The conditions in words, and of how many respondents it is; empty for all."""
        if not self.definition.subset:
            return ""
        separator = message("condition_separator", lang)
        conditions = separator.join(one.text(lang) for one in self.definition.subset)
        return message("subset_text", lang, conditions=conditions, n=self.respondents, total=self.total)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was noticed while counting, and that small counts are not anonymous."""
        small = self.small_counts
        told = {"count": small, "minimum": SMALL - 1}
        return (*self.notices, *((Problem("tally_small_counts", values=told),) if small else ()))

    @cached_property
    def small_counts(self) -> int:
        """How many of the counts of pairs and patterns are of 1 to 4 respondents."""
        import numpy as np

        upper = self.pairs[0][np.triu_indices(len(self.pairs[0]))]
        tables = [
            *self.groups.values(),
            *self.patterns.values(),
            *(one.table for one in self.numbers.values()),
        ]
        return sum(
            int(((block > 0) & (block < SMALL)).sum()) for block in (upper, *(one.sums[0] for one in tables))
        )

    # -- weights ------------------------------------------------------------------------------------------

    @cached_property
    def weighted(self) -> bool:
        """Whether there are weights, and they differ by more than they are rounded."""
        if not self.definition.weight or not self.respondents:
            return False
        _, total, squares = (self.everybody / self.respondents).tolist()
        mean, square = total * WEIGHT_UNIT, squares * WEIGHT_UNIT
        return bool(square - mean**2 > WEIGHT_UNIT * (1 + 2 * mean))

    @property
    def effective_base(self) -> float:
        """Kish's effective base of all respondents."""
        if not self.weighted:
            return float(self.respondents)
        _, total, squares = self.everybody.tolist()
        return float(total**2 * WEIGHT_UNIT / squares)

    @cached_property
    def _scale(self) -> float:
        """What the weights are multiplied by to have a mean of 1."""
        total = float(self.everybody[1]) * WEIGHT_UNIT if self.definition.weight else 0.0
        return self.respondents / total if total else 1.0

    # -- looking things up --------------------------------------------------------------------------------

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

    # -- what statistics ask for, as of `RowCounts` ----------------------------------------------------------

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

    def unweighted(self) -> "Tally":
        """The same respondents, each counted once: without the sums of weights."""

        def respondents(table: KeyedCounts) -> KeyedCounts:
            return replace(table, sums=table.sums[:1])

        return replace(
            self,
            definition=replace(self.definition, weight=""),
            pairs=self.pairs[:1],
            everybody=self.everybody[:1],
            groups={key: respondents(table) for key, table in self.groups.items()},
            complete={
                key: replace(one, n=one.n[:1], pairs=one.pairs[:1], totals=one.totals[:1], ties=one.ties[:1])
                for key, one in self.complete.items()
            },
            ticks={key: sums[:1] for key, sums in self.ticks.items()},
            patterns={key: respondents(table) for key, table in self.patterns.items()},
            numbers={key: replace(one, table=respondents(one.table)) for key, one in self.numbers.items()},
        )

    # -- adding and comparing -----------------------------------------------------------------------------

    def __add__(self, other: "Tally") -> "Tally":
        """Count the respondents of both.

        Raises
        ------
        UsageError
            They are of different instruments, versions, banners, conditions or weights; both are named.
        """
        if not isinstance(other, Tally):
            return NotImplemented
        refuse_different(self.definition, other.definition)
        blocks: dict[str, Any] = {
            name: {key: one + getattr(other, name)[key] for key, one in getattr(self, name).items()}
            for name in ("groups", "complete", "ticks", "patterns", "numbers")
        }
        return replace(
            self,
            **blocks,
            respondents=self.respondents + other.respondents,
            total=self.total + other.total,
            pairs=self.pairs + other.pairs,
            missing=self.missing + other.missing,
            unanswered=self.unanswered + other.unanswered,
            everybody=self.everybody + other.everybody,
            rules={
                rule: (n + other.rules[rule][0], base + other.rules[rule][1])
                for rule, (n, base) in self.rules.items()
            },
            sources=_added((*self.sources, *other.sources)),
            provenances=tuple(dict.fromkeys((*self.provenances, *other.provenances))),
            refusals=add_refusals((*self.refusals, *other.refusals)),
            notices=tuple(_distinct((*self.notices, *other.notices))),
        )

    def __radd__(self, other: object) -> "Tally":
        """Let `sum` begin with 0."""
        return self if other == 0 else NotImplemented

    def __eq__(self, other: object) -> bool:
        """Whether both count the same, to the bit; what was noticed on the way does not matter."""
        if not isinstance(other, Tally):
            return NotImplemented
        if differences(self.definition, other.definition):
            return False
        names = [part.name for part in fields(self) if part.name not in ("definition", "refusals", "notices")]
        return all(_same(getattr(self, name), getattr(other, name)) for name in names)

    __hash__ = None  # type: ignore[assignment]


def _same(one: Any, other: Any) -> bool:
    """Whether two blocks are equal."""
    import numpy as np

    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, KeyedCounts | ValueCounts):
        return one.same_as(other)
    if isinstance(one, CompleteCases):
        return all(np.array_equal(getattr(one, part.name), getattr(other, part.name)) for part in fields(one))
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    if isinstance(one, tuple) and one and isinstance(one[0], Provenance):
        return set(one) == set(other)
    return bool(one == other)


def _added(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    sums: dict[str, int] = {}
    for name, count in pairs:
        sums[name] = sums.get(name, 0) + count
    return tuple(sorted(sums.items()))


_MOST_REFUSALS = 1_000


def add_refusals(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """One per file, column, reason and value; past a thousand those of a column together, without value."""
    sums: dict[tuple[str, str, str, str], int] = {}
    for one in refusals:
        key = (one.source, one.column, one.key, one.value)
        if key not in sums and len(sums) >= _MOST_REFUSALS:
            key = (*key[:3], "...")
        sums[key] = sums.get(key, 0) + one.n
    return tuple(Refusal(*key, n) for key, n in sums.items())


def _distinct(problems: Iterable[Problem]) -> list[Problem]:
    found: list[Problem] = []
    for problem in problems:
        if problem not in found:
            found.append(problem)
    return found
