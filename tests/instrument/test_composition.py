"""Modules of a survey: composed into the next version, each fault told with its place."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from openpyxl import load_workbook

import survey
from survey.errors import InstrumentError, UsageError
from survey.ingest.headers import Headers
from survey.instrument.composition import compose_instrument
from survey.instrument.loading import list_instruments, load_schema, parse_schema
from survey.instrument.locking import check_schemas, lock_schemas
from survey.instrument.survey_modules import SurveyModule
from tests.cli.helpers import run
from tests.paths import EXAMPLES, ROOT

PACKAGED = ROOT / "instruments" / "executive-survey"
# The order in which 1.2.0 asks them: those whose questions decide who is asked others come first.
ORDER = (
    *("objectives", "deals", "negotiation", "buyers", "partners"),
    *("clinical", "supply", "providers", "markets"),
)

# A survey of another shape: one language, no group, no defaults, a scale, a grid.
BASE = """\
kind: survey
id: lunch
version: "2.0.0"
languages: [de]
title: {de: "Mittagessen"}
sources: ["Küche"]
scales:
  gut:
    top: 1
    points:
      - {value: 1, label: {de: "Schlecht"}}
      - {value: 2, label: {de: "Gut"}}
questions:
  - id: often
    kind: number
    short: {de: "Wie oft"}
    text: {de: "Wie oft essen Sie hier?"}
  - id: dishes
    kind: rating
    short: {de: "Gerichte"}
    text: {de: "Wie sind die Gerichte?"}
    scale: gut
    items:
      - {id: soup, label: {de: "Suppe"}}
      - {id: bread, label: {de: "Brot"}}
  - id: days
    kind: grid
    short: {de: "Tage"}
    text: {de: "Wann kommen Sie?"}
    rows:
      - {id: monday, label: {de: "Montag"}}
      - {id: friday, label: {de: "Freitag"}}
    options:
      - {id: noon, label: {de: "Mittags"}}
      - {id: later, label: {de: "Später"}}
retired: [snack]
"""
DRINKS = """\
kind: survey-module
id: drinks
version: "1.0.0"
languages: [de]
title: {de: "Getränke"}
sources: ["Küche", "Theke"]
assumption: {de: "Von uns."}
for: lunch@2.0.0
after: dishes
questions:
  - id: drink
    kind: single
    short: {de: "Getränk"}
    text: {de: "Was trinken Sie?"}
    options:
      - {id: tea, label: {de: "Tee"}}
      - {id: none, label: {de: "Nichts"}}
  - id: drink_good
    kind: rating
    short: {de: "Güte"}
    text: {de: "Wie ist es?"}
    scale: gut
    asked_if: {question: drink, none: [none]}
    assumption: {de: "Von anderen."}
    items:
      - {id: taste, label: {de: "Geschmack"}}
"""
PLACE = """\
kind: survey-module
id: place
version: "1.0.0"
languages: [de]
title: {de: "Ort"}
for: lunch@2.0.0
needs: [drinks]
scales:
  laut:
    top: 1
    points:
      - {value: 1, label: {de: "Leise"}}
      - {value: 2, label: {de: "Laut"}}
questions:
  - id: noise
    kind: rating
    short: {de: "Lärm"}
    text: {de: "Wie laut ist es?"}
    scale: laut
    asked_if: {question: drink, any: [tea]}
    items:
      - {id: room, label: {de: "Raum"}}
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with the base and two modules of it."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "2.0.0.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "modules" / "drinks.yaml").write_text(DRINKS, encoding="utf-8")
    (tmp_path / "modules" / "place.yaml").write_text(PLACE, encoding="utf-8")
    return tmp_path


def module(shelf: Path, name: str, *changes: tuple[str, str]) -> Path:
    """A module of the shelf, changed."""
    path = shelf / "modules" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return path


def composed(shelf: Path, *names: str, version: str = "2.1.0") -> survey.Composition:
    """The base with modules of the shelf."""
    paths = [shelf / "modules" / f"{name}.yaml" for name in names]
    return compose_instrument(shelf / "2.0.0.yaml", paths, version=version)


# -- what is made ----------------------------------------------------------------------------------------


