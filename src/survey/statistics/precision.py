"""What a sample of this size can show, and which one the next wave needs."""

from collections.abc import Sequence
from itertools import combinations
from math import ceil, sqrt
from numbers import Real
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import Counts, DataLike, counts_of
from survey.errors import usage
from survey.instrument import Question
from survey.instrument.kinds import kinds_with
from survey.messages import message
from survey.statistics.comparisons import too_few
from survey.statistics.complement_tables import tested_hypotheses
from survey.statistics.exact_power import fisher_power, mcnemar_power
from survey.statistics.fallbacks import exact_power_fallback
from survey.statistics.finite_population import UNKNOWN, FinitePopulation, GroupPopulation, Population
from survey.statistics.indicators import pair_tables, share_sums, shares
from survey.statistics.intervals import check_confidence
from survey.statistics.weighted import ShareSums, effective_base, no_weight
from survey.tables import WEIGHTED_COLUMNS, contract_frame, remarks

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
    rows += [_base_row(counts, stub, finite, z, lang) for stub in wanted if stub.traits.shares]
    everyone = finite.of_everyone(len(counts)) if finite else UNKNOWN
    rows += _samples(counts, margins, everyone, z, lang)
    rows += _census(everyone, "", "", z, lang)
    if grouping is not None:
        rows += _banner_rows(counts, grouping, finite, z, z_power, margins, stubs=wanted, lang=lang)
    for question in wanted:
        if question.kind == "rating":
            rows += _pair_rows(counts, question, z, z_power, lang)
    frame = contract_frame("precision", sorted(rows, key=lambda row: _ORDER.index(row["what"])))
    for name in ("margin", "smallest_difference", "exact_power", "first_step_power"):
        frame[name] = frame[name].astype(float)
    for name in ("base", "other_base", "population", "hypotheses", "needed_base"):
        frame[name] = frame[name].astype("Int64")
    return frame


_CROSSED = kinds_with(shares=True)
_ORDER = ("base", "group", "pair", "sample", "census")


def _row(what: str, question: str = "", **values: Any) -> dict[str, Any]:
    blank = {"item": "", "group": "", "base": None, "other_base": None, "margin": float("nan")}
    blank["population"] = None
    more = {"smallest_difference": float("nan"), "needed_base": None, "hypotheses": None}
    more |= dict.fromkeys(("exact_power", "first_step_power"), float("nan"))
    return {"what": what, "question": question, **blank, **more, **values}


def _banner(counts: Counts, banner: str | None) -> Question | None:
    """The question whose groups are looked at; None where there is none."""
    wanted = counts.instrument.defaults.banner if banner is None else banner
    return None if wanted is None else counts.instrument.banner(wanted)


def _base_row(
    counts: Counts, question: Question, finite: FinitePopulation | None, z: float, lang: str
) -> dict[str, Any]:
    sums = share_sums(counts, question)
    bases = sums.base.tolist()
    if counts.weighted and min(bases):
        own = sums[int(sums.effective_base.argmin())]
        by_weight = _by_weight(own.weighted_base, own.yes_squares + own.no_squares)
        margin = _weighted_margin(by_weight["effective_base"], z, lang)
        return _row("base", question.id, base=int(own.base), **by_weight, **margin)
    whole = None
    if finite is not None:
        of_question = finite.of_question(counts, question, max(bases))
        whole = GroupPopulation(of_question.size, min(bases), is_estimated=of_question.is_estimated)
    return _row("base", question.id, base=min(bases), **_margin(min(bases), z, lang, whole))


def _samples(
    counts: Counts, margins: tuple[float, ...], everyone: GroupPopulation, z: float, lang: str
) -> list[dict[str, Any]]:
    """The respondents needed for some margins; with weights those of weights as unequal as these."""
    deff = len(counts) / counts.effective_base if counts.weighted else 1.0
    more = _as_unequal(counts, lang) if counts.weighted else {}
    return [
        _row("sample", margin=margin, needed_base=needed_base(margin, z, everyone.size, deff), **more)
        for margin in margins
    ]


def _as_unequal(counts: Counts, lang: str) -> dict[str, str]:
    """That a sample is one with weights as unequal as these."""
    deff = f"{len(counts) / counts.effective_base:.2f}"
    return dict(remarks(("effective_base", message("note_as_unequal", lang, deff=deff))))


