"""Where responses come from: as fields, as key and value, spoilt, merged, and known to one module only."""

import ast
import math
from dataclasses import fields, replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

import survey
from survey import Instrument, Provenance, Responses, from_frame, read_responses, write_responses
from survey.ingest.merging import merge
from survey.ingest.provenance import (
    BOUNDED,
    FIXED,
    OPEN,
    Mark,
    PublishedShare,
    Reconstruction,
    RuleCount,
    Screening,
    SourceFile,
    TargetShare,
    UpperBound,
    Weighting,
    add_counts,
    key_of,
)
from survey.ingest.provenance_pairs import KNOWN_KEYS, provenance_pairs, read_provenance
from survey.instrument.shares import SELECTING, Statistic
from tests.helpers import workbook
from tests.paths import ROOT, SAMPLE

SOURCE = ROOT / "src" / "survey"
SOUP = PublishedShare("dishes", "soup", "all", Statistic("top_box", 2))

# Every field says something, so that a field which is not written would show.
EVERYTHING = Provenance(
    files=(SourceFile("a.xlsx", "0" * 64, "wjx_text"), SourceFile("b.csv", "1" * 64, "tencent")),
    title="The canteen, May",
    wave="2027-05",
    source="=a book, p. 3",
    licence="CC BY 4.0",
    fielded_by="A house of research",
    carried_from="canteen@0.9.0",
    subset=("Subset: diet is other (3 of 9 respondents).", "子集：饮食（7 位受访者中的 2 位）。"),
    screening=Screening((RuleCount("test_rows", 2), RuleCount("speeders", 1)), 12),
    weighting=Weighting(
        *("size and diet", "rake", ("size", "diet*size")),
        shares=(TargetShare("size", "small", 1 / 3), TargetShare("diet*size", "meat*small", 0.1)),
        bounds=(0.3, 3.0),
        trimmed=4,
        rounds=11,
    ),
    reconstruction=Reconstruction(
        findings="canteen.csv",
        findings_hash="2" * 64,
        seed=7,
        group_bases={"meat": 4, "no_meat": 0},
        not_met=("A1", "B 2"),
        draw=3,
        draws=100,
        answers_digest="3" * 64,
        marks={
            key_of("importance", ("dishes", "soup")): {
                "proportion": Mark(FIXED),
                "mean": Mark(BOUNDED, (2.123456789, 3), (2, 4)),
                "rank": Mark(OPEN),
                "p_value": Mark(BOUNDED, (1.20617e-17, 1)),
                "base": Mark(BOUNDED, None, (0, math.inf)),
            },
            key_of("frequency", ("diet", "", "other")): {},
            key_of("sentence", ("several",)): {"value": Mark(OPEN)},
        },
        mark_draws=40,
        fixed=(SOUP, PublishedShare("diet", "other", "no_meat", SELECTING)),
        below=(UpperBound(PublishedShare("diet", "fish", "all", SELECTING), "50.0"),),
    ),
)


def test_every_field_is_set_above() -> None:
    made = EVERYTHING.reconstruction
    assert made is not None
    for whole, nothing in ((EVERYTHING, Provenance()), (made, Reconstruction())):
        for part in fields(whole):
            assert getattr(whole, part.name) != getattr(nothing, part.name), part.name


# -- key and value ---------------------------------------------------------------------------------------


def test_pairs_are_read_as_they_were_written() -> None:
    again, unread = read_provenance(provenance_pairs(EVERYTHING))
    assert again == replace(EVERYTHING, files=())  # a workbook cannot say what it is called itself
    assert unread == {}
    assert read_provenance(provenance_pairs(Provenance())) == (Provenance(), {})
    bare = Provenance(reconstruction=Reconstruction())
    assert provenance_pairs(bare) == {"reconstructed": "yes"}
    assert read_provenance({"reconstructed": "yes"}) == (bare, {})


