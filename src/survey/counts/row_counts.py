"""The counts that statistics ask for, from responses: each is made when it is asked for, for any banner.

`Counts` is what statistics compute from: a `Tally`, which has everything already, or `RowCounts`. Both answer
the same questions, so that there is one way to compute a number.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import unfit
from survey.counts.batch_counts import BlockCounter, shared_ones
from survey.counts.batches import Batch, CodesOfResponses
from survey.counts.code_columns import CodeColumn
from survey.counts.definition import MEASURES, Definition
from survey.counts.group_tables import GroupTable, PatternPairs, ValueTable
from survey.counts.keyed_counts import grouped, number_keys
from survey.counts.model import Tally
from survey.counts.patterns import PatternSpace
from survey.counts.sources import is_parquet, parquet_sources
from survey.counts.tally_files import SUFFIX, read_tally
from survey.counts.tally_parts import CompleteCases
from survey.errors import usage
from survey.ingest import Responses, read_responses
from survey.ingest.days import quantities
from survey.ingest.deriving import crossed
from survey.ingest.provenance import Provenance
from survey.ingest.responses import MISSING_KINDS
from survey.instrument import Instrument, Question
from survey.instrument.derived import CROSSED

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]


# Weights that differ by less than this part of the largest are equal.
_EQUAL_WEIGHTS = 1e-9
# Respondents whose indicators are multiplied at once.
_ROWS_AT_ONCE = 1 << 13


class RowCounts:
    """The counts of responses, without a limit to the number of different patterns.

    Every count can be asked for by `measure`, as of a tally: "n", the respondents; "w" and "w2", the sums of
    their weights and squared weights, of which the mean weight is 1 (all are 1 where there are no weights).
    """

    def __init__(self, responses: Responses) -> None:
        """Take the responses; nothing is counted yet."""
        self.responses = responses
        self.instrument: Instrument = responses.instrument
        self.definition = Definition(responses.instrument)
        batch = Batch(len(responses), codes=CodesOfResponses(responses, self.definition))
        self._counter = BlockCounter(batch, self.definition)
        self._counters: dict[str, BlockCounter] = {"n": self._counter}
        self._bits: dict[str, npt.NDArray[np.uint64]] = {}
        self._places: dict[str, tuple[npt.NDArray[np.float64], npt.NDArray[Any]]] = {}

    def __len__(self) -> int:
        """Count the respondents."""
        return len(self.responses)

    @property
    def provenance(self) -> Provenance:
        """Where the responses come from."""
        return self.responses.provenance

    @cached_property
    def reconstructed(self) -> bool:
        """Whether nobody gave these answers."""
        return self.responses.provenance.reconstructed

    @cached_property
    def weighted(self) -> bool:
        """Whether there are weights, and they differ."""
        weights = self.responses.weights
        if weights is None or not len(weights):
            return False
        return bool(weights.max() - weights.min() > _EQUAL_WEIGHTS * weights.max())

    @cached_property
    def weights(self) -> "npt.NDArray[np.float64]":
        """The weight of every respondent, with a mean of 1; all 1 where they do not differ."""
        import numpy as np

        weights = self.responses.weights
        if weights is None or not self.weighted:
            return np.ones(len(self))
        own = weights.to_numpy()
        scaled: npt.NDArray[np.float64] = own * (len(own) / own.sum())
        return scaled

    @property
    def effective_base(self) -> float:
        """Kish's effective base of all respondents."""
        squares = float(self.measured("w2").sum())
        return float(self.measured("w").sum()) ** 2 / squares if squares else 0.0

    def measured(self, measure: str) -> "npt.NDArray[np.float64]":
        """What a measure sums over respondents: 1 ("n"), the weight ("w") or its square ("w2")."""
        import numpy as np

        if measure not in MEASURES:
            raise usage("tally_measure", measure=measure, known=list(MEASURES))
        own: npt.NDArray[np.float64] = self.weights ** MEASURES.index(measure)
        return own

    def _summed(self, places: "npt.NDArray[Any]", size: int, measure: str) -> "npt.NDArray[Any]":
        """How many respondents, or weights, fall on each place."""
        import numpy as np

        own = None if measure == "n" else self.measured(measure)
        return np.bincount(places, weights=own, minlength=size)

    def _counter_of(self, measure: str) -> BlockCounter:
        if measure not in self._counters:
            batch = self._counter.batch
            self._counters[measure] = _WeightCounter(batch, self.definition, self.measured(measure))
        return self._counters[measure]

    @property
    def _codes(self) -> "dict[str, npt.NDArray[Any]]":
        return self._counter.batch.codes

    def codes_of(self, column: str) -> "npt.NDArray[Any]":
        """What every respondent answered to a column: the place of the code from 1, 0 where nothing."""
        return self._codes[column]

    def counts(self, column: str, measure: str = "n") -> "npt.NDArray[Any]":
        """How many gave each answer of a column, in the order of its codes."""
        size = len(self.definition.columns.by_name[column].codes) + 1
        return self._summed(self._codes[column], size, measure)[1:]

    def base(self, column: str, measure: str = "n") -> Any:
        """How many answered a column."""
        return self.counts(column, measure).sum()

    def joint(self, one: Question, other: Question, measure: str = "n") -> "npt.NDArray[Any]":
        """The joint table of two questions: indicators of one x indicators of the other."""
        if measure == "n":
            return shared_ones(self._bits_of(one), self._bits_of(other))
        import numpy as np

        first, second = self.indicators(one), self.indicators(other)
        own = self.measured(measure)
        sums = np.zeros((first.shape[1], second.shape[1]))
        for start in range(0, len(self), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            sums += (first[part] * own[part, None]).T @ second[part].astype(np.float64)
        return sums

    def _bits_of(self, question: Question) -> "npt.NDArray[np.uint64]":
        if question.id not in self._bits:
            self._bits[question.id] = self._counter.bits_of(self.definition.columns.of_block(question))
        return self._bits[question.id]

    def _patterns_of(
        self, question: Question, top: int | None = None
    ) -> "tuple[npt.NDArray[np.float64], npt.NDArray[Any]]":
        """The patterns of a question that occur (patterns x options, ascending), and that of each row."""
        import numpy as np

        key = f"{question.id} {top or ''}"
        if key not in self._places:
            space = PatternSpace.of(self.instrument, question, top=top)
            if space.countable:
                keys, places = np.unique(space.encode(self._codes), return_inverse=True)
                digits = space.decode(keys.astype(np.int64))
            else:
                whole = np.column_stack(list(space.digits(self._codes)))
                digits, places = np.unique(whole, axis=0, return_inverse=True)
            self._places[key] = space.members_of_digits(digits), places.reshape(-1)
        return self._places[key]

    def memberships(self, question: Question) -> "npt.NDArray[np.float64]":
        """Respondents x options of a question: 1.0 in it, 0.0 outside it, nan unknown."""
        patterns, places = self._patterns_of(question)
        members: npt.NDArray[np.float64] = patterns[places]
        return members

    def indicators(self, question: Question) -> "Whole":
        """Respondents x indicators of a question, those of `joint`: 1 or 0."""
        import numpy as np

        marks = [
            self._codes[column.name][:, None] == np.arange(1, len(column.codes) + 1)
            for column in self.definition.columns.of_block(question)
        ]
        return np.concatenate(marks, axis=1).astype(np.int64)

    def group_table(self, banner: Question, question: Question, measure: str = "n") -> GroupTable:
        """The patterns of a banner x the indicators of a question."""
        import numpy as np

        members, places = self._patterns_of(banner)
        parts = []
        for column in self.definition.columns.of_block(question):
            width = len(column.codes) + 1
            cells = self._summed(places * width + self._codes[column.name], len(members) * width, measure)
            parts.append(cells.reshape(len(members), width)[:, 1:])
        return GroupTable(members, np.concatenate(parts, axis=1))

    def complete_cases(self, question: Question, measure: str = "n") -> CompleteCases:
        """Sums over those who answered every part of a question that anybody answered."""
        return self._counter_of(measure).complete(question)

    def tick_counts(self, question: Question, measure: str = "n") -> "npt.NDArray[Any]":
        """Ticked options (exclusive ones apart) x ticked exclusive ones, of those who answered."""
        counts: npt.NDArray[Any] = self._counter_of(measure).ticks(question)[0]
        return counts

    def group_patterns(
        self, question: Question, measure: str = "n"
    ) -> "tuple[npt.NDArray[np.float64], npt.NDArray[Any]]":
        """The patterns of a question that occur (patterns x options), and how many respondents have each."""
        members, places = self._patterns_of(question)
        return members, self._summed(places, len(members), measure)

    def pattern_pairs(
        self, first: Question, second: Question, top: int | None = None, measure: str = "n"
    ) -> PatternPairs:
        """The patterns of two questions together; `top` points of a rating are its top box."""
        import numpy as np

        one, rows = self._patterns_of(first, top if first.kind == "rating" else None)
        other, columns = self._patterns_of(second, top if second.kind == "rating" else None)
        keys, places = np.unique(rows.astype(np.int64) * len(other) + columns, return_inverse=True)
        counts = self._summed(places.reshape(-1), len(keys), measure)
        return PatternPairs(one, other, keys // max(len(other), 1), keys % max(len(other), 1), counts)

    def number_values(self, column: str, banner: Question | None = None, measure: str = "n") -> ValueTable:
        """The values of a column of quantities, by the pattern of a banner if one is named, and how often.

        Days are counted from 1 January 1970.
        """
        import numpy as np

        numbers = quantities(self.responses.data[column])
        kept = ~np.isnan(numbers)
        members, places = self._patterns_of(banner) if banner else (None, np.zeros(len(self), np.int64))
        keys = np.column_stack([places[kept].astype(np.int64), number_keys(numbers[kept])])
        ones = np.ones(len(keys), np.int64) if measure == "n" else self.measured(measure)[kept]
        keys, sums = grouped(keys, ones[None]) if len(keys) else (keys, ones[None])
        own = None if members is None else members[keys[:, 0]]
        return ValueTable(own, np.ascontiguousarray(keys[:, 1]).view(np.float64), sums[0])

    def number_pairs(
        self, first: Question, second: Question, measure: str = "n"
    ) -> "tuple[Any, Any, npt.NDArray[Any]]":
        """The pairs of values of two numbers that occur, and how often each does."""
        import numpy as np

        sides = [
            self.responses.data[one.id].to_numpy(dtype=float, na_value=np.nan) for one in (first, second)
        ]
        both = np.column_stack(sides)
        known = ~np.isnan(both).any(axis=1)
        pairs, places = np.unique(both[known], axis=0, return_inverse=True)
        own = None if measure == "n" else self.measured(measure)[known]
        counts = np.bincount(places.reshape(-1), weights=own, minlength=len(pairs))
        return pairs[:, 0], pairs[:, 1], counts

    def missing_kinds(self, column: str) -> dict[str, int]:
        """How many answers of a column are missing, by kind, in the order of the kinds."""
        kinds = self.responses.missing[column]
        return _by_kind(kinds)

    def point_counts(self, column: CodeColumn, measure: str = "n") -> list[Any]:
        """How often each code of a column stands there."""
        counts: list[Any] = self.counts(column.name, measure).tolist()
        return counts

    def written(self, column: str) -> int:
        """How many answered a column: of open text, who wrote something."""
        return int((self._codes[column] > 0).sum())

    def unanswered_kinds(self, question: Question) -> dict[str, int]:
        """The kinds of missing of those without any answer to a question."""
        first = self.responses.missing[question.answer_columns[0]]
        return _by_kind(first[self._codes[question.id] == 0])


class _WeightCounter(BlockCounter):
    """The counts of one measure that is no whole number: the weights of respondents, or their squares."""

    def __init__(self, batch: Batch, definition: Definition, own: "npt.NDArray[np.float64]") -> None:
        """Take the batch, and what every respondent counts."""
        super().__init__(batch, definition)
        self._own = own

    def histogram(
        self, places: "npt.NDArray[Any]", size: int, kept: "npt.NDArray[np.bool_] | None" = None
    ) -> Any:
        """1 x size: the weights that fall on each place."""
        import numpy as np

        rows, own = (places, self._own) if kept is None else (places[kept], self._own[kept])
        return np.bincount(rows, weights=own, minlength=size)[None]

    def pairs(self, bits: "npt.NDArray[np.uint64]", kept: "npt.NDArray[np.bool_] | None" = None) -> Any:
        """1 x indicators x indicators: Z'WZ of some rows of `bits`, of the respondents that are `kept`."""
        import numpy as np

        ones = np.unpackbits(bits.view(np.uint8), axis=1, count=self.batch.size).astype(np.float64)
        own = self._own if kept is None else self._own * kept
        return ((ones * own) @ ones.T)[None]


def _by_kind(kinds: Any) -> dict[str, int]:
    counts = kinds.astype(str).value_counts()
    return {kind: int(counts.get(kind, 0)) for kind in MISSING_KINDS}


# What statistics compute from, and what their `data` may be: `counts_of` makes the one of the other.
Counts = Tally | RowCounts
DataLike = Responses | Tally | RowCounts | str | Path


def counts_of(data: DataLike, banner: str | None = None) -> Counts:
    """The counts of responses, a tally as it is, or those of the file at a path; else a `UsageError`.

    `banner` may cross questions (`a*b`): of responses the crossed one is made, a tally has it or not. Where
    `weighted` is true a statistic takes the measures "w" and "w2", or says that it does not
    (`survey.statistics.weighted.say_unweighted`).
    """
    crossing = isinstance(banner, str) and CROSSED in banner
    if isinstance(data, RowCounts) and not (crossing and data.instrument.rule_of(str(banner)) is None):
        return data
    data = data_of(data)
    if isinstance(data, Responses):
        return RowCounts(crossed(data, [str(banner)]) if crossing else data)
    if crossing and (name := data.instrument.banner(str(banner)).id) not in data.definition.banners:
        raise usage("tally_banner_not_counted", banner=name, known=list(data.groups) or ["-"])
    return data


# Rows of a Parquet file up to which every respondent is read, so that nothing is left out of a report.
ROWS_READ = 100_000


def is_counted(paths: Sequence[Path]) -> bool:
    """Whether files are counted and not read: a tally, a folder, or more rows of Parquet than `ROWS_READ`."""
    if any(path.suffix.lower() == SUFFIX or path.is_dir() for path in paths):
        return True
    parquet = [path for path in paths if is_parquet(path)]
    return bool(parquet) and sum(source.rows or 0 for source in parquet_sources(parquet)) > ROWS_READ


def data_of(data: DataLike, banners: Sequence[str] | None = None) -> Responses | Tally:
    """Give responses or a tally as they are, or those of the file at a path; refuse anything else.

    What is large (`is_counted`) is counted, with some banners or the default one.
    """
    if isinstance(data, RowCounts):
        return data.responses
    if isinstance(data, Responses | Tally):
        return data
    if isinstance(data, str | Path):
        path = Path(data)
        if path.suffix.lower() == SUFFIX:
            return read_tally(path)
        if is_counted([path]):
            from survey.counts.tallying import tally

            return tally(path, banners=banners)
        return read_responses(path)
    raise unfit("data_needed", data)
