"""Propositions judged on coded interviews and on facts of companies."""

from pathlib import Path
from typing import TYPE_CHECKING

from survey.arguments import check_lang, unfit
from survey.errors import FindingsError, Place, Problem
from survey.instrument.case_schemas import CaseFacts
from survey.instrument.labelled_parts import theory_labels
from survey.instrument.proposition_rules import RULES, Evidence, Rule
from survey.instrument.proposition_schemas import Proposition, Propositions, load_propositions
from survey.instrument.schema import Schema, text_in
from survey.interviews.case_facts import FactsLike, Tested, case_facts_of, decide_test
from survey.interviews.counting import distinct
from survey.interviews.proposition_evidence import Coding, Side, evidence_on, readings, sides_of
from survey.interviews.reading import segments_of
from survey.interviews.segments import Segments, SegmentsLike
from survey.messages import message
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

# What functions take as `propositions`.
PropositionsLike = Propositions | str | Path


def propositions_of(given: object) -> Propositions:
    """Take propositions, or read them; refuse what is neither."""
    if not isinstance(given, str | Path | Schema):
        raise unfit("propositions_needed", given)
    return load_propositions(given)  # type: ignore[arg-type]


def facts_for(propositions: Propositions, facts: FactsLike | None) -> CaseFacts | None:
    """The facts given, or those that the propositions name; None where there are none."""
    if facts is not None:
        return case_facts_of(facts)
    return case_facts_of(propositions.facts) if propositions.facts else None


