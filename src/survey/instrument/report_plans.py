"""The plan of reports: a YAML file that says which reports to make of one reading, and how.

Its keys are those of the table of settings (`survey.settings`), as are the options of `survey analyze`. What
a plan names in the data (questions, options) is looked for when it meets them:
`survey.report.survey.planning`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, StringConstraints, Tag, create_model

from survey.arguments import unfit
from survey.errors import Place
from survey.instrument.loading import SchemaKind, parse_kind, validated
from survey.instrument.plan_nets import PlanNets, empty_lists
from survey.instrument.schema import Fault, FileModel, Strict, Text, Wording
from survey.instrument.yaml_lines import flow, quoted
from survey.instrument.yaml_values import Located, read_text
from survey.messages import LANGUAGES, message
from survey.settings import BY_KEY, Scope, Setting, settings_of

KIND = "report-plan"
PLAN_KINDS = {KIND: SchemaKind("survey.instrument.report_plans", "ReportPlan")}

# What may stand in the name of a file and in a text of the head, between braces.
PLACEHOLDERS = ("name", "option", "label", "lang", "input")
_OF_OPTIONS = ("option", "label")  # those that a report has which is made for one option

ReportName = Annotated[str, StringConstraints(pattern=r'^[^\s/\\:*?"<>|{}]+$')]
Steps = tuple[str | int, ...]


# -- what may stand in the file ----------------------------------------------------------------------------


def _either(one: Any, several: Any) -> Any:
    """One value, or a list or mapping of them: what is told of a fault is about the form that was chosen."""
    kinds = Annotated[one, Tag("one")] | Annotated[several, Tag("several")]
    return Annotated[kinds, Discriminator(lambda value: _FORMS[isinstance(value, dict | list | tuple)])]


_FORMS = ("one", "several")


def _type_of(setting: Setting) -> Any:
    """What a setting may be in the file."""
    choice: Any = Literal.__getitem__(setting.choices) if setting.choices else None
    whole = Annotated[int, Field(ge=setting.least or 0)]
    several = Annotated[tuple[Text, ...], Field(min_length=1)]
    shares = Annotated[dict[Text, float], Field(min_length=1)]
    types: dict[str, Any] = {
        "text": Text,
        "words": _either(Text, Wording),
        "texts": _either(Text, several),
        "names": _either(Text, several),
        "flag": bool,
        "whole": whole,
        "fraction": Annotated[float, Field(gt=0, lt=1)],
        "choice": choice,
        "order": _either(choice, dict[Text, choice]) if choice else None,
        "least": _either(whole, dict[Text, whole]),
        "sizes": _either(whole, Annotated[dict[Text, whole], Field(min_length=1)]),
        "targets": _either(Text, Annotated[dict[Text, shares], Field(min_length=1)]),
        "nets": _either(Text, PlanNets),
        "limits": tuple[float, ...],
    }
    return types[setting.form]


def _fields(*scopes: Scope) -> dict[str, Any]:
    """The fields of a model: a setting that is not said is None, and nobody can say None."""
    return {
        setting.key: (
            _type_of(setting),
            Field(default=None, description=message(setting.plan_help or setting.option_help)),
        )
        for setting in settings_of(*scopes)
    }


_Name: Any = ReportName
_Question: Any = Text
_Language: Any = Literal.__getitem__(LANGUAGES)
_Languages: Any = _either(_Language, Annotated[tuple[_Language, ...], Field(min_length=1)])


class _OneReport(Strict):
    """What a report of the list says of itself, beside its settings."""

    name: _Name = Field(default=None, description=message("plan_key_name"))
    for_each: _Question = Field(default=None, description=message("plan_key_for_each"))
    languages: _Languages = Field(default=None, description=message("plan_key_languages"))


class _Plan(FileModel):
    """What a plan says beside its settings."""

    kind: Literal["report-plan"]
    languages: _Languages = Field(default=None, description=message("plan_key_languages"))

    def faults(self) -> Iterator[Fault]:
        """Find placeholders that nothing fills."""
        reports = self.reports or ()  # type: ignore[attr-defined]
        if self.reports == ():  # type: ignore[attr-defined]
            # Not by the type: a list whose only entry is wrong would count as empty too.
            yield ("reports",), "schema_too_few", {"where": "reports", "value": "[]", "limit": "1"}
        nets = self.nets  # type: ignore[attr-defined]
        for path in empty_lists(nets) if isinstance(nets, Mapping) else ():
            where = ".".join(map(str, ("nets", *path)))
            yield ("nets", *path), "schema_too_few", {"where": where, "value": "[]", "limit": "1"}
        for setting in settings_of("head", "files"):
            heirs = [report for report in reports if getattr(report, setting.key) is None]
            options = bool(heirs) and all(report.for_each for report in heirs)
            yield from _placeholder_faults((setting.key,), setting, self, options=options)
            for number, report in enumerate(reports):
                path = ("reports", number, setting.key)
                yield from _placeholder_faults(path, setting, report, options=bool(report.for_each))


def _placeholder_faults(path: Steps, setting: Setting, model: Strict, *, options: bool) -> Iterator[Fault]:
    value = getattr(model, setting.key)
    if value is None or not takes_placeholders(setting):
        return
    known = [name for name in PLACEHOLDERS if options or name not in _OF_OPTIONS]
    for name in dict.fromkeys(_named_in(value)):
        if name is None:
            yield path, "plan_braces", {"name": setting.key}
        elif name in _OF_OPTIONS and not options:
            yield path, "plan_no_option", {"name": name}
        elif name not in known:
            yield path, "plan_placeholder", {"name": name, "known": known}


def takes_placeholders(setting: Setting) -> bool:
    """Whether `{name}` and its like are filled in a setting."""
    return setting.form == "words" or setting.key in ("output", "pictures")


def _named_in(value: Any) -> Iterator[str | None]:
    """The placeholders of a text, or of several; None for braces that are none."""
    from string import Formatter

    if isinstance(value, tuple | Mapping):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _named_in(one)
        return
    try:
        yield from (name for _, name, _, _ in Formatter().parse(value) if name is not None)
    except ValueError:
        yield None


OneReport: Any = create_model("OneReport", __base__=_OneReport, **_fields("report", "head", "files"))
ReportPlan: Any = create_model(
    "ReportPlan",
    __base__=_Plan,
    **_fields("reading", "report", "head", "files"),
    reports=(
        tuple[OneReport, ...],
        Field(default=None, description=message("plan_key_reports")),
    ),
)


# -- the plan ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """A plan of reports: the settings of all of them, and what each says of itself.

    Attributes
    ----------
    settings
        What is said of all reports, by the keys of the plan; what nobody says is not there.
    reports
        What each report says instead, its `name` and `for_each` too; one that says nothing where the plan
        lists none.
    file
        The file it was read from; "" where it was none.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    reports: tuple[Mapping[str, Any], ...] = ({},)
    file: str = ""
    located: Located = field(default=lambda _: Place(), repr=False, compare=False)

    def said(self, key: str, number: int | None = None) -> Any:
        """What a setting is, of all reports or of the one of this number; its default where nobody says."""
        own = self.reports[number] if number is not None else {}
        if key in own or key in self.settings:
            return own.get(key, self.settings.get(key))
        return BY_KEY[key].default if key in BY_KEY else None

    def place(self, key: str, number: int | None = None, *within: str | int) -> Place:
        """Where a setting stands in the file."""
        own = number is not None and key in self.reports[number]
        return self.located(("reports", number, key, *within) if own else (key, *within))  # type: ignore[arg-type]

    def replaced(self, settings: Mapping[str, Any]) -> "Plan":
        """The plan with some settings of all reports, whatever it says of them."""
        without = tuple(
            {key: value for key, value in report.items() if key not in settings or key == "where"}
            for report in self.reports
        )
        located = self.located

        def place(path: Steps) -> Place:  # what is said instead stands nowhere in the file
            return Place() if path[0] in settings else located(path)

        return replace(self, settings={**self.settings, **settings}, reports=without, located=place)

    def differing(self, settings: Mapping[str, Any]) -> list[str]:
        """The keys among these that the plan says something else of."""
        return [
            key
            for key, value in settings.items()
            for said in [[own[key] for own in (self.settings, *self.reports) if key in own]]
            if any(one != value for one in said)
        ]

    def yaml(self) -> str:
        """The text of a file that says the same."""
        lines = [f"kind: {KIND}", *_setting_lines(self.settings)]
        if self.reports != ({},):
            lines.append("reports:")
            for report in self.reports:
                own = list(_setting_lines(report)) or ["{}"]
                lines += [f"  {'- ' if not number else '  '}{line}" for number, line in enumerate(own)]
        return "\n".join(lines) + "\n"


