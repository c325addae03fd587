"""Projects that tools of qualitative analysis keep in a database (SQLite): told by their tables."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

from survey.arguments import path_of
from survey.errors import DataError, Place, Problem

_HEADER = b"SQLite format 3\0"
# The tables that tell whose project it is, the first that fits.
_TABLES = {
    "taguette": {"documents", "highlights", "highlight_tags", "tags"},
    "qualcoder": {"code_name", "code_text", "source", "cases"},
    "rqda": {"freecode", "coding", "source", "cases"},
}


def database_in(path: str | Path) -> Path | None:
    """The database that a file is, or that the folder of a project holds; None where there is none."""
    path = path_of(path)
    try:
        if path.is_dir():
            path = path / "data.qda"  # a project of QualCoder is a folder
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return path if file.read(len(_HEADER)) == _HEADER else None
    except OSError:
        return None


def is_database(path: Path) -> bool:
    """Whether a file is a database, or the folder of a project that keeps one."""
    return database_in(path) is not None


def tool_of_database(database: Path) -> str:
    """Whose project a database is: "taguette", "qualcoder", "rqda", or "other"."""
    uri = f"{database.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            tables = {str(name).lower() for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error:
        return "other"
    return next((tool for tool, own in _TABLES.items() if own <= tables), "other")


def refuse_database(path: str | Path, *_: Any, **__: Any) -> NoReturn:
    """Say what a database is, and what to export from its tool instead.

    Raises
    ------
    DataError
        Always.
    """
    database = database_in(path)
    tool = "other" if database is None else tool_of_database(database)
    raise DataError(Problem(f"database_{tool}", Place(file=path_of(path).name)))
