"""Facts of companies: what disagrees is found from values and dates, whatever the study."""

import math
import re

import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.errors import InstrumentError, UsageError
from survey.instrument.case_schemas import FactTest, date_limits
from survey.instrument.fact_rules import FACT_RULES
from survey.instrument.loading import parse_schema
from survey.instrument.locking import check_schemas
from survey.instrument.printed_amounts import Amount, read_amount
from survey.instrument.versions import diff_instruments
from survey.interviews.case_facts import decide_test
from survey.interviews.fact_disagreements import RELATIONS
from survey.messages import _part
from survey.render.pictures import draw
from survey.tables import CONTRACTS
from tests.interviews.samples import SEGMENTS, canteen, shipped
from tests.paths import ROOT

FILE = ROOT / "data" / "interviews" / "case-facts" / "1.1.0.yaml"
PAGE = (ROOT / "docs" / "propositions.md").read_text(encoding="utf-8")

# Another study: three facts of one company, one of them without a date.
SMALL = """
kind: case-facts
id: bakery
version: "1.0.0"
languages: [en]
title: {en: "A bakery"}
companies: [{id: North, label: {en: "North bakery"}}]
events: [{id: opening, label: {en: "opening"}}]
measures: [{id: ovens, label: {en: "Ovens"}, form: count}]
facts:
  - {id: F1, company: North, event: opening, what: {en: "First shop"}, place: "p. 1", basis: chapter}
  - {id: F2, company: North, measure: ovens, date: "2020", value: "3", place: "p. 2", basis: document}
  - {id: F3, company: North, measure: ovens, date: "2020", value: "4", place: "p. 3", basis: interview}
"""

# And another with three companies: what hangs together stands in the file.
LARGE = """
kind: case-facts
id: bakeries
version: "1.0.0"
languages: [en, zh]
title: {en: "Bakeries", zh: "面包店"}
companies:
  - {id: North, label: {en: "North bakery", zh: "北店"}}
  - {id: South, label: {en: "South bakery", zh: "南店"}}
  - {id: West, label: {en: "West bakery", zh: "西店"}}
events:
  - {id: opening, label: {en: "opening", zh: "开业"}}
  - {id: oven, label: {en: "oven", zh: "烤炉"}}
  - {id: founding, label: {en: "founding", zh: "创立"}, once: true}
measures:
  - {id: sales, label: {en: "Sales", zh: "销售额"}, form: money, sums: [[bread, cake]]}
  - {id: bread, label: {en: "Bread", zh: "面包"}, form: money}
  - {id: cake, label: {en: "Cake", zh: "蛋糕"}, form: money}
  - {id: growth, label: {en: "Growth", zh: "增长率"}, form: share, growth_of: sales}
  - {id: cake_growth, label: {en: "Growth of cake", zh: "蛋糕增长率"}, form: share, growth_of: cake}
  - id: cake_share
    label: {en: "Share of cake", zh: "蛋糕占比"}
    form: share
    share: {parts: [{measure: cake}], whole: {measure: sales}}
  - {id: result, label: {en: "Result", zh: "利润"}, form: money}
  - {id: open, label: {en: "Whether open", zh: "是否营业"}, form: state, implied_by: [shops]}
  - {id: shops, label: {en: "Shops", zh: "店数"}, form: count}
  - {id: first, label: {en: "First town", zh: "首个城镇"}, form: text, first_of: [opening]}
  - {id: liked, label: {en: "What guests like", zh: "顾客所喜"}, form: text, never_same_as: [disliked]}
  - {id: disliked, label: {en: "What guests dislike", zh: "顾客不喜"}, form: text}
  - {id: baker, label: {en: "Baker", zh: "面包师"}, form: text}
  - {id: seller, label: {en: "Seller", zh: "店员"}, form: text}
  - {id: duty, label: {en: "Duty", zh: "职责"}, form: text, one_of: {measures: [baker, seller], value: A}}
  - id: shop_share
    label: {en: "Share of shops", zh: "店数占比"}
    form: share
    share: {parts: [{measure: shops, of: small}], whole: {measure: shops}}
subjects:
  - {id: small, label: {en: "Small ones", zh: "小店"}}
  - {id: cleaning, label: {en: "Cleaning", zh: "清洁"}}
places:
  - {id: here, label: {en: "Here", zh: "本地"}}
  - {id: there, label: {en: "There", zh: "外地"}}
home: [here]
beside:
  - id: oven_first
    label: {en: "The oven came first", zh: "先有烤炉"}
    codes: [too_salty]
    facts: {rule: in_order, events: [oven], then: [opening]}
facts:
  - id: E1
    company: North
    event: opening
    date: "2015"
    what: {en: "A shop there", zh: "外地开店"}
    places: [there]
    place: "p. 1"
    basis: chapter
  - id: E2
    company: North
    event: oven
    date: "2018-03"
    what: {en: "An oven", zh: "烤炉"}
    places: [here]
    place: "p. 1"
    basis: chapter
FACTS
"""