def _setting_lines(settings: Mapping[str, Any]) -> Iterator[str]:
    """The settings a line each, in the order of the table."""
    order = ["name", "for_each", *BY_KEY, "languages"]
    for key in sorted(settings, key=order.index):
        value = settings[key]
        value = value[0] if isinstance(value, tuple) and len(value) == 1 else value
        if key == "nets" and not isinstance(value, str):
            yield "nets:"
            for question, nets in value.items():
                yield f"  {question}:"
                yield from (f"    - {flow(net)}" for net in nets)
            continue
        is_words = key in BY_KEY and BY_KEY[key].form in ("words", "text", "texts") and isinstance(value, str)
        yield f"{key}: {quoted(value) if is_words else flow(value)}"


def load_plan(source: str | Path | Mapping[str, Any] | Plan) -> Plan:
    """Load and check a plan of reports: a YAML file, or its keys and values.

    What it says is checked but for the questions and options that it names: those are checked, and told with
    their lines, when it meets the data (`analyze`, `planned_reports`).

    Parameters
    ----------
    source
        The path of a YAML file, a dictionary of what would stand there (its `kind` may be left out), or a
        `Plan`, which comes back as it is.

    Raises
    ------
    UsageError
        There is no such file, or it is no plan.
    InstrumentError
        The plan is wrong; every problem carries file and line.

    Examples
    --------
    >>> import survey
    >>> plan = survey.load_plan({"banner": "firm_type", "reports": [{"for_each": "position"}]})
    >>> plan.settings["banner"], plan.reports[0]["for_each"]
    (('firm_type',), 'position')
    """
    if isinstance(source, Plan):
        return source
    if isinstance(source, Mapping):
        return plan_saying(source)
    if not isinstance(source, str | Path):
        raise unfit("plan_needed", source)
    model, located = parse_kind(read_text(source), str(source), PLAN_KINDS)
    return _plan_of(model, str(source), located)


