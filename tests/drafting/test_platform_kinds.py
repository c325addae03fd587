"""Drafts of every newer kind of question from the export of each platform: the kind, and the numbers."""

import pandas as pd
import pytest

import survey
from tests.drafting import platform_exports as made
from tests.ingest.dialects.test_same_answers import written


def drafted(folder, rows):
    path = written(folder / "export.xlsx", rows)
    draft = survey.draft_instrument(path)
    return draft, survey.read_responses(path, draft.instrument)


def numbers_of(draft, responses):
    """The numbers of each kind, as the report has them."""
    numbers = {}
    for question in draft.instrument.listed:
        if question.kind == "ranking":
            numbers["ranking"] = sorted(survey.rankings(responses, question.id)["n_first"])
        elif question.kind == "nps":
            counts = survey.net_promoter(responses, question.id).iloc[0]
            numbers["nps"] = [counts["n_promoters"], counts["n_detractors"]]
        elif question.kind == "constant_sum":
            numbers["constant_sum"] = survey.allocations(responses, question.id)["share"].tolist()
        elif question.kind == "date":
            days = survey.date_summary(responses, question.id).iloc[0]
            numbers["date"] = [pd.Timestamp(days[name]).date() for name in ("earliest", "latest")]
        elif question.kind == "grid":
            numbers[f"grid of {question.answer}"] = [
                sorted(survey.frequencies(responses, f"{question.id}__{row.id}")["n"])
                for row in question.rows
            ]
    return numbers


@pytest.mark.parametrize("make", made.EXPORTS, ids=lambda make: make.__name__)
def test_each_kind_is_drafted_and_its_numbers_are_right(tmp_path, make):
    draft, responses = drafted(tmp_path, make())
    numbers = numbers_of(draft, responses)
    assert len(responses) == made.RESPONDENTS
    expected = {kind: made.TRUTH[kind] for kind in made.EXPORTS[make]}
    assert numbers.pop("constant_sum", None) == pytest.approx(expected.pop("constant_sum", None))
    assert numbers == expected


def ranked(heads, rows):
    return [["id", *heads], *[[number, *row] for number, row in enumerate(rows, 500)]]


@pytest.mark.parametrize(
    "heads",
    [
        ("rank1", "rank2", "rank3"),
        ("choice_1", "choice_2", "choice_3"),
        ("Priority 1", "Priority 2", "Priority 3"),
        ("1st choice", "2nd choice", "3rd choice"),
        ("What matters: first", "What matters: second", "What matters: third"),
        ("第一位", "第二位", "第三位"),
    ],
)
def test_a_column_for_each_rank(tmp_path, heads):
    draft, responses = drafted(tmp_path, ranked(heads, [order[:3] for order in made.ORDER]))
    (question,) = draft.instrument.listed
    assert (question.kind, question.ranks) == ("ranking", 3)
    assert numbers_of(draft, responses)["ranking"] == made.TRUTH["ranking"]
    asks = "# put the wording of the question here" in draft.yaml
    assert asks == ("What matters" not in heads[0])


def test_arrows_in_any_table_and_numbered_choices_are_a_guess(tmp_path):
    ways = ["Paris -> Rome", "Rome -> Oslo", "Oslo -> Paris"]
    draft, _ = drafted(tmp_path, [["id", "Route"], *[[n, ways[n % 3]] for n in range(30)]])
    assert draft.sure < len(draft.guesses)
    assert any("Route" in doubt for doubt in draft.doubts)
    rows = [order[:3] for order in made.ORDER]
    draft, _ = drafted(tmp_path, ranked(("choice_1", "choice_2", "choice_3"), rows))
    assert any("(choice)" in doubt for doubt in draft.doubts)
    draft, _ = drafted(tmp_path, ranked(("rank1", "rank2", "rank3"), rows))
    assert draft.doubts == ()


