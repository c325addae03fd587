"""The marks of results of reconstructed data in words.

A mark is fixed (the published figures give one value), bounded (a range over made-up data sets with these
figures, and where there is one the range that was proved for all of them) or open.
"""

from typing import TYPE_CHECKING

from survey.ingest.provenance import BOUNDED, Mark
from survey.messages import message
from survey.rounding import printed_p, printed_range

if TYPE_CHECKING:
    from survey.document import Form

# How each measure is written.
FORMS: "dict[str, Form]" = {
    **dict.fromkeys(("proportion", "share_of_mentions", "share"), "share"),
    **dict.fromkeys(("difference",), "points"),
    **dict.fromkeys(("p_value", "p_adjusted"), "p"),
    **dict.fromkeys(("base", "n", "rank", "rank_low", "rank_high", "ticked_nothing", "value"), "count"),
    **dict.fromkeys(("mean", "sd", "median", "statistic", "effect", "phi", "mean_mentions"), "number"),
    **dict.fromkeys(("smallest_difference", "margin"), "share"),
    **dict.fromkeys(("marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high"), "count"),
    **dict.fromkeys(("needed_base",), "count"),
}


def mark_text(mark: Mark, form: "Form", lang: str) -> str:
    """The range as a reader sees it; of a fixed or open result the word."""
    if mark.verdict != BOUNDED:
        return message(f"margins_{mark.verdict}", lang)
    draws = range_text(form, *mark.draws) if mark.draws else ""
    proved = range_text(form, *mark.proved) if mark.proved else ""
    if not proved:
        return message("margins_draws", lang, range=draws) if draws else message("margins_open", lang)
    if not draws or draws == proved:
        return proved
    return message("margins_proved_draws", lang, proved=proved, range=draws)


def range_text(form: "Form", low: float, high: float) -> str:
    """Write a range as a reader sees it: people, percentages, points, p-values or numbers."""
    ends = [_NUMBERS[form](low), _NUMBERS[form](high)]
    text = printed_range(*ends)
    return f"{text}%" if form == "share" else text


_NUMBERS = {
    "count": lambda value: f"{value:.0f}",
    "share": lambda value: f"{100 * value:.1f}",
    "points": lambda value: f"{100 * value:+.1f}",
    "number": lambda value: f"{value:.2f}",
    "p": printed_p,
}