def test_modules_stand_where_they_say(shelf: Path) -> None:
    made = composed(shelf, "place", "drinks")
    order = [question.id for question in made.instrument.listed]
    assert order == ["often", "dishes", "drink", "drink_good", "days", "noise"]
    assert made.instrument.reference == "lunch@2.1.0"
    assert made.instrument.sources == ("Küche", "Theke")
    assert list(made.instrument.scales) == ["gut", "laut"]
    assumed = [question.assumption for question in made.instrument.listed[2:4]]
    assert assumed == [{"de": "Von uns."}, {"de": "Von anderen."}]
    assert made.instrument.listed[-1].assumption is None


def test_what_each_module_costs(shelf: Path) -> None:
    made = composed(shelf, "drinks", "place")
    assert made.diff.bump == "minor"
    assert made.diff.breaks_trend == ()
    assert made.costs.to_dict("list") == {
        "module": ["drinks@1.0.0", "place@1.0.0"],
        "questions": [2, 1],
        "columns": [2, 1],
        "after": ["dishes", "days"],
        "behind": [("days",), ()],
        "breaks_trend": [(), ()],
    }


def test_the_file_says_what_was_composed(shelf: Path) -> None:
    made = composed(shelf, "drinks", "place")
    again = parse_schema(made.yaml, "made.yaml")
    assert again.content_hash == made.instrument.content_hash
    lines = made.yaml.splitlines()
    assert "lunch@2.0.0 and the modules drinks@1.0.0, place@1.0.0" in " ".join(lines[:3]).replace(" # ", " ")
    assert lines[lines.index("  # drinks@1.0.0: Getränke") + 1] == "  - id: drink"
    assert all(len(line) <= 110 for line in lines)


def test_two_modules_at_one_place_come_in_the_order_named(shelf: Path) -> None:
    module(
        shelf,
        "place",
        ("needs: [drinks]\n", "after: dishes\n"),
        ("    asked_if: {question: drink, any: [tea]}\n", ""),
    )
    for names, first in ((("place", "drinks"), "noise"), (("drinks", "place"), "drink")):
        assert composed(shelf, *names).instrument.listed[2].id == first


def test_a_scale_may_stand_in_two_modules_alike(shelf: Path) -> None:
    points = "".join(
        f"      - {{value: {place}, label: {{de: {word}}}}}\n"
        for place, word in enumerate(("Leise", "Laut"), 1)
    )
    scale = f"scales:\n  laut:\n    top: 1\n    points:\n{points}"
    module(shelf, "drinks", ("questions:\n", f"{scale}questions:\n"))
    assert list(composed(shelf, "drinks", "place").instrument.scales) == ["gut", "laut"]
    module(shelf, "drinks", ("label: {de: Laut}", "label: {de: Dröhnend}"))
    with pytest.raises(
        InstrumentError, match=r"scale 'laut' of the module place@1\.0\.0 is another one in drinks@1\.0\.0"
    ):
        composed(shelf, "drinks", "place")


def test_a_module_first_of_all_and_a_base_given_as_it_is(shelf: Path) -> None:
    base = survey.load_instrument(shelf / "2.0.0.yaml")
    drinks = load_schema(shelf / "modules" / "drinks.yaml")
    assert isinstance(drinks, SurveyModule)
    made = compose_instrument(base, [drinks], version="3.0.0")
    assert made.instrument.version == "3.0.0"
    with pytest.raises(InstrumentError, match=r"drinks@1\.0\.0, after: .*which lunch@2\.0\.0 does not ask"):
        compose_instrument(base, [drinks.model_copy(update={"after": "dish"})], version="2.1.0")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shape_of_survey_is_written_as_it_is(path: Path) -> None:
    from survey.instrument.schema_text import schema_text

    schema = load_schema(path)
    again = parse_schema(schema_text(schema, "Written for a test.", {}), "again.yaml")
    assert again.content_hash == schema.content_hash
    assert again.model_dump() == schema.model_dump()


# -- what is refused -------------------------------------------------------------------------------------