def figure(number, measure, value, date="2020", company="North", **more):
    """A line of a figure."""
    about = {"id": number, "company": company, "measure": measure, "date": f'"{date}"' if date else None}
    about |= {"value": f'"{value}"', "place": '"p. 2"', "basis": "document"} | more
    return "  - {" + ", ".join(f"{key}: {entry}" for key, entry in about.items() if entry is not None) + "}"


def event(number, company="North", **more):
    """A line of a founding."""
    about = {"id": number, "company": company, "event": "founding", "what": "{en: Begun, zh: 创立}"}
    about |= {"place": '"p. 3"', "basis": "chapter"} | more
    return "  - {" + ", ".join(f"{key}: {entry}" for key, entry in about.items()) + "}"


def bakeries(*lines):
    """The facts of three bakeries with some more."""
    return parse_schema(LARGE.replace("FACTS", "\n".join(lines)), "bakeries.yaml")


def kinds(*lines):
    """The kinds of disagreement, each with its facts."""
    frame = survey.fact_disagreements(bakeries(*lines))
    return list(zip(frame["kind"], frame["facts"], strict=True))


# -- the two companies of the package ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def apart():
    return survey.fact_disagreements("case-facts")


def rows(apart, kind, company, measure):
    return apart[(apart["kind"] == kind) & (apart["company"] == company) & (apart["measure"] == measure)]


def test_the_disagreements_of_the_two_companies_come_out(apart):
    assert tuple(apart.columns) == CONTRACTS["fact_disagreement"]
    commercial = rows(apart, "state", "D", "commercial_stage").iloc[0]
    assert {"F114", "F113"} <= set(commercial["facts"])  # not yet commercial, one product launched
    parent = rows(apart, "state", "D", "has_parent").iloc[0]
    assert parent["facts"] == ("F095b", "F125")  # 41.5% is no majority
    paid = rows(apart, "state", "third", "paid_in_deal").iloc[0]
    assert set(paid["facts"]) == {"F126", "F127", "F128"}
    ten = rows(apart, "factor_of_ten", "D", "net_profit").iloc[0]
    assert (ten["date"], ten["facts"]) == ("2020", ("F102", "F103"))
    assert rows(apart, "sign", "D", "net_profit")["date"].tolist() == ["2018", "2019"]
    growth = rows(apart, "growth", "B", "revenue_growth")
    assert ("F029", "F028", "F026") in growth["facts"].tolist()
    assert "2.12 billion yuan" in growth.loc[growth["facts"] == ("F029", "F028", "F026"), "why"].item()
    sums = rows(apart, "sum", "B", "revenue")
    assert set(sums["date"]) == {"2020", "2021"}  # of 2020 by the growth of both parts
    assert "2.12 billion yuan" in sums.loc[sums["date"] == "2020", "why"].item()
    assert rows(apart, "figures", "B", "revenue")["facts"].tolist() == [("F027", "F028")]
    share = rows(apart, "share", "B", "rd_share").iloc[0]
    assert share["facts"] == ("F055b", "F055", "F027")  # 126% fits 7.589 and not 8.87
    products = rows(apart, "share", "B", "product_share").iloc[0]
    assert products["computed"] == "69.9%"
    undated = rows(apart, "undated", "B", "foreign_share").iloc[0]
    assert {"F018", "F019", "F022", "F023"} <= set(undated["facts"])
    place = rows(apart, "first_place", "B", "first_host").iloc[0]
    assert (place["facts"], place["computed"]) == (("F082", "F004"), "Australia")


def test_what_fits_is_not_called_a_disagreement(apart):
    named = {fact for facts in apart["facts"] for fact in facts}
    fitting = {"F025", "F033", "F049b", "F057", "F064c", "F097b", "F110b"}
    assert not named & fitting
    assert not [fact for fact in named if not re.fullmatch(r"F\d{3}[a-z]?", fact)]


