"""Number questions against R, and in every shape."""

import csv

import pandas as pd
import pytest

import survey
from tests.paths import EXAMPLES, ROOT

VALUES = {"all": [45, 0, 600, 30.5, 12, 12, 90], "low": [0, 12, 12], "two": [1, 4]}


def answers(values, **more):
    return survey.from_frame(pd.DataFrame({"spent": values, **more}), EXAMPLES / "everything.yaml")


def stored():
    with (ROOT / "tests" / "reference" / "numbers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("line", stored(), ids=lambda line: f"{line['key']}-{line['statistic']}")
def test_the_same_as_r(line):
    key, level = line["key"].split("@")
    row = survey.number_summary(answers(VALUES[key]), "spent", confidence=float(level)).iloc[0]
    assert row[line["statistic"]] == pytest.approx(float(line["value"]), rel=1e-10, abs=1e-10)


def test_groups_may_overlap_and_be_empty():
    found = answers(
        [1, 2, 3, None], rooms__coins=[1, 1, 0, 1], rooms__maps=[0, 1, 0, 0], rooms__ships=[0] * 4
    )
    table = survey.number_summary(found, "spent", banner="rooms").set_index("banner_code")
    assert table["base"].to_dict() == {"": 3, "coins": 2, "maps": 1, "ships": 0, "other": 0}  # never "none"
    assert table.loc["maps", "note"] == "one answer: no spread"
    assert table.loc["ships", "note"] == "nobody answered"
    assert table["reason"].tolist() == ["", "", "too_few_answers no_interval", "no_answer", "no_answer"]
    assert table.loc["coins", "mean"] == 1.5


def test_nobody_answered_and_all_the_same():
    assert survey.number_summary(answers([None, None], visit=["first"] * 2), "spent")["base"].tolist() == [0]
    row = survey.number_summary(answers([7, 7, 7]), "spent").iloc[0]
    assert (row["sd"], row["ci_low"], row["ci_high"]) == (0, 7, 7)


def test_only_numbers():
    with pytest.raises(survey.UsageError, match="needs one of kind number"):
        survey.number_summary(answers([1]), "remark")
