"""Every file of a report is the same, byte for byte, for answers that differ in hidden cells alone.

As in test_nothing_leaks, for groups of every kind, routes and rules: twins are found by exchanging what two
people answered to one question, so that only hidden counts change. Workbook, page, deck, PNG and SVG.
"""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import survey
from tests.disclosure.random_questionnaires import random_responses
from tests.disclosure.test_nothing_leaks import differing, tables


def composed(responses, banner):
    block = survey.TitleBlock(title="T", fieldwork="now")
    return survey.analyze(responses, banner=banner, suppress=5, title_block=block)


def hidden_apart(responses, other, banner, name, hidden):
    """Whether two sets of answers differ in counts of a question by groups, and in hidden ones alone."""
    one, two = (survey.crosstab(own, name, banner=banner) for own in (responses, other))
    differs = (one["n"] != two["n"]) | (one["complement_n"] != two["complement_n"])
    cells = zip(one["stub_code"].astype(str), one["banner_code"], strict=True)
    return differs.any() and all(cell in hidden for cell, apart in zip(cells, differs, strict=True) if apart)


def twins(seed):
    """Two sets of answers to the questionnaire of a seed that differ in hidden counts alone; the banner."""
    responses, banner, _ = random_responses(seed)
    shown = tables(composed(responses, banner))["data"].data.drop(columns="key")
    gone = shown[shown["reason"].str.contains("suppressed") & (shown["group"] != "")]
    random = np.random.default_rng(1)
    for name in gone["question"].unique():
        own = gone[gone["question"] == name]
        codes = own["code"].where(own["item"] == "", own["item"]).astype(str)
        hidden = set(zip(codes, own["group"], strict=True))
        columns = list(responses.instrument.question(name).answer_columns)
        pairs = list(combinations(range(len(responses)), 2))
        for first, second in random.permutation(pairs)[:120]:
            frame = responses.data[list(responses.instrument.columns)].astype(object)
            rows = frame.loc[:, columns].to_numpy(dtype=object, copy=True)
            if pd.isna(rows[[first, second]].ravel()).any() or (rows[first] == rows[second]).all():
                continue
            rows[[first, second]] = rows[[second, first]]
            frame[columns] = rows
            other = survey.from_frame(frame.where(frame.notna(), None), responses.instrument)
            if not hidden_apart(responses, other, banner, name, hidden):
                continue
            if tables(composed(other, banner))["data"].data.drop(columns="key").equals(shown):
                return responses, other, banner
    return None


SEEDS = {
    "bands of a number that decides on two questions": 8,
    "crossed questions, a route": 9,
    "net, a route by choice": 17,
    "points of an item as groups, routes by number": 7,
}


@pytest.mark.parametrize("shape", SEEDS)
def test_files_tell_nothing_of_what_is_hidden(shape, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    found = twins(SEEDS[shape])
    assert found is not None
    *both, banner = found
    assert not differing((composed(own, banner) for own in both), tmp_path)
