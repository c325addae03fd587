"""Plans of reports: one table of settings, located faults, several reports of one reading, the same again."""

import inspect
import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import jsonschema
import pandas as pd
import pytest
from openpyxl import load_workbook

import survey
from survey.cli.analyze import analyze as command
from survey.errors import InstrumentError, SurveyError, UsageError
from survey.instrument.json_schema import json_schema
from survey.instrument.option import RareOptions
from survey.instrument.plan_schemas import ReportPlan
from survey.instrument.report_plans import load_plan
from survey.messages import LANGUAGES, message
from survey.render import write_report
from survey.report.survey.planning import planned
from survey.settings import BY_KEY, SETTINGS
from tests.cli.helpers import options_of, run
from tests.paths import EXAMPLES, ROOT

pytestmark = pytest.mark.filterwarnings("ignore:.*not anonymous by itself:UserWarning")

TRADES = [f"trade_{number}" for number in range(1, 13)]


def instrument_text(groups, *, banner="trade"):
    """An instrument with a single-choice question of so many options, two more questions and a battery."""
    options = "\n".join(f"      - {{id: {group}, label: {{en: {group.title()}, zh: 行业{number}}}}}"
                        for number, group in enumerate(groups))  # fmt: skip
    default = f"defaults: {{banner: {banner}, battery: wishes}}" if banner else ""
    return f"""
kind: survey
id: trades
version: "1.0.0"
languages: [en, zh]
title: {{en: "Trades {{today}}", zh: 行业}}
{default}
scales:
  three:
    top: 1
    points:
      - {{value: 1, label: {{en: Low, zh: 低}}}}
      - {{value: 2, label: {{en: Middle, zh: 中}}}}
      - {{value: 3, label: {{en: High, zh: 高}}}}
questions:
  - id: trade
    kind: single
    short: {{en: Trade, zh: 行业}}
    text: {{en: Which trade?, zh: 哪个行业？}}
    options:
{options}
  - id: tools
    kind: multiple
    short: {{en: Tools, zh: 工具}}
    text: {{en: Which tools?, zh: 哪些工具？}}
    options:
      - {{id: hammer, label: {{en: "Hammer: \\"big\\"", zh: 锤子}}}}
      - {{id: saw, label: {{en: Saw, zh: 锯}}}}
      - {{id: drill, label: {{en: Drill, zh: 钻}}}}
  - id: age
    kind: single
    short: {{en: Age, zh: 年龄}}
    text: {{en: How old?, zh: 年龄？}}
    options:
      - {{id: young, label: {{en: Young, zh: 青年}}, fixed: true}}
      - {{id: old, label: {{en: Old, zh: 老年}}, fixed: true}}
  - id: wishes
    kind: rating
    short: {{en: Wishes, zh: 愿望}}
    text: {{en: How important?, zh: 多重要？}}
    scale: three
    items:
      - {{id: pay, label: {{en: Pay, zh: 薪酬}}}}
      - {{id: time, label: {{en: Time, zh: 时间}}}}
  - id: remark
    kind: text
    short: {{en: Remark, zh: 备注}}
    text: {{en: Anything else?, zh: 还有吗？}}
"""


def answers(groups, each):
    """So many respondents of each group, answering by their number."""
    rows = len(groups) * each
    return pd.DataFrame(
        {
            "trade": [group for group in groups for _ in range(each)],
            "tools__hammer": [number % 3 == 0 for number in range(rows)],
            "tools__saw": [number % 2 == 0 for number in range(rows)],
            "tools__drill": [number % 4 != 0 for number in range(rows)],
            "age": ["old" if number % 3 else "young" for number in range(rows)],
            "wishes__pay": [1 + number % 3 for number in range(rows)],
            "wishes__time": [3 - number % 2 for number in range(rows)],
            "remark": [f"remark {number}" for number in range(rows)],
        }
    )


