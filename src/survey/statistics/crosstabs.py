"""Cross-tabs: each group of the banner beside its complement, which is disjoint, or every other group."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, unfit
from survey.counts.row_counts import DataLike, RowCounts, counts_of, data_of
from survey.errors import usage
from survey.statistics.column_tables import column_table
from survey.statistics.complement_tables import complement_table
from survey.statistics.crosstab_cells import Crossing
from survey.statistics.equivalence import check_equivalent_within
from survey.statistics.finite_population import FinitePopulation, Population
from survey.statistics.group_members import check_only
from survey.statistics.indicators import banner_of, question_with_shares
from survey.statistics.intervals import check_confidence, check_interval, check_min_base
from survey.statistics.weighted_comparisons import WEIGHTED_TESTS

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
    crossing = Crossing(
        counts,
        stub_question,
        banner_question,
        top=top,
        only=only,
        test=test,
        finite=FinitePopulation.of(population, counts, banner_question),
        confidence=confidence,
        min_base=min_base,
        within=equivalent_within,
        lang=lang,
    )
    return column_table(crossing) if compare == "columns" else complement_table(crossing, interval)


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


# What a group can be compared with, and the tests there are; the first is the default.
_TESTS = {"complement": ("fisher", "boschloo"), "columns": ("z", "fisher", "boschloo")}


def check_compare(compare: str) -> None:
    """Refuse what a group cannot be compared with."""
    if compare not in _TESTS:
        raise usage("compare_unknown", compare=compare, known=list(_TESTS))


def _checked_test(compare: str, test: str | None) -> str:
    """Name the test that is meant, or say what there is."""
    check_compare(compare)
    if (test := test or _TESTS[compare][0]) not in _TESTS[compare]:
        raise usage("test_unknown", test=test, compare=compare, known=list(_TESTS[compare]))
    return test
