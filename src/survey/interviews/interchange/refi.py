"""The files of REFI-QDA on the disk: XML that is safe to read, and bytes that are always the same."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree

from survey.arguments import file_of
from survey.errors import DataError, Place, Problem
from survey.files.guard import check_archive, check_xml
from survey.interviews.interchange.code_trees import Node

CODEBOOK = "urn:QDA-XML:codebook:1.0"
PROJECT = "urn:QDA-XML:project:1.0"
Element = ElementTree.Element

_DEEPEST = 60
_MOST_XML = 200_000_000
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def tag(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """The children of an element that are called so, in order; all of them where no name is given."""
    for child in element if element is not None else ():
        if tag(child) and (not names or tag(child) in names):
            yield child


def child(element: Element | None, name: str) -> Element | None:
    """The first child called so."""
    return next(children(element, name), None)


def text_of(element: Element | None, name: str) -> str:
    """The text of the first child called so; "" where there is none."""
    first = child(element, name)
    return (first.text or "") if first is not None else ""


def guid_of(element: Element, name: str = "guid") -> str:
    """An identifier as we keep it: lower case, without braces or white space."""
    return element.get(name, "").strip().strip("{}").lower()


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file. Raises `UsageError` where there is none, `DataError` where it cannot be read."""
    path = file_of(path)
    try:
        return path.read_bytes()
    except OSError as error:
        problem = Problem("file_unreadable", Place(file=path.name), {"told": error})
        raise DataError(problem) from None


def parse(xml: bytes, part: str, root: str, place: Place) -> Element:
    """Parse one part of a file and check what its outermost element is called.

    Raises
    ------
    DataError
        It declares a document type, is no XML, or is something else.
    """
    check_xml(part, xml, place)
    try:
        element = ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        line, column = error.position
        values = {"part": part, "line": line, "column": column, "told": str(error).split(":")[0]}
        raise DataError(Problem("refi_no_xml", place, values)) from None
    except (LookupError, ValueError) as error:  # an encoding that does not exist or cannot be
        values = {"part": part, "line": 1, "column": 1, "told": str(error)[:100]}
        raise DataError(Problem("refi_no_xml", place, values)) from None
    if tag(element) != root:
        values = {"part": part, "found": tag(element), "wanted": root}
        raise DataError(Problem("refi_root", place, values))
    return element


class Archive:
    """A .qdpx file: its one project part, and the texts beside it. Nothing is ever unpacked to the disk."""

    def __init__(self, content: bytes, place: Place) -> None:
        """Look at the archive before anything in it is read (`DataError`)."""
        self.place = place
        try:
            self.archive = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
            self._damaged(error)
        check_archive(self.archive, len(content), place)
        self.names = {name.lower().replace("\\", "/"): name for name in self.archive.namelist()}
        for name in self.names:
            if name.startswith("/") or ".." in name.split("/") or re.match("[a-z]:", name):
                raise DataError(Problem("refi_path", place, {"part": name}))

    def project(self) -> Element:
        """The parsed project."""
        parts = [name for name in self.names.values() if name.lower().endswith(".qde")]
        if len(parts) != 1:
            raise DataError(Problem("refi_no_project", self.place, {"count": len(parts)}))
        size = self.archive.getinfo(parts[0]).file_size
        if size > _MOST_XML:
            values = {"unpacked": round(size / 1e6), "packed": round(size / 1e6, 1)}
            raise DataError(Problem("archive_bomb", self.place, values))
        return parse(self.read(parts[0]), parts[0], "Project", self.place)

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        try:
            return self.archive.read(name)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, EOFError, OSError) as error:
            self._damaged(error)

    def source(self, path: str) -> bytes | None:
        """What a path such as `internal://GUID.txt` leads to; None where that is not inside the archive."""
        scheme, separator, rest = path.partition("://")
        name = (rest if separator else scheme).replace("\\", "/").rpartition("/")[2].lower()
        if scheme.lower() == "absolute" or not name:
            return None
        for folder in ("sources/", ""):
            if folder + name in self.names:
                return self.read(self.names[folder + name])
        return None

    def _damaged(self, error: Exception) -> NoReturn:
        raise DataError(Problem("refi_damaged", self.place, {"told": error})) from None


def read_codes_of(element: Element | None, place: Place) -> tuple[Node, ...]:
    """The tree of codes below `Codes`. Raises `DataError` where it is deeper than any codebook."""

    def node(code: Element, depth: int) -> Node:
        if depth > _DEEPEST:
            raise DataError(Problem("refi_too_deep", place, {"limit": _DEEPEST}))
        below = tuple(node(one, depth + 1) for one in children(code, "Code"))
        own = guid_of(code)
        name = " ".join(code.get("name", "").split()) or own or "-"
        codable = code.get("isCodable", "true").strip() not in ("false", "0")
        return Node(own, name, codable, text_of(code, "Description").strip(), below)

    return tuple(node(code, 1) for code in children(element, "Code"))


def add_codes(parent: Element, nodes: tuple[Node, ...]) -> None:
    """Write a tree of codes below `Codes`."""
    for node in nodes:
        codable = "true" if node.codable else "false"
        own = ElementTree.SubElement(parent, "Code", guid=node.guid, name=node.name, isCodable=codable)
        if node.description:
            ElementTree.SubElement(own, "Description").text = node.description
        add_codes(own, node.children)


def is_guid(text: str) -> bool:
    """Whether this is an identifier as we keep it."""
    return _GUID.fullmatch(text) is not None


def xml_bytes(root: Element) -> bytes:
    """The bytes of an XML file: UTF-8, indented, a line feed at the end."""
    ElementTree.indent(root)
    xml: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml + b"\n"


def zip_bytes(parts: dict[str, bytes]) -> bytes:
    """The bytes of an archive, the same for the same parts."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return packed.getvalue()
