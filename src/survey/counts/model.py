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
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from survey.counts.definition import WEIGHT_UNIT, differences, refuse_different
from survey.counts.keyed_counts import KeyedCounts, ValueCounts
from survey.counts.tally_parts import CompleteCases, add_refusals
from survey.counts.tally_tables import TallyTables
from survey.errors import Problem
from survey.ingest.conditions import Condition
from survey.ingest.merging import merged_provenance
from survey.ingest.provenance import Provenance, Screening, add_counts
from survey.messages import message

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]

# What a reader of a table might take for one person, or a few.
SMALL = 5


@dataclass(frozen=True, eq=False)
class Tally(TallyTables):
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

    def __len__(self) -> int:
        """Count the respondents."""
        return self.respondents

    def __repr__(self) -> str:
        """Say what this is in one line."""
        return f"<Tally: {self.respondents} respondents, {self.instrument.reference}>"

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

    @property
    def effective_base(self) -> float:
        """Kish's effective base of all respondents."""
        if not self.weighted:
            return float(self.respondents)
        _, total, squares = self.everybody.tolist()
        return float(total**2 * WEIGHT_UNIT / squares)

    # -- looking things up --------------------------------------------------------------------------------

    # -- what statistics ask for, as of `RowCounts` ----------------------------------------------------------

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


def _distinct(problems: Iterable[Problem]) -> list[Problem]:
    found: list[Problem] = []
    for problem in problems:
        if problem not in found:
            found.append(problem)
    return found
