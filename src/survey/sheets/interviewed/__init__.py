"""The sheets of a report of coded interviews, in their order."""

from collections.abc import Callable

from survey.report.model import Sheet
from survey.sheets.interviewed import closing, coders, evidence, joined, opening, people
from survey.sheets.interviewed.plan import InterviewPlan

# Each builder gives none, one or several sheets. Adding a sheet is one line here.
INTERVIEW_SHEETS: tuple[Callable[[InterviewPlan], list[Sheet]], ...] = (
    opening.contents,
    opening.summary,
    evidence.matrices,
    evidence.cases,
    evidence.published,
    evidence.thematic_map,
    evidence.saturation_sheet,
    evidence.together,
    people.attribution,
    people.opposite_sides,
    people.claims_sheet,
    people.voices_sheet,
    coders.agreement,
    joined.joint,
    people.segments_sheet,
    closing.method,
    closing.codebook,
)