def test_pairs_can_be_read_by_a_person() -> None:
    pairs = provenance_pairs(EVERYTHING)
    assert pairs["wave"] == "2027-05"
    assert pairs["left_out"] == "test_rows=2 speeders=1"
    assert pairs["left_out_of"] == "12"
    assert pairs["group_bases"] == "meat 4, no_meat 0"
    assert pairs["not_met"] == "A1, B 2"
    assert pairs["fixed"] == "dishes:soup:all:top_2_box diet:other:no_meat:share_selecting"
    assert pairs["below"] == "diet:fish:all:share_selecting:50.0"
    assert pairs["mark importance dishes:soup"] == (
        "proportion f; mean b 2.12346 3 2 4; rank o; p_value b 1.20617e-17 1 - -; base b - - 0 inf"
    )
    assert pairs["mark frequency diet::other"] == "none"
    assert set(provenance_pairs(replace(EVERYTHING, files=()))) == set(pairs)
    assert set(KNOWN_KEYS) <= set(pairs)


WORD = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
TEXT = st.text(min_size=1).filter(lambda text: bool(text.strip()) and text.isprintable())
COUNT = st.integers(0, 10**6)
ENDS = st.tuples(st.floats(allow_nan=False), st.floats(allow_nan=False)).map(lambda ends: tuple(sorted(ends)))
MARK = st.one_of(
    st.sampled_from([Mark(FIXED), Mark(OPEN)]),
    st.builds(Mark, st.just(BOUNDED), st.none() | ENDS, st.none() | ENDS),
)
STATISTIC = st.one_of(
    st.just(SELECTING),
    st.builds(Statistic, st.just("rated"), st.integers(-9, 99)),
    st.builds(Statistic, st.just("top_box"), st.integers(1, 99)),
)
SHARE = st.builds(PublishedShare, WORD, WORD | st.just(""), WORD, STATISTIC)
KEY = st.builds(key_of, WORD, st.lists(WORD | st.just("") | st.integers(0, 9), min_size=2, max_size=4))
RECONSTRUCTION = st.builds(
    Reconstruction,
    seed=st.none() | COUNT,
    group_bases=st.dictionaries(WORD, COUNT, max_size=3),
    not_met=st.lists(WORD, max_size=3).map(tuple),
    draw=st.none() | COUNT,
    marks=st.dictionaries(KEY, st.dictionaries(WORD, MARK, max_size=3), max_size=3),
    fixed=st.lists(SHARE, max_size=3).map(tuple),
    below=st.lists(st.builds(UpperBound, SHARE, COUNT.map(str)), max_size=3).map(tuple),
)


@given(
    st.builds(
        Provenance,
        title=TEXT | st.just(""),
        subset=st.lists(TEXT, max_size=2).map(tuple),
        screening=st.none()
        | st.builds(
            Screening,
            st.lists(st.builds(RuleCount, WORD, COUNT), min_size=1, max_size=3).map(tuple),
            COUNT,
        ),
        reconstruction=st.none() | RECONSTRUCTION,
    )
)
def test_whatever_is_said_is_read_again(provenance: Provenance) -> None:
    assert read_provenance(provenance_pairs(provenance)) == (provenance, {})


