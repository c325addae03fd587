"""`survey interviews changes`: what changed between two codings."""

import click

from survey.cli.commands import command
from survey.cli.options import (
    SegmentReading,
    check_list_target,
    lang_option,
    read_interviews,
    segment_options,
    write_list,
)


@command()
@segment_options
@click.argument("new", type=click.Path())
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="help_output_list")
@lang_option
def changes(reading: SegmentReading, new: str, output: str | None, lang: str) -> None:
    """Say what changed from the coded SEGMENTS to those in the file NEW.

    A line per code that a segment got or lost, its values apart by tabs; with -o a workbook to hand on. The
    options hold for both files, as far as they mean anything for a file of its kind.
    """
    if output is not None:
        check_list_target(output, [*reading.inputs, new])
    from survey.interviews.coding_changes import coding_changes

    before = read_interviews(_for_file(reading, reading.segments, new), lang)
    after = read_interviews(_for_file(reading, new, reading.segments), lang)
    if output is not None:
        from survey.report.interviews.lists import changes_report

        write_list(changes_report(before, after, lang=lang), output, lang)
        return
    click.echo(coding_changes(before, after, lang=lang).to_csv(sep="\t", index=False), nl=False)


def _for_file(reading: SegmentReading, path: str, other: str) -> SegmentReading:
    """The options for one of two files, without those that are for the kind of the other alone."""
    from survey.interviews.reading import settings_of

    foreign = settings_of(other) - settings_of(path)
    return reading._replace(
        segments=path,
        sheet=None if "sheet" in foreign else reading.sheet,
        participant=None if "participant" in foreign else reading.participant,
        positions=None if "positions" in foreign else reading.positions,
    )
