"""Skipped and careless answers beside the effects of models, and who of the sampling frame answered."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from tests.models.helpers import firms, random_firms
from tests.paths import SAMPLE

FRAME = {"firm_type": {"biotech": 100, "biopharma": 90}}


def table_of(report, name):
    """A table by its name; None where the report has none."""
    tables = [table for sheet in report.sheets for table in sheet.tables if table.name == name]
    return tables[0] if tables else None


def notes(report, lang="en"):
    return "\n".join(report.sheet("Notes" if lang == "en" else "说明").tables[0].data["what"])


@pytest.fixture(scope="module")
def gaps():
    """Licensing drives a need that some skip; the first ten firms give one point to everything."""
    rng = np.random.default_rng(1)
    models = (rng.random((90, 4)) < 0.45).astype(float)
    need = (rng.random(90) < np.where(models[:, 2] == 1, 0.85, 0.15)).astype(float)
    need[20:26] = np.nan
    other = (rng.random(90) < 0.5).astype(float)
    instrument = survey.load_instrument("executive-survey@1.0.0")
    columns = instrument.question("challenges").answer_columns
    ratings = rng.integers(1, 6, (90, len(columns))).astype(float)
    ratings[:10] = 5
    rated = {name: ratings[:, at] for at, name in enumerate(columns)}
    kinds = {"firm_type": ["biotech"] * 50 + ["biopharma"] * 30 + ["big_pharma"] * 10}
    return firms(
        models, support_needs__virtual_data_room=need, support_needs__cro_matching=other, **rated, **kinds
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_effects_stand_beside_what_could_become_of_them(gaps, lang):
    report = survey.analyze(gaps, models=True, lang=lang)
    table = table_of(report, "sensitivity")
    rows = table.data
    first = rows.iloc[0]
    assert (first["stub_code"], first["term"]) == ("virtual_data_room", "licensing")
    assert (first["missing"], first["base"], first["screened_base"]) == (6, 84, 74)
    assert first["standing"] == {"en": "holds", "zh": "仍成立"}[lang]
    expected = survey.sensitivity(gaps, "support_needs", draws=9)
    own = expected.set_index(["stub_code", "term"]).loc[("virtual_data_room", "licensing")]
    for name in ("worst_low", "worst_high", "screened_marginal"):
        assert first[name] == pytest.approx(own[name])
    for column in table.columns:
        keys = [key for key in table.keys(column) if key is not None]
        assert len(set(keys)) == len(keys), column.key
    data = report.sheet("Data" if lang == "en" else "数据").tables[0].data
    lowest = data[(data["table"] == "sensitivity") & (data["measure"] == "marginal_effect_lowest")]
    one = lowest[(lowest["code"] == "virtual_data_room") & (lowest["group"] == "licensing")].iloc[0]
    assert (one["value"], one["n"]) == (pytest.approx(own["worst_low"]), 6)


def test_few_rows_are_shown_and_the_others_counted():
    given = random_firms(80, seed=3)
    answers = given.data.astype(object)
    answers.iloc[:9, [answers.columns.get_loc("support_needs__cro_matching")]] = None
    report = survey.analyze(survey.from_frame(answers, given.instrument), models=True)
    rows = table_of(report, "sensitivity").data
    assert len(rows) == 11
    assert "further effects" in rows["stub_label"].iloc[-1]
    assert rows["marginal"].isna().tolist() == [False] * 10 + [True]
    data = report.sheet("Data").tables[0].data
    named = int(rows["stub_label"].iloc[-1].split()[0])
    shown = data[(data["measure"] == "marginal_effect_lowest") & data["value"].notna()]
    assert len(shown) == 10 + named


def test_where_there_is_nothing_to_ask_the_notes_say_so(gaps):
    calm = survey.analyze(random_firms(40), models=True)
    assert table_of(calm, "sensitivity") is None
    assert "nobody skipped an option and nobody was flagged" in notes(calm)
    assert "无人缺答" in notes(survey.analyze(random_firms(40), models=True, lang="zh"), "zh")
    assert "nobody skipped" not in notes(survey.analyze(gaps, models=True))
    assert "nobody skipped" not in notes(survey.analyze(gaps))
    made = survey.analyze(SAMPLE, models=True)
    assert table_of(made, "sensitivity") is None
    assert "is not asked of reconstructed data" in notes(made)
    counted = survey.analyze(survey.tally(gaps), models=True)
    assert table_of(counted, "sensitivity") is None
    assert "skipped and careless" in notes(counted)


@pytest.mark.parametrize(
    ("row", "standing"),
    [
        ({}, "holds"),
        ({"worst_low": -0.1}, "skipped"),
        ({"screened_p_adjusted": 0.2}, "careless"),
        ({"worst_low": -0.1, "screened_p_adjusted": 0.2}, "both"),
        ({"p_adjusted": 0.2}, "without"),
        ({"p_adjusted": 0.2, "screened_p_adjusted": 0.2}, ""),
        ({"p_adjusted": float("nan"), "screened_p_adjusted": float("nan")}, ""),
    ],
)
def test_what_becomes_of_an_effect(row, standing):
    from survey.report.survey.nonresponse import _standing

    sure = {"p_adjusted": 0.01, "screened_p_adjusted": 0.01, "worst_low": 0.1, "worst_high": 0.3}
    assert _standing(pd.DataFrame([{**sure, **row}]), 0.05) == [standing]


@pytest.mark.parametrize("data", [lambda given: given, survey.tally])
def test_quality_says_who_of_the_frame_answered(gaps, data):
    report = survey.analyze(data(gaps), sampling_frame=FRAME)
    table = table_of(report, "response_rates")
    assert table in report.sheet("Quality").tables
    rows = table.data.set_index("code")
    assert rows.loc["biotech", ["n", "population"]].tolist() == [50, 100]
    assert rows.loc["big_pharma", "reason"] == "not_in_data"
    long = report.sheet("Data").tables[0].data
    own = long[long["measure"] == "response_rate"].set_index("code")
    assert own.loc["biotech", ["value", "base", "test"]].tolist() == [0.5, 100, "fisher_exact"]
    assert "sampling frame" in notes(report)
    assert table_of(survey.analyze(data(gaps)), "response_rates") is None


def test_a_frame_of_other_respondents_is_refused(gaps):
    for arguments, said in (
        ({"suppress": 5}, "--sampling-frame or --suppress"),
        ({"sampling_frame": {"firm_type": {"biotech": 3}}}, "of which 50 answered"),
        ({"sampling_frame": {"support_needs": {"cro_matching": 300}}}, "support_needs"),
        ({"sampling_frame": 7}, "not int"),
    ):
        with pytest.raises(survey.UsageError, match=said):
            survey.analyze(gaps, **{"sampling_frame": FRAME, **arguments})
    with pytest.raises(survey.UsageError, match="--where"):
        survey.analyze(gaps.where("firm_type=biotech"), sampling_frame=FRAME)


def test_the_command_takes_a_file(gaps, tmp_path):
    answers, frame = tmp_path / "answers.csv", tmp_path / "frame.csv"
    gaps.data.to_csv(answers, index=False)
    frame.write_text(
        "question,option,firms\nfirm_type,biotech,100\nfirm_type,biopharma,90\n", encoding="utf-8"
    )
    asked = [
        "analyze",
        str(answers),
        "--instrument",
        "executive-survey@1.0.0",
        "-o",
        str(tmp_path / "r.xlsx"),
    ]
    result = CliRunner().invoke(main, [*asked, "--sampling-frame", str(frame)])
    assert result.exit_code == 0, result.output
    read = pd.read_excel(tmp_path / "r.xlsx", sheet_name="Quality", header=None, engine="openpyxl").astype(
        str
    )
    assert read.apply(lambda row: row.str.contains("Who of the sampling frame answered").any(), axis=1).any()
    frame.write_text("question,option,firms\nfirm_type,biotech,10\n", encoding="utf-8")
    refused = CliRunner().invoke(main, [*asked, "--sampling-frame", str(frame)])
    assert refused.exit_code == 2
    assert "of which 50 answered" in refused.output
