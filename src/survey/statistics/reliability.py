"""How well the items of a battery hang together."""

from typing import TYPE_CHECKING

from survey.ingest import Responses
from survey.messages import message
from survey.statistics.comparisons import untested_if_low
from survey.statistics.indicators import asked_parts, battery_of, complete_answers, ratings
from survey.statistics.intervals import check_confidence, check_min_base
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd


def reliability(
    responses: Responses,
    battery: str | None = None,
    *,
    confidence: float = 0.95,
    min_base: int = 1,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row, `cronbach_alpha`: the coefficient in `statistic`, Feldt's interval in `ci_low`, `ci_high`.

    Base: the respondents who rated every item that was asked. Six lines of arithmetic here rather than
    `pingouin.cronbach_alpha`, whose import takes longer than a whole report; the tests compare the two.

    Raises
    ------
    UsageError
        No such rating battery; a confidence outside (0, 1).

    References
    ----------
    Cronbach, L. J. (1951), Psychometrika 16, 297-334. Feldt, L. S., Woodruff, D. J. & Salih, F. A. (1987),
    Applied Psychological Measurement 11, 93-103.
    """
    from scipy.stats import f

    check_confidence(confidence)
    check_min_base(min_base)
    question = battery_of(responses, battery)
    answers = ratings(responses, question)
    items, absent = asked_parts(question, answers)
    complete = complete_answers(answers, items)
    base, k = complete.shape
    nan = float("nan")
    row: dict[str, object] = {
        "question": question.id,
        "by": "items",
        "test": "cronbach_alpha",
        **dict.fromkeys(("statistic", "df", "p_value", "p_adjusted", "effect", "ci_low", "ci_high"), nan),
        "effect_name": "",
        "base": base,
        "note": "",
    }
    notes = []
    if k < 2 or base < 2:
        notes.append(message("note_too_few_items" if k < 2 else "note_too_few", lang))
    elif not (total := complete.sum(axis=1).var(ddof=1)):
        notes.append(message("note_same_total", lang))
    else:
        alpha = k / (k - 1) * (1 - complete.var(axis=0, ddof=1).sum() / total)
        tail, df1, df2 = (1 - confidence) / 2, base - 1, (base - 1) * (k - 1)
        row["statistic"] = float(alpha)
        row["ci_low"] = float(1 - (1 - alpha) * f.isf(tail, df1, df2))
        row["ci_high"] = float(1 - (1 - alpha) * f.ppf(tail, df1, df2))
    if absent:
        notes.append(message("note_items_absent", lang, items=", ".join(item.id for item in absent)))
    row["note"] = " ".join(notes)
    return contract_frame("test", [untested_if_low(row, min_base, lang)])
