"""`survey interviews export`: coded segments go to other tools."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option, refuse_input
from survey.cli.segment_options import SegmentReading, read_interviews, segment_options

# Each form, and the endings its file may have.
_FORMS = {
    "qdpx": (".qdpx",),
    "qdc": (".qdc",),
    "taguette": (".csv",),
    "matrix": (".csv", ".xlsx"),
    "framework": (".docx",),
    "consensus": (".xlsx",),
    "member-checks": (),  # a folder
}


@command()
@segment_options
@click.option("--to", "form", type=click.Choice(list(_FORMS)), required=True, help="help_to")
@click.option("-o", "--output", metavar="FILE", type=click.Path(), required=True, help="help_output")
@click.option(
    "--documents",
    metavar="FOLDER",
    type=click.Path(),
    help="help_documents",
)
@click.option("--quotations", is_flag=True, help="help_export_quotations")
@lang_option
@click.pass_context
def export(
    context: click.Context,
    *,
    reading: SegmentReading,
    form: str,
    output: str,
    documents: str | None,
    quotations: bool,
    lang: str,
) -> None:
    """Write SEGMENTS, or their codebook, for other tools, or what a team works with on paper.

    qdpx: a REFI-QDA project, with people, words and codes. qdc: the codebook alone (REFI-QDA). taguette: the
    codebook as the table that Taguette imports. matrix: people by codes, 0 and 1 (.csv or .xlsx). framework:
    people by themes with gists (.docx). consensus: where coders differ, to decide (.xlsx). member-checks: a
    sheet per person into a folder (.docx).
    """
    from pathlib import Path

    from survey.errors import usage
    from survey.interviews.consensus import export_consensus
    from survey.interviews.framework import export_framework
    from survey.interviews.interchange import (
        export_codes,
        export_matrix,
        export_project,
        read_documents,
    )
    from survey.interviews.member_checks import export_member_checks
    from survey.messages import message

    context.meta["survey.writes"] = True
    target = Path(output)
    if _FORMS[form] and target.suffix.lower() not in _FORMS[form]:
        raise usage("target_ending", path=output, suffix=" / ".join(_FORMS[form]))
    refuse_input(target, *reading.inputs)
    segments = read_interviews(reading, lang)
    if form == "qdpx":
        texts = read_documents(documents) if documents else None
        named = {*segments.data["document"].dropna(), *segments.data["participant"]}
        astray = [name for name in texts or {} if name.endswith(".txt") and not {name, name[:-4]} & named]
        if astray:
            click.echo(message("documents_astray", lang, files=list(astray)), err=True)
        export_project(segments, output, documents=texts, lang=lang)
    elif form == "matrix":
        export_matrix(segments, output)
    elif form == "framework":
        export_framework(segments, output, quotations=quotations, lang=lang)
    elif form == "consensus":
        export_consensus(segments, output, lang=lang)
    elif form == "member-checks":
        export_member_checks(segments, output, quotations=quotations, lang=lang)
    else:
        export_codes(segments.codebook, output, lang=lang)
    click.echo(message("file_written", lang, path=output))
