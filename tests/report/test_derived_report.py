# ruff: noqa: E501 - schemas in lines
"""Derived variables and nested banners in the report: rows, groups, tests, page, deck, and surveys of odd shapes."""

import json
import re

import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.instrument import Instrument
from tests.paths import EXAMPLES, ROOT, SAMPLE

YAML = EXAMPLES / "derived.yaml"
DATA = pd.read_csv(
    ROOT / "tests" / "reference" / "derived-data.csv", dtype=object, keep_default_na=False
).replace("", None)


@pytest.fixture(scope="module")
def responses():
    return survey.from_frame(DATA, YAML)


@pytest.fixture(scope="module")
def report(responses):
    return survey.analyze(responses, banner=["size", "sector*regions", "trust__banks"])


def labels(report, sheet):
    return [str(label) for table in report.sheet(sheet).tables for label in table.data.get("label", ())]


def test_they_are_rows_and_groups_and_say_how_they_are_made(report):
    names = [sheet.name for sheet in report.sheets]
    assert names[:5] == ["Summary", "Topline", "By size", "By Sector × Regions", "By Banks"]
    shown = labels(report, "Topline")
    assert any(label.startswith("Size · Revenue in bands: Small = below 10") for label in shown)
    assert {"West", "Core", "Drug makers · Small", "Trust score"} <= set(shown)
    table = report.sheet("By Sector × Regions").tables[0]
    assert [column.heading for column in table.columns[2:]] == [
        *("Biotech · West", "Biotech · Old World", "Pharma · West", "Pharma · Old World"),
        *("Devices · West", "Devices · Old World"),
    ]
    codebook = report.sheet("Codebook").tables[0].data
    made = codebook[codebook["kind"] == "how it is made"]
    assert len(made) == 10
    assert "Mean of Banks, Courts, Press, where at least 2 answered" in made["label_en"].tolist()
    assert "营收分档" in " ".join(made["label_zh"])


def test_what_is_made_of_the_same_question_is_not_crossed_and_named(report):
    own = " ".join(labels(report, "By size"))
    assert "Sector" in own
    assert "Target group" not in own
    assert "Makers by size" not in own
    assert "Revenue" not in own
    assert "Trust score: mean" in own
    crossed = " ".join(labels(report, "By Sector × Regions"))
    assert "Markets" not in crossed
    assert "Makers" not in crossed
    assert "Revenue: mean" in crossed
    notes = " ".join(report.sheet("Notes").tables[0].data["what"].astype(str))
    assert "Size as groups: Target group, Makers by size, Revenue are not shown by them" in notes
    tests = report.sheet("Tests").tables[0].data
    assert "Biotech · West" in tests.to_csv()


def test_small_bases_hold_in_every_combination(responses, report):
    cells = survey.crosstab(responses, "trust", banner="sector*regions")
    small = cells[(cells["base"] < 5) | (cells["complement_base"] < 5)]
    assert small["p_value"].isna().all()
    data = report.sheet("By Sector × Regions").tables[0].data
    for group in ("pharma.west", "devices.old_world"):
        for row in data.to_dict("records"):
            if row["section"] and row[group] < 30:
                assert "small" in row[f"{group}_marks"]


def test_letters_and_exclusive_groups_of_combinations(responses):
    report = survey.analyze(
        responses, banner="makers*regions", compare="columns", only="exclusive", lang="zh"
    )
    table = report.sheet("按厂商×区域").tables[0]
    assert table.columns[2].heading == "药企 · 西方（仅此一项） (A)" or "A" in table.columns[2].heading
    pairs = survey.crosstab(responses, "trust", banner="makers*regions", compare="columns", only="exclusive")
    inside = responses.data["regions__west"].eq(True) & responses.data["makers"].eq("drugs")
    alone = inside & ~responses.data["regions__old_world"].eq(True)
    row = pairs[(pairs["stub_code"] == "banks") & (pairs["banner_code"] == "drugs.west")].iloc[0]
    known = responses.data[["regions__west", "regions__old_world"]].notna().all(axis=1)
    assert row["base"] == int((alone & known & responses.data["trust__banks"].notna()).sum())


