"""Taguette: its database `taguette.sqlite3`, or the export of one project, read after the program's source.

`documents.contents` is HTML; `highlights` begin and end at bytes of the UTF-8 of its text, tags not
counted, and have their words as HTML (`snippet`). `tags.path` is the name of a tag, with dots between its
steps. Who gave a tag stands in `commands`, the history of the project. A database holds any number of
projects. Descriptions of the project and of documents are memos.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from survey.errors import DataError, Place, Problem, usage
from survey.files.json_values import parsed_json
from survey.interviews.interchange.code_trees import Node
from survey.interviews.interchange.coded_texts import (
    CasePeople,
    CodedText,
    Coding,
    add_codings,
    distinct_names,
    memos_in_rows,
    person_names,
)
from survey.interviews.interchange.databases import Database, is_database, text_of_cell, whole_number
from survey.interviews.interchange.html_texts import html_scales, html_text
from survey.interviews.interchange.positions import Claim
from survey.interviews.interchange.tool_files import ToolFile, tree

TOOL = "Taguette"
SEVERAL = True  # projects in a file, of which `sheet` names one
TABLES = {"projects", "documents", "highlights", "tags", "highlight_tags"}


def of_file(path: Path) -> bool:
    """Tell whether this is a database of Taguette."""
    return is_database(path) and Database(path, TOOL, Place(file=path.name)).tables >= TABLES


def read(path: Path, sheet: str | None = None) -> ToolFile:
    """Read a project, the one called `sheet` where there are several: one row per tag on a highlight.

    Raises
    ------
    UsageError
        There is no such project, or there are several and none is named.
    DataError
        A table is not as it should be.
    """
    database = Database(path, TOOL, Place(file=path.name))
    project, title = _project(database, sheet)
    coded = ToolFile(TOOL, path.name, path.stem, database.hash(), notices=database.unsaved(), title=title)
    columns = ("id", "name", "contents", "project_id")
    rows = database.rows("documents", columns, ("description",))
    documents = [row for row in rows if row["project_id"] == project]
    names = distinct_names({row["id"]: _line(row["name"]) or str(row["id"]) for row in documents})
    texts = {
        row["id"]: CodedText(names[row["id"]], html_scales(text_of_cell(row["contents"])))
        for row in documents
    }
    tags = {
        row["id"]: row
        for row in database.rows("tags", ("id", "project_id", "path"), ("description",))
        if row["project_id"] == project
    }
    coded.nodes = _nodes(database.place, tags)
    about = [row for row in database.rows("projects", ("id",), ("description",)) if row["id"] == project]
    coded.memos = [
        *memos_in_rows(about, "description"),
        *memos_in_rows(documents, "description", "document", by="id", targets=names),
    ]
    people = CasePeople({}, person_names(names), {}, {}, {})
    add_codings(coded, texts, people, _codings(database, coded, texts, tags))
    return coded


def _line(value: Any) -> str:
    return " ".join(text_of_cell(value).split())


def _project(database: Database, wanted: str | None) -> tuple[Any, str]:
    """Identifier and name of the project that is meant."""
    projects = {row["id"]: _line(row["name"]) for row in database.rows("projects", ("id", "name"))}
    if not projects:
        raise DataError(Problem("database_no_project", database.place, {"tool": TOOL}))
    chosen = [key for key, name in projects.items() if wanted in (None, name)]
    known = list(projects.values())
    if not chosen:
        raise usage("project_not_found", project=wanted, file=database.place.file, known=known)
    if len(chosen) > 1:
        raise usage("projects_several", file=database.place.file, known=known)
    return chosen[0], projects[chosen[0]]


def _nodes(place: Place, tags: Mapping[Any, dict[str, Any]]) -> tuple[Node, ...]:
    """The tree of tags: "a.b" lies below "a" where there is one."""
    keys = {_line(row["path"]): f"tag-{key}" for key, row in tags.items()}
    names = {key: name for name, key in keys.items()}
    parents = {key: _above(name, keys) for name, key in keys.items()}
    descriptions = {f"tag-{key}": text_of_cell(row["description"]).strip() for key, row in tags.items()}
    return tree(place, names, parents, descriptions=descriptions, step=".")


def _above(tag: str, keys: Mapping[str, str]) -> str | None:
    while "." in tag:
        tag = tag.rpartition(".")[0]
        if tag in keys:
            return keys[tag]
    return None


def _codings(
    database: Database, coded: ToolFile, texts: Mapping[Any, CodedText], tags: Mapping[Any, Any]
) -> Iterator[Coding]:
    """The tags on highlights with who gave them; highlights without a tag are counted."""
    columns = ("id", "document_id", "start_offset", "end_offset", "snippet")
    rows = [row for row in database.rows("highlights", columns) if row["document_id"] in texts]
    given: dict[Any, list[Any]] = {row["id"]: [] for row in rows}
    for link in database.rows("highlight_tags", ("highlight_id", "tag_id")):
        if link["highlight_id"] in given and link["tag_id"] in tags:
            given[link["highlight_id"]].append(link["tag_id"])
    coders = _coders(database)
    nowhere = 0
    for row in rows:
        start, end = whole_number(row["start_offset"]), whole_number(row["end_offset"])
        coded.unread["uncoded"] += not given[row["id"]]
        if start is None or end is None:
            nowhere += 1
            continue
        claim = Claim(start, end, html_text(text_of_cell(row["snippet"])))
        for tag in given[row["id"]]:
            coder = coders.get((row["id"], tag)) or coders.get((row["id"], None))
            yield Coding(row["id"], f"h{row['id']}", f"tag-{tag}", row["document_id"], claim, coder)
    if nowhere:
        coded.notices.append(Problem("codings_nowhere", coded.place, {"count": nowhere}))


def _coders(database: Database) -> dict[tuple[Any, Any], str]:
    """Who gave each tag of a highlight first, and (tag None) who marked it."""
    coders: dict[tuple[Any, Any], str] = {}
    if "commands" not in database.tables:
        return coders
    for row in database.rows("commands", ("user_login", "payload")):
        try:
            payload = parsed_json(text_of_cell(row["payload"]) or "null")
        except ValueError:
            continue
        if not isinstance(payload, dict) or payload.get("type") != "highlight_add":
            continue
        highlight, listed = payload.get("highlight_id"), payload.get("tags")
        if isinstance(highlight, int) and _line(row["user_login"]):
            marks = [tag for tag in listed if isinstance(tag, int)] if isinstance(listed, list) else []
            for tag in (None, *marks):
                coders.setdefault((highlight, tag), _line(row["user_login"]))
    return coders
