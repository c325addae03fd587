"""Rankings, scores, constant sums and dates as platforms export them, and what is refused of them."""

import csv
import datetime

import pandas as pd
import pytest

import survey
from survey.errors import DataError
from tests.answers import FOUR

RANKED = "What matters most to you? Rank up to three."
SUM = "Share out 100 points."
# Three respondents: what they ranked, in order.
ORDERS = [["taste", "price"], ["speed"], ["health", "taste", "price"]]
LABELS = {"price": "Price", "taste": "Taste", "speed": "Speed", "health": "Health and nutrition"}
RANKS = {
    "matters__price": [2, None, 3],
    "matters__taste": [1, None, 2],
    "matters__speed": [None, 1, None],
    "matters__health": [None, None, 1],
}


def file_of(folder, rows, name="export.csv"):
    path = folder / name
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def ranks_of(responses):
    frame = responses.data[list(RANKS)]
    return {name: [None if pd.isna(rank) else int(rank) for rank in frame[name]] for name in frame}


def ranks_in_columns(row):
    """The ranks of one respondent, option by option."""
    return [row.index(code) + 1 if code in row else "" for code in LABELS]


def options_in_columns(row, form=LABELS.get):
    """The options of one respondent, rank by rank."""
    return [form(code) for code in row] + [""] * (3 - len(row))


MONKEY = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address"]
LIME = ["id", "submitdate", "lastpage", "startlanguage"]
WJX = ["序号", "提交答卷时间", "所用时间", "来源"]
QUALTRICS = ["StartDate", "EndDate", "Status", "Finished", "ResponseId", "RecordedDate"]
Q_ROW = ["2026-01-01 10:00:00", "2026-01-01 10:05:00", "0", "1"]
RANKING_ZH = "您最看重什么？请排出前三名。"
LABELS_ZH = {"price": "价格", "taste": "口味", "speed": "速度", "health": "健康营养"}


def qualtrics(folder):
    """A tag per option over its label and import id; the cells are ranks."""
    heads = [f"Q5_{place}" for place in range(1, 5)]
    rows = [
        [*QUALTRICS, *heads],
        [*QUALTRICS, *(f"{RANKED} - {label}" for label in LABELS.values())],
        [f'{{"ImportId":"{name}"}}' for name in [*QUALTRICS, *heads]],
    ]
    rows += [[*Q_ROW, f"R_{n}", "2026-01-01", *ranks_in_columns(row)] for n, row in enumerate(ORDERS)]
    return file_of(folder, rows)


def qualtrics_tags(folder):
    """Nothing but tags that number the options."""
    rows = [[*QUALTRICS, "Duration (in seconds)", *(f"matters_{place}" for place in range(1, 5))]]
    rows += [[*Q_ROW, f"R_{n}", "2026-01-01", 9, *ranks_in_columns(row)] for n, row in enumerate(ORDERS)]
    return file_of(folder, rows)


def surveymonkey(folder):
    """The question over a row of options; the cells are ranks."""
    rows = [[*MONKEY, RANKED, "", "", ""], ["", "", "", "", "", *LABELS.values()]]
    rows += [[n, 1, "", "", "", *ranks_in_columns(row)] for n, row in enumerate(ORDERS, 11)]
    return file_of(folder, rows)


def limesurvey_codes(folder):
    """A column per rank, headed by its number; the cells are the codes of the options."""
    places = list(LABELS)
    rows = [[*LIME, *(f"matters[{rank}]" for rank in (1, 2, 3))]]
    for n, row in enumerate(ORDERS, 1):
        codes = options_in_columns(row, lambda code: f"A{places.index(code) + 1}")
        rows.append([n, "2026-01-01 10:00:00", 1, "en", *codes])
    return file_of(folder, rows)


def limesurvey_text(folder):
    """A column per rank, headed in full; the cells are the labels."""
    rows = [["Response ID", "Date submitted", "Last page", "Start language"]]
    rows[0] += [f"{RANKED} [Rank {rank}]" for rank in (1, 2, 3)]
    rows += [[n, "2026-01-01 10:00:00", 1, "en", *options_in_columns(row)] for n, row in enumerate(ORDERS, 1)]
    return file_of(folder, rows)


