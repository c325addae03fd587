"""Pieces of the XML of a sheet as values: numbers, texts, rich texts; anything odd is left to openpyxl."""

import re
import zipfile
from array import array
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from survey.errors import DataError, Place, Problem

_MOST_TEXTS = 5_000_000


MAIN = b' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


DECLARED = rb'\s*(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="\w+")?\s*\?>\s*)?'


_STRINGS = re.compile(DECLARED + rb"<sst(\s[^<>]*)>\s*")


ATTRIBUTES = rb'(?:\s+[A-Za-z_][\w:.-]*="[^"<>&]*")*\s*'


_TEXT = re.compile(rb'\s*<t(?: xml:space="(?:preserve|default)")?(?:/>|>([^<]*)</t>)\s*')


_USUAL_TEXT = re.compile(rb"<t>([^<&\]\x00-\x1f\xef]*)</t></si>")


_NUMBER = re.compile(rb"-?\d{1,300}((?:\.\d+)?(?:[eE][+-]?\d+)?)")


_ENTITY = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")


_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Odd(Exception):  # noqa: N818 - no error: the long way is open
    """Something is not written in one of the forms known here."""


class Texts:
    """The shared texts of a workbook, each cut out of the XML when it is asked for."""

    def __init__(self, archive: zipfile.ZipFile, part: str, place: Place) -> None:
        """Nothing is read before the first text is asked for."""
        self._archive, self._part, self._place = archive, part, place
        self._xml = b""
        self._starts: array[int] | None = None

    def _open(self) -> "array[int]":
        if self._part not in self._archive.namelist():
            raise Odd
        xml = self._archive.read(self._part)
        head = _STRINGS.match(xml)
        end = xml.rfind(b"</sst>")
        count = xml.count(b"<si>")
        whole = head and MAIN in head[1] and end >= 0 and not xml[end + 6 :].strip()
        if not whole or count != xml.count(b"</si>"):
            raise Odd
        assert head is not None
        if count > _MOST_TEXTS:
            raise DataError(Problem("table_too_large", self._place, {"limit": _MOST_TEXTS}))
        check_xml(head[0] + b"</sst>")
        starts = array("q", (match.end() for match in re.finditer(b"<si>", xml)))
        starts.append(end + 4)
        if starts[0] != head.end() + 4:
            raise Odd
        self._xml = xml
        return starts

    def __getitem__(self, raw: bytes) -> str:
        """Give the text of a number written in a cell."""
        if self._starts is None:
            self._starts = self._open()
        if not raw.isdigit() or len(raw) > 9 or int(raw) >= len(self._starts) - 1:
            raise Odd
        place = int(raw)
        start, end = self._starts[place], self._starts[place + 1] - 4
        usual = _USUAL_TEXT.match(self._xml, start, end)
        if usual and usual.end() == end:
            try:
                text = usual[1].decode()
            except UnicodeDecodeError:
                raise Odd from None
        else:
            xml = self._xml[start:end].rstrip()
            if not xml.endswith(b"</si>"):
                raise Odd
            text = rich_text(xml[:-5])
        return text.replace("x005F_", "")  # as openpyxl has it


def check_xml(xml: bytes) -> None:
    """Let a parser that keeps nothing see whether XML is well-formed."""
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(xml, True)
    except expat.ExpatError:
        raise Odd from None


def number_of(raw: bytes) -> int | float:
    """A number as it stands in a cell: whole without a fraction or exponent."""
    match = _NUMBER.fullmatch(raw)
    if match is None:
        raise Odd
    return float(raw) if match[1] else int(raw)


def text_of_xml(raw: bytes) -> str:
    """The text that stands in XML between two tags."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Odd from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in text:
        if text.count("&") != len(_ENTITY.findall(text)) or "]]>" in text:
            raise Odd
        text = _ENTITY.sub(_character, text)
    elif "]]>" in text:
        raise Odd
    if not text.isprintable() and _NO_TEXT.search(text):
        raise Odd
    return text


def _character(entity: "re.Match[str]") -> str:
    if entity[3]:
        return _ENTITIES[entity[3]]
    number = int(entity[1]) if entity[1] else int(entity[2], 16)
    if not 0 < number < 0x110000 or 0xD800 <= number < 0xE000:
        raise Odd
    return chr(number)


def rich_text(xml: bytes) -> str:
    """The text of `<is>` or `<si>`: plain, or in pieces of different looks."""
    plain = _TEXT.fullmatch(xml)
    if plain:
        return text_of_xml(plain[1]) if plain[1] else ""
    from openpyxl.cell.text import Text

    try:
        text: Any = Text.from_tree(ElementTree.fromstring(b"<si" + MAIN + b">" + xml + b"</si>"))  # type: ignore[arg-type]
        return str(text.content)
    except Exception:  # whatever an unusual text makes it raise
        raise Odd from None
