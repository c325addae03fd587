"""The closed table of statements that have a rule, and what a statement of each kind must name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey.instrument import Question
from survey.wording import near_misses

OTHERS = "others"


@dataclass(frozen=True)
class Kind:
    """One kind of statement: what stands in `item`, after the colon, and in `published`."""

    name: str
    item: bool = True
    other: bool = False  # an item after a colon: similar_to:prices
    published: str = ""  # "rank", "order" (a>b>c>others) or "items" (a+b)
    across: bool = False  # it compares groups of the banner


KINDS = {
    kind.name: kind
    for kind in (
        Kind("rank", published="rank"),
        Kind("rank_order", item=False, published="order"),
        Kind("top_k", item=False, published="items"),
        Kind("tied_with", other=True),
        Kind("similar_to", other=True),
        Kind("among_the_highest"),
        Kind("significantly_higher_than_every_other_item"),
        Kind("faced_by_everyone"),
        Kind("highest_across_groups", across=True),
        Kind("lower_than_other_groups", across=True),
        Kind("characteristic_of_group", across=True),
        Kind("significantly_higher_than_other_groups", across=True),
    )
}


def kind_of(statistic: str) -> Kind | None:
    """The kind of a statement; None where there is no rule for it."""
    return KINDS.get(statistic.partition(":")[0])


def items_named(row: Mapping[str, object]) -> list[str]:
    """The items that a statement names, in order: its own, after the colon, in the published value."""
    kind = kind_of(str(row["statistic"]))
    named = [str(row["item"])] if row["item"] else []
    if kind and kind.other:
        named.append(str(row["statistic"]).partition(":")[2])
    if kind and kind.published in ("order", "items"):
        named += str(row["published"]).replace("+", ">").split(">")
    return named


def claim_problems(
    row: Mapping[str, str], question: Question | None
) -> Iterator[tuple[str, dict[str, object]]]:
    """Find what a statement lacks for its rule, as message keys and values."""
    kind = kind_of(row["statistic"])
    if kind is None:
        return
    values: dict[str, object] = {"statistic": kind.name}
    if question is None or (kind.item and not row["item"]):
        yield "claim_item_missing", values
        return
    if kind.across and row["group"] in ("all", "groups"):
        yield "claim_group_missing", values
    if not kind.across and row["group"] == "groups":
        yield "claim_one_group", values
    if kind.published == "rank" and not (row["published"].isascii() and row["published"].isdigit()):
        yield "claim_rank", {**values, "published": row["published"]}
    if kind.published in ("order", "items") and not row["published"]:
        yield "claim_items_missing", values
        return
    known = [part.id for part in question.parts]
    allowed = [*known, OTHERS] if kind.published == "order" else known
    for name in items_named(row)[1 if row["item"] else 0 :]:
        if name not in allowed:
            told = {"option": name, "question": question.id}
            yield "unknown_option", {**told, "known": ", ".join(near_misses(name, known) or known)}
