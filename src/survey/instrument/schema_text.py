"""A schema as the text of its YAML file: what is at its default left out, what fits a line in one line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from survey.instrument.schema import Schema
from survey.instrument.yaml_lines import LINE_WIDTH, comment_lines, flow

# The keys of a question or grid as people read them, whatever the order of the fields of their models.
_KEYS = (
    *("id", "kind", "answer", "short", "group", "text", "help", "aliases", "required", "asked_if", "least"),
    *("most", "limits", "ranks", "total", "tolerance", "missing", "rows", "options", "items", "scale"),
    *("fixed", "other", "assumption"),
)


def schema_text(schema: Schema, head: str, notes: Mapping[str, str]) -> str:
    """Write a schema, a comment at its head; `notes` are comments above parts in lists, by their ids."""
    lines = list(comment_lines(head))
    for key, value in schema.model_dump(mode="json", exclude_defaults=True).items():
        is_block = isinstance(value, dict) or _holds_parts(value)
        lines += [""] * (is_block and key not in ("title", "description")) + list(
            _entry(key, value, "", notes, block=is_block)
        )
    return "\n".join(lines) + "\n"


def _holds_parts(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(entry, dict) for entry in value)


def _entry(
    key: str, value: Any, indent: str, notes: Mapping[str, str], *, block: bool = False
) -> Iterator[str]:
    """The lines of a key: one, where what it holds fits and nobody asks for a block."""
    line = f"{indent}{key}: {flow(value)}"
    if not isinstance(value, dict | list) or not value or not (block or len(line) > LINE_WIDTH):
        yield line
        return
    yield f"{indent}{key}:"
    if isinstance(value, dict):
        for name, held in value.items():
            yield from _entry(name, held, f"{indent}  ", notes)
    else:
        yield from _items(value, f"{indent}  ", notes if indent == "" else {})


def _items(entries: Sequence[Any], indent: str, notes: Mapping[str, str]) -> Iterator[str]:
    """The lines of a list; a part at the top of the file always has lines of its own."""
    for entry in map(_in_order, entries):
        if isinstance(entry, dict) and entry.get("id") in notes:
            yield from comment_lines(notes[entry["id"]], f"{indent}# ")
        line = f"{indent}- {flow(entry)}"
        if isinstance(entry, dict) and (indent == "  " or len(line) > LINE_WIDTH):
            own = [line for key, value in entry.items() for line in _entry(key, value, f"{indent}  ", {})]
            yield f"{indent}- {own[0].lstrip()}"
            yield from own[1:]
        else:
            yield line


def _in_order(entry: Any) -> Any:
    """A question or grid with its keys in the order in which people read them; anything else as it is."""
    if not isinstance(entry, dict) or not {"kind", "text"} <= entry.keys():
        return entry
    return {key: entry[key] for key in (*_KEYS, *entry) if key in entry}