REFUSED = [
    (
        "place",
        [("lunch@2.0.0", "lunch@1.0.0")],
        "for: lunch@1.0.0",
        "is for lunch@1.0.0, not for lunch@2.0.0",
    ),
    ("drinks", [("lunch@2.0.0", "dinner@2.0.0")], "for: dinner@2.0.0", "is for dinner@2.0.0, not for lunch"),
    ("drinks", [("after: dishes", "after: dish")], "after: dish", "does not ask. Did you mean: dishes?"),
    ("drinks", [("after: dishes", "after: zzz")], "after: zzz", "Did you mean: often, dishes, days?"),
    (
        "drinks",
        [("  - id: drink\n", "  - id: often\n")],
        "  - id: often",
        "'often' of the module drinks@1.0.0 is in lunch@2.0.0 already",
    ),
    ("place", [("id: noise", "id: drink")], "  - id: drink", "is in drinks@1.0.0 already"),
    ("drinks", [("id: drink_good", "id: snack")], "  - id: snack", "'snack' is retired"),
    ("drinks", [("scale: gut", "scale: gud")], "    scale: gud", "gud"),
    ("drinks", [("Güte", "Gerichte")], 'short: {de: "Gerichte"}', "gerichte"),
    ("place", [("any: [tea]", "any: [wine]")], "    asked_if: {question: drink, any: [wine]}", "names wine"),
    (
        "place",
        [("question: drink,", "question: zzz,")],
        "    asked_if: {question: zzz",
        "no earlier question",
    ),
    (
        "place",
        [("  laut:", "  gut:"), ("scale: laut", "scale: gut")],
        "  gut:",
        "is another one in lunch@2.0.0",
    ),
    (
        "drinks",
        [("question: drink, none: [none]", "question: noise, any: [2]"), ("after: dishes\n", "")],
        "    asked_if: {question: noise",
        "'noise' of place@1.0.0, and place@1.0.0 by an answer to drinks@1.0.0",
    ),
]


