"""From a YAML file to a checked schema: every fault with its file, line and remedy."""

import re
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import yaml
from pydantic import ValidationError

from survey.errors import InstrumentError, Place, Problem, usage
from survey.instrument.interviews import InterviewCodebook, InterviewGuide
from survey.instrument.schema import Instrument, Schema
from survey.resources import resource_folder
from survey.wording import near_misses

# Each kind of schema and its model; a new kind is one line here.
KINDS: dict[str, type[Schema]] = {
    "survey": Instrument,
    "interview-guide": InterviewGuide,
    "interview-codebook": InterviewCodebook,
}

_KIND_LINE = re.compile(r"^kind:\s*['\"]?([a-z-]+)", re.MULTILINE)


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

_Path = tuple[str | int, ...]


class Known(NamedTuple):
    """A schema that travels with the package."""

    id: str
    version: str
    kind: str
    path: Path


def _construct(
    loader: Any, node: yaml.Node, path: _Path, lines: dict[_Path, int], faults: list[Problem], file: str
) -> Any:
    """Build plain data from a node, sequences as tuples, and note the line of every path."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return tuple(
            _construct(loader, child, (*path, position), lines, faults, file)
            for position, child in enumerate(node.value)
        )
    if isinstance(node, yaml.MappingNode):
        built: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                key = str(key_node.value)
            if key in built:
                place = Place(file=file, line=key_node.start_mark.line + 1)
                faults.append(Problem("yaml_key_twice", place, {"key": key}))
            built[key] = _construct(loader, value_node, (*path, key), lines, faults, file)
            lines[(*path, key)] = key_node.start_mark.line + 1
        return built
    return loader.construct_object(node, deep=True)


def read_schema(path: str | Path) -> Schema:
    """Read and check one schema file.

    Raises
    ------
    UsageError
        There is no such file.
    InstrumentError
        It is not YAML, of no known kind, or wrong; every problem carries file and line.
    """
    path = Path(path)
    if not path.is_file():
        raise usage("file_not_found", path=path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        loader = _Loader(text)
        node = loader.get_single_node()
    except UnicodeDecodeError:
        raise InstrumentError(Problem("yaml_not_utf8", Place(file=str(path)))) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(file=str(path), line=mark.line + 1 if mark else None)
        told = getattr(error, "problem", None) or str(error)
        raise InstrumentError(Problem("yaml_unreadable", place, {"told": told})) from None
    lines: dict[_Path, int] = {}
    problems: list[Problem] = []
    try:
        data = _construct(loader, node, (), lines, problems, str(path)) if node is not None else None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InstrumentError(Problem("yaml_unreadable", Place(file=str(path)), {"told": error})) from None

    def located(where: _Path) -> Place:
        while where and where not in lines:
            where = where[:-1]
        return Place(file=str(path), line=lines.get(where))

    kind = data.get("kind") if isinstance(data, dict) else None
    model = KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        known = ", ".join(KINDS)
        raise InstrumentError(
            Problem("schema_kind_unknown", located(("kind",)), {"kind": kind, "known": known})
        )
    try:
        schema = model.model_validate(data)
    except ValidationError as error:
        problems += [_told(dict(fault), located(tuple(fault["loc"])), model) for fault in error.errors()]
        raise InstrumentError(*problems) from None
    problems += [Problem(key, located(where), values) for where, key, values in schema.faults()]
    if problems:
        raise InstrumentError(*sorted(problems, key=lambda problem: problem.place.line or 0))
    return schema


def _told(fault: dict[str, Any], place: Place, model: type[Schema]) -> Problem:
    """Translate one fault of pydantic: the only place that knows its error types."""
    where = ".".join(str(step) for step in fault["loc"])
    name = str(fault["loc"][-1]) if fault["loc"] else ""
    if fault["type"] == "missing":
        return Problem("schema_key_missing", place, {"where": where, "name": name})
    if fault["type"] == "extra_forbidden":
        near = near_misses(name, _field_names(model))
        return Problem("schema_key_unknown", place, {"name": name, "near": ", ".join(near) or "-"})
    if fault["type"] == "string_pattern_mismatch":
        pattern = fault["ctx"]["pattern"]
        return Problem("schema_pattern", place, {"where": where, "value": fault["input"], "pattern": pattern})
    told = fault["msg"][:1].lower() + fault["msg"][1:]
    return Problem("schema_value", place, {"where": where, "value": repr(fault["input"])[:60], "told": told})


@cache
def _field_names(model: type[Schema]) -> tuple[str, ...]:
    """Every key that may stand somewhere in a file of this kind."""
    definitions = model.model_json_schema().get("$defs", {}).values()
    names = set(model.model_fields)
    for definition in definitions:
        names |= set(definition.get("properties", {}))
    return tuple(sorted(names))


def version_key(version: str) -> tuple[int, ...]:
    """The order of versions: 1.10.0 comes after 1.9.0."""
    return tuple(int(part) for part in version.split("."))


def list_instruments(kind: str | None = None) -> list[Known]:
    """List the schemas that travel with the package, by id and rising version; `kind` picks one kind."""
    found = []
    for path in resource_folder("instruments").glob("*/*.yaml"):
        match = _KIND_LINE.search(path.read_text(encoding="utf-8"))
        if match and kind in (None, match[1]):
            found.append(Known(path.parent.name, path.stem, match[1], path))
    return sorted(found, key=lambda known: (known.id, version_key(known.version)))


def load_schema(reference: str | Path) -> Schema:
    """Load any schema: `ID`, `ID@VERSION`, or the path of a YAML file. Without a version, the newest.

    Raises
    ------
    UsageError
        There is no such id, version or file; the error lists what there is.
    InstrumentError
        The file is wrong; every problem carries file and line.
    """
    text = str(reference)
    if isinstance(reference, Path) or text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text:
        return read_schema(text)
    schema_id, _, version = text.partition("@")
    known = [entry for entry in list_instruments() if entry.id == schema_id]
    if not known:
        ids = sorted({entry.id for entry in list_instruments()})
        near = near_misses(schema_id, ids) or ids
        raise usage("unknown_instrument", instrument=schema_id, known=", ".join(near))
    if not version:
        return read_schema(known[-1].path)
    for entry in known:
        if entry.version == version:
            return read_schema(entry.path)
    versions = ", ".join(entry.version for entry in known)
    raise usage("unknown_version", instrument=schema_id, version=version, known=versions)


def load_instrument(reference: str | Path | Instrument) -> Instrument:
    """Load a survey instrument: `ID`, `ID@VERSION`, a path, or an `Instrument`, which comes back as it is.

    Raises
    ------
    UsageError
        There is no such instrument, or the schema is not a survey.
    InstrumentError
        The file is wrong; every problem carries file and line.
    """
    schema = reference if isinstance(reference, Schema) else load_schema(reference)
    if not isinstance(schema, Instrument):
        raise usage("not_a_survey", reference=schema.reference, kind=schema.kind)
    return schema
