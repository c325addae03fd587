"""Looking at a file before anything unpacks it: how much it holds, and whether its XML may be parsed."""

import re
import zipfile

from survey.errors import DataError, Place, Problem

# A real file of 100,000 responses unpacks to 150 MB, eight times its size.
MOST_BYTES = 500_000_000
MOST_RATIO = 250
LARGE = 60_000_000  # a ratio means nothing in a small file
MOST_ENTRIES = 5_000
PROLOG = 65_536  # a document type stands before the first element; nothing real comes so late
# Cells and rows that hold a style and nothing else: a million of them take a parser a minute.
_EMPTY_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^<>]*)?/>")
_EMPTY_ROW = re.compile(rb"<(?:\w+:)?row(?:\s[^<>]*)?/>|<row(?:\s[^<>]*)?></row>")


def check_archive(archive: zipfile.ZipFile, size: int, place: Place) -> None:
    """Refuse an archive that would unpack to too much, holds too many parts, or one name twice.

    The sizes are those of the archive's directory; reading stops at them, whatever the packed data say.

    Raises
    ------
    DataError
        A limit is passed; the message says which.
    """
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        raise DataError(Problem("archive_entries", place, {"entries": len(entries), "limit": MOST_ENTRIES}))
    if unpacked > MOST_BYTES or (unpacked > LARGE and unpacked > MOST_RATIO * max(size, 1)):
        values = {"unpacked": round(unpacked / 1e6), "packed": round(size / 1e6, 1)}
        raise DataError(Problem("archive_bomb", place, values))
    if len({entry.filename for entry in entries}) < len(entries):
        raise DataError(Problem("archive_names", place))
    if any(entry.flag_bits & 1 for entry in entries):
        raise DataError(Problem("file_encrypted", place))


def check_xml(name: str, xml: bytes, place: Place) -> None:
    """Refuse a document type in a part: entities could call in files or swell without end (`DataError`)."""
    start = xml[:PROLOG]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in start[:4]:
        start = start.decode("utf-16", "ignore").encode()
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", start, re.IGNORECASE):
        raise DataError(Problem("xml_doctype", place, {"part": name}))


def without_blanks(xml: bytes) -> bytes:
    """Drop what holds nothing from the XML of a large sheet; values, addresses and merges stay."""
    return _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", xml))
