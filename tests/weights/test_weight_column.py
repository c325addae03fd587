"""A column of weights: found, named, refused, told, and carried through files."""

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.ingest.provenance import Weighting
from survey.instrument.sampling_design import names_replicate_weights
from tests.cli.helpers import COMMANDS, options_of
from tests.paths import EXAMPLES

PATH = EXAMPLES / "schools.yaml"
SCHOOLS = survey.load_instrument(PATH)
TYPES = ["e", "e", "m", "h"]


def schools(weights, header="weight", **arguments):
    return survey.from_frame(pd.DataFrame({"stype": TYPES, header: weights}), SCHOOLS, **arguments)


def keys(responses):
    return [problem.key for problem in responses.problems]


@pytest.mark.parametrize("header", ["weight", "Weights", "survey_weight", "w_final", "权重", "final weight"])
def test_a_column_of_that_name_is_read_and_told(header):
    responses = schools([1, 2, 0.5, 0.5], header)
    assert responses.weights.tolist() == [1, 2, 0.5, 0.5]
    assert responses.provenance.weighting == Weighting(header)
    assert "weights_used" in keys(responses)


@pytest.mark.parametrize("header", ["w_trimmed", "pop_wgt", "Gewicht", "w.rake1"])
def test_a_column_that_looks_like_weights_and_is_not_used_is_told(header):
    responses = schools([1, 2, 0.5, 0.5], header)
    assert responses.weights is None
    assert "column_looks_weight" in keys(responses)
    assert schools([1, 2, 0.5, 0.5], header, weight=header).weights.sum() == 4


def test_the_instrument_names_the_column():
    named = SCHOOLS.model_copy(update={"meta": {"weight": ("gross up",)}})
    frame = pd.DataFrame({"stype": TYPES, "gross up": [3, 1, 1, 1], "weight": [9, 9, 9, 9.5]})
    assert survey.from_frame(frame, named).weights.tolist() == [3, 1, 1, 1]


def test_the_column_that_is_named_beats_every_other():
    frame = pd.DataFrame({"stype": TYPES, "weight": [9, 9, 9, 9.5], "mine": [3, 1, 1, 1]})
    responses = survey.from_frame(frame, SCHOOLS, weight="Mine")
    assert responses.weights.tolist() == [3, 1, 1, 1]
    assert "column_looks_weight" in keys(responses)  # the one that was not used


@pytest.mark.parametrize("name", ["nothing", "", 3])
def test_a_column_that_is_not_there_is_usage(name):
    with pytest.raises(survey.UsageError) as error:
        schools([1, 1, 1, 2], weight=name)
    assert error.value.problems[0].key == "weight_column_absent"


def test_bad_weights_are_refused_all_at_once():
    with pytest.raises(survey.DataError) as error:
        schools([None, -1, "heavy", 2])
    told = {problem.key: problem.values["count"] for problem in error.value.problems}
    assert told == {"weights_blank": 1, "weights_unreadable": 2}
    with pytest.raises(survey.DataError) as error:
        schools([0, 0, 0, 0])
    assert [problem.key for problem in error.value.problems] == ["weights_zero"]
    with pytest.raises(survey.DataError):
        schools([None, 1, 1, 2], set_aside=True)


def test_zeros_and_equal_weights_are_told():
    assert "weights_some_zero" in keys(schools([0, 1, 1, 2]))
    assert {"weights_equal"} <= set(keys(schools([2, 2, 2, 2])))


def test_a_file_without_weights_beside_one_with_weights_is_refused(tmp_path):
    pd.DataFrame({"stype": TYPES, "weight": [1, 1, 1, 2]}).to_csv(tmp_path / "a.csv", index=False)
    pd.DataFrame({"stype": TYPES[::-1]}).to_csv(tmp_path / "b.csv", index=False)
    with pytest.raises(survey.DataError) as error:
        survey.read_responses([tmp_path / "a.csv", tmp_path / "b.csv"], SCHOOLS)
    assert [problem.key for problem in error.value.problems] == ["weights_of_some"]