def plan_saying(source: Mapping[str, Any], located: Located = lambda _: Place()) -> Plan:
    """The plan of keys and values; `located`: where they stand.

    Raises
    ------
    InstrumentError
        The plan is wrong.
    """
    model = validated(_tuples({"kind": KIND, **source}), PLAN_KINDS, located, [])
    return _plan_of(model, "", located)


def _tuples(value: Any) -> Any:
    """The same with tuples for lists and texts for keys, as a file is read."""
    if isinstance(value, Mapping):
        return {str(key): _tuples(one) for key, one in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value


def _plan_of(model: Any, file: str, located: Located) -> Plan:
    settings = _said(model)
    reports = tuple(_said(report) for report in model.reports or ())
    return Plan(settings, reports or ({},), file, located)


def _said(model: Any) -> dict[str, Any]:
    """What a model says, lists where there may be several."""
    said = {name: _plain(getattr(model, name)) for name in model.model_fields_set - {"kind", "reports"}}
    return {key: listed(key, value) for key, value in said.items()}


def _plain(value: Any) -> Any:
    """The same with dictionaries for models, as a file has them."""
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_unset=True)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def listed(key: str, value: Any) -> Any:
    """A value as a plan holds it: one of several as a list."""
    several = key == "languages" or (key in BY_KEY and BY_KEY[key].form in ("texts", "names"))
    return (value,) if several and isinstance(value, str) else value
