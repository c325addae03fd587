"""The counts of one batch: whole numbers, by histograms and by counting shared bits."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from survey.counts.batches import Batch
from survey.counts.code_columns import CodeColumn
from survey.counts.definition import SEVERAL, Definition
from survey.counts.keyed_counts import KeyedCounts, ValueCounts, bounded, number_keys, unkept, value_counts
from survey.counts.model import Tally
from survey.counts.patterns import YES, PatternSpace
from survey.counts.row_rules import rule_counts
from survey.counts.tally_parts import MOST_GROUPS, MOST_PATTERNS, MOST_VALUES, CompleteCases
from survey.ingest.responses import MISSING_KINDS
from survey.instrument import Question

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Codes = npt.NDArray[np.unsignedinteger[Any]]
    Mask = npt.NDArray[np.bool_]
    Whole = npt.NDArray[np.int64]

_WORD = 64
# Respondents whose indicators are packed at once, and words that stay in the cache while they are counted.
_SLAB = 1 << 15
_CACHED = 1 << 18
# Sums of so many weights in whole units (at most 2^32 each, their squares 2^40) stay below 2^53, where floats
# are exact; a multiple of a word.
WEIGHTED_ROWS = 8_192
# Up to so many different numbers a histogram is an array, beyond it a sort.
_DENSE = 1 << 20


def count_batch(
    batch: Batch, definition: Definition, *, total: int | None = None, so_far: Tally | None = None
) -> Tally:
    """Count one batch; `total`: how many respondents it had before the conditions.

    `so_far` is what it will be added to: what is full there need not be counted here.
    """
    counted = BlockCounter(batch, definition, so_far)
    return Tally(
        definition,
        batch.size,
        batch.size if total is None else total,
        pairs=counted.all_pairs,
        missing=_missing(batch, definition),
        unanswered=_unanswered(batch, definition),
        everybody=counted.everybody,
        groups={name: counted.groups(name) for name in definition.banners},
        complete={question.id: counted.complete(question) for question in definition.questions(*SEVERAL)},
        ticks={question.id: counted.ticks(question) for question in definition.questions("multiple")},
        patterns={key: counted.patterns(*key) for key in definition.pattern_keys},
        numbers={key: counted.numbers(*key) for key in definition.number_keys},
        rules=rule_counts(batch, definition),
        sources=batch.sources,
    )


class BlockCounter:
    """One batch, and what several blocks need of it."""

    def __init__(self, batch: Batch, definition: Definition, so_far: Tally | None = None) -> None:
        """Take the batch."""
        self.batch, self.definition, self.so_far = batch, definition, so_far
        self._encoded: dict[str, Whole] = {}

    # -- histograms ---------------------------------------------------------------------------------------

    def histogram(self, places: "npt.NDArray[Any]", size: int, kept: "Mask | None" = None) -> "Whole":
        """Measures x size: how many respondents, or weights, fall on each place."""
        import numpy as np

        rows = places if kept is None else places[kept]
        counted = [np.bincount(rows, minlength=size)]
        for weights in self.batch.weights or ():
            own = weights if kept is None else weights[kept]
            counted.append(self._exact(rows, own, size))
        return np.stack(counted)

    @staticmethod
    def _exact(rows: "npt.NDArray[Any]", weights: "npt.NDArray[np.float64]", size: int) -> "Whole":
        """Sum whole weights; in slabs, where a float holds the sum exactly."""
        import numpy as np

        sums = np.zeros(size, np.int64)
        for start in range(0, len(rows), WEIGHTED_ROWS):
            part = slice(start, start + WEIGHTED_ROWS)
            sums += np.bincount(rows[part], weights=weights[part], minlength=size).astype(np.int64)
        return sums

    def keyed(self, places: "npt.NDArray[Any]", size: int, limit: int) -> KeyedCounts:
        """Count places that are sparse in so many."""
        import numpy as np

        if size <= min(_DENSE, 64 + 8 * self.batch.size):
            sums = self.histogram(places, size)
            keys = sums[0].nonzero()[0]
            return bounded(keys[:, None].astype(np.int64), sums[:, keys], limit)
        keys, counts = np.unique(places, return_counts=True)
        if len(keys) > limit or not self.batch.weights:
            return bounded(keys[:, None].astype(np.int64), counts[None].astype(np.int64), limit)
        return bounded(
            keys[:, None].astype(np.int64), self.histogram(np.searchsorted(keys, places), len(keys)), limit
        )

    # -- blocks -------------------------------------------------------------------------------------------

    @property
    def everybody(self) -> "Whole":
        """Measures: all respondents."""
        import numpy as np

        return self.histogram(np.zeros(self.batch.size, np.uint8), 1)[:, 0]

    @cached_property
    def bits(self) -> "npt.NDArray[np.uint64]":
        """Z, one bit per respondent: indicators x words."""
        return self.bits_of(self.definition.columns.columns)

    def bits_of(self, columns: Sequence[CodeColumn]) -> "npt.NDArray[np.uint64]":
        """The indicators of some columns, one bit per respondent: indicators x words."""
        import numpy as np

        size, rows = self.batch.size, sum(len(column.codes) for column in columns)
        bits = np.zeros((rows, -(-size // _WORD)), np.uint64)
        packed = bits.view(np.uint8)
        ticked = np.empty((rows, min(_SLAB, size)), np.bool_)
        for start in range(0, size, _SLAB):
            width, row = min(_SLAB, size - start), 0
            for column in columns:
                codes = self.batch.codes[column.name]
                values = np.arange(1, len(column.codes) + 1, dtype=codes.dtype)
                own = slice(row, row + len(values))
                np.equal(codes[None, start : start + width], values[:, None], out=ticked[own, :width])
                row = own.stop
            packed[:, start // 8 : -(-(start + width) // 8)] = np.packbits(ticked[:, :width], axis=1)
        return bits

    def pairs(self, bits: "npt.NDArray[np.uint64]", kept: "Mask | None" = None) -> "Whole":
        """Measures x indicators x indicators: Z'Z of some rows of `bits`, of the respondents that are `kept`.

        The ones that two indicators share are counted in words of 64 respondents: twice as fast as a product
        of floats on one core, exact, and without the threads of a library for linear algebra.
        """
        import numpy as np

        size, words = bits.shape
        sums = np.zeros((len(self.definition.measures), size, size), np.int64)
        if kept is not None:
            bits = bits & _packed(kept)
        step = max(256, _CACHED // max(size, 1))
        for start in range(0, words, step):
            part = bits[:, start : start + step]
            for row in range(size):
                shared = np.bitwise_count(part[row] & part[row:])
                sums[0, row, row:] += shared.sum(axis=1, dtype=np.int64)
        sums[0] += np.triu(sums[0], 1).T
        for measure, weights in enumerate(self.batch.weights or (), 1):
            for start in range(0, self.batch.size, WEIGHTED_ROWS):
                own = weights[start : start + WEIGHTED_ROWS]
                words_of = slice(start // _WORD, -(-(start + len(own)) // _WORD))
                ones = np.unpackbits(bits[:, words_of].view(np.uint8), axis=1, count=len(own)).astype(
                    np.float64
                )
                sums[measure] += ((ones * own) @ ones.T).astype(np.int64)
        return sums

    @cached_property
    def all_pairs(self) -> "Whole":
        """Z'Z of all indicators and respondents."""
        return self.pairs(self.bits)

    def encoded(self, name: str) -> "Whole":
        """The pattern of every respondent."""
        if name not in self._encoded:
            self._encoded[name] = self.definition.spaces[name].encode(self.batch.codes)
        return self._encoded[name]

    def groups(self, banner: str) -> KeyedCounts:
        """Patterns of a banner x (respondents, indicators)."""
        import numpy as np

        definition, space = self.definition, self.definition.spaces[banner]
        blank = self._nothing(MOST_GROUPS, 1 + definition.columns.size)
        if not self.batch.size:
            return blank
        if not space.countable or (self.so_far is not None and self.so_far.groups[banner].full):
            return blank.emptied(full=True)
        keys, places = _numbered(self.encoded(banner), space.size)
        if len(keys) > MOST_GROUPS:
            return blank.emptied(full=True)
        sums = [self.histogram(places, len(keys))[:, :, None]]
        for column in definition.columns.columns:
            codes, width = self.batch.codes[column.name], len(column.codes) + 1
            cells = self.histogram(places * width + codes, len(keys) * width)
            sums.append(cells.reshape(-1, len(keys), width)[:, :, 1:])
        return bounded(keys[:, None], np.concatenate(sums, axis=2), MOST_GROUPS)

    def _nothing(self, limit: int, width: int | None = None) -> KeyedCounts:
        import numpy as np

        measures = len(self.definition.measures)
        shape = (measures, 0) if width is None else (measures, 0, width)
        return KeyedCounts(np.empty((0, 1), np.int64), np.empty(shape, np.int64), limit)

    def patterns(self, banner: str, question: str) -> KeyedCounts:
        """Patterns of a question, or of a banner and a question."""
        space = self.definition.spaces[question]
        outer = self.definition.spaces[banner].size if banner else 1
        blank = self._nothing(MOST_PATTERNS)
        if not self.batch.size:
            return blank
        full = self.so_far is not None and self.so_far.patterns[banner, question].full
        if full or not PatternSpace.fits(outer * space.size):
            return blank.emptied(full=True)
        codes = self.encoded(question)
        if banner:
            codes = self.encoded(banner) * _index_type(outer * space.size)(space.size) + codes
        return self.keyed(codes, outer * space.size, MOST_PATTERNS)

    def numbers(self, banner: str, question: str) -> ValueCounts:
        """Values of a number, or patterns of a banner and values."""
        import numpy as np

        width = 2 if banner else 1
        measures = len(self.definition.measures)
        limit = MOST_PATTERNS if banner else MOST_VALUES
        nothing = np.empty((0, width), np.int64), np.empty((measures, 0), np.int64)
        full = self.so_far is not None and self.so_far.numbers[banner, question].table.full
        if full or (banner and not self.definition.spaces[banner].countable):
            return unkept(KeyedCounts(*nothing, limit))
        kept = self.batch.codes[question] > 0
        values, places = np.unique(number_keys(self.batch.numbers[question][kept]), return_inverse=True)
        if not len(values):
            return value_counts(*nothing, limit)
        keys = values[:, None]
        if banner:
            patterns, own = _numbered(self.encoded(banner)[kept], self.definition.spaces[banner].size)
            cells, places = _numbered(own * len(values) + places, len(patterns) * len(values))
            keys = np.column_stack([patterns[cells // len(values)], values[cells % len(values)]])
        whole = np.zeros(self.batch.size, np.int64)
        whole[kept] = places
        return value_counts(keys, self.histogram(whole, len(keys), kept), limit)

    def complete(self, question: Question) -> CompleteCases:
        """Sums over those who answered every part that anybody answered."""
        import numpy as np

        columns = [self.definition.columns.by_name[name] for name in question.answer_columns]
        parts = [
            (column, part)
            for column, part in zip(columns, question.parts, strict=True)
            if not (question.kind == "multiple" and part.exclusive)
        ]
        own = [column for column, _ in parts]
        asked = np.array([bool((self.batch.codes[column.name] > 0).any()) for column in own], np.bool_)
        lowest, highest = totals_range(self.definition, question)
        size, measures = sum(len(column.codes) for column in own), len(self.definition.measures)
        blank = CompleteCases(
            asked,
            np.zeros(measures, np.int64),
            np.zeros((measures, size, size), np.int64),
            np.zeros((measures, highest - lowest + 1), np.int64),
            np.zeros((measures, len(own) + 1), np.int64),
        )
        if not asked.any():
            return blank
        used = [column for column, here in zip(own, asked, strict=True) if here]
        full = np.ones(self.batch.size, np.bool_)
        for column in used:
            full &= self.batch.codes[column.name] > 0
        rows = full.nonzero()[0]
        codes = [self.batch.codes[column.name][rows] for column in used]
        rating = question.kind == "rating"
        steps = self.definition.instrument.scale_of(question).steps if rating else (0, 1)
        values = [np.array(steps, np.int64)] * len(used)
        totals = np.zeros(len(rows), np.int64)
        for digits, points in zip(codes, values, strict=True):
            totals += points[digits - 1]
        everybody = np.zeros(self.batch.size, np.int64)
        everybody[rows] = totals - lowest
        ties = np.zeros((measures, len(own) + 1), np.int64)
        for code in range(1, len(used[0].codes) + 1):
            alike = np.zeros(self.batch.size, np.uint16)
            for column in used:
                alike += self.batch.codes[column.name] == code
            ties = ties + self.histogram(alike, len(own) + 1, full)
        return CompleteCases(
            asked,
            self.histogram(np.zeros(self.batch.size, np.uint8), 1, full)[:, 0],
            self.pairs(self._bits_among(own), full),
            self.histogram(everybody, highest - lowest + 1, full),
            ties,
        )

    def _bits_among(self, columns: list[CodeColumn]) -> "npt.NDArray[np.uint64]":
        """The indicators of some columns: of all indicators where these are there already."""
        import numpy as np

        if "bits" not in self.__dict__:
            return self.bits_of(columns)
        spans = [np.r_[self.definition.columns.span(column.name)] for column in columns]
        own: npt.NDArray[np.uint64] = self.bits[np.concatenate(spans)]
        return own

    def ticks(self, question: Question) -> "Whole":
        """Measures x ticked options (exclusive ones apart) x ticked exclusive ones, of those who answered."""
        import numpy as np

        groups, exclusive = np.zeros(self.batch.size, np.int64), np.zeros(self.batch.size, np.int64)
        answered = np.zeros(self.batch.size, np.bool_)
        for option, name in zip(question.options, question.answer_columns, strict=True):
            codes = self.batch.codes[name]
            answered |= codes > 0
            (exclusive if option.exclusive else groups).__iadd__(codes == YES)
        width = len(question.options) - len(question.groups) + 1
        size = (len(question.groups) + 1) * width
        return self.histogram(groups * width + exclusive, size, answered).reshape(-1, size // width, width)


def shared_ones(one: "npt.NDArray[np.uint64]", other: "npt.NDArray[np.uint64]") -> "Whole":
    """The respondents that the indicators of one share with those of the other: indicators x indicators."""
    import numpy as np

    words = one.shape[1]
    if len(one) * len(other) * words <= _CACHED:
        shared: npt.NDArray[np.int64] = np.bitwise_count(one[:, None] & other).sum(axis=2, dtype=np.int64)
        return shared
    sums = np.zeros((len(one), len(other)), np.int64)
    step = max(256, _CACHED // len(other))
    for start in range(0, words, step):
        part = other[:, start : start + step]
        for row, bits in enumerate(one[:, start : start + step]):
            sums[row] += np.bitwise_count(bits & part).sum(axis=1, dtype=np.int64)
    return sums


def totals_range(definition: Definition, question: Question) -> tuple[int, int]:
    """The lowest and the highest sum of the answers to all parts of a question."""
    parts = len(question.groups) if question.kind == "multiple" else len(question.items)
    points = (0, 1)
    if question.kind == "rating":
        values = definition.instrument.scale_of(question).steps
        points = (min(0, values[0]), max(0, values[-1]))  # of those asked, which may be fewer than all
    return parts * points[0], parts * points[1]


def _packed(kept: "Mask") -> "npt.NDArray[np.uint64]":
    """One bit per respondent, in words."""
    import numpy as np

    padded = np.zeros(-(-len(kept) // _WORD) * _WORD, np.bool_)
    padded[: len(kept)] = kept
    return np.packbits(padded).view(np.uint64)


def _index_type(size: int) -> Any:
    import numpy as np

    return np.int32 if size < 1 << 31 else np.int64


def _numbered(codes: "npt.NDArray[Any]", size: int) -> "tuple[Whole, npt.NDArray[Any]]":
    """The codes that occur, ascending, and which of them each respondent has."""
    import numpy as np

    if size > min(_DENSE, 64 + 8 * len(codes)):
        keys, places = np.unique(codes, return_inverse=True)
        return keys.astype(np.int64), places
    keys = np.bincount(codes, minlength=size).nonzero()[0]
    lookup = np.zeros(size, np.int64)
    lookup[keys] = np.arange(len(keys))
    return keys.astype(np.int64), lookup[codes]


def _missing(batch: Batch, definition: Definition) -> "Whole":
    """Columns of answers x kinds of missing."""
    import numpy as np

    found = np.zeros((len(definition.columns.answers), len(MISSING_KINDS)), np.int64)
    for place, column in enumerate(definition.columns.answers):
        if column.name in batch.kinds:
            found[place] = np.bincount(batch.kinds[column.name], minlength=len(MISSING_KINDS) + 1)[1:]
    return found


def _unanswered(batch: Batch, definition: Definition) -> "Whole":
    """Questions x kinds of missing of the first column, of those without any answer to the question."""
    import numpy as np

    found = np.zeros((len(definition.instrument.variables), len(MISSING_KINDS)), np.int64)
    for place, question in enumerate(definition.instrument.variables):
        first = question.answer_columns[0]
        if first in batch.kinds:
            gone = batch.codes[question.id] == 0
            found[place] = np.bincount(batch.kinds[first][gone], minlength=len(MISSING_KINDS) + 1)[1:]
    return found
