# ruff: noqa: E501 - a case is a line
"""What a schema may say of derived variables: faults, formulas in words, changes that break trends."""

import re

import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.errors import InstrumentError
from survey.instrument.derived import MOST_CELLS
from survey.instrument.describe import describe
from survey.instrument.loading import parse_schema
from survey.instrument.locking import check_schemas
from survey.instrument.versions import diff_instruments
from tests.paths import EXAMPLES, ROOT

TEXT = (EXAMPLES / "derived.yaml").read_text(encoding="utf-8")
HEAD = TEXT[: TEXT.index("derived:\n")].replace("banner: size", "banner: sector")
SHORT = "short: {en: New, zh: 新}"
LABEL = "label: {en: %s, zh: %s}"


def option(name, said):
    return f"{{id: {name}, {LABEL % (name, name)}, {said}}}"


def derived(*entries):
    """The example with these derived variables alone."""
    return parse_schema(HEAD + "derived:\n" + "".join(f"  - {entry}\n" for entry in entries), "x.yaml")


def faults(*entries):
    """What is wrong with them: keys of messages and lines below `derived:`."""
    with pytest.raises(InstrumentError) as caught:
        derived(*entries)
    first = HEAD.count("\n") + 1
    return [(problem.key, (problem.place.line or 0) - first) for problem in caught.value.problems]


def rule(kind, of="", options=(), **more):
    said = "".join(f", {name}: {value}" for name, value in more.items())
    of = f", of: {of}" if of else ""
    listed = f", options: [{', '.join(options)}]" if options else ""
    return f"{{id: {more.pop('name', 'fresh')}, kind: {kind}{of}{listed}, {SHORT}{said}}}"


TWO = (option("a", "below: 5"), option("b", "at_least: 5"))

