"""`survey interviews check`: what would name a person, and what cannot be read."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option
from survey.cli.segment_options import SegmentReading, read_interviews, segment_options


@command()
@segment_options
@click.option("--names", metavar="FILE", type=click.Path(), help="help_names")
@click.option("--strict", is_flag=True, help="help_strict")
@lang_option
def check(reading: SegmentReading, names: str | None, strict: bool, lang: str) -> None:
    """Look in SEGMENTS for what would name a person, and for rows that cannot be read.

    E-mail addresses, phone numbers, names of a list, columns about people, in every cell of the file and of
    the list of participants: counted and placed, never shown whole. Exit 0 also where something is found,
    unless --strict.
    """
    import sys

    import pandas as pd

    from survey.interviews import check_privacy
    from survey.interviews.privacy import privacy_problems, read_names
    from survey.interviews.reading import reader_of
    from survey.messages import message

    listed = read_names(names, password=reading.password) if names else []
    wanted = reading._replace(set_aside=True)
    of_tool = reader_of(reading.segments) is not None  # no table: its segments are looked through
    segments = read_interviews(wanted, lang, keep_personal=True) if of_tool else None
    checked = [segments if segments and path == reading.segments else path for path in reading.inputs]
    flagged = pd.concat([check_privacy(given, names=listed, password=reading.password) for given in checked])
    for kind in ("email", "phone", "name", "personal"):
        if kind == "name" and not listed:
            click.echo(message("privacy_no_names", lang))
            continue
        rows = flagged[flagged["kind"] == kind]
        label = message(f"privacy_{kind}", lang)
        click.echo(message("privacy_summary", lang, kind=label, n=int(rows["n"].sum()), cells=len(rows)))
    for problem in privacy_problems(flagged, lang):
        click.echo(problem.text(lang), err=True)
    if segments is None:
        segments = read_interviews(wanted, lang, keep_personal=True)
    count = segments.data["segment"].nunique()
    click.echo(message("segments_looked", lang, segments=count, people=len(segments.participants)))
    if strict and (segments.problems or len(flagged)):
        sys.exit(1)
