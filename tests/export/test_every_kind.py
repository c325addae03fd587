"""One questionnaire with every kind of question: out of every door, in again, and the same numbers."""

import numpy as np
import pandas as pd
import pytest

import survey
from tests.answers import MORE_KINDS, answers_to
from tests.paths import EXAMPLES

EVERY = EXAMPLES / "every-kind.yaml"
ROWS = 60


@pytest.fixture(scope="module")
def instrument():
    return survey.load_instrument(EVERY)


@pytest.fixture(scope="module")
def responses(instrument):
    rng = np.random.default_rng(5)
    data = {"site": rng.choice(["north", "south", "west"], ROWS).tolist()}
    for question in instrument.questions[1:]:
        if instrument.rule_of(question.id):
            continue
        if question.kind in MORE_KINDS:
            data |= answers_to(question, ROWS, rng, missing=0.05)
        for column in question.answer_columns if question.kind == "multiple" else ():
            data[column] = (rng.random(ROWS) < 0.4).astype(int).tolist()
        for column in question.answer_columns if question.kind == "rating" else ():
            data[column] = rng.choice([1, 2, 3, 4, 99], ROWS).tolist()
        if question.kind == "single":
            data[question.id] = rng.choice([option.id for option in question.options], ROWS).tolist()
        if question.kind == "number":
            data[question.id] = rng.integers(0, 120, ROWS).tolist()
    return survey.from_frame(pd.DataFrame(data, dtype=object), instrument)


def check_same(before, after):
    for name in before.data:
        first, second = before.data[name], after.data[name]
        assert first.isna().tolist() == second.isna().tolist(), name
        assert first.dropna().astype(str).tolist() == second.dropna().astype(str).tolist(), name


@pytest.mark.parametrize("ending", ["xlsx", "sav", "parquet", "csv"])
def test_answers_come_back(responses, instrument, tmp_path, ending):
    path = tmp_path / f"answers.{ending}"
    (survey.write_responses if ending == "xlsx" else survey.export_responses)(responses, path)
    check_same(responses, survey.read_responses(path, instrument))


def test_the_form_comes_back_as_the_same_questions(instrument, tmp_path):
    survey.export_xlsform(instrument, tmp_path / "form.xlsx")
    draft = survey.draft_instrument(tmp_path / "form.xlsx")
    asked = [(one.id, one.kind) for one in instrument.listed if not instrument.rule_of(one.id)]
    assert [(one.id, one.kind) for one in draft.instrument.listed] == asked
    assert all("`site`" in doubt for doubt in draft.doubts)  # only which question groups the report


@pytest.mark.parametrize("ending", ["sav", "csv"])
def test_coded_answers_are_drafted_as_they_were_asked(responses, tmp_path, ending):
    survey.export_responses(responses, tmp_path / f"answers.{ending}")
    draft = survey.draft_instrument(tmp_path / f"answers.{ending}")
    kinds = {one.id: one.kind for one in draft.instrument.listed}
    assert kinds["recommend"] == "nps"
    assert (kinds["matters"], kinds["budget"], kinds["since"]) == ("ranking", "constant_sum", "date")
    assert (kinds["reasons"], kinds["service"]) == ("grid", "rating")


def test_a_tally_gives_the_numbers_of_the_answers(responses, instrument, tmp_path):
    counted = survey.tally(responses, banners=["site", "site*spenders"])
    with pytest.warns(UserWarning, match="not anonymous"):
        survey.write_tally(counted, tmp_path / "all.tally")
    back = survey.read_tally(tmp_path / "all.tally")
    for data in (counted, back):
        for name, function in (
            ("recommend", survey.net_promoter),
            ("matters", survey.rankings),
            ("budget", survey.allocations),
            ("since", survey.date_summary),
            ("score", survey.number_summary),
        ):
            both = [function(one, name, banner="site") for one in (responses, data)]
            pd.testing.assert_frame_equal(*both)
        for name in ("channels__phone", "reasons__mail", "service", "outer", "spenders"):
            both = [survey.crosstab(one, name, banner=["site"]) for one in (responses, data)]
            pd.testing.assert_frame_equal(*both)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_page_deck_and_workbook_show_it(responses, lang, tmp_path):
    report = survey.analyze(responses, banner=["site", "site*spenders", "spenders"], lang=lang)
    names = {table.name for sheet in report.sheets for table in sheet.tables}
    assert {"scores_recommend", "rankings", "allocations", "periods_since", "grid_channels"} <= names
    assert {"grid_reasons", "net_promoter_by_site", "dates_by_spenders"} <= names
    for ending in ("xlsx", "html", "pptx"):
        survey.write_report(report, tmp_path / f"all.{ending}")
        assert (tmp_path / f"all.{ending}").stat().st_size > 10_000


