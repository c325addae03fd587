"""The report of a survey: `Responses` -> `Report`. Pure composition; every number comes from `statistics`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, unfit
from survey.counts import Tally
from survey.counts.row_counts import DataLike, counts_of, data_of
from survey.counts.row_rules import tally_quality
from survey.document import Report, Sheet, TitleBlock
from survey.errors import Problem, UsageError, usage
from survey.ingest import Responses, ResponsesLike, responses_of
from survey.ingest.deriving import crossed
from survey.ingest.quality import Quality, screen
from survey.ingest.rare_options import Gathered, with_rare_together
from survey.ingest.sampling_frame import Frame, frame_of
from survey.instrument import Instrument as Instrument
from survey.instrument import Question
from survey.instrument.derived import CROSSED
from survey.instrument.option import RareOptions
from survey.instrument.report_plans import Plan, load_plan
from survey.messages import ENGLISH
from survey.models import response_rates
from survey.report.marks import with_marks
from survey.report.properties import title_block_of, title_lines
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
from survey.report.survey.planning import (
    check_ordered,
    check_settings,
    chosen_from_tally,
    planned,
    selected_ids,
)
from survey.report.survey.population import report_population
from survey.report.survey.previous_wave import previous_reader, previous_wave
from survey.report.survey.sampled import check_answered
from survey.report.survey.stored_marks import marks_of
from survey.settings import BY_KEY, settings_of
from survey.statistics.finite_population import Population
from survey.statistics.intervals import check_confidence
from survey.weights.planned_responses import as_planned
from survey.wording import output_stem

if TYPE_CHECKING:
    from survey.ingest.sampling_frame import FrameLike
    from survey.published.findings import Findings, FindingsLike

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
        itself where 1. Or a number for each question.
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
        data, chosen = _as_planned(load_plan(plan), data, given, lang, title_block)
        own: dict[str, Any] = {"quality": quality, "sampling_frame": sampling_frame}
        own |= {"previous": None if given["previous"] else previous}
        chosen |= {name: value for name, value in own.items() if value is not None}
        return analyze(data, **chosen, command=command)
    check_settings({**given, "sampling_frame": sampling_frame})
    check_lang(lang)
    _check_quality(quality)
    named = [banner] if isinstance(banner, str) else list(banner or ())
    responses = data_of(data, named or None)
    banners = _banners(responses, named)
    selected = selected_ids(responses.instrument, questions)
    if suppress:
        _check_suppressed(responses.instrument, [one.id for one in banners], selected, only)
    if isinstance(responses, Tally) and open_text:
        raise usage("tally_open_text")
    quality = quality or _quality_of(responses, lang)
    wave_before = previous_wave(responses, previous, minimum=suppress)
    weights_left_out = bool(suppress) and counts_of(responses).weighted
    responses = responses.unweighted() if weights_left_out else responses
    frame = _frame(responses, sampling_frame)
    asked, found = responses.instrument, _findings(responses, findings)
    for key, value in (("sort", sort), ("smallest_option", smallest_option)):
        for name in value if isinstance(value, Mapping) else ():
            check_ordered(responses.instrument, name, key)
    responses, gathered = _rare_together(responses, found, smallest_option)
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
    context.marks = marks_of(context)
    compute(context)
    builders = PROTECTED_SHEETS if suppress else SHEETS
    sheets = tuple(with_changes(context, sheet) for build in builders for sheet in build(context))
    report = Report(
        *(lang, sheets, _warning(context), _properties(context), tuple(context.notes)),
        title_block=context.about,
    )
    return report if context.marks is None else with_marks(report, context.marks)


def _check_suppressed(
    instrument: Instrument, banners: Sequence[str], selected: Sequence[str], only: str | None
) -> None:
    """Refuse what cannot be protected: derived variables, and groups of several banners limited."""
    if derived := [name for name in banners if CROSSED in name or instrument.rule_of(name)]:
        raise usage("suppress_derived", banners=derived)
    if made := [name for name in selected if instrument.rule_of(name)]:
        raise usage("suppress_derived_question", questions=made)
    if only and len(banners) > 1:
        raise usage("suppress_banners_only")


def _rare_together(
    data: Responses | Tally, findings: "Findings | None", smallest: int | Mapping[str, int] | None
) -> tuple[Responses | Tally, tuple[Gathered, ...]]:
    """Put options that few chose together; not where published figures speak of single ones."""
    if isinstance(data, Tally) or findings is not None or data.provenance.reconstructed:
        if smallest is not None:
            raise usage(f"smallest_option_{'counted' if isinstance(data, Tally) else 'published'}")
        return data, ()
    return with_rare_together(_with_smallest(data, smallest))


def _with_smallest(data: Responses, smallest: int | Mapping[str, int] | None) -> Responses:
    """The same under an instrument that says which options are rare as was asked for."""
    instrument = data.instrument
    for question in instrument.questions if smallest is not None else ():
        least = smallest.get(question.id) if isinstance(smallest, Mapping) else smallest
        if least is not None and question.traits.banner:
            other = RareOptions(below=least) if least > 1 else None
            instrument = instrument.with_question(question.model_copy(update={"other": other}))
    return replace(data, instrument=instrument)


def _frame(data: Responses | Tally, frame: "FrameLike | None") -> Frame:
    """The frame that respondents are compared with; nothing where none is given."""
    if frame is None:
        return {}
    if data.subset or data.provenance.subset:
        raise usage("frame_of_subset")
    if not isinstance(frame, Mapping | str | Path):
        raise unfit("sampling_frame_needed", frame)
    population = frame_of(frame, data.instrument)
    for question, sizes in population.items():
        response_rates(data, question, population=sizes)  # refuses what is no frame of these respondents
    return population


def _banners(data: Responses | Tally, named: Sequence[str]) -> tuple[Question, ...]:
    """The questions whose groups are shown, each once; the default where none is named.

    Of a tally those it was made with: the first of them where the default is not among them.
    """
    instrument = data.instrument
    default = [instrument.defaults.banner] if instrument.defaults.banner else []
    if isinstance(data, Tally):
        known = list(data.definition.banners)
        default = [name for name in default if name in known] or known[:1]
        for name in named:
            own = instrument.banner(name).id
            if own not in known:
                raise usage("tally_banner_not_counted", banner=own, known=known or ["-"])
    banners = {(one := instrument.banner(name)).id: one for name in named or default}
    return tuple(banners.values())


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
    previous_in = _previous_reader(loaded)
    if "languages" not in loaded.settings and lang != ENGLISH:
        loaded = replace(loaded, settings={**loaded.settings, "languages": (lang,)})
    responses, name, quality_in = _read_as_planned(loaded, data)
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


def _as_planned(
    plan: Plan, data: DataLike, given: Mapping[str, Any], lang: str, title_block: TitleBlock | None
) -> tuple[Responses | Tally, dict[str, Any]]:
    """The data and the arguments of the one report of a plan; arguments not at their defaults beat it."""
    own = {
        key: (value,) if key in ("banner", "questions") and isinstance(value, str) else value
        for key, value in given.items()
        if value is not None and value != BY_KEY[key].default
    }
    own |= {"languages": (lang,)} if lang != ENGLISH or "languages" not in plan.settings else {}
    plan = plan.replaced(own)
    responses, name, quality_in = _read_as_planned(plan, data)
    reports, _ = planned(plan, responses, input_name=name, lang=lang)
    if len(reports) > 1:
        raise usage("plan_several", count=len(reports))
    arguments = _previous_reader(plan)(reports[0].arguments) | {"quality": quality_in(reports[0].lang)}
    return reports[0].data, arguments if title_block is None else {**arguments, "title_block": title_block}


def _read_as_planned(
    plan: Plan, data: DataLike
) -> tuple[Responses | Tally, str, Callable[[str], Quality | None]]:
    """The data that a plan is about, what files are named after, and what the rules of quality found.

    A path is read as the plan says; raked are also responses that were read before. What the rules found is
    said by language; of data that were read before, `analyze` looks itself.
    """
    said = {setting: plan.said(setting.key) for setting in settings_of("reading")}
    if not isinstance(data, str | Path) or not any(said.values()):
        read = data_of(data, plan.said("banner") or None)
        if not isinstance(read, Tally):
            read = as_planned(read, plan)
        elif plan.said("where"):
            raise UsageError(chosen_from_tally(plan, "where"))
        elif plan.said("nets"):
            raise UsageError(Problem("tally_nets", plan.place("nets")))
        elif plan.said("rake"):
            raise UsageError(Problem("tally_raked", plan.place("rake")))
        files = [str(data)] if isinstance(data, str | Path) else [one.name for one in read.provenance.files]
        return read, output_stem(files[0]) if files else "survey", lambda _: None
    from survey.ingest import read_responses
    from survey.ingest.version_migration import carry_over

    named = {setting.argument or setting.key: value for setting, value in said.items() if value}
    named.pop("-", None)
    responses = read_responses(data, **named)
    if plan.said("carry_to"):
        responses = carry_over(responses, plan.said("carry_to"))
    drop = plan.said("drop")
    kept = as_planned(screen(responses, drop=drop)[0], plan)
    return kept, output_stem(data), lambda lang: screen(responses, drop=drop, lang=lang)[1]


def _previous_reader(plan: Plan) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What reads the wave before that the arguments of a report name, once, as the plan says."""
    settings = [setting for setting in settings_of("reading") if setting.argument != "-"]
    reading = {setting.argument or setting.key: plan.said(setting.key) for setting in settings}
    return previous_reader(plan, {**reading, "drop": plan.said("drop")})


# Flagged rows that a report lists; `survey check -o` writes them all.
MOST_FLAGGED = 1_000


def _quality_of(data: Responses | Tally, lang: str) -> Quality:
    """What the rules of data quality find."""
    return tally_quality(data, lang) if isinstance(data, Tally) else screen(data, lang=lang)[1]


def _warning(context: SurveyContext) -> str:
    """What stands on every sheet: that data are reconstructed, and of whom a part of the data is."""
    made_up = ""
    if context.marks is not None:
        made_up = context.say("reconstructed_report" if context.marks.looked_up else "reconstructed_tally")
    return context.sentences(made_up, context.subset_text)


def _properties(context: SurveyContext) -> dict[str, str]:
    provenance = context.responses.provenance
    return {
        "title": context.about.title,
        "subject": context.instrument.reference,
        "creator": "expansion-survey",
        "description": context.sentences(
            _warning(context), *title_lines(context.about, context.lang), *_licence_lines(context)
        ),
        "keywords": "reconstructed" if provenance.reconstructed else "",
    }


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
    _check_quality(quality)
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
    banners = _banners(responses, named)
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
    made = Report(lang, sheets, warning, _properties(context), tuple(context.notes))
    return replace(made, title_block=context.about)


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