def test_a_fact_changed_takes_its_disagreements_with_it():
    text = FILE.read_text(encoding="utf-8").replace(
        'value: "587 million yuan"', 'value: "- 58.66 million yuan"'
    )
    fixed = survey.fact_disagreements(parse_schema(text, "fixed.yaml"))
    assert "factor_of_ten" not in set(fixed["kind"])


def test_facts_beside_what_interviewees_say():
    beside = survey.facts_beside(shipped(), "case-facts")
    assert tuple(beside.columns) == CONTRACTS["fact_beside"]
    beside = beside.set_index(["statement", "company"])
    row = beside.loc[("success_at_home_first", "B")]
    assert (row["n"], row["base"], row["verdict"], row["years"]) == (3, 7, "contradicts", -6)
    assert row["facts"] == ("F009", "F004")
    assert "6 years before" in row["note"]
    assert beside.loc[("success_at_home_first", "D"), "verdict"] == "nobody says so"
    assert beside.loc[("abroad_before_profit", "D"), "verdict"] == "agrees"
    assert beside.loc[("first_in_a_developed_market", "D"), "reason"] == "facts_silent"


def test_figures_stand_beside_each_other():
    figures = survey.compare_facts("case-facts", lang="zh")
    assert tuple(figures.columns) == CONTRACTS["case_figure"]
    profit = figures[(figures["measure"] == "net_profit") & (figures["date"] == "2020")]
    assert profit["others"].tolist() == [("F103",), ("F102",)]
    assert profit["agrees"].tolist() == [False, False]
    assert figures.loc[figures["fact"] == "F100", "label"].item() == "净利润"
    assert figures["fact"].is_unique


# -- other studies -------------------------------------------------------------------------------------------


def test_three_facts_of_one_company(tmp_path):
    path = tmp_path / "bakery.yaml"
    path.write_text(SMALL, encoding="utf-8")
    assert [schema.id for _, schema in check_schemas((path,))] == ["bakery"]
    frame = survey.fact_disagreements(path)
    assert frame[["kind", "company", "facts"]].values.tolist() == [["figures", "North", ("F2", "F3")]]
    report = survey.facts_report(path, beside=canteen("| participant | code |\n|---|---|\n| a | fresh |"))
    assert [sheet.name for sheet in report.sheets] == [
        "Disagreements",
        "Figures",
        "Facts",
        "Notes",
    ]
    survey.write_report(report, tmp_path / "bakery.xlsx")


def test_an_event_without_a_date_stands_apart_on_the_timeline():
    timeline = survey.facts_report(bakeries(event("A", company="South"))).sheet("Timeline")
    assert any("0 dated events, none of them abroad" in line for line in timeline.findings)
    assert b"no date" in draw(timeline.pictures[0], "en", form="svg")


