"""Facts of companies beside each other, and beside what interviewees say."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from survey.arguments import check_lang, unfit
from survey.errors import usage
from survey.instrument.case_schemas import CaseFacts, FactTest, Measure, load_case_facts
from survey.instrument.fact_rules import FACT_RULES, CompanyFacts, Outcome
from survey.instrument.schema import Schema
from survey.interviews.contradictions import everything
from survey.interviews.counting import coded, distinct
from survey.interviews.reading import segments_of
from survey.interviews.segments import Segments, SegmentsLike
from survey.messages import message
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

# What functions take as `facts`.
FactsLike = CaseFacts | str | Path


def case_facts_of(given: object) -> CaseFacts:
    """Take facts, or read them; refuse what is neither."""
    if not isinstance(given, str | Path | Schema):
        raise unfit("case_facts_needed", given)
    return load_case_facts(given)  # type: ignore[arg-type]


def compare_facts(facts: FactsLike, *, lang: str = "en") -> "pd.DataFrame":
    """One row per figure, those of one measure, subject and date beside each other, companies in their order.

    `value` is as printed; `low` and `high` are the values that could have been printed so, in the smallest
    unit (yuan; a fraction for a share), missing for what is no amount. `others` are the other figures of the
    same company, measure, subject and date; `agrees` says whether all of them could be the same value, and is
    missing where there is none to compare. Figures without a date stand last.

    Parameters
    ----------
    facts
        Facts of companies: `ID`, `ID@VERSION`, a path, or what `load_case_facts` gave.
    lang
        Language of labels.

    Raises
    ------
    UsageError
        There are no such facts or language.
    InstrumentError
        The file is wrong; every problem carries file and line.

    Examples
    --------
    >>> import survey
    >>> figures = survey.compare_facts("case-facts")
    >>> figures.query("measure == 'revenue' and date == '2021'")[["fact", "value", "agrees"]].values.tolist()
    [['F027', 'about 8.87', False], ['F028', '7.589', False]]
    """
    facts = case_facts_of(facts)
    check_lang(lang, *facts.languages)
    order = {company.id: place for place, company in enumerate(facts.companies)}
    measures = {measure.id: place for place, measure in enumerate(facts.measures)}
    figures = [fact for fact in facts.facts if fact.measure]
    figures.sort(
        key=lambda fact: (
            measures[fact.measure or ""],
            fact.of or "",
            fact.date is None,
            fact.date or "",
            order[fact.company],
        )
    )
    rows: list[dict[str, object]] = []
    for fact in figures:
        others = [
            other
            for other in figures
            if other is not fact
            and (other.company, other.measure, other.of, other.date, other.outlook)
            == (fact.company, fact.measure, fact.of, fact.date, fact.outlook)
        ]
        known = [other for other in others if other.amount and fact.amount]
        same = [fact.amount.agrees(other.amount) for other in known if fact.amount and other.amount]
        same += [fact.answer == other.answer for other in others if fact.answer and other.answer]
        rows.append(
            {
                "company": fact.company,
                "measure": fact.measure,
                "label": facts.label(fact.measure or "", lang),
                "of": fact.of or "",
                "of_label": facts.label(fact.of, lang) if fact.of else "",
                "date": fact.date or "",
                "outlook": fact.outlook,
                "fact": fact.id,
                "value": fact.said(lang),
                "low": fact.amount.low if fact.amount else None,
                "high": fact.amount.high if fact.amount else None,
                "unit": fact.amount.unit if fact.amount else "",
                "answer": fact.answer or "",
                "others": tuple(other.id for other in others),
                "agrees": all(same) if same else None,
                "place": fact.place,
                "basis": fact.basis,
                "participants": fact.people,
            }
        )
    frame = contract_frame("case_figure", rows)
    return frame.assign(value=[fact.value or fact.said(lang) for fact in figures])


class Tested(NamedTuple):
    """What the facts of several companies say to a test: a verdict, and the outcome of each company."""

    verdict: str
    outcomes: dict[str, Outcome]

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that decide, each once."""
        return distinct(fact for outcome in self.outcomes.values() for fact in outcome.facts)

    @property
    def silent(self) -> tuple[str, ...]:
        """The companies of which the facts say nothing."""
        return tuple(name for name, outcome in self.outcomes.items() if outcome.holds is None)


def decide_test(facts: CaseFacts, test: FactTest) -> Tested:
    """Put a test to each company that it speaks of.

    Supported where it holds in all of them, contradicted where it fails in some and holds in none, else
    undecided.
    """
    companies = test.companies or facts.cases
    decide = FACT_RULES[test.rule].decide
    outcomes = {name: decide(facts.by_company.get(name, CompanyFacts(name)), test) for name in companies}
    held = [outcome.holds for outcome in outcomes.values()]
    verdict = "supported" if held and all(held) else "undecided"
    if False in held and True not in held:
        verdict = "contradicted"
    return Tested(verdict, outcomes)


