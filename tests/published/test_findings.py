"""Reading published findings: what is read, and every way a file can be wrong."""

import hashlib
import re

import pytest

from survey.errors import FindingsError, UsageError
from survey.instrument import load_instrument
from survey.published.findings import findings_for, read_findings
from survey.published.findings.reading import COLUMNS

SIZE = "N,,figure,,,all,respondents,=,137,0,,,"
SHARE = "A,p. 1,figure,challenges,geopolitics,all,top_2_box,=,80.3,1,,,"


def told(error):
    return error.value.text("en", limit=None)


class TestPackaged:
    def test_holds_55_figures_and_59_statements(self, findings):
        assert (len(findings.figures), len(findings.statements)) == (55, 59)
        assert list(findings.figures.columns) == [*COLUMNS, "line"]
        assert findings.respondents == 137

    def test_values_stay_as_printed(self, findings):
        printed = findings.figures.set_index("claim")["published"]
        assert printed["M10"] == "60.0"
        assert printed["G01"] == "69.34"
        assert printed["S04"] == "50"

    def test_lines_are_those_of_the_file(self, findings, published_path):
        lines = published_path.read_text(encoding="utf-8").splitlines()
        for frame in (findings.figures, findings.statements):
            for row in frame.itertuples():
                assert lines[row.line - 1].startswith(f"{row.claim},")

    def test_sidecar_says_where_they_come_from(self, findings, published_path):
        assert findings.instrument.reference == "executive-survey@1.0.0"
        assert findings.wave == "2026-04"
        assert findings.licence == "CC0-1.0"
        assert findings.said("zh") != findings.said("en") == findings.said("fr")
        assert findings.hash == hashlib.sha256(published_path.read_bytes()).hexdigest()
        assert findings.assumptions.leanings["firm_type"]["biotech"] == ("licensing", "newco")
        assert findings.assumptions.note

    def test_are_found_by_instrument_and_wave(self, findings, published_path, clinic_schema):
        assert findings_for(findings.instrument, "2026-04") == published_path
        assert findings_for(findings.instrument, "2027-04") is None
        assert findings_for(findings.instrument, "") is None
        assert findings_for(load_instrument(clinic_schema), "2026-04") is None


