"""The report of waves, and the command that writes it: a finding on top, arrows, what is not compared."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import survey
from survey.cli import main
from survey.ingest.provenance import Reconstruction
from tests.paths import EXAMPLES

GROUPS = EXAMPLES / "overlapping-groups.yaml"


def frame(rng, ids, p):
    """Answers of some firms, of whom a share p uses agents."""
    size = len(ids)
    return pd.DataFrame(
        {
            "respondent_id": ids,
            "size": rng.choice(["small", "medium", "large"], size),
            **{f"channels__{one}": rng.choice([1, 0], size) for one in ("branches", "partners", "online")},
            "channels__agents": rng.choice([1, 0], size, p=[p, 1 - p]),
            "hurdles__law": rng.integers(1, 6, size),
        }
    )


@pytest.fixture(scope="module")
def waves():
    """Three waves; the share of agents rises from 20 to 90%; half of the firms stay."""
    rng = np.random.default_rng(12)
    firms = [f"firm {place}" for place in range(160)]
    return [
        survey.from_frame(frame(rng, firms[start : start + 80], p), GROUPS, origin={"wave": wave})
        for start, p, wave in ((0, 0.2, "2026-04"), (40, 0.25, "2027-04"), (80, 0.9, "2028-04"))
    ]


def run(*words):
    """Run the command."""
    return CliRunner().invoke(main, [str(word) for word in words])


def test_the_summary_says_the_largest_reliable_change(waves):
    report = survey.waves_report(waves)
    assert [sheet.name for sheet in report.sheets] == ["Summary", "Trend", "Panel", "Data", "Notes"]
    summary, trend = report.sheet("Summary"), report.sheet("Trend").tables[0]
    table = survey.compare_waves(*waves[-2:], "channels").set_index("item")
    now, then = (f"{100 * table.loc['agents', name]:.0f}%" for name in ("proportion", "other_proportion"))
    assert summary.title.endswith(f"up to {now} from {then} in April 2027")
    assert summary.title.keys[0].ids == ("channels", "agents")
    assert "40 answered in both of the last two" in summary.subtitle
    last_step = "Of the 3 waves this page compares the last two, April 2027 and April 2028; Trend shows the"
    assert any(str(finding).startswith(last_step) for finding in summary.findings)
    of_two = survey.waves_report(waves[-2:]).sheet("Summary")
    assert not any("this page compares" in str(finding) for finding in of_two.findings)
    rows = trend.data.set_index("item")
    assert rows.loc["agents", "marks"] == "up"
    assert rows.loc["agents", "w1"] == pytest.approx(
        survey.wave_series(waves, "channels").set_index(["item", "place"]).loc[("agents", 1), "proportion"]
    )
    for table in (table for sheet in report.sheets for table in sheet.tables):
        for column in table.columns:
            table.keys(column)


def test_one_wave_written_in_two_ways_is_not_compared_with_itself(waves):
    named = [
        replace(wave, provenance=replace(wave.provenance, wave=label))
        for wave, label in zip(waves[:2], ("Wave 1", "wave 1"), strict=True)
    ]
    with pytest.raises(survey.DataError) as error:
        survey.waves_report(named)
    assert [problem.key for problem in error.value.problems] == ["waves_same"]
    with pytest.raises(survey.DataError) as error:
        survey.analyze(named[1], previous=named[0])
    assert [problem.key for problem in error.value.problems] == ["previous_same_wave"]


@pytest.mark.parametrize(
    ("now", "title"), [(0.525, "No reliable change since 2026"), (0.535, "Agents: up to")]
)
def test_among_very_many_a_tiny_change_is_not_called_reliable(now, title):
    size, pair = 10_500, []
    for name, share in (("2026", 0.5), ("2027", now)):
        ticked = (np.arange(size) < round(share * size)).astype(int)
        answers = pd.DataFrame({"channels__agents": ticked, "channels__online": np.ones(size, int)})
        pair.append(survey.from_frame(answers, GROUPS, origin={"wave": name}))
    assert survey.compare_waves(*pair, "channels")["p_adjusted"].max() < 0.05
    report = survey.waves_report(pair)
    assert report.sheets[0].title.startswith(title)
    marks = report.sheet("Trend").tables[0].data["marks"]
    assert set(marks) == ({""} if now == 0.525 else {"", "up"})
    assert any("fewer than 3 points" in note.text for note in report.notes)


def test_without_a_reliable_change_no_change_is_claimed(waves):
    report = survey.waves_report([waves[0], replace(waves[0], provenance=waves[1].provenance)])
    assert report.sheets[0].title == "No reliable change since April 2026"
    assert not any("fewer than 3 points" in note.text for note in report.notes)
    assert "does not show that they stayed the same" in report.sheets[0].findings[0]
    same = survey.waves_report(
        [waves[0], replace(waves[0], provenance=waves[1].provenance)], equivalent_within=0.5
    )
    assert "the same within 50 points" in same.sheets[0].findings[1]


def test_what_was_asked_otherwise_is_named_and_has_no_number():
    answers = pd.DataFrame({"firm_type": ["biotech"] * 8, "support_needs": ["cro_matching"] * 8})
    pair = [
        survey.from_frame(answers, f"executive-survey@1.{minor}.0", origin={"wave": f"202{minor}"})
        for minor in (0, 1)
    ]
    report = survey.waves_report(pair, lang="zh")
    lines = [line for line in report.sheets[0].findings if "未作比较" in line]
    assert lines == [
        "仅在其中一轮询问、未作比较：“出海阶段”和“目标市场”。",
        "两轮提问不同、未作比较：“出海模式”、“服务需求”和“能力短板”。",
    ]
    assert "support_needs" not in set(report.sheet("趋势").tables[0].data["question"])
    notes = report.sheet("说明").tables[0].data["what"]
    assert notes.str.contains("不可比：新选项").any()


def test_running_numbers_are_said_on_the_first_screen(waves):
    numbered = [
        replace(wave, meta=wave.meta.assign(key=[str(n) for n in range(1, 81)])) for wave in waves[:2]
    ]
    report = survey.waves_report(numbered)
    assert any("running numbers" in line for line in report.sheets[0].findings)
    assert "Panel" not in {sheet.name for sheet in report.sheets}


def test_what_an_earlier_wave_of_three_asked_otherwise_is_noted(waves):
    gone = waves[0].missing.assign(channels__branches="not_asked")
    answers = waves[0].data.assign(channels__branches=pd.array([None] * len(waves[0]), "boolean"))
    report = survey.waves_report([replace(waves[0], missing=gone, data=answers), *waves[1:]])
    notes = report.sheet("Notes").tables[0].data["what"]
    assert notes.str.contains("April 2026: not comparable: one of the waves has no column").sum() == 1
    plain = survey.waves_report(waves).sheet("Notes").tables[0].data["what"]
    assert not plain.str.contains("not comparable").any()


def test_nothing_that_can_be_compared(waves):
    nobody = survey.from_frame(
        pd.DataFrame({"size": [None] * 3 + ["small"]}), GROUPS, origin={"wave": "2030"}
    )
    few = survey.waves_report([nobody, replace(nobody, provenance=replace(nobody.provenance, wave="2031"))])
    assert few.sheets[0].title == "Too few answers to test what changed since 2030"
    assert "could be tested" in few.sheets[0].findings[0]


def test_one_wave_twice_is_refused(waves, tmp_path):
    with pytest.raises(survey.DataError, match="2026-04"):
        survey.waves_report([waves[0], waves[0]])
    path = survey.write_responses(waves[0], tmp_path / "one.xlsx")
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(path.read_bytes())
    assert run("waves", path, path).exit_code == 2
    assert run("waves", path, copy, "--instrument", GROUPS).exit_code == 1
    alone = run("waves", path, "--instrument", GROUPS)
    assert (alone.exit_code, "two waves" in alone.stderr) == (2, True)


def test_waves_out_of_their_order_are_refused(waves):
    with pytest.raises(survey.UsageError, match="earliest first"):
        survey.waves_report(waves[::-1])
    unnamed = [replace(wave, provenance=replace(wave.provenance, wave="")) for wave in waves[1::-1]]
    assert len(survey.waves_report(unnamed).sheets) == 5


def test_ids_that_nobody_has_twice_are_said(waves):
    lines = survey.waves_report([waves[0], waves[2]]).sheets[0].findings
    assert "No id stands in both waves, so nobody is known to have answered both times." in lines


def test_the_command_writes_workbook_page_and_deck(waves, tmp_path):
    paths = [survey.write_responses(wave, tmp_path / f"{place}.xlsx") for place, wave in enumerate(waves[1:])]
    targets = [tmp_path / f"trend.{ending}" for ending in ("xlsx", "html", "pptx")]
    words = [word for target in targets for word in ("-o", target)]
    names = ["--wave", "2027-04", "--wave", "2028-04"]
    done = run("waves", *paths, *names, *words, "--instrument", GROUPS)
    assert done.exit_code == 0, done.stderr
    assert all(target.stat().st_size for target in targets)
    assert "from 2" in targets[1].read_text(encoding="utf-8")
    assert "in April 2027" in targets[1].read_text(encoding="utf-8")
    wrong = run("waves", *paths, "--wave", "2027-04", "--instrument", GROUPS)
    assert (wrong.exit_code, "in the order of the files" in wrong.stderr) == (2, True)
    other = run("waves", *paths, "--wave", "2027-04", "--wave", "2029", "--instrument", GROUPS)
    assert (other.exit_code, "says that it is wave 2028-04, and not 2029" in other.stderr) == (1, True)


LIST = """
kind: survey
id: list
version: "{version}"
languages: [en]
title: {{en: List}}
questions:
{questions}
"""


def listed_wave(tmp_path, version, ids, wave):
    """A wave of an instrument with these questions of two options."""
    options = "[{id: a, label: {en: A}}, {id: b, label: {en: B}}]"
    rest = f"kind: multiple, text: {{en: Which?}}, options: {options}"
    lines = [f"  - {{id: {one}, short: {{en: {one.upper()}}}, {rest}}}" for one in ids]
    path = tmp_path / f"{version}.yaml"
    path.write_text(LIST.format(version=version, questions="\n".join(lines)), encoding="utf-8")
    answers = {f"{one}__{part}": [1, 0] * 125 for one in ids for part in ("a", "b")}
    return survey.from_frame(pd.DataFrame(answers), path, origin={"wave": wave})


def test_many_questions_that_are_not_compared_are_counted(tmp_path):
    ids = [f"q{number}" for number in range(1, 10)]
    pair = [
        listed_wave(tmp_path, "1.0.0", ["same"], "2026"),
        listed_wave(tmp_path, "1.1.0", ["same", *ids], "2027"),
    ]
    lines = survey.waves_report(pair).sheets[0].findings
    once = "Asked in one of the two waves only, so not compared: Q1, Q2, Q3, Q4 and 5 more (sheet Notes)."
    assert once in lines
    assert once.replace(", Q4 and 5 more (sheet Notes)", "") not in lines


def test_a_change_that_rounds_to_nothing_has_no_sign(tmp_path):
    then = listed_wave(tmp_path, "1.0.0", ["same"], "2026")
    ticks = {"same__a": [True] * 124 + [False] * 126, "same__b": [True] * 126 + [False] * 124}
    kinds = then.data.dtypes.to_dict()
    provenance = replace(then.provenance, wave="2027")
    now = replace(then, data=then.data.assign(**ticks).astype(kinds), provenance=provenance)
    path = survey.write_report(survey.waves_report([then, now]), tmp_path / "trend.xlsx")
    changes = {
        row[0].value: row[3]
        for row in load_workbook(path)["Trend"].iter_rows()
        if row[0].value in ("A", "B") and row[3].value is not None
    }
    assert {name: round(cell.value, 6) for name, cell in changes.items()} == {"A": -0.4, "B": 0.4}
    assert {cell.number_format for cell in changes.values()} == {"0_);0_);0_)"}


def test_weights_are_said_of_the_wave_that_has_them(waves):
    """One of 80 with the weight 80: 159 squared over 80 squared and 79 is an effective base of 4."""
    heavy = waves[2].with_weights([80] + [1] * 79, "w")
    summary = survey.waves_report([waves[1], heavy]).sheet("Summary")
    assert "80 respondents, weighted: effective base 4" in summary.subtitle
    assert summary.subtitle.count("weighted") == 1
    plain = survey.waves_report([waves[1], waves[2]]).sheet("Summary")
    assert "not weighted" in plain.subtitle
    assert "effective" not in plain.subtitle
    first = waves[0].with_weights([80] + [1] * 79, "w")
    report = survey.waves_report([first, *waves[1:]], lang="zh")
    assert "有效基数4" in report.sheet("摘要").subtitle


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_notes_name_the_test_of_weighted_waves(waves, lang):
    weighted = [wave.with_weights([2] + [1] * 79, "w") for wave in waves[1:]]
    for pair, named in ((waves[1:], "Fisher"), (weighted, "Newcombe")):
        report = survey.waves_report(pair, lang=lang)
        said = report.sheets[-1].tables[0].data.astype(str).to_string()
        assert named in said
        assert ("Fisher" in said) == (named == "Fisher")


# -- reconstructed waves -----------------------------------------------------------------------------------

NOTES = {
    "en": (
        "Reconstructed from published figures, not answers of respondents: {}",
        "April 2027",
        "April 2028",
    ),
    "zh": ("由公布数字重构，并非受访者答卷：{}", "2027年4月", "2028年4月"),
}
FIGURES = {"en": "reconstructed from figures of ACME", "zh": "由公布数字重构，数字出自ACME"}


def made_up(waves, *places):
    """The last two waves, those at some places reconstructed."""
    return [
        replace(
            wave,
            provenance=replace(
                wave.provenance, source="ACME", reconstruction=Reconstruction() if place in places else None
            ),
        )
        for place, wave in enumerate(waves[-2:])
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("places", [(), (0,), (1,), (0, 1)], ids=str)
def test_slides_and_picture_say_which_wave_is_reconstructed(waves, tmp_path, lang, places):
    from pptx import Presentation

    report = survey.waves_report(made_up(waves, *places), lang=lang)
    text, *labels = NOTES[lang]
    note = text.format(("，" if lang == "zh" else ", ").join(labels[place] for place in places))
    (picture,) = report.sheets[0].pictures
    assert picture.footer.endswith(note) == bool(places)
    assert report.data_note == (note if places else "")
    assert report.title_block.data_source == (FIGURES[lang] if 1 in places else "ACME")
    deck = Presentation(survey.write_report(report, tmp_path / "waves.pptx"))
    first, *others = [
        "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for slide in deck.slides
    ]
    assert len(others) > 2
    assert {slide.count(note if places else text.format("")) for slide in others} == {int(bool(places))}
    assert (survey.messages.message("waves_reconstructed", lang) in first) == bool(places)


@pytest.mark.parametrize(("places", "is_wrapped"), [((1,), False), ((0, 1), True)])
def test_a_source_that_is_given_is_that_of_all_waves(waves, places, is_wrapped):
    block = survey.TitleBlock(data_source="us")
    source = survey.waves_report(made_up(waves, *places), title_block=block).title_block.data_source
    assert source == ("reconstructed from figures of us" if is_wrapped else "us")
