"""Number questions: location and spread, for all and for each group of the banner."""

from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.ingest import ResponsesLike, responses_of
from survey.messages import message
from survey.statistics.intervals import check_confidence
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def number_summary(
    data: ResponsesLike,
    question: str,
    *,
    banner: str | None = None,
    confidence: float = 0.95,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row for all respondents, then one per group of the banner: mean, median, spread of a number.

    Groups of a select-all banner may overlap; no test is made between them. Quartiles interpolate linearly
    between order statistics (type 7 of Hyndman & Fan 1996). An empty group is a row with base 0.

    Parameters
    ----------
    data
        Responses, or the path of a file of responses.
    question
        A number question.
    banner
        A single or select-all question; only the total where None.
    confidence
        Level of the t interval of the mean.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    no_answer, too_few_answers, no_interval.

    Raises
    ------
    UsageError
        An unknown question or one of another kind, or a confidence outside 0 to 1.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> question = {"id": "spent", "kind": "number", "short": {"en": "Spent"}, "text": {"en": "How much?"}}
    >>> schema = {"kind": "survey", "id": "trip", "version": "1.0.0", "languages": ["en"]}
    >>> schema |= {"title": {"en": "Trip"}, "questions": [question]}
    >>> trip = survey.Instrument.model_validate(schema, strict=False)
    >>> responses = survey.from_frame(pd.DataFrame({"spent": [10, 20, 60]}), trip)
    >>> survey.number_summary(responses, "spent")[["base", "mean", "median"]].values.tolist()
    [[3.0, 30.0, 20.0]]
    """
    check_confidence(confidence)
    responses = responses_of(data)
    check_lang(lang, *responses.instrument.languages)
    asked = responses.instrument.question(question, "number")
    answers = responses.data[asked.id]
    groups: list[tuple[str, str, Any]] = [("", message("col_total", lang), answers.notna())]
    if banner:
        by = responses.instrument.question(banner, "single", "multiple")
        for option in by.groups:
            if by.kind == "single":
                inside = (responses.data[by.id] == option.id).fillna(False)
            else:
                inside = responses.data[f"{by.id}__{option.id}"].fillna(False)
            groups.append((option.id, option.said(lang), inside.astype(bool)))
    rows = []
    for code, label, inside in groups:
        values = answers[inside].dropna().astype(float)
        row = {"question": asked.id, "banner": banner or "", "banner_code": code, "banner_label": label}
        rows.append(row | _described(values, confidence, lang))
    return contract_frame("number", rows)


def _described(values: "pd.Series[float]", confidence: float, lang: str) -> dict[str, Any]:
    base = len(values)
    summary: dict[str, Any] = {"base": base}
    if not base:
        return summary | remarks(("no_answer", message("number_nobody", lang)))
    summary |= {
        "mean": float(values.mean()),
        "median": float(values.median()),
        "q1": float(values.quantile(0.25)),
        "q3": float(values.quantile(0.75)),
        "minimum": float(values.min()),
        "maximum": float(values.max()),
    }
    if base < 2:
        return summary | remarks(("too_few_answers no_interval", message("note_one_answer", lang)))
    from scipy.special import stdtrit

    spread = float(values.std(ddof=1))
    half = float(stdtrit(base - 1, (1 + confidence) / 2)) * spread / base**0.5
    return summary | {"sd": spread, "ci_low": summary["mean"] - half, "ci_high": summary["mean"] + half}
