"""`survey interviews analyze`: from coded segments to the report workbook."""

from typing import TYPE_CHECKING

import click

from survey.cli.commands import command
from survey.cli.options import check_target, command_line, lang_option, pictures_option, progress

if TYPE_CHECKING:
    from survey.ingest import Responses
    from survey.interviews import Segments


@command()
@click.argument("segments", type=click.Path())
@click.option("-o", "--output", metavar="REPORT", type=click.Path(), help="The report (.xlsx).")
@click.option(
    "--codebook", metavar="REF", help="ID, ID@VERSION or a YAML file; told by the file if not given."
)
@click.option("--participants", metavar="FILE", type=click.Path(), help="The people: participant, group.")
@click.option("--participant", metavar="COLUMN", help="The column that says who speaks.")
@click.option("--sheet", metavar="NAME", help="The sheet that holds the segments, where several could.")
@click.option(
    "--coder", metavar="NAME", multiple=True, help="Count one coder alone; may be given several times."
)
@lang_option
@click.option(
    "--confidence", type=float, default=0.95, show_default=True, help="Level of the exact intervals, 0 to 1."
)
@click.option(
    "--base-size", type=int, default=4, show_default=True, help="Saturation: interviews that make the base."
)
@click.option("--run-length", type=int, default=2, show_default=True, help="Saturation: interviews in a run.")
@click.option(
    "--threshold",
    type=float,
    default=0.05,
    show_default=True,
    help="Saturation: new codes of the base, 0 to 1.",
)
@click.option("--draws", type=int, default=10_000, show_default=True, help="Orders of interviews drawn.")
@click.option("--seed", type=int, default=1, show_default=True, help="Makes the draws repeatable.")
@click.option(
    "--similarity",
    type=float,
    default=0.9,
    show_default=True,
    help="From here on texts are the same quotation.",
)
@click.option("--claims", metavar="PATH", type=click.Path(), help="Statements to check (CSV or Excel).")
@click.option(
    "--survey", metavar="RESPONSES", type=click.Path(), help="Responses to a survey, to put beside."
)
@click.option(
    "--instrument", metavar="REF", help="The questionnaire of --survey; told by the file if not given."
)
@click.option("--joint", metavar="REF", help="The crosswalk to the survey: ID, ID@VERSION or a YAML file.")
@click.option("--quotations", is_flag=True, help="Show the words of the interviewees, too.")
@click.option("--no-gists", is_flag=True, help="Leave the paraphrases out.")
@click.option(
    "--set-aside", is_flag=True, help="Go on without rows that cannot be read; the report lists them."
)
@click.option("--password", metavar="TEXT", help="Opens an encrypted workbook.")
@pictures_option
@click.pass_context
def analyze(
    context: click.Context,
    segments: str,
    output: str | None,
    codebook: str | None,
    participants: str | None,
    participant: str | None,
    sheet: str | None,
    coder: tuple[str, ...],
    lang: str,
    confidence: float,
    base_size: int,
    run_length: int,
    threshold: float,
    draws: int,
    seed: int,
    similarity: float,
    claims: str | None,
    survey: str | None,
    instrument: str | None,
    joint: str | None,
    quotations: bool,
    no_gists: bool,
    set_aside: bool,
    password: str | None,
    no_pictures: bool,
) -> None:
    """Count what the coded SEGMENTS add up to, and write the report workbook.

    Without -o the report is reports/<input>-report.xlsx under the current folder.
    """
    from pathlib import Path

    from survey.errors import DataError, Place, Problem
    from survey.interviews import check_privacy, read_segments
    from survey.messages import message
    from survey.render import write_report
    from survey.report.interviews import analyze_interviews

    context.meta["survey.writes"] = True
    source = Path(segments)
    target = Path(output) if output else Path("reports") / f"{source.stem}-report.xlsx"
    check_target(target, source)
    progress("progress_reading", lang)
    found = read_segments(
        source,
        codebook,
        participants=participants,
        sheet=sheet,
        participant=participant,
        set_aside=set_aside,
        password=password,
    )
    if found.data.empty:
        raise DataError(*found.problems, Problem("segments_none", Place(file=source.name)))
    if coder:
        found = _coded_by(found, coder)
    progress("progress_analysing", lang)
    report = analyze_interviews(
        found,
        lang=lang,
        confidence=confidence,
        base_size=base_size,
        run_length=run_length,
        threshold=threshold,
        draws=draws,
        seed=seed,
        similarity=similarity,
        gists=not no_gists,
        quotations=quotations,
        claims=claims,
        responses=_responses(survey, instrument, joint),
        joint=joint,
        command=command_line(
            context, "survey interviews analyze", segments, without=("segments", "output", "password")
        ),
    )
    progress("progress_writing", lang)
    write_report(report, target, pictures=not no_pictures)
    for problem in found.problems:
        click.echo(problem.text(lang), err=True)
    flagged = len(check_privacy(found))
    if flagged:
        click.echo(message("privacy_before_passing_on", lang, count=flagged, file=segments), err=True)
    click.echo(message("report_written", lang, path=target))


def _responses(path: str | None, instrument: str | None, joint: str | None) -> "Responses | None":
    from survey.errors import usage
    from survey.ingest import read_responses

    for option, given in (("--joint", joint), ("--instrument", instrument)):
        if path is None and given is not None:
            raise usage("joint_needs_survey", option=option)
    return read_responses(path, instrument) if path is not None else None


def _coded_by(found: "Segments", coders: tuple[str, ...]) -> "Segments":
    from survey.errors import usage

    known = list(dict.fromkeys(found.data["coder"].dropna()))
    for name in coders:
        if name not in known:
            raise usage("coder_unknown", coder=name, known=", ".join(known) or "-")
    return found.coded_by(*coders)
