"""How a proposition is judged on the people behind codes: the closed table `RULES`.

A rule is given one reading of the coding: which people speak to each code, for what it says or against it. It
says "supported", "undecided", "contradicted" or "not testable". Silence is no contradiction, but for rules on
who says something: those that count everybody (`everyone`, `most`, `nobody`, `count`), and `one_quotation`.
Adding a rule is a function and a line in the table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

VERDICTS = ("supported", "undecided", "contradicted", "not testable")
People = frozenset[str]


@dataclass(frozen=True)
class Evidence:
    """One reading of the coding: people by code, for and against, and the company of each person.

    `opposed` are the people whose segments speak against a code for, by code: only of codes that have a
    direction on any segment. `together` is how many quotations are under every one of the codes for.

    `bases` has everybody interviewed by company and `base` in all, `company` and `value` are those of the
    proposition; `quoted` is how many quotations are given for it, `bearing` how many of them are of the
    company and the codes.
    """

    base: int
    bases: Mapping[str, int]
    company_of: Mapping[str, str]
    codes_for: Mapping[str, People]
    codes_against: Mapping[str, People]
    opposed: Mapping[str, People] = field(default_factory=dict)
    company: str = ""
    value: int | None = None
    together: int = 0
    quoted: int = 0
    bearing: int = 0

    @property
    def people_for(self) -> People:
        """Who speaks to one of the codes for."""
        return frozenset().union(*self.codes_for.values())

    @property
    def people_against(self) -> People:
        """Who speaks to one of the codes against, or against one of the codes for."""
        return frozenset().union(*self.codes_against.values(), *self.opposed.values())

    @property
    def knows_sides(self) -> bool:
        """Whether anybody could have been found against it."""
        return bool(self.codes_against or self.opposed)

    @property
    def people_for_all(self) -> People:
        """Who speaks to every one of the codes for."""
        named = list(self.codes_for.values())
        return named[0].intersection(*named[1:]) if named else frozenset()

    def within(self, people: People, company: str) -> int:
        """How many of some people are of a company."""
        return sum(self.company_of[person] == company for person in people)

    def share(self, people: People, company: str) -> float:
        """Which part of a company's interviewees some people are."""
        return self.within(people, company) / self.bases[company] if self.bases[company] else 0.0


def _balance(count_for: int, count_against: int) -> str:
    """Supported where somebody is for it and no more are against; contradicted where only others speak."""
    if not count_for:
        return "contradicted" if count_against else "undecided"
    return "supported" if count_for >= count_against else "undecided"


def _compared(one: float, other: float) -> str:
    """More, fewer, or level."""
    return "undecided" if one == other else "supported" if one > other else "contradicted"


def both_companies(evidence: Evidence) -> str:
    """Each company has people under the codes for, and no fewer than under those against."""
    verdicts = {
        _balance(evidence.within(evidence.people_for, name), evidence.within(evidence.people_against, name))
        for name in evidence.bases
    }
    return next(verdict for verdict in ("contradicted", "undecided", "supported") if verdict in verdicts)


def every_code(evidence: Evidence) -> str:
    """Each company has people under every one of the codes for."""
    full = all(
        evidence.within(people, name) for people in evidence.codes_for.values() for name in evidence.bases
    )
    return "supported" if full else "undecided"


def supporters(evidence: Evidence) -> str:
    """At least so many people (1 where no value is given) are under the codes for."""
    count, against = len(evidence.people_for), len(evidence.people_against)
    if count < (evidence.value or 1):
        return "contradicted" if against > count else "undecided"
    return _balance(count, against)


def everyone(evidence: Evidence) -> str:
    """Everybody interviewed is under one of the codes for."""
    return "supported" if len(evidence.people_for) == evidence.base > 0 else "contradicted"


def most(evidence: Evidence) -> str:
    """More than half of everybody interviewed are under one of the codes for."""
    return "supported" if 2 * len(evidence.people_for) > evidence.base else "contradicted"


def nobody(evidence: Evidence) -> str:
    """Nobody is under one of the codes for."""
    return "contradicted" if evidence.people_for else "supported"


def count(evidence: Evidence) -> str:
    """Exactly so many people are under one of the codes for."""
    return "supported" if len(evidence.people_for) == evidence.value else "contradicted"


def both_sides(evidence: Evidence) -> str:
    """People are for it, and none against; without codes against or directions nothing is decided."""
    if not evidence.knows_sides or (evidence.people_for and evidence.people_against):
        return "undecided"
    return _balance(len(evidence.people_for), len(evidence.people_against))


def order_of_codes(evidence: Evidence) -> str:
    """More people are for it than under each of the codes against, or against a code for."""
    others = (*evidence.codes_against.values(), *evidence.opposed.values())
    highest = max((len(people) for people in others), default=0)
    return _compared(len(evidence.people_for), highest)


def more_in_one(evidence: Evidence) -> str:
    """A larger part of one company's people than of any other's are under the codes for."""
    others = [
        evidence.share(evidence.people_for, name) for name in evidence.bases if name != evidence.company
    ]
    return _compared(evidence.share(evidence.people_for, evidence.company), max(others))


def only_in_one(evidence: Evidence) -> str:
    """One company's people are under codes for, the others' under codes against, never the other way."""
    inside = evidence.within(evidence.people_for, evidence.company)
    wrong = evidence.within(evidence.people_against, evidence.company)
    wrong += len(evidence.people_for) - inside
    outside = len(evidence.people_against) - evidence.within(evidence.people_against, evidence.company)
    if wrong:
        return "contradicted"
    return "supported" if inside and (outside or not evidence.codes_against) else "undecided"


def bears_sentence(evidence: Evidence) -> str:
    """Every quotation given for the sentence is of the company that it speaks of, and under its codes."""
    if evidence.bearing == evidence.quoted:
        return "supported"
    return "undecided" if evidence.bearing else "contradicted"


def one_quotation(evidence: Evidence) -> str:
    """One quotation at least is under every one of the codes for."""
    return "supported" if evidence.together else "contradicted"


def facts(_: Evidence) -> str:
    """Dated events and figures alone decide: see `FACT_RULES`."""
    return "undecided"


def not_testable(_: Evidence) -> str:
    """Neither segments nor facts of such a study can decide it."""
    return "not testable"


class Rule(NamedTuple):
    """How a rule judges, the keys of a proposition that it needs, and the fewest companies it compares."""

    judge: Callable[[Evidence], str]
    needs: tuple[str, ...] = ("codes_for",)
    companies: int = 1


# A new rule is a function above and a line here; docs/propositions.md lists them.
RULES: dict[str, Rule] = {
    "both_companies": Rule(both_companies, companies=2),
    "every_code": Rule(every_code, companies=2),
    "more_in_one": Rule(more_in_one, ("codes_for", "company"), 2),
    "only_in_one": Rule(only_in_one, ("codes_for", "company"), 2),
    "order_of_codes": Rule(order_of_codes, ("codes_for", "codes_against")),
    "supporters": Rule(supporters),
    "everyone": Rule(everyone),
    "most": Rule(most),
    "nobody": Rule(nobody),
    "count": Rule(count, ("codes_for", "value")),
    "both_sides": Rule(both_sides),
    "bears_sentence": Rule(bears_sentence, ("codes_for", "segments")),
    "one_quotation": Rule(one_quotation),
    "facts": Rule(facts, ("facts",)),
    "not_testable": Rule(not_testable, ("needs",)),
}
