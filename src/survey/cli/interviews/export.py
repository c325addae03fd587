"""`survey interviews export`: coded segments go to other tools."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option

# Each form, and the ending of its file.
_FORMS = {"qdpx": ".qdpx", "qdc": ".qdc", "taguette": ".csv"}


@command()
@click.argument("segments", type=click.Path())
@click.option("--to", "form", type=click.Choice(list(_FORMS)), required=True, help="What is made of it.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(), required=True, help="Where it goes.")
@click.option(
    "--codebook", metavar="REF", help="ID, ID@VERSION or a YAML file; told by the file if not given."
)
@click.option("--participants", metavar="FILE", type=click.Path(), help="The people: participant, group.")
@click.option(
    "--documents",
    metavar="FOLDER",
    type=click.Path(),
    help="qdpx: transcripts (.txt), named as in the column `document`.",
)
@lang_option
@click.pass_context
def export(
    context: click.Context,
    segments: str,
    form: str,
    output: str,
    codebook: str | None,
    participants: str | None,
    documents: str | None,
    lang: str,
) -> None:
    """Write SEGMENTS, or their codebook, for ATLAS.ti, MAXQDA, NVivo, QualCoder or Taguette.

    qdpx: a REFI-QDA project, with people, words and codes. qdc: the codebook alone (REFI-QDA). taguette: the
    codebook as the table that Taguette imports.
    """
    from pathlib import Path

    from survey.errors import usage
    from survey.interviews import read_segments
    from survey.interviews.interchange import export_codes, export_project, read_documents
    from survey.messages import message

    context.meta["survey.writes"] = True
    target = Path(output)
    if target.suffix.lower() != _FORMS[form]:
        raise usage("target_ending", path=output, suffix=_FORMS[form])
    if target.exists() and Path(segments).exists() and target.samefile(segments):
        raise usage("target_is_input", path=output)
    found = read_segments(segments, codebook, participants=participants)
    for problem in found.problems:
        click.echo(problem.text(lang), err=True)
    if form == "qdpx":
        texts = read_documents(documents) if documents else None
        named = {*found.data["document"].dropna(), *found.data["participant"]}
        astray = [name for name in texts or {} if name.endswith(".txt") and not {name, name[:-4]} & named]
        if astray:
            click.echo(message("documents_astray", lang, files=", ".join(astray)), err=True)
        export_project(found, output, documents=texts, lang=lang)
    else:
        export_codes(found.codebook, output, lang=lang)
    click.echo(message("file_written", lang, path=output))
