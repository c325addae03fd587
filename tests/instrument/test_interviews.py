"""The interview guide and the codebook: what they hold, and how a wrong file is told."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from survey.errors import InstrumentError, UsageError
from survey.instrument import load_schema, read_schema
from survey.instrument.describe import describe
from survey.instrument.interview_schemas import InterviewCodebook, InterviewGuide, load_codebook, load_guide
from survey.instrument.versions import diff_instruments

FACTS = Path(__file__).resolve().parents[2].parent / "shared" / "facts"


@pytest.fixture(scope="module")
def guide() -> InterviewGuide:
    schema = load_schema("interview-guide@1.0.0")
    assert isinstance(schema, InterviewGuide)
    return schema


@pytest.fixture(scope="module")
def codebook() -> InterviewCodebook:
    schema = load_schema("interview-codebook@1.0.0")
    assert isinstance(schema, InterviewCodebook)
    return schema


@pytest.fixture
def facts() -> Path:
    if not FACTS.is_dir():
        pytest.skip("the folder shared/facts is not beside the repository: nothing to compare with")
    return FACTS


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wordings(value: Any) -> Iterator[dict[str, str]]:
    """Every mapping of language to text below `value`."""
    if isinstance(value, dict) and value and all(re.fullmatch("[a-z]{2}", key) for key in value):
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from wordings(entry)
    elif isinstance(value, tuple):
        for entry in value:
            yield from wordings(entry)


# -- the guide -------------------------------------------------------------------------------------------


def test_guide_prints_21_of_the_22_questions_it_announces(guide: InterviewGuide) -> None:
    assert guide.question_ids == tuple(f"Q{number}" for number in range(1, 23) if number != 13)
    assert guide.timing is not None
    assert guide.timing.announced_questions == 22


def test_guide_sections_and_research_questions(guide: InterviewGuide) -> None:
    letters = {section.id: section.letter for section in guide.sections}
    asked = [(letters[question.section], question.research_question) for question in guide.questions]
    assert asked == [("B", "RQ1")] * 4 + [("C", "RQ1")] * 6 + [("D", "RQ2")] * 6 + [("E", "RQ2")] * 5


def test_guide_times_do_not_agree_and_are_all_kept(guide: InterviewGuide) -> None:
    timing = guide.timing
    assert timing is not None
    assert timing.actual_minutes is not None
    assert timing.announced_minutes == 90
    assert timing.announced_questions * timing.minutes_per_question == 66
    assert (timing.actual_minutes.usual, timing.actual_minutes.longest) == ((40, 60), 70)


def test_guide_question_is_found_or_told(guide: InterviewGuide) -> None:
    assert guide.question("Q12").said("zh").startswith("国际化需要")
    assert guide.question("Q12").said("fr") == guide.question("Q12").said("en")
    with pytest.raises(UsageError, match=r"'Q13' is not a question of interview-guide@1\.0\.0.*Q1"):
        guide.question("Q13")


def test_guide_matches_the_facts(guide: InterviewGuide, facts: Path) -> None:
    text = (facts / "interview-guide.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (Q\d+) \| ([A-E])[^|]*\|[^|]*\| (.*?) \|$", text, re.MULTILINE)
    wanted = [(row[0], row[1], 0 if row[2] == "-" else len(row[2].split(";"))) for row in table]
    letters = {section.id: section.letter for section in guide.sections}
    assert len(wanted) == 21
    assert [(asked.id, letters[asked.section], len(asked.probes)) for asked in guide.questions] == wanted


# -- the codebook ----------------------------------------------------------------------------------------


def test_codebook_counts(codebook: InterviewCodebook) -> None:
    assert len(codebook.codes) == 28
    assert sum(code.published for code in codebook.codes) == 20
    assert len(codebook.subthemes) == 15
    assert sum(subtheme.published for subtheme in codebook.subthemes) == 11
    assert len(codebook.themes) == 4
    assert len(codebook.aims) == 2


def test_what_is_not_published_is_marked_as_ours(codebook: InterviewCodebook) -> None:
    ours = {subtheme.id for subtheme in codebook.subthemes if not subtheme.published}
    assert ours == {"stage", "goals", "location", "timing"}
    assert all(bool(subtheme.assumption) != subtheme.published for subtheme in codebook.subthemes)
    assert codebook.approach == "codebook"
    assert codebook.assumption is not None
    assert "approach is our reading" in codebook.assumption["en"]


def test_every_level_is_used(codebook: InterviewCodebook) -> None:
    assert {code.subtheme for code in codebook.codes} == set(codebook.subtheme_ids)
    assert {subtheme.theme for subtheme in codebook.subthemes} == {theme.id for theme in codebook.themes}
    assert {theme.aim for theme in codebook.themes} == {aim.id for aim in codebook.aims}


def test_codes_name_questions_of_the_guide(codebook: InterviewCodebook) -> None:
    guide = load_schema(codebook.guide)
    assert isinstance(guide, InterviewGuide)
    named = {question_id for code in codebook.codes for question_id in code.guide_questions}
    assert named <= set(guide.question_ids)
    assert set(guide.question_ids) - named == {"Q5"}


def test_opposites_come_in_pairs(codebook: InterviewCodebook) -> None:
    pairs = {frozenset((code.id, code.opposite)) for code in codebook.codes if code.opposite}
    assert pairs == {
        frozenset(("foreign_revenue_high", "foreign_revenue_none")),
        frozenset(("after_home_profit", "before_home_profit")),
    }


def test_not_when_points_to_codes_that_exist(codebook: InterviewCodebook) -> None:
    for code in codebook.codes:
        named = [re.findall("`([^`]+)`", text) for text in code.not_when.values()]
        assert named[0], code.id
        assert named[0] == named[1], code.id
        assert code.id not in named[0]
        assert all(codebook.code(other) for other in named[0])


def test_code_is_found_or_told(codebook: InterviewCodebook) -> None:
    assert codebook.code("profit").said("en") == "Growing profit"
    with pytest.raises(UsageError, match=r"'goverment_support' is not a code .* mean: government_support"):
        codebook.code("goverment_support")
    with pytest.raises(UsageError) as told:
        codebook.code("zzz")
    assert "motivation_strength" in told.value.text("zh")


def test_codebook_matches_the_facts(codebook: InterviewCodebook, facts: Path) -> None:
    subthemes = {part.id: part for part in codebook.subthemes}
    themes = {part.id: part for part in codebook.themes}
    aims = {part.id: part for part in codebook.aims}
    ours = []
    for code in codebook.codes:
        subtheme = subthemes[code.subtheme]
        theme = themes[subtheme.theme]
        ours.append(
            {
                "code": code.id,
                "label": code.said("en"),
                "subtheme_id": subtheme.id,
                "subtheme": subtheme.said("en"),
                "theme": theme.said("en"),
                "aim": aims[theme.aim].said("en"),
                "in_published_codebook": "yes" if code.published else "no",
                "guide_questions": " ".join(code.guide_questions),
            }
        )
    assert ours == rows(facts / "interview-codebook.csv")


def test_every_segment_has_its_code(codebook: InterviewCodebook, facts: Path) -> None:
    used = {row["code"] for row in rows(facts / "interview-segments.csv")}
    assert used <= {*codebook.code_ids, *codebook.subtheme_ids}


# -- both ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("schema_id", ["interview-guide", "interview-codebook"])
def test_every_wording_is_in_both_languages(schema_id: str) -> None:
    found = list(wordings(load_schema(schema_id).model_dump()))
    assert len(found) > 50
    for wording in found:
        assert set(wording) == {"en", "zh"}
        assert re.search("[\u4e00-\u9fff]", wording["zh"]), wording
        assert not re.search("[,:;?()]", wording["zh"]), wording
        assert not re.search("[\u4e00-\u9fff\uff00-\uffef]", wording["en"]), wording


# -- wrong files -----------------------------------------------------------------------------------------

GUIDE = """\
kind: interview-guide
id: small-guide
version: "1.0.0"
languages: [en, zh]
title: {en: "Small", zh: "小"}
research_questions:
  - {id: RQ1, text: {en: "Why?", zh: "为何"}}
  - {id: RQ2, text: {en: "How?", zh: "如何"}}
