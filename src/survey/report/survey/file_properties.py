"""What a finished report says of itself: the warning on every sheet, and the properties of the file."""

from survey.report.properties import title_lines
from survey.report.survey.context import SurveyContext


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
