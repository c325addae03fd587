"""QualCoder: a project folder `NAME.qda` with a database `data.qda`, read after the program's own source.

`source.fulltext` is the text; `code_text` the codings, with `seltext` the words and `owner` the coder. What
was marked by hand is counted as Qt does (UTF-16 units, a line end as one), what was coded automatically or
came from REFI-QDA in code points: see `placing`. `case_text` gives stretches of a text to a case; 0 to 0
means all of it. `code_cat` groups, and since version 16 of the database codes may lie below codes
(`supercid`). Memos stand at the project, texts and cases; notes at places of a text are `annotation`, the
journal is `journal`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from survey.errors import Place, Problem
from survey.interviews.interchange.code_trees import Node, guid
from survey.interviews.interchange.coded_texts import (
    CasePeople,
    CodedText,
    Coding,
    add_codings,
    memos_in_rows,
    person_names,
    words_at,
)
from survey.interviews.interchange.databases import Database, is_database, text_of_cell, whole_number
from survey.interviews.interchange.footers import writable
from survey.interviews.interchange.placing import scales_of
from survey.interviews.interchange.positions import Claim
from survey.interviews.interchange.tool_files import ToolFile, tree
from survey.interviews.memos import Memo

TOOL = "QualCoder"
TABLES = {"code_text", "code_name", "code_cat", "source", "cases", "case_text"}
_NEWEST = 17  # version of the database that this was written after
_SPEAKERS = "Speaker coding"  # the coder whose codings say who speaks
_UNREAD = {"code_image": "pictureselection", "code_av": "audioselection"}


def of_file(path: Path) -> bool:
    """Tell whether this is a project of QualCoder: its folder, or the database in it."""
    inside = _database(path)
    return is_database(inside) and Database(inside, TOOL, Place(file=path.name)).tables >= TABLES


def _database(path: Path) -> Path:
    return path / "data.qda" if path.is_dir() else path


def read(path: Path, sheet: str | None = None) -> ToolFile:
    """Read a project: one row per code on a passage (`DataError` where a table is not as it should be)."""
    del sheet  # refused before: a database holds one project
    place = Place(file=path.name)
    database = Database(_database(path), TOOL, place)
    coded = ToolFile(TOOL, path.name, path.stem, database.hash(), notices=database.unsaved())
    _check_version(database, coded)
    coded.nodes, speakers = _codes(database, place)
    texts = {}
    for row in database.rows("source", ("id", "name", "fulltext"), ("mediapath",)):
        if isinstance(row["fulltext"], str):
            name = " ".join(text_of_cell(row["name"]).split()) or str(row["id"])
            texts[row["id"]] = CodedText(name, scales_of(row["fulltext"]))
        else:
            coded.unread["picturesource"] += bool(row["mediapath"])
    for table, kind in _UNREAD.items():
        coded.unread[kind] += database.count(table)
    people = _people(database, person_names({key: text.name for key, text in texts.items()}))
    coded.memos = list(_memos(database, texts, people.names))
    add_codings(coded, texts, people, _codings(database, coded, texts, speakers))
    return coded


def _check_version(database: Database, coded: ToolFile) -> None:
    """Say where the database is newer than what this reader was written after."""
    versions = [
        text_of_cell(row["databaseversion"]) for row in database.rows("project", ("databaseversion",))
    ]
    number = re.fullmatch(r"v?(\d{1,6})", versions[0].strip()) if versions else None
    if number and int(number[1]) > _NEWEST:
        values = {"tool": TOOL, "version": versions[0], "known": f"v{_NEWEST}"}
        coded.notices.append(Problem("database_newer", coded.place, values))


def _codes(database: Database, place: Place) -> tuple[tuple[Node, ...], set[str]]:
    """The tree of codes, and the identifiers of those that name speakers."""
    names: dict[str, str] = {}
    parents: dict[str, str | None] = {}
    memos: dict[str, str] = {}
    groups = set()
    speakers = set()
    for row in database.rows("code_cat", ("catid", "name"), ("memo", "supercatid", "owner")):
        key = f"category-{row['catid']}"
        groups.add(key)
        names[key], memos[key] = _named(row, key)
        parents[key] = None if row["supercatid"] is None else f"category-{row['supercatid']}"
    for row in database.rows("code_name", ("cid", "name"), ("memo", "catid", "supercid", "owner")):
        key = f"code-{row['cid']}"
        if _SPEAKERS in text_of_cell(row["owner"]):
            speakers.add(key)
            continue
        names[key], memos[key] = _named(row, key)
        above = row["supercid"] if row["supercid"] is not None else row["catid"]
        kind = "code" if row["supercid"] is not None else "category"
        parents[key] = None if above is None else f"{kind}-{above}"
    return tree(place, names, parents, groups, memos), speakers


def _named(row: dict[str, Any], key: str) -> tuple[str, str]:
    return " ".join(text_of_cell(row["name"]).split()) or key, writable(text_of_cell(row["memo"])).strip()


def _people(database: Database, names: dict[Any, str]) -> CasePeople:
    """The cases with their texts and attributes."""
    cases = {
        row["caseid"]: " ".join(text_of_cell(row["name"]).split()) or str(row["caseid"])
        for row in database.rows("cases", ("caseid", "name"))
    }
    stretches: dict[Any, list[tuple[Any, int | None, int | None]]] = defaultdict(list)
    for row in database.rows("case_text", ("caseid", "fid", "pos0", "pos1")):
        if row["caseid"] in cases and row["fid"] in names:
            start, end = whole_number(row["pos0"]), whole_number(row["pos1"])
            whole = not start and not end
            stretches[row["fid"]].append((row["caseid"], None if whole else start, None if whole else end))
    about: dict[str, dict[Any, dict[str, str]]] = {"case": defaultdict(dict), "file": defaultdict(dict)}
    if "attribute" in database.tables:
        for row in database.rows("attribute", ("name", "attr_type", "value", "id")):
            name, value = text_of_cell(row["name"]).strip(), text_of_cell(row["value"]).strip()
            if name and value and row["attr_type"] in about:
                about[row["attr_type"]][row["id"]][name] = value
    return CasePeople(cases, names, stretches, about["case"], about["file"])


def _memos(database: Database, texts: dict[Any, CodedText], cases: dict[Any, str]) -> Iterator[Memo]:
    """What is written at the project, the texts and the cases, at places of texts, and in the journal."""
    names = {key: text.name for key, text in texts.items()}
    for table, about, key, targets in (
        ("project", "project", "", {}),
        ("source", "document", "id", names),
        ("cases", "participant", "caseid", cases),
    ):
        rows = database.rows(table, (key,) if key else (), ("memo", "owner", "name"))
        yield from memos_in_rows(rows, "memo", about, by=key, targets=targets)
    if "annotation" in database.tables:
        notes = database.rows("annotation", ("fid", "memo"), ("pos0", "pos1", "owner"))
        for row in notes:  # marked by hand: counted as Qt does, the last way
            text = texts.get(row["fid"])
            row["at"] = words_at(text.scales[-1], row["pos0"], row["pos1"]) if text else ""
        yield from memos_in_rows(notes, "memo", "document", by="fid", targets=names, name="at")
    if "journal" in database.tables:
        yield from memos_in_rows(
            database.rows("journal", ("jentry",), ("name", "owner")), "jentry", name="name"
        )


def _codings(
    database: Database, coded: ToolFile, texts: dict[Any, CodedText], speakers: set[str]
) -> Iterator[Coding]:
    """The codings of texts; those that only name speakers, and those of no text or code, are counted."""
    codes = {node.guid for top in coded.nodes for node in top.walk()}
    columns = ("ctid", "cid", "fid", "seltext", "pos0", "pos1", "owner")
    counts: Counter[str] = Counter()
    for row in database.rows("code_text", columns, ("memo",)):
        start, end = whole_number(row["pos0"]), whole_number(row["pos1"])
        code, coder = f"code-{row['cid']}", text_of_cell(row["owner"]).strip()
        if code in speakers or _SPEAKERS in coder:
            counts["speakers"] += 1
        elif row["fid"] not in texts or guid(code) not in codes or start is None or end is None:
            counts["nowhere"] += 1
        else:
            claim = Claim(start, end, text_of_cell(row["seltext"]))
            memo = text_of_cell(row["memo"])
            yield Coding(row["ctid"], f"q{row['ctid']}", code, row["fid"], claim, coder, memo)
    for name, count in counts.items():
        coded.notices.append(Problem(f"codings_{name}", coded.place, {"count": count}))
