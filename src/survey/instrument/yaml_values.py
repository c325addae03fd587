"""The one way in which YAML that a user hands over becomes plain data: bounded, each part with its line.

Schemas, plans, maps, targets of raking, sidecars of findings and locks are all read here, so that none is
deeper, larger or longer in its numbers than the others may be.
"""

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import yaml

from survey.arguments import file_of
from survey.errors import InstrumentError, Place, Problem

# No file that people write is so deep or so large; one that is would only exhaust the machine.
DEEPEST = 50
MOST_NODES = 200_000
_MOST_EVENTS = 3 * MOST_NODES  # of the parser: a key, its value, and the beginnings and ends around them
MOST_DIGITS = 15  # of a whole number: every one of so many is exact in a workbook and in a float

_NULL_TAG = "tag:yaml.org,2002:null"
_WRITTEN_INFINITE = re.compile(r"[+-]?\.inf", re.IGNORECASE)

_Path = tuple[str | int, ...]
Located = Callable[[_Path], Place]  # the place of a part of a file: its line, or that of what holds it


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML whose only truth values are `true` and `false`, so that an option may be called `no` or `on`."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


class _Builder:
    """Plain data from the nodes of one file, sequences as tuples; keeps the line of every path."""

    def __init__(self, loader: Any, file: str, *, as_texts: bool) -> None:
        """Begin with nothing read."""
        self.loader = loader
        self.file = file
        self.as_texts = as_texts
        self.lines: dict[_Path, int] = {}
        self.problems: list[Problem] = []

    def build(self, node: yaml.Node, path: _Path = ()) -> Any:
        """Build the data below a node."""
        self.lines[path] = node.start_mark.line + 1
        if len(path) > DEEPEST:
            raise self._refused("yaml_deep", node, most=DEEPEST)
        if len(self.lines) > MOST_NODES:
            raise self._refused("yaml_large", node, most=MOST_NODES)
        if isinstance(node, yaml.SequenceNode):
            return tuple([self.build(child, (*path, place)) for place, child in enumerate(node.value)])
        if isinstance(node, yaml.MappingNode):
            built: dict[Any, Any] = {}
            for key_node, value_node in node.value:
                key = self._key(key_node, built)
                built[key] = self.build(value_node, (*path, key))
                self.lines[(*path, key)] = key_node.start_mark.line + 1
            return built
        return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> Any:
        if self.as_texts:
            return None if node.tag == _NULL_TAG else node.value
        try:
            value = self.loader.construct_object(node, deep=True)
        # What PyYAML lets through: `!!int x`, `!!bool maybe`, whole numbers too long for Python.
        except (ValueError, LookupError, AttributeError, OverflowError):
            if sum(map(str.isdigit, node.value)) > MOST_DIGITS:
                raise self._refused("yaml_number", node, value=node.value, most=MOST_DIGITS) from None
            raise self._refused("yaml_tag", node, value=node.value) from None
        if _is_too_long(value, node.value):
            raise self._refused("yaml_number", node, value=node.value, most=MOST_DIGITS)
        return value

    def _key(self, node: yaml.Node, built: dict[Any, Any]) -> str:
        """Take a key as it is written: `on` and `2026` are names here."""
        if not isinstance(node, yaml.ScalarNode):
            raise self._refused("yaml_key", node)
        key: str = node.value
        if key in built:
            place = Place(file=self.file, line=node.start_mark.line + 1)
            self.problems.append(Problem("yaml_key_twice", place, {"key": key}))
        return key

    def _refused(self, key: str, node: yaml.Node, **values: Any) -> InstrumentError:
        return InstrumentError(Problem(key, Place(file=self.file, line=node.start_mark.line + 1), values))


def _is_too_long(value: Any, written: str) -> bool:
    """Whether a number is larger than any that people mean."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if isinstance(value, int):
        return not -(10**MOST_DIGITS) < value < 10**MOST_DIGITS
    return math.isinf(value) and not _WRITTEN_INFINITE.fullmatch(written)


def _refuse_size(text: str, file: str) -> None:
    """Refuse what is nested beyond reason (the C parser of YAML overruns the stack over it), or too large."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=_Loader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST or number > _MOST_EVENTS:
            key, most = ("yaml_deep", DEEPEST) if depth > DEEPEST else ("yaml_large", MOST_NODES)
            line = event.start_mark.line + 1 if event.start_mark else None
            raise InstrumentError(Problem(key, Place(file=file, line=line), {"most": most}))


_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx, .ods and .xls begin


def read_text(path: str | Path) -> str:
    """The text of a YAML file.

    Raises
    ------
    UsageError
        There is no such file.
    InstrumentError
        It cannot be read, or is no text.
    """
    file = str(path)
    path = file_of(path, folder="schema_is_folder")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        key = "yaml_is_workbook" if path.read_bytes().startswith(_WORKBOOKS) else "yaml_not_utf8"
        raise InstrumentError(Problem(key, Place(file=file))) from None
    except OSError as error:
        raise InstrumentError(Problem("file_unreadable", Place(file=file), {"told": error})) from None


def parse_values(text: str, file: str, *, as_texts: bool = False) -> tuple[Any, Located]:
    """The plain data of a YAML file that has no model, with the places of its parts.

    `as_texts`: every value stays as it is written, and what is empty or null is None.

    Raises
    ------
    InstrumentError
        It is not YAML, beyond the bounds, or a key stands there twice; with file and line.
    """
    data, located, problems = built_values(text, file, as_texts=as_texts)
    if problems:
        raise InstrumentError(*problems)
    return data, located


def built_values(text: str, file: str, *, as_texts: bool = False) -> tuple[Any, Located, list[Problem]]:
    """What YAML holds, the places of its parts, and the keys that stand twice.

    Raises
    ------
    InstrumentError
        It is not YAML, or beyond the bounds; with file and line.
    """
    try:
        _refuse_size(text, file)
        builder = _Builder(_Loader(text), file, as_texts=as_texts)
        node = builder.loader.get_single_node()
        data = builder.build(node) if node is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(file=file, line=mark.line + 1 if mark else None)
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        if "nesting depth" in reason:  # the C parser's own bound, which it may meet before ours
            raise InstrumentError(Problem("yaml_deep", place, {"most": DEEPEST})) from None
        raise InstrumentError(Problem("yaml_unreadable", place, {"told": reason})) from None
    return data, _located(builder.lines, file), builder.problems


def _located(lines: dict[_Path, int], file: str) -> Located:
    """The places of the parts of a file: the line of each, or that of what holds it."""

    def located(where: _Path) -> Place:
        while where and where not in lines:
            where = where[:-1]
        return Place(file=file, line=lines.get(where))

    return located
