"""The sampling frame: how many firms of each kind were there to be asked, from a file of three columns."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from survey.arguments import path_of
from survey.errors import DataError, Place, Problem
from survey.files.grid import Book, is_blank, read_book
from survey.instrument import Instrument, Question
from survey.wording import normalise

Frame = dict[str, dict[str, int]]  # firms by question and option
FrameLike = Mapping[str, Mapping[str, int]] | str | Path

_COLUMNS = ("question", "option", "firms")


def frame_of(frame: FrameLike, instrument: Instrument) -> Frame:
    """Take a frame as it is, or read its file.

    Raises
    ------
    UsageError
        There is no such file.
    DataError
        The file lacks a column, names no question or option of the survey or one twice, or has no numbers.
    """
    if isinstance(frame, Mapping):
        return {question: dict(sizes) for question, sizes in frame.items()}
    return _parsed(read_book(path_of(frame)), instrument)


def _parsed(book: Book, instrument: Instrument) -> Frame:
    """The numbers of a file; everything wrong with it at once."""
    grid = next((grid for grid in book.grids if len(grid.rows)), None)
    heads = [] if grid is None else [normalise(str(head)) for head in grid.rows[0]]
    if grid is None or set(_COLUMNS) - set(heads):
        raise DataError(Problem("frame_columns", Place(book.file), {"columns": list(_COLUMNS)}))
    places = [heads.index(name) for name in _COLUMNS]
    frame: Frame = {}
    problems: list[Problem] = []
    for number, row in zip(grid.numbers[1:], grid.rows[1:], strict=True):
        cells = [row[place] for place in places]
        if all(map(is_blank, cells)):
            continue
        place = Place(book.file, grid.sheet if len(book.grids) > 1 else "", line=number)
        problems += _entered(frame, instrument, cells, place)
    if not (frame or problems):
        problems.append(Problem("frame_empty", Place(book.file)))
    if problems:
        raise DataError(*problems)
    return frame


def _entered(frame: Frame, instrument: Instrument, cells: list[Any], place: Place) -> Iterator[Problem]:
    """Enter a row; what is wrong with it."""
    name, option, firms = (str(cell).strip() if not is_blank(cell) else "" for cell in cells)
    singles = {question.id: question for question in instrument.questions if question.kind == "single"}
    question = singles.get(name)
    if question is None:
        yield Problem("frame_question", place, {"question": name, "known": list(singles)})
        return
    code = _option(question, option, instrument.languages)
    if code is None:
        known = [part.id for part in question.options]
        yield Problem("frame_option", place, {"option": option, "question": name, "known": known})
    elif code in frame.get(name, {}):
        yield Problem("frame_twice", place, {"option": code, "question": name})
    elif (count := _whole(firms)) is None:
        yield Problem("frame_number", place, {"given": firms})
    else:
        frame.setdefault(name, {})[code] = count


def _option(question: Question, text: str, languages: tuple[str, ...]) -> str | None:
    """The option that is named by its id or its label."""
    names = {normalise(part.said(lang)): part.id for part in question.options for lang in languages}
    names |= {normalise(part.id): part.id for part in question.options}
    return names.get(normalise(text))


def _whole(text: str) -> int | None:
    """A whole number of one or more, as a spreadsheet may have written it; None for anything else."""
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        return None
    return int(number) if number >= 1 and number == int(number) else None
