"""The nets of a plan of reports added to an instrument, for one run.

They are derived variables of kind `net`, as an instrument declares them, and no part of its file: the nets of
the question `tools` are the variable `tools_nets`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from survey.errors import Problem, SurveyError
from survey.instrument.derived import Derived, DerivedOption
from survey.instrument.derived_faults import derived_faults
from survey.instrument.model import Instrument
from survey.instrument.report_plans import Plan, plan_saying
from survey.instrument.route_faults import unknown_fault
from survey.instrument.schema import Fault, doubles
from survey.instrument.yaml_values import Located, parse_values, read_text
from survey.messages import ENGLISH, LANGUAGES, message

INLINE = "{"  # what nets begin with that are written out where else a file is named
_OPTION = "--nets"  # how errors name nets that are written out in a command


def nets_written(text: str) -> tuple[Mapping[str, Any], Located]:
    """The nets of a YAML file, or of a text such as `{tools: [{id: power, label: Power, any: [drill]}]}`.

    Raises
    ------
    UsageError
        There is no such file.
    InstrumentError
        They are no nets; every problem carries file and line.
    """
    is_inline = text.lstrip().startswith(INLINE)
    data, located = parse_values(*((text, _OPTION) if is_inline else (read_text(text), text)))
    own: Located = lambda path: located(path[1:])  # noqa: E731 - the file has no key `nets`
    return plan_saying({"nets": data}, located=own).settings["nets"], own


def with_plan_nets(instrument: Instrument, plan: Plan) -> tuple[Instrument, list[Problem]]:
    """The instrument with the nets of a plan that can be made, and what is wrong with the others."""
    nets = plan.said("nets")
    if nets is None:
        return instrument, []
    located: Located = lambda path: plan.place(str(path[0]), None, *path[1:])  # noqa: E731
    if isinstance(nets, str):
        try:
            nets, located = nets_written(nets)
        except SurveyError as error:
            return instrument, list(error.problems)
    rules = [_rule(instrument, question, own) for question, own in nets.items()]
    faults = list(_faults(instrument, rules))
    unfit = {path[1] for path, _, _ in faults}
    problems = {
        (problem := Problem(key, located(path), values)).text(): problem for path, key, values in faults
    }
    return instrument.with_rules(rule for rule in rules if rule.sources[0] not in unfit), list(
        problems.values()
    )


def _rule(instrument: Instrument, question: str, nets: Any) -> Derived:
    """The nets of a question as the rule of a derived variable."""
    source = instrument.source(question, {one.id: one for one in instrument.variables})
    short = {
        lang: message(
            "plan_nets_short",
            lang if lang in LANGUAGES else ENGLISH,
            question=source.named(lang) if source else question,
        )
        for lang in instrument.languages
    }
    options = tuple(
        DerivedOption.model_construct(
            id=net["id"], label=_wording(net["label"], instrument.languages), any=tuple(net["any"])
        )
        for net in nets
    )
    name = f"{question.replace('__', '_')}_nets"
    return Derived.model_construct(id=name, kind="net", of=question, options=options, short=short)


def _wording(label: Any, languages: tuple[str, ...]) -> dict[str, str]:
    """A label in its languages, and in those of the instrument, for which the first may stand."""
    written = dict.fromkeys(languages, label) if isinstance(label, str) else dict(label)
    return dict.fromkeys(languages, next(iter(written.values()))) | written


def _nameable(instrument: Instrument, name: str) -> list[str]:
    """The ids of the variables; where a name is of an item of one, those of its items."""
    question, part = instrument.part_named(name)
    whole = next((one for one in instrument.variables if one.id == question), None)
    return list(whole.answer_columns) if whole and part else [one.id for one in instrument.variables]


def _faults(instrument: Instrument, rules: list[Derived]) -> Iterator[Fault]:
    """What is wrong with nets, by where in the plan: as of those of an instrument; ids that options have."""
    own = len(instrument.derived)
    whole = instrument.model_copy(update={"derived": (*instrument.derived, *rules)})
    whole.__dict__.pop("derived_rules", None)
    whole.__dict__.pop("variables", None)
    for path, key, values in derived_faults(whole):
        place = int(path[1]) - own
        if place >= 0:
            if key.startswith("derived_source_unknown"):
                question = rules[place].sources[0]
                key, listed = unknown_fault("plan_nets_unknown", question, _nameable(instrument, question))
                values = {"name": question, **listed}
            below = path[3:] if path[2:3] == ("options",) else ()
            yield ("nets", rules[place].sources[0], *below), key, values
    for rule in rules:
        question = rule.sources[0]
        for path, key, values in doubles((), "options", rule.options):
            yield ("nets", question, *path[1:]), key, values
        source = next((one for one in instrument.variables if one.id == question), None)
        taken = {option.id for option in source.options} if source is not None else set()
        for position, option in enumerate(rule.options):
            if option.id in taken:
                yield (
                    ("nets", question, position, "id"),
                    "net_is_option",
                    {
                        "id": option.id,
                        "question": question,
                    },
                )
