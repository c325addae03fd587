"""`survey instrument list`: which instruments travel with the package."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option


@command()
@lang_option
def list(lang: str) -> None:  # noqa: A001  (the name of the command)
    """List the instruments that travel with the package: id@version, kind, title."""
    from survey.instrument import list_instruments, load_schema

    for known in list_instruments():
        schema = load_schema(known.path)
        click.echo(f"{schema.reference}\t{schema.kind}\t{schema.titled(lang)}")
