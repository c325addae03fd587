"""What a file is drafted as: bands in order, remarks as text, nouns for short names, its banner."""

from pathlib import Path

import pandas as pd
import pytest

import survey
from survey.drafting.bands import bands_in_order
from survey.drafting.naming import shortened

ROWS = 24


def drafted(folder: Path, columns: dict[str, list[object]], lang: str = "en"):
    """Draft from columns whose cells are repeated to `ROWS` rows, and read the file with the draft."""
    cells = {head: [texts[row % len(texts)] for row in range(ROWS)] for head, texts in columns.items()}
    path = folder / "mine.xlsx"
    pd.DataFrame(cells).to_excel(path, index=False)
    draft = survey.draft_instrument(path, lang=lang)
    return draft, survey.read_responses(path, draft.instrument)


@pytest.mark.parametrize(
    "ordered",
    [
        ["Under 50", "50-249", "250 or more"],
        ["50人以下", "50–249人", "250人以上"],
        ["<1 year", "1-3 years", "3-10 years", ">10"],
        ["1-9 employees", "10 - 999", "1,000+"],
        ["Less than $1 million", "$1m to $5m", "More than $5 million"],
        ["100万以下", "100-500万", "500万元以上", "不清楚"],
        ["18–24岁", "25–64岁", "65岁及以上", "不愿透露"],
        ["0", "1-2", "3 or more"],
        ["$1-5 million", "$5-20 million"],
        ["up to 10", "over 10"],
    ],
)
def test_bands_stand_in_the_order_of_their_bounds(ordered):
    assert bands_in_order(ordered[::-1]) == ordered


@pytest.mark.parametrize(
    "texts",
    [
        ["Yes", "No"],
        ["1 - poor", "2", "3 - good"],
        ["1-3", "2-5", "5-8"],
        ["10 years", "20 years"],
        ["Monday to Friday", "Weekend"],
        ["Under 50"],
        ["9-5", "5-1"],
        ["Under 50", "50-249", "Trade"],
        ["1-2 " + "x" * 80, "3-4"],
        [],
    ],
)
def test_what_is_no_run_of_bands(texts):
    assert bands_in_order(texts) is None


def test_bands_are_drafted_in_order_and_keep_their_places(tmp_path):
    sizes = ["250 or more", "250 or more", "Under 50", "50-249"]
    draft, _ = drafted(tmp_path, {"Size": sizes, "Age": list(range(20, 44))})
    question = draft.instrument.question("size")
    assert [option.said("en") for option in question.options] == ["Under 50", "50-249", "250 or more"]
    assert question.fixed
    assert "fixed: true  # bands keep this order" in draft.yaml
    assert draft.guesses["reason"][0] == "bands"


def test_bands_beside_an_answer_that_is_none_keep_their_places_one_by_one(tmp_path):
    sizes = ["不清楚", "250人以上", "50人以下", "50–249人"]
    draft, responses = drafted(tmp_path, {"公司规模": sizes, "年龄": list(range(20, 44))}, "zh")
    question = draft.instrument.question("q1")
    assert [option.said("zh") for option in question.options][:3] == ["50人以下", "50–249人", "250人以上"]
    assert [option.fixed for option in question.options] == [True, True, True, False]
    assert not question.fixed
    assert not question.has_steps
    assert len(responses.data) == ROWS


@pytest.mark.parametrize(
    "head",
    [
        *(
            "Anything else?",
            "Comments",
            "Remarks",
            "Any other comments?",
            "Comments or suggestions (optional)",
        ),
        *(
            "Is there anything else you want to tell us?",
            "还有什么想说的",
            "备注",
            "建议",
            "您的意见和建议",
            "其他意见",
        ),
        "您还有什么建议吗？",
    ],
)
def test_remarks_are_text_whatever_comes_again(tmp_path, head):
    remarks = ["-", "none", "无", "Cheaper, please", "Cheaper, please", None]
    draft, responses = drafted(tmp_path, {"Sector": ["Trade", "Mining"], head: remarks})
    question = draft.instrument.questions[1]
    assert (question.kind, draft.guesses["reason"][1]) == ("text", "remarks")
    assert not question.options
    assert sorted(responses.data[question.id].dropna().unique()) == ["Cheaper, please"]


