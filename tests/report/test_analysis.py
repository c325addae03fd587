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
from tests.answers import MORE_KINDS, answers_to
from tests.paths import EXAMPLES, EXECUTIVE, SAMPLE

INSTRUMENTS = [EXECUTIVE, *sorted(EXAMPLES.glob("*.yaml"))]


@pytest.fixture(scope="module")
def sample():
    """The sample without its marks, as workbooks of before have none: tests/test_marks.py is about them."""
    read = survey.read_responses(SAMPLE)
    return _with(read, marks={}, mark_draws=None, answers_digest="")


@pytest.fixture(scope="module")
def report_of_sample(sample):
    """The report of the sample as it is; for tests that only read it."""
    return survey.analyze(sample)


def _with(responses, **changes):
    """The same responses, their reconstruction changed."""
    made = replace(responses.provenance.reconstruction, **changes)
    return replace(responses, provenance=replace(responses.provenance, reconstruction=made))


def filled(instrument, size, *, seed=1, groups=None, missing=0.0):
    """Random answers; `groups` sets every option of every select-all question to one value."""
    rng = np.random.default_rng(seed)
    data = {}
    for question in instrument.questions:
        if question.kind in MORE_KINDS:
            data |= answers_to(question, size, rng, missing=missing)
            continue
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


def test_the_sheets_of_the_executive_survey_stand_in_order(report_of_sample):
    report = report_of_sample
    assert [sheet.name for sheet in report.sheets] == [
        *("Summary", "Topline", "By model", "Charts", "Data"),
        *("Tests", "Correlations", "Precision", "Quality", "Published", "Notes", "Codebook"),
    ]
    appendix = [sheet.name for sheet in report.sheets if sheet.appendix]
    assert appendix == [
        *("Tests", "Correlations", "Precision", "Quality", "Published", "Notes", "Codebook"),
    ]
    assert [sheet.name for sheet in report.sheets if sheet.one_page] == ["Summary"]


def test_every_kind_of_picture_with_alt_text(sample):
    pictures = [picture for sheet in survey.analyze(sample).sheets for picture in sheet.pictures]
    kinds = {"diverging", "importance", "heatmap", "overlaps", "ranks", "correlations"}
    assert {picture.kind for picture in pictures} == kinds
    assert all(picture.alt for picture in pictures)
    assert sum(len(sheet.charts) for sheet in survey.analyze(sample).sheets) == 7


def test_the_title_is_what_the_ranks_leave_sure(sample, report_of_sample):
    """Six of the eight may be first; the two others have ranks that hold no first place."""
    report = report_of_sample
    sets = survey.rank_sets(sample, "challenges").set_index("item")["simultaneous_low"]
    assert sorted(sets[sets > 1].index) == ["overseas_manufacturing", "overseas_supply_chain"]
    title = report.sheets[0].title
    assert title == (
        "Challenges: Clinical manufacturing abroad and Supply chain abroad trail; "
        "the other 6 are too close to rank"
    )
    assert {key.ids[1] for key in title.keys} == set(sets.index)
    strict = survey.analyze(sample, confidence=0.9999999)
    assert strict.sheets[0].title == "Challenges: all 8 are too close to rank"


def test_the_findings_say_what_tests_say_and_no_more(sample, report_of_sample):
    lines = report_of_sample.sheets[0].findings
    assert len(lines) == 4
    shares = survey.importance_shares(sample)
    clear = int((shares["ci_low"] > 2 / 3).sum())
    assert lines[0].startswith(
        f"Challenges: {clear} of 8 are rated 4\N{EN DASH}5 of 5 by more than two thirds"
    )
    assert "run from 61% for Supply chain abroad to 86% for Commercialization abroad" in lines[0]
    needs = survey.rank_sets(sample, "support_needs")
    assert int((needs["simultaneous_low"] == 1).sum()) == 2
    assert "Overseas regulatory advice and filing 76% and Strategy and deal advice 68%" in lines[1]
    assert lines[1].endswith(", too close to rank.")
    cells = [survey.crosstab(sample, stub) for stub in ("firm_type", "position", "support_needs")]
    cells += [survey.crosstab(sample, stub) for stub in ("capability_gaps", "challenges")]
    apart = pd.concat(cells).query("p_adjusted < 0.05").sort_values("p_adjusted")
    assert len(apart) == 3
    first = apart.iloc[0]
    assert (first["stub_code"], first["banner_code"]) == ("biotech", "co_development")
    assert lines[2] == (
        "Biotech is less common in Co-development: 7%, against 63% of all others. "
        "2 more differences by model are reliable."
    )


