"""`survey export`: coded data go on to SPSS, pandas and R."""

import click

from survey.cli.commands import command
from survey.cli.options import (
    Raking,
    Reading,
    carry_option,
    check_raking,
    lang_option,
    raking_options,
    read,
    reading_options,
    refuse_input,
)


@command()
@reading_options()
@carry_option
@raking_options
@click.option(
    "--to", "form", type=click.Choice(["sav", "parquet", "csv", "r"]), required=True, help="help_to_data"
)
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="help_output_data")
@lang_option
@click.pass_context
def export(
    context: click.Context,
    *,
    reading: Reading,
    carry_to: str | None,
    raking: Raking,
    form: str,
    output: str | None,
    lang: str,
) -> None:
    """Hand coded RESPONSES to SPSS (sav), pandas and R (parquet, csv, r), with labels and missing codes.

    Several files of one survey are merged. Without -o the file is named after the first input.
    """
    from pathlib import Path

    from survey.errors import usage
    from survey.export.coded_data import export_responses, targets_text
    from survey.messages import message
    from survey.wording import output_stem

    context.meta["survey.writes"] = True
    target = (
        Path(output) if output else Path(f"{output_stem(reading.files[0])}.{'R' if form == 'r' else form}")
    )
    if target.suffix.lower() != f".{form}":
        raise usage("export_ending", path=target, known=f".{form}")
    refuse_input(target, *reading.files)
    raking_plan = raking.plan()
    check_raking(raking_plan)
    responses = read(reading, lang, carry_to=carry_to, plan=raking_plan).responses
    for path in export_responses(responses, target, lang=lang):
        click.echo(message("file_written", lang, path=path))
    if form != "parquet" and (text := targets_text(responses, lang)):
        click.echo(text, err=True)
