"""What is wrong with the rows of a findings file: names, groups, statistics, values, claims."""

from collections.abc import Iterator
from fractions import Fraction

from survey.errors import Place, Problem, UsageError
from survey.instrument import Instrument, Question, list_instruments, load_instrument
from survey.instrument.shares import RESPONDENTS, Statistic, known_statistics
from survey.published.findings.assumptions import MissingQuestion
from survey.published.findings.figures import COMPARATORS, EVERYONE
from survey.published.findings.statement_kinds import claim_problems
from survey.rounding import decimals_of
from survey.wording import near_misses

KINDS = ("figure", "statement")
_LONGEST_COUNT = 6  # digits of a published number of respondents: bounds are sought over every count
_GROUPS = "groups"  # a statement may speak of all groups at once
Row = dict[str, str]
Fault = tuple[str, dict[str, object]]


def knows_names(instrument: Instrument, question_id: str, item: str, group: str) -> bool:
    """Whether an instrument has a question, its item and a group."""
    question = question_named(instrument, question_id)
    if question is None or (item and item not in {part.id for part in question.parts}):
        return False
    return group in ("", EVERYONE, _GROUPS) or group in _group_ids(instrument)


def question_named(instrument: Instrument, question_id: str) -> Question | None:
    """The question of this id; None where there is none."""
    try:
        return instrument.question(question_id)
    except UsageError:
        return None


def question_of_group(group: str, instrument: Instrument) -> str:
    """The question that the column `group` names: before `=`, or an id that is no group; else empty."""
    question_id, sign, _ = group.partition("=")
    if sign:
        return question_id
    return "" if group in ("", EVERYONE, _GROUPS, *_group_ids(instrument)) else group


def _group_ids(instrument: Instrument) -> list[str]:
    banner = question_named(instrument, instrument.defaults.banner or "")
    return [option.id for option in banner.options] if banner else []


def doubled_claims(rows: list[tuple[int, Row]], file: str) -> Iterator[Problem]:
    """Claims that are missing or stand twice."""
    first: dict[str, int] = {}
    for line, row in rows:
        if not row["claim"]:
            yield Problem("findings_claim_missing", Place(file=file, line=line))
        elif row["claim"] in first:
            values = {"claim": row["claim"], "first": first[row["claim"]]}
            yield Problem("findings_claim_twice", Place(file=file, line=line), values)
        else:
            first[row["claim"]] = line


def near_or_all(word: str, known: list[str]) -> list[str]:
    """What is spelt nearly so, else all that is known."""
    return near_misses(word, known) or known


def row_problems(row: Row, instrument: Instrument) -> Iterator[Fault]:
    """Find what is wrong in one row, as message keys and values."""
    if row["kind"] not in KINDS:
        yield "findings_kind_unknown", {"kind": row["kind"], "known": list(KINDS)}
        return
    is_figure = row["kind"] == "figure"
    question = question_named(instrument, row["question"])
    unknown = bool(row["question"]) and question is None
    if unknown and (is_figure or asked_elsewhere(instrument, row["question"]) is None):
        near = near_or_all(row["question"], [one.id for one in instrument.questions])
        yield (
            "unknown_question",
            {"question": row["question"], "instrument": instrument.reference, "known": near},
        )
    if question and row["item"] not in ("", *(parts := [part.id for part in question.parts])):
        yield (
            "unknown_option",
            {"option": row["item"], "question": question.id, "known": near_or_all(row["item"], parts)},
        )
    groups = [EVERYONE, *_group_ids(instrument), *([] if is_figure else [_GROUPS])]
    known_group = row["group"] in groups or (not is_figure and _is_part(row["group"], instrument))
    if not known_group:
        banner = instrument.defaults.banner or "-"
        yield (
            "findings_group_unknown",
            {"group": row["group"], "banner": banner, "known": near_or_all(row["group"], groups)},
        )
    if row["comparator"] not in COMPARATORS:
        yield "findings_comparator_unknown", {"comparator": row["comparator"], "known": " ".join(COMPARATORS)}
    if is_figure:
        yield from _statistic_problems(row, instrument, question)
        yield from _value_problems(row)
    elif known_group and (question or not row["question"]):
        single = [one.id for one in instrument.questions if one.kind == "single"]
        asked_of = question_of_group(row["group"], instrument)
        later = [row["group"]] if asked_of and question_named(instrument, asked_of) is None else []
        yield from claim_problems(row, question, _group_ids(instrument), [*single, *later])


def _is_part(group: str, instrument: Instrument) -> bool:
    """Whether a group is a question, or an answer to one as `firm_type=biotech`, in any version."""
    question_id, sign, option = group.partition("=")
    question = question_named(instrument, question_id)
    if question is None:
        return asked_elsewhere(instrument, question_id) is not None
    options = {one.id for one in question.options}
    return question.kind in ("single", "multiple") and (not sign or option in options)


def _statistic_problems(row: Row, instrument: Instrument, question: Question | None) -> Iterator[Fault]:
    statistic = Statistic.parse(row["statistic"])
    if statistic == RESPONDENTS:
        if row["question"] or row["item"]:
            yield "findings_size_with_question", {}
        return
    if not row["question"] or not row["item"]:
        yield "findings_item_missing", {"statistic": row["statistic"]}
    every = {name for one in instrument.questions for name in known_statistics(instrument, one)}
    if statistic not in every:
        known = [str(RESPONDENTS), *sorted(map(str, every))]
        near = near_or_all(row["statistic"], known)
        yield "findings_statistic_unknown", {"statistic": row["statistic"], "known": near}
    elif question and statistic not in (known_here := known_statistics(instrument, question)):
        values = {"statistic": statistic, "question": question.id, "kind": question.kind}
        yield "findings_statistic_misfit", {**values, "known": list(map(str, known_here)) or "-"}


def _value_problems(row: Row) -> Iterator[Fault]:
    published, whole = row["published"], Statistic.parse(row["statistic"]) == RESPONDENTS
    digits = published.replace(".", "", 0 if whole else 1)
    if not (digits.isascii() and digits.isdigit()) or published.startswith(".") or published.endswith("."):
        yield "findings_not_a_number", {"published": published}
    else:
        if whole and len(published) > _LONGEST_COUNT:
            yield "findings_too_many", {"published": published, "most": 10**_LONGEST_COUNT - 1}
        if not whole and Fraction(published) > 100:
            yield "findings_above_100", {"published": published}
        if row["decimals"] and row["decimals"] != str(decimals_of(published)):
            values = {"decimals": row["decimals"], "published": published, "found": decimals_of(published)}
            yield "findings_decimals", values
    for name in ("stated_count", "stated_base"):
        if row[name] and not (row[name].isascii() and row[name].isdigit()):
            yield "findings_stated_not_count", {"column": name, "value": row[name]}
        elif len(row[name]) > _LONGEST_COUNT:
            yield "findings_too_many", {"published": row[name], "most": 10**_LONGEST_COUNT - 1}


def asked_elsewhere(instrument: Instrument, question_id: str) -> MissingQuestion | None:
    """A question that this version does not have, in the first version of the instrument that does."""
    for entry in list_instruments("survey"):
        if entry.id == instrument.id and entry.version != instrument.version:
            other = load_instrument(entry.path)
            question = question_named(other, question_id)
            if question is not None:
                text = {lang: question.said(lang) for lang in other.languages}
                return MissingQuestion(id=question_id, text=text, reference=other.reference)
    return None
