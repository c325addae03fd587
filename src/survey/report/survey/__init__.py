"""The report of a survey: `Responses` -> `Report`. Pure composition; every number comes from `statistics`."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from survey.arguments import check_lang, unfit
from survey.counts import Tally
from survey.counts.row_counts import DataLike, data_of
from survey.counts.row_rules import tally_quality
from survey.disclosure.suppression import check_minimum
from survey.document import Report, Sheet, TitleBlock
from survey.errors import usage
from survey.ingest import Responses, ResponsesLike, responses_of
from survey.ingest.quality import Quality, screen
from survey.report.marks import with_marks
from survey.report.properties import title_block_of, title_lines
from survey.report.survey import (
    crosstabs,
    inference,
    method,
    numbers,
    questions,
    sample_size,
    summary,
)
from survey.report.survey import quality as quality_sheets
from survey.report.survey.context import SurveyContext
from survey.report.survey.stored_marks import marks_of
from survey.statistics.crosstabs import check_compare, check_only
from survey.statistics.intervals import check_confidence, check_min_base

if TYPE_CHECKING:
    from survey.published.findings import Findings, FindingsLike

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

# The sheets of a report whose small cells are hidden: those alone that are protected together. Whatever
# counts the same respondents in another way (overlaps, pairs of groups or items, ranks, numbers, single
# answers) would give hidden cells away, and is left out; the Contents sheet says so.
PROTECTED_SHEETS: tuple[Callable[[SurveyContext], list[Sheet]], ...] = (
    summary.contents,
    summary.summary,
    questions.importance,
    questions.questions,
    questions.banner,
    crosstabs.crossed,
    method.method,
    method.codebook,
)


def analyze(
    data: DataLike,
    *,
    banner: str | None = None,
    compare: str = "complement",
    only: str | None = None,
    suppress: int = 0,
    findings: "FindingsLike | None" = None,
    quality: Quality | None = None,
    open_text: bool = False,
    title_block: TitleBlock | None = None,
    command: str = "",
    confidence: float = 0.95,
    min_base: int = 5,
    lang: str = "en",
) -> Report:
    """Compose the whole report. Nothing is written; `write_report` does that.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them, which is read as `read_responses` does; of
        a folder of Parquet files a tally is made. A report of a tally lacks what needs respondents, and says
        so.
    banner
        The banner of the cross-tabs, a single or select-all question; the instrument's default where None. Of
        a tally one of those it was made with.
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
    quality
        What `screen` found, where it left rows out; else the rules look at these responses.
    open_text
        Print what respondents wrote in their own words; otherwise it is only counted.
    title_block
        Who the report is from and for, and whose data it shows; what it leaves open, the data may say.
    command
        What was typed, for the sheet on methods.
    confidence
        Level of every interval, as a fraction; 1 - confidence is the level of the tests.
    min_base
        Bases below it are marked [low] and never tested; at least 1.
    lang
        Language of labels and of the report's own wording, such as "zh".

    Raises
    ------
    UsageError
        An unknown question or language, or an argument outside its range.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> responses = survey.from_frame(pd.DataFrame({"firm_type": ["biotech"] * 6}), "executive-survey")
    >>> report = survey.analyze(responses, banner="firm_type")
    >>> [sheet.name for sheet in report.sheets][:3]
    ['Contents', 'Summary', 'Challenges']
    """
    check_confidence(confidence)
    check_lang(lang)
    check_min_base(min_base, least=1)
    check_compare(compare)
    check_only(only)
    if suppress:
        check_minimum(suppress)
        if compare == "columns":
            raise usage("suppress_columns")
        if open_text:
            raise usage("suppress_open_text")
    _check_quality(quality)
    responses = data_of(data)
    instrument = responses.instrument
    banner = banner or instrument.defaults.banner
    if isinstance(responses, Tally):
        banner = _banner_of_tally(responses, banner)
        if open_text:
            raise usage("tally_open_text")
    quality = quality or _quality_of(responses, lang)
    context = SurveyContext(
        responses=responses,
        banner=instrument.question(banner, "single", "multiple") if banner else None,
        lang=lang,
        confidence=confidence,
        min_base=min_base,
        findings=_findings(responses, findings),
        command=command,
        quality=replace(quality, rows=quality.rows.head(MOST_FLAGGED)),
        compare=compare,
        only=only,
        minimum=suppress,
        open_text=open_text,
        title_block=title_block_of(title_block),
    )
    builders = PROTECTED_SHEETS if suppress else SHEETS
    first, *others = (sheet for build in builders for sheet in build(context))
    lines = _lines_of_size(context, quality)
    sheets = (replace(first, lines=(*first.lines, *lines)), *others)
    provenance = responses.provenance
    warnings = []
    if provenance.reconstructed:
        warnings.append(context.say("reconstructed_warning"))
    if context.subset_text:
        warnings.append(context.subset_text)
    properties = {
        "title": context.about.title,
        "subject": instrument.reference,
        "creator": "expansion-survey",
        "description": " ".join([*warnings, *title_lines(context.about, lang), *_licence_lines(context)]),
        "keywords": "reconstructed" if provenance.reconstructed else "",
    }
    report = Report(lang, sheets, " ".join(warnings), properties, title_block=context.about)
    marks = marks_of(context)
    return report if marks is None else with_marks(report, marks)


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
    ['Contents', 'Data quality', 'Quality rules']
    """
    check_lang(lang)
    _check_quality(quality)
    responses = responses_of(responses)
    if quality is None:
        responses, quality = screen(responses, lang=lang)
    context = SurveyContext(responses=responses, lang=lang, quality=quality)
    title = context.say("quality_report_title", file=responses.provenance.file_names)
    about = context.say("contents_about", count=len(responses), instrument=responses.instrument.reference)
    sheets = [
        Sheet(context.say("sheet_contents"), title, lines=(about,)),
        *method.quality(context),
        *quality_sheets.rules(context),
    ]
    properties = {"title": title, "subject": responses.instrument.reference, "creator": "expansion-survey"}
    block = TitleBlock(title=title)
    return Report(lang, tuple(sheets), context.subset_text, properties, title_block=block)


