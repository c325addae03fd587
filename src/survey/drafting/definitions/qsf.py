"""A Qualtrics survey (.qsf): its questions, choices, recoded values, translations and export tags."""

import re
from typing import Any

from survey.drafting.definitions.building import Builder, plain_text
from survey.drafting.naming import has_chinese
from survey.drafting.sketch import Sketch, SketchQuestion, Words
from survey.errors import DataError, Place, Problem

_LANGUAGES = {"EN": "en", "EN-GB": "en-GB", "ZH-S": "zh", "ZH-CN": "zh", "ZH-T": "zh-Hant"}
_SEVERAL = {"MAVR", "MAHR", "MACOL", "MSB"}
_FIELDS = {"Slider"}
_NOT_ASKED = {"DB", "Timing", "Meta", "Captcha"}
_DAY = {"ValidDate"}
_NUMBER = {"ValidNumber", "ValidAge"}


def qsf_sketch(data: Any, place: Place, name: str) -> Sketch:
    """Sketch a Qualtrics survey.

    Raises
    ------
    DataError
        The JSON is no survey of Qualtrics.
    """
    elements = data.get("SurveyElements") if isinstance(data, dict) else None
    entry = data.get("SurveyEntry") if isinstance(data, dict) else None
    if not isinstance(elements, list) or not isinstance(entry, dict):
        keys = ", ".join(map(str, data))[:60] if isinstance(data, dict) else type(data).__name__
        values = {"format": "JSON", "told": f"SurveyEntry, SurveyElements: - ({keys or '-'})"}
        raise DataError(Problem("draft_not_a_survey", place, values))
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for element in elements:
        if isinstance(element, dict):
            by_kind.setdefault(str(element.get("Element")), []).append(element)
    asked = {
        str(one.get("PrimaryAttribute")): one["Payload"]
        for one in by_kind.get("SQ", [])
        if isinstance(one.get("Payload"), dict)
    }
    first = _language(str(entry.get("SurveyLanguage") or "EN"))
    texts = " ".join(plain_text(one.get("QuestionText")) for one in asked.values())
    first = (
        "zh"
        if first == "en" and has_chinese(texts) and len(re.findall("[a-z]", texts)) < len(texts) / 3
        else first
    )
    others = {
        _language(code)
        for one in asked.values()
        for code in (one.get("Language") if isinstance(one.get("Language"), dict) else {})
    }
    title = plain_text(entry.get("SurveyName")) or name
    builder = Builder(
        title if not has_chinese(title) else name, {first: title}, [first, *sorted(others - {first})]
    )
    builder.sketch.title = builder.words({first: title}, name)
    for question_id in _order(by_kind, asked):
        _ask(builder, asked[question_id], first)
    return builder.sketch


def _language(code: str) -> str:
    plain = code.split("-")[0].lower()
    return _LANGUAGES.get(code.upper(), plain if re.fullmatch("[a-z]{2,3}", plain) else "en")


def _order(by_kind: dict[str, list[dict[str, Any]]], asked: dict[str, Any]) -> list[str]:
    """The questions in the order of their blocks, without the trash; else as they stand."""
    order: list[str] = []
    trash: set[str] = set()
    for element in by_kind.get("BL", []):
        payload = element.get("Payload")
        blocks = payload.values() if isinstance(payload, dict) else payload or []
        for block in blocks:
            if not isinstance(block, dict):
                continue
            found = [
                str(one.get("QuestionID"))
                for one in block.get("BlockElements") or []
                if isinstance(one, dict) and one.get("Type") == "Question"
            ]
            if block.get("Type") == "Trash":
                trash |= set(found)
            else:
                order += found
    known = [one for one in dict.fromkeys(order) if one in asked]
    return known or [one for one in asked if one not in trash]


def _wording(payload: dict[str, Any], first: str, *path: str) -> Words:
    """A text of a question in every language it was translated to."""
    sources = {first: payload}
    if isinstance(translated := payload.get("Language"), dict):
        sources |= {_language(code): one for code, one in translated.items() if isinstance(one, dict)}
    words = {}
    for lang, source in sources.items():
        value: Any = source
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if text := plain_text(value if not isinstance(value, dict) else value.get("Display")):
            words[lang] = text
    return words


