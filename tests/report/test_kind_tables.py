"""Scores, rankings, sums and dates in the report: tables, sentences, charts, what hidden cells leave out."""

import pandas as pd
import pytest

import survey
from tests.answers import TEAMS, four_kinds, teams_frame
from tests.helpers import keys_of
from tests.paths import EXAMPLES


@pytest.fixture(scope="module")
def responses():
    return four_kinds(60, seed=3)


@pytest.fixture(scope="module", params=["en", "zh"])
def report(request, responses):
    return survey.analyze(responses, lang=request.param)


def sheet_of(report, number):
    return report.sheets[number]


def tables_of(report):
    return {table.name: table for sheet in report.sheets for table in sheet.tables}


def test_each_kind_has_its_tables(report):
    names = set(tables_of(report))
    assert {"net_promoter", "rankings", "allocations", "dates", "periods_since"} <= names
    assert {
        "net_promoter_by_site",
        "first_by_site",
        "mean_rank_by_site",
        "share_by_site",
        "dates_by_site",
    } <= names


def test_the_topline_shows_what_the_functions_give(responses, report):
    made = tables_of(report)
    score = survey.net_promoter(responses, "recommend").iloc[0]
    assert made["net_promoter"].data["score"].tolist() == [score["score"]]
    ranked = survey.rankings(responses, "matters").set_index("code")
    shown = made["rankings"].data
    assert shown["section"].tolist() == [True, False, False, False, False]
    assert shown["first"].iloc[0] == ranked["base"].iloc[0]  # the head of a question holds its base
    rows = shown.iloc[1:]
    assert rows["first"].tolist() == sorted(ranked["first"], reverse=True)
    for row in rows.to_dict("records"):
        assert row["mean_rank"] == ranked.loc[row["code"], "mean_rank"]
    budget = made["allocations"].data.iloc[1:]
    assert budget["share"].sum() == pytest.approx(1)


def test_groups_stand_beside_all(responses, report):
    made = tables_of(report)
    table = survey.net_promoter(responses, "recommend", banner="site")
    assert made["net_promoter_by_site"].data["score"].tolist() == table["score"].tolist()
    first = made["first_by_site"].data.set_index("code")
    ranked = survey.rankings(responses, "matters", banner="site")
    own = ranked[ranked["banner_code"] == "north"].set_index("code")
    assert first.iloc[1:]["north"].to_dict() == own["first"].to_dict()
    assert first.iloc[0]["north"] == own["base"].iloc[0]


def test_every_number_has_its_key_and_a_line_of_the_data_sheet(report):
    """A number shown is a number of the long table, by the same key."""
    data = tables_of(report)["data"].data
    known = set(data["key"])
    for name in (
        "net_promoter",
        "rankings",
        "allocations",
        "periods_since",
        "net_promoter_by_site",
        "share_by_site",
    ):
        table = tables_of(report)[name]
        for column in table.columns:
            heads = table.sections
            for key, value, head in zip(table.keys(column), table.data[column.key], heads, strict=True):
                if (
                    key is not None
                    and not head
                    and not pd.isna(value)
                    and key.measure not in ("base", "n", "n_ranked")
                ):
                    assert key in known, key
    keys_of(report, "Quality", "Notes", "Codebook", "数据质量", "说明", "编码簿")


def test_sentences_and_charts_tell_of_them(report):
    charts = {chart.name: chart for sheet in report.sheets for chart in sheet.charts}
    assert {"chart_recommend", "chart_matters", "chart_budget"} <= set(charts)
    assert charts["chart_recommend"].series == ("detractors", "passives", "promoters")
    findings = [text for text in report.sheets[0].findings if getattr(text, "keys", ())]
    told = {key.result for text in findings for key in text.keys}
    assert {"net_promoter", "ranking", "allocation"} <= told


def test_few_stand_in_brackets():
    made = tables_of(survey.analyze(four_kinds(20)))
    marks = made["net_promoter"].marks(next(c for c in made["net_promoter"].columns if c.key == "promoters"))
    assert marks == [("small",)]


def test_hidden_cells_leave_them_out_and_say_so(responses):
    report = survey.analyze(responses, suppress=5)
    assert not {"net_promoter", "rankings", "allocations", "dates"} & set(tables_of(report))
    assert not [chart for sheet in report.sheets for chart in sheet.charts if "recommend" in chart.name]
    kinds = tables_of(report)["data"].data["table"] if "data" in tables_of(report) else []
    assert not {"net_promoter", "rankings"} & set(kinds)
    text = " ".join(tables_of(report)["notes"].data["what"].astype(str))
    for word in ("rankings", "scores", "sums", "dates"):
        assert word in text, word


def test_a_banner_that_crosses_nothing_else_has_its_sheet(responses):
    """The only other questions are those without shares: there is no cross-tab, and groups all the same."""
    report = survey.analyze(responses)
    (sheet,) = [one for one in report.sheets if one.name == "By site"]
    assert sheet.title == "All questions by site"


@pytest.mark.parametrize("banner", ["recommend", "matters__price"])
def test_scores_and_places_may_be_groups(responses, banner):
    report = survey.analyze(responses, banner=banner)
    names = set(tables_of(report))
    assert f"by_{banner}" in names
    assert f"net_promoter_by_{banner}" not in names or banner != "recommend"


def test_a_questionnaire_with_nothing_answered_is_no_trouble():
    report = survey.analyze(four_kinds(4, missing=1.0))
    assert tables_of(report)["net_promoter"].data["base"].tolist() == [0]


@pytest.mark.parametrize("ending", ["xlsx", "html", "pptx"])
def test_it_is_written(report, tmp_path, ending):
    path = survey.write_report(report, tmp_path / f"report.{ending}", pictures=False)
    assert path


