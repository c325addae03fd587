"""A LimeSurvey structure (.lss): questions, subquestions, answers and their words in every language."""

from collections import defaultdict
from typing import Any
from xml.etree import ElementTree

from survey.drafting.definitions.building import Builder, plain_text
from survey.drafting.sketch import Sketch, SketchPart, SketchQuestion, Words
from survey.errors import DataError, Place, Problem
from survey.messages import message

Row = dict[str, str]

_SINGLE = {"L", "!", "O", "Y", "G"}
_MULTIPLE = {"M", "P"}
_BATTERIES = {"F", "H", "A", "B", "C", "E", "5"}
_POINTS = {"A": 5, "B": 10, "5": 5, "F": 0, "H": 0}
_LONE = {"N": "number", "S": "text", "T": "text", "U": "text", "D": "date"}
_FIELDS = {"K": "number", ":": "number", "Q": "text", ";": "text"}
_NOT_ASKED = {"X", "*", "I"}
_FIXED = {
    "Y": (("Y", "draft_yes"), ("N", "draft_no")),
    "C": (("Y", "draft_yes"), ("U", "draft_uncertain"), ("N", "draft_no")),
    "E": (("I", "draft_increase"), ("S", "draft_same"), ("D", "draft_decrease")),
    "G": (("F", "draft_female"), ("M", "draft_male")),
}


def lss_sketch(text: str, place: Place, name: str) -> Sketch:
    """Sketch a LimeSurvey structure.

    Raises
    ------
    DataError
        The XML cannot be read, or is no survey of LimeSurvey.
    """
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise DataError(Problem("draft_damaged", place, {"told": str(error)})) from None
    if root.findtext("LimeSurveyDocType") != "Survey" or root.find("questions") is None:
        told = root.findtext("LimeSurveyDocType") or root.tag
        raise DataError(
            Problem("draft_not_a_survey", place, {"format": "XML", "told": f"LimeSurveyDocType: {told}"})
        )
    return _Structure(root, name).sketch()