def test_no_event_and_no_figure():
    lines = SMALL.splitlines()
    events = parse_schema("\n".join(line for line in lines if "ovens, date" not in line), "events.yaml")
    assert [sheet.name for sheet in survey.facts_report(events).sheets][:3] == [
        "Disagreements",
        "Facts",
        "Notes",
    ]
    figures = parse_schema("\n".join(line for line in lines if "id: F1" not in line), "figures.yaml")
    assert "Timeline" not in [sheet.name for sheet in survey.facts_report(figures).sheets]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([figure("A", "sales", "90"), figure("B", "sales", "about 93")], []),
        ([figure("A", "sales", "90"), figure("B", "sales", "93")], [("figures", ("A", "B"))]),
        ([figure("A", "sales", "90"), figure("B", "sales", "900")], [("factor_of_ten", ("A", "B"))]),
        ([figure("A", "sales", "90 euros"), figure("B", "sales", "93 yuan")], []),
        ([figure("A", "result", "-90"), figure("B", "result", "90")], [("sign", ("A", "B"))]),
        ([figure("A", "sales", "90"), figure("B", "sales", "93", outlook="true")], []),
        ([figure("A", "sales", "90"), figure("B", "sales", "93", date="2021")], []),
        ([figure("A", "sales", "90"), figure("B", "sales", "93", company="South")], []),
        ([figure("A", "sales", "90"), figure("B", "sales", "93", date=None)], [("undated", ("B", "A"))]),
        (
            [figure("A", "sales", "100"), figure("B", "bread", "40"), figure("C", "cake", "50")],
            [("sum", ("A", "B", "C"))],
        ),
        ([figure("A", "sales", "100"), figure("B", "bread", "50"), figure("C", "cake", "50")], []),
        (
            [
                figure("A", "sales", "80", date="2019"),
                figure("B", "sales", "100"),
                figure("C", "growth", "50%"),
            ],
            [("growth", ("C", "B", "A"))],
        ),
        (
            [
                figure("A", "sales", "80", date="2019"),
                figure("B", "sales", "100"),
                figure("C", "growth", "25%"),
            ],
            [],
        ),
        (  # over four years: 21.55% a year
            [
                figure("A", "sales", "100", date="2016"),
                figure("B", "sales", "218.3"),
                figure("C", "growth", "21.6%", date="2016/2020"),
            ],
            [],
        ),
        (  # the growth of a part gives the part of the year before
            [
                figure("A", "sales", "100", date="2019"),
                figure("B", "bread", "40", date="2019"),
                figure("C", "cake", "90"),
                figure("D", "cake_growth", "200%"),
            ],
            [("sum", ("A", "B", "D", "C"))],
        ),
        (
            [figure("A", "sales", "200"), figure("C", "cake", "50"), figure("S", "cake_share", "30%")],
            [("share", ("S", "C", "A"))],
        ),
        ([figure("A", "sales", "200"), figure("C", "cake", "50"), figure("S", "cake_share", "1/4")], []),
        (
            [figure("A", "open", "closed", answer="no"), figure("B", "shops", "two", date=None)],
            [("state", ("A", "B"))],
        ),
        ([figure("A", "open", "closed", answer="no"), figure("B", "shops", "two", date="2024")], []),
        ([figure("A", "first", "Here", date=None, places="[here]")], [("first_place", ("A", "E1"))]),
        ([figure("A", "first", "There", date=None, places="[there]")], []),
        ([figure("A", "liked", "Salt"), figure("B", "disliked", "salt ")], [("same_words", ("A", "B"))]),
        ([figure("A", "liked", "Salt"), figure("B", "disliked", "salt", of="small")], []),
        ([figure("A", "liked", "Salt"), figure("B", "disliked", "salt", company="West")], []),
        ([figure("A", "baker", "A", of="cleaning"), figure("B", "seller", "I", of="cleaning")], []),
        (
            [figure("A", "baker", "A", of="cleaning"), figure("B", "seller", "A", of="cleaning")],
            [("several", ("A", "B"))],
        ),
        (
            [
                figure("A", "baker", "A", of="cleaning", places="[here]"),
                figure("B", "seller", "A", of="cleaning", places="[there]"),
            ],
            [],
        ),
        (
            [figure("A", "baker", "A", places="[here]"), figure("B", "seller", "A")],
            [("several", ("A", "B"))],
        ),
        ([figure("A", "baker", "R", of="cleaning")], [("nobody", ("A",))]),
        ([event("A"), event("B")], [("once", ("A", "B"))]),
        ([event("A", of="small"), event("B")], []),
        ([event("A"), event("B", company="South")], []),
        (
            [
                figure("A", "shops", "5,422"),
                figure("B", "shops", "567", of="small"),
                figure("C", "shop_share", "10.4 %"),
            ],
            [("share", ("C", "B", "A"))],
        ),
        (
            [
                figure("A", "shops", "5,422"),
                figure("B", "shops", "567", of="small"),
                figure("C", "shop_share", "10.5 %"),
            ],
            [],
        ),
        (
            [
                figure("A", "shops", "about 5,422"),
                figure("B", "shops", "567", of="small"),
                figure("C", "shop_share", "10.4 %"),
            ],
            [],
        ),
        ([figure("A", "shops", "1000000"), figure("B", "shops", "1,000,000")], []),
        ([figure("A", "first", "Here", date=None, company="South", places="[here]")], []),
    ],
)
def test_each_way_to_disagree(lines, wanted):
    assert kinds(*lines) == wanted


def test_the_sentences_are_in_both_languages():
    facts = bakeries(figure("A", "sales", "100"), figure("B", "bread", "40"), figure("C", "cake", "50"))
    assert (
        survey.fact_disagreements(facts)["why"].item() == "Sales of 2020: the parts add up to 90, not to 100."
    )
    assert (
        survey.fact_disagreements(facts, lang="zh")["why"].item()
        == "2020年销售额：各部分之和为90，与100不符。"
    )


