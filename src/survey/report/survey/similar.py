"""Equivalence in the report: which shares are the same within a margin, and what is said of it."""

from typing import TYPE_CHECKING

from survey.document import Column, Key, Sentence
from survey.instrument import Question
from survey.result_ids import IDS
from survey.statistics.equivalence import EQUIVALENT, NEGLIGIBLE, points

if TYPE_CHECKING:
    import pandas as pd

    from survey.report.survey.context import SurveyContext


def compared(context: "SurveyContext", banner: Question, stubs: list[Question]) -> "pd.DataFrame":
    """The cells of cross-tabs that have a verdict, one for each hypothesis."""
    import pandas as pd

    frames = [context.crosstab(stub, banner) for stub in stubs]
    frames = [frame[frame["verdict"] != ""].drop_duplicates("hypothesis") for frame in frames]
    return pd.concat(frames, ignore_index=True)


def similar_sentence(
    context: "SurveyContext", banner: Question, stubs: list[Question], alike: str
) -> Sentence:
    """That no group differs: the same within the margin where every comparison shows it, else not found.

    `alike` is the message where nobody asked for a margin: `title_groups_alike` or `finding_groups_alike`.
    """
    cells = compared(context, banner, stubs)
    same = int(cells["verdict"].isin((EQUIVALENT, NEGLIGIBLE)).sum())
    key = alike.replace("alike", "same" if same == len(cells) else "open")
    keys = [Key("sentence", ("cross", stub.id), "value") for stub in stubs] + _keys(cells)
    return context.sentence(
        key, *keys, noun=banner.group_noun(context.lang), **_values(context, stubs, cells)
    )


def similar_count(context: "SurveyContext", banner: Question, stubs: list[Question]) -> Sentence:
    """How many comparisons are the same within the margin; no keys where nobody asked, or none is."""
    if context.equivalent_within is None or not stubs:
        return Sentence("")
    cells = compared(context, banner, stubs)
    values = _values(context, stubs, cells)
    return (
        context.sentence("finding_groups_within", *_keys(cells), **values) if values["same"] else Sentence("")
    )


def _keys(cells: "pd.DataFrame") -> list[Key]:
    """The tests that say whether cells are the same."""
    ids = zip(*(cells[name].astype(str) for name in IDS["crosstab"]), strict=True)
    return [Key("crosstab", tuple(row), "p_equivalence") for row in ids]


def _values(context: "SurveyContext", stubs: list[Question], cells: "pd.DataFrame") -> dict[str, object]:
    return {
        "questions": len(stubs),
        "same": int(cells["verdict"].isin((EQUIVALENT, NEGLIGIBLE)).sum()),
        "all": len(cells),
        "within": points(context.equivalent_within or 0.0),
    }


def verdict_text(context: "SurveyContext", verdict: object) -> str:
    """A verdict in words; nothing where there is none."""
    return context.say(f"verdict_{verdict}") if isinstance(verdict, str) and verdict else ""


def equivalence_columns(context: "SurveyContext") -> list[Column]:
    """The columns of the table of tests; none where nobody asked."""
    if context.equivalent_within is None:
        return []
    heading = context.say("col_equivalence")
    return [context.column("verdict_label", heading=heading), context.column("p_equivalence", "p")]


def equivalence_notes(context: "SurveyContext") -> tuple[int, ...]:
    """The note on what the same means; none where nobody asked."""
    if context.equivalent_within is None:
        return ()
    alpha = 1 - context.confidence
    return context.footnotes(
        "same_within",
        within=points(context.equivalent_within),
        alpha=f"{100 * alpha:.3g}",
        level=f"{100 * (1 - 2 * alpha):.3g}",
    )
