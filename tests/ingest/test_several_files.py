# ruff: noqa: E501 - tables are wide
"""Several files of one survey, and the two exports of Wenjuanxing of the same responses."""

from collections.abc import Callable
from pathlib import Path

import pytest

from survey import DataError, Instrument, Responses, UsageError, read_responses, screen
from tests.helpers import accounted, answers, missing, workbook
from tests.ingest.conftest import CANTEEN

ZH = """
| 序号 | 提交答卷时间     | 所用时间 | 来源 | 来自IP  | 您的饮食习惯? | 您喝什么? |
|------|------------------|----------|------|---------|---------------|-----------|
| 1    | 2026/4/3 9:05:07 | 312秒    | 微信 | 1.2.3.4 | 素食          | 茶┋牛奶   |
| 2    | 2026/4/3 9:06:07 | 95秒     | 微信 | 1.2.3.4 | 什么都吃      | 奶茶      |
"""
EN = """
| ID | Start time         | Completion time    | How do you eat? | What do you drink? |
|----|--------------------|--------------------|-----------------|--------------------|
| 1  | 2026-04-13 9:01:00 | 2026-04-13 9:05:07 | No meat         | Tea;Milk;          |
| 2  | 2026-04-14 9:01:00 | 2026-04-14 9:05:07 | Everything      |                    |
"""
NUMBER = """
| 序号 | 提交答卷时间     | 所用时间 | 来源 | 来自IP  | 1、您的饮食习惯? | 2、(茶) | 2、(奶茶) | 2、(牛奶) | 3、每月几次? |
|------|------------------|----------|------|---------|------------------|---------|-----------|-----------|--------------|
| 1    | 2026/4/3 9:05:07 | 312秒    | 微信 | 1.2.3.4 | 2                | 1       | 0         | 1         | 4            |
| 2    | 2026/4/3 9:06:07 | 95秒     | 微信 | 1.2.3.4 | 1                | 0       | 1         | 0         | -3           |
"""

ReadAll = Callable[..., Responses]


@pytest.fixture
def read_all(tmp_path: Path) -> ReadAll:
    def read_all(*tables: str, **options: object) -> Responses:
        paths = [
            workbook(tmp_path / f"{name}.xlsx", table) for name, table in zip("abcd", tables, strict=False)
        ]
        return read_responses(paths, CANTEEN, **options)  # type: ignore[arg-type]

    return read_all


def of(responses: Responses, key: str) -> list:
    return [problem for problem in responses.problems if problem.key == key]


def test_two_languages_become_one_code_set(read_all: ReadAll) -> None:
    responses = read_all(ZH, EN)
    assert answers(responses, "diet") == ["vegetarian", "everything"] * 2
    assert answers(responses, "drinks__milk") == [True, False, True, None]
    assert responses.meta["source"].tolist() == ["a.xlsx", "a.xlsx", "b.xlsx", "b.xlsx"]
    assert responses.meta["row"].tolist() == [2, 3, 2, 3]
    assert not of(responses, "files_twice")  # running numbers are no sign of a double answer
    assert responses.provenance.file_names == "a.xlsx, b.xlsx"
    counts = accounted(responses)
    assert counts.pop("read") == sum(counts.values()) == 14 + 10
    assert [problem.place.file for problem in of(responses, "question_absent")] == ["a.xlsx"] * 3 + [
        "b.xlsx"
    ] * 3


def test_who_stands_in_two_files_is_flagged_and_kept(read_all: ReadAll) -> None:
    responses = read_all(EN, {"Again": EN})  # other bytes
    assert len(responses) == 4
    (problem,) = of(responses, "files_twice")
    assert problem.values["count"] == 2
    assert "a.xlsx 2 = b.xlsx 2" in problem.text()


