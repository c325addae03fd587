"""`survey interviews codebook`: a codebook from another tool, or for it."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option, password_option

_APPROACHES = click.Choice(["reflexive", "codebook", "coding-reliability"])


@command()
@click.argument("source", metavar="FILE_OR_ID", type=click.Path())
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(),
    required=True,
    help="help_output_codebook",
)
@click.option("--approach", type=_APPROACHES, help="help_approach")
@click.option("--title", metavar="TEXT", help="help_title_of_codebook")
@click.option("--sheet", metavar="NAME", help="help_sheet_of_codes")
@password_option
@lang_option
@click.pass_context
def codebook(
    context: click.Context,
    *,
    source: str,
    output: str,
    approach: str | None,
    title: str | None,
    sheet: str | None,
    password: str | None,
    lang: str,
) -> None:
    """Make a codebook from one of another tool (.qdc, Taguette's table, a project), or hand on one of ours.

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
        texts = {"title": title, "language": lang, "sheet": sheet, "password": password}
        made = read_codes(source, **texts, **settings)  # type: ignore[arg-type]
    export_codes(made, output, lang=lang if lang in made.languages else made.languages[0])
    values = {"path": output, "codes": len(made.codes), "subthemes": len(made.subthemes)}
    click.echo(message("codes_written", lang, **values))
