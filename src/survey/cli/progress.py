"""The progress of a command on stderr: what is being done, and how far; only on a terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from survey.progress import listening

_SILENT = 1.0  # seconds: what takes less is not worth a bar
_OFTEN = 0.1  # seconds between two looks of a bar
_WIDTH = 30


@contextmanager
def phase(text_key: str, lang: str, **values: object) -> Iterator[None]:
    """Say what is being done, and after a second how far it is; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from survey.messages import message

    click.echo(message(text_key, lang, **values), err=True)
    bar = _Bar(lang)
    try:
        with listening(bar.show):
            yield
    finally:
        bar.close()


class _Bar:
    """One line that is written over: a bar, a share, and the numbers; of what is told first in a phase."""

    def __init__(self, lang: str) -> None:
        """Begin with no bar."""
        self._lang = lang
        self._unit = ""
        self._width = 0  # of the line that is shown
        self._next = time.monotonic() + _SILENT

    def show(self, unit: str, done: int, total: int | None) -> None:
        """Show how far it is; parts of a part that is counted already are not."""
        self._unit = self._unit or unit
        now = time.monotonic()
        is_last = bool(self._width) and done == total
        if unit != self._unit or (now < self._next and not is_last):
            return
        self._next = now + _OFTEN
        line = self._line(done, total)
        click.echo("\r" + line.ljust(self._width), nl=False, err=True)
        self._width = len(line)

    def _line(self, done: int, total: int | None) -> str:
        from survey.messages import message

        if not total or done > total:
            return message(f"progress_{self._unit}", self._lang, done=f"{done:,}")
        filled = _WIDTH * done // total
        bar = "#" * filled + "-" * (_WIDTH - filled)
        counted = message(f"progress_{self._unit}", self._lang, done=f"{done:,}/{total:,}")
        return f"  [{bar}] {100 * done // total:3d}%  {counted}"

    def close(self) -> None:
        """Leave the line as it is."""
        if self._width:
            click.echo(err=True)