def made(folder, groups=TRADES, each=4, **changes):
    """Responses under such an instrument."""
    path = folder / f"trades-{len(groups)}.yaml"
    path.write_text(instrument_text(groups, **changes), encoding="utf-8")
    return survey.from_frame(answers(groups, each), path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("plans")


@pytest.fixture(scope="module")
def trades(folder):
    """Twelve trades of four respondents."""
    return made(folder)


@pytest.fixture(scope="module")
def workbook(folder, trades):
    """The same as a file that says its instrument, and the words that read it."""
    return survey.write_responses(trades, folder / "trades.xlsx")


@pytest.fixture
def at(folder, tmp_path, monkeypatch, workbook):
    """A folder to work in, with the file; gives the words of the command that reads it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trades.xlsx").write_bytes(workbook.read_bytes())
    return ("trades.xlsx", "--instrument", str(folder / "trades-12.yaml"))


def cells_of(path, sheet):
    """The texts of a sheet of a workbook."""
    book = load_workbook(path, read_only=True)
    try:
        return [str(cell) for row in book[sheet].values for cell in row if cell is not None]
    finally:
        book.close()


def sheets_of(path):
    """The names of the sheets of a workbook."""
    book = load_workbook(path, read_only=True)
    try:
        return book.sheetnames
    finally:
        book.close()


def tables(report):
    """Every table of a report but the notes: what it shows."""
    return {
        (sheet.name, table.name): table.data
        for sheet in report.sheets
        for table in sheet.tables
        if table.name != "notes"
    }


def same_tables(one, other):
    """Whether two reports show the same."""
    assert tables(one).keys() == tables(other).keys()
    for place, table in tables(one).items():
        pd.testing.assert_frame_equal(table, tables(other)[place])


# -- one table -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_a_setting_is_an_option_a_key_and_an_argument_with_one_default(setting):
    option = options_of(command)[setting.option]
    assert option.name == setting.name
    if not setting.is_repeated and setting.form != "flag":
        assert option.default == setting.default
    assert setting.key in ReportPlan.model_fields
    definition = json_schema()["$defs"]["ReportPlan"]["properties"][setting.key]
    assert definition["description"] == message(setting.plan_help or setting.option_help)
    for lang in LANGUAGES:
        assert message(setting.option_help, lang)
    if setting.argument != "-" and setting.scope in ("report", "reading"):
        function = survey.analyze if setting.scope == "report" else survey.read_responses
        default = inspect.signature(function).parameters[setting.argument or setting.key].default
        assert default == (setting.default or default if setting.form == "names" else setting.default)
    if setting.scope == "head":
        assert setting.key in survey.TitleBlock.__dataclass_fields__


def test_every_option_of_the_command_is_a_setting_or_one_of_few():
    others = {name for name in options_of(command) if name.startswith("--")}
    others -= {name for setting in SETTINGS for name in setting.options}
    assert others == {"--plan", "--save-plan", "--password", "--suppress", "--from-findings", "--lang"}


@pytest.mark.parametrize("page", ["plan.md", "zh/plan.md"])
def test_the_page_lists_every_key(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \| `(-[-\w]+)`", text, re.MULTILINE)
    assert listed == [(setting.key, setting.option) for setting in SETTINGS]
    assert all(f"`{key}`" in text for key in ("languages", "reports", "for_each", "name"))


def test_editors_check_plans_by_the_json_schema():
    validator = jsonschema.Draft202012Validator(json_schema())
    fit = {"kind": "report-plan", "banner": ["a"], "sort": {"a": "share"}, "reports": [{"for_each": "a"}]}
    assert validator.is_valid(fit)
    for unfit in ({"titel": "x"}, {"confidence": 95}, {"banner": []}, {"reports": [{"banners": ["a"]}]}):
        assert not validator.is_valid({**fit, **unfit})


# -- faults of the file --------------------------------------------------------------------------------------

FORM_FAULTS = [
    ("titel: x", "line 2", "The key 'titel' is not known here. Did you mean: title?"),
    ("weight: x", "line 2", "The key 'weight' is not known here. Did you mean: weights"),
    ("strata: region", "line 2", "survey export --to r"),
    ("confidence: 95", "line 2", "must be less than 1"),
    ("confidence: high", "line 2", "where a number is needed"),
    ("min_base: five", "line 2", "where a whole number is needed"),
    ("min_base: 0", "line 2", "at least 1"),
    ("small_base: 0", "line 2", "at least 1"),
    ("suppress: -1", "line 2", "at least 0"),
    ("models: 'yes'", "line 2", "Write true or false"),
    ("sort: shares", "line 2", "must be one of: share, questionnaire"),
    ("sort: {tools: up}", "line 2", "must be one of: share, questionnaire"),
    ("smallest_option: 0", "line 2", "at least 1"),
    ("smallest_option: {tools: few}", "line 2", "whole number"),
    ("compare: rows", "line 2", "must be one of: complement, columns"),
    ("only: all", "line 2", "must be one of: exclusive, mixed"),
    ("banner:", "line 2", "Nothing stands after banner"),
    ("banner: []", "line 2", "needs at least 1"),
    ("banner: 3", "line 2", "Put it in quotes"),
    ("languages: [de, en]", "line 2", "must be one of: en, zh"),
    ("title: {english: X}", "line 2", "A language is written by its code"),
    ("where: {trade: a}", "line 2", "where a list is needed"),
    ("reports: []", "line 2", "needs at least 1"),
    ("reports:\n  - for_eech: trade", "line 3", "Did you mean: for_each?"),
    ("reports:\n  - name: a/b", "line 3", "Write it as in"),
    ("reports:\n  - name: one\n    sheet: Data", "line 4", "'sheet' does not stand here"),
    ("output: '{nam}.xlsx'", "line 2", "Nothing fills {nam}"),
    ("output: '{option}.xlsx'", "line 2", "{option} stands for the option"),
    ("title: 'a {'", "line 2", "do not pair"),
    ("reports:\n  - for_each: trade\n  - name: all\noutput: '{option}.xlsx'", "line 5", "{option}"),
    ("banner: trade\nbanner: age", "line 3", "stands twice"),
    ("rake: {trade: 3}", "line 2", "rake.trade must hold named values"),
    ("rake: {trade: {trade_1: many}}", "line 2", "number"),
    ("rake: {}", "line 2", "needs at least 1"),
    ("rake: t.yaml\nweight_bounds: 3", "line 3", "list"),
    ("banner: [a", "line 3", "not readable YAML"),
]


@pytest.mark.parametrize(("text", "line", "words"), FORM_FAULTS)
def test_a_fault_of_form_has_its_line_and_remedy(text, line, words, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(f"kind: report-plan\n{text}\n", encoding="utf-8")
    with pytest.raises(InstrumentError) as error:
        load_plan(path)
    (problem,) = error.value.problems
    assert f"plan.yaml, {line}: " in problem.text()
    assert words in problem.text()
    assert re.search("[\u4e00-\u9fff]", problem.text("zh"))


def test_all_faults_are_told_at_once_in_both_languages(at, tmp_path):
    text = "kind: report-plan\ntitel: x\nconfidence: 95\nreports:\n  - for_eech: trade\n"
    Path("plan.yaml").write_text(text, encoding="utf-8")
    for lang in LANGUAGES:
        code, out, err = run("analyze", *at, "--plan", "plan.yaml", "--lang", lang)
        assert (code, out) == (1, "")
        assert [line for line in ("2", "3", "5") if line in err] == ["2", "3", "5"]
        assert len(err.strip().splitlines()) == 4
    assert not Path("reports").exists()


@pytest.mark.parametrize("source", [3, None, ["a"]])
def test_what_is_no_plan_is_refused(source):
    with pytest.raises(UsageError, match="A plan is a YAML file"):
        load_plan(source)


def test_a_plan_of_another_kind_or_place_is_refused(tmp_path):
    with pytest.raises(InstrumentError, match="must be one of: report-plan"):
        load_plan(EXAMPLES / "seven-points.yaml")
    with pytest.raises(UsageError, match="no file"):
        load_plan(tmp_path / "absent.yaml")


def test_a_dictionary_is_checked_as_a_file():
    assert load_plan({"banner": "a"}).settings == {"banner": ("a",)}
    with pytest.raises(InstrumentError, match=r"(?s)confidence.*titel"):
        load_plan({"titel": "x", "confidence": 95})


# -- what the plan names in the data -------------------------------------------------------------------------

DATA_FAULTS = [
    ("banner: [trades, age]", "line 2", "'trades' is not a question"),
    ("banner: remark", "line 2", "text"),
    ("questions:\n  - tools\n  - wish", "line 4", "wishes"),
    ("questions: [tools, age, tools]", "line 2", "listed twice"),
    ("sort: {remark: share}", "line 2", "no options or items"),
    ("sort: {tool: share}", "line 2", "tools"),
    ("smallest_option: {wishs: 5}", "line 2", "wishes"),
    ("where:\n  - age=young\n  - trade=trade_99", "line 4", "trade_9"),
    ("where: age", "line 2", "age"),
    ("where: [trade=trade_1, trade=trade_2]", "line 2", "No respondent meets the condition"),
    ("reports:\n  - name: one\n    where: [trade=trade_1, trade=trade_2]", "line 4", "No respondent"),
    ("reports:\n  - for_each: trades", "line 3", "trade"),
    ("reports:\n  - for_each: remark", "line 3", "text"),
    ("suppress: 5\nmodels: true", "line 2", "--models"),
    ("rake: {age: {young: 0.5, old: 0.6}}", "line 2", "add up to 1.1"),
    ("rake:\n  age:\n    young: 50\n    aged: 50", "line 5", "no option aged"),
    ("rake:\n  age: {young: 50, old: 50}\n  ages: {young: 100}", "line 4", "'ages' is not a question"),
    ("rake:\n  age: {young: 150, old: -50}", "line 3", "from 0 to 100"),
    ("rake: absent.yaml", "", "absent.yaml"),
    ("rake: {age: {young: 0.5, old: 0.5}}\nweight_bounds: [2, 3]", "line 3", "first below 1"),
    ("rake: {age: {young: 0.5, old: 0.5}}\nweight_bounds: [0.5, .nan]", "line 3", "first below 1"),
    ("rake: {age: {young: 0.5, old: 0.5}}\nweight_bounds: [0.5]", "line 3", "two numbers"),
    ("weight_bounds: [0.5, 2]", "line 2", "nothing is raked"),
    ("suppress: 5\ncompare: columns", "line 2", "--compare"),
    (
        "reports:\n  - name: a\n  - name: b\noutput: x.xlsx",
        "line 5",
        "is the file of two reports, 'a' and 'b'",
    ),
    ("reports:\n  - name: a\n  - name: b\n    output: reports/trades-a.xlsx", "line 5", "two reports"),
    ("languages: [en, zh]\noutput: x.xlsx", "line 3", "in two languages"),
    ("reports:\n  - for_each: trade\noutput: x.xlsx", "line 4", "two reports"),
    ("output: trades.xlsx", "", "is the input itself"),
    ("output: plan.xlsx\nreports:\n  - for_each: age\n    output: trades.xlsx", "line 5", "input itself"),
    ("output: a.docx", "", ".xlsx"),
    ("output: [a.xlsx, a.xlsx]", "", "twice"),
    ("pictures: p\nreports:\n  - name: a\n  - name: b", "line 2", "folder for the pictures of two reports"),
    ("template: absent.pptx\noutput: a.pptx", "", "absent.pptx"),
    ("template: absent.pptx", "", "deck"),
    ("logo: absent.png", "", "absent.png"),
    ("findings: absent.csv", "", "absent.csv"),
    ("suppress: 5\nreports:\n  - name: a\n  - for_each: age", "line 2", "share respondents"),
    ("suppress: 5\nreports:\n  - for_each: tools", "line 2", "share respondents"),
]


@pytest.mark.parametrize(("text", "line", "words"), DATA_FAULTS)
def test_a_fault_of_what_is_named_has_its_line_and_nothing_is_written(text, line, words, at):
    Path("plan.yaml").write_text(f"kind: report-plan\n{text}\n", encoding="utf-8")
    before = sorted(Path().iterdir())
    code, out, err = run("analyze", *at, "--plan", "plan.yaml", "--no-pictures")
    assert (code, out) == (2, "")
    assert re.search(words, err)
    assert f"plan.yaml, {line}: " in err if line else "plan.yaml, line" not in err
    assert "Nothing was written" in err
    assert sorted(Path().iterdir()) == before


def test_faults_of_what_is_named_come_together(trades):
    plan = {
        "banner": ["tradee"],
        "questions": ["toolz"],
        "reports": [{"for_each": "agee", "where": "wishes=3"}],
    }
    with pytest.raises(UsageError) as error:
        survey.planned_reports(trades, plan=plan)
    assert len(error.value.problems) == 4


# -- several reports of one reading --------------------------------------------------------------------------


def test_one_reading_gives_twelve_reports(at, tmp_path):
    plan = (
        "kind: report-plan\nbanner: age\ntitle: 'For {label}'\nno_pictures: true\n"
        "reports:\n  - for_each: trade\n"
    )
    Path("plan.yaml").write_text(plan, encoding="utf-8")
    code, out, err = run("analyze", *at, "--plan", "plan.yaml")
    assert (code, len(out.splitlines())) == (0, 12), err
    assert sorted(path.name for path in Path("reports").iterdir()) == sorted(
        f"trades-{trade}.xlsx" for trade in TRADES
    )
    for trade in TRADES:
        texts = cells_of(f"reports/trades-{trade}.xlsx", "Notes")
        assert any(f"--where trade={trade}" in text for text in texts)
        assert any(f"Trade = {trade.title()}" in text for text in texts)
    assert err.count("Few respondents (4)") == 12


def test_each_report_is_the_one_of_its_own_command(at):
    plan = (
        "kind: report-plan\nbanner: age\nquestions: [wishes, tools]\nsort: {tools: questionnaire}\n"
        "client: {en: 'A {name}', zh: '甲{label}'}\nlanguages: [en, zh]\noutput: '{name}-{lang}.xlsx'\n"
        "no_pictures: true\nmin_base: 3\nreports:\n  - {for_each: age, where: 'tools=saw', confidence: 0.9}\n"
    )
    Path("plan.yaml").write_text(plan, encoding="utf-8")
    code, out, err = run("analyze", *at, "--plan", "plan.yaml")
    assert (code, len(out.splitlines())) == (0, 4), err
    for path in map(Path, ("young-en.xlsx", "young-zh.xlsx", "old-en.xlsx", "old-zh.xlsx")):
        by_plan = path.read_bytes()
        notes = cells_of(path, "Notes" if "-en" in path.name else message("sheet_notes", "zh"))
        typed = next(text for text in notes if text.startswith("survey analyze"))
        code, _, err = run(*shlex.split(typed)[1:], "-o", path.name)
        assert code == 0, err
        assert path.read_bytes() == by_plan


def test_an_option_that_nobody_chose_has_no_report_and_that_is_told(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    responses = made(folder, TRADES, 4)
    few = survey.from_frame(
        responses.data.astype(object)[responses.data["trade"] != "trade_3"], responses.instrument
    )
    survey.write_responses(few, "few.xlsx")
    Path("plan.yaml").write_text("kind: report-plan\nno_pictures: true\nreports: [{for_each: trade}]\n")
    words = ("few.xlsx", "--instrument", folder / "trades-12.yaml", "--plan", "plan.yaml")
    code, out, err = run("analyze", *words)
    assert (code, len(out.splitlines())) == (0, 11)
    assert "plan.yaml, line 3: No report for option 'trade_3' of 'trade'" in err


def test_overlapping_groups_have_reports_too(trades):
    plan = {"reports": [{"for_each": "tools", "name": "by"}]}
    reports = list(survey.planned_reports(trades, plan=plan))
    assert [one.name for one in reports] == ["by-hammer", "by-saw", "by-drill"]
    bases = [one.report.sheet("Quality").tables[0].data["base"].max() for one in reports]
    assert bases == [16, 24, 36]


def test_reports_that_hide_small_cells_may_not_overlap(trades):
    apart = {"suppress": 3, "questions": ["tools"], "banner": "age", "reports": [{"for_each": "trade"}]}
    assert len(planned(load_plan(apart), trades, input_name="x")[0]) == 12
    languages = {"suppress": 3, "questions": ["tools"], "languages": ["en", "zh"]}
    assert len(planned(load_plan(languages), trades, input_name="x")[0]) == 2
    for together in ([{"name": "all"}, {"for_each": "age"}], [{"name": "a", "suppress": 0}, {"name": "b"}]):
        with pytest.raises(UsageError, match="share respondents"):
            survey.planned_reports(trades, plan={"suppress": 3, "reports": together})


def test_labels_in_names_of_files_lose_what_no_name_can_bear(trades):
    plan = {"output": "x/{label}-{lang}.xlsx", "reports": [{"for_each": "tools"}], "languages": ["en", "zh"]}
    paths = [one.output[0].as_posix() for one in planned(load_plan(plan), trades, input_name="x")[0]]
    assert paths[:2] == ["x/Hammer-big-.xlsx".replace(".xlsx", "-en.xlsx"), "x/锤子-zh.xlsx"]


def test_counted_data_are_not_taken_apart(trades):
    tally = survey.tally(trades)
    for plan in (
        {"reports": [{"for_each": "age"}]},
        {"where": "age=old"},
        {"reports": [{"where": "age=old"}]},
    ):
        with pytest.raises(UsageError, match="a tally holds none"):
            survey.planned_reports(tally, plan=plan)
    (report,) = survey.planned_reports(tally, plan={"questions": ["tools"]})
    assert {"tools"} == set(report.report.sheet("Data").tables[0].data["question"]) - {"", "trade"}


def test_a_tally_is_reported_by_a_plan_on_the_command_line(at, trades):
    survey.write_tally(survey.tally(trades, banners=["age", "trade"]), "trades.tally")
    Path("plan.yaml").write_text("kind: report-plan\nbanner: age\noutput: t.xlsx\nno_pictures: true\n")
    assert run("analyze", "trades.tally", "--plan", "plan.yaml")[0] == 0
    Path("plan.yaml").write_text("kind: report-plan\nreports: [{for_each: age}]\n")
    code, _, err = run("analyze", "trades.tally", "--plan", "plan.yaml")
    assert (code, "line 2: `for_each` chooses respondents, and a tally" in err) == (2, True)


# -- flags and plan, and the same again ----------------------------------------------------------------------


def test_flags_beat_the_plan_and_that_is_told(at):
    plan = "kind: report-plan\nconfidence: 0.8\nmin_base: 7\nlanguages: [en, zh]\n"
    plan += "reports:\n  - {name: a, min_base: 9}\n"
    Path("plan.yaml").write_text(plan, encoding="utf-8")
    words = ("--confidence", "0.9", "--min-base", "7", "--small-base", "20", "--lang", "zh", "-o", "a.xlsx")
    code, _, err = run(
        "analyze", *at, "--plan", "plan.yaml", *words, "--save-plan", "saved.yaml", "--no-pictures"
    )
    assert code == 0, err
    assert message("plan_beaten", "zh", options=["--confidence", "--min-base", "--lang"]) in err
    saved = load_plan("saved.yaml")
    assert saved.settings["confidence"] == 0.9
    assert saved.settings["languages"] == ("zh",)
    assert saved.reports == ({"name": "a"},)


def test_a_condition_of_the_command_is_that_of_all_reports(at):
    Path("plan.yaml").write_text(
        "kind: report-plan\nwhere: age=young\nreports: [{name: a, where: tools=saw}]\n"
    )
    words = ("--plan", "plan.yaml", "--where", "age=old", "-o", "a.xlsx", "--no-pictures")
    code, _, err = run("analyze", *at, *words)
    assert code == 0
    assert "--where" in err
    notes = " ".join(cells_of("a.xlsx", "Notes"))
    assert "--where age=old --where tools=saw" in notes


RUNS = [
    ("-o", "a.xlsx"),
    ("-o", "a.xlsx", "-o", "a.html", "--by", "age", "--by", "tools", "--question", "wishes", "--lang", "zh"),
    ("-o", "a{b}.xlsx", "--title", 'Trades {2027}: "x" # y', "--client", "true", "--footer", "机密"),
    (
        "-o",
        "a.xlsx",
        "--sort",
        "tools=questionnaire",
        "--sort",
        "wishes=share",
        "--smallest-option",
        "tools=1",
    ),
    ("-o", "a.xlsx", "--suppress", "--question", "tools", "--by", "age"),
    ("-o", "a.xlsx", "--by", "age*tools", "--question", "wishes"),
    (
        "-o",
        "a.xlsx",
        "--nets",
        "{tools: [{id: power, label: {en: Power}, any: [saw, drill]}]}",
        "--by",
        "age",
    ),
    ("-o", "a.xlsx", "--rake", "{age: {young: 0.4, old: 0.6}}", "--weight-bounds", "0.5", "1.5"),
    ("-o", "a.xlsx", "--rake", "{age: {young: 0.4, old: 0.6}}", "--weight-bounds", "0.9", "inf"),
    ("-o", "a.xlsx", "--where", "trade=trade_1,trade_2", "--where", "age!=young", "--only", "exclusive"),
    ("-o", "a.xlsx", "--set-aside", "--drop", "straight_lining", "--open-text", "--compare", "columns"),
    (),
]


@pytest.mark.parametrize("words", RUNS, ids=lambda words: " ".join(words[2:]) or "bare")
def test_a_saved_plan_repeats_the_run_byte_for_byte(words, at):
    code, out, err = run("analyze", *at, *words, "--no-pictures", "--save-plan", "saved.yaml")
    assert code == 0, err
    paths = [Path(line.removeprefix("Report: ").removeprefix("报告：")) for line in out.splitlines()[:-1]]
    first = [path.read_bytes() for path in paths]
    for path in paths:
        path.unlink()
    code, again, err = run("analyze", at[0], "--plan", "saved.yaml")
    assert code == 0, err
    assert again.splitlines() == out.splitlines()[:-1] or "报告" in out
    assert [path.read_bytes() for path in paths] == first
    assert load_plan("saved.yaml").yaml() == Path("saved.yaml").read_text(encoding="utf-8")


def test_a_plan_of_many_reports_is_saved_whole(at):
    Path("plan.yaml").write_text(
        "kind: report-plan\nno_pictures: true\n"
        "reports:\n  - name: all\n  - {for_each: age, title: '{label}'}\n"
    )
    assert (
        run("analyze", *at, "--plan", "plan.yaml", "--confidence", ".9", "--save-plan", "saved.yaml")[0] == 0
    )
    first = {path.name: path.read_bytes() for path in Path("reports").iterdir()}
    assert len(first) == 3
    assert run("analyze", at[0], "--plan", "saved.yaml")[0] == 0
    assert {path.name: path.read_bytes() for path in Path("reports").iterdir()} == first


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--save-plan", "saved.txt"), ".yaml"),
        (("--save-plan", "there.yaml"), "is there already"),
        (("--sort", "sideways"), "cannot be sorted by"),
        (("--sort", "share", "--sort", "tools=share"), "both for all questions and for single ones"),
        (("--sort", "tools=share", "--sort", "tools=questionnaire"), "one value"),
        (("--smallest-option", "few"), "write a whole number"),
        (("--smallest-option", "0"), "1 or more"),
        (("--smallest-option", "toolz=3"), "tools"),
        (("--question", "toolz"), "tools"),
        (("--question", "tools", "--question", "tools"), "listed twice"),
        (("--from-findings", "x.csv", "--plan", "p.yaml"), "--plan"),
        (("--plan", "absent.yaml"), "absent.yaml"),
        (("--confidence", "95"), "95"),
        (("--suppress-below", "5", "--models"), "--models"),
    ],
)
def test_words_that_cannot_be_are_refused(words, said, at):
    Path("there.yaml").write_text("kept")
    code, out, err = run("analyze", *(() if "--from-findings" in words else at), *words)
    assert (code, out) == (2, "")
    assert said in err
    assert Path("there.yaml").read_text() == "kept"


def test_a_fault_of_what_a_flag_says_is_not_told_of_a_line_of_the_plan(at):
    Path("plan.yaml").write_text(
        "kind: report-plan\nbanner: age\noutput: '{name}.xlsx'\nreports: [{for_each: age}]\n"
    )
    for words in (("-o", "x.xlsx"), ("--by", "agee"), ("--where", "age=odl")):
        code, _, err = run("analyze", *at, "--plan", "plan.yaml", *words)
        assert (code, "line" in err) == (2, False), err


def test_nothing_is_hidden_where_a_flag_says_so(at):
    Path("plan.yaml").write_text(
        "kind: report-plan\nsuppress: 5\nquestions: tools\noutput: a.xlsx\nno_pictures: true\n"
    )
    assert run("analyze", *at, "--plan", "plan.yaml", "--suppress-below", "0")[0] == 0
    assert "Precision" in sheets_of("a.xlsx")
    assert run("analyze", *at, "--plan", "plan.yaml")[0] == 0
    assert "Precision" not in sheets_of("a.xlsx")


# -- as a function -------------------------------------------------------------------------------------------


def test_analyze_takes_a_plan_and_arguments_beat_it(trades):
    plan = {"banner": "age", "questions": ["tools", "wishes"], "confidence": 0.8, "where": "trade!=trade_1"}
    report = survey.analyze(trades, plan=plan)
    same_tables(
        report,
        survey.analyze(
            trades.where("trade!=trade_1"), banner="age", questions=["tools", "wishes"], confidence=0.8
        ),
    )
    other = survey.analyze(trades, plan=plan, confidence=0.9, lang="zh", banner="tools")
    assert other.lang == "zh"
    assert "Tools" not in {sheet.name for sheet in report.sheets}
    same_tables(
        other,
        survey.analyze(
            trades.where("trade!=trade_1"),
            banner="tools",
            questions=["tools", "wishes"],
            confidence=0.9,
            lang="zh",
        ),
    )


def test_one_report_is_not_made_of_several(trades):
    with pytest.raises(UsageError, match="makes 2 reports"):
        survey.analyze(trades, plan={"reports": [{"for_each": "age"}]})
    with pytest.raises(UsageError, match="makes 2 reports"):
        survey.analyze(trades, plan={"languages": ["en", "zh"]})
    assert survey.analyze(trades, plan={"languages": ["en", "zh"]}, lang="zh").lang == "zh"


def test_a_path_is_read_as_the_plan_says(at, folder, trades):
    frame = trades.data.rename(columns={"trade": "Trade"}).astype(object)
    frame.to_csv("odd.csv", index=False)
    plan = {"instrument": str(folder / "trades-12.yaml"), "drop": "straight_lining", "banner": "age"}
    report = survey.analyze("odd.csv", plan=plan)
    assert "By Age" in {sheet.name for sheet in report.sheets}
    (finished,) = survey.planned_reports("odd.csv", plan=plan)
    assert finished.output == (Path("reports/odd-report.xlsx"),)
    same_tables(finished.report, report)


def test_planned_reports_speak_the_language_asked_for(trades):
    (report,) = survey.planned_reports(trades, plan={"questions": "tools"}, lang="zh")
    assert (report.lang, report.report.lang) == ("zh", "zh")
    (report,) = survey.planned_reports(trades, plan={"questions": "tools", "languages": "en"}, lang="zh")
    assert report.report.lang == "en"


# -- which questions, in which order -------------------------------------------------------------------------


def shown_questions(report):
    """The questions that the long table of a report is about, in their order."""
    data = report.sheet("Data").tables[0].data
    return list(dict.fromkeys(data.loc[data["measure"] == "share", "question"]))


def test_questions_are_those_named_in_their_order_on_every_sheet(trades):
    report = survey.analyze(trades, questions=["wishes", "tools"], banner="age")
    topline = report.sheet("Topline").tables[0].data
    assert list(dict.fromkeys(topline["question"])) == ["wishes", "tools"]
    groups = report.sheet("By Age").tables[0].data
    assert list(dict.fromkeys(groups["stub"])) == ["wishes", "tools"]
    assert [chart.name for chart in report.sheet("Charts").charts][:2] == ["chart_wishes", "chart_tools"]
    codebook = report.sheet("Codebook").tables[0].data
    assert [code for code in codebook["code"] if code in ("trade", "tools", "age", "wishes", "remark")] == [
        *("wishes", "tools", "age"),
    ]
    everything = json.dumps([str(table.to_dict()) for table in tables(report).values()])
    assert "trade_1" not in everything
    assert "Remark" not in everything


# What checks settings, says what is shown, or lists the instrument itself.
_WHOLE_INSTRUMENT = (
    *("shown_questions.py", "setting_checks.py", "report_arguments.py"),
    *("stored_marks.py", "codebook.py"),
)


def test_no_sheet_goes_through_the_questions_of_the_instrument():
    for path in (ROOT / "src" / "survey" / "report" / "survey").glob("*.py"):
        if path.name not in _WHOLE_INSTRUMENT:
            used = re.findall(
                r"(?:instrument|schema)\.(?:questions|stubs|variables)", path.read_text("utf-8")
            )
            assert not used, path.name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_questions_left_out_are_announced_with_their_number(trades, lang):
    report = survey.analyze(trades, questions=["wishes", "tools"], banner="age", lang=lang)
    short = ["Trade", "Age", "Remark"] if lang == "en" else ["行业", "年龄", "备注"]
    said = message("selection_left_out", lang, count=3, all=5, questions=short)
    assert said in report.sheet(message("sheet_quality", lang)).subtitle
    title = message("topline_title_part", lang, shown=2, all=5, count=48)
    assert report.sheet(message("sheet_topline", lang)).title == title
    notes = report.sheet(message("sheet_notes", lang)).tables[0].data
    own = notes.loc[notes["topic"] == message("topic_selection", lang), "what"].tolist()
    assert len(own) == 1
    assert said in own[0]
    assert message("selection_families", lang, count=2) in own[0]
    whole = survey.analyze(trades, banner="age", lang=lang)
    assert message("topic_selection", lang) not in set(
        whole.sheet(message("sheet_notes", lang)).tables[0].data["topic"]
    )


def test_hidden_cells_and_a_choice_of_questions_go_together(trades):
    report = survey.analyze(trades, questions=["tools"], banner="age", suppress=5)
    assert shown_questions(report) == ["tools"]
    assert "4 of 5 questions" in report.sheet("Notes").tables[0].data["what"].str.cat(sep=" ")


def test_adjustment_over_questions_is_over_those_shown(trades):
    """Holm by hand: the smallest p of a family times its size."""

    def rows(report):
        data = report.sheet("Tests").tables[0].data
        whole = data[(data["result"] == "association_test") & data["p_adjusted"].notna()]
        return whole.set_index("question")[["p_value", "p_adjusted"]].astype(float)

    for questions in (["tools", "wishes"], ["tools", "wishes", "age"], ["wishes"]):
        table = rows(survey.analyze(trades, banner="trade", questions=questions))
        assert sorted(table.index) == sorted(questions)
        first = table.loc[table["p_value"].idxmin()]
        assert first["p_adjusted"] == pytest.approx(min(1, len(questions) * first["p_value"]))


def test_precision_and_published_figures_are_of_the_questions_shown():
    sample = survey.read_responses(ROOT / "data/responses/executive-survey-2026-reconstructed.xlsx")
    report = survey.analyze(sample, questions=["challenges"], banner="firm_type")
    for name in ("Precision", "Published"):
        table = report.sheet(name).tables[0].data
        assert set(table["question"].dropna()) - {"", "firm_type"} <= {"challenges"}, name
    alone = survey.precision(sample, banner="firm_type", questions=["challenges"])
    assert set(alone["question"]) == {"", "challenges", "firm_type"}
    assert (alone.loc[alone["what"] == "group", "hypotheses"].max()) == 3 * 8


def test_options_stand_as_asked_or_by_their_share(trades):
    def order(question, **settings):
        table = (
            survey.analyze(trades, banner="trade", questions=[question], **settings)
            .sheet("Topline")
            .tables[0]
        )
        codes = table.data.loc[~table.data["section"], "stub_code"]
        return list(codes)

    assert order("tools") == ["drill", "saw", "hammer"]
    assert order("tools", sort="questionnaire") == ["hammer", "saw", "drill"]
    assert order("tools", sort={"tools": "questionnaire"}) == ["hammer", "saw", "drill"]
    assert order("age") == ["young", "old"]  # marked as fixed
    assert order("age", sort={"age": "share"}) == ["old", "young"]
    assert order("age", sort={"tools": "questionnaire"}) == ["young", "old"]
    assert order("wishes", sort="questionnaire") == ["pay", "time"]
    assert order("wishes") == ["time", "pay"]


def test_options_that_few_chose_stand_together_as_asked_for(trades):
    """16 hammers, 24 saws and 36 drills; of the trades four each."""

    def options(question, **settings):
        report = survey.analyze(trades, banner="age", questions=[question], **settings)
        table = report.sheet("Topline").tables[0].data
        rows = table[~table["section"]]
        return dict(zip(rows["stub_code"], rows["n"].astype(int), strict=True)), report

    assert options("tools", smallest_option=25)[0] == {"drill": 36, "other": 32}  # a hammer or a saw, or both
    assert options("tools", smallest_option={"tools": 20})[0] == {"drill": 36, "saw": 24, "hammer": 16}
    assert options("tools", smallest_option={"trade": 20})[0] == {"drill": 36, "saw": 24, "hammer": 16}
    counts, report = options("trade", smallest_option=5)
    assert counts == {"other": 48}
    assert any("trade_1" in note.text.lower() for note in report.notes)
    assert set(report.sheet("By Age").tables[0].data["stub_code"]) == {"other"}
    _, report = options("tools", smallest_option={"trade": 5})  # not shown: nothing to say
    assert not any("trade_1" in note.text.lower() for note in report.notes)


@pytest.mark.parametrize("banner", ["trade", "tools", "age*trade", ["age", "trade"]])
def test_groups_of_a_banner_are_not_put_together_by_one_number_for_all(trades, banner):
    def groups(**settings):
        report = survey.analyze(trades, banner=banner, questions=["wishes", "tools"], **settings)
        sheets = [sheet for sheet in report.sheets if sheet.name.startswith("By ")]
        return [[column.heading for column in sheet.tables[0].columns] for sheet in sheets]

    assert groups(smallest_option=30) == groups() != []
    if banner == "trade":
        assert groups(smallest_option={"trade": 5}) != groups()  # named, so meant


def test_what_the_instrument_puts_together_stands_apart_where_1_is_asked_for(trades):
    question = trades.instrument.question("tools")
    instrument = trades.instrument.with_question(question.model_copy(update={"other": RareOptions(below=25)}))
    rare = replace(trades, instrument=instrument)
    for smallest, shown in ((None, 2), (1, 3), ({"tools": 1}, 3), ({"age": 1}, 2), (30, 2)):
        report = survey.analyze(rare, questions=["tools"], banner="age", smallest_option=smallest)
        assert (~report.sheet("Topline").tables[0].data["section"]).sum() == shown, smallest


def test_a_smallest_option_is_refused_where_options_cannot_be_put_together(trades):
    with pytest.raises(UsageError, match="counted already"):
        survey.analyze(survey.tally(trades), smallest_option=5)
    with pytest.raises(UsageError, match="published figures"):
        survey.analyze(ROOT / "data/responses/executive-survey-2026-reconstructed.xlsx", smallest_option=5)
    for settings in (
        {"smallest_option": 0},
        {"smallest_option": True},
        {"smallest_option": {"tools": 0}},
        {"smallest_option": {"wishes": 5}},
        {"sort": "up"},
        {"sort": {"tools": "up"}},
        {"sort": {"remark": "share"}},
        {"questions": ["tools", "tools"]},
        {"questions": "toolz"},
    ):
        with pytest.raises(UsageError):
            survey.analyze(trades, **settings)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_notes_say_how_options_are_ordered(trades, lang):
    def topics(sort):
        return [
            note.topic for note in survey.analyze(trades, questions=["tools"], sort=sort, lang=lang).notes
        ]

    assert message("topic_order_own", lang) in topics({"tools": "questionnaire"})
    notes = survey.analyze(trades, questions=["tools"], sort="questionnaire", lang=lang).notes
    assert message("note_order_questionnaire", lang) in {note.text for note in notes}
    assert message("note_order", lang) not in {note.text for note in notes}


# -- the plan for the data at hand ---------------------------------------------------------------------------

SHAPES = {
    "no group": {"groups": ["only"], "each": 5, "banner": ""},
    "one group": {"groups": ["only"], "each": 6},
    "three respondents": {"groups": ["a", "b", "c"], "each": 1},
    "twelve": {"groups": TRADES, "each": 4},
    "twenty": {"groups": [f"group_{number}" for number in range(1, 21)], "each": 2},
}


def uncommented(text):
    """The lines of a drafted plan with those that are not used yet."""
    return "\n".join(re.sub(r"^#(?! (?! ))", "", line) for line in text.splitlines())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_drafted_plan_as_it_stands_makes_the_report_of_no_plan(shape, lang, tmp_path):
    responses = made(tmp_path, **SHAPES[shape])
    text = survey.draft_plan(responses, lang=lang)
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    plan = load_plan(tmp_path / "plan.yaml")
    (finished,) = survey.planned_reports(responses, plan=plan)
    same_tables(finished.report, survey.analyze(responses, lang=lang))
    assert all(f"- {question.id}  #" in text for question in responses.instrument.questions)
    assert all(len(line) < 170 for line in text.splitlines())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_line_of_a_drafted_plan_can_be_used(trades, lang, tmp_path):
    text = survey.draft_plan(trades, lang=lang)
    (tmp_path / "plan.yaml").write_text(uncommented(text), encoding="utf-8")
    plan = load_plan(tmp_path / "plan.yaml")
    of_reading = {setting.key for setting in SETTINGS if setting.scope == "reading"}
    assert set(plan.settings) == BY_KEY.keys() - of_reading | {"languages", "nets"}
    assert plan.settings["banner"] == ("trade", "tools", "age")
    assert [report.get("for_each") for report in plan.reports] == [None, "trade", "tools", "age", None]
    for key in ("banner", "questions", "where"):
        own = {
            "questions": ["tools"],
            key: plan.settings[key][:3] if key != "where" else plan.settings[key][:1],
        }
        assert survey.planned_reports(trades, plan=own)


def test_seven_points_and_odd_instruments_can_be_drafted():
    for name in ("seven-points", "no-defaults", "everything", "overlapping-groups"):
        instrument = survey.load_instrument(EXAMPLES / f"{name}.yaml")
        frame = pd.DataFrame(columns=list(instrument.columns[:1]), index=range(3)).astype(object)
        text = survey.draft_plan(survey.from_frame(frame, instrument))
        assert f"# A plan of reports: 3 respondents, {name}" in text


def test_the_command_drafts_what_the_next_command_takes(at):
    code, out, _ = run("plan", "new", *at, "--where", "age=old", "-o", "plan.yaml")
    assert (code, "plan.yaml" in out) == (0, True)
    text = Path("plan.yaml").read_text(encoding="utf-8")
    assert "# survey analyze trades.xlsx --plan plan.yaml" in text
    code, out, err = run("analyze", at[0], "--plan", "plan.yaml", "--no-pictures")
    assert (code, out) == (0, "Report: reports/trades-all-en.xlsx\n"), err
    code, _, err = run("plan", "new", *at, "-o", "plan.yaml")
    assert (code, "is there already" in err) == (2, True)
    assert run("plan", "new", *at)[1].startswith("# A plan of reports")


def test_plans_are_checked_by_themselves_and_against_an_instrument(at, folder):
    Path("plan.yaml").write_text("kind: report-plan\nbanner: trades\nreports: [{name: a}, {name: b}]\n")
    assert run("plan", "validate", "plan.yaml")[1] == "plan.yaml: valid, 2 reports.\n"
    code, _, err = run("plan", "validate", "plan.yaml", *at[1:], "--lang", "zh")
    assert (code, "第 2 行" in err, "trade" in err) == (1, True, True)
    Path("bad.yaml").write_text("kind: report-plan\nbaner: trade\n")
    code, out, err = run("plan", "validate", "bad.yaml", "plan.yaml")
    assert (code, "line 2" in err, "valid" in out) == (1, True, True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("languages: [en, zh]\noutput: o.xlsx", "plan.yaml, line 3: "),
        ("output: o.doc", "o.doc"),
        ("output: o.xlsx\nreports: [{name: a}, {name: b}]", "plan.yaml, line 2: "),
        ("languages: [en, zh]\noutput: 'o-{lang}.xlsx'", ""),
        ("output: '{option}.xlsx'\nreports: [{for_each: trade}]", ""),
    ],
)
def test_the_check_of_a_plan_tells_of_files_that_cannot_be_written(text, told, at):
    Path("plan.yaml").write_text(f"kind: report-plan\n{text}\n")
    for words in ((), at[1:]):
        code, out, err = run("plan", "validate", "plan.yaml", *words)
        assert (code, "valid" in out) == ((1, False) if told else (0, True))
        assert told in err
    if told:
        code, _, err = run("analyze", *at, "--plan", "plan.yaml")
        assert (code != 0, told in err) == (True, True)


# -- derived variables, crossed banners, grids, further kinds ------------------------------------------------


@pytest.fixture(scope="module")
def suppliers():
    """Answers with every kind of derived variable."""
    data = pd.read_csv(ROOT / "tests/reference/derived-data.csv", dtype=object, keep_default_na=False)
    return survey.from_frame(data.replace("", None), EXAMPLES / "derived.yaml")


def test_nets_and_other_derived_variables_are_shown_grouped_and_filtered_by(suppliers):
    plan = {
        "questions": ["regions", "trust", "trust_score"],
        "banner": "sector*makers",
        "sort": "questionnaire",
    }
    plan |= {"where": "size!=small", "reports": [{"for_each": "makers"}]}
    reports = {one.name: one.report for one in survey.planned_reports(suppliers, plan=plan)}
    assert list(reports) == ["drugs", "rest"]
    data = suppliers.data[suppliers.data["size"].notna() & (suppliers.data["size"] != "small")]
    for name, report in reports.items():
        own = data[data["makers"] == name]
        topline = report.sheet("Topline").tables[0].data
        assert list(dict.fromkeys(topline["question"])) == ["regions", "trust"]
        nets = topline[topline["question"].eq("regions") & ~topline["section"]]
        assert nets["stub_code"].tolist() == ["west", "old_world", "nowhere"]
        assert nets["n"].tolist() == [
            int(own[f"regions__{net}"].fillna(False).sum()) for net in nets["stub_code"]
        ]
        assert {table.name for table in report.sheet("Topline").tables} >= {"numbers"}
        codes = report.sheet("Codebook").tables[0].data["code"]
        assert {"regions", "trust_score", "sector", "makers"} <= set(codes)
        assert "staff_band" not in set(codes)
    assert [one.name for one in planned(load_plan(plan), suppliers, input_name="x")[0]] == ["drugs", "rest"]


def test_derived_variables_that_are_left_out_count_as_left_out(suppliers):
    report = survey.analyze(suppliers, questions=["sector", "regions"], banner="size")
    assert len(suppliers.instrument.stubs) == 15
    notes = report.sheet("Notes").tables[0].data["what"].str.cat(sep=" ")
    assert "13 of 15 questions of the questionnaire are not shown" in notes


def test_what_derived_variables_cannot_do_is_refused(suppliers):
    for settings, words in (
        ({"smallest_option": {"makers": 5}}, "is derived"),
        ({"suppress": 5, "questions": ["regions"], "banner": "sector"}, "Derived variables"),
        ({"suppress": 5, "banner": "maker_size"}, "derived or crossed"),
        ({"banner": "sector*sector"}, "sector"),
    ):
        with pytest.raises(UsageError, match=words):
            survey.analyze(suppliers, **settings)
        with pytest.raises(UsageError, match=words):
            list(survey.planned_reports(suppliers, plan=settings))


def test_a_drafted_plan_names_derived_variables_and_rows_of_grids(suppliers):
    text = survey.draft_plan(suppliers)
    same_tables(
        next(survey.planned_reports(suppliers, plan=load_text(text))).report, survey.analyze(suppliers)
    )
    assert "  - regions  # Regions: West" in text
    assert "#  - makers  # Makers: Drug makers" in text
    assert "  - size  # Size: Small" in text


def load_text(text):
    """A plan by its text, as a dictionary would say it."""
    import yaml

    return {key: value for key, value in yaml.safe_load(text).items() if key != "kind"}


def test_a_grid_is_named_as_a_whole_or_by_its_rows():
    instrument = survey.load_instrument(EXAMPLES / "grids.yaml")
    rows = {f"channels__{row}": ["daily", "weekly", "never"] * 4 for row in ("phone", "mail", "chat")}
    responses = survey.from_frame(pd.DataFrame(rows), instrument)

    def shown(*questions):
        report = survey.analyze(responses, questions=questions)
        grid = next(table for table in report.sheet("Topline").tables if table.name == "grid_channels")
        return grid.data["question"].tolist()

    assert shown("channels") == list(rows)
    assert shown("channels__chat", "channels__phone") == ["channels__chat", "channels__phone"]
    with pytest.raises(UsageError, match="listed twice"):
        shown("channels", "channels__chat")
    plan = load_plan({"questions": ["channels", "channles"]})
    with pytest.raises(UsageError, match="channels"):
        planned(plan, responses, input_name="x")


def test_further_kinds_of_questions_are_chosen_and_sorted_too():
    instrument = survey.load_instrument(EXAMPLES / "more-kinds.yaml")
    frame = pd.DataFrame(columns=list(instrument.asked_columns[:1]), index=range(6)).astype(object)
    responses = survey.from_frame(frame, instrument)
    for question in instrument.questions:
        report = survey.analyze(responses, questions=[question.id], sort="questionnaire")
        codebook = set(report.sheet("Codebook").tables[0].data["code"])
        others = {other.id for other in instrument.questions} - {question.id}
        banner = {instrument.defaults.banner} if instrument.defaults.banner else set()
        assert not codebook & (others - banner), question.id
    text = survey.draft_plan(responses)
    assert all(f"  - {question.id}  #" in text for question in instrument.questions)


# -- files of several reports --------------------------------------------------------------------------------


def test_files_of_several_reports_are_all_written_or_none(at, monkeypatch):
    from survey.render import outputs

    Path("plan.yaml").write_text(
        "kind: report-plan\nno_pictures: true\nquestions: tools\noutput: ['{name}.xlsx', '{name}.html']\n"
        "reports:\n  - for_each: age\n"
    )
    Path("old.xlsx").write_bytes(b"before")
    composed = outputs._writer
    calls = []

    def failing(report, path, *others):
        calls.append(path.name)
        if len(calls) == 4:
            raise OSError(28, "no space")
        return composed(report, path, *others)

    monkeypatch.setattr(outputs, "_writer", failing)
    code, out, err = run("analyze", *at, "--plan", "plan.yaml")
    assert (code, out) == (2, "")
    assert "Nothing was written" in err
    assert calls == ["young.xlsx", "young.html", "old.xlsx", "old.html"]
    assert sorted(path.name for path in Path().iterdir()) == ["old.xlsx", "plan.yaml", "trades.xlsx"]
    assert Path("old.xlsx").read_bytes() == b"before"


def test_pictures_of_each_report_have_their_folder(at):
    Path("plan.yaml").write_text(
        "kind: report-plan\nquestions: wishes\nbanner: age\nno_pictures: true\npictures: 'p-{name}'\n"
        "reports: [{for_each: age}]\n"
    )
    code, out, err = run("analyze", *at, "--plan", "plan.yaml")
    assert code == 0, err
    assert len(out.splitlines()) == 4
    assert list(Path("p-young").glob("*.png"))
    assert list(Path("p-old").glob("*.svg"))


def test_a_plan_is_an_error_of_the_package():
    with pytest.raises(SurveyError):
        load_plan({"kind": "survey"})
    assert write_report  # the files of a planned report are written as any other's
