"""Confidence sets for ranks: which places an item can hold, given how few respondents there are."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import Counts, DataLike, counts_of
from survey.instrument import Question
from survey.messages import message
from survey.statistics.indicators import (
    PairTables,
    battery_of,
    complete_table,
    pair_tables,
    share_sums,
    top_points,
)
from survey.statistics.intervals import check_confidence
from survey.statistics.weighted import ShareSums, effective_base, is_target, paired_sums, target_remark
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def rank_sets(
    data: DataLike,
    question: str | None = None,
    *,
    top: int | None = None,
    k: int = 3,
    confidence: float = 0.95,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per item (or option), the highest share first: its rank and the ranks it may truly have.

    `marginal_low` to `marginal_high` holds the rank of this one item with the stated confidence,
    `simultaneous_low` to `simultaneous_high` the ranks of all items at once; `in_top` marks the items that
    make up a set which holds the true first `k` with that confidence. Exclusive options are not ranked.

    With weights the shares are weighted, and every pair is tested by the difference of its shares over its
    linearised standard error, one-sided, on t with one less degree of freedom than respondents; with an
    effective base under 5, as where one respondent holds half the weight, no pair is told apart.

    An item can stand no better than after all those significantly above it, and no worse than before all
    those significantly below. Every ordered pair is tested one-sided and exactly among the same respondents
    (McNemar: discordant respondents against a fair coin); Holm's adjustment, over the pairs of one item
    (marginal) or over all ordered pairs (simultaneous), needs no assumption about how items depend.

    Rank and sets are about the same respondents. Where not all items were answered by the same ones (routing,
    gaps), both are of those who answered every item (`reason` common_respondents, `note` says how many);
    where these are fewer than 5, the rank goes by the shares as they are and there is no set
    (different_bases no_interval). `n`, `base` and `proportion` are always of all who answered the item.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A rating battery (its top box is ranked) or a select-all question; the default battery where None.
    top
        How many points are the top box; what the scale says where None.
    k
        How many first places `in_top` is about; at least 1.
    confidence
        Level of every set.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    no_answer, common_respondents, different_bases, no_interval, target.

    Raises
    ------
    UsageError
        No such question, or an argument outside its range.

    References
    ----------
    Mogstad, M., Romano, J. P., Shaikh, A. M. & Wilhelm, D. (2024), Inference for ranks with applications to
    mobility across neighbourhoods and academic achievement across countries, Review of Economic Studies 91,
    476-518. McNemar, Q. (1947), Psychometrika 12, 153-157. Holm, S. (1979), Scandinavian Journal of
    Statistics 6, 65-70.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> grades = {"geopolitics": [5, 4, 5, 2, 4, 5], "ip_protection": [3, 2, 4, 2, 1, 5]}
    >>> frame = pd.DataFrame(grades).add_prefix("challenges__")
    >>> responses = survey.from_frame(frame, "executive-survey")
    >>> ranks = survey.rank_sets(responses).set_index("item")
    >>> ranks.loc["geopolitics", ["rank", "marginal_low", "marginal_high"]].tolist()
    [1, 1, 2]
    """
    from survey.errors import usage

    check_confidence(confidence)
    if not isinstance(k, int) or k < 1:
        raise usage("ranks_k", k=k)
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = battery_of(counts.instrument, question, "rating", "multiple")
    sums = share_sums(counts, asked, top=top)
    counted = [
        (part, sums[place])
        for place, part in enumerate(asked.parts)
        if not (part.exclusive and asked.kind == "multiple")
    ]
    ranking = ranking_of(counts, asked, top, confidence, lang)
    ranked = [entry for entry in counted if entry[1].proportion == entry[1].proportion]
    ranked.sort(key=lambda entry: -entry[1].proportion)
    rows: list[dict[str, object]] = []
    for part, own in ranked:
        row: dict[str, object] = {
            "question": asked.id,
            "item": part.id,
            "label": part.said(lang),
            "n": int(own.n),
            "base": int(own.base),
            "proportion": float(own.proportion),
            "rank": ranking.rank(part.id),
            **own.columns(),
            **ranking.remark,
        }
        for name, sets in ranking.sets.items():
            row |= {f"{name}_low": sets[part.id][0], f"{name}_high": sets[part.id][1]}
        if ranking.sets:
            row["in_top"] = ranking.sets["simultaneous"][part.id][0] <= k
        rows.append(row)
    for part, own in counted:
        if own.proportion != own.proportion:
            remark = remarks(("no_answer", message("note_no_answers", lang)))
            ids = {"question": asked.id, "item": part.id, "label": part.said(lang)}
            rows.append({**ids, "n": int(own.n), "base": int(own.base), **own.columns(), **remark})
    frame = contract_frame("rank_set", rows)
    for name in ("rank", "marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high"):
        frame[name] = frame[name].astype("Int64")
    return frame


_LEAST_COMMON = 5


@dataclass(frozen=True)
class Ranking:
    """The items of a question that anybody answered, ranked, and what is sure of their ranks.

    `shares`: what ranks go by. `sets`: "marginal" and "simultaneous", each item's best and worst rank; empty
    where the items were answered by different respondents and too few answered all. `remark`: `reason` and
    `note`, which say of whom ranks and sets are where that is not everybody who answered.
    """

    shares: dict[str, Fraction | float]
    sets: dict[str, dict[str, tuple[int, int]]]
    remark: dict[str, str]

    def rank(self, item: str) -> int:
        """The rank of an item; ties share the better one."""
        return 1 + sum(share > self.shares[item] for share in self.shares.values())

    def tied(self, item: str) -> list[str]:
        """The other items with the same share."""
        return [other for other, share in self.shares.items() if share == self.shares[item] and other != item]


