"""Numbers of a weighted report: the same on every sheet, in pictures and in words, and weighted."""

import re

import numpy as np
import pandas as pd
import pytest

import survey
from survey.render.cell_views import table_view
from survey.render.pictures import draw
from tests.paths import SAMPLE
from tests.weighted_answers import library

BASES = ("weighted_base", "effective_base")


def strong(size, **settings):
    """Weights under which hardly a share prints as that of the counts."""
    rng = np.random.default_rng(5)
    return library(size, weights=rng.lognormal(0, 1.1, size).round(3), **settings)


@pytest.fixture(scope="module", params=[("en", 60), ("zh", 60), ("en", 7)])
def made(request):
    lang, size = request.param
    data = strong(size)
    return data, survey.analyze(data, banner=["branch", "uses"], lang=lang)


def tables_of(report):
    return {table.name: table for sheet in report.sheets for table in sheet.tables}


def texts(report):
    """Every sentence of a report: titles, findings, what pictures show."""
    for sheet in report.sheets:
        yield from (sheet.title, *sheet.findings)
        yield from (text for each in (*sheet.pictures, *sheet.charts) for text in (each.title, each.alt))


def test_shares_are_those_of_the_statistics(made):
    data, report = made
    tables = tables_of(report)
    topline = tables["topline"].data
    shown = topline[~topline["section"].astype(bool)]
    by_hand = {}
    for question in ("branch", "member", "uses", "wishes"):
        for row in survey.frequencies(data, question).to_dict("records"):
            by_hand[question, row["code"]] = row["proportion"]
    for row in survey.importance_shares(data, "service").to_dict("records"):
        by_hand["service", row["item"]] = row["proportion"]
    for row in shown.to_dict("records"):
        name = row["item"] if row["question"] == "service" else row["code"]
        assert row["proportion"] == pytest.approx(by_hand[row["question"], name], nan_ok=True)
    cells = survey.crosstab(data, "uses", banner="branch").set_index(["stub_code", "banner_code"])
    banner = tables["by_branch"].data
    for row in banner[(banner["question"] == "uses") & ~banner["section"].astype(bool)].to_dict("records"):
        for group in ("centre", "east", "west"):
            share = cells.loc[(row["stub_code"], group), "proportion"]
            assert row[group] == pytest.approx(share, nan_ok=True)
            assert row["all"] == pytest.approx(by_hand["uses", row["stub_code"]], nan_ok=True)


def test_all_three_bases_stand_wherever_n_does(made):
    data, report = made
    tables = tables_of(report)
    topline = tables["topline"].data
    heads = topline[topline["section"].astype(bool)]
    assert set(heads["head_measure"]) == {"base", *BASES}
    for question, rows in heads.groupby("question"):
        own = rows.set_index("head_measure")["proportion"].astype(float)
        if question != "service":
            frame = survey.frequencies(data, question).sort_values("base", ascending=False).iloc[0]
            assert own["base"] == frame["base"]
            assert own["effective_base"] == pytest.approx(frame["effective_base"])
            assert own["effective_base"] <= own["base"]
    weights = data.weights / data.weights.mean()
    banner = tables["by_branch"].data
    inside = data.data["branch"] == "east"
    own = banner[(banner["stub"] == "uses") & (banner["section"].astype(bool))].set_index("head_measure")
    answered = inside & data.data["uses__books"].notna()
    assert own.loc["base", "east"] == answered.sum()
    assert own.loc["weighted_base", "east"] == pytest.approx(weights[answered].sum())
    for name in ("summary_service", "answers_service", "net_promoter", "numbers", "dates", "tests"):
        if name in tables:
            assert {"base", *BASES} <= {column.key for column in tables[name].columns}, name
    across = tables["numbers_by_branch"].data
    assert {"base", *BASES} <= set(across["measure"])


def test_a_page_has_the_bases_as_plain_numbers(made):
    _, report = made
    view = table_view(tables_of(report)["topline"], "en")
    for group in view.groups:
        n, weighted, effective = (head[1].text for head in group.heads)
        assert n.startswith("n\xa0=\xa0")
        assert re.fullmatch(r"[\d.]+", weighted)
        assert re.fullmatch(r"[\d.]+", effective)


def test_data_says_the_same(made):
    _, report = made
    tables = tables_of(report)
    data = tables["data"].data
    shown = tables["topline"].data
    shown = shown[~shown["section"].astype(bool)]
    for row in shown.to_dict("records"):
        own = data[
            (data["question"] == row["question"]) & (data["measure"] == "share") & (data["group"] == "")
        ]
        own = own[(own["item"] == row["item"]) if row["item"] else (own["code"] == row["code"])]
        own = own[own["table"] == "topline"].iloc[0]
        assert own["value"] == pytest.approx(row["proportion"])
        assert own["effective_base"] == pytest.approx(row["effective_base"])
    if "summary_differences" in tables:
        for row in tables["summary_differences"].data.to_dict("records"):
            assert row["proportion"] - row["rest"] == pytest.approx(row["difference"])
    others = data[data["measure"] == "share_others"].set_index(
        ["question", "item", "code", "banner", "group"]
    )
    same = data[(data["measure"] == "share") & (data["group"] != "") & data["value"].notna()]
    apart = data[(data["measure"] == "difference")].set_index(["question", "item", "code", "banner", "group"])
    for row in same.to_dict("records"):
        key = tuple(row[name] for name in ("question", "item", "code", "banner", "group"))
        if key in others.index and key in apart.index and pd.notna(apart.loc[key, "value"]):
            difference = row["value"] - others.loc[key, "value"]
            assert difference == pytest.approx(apart.loc[key, "value"])


