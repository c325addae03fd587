"""The audit: what hand work expects of the packaged findings, another survey, and files without something."""

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import survey
from survey.cli import main
from survey.errors import FindingsError
from survey.published.audit.verdicts import audit
from survey.published.bounds import group_share
from survey.published.bounds.conflicts import smallest_conflict
from survey.tables import CONTRACTS
from tests.paths import EXAMPLES, FINDINGS

SIZE = "N,,figure,,,all,respondents,=,60,0,,,"


def keyed(frame):
    return frame.set_index("finding")


class TestFigures:
    def test_verdicts(self, audited):
        frame = keyed(audited.figures)
        assert len(frame) == 55
        assert tuple(audited.figures.columns) == CONTRACTS["audited_figure"]
        assert frame["verdict"].value_counts().to_dict() == {
            "exact": 45,
            "bound holds": 8,
            "only if rounded twice": 2,
        }
        assert set(frame.index[frame["verdict"] == "only if rounded twice"]) == {"M01", "M02"}

    def test_the_habit_that_would_rescue_is_contradicted(self, audited):
        reason, note = keyed(audited.figures).loc["M01", ["reason", "note"]]
        assert reason == "other_rounding rounding_contradicted"
        assert "29 of 42 is 69.0476%" in note
        assert "contradicted by C04" in note
        assert keyed(audited.figures).loc["C04", "rounded_twice"] == ""

    def test_parts_are_added_as_counts(self, audited):
        assert "53 + 57 = 110" in keyed(audited.figures).loc["C03", "note"]
        assert keyed(audited.figures).loc["C03", "reason"] == "parts_add_up"

    def test_every_verdict_of_a_figure_occurs(self, clinics):
        rows = [
            SIZE,
            "A,,figure,worries,delays,all,share_rated_1,=,1.6,1,,,",  # 1 of 60 is 1.67
            "B,,figure,worries,delays,all,share_rated_2,=,33.4,1,,,",  # no count
            "C,,figure,worries,staff,all,share_rated_2,=,35.0,1,20,,",  # 20 of 60 is 33.3
            "D,,figure,worries,prices,all,top_3_box,<,50,0,,,",
            "E,,figure,worries,staff,all,top_3_box,=,62,0,,40,",  # 25 of 40 is 62.5: half to even
        ]
        frame = keyed(audit(clinics(rows)).figures)
        assert frame.loc["A":"E", "verdict"].tolist() == [
            *("only if truncated", "impossible", "impossible", "bound holds", "exact"),
        ]
        assert frame.loc["E", ["half_up", "half_even"]].tolist() == ["", "25/40"]
        assert "20 of 60 is 33.3333" in frame.loc["C", "note"]
        assert frame.loc["A":"E", "reason"].tolist() == [
            *("other_rounding", "", "stated_count", "", "other_rounding"),
        ]

    def test_no_size_leaves_figures_without_a_base(self, clinics):
        rows = [
            "A,,figure,buyer,owner,all,share_selecting,=,35.0,1,,,",
            "B,,figure,buyer,manager,all,share_selecting,=,50.0,1,,20,",
            "T,,statement,buyer,owner,all,rank,=,1,,,,",
        ]
        found = audit(clinics(rows))
        assert keyed(found.figures)["verdict"].to_dict() == {"A": "no base", "B": "exact"}
        assert keyed(found.figures)["reason"].to_dict() == {"A": "no_base", "B": ""}
        assert found.statements["verdict"].tolist() == ["undetermined"]
        assert found.bases.empty
        assert found.bounds.empty