def wjx_text(folder):
    """One cell with arrows between the options."""
    rows = [[*WJX, f"2、{RANKING_ZH}"]]
    for n, row in enumerate(ORDERS, 1):
        rows.append([n, "2026/1/1 10:00:00", "60秒", "微信", "→".join(LABELS_ZH[code] for code in row)])
    return file_of(folder, rows)


def wjx_number(folder):
    """A column per option with its rank, -2 where it has none."""
    rows = [[*WJX, *(f"2、{RANKING_ZH}({label})" for label in LABELS_ZH.values())]]
    for n, row in enumerate(ORDERS, 1):
        ranks = [rank or -2 for rank in ranks_in_columns(row)]
        rows.append([n, "2026/1/1 10:00:00", "60秒", "微信", *ranks])
    return file_of(folder, rows)


def msforms(folder):
    """One cell with semicolons between the options, and one behind the last."""
    rows = [["ID", "Start time", "Completion time", "Email", "Name", RANKED]]
    for n, row in enumerate(ORDERS, 1):
        rows.append(
            [n, "1/1/2026 10:00", "1/1/2026 10:05", "", "", "".join(f"{LABELS[code]};" for code in row)]
        )
    return file_of(folder, rows)


def googleforms_options(folder):
    """A grid with a row per option: its place in words."""
    words = ["", "1st choice", "2nd choice", "3rd choice"]
    rows = [["Timestamp", *(f"{RANKED} [{label}]" for label in LABELS.values())]]
    rows += [["1/1/2026 10:00:00", *(words[rank or 0] for rank in ranks_in_columns(row))] for row in ORDERS]
    return file_of(folder, rows)


def googleforms_places(folder):
    """A grid with a row per place: its option."""
    rows = [["Timestamp", *(f"{RANKED} [{place} choice]" for place in ("1st", "2nd", "3rd"))]]
    rows += [["1/1/2026 10:00:00", *options_in_columns(row)] for row in ORDERS]
    return file_of(folder, rows)


def odk(folder):
    """The ids with blanks between them, as the widget for ranks writes them."""
    rows = [["start", "end", "matters", "_id", "_uuid", "_submission_time"]]
    rows += [["", "", " ".join(row), n, n, "2026-01-01T10:00:00"] for n, row in enumerate(ORDERS, 1)]
    return file_of(folder, rows)


def our_form_of_places(folder):
    """The fields of our own XLSForm, one for each place."""
    heads = [f"matters-matters_rank_{rank}" for rank in (1, 2, 3)]
    rows = [["SubmissionDate", "start", "end", *heads, "meta-instanceID", "KEY", "SubmitterID"]]
    for n, row in enumerate(ORDERS):
        rows.append(["2026-01-01T10:00:00Z", "", "", *options_in_columns(row, str), n, f"uuid:{n}", 1])
    return file_of(folder, rows)


def plain(folder):
    """Our own names, ranks as programs write them beside gaps."""
    rows = [
        list(RANKS),
        *([f"{rank:.1f}" if rank else "" for rank in ranks_in_columns(row)] for row in ORDERS),
    ]
    return file_of(folder, rows)


EXPORTS = (
    *(qualtrics, qualtrics_tags, surveymonkey, limesurvey_codes, limesurvey_text, wjx_text, wjx_number),
    *(msforms, googleforms_options, googleforms_places, odk, our_form_of_places, plain),
)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.__name__)
def test_a_ranking_is_read_however_it_is_exported(export, tmp_path):
    responses = survey.read_responses(export(tmp_path), FOUR)
    assert ranks_of(responses) == RANKS
    cells = responses.accounting.set_index(["category", "kind"])["cells"]
    assert cells["refused", "unreadable_cell"] == 0


# -- scores, sums, dates ---------------------------------------------------------------------------------


def read(columns):
    return survey.from_frame(pd.DataFrame(columns, dtype=object), FOUR)


def test_scores_are_whole_numbers_from_0_to_10():
    """Points of a scale, whatever they are written as; 0 is one of them."""
    responses = read({"recommend": [0, "10", 7.0, "9分", "(skipped)", None]})
    assert responses.data["recommend"].dropna().tolist() == [0, 10, 7, 9]
    assert responses.missing["recommend"].tolist() == ["", "", "", "", "skipped", "empty"]


