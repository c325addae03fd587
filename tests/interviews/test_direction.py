"""For, against, mixed: read, written, counted, compared between coders, in claims and in propositions."""

import pandas as pd
import pytest

import survey
from survey.errors import DataError, FindingsError
from survey.instrument.proposition_schemas import Proposition, Propositions
from tests.interviews.samples import SEGMENTS, canteen, shipped

TABLE = """
| segment | participant | code      | direction | quote |
|---------|-------------|-----------|-----------|-------|
| s1      | a           | fresh     | for       | s1    |
| s2      | a           | fresh     | against   | s2    |
| s3      | b           | fresh     | against   | s3    |
| s4      | c           | fresh     | mixed     | s4    |
| s5      | d           | fresh     | for       | s5    |
| s5      | d           | too_salty | against   | s5    |
| s6      | e           | too_salty | for       | s6    |
"""
PEOPLE = "a=North b=North c=South d=South e=South"


def frame_of(*directions, code="profit"):
    """A DataFrame with a segment of one code per direction."""
    return pd.DataFrame(
        {
            "segment": [f"s{n}" for n in range(len(directions))],
            "participant": "P1",
            "code": code,
            "direction": directions,
            "gist": "more",
        }
    )


def read(*directions):
    """The directions as read."""
    data = survey.segments_from_frame(frame_of(*directions), "interview-codebook").data
    return [None if pd.isna(one) else one for one in data["direction"]]


# -- reading and writing -------------------------------------------------------------------------------------


def test_every_way_to_write_a_direction():
    assert read("for", "Against", "MIXED", None) == ["for", "against", "mixed", None]
    assert read("支持", "反对", "兼有", "") == ["for", "against", "mixed", None]
    assert read("+", "-", "±", "\u2212") == ["for", "against", "mixed", "against"]


def test_what_is_no_direction_is_told_with_its_place():
    with pytest.raises(DataError) as caught:
        read("for", "maybe", "perhaps")
    assert [problem.key for problem in caught.value.problems] == ["direction_unknown"] * 2
    assert "'maybe' is no direction. Write one of: for, against" in caught.value.text("en")
    assert "“maybe”不是立场" in caught.value.text("zh")
    kept = survey.segments_from_frame(frame_of("for", "maybe"), "interview-codebook", set_aside=True)
    assert kept.data["segment"].tolist() == ["s0"]


