"""An attack by who knows the questionnaire and the rule of hiding: whole numbers for every way to answer.

One unknown for each combination of answers that the questionnaire allows, one equation for every number that
is printed, and the fact that at least one of the hidden numbers is small. A hidden small number is safe where
two different values of it fit (`scipy.optimize.milp`). Nothing of the code that hides is used.
"""

from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

import survey
from survey.report.survey.context import SurveyContext


def ways_to_answer(question):
    """What may be ticked together, as sets of ids; None: no answer."""
    ids = [option.id for option in question.options]
    if question.kind == "single":
        return [frozenset([one]) for one in ids] + [None]
    exclusive = {option.id for option in question.options if option.exclusive}
    ways = []
    for ticks in product((0, 1), repeat=len(ids)):
        ticked = frozenset(one for one, tick in zip(ids, ticks, strict=True) if tick)
        fits = len(ticked) >= (question.least or 0) and len(ticked) <= (question.most or len(ids))
        if fits and not (ticked & exclusive and len(ticked) > 1):
            ways.append(ticked)
    return [*ways, None]


class RuleAttack:
    """All that is printed of some questions, the first of which is the banner."""

    def __init__(self, responses, banner, minimum):
        instrument = responses.instrument
        self.minimum = minimum
        self.questions = list(instrument.questions)
        self.ways = list(product(*(ways_to_answer(question) for question in self.questions)))
        self.truth = self.counted(responses)
        self.rows, self.values, self.hidden = [np.ones(len(self.ways))], [float(len(responses))], []
        context = SurveyContext(responses=responses, banners=(instrument.question(banner),), minimum=minimum)
        tables = context.protected
        for name, table in tables.frequencies.items():
            for row in table.itertuples():
                self.put(self.gave(name, row.code), row.n)
                self.put(self.gave(name), row.base)
        for (by, name), table in tables.crosstabs.items():
            for row in table.itertuples():
                for state, n, base in ((1, row.n, row.base), (0, row.complement_n, row.complement_base)):
                    group = self.gave(by) & (self.gave(by, row.banner_code) == bool(state))
                    self.put(self.gave(name, row.stub_code) & group, n)
                    self.put(self.gave(name) & group, base)

    def counted(self, responses):
        """How many respondents answered each way."""
        counts = dict.fromkeys(self.ways, 0)
        for _, row in responses.data.iterrows():
            way = []
            for question in self.questions:
                if question.kind == "single":
                    value = row[question.id]
                    way.append(None if pd.isna(value) else frozenset([str(value)]))
                    continue
                cells = {option.id: row[f"{question.id}__{option.id}"] for option in question.options}
                blank = all(pd.isna(value) for value in cells.values())
                way.append(None if blank else frozenset(one for one, value in cells.items() if value))
            counts[tuple(way)] += 1
        return np.array(list(counts.values()))

    def gave(self, name, code=None):
        """Which ways are an answer to a question, or a certain one."""
        place = [question.id for question in self.questions].index(name)
        return np.array(
            [way[place] is not None and (code is None or code in way[place]) for way in self.ways]
        )

    def put(self, counted, value):
        """Note a number: printed, or hidden."""
        if pd.isna(value):
            self.hidden.append(counted.astype(float))
        else:
            self.rows.append(counted.astype(float))
            self.values.append(float(value))
            assert counted @ self.truth == value

    def fits(self, *limits):
        """Whether a table fits, within some more limits: (sum, least, most)."""
        rows = [*self.rows, *(aim for aim, _, _ in limits)]
        low = [*self.values, *(least for _, least, _ in limits)]
        high = [*self.values, *(most for _, _, most in limits)]
        result = milp(
            np.zeros(len(self.ways)),
            constraints=LinearConstraint(np.array(rows), low, high),
            integrality=np.ones(len(self.ways)),
            bounds=Bounds(0, self.truth.sum()),
        )
        return result.status == 0

    def worked_back(self):
        """The hidden small numbers of which one value alone fits; how many small ones there are."""
        numbers = list({tuple(aim): aim for aim in self.hidden}.values())
        numbers.sort(key=lambda aim: not 0 < aim @ self.truth < self.minimum)
        small = [aim for aim in numbers if 0 < aim @ self.truth < self.minimum]
        known = []
        for aim in small:
            value = aim @ self.truth
            apart = [(aim, -np.inf, value - 1), (aim, value + 1, np.inf)]
            doubted = any(
                self.fits(side, (other, 1, self.minimum - 1)) for other in numbers for side in apart
            )
            known += [] if doubted else [int(value)]
        return known, len(small)

    def shown_small(self):
        """Small numbers that are printed."""
        return [value for value in self.values if 0 < value < self.minimum]


def question(name, kind, options, **more):
    """A question with these options; a "none" excludes the others."""
    listed = [
        {"id": one, "label": {"en": one.title()}} | ({"exclusive": True} if one == "none" else {})
        for one in options
    ]
    texts = {"short": {"en": name.title()}, "text": {"en": f"{name.title()}?"}}
    return {"id": name, "kind": kind, **texts, "options": listed, **more}


def survey_of(*questions):
    """An instrument of these questions, the first the banner."""
    schema = {"kind": "survey", "id": "poll", "version": "1.0.0", "languages": ["en"]}
    schema |= {"title": {"en": "Poll"}, "defaults": {"banner": questions[0]["id"]}}
    return survey.Instrument.model_validate(schema | {"questions": list(questions)}, strict=False)


def random_responses(seed):
    """6 to 60 respondents to a random questionnaire: overlapping or exclusive groups, rules, gaps."""
    random = np.random.default_rng(seed)
    size = int(random.integers(6, 61))
    groups = ["north", "south", "west"][: int(random.integers(2, 4))]
    banner = question("office", "single" if random.random() < 0.5 else "multiple", groups)
    names = ["mail", "phone", "press"] + (["none"] if random.random() < 0.4 else [])
    rules = {}
    if random.random() < 0.5:
        rules["least"] = 1
    if random.random() < 0.4:
        rules["most"] = int(random.integers(1, 3))
    questions = [banner, question("channel", "multiple", names, **rules)]
    if random.random() < 0.5:
        questions.append(question("size", "single", ["small", "medium", "large"]))
    instrument = survey_of(*questions)
    frame = {}
    for one in instrument.questions:
        ways = ways_to_answer(one)
        chances = random.dirichlet(np.full(len(ways), 0.6))
        if random.random() < 0.6:
            chances[-1] = 0
            chances /= chances.sum()
        given = [ways[at] for at in random.choice(len(ways), size, p=chances)]
        if one.kind == "single":
            frame[one.id] = [None if way is None else next(iter(way)) for way in given]
            continue
        for option in one.options:
            frame[f"{one.id}__{option.id}"] = [
                None if way is None else int(option.id in way) for way in given
            ]
    return survey.from_frame(pd.DataFrame(frame, dtype=object), instrument)
