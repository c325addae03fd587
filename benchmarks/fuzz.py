"""Workbooks changed at random and read: any error must be one of ours, any result must add up.

python benchmarks/fuzz.py [rounds] [seed]
"""

import random
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl

import survey

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "responses" / "executive-survey-2026-reconstructed.xlsx"


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


def check(path: Path) -> int:
    """Read a file; give how many respondents there were, -1 where one of our errors was raised."""
    try:
        found = survey.read_responses(path, "executive-survey@1.0.0", set_aside=True)
    except survey.SurveyError as error:
        if not (error.text("en") and error.text("zh")):
            raise AssertionError("an error without words") from error
        return -1
    cells = found.accounting["cells"]
    assert cells.iloc[0] == cells.iloc[1:].sum(), "the accounting does not add up"
    assert len(found.data) == len(found.missing) == len(found.meta)
    return len(found)


def bytes_changed(content: bytes, chance: random.Random, rounds: int, folder: Path) -> int:
    """Change the file, or the XML inside it, byte by byte; give how many could be read all the same."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xml")]
        parts = {name: archive.read(name) for name in names}
    read = 0
    path = folder / "changed.xlsx"
    for _ in range(rounds):
        if chance.random() < 0.5:
            path.write_bytes(scrambled(content, chance))
        else:
            name = chance.choice(names)
            path.write_bytes(repacked(content, name, scrambled(parts[name], chance)))
        read += check(path) >= 0
    return read


def cells_changed(path: Path, chance: random.Random, rounds: int, folder: Path) -> None:
    """Change cells to values that mean nothing there: exactly these answers are lost, and no other."""
    before = survey.read_responses(path)
    target = folder / "changed.xlsx"
    for _ in range(rounds):
        book = openpyxl.load_workbook(path)
        sheet = book["Responses"]
        heads = [cell.value for cell in sheet[1]]
        columns = [place for place, head in enumerate(heads) if str(head).startswith("challenges__")]
        hit = {(chance.randrange(137), chance.choice(columns)) for _ in range(5)}
        for row, column in hit:
            sheet.cell(row + 2, column + 1).value = chance.choice(["Imp", 9, -1, "5 - 4", "#N/A?"])
        book.save(target)
        after = survey.read_responses(target, set_aside=True)
        for place, head in enumerate(heads):
            if head not in after.data:
                continue
            lost = {row for row, column in hit if column == place}
            for row in range(137):
                if row in lost:
                    assert after.missing[head].iloc[row] == "refused", (head, row)
                else:
                    assert after.data[head].iloc[row] == before.data[head].iloc[row], (head, row)


def main() -> None:
    """Run many rounds, each with its own seed, so that a failure can be repeated."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    read = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + rounds):
            try:
                read += bytes_changed(SAMPLE.read_bytes(), random.Random(seed), 1, Path(folder))
                if seed % 10 == 0:
                    cells_changed(SAMPLE, random.Random(seed), 1, Path(folder))
            except BaseException:
                print(f"seed {seed}")
                raise
    print(f"{rounds} changed files: {read} read, {rounds - read} refused in words, no traceback")


if __name__ == "__main__":
    main()
