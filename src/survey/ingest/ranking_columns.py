"""Rankings, however an export has them: a rank per option, an option per rank, or all in one cell."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from survey.files.distinct_values import Coded
from survey.ingest.cell_values import Read, Reader, as_text, guarded
from survey.ingest.code_evidence import Column
from survey.ingest.column_reading import Columns, kind_of, read_cells
from survey.ingest.conversion import Conversion
from survey.ingest.joined_answers import as_position
from survey.ingest.labels import Labels
from survey.ingest.layout import PLAIN, Habits
from survey.ingest.rating_cells import rating_reader
from survey.ingest.row_refusals import is_answer, refuse_rows
from survey.instrument import Option, Question
from survey.wording import near_misses, normalise, quoted

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ranks = npt.NDArray[np.int64]

# What stands between the options of one cell, the surest first; blanks last, for ids alone hold none.
_BETWEEN = ("→", "->", "⇒", ">", "┋", "\n", ";", "|", "、", ",", " ")
# What an option that was not ranked may have in its column.
_UNRANKED = ("0", "-", "–", "—")


def read_ranking(conversion: Conversion, columns: Columns, decided: Mapping[str, Read]) -> None:
    """Read a ranking as a rank for each option, 1 the first; options without a rank stay without one.

    Numbered columns are a rank for each option where they hold ranks, and the option of each rank where they
    hold options. Ties, gaps and options named twice are refused with the whole row.
    """
    import numpy as np

    question = columns[0][1].question
    one_cell = [(column, target) for column, target in columns if target.whole]
    if one_cell:
        reader = order_reader(question, conversion.table.habits)
        reads = [read_cells(conversion, *_of(columns[0]), reader, conversion.words(question), decided)]
        ranks = _ranks_of_orders(question, reads[0])
    elif _holds_options(conversion, columns, decided):
        reader = _option_reader(question, conversion.table.habits)
        words = conversion.words(question)
        reads = [read_cells(conversion, *_of(pair), reader, words, decided) for pair in columns]
        ranks = _ranks_of_options(question, columns, reads)
    else:
        zeros = {sign: Read(missing="empty") for sign in _UNRANKED}
        reader = rating_reader(conversion.instrument.scale_of(question), PLAIN)
        words = conversion.words(question)
        reads = [read_cells(conversion, *_of(pair), reader, words, {**zeros, **decided}) for pair in columns]
        ranks = _ranks_as_given(question, columns, reads)
    _keep(conversion, question, reads, ranks)
    unread = np.logical_or.reduce([cells.where(lambda read: read.key) for cells in reads])
    refuse_rows(conversion, columns, reads, unread)
    _check(conversion, columns, reads, ranks, ~unread)


def _of(pair: Any) -> tuple[Any, str]:
    column, target = pair
    return column, target.subject


def _holds_options(conversion: Conversion, columns: Columns, decided: Mapping[str, Read]) -> bool:
    """Tell whether columns hold the option of a rank: they are headed so, or hold options, and no ranks."""
    question = columns[0][1].question
    if any(target.rank for _, target in columns):
        return True
    words = conversion.words(question)
    readers = (
        rating_reader(conversion.instrument.scale_of(question), PLAIN),
        _option_reader(question, conversion.table.habits),
    )
    ranks, options = (
        sum(
            count
            for column, _ in columns
            for _, count, read in Column(
                column.cells, guarded(conversion.instrument, reader, words, decided)
            ).standing()
            if is_answer(read)
        )
        for reader in readers
    )
    return options > ranks


def _option_reader(question: Question, habits: Habits) -> Reader:
    """Read the option that has a rank: by label, id or alias, or as the export writes it."""
    labels = Labels((option.id, option.forms, option.label) for option in question.options)
    known = [form for option in question.options for form in option.forms]
    position = as_position(question, habits)

    def read(raw: Any) -> Read:
        text = as_text(raw)
        option = labels.find(text) or position(text)
        if option is not None:
            return Read(option)
        values = {"value": quoted(text)}
        return Read(key="cell_not_option", values=values, near=lambda: near_misses(text, known))

    return read


def order_reader(question: Question, habits: Habits) -> Reader:
    """Read all options of a ranking in one cell, the first ranked first: "A → B → C"."""
    labels = Labels((option.id, option.forms, option.label) for option in question.options)
    known = [form for option in question.options for form in option.forms]
    position = as_position(question, habits)

    def options_of(text: str, sign: str) -> list[str] | None:
        pieces = [piece.strip() for piece in text.split(sign) if piece.strip()]
        options = [labels.find(piece) or position(piece) for piece in pieces]
        return [option for option in options if option] if options and all(options) else None

    def read(raw: Any) -> Read:
        text = as_text(raw).strip()
        own = habits.separator.strip()
        signs = dict.fromkeys([*([own] if own else []), *_BETWEEN])
        for sign in signs:
            options = options_of(text, sign) if sign in text else None
            if options is None:
                continue
            twice = next((option for option in options if options.count(option) > 1), None)
            if twice is not None:
                return Read(key="cell_ranked_twice", values={"value": quoted(text), "option": twice})
            if len(options) > question.places:
                values = {"value": quoted(text), "count": len(options), "limit": question.places}
                return Read(key="cell_ranks_too_many", values=values)
            return Read(tuple(options))
        only = labels.find(text) or position(text)
        covering = [only] if only is not None else _covering(normalise(text), labels)
        if covering and len(set(covering)) == len(covering) <= question.places:
            return Read(tuple(covering))
        first = re.split("|".join(map(re.escape, _BETWEEN[:-1])), normalise(text))[0]
        values = {"value": quoted(text)}
        return Read(key="cell_not_ranking", values=values, near=lambda: near_misses(first, known))

    return read


def _covering(text: str, labels: Labels) -> list[str]:
    """The options that cover a normalised text but for signs, in order; empty where something is left."""
    forms = sorted(labels.exact, key=len, reverse=True)
    options: list[str] = []
    while text := text.lstrip("".join(sign for sign in text if not sign.isalnum())):
        form = next((form for form in forms if text.startswith(form)), None)
        if form is None or text[len(form) : len(form) + 1].isalnum():
            return []
        options.append(labels.exact[form])
        text = text[len(form) :]
    return options


def _ranks_of_orders(question: Question, reads: Coded[Read]) -> "Ranks":
    """Rows x options: the ranks of cells that name the options in order; 0 for none."""
    import numpy as np

    places = [option.id for option in question.options]
    table = np.zeros((len(reads.kinds), len(places)), np.int64)
    for row, read in enumerate(reads.kinds):
        for rank, option in enumerate(read.value or (), 1):
            table[row, places.index(option)] = rank
    ranks: Ranks = table[reads.codes]
    return ranks


def _ranks_of_options(question: Question, columns: Columns, reads: list[Coded[Read]]) -> "Ranks":
    """The same of a column per rank; an option named twice has the rank -1."""
    import numpy as np

    ids = [option.id for option in question.options]
    ranks = np.zeros((len(reads[0]), len(ids)), np.int64)
    for (_, target), cells in zip(columns, reads, strict=True):
        rank = target.rank or ids.index(target.part.id if target.part else "") + 1
        for place, option in enumerate(ids):
            here = cells.where(lambda read, option=option: read.value == option)  # type: ignore[misc]
            ranks[here, place] = np.where(ranks[here, place] == 0, rank, -1)
    return ranks


def _ranks_as_given(question: Question, columns: Columns, reads: list[Coded[Read]]) -> "Ranks":
    """The same of a column per option."""
    import numpy as np

    ids = [option.id for option in question.options]
    ranks = np.zeros((len(reads[0]), len(ids)), np.int64)
    for (_, target), cells in zip(columns, reads, strict=True):
        values = np.array([read.value or 0 for read in cells.kinds], np.int64)
        ranks[:, ids.index(target.part.id if target.part else "")] = values[cells.codes]
    return ranks


def _keep(conversion: Conversion, question: Question, reads: list[Coded[Read]], ranks: "Ranks") -> None:
    """Keep the ranks of every option; who ranked none of them is missing as the first of the cells says."""
    import numpy as np

    answered = (ranks != 0).any(axis=1)
    kinds = reads[0].map(kind_of)
    for cells in reads[1:]:
        other = cells.map(kind_of)
        for kind in ("refused", "skipped", "not_asked"):
            kinds = kinds.put(other.where(kind.__eq__), kind)
    for place, name in enumerate(question.answer_columns):
        given, codes = np.unique(ranks[:, place], return_inverse=True)
        values = [int(rank) if rank > 0 else None for rank in given.tolist()]
        conversion.values[name] = Coded(codes.reshape(-1), values)
        own = kinds.put(answered, "empty")
        conversion.missing[name] = own.put(ranks[:, place] > 0, "")


def _check(
    conversion: Conversion, columns: Columns, reads: list[Coded[Read]], ranks: "Ranks", known: Any
) -> None:
    """Refuse rows whose ranks are not 1, 2, 3 and so on, each once; "ties" before "gaps"."""
    import numpy as np

    question = columns[0][1].question
    given = (ranks != 0).sum(axis=1)
    ordered = np.sort(np.where(ranks > 0, ranks, np.iinfo(np.int64).max), axis=1)
    counted = np.arange(1, ranks.shape[1] + 1)
    inside = counted <= given[:, None]
    twice = (ranks < 0).any(axis=1)
    same = ((ordered[:, 1:] == ordered[:, :-1]) & inside[:, 1:]).any(axis=1) & ~twice
    gaps = ((ordered != counted) & inside).any(axis=1) & ~twice & ~same
    for key, rows in (("ranks_twice", twice), ("ranks_tied", same), ("ranks_gap", gaps)):
        wrong = rows & known
        if wrong.any():
            first = int(wrong.argmax())
            of_first = zip(ranks[first].tolist(), question.options, strict=True)
            shown = [f"{rank} {option.id}" for rank, option in sorted(of_first, key=_rank) if rank > 0]
            refuse_rows(conversion, columns, reads, wrong, (key, {"ranks": shown or "-"}))


def _rank(pair: tuple[int, Option]) -> int:
    return pair[0]
