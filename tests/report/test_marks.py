"""What the margins say of each result: found, stored with a reconstruction, printed beside every table."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.ingest.provenance import BOUNDED, FIXED, OPEN, Mark, RuleCount, Screening, key_of
from survey.report.mark_words import mark_text, range_text
from tests.paths import EXAMPLES, SAMPLE
from tests.published.conftest import CLINIC_FIGURES, CLINICS, _write


@pytest.fixture(scope="module")
def sample():
    return survey.read_responses(SAMPLE)


@pytest.fixture(scope="module")
def report_of_sample(sample):
    """The report of the sample as it is; for tests that only read it."""
    return survey.analyze(sample)


@pytest.fixture(scope="module")
def clinics(tmp_path_factory):
    """Findings of another survey: a single banner, a scale of seven points, a number."""
    folder = tmp_path_factory.mktemp("clinics")
    (folder / "clinic-survey.yaml").write_text(CLINICS, encoding="utf-8")
    return survey.read_findings(_write(folder / "clinics.csv", CLINIC_FIGURES), folder / "clinic-survey.yaml")


@pytest.fixture(scope="module")
def marked(clinics):
    """A marked reconstruction of that survey, over four draws."""
    draws = [survey.reconstruct(clinics, seed=seed) for seed in range(1, 5)]
    return survey.mark_results(survey.reconstruct(clinics), clinics, data_sets=draws)


def fixed(report, measure, **ids):
    """What the long table says that the figures leave of the results of a measure, by item or option."""
    data = report.sheet("Data").tables[0].data
    data = data[(data["measure"] == measure) & (data["table"] != "published")]
    for name, value in ids.items():
        data = data[data[name] == value]
    return dict(zip(data["item"].where(data["item"] != "", data["code"]), data["fixed"], strict=True))


def unfixed(report):
    """How many numbers of a report are marked as not fixed, by sheet."""
    return {
        sheet.name: sum(
            "unfixed" in codes
            for table in sheet.tables
            for column in table.columns
            for codes in table.marks(column)
        )
        for sheet in report.sheets
    }


# -- words and store ------------------------------------------------------------------------------------


def test_words_of_a_mark():
    mark = Mark(BOUNDED, (0.3, 0.4), (0.25, 0.5))
    assert mark_text(mark, "share", "en") == "25.0\N{EN DASH}50.0% (draws 30.0\N{EN DASH}40.0%)"
    assert mark_text(Mark(BOUNDED, (3, 5)), "count", "en") == "draws 3\N{EN DASH}5"
    assert mark_text(Mark(OPEN), "p", "zh") == "未定"
    assert range_text("p", 0.00001, 0.0371) == "<.0001\N{EN DASH}.0371"
    assert range_text("share", 0.7317, 0.7324) == "73.2%"


def test_marks_survive_a_workbook_and_change_no_answer(marked, clinics, tmp_path):
    path = survey.write_responses(marked, tmp_path / "marked.xlsx")
    read = survey.read_responses(path, clinics.instrument)
    made = read.provenance.reconstruction
    assert made == marked.provenance.reconstruction
    assert (len(made.marks) > 50, made.mark_draws) == (True, 4)
    pd.testing.assert_frame_equal(read.data, marked.data)
    assert made.fixed == survey.reconstruct(clinics).provenance.reconstruction.fixed


# -- what is found ---------------------------------------------------------------------------------------


def test_marks_hold_every_draw_and_say_what_the_figures_print(marked):
    marks = marked.provenance.reconstruction.marks
    for found in marks.values():
        for mark in found.values():
            if mark.draws and mark.proved:
                assert mark.proved[0] - 1e-6 <= mark.draws[0] <= mark.draws[1] <= mark.proved[1] + 1e-6
    assert marks[key_of("importance", ("worries", "prices"))]["proportion"] == Mark(FIXED)  # 71.7 % of 60
    assert marks[key_of("frequency", ("sector", "", "charity"))]["proportion"] == Mark(
        FIXED
    )  # 60 less 30 and 17
    share = marks[key_of("crosstab", ("worries", "staff", "sector", "charity"))]
    assert share["base"] == Mark(FIXED)
    assert share["proportion"].proved == pytest.approx((4 / 13, 1))  # more than 30 % in the upper two points
    assert marks[key_of("importance", ("worries", "delays"))]["proportion"] == Mark(OPEN)


def test_a_reconstruction_of_the_survey_itself(sample):
    """The marks that the sample carries are those that the figures prove."""
    marks = sample.provenance.reconstruction.marks
    assert len(marks) > 400
    top = marks[key_of("importance", ("challenges", "geopolitics"))]
    assert {top[name].verdict for name in ("proportion", "rank", "median")} == {FIXED}
    assert top["mean"].proved == pytest.approx((3.79562, 4.18978))
    cell = marks[
        key_of("crosstab", ("support_needs", "contract_legal_diligence", "expansion_models", "licensing"))
    ]
    assert {cell[name].verdict for name in ("proportion", "base", "difference", "p_value")} == {FIXED}
    assert cell["p_adjusted"].verdict == BOUNDED  # hangs on every other cell
    newco = marks[
        key_of("crosstab", ("support_needs", "contract_legal_diligence", "expansion_models", "newco"))
    ]
    assert newco["base"].proved == (41, 112)
    unmet = marks[
        key_of("crosstab", ("support_needs", "regulatory_consultancy", "expansion_models", "independent"))
    ]
    assert unmet["proportion"].verdict == BOUNDED  # 69.1 % cannot be met
    items = ("regulatory_barriers", "overseas_commercialization")
    pair = marks[key_of("test", ("challenges", *items, "", "", "", "mcnemar_exact"))]
    assert pair["p_value"].proved == pytest.approx((0.015625, 0.371298), abs=1e-6)
    assert marks[key_of("frequency", ("firm_type", "", "biotech"))]["proportion"] == Mark(OPEN)
    pair = marks[key_of("overlap", ("expansion_models", "licensing", "newco"))]["n"]
    assert pair.proved == (5, 90)
    assert 5 <= pair.draws[0] <= pair.draws[1] <= 90


def test_data_that_are_no_reconstruction_take_no_marks(sample, clinics):
    plain = survey.from_frame(sample.data, sample.instrument)
    with pytest.raises(survey.UsageError, match="reconstruct"):
        survey.mark_results(plain, clinics, data_sets=[plain])


def test_one_seed_gives_one_set_of_marks(clinics):
    made = survey.reconstruct(clinics)
    one, other = (survey.mark_results(made, clinics, draws=2, seed=3) for _ in range(2))
    assert one.provenance == other.provenance


def test_models_are_marked_where_that_is_asked_for(clinics, marked):
    """A single banner, a scale of seven points: every draw lies within the range, and answers stay."""
    draws = [survey.reconstruct(clinics, seed=seed) for seed in range(1, 4)]
    made = survey.mark_results(survey.reconstruct(clinics), clinics, data_sets=draws, models=True)
    marks = made.provenance.reconstruction.marks
    kinds = {key.result for key in marks}
    assert {"model_need", "all_need"} <= kinds
    assert not {"model_need", "all_need", "reach"} & {
        key.result for key in marked.provenance.reconstruction.marks
    }
    for data_set in draws:
        table = survey.model_needs(data_set, "worries", by="sector", draws=1)
        for row in table.to_dict("records"):
            known = marks[key_of("model_need", (row["stub"], row["stub_code"], "sector", row["term"]))]
            for name in ("odds_ratio", "p_value"):
                if name in known and known[name].draws and row[name] == row[name]:
                    low, high = known[name].draws
                    assert low * 0.999 - 1e-4 <= row[name] <= high * 1.001 + 1e-4
    nothing = survey.analyze(marked, models=True).sheet("Data").tables[0].data
    assert set(nothing.loc[nothing["table"] == "explained", "fixed"]) == {"not fixed"}
    with pytest.raises(survey.UsageError, match="models"):
        survey.mark_results(made, clinics, data_sets=draws, models="yes")


def test_models_need_marks_to_be_marked(clinics, tmp_path):
    for further in (["--marks", "0"], ["--draws", "3"]):
        asked = ["reconstruct", "figures.csv", "-o", str(tmp_path / "made.xlsx"), "--models", *further]
        result = CliRunner().invoke(main, asked)
        assert result.exit_code == 2
        assert "--models goes with the marks" in result.output


@pytest.mark.parametrize(
    "rows",
    [
        [],
        ["A,,figure,channels,agents,all,share_selecting,=,100.0,1,,,"],
        [
            "A,,figure,channels,agents,all,share_selecting,=,0.0,1,,,",
            "B,,figure,hurdles,capital,all,top_2_box,=,66.7,1,,,",
        ],
    ],
)
def test_other_shapes(tmp_path, rows):
    """Nothing but three respondents; everyone in one group; nobody in it."""
    path = _write(tmp_path / "few.csv", ["N,,figure,,,all,respondents,=,3,0,,,", *rows])
    findings = survey.read_findings(path, EXAMPLES / "overlapping-groups.yaml")
    made = survey.reconstruct(findings)
    made = survey.mark_results(made, findings, data_sets=[made])
    for lang in ("en", "zh"):
        report = survey.analyze(made, findings=findings, lang=lang)
        survey.write_report(report, tmp_path / "report.xlsx", pictures=False)
    marks = made.provenance.reconstruction.marks
    assert marks[key_of("importance", ("hurdles", "law"))]["proportion"] == Mark(OPEN)
    assert {mark.verdict for found in marks.values() for mark in found.values()} <= {FIXED, BOUNDED, OPEN}


# -- what is printed -------------------------------------------------------------------------------------


def test_every_sheet_of_results_marks_what_is_not_fixed(report_of_sample):
    report = report_of_sample
    found = unfixed(report)
    for name in ("Topline", "By model", "Tests", "Precision", "Published"):
        assert found[name], name
    assert not any(found[name] for name in ("Quality", "Notes", "Codebook"))
    data = report.sheet("Data").tables[0].data
    assert (data["fixed"] != "").all()
    assert {"fixed", "open"} < set(data["fixed"])
    assert "grey italics" in report.warning.lower()
    text = " ".join(note.text for note in report.notes)
    assert "Grey italics mark what the figures do not fix" in text
    numbers = report.sheet("Notes").tables[0].data["what"]
    assert numbers.str.fullmatch(r"Of \d+ numbers the published figures fix \d+, .* open\.").any()


def test_words_beside_the_results(report_of_sample):
    report = report_of_sample
    needs = fixed(report, "share", question="support_needs", group="")
    assert needs["regulatory_consultancy"] == "fixed"
    assert needs["virtual_data_room"].startswith("0.0\N{EN DASH}49.6%")
    assert set(fixed(report, "share", question="firm_type", group="").values()) == {"open"}
    top = fixed(report, "share", question="challenges", group="", code="")
    assert set(top.values()) == {"fixed"}
    means = fixed(report, "mean", question="challenges")
    assert means["overseas_commercialization"].startswith("4.01\N{EN DASH}4.28")
    cells = fixed(report, "share", question="support_needs", group="licensing")
    assert cells["contract_legal_diligence"] == "fixed"
    assert (
        fixed(report, "share", question="support_needs", group="co_development")["virtual_data_room"]
        == "open"
    )
    independent = fixed(report, "share", question="support_needs", group="independent")
    assert independent["regulatory_consultancy"].startswith("69.0%")
    by_model = report.sheet("By model").tables[0]
    heads = by_model.data["section"].to_numpy(bool)
    newco = next(column for column in by_model.columns if column.key == "newco")
    marked = [
        ("unfixed" in codes) for codes, is_head in zip(by_model.marks(newco), heads, strict=True) if is_head
    ]
    assert all(marked)  # 41 to 112 respondents


def test_other_settings_fall_back_to_the_bare_mark(sample):
    report = survey.analyze(sample, banner="firm_type")
    cells = fixed(report, "share", question="support_needs", banner="firm_type")
    assert set(cells.values()) == {"not fixed"}
    needs = fixed(report, "share", question="support_needs", group="")
    assert needs["regulatory_consultancy"] == "fixed"  # of all respondents, whatever the banner
    strict = survey.analyze(sample, confidence=0.9)
    assert set(fixed(strict, "share", question="challenges", group="", code="").values()) == {"fixed"}
    tests = strict.sheet("Tests").tables[0]
    adjusted = next(column for column in tests.columns if column.key == "p_adjusted")
    there = tests.data["p_adjusted"].notna()
    assert all(
        "unfixed" in codes for codes, is_there in zip(tests.marks(adjusted), there, strict=True) if is_there
    )


@pytest.mark.parametrize("asked", [{"banner": "firm_type"}, {"only": "exclusive"}])
def test_sentences_of_other_groups_take_no_mark_of_the_default_ones(sample, asked):
    report = survey.analyze(sample, **asked)
    groups = [
        text
        for text in report.sheets[0].findings
        if any(key.result in ("crosstab", "sentence") for key in text.keys)
    ]
    assert groups
    assert all(text.unfixed for text in groups)
    notes = report.sheet("Notes").tables[0].data["what"]
    assert not notes.str.startswith("Of ").any()  # they were counted over other groups


def test_how_many_ticked_nothing_has_a_mark_of_its_own(report_of_sample):
    data = report_of_sample.sheet("Data").tables[0].data
    data = data[
        (data["question"] == "capability_gaps") & data["measure"].isin(["ticked_nothing", "mean_mentions"])
    ]
    said = data.set_index("measure")["fixed"]
    assert said["mean_mentions"] == "fixed"  # every share is published, so the mean is
    assert re.fullmatch(r"draws 0.\d+", said["ticked_nothing"])


@pytest.mark.parametrize("with_marks", [True, False])
def test_answers_that_somebody_changed_are_not_called_published(marked, clinics, tmp_path, with_marks):
    from openpyxl import load_workbook

    made = marked if with_marks else survey.reconstruct(clinics)
    path = survey.write_responses(made, tmp_path / "changed.xlsx")
    book = load_workbook(path)
    sheet = book["Responses"]
    column = next(cell.column for cell in sheet[1] if cell.value == "worries__prices")
    cell = next(row[column - 1] for row in sheet.iter_rows(min_row=2) if int(row[column - 1].value) == 7)
    before = fixed(survey.analyze(made), "share", question="worries", group="", code="")
    assert before["prices"] == "fixed"
    cell.value = 1
    book.save(path)
    report = survey.analyze(survey.read_responses(path, clinics.instrument))
    after = fixed(report, "share", question="worries", group="", code="")
    assert after["prices"] == "not fixed"  # 71.7 % is published, and is no longer what stands here


def test_charts_say_what_their_data_are(sample, report_of_sample):
    """A chart may be copied without its sheet."""
    charts = [chart for sheet in report_of_sample.sheets for chart in sheet.charts]
    assert charts
    assert all("Reconstructed" in chart.subtitle for chart in charts)
    own = survey.from_frame(sample.data, sample.instrument)
    subtitles = [chart.subtitle for sheet in survey.analyze(own).sheets for chart in sheet.charts]
    assert not any("Reconstructed" in text for text in subtitles)


def test_a_part_of_the_data_has_no_marks(sample, tmp_path):
    part = sample.where("firm_type=biotech")
    report = survey.analyze(part)
    assert set(fixed(report, "share", question="support_needs").values()) == {"not fixed"}
    read = survey.read_responses(survey.write_responses(part, tmp_path / "part.xlsx"))
    assert read.provenance.reconstruction == sample.provenance.reconstruction.without_marks()
    screening = Screening((RuleCount("straight_lining", 1),), 138)
    fewer = replace(sample, provenance=replace(sample.provenance, screening=screening))
    report = survey.analyze(fewer)
    assert set(fixed(report, "share", question="support_needs").values()) == {"fixed", "not fixed"}


def test_two_reconstructions_merged_are_no_longer_what_was_marked(marked, clinics, tmp_path):
    other = survey.reconstruct(clinics, seed=7)
    paths = [
        survey.write_responses(marked, tmp_path / "a.xlsx"),
        survey.write_responses(other, tmp_path / "b.xlsx"),
    ]
    both = survey.read_responses(paths, clinics.instrument)
    assert len(both) == len(marked) + len(other)
    made = both.provenance.reconstruction
    assert (made.marks, made.mark_draws, made.fixed, made.answers_digest) == ({}, None, (), "")
    assert made.findings == marked.provenance.reconstruction.findings


def test_a_workbook_without_marks_says_what_it_said(sample):
    made = replace(sample.provenance.reconstruction, marks={}, mark_draws=None, answers_digest="")
    plain = replace(sample, provenance=replace(sample.provenance, reconstruction=made))
    report = survey.analyze(plain)
    needs = fixed(report, "share", question="support_needs", group="")
    assert needs["regulatory_consultancy"] == "fixed"  # 75.9 % is published
    assert needs["virtual_data_room"] == "not fixed"  # only "below 50 %" is
    assert report.sheets[0].findings[2].unfixed


def test_data_of_ones_own_have_no_mark_at_all(sample):
    plain = survey.from_frame(sample.data, sample.instrument)
    report = survey.analyze(plain)
    assert not any(unfixed(report).values())
    assert (report.sheet("Data").tables[0].data["fixed"] == "").all()
    assert report.warning == ""
    assert not any(text.unfixed for text in report.sheets[0].findings)


def test_a_report_with_hidden_cells_has_no_ranges(sample):
    report = survey.analyze(sample, suppress=5)
    assert set(report.sheet("Data").tables[0].data["fixed"]) == {"fixed", "not fixed"}


def test_no_marks_where_none_are_wanted(clinics, tmp_path):
    folder = tmp_path
    (folder / "clinic-survey.yaml").write_text(CLINICS, encoding="utf-8")
    _write(folder / "clinics.csv", CLINIC_FIGURES)
    words = [
        "reconstruct",
        folder / "clinics.csv",
        "-o",
        folder / "x.xlsx",
        "--instrument",
        folder / "clinic-survey.yaml",
    ]
    for marks, expected in (("0", 0), ("2", 1)):
        result = CliRunner().invoke(main, [str(word) for word in (*words, "--marks", marks)])
        assert result.exit_code == 0, result.output
        made = survey.read_responses(folder / "x.xlsx", clinics.instrument).provenance.reconstruction
        assert (len(made.marks) > 0) == bool(expected)
    assert CliRunner().invoke(main, [str(word) for word in (*words, "--marks", "-1")]).exit_code == 2


def test_the_same_command_gives_the_same_bytes(tmp_path):
    instrument = EXAMPLES / "overlapping-groups.yaml"
    path = _write(
        tmp_path / "f.csv",
        [
            "N,,figure,,,all,respondents,=,12,0,,,",
            "A,,figure,channels,agents,all,share_selecting,=,50.0,1,,,",
        ],
    )
    files = []
    for name in ("a.xlsx", "b.xlsx"):
        target = tmp_path / name
        words = ["reconstruct", path, "-o", target, "--instrument", instrument, "--marks", 3, "--seed", 5]
        assert CliRunner().invoke(main, [str(word) for word in words]).exit_code == 0
        files.append(target.read_bytes())
    assert files[0] == files[1]
