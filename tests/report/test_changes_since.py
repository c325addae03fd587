"""What changed since the last wave in the report of a survey: its column, arrows, sentences, and refusals."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import survey
from survey import DataError, UsageError
from survey.instrument.report_plans import Plan
from survey.render import write_report
from survey.render.texts import one_line
from survey.report.survey.changes_since import with_changes
from survey.report.survey.context import SurveyContext
from survey.report.survey.previous_wave import read_previous
from tests.answers import four_kinds
from tests.cli.helpers import run
from tests.paths import EXAMPLES, SAMPLE

GROUPS = EXAMPLES / "overlapping-groups.yaml"
CHANNELS = ("agents", "branches", "partners", "online")
HURDLES = ("capital", "customs", "language", "law")


def frame(rng, ids, agents, law=0.5):
    """Answers of some firms, of whom a share `agents` uses agents and `law` rates law 4 or 5."""
    size = len(ids)
    columns = {"respondent_id": ids, "size": rng.choice(["small", "medium", "large"], size)}
    columns |= {f"channels__{one}": rng.choice([1, 0], size) for one in CHANNELS}
    columns |= {f"hurdles__{one}": rng.integers(1, 6, size) for one in HURDLES}
    columns["channels__agents"] = rng.choice([1, 0], size, p=[agents, 1 - agents])
    columns["hurdles__law"] = np.where(rng.random(size) < law, 5, 2)
    return pd.DataFrame(columns)


def wave(answers, name, instrument=GROUPS):
    return survey.from_frame(answers, instrument, origin={"wave": name} if name else None)


@pytest.fixture(scope="module")
def frames():
    """Two waves; agents rise from 20 to 90%, law falls; half of the firms stay."""
    rng = np.random.default_rng(21)
    firms = [f"firm {place}" for place in range(150)]
    return frame(rng, firms[:100], 0.2, 0.9), frame(rng, firms[50:], 0.9, 0.4)


@pytest.fixture(scope="module")
def waves(frames):
    return wave(frames[0], "2026-04"), wave(frames[1], "2027-04")


@pytest.fixture(scope="module")
def report(waves):
    return survey.analyze(waves[1], previous=waves[0])


def cells(report, sheet="Topline"):
    """The rows of the first table with the column, by question and part."""
    table = next(one for one in report.sheet(sheet).tables if "since" in one.data)
    data = table.data[~table.data.get("section", pd.Series(False, table.data.index)).astype(bool)]
    code = data["code"] if "code" in data else data["item"]
    return data.assign(part=code.where(code != "", data["item"])).set_index(["question", "part"])


def notes(report, name="Notes"):
    return report.sheet(name).tables[0].data


def data_rows(report, name="Data"):
    return report.sheet(name).tables[0].data


# -- tables and sentences ----------------------------------------------------------------------------------


def test_every_share_has_its_change_and_an_arrow_where_it_is_reliable(report, waves):
    expected = survey.compare_waves(*waves).dropna(subset="difference").set_index(["question", "item"])
    shown = cells(report)
    for ids, row in expected.iterrows():
        assert shown.loc[ids, "since"] == pytest.approx(row["difference"])
        arrow = "" if row["p_adjusted"] >= 0.05 else "up" if row["difference"] > 0 else "down"
        assert shown.loc[ids, "since_marks"] == arrow
        assert shown.loc[ids, "since_key"].ids == ids
    assert shown.loc[("channels", "agents"), "since_marks"] == "up"
    assert shown.loc[("hurdles", "law"), "since_marks"] == "down"
    assert shown["since"].notna().sum() == len(expected)
    table = report.sheet("Topline").tables[0]
    assert table.columns[-1].heading == "Since April 2026 (points)"
    heads = table.data[table.data["section"]].set_index("question")["since"]
    assert heads["channels"] == 100  # how many answered then
    for one in (one for sheet in report.sheets for one in sheet.tables):
        for column in one.columns:
            one.keys(column)


def test_the_main_battery_and_the_summary_say_it_too(report, waves):
    shown = cells(report, "Summary")
    top = survey.compare_waves(*waves, "hurdles").set_index("item")["difference"]
    assert shown.loc[("hurdles", "law"), "since"] == pytest.approx(top["law"])
    agents = survey.compare_waves(*waves, "channels").set_index("item").loc["agents"]
    now, then = (f"{100 * agents[name]:.0f}%" for name in ("proportion", "other_proportion"))
    finding = report.sheets[0].findings[-1]
    assert finding == (
        f"Since April 2026, “Agents” (channels) rose from {then} to {now}; "
        "2 of 11 shares compared changed reliably, none by more."
    )
    assert finding.keys[0].result == "wave"
    assert len(finding.keys) == 11
    note = next(note.text for note in report.notes if note.topic == "Since the last wave")
    assert "50 of the 100 respondents of the smaller wave answered both times" in note


def test_a_report_without_a_wave_before_has_no_trace_of_one(waves):
    context = SurveyContext(responses=waves[1])
    for sheet in survey.analyze(waves[1]).sheets:
        assert with_changes(context, sheet) is sheet
        assert all("since" not in table.data for table in sheet.tables)
    assert not data_rows(survey.analyze(waves[1]))["measure"].isin(["change", "share_before"]).any()


def test_waves_that_change_places_change_signs(waves):
    earlier, later = (replace(one, provenance=replace(one.provenance, wave="")) for one in waves)
    there, back = (
        cells(survey.analyze(now, previous=then)) for then, now in ((earlier, later), (later, earlier))
    )
    back = back.loc[there.index]
    known = there["since"].notna()
    assert there.loc[known, "since"].tolist() == pytest.approx(
        (-back.loc[known, "since"].astype(float)).tolist()
    )


def test_the_title_of_the_column_without_a_wave_or_file(frames):
    report = survey.analyze(wave(frames[1], ""), previous=wave(frames[0], ""))
    assert report.sheet("Topline").tables[0].columns[-1].heading == "Since the wave before (points)"


def test_tests_and_data_hold_the_hypotheses(report, waves):
    shares, means = survey.compare_waves(*waves), survey.compare_wave_means(*waves, "hurdles")
    tests = report.sheet("Tests").tables[0].data
    own = tests[tests["result"] == "wave"].set_index(["question", "item"])
    known = shares.dropna(subset="difference").set_index(["question", "item"])
    assert own["p_adjusted"].tolist() == pytest.approx(
        known.loc[own.index, "p_adjusted"].tolist(), nan_ok=True
    )
    assert own.loc[("channels", "agents"), "against"] == "April 2026"
    assert own.loc[("channels", "agents"), "base"] == 150  # those of both waves once
    assert own.loc[("channels", "agents"), "test_label"] == "Waves: z, with the overlap"
    averages = tests[tests["result"] == "wave_mean"].set_index("item")
    expected = means.set_index("item")
    assert averages.loc["law", "value"] == pytest.approx(expected.loc["law", "difference"])
    assert averages.loc["law", "p_adjusted"] == pytest.approx(expected.loc["law", "p_adjusted"])
    rows = data_rows(report)
    agents = rows[(rows["code"] == "agents") & (rows["other"] == "April 2026")].set_index("measure")
    row = known.loc[("channels", "agents")]
    assert agents.loc["change", ["value", "ci_low", "ci_high", "p_value"]].tolist() == pytest.approx(
        row[["difference", "ci_low", "ci_high", "p_value"]].tolist()
    )
    assert agents.loc["share_before", ["n", "base"]].tolist() == row[["other_n", "other_base"]].tolist()
    assert (
        agents.loc[["in_both_waves", "gained", "lost"], "value"].tolist()
        == row[["both", "gained", "lost"]].tolist()
    )
    law = rows[(rows["item"] == "law") & (rows["other"] == "April 2026")].set_index("measure")
    assert law.loc["mean_before", "value"] == pytest.approx(expected.loc["law", "other_mean"])


def test_no_change_is_claimed_where_none_is_reliable(frames, waves):
    same = wave(frames[0].sample(frac=1, random_state=1), "2027-04")
    report = survey.analyze(same, previous=waves[0])
    assert report.sheets[0].findings[-1] == (
        "No reliable change since April 2026 in 11 shares compared; "
        "that does not show that they stayed the same."
    )
    assert set(cells(report)["since_marks"]) == {""}
    assert all("since" not in chart.subtitle for chart in report.sheet("Charts").charts)


def test_too_few_to_be_tested_is_not_called_no_change(frames):
    pair = [wave(one.head(4), name) for one, name in zip(frames, ("2026-04", "2027-04"), strict=True)]
    assert survey.analyze(pair[1], previous=pair[0]).sheets[0].findings[-1] == (
        "None of the 11 shares that can be compared with April 2026 could be tested; Data says why."
    )


def test_tests_pool_the_bases_by_weight_of_both_waves(frames):
    rng = np.random.default_rng(7)
    apart = frames[0].head(60), frames[1].tail(80)
    pair = [
        wave(one, name).with_weights(pd.Series(rng.uniform(0.2, 3, len(one))), "w")
        for one, name in zip(apart, ("2026-04", "2027-04"), strict=True)
    ]
    both = np.concatenate([one.weights / one.weights.mean() for one in pair])
    tests = survey.analyze(pair[1], previous=pair[0]).sheet("Tests").tables[0].data
    for result in ("wave", "wave_mean"):
        row = tests[tests["result"] == result].iloc[0]
        assert row["base"] == row["weighted_base"] == pytest.approx(140)
        assert row["effective_base"] == pytest.approx(both.sum() ** 2 / (both**2).sum())


def test_a_chart_names_the_largest_reliable_change(report):
    lines = {chart.name: chart.subtitle for chart in report.sheet("Charts").charts}
    assert "since April 2026: ▲ Agents +" in lines["chart_channels"]
    assert "since April 2026: ▼ Law −" in lines["chart_hurdles"]
    assert "since" not in lines["chart_size"]
    assert "since" not in lines["chart_answers_hurdles"]


def test_several_reliable_changes_are_counted_under_a_chart(frames, waves):
    both = frames[1].assign(channels__online=1)
    report = survey.analyze(wave(both, "2027-04"), previous=waves[0])
    line = next(chart.subtitle for chart in report.sheet("Charts").charts if chart.name == "chart_channels")
    assert line.endswith("and 1 more")


@pytest.mark.parametrize(
    ("lang", "heading"), [("en", "Since April 2026 (points)"), ("zh", "较2026年4月（百分点）")]
)
def test_workbook_page_and_deck_show_the_same_arrows(waves, tmp_path, lang, heading):
    import openpyxl
    from pptx import Presentation

    report = survey.analyze(waves[1], previous=waves[0], lang=lang)
    paths = [tmp_path / f"r.{ending}" for ending in ("xlsx", "html", "pptx")]
    write_report(report, paths)
    law = f"{100 * float(cells(report, report.sheets[0].name).loc[('hurdles', 'law'), 'since']):+.0f}"
    sheet = openpyxl.load_workbook(paths[0]).worksheets[1]
    rows = [[cell for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    head = next(row for row in rows if row and row[-1].value == heading)
    below = [row for row in rows[rows.index(head) + 1 :] if len(row) > 2]
    own = {row[0].value: row[-1] for row in reversed(below)}  # the first table stands on top
    name = waves[1].instrument.question("hurdles").part("law").said(lang)
    assert "▼" in own[name].number_format
    assert f"{own[name].value:+.0f}" == law
    size = next(cell for label, cell in own.items() if str(label).startswith(("Size", "规模")))
    assert size.value == 100
    page = paths[1].read_text(encoding="utf-8")
    assert heading in page
    assert law in page
    texts = [
        cell.text
        for slide in Presentation(paths[2]).slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]
    assert heading in texts
    assert f"▼ {law}" in texts


def test_a_deck_shows_the_battery_with_bases_by_weight_and_changes(frames, tmp_path):
    from pptx import Presentation

    rng = np.random.default_rng(3)
    pair = [
        wave(one, name).with_weights(pd.Series(rng.uniform(0.2, 3, len(one))), "w")
        for one, name in zip(frames, ("2026-04", "2027-04"), strict=True)
    ]
    report = survey.analyze(pair[1], previous=pair[0])
    battery = report.sheets[0].tables[0]
    assert len(battery.columns) == 7
    deck = Presentation(write_report(report, tmp_path / "r.pptx"))
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert [cell.text for cell in tables[0].rows[0].cells] == [
        one_line(column.heading) for column in battery.columns
    ]


# -- what is not compared ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def versions():
    answers = pd.DataFrame({"firm_type": ["biotech"] * 8, "support_needs": ["cro_matching"] * 8})
    return [wave(answers, f"202{minor}", f"executive-survey@1.{minor}.0") for minor in (0, 1)]


def test_what_was_asked_otherwise_has_its_reason_and_no_number(versions):
    report = survey.analyze(versions[1], previous=versions[0])
    table = report.sheet("Topline").tables[0].data
    heads = table[table["section"]].set_index("question")["since"]
    assert heads["support_needs"] == "not comparable"
    assert cells(report).loc["support_needs", "since"].isna().all()
    assert cells(report).loc[("firm_type", "biotech"), "since"] == 0
    rows = notes(report)
    left_out = rows.loc[rows["topic"] == "Not compared with the last wave", "what"].tolist()
    assert len(left_out) == 2  # one a reason, however many questions have it
    assert "Needs" in left_out[0]
    assert "not comparable: " in left_out[0]
    own = data_rows(report)
    blank = own[(own["measure"] == "change") & (own["question"] == "support_needs")]
    assert blank["value"].isna().all()
    assert set(blank["reason"]) == {"not_comparable"}
    tests = report.sheet("Tests").tables[0].data
    assert "support_needs" not in set(tests.loc[tests["result"] == "wave", "question"])


def test_where_nothing_is_comparable_the_summary_says_so(versions):
    report = survey.analyze(versions[1], previous=versions[0], questions="support_needs")
    assert report.sheets[0].findings[-1] == "Nothing can be compared with 2020."


def test_a_changed_item_alone_says_it_in_its_own_cell(frames, tmp_path):
    text = GROUPS.read_text(encoding="utf-8").replace('"1.0.0"', '"2.0.0"')
    changed = tmp_path / "two.yaml"
    changed.write_text(text.replace('en: "Law", zh: "法律"', 'en: "Courts", zh: "法院"'), encoding="utf-8")
    report = survey.analyze(wave(frames[1], "2027", changed), previous=wave(frames[0], "2026"))
    shown = cells(report)
    assert shown.loc[("hurdles", "law"), "since"] == "not comparable"
    assert isinstance(shown.loc[("hurdles", "capital"), "since"], float)
    what = notes(report).query("topic == 'Not compared with the last wave'")["what"].tolist()
    assert any("Hurdles (Courts)" in line for line in what)
    assert cells(report, "Summary").loc[("hurdles", "law"), "since"] == "not comparable"


def test_running_numbers_name_nobody_again(frames):
    numbered = [one.assign(respondent_id=range(1, len(one) + 1)) for one in frames]
    report = survey.analyze(wave(numbered[1], "2027"), previous=wave(numbered[0], "2026"))
    note = next(note.text for note in report.notes if note.topic == "Since the last wave")
    assert "Ids are running numbers" in note
    assert not data_rows(report)["measure"].isin(["in_both_waves", "gained", "lost"]).any()
    others = frames[0].assign(respondent_id=[f"other {place}" for place in range(100)])
    report = survey.analyze(wave(frames[1], "2027"), previous=wave(others, "2026"))
    assert "nobody answered both times" in next(
        n.text for n in report.notes if n.topic == "Since the last wave"
    )


def test_other_kinds_are_named_and_not_compared():
    report = survey.analyze(four_kinds(seed=1), previous=four_kinds(seed=2))
    what = notes(report).query("topic == 'Not compared with the last wave'")["what"].tolist()
    assert any(line.endswith("only shares and means of ratings are compared.") for line in what)
    tables = {table.name: table.data for sheet in report.sheets for table in sheet.tables}
    assert "since" in tables["topline"]
    assert "since" not in tables["scores_recommend"]  # no empty column


def test_options_that_stand_together_have_no_change(waves):
    whole = survey.load_instrument(GROUPS)
    assert whole.question("size").options
    report = survey.analyze(
        waves[1], previous=waves[0], smallest_option={"size": 60}, questions=["size", "channels"]
    )
    shown = cells(report)
    assert pd.isna(shown.loc[("size", "other"), "since"])
    assert shown.loc[("channels", "agents"), "since"] > 0
    lines = notes(report).query("topic == 'Not compared with the last wave'")["what"].tolist()
    assert lines == ["Size: options that stand together here were not put together in the last wave."]


# -- who is compared ---------------------------------------------------------------------------------------


def test_conditions_hold_in_both_waves(waves, frames):
    large = [
        wave(one[one["size"] == "large"], name)
        for one, name in zip(frames, ("2026-04", "2027-04"), strict=True)
    ]
    report = survey.analyze(waves[1].where("size=large"), previous=waves[0])
    expected = survey.compare_waves(*large, "channels").set_index("item")["difference"]
    shown = cells(report)
    for item, difference in expected.items():
        assert shown.loc[("channels", item), "since"] == pytest.approx(difference)
    origin = notes(report).set_index("topic").loc["Last wave", "what"]
    assert "Size = Large" in origin
    ticked = survey.analyze(waves[1].where("channels=agents", "hurdles__law>=4"), previous=waves[0])
    then = frames[0].query("channels__agents == 1 and hurdles__law >= 4")
    heads = ticked.sheet("Topline").tables[0].data.query("section").set_index("question")["since"]
    assert heads["size"] == len(then)


def test_a_condition_that_nobody_met_then_leaves_the_comparison_out(frames, waves):
    few = wave(frames[0][frames[0]["size"] != "large"], "2026-04")
    report = survey.analyze(waves[1].where("size=large"), previous=few)
    assert "since" not in report.sheet("Topline").tables[0].data
    assert "Nobody in the last wave meets the conditions of this report." in set(notes(report)["what"])


def test_a_condition_on_what_was_asked_otherwise_is_refused(versions):
    with pytest.raises(UsageError, match="not asked alike in both waves"):
        survey.analyze(versions[1].where("support_needs=cro_matching"), previous=versions[0])


def test_hidden_cells_leave_the_comparison_out_and_say_so(waves):
    report = survey.analyze(waves[1], previous=waves[0], suppress=5)
    plain = survey.analyze(waves[1], suppress=5)
    for sheet, other in zip(report.sheets, plain.sheets, strict=True):
        if sheet.name != "Notes":
            assert [table.data.to_csv() for table in sheet.tables] == [
                one.data.to_csv() for one in other.tables
            ]
            assert sheet.findings == other.findings
    added = set(notes(report)["what"]) - set(notes(plain)["what"])
    assert len(added) == 1
    assert "could be worked back" in added.pop()


@pytest.mark.parametrize(("now", "then", "told"), [
    (True, True, "Both waves are weighted."),
    (True, False, "This wave is weighted, the earlier one is not."),
    (False, True, "The earlier wave is weighted, this one is not."),
])  # fmt: skip
def test_weights_of_either_side_are_told(waves, now, then, told):
    rng = np.random.default_rng(3)
    pair = [
        one.with_weights(rng.uniform(0.5, 2, len(one)), "w") if weighted else one
        for one, weighted in zip(waves, (then, now), strict=True)
    ]
    report = survey.analyze(pair[1], previous=pair[0])
    assert told in next(note.text for note in report.notes if note.topic == "Since the last wave")
    expected = survey.compare_waves(*pair, "channels").set_index("item").loc["agents", "difference"]
    assert cells(report).loc[("channels", "agents"), "since"] == pytest.approx(expected)
    heads = report.sheet("Topline").tables[0].data.query("section and question == 'channels'")
    bases = ["base", *(["weighted_base", "effective_base"] if now else [])]
    row = survey.compare_waves(*pair, "channels").iloc[0]
    assert heads["since"].tolist() == pytest.approx([float(row[f"other_{name}"]) for name in bases])
    assert ("weighted by w" in notes(report).set_index("topic").loc["Last wave", "what"]) is then


def test_a_population_and_a_margin_go_along(waves):
    report = survey.analyze(waves[1], previous=waves[0], population=400, equivalent_within=0.5)
    note = next(note.text for note in report.notes if note.topic == "Since the last wave")
    assert "no finite population" in note
    tests = report.sheet("Tests").tables[0].data
    assert (tests.loc[tests["result"] == "wave", "verdict_label"] != "").any()


def test_made_up_waves_are_marked():
    sample = survey.read_responses(SAMPLE)
    other = survey.reconstruct(SAMPLE.parents[1] / "findings" / "executive-survey-2026.csv", seed=3)
    asked = pd.DataFrame({name: other.data[name].astype(object) for name in other.data})
    real = survey.from_frame(asked, sample.instrument, origin={"wave": "2027-04"})
    report = survey.analyze(real, previous=sample)
    shown = cells(report)
    assert shown.loc[shown["since"].notna(), "since_marks"].str.contains("unfixed").all()
    assert report.sheets[0].findings[-1].unfixed
    assert "The earlier wave is made up" in next(
        n.text for n in report.notes if n.topic == "Since the last wave"
    )
    later = replace(sample, provenance=replace(sample.provenance, wave="2028-04"))
    report = survey.analyze(later, previous=real)
    table = report.sheet("Topline").tables[0]
    since = next(column for column in table.columns if column.key == "since")
    known = table.data["since_key"].notna()
    assert table.data.loc[known, since.marks].str.contains("unfixed").all()


# -- other shapes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("instrument", ["seven-points", "no-defaults", "overlapping-groups"])
@pytest.mark.parametrize("size", [1, 3, 40])
def test_other_questionnaires_and_sizes(instrument, size, tmp_path):
    rng = np.random.default_rng(size)
    asked = survey.load_instrument(EXAMPLES / f"{instrument}.yaml")
    pair = []
    for name in ("2026", "2027"):
        columns = {"respondent_id": [f"f{place}x" for place in range(size)]}
        for question in asked.questions:
            for column in question.answer_columns:
                if question.kind == "single":
                    columns[column] = rng.choice([one.id for one in question.options], size)
                elif question.kind == "rating":
                    columns[column] = rng.choice(list(asked.scale_of(question).values), size)
                elif question.kind == "multiple" and not column.endswith("__text"):
                    columns[column] = np.ones(size, int)  # everybody in every group
        pair.append(survey.from_frame(pd.DataFrame(columns), asked, origin={"wave": name}))
    report = survey.analyze(pair[1], previous=pair[0])
    expected = survey.compare_waves(*pair).set_index(["question", "item"])["difference"].dropna()
    shown = cells(report)
    for ids, difference in expected.items():
        assert shown.loc[ids, "since"] == pytest.approx(difference)
    assert report.sheets[0].findings
    survey.write_report(report, [tmp_path / "r.xlsx", tmp_path / "r.html"])


def test_among_very_many_a_tiny_change_has_no_arrow():
    rng, size = np.random.default_rng(5), 10_500
    pair = []
    for name, share in (("2026", 0.5), ("2027", 0.525)):
        ticked = np.zeros(size, int)
        ticked[: round(share * size)] = 1
        answers = pd.DataFrame({"channels__agents": ticked, "channels__online": rng.permutation(ticked)})
        pair.append(wave(answers, name))
    report = survey.analyze(pair[1], previous=pair[0])
    row = cells(report).loc[("channels", "agents")]
    assert row["since"] == pytest.approx(0.025, abs=1e-4)
    assert row["since_marks"] == ""
    assert survey.compare_waves(*pair, "channels")["p_adjusted"].max() < 0.05


# -- refusals ----------------------------------------------------------------------------------------------


def test_what_is_no_wave_before_is_refused(waves, frames, tmp_path):
    earlier, later = waves
    tallied = survey.tally(later)
    with pytest.raises(DataError, match="not compared with itself"):
        survey.analyze(later, previous=later)
    with pytest.raises(DataError, match="says that it is wave 2027-04, as"):
        survey.analyze(later, previous=wave(frames[0], "2027-04"))
    with pytest.raises(DataError, match="wave 2027-04, later than 2026-04"):
        survey.analyze(earlier, previous=later)
    with pytest.raises(UsageError, match="A tally holds no respondents"):
        survey.analyze(tallied, previous=earlier)
    with pytest.raises(UsageError, match="The earlier wave is a tally"):
        survey.analyze(later, previous=tallied)
    with pytest.raises(UsageError, match="The earlier wave is a tally"):
        survey.analyze(later, previous=tmp_path / "earlier.tally")
    with pytest.raises(UsageError, match="not int"):
        survey.analyze(later, previous=7)
    other = survey.from_frame(pd.DataFrame({"firm_type": ["biotech"] * 6}), "executive-survey")
    with pytest.raises(UsageError, match="two instruments"):
        survey.analyze(later, previous=other)
    part = replace(earlier, provenance=replace(earlier.provenance, subset=("Only large firms.",)))
    with pytest.raises(DataError, match="same part of the respondents"):
        survey.analyze(later, previous=part)
    twice = wave(pd.concat([frames[0], frames[0].head(1)]), "2026-04")
    with pytest.raises(DataError, match="more than one respondent"):
        survey.analyze(later, previous=twice)


# -- the command and the plan ------------------------------------------------------------------------------


@pytest.fixture
def files(frames, tmp_path):
    """Both waves as files, the later one with weights."""
    paths = [tmp_path / "2026.csv", tmp_path / "2027.csv"]
    for answers, path in zip(frames, paths, strict=True):
        answers.to_csv(path, index=False)
    return paths


def workbook_text(path):
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    return "\n".join(
        str(cell)
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell
    )


def test_the_command_reads_both_waves_alike(files, tmp_path):
    earlier, later = files
    out = tmp_path / "r.xlsx"
    words = [
        "analyze",
        later,
        "--instrument",
        GROUPS,
        "--previous",
        earlier,
        "--where",
        "size=large",
        "-o",
        out,
    ]
    code, _, err = run(*words)
    assert code == 0, err
    text = workbook_text(out)
    assert "Since 2026.csv" in text
    assert f"--previous {earlier}" in text
    code, _, err = run(
        "analyze", later, "--instrument", GROUPS, "--previous", later, "-o", tmp_path / "s.xlsx"
    )
    assert code == 1
    assert "not compared with itself" in err
    assert not (tmp_path / "s.xlsx").exists()
    code, _, err = run(
        "analyze", later, "--instrument", GROUPS, "--previous", "gone.csv", "-o", tmp_path / "s.xlsx"
    )
    assert code == 2
    assert "gone.csv" in err


def test_no_report_is_written_over_the_wave_before(files, tmp_path):
    target = tmp_path / "2026.xlsx"
    survey.write_responses(survey.read_responses(files[0], GROUPS), target)
    code, _, err = run("analyze", files[1], "--instrument", GROUPS, "--previous", target, "-o", target)
    assert code == 2
    assert "2026.xlsx" in err


def test_weights_are_taken_where_the_earlier_file_has_them(files, frames, tmp_path):
    earlier, later = files
    rng = np.random.default_rng(8)
    for answers, path in zip(frames, files, strict=True):
        answers.assign(gewicht=rng.uniform(0.5, 2, len(answers))).to_csv(path, index=False)
    both = read_previous(earlier, Plan({}), instrument=str(GROUPS), weight="gewicht")
    assert both.weights is not None
    frames[0].to_csv(earlier, index=False)
    assert read_previous(earlier, Plan({}), instrument=str(GROUPS), weight="gewicht").weights is None
    with pytest.raises(UsageError):
        read_previous(earlier, Plan({}), instrument=str(GROUPS), sheet="nowhere")
    out = tmp_path / "r.xlsx"
    code, _, err = run(
        "analyze", later, "--instrument", GROUPS, "--previous", earlier, "--weight", "gewicht", "-o", out
    )
    assert code == 0, err
    assert "This wave is weighted, the earlier one is not." in workbook_text(out)


def test_both_waves_are_raked_and_screened_alike(files, tmp_path):
    targets = tmp_path / "targets.yaml"
    targets.write_text("size: {small: 0.2, medium: 0.3, large: 0.5}\n", encoding="utf-8")
    plan = {"rake": str(targets)}
    raked = read_previous(files[0], Plan(plan), instrument=str(GROUPS), drop=("straight_lining",))
    shares = survey.frequencies(raked, "size").set_index("code")["proportion"]
    assert shares["large"] == pytest.approx(0.5)


def test_limits_of_raked_weights_hold_in_both_waves(files):
    plan = Plan({"rake": {"size": {"small": 0.1, "medium": 0.1, "large": 0.8}}, "weight_bounds": (0.9, 1.1)})
    weights = read_previous(files[0], plan, instrument=str(GROUPS)).weights
    assert weights.nunique() > 1
    assert weights.between(0.9 * weights.mean() - 1e-9, 1.1 * weights.mean() + 1e-9).all()


def test_the_version_of_the_earlier_file_is_its_own(versions, tmp_path):
    ours = tmp_path / "ours.xlsx"
    survey.write_responses(versions[0], ours)
    assert read_previous(ours, Plan({}), instrument="executive-survey@1.1.0").instrument.version == "1.0.0"
    plain = tmp_path / "plain.csv"
    pd.DataFrame({"firm_type": ["biotech"] * 6}).to_csv(plain, index=False)
    plan = Plan({"previous_instrument": "executive-survey@1.0.0"})
    assert read_previous(plain, plan, instrument="executive-survey@1.1.0").instrument.version == "1.0.0"
    assert read_previous(plain, Plan({}), instrument="executive-survey@1.1.0").instrument.version == "1.1.0"


def test_a_plan_compares_each_of_its_reports(files, tmp_path):
    plan = {
        "instrument": str(GROUPS),
        "previous": str(files[0]),
        "reports": [{"for_each": "size"}],
        "output": str(tmp_path / "{option}.xlsx"),
    }
    made = list(survey.planned_reports(files[1], plan=plan))
    assert len(made) == 3
    for one in made:
        then = survey.read_responses(files[0], GROUPS).where(size=one.name)
        now = survey.read_responses(files[1], GROUPS).where(size=one.name)
        expected = survey.compare_waves(then, now, "channels").set_index("item").loc["agents", "difference"]
        assert cells(one.report).loc[("channels", "agents"), "since"] == pytest.approx(expected)
    alone = {"instrument": str(GROUPS)}
    report = survey.analyze(files[1], plan=alone, previous=files[0])
    assert "since" in report.sheet("Topline").tables[0].data
    report = survey.analyze(files[1], plan=alone, previous=survey.read_responses(files[0], GROUPS))
    assert "since" in report.sheet("Topline").tables[0].data


def test_one_file_may_hold_both_waves(frames, tmp_path):
    both = tmp_path / "both.csv"
    labelled = [one.assign(fielding=name) for one, name in zip(frames, ("2026-04", "2027-04"), strict=True)]
    pd.concat(labelled).to_csv(both, index=False)
    text = GROUPS.read_text(encoding="utf-8").replace("scales:", "meta: {wave: [fielding]}\nscales:", 1)
    asked = tmp_path / "asked.yaml"
    asked.write_text(text, encoding="utf-8")
    words = ["analyze", both, "--instrument", asked, "--wave", "2027-04", "--previous", both]
    code, _, err = run(*words, "--previous-wave", "2026-04", "-o", tmp_path / "r.xlsx")
    assert code == 0, err
    assert "Since April 2026 (points)" in workbook_text(tmp_path / "r.xlsx")
    code, _, err = run(*words, "--previous-wave", "2027-04", "-o", tmp_path / "s.xlsx")
    assert code == 1
    assert "not compared with itself" in err


def test_a_label_for_a_file_does_not_make_it_another_wave(files, tmp_path):
    later = files[1]
    words = ["analyze", later, "--instrument", GROUPS, "--wave", "2027-04", "--previous", later]
    code, _, err = run(*words, "--previous-wave", "2026-04", "-o", tmp_path / "r.xlsx")
    assert code == 1
    assert "not compared with itself" in err
