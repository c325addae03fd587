"""`survey interviews guide`, `convert` and `check`: what goes into the field, and what comes back."""

import click

from survey.cli.options import lang_option

_CODEBOOK = "ID, ID@VERSION or a YAML file; told by the file if not."


@click.command()
@click.argument("guide", default="interview-guide", required=False)
@click.option("-o", "--output", metavar="FILE", type=click.Path(), required=True, help=".docx or .xlsx.")
@click.option("--codebook", metavar="REF", help="For .xlsx: ID, ID@VERSION or a YAML file.")
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


@click.command()
@click.argument("segments", type=click.Path())
@click.option("--names", metavar="FILE", type=click.Path(), help="Names that must not appear, one to a line.")
@click.option("--codebook", metavar="REF", help=_CODEBOOK)
@click.option("--participants", metavar="FILE", type=click.Path(), help="The people: participant, group.")
@click.option("--participant", metavar="COLUMN", help="The column that says who speaks.")
@click.option("--sheet", metavar="NAME", help="The sheet that holds the segments, where several could.")
@click.option("--strict", is_flag=True, help="Exit with 1 where anything is found.")
@click.option("--password", metavar="TEXT", help="Opens an encrypted workbook.")
@lang_option
def check(
    segments: str,
    names: str | None,
    codebook: str | None,
    participants: str | None,
    participant: str | None,
    sheet: str | None,
    strict: bool,
    password: str | None,
    lang: str,
) -> None:
    """Look in SEGMENTS for what would name a person, and for rows that cannot be read.

    E-mail addresses, phone numbers, names of a list, columns about people, in every cell of the file and of
    the list of participants: counted and placed, never shown whole. Exit 0 also where something is found,
    unless --strict.
    """
    import sys

    import pandas as pd

    from survey.interviews import check_privacy, read_segments
    from survey.interviews.privacy import privacy_problems, read_names
    from survey.messages import message

    listed = read_names(names) if names else []
    files = [path for path in (segments, participants) if path]
    flagged = pd.concat([check_privacy(path, names=listed, password=password) for path in files])
    for kind in ("email", "phone", "name", "personal"):
        if kind == "name" and not listed:
            click.echo(message("privacy_no_names", lang))
            continue
        rows = flagged[flagged["kind"] == kind]
        said = message(f"privacy_{kind}", lang)
        click.echo(message("privacy_summary", lang, kind=said, n=int(rows["n"].sum()), cells=len(rows)))
    for problem in privacy_problems(flagged, lang):
        click.echo(problem.text(lang), err=True)
    found = read_segments(
        segments,
        codebook,
        participants=participants,
        participant=participant,
        sheet=sheet,
        set_aside=True,
        keep_personal=True,
        password=password,
    )
    count = found.data["segment"].nunique()
    click.echo(message("segments_looked", lang, segments=count, people=len(found.participants)))
    for problem in found.problems:
        click.echo(problem.text(lang), err=True)
    if strict and (found.problems or len(flagged)):
        sys.exit(1)


@click.command()
@click.argument("segments", type=click.Path())
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(), required=True, help="The workbook (.xlsx)."
)
@click.option("--codebook", metavar="REF", help=_CODEBOOK)
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
