"""What identifies the numbers of a report: keys of tables and sentences, and that marks go by them alone."""

from dataclasses import replace

import pandas as pd
import pytest

import survey
from survey.document import Column, Key, Report, Sentence, Sheet, Table
from survey.ingest.provenance import BOUNDED, FIXED, OPEN, Mark, ResultKey
from survey.instrument import load_instrument
from survey.report.context import ReportContext
from survey.report.mark_words import FORMS
from survey.report.marks import KINDS, Marks, with_marks
from survey.report.survey import SHEETS
from survey.report.survey.context import SurveyContext
from survey.report.survey.marked_results import FRAMES
from survey.report.survey.stored_marks import marks_of
from survey.tables import CONTRACTS, IDS
from tests.helpers import keys_of
from tests.paths import EXAMPLES, SAMPLE
from tests.report.test_analysis import filled

SHARE, NEEDS = "share_of_mentions", "support_needs"


@pytest.fixture(scope="module")
def sample():
    return survey.read_responses(SAMPLE)


def context_of(responses):
    banner = responses.instrument.defaults.banner
    return SurveyContext(
        responses=responses, banner=responses.instrument.question(banner) if banner else None
    )


def sheets_of(context):
    """The sheets as their builders give them, before anything is said of the margins."""
    return [sheet for build in SHEETS for sheet in build(context)]


def keyed(sheets):
    """Every key of the tables with whether its cell holds a number."""
    for sheet in sheets:
        for table in sheet.tables:
            for column in table.columns:
                blanks = table.data[column.key].isna()
                for key, blank in zip(table.keys(column), blanks, strict=True):
                    if key is not None:
                        yield key, not blank


# -- keys ------------------------------------------------------------------------------------------------


def fruit(**columns):
    return pd.DataFrame({"question": ["fruit", "fruit"], "code": ["fig", "kiwi"], "n": [3, 4]} | columns)


def test_a_column_knows_the_keys_of_its_numbers():
    table = Table("fruit", "", "", fruit(), (), "mention")
    assert table.keys(Column("n", "Count", "count")) == [
        Key("mention", ("fruit", "fig"), "n"),
        Key("mention", ("fruit", "kiwi"), "n"),
    ]
    also = Column("also_fig", "", "count", result="overlap", ids={"other_code": "fig"}, measures=("n",))
    assert table.keys(also)[1] == Key("overlap", ("fruit", "kiwi", "fig"), "n")
    assert table.keys(Column("label", "Fruit")) == [None, None]  # words are no number
    assert Table("about", "", "", fruit(), ()).keys(Column("n", "", "count")) == [None, None]


def test_rows_of_several_kinds_each_have_their_own_key():
    rows = {"question": ["a", ""], "item": ["x", ""], "test": ["t", ""], "stub": ["", "s"], "effect": [1, 2]}
    rows |= {name: ["", ""] for name in ("other_item", "by", "group")}
    rows |= {"stub_code": ["", "c"], "banner": ["", "b"], "banner_code": ["", "g"]}
    rows |= {"result": ["test", "crosstab"]}
    table = Table("tests", "", "", pd.DataFrame(rows), (), "test")
    keys = table.keys(Column("effect", "", "number", measures=("effect", "difference")))
    assert [key and key.measure for key in keys] == ["effect", "difference"]
    assert keys[1] == Key("crosstab", ("s", "c", "b", "g"), "difference")
    assert replace(table, data=pd.DataFrame(rows).head(0)).keys(Column("effect", "", "number")) == []


def test_a_table_whose_rows_cannot_be_told_apart_is_refused():
    table = Table("fruit", "", "", fruit().drop(columns="code"), (), "mention")
    with pytest.raises(ValueError, match="'fruit' has no column 'code'"):
        table.keys(Column("n", "Count", "count"))


def test_a_sentence_is_a_text_that_keeps_where_its_numbers_end():
    one, two = Key("overlap", ("q", "a", "b"), "n"), Key("mention_summary", ("q",), "ticked_nothing")
    context = ReportContext()
    number = Sentence.of_number("7", two)
    line = context.sentence("summary_mentions", one, question="Fruit", mean="2.0", base=9, nothing=number)
    assert line == context.say("summary_mentions", question="Fruit", mean="2.0", base=9, nothing=7)
    ((place, keys),) = line.within
    assert line[place - 1 : place] == "7"
    assert (line.keys, keys) == ((one,), (two,))
    longer = line.followed_by(" More.").while_below(0.5, [two])
    assert longer.endswith("nothing. More.")
    assert (longer.keys, longer.within, longer.rivals, longer.least) == ((one,), line.within, (two,), 0.5)


