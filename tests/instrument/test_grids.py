"""Grids in the schema: what they may say, the questions they are, and what a changed one breaks."""

import pytest

from survey.errors import InstrumentError, UsageError
from survey.instrument import load_instrument
from survey.instrument.loading import parse_schema
from survey.instrument.question import Grid
from survey.instrument.versions import diff_instruments
from tests.paths import EXAMPLES

TEXT = (EXAMPLES / "grids.yaml").read_text(encoding="utf-8")
MAIL = '      - {id: mail, label: {en: "E-mail", zh: "电子邮件"}, aliases: [Q1_2]}\n'


def grids(text=TEXT):
    return parse_schema(text, "grids.yaml")


def test_a_grid_is_a_question_for_each_row():
    schema = grids()
    assert [(one.id, one.kind) for one in schema.questions] == [
        *(("channels__phone", "single"), ("channels__mail", "single"), ("channels__chat", "single")),
        *(("reasons__phone", "multiple"), ("reasons__mail", "multiple"), ("remark", "text")),
    ]
    assert schema.columns[3:5] == ("reasons__phone__orders", "reasons__phone__returns")
    row = schema.question("channels__phone")
    assert row.said("en") == "How often do you use these? Phone"
    assert (row.heading("en"), row.heading("zh")) == ("Channels: Phone", "渠道：电话")
    assert isinstance(row.whole, Grid)
    assert schema.question("remark").whole is None
    assert [(grid.id if grid else None, len(rows)) for grid, rows in schema.sections] == [
        *(("channels", 3), ("reasons", 2), (None, 1)),
    ]


def test_short_names_say_row_and_grid_and_differ():
    shorts = [one.named("en") for one in grids().questions]
    assert shorts[:3] == ["Phone (Channels)", "E-mail (Channels)", "Chat on our web…"]
    assert shorts[3:5] == ["Phone, reasons", "E-mail (Reasons)"]
    long = TEXT.replace('{en: "Channels", zh', '{en: "Channels of contact", zh')
    assert [one.named("en") for one in grids(long).questions][:2] == ["Phone", "E-mail"]
    taken = long.replace('short: {en: "Remark"', 'short: {en: "Phone"')
    assert grids(taken).questions[0].named("en") == "Channels of contac 1"


def test_a_route_names_the_row_that_decides():
    assert grids().question("reasons__mail").asked_if.question == "channels__phone"


def test_the_hash_is_that_of_the_file_and_one_row_may_stand_for_the_banner():
    schema = grids()
    again = type(schema).model_validate_json(schema.model_dump_json())
    assert again.content_hash == schema.content_hash
    assert again.questions == schema.questions
    assert schema.defaults.banner == "channels__phone"


GRID = '    kind: grid\n    short: {en: "Channels"'
FAULTS = [
    ("answer: multiple", "answer: several", "schema_choice"),
    (GRID, GRID.replace("grid", "grit"), "schema_choice"),
    (GRID, GRID.replace("    kind: grid\n", ""), "schema_key_missing"),
    ("    fixed: true\n    rows:", "    fixed: true\n    raws:", "schema_key_unknown_near"),
    (MAIL, MAIL.replace("id: mail", "id: phone"), "id_twice"),
    (MAIL, MAIL.replace('en: "E-mail"', 'en: "phone"'), "wording_shared"),
    (MAIL, MAIL.replace(', zh: "电子邮件"', ""), "wording_missing"),
    (MAIL, MAIL.replace('{en: "E-mail", zh: "电子邮件"}', '"E-mail"'), "schema_wording"),
    ('{id: weekly, label: {en: "Weekly"', '{id: weekly, label: {en: "DAILY"', "wording_shared"),
    ("    fixed: true\n", "    fixed: true\n    least: 2\n", "key_not_here"),
    ("    answer: multiple\n", "    answer: multiple\n    least: 9\n", "choices_impossible"),
    ("    answer: multiple\n", "    answer: multiple\n    most: 9\n", "choices_beyond"),
    ("item: phone, none", "item: post, none", "route_item_unknown"),
    ("item: phone, none: [never]", "item: phone, none: [rarely]", "route_code"),
    ("{question: channels, item: phone, none", "{question: channels, none", "route_not_earlier"),
    ("    fixed: true\n", "    fixed: true\n    asked_if: {question: reasons, item: phone, any: [orders]}\n",
     "route_not_earlier"),
    ("banner: channels__phone", "banner: channels", "default_unusable"),
    ('short: {en: "Phone, reasons"', 'short: {en: "Phone: reasons"', "short_unusable"),
    ('short: {en: "Phone, reasons"', 'short: {en: "Remark"', "short_twice"),
    ('short: {en: "Phone, reasons"', 'short: {en: "Topline"', "short_reserved"),
    ("version: \"1.0.0\"\n", "version: \"1.0.0\"\nretired: [channels__chat]\n", "id_retired"),
    ("    fixed: true\n", "    fixed: true\n    missing: {refused: [never]}\n", "missing_is_answer"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "key"), FAULTS, ids=[f"{key} {number}" for number, (*_, key) in enumerate(FAULTS)]
)
def test_faults_have_a_line(old, new, key):
    assert TEXT.count(old) == 1, old
    with pytest.raises(InstrumentError) as caught:
        grids(TEXT.replace(old, new))
    found = [problem for problem in caught.value.problems if problem.key == key]
    assert found, str(caught.value)
    assert all(problem.place.line > 1 for problem in found)


