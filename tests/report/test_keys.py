"""What identifies the numbers of a report: keys of tables and sentences, and that marks go by them alone."""

from dataclasses import replace

import pandas as pd
import pytest

import survey
from survey.document import Chart, Column, Key, Picture, Report, Sentence, Sheet, Table
from survey.ingest.provenance import BOUNDED, FIXED, OPEN, Mark, ResultKey
from survey.instrument import load_instrument
from survey.instrument.question import GroupNoun
from survey.report.context import ReportContext
from survey.report.mark_words import FORMS
from survey.report.marks import KINDS, Marks, with_marks
from survey.report.survey import SHEETS
from survey.report.survey.context import SurveyContext
from survey.report.survey.marked_results import FRAMES
from survey.report.survey.stored_marks import marks_of
from survey.result_ids import IDS
from survey.statistics.summaries import SUMMARIES
from survey.tables import CONTRACTS
from tests.helpers import keys_of
from tests.paths import EXAMPLES, SAMPLE
from tests.report.test_analysis import filled

SHARE, NEEDS = "share_of_mentions", "support_needs"


@pytest.fixture(scope="module")
def sample():
    return survey.read_responses(SAMPLE)


def context_of(responses):
    banner = responses.instrument.defaults.banner
    banners = (responses.instrument.question(banner),) if banner else ()
    return SurveyContext(responses=responses, banners=banners)


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
    rows |= {name: ["", ""] for name in ("other_item", "by", "group", "other_group")}
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


def test_the_head_of_a_section_is_known_by_its_base():
    rows = fruit(base=[9, 9], section=[True, False])
    table = Table("fruit", "", "", rows, (), "mention")
    keys = table.keys(Column("n", "Count", "count"))
    assert [key.measure for key in keys] == ["base", "n"]


def test_a_column_of_many_kinds_holds_its_keys_itself():
    keys = [Key("mention", ("a", "b"), "n"), None]
    table = Table("all", "", "", fruit(key=keys), ())
    assert table.keys(Column("n", "", "value", keys="key")) == keys
    assert table.keys(Column("n", "", "value")) == [None, None]


def test_marks_stand_beside_the_number():
    table = Table("fruit", "", "", fruit(marks=["up small", ""]), (), "mention")
    assert table.marks(Column("n", "", "count", marks="marks")) == [("up", "small"), ()]
    assert table.marks(Column("n", "", "count")) == [(), ()]


def test_a_sentence_is_a_text_that_knows_its_results():
    key = Key("mention_summary", ("q",), "ticked_nothing")
    noun = GroupNoun("model", by="model", the="the model", each="model")
    line = ReportContext().sentence("finding_overlap", key, share="62%", noun=noun)
    assert line == ReportContext().say("finding_overlap", share="62%", noun=noun)
    assert (line.keys, line.unfixed) == ((key,), False)


def test_kinds_contracts_and_forms_agree():
    summaries = {summary.contract for summary in SUMMARIES.values()} - {"date"}  # dates are no numbers
    assert set(FRAMES) | {"respondents", "text", "date_count"} | summaries == set(KINDS)
    assert set(IDS) - {"sentence"} == set(CONTRACTS) - {"privacy", "draw", "trace", "mixing"}  # no reports
    for name, kind in KINDS.items():
        assert set(kind.measures) <= set(FORMS), name
        assert set(kind.rests.values()) <= set(kind.measures), name
        assert not set(kind.rests) & set(kind.measures), name


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_table_of_every_survey_has_its_keys(path):
    """No group, everyone in every group, three respondents."""
    for shape in ({"size": 30, "groups": 0}, {"size": 30, "groups": 1}, {"size": 3}, {"size": 0}):
        context = context_of(filled(load_instrument(path), **shape))
        context.compare = "columns"
        about = ("Quality", "Notes", "Codebook")
        keys_of(Report("en", tuple(sheets_of(context))), *about)


