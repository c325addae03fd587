"""`survey interviews analyze`: from coded segments to the report workbook."""

from typing import TYPE_CHECKING, NamedTuple

import click

from survey.cli.commands import command
from survey.cli.options import REFERENCE, Reading, command_line, gather, lang_option, notice, read
from survey.cli.progress import phase
from survey.cli.report_options import WRITTEN, Outputs, Titles, output_options, title_options
from survey.cli.segment_options import SegmentReading, read_interviews, segment_options

if TYPE_CHECKING:
    from survey.ingest import Responses
    from survey.interviews import Segments


class Settings(NamedTuple):
    """What the words of the command say about counting; named as `survey.analyze_interviews` names it."""

    by: str | None
    confidence: float
    base_size: int
    run_length: int
    threshold: float
    draws: int
    seed: int
    similarity: float


class Survey(NamedTuple):
    """What the words of the command say about what to put beside: statements to check, and a survey."""

    claims: str | None
    survey: str | None
    instrument: str | None
    survey_sheet: str | None
    dialect: str | None
    mapping: str | None
    wave: str | None
    joint: str | None
    beside: tuple[str, ...]


class Shown(NamedTuple):
    """What the words of the command say about what the report shows."""

    quotations: bool
    no_gists: bool


@command()
@segment_options
@output_options
@title_options
@click.option("--coder", metavar="NAME", multiple=True, help="help_coder")
@lang_option
@click.option("--by", metavar="ATTRIBUTE", help="help_by_attribute")
@click.option("--confidence", type=float, default=0.95, show_default=True, help="help_confidence_exact")
@click.option("--base-size", type=int, default=4, show_default=True, help="help_base_size")
@click.option("--run-length", type=int, default=2, show_default=True, help="help_run_length")
@click.option(
    "--threshold",
    type=float,
    default=0.05,
    show_default=True,
    help="help_threshold",
)
@click.option("--draws", type=int, default=10_000, show_default=True, help="help_draws_of_orders")
@click.option("--seed", type=int, default=1, show_default=True, help="help_seed_of_orders")
@click.option(
    "--similarity",
    type=float,
    default=0.9,
    show_default=True,
    help="help_similarity",
)
@click.option("--claims", metavar="PATH", type=click.Path(), help="help_claims")
@click.option("--survey", metavar="RESPONSES", type=click.Path(), help="help_survey")
@click.option("--instrument", metavar="REF", type=REFERENCE, help="help_instrument_of_survey")
@click.option("--survey-sheet", metavar="NAME", help="help_survey_sheet")
@click.option("--dialect", metavar="NAME", help="help_dialect_of_survey")
@click.option("--map", "mapping", metavar="MAP", type=click.Path(), help="help_map_of_survey")
@click.option("--wave", metavar="LABEL", help="help_wave_of_survey")
@click.option("--joint", metavar="REF", help="help_joint")
@click.option("--beside", metavar="SEGMENTS", type=click.Path(), multiple=True, help="help_beside")
@click.option("--quotations", is_flag=True, help="help_quotations")
@click.option("--no-gists", is_flag=True, help="help_no_gists")
@gather("settings", Settings)
@gather("beside", Survey)
@gather("shown", Shown)
@click.pass_context
def analyze(
    context: click.Context,
    *,
    reading: SegmentReading,
    settings: Settings,
    beside: Survey,
    shown: Shown,
    outputs: Outputs,
    titles: Titles,
    coder: tuple[str, ...],
    lang: str,
) -> None:
    """Count what the coded SEGMENTS add up to, and write the report: a workbook, a page, a deck.

    Without -o the report is reports/<input>-report.xlsx under the current folder.
    """
    from pathlib import Path

    from survey.errors import DataError, Place, Problem
    from survey.interviews import check_privacy
    from survey.messages import message
    from survey.report.interviews import analyze_interviews
    from survey.wording import output_stem

    context.meta["survey.writes"] = True
    targets = outputs.checked(
        Path("reports") / f"{output_stem(reading.segments)}-report.xlsx",
        *reading.inputs,
        *(path for path in (beside.claims, beside.survey, *beside.beside) if path),
    )
    title_block = titles.block()
    segments = read_interviews(reading, lang, by=settings.by)
    if segments.data.empty:
        raise DataError(Problem("segments_none", Place(file=Path(reading.segments).name)))
    if coder:
        segments = _coded_by(segments, coder)
    responses = _responses(beside, reading.password, lang)
    others = [_segments_of(path, reading.password, lang) for path in beside.beside]
    with phase("progress_analysing", lang):
        report = analyze_interviews(
            segments,
            lang=lang,
            **settings._asdict(),
            gists=not shown.no_gists,
            quotations=shown.quotations,
            claims=beside.claims,
            responses=responses,
            joint=beside.joint,
            beside=others or None,
            title_block=title_block,
            command=command_line(
                context,
                "survey interviews analyze",
                reading.segments,
                without=("segments", "password", *WRITTEN),
            ),
            password=reading.password,
        )
    outputs.write(report, targets, lang, "report_written")
    for path, study in zip((reading.segments, *beside.beside), (segments, *others), strict=True):
        if flagged := len(check_privacy(study)):
            click.echo(message("privacy_before_passing_on", lang, count=flagged, file=path), err=True)


_NO_FILE = ("file_not_found", "file_is_folder", "file_is_stream")  # which no other option of reading mends


def _segments_of(path: str, password: str | None, lang: str) -> "Segments":
    """Read the segments of another study, and tell once what a user must know of them.

    The options of reading are about SEGMENTS: what needs some is made a workbook of ours first.
    """
    from pathlib import Path

    from survey.errors import DataError, Place, Problem, UsageError
    from survey.interviews import read_segments

    place = Place(file=Path(path).name)
    try:
        study = read_segments(path, password=password)
    except UsageError as error:
        if any(problem.key in _NO_FILE for problem in error.problems):
            raise
        raise UsageError(*error.problems, Problem("beside_convert", place)) from None
    if study.data.empty:
        raise DataError(Problem("segments_none", place))
    notice(study.problems, lang)
    return study


# What is said of a sheet of responses, where --sheet is that of the segments.
_OF_SURVEY = {"sheets_several": "survey_sheets_several", "sheet_not_found": "survey_sheet_not_found"}


def _responses(beside: Survey, password: str | None, lang: str) -> "Responses | None":
    """Read the survey as `survey analyze` does: the same respondents, and the same told."""
    from dataclasses import replace

    from survey.errors import UsageError, usage

    if beside.survey is None:
        for field in ("joint", "beside", "instrument", "survey_sheet", "dialect", "mapping", "wave"):
            if getattr(beside, field) not in (None, ()):
                option = "--map" if field == "mapping" else f"--{field.replace('_', '-')}"
                raise usage("joint_needs_survey", option=option)
        return None
    wanted = Reading(
        (beside.survey,),
        beside.instrument,
        sheet=beside.survey_sheet,
        dialect=beside.dialect,
        mapping=beside.mapping,
        password=password,
        wave=beside.wave,
    )
    try:
        return read(wanted, lang).responses
    except UsageError as error:
        named = [replace(problem, key=_OF_SURVEY.get(problem.key, problem.key)) for problem in error.problems]
        raise UsageError(*named) from None


def _coded_by(segments: "Segments", coders: tuple[str, ...]) -> "Segments":
    from survey.errors import usage

    known = list(dict.fromkeys(segments.data["coder"].dropna()))
    for name in coders:
        if name not in known:
            raise usage("coder_unknown", coder=name, known=list(known) or "-")
    return segments.coded_by(*coders)
