"""`survey interviews analyze`: from coded segments to the report workbook."""

from typing import TYPE_CHECKING

import click

from survey.cli.commands import command
from survey.cli.options import (
    SegmentReading,
    check_target,
    command_line,
    lang_option,
    pictures_option,
    progress,
    read_interviews,
    segment_options,
)

if TYPE_CHECKING:
    from survey.ingest import Responses
    from survey.interviews import Segments


@command()
@segment_options
@click.option("-o", "--output", metavar="REPORT", type=click.Path(), help="The report (.xlsx).")
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
@click.option("--survey-sheet", metavar="NAME", help="The sheet of --survey, where several could hold it.")
@click.option("--joint", metavar="REF", help="The crosswalk to the survey: ID, ID@VERSION or a YAML file.")
@click.option("--quotations", is_flag=True, help="Show the words of the interviewees, too.")
@click.option("--no-gists", is_flag=True, help="Leave the paraphrases out.")
@pictures_option
@click.pass_context
def analyze(
    context: click.Context,
    reading: SegmentReading,
    output: str | None,
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
    survey_sheet: str | None,
    joint: str | None,
    quotations: bool,
    no_gists: bool,
    no_pictures: bool,
) -> None:
    """Count what the coded SEGMENTS add up to, and write the report workbook.

    Without -o the report is reports/<input>-report.xlsx under the current folder.
    """
    from pathlib import Path

    from survey.errors import DataError, Place, Problem
    from survey.interviews import check_privacy
    from survey.messages import message
    from survey.render import write_report
    from survey.report.interviews import analyze_interviews

    context.meta["survey.writes"] = True
    target = Path(output) if output else Path("reports") / f"{Path(reading.segments).stem}-report.xlsx"
    check_target(target, *reading.inputs, *(path for path in (claims, survey) if path))
    segments = read_interviews(reading, lang)
    if segments.data.empty:
        raise DataError(Problem("segments_none", Place(file=Path(reading.segments).name)))
    if coder:
        segments = _coded_by(segments, coder)
    progress("progress_analysing", lang)
    report = analyze_interviews(
        segments,
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
        responses=_responses(survey, instrument, survey_sheet, joint, reading.password),
        joint=joint,
        command=command_line(
            context, "survey interviews analyze", reading.segments, without=("segments", "output", "password")
        ),
        password=reading.password,
    )
    progress("progress_writing", lang)
    write_report(report, target, pictures=not no_pictures)
    flagged = len(check_privacy(segments))
    if flagged:
        click.echo(message("privacy_before_passing_on", lang, count=flagged, file=reading.segments), err=True)
    click.echo(message("report_written", lang, path=target))


# What is said of a sheet of responses, where --sheet is that of the segments.
_OF_SURVEY = {"sheets_several": "survey_sheets_several", "sheet_not_found": "survey_sheet_not_found"}


def _responses(
    path: str | None, instrument: str | None, sheet: str | None, joint: str | None, password: str | None
) -> "Responses | None":
    from dataclasses import replace

    from survey.errors import UsageError, usage
    from survey.ingest import read_responses

    for option, given in (("--joint", joint), ("--instrument", instrument), ("--survey-sheet", sheet)):
        if path is None and given is not None:
            raise usage("joint_needs_survey", option=option)
    if path is None:
        return None
    try:
        return read_responses(path, instrument, sheet=sheet, password=password)
    except UsageError as error:
        named = [replace(problem, key=_OF_SURVEY.get(problem.key, problem.key)) for problem in error.problems]
        raise UsageError(*named) from None


def _coded_by(segments: "Segments", coders: tuple[str, ...]) -> "Segments":
    from survey.errors import usage

    known = list(dict.fromkeys(segments.data["coder"].dropna()))
    for name in coders:
        if name not in known:
            raise usage("coder_unknown", coder=name, known=", ".join(known) or "-")
    return segments.coded_by(*coders)
