"""The pages of the site that are made of the package itself: functions, commands, YAML keys, columns.

They are written below `generated/` of the pages' folder when a build begins, so that nothing in them can
be older than the code. Everything public is walked, not listed: a name that is added stands on its page.
"""

import contextlib
import inspect
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import yaml
from pydantic import TypeAdapter
from sphinx.application import Sphinx

import survey
from survey.cli import main
from survey.instrument.json_schema import json_schema
from survey.instrument.schema import Day, Language
from survey.messages import message
from survey.settings import BY_KEY
from survey.tables import CONTRACTS

HERE = Path(__file__).resolve().parent
WORDS = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))


# How the schema writes a day, and the name of a language.
DAY = TypeAdapter(Day).json_schema()["pattern"]
LANGUAGE = TypeAdapter(Language).json_schema()["pattern"]


def write_pages(app: Sphinx) -> None:
    """Write every generated page in the language of the build; leave those alone that are as they were."""
    lang = "zh" if app.config.language.startswith("zh") else "en"
    folder = Path(app.srcdir) / "generated"
    folder.mkdir(exist_ok=True)
    pages = {
        **dict(function_pages(lang)),
        "commands": command_page(lang),
        "keys": key_page(lang),
        "columns": column_page(lang),
    }
    for name, text in pages.items():
        path = folder / f"{name}.md"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for path in folder.glob("*.md"):
        if path.stem not in pages:
            path.unlink()


def said(key: str, lang: str, **values: Any) -> str:
    """A text of `words.yaml`."""
    text: str = WORDS[key][lang]
    return text.format(**values)


# -- functions -----------------------------------------------------------------------------------------------


def public_names() -> dict[str, list[str]]:
    """The public names by the room that holds them, in the order of the package."""
    rooms: dict[str, list[str]] = {}
    for name, module in survey._HOMES.items():
        parts = module.split(".")
        room = parts[1] if len(parts) > 1 else "survey"
        if room == "report" and len(parts) > 2 and parts[2] == "interviews":
            room = "interviews"
        rooms.setdefault(room, []).append(name)
    return rooms


def function_pages(lang: str) -> Iterator[tuple[str, str]]:
    """One page a room, and one that lists them."""
    rooms = public_names()
    lines = [f"# {said('functions', lang)}", "", said("functions_about", lang), ""]
    lines += ["```{toctree}", ":maxdepth: 1", "", *(f"functions-{room}" for room in rooms), "```", ""]
    for room, names in rooms.items():
        lines += [f"## [{said(f'room_{room}', lang)}](functions-{room}.md)", ""]
        lines += [f"- {{py:obj}}`survey.{name}`: {first_sentence(name)}" for name in names]
        lines += [""]
        yield f"functions-{room}", room_page(room, names, lang)
    yield "functions", "\n".join(lines)


def first_sentence(name: str) -> str:
    """What the docstring of a public name says first."""
    text = inspect.getdoc(getattr(survey, name)) or ""
    return " ".join(text.partition("\n\n")[0].split()).replace("``", "`")


def room_page(room: str, names: list[str], lang: str) -> str:
    """The docstrings of a room."""
    lines = [f"# {said(f'room_{room}', lang)}", ""]
    for name in names:
        thing = getattr(survey, name)
        kind = "class" if inspect.isclass(thing) else "module" if inspect.ismodule(thing) else "function"
        if kind == "module":
            lines += module_functions(name, thing)
            continue
        options = [":members:", ":exclude-members: model_config"] if kind == "class" else []
        lines += [f"## {name}", "", "```{eval-rst}", f".. auto{kind}:: survey.{name}"]
        lines += [f"   {option}" for option in options] + ["```", ""]
    return "\n".join(lines)


def module_functions(name: str, module: Any) -> list[str]:
    """A public module: its functions."""
    lines = [f"## {name}", ""]
    for own in module.__all__:
        lines += ["```{eval-rst}", f".. autofunction:: {module.__name__}.{own}", "```", ""]
    return lines


# -- commands ------------------------------------------------------------------------------------------------