def test_sums_are_read_with_their_commas_blanks_and_per_cents():
    columns = {
        "budget__kitchen": ["33,3", "50", "100", None, "20%"],
        "budget__staff": ["33,3", "50", None, None, "30%"],
        "budget__rooms": ["33,4", "0", None, None, "50%"],
    }
    responses = read({**columns, "site": ["north"] * 5})
    assert responses.data[list(columns)].iloc[0].tolist() == [33.3, 33.3, 33.4]
    assert responses.data[list(columns)].iloc[2].tolist() == [100, 0, 0]  # a blank beside a number is 0
    assert responses.missing[list(columns)].iloc[3].tolist() == ["empty"] * 3  # a blank row is no answer
    assert responses.data[list(columns)].iloc[4].tolist() == [20, 30, 50]


def test_a_sum_may_be_off_by_rounding_and_no_more():
    """By half a per cent of the total where the instrument says nothing."""
    columns = {
        "budget__kitchen": [33.3, 33, 34],
        "budget__staff": [33.2, 33, 33.5],
        "budget__rooms": [33, 33, 33],
    }
    with pytest.raises(DataError) as caught:
        read(columns)
    (problem,) = caught.value.problems
    assert (problem.key, problem.values["sums"], problem.rows) == ("sums_off", ["99"], (1,))


@pytest.mark.parametrize(
    "written",
    [
        *(
            "2026-01-31",
            "31.1.2026",
            "2026年1月31日",
            "31 Jan 2026",
            "January 31, 2026",
            "2026-01-31T08:00:00Z",
        ),
        *(datetime.date(2026, 1, 31), datetime.datetime(2026, 1, 31, 23, 59), pd.Timestamp("2026-01-31")),
        46053,  # as a spreadsheet counts days
    ],
)
def test_a_date_is_the_day_however_it_is_written(written):
    responses = read({"since": [written]})
    assert responses.data["since"].tolist() == [pd.Timestamp("2026-01-31")]
    assert str(responses.data["since"].dtype) == "datetime64[s]"


def test_the_column_says_what_is_the_month():
    """13/04 can have one meaning alone, and 03/04 beside it goes with it."""
    assert read({"since": ["13/04/2020", "03/04/2020"]}).data["since"].dt.month.tolist() == [4, 4]
    assert read({"since": ["04/13/2020", "03/04/2020"]}).data["since"].dt.month.tolist() == [4, 3]
    assert read({"since": ["04/04/2020"]}).data["since"].dt.month.tolist() == [4]
    with pytest.raises(DataError) as caught:
        read({"since": ["03/04/2020", "04/05/2020"]})
    (problem,) = caught.value.problems
    assert problem.key == "days_open"
    assert (problem.values["one"], problem.values["two"]) == ("2020-03-04", "2020-04-03")


def test_a_date_says_nothing_of_those_that_are_written_otherwise(tmp_path):
    """A single 31.1.2010 does not make 159 cells of 03/04/2010 the third of April."""
    with pytest.raises(DataError) as caught:
        read({"since": ["03/04/2010"] * 9 + ["31.1.2010"]})
    (problem,) = caught.value.problems
    assert (problem.key, problem.values["value"]) == ("days_open", "03/04/2010")
    days = ["03/04/2010", "13/04/2010", "2.1.2010", "31.1.2010", "01-31-2010", "02-01-2010"]
    read_days = read({"since": days}).data["since"].dt.strftime("%m-%d").tolist()
    assert read_days == ["04-03", "04-13", "01-02", "01-31", "01-31", "02-01"]
    rows = [["Timestamp", "When did you start here?"]]
    rows += [["1/1/2026 10:00:00", "03/04/2020"], ["1/1/2026 10:00:00", "1.2.2020"]]
    rows += [["1/1/2026 10:00:00", "31.1.2020"]]
    responses = survey.read_responses(file_of(tmp_path, rows), FOUR)
    assert responses.data["since"].dt.strftime("%m-%d").tolist() == ["03-04", "02-01", "01-31"]
    assert [problem.key for problem in responses.problems].count("days_doubtful") == 1