POST = '      - {id: post, label: {en: "Post", zh: "信函"}}\n'
YEARLY = '      - {id: yearly, label: {en: "Yearly", zh: "每年"}}\n'
RETURNS = '      - {id: returns, label: {en: "Returns", zh: "退货"}}\n'
ROUTE = "    asked_if: {question: channels, item: phone, none: [never]}\n"
CHANNELS = ["channels__phone", "channels__mail", "channels__chat"]
REASONS = ["reasons__phone", "reasons__mail"]
CHANGES = [
    ("row away", MAIL, "", "major", ["channels__mail"]),
    ("row added", MAIL, MAIL + POST, "minor", []),
    ("option away", RETURNS, "", "major", REASONS),
    ("option added", "      - {id: never,", YEARLY + "      - {id: never,", "minor", CHANNELS),
    ("answers otherwise", "    fixed: true\n", "    fixed: true\n    answer: multiple\n", "major", CHANNELS),
    ("route away", ROUTE, "", "major", REASONS),
    ("order kept no more", "    fixed: true\n", "", "patch", []),
    ("short name", 'short: {en: "Phone, reasons"', 'short: {en: "Phone for what"', "patch", []),
]


@pytest.mark.parametrize(
    ("old", "new", "bump", "broken"), [one[1:] for one in CHANGES], ids=[one[0] for one in CHANGES]
)
def test_what_a_change_of_a_grid_breaks(old, new, bump, broken):
    changed = TEXT.replace('"1.0.0"', '"2.0.0"').replace(old, new, 1)
    found = diff_instruments(grids(), grids(changed))
    assert (found.bump, list(found.breaks_trend)) == (bump, broken), found.changes
    assert len(found.alterations) == 1, found.changes


def test_a_reworded_row_asks_for_its_meaning():
    found = diff_instruments(
        grids(), grids(TEXT.replace('"1.0.0"', '"1.0.1"').replace(MAIL, MAIL.replace("E-mail", "Mail")))
    )
    assert found.undeclared == ("questions.channels.rows.mail.label",)


def test_a_grid_may_have_one_row_or_twenty():
    rows = "".join(f"      - {{id: r{n}, label: {{en: 'Row {n}', zh: '第{n}行'}}}}\n" for n in range(20))
    head, rest = TEXT.split("    rows:\n", 1)
    for some in (rows.splitlines(keepends=True)[0], rows):
        options = rest.split("    options:\n", 1)[1]
        text = head + "    rows:\n" + some + "    options:\n" + options
        text = text.replace("item: phone, none", "item: r0, none").replace("channels__phone", "channels__r0")
        assert len(grids(text).questions) == some.count("\n") + 3
    assert load_instrument(EXAMPLES / "grids.yaml").grids


@pytest.mark.parametrize("name", ["channels", "reasons", "channels__fax"])
def test_what_is_derived_is_made_of_one_row(name):
    option = "{id: a, label: {en: A, zh: 甲}, any: [daily]}"
    rule = f"{{id: fresh, kind: net, of: {name}, short: {{en: New, zh: 新}}, options: [{option}]}}"
    with pytest.raises(InstrumentError) as caught:
        grids(TEXT + "derived:\n  - " + rule + "\n")
    (problem,) = caught.value.problems
    assert problem.key == ("derived_source_unknown" if "fax" in name else "derived_source_row")
    grid = name.partition("__")[0]
    assert problem.values["known"] == [one.id for one in grids().questions if one.id.startswith(grid)]


def test_options_of_a_row_are_called_by_grid_and_row():
    rows = {row.id: row for row in load_instrument(EXAMPLES / "grids.yaml").questions}
    assert rows["channels__phone"].options_noun("zh") == "“电话”渠道"  # 3项“电话”渠道中
    assert rows["channels__phone"].options_noun("en") == "Phone (Channels)"
    assert rows["reasons__phone"].options_noun("zh") == "电话用途"  # the short name that the row has
    assert rows["remark"].options_noun("en") == "Remark"


def test_where_one_row_must_stand_a_grid_names_its_rows():
    schema = grids()
    for own in (schema, schema.with_question(schema.question("remark"))):
        with pytest.raises(UsageError) as caught:
            own.banner("channels")
        (problem,) = caught.value.problems
        assert problem.key == "grid_row_needed"
        assert problem.values["rows"] == ["channels__phone", "channels__mail", "channels__chat"]
