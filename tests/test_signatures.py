"""The public functions agree: one word for one thing, one default for one word, one way to refuse.

`WORDS` is the closed vocabulary of their arguments, `CALLS` a small call of each. A new public function needs
a line in `CALLS`, a new argument one in `WORDS`, or the tests below fail.
"""

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import survey
from survey.published.bounds import overlap
from survey.published.findings.reading import COLUMNS
from survey.resources import resource_folder
from tests.answers import four_kinds
from tests.paths import SAMPLE

pytestmark = pytest.mark.filterwarnings("ignore:.*not anonymous by itself:UserWarning")

FUNCTIONS = {
    name: value
    for name in survey.__all__
    if callable(value := getattr(survey, name)) and not isinstance(value, type)
}
REQUIRED = inspect.Parameter.empty
POSITIONAL = inspect.Parameter.POSITIONAL_OR_KEYWORD

# Every word with the one default it has, wherever it has one; `REQUIRED` where it never has.
WORDS: dict[str, object] = {
    # What is worked on, taken as an object or as the path of its file.
    "data": REQUIRED,  # answers to compute from
    "earlier": REQUIRED,  # two waves
    "later": REQUIRED,
    "waves": REQUIRED,  # two and more
    "key": None,  # the column that names respondents alike in them
    "responses": None,  # answers where the respondents themselves are needed
    "findings": None,
    "segments": REQUIRED,
    "instrument": None,
    "source": REQUIRED,  # what is counted: responses, files, frames, streams
    "tally": REQUIRED,
    "codebook": None,
    "guide": REQUIRED,
    "joint": None,
    "claims": None,
    "facts": None,  # of companies
    "propositions": None,
    "beside": None,  # coded interviews, where facts are reported
    "mapping": None,
    "participants": None,
    "names": (),
    "to": REQUIRED,  # the version that answers are carried to
    "old": REQUIRED,
    "new": REQUIRED,
    "reference": REQUIRED,
    "modules": REQUIRED,  # of a survey
    "version": REQUIRED,  # that they make
    "crosswalks": (),
    # What functions hand to each other.
    "frame": REQUIRED,
    "table": REQUIRED,
    "report": REQUIRED,
    "title_block": None,  # who a report is from
    "template": None,  # the deck whose master a deck uses
    "audit": REQUIRED,
    "ensemble": REQUIRED,
    "data_sets": None,
    "quality": None,
    "quantities": REQUIRED,
    "bases": None,
    "documents": None,
    "origin": None,
    "pairs": None,
    "order": None,
    "progress": None,
    # What is asked of the data.
    "question": None,
    "stub": REQUIRED,
    "row": REQUIRED,
    "column": REQUIRED,
    "plan": None,  # of reports
    "sort": "share",  # of options and items
    "smallest_option": None,
    "banner": None,  # the groups of tables
    "banners": None,  # several of them, and some crossed
    "by": None,  # the grouping variable of tests and models
    "population": None,  # how many there are; required of response rates, where it is the frame
    "equivalent_within": None,  # the margin within which two shares are the same
    "questions": None,  # several at once, each with each
    "adjust": (),  # what a model holds
    "top": None,
    "size": None,  # of a bundle
    "k": 3,
    "unit": None,  # a month or a year
    "compare": "complement",
    "against": None,
    "only": None,
    "level": "code",  # of a codebook
    "kind": None,
    "drop": (),
    "where": None,
    "weight": None,
    "targets": REQUIRED,  # shares that weights are to meet
    "bounds": None,  # of weights
    "base_weights": None,
    "tolerance": 1e-10,
    # How it is computed.
    "test": None,
    "method": "spearman",  # of correlation
    "interval": "wilson",
    "confidence": 0.95,
    "min_base": 5,
    "min_events": 5,  # of an option, and respondents on either side of a term
    "small_base": 30,  # shares of fewer stand in brackets
    "minimum": 5,  # of a cell that is not hidden
    "suppress": 0,
    "seed": 1,
    "sweeps": 100,
    "zero_cells": 0.5,
    "margins": (0.03, 0.05, 0.1),
    "power": 0.8,
    "through": "scipy",
    "similarity": 0.9,
    "base_size": 4,
    "run_length": 2,
    "threshold": 0.05,
    "seen": "document",
    "overlap": 0.5,
    # Reading.
    "sheet": None,
    "set_aside": False,
    "dialect": None,
    "keep_personal": False,
    "password": None,
    "update": None,  # a draft made before, with its edits
    "participant": None,
    "approach": "codebook",
    "title": None,
    "language": "en",  # that a file is in
    "positions": None,  # how a file counts them
    "decisions": REQUIRED,  # where coders differed
    "keyword": REQUIRED,
    "window": 40,  # signs beside a keyword
    "within": "people",  # what pairs of codes are counted in
    "standard": "coreq",  # of reporting
    # Writing.
    "path": REQUIRED,
    "folder": REQUIRED,
    "form": "csv",
    "pictures": True,
    "open_text": False,
    "models": False,  # explain needs in a report, or mark what explains them
    "sampling_frame": None,  # firms by question and option
    "previous": None,  # the wave before
    "wave": None,  # which wave the answers are
    "gists": True,
    "quotations": False,
    "command": "",
    "languages": (),
    "lang": "en",  # of labels, notes and wording
}
# Words whose default is each function's own, and why.
OWN_DEFAULTS = {
    "draws": "a draw is a permutation, a bootstrap sample, an order or a whole data set",
    "interval": "the difference of two shares of the same respondents has other intervals than a share",
}
PAIRED = {"compare_items": "newcombe"}
# Statistics that need the respondents one by one, which no tally has.
ROWS_NEEDED = {"all_needs", "sensitivity"}
# Waves of respondents who may be in several: none of them comes first.
WAVES = {"compare_waves", "compare_wave_means", "wave_transitions", "wave_series"}
# A framework and what people are shown stand under themes; what is counted, under codes.
THEMES = ("framework_matrix", "export_framework", "export_member_checks")
# What may stand second (or third) without its name.
NATURAL = {
    *(
        "later",
        "question",
        "questions",
        "stub",
        "row",
        "column",
        "instrument",
        "codebook",
        "path",
        "folder",
        "findings",
    ),
    *(
        "facts",
        "propositions",
        "responses",
        "claims",
        "to",
        "new",
        "quantities",
        "decisions",
        "targets",
        "keyword",
        "modules",
    ),
}


