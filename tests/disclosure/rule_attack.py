"""An attack by who knows the questionnaire and the rule of hiding: whole numbers for every way to answer.

One unknown for each combination of answers that the questionnaire allows, one equation for every number that
the report prints, and the fact that at least one of the hidden numbers is small: one of the same row, where
nothing ties the rows of a question together. A hidden small number is safe where two different values of it
fit (`scipy.optimize.milp`). Nothing of the code that hides is used.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

import survey


def ways_to_answer(question, *, least=True, most=True, alone=True):
    """What may be answered: sets of ids, a point for each item, a number of each class; None: no answer."""
    if question.kind == "number":
        return [1, 3, 5, None]  # below 3, 3 or 4, 5 and more: what routes and bands tell apart
    if question.kind == "rating":
        return [*product((1, 2, 3, None), repeat=len(question.items))]
    ids = [option.id for option in question.options]
    if question.kind == "single":
        return [frozenset([one]) for one in ids] + [None]
    exclusive = {option.id for option in question.options if option.exclusive}
    ways = []
    for ticks in product((0, 1), repeat=len(ids)):
        ticked = frozenset(one for one, tick in zip(ids, ticks, strict=True) if tick)
        enough = len(ticked) >= (question.least or 0) or bool(ticked & exclusive) or not least
        fits = len(ticked) <= (question.most or len(ids)) or not most
        if enough and fits and not (alone and ticked & exclusive and len(ticked) > 1):
            ways.append(ticked)
    return [*ways, None]


def is_blank(question, answer):
    """Whether nothing was answered."""
    return answer is None or (question.kind == "rating" and not any(answer))


def lets(route, decides, answer):
    """Whether an answer lets a question be asked; None where there is none."""
    if decides.kind == "rating" and answer is not None:
        answer = answer[[item.id for item in decides.items].index(route.item)]
    if answer is None:
        return None
    if decides.kind in ("number", "rating"):
        low, high = route.at_least, route.at_most
        inside = (low is None or answer >= low) and (high is None or answer <= high)
        return inside and (not route.any or answer in route.any) and answer not in route.none
    return not (route.any and not answer & set(route.any)) and not answer & set(route.none)


class RuleAttack:
    """All that a report prints of some questions, by the groups of one banner."""

    def __init__(self, responses, banner, minimum, **options):
        instrument = responses.instrument
        self.minimum = minimum
        self.questions = list(instrument.questions)
        self.places = {question.id: place for place, question in enumerate(self.questions)}
        self.report = survey.analyze(responses, banner=banner, suppress=minimum, **options)
        self.rule = instrument.banner(banner) if "*" in banner else instrument.question(banner)
        self.made = next((rule for rule in instrument.derived if rule.id == banner), None)
        people = [
            tuple(self.answer(row, one) for one in self.questions) for _, row in responses.data.iterrows()
        ]
        self.lay_out(people)
        self.printed, self.values, self.hidden = [np.ones(len(self.ways))], [float(len(people))], []
        rows = self.table_of("data").to_dict("records")
        others = {self.cell(row) for row in rows if row["measure"] == "share_others"}
        for row in rows:
            if row["measure"] in ("share", "share_others"):
                self.read(row)
            hides = row["measure"] == "share" and "suppressed" in str(row["reason"])
            if hides and row["group"] and self.cell(row) not in others:
                self.read({**row, "measure": "share_others"}, beside=True)  # hidden, and so without a row
        for value, aim in zip(self.values, self.printed, strict=True):
            assert aim @ self.truth == value, "what is printed is not so"

    @staticmethod
    def answer(row, question):
        """What a respondent answered."""
        if question.kind == "number":
            value = row[question.id]
            return None if pd.isna(value) else 1 if value < 3 else 3 if value < 5 else 5
        if question.kind == "single":
            value = row[question.id]
            return None if pd.isna(value) else frozenset([str(value)])
        cells = {part.id: row[f"{question.id}__{part.id}"] for part in question.parts}
        if question.kind == "rating":
            return tuple(None if pd.isna(value) else int(value) for value in cells.values())
        blank = all(pd.isna(value) for value in cells.values())
        return None if blank else frozenset(one for one, value in cells.items() if value)

    def lay_out(self, people):
        """Every way to answer all questions that the rules allow, of the rules that everybody kept."""
        table = np.zeros((1, 0), dtype=int)
        self.options = []
        for place, question in enumerate(self.questions):
            given = {person[place] for person in people}
            for kept in product((True, False), repeat=3):  # the rules that were broken are dropped
                ways = ways_to_answer(question, **dict(zip(("least", "most", "alone"), kept, strict=True)))
                if given <= set(ways):
                    break
            self.options.append(ways)
            blank = np.array([is_blank(question, way) for way in ways])
            table = np.hstack(
                [np.repeat(table, len(ways), axis=0), np.tile(np.arange(len(ways)), len(table))[:, None]]
            )
            asked = np.full(len(table), 1)
            route = question.asked_if
            if route:
                decides = self.places[route.question]
                codes = {True: 1, False: 0, None: -1}
                verdicts = [codes[lets(route, self.questions[decides], way)] for way in self.options[decides]]
                asked = np.array(verdicts)[table[:, decides]]
                own = [(lets(route, self.questions[decides], one[decides]), one[place]) for one in people]
                answering = {verdict for verdict, answer in own if not is_blank(question, answer)}
                wrong = [verdict for verdict in (False, None) if verdict not in answering]
                gone = np.isin(asked, [codes[verdict] for verdict in wrong])
                keep = ~gone | blank[table[:, place]]
                table, asked = table[keep], asked[keep]
            must = [
                not route or lets(route, self.questions[decides], one[decides]) for one in people
            ]  # who was asked for certain
            full = np.array(
                [way is not None and not (question.kind == "rating" and None in way) for way in ways]
            )
            answered = [
                one[place] is not None and not (question.kind == "rating" and None in one[place])
                for one in people
            ]
            if question.required and all(
                done for done, asked_one in zip(answered, must, strict=True) if asked_one
            ):
                table = table[(asked != 1) | full[table[:, place]]]
        self.table = self.ways = table
        index = {tuple(row): at for at, row in enumerate(table.tolist())}
        self.truth = np.zeros(len(table))
        for person in people:
            own = tuple(ways.index(answer) for ways, answer in zip(self.options, person, strict=True))
            self.truth[index[own]] += 1

    def of(self, name, holds):
        """Which ways have an answer to a question of which something holds."""
        place = self.places[name]
        return np.array([bool(holds(way)) for way in self.options[place]])[self.table[:, place]]

    def gave(self, name, item="", codes=None):
        """Which ways are an answer to a question (or item), or one of certain ones."""
        question = self.questions[self.places[name]]
        if question.kind == "rating":
            at = [one.id for one in question.items].index(item)
            points = None if codes is None else set(map(int, codes))
            return self.of(
                name, lambda way: way and way[at] is not None and (points is None or way[at] in points)
            )
        return self.of(name, lambda way: way is not None and (codes is None or way & set(codes)))

    def group(self, code):
        """Which ways are in a group, and which are not."""
        if self.made is None and "*" not in self.rule.id:
            inside = self.gave(self.rule.id, "", [code])
            return inside, self.gave(self.rule.id) & ~inside
        if "*" in self.rule.id:
            names, codes = self.rule.id.split("*"), code.split(".")
            given = [self.gave(name, "", [one]) for name, one in zip(names, codes, strict=True)]
            known = np.logical_and.reduce([self.gave(name) for name in names])
            inside = np.logical_and.reduce(given)
            return inside, known & ~inside
        option = next(one for one in self.made.options if one.id == code)
        name = self.made.of
        if self.made.kind != "bands":
            name, _, item = name.partition("__")
            known, inside = self.gave(name, item), self.gave(name, item, option.any)
            return inside, known & ~inside
        low, high = option.at_least or 0, option.below or 99
        inside = self.of(name, lambda way: way is not None and low <= way < high)
        return inside, self.of(name, lambda way: way is not None) & ~inside

    @staticmethod
    def cell(row):
        """Which cell of which table a row is about."""
        return row["question"], row["item"], row["code"], row["group"]

    def read(self, row, *, beside=False):
        """Note the numbers of a row of the long table: printed, or hidden."""
        question = self.questions[self.places[row["question"]]]
        codes = [row["code"]]
        if question.kind == "rating" and not str(row["code"]):
            codes = [3]
        among = np.ones(len(self.ways), dtype=bool)
        if row["group"]:
            among = self.group(row["group"])[row["measure"] == "share_others"]
        part = row["item"] or row["code"] if question.kind != "single" else ""
        members = (
            not row["group"]
            and question.id == self.rule.id
            and row["code"] in {group.id for group in self.rule.groups}
        )
        source = (question.id, str(part), members)
        self.put(self.gave(question.id, row["item"], codes) & among, row["n"], source, base=False)
        if not beside or pd.isna(row["base"]):
            self.put(self.gave(question.id, row["item"]) & among, row["base"], source, base=True)

    def put(self, counted, value, source, *, base):
        """Note a number."""
        if pd.isna(value):
            self.hidden.append(Hidden(counted.astype(float), source, base, int(counted @ self.truth)))
        else:
            self.printed.append(counted.astype(float))
            self.values.append(float(value))

    def worked_back(self):
        """The hidden small numbers of which one value alone fits; how many small ones there are."""
        if not self.hidden:
            return [], 0
        program = Program(self.printed, self.values, [one.aim for one in self.hidden], self.truth)
        small = [one for one in self.hidden if 0 < one.value < self.minimum]
        distinct = {(one.aim.tobytes(), *one.source): one for one in small}
        known = []
        for one in distinct.values():
            aim = program.column_of(one.aim)
            reasons = {other.aim.tobytes(): other for other in self.reasons(one)}
            order = sorted(reasons.values(), key=lambda other: not 0 < other.value < self.minimum)
            apart = [(aim, -np.inf, one.value - 1), (aim, one.value + 1, np.inf)]
            doubted = any(
                program.fits(side, (program.column_of(other.aim), 1, self.minimum - 1))
                for other in order
                for side in apart
            )
            known += [] if doubted else [(one.source, one.value)]
        return known, len({one.aim.tobytes() for one in small})

    def reasons(self, hidden):
        """The hidden numbers one of which must be small for this one to be hidden."""
        name, part, members = hidden.source
        if members:
            return self.hidden
        own = [other for other in self.hidden if other.source[0] == name and not other.source[2]]
        question = self.questions[self.places[name]]
        rules = question.least or question.most or any(option.exclusive for option in question.options)
        if not rules and not any(other.base for other in own):
            own = [other for other in own if other.source[1] == part]
        return [*own, *(other for other in self.hidden if other.source[2])]

    def shown_small(self):
        """Small numbers that are printed."""
        return [value for value in self.values if 0 < value < self.minimum]

    @property
    def says_exposed(self):
        """Whether the notes say that a hidden number follows all the same."""
        notes = self.table_of("notes")["what"]
        return any("follow from that number alone" in str(text) for text in notes)

    def table_of(self, name):
        """What a table of the report holds."""
        tables = (table for sheet in self.report.sheets for table in sheet.tables)
        return next(table.data for table in tables if table.name == name)


@dataclass(frozen=True)
class Hidden:
    """A hidden number: the ways it counts, its row (question, part, whether sizes of groups), its value."""

    aim: np.ndarray
    source: tuple
    base: bool
    value: int


class Program:
    """The whole tables that fit what is printed; ways that no number tells apart are one unknown."""

    def __init__(self, printed, values, hidden, truth):
        rows = np.array([*printed, *hidden])
        columns, places = np.unique(rows, axis=1, return_index=True)
        self.places, self.size = places, truth.sum()
        shown = columns[: len(printed)]
        kept, first = np.unique(shown, axis=0, return_index=True)
        self.rows, self.values = csr_array(kept), np.array(values)[first]

    def column_of(self, aim):
        """A number over the unknowns."""
        return aim[self.places]

    def fits(self, *limits):
        """Whether a table fits, within some more limits: (sum, least, most)."""
        constraints = [LinearConstraint(self.rows, self.values, self.values)]
        constraints += [LinearConstraint(aim[None], least, most) for aim, least, most in limits]
        result = milp(
            np.zeros(len(self.places)),
            constraints=constraints,
            integrality=np.ones(len(self.places)),
            bounds=Bounds(0, self.size),
        )
        assert result.status in (0, 2), result.message
        return result.status == 0