@given(st.dictionaries(st.sampled_from([*provenance_pairs(EVERYTHING), "mark ", "mark x"]), st.text()))
def test_no_junk_is_an_accident(pairs: dict[str, str]) -> None:
    provenance, unread = read_provenance(pairs)
    assert set(unread) <= set(pairs)
    again, rest = read_provenance(provenance_pairs(provenance))
    assert (again, rest) == (provenance, {})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("welle", "2027-05"),
        ("reconstructed", "perhaps"),
        ("seed", "seven"),
        ("seed", "-1"),
        ("draw", "1.5"),
        ("mark_draws", ""),
        ("group_bases", "meat four"),
        ("group_bases", "meat"),
        ("fixed", "dishes:soup"),
        ("fixed", "dishes:soup:all:top_two_box"),
        ("below", "dishes:soup:all:top_2_box"),
        ("below", "dishes:soup:all:top_2_box:half"),
        ("mark importance", "mean f"),
        ("mark importance dishes:soup", "mean"),
        ("mark importance dishes:soup", "mean x"),
        ("mark importance dishes:soup", "mean f 1 2"),
        ("mark importance dishes:soup", "mean b 1"),
        ("mark importance dishes:soup", "mean b 1 2 3 many"),
        ("mark importance dishes:soup", "mean b nan nan - -"),
        ("mark importance dishes:soup", "mean b 3 2 - -"),
        ("mark importance dishes:soup", "nonsense"),
        ("left_out", "test_rows"),
        ("left_out", "test_rows=two"),
        ("left_out", "test_rows=-1"),
    ],
)
def test_what_somebody_spoilt_is_left_out_and_told(key: str, value: str) -> None:
    whole = provenance_pairs(EVERYTHING)
    without = {name: text for name, text in whole.items() if name != key}
    provenance, unread = read_provenance({**whole, key: value})
    assert provenance == read_provenance(without)[0]
    assert unread[key] == value
    if key != "reconstructed":  # without which the rest of it says nothing either
        assert len(unread) == 1


def test_nothing_says_how_data_were_made_that_are_not_said_to_be_made() -> None:
    provenance, unread = read_provenance({"seed": "7", "wave": "may", "fixed": str(SOUP)})
    assert provenance == Provenance(wave="may")
    assert set(unread) == {"seed", "fixed"}
    assert read_provenance({"reconstructed": " Yes "})[0].reconstructed
    assert read_provenance({"reconstructed": "no"}) == (Provenance(), {})


def test_a_mark_keeps_what_the_store_keeps() -> None:
    mark = Mark(BOUNDED, (0.12345678, 2 / 3), (0, 5))
    assert (mark.draws, mark.proved) == ((0.123457, 0.666667), (0, 5))
    assert Mark(FIXED).draws is None


# -- workbooks -------------------------------------------------------------------------------------------


def test_the_sample_says_where_it_comes_from() -> None:
    responses = read_responses(SAMPLE)
    made = responses.provenance.reconstruction
    assert made is not None
    assert responses.problems == ()
    assert (made.seed, made.not_met, made.mark_draws) == (2026, ("M01", "M02"), 100)
    assert (len(made.marks), len(made.fixed), len(made.below)) == (686, 44, 8)
    pairs = dict(load_workbook(SAMPLE)["_survey"].values)
    of_the_workbook = ("instrument", "instrument_hash", "data_sheet")
    assert provenance_pairs(responses.provenance) == {
        key: text for key, text in pairs.items() if key not in of_the_workbook
    }


def test_workbooks_written_before_read_alike(tmp_path: Path, canteen: Instrument) -> None:
    """Without upper bounds, then without marks, then without the digest of the answers; with a dialect."""
    first = {
        **{"data_sheet": "Data", "instrument": canteen.reference, "instrument_hash": canteen.content_hash},
        **{
            "dialect": "wjx_text",
            "title": "Canteen",
            "wave": "2026-04",
            "source": "A (2026), 1",
            "seed": "0",
        },
        **{"findings": "f.csv", "findings_hash": "ab", "licence": "CC0-1.0", "reconstructed": "yes"},
        **{"group_bases": "meat 4, no_meat 2", "not_met": "M01, M02", "fixed": str(SOUP)},
    }
    later = {**first, "below": "diet:other:all:share_selecting:50"}
    marked = {**later, "mark_draws": "100", "mark importance dishes:soup": "mean b 1 2 - -; rank f"}
    now = {**marked, "mark_answers": "cd"}
    made = Reconstruction("f.csv", "ab", 0, {"meat": 4, "no_meat": 2}, ("M01", "M02"), fixed=(SOUP,))
    bound = UpperBound(PublishedShare("diet", "other", "all", SELECTING), "50")
    marks = {key_of("importance", ("dishes", "soup")): {"mean": Mark(BOUNDED, (1, 2)), "rank": Mark(FIXED)}}
    expected = [made, replace(made, below=(bound,))]
    expected.append(replace(expected[-1], marks=marks, mark_draws=100))
    expected.append(replace(expected[-1], answers_digest="cd"))
    for says, reconstruction in zip((first, later, marked, now), expected, strict=True):
        path = workbook(tmp_path / "w.xlsx", "| dishes__soup |\n| 5 |", says=says)
        responses = read_responses(path, canteen)
        assert not [problem for problem in responses.problems if problem.key == "provenance_unread"]
        assert replace(responses.provenance, files=()) == Provenance(
            title="Canteen",
            wave="2026-04",
            source="A (2026), 1",
            licence="CC0-1.0",
            reconstruction=reconstruction,
        )


