"""Two questions of which one is select-all, by weight: the item-by-item tables, and the tests of their sum.

Weights of a table are scaled to add up to its base; the covariance of what respondents contribute takes the
place of the permutations, which have no weighted form.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.counts.row_counts import Counts
from survey.instrument import Question
from survey.instrument.derived import CROSSED
from survey.messages import message
from survey.statistics.association_tables import ItemTables, Observed, Patterns, Side, covariance_of
from survey.statistics.rao_scott import RaoScott, odds_ratio, rao_scott
from survey.statistics.small_cells import LEAST_EXPECTED
from survey.statistics.weighted_means import EXACT
from survey.tables import remarks

if TYPE_CHECKING:
    import pandas as pd

BY_WEIGHT = ("sum", "rao_scott", "bonferroni")

Remark = tuple[str, str]


@dataclass(frozen=True)
class WeightedTables:
    """The tables of all pairs of options of two questions: counts, sums of weights and of squared weights."""

    sides: list[Side]
    top: int | None
    confidence: float
    counts: Observed
    weights: Observed
    squares: Observed

    @classmethod
    def of(cls, counts: Counts, sides: list[Side], top: int | None, confidence: float) -> "WeightedTables":
        """Sum them."""
        return cls(
            sides,
            top,
            confidence,
            *(Observed.of(counts, sides, top, measure) for measure in ("n", "w", "w2")),
        )

    def cells(self, measure: str, row: int, column: int) -> list[list[float]]:
        """The 2 x 2 table of a pair of options: first the ticked ones."""
        both, one, other, base = (float(part[row, column]) for part in getattr(self, measure).tables)
        cells = [[both, one - both], [other - both, base - one - other + both]]
        # Differences of sums may miss 0.
        return [[0.0 if abs(cell) < EXACT * max(base, EXACT) else cell for cell in line] for line in cells]

    def columns(self, place: tuple[int, int]) -> dict[str, float]:
        """The columns of a row about a pair of options that say how many these are by weight."""
        total, squares = (float(part.tables[3][place]) for part in (self.weights, self.squares))
        effective = total**2 / squares if squares > 0 else 0.0
        both = float(self.weights.tables[0][place])
        return {"weighted_n": both, "weighted_base": total, "effective_base": effective}

    def everybody(self) -> dict[str, float]:
        """The same of all who answered both questions."""
        total, squares = self.weights.answered, self.squares.answered
        effective = total**2 / squares if squares > 0 else 0.0
        return {"weighted_n": total, "weighted_base": total, "effective_base": effective}

    @property
    def turned(self) -> bool:
        """Whether the second question is the single one, which stands first in r x 2 tables."""
        return self.sides[1].question.kind == "single"

    def useful(self, observed: Observed) -> Observed:
        """Only the options that vary, the single question first."""
        useful = observed.useful(self.sides)
        return useful.turned() if self.turned else useful

    def scaled(self) -> tuple[Observed, Any]:
        """The tables of weights of the options that vary, adding up to their bases; and the factors."""
        import numpy as np

        bases = self.useful(self.counts).tables[3]
        tables = self.useful(self.weights).tables
        factor = bases / np.where(tables[3] > 0, tables[3], 1.0)
        return Observed(tuple(table * factor for table in tables), self.counts.answered), factor


def set_together(counts: Counts, first: Question, second: Question) -> bool:
    """Whether the weights set the joint table of two questions: a target that crosses them."""
    weighting = counts.provenance.weighting
    crossed = [] if weighting is None else [target.split(CROSSED) for target in weighting.targets]
    return any({first.id, second.id} <= {part.strip() for part in parts} for parts in crossed)


def pair_by_weight(tables: WeightedTables, place: tuple[int, int], lang: str) -> dict[str, Any]:
    """The numbers of a pair of options of which some, not all, chose either, with `reason` and `note`."""
    _, *rows, base_weight = (float(part[place]) for part in tables.weights.tables)
    if not all(EXACT < one / max(base_weight, EXACT) < 1 - EXACT for one in rows):
        return remarks(("no_weight untested", message("note_no_weight_side", lang)))
    cells, squares = (tables.cells(measure, *place) for measure in ("weights", "squares"))
    base = int(tables.counts.tables[3][place])
    tested = rao_scott(cells, squares, base)
    ratio, low, high = odds_ratio(cells, squares, base, confidence=tables.confidence)
    row: dict[str, Any] = {
        "chi_square": tested.chi_square,
        "odds_ratio": ratio,
        "ci_low": low,
        "ci_high": high,
    }
    parts = [tested.remark(lang)]
    if tested.statistic == tested.statistic:
        row["p_value"] = tested.p_value
        least = least_expected(cells, squares)
        if least < LEAST_EXPECTED:
            parts.append(("sparse", message("note_sparse_weighted", lang, least=f"{least:.1f}")))
    if low != low:
        parts.append(("empty_cell no_interval", message("association_empty_cell", lang)))
    return row | remarks(*parts, lang=lang)


def least_expected(cells: Any, squares: Any) -> float:
    """The smallest count that a cell of a table of weights is expected to have, of the effective base."""
    import numpy as np

    sums = np.asarray(cells, float)
    total = sums.sum()
    share = sums.sum(axis=1).min() * sums.sum(axis=0).min() / total**2
    return float(share * total**2 / np.asarray(squares, float).sum())


Line = tuple[dict[str, object], list[Remark]]


def tests_by_weight(
    counts: Counts, tables: WeightedTables, wanted: tuple[str, ...], cells: "pd.DataFrame", lang: str
) -> list[Line]:
    """The numbers and remarks of those of the tests that have a weighted form: see `BY_WEIGHT`."""
    observed, factor = tables.scaled()
    table = ItemTables(observed, tables.sides[tables.turned].question.kind, 0.0)
    if not table.size:
        return [({}, [("no_variation untested", message("association_nothing", lang))]) for _ in wanted]
    chi = table.chi_squares(table.observed)
    lines: list[Line] = []
    for name in wanted:
        if name == "sum":
            lines.append(({"statistic": float(chi.sum()), "df": float(table.df * table.size)}, []))
        elif name == "rao_scott":
            lines.append(_summed(counts, tables, table, factor, lang))
        elif table.df == 1:
            lines.append(_smallest_pair(cells, lang))
        else:
            lines.append(_smallest_column(tables, lang))
    return lines


def _summed(counts: Counts, tables: WeightedTables, table: ItemTables, factor: Any, lang: str) -> Line:
    """The sum of the chi-squares over its design effect, by the covariance of what respondents contribute."""
    first, second = (side.question for side in tables.sides)
    pairs = counts.pattern_pairs(first, second, tables.top, "w2")
    if pairs is None:
        return {}, [("too_many_patterns untested", message("association_no_patterns", lang))]
    patterns = Patterns.of(pairs, tables.sides)
    patterns = patterns.turned() if tables.turned else patterns
    answered = int(tables.counts.answered)
    covariance = covariance_of(table, patterns, factor) * (answered / max(answered - 1, 1))
    trace, squares = float(covariance.trace()), float((covariance**2).sum())
    if not squares > EXACT:
        return {}, [("too_few_answers untested", message("association_no_covariance", lang))]
    total = float(table.chi_squares(table.observed).sum())
    effect = trace / (table.df * table.size)
    tested = RaoScott(total, total / trace, trace**2 / squares, answered, effect)
    return tested.columns, [tested.remark(lang)]


def _smallest_pair(cells: "pd.DataFrame", lang: str) -> Line:
    """The pair of options with the smallest p-value, times the number of hypotheses."""
    p_values = cells["p_value"].astype(float)
    if p_values.isna().all():
        return {}, [("too_few_answers untested", message("association_no_covariance", lang))]
    best = cells.loc[p_values.idxmin()]
    line = {"statistic": best["chi_square"], "df": 1.0, "p_value": best["p_adjusted"]}
    return line, [("rao_scott", message("note_rao_scott_pairs", lang))]


def _smallest_column(tables: WeightedTables, lang: str) -> Line:
    """The same of the r x 2 tables of a single question, one for each option of the other."""
    import numpy as np

    counts, weights, squares = (
        tables.useful(observed).tables for observed in (tables.counts, tables.weights, tables.squares)
    )
    tested = []
    for place in range(counts[0].shape[1]):
        of_weights, of_squares = (
            np.column_stack([yes[:, place], np.maximum(rows - yes, 0)[:, place]])
            for yes, rows, *_ in (weights, squares)
        )
        tested.append(rao_scott(of_weights, of_squares, int(counts[1][:, place].sum())))
    usable = [one for one in tested if one.statistic == one.statistic]
    if not usable:
        return {}, [("too_few_answers untested", message("association_no_covariance", lang))]
    best = min(usable, key=lambda one: one.p_value)
    return best.columns | {"p_value": min(1.0, len(usable) * best.p_value)}, [best.remark(lang)]
