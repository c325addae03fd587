"""`survey instrument diff`: what changed between two versions, and what it costs."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option


@command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
    help="help_format_changes",
)
@lang_option
def diff(old: str, new: str, form: str, lang: str) -> None:
    """Compare two versions (ID@VERSION or files): every change, its class, the smallest honest bump.

    Exit code 1 where the version number says less than what changed, or a changed wording is not declared.
    """
    import sys

    from survey.instrument.diff_text import format_diff
    from survey.instrument.versions import diff_instruments

    differences = diff_instruments(old, new)
    click.echo(format_diff(differences, form, lang))
    if not differences.honest and differences.bump != "none":
        sys.exit(1)
