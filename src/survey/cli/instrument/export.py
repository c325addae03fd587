"""`survey instrument export`: an instrument made ready for the field."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option

_FORMATS = ("xlsx", "xlsform", "html", "codebook")


@command("export")
@click.argument("reference", metavar="ID[@VERSION]")
@click.option("--to", "form", type=click.Choice(_FORMATS), required=True, help="help_to")
@click.option("-o", "--output", metavar="FILE", type=click.Path(), required=True, help="help_output")
@click.option("--side-by-side", is_flag=True, help="help_side_by_side")
@lang_option
@click.pass_context
def export(
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