def test_kinds_contracts_and_forms_agree():
    assert set(FRAMES) | {"respondents", "number", "text"} == set(KINDS)
    assert set(IDS) - {"sentence"} == set(CONTRACTS) - {"privacy", "draw", "trace", "mixing"}  # no reports
    for name, kind in KINDS.items():
        assert set(kind.measures) <= set(FORMS), name
        assert {*kind.headed, *kind.shared, *kind.silent, *kind.rests.values()} <= set(kind.measures), name


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_table_of_every_survey_has_its_keys(path):
    """No group, everyone in every group, three respondents."""
    for shape in ({"size": 30, "groups": 0}, {"size": 30, "groups": 1}, {"size": 3}, {"size": 0}):
        context = context_of(filled(load_instrument(path), **shape))
        context.compare = "columns"
        about = ("Data quality", "Method and notes", "Codebook")
        keys_of(Report("en", tuple(sheets_of(context))), *about)


def test_what_is_shown_is_what_was_marked(sample):
    """Finding and showing go by the same keys: of a report as marked nothing is left without a mark."""
    context = context_of(sample)
    marks, sheets = marks_of(context), sheets_of(context)
    shown = {key for key, is_number in keyed(sheets) if is_number and key.result in KINDS}
    marked = {key for key in shown if key.measure in KINDS[key.result].measures}
    assert len(marked) > 1000
    assert {key for key in marked if marks.mark(key) is None} == set()
    said = {
        key for sheet in sheets for line in sheet.lines if isinstance(line, Sentence) for key in line.keys
    }
    assert {key for key in said if marks.mark(key) is None} == set()
    stored = {Key(*key, name) for key, measures in marks.by_result.items() for name in measures}
    within = {
        key
        for sheet in sheets
        for line in sheet.lines
        if isinstance(line, Sentence)
        for _, keys in line.within
        for key in keys
    }
    counted = {key for key in stored if key.result == "sentence"}  # some are said only where they are 0
    assert stored - counted <= marked | said | within


def test_marks_of_an_older_workbook_are_no_trouble(sample):
    """Marks whose ids this version does not know are not taken for others: their results say [r]."""
    made = sample.provenance.reconstruction
    old = {ResultKey("test", ("challenges", "a|b", "mcnemar_exact")): {"p_value": Mark(FIXED)}}
    old[ResultKey("together", ("support_needs", "a", "b"))] = {"n": Mark(FIXED)}
    older = replace(sample, provenance=replace(sample.provenance, reconstruction=replace(made, marks=old)))
    for only in (None, "exclusive"):
        report = survey.analyze(older, only=only)
        assert set(report.sheet("Ticked together").tables[0].data["margins"]) <= {"[r]", ""}
        assert set(report.sheet("Comparisons").tables[0].data["margins"]) <= {"[r]", ""}


# -- a sheet that nobody taught --------------------------------------------------------------------------


def untaught(context):
    """A sheet by somebody who never heard of reconstructions: mentions, and a statistic of tomorrow."""
    question = context.instrument.question(NEEDS)
    frame = context.mentions(question)
    columns = [context.column("label", heading="Need"), context.column(SHARE, "share", "Share")]
    known = context.table("untaught", "Mentions", "", frame, columns, "mention")
    numbers = [*columns, context.column("mentions", "count", "Mentions")]
    unknown = context.table("reach", "Reach", "", frame, numbers, "reach_of_tomorrow")
    return [Sheet("Untaught", "Mentions", tables=(known,)), Sheet("Reach", "Reach", tables=(unknown,))]


@pytest.fixture
def taught_nothing(monkeypatch):
    from survey.report import survey as composition

    monkeypatch.setattr(composition, "SHEETS", (*composition.SHEETS, untaught))


@pytest.mark.usefixtures("taught_nothing")
def test_a_sheet_that_nobody_taught_is_marked(sample):
    report = survey.analyze(sample)
    table = report.sheet("Untaught").tables[0]
    assert [column.heading for column in table.columns] == ["Need", "Share [r]", "What the margins say"]
    taught = report.sheet("Needs").tables[0].data["margins"]
    for text, whole in zip(table.data["margins"], taught, strict=True):
        assert text.startswith(("draws ", "fixed", "open")) or "\N{EN DASH}" in text
        assert text in whole  # the same words as on the sheet of the question
    assert "What the margins say" in report.sheet("Untaught").notes[0]
    reach = report.sheet("Reach").tables[0]
    assert reach.columns[-1].heading == "What the margins say"
    assert set(reach.data["margins"]) == {"[r]"}


