"""What a sample of this size can show, and which one the next wave needs."""

from collections.abc import Sequence
from itertools import combinations
from numbers import Real
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import Counts, DataLike, counts_of
from survey.errors import usage
from survey.instrument import Question
from survey.messages import message
from survey.statistics.finite_population import UNKNOWN, FinitePopulation, GroupPopulation, Population
from survey.statistics.group_planning import group_rows, weighted_group_rows
from survey.statistics.indicators import pair_tables, share_sums, shares
from survey.statistics.intervals import check_confidence
from survey.statistics.planning_formulas import needed_base, pair_powers, smallest_paired_difference
from survey.statistics.planning_rows import (
    Planning,
    as_unequal,
    census_rows,
    columns_of_weight,
    margin_columns,
    no_difference,
    planning_row,
    weighted_margin,
)
from survey.statistics.test_rows import too_few
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def precision(
    data: DataLike,
    *,
    banner: str | None = None,
    questions: Sequence[str] | None = None,
    margins: tuple[float, ...] = (0.03, 0.05, 0.1),
    power: float = 0.8,
    confidence: float = 0.95,
    population: Population | None = None,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per base, comparison or planned margin; `what` says which. All shares are fractions.

    - `base`: each base of a question (its smallest where they differ), `margin` of error of a share of
      one half, the widest there is: z sqrt(.25 / base).
    - `group`: a group of the banner and its complement (`base`, `other_base`), the margin of the group
      and the `smallest_difference` from a share of one half that a two-sided test finds with that power
      (normal approximation, pooled variance under the null).
    - `pair`: two items of a battery rated by the same respondents, `smallest_difference` of their shares
      (McNemar's test) where as many respondents differ as do on average over the pairs here.
    - `sample`: the `needed_base` for a margin, of all respondents or (with `group`) the sample in which the
      group has that base if it keeps its share.
    - `census`, with a `population` alone: what asking the rest would add. `other_base` were not asked of
      the `population`, and `margin` is what asking them all would take away; `note` says what half of them
      would leave. Of all respondents, and of each group of which the population is known or estimated.

    With a `population` N margins have sqrt((N - base) / (N - 1)) times their length, and a sample for a
    margin is n / (1 + (n - 1) / N); differences and powers are of tests, which do not know it.

    `smallest_difference` goes by the normal approximation and one test. What the tests really used have of
    that power stands beside it, for this very difference: `exact_power` of the exact test (Fisher's,
    McNemar's), and `first_step_power` of the same at the first step of Holm's adjustment, the level divided
    by the number of `hypotheses`: those of the largest cross-tab with this banner, the pairs of the battery.
    Beyond 2,000 respondents both are those of the normal approximation (normal_power).

    With weights the margins of bases and groups, their smallest differences and the samples are those of
    Kish's effective bases: respondents needed are of weights as unequal as these. Exact powers are blank
    there, as the tests are others, and pairs count respondents (unweighted).

    Every row assumes a simple random sample. Blanks have a `reason`.

    Reasons
    -------
    no_answer, no_complement, low_power, too_few_answers, too_few_items, not_computed, discordant_pairs,
    normal_power, effective_base, no_weight, unweighted, population_estimated, population_unknown, census.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    banner
        A single or select-all question; the instrument's default banner where None, no groups without one.
    questions
        The questions that are looked at; all of the instrument where None.
    margins
        Margins of error that a next wave may want, as fractions.
    power
        Of the tests behind `smallest_difference`.
    confidence
        Level of the margins of error; 1 - confidence is that of the tests.
    population
        How many there are, of whom the respondents are taken as a random sample: of all, or by the codes of
        groups, with `"all"` for all together; see `survey.crosstab`.
    lang
        Language of `note`.

    Raises
    ------
    UsageError
        No such banner or question; confidence, power or a margin outside (0, 1); fewer in the population
        than answered, or a population of weighted data.

    References
    ----------
    Cochran, W. G. (1977), Sampling Techniques, 4.2 and 4.4. Fleiss, J., Levin, B. & Paik, M. C. (2003),
    Statistical Methods for Rates and Proportions, 4.2. Connor, R. J. (1987), Biometrics 43, 207-211.
    Bennett, B. M. & Hsu, P. (1960), Biometrika 47, 393-398 (the power of Fisher's test).

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech"] * 60 + ["biopharma"] * 40})
    >>> table = survey.precision(survey.from_frame(frame, "executive-survey"), banner="firm_type")
    >>> base = table[(table["what"] == "base") & (table["question"] == "firm_type")].iloc[0]
    >>> int(base["base"]), round(float(base["margin"]), 3)
    (100, 0.098)
    """
    from scipy.special import ndtri

    check_confidence(confidence)
    margins = (margins,) if isinstance(margins, str | Real) else tuple(margins)
    for value in (power, *margins):
        if isinstance(value, bool) or not isinstance(value, Real) or not 0 < value < 1:
            raise usage("planning_outside", value=value)
    if power <= (1 - confidence) / 2:
        raise usage("planning_outside", value=power)
    counts = counts_of(data, banner)
    check_lang(lang, *counts.instrument.languages)
    z, z_power = -float(ndtri((1 - confidence) / 2)), float(ndtri(power))
    rows: list[dict[str, Any]] = []
    wanted = list(counts.instrument.questions)
    if questions is not None:
        wanted = [counts.instrument.question(name) for name in questions]
    grouping = _banner(counts, banner)
    finite = FinitePopulation.of(population, counts, grouping)
    plan = Planning(counts, finite, z, z_power, margins, lang)
    rows += [_base_row(plan, stub) for stub in wanted if stub.traits.shares]
    everyone = finite.of_everyone(len(counts)) if finite else UNKNOWN
    rows += _samples(plan, everyone)
    rows += census_rows(plan, everyone, "", "")
    if grouping is not None:
        by_weight = counts.weighted  # of weighted data there is no population
        rows += weighted_group_rows(plan, grouping) if by_weight else group_rows(plan, grouping, wanted)
    for question in wanted:
        if question.kind == "rating":
            rows += _pair_rows(plan, question)
    frame = contract_frame("precision", sorted(rows, key=lambda row: _ORDER.index(row["what"])))
    for name in ("margin", "smallest_difference", "exact_power", "first_step_power"):
        frame[name] = frame[name].astype(float)
    for name in ("base", "other_base", "population", "hypotheses", "needed_base"):
        frame[name] = frame[name].astype("Int64")
    return frame


_ORDER = ("base", "group", "pair", "sample", "census")


def _banner(counts: Counts, banner: str | None) -> Question | None:
    """The question whose groups are looked at; None where there is none."""
    wanted = counts.instrument.defaults.banner if banner is None else banner
    return None if wanted is None else counts.instrument.banner(wanted)


def _base_row(plan: Planning, question: Question) -> dict[str, Any]:
    counts, finite = plan.counts, plan.finite
    sums = share_sums(counts, question)
    bases = sums.base.tolist()
    if counts.weighted and min(bases):
        own = sums[int(sums.effective_base.argmin())]
        by_weight = columns_of_weight(own.weighted_base, own.yes_squares + own.no_squares)
        margin = weighted_margin(plan, by_weight["effective_base"])
        return planning_row("base", question.id, base=int(own.base), **by_weight, **margin)
    whole = None
    if finite is not None:
        of_question = finite.of_question(counts, question, max(bases))
        whole = GroupPopulation(of_question.size, min(bases), is_estimated=of_question.is_estimated)
    return planning_row("base", question.id, base=min(bases), **margin_columns(plan, min(bases), whole))


def _samples(plan: Planning, everyone: GroupPopulation) -> list[dict[str, Any]]:
    """The respondents needed for some margins; with weights those of weights as unequal as these."""
    counts = plan.counts
    deff = len(counts) / counts.effective_base if counts.weighted else 1.0
    more = as_unequal(plan) if counts.weighted else {}
    return [
        planning_row(
            "sample", margin=margin, needed_base=needed_base(margin, plan.z, everyone.size, deff), **more
        )
        for margin in plan.margins
    ]


def _pair_row(plan: Planning, question: Question) -> list[dict[str, Any]]:
    counts, z, lang = plan.counts, plan.z, plan.lang
    tables = pair_tables(counts, question, question)
    differing, base_of = tables.yes_no + tables.no_yes, tables.base
    pairs = [pair for pair in combinations(range(len(question.items)), 2) if base_of[pair]]
    bases = [int(base_of[pair]) for pair in pairs]
    if not pairs:
        items = len(question.items)
        base = 0 if items > 1 else min(shares(counts, question).base)
        return [planning_row("pair", question.id, base=base, **too_few(items, lang))]
    discordant = sum(int(differing[pair]) / int(base_of[pair]) for pair in pairs) / len(pairs)
    row = planning_row("pair", question.id, base=min(bases))
    if discordant:
        difference = smallest_paired_difference(min(bases), discordant, z, plan.z_power)
        row["smallest_difference"] = difference
        parts = [("discordant_pairs", message("note_discordant_share", lang, share=discordant))]
        if difference == difference:
            powers, remark = pair_powers(min(bases), discordant, difference, z, len(pairs), lang)
            row |= powers
            parts.append(remark)
        row |= remarks(*parts, lang=lang)
    if row["smallest_difference"] != row["smallest_difference"]:
        row |= no_difference(lang)
    return [row]


def _pair_rows(plan: Planning, question: Question) -> list[dict[str, Any]]:
    """The row of the pairs of a battery; with weights it says that it counts respondents."""
    rows, lang = _pair_row(plan, question), plan.lang
    if not plan.counts.weighted:
        return rows
    unweighted = ("unweighted", message("note_unweighted", lang))
    kept = ((row.get("reason", ""), row.get("note", "")) for row in rows)
    return [row | remarks(own, unweighted, lang=lang) for row, own in zip(rows, kept, strict=True)]
