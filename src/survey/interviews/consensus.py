"""Where coders differ: the passages to talk about, a workbook to decide in, the coding that comes of it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.errors import DataError, Place, Problem, usage
from survey.files.grid import is_blank, read_book
from survey.files.saving import check_target, save_workbook
from survey.ingest.cell_values import as_text
from survey.ingest.dialects.table import table_of
from survey.interviews.agreement import coders_of
from survey.interviews.coding_units import units_of
from survey.interviews.plain_sheets import append_row, head_row
from survey.interviews.reading import frame_book, segments_of
from survey.interviews.segments import SEGMENT_COLUMNS, Segments, SegmentsLike
from survey.messages import LANGUAGES, message
from survey.tables import contract_frame
from survey.wording import normalise

if TYPE_CHECKING:
    import pandas as pd

CONSENSUS = "consensus"  # the coder of what was agreed on
_SHOWN = ("passage", "participant", "document", "code", "label", "given_by", "not_given_by", "gist", "text")
_DECISION = "decision"
_OPTIONAL = ("document", "gist", "text")  # columns that are left out where nothing stands in them
_WIDTHS = {
    **{"passage": 11, "participant": 12, "document": 16, "code": 20, "label": 22, "given_by": 10},
    **{"not_given_by": 10, "gist": 28, "text": 40, "decision": 10, "why": 20},
}
_A4 = 9
_YES = {"yes", "y", "1", "true", "是", "有"}
_NO = {"no", "n", "0", "false", "否", "无"}


def coding_differences(segments: SegmentsLike, *, overlap: float = 0.5, lang: str = "en") -> "pd.DataFrame":
    """One row per passage and code that some coders gave and others, who read the passage too, did not.

    A coder read every passage of a document in which this coder gave any code (as in `coder_agreement`).
    `passage` is the first segment of the passage; `given_by` and `not_given_by` are tuples of coders.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    overlap
        Two segments are one passage where they share this fraction of the shorter one; above 0, up to 1.
    lang
        Language of `label`.

    Raises
    ------
    UsageError
        Fewer than two coders are named; an argument outside its range.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> codes = list(survey.load_codebook("interview-codebook").code_ids[:2])
    >>> rows = {"segment": ["1", "1"], "participant": "P1", "coder": ["a", "b"], "code": codes}
    >>> segments = survey.segments_from_frame(pd.DataFrame(rows), "interview-codebook")
    >>> survey.coding_differences(segments)["given_by"].tolist()
    [('a',), ('b',)]
    """
    segments = segments_of(segments)
    check_lang(lang, *segments.codebook.languages)
    if not 0 < overlap <= 1:
        raise usage("overlap_outside", overlap=overlap)
    coders = coders_of(segments)
    if len(coders) < 2:
        raise usage("coders_too_few", count=len(coders))
    rows = [row for row in _passage_codes(segments, overlap, lang) if row["given_by"] and row["not_given_by"]]
    rows = [{name: value for name, value in row.items() if name != "directions"} for row in rows]
    return contract_frame("coding_difference", rows)


def _passage_codes(segments: Segments, overlap: float, lang: str = "en") -> Iterator[dict[str, Any]]:
    """Every code on every passage, with who gave it and who read the passage and did not."""
    data = segments.data[segments.data["coder"].notna()]
    passages = units_of(data, overlap)
    coders = coders_of(segments)
    labels = {part.id: part.said(lang) for part in (*segments.codebook.subthemes, *segments.codebook.codes)}
    order = {code: place for place, code in enumerate(labels)}
    data = data.assign(passage=data["segment"].map(passages))
    text_of = list(zip(data["participant"].fillna(""), data["document"].fillna(""), strict=True))
    data = data.assign(place=[f"{who}\0{document}" for who, document in text_of])
    readers = data.groupby("place")["coder"].unique().map(set).to_dict()
    for passage, rows in data.groupby("passage", sort=False):
        read = readers[rows["place"].iloc[0]]
        gists, texts = rows["gist"].dropna(), rows["text"].dropna()
        for code in sorted(rows["code"].unique(), key=order.__getitem__):
            gave = set(rows.loc[rows["code"] == code, "coder"])
            yield {
                "passage": passage,
                "participant": rows["participant"].iloc[0],
                "document": rows["document"].iloc[0],
                "code": code,
                "label": labels[code],
                "given_by": tuple(coder for coder in coders if coder in gave),
                "not_given_by": tuple(coder for coder in coders if coder in read - gave),
                "gist": "\n".join(dict.fromkeys(gists)),
                "text": max(texts, key=len) if len(texts) else "",
                "directions": tuple(rows.loc[rows["code"] == code, "direction"].dropna().unique()),
            }


def export_consensus(
    segments: SegmentsLike, path: str | Path, *, overlap: float = 0.5, lang: str = "en"
) -> Path:
    """Write the passages where coders differ as a workbook to decide in: yes or no, and why.

    `apply_consensus` reads it back. The same segments give the same bytes.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    path
        Where it goes; the name ends in ".xlsx".
    overlap, lang
        As in `coding_differences`.

    Raises
    ------
    UsageError
        Fewer than two coders are named, or the path is a folder, does not end in .xlsx, or cannot be written.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> codes = list(survey.load_codebook("interview-codebook").code_ids[:2])
    >>> rows = {"segment": ["1", "1"], "participant": "P1", "coder": ["a", "b"], "code": codes}
    >>> segments = survey.segments_from_frame(pd.DataFrame(rows), "interview-codebook")
    >>> with TemporaryDirectory() as folder:
    ...     survey.export_consensus(segments, Path(folder) / "decide.xlsx").name
    'decide.xlsx'
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    check_target(path)
    frame = coding_differences(segments, overlap=overlap, lang=lang)
    book = Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = message("consensus_sheet", lang)
    shown = [
        name
        for name in _SHOWN
        if name not in _OPTIONAL or any(isinstance(text, str) and text for text in frame[name])
    ]
    names = [*shown, _DECISION, "why"]
    widths = [_WIDTHS[name] for name in names]
    head_row(sheet, [message(f"consensus_col_{name}", lang) for name in names], widths)
    for number, row in enumerate(frame.to_dict("records"), start=2):
        cells = ["; ".join(row[name]) if isinstance(row[name], tuple) else row[name] for name in shown]
        texts = [None if is_blank(cell) else str(cell) for cell in cells]
        append_row(sheet, number, [*texts, None, None], widths)
        for place in range(1, len(names) + 1):
            sheet.cell(number, place).border = _line()
    words = [message(f"consensus_{word}", lang) for word in ("yes", "no")]
    check = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    letter = get_column_letter(names.index(_DECISION) + 1)
    check.add(f"{letter}2:{letter}{max(len(frame) + 1, 2)}")
    sheet.add_data_validation(check)
    sheet.freeze_panes = "A2"
    sheet.page_setup.paperSize = _A4
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"
    return save_workbook(book, path)


