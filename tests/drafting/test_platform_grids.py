"""Grids as platforms export them: a tick for each row and option, a stem on the first row alone, codes."""

import pytest
from openpyxl import Workbook

import survey

RESPONDENTS = 30
OPTIONS = ("Orders", "Returns", "Help")


def drafted(folder, rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / "mine.xlsx"
    book.save(path)
    draft = survey.draft_instrument(path)
    return draft, survey.read_responses(path, draft.instrument)  # no cell is refused


def surveymonkey(stems, options, cell):
    """An export with two rows of headers; `cell(n, i)` is what respondent n has in column i."""
    own = ["Respondent ID", "Collector ID", "Start Date", "End Date"]
    about = [[1000 + n, 7, "01/05/2026 10:00", "01/05/2026 10:05"] for n in range(RESPONDENTS)]
    cells = [[cell(n, i) for i in range(len(options))] for n in range(RESPONDENTS)]
    heads = [*stems, *[None] * (len(options) - len(stems))]
    return [[*own, *heads], [None] * 4 + [*options], *[a + b for a, b in zip(about, cells, strict=True)]]


def crossed(rows, options):
    return [f"{row} - {option}" for row in rows for option in options]


def every_third(what):
    return lambda n, i: what(i) if (n + i) % 3 == 0 else None


def counts(responses):
    return {name: int(responses.data[name].sum()) for name in responses.data}


@pytest.mark.parametrize(
    "what",
    [lambda i: OPTIONS[i % 3], lambda i: crossed(("Phone", "Mail"), OPTIONS)[i], lambda i: i % 3 + 1],
    ids=["label of the option", "label of row and option", "place of the option"],
)
def test_surveymonkey_ticks_of_every_row_and_option(tmp_path, what):
    rows = surveymonkey(["What for?"], crossed(("Phone", "Mail"), OPTIONS), every_third(what))
    draft, responses = drafted(tmp_path, rows)
    (grid,) = draft.instrument.grids
    assert (grid.id, grid.answer, draft.sure) == ("what_for", "multiple", 10)
    assert [row.label["en"] for row in grid.rows] == ["Phone", "Mail"]
    assert [option.label["en"] for option in grid.options] == list(OPTIONS)
    assert counts(responses) == {
        f"what_for__{row}__{option}": 10
        for row in ("phone", "mail")
        for option in ("orders", "returns", "help")
    }


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        (("Phone – mobile", "E-mail / post", "Web - shop"), ("Orders", "Returns/refunds")),
        (("Phone - day", "Mail"), ("Orders", "Pre - orders")),
        (("A", "B", "C", "D"), ("1", "2", "3")),
    ],
)
def test_signs_within_the_labels_of_rows_and_options(tmp_path, rows, options):
    heads = crossed(rows, options)
    table = surveymonkey(["What for: which?"], heads, every_third(lambda i: options[i % len(options)]))
    draft, responses = drafted(tmp_path, table)
    (grid,) = draft.instrument.grids
    assert grid.text["en"] == "What for: which?"
    assert [row.label["en"] for row in grid.rows] == list(rows)
    assert [option.label["en"] for option in grid.options] == list(options)
    assert set(counts(responses).values()) == {10}


def test_words_beside_a_grid_of_ticks_are_a_question_of_their_own(tmp_path):
    heads = [*crossed(("Phone", "Mail"), OPTIONS), "Other (please specify)"]

    def cell(n, i):
        return (
            (f"thing {n}" if n % 7 == 0 else None) if i == 6 else every_third(lambda i: OPTIONS[i % 3])(n, i)
        )

    draft, responses = drafted(tmp_path, surveymonkey(["What for?"], heads, cell))
    (grid,) = draft.instrument.grids
    assert [one.kind for one in draft.instrument.listed] == ["grid", "text"]
    assert responses.data["what_for_other"].notna().sum() == 5
    assert responses.data[f"{grid.id}__phone__orders"].sum() == 10


def test_an_option_that_nobody_ticked_stays_an_option(tmp_path):
    table = surveymonkey(
        ["What for?"],
        crossed(("Phone", "Mail"), OPTIONS),
        lambda n, i: OPTIONS[i % 3] if (n + i) % 3 == 0 and i != 4 else None,
    )
    draft, responses = drafted(tmp_path, table)
    assert counts(responses)["what_for__mail__returns"] == 0
    assert draft.instrument.grids[0].answer == "multiple"


