"""Reading 10,000 and 100,000 responses, beside what python-calamine takes to hand over the same cells.

    python benchmarks/reading.py [pairs]

Two exports of executive-survey@1.1.0 are made, as Excel saves them (shared strings): our own template (ids
and codes) and Wenjuanxing's export by text. Each is read in fresh processes in turn: by calamine alone (every
row a list of Python objects, all kept), and by `survey.read_responses`, guard, choice of the version,
matching and frames included. Imports and making the files are not timed. Time is that of the processor, which
other programs disturb least (both use one thread); what counts is the median of the pairwise ratios.

Memory is the peak of the resident set of the whole process, Python and its libraries included, beside the
summed size of the objects handed over: by calamine every list, text and number of the table
(`sys.getsizeof`), by us the frames `data`, `missing` and `meta` (`memory_usage(deep=True)`). Needs Linux.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import survey
from survey.instrument import Instrument, Question

REFERENCE = "executive-survey@1.1.0"
SIZES = (10_000, 100_000)
Row = list[str | int | None]

# -- the files ----------------------------------------------------------------------------------------------

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}


def letters(place: int) -> str:
    """Name a column, counted from 0."""
    return chr(65 + place) if place < 26 else letters(place // 26 - 1) + chr(65 + place % 26)


def write(path: Path, rows: Iterator[Row]) -> None:
    """Write a workbook of one sheet, texts in the table of shared strings, as Excel saves one."""
    known: dict[str, int] = {}
    texts = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in _PARTS.items():
            archive.writestr(name, _HEAD + xml)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for number, row in enumerate(rows, 1):
                cells = []
                for place, value in enumerate(row):
                    if isinstance(value, str):
                        text = known.setdefault(value, len(known))
                        cells.append(f'<c r="{letters(place)}{number}" t="s"><v>{text}</v></c>')
                        texts += 1
                    elif value is not None:
                        cells.append(f'<c r="{letters(place)}{number}"><v>{value}</v></c>')
                xml = f'<row r="{number}" spans="1:{len(row)}">{"".join(cells)}</row>'
                part.write(xml.encode())
            part.write(b"</sheetData></worksheet>")
        strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in known)
        table = f'<sst xmlns="{_MAIN}" count="{texts}" uniqueCount="{len(known)}">{strings}</sst>'
        archive.writestr("xl/sharedStrings.xml", _HEAD + table)


def some(question: Question, chance: random.Random) -> list[str]:
    """Some of the options, in the order of the questionnaire, an exclusive one alone; at least one."""
    chosen = [option.id for option in question.options if not option.exclusive and chance.random() < 0.4]
    return chosen or [chance.choice(question.options).id]


def template(instrument: Instrument, size: int) -> Iterator[Row]:
    """Our own template: ids as headers, codes and numbers as answers; one cell in fifty is blank."""
    chance = random.Random(size)
    yield ["respondent", *(name for question in instrument.questions for name in question.answer_columns)]
    for number in range(1, size + 1):
        row: Row = [f"R{number:06}"]
        for question in instrument.questions:
            if chance.random() < 0.02:
                row += [None] * len(question.answer_columns)
            elif question.kind == "multiple":
                chosen = some(question, chance)
                row += [int(option.id in chosen) for option in question.options]
            elif question.kind == "rating":
                row += [chance.randint(1, 5) for _ in question.items]
            else:
                row.append(chance.choice(question.options).id)
        yield row


def wenjuanxing(instrument: Instrument, size: int) -> Iterator[Row]:
    """Wenjuanxing by text: six columns on the respondent, joined answers in one cell, labels of the scale."""
    chance = random.Random(size)
    heads: Row = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
    for number, question in enumerate(instrument.questions, 1):
        if question.kind == "rating":
            stems = [f"{question.text['zh']}—", *[""] * (len(question.items) - 1)]
            heads += [
                f"{number}、{stem}{item.label['zh']}"
                for stem, item in zip(stems, question.items, strict=True)
            ]
        else:
            heads.append(f"{number}、{question.text['zh']}")
    yield heads
    for number in range(1, size + 1):
        moment = f"2026/{chance.randint(4, 6)}/{chance.randint(1, 28)} {chance.randint(0, 23)}:"
        moment += f"{chance.randint(0, 59):02}:{chance.randint(0, 59):02}"
        address = ".".join(str(chance.randint(1, 250)) for _ in range(4))
        row: Row = [number, moment, f"{chance.randint(60, 1800)}秒", "手机提交", "直接访问"]
        row.append(f"{address}(广东-深圳)")
        for question in instrument.questions:
            gone = chance.random() < 0.02
            if question.kind == "rating":
                points = [point.label["zh"] for point in instrument.scale_of(question).points]
                row += ["(空)" if gone else chance.choice(points) for _ in question.items]
            elif question.kind == "multiple":
                chosen = [question.part(one).label["zh"] for one in some(question, chance)]
                row.append("(空)" if gone else "┋".join(chosen))
            else:
                row.append("(跳过)" if gone else chance.choice(question.options).label["zh"])
        yield row


FILES: dict[str, Callable[[Instrument, int], Iterator[Row]]] = {
    "template": template,
    "wenjuanxing": wenjuanxing,
}

# -- the two readers, each in a process of its own ---------------------------------------------------------

_PEAK = """
def peak():
    with open("/proc/self/status") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))
