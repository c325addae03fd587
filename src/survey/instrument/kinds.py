"""The kinds of questions, and the traits by which every room treats them.

A new kind is a line in `KINDS`. Rooms ask for a trait ("has it a column per part?", "what does a cell hold?")
or look a kind up in a table of their own; they do not list kinds. What a kind needs that no other has stands
in one module of the room: how its cells are read, what is computed of it, which table shows that.
"""

from dataclasses import dataclass
from typing import Literal

QuestionKind = Literal[
    "single", "multiple", "rating", "number", "text", "ranking", "nps", "constant_sum", "date"
]  # fmt: skip

# What one cell of a column of answers holds: the id of an option; whether an option was ticked; one of a few
# whole numbers; any number; a day; words.
Cells = Literal["option", "tick", "point", "number", "date", "text"]


@dataclass(frozen=True)
class Kind:
    """The traits of one kind of question.

    Attributes
    ----------
    cells
        What a cell of a column of its answers holds.
    parts
        What its schema lists below it; "" where nothing.
    split
        Whether every part has a column of answers; else the question has one.
    shares
        Whether its options or items have shares of respondents: frequencies, cross-tabs, tests of groups.
    joined
        Whether all of them may stand in one cell, though they have columns of their own.
    banner
        Whether its options may be the groups of tables.
    """

    name: QuestionKind
    cells: Cells
    parts: Literal["", "options", "items"] = ""
    split: bool = False
    shares: bool = False
    joined: bool = False
    banner: bool = False

    @property
    def ordered(self) -> bool:
        """Whether answers may be compared by more and less."""
        return self.cells in ("point", "number", "date")

    @property
    def measured(self) -> bool:
        """Whether answers are kept as quantities, of which any may occur: there is no list of codes."""
        return self.cells in ("number", "date")


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("single", "option", "options", shares=True, banner=True),
        Kind("multiple", "tick", "options", split=True, shares=True, joined=True, banner=True),
        Kind("rating", "point", "items", split=True, shares=True),
        Kind("number", "number"),
        Kind("text", "text"),
        Kind("ranking", "point", "options", split=True, joined=True),
        Kind("nps", "point"),
        Kind("constant_sum", "number", "options", split=True),
        Kind("date", "date"),
    )
}


def kinds_with(**traits: object) -> tuple[str, ...]:
    """The names of the kinds that have all of some traits, in the order of the table."""
    return tuple(
        name
        for name, kind in KINDS.items()
        if all(getattr(kind, trait) == value for trait, value in traits.items())
    )