def _entries(payload: dict[str, Any], first: str, group: str) -> list[tuple[str, Words]]:
    """Choices or answers: (key, wording) in the order shown."""
    found = payload.get(group)
    pairs = found if isinstance(found, dict) else dict(enumerate(found or [], 1))
    keys = [str(key) for key in pairs]
    shown = payload.get({"Choices": "ChoiceOrder", "Answers": "AnswerOrder"}[group]) or []
    order = [str(key) for key in shown if str(key) in keys]
    return [(key, _wording(payload, first, group, key)) for key in dict.fromkeys([*order, *keys])]


def _ask(builder: Builder, payload: dict[str, Any], first: str) -> None:
    kind = str(payload.get("QuestionType"))
    if kind in _NOT_ASKED:
        return
    if kind in _FIELDS:
        _rows(builder, payload, first)
        return
    question = {"MC": _choice, "Matrix": _matrix, "TE": _entry, "RO": _ranking, "CS": _sum}.get(
        kind, _unknown
    )(builder, payload, first)
    if question is not None:
        _settings(question, payload)
        _flags(question, payload)


def _tag(payload: dict[str, Any]) -> str:
    """What heads the column of a question in an export."""
    return str(payload.get("DataExportTag") or payload.get("QuestionID") or "")


def _ranking(builder: Builder, payload: dict[str, Any], first: str) -> SketchQuestion:
    """Options in an order; an export has the rank of each."""
    question = builder.question(_tag(payload), "ranking", _wording(payload, first, "QuestionText"))
    question.options = builder.parts(_entries(payload, first, "Choices"), keep_names=False)
    return question


def _sum(builder: Builder, payload: dict[str, Any], first: str) -> SketchQuestion | None:
    """Numbers that add up to a total; without one they are numbers."""
    total = re.fullmatch(r"(\d+)(?:\.0+)?", str(_validation(payload).get("ChoiceTotal") or ""))
    if total is None or not int(total[1]):
        _rows(builder, payload, first)
        return None
    question = builder.question(_tag(payload), "constant_sum", _wording(payload, first, "QuestionText"))
    question.options = builder.parts(_entries(payload, first, "Choices"), keep_names=False)
    question.total = int(total[1])
    return question


def _choice(builder: Builder, payload: dict[str, Any], first: str) -> SketchQuestion:
    if payload.get("Selector") == "NPS":
        return builder.question(_tag(payload), "nps", _wording(payload, first, "QuestionText"))
    several = payload.get("Selector") in _SEVERAL
    text = _wording(payload, first, "QuestionText")
    question = builder.question(_tag(payload), "multiple" if several else "single", text)
    question.options = builder.parts(_entries(payload, first, "Choices"), keep_names=False)
    if not several:
        choices = _entries(payload, first, "Choices")
        _recode(question, choices, _strings(payload.get("RecodeValues")))
    return question


def _matrix(builder: Builder, payload: dict[str, Any], first: str) -> SketchQuestion | None:
    """A battery; a grid where several answers of a row may be ticked; a question per row of texts."""
    tag, text = _tag(payload), _wording(payload, first, "QuestionText")
    rows, answers = _entries(payload, first, "Choices"), _entries(payload, first, "Answers")
    codes = _strings(payload.get("RecodeValues"))
    ticked = payload.get("SubSelector") == "MultipleAnswer"
    lone = payload.get("Selector") == "Likert" and len(answers) > 1 and not builder.has_order(answers)
    if ticked or lone:
        question = builder.grid(tag, text, "multiple" if ticked else "single", sure=ticked)
        question.rows = builder.rows(rows, [f"{tag}_{key}" for key, _ in rows])
        question.options = builder.parts(answers, keep_names=False)
        if lone:
            _recode(question, answers, codes)
        question.required = _validation(payload).get("ForceResponse") == "ON"
        return None
    if payload.get("Selector") == "TE":
        _rows(builder, payload, first)
        return None
    if payload.get("Selector") not in ("Likert", "Bipolar"):
        return _unknown(builder, payload, first)
    question = builder.question(tag, "rating", text)
    question.items = builder.parts(rows, keep_names=False)
    question.scale, _ = builder.scale([(codes.get(key, key), words) for key, words in answers], tag)
    return question


