# ruff: noqa: E501, PT017 - odd cells in a table; an error must have words
"""Files changed at random and read: any error must be one of ours, any result must add up.

python benchmarks/fuzz.py [minutes] [seed]

Every export of the tests is written in every format and changed, byte by byte and cell by cell. A changed cell
may lose its own answer; it must never change another one in silence.
"""

import csv
import datetime
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from importlib.metadata import version
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import survey  # noqa: E402
from survey.ingest.map_proposal import propose_map  # noqa: E402
from survey.ingest.reading import read_tables  # noqa: E402
from tests.ingest.dialects.exports import EXPORTS, Rows  # noqa: E402

SAMPLE = ROOT / "data" / "responses" / "executive-survey-2026-reconstructed.xlsx"
CLUB = ROOT / "tests" / "ingest" / "dialects" / "club.yaml"
RECORD = ROOT / "benchmarks" / "fuzz.csv"
PROGRAMS = ("openpyxl", "pandas", "xlrd", "msoffcrypto-tool")

# What means nothing in most cells, much of it near to something that does.
ODD: tuple[Any, ...] = (
    None, "", " ", 0, 1, 2, 3, 9, -1, -3, 9e307, 1.5, True, False, "x", "X", "是", "0", "1", "5 - 4", "Imp",
    "其他〖", "其他〖a〗b〗", "〗〖", "┋┋", ";;;", ", , ,", "1,2,3", "999", "A9", "A1", "N/A", "NA", "None", "nan", "(跳过)",
    "(空)", "-oth-", "Other", "其他", "[]", "()", "第题", "1、", "—", "/", "{", "2026-99-99", "0/0/0", "13/4/2026",
    "4/13/2026", "下午", "秒", "312秒", "5:99", "1" * 400, "٣", "²", "Ⅻ", "\u200b", "=1+1", "#N/A", "'", '"', "\n", "\t",
    "Yes", "No", "None of these", "以上都不是", "Ball games", "Ball games, indoor, Ball games, indoor", "Guest", "Full",
    "a@b.example", "1.2.3.4", datetime.datetime(1980, 1, 1), datetime.time(1, 2), datetime.date(2026, 4, 3),
)  # fmt: skip


def _xlsx(rows: Rows) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for i, row in enumerate(rows, 1):
        for j, value in enumerate(row, 1):
            cell = sheet.cell(i, j, value)
            if isinstance(value, str):
                cell.data_type = "s"  # "=1+1" and "#N/A" are text here
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _xls(rows: Rows) -> bytes:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD hh:mm:ss")
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if value is not None:
                sheet.write(i, j, value, *([day] if isinstance(value, datetime.date | datetime.time) else []))
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _ods(rows: Rows) -> bytes:
    from odf import opendocument, table, text

    book = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="Data")
    for row in rows:
        line = table.TableRow()
        for value in row:
            kind: dict[str, Any] = {} if value is None else {"valuetype": "string"}
            if isinstance(value, int | float) and not isinstance(value, bool):
                kind = {"valuetype": "float", "value": value}
            cell = table.TableCell(**kind)
            for part in str(value).split("\n") if value is not None else []:
                cell.addElement(text.P(text=part.replace("\t", " ")))
            line.addElement(cell)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    made = BytesIO()
    book.write(made)
    return made.getvalue()


def _text(separator: str, encoding: str) -> Callable[[Rows], bytes]:
    def write(rows: Rows) -> bytes:
        made = StringIO()
        csv.writer(made, delimiter=separator).writerows(rows)
        return made.getvalue().encode(encoding)

    return write


FORMATS: dict[str, Callable[[Rows], bytes]] = {
    "xlsx": _xlsx,
    "xls": _xls,
    "ods": _ods,
    "csv utf-8": _text(",", "utf-8"),
    "csv utf-8 with mark": _text(",", "utf-8-sig"),
    "csv utf-16": _text(",", "utf-16"),
    "csv gb18030": _text(";", "gb18030"),
    "tsv utf-8": _text("\t", "utf-8"),
}