@dataclass(frozen=True)
class Given:
    """Stands for a thing of the fixture `given`."""

    name: str


RESPONSES, FINDINGS, SEGMENTS = Given("responses"), Given("findings"), Given("segments")
INSTRUMENT, CODEBOOK, GUIDE, JOINT = Given("instrument"), Given("codebook"), Given("guide"), Given("joint")
CLAIMS, FRAME, PEOPLE = Given("claims"), Given("frame"), Given("people")
FACTS, PROPOSITIONS = Given("case_facts"), Given("propositions")
QUESTION, ITEMS, NEEDS = {"question": "firm_type"}, {"question": "challenges"}, {"question": "support_needs"}

PLAN = {"reports": [{"name": "one", "where": "firm_type=biotech"}]}

# A call of every public function; `out` is a file or folder to write.
CALLS: dict[str, dict[str, Any]] = {
    "list_instruments": {},
    "load_instrument": {"reference": INSTRUMENT},
    "load_guide": {"reference": GUIDE},
    "load_codebook": {"reference": CODEBOOK},
    "compose_instrument": {
        "reference": Given("newer"),
        "modules": ["objectives"],
        "version": "1.2.0",
    },
    "diff_instruments": {"old": INSTRUMENT, "new": Given("newer")},
    "draft_instrument": {"path": Given("responses_path")},
    "load_plan": {"source": PLAN},
    "draft_plan": {"responses": RESPONSES},
    "planned_reports": {"data": RESPONSES, "plan": PLAN},
    "carry_over": {"responses": RESPONSES, "to": Given("newer")},
    "read_responses": {
        "path": Given("responses_path"),
        "instrument": INSTRUMENT,
        "mapping": Given("mapping"),
    },
    "from_frame": {"frame": FRAME, "instrument": INSTRUMENT},
    "rake": {
        **{"responses": RESPONSES, "bounds": (0.1, 9)},
        "targets": {"firm_type": {"biotech": 0.5, "biopharma": 0.3, "big_pharma": 0.2}},
    },
    "weighting": {"responses": RESPONSES},
    "write_responses": {"responses": RESPONSES, "path": "out.xlsx"},
    "tally": {"source": RESPONSES},
    "read_tally": {"path": Given("tally_path")},
    "write_tally": {"tally": Given("tally"), "path": "out.tally"},
    "screen": {"responses": RESPONSES},
    "quality_report": {"responses": RESPONSES},
    "frequencies": {"data": RESPONSES, **QUESTION},
    "importance_shares": {"data": RESPONSES},
    "crosstab": {"data": RESPONSES, "stub": "support_needs"},
    "compare_items": {"data": RESPONSES},
    "compare_ratings": {"data": RESPONSES},
    "compare_waves": {"earlier": RESPONSES, "later": RESPONSES, **QUESTION},
    "compare_wave_means": {"earlier": RESPONSES, "later": RESPONSES},
    "wave_transitions": {"earlier": RESPONSES, "later": RESPONSES, **QUESTION},
    "wave_series": {"waves": [RESPONSES, RESPONSES], **QUESTION},
    "waves_report": {"waves": [RESPONSES, RESPONSES]},
    "compare_numbers": {"data": Given("numbers"), "question": "spent", "by": "party"},
    "correlations": {"data": RESPONSES},
    "compare_group_ratings": {"data": RESPONSES},
    "reliability": {"data": RESPONSES},
    "precision": {"data": RESPONSES},
    "mentions": {"data": RESPONSES, **NEEDS},
    "mention_summary": {"data": RESPONSES, **NEEDS},
    "overlaps": {"data": RESPONSES},
    "cooccurrence": {"data": RESPONSES, **NEEDS},
    "rank_sets": {"data": RESPONSES},
    "number_summary": {"data": Given("numbers"), "question": "spent"},
    "net_promoter": {"data": Given("canteen"), "question": "recommend"},
    "rankings": {"data": Given("canteen"), "question": "matters"},
    "allocations": {"data": Given("canteen"), "question": "budget"},
    "date_summary": {"data": Given("canteen"), "question": "since"},
    "date_counts": {"data": Given("canteen"), "question": "since"},
    "sensitivity": {"responses": RESPONSES, "stub": "support_needs", "draws": 9},
    "response_rates": {
        **{"data": RESPONSES, **QUESTION},
        "population": {"biotech": 90, "biopharma": 90, "big_pharma": 90},
    },
    "all_needs": {"responses": RESPONSES, "stub": "support_needs", "draws": 9},
    "reach": {"data": RESPONSES, **NEEDS, "size": 2, "draws": 9},
    "model_needs": {"data": RESPONSES, "stub": "support_needs", "draws": 9},
    "association": {"data": RESPONSES, "row": "firm_type", "column": "support_needs", "draws": 9},
    "suppress": {"table": Given("table")},
    "data_dictionary": {"instrument": INSTRUMENT},
    "table_schema": {"instrument": INSTRUMENT},
    "export_codebook": {"instrument": INSTRUMENT, "path": "out.json"},
    "export_collection": {"instrument": INSTRUMENT, "path": "out.xlsx"},
    "export_xlsform": {"instrument": INSTRUMENT, "path": "out.xlsx"},
    "export_page": {"instrument": INSTRUMENT, "path": "out.html"},
    "export_responses": {"responses": RESPONSES, "path": "out.csv"},
    "read_findings": {"path": Given("findings_path"), "instrument": INSTRUMENT},
    "reproduce": {"data": RESPONSES, "findings": FINDINGS},
    "reconstruct": {"findings": FINDINGS},
    "reconstructions": {"findings": FINDINGS, "draws": 2, "sweeps": 1},
    "mark_results": {"responses": Given("made"), "findings": FINDINGS, "draws": 1},
    "audit": {"findings": FINDINGS},
    "audit_report": {"audit": Given("audit")},
    "findings_report": {"findings": FINDINGS},
    "bounds": {"findings": FINDINGS, "quantities": (overlap("licensing", "newco"),)},
    "write_reconstructions": {"ensemble": Given("ensemble"), "folder": "out"},
    "analyze": {"data": RESPONSES, "findings": FINDINGS},
    "write_pictures": {"report": Given("report"), "folder": "out"},
    "write_report": {"report": Given("report"), "path": "out.xlsx", "pictures": False},
    "read_segments": {"path": Given("segments_path"), "codebook": CODEBOOK, "participants": PEOPLE},
    "segments_from_frame": {"frame": Given("segments_frame"), "codebook": CODEBOOK, "participants": PEOPLE},
    "write_segments": {"segments": SEGMENTS, "path": "out.xlsx"},
    "export_guide": {"guide": GUIDE, "path": "out.docx"},
    "export_segments_template": {"codebook": CODEBOOK, "path": "out.xlsx"},
    "check_privacy": {"segments": SEGMENTS, "names": Given("names")},
    "export_project": {"segments": SEGMENTS, "path": "out.qdpx"},
    "export_matrix": {"segments": SEGMENTS, "path": "out.csv"},
    "export_codes": {"codebook": CODEBOOK, "path": "out.qdc"},
    "read_project": {"path": Given("project"), "codebook": CODEBOOK},
    "read_codes": {"path": Given("codes")},
    "joint_display": {"segments": SEGMENTS, "responses": RESPONSES, "joint": JOINT},
    "coder_agreement": {"segments": Given("two_coders"), "draws": 2},
    "framework_matrix": {"segments": SEGMENTS},
    "export_framework": {"segments": SEGMENTS, "path": "out.docx"},
    "coding_differences": {"segments": Given("two_coders")},
    "export_consensus": {"segments": Given("two_coders"), "path": "out.xlsx"},
    "apply_consensus": {"segments": Given("two_coders"), "decisions": Given("decisions")},
    "coding_changes": {"old": SEGMENTS, "new": SEGMENTS},
    "coding_effects": {"old": SEGMENTS, "new": SEGMENTS},
    "keyword_in_context": {"segments": SEGMENTS, "keyword": "word"},
    "word_counts": {"segments": SEGMENTS},
    "reporting_checklist": {"segments": SEGMENTS},
    "export_member_checks": {"segments": SEGMENTS, "folder": "out"},
    "code_matrix": {"segments": SEGMENTS},
    "compare_cases": {"segments": SEGMENTS},
    "codebook_evidence": {"segments": SEGMENTS},
    "saturation": {"segments": SEGMENTS, "draws": 2},
    "code_cooccurrence": {"segments": SEGMENTS},
    "attribution_conflicts": {"segments": SEGMENTS},
    "both_sides": {"segments": SEGMENTS},
    "voices": {"segments": SEGMENTS},
    "check_claims": {"segments": SEGMENTS, "claims": CLAIMS},
    "load_case_facts": {"reference": FACTS},
    "load_propositions": {"reference": PROPOSITIONS},
    "compare_facts": {"facts": FACTS},
    "fact_disagreements": {"facts": FACTS},
    "facts_beside": {"segments": SEGMENTS, "facts": FACTS},
    "facts_report": {"facts": FACTS, "beside": SEGMENTS},
    "judge_propositions": {"segments": SEGMENTS, "propositions": PROPOSITIONS, "facts": FACTS},
    "propositions_report": {"segments": SEGMENTS, "propositions": PROPOSITIONS, "facts": FACTS},
    "analyze_interviews": {
        **{"segments": SEGMENTS, "responses": RESPONSES, "joint": JOINT, "claims": CLAIMS, "draws": 2},
    },
}

