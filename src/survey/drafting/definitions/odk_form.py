"""An XLSForm (.xlsx): the sheets survey and choices of ODK, KoBo and SurveyCTO."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from survey.drafting.definitions.building import Builder, plain_text
from survey.drafting.sketch import Sketch, SketchQuestion, Words
from survey.drafting.word_scales import find_scale
from survey.errors import DataError, Place, Problem
from survey.files.grid import Book, Grid, is_blank
from survey.ingest.cell_values import as_text

Row = dict[str, str]

_SHEET = re.compile(r'<(?:\w+:)?sheet\s[^>]*name="([^"]+)"')
_LABEL = re.compile(r"label(?:::?\s*(.*))?", re.IGNORECASE)
_CODE = re.compile(r"\(([a-zA-Z]{2,3}(?:-\w+)?)\)\s*$")
_NAMES = {
    "english": "en",
    "chinese": "zh",
    "中文": "zh",
    "français": "fr",
    "french": "fr",
    "español": "es",
    "spanish": "es",
}
_NUMBERS = {"integer", "decimal", "range", "int"}
_TEXTS = {"text", "string", "time", "datetime", "barcode"}
_NOT_ASKED = {
    *("note", "calculate", "hidden", "start", "end", "today", "deviceid", "username", "phonenumber", "email"),
    *(
        "audit",
        "simserial",
        "subscriberid",
        "background-audio",
        "start-geopoint",
        "acknowledge",
        "xml-external",
    ),
}
_EQUAL = re.compile(r"\$\{(\w+)\}\s*(=|!=)\s*['\"]([^'\"]+)['\"]")
_NOT_EQUAL = re.compile(r"^not\((\$\{\w+\})\s*=\s*(['\"][^'\"]+['\"])\)?$")
_CHOSEN = re.compile(r"(not\()?\s*selected\(\s*\$\{(\w+)\}\s*,\s*['\"]([^'\"]+)['\"]\s*\)(\))?")
_RANGE = re.compile(r"\b(start|end)\s*=\s*(-?\d+(?:\.\d+)?)")
_DAY_LIMIT = re.compile(r"\.\s*(>=|<=)\s*date\('(\d{4}-\d{2}-\d{2})'\)")
_LIMIT_OF_SUM = re.compile(r"\+\s*(?:\.|\$\{\w+\}|coalesce\([^()]*\))\s*(>=|<=|=)\s*(\d+(?:\.\d+)?)")
_RECOMMEND = re.compile(r"recommend|recomend|recommand|empfehl|推荐|推薦", re.IGNORECASE)
_LIMIT = re.compile(r"\.\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)")


def form_sheets(xml: str) -> bool:
    """Tell from the list of sheets whether a workbook is an XLSForm."""
    names = {name.casefold() for name in _SHEET.findall(xml)}
    return "survey" in names and "choices" in names


def form_sketch(book: Book, place: Place, name: str) -> Sketch:
    """Sketch an XLSForm.

    Raises
    ------
    DataError
        The sheet survey has no columns type and name.
    """
    sheets = {grid.sheet.casefold(): grid for grid in book.grids}
    rows = list(_rows(sheets.get("survey")))
    if not rows or not any({"type", "name"} <= set(row) for row in rows):
        heads = ", ".join(rows[0]) if rows else "-"
        values = {"format": "XLSForm", "told": f"survey: type, name: - ({heads})"}
        raise DataError(Problem("draft_not_a_survey", replace(place, sheet="survey"), values))
    settings = next(iter(_rows(sheets.get("settings"))), {})
    languages = list(dict.fromkeys(lang for row in rows for lang in _words(row))) or ["en"]
    if "" in languages:
        default = settings.get("default_language", "")
        languages = list(dict.fromkeys(_lang(default) if lang == "" else lang for lang in languages))
    title = settings.get("form_title") or name
    builder = Builder(settings.get("form_id") or name, {}, languages)
    builder.sketch.title = builder.words({languages[0]: title}, name)
    choices: dict[str, list[tuple[str, Words]]] = {}
    for row in _rows(sheets.get("choices")):
        choices.setdefault(row.get("list_name", row.get("list name", "")), []).append(
            (row.get("name", ""), _said(row, languages))
        )
    _Form(builder, choices, languages).ask(rows)
    return builder.sketch


def _rows(grid: Grid | None) -> Iterator[Row]:
    if grid is None or not grid.rows:
        return
    heads = ["" if is_blank(cell) else as_text(cell).strip() for cell in grid.rows[0]]
    for cells in grid.rows[1:]:
        pairs = zip(heads, cells, strict=False)
        yield {
            head.casefold()
            if "label" not in head.casefold() and "hint" not in head.casefold()
            else head: as_text(cell).strip()
            for head, cell in pairs
            if head and not is_blank(cell)
        }


def _lang(name: str) -> str:
    if found := _CODE.search(name):
        return found[1].lower()[:2] if "-" not in found[1] else found[1]
    plain = name.strip().casefold()
    return _NAMES.get(plain, plain if re.fullmatch("[a-z]{2,3}", plain) else "en")


def _words(row: Row) -> Words:
    """The labels of a row by language; "" is the language that is not named."""
    found = {}
    for head, text in row.items():
        if match := _LABEL.fullmatch(head):
            found[_lang(match[1]) if match[1] else ""] = plain_text(text)
    return found


def _said(row: Row, languages: list[str]) -> Words:
    words = _words(row)
    return {lang or languages[0]: text for lang, text in words.items()}


class _Form:
    """Goes through the rows of a form; groups of questions that share a list of points are batteries."""

    def __init__(
        self, builder: Builder, choices: dict[str, list[tuple[str, Words]]], languages: list[str]
    ) -> None:
        """Begin before the first row."""
        self._builder = builder
        self._choices = choices
        self._languages = languages
        self._by_name: dict[str, SketchQuestion] = {}
        self._rows: dict[str, str] = {}  # by the name of a row of a grid its id

    def ask(self, rows: list[Row]) -> None:
        """Ask the rows; a group of one list of points becomes one question."""
        place = 0
        while place < len(rows):
            row = rows[place]
            kind = _kind(row)
            if kind == "begin group":
                inside = self._inside(rows, place)
                if self._grid(row, inside):
                    place += len(inside) + 2
                    continue
                ask = self._of_quantities(row, inside)
                if ask is not None:
                    ask()
                    place += len(inside) + 2
                    continue
                battery = [one for one in inside if _kind(one).startswith("select_one ")]
                lists = {_kind(one) for one in battery}
                asked = sum(_kind(one) not in _NOT_ASKED for one in inside)
                alike = len(battery) >= 2 and len(lists) == 1 and len(battery) == asked
                if alike and self._points(battery[0]):
                    self._battery(row, battery)
                    place += len(inside) + 2
                    continue
            self._row(row)
            place += 1

    def _grid(self, group: Row, inside: list[Row]) -> bool:
        """Take a group shown as a table for a grid: of several ticks a row, or of a list named like it."""
        build, name = self._builder, group.get("name", "")
        asked = [row for row in inside if _kind(row).split()[0] not in _NOT_ASKED]
        kinds = {_kind(row) for row in asked}
        if len(kinds) != 1 or "table-list" not in group.get("appearance", ""):
            return False
        kind, _, list_name = next(iter(kinds)).partition(" ")
        if not (kind == "select_multiple" or (kind == "select_one" and list_name == name)):
            return False
        question = build.question(name, "grid", _said(group, self._languages))
        question.answer = "multiple" if kind == "select_multiple" else "single"
        question.rows = build.parts(
            [(row.get("name", "").removeprefix(f"{name}__"), _said(row, self._languages)) for row in asked]
        )
        for part, row in zip(question.rows, asked, strict=True):
            own = row.get("name", "")
            self._by_name[own], self._rows[own] = question, part.id
            if own not in (part.id, f"{question.id}__{part.id}", *part.aliases):
                part.aliases.append(own)
        question.options = build.parts(self._list(asked[0]))
        self._constraint(question, asked[0].get("constraint", ""))
        question.required = all(_true(row.get("required", "")) for row in asked)
        self._route(question, group)
        return True

    def _of_quantities(self, group: Row, inside: list[Row]) -> Callable[[], None] | None:
        """What asks a group of places or of numbers that add up; None where it is none."""
        name, names = group.get("name", ""), [row.get("name", "") for row in inside]
        kinds = {_kind(row) for row in inside}
        if names == [f"{name}_rank_{place}" for place in range(1, len(names) + 1)] and len(kinds) == 1:
            return partial(self._places, group, inside)
        if len(inside) < 2 or not kinds <= {"decimal", "integer"}:
            return None
        rule = inside[-1].get("constraint", "")
        sums = [float(number) for _, number in _LIMIT_OF_SUM.findall(rule)]
        whole = all(f"${{{one}}}" in rule for one in names[:-1]) and "+" in rule
        total = sum(sums) / len(sums) if sums else 0.0
        return (
            partial(self._sum, group, inside, int(total))
            if whole and total >= 1 and total.is_integer()
            else None
        )

    def _inside(self, rows: list[Row], place: int) -> list[Row]:
        """The rows of a group that holds no other group; none where it holds one."""
        inside: list[Row] = []
        for row in rows[place + 1 :]:
            if _kind(row) == "end group":
                return inside
            if _kind(row).startswith("begin"):
                return []
            inside.append(row)
        return []

    def _list(self, row: Row) -> list[tuple[str, Words]]:
        words = _kind(row).split()
        return self._choices.get(words[1], []) if len(words) > 1 else []

    def _points(self, row: Row) -> bool:
        """Tell whether the choices of a row are points of a scale: numbers, or words in a known order."""
        entries = self._list(row)
        labels = [words.get(self._languages[0]) or next(iter(words.values()), "") for _, words in entries]
        numbers = all(re.fullmatch(r"-?\d{1,2}(?:\.5)?", name) for name, _ in entries)
        return len(entries) >= 3 and (numbers or find_scale(labels) is not None)

    def _battery(self, group: Row, rows: list[Row]) -> None:
        build = self._builder
        name = group.get("name", "")
        question = build.question(name, "rating", _said(group, self._languages))
        question.items = build.parts(
            [(row.get("name", "").removeprefix(f"{name}__"), _said(row, self._languages)) for row in rows]
        )
        for item, row in zip(question.items, rows, strict=True):
            own = row.get("name", "")
            if own not in (item.id, f"{question.id}__{item.id}", *item.aliases):
                item.aliases.append(own)
        words = _kind(rows[0]).split()[1]
        question.scale, _ = build.scale(self._list(rows[0]), words.removeprefix("scale_"))
        question.required = all(_true(row.get("required", "")) for row in rows)
        self._by_name[name] = question
        self._route(question, group)

    def _row(self, row: Row) -> None:
        kind, name = _kind(row), row.get("name", "")
        first = kind.split()[0] if kind else ""
        if not kind or first in _NOT_ASKED or first in ("begin", "end"):
            return
        if first == "text" and self._beside_option(name, row):
            return
        if first in ("select_one", "select_multiple", "rank"):
            question = self._choice(row, first)
        elif first in _NUMBERS:
            question = self._number(row, first)
        elif first == "date":
            question = self._day(row)
        elif first in _TEXTS:
            question = self._builder.question(name, "text", _said(row, self._languages))
        else:
            question = self._unknown(row)
        question.required = _true(row.get("required", ""))
        self._by_name[name] = question
        self._route(question, row)

    def _unknown(self, row: Row) -> SketchQuestion:
        words, reason = _said(row, self._languages), "definition_unknown"
        name, kind = row.get("name", ""), _kind(row)
        return self._builder.question(name, "text", words, reason=reason, confidence=0.4, type=kind)

    def _number(self, row: Row, first: str) -> SketchQuestion:
        words = _said(row, self._languages)
        ends = (
            _RANGE.findall(row.get("parameters", ""))
            if first == "range"
            else _LIMIT.findall(row.get("constraint", ""))
        )
        if [number for _, number in ends] == ["0", "10"] and any(map(_RECOMMEND.search, words.values())):
            return self._builder.question(row.get("name", ""), "nps", words)
        question = self._builder.question(row.get("name", ""), "number", words)
        if first in ("integer", "int"):
            question.limits["whole"] = True
        for sign, number in ends:
            value: Any = float(number)
            value = int(value) if value.is_integer() else value
            if sign in (">=", "<=", "start", "end"):
                question.limits["minimum" if sign in (">=", "start") else "maximum"] = value
        return question

    def _day(self, row: Row) -> SketchQuestion:
        question = self._builder.question(row.get("name", ""), "date", _said(row, self._languages))
        for sign, day in _DAY_LIMIT.findall(row.get("constraint", "")):
            question.limits["earliest" if sign == ">=" else "latest"] = day
        return question

    def _places(self, group: Row, rows: list[Row]) -> None:
        """A ranking: a choice for each of its places."""
        name = group.get("name", "")
        question = self._builder.question(name, "ranking", _said(group, self._languages))
        question.options = self._builder.parts(self._list(rows[0]))
        question.ranks = len(rows) if len(rows) < len(question.options) else None
        self._grouped(question, group, rows)

    def _sum(self, group: Row, rows: list[Row], total: int) -> None:
        """A constant sum: numbers whose last must bring the sum to a total."""
        name = group.get("name", "")
        question = self._builder.question(name, "constant_sum", _said(group, self._languages))
        question.options = self._builder.parts(
            [(row.get("name", "").removeprefix(f"{name}__"), _said(row, self._languages)) for row in rows]
        )
        question.total = total
        self._grouped(question, group, rows)

    def _grouped(self, question: SketchQuestion, group: Row, rows: list[Row]) -> None:
        question.required = all(_true(row.get("required", "")) for row in rows)
        self._by_name[group.get("name", "")] = question
        self._route(question, group)

    def _choice(self, row: Row, first: str) -> SketchQuestion:
        """One choice, several, a scale where the form shows one, or a ranking."""
        build, name, entries = self._builder, row.get("name", ""), self._list(row)
        words = _said(row, self._languages)
        likert = "likert" in row.get("appearance", "") and len(entries) > 3 and self._points(row)
        if first == "select_one" and likert:
            question = build.question(name, "rating", words)
            question.items = build.parts([(f"{name} item", words)], keep_names=False)
            question.items[0].aliases = [name]
            question.scale, _ = build.scale(entries, _kind(row).split()[1])
        elif not entries:
            question = self._unknown(row)
        elif first == "rank":
            question = build.question(name, "ranking", words)
            question.options = build.parts(entries)
        else:
            question = build.question(name, "multiple" if first == "select_multiple" else "single", words)
            question.options = build.parts(entries)
            if "or_other" in _kind(row):
                self._add_other(question, name)
        self._constraint(question, row.get("constraint", ""))
        return question

    def _add_other(self, question: SketchQuestion, name: str) -> None:
        other = self._builder.parts([("other", {})])[0]
        other.text, other.text_aliases = True, [f"{name}_other"]
        if all(other.id != option.id for option in question.options):
            question.options.append(other)

    def _beside_option(self, name: str, row: Row) -> bool:
        """Put a text that is asked where one option is chosen beside that option."""
        found = _CHOSEN.fullmatch(row.get("relevant", "").strip()) or _EQUAL.fullmatch(
            row.get("relevant", "").strip()
        )
        if not found:
            return False
        question_name, code = (found[2], found[3]) if found.re is _CHOSEN else (found[1], found[3])
        question = self._by_name.get(question_name)
        option = next(
            (one for one in (question.options if question else []) if code in (one.id, *one.aliases)), None
        )
        other = option and re.search(
            r"other|其他|其它", f"{code} {' '.join(option.label.values())}", re.IGNORECASE
        )
        own = "" if question is None or option is None else f"{question_name}__{option.id}__text"
        if question is None or option is None or not (other or name == own):
            return False
        option.text = True
        if name != own:
            option.text_aliases.append(name)
        return True

    def _constraint(self, question: SketchQuestion, rule: str) -> None:
        if "multiple" not in (question.kind, question.answer):
            return
        for code in re.findall(r"selected\(\.,\s*'([^']+)'\) and count-selected\(\.\) > 1", rule):
            for option in question.options:
                option.exclusive = option.exclusive or code in (option.id, *option.aliases)
        for name, sign in (("least", ">="), ("most", "<=")):
            if found := re.search(rf"count-selected\(\.\)\s*{sign}\s*(\d+)", rule):
                setattr(question, name, int(found[1]))

    def _route(self, question: SketchQuestion, row: Row) -> None:
        """Write a condition on one earlier choice; any other is named in the comment."""
        rule = row.get("relevant", "").strip()
        if not rule:
            return
        pieces = [
            _NOT_EQUAL.sub(r"\1 != \2", piece.strip())
            for piece in re.split(r"\bor\b", rule.strip().removeprefix("(").removesuffix(")"))
        ]
        names: set[str] = set()
        chosen: list[str] = []
        refused: list[str] = []
        for piece in pieces:
            if found := _EQUAL.fullmatch(piece):
                names.add(found[1])
                (chosen if found[2] == "=" else refused).append(found[3])
            elif found := _CHOSEN.fullmatch(piece if piece.count("(") == piece.count(")") else f"{piece})"):
                names.add(found[2])
                (refused if found[1] else chosen).append(found[3])
            else:
                break
        else:
            if len(names) == 1 and not (chosen and refused) and len(refused) <= 1:
                name = names.pop()
                other, of_row = self._by_name.get(name), self._rows.get(name)
                codes = [self._code(other, code) for code in (*chosen, *refused)] if other else [None]
                if other and None not in codes and other.kind in ("single", "multiple", "grid"):
                    decides = {"question": other.id} | ({"item": of_row} if of_row else {})
                    question.asked_if = {**decides, "any" if chosen else "none": codes}
                    return
        question.guesses = [
            replace(guess, reason="route_untold", confidence=0.6, values={"rule": rule[:80]})
            for guess in question.guesses
        ]

    def _code(self, question: SketchQuestion | None, code: str) -> str | None:
        options = question.options if question else []
        return next((option.id for option in options if code in (option.id, *option.aliases)), None)


def _kind(row: Row) -> str:
    kind = " ".join(row.get("type", "").replace("begin_", "begin ").replace("end_", "end ").split())
    return re.sub(
        r"^select[ _]one(?: from)? ",
        "select_one ",
        re.sub(r"^select[ _]multiple(?: from)? ", "select_multiple ", kind),
    )


def _true(text: str) -> bool:
    return text.casefold() in ("yes", "true", "true()", "1")