def test_ranked_words_of_a_scale_leave_no_scale_behind(tmp_path):
    words = ["Good", "Fair", "Poor", "Excellent"]
    rows = [[words[(n + n // 4 + shift) % 4] for shift in range(3)] for n in range(40)]
    draft, _ = drafted(tmp_path, ranked(("1st choice", "2nd choice", "3rd choice"), rows))
    (question,) = draft.instrument.listed
    assert (question.kind, draft.instrument.scales) == ("ranking", {})


def test_two_rankings_under_the_same_headers_stay_apart(tmp_path):
    """Of two rankings "rank1" says nothing: each column is one choice, and nothing is lost."""
    heads = ["taste_rank1", "taste_rank2", "place_1st choice", "place_2nd choice"]
    rows = [[*order[:2], *bought[:2]] for order, bought in zip(made.ORDER, made.BOUGHT, strict=True)]
    draft, responses = drafted(tmp_path, ranked(heads, rows))
    assert len(responses) == made.RESPONDENTS
    assert {"left_out"} & set(draft.guesses["kind"]) == set()


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([" > ".join(order) for order in made.ORDER], "ranking"),
        (["→".join(order[:2]) for order in made.ORDER], "ranking"),
        ([";".join(order) for order in made.ORDER], "ranking"),
        ([";".join(sorted(order)) for order in made.ORDER], "multiple"),  # everybody ticked all
        ([";".join(sorted(order[: n % 3 + 1])) for n, order in enumerate(made.ORDER)], "multiple"),
        ([";".join(order[: n % 3 + 1]) for n, order in enumerate(made.ORDER)], "multiple"),  # as clicked
    ],
)
def test_what_cells_with_several_options_are(tmp_path, cells, kind):
    draft, _ = drafted(tmp_path, ranked(["What matters?"], [[cell] for cell in cells]))
    (question,) = draft.instrument.listed
    assert question.kind == kind


def test_a_choice_of_exactly_three_in_changing_orders_is_a_guess(tmp_path):
    draft, _ = drafted(tmp_path, ranked(["Which?"], [[";".join(order[:3])] for order in made.ORDER]))
    assert draft.sure == 1  # the id
    assert "ranking" in draft.doubts[0]


@pytest.mark.parametrize(
    ("head", "days", "kind"),
    [
        ("When did you start?", made.DAYS, "date"),
        ("您何时入职（开始时间）", made.DAYS, "date"),
        ("Start date", made.DAYS, "started"),
        ("Timestamp", [f"{day} 10:00:00" for day in made.DAYS], "submitted"),
        ("When did you finish your course?", [f"{day} 10:00:00" for day in made.DAYS], "moment"),
    ],
)
def test_a_date_that_was_asked_is_no_clock(tmp_path, head, days, kind):
    rows = [[day, n % 3] for n, day in enumerate(days)]
    draft, _ = drafted(tmp_path, ranked([head, "Children at home"], rows))
    assert dict(zip(draft.guesses["column"], draft.guesses["kind"], strict=True))[head] == kind


def test_a_number_and_words_at_the_ends_of_a_score(tmp_path):
    words = {0: "0 (Not at all likely)", 10: "10 = Extremely likely"}
    cells = [[words.get(score, score)] for score in made.SCORES]
    draft, responses = drafted(tmp_path, ranked(["How likely are you to recommend us?"], cells))
    assert numbers_of(draft, responses)["nps"] == made.TRUTH["nps"]
    wrong = written(tmp_path / "wrong.xlsx", ranked(["How likely are you to recommend us?"], [["11 - Yes"]]))
    with pytest.raises(survey.DataError):
        survey.read_responses(wrong, draft.instrument)


def test_ranks_beside_one_another_without_a_stem(tmp_path):
    draft, responses = drafted(tmp_path, ranked([f"Rank {one}" for one in made.OPTIONS], made.RANKS))
    assert numbers_of(draft, responses)["ranking"] == made.TRUTH["ranking"]


def test_a_total_behind_a_constant_sum_stays_a_number(tmp_path):
    heads = [*[f"Budget [{one}]" for one in made.PARTS], "Budget [Total]"]
    draft, responses = drafted(tmp_path, ranked(heads, [[*shares, 100] for shares in made.SHARES]))
    assert numbers_of(draft, responses)["constant_sum"] == pytest.approx(made.TRUTH["constant_sum"])


def test_a_file_of_which_nothing_can_be_told_apart_is_refused(tmp_path):
    path = written(tmp_path / "mine.xlsx", [["Name", "Name"], *[[f"a{n}", f"b{n}"] for n in range(9)]])
    with pytest.raises(survey.DataError, match="No column reads like an answer"):
        survey.draft_instrument(path)


def test_no_answer_among_numbers_and_a_score_that_nobody_gave_low(tmp_path):
    scores = [3, 6, 7, 8, 9, 10, "don't know", "prefer not to say", "n/a"]
    rows = [[scores[n % 9], scores[n * 2 % 9] if n % 9 else "不知道"] for n in range(45)]
    heads = ["How likely are you to recommend the clinic? (0-10)", "How many visits"]
    draft, responses = drafted(tmp_path, ranked(heads, rows))
    kinds = [question.kind for question in draft.instrument.listed]
    assert kinds == ["nps", "number"]
    score = draft.instrument.listed[0]
    assert responses.data[score.id].notna().sum() == 30
    assert set(responses.missing[score.id]) >= {"refused", "empty"}
    assert "counted as no answer, not as a number" in draft.yaml.replace("\n#   ", " ")
    assert score.short["en"] == "Recommend"


def test_a_recommendation_without_its_range_is_a_guess(tmp_path):
    rows = [[(3, 6, 7, 8, 9, 10)[n % 6]] for n in range(30)]
    draft, _ = drafted(tmp_path, ranked(["Would you recommend us?"], rows))
    assert [question.kind for question in draft.instrument.listed] == ["nps"]
    assert "none below 3" in draft.doubts[0]


def test_the_short_name_of_a_grid_is_not_numbered_after_its_rows(tmp_path):
    draft, _ = drafted(tmp_path, made.plain())
    shorts = {question.id: question.short["en"] for question in draft.instrument.listed}
    assert shorts["where_do_you_buy"] == "Where do you buy"