# Respondents from which on a report says that sizes of differences count, not p-values.
LARGE_COUNTS = 10_000
# Flagged rows that a report lists; `survey check -o` writes them all.
MOST_FLAGGED = 1_000


def _lines_of_size(context: SurveyContext, quality: Quality) -> list[str]:
    """What is left out of a report of a tally, how to read one of many, and where all flagged rows are."""
    lines = []
    if context.rows is None:
        lines.append(context.say("tally_report"))
    if isinstance(context.responses, Tally) and context.responses.definition.weight:
        lines.append(context.say("tally_unweighted", weight=context.responses.definition.weight))
    if len(context.counts) >= LARGE_COUNTS:
        lines.append(context.say("large_counts", count=len(context.counts)))
    if len(quality.rows) > MOST_FLAGGED and not context.minimum:
        lines.append(context.say("quality_rows_capped", shown=MOST_FLAGGED, count=len(quality.rows)))
    return lines


def _quality_of(data: Responses | Tally, lang: str) -> Quality:
    """What the rules of data quality find."""
    return tally_quality(data, lang) if isinstance(data, Tally) else screen(data, lang=lang)[1]


def _banner_of_tally(counted: Tally, banner: str | None) -> str | None:
    """The banner that is asked for, or the first that was counted; `UsageError` where it was not."""
    known = [name for name in counted.definition.banner_names if "*" not in name]
    if banner in known or not known:
        return banner if banner in known else None
    if banner != counted.instrument.defaults.banner:
        raise usage("tally_banner_not_counted", banner=banner, known=known)
    return known[0]


def _check_quality(quality: object) -> None:
    if not isinstance(quality, Quality | None):
        raise unfit("quality_needed", quality)


def _licence_lines(context: SurveyContext) -> list[str]:
    """The licence of the data, as far as they say it."""
    licence = context.responses.provenance.licence
    name = context.say("origin_licence")
    return [context.say("about_entry", name=name, value=licence)] if licence else []


def _findings(responses: Responses | Tally, findings: "FindingsLike | None") -> "Findings | None":
    from survey.published.findings import findings_for, findings_of

    if responses.subset or responses.provenance.subset:
        return None
    if findings is None:
        findings = findings_for(responses.instrument, responses.provenance.wave)
    return None if findings is None else findings_of(findings, responses.instrument)
