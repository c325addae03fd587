"""What the commands share: their common options, the one way each reads its input, and the narration."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from survey.cli.commands import lang_option as lang_option  # with the other options, for commands
from survey.cli.progress import phase
from survey.settings import BY_KEY, Setting

if TYPE_CHECKING:
    from pathlib import Path

    from survey.document import Report
    from survey.errors import Problem
    from survey.ingest import Responses
    from survey.ingest.quality import Quality
    from survey.instrument.report_plans import Plan


class RenamedFlag(click.Option):
    """A flag that still answers to its former names, all but the last of those given; help shows the last."""

    def get_help_record(self, context: click.Context) -> tuple[str, str] | None:
        """Show the name of today alone."""
        record = super().get_help_record(context)
        return (self.opts[-1], record[1]) if record else None


class Fraction(click.ParamType):  # type: ignore[type-arg]
    """A fraction, which may be written in percent: .2 or 20%."""

    name = "float"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Take the number; percent as hundredths."""
        text = str(value).strip()
        try:
            return float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
        except ValueError:
            return float(click.FLOAT.convert(value, param, ctx))


class SchemaReference(click.ParamType):  # type: ignore[type-arg]
    """ID, ID@VERSION or a file: a shell offers the surveys of the package, and files."""

    name = "text"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer files first: bash lets go of what stands before them."""
        from survey.instrument import list_instruments

        known = list_instruments("survey")
        ids = dict.fromkeys(one.id for one in known)
        words = [*ids, *(f"{one.id}@{one.version}" for one in known)]
        offered = [CompletionItem(word) for word in words if word.startswith(incomplete)]
        return [CompletionItem(incomplete, type="file"), *offered]


FRACTION = Fraction()
REFERENCE = SchemaReference()

password_option = click.option("--password", metavar="TEXT", help="help_password")


def setting_option(key: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option of a setting, as the table of settings has it."""
    setting = BY_KEY[key]
    words: dict[str, Any] = {"metavar": setting.metavar, "help": setting.option_help}
    if len([name for name in setting.options if name.startswith("--")]) > 1:
        words["cls"] = RenamedFlag
    if setting.form == "flag":
        words["is_flag"] = True
    elif setting.is_repeated:
        words["multiple"] = True
    else:
        words["default"] = setting.default
        words["show_default"] = bool(setting.default)
    if setting.is_path:
        words["type"] = click.Path()
    elif setting.metavar == "REF":
        words["type"] = REFERENCE
    elif setting.form in ("whole", "fraction"):
        words["type"] = int if setting.form == "whole" else FRACTION
    elif setting.form == "limits":
        words |= {"nargs": 2, "type": float}
    return click.option(*setting.options, setting.name, **words)


