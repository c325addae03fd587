"""The plan of reports: a YAML file that says which reports to make of one reading, and how.

Its keys are those of the table of settings (`survey.settings`), as are the options of `survey analyze`. What
a plan names in the data (questions, options) is looked for when it meets them:
`survey.report.survey.planning`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from survey.arguments import unfit
from survey.errors import Place
from survey.instrument.loading import SchemaKind, parse_kind, validated
from survey.instrument.yaml_lines import flow, quoted
from survey.instrument.yaml_values import Located, read_text
from survey.settings import BY_KEY, Setting

KIND = "report-plan"
PLAN_KINDS = {KIND: SchemaKind("survey.instrument.plan_schemas", "ReportPlan")}

# What may stand in the name of a file and in a text of the head, between braces.
PLACEHOLDERS = ("name", "option", "label", "lang", "input")

Steps = tuple[str | int, ...]


def takes_placeholders(setting: Setting) -> bool:
    """Whether `{name}` and its like are filled in a setting."""
    return setting.form == "words" or setting.key in ("output", "pictures")


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
    if hasattr(value, "model_dump"):
        return value.model_dump(exclude_unset=True)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def listed(key: str, value: Any) -> Any:
    """A value as a plan holds it: one of several as a list."""
    several = key == "languages" or (key in BY_KEY and BY_KEY[key].form in ("texts", "names"))
    return (value,) if several and isinstance(value, str) else value