def test_what_is_shown_is_what_was_marked(sample):
    """Finding and showing go by the same keys: of a report as marked nothing is left without a mark."""
    context = context_of(sample)
    context.models = True
    marks, sheets = marks_of(context), sheets_of(context)
    shown = {key for key, is_number in keyed(sheets) if is_number and key.result in KINDS}
    marked = {key for key in shown if KINDS[key.result].marked(key.measure)}
    assert len(marked) > 1000
    unmarked = {key for key in marked if marks.mark(key) is None}
    assert {(key.result, key.ids[-1]) for key in unmarked} <= {("association_test", "sum")}  # it has no p
    texts = [text for sheet in sheets for text in (sheet.title, *sheet.findings, *sheet.lines)]
    said = {key for text in texts if isinstance(text, Sentence) for key in text.keys}
    assert len(said) > 10
    assert {key for key in said if marks.mark(key) is None} == set()
    stored = {Key(*key, name) for key, measures in marks.by_result.items() for name in measures}
    in_data = {
        replace(key, measure=KINDS[key.result].marked(key.measure) or key.measure)
        for key in shown
        if KINDS[key.result].measures
    }
    counted = {key for key in stored if key.result == "sentence"}  # some are said only where they are 0
    # Of rows shown by another measure; of bundles beyond three Data has the share.
    ends = {"p_value", "p_adjusted", "base", "rank", "rank_low", "rank_high", "n", "reach"}
    ends |= {"marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high", "difference"}
    assert {key for key in stored - counted - in_data - said if key.measure not in ends} == set()


def test_marks_of_an_older_workbook_are_no_trouble(sample):
    """Marks whose ids this version does not know are not taken for others: their results say [r]."""
    made = sample.provenance.reconstruction
    old = {ResultKey("test", ("challenges", "a|b", "mcnemar_exact")): {"p_value": Mark(FIXED)}}
    old[ResultKey("together", ("support_needs", "a", "b"))] = {"n": Mark(FIXED)}
    older = replace(sample, provenance=replace(sample.provenance, reconstruction=replace(made, marks=old)))
    for only in (None, "exclusive"):
        data = survey.analyze(older, only=only).sheet("Data").tables[0].data
        tested = data[(data["table"] == "tests") & data["value"].notna()]
        assert set(tested["fixed"]) == {"not fixed"}


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


def marked(table, key):
    """Whether each number of a column is marked as not fixed."""
    column = next(column for column in table.columns if column.key == key)
    return ["unfixed" in codes for codes in table.marks(column)]


@pytest.mark.usefixtures("taught_nothing")
def test_a_sheet_that_nobody_taught_is_marked(sample):
    report = survey.analyze(sample)
    table = report.sheet("Untaught").tables[0]
    data = report.sheet("Data").tables[0].data
    said = data[(data["measure"] == SHARE) & (data["question"] == NEEDS)].set_index("code")["fixed"]
    assert marked(table, SHARE) == [said[code] != "fixed" for code in table.data["code"]]
    assert any(marked(table, SHARE))
    reach = report.sheet("Reach").tables[0]
    assert all(marked(reach, SHARE))
    assert all(marked(reach, "mentions"))


@pytest.mark.usefixtures("taught_nothing")
def test_it_is_marked_where_there_are_no_ranges_and_not_at_all_on_answers(sample):
    made = sample.provenance.reconstruction
    bare = replace(made, marks={}, mark_draws=None)
    report = survey.analyze(replace(sample, provenance=replace(sample.provenance, reconstruction=bare)))
    assert all(marked(report.sheet("Untaught").tables[0], SHARE))
    assert all(marked(report.sheet("Reach").tables[0], SHARE))
    report = survey.analyze(survey.from_frame(sample.data, sample.instrument))
    for name in ("Untaught", "Reach"):
        assert not any(marked(report.sheet(name).tables[0], SHARE))


# -- the pass over a document made by hand ---------------------------------------------------------------

A, B = Key("frequency", ("q", "", "a"), "proportion"), Key("frequency", ("q", "", "b"), "proportion")


def marks(ranged=True, **found):
    """Marks of the options of a question."""
    stored = {("frequency", ("q", "", code)): {"proportion": mark} for code, mark in found.items()}
    return Marks(stored, ranged, "9", {"fixed": 1, "bounded": 1, "open": 0} if ranged else {})