def test_nothing_is_said_of_groups_that_no_test_supports(sample):
    strict = survey.analyze(sample, confidence=0.9999999)
    lines = strict.sheets[0].findings
    assert "No model differs reliably from all others; 5 questions were compared." in lines
    assert strict.sheet("By model").title == "No model differs reliably from all others"
    assert [table.name for table in strict.sheets[0].tables] == ["summary_challenges"]


def test_association_and_ranks_without_groups_or_answers():
    instrument = load_instrument(EXAMPLES / "no-defaults.yaml")
    report = survey.analyze(filled(instrument, 3))
    assert not any(sheet.name.startswith("By ") for sheet in report.sheets)  # no banner
    assert "association_test" not in set(report.sheet("Tests").tables[0].data["result"])
    assert "No groups are compared" in " ".join(report.sheet("Notes").tables[0].data["what"])
    overlapping = load_instrument(EXAMPLES / "overlapping-groups.yaml")
    for size, groups in ((3, None), (12, 0), (12, 1)):
        report = survey.analyze(filled(overlapping, size, groups=groups))
        table = report.sheet("Tests").tables[0].data
        table = table[table["result"] == "association_test"]
        assert ((table["p_value"].notna()) | (table["note"] != "") | (table["method"] == "sum")).all()


def test_the_document_says_source_and_licence_of_the_data(report_of_sample, tmp_path):
    properties = load_workbook(
        survey.write_report(report_of_sample, tmp_path / "r.xlsx", pictures=False)
    ).properties
    for words in ("Reconstructed", "PharmCube", "CC0-1.0"):
        assert words in properties.description


def test_analysis_changes_nothing_and_repeats_itself(sample):
    before = sample.data.copy(deep=True)
    first, second = survey.analyze(sample), survey.analyze(sample)
    pd.testing.assert_frame_equal(sample.data, before)
    for one, other in zip(first.sheets, second.sheets, strict=True):
        assert (one.name, one.findings, one.footnotes) == (other.name, other.findings, other.footnotes)
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
        for line in (sheet.title, sheet.subtitle, *sheet.findings, *(note.text for note in report.notes)):
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


def test_another_banner_and_several(sample):
    report = survey.analyze(sample, banner="firm_type")
    names = [sheet.name for sheet in report.sheets]
    assert "By firm type" in names
    assert "By model" not in names
    both = survey.analyze(sample, banner=["firm_type", "expansion_models", "firm_type"])
    assert [sheet.name for sheet in both.sheets][2:4] == ["By firm type", "By model"]
    assert len(both.sheets) == len(report.sheets) + 1
    alone = report.sheet("By firm type").tables[0]
    beside = both.sheet("By firm type").tables[0]
    shown = [column.key for column in alone.columns]
    pd.testing.assert_frame_equal(alone.data[shown], beside.data[shown])
    tests = both.sheet("Tests").tables[0].data
    assert set(tests.loc[tests["result"] == "crosstab", "banner"]) == {"firm_type", "expansion_models"}
    with pytest.raises(survey.UsageError, match="'sector' is not a question"):
        survey.analyze(sample, banner=["firm_type", "sector"])
    with pytest.raises(survey.UsageError, match="one question at a time"):
        survey.analyze(sample, banner=["firm_type", "expansion_models"], suppress=5, only="exclusive")


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"models": "yes"}, "'models' is on or off: give True or False, not 'yes'"),
        ({"open_text": 1}, "'open_text' is on or off"),
        ({"banner": []}, "list of banners is empty"),
        ({"banner": ()}, "list of banners is empty"),
    ],
)
def test_what_is_neither_on_nor_off_and_an_empty_list_are_refused(sample, settings, problem):
    with pytest.raises(survey.UsageError, match=problem):
        survey.analyze(sample, **settings)