def commands(command: click.Command, path: list[str]) -> Iterator[tuple[list[str], click.Command]]:
    """A command, and all below it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from commands(below, [*path, name])


def command_page(lang: str) -> str:
    """The help of every command."""
    lines = [f"# {said('commands', lang)}", "", said("commands_about", lang), ""]
    for path, command in commands(main, ["survey"]):
        context = command.context_class(
            command, info_name=" ".join(path), terminal_width=100, max_content_width=100
        )
        context.meta["survey.lang"] = lang
        lines += [f"## {' '.join(path)}", "", "```text", command.get_help(context), "```", ""]
    return "\n".join(lines)


# -- keys ----------------------------------------------------------------------------------------------------


def key_page(lang: str) -> str:
    """Every key of every kind of YAML file, as the schema has it that editors use."""
    schema = json_schema()
    definitions = schema["$defs"]
    lines = [f"# {said('keys', lang)}", "", said("keys_about", lang), ""]
    written: set[str] = set()
    for branch in schema["allOf"]:
        kind = branch["if"]["properties"]["kind"]["const"]
        lines += [f"## kind: {kind}", ""]
        for name in reachable(branch["then"], definitions):
            if name not in written and "properties" in definitions[name]:
                written.add(name)
                lines += definition_table(name, definitions[name], lang)
    return "\n".join(lines)


def reachable(
    schema: Any, definitions: dict[str, Any], names: dict[str, None] | None = None
) -> dict[str, None]:
    """The definitions that a schema points to, those that they point to included, in the order met."""
    names = {} if names is None else names
    if isinstance(schema, dict):
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name and name not in names:
            names[name] = None
            reachable(definitions[name], definitions, names)
        for value in schema.values():
            reachable(value, definitions, names)
    elif isinstance(schema, list):
        for value in schema:
            reachable(value, definitions, names)
    return names


def definition_table(name: str, definition: dict[str, Any], lang: str) -> list[str]:
    """What a definition is, and its keys."""
    needed = set(definition.get("required", ()))
    keys = definition["properties"]
    rows = [
        [
            f"`{key}`",
            value_kind(value, lang),
            said("required", lang) if key in needed else code(value.get("default")),
        ]
        for key, value in keys.items()
    ]
    head = [said("key", lang), said("value", lang), said("without", lang)]
    if any("description" in value for value in keys.values()):
        head.append(said("key_meaning", lang))
        for row, (key, value) in zip(rows, keys.items(), strict=True):
            row.append(key_meaning(key, value, lang))
    about = as_markdown(definition.get("description", ""))
    return [f"### {name}", "", about, "", *table(head, rows)]


def key_meaning(key: str, value: dict[str, Any], lang: str) -> str:
    """What a key is: of a plan the message that its schema has in English."""
    setting = BY_KEY.get(key)
    name = (setting.plan_help or setting.option_help) if setting else f"plan_key_{key}"
    described: str = value.get("description", "")
    with contextlib.suppress(KeyError):  # described in the model itself
        described = message(name, lang) if message(name) == described else described
    return re.sub(r"--[a-z][a-z-]*", r"`\g<0>`", described)


def value_kind(value: dict[str, Any], lang: str) -> str:
    """What may stand behind a key."""
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{anchor(name)})"
    if ways := value.get("anyOf", value.get("oneOf")):
        if any(one.get("type") == "number" for one in ways):
            ways = [one for one in ways if one.get("type") != "integer"]  # a whole number is a number
        kinds = [value_kind(one, lang) for one in ways if one.get("type") != "null"]
        return said("or", lang).join(dict.fromkeys(kinds))
    if words := value.get("enum", [value["const"]] if "const" in value else []):
        return ", ".join(f"`{word}`" for word in words)
    kind = value.get("type", "any")
    if kind == "string" and value.get("pattern") == DAY:
        return said("date", lang)
    if kind in ("array", "object"):
        return list_kind(value, lang) if kind == "array" else map_kind(value, lang)
    return said(f"type_{kind}", lang)


def list_kind(value: dict[str, Any], lang: str) -> str:
    """What a list holds; of places that are told apart, what the first one holds."""
    inner = value.get("items") or next(iter(value.get("prefixItems", [])), None)
    return said("list_of", lang, kind=value_kind(inner, lang)) if inner else said("type_array", lang)


def map_kind(value: dict[str, Any], lang: str) -> str:
    """What a mapping holds, and by which names."""
    by_pattern = value.get("patternProperties", {})
    if LANGUAGE in by_pattern:
        return said("by_language", lang)
    inner = next(iter(by_pattern.values()), value.get("additionalProperties"))
    if not isinstance(inner, dict) or not inner:
        return said("type_object", lang)
    kind = value_kind(inner, lang)
    if names := value.get("propertyNames", {}).get("enum"):
        return said("map_of_words", lang, words=", ".join(f"`{name}`" for name in names), kind=kind)
    return said("map_of", lang, kind=kind)


def code(value: Any) -> str:
    """A default as YAML."""
    return "" if value is None or value in ((), [], {}, "") else f"`{json.dumps(value, ensure_ascii=False)}`"


def cell(text: str) -> str:
    """A text within a table."""
    return text.replace("|", "\\|")


def anchor(heading: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-"))


def as_markdown(text: str) -> str:
    """A docstring in Markdown: its indented terms become a list."""
    return inspect.cleandoc(text).replace("``", "`")


# -- columns -------------------------------------------------------------------------------------------------


def column_page(lang: str) -> str:
    """Every contract with its columns, and what each column holds."""
    meanings = yaml.safe_load((HERE / "columns.yaml").read_text(encoding="utf-8"))
    lines = [f"# {said('columns', lang)}", "", said("columns_about", lang), ""]
    for name, columns in CONTRACTS.items():
        lines += [f"## {name}", ""]
        lines += table(
            (said("column", lang), said("meaning", lang)),
            ((f"`{one}`", meanings[one][lang]) for one in columns),
        )
    return "\n".join(lines)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A table in Markdown."""
    head = list(head)
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return [*lines, *(f"| {' | '.join(cell(text) for text in row)} |" for row in rows), ""]


def mend_property(_: Sphinx, what: str, __: str, ___: Any, ____: Any, lines: list[str]) -> None:
    """Keep what stands before a colon in the docstring of a property: napoleon would take it for a type."""
    if what == "property" and lines:
        lines[0] = lines[0].replace(": ", " - ")


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("autodoc-process-docstring", mend_property, priority=1)
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