sections:
  - {id: motives, letter: B, title: {en: "Motives", zh: "动机"}, research_questions: [RQ1]}
questions:
  - {id: Q1, section: motives, research_question: RQ1, text: {en: "Why abroad?", zh: "为何出海"}}
  - {id: Q3, section: motives, research_question: RQ1, text: {en: "Since when?", zh: "何时起"}}
"""

CODEBOOK = """\
kind: interview-codebook
id: small-codebook
version: "1.0.0"
languages: [en, zh]
title: {en: "Small", zh: "小"}
guide: small-guide@1.0.0
approach: codebook
aims:
  - {id: abroad, label: {en: "Abroad", zh: "海外"}}
themes:
  - {id: reasons, aim: abroad, label: {en: "Reasons", zh: "理由"}}
subthemes:
  - {id: money, theme: reasons, published: true, label: {en: "Money", zh: "金钱"}}
codes:
  - id: early
    label: {en: "Early", zh: "早"}
    definition: {en: "Before.", zh: "之前。"}
    use_when: {en: "Said.", zh: "提及。"}
    not_when: {en: "Unsaid.", zh: "未提及。"}
    subtheme: money
    guide_questions: [Q1]
    opposite: late
    published: true
  - id: late
    label: {en: "Late", zh: "晚"}
    definition: {en: "After.", zh: "之后。"}
    use_when: {en: "Said.", zh: "提及。"}
    not_when: {en: "Unsaid.", zh: "未提及。"}
    subtheme: money
    opposite: early
    published: false
