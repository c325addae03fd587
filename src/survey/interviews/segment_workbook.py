"""The workbook of segments: to be filled in, or filled. What is written here `read_segments` reads back."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.errors import usage
from survey.files.grid import is_blank
from survey.files.hidden_sheet import write_list, write_pairs
from survey.files.saving import check_target, describe_workbook, save_workbook
from survey.instrument import Schema, list_instruments, load_schema
from survey.instrument.interview_schemas import Code, InterviewCodebook, load_codebook, load_guide
from survey.instrument.schema import text_in
from survey.interviews.codebook_carriage import codebook_pairs
from survey.interviews.codes import CodeForms
from survey.interviews.memos import MEMO_COLUMNS, Memo
from survey.interviews.plain_sheets import LINE, append_row, fit_to_width, font, head_row
from survey.interviews.reading import segments_of
from survey.interviews.segment_tables import heading
from survey.interviews.segments import DIRECTIONS, Segments, SegmentsLike
from survey.messages import ENGLISH, LANGUAGES, message

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_LAST_ROW = 2001  # drop-downs reach so far; what stands below is read all the same
_LAST_PERSON = 201
# The columns of an empty workbook; several codes of a segment stand in columns of their own.
_BLANK = (
    "segment",
    "participant",
    "code",
    "code",
    "code",
    "direction",
    "gist",
    "text",
    "document",
    "same_quote_as",
    "coder",
)
_WIDTHS = {"code": 36, "gist": 60, "text": 60, "document": 24}
_ABOUT_WIDTH = 110
_CODEBOOK_WIDTHS = (30, 24, 24, 34, 50, 50, 50, 16, 30, 30, 30, 30)


def export_segments_template(
    codebook: "InterviewCodebook | str | Path", path: str | Path, *, lang: str = "en"
) -> Path:
    """Write the workbook to code interviews in: one row per segment, codes from a list grouped by theme.

    Beside the segments it has a sheet for the participants, the codebook with its definitions, and a first
    sheet that says how to fill it in. The hidden sheet carries the codebook, so that `read_segments` need not
    be told. The same codebook gives the same bytes.

    Parameters
    ----------
    codebook
        `ID`, `ID@VERSION`, the path of a YAML file, or a codebook.
    path
        Where it goes; the name ends in ".xlsx".
    lang
        Language of the sheets and of the codes.

    Raises
    ------
    UsageError
        There is no such codebook or language, or the path is a folder, does not end in .xlsx, or cannot be
        written.

    Examples
    --------
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     survey.export_segments_template("interview-codebook", Path(folder) / "code.xlsx").name
    'code.xlsx'
    """
    check_target(path)
    schema = load_codebook(codebook)
    check_lang(lang, *schema.languages)
    about = [message(f"segments_how_{number}", _own(lang)) for number in range(1, 9)]
    people = [("participant", "group")]
    return _write(schema, path, lang, about=about, origin={}, columns=[*_BLANK], rows=[], people=people)


def codebook_for(reference: "str | Path | Schema") -> InterviewCodebook:
    """Find the codebook of a guide; a codebook comes back as it is.

    Raises
    ------
    UsageError
        It is neither, or no codebook, or several, that travel with the package are for this guide.
    """
    schema = reference if isinstance(reference, Schema) else load_schema(reference)
    if isinstance(schema, InterviewCodebook):
        return schema
    guide = load_guide(schema)  # type: ignore[arg-type]
    newest = {known.id: known.path for known in list_instruments("interview-codebook")}
    fitting = [book for path in newest.values() if (book := load_codebook(path)).guide == guide.reference]
    if len(fitting) != 1:
        known = [book.reference for book in fitting] or "-"
        raise usage("codebook_not_told", guide=guide.reference, known=known)
    return fitting[0]


def write_segments(segments: SegmentsLike, path: str | Path, *, lang: str = "en") -> Path:
    """Write segments as a workbook of ours: one row per segment and coder, codes as ids.

    `read_segments` gives the same segments back. The first sheet says what the file is, its source and
    licence. The same segments give the same bytes.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    path
        Where it goes; the name ends in ".xlsx".
    lang
        Language of the sheets' own words and of the codebook in it.

    Raises
    ------
    UsageError
        There is no such language, or the path is a folder, does not end in .xlsx, or cannot be written.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     survey.write_segments(segments, Path(folder) / "again.xlsx").name
    'again.xlsx'
    """
    check_target(path)
    segments = segments_of(segments)
    check_lang(lang, *segments.codebook.languages)
    own = _own(lang)
    origin = {
        key: value
        for key, value in segments.origin.items()
        if key not in ("input", "input_hash") and not is_blank(value)
    }
    rows = _rows_of(segments)
    filled = {name for row in rows for name, value in row.items() if value is not None}
    most = max((len(row["code"]) for row in rows), default=1)
    wanted = (
        *("segment", "participant", "document", "code", "direction", "quote", "coder", "gist", "text"),
        *("start", "end"),
    )
    columns = [name for name in wanted if name in filled or name in ("segment", "participant", "code")]
    place = columns.index("code")
    columns[place : place + 1] = ["code"] * most
    count = {"segments": segments.data["segment"].nunique(), "people": len(segments.participants)}
    about = [message("about_segments", own, codebook=segments.codebook.reference, **count)]
    for name in ("source", "note", "licence"):
        if name in origin:
            about.append(
                message("about_entry", own, name=message(f"segments_{name}", own), value=origin[name])
            )
    people = segments.participants.reset_index()
    listed = [tuple(people.columns), *people.astype(object).where(people.notna(), None).values.tolist()]
    return _write(
        *(segments.codebook, path, lang),
        about=about,
        origin=origin,
        columns=columns,
        rows=rows,
        people=listed,
        memos=segments.memos,
    )


def _own(lang: str) -> str:
    """The language of our own words beside a codebook in `lang`."""
    return lang if lang in LANGUAGES else ENGLISH


def _rows_of(segments: Segments) -> list[dict[str, Any]]:
    """The rows of the sheet: neighbouring rows that differ in their code alone become one."""
    rows: list[dict[str, Any]] = []
    for record in segments.data.astype(object).where(segments.data.notna(), None).to_dict("records"):
        code = record.pop("code")
        for name in ("level", "source", "row"):
            record.pop(name)
        if record["quote"] == record["segment"]:
            record["quote"] = None
        if rows and {**rows[-1], "code": None} == {**record, "code": None}:
            rows[-1]["code"].append(code)
        else:
            rows.append({**record, "code": [code]})
    return rows


def _write(
    codebook: InterviewCodebook,
    path: str | Path,
    lang: str,
    *,
    about: list[str],
    origin: dict[str, str],
    columns: list[str],
    rows: list[dict[str, Any]],
    people: list[Any],
    memos: tuple[Memo, ...] = (),
) -> Path:
    from openpyxl import Workbook

    own = _own(lang)
    book = Workbook()
    title = origin.get("title") or message("segments_title", own, codebook=codebook.titled(lang))
    first = book.worksheets[0]
    first.title = message("about_sheet", own)
    first.column_dimensions["A"].width = _ABOUT_WIDTH
    for number, line in enumerate((title, *about), start=1):
        append_row(first, number, [line], [_ABOUT_WIDTH])
    first["A1"].font = font(bold=True, size=14)
    first.row_dimensions[1].height = 1.5 * LINE
    fit_to_width(first)
    segments = book.create_sheet(message("segments_sheet", own))
    persons = book.create_sheet(message("participants_sheet", own))
    dictionary = book.create_sheet(message("dictionary_sheet", own))
    _fill_people(persons, people, own)
    _fill_segments(book, segments, columns, rows, codebook, lang)
    _fill_codebook(dictionary, codebook, lang)
    pairs = {
        **origin,
        **codebook_pairs(codebook),
        "data_sheet": segments.title,
        "participants_sheet": persons.title,
    }
    if memos:
        pairs["memos_sheet"] = _fill_memos(book, memos, own)
    write_pairs(book, pairs)
    describe_workbook(book, title, codebook.reference)
    return save_workbook(book, path)


def _headings(columns: list[str], lang: str) -> list[str]:
    made: list[str] = []
    for place, name in enumerate(columns):
        number = columns[: place + 1].count(name)
        made.append(heading(name, lang) + (f" {number}" if number > 1 else ""))
    return made


def _fill_people(sheet: "Worksheet", people: list[Any], lang: str) -> None:
    head, *rows = people
    headings = [heading(name, lang) if name in ("participant", "group") else str(name) for name in head]
    widths = [18] * len(headings)
    head_row(sheet, headings, widths)
    for number, row in enumerate(rows, start=2):
        append_row(sheet, number, list(row), widths)
    sheet.freeze_panes = "A2"


def _fill_memos(book: "Workbook", memos: tuple[Memo, ...], lang: str) -> str:
    """Add the sheet of memos; its name."""
    sheet = book.create_sheet(message("memos_sheet", lang))
    widths = [14, 24, 24, 18, 90]
    head_row(sheet, [message(f"memo_col_{name}", lang) for name in MEMO_COLUMNS], widths)
    for number, memo in enumerate(memos, start=2):
        append_row(sheet, number, [getattr(memo, name) or None for name in MEMO_COLUMNS], widths)
    sheet.freeze_panes = "A2"
    title: str = sheet.title
    return title


def _fill_segments(
    book: "Workbook",
    sheet: "Worksheet",
    columns: list[str],
    rows: list[dict[str, Any]],
    codebook: InterviewCodebook,
    lang: str,
) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    own = _own(lang)
    widths = [_WIDTHS.get(name, 14) for name in columns]
    head_row(sheet, _headings(columns, own), widths)
    for number, row in enumerate(rows, start=2):
        codes = iter(row["code"])
        cells = [next(codes, None) if name == "code" else row[name] for name in columns]
        append_row(sheet, number, cells, widths)
    sheet.freeze_panes = "C2"
    people = message("participants_sheet", own)
    ranges = {
        "code": write_list(book, code_list(codebook, lang)),
        "participant": f"'{people}'!$A$2:$A${_LAST_PERSON}",
        "direction": '"' + ",".join(message(f"direction_{name}", own) for name in DIRECTIONS) + '"',
    }
    for name, source in ranges.items():
        check = DataValidation(type="list", formula1=source, allow_blank=True, errorStyle="warning")
        check.error = message("form_not_in_list", own)
        check.showErrorMessage = True
        for number, column in enumerate(columns, start=1):
            if column == name:
                letter = get_column_letter(number)
                check.add(f"{letter}2:{letter}{max(_LAST_ROW, len(rows) + 1)}")
        sheet.add_data_validation(check)


def code_list(codebook: InterviewCodebook, lang: str) -> list[str]:
    """The lines of the drop-down: themes as headings, below them subthemes, below these codes, indented.

    A label that another code or subtheme has too gives way to the id.
    """
    forms = CodeForms(codebook)
    lines = []
    for theme in codebook.themes:
        lines.append(f"— {theme.said(lang)} —")
        for subtheme in codebook.subthemes:
            if subtheme.theme != theme.id:
                continue
            for part in (subtheme, *(code for code in codebook.codes if code.subtheme == subtheme.id)):
                label = part.said(lang)
                shown = label if forms.means_one(label, part.id) else part.id
                lines.append((8 if isinstance(part, Code) else 4) * " " + shown)
    return lines


def _fill_codebook(sheet: "Worksheet", codebook: InterviewCodebook, lang: str) -> None:
    own = _own(lang)
    names = ["theme", "subtheme", "id", "label", "definition", "use_when", "not_when"]
    names += ["guide_questions", "opposite", "tension", "theory", "assumption"]
    head_row(sheet, [message(f"codebook_{name}", own) for name in names], [*_CODEBOOK_WIDTHS])
    for number, row in enumerate(_codebook_rows(codebook, lang), start=2):
        append_row(sheet, number, row, [*_CODEBOOK_WIDTHS])
    sheet.freeze_panes = "A2"


def _codebook_rows(codebook: InterviewCodebook, lang: str) -> Iterator[list[str | None]]:
    themes = {theme.id: theme.said(lang) for theme in codebook.themes}
    for subtheme in codebook.subthemes:
        for code in codebook.codes:
            if code.subtheme != subtheme.id:
                continue
            texts = [text_in(wording, lang) for wording in (code.definition, code.use_when, code.not_when)]
            yield [
                *(themes[subtheme.theme], subtheme.said(lang), code.id, code.said(lang), *texts),
                " ".join(code.guide_questions) or None,
                code.opposite,
                "\n".join(codebook.in_tension_with(code.id)) or None,
                "\n".join(codebook.theories_of(code, lang)) or None,
                text_in(code.assumption, lang) if code.assumption else None,
            ]
