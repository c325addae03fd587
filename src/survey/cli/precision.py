"""`survey precision`: what a sample of this size can show, and which one the next wave needs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from survey.cli.commands import command
from survey.cli.counting import count
from survey.cli.options import (
    Reading,
    check_target,
    keyed_value,
    lang_option,
    notice,
    read,
    reading_options,
    setting_options,
)
from survey.settings import BY_KEY

if TYPE_CHECKING:
    from survey.counts import Tally
    from survey.ingest import Responses


@command()
@reading_options()
@setting_options("banner", "population", "confidence")
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="help_output_workbook")
@lang_option
@click.pass_context
def precision(
    context: click.Context,
    *,
    reading: Reading,
    by: tuple[str, ...],
    population: tuple[str, ...],
    confidence: float,
    output: str | None,
    lang: str,
) -> None:
    """Say what RESPONSES can show: margins of error, differences that tests find, samples for the next wave.

    With --population also what asking the rest would add. It is printed, a row a line, tabs between the
    columns; -o writes it as a workbook too. Tallies and Parquet files are read as well.
    """
    from pathlib import Path

    from survey.render import write_report
    from survey.render.cell_views import table_lines
    from survey.report.survey.check_reports import precision_report

    context.meta["survey.writes"] = output is not None
    if output:
        check_target(Path(output), *reading.files)
    known = keyed_value(BY_KEY["population"], population) if population else None
    report = precision_report(
        _data(reading, by, lang), banner=by or None, population=known, confidence=confidence, lang=lang
    )
    for sheet in report.sheets[:1]:
        for table in sheet.tables:
            for line in table_lines(table, lang):
                click.echo("\t".join(line))
    if report.warning:
        click.echo(report.warning, err=True)
    if output:
        from survey.messages import message

        write_report(report, output)
        click.echo(message("file_written", lang, path=output), err=True)


def _data(reading: Reading, by: Sequence[str], lang: str) -> "Responses | Tally":
    """The responses, or what is counted of them."""
    from pathlib import Path

    from survey.counts.row_counts import is_counted

    if not is_counted([Path(name) for name in reading.files]):
        return read(reading, lang).responses
    counted = count(reading, lang, banners=tuple(by) or None)
    notice(counted.problems, lang)
    return counted