def test_labels_with_dashes_that_are_no_grid_stay_one_question(tmp_path):
    options = ["North - east", "South", "West - far"]
    draft, responses = drafted(tmp_path, surveymonkey(["Which?"], options, every_third(lambda i: options[i])))
    assert draft.instrument.grids == ()
    assert counts(responses) == {"which__north_east": 10, "which__south": 10, "which__west_far": 10}


def test_ticks_without_a_stem_make_a_grid_that_asks_for_its_text(tmp_path):
    heads = crossed(("Phone", "Mail"), OPTIONS)
    cells = [[OPTIONS[i % 3] if (n + i) % 3 == 0 else None for i in range(6)] for n in range(RESPONDENTS)]
    draft, responses = drafted(tmp_path, [["id", *heads], *[[n, *row] for n, row in enumerate(cells)]])
    (grid,) = draft.instrument.grids
    assert [row.label["en"] for row in grid.rows] == ["Phone", "Mail"]
    assert set(counts(responses).values()) == {10}
    assert "no header says what was asked" in draft.doubts[0]
    assert "# put the wording of the question here" in draft.yaml


@pytest.mark.parametrize("heads", [("Which do you know?", "Which do you buy?"), ("Known", "Bought")])
def test_questions_with_the_same_brands(tmp_path, heads):
    """Questions in full stay questions; a word each may be the rows of a grid, and that is said."""
    header = [f"{head} [{brand}]" for head in heads for brand in ("Alpha", "Beta")]
    cells = [[int((n + i) % 3 == 0) for i in range(4)] for n in range(RESPONDENTS)]
    draft, responses = drafted(tmp_path, [header, *cells])
    assert len(draft.instrument.grids) == (0 if "?" in heads[0] else 1)
    assert [int(responses.data[name].sum()) for name in responses.data] == [10] * 4


WJX = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
PLACES = ("门店", "网上", "市场")
USES = ("订货", "退货", "咨询")
FIVE = ("很不满意", "不满意", "一般", "满意", "很满意")


def wjx(heads, cell):
    about = [
        [n + 1, f"2026/5/{n % 28 + 1} 10:00:00", "60秒", "微信", "N/A", "1.2.3.4"] for n in range(RESPONDENTS)
    ]
    return [
        [*WJX, *heads],
        *[[*about[n], *[cell(n, i) for i in range(len(heads))]] for n in range(RESPONDENTS)],
    ]


def last_is(last, row):
    return lambda n, i: row(n, i) if i < 3 else last(n)


NUMBERED = ["1、您在哪里购买？—面包", "1、牛奶", "1、水果", "2、性别"]
BARE = ["您在哪里购买？—面包", "牛奶", "水果", "性别"]


@pytest.mark.parametrize("heads", [NUMBERED, BARE, [NUMBERED[0], "牛奶", "水果", "2、性别"]])
@pytest.mark.parametrize("last", [lambda n: ("男", "女")[n % 2], lambda n: f"说明{n}", lambda n: 18 + n])
def test_wenjuanxing_says_the_stem_on_the_first_row_alone(tmp_path, heads, last):
    draft, responses = drafted(tmp_path, wjx(heads, last_is(last, lambda n, i: PLACES[(n + i) % 3])))
    (grid,) = draft.instrument.grids
    assert (grid.answer, grid.text["zh"]) == ("single", "您在哪里购买？")
    assert [row.label["zh"] for row in grid.rows] == ["面包", "牛奶", "水果"]
    assert len(draft.instrument.listed) == 2
    for row in grid.rows:
        assert responses.data[f"{grid.id}__{row.id}"].value_counts().tolist() == [10, 10, 10]


@pytest.mark.parametrize("heads", [NUMBERED, BARE])
def test_wenjuanxing_several_answers_for_each_row(tmp_path, heads):
    def row(n, i):
        return "┋".join(use for k, use in enumerate(USES) if (n + i + k) % 3)

    draft, responses = drafted(tmp_path, wjx(heads, last_is(lambda n: ("男", "女")[n % 2], row)))
    (grid,) = draft.instrument.grids
    assert (grid.answer, len(grid.rows), len(grid.options)) == ("multiple", 3, 3)
    ticks = [name for name in responses.data if name.startswith(f"{grid.id}__")]
    assert [int(responses.data[name].sum()) for name in ticks] == [20] * 9


