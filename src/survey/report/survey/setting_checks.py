"""Settings of a report held against its instrument: what is unknown, doubled, or does not go together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from survey.arguments import check_flag
from survey.disclosure.suppression import check_minimum
from survey.errors import Place, Problem, SurveyError, usage
from survey.instrument import Instrument
from survey.instrument.added_nets import with_plan_nets
from survey.instrument.kinds import kinds_with
from survey.instrument.report_plans import Plan
from survey.settings import SETTINGS, SORTS
from survey.statistics.crosstabs import check_compare
from survey.statistics.equivalence import check_equivalent_within
from survey.statistics.finite_population import check_population
from survey.statistics.group_members import check_only
from survey.statistics.intervals import check_confidence, check_min_base
from survey.weights.raking import raking_problems


def setting_problems(plan: Plan, instrument: Instrument, *, counted: bool = False) -> list[Problem]:
    """What the plan names and the instrument has not, and settings that do not go together.

    `counted`: there is a tally, from which no respondents can be chosen.
    """
    instrument, problems = with_plan_nets(instrument, plan)
    problems = [*problems, *raking_problems(plan, instrument)]
    for number in (None, *range(len(plan.reports))):
        own = plan.settings if number is None else plan.reports[number]
        for key, value in own.items():
            for within, check in _checks(instrument, key, value):
                problems += _problems(check, plan.place(key, number, *within))
        if number is not None and plan.said("nets") is not None and plan.said("suppress", number):
            problems.append(Problem("suppress_nets", plan.place("nets")))
        if counted and number is not None:
            problems += [chosen_from_tally(plan, key, number) for key in ("where", "for_each") if key in own]
        if number is not None and "for_each" in own and plan.said("population", number) is not None:
            at = plan.place("population", number if "population" in own else None)
            problems.append(Problem("population_for_each", at))
        if number is not None:
            at = plan.place("suppress", number) if plan.said("suppress", number) else plan.place("min_base")
            problems += _problems(lambda number=number: check_settings(settings_of_report(plan, number)), at)  # type: ignore[misc]
    distinct = {problem.text(): problem for problem in problems}
    return sorted(distinct.values(), key=lambda problem: problem.place.line or 0)


def chosen_from_tally(plan: Plan, key: str, number: int | None = None) -> Problem:
    """That no respondents can be chosen from a tally, with the command that counts those that are meant."""
    import shlex

    value = plan.said(key, number)
    conditions = value if isinstance(value, tuple) else (f"{value}=OPTION",)
    words = " ".join(f"--where {shlex.quote(condition)}" for condition in conditions)
    return Problem("plan_of_tally", plan.place(key, number), {"key": key, "where": words})


Check = Callable[[], object]


def _checks(instrument: Instrument, key: str, value: Any) -> Iterator[tuple[tuple[str | int, ...], Check]]:
    """What is to be looked for in the instrument, each with where in the value it stands."""
    if key == "banner":
        yield from _each(value, instrument.banner)
    elif key == "questions":
        yield from _each(value, lambda name: _rows_or_question(instrument, name))
        yield from _each(value, lambda name: _refuse_double(name, value))
    elif key in ("sort", "smallest_option"):
        for name in value if isinstance(value, Mapping) else ():
            yield (name,), lambda name=name: check_ordered(instrument, name, key)  # type: ignore[misc]
    elif key == "where":
        from survey.ingest.conditions import parse_condition

        yield from _each(value, lambda text: parse_condition(text, instrument))
    elif key == "for_each":
        yield (), lambda: instrument.question(value, *kinds_with(banner=True))


def _each(names: Sequence[str], check: Callable[[str], object]) -> Iterator[tuple[tuple[int, ...], Check]]:
    for place, name in enumerate(names):
        yield (place,), lambda name=name: check(name)  # type: ignore[misc]


def _refuse_double(name: str, names: Sequence[str]) -> None:
    if list(names).count(name) > 1:
        raise usage("question_twice", question=name)


def selected_ids(instrument: Instrument, questions: str | Sequence[str] | None) -> tuple[str, ...]:
    """The ids of the variables that are shown, a grid by its rows; none where all are."""
    named = (questions,) if isinstance(questions, str) else tuple(questions or ())
    ids = [name for one in named for name in _rows_or_question(instrument, one)]
    for name in ids:
        _refuse_double(name, ids)
    return tuple(ids)


def _rows_or_question(instrument: Instrument, name: str) -> list[str]:
    """The id of a variable, or the questions that are the rows of a grid."""
    rows = [one.id for one in instrument.questions if one.whole is not None and one.whole.id == name]
    return rows or [instrument.question(name).id]


def check_ordered(instrument: Instrument, name: str, key: str) -> None:
    """Refuse a question without options or items; for a smallest option also points, places and sums."""
    if key == "smallest_option":
        whole = next((one for one in instrument.variables if one.id == instrument.part_named(name)[0]), None)
        if whole is not None and not whole.traits.banner:
            raise usage("smallest_option_kind", question=name, kind=whole.kind)
        instrument.question(name, *kinds_with(banner=True))
        if name not in {question.id for question in instrument.questions}:
            raise usage("smallest_option_derived", question=name)
    elif not instrument.question(name).parts:
        raise usage("question_without_options", question=name)


def _problems(check: Check, place: Place) -> list[Problem]:
    """The problems of a check, at a place."""
    try:
        check()
    except SurveyError as error:
        return [
            problem if problem.place.file else replace(problem, place=place) for problem in error.problems
        ]
    return []


def check_settings(settings: Mapping[str, Any]) -> None:
    """Refuse settings of one report that are out of range, or do not go together."""
    check_confidence(settings["confidence"])
    check_min_base(settings["min_base"], least=1)
    check_min_base(settings["small_base"], least=1)
    check_compare(settings["compare"])
    check_only(settings["only"])
    check_flag("open_text", settings["open_text"])
    check_flag("models", settings["models"])
    check_order(settings["sort"], settings["smallest_option"])
    check_population(settings["population"])
    check_equivalent_within(settings["equivalent_within"])
    if settings["suppress"]:
        check_minimum(settings["suppress"])
        if settings["compare"] == "columns":
            raise usage("suppress_columns")
        if settings["models"]:
            raise usage("suppress_models")
        if settings["sampling_frame"] is not None:
            raise usage("suppress_frame")
        if settings["open_text"]:
            raise usage("suppress_open_text")
        if settings["population"] is not None:
            raise usage("suppress_population")
        if settings["equivalent_within"] is not None:
            raise usage("suppress_equivalence")
        if settings["smallest_option"] not in (None, 1):
            raise usage("suppress_smallest")


def check_order(sort: object, smallest: object) -> None:
    """Refuse an order of options that is not known, and a smallest option that is no whole number."""
    for order in sort.values() if isinstance(sort, Mapping) else (sort,):
        if order not in SORTS:
            raise usage("sort_unknown", sort=order, known=list(SORTS))
    for least in smallest.values() if isinstance(smallest, Mapping) else (smallest,):
        if least is not None and (isinstance(least, bool) or not isinstance(least, int) or least < 1):
            raise usage("smallest_option_unusable", least=least)


def settings_of_report(plan: Plan, number: int) -> dict[str, Any]:
    """The settings of one report of a plan, those that hold for all included."""
    return {setting.key: plan.said(setting.key, number) for setting in SETTINGS}
