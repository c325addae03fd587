"""What has a mean by groups: means by Welch's tests, ranks beside them, with sizes of the differences."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.group_tables import ValueTable
from survey.counts.row_counts import DataLike, counts_of
from survey.errors import usage
from survey.instrument import Question
from survey.messages import message
from survey.statistics.banner_groups import measures_of, rounded_remarks
from survey.statistics.group_members import check_only
from survey.statistics.hypotheses import adjust_hypotheses, ticked_exactly_one
from survey.statistics.indicators import banner_of
from survey.statistics.intervals import check_confidence, check_min_base
from survey.statistics.measured import MEASURED, measured_values
from survey.statistics.number_groups import NumberGroups
from survey.statistics.weighted import say_unweighted
from survey.statistics.weighted_number_groups import WeightedNumberGroups
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def compare_numbers(
    data: DataLike,
    question: str,
    *,
    by: str | None = None,
    against: str | None = None,
    only: str | None = None,
    confidence: float = 0.95,
    min_base: int = 5,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per test: what has a mean in the groups of `by`, by means and by ranks.

    A number as it is, and a date in days: `welch_t` with the difference of means (`mean_difference`,
    `day_difference`) and `mann_whitney` with Cliff's delta; of a number also `hedges_g`, the difference in
    standard deviations. A score to recommend by its net score: `score_difference`, from -2 to 2, has
    the score limits of both, combined. Rankings and constant sums one row per option (`item`):
    `rank_difference` of those who ranked it, also by `mann_whitney`, and `share_difference` of the total. Of
    these three few values occur: where a side has fewer than 30 answers, `permutation_t` stands in for
    `welch_t`, exact, or drawn where there are too many ways. For shares of first ranks see `crosstab`.

    Exclusive groups (`by` is a single question, or an item of a rating by its points) are compared with each
    other, those that may overlap (select-all) with everybody outside them, who answered both. Of three or
    more exclusive groups `welch_anova` (eta squared) and `kruskal_wallis` (epsilon squared, that of the
    ranks) are over all that can be tested, with limits from the noncentral F; then each pair (`group`,
    `other_group`) of one number, score or date by `games_howell`, whose interval and `p_adjusted` are of all
    pairs. Elsewhere `p_adjusted` is Holm's over the tests of one kind of the whole question; of two options
    that share a total out without remainder the second is the same_comparison as the first, counted once.

    With `against="complement"` each group of whatever question is compared with everybody outside it, with
    "columns" every two: `overlap_t` where they share respondents, whom its variance knows; ranks are
    compared only where they share none.

    With weights means, sizes of differences and ranks are weighted. Welch's tests take, for the variance of a
    mean, the larger of the linearised one and Kish's, and effective bases for the numbers of respondents;
    ranks are those in the weight of all (Lumley & Scott 2013; `reason` weighted_ranks: `statistic` of two
    groups is t). `min_base` is held against effective bases. Permutations, score limits and the comparison of
    columns have no weighted form: weighted data have Welch's t and its limits for the first two, the last
    stays unweighted, and says so.

    Parameters
    ----------
    data
        Responses, a tally with `by` as a banner, or the path of a file of one of them.
    question
        A question of kind number, nps, ranking, constant_sum or date.
    by
        A single or select-all question, or an item (`battery__item`); the instrument's default banner
        where None.
    against
        "complement" or "columns"; where None exclusive groups with each other, others with their complement.
    only
        "exclusive": a group is those in it and in no other; "mixed": those in it and in another too.
    confidence
        Level of the intervals.
    min_base
        Groups (and complements) of fewer are not tested; `reason` is small_base untested.
    lang
        Language of `note`.

    Reasons
    -------
    small_base, untested, no_variation, too_few_groups, left_out, at_limit, no_interval, rounded_values,
    same_comparison, constant_side, permuted, same_respondents, weighted_ranks.

    Raises
    ------
    UsageError
        An unknown question or one of another kind, or an argument outside its range.

    References
    ----------
    Welch, B. L. (1947), Biometrika 34, 28-35; (1951), Biometrika 38, 330-336. Games, P. A. & Howell, J. F.
    (1976), Journal of Educational Statistics 1, 113-125. Kruskal, W. H. & Wallis, W. A. (1952). Hedges,
    L. V. (1981), Journal of Educational Statistics 6, 107-128. Cliff, N. (1996). Smithson, M. (2003),
    Confidence Intervals, chapter 4. Janssen, A. (1997), Statistics & Probability Letters 36, 9-21
    (permutations of Welch's t). Derrick, B., Russ, B., Toher, D. & White, P. (2017), Journal of Modern
    Applied Statistical Methods 16, 137-157 (partly overlapping samples). Tango, T. (1998), Statistics in
    Medicine 17, 891-908, combined as in Zou, G. Y. & Donner, A. (2008), Statistics in Medicine 27, 1693-1702.
    Lumley, T. & Scott, A. J. (2013), Biometrika 100, 831-842. Unweighted all
    but Cliff's and Smithson's through pingouin and scipy.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> question = {"kind": "single", "short": {"en": "Stay"}, "text": {"en": "Where?"}, "id": "stay"}
    >>> question["options"] = [{"id": place, "label": {"en": place}} for place in ("hotel", "friends")]
    >>> spent = {"id": "spent", "kind": "number", "short": {"en": "Spent"}, "text": {"en": "How much?"}}
    >>> schema = {"kind": "survey", "id": "trip", "version": "1.0.0", "languages": ["en"]}
    >>> schema |= {"title": {"en": "Trip"}, "questions": [question, spent]}
    >>> trip = survey.Instrument.model_validate(schema, strict=False)
    >>> frame = pd.DataFrame({"stay": ["hotel"] * 5 + ["friends"] * 5, "spent": [90, 80, 70, 60, 50] * 2})
    >>> frame.loc[frame["stay"] == "friends", "spent"] -= 40
    >>> table = survey.compare_numbers(survey.from_frame(frame, trip), "spent", by="stay")
    >>> row = table.iloc[0]
    >>> row["test"], row["effect_name"], float(row["effect"])
    ('welch_t', 'mean_difference', 40.0)
    """
    check_confidence(confidence)
    check_min_base(min_base)
    if against not in (None, *COMPARISONS):
        raise usage("against_unknown", against=against, known=list(COMPARISONS))
    check_only(only)
    counts = counts_of(data, by)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, *MEASURED)
    groups = banner_of(counts.instrument, by)
    by_weight = counts.weighted and against != "columns"
    measures = measures_of(counts) if by_weight else measures_of(counts)[:1]
    kind = WeightedNumberGroups if by_weight else NumberGroups
    rows: list[dict[str, Any]] = []
    hypotheses: list[tuple[str, ...]] = []
    earlier: tuple[str, list[ValueTable]] | None = None
    for item, tables in measured_values(counts, asked, groups, measures, only=only):
        compared = kind(asked, item, groups, tables, confidence, max(2, min_base), lang)
        own = compared.all_rows(against)
        for row in own:
            row |= remarks((row["reason"], row["note"]), *rounded_remarks(tables[0].exact, lang), lang=lang)
        first = {} if against == "columns" else _first_of_complements(tables[0], groups)
        same = item
        if asked.kind in _TOTALS and len(asked.options) == 2:
            mirrored = earlier is not None and _mirrors(tables, earlier[1], _TOTALS[asked.kind])
            same = earlier[0] if earlier is not None and mirrored else item
            earlier = earlier or (item, tables)
        hypotheses += [(same, first.get(row["group"], row["group"]), row["other_group"]) for row in own]
        rows += own
    _adjust(rows, hypotheses, partial(_compared_name, asked, groups, lang), lang)
    table = contract_frame("test", rows)
    return table if by_weight else say_unweighted(table, counts, lang)


