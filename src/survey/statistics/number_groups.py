"""What has a mean in groups: the rows of every test between them, counted respondents."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING, Any

from survey.counts.group_tables import ValueTable
from survey.instrument import Option, Question
from survey.messages import message
from survey.quiet import without_warnings
from survey.statistics.eta_squared import eta_squared
from survey.statistics.measured import MEASURED, Measured
from survey.statistics.ratings import cliff_delta
from survey.statistics.shared_means import FEW, SharedMeans
from survey.statistics.studentized_range import studentized_ranges
from survey.statistics.test_rows import test_row
from survey.statistics.weighted_means import EXACT
from survey.tables import remarks

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

NAN = float("nan")


@dataclass(frozen=True)
class NumberSample:
    """Values of some respondents, ascending, and how often each occurs."""

    values: "npt.NDArray[np.float64]"
    counts: "npt.NDArray[np.int64]"

    @classmethod
    def of(cls, table: ValueTable, inside: Any) -> "NumberSample":
        """The values of the respondents in `inside`."""
        import numpy as np

        values, places = np.unique(table.values[inside], return_inverse=True)
        counts = np.bincount(places, weights=table.counts[inside], minlength=len(values))
        return cls(values, counts.astype(np.int64))

    @cached_property
    def base(self) -> int:
        """How many respondents."""
        return int(self.counts.sum())

    @property
    def effective_base(self) -> float:
        """The same: nobody counts for more."""
        return float(self.base)

    @property
    def mean(self) -> float:
        """The mean of all respondents."""
        return float(self.rows.mean())

    @property
    def lowest(self) -> float:
        """The smallest value."""
        return float(self.values[0])

    @property
    def constant(self) -> bool:
        """Whether all gave the same value, or nobody any."""
        return len(self.values) < 2

    @cached_property
    def rows(self) -> Any:
        """One value per respondent."""
        import numpy as np

        return np.repeat(self.values, self.counts)


@dataclass(frozen=True)
class NumberGroups:
    """What has a mean, and the groups it is compared by. `tables`: its values by group, one a measure."""

    asked: Question
    item: str
    groups: Question
    tables: list[ValueTable]
    confidence: float
    least: int
    lang: str

    @property
    def measured(self) -> Measured:
        """What there is to say of the mean of this kind of question."""
        return MEASURED[self.asked.kind]

    @property
    def table(self) -> ValueTable:
        """The counts of respondents."""
        return self.tables[0]

    def sample(self, inside: Any) -> Any:
        """The values of some respondents."""
        return NumberSample.of(self.table, inside)

    def columns(self, samples: Sequence[Any]) -> dict[str, float]:
        """The columns of a row that say how many these are by weight, if there are weights."""
        return {}

    def low(self, first: Any, second: Any) -> dict[str, str]:
        """The remark on two sides of which one has too few respondents; empty where none has."""
        smaller = min(first.base, second.base)
        if smaller >= self.least:
            return {}
        note = message("numbers_small", self.lang, base=smaller, minimum=self.least)
        return remarks(("small_base untested", note))

    def is_large(self, sample: Any) -> bool:
        """Whether a group may be tested."""
        return bool(sample.effective_base >= self.least - EXACT)

    def row(self, test: str, samples: Sequence[Any], **values: Any) -> dict[str, Any]:
        """A row of the test over some samples."""
        base = sum(sample.base for sample in samples)
        ids = {"item": self.item, "by": self.groups.id}
        return test_row(self.asked, test, base, **ids, **self.columns(samples), **values)

    def all_rows(self, against: str | None) -> list[dict[str, Any]]:
        """The rows of all groups."""
        if against == "columns":
            return self.every_two()
        if against is None and self.groups.kind == "single":
            return self.exclusive()
        return self.against_complements()

    def member(self, group: Option, value: int) -> Any:
        """Of each row of the table whether it is inside (1) or outside (0) the group."""
        assert self.table.members is not None
        return self.table.members[:, self.groups.groups.index(group)] == value

    def against_complements(self) -> list[dict[str, Any]]:
        """Each group against everybody outside it."""
        rows = []
        for group in self.groups.groups:
            sides = [self.sample(self.member(group, value)) for value in (1, 0)]
            rows += self.pair(sides[0], sides[1], {"group": group.id})
        return rows

    def every_two(self) -> list[dict[str, Any]]:
        """Every two groups, of those whose membership in both is known."""
        rows = []
        for one, other in combinations(self.groups.groups, 2):
            ids = {"group": one.id, "other_group": other.id}
            states = ((1, 0), (0, 1), (1, 1))
            first, second, both = (
                self.sample(self.member(one, inside) & self.member(other, also)) for inside, also in states
            )
            rows += self.sharing(first, second, both, ids) if both.base else self.pair(first, second, ids)
        return rows

    def exclusive(self) -> list[dict[str, Any]]:
        """Groups that exclude each other: all at once where there are three or more, then every pair."""
        samples = {group.id: self.sample(self.member(group, 1)) for group in self.groups.groups}
        if len(samples) == 2:
            (one, first), (other, second) = samples.items()
            return self.pair(first, second, {"group": one, "other_group": other})
        rows = self.all_at_once(samples)
        howell: dict[tuple[str, str], dict[str, Any]] = {}
        if not self.item:  # their p is of the pairs of one number, not of all options
            usable = {group: sample for group, sample in samples.items() if self.is_large(sample)}
            lines = self.games_howell(list(usable.values()))
            howell = dict(zip(combinations(usable, 2), lines, strict=True))
        for pair in combinations(samples, 2):
            ids = {"group": pair[0], "other_group": pair[1]}
            first, second = (samples[group] for group in pair)
            rows += self.pair(first, second, ids, howell.get(pair), test="" if self.item else "games_howell")
        return rows

    def all_at_once(self, samples: dict[str, Any]) -> list[dict[str, Any]]:
        """Welch's analysis of variance and Kruskal and Wallis' test, over the groups that allow it."""
        large = {group: sample for group, sample in samples.items() if self.is_large(sample)}
        varied = {group: sample for group, sample in large.items() if not sample.constant}
        rows = []
        tests = [("welch_anova", varied)]
        tests += [("kruskal_wallis", large)] if "mann_whitney" in self.measured.further else []
        for test, used in tests:
            left_out = [self.groups.part(group).said(self.lang) for group in samples if group not in used]
            note = message("numbers_left_out", self.lang, groups=left_out, minimum=self.least)
            own = [("left_out", note)] if left_out else []
            values = {sample.lowest for sample in used.values() if sample.constant}
            line: dict[str, Any] = {}
            if len(used) < 2:
                own.insert(0, ("too_few_groups untested", message("numbers_one_group", self.lang)))
            elif len(values) == 1 and all(sample.constant for sample in used.values()):
                own.insert(0, ("no_variation untested", message("numbers_constant", self.lang)))
            else:
                line, remark = self.of_all(test, list(used.values()))
                own[:0] = remark
                if line["ci_low"] != line["ci_low"]:
                    own.insert(0, ("at_limit no_interval", message("numbers_no_interval", self.lang)))
            rows.append(self.row(test, list(used.values()), **line, **remarks(*own, lang=self.lang)))
        return rows

    def of_all(self, test: str, samples: list[Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The numbers of a test of all groups, and remarks; of ranks the effect is that of midranks."""
        import numpy as np
        from scipy.stats import rankdata

        from survey.statistics import through_pingouin

        groups = [sample.rows for sample in samples]
        if test == "welch_anova":
            name, sides = "eta_squared", groups
            statistic, p_value = through_pingouin.welch_anova(groups)
        else:
            ends = np.cumsum([len(group) for group in groups])[:-1]
            name, sides = "epsilon_squared", np.split(rankdata(np.concatenate(groups)), ends)
            statistic, p_value = through_pingouin.kruskal_wallis(groups)
        effect, low, high = eta_squared(sides, confidence=self.confidence)
        effects = {"effect_name": name, "effect": effect, "ci_low": low, "ci_high": high}
        return {"statistic": statistic, "df": len(groups) - 1, "p_value": p_value, **effects}, []

    def games_howell(self, samples: list[Any]) -> list[dict[str, Any]]:
        """The numbers of every pair, from the studentized range over all these groups."""
        from scipy.special import stdtr

        if len(samples) < 2:
            return []
        lines: list[dict[str, Any]] = []
        tests = self.pairs_of(samples)
        ranges = studentized_ranges(self.confidence, len(samples), [df for _, df, _, _ in tests])
        for (first, second), (t, df, p_value, error), wide in zip(
            combinations(samples, 2), tests, ranges, strict=True
        ):
            if first.constant and second.constant:
                lines.append({})
                continue
            difference = first.mean - second.mean
            half = wide * error / sqrt(2)
            own = float(2 * stdtr(df, -abs(t)))
            limits = {"ci_low": difference - half, "ci_high": difference + half}
            adjusted = min(1.0, max(own, p_value))
            lines.append({"statistic": t, "df": df, "p_value": own, "p_adjusted": adjusted, **limits})
        return lines

    def pairs_of(self, samples: list[Any]) -> list[tuple[float, float, float, float]]:
        """Of every pair t, df, the p-value of all pairs, and the standard error."""
        from survey.statistics.through_pingouin import games_howell

        return games_howell([sample.rows for sample in samples])

    def pair(
        self,
        first: Any,
        second: Any,
        ids: dict[str, str],
        howell: dict[str, Any] | None = None,
        *,
        test: str = "",
    ) -> list[dict[str, Any]]:
        """The rows of two disjoint groups: means, and what else there is of this kind."""
        sides = (first, second)
        permuted = self.is_permuted(min(first.base, second.base)) and not test
        names = (test or ("permutation_t" if permuted else "welch_t"), *self.measured.further)
        if low := self.low(first, second):
            return [self.row(name, sides, **ids, **low) for name in names]
        constant = remarks(("no_variation untested", message("numbers_constant", self.lang)))
        varies = not (first.constant and second.constant)
        lines: dict[str, dict[str, Any]] = {name: dict(constant) for name in names}
        if varies or permuted:
            lines[names[0]] = howell or self.of_means(first, second, permuted=permuted)
            lines[names[0]] |= {"effect_name": self.measured.effect, "effect": first.mean - second.mean}
        if "hedges_g" in names and varies:
            lines["hedges_g"] = self.hedges_g(first, second)
        if "mann_whitney" in names and (varies or first.lowest != second.lowest):
            lines["mann_whitney"] = self.mann_whitney(first, second)
        own = [(line.get("reason", ""), line.get("note", "")) for line in (lines[names[0]],)]
        if varies and (first.constant or second.constant):
            own.append(("constant_side", message("numbers_constant_side", self.lang)))
        lines[names[0]] |= remarks(*own, lang=self.lang)
        return [self.row(name, sides, **ids, **lines[name]) for name in names]

    def is_permuted(self, smaller: int) -> bool:
        """Whether the p-value of two groups is that of permutations."""
        return self.measured.few_values and smaller < FEW

    def of_means(self, first: Any, second: Any, *, permuted: bool) -> dict[str, Any]:
        """The numbers of the difference of two means."""
        shared = _shared(first, second)
        line: dict[str, Any] = {}
        if not (first.constant and second.constant):
            line = self.welch_t(first, second)
        return line | self._exact(shared, permuted=permuted)

    def _exact(self, shared: SharedMeans, *, permuted: bool) -> dict[str, Any]:
        """The p-value of permutations where asked for, and the limits of scores."""
        line: dict[str, Any] = {}
        if permuted:
            remark = remarks(("permuted", message("numbers_permuted", self.lang, few=FEW)))
            line |= {"p_value": shared.permutation_p(), "df": NAN} | remark
        return line | (shared.score_limits(self.confidence) if self.measured.by_scores else {})

    def sharing(self, first: Any, second: Any, both: Any, ids: dict[str, str]) -> list[dict[str, Any]]:
        """The row of two groups that share respondents: the variance of the difference knows them."""
        samples = (first, second, both)
        shared = _shared(*samples)
        smaller = min(shared.bases)
        permuted = bool(self.is_permuted(smaller) and first.base and second.base)
        name = "permutation_t" if permuted else "overlap_t"
        if smaller < self.least:
            note = message("numbers_small", self.lang, base=smaller, minimum=self.least)
            return [self.row(name, samples, **ids, **remarks(("small_base untested", note)))]
        if not first.base and not second.base:
            remark = remarks(("same_respondents untested", message("note_same_respondents", self.lang)))
            return [self.row(name, samples, **ids, **remark)]
        (one,), (other,) = shared.means()
        line: dict[str, Any] = {"effect_name": self.measured.effect, "effect": float(one - other)}
        own: list[tuple[str, str]] = []
        if not all(shared.constant):
            line |= shared.t_test(self.confidence)
            if any(shared.constant):
                own.append(("constant_side", message("numbers_constant_side", self.lang)))
        elif not permuted:
            own.append(("no_variation untested", message("numbers_constant", self.lang)))
        line |= self._exact(shared, permuted=permuted)
        line |= remarks((line.get("reason", ""), line.get("note", "")), *own, lang=self.lang)
        return [self.row(name, samples, **ids, **line)]

    def welch_t(self, first: Any, second: Any) -> dict[str, Any]:
        """The numbers of Welch's t test."""
        from scipy.stats import ttest_ind

        with without_warnings():  # of values that hardly vary
            result = ttest_ind(first.rows, second.rows, equal_var=False)
            limits = result.confidence_interval(self.confidence)
        return {
            "statistic": float(result.statistic),
            "df": float(result.df),
            "p_value": float(result.pvalue),
            "ci_low": float(limits.low),
            "ci_high": float(limits.high),
        }

    def hedges_g(self, first: Any, second: Any) -> dict[str, Any]:
        """The difference of the means in standard deviations, with its interval."""
        from survey.statistics.through_pingouin import hedges_g

        value, low, high = hedges_g(first.rows, second.rows, self.confidence)
        effect = {"effect_name": "hedges_g", "effect": value, "ci_low": low, "ci_high": high}
        return {"statistic": value, **effect}

    def mann_whitney(self, first: Any, second: Any) -> dict[str, Any]:
        """The numbers of the test of ranks, and Cliff's delta."""
        import numpy as np

        from survey.statistics.through_pingouin import mann_whitney_u

        statistic, p_value = mann_whitney_u(first.rows, second.rows)
        values = np.union1d(first.values, second.values)
        histograms = []
        for sample in (first, second):
            counted = np.zeros(len(values), np.int64)
            counted[np.searchsorted(values, sample.values)] = sample.counts
            histograms.append(counted.tolist())
        delta, low, high = cliff_delta(*histograms, confidence=self.confidence)
        effect = {"effect_name": "cliff_delta", "effect": delta, "ci_low": low, "ci_high": high}
        return {"statistic": statistic, "p_value": p_value, **effect}


def _shared(first: NumberSample, second: NumberSample, both: NumberSample | None = None) -> SharedMeans:
    """The counts of two groups over all their values, from rows of those in one alone and in both."""
    import numpy as np

    samples = [first, second] + ([both] if both else [])
    values = np.unique(np.concatenate([sample.values for sample in samples]))
    counts = np.zeros((3, len(values)), np.int64)
    for place, sample in enumerate(samples):
        counts[place, np.searchsorted(values, sample.values)] = sample.counts
    return SharedMeans(values, counts[:1], counts[1:2], counts[2])
