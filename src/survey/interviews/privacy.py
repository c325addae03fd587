"""What would name a person in coded interviews: e-mail addresses, phone numbers, names from a list."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import unfit
from survey.errors import Place, Problem, usage
from survey.files.formats import decoded
from survey.files.grid import is_blank, read_book
from survey.ingest.cell_values import as_text
from survey.ingest.dialects.table import headers_of
from survey.ingest.raw_table import column_letter
from survey.interviews.reading import read_segments, reader_of
from survey.interviews.segment_tables import is_personal
from survey.interviews.segments import Segments, SegmentsLike
from survey.tables import CONTRACTS
from survey.wording import EMAIL, PHONE, normalise

if TYPE_CHECKING:
    import pandas as pd

_PATTERNS = {"email": EMAIL, "phone": PHONE}
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_HAS_CJK = re.compile(f"[{_CJK}]")
# A letter or digit of a script whose words have gaps between them; an underscore is a gap.
_LETTER = rf"[^\W_{_CJK}]"
_PEOPLE = "participants"
_TEXTS = ("participant", "document", "quote", "gist", "text")


def check_privacy(
    segments: SegmentsLike,
    *,
    names: "str | Path | Iterable[str]" = (),
    password: str | None = None,
) -> "pd.DataFrame":
    """One row per cell and thing found in it that would name somebody; nothing found gives no row.

    A hint, no proof: a name that is not in the list is not found, and a brand may be a word.

    Parameters
    ----------
    segments
        A file: every cell of every sheet is looked at, whether `read_segments` would read it or not. Or
        segments: their gists, texts, documents, marks of quotations and pseudonyms, their memos, and all that
        is known of the participants.
    names
        Names of people, companies and brands that must not appear: a file (see `read_names`) or the names
        themselves. Chinese, Japanese and Korean names are found inside other words too, others only as
        whole words; capitals, white space and full-width forms make no difference.
    password
        Opens an encrypted workbook.

    Returns
    -------
    pandas.DataFrame
        Columns `kind, source, sheet, cell, row, column, segment, participant, n, shown, entry`: `kind` is
        `email`, `phone`, `name` or `personal` (a column whose header asks for a name or an address), `n` how
        often it stands in the cell, `shown` its first character and its length, never the whole, `entry` the
        place of a name in the list, counted from 1.

    Raises
    ------
    UsageError
        There is no such file, or a name of the list has fewer than two characters: it would be found
        everywhere.
    DataError
        The file can be read by nobody.

    Examples
    --------
    >>> from survey.resources import resource_folder
    >>> len(check_privacy(resource_folder("interviews") / "segments.xlsx", names=["Acme"]))
    0
    """
    import pandas as pd

    if not isinstance(segments, Segments | str | Path):
        raise unfit("segments_needed", segments)
    if not isinstance(names, str | Path | list | tuple | set | frozenset):
        raise unfit("names_needed", names)
    if isinstance(names, str | Path):
        names = read_names(names, password=password)
    listed = [str(name) for name in names]
    patterns: list[tuple[str, re.Pattern[str], int | None]]
    patterns = [(kind, pattern, None) for kind, pattern in _PATTERNS.items()]
    patterns += [("name", name_pattern(name), place) for place, name in enumerate(listed, start=1)]
    if not isinstance(segments, Segments) and reader_of(segments) is not None:
        segments = read_segments(segments, set_aside=True, keep_personal=True)
    cells = _cells(segments) if isinstance(segments, Segments) else _cells_of_file(segments, password)
    rows: list[dict[str, Any]] = []
    filled: Counter[tuple[Any, ...]] = Counter()
    for where, text in cells:
        filled[where["source"], where.get("sheet"), where["column"]] += 1
        form = normalise(text)
        for kind, pattern, entry in patterns:
            hits = pattern.findall(form)
            if hits:
                rows.append({**where, "kind": kind, "n": len(hits), "shown": masked(hits[0]), "entry": entry})
    for (source, sheet, column), n in filled.items():
        if is_personal(column.removeprefix(f"{_PEOPLE} / ")):
            rows.append({"kind": "personal", "source": source, "sheet": sheet, "column": column, "n": n})
    frame = pd.DataFrame(rows, columns=list(CONTRACTS["privacy"]))
    kinds = {"row": "Int64", "n": "Int64", "entry": "Int64"}
    return frame.astype({name: kinds.get(name, "string[python]") for name in frame.columns})


def _cells(segments: Segments) -> Iterator[tuple[dict[str, Any], str]]:
    """Every text of the segments and of the people, once, with where it stands."""
    seen = set()
    for row in segments.data.itertuples(index=False):
        for name in _TEXTS:
            text = getattr(row, name)
            key = (row.source, row.row, name, row.segment)
            if isinstance(text, str) and key not in seen:
                seen.add(key)
                where = {"column": name, "segment": row.segment, "participant": row.participant}
                yield {**where, "source": row.source, "row": row.row}, text
    for memo in segments.memos:
        where = {
            "column": "memo",
            "segment": memo.target or memo.about,
            "source": segments.origin.get("input"),
        }
        yield {**where}, f"{memo.name}\n{memo.text}"
    people = segments.participants
    source = segments.origin.get("input")
    for name, *values in people.itertuples(name=None):
        where = {"participant": name, "source": source}
        yield {**where, "column": _PEOPLE}, name
        for column, value in zip(people.columns, values, strict=True):
            if isinstance(value, str):
                yield {**where, "column": f"{_PEOPLE} / {column}"}, value


def _cells_of_file(path: str | Path, password: str | None) -> Iterator[tuple[dict[str, Any], str]]:
    """Every cell of a table below its header, and the header itself, with its address."""
    book = read_book(path, password=password)
    for grid in book.grids:
        headers = headers_of(grid)
        for row, number in zip(grid.rows, grid.numbers, strict=True):
            for place, raw in enumerate(row):
                if not is_blank(raw):
                    header = headers[place] if place < len(headers) and number != grid.numbers[0] else ""
                    where = {"source": book.file, "sheet": grid.sheet, "row": number, "column": header}
                    yield {**where, "cell": f"{column_letter(place)}{number}"}, as_text(raw)


def read_names(path: str | Path, *, password: str | None = None) -> list[str]:
    """Read the names that must not appear: one to a line, or the first column of a table; "#" is a comment.

    Raises
    ------
    UsageError
        There is no such file.
    DataError
        It is neither text nor a table.
    """
    path = Path(path)
    book = read_book(path, password=password)
    text = None if path.suffix.lower() in (".csv", ".tsv") else decoded(path.read_bytes())
    if text is not None:  # in a list "Wei, Zhang" is one name
        lines = text.splitlines()
    else:
        rows = [row for grid in book.grids[:1] for row in grid.rows]
        lines = [as_text(row[0]) for row in rows if row and not is_blank(row[0])]
    return [line.strip() for line in lines if not is_blank(line) and not line.strip().startswith("#")]


def name_pattern(name: str) -> re.Pattern[str]:
    """Make the pattern of a name in normalised text.

    Raises
    ------
    UsageError
        It has fewer than two characters.
    """
    form = normalise(name)
    signs = [sign for sign in form if sign.isalnum()]
    if len(signs) < 2:
        raise usage("name_too_short", name=name)
    if _HAS_CJK.search(form):
        return re.compile(r"[\s·・.]?".join(re.escape(sign) for sign in signs))
    words = r"[\s_.,-]+".join(re.escape(word) for word in re.split(r"[\s,-]+", form) if word)
    return re.compile(f"(?<!{_LETTER}){words}(?!{_LETTER})")


def masked(text: str) -> str:
    """Show the first character of what was found, and how long it is."""
    return f"{text[0]}… ({len(text)})"


def privacy_problems(hits: "pd.DataFrame", lang: str = "en") -> list[Problem]:
    """Tell what `check_privacy` found, each with its file, line and column."""
    import pandas as pd

    from survey.messages import message

    problems = []
    for row in hits.itertuples(index=False):
        values = {name: None if pd.isna(value) else value for name, value in row._asdict().items()}
        subject = " / ".join(filter(None, (values["segment"] or values["participant"], values["column"])))
        place = Place(
            file=values["source"] or "",
            sheet=values["sheet"] or "",
            cell=values["cell"] or "",
            line=None if values["cell"] else values["row"],
            subject=subject,
        )
        kind = message(f"privacy_{row.kind}", lang)
        if row.kind == "personal":
            problems.append(Problem("privacy_column", place, {"column": row.column, "n": row.n}))
            continue
        if row.kind == "name":
            kind = message("privacy_name_entry", lang, entry=row.entry)
        problems.append(Problem("privacy_found", place, {"kind": kind, "shown": row.shown, "n": row.n}))
    return problems