@pytest.mark.parametrize("heads", [NUMBERED, BARE])
@pytest.mark.parametrize("words", [True, False])
def test_wenjuanxing_points_for_each_row_before_other_questions(tmp_path, heads, words):
    """Ten questions after a battery without a number do not hide its stem."""
    more = [f"{n}、问题" if heads is NUMBERED else f"问题{n}" for n in range(3, 13)]

    def row(n, i):
        return FIVE[(2 * n + i) % 5] if words else (2 * n + i) % 5 + 1

    def cell(n, i):
        return last_is(lambda n: ("男", "女")[n % 2], row)(n, i) if i < 4 else f"答{n * i}"

    draft, responses = drafted(tmp_path, wjx([*heads, *more], cell))
    (battery,) = [one for one in draft.instrument.questions if one.kind == "rating"]
    assert battery.text["zh"] == "您在哪里购买？"
    assert [item.label["zh"] for item in battery.items] == ["面包", "牛奶", "水果"]
    assert [responses.data[name].sum() for name in battery.answer_columns] == [90, 90, 90]


def limesurvey(heads, cell):
    own = ["id", "submitdate", "lastpage", "startlanguage"]
    about = [[n + 1, f"2026-05-{n % 28 + 1:02} 10:00:00", 3, "en"] for n in range(RESPONDENTS)]
    return [
        [*own, *heads],
        *[[*about[n], *[cell(n, i) for i in range(len(heads))]] for n in range(RESPONDENTS)],
    ]


@pytest.mark.parametrize(
    ("rows", "options"),
    [(("SQ001", "SQ002", "SQ003"), ("SQ001", "SQ002")), (("phone", "mail"), ("a", "b", "c"))],
)
@pytest.mark.parametrize("ticks", [(1, None), (1, 0), ("Y", None)])
def test_limesurvey_rows_and_options_named_by_codes(tmp_path, rows, options, ticks):
    heads = [f"Q2[{row}_{option}]" for row in rows for option in options]
    table = limesurvey(
        [*heads, "Q3"], lambda n, i: f"word {n}" if i == len(heads) else ticks[(n + i) % 3 != 0]
    )
    draft, responses = drafted(tmp_path, table)
    (grid,) = draft.instrument.grids
    assert [row.label["en"] for row in grid.rows] == list(rows)
    assert [option.label["en"] for option in grid.options] == list(options)
    ticked = [name for name in responses.data if name.startswith("q2__")]
    assert [int(responses.data[name].sum()) for name in ticked] == [10] * len(heads)
    asked = [line for line in draft.yaml.splitlines() if "# a code of the file" in line]
    assert len(asked) == len(rows) + len(options)
    assert "by codes alone (Q2" in draft.doubts[0]
    assert "by codes alone" in draft.yaml.split("kind: survey")[0].replace("\n#  ", "")


def test_labels_filled_in_read_the_same_file(tmp_path):
    heads = ["Q2[SQ001_a]", "Q2[SQ001_b]", "Q2[SQ002_a]", "Q2[SQ002_b]"]
    draft, before = drafted(tmp_path, limesurvey(heads, lambda n, i: int((n + i) % 3 == 0)))
    text = draft.yaml.replace('{en: "SQ001"}', '{en: "Phone"}').replace('{en: "SQ002"}', '{en: "Mail"}')
    text = text.replace('{en: "a"}', '{en: "Orders"}').replace('text: {en: "Q2"}', 'text: {en: "What for?"}')
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    after = survey.read_responses(tmp_path / "mine.xlsx", tmp_path / "mine.yaml")
    assert after.data.equals(before.data)


def test_a_grid_of_answers_named_by_codes_asks_for_all_its_words(tmp_path):
    draft, _ = drafted(tmp_path, limesurvey(["Q4[SQ001]", "Q4[SQ002]"], lambda n, i: f"A{(n + i) % 3 + 1}"))
    (question,) = draft.instrument.listed
    assert draft.yaml.count("# a code of the file") + draft.yaml.count("# what does this code mean") >= 2
    assert question.text["en"] == "Q4"


def test_words_in_brackets_of_a_plain_table_are_no_codes(tmp_path):
    table = [["uses[phone]", "uses[mail]"], *[[n % 2, int(n % 3 == 0)] for n in range(RESPONDENTS)]]
    draft, _ = drafted(tmp_path, table)
    assert "# a code of the file" not in draft.yaml
    coded = [["uses[A1]", "uses[A2]"], *table[1:]]
    draft, _ = drafted(tmp_path, coded)
    assert draft.yaml.count("# a code of the file") == 2