COMPARISONS = ("complement", "columns")


def _first_of_complements(table: ValueTable, groups: Question) -> dict[str, str]:
    """Of each group the first that is its complement, or itself: the same respondents on both sides."""
    apart = ticked_exactly_one(table.members, table.counts[None])[:, :, 0]
    ids = [group.id for group in groups.groups]
    return {
        group: next((ids[at] for at in range(place) if apart[at, place]), group)
        for place, group in enumerate(ids)
    }


# The tests that are adjusted together; those of Games and Howell are of all pairs already.
_FAMILIES = (
    ("welch_t", "permutation_t", "overlap_t"),
    ("mann_whitney",),
    ("welch_anova",),
    ("kruskal_wallis",),
)


# What the values of the options of one respondent add up to, where there are two options: of these kinds.
_TOTALS = {"constant_sum": 1, "ranking": 3}


def _mirrors(tables: list[ValueTable], others: list[ValueTable], total: int) -> bool:
    """Whether in every group what one option has is all that the other has not: one comparison, not two."""
    return all(
        _occurring(table, 0, 1) == _occurring(other, total, -1)
        for table, other in zip(tables, others, strict=True)
    )


def _occurring(table: ValueTable, start: int, sign: int) -> dict[tuple[bytes, float], float]:
    """How often each value occurs, counted from an end of the total, by the groups it occurs in."""
    counts: dict[tuple[bytes, float], float] = defaultdict(float)
    members = table.members if table.members is not None else [b""] * len(table.values)
    for inside, value, count in zip(members, table.values, table.counts, strict=True):
        counts[bytes(inside), round(start + sign * float(value), 9)] += float(count)
    return {kind: round(count, 9) for kind, count in counts.items() if count}


def _compared_name(asked: Question, groups: Question, lang: str, row: dict[str, Any]) -> str:
    """What a row compares, for another row of the same hypothesis: its group, and its option."""
    group = groups.part(row["group"]).said(lang) if row["group"] else ""
    two = asked.kind in _TOTALS and len(asked.options) == 2
    item = asked.part(row["item"]).said(lang) if two else ""
    return message("note_item_of_group", lang, item=item, group=group) if item and group else item or group


def _adjust(
    rows: list[dict[str, Any]],
    hypotheses: list[tuple[str, ...]],
    name: Callable[[dict[str, Any]], str],
    lang: str,
) -> None:
    """Adjust the tests of one kind for each other."""
    for tests in _FAMILIES:
        own = [
            (row, hypothesis)
            for row, hypothesis in zip(rows, hypotheses, strict=True)
            if row["test"] in tests
        ]
        if tests[0] in ("welch_anova", "kruskal_wallis") and len(own) < 2:
            continue
        adjust_hypotheses(
            [row for row, _ in own],
            [hypothesis for _, hypothesis in own],
            name,
            lang,
        )
