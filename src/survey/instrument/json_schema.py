"""The JSON Schema of the YAML files under `instruments/` and of plans: editors complete and check them."""

import json
from importlib import import_module
from typing import Any

from survey.instrument.loading import KINDS
from survey.instrument.report_plans import PLAN_KINDS


def json_schema() -> dict[str, Any]:
    """Build the JSON Schema (draft 2020-12) of every kind of file; `kind` says which branch holds."""
    definitions: dict[str, Any] = {}
    branches = []
    kinds = {**KINDS, **PLAN_KINDS}
    for kind, (module, name, _) in kinds.items():
        own = getattr(import_module(module), name).model_json_schema(by_alias=True)
        shared = own.pop("$defs", {})
        for key, definition in shared.items():
            if definitions.setdefault(key, definition) != definition:
                raise RuntimeError(f"two kinds of schema define {key} differently")
        definitions[name] = own
        test = {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
        branches.append({"if": test, "then": {"$ref": f"#/$defs/{name}"}})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "expansion-survey schemas",
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": list(kinds)}},
        "allOf": branches,
        "$defs": dict(sorted(definitions.items())),
    }


def json_schema_text() -> str:
    """The JSON Schema as the text of a file."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
