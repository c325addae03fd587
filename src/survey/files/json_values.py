"""The one way in which JSON that somebody hands over becomes plain data: no deeper than programs write it."""

import json
from typing import Any

DEEPEST = 100  # a Qualtrics survey is about 15 deep


def parsed_json(text: str | bytes) -> Any:
    """The data that JSON holds.

    Raises
    ------
    ValueError
        It is no JSON, or nested so deeply that whoever walks through it would overrun the stack.

    >>> parsed_json('{"a": [1]}')
    {'a': [1]}
    """
    try:
        data = json.loads(text)
    except RecursionError:
        raise _too_deep() from None
    level = [data]
    for _ in range(DEEPEST + 1):
        level = [
            child
            for value in level
            if isinstance(value, dict | list)
            for child in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return data
    raise _too_deep()


def _too_deep() -> ValueError:
    return ValueError(f"more than {DEEPEST} levels")
