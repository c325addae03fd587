"""What changed between versions: every rule of the table, the bump, the trend, locks and honest numbers."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.errors import InstrumentError, UsageError
from survey.instrument import read_schema
from survey.instrument.change_rules import DECLARED, RULES
from survey.instrument.json_schema import json_schema, json_schema_text
from survey.instrument.locking import check_schemas, lock_schemas
from survey.instrument.versions import diff_instruments
from tests.paths import EXAMPLES, ROOT

BASE = (EXAMPLES / "everything.yaml").read_text(encoding="utf-8")
ROOMS = "  - id: rooms\n    kind: multiple\n"


def schema(tmp_path: Path, *changes: tuple[str, str], version: str = "1.0.1", name: str = "b.yaml"):
    """The example with some text of it replaced."""
    text = BASE.replace('version: "1.0.0"', f'version: "{version}"')
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_schema(path)


def diff(tmp_path: Path, *changes: tuple[str, str], back: bool = False):
    old, new = schema(tmp_path, version="1.0.0", name="a.yaml"), schema(tmp_path, *changes)
    return diff_instruments(new, old) if back else diff_instruments(old, new)


COINS = '      - {id: coins, label: {en: "Coins, medals", zh: "钱币、奖章"}}\n'
SHIPS = '      - {id: ships, label: {en: "Ships (models)", zh: "船舶(模型)"}}\n'
MAPS = '      - {id: maps, label: {en: "Maps/globes", zh: "地图/地球仪"}}\n'
REMARK = BASE[BASE.index("  - id: remark") :]
NEW_QUESTION = (
    REMARK + '  - id: more\n    kind: text\n    short: {en: "M", zh: "多"}\n    text: {en: "?", zh: "？"}\n'
)

CASES = [
    # what is replaced, by what; class, bump, whose trend breaks
    ("question removed", (REMARK, ""), "major", ["remark"]),
    ("optional question", (REMARK, NEW_QUESTION), "minor", []),
    (
        "required question",
        (REMARK, NEW_QUESTION.replace("id: more\n", "id: more\n    required: true\n")),
        "major",
        [],
    ),
    ("kind", ("kind: text\n    short: {en: \"Remark", "kind: number\n    short: {en: \"Remark"), "major", ["remark"]),
    ("another scale", ("scale: three", "scale: seven"), "major", ["habits"]),
    ("route away", ("    asked_if: {question: rooms, none: [none]}\n", ""), "major", ["enjoyment"]),
    ("route changed", ("none: [none]}\n    items", "any: [coins]}\n    items"), "major", ["enjoyment"]),
    ("limits", ("maximum: 600", "maximum: 900"), "major", ["minutes"]),
    ("limits away", ("    limits: {minimum: 0}\n", ""), "major", ["spent"]),
    ("most", ("    most: 3\n", "    most: 2\n"), "major", ["rooms"]),
    ("most away", ("    most: 3\n", ""), "major", ["rooms"]),
    ("least away", ("    least: 1\n", ""), "major", ["rooms"]),
    ("least", ("    least: 1\n", "    least: 2\n"), "major", ["rooms"]),
    ("required away", ("    required: true\n", ""), "minor", []),
    ("required", (ROOMS, ROOMS + "    required: true\n"), "major", []),
    ("option removed", (SHIPS, ""), "major", ["rooms"]),
    ("option added", (SHIPS, SHIPS + SHIPS.replace("ships", "boats").replace("Ships", "B").replace("船舶", "船")), "minor", ["rooms"]),
    ("options reordered", (COINS + MAPS, MAPS + COINS), "minor", []),
    ("item removed", ('      - {id: guides, label: {en: "Guides", zh: "讲解员"}}\n', ""), "major", ["enjoyment"]),
    ("item added", ('      - {id: light,', '      - {id: air, label: {en: "Air", zh: "空气"}}\n      - {id: light,'), "minor", []),
    ("exclusive away", (", exclusive: true", ""), "major", ["rooms"]),
    ("exclusive", ('zh: "地图/地球仪"}}', 'zh: "地图/地球仪"}, exclusive: true}'), "major", ["rooms"]),
    ("text", ('zh: "地图/地球仪"}}', 'zh: "地图/地球仪"}, text: true}'), "minor", []),
    ("text away", ('{en: "Other rooms", zh: "其他展厅"}, text: true', '{en: "Other rooms", zh: "其他展厅"}'), "major", []),
    ("point added", ('      - {value: 2, label: {en: "Often", zh: "经常"}}', '      - {value: 2, label: {en: "Often", zh: "经常"}}\n      - {value: 3, label: {en: "Always", zh: "总是"}}'), "major", ["habits"]),
    ("top box", ("    top: 1\n", ""), "major", ["habits"]),
    ("alias", ('en: "Maps/globes", zh: "地图/地球仪"}}', 'en: "Maps/globes", zh: "地图/地球仪"}, aliases: [Charts]}'), "minor", []),
    ("help", ("The plan is on the ticket.", "See the plan on the ticket."), "patch", []),
    ("title", ("A museum's visitors", "Visitors of a museum"), "patch", []),
    ("default banner", ("banner: visit", "banner: rooms"), "patch", []),
    ("short name", ('short: {en: "Rooms"', 'short: {en: "Halls"'), "patch", []),
    ("no rating any more", ('{value: 2, label: {en: "Often"', '{value: 2, substantive: false, label: {en: "Often"'), "major", ["habits"]),
    ("reversed item", ("{id: cinema,", "{id: cinema, reverse: true,"), "major", ["habits"]),
    ("rare options", ("    most: 3\n", "    most: 3\n    other: {below: 5}\n"), "patch", []),
    ("fixed order", ("    most: 3\n", "    most: 3\n    fixed: true\n"), "patch", []),
    ("pinned option", ("{id: maps,", "{id: maps, pinned: last,"), "patch", []),
    ("missing word", ("questions:\n", 'missing: {skipped: ["(jumped)"]}\nquestions:\n'), "minor", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "bump", "broken"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_every_kind_of_change_has_its_class(tmp_path, change, bump, broken):
    found = diff(tmp_path, change)
    assert found.bump == bump, found.changes
    assert list(found.breaks_trend) == broken
    assert not found.undeclared
    assert len(found.alterations) == 1, found.changes


MORE = (EXAMPLES / "more-kinds.yaml").read_text(encoding="utf-8")
OF_MORE_KINDS = [
    ("ranks", ("    ranks: 3\n", "    ranks: 2\n"), "major", ["matters"]),
    ("ranks away", ("    ranks: 3\n", ""), "major", ["matters"]),
    ("total", ("    total: 100\n", "    total: 10\n"), "major", ["budget"]),
    ("tolerance", ("    total: 100\n", "    total: 100\n    tolerance: 2\n"), "minor", []),
    ("dates", ('latest: "2026-12-31"', 'latest: "2027-12-31"'), "major", ["since"]),
]


def of_more_kinds(tmp_path, change, *, back=False):
    before, after = tmp_path / "a.yaml", tmp_path / "b.yaml"
    before.write_text(MORE, encoding="utf-8")
    after.write_text(MORE.replace(*change, 1), encoding="utf-8")
    return diff_instruments(after, before) if back else diff_instruments(before, after)


@pytest.mark.parametrize(
    ("change", "bump", "broken"), [case[1:] for case in OF_MORE_KINDS], ids=[c[0] for c in OF_MORE_KINDS]
)
def test_changes_of_rankings_sums_and_dates(tmp_path, change, bump, broken):
    found = of_more_kinds(tmp_path, change)
    assert (found.bump, list(found.breaks_trend), len(found.alterations)) == (bump, broken, 1)


# Only codebooks have these parts: test_interviews.py meets them; tests/interviews/test_joint.py the topics.
CODEBOOK_RULES = [("Code", "subtheme"), ("Subtheme", "theme"), ("Theme", "aim"), ("Schema", "approach")]
CODEBOOK_RULES += [("Topic", "mark"), ("Code", "opposite"), ("Tension", ""), ("Tension", "between")]
CODEBOOK_RULES += [("Code", "theory"), ("Theory", ""), ("Proposition", "theory")]
# Facts and propositions: tests/interviews/test_facts.py and test_propositions.py.
CODEBOOK_RULES += [("Fact", "value"), ("Fact", "date"), ("Fact", "answer")]
CODEBOOK_RULES += [("Proposition", name) for name in ("rule", "facts", "codes_for", "codes_against")]
CODEBOOK_RULES += [("Proposition", name) for name in ("codes_denied", "segments")]


def test_every_rule_of_the_table_is_met_by_a_case(tmp_path):
    """Each rule is used by a case, forwards or backwards; what is left is named here."""
    seen = set()
    for _name, change, *_ in CASES:
        for back in (False, True):
            seen |= {one.rule for one in diff(tmp_path, change, back=back).alterations}
    for _name, change, *_ in OF_MORE_KINDS:
        seen |= {one.rule for one in of_more_kinds(tmp_path, change).alterations}
    left = {key for key, rule in RULES.items() if rule not in seen}
    assert (
        left
        == {
            *(key for key in RULES if key[0] in ("Derived", "DerivedOption")),  # test_derived.py meets them
            ("Question", "", "reordered"),
            ("Scale", "", "removed"),
            ("Scale", "", "added"),
            ("Schema", "languages", "added"),
            ("Schema", "languages", "removed"),
            *(key for key in RULES if key[:2] in CODEBOOK_RULES),
            ("any", "", "removed"),
            ("any", "", "added"),
            ("any", "", "reordered"),
            ("Row", "", "removed"),  # tests/instrument/test_grids.py meets these
            ("Row", "", "added"),
        }
        - {key for key, rule in RULES.items() if rule in seen}
    )


def test_languages_scales_and_reordered_questions(tmp_path):
    one = BASE.replace("languages: [en, zh]", "languages: [en]")
    one = re.sub(r", zh: \"[^\"]*\"", "", one)
    path = tmp_path / "one.yaml"
    path.write_text(one.replace('"1.0.0"', '"0.9.0"'), encoding="utf-8")
    both = diff_instruments(path, EXAMPLES / "everything.yaml")
    assert [(a.where, a.level) for a in both.alterations] == [("languages.zh", "minor")]
    assert diff_instruments(EXAMPLES / "everything.yaml", path).bump == "major"
    extra = '  two:\n    top: 1\n    points:\n      - {value: 0, label: {en: "N", zh: "否"}}\n      - {value: 1, label: {en: "Y", zh: "是"}}\n'
    added = diff(tmp_path, ("questions:\n", extra + "questions:\n"))
    assert [(a.where, a.level) for a in added.alterations] == [("scales.two", "patch")]
    again = diff(tmp_path, ("questions:\n", extra + "questions:\n"), back=True)
    assert again.bump == "major"
    minutes = BASE[BASE.index("  - id: minutes") : BASE.index("  - id: spent")]
    spent = BASE[BASE.index("  - id: spent") : BASE.index("  - id: remark")]
    moved = diff(tmp_path, (minutes + spent, spent + minutes))
    assert [(a.where, a.level) for a in moved.alterations] == [("questions", "minor")]
    assert "context" in moved.changes["why"][0]


@pytest.mark.parametrize("kind", list(DECLARED))
def test_a_changed_label_needs_a_declared_kind(tmp_path, kind):
    where = "questions.rooms.options.maps.label"
    declared = f"changes:\n  - {{where: {where}, kind: {kind}}}\nquestions:\n" if kind else "questions:\n"
    found = diff(tmp_path, ("Maps/globes", "Maps & globes"), ("questions:\n", declared))
    levels = {"typo": "patch", "clarification": "patch", "meaning": "major", None: "undeclared"}
    assert [(one.where, one.level) for one in found.alterations] == [(where, levels[kind])]
    assert found.undeclared == (() if kind else (where,))
    assert list(found.breaks_trend) == (["rooms"] if kind == "meaning" else [])
    assert found.honest == (kind in ("typo", "clarification"))


def test_anchors_belong_to_the_questions_that_use_the_scale(tmp_path):
    where = "scales.three.points.2.label"
    declared = f"changes:\n  - {{where: {where}, kind: meaning}}\nquestions:\n"
    found = diff(
        tmp_path, ('{en: "Often", zh: "经常"}', '{en: "Always", zh: "总是"}'), ("questions:\n", declared)
    )
    assert (found.bump, found.breaks_trend) == ("major", ("habits",))


def test_a_scale_turned_round_is_major_whatever_is_declared(tmp_path):
    low, high = '{en: "Never", zh: "从不"}', '{en: "Often", zh: "经常"}'
    found = diff(
        tmp_path,
        (f"value: 0, label: {low}", f"value: 0, label: {high}"),
        (f"value: 2, label: {high}", f"value: 2, label: {low}"),
    )
    assert [(one.where, one.level) for one in found.alterations] == [("scales.three", "major")]
    assert found.breaks_trend == ("habits",)


def test_a_retired_id_is_refused(tmp_path):
    retired = ("questions:\n", "retired: [rooms__boats]\nquestions:\n")
    with pytest.raises(InstrumentError, match=r"rooms__boats.*retired"):
        schema(tmp_path, retired, ("id: ships", "id: boats"))
    old = schema(tmp_path, retired, version="1.0.0", name="a.yaml")
    new = schema(
        tmp_path, (SHIPS, SHIPS + SHIPS.replace("ships", "boats").replace("Ships", "B").replace("船舶", "船"))
    )
    found = diff_instruments(old, new)
    assert found.bump == "refused"
    assert not found.honest


def test_nothing_changed_and_strangers(tmp_path):
    same = diff_instruments(EXAMPLES / "everything.yaml", EXAMPLES / "everything.yaml")
    assert (same.bump, same.breaks_trend, len(same.changes)) == ("none", (), 0)
    with pytest.raises(UsageError, match="not versions of one schema"):
        diff_instruments(EXAMPLES / "everything.yaml", EXAMPLES / "seven-points.yaml")


def test_the_next_version_of_the_executive_survey():
    found = survey.diff_instruments("executive-survey@1.0.0", "executive-survey@1.1.0")
    assert found.bump == found.declared_bump == "minor"
    assert found.breaks_trend == ("expansion_models", "support_needs", "capability_gaps")
    added = found.changes[found.changes["change"] == "added"]["where"].tolist()
    assert added == [
        "questions.expansion_models.options.acquisition",
        "questions.expansion_stage",
        "questions.target_markets",
        "questions.support_needs.options.other",
        "questions.capability_gaps.options.other",
    ]


@pytest.mark.parametrize("form", ["table", "json", "markdown"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command(form, lang):
    arguments = ["instrument", "diff", "executive-survey@1.0.0", "executive-survey@1.1.0"]
    done = CliRunner().invoke(main, [*arguments, "--format", form, "--lang", lang])
    assert done.exit_code == 0, done.output
    if form == "json":
        told = json.loads(done.output)
        assert told["bump"] == "minor"
        assert told["breaks_trend"] == ["expansion_models", "support_needs", "capability_gaps"]
        assert {change["class"] for change in told["changes"]} == {"minor", "patch"}
    else:
        assert "questions.expansion_stage" in done.output
        assert ("breaks" in done.output) == (lang == "en")


def test_the_command_asks_for_what_is_not_declared(tmp_path):
    schema(tmp_path, version="1.0.0", name="a.yaml")
    schema(tmp_path, ("Maps/globes", "Maps & globes"))
    done = CliRunner().invoke(
        main, ["instrument", "diff", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")]
    )
    assert done.exit_code == 1
    assert "- {where: questions.rooms.options.maps.label, kind: ...}" in done.output


def test_the_older_version_comes_first():
    arguments = ["instrument", "diff", "executive-survey@1.1.0", "executive-survey@1.0.0"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1
    assert "Name the older version first" in done.output


def test_a_crosswalk_can_be_shown():
    path = ROOT / "instruments" / "executive-survey" / "crosswalk" / "1.0.0--1.1.0.yaml"
    done = CliRunner().invoke(main, ["instrument", "show", str(path)])
    assert "executive-survey@1.0.0 -> executive-survey@1.1.0" in done.output


def test_a_long_wording_is_shown_where_it_differs(tmp_path):
    from survey.instrument.diff_text import format_diff

    long = "word " * 30
    old = schema(tmp_path, ("A museum's visitors", long + "one"), version="1.0.0", name="a.yaml")
    new = schema(tmp_path, ("A museum's visitors", long + "two"))
    told = format_diff(diff_instruments(old, new))
    assert "word one -> ..." in told


# -- locks and honest numbers ----------------------------------------------------------------------------


def family(tmp_path: Path, *changes: tuple[str, str], version: str) -> Path:
    schema(tmp_path, version="1.0.0", name="1.0.0.yaml")
    schema(tmp_path, *changes, version=version, name=f"{version}.yaml")
    return tmp_path


def test_a_released_version_is_never_edited(tmp_path):
    schema(tmp_path, version="1.0.0", name="1.0.0.yaml")
    assert [one.version for one in lock_schemas((tmp_path,))] == ["1.0.0"]
    kept = (tmp_path / "lock.yaml").read_text(encoding="utf-8")
    assert lock_schemas((tmp_path,)) == []
    schema(tmp_path, ("A museum's visitors", "Visitors"), version="1.0.0", name="1.0.0.yaml")
    with pytest.raises(InstrumentError, match="reworded"):
        check_schemas((tmp_path,))
    schema(tmp_path, ("    most: 3\n", ""), version="1.0.0", name="1.0.0.yaml")
    with pytest.raises(InstrumentError, match="changed in what its answers mean"):
        lock_schemas((tmp_path,))
    assert (tmp_path / "lock.yaml").read_text(encoding="utf-8") == kept


def test_two_schemas_in_one_folder_share_no_lock(tmp_path):
    schema(tmp_path, version="1.0.0", name="mine.yaml")
    assert len(lock_schemas((tmp_path,))) == 1
    mine = (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    other = mine.replace("\nid: ", "\nid: other-", 1)
    assert other != mine
    (tmp_path / "other.yaml").write_text(other, encoding="utf-8")
    assert len(check_schemas((tmp_path,))) == 2  # the lock is of the one, the other was never released
    for path in (tmp_path, tmp_path / "other.yaml"):
        with pytest.raises(InstrumentError, match="folder of its own"):
            lock_schemas((path,))
    (tmp_path / "mine.yaml").write_text(mine.replace("    most: 3\n", ""), encoding="utf-8")
    with pytest.raises(InstrumentError, match="changed in what its answers mean"):
        check_schemas((tmp_path,))


def test_a_version_without_a_lock_and_a_broken_lock(tmp_path):
    schema(tmp_path, version="1.0.0", name="1.0.0.yaml")
    with pytest.raises(InstrumentError, match="has no lock"):
        lock_schemas((tmp_path,), check=True)
    assert not (tmp_path / "lock.yaml").exists()
    for broken in ("[", '"1.0.0": x', "- 1", '"a": {semantic: b, whole: c}'):
        (tmp_path / "lock.yaml").write_text(broken, encoding="utf-8")
        with pytest.raises(InstrumentError, match="lock file cannot be read"):
            check_schemas((tmp_path,))


def test_the_number_must_say_what_changed(tmp_path):
    with pytest.raises(InstrumentError, match="says 'patch', what changed is 'major'"):
        check_schemas((family(tmp_path, ("    most: 3\n", ""), version="1.0.1"),))


def test_a_larger_step_than_needed_is_honest(tmp_path):
    assert len(check_schemas((family(tmp_path, ("    most: 3\n", ""), version="3.0.0"),))) == 2


def test_an_id_dropped_and_used_again_is_found_among_the_versions(tmp_path):
    family(tmp_path, (SHIPS, ""), version="2.0.0")
    schema(tmp_path, version="3.0.0", name="3.0.0.yaml")
    with pytest.raises(InstrumentError, match=r"rooms__ships.*retired"):
        check_schemas((tmp_path,))


def test_the_hashes_know_meaning_from_wording(tmp_path):
    plain = schema(tmp_path)
    reworded = schema(tmp_path, ("Maps/globes", "Maps & globes"))
    narrower = schema(tmp_path, ("    most: 3\n", ""))
    flagged = schema(tmp_path, ('zh: "地图/地球仪"}}', 'zh: "地图/地球仪"}, text: true}'))
    assert len({one.content_hash for one in (plain, reworded, narrower, flagged)}) == 4
    assert plain.semantic_hash == reworded.semantic_hash
    assert len({one.semantic_hash for one in (plain, narrower, flagged)}) == 3


def test_what_travels_with_the_package_is_valid_and_locked():
    assert lock_schemas((ROOT / "instruments",), check=True) == []


def test_validate_takes_folders_and_tells_all(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("x.yaml", "sub/y.yaml"):
        (tmp_path / name).write_text("kind: nonsense", encoding="utf-8")
    done = CliRunner().invoke(main, ["instrument", "validate", str(tmp_path)])
    assert done.exit_code == 1
    assert "x.yaml" in done.output
    assert "y.yaml" in done.output
    (tmp_path / "empty").mkdir()
    assert CliRunner().invoke(main, ["instrument", "validate", str(tmp_path / "empty")]).exit_code == 2


# -- for editors -----------------------------------------------------------------------------------------


def test_the_json_schema_is_the_committed_one():
    assert (ROOT / "instruments" / "schema.json").read_text(encoding="utf-8") == json_schema_text()


@pytest.mark.parametrize(
    "path",
    sorted([*(ROOT / "instruments").rglob("*.yaml"), *EXAMPLES.glob("*.yaml")]),
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_the_json_schema_takes_what_we_take(path):
    if path.name == "lock.yaml":
        pytest.skip("a lock is no schema")
    validator = jsonschema.Draft202012Validator(json_schema())
    jsonschema.Draft202012Validator.check_schema(json_schema())
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert list(validator.iter_errors(data)) == []
    data["kind"] = "nonsense"
    assert list(validator.iter_errors(data))


# What the Chinese page calls the parts of a schema.
PARTS_ZH = {
    "Question": "问题",
    "Row": "矩阵行",
    "Option": "选项",
    "Item": "题项",
    "Point": "分值",
    "Scale": "量表",
    "Derived": "衍生变量",
    "DerivedOption": "衍生变量的选项",
    "Code": "编码",
    "Subtheme": "子主题",
    "Theme": "主题",
    "Topic": "对照主题",
    "Fact": "事实",
    "Proposition": "命题",
    "Tension": "张力",
    "Theory": "理论",
    "Schema": "整份文件",
    "any": "任意",
}


def rule_line(key, rule, lang):
    """A rule as the page of a language prints it."""
    from survey.messages import message

    part, name, move = key
    if lang == "en":
        words = part, name or "itself", move, rule.level, "breaks" if rule.breaks else ""
    else:
        field = {"": "自身", "any": "任意"}.get(name, name)
        moved = message(f"diff_move_{move}", lang)
        words = PARTS_ZH[part], field, moved, rule.level, "不可比" if rule.breaks else ""
    return f"| {' | '.join((*words, message(rule.why, lang)))} |"


@pytest.mark.parametrize(("page", "lang"), [("versions.md", "en"), ("zh/versions.md", "zh")])
def test_the_docs_print_the_rules(page, lang):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    section = text.split("\n## ")[1]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    assert sorted(rows) == sorted(rule_line(key, rule, lang) for key, rule in RULES.items())


# -- routing, limits -------------------------------------------------------------------------------------

FAULTS = [
    ("key_not_here", ("    required: true\n", "    most: 2\n")),
    ("choices_impossible", ("    least: 1\n", "    least: 4\n")),
    ("limits_not_here", ("    required: true\n", "    limits: {minimum: 1}\n")),
    ("limits_impossible", ("minimum: 0, maximum: 600", "minimum: 601, maximum: 600")),
    ("route_not_earlier", ("{question: rooms, none", "{question: habits, none")),
    ("route_not_earlier", ("{question: rooms, none", "{question: nothing, none")),
    ("route_item", ("item: light, at_least", "at_least")),
    ("route_item_unknown", ("item: light, at_least", "item: dark, at_least")),
    ("route_item", ("{question: rooms, none", "{question: rooms, item: coins, none")),
    ("route_no_order", ("{question: rooms, none: [none]}", "{question: rooms, at_least: 3}")),
    ("route_code", ("none: [none]}", "none: [nobody]}")),
    ("route_code", ("at_least: 3", "any: [9]")),
    ("route_never_ends", ("at_least: 3", "at_least: 9")),
    ("route_never_ends", ("at_least: 3", "at_least: 3, at_most: 2")),
    ("route_empty", ("{question: rooms, none: [none]}", "{question: rooms}")),
    ("id_retired", ("questions:\n", "retired: [remark]\nquestions:\n")),
]


MORE_FAULTS = [
    ("ranks_impossible", ("ranks: 3", "ranks: 5")),
    ("total_needed", ("    total: 100\n", "")),
    ("key_not_here", ("kind: nps", "kind: nps\n    total: 5")),
    ("key_not_here", ("kind: date", "kind: date\n    ranks: 1")),
    ("tolerance_impossible", ("total: 100", "total: 100\n    tolerance: 100")),
    ("options_needed", ("kind: nps", "kind: ranking")),
    ("options_not_here", ("kind: constant_sum\n    total: 100", "kind: nps")),
    ("limits_impossible", ('latest: "2026-12-31"', 'latest: "1999-12-31"')),
    ("limit_no_day", ('earliest: "2000-01-01"', 'earliest: "2000-02-30"')),
    ("limit_not_here", ('earliest: "2000-01-01"', "minimum: 3")),
    ("limits_not_here", ("kind: nps", "kind: nps\n    limits: {minimum: 0}")),
    ("route_item", ("    kind: date", "    kind: date\n    asked_if: {question: matters, any: [1]}")),
    ("route_code", ("    kind: date", "    kind: date\n    asked_if: {question: recommend, any: [11]}")),
    (
        "route_never_ends",
        ("    kind: date", "    kind: date\n    asked_if: {question: recommend, at_least: 11}"),
    ),
    ("schema_form", ('earliest: "2000-01-01"', 'earliest: "1.1.2000"')),
    ("schema_form", ('earliest: "2000-01-01"', "earliest: 2000")),
    ("schema_form", ('latest: "2026-12-31"', 'latest: "2026"')),
    ("key_not_here", ("kind: nps", "kind: nps\n    scale: nowhere")),
]


@pytest.mark.parametrize(
    ("key", "change"), MORE_FAULTS, ids=[f"{key}-{n}" for n, (key, _) in enumerate(MORE_FAULTS)]
)
def test_faults_of_rankings_sums_and_dates_are_located(tmp_path, key, change):
    path = tmp_path / "more.yaml"
    assert change[0] in MORE
    path.write_text(MORE.replace(*change, 1), encoding="utf-8")
    with pytest.raises(InstrumentError) as caught:
        read_schema(path)
    assert [problem.key for problem in caught.value.problems] == [key], str(caught.value)
    if key == "schema_form":
        assert caught.value.text("en").endswith("as in 2000-01-01.")
    assert all(problem.place.line for problem in caught.value.problems)
    assert caught.value.text("zh")


@pytest.mark.parametrize(("key", "change"), FAULTS, ids=[f"{key}-{n}" for n, (key, _) in enumerate(FAULTS)])
def test_faults_of_routes_and_limits_are_located(tmp_path, key, change):
    with pytest.raises(InstrumentError) as caught:
        schema(tmp_path, change)
    assert key in [problem.key for problem in caught.value.problems], str(caught.value)
    assert all(problem.place.line for problem in caught.value.problems)
    assert caught.value.text("zh")


def test_an_instrument_is_shown_with_its_places_and_totals():
    from survey.instrument.describe import describe

    text = describe(read_schema(EXAMPLES / "more-kinds.yaml"))
    assert "matters  [ranking, places 3]" in text
    assert "budget  [constant_sum, total 100]" in text