class TestBases:
    def test_alone_and_in_one_joint_table(self, audited):
        found = {
            (group, name): rows["base"].tolist()
            for (group, name), rows in audited.bases.groupby(["group", "verdict"])
        }
        assert found == {
            ("independent", "survives"): [42, 84],
            ("independent", "removed"): [126],
            ("co_development", "survives"): [29, 58, 87],
            ("co_development", "removed"): [116],
            ("licensing", "survives"): [90],
            ("newco", "survives"): [41, 71, 82, 112],
            ("newco", "removed"): [123],
        }
        smallest = audited.bases[audited.bases["smallest"]]
        assert dict(zip(smallest["group"], smallest["base"], strict=True)) == {
            "independent": 42, "co_development": 29, "licensing": 90, "newco": 41,
        }  # fmt: skip
        assert set(audited.bases.loc[audited.bases["unique"], "group"]) == {"licensing"}

    def test_what_removes_a_base_can_be_checked_by_hand(self, audited):
        """33 of 137 lack the need, 39 of the 126 do; 76 of 116 and 78 of 123 are above 75."""
        removed = audited.bases[audited.bases["verdict"] == "removed"].set_index("group")["lines"]
        assert removed.to_dict() == {
            "independent": "S01 (27), M02 (39)",
            "co_development": "S03 (29), M06 (43)",
            "newco": "S03 (29), M14 (51)",
        }
        removed = audited.bases[audited.bases["verdict"] == "removed"]
        assert removed["note"].str.contains("proved").all()
        assert set(removed["reason"]) == {"contradicted"}

    def test_every_combination_of_the_rest_has_a_table(self, audited):
        assert len(audited.combinations) == 2 * 3 * 1 * 4
        assert not audited.combinations.duplicated().any()


class TestStatements:
    def test_verdicts_of_hand_work(self, audited):
        verdicts = keyed(audited.statements)["verdict"]
        assert len(verdicts) == 59
        assert verdicts["T25"] == "undetermined"
        assert verdicts["T04"] == "undetermined"
        assert verdicts["T07"] == "contradicted"
        assert verdicts["T16"] == "contradicted"
        assert verdicts["T19"] == "contradicted"
        assert verdicts["T03"] == "supported"
        assert verdicts["T17"] == "undetermined"
        assert verdicts["T20"] == "undetermined: not testable"

    def test_reasons_in_numbers(self, audited):
        reasons = keyed(audited.statements)["why"]
        assert "shares the place 3 with Clinical trials abroad" in reasons["T03"]
        assert "33 of 137" in reasons["T16"]
        for told in ("p .0156 to .3713", "p .0078 to .3020", "p .0020 to .1934"):
            assert told in reasons["T04"]

    def test_every_verdict_names_test_bases_and_assumptions(self, audited):
        tested = audited.statements[~audited.statements["verdict"].str.contains("not")]
        assert (tested[["why", "test", "bases", "assumptions"]] != "").all(axis=None)

    def test_p_values_of_hand_work(self, audited):
        frame = audited.bounds.set_index("quantity")
        assert (frame["status"] == "optimal").sum() > 30
        against = "item_p_value(challenges, overseas_commercialization, {})".format
        for other, low, high in [
            ("regulatory_barriers", 0.015625, 0.3713),
            ("geopolitics", 0.0078125, 0.3020),
            ("overseas_clinical_trials", 0.0078125, 0.3020),
            ("ip_protection", 0.001953125, 0.1934),
        ]:
            assert frame.loc[against(other), "low"] == pytest.approx(low, abs=1e-9)
            assert frame.loc[against(other), "high"] == pytest.approx(high, abs=5e-5)
        for other in ("overseas_talent", "overseas_manufacturing", "overseas_supply_chain"):
            assert frame.loc[against(other), "high"] < 0.017
        legal = "group_p_value(support_needs, contract_legal_diligence, co_development, {})".format
        assert frame.loc[legal("newco"), "low"] > 0.230  # z below 1.2
        assert frame.loc[legal("licensing"), "low"] < 0.05 < frame.loc[legal("licensing"), "high"]