def test_a_spoilt_hidden_sheet_is_told(tmp_path: Path, canteen: Instrument) -> None:
    says = {"wave": "may", "left_out": "nonsense", "left_out_of": "9", "checked by": "Li"}
    responses = read_responses(workbook(tmp_path / "w.xlsx", "| diet |\n| other |", says=says), canteen)
    assert replace(responses.provenance, files=()) == Provenance(wave="may")
    (problem,) = [problem for problem in responses.problems if problem.key == "provenance_unread"]
    assert problem.text() == (
        "w.xlsx, sheet '_survey': 2 entries of this sheet cannot be read and are left out: left_out, checked "
        "by. Correct or delete them."
    )


def test_a_part_of_a_part_says_both(tmp_path: Path, canteen: Instrument) -> None:
    data = pd.DataFrame({"diet": ["other", "other", "everything"], "visits": [1, 5, 9]})
    first = write_responses(from_frame(data, canteen).where(diet="other"), tmp_path / "first.xlsx")
    second = write_responses(read_responses(first, canteen).where("visits>=5"), tmp_path / "second.xlsx")
    responses = read_responses(second, canteen)
    assert len(responses) == 1
    assert ["2 of 3" in text for text in responses.provenance.subset] == [True, False]
    assert ["1 of 2" in text for text in responses.provenance.subset] == [False, True]
    warning = survey.analyze(responses).warning
    assert "2 of 3" in warning
    assert "1 of 2" in warning


def test_who_fielded_it_is_printed(canteen: Instrument, tmp_path: Path) -> None:
    responses = from_frame(pd.DataFrame({"diet": ["other"]}), canteen, origin={"fielded_by": "A house"})
    rows = survey.analyze(responses).sheet("Notes").tables[0].data
    assert rows.set_index("topic").loc["Fielded by", "what"] == "A house"
    about = load_workbook(write_responses(responses, tmp_path / "w.xlsx", lang="zh"))["说明"]
    assert "执行机构：A house" in [cell.value for cell in about["A"]]


# -- several files, several steps ------------------------------------------------------------------------


def _parts(canteen: Instrument, *several: Provenance) -> list[Responses]:
    frame = pd.DataFrame({"diet": ["other", "everything", "other"]})
    return [from_frame(frame, canteen, origin=provenance) for provenance in several]


