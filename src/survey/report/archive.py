"""From an openpyxl workbook to a file: the same bytes again, and all or nothing."""

import io
import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from openpyxl.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter

from survey.errors import Place, Problem, UsageError
from survey.report.texts import one_line

_DAWN = (1980, 1, 1, 0, 0, 0)
_CHART_NAME = re.compile(r'(<(?:\w+:)?cNvPr\b[^>]*?\bname="Chart (\d+)")')


def packed(book: Workbook, chart_texts: Mapping[str, Sequence[str]]) -> bytes:
    """Save a workbook to bytes that depend on its content alone.

    `chart_texts` gives for a sheet's name the alternative texts of its charts, which openpyxl cannot write.
    Parts are sorted and dated 1980-01-01; openpyxl's own stamp of the moment of saving is not applied.
    """
    raw = io.BytesIO()
    ExcelWriter(book, ZipFile(raw, "w", ZIP_STORED)).save()  # not book.save(): that reads the clock
    texts = _by_drawing(book, chart_texts)
    result = io.BytesIO()
    with ZipFile(raw) as parts, ZipFile(result, "w", ZIP_DEFLATED) as archive:
        for name in sorted(parts.namelist()):
            content = parts.read(name)
            if name in texts:
                content = _described(content.decode("utf-8"), texts[name]).encode("utf-8")
            if name.endswith((".xml", ".rels")):
                content = _plain_xml(content)
            entry = ZipInfo(name, _DAWN)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.compress_type = ZIP_STORED if name.endswith(".png") else ZIP_DEFLATED
            archive.writestr(entry, content)
    return result.getvalue()


def _by_drawing(book: Workbook, chart_texts: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Find the drawing parts: they are numbered through, one for each sheet that holds pictures or charts."""
    sheets: Sequence[Any] = book.worksheets
    drawn = [sheet for sheet in sheets if sheet._charts or sheet._images]
    return {
        f"xl/drawings/drawing{number}.xml": chart_texts.get(sheet.title, ())
        for number, sheet in enumerate(drawn, 1)
    }


def _described(drawing: str, texts: Sequence[str]) -> str:
    """Add `descr` to the charts of a drawing part: openpyxl names them Chart 1, 2, ... in order."""

    def add(found: re.Match[str]) -> str:
        number = int(found.group(2))
        return f"{found.group(1)} descr={quoteattr(one_line(texts[number - 1]))}"

    return _CHART_NAME.sub(add, drawing) if texts else drawing


def _plain_xml(content: bytes) -> bytes:
    return content


def check_target(path: str | Path) -> Path:
    """Refuse, before any work, a path that no workbook can be written to; links are followed."""
    place = Place(file=str(path))
    try:
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise UsageError(Problem("report_path_is_folder", place))
        if target.suffix.lower() != ".xlsx":
            raise UsageError(Problem("report_path_ending", place, {"ending": target.suffix or target.name}))
        if target.exists() and not os.access(target, os.W_OK):
            raise UsageError(Problem("report_not_writable", place))
    except (OSError, ValueError) as error:
        raise UsageError(Problem("report_not_written", place, {"told": _told(error)})) from error
    return target


def replace_file(target: Path, content: bytes, shown: str | Path) -> None:
    """Put `content` in the place of `target`: wholly, or not at all and the old file stays as it was."""
    place = Place(file=str(shown))
    temporary = target.with_name(f".{target.name[:200]}.{secrets.token_hex(4)}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, temporary)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except PermissionError as error:
        raise UsageError(Problem("report_not_writable", place)) from error
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(Problem("report_folder_is_file", place, {"folder": str(target.parent)})) from error
    except (OSError, ValueError) as error:
        raise UsageError(Problem("report_not_written", place, {"told": _told(error)})) from error


def _told(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
