"""Saving a workbook so that nothing is lost or half written, and the same content gives the same bytes."""

import contextlib
import datetime
import errno
import io
import os
import re
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from survey.arguments import path_of
from survey.errors import Place, Problem, UsageError, usage

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

UNDATED = datetime.datetime(2000, 1, 1)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_LONGEST = 32_767
_DAY = 24 * 60 * 60
_TEMPORARY = re.compile(r"\.survey-[0-9a-f]{16}(\.\w+)?")
# What XML 1.0 cannot hold: control characters, lone surrogates, the two non-characters.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Amend = Callable[[str, bytes], bytes]
Write = Callable[[Path], object]
WriteArchive = Callable[[BinaryIO], object]
Target = tuple[Path, Write]


def date_of_making() -> datetime.datetime:
    """The date that a file is made, in UTC: that of SOURCE_DATE_EPOCH where it is set, the clock's else.

    Raises
    ------
    UsageError
        SOURCE_DATE_EPOCH is no number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not epoch:
        return datetime.datetime.now(datetime.UTC).replace(microsecond=0, tzinfo=None)
    try:
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        raise usage("source_date_unreadable", value=epoch) from None


def clean_text(text: str) -> str:
    """Replace what a workbook cannot hold and cut what is too long, visibly; line ends become line feeds."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(text) > _LONGEST:
        mark = f" [... {len(text)} characters]"
        text = text[: _LONGEST - len(mark)] + mark
    return text


def plain_cell(sheet: "Worksheet", value: Any) -> Any:
    """Make text that stays text: "=1+1" is no formula and "#N/A" no error. Other values pass as they are."""
    if not isinstance(value, str):
        return value
    from openpyxl.cell import Cell

    cell = Cell(sheet, row=1, column=1)
    cell.value = clean_text(value)
    cell.data_type = "s"
    return cell


def check_target(path: str | Path) -> None:
    """Refuse, before any work, a target that is a folder or does not end in .xlsx (`UsageError`)."""
    path = path_of(path)
    try:
        is_folder = path.is_dir()
    except OSError as error:  # a name that no file can have
        raise UsageError(Problem("target_unwritable", Place(file=str(path)), {"told": error})) from None
    if is_folder:
        raise UsageError(Problem("target_is_folder", Place(file=str(path))))
    if path.suffix.lower() != ".xlsx":
        raise usage("target_not_xlsx", path=path)


def describe_workbook(book: "Workbook", title: str, subject: str) -> None:
    """Fill in the document properties: a title, and the schema that it is about."""
    book.properties.title = clean_text(title)
    book.properties.creator = "expansion-survey"
    book.properties.subject = subject


def save_workbook(
    book: "Workbook", path: str | Path, *, date: datetime.datetime = UNDATED, amend: Amend | None = None
) -> Path:
    """Save under a temporary name in the same folder, repack with fixed dates, then move into place.

    `amend(name, content)` may change a part of the archive on the way. A failure leaves what was there.

    Raises
    ------
    UsageError
        The path is a folder, or cannot be written.
    """
    book.properties.created = date
    book.properties.modified = date
    return save_archive(book.save, path, date=date, amend=amend)


def save_archive(
    write: WriteArchive,
    path: str | Path,
    *,
    date: datetime.datetime = UNDATED,
    amend: Amend | None = None,
) -> Path:
    """Let `write` make a zip archive (a workbook, a document), repack it with fixed dates, move it to `path`.

    `amend(name, content)` may change a part of the archive on the way. A failure leaves what was there.

    Raises
    ------
    UsageError
        The path is a folder, or cannot be written.
    """
    return save_through(path, lambda target: pack_archive(write, target, date=date, amend=amend))


def pack_archive(
    write: WriteArchive, target: Path, *, date: datetime.datetime = UNDATED, amend: Amend | None = None
) -> None:
    """Let `write` make a zip archive in memory, and pack it into `target` anew with fixed dates."""
    raw = io.BytesIO()
    try:
        write(raw)
    except Exception as error:  # openpyxl writes each sheet to a temporary file first
        from lxml.etree import SerialisationError  # where it failed only: a report does without lxml

        if not isinstance(error, SerialisationError):
            raise
        raise short_of_space() from None
    _repack(raw, target, date, amend)


def _new_file(folder: Path, suffix: str) -> Path:
    """Make an empty file under a name that nothing has, with the usual mode.

    The system takes the umask off the mode; Python could only read the umask by changing it.
    """
    path = _unused(folder, suffix)
    path.touch(exist_ok=False)
    return path


def _unused(folder: Path, suffix: str = "") -> Path:
    return folder / f".survey-{secrets.token_hex(8)}{suffix}"


def _repack(raw: BinaryIO, packed: Path, date: datetime.datetime, amend: Amend | None) -> None:
    """Write the parts again in a fixed order, with a fixed date also where openpyxl has put the clock."""
    stamp = date.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            if amend is not None:
                content = amend(name, content)
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            target.writestr(entry, content)


def save_through(path: str | Path, write: Write) -> Path:
    """Let `write` fill a temporary file in the same folder, then move it into place; a failure leaves all.

    Raises
    ------
    UsageError
        The path is a folder, or cannot be written.
    """
    (written,) = save_together([(path, write)])
    return written