def test_another_survey_works_the_same(tmp_path, write_findings):
    rows = [
        "N,,figure,,,all,respondents,=,40,0,,,",
        "A1,,figure,channels,agents,all,share_selecting,=,50.0,1,,,",
        "A2,,figure,channels,online,all,share_selecting,=,75.0,1,,,",
        "B1,,figure,hurdles,capital,all,top_2_box,=,90.0,1,,,",
        "B2,,figure,hurdles,law,all,top_2_box,=,40.0,1,,,",
        "B3,,figure,hurdles,capital,agents,top_2_box,=,80.0,1,,,",
        "B4,,figure,hurdles,capital,online,top_2_box,=,90.0,1,,,",
        "T1,,statement,hurdles,capital,agents,highest_across_groups,=,,,,,",
        "T2,,statement,hurdles,capital,all,rank,=,1,,,,",
        "T3,,statement,hurdles,capital,all,vivid,=,,,,,",
        "T4,,statement,hurdles,law,all,faced_by_everyone,=,,,,,",
    ]
    path = write_findings(tmp_path / "own.csv", rows)
    found = audit(survey.read_findings(path, EXAMPLES / "overlapping-groups.yaml"), lang="zh")
    assert found.bases[["group", "base"]].values.tolist() == [["agents", 20], ["online", 30]]
    assert set(found.figures["verdict"]) == {"exact"}
    assert keyed(found.statements)["verdict"].to_dict() == {
        "T1": "contradicted",
        "T2": "undetermined",  # six hurdles are not published: each may reach every respondent
        "T3": "undetermined: not testable",
        "T4": "contradicted",
    }
    spans = found.bounds.set_index("quantity")[["low", "high"]]
    # Not 20: four agents do not rate capital high, and only three of those online do not.
    assert spans.loc["overlap(agents, online)"].tolist() == [10, 19]
    report = survey.audit_report(found)
    assert [sheet.name for sheet in report.sheets][1:] == ["数字", "检验", "说明"]
    survey.write_report(report, tmp_path / "own.xlsx")


def test_single_choice_groups_work_the_same(clinics, clinic_rows):
    extra = [
        "T1,,statement,buyer,owner,all,rank,=,1,,,,",
        "T2,,statement,worries,prices,private,significantly_higher_than_other_groups,=,,,,,",
        "T3,,statement,worries,prices,all,significantly_higher_than_every_other_item,=,,,,,",
    ]
    found = audit(clinics([*clinic_rows, *extra]))
    assert set(found.figures["verdict"]) <= {"exact", "bound holds"}
    assert found.statements["verdict"].tolist() == ["undetermined"] * 3
    assert not found.bounds["quantity"].str.startswith("overlap").any()  # nobody is in two of them


def test_two_items_of_three_respondents_without_a_banner(tmp_path, write_findings):
    rows = [
        "N,,figure,,,all,respondents,=,3,0,,,",
        "A,,figure,markets,asia,all,share_selecting,=,66.7,1,,,",
        "B,,figure,markets,nowhere,all,share_selecting,=,33.3,1,,,",
        "T,,statement,markets,asia,all,rank,=,1,,,,",
        "U,,statement,visits,ours,all,significantly_higher_than_every_other_item,=,,,,,",
    ]
    path = write_findings(tmp_path / "own.csv", rows)
    found = audit(survey.read_findings(path, EXAMPLES / "no-defaults.yaml"))
    assert found.bases.empty
    assert keyed(found.statements)["verdict"].to_dict() == {
        "T": "supported",  # one of three chose nowhere, so Europe can at most tie
        "U": "contradicted",  # three respondents can never differ significantly
    }
    survey.write_report(survey.audit_report(found), tmp_path / "own.xlsx")