"""


def told(tmp_path: Path, text: str, *changes: tuple[str, str], lang: str = "en") -> list[str]:
    """Change `text`, read it, and give what the error says, without the path of the file."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InstrumentError) as error:
        read_schema(path)
    lines = error.value.text(lang).splitlines()
    assert all(line.startswith(str(path)) for line in lines)
    return [line.removeprefix(str(path)).lstrip(",\uff0c ") for line in lines]


@pytest.mark.parametrize("text", [GUIDE, CODEBOOK])
def test_small_files_are_right(tmp_path: Path, text: str) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_schema(path).id.startswith("small-")


@pytest.mark.parametrize(
    ("change", "line", "problem", "remedy"),
    [
        (
            ("    subtheme: money\n    guide", "    subtheme: mony\n    guide"),
            20,
            "Code 'early' names the subtheme 'mony', which is not defined (there are: money).",
            "Define or rename it.",
        ),
        (
            ("theme: reasons, published", "theme: reason, published"),
            13,
            "Subtheme 'money' names the theme 'reason', which is not defined (there are: reasons).",
            "Define or rename it.",
        ),
        (
            ("aim: abroad", "aim: home"),
            11,
            "Theme 'reasons' names the aim 'home', which is not defined (there are: abroad).",
            "Define or rename it.",
        ),
        (
            ('definition: {en: "After.", zh: "之后。"}', 'definition: {en: "After."}'),
            26,
            "The wording in 'zh' is missing.",
            "Add it, or take 'zh' out of `languages`.",
        ),
        (
            ('title: {en: "Small", zh: "小"}', 'title: {en: "Small", zh: "小", fr: "Petit"}'),
            5,
            "'fr' is not among the declared languages (en, zh).",
            "Declare it or remove this wording.",
        ),
        (
            ("approach: codebook", "approach: grounded"),
            7,
            "approach is 'grounded'. It must be one of: reflexive, codebook, coding-reliability.",
            "coding-reliability.",
        ),
        (
            ("guide: small-guide@1.0.0", "guide: small-guide"),
            6,
            "guide is 'small-guide'. Write it as in my-guide@1.0.0.",
            ".",
        ),
        (
            ("guide_questions: [Q1]", "guide_questions: [q1]"),
            21,
            "codes.early.guide_questions.1 is 'q1'. Write it as in Q1.",
            ".",
        ),
    ],
)
def test_wrong_codebook(
    tmp_path: Path, change: tuple[str, str], line: int, problem: str, remedy: str
) -> None:
    (only,) = told(tmp_path, CODEBOOK, change)
    assert only.startswith(f"line {line}: {problem}")
    assert only.endswith(remedy)


