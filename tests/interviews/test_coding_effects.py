"""What another coding changes in every table: before and after, on the package and on another study."""

import re

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import survey
from survey.cli import main
from survey.errors import FindingsError
from survey.instrument.loading import parse_schema
from survey.interviews.coding_effects import TABLES
from survey.report.interviews.lists import changes_report
from survey.tables import CONTRACTS
from tests.interviews.samples import CLAIMS, FINE, SEGMENTS, SHAPES, canteen
from tests.interviews.test_propositions import WRITTEN
from tests.paths import ROOT

PAGES = {
    "| what the finer codes change |": ROOT / "docs" / "interviews.md",
    "| 更细的编码改变了什么 |": ROOT / "docs" / "zh" / "interviews.md",
}
BEFORE = """
| segment | participant | code      | direction |
|---------|-------------|-----------|-----------|
| s1      | a           | taste     | for       |
| s2      | b           | too_salty | for       |
| s3      | c           | taste     |           |
"""
AFTER = BEFORE.replace("| s1      | a           | taste    ", "| s1      | a           | too_salty").replace(
    "| s3      | c           | taste    ", "| s3      | c           | too_bland"
)
PEOPLE = "a=North b=North c=South"


@pytest.fixture(scope="module")
def effects():
    return survey.coding_effects(SEGMENTS, FINE, claims=CLAIMS, propositions="propositions", draws=200)


def change(frame, row_id, measure):
    row = frame[(frame["id"] == row_id) & (frame["measure"] == measure)].iloc[0]
    return row["before"], row["after"]


# -- the package ---------------------------------------------------------------------------------------------


def test_what_the_fine_codes_change_by_hand(effects):
    assert tuple(effects.columns) == CONTRACTS["coding_effect"]
    assert tuple(effects["table"].unique()) == tuple(table.contract for table in TABLES)
    assert change(effects, "code overseas_fund", "n") == (0, 2)  # D6 and B4: T011, T013
    assert change(effects, "code more_resources", "verdict") == ("nobody", "one person")
    assert change(effects, "code knowledge_based_resources", "by_group") == ("B 0/7, D 0/7", "B 0/7, D 3/7")
    assert change(effects, "4 2 0.05", "reached") == (11, 7)
    assert change(effects, "government_support_all", "n") == (6, 7)
    assert change(effects, "P20", "verdict") == ("undecided", "contradicted")
    assert change(effects, "D4", "n_against") == (2, 2)  # A035, T031
    assert change(effects, "tension market_share overseas_fund participant D6", "n_code") == (None, 1)


def test_the_page_has_the_table_of_what_changes(effects):
    """The table of the page is made of the numbers of the function."""
    rows = []
    for row_id, measure in (
        ("code overseas_fund", "n"),
        ("code more_resources", "n"),
        ("code funding", "n"),
        ("code knowledge_based_resources", "n"),
        ("code profit", "n"),
        ("code market_share", "n"),
        ("4 2 0.05", "reached"),
        ("government_support_all", "n"),
        ("market_share_all", "n"),
    ):
        before, after = change(effects, row_id, measure)
        rows.append(f"| {before} | {after} |")
    sides = effects[(effects["table"] == "both_sides") & (effects["measure"] == "n_code")]
    people = sides[sides["id"].str.contains(" participant ")]
    for kind in ("direction", "tension"):
        own = people[people["id"].str.startswith(kind)]
        rows.append(f"| {own['before'].notna().sum()} | {own['after'].notna().sum()} |")
    for head, page in PAGES.items():
        table = page.read_text(encoding="utf-8").partition(head)[2].partition("\n\n")[0]
        shown = [re.sub(r"^\| .*? \| (\S+ \| \S+ \|)$", r"| \1", line) for line in table.splitlines()[2:]]
        assert shown == rows


def test_nothing_changes_where_nothing_changed():
    frame = survey.coding_effects(SEGMENTS, SEGMENTS, draws=20)
    assert not frame["changed"].any()
    assert not {"interview_claim", "proposition"} & set(frame["table"])


# -- another study -------------------------------------------------------------------------------------------


def test_the_effects_on_another_study():
    propositions = parse_schema(WRITTEN, "mine.yaml")
    claim = pd.DataFrame(
        [{"claim": "C", "rule": "most", "code": "too_salty", "direction": "for", "statement": "Most say so"}]
    )
    before, after = canteen(BEFORE, PEOPLE), canteen(AFTER, PEOPLE)
    frame = survey.coding_effects(before, after, claims=claim, propositions=propositions, draws=20)
    assert change(frame, "code too_salty", "n_for") == (1, 2)
    assert change(frame, "code too_bland", "verdict") == ("nobody", "one person")
    assert change(frame, "C", "verdict") == ("undecided", "holds")
    assert change(frame, "P1", "n") == (1, 2)
    assert change(frame, "a", "n_for") == (1, 1)
    with pytest.raises(FindingsError):
        survey.coding_effects(before, after, propositions="propositions", draws=20)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape(shape):
    segments = SHAPES[shape]()
    assert not survey.coding_effects(segments, segments, draws=5)["changed"].any()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_workbook_shows_both_sides_by_side(lang):
    before, after = canteen(BEFORE, PEOPLE), canteen(AFTER, PEOPLE)
    report = changes_report(before, after, propositions=parse_schema(WRITTEN, "mine.yaml"), lang=lang)
    keys = [table.name for sheet in report.sheets for table in sheet.tables]
    assert keys == ["changes", "codebook_evidence", "saturation", "proposition"]
    evidence = report.sheets[1].tables[0]
    row = evidence.data.set_index("label").loc["Too salty"]
    assert (row["n_before"], row["n_after"]) == (1, 2)
    assert {column.form for column in evidence.columns} == {"text", "count"}
    turned = changes_report(before, canteen(BEFORE.replace("| for  ", "| mixed"), PEOPLE), lang=lang)
    assert "direction_before" in [column.key for column in turned.sheets[0].tables[0].columns]


def test_the_command(tmp_path):
    run = CliRunner()
    words = ["interviews", "changes", str(SEGMENTS), str(FINE)]
    out = run.invoke(main, [*words, "--claims", str(CLAIMS)])
    assert out.exit_code == 0, out.output
    assert "interview_claim\tgovernment_support_all\tAll interviewees want" in out.output
    assert "\tn\t6\t7\n" in out.output
    target = tmp_path / "c.xlsx"
    out = run.invoke(main, [*words, "--propositions", "propositions", "-o", str(target), "--lang", "zh"])
    assert out.exit_code == 0, out.output
    assert load_workbook(target).sheetnames[-1] == "命题"
    assert run.invoke(main, [*words, "--claims", str(tmp_path / "none.csv")]).exit_code == 2


# -- people --------------------------------------------------------------------------------------------------


def test_the_people_are_broken_down_by_what_is_printed_of_them():
    frame = survey.compare_cases(SEGMENTS, level="theme", by="company stage")
    assert list(dict.fromkeys(frame["group"])) == ["", "commercial", "pre-commercial"]
    quoted = survey.code_matrix(SEGMENTS, level="aim", by="quoted in the chapters")
    assert quoted.loc[quoted["group"] == "no", "participant"].unique().tolist() == ["B6"]
    level = survey.compare_cases(SEGMENTS, level="aim", by="level")
    assert level.loc[level["group"] == "management", "base"].unique().tolist() == [14]
    report = survey.analyze_interviews(SEGMENTS, by="company stage", draws=5)
    assert "commercial" in report.sheets[0].subtitle
