"""`survey audit`: which published claims hold, and what the published numbers fix."""

import click

from survey.cli.commands import command
from survey.cli.options import check_target, lang_option, progress


@command()
@click.argument("findings", type=click.Path())
@click.option("-o", "--output", metavar="AUDIT", type=click.Path(), help="help_output_audit")
@click.option("--instrument", metavar="REF", help="help_instrument_of_findings")
@lang_option
@click.pass_context
def audit(
    context: click.Context, findings: str, output: str | None, instrument: str | None, lang: str
) -> None:
    """Check published FINDINGS (.csv): every figure, every base, every statement, and bounds of the rest.

    Nothing but the published numbers is used. What they do not decide is called undetermined.
    """
    from pathlib import Path

    from survey.messages import message
    from survey.published.audit.verdicts import audit as examine
    from survey.published.audit.verdicts import summary_lines
    from survey.published.findings import read_findings

    if output:
        context.meta["survey.writes"] = True
        check_target(Path(output), Path(findings))
    progress("progress_auditing", lang)
    verdicts = examine(read_findings(findings, instrument), lang=lang)
    for line in summary_lines(verdicts):
        click.echo(line)
    if output:
        from survey.render import write_report
        from survey.report.findings import audit_report

        command = f"survey audit {Path(findings).name} -o {Path(output).name}"
        write_report(audit_report(verdicts, command=command), output)
        click.echo(message("audit_written", lang, path=output))
