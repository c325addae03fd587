"""What stands in a row of a cross-tab whatever it is compared with: verdicts, populations, remarks."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.counts.row_counts import Counts
from survey.instrument import Question
from survey.messages import message
from survey.statistics.equivalence import Limits, fill_verdicts
from survey.statistics.fallbacks import LEAST_DIFFERENCE, is_small_difference, leads_with_effects
from survey.statistics.finite_population import FinitePopulation, uncorrected_test
from survey.statistics.weighted import target_remark
from survey.tables import has_reason, remarks

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Crossing:
    """Two crossed questions, and by what rules the groups of the second are compared."""

    counts: Counts
    stub: Question
    banner: Question
    top: int | None
    only: str | None
    test: str
    finite: FinitePopulation | None
    confidence: float
    min_base: int
    within: float | None
    lang: str


def conclude(
    crossing: Crossing, rows: list[dict[str, Any]], hypotheses: list[Hashable], *, sides: int
) -> list[tuple[float, float]]:
    """Fill the verdicts of a table and say what is to be said of its populations; give these.

    `sides`: of how many of the two groups of a row the share, or its population, is shown.
    """
    confidence, lang = crossing.confidence, crossing.lang
    limits: list[Limits | None] = []
    for row in rows:
        own = row.pop("limits")
        limits.append(own if _is_compared(row) else None)
    fill_verdicts(
        rows, limits, within=crossing.within, confidence=confidence, hypotheses=hypotheses, lang=lang
    )
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


def with_small_differences(crossing: Crossing, frame: "pd.DataFrame") -> "pd.DataFrame":
    """Say of differences that are significant for the number of respondents alone that they are small."""
    respondents, lang = len(crossing.counts), crossing.lang
    if not leads_with_effects(respondents):
        return frame
    for at in frame.index[frame["p_adjusted"] < 1 - crossing.confidence]:
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


def row_name(row: dict[str, Any]) -> str:
    """A row of a cross-tab in a note: its answer, and its group or groups."""
    return " · ".join(filter(None, (row["stub_label"], row["banner_label"], row.get("other_label"))))


def row_ids(row: dict[str, Any]) -> tuple[str, ...]:
    """The ids of a row of a cross-tab, those of two groups in a fixed order."""
    return row["stub_code"], *sorted(row[name] for name in ("banner_code", "other_code") if name in row)
