"""`survey interviews changes`: what changed between two codings."""

import click

from survey.cli.commands import command
from survey.cli.options import SegmentReading, lang_option, read_interviews, segment_options


@command()
@segment_options
@click.argument("new", type=click.Path())
@lang_option
def changes(reading: SegmentReading, new: str, lang: str) -> None:
    """Say what changed from the coded SEGMENTS to those in the file NEW.

    A line per code that a segment got or lost, its values apart by tabs. The options hold for both files, as
    far as they mean anything for a file of its kind.
    """
    from survey.interviews.coding_changes import coding_changes
    from survey.interviews.reading import settings_of

    usable = [settings_of(path) for path in (reading.segments, new)]
    ours, theirs = (dict.fromkeys(other - own) for own, other in (usable, reversed(usable)))
    before = read_interviews(reading._replace(**ours), lang)
    after = read_interviews(reading._replace(**theirs, segments=new), lang)
    click.echo(coding_changes(before, after, lang=lang).to_csv(sep="\t", index=False), nl=False)
