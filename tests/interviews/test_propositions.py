"""Propositions: judged on people and facts, whatever the study."""

import re

import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.errors import FindingsError, UsageError
from survey.instrument.loading import parse_schema
from survey.instrument.locking import check_schemas, lock_schemas
from survey.instrument.proposition_rules import RULES, VERDICTS
from survey.instrument.proposition_schemas import Proposition, Propositions
from survey.instrument.versions import diff_instruments
from survey.messages import message
from survey.tables import CONTRACTS
from tests.interviews.samples import FINE, SEGMENTS, SHAPES, canteen, refusal, shipped
from tests.interviews.test_facts import bakeries, figure
from tests.paths import ROOT

FILE = ROOT / "data" / "interviews" / "propositions" / "1.1.0.yaml"
PAGES = {
    lang: (ROOT / "docs" / folder / "propositions.md").read_text(encoding="utf-8")
    for lang, folder in {"en": "", "zh": "zh"}.items()
}

# Another study: three companies, three codes under one subtheme.
PEOPLE = "a=North b=North c=South d=South e=West"
TABLE = """
| segment | participant | code      | quote |
|---------|-------------|-----------|-------|
| s1      | a           | too_salty | s1    |
| s2      | b           | too_salty | s2    |
| s3      | b           | fresh     | s3    |
| s4      | c           | too_bland | s4    |
| s5      | d           | too_bland | s5    |
| s6      | d           | fresh     | s6    |
| s7      | e           | fresh     | s7    |
"""
WRITTEN = """
kind: propositions
id: mine
version: "1.0.0"
languages: [en]
title: {en: "Mine"}
propositions:
  - {id: P1, statement: {en: "All find it too salty"}, place: "p. 1", codes_for: [too_salty], rule: everyone}
  - {id: P2, statement: {en: "Salt will be dear"}, place: "p. 2", rule: not_testable, needs: {en: "Prices"}}
"""


def one(rule, codes_for=(), codes_against=(), **fields):
    """A schema of one proposition."""
    text = {"en": "It is so"}
    made = Proposition(
        id="P1",
        statement=text,
        place="p. 1",
        rule=rule,
        codes_for=tuple(codes_for),
        codes_against=tuple(codes_against),
        **fields,
    )
    about = {"kind": "propositions", "id": "mine", "version": "1.0.0", "languages": ("en",), "title": text}
    return Propositions(**about, propositions=(made,))


def judged(segments, /, *words, **fields):
    """The row of one proposition."""
    facts = fields.pop("known", None)
    return survey.judge_propositions(segments, one(*words, **fields), facts=facts).iloc[0]


# -- the 97 of the package -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def all_judged():
    return survey.judge_propositions(shipped(), "propositions").set_index("proposition")


def test_every_proposition_of_the_package_is_judged(all_judged):
    assert all_judged.index.str.startswith("P").sum() == 97
    assert all_judged.index[97:].tolist() == ["E1", "E2", "E3"]  # what sentences quote
    assert set(all_judged["verdict"]) == set(VERDICTS)
    open_rows = all_judged["verdict"].isin(["undecided", "not testable"])
    assert (all_judged.loc[open_rows, "needs"] != "").all()
    assert (all_judged.loc[~open_rows, "needs"] == "").all()
    assert (all_judged.loc[all_judged["verdict"] == "undecided", "reason"] != "").all()


def test_facts_that_decide_are_named_as_the_reason(all_judged):
    alone = all_judged[
        (all_judged["rule"] == "facts") & all_judged["verdict"].isin(["supported", "contradicted"])
    ]
    wanted = alone["verdict"].map({"supported": "facts_for", "contradicted": "facts_against"})
    assert len(alone) > 3
    assert alone["reason"].tolist() == wanted.tolist()
    assert alone.loc["P26", "note"] == "Facts say otherwise (F004)."
    level = all_judged.loc["P42"]  # three people on either side, and a loss in every year
    assert (level["verdict"], level["reason"]) == ("supported", "facts_for level")


def test_what_a_verdict_hangs_on_is_always_named():
    fine = survey.judge_propositions(FINE, "propositions").set_index("proposition")
    hanging = fine[fine["reason"] == "coded_above"]
    assert "P08" in hanging.index
    assert not hanging["note"].str.contains(r"speak of\s*\.").any()
    assert "R&D cooperation" in fine.loc["P08", "note"]


