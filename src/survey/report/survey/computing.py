"""The results of a report that take longest, computed one after the other to say how far it is."""

from collections.abc import Callable
from functools import partial

from survey.progress import advance
from survey.report.survey.context import SurveyContext
from survey.report.survey.tests import associated


def compute(context: SurveyContext) -> None:
    """Compute them; what is not among them is computed when a sheet asks for it.

    Tables with hidden cells are made together: `SurveyContext.protected` says how far that is.
    """
    if context.minimum:
        return
    tasks = _tasks(context)
    for number, task in enumerate(tasks):
        advance("tables", number, len(tasks))
        task()


def _tasks(context: SurveyContext) -> list[Callable[[], object]]:
    tasks: list[Callable[[], object]] = [
        partial(context.frequencies, question) for question in context.closed
    ]
    for battery in context.batteries:
        results = (context.importance, context.items, context.rating_pairs, context.reliability)
        tasks += [partial(result, battery) for result in results]
    tasks += [partial(context.ranks, question) for question in context.ranked]
    for banner in context.banners:
        for stub in context.stubs(banner):
            tasks.append(partial(context.crosstab, stub, banner))
            tasks += [partial(context.columns, stub, banner)] if context.compare == "columns" else []
            tasks += [partial(context.group_ratings, stub, banner)] if stub.kind == "rating" else []
        tasks += [partial(context.association, stub, banner) for stub in associated(context, banner)]
    return tasks