@pytest.mark.usefixtures("taught_nothing")
def test_it_is_marked_where_there_are_no_ranges_and_not_at_all_on_answers(sample):
    made = sample.provenance.reconstruction
    bare = replace(made, marks={}, mark_draws=None)
    report = survey.analyze(replace(sample, provenance=replace(sample.provenance, reconstruction=bare)))
    for name in ("Untaught", "Reach"):
        assert report.sheet(name).notes[0].startswith("[r] marks what the published figures do not fix")
    assert report.sheet("Untaught").tables[0].columns[1].heading == "Share [r]"
    assert set(report.sheet("Reach").tables[0].data["mark"]) == {"[r]"}
    report = survey.analyze(survey.from_frame(sample.data, sample.instrument))
    for name in ("Untaught", "Reach"):
        assert not report.sheet(name).notes
        assert not {"mark", "margins"} & set(report.sheet(name).tables[0].data.columns)


# -- the pass over a document made by hand ---------------------------------------------------------------

A, B = Key("frequency", ("q", "", "a"), "proportion"), Key("frequency", ("q", "", "b"), "proportion")


def marks(ranged=True, **found):
    """Marks of the options of a question."""
    stored = {("frequency", ("q", "", code)): {"proportion": mark} for code, mark in found.items()}
    return Marks(stored, ranged, "9", {"fixed": 1, "bounded": 1, "open": 0} if ranged else {})


def document(*sheets):
    return Report("en", (Sheet("Contents", "", lines=("About.",)), *sheets))


def line(marks, *args, **fields):
    report = with_marks(document(Sheet("Summary", "", lines=(Sentence(*args, **fields),))), marks)
    return report.sheets[1].lines[0]


def test_a_sentence_begins_with_what_its_results_have_in_common():
    fixed, bounded, free = Mark(FIXED), Mark(BOUNDED, (0.2, 0.4)), Mark(OPEN)
    assert line(marks(a=fixed, b=fixed), "Text.", [A, B]) == "Text."
    assert line(marks(a=bounded), "Text.", [A]) == "[r draws 20.0\N{EN DASH}40.0%] Text."
    assert line(marks(a=free, b=free), "Text.", [A, B]) == "[open] Text."
    assert line(marks(a=fixed, b=free), "Text.", [A, B]) == "[r] Text."
    assert line(marks(a=free), "Text.", [A, B]) == "[r] Text."
    assert line(marks(ranged=False, a=fixed, b=bounded), "Text.", [A, B]) == "[r] Text."


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (Mark(FIXED), "A leads."),
        (Mark(BOUNDED, (0, 0.3), (0, 0.49)), "A leads."),
        (Mark(BOUNDED, (0, 0.3), (0, 0.51)), "[r] A leads."),
        (Mark(BOUNDED, (0, 0.3)), "[r] A leads."),  # draws prove nothing
        (Mark(OPEN), "[r] A leads."),
    ],
)
@pytest.mark.parametrize("ranged", [True, False])
def test_who_leads_is_open_while_a_rival_may_pass(mark, expected, ranged):
    found = marks(ranged, a=Mark(FIXED), b=mark)
    assert line(found, "A leads.", [A], rivals=[B], least=0.5) == expected


def test_numbers_inside_a_sentence_carry_their_own_mark():
    low, high = Mark(BOUNDED, (1, 2)), Mark(BOUNDED, (3, 5))
    ends = [Key("rank_set", ("q", "a"), f"marginal_{end}") for end in ("low", "high")]
    stored = {("rank_set", ("q", "a")): {"marginal_low": low, "marginal_high": high}}
    found = Marks(stored | {("frequency", ("q", "", "a")): {"proportion": Mark(FIXED)}}, True)
    text = "Ranks 1 to 4, they say."
    assert (
        line(found, text, [A], within=[(12, tuple(ends))])
        == "Ranks 1 to 4 [r draws 1\N{EN DASH}5], they say."
    )
    assert line(found, text, [A], within=[(12, (A,))]) == text
    assert line(found, text, [A], within=[(12, (B,))]) == "Ranks 1 to 4 [r], they say."
    assert line(found, text, [B], within=[(12, (B,))]) == f"[r] {text}"  # said of all of it already
    free = marks(b=Mark(OPEN))
    assert line(free, text, [B], within=[(12, (B,))]) == f"[open] {text}"


def question(columns, **data):
    frame = pd.DataFrame({"question": "q", "item": "", "code": ["a", "b"], "proportion": [0.4, 0.6]} | data)
    return Sheet("Q", "", tables=(Table("q", "", "", frame, tuple(columns), "frequency"),), notes=("First.",))


