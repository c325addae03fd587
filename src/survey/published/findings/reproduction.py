"""Computing every published figure again from responses, and saying where it comes out differently."""

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from survey.arguments import check_lang
from survey.counts.row_counts import Counts, DataLike, counts_of
from survey.errors import UsageError
from survey.instrument import Question
from survey.instrument.kinds import kinds_with
from survey.messages import message
from survey.published.findings.figures import EVERYONE, Figure, count_range, counted_codes
from survey.published.findings.reading import FindingsLike, findings_of
from survey.rounding import RULES, nearest_count, printed_share
from survey.statistics.weighted import say_unweighted
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

VERDICTS = ("reproduced", "bound holds", "not reproduced", "no data")


def reproduce(data: DataLike, findings: FindingsLike, *, lang: str = "en") -> "pd.DataFrame":
    """One row per published figure: what the responses print in its place, and whether that is the same.

    Parameters
    ----------
    data
        Responses to the same survey, a tally, or the path of a file of one of them; a question or option they
        do not have gives the verdict `no data`.
    findings
        What was published, or the path of its CSV file.
    lang
        The language of the notes. Verdicts are ids and stay English.

    Returns
    -------
    pandas.DataFrame
        Under the `finding` contract. `published` is as printed ("< 50" for a bound). `computed` is rounded
        half up to the same `digits`; beside a bound to more where 49.6 would print as 50. `difference` is
        computed minus published in percentage points, for a number of respondents in respondents. A share
        is of those in the group who answered. A miss says in `note` which count comes nearest and whether
        another rounding rule would print the published value; a stated count or base that differs is a
        miss too.

    Raises
    ------
    UsageError
        There is no such file or language.
    FindingsError
        The file of findings is wrong.

    Reasons
    -------
    no_answer, not_in_instrument, no_count, other_count, other_rounding, no_rounding, bound_broken,
    stated_count, stated_base.

    Examples
    --------
    >>> from survey import read_findings, reconstruct
    >>> from survey.resources import resource_folder
    >>> findings = read_findings(resource_folder("findings") / "executive-survey-2026.csv")
    >>> frame = reproduce(reconstruct(findings), findings)
    >>> frame.set_index("finding").loc["M01", ["published", "computed", "verdict"]].tolist()
    ['69.1', '69.0', 'not reproduced']
    """
    check_lang(lang)
    counts = counts_of(data)
    rows = [_row(figure, counts, lang) for figure in findings_of(findings).parsed()]
    return say_unweighted(contract_frame("finding", rows), counts, lang)


def _row(figure: Figure, counts: Counts, lang: str) -> dict[str, object]:
    base, count, lacking = _tally(figure, counts)
    row: dict[str, object] = {
        "finding": figure.claim,
        "locator": figure.locator,
        "published": figure.printed,
        "digits": figure.digits,
        "base": base,
        "count": count,
        "computed": "",
        "difference": float("nan"),
        "verdict": "no data",
    }
    if base == 0:
        code, key, values = lacking or ("no_answer", "finding_no_base", {})
        return {**row, **remarks((code, message(key, lang, **values)))}
    exact = Fraction(count) if figure.is_size else Fraction(100 * count, base)
    row["computed"] = computed = str(count) if figure.is_size else _printed(figure, count, base)
    row["difference"] = float(Fraction(computed) - Fraction(figure.published))
    agrees = figure.holds(exact) if figure.is_bound else computed == figure.published
    misses = [] if agrees else _misses(figure, base, count, computed, lang)
    for code, stated, actual in (
        ("stated_count", figure.stated_count, count),
        ("stated_base", figure.stated_base, base),
    ):
        if stated not in (None, actual):
            misses.append((code, message(f"finding_{code}", lang, stated=stated, found=actual)))
    agreement = "bound holds" if figure.is_bound else "reproduced"
    separator = message("finding_note_separator", lang)
    verdict = "not reproduced" if misses else agreement
    return {**row, "verdict": verdict, **remarks(*misses, separator=separator)}


