"""Workbooks for tests, written as Markdown tables, so that a diff shows what was meant."""

import datetime
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from survey import Problem, Report, Responses, SurveyError

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_FORMULA = re.compile(r"(=.*?)(?: -> (.*))?")


def table_rows(table: str) -> list[list[Any]]:
    """Read a Markdown table: one list of cell values per row, the header first.

    | written       | is                                              |
    |---------------|-------------------------------------------------|
    | nothing       | an empty cell                                   |
    | 5, 5.0, 1e-7  | a number                                        |
    | "5", "a\\nb"  | text, as in JSON                                |
    | TRUE, FALSE   | a truth value                                   |
    | 2026-05-01    | a date                                          |
    | =1+1          | a formula without a stored result               |
    | =1+1 -> 2     | a formula with a stored result (`""`: no text)  |
    | #N/A          | an error                                        |
    | anything else | text; a pipe is written `\\|`                   |
    """
    lines = [line.strip() for line in table.strip().splitlines()]
    cells = [re.split(r"(?<!\\)\|", line.removeprefix("|").removesuffix("|")) for line in lines]
    rows = [[_value(cell.strip().replace("\\|", "|")) for cell in row] for row in cells]
    return [
        row for row, line in zip(rows, lines, strict=True) if not re.fullmatch(r"[|\-: ]*-{3}[|\-: ]*", line)
    ]


def _value(cell: str) -> Any:
    if not cell:
        return None
    if cell.startswith('"') and cell.endswith('"'):
        return json.loads(cell)
    if cell in ("TRUE", "FALSE"):
        return cell == "TRUE"
    if _NUMBER.fullmatch(cell):
        return float(cell) if set(cell) & set(".e") else int(cell)
    return datetime.datetime.fromisoformat(cell) if _DATE.fullmatch(cell) else cell


def workbook(path: Path, sheets: str | Mapping[str, str], *, says: Mapping[str, str] | None = None) -> Path:
    """Write Markdown tables as the sheets of an .xlsx; `says` fills the hidden sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    stored: list[tuple[str, str]] = []
    for title, table in ({"Data": sheets} if isinstance(sheets, str) else sheets).items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(table_rows(table) if table.strip() else [], 1):
            for place, value in enumerate(row, 1):
                formula = _FORMULA.fullmatch(value) if isinstance(value, str) else None
                sheet.cell(number, place, formula[1] if formula else value)
                if formula and formula[2] is not None:
                    stored.append((sheet.cell(number, place).coordinate, formula[2]))
    if says is not None:
        hidden = book.create_sheet("_survey")
        hidden.sheet_state = "hidden"
        for pair in says.items():
            hidden.append(pair)
    book.save(path)
    if stored:
        rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: _with_results(xml, stored))
    return path


def _with_results(xml: bytes, stored: list[tuple[str, str]]) -> bytes:
    """Put results beside formulas, as Excel does and openpyxl does not."""
    for cell, result in stored:
        kind = "" if _NUMBER.fullmatch(result) else ' t="str"'
        text = json.loads(result) if result.startswith('"') else result
        pattern = rf'<c r="{cell}"[^>]*>(<f>.*?</f>)<v ?/?>(</v>)?</c>'.encode()
        put = rf'<c r="{cell}"{kind}>\1<v>{text}</v></c>'.encode()
        xml, count = re.subn(pattern, put, xml)
        assert count == 1, cell
    return xml


def rewrite(path: Path, part: str, change: Callable[[bytes], bytes | None]) -> Path:
    """Change one part of a zip archive; where `change` gives None, the part is dropped."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    changed = change(parts.pop(part))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **({} if changed is None else {part: changed})}.items():
            archive.writestr(name, content)
    return path


def encrypted(content: bytes, password: str) -> bytes:
    """Encrypt a workbook as Excel does."""
    from io import BytesIO

    from msoffcrypto.format.ooxml import OOXMLFile

    made = BytesIO()
    OOXMLFile(BytesIO(content)).encrypt(password, made)
    return made.getvalue()


def told(call: Callable[[], object]) -> list[Problem]:
    """Give the problems an error of ours carries, none where there is no error; any other error passes."""
    try:
        call()
    except SurveyError as error:
        return list(error.problems)
    return []


def answers(responses: Responses, column: str) -> list[Any]:
    """Give the answers in a column, None where there is none."""
    values = responses.data[column]
    return [None if gone else value for value, gone in zip(values.tolist(), values.isna(), strict=True)]


def missing(responses: Responses, column: str) -> list[str]:
    """Give the kinds of missing in a column, "" where there is an answer."""
    kinds: list[str] = responses.missing[column].tolist()
    return kinds


def accounted(responses: Responses) -> dict[str, int]:
    """Give the accounting as a mapping: `{"read": 12, "mapped answer": 10, ...}`, without the zeros."""
    table = responses.accounting
    assert table is not None
    lines = table.itertuples(index=False)
    return {f"{line.category} {line.kind}".strip(): line.cells for line in lines if line.cells}


def keys_of(report: Report, *others: str) -> int:
    """Check that each number of a table has one key of its own, and count them; `others` show no results."""
    count = 0
    for sheet in report.sheets:
        for table in sheet.tables:
            numbers = [column for column in table.columns if column.form not in ("text", "range")]
            is_keyed = table.contract or "result" in table.data or any(column.keys for column in numbers)
            assert is_keyed or sheet.name in others, (sheet.name, table.name)
            cells = [
                pair
                for column in numbers
                for pair in zip(table.keys(column), table.data[column.key].notna(), strict=True)
            ]
            keys = [key for key, is_number in cells if key and is_number]
            assert len(keys) == len(set(keys)), (sheet.name, table.name)
            count += len(keys)
    return count
