"""What a report says of the population that its respondents are a sample of."""

from survey.report.survey.context import SurveyContext
from survey.statistics.finite_population import FinitePopulation


def check_answered(context: SurveyContext) -> None:
    """Refuse, before any work, a population of fewer than answered, or of weighted data."""
    given = context.population.of_all or dict(context.population.groups)
    finite = FinitePopulation.of(given or None, context.counts)
    if finite is not None:
        finite.of_everyone(len(context.responses))


def sample_text(context: SurveyContext) -> str:
    """How many respondents the report is of, and of how many they are a sample."""
    count = len(context.responses)
    if context.population.everyone is None:
        return context.say("about_sample", count=count)
    return context.say("about_sample_of", count=count, population=context.population.everyone)


def population_notes(context: SurveyContext) -> tuple[int, ...]:
    """The note on the population; none where none is given."""
    population = context.population
    if not population.is_known:
        return ()
    sizes = [
        context.say("about_entry", name=banner.part(code).said(context.lang), value=size)
        for banner in context.banners
        for code, size in population.named(banner).items()
    ]
    if population.everyone is None:
        groups = context.say("population_known_alone", sizes=sizes)
        return context.footnotes("population_of_groups", groups=groups)
    key = (
        "population_known" if sizes else "population_estimates" if context.banners else "population_no_groups"
    )
    groups = context.say(key, sizes=sizes)
    return context.footnotes(
        "population", count=len(context.responses), population=population.everyone, groups=groups
    )
