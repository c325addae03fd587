"""Coded segments of interviews: the options of reading them, and the one way commands do it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from survey.cli.commands import lang_option as lang_option  # with the other options, for commands
from survey.cli.options import notice, password_option, together
from survey.cli.progress import phase

if TYPE_CHECKING:
    from survey.interviews import Segments


class SegmentReading(NamedTuple):
    """What the words of a command say about reading segments."""

    segments: str
    codebook: str | None
    participants: str | None
    participant: str | None
    sheet: str | None
    positions: str | None
    password: str | None
    set_aside: bool

    @property
    def inputs(self) -> list[str]:
        """The files that are read, none of which is written to."""
        return [path for path in (self.segments, self.participants) if path]


_SEGMENT_READING = (
    click.argument("segments", type=click.Path()),
    click.option("--codebook", metavar="REF", help="help_codebook"),
    click.option("--participants", metavar="FILE", type=click.Path(), help="help_participants"),
    click.option("--participant", metavar="COLUMN", help="help_participant"),
    click.option("--sheet", metavar="NAME", help="help_sheet_of_segments"),
    click.option("--positions", metavar="WAY", help="help_positions"),
    password_option,
    click.option(
        "--set-aside",
        is_flag=True,
        help="help_set_aside_rows",
    ),
)


def segment_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command SEGMENTS and the options of reading them, as one `reading`."""
    return together("reading", SegmentReading, *_SEGMENT_READING)(function)


def segments_beside_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--segments` and the options of reading them, as one `reading`; they may be left out."""
    beside = click.option("--segments", metavar="FILE", type=click.Path(), help="help_segments_beside")
    return together("reading", SegmentReading, beside, *_SEGMENT_READING[1:])(function)


def read_interviews(
    reading: SegmentReading, lang: str, *, by: str | None = None, keep_personal: bool = False
) -> "Segments":
    """Read coded segments or a project, and tell once what a user must know of it, grouped `by` an attribute.

    Raises
    ------
    UsageError, DataError
        As `survey.read_segments`, and nobody has such an attribute.
    """
    from survey.interviews import read_segments

    with phase("progress_reading", lang):
        segments = read_segments(
            reading.segments,
            reading.codebook,
            participants=reading.participants,
            participant=reading.participant,
            sheet=reading.sheet,
            set_aside=reading.set_aside,
            keep_personal=keep_personal,
            positions=reading.positions,
            password=reading.password,
        )
    notice(segments.grouped_by(by).problems, lang)
    return segments
