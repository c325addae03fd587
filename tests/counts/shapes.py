"""Surveys of many shapes with answers drawn at random, and a naive count of every block, row by row."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd

import survey
from survey.instrument import Instrument


def instrument_of(
    *, groups=0, single=3, needs=4, exclusive=1, items=3, points=5, numbers=1, text=True, default=True
):
    """An instrument with a select-all banner of `groups` (none: a single-choice one), needs and a battery."""
    questions = [
        {"id": "sector", "kind": "single", "short": {"en": "Sector"}, "text": {"en": "Sector?"}}
        | {"options": [{"id": f"s{n}", "label": {"en": f"Sector {n}"}} for n in range(single)]}
    ]
    if text:
        questions[0]["options"][-1]["text"] = True
    if groups:
        options = [{"id": f"g{n}", "label": {"en": f"Group {n}"}} for n in range(groups)]
        questions.append(
            {"id": "models", "kind": "multiple", "short": {"en": "Models"}, "text": {"en": "Models?"}}
            | {"options": [*options, {"id": "undecided", "label": {"en": "Undecided"}, "exclusive": True}]}
        )
    if needs:
        options = [{"id": f"n{n}", "label": {"en": f"Need {n}"}} for n in range(needs)]
        for option in options[needs - exclusive :]:
            option["exclusive"] = True
        questions.append(
            {"id": "needs", "kind": "multiple", "short": {"en": "Needs"}, "text": {"en": "Needs?"}}
            | {"options": options}
        )
    scales = {}
    if items:
        labels = [{"value": n, "label": {"en": f"Point {n}"}} for n in range(1, points + 1)]
        scales = {"scale": {"top": 2 if points > 2 else 1, "points": labels}}
        questions.append(
            {"id": "ratings", "kind": "rating", "scale": "scale"}
            | {"short": {"en": "Ratings"}, "text": {"en": "Ratings?"}}
            | {"items": [{"id": f"i{n}", "label": {"en": f"Item {n}"}} for n in range(items)]}
        )
    for n in range(numbers):
        questions.append(
            {"id": f"number{n}", "kind": "number", "short": {"en": f"Number {n}"}, "text": {"en": f"No {n}?"}}
        )
    if text:
        questions.append({"id": "remark", "kind": "text", "short": {"en": "Remark"}, "text": {"en": "Else?"}})
    data = {
        "kind": "survey",
        "id": "shapes",
        "version": "1.0.0",
        "languages": ["en"],
        "title": {"en": "Shapes"},
        "scales": scales,
        "questions": questions,
    }
    if default:
        data["defaults"] = {"banner": "models" if groups else "sector"}
    import json

    made = Instrument.model_validate_json(json.dumps(data))
    assert not list(made.faults())
    return made


def responses_of(instrument, rows, *, seed=1, gaps=0.1, share=0.4, everybody=False):
    """Answers drawn at random, with gaps of every kind; `everybody` is in every group."""
    random = np.random.default_rng(seed)
    frame = {}
    words = [None, "(skipped)", "(not asked)", "(refused)"]

    def gap():
        return words[random.integers(4)]

    for question in instrument.questions:
        whole = random.random(rows) < gaps
        for column in question.columns:
            if column in question.text_columns or question.kind == "text":
                values = [
                    f"text {random.integers(3)}" if random.random() < 0.3 else None for _ in range(rows)
                ]
            elif question.kind == "single":
                values = [question.options[random.integers(len(question.options))].id for _ in range(rows)]
            elif question.kind == "multiple":
                chance = 1.0 if everybody and question.id == "models" else share
                values = [int(random.random() < chance) for _ in range(rows)]
            elif question.kind == "rating":
                scale = instrument.scale_of(question).values
                values = [scale[random.integers(len(scale))] for _ in range(rows)]
            else:
                values = [float(random.choice([0, 1, 2.5, -3, 1e6, 1 / 3])) for _ in range(rows)]
            if question.kind not in ("text",) and column not in question.text_columns:
                apart = random.random(rows) < gaps
                values = [
                    gap() if lost or own else value
                    for value, lost, own in zip(values, whole, apart, strict=True)
                ]
            frame[column] = pd.Series(values, dtype=object)
    frame = pd.DataFrame(frame)
    for question in instrument.questions:  # a blank tick beside a written one would be read as not ticked
        if question.kind == "multiple":
            for column in question.answer_columns:
                frame[column] = frame[column].map(lambda value: "(empty)" if value is None else value)
    return survey.from_frame(frame, instrument)


def codes_of(responses, column):
    """The code of every answer of a column of the tally, 0 where there is none."""
    if column.cells == "answered":
        question = responses.instrument.question(column.question)
        return responses.data[list(question.answer_columns)].notna().any(axis=1).astype(int).tolist()
    places = {code: place for place, code in enumerate(column.codes, 1)}
    return [
        0 if pd.isna(value) else 1 if column.cells in ("number", "text") else places[value]
        for value in responses.data[column.name].tolist()
    ]


def naive(responses, counted, weights=None):
    """Count pairs and groups again, one respondent after the other."""
    columns = counted.columns
    codes = {column.name: codes_of(responses, column) for column in columns.columns}
    rows = range(len(responses))
    unit = 2.0**-24
    weight = [1.0] * len(responses) if weights is None else weights
    measured = {"n": [1] * len(responses)}
    if weights is not None:
        measured["w"] = [round(one / unit) for one in weight]
        measured["w2"] = [round(one * one / unit) for one in weight]
    found = {}
    for measure, own in measured.items():
        pairs = Counter()
        for row in rows:
            there = [columns.offsets[name] + codes[name][row] - 1 for name in codes if codes[name][row]]
            for one in there:
                for other in there:
                    pairs[one, other] += own[row]
        found["pairs", measure] = pairs
        for banner in counted.groups:
            names = responses.instrument.question(banner).answer_columns
            cells = Counter()
            for row in rows:
                pattern = tuple(codes[name][row] for name in names)
                cells[pattern, -1] += own[row]
                for name in codes:
                    if codes[name][row]:
                        cells[pattern, columns.offsets[name] + codes[name][row] - 1] += own[row]
            found["groups", banner, measure] = cells
    return found


def decoded_groups(counted, banner, measure=0):
    """The same of a tally."""
    table = counted.groups[banner]
    digits = counted.definition.spaces[banner].decode(table.keys[:, 0])
    return Counter(
        {
            (tuple(pattern.tolist()), place - 1): int(table.sums[measure, row, place])
            for row, pattern in enumerate(digits)
            for place in range(table.sums.shape[2])
            if table.sums[measure, row, place]
        }
    )


def split(responses, *places):
    """The responses in parts, cut before these places."""
    from dataclasses import replace

    return [
        replace(
            responses,
            data=responses.data.iloc[start:stop],
            missing=responses.missing.iloc[start:stop],
            meta=responses.meta.iloc[start:stop],
        )
        for start, stop in pairwise([0, *places, len(responses)])
    ]
