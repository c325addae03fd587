"""Wenjuanxing (问卷星), by text (按文本) and by number (按序号)."""

import re

from survey.files.grid import Grid, is_blank
from survey.ingest.dialects.roles import NOT_KEPT, by_header, role_of
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.labels import without_request
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable
from survey.wording import normalise

ROLES = by_header(
    {
        "序号": "key",
        "提交答卷时间": "submitted",
        "开始答卷时间": "started",
        "开始时间": "started",
        "所用时间": "duration",
        "来源": "channel",
        "来源详情": NOT_KEPT,
        "来自IP": "ip",
        "IP": "ip",
        "总分": NOT_KEPT,
        "用户ID": NOT_KEPT,
        "答卷状态": "status",
    }
)

TEXT = Habits(
    separator="┋",
    brackets="〖〗",
    missing={"(跳过)": "skipped", "(空)": "empty"},
)
NUMBER = Habits(
    worded_as="wjx_text",
    positions=True,
    rating_positions=True,
    missing={"-3": "skipped", "-2": "empty", "(跳过)": "skipped", "(空)": "empty"},
)

_PREFIXED = re.compile(r"^\s*(?:第\s*(\d+)\s*题\s*[、.:：．]?|(\d+)\s*[、.:：．])\s*(.*)$", re.DOTALL)
_OPTION = re.compile(r"^(.*?)\s*[(（](.+)[)）]$", re.DOTALL)


def _own(grid: Grid) -> Signs:
    headers = headers_of(grid)
    return evidence(headers, ("序号",), ("提交答卷时间",), ("所用时间",), ("来源", "来自IP"), least=3)


def _by_number(grid: Grid) -> bool:
    """Tell the two exports apart: option columns, or nothing but numbers in the answers."""
    headers = headers_of(grid)
    answers = [place for place, header in enumerate(headers) if header and not role_of(ROLES, header)]
    for place in answers:
        prefix = _PREFIXED.match(headers[place])
        if prefix and re.fullmatch(r"[(（].+[)）]", prefix[3], re.DOTALL):
            return True
    cells = [row[place] for row in grid.rows[1:201] for place in answers if place < len(row)]
    filled = [cell for cell in cells if not is_blank(cell)]
    numbers = sum(re.fullmatch(r"-?\d+(?:\.0)?", str(cell).strip()) is not None for cell in filled)
    return bool(filled) and numbers > 0.8 * len(filled)


def detect_text(grid: Grid) -> Signs:
    """By its own columns, with answers in words."""
    own = _own(grid)
    return own if own and not _by_number(grid) else None


def detect_number(grid: Grid) -> Signs:
    """By its own columns, with options in columns of their own or answers in numbers."""
    own = _own(grid)
    return own if own and _by_number(grid) else None


def read_text(grid: Grid) -> RawTable:
    """Read the export by text; the stem of a matrix may stand only in its first column.

    A header without a number, in a file that numbers its questions, is a row of the matrix before it.
    """
    stem = group = ""

    def naming(_place: int, header: str) -> RawColumn:
        nonlocal stem, group
        number, rest = _parted(header)
        if "—" in rest:
            stem, group = re.split("—+", rest, maxsplit=1)[0], number
            return named(header, rest, row_of=stem)
        if number and number != group:  # another question
            stem, group = "", number
        also = (rest, f"{stem}—{rest}") if stem else (rest,)
        return named(header, *also, row_of=stem)

    return table_of(grid, roles=ROLES, naming=naming, habits=TEXT)


def read_number(grid: Grid) -> RawTable:
    """Read the export by number: options in columns of their own, whose stem stands at most in the first.

    Below the stem of a matrix, brackets are part of the label of a row.
    """
    headers = headers_of(grid)
    parted = [_parted(header) for header in headers]
    numbers = [number for number, _ in parted if number]
    several = {number for number in numbers if numbers.count(number) > 1}
    stem = last = ""
    in_matrix = False

    def naming(place: int, header: str) -> RawColumn:
        nonlocal stem, last, in_matrix
        number, rest = parted[place]
        if number and number != last:  # another question
            stem, last, in_matrix = "", number, False
        of_several = number if number in several else ""
        option = _OPTION.match(rest)
        if "—" in rest and (option is None or "—" in option[1]):
            stem, row = (part.strip() for part in re.split("—+", rest, maxsplit=1))
            in_matrix = True
            return named(header, rest, row, group=of_several, row_of=stem)
        if in_matrix and not numbers:  # nothing is numbered: the next header tells where choices begin
            in_matrix = option is None or not _next_is_option(parted, place)
        if option is None or in_matrix:  # a question, or a row of a matrix
            names = (rest, f"{stem}—{rest}") if stem else (rest,)
            return named(header, *names, group=of_several, row_of=stem)
        head, label = option[1].strip(), option[2].strip()
        text = label.endswith((":", "："))
        label = without_request(normalise(label.rstrip(":：")))
        if head and not head.isdigit():
            stem = head
        elif number:  # numbered options carry no stem: their number says what belongs together
            stem = ""
        ending = " text" if text else ""
        # A label may itself end in brackets: the header as a whole comes first.
        labels = (rest, f"{stem} {label}{ending}", label) if stem else (rest, label)
        return named(header, *labels, group=of_several, text=text, row_of=stem)

    return table_of(grid, roles=ROLES, naming=naming, habits=NUMBER, unverified=("unverified_wjx_number",))


def _parted(header: str) -> tuple[str, str]:
    """The number of a question and the rest of its header."""
    prefix = _PREFIXED.match(header)
    return (prefix[1] or prefix[2], prefix[3]) if prefix else ("", header)


def _next_is_option(parted: list[tuple[str, str]], place: int) -> bool:
    """Tell whether the next header is that of a second option: "2(label)"."""
    option = _OPTION.match(parted[place + 1][1]) if place + 1 < len(parted) else None
    return option is not None and option[1].strip().isdigit()