def _by_weight(weight: Any, squares: Any, side: str = "") -> dict[str, float]:
    """The columns of weights of a base."""
    sums = float(weight), float(weight), float(effective_base(weight, squares))
    return {side + name: value for name, value in zip(WEIGHTED_COLUMNS, sums, strict=True)}


def _weighted_margin(effective: float, z: float, lang: str) -> dict[str, Any]:
    """The margin of error of a share of one half at the effective base."""
    if not effective:
        return dict(remarks(no_weight(lang)))
    note = remarks(("effective_base", message("note_effective_base", lang)))
    return {"margin": margin_of_error(effective, z), **note}


def _margin(base: int, z: float, lang: str, whole: GroupPopulation | None) -> dict[str, Any]:
    """The margin of error of a share of one half, and the population that it knows."""
    if not base:
        return dict(remarks(("no_answer", message("note_no_answers", lang))))
    if whole is None:
        return {"margin": margin_of_error(base, z)}
    said = remarks(*whole.remarks(lang, exact=False), lang=lang)
    return {"margin": margin_of_error(base, z, whole.size), "population": whole.size, **said}


def margin_of_error(base: float, z: float, population: int | None = None) -> float:
    """Half the width of the interval of a share of one half, the widest there is."""
    if population is None:
        return z * sqrt(0.25 / base)
    return z * sqrt(0.25 / base * (population - base) / max(population - 1, 1))


def needed_base(margin: float, z: float, population: int | None = None, deff: float = 1.0) -> int:
    """How many respondents give a margin of error, for a share of one half; `deff` is what weights cost."""
    base = z**2 * 0.25 / margin**2 * deff
    if deff != 1:  # a tally has about six digits of weights, and no more decide on a respondent
        base *= 1 - 1e-5
    if population is not None:
        base /= 1 + (base - 1) / population
    return ceil(round(base, 9))


def _census(whole: GroupPopulation, question: str, group: str, z: float, lang: str) -> list[dict[str, Any]]:
    """What asking the rest of a population would add; nothing where it is not known."""
    if whole.size is None or not whole.base:
        return []
    left, margin = whole.size - whole.base, margin_of_error(whole.base, z, whole.size)
    half = (left + 1) // 2
    still = margin_of_error(whole.base + half, z, whole.size)
    values = {"left": left, "half": half, "margin": f"{100 * margin:.1f}", "still": f"{100 * still:.1f}"}
    key = "note_census" if left > 1 else "note_census_last" if left else "note_census_done"
    parts = [("census", message(key, lang, **values)), *whole.remarks(lang, exact=False)]
    numbers = {"base": whole.base, "other_base": left, "population": whole.size, "margin": margin}
    return [_row("census", question, group=group, **numbers, **remarks(*parts, lang=lang))]


def _banner_rows(
    counts: Counts,
    question: Question,
    finite: FinitePopulation | None,
    z: float,
    z_power: float,
    margins: tuple[float, ...],
    *,
    stubs: Sequence[Question],
    lang: str,
) -> list[dict[str, Any]]:
    """The rows of the groups of a banner, by weight where there are weights: a population has none."""
    if counts.weighted:
        return _weighted_groups(counts, question, z, z_power, margins, lang)
    return _group_rows(counts, question, finite, z, z_power, margins, stubs=stubs, lang=lang)