def ranking_of(counts: Counts, question: Question, top: int | None, confidence: float, lang: str) -> Ranking:
    """Rank the items of a question, and bound their ranks, among the same respondents."""

    sums = share_sums(counts, question, top=top)
    places = [
        place
        for place, part in enumerate(question.parts)
        if sums.weighted_base[place] > 0 and not (part.exclusive and question.kind == "multiple")
    ]
    ids = [question.parts[place].id for place in places]
    own = {item: _share(sums[place]) for item, place in zip(ids, places, strict=True)}
    if places and all(is_target(counts, question)[place] for place in places):
        return Ranking(own, {}, remarks(target_remark(question, lang)))

    def tables(measure: str) -> PairTables:
        table = pair_tables(counts, question, question, measure, top=top, other_top=top)
        return table.of(places)

    bases = tables("n").base
    if not len(bases) or (bases == bases[0, 0]).all():
        return Ranking(own, _named(ids, rank_bounds(_ordered(counts, tables), confidence)), remarks())
    complete = complete_table(counts, question)
    size = complete.base
    if counts.weighted:
        size = effective_base(*(complete_table(counts, question, measure).base for measure in ("w", "w2")))
    if size < _LEAST_COMMON:
        note = message("note_ranks_different", lang, base=complete.base)
        return Ranking(own, {}, remarks(("different_bases no_interval", note)))
    uppermost = top_points(counts.instrument, question, top) if question.kind == "rating" else 1

    def common(measure: str) -> PairTables:
        joint = complete_table(counts, question, measure).joint
        high, low = slice(-uppermost, None), slice(None, -uppermost)
        return PairTables(
            *(joint[:, one][:, :, :, other].sum(axis=(1, 3)) for one in (high, low) for other in (high, low))
        )

    places = list(range(len(ids)))
    whole = ShareSums.of(counts, lambda measure: _sides(common(measure)))
    shared = {item: _share(whole[place]) for place, item in enumerate(ids)}
    note = message("note_ranks_common", lang, base=complete.base)
    sets = _named(ids, rank_bounds(_ordered(counts, common), confidence))
    return Ranking(shared, sets, remarks(("common_respondents", note)))


def _sides(tables: PairTables) -> tuple[Any, Any]:
    """Who says yes, and no, to each item: an item beside itself."""
    return tables.yes_yes.diagonal(), tables.no_no.diagonal()


def _share(sums: ShareSums) -> Fraction | float:
    """A share that can be compared: exact of counts, of weights without the last digits."""
    if not sums.weighted:
        return Fraction(int(sums.n), int(sums.base))
    return round(float(sums.proportion), 12)


def _ordered(counts: Counts, tables: Callable[[str], PairTables]) -> Any:
    """p[i, j] of the hypothesis that item i is not above item j, by counts or by weights."""
    if not counts.weighted:
        return ordered_p_values(tables("n").yes_no)
    import numpy as np
    from scipy.special import stdtr

    sums = paired_sums(tables)
    one_sided = 1 - stdtr(np.maximum(sums.base - 1, 1), sums.t)
    return np.where((sums.t > 0) & (sums.effective_base >= _LEAST_COMMON), one_sided, 1.0)


def _named(ids: list[str], sets: dict[str, list[tuple[int, int]]]) -> dict[str, dict[str, tuple[int, int]]]:
    """Rank sets by item."""
    return {name: dict(zip(ids, bounds, strict=True)) for name, bounds in sets.items()}


def rank_bounds(p_values: Any, confidence: float) -> dict[str, list[tuple[int, int]]]:
    """Marginal and simultaneous rank sets of items, as (best, worst).

    `p_values[i, j]`: of the hypothesis that item i is not above item j.
    """
    import numpy as np

    size = len(p_values)
    alpha = 1 - confidence
    places = [(i, j) for i in range(size) for j in range(size) if i != j]
    above = np.zeros((size, size), dtype=bool)
    for (i, j), rejected in zip(
        places, _holm_rejects([p_values[i, j] for i, j in places], alpha), strict=True
    ):
        above[i, j] = rejected
    simultaneous = [(1 + int(above[:, i].sum()), size - int(above[i].sum())) for i in range(size)]
    marginal = []
    for i in range(size):
        others = [j for j in range(size) if j != i]
        family = [p_values[j, i] for j in others] + [p_values[i, j] for j in others]
        rejections = _holm_rejects(family, alpha)
        marginal.append((1 + sum(rejections[: len(others)]), size - sum(rejections[len(others) :])))
    return {"marginal": marginal, "simultaneous": simultaneous}


def ordered_p_values(wins: Any) -> Any:
    """p[i, j] of the hypothesis that item i is not above item j: exact, one-sided; small if it is.

    `wins[i, j]`: how many of those who answered both have item i and not item j.
    """
    import numpy as np
    from scipy.special import bdtrc

    discordant = wins + wins.T
    # P(at least `wins` of `discordant` fair tosses); 1 where nobody differs.
    return np.where(wins > 0, bdtrc(np.maximum(wins - 1, 0), np.maximum(discordant, 1).astype(int), 0.5), 1.0)


def _holm_rejects(p_values: "list[float]", alpha: float) -> list[bool]:
    """Which hypotheses Holm's step-down rejects at `alpha`."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    rejected = [False] * len(p_values)
    for step, place in enumerate(order):
        if p_values[place] > alpha / (len(p_values) - step):
            break
        rejected[place] = True
    return rejected
