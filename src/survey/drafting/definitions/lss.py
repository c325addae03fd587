"""A LimeSurvey structure (.lss): questions, subquestions, answers and their words in every language."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

from survey.drafting.definitions.building import Builder, plain_text
from survey.drafting.sketch import Sketch, Words
from survey.errors import DataError, Place, Problem
from survey.messages import message

Row = dict[str, str]

_SINGLE = {"L", "!", "O"}
_MULTIPLE = {"M", "P"}
_TEXT = {"S", "T", "U", "D"}
_TEXTS = {"Q"}
_NUMBERS = {"K", "R"}
_NOT_ASKED = {"X", "*", "I"}
_ARRAYS: dict[str, Callable[[], list[tuple[str, str]]]] = {
    "A": lambda: [(str(number), str(number)) for number in range(1, 6)],
    "B": lambda: [(str(number), str(number)) for number in range(1, 11)],
    "5": lambda: [(str(number), str(number)) for number in range(1, 6)],
}
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

    def _subquestions(self, qid: str) -> list[tuple[str, Words]]:
        rows = {row["qid"]: row for row in self._rows("subquestions") if row.get("parent_qid") == qid}
        order = sorted(rows.values(), key=lambda row: float(row.get("question_order") or 0))
        return [
            (row.get("title", ""), self._words[row["qid"]])
            for row in order
            if row.get("scale_id", "0") == "0"
        ]

    def _ask(self, row: Row) -> None:  # noqa: C901, PLR0912 - a kind, a branch
        build, kind, code = self._builder, row.get("type", ""), row.get("title", row["qid"])
        words, below, answers = (
            self._words[row["qid"]],
            self._subquestions(row["qid"]),
            self._answers.get(row["qid"], []),
        )
        if kind in _NOT_ASKED:
            return
        if kind in _SINGLE or kind in ("Y", "G"):
            question = build.question(code, "single", words)
            question.options = build.parts(answers or self._fixed(kind))
        elif kind in _MULTIPLE:
            question = build.question(code, "multiple", words)
            question.options = build.parts(below)
            for option, (name, _) in zip(question.options, below, strict=True):
                option.aliases = [*option.aliases, f"{code}[{name}]"]
        elif kind in ("F", "H", "A", "B", "C", "E", "5"):
            question = build.question(code, "rating", words)
            entries = (
                answers
                or self._fixed(kind)
                or [(one, {build.lang: said}) for one, said in _ARRAYS.get(kind, list)()]
            )
            if kind == "E":
                entries = entries[::-1]
            question.items = build.parts(below or [(code, words)])
            for item, (name, _) in zip(question.items, below, strict=False):
                item.aliases = [*item.aliases, f"{code}[{name}]"]
            question.scale, _ = build.scale(entries, code)
        elif kind in _NUMBERS or kind in _TEXTS or kind in (";", ":"):
            for name, said in below or answers:
                text = {lang: f"{words.get(lang, '')} - {one}" for lang, one in said.items()} or words
                build.question(
                    f"{code}[{name}]", "number" if kind in _NUMBERS or kind == ":" else "text", text
                )
            return
        elif kind == "N":
            question = build.question(code, "number", words)
        elif kind in _TEXT:
            question = build.question(code, "text", words)
        else:
            question = build.question(
                code, "text", words, reason="definition_unknown", confidence=0.4, type=kind or "-"
            )
        question.required = row.get("mandatory") == "Y"
        if row.get("other") == "Y" and question.options:
            label = {lang: message("draft_other", lang) for lang in build.sketch.languages}
            other = build.parts([("other", label)])[0]
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


def _lang(code: str) -> str:
    plain = code.split("-")[0].lower()
    return "zh" if plain == "zh" else plain if plain.isalpha() and len(plain) in (2, 3) else "en"
