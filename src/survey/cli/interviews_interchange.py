"""`survey interviews export` and `codebook`: coded segments and codebooks go to other tools and come back."""

import click

from survey.cli.options import lang_option

# Each form, and the ending of its file.
_FORMS = {"qdpx": ".qdpx", "qdc": ".qdc", "taguette": ".csv"}
_APPROACHES = click.Choice(["reflexive", "codebook", "coding-reliability"])


@click.command("export")
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
def export_segments(
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


@click.command()
@click.argument("source", metavar="FILE_OR_ID", type=click.Path())
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(),
    required=True,
    help=".yaml, .qdc (REFI-QDA) or .csv (Taguette).",
)
@click.option(
    "--approach", type=_APPROACHES, help="How the themes were made; no file of another tool says it."
)
@click.option("--title", metavar="TEXT", help="What the codebook is called.")
@lang_option
@click.pass_context
def codebook(
    context: click.Context, source: str, output: str, approach: str | None, title: str | None, lang: str
) -> None:
    """Make a codebook from one of another tool (.qdc, .qdpx, Taguette's table), or hand on one of ours.

    A .yaml file is a codebook of ours, to be completed: what the file does not say stands there in so many
    words. FILE_OR_ID may also be a codebook of ours, by ID or .yaml file, to be written as .qdc or .csv.
    """
    from pathlib import Path

    from survey.instrument.interview_schemas import load_codebook
    from survey.interviews.interchange import export_codes, read_codes
    from survey.messages import message

    context.meta["survey.writes"] = True
    ours = not Path(source).exists() or Path(source).suffix.lower() in (".yaml", ".yml")
    if ours and Path(source).suffix.lower() not in (".qdc", ".qdpx", ".csv"):
        made = load_codebook(source)
    else:
        settings = {"approach": approach} if approach else {}
        made = read_codes(source, title=title, language=lang, **settings)  # type: ignore[arg-type]
    export_codes(made, output, lang=lang if lang in made.languages else made.languages[0])
    values = {"path": output, "codes": len(made.codes), "subthemes": len(made.subthemes)}
    click.echo(message("codes_written", lang, **values))
