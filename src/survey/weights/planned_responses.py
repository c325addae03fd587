"""Responses as a plan of reports wants them: with its nets, and raked."""

from dataclasses import replace

from survey.errors import UsageError
from survey.ingest.deriving import with_derived
from survey.ingest.responses import Responses
from survey.instrument.added_nets import with_plan_nets
from survey.instrument.report_plans import Plan
from survey.weights.raking import rake_as_planned


def as_planned(responses: Responses, plan: Plan, *, earlier: bool = False) -> Responses:
    """The responses with the nets that a plan declares, and the weights that it asks for.

    `earlier`: of a wave before, which may have been asked otherwise; it has the nets that can be made of it.

    Raises
    ------
    UsageError, InstrumentError, DataError
        Nets that cannot be made; as `survey.rake`: with the lines of the plan.
    """
    instrument, problems = with_plan_nets(responses.instrument, plan)
    if problems and not earlier:
        raise UsageError(*problems)
    return rake_as_planned(with_derived(replace(responses, instrument=instrument)), plan)
