"""Rows of the contract of tests: blank, untested, or with too few to test."""

from typing import Any

from survey.instrument import Question
from survey.messages import message
from survey.tables import remarks

UNTESTED = dict.fromkeys(("statistic", "df", "p_value", "effect", "ci_low", "ci_high"), float("nan"))


def untested_if_low(row: dict[str, Any], min_base: int, lang: str) -> dict[str, Any]:
    """Take the numbers out of a row of the test contract whose base is below the minimum, and say so.

    Of a weighted row that is the effective base.
    """
    if row.get("effective_base", row["base"]) >= min_base or not row["base"]:
        return row
    note = message("note_low_base", lang, base=row["base"], minimum=min_base)
    if "effective_base" in row:
        effective = f"{row['effective_base']:.1f}"
        note = message("note_low_effective", lang, effective=effective, minimum=min_base)
    return {**row, **UNTESTED, **remarks(("small_base untested", note))}


def test_row(question: Question, test: str, base: int, **values: Any) -> dict[str, Any]:
    """A row of the test contract: blank but for what is given."""
    names = ("statistic", "df", "p_value", "p_adjusted", "effect", "ci_low", "ci_high", "p_equivalence")
    texts = ("item", "other_item", "by", "group", "other_group", "effect_name", "verdict", "reason", "note")
    return {
        **{"question": question.id, "test": test, "base": base},
        **dict.fromkeys(names, float("nan")),
        **dict.fromkeys(texts, ""),
        **values,
    }


def too_few(items: int, lang: str) -> dict[str, str]:
    """The remark that something needs two items, or more complete answers."""
    if items < 2:
        return remarks(("too_few_items not_computed", message("note_too_few_items", lang)))
    return remarks(("too_few_answers not_computed", message("note_too_few", lang)))
