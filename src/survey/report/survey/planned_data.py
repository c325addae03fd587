"""The data of the reports of a plan, read, raked and screened as it says, and the wave before."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from survey.counts import Tally
from survey.counts.row_counts import DataLike, data_of
from survey.document import TitleBlock
from survey.errors import Problem, UsageError, usage
from survey.ingest import Responses
from survey.ingest.quality import Quality, screen
from survey.instrument.report_plans import Plan
from survey.messages import ENGLISH
from survey.report.survey.planning import planned
from survey.report.survey.previous_wave import previous_reader
from survey.report.survey.setting_checks import chosen_from_tally
from survey.settings import BY_KEY, settings_of
from survey.weights.planned_responses import as_planned as responses_as_planned
from survey.wording import output_stem


def as_planned(
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
    responses, name, quality_in = read_as_planned(plan, data)
    reports, _ = planned(plan, responses, input_name=name, lang=lang)
    if len(reports) > 1:
        raise usage("plan_several", count=len(reports))
    arguments = previous_reader_of(plan)(reports[0].arguments) | {"quality": quality_in(reports[0].lang)}
    return reports[0].data, arguments if title_block is None else {**arguments, "title_block": title_block}


def read_as_planned(
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
            read = responses_as_planned(read, plan)
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
    kept = responses_as_planned(screen(responses, drop=drop)[0], plan)
    return kept, output_stem(data), lambda lang: screen(responses, drop=drop, lang=lang)[1]


def previous_reader_of(plan: Plan) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What reads the wave before that the arguments of a report name, once, as the plan says."""
    settings = [setting for setting in settings_of("reading") if setting.argument != "-"]
    reading = {setting.argument or setting.key: plan.said(setting.key) for setting in settings}
    return previous_reader(plan, {**reading, "drop": plan.said("drop")})