def test_every_kind_has_a_sentence_and_a_line_on_the_page():
    table = PAGE.partition("| kind | what disagrees |")[2].partition("## Propositions")[0]
    listed = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    told = [key for key in _part("case_facts") if key.startswith("disagree_")]
    assert {f"disagree_{kind}" for kind in listed} == set(told)
    assert len(RELATIONS) == len(listed) - 3  # one relation is of figures, sign and factor, one of roles


# -- the report of the executive survey ----------------------------------------------------------------------


def test_what_the_report_says_beside_the_survey_disagrees_with_itself():
    frame = survey.fact_disagreements("report-facts")
    found = set(zip(frame["kind"], frame["company"], frame["measure"], strict=True))
    models = {"fits_licensing", "fits_newco", "fits_co_development"}
    assert {measure for kind, firm, measure in found if (kind, firm) == ("state", "big_pharma")} == models
    assert ("state", "biotech", "fits_independent") in found
    assert not {firm for kind, firm, _ in found if kind == "state"} - {"biotech", "big_pharma"}
    assert [firm for kind, firm, _ in found if kind == "same_words"] == ["partner_mid"]
    assert frame.loc[frame["kind"] == "share", "measure"].tolist() == ["pipelines_us_share"]
    facts = survey.load_case_facts("report-facts")
    twice = frame[frame["kind"] == "once"]
    assert [facts.fact(one).of for one in twice["facts"].item()] == ["k2", "k2"]
    roles = frame[frame["kind"].isin(["several", "nobody"])]
    subjects = [(row.company, row.kind, facts.fact(row.facts[0]).of) for row in roles.itertuples()]
    # Read off the two matrices by hand: a letter A with both parties, or with neither.
    several = ["data_ownership", "audits", "continuity_risk"]
    neither = ["global_strategy", "protocol", "cro_choice", "china_trials", "clinical_supply", "vendors"]
    wanted = {("co_development", "several", task) for task in several}
    wanted |= {("co_development", "nobody", task) for task in neither}
    wanted |= {("newco", "nobody", "safety"), ("newco", "nobody", "cmc_history")}
    assert set(subjects) == wanted | {("licensing", "nobody", "cmc_history")}
    assert len(frame) == 1 + 1 + 3 + 12 + 1 + 1


def test_a_quoted_buyer_names_a_reason_that_the_figure_does_not_have():
    beside = survey.facts_beside(SEGMENTS.with_name("quoted-people.xlsx"), "report-facts")
    verdicts = beside.set_index(["statement", "company"])["verdict"]
    assert verdicts["returned_for_data", "buyer"] == "facts silent"
    assert verdicts["returned_for_other", "buyer"] == "agrees"
    assert set(beside["company"]) == {"buyer", "seller"}


def test_titles_are_findings_and_events_without_dates_are_no_timeline():
    report = survey.facts_report("report-facts", beside=SEGMENTS.with_name("quoted-people.xlsx"))
    titles = {sheet.name: sheet.title for sheet in report.sheets}
    assert "Timeline" not in titles
    silent = "Facts contradict none of 2 things that a company's interviewees say, and say nothing to 1"
    assert titles["Interviews and facts"] == silent
    titles = {sheet.name: sheet.title for sheet in survey.facts_report("case-facts").sheets}
    assert titles["Timeline"].startswith("Company B is abroad first, in 2013: ")
    assert re.fullmatch(r"Of \d+ measures and periods with several figures, \d+ .*", titles["Figures"])
    titles = {sheet.name: sheet.title for sheet in survey.facts_report(bakeries()).sheets}
    assert titles["Timeline"] == "North bakery is abroad first, in 2015: A shop there"


def test_what_interviewees_of_another_study_say():
    people = canteen("| participant | code |\n|---|---|\n| a | too_salty |\n| b | fresh |", "a=North b=South")
    beside = survey.facts_beside(people, bakeries())
    assert beside[["company", "n", "verdict"]].values.tolist() == [
        ["North", 1, "contradicts"],
        ["South", 0, "nobody says so"],
        ["West", 0, "nobody says so"],
    ]
    assert beside["years"].tolist()[0] == -3
    report = survey.facts_report(bakeries(), beside=people, lang="zh")
    assert report.sheet("访谈与事实").title == "各企业受访者的1种说法中，1种与事实相反"
    with pytest.raises(UsageError, match="too_salty"):
        survey.facts_beside(shipped(), bakeries())