def test_a_platform_writes_dates_its_own_way_which_is_told(tmp_path):
    rows = [["Timestamp", "When did you start here?"], ["1/1/2026 10:00:00", "03/04/2020"]]
    responses = survey.read_responses(file_of(tmp_path, rows), FOUR)
    assert responses.data["since"].dt.month.tolist() == [3]
    doubt = next(problem for problem in responses.problems if problem.key == "days_doubtful")
    assert doubt.values["taken"] == "2020-03-04"
    german = [["Zeitstempel", "When did you start here?"], ["01.01.2026 10:00:00", "03.04.2020"]]
    assert survey.read_responses(file_of(tmp_path, german), FOUR).data["since"].dt.month.tolist() == [4]


def test_words_for_no_answer_are_none():
    """Codes too, where the instrument says so."""
    text = FOUR.read_text(encoding="utf-8").replace(
        "questions:", 'missing: {refused: ["-99"]}\nquestions:', 1
    )
    schema = survey.Instrument.model_validate(_parsed(text), strict=False)
    columns = {
        "since": ["-99"],
        "budget__kitchen": ["-99"],
        "budget__staff": ["-99"],
        "matters__price": ["-99"],
    }
    responses = survey.from_frame(pd.DataFrame({**columns, "recommend": ["-99"]}), schema)
    assert set(responses.missing[[*columns, "recommend"]].iloc[0]) == {"refused"}


def _parsed(text):
    import yaml

    return yaml.safe_load(text)


# -- refusals --------------------------------------------------------------------------------------------

WRONG = {
    "tie": ({"matters__price": [1], "matters__taste": [1]}, "ranks_tied"),
    "gap": ({"matters__price": [1], "matters__taste": [3]}, "ranks_gap"),
    "no first": ({"matters__price": [2]}, "ranks_gap"),
    "beyond": ({"matters__price": [4]}, "cell_not_on_scale"),
    "no rank": ({"matters__price": ["best"], "matters__taste": [1]}, "cell_not_on_scale"),
    "half a rank": ({"matters__price": [1.5]}, "cell_not_on_scale"),
    "twice in a cell": ({"matters": ["Price→Taste→Price"]}, "cell_ranked_twice"),
    "too many in a cell": ({"matters": ["Price→Taste→Speed→Health and nutrition"]}, "cell_ranks_too_many"),
    "unknown in a cell": ({"matters": ["Price→Tastes"]}, "cell_not_ranking_near"),
    "twice in columns": (
        {f"{RANKED} [Rank 1]": ["Price"], f"{RANKED} [Rank 2]": ["Price"]},
        "ranks_twice",
    ),
    "unknown in columns": ({f"{RANKED} [Rank 1]": ["Pricing!"]}, "cell_not_option_near"),
    "score above": ({"recommend": [11]}, "cell_not_on_scale"),
    "score below": ({"recommend": [-1]}, "cell_not_on_scale"),
    "sum": ({"budget__kitchen": [60], "budget__staff": [60]}, "sums_off"),
    "zeros": ({"budget__kitchen": [0], "budget__staff": [0], "budget__rooms": [0]}, "sums_off"),
    "negative": ({"budget__kitchen": [-10], "budget__staff": [110]}, "cell_out_of_range"),
    "no number": ({"budget__kitchen": ["all"], "budget__staff": [0]}, "cell_not_number"),
    "two decimal signs": ({"budget__kitchen": ["0,5"], "budget__staff": ["99.5"]}, "numbers_mixed"),
    "no such day": ({"since": ["2020-02-30"]}, "cell_not_date"),
    "a year": ({"since": ["2020"]}, "cell_not_date"),
    "too early": ({"since": ["1999-12-31"]}, "cell_date_outside"),
    "too late": ({"since": ["2027-01-01"]}, "cell_date_outside"),
}


