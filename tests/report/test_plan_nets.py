"""Nets that a plan declares: rows below the options of a question, and derived variables."""

import re
from pathlib import Path

import jsonschema
import pandas as pd
import pytest

import survey
from survey.errors import InstrumentError, SurveyError, UsageError
from survey.instrument.json_schema import json_schema
from survey.instrument.report_plans import load_plan
from survey.messages import LANGUAGES
from tests.cli.helpers import run
from tests.paths import EXAMPLES, ROOT
from tests.report.test_plans import at, folder, made, tables, trades, workbook  # noqa: F401 - fixtures

POWER = {"id": "power", "label": {"en": "Power or saw", "zh": "电动或锯"}, "any": ["saw", "drill"]}
MIDDLE = {"id": "by_hand", "label": "By hand", "any": ["hammer", "saw"]}
PLAN = {"nets": {"tools": [POWER, MIDDLE]}, "banner": ["age", "trade"]}


def rows_of(report, sheet, table=0):
    return report.sheet(sheet).tables[table].data


@pytest.mark.parametrize(("lang", "net"), [("en", "Net: Power or saw"), ("zh", "合并：电动或锯")])
def test_nets_are_rows_below_the_options_of_their_question(trades, lang, net):  # noqa: F811
    report = survey.analyze(trades, plan=PLAN, lang=lang)
    ticks = {name: trades.data[f"tools__{name}"].astype(bool) for name in ("hammer", "saw", "drill")}
    held = {"power": ticks["saw"] | ticks["drill"], "by_hand": ticks["hammer"] | ticks["saw"]}
    shown = report.sheets[1].tables[0].data
    own = shown[shown["question"].isin(["tools", "tools_nets"])]
    assert own["section"].tolist() == [True, False, False, False, False, False]  # one head for all of them
    assert own["code"].tolist()[1:4] == ["drill", "saw", "hammer"]
    assert net in own["label"].tolist()
    for row in own[own["question"] == "tools_nets"].to_dict("records"):
        assert (row["n"], row["base"]) == (int(held[row["code"]].sum()), len(trades))
        assert row["interval"]
    by_age = report.sheets[2].tables[0].data
    assert by_age["section"].sum() == by_age["stub"].nunique() - 1  # the nets have no head
    old = trades.data["age"].eq("old").to_numpy()
    for row in by_age[by_age["stub"] == "tools_nets"].to_dict("records"):
        assert row["old"] == pytest.approx(held[row["code"]][old].mean())
        assert row["young"] == pytest.approx(held[row["code"]][~old].mean())


@pytest.mark.parametrize(
    ("sort", "options", "nets"),
    [
        ("share", ["drill", "saw", "hammer"], ["power", "by_hand"]),
        ("questionnaire", ["hammer", "saw", "drill"], ["by_hand", "power"]),
        ({"tools": "questionnaire"}, ["hammer", "saw", "drill"], ["by_hand", "power"]),
        ({"tools": "share"}, ["drill", "saw", "hammer"], ["power", "by_hand"]),
        ({"age": "questionnaire"}, ["drill", "saw", "hammer"], ["power", "by_hand"]),
    ],
)
def test_nets_are_ordered_as_their_question(trades, sort, options, nets):  # noqa: F811
    plan = {"nets": {"tools": [MIDDLE, POWER]}, "banner": ["age", "trade"], "sort": sort}
    report = survey.analyze(trades, plan=plan)
    for number, name in ((1, "question"), (2, "stub"), (3, "stub")):
        shown = report.sheets[number].tables[0].data
        shown = shown[~shown["section"]]
        assert shown.loc[shown[name] == "tools", "stub_code"].tolist() == options
        assert shown.loc[shown[name] == "tools_nets", "stub_code"].tolist() == nets


def declared(folder_of, base, nets):
    """The same instrument with nets of its own."""
    path = folder_of / "declared.yaml"
    path.write_text(base + nets, encoding="utf-8")
    return path


