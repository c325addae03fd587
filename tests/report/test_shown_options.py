"""How tables show options and points: rare together, pinned last, fixed in place, don't know beside."""

from functools import cache

import pandas as pd
import pytest

import survey
from survey.ingest.rare_options import with_rare_together
from survey.instrument.loading import parse_schema
from tests.paths import EXAMPLES

SHOP = (EXAMPLES / "shop.yaml").read_text(encoding="utf-8")
BRANDS = ("alpha", "beta", "gamma", "delta", "own", "other", "none")
TICKS = {"alpha": 30, "beta": 20, "gamma": 3, "delta": 5, "own": 9, "other": 2, "none": 4}


def frame(rows=40):
    """Ticks as counted above: the first rows tick gamma and delta, the last two rows other."""
    data = {"region": ["North", "South", "East", "99", "n/a"] * (rows // 5)}
    for brand in BRANDS:
        first = rows - TICKS[brand] if brand == "other" else 0
        if brand == "none":
            first = rows - 10
        data[f"brands__{brand}"] = [int(first <= row < first + TICKS[brand]) for row in range(rows)]
    points = (5, 4, 3, 2, 1, 98, 99, 5)
    for item, shift in (("fast", 0), ("late", 4), ("friendly", 1)):
        data[f"service__{item}"] = [points[(row + shift) % 8] for row in range(rows)]
    for item in ("goods", "packing"):
        data[f"quality__{item}"] = [(1, 1.5, 2, 2.5, 3)[row % 5] for row in range(rows)]
    return pd.DataFrame(data)


@cache
def responses():
    return survey.from_frame(frame(), parse_schema(SHOP, "shop.yaml"))


def rows_of(report, sheet, table):
    found = next(one for one in report.sheets if one.name == sheet)
    return next(one for one in found.tables if one.name == table).data


def test_words_for_no_answer_to_one_question_are_its_own():
    kinds = responses().missing["region"].value_counts()
    assert (kinds["refused"], kinds["skipped"]) == (8, 8)
    other = frame().assign(service__fast=99)
    read = survey.from_frame(other, parse_schema(SHOP, "shop.yaml"))
    assert (read.data["service__fast"] == 99).all()  # a point of its scale, and no missing word here


def test_rare_options_stand_together_and_each_respondent_counts_once():
    gathered, found = with_rare_together(responses())
    assert [(one.question.id, [option.id for option in one.options]) for one in found] == [
        ("brands", ["gamma", "delta"])
    ]
    table = survey.frequencies(gathered, "brands").set_index("code")
    # Gamma's three are among delta's five; other's two are apart.
    assert table.loc["other", ["n", "base", "label"]].tolist() == [7, 40, "Other (3 options)"]
    assert table.index.tolist() == ["alpha", "beta", "own", "none", "other"]
    assert gathered.instrument.columns == tuple(gathered.data.columns)
    assert survey.frequencies(responses(), "brands")["code"].tolist() == list(BRANDS)


@pytest.mark.parametrize(
    ("change", "gathered"),
    [
        ("other: {below: 2}", []),
        ("other: {below: 4}", ["gamma"]),  # with the other that is there
        ("other: {below: 8}", ["gamma", "delta"]),
        ("other: {below: 25}", ["beta", "gamma", "delta"]),  # pinned and excluding ones stay alone
        ("", []),
    ],
)
def test_which_options_are_gathered(change, gathered):
    schema = parse_schema(SHOP.replace("other: {below: 8}", change), "shop.yaml")
    _, found = with_rare_together(survey.from_frame(frame(), schema))
    assert [option.id for one in found for option in one.options] == gathered


def test_an_option_that_decides_a_route_stays():
    route = "    asked_if: {question: brands, any: [gamma]}\n"
    schema = parse_schema(SHOP.replace("    scale: stars\n", f"    scale: stars\n{route}"), "shop.yaml")
    _, found = with_rare_together(survey.from_frame(frame(), schema))
    assert [option.id for one in found for option in one.options] == ["delta"]


DERIVED = """\
derived:
  - id: nets
    kind: net
    of: brands
    short: {en: "Nets", zh: "合并"}
    options:
      - {id: greek, label: {en: "Greek", zh: "希腊"}, any: [alpha, gamma, delta]}
      - {id: few, label: {en: "Few", zh: "少数"}, any: [gamma, other]}
  - id: buyers
    kind: condition
    short: {en: "Buyers", zh: "买家"}
    options:
      - {id: gammas, label: {en: "Gamma", zh: "伽马"}, all_of: [{question: brands, any: [gamma]}]}
      - {id: rest, label: {en: "Rest", zh: "其余"}, otherwise: true}
  - {id: brand_region, kind: cross, of: [brands, region], short: {en: "Both", zh: "交叉"}}
"""


def test_what_is_derived_of_rare_options_stays_and_they_stand_together_all_the_same():
    given = survey.from_frame(frame(), parse_schema(SHOP + DERIVED, "shop.yaml"))
    gathered, found = with_rare_together(given)
    assert [option.id for one in found for option in one.options] == ["gamma", "delta"]
    for name in ("nets", "buyers", "brand_region"):
        own, before = survey.frequencies(gathered, name), survey.frequencies(given, name)
        pd.testing.assert_frame_equal(own, before)
    rules = {rule.id: rule for rule in given.instrument.rules}
    for rule in rules.values():
        assert gathered.instrument.formula(rule, "en") == given.instrument.formula(rule, "en")
    report = survey.analyze(given, banner=["brands*region", "nets", "region"])
    shares = rows_of(report, "Topline", "topline")
    brands = shares[(shares["question"] == "brands") & ~shares["section"]]
    assert brands["label"].tolist() == ["Alpha", "Beta", "Own brand", "Other (3 options)", "None"]
    nets = shares[(shares["question"] == "nets") & ~shares["section"]].set_index("label")["n"]
    assert nets.to_dict() == {"Greek": 30, "Few": 5}
    crossed = [column.heading for column in report.sheets[2].tables[0].columns]
    assert any("Other (3 options) · North" in heading for heading in crossed), crossed


def test_rare_options_of_a_single_question():
    text = SHOP.replace("    fixed: true\n    missing:", "    other: {below: 9}\n    missing:")
    schema = parse_schema(text, "shop.yaml")
    given = frame().assign(region=["North"] * 30 + ["South"] * 6 + ["East"] * 3 + [None])
    gathered, _ = with_rare_together(survey.from_frame(given, schema))
    table = survey.frequencies(gathered, "region")
    assert table[["code", "n", "base"]].to_numpy().tolist() == [["north", 30, 39], ["other", 9, 39]]
    assert table["label"].tolist()[1] == "Other (2 options)"
    assert gathered.missing["region"].tolist()[-1] == "empty"


def test_the_report_sorts_gathers_and_counts_as_the_schema_says():
    report = survey.analyze(responses())
    shares = rows_of(report, "Topline", "topline")
    brands = shares[(shares["question"] == "brands") & ~shares["section"]]
    assert brands["label"].tolist() == ["Alpha", "Beta", "Own brand", "Other (3 options)", "None"]
    region = shares[(shares["question"] == "region") & ~shares["section"]]
    assert region["label"].tolist() == ["North", "South", "East"]
    points = rows_of(report, "Topline", "answers_service")
    assert points[["base", "answered"]].to_numpy().tolist() == [[30, 40]] * 3
    assert points["point_98"].tolist() == [0.125] * 3
    codebook = rows_of(report, "Codebook", "codebook")
    kinds = codebook.set_index("code")["kind"]
    assert kinds["late"] == "item (reversed)"
    assert kinds["agree 99"] == "scale point (rates nothing)"
    assert {"gamma", "delta"} <= set(codebook["code"])
    notes = rows_of(report, "Notes", "notes")["what"]
    assert any("Brands (fewer than 8): Gamma, Delta." in note for note in notes)
    assert any("Does not apply, Don't know" in note for note in notes)
    assert responses().instrument.content_hash in set(notes)


def test_the_report_in_chinese_of_the_banner_that_gathers():
    report = survey.analyze(responses(), banner="brands", lang="zh")
    assert any("合并为“其他”" in note for note in rows_of(report, "说明", "notes")["what"])
    labels = [column.heading for column in report.sheets[2].tables[0].columns]
    assert "其他（3项）" in labels


def test_hidden_cells_know_that_the_base_of_a_top_box_is_smaller():
    report = survey.analyze(responses(), suppress=5)
    points = rows_of(report, "Topline", "answers_service")
    assert points["base"].tolist() == [30, 30, 30]
    hidden = points.filter(regex=r"^point_\d+_marks$").eq("hidden")
    assert not hidden.any(axis=None)  # every point was given five times or more
    few = survey.from_frame(frame().head(15), responses().instrument)
    points = rows_of(survey.analyze(few, suppress=5), "Topline", "answers_service")
    assert points.filter(regex=r"^point_\d+_marks$").eq("hidden").any(axis=1).all()


def test_a_tally_shows_every_option_and_says_so():
    report = survey.analyze(survey.tally(responses()))
    shares = rows_of(report, "Topline", "topline")
    assert "Gamma" in shares["label"].tolist()
    assert any("put options together" in note for note in rows_of(report, "Notes", "notes")["what"])


def test_nobody_and_three_respondents():
    for rows in (0, 3):
        few = survey.from_frame(frame().head(rows), responses().instrument)
        assert survey.analyze(few).sheets


def test_points_that_rate_nothing_are_grey_in_charts():
    from survey.render.colours import scale_colours

    report = survey.analyze(responses())
    charts = {chart.name: chart for sheet in report.sheets for chart in sheet.charts}
    chart = charts["chart_answers_service"]
    assert (chart.series[-2:], chart.aside) == (("point_98", "point_99"), 2)
    assert charts["chart_answers_quality"].aside == 0
    colours = scale_colours(7, 2)
    assert colours[:5] == scale_colours(5)
    assert len(set(colours)) == 7
    assert all(abs(int(one[:2], 16) - int(one[4:], 16)) < 16 for one in colours[5:])


@pytest.mark.parametrize(
    "name", ["recommend", "matters", "matters__price", "budget", "budget__kitchen", "since"]
)
def test_points_places_and_sums_have_no_smallest_option(name, tmp_path):
    instrument = survey.load_instrument(EXAMPLES / "more-kinds.yaml")
    frame = pd.DataFrame({"site": ["north"] * 4, "recommend": [1, 9, 10, 10]})
    responses = survey.from_frame(frame, instrument)
    words = "only options of single and multiple questions"
    with pytest.raises(survey.UsageError, match=words):
        survey.analyze(responses, smallest_option={name: 3})
    path = tmp_path / "plan.yaml"
    path.write_text(f"kind: report-plan\nsmallest_option:\n  {name}: 3\n")
    with pytest.raises(survey.UsageError, match=f"plan.yaml, line 3: .*{words}") as error:
        survey.analyze(responses, plan=path)
    assert "合并显示" in error.value.problems[0].text("zh")


def test_one_number_for_all_leaves_points_as_they_are():
    instrument = survey.load_instrument(EXAMPLES / "more-kinds.yaml")
    frame = pd.DataFrame({"site": ["north"] * 4, "recommend": [1, 9, 10, 10]})
    responses = survey.from_frame(frame, instrument)
    plain, gathered = (survey.analyze(responses, smallest_option=least) for least in (1, 5))
    for one, other in zip(plain.sheet("Topline").tables, gathered.sheet("Topline").tables, strict=True):
        if one.name != "topline":
            pd.testing.assert_frame_equal(one.data, other.data)
