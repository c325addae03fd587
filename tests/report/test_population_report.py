"""A finite population and a margin of equivalence in the report, its plan and its command."""

import numpy as np
import pandas as pd
import pytest

import survey
from survey import UsageError
from survey.messages import message
from survey.report.survey.population import report_population
from survey.settings import BY_KEY
from tests.cli.helpers import run
from tests.statistics.helpers import close, overlapping_groups

PLANNED = {"population": {"all": 900, "small": 130}, "equivalent_within": 0.2}


def made(rows=240, *, apart=0.0):
    """Respondents of two sizes who tick alike, but for `apart` more of the large ones."""
    random = np.random.default_rng(20)
    large = np.arange(rows) % 2 == 1
    turn = random.permutation(rows // 2)
    columns = {"size": np.where(large, "large", "small")}
    for place, name in enumerate(("agents", "branches", "partners", "online")):
        ticked = np.zeros(rows, int)
        for side in (large, ~large):
            share = 0.5 + apart * side[1] * (place == 0)
            ticked[side] = (turn + 31 * place) % (rows // 2) < share * (rows // 2)
        columns[f"channels__{name}"] = ticked
    return overlapping_groups(**columns)


@pytest.fixture(scope="module")
def alike():
    return made()


@pytest.fixture(scope="module")
def report(alike):
    return survey.analyze(alike, banner="size", questions=["channels"], **PLANNED)


def texts(report):
    """Everything that a report says in titles, findings and notes."""
    sheet = report.sheets[0]
    said = [str(sheet.title), sheet.subtitle, *(str(line) for line in sheet.findings)]
    return said, {note.topic: note.text for note in report.notes}


def test_the_summary_says_of_whom_it_is_a_sample(report):
    said, notes = texts(report)
    assert said[1].startswith("240 respondents, taken as a random sample of 900")
    assert "240 respondents are taken as a random sample of the 900" in notes["Population"]
    assert "Known: Small: 130" in notes["Population"]
    assert "  " not in notes["Population"]
    assert "large population" not in notes["Sampling"]


def test_every_sheet_shows_the_corrected_intervals(report, alike):
    known = survey.frequencies(alike, "channels", population=900).set_index("code")
    data = report.sheet("Data").tables[0].data
    shares = data[(data["measure"] == "share") & (data["group"] == "") & (data["question"] == "channels")]
    for row in shares[shares["code"] != ""].itertuples():
        assert close((row.ci_low, row.ci_high), tuple(known.loc[row.code, ["ci_low", "ci_high"]])), row.code
    cells = survey.crosstab(alike, "channels", banner="size", **PLANNED).set_index(
        ["stub_code", "banner_code"]
    )
    own = data[(data["measure"] == "share") & (data["group"] == "small")]
    assert len(own) == 4
    for row in own.itertuples():
        assert close((row.ci_low, row.ci_high), tuple(cells.loc[(row.code, "small"), ["ci_low", "ci_high"]]))
    precision = report.sheet("Precision").tables[0].data
    assert set(precision["population"].dropna()) == {900, 130, 450}
    assert (precision["what"] == "census").sum() == 3


def test_the_same_is_said_where_it_holds_and_only_there(alike, report):
    said, notes = texts(report)
    assert "same as all others within 20 points" in " ".join(said)
    assert "the 90% interval" in notes["The same"]
    tests = report.sheet("Tests").tables[0]
    headings = [column.key for column in tests.columns]
    assert {"verdict_label", "p_equivalence"} <= set(headings)
    assert "the same" in set(tests.data["verdict_label"])
    narrow = survey.analyze(alike, banner="size", questions=["channels"], equivalent_within=0.01)
    said, _ = texts(narrow)
    assert "No difference found" in " ".join(said)
    assert "same as all others" not in " ".join(said)
    plain = survey.analyze(alike, banner="size", questions=["channels"])
    said, notes = texts(plain)
    assert "within" not in " ".join(said)
    assert "The same" not in notes
    assert "verdict_label" not in [column.key for column in plain.sheet("Tests").tables[0].columns]


def test_beside_a_difference_it_is_counted():
    report = survey.analyze(made(apart=0.45), banner="size", questions=["channels"], equivalent_within=0.2)
    said, _ = texts(report)
    assert "3 of 4 comparisons are the same within 20 points" in " ".join(said)
    verdicts = report.sheet("Tests").tables[0].data
    own = verdicts[verdicts["result"] == "crosstab"].set_index("stub_code")["verdict_label"]
    assert "different" in set(own["agents"])


def test_in_chinese_too(alike):
    report = survey.analyze(alike, banner="size", questions=["channels"], lang="zh", **PLANNED)
    said, notes = texts(report)
    assert "总体（N=900）的随机样本" in said[1]
    assert "20个百分点以内" in " ".join(said)
    assert message("topic_population", "zh") in notes


def test_without_groups_and_of_groups_alone(alike):
    none = survey.load_instrument("executive-survey@1.1.0")
    firms = survey.from_frame(pd.DataFrame({"firm_type": ["biotech"] * 30 + ["biopharma"] * 20}), none)
    report = survey.analyze(firms, banner="firm_type", population={"biotech": 33})
    said, notes = texts(report)
    assert "random sample" not in said[1]
    assert "other groups are not corrected" in notes["Population"]
    few = survey.analyze(firms.where("firm_type=biotech"), banner="firm_type", population=30)
    assert "random sample of 30" in texts(few)[0][1]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"population": 239}, "240 answered, more than the population of 239"),
        ({"population": {"tiny": 9}}, "has the code tiny"),
        ({"population": 0}, "whole number"),
        ({"population": 900, "suppress": 5}, "--population or --suppress"),
        ({"equivalent_within": 0.2, "suppress": 5}, "--equivalent-within or --suppress"),
        ({"equivalent_within": 20}, "fraction between 0 and 1"),
        (
            {"plan": {"reports": [{"for_each": "size"}], "population": 900}},
            "for_each makes one for each option",
        ),
        ({"plan": {"population": {}}}, "population"),
        ({"plan": {"population": 0}}, "at least 1"),
        ({"plan": {"equivalent_within": 20}}, "equivalent_within"),
    ],
)
def test_what_does_not_go_together_is_refused(alike, settings, words):
    with pytest.raises(survey.SurveyError, match=words):
        survey.analyze(alike, **{"banner": "size", **settings})


