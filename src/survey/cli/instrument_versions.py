"""`survey instrument diff`, `lock` and `schema`: what changed, what is released, what editors complete."""

import click

from survey.cli.options import lang_option


@click.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
    help="How the changes are printed.",
)
@lang_option
def diff(old: str, new: str, form: str, lang: str) -> None:
    """Compare two versions (ID@VERSION or files): every change, its class, the smallest honest bump.

    Exit code 1 where the version number says less than what changed, or a changed wording is not declared.
    """
    import sys

    from survey.instrument.diff_text import told_diff
    from survey.instrument.versions import diff_instruments

    found = diff_instruments(old, new)
    click.echo(told_diff(found, form, lang))
    if not found.honest and found.bump != "none":
        sys.exit(1)


@click.command()
@click.argument("paths", type=click.Path(), nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Write nothing; a version without a lock is an error.")
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


@click.command()
def schema() -> None:
    """Print the JSON Schema of the YAML files, for editors that complete and check while one types."""
    from survey.instrument.json_schema import json_schema_text

    click.echo(json_schema_text(), nl=False)
