"""A .zip that holds one table, as platforms send it; it is unpacked in memory alone."""

import zipfile
from io import BytesIO
from pathlib import PurePosixPath, PureWindowsPath

from survey.errors import DataError, Place, Problem
from survey.files.guard import check_archive

_TABLES = frozenset(
    {".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".sav", ".zsav", ".dta", ".parquet"}
)
_TEXTS = frozenset({".txt", ".tab", ".dat"})  # tables only where nothing else is one
_ARCHIVES = frozenset({".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst"})
# What a platform's or a program's own file has inside; an office file has a list of its parts.
_OF_PROGRAMS = ("[Content_Types].xml", "mimetype", "content.xml", "META-INF/MANIFEST.MF", "project.qde")
_UTF8 = 0x800
_NAMED = 10  # files that a message names


def is_archive(content: bytes) -> bool:
    """Tell whether this is a .zip of files, and not a file of a program that is packed as one."""
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except Exception:  # whatever the damage makes it raise: whoever reads it as a workbook says so
        return False
    return bool(names) and not any(name in names for name in _OF_PROGRAMS)


def unpacked_table(content: bytes, place: Place) -> bytes:
    """The bytes of the only table in an archive.

    Pictures, texts and what a system adds beside it (`__MACOSX`) do not count.

    Raises
    ------
    DataError
        There is none, or several; an archive lies in it; it is encrypted, would unpack to too much, or names
        a place outside itself.
    """
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if any(entry.flag_bits & 1 for entry in archive.infolist()):
            raise DataError(Problem("zip_encrypted", place))
        check_archive(archive, len(content), place)
        entries = {_name(entry): entry for entry in archive.infolist() if entry.filename[-1:] != "/"}
        outside = [name for name in entries if _is_outside(name)]
        if outside:
            raise DataError(Problem("zip_outside", place, {"names": outside[:_NAMED]}))
        files = {name: entry for name, entry in entries.items() if not _is_of_the_system(name)}
        nested = [name for name in files if _ending(name) in _ARCHIVES]
        if nested:
            raise DataError(Problem("zip_nested", place, {"names": nested[:_NAMED]}))
        tables = [name for name in files if _ending(name) in _TABLES]
        tables = tables or [name for name in files if _ending(name) in _TEXTS]
        if len(tables) > 1:
            values = {"names": tables[:_NAMED], "count": len(tables)}
            raise DataError(Problem("zip_several", place, values))
        if not tables:
            raise DataError(Problem("zip_no_table", place, {"names": list(files)[:_NAMED] or "-"}))
        try:
            inside = archive.read(files[tables[0]])
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            OSError,
            EOFError,
            ValueError,
            RuntimeError,
        ) as error:
            raise DataError(Problem("workbook_damaged", place, {"told": error})) from None
    if not inside:
        raise DataError(Problem("file_empty", place))
    if is_archive(inside):
        raise DataError(Problem("zip_nested", place, {"names": tables}))
    return inside


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: Chinese Windows writes GB18030 where the format expects UTF-8."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _is_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or bool(PureWindowsPath(name).drive)


def _is_of_the_system(name: str) -> bool:
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith(("._", ".DS_Store", "~$", "Thumbs.db"))


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