def _group_rows(
    counts: Counts,
    question: Question,
    finite: FinitePopulation | None,
    z: float,
    z_power: float,
    margins: tuple[float, ...],
    *,
    stubs: Sequence[Question],
    lang: str,
) -> list[dict[str, Any]]:
    inside = shares(counts, question)
    everyone = None if finite is None else finite.of_question(counts, question, max(inside.base))
    crossed = [stub for stub in stubs if stub.kind in _CROSSED and stub != question]
    hypotheses = max((tested_hypotheses(counts, stub, question) for stub in crossed), default=0)
    rows = []
    for group, base, answered in zip(question.options, inside.n, inside.base, strict=True):
        if group not in question.groups:
            continue
        other = answered - base
        whole = None
        if finite is not None and everyone is not None:
            whole = finite.of_group(everyone, group.id, base, answered, question.id)
        size = None if whole is None else whole.size
        row = {"group": group.id, "base": base, "other_base": other, **_margin(base, z, lang, whole)}
        own = row.get("reason", ""), row.get("note", "")
        if base and other:
            row["smallest_difference"] = smallest_difference(base, other, z, z_power)
            if row["smallest_difference"] != row["smallest_difference"]:
                row |= _no_difference(lang)
            else:
                row |= _group_powers(base, other, row["smallest_difference"], z, max(1, hypotheses), lang)
        elif base:
            row |= remarks(("no_complement", message("note_no_complement", lang)))
        if whole is not None and base:
            row |= remarks(
                (row["reason"], row["note"]) if row["reason"] != own[0] else ("", ""), own, lang=lang
            )
        rows.append(_row("group", question.id, **row))
        for margin in margins if base else ():
            needed = ceil(round(needed_base(margin, z, size) * (base + other) / base, 9))
            if finite is not None and finite.everyone is not None:
                needed = min(needed, finite.everyone)
            rows.append(_row("sample", question.id, group=group.id, margin=margin, needed_base=needed))
        rows += _census(whole or UNKNOWN, question.id, group.id, z, lang)
    return rows


def _weighted_groups(
    counts: Counts, question: Question, z: float, z_power: float, margins: tuple[float, ...], lang: str
) -> list[dict[str, Any]]:
    """The rows of the groups of a banner, of weighted respondents."""
    groups = zip(question.options, share_sums(counts, question), strict=True)
    return [
        row
        for group, sums in groups
        if group in question.groups
        for row in _weighted_group_rows(counts, (question.id, group.id), sums, (z, z_power), margins, lang)
    ]


def _weighted_group_rows(
    counts: Counts,
    names: tuple[str, str],
    sums: ShareSums,
    scores: tuple[float, float],
    margins: tuple[float, ...],
    lang: str,
) -> list[dict[str, Any]]:
    """A weighted group and the samples it needs; exact tests have no weighted form, and so no power."""
    base, other = int(sums.n), int(sums.base - sums.n)
    columns = {**_by_weight(sums.yes, sums.yes_squares), **_by_weight(sums.no, sums.no_squares, "other_")}
    sizes = columns["effective_base"], columns["other_effective_base"]
    row = _row("group", names[0], group=names[1], base=base, other_base=other, **columns)
    if not base:
        return [row | remarks(("no_answer", message("note_no_answers", lang)))]
    row |= _weighted_margin(sizes[0], scores[0], lang)
    if not sizes[0]:
        return [row]
    if sizes[1]:
        row["smallest_difference"] = smallest_difference(*sizes, *scores)
        if row["smallest_difference"] != row["smallest_difference"]:
            row |= remarks((row["reason"], row["note"]), _low_power(lang), lang=lang)
    else:
        alone = ("no_complement", message("note_no_complement", lang))
        row |= remarks((row["reason"], row["note"]), alone, lang=lang)
    as_unequal = _as_unequal(counts, lang)
    needed = [needed_base(one, scores[0], deff=(base + other) / sizes[0]) for one in margins]
    return [
        row,
        *(
            _row("sample", names[0], group=names[1], margin=margin, needed_base=size, **as_unequal)
            for margin, size in zip(margins, needed, strict=True)
        ),
    ]


def _group_powers(
    base: int, other_base: int, difference: float, z: float, hypotheses: int, lang: str
) -> dict[str, Any]:
    """The power of Fisher's test for this difference from one half, alone and at Holm's first step."""
    from scipy.special import ndtr, ndtri

    level = 2 * float(ndtr(-z))
    levels, remark = [level, level / hypotheses], {}
    if code := exact_power_fallback(base + other_base):
        share = 0.5 + difference
        pooled = (share * base + 0.5 * other_base) / (base + other_base)
        null = sqrt(pooled * (1 - pooled) * (1 / base + 1 / other_base))
        spread = sqrt(share * (1 - share) / base + 0.25 / other_base)
        powers = [float(ndtr((difference + ndtri(one / 2) * null) / spread)) for one in levels]
        remark = remarks((code, message(f"fallback_{code}", lang)))
    else:
        powers = fisher_power(base, other_base, 0.5 + difference, 0.5, levels)
    return {"hypotheses": hypotheses, "exact_power": powers[0], "first_step_power": powers[1], **remark}


