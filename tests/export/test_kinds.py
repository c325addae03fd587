"""Rankings, scores, constant sums and dates there and back: template, forms, coded data, versions."""

import datetime
import shutil
import subprocess

import pandas as pd
import pytest
from openpyxl import load_workbook

import survey
from tests.answers import FOUR, four_kinds

PLACES = [
    "What matters: Price",
    "What matters: Taste",
    "What matters: Speed",
    "What matters: Health and nutrition",
]
BUDGET = ["Budget: Kitchen", "Budget: Staff", "Budget: Rooms"]


@pytest.fixture(scope="module")
def responses():
    return four_kinds(30)


@pytest.mark.parametrize("ending", ["sav", "parquet", "csv", "xlsx"])
def test_answers_and_kinds_of_missing_come_back(responses, tmp_path, ending):
    path = tmp_path / f"coded.{ending}"
    (survey.write_responses if ending == "xlsx" else survey.export_responses)(responses, path)
    again = survey.read_responses(path, FOUR)
    pd.testing.assert_frame_equal(responses.data.reset_index(drop=True), again.data.reset_index(drop=True))
    assert (responses.missing.astype(str).to_numpy() == again.missing.astype(str).to_numpy()).all()


def test_r_has_numbers_and_dates(responses, tmp_path):
    if shutil.which("Rscript") is None:
        pytest.skip("needs R")
    survey.export_responses(responses, tmp_path / "coded.R")
    code = 'source("coded.R"); cat(class(responses$recommend), class(responses$matters__price), '
    code += "class(responses$budget__staff), class(responses$since), mean(responses$recommend, na.rm = TRUE))"
    made = subprocess.run(["Rscript", "-e", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    *classes, mean = made.stdout.split()
    assert classes == ["numeric", "numeric", "numeric", "Date"]
    assert float(mean) == pytest.approx(responses.data["recommend"].mean(), abs=1e-4)


def test_the_dictionary_and_the_table_schema_say_what_they_hold():
    table = survey.data_dictionary(FOUR).set_index("column")
    assert table.loc[["recommend", "matters__price", "budget__staff", "since"], "type"].tolist() == [
        *("integer", "integer", "number", "date"),
    ]
    fields = {field["name"]: field for field in survey.table_schema(FOUR)["fields"]}
    assert fields["recommend"]["constraints"]["enum"] == list(range(11))
    assert fields["matters__price"]["constraints"]["enum"] == [1, 2, 3]
    assert fields["budget__staff"]["constraints"] == {"minimum": 0, "maximum": 100}
    assert fields["since"]["constraints"] == {"minimum": "2000-01-01", "maximum": "2026-12-31"}


def test_the_template_checks_and_is_read(tmp_path):
    path = survey.export_collection(FOUR, tmp_path / "collect.xlsx")
    book = load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert [head for head in heads if head in (*PLACES, *BUDGET)] == [*PLACES, *BUDGET]
    checks = {str(one.sqref).split("2:")[0]: one for one in sheet.data_validations.dataValidation}
    letter = {head: sheet.cell(1, number).column_letter for number, head in enumerate(heads, 1)}
    assert checks[letter["Budget: Staff"]].type == "decimal"
    assert checks[letter["Budget: Staff"]].formula2 == "100"
    when = checks[letter["When did you start here?"]]
    assert (when.type, when.formula1, when.formula2) == ("date", "36526", "46387")
    assert checks[letter["What matters: Price"]].type == "list"
    row = {"Where do you work?": "North", heads[2]: 9, **dict(zip(PLACES, [1, None, 2, None], strict=True))}
    row |= {
        **dict(zip(BUDGET, [50, 50, None], strict=True)),
        "When did you start here?": datetime.date(2020, 5, 1),
    }
    for number, head in enumerate(heads, 1):
        sheet.cell(2, number).value = row.get(head)
    book.save(path)
    filled = survey.read_responses(path, FOUR)
    assert filled.data.iloc[0].fillna(0).tolist() == [
        "north",
        9,
        1,
        0,
        2,
        0,
        50,
        50,
        0,
        pd.Timestamp("2020-05-01"),
    ]


def test_the_form_asks_a_full_ranking_with_the_widget_for_it(tmp_path):
    convert = pytest.importorskip("pyxform.xls2xform").convert
    text = FOUR.read_text(encoding="utf-8").replace("    ranks: 3\n", "")
    (tmp_path / "full.yaml").write_text(text, encoding="utf-8")
    path = survey.export_xlsform(tmp_path / "full.yaml", tmp_path / "form.xlsx")
    form = convert(path).xform
    assert "odk:rank" in form
    rows = list(load_workbook(path)["survey"].iter_rows(values_only=True))
    assert ("rank matters", "matters") in {row[:2] for row in rows}
    assert survey.draft_instrument(path).instrument.question("matters").kind == "ranking"


@pytest.mark.parametrize(
    ("ranks", "condition", "relevant"),
    [
        ("    ranks: 3\n", "any: [1]", "(${matters_rank_1} = 'price')"),
        ("    ranks: 3\n", "at_most: 2", "(${matters_rank_1} = 'price' or ${matters_rank_2} = 'price')"),
        ("    ranks: 3\n", "at_least: 3", "(${matters_rank_3} = 'price')"),
        ("    ranks: 3\n", "none: [1]", "not(${matters_rank_1} = 'price')"),
        ("", "any: [1]", "(selected-at(${matters}, 0) = 'price')"),
    ],
)
def test_the_form_asks_by_the_place_of_an_option(tmp_path, ranks, condition, relevant):
    convert = pytest.importorskip("pyxform.xls2xform").convert
    text = FOUR.read_text(encoding="utf-8").replace("    ranks: 3\n", ranks)
    asked = "    kind: date\n    asked_if: {question: matters, item: price, " + condition + "}\n"
    (tmp_path / "asked.yaml").write_text(text.replace("    kind: date\n", asked), encoding="utf-8")
    path = survey.export_xlsform(tmp_path / "asked.yaml", tmp_path / "form.xlsx")
    heads, *rows = load_workbook(path)["survey"].iter_rows(values_only=True)
    (row,) = (row for row in rows if row[1] == "since")
    assert row[heads.index("relevant")] == relevant
    assert "relevant=" in convert(path).xform  # every field that it names is there


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_tells_how_to_answer(tmp_path, lang):
    page = survey.export_page(FOUR, tmp_path / "page.html", languages=(lang,)).read_text(encoding="utf-8")
    told = {
        "en": ("Rank up to 3", "0: not at all likely", "must add up to 100", "from 2000-01-01 to 2026-12-31"),
        "zh": ("最多排出前 3 位", "0 表示完全不可能", "各项合计须为 100", "2000-01-01 至 2026-12-31"),
    }
    assert all(text in page for text in told[lang])


# -- versions --------------------------------------------------------------------------------------------


CROSSWALK = """
kind: version-crosswalk
id: more-kinds
from: "1.0.0"
version: "2.0.0"
languages: [en]
title: {en: "On"}
carries: []
"""


def carried(responses, tmp_path, *changes):
    text = FOUR.read_text(encoding="utf-8").replace("version: 1.0.0", "version: 2.0.0")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "2.0.0.yaml"
    path.write_text(text, encoding="utf-8")
    (tmp_path / "crosswalk.yaml").write_text(CROSSWALK, encoding="utf-8")
    return survey.carry_over(responses, path, crosswalks=[tmp_path / "crosswalk.yaml"])


def test_answers_are_carried_as_they_are(responses, tmp_path):
    after = carried(responses, tmp_path, ("ranks: 3", "ranks: 4"))
    pd.testing.assert_frame_equal(after.data, responses.data)


def test_a_ranking_that_names_a_lost_option_is_lost_as_a_whole(responses, tmp_path):
    """The other ranks would have a gap."""
    option = '      - {id: speed, label: {en: "Speed", zh: "速度"}}\n'
    after = carried(responses, tmp_path, (option, ""))
    named = responses.data["matters__speed"].notna()
    assert named.any()
    assert (~named).any()
    assert after.data.loc[named, "matters__price"].isna().all()
    kept = ~named
    pd.testing.assert_series_equal(
        after.data.loc[kept, "matters__taste"], responses.data.loc[kept, "matters__taste"]
    )
    assert {problem.key for problem in after.problems} >= {"carry_lost"}


def test_fewer_places_and_another_total(responses, tmp_path):
    after = carried(responses, tmp_path, ("ranks: 3", "ranks: 1"), ("total: 100", "total: 10"))
    ranks = responses.data[[f"matters__{name}" for name in ("price", "taste", "speed", "health")]]
    alone = (ranks.notna().sum(axis=1) == 1).to_numpy()
    kept = after.data[ranks.columns].notna().any(axis=1).to_numpy()
    assert (kept == alone).all()
    assert after.data["budget__staff"].isna().all()


# -- filters ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "test"),
    [
        ("recommend>=9", lambda data: data["recommend"] >= 9),
        ("recommend=0,10", lambda data: data["recommend"].isin([0, 10])),
        ("matters__price=1", lambda data: data["matters__price"] == 1),
        ("matters__price!=1", lambda data: data["matters__price"].notna() & (data["matters__price"] != 1)),
        ("budget__staff>=30", lambda data: data["budget__staff"] >= 30),
        ("since>=2022-01-01", lambda data: data["since"] >= "2022-01-01"),
        ("since<2022-01-01", lambda data: data["since"] < "2022-01-01"),
    ],
)
def test_filters_of_each_kind(responses, where, test):
    kept = responses.where(where)
    assert len(kept) == int(test(responses.data).fillna(False).sum())
    assert kept.subset_text("zh")
    counted = survey.tally(responses, where=[where])
    assert len(counted) == len(kept)


@pytest.mark.parametrize(
    ("where", "told"),
    [("matters=1", "Name one"), ("budget>5", "Name one"), ("since>2022", "no day"), ("since=soon", "no day")],
)
def test_filters_that_say_nothing_are_refused(responses, where, told):
    with pytest.raises(survey.UsageError, match=told):
        responses.where(where)


def test_a_tally_file_keeps_a_filter_on_a_date(responses, tmp_path, recwarn):
    counted = survey.tally(responses, where=["since>=2022-01-01"])
    survey.write_tally(counted, tmp_path / "some.tally")
    assert survey.read_tally(tmp_path / "some.tally") == counted


def test_parquet_is_counted_and_what_does_not_fit_is_refused(responses, tmp_path):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path, _ = survey.export_responses(responses, tmp_path / "coded.parquet")
    counted, whole = survey.tally(path, instrument=FOUR), survey.tally(responses)
    assert (counted.pairs == whole.pairs).all()
    assert all(counted.numbers[key].same_as(whole.numbers[key]) for key in whole.numbers)
    table = pq.read_table(path)
    place = table.schema.names.index("since")
    day = pa.array([datetime.date(1999, 1, 1)] + [datetime.date(2020, 1, 1)] * (len(responses) - 1))
    pq.write_table(table.set_column(place, "since", day), tmp_path / "early.parquet")
    with pytest.raises(survey.DataError) as caught:
        survey.tally(tmp_path / "early.parquet", instrument=FOUR)
    assert "1999-01-01" in caught.value.text()
    words = pa.array(["soon"] * len(responses))
    pq.write_table(table.set_column(place, "since", words), tmp_path / "words.parquet")
    with pytest.raises(survey.DataError, match="no date"):
        survey.tally(tmp_path / "words.parquet", instrument=FOUR)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("matters__price", 1, "The ranks 1, 1 tie or leave a gap; rows: 1"),
        ("matters__price", 3, "The ranks 1, 3 tie or leave a gap; rows: 1"),
        ("budget__staff", 60.0, "The sum 110 is not 100 (give or take 0.5); rows: 1"),
        ("budget__staff", -50.0, "'-50' is outside 0 to 100"),
    ],
)
def test_rows_that_cannot_be_are_refused_while_counting_too(tmp_path, column, value, told, recwarn):
    pytest.importorskip("pyarrow")
    right = {"matters__price": [2] * 9, "matters__taste": [1] * 9, "matters__speed": [None] * 9}
    right |= {"matters__health": [None] * 9, "budget__kitchen": [50.0] * 9, "budget__staff": [50.0] * 9}
    right |= {
        "budget__rooms": [0.0] * 9,
        "site": ["north"] * 9,
        "recommend": [9] * 9,
        "since": ["2020-01-01"] * 9,
    }
    path, _ = survey.export_responses(
        survey.from_frame(pd.DataFrame(right), FOUR), tmp_path / "right.parquet"
    )
    frame = pd.read_parquet(path)
    frame.loc[4, column] = value
    frame.to_parquet(tmp_path / "wrong.parquet")
    with pytest.raises(survey.DataError) as caught:
        survey.tally(tmp_path / "wrong.parquet", instrument=FOUR)
    assert told in caught.value.text()
    assert caught.value.text("zh")
    aside = survey.tally(tmp_path / "wrong.parquet", instrument=FOUR, set_aside=True)
    function = survey.rankings if column.startswith("matters") else survey.allocations
    assert set(function(aside, column.split("__")[0])["base"]) == {8}


