"""A finite population: how many there are to ask, and what asking a good part of them makes surer.

The respondents are taken as a random sample, without replacement, of the N. Then a share is known the better
the fewer are left: all of them answered where N is the base.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from survey.counts.row_counts import Counts
from survey.errors import Place, Problem, UsageError, usage
from survey.instrument import Question
from survey.messages import message
from survey.statistics.fisher import TIE, log_ways

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

# How many there are: of all, or of all (`EVERYONE`) and of groups of the banner by their codes.
Population = int | Mapping[str, int]

EVERYONE = "all"
FEW_LEFT = 10  # where fewer were not asked, the corrected score interval is too short

Remark = tuple[str, str]


def check_population(population: object) -> None:
    """Refuse what is neither a whole number of 1 or more, nor such numbers by the codes of groups."""
    sizes = population if isinstance(population, Mapping) else {EVERYONE: population}
    for code, size in sizes.items() if population is not None else ():
        if not isinstance(code, str) or isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise usage("population_unusable", group=code, given=repr(size))
    if population is not None and not sizes:
        raise usage("population_empty")


@dataclass(frozen=True)
class FinitePopulation:
    """How many there are: `everyone`, where that is known, and the groups of a banner that are known."""

    everyone: int | None
    groups: Mapping[str, int]

    @classmethod
    def of(
        cls, population: Population | None, counts: Counts, banner: Question | None = None
    ) -> "FinitePopulation | None":
        """Take what was given; None where nothing was. Without a banner groups are of no account.

        Raises
        ------
        UsageError
            No whole number of 1 or more, no such group, or the data are weighted.
        """
        if population is None:
            return None
        check_population(population)
        if counts.weighted:
            raise usage("population_weighted")
        sizes = dict(population) if isinstance(population, Mapping) else {EVERYONE: population}
        everyone = sizes.pop(EVERYONE, None)
        known = [group.id for group in banner.groups] if banner else list(sizes)
        if banner and (unknown := [code for code in sizes if code not in known]):
            raise usage("population_group_unknown", groups=unknown, banner=banner.id, known=known)
        for code, size in sizes.items():
            if everyone is not None and size > everyone:
                raise usage("population_group_large", group=code, size=size, population=everyone)
        if everyone is not None and banner and banner.kind != "multiple" and sum(sizes.values()) > everyone:
            values = {"groups": list(sizes), "total": sum(sizes.values()), "population": everyone}
            raise usage("population_groups_many", banner=banner.id, **values)
        return cls(everyone, sizes)

    def of_everyone(self, respondents: int) -> "GroupPopulation":
        """How many there are of all, of whom these respondents are a sample."""
        if self.everyone is not None:
            _refuse_small(self.everyone, respondents)
        return GroupPopulation(self.everyone, respondents)

    def of_question(self, counts: Counts, question: Question, base: int) -> "QuestionPopulation":
        """How many a question is about: all, or where some were not asked the part that was.

        Raises
        ------
        UsageError
            More answered than there are.
        """
        if self.everyone is None:
            return QuestionPopulation(None, is_estimated=False)
        _refuse_small(self.everyone, base, question.id)
        left_out = min(
            (counts.missing_kinds(name)["not_asked"] for name in question.answer_columns), default=0
        )
        if not left_out or not base:
            return QuestionPopulation(self.everyone, is_estimated=False)
        asked = scaled(self.everyone, len(counts) - left_out, len(counts))
        return QuestionPopulation(max(asked, base), is_estimated=True)

    def of_group(
        self, whole: "QuestionPopulation", group: str, base: int, answered: int, *names: str
    ) -> "GroupPopulation":
        """How many there are in a group, `base` of whom answered, as did `answered` in and outside it.

        Where that is not known it is estimated by the part that the group is of those who answered. `names`:
        the question and the banner, for errors.

        Raises
        ------
        UsageError
            More answered in the group than there are.
        """
        size = self.groups.get(group)
        if size is None:
            return _estimate(whole, base, answered)
        _refuse_small(size, base, *names, group)
        return GroupPopulation(size, base)

    def outside_group(
        self, whole: "QuestionPopulation", group: str, base: int, answered: int, *names: str
    ) -> "GroupPopulation":
        """The same of those outside a group: all but the group, where both are known."""
        size = self.groups.get(group)
        if size is None:
            return _estimate(whole, base, answered)
        if self.everyone is None:
            return GroupPopulation(None, base)
        if self.everyone - size < base:
            values = {"others": self.everyone - size, "base": base}
            raise UsageError(Problem("population_others_small", _place((*names, group)), values))
        return GroupPopulation(self.everyone - size, base)


def _estimate(whole: "QuestionPopulation", base: int, answered: int) -> "GroupPopulation":
    if whole.size is None or not answered:
        return GroupPopulation(None, base)
    return GroupPopulation(scaled(whole.size, base, answered), base, is_estimated=True)


@dataclass(frozen=True)
class QuestionPopulation:
    """How many a question is about; None where that is not known."""

    size: int | None
    is_estimated: bool

    @property
    def number(self) -> float:
        """How many there are; nan where that is not known."""
        return float("nan") if self.size is None else float(self.size)

    def remarks(self, base: int, lang: str) -> list[Remark]:
        """What is to be said of a share of all who answered."""
        return GroupPopulation(self.size, base, is_estimated=self.is_estimated).remarks(lang)


@dataclass(frozen=True)
class GroupPopulation:
    """How many there are in a group (None: not known), `base` of whom answered."""

    size: int | None
    base: int
    is_estimated: bool = False

    @property
    def number(self) -> float:
        """How many there are; nan where that is not known."""
        return float("nan") if self.size is None else float(self.size)

    def remarks(self, lang: str, *, exact: bool = True) -> list[Remark]:
        """What is to be said of a share in the group, where its interval is `exact` if few are left."""
        if not self.base:
            return []
        if self.size is None:
            return [("population_unknown", message("note_population_unknown", lang))]
        parts = [_estimated(self.size, lang)] if self.is_estimated else []
        left = self.size - self.base
        if exact and 0 < left < FEW_LEFT:
            parts.append(("population_exact", message("note_population_exact", lang, left=left)))
        return parts


UNKNOWN = GroupPopulation(None, 0)  # nobody said how many there are


def uncorrected_test(lang: str) -> Remark:
    """What is to be said of a test beside intervals that a finite population makes narrower."""
    return "test_uncorrected", message("note_test_uncorrected", lang)


def _estimated(size: int, lang: str) -> Remark:
    return "population_estimated", message("note_population_estimated", lang, size=size)


def scaled(population: int, part: int, whole: int) -> int:
    """A part of a population, rounded up; exact."""
    return -(-population * part // whole)


def _refuse_small(size: int, base: int, *names: str) -> None:
    if size < base:
        raise UsageError(Problem("population_small", _place(names), {"population": size, "base": base}))


def _place(names: tuple[str, ...]) -> Place:
    return Place(subject=" \N{MIDDLE DOT} ".join(names))


# -- limits ------------------------------------------------------------------------------------------------


def correction(base: "Numbers", size: "Numbers") -> "Numbers":
    """The part of the variance that is left, (N - base) / (N - 1); 1 where N is not known.

    References
    ----------
    Cochran, W. G. (1977), Sampling Techniques, 3.2.
    """
    import numpy as np

    left = (size - base) / np.where(size > 1, size - 1, 1.0)
    return np.where(np.isnan(size), 1.0, left)


def hypergeometric_limits(count: int, base: int, size: int, confidence: float) -> tuple[float, float]:
    """The least and the largest share of N of which a sample of `base` with this count is not too rare.

    Both tails of the hypergeometric distribution are inverted, (1 - confidence) / 2 each.

    References
    ----------
    Wright, T. (1991), Exact Confidence Bounds when Sampling from Small Finite Universes, Springer.

    Examples
    --------
    >>> low, high = hypergeometric_limits(118, 137, 600, 0.95)
    >>> round(low, 4), round(high, 4)
    (0.8017, 0.9083)
    """
    tail = (1 - confidence) / 2
    return (
        _least(count, base, size, tail) / size,
        (size - _least(base - count, base, size, tail)) / size,
    )


@lru_cache(maxsize=10_000)
def _least(count: int, base: int, size: int, tail: float) -> int:
    """The least number of N that say yes of which `count` or more in the sample are not too rare."""
    low, high = count, size - base + count  # what is certain; the chance rises with the number
    while low < high:
        middle = (low + high) // 2
        if _chance_of_more(count, base, size, middle) * TIE > tail:
            high = middle
        else:
            low = middle + 1
    return low


def _chance_of_more(count: int, base: int, size: int, yes: int) -> float:
    """The chance that of `base` drawn from N, of which `yes` say yes, `count` or more do."""
    import numpy as np

    drawn = np.arange(max(0, base - (size - yes)), min(base, yes) + 1, dtype=float)
    logs = log_ways(float(yes), drawn) + log_ways(float(size - yes), base - drawn)
    chances = np.exp(logs - logs.max())
    return float(chances[drawn >= count].sum() / chances.sum())
