"""`survey instrument validate`: faults of schema files, each with its line."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option


@command()
@click.argument("paths", type=click.Path(), nargs=-1, required=True)
@lang_option
def validate(paths: tuple[str, ...], lang: str) -> None:
    """Check schema files, or all below a folder: each fault with line and remedy.

    Beside the schema itself: was a released version edited, does its number say what changed since the
    version before, is a retired id used again.
    """
    from survey.instrument.locking import check_schemas
    from survey.messages import message

    for path, schema in check_schemas(paths):
        values = {"path": path, "reference": schema.reference, "kind": schema.kind}
        click.echo(message("schema_valid", lang, **values))
