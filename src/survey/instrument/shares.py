"""What a share counts: who chose an option, or rated an item with one point or one of the uppermost."""

import re
from dataclasses import dataclass
from typing import Literal

from survey.instrument.model import Instrument
from survey.instrument.question import Question


@dataclass(frozen=True)
class Statistic:
    """What a number of respondents counts; as text the word that findings files have for it.

    `number` is the point of a "rated", or how many of the uppermost points a "top_box" has.

    >>> Statistic.parse("top_2_box"), str(Statistic("rated", 4))
    (Statistic(kind='top_box', number=2), 'share_rated_4')
    """

    kind: Literal["respondents", "selecting", "rated", "top_box"]
    number: int = 0

    def __str__(self) -> str:
        """The word for it."""
        return _WORDS[self.kind].format(self.number)

    @classmethod
    def parse(cls, word: str) -> "Statistic | None":
        """The statistic that a word means; None where there is none."""
        if word in (str(RESPONDENTS), str(SELECTING)):
            return RESPONDENTS if word == str(RESPONDENTS) else SELECTING
        if rated := _RATED.fullmatch(word):
            return cls("rated", int(rated[1]))
        top = _TOP_BOX.fullmatch(word)
        return cls("top_box", int(top[1])) if top else None


_WORDS = {
    "respondents": "respondents",
    "selecting": "share_selecting",
    "rated": "share_rated_{}",
    "top_box": "top_{}_box",
}
_RATED = re.compile(r"share_rated_(0|-?[1-9][0-9]*)")
_TOP_BOX = re.compile(r"top_([1-9][0-9]*)_box")

RESPONDENTS, SELECTING = Statistic("respondents"), Statistic("selecting")


def known_statistics(instrument: Instrument, question: Question) -> tuple[Statistic, ...]:
    """List what a share of this question may count."""
    if not question.traits.shares:
        return ()
    if question.kind != "rating":
        return (SELECTING,)
    points = instrument.scale_of(question).values
    boxes = (Statistic("top_box", upper) for upper in range(1, len(points)))
    return (*(Statistic("rated", point) for point in points if isinstance(point, int)), *boxes)


def shown_share(instrument: Instrument, question: Question) -> Statistic:
    """What tables show of a question: the top box of its scale, or who chose."""
    if question.kind != "rating":
        return SELECTING
    return Statistic("top_box", instrument.scale_of(question).top)