@pytest.mark.parametrize(
    ("head", "cells", "kind"),
    [
        ("Any comments?", ["Yes", "No"], "single"),
        ("Remarks", [1, 2, 3], "single"),
        ("Comments read by", ["Anna", "Bob"], "single"),
        ("建议的渠道", ["电话", "网站"], "single"),
    ],
)
def test_what_is_headed_nearly_so_is_no_remark(tmp_path, head, cells, kind):
    draft, _ = drafted(tmp_path, {"Sector": ["Trade", "Mining"], head: cells})
    assert draft.instrument.questions[1].kind == kind


@pytest.mark.parametrize(
    ("asked", "short"),
    [
        ("Which channels do you use?", "Channels"),
        ("Which of the following channels do you use? (select all that apply)", "Channels"),
        ("Which sector are you in?", "Sector"),
        ("What is your role in the company?", "Role in the company"),
        ("What are the biggest challenges you face?", "Biggest challenges"),
        ("Which option best describes your role?", "Role"),
        ("How many employees does your company have?", "Employees"),
        ("How satisfied are you with the following?", "Satisfaction"),
        ("Company size", "Company size"),
        ("使用哪些渠道", "渠道"),
        ("您主要通过哪些渠道了解我们？", "渠道"),
        ("以下哪些渠道您用过？（多选）", "渠道"),
        ("您属于哪个行业？", "行业"),
        ("您的职位是什么？", "职位"),
        ("您对以下各项的满意程度如何？", "满意度"),
        ("您所在的企业类型是？", "企业类型"),
    ],
)
def test_short_names_are_the_noun_that_is_asked_about(asked, short):
    assert shortened(asked) == short


def test_without_a_noun_the_header_names_the_question():
    assert shortened("Do you plan to expand abroad next year?", "expansion_plans") == "Expansion plans"
    assert shortened("Do you plan to expand abroad next year?", "Q12") == "Plan to expand"


def test_the_banner_stands_among_the_doubts(tmp_path):
    columns: dict[str, list[object]] = {
        "Which channels do you use?": ["Web; Shop", "Web", "Shop; Phone", "Web; Phone"],
        "Sector": ["Trade", "Mining", "Trade"],
        "Region": ["North", "South"],
    }
    draft, _ = drafted(tmp_path, columns)
    assert draft.instrument.defaults.banner == "channels_use"
    choice, words = draft.doubts[-2:]
    assert "`channels_use`, the first of 3 questions" in choice
    assert "others: sector, region" in choice
    assert "`banner` under `defaults`" in choice
    assert 'its `short` ("Channels")' in words
    assert "`group`" in words
    assert "`group`" in draft.yaml.split("kind: survey")[0]


def test_of_one_candidate_only_the_words_are_asked_and_of_none_nothing(tmp_path):
    one, _ = drafted(tmp_path, {"行业": ["贸易", "采矿"], "年龄": list(range(20, 44))}, "zh")
    assert len(one.doubts) == 1
    assert "`group`" in one.doubts[0]
    none, _ = drafted(tmp_path, {"Staff": list(range(20, 44)), "Age": list(range(30, 54))})
    assert not any("banner" in doubt for doubt in none.doubts)


def test_of_many_candidates_some_are_named(tmp_path):
    columns: dict[str, list[object]] = {f"Trait {sign}": ["Low", f"High {sign}"] for sign in "ABCDEFGH"}
    draft, _ = drafted(tmp_path, columns)
    assert "the first of 8 questions" in draft.doubts[-2]
    assert "trait_f, trait_g" not in draft.doubts[-2]