def save_together(targets: Sequence[tuple[str | Path, Write]]) -> tuple[Path, ...]:
    """Fill a temporary file beside each target, read it back, move all into place: all are written, or none.

    A link is followed: what it leads to is written, and the link stays. Temporary files that a killed run
    left in these folders a day ago or earlier are removed.

    Raises
    ------
    UsageError
        A path is a folder, or cannot be written.
    """
    paths = [path_of(path) for path, _ in targets]
    temporary: list[tuple[Path, Path]] = []
    path = paths[0]
    try:
        for path, (_, write) in zip(paths, targets, strict=True):
            if path.is_dir():
                raise UsageError(Problem("target_is_folder", Place(file=str(path))))
            target = _followed(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.append((_new_file(target.parent, target.suffix), target))
            _sweep(target.parent, temporary[-1][0])
            write(temporary[-1][0])
            _read_back(temporary[-1][0])
        _place(temporary)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        for leftover, _ in temporary:
            leftover.unlink(missing_ok=True)
    return tuple(paths)


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(Problem("target_unwritable", Place(file=str(path)), {"told": error}))


def _followed(path: Path) -> Path:
    """Where a link leads; any other path as it is. A ring of links is an `OSError`."""
    if not path.is_symlink():
        return path
    try:
        return path.resolve()
    except RuntimeError:  # Python 3.11 and 3.12 say so of a ring
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None


def _read_back(path: Path) -> None:
    """Refuse (`OSError`) what is empty or a damaged archive: programs in C do not all tell of a full disk."""
    if not path.stat().st_size:
        raise short_of_space()
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            return
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise short_of_space() from None
    if damaged is not None:
        raise short_of_space()


def short_of_space() -> OSError:
    """What a writer raises that did not come to its end, as far as can be seen because the disk is full."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _place(moves: Sequence[tuple[Path, Path]]) -> None:
    """Move each first file over the second: all, or none; at no moment is a former file without its name."""
    formers: list[tuple[Path, Path | None]] = []
    placed: list[Path] = []
    try:
        for _, path in moves if len(moves) > 1 else ():
            former = _unused(path.parent, path.suffix) if path.exists() else None
            formers.append((path, former))
            if former is not None:
                _name_again(path, former)
        for filled, path in moves:
            filled.replace(path)
            placed.append(path)
    except BaseException:
        for path, former in formers[: len(placed)]:
            path.unlink(missing_ok=True) if former is None else former.replace(path)
        raise
    finally:
        for _, former in formers:
            if former is not None:
                former.unlink(missing_ok=True)


def _name_again(path: Path, former: Path) -> None:
    """Give a file that is to be replaced a second name for the while."""
    try:
        former.hardlink_to(path)
    except OSError:  # a file system without hard links
        shutil.copy2(path, former)


def _sweep(folder: Path, newest: Path) -> None:
    """Remove temporary files and folders of killed runs, a day older than the newest by the disk's clock."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        oldest = newest.stat().st_mtime - _DAY
        for entry in entries:
            if _TEMPORARY.fullmatch(entry.name) and entry.stat(follow_symlinks=False).st_mtime < oldest:
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    Path(entry.path).unlink()


def save_text(text: str, path: str | Path, suffix: str) -> Path:
    """Save text as UTF-8, at once or not at all; a path with another ending is a `UsageError`."""
    path = path_of(path)
    if path.suffix.lower() != suffix and not (suffix == ".yaml" and path.suffix.lower() == ".yml"):
        raise usage("target_ending", path=path, suffix=suffix)
    return save_through(path, text_writer(text))


def text_writer(text: str) -> Write:
    """What writes a text as UTF-8, and compares what then stands there."""
    content = text.encode()

    def write(target: Path) -> None:
        target.write_bytes(content)
        if target.read_bytes() != content:
            raise short_of_space()

    return write


def check_folder(folder: str | Path, names: Collection[str]) -> None:
    """Refuse a folder that is a file, or holds files other than `names` (`UsageError`)."""
    folder = path_of(folder)
    place = Place(file=str(folder))
    try:
        if folder.exists() and not folder.is_dir():
            raise UsageError(Problem("folder_is_file", place))
        there = folder.iterdir() if folder.is_dir() else ()
        others = sorted(path.name for path in there if path.name not in names)
    except OSError as error:
        raise _unwritable(folder, error) from None
    if others:
        listing = [*others[:3], *["..."] * (len(others) > 3)]
        raise UsageError(Problem("folder_not_empty", place, {"count": len(others), "others": listing}))


def save_folder(folder: str | Path, names: Collection[str], write: Callable[[Path], object]) -> Path:
    """Let `write` fill a temporary folder, then move it into place; a failure leaves what was there.

    `names` are the files that it may write; those of them that were there and are not written again go.

    Raises
    ------
    UsageError
        The folder holds other files, is a file, or cannot be written.
    """
    folder = path_of(folder)
    check_folder(folder, names)
    there = folder.is_dir()
    temporary: Path | None = None
    try:
        if not there:
            folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = _unused(folder if there else folder.parent)
        temporary.mkdir()
        _sweep(temporary.parent, temporary)
        write(temporary)
        files = sorted(temporary.iterdir())
        for file in files:
            _read_back(file)
        if there:
            _place([(file, folder / file.name) for file in files])
            for name in set(names) - {file.name for file in files}:
                (folder / name).unlink(missing_ok=True)
        else:
            temporary.replace(folder)
    except OSError as error:
        raise _unwritable(folder, error) from None
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
    return folder
