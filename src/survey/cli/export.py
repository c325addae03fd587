"""`survey export`: coded data go on to SPSS, pandas and R."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option


@command()
@click.argument("responses", type=click.Path())
@click.option(
    "--to", "form", type=click.Choice(["sav", "parquet", "csv"]), required=True, help="The form of the data."
)
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(), help="Where it goes; else beside the input's name."
)
@click.option(
    "--instrument", metavar="REF", help="ID, ID@VERSION or a YAML file; told by the workbook if not given."
)
@click.option(
    "--carry-to", metavar="REF", help="Carry the answers to another version of their instrument first."
)
@click.option("--set-aside", is_flag=True, help="Go on without cells that cannot be read.")
@lang_option
@click.pass_context
def export(
    context: click.Context,
    responses: str,
    form: str,
    output: str | None,
    instrument: str | None,
    carry_to: str | None,
    set_aside: bool,
    lang: str,
) -> None:
    """Hand coded RESPONSES to SPSS (sav), pandas and R (parquet, csv), with labels and missing codes."""
    from pathlib import Path

    from survey.errors import usage
    from survey.export.coded_data import export_responses
    from survey.ingest import read_responses
    from survey.messages import message

    context.meta["survey.writes"] = True
    target = Path(output) if output else Path(f"{Path(responses).stem}.{form}")
    if target.suffix.lower() != f".{form}":
        raise usage("export_ending", path=target, known=f".{form}")
    if target.exists() and Path(responses).exists() and target.samefile(responses):
        raise usage("target_is_input", path=target)
    found = read_responses(responses, instrument, set_aside=set_aside)
    if carry_to:
        from survey.ingest.version_migration import carry_over

        found = carry_over(found, carry_to)
    written = export_responses(found, target, lang=lang)
    for problem in found.problems:
        click.echo(problem.text(lang), err=True)
    for path in written:
        click.echo(message("file_written", lang, path=path))
