"""Counting what commands are given: Parquet files, folders of them, tallies, and files of responses."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from survey.cli.options import Reading, read

if TYPE_CHECKING:
    from pathlib import Path

    from survey.counts import Tally

# Rows of a Parquet file up to which every respondent is read, so that nothing is left out of a report.
ROWS_READ = 100_000
_LARGE = 500_000  # rows: fewer are counted in about a second, which is not worth a bar
# Options that are fixed when a tally is made.
_OF_COUNTING = {"instrument": "--instrument", "where": "--where", "set_aside": "--set-aside"}
# Options of reading that say nothing of coded data, and how they are typed.
_OF_EXPORTS = {
    "sheet": "--sheet",
    "dialect": "--dialect",
    "mapping": "--map",
    "password": "--password",
    "keep_personal": "--keep-personal",
    "drop": "--drop",
}


def is_counted(files: Sequence[str]) -> bool:
    """Whether files are counted and not read: a tally, a folder, or more rows of Parquet than `ROWS_READ`."""
    from pathlib import Path

    from survey.counts.sources import is_parquet, parquet_sources
    from survey.counts.tally_files import SUFFIX

    paths = [Path(name) for name in files]
    if any(path.suffix.lower() == SUFFIX or path.is_dir() for path in paths):
        return True
    parquet = [path for path in paths if is_parquet(path)]
    return bool(parquet) and sum(source.rows or 0 for source in parquet_sources(parquet)) > ROWS_READ


def count(
    reading: Reading, lang: str, *, banners: Sequence[str] | None = None, weight: str | None = None
) -> "Tally":
    """Count every file and add the tallies; responses are screened as `survey analyze` does it.

    Raises
    ------
    UsageError, DataError
        As `survey.tally`, `read_tally` and `read_responses`; tallies that cannot be added; an option that
        says nothing of what is counted; nobody meets the conditions.
    """
    from pathlib import Path

    from survey.counts.sources import is_parquet, parquet_sources
    from survey.counts.tally_files import SUFFIX, read_tally
    from survey.counts.tallying import tally_responses, tally_source
    from survey.errors import usage
    from survey.messages import message

    paths = [Path(name) for name in reading.files]
    request: dict[str, Any] = {"banners": banners, "weight": weight}
    request |= {"where": reading.where, "set_aside": reading.set_aside}
    made = [path for path in paths if path.suffix.lower() == SUFFIX]
    parquet = [path for path in paths if is_parquet(path)]
    others = tuple(str(path) for path in paths if path not in (*made, *parquet))
    if (unfit := [option for name, option in _OF_EXPORTS.items() if getattr(reading, name)]) and not others:
        raise usage("tally_options_of_exports", options=unfit)
    if (fixed := [option for name, option in _OF_COUNTING.items() if getattr(reading, name)]) and not (
        others or parquet
    ):
        raise usage("tally_options_fixed", options=fixed)
    _refuse_doubles(made)
    tallies = []
    if parquet:
        with _Bar(lang) as advance:
            sources = parquet_sources(parquet)
            tallies.append(tally_source(sources, reading.instrument, **request, progress=advance))
    if others:
        responses = read(reading._replace(files=others, where=()), lang).responses
        tallies.append(tally_responses(responses, **request))
    tallies += map(read_tally, made)
    counted, *more = tallies
    for other in more:
        counted = counted + other
    if reading.where and not len(counted):
        conditions = message("condition_separator", lang).join(reading.where)
        raise usage("where_nobody", condition=conditions)
    return counted


def _refuse_doubles(paths: "list[Path]") -> None:
    """Refuse a tally that is named twice: its respondents would count twice."""
    from survey.errors import usage

    resolved = [path.resolve() for path in paths]
    for path in resolved:
        if resolved.count(path) > 1:
            raise usage("files_same", path=path)


class _Bar:
    """A bar on stderr for what takes more than about a second; nothing where stderr is no terminal."""

    def __init__(self, lang: str) -> None:
        """Begin with no bar."""
        self._lang = lang
        self._bar: Any = None

    def __enter__(self) -> Callable[[int, int | None], None]:
        """Give what is called with the rows done, and those in all."""
        return self._show

    def _show(self, done: int, total: int | None) -> None:
        if not sys.stderr.isatty() or (total or done) < _LARGE:
            return
        if self._bar is None:
            from survey.messages import message

            label = message("progress_counting", self._lang)
            self._bar = click.progressbar(length=total or done, label=label, file=sys.stderr, show_pos=True)
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def __exit__(self, *_: object) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