def test_a_group_of_two_banners_is_refused():
    question = survey.load_instrument("executive-survey@1.1.0").question("firm_type")
    other = question.model_copy(update={"id": "kind_of_firm"})
    with pytest.raises(UsageError, match="a group of firm_type, kind_of_firm"):
        report_population({"biotech": 9}, (question, other))
    assert report_population(None, (question,)).of_banner(question) is None
    assert report_population({"all": 9}, ()).of_all == 9


def test_weighted_data_have_no_population(alike):
    weighted = alike.with_weights(pd.Series([0.5, 1.5] * 120), "weight")
    with pytest.raises(UsageError, match="simple random sample"):
        survey.analyze(weighted, banner="size", population=900)


def test_a_plan_and_the_command_say_the_same(alike, report):
    planned = survey.analyze(alike, plan={"banner": "size", "questions": ["channels"], **PLANNED})
    assert texts(planned)[0] == texts(report)[0]
    assert BY_KEY["population"].is_repeated
    assert BY_KEY["equivalent_within"].form == "fraction"


@pytest.fixture
def answers(tmp_path, monkeypatch):
    """A file of 60 answers to the executive survey."""
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"firm_type": ["biotech"] * 30 + ["biopharma"] * 30, "position": ["director"] * 60})
    frame.to_csv("answers.csv", index=False)
    return "answers.csv"


def test_the_command_takes_one_number_and_those_of_groups(answers):
    words = ["--instrument", "executive-survey", "--by", "firm_type", "--no-pictures", "-o", "r.xlsx"]
    sizes = ["--population", "400", "--population", "biotech=90", "--equivalent-within", "20%"]
    code, _, err = run("analyze", answers, *words, *sizes, "--save-plan", "plan.yaml")
    assert code == 0, err
    from pathlib import Path

    import yaml

    plan = yaml.safe_load(Path("plan.yaml").read_text(encoding="utf-8"))
    assert plan["population"] == {"all": 400, "biotech": 90}
    assert plan["equivalent_within"] == 0.2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--population", "many"], "licensing=120"),
        (["--population", "60.5"], "licensing=120"),
        (["--population", "59"], "60 answered, more than the population of 59"),
        (["--population", "400", "--population", "all=500"], "takes one value"),
        (["--population", "400", "--population", "500"], "takes one value"),
        (["--population", "tiny=90"], "has the code tiny"),
        (["--equivalent-within", "20"], "fraction between 0 and 1"),
        (["--equivalent-within", "few%"], "--equivalent-within"),
    ],
)
def test_the_command_refuses(answers, words, said):
    code, _, err = run("analyze", answers, "--instrument", "executive-survey", "--by", "firm_type", *words)
    assert code == 2
    assert said in err