def test_they_have_the_numbers_of_nets_that_an_instrument_declares(trades, folder, tmp_path):  # noqa: F811
    base = (folder / "trades-12.yaml").read_text(encoding="utf-8")
    nets = """
derived:
  - id: tools_nets
    kind: net
    of: tools
    short: {en: Tools (nets), zh: 工具（合并）}
    options:
      - {id: power, label: {en: Power or saw, zh: 电动或锯}, any: [saw, drill]}
      - {id: by_hand, label: {en: By hand, zh: By hand}, any: [hammer, saw]}
"""
    other = survey.from_frame(trades.data, declared(tmp_path, base, nets))
    one = survey.analyze(trades, plan=PLAN)
    two = survey.analyze(other, banner=["age", "trade"])
    columns = ["stub", "stub_code", "banner_code", "n", "base", "proportion", "p_value", "p_adjusted"]
    for sheet in ("Tests", "Data"):
        for mine, theirs in zip(one.sheet(sheet).tables, two.sheet(sheet).tables, strict=True):
            kept = [name for name in columns if name in mine.data]
            sort = {"by": kept, "ignore_index": True, "key": lambda column: column.astype(str)}
            pd.testing.assert_frame_equal(
                mine.data[kept].sort_values(**sort), theirs.data[kept].sort_values(**sort)
            )
    assert trades.instrument.content_hash != other.instrument.content_hash
    assert "tools_nets" not in trades.data.columns.str.cat()  # the responses given stay as they are


def test_who_left_the_question_out_is_in_no_base_of_its_nets(folder):  # noqa: F811
    responses = made(folder, ["trade_1"], each=8)
    data = responses.data.astype(object).copy()
    data.loc[data.index[:3], [f"tools__{name}" for name in ("hammer", "saw", "drill")]] = None
    data.loc[data.index[3], ["tools__hammer", "tools__saw", "tools__drill"]] = [None, False, True]
    data.loc[data.index[4], ["tools__hammer", "tools__saw", "tools__drill"]] = [None, False, False]
    again = survey.from_frame(data, responses.instrument)
    report = survey.analyze(again, plan=PLAN | {"banner": "age"})
    shown = rows_of(report, "Topline").set_index("code")
    # Of rows 3 to 7: hammer None, None, None->0: 6; saw 4?, 6; drill by number % 4.
    assert shown.loc["power", ["n", "base"]].tolist() == [4, 5]
    assert shown.loc["by_hand", ["n", "base"]].tolist() == [1, 3]  # two may have ticked the hammer


def test_nets_of_an_item_and_of_a_row_of_a_grid_have_a_section(trades):  # noqa: F811
    low = {"id": "low", "label": "Low", "any": [1, 2]}
    report = survey.analyze(trades, plan={"nets": {"wishes__pay": [low]}})
    own = rows_of(report, "Topline").query("question == 'wishes_pay_nets'")
    assert own["section"].tolist() == [True, False]
    assert own["label"].iloc[0].startswith("Pay (nets)")
    assert own["n"].iloc[1] == trades.data["wishes__pay"].isin([1, 2]).sum()
    instrument = survey.load_instrument(EXAMPLES / "grids.yaml")
    frame = pd.DataFrame({f"channels__{row}": ["daily", "weekly", "never"] for row in ("phone", "mail")})
    often = {"id": "often", "label": "Often", "any": ["daily", "weekly"]}
    report = survey.analyze(survey.from_frame(frame, instrument), plan={"nets": {"channels__phone": [often]}})
    own = rows_of(report, "Topline").query("question == 'channels_phone_nets'")
    assert own[["n", "base"]].iloc[-1].tolist() == [2, 3]
    assert not own["section"].any()  # below the options of its row
    instrument = survey.load_instrument(EXAMPLES / "more-kinds.yaml")
    responses = survey.from_frame(pd.DataFrame({"recommend": [3, 8, 8, 10]}), instrument)
    table = rows_of(
        survey.analyze(responses, plan={"nets": {"recommend": [low | {"any": [8, 9]}]}}), "Topline"
    )
    own = table.query("question == 'recommend_nets'")
    assert own["section"].tolist() == [True, False]
    assert own[["n", "base"]].iloc[-1].tolist() == [2, 4]


@pytest.mark.parametrize("known", [0, 1, 3])
def test_a_point_that_rates_nothing_is_in_no_base_of_a_net(known):
    """The net of the points of the top box has the numbers of the top box."""
    instrument = survey.load_instrument(EXAMPLES / "every-kind.yaml")
    points = [4, 3, 1][:known] + [99] * (4 - known)
    responses = survey.from_frame(pd.DataFrame({"site": ["north"] * 4, "service__fast": points}), instrument)
    agree = {"id": "agree", "label": "Agree", "any": [3, 4]}
    table = rows_of(survey.analyze(responses, plan={"nets": {"service__fast": [agree]}}), "Topline")
    box = survey.importance_shares(responses, "service").set_index("item").loc["fast"]
    assert box["base"] == known
    own = table[table["question"].eq("service_fast_nets")]
    assert own[["n", "base"]].iloc[-1:].values.tolist() == ([[box["n_top"], known]] if known else [])


