"""The report of coded interviews: `Segments` -> `Report`, and its sheets in their order."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from survey.document import Report, Sheet
from survey.errors import usage
from survey.ingest import Responses
from survey.messages import LANGUAGES
from survey.report.interviews import (
    agreement,
    coverage,
    joint_display,
    method,
    participation,
    summary,
)
from survey.report.interviews.context import InterviewContext
from survey.statistics.intervals import check_confidence

if TYPE_CHECKING:
    import pandas as pd

    from survey.instrument.joint_displays import JointDisplay
    from survey.interviews import Segments

# Each builder gives none, one or several sheets. Adding a sheet is one line here.
INTERVIEW_SHEETS: tuple[Callable[[InterviewContext], list[Sheet]], ...] = (
    summary.contents,
    summary.summary,
    coverage.matrices,
    coverage.cases,
    coverage.published,
    coverage.thematic_map,
    coverage.saturation_sheet,
    coverage.together,
    participation.attribution,
    participation.opposite_sides,
    participation.claims_sheet,
    participation.voices_sheet,
    agreement.agreement,
    joint_display.joint,
    participation.segments_sheet,
    method.method,
    method.codebook,
)


def analyze_interviews(
    segments: "Segments",
    *,
    lang: str = "en",
    confidence: float = 0.95,
    base_size: int = 4,
    run_length: int = 2,
    threshold: float = 0.05,
    draws: int = 10_000,
    seed: int = 1,
    similarity: float = 0.9,
    gists: bool = True,
    quotations: bool = False,
    claims: "str | Path | pd.DataFrame | None" = None,
    responses: Responses | None = None,
    joint: "str | Path | JointDisplay | None" = None,
    command: str = "",
    password: str | None = None,
) -> Report:
    """Compose the report of coded interviews. Nothing is written; `write_report` does that.

    Parameters
    ----------
    lang
        Language of labels and of the report's own wording: "en" or "zh".
    confidence
        Level of the exact intervals, as a fraction.
    base_size, run_length, threshold, draws, seed
        The settings of `saturation`.
    similarity
        From which similarity on two texts may be the same quotation: see `attribution_conflicts`.
    gists, quotations
        Whether paraphrases, and whether the words of the interviewees, are shown.
    responses, joint
        Responses of a survey to put beside the interviews, and the crosswalk between the two: see
        `joint_display`.
    claims
        Statements to hold against the people behind their codes: see `check_claims`.
    command
        What was typed, for the sheet on methods.
    password
        Opens an encrypted workbook of claims.

    Raises
    ------
    UsageError
        An unknown language, or an argument outside its range.
    """
    check_confidence(confidence)
    if lang not in LANGUAGES:
        raise usage("language_unknown", lang=lang, known=", ".join(LANGUAGES))
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
        responses=responses,
        joint=joint,
        command=command,
        password=password,
    )
    sheets = tuple(sheet for build in INTERVIEW_SHEETS for sheet in build(context))
    properties = {
        "title": sheets[0].title,
        "subject": segments.codebook.reference,
        "creator": "expansion-survey",
        "description": " ".join(context.provenance),
    }
    return Report(lang, sheets, "", properties)
