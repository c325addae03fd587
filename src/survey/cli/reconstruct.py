"""`survey reconstruct`: a data set that meets the published figures."""

from collections.abc import Callable

import click

from survey.cli.parts import check_target, lang_option, progress


@click.command()
@click.argument("findings", type=click.Path())
@click.option(
    "-o", "--output", metavar="RESPONSES", type=click.Path(), required=True, help="The workbook (.xlsx)."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed gives another data set.")
@click.option(
    "--marks",
    metavar="N",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="Draws behind what the report says of each result: fixed, bounded or open; 0: nothing.",
)
@click.option(
    "--instrument", metavar="REF", help="ID, ID@VERSION or a YAML file; told by the findings if not given."
)
@lang_option
@click.pass_context
def reconstruct(
    context: click.Context,
    findings: str,
    output: str,
    seed: int,
    marks: int,
    instrument: str | None,
    lang: str,
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
    if marks:
        from survey.analysis import mark_results

        progress("progress_marking", lang, draws=marks)
        made = mark_results(made, published, draws=marks, seed=seed, tell=_telling(marks, lang))
    write_responses(made, output, lang=lang)
    if made.origin.get("not_met"):
        click.echo(message("reconstruct_not_met", lang, claims=made.origin["not_met"]), err=True)
    click.echo(message("responses_written", lang, path=output))


def _telling(draws: int, lang: str) -> Callable[[int], None]:
    """Say now and then how many draws are done."""
    step = max(1, draws // 5)

    def tell(done: int) -> None:
        if not done % step:
            progress("progress_marked", lang, done=done, draws=draws)

    return tell
