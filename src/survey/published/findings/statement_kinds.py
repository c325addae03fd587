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
        Kind("interrelated", item=False),
        Kind("among_the_highest"),
        Kind("significantly_higher_than_every_other_item"),
        Kind("faced_by_everyone"),
        Kind("highest_across_groups", across=True),
        Kind("lower_than_other_groups", across=True),
        Kind("characteristic_of_group", across=True),
        Kind("significantly_higher_than_other_groups", across=True),
    )
}


@dataclass(frozen=True)
class Statement:
    """A statement of a findings file, taken apart: by which rule it is judged, and which items it names.

    Attributes
    ----------
    rule
        The word for it, that of a `Kind` or one that has no rule; `kind` is None then.
    other
        The item after the colon: `similar_to:prices`.
    named
        The items of the published value in order, `OTHERS` among them: `a>b>others`, `a+b`.
    wording
        Statistic and published value as written.
    """

    claim: str
    line: int
    locator: str
    question: str
    item: str
    group: str
    rule: str
    other: str
    named: tuple[str, ...]
    published: str
    wording: str

    @classmethod
    def of(cls, row: Mapping[str, object]) -> "Statement":
        """Take the cells of a row apart."""
        names = ("claim", "locator", "question", "item", "group", "statistic", "published")
        cells = {name: str(row[name]) for name in names}
        statistic = cells.pop("statistic")
        rule, _, other = statistic.partition(":")
        kind = KINDS.get(rule)
        lists = kind is not None and kind.published in ("order", "items") and bool(cells["published"])
        return cls(
            **cells,
            line=int(str(row.get("line", 0))),
            rule=rule,
            other=other,
            named=tuple(cells["published"].replace("+", ">").split(">")) if lists else (),
            wording=f"{statistic} {cells['published']}".rstrip(),
        )

    @property
    def kind(self) -> Kind | None:
        """Its kind; None where there is no rule for it."""
        return KINDS.get(self.rule)

    @property
    def rank(self) -> int:
        """The rank that it gives its item."""
        return int(self.published)


def claim_problems(
    row: Mapping[str, str], question: Question | None
) -> Iterator[tuple[str, dict[str, object]]]:
    """Find what a statement lacks for its rule, as message keys and values."""
    statement = Statement.of(row)
    kind = statement.kind
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
    for name in [*[statement.other] * kind.other, *statement.named]:
        if name not in allowed:
            details = {"option": name, "question": question.id}
            yield "unknown_option", {**details, "known": near_misses(name, known) or list(known)}
