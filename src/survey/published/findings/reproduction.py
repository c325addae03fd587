"""Computing every published figure again from responses, and saying where it comes out differently."""

from fractions import Fraction
from typing import TYPE_CHECKING

from survey.errors import UsageError
from survey.messages import message
from survey.published.findings.figures import EVERYONE, Figure, count_range, counted_codes
from survey.published.findings.reading import Findings
from survey.rounding import RULES, nearest_count, printed_share
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd

    from survey.ingest import Responses

VERDICTS = ("reproduced", "bound holds", "not reproduced", "no data")


def reproduce(responses: "Responses", findings: Findings, *, lang: str = "en") -> "pd.DataFrame":
    """One row per published figure: what the responses print in its place, and whether that is the same.

    Parameters
    ----------
    responses
        Of the same survey; a question or option they do not have gives the verdict `no data`.
    findings
        What was published.
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

    Examples
    --------
    >>> from survey import read_findings, reconstruct
    >>> from survey.resources import resource_folder
    >>> findings = read_findings(resource_folder("findings") / "executive-survey-2026.csv")
    >>> frame = reproduce(reconstruct(findings), findings)
    >>> frame.set_index("finding").loc["M01", ["published", "computed", "verdict"]].tolist()
    ['69.1', '69.0', 'not reproduced']
    """
    rows = [_row(figure, responses, lang) for figure in findings.parsed()]
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
        key, values = lacking or ("finding_no_base", {})
        return {**row, "note": message(key, lang, **values)}
    exact = Fraction(count) if figure.is_size else Fraction(100 * count, base)
    row["computed"] = computed = str(count) if figure.is_size else _printed(figure, count, base)
    row["difference"] = float(Fraction(computed) - Fraction(figure.published))
    agrees = figure.holds(exact) if figure.is_bound else computed == figure.published
    notes = [] if agrees else [_miss(figure, base, count, computed, lang)]
    for key, stated, found in (
        ("finding_stated_count", figure.stated_count, count),
        ("finding_stated_base", figure.stated_base, base),
    ):
        if stated not in (None, found):
            notes.append(message(key, lang, stated=stated, found=found))
    agreement = "bound holds" if figure.is_bound else "reproduced"
    separator = message("finding_note_separator", lang)
    return {**row, "verdict": "not reproduced" if notes else agreement, "note": separator.join(notes)}


def _printed(figure: Figure, count: int, base: int) -> str:
    """Print a share with the published digits; beside a bound with as many as it takes to see the side."""
    digits, limit = figure.digits, Fraction(figure.published)
    while figure.is_bound and Fraction(printed_share(count, base, digits)) == limit != Fraction(
        100 * count, base
    ):
        digits += 1
    return printed_share(count, base, digits)


Lacking = tuple[str, dict[str, object]] | None


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
        return 0, 0, (problem.key, problem.values)
    if not codes:
        return 0, 0, ("finding_no_such_statistic", {"statistic": figure.statistic, "question": question.id})
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


def _miss(figure: Figure, base: int, count: int, computed: str, lang: str) -> str:
    """Say why a figure is not reproduced: the nearest count, and the rules that would print it."""
    if figure.is_size:
        return message("finding_size_differs", lang, published=figure.printed, found=count)
    if figure.is_bound:
        values = {"count": count, "base": base, "computed": computed, "bound": figure.printed}
        return message("finding_bound_broken", lang, **values)
    low, high = count_range(figure.published, base)
    nearest = nearest_count(figure.published, base)
    values = {"base": base, "published": figure.published, "count": count, "computed": computed}
    if low <= high:
        needed = str(low) if low == high else f"{low}-{high}"
        told = message("finding_other_count", lang, needed=needed, **values)
        tried = count
    else:
        prints = printed_share(nearest, base, figure.digits)
        told = message("finding_no_count", lang, nearest=nearest, prints=prints, **values)
        tried = nearest
    rules = [rule for rule in RULES if printed_share(tried, base, figure.digits, rule) == figure.published]
    if rules:
        names = message("list_separator", lang).join(message(f"finding_rule_{rule}", lang) for rule in rules)
        said = message("finding_rule_would", lang, rules=names, published=figure.published)
    else:
        said = message("finding_rule_none", lang, published=figure.published)
    return message("finding_note_separator", lang).join((told, said))