def test_hidden_cells_have_nothing_derived(responses):
    report = survey.analyze(responses, banner="sector", suppress=5)
    assert "Size" not in " ".join(labels(report, "Topline"))
    # As groups bands are protected with what they are made of: alone, and whole.
    hiding = survey.analyze(responses, banner="size", suppress=5)
    assert "Size" not in " ".join(labels(hiding, "Topline"))
    refused = [{"banner": "sector*markets"}, {"banner": ["sector", "size"]}]
    for more in (*refused, {"banner": "size", "only": "exclusive"}):
        with pytest.raises(survey.UsageError, match="would give hidden counts away"):
            survey.analyze(responses, **{"suppress": 5, **more})


@pytest.mark.parametrize("ending", ["html", "pptx"])
def test_page_and_deck_have_them(report, tmp_path, ending):
    path = survey.write_report(report, tmp_path / f"r.{ending}")
    if ending == "html":
        text = path.read_text(encoding="utf-8")
        assert "Biotech · West" in text
        assert "Revenue in bands" in text
    else:
        from pptx import Presentation

        shapes = [shape for slide in Presentation(str(path)).slides for shape in slide.shapes]
        assert any(shape.has_text_frame and shape.text_frame.text == "Makers by size" for shape in shapes)


def test_the_command_takes_them_as_groups_and_filters(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    DATA.to_csv("answers.csv", index=False)
    words = ["analyze", "answers.csv", "--instrument", str(YAML), "--by", "makers*size", "--by", "regions"]
    done = CliRunner().invoke(main, [*words, "--where", "target=core,wider", "-o", "r.xlsx", "--no-pictures"])
    assert done.exit_code == 0, done.output
    import openpyxl

    book = openpyxl.load_workbook("r.xlsx")
    assert "By Makers × Size" in book.sheetnames
    done = CliRunner().invoke(main, [*words[:-1], "revenue", "-o", "s.xlsx"])
    assert done.exit_code == 2
    assert "Give it bands in the instrument" in done.stderr
    done = CliRunner().invoke(main, [*words[:-1], "revenue*size", "-o", "s.xlsx"])
    assert "Give it bands in the instrument" in done.stderr


def test_the_packaged_survey_by_firm_type_and_position():
    """The example of the documentation: 1.1.0 with its reconstructed answers carried over."""
    responses = survey.carry_over(SAMPLE, "executive-survey@1.1.0")
    report = survey.analyze(responses, banner="firm_type*position")
    table = report.sheet("By firm type × position").tables[0]
    headings = [column.heading for column in table.columns[2:]]
    assert headings[:3] == ["Biotech · Director", "Biotech · Vice president", "Biotech · C-level executive"]
    assert len(headings) == 9
    cells = survey.crosstab(responses, "expansion_models", banner="firm_type*position")
    own = (responses.data["firm_type"] == "biotech") & (responses.data["position"] == "director")
    row = cells[(cells["banner_code"] == "biotech.director") & (cells["stub_code"] == "licensing")].iloc[0]
    licensing = responses.data["expansion_models__licensing"]
    assert (
        (row["n"], row["base"]) == (int(licensing[own].sum()), int(licensing[own].notna().sum())) == (29, 41)
    )
    assert row["complement_n"] == int(licensing[~own].sum())
    assert "Firm type" not in " ".join(labels(report, "By firm type × position"))


# -- surveys of other shapes ----------------------------------------------------------------------------


def shaped(groups=2, points=5, extra=()):
    """A survey with groups, a battery and a number, and what is derived of them."""
    options = [{"id": f"g{at}", "label": {"en": f"Group {at}"}} for at in range(groups)]
    scale = [{"value": at, "label": {"en": f"{at}"}} for at in range(1, points + 1)]
    band = {"below": (points + 1) / 2}, {"at_least": (points + 1) / 2}
    data = {
        "kind": "survey",
        "id": "shaped",
        "version": "1.0.0",
        "languages": ["en"],
        "title": {"en": "Shaped"},
        "scales": {"s": {"top": 1, "points": scale}},
        "questions": [
            {"id": "group", "kind": "single", "short": {"en": "Group"}, "text": {"en": "?"}, "options": options},
            {
                **{"id": "ratings", "kind": "rating", "scale": "s", "short": {"en": "Ratings"}},
                **{"text": {"en": "?"}, "items": [{"id": "x", "label": {"en": "X"}}, {"id": "y", "label": {"en": "Y"}}]},
            },
        ],
        "derived": [
            {"id": "score", "kind": "score", "of": "ratings", "least": 1, "short": {"en": "Score"}},
            {
                **{"id": "level", "kind": "bands", "of": "score", "short": {"en": "Level"}},
                "options": [
                    {"id": name, "label": {"en": name}, **limit}
                    for name, limit in zip(("low", "high"), band, strict=True)
                ],
            },
            *extra,
        ],
    }  # fmt: skip
    instrument = Instrument.model_validate_json(json.dumps(data))
    assert not list(instrument.faults())
    return instrument


@pytest.mark.parametrize(
    ("groups", "points", "rows"),
    [(1, 5, 12), (2, 7, 40), (20, 5, 200), (3, 2, 3), (2, 5, 0)],
    ids=["one group", "seven points", "twenty groups", "three respondents", "nobody"],
)
def test_other_shapes(groups, points, rows, tmp_path):
    frame = pd.DataFrame(
        {
            "group": [f"g{at % groups}" for at in range(rows)],
            "ratings__x": [1 + at % points for at in range(rows)],
            "ratings__y": [1 + (at // 2) % points for at in range(rows)],
        }
    )
    responses = survey.from_frame(frame, shaped(groups, points))
    table = survey.crosstab(responses, "ratings", banner="group*level", min_base=2)
    assert table["banner_code"].nunique() == 2 * groups
    score = (frame["ratings__x"] + frame["ratings__y"]) / 2
    for at in range(groups):
        inside = (frame["group"] == f"g{at}") & (score < (points + 1) / 2)
        row = table[(table["banner_code"] == f"g{at}.low") & (table["stub_code"] == "x")].iloc[0]
        assert (row["n"], row["base"]) == (
            int((frame["ratings__x"][inside] == points).sum()),
            int(inside.sum()),
        )
    survey.write_report(survey.analyze(responses, banner=["group*level", "level"]), tmp_path / "r.xlsx")


def test_everyone_in_every_group_and_no_group_at_all(tmp_path):
    instrument = survey.load_instrument(YAML)
    ticks = {f"markets__{name}": [1] * 20 for name in ("america", "europe", "asia")} | {
        "markets__none": [0] * 20
    }
    frame = pd.DataFrame({**ticks, "sector": ["biotech", "pharma"] * 10, "revenue": list(range(20))})
    everyone = survey.from_frame(frame, instrument)
    table = survey.crosstab(everyone, "size", banner="makers*markets")
    drugs = table[table["banner_code"] == "drugs.asia"]
    assert (drugs["base"] == 20).all()
    assert drugs["p_value"].isna().all()
    nobody = survey.from_frame(frame.assign(sector=None), instrument)
    report = survey.analyze(nobody, banner="sector*markets")
    survey.write_report(report, tmp_path / "r.xlsx")
    cells = survey.crosstab(nobody, "size", banner="sector*markets")
    assert (cells["base"] == 0).all()
    assert cells["proportion"].isna().all()


def test_items_turned_round_days_and_points_of_one_scale(tmp_path):
    text = (EXAMPLES / "derived.yaml").read_text(encoding="utf-8")
    text = text[: text.index("derived:\n")].replace("banner: size", "banner: sector")
    text = text.replace('zh: "法院"}}', 'zh: "法院"}, reverse: true}')
    text += """  - id: founded
    kind: date
    short: {en: "Founded", zh: "成立"}
    text: {en: "When were you founded?", zh: "贵公司何时成立？"}
  - id: recommend
    kind: nps
    short: {en: "Recommend", zh: "推荐"}
    text: {en: "Would you recommend us?", zh: "您会推荐我们吗？"}
"""
    text += """derived:
  - {id: trust_score, kind: score, of: trust, take: mean, least: 2, short: {en: "Score", zh: "得分"}}
  - id: era
    kind: bands
    of: founded
    short: {en: "Era", zh: "年代"}
    options:
      - {id: old, label: {en: "Before 2020", zh: "2020年前"}, below: "2020-01-01"}
      - {id: new, label: {en: "2020 to 2021", zh: "2020至2021年"}, at_least: "2020-01-01", at_most: "2021-12-31"}
  - id: promoter
    kind: recode
    of: recommend
    short: {en: "Promoter", zh: "推荐者"}
    options:
      - {id: yes, label: {en: "Promoter", zh: "推荐者"}, any: [9, 10]}
      - {id: no, label: {en: "No promoter", zh: "非推荐者"}, otherwise: true}
  - id: fan
    kind: condition
    short: {en: "Fan", zh: "拥护者"}
    options:
      - {id: fan, label: {en: "Fan", zh: "拥护者"}, all_of: [{question: recommend, at_least: 9}, {question: era, any: [old]}]}
      - {id: no, label: {en: "No fan", zh: "非拥护者"}, otherwise: true}
"""
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    frame = pd.DataFrame(
        {
            "trust__banks": [5, 4, None],
            "trust__courts": [1, 1, 5],
            "trust__press": [5, None, 2],
            "founded": ["2019-12-31", "2020-01-01", "2021-12-31"],
            "recommend": [10, 8, 9],
        }
    )
    responses = survey.from_frame(frame, tmp_path / "x.yaml")
    assert responses.data["trust_score"].tolist() == [5, 4.5, 1.5]  # 5 for courts is 1 turned round
    assert responses.data["era"].tolist() == ["old", "new", "new"]
    assert responses.data["promoter"].tolist() == ["yes", "no", "yes"]
    assert responses.data["fan"].tolist() == ["fan", "no", "no"]
    said = survey.load_instrument(tmp_path / "x.yaml")
    assert "turned round: Courts" in said.formula(said.rule_of("trust_score"), "en")
    assert "Promoter = 9 or 10" in said.formula(said.rule_of("promoter"), "en")
    assert "2020-01-01 to 2021-12-31" in said.formula(said.rule_of("era"), "en")
    survey.export_responses(responses, tmp_path / "x.parquet")
    bare = {"banners": ["era*promoter"]}
    streamed = survey.tally(tmp_path / "x.parquet", tmp_path / "x.yaml", **bare)
    for column in ("era", "promoter", "fan", "trust_score"):
        assert (streamed.counts(column) == survey.tally(responses, **bare).counts(column)).all()
    for wrong, key in (
        ('below: "2020-01-01"', "below: 2020"),
        ('below: "2020-01-01"', 'below: "2020-13-01"'),
        ('at_least: "2020-01-01"', 'at_least: "2019-06-01"'),
    ):
        (tmp_path / "y.yaml").write_text(text.replace(wrong, key, 1), encoding="utf-8")
        with pytest.raises(survey.InstrumentError, match=r"a day is needed|begins before"):
            survey.load_instrument(tmp_path / "y.yaml")


def test_the_page_of_the_documentation_is_what_the_command_says():
    text = (ROOT / "docs" / "derived.md").read_text(encoding="utf-8")
    assert re.search(r'--by "firm_type\*position"', text)


def test_an_item_whose_points_are_the_groups_is_not_crossed_with_itself(report, responses):
    own = labels(report, "By Banks")
    assert "Banks" not in own
    assert {"Courts", "Press"} <= set(own)
    rating = responses.instrument.question("trust")
    lone = responses.instrument.model_copy(update={"derived": ()}).with_question(
        rating.model_copy(update={"items": rating.items[:1]})
    )
    assert not lone.are_apart(lone.question("trust"), lone.banner("trust"))
    assert lone.are_apart(lone.question("sector"), lone.banner("trust"))
