"""What the margins say of each result of a report of reconstructed data: stored with the data, read, worded.

A mark is fixed (the published figures give one value), bounded (a range over made-up data sets with these
figures, and where there is one the range that was proved for all of them) or open.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey.ingest.responses import MARK
from survey.messages import message

if TYPE_CHECKING:
    from survey.document import Form

FIXED, BOUNDED, OPEN = "fixed", "bounded", "open"
_LETTERS = {"f": FIXED, "b": BOUNDED, "o": OPEN}

_NOTHING = "none"  # no number was there to be marked

Ends = tuple[float, float]

# How each measure is written; those of SETTINGS change with the confidence level or the minimum base.
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
SETTINGS = frozenset(
    (
        *("rank_low", "rank_high", "marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high"),
        *("p_adjusted", "margin", "smallest_difference", "needed_base", "value"),
    )
)


@dataclass(frozen=True)
class Mark:
    """The verdict on one result, its range over the draws, and the proved one."""

    verdict: str
    draws: Ends | None = None
    proved: Ends | None = None

    def encoded(self) -> str:
        """Write it as a few words: "b 0.31 0.42 0.3 0.5"; a blank range is a dash."""
        ends = [*_written(self.draws), *_written(self.proved)] if self.verdict == BOUNDED else []
        return " ".join([self.verdict[0], *ends])

    def bracket(self, form: "Form", lang: str) -> str:
        """The mark inside another text: nothing of what is fixed, [open], or [r] with the range."""
        if self.verdict == FIXED:
            return ""
        if self.verdict == OPEN or not (self.proved or self.draws):
            return f"[{message('margins_open', lang)}]"
        told = range_text(form, *self.proved) if self.proved else self.text(form, lang)
        return f"[r {told}]"

    def text(self, form: "Form", lang: str) -> str:
        """The range as a reader sees it; of a fixed or open result the word."""
        if self.verdict != BOUNDED:
            return message(f"margins_{self.verdict}", lang)
        draws = range_text(form, *self.draws) if self.draws else ""
        proved = range_text(form, *self.proved) if self.proved else ""
        if not proved:
            return message("margins_draws", lang, range=draws) if draws else message("margins_open", lang)
        if not draws or draws == proved:
            return proved
        return message("margins_proved_draws", lang, proved=proved, range=draws)


def _written(ends: Ends | None) -> list[str]:
    return [f"{end:.6g}" for end in ends] if ends else ["-", "-"]


def decoded(text: str) -> Mark:
    """Read one mark; `ValueError` or `KeyError` where it is none."""
    letter, *ends = text.split()
    if letter != "b":
        return Mark(_LETTERS[letter])
    low, high, least, most = ends
    return Mark(
        BOUNDED,
        None if low == "-" else (float(low), float(high)),
        None if least == "-" else (float(least), float(most)),
    )


def key_of(result: str, ids: Iterable[object]) -> str:
    """The key of a result in the store."""
    return f"{MARK}{result} {':'.join(map(str, ids))}"


def stored(marks: Mapping[str, Mapping[str, Mark]]) -> dict[str, str]:
    """Write marks (by key and measure) as entries of an origin: one for each result."""
    return {
        key: "; ".join(f"{measure} {mark.encoded()}" for measure, mark in found.items()) or _NOTHING
        for key, found in marks.items()
    }


def read_marks(origin: Mapping[str, str]) -> dict[str, dict[str, Mark]]:
    """Read the marks of an origin; an entry that cannot be read is left out."""
    marks: dict[str, dict[str, Mark]] = {}
    for key, text in origin.items():
        if not key.startswith(MARK):
            continue
        try:
            parts = (part.split(" ", 1) for part in text.split("; ") if part != _NOTHING)
            marks[key] = {measure: decoded(told) for measure, told in parts}
        except (ValueError, KeyError):
            continue
    return marks


def range_text(form: "Form", low: float, high: float) -> str:
    """Write a range as a reader sees it: people, percentages, points, p-values or numbers."""
    ends = [_NUMBERS[form](low), _NUMBERS[form](high)]
    text = ends[0] if ends[0] == ends[1] else f"{ends[0]}\N{EN DASH}{ends[1]}"
    return f"{text} %" if form == "share" else text


def _p(value: float) -> str:
    return "<.0001" if value < 0.0001 else f"{value:.4f}".removeprefix("0")


_NUMBERS = {
    "count": lambda value: f"{value:.0f}",
    "share": lambda value: f"{100 * value:.1f}",
    "points": lambda value: f"{100 * value:+.1f}",
    "number": lambda value: f"{value:.2f}",
    "p": _p,
}
