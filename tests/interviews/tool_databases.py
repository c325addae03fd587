"""Projects of QualCoder, RQDA and Taguette as their programs lay them out, with what a test puts in."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

# The columns of each table in the order of the program; only the tables that are read, or counted.
QUALCODER = {
    "project": "databaseversion text, date text, memo text, about text, bookmarkfile integer, codername text",
    "source": "id integer primary key, name text, fulltext text, mediapath text, memo text, owner text,"
    " date text, av_text_id integer, risid integer, unique(name)",
    "code_cat": "catid integer primary key, name text, owner text, date text, memo text, supercatid integer,"
    " unique(name)",
    "code_name": "cid integer primary key, name text, memo text, catid integer, owner text, date text,"
    " color text, supercid integer, unique(name)",
    "code_text": "ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer,"
    " pos1 integer, owner text, date text, memo text, avid integer, important integer,"
    " unique(cid,fid,pos0,pos1,owner)",
    "code_image": "imid integer primary key, id integer, cid integer, owner text",
    "code_av": "avid integer primary key, id integer, cid integer, owner text",
    "annotation": "anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text",
    "journal": "jid integer primary key, name text, jentry text, date text, owner text",
    "cases": "caseid integer primary key, name text, memo text, owner text, date text",
    "case_text": "id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer,"
    " owner text",
    "attribute_type": "name text primary key, date text, owner text, memo text, caseOrFile text,"
    " valuetype text",
    "attribute": "attrid integer primary key, name text, attr_type text, value text, id integer, date text,"
    " owner text",
}
RQDA = {
    "project": "databaseversion text, date text, dateM text, memo text, about text, imageDir text",
    "source": "name text, id integer, file text, memo text, owner text, date text, dateM text,"
    " status integer",
    "freecode": "name text, memo text, owner text, date text, dateM text, id integer, status integer,"
    " color text",
    "codecat": "name text, cid integer, catid integer, owner text, date text, dateM text, memo text,"
    " status integer",
    "treecode": "cid integer, catid integer, date text, dateM text, memo text, status integer, owner text",
    "coding": "cid integer, fid integer, seltext text, selfirst real, selend real, status integer,"
    " owner text,"
    " date text, memo text",
    "coding2": "cid integer, fid integer, seltext text, selfirst real, selend real, status integer,"
    " owner text,"
    " date text, memo text",
    "cases": "name text, memo text, owner text, date text, dateM text, id integer, status integer",
    "caselinkage": "caseid integer, fid integer, selfirst real, selend real, status integer, owner text,"
    " date text, memo text",
    "caseAttr": "variable text, value text, caseID integer, date text, dateM text, owner text,"
    " status integer",
    "fileAttr": "variable text, value text, fileID integer, date text, dateM text, owner text,"
    " status integer",
    "annotation": "fid integer, position integer, annotation text, owner text, status integer",
    "image": "name text, id integer, status integer",
    "imageCoding": "cid integer, iid integer, status integer",
    "journal": "name text, journal text, date text, dateM text, owner text, status integer",
}
TAGUETTE = {
    "alembic_version": "version_num VARCHAR(32) NOT NULL PRIMARY KEY",
    "users": "login VARCHAR(30) NOT NULL PRIMARY KEY, created DATETIME NOT NULL",
    "projects": "id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL, description TEXT NOT NULL,"
    " created DATETIME NOT NULL",
    "documents": "id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL,"
    " description TEXT NOT NULL,"
    " filename VARCHAR(200) NOT NULL, created DATETIME NOT NULL, project_id INTEGER NOT NULL,"
    " text_direction VARCHAR(13) NOT NULL, contents TEXT NOT NULL",
    "commands": "id INTEGER PRIMARY KEY AUTOINCREMENT, date DATETIME NOT NULL,"
    " user_login VARCHAR(30) NOT NULL,"
    " project_id INTEGER NOT NULL, document_id INTEGER, payload TEXT NOT NULL",
    "highlights": "id INTEGER PRIMARY KEY AUTOINCREMENT, document_id INTEGER NOT NULL,"
    " start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, snippet TEXT NOT NULL",
    "tags": "id INTEGER PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL, path VARCHAR(200) NOT NULL,"
    " description TEXT NOT NULL, UNIQUE (project_id, path)",
    "highlight_tags": "highlight_id INTEGER NOT NULL, tag_id INTEGER NOT NULL,"
    " PRIMARY KEY (highlight_id, tag_id)",
}
Rows = dict[str, Sequence[dict[str, Any]]]


def database(path: Path, layout: dict[str, str], rows: Rows, *, without: Sequence[str] = ()) -> Path:
    """Write a database: its tables but those `without` (also "table.column"), and rows by table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    dropped = {name for name in without if "." in name}
    with closing(sqlite3.connect(path)) as connection:
        for table, columns in layout.items():
            kept = [one for one in columns.split(",") if f"{table}.{one.split()[0]}" not in dropped]
            if table not in without:
                connection.execute(f"CREATE TABLE {table} ({','.join(kept)})")
        for table, records in rows.items():
            for record in records:
                marks = ", ".join("?" * len(record))
                connection.execute(
                    f"INSERT INTO {table} ({', '.join(record)}) VALUES ({marks})", tuple(record.values())
                )
        connection.commit()
    return path


def qualcoder(folder: Path, rows: Rows, *, version: str = "v17", without: Sequence[str] = ()) -> Path:
    """Write a project folder of QualCoder; gives the folder."""
    rows = {"project": [{"databaseversion": version, "about": "QualCoder"}], **rows}
    if "project" in without:
        del rows["project"]
    database(folder / "data.qda", QUALCODER, rows, without=without)
    return folder


def rqda(path: Path, rows: Rows, *, version: str = "0.2.2", without: Sequence[str] = ()) -> Path:
    """Write a project of RQDA; what a row says nothing of is not deleted."""
    full: Rows = {table: [{"status": 1, **record} for record in records] for table, records in rows.items()}
    project = [{"databaseversion": version, **(rows["project"][0] if "project" in rows else {})}]
    return database(path, RQDA, {**full, "project": project}, without=without)


def taguette(path: Path, rows: Rows, *, without: Sequence[str] = ()) -> Path:
    """Write a database of Taguette; what a table wants and a row says nothing of is filled in."""
    blank: dict[str, dict[str, Any]] = {
        "projects": {"description": "", "created": "2026-01-01"},
        "documents": {
            **{"description": "", "filename": "", "created": "2026-01-01", "project_id": 1},
            "text_direction": "LEFT_TO_RIGHT",
        },
        "tags": {"project_id": 1, "description": ""},
        "commands": {"date": "2026-01-01", "project_id": 1},
    }
    full: Rows = {
        "alembic_version": [{"version_num": "382db36f20f4"}],
        "projects": [{"id": 1, "name": "Study", **blank["projects"]}],
        **{
            table: [{**blank.get(table, {}), **record} for record in records]
            for table, records in rows.items()
        },
    }
    return database(path, TAGUETTE, full, without=without)


def added(highlight: int, tags: Sequence[int], login: str) -> dict[str, Any]:
    """The entry in the history of Taguette for a highlight with its tags."""
    payload = {"type": "highlight_add", "highlight_id": highlight, "tags": list(tags)}
    return {"user_login": login, "document_id": 1, "payload": json.dumps(payload)}