def test_one_device_in_two_files_is_one_device(read_all: ReadAll) -> None:
    later = ZH.replace("| 1.2.3.4 | 什么", "| 9.9.9.9 | 什么").replace("2026/4/3 9:05:07", "2026/4/3 9:06:30")
    responses = read_all(ZH, later)
    assert responses.meta["device"].tolist() == ["d1", "d1", "d1", "d2"]
    rows = screen(responses)[1].rows
    told = rows[rows["rule"] == "duplicate_device_time"]
    assert told[["source", "row"]].values.tolist() == [["a.xlsx", 3], ["b.xlsx", 2]]


def test_codes_of_devices_in_files_of_ours_are_those_of_their_file(read_all: ReadAll) -> None:
    one = "| device | diet |\n| d2 | other |\n| d1 | other |"
    assert read_all(one).meta["device"].tolist() == ["d2", "d1"]
    assert read_all(one, {"Again": one}).meta["device"].tolist() == ["d2", "d1", "d3", "d4"]
    assert read_all(ZH, one).meta["device"].tolist() == ["d1", "d1", "d2", "d3"]


def test_ids_of_a_platform_that_stand_in_two_files(read_all: ReadAll) -> None:
    responses = read_all("| id | diet |\n| R_a1 | other |", "| id | diet |\n| R_a1 | everything |")
    assert of(responses, "files_twice")[0].values["count"] == 1


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", EN)
    with pytest.raises(UsageError, match="once"):
        read_responses([path, path], CANTEEN)
    with pytest.raises(UsageError):
        read_responses([], CANTEEN)


def test_files_of_different_instruments_are_refused(tmp_path: Path) -> None:
    one = workbook(tmp_path / "a.xlsx", EN, says={"instrument": "executive-survey@1.0.0"})
    two = workbook(tmp_path / "b.xlsx", "| firm_type |\n| biotech |")
    changed = tmp_path / "own.yaml"
    changed.write_text(CANTEEN.read_text("utf-8").replace('version: "1.0.0"', 'version: "1.1.0"'), "utf-8")
    from survey.ingest.merging import merge

    with pytest.raises(DataError) as caught:
        merge([read_responses(one, CANTEEN), read_responses(two, "executive-survey@1.0.0")])
    assert [problem.key for problem in caught.value.problems] == ["files_differ"]
    with pytest.raises(DataError, match=r"canteen@1\.1\.0"):
        merge([read_responses(one, CANTEEN), read_responses(one, changed)])


def test_every_file_tells_its_bad_cells_at_once(read_all: ReadAll) -> None:
    with pytest.raises(DataError) as caught:
        read_all("| diet |\n| Fish |", "| diet |\n| Fowl |")
    assert [(problem.place.file, problem.place.cell) for problem in caught.value.problems] == [
        ("a.xlsx", "A2"),
        ("b.xlsx", "A2"),
    ]


@pytest.mark.parametrize("tables", [(ZH, NUMBER), (NUMBER, ZH)])
def test_text_and_number_of_one_survey_are_one(read_all: ReadAll, tables: tuple[str, str]) -> None:
    responses = read_all(*tables)
    assert len(responses) == 2
    assert answers(responses, "diet") == ["vegetarian", "everything"]
    assert answers(responses, "visits") == [4.0, None]  # only the numbers have it
    assert missing(responses, "visits") == ["", "skipped"]
    assert of(responses, "pair_joined")[0].values["count"] == 2
    counts = accounted(responses)
    assert counts.pop("read") == sum(counts.values()) == 14 + 20


def test_both_of_a_pair_are_among_the_files(read_all: ReadAll) -> None:
    assert read_all(ZH, NUMBER).provenance.file_names == "a.xlsx, b.xlsx"
    provenance = read_all(ZH, NUMBER, EN).provenance
    dialects = [(file.name, file.dialect) for file in provenance.files]
    assert dialects == [("a.xlsx", "wjx_text"), ("b.xlsx", "wjx_number"), ("c.xlsx", "msforms")]
    assert all(len(file.sha256) == 64 for file in provenance.files)