class _Structure:
    """The tables of the file, by their keys."""

    def __init__(self, root: Any, name: str) -> None:
        """Read the tables."""
        self._root = root
        survey = (self._rows("surveys") or [{}])[0]
        own = [survey.get("language") or "en", *(survey.get("additional_languages") or "").split()]
        titles = {
            _lang(row.get("surveyls_language", "")): plain_text(row.get("surveyls_title"))
            for row in self._rows("surveys_languagesettings")
        }
        languages = list(dict.fromkeys(map(_lang, own)))
        self._builder = Builder(next((one for one in titles.values() if one.isascii()), name), {}, languages)
        self._builder.sketch.title = self._builder.words(titles, name)
        self._words: dict[str, Words] = defaultdict(dict)
        for row in (*self._rows("questions"), *self._rows("subquestions"), *self._rows("question_l10ns")):
            if row.get("question"):
                self._words[row["qid"]][_lang(row.get("language", own[0]))] = plain_text(row["question"])
        self._answers = self._answers_by_question()

    def _rows(self, table: str) -> list[Row]:
        rows = self._root.find(f"{table}/rows")
        return (
            [{field.tag: (field.text or "").strip() for field in row} for row in rows]
            if rows is not None
            else []
        )

    def _answers_by_question(self) -> dict[str, list[tuple[str, Words]]]:
        said: dict[str, Words] = defaultdict(dict)
        for row in self._rows("answer_l10ns"):
            said[row.get("aid", "")][_lang(row.get("language", ""))] = plain_text(row.get("answer"))
        found: dict[str, dict[str, tuple[float, Words]]] = defaultdict(dict)
        for row in self._rows("answers"):
            order = float(row.get("sortorder") or 0)
            _, words = found[row.get("qid", "")].setdefault(row.get("code", ""), (order, {}))
            words |= said.get(row.get("aid", ""), {})
            if row.get("answer"):
                words[_lang(row.get("language", ""))] = plain_text(row["answer"])
        return {
            question: [(code, words) for code, (_, words) in sorted(codes.items(), key=lambda one: one[1][0])]
            for question, codes in found.items()
        }

    def sketch(self) -> Sketch:
        """Go through the questions in the order of their groups."""
        groups = {row.get("gid", ""): float(row.get("group_order") or 0) for row in self._rows("groups")}
        rows = {row["qid"]: row for row in self._rows("questions") if row.get("parent_qid", "0") in ("0", "")}
        order = sorted(
            rows.values(),
            key=lambda row: (groups.get(row.get("gid", ""), 0), float(row.get("question_order") or 0)),
        )
        for row in order:
            self._ask(row)
        return self._builder.sketch

    def _subquestions(self, qid: str, scale: str = "0") -> list[tuple[str, Words]]:
        """The rows of a question; of a table also (`scale` 1) its columns."""
        rows = {row["qid"]: row for row in self._rows("subquestions") if row.get("parent_qid") == qid}
        order = sorted(rows.values(), key=lambda row: float(row.get("question_order") or 0))
        return [
            (row.get("title", ""), self._words[row["qid"]])
            for row in order
            if row.get("scale_id", "0") == scale
        ]

    def _ask(self, row: Row) -> None:
        kind, code, words = row.get("type", ""), row.get("title", row["qid"]), self._words[row["qid"]]
        if kind in _NOT_ASKED:
            return
        total = self._attribute(row, "equals_num_value")
        if kind in _FIELDS and not (kind == "K" and total):
            ticked = kind == ":" and self._attribute(row, "multiflexible_checkbox")
            (self._ask_ticks if ticked else self._ask_fields)(row)
            return
        if kind in _SINGLE:
            question = self._builder.question(code, "single", words)
            question.options = self._builder.parts(self._answers.get(row["qid"]) or self._fixed(kind))
        elif kind in _MULTIPLE:
            question = self._builder.question(code, "multiple", words)
            below = self._subquestions(row["qid"])
            question.options = self._builder.parts(below)
            _head_parts(question.options, below, code)
        elif kind in _BATTERIES:
            question = self._ask_battery(row)
        elif kind == "R":
            question = self._builder.question(code, "ranking", words)
            question.options = self._builder.parts(
                self._answers.get(row["qid"]) or self._subquestions(row["qid"])
            )
            places = self._attribute(row, "max_subquestions") or self._attribute(row, "max_answers")
            question.ranks = places if places and places < len(question.options) else None
        elif kind == "K":
            question = self._builder.question(code, "constant_sum", words)
            below = self._subquestions(row["qid"])
            question.options = self._builder.parts(below)
            question.total = total
            _head_parts(question.options, below, code)
        elif kind in _LONE:
            question = self._builder.question(code, _LONE[kind], words)
        else:
            reason = "definition_unknown"
            question = self._builder.question(
                code, "text", words, reason=reason, confidence=0.4, type=kind or "-"
            )
        question.required = row.get("mandatory") == "Y"
        if row.get("other") == "Y" and question.options and not question.rows:
            self._add_other(question, code)

    def _attribute(self, row: Row, name: str) -> int | None:
        """A setting of a question that is a whole number above 0."""
        value = next(
            (
                one.get("value", "")
                for one in self._rows("question_attributes")
                if (one.get("qid"), one.get("attribute")) == (row["qid"], name)
            ),
            "",
        )
        return int(value) if value.isdecimal() and int(value) else None

    def _ask_ticks(self, row: Row) -> None:
        """A table whose cells are ticked: all that apply for each row."""
        code, below = row.get("title", row["qid"]), self._subquestions(row["qid"])
        grid = self._builder.grid(code, self._words[row["qid"]], "multiple", sure=True)
        grid.rows = self._builder.rows(below, [f"{code}[{name}]" for name, _ in below])
        grid.options = self._builder.parts(self._subquestions(row["qid"], "1"))
        grid.required = row.get("mandatory") == "Y"

    def _ask_fields(self, row: Row) -> None:
        """A question per subquestion: texts, numbers, and the cells of a table."""
        kind, words = row["type"], self._words[row["qid"]]
        for name, said in self._subquestions(row["qid"]) or self._answers.get(row["qid"], []):
            text = {lang: f"{words.get(lang, '')} - {one}" for lang, one in said.items()} or words
            self._builder.question(f"{row.get('title', row['qid'])}[{name}]", _FIELDS[kind], text)

    def _ask_battery(self, row: Row) -> SketchQuestion:
        """Subquestions that share answers: those of the file, of the type, or numbers."""
        build, kind, code = self._builder, row["type"], row.get("title", row["qid"])
        words, below = self._words[row["qid"]], self._subquestions(row["qid"])
        entries = self._answers.get(row["qid"]) or self._fixed(kind)
        if len(entries) > 1 and kind != "E" and not build.has_order(entries):
            question = build.grid(code, words, "single", sure=kind == "C")
            question.rows = build.rows(
                below or [(code, words)], [f"{code}[{name}]" for name, _ in below] or [code]
            )
            question.options = build.parts(entries)
            return question
        question = build.question(code, "rating", words)
        entries = entries or [(str(point), {build.lang: str(point)}) for point in range(1, _POINTS[kind] + 1)]
        question.items = build.parts(below or [(code, words)])
        _head_parts(question.items, below, code)
        question.scale, _ = build.scale(entries[::-1] if kind == "E" else entries, code)
        return question

    def _add_other(self, question: SketchQuestion, code: str) -> None:
        label = {lang: message("draft_other", lang) for lang in self._builder.sketch.languages}
        other = self._builder.parts([("other", label)])[0]
        other.text = True
        other.aliases = ["-oth-"]
        other.text_aliases = [f"{code}[other]"]
        if all(other.id != option.id for option in question.options):
            question.options.append(other)

    def _fixed(self, kind: str) -> list[tuple[str, Words]]:
        return [
            (code, {lang: message(key, lang) for lang in self._builder.sketch.languages})
            for code, key in _FIXED.get(kind, ())
        ]


def _head_parts(parts: list[SketchPart], below: list[tuple[str, Words]], code: str) -> None:
    """An export heads the column of a subquestion `Q1[SQ001]`."""
    for part, (name, _) in zip(parts, below, strict=False):
        part.aliases = [*part.aliases, f"{code}[{name}]"]


def _lang(code: str) -> str:
    plain = code.split("-")[0].lower()
    return "zh" if plain == "zh" else plain if plain.isalpha() and len(plain) in (2, 3) else "en"
