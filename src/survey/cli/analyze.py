"""`survey analyze`: from a workbook of responses to the report workbook."""

from typing import TYPE_CHECKING, NamedTuple

import click

from survey.cli.commands import command
from survey.cli.counting import count
from survey.cli.options import (
    WRITTEN,
    Outputs,
    Reading,
    Titles,
    carry_option,
    command_line,
    gather,
    lang_option,
    notice,
    output_options,
    read,
    reading_options,
    title_options,
)
from survey.cli.progress import phase

if TYPE_CHECKING:
    from survey.counts import Tally
    from survey.ingest import Responses


class Settings(NamedTuple):
    """What the words of the command say about the tables of the report."""

    by: tuple[str, ...]
    confidence: float
    min_base: int
    small_base: int
    compare: str
    only: str | None
    suppress: bool
    suppress_below: int
    open_text: bool
    models: bool
    sampling_frame: str | None


@command()
@reading_options(required=False)
@carry_option
@click.option("--by", metavar="QUESTION", multiple=True, help="help_by")
@output_options
@title_options
@lang_option
@click.option("--confidence", type=float, default=0.95, show_default=True, help="help_confidence")
@click.option("--min-base", type=int, default=5, show_default=True, help="help_min_base")
@click.option("--small-base", type=int, default=30, show_default=True, help="help_small_base")
@click.option(
    "--compare",
    metavar="WITH",
    default="complement",
    show_default=True,
    help="help_compare",
)
@click.option(
    "--only",
    metavar="WHICH",
    help="help_only",
)
@click.option("--suppress", is_flag=True, help="help_suppress")
@click.option(
    "--suppress-below", metavar="N", type=int, default=5, show_default=True, help="help_suppress_below"
)
@click.option("--findings", metavar="PATH", type=click.Path(), help="help_findings")
@click.option(
    "--from-findings",
    metavar="PATH",
    type=click.Path(),
    help="help_from_findings",
)
@click.option("--open-text", is_flag=True, help="help_open_text")
@click.option("--models", is_flag=True, help="help_models")
@click.option("--sampling-frame", metavar="PATH", type=click.Path(), help="help_sampling_frame")
@gather("settings", Settings)
@click.pass_context
def analyze(
    context: click.Context,
    *,
    reading: Reading,
    settings: Settings,
    outputs: Outputs,
    titles: Titles,
    carry_to: str | None,
    lang: str,
    findings: str | None,
    from_findings: str | None,
) -> None:
    """Read RESPONSES and write the report: a workbook, a page, a deck, or several of them.

    Several files of one survey are merged. Without -o the report is reports/<first input>-report.xlsx under
    the current folder. With --from-findings there are no responses: the report says what is known.
    """
    from pathlib import Path

    context.meta["survey.writes"] = True
    if from_findings:
        _report_findings(context, from_findings, outputs, titles)
        return
    if not reading.files:
        raise click.MissingParameter(
            ctx=context, param=context.command.params[0], param_hint="'RESPONSES...'"
        )

    from survey.counts.row_counts import is_counted
    from survey.disclosure.suppression import check_minimum
    from survey.errors import usage
    from survey.messages import message
    from survey.report.survey import analyze as compose

    targets = outputs.checked(Path("reports") / f"{Path(reading.files[0]).stem}-report.xlsx", *reading.files)
    title_block = titles.block()
    data: Responses | Tally
    if is_counted([Path(name) for name in reading.files]):
        if carry_to:
            raise usage("tally_carried")
        data, quality = count(reading, lang, banners=settings.by or None), None
        hidden = "tally_small_counts" if settings.suppress else ""  # what it advises is being done
        notice(tuple(problem for problem in data.problems if problem.key != hidden), lang)
    else:
        data, quality, _ = read(reading, lang, carry_to=carry_to)
    if settings.suppress:
        check_minimum(settings.suppress_below)
    with phase("progress_analysing", lang):
        report = compose(
            data,
            banner=settings.by or None,
            lang=lang,
            confidence=settings.confidence,
            min_base=settings.min_base,
            small_base=settings.small_base,
            compare=settings.compare,
            only=settings.only,
            suppress=settings.suppress_below if settings.suppress else 0,
            findings=findings,
            quality=quality,
            open_text=settings.open_text,
            models=settings.models,
            sampling_frame=settings.sampling_frame,
            title_block=title_block,
            command=command_line(
                context, "survey analyze", *reading.files, without=("files", "password", *WRITTEN)
            ),
        )
    outputs.write(report, targets, lang, "report_written")
    if len(data) < settings.min_base:
        click.echo(message("few_respondents", lang, count=len(data)), err=True)


# What a report without a data set can be told.
_OF_FINDINGS = ("from_findings", "instrument", "lang", "confidence", *Outputs._fields, *Titles._fields)


def _report_findings(context: click.Context, findings: str, outputs: Outputs, titles: Titles) -> None:
    """Write the report of published findings; whatever is about responses is refused."""
    from pathlib import Path

    from survey.errors import usage
    from survey.published.findings import read_findings
    from survey.report.findings import findings_report

    chosen = context.params
    others = [
        parameter.opts[-1] if isinstance(parameter, click.Option) else parameter.human_readable_name
        for parameter in context.command.params
        if parameter.name not in _OF_FINDINGS
        and context.get_parameter_source(parameter.name or "") is click.core.ParameterSource.COMMANDLINE
    ]
    if others:
        raise usage("from_findings_alone", others=others)
    source, lang = Path(findings), str(chosen["lang"])
    targets = outputs.checked(Path("reports") / f"{source.stem}-known-report.xlsx", source)
    title_block = titles.block()
    command = command_line(context, "survey analyze", without=("files", "password", *WRITTEN))
    with phase("progress_auditing", lang):
        published = read_findings(source, chosen["instrument"])
        report = findings_report(
            published, title_block=title_block, lang=lang, confidence=chosen["confidence"], command=command
        )
    outputs.write(report, targets, lang, "report_written")
