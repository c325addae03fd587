"""`survey interviews check`: what would name a person, and what cannot be read."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option


@command()
@click.argument("segments", type=click.Path())
@click.option("--names", metavar="FILE", type=click.Path(), help="Names that must not appear, one to a line.")
@click.option("--codebook", metavar="REF", help="ID, ID@VERSION or a YAML file; told by the file if not.")
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
