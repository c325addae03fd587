"""`survey tally`: count responses of any size into one small file."""

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from survey.cli.options import lang_option

if TYPE_CHECKING:
    from survey.counts import Tally

_SOON = 1.0  # seconds: what is done by then is not worth a bar


@click.command()
@click.argument("files", type=click.Path(), nargs=-1, required=True)
@click.option("-o", "--output", metavar="TALLY", type=click.Path(), required=True, help="The tally (.tally).")
@click.option(
    "--instrument", metavar="REF", help="ID, ID@VERSION or a YAML file; told by the data if not given."
)
@click.option(
    "--by",
    metavar="QUESTION",
    multiple=True,
    help='A banner, or two crossed: "a*b". May be repeated; the instrument\'s default if not given.',
)
@click.option(
    "--where",
    metavar="EXPR",
    multiple=True,
    help='Count a subset: "firm_type=biotech", "challenges__geopolitics>=4". May be given several times.',
)
@click.option("--weight", metavar="COLUMN", help="A column of weights with a mean of about 1.")
@click.option("--set-aside", is_flag=True, help="Count on without cells that do not fit; they are listed.")
@click.option("--suppress", is_flag=True, help="Not for a tally: this says why.")
@lang_option
@click.pass_context
def tally(
    context: click.Context,
    files: tuple[str, ...],
    output: str,
    instrument: str | None,
    by: tuple[str, ...],
    where: tuple[str, ...],
    weight: str | None,
    set_aside: bool,
    suppress: bool,
    lang: str,
) -> None:
    """Count FILES into one tally, which is small and holds no respondent.

    A file is a Parquet file of coded responses (survey export --to parquet), a folder of them, another tally,
    or anything that survey analyze reads. Parquet is counted a batch at a time, whatever its size.
    """
    import warnings
    from pathlib import Path

    from survey.counts import write_tally
    from survey.errors import usage
    from survey.messages import message

    context.meta["survey.writes"] = True
    target = Path(output)
    if suppress:
        raise usage("tally_suppress")
    if target.suffix.lower() != ".tally":
        raise usage("target_ending", path=output, suffix=".tally")
    tallies = [Path(name).resolve() for name in files if name.lower().endswith(".tally")]
    if len(set(tallies)) < len(tallies):
        raise usage("files_same", path=next(one for one in tallies if tallies.count(one) > 1))
    for name in files:
        if target.exists() and Path(name).exists() and target.samefile(name):
            raise usage("target_is_input", path=output)
    request = {"banners": by or None, "where": where, "set_aside": set_aside, "weight": weight}
    counted = _count([Path(name) for name in files], instrument, request, lang)
    if where and not len(counted):
        raise usage("where_nobody", condition=message("condition_separator", lang).join(where))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # said below, in the language asked for
        write_tally(counted, target)
    for problem in counted.problems:
        click.echo(problem.text(lang), err=True)
    click.echo(message("tally_written", lang, path=target, count=len(counted)))


def _count(paths: "list[Any]", instrument: str | None, request: dict[str, Any], lang: str) -> "Tally":
    """Count every file and add the tallies; responses are screened as `survey analyze` does it."""
    from survey.counts.sources import is_parquet, parquet_sources
    from survey.counts.tally_files import read_tally
    from survey.counts.tallying import tally_responses, tally_source
    from survey.ingest import read_responses
    from survey.ingest.quality import left_out_text, screen

    tallies = []
    parquet = [path for path in paths if is_parquet(path)]
    if parquet:
        with _Bar(lang) as shown:
            tallies.append(tally_source(parquet_sources(parquet), instrument, **request, progress=shown))
    others = [path for path in paths if path not in parquet and path.suffix.lower() != ".tally"]
    if others:
        read = read_responses(others, instrument, set_aside=request["set_aside"])
        stayed, _ = screen(read, lang=lang)
        if said := left_out_text(stayed, lang):
            click.echo(said, err=True)
        for problem in read.problems:
            click.echo(problem.text(lang), err=True)
        tallies.append(tally_responses(stayed, **request))
    tallies += [read_tally(path) for path in paths if path.suffix.lower() == ".tally"]
    first, *more = tallies
    for other in more:
        first = first + other
    return first


class _Bar:
    """A bar on stderr for what takes more than a second; nothing where stderr is no terminal."""

    def __init__(self, lang: str) -> None:
        """Begin with no bar."""
        self._lang = lang
        self._started = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Callable[[int, int | None], None]:
        """Give what is told of the rows done."""
        return self._told

    def _told(self, done: int, total: int | None) -> None:
        if not sys.stderr.isatty() or time.monotonic() - self._started < _SOON:
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
