"""Labels that name a row and an option at once: "Phone - Orders", "phone_orders"."""

from collections import Counter
from collections.abc import Iterator, Sequence

_SIGNS = ("__", " - ", ": ", "：", "—", "_")

Pair = tuple[str, str]  # a row, and an option


def rows_by_options(labels: Sequence[str]) -> list[Pair] | None:
    """The row and the option of each label, where the labels are every row by every option; else None.

    Of a sign that comes again in a label the place counts that gives a row and an option others share.
    """
    for sign in _SIGNS:
        ways = [list(_pairs(label, sign)) for label in labels]
        if not all(ways):
            continue
        rows = Counter(row for pairs in ways for row in {row for row, _ in pairs})
        options = Counter(option for pairs in ways for option in {option for _, option in pairs})
        best = [max(pairs, key=lambda pair: min(rows[pair[0]], options[pair[1]])) for pairs in ways]
        heads, tails = {row for row, _ in best}, {option for _, option in best}
        if min(len(heads), len(tails)) > 1 and len(set(best)) == len(best) == len(heads) * len(tails):
            return best
    return None


def possible_options(label: str) -> set[str]:
    """Whatever may be the option of a label that begins with a row."""
    return {option for sign in _SIGNS for _, option in _pairs(label, sign)}


def _pairs(label: str, sign: str) -> Iterator[Pair]:
    """A label parted at each place of a sign, the last place first."""
    parts = label.split(sign)
    for place in range(len(parts) - 1, 0, -1):
        row, option = sign.join(parts[:place]).strip(), sign.join(parts[place:]).strip()
        if row and option:
            yield row, option
