"""Cross-tabs of every group beside every other, with the letters of a banner table."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from survey.counts.row_counts import Counts
from survey.instrument import Question
from survey.statistics.column_comparisons import column_letters, compare_pairs
from survey.statistics.crosstab_cells import (
    Crossing,
    conclude,
    row_ids,
    row_name,
    same_item,
    target_cells,
    with_small_differences,
)
from survey.statistics.fallbacks import is_small_difference
from survey.statistics.finite_population import GroupPopulation
from survey.statistics.group_members import group_label, members_of
from survey.statistics.hypotheses import adjust_hypotheses, first_of_complements, numbered
from survey.statistics.indicators import YesNo, group_table, own_part
from survey.statistics.weighted import ShareSums, is_target
from survey.statistics.weighted_comparisons import compare_weighted_pairs
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd


def column_table(crossing: Crossing) -> "pd.DataFrame":
    """The rows of `compare="columns"`, adjusted over the table, with their letters."""
    counts, stub, banner, lang = crossing.counts, crossing.stub, crossing.banner, crossing.lang
    only, finite, confidence = crossing.only, crossing.finite, crossing.confidence
    layout = YesNo.of(counts.instrument, stub, top=crossing.top)
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

    how: dict[str, Any] = {"confidence": confidence, "min_base": crossing.min_base, "lang": lang}
    for place, part in enumerate(stub.parts):
        own = answers[place]
        if own.weighted:
            pairs = compare_weighted_pairs(own, member, groups, **how)
        else:
            pairs = compare_pairs(
                own.yes, own.no, member, groups, test=crossing.test, populations=populations, **how
            )
        blank = same_item(lang) if part.id == own_part(stub, banner) else {}
        blank = target_cells(stub, lang, "ci_low", "ci_high") if targets[place] else blank
        identity = {"stub": stub.id, "stub_code": part.id, "stub_label": part.said(lang), "banner": banner.id}
        rows += [{**identity, **pair, **blank, "letter": ""} for pair in pairs]
    for row in rows:
        row["banner_label"], row["other_label"] = labels[row["banner_code"]], labels[row["other_code"]]
    hypotheses = _pair_hypotheses(counts, stub, banner, rows)
    adjust_hypotheses(rows, hypotheses, row_name, lang)
    for row, number in zip(rows, numbered(hypotheses, [row_ids(row) for row in rows]), strict=True):
        row["hypothesis"] = number
        if row["p_adjusted"] < 1 - confidence and not is_small_difference(len(counts), row["difference"]):
            row["letter"] = letters[row["other_code"] if row["difference"] > 0 else row["banner_code"]]
    conclude(crossing, rows, hypotheses, sides=2)
    frame = contract_frame("columns", rows)
    for name in ("difference", "ci_low", "ci_high", "p_value", "p_adjusted"):
        frame[name] = frame[name].astype(float)
    return with_small_differences(crossing, frame)


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
