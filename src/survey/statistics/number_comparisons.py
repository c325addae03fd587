"""What has a mean by groups: means by Welch's tests, ranks beside them, with sizes of the differences."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.group_tables import ValueTable
from survey.counts.row_counts import DataLike, counts_of
from survey.errors import usage
from survey.instrument import Option, Question
from survey.messages import message
from survey.quiet import without_warnings
from survey.statistics.banner_groups import measures_of, rounded_remarks
from survey.statistics.comparisons import test_row
from survey.statistics.crosstabs import check_only
from survey.statistics.eta_squared import eta_squared, weighted_eta_squared, weighted_welch_f
from survey.statistics.hypotheses import adjust_hypotheses, ticked_exactly_one
from survey.statistics.indicators import banner_of
from survey.statistics.intervals import check_confidence, check_min_base
from survey.statistics.measured import MEASURED, Measured, measured_values
from survey.statistics.ratings import cliff_delta, low_by_weight, ranks_by_weight
from survey.statistics.shared_means import FEW, SharedMeans
from survey.statistics.weighted import say_unweighted
from survey.statistics.weighted_means import (
    EXACT,
    Between,
    Difference,
    WeightedValues,
    hedges_g,
    rank_test,
    ranked,
    together,
)
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

NAN = float("nan")


def compare_numbers(
    data: DataLike,
    question: str,
    *,
    by: str | None = None,
    against: str | None = None,
    only: str | None = None,
    confidence: float = 0.95,
    min_base: int = 5,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per test: what has a mean in the groups of `by`, by means and by ranks.

    A number as it is, and a date in days: `welch_t` with the difference of means (`mean_difference`,
    `day_difference`) and `mann_whitney` with Cliff's delta; of a number also `hedges_g`, the difference in
    standard deviations. A score to recommend by its net score: `score_difference`, from -2 to 2, has
    the score limits of both, combined. Rankings and constant sums one row per option (`item`):
    `rank_difference` of those who ranked it, also by `mann_whitney`, and `share_difference` of the total. Of
    these three few values occur: where a side has fewer than 30 answers, `permutation_t` stands in for
    `welch_t`, exact, or drawn where there are too many ways. For shares of first ranks see `crosstab`.

    Exclusive groups (`by` is a single question, or an item of a rating by its points) are compared with each
    other, those that may overlap (select-all) with everybody outside them, who answered both. Of three or
    more exclusive groups `welch_anova` (eta squared) and `kruskal_wallis` (epsilon squared, that of the
    ranks) are over all that can be tested, with limits from the noncentral F; then each pair (`group`,
    `other_group`) of one number, score or date by `games_howell`, whose interval and `p_adjusted` are of all
    pairs. Elsewhere `p_adjusted` is Holm's over the tests of one kind of the whole question; of two options
    that share a total out without remainder the second is the same_comparison as the first, counted once.

    With `against="complement"` each group of whatever question is compared with everybody outside it, with
    "columns" every two: `overlap_t` where they share respondents, whom its variance knows; ranks are
    compared only where they share none.

    With weights means, sizes of differences and ranks are weighted. Welch's tests take, for the variance of a
    mean, the larger of the linearised one and Kish's, and effective bases for the numbers of respondents;
    ranks are those in the weight of all (Lumley & Scott 2013; `reason` weighted_ranks: `statistic` of two
    groups is t). `min_base` is held against effective bases. Permutations, score limits and the comparison of
    columns have no weighted form: weighted data have Welch's t and its limits for the first two, the last
    stays unweighted, and says so.

    Parameters
    ----------
    data
        Responses, a tally with `by` as a banner, or the path of a file of one of them.
    question
        A question of kind number, nps, ranking, constant_sum or date.
    by
        A single or select-all question, or an item (`battery__item`); the instrument's default banner
        where None.
    against
        "complement" or "columns"; where None exclusive groups with each other, others with their complement.
    only
        "exclusive": a group is those in it and in no other; "mixed": those in it and in another too.
    confidence
        Level of the intervals.
    min_base
        Groups (and complements) of fewer are not tested; `reason` is small_base untested.
    lang
        Language of `note`.

    Reasons
    -------
    small_base, untested, no_variation, too_few_groups, left_out, at_limit, no_interval, rounded_values,
    same_comparison, constant_side, permuted, same_respondents, weighted_ranks.

    Raises
    ------
    UsageError
        An unknown question or one of another kind, or an argument outside its range.

    References
    ----------
    Welch, B. L. (1947), Biometrika 34, 28-35; (1951), Biometrika 38, 330-336. Games, P. A. & Howell, J. F.
    (1976), Journal of Educational Statistics 1, 113-125. Kruskal, W. H. & Wallis, W. A. (1952). Hedges,
    L. V. (1981), Journal of Educational Statistics 6, 107-128. Cliff, N. (1996). Smithson, M. (2003),
    Confidence Intervals, chapter 4. Janssen, A. (1997), Statistics & Probability Letters 36, 9-21
    (permutations of Welch's t). Derrick, B., Russ, B., Toher, D. & White, P. (2017), Journal of Modern
    Applied Statistical Methods 16, 137-157 (partly overlapping samples). Tango, T. (1998), Statistics in
    Medicine 17, 891-908, combined as in Zou, G. Y. & Donner, A. (2008), Statistics in Medicine 27, 1693-1702.
    Lumley, T. & Scott, A. J. (2013), Biometrika 100, 831-842. Unweighted all
    but Cliff's and Smithson's through pingouin and scipy.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> question = {"kind": "single", "short": {"en": "Stay"}, "text": {"en": "Where?"}, "id": "stay"}
    >>> question["options"] = [{"id": place, "label": {"en": place}} for place in ("hotel", "friends")]
    >>> spent = {"id": "spent", "kind": "number", "short": {"en": "Spent"}, "text": {"en": "How much?"}}
    >>> schema = {"kind": "survey", "id": "trip", "version": "1.0.0", "languages": ["en"]}
    >>> schema |= {"title": {"en": "Trip"}, "questions": [question, spent]}
    >>> trip = survey.Instrument.model_validate(schema, strict=False)
    >>> frame = pd.DataFrame({"stay": ["hotel"] * 5 + ["friends"] * 5, "spent": [90, 80, 70, 60, 50] * 2})
    >>> frame.loc[frame["stay"] == "friends", "spent"] -= 40
    >>> table = survey.compare_numbers(survey.from_frame(frame, trip), "spent", by="stay")
    >>> row = table.iloc[0]
    >>> row["test"], row["effect_name"], float(row["effect"])
    ('welch_t', 'mean_difference', 40.0)
    """
    check_confidence(confidence)
    check_min_base(min_base)
    if against not in (None, *COMPARISONS):
        raise usage("against_unknown", against=against, known=list(COMPARISONS))
    check_only(only)
    counts = counts_of(data, by)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, *MEASURED)
    groups = banner_of(counts.instrument, by)
    by_weight = counts.weighted and against != "columns"
    measures = measures_of(counts) if by_weight else measures_of(counts)[:1]
    kind = _ComparedByWeight if by_weight else _Compared
    rows: list[dict[str, Any]] = []
    hypotheses: list[tuple[str, ...]] = []
    earlier: tuple[str, list[ValueTable]] | None = None
    for item, tables in measured_values(counts, asked, groups, measures, only=only):
        compared = kind(asked, item, groups, tables, confidence, max(2, min_base), lang)
        own = compared.all_rows(against)
        for row in own:
            row |= remarks((row["reason"], row["note"]), *rounded_remarks(tables[0].exact, lang), lang=lang)
        first = {} if against == "columns" else _first_of_complements(tables[0], groups)
        same = item
        if asked.kind in _TOTALS and len(asked.options) == 2:
            mirrored = earlier is not None and _mirrors(tables, earlier[1], _TOTALS[asked.kind])
            same = earlier[0] if earlier is not None and mirrored else item
            earlier = earlier or (item, tables)
        hypotheses += [(same, first.get(row["group"], row["group"]), row["other_group"]) for row in own]
        rows += own
    _adjust(rows, hypotheses, partial(_compared_name, asked, groups, lang), lang)
    table = contract_frame("test", rows)
    return table if by_weight else say_unweighted(table, counts, lang)