def test_weights_survive_every_form_of_file(tmp_path):
    responses = schools([1, 2, 0.5, 0.25])
    survey.write_responses(responses, tmp_path / "a.xlsx")
    survey.export_responses(responses, tmp_path / "a.parquet")
    survey.export_responses(responses, tmp_path / "a.csv")
    survey.export_responses(responses, tmp_path / "a.sav")
    for name in ("a.xlsx", "a.parquet", "a.csv", "a.sav"):
        again = survey.read_responses(tmp_path / name, SCHOOLS)
        assert again.weights.tolist() == [1, 2, 0.5, 0.25], name
    assert "WEIGHT BY weight." in (tmp_path / "a.sps").read_text(encoding="utf-8-sig")
    with pytest.warns(UserWarning, match="not anonymous"):
        survey.write_tally(survey.tally(responses), tmp_path / "a.tally")
    assert survey.read_tally(tmp_path / "a.tally").definition.weight == "weight"


@pytest.mark.skipif(not shutil.which("Rscript"), reason="needs R")
def test_the_script_for_r_declares_the_design(tmp_path):
    """R's survey package, told by the script, gives the share that the weights say."""
    survey.export_responses(schools([1, 2, 0.5, 0.25]), tmp_path / "a.R")
    code = """
    source("a.R", encoding = "UTF-8")
    if (!exists("design")) { cat("absent") } else {
      m <- survey::svymean(~I(stype == "Elementary"), design)
      cat(format(coef(m)[[2]], digits = 12), format(survey::SE(m)[[2]], digits = 12)) }"""
    done = subprocess.run(
        ["Rscript", "-e", code], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120
    )
    if done.stdout == "absent":
        pytest.skip("needs R's survey package")
    share, error = map(float, done.stdout.split())
    weights = np.array([1, 2, 0.5, 0.25])
    yes = np.array([1, 1, 0, 0])
    assert share == pytest.approx(3 / 3.75)
    scores = weights * (yes - share) / weights.sum()
    assert error == pytest.approx(np.sqrt(4 / 3 * (scores**2).sum()))


def test_the_script_without_weights_declares_no_design(tmp_path):
    survey.export_responses(survey.from_frame(pd.DataFrame({"stype": TYPES}), SCHOOLS), tmp_path / "b.R")
    assert "svydesign" not in (tmp_path / "b.R").read_text(encoding="utf-8-sig")


def test_commands_weight_and_rake(tmp_path):
    rows = 10
    frame = pd.DataFrame({"stype": TYPES * rows, "sch_wide": ["yes", "no"] * 20, "mine": [1, 2, 3, 2] * rows})
    frame.to_csv(tmp_path / "r.csv", index=False)
    targets = tmp_path / "targets.yaml"
    targets.write_text("stype: {e: 20, m: 30, h: 50}\n", encoding="utf-8")
    common = [str(tmp_path / "r.csv"), "--instrument", str(PATH), "-o", str(tmp_path / "o.xlsx")]
    result = CliRunner().invoke(main, ["analyze", *common, "--weight", "mine", "--rake", str(targets)])
    assert result.exit_code == 0, result.output
    refused = CliRunner().invoke(main, ["analyze", *common, "--weight", "yours"])
    assert refused.exit_code == 2
    assert "yours" in refused.output
    targets.write_text("stype: {e: 20, m: 30, x: 50}\n", encoding="utf-8")
    refused = CliRunner().invoke(main, ["analyze", *common, "--rake", str(targets)])
    assert refused.exit_code == 2
    assert "targets.yaml" in refused.output


def test_match_writes_the_column_of_weights_into_the_map(tmp_path):
    frame = pd.DataFrame({"stype": TYPES, "mine": [1, 2, 3, 2]})
    frame.to_csv(tmp_path / "r.csv", index=False)
    words = ["match", str(tmp_path / "r.csv"), "--instrument", str(PATH)]
    without = CliRunner().invoke(main, words)
    assert '"mine": weight' not in without.output
    named = CliRunner().invoke(main, [*words, "--weight", "Mine", "-o", str(tmp_path / "map.yaml")])
    assert named.exit_code == 0, named.output
    assert '"mine": weight' in (tmp_path / "map.yaml").read_text(encoding="utf-8")
    read = survey.read_responses(tmp_path / "r.csv", SCHOOLS, mapping=tmp_path / "map.yaml")
    assert read.weights.tolist() == [1, 2, 3, 2]
    refused = CliRunner().invoke(main, [*words, "--weight", "yours"])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "yours" in refused.stderr


