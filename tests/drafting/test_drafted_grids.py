"""Grids in files of responses: columns under one stem that share answers without an order."""

import itertools

import pandas as pd
import pyreadstat
import pytest

import survey


def write_rows(path, rows):
    """Save rows, the first the headers."""
    pd.DataFrame(rows[1:], columns=rows[0]).to_excel(path, index=False)


PLACES = ("Shop", "Online", "Market")


def drafted(folder, rows, name="mine.xlsx"):
    path = folder / name
    write_rows(path, rows)
    draft = survey.draft_instrument(path)
    return draft, survey.read_responses(path, draft.instrument)  # no cell is refused


def columns(header, rows, cells, count=48):
    """Rows of a table: one column for each row of a grid, whose answers run through `cells`."""
    heads = [header.format(row) for row in rows]
    return [heads, *[[cells[(n + shift) % len(cells)] for shift in range(len(heads))] for n in range(count)]]


@pytest.mark.parametrize(
    "header", ["Where do you buy? [{}]", "Where do you buy? - {}", "Where do you buy: {}", "购买渠道—{}"]
)
def test_one_answer_for_each_row(tmp_path, header):
    draft, responses = drafted(tmp_path, columns(header, ("Bread", "Milk", "Fruit"), PLACES))
    (grid,) = draft.instrument.grids
    assert (grid.answer, len(grid.rows), len(grid.options)) == ("single", 3, 3)
    assert set(draft.guesses["kind"]) == {"grid"}
    assert draft.guesses["item"].tolist() == [row.id for row in grid.rows]
    assert draft.sure == 0  # whether the answers have an order is for the reader to say
    assert "order is not known" in draft.doubts[0]
    for name in responses.data:
        assert responses.data[name].value_counts().tolist() == [16, 16, 16]


def test_a_row_may_lack_an_answer_and_its_options_are_those_of_all(tmp_path):
    rows = columns("Which? [{}]", ("A", "B"), ("Tea", "Milk", "Juice", "Water"))
    rows = [rows[0], *[[first, "Tea" if second == "Water" else second] for first, second in rows[1:]]]
    draft, responses = drafted(tmp_path, rows)
    (grid,) = draft.instrument.grids
    assert {option.label["en"] for option in grid.options} == {"Tea", "Milk", "Juice", "Water"}
    assert responses.data[f"{grid.id}__b"].value_counts()["tea"] == 24


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (columns("Agree? [{}]", "AB", ("Agree", "Neutral", "Disagree", "Strongly agree")), "rating"),
        (columns("Name [{}]", "AB", [f"Word {n}" for n in range(24)]), "text"),
        (columns("Uses [{}]", "AB", ("Yes", "No")), "multiple"),
        (columns("P{}", "12", ("Alpha", "Beta", "Gamma")), "single"),  # P says nothing of what it heads
    ],
)
def test_what_is_no_grid(tmp_path, rows, kind):
    draft, _ = drafted(tmp_path, rows)
    assert draft.instrument.grids == ()
    assert kind in set(draft.guesses["kind"]) or kind == "text"


def test_columns_of_other_answers_are_no_rows(tmp_path):
    header = ["Home [town]", "Home [street]"]
    cells = [[("Rome", "Oslo", "Bern")[n % 3], ("Elm", "Oak", "Ash")[n % 3]] for n in range(48)]
    draft, _ = drafted(tmp_path, [header, *cells])
    assert draft.instrument.grids == ()


SEVERAL = ("Orders", "Returns", "Help")


def test_several_answers_in_a_cell(tmp_path):
    choices = [";".join(some) for size in (1, 2, 3) for some in itertools.combinations(SEVERAL, size)]
    draft, responses = drafted(tmp_path, columns("What for? [{}]", ("Phone", "Mail"), choices, 70))
    (grid,) = draft.instrument.grids
    assert grid.answer == "multiple"
    assert responses.data[f"{grid.id}__phone__orders"].sum() == 40  # four of the seven sets


