"""What can go wrong, each told by place, problem and remedy, all of it at once.

::

    SurveyError            carries problems: tuple[Problem, ...]
    ├── UsageError         the question put to the package is wrong (exit code 2)
    ├── InstrumentError    a schema file is wrong (1)
    ├── DataError          a file of responses is wrong (1)
    └── FindingsError      a file of published findings is wrong (1)

A `Problem` names a message of the catalogue (`messages/`) and the values that fill it, so that the
same error can be told in every language of the catalogue.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from survey.messages import message
from survey.messages.echoes import echoed, echoed_path

_SHOWN = 20


@dataclass(frozen=True)
class Place:
    """Where a problem sits. Every part is optional; `subject` is the question and item concerned.

    `row` is the number of the row of `cell`, as in `meta` of responses: code reads it, people the address.
    """

    file: str = ""
    sheet: str = ""
    cell: str = ""
    line: int | None = None
    subject: str = ""
    row: int | None = None

    def text(self, lang: str = "en", *, cells: int = 1) -> str:
        """Say the place in words, the widest part first; of several `cells` of a column it is the first."""
        key = "place_cell" if cells < 2 else "place_cells"
        cell = message(key, lang, cell=echoed(self.cell), count=cells, more=cells - 1) if self.cell else ""
        if subject := echoed(self.subject):
            cell = message("place_subject", lang, cell=cell, subject=subject) if cell else subject
        parts = [
            echoed_path(self.file),
            message("place_sheet", lang, sheet=echoed(self.sheet)) if self.sheet else "",
            message("place_line", lang, line=self.line) if self.line is not None else "",
            cell,
        ]
        return message("list_separator", lang).join(part for part in parts if part)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a message key, the values that fill it, and the place.

    `rows`: where the same is wrong with several cells of a column, the rows of all; `place` is the first.
    """

    key: str
    place: Place = field(default_factory=Place)
    values: dict[str, Any] = field(default_factory=dict)
    rows: tuple[int, ...] = ()

    def each(self) -> "Iterator[Problem]":
        """The same cell by cell."""
        if len(self.rows) < 2:
            yield self
            return
        first = str(self.place.row)
        for row in self.rows:
            cell = self.place.cell.replace(first, str(row), 1)
            yield Problem(self.key, replace(self.place, cell=cell, row=row), self.values)

    def text(self, lang: str = "en") -> str:
        """Say place, problem and remedy in one sentence or two."""
        place = self.place.text(lang, cells=len(self.rows))
        sentence = message(self.key, lang, **{name: echoed(value) for name, value in self.values.items()})
        return message("placed", lang, place=place, told=sentence) if place else sentence

    def __str__(self) -> str:
        """Say it in English."""
        return self.text()


class SurveyError(Exception):
    """The root of the tree: one or more problems, found together.

    `notices` are told before them and count as none: what the reading assumed, which may explain a problem.
    """

    exit_code = 1

    def __init__(self, *problems: Problem, notices: Iterable[Problem] = ()) -> None:
        """Take the problems in the order in which they are told."""
        self.problems: tuple[Problem, ...] = problems
        self.notices: tuple[Problem, ...] = tuple(notices)
        super().__init__(*problems)

    def text(self, lang: str = "en", *, limit: int | None = _SHOWN) -> str:
        """Tell the problems one to a line; past `limit` only how many more there are."""
        shown = self.problems if limit is None else self.problems[:limit]
        lines = [problem.text(lang) for problem in (*self.notices, *shown)]
        if len(shown) < len(self.problems):
            lines.append(message("and_more", lang, count=len(self.problems) - len(shown)))
        return "\n".join(lines)

    def __str__(self) -> str:
        """Say it in English."""
        return self.text()


class UsageError(SurveyError):
    """What was asked for does not exist or does not fit: an unknown question, option or reference."""

    exit_code = 2


class InstrumentError(SurveyError):
    """A schema file cannot be used as it is."""


class DataError(SurveyError):
    """A file of responses cannot be used as it is."""


class FindingsError(SurveyError):
    """A file of published findings cannot be used as it is."""


def usage(key: str, /, **values: Any) -> UsageError:
    """Build the common case: one problem without a place in a file."""
    return UsageError(Problem(key, values=values))