def judge_propositions(
    segments: SegmentsLike,
    propositions: PropositionsLike,
    *,
    facts: FactsLike | None = None,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per proposition: by how many of whom it is supported, or why it is undecided or contradicted.

    `verdict` is "supported", "undecided", "contradicted" or "not testable". The rule of each proposition is
    put to the people behind its codes: `n` of `base` for it (`by_company` by company, as text), `n_against`
    against it: under codes against, or with segments that speak against a code for; one without a direction
    is taken as for its code. A segment that is coded to a subtheme and to none of its codes may speak of any
    of them: where the verdict hangs on such segments it is undecided. Where a proposition has a test of
    facts, it counts more than who says so: it may contradict what people support, and where a rule speaks of
    facts alone it decides. `strong` says that more than half of each company stand behind it, and nobody
    behind codes against. `needs` names the data that would decide what is undecided or not testable.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them. Companies are the groups of the interviewees.
    propositions
        Propositions: `ID`, `ID@VERSION`, a path, or what `load_propositions` gave.
    facts
        Facts of the companies; those that the propositions name where None.
    lang
        Language of statements, labels and of `note`.

    Reasons
    -------
    coded_above, disputed, opposed, side_unknown, level, nobody, one_group, too_few_groups, too_few_answers,
    no_bearing, facts_silent, facts_for, facts_against.

    Raises
    ------
    UsageError
        There are no such segments, propositions, facts or language.
    InstrumentError
        A file is wrong; every problem carries file and line.
    FindingsError
        The propositions do not fit the segments or the facts: every problem with the proposition.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> judged = survey.judge_propositions(segments, "propositions").set_index("proposition")
    >>> judged.loc[["P35", "P46"], "verdict"].to_dict()
    {'P35': 'contradicted', 'P46': 'contradicted'}
    """
    segments, propositions = segments_of(segments), propositions_of(propositions)
    known_facts = facts_for(propositions, facts)
    check_lang(lang, *propositions.languages)
    coding = Coding(segments, lang)
    _check(segments, propositions, known_facts)
    rows = [
        _row(coding, one, known_facts, lang)
        | {"theory": theory_labels(propositions.theories, one.theory, lang)}
        for one in propositions.propositions
    ]
    return contract_frame("proposition", rows)


def _check(segments: Segments, propositions: Propositions, facts: CaseFacts | None) -> None:
    """Refuse codes, companies, segments and parts of facts that are not there, all at once."""
    faults = list(propositions.faults_between(segments.codebook, facts))
    names = (*segments.groups, *segments.participants.index)
    there = set(segments.data["segment"])
    for place, one in enumerate(propositions.propositions):
        if one.company and one.company not in names:
            values = {"id": one.id, "value": one.company, "known": list(segments.groups) or "-"}
            faults.append((("propositions", place), "proposition_company", values))
        if missing := [segment for segment in one.segments if segment not in there]:
            values = {"id": one.id, "missing": missing}
            faults.append((("propositions", place), "proposition_segments", values))
    if faults:
        place_of = Place(file=propositions.reference)
        raise FindingsError(*(Problem(key, place_of, values) for _, key, values in faults))


def _row(coding: Coding, one: Proposition, facts: CaseFacts | None, lang: str) -> dict[str, object]:
    rule = RULES[one.rule]
    sure = evidence_on(coding, one, rule, "sure")
    verdict, parts = _judged(coding, one, rule, sure, lang)
    tested = decide_test(facts, one.facts) if facts and one.facts else None
    if one.facts:
        verdict, parts = _with_facts(one, verdict, parts, tested, lang)
    people = [person for person in coding.company_of if person in sure.people_for]
    against = [person for person in coding.company_of if person in sure.people_against]
    segments = [
        row.segment
        for code, side in sides_of(one)[0]
        for row in coding.behind(code, side).itertuples()
        if row.participant in people
    ]
    open_verdict = verdict in ("undecided", "not testable")
    needs = text_in(one.needs, lang) if one.needs else message("proposition_needs_segments", lang)
    return {
        "proposition": one.id,
        "statement": text_in(one.statement, lang),
        "place": one.place,
        "rule": one.rule,
        "company": one.company or "",
        "codes_for": one.codes_for,
        "codes_against": one.codes_against,
        "codes_denied": one.codes_denied,
        "n": len(people),
        "base": sure.base,
        "by_company": _by_company(sure, lang),
        "n_against": len(against),
        "participants": tuple(people),
        "participants_against": tuple(against),
        "segments": distinct([*one.segments, *segments]),
        "facts": tested.facts if tested else (),
        "facts_verdict": tested.verdict if tested else "",
        "verdict": verdict,
        "strong": verdict == "supported" and _is_strong(one, sure),
        "needs": needs if open_verdict else "",
        **remarks(*parts, lang=lang),
    }


def _is_strong(one: Proposition, evidence: Evidence) -> bool:
    """More than half of each company stand behind it, and nobody behind codes against."""
    companies = [one.company] if one.company in evidence.bases else list(evidence.bases)
    people = evidence.people_for_all if one.rule == "every_code" else evidence.people_for
    parts = [evidence.share(people, name) for name in companies if name is not None]
    opposed = any(evidence.within(evidence.people_against, name or "") for name in companies)
    return bool(parts) and min(parts) > 0.5 and not opposed


def _by_company(evidence: Evidence, lang: str) -> str:
    if not evidence.codes_for or set(evidence.bases) == {""}:
        return ""
    return message("list_separator", lang).join(
        f"{name or message('proposition_no_company', lang)} "
        f"{evidence.within(evidence.people_for, name)}/{base}"
        for name, base in evidence.bases.items()
    )


Part = tuple[str, str]


def _judged(
    coding: Coding, one: Proposition, rule: Rule, sure: Evidence, lang: str
) -> tuple[str, list[Part]]:
    """The verdict of the rule on the people, and what is to be said of it."""
    if one.rule in ("facts", "not_testable"):
        return rule.judge(sure), []
    if len(sure.bases) < rule.companies:
        return "undecided", [("too_few_groups", message("proposition_few_companies", lang))]
    verdict = rule.judge(sure)
    verdicts = {rule.judge(reading) for reading in readings(sure, evidence_on(coding, one, rule, "possible"))}
    parts: list[Part] = []
    if len(verdicts | {verdict}) > 1:
        supporting, opposed = sides_of(one)
        against: list[tuple[str, Side]] = [(code, "for") for code in one.codes_against]
        sides = [*supporting, *opposed, *against]
        waiting = [code for code, side in sides if coding.possible(code, side) - coding.sure(code, side)]
        waiting = waiting or [code for code, side in sides if len(coding.above(code, side))]
        labels = [coding.known[code].label for code in dict.fromkeys(waiting)]
        parts.append(("coded_above", message("proposition_coded_above", lang, codes=labels)))
        verdict = "undecided"
    elif rule.judge(evidence_on(coding, one, rule, "undisputed")) != verdict:
        parts.append(("disputed", message("proposition_disputed", lang)))
    if verdict == "undecided" and not parts:
        parts = [_why_open(one, sure, lang)]
    elif one.rule == "bears_sentence" and verdict == "contradicted":
        values = {"count": sure.quoted}
        parts.append(("no_bearing", message("proposition_no_bearing", lang, **values)))
    elif verdict == "supported" and sure.people_against and one.rule not in ("order_of_codes", "only_in_one"):
        values = {"count": len(sure.people_against), "both": len(sure.people_for & sure.people_against)}
        parts.append(("opposed", message("proposition_opposed", lang, **values)))
    return verdict, parts


def _why_open(one: Proposition, evidence: Evidence, lang: str) -> Part:
    """Why a rule leaves a proposition open."""
    count, against = len(evidence.people_for), len(evidence.people_against)
    reason, sentence, values = "one_group", "proposition_one_company", _missing(one, evidence)
    if one.rule == "bears_sentence":
        reason, sentence = "no_bearing", "proposition_some_bearing"
        values = {"bearing": evidence.bearing, "count": evidence.quoted}
    elif one.rule in ("order_of_codes", "more_in_one") and count:
        reason, sentence = "level", "proposition_level"
    elif one.rule == "both_sides" and not evidence.knows_sides:
        reason, sentence = "side_unknown", "proposition_side_unknown"
    elif not count:
        reason, sentence = "nobody", "proposition_nobody"
    elif against:
        reason, sentence = "opposed", "proposition_opposed"
        values = {"count": against, "both": len(evidence.people_for & evidence.people_against)}
    elif one.rule == "supporters":
        reason, sentence, values = (
            "too_few_answers",
            "proposition_too_few",
            {"count": count, "value": one.value},
        )
    elif one.rule == "every_code":
        sentence = "proposition_codes_missing"
    return reason, message(sentence, lang, **values)


def _missing(one: Proposition, evidence: Evidence) -> dict[str, object]:
    """The companies of which nobody speaks to it, and the codes to which not every company does."""
    companies = [name for name in evidence.bases if not evidence.within(evidence.people_for, name)]
    codes = [
        code
        for code, people in evidence.codes_for.items()
        if any(not evidence.within(people, name) for name in evidence.bases)
    ]
    return {"companies": companies or list(evidence.bases), "codes": codes or list(one.codes_for)}


def _facts_alone(tested: Tested, lang: str) -> Part:
    """Why facts alone decide a proposition, or leave it open."""
    if tested.verdict != "undecided":
        reason = "facts_for" if tested.verdict == "supported" else "facts_against"
        return reason, message(f"proposition_{reason}", lang, facts=list(tested.facts))
    if tested.silent:
        return "facts_silent", message("proposition_facts_silent", lang, companies=list(tested.silent))
    return "facts_silent", message("proposition_facts_apart", lang)


def _with_facts(
    one: Proposition, verdict: str, parts: list[Part], tested: Tested | None, lang: str
) -> tuple[str, list[Part]]:
    """What facts make of a verdict: they contradict it, bear it out, or say nothing."""
    shown = list(tested.facts) if tested else []
    if tested is None:
        return verdict, [*parts, ("facts_silent", message("proposition_no_facts", lang))]
    if one.rule == "facts":
        return tested.verdict, [*parts, _facts_alone(tested, lang)]
    if tested.verdict == "contradicted":
        told = message("proposition_facts_against", lang, facts=shown)
        return "contradicted", [*parts, ("facts_against", told)]
    if tested.verdict == "undecided" or verdict == "supported":
        return verdict, parts
    if verdict == "contradicted":
        told = message("proposition_people_against", lang, facts=shown)
        return "undecided", [*parts, ("facts_against", told)]
    told = message("proposition_facts_for", lang, facts=shown)
    return "supported", [("facts_for", told), *parts]  # the people leave it open, the facts do not