COMPARISONS = ("complement", "columns")


def _first_of_complements(table: ValueTable, groups: Question) -> dict[str, str]:
    """Of each group the first that is its complement, or itself: the same respondents on both sides."""
    apart = ticked_exactly_one(table.members, table.counts[None])[:, :, 0]
    ids = [group.id for group in groups.groups]
    return {
        group: next((ids[at] for at in range(place) if apart[at, place]), group)
        for place, group in enumerate(ids)
    }


# The tests that are adjusted together; those of Games and Howell are of all pairs already.
_FAMILIES = (
    ("welch_t", "permutation_t", "overlap_t"),
    ("mann_whitney",),
    ("welch_anova",),
    ("kruskal_wallis",),
)


# What the values of the options of one respondent add up to, where there are two options: of these kinds.
_TOTALS = {"constant_sum": 1, "ranking": 3}


def _mirrors(tables: list[ValueTable], others: list[ValueTable], total: int) -> bool:
    """Whether in every group what one option has is all that the other has not: one comparison, not two."""
    return all(
        _occurring(table, 0, 1) == _occurring(other, total, -1)
        for table, other in zip(tables, others, strict=True)
    )


def _occurring(table: ValueTable, start: int, sign: int) -> dict[tuple[bytes, float], float]:
    """How often each value occurs, counted from an end of the total, by the groups it occurs in."""
    counts: dict[tuple[bytes, float], float] = defaultdict(float)
    members = table.members if table.members is not None else [b""] * len(table.values)
    for inside, value, count in zip(members, table.values, table.counts, strict=True):
        counts[bytes(inside), round(start + sign * float(value), 9)] += float(count)
    return {kind: round(count, 9) for kind, count in counts.items() if count}


