"""No decision hangs on a wording: with every text of the catalogue replaced, the same is said of the same."""

import re
import string

import pandas as pd
import pytest

import survey
import survey.messages
from survey.reasons import REASONS
from survey.tables import CONTRACTS, contract_frame, has_reason, remarks
from tests.paths import EXAMPLES, ROOT
from tests.published.conftest import CLINIC_FIGURES, CLINICS, _write

STATEMENTS = ["T1,,statement,buyer,owner,all,rank,=,1,,,,", "T2,,statement,buyer,owner,all,cheapest,=,,,,,"]


@pytest.fixture(scope="module")
def clinics(tmp_path_factory):
    """Findings of another survey: a single banner, a scale of seven points, a number."""
    folder = tmp_path_factory.mktemp("clinics")
    (folder / "clinic-survey.yaml").write_text(CLINICS, encoding="utf-8")
    path = _write(folder / "clinics.csv", [*CLINIC_FIGURES[:6], *STATEMENTS])
    return survey.read_findings(path, folder / "clinic-survey.yaml")


@pytest.fixture(scope="module", autouse=True)
def read_once():
    """What is asked once in a process, while modules load or files are first read, is asked before."""
    import survey.instrument.report_plans  # its fields are described when it loads

    survey.read_segments(ROOT / "data" / "interviews" / "segments.xlsx")


def decided(monkeypatch, make, *, reworded):
    """What `make` builds, and the messages it asks for in order; `reworded`: each is its key and values."""
    text_of, asked = survey.messages._text.__wrapped__, []

    def recorded(key, lang):
        if not key.startswith(("heading_", "segment_heading_")):  # read in files, and kept once known
            asked.append(key)
        text, lang = text_of(key, lang)
        if not reworded:
            return text, lang
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        return " ".join([key, *(f"{{{name}}}" for name in dict.fromkeys(names))]), lang

    with monkeypatch.context() as patch:
        patch.setattr(survey.messages, "_text", recorded)
        return make(), asked


def numbers(report):
    """Every table of a report by the place of its sheet: the columns shown, the cells but for texts."""
    for place, sheet in enumerate(report.sheets):
        for table in sheet.tables:
            kept = [name for name in table.data if table.data[name].dtype.kind in "ifb" or name == "reason"]
            yield place, table.name, [column.key for column in table.columns], table.data[kept]


