"""The report of a survey: `Responses` -> `Report`. Pure composition; every number comes from `statistics`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from survey.disclosure.suppression import check_minimum
from survey.document import Report, Sheet
from survey.errors import usage
from survey.ingest import Responses
from survey.messages import LANGUAGES
from survey.report.properties import date_of_wave
from survey.report.survey import (
    crosstabs,
    inference,
    method,
    numbers,
    protected,
    questions,
    sample_size,
    summary,
)
from survey.report.survey import quality as quality_sheets
from survey.report.survey.context import SurveyContext
from survey.statistics.crosstabs import check_compare, check_only
from survey.statistics.intervals import check_confidence, check_min_base

if TYPE_CHECKING:
    from survey.ingest.quality import Quality
    from survey.published.findings import Findings

# The sheets in their order; each builder gives none, one or several. Adding a sheet is one line here.
SHEETS: tuple[Callable[[SurveyContext], list[Sheet]], ...] = (
    summary.contents,
    summary.summary,
    questions.importance,
    questions.questions,
    questions.banner,
    numbers.numbers,
    numbers.texts,
    crosstabs.crossed,
    crosstabs.comparisons,
    inference.ranks,
    inference.associations,
    inference.together,
    sample_size.precision_sheet,
    method.published,
    method.quality,
    quality_sheets.rules,
    method.method,
    method.codebook,
)

# The sheets of a report whose small cells are hidden: those alone that are protected.
PROTECTED_SHEETS: tuple[Callable[[SurveyContext], list[Sheet]], ...] = (
    protected.contents,
    protected.summary,
    protected.importance,
    protected.questions,
    protected.crossed,
    method.method,
    method.codebook,
)


def analyze(
    responses: Responses,
    *,
    by: str | None = None,
    lang: str = "en",
    confidence: float = 0.95,
    min_base: int = 5,
    compare: str = "complement",
    only: str | None = None,
    suppress: int = 0,
    findings: "Findings | str | Path | None" = None,
    command: str = "",
    quality: "Quality | None" = None,
    open_text: bool = False,
) -> Report:
    """Compose the whole report. Nothing is written; `write_report` does that.

    Parameters
    ----------
    by
        The banner of the cross-tabs, a single or select-all question; the instrument's default where None.
    lang
        Language of labels and of the report's own wording: "en" or "zh".
    confidence
        Level of every interval, as a fraction; 1 - confidence is the level of the tests.
    min_base
        Bases below it are marked [low] and never tested; at least 1.
    compare
        "complement", or "columns": the cross-tabs show too which groups differ from each other, as letters.
    only
        "exclusive" or "mixed": the groups of the cross-tabs and group tests hold those who are in no other
        group, or in another one too. Overlaps, association and precision are about whole groups all the same.
    suppress
        Counts of 1 to `suppress` - 1 are hidden, with enough others that nobody can work them back from the
        workbook. It then has only the sheets that can be protected. 0 hides nothing.
    findings
        Published findings to compare with. Where None: the packaged ones of the same instrument and wave,
        if the data say which wave they are. A subset is not compared.
    command
        What was typed, for the sheet on methods.
    quality
        What `screen` found, where it left rows out; else the rules look at these responses.
    open_text
        Print what respondents wrote in their own words; otherwise it is only counted.

    Raises
    ------
    UsageError
        An unknown question or language, or an argument outside its range.
    """
    check_confidence(confidence)
    if lang not in LANGUAGES:
        raise usage("language_unknown", lang=lang, known=list(LANGUAGES))
    check_min_base(min_base, least=1)
    check_compare(compare)
    check_only(only)
    if suppress:
        check_minimum(suppress)
        if compare == "columns":
            raise usage("suppress_columns")
        if open_text:
            raise usage("suppress_open_text")
    instrument = responses.instrument
    banner = by or instrument.defaults.banner
    context = SurveyContext(
        responses=responses,
        banner=instrument.question(banner, "single", "multiple") if banner else None,
        lang=lang,
        confidence=confidence,
        min_base=min_base,
        findings=_findings(responses, findings),
        command=command,
        quality=quality,
        compare=compare,
        only=only,
        minimum=suppress,
        open_text=open_text,
    )
    builders = PROTECTED_SHEETS if suppress else SHEETS
    sheets = tuple(sheet for build in builders for sheet in build(context))
    provenance = responses.provenance
    warnings = []
    if provenance.reconstructed:
        warnings.append(context.say("reconstructed_warning"))
    if context.subset_text:
        warnings.append(context.subset_text)
    properties = {
        "title": context.say("report_title", title=sheets[0].title),
        "subject": instrument.reference,
        "creator": "expansion-survey",
        "description": " ".join([*warnings, *_source_lines(context)]),
        "keywords": "reconstructed" if provenance.reconstructed else "",
        "date": date_of_wave(provenance.wave),
    }
    return Report(lang, sheets, " ".join(warnings), properties)


def quality_report(responses: Responses, quality: "Quality", *, lang: str = "en") -> Report:
    """Compose the workbook of `survey check`: the accounting, the rules, the rows they found."""
    context = SurveyContext(responses=responses, lang=lang, quality=quality)
    title = context.say("quality_report_title", file=responses.provenance.file_names)
    about = context.say("contents_about", count=len(responses), instrument=responses.instrument.reference)
    sheets = [
        Sheet(context.say("sheet_contents"), title, lines=(about,)),
        *method.quality(context),
        *quality_sheets.rules(context),
    ]
    properties = {"title": title, "subject": responses.instrument.reference, "creator": "expansion-survey"}
    return Report(lang, tuple(sheets), context.subset_text, properties)


def _source_lines(context: SurveyContext) -> list[str]:
    """Source and licence, as far as instrument and data say them."""
    said = [context.say("contents_source", source=source) for source in context.instrument.sources]
    if licence := context.responses.provenance.licence:
        said.append(context.say("about_entry", name=context.say("origin_licence"), value=licence))
    return said


def _findings(responses: Responses, told: "Findings | str | Path | None") -> "Findings | None":
    from survey.published.findings import Findings, findings_for, read_findings

    if responses.subset or responses.provenance.subset:
        return None
    if isinstance(told, Findings):
        return told
    path = told or findings_for(responses.instrument, responses.provenance.wave)
    return read_findings(path, responses.instrument) if path else None
