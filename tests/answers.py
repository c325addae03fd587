"""Answers drawn at random to rankings, scores, constant sums and dates."""

import datetime

import survey
from tests.paths import EXAMPLES

FOUR = EXAMPLES / "more-kinds.yaml"
MORE_KINDS = ("ranking", "nps", "constant_sum", "date")


def answers_to(question, size, rng, *, missing=0.0):
    """The columns of one question: full rankings and partial ones, sums that add up, days of five years."""
    columns = {column: [None] * size for column in question.answer_columns}
    for row in range(size):
        if rng.random() < missing:
            continue
        if question.kind == "nps":
            columns[question.id][row] = int(rng.integers(0, 11))
        elif question.kind == "date":
            day = datetime.date(2020, 1, 1) + datetime.timedelta(days=int(rng.integers(0, 5 * 365)))
            columns[question.id][row] = day.isoformat()
        elif question.kind == "ranking":
            order = rng.permutation(len(question.options))[: rng.integers(1, question.places + 1)]
            for rank, place in enumerate(order.tolist(), 1):
                columns[question.answer_columns[place]][row] = rank
        else:
            parts = rng.multinomial(20, [1 / len(question.options)] * len(question.options))
            for column, part in zip(question.answer_columns, parts.tolist(), strict=True):
                columns[column][row] = question.total * part / 20
    return columns


def four_kinds(size=40, *, seed=1, missing=0.1):
    """Responses to the questionnaire with one question of each kind."""
    import numpy as np
    import pandas as pd

    instrument, rng = survey.load_instrument(FOUR), np.random.default_rng(seed)
    data = {"site": rng.choice(["north", "south"], size).tolist()}
    for question in instrument.questions[1:]:
        data |= answers_to(question, size, rng, missing=missing)
    return survey.from_frame(pd.DataFrame(data, dtype=object), instrument)


TEAMS = EXAMPLES / "kind-groups.yaml"


def teams_frame(size=70, *, seed=20261129, missing=0.06):
    """Answers to the same four kinds, of teams that overlap: the lab recommends, the board came early."""
    import numpy as np
    import pandas as pd

    instrument, rng = survey.load_instrument(TEAMS), np.random.default_rng(seed)
    ticks = rng.random((size, 3)) < [0.5, 0.6, 0.2]
    data = {f"teams__{name}": ticks[:, at].astype(int) for at, name in enumerate(("lab", "sales", "board"))}
    data["site"] = rng.choice(["north", "south", "west"], size, p=[0.5, 0.3, 0.2]).tolist()
    for question in instrument.questions[2:]:
        data |= answers_to(question, size, rng, missing=missing)
    for row in np.flatnonzero(ticks[:, 0]):
        if data["recommend"][row] is not None and rng.random() < 0.6:
            data["recommend"][row] = 10
    for row in np.flatnonzero(ticks[:, 2]):
        if data["since"][row]:
            data["since"][row] = f"2012-0{1 + int(rng.integers(9))}-11"
    return pd.DataFrame(data, dtype=object)
