"""What a schema file may say: every fault is told by file, line and remedy."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from survey.errors import InstrumentError, Place, UsageError
from survey.instrument import Instrument, load_instrument, read_schema
from survey.instrument.question import Question
from survey.instrument.type_faults import type_problems
from survey.messages import message

SCHEMA = """\
kind: survey
id: lunch
version: "1.0.0"
languages: [en, zh]
title: {en: "Lunch", zh: "午餐"}
defaults: {banner: diet, battery: dishes}
missing:
  skipped: ["-"]
scales:
  taste:
    top: 1
    points:
      - {value: 1, label: {en: "Bad", zh: "差"}}
      - {value: 2, label: {en: "Fair", zh: "一般"}}
      - {value: 3, label: {en: "Good", zh: "好"}}
questions:
  - id: diet
    kind: single
    short: {en: "Diet", zh: "饮食"}
    text: {en: "How do you eat?", zh: "您的饮食?"}
    options:
      - {id: meat, label: {en: "Meat", zh: "荤"}}
      - {id: no_meat, label: {en: "No meat", zh: "素"}}
  - id: dishes
    kind: rating
    short: {en: "Dishes", zh: "菜品"}
    text: {en: "How good?", zh: "如何?"}
    scale: taste
    items:
      - {id: soup, label: {en: "Soup", zh: "汤"}}
      - {id: bread, label: {en: "Bread", zh: "面包"}}
  - id: remark
    kind: text
    short: {en: "Remark", zh: "备注"}
    text: {en: "Else?", zh: "其他?"}