def test_some_verdicts_counted_by_hand(all_judged):
    support = all_judged.loc["P35"]
    assert (support["verdict"], support["n"], support["base"]) == ("contradicted", 6, 14)
    order = all_judged.loc["P44"]
    assert (order["verdict"], order["by_company"], order["facts"]) == (
        "contradicted",
        "B 3/7, D 0/7",
        ("F009", "F004"),
    )
    assert order["reason"] == "facts_against"
    assert all_judged.loc["P85", ["verdict", "n", "n_against"]].tolist() == ["supported", 3, 3]
    assert all_judged.loc["P33", ["verdict", "reason"]].tolist() == ["contradicted", "no_bearing"]
    assert all_judged.loc["P36", "reason"] == "coded_above"  # T031 denies it, under the subtheme alone
    assert all_judged.loc["E1", ["verdict", "reason"]].tolist() == ["contradicted", "no_bearing"]
    assert all_judged.loc["E2", ["verdict", "reason"]].tolist() == ["contradicted", "no_bearing"]
    assert all_judged.loc["E3", ["verdict", "reason"]].tolist() == ["undecided", "coded_above"]  # T014
    assert all_judged.loc["P46", ["verdict", "facts"]].tolist() == ["contradicted", ("F048", "F049")]
    assert all_judged.loc["P26", "facts"] == ("F004",)  # Australia came first
    assert all_judged.loc["P86", "verdict"] == "undecided"  # not commercial, and with a product launched
    assert all_judged.loc["P55", "reason"] == "coded_above"  # 7 of 14, and more under the subtheme alone


def test_the_verdicts_counted_and_moved_by_the_fine_codes(all_judged):
    """As the page on propositions says."""
    fine = survey.judge_propositions(FINE, "propositions").set_index("proposition")
    counts = [
        frame.loc[frame.index.str.startswith("P"), "verdict"].value_counts().to_dict()
        for frame in (all_judged, fine)
    ]
    assert counts == [
        {"supported": 43, "undecided": 24, "not testable": 24, "contradicted": 6},
        {"supported": 46, "not testable": 24, "undecided": 19, "contradicted": 8},
    ]
    moved = all_judged.index[all_judged["verdict"] != fine["verdict"]]
    assert {name: fine.loc[name, "verdict"] for name in moved} == {
        **dict.fromkeys(["P03", "P20"], "contradicted"),
        **dict.fromkeys(["P10", "P48", "P55"], "supported"),
    }
    assert set(all_judged.loc[moved, "verdict"]) == {"undecided"}
    support = fine.loc["P36"]
    assert (support["n"], support["n_against"], support["participants"]) == (1, 7, ("D4",))
    for frame in counts:
        line = "{supported} | {undecided} | {contradicted} | {not_testable}"
        values = {name.replace(" ", "_"): count for name, count in frame.items()}
        assert all(line.format(**values) in page for page in PAGES.values())


def test_theories_in_chinese():
    frame = survey.judge_propositions(shipped(), "propositions", lang="zh").set_index("proposition")
    assert frame.loc["P01", "theory"] == ("推拉理论", "双重动机", "制度逃逸")
    assert not [name for cell in frame["theory"] for name in cell if name.isascii()]


def test_without_facts_what_rests_on_them_is_undecided():
    propositions = survey.load_propositions(FILE).model_copy(update={"facts": None})
    frame = survey.judge_propositions(shipped(), propositions).set_index("proposition")
    assert set(frame.loc[frame["rule"] == "facts", "verdict"]) == {"undecided"}
    assert frame.loc["P44", ["verdict", "reason"]].tolist() == ["supported", "facts_silent"]