def test_every_command_that_takes_a_weight_uses_it(tmp_path):
    """None takes the option and ignores it: a column that is not there is refused by each."""
    frame = pd.DataFrame({"stype": TYPES * 5, "mine": [1, 2, 3, 2] * 5})
    frame.to_csv(tmp_path / "r.csv", index=False)
    frame.head(12).to_csv(tmp_path / "later.csv", index=False)
    needed = {
        "export": ["--to", "csv"],
        "tally": ["-o", str(tmp_path / "o.tally")],
        "waves": [str(tmp_path / "later.csv")],
    }
    takers = {words for words, one in COMMANDS.items() if "--weight" in options_of(one)}
    assert {("analyze",), ("match",), ("precision",), ("plan", "new")} <= takers
    for words in takers:
        line = [*words, str(tmp_path / "r.csv"), "--instrument", str(PATH), *needed.get(words[0], [])]
        refused = CliRunner().invoke(main, [*line, "--weight", "yours"])
        assert refused.exit_code == 2, words
        assert "yours" in refused.stderr, words


DESIGNED = pd.DataFrame(
    {"stype": TYPES, "Stratum": [1, 1, 2, 2], "psu": [1, 2, 3, 4], "fpc": [9] * 4, "层": [1, 1, 2, 2]}
    | {f"repwgt{number}": [1, 1, 0, 2] for number in range(1, 5)}
)


def test_columns_of_a_design_are_told_by_name_and_not_refused():
    told = {problem.key: problem for problem in survey.from_frame(DESIGNED, SCHOOLS).problems}
    names = [
        problem.values["header"]
        for problem in survey.from_frame(DESIGNED, SCHOOLS).problems
        if problem.key == "column_looks_design"
    ]
    assert names == ["Stratum", "psu", "fpc", "层"]
    assert told["columns_look_replicates"].values["count"] == 4  # once, not once a column
    assert "survey export --to r" in told["columns_look_replicates"].text()


@pytest.mark.parametrize(
    "name",
    ["repwgt1", "repwgt1,repwgt2", "repwgt1-80", "repwgt*", "REP_WGT_3", "brr 12", "replicate_weights"],
)
def test_replicate_weights_are_no_weight(name):
    with pytest.raises(survey.UsageError) as error:
        survey.from_frame(DESIGNED, SCHOOLS, weight=name)
    assert [problem.key for problem in error.value.problems] == ["weights_replicates"]


@pytest.mark.parametrize("name", ["rep1", "report", "weight1", "w_final", "group", "cluster_of_needs", "str"])
def test_other_names_are_no_part_of_a_design(name):
    assert not names_replicate_weights(name)


@pytest.mark.parametrize("option", ["--strata", "--psu", "--clusters", "--fpc", "--replicate-weights"])
@pytest.mark.parametrize(("lang", "said"), [("en", "sampling design"), ("zh", "抽样设计")])
def test_options_of_a_design_are_pointed_to_r(option, lang, said):
    refused = CliRunner().invoke(main, ["analyze", "r.csv", option, "x", "--lang", lang])
    assert refused.exit_code == 2
    assert option in refused.stderr
    assert said in refused.stderr
    assert "survey export --to r" in refused.stderr


def test_two_columns_of_the_name_are_refused(tmp_path):
    (tmp_path / "r.csv").write_text("stype,mine, Mine\ne,1,2\nm,3,4\n", encoding="utf-8")
    with pytest.raises(survey.UsageError) as error:
        survey.read_responses(tmp_path / "r.csv", SCHOOLS, weight="mine")
    (problem,) = error.value.problems
    assert problem.key == "weight_column_twice"
    assert "columns B, C" in problem.text()
    assert "cell C1" in problem.text()