def few():
    """Responses whose groups are small, or chosen by everybody or nobody; two share all their respondents."""
    ticks = {
        "channels__agents": [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        "channels__branches": [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0],
        "channels__partners": [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0],
        "channels__online": [0] * 12,
    }
    ratings = {"hurdles__law": [5] * 12, "hurdles__staff": [1, 5, 4, 2, 3, 3, 5, 5, 1, 2, 4, 4]}
    frame = pd.DataFrame({"size": ["small", "large", "medium"] * 4, **ticks, **ratings})
    return survey.from_frame(frame, EXAMPLES / "overlapping-groups.yaml")


CASES = {
    "small groups": lambda _: survey.analyze(few()),
    "every group small": lambda _: survey.analyze(few(), min_base=100),
    "group against group": lambda _: survey.analyze(few(), compare="columns", min_base=2),
    "finite population": lambda _: survey.analyze(few(), population=14, equivalent_within=0.4, min_base=2),
    "hidden cells": lambda _: survey.analyze(few(), suppress=5),
    "exclusive groups": lambda _: survey.analyze(few(), only="exclusive", lang="zh"),
    "flagged rows": lambda _: survey.quality_report(few()),
    "made-up data": lambda clinics: survey.analyze(
        survey.mark_results(
            survey.reconstruct(clinics),
            clinics,
            data_sets=[survey.reconstruct(clinics, seed=2)],
        )
    ),
    "figures alone": survey.findings_report,
    "audit": lambda clinics: survey.audit_report(survey.audit(clinics)),
    "interviews": lambda _: survey.analyze_interviews(
        ROOT / "data" / "interviews" / "segments.xlsx",
        claims=ROOT / "data" / "interviews" / "claims.csv",
        responses=ROOT / "data" / "responses" / "executive-survey-2026-reconstructed.xlsx",
        draws=50,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_other_words_and_the_same_decisions(case, clinics, monkeypatch):
    (known, wanted), (found, asked) = (
        decided(monkeypatch, lambda: CASES[case](clinics), reworded=reworded) for reworded in (False, True)
    )
    assert asked == wanted
    tables = [list(numbers(report)) for report in (known, found)]
    assert [one[:3] for one in tables[0]] == [one[:3] for one in tables[1]]
    for (*_, one), (*_, other) in zip(*tables, strict=True):
        pd.testing.assert_frame_equal(one, other)


# -- the list of reasons -----------------------------------------------------------------------------------


REASON_ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (`.+) \|$", re.MULTILINE)


def reasons_on(page):
    return REASON_ROW.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))


def test_the_page_lists_every_reason_with_its_meaning():
    listed = [(code, meaning) for code, meaning, _ in reasons_on("reasons.md")]
    assert listed == list(REASONS.items())


def test_the_chinese_page_lists_every_reason_with_who_gives_it():
    listed, original = reasons_on("zh/reasons.md"), reasons_on("reasons.md")
    assert [code for code, _, _ in listed] == list(REASONS)
    for (code, meaning, given), (_, _, wanted) in zip(listed, original, strict=True):
        assert re.search("[\u4e00-\u9fff]", meaning), code
        assert re.findall("`([^`]+)`", given) == re.findall("`([^`]+)`", wanted), code


def test_every_reason_is_given_somewhere():
    """A code that nothing gives is no reason: every one stands in the source beside the list."""
    places = (ROOT / "src" / "survey").rglob("*.py")
    source = "\n".join(path.read_text(encoding="utf-8") for path in places if path.name != "reasons.py")
    given = {code for text in re.findall(r"""["']([a-z_ ]+)["']""", source) for code in text.split()}
    assert given >= REASONS.keys()


def test_reasons_are_short_ids_of_their_own():
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+){0,3}", code) for code in REASONS)
    assert len(set(REASONS.values())) == len(REASONS)


def test_a_contract_with_a_note_has_a_reason_before_it():
    for columns in CONTRACTS.values():
        assert ("note" in columns) == ("reason" in columns)
        assert "note" not in columns or columns.index("reason") + 1 == columns.index("note")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"reason": "small", "note": "few"}, "no reason has the code .'small'"),
        ({"reason": "tie small_bases", "note": "few"}, "'small_bases'"),
        ({"note": "few"}, "reason '', note 'few'"),
        ({"reason": "tie"}, "reason 'tie', note ''"),
    ],
)
def test_a_code_that_is_not_listed_is_refused(row, told):
    with pytest.raises(ValueError, match=told):
        contract_frame("number", [{"base": 1}, {"base": 1, **row}])


def test_several_reasons_stand_in_one_cell():
    row = remarks(("small_base untested", "Few."), ("", ""), ("tie untested", "Tied."), separator="|")
    assert row == {"reason": "small_base untested tie", "note": "Few.|Tied."}
    frame = contract_frame("number", [{"base": 1}, row])
    assert frame[["reason", "note"]].values.tolist() == [["", ""], ["small_base untested tie", "Few.|Tied."]]
    assert has_reason(row["reason"], "tie")
    assert not has_reason(row["reason"], "nobody")
    with pytest.raises(ValueError, match="no reason has the code 'small'"):
        has_reason(row["reason"], "small")


@pytest.mark.parametrize("part", survey.messages.PARTS)
def test_the_keys_of_a_part_are_known_without_reading_it_as_yaml(part):
    assert survey.messages._keys(part) == survey.messages._part(part).keys()


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"n": 2, "base": 5}, {"n": None, "base": None}],
        [{"n": None, "base": None}],
        [{"n": 2, "base": 5, "weighted_n": 2.5}, {"n": 1, "base": 4, "weighted_base": 3}],
    ],
)
def test_weighted_columns_are_numbers_whatever_the_rows_say(rows):
    frame = contract_frame("frequency", rows)
    columns = ["weighted_n", "weighted_base", "effective_base"]
    assert (frame[columns].dtypes == "float64").all()
    for row, (_, shown) in zip(rows, frame.iterrows(), strict=True):
        plain = [row["n"], row["base"], row["base"]]
        wanted = [row.get(name, value) for name, value in zip(columns, plain, strict=True)]
        assert [None if pd.isna(shown[name]) else shown[name] for name in columns] == wanted
