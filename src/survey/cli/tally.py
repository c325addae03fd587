"""`survey tally`: count responses of any size into one small file."""

import click

from survey.cli.commands import command
from survey.cli.counting import count
from survey.cli.options import Reading, lang_option, reading_options, refuse_input


@command()
@reading_options()
@click.option("-o", "--output", metavar="TALLY", type=click.Path(), required=True, help="help_output_tally")
@click.option(
    "--by",
    metavar="QUESTION",
    multiple=True,
    help="help_by_tally",
)
@click.option("--suppress", is_flag=True, help="help_suppress_tally")
@click.option("--rake", metavar="FILE", help="help_rake_tally")
@lang_option
@click.pass_context
def tally(
    context: click.Context,
    *,
    reading: Reading,
    output: str,
    by: tuple[str, ...],
    suppress: bool,
    rake: str | None,
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
    if rake is not None:
        raise usage("tally_raked")
    if target.suffix.lower() != SUFFIX:
        raise usage("target_ending", path=output, suffix=SUFFIX)
    refuse_input(target, *reading.files)
    counted = count(reading, lang, banners=by or None)
    save_tally(counted, target)
    for problem in counted.problems:
        click.echo(problem.text(lang), err=True)
    click.echo(message("tally_written", lang, path=target, count=len(counted)))
