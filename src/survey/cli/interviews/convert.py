"""`survey interviews convert`: coded segments of any form as a workbook of ours."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option


@command()
@click.argument("segments", type=click.Path())
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(), required=True, help="The workbook (.xlsx)."
)
@click.option("--codebook", metavar="REF", help="ID, ID@VERSION or a YAML file; told by the file if not.")
@click.option("--participants", metavar="FILE", type=click.Path(), help="The people: participant, group.")
@click.option("--participant", metavar="COLUMN", help="The column that says who speaks.")
@click.option("--sheet", metavar="NAME", help="The sheet that holds the segments, where several could.")
@click.option("--title", metavar="TEXT", help="What the workbook is called.")
@click.option("--source", metavar="TEXT", help="Where the segments come from.")
@click.option("--licence", metavar="TEXT", help="Under which licence they may be used.")
@lang_option
@click.pass_context
def convert(
    context: click.Context,
    segments: str,
    output: str,
    codebook: str | None,
    participants: str | None,
    participant: str | None,
    sheet: str | None,
    title: str | None,
    source: str | None,
    licence: str | None,
    lang: str,
) -> None:
    """Write SEGMENTS, in whatever form they can be read, as a workbook of ours."""
    from dataclasses import replace
    from pathlib import Path

    from survey.cli.options import check_target
    from survey.interviews import read_segments, write_segments
    from survey.messages import message

    context.meta["survey.writes"] = True
    check_target(Path(output), Path(segments))
    found = read_segments(segments, codebook, participants=participants, participant=participant, sheet=sheet)
    said = {"title": title, "source": source, "licence": licence}
    origin = found.origin | {key: value for key, value in said.items() if value is not None}
    write_segments(replace(found, origin=origin), output, lang=lang)
    for problem in found.problems:
        click.echo(problem.text(lang), err=True)
    click.echo(message("file_written", lang, path=output))