SHARES = (Column("code", "Option"), Column("proportion", "Share", "share"))


def test_rows_say_what_the_margins_say_before_the_column_of_marks():
    report = with_marks(
        document(question([*SHARES, Column("mark", "Mark")], mark=["[low]", ""])),
        marks(a=Mark(FIXED), b=Mark(BOUNDED, (0.2, 0.4), (0.1, 0.5))),
    )
    table = report.sheets[1].tables[0]
    assert [column.key for column in table.columns] == ["code", "proportion", "margins", "mark"]
    assert table.data["margins"].tolist() == [
        "fixed",
        "10.0\N{EN DASH}50.0% (draws 20.0\N{EN DASH}40.0%)",
    ]
    assert table.data["mark"].tolist() == ["[low]", ""]
    assert len(report.sheets[1].notes) == 2
    assert "over 9 made-up data sets" in report.sheets[1].notes[1]
    assert "2 numbers of this report: 1 fixed, 1 bounded, 0 open" in report.sheets[0].lines[-1]


def test_without_ranges_a_row_says_no_more_than_that_it_is_not_fixed():
    sheet = question([*SHARES, Column("mark", "Mark")], mark=["[low]", "[low]"])
    found = marks(ranged=False, a=Mark(FIXED), b=Mark(BOUNDED, proved=(0, 0.5)))
    table = with_marks(document(sheet), found).sheets[1].tables[0]
    assert table.data["mark"].tolist() == ["[low]", "[low] [r]"]
    table = with_marks(document(question(SHARES)), found).sheets[1].tables[0]
    assert [column.heading for column in table.columns] == ["Option", "Share", "Mark"]
    fixed = marks(ranged=False, a=Mark(FIXED), b=Mark(FIXED))
    table = with_marks(document(question(SHARES)), fixed).sheets[1].tables[0]
    assert [column.key for column in table.columns] == ["code", "proportion"]


def test_a_count_without_its_share_is_told_of_by_the_share():
    table = (
        with_marks(
            document(question([Column("code", "Option"), Column("n", "Count", "count")], n=[4, 6])),
            marks(a=Mark(FIXED), b=Mark(OPEN)),
        )
        .sheets[1]
        .tables[0]
    )
    assert table.data["margins"].tolist() == ["fixed", "open"]


def test_a_column_about_one_group_has_its_mark_in_the_heading():
    ids = {"banner": "g", "banner_code": "one"}
    columns = [
        Column("stub_code", "Row"),
        *(Column(name, name, "count", "one", ids=ids) for name in ("n", "base")),
        Column("proportion", "share", "share", "one", ids=ids),
        Column("against", "against", part="one", ids=ids, measures=("proportion",)),
    ]
    rows = {"stub": ["q", "q"], "stub_code": ["a", "b"], "n": [1, 2], "base": [4, 4]}
    rows |= {"proportion": [0.25, 0.5], "against": ["higher", ""]}
    base, share = Mark(BOUNDED, None, (3, 6)), Mark(BOUNDED, None, (0.2, 0.3))
    stored = {
        ("crosstab", ("q", code, "g", "one")): {"base": base, "proportion": mark}
        for code, mark in (("a", share), ("b", Mark(OPEN)))
    }
    sheet = Sheet("Q by g", "", tables=(Table("t", "", "", pd.DataFrame(rows), tuple(columns), "crosstab"),))
    table = with_marks(document(sheet), Marks(stored, True)).sheets[1].tables[0]
    assert [column.heading for column in table.columns] == [
        *("Row", "n [r]", "base [r 3\N{EN DASH}6]", "share", "against"),
    ]
    assert table.data["against"].tolist() == ["higher [r 20.0\N{EN DASH}30.0%]", "[open]"]
    assert "margins" not in table.data  # the words of the cell have said it


def test_sheets_without_results_stay_as_they_are():
    sheet = Sheet("Method", "", tables=(Table("m", "", "", fruit(), (Column("n", "", "count"),)),))
    rules = replace(sheet, tables=(replace(sheet.tables[0], contract="quality_rule"),))
    report = with_marks(document(sheet, rules), marks(a=Mark(OPEN)))
    assert report.sheets[1] is sheet
    assert report.sheets[2] is rules


def test_an_empty_table_of_results_is_no_trouble():
    sheet = question(SHARES)
    empty = replace(sheet, tables=(replace(sheet.tables[0], data=sheet.tables[0].data.head(0)),))
    for ranged in (True, False):
        table = with_marks(document(empty), marks(ranged)).sheets[1].tables[0]
        assert [column.key for column in table.columns] == ["code", "proportion"]