# -- the rules on another study ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fields", "verdict"),
    [
        (("both_companies", ["fresh"]), {}, "supported"),
        (("both_companies", ["too_salty"]), {}, "undecided"),
        (("both_companies", ["too_salty"], ["too_bland"]), {}, "contradicted"),
        (("both_companies", ["fresh"], ["too_bland"]), {}, "undecided"),
        (("every_code", ["fresh", "taste"]), {}, "supported"),
        (("every_code", ["fresh", "too_salty"]), {}, "undecided"),
        (("more_in_one", ["too_salty"]), {"company": "North"}, "supported"),
        (("more_in_one", ["too_salty"]), {"company": "South"}, "contradicted"),
        (("more_in_one", ["taste"]), {"company": "North"}, "undecided"),
        (("only_in_one", ["too_salty"], ["too_bland"]), {"company": "North"}, "supported"),
        (("only_in_one", ["too_salty"], ["too_bland"]), {"company": "South"}, "contradicted"),
        (("only_in_one", ["too_salty"]), {"company": "North"}, "supported"),
        (("order_of_codes", ["fresh"], ["too_salty", "too_bland"]), {}, "supported"),
        (("order_of_codes", ["too_salty"], ["too_bland"]), {}, "undecided"),
        (("order_of_codes", ["too_salty"], ["fresh", "too_bland"]), {}, "contradicted"),
        (("supporters", ["fresh"]), {}, "supported"),
        (("supporters", ["fresh"]), {"value": 3}, "supported"),
        (("supporters", ["fresh"]), {"value": 4}, "undecided"),
        (("supporters", ["too_salty"], ["fresh"]), {}, "undecided"),
        (("supporters", ["too_salty"], ["fresh"]), {"value": 3}, "contradicted"),
        (("everyone", ["taste"]), {}, "supported"),
        (("everyone", ["fresh"]), {}, "contradicted"),
        (("everyone", ["too_salty"]), {"company": "North"}, "supported"),
        (("everyone", ["too_salty"]), {"company": "a"}, "supported"),
        (("most", ["fresh"]), {}, "supported"),
        (("most", ["too_salty"]), {}, "contradicted"),
        (("nobody", ["too_salty"]), {"company": "South"}, "supported"),
        (("nobody", ["too_salty"]), {}, "contradicted"),
        (("count", ["fresh"]), {"value": 3}, "supported"),
        (("count", ["fresh"]), {"value": 2}, "contradicted"),
        (("both_sides", ["too_salty"], ["too_bland"]), {}, "undecided"),
        (("both_sides", ["too_salty"], ["too_bland"]), {"company": "North"}, "supported"),
        (("both_sides", ["too_salty"], ["too_bland"]), {"company": "South"}, "contradicted"),
        (("both_sides", ["too_salty"]), {}, "undecided"),
        (("bears_sentence", ["fresh"]), {"segments": ("s3", "s6")}, "supported"),
        (("bears_sentence", ["fresh"]), {"segments": ("s3", "s6"), "company": "North"}, "undecided"),
        (("bears_sentence", ["fresh"]), {"segments": ("s6",), "company": "North"}, "contradicted"),
        (("not_testable",), {"needs": {"en": "Prices"}}, "not testable"),
    ],
)
def test_each_rule(words, fields, verdict):
    row = judged(canteen(TABLE, PEOPLE), *words, **fields)
    assert row["verdict"] == verdict
    assert tuple(row.index) == CONTRACTS["proposition"]
    assert bool(row["needs"]) == (verdict in ("undecided", "not testable"))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rule", [name for name in RULES if name not in ("facts", "bears_sentence")])
def test_every_rule_bears_every_shape(shape, rule):
    segments = SHAPES[shape]()
    codes = segments.codebook.code_ids
    company = (segments.groups or ("",))[0] or None
    fields = {"company": company} if "company" not in RULES[rule].needs or company else {"company": None}
    row = judged(segments, rule, codes[:1], codes[1:2], value=1, needs={"en": "More"}, **fields)
    assert row["verdict"] in VERDICTS
    if RULES[rule].companies > 1 and len(segments.groups) < 2:
        assert (row["verdict"], row["reason"]) == ("undecided", "too_few_groups")


def test_people_of_no_known_company_count_in_the_base_alone():
    segments = SHAPES["some without a group"]()
    row = judged(segments, "everyone", ["taste"])
    assert (row["base"], row["by_company"]) == (4, "North 1/1, South 1/1")


def test_coarse_segments_leave_open_what_hangs_on_them():
    table = (
        TABLE
        + "| s8      | c           | taste     | s8    |\n| s9      | a           | taste     | s9    |\n"
    )
    segments = canteen(table, PEOPLE)
    for words, fields in (
        (("count", ["fresh"]), {"value": 4}),  # between three and five
        (("most", ["too_salty"]), {}),
        (("only_in_one", ["too_salty"], ["too_bland"]), {"company": "North"}),
        (("both_companies", ["too_salty"]), {}),
    ):
        row = judged(segments, *words, **fields)
        wanted = (
            "one_group" if words[0] == "both_companies" else "coded_above"
        )  # West says nothing either way
        assert (row["verdict"], row["reason"]) == ("undecided", wanted), words
    assert judged(segments, "count", ["fresh"], value=6)["verdict"] == "contradicted"
    coarse = judged(segments, "bears_sentence", ["fresh"], segments=("s8",))
    assert (coarse["verdict"], coarse["reason"]) == ("undecided", "coded_above")


