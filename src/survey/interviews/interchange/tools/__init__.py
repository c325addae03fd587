"""READERS of other tools' files: one module each, one line each in the table below.

A module has `TOOL` (what the program is called) and either `of_file(path) -> bool` with `read(path,
sheet)`, for a file that is no table, or `of_tables(book) -> bool` with `read(book, sheet, participant)`.
`read` gives a `ToolFile`. A program that exports a table of quotations needs no module: it is a row of
`quotation_tables`.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from survey.errors import DataError, Place, Problem, usage
from survey.files.grid import Book
from survey.interviews.interchange.databases import Database, is_database, looks_encrypted
from survey.interviews.interchange.tool_files import ToolFile
from survey.interviews.interchange.tools import presence_matrix, quotation_tables

# Files that are no tables, told by their content.
FILES = (
    "survey.interviews.interchange.tools.qualcoder",
    "survey.interviews.interchange.tools.rqda",
    "survey.interviews.interchange.tools.taguette_database",
    "survey.interviews.interchange.tools.nvivo_text",
)
# Projects that their programs alone open, by how their endings begin; and documents, which hold no coding.
_CLOSED = {"NVivo": (".nvp",), "MAXQDA": (".mx1", ".mx2", ".mex"), "ATLAS.ti": (".atlproj", ".hpr", ".atlcb")}
_DOCUMENTS = (".docx", ".doc", ".pdf", ".rtf", ".odt")


def tool_of_tables(book: Book, sheet: str | None = None) -> Any:
    """What reads a book as an export of a tool; None for other tables, ours among them."""
    if book.says:  # a workbook of ours says what it is
        return None
    readers = (*quotation_tables.TABLES, presence_matrix)
    return next((reader for reader in readers if reader.of_tables(book, sheet)), None)


def tool_of_file(path: Path) -> Any:
    """The module that reads a file that is no table; None for tables.

    Raises
    ------
    DataError
        It is a database of no tool that is known here, without a table of its tool, or an encrypted one; a
        project in a form that only its
        program opens; a document without coding; a folder of neither tool.
    """
    for module in map(import_module, FILES):
        if module.of_file(path):
            return module
    place = Place(file=path.name)
    database = path / "data.qda" if path.is_dir() else path  # a project of QualCoder is a folder
    if is_database(database):
        raise DataError(_unfit(Database(database, "SQLite", place).tables, place))
    if looks_encrypted(database):
        raise DataError(Problem("database_encrypted", place))
    if path.is_dir():
        raise DataError(Problem("folder_no_project", place))
    ending = path.suffix.lower()
    program = next((name for name, starts in _CLOSED.items() if ending.startswith(starts)), None)
    if path.is_file() and program is not None:
        raise DataError(Problem("project_closed", place, {"tool": program}))
    if path.is_file() and ending in _DOCUMENTS:
        raise DataError(Problem("document_uncoded", place))
    return None


def _unfit(tables: set[str], place: Place) -> Problem:
    """What a database lacks that has more than half of the tables of a tool, or that it is of none."""
    modules = [module for module in map(import_module, FILES) if hasattr(module, "TABLES")]
    nearest = max(modules, key=lambda module: len(module.TABLES & tables) / len(module.TABLES))
    missing = sorted(nearest.TABLES - tables)
    if len(missing) < len(nearest.TABLES) / 2:
        return Problem("database_lacks_tables", place, {"tool": nearest.TOOL, "tables": missing})
    values = {"tables": sorted(tables)[:8] or "-", "known": [module.TOOL for module in modules]}
    return Problem("database_unknown", place, values)


def read_tool_file(tool: Any, path: Path, sheet: str | None, positions: str | None) -> ToolFile:
    """Read a file that is no table by the module of its tool.

    Raises
    ------
    UsageError
        A way to count positions is named: the words that a tool stores beside each passage say how it counts.
        Or a project is named in a file that holds one alone.
    DataError
        The file is not as its tool writes it.
    """
    if positions is not None:
        raise usage("positions_not_here", file=path.name, tool=tool.TOOL)
    if sheet is not None and not hasattr(tool, "SEVERAL"):
        raise usage("sheet_not_here", file=path.name, sheet=sheet)
    coded: ToolFile = tool.read(path, sheet)
    return coded
