"""How far a long piece of work is: told to whoever listens, and to nobody else.

What works says how far it is (`advance`), the command listens (`listening`) and shows it: no function takes
an argument for it, and as a library nothing is shown.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Takes what is counted ("rows", "files", "tables", ...), how many are done, and of how many (None: unknown).
Listener = Callable[[str, int, int | None], None]

_LISTENER: ContextVar[Listener | None] = ContextVar("survey_progress", default=None)


def advance(unit: str, done: int, total: int | None = None) -> None:
    """Say how many units of the work at hand are done."""
    if (listener := _LISTENER.get()) is not None:
        listener(unit, done, total)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let a listener hear of the work done inside."""
    before = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(before)
