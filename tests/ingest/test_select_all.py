"""Select-all questions: one column per option in every layout, and one joined cell."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import DataError, Instrument, load_instrument, screen
from survey.ingest.option_cells import joined_reader
from survey.instrument import Question
from tests.helpers import answers, missing
from tests.ingest.conftest import CANTEEN, Read

YES, NO, NONE = True, False, None


@pytest.mark.parametrize(
    ("ticked", "unticked"),
    [
        ("1", "0"),
        ("1.0", "0.0"),
        ('"1"', '"0"'),
        ('"１"', '"０"'),
        ('"1.0"', '"0.0"'),
        ("TRUE", "FALSE"),
        ('"true"', '"False"'),
        ("x", ""),
        ("X", ""),
        ("✓", ""),
        ('"✔\\ufe0f"', ""),
        ("☑", "☐"),
        ("Tea", ""),
        ("tea", ""),
        ("茶", ""),
        ("TEA", "0"),
        ("yes", "no"),
        ("是", "否"),
    ],
)
def test_one_column_per_option(read: Read, ticked: str, unticked: str) -> None:
    responses = read(f"""
        | id | drinks__tea | drinks__milk |
        |----|-------------|--------------|
        | 1  | {ticked}    | 1            |
        | 2  | {unticked}  | 1            |
        | 3  | {unticked}  | 1            |
    """)
    assert answers(responses, "drinks__tea") == [YES, NO, NO]


def test_a_row_of_zeros_is_an_answer(read: Read) -> None:
    responses = read("""
        | id | drinks__tea | drinks__milk |
        |----|-------------|--------------|
        | 1  | 1           | 0            |
        | 2  | 0           | 0            |
        | 3  |             |              |
    """)
    assert answers(responses, "drinks__tea") == [YES, NO, NONE]
    assert answers(responses, "drinks__milk") == [NO, NO, NONE]
    assert missing(responses, "drinks__milk") == ["", "", "empty"]


def test_a_row_blank_throughout_the_question_is_no_answer(read: Read) -> None:
    responses = read("""
        | id | drinks__tea | drinks__milk | dishes__soup |
        |----|-------------|--------------|--------------|
        | 1  | x           |              | 5            |
        | 2  |             |              | 4            |
        | 3  |             | x            | 3            |
    """)
    assert answers(responses, "drinks__tea") == [YES, NONE, NO]
    assert answers(responses, "drinks__milk") == [NO, NONE, YES]
    assert missing(responses, "drinks__tea") == ["", "empty", ""]


def test_the_layout_is_found_for_each_question_by_itself(read_as: Read, executive: str) -> None:
    responses = read_as(
        executive,
        """
        | id | expansion_models__newco | expansion_models__licensing | support_needs__virtual_data_room |
        |----|-------------------------|-----------------------------|----------------------------------|
        | 1  | 1                       | 0                           | x                                |
        | 2  | 0                       | 0                           |                                  |
    """,
    )
    assert answers(responses, "expansion_models__newco") == [YES, NO]
    assert answers(responses, "support_needs__virtual_data_room") == [YES, NONE]


@pytest.mark.parametrize(
    ("table", "key", "tea", "milk"),
    [
        (
            "| drinks__tea | drinks__milk | juice |\n| 1 | 0 | 0 |\n| 0 | 1 | |",
            "layout_mixed_zero",
            [YES, NO],
            [NO, YES],
        ),
        (
            "| drinks__tea | drinks__milk | juice |\n| x | | |\n| | x | |\n| 0 | | x |",
            "layout_mixed_blank",
            [YES, NO, NO],
            [NO, YES, NO],
        ),
    ],
)
def test_a_mixed_layout_is_read_by_its_majority_and_told(
    read: Read, table: str, key: str, tea: list[bool | None], milk: list[bool | None]
) -> None:
    responses = read(table)
    assert [problem.key for problem in responses.problems if problem.key.startswith("layout")] == [key]
    assert answers(responses, "drinks__tea") == tea
    assert answers(responses, "drinks__milk") == milk


def test_a_written_word_for_missing_is_never_taken_for_unticked(read: Read) -> None:
    responses = read("""
        | drinks__tea | drinks__milk | juice     |
        |-------------|--------------|-----------|
        | x           | (empty)      |           |
        | x           |              | (skipped) |
    """)
    assert answers(responses, "drinks__milk") == [NONE, NO]
    assert missing(responses, "drinks__milk") == ["empty", ""]
    assert missing(responses, "drinks__juice") == ["", "skipped"]


def test_the_label_of_another_option_is_refused(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read("| drinks__tea | drinks__milk |\n| Milk | Tea, with milk |\n| 2 | 0 |")
    assert [(problem.key, problem.place.cell) for problem in caught.value.problems] == [
        ("cell_other_option", "A2"),
        ("cell_other_option", "B2"),
        ("cell_not_tick", "A3"),
    ]
    assert "'Milk' is the label of 'milk', but the column is that of 'tea'" in str(caught.value)


def test_an_option_called_no_is_ticked_by_its_own_label(read_as: Read, tmp_path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("""
kind: survey
id: own
version: "1.0.0"
languages: [en]
title: {en: Own}
questions:
  - {id: any, kind: multiple, short: {en: Any}, text: {en: Any?}, options: [
      {id: no, label: {en: No}}, {id: yes, label: {en: Yes}}, {id: on, label: {en: On}}]}
