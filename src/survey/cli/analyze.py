"""`survey analyze`: from a workbook of responses to the report workbook."""

import click

from survey.cli.commands import command
from survey.cli.options import (
    Reading,
    carry_option,
    check_target,
    command_line,
    lang_option,
    pictures_option,
    progress,
    read,
    reading_options,
)


@command()
@reading_options(required=False)
@carry_option
@click.option(
    "--by", metavar="QUESTION", help="Banner of the cross-tabs; the instrument's default if not given."
)
@click.option("-o", "--output", metavar="REPORT", type=click.Path(), help="The report (.xlsx).")
@lang_option
@click.option(
    "--confidence", type=float, default=0.95, show_default=True, help="Level of the intervals, 0 to 1."
)
@click.option(
    "--min-base", type=int, default=5, show_default=True, help="Smaller bases are marked, never tested."
)
@click.option(
    "--compare",
    metavar="WITH",
    default="complement",
    show_default=True,
    help='"columns" adds letters: which groups differ from each other.',
)
@click.option(
    "--only",
    metavar="WHICH",
    help='"exclusive" or "mixed": groups of those in no other group, or in another one too.',
)
@click.option("--suppress", is_flag=True, help="Hide small cells, and what would give them away.")
@click.option(
    "--suppress-below", metavar="N", type=int, default=5, show_default=True, help="Smaller counts are small."
)
@click.option(
    "--findings", metavar="PATH", type=click.Path(), help="Published findings to compare with (CSV)."
)
@click.option(
    "--from-findings",
    metavar="PATH",
    type=click.Path(),
    help="No responses: report what published findings (CSV) say, without a data set.",
)
@click.option("--open-text", is_flag=True, help="Print what respondents wrote; otherwise it is only counted.")
@pictures_option
@click.pass_context
def analyze(
    context: click.Context,
    reading: Reading,
    carry_to: str | None,
    by: str | None,
    output: str | None,
    lang: str,
    confidence: float,
    min_base: int,
    compare: str,
    only: str | None,
    suppress: bool,
    suppress_below: int,
    findings: str | None,
    from_findings: str | None,
    open_text: bool,
    no_pictures: bool,
) -> None:
    """Read RESPONSES and write the report workbook.

    Several files of one survey are merged. Without -o the report is reports/<first input>-report.xlsx under
    the current folder. With --from-findings there are no responses: the report says what is known.
    """
    from pathlib import Path

    context.meta["survey.writes"] = True
    if from_findings:
        _report_findings(context, from_findings)
        return
    if not reading.files:
        raise click.MissingParameter(
            ctx=context, param=context.command.params[0], param_hint="'RESPONSES...'"
        )

    from survey.disclosure.suppression import check_minimum
    from survey.messages import message
    from survey.render import write_report
    from survey.report.survey import analyze as compose

    target = Path(output) if output else Path("reports") / f"{Path(reading.files[0]).stem}-report.xlsx"
    check_target(target, *reading.files)
    responses, quality, _ = read(reading, lang, carry_to=carry_to)
    if suppress:
        check_minimum(suppress_below)
    progress("progress_analysing", lang)
    report = compose(
        responses,
        banner=by,
        lang=lang,
        confidence=confidence,
        min_base=min_base,
        compare=compare,
        only=only,
        suppress=suppress_below if suppress else 0,
        findings=findings,
        quality=quality,
        open_text=open_text,
        command=command_line(
            context, "survey analyze", *reading.files, without=("files", "output", "password")
        ),
    )
    progress("progress_writing", lang)
    write_report(report, target, pictures=not no_pictures)
    if len(responses) < min_base:
        click.echo(message("few_respondents", lang, count=len(responses)), err=True)
    click.echo(message("report_written", lang, path=target))


# What a report without a data set can be told.
_OF_FINDINGS = ("from_findings", "instrument", "output", "lang", "confidence", "no_pictures")


def _report_findings(context: click.Context, findings: str) -> None:
    """Write the report of published findings; whatever is about responses is refused."""
    from pathlib import Path

    from survey.errors import usage
    from survey.messages import message
    from survey.published.findings import read_findings
    from survey.render import write_report
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
    target = Path(chosen["output"] or Path("reports") / f"{source.stem}-known-report.xlsx")
    check_target(target, source)
    progress("progress_auditing", lang)
    published = read_findings(source, chosen["instrument"])
    command = command_line(context, "survey analyze", without=("files", "output", "password"))
    report = findings_report(published, lang=lang, confidence=chosen["confidence"], command=command)
    progress("progress_writing", lang)
    write_report(report, target, pictures=not chosen["no_pictures"])
    click.echo(message("report_written", lang, path=target))