def test_opposite_must_be_mutual(tmp_path: Path) -> None:
    (only,) = told(tmp_path, CODEBOOK, ("    opposite: early\n", ""))
    assert only == (
        "line 22: Code 'early' names 'late' as its opposite, but the opposite of 'late' is -. "
        "Let both name each other, or neither."
    )


def test_opposite_must_exist(tmp_path: Path) -> None:
    alone, unknown = told(tmp_path, CODEBOOK, ("    opposite: early\n", "    opposite: earlier\n"))
    assert alone.startswith(
        "line 22: Code 'early' names 'late' as its opposite, but the opposite of 'late' is earlier"
    )
    assert unknown == (
        "line 30: Code 'late' names 'earlier' as its opposite, which is no other code (near: early). "
        "Correct or remove it."
    )


def test_a_code_is_not_its_own_opposite(tmp_path: Path) -> None:
    lone, other = told(tmp_path, CODEBOOK, ("    opposite: late\n", "    opposite: early\n"))
    assert lone.startswith("line 22: Code 'early' names 'early' as its opposite, which is no other code")
    assert other.startswith(
        "line 30: Code 'late' names 'early' as its opposite, but the opposite of 'early' is early"
    )


def test_code_id_used_twice(tmp_path: Path) -> None:
    change = ("  - id: late\n", "  - id: early\n")
    problems = told(tmp_path, CODEBOOK, change, ("    opposite: late\n", ""), ("    opposite: early\n", ""))
    assert problems == ["line 23: The id 'early' is used twice. Ids must be unique; rename one."]


def test_code_id_must_not_be_that_of_a_subtheme(tmp_path: Path) -> None:
    change = ("  - id: late\n", "  - id: money\n")
    (only,) = told(tmp_path, CODEBOOK, change, ("    opposite: late\n", "    opposite: money\n"))
    assert only.startswith("line 24: The id 'money' is used twice.")


def test_faults_come_all_at_once_and_in_both_languages(tmp_path: Path) -> None:
    changes = (
        ("aim: abroad", "aim: home"),
        ("    subtheme: money\n    guide", "    subtheme: mony\n    guide"),
    )
    assert [problem.split(":")[0] for problem in told(tmp_path, CODEBOOK, *changes)] == ["line 11", "line 20"]
    chinese = told(tmp_path, CODEBOOK, *changes, lang="zh")
    assert [re.search("“[a-z]+”引用的(研究目标|子主题)", problem) is not None for problem in chinese] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("change", "line", "problem"),
    [
        (
            ("{id: Q3, section: motives", "{id: Q3, section: motive"),
            13,
            "Question 'Q3' stands in the section 'motive', which is not defined (there are: motives).",
        ),
        (
            ('research_question: RQ1, text: {en: "Since', 'research_question: RQ7, text: {en: "Since'),
            13,
            "'Q3' names the research question 'RQ7', which is not defined (there are: RQ1, RQ2).",
        ),
        (
            ('research_question: RQ1, text: {en: "Since', 'research_question: RQ2, text: {en: "Since'),
            13,
            "Question 'Q3' serves 'RQ2', but its section 'motives' serves RQ1. Change one of them.",
        ),
        (
            ("research_questions: [RQ1]", "research_questions: [RQ1, RQ7]"),
            10,
            "'motives' names the research question 'RQ7', which is not defined (there are: RQ1, RQ2).",
        ),
        (("{id: Q3", "{id: Q1"), 13, "The id 'Q1' is used twice. Ids must be unique; rename one."),
        (("{id: Q3", "{id: q3"), 13, "questions.q3.id is 'q3'. Write it as in Q1."),
        ((', zh: "何时起"', ""), 13, "The wording in 'zh' is missing. Add it,"),
    ],
)
def test_wrong_guide(tmp_path: Path, change: tuple[str, str], line: int, problem: str) -> None:
    (only,) = told(tmp_path, GUIDE, change)
    assert only.startswith(f"line {line}: {problem}")


