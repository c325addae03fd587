"""Data quality: which responses look wrong, by which rule, and which are left out.

Only test, preview and spam rows are left out by themselves; everything else is flagged, and left out on
request. Nothing here changes an answer.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from survey.arguments import check_lang
from survey.errors import DataError, Problem, usage
from survey.ingest.provenance import Provenance, RuleCount, Screening, add_counts
from survey.ingest.reading import responses_of
from survey.ingest.respondents import is_running_number
from survey.ingest.responses import Responses, ResponsesLike
from survey.ingest.row_exclusion import READING_RULES, STATES
from survey.instrument import Instrument
from survey.instrument.questionnaire import QualityRule
from survey.messages import message
from survey.tables import contract_frame, remarks
from survey.wording import near_misses, quoted

if TYPE_CHECKING:
    import pandas as pd

# What a rule finds: the position of a respondent and what is odd (message values), or why it cannot look.
Hits = Iterator[tuple[int, dict[str, Any]]]
Look = Callable[[Responses, float], "Hits | Unchecked"]


class Unchecked(NamedTuple):
    """Why a rule cannot look: a code of `REASONS`, and the key of its sentence."""

    reason: str
    key: str


# Answers that the question does not allow, whatever its kind; with what the sheet shows of one.
_OUT_OF_RANGE = {
    **dict.fromkeys(("cell_out_of_range", "cell_too_low", "cell_too_high", "cell_not_whole"), "{value}"),
    **dict.fromkeys(("cell_date_outside", "cell_date_early", "cell_date_late"), "{value}"),
    **dict.fromkeys(("cell_not_on_scale", "cell_not_on_scale_near", "cell_ranks_too_many"), "{value}"),
    "sums_off": "≠ {total}",
}


@dataclass(frozen=True)
class Rule:
    """A rule: how it looks, its setting where nothing is said, and whether it leaves rows out by itself."""

    look: Look
    setting: float = 0.0
    drops: bool = False


@dataclass(frozen=True)
class Quality:
    """What the rules found.

    `rules`: one row per rule (contract quality_rule). `rows`: one row per rule and respondent (contract
    quality_row), with source file, sheet and row. `total` respondents were looked at, `left_out` of them are
    left out.
    """

    rules: "pd.DataFrame"
    rows: "pd.DataFrame"
    total: int
    left_out: int

    def among(self, responses: Responses) -> "Quality":
        """Give what was found in these respondents only; the rules have looked at all, as doubles need it."""
        places = ("source", "sheet", "row")
        here = set(zip(*(responses.meta[name].tolist() for name in places), strict=True))
        inside = [place in here for place in zip(*(self.rows[name].tolist() for name in places), strict=True)]
        rows = self.rows.loc[inside].reset_index(drop=True)
        counts = rows["rule"].value_counts()
        rules = self.rules.assign(n=[int(counts.get(rule, 0)) for rule in self.rules["rule"]])
        dropping = rules.loc[rules["action"] == "drop", "rule"]
        gone = rows[rows["rule"].isin(dropping)].drop_duplicates(list(places))
        return Quality(rules.assign(base=len(responses)), rows, len(responses), len(gone))


def screen(
    responses: ResponsesLike, *, drop: Sequence[str] = (), lang: str = "en"
) -> tuple[Responses, Quality]:
    """Look at every response by every rule, and leave out what is to be left out.

    Parameters
    ----------
    responses
        As read, or the path of their file; they are not changed.
    drop
        Names of rules whose rows are left out too. `test_rows` leaves out by itself; the instrument's
        `quality` block may set any rule to `drop`, `flag` or `off`, and its setting.
    lang
        Language of `note` and `detail`.

    Reasons
    -------
    not_in_data, not_in_instrument, too_few_answers, reconstructed.

    Returns
    -------
    The responses that stay, whose base texts say how many were left out, and what was found in all of them.

    Raises
    ------
    UsageError
        There is no such rule or language.
    DataError
        Nobody would stay.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"challenges__geopolitics": [5, 5, 2], "firm_type": ["biotech"] * 3})
    >>> stayed, quality = survey.screen(survey.from_frame(frame, "executive-survey"))
    >>> len(stayed), quality.total, quality.left_out
    (3, 3, 0)
    """
    responses = responses_of(responses)
    check_lang(lang)
    for name in drop:
        if name not in RULES:
            near = near_misses(name, list(RULES)) or list(RULES)
            raise usage("quality_rule_unknown", rule=name, known=near)
    gone: dict[int, str] = {}
    rules: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    places = {name: responses.meta[name].tolist() for name in ("source", "sheet", "row")}
    keys = _texts(responses, "key") if "key" in responses.meta else None
    earlier = responses.provenance.screening.counts if responses.provenance.screening else ()
    left_before = sum(count.n for count in earlier if count.rule in READING_RULES)
    states = sum(count.n for count in earlier if count.rule in STATES)
    for name, action, setting in rules_of(responses.instrument, drop):
        rule = RULES[name]
        outcome = rule.look(responses, setting)
        unchecked = outcome if isinstance(outcome, Unchecked) else None
        hits = [] if isinstance(outcome, Unchecked) else list(outcome)
        for position, values in hits:
            if "question" in values:
                named = responses.instrument.question(values["question"]).named(lang)
                values = {**values, "question": named}
            detail = message(f"quality_detail_{name}", lang, **values)
            place = {part: column[position] for part, column in places.items()}
            known = quoted(keys[position]) if keys else ""
            rows.append({"rule": name, **place, "key": known, "detail": detail})
            if action == "drop":
                gone.setdefault(position, name)
        remark = (unchecked.reason, message(unchecked.key, lang)) if unchecked else None
        while_reading = states if name == "test_rows" else 0
        n, base = len(hits) + while_reading, len(responses) + while_reading
        rules.append(rule_row(name, action, setting, n, base, remark))
    quality = Quality(
        contract_frame("quality_rule", rules),
        contract_frame("quality_row", rows),
        len(responses) + left_before,
        len(gone) + left_before,
    )
    if not gone:
        return responses, quality
    if len(gone) == len(responses):
        raise DataError(Problem("quality_nobody_left", values={"count": len(gone)}))
    kept = [position for position in range(len(responses)) if position not in gone]
    counts = [RuleCount(name, sum(rule == name for rule in gone.values())) for name in RULES]
    before = responses.provenance.screening or Screening((), len(responses))
    screening = Screening(add_counts([*before.counts, *counts]), before.total)
    stayed = replace(
        responses,
        data=responses.data.iloc[kept],
        missing=responses.missing.iloc[kept],
        meta=responses.meta.iloc[kept],
        provenance=replace(responses.provenance, screening=screening),
    )
    return stayed, quality


def rules_of(instrument: Instrument, drop: Sequence[str] = ()) -> Iterator[tuple[str, str, float]]:
    """The rules that an instrument uses: name, what is done with the rows they find, and their setting."""
    own_rules: dict[str, QualityRule] = {str(name): own for name, own in instrument.quality.items()}
    for name, rule in RULES.items():
        own = own_rules.get(name)
        action = "drop" if name in drop or rule.drops else "flag"
        if own and own.action and name not in drop:
            action = own.action
        if action != "off":
            yield name, action, own.setting if own and own.setting is not None else rule.setting


def rule_row(
    name: str, action: str, setting: float, n: int, base: int, unchecked: tuple[str, str] | None = None
) -> dict[str, object]:
    """A row of the contract quality_rule; `unchecked`: reason and sentence where the rule could not look."""
    return {
        "rule": name,
        "action": action,
        "setting": setting if RULES[name].setting else None,
        "checked": unchecked is None,
        "n": n,
        "base": base,
        **remarks(*([unchecked] if unchecked else [])),
    }


class FromSomewhere(Protocol):
    """Responses, or what was counted of them."""

    @property
    def provenance(self) -> Provenance:
        """Where they come from."""


def left_out_text(responses: FromSomewhere, lang: str = "en") -> str:
    """Say how many rows the rules left out, of how many; empty where none."""
    screening = responses.provenance.screening
    if screening is None:
        return ""
    reasons = message("list_separator", lang).join(_reason(rule, n, lang) for rule, n in screening.counts)
    values = {"out": sum(count.n for count in screening.counts), "total": screening.total}
    return message("quality_left_out", lang, reasons=reasons, **values)


def _reason(rule: str, n: int, lang: str) -> str:
    if rule in READING_RULES:
        return message(f"row_rule_{rule}", lang, n=n)
    return f"{message(f'quality_rule_{rule}', lang) if rule in RULES else rule} {n}"


# -- the rules -------------------------------------------------------------------------------------------


def _texts(responses: Responses, name: str) -> list[str]:
    """A text column of `meta`, "" where there is nothing."""
    return list(responses.meta[name].fillna("").tolist())


def _test_rows(responses: Responses, _: float) -> "Hits | Unchecked":
    if "status" not in responses.meta:
        return Unchecked("not_in_data", "quality_no_status")
    return ((row, {"status": one}) for row, one in enumerate(_texts(responses, "status")) if one)


def _duplicate_key(responses: Responses, _: float) -> "Hits | Unchecked":
    if "key" not in responses.meta:
        return Unchecked("not_in_data", "quality_no_key")
    keys = _texts(responses, "key")
    known = [
        (source if is_running_number(key) else "", key) if key else None
        for key, source in zip(keys, responses.meta["source"].tolist(), strict=True)
    ]
    repeats = _again(responses, known)
    return ((row, {"key": quoted(keys[row], 40), "first": first}) for row, first in repeats)


def _again(responses: Responses, values: list[Any]) -> Iterator[tuple[int, str]]:
    """The positions whose value stood before, each with the row of the first, and its file if another."""
    first: dict[Any, int] = {}
    row_text = _row_text(responses)
    for row, value in enumerate(values):
        if value and first.setdefault(value, row) != row:
            yield row, row_text(first[value], row)


def _row_text(responses: Responses) -> Callable[[int, int], str]:
    """Name a row as its sheet numbers it, with the file where that is not the file of another row."""
    sources, numbers = responses.meta["source"].tolist(), responses.meta["row"].tolist()

    def text(row: int, beside: int) -> str:
        file = "" if sources[row] == sources[beside] else f" ({sources[row]})"
        return f"{numbers[row]}{file}"

    return text


def _duplicate_answers(responses: Responses, least: float) -> "Hits | Unchecked":
    import numpy as np
    import pandas as pd

    if responses.provenance.reconstructed:
        return Unchecked("reconstructed", "quality_reconstructed")
    answered = responses.data.notna().sum(axis=1).tolist()
    if max(answered, default=0) < least:
        return Unchecked("too_few_answers", "quality_too_short")
    codes = np.column_stack([pd.factorize(column)[0] for _, column in responses.data.items()])
    rows = [row.tobytes() if count >= least else None for row, count in zip(codes, answered, strict=True)]
    return ((row, {"cells": answered[row], "first": first}) for row, first in _again(responses, rows))


def _duplicate_device_time(responses: Responses, seconds: float) -> "Hits | Unchecked":
    import pandas as pd

    time = next((name for name in ("submitted", "started") if name in responses.meta), None)
    if time is None or "device" not in responses.meta:
        return Unchecked("not_in_data", "quality_no_device")
    table = pd.DataFrame(
        {
            "place": range(len(responses)),
            "device": responses.meta["device"].tolist(),
            "time": responses.meta[time].tolist(),
        }
    ).dropna()
    table = table.sort_values(["device", "time", "place"], kind="stable")
    gap = pd.to_datetime(table["time"]).diff().dt.total_seconds()
    near = (table["device"] == table["device"].shift()) & (gap <= seconds)
    before = table["place"].shift(fill_value=0)
    row_text = _row_text(responses)
    hits = [
        (place, {"device": device, "first": row_text(other, place), "seconds": int(apart)})
        for place, device, other, apart, close in zip(
            table["place"], table["device"], before, gap, near, strict=True
        )
        if close
    ]
    return iter(sorted(hits, key=lambda one: one[0]))


def _speeders(responses: Responses, fraction: float) -> "Hits | Unchecked":
    if "duration" not in responses.meta:
        return Unchecked("not_in_data", "quality_no_duration")
    duration = responses.meta["duration"].astype("Float64")
    known = duration.dropna()
    if len(known) < 5:
        return Unchecked("too_few_answers", "quality_few_durations")
    median = float(known.median())
    return (
        (row, {"seconds": f"{float(value):.0f}", "median": f"{median:.0f}"})
        for row, value in enumerate(duration.to_numpy(dtype=float, na_value=float("nan")))
        if value < fraction * median
    )


def _straight_lining(responses: Responses, least: float) -> "Hits | Unchecked":
    if responses.provenance.reconstructed:
        return Unchecked("reconstructed", "quality_reconstructed")
    batteries = [q for q in responses.instrument.questions if q.kind == "rating" and len(q.items) >= least]
    if not batteries:
        return Unchecked("not_in_instrument", "quality_no_battery")
    return _straight_lines(responses, batteries)


def _straight_lines(responses: Responses, batteries: Sequence[Any]) -> Hits:
    import numpy as np

    hits: dict[int, dict[str, Any]] = {}
    for battery in batteries:
        given = responses.data[list(battery.answer_columns)].to_numpy(dtype=float, na_value=np.nan)
        unrated = [point.value for point in responses.instrument.scale_of(battery).unrated]
        given[np.isin(given, unrated)] = np.nan  # "don't know" throughout is no rating at all
        straight = (given == given[:, :1]).all(axis=1)  # a gap is equal to nothing
        for row in straight.nonzero()[0].tolist():
            values = {"question": battery.id, "value": f"{given[row, 0]:g}", "items": given.shape[1]}
            hits.setdefault(row, values)
    yield from sorted(hits.items())


def _incomplete(responses: Responses, share: float) -> "Hits | Unchecked":
    return _gaps(responses, share)


def _gaps(responses: Responses, share: float) -> Hits:
    import numpy as np

    asked = np.zeros(len(responses), int)
    answered = np.zeros(len(responses), int)
    for question in responses.instrument.questions:
        kinds = responses.missing[list(question.answer_columns)]
        asked += (kinds != "not_asked").any(axis=1).to_numpy()
        answered += (kinds == "").any(axis=1).to_numpy()
    odd = (asked - answered) / np.maximum(asked, 1) > share
    if "finished" in responses.meta:
        odd |= ~responses.meta["finished"].fillna(True).to_numpy(dtype=bool)
    for row in odd.nonzero()[0].tolist():
        yield row, {"answered": int(answered[row]), "asked": int(asked[row])}


def _exclusive_with_others(responses: Responses, _: float) -> "Hits | Unchecked":
    questions = [
        question
        for question in responses.instrument.questions
        if question.kind == "multiple" and len(question.groups) < len(question.options)
    ]
    if not questions:
        return Unchecked("not_in_instrument", "quality_no_exclusive")
    return _exclusives(responses, questions)


def _exclusives(responses: Responses, questions: Sequence[Any]) -> Hits:
    hits: dict[int, dict[str, Any]] = {}
    for question in questions:
        options = question.options
        columns = responses.data[[f"{question.id}__{option.id}" for option in options]]
        ticked = columns.to_numpy(dtype=bool, na_value=False)
        alone = [option.exclusive for option in options]
        odd = (ticked.sum(axis=1) > 1) & ticked[:, alone].any(axis=1)
        for row in odd.nonzero()[0].tolist():
            names = [option.id for option, here in zip(options, ticked[row], strict=True) if here]
            hits.setdefault(row, {"question": question.id, "options": names})
    yield from sorted(hits.items())


def _out_of_range(responses: Responses, _: float) -> "Hits | Unchecked":
    return _cells_out_of_range(responses)


def _cells_out_of_range(responses: Responses) -> Hits:
    wrong = [one for one in responses.problems if one.key in _OUT_OF_RANGE]
    columns = [responses.meta[name].tolist() for name in ("source", "sheet", "row")] if wrong else []
    places = {place: position for position, place in enumerate(zip(*columns, strict=True))}
    for problem in (cell for several in wrong for cell in several.each()):
        position = places.get((problem.place.file, problem.place.sheet, problem.place.row))
        if position is not None:
            yield (
                position,
                {"cell": problem.place.cell, "value": _OUT_OF_RANGE[problem.key].format(**problem.values)},
            )


# Every rule by its name, in the order of the sheet; a new one is a function and a line here (and its words).
RULES: dict[str, Rule] = {
    "test_rows": Rule(_test_rows, drops=True),
    "duplicate_key": Rule(_duplicate_key),
    "duplicate_answers": Rule(_duplicate_answers, 15),
    "duplicate_device_time": Rule(_duplicate_device_time, 60),
    "speeders": Rule(_speeders, 1 / 3),
    "straight_lining": Rule(_straight_lining, 5),
    "incomplete": Rule(_incomplete, 0.5),
    "exclusive_with_others": Rule(_exclusive_with_others),
    "out_of_range": Rule(_out_of_range),
}
