"""`survey instrument show`: an instrument to read, with the ids used in files and code."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option


@command()
@click.argument("reference", metavar="ID[@VERSION]")
@lang_option
def show(reference: str, lang: str) -> None:
    """Show an instrument: its questions, options and scales, with the ids used in files and code."""
    from survey.instrument import load_schema
    from survey.instrument.describe import describe

    click.echo(describe(load_schema(reference), lang))