# -- versions --------------------------------------------------------------------------------------------

CODEBOOK_FILE = Path(__file__).resolve().parents[2] / "instruments" / "interview-codebook" / "1.0.0.yaml"
GUIDE_FILE = CODEBOOK_FILE.parents[1] / "interview-guide" / "1.0.0.yaml"


@pytest.mark.parametrize(
    ("schema", "old", "new", "where", "bump"),
    [
        (
            CODEBOOK_FILE,
            "    subtheme: goals\n",
            "    subtheme: stage\n",
            "codes.strategic_goals.subtheme",
            "major",
        ),
        (
            CODEBOOK_FILE,
            'zh: "投资"}\n    theme: mobilization_mode',
            'zh: "投资"}\n    theme: resource_sources',
            "subthemes.investment.theme",
            "major",
        ),
        (
            CODEBOOK_FILE,
            'zh: "资源调动模式"}\n    aim: resource_mobilization',
            'zh: "资源调动模式"}\n    aim: international_location',
            "themes.mobilization_mode.aim",
            "major",
        ),
        (CODEBOOK_FILE, "approach: codebook\n", "approach: reflexive\n", "approach", "minor"),
        (GUIDE_FILE, "longest: 70", "longest: 80", "timing", "patch"),
    ],
    ids=["code moved", "subtheme moved", "theme moved", "approach", "timing"],
)
def test_a_change_of_guide_or_codebook_has_its_class(tmp_path, schema, old, new, where, bump):
    text = schema.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "2.0.0.yaml"
    path.write_text(text.replace(old, new).replace('version: "1.0.0"', 'version: "2.0.0"'), encoding="utf-8")
    found = diff_instruments(schema, path)
    assert [change.where for change in found.alterations] == [where]
    assert found.bump == bump


def test_a_changed_rule_of_use_is_asked_for(tmp_path):
    text = CODEBOOK_FILE.read_text(encoding="utf-8")
    path = tmp_path / "1.0.1.yaml"
    changed = text.replace("is the reason, rather than how much is sold", "matters, not how much is sold")
    path.write_text(changed.replace('version: "1.0.0"', 'version: "1.0.1"'), encoding="utf-8")
    assert diff_instruments(CODEBOOK_FILE, path).undeclared == ("codes.market_share.not_when",)


def test_a_codebook_without_a_published_one_says_nothing_of_it(tmp_path):
    text = CODEBOOK_FILE.read_text(encoding="utf-8")
    path = tmp_path / "own.yaml"
    path.write_text(re.sub(r"    published: (?:true|false)\n", "", text), encoding="utf-8")
    own = load_codebook(path)
    assert {code.published for code in own.codes} == {None}
    assert "(published)" not in describe(own)
    assert "(not in the published table)" not in describe(own)


def test_a_schema_of_another_kind_is_refused():
    with pytest.raises(UsageError, match="not a codebook"):
        load_codebook("interview-guide")
    with pytest.raises(UsageError, match="not an interview guide"):
        load_guide("interview-codebook")