def test_a_sheet_by_a_banner_holds_the_shares_of_the_cross_tabs(sample, report_of_sample):
    table = report_of_sample.sheet("By model").tables[0]
    assert [column.key for column in table.columns][:3] == ["label", "all", "independent"]
    heads = table.data[table.data["section"]]
    assert heads["stub"].tolist() == [
        *("firm_type", "position", "support_needs", "capability_gaps", "challenges")
    ]
    rows = table.data[~table.data["section"]]
    for stub in heads["stub"]:
        own = rows[rows["stub"] == stub].set_index("stub_code")
        cells = survey.crosstab(sample, stub)
        for cell in cells.itertuples():
            assert own.loc[cell.stub_code, cell.banner_code] == pytest.approx(cell.proportion)
            marks = own.loc[cell.stub_code, f"{cell.banner_code}_marks"].split()
            assert ("up" in marks) == (cell.p_adjusted < 0.05 and cell.difference > 0)
            assert ("down" in marks) == (cell.p_adjusted < 0.05 and cell.difference < 0)
            assert ("small" in marks) == (cell.base < 30)
        bases = cells.groupby("banner_code")["base"].max()
        assert all(heads.set_index("stub").loc[stub, group] == base for group, base in bases.items())
        assert own["all"].is_monotonic_decreasing


def test_every_number_of_the_tables_stands_in_the_long_one(sample):
    """The tables rebuilt: each of their numbers is a row of Data, or the n, base or limit of one."""
    report = survey.analyze(sample, compare="columns")
    data = report.sheet("Data").tables[0].data
    rows = {}
    for row in data.itertuples():
        rows.setdefault((row.key.result, row.key.ids), []).append(row)
    checked = 0
    for sheet in report.sheets:
        for table in sheet.tables if sheet.name not in ("Data", "Quality", "Notes", "Codebook") else ():
            for column in table.columns:
                if column.form in ("text", "range"):
                    continue
                for key, value in zip(table.keys(column), table.data[column.key], strict=True):
                    if key is None or pd.isna(value):
                        continue
                    own = rows[key.result, key.ids]
                    held = [
                        cell for row in own for cell in (row.value, row.n, row.base, row.ci_low, row.ci_high)
                    ]
                    held += [cell for row in own for cell in (row.p_value, row.p_adjusted)]
                    assert any(cell == pytest.approx(value) for cell in held if not pd.isna(cell)), (
                        key,
                        value,
                    )
                    checked += 1
    assert checked > 1500


def test_the_long_table_is_one_row_per_number(sample, report_of_sample):
    data = report_of_sample.sheet("Data").tables[0].data
    assert list(data.columns[:21]) == [
        *("sheet", "table", "question", "item", "code", "label", "banner", "group", "group_label", "other"),
        *("measure", "value", "n", "base", "weighted_base", "ci_low", "ci_high", "test", "p_value"),
        *("p_adjusted", "fixed"),
    ]
    assert not data.duplicated(["table", "key", "measure"]).any()
    cell = data[(data["measure"] == "share") & (data["group"] == "newco") & (data["code"] == "biotech")].iloc[
        0
    ]
    known = (
        survey.crosstab(sample, "firm_type").set_index(["stub_code", "banner_code"]).loc["biotech", "newco"]
    )
    assert (cell["value"], cell["n"], cell["base"]) == (known["proportion"], known["n"], known["base"])
    assert (cell["sheet"], cell["table"], cell["label"]) == ("By model", "by_expansion_models", "Biotech")


def test_options_keep_their_order_where_it_means_something(tmp_path):
    """Fixed options stay in place, 'other' and what excludes all others come last, the rest fall by share."""
    from survey.report.survey.shown_questions import shown_order

    text = (EXAMPLES / "overlapping-groups.yaml").read_text(encoding="utf-8")
    steps = text.replace("{id: small,", "{id: small, fixed: true,")
    path = tmp_path / "steps.yaml"
    path.write_text(steps, encoding="utf-8")
    size = load_instrument(path).question("size")
    assert [option.fixed for option in size.options] == [True, False, False]
    assert shown_order(size, {"small": 0.1, "medium": 0.2, "large": 0.7}) == ["small", "large", "medium"]
    assert shown_order(size, {"small": 0.1, "medium": float("nan"), "large": 0.7}) == [
        "small",
        "medium",
        "large",
    ]
    rooms = load_instrument(EXAMPLES / "everything.yaml").question("rooms")
    order = shown_order(
        rooms, dict(zip([option.id for option in rooms.options], (0.1, 0.2, 0.3, 0.9, 0.8), strict=True))
    )
    assert order[-2:] == ["other", "none"]


