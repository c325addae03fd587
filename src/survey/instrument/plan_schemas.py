"""What may stand in a plan of reports: the table of settings as fields, of all reports or of one."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, create_model

from survey.instrument.plan_nets import PlanNets, empty_lists
from survey.instrument.report_plans import PLACEHOLDERS, Steps, takes_placeholders
from survey.instrument.schema import Fault, FileModel, Strict, Text, Wording
from survey.messages import LANGUAGES, message
from survey.settings import Scope, Setting, settings_of

_OF_OPTIONS = ("option", "label")  # placeholders that a report has which is made for one option

ReportName = Annotated[str, StringConstraints(pattern=r'^[^\s/\\:*?"<>|{}]+$')]


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
