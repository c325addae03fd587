"""The report of a survey: `Responses` -> `Report`. Pure composition; every number comes from `statistics`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts import Tally
from survey.counts.row_counts import DataLike, counts_of, data_of
from survey.document import Report, Sheet, TitleBlock
from survey.errors import usage
from survey.ingest import Responses, ResponsesLike
from survey.ingest.deriving import crossed
from survey.ingest.quality import Quality
from survey.instrument.derived import CROSSED
from survey.instrument.report_plans import Plan, load_plan
from survey.messages import ENGLISH
from survey.report.marks import with_marks
from survey.report.properties import title_block_of
from survey.report.survey import (
    banners,
    charts,
    codebook,
    correlated,
    data,
    notes,
    precision,
    published,
    summary,
    tests,
    topline,
    written,
)
from survey.report.survey import quality as quality_sheet
from survey.report.survey.changes_since import with_changes
from survey.report.survey.computing import compute
from survey.report.survey.context import SurveyContext
from survey.report.survey.file_properties import properties_of, warning_of
from survey.report.survey.planned_data import as_planned, previous_reader_of, read_as_planned
from survey.report.survey.planning import planned
from survey.report.survey.population import report_population
from survey.report.survey.previous_wave import previous_wave
from survey.report.survey.report_arguments import (
    banners_of,
    check_quality,
    check_suppressed,
    checked_frame,
    findings_shown,
    quality_of,
    rare_together,
)
from survey.report.survey.sampled import check_answered
from survey.report.survey.setting_checks import check_ordered, check_settings, selected_ids
from survey.report.survey.stored_marks import marks_of
from survey.statistics.finite_population import Population

if TYPE_CHECKING:
    from survey.ingest.sampling_frame import FrameLike
    from survey.published.findings import FindingsLike

# The sheets in their order; each builder gives none, one or several. Adding a sheet is one line here.
SHEETS: tuple[Callable[[SurveyContext], list[Sheet]], ...] = (
    summary.sheets,
    topline.sheets,
    banners.sheets,
    charts.sheets,
    data.sheets,
    written.sheets,
    tests.sheets,
    correlated.sheets,
    precision.sheets,
    quality_sheet.sheets,
    published.sheets,
    notes.sheets,
    codebook.sheets,
)

# The sheets of a report whose small cells are hidden: those alone that are protected together. Whatever
# counts the same respondents in another way (overlaps, pairs of groups or items, ranks, numbers, single
# answers) would give hidden cells away, and is left out; the notes say so.
PROTECTED_SHEETS: tuple[Callable[[SurveyContext], list[Sheet]], ...] = (
    summary.sheets,
    topline.sheets,
    banners.sheets,
    charts.sheets,
    data.sheets,
    tests.sheets,
    notes.sheets,
    codebook.sheets,
)


def analyze(
    data: DataLike,
    *,
    plan: "str | Path | Mapping[str, Any] | Plan | None" = None,
    banner: str | Sequence[str] | None = None,
    questions: str | Sequence[str] | None = None,
    sort: str | Mapping[str, str] = "share",
    smallest_option: int | Mapping[str, int] | None = None,
    compare: str = "complement",
    only: str | None = None,
    suppress: int = 0,
    findings: "FindingsLike | None" = None,
    quality: Quality | None = None,
    open_text: bool = False,
    models: bool = False,
    sampling_frame: "FrameLike | None" = None,
    previous: "ResponsesLike | None" = None,
    title_block: TitleBlock | None = None,
    command: str = "",
    confidence: float = 0.95,
    min_base: int = 5,
    small_base: int = 30,
    population: Population | None = None,
    equivalent_within: float | None = None,
    lang: str = "en",
) -> Report:
    """Compose the whole report. Nothing is written; `write_report` does that.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them, which is read as `read_responses` does. A
        folder of Parquet files, and a Parquet file of more than 100,000 rows, are counted (`survey.tally`, by
        `banner`), as the command does it. A report of a tally lacks what needs respondents, and says so.
    plan
        A plan of reports (`load_plan`) that makes one report of these data: its settings hold where the
        arguments here stand at their defaults, its `where` chooses the respondents, and its settings of
        reading how the file at a path is read. `planned_reports` makes the reports of one that makes several.
    banner
        The questions, single or select-all, by whose groups all others are shown, each on a sheet of its own;
        one name or several, derived ones among them. An item of a rating (`battery__item`) has its points as
        groups, crossed questions (`firm_type*position`) every combination. The instrument's default where
        None. Of a tally those it was made with.
    questions
        The questions that are shown, in this order; all of the questionnaire where None. Those left out are
        named in the notes. The groups of a banner are shown also where its question is not.
    sort
        "share": options and items fall by their share, but for those that the instrument keeps in place;
        "questionnaire": they stand as asked. Or one of the two for each question: `{"needs": "share"}`; by
        share are then also those ordered that the instrument keeps in place.
    smallest_option
        Options that fewer respondents chose are shown together; as the instrument says where None, each by
        itself where 1. Or a number for each question: one for all is not that of the groups of a banner.
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
    models
        Explain needs by models of the groups, on the sheet Tests, and say in the Summary what they support;
        takes some seconds more. Not together with `suppress`: their output would give hidden counts away.
    sampling_frame
        How many firms of each kind there were to be asked, by single question and option, such as
        `{"firm_type": {"biotech": 400}}`, or a file with the columns question, option and firms: the sheet
        Quality then says who of them answered. Neither of a subset nor with `suppress`.
    previous
        The wave before of the same survey, or the path of its file: shares of all respondents get a column
        of what changed since, the Summary a sentence, Tests and Data their rows (`survey.compare_waves`). The
        conditions of `data.where` hold there too; with a plan its file is read as the plan says. What may not
        be compared has no number, and the notes say why. With `suppress` it is left out, and they say so.
    title_block
        Who the report is from and for, and whose data it shows; what it leaves open, the data may say.
    command
        What was typed, for the sheet of notes.
    confidence
        Level of every interval, as a fraction; 1 - confidence is the level of the tests.
    min_base
        Groups of fewer are never tested; at least 1.
    small_base
        Shares of fewer stand in brackets; at least 1.
    population
        How many there are, of whom the respondents (of a subset: those who meet its conditions) are taken as
        a random sample: of all, or by the codes of groups of the banners, with `"all"` for all together.
        Intervals of shares and differences, and Precision, know it (`survey.crosstab`). Not with `suppress`.
    equivalent_within
        The margin within which two shares are the same, as a fraction: Tests has a verdict for each
        comparison, and "the same within 20 points" is said only where it holds. Not with `suppress`.
    lang
        Language of labels and of the report's own wording, such as "zh".

    Raises
    ------
    UsageError
        An unknown question or language, or an argument outside its range; a plan that makes several reports;
        a wave before of another instrument, or a tally.
    InstrumentError
        The plan is wrong.
    DataError
        The wave before is the same file or wave, or a later one, or another part of the respondents.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> responses = survey.from_frame(pd.DataFrame({"firm_type": ["biotech"] * 6}), "executive-survey")
    >>> report = survey.analyze(responses, banner="firm_type")
    >>> [sheet.name for sheet in report.sheets][:3]
    ['Summary', 'Topline', 'By firm type']
    """
    given = {
        **{"banner": banner, "questions": questions, "sort": sort, "smallest_option": smallest_option},
        **{"compare": compare, "only": only, "suppress": suppress, "findings": findings, "models": models},
        **{"open_text": open_text, "confidence": confidence, "min_base": min_base, "small_base": small_base},
        **{"population": population, "equivalent_within": equivalent_within},
        "previous": str(previous) if isinstance(previous, str | Path) else None,
    }
    if isinstance(banner, list | tuple) and not banner:
        raise usage("banner_empty")
    if plan is not None:
        data, chosen = as_planned(load_plan(plan), data, given, lang, title_block)
        own: dict[str, Any] = {"quality": quality, "sampling_frame": sampling_frame}
        own |= {"previous": None if given["previous"] else previous}
        chosen |= {name: value for name, value in own.items() if value is not None}
        return analyze(data, **chosen, command=command)
    check_settings({**given, "sampling_frame": sampling_frame})
    check_lang(lang)
    check_quality(quality)
    named = [banner] if isinstance(banner, str) else list(banner or ())
    responses = data_of(data, named or None)
    banners = banners_of(responses, named)
    selected = selected_ids(responses.instrument, questions)
    if suppress:
        check_suppressed(responses.instrument, banners, selected, only)
    if isinstance(responses, Tally) and open_text:
        raise usage("tally_open_text")
    quality = quality or quality_of(responses, lang)
    wave_before = previous_wave(responses, previous, minimum=suppress)
    weights_left_out = bool(suppress) and counts_of(responses).weighted
    responses = responses.unweighted() if weights_left_out else responses
    frame = checked_frame(responses, sampling_frame)
    asked, found = responses.instrument, findings_shown(responses, findings)
    for key, value in (("sort", sort), ("smallest_option", smallest_option)):
        for name in value if isinstance(value, Mapping) else ():
            check_ordered(responses.instrument, name, key)
    # That fewer than so many chose what stands together would be one more thing that a reader knows.
    responses, gathered = (
        (responses, ()) if suppress else rare_together(responses, found, smallest_option, banners)
    )
    shown = {*selected, *(one.id for one in banners)} if selected else {one.question.id for one in gathered}
    if isinstance(responses, Responses):
        responses = crossed(responses, [one.id for one in banners if CROSSED in one.id])
    context = SurveyContext(
        responses=responses,
        asked=asked,
        gathered=tuple(one for one in gathered if one.question.id in shown),
        banners=tuple(responses.instrument.banner(one.id) for one in banners),
        lang=lang,
        confidence=confidence,
        min_base=min_base,
        small_base=small_base,
        findings=found,
        command=command,
        quality=replace(quality, rows=quality.rows.head(MOST_FLAGGED)),
        flagged=len(quality.rows),
        compare=compare,
        only=only,
        minimum=suppress,
        weights_left_out=weights_left_out,
        selected=selected,
        sort=sort,
        open_text=open_text,
        models=models,
        sampling_frame=frame,
        previous=wave_before,
        previous_left_out=previous is not None and wave_before is None,
        population=report_population(population, banners),
        equivalent_within=equivalent_within,
        title_block=title_block_of(title_block),
    )
    check_answered(context)
    return _composed(context)


def _composed(context: SurveyContext) -> Report:
    """The sheets of a report, after every result has been computed; marks come last."""
    context.marks = marks_of(context)
    compute(context)
    builders = PROTECTED_SHEETS if context.minimum else SHEETS
    sheets = tuple(with_changes(context, sheet) for build in builders for sheet in build(context))
    report = Report(
        *(context.lang, sheets, warning_of(context), properties_of(context), tuple(context.notes)),
        title_block=context.about,
        data_note=context.data_note,
    )
    return report if context.marks is None else with_marks(report, context.marks)


# -- plans -------------------------------------------------------------------------------------------------


def planned_reports(
    data: DataLike, *, plan: "str | Path | Mapping[str, Any] | Plan", lang: str = "en"
) -> "Iterator[FinishedReport]":
    """The reports that a plan makes of data, one after the other, each with the files it is to be written to.

    Everything that the plan names is checked before the first report is made. Each is composed when it is
    asked for, so that many reports need the memory of one.

    Parameters
    ----------
    data
        As of `analyze`.
    plan
        A plan of reports: the path of a YAML file, a dictionary, or a `Plan` (`load_plan`).
    lang
        Language of the reports where the plan names none.

    Raises
    ------
    UsageError
        The plan names what the data have not, or nobody meets a condition.
    InstrumentError
        The plan is wrong.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech"] * 6 + ["biopharma"] * 5})
    >>> plan = {"reports": [{"for_each": "firm_type"}], "output": "reports/{option}.xlsx"}
    >>> for made in survey.planned_reports(survey.from_frame(frame, "executive-survey"), plan=plan):
    ...     print(made.name, made.output[0].name, len(made.report.sheets) > 5)
    biotech biotech.xlsx True
    biopharma biopharma.xlsx True
    """
    check_lang(lang)
    loaded = load_plan(plan)
    previous_in = previous_reader_of(loaded)
    if "languages" not in loaded.settings and lang != ENGLISH:
        loaded = replace(loaded, settings={**loaded.settings, "languages": (lang,)})
    responses, name, quality_in = read_as_planned(loaded, data)
    reports, _ = planned(loaded, responses, input_name=name, lang=lang)
    return (
        FinishedReport(
            *(one.name, one.lang, one.output),
            analyze(one.data, **previous_in(one.arguments), quality=quality_in(one.lang)),
        )
        for one in reports
    )


@dataclass(frozen=True)
class FinishedReport:
    """One report of a plan: what the plan calls it, its language, the files it is to be written to."""

    name: str
    lang: str
    output: tuple[Path, ...]
    report: Report


# Flagged rows that a report lists; `survey check -o` writes them all.
MOST_FLAGGED = 1_000