def test_a_subset_is_named_and_not_compared_with_published_figures(sample):
    report = survey.analyze(sample.where("firm_type=biotech"))
    assert "Firm type = Biotech" in report.warning
    assert "Published" not in [sheet.name for sheet in report.sheets]


def test_findings_of_another_wave_are_not_compared():
    instrument = load_instrument("executive-survey@1.1.0")
    report = survey.analyze(filled(instrument, 30))
    assert "Published" not in [sheet.name for sheet in report.sheets]


def test_small_bases_are_marked_and_not_tested():
    instrument = load_instrument("executive-survey@1.1.0")
    few = filled(instrument, 30, seed=4)
    report = survey.analyze(few, min_base=31)
    table = report.sheet("By model").tables[0]
    marks = table.data[
        [f"{group}_marks" for group in ("independent", "co_development", "licensing", "newco")]
    ]
    assert (marks == "small").all(axis=None)
    assert (table.data["all_marks"] == "").all()
    assert report.sheet("By model").title == "Too few answered to compare each model with all others"
    tests = report.sheet("Tests").tables[0].data
    assert tests[tests["result"] == "crosstab"]["p_value"].isna().all()
    bare = survey.analyze(few, small_base=1).sheet("By model").tables[0].data
    assert (bare[marks.columns] == "").all(axis=None)


def unfixed(table, column, **ids):
    """The rows of a table in which a number is marked as not fixed."""
    shown = next(shown for shown in table.columns if shown.key == column)
    return dict(
        zip(
            table.data[ids.get("by", "stub_code")],
            ("unfixed" in codes for codes in table.marks(shown)),
            strict=True,
        )
    )


def test_on_reconstructed_data_what_the_figures_leave_open_is_marked(sample, report_of_sample):
    report = report_of_sample
    topline, by_model = report.sheet("Topline").tables[0], report.sheet("By model").tables[0]
    shares = unfixed(topline, "proportion")
    assert not shares["regulatory_consultancy"]  # 75.9 % is published
    assert shares["virtual_data_room"]  # only "below 50 %" is
    assert not unfixed(by_model, "licensing")["contract_legal_diligence"]
    assert unfixed(by_model, "independent")["regulatory_consultancy"]  # 69.1 % cannot be met
    first = report.sheets[0]
    assert not first.findings[0].unfixed
    assert first.findings[2].unfixed  # an adjusted p hangs on all cells
    answers = report.sheet("Topline").tables[1]
    assert all(unfixed(answers, "mean", by="item").values())
    assert not any(unfixed(answers, "point_5", by="item").values())
    plain = survey.analyze(survey.from_frame(sample.data, sample.instrument))
    assert not any(text.unfixed for text in plain.sheets[0].findings)
    for sheet in plain.sheets:
        for table in sheet.tables:
            assert not any("unfixed" in codes for column in table.columns for codes in table.marks(column))


def test_results_on_a_subset_of_reconstructed_data_are_all_open(sample):
    report = survey.analyze(sample.where("firm_type=biotech"))
    table = report.sheet("Topline").tables[0]
    marked = [("unfixed" in codes) for codes in table.marks(table.columns[1])]
    assert marked == [not is_head for is_head in table.sections]


def test_the_accounting_identity_is_in_the_report(sample, report_of_sample):
    sheet = report_of_sample.sheet("Quality")
    read = len(sample) * (len(sample.instrument.columns) + 1)
    assert sheet.subtitle == f"cells read {read} = mapped {read} + missing 0 + refused 0"


