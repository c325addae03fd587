"""`survey reconstruct`: a data set that meets the published figures, or many of them."""

from typing import TYPE_CHECKING, NamedTuple

import click

from survey.cli.commands import command
from survey.cli.options import REFERENCE, check_target, gather, lang_option
from survey.cli.progress import phase

if TYPE_CHECKING:
    from pathlib import Path

    from survey.published.findings import Findings


class Marking(NamedTuple):
    """What is said of each result: over how many draws, and whether also of the models of needs."""

    marks: int
    models: bool


@command()
@click.argument("findings", type=click.Path())
@click.option(
    "-o",
    "--output",
    metavar="RESPONSES",
    type=click.Path(),
    required=True,
    help="help_output_reconstruction",
)
@click.option("--seed", type=int, default=1, show_default=True, help="help_seed")
@click.option("--draws", type=int, help="help_draws")
@click.option("--format", "form", type=click.Choice(["csv", "parquet"]), help="help_format_draws")
@click.option(
    "--marks",
    metavar="N",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="help_marks",
)
@click.option("--models", is_flag=True, help="help_models_marked")
@click.option("--instrument", metavar="REF", type=REFERENCE, help="help_instrument_of_findings")
@gather("marking", Marking)
@lang_option
@click.pass_context
def reconstruct(
    context: click.Context,
    *,
    findings: str,
    output: str,
    seed: int,
    draws: int | None,
    form: str | None,
    marking: Marking,
    instrument: str | None,
    lang: str,
) -> None:
    """Make a data set that meets every published figure of FINDINGS (.csv) that a count can meet.

    The workbook says everywhere that it is a reconstruction: one possibility among many, not data. --draws
    makes many, as one table with a column "draw", and shows how well they are spread.
    """
    from pathlib import Path

    from survey.errors import usage
    from survey.published.findings import read_findings

    context.meta["survey.writes"] = True
    if draws is None and form is not None:
        raise usage("draws_format_alone")
    if marking.models and (draws is not None or not marking.marks):
        raise usage("marks_models_alone")
    if draws is not None:
        from survey.report.findings import check_reconstructions_target

        check_reconstructions_target(output, form or "csv")
        _check_apart(Path(output), Path(findings))
    else:
        check_target(Path(output), Path(findings))
    published = read_findings(findings, instrument)
    if draws is None:
        _one(published, output, seed, marking, lang)
    else:
        _many(published, output, draws, seed, form or "csv", lang)


def _check_apart(folder: "Path", source: "Path") -> None:
    """Refuse a folder in which the draws would replace the findings."""
    from survey.errors import usage

    if folder.is_dir() and source.exists() and any(source.samefile(one) for one in folder.iterdir()):
        raise usage("target_is_input", path=source)


def _one(published: "Findings", output: str, seed: int, marking: Marking, lang: str) -> None:
    from survey.ingest import write_responses
    from survey.messages import message
    from survey.published.reconstruction.dataset import reconstruct as make

    with phase("progress_reconstructing", lang):
        made = make(published, seed=seed)
    if marking.marks:
        from survey.progress import advance
        from survey.report.survey.marking import mark_results

        with phase("progress_marking", lang, draws=marking.marks):
            made = mark_results(
                made,
                published,
                draws=marking.marks,
                seed=seed,
                models=marking.models,
                progress=lambda draw: advance("draws", draw, marking.marks),
            )
    write_responses(made, output, lang=lang)
    not_met = made.provenance.reconstruction.not_met if made.provenance.reconstruction else ()
    if not_met:
        claims = message("list_separator", lang).join(not_met)
        click.echo(message("reconstruct_not_met", lang, claims=claims), err=True)
    click.echo(message("responses_written", lang, path=output))


def _many(published: "Findings", output: str, draws: int, seed: int, form: str, lang: str) -> None:
    from survey.messages import message
    from survey.published.reconstruction.ensemble import reconstructions
    from survey.report.findings import write_reconstructions

    with phase("progress_reconstructing", lang):
        made = reconstructions(published, draws=draws, seed=seed)
        write_reconstructions(made, output, form=form, lang=lang)
    if made.not_met:
        claims = message("list_separator", lang).join(made.not_met)
        click.echo(message("reconstruct_not_met", lang, claims=claims), err=True)
    judged = made.mixing.dropna(subset=["effective"])
    if len(judged):
        least, most = f"{judged['effective'].min():.0f}", f"{judged['r_hat'].max():.2f}"
        click.echo(message("draws_mixing", lang, draws=draws, least=least, r_hat=most), err=True)
    elif len(made.mixing):
        click.echo(message("draws_mixing_unknown", lang), err=True)
    click.echo(message("draws_written", lang, path=output))