@pytest.mark.parametrize(("name", "changes", "line", "told"), REFUSED)
def test_what_does_not_fit_is_told_with_its_line(
    shelf: Path, name: str, changes: list[tuple[str, str]], line: str, told: str
) -> None:
    path = module(shelf, name, *changes)
    with pytest.raises(InstrumentError) as caught:
        composed(shelf, "drinks", "place")
    problem = next(one for one in caught.value.problems if told in one.text())
    assert problem.place.file == str(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[(problem.place.line or 0) - 1].strip().startswith(line.strip()[:20])
    assert all(one.text("zh") != one.text() for one in caught.value.problems)


def test_routes_lead_back_only(shelf: Path) -> None:
    module(shelf, "place", ("needs: [drinks]\n", "needs: [drinks]\nafter: often\n"))
    with pytest.raises(
        InstrumentError, match=r"'drink' of drinks@1\.0\.0, which comes later\. Name drinks@1\.0\.0"
    ):
        composed(shelf, "drinks", "place")
    module(
        shelf,
        "drinks",
        ("question: drink, none: [none]", "question: drunk, any: [tea]"),
        ("id: drink_good", "id: drunk"),
    )
    with pytest.raises(InstrumentError, match="'drunk', which stands later in the module"):
        composed(shelf, "drinks")


def test_what_is_needed_is_named(shelf: Path) -> None:
    with pytest.raises(
        InstrumentError,
        match=r"place\.yaml, line 7: The module place@1\.0\.0 needs the module 'drinks'\. Name",
    ):
        composed(shelf, "place")


def test_all_faults_of_all_files_come_together(shelf: Path) -> None:
    module(shelf, "drinks", ('version: "1.0.0"', "version: 1.0"))
    module(shelf, "place", ("scale: laut", "scala: laut"))
    with pytest.raises(InstrumentError) as caught:
        composed(shelf, "drinks", "place")
    assert {Path(problem.place.file).stem for problem in caught.value.problems} == {"drinks", "place"}


@pytest.mark.parametrize(
    ("modules", "version", "told"),
    [
        (["drinks", "drinks"], "2.1.0", "'drinks' is named twice"),
        ([], "2.1.0", "No module is named"),
        (["drinks"], "2.0.0", "does not come after lunch@2.0.0"),
        (["drinks"], "1.9.9", "does not come after lunch@2.0.0"),
        (["drinks"], "2.0.1", "says 'patch', what is composed is 'minor'"),
        (["drinks"], "2.1", "'2.1' is no version"),
        (["drinks"], "v2.1.0", "is no version"),
        (["drinks"], "2.01.0", "is no version"),
        (["drinks"], None, "is no version"),
    ],
)
def test_what_is_asked_for_wrongly(shelf: Path, modules: list[str], version: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        composed(shelf, *modules, version=version)


@pytest.mark.parametrize(
    ("modules", "told"),
    [
        ("drinks", "takes a list of modules, by their ids or paths, not str"),
        (None, "not None"),
        ([3], "is needed here, not int"),
        (["zzz"], "There is no instrument 'zzz'"),
        (["executive-survey"], "executive-survey is of kind survey, not a module"),
        ([EXAMPLES / "shop.yaml"], "of kind survey, not a module"),
        (["nowhere.yaml"], "There is no file 'nowhere.yaml'"),
    ],
)
def test_what_is_no_module(shelf: Path, modules: object, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        compose_instrument(shelf / "2.0.0.yaml", modules, version="2.1.0")  # type: ignore[arg-type]


def test_of_a_module_for_another_version_nothing_else_is_said() -> None:
    with pytest.raises(InstrumentError) as caught:
        compose_instrument("executive-survey@1.2.0", ["objectives"], version="1.3.0")
    assert [problem.key for problem in caught.value.problems] == ["module_other_base"]


def test_a_module_is_no_survey(shelf: Path) -> None:
    with pytest.raises(UsageError, match="is of kind survey-module, not a survey"):
        survey.load_instrument(shelf / "modules" / "drinks.yaml")
    with pytest.raises(UsageError, match="is of kind survey-module, not a survey"):
        compose_instrument("markets", ["deals"], version="2.0.0")


# -- module files by themselves --------------------------------------------------------------------------

FAULTS = [
    ("drinks", ("kind: single\n", "kind: single\n    required: true\n"), "requires an answer to 'drink'"),
    ("drinks", ("id: drink_good", "id: drink"), "The id 'drink' is used twice"),
    ("drinks", ("languages: [de]", "languages: [de, en]"), "The wording in 'en' is missing"),
    ("drinks", ("for: lunch@2.0.0", "for: lunch"), "for is 'lunch'"),
    ("drinks", ("for: lunch@2.0.0\n", ""), "'for' is missing"),
    ("drinks", ("questions:\n", "question:\n"), "question"),
    ("drinks", ("    kind: single", "    kind: singel"), "singel"),
    ("drinks", ("after: dishes", "after: [dishes]"), "after"),
    ("drinks", ("title: {de", "title {de"), "not readable YAML"),
    ("place", ("needs: [drinks]", "needs: [place]"), "or is the module itself"),
    ("place", ("needs: [drinks]", "needs: [drinks, drinks]"), "under `needs` twice"),
    ("place", ("needs: [drinks]", "needs: [wines]"), "needs 'wines', and there is no such module"),
    ("place", ("for: lunch@2.0.0", "for: lunch@7.0.0"), "lunch@7.0.0, of which no valid file"),
    ("place", ("any: [tea]", "any: [wine]"), "names wine"),
    ("place", ("needs: [drinks]\n", ""), "which is no earlier question"),
    ("drinks", ("after: dishes", "after: dish"), "does not ask. Did you mean: dishes?"),
    (
        "drinks",
        (
            'languages: [de]\ntitle: {de: "Getränke"}',
            'languages: [de]\ndescription: {en: "x"}\ntitle: {de: "G"}',
        ),
        "not among the declared languages",
    ),
]


@pytest.mark.parametrize(("name", "change", "told"), FAULTS)
def test_validate_finds_what_a_module_has_wrong(
    shelf: Path, name: str, change: tuple[str, str], told: str
) -> None:
    path = module(shelf, name, change)
    with pytest.raises(InstrumentError) as caught:
        check_schemas((path,))
    problem = next(one for one in caught.value.problems if told in one.text())
    assert problem.place.line


def test_languages_are_those_of_the_survey(shelf: Path) -> None:
    text = (
        (shelf / "modules" / "drinks.yaml")
        .read_text(encoding="utf-8")
        .replace("de:", "fr:")
        .replace("[de]", "[fr]")
    )
    (shelf / "modules" / "drinks.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(
        InstrumentError, match=r"line 4: The module drinks@1\.0\.0 is in fr, and lunch@2\.0\.0 is in de"
    ):
        check_schemas((shelf / "modules" / "drinks.yaml",))


def test_modules_that_need_each_other(shelf: Path) -> None:
    module(shelf, "drinks", ("after: dishes", "after: dishes\nneeds: [place]"))
    with pytest.raises(InstrumentError, match=r"These modules need each other: .*Take one out"):
        check_schemas((shelf / "modules" / "place.yaml",))


def test_a_folder_with_modules_is_valid_locked_and_guarded(shelf: Path) -> None:
    assert {schema.reference for _, schema in check_schemas((shelf,))} == {
        "lunch@2.0.0",
        "drinks@1.0.0",
        "place@1.0.0",
    }
    assert len(lock_schemas((shelf,))) == 3
    locks = yaml.safe_load((shelf / "modules" / "lock.yaml").read_text(encoding="utf-8"))
    assert list(locks) == ["drinks@1.0.0", "place@1.0.0"]
    assert lock_schemas((shelf,), check=True) == []
    module(shelf, "drinks", ("Was trinken Sie?", "Was trinken Sie gern?"))
    with pytest.raises(InstrumentError, match=r"drinks@1\.0\.0 was released and then reworded"):
        check_schemas((shelf,))
    module(shelf, "drinks", ("Was trinken Sie gern?", "Was trinken Sie?"))
    newer = DRINKS.replace('"1.0.0"', '"1.0.1"').replace("id: tea", "id: green_tea")
    (shelf / "modules" / "drinks-2.yaml").write_text(newer, encoding="utf-8")
    with pytest.raises(InstrumentError, match="says 'patch', what changed is 'major'"):
        check_schemas((shelf,))


def test_versions_of_a_module_are_compared(shelf: Path) -> None:
    newer = shelf / "newer.yaml"
    text = PLACE.replace('"1.0.0"', '"1.1.0"').replace("value: 2, ", "value: 3, ")
    newer.write_text(text, encoding="utf-8")
    diff = survey.diff_instruments(shelf / "modules" / "place.yaml", newer)
    assert (diff.bump, diff.breaks_trend) == ("major", ("noise",))


# -- the command -----------------------------------------------------------------------------------------


def test_the_command_writes_and_tells_the_cost(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shelf)
    words = ["instrument", "compose", "2.0.0.yaml", "modules/drinks.yaml", "--version", "2.1.0"]
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert "drinks@1.0.0: 2 questions, 2 columns in the data, after 'dishes'. It breaks no trend." in out
    assert "Asked later than it are: days; what is asked before may sway their answers." in out
    assert not (shelf / "2.1.0.yaml").exists()
    code, out, _ = run(*words, "-o", "2.1.0.yaml", "--lang", "zh")
    assert code == 0
    assert "不影响任何一题的历年比较。以下各题排在其后：days" in out
    assert [schema.reference for _, schema in check_schemas((shelf / "2.1.0.yaml",))] == ["lunch@2.1.0"]
    code, _, err = run(*words, "-o", "2.1.0.yaml")
    assert (code, "'2.1.0.yaml' is there already" in err) == (2, True)
    assert run(*words, "-o", "x.txt")[0] == 2
    assert run(*words[:-2], "-o", "y.yaml")[0] == 2
    assert run("instrument", "compose", "2.0.0.yaml", "--version", "2.1.0")[0] == 2
    assert {path.name for path in shelf.iterdir()} == {"2.0.0.yaml", "2.1.0.yaml", "modules"}


def test_a_composed_survey_goes_the_whole_way(shelf: Path) -> None:
    made = composed(shelf, "drinks", "place")
    collected = survey.export_collection(made.instrument, shelf / "collect.xlsx")
    assert collected.is_file()
    old = survey.from_frame(pd.DataFrame({"often": [1, 2, 3]}), shelf / "2.0.0.yaml")
    new = survey.carry_over(old, made.instrument)
    assert new.instrument.reference == "lunch@2.1.0"
    assert new.missing["drink"].tolist() == ["not_asked"] * 3


# -- the modules of the executive survey -----------------------------------------------------------------


def test_version_1_2_0_is_what_the_modules_make() -> None:
    made = compose_instrument("executive-survey@1.1.0", ORDER, version="1.2.0")
    assert (PACKAGED / "1.2.0.yaml").read_bytes() == made.yaml.encode()
    assert {known.id for known in list_instruments("survey-module")} == set(ORDER)
    assert made.costs["behind"].tolist() == [()] * len(ORDER)
    assert made.diff.breaks_trend == ()


@pytest.mark.parametrize("name", ORDER)
def test_each_module_goes_alone_or_with_what_it_needs(name: str) -> None:
    needs = load_schema(name).needs  # type: ignore[attr-defined]
    made = compose_instrument("executive-survey@1.1.0", [*needs, name], version="1.2.0")
    assert made.diff.honest


def test_every_question_of_a_module_says_that_it_is_ours() -> None:
    new = survey.load_instrument("executive-survey@1.2.0")
    old = {question.id for question in survey.load_instrument("executive-survey@1.1.0").questions}
    added = [question for question in new.questions if question.id not in old]
    assert added
    for question in added:
        assert question.assumption is not None
        assert "ours" in question.assumption["en"]
        assert "本项目" in question.assumption["zh"]
        assert not question.required


@pytest.mark.parametrize(("name", "lang"), [("modules.md", "en"), ("zh/modules.md", "zh")])
def test_the_page_shows_the_difference_and_every_key(name: str, lang: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    from survey.instrument.diff_text import format_costs, format_diff

    made = compose_instrument("executive-survey@1.1.0", ORDER, version="1.2.0")
    assert format_diff(made.diff, "markdown", lang=lang).split("\n\n", 1)[1].splitlines()[2] in page
    for line in format_diff(made.diff, "markdown", lang=lang).splitlines():
        if line.startswith("| minor"):
            assert line in page
    for line in format_costs(made.costs, lang=lang):
        assert line in page
    keys = {field.alias or name for name, field in SurveyModule.model_fields.items()}
    assert all(f"`{key}`" in page for key in keys)


def test_reading_the_packaged_data_takes_the_version_it_took(tmp_path: Path) -> None:
    from tests.paths import SAMPLE

    assert survey.read_responses(SAMPLE).instrument.version == "1.0.0"
    frame = pd.DataFrame({"firm_type": ["biotech"], "expansion_stage": ["exploring"]})
    plain = tmp_path / "plain.csv"
    frame.to_csv(plain, index=False)
    assert survey.read_responses(plain).instrument.version == "1.1.0"
    frame.assign(deal_side="seller").to_csv(plain, index=False)
    assert survey.read_responses(plain).instrument.version == "1.2.0"


def test_some_of_the_modules_are_read_as_all_of_them(tmp_path: Path) -> None:
    mine = compose_instrument("executive-survey@1.1.0", ["providers"], version="1.2.0").instrument
    frame = pd.DataFrame({"firm_type": ["biotech"] * 3, "cdmo_criteria__price": [1, 2, 1]})
    frame["cdmo_criteria__end_to_end"] = [2, 1, pd.NA]
    path = survey.write_responses(survey.from_frame(frame, mine), tmp_path / "answers.xlsx")
    responses = survey.read_responses(path)
    assert responses.instrument.content_hash != mine.content_hash
    assert responses.instrument.reference == "executive-survey@1.2.0"
    assert responses.data["cdmo_criteria__price"].tolist() == [1, 2, 1]
    assert responses.missing["deal_side"].tolist() == ["not_asked"] * 3
    assert survey.rankings(responses, "cdmo_criteria")["base"].tolist()[0] == 3


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_made_up_answers_come_to_a_report(lang: str) -> None:
    instrument = survey.load_instrument("executive-survey@1.2.0")
    grid = [row.id for row in instrument.questions if row.id.startswith("clinical_raci_seller__")]
    frame = pd.DataFrame({"firm_type": ["biotech", "big_pharma"] * 8, "deal_side": "seller"})
    frame["deal_model"] = ["licensing", "co_development"] * 8
    frame["expansion_objectives__upfront_cash"] = [1, 2] * 8
    frame["expansion_objectives__global_brand"] = [2, 1] * 8
    for row in grid:
        frame[row] = ["accountable", "consulted", "responsible", "none"] * 4
    report = survey.analyze(survey.from_frame(frame, instrument), banner="firm_type", lang=lang)
    shown = {
        str(value)
        for sheet in report.sheets
        for table in sheet.tables
        for value in table.data.to_numpy().flat
    }
    assert instrument.question("expansion_objectives").part("upfront_cash").said(lang) in shown
    assert instrument.question(grid[0]).part("accountable").said(lang) in shown


def test_every_heading_of_the_template_means_its_own_column(tmp_path: Path) -> None:
    instrument = survey.load_instrument("executive-survey@1.2.0")
    known = Headers(instrument)
    book = load_workbook(survey.export_collection(instrument, tmp_path / "c.xlsx"))
    shown = [sheet for sheet in book if sheet.sheet_state == "visible"]
    assert len(shown) == 2
    for sheet in shown:
        means = [known.find(cell.value) for cell in sheet[1]][1:]
        assert sorted(name for names in means for name in names) == sorted(instrument.asked_columns)