def facts_beside(segments: SegmentsLike, facts: FactsLike, *, lang: str = "en") -> "pd.DataFrame":
    """One row per statement of interviewees and company: who says so, and whether the facts agree with it.

    The statements, their codes and the test of the facts stand in the file of facts (`beside`). `verdict` is
    "agrees", "contradicts" or "facts silent", and "nobody says so" where no interviewee of the company has a
    segment under the codes. Where two events were compared, `earlier` and `later` are the dates of what the
    statement puts first and of what it puts after, and `years` how many whole years the first is ahead
    (negative: behind).

    Parameters
    ----------
    segments
        Segments, or the path of a file of them. Companies are the groups of the interviewees.
    facts
        Facts of companies: `ID`, `ID@VERSION`, a path, or what `load_case_facts` gave.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    nobody, facts_silent, other_order.

    Raises
    ------
    UsageError
        There are no such facts, segments or language, or the codebook lacks a code.
    InstrumentError
        The file of facts is wrong; every problem carries file and line.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> facts = survey.facts_beside(segments, "case-facts").query("company == 'B'")
    >>> facts[["statement", "n", "verdict", "years"]].values.tolist()[0]
    ['success_at_home_first', 3, 'contradicts', -6.0]
    """
    facts, segments = case_facts_of(facts), segments_of(segments)
    check_lang(lang, *facts.languages)
    known = {unit.id: unit for unit in everything(segments.codebook, lang)}
    for one in facts.beside:
        check_codes(one.codes, known, segments)
    if facts.beside and not set(facts.cases) & set(segments.bases):
        groups = [group for group in segments.bases if group] or "-"
        raise usage("beside_no_company", companies=list(facts.cases), groups=groups)
    rows = []
    for one in facts.beside:
        tested = decide_test(facts, one.facts)
        for company, outcome in tested.outcomes.items():
            behind = people_behind(segments, one.codes, known)
            behind = behind[behind["participant"].map(segments.participants["group"]) == company]
            people = distinct(behind["participant"])
            verdict = {True: "agrees", False: "contradicts", None: "facts silent"}[outcome.holds]
            rows.append(
                {
                    "statement": one.id,
                    "label": one.said(lang),
                    "company": company,
                    "n": len(people),
                    "base": segments.bases.get(company, 0),
                    "participants": people,
                    "segments": distinct(behind["segment"]),
                    "facts": outcome.facts,
                    "verdict": verdict if people else "nobody says so",
                    **_dates(outcome if people else Outcome(None)),
                    **_beside_note(verdict if people else "", outcome, segments.bases.get(company, 0), lang),
                }
            )
    return contract_frame("fact_beside", rows)


def _years(outcome: Outcome) -> int | None:
    if len(outcome.dates) < 2:
        return None
    first, then = outcome.dates
    before, after = sorted((first, then))
    years = after.year - before.year - ((after.month, after.day) < (before.month, before.day))
    return years if first <= then else -years


def _dates(outcome: Outcome) -> dict[str, object]:
    dates = [day.isoformat() for day in outcome.dates]
    return {
        "earlier": dates[0] if dates else "",
        "later": dates[1] if dates else "",
        "years": _years(outcome),
    }


def _beside_note(verdict: str, outcome: Outcome, base: int, lang: str) -> dict[str, str]:
    if not base:
        return remarks(("nobody", message("beside_not_asked", lang)))
    if not verdict:
        return remarks(("nobody", message("beside_nobody", lang)))
    if verdict == "facts silent":
        return remarks(("facts_silent", message("beside_silent", lang)))
    years = _years(outcome)
    if years is None or verdict == "agrees":
        return remarks()
    first, then = outcome.dates
    values = {"first": first.year, "then": then.year, "years": -years}
    return remarks(("other_order", message("beside_order", lang, **values)))


def people_behind(segments: Segments, codes: tuple[str, ...], known: dict[str, object]) -> "pd.DataFrame":
    """The segments under any of some codes, subthemes, themes or aims, as `coded` gives them."""
    import pandas as pd

    frames = []
    for code in codes:
        rows = coded(segments, known[code].level)  # type: ignore[attr-defined]
        frames.append(rows[rows["unit"] == code].dropna(subset=["participant"]))
    return pd.concat(frames) if frames else coded(segments, "code").iloc[:0]


def check_codes(codes: tuple[str, ...], known: dict[str, object], segments: Segments) -> None:
    """Refuse a code that the codebook of the segments does not have."""
    from survey.wording import near_misses

    for code in codes:
        if code not in known:
            near = list(near_misses(code, known) or known)
            raise usage("unknown_code", code=code, codebook=segments.codebook.reference, known=near)


def measures_with(facts: CaseFacts, key: str) -> Iterator[Measure]:
    """The measures that hang together with others in one way."""
    return (measure for measure in facts.measures if getattr(measure, key))
