"""What single columns and groups of columns are taken for, from small tables."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import survey
from survey import DataError
from survey.drafting.word_scales import find_scale
from tests.helpers import answers, missing, workbook


def drafted(tmp_path, rows, name="mine.csv"):
    """Draft from rows, the first the headers, and read the same file with the draft."""
    path = tmp_path / name
    pd.DataFrame(rows[1:], columns=rows[0]).to_csv(path, index=False)
    draft = survey.draft_instrument(path)
    return draft, survey.read_responses(path, draft.instrument)


FILES = Path(__file__).parent / "files"


def kinds(draft):
    return dict(zip(draft.guesses["column"], draft.guesses["kind"], strict=True))


def test_ticks_of_every_habit_make_a_select_all_question(tmp_path):
    heads = ["Tools: Phone", "Tools: Mail", "Tools: Other", "If other, please specify"]
    rows = [heads, *[["x", None, None, None], [None, "x", "x", "a drum"], ["x", "x", None, None]] * 4]
    draft, responses = drafted(tmp_path, rows)
    question = draft.instrument.question("tools")
    assert question.kind == "multiple"
    assert [option.said("en") for option in question.options] == ["Phone", "Mail", "Other"]
    assert answers(responses, "tools__mail")[:3] == [False, True, True]
    assert answers(responses, "tools__other__text")[:3] == [None, "a drum", None]
    assert kinds(draft)["If other, please specify"] == "other_text"


@pytest.mark.parametrize(
    ("yes", "no"),
    [(1, 0), ("TRUE", "FALSE"), ("Yes", "No"), ("Checked", "Unchecked"), ("✓", None), (1.0, 0.0)],
)
def test_how_ticks_are_written(tmp_path, yes, no):
    rows = [["Reads [Paper]", "Reads [Screen]"], *[[yes, no], [no, yes], [yes, yes]] * 4]
    draft, responses = drafted(tmp_path, rows)
    assert set(kinds(draft).values()) == {"multiple"}
    assert answers(responses, "reads__screen")[:3] == [False, True, True]


def test_an_option_nobody_ticked_stays_an_option(tmp_path):
    rows = [["Reads [Paper]", "Reads [Screen]", "Reads [Stone]"], *[[1, 0, None], [0, 1, None]] * 5]
    draft, _ = drafted(tmp_path, rows)
    assert [option.id for option in draft.instrument.question("reads").options] == [
        "paper",
        "screen",
        "stone",
    ]


@pytest.mark.parametrize("sign", ["; ", ", ", "|", "、", "┋"])
def test_joined_cells(tmp_path, sign):
    cells = [
        ["Mail"],
        ["Mail", "Phone"],
        ["Phone", "Visits (in person, at home)"],
        ["Visits (in person, at home)", "Mail"],
    ]
    rows = [
        ["Which channels?", "Age"],
        *[[sign.join(cell), 20 + place] for place, cell in enumerate(cells * 5)],
    ]
    draft, responses = drafted(tmp_path, rows)
    question = draft.instrument.question(draft.guesses["question"][0])
    assert question.kind == "multiple"
    assert {option.said("en") for option in question.options} == {
        "Mail",
        "Phone",
        "Visits (in person, at home)",
    }
    assert responses.data[f"{question.id}__mail"].sum() == 15


def test_free_text_with_commas_is_no_select_all_question(tmp_path):
    texts = [f"I like it, but number {place} is slow, and so on" for place in range(30)]
    draft, responses = drafted(tmp_path, [["What else?"], *[[text] for text in texts]])
    assert kinds(draft) == {"What else?": "text"}
    assert answers(responses, draft.guesses["question"][0]) == texts


@pytest.mark.parametrize(
    "words",
    [
        ["Under 2,600", "2,600 to 5,200", "5,200 to 10,400", "Above 10,400"],
        ["Ind,Near Dem", "Strong Democrat", "Independent", "Ind,Near Rep"],
        ["Rarely, if ever", "Often", "Always"],
    ],
)
def test_labels_with_commas_are_one_choice(tmp_path, words):
    draft, responses = drafted(
        tmp_path, [["id", "Answer"], *[[n, words[n % len(words)]] for n in range(1, 81)]]
    )
    assert kinds(draft)["Answer"] == "single"
    assert {option.said("en") for option in draft.instrument.questions[0].options} == set(words)
    assert responses.data.iloc[:, 0].notna().all()


def test_decimal_commas_are_no_select_all_question(tmp_path):
    amounts = [f"{n * 3 % 17},{n * 7 % 10}" for n in range(60)]
    draft, responses = drafted(tmp_path, [["Umsatz (Mio. EUR)"], *[[text] for text in amounts]])
    assert kinds(draft) == {"Umsatz (Mio. EUR)": "text"}
    assert "decimal comma" in draft.doubts[0]
    assert answers(responses, draft.guesses["question"][0]) == amounts


def test_joined_codes_that_rise_within_a_cell_stay_a_select_all_question(tmp_path):
    draft, responses = drafted(tmp_path, [["Which two?"], *[[t] for t in ["1,3", "2,3", "1,2", "2"] * 5]])
    question = draft.instrument.question(draft.guesses["question"][0])
    assert question.kind == "multiple"
    assert responses.data[f"{question.id}__code_3"].sum() == 10


@pytest.mark.parametrize("texts", [["474", "1.034", "12.345", "75"], ["45.000", "52.500", "38.250"]])
def test_dots_that_may_part_thousands_are_asked_about(tmp_path, texts):
    draft, _ = drafted(tmp_path, [["id", "Pay"], *[[n, texts[n % len(texts)]] for n in range(30)]])
    assert kinds(draft)["Pay"] == "text"
    assert "thousands" in draft.doubts[0]
    (tmp_path / "mine.yaml").write_text(draft.yaml.replace("kind: text", "kind: number"), encoding="utf-8")
    if "474" in texts:  # a whole number beside them leaves it open: neither reading is taken
        with pytest.raises(DataError, match=r"'1\.034' may be 1\.034 or 1034"):
            survey.read_responses(tmp_path / "mine.csv", tmp_path / "mine.yaml")
        return
    again = survey.read_responses(tmp_path / "mine.csv", tmp_path / "mine.yaml")
    assert again.data["pay"].max() == max(map(float, texts))


@pytest.mark.parametrize("texts", [["1.034", "2.5", "0.125"], ["0.123", "0.456", "1.500"], ["1034", "75"]])
def test_decimals_stay_numbers(tmp_path, texts):
    draft, responses = drafted(tmp_path, [["id", "Age"], *[[n, texts[n % len(texts)]] for n in range(30)]])
    assert kinds(draft)["Age"] == "number"
    assert responses.data["age"].max() == max(map(float, texts))


def test_codes_with_zeros_in_front_are_no_numbers(tmp_path):
    codes = [f"{n * 1067:05d}" for n in range(1, 60)]
    draft, responses = drafted(tmp_path, [["Postcode"], *[[code] for code in codes]])
    assert kinds(draft) == {"Postcode": "text"}
    assert answers(responses, "postcode") == codes


def test_none_of_these_is_exclusive_unless_it_was_not(tmp_path):
    rows = [["Uses [A]", "Uses [None of these]"], *[[1, 0], [0, 1]] * 6]
    draft, _ = drafted(tmp_path, rows)
    assert draft.instrument.question("uses").options[1].exclusive
    draft, _ = drafted(tmp_path, [*rows, [1, 1]])
    assert not draft.instrument.question("uses").options[1].exclusive


def test_codes_become_options_that_ask_for_words(tmp_path):
    rows = [["sex", "vote"], *[[1, 3], [2, 1], [1, 2], [2, 2]] * 6]
    draft, responses = drafted(tmp_path, rows)
    assert [option.aliases for option in draft.instrument.question("sex").options] == [("1",), ("2",)]
    assert answers(responses, "vote")[:2] == ["code_3", "code_1"]
    assert "what does this code mean?" in draft.yaml
    named = draft.yaml.replace('{id: code_1, label: {en: "1"}', '{id: code_1, label: {en: "Women"}', 1)
    (tmp_path / "mine.yaml").write_text(named, encoding="utf-8")
    again = survey.read_responses(tmp_path / "mine.csv", tmp_path / "mine.yaml")
    assert again.instrument.question("sex").options[0].said("en") == "Women"
    assert answers(again, "sex") == answers(responses, "sex")


def test_the_habits_of_r_and_pandas(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "id,member,class,pay\n"
        + "".join(f"{n},TRUE,3.0,1e+05\n{n + 1},FALSE,NA,2500\n" for n in range(1, 41, 2)),
        encoding="utf-8",
    )
    draft = survey.draft_instrument(path)
    responses = survey.read_responses(path, draft.instrument)
    assert kinds(draft) == {"id": "key", "member": "single", "class": "single", "pay": "number"}
    assert answers(responses, "member")[:2] == ["yes", "no"]
    assert [option.said("en") for option in draft.instrument.question("member").options] == ["Yes", "No"]
    assert answers(responses, "pay")[:2] == [100000, 2500]
    assert missing(responses, "class")[:2] == ["", "empty"]
    assert draft.instrument.missing == {"empty": ("NA",)}


def test_codes_for_missing_answers_are_told_and_kept_out_of_numbers(tmp_path):
    rows = [["mood", "hours spent"], *[[1, 8], [2, -9], [99, 7.5], [4, 8], [5, 7]] * 5]
    draft, responses = drafted(tmp_path, rows)
    assert {float(word) for word in draft.instrument.missing["empty"]} == {-9, 99}
    assert answers(responses, "mood")[2] is None
    assert answers(responses, "hours_spent")[1] is None
    assert "looks like a code for a missing answer" in draft.yaml


def test_minus_three_to_three_is_a_scale_not_a_missing_code(tmp_path):
    rows = [["Rate [a]", "Rate [b]", "Rate [c]"], *[[-3, 0, 3], [-2, 1, 2], [-1, 2, -3]] * 4]
    draft, _ = drafted(tmp_path, rows)
    assert not draft.instrument.missing
    assert draft.instrument.scale_of(draft.instrument.question("rate")).values == (-3, -2, -1, 0, 1, 2, 3)


def test_what_is_no_answer_is_set_apart(tmp_path):
    uuids = [f"{n:08x}-0000-4000-8000-00000000{n:04x}" for n in range(12)]
    rows = [
        [
            "uuid",
            "Start time",
            "End time",
            "Duration (seconds)",
            "Email",
            "Your name",
            "stratum",
            "wt",
            "Sector",
        ],
        *[
            [
                *(uuids[n], f"2026-03-{n + 1:02} 10:00", f"2026-03-{n + 1:02} 10:07", 420 + n),
                *(f"p{n}@example.org", f"Person {n}", n % 3, 0.5 + n / 10, "AB"[n % 2]),
            ]
            for n in range(12)
        ],
    ]
    draft, responses = drafted(tmp_path, rows)
    assert kinds(draft) == {
        "uuid": "key",
        "Start time": "started",
        "End time": "submitted",
        "Duration (seconds)": "duration",
        "Email": "email",
        "Your name": "name",
        "stratum": "left_out",
        "wt": "weight",
        "Sector": "single",
    }
    assert list(responses.meta.columns) == [
        "source",
        "sheet",
        "row",
        "key",
        "started",
        "submitted",
        "duration",
        "weight",
    ]
    assert responses.meta["weight"].tolist()[:2] == [0.5, 0.6]
    assert list(responses.data.columns) == ["sector"]


def test_what_people_weigh_is_no_weight(tmp_path):
    rows = [["weight", "Sector"], *[[60 + n * 1.7, "AB"[n % 2]] for n in range(20)]]
    draft, _ = drafted(tmp_path, rows)
    assert kinds(draft)["weight"] == "number"


def test_dates_are_dates_and_times_are_text(tmp_path):
    rows = [["When did you join?", "Bedtime"], *[[f"2019-0{n % 9 + 1}-11", f"22:{n:02}"] for n in range(20)]]
    draft, responses = drafted(tmp_path, rows)
    assert kinds(draft) == {"When did you join?": "date", "Bedtime": "time"}
    assert [question.kind for question in draft.instrument.questions] == ["date", "text"]
    assert answers(responses, "bedtime")[0] == "22:00"


@pytest.mark.parametrize(
    "texts",
    [[f"2019-01-{n + 1:02} 10:{n:02}" for n in range(20)], [f"0{n % 9 + 1}/03/2019" for n in range(20)]],
    ids=["with a time", "either day or month"],
)
def test_moments_and_dates_that_may_be_two_are_text(tmp_path, texts):
    draft, _ = drafted(tmp_path, [["When did you join?"], *[[text] for text in texts]])
    assert kinds(draft) == {"When did you join?": "moment"}


RANKED = [[1, 2, 3], [2, 1, 3], [3, 2, 1], [1, 3, 2], [2, 3, 1], [1, 2, ""]]
SHARED = [[50, 30, 20], [100, 0, 0], [20, 20, 60], [10, 80, 10], [25, 25, 50], [30, 30, 40]]


def test_ranks_and_shares_of_a_sum_are_told_by_their_rows(tmp_path):
    """Every row has the ranks once each, or one sum; the draft reads its own file."""
    heads = [f"Rank: {name}" for name in ("Price", "Speed", "Taste")]
    heads += [f"Share out: {name}" for name in ("Rent", "Food", "Fun")]
    rows = [[*ranks, *parts] for ranks, parts in zip(RANKED, SHARED, strict=True)]
    draft, responses = drafted(tmp_path, [heads, *rows])
    ranking, shares = draft.instrument.questions
    assert (ranking.kind, shares.kind, shares.total) == ("ranking", "constant_sum", 100)
    assert ranking.ranks is None
    assert answers(responses, "rank__price") == [1, 2, 3, 1, 2, 1]
    assert survey.allocations(responses, shares.id)["share"].tolist()[0] == pytest.approx(235 / 600)
    ranked = [row for row in RANKED for _ in range(2)]
    for wrong in ([1, 1, 2], [1, 2, 4]):  # one row that is no ranking, and they are ratings
        draft, _ = drafted(tmp_path, [heads[:3], *ranked, wrong])
        assert "ranking" not in {question.kind for question in draft.instrument.questions}


def test_few_places_of_many_options(tmp_path):
    heads = [f"Rank: {name}" for name in ("Price", "Speed", "Taste", "Rest")]
    rows = [[1, 2, "", ""], ["", 1, 2, ""], ["", "", 1, 2], [2, "", "", 1], [1, "", 2, ""]]
    draft, _ = drafted(tmp_path, [heads, *rows])
    (ranking,) = draft.instrument.questions
    assert (ranking.kind, ranking.ranks) == ("ranking", 2)


def test_a_score_from_0_to_10_that_asks_for_a_recommendation(tmp_path):
    scores = [[n % 11] for n in range(33)]
    draft, _ = drafted(tmp_path, [["How likely are you to recommend us?"], *scores])
    assert draft.instrument.questions[0].kind == "nps"
    draft, _ = drafted(
        tmp_path, [["How likely are you to recommend us?"], *[[n % 10 + 1] for n in range(30)]]
    )
    assert draft.instrument.questions[0].kind == "rating"  # 1 to 10 is none


def test_numbers_with_a_few_words_are_text_and_the_words_are_shown(tmp_path):
    rows = [["Income"], *[[1000 * n] for n in range(1, 40)], ["about 30"]]
    draft, responses = drafted(tmp_path, rows)
    assert kinds(draft) == {"Income": "text"}
    assert "about 30" in draft.doubts[0]
    assert answers(responses, "income")[0] == "1000"


def test_two_columns_of_one_header_are_left_out_and_told_first(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("Sector,Score,Score\n" + "A,1,2\nB,2,3\n" * 6, encoding="utf-8")
    draft = survey.draft_instrument(path)
    assert draft.guesses["kind"].tolist() == ["single", "left_out", "left_out"]
    assert "two columns have this header" in draft.doubts[0]
    assert len(survey.read_responses(path, draft.instrument)) == 12


def test_a_header_that_is_an_item_elsewhere_is_not_mixed_up(tmp_path):
    rows = [["Rate [Age]", "Rate [Price]", "Age", "Price"], *[[1, 5, 30 + n, n * 1.5] for n in range(20)]]
    draft, responses = drafted(tmp_path, rows)
    by_column = dict(zip(draft.guesses["column"], draft.guesses["kind"], strict=True))
    assert by_column["Age"] == "number"
    assert answers(responses, draft.guesses.set_index("column")["question"]["Age"])[:2] == [30, 31]


def test_formula_errors_are_missing_and_lost_formulas_are_left_out(tmp_path):
    table = "| Sector | Score | Sum |\n" + "| A | 1 | =1+1 |\n| B | #N/A | =1+2 |\n| A | 2.5 | =1+3 |\n" * 4
    path = workbook(tmp_path / "mine.xlsx", table)
    draft = survey.draft_instrument(path)
    assert draft.guesses["kind"].tolist() == ["single", "number", "left_out"]
    responses = survey.read_responses(path, draft.instrument)
    assert answers(responses, "score")[:3] == [1, None, 2.5]


def test_labels_and_declared_missing_codes_of_spss(tmp_path):
    frame = pd.DataFrame(
        {
            "q1": [1, 2, 3, 9] * 6,
            "q2a": [1, 2, 5, 4] * 6,
            "q2b": [5, 4, 3, -1] * 6,
            "m1": [0, 1, 1, 0] * 6,
            "m2": [1, 1, 0, 0] * 6,
            "hours": [3, 8, 98, 5] * 6,
        }
    )
    agree = {
        1: "Strongly agree",
        2: "Agree",
        3: "Neutral",
        4: "Disagree",
        5: "Strongly disagree",
        -1: "Refused",
    }
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "mine.sav"),
        column_labels=[
            "Region",
            "The pay is fair",
            "The work is fun",
            "Uses: Phone",
            "Uses: Mail",
            "Hours worked",
        ],
        variable_value_labels={
            "q1": {1: "North", 2: "South", 3: "East", 4: "West", 9: "No answer"},
            "q2a": agree,
            "q2b": agree,
            "hours": {98: "Don't know"},
        },
        missing_ranges={"q1": [9], "q2b": [-1]},
        file_label="Work in 2026",
    )
    draft = survey.draft_instrument(tmp_path / "mine.sav")
    responses = survey.read_responses(tmp_path / "mine.sav", draft.instrument)
    by_column = draft.guesses.set_index("column")
    assert by_column["kind"].to_dict() == {
        "q1": "single", "q2a": "rating", "q2b": "rating", "m1": "multiple", "m2": "multiple",
        "hours": "number",
    }  # fmt: skip
    assert draft.instrument.titled("en") == "Work in 2026"
    region = draft.instrument.question(by_column["question"]["q1"])
    assert [option.said("en") for option in region.options] == ["North", "South", "East", "West"]
    assert missing(responses, region.id)[3] == "skipped"
    battery = draft.instrument.question(by_column["question"]["q2a"])
    assert [item.said("en") for item in battery.items] == ["The pay is fair", "The work is fun"]
    assert answers(responses, f"{battery.id}__{battery.items[0].id}")[:4] == [5, 4, 1, 2]  # words, not codes
    assert "counts the other way round" in draft.yaml
    hours = by_column["question"]["hours"]
    assert answers(responses, hours)[:4] == [3, 8, None, 5]
    assert missing(responses, hours)[2] == "refused"
    assert [
        option.said("en") for option in draft.instrument.question(by_column["question"]["m1"]).options
    ] == ["Phone", "Mail"]


def test_the_sets_that_spss_declares(tmp_path):
    """MRSETS: ticks without a common stem take the words of their set, categories become one question."""
    path = FILES / "sets.sav"
    draft = survey.draft_instrument(path)
    ways, brands = draft.instrument.questions
    assert (ways.kind, ways.said("en")) == ("multiple", "How do you reach us?")
    assert [option.said("en") for option in ways.options] == ["By phone", "With a letter", "In the chat"]
    assert (brands.kind, brands.said("en")) == ("multiple", "Which brands do you buy?")
    assert draft.sure == 5
    responses = survey.read_responses(path, draft.instrument)
    told, _ = pyreadstat.read_sav(str(path))
    for option, name in zip(ways.options, ("m1", "m2", "m3"), strict=True):
        assert responses.data[f"{ways.id}__{option.id}"].sum() == told[name].sum()
    for code, option in enumerate(brands.options, 1):
        assert (
            responses.data[f"{brands.id}__{option.id}"].sum() == told[["b1", "b2"]].eq(code).any(axis=1).sum()
        )


def test_labels_of_stata(tmp_path):
    agree = {1: "Disagree", 2: "Neither", 3: "Agree"}
    frame = pd.DataFrame(
        {
            "region": [1, 2, 3, 1, 2, 3, 1, 2] * 4,
            "fair": [1, 2, 3, 3, 2, 1, 1, 2] * 4,
            "fun": [3, 2, 3, 3, 2, 1, 1, 3] * 4,
            "hours": [35.5, 40, 20, None, 38, 40, 41, 12] * 4,
        }
    )
    pyreadstat.write_dta(
        frame,
        str(tmp_path / "mine.dta"),
        column_labels=["Region", "The pay is fair", "The work is fun", "Hours worked"],
        variable_value_labels={"region": {1: "North", 2: "South", 3: "East"}, "fair": agree, "fun": agree},
        file_label="Work in 2026",
    )
    draft = survey.draft_instrument(tmp_path / "mine.dta")
    assert list(kinds(draft).values()) == ["single", "rating", "rating", "number"]
    assert draft.instrument.titled("en") == "Work in 2026"
    assert [one.said("en") for one in draft.instrument.questions[0].options] == ["North", "South", "East"]
    responses = survey.read_responses(tmp_path / "mine.dta", draft.instrument)
    assert responses.data.iloc[:, 1].tolist() == [1, 2, 3, 3, 2, 1, 1, 2] * 4
    assert responses.data.iloc[:, 3].isna().sum() == 4


def test_chinese_columns(tmp_path):
    rows = [
        ["编号", "您的职位是？", "您使用哪些工具？（可多选）", "满意度—价格", "满意度—速度", "其他建议"],
        *[
            [
                n,
                ["总监", "经理"][n % 2],
                ["邮件┋电话", "电话", "邮件"][n % 3],
                ["非常满意", "一般"][n % 2],
                "不满意",
                f"建议 {n}",
            ]
            for n in range(1, 31)
        ],
    ]
    draft, responses = drafted(tmp_path, rows)
    assert list(kinds(draft).values()) == ["key", "single", "multiple", "rating", "rating", "text"]
    assert draft.instrument.languages == ("zh",)
    assert draft.instrument.questions[2].named("zh") == "满意度"
    assert answers(responses, "q4__q4_1")[:2] == [3, 5]
    assert "# 根据 mine.csv 起草" in survey.draft_instrument(tmp_path / "mine.csv", lang="zh").yaml


def test_questions_of_wenjuanxing_keep_their_numbers_and_get_short_names(tmp_path):
    heads = ["序号", "1、您所在的企业类型是？", "2、贵公司的员工人数是？", "3、请评价—价格", "3、请评价—质量"]
    sizes = ("1000人以上", "50-200人", "50人以下", "201-1000人")
    words = ("满意", "一般", "非常满意")
    rows = [[n, ("民营", "外资")[n % 2], sizes[n % 4], words[n % 3], words[n % 2]] for n in range(1, 40)]
    draft, _ = drafted(tmp_path, [heads, *rows])
    questions = draft.instrument.questions
    assert [question.id for question in questions] == ["q1", "q2", "q3"]
    assert [question.named("zh") for question in questions] == ["企业类型", "员工人数", "请评价"]
    assert [option.said("zh") for option in questions[1].options] == [*sizes[2:0:-1], sizes[3], sizes[0]]


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("Rating of the course", [1, 2, 3, 4, 5], "rating"),
        ("总体满意度", [1, 2, 3, 4, 5], "rating"),
        ("Quality", [0, 1, 2], "single"),  # three points are too few for a scale of one column
        ("Quality", [3, 4, 5], "number"),  # no scale begins at 3
        ("Household income", list(range(1, 13)), "single"),
        ("Household income", [1, 2, 3, 5, 8, 9, 12, 20], "number"),
        ("Household income", [1200, 3400, 900, 4100, 2000, 1500, 1800, 2600], "number"),
    ],
)
def test_what_bare_codes_are_by_their_header(tmp_path, header, values, kind):
    cells = (values * 40)[:200]
    draft, responses = drafted(tmp_path, [["id", header], *[[n + 1, cell] for n, cell in enumerate(cells)]])
    assert kinds(draft)[header] == kind
    assert responses.data.iloc[:, 0].notna().all()


def test_unsure_words_beside_a_scale_are_answers_that_rate_nothing(tmp_path):
    words = ["Agree", "Disagree", "Strongly agree", "Strongly disagree", "Don't know"]
    rows = [[words[n % 5], words[(n + 1) % 5], ("Yes", "No", "Don't know")[n % 3]] for n in range(60)]
    draft, responses = drafted(
        tmp_path, [["How far do you agree? [A]", "How far do you agree? [B]", "Member?"], *rows]
    )
    assert list(kinds(draft).values()) == ["rating", "rating", "single"]
    first, member = responses.data.columns[0], responses.data.columns[2]
    assert (responses.data[first] == 99).sum() == 12
    (scale,) = draft.instrument.scales.values()
    assert [point.label["en"] for point in scale.unrated] == ["Don't know"]
    assert draft.instrument.missing == {}
    assert "rates nothing" in draft.yaml
    assert responses.data[member].notna().all()  # an option there, and it stays one


def test_refusals_beside_a_scale_are_missing_and_counted(tmp_path):
    words = ["Agree", "Disagree", "Strongly agree", "Strongly disagree", "Prefer not to say"]
    rows = [[words[n % 5], words[(n + 1) % 5]] for n in range(60)]
    draft, responses = drafted(tmp_path, [["Do you agree? [A]", "Do you agree? [B]"], *rows])
    assert list(kinds(draft).values()) == ["rating", "rating"]
    first = responses.data.columns[0]
    assert responses.data[first].isna().sum() == 12
    assert (responses.missing[first] == "refused").sum() == 12
    (scale,) = draft.instrument.scales.values()
    assert not scale.unrated


def test_answers_that_columns_share_without_a_known_order_are_doubtful(tmp_path):
    words = ["Alpha", "Beta", "Gamma", "Delta"]
    rows = [[words[(n + shift) % 4] for shift in range(3)] for n in range(80)]
    draft, _ = drafted(tmp_path, [["P1", "P2", "P3"], *rows])
    assert set(draft.guesses["reason"]) == {"shared_answers"}
    assert draft.sure == 0
    assert "order is not known" in draft.doubts[0]


def test_five_hundred_columns(tmp_path):
    rows = [[f"Question {n} about things?" for n in range(500)]]
    rows += [
        [("Agree", "Disagree", "Neutral", "Strongly agree")[(n + m) % 4] for n in range(500)]
        for m in range(40)
    ]
    draft, responses = drafted(tmp_path, rows)
    assert len(draft.guesses) == 500
    assert set(kinds(draft).values()) == {"rating"}
    assert responses.data.shape == (40, 500)


@pytest.mark.parametrize(
    ("words", "order", "reason"),
    [
        (
            ["Agree", "Strongly disagree", "Disagree"],
            ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"],
            "scale_words",
        ),
        (
            ["Strongly agree", "Agree", "Disagree", "Strongly disagree"],
            ["Strongly disagree", "Disagree", "Agree", "Strongly agree"],
            "scale_words",
        ),
        (["Medium", "High", "Low"], ["Low", "Medium", "High"], "scale_words"),
        (
            ["非常重要", "一般", "不重要"],
            ["非常不重要", "不重要", "一般", "比较重要", "非常重要"],
            "scale_words",
        ),
        (["very", "somewhat", "not", "notvery"], ["not", "notvery", "somewhat", "very"], "degree_words"),
        (["(6) Very good", "(1) Bad", "(2)"], ["Bad", *"2345", "Very good"], "numbered_labels"),
        (
            ["All lessons", "Never or hardly ever", "Most lessons", "Some lessons"],
            ["Never or hardly ever", "Some lessons", "Most lessons", "All lessons"],
            "degree_words",
        ),
        (["5 - a lot", "1 - nothing", "3"], ["nothing", "2", "3", "4", "a lot"], "numbered_labels"),
    ],
)  # fmt: skip
def test_words_in_order(words, order, reason):
    scale = find_scale(words)
    assert [label for _, label, _ in scale.points] == order
    assert scale.reason == reason


@pytest.mark.parametrize(
    "words",
    [
        ["Yes", "No"],
        ["Red", "Green", "Blue"],
        ["18-24", "25-34", "35+"],
        ["Agree"],
        ["Often", "Good", "Agree"],
    ],
)
def test_words_that_are_no_scale(words):
    assert find_scale(words) is None


def test_the_table_of_scales_reads_one_way_only():
    """Within a scale no form stands for two points; labels in both languages are there."""
    from survey.drafting.word_scales import _table
    from survey.wording import normalise

    for name, points in _table()[0].items():
        forms = [normalise(form) for point in points for form in point]
        assert len(forms) == len(set(forms)), name
        for point in points:
            assert any(form.isascii() for form in point), (name, point)
            assert any(not form.isascii() for form in point), (name, point)
