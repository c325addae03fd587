"""Reach of bundles (TURF): which few options together serve the most respondents."""

from collections.abc import Iterable, Iterator
from itertools import combinations, islice
from math import comb
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, check_seed
from survey.counts.definition import MEASURES
from survey.counts.row_counts import Counts, DataLike, counts_of
from survey.errors import usage
from survey.instrument import Option, Question
from survey.messages import ENGLISH, message
from survey.models.design import Remark, check_draws
from survey.statistics.intervals import check_confidence, share_interval
from survey.statistics.weighted import effective_base
from survey.tables import WEIGHTED_COLUMNS, contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

MOST_BUNDLES = 100_000  # bundles of one size that are tried
MOST_TIES = 50  # bundles of the same reach that are listed
_DIGITS = 6  # of sums of weights: bundles whose sums differ by less reach the same
_CELLS = 20_000_000  # cells of bundles x patterns (or samples) held at once


def reach(
    data: DataLike,
    question: str,
    *,
    size: int | None = None,
    by: str | None = None,
    draws: int = 999,
    seed: int = 1,
    confidence: float = 0.95,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per best bundle of options, size and group: how many ticked at least one of them?

    `reach` of `base` respondents ticked one of `options` or more; of all bundles of this size none reaches
    more. `ties` bundles reach as many, each a row (the first 50 where there are more). `chosen_first`: the
    share of bootstrap samples of respondents in which this bundle is the best; where several are, each has
    its part of the sample. The interval is Wilson's for this bundle: the best of many flatters itself.
    `group` is a group of `by`, empty without it; respondents may be in several. Exclusive options are in no
    bundle; their respondents stay in the base. Base: who answered every option that anybody was asked. With
    weights the best bundle has the most weight, and the interval is at the effective base; samples are drawn
    from the patterns of ticks, the sum of weights of the respondents drawn of a pattern as a normal number of
    the mean and variance that it has (a sample of single respondents gives shares within .03 of these).

    Parameters
    ----------
    data
        Responses, a tally (with `by` as a banner, where it is named), or the path of a file of one of them.
    question
        A select-all question.
    size
        How many options a bundle has; where None every size from one up to that which reaches all who ticked
        anything.
    by
        A single or select-all question: the bundles of each of its groups; of all respondents where None.
    draws, seed
        Bootstrap samples.
    confidence
        Level of the interval.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    no_answer, nobody, not_computed, too_many_bundles, too_many_patterns, left_out.

    Raises
    ------
    UsageError
        No such question, a size that the question has not options for, or an argument outside its range.

    References
    ----------
    Miaoulis, G., Parsons, H. & Free, V. (1990), Marketing Research 2, 28-40.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> needs = ["cro_matching", "cro_matching; financing_capital", "financing_capital", "virtual_data_room"]
    >>> responses = survey.from_frame(pd.DataFrame({"support_needs": needs}), "executive-survey")
    >>> table = survey.reach(responses, "support_needs", size=2, draws=9)
    >>> row = table.iloc[0]
    >>> row["options"], int(row["reach"]), int(row["base"]), int(row["ties"])
    (('cro_matching', 'virtual_data_room'), 3, 4, 3)
    """
    check_confidence(confidence)
    check_draws(draws)
    check_seed(seed)
    counts = counts_of(data, by)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, "multiple")
    known = len(asked.groups)
    if size is not None and (isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= known):
        raise usage("reach_size", size=size, question=asked.id, most=known)
    groups = counts.instrument.banner(by) if by is not None else None
    if groups is not None and groups.id == asked.id:
        raise usage("stub_is_banner", question=asked.id)
    rows: list[dict[str, object]] = []
    for place, (group, patterns) in enumerate(_groups(counts, asked, groups)):
        if patterns is None:
            note = message("reach_no_patterns", lang)
            rows.append(
                {
                    "group": group,
                    "size": size or 1,
                    **_none(("too_many_patterns not_computed", note), lang=lang),
                }
            )
            continue
        rows += _Bundles(asked, *patterns, lang).rows(
            group, size, draws=draws, seed=(seed, place), confidence=confidence
        )
    frame = contract_frame("reach", rows)
    numbers = ("proportion", "ci_low", "ci_high", "chosen_first")
    return frame.astype(dict.fromkeys(numbers, float))


def _none(*parts: Remark, lang: str, base: int = 0) -> dict[str, object]:
    """The cells of a row without a bundle."""
    return {
        "options": (),
        "labels": (),
        "reach": 0,
        "base": base,
        "ties": 0,
        **remarks(*parts, lang=lang),
    }


# Patterns of ticks (patterns x options), and measures x patterns: respondents, weights, squared weights.
Patterns = tuple[Any, Any]


def _groups(
    counts: Counts, asked: Question, groups: Question | None
) -> Iterator[tuple[str, Patterns | None]]:
    """The patterns of ticks and how many respondents have each, by group; by weight too where there are."""
    import numpy as np

    measures = MEASURES if counts.weighted else MEASURES[:1]
    if groups is None:
        patterns = [counts.group_patterns(asked, measure) for measure in measures]
        yield "", (patterns[0][0], np.stack([own for _, own in patterns]))
        return
    pairs = counts.pattern_pairs(groups, asked)
    options = groups.groups if groups.kind == "multiple" else groups.options
    if pairs is None:
        yield from ((group.id, None) for group in options)
        return
    every = (counts.pattern_pairs(groups, asked, None, measure) for measure in measures)
    sums = np.stack([own.counts for own in every if own is not None])
    for group in options:
        inside = pairs.first[pairs.rows, groups.options.index(group)] == 1
        yield group.id, (pairs.second[pairs.columns[inside]], sums[:, inside])


def reach_of(
    counts: Counts, asked: Question, groups: Question | None, bundles: Iterable[tuple[str, tuple[str, ...]]]
) -> list[tuple[float, float]]:
    """Of each group and bundle of options how many it reaches, and the base; nan where that is not known."""
    of_groups = {
        group: _Bundles(asked, *patterns, ENGLISH)
        for group, patterns in _groups(counts, asked, groups)
        if patterns is not None
    }
    return [
        of_groups[group].reached(options) if group in of_groups else (float("nan"), float("nan"))
        for group, options in bundles
    ]


class _Bundles:
    """The bundles of one group of respondents."""

    def __init__(self, asked: Question, members: Any, sums: Any, lang: str) -> None:
        """Keep the respondents who answered every option that anybody was asked."""
        import numpy as np

        was_asked = ~np.isnan(members).all(axis=0) if len(members) else np.zeros(len(asked.options), bool)
        complete = ~np.isnan(members[:, was_asked]).any(axis=1) & bool(was_asked.any())
        answered = ~np.isnan(members).all(axis=1)
        self.lang, self.general = lang, list[Remark]()
        if left_out := int(sums[0, answered & ~complete].sum()):
            self.general.append(("left_out", message("reach_left_out", lang, count=left_out)))
        places = [asked.options.index(option) for option in asked.groups]
        self.options: list[Option] = [asked.options[place] for place in places if was_asked[place]]
        ticks = members[complete][:, [place for place in places if was_asked[place]]] == 1
        # The same ticks are one pattern, whatever exclusive options say.
        self.ticks, of_rows = np.unique(ticks, axis=0, return_inverse=True)
        own = [
            np.bincount(of_rows.reshape(-1), weights=part[complete], minlength=len(self.ticks))
            for part in sums
        ]
        # Without weights everybody counts 1.
        self.counts, self.weights, self.squares = own if len(own) == len(MEASURES) else own * len(MEASURES)
        self.base = int(self.counts.sum())
        self.weight = float(self.weights.sum())
        self.effective = float(effective_base(self.weight, self.squares.sum()))
        self.reachable = float(self.weights[self.ticks.any(axis=1)].sum()) if len(self.ticks) else 0.0

    def reached(self, options: tuple[str, ...]) -> tuple[float, float]:
        """How many tick one of the options or more, and the base."""
        places = [place for place, option in enumerate(self.options) if option.id in options]
        if len(places) < len(options):
            return float("nan"), float(self.base)
        return float(self.counts[self.ticks[:, places].any(axis=1)].sum()), float(self.base)

    def rows(
        self, group: str, size: int | None, *, draws: int, seed: tuple[int, int], confidence: float
    ) -> list[dict[str, object]]:
        """The best bundles of the sizes asked for."""
        wanted = [size] if size is not None else list(range(1, len(self.options) + 1)) or [1]
        rows: list[dict[str, object]] = []
        for own in wanted:
            start = {"group": group, "size": own}
            if reason := self._nothing(own):
                rows.append({**start, **_none(reason, *self.general, base=self.base, lang=self.lang)})
                break
            rows += [{**start, **row} for row in self._best(own, draws, (*seed, own), confidence)]
            if rows[-1]["weighted_n"] == round(self.reachable, _DIGITS):
                break
        return rows

    def _nothing(self, size: int) -> Remark | None:
        """Why bundles of a size have no row of their own."""
        if not self.weight:
            return "no_answer", message("model_no_answer", self.lang)
        if not self.reachable:
            return "nobody", message("reach_nobody", self.lang)
        if size > len(self.options):
            return "not_computed", message("reach_unasked", self.lang, count=len(self.options))
        if (bundles := comb(len(self.options), size)) > MOST_BUNDLES:
            note = message("reach_too_many", self.lang, bundles=bundles, most=MOST_BUNDLES)
            return "too_many_bundles not_computed", note
        return None

    def _best(
        self, size: int, draws: int, seed: tuple[int, ...], confidence: float
    ) -> Iterator[dict[str, object]]:
        """A row for each bundle of a size that reaches the most."""
        import numpy as np

        samples = self._samples(draws, np.random.default_rng(seed))
        best, first = -1.0, list[tuple[int, ...]]()
        ties = 0
        highest, together = np.full(draws, -1.0, samples.dtype), np.zeros(draws)
        of_first: list[Any] = []
        for bundles in self._chunks(size, draws):
            reached = np.zeros((len(bundles), len(self.ticks)), bool)
            for place in range(size):
                reached |= self.ticks[:, bundles[:, place]].T
            totals = (reached @ self.weights).round(_DIGITS)
            in_samples = (reached.astype(samples.dtype) @ samples.T).round(_DIGITS)
            top = in_samples.max(axis=0)
            equal = (in_samples == top).sum(axis=0)
            together = np.where(top > highest, equal, together + np.where(top == highest, equal, 0))
            highest = np.maximum(highest, top)
            if totals.max() > best:
                best, ties, first, of_first = float(totals.max()), 0, [], []
            at = np.flatnonzero(totals == best)
            ties += len(at)
            for place in at[: MOST_TIES - len(first)]:
                first.append(tuple(bundles[place].tolist()))
                of_first.append(in_samples[place])
        scale = self.effective / self.weight
        low, high = share_interval(best * scale, self.effective, confidence=confidence)
        parts = list(self.general)
        if ties > MOST_TIES:
            parts.insert(
                0, ("too_many_bundles", message("reach_ties", self.lang, ties=ties, shown=MOST_TIES))
            )
        for bundle, values in zip(first, of_first, strict=True):
            options = [self.options[place] for place in bundle]
            yield {
                "options": tuple(option.id for option in options),
                "labels": tuple(option.said(self.lang) for option in options),
                "reach": int(self.reached(tuple(option.id for option in options))[0]),
                "base": self.base,
                **dict(zip(WEIGHTED_COLUMNS, (best, self.weight, self.effective), strict=True)),
                "proportion": best / self.weight,
                "ci_low": float(low),
                "ci_high": float(high),
                "ties": ties,
                "chosen_first": float(((values == highest) / together).mean()),
                **remarks(*parts, lang=self.lang),
            }

    def _samples(self, draws: int, rng: Any) -> Any:
        """Bootstrap samples of the respondents: samples x patterns, the weight that each pattern has there.

        Weights differ within a pattern: their sum there is drawn with their mean and variance.
        """
        import numpy as np

        drawn = rng.multinomial(self.base, self.counts / self.base, size=draws)
        if (self.weights == self.counts).all():
            return drawn.astype(np.float32)
        mean = self.weights / self.counts
        spread = np.sqrt(np.maximum(self.squares / self.counts - mean**2, 0.0))
        noise = rng.standard_normal(drawn.shape)
        return np.maximum(drawn * mean + np.sqrt(drawn) * spread * noise, 0.0)

    def _chunks(self, size: int, draws: int) -> Iterator[Any]:
        """All bundles of a size, some at a time: bundles x size, places of options."""
        import numpy as np

        at_once = max(1, _CELLS // max(len(self.ticks), draws))
        every = combinations(range(len(self.options)), size)
        while chunk := list(islice(every, at_once)):
            yield np.array(chunk)
