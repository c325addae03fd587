"""`survey interviews words`: how often words stand in the interviews, or where one of them stands."""

import click

from survey.cli.commands import command
from survey.cli.options import check_list_target, lang_option, write_list
from survey.cli.segment_options import SegmentReading, read_interviews, segment_options


@command()
@segment_options
@click.option("--keyword", metavar="WORD", help="help_keyword")
@click.option("--by", metavar="ATTRIBUTE", help="help_by_attribute")
@click.option("--drop", metavar="WORD", multiple=True, help="help_drop_words")
@click.option("--top", type=click.IntRange(min=1), default=50, show_default=True, help="help_top_words")
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="help_output_list")
@lang_option
def words(
    reading: SegmentReading,
    *,
    keyword: str | None,
    by: str | None,
    drop: tuple[str, ...],
    top: int,
    output: str | None,
    lang: str,
) -> None:
    """Count the words of the interviews, in all and by group, or show one of them in context.

    A line per word and group, or per place, its values apart by tabs; with -o a workbook to hand on.
    """
    if output is not None:
        check_list_target(output, reading.inputs)
    from survey.interviews.words import keyword_in_context, texts_of, word_counts
    from survey.messages import message

    segments = read_interviews(reading, lang, by=by)
    if not next(texts_of(segments), None):
        click.echo(message("words_none", lang), err=True)
    if output is not None:
        from survey.report.interviews.lists import keyword_report, words_report

        if keyword is not None:
            write_list(keyword_report(segments, keyword, lang=lang), output, lang)
        else:
            write_list(words_report(segments, by=by, drop=drop, top=top, lang=lang), output, lang)
        return
    if keyword is not None:
        frame = keyword_in_context(segments, keyword)
    else:
        frame = word_counts(segments, by=by, drop=drop)
        frame = frame[frame["word"].isin(frame["word"].unique()[:top])]
    click.echo(frame.to_csv(sep="\t", index=False, float_format="%.4g"), nl=False)