def test_items_are_not_tested_below_the_minimum_base_either(sample):
    two = survey.from_frame(sample.data.head(2), sample.instrument)
    report = survey.analyze(two)
    tests = report.sheet("Tests").tables[0].data
    assert tests.loc[tests["result"] != "association_test", "p_value"].isna().all()
    assert report.sheets[0].findings == ("Only 2 answered: too few to say what stands out.",)
    strict = survey.analyze(sample, min_base=1000).sheet("Tests").tables[0].data
    assert strict.loc[strict["result"] != "association_test", "p_value"].isna().all()


def test_groups_that_do_not_overlap_are_said_to_be_apart():
    frame = pd.DataFrame(
        {"expansion_models__licensing": [1, 0, 0] * 3, "expansion_models__newco": [0, 1, 0] * 3}
    )
    report = survey.analyze(survey.from_frame(frame, "executive-survey"))
    assert "Nobody belongs to more than one model." in report.sheets[0].findings
    notes = report.sheet("Notes").tables[0].data["what"].tolist()
    assert "Needs: not asked in these data." in notes
    sections = report.sheet("Topline").tables[0].data
    assert set(sections["question"]) == {"expansion_models"}


def test_an_instrument_in_one_language_keeps_its_words_in_a_report_in_another():
    path = EXAMPLES / "no-defaults.yaml"
    instrument = load_instrument(path)
    report = survey.analyze(filled(instrument, 30), lang="zh")
    assert instrument.title["en"] in report.properties["title"]
    headings = [c.heading for sheet in report.sheets for table in sheet.tables for c in table.columns]
    assert "3 Always" in headings


def test_numbers_are_tabulated_and_open_answers_counted():
    instrument = load_instrument(EXAMPLES / "no-defaults.yaml")
    names = {question.kind: question.short["en"] for question in instrument.questions}
    report = survey.analyze(filled(instrument, 30), banner="markets")
    tables = {table.name: table.data for table in report.sheet("Topline").tables}
    known = survey.number_summary(
        filled(instrument, 30), "spent" if "spent" in tables else tables["numbers"]["question"].iloc[0]
    )
    assert tables["numbers"]["mean"].iloc[0] == pytest.approx(known["mean"].iloc[0])
    assert names["text"] in tables["texts"]["label"].tolist()
    by = next(sheet for sheet in report.sheets if sheet.name.startswith("By "))
    assert [table.name for table in by.tables] == ["by_markets", "numbers_by_markets"]


def test_a_level_close_to_one_is_not_rounded_to_100(sample):
    headings = [
        column.heading for column in survey.analyze(sample, confidence=0.9999).sheets[0].tables[0].columns
    ]
    assert "99.99% interval" in headings


def test_a_subset_written_to_a_file_stays_a_subset(sample, tmp_path):
    path = survey.write_responses(sample.where("firm_type=biotech"), tmp_path / "biotechs.xlsx")
    report = survey.analyze(survey.read_responses(path))
    assert "Firm type = Biotech (70 of 137 respondents)" in report.warning
    assert "Published" not in [sheet.name for sheet in report.sheets]
    assert all(text.unfixed for text in report.sheets[0].findings if text.keys)


@pytest.mark.parametrize("min_base", [0, -1, 2.5, float("nan")])
def test_a_minimum_base_is_a_whole_number(sample, min_base):
    with pytest.raises(survey.UsageError, match="minimum base"):
        survey.analyze(sample, min_base=min_base)


def test_a_rank_is_open_while_the_share_of_any_item_is(sample):
    talent = ("challenges", "overseas_talent", "all", Statistic("top_box", 2))
    fixed = tuple(share for share in sample.provenance.reconstruction.fixed if share != talent)
    report = survey.analyze(_with(sample, fixed=fixed))
    assert report.sheets[0].findings[0].unfixed
    shares = unfixed(report.sheet("Topline").tables[0], "proportion")
    assert shares["overseas_talent"]
    assert not shares["geopolitics"]


def test_marks_that_do_not_say_of_which_answers_they_are_are_not_printed():
    sample = survey.read_responses(SAMPLE)
    for changes, printed in (({}, True), ({"answers_digest": ""}, False)):
        table = survey.analyze(_with(sample, **changes)).sheet("Data").tables[0].data
        assert bool(table["fixed"].str.contains("draws").any()) == printed
