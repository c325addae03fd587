"""From a plan and the data at hand to the reports to make: each with its respondents, settings and files.

Everything that a plan names is looked for here, before any report is composed, and what is wrong is told all
at once with its lines.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from survey.counts import Tally
from survey.document import TitleBlock
from survey.errors import Problem, UsageError
from survey.ingest import Responses
from survey.instrument import Option, Question
from survey.instrument.kinds import kinds_with
from survey.instrument.report_plans import Plan, takes_placeholders
from survey.instrument.yaml_lines import flow
from survey.messages import ENGLISH, message
from survey.report.survey.setting_checks import setting_problems, settings_of_report
from survey.settings import BY_KEY, SETTINGS, Setting, settings_of
from survey.wording import public_words

_FOLDER = Path("reports")
_UNFIT_IN_NAMES = re.compile(r'[\s/\\:*?"<>|]+')


@dataclass(frozen=True)
class PlannedReport:
    """One report to make, in one language.

    Attributes
    ----------
    name
        What the plan calls it, or the option it is made for.
    lang
        Its language.
    data
        Its respondents.
    settings
        Every setting by its key, in the language of the report.
    output
        The files it is written to.
    """

    name: str
    lang: str
    data: Responses | Tally
    settings: Mapping[str, Any]
    output: tuple[Path, ...]

    @property
    def arguments(self) -> dict[str, Any]:
        """What `survey.analyze` is given to make it, beside `data`."""
        given = {
            setting.argument or setting.key: self.settings[setting.key]
            for setting in settings_of("report")
            if setting.argument != "-"
        }
        head = {setting.key: self.settings[setting.key] for setting in settings_of("head")}
        block = TitleBlock(**{key: text for key, text in head.items() if text})
        none = {key: None for key, value in given.items() if value == ()}  # of names: all, or the default
        return {**given, **none, "title_block": block, "lang": self.lang}

    def command(self, files: Sequence[str]) -> str:
        """The command that makes this report alone, but for where it is written."""
        import shlex

        words = ["survey", "analyze", *files]
        for setting in SETTINGS:
            if setting.key not in ("output", "template", "pictures"):
                words += setting_words(setting, self.settings[setting.key])
        return shlex.join(public_words([*words, *(["--lang", self.lang] if self.lang != ENGLISH else [])]))


def setting_words(setting: Setting, value: Any) -> list[str]:
    """A setting as it is typed in a command; nothing where it is at its default."""
    if value == setting.default or value is None:
        return []
    if setting.form == "flag":
        return [setting.option]
    if setting.form == "limits":
        return [setting.option, *map(str, value)]
    if setting.form in ("targets", "nets"):
        return [setting.option, flow(value) if isinstance(value, Mapping) else str(value)]
    if isinstance(value, Mapping):
        values: Sequence[Any] = [f"{question}={one}" for question, one in value.items()]
    else:
        values = value if isinstance(value, tuple) else [value]
    return [word for one in values for word in (setting.option, str(one))]


# -- what a plan makes of data -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Group:
    """The respondents that one entry of the list is about: all, or those of one option."""

    number: int
    name: str
    data: Any
    conditions: tuple[str, ...]
    question: Question | None = None
    option: Option | None = None


def planned(
    plan: Plan,
    data: Responses | Tally,
    *,
    input_name: str,
    inputs: Sequence[str | Path] = (),
    lang: str = "en",
) -> tuple[list[PlannedReport], list[Problem]]:
    """The reports that a plan makes of data, and the options of `for_each` that nobody chose.

    Parameters
    ----------
    input_name
        What `{input}` stands for, and what files are named after where the plan names none.
    inputs
        Files that no report may be written to.
    lang
        Of what is said when nobody meets a condition.

    Raises
    ------
    UsageError
        Everything that the plan names and the data have not, or that cannot be made or written.
    """
    problems = setting_problems(plan, data.instrument, counted=isinstance(data, Tally))
    if problems:
        raise UsageError(*problems)
    groups, empty = _groups(plan, data, lang)
    reports = [
        made for group in groups for made in _in_languages(plan, group, input_name, several=len(groups) > 1)
    ]
    problems = [*_output_problems(plan, groups, reports, inputs), *_hiding_problems(plan, groups)]
    if problems:
        raise UsageError(*problems)
    return reports, empty


def _groups(plan: Plan, data: Responses | Tally, lang: str) -> tuple[list[_Group], list[Problem]]:
    """Whom each report is about; nobody is a problem, but for an option of many that nobody chose."""
    groups: list[_Group] = []
    empty: list[Problem] = []
    problems: list[Problem] = []
    separator = message("condition_separator", lang)
    for number, entry in enumerate(plan.reports):
        conditions = (*plan.settings.get("where", ()), *entry.get("where", ()))
        kept = _kept(data, conditions)
        if conditions and not len(kept):
            place = plan.place("where", number if "where" in entry else None)
            problems.append(Problem("where_nobody", place, {"condition": separator.join(conditions)}))
            continue
        if "for_each" not in entry:
            groups.append(_Group(number, _name(plan, number), kept, conditions))
            continue
        question = data.instrument.question(entry["for_each"], *kinds_with(banner=True))
        made = [_group_of(number, entry, kept, conditions, question, part) for part in question.groups]
        place = plan.place("for_each", number)
        if not any(len(group.data) for group in made):
            problems.append(Problem("plan_nobody", place, {"question": question.id}))
            continue
        groups += [group for group in made if len(group.data)]
        empty += [
            Problem("plan_option_nobody", place, {"question": question.id, "option": group.option.id})
            for group in made
            if group.option is not None and not len(group.data)
        ]
    if problems:
        raise UsageError(*problems)
    return groups, empty


def _name(plan: Plan, number: int) -> str:
    unnamed = f"report-{number + 1}" if len(plan.reports) > 1 else "report"
    return str(plan.reports[number].get("name", unnamed))


def known_reports(plan: Plan, input_name: str) -> list[PlannedReport]:
    """The reports that can be named before the data are read, without them: those of no `for_each`."""
    groups = [
        _Group(number, _name(plan, number), None, ())
        for number, entry in enumerate(plan.reports)
        if "for_each" not in entry
    ]
    several = len(plan.reports) > 1 or not groups
    return [made for group in groups for made in _in_languages(plan, group, input_name, several=several)]


def known_output_problems(plan: Plan, reports: Sequence[PlannedReport]) -> list[Problem]:
    """Files that two of the reports that can be named before the data are read would be written to."""
    groups = [_Group(number, _name(plan, number), None, ()) for number, _ in enumerate(plan.reports)]
    return _output_problems(plan, groups, reports, ())


def _kept(data: Responses | Tally, conditions: Sequence[str]) -> Responses | Tally:
    return data.where(*conditions) if conditions and isinstance(data, Responses) else data


def _group_of(
    number: int,
    entry: Mapping[str, Any],
    data: Responses | Tally,
    conditions: tuple[str, ...],
    question: Question,
    option: Option,
) -> _Group:
    condition = f"{question.id}={option.id}"
    name = f"{entry['name']}-{option.id}" if "name" in entry else option.id
    kept = _kept(data, [condition])
    return _Group(number, name, kept, (*conditions, condition), question, option)


def _in_languages(plan: Plan, group: _Group, input_name: str, *, several: bool) -> Iterator[PlannedReport]:
    """The report of a group, once in each language of the plan."""
    number = group.number
    languages = plan.said("languages", number) or (ENGLISH,)
    for lang in languages:
        filled = {
            "name": group.name,
            "lang": lang,
            "input": input_name,
            "option": group.option.id if group.option else "",
            "label": group.option.said(lang) if group.option else "",
        }
        settings = settings_of_report(plan, number) | {"where": group.conditions}
        for setting in settings_of("head", "files"):
            settings[setting.key] = _filled(setting, settings[setting.key], lang, filled)
        if not settings["output"]:
            stem = f"{input_name}-{group.name if several else 'report'}"
            stem += f"-{lang}" if len(languages) > 1 else ""
            settings["output"] = (str(_FOLDER / f"{stem}.xlsx"),)
        output = tuple(Path(name) for name in settings["output"])
        yield PlannedReport(group.name, lang, group.data, settings, output)


def _filled(setting: Setting, value: Any, lang: str, texts: Mapping[str, str]) -> Any:
    """A value in one language, its placeholders filled; in the name of a file as far as it can bear them."""
    if not takes_placeholders(setting) or not value:
        return value
    if setting.form == "words":
        text = value if isinstance(value, str) else value.get(lang, next(iter(value.values())))
        return text.format_map(texts)
    fit = {name: _UNFIT_IN_NAMES.sub("-", text) for name, text in texts.items()}
    return tuple(one.format_map(fit) for one in value) if isinstance(value, tuple) else value.format_map(fit)


def _output_problems(
    plan: Plan, groups: Sequence[_Group], reports: Sequence[PlannedReport], inputs: Sequence[str | Path]
) -> list[Problem]:
    """Files that two reports would be written to, or that are read."""
    numbers = {group.name: group.number for group in groups}
    taken: dict[Path, PlannedReport] = {}
    problems: dict[str, Problem] = {}
    read = {Path(path).resolve() for path in [*inputs, *([plan.file] if plan.file else [])]}
    for report in reports:
        place = plan.place("output", numbers.get(report.name))
        for path in report.output:
            first = taken.setdefault(path.resolve(), report)
            if path.resolve() in read:
                problems.setdefault(str(path), Problem("target_is_input", place, {"path": path}))
            elif first is not report:
                values = {"path": path, "name": report.name, "other": first.name}
                key = "plan_output_languages" if first.name == report.name else "plan_output_twice"
                problems.setdefault(str(path), Problem(key, place, values))
    folders: dict[Path, PlannedReport] = {}
    for report in reports:
        if folder := report.settings["pictures"]:
            first = folders.setdefault(Path(folder).resolve(), report)
            if first is not report:
                place = plan.place("pictures", numbers.get(report.name))
                problems.setdefault(
                    folder, Problem("plan_pictures_twice", place, {"path": folder, "name": report.name})
                )
    return list(problems.values())


def _hiding_problems(plan: Plan, groups: Sequence[_Group]) -> list[Problem]:
    """Reports with hidden cells whose respondents overlap: the one would give away what the other hides."""
    for one, other in combinations(groups, 2):
        hidden = [number for number in (one.number, other.number) if plan.said("suppress", number)]
        if hidden and _overlap(one.data, other.data):
            values = {"name": one.name, "other": other.name}
            return [Problem("plan_suppress_overlap", plan.place("suppress", hidden[0]), values)]
    return []


def _overlap(one: Responses | Tally, other: Responses | Tally) -> bool:
    if isinstance(one, Responses) and isinstance(other, Responses):
        return bool(one.data.index.intersection(other.data.index).size)
    return True


def defaults_with(**given: Any) -> dict[str, Any]:
    """Settings by key for checks: those given, and the defaults of the others."""
    return {key: setting.default for key, setting in BY_KEY.items()} | given
