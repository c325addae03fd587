"""A finite population in the report: how many there are of all, and of the groups of its banners."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey.errors import usage
from survey.instrument import Question
from survey.statistics.finite_population import EVERYONE, Population, check_population


@dataclass(frozen=True)
class ReportPopulation:
    """How many there are: `everyone`, where that is known, and the groups of any banner by their codes."""

    everyone: int | None = None
    groups: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether anything is known of how many there are."""
        return self.everyone is not None or bool(self.groups)

    @property
    def of_all(self) -> Population | None:
        """The population of shares of all respondents."""
        return self.everyone

    def of_banner(self, banner: Question) -> Population | None:
        """The population of the groups of a banner, and of all."""
        sizes = self.named(banner)
        if self.everyone is not None:
            sizes = {EVERYONE: self.everyone, **sizes}
        return sizes or None

    def named(self, banner: Question) -> dict[str, int]:
        """The groups of a banner that are known."""
        return {group.id: self.groups[group.id] for group in banner.groups if group.id in self.groups}


def report_population(population: Population | None, banners: Sequence[Question]) -> ReportPopulation:
    """The population of a report by some banners, as it was given.

    Raises
    ------
    UsageError
        No whole number of 1 or more, a code that is no group of a banner, or one of several.
    """
    check_population(population)
    if population is None:
        return ReportPopulation()
    sizes = dict(population) if isinstance(population, Mapping) else {EVERYONE: population}
    everyone = sizes.pop(EVERYONE, None)
    known = [group.id for banner in banners for group in banner.groups]
    if unknown := [code for code in sizes if code not in known]:
        named = [banner.id for banner in banners] or ["-"]
        raise usage("population_group_of_none", groups=unknown, banners=named, known=known or ["-"])
    for code in sizes:
        holders = [banner.id for banner in banners if code in {group.id for group in banner.groups}]
        if len(holders) > 1:
            raise usage("population_group_several", group=code, banners=holders)
    return ReportPopulation(everyone, sizes)