def test_abroad_is_what_is_nowhere_at_home():
    facts = bakeries()
    assert [facts.is_abroad(fact) for fact in facts.facts] == [True, False]


# -- rules on facts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        ({"rule": "in_order", "events": ["opening"], "then": ["oven"]}, "supported"),
        ({"rule": "in_order", "events": ["oven"], "then": ["opening"]}, "contradicted"),
        ({"rule": "in_order", "events": ["oven"], "then": ["oven"]}, "undecided"),
        ({"rule": "first_at", "events": ["opening", "oven"], "places": ["there"]}, "supported"),
        ({"rule": "first_at", "events": ["opening"], "places": ["here"]}, "contradicted"),
        ({"rule": "all_at", "events": ["opening", "oven"], "places": ["here"]}, "contradicted"),
        ({"rule": "all_at", "events": ["oven"], "places": ["here"]}, "supported"),
        ({"rule": "at_least", "events": ["oven"], "value": 1}, "supported"),
        ({"rule": "at_least", "events": ["oven"], "value": 2}, "contradicted"),
        ({"rule": "positive", "measures": ["result"]}, "contradicted"),
        ({"rule": "negative", "measures": ["result"]}, "supported"),
        ({"rule": "positive", "measures": ["cake"]}, "undecided"),
        ({"rule": "equal", "measures": ["sales", "bread"]}, "supported"),
        ({"rule": "equal", "measures": ["sales", "shops"]}, "undecided"),
        ({"rule": "answers", "measures": ["open"]}, "supported"),
        ({"rule": "answers", "measures": ["open"], "yes_in": ["North"]}, "contradicted"),
    ],
)
def test_each_rule_on_facts(test, verdict):
    facts = bakeries(
        figure("A", "result", "-5"),
        figure("B", "result", "-6", date="2021"),
        figure("B2", "result", "6", date="2021"),  # the sign is open: the year says nothing
        figure("C", "sales", "100"),
        figure("D", "bread", "about 98"),
        figure("E", "open", "closed", answer="no"),
    )
    texts = {key: tuple(entry) if isinstance(entry, list) else entry for key, entry in test.items()}
    assert decide_test(facts, FactTest(companies=("North",), **texts)).verdict == verdict


def test_a_test_of_several_companies():
    facts = bakeries(figure("A", "result", "-5"), figure("B", "result", "5", company="South"))
    assert decide_test(facts, FactTest(rule="negative", measures=("result",))).verdict == "undecided"
    silent = decide_test(facts, FactTest(rule="negative", measures=("result",), companies=("North", "West")))
    assert (silent.verdict, silent.silent) == ("undecided", ("West",))


def test_the_page_lists_the_rules_on_facts():
    rules = re.findall(
        r"^\| `(\w+)` \| .*\| ((?:`\w+`(?:, )?)+) \|$", PAGE.partition("A test is")[0], re.MULTILINE
    )
    own = [(name, needs) for name, needs in rules if name in FACT_RULES]
    assert [name for name, _ in own] == list(FACT_RULES)
    assert [tuple(re.findall(r"\w+", needs)) for _, needs in own] == [
        rule.needs for rule in FACT_RULES.values()
    ]


# -- amounts and dates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "low", "high"),
    [
        ("7.589", "billion yuan", 7.5885e9, 7.5895e9),
        ("about 8.87", "billion yuan", 8.4265e9, 9.3135e9),
        ("- 173614000", "yuan", -173614000.5, -173613999.5),
        ("\u2212173,614", "", -173614.5, -173613.5),
        ("net loss 13.642 billion yuan", "", -13.6425e9, -13.6415e9),
        ("more than 55%", "", 0.545, math.inf),
        ("less than 5", "", -math.inf, 5.5),
        ("35%-40%", "", 0.345, 0.405),
        ("3 to 5 million", "", 2.5e6, 5.5e6),
        ("2/3", "", 0.66166667, 0.67166667),
        ("10K+", "people", 9500, math.inf),
        ("US$1,250bn", "", 1249.5e9, 1250.5e9),
        ("35to40", "", 34.5, 40.5),
        ("$218 million", "", 217.5e6, 218.5e6),
        ("one", "already launched", 0.5, 1.5),
        ("约8.9亿元", "", 8.455e8, 9.345e8),
        ("3万", "", 25000, 35000),
    ],
)
def test_a_printed_amount_is_a_range(value, unit, low, high):
    amount = read_amount(value, unit)
    assert amount is not None
    assert (amount.low, amount.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    "value", ["none", "many", "12 of 15", "1, 2 and 3", "3/0", "14O", "O5", "50m", "1,5"]
)
def test_what_is_no_amount(value):
    assert read_amount(value) is None