# -- groups compared ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["en", "zh"])
def compared(request):
    responses = survey.from_frame(teams_frame(90), TEAMS)
    return responses, survey.analyze(
        responses, banner=["teams", "site"], compare="columns", lang=request.param
    )


def test_groups_that_differ_are_marked(compared):
    responses, report = compared
    made = tables_of(report)
    scores = made["net_promoter_by_teams"]
    marks = {row["banner_code"]: row["score_marks"].split() for row in scores.data.to_dict("records")}
    tests = survey.compare_numbers(responses, "recommend", against="complement").set_index("group")
    for group, row in tests.iterrows():
        arrow = "up" if row["effect"] > 0 else "down"
        assert (arrow in marks[group]) == (row["p_adjusted"] < 0.05)
    assert "up" in marks["lab"]
    assert not {"up", "down"} & set(marks[""])
    dates = {
        row["banner_code"]: row["median_marks"] for row in made["dates_by_teams"].data.to_dict("records")
    }
    assert "down" in dates["board"].split()
    letters = {mark for own in marks.values() for mark in own if mark.isupper()}
    assert letters <= {"A", "B", "C"}


def test_every_test_of_groups_is_listed(compared):
    responses, report = compared
    rows = tables_of(report)["tests"].data
    for question in ("recommend", "matters", "budget", "since"):
        for banner in ("teams", "site"):
            for compare in ("complement", "columns"):
                table = survey.compare_numbers(responses, question, by=banner, against=compare)
                own = rows[(rows["question"] == question) & (rows["by"] == banner)]
                shown = {tuple(row) for row in own[["item", "group", "other_group", "test"]].to_numpy()}
                assert {
                    tuple(row) for row in table[["item", "group", "other_group", "test"]].to_numpy()
                } <= shown
    assert (rows.loc[rows["stub"] == "matters", "result"]).isin(["crosstab", "columns"]).all()
    data = tables_of(report)["data"].data
    assert {"difference", "effect"} <= set(data.loc[data["question"] == "matters", "measure"])
    assert data["key"].notna().all()


def test_the_surest_difference_is_said(compared):
    _, report = compared
    said = " ".join(map(str, report.sheets[0].findings))
    assert "differs reliably" not in report.sheets[0].title
    assert "the net score of" in said or "净推荐值比" in said or "dates of" in said or "日期平均" in said


def test_groups_alone_are_what_their_heading_says():
    """With --only the numbers, not the headings alone, are of those in one group."""
    responses = survey.from_frame(teams_frame(90), TEAMS)
    made = tables_of(survey.analyze(responses, banner="teams", only="exclusive"))
    whole = tables_of(survey.analyze(responses, banner="teams"))
    frame = teams_frame(90)
    ticks = frame[[f"teams__{name}" for name in ("lab", "sales", "board")]].astype(int)
    lab = ticks["teams__lab"] == 1
    for table, alone in ((whole, lab), (made, lab & (ticks.sum(axis=1) == 1))):
        bases = table["net_promoter_by_teams"].data.set_index("banner_code")["base"]
        assert bases["lab"] == frame.loc[alone, "recommend"].notna().sum()
        assert (
            table["first_by_teams"].data["lab"].iloc[0]
            == frame.loc[alone].filter(like="matters__").notna().any(axis=1).sum()
        )


def test_each_score_stands_below_its_net(responses, report):
    table = tables_of(report)["scores_recommend"]
    given = survey.frequencies(responses, "recommend").set_index("code")
    nets = survey.net_promoter(responses, "recommend").iloc[0]
    shares = table.data["proportion"].tolist()
    assert len(shares) == 14
    assert shares[0] == nets["promoters"] == pytest.approx(sum(shares[1:3]))
    assert shares[3] == nets["passives"] == pytest.approx(sum(shares[4:6]))
    assert shares[6] == nets["detractors"] == pytest.approx(sum(shares[7:]))
    assert shares[1:3] + shares[4:6] + shares[7:] == [
        given.loc[str(score), "proportion"] for score in range(10, -1, -1)
    ]
    assert sum(table.data["n"]) == 2 * nets["base"]
    data = tables_of(report)["data"].data
    assert "scores_recommend" in set(data["table"])


def test_scores_are_on_few_by_their_effective_base():
    weights = pd.Series([20.0] + [1.0] * 39)
    weighted = four_kinds().with_weights(weights, "w")
    table = tables_of(survey.analyze(weighted))["scores_recommend"]
    assert survey.frequencies(weighted, "recommend")["base"].iloc[0] >= 30
    assert set(table.data["marks"]) == {"small"}


def test_a_marked_date_has_its_arrow_in_the_workbook():
    from survey.render.excel.cells import Look, _number_format

    assert _number_format(Look("text", ("up",)), "en") == '"\u25b2 "@'
    assert _number_format(Look("text", ("down", "B")), "en") == '"\u25bc "@" B"'
    assert _number_format(Look("text"), "en") == "General"


def test_numbers_by_group_stand_below_their_bases():
    instrument = survey.load_instrument(EXAMPLES / "every-kind.yaml")
    frame = pd.DataFrame({"site": ["north", "north", "south", "west"], "spend": [1, 2, 4, None]})
    report = survey.analyze(survey.from_frame(frame, instrument), banner="site")
    table = next(one for one in report.sheet("By site").tables if one.name == "numbers_by_site")
    own = table.data[table.data["question"] == "spend"]
    assert own["label"].tolist() == ["Spend", "Spend: mean", "Spend: median"]
    assert own["section"].tolist() == [True, False, False]  # so that n is a count, not 2.00
    assert own["north"].tolist() == [2, 1.5, 1.5]
    assert table.head_measures[:3] == ["base", "", ""]
