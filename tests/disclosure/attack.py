"""An attack on a workbook with hidden cells: what its printed numbers fix, by a program of our own.

It reads the finished .xlsx, as somebody who was sent it, and knows the questionnaire: nothing of the code
that hid the cells is used.
"""

import re
import zipfile
from itertools import product

import numpy as np
from openpyxl import load_workbook
from scipy.optimize import linprog
from scipy.sparse import lil_array

HIDDEN = "[c]"


class Printed:
    """A count as printed: who of a group (or, with `state` 0, of all others) gave one of these answers.

    None: not printed.
    """

    def __init__(self, part, answers, group, n, base, state=1):
        self.part, self.answers, self.group, self.state = part, tuple(map(str, answers)), group, state
        self.n, self.base = n, base
        self.hides = n is None


def tables(path):
    """The rows of every table of a workbook, by the name of the table; the first row is the headings."""
    found = {}
    for sheet in load_workbook(path).worksheets:
        for table in sheet.tables.values():
            rows = [[cell.value for cell in row] for row in sheet[table.ref]]
            found[table.name.removeprefix("tbl_")] = rows
    return found


def long_table(path):
    """The rows of the sheet that holds every number, as dictionaries."""
    head, *rows = tables(path)["data"]
    return [dict(zip(head, row, strict=True)) for row in rows]


def printed_counts(path, told, *banners, only=None):
    """Every count that the workbook prints, hidden ones too: its long table says all that any sheet shows."""
    instrument, counts = told.instrument, []
    groups = set() if only else {(banner.id, group.id) for banner in banners for group in banner.groups}
    for row in long_table(path):
        assert row["measure"] in ("share", "share_others", "difference", "mean", "sd", "median"), row
        if row["measure"] not in ("share", "share_others"):
            continue
        hides = "suppressed" in (row["reason"] or "")
        assert (row["n"] is None) == hides, row
        assert (row["value"] is None) == (hides or not row["base"]), row
        question = instrument.question(row["question"])
        rating = question.kind == "rating"
        part = question.id if question.kind == "single" else f"{question.id}|{row['item'] or row['code']}"
        answers = [row["code"]]
        if rating and row["code"] in (None, ""):  # a point may be 0
            answers = [point.value for point in instrument.scale_of(question).top_points]
        group, state = (
            (row["banner"], row["group"]) if row["group"] else None,
            int(row["measure"] != "share_others"),
        )
        if not group and (question.id, row["code"]) in groups:
            counts.append(Printed(None, (), (question.id, row["code"]), row["n"], row["base"]))
        counts.append(Printed(part, answers, group, row["n"], row["base"], state))
    return counts


