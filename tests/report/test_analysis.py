"""The plan of a report: its sheets in order, on this survey and on others, whatever their shape."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

import survey
from survey.instrument import load_instrument
from survey.instrument.shares import Statistic
from survey.messages import LANGUAGES
from tests.paths import EXAMPLES, EXECUTIVE, SAMPLE

INSTRUMENTS = [EXECUTIVE, *sorted(EXAMPLES.glob("*.yaml"))]


@pytest.fixture(scope="module")
def sample():
    """The sample without its marks, as workbooks of before have none: tests/test_marks.py is about them."""
    read = survey.read_responses(SAMPLE)
    return _with(read, marks={}, mark_draws=None, answers_digest="")


def _with(responses, **changes):
    """The same responses, their reconstruction changed."""
    made = replace(responses.provenance.reconstruction, **changes)
    return replace(responses, provenance=replace(responses.provenance, reconstruction=made))


def filled(instrument, size, *, seed=1, groups=None, missing=0.0):
    """Random answers; `groups` sets every option of every select-all question to one value."""
    rng = np.random.default_rng(seed)
    data = {}
    for question in instrument.questions:
        for column in question.columns:
            if column.endswith("__text") or question.kind == "text":
                values = ["words"] * size
            elif question.kind == "single":
                values = rng.choice([option.id for option in question.options], size).tolist()
            elif question.kind == "rating":
                values = rng.choice(instrument.scale_of(question).values, size).tolist()
            elif question.kind == "number":
                values = rng.integers(1, 500, size).tolist()
            else:
                values = [groups] * size if groups is not None else rng.integers(0, 2, size).tolist()
            data[column] = [None if rng.random() < missing else value for value in values]
    return survey.from_frame(pd.DataFrame(data, dtype=object), instrument)


def test_the_sheets_of_the_executive_survey_stand_in_order(sample):
    assert [sheet.name for sheet in survey.analyze(sample).sheets] == [
        "Contents",
        "Summary",
        "Challenges",
        *("Firm type", "Position", "Needs", "Gaps"),
        "Models",
        *(
            "Firm type by model",
            "Position by model",
            "Needs by model",
            "Gaps by model",
            "Challenges by model",
        ),
        "Comparisons",
        *("Ranks", "Association", "Ticked together"),
        "Precision",
        "Published",
        *("Data quality", "Quality rules"),
        "Method and notes",
        "Codebook",
    ]


def test_every_kind_of_picture_with_alt_text(sample):
    pictures = [picture for sheet in survey.analyze(sample).sheets for picture in sheet.pictures]
    kinds = {"diverging", "importance", "heatmap", "overlaps", "ranks"}
    assert {picture.kind for picture in pictures} == kinds
    assert all(picture.alt for picture in pictures)
    assert sum(len(sheet.charts) for sheet in survey.analyze(sample).sheets) >= 2


def test_the_summary_says_which_ranks_are_possible_and_what_goes_together(sample):
    lines = survey.analyze(sample).sheet("Summary").lines
    assert "rank 1 of 8 (with 95 % confidence, ranks 1 to 5 of 8 [r])" in lines[0]
    assert any("Goes together with the model as a whole" in line and "Firm type" in line for line in lines)
    strict = survey.analyze(sample, confidence=0.9999).sheet("Summary").lines
    assert any(line.startswith("[r] No question goes together with the model") for line in strict)


def test_association_and_ranks_without_groups_or_answers():
    instrument = load_instrument(EXAMPLES / "no-defaults.yaml")
    names = [sheet.name for sheet in survey.analyze(filled(instrument, 3)).sheets]
    assert "Association" not in names  # no banner
    overlapping = load_instrument(EXAMPLES / "overlapping-groups.yaml")
    for size, groups in ((3, None), (12, 0), (12, 1)):
        report = survey.analyze(filled(overlapping, size, groups=groups))
        table = report.sheet("Association").tables[0].data
        assert ((table["p_value"].notna()) | (table["note"] != "") | (table["method"] == "sum")).all()


def test_the_document_says_source_licence_and_the_date_of_the_data(sample, tmp_path):
    properties = load_workbook(
        survey.write_report(survey.analyze(sample), tmp_path / "r.xlsx", pictures=False)
    ).properties
    assert properties.created.isoformat() == properties.modified.isoformat() == "2026-04-01T00:00:00"
    for words in ("Reconstructed", "PharmCube", "CC0-1.0"):
        assert words in properties.description


def test_analysis_changes_nothing_and_repeats_itself(sample):
    before = sample.data.copy(deep=True)
    first, second = survey.analyze(sample), survey.analyze(sample)
    pd.testing.assert_frame_equal(sample.data, before)
    for one, other in zip(first.sheets, second.sheets, strict=True):
        assert (one.name, one.lines, one.notes) == (other.name, other.lines, other.notes)
        for left, right in zip(one.tables, other.tables, strict=True):
            pd.testing.assert_frame_equal(left.data, right.data)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", INSTRUMENTS, ids=lambda path: path.parent.name + "/" + path.stem)
@pytest.mark.parametrize(
    "shape",
    [
        {"size": 40},
        {"size": 3},
        {"size": 1},
        {"size": 0},
        {"size": 30, "groups": 0},
        {"size": 30, "groups": 1},
        {"size": 30, "missing": 0.4},
        {"size": 12, "missing": 1.0},
    ],
    ids=["40", "three", "one", "none", "no-group", "everyone-in-every-group", "gaps", "all-missing"],
)
def test_every_shape_gives_a_report_in_both_languages(path, shape, lang, tmp_path):
    instrument = load_instrument(path)
    report = survey.analyze(filled(instrument, **shape), lang=lang)
    names = [sheet.name for sheet in report.sheets]
    assert len(set(names)) == len(names)
    assert "Published" not in names
    for sheet in report.sheets:
        for line in (sheet.title, sheet.base_text, *sheet.lines, *sheet.notes):
            assert "nan" not in line.split(), (sheet.name, line)
            assert "{" not in line, (sheet.name, line)
    target = survey.write_report(report, tmp_path / "report.xlsx", pictures=False)
    assert len(load_workbook(target).sheetnames) == len(names)


@pytest.mark.parametrize("path", INSTRUMENTS, ids=lambda path: path.parent.name + "/" + path.stem)
def test_pictures_are_drawn_for_other_instruments_too(path, tmp_path):
    instrument = load_instrument(path)
    for size in (25, 3):
        report = survey.analyze(filled(instrument, size, missing=0.1))
        survey.write_report(report, tmp_path / f"{size}.xlsx")


def test_another_banner(sample):
    report = survey.analyze(sample, banner="firm_type")
    names = [sheet.name for sheet in report.sheets]
    assert "Needs by firm type" in names
    assert "Models by firm type" in names
    assert "Models" in names
    assert names.index("Firm type") < names.index("Position by firm type")


def test_a_subset_is_named_and_not_compared_with_published_figures(sample):
    report = survey.analyze(sample.where("firm_type=biotech"))
    assert "Firm type = Biotech" in report.warning
    assert "Published" not in [sheet.name for sheet in report.sheets]


def test_findings_of_another_wave_are_not_compared():
    instrument = load_instrument("executive-survey")
    report = survey.analyze(filled(instrument, 30))
    assert "Published" not in [sheet.name for sheet in report.sheets]


def test_small_bases_are_marked_and_not_tested():
    instrument = load_instrument("executive-survey")
    few = filled(instrument, 30, seed=4)
    report = survey.analyze(few, min_base=31)
    table = report.sheet("Needs by model").tables[0].data
    against = table[[column for column in table.columns if column.endswith("_against")]]
    assert (against == "[low]").all(axis=None)
    tests = report.sheet("Comparisons").tables[0].data
    assert tests[tests["against"].str.contains("the rest")]["p_value"].isna().all()


def test_on_reconstructed_data_what_the_figures_leave_open_is_marked(sample):
    report = survey.analyze(sample)
    needs = report.sheet("Needs").tables[0].data.set_index("code")["mark"]
    assert needs["regulatory_consultancy"] == ""  # 75.9 % is published
    assert needs["virtual_data_room"] == "[r]"  # only "below 50 %" is
    by_model = report.sheet("Needs by model").tables[0].data.set_index("stub_code")
    assert "[r]" not in by_model.loc["contract_legal_diligence", "licensing_against"]
    assert "[r]" in by_model.loc["regulatory_consultancy", "independent_against"]  # 69.1 % cannot be met
    lines = report.sheet("Summary").lines
    assert not lines[0].startswith("[r]")
    assert any(line.startswith("[r] Firm type") for line in lines)
    headings = [column.heading for column in report.sheet("Challenges").tables[0].columns]
    assert "Mean [r]" in headings
    assert "5 Very important" in headings
    plain = survey.from_frame(sample.data, sample.instrument)
    assert not any("[r]" in line for line in survey.analyze(plain).sheet("Summary").lines)


def test_results_on_a_subset_of_reconstructed_data_are_all_open(sample):
    report = survey.analyze(sample.where("firm_type=biotech"))
    assert (report.sheet("Needs").tables[0].data["mark"].str.contains(r"\[r\]")).all()


def test_the_accounting_identity_is_in_the_report(sample):
    sheet = survey.analyze(sample).sheet("Data quality")
    read = len(sample) * (len(sample.instrument.columns) + 1)
    assert sheet.lines[0] == f"Cells read {read} = mapped {read} + missing 0 + refused 0."


def test_items_are_not_tested_below_the_minimum_base_either(sample):
    two = survey.from_frame(sample.data.head(2), sample.instrument)
    report = survey.analyze(two)
    tests = report.sheet("Comparisons").tables[0].data
    assert tests["p_value"].isna().all()
    assert tests.loc[tests["base"] == 2, "note"].str.startswith("[low]").all()
    assert not any("pairs" in line or "highest share" in line for line in report.sheet("Summary").lines)
    strict = survey.analyze(sample, min_base=1000).sheet("Comparisons").tables[0].data
    assert strict["p_value"].isna().all()


def test_groups_that_do_not_overlap_are_said_to_be_apart():
    frame = pd.DataFrame({"expansion_models__licensing": [1, 0, 0], "expansion_models__newco": [0, 1, 0]})
    lines = survey.analyze(survey.from_frame(frame, "executive-survey")).sheet("Summary").lines
    assert (
        "Groups do not overlap: nobody belongs to more than one model (respondents who answered: 3)." in lines
    )
    assert "Needs: not asked in these data." in lines
    assert not any(line.startswith("Needs by model") for line in lines)


def test_an_instrument_in_one_language_keeps_its_words_in_a_report_in_another():
    path = EXAMPLES / "no-defaults.yaml"
    instrument = load_instrument(path)
    report = survey.analyze(filled(instrument, 30), lang="zh")
    assert instrument.title["en"] in report.sheets[0].title
    headings = [c.heading for sheet in report.sheets for table in sheet.tables for c in table.columns]
    assert "3 Always" in headings


def test_numbers_are_tabulated_and_open_answers_counted():
    instrument = load_instrument(EXAMPLES / "no-defaults.yaml")
    names = {question.kind: question.short["en"] for question in instrument.questions}
    report = survey.analyze(filled(instrument, 30))
    lines = report.sheet("Summary").lines
    assert any(line.startswith(f"{names['number']}: median ") for line in lines)
    assert any(line.startswith("Open answers are counted") and names["text"] in line for line in lines)
    table = report.sheet(names["number"]).tables[0].data
    assert table["base"].iloc[0] > 0
    assert names["text"] in report.sheet("Open answers").tables[0].data["label"].tolist()


def test_a_level_close_to_one_is_not_rounded_to_100(sample):
    lines = survey.analyze(sample, confidence=0.9999).sheet("Summary").lines
    assert "99.99 % interval" in lines[0]


def test_a_subset_written_to_a_file_stays_a_subset(sample, tmp_path):
    path = survey.write_responses(sample.where("firm_type=biotech"), tmp_path / "biotechs.xlsx")
    report = survey.analyze(survey.read_responses(path))
    assert "Firm type = Biotech (70 of 137 respondents)" in report.warning
    assert "Published" not in [sheet.name for sheet in report.sheets]
    assert report.sheet("Summary").lines[0].startswith("[r]")


def test_no_column_of_marks_where_there_is_no_mark():
    instrument = load_instrument("executive-survey")
    table = survey.analyze(filled(instrument, 60)).sheet("Needs").tables[0]
    assert "mark" not in [column.key for column in table.columns]


@pytest.mark.parametrize("min_base", [0, -1, 2.5, float("nan")])
def test_a_minimum_base_is_a_whole_number(sample, min_base):
    with pytest.raises(survey.UsageError, match="minimum base"):
        survey.analyze(sample, min_base=min_base)


def test_a_rank_is_open_while_the_share_of_any_item_is(sample):
    talent = ("challenges", "overseas_talent", "all", Statistic("top_box", 2))
    fixed = tuple(share for share in sample.provenance.reconstruction.fixed if share != talent)
    report = survey.analyze(_with(sample, fixed=fixed))
    assert report.sheet("Summary").lines[0].startswith("[r]")
    headings = [column.heading for column in report.sheet("Challenges").tables[0].columns]
    assert "Rank [r]" in headings


def test_marks_that_do_not_say_of_which_answers_they_are_are_not_printed():
    sample = survey.read_responses(SAMPLE)
    for changes, printed in (({}, True), ({"answers_digest": ""}, False)):
        table = survey.analyze(_with(sample, **changes)).sheet("Needs").tables[0]
        assert ("margins" in [column.key for column in table.columns]) == printed


def test_who_leads_is_open_while_another_option_might_pass(sample):
    def needs(responses):
        lines = survey.analyze(responses).sheet("Summary").lines
        return next(line for line in lines if "Needs, most often" in line)

    assert not needs(sample).startswith("[r]")  # the other eight are published as below 50 %
    assert needs(_with(sample, below=())).startswith("[r]")