@pytest.mark.parametrize(("columns", "key"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_refused_and_can_be_set_aside(columns, key):
    """Everything of the row to this question goes with it, and every cell is accounted for."""
    frame = pd.DataFrame({"site": ["north"], **columns}, dtype=object)
    with pytest.raises(DataError) as caught:
        survey.from_frame(frame, FOUR)
    assert {problem.key for problem in caught.value.problems} == {key}
    for lang in ("en", "zh"):
        assert caught.value.text(lang)
    aside = survey.from_frame(frame, FOUR, set_aside=True)
    question = next(
        one
        for one in aside.instrument.questions
        if one.id in str(list(columns)) or one.said("en") in str(list(columns))
    )
    answers = aside.data[list(question.answer_columns)]
    assert answers.isna().all(axis=None)
    assert "refused" in set(aside.missing[list(question.answer_columns)].iloc[0])
    cells = aside.accounting.set_index(["category", "kind"])["cells"]
    assert cells["mapped", "answer"] == 1  # the site


def test_faults_are_told_all_at_once_and_each_once():
    """Of many rows with the same fault one line, which counts them."""
    columns = {"matters__price": [1, 1, 1, 2], "matters__taste": [1, 1, 2, None], "recommend": [12, 12, 3, 4]}
    with pytest.raises(DataError) as caught:
        read(columns)
    found = {problem.key: problem for problem in caught.value.problems}
    assert set(found) == {"ranks_tied", "ranks_gap", "cell_not_on_scale"}
    assert found["ranks_tied"].rows == (0, 1)
    assert found["ranks_tied"].values["ranks"] == ["1 price", "1 taste"]
    assert found["cell_not_on_scale"].rows == (0, 1)


def test_the_rest_of_a_file_with_a_bad_row_is_kept():
    columns = {"matters__price": [1, 1], "matters__taste": [1, 2], "budget__kitchen": [100, 90]}
    aside = survey.from_frame(pd.DataFrame(columns), FOUR, set_aside=True)
    assert aside.data["matters__taste"].tolist()[1] == 2
    assert aside.data["budget__kitchen"].tolist()[0] == 100
    assert sorted(problem.key for problem in aside.problems if problem.rows) == ["ranks_tied", "sums_off"]


# -- maps ------------------------------------------------------------------------------------------------

MAP = """
columns:
  "Score": recommend
  "P": matters__price
  "T": matters__taste
  "K": budget__kitchen
  "W": since
values:
  recommend: {"would shout it": "10"}
  matters: {"best": "1", "next best": "2"}
  budget: {"all of it": "100"}
  since: {"at the beginning": "2001-01-01", "no idea": {missing: refused}}
"""


def test_a_map_says_what_headers_and_words_mean(tmp_path):
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    rows = [
        ["Score", "P", "T", "K", "W"],
        ["would shout it", "next best", "best", "all of it", "at the beginning"],
    ]
    rows += [[3, 1, "", 100, "no idea"]]
    responses = survey.read_responses(file_of(tmp_path, rows), FOUR, mapping=tmp_path / "map.yaml")
    assert responses.data["recommend"].tolist() == [10, 3]
    assert ranks_of(responses)["matters__price"] == [2, 1]
    assert responses.data["budget__kitchen"].tolist() == [100, 100]
    assert responses.data["since"].dt.year.tolist()[0] == 2001
    assert responses.missing["since"].tolist() == ["", "refused"]


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ('since: {"x": "soon"}', "map_no_date"),
        ('budget: {"x": "much"}', "map_no_number"),
        ('recommend: {"x": "11"}', "map_unknown_option"),
        ('matters: {"x": "4"}', "map_unknown_option"),
    ],
)
def test_a_map_that_says_what_cannot_be_is_refused(tmp_path, values, key):
    text = f"{MAP.split('values:')[0]}values:\n  {values}\n"
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(survey.UsageError) as caught:
        survey.read_responses(file_of(tmp_path, [["Score"], [3]]), FOUR, mapping=tmp_path / "map.yaml")
    assert key in {problem.key for problem in caught.value.problems}


def test_a_map_is_proposed_for_words_that_are_unknown(tmp_path):
    from survey.ingest.map_proposal import propose_map

    path = file_of(tmp_path, [["recommend", RANKED, "site"], ["gladly", "Price→Tastes", "north"]])
    text = propose_map([path], FOUR)
    assert '"gladly"' in text
    assert "Tastes" in text
