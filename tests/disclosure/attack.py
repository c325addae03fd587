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
    """A count as printed: who of a group gave one of these answers to a part. None: not printed."""

    def __init__(self, part, answers, group, n, base):
        self.part, self.answers, self.group = part, tuple(map(str, answers)), group
        self.n, self.base = (None if value == HIDDEN else value for value in (n, base))
        self.hides = n == HIDDEN


def tables(path):
    """The rows of every table of a workbook, by the name of the table; the first row is the headings."""
    found = {}
    for sheet in load_workbook(path).worksheets:
        for table in sheet.tables.values():
            rows = [[cell.value for cell in row] for row in sheet[table.ref]]
            found[table.name.removeprefix("tbl_")] = rows
    return found


def printed_counts(path, told, banner, lang, only=None):
    """Every count that the workbook prints, hidden ones too."""
    instrument, shown = told.instrument, tables(path)
    counts = []
    for question in instrument.questions:
        name = f"frequency_{question.id}"
        if name in shown:
            groups = {one.id for one in banner.groups} if banner.id == question.id and not only else set()
            for option, row in zip(question.options, shown[name][1:], strict=True):
                part = f"{question.id}|{option.id}" if question.kind == "multiple" else question.id
                if option.id in groups:
                    counts.append(Printed(None, (), option.id, *row[1:3]))
                counts.append(Printed(part, [option.id], None, *row[1:3]))
        name = f"importance_{question.id}"
        if name in shown:
            scale, head = instrument.scale_of(question), shown[name][0]
            by_label = {item.said(lang): item.id for item in question.items}
            at = [cell.startswith(f"{scale.points[0].value} ") for cell in head].index(True)
            count = head.index(next(cell for cell in head[1:3] if cell in ("Count high", "高分人数")))
            for row in shown[name][1:]:
                part = f"{question.id}|{by_label[row[0]]}"
                top = [point.value for point in scale.top_points]
                counts.append(Printed(part, top, None, row[count], row[count + 1]))
                base = row[count + 1]
                for place, point in enumerate(scale.points):
                    share = row[at + place]
                    n = share if share in (HIDDEN, None) or base == HIDDEN else round(share * base)
                    counts.append(Printed(part, [point.value], None, 0 if n is None else n, base))
        name = f"crosstab_{question.id}_{banner.id}"
        if name in shown:
            rating = question.kind == "rating"
            for option, row in zip(question.parts, shown[name][1:], strict=True):
                part = f"{question.id}|{option.id}" if question.kind != "single" else question.id
                answers = [point.value for point in instrument.scale_of(question).top_points] if rating else 0
                answers = answers or [option.id]
                counts.append(Printed(part, answers, None, *row[1:3]))
                for place, group in enumerate(banner.groups):
                    counts.append(Printed(part, answers, group.id, *row[4 + 6 * place : 6 + 6 * place]))
    return counts


class Attack:
    """The joint table of groups and answers that nobody printed, bounded by what was."""

    def __init__(self, counts, told, banner, only=None, rules=()):
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
        self.groups, self.patterns = groups, patterns
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
        for pattern in range(len(patterns)):
            self.columns[None, None, pattern] = len(self.columns)
        for part, answers in parts.items():
            for answer, pattern in product([*answers, None], range(len(patterns))):
                self.columns[part, answer, pattern] = len(self.columns)
        self.parts = parts
        self.equations = [(self.places(None, None, None), [1], len(told))]
        nowhere = [self.columns[None, None, at] for at, one in enumerate(patterns) if set(one) == {-1}]
        self.equations += [(nowhere, [1], unknown)] if nowhere else []
        for part, answers in parts.items():  # everybody answers a part or does not
            for pattern in range(len(patterns)):
                own = [self.columns[part, answer, pattern] for answer in [*answers, None]]
                equation = ([*own, self.columns[None, None, pattern]], [*[1] * len(own), -1], 0)
                self.equations.append(equation)
        for count in counts:
            for answers, value in ((count.answers, count.n), (None, count.base if count.part else None)):
                if value is not None:
                    self.equations.append((self.places(count.part, answers, count.group), [1], value))
        for group, option in product(groups, banner.options if only and banner.kind == "multiple" else ()):
            part = f"{banner.id}|{option.id}"  # who is in a limited group ticked it, and perhaps no other
            own = self.places(part, [option.id], group)
            if option.id == group:
                everybody = self.places(None, None, group)
                self.equations += [([a, b], [1, -1], 0) for a, b in zip(own, everybody, strict=True)]
            elif only == "exclusive":
                self.equations += [([place], [1], 0) for place in own]
        self.below = [limit for rule in rules for limit in rule(self)]
        self.matrix, self.values = self._matrix(self.equations)

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


def pairs_in(path):
    """Every "12 of 137" that any text of a workbook says."""
    found = set()
    for parts in texts(path):
        for text in parts:
            found |= {tuple(map(int, pair)) for pair in re.findall(r"(\d+) of (\d+)", text)}
            found |= {tuple(map(int, pair)) for pair in re.findall(r"（(\d+)/(\d+)", text)}
    return found