class Attack:
    """The joint table of groups and answers that nobody printed, bounded by what was."""

    def __init__(self, counts, told, *banners, only=None, rules=()):
        self.groups, self.patterns, nowhere = [], [()], []
        for banner in banners:
            own, unknown = self.patterns_of(told, banner, only)
            first, last = len(self.groups), len(self.groups) + len(banner.groups)
            self.groups += [(banner.id, group.id) for group in banner.groups]
            self.patterns = [(*before, *pattern) for before, pattern in product(self.patterns, own)]
            nowhere.append((first, last, unknown))
        parts = {}
        for count in counts:
            if count.part:
                known = parts.setdefault(count.part, [])
                known += [answer for answer in count.answers if answer not in known]
        kinds = {question.id: question.kind for question in told.instrument.questions}
        for part, answers in parts.items():
            if kinds[part.partition("|")[0]] == "multiple":
                answers.append("-")
        self.columns = {}
        for pattern in range(len(self.patterns)):
            self.columns[None, None, pattern] = len(self.columns)
        for part, answers in parts.items():
            for answer, pattern in product([*answers, None], range(len(self.patterns))):
                self.columns[part, answer, pattern] = len(self.columns)
        self.parts = parts
        self.equations = [(self.places(None, None, None), [1], len(told))]
        for first, last, unknown in nowhere:
            outside = [at for at, one in enumerate(self.patterns) if set(one[first:last]) == {-1}]
            own = [self.columns[None, None, at] for at in outside]
            self.equations += [(own, [1], unknown)] if own else []
        for part, answers in parts.items():  # everybody answers a part or does not
            for pattern in range(len(self.patterns)):
                own = [self.columns[part, answer, pattern] for answer in [*answers, None]]
                equation = ([*own, self.columns[None, None, pattern]], [*[1] * len(own), -1], 0)
                self.equations.append(equation)
        for count in counts:
            for answers, value in ((count.answers, count.n), (None, count.base if count.part else None)):
                if value is not None:
                    places = self.places(count.part, answers, count.group, count.state)
                    self.equations.append((places, [1], value))
        for banner in banners if only else ():
            self.limited(banner, only)
        for banner in banners if len(banners) > 1 else ():
            self.linked(banner, parts)
        self.below = [limit for rule in rules for limit in rule(self)]
        self.matrix, self.values = self._matrix(self.equations)

    @staticmethod
    def patterns_of(told, banner, only):
        """The combinations of groups that a respondent may follow, and how many follow none that is known."""
        groups = [group.id for group in banner.groups]
        if banner.kind == "single":
            patterns = [tuple(int(a == b) for b in groups) for a in groups]
        else:
            patterns = list(product((0, 1), repeat=len(groups)))
        if only == "exclusive":
            patterns = [one for one in patterns if sum(one) <= 1]
        if only == "mixed":
            patterns = [one for one in patterns if sum(one) != 1]
        unknown = int(told.data[list(banner.answer_columns)].isna().all(axis=1).sum())
        partly = int(told.data[list(banner.answer_columns)].isna().any(axis=1).sum()) > unknown
        if partly:
            patterns = list(product((0, 1, -1), repeat=len(groups)))
        elif unknown:
            patterns += [(-1,) * len(groups)]
        return patterns, unknown

    def limited(self, banner, only):
        """Who is in a limited group ticked it, and perhaps no other."""
        groups = [group.id for group in banner.groups] if banner.kind == "multiple" else []
        for group, option in product(groups, banner.options):
            own = self.places(f"{banner.id}|{option.id}", [option.id], (banner.id, group))
            if option.id == group:
                everybody = self.places(None, None, (banner.id, group))
                self.equations += [([a, b], [1, -1], 0) for a, b in zip(own, everybody, strict=True)]
            elif only == "exclusive":
                self.equations += [([place], [1], 0) for place in own]

    def linked(self, banner, parts):
        """A banner is a row of the other's table: what each pattern answered to it is known to the last."""
        for group in banner.groups:
            several = banner.kind == "multiple"
            part = f"{banner.id}|{group.id}" if several else banner.id
            if part not in parts:
                continue
            at = self.groups.index((banner.id, group.id))
            for pattern, states in enumerate(self.patterns):
                people = self.columns[None, None, pattern]
                given = self.columns[part, group.id, pattern]
                silent = self.columns[part, None, pattern]
                if states[at] == 1:
                    self.equations.append(([given, people], [1, -1], 0))
                else:
                    self.equations.append(([given], [1], 0))
                if states[at] == -1:
                    self.equations.append(([silent, people], [1, -1], 0))
                else:
                    self.equations.append(([silent], [1], 0))

    def places(self, part, answers, group, state=1):
        """The columns that a count adds up; answers None: whoever answered."""
        which = [
            at
            for at, one in enumerate(self.patterns)
            if group is None or one[self.groups.index(group)] == state
        ]
        if part is None:
            return [self.columns[None, None, at] for at in which]
        names = self.parts[part] if answers is None else answers
        return [self.columns[part, name, at] for name in names for at in which]

    def _matrix(self, rows):
        matrix = lil_array((len(rows), len(self.columns)))
        for at, (places, factors, _) in enumerate(rows):
            for place, factor in zip(
                places, factors * (len(places) if len(factors) == 1 else 1), strict=True
            ):
                matrix[at, place] += factor
        return matrix.tocsr(), np.array([row[2] for row in rows], dtype=float)

    def limits(self, places):
        """The least and the largest that a count may be."""
        given = {"A_eq": self.matrix, "b_eq": self.values}
        if self.below:
            given["A_ub"], given["b_ub"] = self._matrix(self.below)
        found = []
        for sign in (1, -1):
            aim = np.zeros(len(self.columns))
            aim[places] = sign
            done = linprog(aim, method="highs", **given)
            assert done.status == 0, done.message
            found.append(sign * done.fun)
        return np.ceil(found[0] - 1e-6), np.floor(found[1] + 1e-6)


def texts(path):
    """Every text of a workbook: cells, alternative texts of pictures, properties."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                text = archive.read(name).decode("utf-8")
                yield from re.findall(r">([^<]+)<|(?:descr|title)=\"([^\"]*)\"", text)


def percentages_in(path):
    """Every "77%" that any text of a workbook says, alternative texts and titles of charts among them."""
    return {int(share) for parts in texts(path) for text in parts for share in re.findall(r"(\d+)%", text)}


def cached_values(path):
    """Every number that a chart keeps of its cells, and every number in any other part of the archive."""
    found = set()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/charts/"):
                text = archive.read(name).decode("utf-8")
                found |= {float(value) for value in re.findall(r"<(?:c:)?v>(-?[\d.e-]+)</", text)}
    return found