CASES = {
    "unknown source": (rule("bands", "turnover", TWO), "derived_source_unknown"),
    "unknown item": (rule("recode", "trust__nobody", [option("a", "any: [1]"), option("b", "any: [2]")]), "derived_source_unknown"),
    "bands of words": (rule("bands", "sector", TWO), "derived_source_kind"),
    "net of a whole battery": (rule("net", "trust", [option("a", "any: [4, 5]")]), "derived_source_item"),
    "recode of ticks": (rule("recode", "markets", [option("a", "any: [asia]"), option("b", "any: [europe]")]), "derived_source_kind"),
    "score of words": (rule("score", "sector"), "derived_source_kind"),
    "no source": (rule("bands", "", TWO), "derived_of_single"),
    "two sources": (rule("bands", "[revenue, staff]", TWO), "derived_of_single"),
    "cross of one": (rule("cross", "sector"), "derived_of"),
    "cross of the same": (rule("cross", "[sector, sector]"), "derived_cross_twice"),
    "condition of a source": (rule("condition", "sector", [option("a", "all_of: [{question: sector, any: [biotech]}]"), option("b", "otherwise: true")]), "derived_of_not_here"),
    "itself": (rule("bands", "fresh", TWO), "derived_circle"),
    "one band": (rule("bands", "revenue", TWO[:1]), "derived_options_few"),
    "no net": (rule("net", "markets"), "derived_options_few"),
    "a score with options": (rule("score", "trust", TWO), "derived_key_not_here"),
    "bands with items": (rule("bands", "revenue", TWO, items="[banks]"), "derived_key_not_here"),
    "empty option": (rule("recode", "sector", [option("a", "any: []"), option("b", "any: [pharma]")]), "derived_option_empty"),
    "foreign key": (rule("recode", "sector", [option("a", "any: [pharma], below: 3"), option("b", "any: [biotech]")]), "derived_option_key"),
    "otherwise and more": (rule("recode", "sector", [option("a", "any: [pharma]"), option("b", "any: [biotech], otherwise: true")]), "derived_otherwise_alone"),
    "otherwise twice": (rule("recode", "sector", [option("a", "otherwise: true"), option("b", "otherwise: true")]), "derived_otherwise_alone"),
    "two ends": (rule("bands", "revenue", [option("a", "at_most: 4, below: 5"), TWO[1]]), "derived_band_two_ends"),
    "words as a limit": (rule("bands", "revenue", [option("a", 'below: "5"'), TWO[1]]), "derived_band_needs_number"),
    "empty band": (rule("bands", "revenue", [option("a", "at_least: 3, below: 3"), TWO[1]]), "derived_band_empty"),
    "band below the limits": (rule("bands", "revenue", [option("a", "below: 0"), option("b", "at_least: 0")]), "derived_band_empty"),
    "band without a whole number": (rule("bands", "staff", [option("a", "at_least: 3.2, below: 3.8"), TWO[1]]), "derived_band_empty"),
    "overlap": (rule("bands", "revenue", [option("a", "at_most: 5"), TWO[1]]), "derived_bands_overlap"),
    "gap": (rule("bands", "revenue", [option("a", "at_most: 4"), TWO[1]]), "derived_bands_gap"),
    "unknown option": (rule("net", "sector", [option("a", "any: [farma]")]), "derived_code_unknown_near"),
    "option like no other": (rule("net", "sector", [option("a", "any: [zzz]")]), "derived_code_unknown"),
    "unknown point": (rule("net", "trust__banks", [option("a", "any: [6]")]), "derived_code_unknown"),
    "an answer twice": (rule("recode", "sector", [option("a", "any: [pharma]"), option("b", "any: [pharma, biotech]")]), "derived_code_twice"),
    "net of all": (rule("net", "markets", [option("a", "any: [america, europe, asia, none]")]), "derived_net_of_all"),
    "strange item": (rule("score", "trust", items="[banks, army]"), "derived_item_unknown"),
    "misspelt item": (rule("score", "trust", items="[banks, presse]"), "derived_item_unknown_near"),
    "misspelt source": (rule("bands", "revenues", TWO), "derived_source_unknown_near"),
    "two scales": (rule("score", "[trust, revenue]"), "derived_score_scales"),
    "too many needed": (rule("score", "trust", least="4"), "derived_score_least"),
    "condition on a strange answer": (rule("condition", "", [option("a", "all_of: [{question: sector, any: [banks]}]"), option("b", "otherwise: true")]), "route_code"),
    "condition on no item": (rule("condition", "", [option("a", "any_of: [{question: trust, at_least: 4}]"), option("b", "otherwise: true")]), "route_item"),
    "condition on nobody": (rule("condition", "", [option("a", "any_of: [{question: army, any: [x]}]"), option("b", "otherwise: true")]), "derived_source_unknown"),
    "an option twice": (rule("bands", "revenue", [TWO[0], TWO[1].replace("id: b", "id: a")]), "id_twice"),
}  # fmt: skip


@pytest.mark.parametrize(("entry", "key"), CASES.values(), ids=list(CASES))
def test_a_fault_is_told_at_its_line(entry, key):
    assert (key, 1) in faults(entry)
    with pytest.raises(InstrumentError) as caught:
        derived(entry)
    for lang in ("en", "zh"):
        assert "{" not in " ".join(problem.text(lang) for problem in caught.value.problems).replace(
            "{...}", ""
        )


def test_faults_come_all_at_once_and_what_stands_on_a_broken_one_is_not_blamed():
    entries = [
        rule("bands", "turnover", TWO, name="size"),
        rule("recode", "size", [option("x", "any: [a]"), option("y", "any: [b]")], name="upon"),
        rule("net", "sector", [option("x", "any: [nobody]")], name="net"),
        rule("bands", "round", TWO, name="about"),
        rule("bands", "about", TWO, name="round"),
        rule("score", "trust", name="sector"),
    ]
    shorts = [entry.replace("New", f"N{at}").replace("新", f"新{at}") for at, entry in enumerate(entries)]
    entries = [re.sub(r", name: \w+", "", entry) for entry in shorts]
    assert faults(*entries) == [
        ("derived_source_unknown", 1),
        ("derived_code_unknown", 3),
        ("derived_circle", 4),
        ("derived_circle", 5),
        ("id_twice", 6),
    ]


