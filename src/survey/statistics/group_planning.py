"""What the groups of a banner can show beside their complements, and the samples they need."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from survey.instrument import Question
from survey.instrument.kinds import kinds_with
from survey.messages import message
from survey.statistics.complement_tables import tested_hypotheses
from survey.statistics.finite_population import UNKNOWN
from survey.statistics.indicators import share_sums, shares
from survey.statistics.planning_formulas import group_powers, needed_base, smallest_difference
from survey.statistics.planning_rows import (
    Planning,
    as_unequal,
    census_rows,
    columns_of_weight,
    low_power,
    margin_columns,
    no_difference,
    planning_row,
    weighted_margin,
)
from survey.statistics.weighted import ShareSums
from survey.tables import remarks

_CROSSED = kinds_with(shares=True)


def group_rows(plan: Planning, question: Question, stubs: Sequence[Question]) -> list[dict[str, Any]]:
    """The rows of the groups of a banner, that is crossed with some questions."""
    counts, finite, z, lang = plan.counts, plan.finite, plan.z, plan.lang
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
        row = {"group": group.id, "base": base, "other_base": other, **margin_columns(plan, base, whole)}
        own = row.get("reason", ""), row.get("note", "")
        if base and other:
            row["smallest_difference"] = smallest_difference(base, other, z, plan.z_power)
            if row["smallest_difference"] != row["smallest_difference"]:
                row |= no_difference(lang)
            else:
                row |= group_powers(base, other, row["smallest_difference"], z, max(1, hypotheses), lang)
        elif base:
            row |= remarks(("no_complement", message("note_no_complement", lang)))
        if whole is not None and base:
            row |= remarks(
                (row["reason"], row["note"]) if row["reason"] != own[0] else ("", ""), own, lang=lang
            )
        rows.append(planning_row("group", question.id, **row))
        for margin in plan.margins if base else ():
            needed = ceil(round(needed_base(margin, z, size) * (base + other) / base, 9))
            if finite is not None and finite.everyone is not None:
                needed = min(needed, finite.everyone)
            rows.append(
                planning_row("sample", question.id, group=group.id, margin=margin, needed_base=needed)
            )
        rows += census_rows(plan, whole or UNKNOWN, question.id, group.id)
    return rows


def weighted_group_rows(plan: Planning, question: Question) -> list[dict[str, Any]]:
    """The rows of the groups of a banner, of weighted respondents."""
    groups = zip(question.options, share_sums(plan.counts, question), strict=True)
    return [
        row
        for group, sums in groups
        if group in question.groups
        for row in _weighted_group_rows(plan, (question.id, group.id), sums)
    ]


def _weighted_group_rows(plan: Planning, names: tuple[str, str], sums: ShareSums) -> list[dict[str, Any]]:
    """A weighted group and the samples it needs; exact tests have no weighted form, and so no power."""
    lang = plan.lang
    base, other = int(sums.n), int(sums.base - sums.n)
    columns = {
        **columns_of_weight(sums.yes, sums.yes_squares),
        **columns_of_weight(sums.no, sums.no_squares, "other_"),
    }
    sizes = columns["effective_base"], columns["other_effective_base"]
    row = planning_row("group", names[0], group=names[1], base=base, other_base=other, **columns)
    if not base:
        return [row | remarks(("no_answer", message("note_no_answers", lang)))]
    row |= weighted_margin(plan, sizes[0])
    if not sizes[0]:
        return [row]
    if sizes[1]:
        row["smallest_difference"] = smallest_difference(*sizes, plan.z, plan.z_power)
        if row["smallest_difference"] != row["smallest_difference"]:
            row |= remarks((row["reason"], row["note"]), low_power(lang), lang=lang)
    else:
        alone = ("no_complement", message("note_no_complement", lang))
        row |= remarks((row["reason"], row["note"]), alone, lang=lang)
    remark = as_unequal(plan)
    needed = [needed_base(margin, plan.z, deff=(base + other) / sizes[0]) for margin in plan.margins]
    return [
        row,
        *(
            planning_row("sample", names[0], group=names[1], margin=margin, needed_base=size, **remark)
            for margin, size in zip(plan.margins, needed, strict=True)
        ),
    ]