SHAPES = {
    "seven points": ("seven-points.yaml", None),
    "three respondents": ("everything.yaml", 3),
    "groups that overlap": ("overlapping-groups.yaml", 12),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_surveys_of_odd_shapes_have_nets(shape):
    name, count = SHAPES[shape]
    instrument = survey.load_instrument(EXAMPLES / name)
    question = next(one for one in instrument.questions if one.kind in ("single", "multiple", "rating"))
    of = question.answer_columns[0] if question.kind == "rating" else question.id
    options = instrument.question(of, "single", "multiple").options
    first = [options[0].id if question.kind != "rating" else float(options[0].id)]
    count = count or 5
    answers = {question.id: [options[0].id, *[options[1].id] * (count - 1)]}
    if question.kind == "multiple":
        answers = {f"{of}__{options[0].id}": [True, *[False] * (count - 1)]}
        answers |= {f"{of}__{option.id}": [True] * count for option in options[1:]}
    elif question.kind == "rating":
        answers = {of: [float(options[0].id), *[float(options[1].id)] * (count - 1)]}
    responses = survey.from_frame(pd.DataFrame(answers), instrument)
    plan = {"nets": {of: [{"id": "first_only", "label": "First", "any": first}]}}
    shown = rows_of(survey.analyze(responses, plan=plan), "Topline")
    row = shown[shown["code"].eq("first_only") & ~shown["section"]].iloc[0]
    assert (row["n"], row["base"]) == (1, count)


def test_they_group_and_filter_as_any_derived_variable(trades):  # noqa: F811
    plan = PLAN | {"banner": "tools_nets", "where": "tools_nets=by_hand"}
    report = survey.analyze(trades, plan=plan)
    held = trades.data["tools__hammer"].astype(bool) | trades.data["tools__saw"].astype(bool)
    assert rows_of(report, "Topline")["base"].max() == held.sum()
    reports = {
        one.name: one.report
        for one in survey.planned_reports(
            trades, plan={"nets": PLAN["nets"], "reports": [{"for_each": "tools_nets"}]}
        )
    }
    assert rows_of(reports["by_hand"], "Topline")["base"].max() == held.sum()
    by = survey.analyze(trades, plan=PLAN | {"banner": "tools_nets"})
    stubs = set(by.sheets[2].tables[0].data["stub"])
    assert not stubs & {"tools", "tools_nets"}  # not what the groups are made of


def test_a_net_is_shown_with_its_question_or_where_it_is_named(trades):  # noqa: F811
    def shown(*questions):
        report = survey.analyze(trades, plan={"nets": PLAN["nets"], "questions": list(questions)})
        table = rows_of(report, "Topline")
        return list(dict.fromkeys(table["question"])), int(table["section"].sum())

    assert shown("age", "tools", "trade") == (["age", "tools", "tools_nets", "trade"], 3)
    assert shown("age") == (["age"], 1)
    assert shown("tools_nets") == (["tools_nets"], 1)


def test_nets_of_items_rows_and_scores_stand_with_the_question_that_is_listed(trades):  # noqa: F811
    low = {"id": "low", "label": "Low", "any": [1, 2]}

    def shown(data, nets, questions):
        report = survey.analyze(data, plan={"nets": nets, "questions": questions})
        return list(dict.fromkeys(rows_of(report, "Topline")["question"])), report

    items = {"wishes__pay": [low], "wishes__time": [low]}
    both = ["wishes", "wishes_pay_nets", "wishes_time_nets"]
    ids, report = shown(trades, items, ["wishes", "age"])
    assert ids == [*both, "age"]
    own = rows_of(report, "Topline").query("question == 'wishes_pay_nets'")
    assert own["section"].tolist() == [True, False]  # of an item, with a head of its own
    assert own["n"].iloc[-1] == trades.data["wishes__pay"].isin([1, 2]).sum()
    assert shown(trades, items, ["age"])[0] == ["age"]
    assert shown(trades, items, ["wishes_pay_nets"])[0] == ["wishes_pay_nets"]
    instrument = survey.load_instrument(EXAMPLES / "more-kinds.yaml")
    scores = survey.from_frame(pd.DataFrame({"recommend": [3, 8, 8, 10]}), instrument)
    ids, report = shown(scores, {"recommend": [low | {"any": [8, 9]}]}, ["recommend"])
    assert ids == ["recommend_nets"]  # its own rows stand on another sheet
    instrument = survey.load_instrument(EXAMPLES / "grids.yaml")
    frame = pd.DataFrame({f"channels__{row}": ["daily", "weekly", "never"] for row in ("phone", "mail")})
    often = {"channels__phone": [{"id": "often", "label": "Often", "any": ["daily", "weekly"]}]}
    ids = shown(survey.from_frame(frame, instrument), often, ["channels"])[0]
    assert ids[:2] == ["channels__phone", "channels_phone_nets"]


TOOLS = "nets:\n  tools:\n    - {id: a, label: A, any: [saw]}\n"
FAULTS = [
    ("nets: {}", 2, "needs at least 1"),
    ("nets: {tools: []}", 2, "needs at least 1"),
    ("nets: {tools: [{id: a, label: A, any: []}]}", 2, "needs at least 1"),
    ("nets: {tools: [{id: a, any: [saw]}]}", 2, "label"),
    ("nets: {tools: [{id: A b, label: A, any: [saw]}]}", 2, "id"),
    ("nets: {tools: [{id: a, lable: A, any: [saw]}]}", 2, "Did you mean: label"),
    ("reports:\n  - nets: {tools: [{id: a, label: A, any: [saw]}]}", 3, "does not stand here"),
    ("nets:\n  tolls:\n    - {id: a, label: A, any: [saw]}", 3, "Did you mean: tools"),
    ("nets:\n  zzz:\n    - {id: a, label: A, any: [saw]}", 3, "'zzz', which there is not. There are"),
    ("nets:\n  tolls:\n    - {id: a, label: A, any: [saw]}", 3, "`nets` names 'tolls', which there is not."),
    ("nets:\n  wishes__pya:\n    - {id: a, label: A, any: [1]}", 3, "Did you mean: wishes__pay"),
    ("nets:\n  remark:\n    - {id: a, label: A, any: [saw]}", 3, "text question"),
    ("nets:\n  wishes:\n    - {id: a, label: A, any: [1]}", 3, "wishes__pay"),
    (f"{TOOLS}    - {{id: b, label: B, any: [swa]}}", 5, "saw"),
    ("nets:\n  tools:\n    - {id: a, label: A, any: [hammer, saw, drill]}", 4, "every option"),
    (f"{TOOLS}    - {{id: a, label: B, any: [drill]}}", 5, "twice"),
    (f"{TOOLS}    - {{id: b, label: A, any: [drill]}}", 5, "wording"),
    ("nets:\n  tools:\n    - id: saw\n      label: A\n      any: [saw, drill]", 4, "is an option"),
    ("suppress: 5\nnets:\n  tools:\n    - {id: a, label: A, any: [saw]}", 3, "hidden counts away"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "words"), FAULTS)
def test_a_fault_has_its_line_and_remedy_in_both_languages(text, line, words, trades, tmp_path):  # noqa: F811
    path = tmp_path / "plan.yaml"
    path.write_text(f"kind: report-plan\n{text}\n", encoding="utf-8")
    with pytest.raises(SurveyError) as error:
        list(survey.planned_reports(trades, plan=path))
    (problem,) = error.value.problems
    assert f"plan.yaml, line {line}: " in problem.text()
    assert words in problem.text()
    assert re.search("[\u4e00-\u9fff]", problem.text("zh"))


def test_the_check_of_a_plan_against_an_instrument_knows_nets(at, folder):  # noqa: F811
    Path("plan.yaml").write_text(
        "kind: report-plan\nbanner: tools_nets\nnets:\n  tools: [{id: a, label: A, any: [saw]}]\n"
    )
    assert run("plan", "validate", "plan.yaml", *at[1:])[0] == 0
    Path("plan.yaml").write_text("kind: report-plan\nnets:\n  tools: [{id: a, label: A, any: [sew]}]\n")
    code, _, err = run("plan", "validate", "plan.yaml", *at[1:])
    assert (code, "line 3" in err, "saw" in err) == (1, True, True)


def test_editors_check_nets():
    validator = jsonschema.Draft202012Validator(json_schema())
    fit = {"kind": "report-plan", "nets": {"tools": [POWER, MIDDLE]}}
    assert validator.is_valid(fit)
    assert validator.is_valid({"kind": "report-plan", "nets": "nets.yaml"})
    for unfit in (
        {"tools": []},
        {"tools": [{"id": "a"}]},
        {"tools": [{**POWER, "any": []}]},
        {"tools": POWER},
    ):
        assert not validator.is_valid({"kind": "report-plan", "nets": unfit})


NETS = "tools:\n  - {id: power, label: {en: Power or saw, zh: 电动或锯}, any: [saw, drill]}\n"
INLINE = "{tools: [{id: power, label: Power, any: [saw, drill]}]}"


@pytest.mark.parametrize("given", ["nets.yaml", INLINE])
def test_the_command_takes_them_and_saves_and_repeats_them(given, at):  # noqa: F811
    Path("nets.yaml").write_text(NETS, encoding="utf-8")
    words = ("--nets", given, "--by", "age", "-o", "a.xlsx", "--no-pictures")
    code, _, err = run("analyze", *at, *words, "--save-plan", "saved.yaml")
    assert code == 0, err
    first = Path("a.xlsx").read_bytes()
    Path("a.xlsx").unlink()
    assert run("analyze", at[0], "--plan", "saved.yaml")[0] == 0
    assert Path("a.xlsx").read_bytes() == first
    assert load_plan("saved.yaml").yaml() == Path("saved.yaml").read_text(encoding="utf-8")


def test_the_command_in_the_notes_makes_the_report_with_its_nets(trades):  # noqa: F811
    import shlex

    from survey.report.survey.planning import planned

    (report,), _ = planned(load_plan(PLAN), trades, input_name="trades")
    words = shlex.split(report.command(["trades.xlsx"]))
    written = words[words.index("--nets") + 1]
    assert written.startswith("{tools: [{id: power, ")
    one = survey.analyze(trades, plan={"nets": written, "banner": ["age", "trade"]})
    other = survey.analyze(trades, plan=PLAN)
    for place, table in tables(one).items():
        pd.testing.assert_frame_equal(table, tables(other)[place])


@pytest.mark.parametrize("text", ["tools: {id: a}", "3", "tools: [{id: a, label: A, any: [swa]}]", "a: [b"])
def test_a_file_of_nets_has_its_own_lines(text, trades, tmp_path):  # noqa: F811
    path = tmp_path / "nets.yaml"
    path.write_text(f"# nets\n{text}\n", encoding="utf-8")
    with pytest.raises(SurveyError) as error:
        survey.analyze(trades, plan={"nets": str(path)})
    assert "nets.yaml, line" in error.value.problems[0].text()
    with pytest.raises(UsageError, match="absent"):
        survey.analyze(trades, plan={"nets": str(tmp_path / "absent.yaml")})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_tally_refuses_them_with_the_place(trades, lang):  # noqa: F811
    with pytest.raises(UsageError) as error:
        survey.analyze(survey.tally(trades), plan={"nets": PLAN["nets"]})
    (problem,) = error.value.problems
    assert "survey tally" in problem.text(lang)
    assert "derived" in problem.text(lang)


def test_shares_can_be_raked_to_a_net(trades):  # noqa: F811
    plan = {"nets": {"age": [{"id": "youth", "label": "Youth", "any": ["young"]}]}}
    plan |= {"rake": {"age_nets": {"youth": 0.5}}}
    table = rows_of(survey.analyze(trades, plan=plan), "Topline")
    row = table[table["question"].eq("age_nets")].iloc[0]
    assert row["proportion"] == pytest.approx(0.5)


def test_a_wave_before_has_the_nets_that_can_be_made_of_it(trades, folder):  # noqa: F811
    earlier = survey.write_responses(made(folder, each=3), folder / "earlier.xlsx")
    plan = PLAN | {"previous": str(earlier), "wave": "2027", "previous_wave": "2026"}
    plan |= dict.fromkeys(("instrument", "previous_instrument"), str(folder / "trades-12.yaml"))
    later = survey.write_responses(trades, folder / "later.xlsx")
    report = survey.analyze(str(later), plan=plan)
    table = rows_of(report, "Topline")
    assert table.loc[table["code"].eq("power"), "since"].notna().all()
    # An earlier version without the drill: the net of it cannot be made, the other one can.
    text = (folder / "trades-12.yaml").read_text(encoding="utf-8").replace("1.0.0", "0.9.0")
    text = re.sub(r" +- \{id: drill.*\n", "", text)
    (folder / "older.yaml").write_text(text, encoding="utf-8")
    frame = trades.data.drop(columns="tools__drill").head(30)
    survey.write_responses(survey.from_frame(frame, folder / "older.yaml"), folder / "older.xlsx")
    plan |= {"previous": str(folder / "older.xlsx"), "previous_instrument": str(folder / "older.yaml")}
    table = rows_of(survey.analyze(str(later), plan=plan), "Topline")
    assert table.loc[table["code"].eq("power"), "since"].tolist() == ["not comparable"]
    assert isinstance(table.loc[table["code"].eq("old") & ~table["section"], "since"].iloc[0], float)


def test_reconstructed_data_say_of_a_net_whether_it_is_fixed():
    sample = ROOT / "data/responses/executive-survey-2026-reconstructed.xlsx"
    net = {"id": "talks", "label": "Talks", "any": ["cro_matching", "cmo_cdmo_matching"]}
    report = survey.analyze(sample, plan={"nets": {"support_needs": [net]}})
    row = rows_of(report, "Topline").query("code == 'talks'").iloc[0]
    data = survey.read_responses(sample).data
    held = data["support_needs__cro_matching"] | data["support_needs__cmo_cdmo_matching"]
    assert (row["n"], row["base"]) == (held.sum(), held.notna().sum())


def test_forms_of_nets_that_are_none_are_told():
    with pytest.raises(InstrumentError):
        load_plan({"nets": {"tools": [{"id": "a", "label": 3, "any": ["saw"]}]}})


@pytest.mark.parametrize(
    ("plan", "line", "command"),
    [
        ("where: age=old", 2, "--where age=old"),
        ("where: [age=old, 'trade=trade_1,trade_2']", 2, "--where age=old --where trade=trade_1,trade_2"),
        ("reports:\n  - where: 'age!=old'", 3, "--where 'age!=old'"),
        ("reports:\n  - for_each: age", 3, "--where age=OPTION"),
    ],
)
def test_what_chooses_respondents_of_a_tally_says_how_to_count_them(plan, line, command, at):  # noqa: F811
    """Of a group of a banner, too: a tally holds no pairs of answers of its members."""
    Path("plan.yaml").write_text(f"kind: report-plan\n{plan}\n", encoding="utf-8")
    assert run("tally", *at, "--by", "age", "-o", "all.tally")[0] == 0
    for lang, told in (("en", "a tally holds none"), ("zh", "计数文件不含受访者")):
        code, _, err = run("analyze", "all.tally", "--plan", "plan.yaml", "--lang", lang)
        assert (code, told in err, f"-o part.tally {command}" in err) == (2, True, True), err
        assert f"{line}" in err.split("plan.yaml", 1)[1][:12]
    counted = survey.read_tally("all.tally")
    with pytest.raises(UsageError, match="a tally holds none"):
        list(survey.planned_reports(counted, plan="plan.yaml"))
    assert run("analyze", "all.tally", "--where", "age=old")[0] == 2
    # What it says to do is done: the part counted has the numbers of the part of the responses.
    if "OPTION" not in command and "!" not in command:
        words = command.split()
        assert run("tally", *at, "--by", "age", "-o", "part.tally", *words)[0] == 0
        one = survey.analyze(survey.read_tally("part.tally")).sheet("Topline").tables[0].data
        responses = survey.read_responses(at[0], at[2]).where(*words[1::2])
        other = survey.analyze(responses).sheet("Topline").tables[0].data
        assert one["n"].dropna().tolist() == other["n"].dropna().tolist()


@pytest.mark.parametrize(("lang", "label"), [("en", "Net: Online"), ("zh", "合并：线上")])
def test_a_label_is_kept_in_a_language_that_the_instrument_has_not(tmp_path, lang, label):
    path = tmp_path / "shop.yaml"
    path.write_text(
        "kind: survey\nid: shop\nversion: 1.0.0\nlanguages: [en]\ntitle: {en: Shop}\nquestions:\n"
        "  - {id: ways, kind: multiple, short: {en: Ways}, text: {en: Which ways},"
        " options: [{id: web, label: {en: Web}},"
        " {id: app, label: {en: App}}, {id: desk, label: {en: Desk}}]}\n",
        encoding="utf-8",
    )
    frame = pd.DataFrame({f"ways__{name}": [1, 0, 1, 1, 0] for name in ("web", "app", "desk")})
    online = {"id": "online", "label": {"en": "Online", "zh": "线上"}, "any": ["web", "app"]}
    report = survey.analyze(survey.from_frame(frame, path), plan={"nets": {"ways": [online]}}, lang=lang)
    assert any(label in rows_of(report, sheet.name)["label"].tolist() for sheet in report.sheets[1:2])
