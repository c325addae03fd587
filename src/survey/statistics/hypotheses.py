"""How many hypotheses a table holds: a group against the rest and the rest against the group are one.

Two rows are one hypothesis where their groups, or their options, are exact complements among those who count:
a single question of which only two options are chosen there, or a select-all question of which everybody who
counts there ticked exactly one of the two (whoever ticked both or neither may not have been asked the other
question). That is decided from who is in what, never from counts that happen to be equal: respondents outside
both groups make two hypotheses of them.
"""

from collections.abc import Callable, Hashable, Sequence
from itertools import combinations
from math import isnan
from typing import Any

from survey.counts.row_counts import Counts
from survey.errors import UsageError
from survey.instrument import Option, Question
from survey.messages import message
from survey.statistics.indicators import YesNo, group_table, pair_tables
from survey.tables import remarks


def first_of_complements(  # noqa: PLR0917 - a table: its counts, its rows, its columns
    counts: Counts,
    question: Question,
    parts: Sequence[Option],
    yes: Any,
    base: Any,
    other: Question,
    cells: Sequence[Option],
) -> Any:
    """Parts x cells: the place of the first part that is the complement of this one there, or its own.

    `yes`, `base` (parts x cells): how many of those who count in a cell chose the part, of how many. Those
    who count answered the part of `other` that `cells` names.
    """
    import numpy as np

    first = np.broadcast_to(np.arange(len(parts))[:, None], np.shape(yes)).copy()
    if question.kind == "rating":
        return first  # items are rated each by itself
    # Of a ranking: whether each chose one option, as it is of first ranks.
    once = np.asarray(yes).sum(axis=0) <= np.asarray(base).max(axis=0, initial=0)
    apart: Any = None
    for place, peer in combinations(range(len(parts)), 2):
        whole = (yes[place] + yes[peer] == base[place]) & (base[place] == base[peer])
        if question.kind == "ranking":
            whole &= once
        if question.kind == "multiple" and whole.any():
            apart = _ticked_apart(counts, question, parts, other, cells) if apart is None else apart
            whole &= apart[place, peer]
        first[peer] = np.where(whole & (first[peer] == peer), first[place], first[peer])
    return first


def _ticked_apart(
    counts: Counts, question: Question, parts: Sequence[Option], other: Question, cells: Sequence[Option]
) -> Any:
    """Parts x parts x cells: whether all who count there ticked exactly one of two options of a question.

    Of a tally that does not keep who ticked what together: whether all who answered the question did.
    """
    import numpy as np

    places = [question.parts.index(part) for part in parts]
    try:
        table = group_table(counts, question, other)
    except UsageError:
        tables = pair_tables(counts, question, question)
        own = tables.base.diagonal()
        known = (tables.base == own[:, None]) & (tables.base == own)
        apart = known & (tables.yes_yes == 0) & (tables.no_no == 0)
        return np.repeat(apart[places][:, places, None], len(cells), axis=2)
    layout = YesNo.of(counts.instrument, other)
    own_cells = [other.parts.index(cell) for cell in cells]
    return ticked_exactly_one(table.members[:, places], (layout.yes + layout.no)[own_cells] @ table.counts.T)


def ticked_exactly_one(members: Any, sizes: Any) -> Any:
    """Parts x parts x cells: whether everybody who answered either of two parts ticked exactly one of them.

    `members`: patterns x parts (1.0, 0.0, nan); `sizes`: cells x patterns, how many respondents have each.
    """
    import numpy as np

    known, ticked = (~np.isnan(members)).astype(float), np.nan_to_num(members)
    apart = []
    for size in np.asarray(sizes, float)[:, :, None]:
        both_known, both = (size * known).T @ known, (size * ticked).T @ ticked
        of_known = (size * ticked).T @ known
        own = both_known.diagonal()
        one, either = of_known + of_known.T - 2 * both, own[:, None] + own - both_known
        apart.append((either == one) & (either > 0))
    return np.stack(apart, axis=2)


def numbered(hypotheses: Sequence[Hashable], ids: Sequence[tuple[str, ...]]) -> list[int]:
    """The hypotheses of the rows of a table as numbers from 1, in the order of the ids of the rows.

    They do not depend on the order of the rows, as an instrument with its options reversed has them.
    """
    least: dict[Hashable, tuple[str, ...]] = {}
    for hypothesis, own in zip(hypotheses, ids, strict=True):
        least[hypothesis] = min(least.get(hypothesis, own), own)
    numbers = {one: number for number, one in enumerate(sorted(least, key=lambda one: least[one]), 1)}
    return [numbers[one] for one in hypotheses]


def adjust_hypotheses(
    rows: Sequence[dict[str, Any]],
    hypotheses: Sequence[Hashable],
    name: Callable[[dict[str, Any]], str],
    lang: str,
) -> None:
    """Fill `p_adjusted` of the rows of a table: Holm's over its hypotheses, each counted once.

    Rows of the same hypothesis show the one result; all but the first say which row that is (`name`).
    """
    first: dict[Hashable, dict[str, Any]] = {}
    for row, hypothesis in zip(rows, hypotheses, strict=True):
        if isnan(row["p_value"]):
            continue
        shown = first.setdefault(hypothesis, row)
        if row is not shown:
            row["p_value"] = shown["p_value"]
            same = message("note_same_comparison", lang, other=name(shown))
            row |= remarks((row.get("reason", ""), row.get("note", "")), ("same_comparison", same), lang=lang)
    for row, adjusted in zip(rows, holm_over([row["p_value"] for row in rows], hypotheses), strict=True):
        row["p_adjusted"] = float(adjusted)


def holm_over(p_values: Any, hypotheses: Sequence[Hashable]) -> Any:
    """Adjust by Holm's method over hypotheses: the p-value of rows of the same one counts once."""
    import numpy as np

    values = np.asarray(p_values, dtype=float)
    first: dict[Hashable, int] = {}
    for place in np.flatnonzero(~np.isnan(values)).tolist():
        first.setdefault(hypotheses[place], place)
    adjusted = dict(zip(first, holm(values[list(first.values())]), strict=True))
    blank = float("nan")
    return np.array(
        [
            adjusted[one] if value == value else blank
            for one, value in zip(hypotheses, values.tolist(), strict=True)
        ]
    )


def holm(p_values: Any) -> Any:
    """Adjust p-values by Holm's step-down method; nan (not tested) stays nan and does not count.

    Three lines of arithmetic rather than `statsmodels.stats.multitest.multipletests`, which collects the
    garbage of the whole process at every call (0.1 s each); the tests compare it with R's `p.adjust`.
    """
    import numpy as np

    values = np.asarray(p_values, dtype=float)
    tested = np.flatnonzero(~np.isnan(values))
    rising = tested[np.argsort(values[tested], kind="stable")]
    steps = values[rising] * np.arange(len(rising), 0, -1)
    adjusted = np.full(len(values), np.nan)
    adjusted[rising] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