def _pair_powers(
    base: int, discordant: float, difference: float, z: float, hypotheses: int, lang: str
) -> tuple[dict[str, Any], tuple[str, str]]:
    """The same of McNemar's test for two items, and what is to be said of it."""
    from scipy.special import ndtr, ndtri

    level = 2 * float(ndtr(-z))
    levels, remark = [level, level / hypotheses], ("", "")
    if code := exact_power_fallback(base):
        spread = sqrt(max(discordant - difference**2, 1e-12))
        powers = [
            float(ndtr((difference * sqrt(base) + ndtri(one / 2) * sqrt(discordant)) / spread))
            for one in levels
        ]
        remark = (code, message(f"fallback_{code}", lang))
    else:
        powers = mcnemar_power(base, discordant, difference, levels)
    return {"hypotheses": hypotheses, "exact_power": powers[0], "first_step_power": powers[1]}, remark


def smallest_difference(base: float, other_base: float, z: float, z_power: float) -> float:
    """The difference from a share of one half in the complement that is found; nan where even .5 is not."""

    def lacks(difference: float) -> float:
        share = 0.5 + difference
        pooled = (share * base + 0.5 * other_base) / (base + other_base)
        null = z * sqrt(pooled * (1 - pooled) * (1 / base + 1 / other_base))
        return difference - null - z_power * sqrt(share * (1 - share) / base + 0.25 / other_base)

    low, high = 0.0, 0.5
    if not lacks(high) > 0 > lacks(low):
        return float("nan")
    while high - low > 1e-14:  # halved here: scipy.optimize would be a tenth of what every report imports
        middle = (low + high) / 2
        low, high = (low, middle) if lacks(middle) > 0 else (middle, high)
    return (low + high) / 2


def smallest_paired_difference(base: int, discordant: float, z: float, z_power: float) -> float:
    """The same for two shares of the same respondents, `discordant` of whom (a fraction) differ.

    The positive root d of d sqrt(base) = z sqrt(discordant) + z_power sqrt(discordant - d^2).
    """
    slope, null = sqrt(base), z * sqrt(discordant)
    if discordant * slope <= null + z_power * sqrt(discordant - discordant**2):
        return float("nan")
    whole = base + z_power**2
    return (slope * null + sqrt((slope * null) ** 2 - whole * (null**2 - z_power**2 * discordant))) / whole


def _pair_row(counts: Counts, question: Any, z: float, z_power: float, lang: str) -> list[dict[str, Any]]:
    tables = pair_tables(counts, question, question)
    differing, base_of = tables.yes_no + tables.no_yes, tables.base
    pairs = [pair for pair in combinations(range(len(question.items)), 2) if base_of[pair]]
    bases = [int(base_of[pair]) for pair in pairs]
    if not pairs:
        items = len(question.items)
        base = 0 if items > 1 else min(shares(counts, question).base)
        return [_row("pair", question.id, base=base, **too_few(items, lang))]
    discordant = sum(int(differing[pair]) / int(base_of[pair]) for pair in pairs) / len(pairs)
    row = _row("pair", question.id, base=min(bases))
    if discordant:
        difference = smallest_paired_difference(min(bases), discordant, z, z_power)
        row["smallest_difference"] = difference
        parts = [("discordant_pairs", message("note_discordant_share", lang, share=discordant))]
        if difference == difference:
            powers, remark = _pair_powers(min(bases), discordant, difference, z, len(pairs), lang)
            row |= powers
            parts.append(remark)
        row |= remarks(*parts, lang=lang)
    if row["smallest_difference"] != row["smallest_difference"]:
        row |= _no_difference(lang)
    return [row]


def _low_power(lang: str) -> tuple[str, str]:
    return "low_power", message("note_no_difference_found", lang)


def _pair_rows(counts: Counts, question: Any, z: float, z_power: float, lang: str) -> list[dict[str, Any]]:
    """The row of the pairs of a battery; with weights it says that it counts respondents."""
    rows = _pair_row(counts, question, z, z_power, lang)
    if not counts.weighted:
        return rows
    unweighted = ("unweighted", message("note_unweighted", lang))
    kept = ((row.get("reason", ""), row.get("note", "")) for row in rows)
    return [row | remarks(own, unweighted, lang=lang) for row, own in zip(rows, kept, strict=True)]


def _no_difference(lang: str) -> dict[str, str]:
    return remarks(_low_power(lang))
