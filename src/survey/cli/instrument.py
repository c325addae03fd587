"""`survey instrument`: list, show and check instruments."""

import click

from survey.cli.options import LazyGroup, lang_option

# The commands that live elsewhere; adding one is one line here.
COMMANDS = {
    "new": "survey.cli.export:new",
    "draft": "survey.cli.instrument_draft:draft",
    "export": "survey.cli.export:export_instrument",
    "diff": "survey.cli.instrument_versions:diff",
    "lock": "survey.cli.instrument_versions:lock",
    "schema": "survey.cli.instrument_versions:schema",
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def instrument() -> None:
    """Instruments, the versioned schemas of what was asked: list, check, compare, field."""


@instrument.command("list")
@lang_option
def list_(lang: str) -> None:
    """List the instruments that travel with the package: id@version, kind, title."""
    from survey.instrument import list_instruments, load_schema

    for known in list_instruments():
        schema = load_schema(known.path)
        click.echo(f"{schema.reference}\t{schema.kind}\t{schema.titled(lang)}")


@instrument.command()
@click.argument("reference", metavar="ID[@VERSION]")
@lang_option
def show(reference: str, lang: str) -> None:
    """Show an instrument: its questions, options and scales, with the ids used in files and code."""
    from survey.instrument import load_schema
    from survey.instrument.describe import describe

    click.echo(describe(load_schema(reference), lang))


@instrument.command()
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
