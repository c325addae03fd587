"""Cross-tabs: each group of the banner beside its complement, which is disjoint, or every other group."""

from collections.abc import Hashable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from survey.arguments import check_lang, unfit
from survey.counts.definition import MEASURES
from survey.counts.row_counts import Counts, DataLike, RowCounts, counts_of, data_of
from survey.errors import usage
from survey.instrument import Option, Question
from survey.messages import message
from survey.statistics.column_comparisons import (
    column_letters,
    compare_pairs,
    exact_comparison,
    one_answer_only,
)
from survey.statistics.equivalence import Limits, check_equivalent_within, fill_verdicts
from survey.statistics.fallbacks import LEAST_DIFFERENCE, is_small_difference, leads_with_effects
from survey.statistics.finite_population import (
    FinitePopulation,
    GroupPopulation,
    Population,
    QuestionPopulation,
    uncorrected_test,
)
from survey.statistics.hypotheses import adjust_hypotheses, first_of_complements, numbered
from survey.statistics.indicators import (
    YesNo,
    banner_of,
    group_table,
    own_part,
    pair_tables,
    question_with_shares,
)
from survey.statistics.intervals import (
    check_confidence,
    check_interval,
    check_min_base,
    difference_interval,
)
from survey.statistics.weighted import ShareSums, is_target, target_remark
from survey.statistics.weighted_comparisons import (
    WEIGHTED_TESTS,
    compare_weighted_groups,
    compare_weighted_pairs,
)
from survey.tables import contract_frame, has_reason, remarks

if TYPE_CHECKING:
    import pandas as pd


