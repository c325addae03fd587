"""`survey interviews words`: how often words stand in the interviews, or where one of them stands."""

import click

from survey.cli.commands import command
from survey.cli.options import SegmentReading, lang_option, read_interviews, segment_options


@command()
@segment_options
@click.option("--keyword", metavar="WORD", help="help_keyword")
@click.option("--by", metavar="ATTRIBUTE", help="help_by_attribute")
@click.option("--drop", metavar="WORD", multiple=True, help="help_drop_words")
@click.option("--top", type=click.IntRange(min=1), default=50, show_default=True, help="help_top_words")
@lang_option
def words(
    reading: SegmentReading, keyword: str | None, by: str | None, drop: tuple[str, ...], top: int, lang: str
) -> None:
    """Count the words of the interviews, in all and by group, or show one of them in context.

    A line per word and group, or per place, its values apart by tabs.
    """
    from survey.interviews.words import keyword_in_context, word_counts

    segments = read_interviews(reading, lang)
    if keyword is not None:
        frame = keyword_in_context(segments, keyword)
    else:
        frame = word_counts(segments, by=by, drop=drop)
        frame = frame[frame["word"].isin(frame["word"].unique()[:top])]
    click.echo(frame.to_csv(sep="\t", index=False), nl=False)
