"""The marks of results of reconstructed data in words.

A mark is fixed (the published figures give one value), bounded (a range over made-up data sets with these
figures, and where there is one the range that was proved for all of them) or open.
"""

from typing import TYPE_CHECKING

from survey.ingest.provenance import BOUNDED, Mark
from survey.messages import message
from survey.messages.number_forms import Value, with_percent_sign
from survey.rounding import printed_p, printed_range

if TYPE_CHECKING:
    from survey.document import Form

# How each measure is written.
FORMS: "dict[str, Form]" = {
    **dict.fromkeys(("proportion", "share_of_mentions", "share"), "share"),
    **dict.fromkeys(("difference", "marginal"), "points"),
    **dict.fromkeys(("p_value", "p_adjusted"), "p"),
    **dict.fromkeys(("base", "n", "n_first", "n_yes", "reach", "rank", "rank_low", "rank_high"), "count"),
    **dict.fromkeys(("ticked_nothing", "value"), "count"),
    **dict.fromkeys(
        ("mean", "sd", "median", "statistic", "effect", "phi", "correlation", "mean_mentions"), "number"
    ),
    **dict.fromkeys(("odds_ratio",), "number"),
    **dict.fromkeys(("smallest_difference", "margin", "exact_power", "first_step_power"), "share"),
    **dict.fromkeys(("chosen_first",), "share"),
    **dict.fromkeys(("marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high"), "count"),
    **dict.fromkeys(("needed_base",), "count"),
}


def mark_text(mark: Mark, form: "Form", lang: str) -> str:
    """The range as a reader sees it; of a fixed or open result the word."""
    if mark.verdict != BOUNDED:
        return message(f"margins_{mark.verdict}", lang)
    draws = range_text(form, *mark.draws, lang) if mark.draws else ""
    proved = range_text(form, *mark.proved, lang) if mark.proved else ""
    if not proved:
        return message("margins_draws", lang, range=draws) if draws else message("margins_open", lang)
    if not draws or draws == proved:
        return proved
    return message("margins_proved_draws", lang, proved=proved, range=draws)


def range_text(form: "Form", low: float, high: float, lang: str = "en") -> str:
    """Write a range as a reader sees it: people, percentages, points, p-values or numbers."""
    if form == "p":
        return printed_range(printed_p(low), printed_p(high))
    text = printed_range(*(format(Value(end, lang), _NUMBERS[form]) for end in (low, high)))
    return with_percent_sign(text, lang) if form == "share" else text


_NUMBERS = {
    "count": ".0f",
    "share": ".1p",
    "points": "+.1p",
    "number": ".2f",
}