def test_rows_of_a_grid_in_order_are_steps(responses):
    """Fixed options of a grid count as steps, as those of a single question do; others have no order."""
    table = survey.correlations(responses, ["channels__phone", "channels__mail"])
    codes = [
        responses.data[f"channels__{row}"].map({"daily": 1, "weekly": 2, "never": 3})
        for row in ("phone", "mail")
    ]
    expected = codes[0].astype(float).corr(codes[1].astype(float), method="spearman")
    assert table["correlation"].iloc[0] == pytest.approx(expected)
    with pytest.raises(survey.UsageError):
        survey.correlations(responses, ["outer", "channels__mail"])


def test_answers_are_carried_to_a_version_with_another_band_and_another_grid(instrument, responses, tmp_path):
    """Bands are computed anew, what was not asked has no base, and what has no place is told."""
    new = EVERY.read_text(encoding="utf-8").replace('version: "1.0.0"', 'version: "2.0.0"')
    for old, later in (
        ("below: 50}", "below: 60}"),
        ("at_least: 50}", "at_least: 60}"),
        ('{id: chat, label: {en: "Chat on our web site, with a person"', '{id: app, label: {en: "App"'),
        (
            '{id: help, label: {en: "Help"',
            '{id: rates, label: {en: "Rates", zh: "价格"}}, {id: help, label: {en: "Help"',
        ),
    ):
        assert new.count(old) == 1
        new = new.replace(old, later)
    folder = tmp_path / "every-kind"
    (folder / "crosswalk").mkdir(parents=True)
    (folder / "1.0.0.yaml").write_text(EVERY.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "2.0.0.yaml").write_text(new, encoding="utf-8")
    (folder / "crosswalk" / "1.0.0--2.0.0.yaml").write_text(
        'kind: version-crosswalk\nid: every-kind\nfrom: "1.0.0"\nversion: "2.0.0"\nlanguages: [en]\n'
        'title: {en: "To two"}\ncarries: []\n',
        encoding="utf-8",
    )
    survey.export_responses(responses, tmp_path / "old.csv")
    old = survey.read_responses(tmp_path / "old.csv", folder / "1.0.0.yaml")
    carried = survey.carry_over(old, folder / "2.0.0.yaml")
    survey.export_responses(carried, tmp_path / "new.csv")
    for data in (carried, survey.read_responses(tmp_path / "new.csv", folder / "2.0.0.yaml")):
        spend = responses.data["spend"].dropna().astype(float)
        assert survey.frequencies(data, "spenders")["n"].tolist() == [(spend < 60).sum(), (spend >= 60).sum()]
        reasons = survey.frequencies(data, "reasons__phone").set_index("code")
        assert reasons.loc["rates", ["n", "base"]].tolist() == [0, 0]
        asked = survey.frequencies(responses, "reasons__phone").set_index("code")["n"]
        assert reasons.loc[asked.index, "n"].tolist() == asked.tolist()
        assert survey.frequencies(data, "channels__app")["base"].tolist() == [0, 0, 0]
        for name, function in (("matters", survey.rankings), ("budget", survey.allocations)):
            pd.testing.assert_frame_equal(function(data, name), function(responses, name))
    assert any(problem.values.get("column") == "channels__chat" for problem in carried.problems)