def test_amounts_agree_where_a_value_prints_as_both():
    assert Amount(1, 2).agrees(Amount(1.9, 3))
    assert not Amount(1, 2).agrees(Amount(2, 3))  # 1.5 and 2.5 both end where the other begins
    assert Amount(1, 2, "yuan").agrees(Amount(5, 6, "dollar"))
    assert Amount(3, math.inf).middle == 3


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2022-H1", "2022-01-01", "2022-06-30"),
        ("2023-Q3", "2023-07-01", "2023-09-30"),
        ("2021-12-10", "2021-12-10", "2021-12-10"),
        ("2017/2022-H1", "2017-01-01", "2022-06-30"),
    ],
)
def test_dates(text, first, last):
    limits = date_limits(text)
    assert limits is not None
    assert tuple(day.isoformat() for day in limits) == (first, last)
    assert date_limits("") is None


BESIDE = "beside: [{id: b, label: {en: B}, codes: [x], facts: {rule: RULE, events: [opening]}}]\nfacts:\n"


# -- faults --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "company: North, event",
            "company: Nort, event",
            "line 11: F1: there is no company 'Nort'. Known: North",
        ),
        ("event: opening, what", "event: openin, what", "no kind of event 'openin'"),
        ('measure: ovens, date: "2020", value: "3"', 'measure: oven, value: "3"', "no measure 'oven'"),
        ('value: "3"', 'value: "some"', "line 12: F2: 'some' is no amount"),
        ('value: "3", ', "", "F2 has no 'value'"),
        ('what: {en: "First shop"}, ', "", "F1 has no 'what'"),
        ("event: opening, what", "event: opening, measure: ovens, what", "either an event or a measure"),
        ('date: "2020", value: "3"', 'date: "2020-02-30", value: "3"', "there is no day 2020-02-30"),
        ('date: "2020", value: "3"', 'date: "May 2020", value: "3"', "May 2020"),
        ("id: F3", "id: F2", "F2"),
        ("form: count", "form: count, growth_of: shops", "no measure 'shops'"),
        ("form: count", "form: count, first_of: [closing]", "no kind of event 'closing'"),
        ("form: count", "form: state", "F2 has no 'answer'"),
        ("facts:\n", "home: [here]\nfacts:\n", "no place 'here'"),
        (
            "facts:\n",
            BESIDE.replace("RULE", "before"),
            "'before' is no rule on facts. Use one of: in_order",
        ),
        (
            "facts:\n",
            BESIDE.replace("RULE", "in_order"),
            "the rule in_order needs 'then'",
        ),
        (
            "form: count",
            "form: count, share: {parts: [{measure: ovens, of: big}], whole: {measure: ovens}}",
            "no subject 'big'",
        ),
    ],
)
def test_a_wrong_file_is_told_with_its_line(old, new, told):
    assert old in SMALL
    with pytest.raises(InstrumentError) as raised:
        parse_schema(SMALL.replace(old, new, 1), "bakery.yaml")
    assert told in str(raised.value)
    assert raised.value.text("zh") != raised.value.text("en")


def test_versions_say_what_changed(tmp_path):
    old = parse_schema(SMALL, "old.yaml")
    new = parse_schema(SMALL.replace('value: "3"', 'value: "5"').replace("1.0.0", "1.1.0"), "new.yaml")
    assert diff_instruments(old, new).bump == "minor"
    assert old.semantic_hash != new.semantic_hash


def test_the_packaged_facts_are_locked():
    from survey.instrument.locking import lock_schemas

    assert lock_schemas((FILE.parent,), check=True) == []


def test_another_kind_is_refused():
    with pytest.raises(UsageError, match="not facts of companies"):
        survey.load_case_facts("interview-guide")
    with pytest.raises(UsageError, match="Known"):
        survey.load_case_facts("case-facts").fact("F999")


