# ruff: noqa: E501, PT017 - odd cells in a table; an error must have words
"""Files changed at random and read: any error must be one of ours, any result must add up.

python benchmarks/fuzz.py [--minutes M] [--files N] [--seed S] [--of workbooks|texts|yaml]

Every export of the tests is written in every format and changed: cell by cell, byte by byte, and of an archive
the parts inside. A changed cell may lose its own answer; it must never change another one in silence. Of YAML
(instruments, maps, plans, targets, assumptions) bytes and lines are changed. A file that takes 20 s of the
processor, or more than 2 GiB, is a finding as a traceback is one.

A run that was stopped goes on where it stood when it is called with the same seed: the record is written as it
goes, one row per run, format and kind of change.
"""

import argparse
import csv
import datetime
import random
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.metadata import version
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import survey  # noqa: E402
from survey.ingest.map_proposal import propose_map  # noqa: E402
from survey.ingest.mapping import read_mapping  # noqa: E402
from survey.ingest.reading import read_tables  # noqa: E402
from survey.published.findings.assumptions import read_sidecar  # noqa: E402
from survey.report.survey.planning import setting_problems  # noqa: E402
from survey.weights.target_shares import target_problems  # noqa: E402
from tests.files.binary_workbook import write_binary  # noqa: E402
from tests.ingest.dialects.exports import EXPORTS, Rows  # noqa: E402

SAMPLE = ROOT / "data" / "responses" / "executive-survey-2026-reconstructed.xlsx"
CLUB = ROOT / "tests" / "ingest" / "dialects" / "club.yaml"
RECORD = ROOT / "benchmarks" / "fuzz.csv"
PROGRAMS = ("openpyxl", "pandas", "xlrd", "msoffcrypto-tool", "pyyaml")
SECONDS, MOST_MEMORY = 20, 2 * 2**30  # of the processor, for one file
AT_ONCE = 100  # seeds between two writings of the record

# What means nothing in most cells, much of it near to something that does.
ODD: tuple[Any, ...] = (
    None, "", " ", 0, 1, 2, 3, 9, -1, -3, 9e307, 1.5, True, False, "x", "X", "是", "0", "1", "5 - 4", "Imp",
    "其他〖", "其他〖a〗b〗", "〗〖", "┋┋", ";;;", ", , ,", "1,2,3", "999", "A9", "A1", "N/A", "NA", "None", "nan", "(跳过)",
    "(空)", "-oth-", "Other", "其他", "[]", "()", "第题", "1、", "—", "/", "{", "2026-99-99", "0/0/0", "13/4/2026",
    "4/13/2026", "下午", "秒", "312秒", "5:99", "1" * 400, "٣", "²", "Ⅻ", "\u200b", "=1+1", "#N/A", "'", '"', "\n", "\t",
    "Yes", "No", "None of these", "以上都不是", "Ball games", "Ball games, indoor, Ball games, indoor", "Guest", "Full",
    "a@b.example", "1.2.3.4", datetime.datetime(1980, 1, 1), datetime.time(1, 2), datetime.date(2026, 4, 3),
)  # fmt: skip