def test_statements_about_the_groups_themselves(tmp_path, write_findings):
    rows = [
        "N,,figure,,,all,respondents,=,8,0,,,",
        "A,,figure,channels,agents,all,share_selecting,=,62.5,1,,,",
        "B,,figure,channels,online,all,share_selecting,=,50.0,1,,,",
        "T1,,statement,channels,agents,all,faced_by_everyone,=,,,,,",
        "T2,,statement,channels,branches,all,faced_by_everyone,=,,,,,",
        "T3,,statement,channels,online,agents,lower_than_other_groups,=,,,,,",
        "T4,,statement,channels,branches,agents,highest_across_groups,=,,,,,",
        "T5,,statement,channels,agents,online,significantly_higher_than_other_groups,=,,,,,",
        "T6,,statement,channels,agents,all,similar_to:branches,=,,,,,",
        "T7,,statement,channels,agents,agents,rank,=,1,,,,",
    ]
    path = write_findings(tmp_path / "own.csv", rows)
    findings = survey.read_findings(path, EXAMPLES / "overlapping-groups.yaml")
    found = keyed(audit(findings).statements)
    assert found.loc["T1", ["verdict", "why"]].tolist() == ["contradicted", "3 of 8 did not choose it"]
    assert "-80.0 to -20.0 points" in found.loc["T3", "why"]  # one to four of five, against all of four
    for name in ("T2", "T4"):  # no figure is about the branches
        assert found.loc[name, "verdict"] == "undetermined"
        assert "Branches" in found.loc[name, "why"]
    assert "-37.5 to 62.5 points" in found.loc["T6", "why"]  # five agents, none to eight with branches
    assert found.loc["T7", "verdict"] == "supported"  # every agent is one, so nothing is above
    share = survey.bounds(findings, group_share("channels", "agents", "online"))
    assert share.loc[0, ["low", "high"]].tolist() == [0.25, 1]  # Frechet: one to four of four
    with pytest.raises(survey.SurveyError, match="branches"):
        survey.bounds(findings, group_share("channels", "branches", "online"))


def test_everyone_in_every_group(tmp_path, write_findings):
    shares = [
        f"A{name},,figure,channels,{name},all,share_selecting,=,100,0,,," for name in ("agents", "online")
    ]
    shares += [
        "L,,figure,hurdles,law,agents,top_2_box,=,50,0,,,",
        "T,,statement,hurdles,law,agents,significantly_higher_than_other_groups,=,,,,,",
    ]
    path = write_findings(tmp_path / "own.csv", ["N,,figure,,,all,respondents,=,8,0,,,", *shares])
    found = audit(survey.read_findings(path, EXAMPLES / "overlapping-groups.yaml"))
    spans = found.bounds.set_index("quantity")
    assert spans.loc["overlap(agents, online)", ["low", "high", "verdict"]].tolist() == [8, 8, "fixed"]
    assert found.statements["verdict"].tolist() == ["contradicted"]  # the same people cannot differ