@cache
def _line() -> Any:
    from openpyxl.styles import Border, Side

    return Border(bottom=Side("hair", color="FF808080"))


def apply_consensus(
    segments: SegmentsLike,
    decisions: "str | Path | pd.DataFrame",
    *,
    overlap: float = 0.5,
    password: str | None = None,
) -> Segments:
    """The coding that coders agreed on: one row per passage and code, all of one coder, "consensus".

    Codes that everybody gave who read the passage stand in it, and those in dispute that were decided with
    yes. Codings without a coder's name stay as they are. A code has the direction that all gave who gave one;
    where they differ it has none, and `problems` says on which passages.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them: those that `export_consensus` was made from.
    decisions
        The workbook that `export_consensus` made, filled in, or a table or DataFrame with the columns
        `passage`, `code` and `decision` (yes or no).
    overlap
        As in `coding_differences`.
    password
        Opens an encrypted workbook of decisions.

    Raises
    ------
    UsageError
        There is no such file, or fewer than two coders are named.
    DataError
        Decisions are missing, are neither yes nor no, or are about what coders do not differ on: all of them.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> codes = list(survey.load_codebook("interview-codebook").code_ids[:2])
    >>> rows = {"segment": ["1", "1"], "participant": "P1", "coder": ["a", "b"], "code": codes}
    >>> segments = survey.segments_from_frame(pd.DataFrame(rows), "interview-codebook")
    >>> decided = pd.DataFrame({"passage": "1", "code": codes, "decision": ["yes", "no"]})
    >>> survey.apply_consensus(segments, decided).data["coder"].tolist()
    ['consensus']
    """
    import pandas as pd

    segments = segments_of(segments)
    differing = coding_differences(segments, overlap=overlap)
    wanted = set(zip(differing["passage"], differing["code"], strict=True))
    decided = _decisions(decisions, wanted, password)
    data = segments.data
    first = data.groupby("segment", sort=False).first()  # of what coders say the first that is said
    rows = []
    apart: list[str] = []
    for row in _passage_codes(segments, overlap):
        key = row["passage"], row["code"]
        if decided.get(key, True):
            shared = first.loc[row["passage"]].to_dict()
            level = "code" if row["code"] in segments.codebook.code_ids else "subtheme"
            agreed = row["directions"] if len(row["directions"]) == 1 else (None,)
            if len(row["directions"]) > 1:
                apart.append(f"{row['passage']} / {row['code']}")
            shared["direction"] = agreed[0]
            kept = {"code": row["code"], "level": level, "coder": CONSENSUS, "segment": row["passage"]}
            rows.append(shared | kept)
    made = {
        name: pd.array([row.get(name) for row in rows], dtype=kind) for name, kind in SEGMENT_COLUMNS.items()
    }
    unnamed = data[data["coder"].isna()]
    together = (
        pd.concat([pd.DataFrame(made), unnamed], ignore_index=True) if len(unnamed) else pd.DataFrame(made)
    )
    notices = [Problem("consensus_direction", Place(), {"codings": apart})] if apart else []
    return replace(segments, data=together, problems=(*segments.problems, *notices))


