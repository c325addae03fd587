"""`survey plan validate`: faults of plans, each with its line."""

from typing import TYPE_CHECKING

import click

from survey.cli.commands import command
from survey.cli.options import REFERENCE, lang_option

if TYPE_CHECKING:
    from survey.errors import Problem
    from survey.instrument.report_plans import Plan


@command()
@click.argument("paths", type=click.Path(), nargs=-1, required=True)
@click.option("--instrument", metavar="REF", type=REFERENCE, help="help_instrument_of_plan")
@lang_option
def validate(paths: tuple[str, ...], instrument: str | None, lang: str) -> None:
    """Check plans of reports: each fault with line and remedy.

    With --instrument also the questions and options that they name. survey analyze --plan does all of this
    before it reads and before it writes.
    """
    from survey.errors import InstrumentError, Problem, SurveyError
    from survey.instrument import load_instrument
    from survey.instrument.report_plans import load_plan
    from survey.messages import message
    from survey.report.survey.setting_checks import setting_problems

    loaded = load_instrument(instrument) if instrument else None
    problems: list[Problem] = []
    for path in paths:
        try:
            plan = load_plan(path)
        except SurveyError as error:
            problems += error.problems
            continue
        faults = [*(setting_problems(plan, loaded) if loaded is not None else ()), *_file_problems(plan)]
        if faults:
            problems += faults
            continue
        click.echo(message("plan_valid", lang, path=path, count=len(plan.reports)))
    if problems:
        raise InstrumentError(*problems)


def _file_problems(plan: "Plan") -> "list[Problem]":
    """What is wrong with the files to write that can be named without data."""
    from survey.cli.analyze import check_files
    from survey.errors import SurveyError
    from survey.report.survey.planning import known_output_problems, known_reports

    reports = known_reports(plan, "input")
    try:
        check_files(reports, [])
    except SurveyError as error:
        return list(error.problems)
    return known_output_problems(plan, reports)