""")
    responses = read_as(
        str(path), "| any__no | any__yes | any__on |\n| No | Yes | |\n| no | | on |\n| | yes | On |"
    )
    assert answers(responses, "any__no") == [YES, YES, NO]
    assert answers(responses, "any__yes") == [YES, NO, YES]
    assert answers(responses, "any__on") == [NO, YES, YES]


def test_exclusive_with_others_is_kept_and_told(read: Read) -> None:
    responses = read("| drinks |\n| Nothing; Tea |\n| Nothing |\n| Nothing, Milk |")
    rows = screen(responses)[1].rows
    assert rows.loc[rows["rule"] == "exclusive_with_others", "row"].tolist() == [2, 4]
    assert answers(responses, "drinks__nothing") == [YES, YES, YES]


@pytest.mark.parametrize(
    ("cell", "options"),
    [
        ("Tea", {"tea"}),
        ("Tea, with milk", {"tea_with_milk"}),
        ("Tea, Milk", {"tea", "milk"}),
        ("Tea, with milk, Milk, Tea", {"tea_with_milk", "milk", "tea"}),
        ("Milk,Tea,with milk", None),
        ("Milk,Tea, with milk", {"milk", "tea_with_milk"}),
        ("Juice (apple/pear, cold), Tea, with milk", {"juice", "tea_with_milk"}),
        ("Juice (apple/pear, cold)/Milk", {"juice", "milk"}),
        ("Juice (apple/pear, cold)Milk", None),
        ("Juice (apple/pear)", None),
        ("tea; MILK ; Juice  (apple/pear, cold);", {"tea", "milk", "juice"}),
        ("tea|milk", {"tea", "milk"}),
        ("tea、milk，juice", {"tea", "milk", "juice"}),
        ("tea\nmilk\r\njuice", {"tea", "milk", "juice"}),
        ("tea_with_milk milk", {"tea_with_milk", "milk"}),
        ("tea ┋ milk", {"tea", "milk"}),
        ("['tea', 'milk']", {"tea", "milk"}),
        ("茶;奶茶", {"tea", "tea_with_milk"}),
        ("奶茶、茶、果汁（苹果/梨）", {"tea", "tea_with_milk", "juice"}),
        ("茶奶茶", None),
        ("Milk, Milk", {"milk"}),
        ("Milky", None),
        ("Milk, and water", None),
        ("Oat Milk", None),
        (";;", None),
        ("Tea, with", None),
    ],
)
def test_a_joined_cell_is_split_by_longest_match(
    canteen: Instrument, cell: str, options: set[str] | None
) -> None:
    read = joined_reader(canteen.question("drinks"))(cell)
    assert read.value == options
    assert bool(read.key) == (options is None)


INSTRUMENTS = [load_instrument("executive-survey@1.0.0"), load_instrument(CANTEEN)]
QUESTIONS = [question for one in INSTRUMENTS for question in one.questions if question.kind == "multiple"]
SEPARATORS = [", ", ",", "; ", ";", " | ", "\n", "，", "、", "；", " / ", " ┋ ", "\t", " - "]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_options_in_any_language_joined_by_anything(data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(QUESTIONS))
    options = data.draw(st.lists(st.sampled_from(question.options), min_size=1))
    cell = data.draw(st.sampled_from(["", " ", "["]))
    for option in options:
        cell += data.draw(st.sampled_from(option.forms)) + data.draw(st.sampled_from(SEPARATORS))
    assert joined_reader(question)(cell).value == {option.id for option in options}


def question(*labels: str) -> Question:
    """Build a select-all question with the options option_a, option_b ..."""
    pairs = zip("abcdefg", labels, strict=False)
    options = tuple({"id": f"option_{letter}", "label": {"en": label}} for letter, label in pairs)
    words = {"en": "Which"}
    return Question.model_validate(
        {"id": "which", "kind": "multiple", "short": words, "text": words, "options": options}
    )


@pytest.mark.parametrize(
    ("labels", "cell", "options"),
    [
        # The longest match leads into a dead end: the next shorter one is tried.
        (("Asia", "Asia, Europe", "Europe, Africa"), "Asia, Europe, Africa", {"a", "c"}),
        (("Asia", "Asia, Europe", "Europe, Africa"), "Asia, Europe", {"b"}),
        # An option that begins another, that ends another, that stands within another.
        (("Law", "Law (IP)"), "Law (IP), Law", {"a", "b"}),
        (("IP", "Law, IP"), "Law, IP; IP", {"a", "b"}),
        (("A/B", "A", "B"), "A/B", {"a"}),
        (("A/B", "A", "B"), "A; B", {"b", "c"}),
        # Options that begin or end with a sign.
        (("(none)", "More"), "(none)", {"a"}),
        (("(none)", "More"), "More, (none)", {"a", "b"}),
        (("> 50 %", "< 50 %"), "< 50 %, > 50 %", {"a", "b"}),
        (("C++", "C", "C#"), "C#; C++; C", {"a", "b", "c"}),
        # Numbers as options are whole numbers.
        (("1", "11", "111"), "11,1", {"a", "b"}),
    ],
)
def test_options_that_contain_each_other(labels: tuple[str, ...], cell: str, options: set[str]) -> None:
    assert joined_reader(question(*labels))(cell).value == {f"option_{letter}" for letter in options}


def test_a_joined_cell_without_end_is_no_hang() -> None:
    reader = joined_reader(question("A", "A A", "A A A", "A A A A"))
    assert reader("A " * 10_000 + "B").key.startswith("cell_not_split")
    assert reader("," * 32_000).key.startswith("cell_not_split")


def test_joined_cells_in_a_workbook(read: Read) -> None:
    responses = read("""
        | id | What do you drink?         | visits |
        |----|----------------------------|--------|
        | 1  | Tea, with milk, Nothing    | 1      |
        | 2  |                            | 2      |
        | 3  | (skipped)                  | 3      |
        | 4  | 奶茶、牛奶                 | 4      |
    """)
    assert answers(responses, "drinks__tea_with_milk") == [YES, NONE, NONE, YES]
    assert answers(responses, "drinks__milk") == [NO, NONE, NONE, YES]
    assert missing(responses, "drinks__milk") == ["", "empty", "skipped", ""]


def test_what_cannot_be_split_is_told_with_the_rest(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read("| drinks |\n| Tea, Wine and beer |")
    (problem,) = caught.value.problems
    assert (problem.key, problem.values["rest"]) == ("cell_not_split", "wine and beer")


@pytest.mark.parametrize(
    ("labels", "cell"),
    [
        (("Asia", "Asia, Europe", "Europe, Africa", "Africa"), "Asia, Europe, Africa"),
        (("A/B", "A", "B", "B/C", "C"), "A/B/C"),
    ],
)
def test_what_can_be_split_in_two_ways_is_told(labels: tuple[str, ...], cell: str) -> None:
    read = joined_reader(question(*labels))(cell)
    assert read.value is None
    assert read.key == "cell_split_ambiguous"
    assert " / " in read.values["ways"]
