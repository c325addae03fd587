"""One row of the table of precision: its margins of error, what weights and a census make of it."""

from dataclasses import dataclass
from typing import Any

from survey.counts.row_counts import Counts
from survey.messages import message
from survey.statistics.finite_population import FinitePopulation, GroupPopulation
from survey.statistics.planning_formulas import margin_of_error
from survey.statistics.weighted import effective_base, no_weight
from survey.tables import WEIGHTED_COLUMNS, remarks


@dataclass(frozen=True)
class Planning:
    """The answers, and what is asked of a sample: `z` is the score of margins, `z_power` that of tests."""

    counts: Counts
    finite: FinitePopulation | None
    z: float
    z_power: float
    margins: tuple[float, ...]
    lang: str


def planning_row(what: str, question: str = "", **values: Any) -> dict[str, Any]:
    """A row of the table, blank but for `values`."""
    blank = {"item": "", "group": "", "base": None, "other_base": None, "margin": float("nan")}
    blank["population"] = None
    more = {"smallest_difference": float("nan"), "needed_base": None, "hypotheses": None}
    more |= dict.fromkeys(("exact_power", "first_step_power"), float("nan"))
    return {"what": what, "question": question, **blank, **more, **values}


def as_unequal(plan: Planning) -> dict[str, str]:
    """That a sample is one with weights as unequal as these."""
    deff = f"{len(plan.counts) / plan.counts.effective_base:.2f}"
    return dict(remarks(("effective_base", message("note_as_unequal", plan.lang, deff=deff))))


def columns_of_weight(weight: Any, squares: Any, side: str = "") -> dict[str, float]:
    """The columns of weights of a base."""
    sums = float(weight), float(weight), float(effective_base(weight, squares))
    return {side + name: value for name, value in zip(WEIGHTED_COLUMNS, sums, strict=True)}


def weighted_margin(plan: Planning, effective: float) -> dict[str, Any]:
    """The margin of error of a share of one half at the effective base."""
    if not effective:
        return dict(remarks(no_weight(plan.lang)))
    note = remarks(("effective_base", message("note_effective_base", plan.lang)))
    return {"margin": margin_of_error(effective, plan.z), **note}


def margin_columns(plan: Planning, base: int, whole: GroupPopulation | None) -> dict[str, Any]:
    """The margin of error of a share of one half, and the population that it knows."""
    if not base:
        return dict(remarks(("no_answer", message("note_no_answers", plan.lang))))
    if whole is None:
        return {"margin": margin_of_error(base, plan.z)}
    remark = remarks(*whole.remarks(plan.lang, exact=False), lang=plan.lang)
    return {"margin": margin_of_error(base, plan.z, whole.size), "population": whole.size, **remark}


def census_rows(plan: Planning, whole: GroupPopulation, question: str, group: str) -> list[dict[str, Any]]:
    """What asking the rest of a population would add; nothing where it is not known."""
    if whole.size is None or not whole.base:
        return []
    z, lang = plan.z, plan.lang
    left, margin = whole.size - whole.base, margin_of_error(whole.base, z, whole.size)
    half = (left + 1) // 2
    still = margin_of_error(whole.base + half, z, whole.size)
    values = {"left": left, "half": half, "margin": f"{100 * margin:.1f}", "still": f"{100 * still:.1f}"}
    key = "note_census" if left > 1 else "note_census_last" if left else "note_census_done"
    parts = [("census", message(key, lang, **values)), *whole.remarks(lang, exact=False)]
    numbers = {"base": whole.base, "other_base": left, "population": whole.size, "margin": margin}
    return [planning_row("census", question, group=group, **numbers, **remarks(*parts, lang=lang))]


def low_power(lang: str) -> tuple[str, str]:
    """That no difference is large enough to be found: code and sentence."""
    return "low_power", message("note_no_difference_found", lang)


def no_difference(lang: str) -> dict[str, str]:
    """The same as the columns of a row."""
    return remarks(low_power(lang))