def repacked(content: bytes, name: str, part: bytes) -> bytes:
    """The same archive with another content of one part, packed as it should be."""
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for each in source.namelist():
            target.writestr(each, part if each == name else source.read(each))
    return made.getvalue()


def scrambled(content: bytes, chance: random.Random) -> bytes:
    """The same bytes with a few changed, dropped or doubled."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(changed))
        how = chance.randrange(3)
        if how == 0:
            changed[at] = chance.randrange(256)
        elif how == 1:
            del changed[at : at + chance.randint(1, 30)]
        else:
            changed[at:at] = changed[at : at + chance.randint(1, 30)]
        if not changed:
            break
    return bytes(changed)


def bytes_changed(content: bytes, chance: random.Random) -> bytes:
    """Change a file byte by byte; of an archive every other time the XML inside, packed again."""
    if not content.startswith(b"PK") or chance.random() < 0.5:
        return scrambled(content, chance)
    with zipfile.ZipFile(BytesIO(content)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    hit = chance.choice([name for name in parts if name.endswith(".xml")])
    return repacked(content, hit, scrambled(parts[hit], chance))


def read(path: Path, instrument: Any) -> "survey.Responses | None":
    """Read a file and hold what always holds; None where one of our errors was raised."""
    try:
        found = survey.read_responses(path, instrument, set_aside=True)
    except survey.SurveyError as error:
        assert error.text("en"), "an error without words"
        assert error.text("zh"), "an error without words"
        return None
    assert found.accounting is not None
    cells = found.accounting["cells"]
    assert cells.iloc[0] == cells.iloc[1:].sum(), "the accounting does not add up"
    assert (cells >= 0).all(), "fewer cells than none"
    assert len(found.data) == len(found.missing) == len(found.meta)
    assert ((found.missing == "") == found.data.notna()).all(axis=None), "a gap without its kind"
    assert all(problem.text("en") and problem.text("zh") for problem in found.problems)
    return found


def judge(path: Path, instrument: Any) -> bool:
    """Give whether a file could be read; also screen it and propose a map, as the commands do."""
    found = read(path, instrument)
    try:
        propose_map(path, instrument)
        if found is not None:
            survey.screen(found, drop=["speeders"])
    except survey.SurveyError as error:
        assert error.text("zh")
    return found is not None


def answers_of(responses: "survey.Responses") -> dict[int, dict[str, Any]]:
    """Give the answers of every row of the file, None where there is none."""
    plain = responses.data.astype(object).where(responses.data.notna(), None)
    return dict(zip(responses.meta["row"].tolist(), plain.to_dict("records"), strict=True))


class Cells:
    """One export in one format: what it says, and which column of the file belongs to which question."""

    def __init__(self, rows: Rows, write: Callable[[Rows], bytes], path: Path, instrument: Any) -> None:
        """Write it and read it as it is."""
        self.rows, self.write, self.path, self.instrument = rows, write, path, instrument
        path.write_bytes(write(rows))
        before = read(path, instrument)
        assert before is not None
        self.before = before
        _, done = read_tables(path, instrument)[0]
        match = done.match
        letters = [(column.letter, target.question) for column, target in match.answers]
        letters += [(column.letter, question) for column, question in match.doubled]
        self.questions = dict(letters)
        self.first = done.table.numbers[0]

    def change(self, chance: random.Random) -> bool:
        """Change a few cells of respondents; nothing but the answers in them may be another one.

        One cell can be evidence of how a whole column is meant: how blanks are, or what its codes stand for.
        That is told; only then may the rest of the question differ.
        """
        rows = [list(row) for row in self.rows]
        hit = set()
        for _ in range(chance.randint(1, 5)):
            row, place = chance.randrange(self.first - 1, len(rows)), chance.randrange(len(rows[0]))
            value = chance.choice(ODD)
            if (
                place < len(rows[row])
                and isinstance(value, type(rows[row][place]))
                and value == rows[row][place]
            ):
                continue
            rows[row] += [None] * (place + 1 - len(rows[row]))
            rows[row][place] = value
            hit.add((row + 1, place))
        self.path.write_bytes(self.write(rows))
        after = read(self.path, self.instrument)
        if after is None:
            return False
        numbers = after.meta["row"].tolist()
        gone = set(self.before.meta["row"]) - set(numbers)
        assert gone <= {row for row, _ in hit}, ("rows lost", gone, hit)
        rows_hit = {row for row, _ in hit}
        told = self._questions_told(after, rows_hit) - self._questions_told(self.before, rows_hit)
        before, now = answers_of(self.before), answers_of(after)
        for question in after.instrument.questions:
            if question.id in {name for _, name in told}:
                continue
            letters = {letter for letter, owner in self.questions.items() if owner.id == question.id}
            mine = {row for row, place in hit if openpyxl.utils.get_column_letter(place + 1) in letters}
            for row in numbers:
                if row not in mine:
                    one = [before[row][name] for name in question.columns]
                    other = [now[row][name] for name in question.columns]
                    assert one == other, (question.id, row, hit, one, other)
        return True

    @staticmethod
    def _questions_told(responses: "survey.Responses", without: set[int]) -> set[tuple[str, str]]:
        """Give what is told of which question, in other rows than these or of whole columns."""
        return {
            (problem.key, str(problem.values.get("question") or problem.place.subject).split(" / ")[0])
            for problem in responses.problems
            if problem.place.row not in without
        }


def run(minutes: float, first: int, folder: Path) -> list[dict[str, object]]:
    """Change files until the time is over; one row per format and kind of change."""
    ends = time.process_time() + 60 * minutes
    counts: Counter[tuple[str, str, str]] = Counter()
    findings: list[str] = []
    path = folder / "changed"
    seed = first
    while time.process_time() < ends:
        chance = random.Random(seed)
        name = chance.choice([*EXPORTS])
        kind = chance.choice([*FORMATS])
        rows = EXPORTS[name][1]()
        try:
            cells = Cells(rows, FORMATS[kind], path, CLUB)
            content = path.read_bytes()
            for _ in range(4):
                counts[kind, "cells", "read" if cells.change(chance) else "refused"] += 1
            for _ in range(4):
                path.write_bytes(bytes_changed(content, chance))
                counts[kind, "bytes", "read" if judge(path, CLUB) else "refused"] += 1
        except Exception as error:  # a finding: its seed repeats it
            counts[kind, "-", "findings"] += 1
            said = f"seed {seed}, {name}, {kind}: {type(error).__name__}: {error}"
            findings.append(said)
            print(said[:600], flush=True)
        seed += 1
    told = {"date": datetime.date.today().isoformat(), "seeds": f"{first}-{seed - 1}"}
    told["versions"] = " ".join(f"{one} {version(one)}" for one in PROGRAMS)
    return [
        {
            **told,
            "format": kind,
            "changed": how,
            "files": counts[kind, how, "read"] + counts[kind, how, "refused"],
            "read": counts[kind, how, "read"],
            "refused_in_words": counts[kind, how, "refused"],
            "findings": counts[kind, "-", "findings"],
        }
        for kind in FORMATS
        for how in ("cells", "bytes")
    ]


def main() -> None:
    """Run for so many minutes of processor time, and add what was found to the record beside this file."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with tempfile.TemporaryDirectory() as folder:
        lines = run(minutes, first, Path(folder))
    new = not RECORD.exists()
    with RECORD.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0].keys(), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerows(lines)
    total = sum(int(str(line["files"])) for line in lines)
    print(f"{total} changed files, {sum(int(str(line['findings'])) for line in lines) // 2} findings")


if __name__ == "__main__":
    main()