def _entry(builder: Builder, payload: dict[str, Any], first: str) -> SketchQuestion | None:
    """A text, or a number where its validation asks for one."""
    if payload.get("Selector") == "FORM":
        _rows(builder, payload, first)
        return None
    rule = _validation(payload)
    number = rule.get("ContentType") in _NUMBER
    text = _wording(payload, first, "QuestionText")
    kind = "number" if number else "date" if rule.get("ContentType") in _DAY else "text"
    question = builder.question(_tag(payload), kind, text)
    found = rule.get("ValidNumber") if number else None
    limits: dict[str, Any] = found if isinstance(found, dict) else {}
    for ours, theirs in (("minimum", "Min"), ("maximum", "Max")):
        if re.fullmatch(r"-?\d+(?:\.\d+)?", str(limits.get(theirs) or "")):
            value = float(limits[theirs])
            question.limits[ours] = int(value) if value.is_integer() else value
    return question


def _unknown(builder: Builder, payload: dict[str, Any], first: str) -> SketchQuestion:
    kind = f"{payload.get('QuestionType')}/{payload.get('Selector') or ''}".rstrip("/")
    text = _wording(payload, first, "QuestionText")
    reason = "definition_unknown"
    return builder.question(_tag(payload), "text", text, reason=reason, confidence=0.4, type=kind)


def _validation(payload: dict[str, Any]) -> dict[str, Any]:
    rule = (payload.get("Validation") or {}).get("Settings") or {}
    return rule if isinstance(rule, dict) else {}


def _settings(question: SketchQuestion, payload: dict[str, Any]) -> None:
    """Whether a question must be answered, and how many options may be chosen."""
    rule = _validation(payload)
    question.required = rule.get("ForceResponse") == "ON"
    if question.kind != "multiple":
        return
    for ours, theirs in (("least", "MinChoices"), ("most", "MaxChoices")):
        number = str(rule.get(theirs) or "")
        if number.isdigit() and 0 < int(number) <= len(question.options):
            setattr(question, ours, int(number))


def _strings(value: Any) -> dict[str, str]:
    return {str(key): str(code) for key, code in value.items()} if isinstance(value, dict) else {}


def _recode(question: SketchQuestion, options: list[tuple[str, Words]], codes: dict[str, str]) -> None:
    """Numeric exports write the recoded value; where that is not the position, it is an alias."""
    values = [codes.get(key, key) for key, _ in options]
    if len(set(values)) == len(values) and values != [str(place) for place in range(1, len(values) + 1)]:
        for option, code in zip(question.options, values, strict=True):
            option.aliases.append(code)


def _flags(question: SketchQuestion, payload: dict[str, Any]) -> None:
    """Options with a field for text, and options that exclude the others."""
    if not question.options:
        return
    found = payload.get("Choices")
    choices: dict[str, Any] = found if isinstance(found, dict) else {}
    keys = [key for key, _ in _entries(payload, "en", "Choices")]
    for option, key in zip(question.options, keys, strict=False):
        own = choices.get(key)
        choice: dict[str, Any] = own if isinstance(own, dict) else {}
        option.text = str(choice.get("TextEntry") or "").lower() in ("true", "on", "1")
        exclusive = str(choice.get("ExclusiveAnswer") or "").lower() in ("true", "on", "1")
        option.exclusive = exclusive and question.kind == "multiple"
        if option.text:
            tag = str(payload.get("DataExportTag") or "")
            option.text_aliases.append(f"{tag}_{key}_TEXT")


def _rows(builder: Builder, payload: dict[str, Any], first: str) -> None:
    """Rows that each have a field of their own: numbers of sliders and sums, texts of a form."""
    kind, tag, text = payload.get("QuestionType"), _tag(payload), _wording(payload, first, "QuestionText")
    rows = _entries(payload, first, "Choices")
    for key, words in rows:
        row = {lang: f"{text.get(lang, '')} - {said}" for lang, said in words.items()} or text
        made = "text" if kind in ("TE", "Matrix") else "number"
        builder.question(f"{tag}_{key}" if len(rows) > 1 else tag, made, row)
