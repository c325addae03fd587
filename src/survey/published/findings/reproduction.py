"""Computing every published figure again from responses, and saying where it comes out differently."""

from fractions import Fraction
from typing import TYPE_CHECKING

from survey.arguments import check_lang
from survey.errors import UsageError
from survey.ingest import ResponsesLike, responses_of
from survey.messages import message
from survey.published.findings.figures import EVERYONE, Figure, count_range, counted_codes
from survey.published.findings.reading import FindingsLike, findings_of
from survey.rounding import RULES, nearest_count, printed_share
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

    from survey.ingest import Responses

VERDICTS = ("reproduced", "bound holds", "not reproduced", "no data")


def reproduce(data: ResponsesLike, findings: FindingsLike, *, lang: str = "en") -> "pd.DataFrame":
    """One row per published figure: what the responses print in its place, and whether that is the same.

    Parameters
    ----------
    data
        Responses to the same survey, or the path of their file; a question or option they do not have gives
        the verdict `no data`.
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
    responses = responses_of(data)
    rows = [_row(figure, responses, lang) for figure in findings_of(findings).parsed()]
    return contract_frame("finding", rows)


def _row(figure: Figure, responses: "Responses", lang: str) -> dict[str, object]:
    base, count, lacking = _tally(figure, responses)
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


def _tally(figure: Figure, responses: "Responses") -> tuple[int, int, Lacking]:
    """Count those in the group who answered and those who gave the answer; or say what is not there."""
    instrument, data = responses.instrument, responses.data
    try:
        inside = None if figure.group == EVERYONE else _members(figure.group, responses)
        if figure.is_size:
            size = len(data) if inside is None else int(inside.sum())
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
    answers = data[question.id if question.kind == "single" else f"{question.id}__{figure.item}"]
    if inside is not None:
        answers = answers[inside]
    answers = answers.dropna()
    return len(answers), int(answers.isin([*codes]).sum()), None


def _members(group: str, responses: "Responses") -> "pd.Series[bool]":
    """Mark those who ticked, or chose, the option `group` of the banner."""
    banner = responses.instrument.question(responses.instrument.defaults.banner or "", "single", "multiple")
    banner.part(group)
    if banner.kind == "single":
        return (responses.data[banner.id] == group).fillna(False).astype(bool)
    return responses.data[f"{banner.id}__{group}"].fillna(False).astype(bool)


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
