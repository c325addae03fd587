"""Cross-tabs of groups beside their complements: who answered the banner and is not in the group."""

from collections.abc import Hashable
from functools import partial
from typing import TYPE_CHECKING, Any

from survey.counts.definition import MEASURES
from survey.counts.row_counts import Counts
from survey.instrument import Question
from survey.messages import message
from survey.statistics.column_comparisons import exact_comparison, one_answer_only
from survey.statistics.crosstab_cells import (
    Crossing,
    conclude,
    row_ids,
    row_name,
    same_item,
    target_cells,
    with_small_differences,
)
from survey.statistics.finite_population import GroupPopulation, QuestionPopulation
from survey.statistics.group_members import group_label, members_of
from survey.statistics.hypotheses import adjust_hypotheses, first_of_complements, numbered
from survey.statistics.indicators import YesNo, group_table, own_part, pair_tables
from survey.statistics.intervals import difference_interval
from survey.statistics.weighted import ShareSums, is_target
from survey.statistics.weighted_comparisons import compare_weighted_groups
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def complement_table(crossing: Crossing, interval: str) -> "pd.DataFrame":
    """The rows of `compare="complement"`, adjusted over the table."""
    import numpy as np

    counts, stub, banner, lang = crossing.counts, crossing.stub, crossing.banner, crossing.lang
    inside, outside = _group_sums(crossing)
    finite, whole = crossing.finite, None
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
            sizes = _populations(crossing, whole, group.id, cell)
            sides = inside[place, at], outside[place, at]
            ids = {"stub": stub.id, "stub_code": part.id, "stub_label": part.said(lang)}
            ids |= {"banner": banner.id, "banner_code": group.id}
            rows.append(
                {
                    **ids,
                    "banner_label": group_label(group, crossing.only, lang),
                    **_against_complement(crossing, *sides, sizes),
                    **blank,
                }
            )
    adjust_hypotheses(rows, hypotheses, row_name, lang)
    for row, number in zip(rows, numbered(hypotheses, [row_ids(row) for row in rows]), strict=True):
        row["hypothesis"] = number
    numbers = [size for size, _ in conclude(crossing, rows, hypotheses, sides=1)]
    frame = contract_frame("crosstab", rows)
    shown = inside.flat()
    frame["proportion"] = shown.proportion
    low, high = shown.limits(interval, crossing.confidence, population=numbers if finite else None)
    is_set = np.repeat(targets, len(banner.groups))
    frame["ci_low"], frame["ci_high"] = np.where(is_set, np.nan, (low, high))
    for name in ("difference", "difference_low", "difference_high", "p_value", "p_adjusted"):
        frame[name] = frame[name].astype(float)
    return with_small_differences(crossing, frame)


def _populations(
    crossing: Crossing, whole: QuestionPopulation | None, group: str, cell: list[int]
) -> tuple[GroupPopulation, GroupPopulation] | None:
    """How many there are in a group and outside it; None where nobody said how many there are."""
    finite = crossing.finite
    if finite is None or whole is None:
        return None
    _, base, _, other_base = cell
    answered, names = base + other_base, (crossing.stub.id, crossing.banner.id)
    return (
        finite.of_group(whole, group, base, answered, *names),
        finite.outside_group(whole, group, other_base, answered, *names),
    )


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


def _against_complement(
    crossing: Crossing,
    group: ShareSums,
    rest: ShareSums,
    populations: tuple[GroupPopulation, GroupPopulation] | None,
) -> dict[str, object]:
    """Compare one group with its complement: difference, interval, test, and why there is no test."""
    n, base, other_n, other_base = (int(part) for part in (group.n, group.base, rest.n, rest.base))
    confidence, min_base, lang = crossing.confidence, crossing.min_base, crossing.lang
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
        comparison |= exact_comparison(n, base, other_n, other_base, crossing.test, lang)
    return comparison


def _group_counts(
    counts: Counts, stub: Question, banner: Question, top: int | None, only: str | None
) -> tuple[Any, Any, Any, Any]:
    """Yes and base inside each group, yes and base outside it: four tables of parts x groups."""
    yes, no, other_yes, other_no = _group_answers(counts, stub, banner, top, only)
    return yes, yes + no, other_yes, other_yes + other_no


def _group_sums(crossing: Crossing) -> tuple[ShareSums, ShareSums]:
    """The shares inside each group, and outside it: parts x groups."""
    counts = crossing.counts
    asked = counts, crossing.stub, crossing.banner, crossing.top, crossing.only
    measures = MEASURES if counts.weighted else MEASURES[:1]
    tables = {name: _group_answers(*asked, name) for name in measures}
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