def test_strong_and_disputed():
    segments = canteen(TABLE, PEOPLE)
    assert judged(segments, "both_companies", ["taste"])["strong"]
    assert not judged(segments, "both_companies", ["fresh"])["strong"]  # half of North is not more than half
    assert not judged(segments, "every_code", ["taste", "fresh"])["strong"]
    shared = canteen(TABLE.replace("| s7    |", "| s6    |"), PEOPLE)
    row = judged(shared, "both_companies", ["fresh"])
    assert (row["verdict"], row["reason"]) == ("supported", "disputed")
    opposed = judged(segments, "supporters", ["fresh"], ["too_bland"])
    assert (opposed["verdict"], opposed["n_against"], opposed["reason"]) == ("supported", 2, "opposed")


def test_facts_count_more_than_who_says_so():
    segments = canteen(TABLE, PEOPLE)
    loss = {"rule": "negative", "measures": ("result",), "companies": ("North",)}
    test = Proposition.model_fields["facts"].annotation.__args__[0]
    for value, rule, verdict, reason in (
        ("-5", "supporters", "supported", ""),
        ("5", "supporters", "contradicted", "facts_against"),
        ("5", "facts", "contradicted", "facts_against"),
        ("-5", "facts", "supported", "facts_for"),
    ):
        row = judged(
            segments, rule, ["fresh"], facts=test(**loss), known=bakeries(figure("A", "result", value))
        )
        assert (row["verdict"], row["reason"]) == (verdict, reason)
        assert row["facts"] == ("A",)
    silent = judged(segments, "facts", facts=test(**loss), known=bakeries())
    assert (silent["verdict"], silent["reason"]) == ("undecided", "facts_silent")
    against = judged(
        segments, "everyone", ["fresh"], facts=test(**loss), known=bakeries(figure("A", "result", "-5"))
    )
    assert (against["verdict"], against["reason"]) == ("undecided", "facts_against")
    both = {"rule": "negative", "measures": ("result",), "companies": ("North", "South")}
    lines = (figure("A", "result", "-5"), figure("B", "result", "5", company="South"))
    apart = judged(segments, "facts", facts=test(**both), known=bakeries(*lines))
    assert "for one company and not for another" in apart["note"]


# -- the page, the words and the file ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "end", "companies"), [("en", "Any proposition", "two companies"), ("zh", "任何命题", "两家企业")]
)
def test_the_page_lists_every_rule_with_what_it_needs(lang, end, companies):
    table = PAGES[lang].partition(end)[0]
    rules = re.findall(r"^\| `(\w+)` \| .*\| (`\w+`.*) \|$", table, re.MULTILINE)
    own = {name: needs for name, needs in rules if name in RULES}
    assert list(own) == list(RULES)
    for name, rule in RULES.items():
        assert tuple(re.findall(r"`(\w+)`", own[name])) == rule.needs
        assert (companies in own[name]) == (rule.companies == 2)
        assert message(f"proposition_rule_{name}") != message(f"proposition_rule_{name}", "zh")


@pytest.mark.parametrize("lang", PAGES)
def test_the_examples_of_the_page_are_valid(lang):
    facts, propositions = re.findall(r"```yaml\n(.*?)```", PAGES[lang], re.DOTALL)
    known = parse_schema(facts, "bakeries.yaml")
    assert survey.fact_disagreements(known).empty
    frame = survey.judge_propositions(
        canteen(TABLE, PEOPLE), parse_schema(propositions, "mine.yaml"), facts=known
    )
    assert frame["verdict"].tolist() == ["contradicted"]


