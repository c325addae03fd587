"""The report of coded interviews: `Segments` -> `Report`, and its sheets in their order."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from survey.arguments import check_lang
from survey.document import Report, Sheet, TitleBlock
from survey.errors import usage
from survey.ingest import ResponsesLike, responses_of
from survey.interviews.joint_display import studies_of
from survey.interviews.reading import segments_of
from survey.report.interviews import (
    both_sides,
    coverage,
    framework,
    joint_display,
    method,
    participation,
    summary,
)
from survey.report.interviews.composing import composed
from survey.report.interviews.context import InterviewContext
from survey.report.properties import title_block_of
from survey.statistics.intervals import check_confidence

if TYPE_CHECKING:
    import pandas as pd

    from survey.instrument.joint_displays import JointDisplay
    from survey.interviews.segments import SegmentsLike

# Each builder gives none, one or several sheets. Adding a sheet is one line here.
INTERVIEW_SHEETS: tuple[Callable[[InterviewContext], list[Sheet]], ...] = (
    summary.summary,
    coverage.codes,
    coverage.matrix,
    framework.framework,
    participation.claims_sheet,
    joint_display.joint,
    coverage.cases,
    coverage.saturation_sheet,
    coverage.together,
    participation.sources,
    both_sides.both_sides_sheet,
    participation.segments_sheet,
    framework.reporting,
    method.notes,
    method.codebook,
)


def analyze_interviews(
    segments: "SegmentsLike",
    *,
    by: str | None = None,
    base_size: int = 4,
    run_length: int = 2,
    threshold: float = 0.05,
    draws: int = 10_000,
    seed: int = 1,
    similarity: float = 0.9,
    gists: bool = True,
    quotations: bool = False,
    claims: "str | Path | pd.DataFrame | None" = None,
    responses: ResponsesLike | None = None,
    joint: "str | Path | JointDisplay | None" = None,
    beside: "SegmentsLike | Sequence[SegmentsLike] | None" = None,
    title_block: TitleBlock | None = None,
    command: str = "",
    password: str | None = None,
    confidence: float = 0.95,
    lang: str = "en",
) -> Report:
    """Compose the report of coded interviews. Nothing is written; `write_report` does that.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    by
        An attribute of the participants that takes the place of their group everywhere in the report.
    base_size, run_length, threshold, draws, seed
        The settings of `saturation`.
    similarity
        From which similarity on two texts may be the same quotation: see `attribution_conflicts`.
    gists, quotations
        Whether paraphrases, and whether the words of the interviewees, are shown.
    claims
        Statements to hold against the people behind their codes: see `check_claims`.
    responses, joint
        Responses of a survey to put beside the interviews (or their path), and the schema that joins the two:
        see `joint_display`.
    beside
        Segments of another study, or a list of several: further voices of the joint display, and of nothing
        else in the report.
    title_block
        Who the report is from and for, and whose data it shows.
    command
        What was typed, for the sheet on methods.
    password
        Opens an encrypted workbook of claims.
    confidence
        Level of the exact intervals, as a fraction.
    lang
        Language of labels and of the report's own wording, such as "zh".

    Raises
    ------
    UsageError
        An unknown language or attribute, an argument outside its range, or `beside` without `responses`.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> [sheet.name for sheet in survey.analyze_interviews(segments, draws=20).sheets][:3]
    ['Summary', 'Codes', 'Matrix']
    """
    check_confidence(confidence)
    check_lang(lang)
    segments = segments_of(segments).grouped_by(by)
    if beside is not None and responses is None:
        raise usage("joint_needs_survey", option="beside")
    context = InterviewContext(
        segments=segments,
        lang=lang,
        confidence=confidence,
        base_size=base_size,
        run_length=run_length,
        threshold=threshold,
        draws=draws,
        seed=seed,
        similarity=similarity,
        gists=gists,
        quotations=quotations,
        claims=claims,
        responses=None if responses is None else responses_of(responses),
        joint=joint,
        beside=() if beside is None else tuple(studies_of(beside)),
        command=command,
        password=password,
    )
    block = title_block_of(title_block)
    about = block.completed(
        title=context.say("interviews_report_title", title=segments.codebook.titled(lang)),
        data_source=segments.origin.get("source", ""),
    )
    codebook = segments.codebook.reference
    return composed(context, INTERVIEW_SHEETS, about, codebook, context.provenance)