def _compared_name(asked: Question, groups: Question, lang: str, row: dict[str, Any]) -> str:
    """What a row compares, for another row of the same hypothesis: its group, and its option."""
    group = groups.part(row["group"]).said(lang) if row["group"] else ""
    two = asked.kind in _TOTALS and len(asked.options) == 2
    item = asked.part(row["item"]).said(lang) if two else ""
    return message("note_item_of_group", lang, item=item, group=group) if item and group else item or group


def _adjust(
    rows: list[dict[str, Any]],
    hypotheses: list[tuple[str, ...]],
    name: Callable[[dict[str, Any]], str],
    lang: str,
) -> None:
    """Adjust the tests of one kind for each other."""
    for tests in _FAMILIES:
        own = [
            (row, hypothesis)
            for row, hypothesis in zip(rows, hypotheses, strict=True)
            if row["test"] in tests
        ]
        if tests[0] in ("welch_anova", "kruskal_wallis") and len(own) < 2:
            continue
        adjust_hypotheses(
            [row for row, _ in own],
            [hypothesis for _, hypothesis in own],
            name,
            lang,
        )


@dataclass(frozen=True)
class _Sample:
    """Values of some respondents, ascending, and how often each occurs."""

    values: "npt.NDArray[np.float64]"
    counts: "npt.NDArray[np.int64]"

    @classmethod
    def of(cls, table: ValueTable, inside: Any) -> "_Sample":
        import numpy as np

        values, places = np.unique(table.values[inside], return_inverse=True)
        counts = np.bincount(places, weights=table.counts[inside], minlength=len(values))
        return cls(values, counts.astype(np.int64))

    @cached_property
    def base(self) -> int:
        return int(self.counts.sum())

    @property
    def effective_base(self) -> float:
        return float(self.base)

    @property
    def mean(self) -> float:
        return float(self.rows.mean())

    @property
    def lowest(self) -> float:
        return float(self.values[0])

    @property
    def constant(self) -> bool:
        return len(self.values) < 2

    @cached_property
    def rows(self) -> Any:
        """One value per respondent."""
        import numpy as np

        return np.repeat(self.values, self.counts)


@dataclass(frozen=True)
class _Compared:
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
        return MEASURED[self.asked.kind]

    @property
    def table(self) -> ValueTable:
        return self.tables[0]

    def sample(self, inside: Any) -> Any:
        """The values of some respondents."""
        return _Sample.of(self.table, inside)

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
        from survey.statistics.through_pingouin import hedges_g

        value, low, high = hedges_g(first.rows, second.rows, self.confidence)
        effect = {"effect_name": "hedges_g", "effect": value, "ci_low": low, "ci_high": high}
        return {"statistic": value, **effect}

    def mann_whitney(self, first: Any, second: Any) -> dict[str, Any]:
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