def test_where_text_and_number_disagree_both_addresses_are_told(read_all: ReadAll) -> None:
    wrong = NUMBER.replace(
        "| 2                | 1       | 0         | 1 ", "| 1                | 1       | 1         | 1 "
    )
    with pytest.raises(DataError) as caught:
        read_all(ZH, wrong)
    told = [(problem.key, problem.place.cell, problem.values["other"]) for problem in caught.value.problems]
    assert told == [("cell_pair_disagrees", "F2", "b.xlsx F2"), ("cell_pair_disagrees", "G2", "b.xlsx H2")]
    responses = read_all(ZH, wrong, set_aside=True)
    assert answers(responses, "diet") == [None, "everything"]
    assert missing(responses, "drinks__tea") == ["refused", ""]
    counts = accounted(responses)
    assert counts["refused unreadable_cell"] == 2
    assert counts.pop("read") == sum(counts.values())


def test_other_times_are_another_survey(read_all: ReadAll) -> None:
    responses = read_all(ZH, NUMBER.replace("2026/4/3", "2026/4/4"))
    assert len(responses) == 4


def test_a_response_in_one_of_the_two_only(read_all: ReadAll) -> None:
    responses = read_all(ZH, "\n".join(NUMBER.strip().splitlines()[:-1]))
    assert of(responses, "pair_rows_differ")[0].values["keys"] == ["2"]
    assert len(responses) == 2


def test_files_of_different_waves_are_refused(tmp_path: Path, canteen: Instrument) -> None:
    table = "| diet | visits |\n| other | 1 |"
    paths = [
        workbook(tmp_path / f"{wave}.xlsx", f"{table}\n| other | {number} |", says={"wave": wave})
        for number, wave in enumerate(("2026-04", "2026-04", "2027-04"))
        if number
    ]
    with pytest.raises(DataError) as caught:
        read_responses(paths, canteen)
    (problem,) = caught.value.problems
    assert (problem.key, problem.values["one"], problem.values["other"]) == (
        "files_of_waves",
        "2027-04",
        "2026-04",
    )
    alike = [
        workbook(tmp_path / f"{n}.xlsx", f"{table}\n| other | {n} |", says={"wave": "w"}) for n in (5, 6)
    ]
    assert read_responses(alike, canteen).provenance.wave == "w"


def test_what_is_lost_of_what_files_say_is_told(tmp_path: Path, canteen: Instrument) -> None:
    first = workbook(tmp_path / "a.xlsx", "| diet |\n| other |", says={"source": "Ours", "licence": "CC"})
    other = workbook(tmp_path / "b.xlsx", "| diet |\n| 1 |", says={"source": "Theirs", "licence": "CC"})
    responses = read_responses([first, other], canteen)
    told = [one.values["field"] for one in responses.problems if one.key == "files_say_otherwise"]
    assert told == ["source"]
    assert (responses.provenance.source, responses.provenance.licence) == ("", "CC")


def test_the_same_bytes_under_two_names_are_refused(tmp_path: Path, canteen: Instrument) -> None:
    path = workbook(tmp_path / "a.xlsx", "| id | diet |\n| 1 | other |")
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(path.read_bytes())
    with pytest.raises(DataError) as caught:
        read_responses([path, copy], canteen)
    assert [problem.key for problem in caught.value.problems] == ["files_same_bytes"]


def test_running_numbers_identify_nobody(tmp_path: Path, canteen: Instrument) -> None:
    files = [workbook(tmp_path / f"{n}.xlsx", f"| id | diet |\n| 1 | other |\n| 2 | {n} |") for n in (1, 2)]
    assert "ids_running" in {problem.key for problem in read_responses(files, canteen).problems}
    named = [workbook(tmp_path / f"{n}.xlsx", f"| id | diet |\n| R_{n} | other |") for n in (3, 4)]
    assert "ids_running" not in {problem.key for problem in read_responses(named, canteen).problems}