def test_every_percentage_in_words_is_a_weighted_one(made):
    """No sentence has a share that no weighted table of the report prints."""
    data, report = made
    numbers = tables_of(report)["data"].data
    values = numbers["value"].astype(float)
    printed = {f"{int(100 * value + 0.5 + 1e-9)}%" for value in values if 0 <= value <= 1}
    limits = numbers[["ci_low", "ci_high"]].astype(float).to_numpy().ravel()
    printed |= {f"{100 * value:.0f}%" for value in limits if 0 <= value <= 1}
    weights = data.weights / data.weights.mean()
    ticks = data.data[["uses__books", "uses__study", "uses__events"]].astype(float)
    several = weights[(ticks.sum(axis=1) > 1)].sum() / weights[ticks.notna().all(axis=1)].sum()
    printed |= {f"{int(100 * several + 0.5)}%", "95%"}
    for text in texts(report):
        for share in re.findall(r"\d+%", text):
            assert share in printed, text


def test_pictures_print_weighted_shares(made, monkeypatch):
    from survey.render.pictures.canvas import Sketch

    data, report = made
    shown = []
    original = Sketch.text
    monkeypatch.setattr(
        Sketch,
        "text",
        lambda self, x, y, text, **look: shown.append(text) or original(self, x, y, text, **look),
    )
    pictures = {picture.name: picture for sheet in report.sheets for picture in sheet.pictures}
    importance = survey.importance_shares(data, "service")
    draw(pictures["importance_service"], report.lang)
    for share in importance["proportion"].dropna():
        assert f"{int(100 * share + 0.5)}%" in shown
    shown.clear()
    draw(pictures["points_service"], report.lang)
    for share in importance["proportion"].dropna():  # beside each bar
        assert f"{int(100 * share + 0.5)}%" in shown


def test_brackets_go_by_the_effective_base():
    """Forty answered, and one of them holds most of the weight."""
    data = library(40, weights=[60.0] + [1.0] * 39, missing=0)
    report = survey.analyze(data, banner="branch")
    topline = tables_of(report)["topline"].data
    rows = topline[topline["question"] == "uses"]
    assert (rows.loc[~rows["section"].astype(bool), "marks"] == "small").all()
    assert rows.loc[rows["head_measure"].isin(BASES), "marks"].tolist() == ["", ""]
    plain = tables_of(survey.analyze(data.unweighted(), banner="branch"))["topline"].data
    assert (plain.loc[plain["question"] == "uses", "marks"] == "").all()
    assert "head_measure" not in plain


@pytest.mark.parametrize(("lang", "words"), [("en", "at the effective base"), ("zh", "按有效基数计")])
def test_the_margin_of_error_is_that_of_the_effective_base(lang, words):
    data = library(60, weights=[9.0, *([1.0] * 59)], missing=0)
    subtitle = survey.analyze(data, banner="branch", lang=lang).sheets[0].subtitle
    effective = 68**2 / (81 + 59)
    assert words in subtitle
    assert f"±{100 * 1.959964 * (0.25 / effective) ** 0.5:.0f}" in subtitle
    plain = survey.analyze(data.unweighted(), banner="branch", lang=lang).sheets[0].subtitle
    assert words not in plain
    assert f"±{100 * 1.959964 * (0.25 / 60) ** 0.5:.0f}" in plain


def test_a_tally_says_both_bases_too():
    data = library(60)
    of_tally, of_rows = (
        survey.analyze(each, banner="branch").sheets[0].subtitle.rpartition(" · ")[2]
        for each in (survey.tally(data, weight="weight"), data)
    )
    assert of_tally == of_rows
    assert "effective base" in of_tally


def test_the_finding_of_a_battery_has_the_shares_of_its_table():
    data = strong(60)
    frames = [survey.importance_shares(each, "service") for each in (data, data.unweighted())]
    ends = [(table["proportion"].max(), table["proportion"].min()) for table in frames]
    printed, plain = ([f"{int(100 * share + 0.5)}%" for share in pair] for pair in ends)
    assert printed != plain
    findings = survey.analyze(data, banner="branch").sheets[0].findings
    sentence = next(text for text in findings if "Service" in text)
    assert all(share in sentence for share in printed), sentence


def test_published_figures_fix_no_weighted_share():
    data = survey.read_responses(SAMPLE)
    weighted = data.with_weights(np.random.default_rng(1).lognormal(0, 0.7, len(data)), "w")
    for each, fixed in ((data, True), (weighted, False)):
        topline = tables_of(survey.analyze(each))["topline"]
        column = next(column for column in topline.columns if column.key == "proportion")
        wanted = (topline.data["question"] == "expansion_models") & ~topline.data["section"].astype(bool)
        marks = [own for own, is_wanted in zip(topline.marks(column), wanted, strict=True) if is_wanted]
        assert all("unfixed" in own for own in marks) != fixed
