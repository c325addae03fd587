"""`survey interviews guide`: what goes into the field."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option


@command()
@click.argument("guide", default="interview-guide", required=False)
@click.option("-o", "--output", metavar="FILE", type=click.Path(), required=True, help="help_output_guide")
@click.option("--codebook", metavar="REF", help="help_codebook_of_guide")
@lang_option
@click.pass_context
def guide(context: click.Context, guide: str, output: str, codebook: str | None, lang: str) -> None:
    """Make a GUIDE (ID, ID@VERSION or a YAML file) ready for the field.

    FILE.docx: the guide to print, with room for notes. FILE.xlsx: the workbook to code the interviews in, one
    row per segment, codes from a list; GUIDE may then be a codebook too.
    """
    from pathlib import Path

    from survey.errors import usage
    from survey.interviews import export_guide, export_segments_template
    from survey.interviews.segment_workbook import codebook_for
    from survey.messages import message

    context.meta["survey.writes"] = True
    ending = Path(output).suffix.lower()
    if ending == ".docx":
        export_guide(guide, output, lang=lang)
    elif ending == ".xlsx":
        export_segments_template(codebook_for(guide) if codebook is None else codebook, output, lang=lang)
    else:
        raise usage("guide_ending", path=output)
    click.echo(message("file_written", lang, path=output))