def test_files_are_merged_field_by_field(canteen: Instrument) -> None:
    one = Provenance(
        files=(SourceFile("a.xlsx", "0", "wjx_text"),),
        wave="2027-04",
        licence="CC0-1.0",
        subset=("Some.",),
        screening=Screening((RuleCount("test_rows", 2), RuleCount("speeders", 1)), 6),
    )
    other = replace(
        one,
        files=(SourceFile("b.xlsx", "1"),),
        licence="",
        subset=("Some.", "Others."),
        screening=Screening((RuleCount("speeders", 3),), 6),
    )
    both = merge(_parts(canteen, one, other)).provenance
    assert both == Provenance(
        files=(*one.files, *other.files),
        wave="2027-04",
        subset=("Some.", "Others."),
        screening=Screening((RuleCount("test_rows", 2), RuleCount("speeders", 4)), 12),
    )
    assert (both.file_names, both.file_hashes, both.dialect) == ("a.xlsx, b.xlsx", "0, 1", "")
    # Of a file that nothing was left out of all stay.
    whole = merge(_parts(canteen, one, Provenance())).provenance
    assert whole.screening == Screening((RuleCount("test_rows", 2), RuleCount("speeders", 1)), 6 + 3)
    assert whole.wave == ""
    assert merge(_parts(canteen, Provenance(), Provenance())).provenance == Provenance()


def test_one_reconstruction_makes_the_whole_so(canteen: Instrument) -> None:
    made = EVERYTHING.reconstruction
    assert made is not None
    other = replace(EVERYTHING, reconstruction=replace(made, seed=8))
    both = merge(_parts(canteen, EVERYTHING, other)).provenance.reconstruction
    assert both == replace(made.without_marks(), seed=None)
    with_answers = merge(_parts(canteen, EVERYTHING, Provenance())).provenance
    assert with_answers.reconstruction == Reconstruction()


def test_rows_left_out_twice_add_up(canteen: Instrument) -> None:
    frame = pd.DataFrame({"diet": ["other"] * 4, "respondent": ["a", "a", "b", "c"]})
    once, _ = survey.screen(from_frame(frame, canteen), drop=["duplicate_key"])
    again = replace(once, meta=once.meta.assign(key=["a", "b", "b"]))
    twice, _ = survey.screen(again, drop=["duplicate_key"])
    assert twice.provenance.screening == Screening((RuleCount("duplicate_key", 2),), 4)
    assert add_counts([RuleCount("a", 0)]) == ()


# -- one module knows ------------------------------------------------------------------------------------

KEYS = {
    *("reconstructed", "findings_hash", "group_bases", "not_met", "left_out_of", "carried_from", "below"),
    *("mark_answers", "mark_draws", "input_hash"),
}


def _reads_like_a_dictionary(tree: ast.AST) -> list[int]:
    """The lines that compare with "yes", look one of the keys up, or ask a dictionary called origin."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            operands = [node.left, *node.comparators]
            if any(isinstance(one, ast.Constant) and one.value == "yes" for one in operands):
                lines.append(node.lineno)
        wanted: ast.AST | None = None
        if isinstance(node, ast.Subscript):
            wanted = node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            wanted = node.args[0] if node.func.attr in ("get", "pop") else None
        if isinstance(wanted, ast.Constant) and wanted.value in KEYS:
            lines.append(node.lineno)
        if isinstance(node, ast.Attribute) and node.attr == "origin":
            lines.append(node.lineno)
    return lines


def test_the_scan_sees_what_it_is_for() -> None:
    code = 'a.origin\nb.get("reconstructed") == "yes"\nc["not_met"]\nd.pop("mark_answers", "")\ne["wave"]\n'
    assert sorted(set(_reads_like_a_dictionary(ast.parse(code)))) == [1, 2, 3, 4]


def test_no_other_module_knows_the_keys() -> None:
    """Segments of interviews say where they come from in a dictionary of their own."""
    for path in SOURCE.rglob("*.py"):
        where = path.relative_to(SOURCE).as_posix()
        if "interviews" in where or where in ("ingest/provenance.py", "ingest/provenance_pairs.py"):
            continue
        assert _reads_like_a_dictionary(ast.parse(path.read_text(encoding="utf-8"))) == [], where
    joint = [
        SOURCE / "interviews" / "joint_display.py",
        SOURCE / "report" / "interviews" / "joint_display.py",
    ]
    for path in joint:  # which read responses
        assert _reads_like_a_dictionary(ast.parse(path.read_text(encoding="utf-8"))) == [], path
