"""`survey match`: how an export would be read, as a map to edit."""

import click

from survey.cli.commands import command
from survey.cli.options import Reading, lang_option, reading_options
from survey.cli.progress import phase


@command()
@reading_options()
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="help_output_map")
@lang_option
@click.pass_context
def match(context: click.Context, reading: Reading, output: str | None, lang: str) -> None:
    """Propose how the headers and labels of RESPONSES are read.

    Edit what is written and hand it to survey analyze with --map. An existing file is not overwritten. Its
    counts are of the rows that would be analysed: --drop and --where hold for them.
    """
    from survey.ingest.map_proposal import propose_map, write_map
    from survey.messages import message

    context.meta["survey.writes"] = output is not None
    with phase("progress_reading", lang):
        text = propose_map(reading.files, **reading.wanted("set_aside"), lang=lang)
    if output is None:
        click.echo(text, nl=False)
    else:
        click.echo(message("map_written", lang, path=write_map(text, output)))
