"""`survey instrument lock`: which versions are released, and by which hash."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option


@command()
@click.argument("paths", type=click.Path(), nargs=-1, required=True)
@click.option("--check", is_flag=True, help="help_check_locks")
@lang_option
def lock(paths: tuple[str, ...], check: bool, lang: str) -> None:
    """Write the hashes of released versions into lock.yaml beside them; a locked version is never edited."""
    from survey.instrument.locking import lock_schemas
    from survey.messages import message

    fresh = lock_schemas(paths, check=check)
    for schema in fresh:
        values = {"reference": schema.reference, "hash": schema.content_hash}
        click.echo(message("locked", lang, **values))
    if not fresh:
        click.echo(message("locked_all", lang))
