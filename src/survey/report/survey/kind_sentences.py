"""What is said of a kind of question that has no shares: one sentence for the summary."""

from collections.abc import Callable

from survey.document import Key, Sentence
from survey.instrument import Question
from survey.messages import enumerated
from survey.report.survey.context import SurveyContext
from survey.rounding import printed_range

_MOST_NAMED = 3  # options in a sentence


Ends = Callable[[SurveyContext, float, float], str]


def percent_ends(context: SurveyContext, low: float, high: float) -> str:
    """Both ends of an interval, in per cent."""
    return context.interval(low, high)


def point_ends(context: SurveyContext, low: float, high: float) -> str:
    """Both ends in points."""
    return (
        "" if low != low or high != high else context.say("range_of_points", low=100 * low, high=100 * high)
    )


def number_ends(context: SurveyContext, low: float, high: float) -> str:
    """Both ends with two decimals."""
    return "" if low != low or high != high else printed_range(f"{low:.2f}", f"{high:.2f}")


CI = ("ci_low", "ci_high")


def score_sentence(context: SurveyContext, question: Question) -> Sentence | None:
    """The net score with its interval, and the shares that it is the difference of."""
    row = context.summary(question, None).iloc[0]
    if not row["base"]:
        return None
    keys = [Key("net_promoter", (question.id, "", ""), name) for name in ("score", "promoters", "detractors")]
    base = row["weighted_base"]
    values = {
        name: context.percent_of({"weighted_n": row[name] * base, "weighted_base": base})
        for name in ("promoters", "detractors")
    }
    ends = point_ends(context, row["ci_low"], row["ci_high"])
    return context.sentence(
        "finding_net_promoter",
        *keys,
        question=question.named(context.lang),
        score=100 * row["score"],
        level=context.percent_level,
        interval=ends,
        base=int(row["base"]),
        **values,
    )


def option_sentence(context: SurveyContext, question: Question, *, measure: str) -> Sentence | None:
    """The options with the highest shares of a measure."""
    table = context.summary(question, None)
    table = table[table[measure].astype(float).fillna(0) > 0]
    table = table.sort_values(measure, ascending=False, kind="stable").head(_MOST_NAMED)
    if table.empty:
        return None
    contract = context.summary_contract(question)
    keys = [Key(contract, (question.id, code, "", ""), measure) for code in table["code"]]
    parts = [
        context.say("share_of_name", name=context.brief(question, code), share=f"{int(100 * share + 0.5)}%")
        for code, share in zip(table["code"], table[measure].astype(float), strict=True)
    ]
    named = question.named(context.lang)
    return context.sentence(
        f"finding_{contract}", *keys, question=named, parts=enumerated(parts, context.lang)
    )
