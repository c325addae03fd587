"""Numbers in place of answers are positions where the file bears it out; else the column is refused whole."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from survey import DataError, Responses, from_frame, read_responses
from survey.ingest.map_proposal import propose_map
from tests.helpers import accounted, answers, missing

INSTRUMENT = """
kind: survey
id: own
version: "1.0.0"
languages: [en]
title: {en: Own}
scales:
  five:
    points: [{value: 1, label: {en: Low}}, {value: 2, label: {en: Lower}}, {value: 3, label: {en: Middle}},
             {value: 4, label: {en: Higher}}, {value: 5, label: {en: High}}]
  nought:
    points: [{value: 0, label: {en: Never}}, {value: 1, label: {en: Once}}, {value: 2, label: {en: Often}}]
questions:
  - {id: size, kind: single, short: {en: Size}, text: {en: How large?}, options: [
      {id: small, label: {en: Small}}, {id: medium, label: {en: Medium}}, {id: large, label: {en: Large}}]}
  - {id: reads, kind: single, short: {en: Reads}, text: {en: Do you read?}, options: [
      {id: reads_not, label: {en: "No"}}, {id: reads_on, label: {en: "Yes"}}]}
  - {id: tools, kind: multiple, short: {en: Tools}, text: {en: Which tools?}, options: [
      {id: pen, label: {en: Pen}}, {id: phone, label: {en: Phone}}, {id: mail, label: {en: Mail}}]}
  - {id: worth, kind: rating, short: {en: Worth}, text: {en: How good is it?}, scale: five, items: [
      {id: food, label: {en: Food}}, {id: rooms, label: {en: Rooms}}]}
  - {id: often, kind: rating, short: {en: Often}, text: {en: How often?}, scale: nought, items: [
      {id: here, label: {en: Here}}, {id: there, label: {en: There}}]}
"""
# How platforms that write codes lay out one question: rows above the answers, cells before each of them.
QUALTRICS = "StartDate,EndDate,Status,Finished,ResponseId"
LAYOUTS: dict[str, tuple[Callable[[str, str], str], str]] = {
    "qualtrics": (
        lambda tags, labels: (
            f"{QUALTRICS},{tags}\n{QUALTRICS},{labels}\n"
            + ",".join('"{""ImportId"":""x""}"' for _ in range(5 + len(tags.split(","))))
        ),
        "2026-04-01 09:00:00,2026-04-01 09:10:00,IP Address,True,R_{n}",
    ),
    "redcap": (lambda tags, labels: f"record_id,redcap_event_name,{tags}", "{n},a"),
    "limesurvey": (
        lambda tags, labels: f"id,submitdate,lastpage,startlanguage,{tags}",
        "{n},2026-04-01 09:00:00,3,en",
    ),
    "wjx_number": (
        lambda tags, labels: f"序号,提交答卷时间,所用时间,来源,{tags}",
        "{n},2026/4/1 9:00:00,60秒,微信",
    ),
}
Read = Callable[..., Responses]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(INSTRUMENT, encoding="utf-8")
    return path


def export(tmp_path: Path, layout: str, tags: str, cells: list[str], labels: str = "") -> Path:
    head, before = LAYOUTS[layout]
    lines = [head(tags, labels or tags)]
    lines += [f"{before.format(n=number)},{cell}" for number, cell in enumerate(cells, 1)]
    path = tmp_path / "export.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def refused(path: Path, own: Path) -> list[tuple[str, str]]:
    """The faults of a whole column: key and question; with `set_aside` nothing of the question is left."""
    with pytest.raises(DataError) as caught:
        read_responses(path, own)
    return [(problem.key, problem.place.subject) for problem in caught.value.problems]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_codes_from_1_to_the_last_option_are_positions(tmp_path: Path, own: Path, layout: str) -> None:
    responses = read_responses(export(tmp_path, layout, "size", ["1", "3", "2", "", "3"]), own)
    assert answers(responses, "size") == ["small", "large", "medium", None, "large"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "cells", [["1", "2", "4"], ["1", "2", "1"], ["0", "1", "2"], ["1", "2", "3", "4"], ["10", "20", "30"]]
)
def test_other_codes_refuse_the_column(tmp_path: Path, own: Path, layout: str, cells: list[str]) -> None:
    path = export(tmp_path, layout, "size,worth__food", [f"{cell},5" for cell in (*cells, "")])
    assert refused(path, own) == [("codes_not_positions", "size")]
    responses = read_responses(path, own, set_aside=True)
    assert answers(responses, "size") == [None] * (len(cells) + 1)
    assert missing(responses, "size") == ["refused"] * len(cells) + ["empty"]
    assert answers(responses, "worth__food")[0] == 5
    counts = accounted(responses)
    assert counts["refused unreadable_cell"] == len(cells)
    assert counts.pop("read") == sum(counts.values())
    message = next(str(one) for one in responses.problems if one.key == "codes_not_positions")
    assert "3 options" in message
    assert "survey match" in message


KIDS = """
kind: survey
id: kids
version: "1.0.0"
languages: [en, zh]
title: {en: Kids, zh: 孩}
questions:
  - {id: kids, kind: single, short: {en: Kids, zh: 孩}, text: {en: How many children?, zh: 几个孩子？},
     options: [
      {id: none, label: {en: "0", zh: "0"}}, {id: one, label: {en: "1", zh: "1"}},
      {id: two, label: {en: "2", zh: "2"}},
      {id: more, label: {en: 3 or more, zh: 3个及以上}}]}
  - {id: branch, kind: single, short: {en: Branch, zh: 店}, text: {en: Which branch?, zh: 哪家？}, options: [
      {id: north, label: {en: North, zh: 北}}, {id: south, label: {en: South, zh: 南}}]}