"""
_CALAMINE = f"""
import json, sys, time
from python_calamine import CalamineWorkbook
{_PEAK}
start = time.process_time()
with open(sys.argv[1], "rb") as file:
    rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python(skip_empty_area=False)
seconds, most = time.process_time() - start, peak()
size = sys.getsizeof(rows) + sum(sys.getsizeof(row) + sum(map(sys.getsizeof, row)) for row in rows)
cells = (len(rows) - 1) * len(rows[0])
print(json.dumps({{"seconds": seconds, "peak": most, "size": size, "cells": cells}}))
"""
_SURVEY = f"""
import json, sys, time
import numpy, openpyxl, pandas, survey
from survey.ingest import reading
{_PEAK}
before = peak()
start = time.process_time()
found = survey.read_responses(sys.argv[1])
seconds, most = time.process_time() - start, peak()
size = sum(int(frame.memory_usage(deep=True).sum()) for frame in (found.data, found.missing, found.meta))
cells = int(found.accounting["cells"].iloc[0])
print(json.dumps({{"seconds": seconds, "peak": most, "size": size, "cells": cells, "before": before}}))
"""


def measure(code: str, path: Path) -> dict[str, Any]:
    """Read a file once in a fresh process."""
    command = [sys.executable, "-c", code, str(path)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def compare(path: Path, pairs: int) -> dict[str, float]:
    """Read a file by both in turn; medians, sizes in MiB."""
    both = [(measure(_CALAMINE, path), measure(_SURVEY, path)) for _ in range(pairs)]
    theirs, ours = both[0]
    assert theirs["cells"] == ours["cells"], "not the same cells"
    middle, mib = statistics.median, 2**20
    return {
        "cells": ours["cells"],
        "theirs": middle(one["seconds"] for one, _ in both),
        "ours": middle(one["seconds"] for _, one in both),
        "ratio": middle(one["seconds"] / other["seconds"] for other, one in both),
        "objects": theirs["size"] / mib,
        "their_peak": middle(one["peak"] for one, _ in both) / mib,
        "frames": ours["size"] / mib,
        "before": middle(one["before"] for _, one in both) / mib,
        "peak": middle(one["peak"] for _, one in both) / mib,
    }


COLUMNS = {
    "cells": "9.0f",
    "theirs": "8.2f",
    "ours": "8.2f",
    "ratio": "6.2f",
    "us/cell": "8.2f",
    "objects": "8.0f",
    "their_peak": "11.0f",
    "frames": "7.0f",
    "before": "7.0f",
    "peak": "5.0f",
    "peak/objects": "13.2f",
    "more/frames": "12.2f",
}


def main() -> None:
    """Print the table: seconds, microseconds per cell, and MiB."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    instrument = survey.load_instrument(REFERENCE)
    heads = [f"{name:>{form.split('.')[0]}}" for name, form in COLUMNS.items()]
    print(f"{'file':<12} {'rows':>8}", *heads)
    with tempfile.TemporaryDirectory() as folder:
        for name, made in FILES.items():
            for size in SIZES:
                path = Path(folder) / f"{name}-{size}.xlsx"
                write(path, made(instrument, size))
                found = compare(path, pairs)
                found["us/cell"] = 1e6 * found["ours"] / found["cells"]
                found["peak/objects"] = found["peak"] / found["objects"]
                found["more/frames"] = (found["peak"] - found["before"]) / found["frames"]
                told = [f"{found[column]:{form}}" for column, form in COLUMNS.items()]
                print(f"{name:<12} {size:>8}", *told, flush=True)


if __name__ == "__main__":
    main()
