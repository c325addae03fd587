"""`survey reconstruct`: a data set that meets the published figures."""

import click

from survey.cli.parts import check_target, lang_option, progress


@click.command()
@click.argument("findings", type=click.Path())
@click.option(
    "-o", "--output", metavar="RESPONSES", type=click.Path(), required=True, help="The workbook (.xlsx)."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed gives another data set.")
@click.option(
    "--instrument", metavar="REF", help="ID, ID@VERSION or a YAML file; told by the findings if not given."
)
@lang_option
@click.pass_context
def reconstruct(
    context: click.Context, findings: str, output: str, seed: int, instrument: str | None, lang: str
) -> None:
    """Make a data set that meets every published figure of FINDINGS (.csv) that a count can meet.

    The workbook says everywhere that it is a reconstruction: one possibility among many, not data.
    """
    from pathlib import Path

    from survey.ingest import write_responses
    from survey.messages import message
    from survey.published import read_findings
    from survey.published.reconstruction import reconstruct as make

    context.meta["survey.writes"] = True
    check_target(Path(output), Path(findings))
    progress("progress_reconstructing", lang)
    published = read_findings(findings, instrument)
    made = make(published, seed=seed)
    write_responses(made, output, lang=lang)
    if made.origin.get("not_met"):
        click.echo(message("reconstruct_not_met", lang, claims=made.origin["not_met"]), err=True)
    click.echo(message("responses_written", lang, path=output))
