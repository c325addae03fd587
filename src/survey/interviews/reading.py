"""Reading segments: which reader takes a file, told by its content, and which codebook it is under."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from survey.arguments import file_of, path_of, unfit
from survey.errors import Place, Problem, UsageError, usage
from survey.files.grid import Book, read_book
from survey.files.hidden_sheet import SURVEY_SHEET
from survey.instrument import list_instruments
from survey.instrument.interview_schemas import InterviewCodebook, load_codebook
from survey.interviews.assembly import assemble
from survey.interviews.codebook_carriage import carried_codebook, is_of_codebook
from survey.interviews.codes import CodeForms
from survey.interviews.memos import memos_in
from survey.interviews.raw_rows import RawRow
from survey.interviews.segment_tables import Tables, find_tables, is_personal, people_of
from survey.interviews.segments import Segments, SegmentsLike

if TYPE_CHECKING:
    import pandas as pd


_OUR_CODEBOOK = "interview-codebook"  # of segments that name none
_FEW_WRONG = 3  # so few rows of unknown codes are told one by one


def _archive_with(ending: str) -> Callable[[Path], bool]:
    """Tell whether a file is an archive that holds a part with this ending; a damaged one is none."""

    def holds(path: Path) -> bool:
        if not path.is_file() or not zipfile.is_zipfile(path):
            return False
        try:
            with zipfile.ZipFile(path) as archive:
                return any(name.lower().endswith(ending) for name in archive.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
            return False

    return holds


_holds_project = _archive_with(".qde")


def _is_exchange_project(path: Path) -> bool:
    """Tell whether this is a REFI-QDA project, by what is in it or, where it is damaged, by its name."""
    return _holds_project(path) or (path.suffix.lower() == ".qdpx" and path.is_file())


def _of_another_tool(path: Path) -> bool:
    """Tell whether a file that is no table is one of another tool."""
    tools = import_module("survey.interviews.interchange.tools")
    return tools.tool_of_file(path) is not None


# What a file is, told by its content, and the `module:function` that reads it; the rest are tables. The tools
# themselves stand in `interchange.tools`. A reader takes (path, codebook, people, set_aside=...,
# keep_personal=..., sheet=..., positions=...).
READERS: list[tuple[Callable[[Path], bool], str]] = [
    (_is_exchange_project, "survey.interviews.interchange.reading:segments_of_project"),
    (_of_another_tool, "survey.interviews.interchange.tool_reading:segments_of_file"),
]


def reader_of(path: str | Path) -> str | None:
    """Name the reader of a file that is no table, None for tables."""
    path = path_of(path)
    if not path.is_dir():  # some tools keep their project in a folder
        path = file_of(path)
    return next((reader for recognises, reader in READERS if recognises(path)), None)


def settings_of(path: str | Path) -> set[str]:
    """Which of `sheet`, `participant` and `positions` a file may be read with."""
    reader = reader_of(path)
    if reader is None:
        return {"sheet", "participant"}
    if reader == READERS[0][1]:
        return {"positions"}
    tool = import_module("survey.interviews.interchange.tools").tool_of_file(path_of(path))
    return {"sheet"} if hasattr(tool, "SEVERAL") else set()


def read_segments(
    path: str | Path,
    codebook: "str | Path | InterviewCodebook | None" = None,
    *,
    participants: "str | Path | pd.DataFrame | None" = None,
    sheet: str | None = None,
    participant: str | None = None,
    set_aside: bool = False,
    keep_personal: bool = False,
    positions: str | None = None,
    password: str | None = None,
) -> Segments:
    """Read coded segments of interviews: one row per code on a segment.

    A table has one row per segment, with its code, or several codes joined in a cell or in columns of their
    own ("code 2"), or one row per code with the id of the segment repeated. Codes are ids, labels or aliases
    of the codebook, in any of its languages; a subtheme is a valid, coarser code.

    Parameters
    ----------
    path
        Our workbook, any other workbook or text table with columns for the code and the participant, an
        export or project of another tool (see `read_project`); told by the content. The file is only read.
    codebook
        `ID`, `ID@VERSION`, the path of a YAML file, or an `InterviewCodebook`. Where nothing is said, a
        workbook of ours carries it, else it is the codebook that travels with the package, if the codes are
        its own; for files of other tools it is made from their codes.
    participants
        The people interviewed, where the file itself does not list them: a file, or a DataFrame, with the
        columns `participant` and `group`. Who has no segment stays in the base. Without any list the people
        are those who have a segment.
    sheet
        The sheet that holds the segments, or the project in a database of Taguette, where several could.
    participant
        The header of the column that says who speaks, where it is called otherwise. Without such a column
        the name of the document says it ("B1.docx").
    set_aside
        Leave out rows that are wrong; they stay listed in `problems`. Otherwise any such row raises.
    keep_personal
        Keep columns about people that would name them (name, e-mail, phone); otherwise they are dropped.
    positions
        How the tool that wrote a REFI-QDA project counted positions (see `read_project`); for other files it
        is refused.
    password
        Opens an encrypted workbook.

    Raises
    ------
    UsageError
        There is no such file, sheet, column or codebook, several sheets could hold segments, no codebook
        is named and the codes are of another than ours, or something is named that this kind of file has not.
    DataError
        The file is no table of segments, or rows are wrong (a code or a participant that is not known, an
        empty segment, a segment twice, a quotation of no segment): all of them, with address.

    Examples
    --------
    >>> from survey.resources import resource_folder
    >>> segments = read_segments(resource_folder("interviews") / "segments.xlsx")
    >>> segments.data["segment"].nunique(), segments.bases
    (149, {'B': 7, 'D': 7})
    """
    reader = reader_of(path)
    if reader is not None and participant is not None:
        raise usage("participant_not_here", file=Path(path).name, column=participant)
    if reader is None and positions is not None:
        raise usage("positions_in_table", file=Path(path).name)
    people = None if participants is None else _people(participants, password)
    if reader is not None:
        module, function = reader.split(":")
        read = getattr(import_module(module), function)
        settings = {
            "set_aside": set_aside,
            "keep_personal": keep_personal,
            "sheet": sheet,
            "positions": positions,
        }
        of_tool: Segments = read(path, codebook, people, **settings)
        return of_tool
    book = read_book(path, password=password)
    tool_reading = import_module("survey.interviews.interchange.tool_reading")
    exported: Segments | None = tool_reading.segments_of_tables(
        book,
        codebook,
        people,
        sheet=sheet,
        participant=participant,
        set_aside=set_aside,
        keep_personal=keep_personal,
    )
    if exported is not None:
        return exported
    chosen, notices = codebook_of(book, codebook)
    apart = people is not None
    tables = find_tables(book, sheet=sheet, participant=participant, people_apart=apart)
    if codebook is None and "codebook" not in book.says:
        _check_codebook_fits(book.file, tables.rows, chosen)
    tables = tables if people is None else replace(tables, people=people)
    return _assembled(book, tables, chosen, notices, keep_personal=keep_personal, set_aside=set_aside)


def _assembled(
    book: Book,
    tables: Tables,
    codebook: InterviewCodebook,
    notices: list[Problem],
    *,
    keep_personal: bool,
    set_aside: bool,
) -> Segments:
    """The segments of tables of ours, their people and memos."""
    rows, listed = tables.rows, tables.people
    if not keep_personal:
        rows, dropped = _impersonal(rows)
        notices = [*notices, *dropped]
    if listed is not None and not keep_personal:
        listed, dropped = without_personal(listed)
        notices = [*notices, *dropped]
    own = ("data_sheet", "participants_sheet", "memos_sheet")
    origin = {key: value for key, value in book.says.items() if key not in own and not is_of_codebook(key)}
    origin |= {"input": book.file, "input_hash": book.sha256}
    segments = assemble(
        rows,
        codebook,
        people=listed,
        origin=origin,
        notices=[*notices, *tables.notices],
        set_aside=set_aside,
    )
    return replace(segments, memos=tuple(memos_in(book)))


def segments_of(segments: SegmentsLike) -> Segments:
    """Give segments as they are, or those of the file at a path; refuse anything else (`UsageError`)."""
    if isinstance(segments, Segments):
        return segments
    if isinstance(segments, str | Path):
        return read_segments(segments)
    raise unfit("segments_needed", segments)


def segments_from_frame(
    frame: "pd.DataFrame",
    codebook: "str | Path | InterviewCodebook",
    *,
    participants: "str | Path | pd.DataFrame | None" = None,
    set_aside: bool = False,
) -> Segments:
    """Take segments from a DataFrame with the columns a file would have: one row per code on a segment.

    Parameters
    ----------
    frame
        One row per code on a segment, columns headed as in a file.
    codebook
        `ID`, `ID@VERSION`, the path of a YAML file, or a codebook.
    participants
        The people interviewed, as for `read_segments`.
    set_aside
        Leave out rows that are wrong; they stay listed in `problems`.

    Raises
    ------
    UsageError
        There is no such codebook, or `frame` is no DataFrame.
    DataError
        Columns are missing, or rows are wrong: all of them at once.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> code = survey.load_codebook("interview-codebook").code_ids[0]
    >>> frame = pd.DataFrame({"segment": ["1"], "participant": ["P1"], "code": [code]})
    >>> len(survey.segments_from_frame(frame, "interview-codebook").participants)
    1
    """
    tables = find_tables(frame_book(frame))
    notices = tables.notices
    listed = None if participants is None else _people(participants, None)
    rows, dropped = _impersonal(tables.rows)
    notices = [*notices, *dropped]
    if listed is not None:
        listed, dropped = without_personal(listed)
        notices = [*notices, *dropped]
    return assemble(rows, load_codebook(codebook), people=listed, notices=notices, set_aside=set_aside)


def codebook_of(
    book: Book, codebook: "str | Path | InterviewCodebook | None"
) -> tuple[InterviewCodebook, list[Problem]]:
    """Find the codebook of a workbook: the one named, the one it carries or names itself, or our own.

    What the hidden sheet says is a name or the codebook itself, never a path. A codebook of another content
    than the workbook was made under is told.

    Raises
    ------
    UsageError
        There is no such codebook.
    DataError
        The codebook that the workbook carries cannot be read.
    """
    reference = book.says.get("codebook")
    place = Place(file=book.file, sheet=SURVEY_SHEET)
    if codebook is not None:
        chosen = load_codebook(codebook)
    elif reference is None:
        chosen = load_codebook(_OUR_CODEBOOK)
    elif (carried := carried_codebook(book)) is not None:
        return carried, []
    else:
        known = {f"{schema.id}@{schema.version}" for schema in list_instruments("interview-codebook")}
        if reference not in known:
            raise UsageError(Problem("codebook_not_here", place, {"codebook": reference[:80]}))
        chosen = load_codebook(reference)
    if reference is not None and reference != chosen.reference:
        values = {"said": reference[:80], "codebook": chosen.reference}
        return chosen, [Problem("codebook_other", place, values)]
    if reference is not None and book.says.get("codebook_hash", chosen.content_hash) != chosen.content_hash:
        return chosen, [Problem("codebook_changed", place, {"codebook": chosen.reference})]
    return chosen, []


def _check_codebook_fits(file: str, rows: list[RawRow], codebook: InterviewCodebook) -> None:
    """Refuse our own codebook where nobody named it and most codes are not its (`UsageError`)."""
    forms = CodeForms(codebook)
    written = list(dict.fromkeys(text for row in rows for text, _ in row.codes))
    unknown = [text for text in written if not forms.knows(text)]
    wrong_rows = sum(any(text in unknown for text, _ in row.codes) for row in rows)
    if 2 * len(unknown) > len(written) and wrong_rows > _FEW_WRONG:
        codes = [text[:40] for text in unknown[:3]]
        values = {"count": len(written), "unknown": len(unknown), "codes": codes}
        raise usage("codebook_needed", file=file, codebook=codebook.reference, **values)


def without_personal(people: list[RawRow]) -> tuple[list[RawRow], list[Problem]]:
    """Drop the columns that would name people, and say which."""
    names = list(dict.fromkeys(name for row in people for name in row.values if is_personal(name)))
    if not names:
        return people, []
    kept = [
        replace(row, values={name: value for name, value in row.values.items() if name not in names})
        for row in people
    ]
    place = Place(file=people[0].source, sheet=people[0].sheet)
    return kept, [Problem("personal_dropped", place, {"columns": list(names)})]


def _impersonal(rows: list[RawRow]) -> tuple[list[RawRow], list[Problem]]:
    """Drop from segments what would name who speaks, and say which columns that were."""
    names = list(dict.fromkeys(name for row in rows for name in row.about if is_personal(name)))
    if not names:
        return rows, []
    kept = [
        replace(row, about={key: value for key, value in row.about.items() if key not in names})
        for row in rows
    ]
    place = Place(file=rows[0].source, sheet=rows[0].sheet)
    return kept, [Problem("personal_dropped", place, {"columns": list(names)})]


def _people(participants: "str | Path | pd.DataFrame", password: str | None) -> list[RawRow]:
    if isinstance(participants, str | Path):
        book = read_book(participants, password=password)
        return people_of(book.grids, book.file)
    import pandas as pd

    if not isinstance(participants, pd.DataFrame):
        raise unfit("people_needed", participants)
    return people_of(frame_book(participants).grids, "DataFrame")


def frame_book(frame: "pd.DataFrame") -> Book:
    """A DataFrame as a book of one sheet; a named index is its first column. `UsageError` if it is none."""
    import pandas as pd

    from survey.files.grid import grid_of
    from survey.ingest.data_frames import heading, plain_values

    if not isinstance(frame, pd.DataFrame):
        raise unfit("frame_needed", frame)
    if frame.index.name is not None:
        frame = frame.reset_index()
    headers = tuple(heading(name) for name in frame.columns)
    columns = [plain_values(frame.iloc[:, place]) for place in range(len(headers))]
    grid = grid_of("DataFrame", "", [headers, *zip(*columns, strict=True)], hidden=False)
    return Book("DataFrame", [replace(grid, numbers=[number - 1 for number in grid.numbers])], "")