def test_a_column_for_each_tick(tmp_path):
    header = [f"What for? [{row}] [{option}]" for row in ("Phone", "Mail") for option in SEVERAL]
    cells = [[int((n + place) % 3 == 0) for place in range(6)] for n in range(30)]
    draft, responses = drafted(tmp_path, [header, *cells])
    (grid,) = draft.instrument.grids
    assert (grid.answer, draft.sure) == ("multiple", 6)
    assert [int(responses.data[name].sum()) for name in responses.data] == [10] * 6


def test_a_grid_whose_columns_say_their_text_apart_falls_apart(tmp_path):
    """A column of text beside the option of one row has no place in a grid."""
    header = [f"What for? [{row}] [{o}]" for row in ("Phone", "Mail") for o in ("Orders", "Other")]
    cells = [[int(n % 2), int(n % 3 == 0), int(n % 5 == 0), int(n % 2 == 0)] for n in range(30)]
    rows = [
        [*header, "What for? [Mail] [Other text]"],
        *[[*row, "thing" if row[3] else None] for row in cells],
    ]
    draft, responses = drafted(tmp_path, rows)
    assert draft.instrument.grids == ()
    assert len(responses) == 30


def labelled(path, frame, labels, names, measure):
    pyreadstat.write_sav(
        frame, str(path), variable_value_labels=labels, column_labels=names, variable_measure=measure
    )
    draft = survey.draft_instrument(path)
    return draft, survey.read_responses(path, draft.instrument)


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "Q5_1": [n % 3 + 1 for n in range(48)],
            "Q5_2": [(n + 1) % 3 + 1 for n in range(48)],
            "sat_1": [(1, 2, 3, 4, 5, 8)[n % 6] for n in range(48)],
            "sat_2": [(1, 2, 3, 4, 5, 9)[n % 6] for n in range(48)],
        }
    )


SATISFIED = {
    **{1: "Very dissatisfied", 2: "Dissatisfied", 3: "Neutral", 4: "Satisfied", 5: "Very satisfied"},
    **{8: "Don't know", 9: "No answer"},
}


@pytest.mark.parametrize("names", [("Where? - Bread", "Where? - Milk"), ("[Bread] Where?", "[Milk] Where?")])
def test_labels_of_spss_make_a_grid_and_points_that_rate_nothing(tmp_path, frame, names):
    places = dict(enumerate(PLACES, 1))
    labels = {"Q5_1": places, "Q5_2": places, "sat_1": SATISFIED, "sat_2": SATISFIED}
    heads = {"Q5_1": names[0], "Q5_2": names[1], "sat_1": "The bread", "sat_2": "The milk"}
    draft, responses = labelled(tmp_path / "mine.sav", frame, labels, heads, {"Q5_1": "nominal"})
    (grid,) = draft.instrument.grids
    assert [row.label["en"] for row in grid.rows] == ["Bread", "Milk"]
    assert responses.data[f"{grid.id}__bread"].value_counts().to_dict() == dict.fromkeys(
        ("shop", "online", "market"), 16
    )
    (scale,) = draft.instrument.scales.values()
    assert [(point.value, point.label["en"]) for point in scale.unrated] == [(8, "Don't know")]
    first, second = list(responses.data)[2:]
    assert (responses.data[first] == 8).sum() == 8
    assert (responses.missing[second] == "skipped").sum() == 8


def test_labels_whose_variables_are_ordinal_stay_a_rating(tmp_path, frame):
    points = {1: "Bronze", 2: "Silver", 3: "Gold"}
    draft, _ = labelled(
        tmp_path / "mine.sav",
        frame[["Q5_1", "Q5_2"]],
        {"Q5_1": points, "Q5_2": points},
        {"Q5_1": "Medal? - Run", "Q5_2": "Medal? - Swim"},
        {"Q5_1": "ordinal", "Q5_2": "ordinal"},
    )
    assert set(draft.guesses["kind"]) == {"rating"}


