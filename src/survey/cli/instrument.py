"""`survey instrument`: list, show and check instruments."""

import click

from survey.cli.parts import LazyGroup, lang_option


@click.group(cls=LazyGroup)
def instrument() -> None:
    """List, show and check instruments: the versioned schemas of what was asked."""


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
@click.argument("path", type=click.Path())
@lang_option
def validate(path: str, lang: str) -> None:
    """Check a schema file: faults of form first, then those between parts, each with line and remedy."""
    from survey.instrument import read_schema
    from survey.messages import message

    schema = read_schema(path)
    click.echo(message("schema_valid", lang, path=path, reference=schema.reference, kind=schema.kind))