@pytest.mark.parametrize("place", ["title", "findings", "lines"])
def test_a_sentence_is_unfixed_where_one_of_its_results_is(place):
    fixed, bounded, free = Mark(FIXED), Mark(BOUNDED, (0.2, 0.4)), Mark(OPEN)
    for known, keys, expected in (
        ({"a": fixed, "b": fixed}, [A, B], False),
        ({"a": fixed, "b": bounded}, [A], False),
        ({"a": fixed, "b": bounded}, [A, B], True),
        ({"a": free}, [A], True),
        ({"a": fixed}, [A, B], True),  # nothing is known of the other
    ):
        for ranged in (True, False):
            line = Sentence("Text.", keys)
            sheet = replace(Sheet("S", ""), **{place: line if place == "title" else (line,)})
            (made,) = with_marks(Report("en", (sheet,)), marks(ranged, **known)).sheets
            text = made.title if place == "title" else getattr(made, place)[0]
            assert (text == "Text.", text.unfixed) == (True, expected)  # no bracket is put into it


def question(columns, **data):
    frame = pd.DataFrame({"question": "q", "item": "", "code": ["a", "b"], "proportion": [0.4, 0.6]} | data)
    return Sheet("Q", "", tables=(Table("q", "", "", frame, tuple(columns), "frequency"),))


SHARES = (Column("code", "Option"), Column("proportion", "Share", "share"))


def pass_over(sheet, found):
    return with_marks(Report("en", (sheet,)), found).sheets[0].tables[0]


def test_numbers_that_are_not_fixed_are_marked_beside_what_they_are_marked_with_already():
    columns = (SHARES[0], replace(SHARES[1], marks="own"), Column("n", "Count", "count"))
    sheet = question(columns, own=["small", "up"], n=[4, 6])
    table = pass_over(sheet, marks(a=Mark(FIXED), b=Mark(BOUNDED, (0.2, 0.4), (0.1, 0.5))))
    shown = {column.key: table.marks(column) for column in table.columns}
    assert shown["proportion"] == [("small",), ("up", "unfixed")]
    assert shown["n"] == [(), ("unfixed",)]  # a count goes by its share
    assert table.data["proportion"].tolist() == [0.4, 0.6]  # numbers stay numbers


def test_where_all_is_fixed_a_table_stays_as_it_is():
    sheet = question(SHARES)
    assert pass_over(sheet, marks(a=Mark(FIXED), b=Mark(FIXED))) is sheet.tables[0]


def test_a_blank_and_the_number_of_respondents_are_not_marked():
    columns = (*SHARES, Column("base", "n", "count"))
    sheet = question(columns, proportion=[0.4, float("nan")], base=[10, 0])
    table = pass_over(sheet, marks())
    shown = {column.key: table.marks(column) for column in table.columns}
    assert shown["proportion"] == [("unfixed",), ()]
    assert shown["base"] == [(), ()]


def test_the_bases_of_groups_have_marks_of_their_own():
    ids = {"banner": "g", "banner_code": "one"}
    columns = (Column("stub_code", "Row"), Column("one", "One", "share", ids=ids, measures=("proportion",)))
    rows = {"stub": ["q"] * 3, "stub_code": ["a", "a", "b"], "one": [4, 0.25, 0.5]}
    rows |= {"section": [True, False, False]}
    base, share = Mark(BOUNDED, None, (3, 6)), Mark(FIXED)
    stored = {("crosstab", ("q", code, "g", "one")): {"base": base, "proportion": share} for code in "ab"}
    sheet = Sheet("By g", "", tables=(Table("t", "", "", pd.DataFrame(rows), columns, "crosstab"),))
    table = pass_over(sheet, Marks(stored, True))
    assert table.marks(table.columns[1]) == [("unfixed",), (), ()]


