"""`survey instrument export` and `new`, `survey export`: an instrument goes out, coded data go on."""

import click

from survey.cli.options import lang_option

_FORMATS = ("xlsx", "xlsform", "html", "codebook")


@click.command("export")
@click.argument("reference", metavar="ID[@VERSION]")
@click.option("--to", "form", type=click.Choice(_FORMATS), required=True, help="What is made of it.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(), required=True, help="Where it goes.")
@click.option("--side-by-side", is_flag=True, help="html: every language beside the other, for translators.")
@lang_option
@click.pass_context
def export_instrument(
    context: click.Context, reference: str, form: str, output: str, side_by_side: bool, lang: str
) -> None:
    """Make an instrument ready for the field.

    xlsx: a workbook to fill in. xlsform: a form for ODK, KoBo and SurveyCTO. html: a questionnaire to print.
    codebook: a data dictionary (FILE.xlsx) or a Table Schema (FILE.json).
    """
    from survey.instrument import load_instrument
    from survey.messages import message

    context.meta["survey.writes"] = True
    schema = load_instrument(reference)
    if form == "xlsx":
        from survey.export.collection import export_collection

        export_collection(schema, output)
    elif form == "xlsform":
        from survey.export.xlsform import export_xlsform

        export_xlsform(schema, output)
    elif form == "html":
        from survey.export.page import export_page

        own = lang if lang in schema.languages else schema.languages[0]
        export_page(schema, output, languages=schema.languages[:2] if side_by_side else (own,))
    else:
        from survey.export.data_dictionary import export_codebook

        export_codebook(schema, output, lang=lang)
    click.echo(message("file_written", lang, path=output))


@click.command()
@click.argument("path", type=click.Path())
@lang_option
@click.pass_context
def new(context: click.Context, path: str, lang: str) -> None:
    """Start an instrument of your own: write a commented example to PATH (.yaml)."""
    from importlib import resources
    from pathlib import Path

    from survey.errors import usage
    from survey.files.saving import save_text
    from survey.messages import message

    context.meta["survey.writes"] = True
    if Path(path).exists():
        raise usage("target_exists", path=path)
    text = resources.files("survey.instrument").joinpath("example.yaml").read_text(encoding="utf-8")
    save_text(text, path, ".yaml")
    click.echo(message("file_written", lang, path=path))


@click.command("export")
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
def export_data(
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