def test_drafting_again_adds_a_row_and_an_option_to_the_grid(tmp_path):
    rows = columns("Where do you buy? [{}]", ("Bread", "Milk"), PLACES)
    draft, _ = drafted(tmp_path, rows)
    (tmp_path / "mine.yaml").write_text(draft.yaml, encoding="utf-8")
    again = survey.draft_instrument(tmp_path / "mine.xlsx", update=tmp_path / "mine.yaml")
    assert (again.added, again.yaml) == ((0, 0), draft.yaml)
    wider = columns("Where do you buy? [{}]", ("Bread", "Milk", "Fruit"), (*PLACES, "Farm"))
    write_rows(tmp_path / "wider.xlsx", wider)
    more = survey.draft_instrument(tmp_path / "wider.xlsx", update=tmp_path / "mine.yaml")
    (grid,) = more.instrument.grids
    assert [row.label["en"] for row in grid.rows] == ["Bread", "Milk", "Fruit"]
    assert [option.label["en"] for option in grid.options][-1] == "Farm"
    responses = survey.read_responses(tmp_path / "wider.xlsx", more.instrument)
    assert responses.data.notna().all(axis=None)


def test_drafting_again_leaves_single_questions_as_they_were_edited(tmp_path):
    """Columns that the file has as questions of their own are not drafted as a grid beside them."""
    own = """kind: survey
id: mine
version: "1.0.0"
languages: [en]
title: {en: "mine"}
questions:
"""
    for row in ("Bread", "Milk"):
        own += f"""  - id: buys_{row.lower()}
    kind: single
    short: {{en: "{row}"}}
    text: {{en: "Where do you buy? [{row}]"}}
    options:
      - {{id: shop, label: {{en: Shop}}}}
      - {{id: online, label: {{en: Online}}}}
      - {{id: market, label: {{en: Market}}}}
"""
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    write_rows(tmp_path / "wider.xlsx", columns("Where do you buy? [{}]", ("Bread", "Milk", "Tea"), PLACES))
    more = survey.draft_instrument(tmp_path / "wider.xlsx", update=tmp_path / "own.yaml")
    assert more.added == (1, 0)
    assert [question.kind for question in more.instrument.questions] == ["single"] * 3
    assert len(survey.read_responses(tmp_path / "wider.xlsx", more.instrument)) == 48


@pytest.mark.parametrize("sign", ["__", "_", " - "])
def test_row_and_option_in_one_name(tmp_path, sign):
    names = [f"{row}{sign}{option}" for row in ("phone", "mail") for option in ("orders", "returns", "help")]
    head = "reasons: {}" if sign == " - " else f"reasons{sign}{{}}"
    cells = [[int((n + place) % 3 == 0) for place in range(6)] for n in range(30)]
    draft, responses = drafted(tmp_path, [[head.format(name) for name in names], *cells])
    (grid,) = draft.instrument.grids
    assert (grid.id, grid.answer) == ("reasons", "multiple")
    assert [row.id for row in grid.rows] == ["phone", "mail"]
    assert [option.id for option in grid.options] == ["orders", "returns", "help"]
    assert list(responses.data) == [
        f"reasons__{row}__{o}" for row in ("phone", "mail") for o in ("orders", "returns", "help")
    ]


def test_options_whose_words_make_the_same_id(tmp_path):
    options = ("手机 App", "电脑 App", "官网")
    head = [f"您如何联系: {row} - {option}" for row in ("电话", "邮件") for option in options]
    cells = [[int((n + place) % 3 == 0) for place in range(6)] for n in range(30)]
    draft, responses = drafted(tmp_path, [head, *cells])
    (grid,) = draft.instrument.grids
    assert [option.said("zh") for option in grid.options] == list(options)
    ids = [option.id for option in grid.options]
    assert len(set(ids)) == 3
    for row in grid.rows:
        for place, option in enumerate(ids):
            column = 3 * ("电话", "邮件").index(row.said("zh")) + place
            ticked = responses.data[f"{grid.id}__{row.id}__{option}"].astype(int)
            assert ticked.tolist() == [line[column] for line in cells]


def test_options_of_one_question_are_not_split(tmp_path):
    header = [f"uses_{name}" for name in ("north_a", "north_b", "south_a", "west")]
    cells = [[int((n + place) % 3 == 0) for place in range(4)] for n in range(30)]
    draft, _ = drafted(tmp_path, [header, *cells])
    assert draft.instrument.grids == ()