FIGURES = f"""{",".join(COLUMNS)}
N,,figure,,,all,respondents,=,20,0,,,
A,,figure,firm_type,biotech,all,share_selecting,=,50,0,,,
B,,figure,expansion_models,licensing,all,share_selecting,=,60,0,,,
C,,figure,expansion_models,newco,all,share_selecting,=,30,0,,,
"""
TRIP = """
kind: survey
id: trip
version: 1.0.0
languages: [en]
title: {en: Trip}
questions:
  - {id: spent, kind: number, short: {en: Spent}, text: {en: How much?}}
  - id: party
    kind: single
    short: {en: Party}
    text: {en: With whom?}
    options:
      - {id: alone, label: {en: Alone}}
      - {id: group, label: {en: In a group}}
"""


def write(path: Path, text: str) -> Path:
    """Write a text file and say where."""
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Everything the calls need: the thing by its name, and its path by the same name with `_path`."""
    folder = tmp_path_factory.mktemp("given")
    schemas = resource_folder("instruments")
    newest = {kind: schemas / kind / "1.0.0.yaml" for kind in ("interview-guide", "interview-codebook")}
    sample = survey.read_responses(SAMPLE)
    things: dict[str, Any] = {
        "instrument_path": schemas / "executive-survey" / "1.0.0.yaml",
        "newer_path": schemas / "executive-survey" / "1.1.0.yaml",
        "guide_path": newest["interview-guide"],
        "codebook_path": newest["interview-codebook"],
        "joint_path": schemas / "joint-display" / "1.0.0.yaml",
        "case_facts_path": resource_folder("interviews") / "case-facts" / "1.0.0.yaml",
        "propositions_path": resource_folder("interviews") / "propositions" / "1.0.0.yaml",
        "segments_path": resource_folder("interviews") / "segments.xlsx",
        "findings_path": write(folder / "figures.csv", FIGURES),
        "mapping_path": write(folder / "map.yaml", "columns: {}\n"),
        "names_path": write(folder / "names.txt", "Zhang Wei\n"),
        "frame": sample.data.iloc[:16].astype(object),
        "names": ["Zhang Wei"],
        "people": pd.DataFrame(
            [(f"{group}{number}", group) for group in "BD" for number in range(1, 8)],
            columns=["participant", "group"],
        ),
    }
    book = survey.load_codebook(things["codebook_path"])
    first, other = book.code_ids[:2]
    coded = {"segment": ["1", "2"], "participant": ["B1", "D1"], "code": [first] * 2}
    things["segments_frame"] = pd.DataFrame(coded)
    claim = {"claim": ["C1"], "rule": ["most"], "code": [first], "statement": ["Most say it."]}
    things["claims"] = pd.DataFrame(claim)
    things["people_path"] = write(folder / "people.csv", things["people"].to_csv(index=False))
    things["claims_path"] = write(folder / "claims.csv", things["claims"].to_csv(index=False))
    things |= {
        "instrument": survey.load_instrument(things["instrument_path"]),
        "newer": survey.load_instrument(things["newer_path"]),
        "guide": survey.load_guide(things["guide_path"]),
        "codebook": book,
        "segments": survey.read_segments(things["segments_path"]),
        "findings": survey.read_findings(things["findings_path"]),
    }
    things["responses_path"] = survey.write_responses(
        survey.from_frame(things["frame"], things["instrument"]), folder / "responses.xlsx"
    )
    things["responses"] = survey.read_responses(things["responses_path"])
    things["tally"] = survey.tally(things["responses"])
    things["tally_path"] = survey.write_tally(things["tally"], folder / "responses.tally")
    made = survey.reconstruct(things["findings"])
    things["made_path"] = survey.write_responses(made, folder / "made.xlsx")
    things["made"] = survey.read_responses(things["made_path"])
    things["audit"] = survey.audit(things["findings"])
    things["ensemble"] = survey.reconstructions(things["findings"], draws=2, sweeps=1)
    things["table"] = survey.frequencies(things["responses"], "firm_type")
    things["report"] = survey.audit_report(things["audit"])
    things["project"] = survey.export_project(things["segments"], folder / "study.qdpx")
    things["codes"] = survey.export_codes(book, folder / "codes.qdc")
    coded = {"segment": ["1", "1"], "participant": ["B1", "B1"], "code": [first, other], "coder": ["a", "b"]}
    two = survey.segments_from_frame(pd.DataFrame(coded), book)
    things["two_coders_path"] = survey.write_segments(two, folder / "two.xlsx")
    things["two_coders"] = survey.read_segments(things["two_coders_path"])
    things["decisions"] = pd.DataFrame({"passage": "1", "code": [first, other], "decision": ["yes", "no"]})
    trip = write(folder / "trip.yaml", TRIP)
    things["canteen"] = four_kinds()
    things["numbers"] = survey.from_frame(
        pd.DataFrame({"spent": [1, 2, 4], "party": ["alone", "group", "group"]}), trip
    )
    from survey.ingest.mapping import read_mapping
    from survey.interviews.joint_display import load_joint_display

    things["mapping"] = read_mapping(things["mapping_path"])
    things["joint"] = load_joint_display(things["joint_path"])
    things["case_facts"] = survey.load_case_facts(things["case_facts_path"])
    things["propositions"] = survey.load_propositions(things["propositions_path"])
    return things


def called(name, given, target, /, **changes):
    """Call a function as `CALLS` says, some arguments changed; what it writes goes to `target`."""
    arguments = {}
    for word, value in (CALLS[name] | changes).items():
        if isinstance(value, Given):
            value = given[value.name]
        elif word == "waves":
            value = [given[one.name] if isinstance(one, Given) else one for one in value]
        elif word in ("path", "folder") and isinstance(value, str) and value.startswith("out"):
            value = target / value
        arguments[word] = value
    several = arguments.pop("quantities", ())
    first = [arguments.pop("findings")] if several else []
    return FUNCTIONS[name](*first, *several, **arguments)


def parameters(name):
    """The parameters of a function, in order."""
    return list(inspect.signature(FUNCTIONS[name]).parameters.values())


EVERY = [(name, parameter.name) for name in FUNCTIONS for parameter in parameters(name)]


# -- words and defaults ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_word_is_known_and_has_one_default(name):
    for parameter in parameters(name):
        assert parameter.name in {**WORDS, **OWN_DEFAULTS}, f"{parameter.name}: no line in WORDS"
        if parameter.default is REQUIRED or parameter.name == "draws":
            continue
        expected = PAIRED.get(name, "wilson") if parameter.name == "interval" else WORDS[parameter.name]
        expected = "theme" if parameter.name == "level" and name in THEMES else expected
        assert (parameter.default, type(parameter.default)) == (expected, type(expected)), parameter.name


def test_no_word_is_left_over():
    assert {word for _, word in EVERY} == {*WORDS, *OWN_DEFAULTS}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_thing_itself_comes_first_and_the_rest_has_names(name):
    first, *others = parameters(name) or [None]
    if first is None:
        return
    assert first.kind is POSITIONAL
    positional = [one.name for one in others if one.kind is not inspect.Parameter.KEYWORD_ONLY]
    assert set(positional) <= NATURAL
    assert len(positional) <= (2 if name == "association" or first.name == "earlier" else 1)
    if "lang" in (names := [one.name for one in others]):
        assert names[-1] == "lang"
    for word in ("data", "segments"):
        assert word not in names, f"{word} comes first"


def test_data_are_what_is_computed_from():
    """Statistics and reports take `data`; `responses` is the word where the respondents are handed on."""
    statistics = {
        name
        for name, value in FUNCTIONS.items()
        if value.__module__.startswith(("survey.statistics", "survey.models"))
        and name not in ROWS_NEEDED | WAVES
    }
    assert len(statistics) > 12
    takes = {name for name in FUNCTIONS if parameters(name) and parameters(name)[0].name == "data"}
    assert takes == statistics | {"analyze", "planned_reports", "reproduce"}


def test_groups_have_one_name_by_what_they_are_for():
    for name in FUNCTIONS:
        words = {parameter.name for parameter in parameters(name)}
        assert not {"banner", "by"} <= words
        if "by" in words:
            module = FUNCTIONS[name].__module__
            own = module.startswith(("survey.interviews.", "survey.report.interviews", "survey.models."))
            tests_of_groups = ("survey.statistics.ratings", "survey.statistics.number_comparisons")
            assert own or module in tests_of_groups, "tests, models and interviews only"


# -- docstrings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_docstring_tells_every_argument_what_is_refused_and_an_example(name):
    text = inspect.getdoc(FUNCTIONS[name]) or ""
    section = text.partition("Parameters\n----------\n")[2]
    heads = [line for line in section.splitlines() if line and not line.startswith(" ")]
    told = {word.strip() for line in heads for word in line.split(",")}
    missing = [parameter.name for parameter in parameters(name) if parameter.name not in told]
    assert not missing
    assert "Raises\n------" in text or name == "list_instruments"
    assert ">>> " in text


# -- what is taken --------------------------------------------------------------------------------------


def test_every_function_is_called_here():
    assert set(CALLS) == set(FUNCTIONS)


def same(one, other):
    """Whether two results say the same."""
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other)
    elif isinstance(one, survey.Responses | survey.Segments):
        pd.testing.assert_frame_equal(one.data, other.data)
    elif isinstance(one, tuple):
        for a, b in zip(one, other, strict=True):
            same(a, b)
    elif isinstance(one, Path):
        assert one.exists()
        assert other.exists()
    elif isinstance(one, survey.Report):
        assert [sheet.name for sheet in one.sheets] == [sheet.name for sheet in other.sheets]
        assert [sheet.lines for sheet in one.sheets] == [sheet.lines for sheet in other.sheets]
    else:
        assert type(one) is type(other)


WITH_PATHS = {
    *("responses", "findings", "segments", "instrument", "newer", "codebook", "guide", "joint", "claims"),
    *("mapping", "people", "names", "made", "two_coders", "tally", "case_facts", "propositions"),
}
TAKE_PATHS = [
    (name, word)
    for name, arguments in CALLS.items()
    for word, value in arguments.items()
    if isinstance(value, Given) and value.name in WITH_PATHS
]


@pytest.mark.parametrize(("name", "word"), TAKE_PATHS)
def test_a_path_is_as_good_as_what_it_holds(name, word, given, tmp_path):
    path = given[f"{CALLS[name][word].name}_path"]
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    same(
        called(name, given, tmp_path / "one", **{word: str(path)}),
        called(name, given, tmp_path / "two"),
    )


# Arguments that hold a thing or a path, and functions where they are checked later (a report of no use).
KINDS = {
    *("data", "responses", "findings", "segments", "instrument", "codebook", "guide", "joint", "claims"),
    *("mapping", "participants", "names", "to", "old", "new", "reference", "frame", "table", "report"),
    *("audit", "ensemble", "quality", "path", "folder", "source", "tally", "facts", "propositions"),
}
FRAMES = {"frame", "table", "claims", "participants", "source"}
WRONG = [[], None, pd.DataFrame({"a": [1]}), 7, b"r.xlsx"]


@pytest.mark.parametrize(("name", "word"), [(name, word) for name, word in EVERY if word in KINDS])
def test_anything_else_is_refused_in_one_sentence(name, word, given, tmp_path):
    default = next(one.default for one in parameters(name) if one.name == word)
    for wrong in WRONG:
        if (wrong is None and default is None) or (word in FRAMES and isinstance(wrong, pd.DataFrame)):
            continue
        if word == "names" and isinstance(wrong, list):
            continue
        with pytest.raises(survey.UsageError) as refused:
            called(name, given, tmp_path, **{word: wrong})
        assert len(refused.value.problems) == 1
        kind = "None" if wrong is None else type(wrong).__name__
        several = name in ("read_responses", "write_report")  # take lists of paths
        told_otherwise = name == "suppress" or (several and isinstance(wrong, list))
        assert told_otherwise or kind in str(refused.value), str(refused.value)
        assert refused.value.text("zh") != refused.value.text("en")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", [name for name, word in EVERY if word == "lang"])
def test_an_unknown_language_is_refused(name, given, tmp_path):
    for lang in ("xx", "EN", "", None, ["en"]):
        with pytest.raises(survey.UsageError, match="There is no language") as refused:
            called(name, given, tmp_path, lang=lang)
        assert "There are: en, zh." in str(refused.value)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_instrument_speaks_its_own_languages(tmp_path):
    german = TRIP.replace("en]", "de]").replace("en:", "de:")
    trip = survey.load_instrument(write(tmp_path / "trip.yaml", german))
    told = survey.from_frame(pd.DataFrame({"spent": [1, 2]}), trip)
    assert survey.number_summary(told, "spent", lang="de")["base"].tolist() == [2]
    with pytest.raises(survey.UsageError, match="There are: en, zh, de"):
        survey.number_summary(told, "spent", lang="fr")


@pytest.mark.parametrize("name", [name for name, word in EVERY if word == "language"])
def test_the_language_of_a_file_is_a_code(name, given, tmp_path):
    for language in ("English", "", None):
        with pytest.raises(survey.UsageError, match="no code of a language"):
            called(name, given, tmp_path, language=language)


@pytest.mark.parametrize("name", [name for name, word in EVERY if word == "seed"])
def test_a_seed_is_a_whole_number(name, given, tmp_path):
    for seed in (-1, 1.5, "one", True, None):
        with pytest.raises(survey.UsageError, match="seed"):
            called(name, given, tmp_path, seed=seed)


@pytest.mark.parametrize("name", [name for name, word in EVERY if word == "min_base"])
def test_few_are_not_tested_unless_asked(name, given):
    """The same minimum base everywhere: three respondents are below it."""
    if name in ("analyze", "waves_report"):
        return
    few = survey.from_frame(given["frame"].iloc[:3], given["instrument"])
    if name in WAVES:
        two = {"waves": [few, few]} if name == "wave_series" else {"earlier": few, "later": few}
        apart = FUNCTIONS[name](**(CALLS[name] | two))
        assert apart["reason"].str.contains("small_base").any()
        assert apart["p_value"].isna().all()
        return
    arguments = CALLS[name] | ({} if name == "compare_numbers" else {"data": few})
    usual = (
        called(name, given, None, **arguments) if name == "compare_numbers" else FUNCTIONS[name](**arguments)
    )
    assert usual["reason"].str.contains("small_base").any()
    if name not in ("crosstab", "correlations"):
        assert usual["statistic"].isna().all()
