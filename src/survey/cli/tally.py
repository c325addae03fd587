"""`survey tally`: count responses of any size into one small file."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from survey.cli.commands import command
from survey.cli.options import Reading, lang_option, read, reading_options, refuse_input

if TYPE_CHECKING:
    from pathlib import Path

    from survey.counts import Tally

_LARGE = 500_000  # rows: fewer are counted in about a second, which is not worth a bar
# Options of reading that say nothing of coded data, and how they are typed.
_OF_EXPORTS = {
    "sheet": "--sheet",
    "dialect": "--dialect",
    "mapping": "--map",
    "password": "--password",
    "keep_personal": "--keep-personal",
    "drop": "--drop",
}


@command()
@reading_options()
@click.option("-o", "--output", metavar="TALLY", type=click.Path(), required=True, help="help_output_tally")
@click.option(
    "--by",
    metavar="QUESTION",
    multiple=True,
    help="help_by_tally",
)
@click.option("--weight", metavar="COLUMN", help="help_weight_tally")
@click.option("--suppress", is_flag=True, help="help_suppress_tally")
@lang_option
@click.pass_context
def tally(
    context: click.Context,
    *,
    reading: Reading,
    output: str,
    by: tuple[str, ...],
    weight: str | None,
    suppress: bool,
    lang: str,
) -> None:
    """Count responses of any size into one small file."""
    from pathlib import Path

    from survey.counts.tally_files import SUFFIX, save_tally
    from survey.errors import usage
    from survey.messages import message

    context.meta["survey.writes"] = True
    target = Path(output)
    if suppress:
        raise usage("tally_suppress")
    if target.suffix.lower() != SUFFIX:
        raise usage("target_ending", path=output, suffix=SUFFIX)
    refuse_input(target, *reading.files)
    counted = _count(reading, {"banners": by or None, "weight": weight}, lang)
    if reading.where and not len(counted):
        conditions = message("condition_separator", lang).join(reading.where)
        raise usage("where_nobody", condition=conditions)
    save_tally(counted, target)
    for problem in counted.problems:
        click.echo(problem.text(lang), err=True)
    click.echo(message("tally_written", lang, path=target, count=len(counted)))


def _count(reading: Reading, request: dict[str, Any], lang: str) -> "Tally":
    """Count every file and add the tallies; responses are screened as `survey analyze` does it."""
    from pathlib import Path

    from survey.counts.sources import is_parquet, parquet_sources
    from survey.counts.tally_files import SUFFIX, read_tally
    from survey.counts.tallying import tally_responses, tally_source
    from survey.errors import usage

    paths = [Path(name) for name in reading.files]
    request = {**request, "where": reading.where, "set_aside": reading.set_aside}
    made = [path for path in paths if path.suffix.lower() == SUFFIX]
    parquet = [path for path in paths if is_parquet(path)]
    others = tuple(str(path) for path in paths if path not in (*made, *parquet))
    unfit = [option for name, option in _OF_EXPORTS.items() if getattr(reading, name)]
    if unfit and not others:
        raise usage("tally_options_of_exports", options=unfit)
    _refuse_doubles(made)
    tallies = []
    if parquet:
        with _Bar(lang) as told:
            sources = parquet_sources(parquet)
            tallies.append(tally_source(sources, reading.instrument, **request, progress=told))
    if others:
        responses = read(reading._replace(files=others, where=()), lang).responses
        tallies.append(tally_responses(responses, **request))
    tallies += map(read_tally, made)
    first, *more = tallies
    for other in more:
        first = first + other
    return first


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
