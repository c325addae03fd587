"""`survey instrument schema`: what editors complete and check while one types."""

import click

from survey.cli.commands import command


@command()
def schema() -> None:
    """Print the JSON Schema of the YAML files, for editors that complete and check while one types."""
    from survey.instrument.json_schema import json_schema_text

    click.echo(json_schema_text(), nl=False)