@pytest.mark.parametrize("heading", ["direction", "Stance", "立场", "for or against"])
def test_headings(heading):
    frame = frame_of("against").rename(columns={"direction": heading})
    assert survey.segments_from_frame(frame, "interview-codebook").data["direction"].tolist() == ["against"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_codes_of_one_segment_may_have_directions_of_their_own(tmp_path, lang):
    frame = pd.concat([frame_of("for"), frame_of("against", code="technology"), frame_of(None, code="stage")])
    segments = survey.segments_from_frame(frame, "interview-codebook")
    again = survey.read_segments(survey.write_segments(segments, tmp_path / "s.xlsx", lang=lang))
    assert again.data[["code", "direction"]].fillna("-").values.tolist() == [
        *(["profit", "for"], ["technology", "against"], ["stage", "-"])
    ]
    project = survey.export_project(again, tmp_path / "s.qdpx", lang=lang)
    back = survey.read_segments(project, "interview-codebook").data
    assert back.set_index("code")["direction"].fillna("-").to_dict() == {
        **{"profit": "for", "technology": "against", "stage": "-"}
    }


def two_coders():
    """Ann and Bo gave the same code to three passages, and one direction more than once another."""
    rows = pd.DataFrame(
        {
            "segment": ["s1", "s1", "s2", "s2", "s3", "s3", "s4"],
            "participant": "P1",
            "code": "profit",
            "coder": ["Ann", "Bo"] * 3 + ["Ann"],
            "direction": ["for", "for", "for", "against", "against", "against", "mixed"],
            "gist": "more",
        }
    )
    return survey.segments_from_frame(rows, "interview-codebook")


def test_coders_of_a_project_keep_their_directions(tmp_path):
    segments = two_coders()
    back = survey.read_segments(survey.export_project(segments, tmp_path / "s.qdpx"), "interview-codebook")
    names = ["segment", "code", "coder", "direction"]
    assert sorted(back.data[names].values.tolist()) == sorted(segments.data[names].values.tolist())


# -- between coders and codings ------------------------------------------------------------------------------


def test_agreement_on_the_direction_by_hand():
    """Three codings of both: kappa (2/3 - 4/9) / (5/9), alpha 1 - (2/6) / (18/30)."""
    frame = survey.coder_agreement(two_coders(), draws=50).set_index("what")
    row = frame.loc["direction"]
    assert (row["units"], row["decisions"]) == (3, 6)
    assert row[["agreement", "kappa", "alpha"]].astype(float).round(6).tolist() == [0.666667, 0.4, 0.444444]
    assert pd.isna(row["prevalence"])
    without = survey.segments_from_frame(
        two_coders().data[["segment", "participant", "code", "coder", "gist"]], "interview-codebook"
    )
    assert "direction" not in survey.coder_agreement(without, draws=20)["what"].tolist()


def test_a_consensus_keeps_what_all_said_and_says_where_they_differ():
    segments = two_coders()
    differing = survey.coding_differences(segments)
    decided = differing[["passage", "code"]].assign(decision="yes")
    agreed = survey.apply_consensus(segments, decided)
    assert agreed.data.set_index("segment")["direction"].fillna("-").to_dict() == {
        **{"s1": "for", "s2": "-", "s3": "against", "s4": "mixed"}
    }
    (problem,) = [one for one in agreed.problems if one.key == "consensus_direction"]
    assert "s2 / profit" in problem.text("en")
    assert "s2 / profit" in problem.text("zh")


def test_a_direction_that_changed_is_a_change():
    old, new = (
        survey.segments_from_frame(frame_of(one, "for"), "interview-codebook") for one in ("for", "mixed")
    )
    changes = survey.coding_changes(old, new)
    names = ["segment", "code", "change", "direction_before", "direction"]
    assert changes[names].values.tolist() == [["s0", "profit", "direction", "for", "mixed"]]


# -- counted -------------------------------------------------------------------------------------------------


def test_people_count_once_in_a_direction():
    evidence = survey.codebook_evidence(canteen(TABLE, PEOPLE)).set_index(["level", "code"])
    names = ["n", "n_for", "n_against", "n_mixed"]
    assert evidence.loc[("code", "fresh"), names].tolist() == [4, 1, 1, 2]  # a is mixed: for and against
    assert evidence.loc[("code", "too_salty"), names].tolist() == [2, 1, 1, 0]
    assert evidence.loc[("code", "too_bland"), names].tolist() == [0, 0, 0, 0]
    assert evidence.loc[("subtheme", "taste"), names].tolist() == [5, 1, 1, 3]
    voices = survey.voices(canteen(TABLE, PEOPLE)).query("document == ''").set_index("participant")
    assert voices.loc["a", ["n_segments", "n_for", "n_against", "n_mixed"]].tolist() == [2, 1, 1, 0]
    assert voices.loc["d", ["n_segments", "n_for", "n_against", "n_mixed"]].tolist() == [1, 1, 1, 0]


def test_the_package_by_hand():
    counts = shipped().data["direction"].fillna("-").value_counts().to_dict()
    assert counts == {"for": 138, "against": 8, "mixed": 1, "-": 2}
    evidence = survey.codebook_evidence(SEGMENTS).set_index(["level", "code"])
    assert evidence.loc[("code", "direct_sales_ease"), ["n", "n_for", "n_against"]].tolist() == [3, 0, 3]


def test_columns_stand_in_the_report_where_somebody_said():
    report = survey.analyze_interviews(canteen(TABLE, PEOPLE), draws=20)
    for sheet, place in (("Codes", 0), ("Quotations", 0)):
        keys = [column.key for column in report.sheet(sheet).tables[place].columns]
        assert {"n_for", "n_against", "n_mixed"} <= set(keys)
    shown = report.sheet("Segments").tables[0].data["direction"].tolist()
    assert shown == ["for", "against", "against", "mixed", "for", "against", "for"]
    plain = survey.analyze_interviews(canteen("| participant | code |\n|---|---|\n| a | fresh |"), draws=5)
    assert "n_for" not in [column.key for column in plain.sheet("Codes").tables[0].columns]


# -- claims --------------------------------------------------------------------------------------------------


def checked(rule, code, direction, value=None, table=TABLE, people=PEOPLE):
    row = {
        "claim": "C",
        "rule": rule,
        "code": code,
        "direction": direction,
        "value": value,
        "statement": "So",
    }
    return survey.check_claims(canteen(table, people), pd.DataFrame([row])).iloc[0]


@pytest.mark.parametrize(
    ("rule", "direction", "value", "n", "verdict"),
    [
        ("count", None, 4, 4, "holds"),
        ("count", "for", 3, 3, "holds"),  # mixed is both
        ("count", "against", 3, 3, "holds"),
        ("most", "for", None, 3, "holds"),
        ("most", "against", None, 3, "holds"),
        ("everyone", "for", None, 3, "does not hold"),
        ("nobody", "against", None, 3, "does not hold"),
    ],
)
def test_a_claim_of_a_direction(rule, direction, value, n, verdict):
    row = checked(rule, "fresh", direction, value)
    assert (row["n"], row["verdict"]) == (n, verdict)
    assert row[["n_for", "n_against", "n_mixed"]].tolist() == [1, 1, 2]


def test_a_claim_of_a_direction_that_nobody_gave_is_undecided():
    table = TABLE.replace(
        "| s5      | d           | fresh     | for    ", "| s5      | d           | fresh     |        "
    )
    row = checked("count", "fresh", "for", 3, table)
    assert (row["n"], row["verdict"], row["reason"]) == (2, "undecided", "no_direction")
    assert "s5 (d)" in row["note"]
    assert checked("everyone", "fresh", "for", table=table)["verdict"] == "does not hold"
    assert checked("count", "fresh", None, 4, table)["verdict"] == "holds"


def test_a_direction_that_there_is_not_is_told():
    with pytest.raises(FindingsError, match="'maybe' is no direction"):
        checked("count", "fresh", "maybe", 3)


# -- propositions --------------------------------------------------------------------------------------------


def judged(rule, table=TABLE, **fields):
    text = {"en": "It is so"}
    one = Proposition(id="P1", statement=text, place="p. 1", rule=rule, **fields)
    about = {"kind": "propositions", "id": "mine", "version": "1.0.0", "languages": ("en",), "title": text}
    propositions = Propositions(**about, propositions=(one,))
    assert not list(propositions.faults())
    return survey.judge_propositions(canteen(table, PEOPLE), propositions).iloc[0]


@pytest.mark.parametrize(
    ("rule", "fields", "verdict", "n", "n_against"),
    [
        ("supporters", {"codes_for": ("fresh",)}, "supported", 3, 3),  # a, c, d against a, b, c
        ("supporters", {"codes_denied": ("fresh",)}, "supported", 3, 3),
        ("both_sides", {"codes_for": ("fresh",)}, "undecided", 3, 3),
        ("both_sides", {"codes_for": ("too_salty",), "company": "North"}, "undecided", 0, 0),
        ("both_sides", {"codes_denied": ("too_salty",), "company": "d"}, "supported", 1, 0),
        ("everyone", {"codes_for": ("fresh",), "company": "b"}, "contradicted", 0, 1),
        ("order_of_codes", {"codes_for": ("fresh",), "codes_against": ("too_salty",)}, "undecided", 3, 4),
        ("both_companies", {"codes_for": ("fresh",)}, "undecided", 3, 3),
        ("bears_sentence", {"codes_for": ("fresh",), "segments": ("s3",)}, "contradicted", 3, 3),
        ("bears_sentence", {"codes_for": ("fresh",), "segments": ("s1", "s4")}, "supported", 3, 3),
        ("one_quotation", {"codes_for": ("fresh",), "codes_denied": ("too_salty",)}, "supported", 3, 4),
        ("one_quotation", {"codes_for": ("fresh", "too_salty")}, "contradicted", 4, 4),
    ],
)
def test_supporters_and_opponents_by_direction(rule, fields, verdict, n, n_against):
    row = judged(rule, **fields)
    assert (row["verdict"], row["n"], row["n_against"]) == (verdict, n, n_against)


def test_without_directions_everybody_speaks_for_the_code():
    table = "\n".join(
        "|".join([*line.split("|")[:4], *line.split("|")[5:]]) for line in TABLE.strip().splitlines()
    )
    row = judged("supporters", table, codes_for=("fresh",))
    assert (row["n"], row["n_against"]) == (4, 0)
    assert judged("both_sides", table, codes_for=("fresh",))["reason"] == "side_unknown"


def test_coarse_segments_may_speak_against_it():
    table = TABLE + "| s7      | e           | taste     | against   | s7    |\n"
    row = judged("both_sides", table, codes_for=("too_salty",), company="e")
    assert (row["verdict"], row["reason"]) == ("undecided", "coded_above")
    assert judged("one_quotation", table, codes_for=("fresh",), company="e")["verdict"] == "contradicted"
    for_it = table.replace("| against   | s7", "| for       | s7")
    assert judged("one_quotation", for_it, codes_for=("fresh",), company="e")["reason"] == "coded_above"
