"""What a finished report says of itself: the warning on every sheet, and the properties of the file."""

from typing import TYPE_CHECKING

from survey.arguments import unfit as unfit
from survey.counts.row_rules import tally_quality as tally_quality
from survey.errors import Problem as Problem
from survey.errors import UsageError as UsageError
from survey.ingest.rare_options import Gathered as Gathered
from survey.ingest.rare_options import with_rare_together as with_rare_together
from survey.ingest.sampling_frame import Frame as Frame
from survey.ingest.sampling_frame import frame_of as frame_of
from survey.instrument import Instrument as Instrument
from survey.instrument import Question as Question
from survey.instrument.option import RareOptions as RareOptions
from survey.models import response_rates as response_rates
from survey.report.properties import title_lines
from survey.report.survey.context import SurveyContext
from survey.report.survey.previous_wave import previous_reader as previous_reader
from survey.settings import BY_KEY as BY_KEY
from survey.settings import settings_of as settings_of
from survey.weights.raking import rake_as_planned as rake_as_planned

if TYPE_CHECKING:
    from survey.published.findings import Findings as Findings


def warning_of(context: SurveyContext) -> str:
    """What stands on every sheet: that data are reconstructed, and of whom a part of the data is."""
    made_up = ""
    if context.marks is not None:
        made_up = context.say("reconstructed_report" if context.marks.looked_up else "reconstructed_tally")
    return context.sentences(made_up, context.subset_text)


def properties_of(context: SurveyContext) -> dict[str, str]:
    """The properties of the file: title, what it was made of, its licence."""
    provenance = context.responses.provenance
    return {
        "title": context.about.title,
        "subject": context.instrument.reference,
        "creator": "expansion-survey",
        "description": context.sentences(
            warning_of(context), *title_lines(context.about, context.lang), *_licence_lines(context)
        ),
        "keywords": "reconstructed" if provenance.reconstructed else "",
    }


def _licence_lines(context: SurveyContext) -> list[str]:
    """The licence of the data, as far as they say it."""
    licence = context.responses.provenance.licence
    name = context.say("origin_licence")
    return [context.say("about_entry", name=name, value=licence)] if licence else []
