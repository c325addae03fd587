"""Projects that are SQLite databases (QualCoder, RQDA, Taguette), opened to be read and never trusted.

Nothing is written, neither to the file nor beside it; nothing that a file brings along (views, triggers,
virtual tables, computed columns) is run; names of tables and columns are ours, never those of the file.
"""

import codecs
import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from survey.errors import DataError, Place, Problem
from survey.files.guard import MOST_BYTES

_MAGIC = b"SQLite format 3\0"
_ENDINGS = (".qda", ".rqda", ".sqlite3", ".sqlite", ".db")
_HEADER = 100
_LOOKED_AT = 4096  # bytes, to tell text from what is encrypted
_LONGEST_TEXT = 100_000_000
_MOST_ROWS = 1_000_000
_STEPS = 1_000_000  # of the machine that runs a query, between two looks at the count
_MOST_LOOKS = 2_000


def is_database(path: Path) -> bool:
    """Tell whether a file is an SQLite database, by its first bytes."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def looks_encrypted(path: Path) -> bool:
    """Tell whether a file is called like a database and is neither one, nor text, nor an archive."""
    if path.suffix.lower() not in _ENDINGS or not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    return bool(start) and not start.startswith((_MAGIC, b"PK")) and not _is_text(start)


def _is_text(start: bytes) -> bool:
    """Tell whether bytes begin a text: UTF-16 with its mark, or UTF-8 without a zero."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    try:
        return "\0" not in codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False


class Database:
    """A database in the reading; `tool` is the program that wrote it."""

    def __init__(self, path: Path, tool: str, place: Place) -> None:
        """Open a file (`DataError` where it is no database, cut short, or larger than any project)."""
        self.path, self.tool, self.place = path, tool, place
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise DataError(
                Problem("database_large", place, {"tool": tool, "limit": MOST_BYTES // 1_000_000})
            )
        self._check_length(size)
        try:
            self._tables = dict(self._query("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        except sqlite3.Error as error:
            raise self._damaged(error) from None

    @property
    def tables(self) -> set[str]:
        """The names of its tables; virtual ones, which would run code, are none."""
        return {name for name, sql in self._tables.items() if str(sql).lower().startswith("create table")}

    def hash(self) -> str:
        """The hash of the file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def rows(self, table: str, columns: Sequence[str], optional: Sequence[str] = ()) -> list[dict[str, Any]]:
        """The rows of a table as dictionaries, in their order; an optional column it has not is None.

        Raises
        ------
        DataError
            The table or a column is not there, the table has more rows than any project, or the file is
            damaged.
        """
        if table not in self.tables:
            raise self._lacks(table, columns)
        try:
            present = {row[1] for row in self._query(f'PRAGMA table_info("{table}")')} | {"rowid"}
            missing = [name for name in columns if name not in present]
            if missing:
                raise self._lacks(table, missing)
            wanted = [*columns, *(name for name in optional if name in present)]
            listed = ", ".join(f'"{name}"' for name in wanted)
            query = f'SELECT {listed} FROM "{table}" ORDER BY rowid LIMIT {_MOST_ROWS + 1}'
            records = [dict(zip(wanted, row, strict=True)) for row in self._query(query)]
        except sqlite3.Error as error:
            raise self._damaged(error) from None
        if len(records) > _MOST_ROWS:
            raise DataError(
                Problem("database_large", self.place, {"tool": self.tool, "limit": f"{_MOST_ROWS:,}"})
            )
        blank = dict.fromkeys(optional)
        return [{**blank, **record} for record in records]

    def count(self, table: str) -> int:
        """How many rows a table has; 0 where there is none."""
        if table not in self.tables:
            return 0
        try:
            return int(next(self._query(f'SELECT count(*) FROM "{table}"'))[0])
        except sqlite3.Error as error:
            raise self._damaged(error) from None

    def unsaved(self) -> list[Problem]:
        """Say where the tool has left changes in a file beside the database, which is not read."""
        beside = [self.path.with_name(self.path.name + ending) for ending in ("-wal", "-journal")]
        return [
            Problem("database_unsaved", self.place, {"beside": file.name, "tool": self.tool})
            for file in beside
            if file.is_file() and file.stat().st_size
        ]

    def _query(self, query: str) -> Iterator[tuple[Any, ...]]:
        looks = 0

        def too_long() -> bool:
            nonlocal looks
            looks += 1
            return looks > _MOST_LOOKS

        address = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_TEXT)
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.set_progress_handler(too_long, _STEPS)
            yield from connection.execute(query)

    def _check_length(self, size: int) -> None:
        """Refuse a file that is shorter than its header says."""
        with self.path.open("rb") as file:
            header = file.read(_HEADER)
        if not header.startswith(_MAGIC) or len(header) < _HEADER:
            raise self._damaged(sqlite3.DatabaseError("no header"))
        page = int.from_bytes(header[16:18], "big")
        page = 65536 if page == 1 else page
        pages = int.from_bytes(header[28:32], "big")
        counted = (
            header[24:28] == header[92:96]
        )  # else an old library wrote it, which does not keep the count
        if counted and size < page * pages:
            values = {"tool": self.tool, "size": f"{size:,}", "wanted": f"{page * pages:,}"}
            raise DataError(Problem("database_cut", self.place, values))

    def _lacks(self, table: str, columns: Sequence[str]) -> DataError:
        values = {"tool": self.tool, "table": table, "columns": list(columns)}
        return DataError(Problem("database_lacks", self.place, values))

    def _damaged(self, error: Exception) -> DataError:
        values = {"tool": self.tool, "told": str(error).splitlines()[0][:100] if str(error) else "-"}
        return DataError(Problem("database_damaged", self.place, values))


def text_of_cell(value: Any) -> str:
    """A cell as text; "" where it is empty or holds bytes."""
    return "" if value is None or isinstance(value, bytes) else str(value)


def whole_number(value: Any) -> int | None:
    """A cell as a whole number from 0 upwards, None where it is none; positions of RQDA are reals."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return int(value) if 0 <= value < 1 << 53 and value == int(value) else None