def setting_options(*keys: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options of several settings, in this order."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for key in reversed(keys):
            function = setting_option(key)(function)
        return function

    return decorate


def keyed_value(setting: Setting, words: Sequence[str]) -> Any:
    """One value of a setting, or one for each question or group: `--sort needs=questionnaire`.

    Of a population both may be said: `--population 600 --population licensing=120`.
    """
    from survey.errors import usage
    from survey.statistics.finite_population import EVERYONE

    values: dict[str, Any] = {}
    counted = setting.form in ("least", "sizes")
    for word in words:
        name, equals, value = word.rpartition("=")
        if counted and not value.isdecimal():
            key = "option_no_size" if setting.form == "sizes" else "option_no_number"
            raise usage(key, option=setting.option, value=word)
        if name in values or bool(equals) != bool(name):
            raise usage("option_twice", option=setting.option, count=len(words))
        values[name] = int(value) if counted else value
    if "" in values and len(values) > 1:
        if setting.form != "sizes":
            raise usage("option_mixed", option=setting.option)
        if EVERYONE in values:
            raise usage("option_twice", option=setting.option, count=len(words))
        return {name or EVERYONE: value for name, value in values.items()}
    return values.get("", values)


carry_option = setting_option("carry_to")

# -- responses to a survey -----------------------------------------------------------------------------


class Reading(NamedTuple):
    """What the words of a command say about reading responses."""

    files: tuple[str, ...]
    instrument: str | None = None
    sheet: str | None = None
    dialect: str | None = None
    mapping: str | None = None
    password: str | None = None
    keep_personal: bool = False
    set_aside: bool = False
    drop: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    weight: str | None = None
    wave: str | None = None

    def wanted(self, *but: str) -> dict[str, Any]:
        """The same as arguments of what reads files, all `but` some: each is named there as here."""
        return {name: value for name, value in self._asdict().items() if name not in ("files", *but)}


class Raking(NamedTuple):
    """What the words of a command say about weights that are made."""

    rake: str | None
    weight_bounds: tuple[float, float] | None

    def plan(self) -> "Plan":
        """The plan that says the same."""
        from survey.instrument.report_plans import Plan

        return Plan({key: value for key, value in self._asdict().items() if value is not None})


def raking_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of raking, as one `raking`."""
    return together("raking", Raking, *map(setting_option, Raking._fields))(function)


def check_raking(plan: "Plan") -> None:
    """Refuse, before any work, limits of weights that are none, or where nothing is raked."""
    if plan.said("weight_bounds") is not None:
        from survey.errors import UsageError
        from survey.weights.raking import raking_problems

        if problems := raking_problems(plan):
            raise UsageError(*problems)


class Screened(NamedTuple):
    """Responses as they are counted, what the rules found in `everybody`, and all who were read."""

    responses: "Responses"
    quality: "Quality"
    everybody: "Responses"


_READING = {
    **{key: setting_option(key) for key in ("instrument", "sheet", "dialect", "map")},
    "password": password_option,
    **{
        key: setting_option(key) for key in ("weights", "wave", "keep_personal", "set_aside", "drop", "where")
    },
}


def reading_options(
    *, metavar: str = "RESPONSES...", required: bool = True, without: tuple[str, ...] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command RESPONSES, one file or several, and the options of reading, as one `reading`.

    `without`: settings that the command has no such option for.
    """
    files = click.argument("files", metavar=metavar, type=click.Path(), nargs=-1, required=required)
    options = [option for key, option in _READING.items() if key not in without]
    return together("reading", Reading, files, *options)


def read(reading: Reading, lang: str, *, carry_to: str | None = None, plan: "Plan | None" = None) -> Screened:
    """Read, merge, screen, rake as a plan says, and filter responses; tell once what a user must know.

    Raises
    ------
    UsageError, DataError
        As `survey.read_responses`, `screen`, `survey.rake` and `Responses.where`; or nobody meets the
        conditions.
    """
    from survey.ingest import read_responses
    from survey.ingest.quality import left_out_text, screen

    with phase("progress_reading", lang):
        everybody = read_responses(reading.files, **reading.wanted("drop", "where"))
        if carry_to:
            from survey.ingest.version_migration import carry_over

            everybody = carry_over(everybody, carry_to)
        responses, quality = screen(everybody, drop=reading.drop, lang=lang)
        if plan is not None:
            from survey.weights.planned_responses import as_planned

            responses = as_planned(responses, plan)
    responses = narrowed(responses, reading.where, lang)
    if responses.provenance.screening != everybody.provenance.screening:  # the rest is among the notices
        click.echo(left_out_text(responses, lang), err=True)
    notice(responses.problems, lang)
    return Screened(responses, quality, everybody)


def narrowed(responses: "Responses", where: tuple[str, ...], lang: str) -> "Responses":
    """The respondents who meet all conditions; nobody is refused (`UsageError`)."""
    from survey.errors import usage
    from survey.messages import message

    kept = responses.where(*where) if where else responses
    if where and not len(kept):
        raise usage("where_nobody", condition=message("condition_separator", lang).join(where))
    return kept


def check_list_target(output: str, inputs: list[str]) -> None:
    """Refuse, before any work, a workbook of a list that would overwrite an input or is no .xlsx."""
    from pathlib import Path

    click.get_current_context().meta["survey.writes"] = True
    check_target(Path(output), *inputs)


def write_list(report: "Report", output: str, lang: str) -> None:
    """Write a report of one list, and say where it is."""
    from survey.messages import message
    from survey.render import write_report

    write_report(report, output)
    click.echo(message("file_written", lang, path=output))


def together(
    name: str, form: Any, *options: Callable[..., Any]
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command some options, whose values it takes as one named tuple of the form."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        decorated = gather(name, form)(function)
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate


def gather(name: str, form: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Hand the values that a named tuple has fields for to a function as one such tuple."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def gathered(*arguments: Any, **values: Any) -> Any:
            values[name] = form(**{field: values.pop(field) for field in form._fields if field in values})
            return function(*arguments, **values)

        return gathered

    return decorate


_VALUES_SHOWN = 5
_NOTICES_SHOWN = 20  # of one kind


def notice(problems: "Iterable[Problem]", lang: str) -> None:
    """Tell what a user must know of the data: of many of one kind, or values of one column, the first few."""
    from dataclasses import replace

    from survey.errors import Place, Problem
    from survey.messages import message

    shown: dict[Place | None, int] = {}
    more: dict[Place, list[int]] = {}
    of_kind: Counter[str] = Counter()
    for problem in problems:
        column = replace(problem.place, cell="", row=None) if problem.key.startswith("cell_") else None
        shown[column] = shown.get(column, 0) + 1
        if column is not None and shown[column] > _VALUES_SHOWN:
            more.setdefault(column, []).append(max(len(problem.rows), 1))
            continue
        of_kind[problem.key] += column is None
        if of_kind[problem.key] <= _NOTICES_SHOWN:
            click.echo(problem.text(lang), err=True)
    if further := sum(max(0, count - _NOTICES_SHOWN) for count in of_kind.values()):
        click.echo(message("notices_more", lang, count=further), err=True)
    for column, cells in more.items():
        values = {"values": len(cells), "cells": sum(cells)}
        click.echo(Problem("values_more", column, values).text(lang), err=True)


# -- what is written, and what is said -----------------------------------------------------------------


def check_target(target: "Path", *sources: "str | Path") -> None:
    """Refuse, before any work, a workbook that would overwrite an input or is no .xlsx."""
    from survey.files.saving import check_target

    check_target(target)
    refuse_input(target, *sources)


def refuse_input(target: "Path", *sources: "str | Path") -> None:
    """Refuse, before any work, to write where an input is."""
    from pathlib import Path

    from survey.errors import usage

    if target.exists() and any(Path(path).exists() and target.samefile(path) for path in sources):
        raise usage("target_is_input", path=target)


def command_line(context: click.Context, command: str, *arguments: str, without: tuple[str, ...]) -> str:
    """The command as it could be typed again, `without` what changes no number: where the report goes."""
    import shlex

    from survey.wording import public_words

    words = [*command.split(), *arguments]
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        if parameter.name in without or value == parameter.default or not value:
            continue
        name = parameter.opts[-1]
        if parameter.nargs > 1:
            words += [name, *map(str, value)]
            continue
        for one in value if isinstance(value, tuple) else (value,):
            words += [name] if one is True else [name, str(one)]
    return shlex.join(public_words(words))