def crosstab(  # noqa: PLR0913 - named at the call
    data: DataLike,
    stub: str,
    *,
    banner: str | Sequence[str] | None = None,
    top: int | None = None,
    compare: str = "complement",
    only: str | None = None,
    test: str | None = None,
    interval: str = "wilson",
    confidence: float = 0.95,
    min_base: int = 5,
    population: Population | None = None,
    equivalent_within: float | None = None,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per row of the stub and group of the banner, empty ones included.

    `n` of `base` in the group against `complement_n` of `complement_base` outside it: the respondents who
    answered the banner but are not in the group. A respondent may be in several groups, never in a group and
    its complement. `difference` is group minus complement, in fractions, with Newcombe's interval; `p_value`
    is Fisher's exact test, two-sided; `p_adjusted` is Holm's over all hypotheses of the table that are
    tested. Rows are the same `hypothesis`, and counted once, where their groups or options are exact
    complements among those who count: of two groups, with nobody outside both, the one against the rest is
    the other against the rest, and so are the two answers of a yes-no question. Exclusive options ("not
    decided") are no group; their respondents stay in every complement.

    With `compare="columns"` there is one row per row of the stub and pair of groups, under the contract
    `columns`: `n` of `base` in the first against `other_n` of `other_base` in the second, `overlap`
    respondents in both. The z test takes the overlap into its variance; `p_adjusted` is Holm's over all
    hypotheses of the table; `letter`, filled where that is below 1 - confidence, is the letter of the lower
    column (A is the first group of the banner) and belongs into the higher one, as in a banner table.

    Of several banners the rows of one stand below those of the other; the column `banner` tells them apart.
    Each is a table of its own: `p_adjusted` is over its hypotheses alone, and letters begin anew.

    Of more than 10,000 respondents nearly every difference is significant: one of fewer than 3 points then
    has the reason small_difference, and no letter.

    With `equivalent_within` every row that is compared has a `verdict`: different (`p_adjusted` below 1 -
    confidence), equivalent (`p_equivalence` below it: the shares differ by less than the margin), negligible
    (both: they differ, by less than the margin) or undecided. `p_equivalence` is the smallest alpha whose 1 -
    2 alpha interval of the difference lies strictly inside the margin, by Holm over the same hypotheses.

    With weights the shares and differences are weighted, `n` and `base` stay counts, and a cell is small by
    its effective base. The interval of the difference combines the Wilson limits at the effective bases (of
    columns that share respondents with the correlation of the linearised shares); `p_value` is Rao and
    Scott's F on 1 and n - 1 degrees of freedom (`rao_scott_f`), of columns that share respondents that of
    their linearised difference (`overlap_f`). A stub whose shares the weights set has neither (target).

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    stub
        A single, multiple or rating question (a rating: one row per item, `n` counts the top box), or a
        ranking (one row per option, `n` counts those who ranked it first, of all who ranked any).
    banner
        A single or multiple question, derived ones among them, an item of a rating by its points
        (`battery__item`; the rating itself where it has one item), or several of these crossed
        (`"firm_type*position"`: every combination is a group); the instrument's default banner where None. A
        list of several gives the table of each, in this order.
    top
        How many points are the top box of a rating stub; what the scale says where None. Of a ranking how
        many of the first ranks count; 1 where None.
    compare
        "complement", or "columns" for every pair of groups.
    only
        "exclusive": a group is those in it and in no other; "mixed": those in it and in another too. The
        labels of the groups say so. Someone whose other memberships are unknown is in neither side.
    test
        "fisher" (the default against the complement) or "boschloo" (twice the smaller side; slower). With
        "columns" the default is "z"; the exact tests then serve the pairs that share nobody, and `method` of
        the row says which test it was. Weighted data have no exact test.
    interval, confidence
        Name of the intervals of the shares, and level of all: see
        `survey.statistics.intervals.share_interval`.
    min_base
        A cell with fewer respondents in the group or its complement is not tested; `reason` is small_base
        untested.
    population
        How many there are, of whom the respondents are taken as a random sample: of all, or by the codes of
        groups, with `"all"` for all together (`{"all": 600, "licensing": 120}`). A group that is not named
        has its part of those who answered, rounded up (population_estimated); one that cannot be estimated
        is not corrected. Intervals of shares and of differences know it; tests do not (test_uncorrected).
    equivalent_within
        The margin within which two shares are the same, as a fraction; no verdicts where None.
    lang
        Language of the labels and of `note`.

    Reasons
    -------
    small_base, untested, nobody, everybody, same_item, fisher_for_boschloo, small_difference,
    same_comparison, equivalence, target, population_estimated, population_exact, population_unknown,
    test_uncorrected; with "columns" also same_respondents, no_variation.

    Raises
    ------
    UsageError
        No such question, stub and banner are the same, a list without a banner, several banners and a
        `population` by groups, or an argument outside its range; fewer in the
        population than answered, or a population of weighted data.

    References
    ----------
    Fisher, R. A. (1935). Boschloo, R. D. (1970), Statistica Neerlandica 24, 1-35. Newcombe,
    R. G. (1998), Statistics in Medicine 17, 873-890. Holm, S. (1979),
    Scandinavian Journal of Statistics 6, 65-70. Cochran, W. G. (1977), Sampling Techniques, 3.2 (finite
    populations). Berger, R. L. & Hsu, J. C. (1996), Statistical Science 11, 283-319 (equivalence).

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> models = ["licensing; newco", "licensing", "newco", "licensing", "independent"]
    >>> frame = pd.DataFrame({"expansion_models": models * 4, "firm_type": ["biotech", "biopharma"] * 10})
    >>> responses = survey.from_frame(frame, "executive-survey")
    >>> table = survey.crosstab(responses, "firm_type", banner="expansion_models")
    >>> cells = table.set_index(["stub_code", "banner_code"])
    >>> cells.loc[("biotech", "newco"), ["n", "base", "complement_n", "complement_base"]].tolist()
    [4, 8, 6, 12]
    """
    if banner is not None and not isinstance(banner, str):
        own: dict[str, Any] = {"top": top, "compare": compare, "only": only, "test": test}
        own |= {
            "interval": interval,
            "confidence": confidence,
            "min_base": min_base,
            "population": population,
        }
        own |= {"equivalent_within": equivalent_within, "lang": lang}
        return _stacked(data, stub, banner, own)
    check_confidence(confidence)
    check_min_base(min_base)
    check_interval(interval, finite=population is not None)
    check_equivalent_within(equivalent_within)
    named, test = test, _checked_test(compare, test)
    counts = counts_of(data, banner)
    check_lang(lang, *counts.instrument.languages)
    if counts.weighted and named not in (None, "z"):
        raise usage("test_unweighted", test=named, known=list(WEIGHTED_TESTS))
    stub_question = question_with_shares(counts.instrument, stub, "ranking")
    banner_question = banner_of(counts.instrument, banner)
    if stub_question.id == banner_question.id:
        raise usage("stub_is_banner", question=stub)
    check_only(only)
    finite = FinitePopulation.of(population, counts, banner_question)
    rules = _Rules(confidence, min_base, equivalent_within, lang)
    if compare == "columns":
        layout = YesNo.of(counts.instrument, stub_question, top=top)
        return _columns(counts, stub_question, banner_question, layout, test, only, finite, rules)
    sums = _group_sums(counts, stub_question, banner_question, top, only)
    return _complements(counts, stub_question, banner_question, sums, test, only, finite, interval, rules)


def _stacked(data: DataLike, stub: str, banners: Sequence[str], arguments: dict[str, Any]) -> "pd.DataFrame":
    """The tables of several banners, one below the other."""
    import pandas as pd

    if not isinstance(banners, list | tuple) or not all(isinstance(name, str) for name in banners):
        raise unfit("banners_needed", banners)
    if not banners:
        raise usage("banner_empty")
    names = list(dict.fromkeys(banners))
    if isinstance(arguments["population"], Mapping) and len(names) > 1:
        raise usage("population_of_one_banner")
    data = data if isinstance(data, RowCounts) else data_of(data, names)
    tables = [crosstab(data, stub, banner=name, **arguments) for name in names]
    return pd.concat(tables, ignore_index=True)


def _complements(  # noqa: PLR0917 - the arguments of `crosstab`
    counts: Counts,
    stub: Question,
    banner: Question,
    sums: tuple[ShareSums, ShareSums],
    test: str,
    only: str | None,
    finite: FinitePopulation | None,
    interval: str,
    rules: "_Rules",
) -> "pd.DataFrame":
    """The rows of `compare="complement"`, adjusted over the table; `sums`: inside the groups, and outside."""
    import numpy as np

    (inside, outside), lang = sums, rules.lang
    whole = None
    if finite is not None:
        answered = int((inside.base + outside.base).max(initial=0))
        whole = finite.of_question(counts, stub, answered)
    four = (inside.n, inside.base, outside.n, outside.base)
    hypotheses = _hypotheses(counts, stub, banner, four)
    targets = is_target(counts, stub)
    rows: list[dict[str, Any]] = []
    for place, part in enumerate(stub.parts):
        blank = same_item(lang) if part.id == own_part(stub, banner) else {}
        if targets[place]:
            blank = target_cells(stub, lang, "difference_low", "difference_high")
        for at, group in enumerate(banner.groups):
            cell = [int(table[place, at]) for table in four]
            sizes = _populations(finite, whole, stub, banner, group.id, cell)
            sides = inside[place, at], outside[place, at]
            ids = {"stub": stub.id, "stub_code": part.id, "stub_label": part.said(lang)}
            ids |= {"banner": banner.id, "banner_code": group.id}
            rows.append(
                {
                    **ids,
                    "banner_label": group_label(group, only, lang),
                    **_against_complement(*sides, test=test, rules=rules, populations=sizes),
                    **blank,
                }
            )
    adjust_hypotheses(rows, hypotheses, _row_name, lang)
    for row, number in zip(rows, numbered(hypotheses, [_row_ids(row) for row in rows]), strict=True):
        row["hypothesis"] = number
    numbers = [size for size, _ in _conclude(rows, hypotheses, rules.within, rules.confidence, lang, sides=1)]
    frame = contract_frame("crosstab", rows)
    shown = inside.flat()
    frame["proportion"] = shown.proportion
    low, high = shown.limits(interval, rules.confidence, population=numbers if finite else None)
    is_set = np.repeat(targets, len(banner.groups))
    frame["ci_low"], frame["ci_high"] = np.where(is_set, np.nan, (low, high))
    for name in ("difference", "difference_low", "difference_high", "p_value", "p_adjusted"):
        frame[name] = frame[name].astype(float)
    return _with_small_differences(frame, len(counts), rules.confidence, lang)


def _populations(
    finite: FinitePopulation | None,
    whole: QuestionPopulation | None,
    stub: Question,
    banner: Question,
    group: str,
    cell: list[int],
) -> tuple[GroupPopulation, GroupPopulation] | None:
    """How many there are in a group and outside it; None where nobody said how many there are."""
    if finite is None or whole is None:
        return None
    _, base, _, other_base = cell
    answered, names = base + other_base, (stub.id, banner.id)
    return (
        finite.of_group(whole, group, base, answered, *names),
        finite.outside_group(whole, group, other_base, answered, *names),
    )


def _conclude(
    rows: list[dict[str, Any]],
    hypotheses: list[Hashable],
    within: float | None,
    confidence: float,
    lang: str,
    *,
    sides: int,
) -> list[tuple[float, float]]:
    """Fill the verdicts of a table and say what is to be said of its populations; give these.

    `sides`: of how many of the two groups of a row the share, or its population, is shown.
    """
    limits: list[Limits | None] = []
    for row in rows:
        own = row.pop("limits")
        limits.append(own if _is_compared(row) else None)
    fill_verdicts(rows, limits, within=within, confidence=confidence, hypotheses=hypotheses, lang=lang)
    sizes = []
    for row in rows:
        populations = row.pop("populations", None)
        if not populations:
            sizes.append((float("nan"), float("nan")))
            continue
        sizes.append(tuple(population.number for population in populations))
        parts = [remark for population in populations[:sides] for remark in population.remarks(lang)]
        known = any(population.size is not None for population in populations)
        parts += [uncorrected_test(lang)] if known and row["p_value"] == row["p_value"] else []
        row |= remarks((row.get("reason", ""), row.get("note", "")), *parts, lang=lang)
    return sizes


def _is_compared(row: dict[str, Any]) -> bool:
    """Whether two shares of a row are held against each other: tested, or both 0 or both 1."""
    reason = row.get("reason", "")
    return row["p_value"] == row["p_value"] or any(has_reason(reason, one) for one in ("nobody", "everybody"))


def _with_small_differences(
    frame: "pd.DataFrame", respondents: int, confidence: float, lang: str
) -> "pd.DataFrame":
    """Say of differences that are significant for the number of respondents alone that they are small."""
    if not leads_with_effects(respondents):
        return frame
    for at in frame.index[frame["p_adjusted"] < 1 - confidence]:
        if is_small_difference(respondents, float(frame.at[at, "difference"])):
            note = message("note_small_difference", lang, least=f"{100 * LEAST_DIFFERENCE:g}")
            own = (str(frame.at[at, "reason"]), str(frame.at[at, "note"]))
            for name, text in remarks(own, ("small_difference", note), lang=lang).items():
                frame.at[at, name] = text
    return frame


def target_cells(stub: Question, lang: str, *limits: str) -> dict[str, object]:
    """What stands in a row of a stub whose shares the weights have set: no `limits`, no test."""
    blank = dict.fromkeys((*limits, "p_value"), float("nan"))
    return {**blank, "method": "", "limits": None, **remarks(target_remark(stub, lang, in_groups=True))}


def same_item(lang: str) -> dict[str, object]:
    """What stands in a row of an item whose own points are the groups: no test."""
    remark = remarks(("same_item untested", message("note_same_item", lang)))
    return {"method": "", "p_value": float("nan"), **remark}


def _hypotheses(counts: Counts, stub: Question, banner: Question, four: tuple[Any, ...]) -> list[Hashable]:
    """What each row of the table is a test of: the same for rows that are complements of each other."""
    n, base, other_n, other_base = four
    groups, whole = banner.groups, base + other_base
    answers = first_of_complements(counts, stub, stub.parts, n + other_n, whole, banner, groups)
    sides = first_of_complements(counts, banner, groups, base.T, whole.T, stub, stub.parts).T
    return list(zip(answers.ravel().tolist(), sides.ravel().tolist(), strict=True))


def tested_hypotheses(counts: Counts, stub: Question, banner: Question) -> int:
    """How many hypotheses the cross-tab of two questions tests, however small the groups."""
    four = _group_counts(counts, stub, banner, None, None)
    n, base, other_n, other_base = four
    chosen = n + other_n
    tested = (base > 0) & (other_base > 0) & (chosen > 0) & (chosen < base + other_base)
    hypotheses = zip(_hypotheses(counts, stub, banner, four), tested.ravel().tolist(), strict=True)
    return len({hypothesis for hypothesis, is_tested in hypotheses if is_tested})


def _row_name(row: dict[str, Any]) -> str:
    """A row of a cross-tab in a note: its answer, and its group or groups."""
    return " · ".join(filter(None, (row["stub_label"], row["banner_label"], row.get("other_label"))))


def _row_ids(row: dict[str, Any]) -> tuple[str, ...]:
    """The ids of a row of a cross-tab, those of two groups in a fixed order."""
    return row["stub_code"], *sorted(row[name] for name in ("banner_code", "other_code") if name in row)


def _against_complement(
    group: ShareSums,
    rest: ShareSums,
    *,
    test: str,
    rules: "_Rules",
    populations: tuple[GroupPopulation, GroupPopulation] | None = None,
) -> dict[str, object]:
    """Compare one group with its complement: difference, interval, test, and why there is no test."""
    n, base, other_n, other_base = (int(part) for part in (group.n, group.base, rest.n, rest.base))
    confidence, min_base, _, lang = rules
    comparison: dict[str, object] = {"n": n, "base": base, "method": "", "p_value": float("nan")}
    comparison |= {"complement_n": other_n, "complement_base": other_base, "limits": None}
    comparison |= {"populations": populations, **group.columns(), **rest.columns("complement_")}
    if group.weighted:
        own = compare_weighted_groups(group, rest, confidence=confidence, min_base=min_base, lang=lang)
        return comparison | own
    if base and other_base:
        comparison["difference"] = n / base - other_n / other_base
        sizes = populations and (populations[0].number, populations[1].number)
        limits = partial(difference_interval, n, base, other_n, other_base, populations=sizes)
        low, high = limits(confidence=confidence)
        comparison |= {"difference_low": low, "difference_high": high, "limits": limits}
    if min(base, other_base) < (minimum := max(1, min_base)):
        small = "note_low_group" if base <= other_base else "note_low_complement"
        note = message(small, lang, base=min(base, other_base), minimum=minimum)
        comparison |= remarks(("small_base untested", note))
    elif n + other_n in (0, base + other_base):
        comparison |= one_answer_only("nobody" if n + other_n == 0 else "everybody", lang)
    else:
        comparison |= exact_comparison(n, base, other_n, other_base, test, lang)
    return comparison


# What a group can be compared with, and the tests there are; the first is the default.
_TESTS = {"complement": ("fisher", "boschloo"), "columns": ("z", "fisher", "boschloo")}


def check_compare(compare: str) -> None:
    """Refuse what a group cannot be compared with."""
    if compare not in _TESTS:
        raise usage("compare_unknown", compare=compare, known=list(_TESTS))


def check_only(only: str | None) -> None:
    """Refuse what groups cannot be limited to."""
    if only not in (None, "exclusive", "mixed"):
        raise usage("only_unknown", only=only, known="exclusive, mixed")


def _checked_test(compare: str, test: str | None) -> str:
    """Name the test that is meant, or say what there is."""
    check_compare(compare)
    if (test := test or _TESTS[compare][0]) not in _TESTS[compare]:
        raise usage("test_unknown", test=test, compare=compare, known=list(_TESTS[compare]))
    return test


def _group_counts(
    counts: Counts, stub: Question, banner: Question, top: int | None, only: str | None
) -> tuple[Any, Any, Any, Any]:
    """Yes and base inside each group, yes and base outside it: four tables of parts x groups."""
    yes, no, other_yes, other_no = _group_answers(counts, stub, banner, top, only)
    return yes, yes + no, other_yes, other_yes + other_no


def _group_sums(
    counts: Counts, stub: Question, banner: Question, top: int | None, only: str | None
) -> tuple[ShareSums, ShareSums]:
    """The shares inside each group, and outside it: parts x groups."""
    measures = MEASURES if counts.weighted else MEASURES[:1]
    tables = {name: _group_answers(counts, stub, banner, top, only, name) for name in measures}
    return (
        ShareSums.of(counts, lambda measure: tables[measure][:2]),
        ShareSums.of(counts, lambda measure: tables[measure][2:]),
    )


def _group_answers(
    counts: Counts, stub: Question, banner: Question, top: int | None, only: str | None, measure: str = "n"
) -> tuple[Any, Any, Any, Any]:
    """Yes and no inside each group, yes and no outside it: four tables of parts x groups.

    Whole groups need the joint table of the two questions alone; those of `only` the patterns of the banner.
    """
    if only is None:
        tables = pair_tables(counts, stub, banner, measure, top=top)
        places = [banner.options.index(group) for group in banner.groups]
        sides = (tables.yes_yes, tables.no_yes, tables.yes_no, tables.no_no)
        return tuple(table[:, places] for table in sides)  # type: ignore[return-value]
    table = group_table(counts, banner, stub, measure)
    member = members_of(banner, table.members, only)
    layout = YesNo.of(counts.instrument, stub, top=top)
    yes, no = layout.yes @ table.counts.T, layout.no @ table.counts.T
    inside, outside = ((member == value).astype(int) for value in (1, 0))
    return yes @ inside, no @ inside, yes @ outside, no @ outside


def members_of(banner: Question, members: Any, only: str | None = None) -> Any:
    """Patterns x groups, from patterns x options: 1.0 in it, 0.0 outside it, nan unknown.

    `only="exclusive"` counts those in no other group as inside, `"mixed"` those in another one too.
    """
    import numpy as np

    check_only(only)
    values = members[:, [banner.options.index(group) for group in banner.groups]]
    if only is None:
        return values
    in_group = np.empty_like(values)
    for place in range(len(banner.groups)):
        others = np.delete(values, place, axis=1)
        in_another = (others == 1).any(axis=1)
        unknown = np.isnan(others).any(axis=1) & ~in_another
        own = values[:, place]
        is_in = (own == 1) & (~in_another if only == "exclusive" else in_another)
        in_group[:, place] = np.where(np.isnan(own) | ((own == 1) & unknown), np.nan, is_in.astype(float))
    return in_group


def group_label(group: Option, only: str | None, lang: str) -> str:
    """The label of a group, with what `only` makes of it."""
    return message(f"group_{only}", lang, group=group.said(lang)) if only else group.said(lang)


class _Rules(NamedTuple):
    """By what rules groups are compared, and in which language that is told."""

    confidence: float
    min_base: int
    within: float | None
    lang: str


def _columns(  # noqa: PLR0917 - the arguments of `crosstab`
    counts: Counts,
    stub: Question,
    banner: Question,
    layout: YesNo,
    test: str,
    only: str | None,
    finite: FinitePopulation | None,
    rules: "_Rules",
) -> "pd.DataFrame":
    """The rows of `compare="columns"`, adjusted over the table, with their letters."""
    confidence, min_base, within, lang = rules
    groups = list(banner.groups)
    letters, labels = column_letters(groups), {one.id: group_label(one, only, lang) for one in groups}
    member = members_of(banner, group_table(counts, banner, stub).members, only)
    answers = ShareSums.of(counts, lambda measure: _pattern_answers(counts, stub, banner, layout, measure))
    targets = is_target(counts, stub)
    rows: list[dict[str, Any]] = []
    populations = None
    if finite is not None:
        whole = finite.of_question(counts, stub, int(answers.base.sum(axis=1).max(initial=0)))

        def populations(group: str, base: int, answered: int) -> GroupPopulation:
            return finite.of_group(whole, group, base, answered, stub.id, banner.id)

    how: dict[str, Any] = {"confidence": confidence, "min_base": min_base, "lang": lang}
    for place, part in enumerate(stub.parts):
        own = answers[place]
        if own.weighted:
            pairs = compare_weighted_pairs(own, member, groups, **how)
        else:
            pairs = compare_pairs(own.yes, own.no, member, groups, test=test, populations=populations, **how)
        blank = same_item(lang) if part.id == own_part(stub, banner) else {}
        blank = target_cells(stub, lang, "ci_low", "ci_high") if targets[place] else blank
        identity = {"stub": stub.id, "stub_code": part.id, "stub_label": part.said(lang), "banner": banner.id}
        rows += [{**identity, **pair, **blank, "letter": ""} for pair in pairs]
    for row in rows:
        row["banner_label"], row["other_label"] = labels[row["banner_code"]], labels[row["other_code"]]
    hypotheses = _pair_hypotheses(counts, stub, banner, rows)
    adjust_hypotheses(rows, hypotheses, _row_name, lang)
    for row, number in zip(rows, numbered(hypotheses, [_row_ids(row) for row in rows]), strict=True):
        row["hypothesis"] = number
        if row["p_adjusted"] < 1 - confidence and not is_small_difference(len(counts), row["difference"]):
            row["letter"] = letters[row["other_code"] if row["difference"] > 0 else row["banner_code"]]
    _conclude(rows, hypotheses, within, confidence, lang, sides=2)
    frame = contract_frame("columns", rows)
    for name in ("difference", "ci_low", "ci_high", "p_value", "p_adjusted"):
        frame[name] = frame[name].astype(float)
    return _with_small_differences(frame, len(counts), confidence, lang)


def _pattern_answers(
    counts: Counts, stub: Question, banner: Question, layout: YesNo, measure: str
) -> tuple[Any, Any]:
    """Yes and no to each part of the stub, by pattern of the banner."""
    given = group_table(counts, banner, stub, measure).counts.T
    return layout.yes @ given, layout.no @ given


def _pair_hypotheses(
    counts: Counts, stub: Question, banner: Question, rows: list[dict[str, Any]]
) -> list[Hashable]:
    """What each row of a comparison of columns is a test of; the pairs of groups all differ."""
    import numpy as np

    def column(name: str) -> Any:
        return np.array([row[name] for row in rows], dtype=np.int64).reshape(len(stub.parts), -1)

    first = []
    for n, base, code in (("n", "base", "banner_code"), ("other_n", "other_base", "other_code")):
        groups = [banner.part(row[code]) for row in rows[: len(rows) // len(stub.parts)]]
        tables = column(n), column(base)
        first.append(first_of_complements(counts, stub, stub.parts, *tables, banner, groups))
    place = np.arange(len(stub.parts))[:, None]
    answers = np.where(first[0] == first[1], first[0], place)
    pairs = np.broadcast_to(np.arange(answers.shape[1]), answers.shape)
    return list(zip(answers.ravel().tolist(), pairs.ravel().tolist(), strict=True))