"""

# What is changed, the fault it makes, and the line it is told at (by how that line begins afterwards).
FAULTS: list[tuple[str, str, str, str]] = [
    ("kind: survey", "kind: surprise", "schema_kind_unknown", "kind: surprise"),
    ("kind: survey", "kind: [survey]", "schema_kind_unknown", "kind: [survey]"),
    ("kind: survey\n", "", "schema_kind_absent", "id: lunch"),
    ("id: lunch\n", "", "schema_key_missing", "kind: survey"),
    ("    scale: taste\n", "    scala: taste\n", "schema_key_unknown_near", "    scala: taste"),
    ('"Soup", zh: "汤"}', '"Soup", zh: "汤"}, zzz: 1', "schema_key_unknown", "      - {id: soup"),
    ('"Soup", zh: "汤"}', '"Soup", zh: "汤"}, points: []', "schema_key_elsewhere", "      - {id: soup"),
    ("id: lunch", "id: Lunch!", "schema_id_hyphen", "id: Lunch!"),
    ('version: "1.0.0"', 'version: "1.0"', "schema_version", 'version: "1.0"'),
    ("id: no_meat", "id: no__meat", "schema_id", "      - {id: no__meat"),
    ("id: no_meat", 'id: ""', "schema_id", '      - {id: ""'),
    ('en: "Bread"', 'en: "  "', "schema_blank", "      - {id: bread"),
    ("[en, zh]", "[English, zh]", "schema_language", "languages: [English"),
    ('version: "1.0.0"', "version: 1.0", "schema_version", "version: 1.0"),
    ("languages: [en, zh]", "languages: en", "schema_list", "languages: en"),
    ("languages: [en, zh]", "languages: []", "schema_too_few", "languages: []"),
    ('title: {en: "Lunch", zh: "午餐"}', "title: Lunch", "schema_wording", "title: Lunch"),
    ('title: {en: "Lunch", zh: "午餐"}', "title: {}", "schema_too_few", "title: {}"),
    ("{value: 1,", "{value: one,", "schema_number", "      - {value: one"),
    ("{value: 1,", "{value: 1.3,", "point_no_half", "      - {value: 1.3"),
    ("{value: 1,", "{value: true,", "schema_number", "      - {value: true"),
    ("top: 1", "top: 0", "schema_too_small", "    top: 0"),
    ("top: 1", "top: one", "schema_whole", "    top: one"),
    ("kind: text", "kind: essay", "schema_choice", "    kind: essay"),
    ('skipped: ["-"]', 'lost: ["-"]', "schema_choice", "  lost:"),
    ('skipped: ["-"]', "skipped: [9]", "schema_quote", "  skipped: [9]"),
    ('en: "Bread"', "en: 12", "schema_quote", "      - {id: bread"),
    ("kind: single", "kind: null", "schema_nothing", "    kind: null"),
    ('label: {en: "Bread", zh: "面包"}', "label: [Bread]", "schema_mapping", "      - {id: bread"),
    ("kind: text", "kind: [text]", "schema_choice", "    kind: [text]"),
    ("id: bread", "id: 2010", "schema_id", "      - {id: 2010"),
    ('en: "Bread"', "en: [Bread]", "schema_text", "      - {id: bread"),
    ('- {id: bread, label: {en: "Bread", zh: "面包"}}', "- Bread", "schema_part", "      - Bread"),
    ("kind: text", "kind: text\n    required: maybe", "schema_truth", "    required: maybe"),
    ("kind: text", "kind: number\n    limits: {minimum: low}", "schema_number", "    limits: {minimum"),
    ("kind: text", "kind: text\n    asked_if: {question: diet, any: [{}]}", "schema_code", "    asked_if:"),
    ("kind: survey", "kind: survey\nmeta: {key: [No], weight: [no]}", "meta_twice", "meta: {key"),
    (', zh: "荤"}', "}", "wording_missing", "      - {id: meat"),
    (
        'text: {en: "How good?", zh: "如何?"}',
        'text: {en: "How good?"}',
        "wording_missing",
        '    text: {en: "How good?"}',
    ),
    ('zh: "荤"}', 'zh: "荤", fr: "Viande"}', "wording_undeclared", "      - {id: meat"),
    ("id: no_meat", "id: meat", "id_twice", '      - {id: meat, label: {en: "No'),
    ("- id: remark", "- id: diet", "id_twice", "  - id: diet\n    kind: text"),
    ('en: "No meat"', 'en: "MEAT "', "wording_shared", "      - {id: no_meat"),
    ('en: "Bread"', 'en: "soup"', "wording_shared", "      - {id: bread"),
    ('en: "Good"', 'en: "Fair"', "wording_shared", "      - {value: 3"),
    ('en: "Good"', 'en: "1"', "wording_shared", "      - {value: 3"),
    ("{value: 2,", "{value: 1,", "scale_not_rising", "    points:"),
    ("{value: 2,", "{value: 7,", "scale_not_rising", "    points:"),
    ("top: 1", "top: 3", "scale_top_too_wide", "    top: 3"),
    ("{value: 1,", "{value: 1, substantive: false,", "point_aside_last", "      - {value: 1"),
    (
        '      - {value: 2, label: {en: "Fair", zh: "一般"}}\n      - {value: 3,',
        '      - {value: 8, substantive: false, label: {en: "None", zh: "无"}}\n'
        "      - {value: 9, substantive: false,",
        "scale_rates_nothing",
        "    points:",
    ),
    ("{id: meat,", "{id: meat, reverse: true,", "reverse_not_here", "      - {id: meat"),
    (
        '{id: soup, label: {en: "Soup", zh: "汤"}}\n      - {id: bread,',
        '{id: soup, reverse: true, label: {en: "Soup", zh: "汤"}}\n      - {id: bread, reverse: true,',
        "reverse_all",
        "    items:",
    ),
    ("{id: meat,", "{id: meat, fixed: true, pinned: last,", "pinned_and_fixed", "      - {id: meat"),
    ("kind: text", "kind: text\n    fixed: true", "fixed_not_here", "    fixed: true"),
    ("kind: text", "kind: text\n    other: {below: 5}", "other_not_here", "    other: {below: 5}"),
    ("kind: single", "kind: single\n    fixed: true\n    other: {below: 5}", "other_and_fixed", "    other:"),
    ("{id: soup,", "{id: soup, exclusive: true,", "exclusive_not_here", "      - {id: soup"),
    ("{id: meat,", "{id: meat, text_aliases: [m],", "text_aliases_alone", "      - {id: meat"),
    (
        "kind: single",
        'kind: single\n    missing: {refused: ["no meat"]}',
        "missing_is_answer",
        '    missing: {refused: ["no meat"]}',
    ),
    ("scale: taste", "scale: smell", "scale_unknown", "    scale: smell"),
    ("    scale: taste\n", "", "scale_unknown", "  - id: dishes"),
    ("kind: text", "kind: single", "options_needed", "  - id: remark"),
    ("kind: single", "kind: number", "options_not_here", "  - id: diet"),
    ("kind: text", "kind: rating\n    scale: taste", "items_needed", "  - id: remark"),
    (
        "kind: text",
        'kind: text\n    items: [{id: a, label: {en: "A", zh: "甲"}}]',
        "items_not_here",
        "  - id: remark",
    ),
    ('en: "Diet"', 'en: "Diet/food"', "short_unusable", '    short: {en: "Diet/food"'),
    ('en: "Diet"', 'en: "The diet of the people"', "short_unusable", '    short: {en: "The diet'),
    ('en: "Remark"', 'en: "DIET"', "short_twice", '    short: {en: "DIET"'),
    ("banner: diet", "banner: dishes", "default_unusable", "defaults:"),
    ("battery: dishes", "battery: nothing", "default_unusable", "defaults:"),
    ("  - id: diet\n", "  - id: diet\n    id: diet\n", "yaml_key_twice", "    id: diet"),
    ("questions:", "scales: {}\nquestions:", "yaml_key_twice", "scales: {}"),
    ("defaults: {banner", "defaults: [{banner", "yaml_unreadable", "missing:"),
    ("    kind: single", "\tkind: single", "yaml_unreadable", "\tkind"),
    ("id: lunch", "id: *nowhere", "yaml_unreadable", "id: *nowhere"),
    ("id: lunch", "id: !!python/object:os.system x", "yaml_unreadable", "id: !!python"),
    ("id: lunch", "id: !!int lunch", "yaml_tag", "id: !!int"),
    ("id: lunch", "? [a, b]\n: c\nid: lunch", "yaml_key", "? [a, b]"),
]


def write(folder: Path, text: str) -> Path:
    path = folder / "lunch.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_schema_is_good_as_it_stands(tmp_path: Path) -> None:
    schema = read_schema(write(tmp_path, SCHEMA))
    assert isinstance(schema, Instrument)
    assert schema.reference == "lunch@1.0.0"
    assert schema.columns == ("diet", "dishes__soup", "dishes__bread", "remark")


@pytest.mark.parametrize(
    ("old", "new", "key", "at"), FAULTS, ids=[f"{fault[2]}: {fault[1]!r}" for fault in FAULTS]
)
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, key: str, at: str) -> None:
    assert SCHEMA.count(old) == 1
    text = SCHEMA.replace(old, new)
    path = write(tmp_path, text)
    with pytest.raises(InstrumentError) as caught:
        read_schema(path)
    found = [problem for problem in caught.value.problems if problem.key == key]
    assert found, str(caught.value)
    line = text[: text.rindex(at)].count("\n") + 1
    assert [(problem.place.file, problem.place.line) for problem in found] == [(str(path), line)]
    for lang in ("en", "zh"):
        assert f"{path}" in found[0].text(lang)
    assert f"{path}, line {line}: " in str(found[0])


def test_every_message_about_schema_files_is_tested() -> None:
    catalogue = Path(message.__code__.co_filename).with_name("schemas.yaml").read_text(encoding="utf-8")
    section = catalogue.split("# -- schema files")[1].split("\n# -- ")[0]
    keys = {line.split(":")[0] for line in section.splitlines()[1:] if line[:1].isalpha()}
    tested = {fault[2] for fault in FAULTS} | {
        "yaml_not_utf8",
        "yaml_is_workbook",  # in tests/drafting/test_swapped_files.py
        "schema_form",
        "schema_design",
        "schema_value",
        "schema_not_above",  # and these limits stand beside findings alone: tests/published/test_findings.py
        "schema_not_below",
        "schema_too_large",
        "schema_condition_of_day",  # in test_derived_rules.py
        "yaml_large",  # and these in test_yaml_values.py and test_loading.py
        "yaml_deep",
        "yaml_number",
    }  # in the tests beside this one
    assert keys == tested


def test_all_faults_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        SCHEMA.replace("banner: diet", "banner: x")
        .replace("scale: taste", "scale: x")
        .replace(', zh: "荤"}', "}")
    )
    with pytest.raises(InstrumentError) as caught:
        read_schema(write(tmp_path, text))
    assert [problem.key for problem in caught.value.problems] == [
        "default_unusable",
        "wording_missing",
        "scale_unknown",
    ]


def test_doubled_keys_are_told_together_with_what_else_is_wrong(tmp_path: Path) -> None:
    text = SCHEMA.replace("id: lunch\n", "id: lunch\nid: Lunch\n")
    with pytest.raises(InstrumentError) as caught:
        read_schema(write(tmp_path, text))
    assert [(problem.key, problem.place.line) for problem in caught.value.problems] == [
        ("yaml_key_twice", 3),
        ("schema_id_hyphen", 3),
    ]


def test_an_unknown_key_comes_with_a_proposal(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError, match=r"'scala' is not known here. Did you mean: scale"):
        read_schema(write(tmp_path, SCHEMA.replace("    scale: taste", "    scala: taste")))


def test_options_may_be_called_no_yes_and_on(tmp_path: Path) -> None:
    text = SCHEMA.replace(
        '      - {id: no_meat, label: {en: "No meat", zh: "素"}}',
        "      - {id: no, label: {en: No, zh: 否}}\n"
        "      - {id: yes, label: {en: Yes, zh: 是}, aliases: [y]}\n"
        "      - {id: on, label: {en: On, zh: 开}}\n"
        "      - {id: off, label: {en: 2026-05-01, zh: 关}}",
    )
    instrument = load_instrument(write(tmp_path, text))
    options = instrument.question("diet").options[1:]
    assert [option.id for option in options] == ["no", "yes", "on", "off"]
    assert [option.label["en"] for option in options] == ["No", "Yes", "On", "2026-05-01"]


def test_languages_are_added_in_the_data_alone(tmp_path: Path) -> None:
    text = SCHEMA.replace("[en, zh]", "[en]")
    lines = [line for line in text.splitlines() if "zh:" in line]
    for line in lines:
        start = line.index(", zh:")
        end = line.index("}", start)
        text = text.replace(line, line[:start] + line[end:])
    instrument = load_instrument(write(tmp_path, text))
    assert instrument.question("diet").said("zh") == "How do you eat?"
    assert instrument.question("diet").named("zh") == "Diet"
    assert instrument.question("diet").options[0].said("zh") == "Meat"


# -- what can be asked of an instrument ------------------------------------------------------------------


@pytest.fixture
def lunch(tmp_path: Path) -> Instrument:
    return load_instrument(write(tmp_path, SCHEMA))


def test_questions_are_found_or_proposed(lunch: Instrument) -> None:
    assert lunch.question("diet", "single", "multiple").id == "diet"
    with pytest.raises(
        UsageError, match=r"'diets' is not a question of lunch@1\.0\.0\. Did you mean: diet, dishes\?"
    ):
        lunch.question("diets")
    with pytest.raises(UsageError, match=r"Did you mean: diet, dishes, remark\?"):
        lunch.question("zzz")
    with pytest.raises(UsageError, match="'remark' is a text question; this needs one of kind rating"):
        lunch.question("remark", "rating")


def test_parts_are_found_or_proposed(lunch: Instrument) -> None:
    assert lunch.question("dishes").part("soup").label["en"] == "Soup"
    with pytest.raises(
        UsageError, match=r"'suop' is not an option or item of 'dishes'. Did you mean: soup\?"
    ):
        lunch.question("dishes").part("suop")
    with pytest.raises(UsageError, match=r"Did you mean: -\?"):
        lunch.question("remark").part("x")


def test_the_columns_of_every_kind_of_question() -> None:
    words = {"en": "Which"}
    other = {"id": "other", "label": {"en": "Other"}, "text": True}
    plain = {"id": "text", "label": {"en": "Text"}}

    def columns(**parts: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
        question = Question.model_validate({"id": "q", "short": words, "text": words, **parts})
        assert question.columns == question.answer_columns + question.text_columns
        return question.answer_columns, question.text_columns

    assert columns(kind="number") == (("q",), ())
    assert columns(kind="text") == (("q",), ())
    assert columns(kind="single", options=(plain, other)) == (("q",), ("q__other__text",))
    assert columns(kind="multiple", options=(plain, other)) == (("q__text", "q__other"), ("q__other__text",))
    assert columns(kind="rating", items=(plain,), scale="s") == (("q__text",), ())


def test_an_exclusive_option_is_no_group(lunch: Instrument) -> None:
    words = {"en": "Which"}
    options = ({"id": "a", "label": {"en": "A"}}, {"id": "none", "label": {"en": "None"}, "exclusive": True})
    base = {"id": "q", "short": words, "text": words, "options": options}
    several = Question.model_validate({**base, "kind": "multiple"})
    one = Question.model_validate({**base, "kind": "single"})
    assert [option.id for option in several.groups] == ["a"]
    assert [option.id for option in one.groups] == ["a", "none"]


def test_an_instrument_cannot_be_changed(lunch: Instrument) -> None:
    with pytest.raises(ValidationError):
        lunch.version = "2.0.0"  # type: ignore[misc]


def test_the_hash_is_of_the_content_not_of_the_layout(lunch: Instrument, tmp_path: Path) -> None:
    laid_out = "# a comment\n" + SCHEMA.replace("kind: survey\nid: lunch\n", "id: 'lunch'\n\nkind: survey\n")
    assert load_instrument(write(tmp_path, laid_out)).content_hash == lunch.content_hash
    changed = SCHEMA.replace('"Soup"', '"Soups"')
    assert load_instrument(write(tmp_path, changed)).content_hash != lunch.content_hash


def test_the_packaged_instrument_as_the_facts_have_it() -> None:
    instrument = load_instrument("executive-survey@1.0.0")
    sizes = {question.id: len(question.parts) for question in instrument.questions}
    assert sizes["support_needs"] == 11
    assert sizes["capability_gaps"] == 5
    assert sizes["challenges"] == 8
    assert [group.id for group in instrument.question("expansion_models").groups] == [
        "independent",
        "co_development",
        "licensing",
        "newco",
    ]


def test_no_sentence_is_pydantic_s_own(tmp_path: Path) -> None:
    """One fault, one line: branches of a union and a misspelt key are told once."""
    text = (
        SCHEMA.replace("kind: text", "kind: number\n    limits: {minimum: low, maximum: high}")
        .replace("    scale: taste", "    scala: taste")
        .replace('label: {en: "Soup"', 'lable: {en: "Soup"')
    )
    with pytest.raises(InstrumentError) as caught:
        read_schema(write(tmp_path, text))
    assert [problem.key for problem in caught.value.problems] == [
        *("schema_key_unknown_near", "schema_key_unknown_near", "schema_number", "schema_number")
    ]
    for lang in ("en", "zh"):
        told = caught.value.text(lang)
        assert not re.search(r"validation|input should|\^\[|tuple|dictionary|\{'", told), told


def test_a_fault_nobody_foresaw_is_told_all_the_same() -> None:
    fault = {"type": "new_in_pydantic", "loc": ("id",), "input": {"a": 1}, "msg": "Input should be new"}
    (problem,) = type_problems([fault], {"id": {"a": 1}}, Instrument, lambda path: Place(line=len(path)))
    assert problem.text() == (
        "line 1: "
        "id is '{...}', which cannot stand there. Correct it; `survey instrument new` shows an example."
    )