def test_a_rating_of_one_item_is_headed_by_its_question(tmp_path):
    schema = tmp_path / "lone.yaml"
    schema.write_text(LONE, encoding="utf-8")
    book = load_workbook(survey.export_collection(schema, tmp_path / "collect.xlsx"))
    assert "How satisfied are you?" in [cell.value for cell in book.worksheets[0][1]]
    rows = list(
        load_workbook(survey.export_xlsform(schema, tmp_path / "form.xlsx"))["survey"].iter_rows(
            values_only=True
        )
    )
    assert ("select_one scale_three", "mood__overall", "How satisfied are you?") in {row[:3] for row in rows}
    assert survey.data_dictionary(schema)["label"].tolist() == ["Mood"]
    asked = survey.load_instrument(schema).question("mood", "single")
    assert (asked.said("en"), asked.named("en")) == ("How satisfied are you?", "Mood")


LONE = """
kind: survey
id: lone
version: "1.0.0"
languages: [en]
title: {en: "Lone"}
scales:
  three:
    top: 1
    points:
      - {value: 1, label: {en: "Low"}}
      - {value: 2, label: {en: "Middle"}}
      - {value: 3, label: {en: "High"}}
questions:
  - id: mood
    kind: rating
    scale: three
    short: {en: "Mood"}
    text: {en: "How satisfied are you?"}
    items:
      - {id: overall, label: {en: "Overall"}}
"""
