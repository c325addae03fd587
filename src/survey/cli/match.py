"""`survey match`: how an export would be read, as a map to edit."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option


@command()
@click.argument("export", type=click.Path())
@click.option(
    "--instrument", metavar="REF", help="ID, ID@VERSION or a YAML file; told by the export if not given."
)
@click.option("--sheet", metavar="NAME", help="The sheet that holds the responses, where several could.")
@click.option(
    "--dialect", metavar="NAME", help="The layout, such as wjx_text or qualtrics; found out if not given."
)
@click.option(
    "-o", "--output", metavar="MAP", type=click.Path(), help="The map (.yaml); printed if not given."
)
@click.option("--password", metavar="TEXT", help="Opens an encrypted workbook.")
@lang_option
@click.pass_context
def match(
    context: click.Context,
    export: str,
    instrument: str | None,
    sheet: str | None,
    dialect: str | None,
    output: str | None,
    password: str | None,
    lang: str,
) -> None:
    """Propose how the headers and labels of EXPORT are read.

    Edit what is written and hand it to survey analyze with --map. An existing file is not overwritten.
    """
    from survey.ingest.map_proposal import propose_map, write_map
    from survey.messages import message

    context.meta["survey.writes"] = output is not None
    text = propose_map(export, instrument, sheet=sheet, dialect=dialect, password=password, lang=lang)
    if output is None:
        click.echo(text, nl=False)
    else:
        click.echo(message("map_written", lang, path=write_map(text, output)))