class TestContradictions:
    def test_the_smallest_set_of_lines_is_told(self, clinics):
        rows = [
            SIZE,
            "A,,figure,worries,prices,all,top_3_box,=,50.0,1,,,",
            "B,,figure,worries,prices,all,share_rated_7,=,20.0,1,,,",
            "C,,figure,worries,prices,all,share_rated_6,=,20.0,1,,,",
            "D,,figure,worries,prices,all,share_rated_5,=,20.0,1,,,",
            "E,,figure,worries,staff,all,share_rated_5,=,60.0,1,,,",
            "F,,figure,worries,staff,all,top_3_box,=,50.0,1,,,",
        ]
        with pytest.raises(FindingsError) as error:
            audit(clinics(rows))
        told = error.value.problems
        # two lines first, not four; then the four that cannot hold together either
        assert [problem.place.line for problem in told] == [7, 8, 3, 4, 5, 6]
        assert {problem.key for problem in told} == {"findings_conflict_smallest"}
        assert all(problem.text("zh") for problem in told)

    @pytest.mark.parametrize("seed", range(8))
    def test_smallest_conflict_is_that_of_enumeration(self, seed):
        from itertools import combinations
        from random import Random

        rng = Random(seed)
        lines = list(range(7))
        bad = [frozenset(rng.sample(lines, rng.randint(2, 4))) for _ in range(4)]

        def agree(some):
            return not any(one <= some for one in bad)

        found = smallest_conflict(lines, agree)
        fewest = next(
            size for size in range(8) if any(not agree(frozenset(some)) for some in combinations(lines, size))
        )
        assert found.smallest
        assert len(found.lines) == fewest
        assert not agree(frozenset(found.lines))

    def test_given_up_at_once_no_line_can_be_spared(self):
        found = smallest_conflict(range(6), lambda some: not {1, 4} <= some, tries=0)
        assert found == ((1, 4), False)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("T,,statement,worries,,all,rank,=,1,,,,", "'rank' needs a question"),
        ("T,,statement,worries,prices,all,rank,=,first,,,,", "rank 'first'"),
        ("T,,statement,worries,,all,rank_order,=,prices>stuff,,,,", "'stuff' is not an option"),
        ("T,,statement,worries,,all,top_k,=,,,,,", "needs its items"),
        ("T,,statement,worries,prices,all,similar_to:stuff,=,,,,,", "'stuff' is not an option"),
        ("T,,statement,worries,prices,all,highest_across_groups,=,,,,,", "Name the group"),
        ("T,,statement,worries,prices,groups,rank,=,1,,,,", "one group or of all"),
    ],
)
def test_wrong_statement_is_told_with_its_line(clinics, row, says):
    with pytest.raises(FindingsError, match=says) as error:
        clinics([SIZE, row])
    assert "line 3" in str(error.value)
    assert all(problem.text("zh") for problem in error.value.problems)


class TestCommand:
    def test_writes_the_workbook_and_tells_the_verdicts(
        self, tmp_path, clinic_schema, write_findings, clinic_rows
    ):
        path = write_findings(tmp_path / "clinics.csv", clinic_rows)
        target = tmp_path / "audit.xlsx"
        result = CliRunner().invoke(
            main, ["audit", str(path), "-o", str(target), "--instrument", str(clinic_schema)]
        )
        assert result.exit_code == 0, result.output
        assert "Figures: 10" in result.output
        assert str(target) in result.output
        book = load_workbook(target)
        assert book.sheetnames == ["Claims", "Figures", "Notes"]

    def test_without_a_target_writes_nothing(self, tmp_path, clinic_schema, write_findings, clinic_rows):
        path = write_findings(tmp_path / "clinics.csv", clinic_rows[:4])
        result = CliRunner().invoke(
            main, ["audit", str(path), "--instrument", str(clinic_schema), "--lang", "zh"]
        )
        assert result.exit_code == 0
        assert "数字：4项" in result.output
        assert sorted(one.name for one in tmp_path.iterdir()) == ["clinics.csv"]

    def test_bad_file_and_bad_target_are_told(self, tmp_path):
        bad = tmp_path / "bad.csv"
        bad.write_text("claim\nA\n", encoding="utf-8")
        result = CliRunner().invoke(main, ["audit", str(bad), "-o", str(tmp_path / "audit.xlsx")])
        assert (result.exit_code, (tmp_path / "audit.xlsx").exists()) == (1, False)
        assert CliRunner().invoke(main, ["audit", str(FINDINGS), "-o", "audit.csv"]).exit_code == 2
        assert CliRunner().invoke(main, ["audit", str(tmp_path / "none.csv")]).exit_code == 2


def test_workbook_of_the_packaged_findings(audited, tmp_path):
    report = survey.audit_report(audited, command="survey audit")
    kinds = [picture.kind for sheet in report.sheets for picture in sheet.pictures]
    assert kinds == ["bases", "p_intervals"]
    survey.write_report(report, tmp_path / "audit.xlsx")
    frame = pd.read_excel(tmp_path / "audit.xlsx", sheet_name="Tests", header=None, engine="openpyxl")
    assert frame.astype(str).apply(lambda column: column.str.contains("contradicted")).to_numpy().sum() >= 3
