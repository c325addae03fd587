"""The closed table of statements that have a rule, and what a statement of each kind must name."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from survey.instrument import Question
from survey.wording import near_misses

OTHERS = "others"
_LISTS = ("order", "items", "sides")


# What a statement may speak of: the column `group`.
PEOPLE = "people"  # all respondents, or one group of the banner
GROUP = "group"  # one group of the banner, against the others
GROUPS = "groups"  # every group of the banner
SUBGROUP = "subgroup"  # a group of the banner, or an answer to another question: firm_type=biotech
STAGES = "stages"  # a single question whose options are in order: expansion_stage


@dataclass(frozen=True)
class Kind:
    """One kind of statement: what stands in `question`, `item`, `group`, after the colon and in `published`.

    `questions` are the kinds of question it can be about; empty: any. Without `question` it is about none.
    """

    name: str
    item: bool = True
    other: bool = False  # an item after a colon: similar_to:prices
    published: str = ""  # "rank", "order" (a>b>c>others), "items" (a+b), "sides" (a+b>c) or "share" (61.3)
    of: str = PEOPLE
    questions: tuple[str, ...] = ()
    question: bool = True


_OPTIONS = ("single", "multiple")

# A new kind is a line here, a function with `@rule` in `audit/rules/` and a sentence `claimed_<name>`.
KINDS = {
    kind.name: kind
    for kind in (
        Kind("rank", published="rank"),
        Kind("rank_order", item=False, published="order"),
        Kind("top_k", item=False, published="items"),
        Kind("leaning", item=False, published="items", of=SUBGROUP),
        Kind("tied_with", other=True),
        Kind("similar_to", other=True),
        Kind("interrelated", item=False),
        Kind("among_the_highest"),
        Kind("among_the_lowest"),
        Kind("approximately", published="share"),
        Kind("rated_high_by_most"),
        Kind("chosen_by_most", item=False, published="items", questions=_OPTIONS),
        Kind("concentrated_demand", item=False, published="items", questions=("multiple",)),
        Kind("covers", item=False, published="items", questions=_OPTIONS),
        Kind("all_of", item=False, published="items", questions=_OPTIONS),
        Kind("everybody_is", questions=_OPTIONS),
        Kind("faced_by_everyone"),
        Kind("nobody_without_need", item=False, of=GROUPS, questions=("multiple",)),
        Kind("significantly_higher_than_every_other_item"),
        Kind("highest_across_groups", of=GROUP),
        Kind("lower_than_other_groups", of=GROUP),
        Kind("characteristic_of_group", of=GROUP),
        Kind("significantly_higher_than_other_groups", of=GROUP),
        Kind("distinct_profiles", item=False, of=GROUPS),
        Kind("one_size_does_not_fit", item=False, of=GROUPS),
        Kind("higher_in_subgroup", of=SUBGROUP),
        Kind("lower_in_subgroup", of=SUBGROUP),
        Kind("most_services", item=False, of=SUBGROUP, questions=("multiple",)),
        Kind("differs_by_stage", item=False, published="sides", of=STAGES),
        Kind("explained_by"),
        Kind("any_one_decides", item=False),
        Kind("answers_mean", item=False),
        Kind("one_response_per_firm", item=False, question=False),
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
        lists = kind is not None and kind.published in _LISTS and bool(cells["published"])
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

    @property
    def sides(self) -> tuple[list[str], list[str]]:
        """The items before and behind the sign of `a+b>c`."""
        first, _, second = self.published.partition(">")
        return first.split("+"), second.split("+")

    @property
    def subgroup(self) -> tuple[str, str]:
        """Question and option of `firm_type=biotech`; empty where the group is written otherwise."""
        question, sign, option = self.group.partition("=")
        return (question, option) if sign else ("", "")


def claim_problems(
    row: Mapping[str, str], question: Question | None, groups: Collection[str], stages: Collection[str]
) -> Iterator[tuple[str, dict[str, object]]]:
    """Find what a statement lacks for its rule, as message keys and values.

    `groups` are those of the banner, `stages` the questions whose options may be stages.
    """
    statement = Statement.of(row)
    kind = statement.kind
    if kind is None:
        return
    values: dict[str, object] = {"statistic": kind.name}
    if not kind.question:
        if question is not None:
            yield "claim_no_question", values
        return
    if question is None or (kind.item and not row["item"]):
        yield "claim_item_missing", values
        return
    if kind.questions and question.kind not in kind.questions:
        yield "claim_question_kind", {**values, "question": question.id, "known": list(kind.questions)}
    if not _fits(kind.of, row["group"], groups, stages):
        yield _GROUP_MESSAGES[kind.of], values
    yield from _published_problems(statement, kind, question)


def _published_problems(
    statement: Statement, kind: Kind, question: Question
) -> Iterator[tuple[str, dict[str, object]]]:
    """Find what is wrong with the published value, and with the items that it names."""
    values: dict[str, object] = {"statistic": kind.name}
    if kind.published in _LISTS and not statement.published:
        yield "claim_items_missing", values
        return
    if not _FORMS.get(kind.published, _ANY).fullmatch(statement.published):
        yield f"claim_{kind.published}", {**values, "published": statement.published}
    known = [part.id for part in question.parts]
    allowed = [*known, OTHERS] if kind.published == "order" else known
    for name in [*[statement.other] * kind.other, *statement.named]:
        if name not in allowed:
            details = {"option": name, "question": question.id}
            yield "unknown_option", {**details, "known": near_misses(name, known) or list(known)}


_ANY = re.compile(".*")
_FORMS = {
    "rank": re.compile("[0-9]+"),
    "share": re.compile(r"[0-9]+(\.[0-9]+)?"),
    "sides": re.compile("[^>]+>[^>]+"),
}
_GROUP_MESSAGES = {
    PEOPLE: "claim_one_group",
    GROUP: "claim_group_missing",
    GROUPS: "claim_all_groups",
    SUBGROUP: "claim_subgroup_missing",
    STAGES: "claim_stages_missing",
}


def _fits(of: str, group: str, groups: Collection[str], stages: Collection[str]) -> bool:
    """Whether the column `group` is of the form that a kind speaks of."""
    return {
        PEOPLE: group == "all" or group in groups,
        GROUP: group in groups,
        GROUPS: group == GROUPS,
        SUBGROUP: group in groups or "=" in group,
        STAGES: group in stages,
    }[of]
