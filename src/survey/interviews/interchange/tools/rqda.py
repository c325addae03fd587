"""RQDA: a database `NAME.rqda`, read after the source of the R package.

`source.file` is the text; `coding` holds the codings, `coding2` those of a second round, kept apart for
comparison. `selfirst` and `selend` are reals and count characters (of a GTK text buffer, or of R): code
points. `seltext` are the words; where a text was edited after coding, RQDA stores them with one character
before the passage. What is deleted stays with a `status` other than 1.
"""

from collections import defaultdict
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
    distinct_names,
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

TOOL = "RQDA"
TABLES = {"source", "freecode", "coding", "cases", "caselinkage"}
_NEWEST = (0, 2, 2)
_ROUNDS = ("coding", "coding2")


def of_file(path: Path) -> bool:
    """Tell whether this is a project of RQDA."""
    return is_database(path) and Database(path, TOOL, Place(file=path.name)).tables >= TABLES


def read(path: Path, sheet: str | None = None) -> ToolFile:
    """Read a project: one row per code on a passage (`DataError` where a table is not as it should be)."""
    del sheet  # refused before: a database holds one project
    database = Database(path, TOOL, Place(file=path.name))
    coded = ToolFile(TOOL, path.name, path.stem, database.hash(), notices=database.unsaved())
    _check_version(database, coded)
    coded.nodes = _codes(database)
    sources = _kept(database, "source", ("id", "name", "file"))
    names = distinct_names({row["id"]: _name(row, "id") for row in sources})
    texts = {row["id"]: CodedText(names[row["id"]], scales_of(text_of_cell(row["file"]))) for row in sources}
    for table, kind in (("image", "picturesource"), ("imageCoding", "pictureselection")):
        coded.unread[kind] = database.count(table)
    people = _people(database, person_names(names))
    coded.memos = list(_memos(database, texts, people.names))
    codings = _codings(database, coded, texts)
    add_codings(coded, texts, people, codings, one_too_many=True)
    return coded


def _check_version(database: Database, coded: ToolFile) -> None:
    """Say where the database is newer than what this reader was written after."""
    if "project" not in database.tables:
        return
    versions = [
        text_of_cell(row["databaseversion"]) for row in database.rows("project", (), ("databaseversion",))
    ]
    parts = versions[0].split(".") if versions else []
    if parts and all(part.isdigit() and len(part) < 6 for part in parts) and tuple(map(int, parts)) > _NEWEST:
        values = {"tool": TOOL, "version": versions[0], "known": ".".join(map(str, _NEWEST))}
        coded.notices.append(Problem("database_newer", coded.place, values))


def _kept(
    database: Database, table: str, columns: tuple[str, ...], optional: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """The rows of a table that are not deleted."""
    rows = database.rows(table, columns, (*optional, "status"))
    return [row for row in rows if row["status"] in (1, None)]


def _name(row: dict[str, Any], key: str) -> str:
    return " ".join(text_of_cell(row["name"]).split()) or str(row[key])


def _codes(database: Database) -> tuple[Node, ...]:
    """The tree of codes: categories, and codes in the first category that each stands in."""
    names: dict[str, str] = {}
    parents: dict[str, str] = {}
    memos: dict[str, str] = {}
    groups = set()
    if "codecat" in database.tables:
        for row in _kept(database, "codecat", ("name", "catid"), ("memo",)):
            key = f"category-{row['catid']}"
            groups.add(key)
            names[key], memos[key] = _name(row, "catid"), writable(text_of_cell(row["memo"])).strip()
    for row in _kept(database, "freecode", ("name", "id"), ("memo",)):
        key = f"code-{row['id']}"
        names[key], memos[key] = _name(row, "id"), writable(text_of_cell(row["memo"])).strip()
    if "treecode" in database.tables:
        for row in _kept(database, "treecode", ("cid", "catid")):
            if f"category-{row['catid']}" in groups:
                parents.setdefault(f"code-{row['cid']}", f"category-{row['catid']}")
    return tree(database.place, names, parents, groups, memos)


def _people(database: Database, names: dict[Any, str]) -> CasePeople:
    """The cases with their texts and attributes."""
    cases = {row["id"]: _name(row, "id") for row in _kept(database, "cases", ("name", "id"))}
    stretches: dict[Any, list[tuple[Any, int | None, int | None]]] = defaultdict(list)
    for row in _kept(database, "caselinkage", ("caseid", "fid", "selfirst", "selend")):
        if row["caseid"] in cases and row["fid"] in names:
            start, end = whole_number(row["selfirst"]), whole_number(row["selend"])
            stretches[row["fid"]].append((row["caseid"], start, end))
    about: dict[str, dict[Any, dict[str, str]]] = {}
    for table, key in (("caseAttr", "caseID"), ("fileAttr", "fileID")):
        about[table] = defaultdict(dict)
        rows = _kept(database, table, ("variable", "value", key)) if table in database.tables else []
        for row in rows:
            name, value = text_of_cell(row["variable"]).strip(), text_of_cell(row["value"]).strip()
            if name and value and value != "NA":
                about[table][row[key]][name] = value
    return CasePeople(cases, names, stretches, about["caseAttr"], about["fileAttr"])


def _memos(database: Database, texts: dict[Any, CodedText], cases: dict[Any, str]) -> Iterator[Memo]:
    """What is written at the project, the texts and the cases, at places of texts, and in the journal."""
    names = {key: text.name for key, text in texts.items()}
    for table, about, targets in (
        ("project", "project", {}),
        ("source", "document", names),
        ("cases", "participant", cases),
    ):
        if table in database.tables:
            rows = _kept(database, table, ("id",) if targets else (), ("memo", "owner"))
            yield from memos_in_rows(rows, "memo", about, by="id", targets=targets)
    if "annotation" in database.tables:
        notes = _kept(database, "annotation", ("fid", "annotation"), ("position", "owner"))
        for row in notes:
            row["at"] = words_at(texts[row["fid"]].scales[0], row["position"]) if row["fid"] in texts else ""
        yield from memos_in_rows(notes, "annotation", "document", by="fid", targets=names, name="at")
    if "journal" in database.tables:
        entries = _kept(database, "journal", ("journal",), ("name", "owner"))
        yield from memos_in_rows(entries, "journal", name="name")


def _codings(database: Database, coded: ToolFile, texts: dict[Any, CodedText]) -> Iterator[Coding]:
    """The codings of both rounds; those of a deleted text or code are counted."""
    codes = {node.guid for top in coded.nodes for node in top.walk()}
    columns = ("rowid", "cid", "fid", "seltext", "selfirst", "selend")
    nowhere = 0
    for table in _ROUNDS:
        for row in _kept(database, table, columns, ("owner", "memo")) if table in database.tables else []:
            start, end = whole_number(row["selfirst"]), whole_number(row["selend"])
            code, coder = f"code-{row['cid']}", text_of_cell(row["owner"]).strip()
            if row["fid"] not in texts or guid(code) not in codes or start is None or end is None:
                nowhere += 1
                continue
            again = table == _ROUNDS[1]
            claim = Claim(start, end, text_of_cell(row["seltext"]))
            yield Coding(
                row["rowid"],
                f"{'s' if again else 'r'}{row['rowid']}",
                code,
                row["fid"],
                claim,
                f"{coder} ({table})".strip() if again else coder,
                text_of_cell(row["memo"]),
            )
    if nowhere:
        coded.notices.append(Problem("codings_nowhere", coded.place, {"count": nowhere}))