class TestInstrument:
    def test_is_found_by_ids(self, tmp_path, write_findings):
        findings = read_findings(write_findings(tmp_path / "own.csv", [SIZE, SHARE]))
        assert findings.instrument.id == "executive-survey"
        assert findings.said() == "own"
        assert findings.assumptions.leanings == {}

    def test_may_be_another(self, clinics):
        findings = clinics()
        assert findings.instrument.id == "clinic-survey"
        assert [figure.codes for figure in findings.parsed()][5:] == [
            (5, 6, 7),
            (7,),
            (5, 6, 7),
            (1,),
            (6, 7),
        ]

    def test_sidecar_may_name_a_file_beside_it(self, tmp_path, clinic_schema, write_findings, clinic_rows):
        (tmp_path / "mine.yaml").write_text(clinic_schema.read_text(encoding="utf-8"), encoding="utf-8")
        path = write_findings(tmp_path / "clinics.csv", clinic_rows)
        (tmp_path / "clinics.yaml").write_text("instrument: mine.yaml\nwave: 2025\n", encoding="utf-8")
        findings = read_findings(path)
        assert (findings.instrument.id, findings.wave) == ("clinic-survey", "2025")

    @pytest.mark.parametrize(
        ("line", "wanted"),
        [
            ("audit: {level: 0}", "audit.level is 0; it must be more than 0"),
            ("audit: {level: 1}", "audit.level is 1; it must be less than 1"),
            (
                "reconstruction: {dependence: 0.95}",
                "dependence is 0.95; it must be at most 0.9",
            ),
            ("audit: {level: low}", "audit.level is 'low', where a number is needed"),
            ("reconstruction: {weigths: {}}", "Did you mean: weights"),
            ("licence: [a]", "licence is a list or a mapping, where text is needed"),
        ],
    )
    def test_sidecar_with_a_fault_is_told_in_the_language(self, tmp_path, write_findings, line, wanted):
        path = write_findings(tmp_path / "own.csv", [SIZE, SHARE])
        path.with_suffix(".yaml").write_text(f"{line}\n", encoding="utf-8")
        with pytest.raises(FindingsError) as caught:
            read_findings(path)
        assert wanted in str(caught.value)
        said = caught.value.text("zh")
        assert not re.search(r"input|should|valid|must", said)

    def test_that_nobody_has_is_an_error(self, tmp_path, write_findings):
        path = write_findings(tmp_path / "own.csv", [SIZE, SHARE.replace("challenges", "colours")])
        with pytest.raises(UsageError, match="executive-survey"):
            read_findings(path)

    def test_that_several_have_is_an_error_that_lists_them(
        self, tmp_path, clinic_schema, monkeypatch, write_findings, clinic_rows
    ):
        from survey.instrument.loading import Known
        from survey.published.findings import reading as module

        other = tmp_path / "other.yaml"
        text = clinic_schema.read_text(encoding="utf-8").replace("clinic-survey", "other-survey")
        other.write_text(text, encoding="utf-8")
        known = [Known("a", "1.0.0", "survey", clinic_schema), Known("b", "1.0.0", "survey", other)]
        monkeypatch.setattr(module, "list_instruments", lambda kind: known)
        path = write_findings(tmp_path / "clinics.csv", clinic_rows)
        with pytest.raises(UsageError, match=r"clinic-survey@1\.0\.0, other-survey@1\.0\.0"):
            read_findings(path)
        assert read_findings(path, clinic_schema).instrument.id == "clinic-survey"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (SHARE.replace("challenges", "chalenges"), "'chalenges' is not a question of .*challenges"),
        (SHARE.replace("geopolitics", "geopolitcs"), "'geopolitcs' is not an option or item.*geopolitics"),
        (SHARE.replace("all", "licencing"), "'licencing' is no group.*licensing"),
        (SHARE.replace("all", "groups"), "'groups' is no group"),
        (SHARE.replace("top_2_box", "top_two"), "statistic 'top_two' is not known.*top_2_box"),
        (SHARE.replace("top_2_box", "top_5_box"), "statistic 'top_5_box' is not known"),
        (SHARE.replace("top_2_box", "share_rated_6"), "statistic 'share_rated_6' is not known"),
        (SHARE.replace("top_2_box", "share_selecting"), "does not fit the rating question.*top_2_box"),
        (SHARE.replace("top_2_box", "respondents"), "belongs to no question"),
        (SHARE.replace("challenges,geopolitics", ","), "needs a question and an item"),
        (SHARE.replace("=", "~"), "comparator '~' is not known"),
        (SHARE.replace("80.3", "80.3%"), "'80.3%' is not a number"),
        (SHARE.replace("80.3", "-3.0"), "'-3.0' is not a number"),
        (SHARE.replace("80.3", ""), "'' is not a number"),
        (SIZE.replace("137", "1" + "0" * 30), f"1{'0' * 30} is above 999999"),
        (SHARE.replace("80.3,1,,", "80.3,1,,1000000"), "1000000 is above 999999"),
        (SHARE.replace("80.3", "180.3"), "180.3 is above 100"),
        (SHARE.replace("80.3,1", "80.3,2"), "'80.3' has 1 decimal, .* says 2"),
        (SHARE.replace("80.3,1", "80,1"), "'80' has 0 decimals, .* says 1"),
        (SHARE.replace("1,,,", "1,many,,"), "'many' in 'stated_count' is not a whole number"),
        (SHARE.replace("1,,,", "1,,4.5,"), "'4.5' in 'stated_base' is not a whole number"),
        (SHARE.replace("figure", "rumour"), "kind 'rumour' is not known.*figure, statement"),
        (SHARE.replace("A,", "N,", 1), "claim 'N' is already used in line 2"),
        (SHARE.replace("A,", ",", 1), "claim has no id"),
        (SHARE + "one, two", "14 cells, the header 13"),
    ],
)
def test_wrong_row_is_told_with_its_line(executive, row, says):
    with pytest.raises(FindingsError) as error:
        executive([SIZE, row])
    assert "line 3" in told(error)
    assert re.search(says, told(error))
    assert all(problem.text("zh") for problem in error.value.problems)


def test_number_of_respondents_is_whole(executive):
    with pytest.raises(FindingsError, match=r"'137\.0' is not a number"):
        executive([SIZE.replace("137,0", "137.0,1")])


def test_problems_come_all_at_once_in_the_order_of_lines(executive):
    with pytest.raises(FindingsError) as error:
        executive([SIZE, SHARE.replace("=,80.3", "~,180"), SHARE.replace("challenges", "nothing")])
    assert [problem.place.line for problem in error.value.problems] == [3, 3, 3, 4, 4]
    assert {problem.place.subject for problem in error.value.problems} == {"A", ""}


def test_lines_count_cells_that_hold_line_breaks(executive):
    with pytest.raises(FindingsError, match="line 4"):
        executive([SIZE[:-1] + ',"a note\nof two lines"', SHARE.replace("=", "~")])