def test_a_file_is_checked_with_its_lines(tmp_path):
    path = tmp_path / "mine.yaml"

    def check(text):
        path.write_text(text, encoding="utf-8")
        return check_schemas((path,))

    assert [schema.id for _, schema in check(WRITTEN)] == ["mine"]
    assert lock_schemas((FILE.parent,), check=True) == []
    for old, new, told in (
        ("rule: everyone", "rule: all", "line 8: P1: 'all' is no rule. Use one of: both_companies"),
        ("codes_for: [too_salty], ", "", "line 8: P1: the rule everyone needs 'codes_for'"),
        ("rule: everyone", "rule: facts", "needs 'facts'"),
        ("rule: everyone", "rule: everyone, facts: {rule: later}", "'later' is no rule on facts"),
        ("rule: everyone", "rule: everyone, facts: {rule: positive}", "the rule positive needs 'measures'"),
        ("id: P2", "id: P1", "P1"),
        (
            'title: {en: "Mine"}',
            'title: {en: "Mine"}\ncodebook: interview-codebook@1.0.0',
            "'too_salty' is no code",
        ),
        ('title: {en: "Mine"}', 'title: {en: "Mine"}\nfacts: nothing@1.0.0', "nothing@1.0.0"),
    ):
        assert told in refusal(check, WRITTEN, old, new)


def test_versions_say_what_changed():
    old = parse_schema(WRITTEN, "old.yaml")
    new = parse_schema(WRITTEN.replace("rule: everyone", "rule: most").replace("1.0.0", "1.1.0"), "new.yaml")
    assert diff_instruments(old, new).bump == "minor"
    reworded = parse_schema(
        WRITTEN.replace("All find", "Everybody finds").replace("1.0.0", "1.0.1"), "new.yaml"
    )
    assert diff_instruments(old, reworded).undeclared == ("propositions.P1.statement",)


def test_what_does_not_fit_the_segments_is_told_at_once():
    segments = canteen(TABLE, PEOPLE)
    wrong = one("supporters", ["too_saltty"], company="East", segments=("s1", "s99"))
    with pytest.raises(FindingsError) as raised:
        survey.judge_propositions(segments, wrong)
    assert [problem.key for problem in raised.value.problems] == [
        *("proposition_code", "proposition_company", "proposition_segments")
    ]
    assert "s99" in str(raised.value)
    with pytest.raises(UsageError, match="not propositions"):
        survey.load_propositions("case-facts")


# -- report and command --------------------------------------------------------------------------------------


def test_the_report_of_another_study_in_both_languages(tmp_path):
    segments = canteen(TABLE, PEOPLE)
    report = survey.propositions_report(segments, parse_schema(WRITTEN, "mine.yaml"))
    assert [sheet.name for sheet in report.sheets] == ["Propositions", "Evidence", "Notes"]
    assert report.sheets[0].title.startswith("Of 2 propositions, 0 are supported, 1 contradicted")
    chinese = survey.propositions_report(shipped(), "propositions", lang="zh")
    assert [sheet.name for sheet in chinese.sheets] == ["命题", "依据", "理论", "说明"]
    assert chinese.sheet("命题").tables[0].data["statement"].iloc[0].startswith("两股力量")
    survey.write_report(report, [tmp_path / "mine.xlsx", tmp_path / "mine.html", tmp_path / "mine.pptx"])


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_the_command_judges_and_reports(tmp_path):
    out = run("interviews", "claims", SEGMENTS, "propositions", "-o", tmp_path / "c.xlsx")
    assert out.exit_code == 0, out.output
    assert "P35\tcontradicted\t6\t14\t" in out.output
    assert "not testable: 24" in out.output
    rows = pd.read_excel(tmp_path / "c.xlsx", sheet_name=None, header=None, engine="openpyxl")
    assert list(rows) == ["Propositions", "Evidence", "Theories", "Notes"]
    assert "survey interviews claims" in rows["Notes"].to_string()


def test_the_command_and_what_it_refuses(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text(WRITTEN, encoding="utf-8")
    assert run("interviews", "claims", SEGMENTS, mine).exit_code == 1  # codes of another codebook
    assert run("interviews", "claims", SEGMENTS, "nothing").exit_code == 2
    assert run("interviews", "claims", SEGMENTS, "propositions", "--facts", "nothing").exit_code == 2
    out = run("interviews", "claims", SEGMENTS, "propositions", "--facts", "case-facts", "--lang", "zh")
    assert "无法检验：24" in out.output
    assert "P1  [everyone]  All find it too salty  (p. 1)" in run("instrument", "show", mine).output
