"""Every question as yes/no columns: the common ground of shares, cross-tabs and paired tests."""

from typing import TYPE_CHECKING, Any

from survey.errors import usage
from survey.ingest import Responses
from survey.instrument import Option, Question

if TYPE_CHECKING:
    import pandas as pd


def indicators(responses: Responses, question: Question, *, top: int | None = None) -> "pd.DataFrame":
    """One row per respondent, one column per option or item, 1.0 for yes, 0.0 for no, nan for no answer.

    A single question gives one column per option; a select-all question its options; a rating battery its
    items, yes being one of the `top` highest points (the scale's own top box where None).
    """
    import numpy as np
    import pandas as pd

    if question.kind == "single":
        answers = responses.data[question.id]
        yes = {option.id: (answers == option.id).astype(float) for option in question.options}
        return pd.DataFrame(yes, index=answers.index).mask(answers.isna())
    values = ratings(responses, question)
    if question.kind == "rating":
        points = responses.instrument.scale_of(question).values
        threshold = points[-top_points(responses, question, top)]
        numbers = values.to_numpy()
        values[:] = np.where(np.isnan(numbers), np.nan, numbers >= threshold)
    return values


def top_points(responses: Responses, question: Question, top: int | None) -> int:
    """How many points are the top box: as asked, else as the scale says. Raises `UsageError` if too many."""
    scale = responses.instrument.scale_of(question)
    if top is None:
        return scale.top
    if not isinstance(top, int) or not 1 <= top < len(scale.points):
        raise usage("top_outside_scale", top=top, points=len(scale.points))
    return top


def ratings(responses: Responses, question: Question) -> "pd.DataFrame":
    """One row per respondent, one float column per item of a battery (or option); nan for no answer."""
    import numpy as np
    import pandas as pd

    data = responses.data
    values = np.empty((len(data), len(question.parts)))
    for place, column in enumerate(question.answer_columns):
        values[:, place] = data[column].to_numpy(dtype=float, na_value=np.nan)
    return pd.DataFrame(values, index=data.index, columns=[part.id for part in question.parts])


def battery_of(responses: Responses, battery: str | None, *kinds: str) -> Question:
    """The battery that is meant: the one named, else the default. `UsageError` if there is none."""
    wanted = battery or responses.instrument.defaults.battery
    if wanted is None:
        raise usage("no_battery", instrument=responses.instrument.reference)
    return responses.instrument.question(wanted, *(kinds or ("rating",)))


def banner_of(responses: Responses, banner: str | None) -> Question:
    """The banner that is meant: the one named, else the default. `UsageError` if there is none."""
    wanted = banner or responses.instrument.defaults.banner
    if wanted is None:
        raise usage("no_banner", instrument=responses.instrument.reference)
    return responses.instrument.question(wanted, "single", "multiple")


def complete_answers(frame: "pd.DataFrame", parts: list[Option]) -> Any:
    """One row per respondent who answered every one of `parts`, as an array; no row without parts."""
    rows = frame[[part.id for part in parts]].dropna()
    return rows.to_numpy() if parts else rows.to_numpy()[:0]


def asked_parts(question: Question, frame: "pd.DataFrame") -> tuple[list[Option], list[Option]]:
    """Split the parts of a question into those anybody answered and those nobody did."""
    answered = [part for part in question.parts if frame[part.id].notna().any()]
    return answered, [part for part in question.parts if part not in answered]