@dataclass(frozen=True)
class _ComparedByWeight(_Compared):
    """The same where there are weights: the tables of respondents, of weights and of their squares."""

    def sample(self, inside: Any) -> WeightedValues:
        return WeightedValues.of(self.table.values[inside], *(table.counts[inside] for table in self.tables))

    def columns(self, samples: Sequence[WeightedValues]) -> dict[str, float]:
        return together(samples)

    def low(self, first: WeightedValues, second: WeightedValues) -> dict[str, str]:
        return low_by_weight(first, second, self.least, self.lang)

    def is_permuted(self, smaller: int) -> bool:
        return False

    def of_means(self, first: WeightedValues, second: WeightedValues, *, permuted: bool) -> dict[str, Any]:
        return self.welch_t(first, second)

    def of_all(
        self, test: str, samples: list[WeightedValues]
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        from scipy.special import fdtrc

        if test == "welch_anova":
            name, remark, sides = "eta_squared", [], Between.of(samples)
            statistic, df, other_df = weighted_welch_f(sides)
            p_value = float(fdtrc(df, other_df, statistic))
        else:
            name, sides = "epsilon_squared", Between.of(ranked(samples))
            remark = [("weighted_ranks", message("note_weighted_ranks", self.lang))]
            statistic, p_value = rank_test(samples)
        effect, low, high = weighted_eta_squared(sides, confidence=self.confidence)
        effects = {"effect_name": name, "effect": effect, "ci_low": low, "ci_high": high}
        return {"statistic": statistic, "df": len(samples) - 1, "p_value": p_value, **effects}, remark

    def pairs_of(self, samples: list[WeightedValues]) -> list[tuple[float, float, float, float]]:
        from scipy.stats import studentized_range

        pairs = []
        for first, second in combinations(samples, 2):
            if first.constant and second.constant:
                pairs.append((NAN, NAN, NAN, NAN))
                continue
            one = Difference.of(first, second)
            p_value = float(studentized_range.sf(sqrt(2) * abs(one.statistic), len(samples), one.df))
            pairs.append((one.statistic, one.df, min(1.0, p_value), one.error))
        return pairs

    def welch_t(self, first: WeightedValues, second: WeightedValues) -> dict[str, Any]:
        difference = Difference.of(first, second)
        low, high = difference.interval(self.confidence)
        limits = {"ci_low": low, "ci_high": high}
        return {
            "statistic": difference.statistic,
            "df": difference.df,
            "p_value": difference.p_value,
            **limits,
        }

    def hedges_g(self, first: WeightedValues, second: WeightedValues) -> dict[str, Any]:
        value, low, high = hedges_g(first, second, confidence=self.confidence)
        effect = {"effect_name": "hedges_g", "effect": value, "ci_low": low, "ci_high": high}
        return {"statistic": value, **effect}

    def mann_whitney(self, first: WeightedValues, second: WeightedValues) -> dict[str, Any]:
        return ranks_by_weight(first, second, self.confidence, self.lang)


def _shared(first: _Sample, second: _Sample, both: _Sample | None = None) -> SharedMeans:
    """The counts of two groups over all their values, from rows of those in one alone and in both."""
    import numpy as np

    samples = [first, second] + ([both] if both else [])
    values = np.unique(np.concatenate([sample.values for sample in samples]))
    counts = np.zeros((3, len(values)), np.int64)
    for place, sample in enumerate(samples):
        counts[place, np.searchsorted(values, sample.values)] = sample.counts
    return SharedMeans(values, counts[:1], counts[1:2], counts[2])


_NODES = 8  # of an interpolation; also so many quantiles are computed one by one


def studentized_ranges(confidence: float, groups: int, dfs: list[float]) -> list[float]:
    """The quantile of the studentized range for each of some degrees of freedom.

    One takes a tenth of a second. Of many only those at `_NODES` values of 1 / df are computed, the others
    interpolated: the difference is below 1e-5.
    """
    import numpy as np
    from scipy.interpolate import BarycentricInterpolator
    from scipy.stats import studentized_range

    inverse = 1 / np.asarray(dfs, float)
    known = inverse[~np.isnan(inverse)]
    if len(known) <= _NODES or known.max() - known.min() < 1e-9:
        return [float(studentized_range.ppf(confidence, groups, df)) if df == df else NAN for df in dfs]
    angles = np.cos((2 * np.arange(_NODES) + 1) / (2 * _NODES) * np.pi)
    nodes = (known.min() + known.max()) / 2 + (known.max() - known.min()) / 2 * angles
    quantiles = [studentized_range.ppf(confidence, groups, 1 / node) for node in nodes]
    return [float(value) for value in BarycentricInterpolator(nodes, quantiles)(inverse)]