def test_names_are_taken_once(tmp_path):
    clash = rule("score", "trust").replace("New", "Sector").replace("新", "行业")
    assert faults(clash) == [("short_twice", 1)] * 2
    assert faults(rule("score", "trust").replace("New", "Notes").replace("新", "x")) == [
        ("short_reserved", 1)
    ]
    long = rule("score", "trust").replace("New", "A name of too many characters")
    assert faults(long)[0][0] == "short_unusable"
    retired = TEXT.replace("derived:\n", "retired: [size]\nderived:\n")
    with pytest.raises(InstrumentError, match="'size' is retired"):
        parse_schema(retired, "x.yaml")
    with pytest.raises(InstrumentError, match="zh"):
        derived(rule("score", "trust").replace(", zh: 新", ""))


def test_too_many_combinations_are_refused():
    many = [option(f"o{at}", f"at_least: {at}, below: {at + 1}") for at in range(MOST_CELLS // 3 + 1)]
    entries = [
        rule("bands", "revenue", many),
        rule("cross", "[sector, fresh]")
        .replace("id: fresh", "id: both")
        .replace("New", "B")
        .replace("新", "乙"),
    ]
    assert faults(*entries) == [("derived_cross_many", 2)]
    schema = derived(entries[0])
    with pytest.raises(survey.UsageError, match=rf"63 combinations; a table shows at most {MOST_CELLS}"):
        schema.banner("sector*fresh")


def test_the_formula_is_said_in_words():
    schema = survey.load_instrument(EXAMPLES / "derived.yaml")
    said = {one.id: (schema.formula(one, "en"), schema.formula(one, "zh")) for one in schema.derived}
    assert said["size"] == (
        "Revenue in bands: Small = below 10; Medium = 10 to below 100; Large = 100 and more",
        "营收分档：小型＝低于 10；中型＝10 至 100（不含）；大型＝100 及以上",
    )
    assert said["trust_score"][0] == "Mean of Banks, Courts, Press, where at least 2 answered"
    assert said["makers"][0] == "Sector recoded: Drug makers = Biotech or Pharma; All others = all others"
    assert "West = America or Europe" in said["regions"][0]
    assert "Core = Sector: Biotech or Pharma" in said["target"][0]
    assert "Wider = Revenue: at least 10" in said["target"][0]
    assert said["maker_size"][1] == "厂商和规模的各种组合"
    assert schema.question("size").said("en") == said["size"][0]
    shown = describe(schema, "en")
    assert f"size  [bands]  {said['size'][0]}" in shown
    table = survey.data_dictionary(schema, lang="zh").set_index("column")
    assert table.loc["trust_score", "formula"] == said["trust_score"][1]
    assert table.loc["regions__west", "kind"] == "multiple"
    assert table.loc["sector", "formula"] == ""
    names = [field["name"] for field in survey.table_schema(schema)["fields"]]
    assert names[-1] == "maker_size"


def test_forms_ask_nothing_that_is_derived(tmp_path):
    path = survey.export_collection(EXAMPLES / "derived.yaml", tmp_path / "form.xlsx")
    import openpyxl

    cells = {
        str(cell)
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    }
    assert "Which sector are you in?" in " ".join(cells)
    assert not {"size", "trust_score", "Trust score"} & cells


# -- versions -------------------------------------------------------------------------------------------

CHANGES = {
    "a band": (("below: 10}", "below: 20}"), ("at_least: 10, below: 100}", "at_least: 20, below: 100}"), "major", "size target maker_size"),
    "a net": (("any: [america, europe]}", "any: [america]}"), None, "major", "regions"),
    "a recode": (("any: [biotech, pharma]}\n      - {id: rest", "any: [biotech]}\n      - {id: rest"), None, "major", "makers maker_size"),
    "the least of a score": (("least: 2", "least: 3"), None, "major", "trust_level trust_score"),
    "how a score is taken": (("take: sum", "take: mean"), None, "major", "trust_sum"),
    "a condition": (("item: banks, at_least: 4", "item: banks, at_least: 5"), None, "major", "target"),
    "an item of the battery": (('      - {id: press,', '      - {id: army, label: {en: "Army", zh: "军队"}}\n      - {id: press,'), None, "major", "trust_level trust_score"),
    "an option of the source": (('      - {id: devices,', '      - {id: food, label: {en: "Food", zh: "食品"}}\n      - {id: devices,'), None, "minor", "sector makers target maker_size"),
    "gone": ((TEXT[TEXT.index("  - id: regions"): TEXT.index("  - id: target")], ""), None, "major", "regions"),
    "only words": (('short: {en: "Size"', 'short: {en: "Sizes"'), None, "patch", ""),
}  # fmt: skip


@pytest.mark.parametrize(("first", "second", "bump", "broken"), CHANGES.values(), ids=list(CHANGES))
def test_a_change_of_what_is_derived_breaks_its_trend(first, second, bump, broken):
    text = TEXT
    for old, new in filter(None, (first, second)):
        assert old in text
        text = text.replace(old, new, 1)
    old, new = parse_schema(TEXT, "a.yaml"), parse_schema(text.replace('"1.0.0"', '"2.0.0"'), "b.yaml")
    found = diff_instruments(old, new)
    assert found.bump == bump, found.changes
    assert set(found.breaks_trend) == set(broken.split())


def test_only_what_reads_the_changed_item_breaks():
    fast = rule("recode", "trust__banks", [option("a", "any: [1, 2, 3]"), option("b", "any: [4, 5]")])
    text = TEXT.rstrip("\n") + f"\n  - {fast}\n"
    (item,) = re.findall(r"      - \{id: press,.*\n", text)
    turned = (
        item.replace(", reverse: true", "") if "reverse" in item else item.replace("}}", "}, reverse: true}")
    )
    old = parse_schema(text, "a.yaml")
    new = parse_schema(text.replace(item, turned).replace('"1.0.0"', '"2.0.0"'), "b.yaml")
    assert set(diff_instruments(old, new).breaks_trend) == {"trust", "trust_score", "trust_level"}
    own = re.findall(r"      - \{id: banks,.*\n", text)[0]
    new = text.replace(own, own.replace("}}", "}, reverse: true}")).replace('"1.0.0"', '"2.0.0"')
    broken = set(diff_instruments(old, parse_schema(new, "b.yaml")).breaks_trend)
    assert {"trust", "fresh", "target", "trust_score"} <= broken


NPS = """  - id: recommend
    kind: nps
    short: {en: "Recommend", zh: "推荐"}
    text: {en: "Recommend?", zh: "推荐？"}
"""


def test_bands_of_scores_from_0_to_10():
    head = HEAD.replace("questions:\n", f"questions:\n{NPS}")
    fans = rule("bands", "recommend", (option("cool", "below: 9"), option("warm", "at_least: 9")))
    schema = parse_schema(head + f"derived:\n  - {fans}\n", "x.yaml")
    columns = {name: [None] * 4 for name in schema.asked_columns} | {"recommend": [0, 8, 9, None]}
    data = survey.from_frame(pd.DataFrame(columns, dtype=object), schema).data
    assert data["fresh"].astype(object).where(data["fresh"].notna(), None).tolist() == [
        "cool",
        "cool",
        "warm",
        None,
    ]
    for wrong, key in (("at_least: 11", "derived_band_empty"), ("at_least: 10", "derived_bands_gap")):
        with pytest.raises(InstrumentError) as caught:
            parse_schema(head + f"derived:\n  - {fans.replace('at_least: 9', wrong)}\n", "x.yaml")
        assert [problem.key for problem in caught.value.problems] == [key]


def test_a_code_for_no_answer_is_no_score_and_the_kinds_that_may_be_groups_are_named():
    text = HEAD.replace("questions:\n", f"questions:\n{NPS}")
    with pytest.raises(InstrumentError) as caught:
        parse_schema(text.replace("kind: nps", 'kind: nps\n    missing: {refused: ["10"]}'), "x.yaml")
    assert [problem.key for problem in caught.value.problems] == ["missing_is_answer"]
    parse_schema(text.replace("kind: nps", 'kind: nps\n    missing: {refused: ["99"]}'), "x.yaml")
    share = """  - id: budget
    kind: constant_sum
    total: 100
    short: {en: "Budget", zh: "预算"}
    text: {en: "Budget?", zh: "预算？"}
    options:
      - {id: staff, label: {en: "Staff", zh: "人员"}}
      - {id: kitchen, label: {en: "Kitchen", zh: "厨房"}}
"""
    schema = parse_schema(HEAD.replace("questions:\n", f"questions:\n{share}"), "x.yaml")
    for name in ("budget__staff", "markets__asia"):
        with pytest.raises(survey.UsageError):
            schema.banner(name)
    with pytest.raises(survey.UsageError, match="kind single, multiple, rating, ranking, nps"):
        schema.banner("budget__staff")


def test_what_limits_answers_and_the_cells_of_a_cross_are_shown():
    text = HEAD.replace("questions:\n", f"questions:\n{NPS}").replace(
        "kind: nps", 'kind: nps\n    missing: {refused: ["99"]}'
    )
    cross = rule("cross", "[sector, markets]")
    shown = describe(parse_schema(text + f"derived:\n  - {cross}\n", "x.yaml"))
    assert "recommend  [nps, missing refused: 99]" in shown
    assert "    biotech.asia  Biotech · " in shown
    four = describe(survey.load_instrument(EXAMPLES / "more-kinds.yaml"))
    assert "budget  [constant_sum, total 100]" in four
    assert "since  [date, limits: earliest 2000-01-01, latest 2026-12-31]" in four


def test_a_new_variable_is_minor_and_another_order_of_conditions_is_major():
    without = TEXT.replace(TEXT[TEXT.index("  - id: regions") : TEXT.index("  - id: target")], "")
    new = parse_schema(TEXT.replace('"1.0.0"', '"1.1.0"'), "b.yaml")
    found = diff_instruments(parse_schema(without, "a.yaml"), new)
    assert (found.bump, found.breaks_trend) == ("minor", ())
    a, b, c = (TEXT.index(f"      - {head}") for head in ("id: core", "id: wider", "{id: outside"))
    turned = TEXT[:a] + TEXT[b:c] + TEXT[a:b] + TEXT[c:]
    found = diff_instruments(
        parse_schema(TEXT, "a.yaml"), parse_schema(turned.replace('"1.0.0"', '"2.0.0"'), "b.yaml")
    )
    assert (found.bump, found.breaks_trend) == ("major", ("target",))
    a, b, c = (TEXT.index(f"      - {{id: {name}") for name in ("small", "medium", "large"))
    turned = TEXT[:a] + TEXT[b:c] + TEXT[a:b] + TEXT[c:]
    found = diff_instruments(
        parse_schema(TEXT, "a.yaml"), parse_schema(turned.replace('"1.0.0"', '"2.0.0"'), "b.yaml")
    )
    assert (found.bump, found.breaks_trend) == ("minor", ())


def test_a_lock_holds_them_and_a_dropped_id_does_not_come_again(tmp_path):
    folder = tmp_path / "derived"
    folder.mkdir()
    path = folder / "1.0.0.yaml"
    path.write_text(TEXT, encoding="utf-8")
    done = CliRunner().invoke(main, ["instrument", "lock", str(folder)])
    assert done.exit_code == 0, done.output
    path.write_text(TEXT.replace("least: 2", "least: 1"), encoding="utf-8")
    with pytest.raises(InstrumentError, match="changed in what its answers mean"):
        check_schemas((folder,))
    path.write_text(TEXT, encoding="utf-8")
    block = TEXT[TEXT.index("  - id: regions") : TEXT.index("  - id: target")]
    two = TEXT.replace(block, "").replace('"1.0.0"', '"2.0.0"')
    (folder / "2.0.0.yaml").write_text(two, encoding="utf-8")
    (folder / "3.0.0.yaml").write_text(TEXT.replace('"1.0.0"', '"3.0.0"'), encoding="utf-8")
    with pytest.raises(InstrumentError, match="'regions' is retired"):
        check_schemas((folder,))


def test_a_crossing_is_no_part_of_the_file():
    schema = survey.load_instrument(EXAMPLES / "derived.yaml")
    made = schema.crossed("sector * size", "sector*size")
    assert [question.id for question in made.variables][-1] == "sector*size"
    assert made.stubs == schema.stubs
    assert made.content_hash == schema.content_hash
    assert made.crossed("sector*size") is made
    assert len(made.question("sector*size").groups) == 9
    assert made.question("sector*size").group_noun("zh").by == "行业×规模"
    assert made.question("sector*size").group_noun("en").each == "group of Sector × Size"
    with pytest.raises(survey.UsageError, match="crosses questions"):
        schema.question("sector*size")
    for wrong, said in (
        ("sector*", "does not name two"),
        ("sector*sector", "twice"),
        ("sector*revenue", "'revenue' is a number, which makes no groups"),
        ("sector*nobody", "'nobody' is not a question"),
        ("sector*trust", "Name one: trust__banks"),
    ):
        with pytest.raises(survey.UsageError, match=said):
            schema.banner(wrong)


@pytest.mark.parametrize("page", ["derived.md", "zh/derived.md"])
def test_the_page_shows_rules_that_are_sound(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert {one.kind for one in parse_schema(HEAD + example, "x.yaml").derived} == {
        *("bands", "recode", "net", "score", "condition", "cross")
    }


def test_a_cross_is_steps_only_where_all_of_its_parts_are(tmp_path):
    """In tests (a trend), in R (an ordered factor) and in the labels of exports (`step`)."""
    instrument = parse_schema(
        TEXT + f"  - {{id: size_trust, kind: cross, of: [size, trust_level], {SHORT}}}\n", "x.yaml"
    )
    crosses = ("maker_size", "size_trust")
    assert [instrument.question(name).has_steps for name in crosses] == [False, True]
    assert not instrument.banner("sector*size").has_steps
    data = pd.DataFrame(
        {
            "revenue": [1, 20, 300, 4, 50, 600] * 4,
            "sector": ["biotech", "devices"] * 12,
            "staff": [5, 50, 60] * 8,
        }
        | {f"trust__{item}": [1, 5, 4, 2] * 6 for item in ("banks", "courts", "press")}
    )
    responses = survey.from_frame(data, instrument)
    for name, reason in (("maker_size", "not_ordered"), ("size_trust", "")):
        (trend,) = survey.association(responses, name, "staff_band", test="linear_trend").tests.itertuples()
        assert ("not_ordered" in trend.reason) == bool(reason)
        assert pd.isna(trend.p_value) == bool(reason)
    survey.export_responses(responses, tmp_path / "wave.R")
    labels = pd.read_csv(tmp_path / "wave.labels.csv")
    cells = labels.drop_duplicates("column").set_index("column")["cells"]
    assert cells[list(crosses)].tolist() == ["option", "step"]


def test_the_options_of_a_cross_are_named_by_their_ids():
    """They have a dot: `drugs.small`; of items of ratings also numbers, in quotes."""
    said = [
        rule("recode", "maker_size", [option("a", "any: [drugs.small, drugs.medium]"), option("b", "otherwise: true")]),
        rule("net", "region_size", [option("a", "any: [west.small, old_world.small]")]),
        rule("recode", "views", [option("a", 'any: ["1.5", "1.4"]'), option("b", "otherwise: true")]),
        rule("condition", "", [option("a", "all_of: [{question: maker_size, any: [drugs.small]}, {question: region_size, none: [west.large]}]"), option("b", "otherwise: true")]),
    ]  # fmt: skip
    crosses = ("region_size: [regions, size]", "views: [trust__banks, trust__press]")
    entries = [
        f"{{id: {name}, kind: cross, of: {of}, short: {{en: {name}, zh: {name}}}}}"
        for name, of in (cross.split(": ") for cross in crosses)
    ]
    entries += [
        entry.replace("fresh", f"fresh{at}").replace("New", f"N{at}").replace("新", f"新{at}")
        for at, entry in enumerate(said)
    ]
    instrument = parse_schema(TEXT + "".join(f"  - {entry}\n" for entry in entries), "x.yaml")
    data = {"sector": ["pharma", "biotech", "devices", "pharma"], "revenue": [1, 20, 2, 300]}
    data |= {f"trust__{item}": points for item, points in (("banks", [1, 1, 2, 5]), ("press", [5, 4, 3, 1]))}
    data |= {f"markets__{name}": [int(name == "asia")] * 4 for name in ("america", "europe", "asia", "none")}
    derived_data = survey.from_frame(pd.DataFrame(data), instrument).data
    assert derived_data["fresh0"].tolist() == ["a", "a", "b", "b"]
    assert derived_data["fresh1__a"].tolist() == [True, False, True, False]
    assert derived_data["fresh2"].tolist() == ["a", "a", "b", "b"]
    assert derived_data["fresh3"].tolist() == ["a", "b", "b", "b"]
    with pytest.raises(InstrumentError) as caught:
        derived(rule("recode", "sector", [option("a", "any: [pharma.small]"), option("b", "any: [Biotech]")]))
    assert {problem.key for problem in caught.value.problems} == {"schema_code"}


@pytest.mark.parametrize(
    ("first", "last", "keys"),
    [
        ('below: "2000-01-01"', 'at_least: "2000-01-01"', ["derived_band_empty"]),
        ('below: "2000-01-02"', 'at_least: "2000-01-02"', []),
        ('at_most: "2026-12-30"', 'at_least: "2026-12-31"', []),
        ('at_most: "2026-12-31"', 'at_least: "2027-01-01"', ["derived_band_empty"]),
    ],
)
def test_bands_of_days_lie_within_the_limits_of_the_date(first, last, keys):
    """The question takes days from 2000-01-01 to 2026-12-31, both included."""
    dated = HEAD.rstrip("\n") + (
        "\n  - {id: opened, kind: date, short: {en: Opened, zh: 成立}, text: {en: When?, zh: 何时？},\n"
        '     limits: {earliest: "2000-01-01", latest: "2026-12-31"}}\n'
    )
    entry = rule("bands", "opened", [option("a", first), option("b", last)])
    text = dated + f"derived:\n  - {entry}\n"
    if not keys:
        assert parse_schema(text, "x.yaml").rule_of("fresh")
        return
    with pytest.raises(InstrumentError) as caught:
        parse_schema(text, "x.yaml")
    assert [problem.key for problem in caught.value.problems] == keys


def asked_of(condition):
    """Derived variables: who meets a condition, and all others."""
    return rule(
        "condition",
        options=(option("a", f"all_of: [{{{condition}}}]"), option("b", "otherwise: true")),
    )


def test_a_condition_that_nobody_can_meet_is_a_fault():
    assert [key for key, _ in faults(asked_of("question: trust, item: banks, at_least: 8"))] == [
        "route_never_ends"
    ]
    assert [key for key, _ in faults(asked_of("question: revenue, at_least: 5, at_most: 4"))] == [
        "route_never"
    ]
    assert derived(asked_of("question: trust, item: banks, at_least: 4")).rule_of("fresh")


@pytest.mark.parametrize(
    ("conditions", "nobody"),
    [
        ("all_of: [{question: sector, any: [pharma]}, {question: sector, any: [biotech]}]", True),
        ("all_of: [{question: sector, any: [pharma, biotech]}, {question: sector, any: [biotech]}]", False),
        ("all_of: [{question: sector, any: [pharma]}, {question: sector, none: [pharma]}]", True),
        ("all_of: [{question: sector, any: [pharma], none: [biotech]}]", False),
        ("any_of: [{question: sector, any: [pharma]}, {question: sector, any: [biotech]}]", False),
        (
            "all_of: [{question: sector, any: [pharma]}], any_of: [{question: sector, any: [biotech]}, "
            "{question: revenue, at_least: 3}]",
            False,
        ),
        ("all_of: [{question: sector, any: [pharma]}], any_of: [{question: sector, any: [biotech]}]", True),
        ("all_of: [{question: markets, any: [asia]}, {question: markets, any: [europe]}]", False),
        ("all_of: [{question: markets, any: [asia]}, {question: markets, none: [asia]}]", True),
        ("all_of: [{question: revenue, at_least: 5}, {question: revenue, at_most: 4}]", True),
        ("all_of: [{question: revenue, at_least: 5}, {question: revenue, at_most: 5}]", False),
        (
            "all_of: [{question: trust, item: banks, at_least: 4}, {question: trust, item: banks, any: [1]}]",
            True,
        ),
        (
            "all_of: [{question: trust, item: banks, any: [5]}, {question: trust, item: press, any: [1]}]",
            False,
        ),
    ],
)
def test_conditions_that_no_answer_meets_together_are_a_fault(conditions, nobody):
    entry = rule("condition", options=(option("a", conditions), option("b", "otherwise: true")))
    if nobody:
        assert [key for key, _ in faults(entry)] == ["derived_condition_never"]
    else:
        assert derived(entry).rule_of("fresh")


def test_a_misspelt_item_of_a_condition_is_told_with_the_nearest():
    with pytest.raises(InstrumentError) as caught:
        derived(asked_of("question: trust, item: bank, at_least: 4"))
    (problem,) = caught.value.problems
    assert problem.key == "route_item_unknown_near"
    assert "Did you mean: banks?" in problem.text()
    assert "route" not in problem.text()


def test_only_members_of_a_circle_are_made_of_themselves():
    halves = [option("a", "any: [a]"), option("b", "any: [b]")]
    first, second, outside = (
        rule("recode", of, halves).replace("id: fresh", f"id: {name}")
        for name, of in (("first", "second"), ("second", "first"), ("outside", "second"))
    )
    with pytest.raises(InstrumentError) as caught:
        derived(first, second, outside)
    circles = [problem.values for problem in caught.value.problems if problem.key == "derived_circle"]
    assert [(values["id"], values["known"]) for values in circles] == [
        ("first", ["first", "second"]),
        ("second", ["first", "second"]),
    ]


MORE = (EXAMPLES / "more-kinds.yaml").read_text(encoding="utf-8") + "derived:\n"


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        (asked_of("question: since, at_least: 2015"), "route_of_days"),
        (asked_of("question: budget, item: kitchen, at_least: 101"), "route_never_ends"),
        (asked_of("question: matters, item: price, at_least: 9"), "route_never_ends"),
        (rule("bands", "budget__kitchen", TWO), "derived_source_kind"),
    ],
)
def test_kinds_that_cannot_be_asked_so_are_faults_with_a_remedy(entry, key):
    with pytest.raises(InstrumentError) as caught:
        parse_schema(f"{MORE}  - {entry}\n", "x.yaml")
    assert [problem.key for problem in caught.value.problems] == [key]


def test_a_changed_condition_is_named_as_a_filter_is_written():
    old = derived(asked_of("question: sector, any: [biotech, pharma]"))
    new = derived(asked_of("question: trust, item: banks, at_least: 4"))
    places = [change.where for change in diff_instruments(old, new).alterations]
    assert places == [
        "derived.fresh.options.a.all_of.sector=biotech,pharma",
        "derived.fresh.options.a.all_of.trust__banks>=4",
    ]


def test_a_condition_on_a_row_of_a_grid_is_described_and_shown_with_rare_options_together():
    text = (EXAMPLES / "grids.yaml").read_text(encoding="utf-8")
    entry = asked_of("question: channels, item: phone, none: [never]")
    schema = parse_schema(f"{text}derived:\n  - {entry}\n", "x.yaml")
    assert "Phone (Channels): not Never" in describe(schema, "en")
    shown = schema.with_question(schema.question("remark"))  # a report that shows some options together
    assert shown.rules == schema.rules
    assert shown.variables == schema.variables


DAYS = """
kind: survey
id: days
version: "1.0.0"
languages: [en]
title: {en: Days}
questions:
  - {id: since, kind: date, short: {en: Since}, text: {en: When?}}
  - id: why
    kind: text
    short: {en: Why}
    text: {en: Why?}
    asked_if: {question: since, ASKED}
derived:
  - id: old
    kind: condition
    short: {en: Old}
    options:
      - id: before
        label: {en: Before}
        all_of: [{question: since, ASKED}]
      - {id: after, label: {en: After}, otherwise: true}
"""


@pytest.mark.parametrize("asked", ['at_most: "2015-01-01"', "at_least: 2015-01-01", 'any: ["2015-01-01"]'])
def test_a_day_in_a_condition_is_told_at_its_line_with_what_to_do_instead(asked):
    with pytest.raises(InstrumentError) as error:
        parse_schema(DAYS.replace("ASKED", asked), "days.yaml")
    assert [problem.key for problem in error.value.problems] == ["schema_condition_of_day"] * 2
    assert [problem.place.line for problem in error.value.problems] == [13, 21]
    for lang in ("en", "zh"):
        assert "kind: bands" in error.value.problems[0].text(lang)
    with pytest.raises(InstrumentError, match="where a number is needed"):
        parse_schema(DAYS.replace("ASKED", 'at_most: "15"'), "days.yaml")