def _decisions(
    decisions: "str | Path | pd.DataFrame", wanted: set[tuple[str, str]], password: str | None
) -> dict[tuple[str, str], bool]:
    """What was decided on each passage and code; all faults at once."""
    from_file = isinstance(decisions, str | Path)
    book = read_book(decisions, password=password) if from_file else frame_book(decisions)
    table = table_of(next(grid for grid in book.grids if grid.rows or grid is book.grids[-1]))
    headers = {
        name: {normalise(name), *(normalise(message(f"consensus_col_{name}", lang)) for lang in LANGUAGES)}
        for name in ("passage", "code", _DECISION)
    }
    columns = {
        name: next((column for column in table.columns if normalise(column.header) in forms), None)
        for name, forms in headers.items()
    }
    if missing := [name for name, column in columns.items() if column is None]:
        raise DataError(Problem("claims_columns", Place(file=book.file), {"missing": missing}))
    decided: dict[tuple[str, str], bool] = {}
    problems = []
    for row, line in enumerate(table.numbers):
        cells = {name: column.values[row] for name, column in columns.items() if column is not None}
        passage, code, word = ("" if is_blank(cell) else as_text(cell).strip() for cell in cells.values())
        where = Place(file=book.file, line=line, subject=f"{passage} / {code}")
        if (passage, code) not in wanted:
            problems.append(Problem("consensus_no_difference", where))
        elif normalise(word) not in _YES | _NO:
            problems.append(Problem("consensus_undecided", where, {"value": word[:40]}))
        else:
            decided[passage, code] = normalise(word) in _YES
    left = len(wanted - decided.keys()) - len([one for one in problems if one.key == "consensus_undecided"])
    if left > 0:
        problems.append(Problem("consensus_missing", Place(file=book.file), {"count": left}))
    if problems:
        raise DataError(*problems)
    return decided