# -- the command ---------------------------------------------------------------------------------------------


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_the_command_lists_and_reports(tmp_path):
    out = run("interviews", "facts", "case-facts", "--segments", SEGMENTS, "-o", tmp_path / "f.html")
    assert out.exit_code == 0, out.output
    lines = out.output.splitlines()
    assert lines[0] == "company\tkind\tlabel\tdate\tfacts\twhy"
    assert any(line.startswith("D\tfactor_of_ten\tNet profit\t2020\tF102 F103\t") for line in lines)
    assert any(line.startswith("B\tcontradicts\tSuccess at home") for line in lines)
    assert "<svg" in (tmp_path / "f.html").read_text(encoding="utf-8")


def test_the_command_in_chinese_and_its_refusals(tmp_path):
    path = tmp_path / "bakery.yaml"
    path.write_text(SMALL, encoding="utf-8")
    assert "不能同时成立" in run("interviews", "facts", path, "--lang", "zh").output
    assert run("interviews", "facts", path, "--codebook", "x").exit_code == 2
    assert run("interviews", "facts", tmp_path / "none.yaml").exit_code == 2
    assert run("interviews", "facts", path, "-o", path).exit_code == 2
    path.write_text(SMALL.replace("company: North, event", "company: South, event"), encoding="utf-8")
    assert run("interviews", "facts", path).exit_code == 1


def test_show_prints_facts():
    out = run("instrument", "show", "case-facts", "--lang", "zh").output
    assert "F004  2013  海外试验: RAF抑制剂在澳大利亚开始临床试验" in out
    assert isinstance(survey.compare_facts("case-facts"), pd.DataFrame)


# -- what would be misread is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "currency"),
    [
        ("2.18", "\u4ebf\u7f8e\u5143", "dollar"),
        ("5", "\u767e\u4e07\u6b27\u5143", "euro"),
        ("5\u767e\u4e07\u5143", "", "yuan"),
        ("HK$5 million", "", "hk_dollar"),
        ("5", "million pounds", "pound"),
        ("\u00a35", "million", "pound"),
    ],
)
def test_a_currency_is_never_taken_for_another(value, unit, currency):
    amount = read_amount(value, unit)
    assert amount is not None
    assert amount.unit == currency


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (figure("F91", "sales", "14O", unit="euros"), "no amount that can be read"),
        (
            figure("F91", "sales", "140") + "\n" + figure("F92", "sales", "90", unit="euros"),
            "F91: '140' names no currency that is known",
        ),
        (figure("F91", "sales", "140", date="2021/2019", unit="euros"), "ends before it begins"),
    ],
)
def test_a_fact_that_cannot_be_compared_is_refused(line, problem):
    with pytest.raises(InstrumentError, match=problem):
        bakeries(line)


def test_nothing_is_the_growth_of_itself():
    text = LARGE.replace("FACTS", figure("F91", "sales", "140", unit="euros"))
    with pytest.raises(InstrumentError, match="growth of itself"):
        parse_schema(text.replace("growth_of: sales", "growth_of: growth"), "bakeries.yaml")


def test_a_fall_by_more_than_everything_leads_from_nothing():
    lines = [
        figure("F91", "growth", "-110%", date="2021"),
        figure("F92", "sales", "140", date="2021", unit="thousand euros"),
        figure("F93", "sales", "90", unit="thousand euros"),
    ]
    for lang, words in (("en", "No amount grows so."), ("zh", "\u4e0d\u53ef\u80fd")):
        why = survey.fact_disagreements(bakeries(*lines), lang=lang)["why"]
        assert why.str.contains(words).tolist() == [True]


def test_figures_that_all_lack_a_currency_are_compared():
    assert kinds(figure("F91", "sales", "140"), figure("F92", "sales", "90")) == [("figures", ("F91", "F92"))]


def test_facts_of_companies_that_nobody_is_of():
    table = "| segment | participant | code |\n|-|-|-|\n| s1 | a | too_salty |"
    facts = bakeries(event("F91"))
    with pytest.raises(UsageError, match=r"North, South, West.*East"):
        survey.facts_beside(canteen(table, "a=East"), facts)
    rows = survey.facts_beside(canteen(table, "a=North"), facts).set_index("company")
    assert rows.loc["North", "verdict"] == "contradicts"
    assert rows.loc["South", "note"] == "Nobody of the company was interviewed."
