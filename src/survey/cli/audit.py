"""`survey audit`: which published claims hold, and what the published numbers fix."""

import click

from survey.cli.commands import command
from survey.cli.options import REFERENCE, command_line, lang_option
from survey.cli.progress import phase
from survey.cli.report_options import WRITTEN, Outputs, Titles, output_options, title_options


@command()
@click.argument("findings", type=click.Path())
@output_options
@title_options
@click.option("--instrument", metavar="REF", type=REFERENCE, help="help_instrument_of_findings")
@lang_option
@click.pass_context
def audit(
    context: click.Context,
    *,
    outputs: Outputs,
    titles: Titles,
    findings: str,
    instrument: str | None,
    lang: str,
) -> None:
    """Check published FINDINGS (.csv): every figure, every base, every statement, and bounds of the rest.

    Nothing but the published numbers is used. What they do not decide is called undetermined.
    """
    from pathlib import Path

    from survey.published.audit.verdicts import audit as examine
    from survey.published.audit.verdicts import summary_lines
    from survey.published.findings import read_findings

    context.meta["survey.writes"] = bool(outputs.output)
    targets = outputs.checked(None, Path(findings))
    title_block = titles.block()
    with phase("progress_auditing", lang):
        verdicts = examine(read_findings(findings, instrument), lang=lang)
    for line in summary_lines(verdicts):
        click.echo(line)
    if targets:
        from survey.report.findings import audit_report

        written = ("findings", *WRITTEN)
        command = command_line(context, "survey audit", Path(findings).name, without=written)
        report = audit_report(verdicts, title_block=title_block, command=command)
        outputs.write(report, targets, lang, "audit_written")
