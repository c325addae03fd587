"""What pydantic finds wrong with a schema file, said to its author: one fault, one problem, with its remedy.

The only module that knows the error types of pydantic.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from survey.errors import Place, Problem
from survey.instrument.sampling_design import is_design_part
from survey.instrument.schema import Id, Language, QuestionName, SchemaId, Text, Version
from survey.messages import ENGLISH
from survey.wording import near_misses, normalise

Path = tuple[str | int, ...]
Fault = Mapping[str, Any]

_PATTERNS = {
    get_args(form)[1].pattern: key
    for form, key in {
        Id: "schema_id",
        QuestionName: "schema_id",
        SchemaId: "schema_id_hyphen",
        Version: "schema_version",
        Language: "schema_language",
        Text: "schema_blank",
    }.items()
}
_A_DAY = "2000-01-01"
_WRITTEN_DAY = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}")
_CONDITIONS = {"asked_if", "all_of", "any_of"}  # the keys that hold conditions
_DAYS = ("earliest", "latest")  # the keys that hold one
# The other forms of the guides and codebooks, by how their pattern begins.
_EXAMPLES = {"^Q[1": "Q1", "^RQ[": "RQ1", "^[A-": "A", "^[a-": "my-guide@1.0.0", "^[0-": _A_DAY}
_SIMPLE = {
    "tuple_type": "schema_list",
    "int_type": "schema_whole",
    "int_parsing": "schema_whole",
    "float_parsing": "schema_number",
    "int_from_float": "schema_whole",
    "float_type": "schema_number",
    "bool_type": "schema_truth",
    "dict_type": "schema_mapping",
    "model_type": "schema_mapping",
    "model_attributes_type": "schema_mapping",
}
# A limit: its message, and what pydantic calls it.
_LIMITED = {
    "too_short": ("schema_too_few", "min_length"),
    "greater_than_equal": ("schema_too_small", "ge"),
    "greater_than": ("schema_not_above", "gt"),
    "less_than_equal": ("schema_too_large", "le"),
    "less_than": ("schema_not_below", "lt"),
}
_PARTS = ("options", "items", "questions", "points")


def type_problems(
    faults: Iterable[Fault], data: Any, model: type[BaseModel], located: Callable[[Path], Place]
) -> list[Problem]:
    """Say what is wrong: branches of a union count as one fault, a misspelt key is not missing as well."""
    by_path: dict[Path, list[Fault]] = defaultdict(list)
    for fault in map(_of_kind, faults):
        by_path[_path_in(data, tuple(fault["loc"]), fault["type"])].append(fault)
    unknown = [path for path, found in by_path.items() if found[0]["type"] == "extra_forbidden"]
    problems = []
    for path, found in by_path.items():
        if found[0]["type"] == "missing" and any(
            other[:-1] == path[:-1] and near_misses(str(other[-1]), [str(path[-1])]) for other in unknown
        ):
            continue
        key, values = _translated(found, path, data, model)
        problems.append(Problem(key, located(path), {"where": _named(path, data), **values}))
    return problems


def _of_kind(fault: Fault) -> Fault:
    """A kind that chooses between two models as a field like others: absent, or none of those there are."""
    if fault["type"] == "union_tag_not_found":
        return {**fault, "type": "missing", "loc": (*fault["loc"], "kind")}
    if fault["type"] == "union_tag_invalid":
        context = fault["ctx"]
        told = {"ctx": {"expected": context["expected_tags"]}, "input": fault["input"].get("kind")}
        return {**fault, **told, "type": "literal_error", "loc": (*fault["loc"], "kind")}
    return fault


_FORMS = ("one", "several")  # the branches of what a plan may say as one value or several


def _path_in(data: Any, loc: Path, kind: str) -> Path:
    """The part of a location that leads through the file: without the names of union branches."""
    path: list[str | int] = []
    for step in loc:
        if path and path[-1] != "kind" and isinstance(data, dict) and step == data.get("kind"):
            continue  # the model that the kind chose
        if step in _FORMS and isinstance(data, dict | list | tuple) and step not in data:
            continue  # whether there is one value, or several
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return (*path, step) if kind == "missing" else tuple(path)
        path.append(step)
    return tuple(path)


def _named(path: Path, data: Any) -> str:
    """A path by ids where parts have one: `questions.sector.options.industry.label`."""
    names = []
    for step in path:
        data = data[step] if not isinstance(data, dict) or step in data else None
        own = data.get("id", data.get("value")) if isinstance(step, int) and isinstance(data, dict) else None
        names.append(str(own or (step + 1 if isinstance(step, int) else step)))
    return ".".join(names) or "-"


_Values = tuple[str, dict[str, Any]]


def _translated(found: list[Fault], path: Path, data: Any, model: type[BaseModel]) -> _Values:
    """The message for the faults of one place, and what it is filled with."""
    fault = found[0]
    kind, value, name = fault["type"], fault["input"], str(path[-1]) if path else ""
    if kind == "missing":
        return "schema_key_missing", {"name": name}
    if kind == "extra_forbidden":
        near = near_misses(name, _field_names(model))
        unknown = "schema_key_unknown_near" if near else "schema_key_unknown"
        if name in near:  # a key of another part of the file
            unknown = "schema_key_elsewhere"
        return ("schema_design" if is_design_part(name) else unknown), {"name": name, "near": near}
    if value is None:
        return "schema_nothing", {}
    kinds = {one["type"] for one in found}
    if len(found) > 1 and kinds & {"float_type", "int_type", "int_from_float"}:
        of_text = any(one.startswith("string") for one in kinds)
        of_day = isinstance(value, str) and _WRITTEN_DAY.fullmatch(value) and _CONDITIONS & set(path)
        other = "schema_code" if of_text else "schema_number"
        return ("schema_condition_of_day" if of_day else other), {"value": _shown(value)}
    if kind == "dict_type" and _is_wording(model, path) and isinstance(value, str | int | float):
        return "schema_wording", {"value": _shown(value), "lang": _first_language(data)}
    return _by_kind(fault, path)


def _by_kind(fault: Fault, path: Path) -> _Values:
    """What a fault says by its type and the value alone."""
    kind, value = fault["type"], fault["input"]
    if kind in _LIMITED:
        key, name = _LIMITED[kind]
        return key, {"value": _shown(value), "limit": f"{fault['ctx'][name]:g}"}
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", fault["ctx"]["expected"])
        return "schema_choice", {"value": _shown(value), "known": known}
    if kind == "string_pattern_mismatch":
        return _of_pattern(fault["ctx"]["pattern"], value)
    if kind == "string_type":
        return _of_no_text(value, path)
    if kind.startswith("model") and isinstance(value, str) and len(path) > 1 and path[-2] in _PARTS:
        return "schema_part", {"value": _shown(value), "id": _identifier(value, "_")}
    return _SIMPLE.get(kind, "schema_value"), {"value": _shown(value)}


def _of_pattern(pattern: str, value: str) -> _Values:
    """A text that has another form than asked for, with one that has it."""
    form = _PATTERNS.get(pattern)
    if form is None:
        return "schema_form", {"value": _shown(value), "example": _EXAMPLES.get(pattern[:4], "-")}
    between = "-" if form == "schema_id_hyphen" else "_"
    return form, {"value": _shown(value), "example": _identifier(value, between)}


def _of_no_text(value: Any, path: Path) -> _Values:
    """A value where text is needed: a number wants quotes, but no id is a number."""
    name = path[-1] if path else ""
    if not isinstance(value, bool | int | float):
        return "schema_text", {}
    if name == "id" and not isinstance(value, bool):
        between = "-" if len(path) == 1 else "_"
        key = "schema_id_hyphen" if len(path) == 1 else "schema_id"
        return key, {"value": _shown(value), "example": _identifier(str(value), between)}
    if name in _DAYS:
        return "schema_form", {"value": _shown(value), "example": _A_DAY}
    return ("schema_version" if name == "version" else "schema_quote"), {"value": _shown(value)}


def _first_language(data: Any) -> str:
    """The first language of a file, as its author wrote it; `languages: en` counts."""
    languages = data.get("languages") if isinstance(data, dict) else None
    first = next(iter(languages), None) if isinstance(languages, list) else languages
    return first if isinstance(first, str) and first else ENGLISH


def _shown(value: Any) -> str:
    """A value as the author sees it; of a list or a mapping only that it is one."""
    if isinstance(value, dict):
        return "{...}"
    if isinstance(value, list | tuple):
        return "[...]" if value else "[]"
    return str(value).lower() if isinstance(value, bool) else str(value)[:60]


def _identifier(value: str, between: str) -> str:
    """An id that says the same in small letters, digits and `between`."""
    words = re.findall(r"[a-z0-9]+", normalise(value))
    text = between.join(words) or "name"
    return text if text[0].isalpha() else f"n{text}"


def _is_wording(model: type[BaseModel], path: Path) -> bool:
    """Tell whether a place of the file holds a wording: a mapping from language to text."""
    kinds = [model]
    for step in path:
        kinds = [below for kind in kinds for below in _below(kind, step)]
    return any(get_origin(kind) is dict and get_args(kind)[0] is Language for kind in kinds)


def _below(kind: Any, step: str | int) -> list[Any]:
    """What may stand one step below a place of this kind."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = {field.alias or name: field for name, field in kind.model_fields.items()}
        return _branches(fields[str(step)].annotation) if str(step) in fields else []
    if get_origin(kind) is dict:
        return _branches(get_args(kind)[1])
    return _branches(get_args(kind)[0]) if get_origin(kind) is tuple else []


def _branches(kind: Any) -> list[Any]:
    """The kinds that a union or an annotation stands for."""
    if get_origin(kind) is Annotated:
        return _branches(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return [branch for one in get_args(kind) for branch in _branches(one)]
    return [kind]


@cache
def _field_names(model: type[BaseModel]) -> tuple[str, ...]:
    """Every key that may stand somewhere in a file of this kind."""
    definitions = model.model_json_schema().get("$defs", {}).values()
    names = set(model.model_fields)
    for definition in definitions:
        names |= set(definition.get("properties", {}))
    return tuple(sorted(names))
