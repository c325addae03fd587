"""All option-by-option tables of two questions, their chi-squares, and what their sums would be by chance.

Observed counts come from joint tables; what needs whole answers (permutations, the covariance of Rao and
Scott) from the patterns of both questions that occur, each with the number of respondents who have it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from survey.counts.group_tables import PatternPairs
from survey.counts.row_counts import Counts
from survey.instrument import Option, Question
from survey.messages import message
from survey.statistics.fallbacks import permutations_fallback
from survey.statistics.indicators import YesNo, own_part, pair_tables

_CHUNK = 2_000_000  # cells of permuted ticks held at once
_PAIRS = 4_096  # pairs of patterns whose vectors are held at once
_TIE = 1e-9
# Microseconds: a respondent of a permutation of rows; a row and a cell of one of a table of patterns.
_ROW, _PATTERN, _CELL = 0.35, 20.0, 0.1


@dataclass
class Side:
    """One question: its options or items, their places among its parts, and which of them vary."""

    question: Question
    options: list[Option]
    places: list[int]
    useful: list[bool]

    def remarks(self, lang: str) -> list[tuple[str, str]]:
        """Name the options that take no part."""
        left = [option.said(lang) for option, kept in zip(self.options, self.useful, strict=True) if not kept]
        values = {"question": self.question.named(lang), "options": left}
        return [("left_out", message("association_left_out", lang, **values))] if left else []


def sides_of(
    counts: Counts, first: Question, second: Question, top: int | None, measure: str = "n"
) -> list[Side]:
    """Both questions; an option is useful where some, not all, of those who answered both chose it."""
    sides = []
    for own, other in ((first, second), (second, first)):
        layout = YesNo.of(counts.instrument, own, top=top if own.kind == "rating" else None)
        answered = YesNo.of(counts.instrument, other).answered
        given = counts.joint(own, other, measure) @ answered
        options = list(own.items if own.kind == "rating" else own.groups)
        places = [own.parts.index(option) for option in options]
        yes, no = (layout.yes @ given).tolist(), (layout.no @ given).tolist()
        same = own_part(own, other)  # the item whose points are the options of the other
        varied = [yes[place] > 0 and no[place] > 0 and own.parts[place].id != same for place in places]
        sides.append(Side(own, options, places, varied))
    return sides


@dataclass(frozen=True)
class Observed:
    """The 2 x 2 tables of all options: both, row totals, column totals and bases, each options x options.

    `answered`: who answered both questions.
    """

    tables: tuple[Any, ...]
    answered: float

    @classmethod
    def of(cls, counts: Counts, sides: list[Side], top: int | None, measure: str = "n") -> "Observed":
        """Count them, or sum their weights."""
        import numpy as np

        first, second = (side.question for side in sides)
        tops = [top if question.kind == "rating" else None for question in (first, second)]
        four = pair_tables(counts, first, second, top=tops[0], other_top=tops[1], measure=measure)
        tables = (four.yes_yes, four.yes_yes + four.yes_no, four.yes_yes + four.no_yes, four.base)
        one, other = (YesNo.of(counts.instrument, question).answered for question in (first, second))
        places = np.ix_(sides[0].places, sides[1].places)
        chosen = tuple(table[places] for table in tables)
        answered = one @ counts.joint(first, second, measure) @ other
        return cls(chosen, int(answered) if measure == "n" else float(answered))

    def useful(self, sides: list[Side]) -> "Observed":
        """Only the options that vary."""
        import numpy as np

        rows, columns = sides[0].useful, sides[1].useful
        both, of_rows, of_columns, bases = (table[np.ix_(rows, columns)] for table in self.tables)
        return replace(self, tables=(both, of_rows, of_columns, bases))

    def turned(self) -> "Observed":
        """The second question first."""
        both, rows, columns, bases = (table.T for table in self.tables)
        return replace(self, tables=(both, columns, rows, bases))


@dataclass(frozen=True)
class Patterns:
    """The patterns of the options that vary, of those who answered both questions: see `PatternPairs`."""

    first: Any
    second: Any
    rows: Any
    columns: Any
    counts: Any

    @classmethod
    def of(cls, pairs: PatternPairs, sides: list[Side]) -> "Patterns":
        """Leave out who answered one of the questions only."""
        import numpy as np

        known: list[Any] = [~np.isnan(side).all(axis=1) for side in (pairs.first, pairs.second)]
        kept = known[0][pairs.rows] & known[1][pairs.columns]
        places = [
            [place for place, useful in zip(side.places, side.useful, strict=True) if useful]
            for side in sides
        ]
        return cls(
            pairs.first[:, places[0]],
            pairs.second[:, places[1]],
            pairs.rows[kept],
            pairs.columns[kept],
            pairs.counts[kept],
        )

    def turned(self) -> "Patterns":
        """The second question first."""
        return Patterns(self.second, self.first, self.columns, self.rows, self.counts)

    def sizes(self) -> tuple[Any, Any]:
        """How many respondents have each pattern of the first, and of the second question."""
        import numpy as np

        return tuple(  # type: ignore[return-value]
            np.bincount(places, weights=self.counts, minlength=len(side)).astype(np.int64)
            for places, side in ((self.rows, self.first), (self.columns, self.second))
        )


class ItemTables:
    """All item-by-item tables of two questions.

    For a single question, which is the first, the tests are one r x 2 table per option of the second;
    otherwise one 2 x 2 table per pair.
    """

    def __init__(self, observed: Observed, kind: str, zero_cells: float) -> None:
        """Take the counts."""
        self.single = kind == "single"
        self.zero_cells = zero_cells
        self.observed = tuple(table[None].astype(float) for table in observed.tables)
        rows, columns = observed.tables[0].shape
        if self.single and rows < 2:
            rows = 0
        self.size = (columns if self.single else rows * columns) if rows else 0
        self.df = rows - 1 if self.single else 1
        self.touched = False

    def chi_squares(self, counts: tuple[Any, ...]) -> Any:
        """The chi-squares of all tests, d x tests; a table without variation gives 0."""
        import numpy as np

        both, rows, columns, bases = counts
        cells = [both, rows - both, columns - both, bases - rows - columns + both]
        if self.single:
            cells = cells[:2]  # the options of a single question: ticked and not, one row of the table each
        if self.zero_cells:
            empty = [cell < 0.5 for cell in cells]
            if any(bool(one.any()) for one in empty):
                self.touched = self.touched or len(both) == 1
                cells = [np.where(no, self.zero_cells, cell) for no, cell in zip(empty, cells, strict=True)]
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.single:
                yes, no = cells
                total = yes.sum(axis=1, keepdims=True) + no.sum(axis=1, keepdims=True)
                share = yes.sum(axis=1, keepdims=True) / total
                expected = (yes + no) * share
                parts = (yes - expected) ** 2 / (expected * (1 - share))
                return np.nan_to_num(parts, nan=0.0, posinf=0.0).sum(axis=1)
            one, two, three, four = cells
            total = one + two + three + four
            below = (one + two) * (three + four) * (one + three) * (two + four)
            chi_squares = total * (one * four - two * three) ** 2 / below
        return np.nan_to_num(chi_squares, nan=0.0, posinf=0.0).reshape(len(both), -1)

    def log_p(self, chi: Any) -> Any:
        """Logarithms of the p-values of chi-squares, also where they underflow."""
        import numpy as np
        from scipy.special import chdtrc, log_ndtr

        if self.df == 1:
            return np.log(2) + log_ndtr(-np.sqrt(chi))
        with np.errstate(divide="ignore"):
            return np.maximum(np.log(chdtrc(self.df, chi)), -745.0)


@dataclass(frozen=True)
class Permuted:
    """The p-values of the three permutation statistics; `fallback`: which of `FALLBACKS` was used."""

    p_values: dict[str, float]
    fallback: str = ""

    def remarks(self, lang: str) -> list[tuple[str, str]]:
        """Say which fallback it was."""
        return [(self.fallback, message(f"fallback_{self.fallback}", lang))] if self.fallback else []


def permutations(table: ItemTables, patterns: Patterns, chi: Any, draws: int, random: Any) -> Permuted:
    """Permute respondents, or draw what permuting them would give; memory does not grow with the draws.

    Rows are permuted where they are few; tables of patterns with the same margins are drawn (the same
    distribution) where that takes fewer steps; and where counts are so large that neither matters, the counts
    are drawn from their normal limit, which has the exact means and covariances.
    """
    observed = {"sum": chi.sum(), "product": -table.log_p(chi).sum(), "minimum": chi.max()}
    extreme = dict.fromkeys(observed, 0)
    fallback = permutations_fallback(int(patterns.counts.sum()), _least_expected(table))
    sampled = _sampler(patterns, normal=bool(fallback))
    for counts in sampled(patterns, draws, random):
        drawn = table.chi_squares(counts)
        extremes = {
            "sum": drawn.sum(axis=1),
            "product": -table.log_p(drawn).sum(axis=1),
            "minimum": drawn.max(axis=1),
        }
        for name, values in extremes.items():
            extreme[name] += int((values >= observed[name] * (1 - _TIE) - _TIE).sum())
    p_values = {f"permutation_{name}": (1 + count) / (1 + draws) for name, count in extreme.items()}
    return Permuted(p_values, fallback)


def _least_expected(table: ItemTables) -> float:
    """The smallest count that any cell of the tables is expected to have under independence."""
    import numpy as np

    _, rows, columns, bases = table.observed
    least = np.minimum(rows, bases - rows) * np.minimum(columns, bases - columns) / np.maximum(bases, 1)
    return float(least.min())


Sample = Iterator[tuple[Any, Any, Any, Any]]


def _sampler(patterns: Patterns, *, normal: bool) -> Any:
    """Which way takes the fewest steps."""
    if normal:
        return normal_limit
    one, other = sorted(map(len, (patterns.first, patterns.second)))
    respondents = int(patterns.counts.sum())
    by_pattern = one * (_PATTERN + _CELL * other)
    return permuted_rows if respondents * _ROW <= by_pattern else drawn_tables


def permuted_rows(patterns: Patterns, draws: int, random: Any) -> Sample:
    """Permute the respondents of the first question against those of the second."""
    import numpy as np

    rows, columns = (np.repeat(places, patterns.counts) for places in (patterns.rows, patterns.columns))
    ticks, ticks_of_second = patterns.first[rows], patterns.second[columns]
    mask, second_mask = ~np.isnan(ticks), ~np.isnan(ticks_of_second)
    complete = bool(mask.all() and second_mask.all())
    ticks, ticks_of_second = np.nan_to_num(ticks), np.nan_to_num(ticks_of_second)
    seen_of_second = second_mask.astype(float)
    size, width = ticks.shape
    chunk = max(1, min(draws, _CHUNK // max(1, size * width)))
    order = np.arange(size)
    for start in range(0, draws, chunk):
        count = min(chunk, draws - start)
        if count == 1:
            places = random.permutation(size)[None]
        else:
            places = random.permuted(np.broadcast_to(order, (count, size)), axis=1)
        first = ticks[places].transpose(0, 2, 1)
        both = first @ ticks_of_second
        if complete:
            of_rows = np.broadcast_to(ticks.sum(axis=0)[None, :, None], both.shape)
            of_columns = np.broadcast_to(ticks_of_second.sum(axis=0)[None, None, :], both.shape)
            yield both, of_rows, of_columns, np.full(both.shape, float(size))
            continue
        seen = mask[places].astype(float).transpose(0, 2, 1)
        yield both, first @ seen_of_second, seen @ ticks_of_second, seen @ seen_of_second


def drawn_tables(patterns: Patterns, draws: int, random: Any) -> Sample:
    """Draw tables of patterns with the observed margins: row by row, from a multivariate hypergeometric.

    The distribution is that of permuted respondents: the patterns of the second question are dealt out at
    random to those with each pattern of the first.
    """
    import numpy as np

    sizes, sizes_of_second = patterns.sizes()
    features, features_of_second = _features(patterns.first), _features(patterns.second)
    turned = len(sizes) > len(sizes_of_second)
    dealt, left_over = (sizes_of_second, sizes) if turned else (sizes, sizes_of_second)
    own, others = (features_of_second, features) if turned else (features, features_of_second)
    dealt_to = dealt.nonzero()[0]
    for _ in range(draws):
        left = left_over.copy()
        sums = np.zeros((own.shape[1], others.shape[1]))
        for place in dealt_to[:-1]:
            drawn = random.multivariate_hypergeometric(left, int(dealt[place]), method="marginals")
            left -= drawn
            sums += np.outer(own[place], drawn @ others)
        sums += np.outer(own[dealt_to[-1]], left @ others)
        yield _four((sums.T if turned else sums)[None], patterns)


def normal_limit(patterns: Patterns, draws: int, random: Any) -> Sample:
    """Draw counts from the normal distribution with the means and covariances that permuting gives."""
    import numpy as np

    roots, means = [], []
    respondents = float(patterns.counts.sum())
    for side, sizes in zip((patterns.first, patterns.second), patterns.sizes(), strict=True):
        features = _features(side)
        total = sizes @ features
        scatter = (features * sizes[:, None]).T @ features - np.outer(total, total) / respondents
        values, vectors = np.linalg.eigh(scatter)
        roots.append(vectors * np.sqrt(np.maximum(values, 0.0)))
        means.append(total)
    middle = np.outer(*means) / respondents
    for start in range(0, draws, 256):
        count = min(256, draws - start)
        noise = random.standard_normal((count, len(means[0]), len(means[1])))
        yield _four(middle + roots[0] @ noise @ roots[1].T / np.sqrt(respondents - 1), patterns)


def _features(side: Any) -> Any:
    """Patterns x (ticked, answered) of every option."""
    import numpy as np

    return np.hstack([np.nan_to_num(side), ~np.isnan(side)])


def _four(sums: Any, patterns: Patterns) -> tuple[Any, Any, Any, Any]:
    """Both, row totals, column totals and bases from sums over (ticked, answered) of both questions."""
    rows, columns = patterns.first.shape[1], patterns.second.shape[1]
    both, of_rows = sums[:, :rows, :columns], sums[:, :rows, columns:]
    return both, of_rows, sums[:, rows:, :columns], sums[:, rows:, columns:]


def eigenvalue_squares(table: ItemTables, patterns: Patterns, *, null: bool) -> float:
    """The sum of the squared eigenvalues of the covariance of the chi-squares' roots.

    Under independence that covariance is the product of those of the two questions.
    """
    if null:
        correlation = [
            _correlations(side, sizes)
            for side, sizes in zip((patterns.first, patterns.second), patterns.sizes(), strict=True)
        ]
        rows = table.df if table.single else float((correlation[0] ** 2).sum())
        return float(rows * (correlation[1] ** 2).sum())
    return float((covariance_of(table, patterns) ** 2).sum())


def covariance_of(table: ItemTables, patterns: Patterns, factor: Any = 1.0) -> Any:
    """The covariance of the chi-squares' roots, as the data have it.

    Each respondent contributes one vector; pairs are scaled by their own base, so that gaps are allowed.
    For two select-all questions this is appendix A of Bilder & Loughin (2004) without the 2^(i+j) answer
    patterns. Where there are weights, `table` is of weights that add up to the bases, `factor` what they were
    multiplied by, options x options, and the counts of `patterns` are the sums of squared weights.
    """
    import numpy as np

    factors = np.broadcast_to(factor, table.observed[0].shape[1:]).ravel()
    both, of_rows, of_columns, seen_by = (counts[0].ravel() for counts in table.observed)
    bases = np.maximum(seen_by, 1)
    share, other = of_rows / bases, of_columns / bases
    width, height = patterns.first.shape[1], patterns.second.shape[1]
    within = (both / np.maximum(of_rows, 1)).reshape(width, height)
    covariance = np.zeros((width * height, width * height))
    for start in range(0, len(patterns.counts), _PAIRS):
        part = slice(start, start + _PAIRS)
        first, second = patterns.first[patterns.rows[part]], patterns.second[patterns.columns[part]]
        seen = (~np.isnan(first)[:, :, None] & ~np.isnan(second)[:, None, :]).reshape(len(first), -1)
        left, right = np.repeat(first, height, axis=1), np.tile(second, (1, width))
        left, right = (np.where(seen, side, 0.0) for side in (left, right))
        with np.errstate(divide="ignore", invalid="ignore"):
            if table.single:
                own = (left.reshape(-1, width, height) * within).sum(axis=1)
                residual = right - np.tile(own, (1, width))
                vectors = (left / share - 1) * residual * np.sqrt(share) / np.sqrt(other * (1 - other))
            else:
                product = (left - share) * (right - other) - (both / bases - share * other)
                vectors = product / np.sqrt(share * (1 - share) * other * (1 - other))
        vectors = (
            np.where(seen, np.nan_to_num(vectors, posinf=0.0, neginf=0.0), 0.0) / np.sqrt(bases) * factors
        )
        covariance += (vectors * patterns.counts[part, None]).T @ vectors
    return covariance


def _correlations(ticks: Any, sizes: Any) -> Any:
    """Correlations of options over the respondents who answered both of a pair; 0 where undefined."""
    import numpy as np

    seen = (~np.isnan(ticks)).astype(float)
    filled = np.nan_to_num(ticks)
    weighted = [side * sizes[:, None] for side in (seen, filled)]
    bases = np.maximum(weighted[0].T @ seen, 1)
    first, second = weighted[1].T @ seen, weighted[0].T @ filled
    covariance = (weighted[1].T @ filled) / bases - first * second / bases**2
    spread = (first / bases) * (1 - first / bases) * (second / bases) * (1 - second / bases)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(covariance / np.sqrt(spread), posinf=0.0, neginf=0.0)