def test_blank_lines_and_extra_columns_are_ignored(executive):
    header = ",".join([*COLUMNS, "seen_by"])
    findings = executive([SIZE + ",me", "", SHARE + ",you", ",,,"], header=header)
    assert list(findings.figures["line"]) == [2, 4]
    assert "seen_by" not in findings.figures


def test_statement_is_read_and_its_ids_are_checked(executive):
    rest = "groups,distinct_profiles,=,,,,,a note"
    findings = executive([SIZE, f"T,ch. 1,statement,support_needs,,{rest}"])
    assert list(findings.statements["statistic"]) == ["distinct_profiles"]
    with pytest.raises(FindingsError, match="'support' is not a question"):
        executive([SIZE, f"T,ch. 1,statement,support,,{rest}"])


class TestFile:
    def test_missing_is_a_usage_error(self, tmp_path):
        with pytest.raises(UsageError, match="There is no file"):
            read_findings(tmp_path / "none.csv")
        with pytest.raises(UsageError, match="is a folder"):
            read_findings(tmp_path)

    def test_not_utf8_is_told_with_the_line(self, tmp_path):
        path = tmp_path / "own.csv"
        path.write_bytes(f"{','.join(COLUMNS)}\n{SIZE}caf\xe9\n".encode("latin-1"))
        with pytest.raises(FindingsError, match=r"own.csv, line 2: .* UTF-8"):
            read_findings(path)

    @pytest.mark.parametrize("content", ["", "\n\n", ",".join(COLUMNS), "\ufeff"])
    def test_empty_is_told(self, tmp_path, content):
        path = tmp_path / "own.csv"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(FindingsError, match="no findings"):
            read_findings(path)

    def test_open_quote_is_told(self, tmp_path, write_findings):
        with pytest.raises(FindingsError, match="not readable CSV"):
            read_findings(write_findings(tmp_path / "own.csv", [SIZE[:-1] + ',"open']))

    def test_missing_columns_are_told_together(self, tmp_path):
        path = tmp_path / "own.csv"
        path.write_text("claim,question\nA,challenges\n", encoding="utf-8")
        with pytest.raises(FindingsError) as error:
            read_findings(path)
        assert len(error.value.problems) == len(COLUMNS) - 2
        assert "'published' is missing" in told(error)

    def test_missing_column_does_not_hide_other_problems(self, executive):
        header = ",".join(COLUMNS[:-1])
        with pytest.raises(FindingsError) as error:
            executive([SIZE[:-1], SHARE[:-1].replace("=", "~")], header=header)
        assert [problem.place.line for problem in error.value.problems] == [1, 3]

    def test_column_twice_is_told(self, executive):
        with pytest.raises(FindingsError, match="'note' stands twice"):
            executive([SIZE + ","], header=",".join([*COLUMNS, "note"]))

    def test_byte_order_mark_and_windows_lines_are_read(self, tmp_path):
        path = tmp_path / "own.csv"
        path.write_bytes(f"\ufeff{','.join(COLUMNS)}\r\n{SIZE}\r\n{SHARE}\r\n".encode())
        assert list(read_findings(path).figures["line"]) == [2, 3]


class TestSidecar:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("titel: {en: x}", "titel"),
            ("wave: [1, 2]", "wave"),
            ("title: {en: x", "not readable YAML"),
            ("reconstruction: {dependence: 2}", r"reconstruction\.dependence"),
            ("reconstruction: {leanings: {firm_typ: {}}}", "'firm_typ' is not a question.*firm_type"),
            ("reconstruction: {leanings: {firm_type: {bio: [newco]}}}", "'bio' is not an option"),
            (
                "reconstruction: {leanings: {firm_type: {biotech: [undecided]}}}",
                "'undecided' is not an option",
            ),
            ("reconstruction: {weights: {challenges: {6: 1}}}", "'6' is not an option"),
            (
                "reconstruction: {weights: {expansion_models: {undecided: 4}}}",
                r"expansion_models\.undecided is 4; it must be at most 1",
            ),
        ],
    )
    def test_wrong_is_told(self, tmp_path, text, says, write_findings):
        path = write_findings(tmp_path / "own.csv", [SIZE, SHARE])
        path.with_suffix(".yaml").write_text(text, encoding="utf-8")
        with pytest.raises(FindingsError, match=says) as error:
            read_findings(path)
        assert "own.yaml" in told(error)

    def test_not_utf8_is_told(self, tmp_path, write_findings):
        path = write_findings(tmp_path / "own.csv", [SIZE, SHARE])
        path.with_suffix(".yaml").write_bytes(b"source: caf\xe9")
        with pytest.raises(FindingsError, match="UTF-8"):
            read_findings(path)
