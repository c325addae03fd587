"""The rules of careless or impossible answers: what each finds in the responses."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from survey.ingest.respondents import is_running_number
from survey.ingest.responses import Responses
from survey.ingest.row_exclusion import READING_RULES
from survey.messages import message
from survey.wording import quoted

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


def rule_reason(rule: str, n: int, lang: str) -> str:
    """How many a rule left out, in words."""
    if rule in READING_RULES:
        return message(f"row_rule_{rule}", lang, n=n)
    return f"{message(f'quality_rule_{rule}', lang) if rule in RULES else rule} {n}"


def meta_texts(responses: Responses, name: str) -> list[str]:
    """A text column of `meta`, "" where there is nothing."""
    return list(responses.meta[name].fillna("").tolist())


def _test_rows(responses: Responses, _: float) -> "Hits | Unchecked":
    if "status" not in responses.meta:
        return Unchecked("not_in_data", "quality_no_status")
    return ((row, {"status": one}) for row, one in enumerate(meta_texts(responses, "status")) if one)


def _duplicate_key(responses: Responses, _: float) -> "Hits | Unchecked":
    if "key" not in responses.meta:
        return Unchecked("not_in_data", "quality_no_key")
    keys = meta_texts(responses, "key")
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
