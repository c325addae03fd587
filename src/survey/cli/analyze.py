"""`survey analyze`: from a workbook of responses to the report workbook, or to the reports of a plan."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from survey.cli.commands import command
from survey.cli.counting import count
from survey.cli.options import (
    Reading,
    carry_option,
    check_raking,
    command_line,
    keyed_value,
    lang_option,
    notice,
    raking_options,
    read,
    reading_options,
    refuse_input,
    setting_options,
)
from survey.cli.progress import phase
from survey.cli.report_options import WRITTEN, Outputs, Titles, output_options, title_options
from survey.messages import ENGLISH
from survey.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from survey.counts import Tally
    from survey.document import Report
    from survey.errors import Problem
    from survey.ingest import Responses
    from survey.ingest.quality import Quality
    from survey.instrument.report_plans import Plan
    from survey.report.survey.planning import PlannedReport

_SUPPRESSED = 5  # what --suppress alone hides below


@command()
@reading_options(required=False)
@carry_option
@click.option("--plan", metavar="PLAN", type=click.Path(), help="help_plan")
@click.option("--save-plan", metavar="YAML", type=click.Path(), help="help_save_plan")
@setting_options("banner", "questions", "nets", "sort", "smallest_option")
@output_options
@title_options
@raking_options
@lang_option
@setting_options("confidence", "min_base", "small_base", "population", "equivalent_within", "compare", "only")
@click.option("--suppress", is_flag=True, help="help_suppress")
@setting_options("suppress", "findings")
@click.option("--from-findings", metavar="PATH", type=click.Path(), help="help_from_findings")
@setting_options("previous", "previous_instrument", "previous_wave", "open_text", "models", "sampling_frame")
@click.pass_context
def analyze(
    context: click.Context,
    /,
    *,
    reading: Reading,
    outputs: Outputs,
    titles: Titles,
    plan: str | None,
    save_plan: str | None,
    lang: str,
    from_findings: str | None,
    **_: object,
) -> None:
    """Read RESPONSES and write the report: a workbook, a page, a deck, or several of them.

    Several files of one survey are merged. Without -o the report is reports/<first input>-report.xlsx under
    the current folder. With --plan it is the reports of a plan. With --from-findings there are no responses:
    the report says what is known.
    """

    context.meta["survey.writes"] = True
    if from_findings:
        _report_findings(context, from_findings, outputs, titles)
        return
    if not reading.files:
        raise click.MissingParameter(
            ctx=context, param=context.command.params[0], param_hint="'RESPONSES...'"
        )

    from survey.report.survey.planning import known_reports, planned
    from survey.wording import output_stem

    wanted = _planned_by(context, plan, lang)
    check_raking(wanted)
    name = output_stem(reading.files[0])
    inputs = [*reading.files, *([plan] if plan else []), *_earlier_waves(wanted)]
    if save_plan:
        _check_saved(save_plan)
    check_files(known_reports(wanted, name), inputs)
    reading = reading._replace(**_reading(wanted))
    data, quality_in = _data(reading, wanted, lang)
    previous_in = _previous_reader(reading, wanted, lang)
    reports, empty = planned(wanted, data, input_name=name, inputs=inputs, lang=lang)
    check_files(reports, inputs)
    notice((*empty, *_left_out_weights(data, wanted)), lang)
    _write(reports, reading.files, quality_in, previous_in, lang)
    if save_plan:
        from survey.files.saving import save_text
        from survey.messages import message

        save_text(wanted.yaml(), save_plan, ".yaml")
        click.echo(message("plan_saved", lang, path=save_plan))


# -- what the words of the command and the plan say together -----------------------------------------------


def _planned_by(context: click.Context, path: str | None, lang: str) -> "Plan":
    """The plan, with what the words of the command say instead; where they differ it is told."""
    from survey.instrument.report_plans import Plan, load_plan
    from survey.messages import message

    plan = load_plan(path) if path else Plan()
    given = _given(context, literal=not path)
    beaten = plan.differing(given)
    options = [setting.option for setting in SETTINGS if setting.key in beaten]
    if lang != ENGLISH or _is_given(context, "lang"):
        given["languages"] = (lang,)
        options += ["--lang"] if "languages" in plan.differing(given) else []
    if options:
        click.echo(message("plan_beaten", lang, options=options), err=True)
    return plan.replaced(given)


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def _given(context: click.Context, *, literal: bool) -> dict[str, Any]:
    """The settings that stand in the command line, by the keys of a plan.

    `literal`: braces in the names of files are no placeholders; those of the head never are.
    """
    from survey.disclosure.suppression import check_minimum
    from survey.instrument.added_nets import INLINE, nets_written
    from survey.instrument.report_plans import takes_placeholders

    given = {}
    for setting in SETTINGS:
        if not _is_given(context, setting.name):
            continue
        value = context.params[setting.name]
        if setting.is_keyed:
            value = keyed_value(setting, value)
        elif setting.form == "nets" and value.lstrip().startswith(INLINE):
            value = nets_written(value)[0]
        elif takes_placeholders(setting) and (literal or setting.form == "words"):
            texts = [value] if isinstance(value, str) else value
            escaped = tuple(text.replace("{", "{{").replace("}", "}}") for text in texts)
            value = escaped[0] if isinstance(value, str) else escaped
        given[setting.key] = value
    if context.params["suppress"]:
        if "suppress" in given:
            check_minimum(given["suppress"])
        given.setdefault("suppress", _SUPPRESSED)
    return given


def _reading(plan: "Plan") -> dict[str, Any]:
    """What the plan says of reading, as the commands read."""
    return {
        setting.name: plan.said(setting.key)
        for setting in SETTINGS
        if setting.scope == "reading" and setting.name in Reading._fields
    } | {"where": ()}


def _data(
    reading: Reading, plan: "Plan", lang: str
) -> "tuple[Responses | Tally, Callable[[str], Quality | None]]":
    """The responses, or what is counted of them, and what the rules of quality found, by language."""
    from pathlib import Path

    from survey.counts.row_counts import is_counted
    from survey.counts.tally_files import SUFFIX
    from survey.errors import Problem, UsageError, usage
    from survey.report.survey.setting_checks import chosen_from_tally

    carry_to = plan.said("carry_to")
    if not is_counted([Path(name) for name in reading.files]):
        from survey.ingest.quality import screen

        screened = read(reading, lang, carry_to=carry_to, plan=plan)
        found = {lang: screened.quality}

        def quality_in(other: str) -> "Quality":
            if other not in found:
                found[other] = screen(screened.everybody, drop=reading.drop, lang=other)[1]
            return found[other]

        return screened.responses, quality_in
    if carry_to:
        raise usage("tally_carried")
    if plan.said("nets"):
        raise UsageError(Problem("tally_nets", plan.place("nets")))
    if plan.said("where") and all(Path(name).suffix.lower() == SUFFIX for name in reading.files):
        raise UsageError(chosen_from_tally(plan, "where"))
    if plan.said("rake"):
        raise usage("tally_raked")
    banners = dict.fromkeys(
        name for number, _ in enumerate(plan.reports) for name in plan.said("banner", number)
    )
    data = count(reading._replace(where=plan.said("where")), lang, banners=tuple(banners) or None)
    # What it advises is being done where a report hides small cells.
    hides = any(plan.said("suppress", number) for number, _ in enumerate(plan.reports))
    notice(tuple(one for one in data.problems if not hides or one.key != "tally_small_counts"), lang)
    return data, lambda _: None


def _left_out_weights(data: "Responses | Tally", plan: "Plan") -> "list[Problem]":
    """That reports with hidden cells take no weights, where the data have some."""
    from survey.counts.row_counts import counts_of
    from survey.errors import Problem

    hides = any(plan.said("suppress", number) for number, _ in enumerate(plan.reports))
    return [Problem("suppressed_unweighted")] if hides and counts_of(data).weighted else []


def _earlier_waves(plan: "Plan") -> list[str]:
    """The files of the waves before that reports of the plan name."""
    paths = (plan.said("previous", number) for number, _ in enumerate(plan.reports))
    return list(dict.fromkeys(filter(None, paths)))


def _previous_reader(
    reading: Reading, plan: "Plan", lang: str
) -> "Callable[[dict[str, Any]], dict[str, Any]]":
    """What puts the waves before in the place of their paths: read here, as the later one was, and told."""
    from dataclasses import replace

    from survey.errors import Place
    from survey.report.survey.previous_wave import previous_reader

    def tell(wave: "Responses") -> None:
        place = Place(file=wave.provenance.file_names)
        notice(tuple(one if one.place.file else replace(one, place=place) for one in wave.problems), lang)

    previous_in = previous_reader(plan, reading.wanted("where"), tell)
    if earlier := _earlier_waves(plan):
        with phase("progress_reading", lang):
            for path in earlier:
                previous_in({"previous": path})
    return previous_in


# -- the files ---------------------------------------------------------------------------------------------


def _check_saved(path: str) -> None:
    """Refuse, before any work, to save a plan over a file, or under another ending."""
    from pathlib import Path

    from survey.errors import usage

    if Path(path).suffix.lower() not in (".yaml", ".yml"):
        raise usage("target_ending", path=path, suffix=".yaml")
    if Path(path).exists():
        raise usage("target_exists", path=path)


def check_files(reports: "Sequence[PlannedReport]", inputs: "Sequence[str | Path]") -> None:
    """Refuse files that cannot be written, all at once."""
    from pathlib import Path

    from survey.errors import Problem, SurveyError, UsageError
    from survey.render import check_outputs, check_pictures_folder

    problems: dict[str, Problem] = {}
    for report in reports:
        try:
            for path in check_outputs(report.output, template=report.settings["template"]):
                refuse_input(path, *inputs)
            _ = report.arguments  # a logo that cannot be read is told
            if report.settings["pictures"]:
                check_pictures_folder(Path(report.settings["pictures"]))
        except SurveyError as error:
            problems |= {problem.text(): problem for problem in error.problems}
    if problems:
        raise UsageError(*problems.values())


def _write(
    reports: "Sequence[PlannedReport]",
    files: Sequence[str],
    quality_in: "Callable[[str], Quality | None]",
    previous_in: "Callable[[dict[str, Any]], dict[str, Any]]",
    lang: str,
) -> None:
    """Compose and write the reports, and say where they are: all files are written, or none."""
    from functools import partial

    from survey.messages import message
    from survey.render import Composed, write_composed, write_pictures
    from survey.report.survey import analyze as compose

    pictured: dict[int, Report] = {}

    def composed(number: int, planned: "PlannedReport") -> "Report":
        report = compose(
            planned.data,
            **previous_in(planned.arguments),
            quality=quality_in(planned.lang),
            command=planned.command(files),
        )
        if planned.settings["pictures"]:
            pictured[number] = report
        return report

    to_write = [
        Composed(
            partial(composed, number, planned),
            planned.output,
            not planned.settings["no_pictures"],
            planned.settings["template"],
        )
        for number, planned in enumerate(reports)
    ]
    if len(to_write) == 1:  # both halves of the work are told
        with phase("progress_analysing", lang):
            report = to_write[0].compose()
        to_write = [to_write[0]._replace(compose=lambda: report)]
    with phase("progress_writing", lang):
        write_composed(to_write)
    for planned in reports:
        for path in planned.output:
            click.echo(message("report_written", lang, path=path))
    for number, report in pictured.items():
        with phase("progress_drawing", lang):
            folder = write_pictures(report, reports[number].settings["pictures"])
        click.echo(message("pictures_written", lang, path=folder))
    for planned in {planned.name: planned for planned in reports}.values():
        if len(planned.data) < planned.settings["min_base"]:
            text = message("few_respondents", lang, count=len(planned.data))
            several = len(reports) > 1
            click.echo(
                message("about_entry", lang, name=planned.name, value=text) if several else text, err=True
            )


# -- a report without data ---------------------------------------------------------------------------------

# What a report without a data set can be told.
_OF_FINDINGS = ("from_findings", "instrument", "lang", "confidence", *Outputs._fields, *Titles._fields)


def _report_findings(context: click.Context, findings: str, outputs: Outputs, titles: Titles) -> None:
    """Write the report of published findings; whatever is about responses is refused."""
    from pathlib import Path

    from survey.errors import usage
    from survey.published.findings import read_findings
    from survey.report.findings import findings_report
    from survey.wording import output_stem

    chosen: Mapping[str, Any] = context.params
    others = [
        parameter.opts[-1] if isinstance(parameter, click.Option) else parameter.human_readable_name
        for parameter in context.command.params
        if parameter.name not in _OF_FINDINGS and _is_given(context, parameter.name or "")
    ]
    if others:
        raise usage("from_findings_alone", others=others)
    source, lang = Path(findings), str(chosen["lang"])
    targets = outputs.checked(Path("reports") / f"{output_stem(source)}-known-report.xlsx", source)
    title_block = titles.block()
    command = command_line(context, "survey analyze", without=("files", "password", *WRITTEN))
    with phase("progress_auditing", lang):
        published = read_findings(source, chosen["instrument"])
        report = findings_report(
            published, title_block=title_block, lang=lang, confidence=chosen["confidence"], command=command
        )
    outputs.write(report, targets, lang, "report_written")