ODD_YAML = (
    "{}", "[]", "~", "!!python/object:x", "&a", "*a", "<<: *a", "{a: {b: {c: 1}}}", "[[[[]]]]", "1e999", ".nan", "-.inf",
    "0x1F", "0o17", "1_000", "2026-01-01", "|", ">", "? ", "- -", "%", "@", "`", "\u0085", "9" * 30, "true", "yes", "..",
    "{en: x}", "{zh: x}", "1.0.0", "executive-survey", "kind: survey", "[1, 2]", "-1", "0.5", "\t",
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


def _xlsb(rows: Rows) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        plain = [[_of_binary(value) for value in row] for row in rows]
        return write_binary(Path(folder) / "made.xlsb", {"Data": plain}).read_bytes()


def _of_binary(value: Any) -> Any:
    """A cell as the writer of the tests takes it."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime.combine(value, datetime.time())
    return str(value) if isinstance(value, datetime.time | datetime.timedelta) else value


def _text(separator: str, encoding: str) -> Callable[[Rows], bytes]:
    def write(rows: Rows) -> bytes:
        made = StringIO()
        csv.writer(made, delimiter=separator).writerows(rows)
        return made.getvalue().encode(encoding)

    return write


FORMATS: dict[str, Callable[[Rows], bytes]] = {
    "xlsx": _xlsx,
    "xlsb": _xlsb,
    "xls": _xls,
    "ods": _ods,
    "csv utf-8": _text(",", "utf-8"),
    "csv utf-8 with mark": _text(",", "utf-8-sig"),
    "csv utf-16": _text(",", "utf-16"),
    "csv gb18030": _text(";", "gb18030"),
    "tsv utf-8": _text("\t", "utf-8"),
}


WORKBOOKS = ("xlsx", "xlsb", "xls", "ods")

# YAML that people hand over, and what reads it: the file itself, and where it matters a file of responses.
TARGETS = "firm_type: {biotech: 50, biopharma: 35, big_pharma: 15}\nexpansion_models: {licensing: 60}\n"
MAP = (
    'columns:\n  "Member": member\n  "note": null\nvalues:\n  member:\n    "x": guest\n'
    '    "N/A": {missing: skipped}\n  sports:\n    "Swim": run\n'
)
PLAN = """kind: report-plan
client: "ACME"
title: {en: "Going abroad: {label}", zh: "出海调研：{label}"}
banner: expansion_models
questions: [challenges, support_needs]
languages: [en, zh]
where: ["firm_type != big_pharma"]
confidence: 0.9
output: "reports/{option}-{lang}.xlsx"
rake: {firm_type: {biotech: 50, biopharma: 35, big_pharma: 15}}
reports:
  - for_each: firm_type
  - for_each: position
    min_base: 10
"""


def _read_map(path: Path) -> None:
    mapping = read_mapping(path)
    mapping.applied(survey.load_instrument(CLUB))


def _read_plan(path: Path) -> None:
    plan = survey.load_plan(path)
    _refuse(setting_problems(plan, survey.load_instrument("executive-survey@1.0.0")))


def _read_targets(path: Path) -> None:
    _refuse(target_problems(path, survey.load_instrument("executive-survey@1.0.0")))


def _refuse(problems: list[Any]) -> None:
    if problems:
        raise survey.DataError(*problems)


def _in_words(problem: Any) -> None:
    assert problem.text("en"), "a problem without words"
    assert problem.text("zh"), "a problem without words"


INSTRUMENTS = sorted((ROOT / "tests" / "instruments").glob("*.yaml"))
YAML: dict[str, tuple[Callable[[random.Random], str], Callable[[Path], object]]] = {
    "instrument yaml": (
        lambda chance: chance.choice(INSTRUMENTS).read_text(encoding="utf-8"),
        survey.load_instrument,
    ),
    "map yaml": (lambda _: MAP, _read_map),
    "plan yaml": (lambda _: PLAN, _read_plan),
    "targets yaml": (lambda _: TARGETS, _read_targets),
    "sidecar yaml": (
        lambda _: (ROOT / "data" / "findings" / "executive-survey-2026.yaml").read_text(encoding="utf-8"),
        read_sidecar,
    ),
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


def parts_changed(content: bytes, chance: random.Random) -> bytes:
    """Change bytes of one part of an archive, packed again; of any other file the bytes."""
    if not content.startswith(b"PK"):
        return scrambled(content, chance)
    with zipfile.ZipFile(BytesIO(content)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    hit = chance.choice([name for name in parts if name.endswith((".xml", ".bin", ".rels"))])
    return repacked(content, hit, scrambled(parts[hit], chance))


def bytes_changed(content: bytes, chance: random.Random) -> bytes:
    """Change a file byte by byte; of an archive every other time one of the parts inside, packed again."""
    return (scrambled if chance.random() < 0.5 else parts_changed)(content, chance)


def text_changed(text: str, chance: random.Random) -> bytes:
    """Change YAML: bytes, or words and lines for odd ones, doubled, moved, nested and dropped."""
    if chance.random() < 0.3:
        return scrambled(text.encode(), chance)
    lines = text.splitlines()
    for _ in range(chance.randint(1, 2)):
        at = chance.randrange(len(lines))
        how = chance.randrange(5)
        if how == 0:
            words = lines[at].split(" ")
            words[chance.randrange(len(words))] = str(chance.choice([*ODD, *ODD_YAML]))
            lines[at] = " ".join(words)
        elif how == 1:
            lines.insert(at, lines[chance.randrange(len(lines))])
        elif how == 2 and len(lines) > 1:
            del lines[at]
        elif how == 3:
            lines[at] = " " * chance.randint(1, 4) + lines[at]
        else:
            head, colon, _ = lines[at].partition(":")
            lines[at] = f"{head}{colon} {chance.choice([*ODD, *ODD_YAML])}"
    return "\n".join(lines).encode("utf-8", "replace")


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
        before, now = answers_of(self.before), answers_of(after)
        for question in after.instrument.questions:
            letters = {letter for letter, owner in self.questions.items() if owner.id == question.id}
            mine = {row for row, place in hit if openpyxl.utils.get_column_letter(place + 1) in letters}
            told = self._told(after, question.id, mine) - self._told(self.before, question.id, mine)
            if told:
                continue
            for row in numbers:
                if row not in mine:
                    one = [before[row][name] for name in question.columns]
                    other = [now[row][name] for name in question.columns]
                    assert one == other, (question.id, row, hit, one, other)
        return True

    @staticmethod
    def _told(responses: "survey.Responses", question: str, without: set[int]) -> set[str]:
        """Give what is told of a question, in other rows than these or of whole columns."""
        return {
            problem.key
            for problem in responses.problems
            if not without.issuperset(problem.rows or (problem.place.row,))
            and str(problem.values.get("question") or problem.place.subject).split(" / ")[0] == question
        }


def _too_slow(*_: object) -> None:
    raise TimeoutError(f"more than {SECONDS} s")


def _changes_of(kind: str, seed: int, path: Path) -> Iterator[tuple[str, Callable[[], bool]]]:
    """The changes that a seed makes to a file of one kind: how, and a call that tells whether it was read."""
    chance = random.Random(seed)
    if kind in YAML:
        text_of, reads = YAML[kind]
        text = text_of(chance)
        for _ in range(9):
            yield "lines", lambda: _is_read(text_changed(text, chance), path, reads)
        return
    instrument = survey.load_instrument(CLUB)
    cells = Cells(EXPORTS[chance.choice([*EXPORTS])][1](), FORMATS[kind], path, instrument)
    content = path.read_bytes()
    packed = content.startswith(b"PK")

    def judged(change: Callable[[bytes, random.Random], bytes]) -> bool:
        path.write_bytes(change(content, chance))
        return judge(path, instrument)

    for _ in range(3):
        yield "cells", lambda: cells.change(chance)
        for _ in range(3):
            yield "bytes", lambda: judged(scrambled)
            if packed:
                yield "parts", lambda: judged(parts_changed)


def _is_read(content: bytes, path: Path, reads: Callable[[Path], object]) -> bool:
    path.write_bytes(content)
    try:
        reads(path)
    except survey.SurveyError as error:
        for problem in error.problems:
            _in_words(problem)
        return False
    return True


class Record:
    """The rows of one run in the record beside this file: one per kind of file and change, kept up to date."""

    def __init__(self, first: int, of: str) -> None:
        """Take up the run that began with this seed and these programs, or begin it."""
        self.run = {
            "date": datetime.date.today().isoformat(),
            "seeds": f"{first}-{first - 1}",
            "versions": " ".join(f"{each} {version(each)}" for each in PROGRAMS),
        }
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self.others: list[dict[str, str]] = []
        self.next = first
        kinds = kinds_of(of)
        if RECORD.exists():
            with RECORD.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    begun, _, last = row["seeds"].partition("-")
                    own = row["versions"] == self.run["versions"] and row["format"] in kinds
                    if not (own and begun == str(first)):
                        self.others.append(row)
                        continue
                    self.next = int(last) + 1
                    for name in ("read", "refused_in_words", "findings"):
                        self.counts[row["format"], row["changed"], name] += int(row[name])
        self.first = first

    def files(self, kinds: tuple[str, ...]) -> int:
        """Count the changed files of some kinds, findings included."""
        return sum(number for (kind, _, _), number in self.counts.items() if kind in kinds)

    def write(self) -> None:
        """Write the record anew, the rows of other runs as they were."""
        self.run["seeds"] = f"{self.first}-{self.next - 1}"
        own = []
        for kind, how in sorted({key[:2] for key in self.counts}):
            numbers = {
                name: self.counts[kind, how, name] for name in ("read", "refused_in_words", "findings")
            }
            row = {**self.run, "format": kind, "changed": how, "files": sum(numbers.values()), **numbers}
            own.append(row)
        beside = RECORD.with_suffix(".new")
        with beside.open("w", encoding="utf-8", newline="") as file:
            names = [*self.run, "format", "changed", "files", "read", "refused_in_words", "findings"]
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows([*self.others, *own])
        beside.replace(RECORD)


def kinds_of(of: str) -> tuple[str, ...]:
    """The kinds of files that a run changes."""
    texts = tuple(kind for kind in FORMATS if kind not in WORKBOOKS)
    return {"workbooks": WORKBOOKS, "texts": texts, "yaml": tuple(YAML)}[of]


def run(record: Record, of: str, most: int, minutes: float, folder: Path) -> None:
    """Change files until there are so many, or the time is over."""
    kinds = kinds_of(of)
    ends = time.process_time() + 60 * minutes
    path = folder / "changed"
    signal.signal(signal.SIGVTALRM, _too_slow)
    while time.process_time() < ends and record.files(kinds) < most:
        kind = kinds[record.next % len(kinds)]
        how = "-"
        try:
            for how, change in _changes_of(kind, record.next, path):
                signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
                record.counts[kind, how, "read" if change() else "refused_in_words"] += 1
        except Exception as error:  # a finding: its seed repeats it
            record.counts[kind, how, "findings"] += 1
            said = f"seed {record.next}, {kind}, {how}: {type(error).__name__}: {error}"
            print(said[:600], flush=True)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        record.next += 1
        if record.next % AT_ONCE == 0:
            record.write()
    record.write()


def main() -> None:
    """Change so many files, or for so many minutes of the processor, and keep the record beside this file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--of", choices=("workbooks", "texts", "yaml"), default="workbooks")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    record = Record(options.seed, options.of)
    with tempfile.TemporaryDirectory() as folder:
        run(record, options.of, options.files, options.minutes, Path(folder))
    findings = sum(number for (_, _, name), number in record.counts.items() if name == "findings")
    print(f"{record.files(kinds_of(options.of))} changed files, {findings} findings")


if __name__ == "__main__":
    main()