def test_the_long_table_says_what_the_figures_leave():
    keys = [A, B, Key("frequency", ("q", "", "c"), "proportion"), Key("reach_of_tomorrow", (), "n"), None]
    columns = (Column("value", "value", "value", keys="key"), Column("fixed", "fixed"))
    frame = pd.DataFrame({"value": [0.4, 0.6, 0.1, 2, 3], "key": keys, "fixed": ""})
    sheet = Sheet("Data", "", tables=(Table("data", "", "", frame, columns),))
    found = marks(a=Mark(FIXED), b=Mark(BOUNDED, (0.2, 0.4), (0.1, 0.5)), c=Mark(OPEN))
    assert pass_over(sheet, found).data["fixed"].tolist() == [
        *("fixed", "10.0\N{EN DASH}50.0% (draws 20.0\N{EN DASH}40.0%)", "open", "not fixed", ""),
    ]
    bare = pass_over(sheet, replace(found, ranged=False)).data["fixed"].tolist()
    assert bare == ["fixed", "not fixed", "not fixed", "not fixed", ""]


def fixed_of(report):
    """The long table's `fixed` by what names a number, of every row."""
    rows = report.sheet("Data").tables[0].data
    names = ["question", "item", "code", "banner", "group", "other", "measure", "test", "table"]
    return rows.set_index([rows[name].astype(str) for name in names])[["value", "fixed"]]


def test_a_report_of_a_tally_claims_nothing_of_what_the_figures_fix(sample):
    rows, counts = (fixed_of(survey.analyze(data)) for data in (sample, survey.tally(sample)))
    assert (rows["fixed"] == "fixed").sum() > 50
    assert counts.index.equals(rows.index)
    assert counts["value"].equals(rows["value"])
    claimed = counts["fixed"] == "fixed"  # how many respondents there are, and which part of them
    assert claimed.sum() < 10
    assert set(counts["fixed"][~claimed]) == {"not known"}
    assert set(rows["fixed"][claimed]) == {"fixed"}
    report = survey.analyze(survey.tally(sample), lang="zh")
    assert "不详" in set(report.sheet("数据").tables[0].data["fixed"])
    assert "无法得知" in report.warning
    notes = survey.analyze(survey.tally(sample)).sheet("Notes").tables[0].data["what"]
    assert notes.str.contains("whether it is fixed is known of none").any()


def test_a_range_stands_beside_its_own_measure_alone(sample):
    rows = fixed_of(survey.analyze(sample)).reset_index()
    beside = rows[rows["measure"].isin(["share_others", "df", "base_others", "sd_mentions"])]
    assert set(beside["measure"]) >= {"share_others", "df"}
    assert set(beside["fixed"]) <= {"fixed", "open", "not fixed"}
    assert (beside["fixed"] == "not fixed").any()
    difference = rows[rows["measure"] == "difference"]
    assert difference["fixed"].str.contains("draws").any()


def test_sheets_without_results_stay_as_they_are():
    table = Table("m", "", "", fruit(), (Column("n", "", "count"),))
    for own in (table, replace(table, contract="quality_rule")):
        sheet = Sheet("Notes", "", tables=(own,))
        assert with_marks(Report("en", (sheet,)), marks(a=Mark(OPEN))).sheets[0].tables[0] is own


def test_an_empty_table_of_results_is_no_trouble():
    sheet = question(SHARES)
    empty = replace(sheet, tables=(replace(sheet.tables[0], data=sheet.tables[0].data.head(0)),))
    for ranged in (True, False):
        assert [column.key for column in pass_over(empty, marks(ranged)).columns] == ["code", "proportion"]


def test_titles_of_charts_and_pictures_are_marked_and_a_picture_stays_one():
    line = Sentence("Text.", [A])
    picture = Picture("p", "bars", None, "", line)
    chart = Chart("c", "bar", line, "label", (), "")
    sheets = (Sheet("S", "", pictures=(picture,), charts=(chart,)), Sheet("T", "", pictures=(picture,)))
    for mark, expected in ((Mark(FIXED), False), (Mark(OPEN), True)):
        first, second = with_marks(Report("en", sheets), marks(a=mark)).sheets
        assert (first.pictures[0].title.unfixed, first.charts[0].title.unfixed) == (expected, expected)
        assert first.pictures[0] is second.pictures[0]
