"""Do two questions go together, where at least one of them is select-all? Tests over all pairs of options.

A Pearson chi-square on the table of ticks is wrong here: respondents tick several options, so ticks are
not independent, and counting non-ticks instead would change it. The tests below sum the chi-squares of each
pair of options (ticked against not ticked), and judge the sum by permuting respondents, or by its covariance.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, check_seed
from survey.counts.row_counts import Counts, DataLike, counts_of
from survey.errors import usage
from survey.instrument import Question
from survey.messages import message
from survey.statistics import small_cells
from survey.statistics.association_cells import association_cells, pair_numbers
from survey.statistics.association_tables import (
    ItemTables,
    Observed,
    Patterns,
    Permuted,
    Side,
    eigenvalue_squares,
    permutations,
    sides_of,
)
from survey.statistics.contingency import SINGLE_METHODS, Contingency, single_sentence
from survey.statistics.indicators import question_with_shares
from survey.statistics.intervals import check_confidence
from survey.statistics.weighted_association import BY_WEIGHT, WeightedTables, set_together, tests_by_weight
from survey.tables import contract_frame, has_reason, remarks

if TYPE_CHECKING:
    import pandas as pd

METHODS = (
    *("sum", "rao_scott", "rao_scott_null", "permutation_sum", "permutation_product"),
    *("permutation_minimum", "bonferroni"),
)
# Squared eigenvalues add up to about the number of tables; rounding errors of nothing stay below this.
_NO_COVARIANCE = 1e-9


@dataclass(frozen=True)
class Association:
    """Tests of two questions.

    `tests`: one row per method (contract association_test). `cells`: one row per pair of options (contract
    association); its p-values are those of the chi-square, of Fisher's exact test where a cell is expected to
    hold fewer than 5; `p_adjusted` is that times the number of hypotheses. `base`: respondents who answered
    both. `lang`: language of labels and sentence.
    `reported`: the method whose p-value is meant where one is; of two single questions `chi_square`, or
    `permutation_chi_square` where a cell is expected to hold fewer than five.
    """

    row: Question
    column: Question
    tests: "pd.DataFrame"
    cells: "pd.DataFrame"
    base: int
    lang: str = "en"
    notes: tuple[str, ...] = field(default=())
    confidence: float = 0.95
    reported: str = "permutation_sum"

    @property
    def p_value(self) -> float:
        """The p-value that sentence and Summary use: that of the method `reported`."""
        p_values = self.tests.loc[self.tests["method"] == self.reported, "p_value"]
        return float(p_values.iloc[0]) if len(p_values) else float("nan")

    @property
    def sentence(self) -> str:
        """One sentence: whether the two questions go together, by which test, on how many respondents."""
        p_value = self.p_value
        names = {"row": self.row.named(self.lang), "column": self.column.named(self.lang)}
        if p_value != p_value:
            return message("association_untested", self.lang, **names)
        if self.reported == "rao_scott":
            return self._weighted_sentence(names)
        if self.reported in SINGLE_METHODS:
            return single_sentence(self.tests, self.reported, self.confidence, self.lang, **names)
        line = self.tests.set_index("method").loc["permutation_sum"]
        values = {"statistic": f"{line['statistic']:.1f}", "base": self.base, "draws": int(line["draws"])}
        key = "association_shown" if p_value < 1 - self.confidence else "association_not_shown"
        shown = f"{p_value:.4f}" if p_value >= 0.0001 else "< 0.0001"
        return message(key, self.lang, p=shown, **names, **values)

    def _weighted_sentence(self, names: dict[str, str]) -> str:
        """The same of weighted answers."""
        line = self.tests.set_index("method").loc[self.reported]
        shown = f"{self.p_value:.4f}" if self.p_value >= 0.0001 else "< 0.0001"
        values = {"statistic": f"{line['statistic']:.2f}", "base": self.base, "p": shown}
        values |= {"effective": f"{line['effective_base']:.1f}"}
        verdict = "shown" if self.p_value < 1 - self.confidence else "not_shown"
        return message(f"association_weighted_{verdict}", self.lang, **names, **values)


def association(  # noqa: PLR0913 - named at the call
    data: DataLike,
    row: str,
    column: str,
    *,
    top: int | None = None,
    test: str | None = None,
    zero_cells: float = 0.5,
    draws: int = 1999,
    seed: int = 1,
    confidence: float = 0.95,
    lang: str = "en",
) -> Association:
    """Test whether two questions go together: single, select-all or a rating (as top box).

    Two single questions make one table of respondents: chi-square with Cramer's V, its permutation (reported
    where a cell is expected to hold fewer than five), and a linear trend where the options of both are steps
    (all `fixed`) or two. An item of a rating is a single question of its points: `challenges__geopolitics`.
    Else the chi-squares of all pairs of options are summed.

    Exclusive options ("not decided") are never a group, but who ticked them stays in the base. Options not
    asked, or that nobody or everybody ticked, take no part (left_out); `note` names them. Missing answers:
    each pair of options is judged on the respondents who answered both, and a permutation moves a
    respondent's answers with their gaps.

    With weights `chi_square`, `linear_trend`, `sum`, `rao_scott` and `bonferroni` and all cells are weighted:
    the statistic of tables and of the sum is Rao and Scott's F (`reason` rao_scott), and that is reported.
    Permutations, `rao_scott_null` and Fisher's test have no weighted form: their rows are unweighted. Of two
    questions that were raked crossed the table is set, and nothing is tested (target).

    Parameters
    ----------
    data
        Responses, a tally with one of the two as a banner, or the path of a file of one of them.
    row, column
        Single, select-all or rating questions, or items (`battery__item`). A single question beside a
        select-all one is tested item by item over all its options at once (r x 2 tables); its cells are
        still option against rest.
    top
        How many points of a rating are the top box; the scale's own number where None.
    test
        One of these, all of them where None: `sum` (the sum alone, no p-value), `rao_scott` (second-order
        correction as published), `rao_scott_null` (the same with the covariance estimated under
        independence), `permutation_sum`, `permutation_product`, `permutation_minimum` (sum of the
        chi-squares, product and minimum of their p-values), `bonferroni` (smallest p-value times the number
        of hypotheses; that p-value is Fisher's, or from permutations, where a cell of its table is expected
        to hold fewer than 5: exact_small_cells); of two single questions `chi_square`,
        `permutation_chi_square`, `linear_trend`.
    zero_cells
        What an empty cell of a table counts; 0 leaves it empty. `reason` says empty_cell where used.
    draws, seed
        Permutations of respondents; p = (1 + as extreme) / (1 + draws).
    confidence
        Level of the odds-ratio intervals (Woolf's, on the log scale) and of those of V (noncentral
        chi-square) and of the trend's correlation.
    lang
        Language of labels, of `note` and of the sentence.

    Reasons
    -------
    left_out, no_variation, too_few_answers, untested, empty_cell, no_interval, no_answer, nobody, everybody,
    exact_small_cells, same_comparison, too_many_patterns, normal_permutations, sparse, not_ordered,
    rao_scott, no_weight, target, unweighted.

    Raises
    ------
    UsageError
        An unknown question or test, twice the same question, or an argument outside its range.

    References
    ----------
    Agresti, A. & Liu, I. (1999), Biometrics 55, 936-943. Bilder, C. R. & Loughin, T. M. (2004), Biometrics
    60, 241-248. Cochran, W. G. (1954), Biometrics 10, 417-451 (small expected counts). Loughin, T. M. &
    Scherer, P. N. (1998), Biometrics 54, 630-637. Thomas, D. R. & Decady, Y. J. (2004), International Journal
    of Testing 4, 43-59. Woolf, B. (1955). Smithson, M. (2003), Confidence Intervals, chapter 4 (V).
    Agresti, A. (2013), Categorical Data Analysis, 3.4 (trend).

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> models = ["licensing; newco", "licensing", "newco", "licensing", "independent"]
    >>> frame = pd.DataFrame({"expansion_models": models * 4, "firm_type": ["biotech", "biopharma"] * 10})
    >>> responses = survey.from_frame(frame, "executive-survey")
    >>> found = survey.association(responses, "firm_type", "expansion_models", draws=99)
    >>> found.base, found.p_value > 0.9
    (20, True)
    """
    check_confidence(confidence)
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    first = question_with_shares(counts.instrument, row)
    second = question_with_shares(counts.instrument, column)
    singles = first.kind == second.kind == "single"
    wanted = _wanted_tests(test, SINGLE_METHODS if singles else METHODS)
    if first.id == second.id:
        raise usage("association_same", question=row)
    if not isinstance(draws, int) or draws < 1:
        raise usage("association_draws", draws=draws)
    check_seed(seed)
    if not 0 <= zero_cells <= 1:
        raise usage("association_zero", value=zero_cells)
    sides = sides_of(counts, first, second, top, "w" if counts.weighted else "n")
    observed = Observed.of(counts, sides, top)
    weighted = WeightedTables.of(counts, sides, top, confidence) if counts.weighted else None
    numbers = partial(pair_numbers, zero_cells=zero_cells, confidence=confidence, lang=lang)
    cells = association_cells(counts, observed, weighted, sides, numbers, lang)
    reported = "permutation_sum" if weighted is None else "rao_scott"
    if singles:
        whole = Contingency.of(counts, first, second, lang)
        tests = whole.tests(wanted, draws=draws, seed=seed, confidence=confidence, lang=lang)
        parts, reported = list(whole.left_out), whole.reported
    else:
        # The side of a single question stands first: r x 2 tables, one for each option of the other.
        turned = second.kind == "single"
        useful = observed.useful(sides)
        table = ItemTables(useful.turned() if turned else useful, sides[turned].question.kind, zero_cells)
        plain = [name for name in wanted if weighted is None or name not in BY_WEIGHT]
        tests, parts = _tests(
            counts, sides, table, tuple(plain), cells, top=top, draws=draws, seed=seed, lang=lang
        )
        tests = [{"effect_name": "", "base": observed.answered, **row} for row in tests]
        if weighted is not None:
            tests = _with_weights(counts, weighted, wanted, cells, tests, parts, lang)
    frame = contract_frame("association_test", tests)
    if weighted is not None and set_together(counts, first, second):
        frame, cells = (_as_target(table, first, second, lang) for table in (frame, cells))
    notes = tuple(note for _, note in parts)
    base = int(observed.answered)
    return Association(first, second, frame, cells, base, lang, notes, confidence, reported)


def _wanted_tests(test: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """The tests to compute: the one that is named, all there are where none is."""
    if test is not None and test not in known:
        raise usage("association_test_unknown", test=test, known=list(known))
    return known if test is None else (test,)


Remark = tuple[str, str]


def _tests(
    counts: Counts,
    sides: list[Side],
    table: ItemTables,
    wanted: tuple[str, ...],
    cells: "pd.DataFrame",
    *,
    top: int | None,
    draws: int,
    seed: int,
    lang: str,
) -> tuple[list[dict[str, object]], list[Remark]]:
    """The tests that are wanted, and what holds of all of them."""
    import numpy as np

    parts = [remark for side in sides for remark in side.remarks(lang)]
    if not table.size:
        nothing = ("no_variation untested", message("association_nothing", lang))
        return [{"method": name, **remarks(nothing, *parts, lang=lang)} for name in wanted], parts
    chi = table.chi_squares(table.observed)
    if table.touched:
        parts.append(("empty_cell", message("association_zero_cells", lang, value=f"{table.zero_cells:g}")))
    pairs = None
    if any(name.startswith(("permutation", "rao_scott")) for name in wanted):
        pairs = counts.pattern_pairs(sides[0].question, sides[1].question, top)
    patterns = Patterns.of(pairs, sides) if pairs is not None else None
    if patterns is not None and sides[1].question.kind == "single":
        patterns = patterns.turned()
    permuted = None
    if patterns is not None and any(name.startswith("permutation") for name in wanted):
        permuted = permutations(table, patterns, chi, draws, np.random.default_rng(seed))
    tests = []
    for name in wanted:
        if name in ("sum", "bonferroni"):
            line, own = _plain_test(name, table, chi, cells, draws=draws, seed=seed, lang=lang)
        elif patterns is None:
            line, own = {}, [("too_many_patterns untested", message("association_no_patterns", lang))]
        elif permuted is not None and name.startswith("permutation"):
            line, own = {**_permuted_test(name, table, chi, permuted), "draws": draws}, permuted.remarks(lang)
        else:
            line, own = _corrected_test(name, table, patterns, chi, lang)
        tests.append({"method": name, **line, **remarks(*own, *parts, lang=lang)})
    return tests, parts


# The numbers of two questions going together: blank where the weights set the table.
_NUMBERS = ("statistic", "df", "p_value", "draws", "effect", "ci_low", "ci_high")
_NUMBERS_OF_CELLS = ("chi_square", "p_value", "p_adjusted", "odds_ratio", "ci_low", "ci_high")


def _as_target(table: "pd.DataFrame", first: Question, second: Question, lang: str) -> "pd.DataFrame":
    """The rows of two questions whose joint table the weights set: counts, and that there is no test."""
    names = message("item_separator", lang).join(question.named(lang) for question in (first, second))
    remark = remarks(("target untested", message("note_target", lang, question=names)))
    columns = _NUMBERS if "method" in table else _NUMBERS_OF_CELLS
    return table.assign(**dict.fromkeys(columns, float("nan")), **remark)


def _with_weights(  # noqa: PLR0917 - the tables, what is wanted of them, what is there of it
    counts: Counts,
    tables: WeightedTables,
    wanted: tuple[str, ...],
    cells: "pd.DataFrame",
    plain: list[dict[str, object]],
    parts: list[Remark],
    lang: str,
) -> list[dict[str, object]]:
    """The tests that are wanted: those with a weighted form, those of `plain` saying that they have none."""
    names = tuple(name for name in wanted if name in BY_WEIGHT)
    lines = zip(names, tests_by_weight(counts, tables, names, cells, lang), strict=True)
    unweighted = ("unweighted", message("note_unweighted", lang))
    rows = {}
    for row in plain:
        plain_remark = (str(row["reason"]), str(row["note"]))
        rows[str(row["method"])] = {**row, **remarks(plain_remark, unweighted, lang=lang)}
    for name, (line, own) in lines:
        blank = {"method": name, "effect_name": "", "base": tables.counts.answered, **tables.everybody()}
        rows[name] = {**blank, **line, **remarks(*own, *parts, lang=lang)}
    return [rows[name] for name in wanted]


def _plain_test(
    name: str, table: ItemTables, chi: Any, cells: "pd.DataFrame", *, draws: int, seed: int, lang: str
) -> tuple[dict[str, object], list[Remark]]:
    """The sum of the chi-squares; or the smallest p-value times the number of hypotheses."""
    import numpy as np

    line: dict[str, object]
    if name == "sum":
        return {"statistic": float(chi.sum()), "df": float(table.df * table.size)}, []
    if table.df == 1:
        best = cells.loc[cells["p_value"].astype(float).idxmin()]
        line = {"statistic": best["chi_square"], "df": 1.0, "p_value": best["p_adjusted"]}
        small = has_reason(best["reason"], small_cells.CODE)
    else:
        p_values, small = small_cells.p_of_columns(table, chi[0], draws, np.random.default_rng(seed))
        place = int(p_values.argmin())
        p_value = min(1.0, table.size * float(p_values[place]))
        line = {"statistic": float(chi[0, place]), "df": float(table.df), "p_value": p_value}
    return line, [small_cells.remark(lang)] if small else []


def _corrected_test(
    name: str, table: ItemTables, patterns: Patterns, chi: Any, lang: str
) -> tuple[dict[str, object], list[Remark]]:
    """The sum with Rao and Scott's second-order correction."""
    from scipy.special import chdtrc

    squares = eigenvalue_squares(table, patterns, null=name.endswith("null"))
    if not squares > _NO_COVARIANCE:
        return {}, [("too_few_answers untested", message("association_no_covariance", lang))]
    whole = table.df * table.size
    statistic, df = whole * float(chi.sum()) / squares, whole**2 / squares
    return {"statistic": statistic, "df": df, "p_value": float(chdtrc(df, statistic))}, []


def _permuted_test(name: str, table: ItemTables, chi: Any, permuted: Permuted) -> dict[str, object]:
    """A statistic judged by permutations."""
    import numpy as np

    logs = table.log_p(chi)
    statistic = {
        "permutation_sum": float(chi.sum()),
        "permutation_product": float(np.exp(logs.sum())),
        "permutation_minimum": float(np.exp(logs.min())),
    }[name]
    return {"statistic": statistic, "p_value": permuted.p_values[name]}
