"""`survey interviews convert`: coded segments of any form as a workbook of ours."""

import click

from survey.cli.commands import command
from survey.cli.options import check_target, lang_option
from survey.cli.segment_options import SegmentReading, read_interviews, segment_options


@command()
@segment_options
@click.option("-o", "--output", metavar="FILE", type=click.Path(), required=True, help="help_output_workbook")
@click.option("--title", metavar="TEXT", help="help_title_of_workbook")
@click.option("--source", metavar="TEXT", help="help_source")
@click.option("--licence", metavar="TEXT", help="help_licence")
@click.option("--consensus", metavar="FILE", type=click.Path(), help="help_consensus")
@lang_option
@click.pass_context
def convert(
    context: click.Context,
    *,
    reading: SegmentReading,
    output: str,
    title: str | None,
    source: str | None,
    licence: str | None,
    consensus: str | None,
    lang: str,
) -> None:
    """Write SEGMENTS, in whatever form they can be read, as a workbook of ours.

    With --consensus: the coding that coders agreed on.
    """
    from dataclasses import replace
    from pathlib import Path

    from survey.interviews import write_segments
    from survey.interviews.consensus import apply_consensus
    from survey.messages import message

    context.meta["survey.writes"] = True
    check_target(Path(output), *reading.inputs, *([consensus] if consensus else []))
    segments = read_interviews(reading, lang)
    if consensus:
        segments = apply_consensus(segments, consensus, password=reading.password)
    entries = {"title": title, "source": source, "licence": licence}
    origin = segments.origin | {key: value for key, value in entries.items() if value is not None}
    write_segments(replace(segments, origin=origin), output, lang=lang)
    click.echo(message("file_written", lang, path=output))
