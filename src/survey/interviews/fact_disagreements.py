"""Where facts of companies disagree: from their values and dates, and from how measures hang together.

Each way to disagree is a function and a line in `RELATIONS`. None knows a study: what belongs together stands
in the file of facts. Amounts are compared as ranges of what could have been printed so.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.instrument.case_schemas import CaseFacts
from survey.instrument.fact_rules import CompanyFacts, FigureFact
from survey.interviews.case_facts import FactsLike, case_facts_of
from survey.interviews.counting import distinct
from survey.interviews.disagreement import Computed, Disagreement
from survey.interviews.event_disagreements import first_place, once, one_of, same_words, state
from survey.interviews.figure_disagreements import growth, same_date, share, sums, undated
from survey.messages import message
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd


def fact_disagreements(facts: FactsLike, *, lang: str = "en") -> "pd.DataFrame":
    """One row per disagreement of facts, company by company: what cannot hold together, and why.

    `kind` says how: two figures of one measure and date that differ (`figures`), in the sign (`sign`) or by a
    power of ten (`factor_of_ten`); figures of a measure that carry no date and do not fit others
    (`undated`); a growth against two amounts (`growth`); parts against a sum (`sum`; also where a growth
    gives the parts); a share against what it is a share of (`share`); yes and no (`state`); a place called
    first against dated events (`first_place`); the same words for two measures that exclude each other
    (`same_words`); more than one, or none, where one is to have a value (`several`, `nobody`); an event that
    happens once and stands twice (`once`). `printed` and `computed` are the two sides in words; `facts`
    are the ids of all that take part.

    Parameters
    ----------
    facts
        Facts of companies: `ID`, `ID@VERSION`, a path, or what `load_case_facts` gave.
    lang
        Language of labels and of `why`.

    Raises
    ------
    UsageError
        There are no such facts or language.
    InstrumentError
        The file is wrong; every problem carries file and line.

    Examples
    --------
    >>> import survey
    >>> found = survey.fact_disagreements("case-facts")
    >>> found.query("kind == 'factor_of_ten'")[["company", "measure", "date", "facts"]].values.tolist()
    [['D', 'net_profit', '2020', ('F102', 'F103')]]
    """
    facts = case_facts_of(facts)
    check_lang(lang, *facts.languages)
    rows = []
    for known in facts.by_company.values():
        seen = set()
        for relation in RELATIONS:
            for one in relation(facts, known):
                if (one.kind, one.facts) in seen:
                    continue
                seen.add((one.kind, one.facts))
                rows.append(_row(facts, one, lang))
    return contract_frame("fact_disagreement", rows)


def _row(facts: CaseFacts, one: Disagreement, lang: str) -> dict[str, object]:
    places = distinct(facts.fact(fact).place for fact in one.facts)
    values = {
        key: value(lang) if callable(value) else _worded(facts, value, lang)
        for key, value in one.values.items()
    }
    label = facts.label(one.measure, lang)
    return {
        "kind": one.kind,
        "company": one.company,
        "measure": one.measure,
        "label": label,
        "date": one.date,
        "facts": one.facts,
        "printed": values["printed"],
        "computed": values["computed"],
        "places": places,
        "why": message(_sentence(one), lang, label=label, **values),
    }


def _sentence(one: Disagreement) -> str:
    """The sentence of a disagreement; a growth from which no amount follows has one of its own."""
    nothing = one.kind == "growth" and one.values["implied"] == "-"
    return "growth_from_nothing" if nothing else f"disagree_{one.kind}"


def _worded(facts: CaseFacts, value: Any, lang: str) -> Any:
    """Figures as printed, in a list; an amount as a number."""
    if isinstance(value, FigureFact):
        return facts.fact(value.fact).said(lang)
    if isinstance(value, tuple):
        return message("list_separator", lang).join(distinct(_worded(facts, one, lang) for one in value))
    if isinstance(value, Computed):
        return value.text(lang)
    return value


# A new way to disagree is a function above and a line here, and its sentence `disagree_<kind>`.
RELATIONS: tuple[Callable[[CaseFacts, CompanyFacts], Iterator[Disagreement]], ...] = (
    same_date,
    undated,
    growth,
    sums,
    share,
    state,
    first_place,
    same_words,
    one_of,
    once,
)