def _printed(figure: Figure, count: int, base: int) -> str:
    """Print a share with the published digits; beside a bound with as many as it takes to see the side."""
    digits, limit = figure.digits, Fraction(figure.published)
    while figure.is_bound and Fraction(printed_share(count, base, digits)) == limit != Fraction(
        100 * count, base
    ):
        digits += 1
    return printed_share(count, base, digits)


# What the data lack: a code of `REASONS`, and a message with its values.
Lacking = tuple[str, str, dict[str, object]] | None


def _tally(figure: Figure, counts: Counts) -> tuple[int, int, Lacking]:
    """Count those in the group who answered and those who gave the answer; or say what is not there."""
    instrument = counts.instrument
    try:
        group = None if figure.group == EVERYONE else _group(figure.group, counts)
        if figure.is_size:
            size = len(counts) if group is None else _together(counts, group, group)
            return size, size, None
        question = instrument.question(figure.question)
        question.part(figure.item)
        codes = counted_codes(instrument, question, figure.item, figure.statistic)
    except UsageError as error:
        problem = error.problems[0]
        return 0, 0, ("not_in_instrument", problem.key, problem.values)
    if not codes:
        values: dict[str, object] = {"statistic": figure.statistic, "question": question.id}
        return 0, 0, ("not_in_instrument", "finding_no_such_statistic", values)
    name = question.id if question.kind == "single" else f"{question.id}__{figure.item}"
    answered = _Chosen(question, name, None)
    chosen = _Chosen(question, name, frozenset(codes))
    within = group or answered
    return _together(counts, answered, within), _together(counts, chosen, within), None


class _Chosen(NamedTuple):
    """Who gave one of some codes (None: any) in a column of a question."""

    question: Question
    column: str
    codes: frozenset[object] | None

    def indicators(self, counts: Counts) -> list[int]:
        """1 for each indicator of the question that says so, else 0."""
        columns = counts.definition.columns.of_block(self.question)
        return [
            int(column.name == self.column and (self.codes is None or code in self.codes))
            for column in columns
            for code in column.codes
        ]


def _together(counts: Counts, one: _Chosen, other: _Chosen) -> int:
    """How many gave both."""
    import numpy as np

    joint = counts.joint(one.question, other.question)
    return int(np.array(one.indicators(counts)) @ joint @ np.array(other.indicators(counts)))


def _group(group: str, counts: Counts) -> _Chosen:
    """Those who ticked, or chose, the option `group` of the banner."""
    banner = counts.instrument.question(counts.instrument.defaults.banner or "", *kinds_with(banner=True))
    banner.part(group)
    if banner.kind == "single":
        return _Chosen(banner, banner.id, frozenset([group]))
    return _Chosen(banner, f"{banner.id}__{group}", frozenset([True]))


def _misses(figure: Figure, base: int, count: int, computed: str, lang: str) -> list[tuple[str, str]]:
    """Say why a figure is not reproduced: the nearest count, and the rules that would print it."""
    if figure.is_size:
        note = message("finding_size_differs", lang, published=figure.printed, found=count)
        return [("other_count", note)]
    if figure.is_bound:
        values = {"count": count, "base": base, "computed": computed, "bound": figure.printed}
        return [("bound_broken", message("finding_bound_broken", lang, **values))]
    low, high = count_range(figure.published, base)
    nearest = nearest_count(figure.published, base)
    values = {"base": base, "published": figure.published, "count": count, "computed": computed}
    if low <= high:
        needed = str(low) if low == high else f"{low}-{high}"
        miss = ("other_count", message("finding_other_count", lang, needed=needed, **values))
        tried = count
    else:
        prints = printed_share(nearest, base, figure.digits)
        miss = ("no_count", message("finding_no_count", lang, nearest=nearest, prints=prints, **values))
        tried = nearest
    rules = [rule for rule in RULES if printed_share(tried, base, figure.digits, rule) == figure.published]
    if rules:
        names = message("list_separator", lang).join(message(f"finding_rule_{rule}", lang) for rule in rules)
        note = message("finding_rule_would", lang, rules=names, published=figure.published)
        return [miss, ("other_rounding", note)]
    return [miss, ("no_rounding", message("finding_rule_none", lang, published=figure.published))]