"""


@pytest.fixture
def kids(tmp_path: Path) -> Path:
    path = tmp_path / "kids.yaml"
    path.write_text(KIDS, encoding="utf-8")
    return path


def plain(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "plain.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("cells", "options"),
    [
        (["0", "1", "2", "3 or more"], ["none", "one", "two", "more"]),
        (["0", "1", "2", "3"], ["none", "one", "two", "more"]),
        (["0", "1.0", "2", "3个及以上"], ["none", "one", "two", "more"]),
        (["1", "2", "2"], ["one", "two", "two"]),
        (["1", "2", "3 or more"], ["one", "two", "more"]),
    ],
)
def test_labels_that_are_numbers_go_before_positions(
    tmp_path: Path, kids: Path, cells: list[str], options: list[str]
) -> None:
    responses = read_responses(plain(tmp_path, "kids;branch", *(f"{cell};North" for cell in cells)), kids)
    assert answers(responses, "kids") == options


@pytest.mark.parametrize("layout", ["", "qualtrics", "redcap"])
@pytest.mark.parametrize("cells", [["1", "2", "3", "4"], ["1", "2", "3", "3"], ["2", "3", "4", "1"]])
def test_numbers_that_are_labels_of_some_and_places_of_all_are_refused(
    tmp_path: Path, kids: Path, layout: str, cells: list[str]
) -> None:
    rows = [f"{cell},North" for cell in cells]
    path = export(tmp_path, layout, "kids,branch", rows) if layout else plain(tmp_path, "kids,branch", *rows)
    assert refused(path, kids) == [("codes_against_labels", "kids")]
    responses = read_responses(path, kids, set_aside=True)
    assert answers(responses, "kids") == [None] * 4
    told = next(one for one in responses.problems if one.key == "codes_against_labels")
    assert "'1' is the label of 'one'" in told.text()
    assert "“1”是“one”的标签" in told.text("zh")
    meant = {"1": "none", "2": "one", "3": "two", "4": "more"}
    by_hand = tmp_path / "map.yaml"
    by_hand.write_text('values: {kids: {"1": none, "2": one, "3": two, "4": more}}', encoding="utf-8")
    responses = read_responses(path, kids, mapping=by_hand)
    assert answers(responses, "kids") == [meant[cell] for cell in cells]


def test_in_an_export_by_code_a_number_that_is_a_label_too_is_no_evidence(tmp_path: Path, kids: Path) -> None:
    words = export(tmp_path, "qualtrics", "kids,branch", ["1,North", "2,South", "1,North"])
    assert answers(read_responses(words, kids), "kids") == ["one", "two", "one"]
    codes = export(tmp_path, "qualtrics", "kids,branch", ["1,1", "2,2", "1,1"])
    assert refused(codes, kids) == [("codes_or_labels", "kids")]
    with_nought = export(tmp_path, "qualtrics", "kids,branch", ["0,1", "2,2", "1,1"])
    assert answers(read_responses(with_nought, kids), "kids") == ["none", "two", "one"]


def test_codes_in_a_plain_table_are_refused_in_one_line(tmp_path: Path, own: Path) -> None:
    for cells in (["1", "2", "3"], ["1.0", "2.0", "3.0"], ["0", "1", "2"], ["3", "3", ""]):
        path = plain(tmp_path, "size;worth__food", *(f"{cell};5" for cell in cells))
        assert refused(path, own) == [("codes_without_labels", "size")]
    responses = read_responses(path, own, set_aside=True)
    assert answers(responses, "size") == [None] * 3
    assert missing(responses, "size") == ["refused", "refused", "empty"]
    text = propose_map(plain(tmp_path, "size;worth__food", "1;5", "2;5", "3;5"), own)
    assert '    # "3": large' in text
    joined = plain(tmp_path, "tools", '"1,2"', "3", '"1,3"')
    with pytest.raises(DataError) as caught:
        read_responses(joined, own)
    assert [one.key for one in caught.value.problems if one.key != "no_answers"] == ["codes_without_labels"]
    mixed = plain(tmp_path, "size", "Small", "2", "Large")  # one among words is the fault of its cell
    with pytest.raises(DataError, match="cell A3"):
        read_responses(mixed, own)


def test_numbers_in_place_of_an_other_are_codes(tmp_path: Path) -> None:
    instrument = tmp_path / "other.yaml"
    instrument.write_text(
        KIDS.replace("{id: south,", "{id: other, text: true, label: {en: Other, zh: 其他}}, {id: south,")
    )
    path = plain(tmp_path, "Timestamp,Which branch?", *(f"2027/3/1 10:00:0{n},{n}" for n in (1, 2, 3)))
    with pytest.raises(DataError) as caught:
        read_responses(path, instrument)
    assert [one.key for one in caught.value.problems if one.key != "no_answers"] == ["codes_without_labels"]


def test_a_map_says_what_codes_are_and_match_writes_it_to_confirm(tmp_path: Path, own: Path) -> None:
    path = export(tmp_path, "qualtrics", "size", ["1", "2", "4", "4"])
    text = propose_map(path, own)
    for line in ('    # "1": small', '    # "2": medium', '    # "4": large'):
        assert line in text
    confirmed = tmp_path / "map.yaml"
    confirmed.write_text(text.replace('    # "', '    "'), encoding="utf-8")
    responses = read_responses(path, own, mapping=confirmed)
    assert answers(responses, "size") == ["small", "medium", "large", "large"]


def test_labels_beside_numbers_are_the_better_evidence(tmp_path: Path, own: Path) -> None:
    path = export(tmp_path, "qualtrics", "size", ["Small", "2", "Large", "Medium"])
    with pytest.raises(DataError) as caught:
        read_responses(path, own)
    assert [problem.key for problem in caught.value.problems] == ["cell_not_option"]


@pytest.mark.parametrize("layout", ["redcap", "qualtrics", "wjx_number"])
def test_yes_and_no_as_1_and_0(tmp_path: Path, own: Path, layout: str) -> None:
    responses = read_responses(export(tmp_path, layout, "reads", ["1", "0", "1"]), own)
    assert answers(responses, "reads") == ["reads_on", "reads_not", "reads_on"]
    assert refused(export(tmp_path, layout, "reads", ["1", "1", "1"]), own) == [
        ("codes_not_positions", "reads")
    ]


def test_joined_codes(tmp_path: Path, own: Path) -> None:
    responses = read_responses(export(tmp_path, "qualtrics", "tools", ['"1,3"', "2", '"2,3"']), own)
    assert answers(responses, "tools__mail") == [True, False, True]
    for cells in (['"1,4"', "2", "1"], ['"1,2"', "2"], ['"0,1,2"', "1"]):
        assert refused(export(tmp_path, "qualtrics", "tools", cells), own) == [
            ("codes_not_positions", "tools")
        ]


@pytest.mark.parametrize(
    ("layout", "tags"), [("redcap", "tools___{}"), ("qualtrics", "tools_{}"), ("limesurvey", "tools[SQ00{}]")]
)
def test_numbered_columns_are_parts_from_1_to_the_last_only(
    tmp_path: Path, own: Path, layout: str, tags: str
) -> None:
    yes = {"limesurvey": "Y"}.get(layout, "1")
    no = {"limesurvey": "", "qualtrics": ""}.get(layout, "0")
    cells = [f"{yes},{no},{no}", f"{no},{yes},{no}", f"{no},{yes},{yes}"]
    head = ",".join(tags.format(number) for number in (1, 2, 3))
    responses = read_responses(export(tmp_path, layout, head, cells, labels=head), own)
    assert answers(responses, "tools__phone") == [False, True, True]
    for numbers in ((0, 1, 2), (1, 2, 4), (2, 3, 4)):
        head = ",".join(tags.format(number) for number in numbers)
        path = export(tmp_path, layout, head, cells, labels=head)
        assert refused(path, own) == [("parts_not_positions", "tools")]
        by_hand = tmp_path / "map.yaml"
        lines = [
            f'  "{tag}": tools__{part}'
            for tag, part in zip(head.split(","), ("pen", "phone", "mail"), strict=True)
        ]
        by_hand.write_text("columns:\n" + "\n".join(lines), encoding="utf-8")
        assert answers(read_responses(path, own, mapping=by_hand), "tools__phone") == [False, True, True]
        proposed = propose_map(path, own)
        assert all(f'  # "{tag}": tools__' in proposed for tag in head.split(","))


def test_a_label_row_is_never_overruled_by_a_number(tmp_path: Path, own: Path) -> None:
    """The third option was reworded: its column is told as unknown, not read as what its number says."""
    labels = "Which tools? - Phone,Which tools? - Mail,Which tools? - Letters"
    path = export(tmp_path, "qualtrics", "tools_1,tools_2,tools_3", ["1,,", ",1,", ",,1"], labels=labels)
    responses = read_responses(path, own)
    assert answers(responses, "tools__phone") == [True, False, False]
    assert answers(responses, "tools__mail") == [False, True, False]
    assert answers(responses, "tools__pen") == [None, None, None]
    (told,) = [one for one in responses.problems if one.key.startswith("column_unmatched")]
    assert told.values["header"] == "tools_3"


@pytest.mark.parametrize("layout", ["redcap", "qualtrics", "limesurvey"])
def test_numbers_off_the_scale_refuse_the_battery_of_a_platform(
    tmp_path: Path, own: Path, layout: str
) -> None:
    path = export(tmp_path, layout, "worth__food,worth__rooms,often__here", ["1,2,1", "2,4,1", "6,5,1"])
    assert refused(path, own) == [("codes_not_scale", "worth")]
    responses = read_responses(path, own, set_aside=True)
    assert answers(responses, "worth__food") == answers(responses, "worth__rooms") == [None, None, None]


def test_one_number_off_the_scale_in_a_table_of_no_platform_is_one_bad_cell(
    tmp_path: Path, own: Path
) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("id,worth__food\n1,5\n2,6\n3,1\n", encoding="utf-8")
    responses = read_responses(path, own, set_aside=True)
    assert answers(responses, "worth__food") == [5, None, 1]


@pytest.mark.parametrize(("codes", "says"), [("01234", "0-4"), ("23456", "2-6")])
def test_a_scale_that_is_shifted_throughout_is_refused_anywhere(
    tmp_path: Path, own: Path, codes: str, says: str
) -> None:
    path = tmp_path / "plain.csv"
    path.write_text(
        "id,worth__food,worth__rooms\n" + "\n".join(f"{n},{c},{c}" for n, c in enumerate(codes * 2))
    )
    assert refused(path, own) == [("codes_not_scale", "worth")]
    with pytest.raises(DataError, match=f"coded {says}, and the points of the scale are 1-5"):
        read_responses(path, own)


def test_positions_on_a_scale_from_0_only_where_all_are_used(tmp_path: Path, own: Path) -> None:
    tags = "1、How often?—Here,1、There"
    as_positions = read_responses(export(tmp_path, "wjx_number", tags, ["1,3", "2,2"]), own)
    assert answers(as_positions, "often__here") == [0, 1]
    as_values = read_responses(export(tmp_path, "wjx_number", tags, ["0,2", "1,2"]), own)
    assert answers(as_values, "often__here") == [0, 1]
    assert refused(export(tmp_path, "wjx_number", tags, ["1,2", "2,2"]), own) == [
        ("codes_not_scale", "often")
    ]


def test_two_codes_in_tick_columns_say_nothing(tmp_path: Path, own: Path) -> None:
    """1 not chosen and 2 chosen, or 1 yes and 2 no: `set_aside` must not make it 100 %."""
    path = tmp_path / "ticks.csv"
    path.write_text(
        "id,size,tools__pen,tools__phone,tools__mail\n1,Small,1,2,1\n2,Large,2,1,1\n3,Small,1,1,1\n"
    )
    assert refused(path, own) == [("ticks_two_codes", "tools")]
    responses = read_responses(path, own, set_aside=True)
    for part in ("pen", "phone", "mail"):
        assert answers(responses, f"tools__{part}") == [None] * 3
    by_hand = tmp_path / "map.yaml"
    by_hand.write_text('values: {tools: {"1": unticked, "2": ticked}}', encoding="utf-8")
    responses = read_responses(path, own, mapping=by_hand)
    assert answers(responses, "tools__pen") == [False, True, False]
    assert answers(responses, "tools__mail") == [False] * 3


def test_a_two_beside_ones_and_zeros_is_one_bad_cell(tmp_path: Path, own: Path) -> None:
    path = tmp_path / "ticks.csv"
    path.write_text("id,tools__pen,tools__phone\n1,1,0\n2,0,1\n3,2,1\n")
    responses = read_responses(path, own, set_aside=True)
    assert answers(responses, "tools__pen") == [True, False, None]
    assert answers(responses, "tools__phone") == [False, True, True]


def test_an_option_ticked_by_its_own_code(tmp_path: Path, own: Path) -> None:
    labels = "Which tools? - Pen,Which tools? - Phone,Which tools? - Mail"
    path = export(tmp_path, "qualtrics", "QA,QB,QC", ["1,,7", ",4,", "1,,7"], labels=labels)
    responses = read_responses(path, own)
    assert answers(responses, "tools__mail") == [True, False, True]
    assert answers(responses, "tools__phone") == [False, True, False]


@pytest.mark.parametrize("suffix", ["", ".0"])
def test_0_and_1_are_no_and_yes_in_a_plain_table(tmp_path: Path, own: Path, suffix: str) -> None:
    path = tmp_path / "plain.csv"
    cells = [f"{code}{suffix}" if code else "" for code in ("1", "0", "", "1")]
    path.write_text("id,reads,size\n" + "\n".join(f"{n},{cell},Small" for n, cell in enumerate(cells, 1)))
    assert answers(read_responses(path, own), "reads") == ["reads_on", "reads_not", None, "reads_on"]


def test_0_and_1_are_no_and_yes_in_a_frame(own: Path) -> None:
    for values in ([1, 0, 1], [1.0, 0.0, None], [True, False, True], ["1.0", "0", "1"]):
        frame = pd.DataFrame({"reads": values})
        expected = ["reads_on", "reads_not", None if values[2] is None else "reads_on"]
        assert answers(from_frame(frame, own), "reads") == expected


@pytest.mark.parametrize("cells", [["1.0", "2.0"], ["1", "2"], ["1.0", "1"], ["0", "0"], ["0", "1", "2"]])
def test_other_codes_of_a_yes_and_no_refuse_the_column_of_a_plain_table(
    tmp_path: Path, own: Path, cells: list[str]
) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("id,reads,size\n" + "\n".join(f"{n},{cell},Small" for n, cell in enumerate(cells, 1)))
    assert refused(path, own) == [("codes_not_yes_no", "reads")]
    responses = read_responses(path, own, set_aside=True)
    assert answers(responses, "reads") == [None] * len(cells)
    assert missing(responses, "reads") == ["refused"] * len(cells)
    counts = accounted(responses)
    assert counts.pop("read") == sum(counts.values())
    assert "  reads:" in propose_map(path, own)
    confirmed = tmp_path / "map.yaml"
    codes = "".join(f'    "{code}": reads_on\n' for code in dict.fromkeys(cells))
    confirmed.write_text(f"instrument: own@1.0.0\nvalues:\n  reads:\n{codes}")
    mapped = read_responses(path, own, mapping=confirmed)
    assert answers(mapped, "reads") == ["reads_on"] * len(cells)


def test_a_number_beside_yes_and_no_is_refused_by_itself(tmp_path: Path, own: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("id,reads,size\n1,Yes,Small\n2,1.0,Small\n3,No,Small")
    assert refused(path, own) == [("cell_not_option", "reads")]
