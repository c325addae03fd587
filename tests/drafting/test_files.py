"""Files a draft cannot be made of, files that are edited and drafted again, and the command."""

import pandas as pd
import pyreadstat
import pytest
from click.testing import CliRunner

import survey
from survey import DataError, UsageError
from survey.cli import main
from survey.cli.instrument.draft import as_typed
from tests.helpers import answers, workbook
from tests.paths import EXAMPLES

ROWS = [
    ["id", "Sector", "Rate [Speed]", "Rate [Price]", "Tools", "Age", "Remark"],
    *[
        [
            *(n, ("Industry", "Services")[n % 2], ("Agree", "Disagree", "Strongly agree")[n % 3]),
            *(("Agree", "Neutral", "Strongly disagree")[n % 3], ("Mail; Phone", "Mail", "Chat; Mail")[n % 3]),
            *(20 + n * 7 % 50, f"remark number {n}"),
        ]
        for n in range(1, 40)
    ],
]


def frame():
    return pd.DataFrame(ROWS[1:], columns=ROWS[0])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1,Industry,5,yes\n2,Services,4,no\n3,Industry,3,yes\n", "looks like answers, not like headers"),
        (
            "Q1,Q2,Q3\nHow old?,How satisfied?,Why\n" + "".join(f"{n},{n % 5},t{n}\n" for n in range(20)),
            "second row of headers",
        ),
        ("Survey,,,,\n,,,,\nid,Sector,Age,Happy,Remark\n1,A,3,yes,x\n2,B,4,no,y\n", "A title seems to stand"),
        ("id,Sector,Age\n", "a header but no row"),
        ("a,b\n,\n", "a header but no row"),
        ("id\n1\n2\n3\n", "No column reads like an answer: id"),
        ("", "empty"),
    ],
)  # fmt: skip
def test_one_clear_error(tmp_path, text, told):
    (tmp_path / "mine.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        survey.draft_instrument(tmp_path / "mine.csv")
    (problem,) = caught.value.problems
    assert told in problem.text()
    assert problem.text("zh") != problem.text()


def test_an_empty_sav(tmp_path):
    pyreadstat.write_sav(frame()[["id", "Age"]].iloc[:0], str(tmp_path / "empty.sav"))
    with pytest.raises(DataError, match="a header but no row"):
        survey.draft_instrument(tmp_path / "empty.sav")


def test_one_respondent_is_drafted(tmp_path):
    (tmp_path / "mine.csv").write_text("id,Sector,Age,Happy\n1,Industry,33,yes\n", encoding="utf-8")
    draft = survey.draft_instrument(tmp_path / "mine.csv")
    assert len(survey.read_responses(tmp_path / "mine.csv", draft.instrument)) == 1


def test_items_that_are_numbered_are_headers(tmp_path):
    pd.DataFrame([[n % 5 + 1] * 6 for n in range(20)], columns=list("123456")).to_csv(
        tmp_path / "m.csv", index=False
    )
    draft = survey.draft_instrument(tmp_path / "m.csv")
    assert set(draft.guesses["kind"]) == {"rating"}
    assert len(survey.read_responses(tmp_path / "m.csv", draft.instrument)) == 20


def test_hurtful_headers_are_only_text(tmp_path):
    heads = [
        '# a "quoted" \\ header',
        "kind: survey",
        "- {id: x}",
        "a\nb",
        "\u2028line",
        "&anchor *alias",
        "'",
        "=1+1",
    ]
    pd.DataFrame([[f"v{n % 3}" for _ in heads] for n in range(30)], columns=heads).to_excel(
        tmp_path / "mine.xlsx", index=False
    )
    draft = survey.draft_instrument(tmp_path / "mine.xlsx")
    (tmp_path / "mine.yaml").write_text(draft.yaml, encoding="utf-8")
    responses = survey.read_responses(tmp_path / "mine.xlsx", tmp_path / "mine.yaml")
    assert len(responses.instrument.questions) == len(heads)
    assert responses.data.notna().all().all()


def test_several_sheets_are_asked_for(tmp_path):
    table = "| Sector | Age |\n| A | 1 |\n| B | 2 |"
    path = workbook(tmp_path / "mine.xlsx", {"North": table, "South": table})
    with pytest.raises(UsageError, match="North, South"):
        survey.draft_instrument(path)
    draft = survey.draft_instrument(path, sheet="South")
    assert draft.sheet == "South"
    assert len(survey.read_responses(path, draft.instrument, sheet="South")) == 2


@pytest.fixture
def edited(tmp_path):
    """A draft with words put in, a question reworded and one deleted."""
    frame().to_csv(tmp_path / "mine.csv", index=False)
    text = survey.draft_instrument(tmp_path / "mine.csv").yaml
    text = text.replace('label: {en: "Industry"}', 'label: {en: "Manufacturing"}, aliases: ["Industry"]')
    text = text.replace('text: {en: "Age"}', 'text: {en: "How old are you?"}\n    aliases: ["Age"]')
    begin, end = text.index('  # Column G "Remark"'), text.index("# The columns this was drafted from")
    path = tmp_path / "mine.yaml"
    path.write_text(text[:begin] + text[end:], encoding="utf-8")
    return path


def test_drafting_again_changes_nothing_where_nothing_is_new(tmp_path, edited):
    again = survey.draft_instrument(tmp_path / "mine.csv", update=edited)
    assert again.added == (0, 0)
    assert again.yaml == edited.read_text(encoding="utf-8")


def test_drafting_again_keeps_every_line_and_adds_what_is_new(tmp_path, edited):
    more = frame()
    more.loc[3, "Sector"] = "Trade, retail"
    more.loc[0:9, "Tools"] = "Fax; Mail"
    more["Rate [Support]"] = "Agree"
    more["Member?"] = ["yes", "no", "yes"] * 13
    more["wt"] = [0.5 + n / 100 for n in range(39)]
    more["Happy"] = ["Very satisfied", "Satisfied", "Neutral"] * 13
    more.to_csv(tmp_path / "more.csv", index=False)
    before = edited.read_text(encoding="utf-8")
    draft = survey.draft_instrument(tmp_path / "more.csv", update=edited)
    assert draft.added == (2, 3)
    lines = iter(draft.yaml.splitlines())
    assert all(line in lines for line in before.splitlines())  # in their order
    edited.write_text(draft.yaml, encoding="utf-8")
    responses = survey.read_responses(tmp_path / "more.csv", edited)
    assert responses.instrument.question("sector").part("industry").said("en") == "Manufacturing"
    assert "remark" not in [question.id for question in responses.instrument.questions]
    assert responses.data["tools__fax"].sum() == 10
    assert answers(responses, "rate__support")[:2] == [4, 4]
    assert answers(responses, "happy__happy_item")[:3] == [5, 4, 3]
    assert "weight" in responses.meta
    assert survey.draft_instrument(tmp_path / "more.csv", update=edited).added == (0, 0)


def test_an_instrument_typed_by_hand_can_be_brought_up_to_date(tmp_path):
    frame().to_csv(tmp_path / "mine.csv", index=False)
    (tmp_path / "hand.yaml").write_text(
        'kind: survey\nid: hand\nversion: "1.0.0"\nlanguages: [en]\ntitle: {en: Hand}\nquestions:\n'
        "- {id: sector, kind: single, short: {en: Sector}, text: {en: Sector}, options: "
        "[{id: industry, label: {en: Industry}}]}",
        encoding="utf-8",
    )
    draft = survey.draft_instrument(tmp_path / "mine.csv", update=tmp_path / "hand.yaml")
    assert draft.added == (4, 1)
    responses = survey.read_responses(tmp_path / "mine.csv", draft.instrument)
    assert answers(responses, "sector")[:2] == ["services", "industry"]


def test_the_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame().to_csv("mine.csv", index=False)
    run = CliRunner().invoke
    printed = run(main, ["instrument", "draft", "mine.csv"])
    assert printed.exit_code == 0
    assert "kind: survey" in printed.stdout
    assert "Sure of" in printed.stderr
    made = run(main, ["instrument", "draft", "mine.csv", "-o", "mine.yaml"])
    assert made.exit_code == 0
    assert "Sure of" in made.stdout
    assert "survey analyze mine.csv --instrument mine.yaml" in made.stderr
    again = run(main, ["instrument", "draft", "mine.csv", "-o", "mine.yaml"])
    assert again.exit_code == 2
    assert "Add --update" in again.stderr
    updated = run(main, ["instrument", "draft", "mine.csv", "-o", "mine.yaml", "--update"])
    assert updated.exit_code == 0
    assert "0 questions, 0 options" in updated.stdout
    assert run(main, ["instrument", "draft", "mine.csv", "--update"]).exit_code == 2
    assert run(main, ["instrument", "draft", "mine.csv", "-o", "no.yaml", "--update"]).exit_code == 2
    chinese = run(main, ["instrument", "draft", "mine.csv", "-o", "zh.yaml", "--lang", "zh"])
    assert "把握较大" in chinese.stdout
    assert "survey analyze mine.csv --instrument zh.yaml --lang zh" in chinese.stderr
    assert run(main, ["instrument", "validate", "mine.yaml"]).exit_code == 0


def test_codes_of_missing_answers_that_come_later_are_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ages = [20 + n * 7 % 50 for n in range(40)]
    sectors = ["Trade", "Industry"] * 20
    pd.DataFrame({"Age": ages, "Sector": sectors}).to_csv("first.csv", index=False)
    later = {"Age": [-9, -9, *ages[2:]], "Sector": ["N/A", *sectors[1:]]}
    pd.DataFrame(later).to_csv("later.csv", index=False)
    run = CliRunner().invoke
    run(main, ["instrument", "draft", "first.csv", "-o", "mine.yaml"])
    updated = run(main, ["instrument", "draft", "later.csv", "-o", "mine.yaml", "--update"])
    assert "0 questions, 0 options" in updated.stdout
    assert '"-9" in 2 cells' in updated.stderr
    assert '"N/A" in 1 cell' in updated.stderr
    text = (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    listed = text.replace("questions:", 'missing:\n  empty: ["-9", "N/A"]\n\nquestions:', 1)
    listed = listed.replace("kind: number\n", "kind: number\n    limits: {minimum: 0}\n", 1)
    (tmp_path / "mine.yaml").write_text(listed, encoding="utf-8")
    again = run(main, ["instrument", "draft", "later.csv", "-o", "mine.yaml", "--update"])
    assert "looks like no answer" not in again.stderr
    assert survey.read_responses("later.csv", "mine.yaml").data["age"].min() == min(ages[2:])


@pytest.mark.parametrize(("windows", "quoted"), [(False, "'my own.csv'"), (True, '"my own.csv"')])
def test_the_next_command_is_quoted_as_the_shell_has_it(windows, quoted):
    assert as_typed(["survey", "analyze", "my own.csv"], windows=windows) == f"survey analyze {quoted}"


def test_a_file_of_another_survey_is_told_the_command(tmp_path):
    frame().to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(DataError, match=r"survey instrument draft mine\.csv -o my-survey\.yaml"):
        survey.read_responses(tmp_path / "mine.csv")


def test_the_nearest_headers_are_shown_uncut(tmp_path):
    heads = ["What kind of company do you work for, all in all and as of today?", "Positions"]
    pd.DataFrame([["a", "b"]], columns=heads).to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(DataError) as caught:
        survey.read_responses(tmp_path / "mine.csv", "executive-survey@1.0.0")
    assert "Positions (near: position" in str(caught.value)
    assert heads[0] in str(caught.value)


@pytest.mark.parametrize("heads", [["Respondent", "Size of company"], ["受访者", "规模"]])
def test_headers_that_only_share_letters_are_not_near(tmp_path, heads):
    pd.DataFrame([["a", "b"]], columns=heads).to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(DataError) as caught:
        survey.read_responses(tmp_path / "mine.csv")
    assert "near:" not in str(caught.value)
    assert heads[0] in str(caught.value)


def test_columns_of_derived_variables_become_no_questions(tmp_path):
    schema = tmp_path / "own.yaml"
    schema.write_text((EXAMPLES / "derived.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    frame = pd.DataFrame({"sector": ["biotech", "pharma"] * 10, "revenue": [5, 50] * 10})
    coded, *_ = survey.export_responses(survey.from_frame(frame, schema), tmp_path / "coded.csv")
    draft = survey.draft_instrument(coded, update=schema)
    assert draft.added == (0, 0)
