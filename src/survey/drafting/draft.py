"""`draft_instrument`: a file of responses, or the definition of a survey elsewhere, becomes an instrument."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from survey.arguments import check_lang, path_of
from survey.drafting.checking import instrument_of, made_to_fit
from survey.drafting.definitions import definition_sketch
from survey.drafting.naming import slug
from survey.drafting.questions import Sketcher
from survey.drafting.sketch import SURE, Sketch
from survey.drafting.table_checks import check_headers
from survey.drafting.updating import unlisted_words, updated_text
from survey.drafting.yaml_text import banner_texts, codes_text, doubt_text, doubtful, reason_text, yaml_of
from survey.errors import DataError, Place, Problem, usage
from survey.files.grid import Book, Grid, read_book
from survey.ingest.dialects import read_grid
from survey.ingest.dialects.table import table_of
from survey.instrument import Instrument, load_instrument
from survey.instrument.loading import parse_schema

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Draft:
    """An instrument drafted from a file, to be edited.

    Attributes
    ----------
    instrument
        The instrument: `survey.read_responses(path, draft.instrument)` reads the file without a refusal.
    yaml
        The same as the text of a YAML file; each guess stands beside it as a comment.
    guesses
        One row per column of the file: `column` (its header), `letter`, `question`, `item`, `kind`, `reason`
        (a code), `confidence` (0 to 1; from 0.8 on it counts as sure) and `note` (the reason in words).
    doubts
        What to look at first, in words, the most doubtful first; then which question groups the report.
    sheet
        The sheet that was read; "" where the file has only one.
    answers
        Whether the file holds responses, not only a definition.
    added
        How many questions and options `update` added to the file that was there.
    unlisted
        What looks like no answer and does not stand under `missing` of the file that `update` added to, in
        words: it counts as an answer there.
    """

    instrument: Instrument
    yaml: str
    guesses: "pd.DataFrame"
    doubts: tuple[str, ...] = ()
    sheet: str = ""
    answers: bool = True
    added: tuple[int, int] = (0, 0)
    unlisted: tuple[str, ...] = ()

    @property
    def sure(self) -> int:
        """How many columns the draft is sure of."""
        return int((self.guesses["confidence"] >= SURE).sum())


def draft_instrument(
    path: str | Path,
    *,
    update: str | Path | None = None,
    sheet: str | None = None,
    dialect: str | None = None,
    password: str | None = None,
    lang: str = "en",
) -> Draft:
    """Draft an instrument from a file: one question per column, or per group of columns that belong together.

    Parameters
    ----------
    path
        Responses (.xlsx, .ods, .csv, .sav, .dta, .parquet, the export of a platform), or the definition of a
        survey: an XLSForm (.xlsx), a Qualtrics survey (.qsf), a LimeSurvey structure (.lss).
    update
        A YAML file drafted before and edited since: it stays as it is, and what the file has beyond it is
        added. What was deleted from it stays deleted.
    sheet, dialect, password
        As in `survey.read_responses`.
    lang
        The language of the comments. The language of the wording is that of the file.

    Raises
    ------
    UsageError
        There is no such file or sheet, or several sheets hold a table.
    DataError
        The file cannot be read, has no header, two rows of headers or no response, or is no survey.
    InstrumentError
        The file to update is wrong.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> table = pd.DataFrame({"Sector": ["Trade", "Industry"] * 9, "Staff": range(10, 28)})
    >>> with TemporaryDirectory() as folder:
    ...     table.to_csv(Path(folder) / "firms.csv", index=False)
    ...     draft = survey.draft_instrument(Path(folder) / "firms.csv")
    >>> draft.guesses[["column", "question", "kind"]].values.tolist()
    [['Sector', 'sector', 'single'], ['Staff', 'staff', 'number']]
    """
    path = path_of(path)
    update = None if update is None else path_of(update)
    check_lang(lang)
    sketch = definition_sketch(path, password=password)
    read_sheet = ""
    table = None
    if sketch is None:
        book = read_book(path, password=password)
        grid = _grid_of(book, sheet)
        read_sheet = grid.sheet if len([one for one in book.grids if len(one.rows) > 1]) > 1 else ""
        table = read_grid(grid, dialect)
        if table.of_no_platform and len(grid.numbers) > len(table.numbers) + 1:
            table = table_of(grid)  # which of two rows heads the columns is asked
        check_headers(grid, table)
        title = (grid.dictionary.title if grid.dictionary else "") or path.stem
        sketch = Sketcher(table, grid.dictionary, _schema_id(path), title).draw()
        instrument = made_to_fit(sketch, table)
    else:
        instrument = instrument_of(sketch)
    if update is not None:
        before = load_instrument(update)
        text, added = updated_text(update, before, sketch, table, path.name, lang)
        schema = parse_schema(text, str(update))
        assert isinstance(schema, Instrument)
        doubts = _doubts(sketch, lang)
        unlisted = unlisted_words(before, sketch, lang)
        return Draft(
            schema, text, _frame(sketch, lang), doubts, read_sheet, table is not None, added, unlisted
        )
    text = yaml_of(sketch, path.name, lang)
    doubts = (*_doubts(sketch, lang), *banner_texts(sketch, lang))
    return Draft(instrument, text, _frame(sketch, lang), doubts, read_sheet, table is not None)


def _grid_of(book: Book, sheet: str | None) -> Grid:
    """The sheet that holds the responses: the one named, that of the hidden sheet, or the only table."""
    filled = [grid for grid in book.grids if grid.rows]
    wanted = sheet or book.says.get("data_sheet")
    if wanted is not None:
        named = [grid for grid in filled if grid.sheet == wanted]
        if not named:
            raise usage(
                "sheet_not_found", sheet=wanted, file=book.file, known=[one.sheet for one in book.grids]
            )
        return named[0]
    if not filled:
        raise DataError(Problem("workbook_empty", Place(file=book.file)))
    tables = [grid for grid in filled if len(grid.rows) > 1 and len(grid.columns) > 1 and not grid.hidden]
    if len(tables) > 1:
        raise usage("draft_sheets_several", file=book.file, known=[grid.sheet for grid in tables])
    return tables[0] if tables else max(filled, key=lambda grid: len(grid.rows))


def _schema_id(path: Path) -> str:
    words = re.findall(r"[a-z0-9]+", slug(path.stem))
    name = "-".join(words) or "my-survey"
    return name if name[0].isalpha() else f"survey-{name}"


def _doubts(sketch: Sketch, lang: str) -> tuple[str, ...]:
    return (*codes_text(sketch, lang), *(doubt_text(group, lang) for group in doubtful(sketch.guesses)))


def _frame(sketch: Sketch, lang: str) -> "pd.DataFrame":
    import pandas as pd

    order = {header: place for place, header in enumerate(sketch.seen)}
    guesses = sorted(sketch.guesses, key=lambda guess: order.get(guess.column, len(order)))
    columns = ["column", "letter", "question", "item", "kind", "reason", "confidence", "note"]
    rows = [
        (
            *(guess.column, guess.letter, guess.question, guess.item, guess.kind, guess.reason),
            *(guess.confidence, reason_text(guess, lang)),
        )
        for guess in guesses
    ]
    return pd.DataFrame(rows, columns=columns)
