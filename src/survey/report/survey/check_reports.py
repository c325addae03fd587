"""Workbooks about the data alone: whether they are sound (`survey check`), what they can show."""

from collections.abc import Sequence
from dataclasses import replace

from survey.arguments import check_lang
from survey.counts.row_counts import DataLike, data_of
from survey.document import Report, TitleBlock
from survey.ingest import Responses, ResponsesLike, responses_of
from survey.ingest.deriving import crossed
from survey.ingest.quality import Quality, screen
from survey.instrument.derived import CROSSED
from survey.report.survey import notes, precision
from survey.report.survey import quality as quality_sheet
from survey.report.survey.context import SurveyContext
from survey.report.survey.file_properties import properties_of
from survey.report.survey.population import report_population
from survey.report.survey.report_arguments import banners_of, check_quality
from survey.statistics.finite_population import Population
from survey.statistics.intervals import check_confidence


def quality_report(responses: ResponsesLike, *, quality: Quality | None = None, lang: str = "en") -> Report:
    """Compose the workbook of `survey check`: the accounting, the rules, the rows they found.

    Parameters
    ----------
    responses
        As read, or the path of their file.
    quality
        What `screen` found, where it has been asked: `responses` are then those that stayed. Else it is asked
        here, and rows that rules leave out are left out.
    lang
        Language of labels and of the report's own wording, such as "zh".

    Raises
    ------
    UsageError
        There is no such file or language.
    DataError
        The file cannot be read, or nobody would stay.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> responses = survey.from_frame(pd.DataFrame({"firm_type": ["biotech"] * 3}), "executive-survey")
    >>> [sheet.name for sheet in survey.quality_report(responses).sheets]
    ['Quality', 'Rows', 'Notes']
    """
    check_lang(lang)
    check_quality(quality)
    responses = responses_of(responses)
    if quality is None:
        responses, quality = screen(responses, lang=lang)
    context = SurveyContext(responses=responses, lang=lang, quality=quality)
    title = context.say("quality_report_title", file=responses.provenance.file_names)
    sheets = (*quality_sheet.check_sheets(context), *notes.sheets(context, silences=False))
    properties = {"title": title, "subject": responses.instrument.reference, "creator": "expansion-survey"}
    block = TitleBlock(title=title)
    notes_made = tuple(context.notes)
    return Report(lang, sheets, context.subset_text, properties, notes_made, title_block=block)


def precision_report(
    data: DataLike,
    *,
    banner: str | Sequence[str] | None = None,
    population: Population | None = None,
    confidence: float = 0.95,
    lang: str = "en",
) -> Report:
    """Compose the workbook of `survey precision`: margins of error, differences, samples, and their notes.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    banner
        The questions by whose groups it is also said; the instrument's default where None.
    population
        How many there are; see `survey.precision`.
    confidence
        Level of the margins of error.
    lang
        Language of the report.

    Raises
    ------
    UsageError, DataError
        As `survey.precision`.
    """
    check_lang(lang)
    check_confidence(confidence)
    named = [banner] if isinstance(banner, str) else list(banner or ())
    responses = data_of(data, named or None)
    banners = banners_of(responses, named)
    if isinstance(responses, Responses):
        responses = crossed(responses, [one.id for one in banners if CROSSED in one.id])
    context = SurveyContext(
        responses=responses,
        banners=tuple(responses.instrument.banner(one.id) for one in banners),
        lang=lang,
        confidence=confidence,
        population=report_population(population, banners),
    )
    sheets = (*precision.sheets(context), *notes.sheets(context, silences=False))
    reconstructed = context.say("reconstructed_warning") if responses.provenance.reconstructed else ""
    warning = context.sentences(reconstructed, context.subset_text)
    made = Report(lang, sheets, warning, properties_of(context), tuple(context.notes))
    return replace(made, title_block=context.about, data_note=context.data_note)
