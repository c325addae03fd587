"""Grids as platforms export them: a column per row, or one per row and option."""

import csv
import json

import pandas as pd
import pytest

import survey
from tests.paths import EXAMPLES

GRIDS = EXAMPLES / "grids.yaml"
ASKED, WHAT_FOR = "How often do you use these?", "What for?"
CHAT = "Chat on our web site, with a person"
FREQUENT = {"phone": ["Daily", "Never"], "mail": ["Weekly", "Daily"], "chat": ["Never", "Weekly"]}
ROWS = {"phone": "Phone", "mail": "E-mail", "chat": CHAT}
OPTIONS = {"orders": "Orders", "returns": "Returns", "other": "Other", "none": "Nothing"}
TICKED = {"phone": [["orders", "returns"], None], "mail": [["none"], None]}  # the second never phones

EXPECTED = {
    **{f"channels__{row}": [label.lower() for label in answers] for row, answers in FREQUENT.items()},
    **{
        f"reasons__{row}__{option}": [None if ticks is None else option in ticks for ticks in answers]
        for row, answers in TICKED.items()
        for option in OPTIONS
    },
}


def joined(row, separator=", "):
    return [separator.join(OPTIONS[one] for one in ticks) if ticks else "" for ticks in TICKED[row]]


def split(row, option, yes, no=""):
    return ["" if ticks is None else yes if option in ticks else no for ticks in TICKED[row]]


def google_forms():
    columns = {"Timestamp": ["2026/05/01 10:00:00", "2026/05/02 10:00:00"]}
    columns |= {f"{ASKED} [{ROWS[row]}]": cells for row, cells in FREQUENT.items()}
    columns |= {f"{WHAT_FOR} [{ROWS[row]}]": joined(row) for row in TICKED}
    return [list(columns), *zip(*columns.values(), strict=True)]


def survey_monkey():
    heads, seconds, columns = ["Respondent ID", "Collector ID"], ["", ""], [["1", "2"], ["7", "7"]]
    for row, cells in FREQUENT.items():
        heads.append(ASKED if row == "phone" else "")
        seconds.append(ROWS[row])
        columns.append(cells)
    for row in TICKED:
        for option, label in OPTIONS.items():
            heads.append(WHAT_FOR if (row, option) == ("phone", "orders") else "")
            seconds.append(f"{ROWS[row]} - {label}")
            columns.append(split(row, option, label))
    return [heads, seconds, *zip(*columns, strict=True)]


def lime_survey(full):
    columns = {("Response ID" if full else "id"): ["1", "2"]}
    columns |= {("Date submitted" if full else "submitdate"): ["2026-05-01 10:00:00"] * 2}
    columns |= {("Last page" if full else "lastpage"): ["3", "3"]}
    columns |= {("Start language" if full else "startlanguage"): ["en", "en"]}
    for row, cells in FREQUENT.items():
        columns[f"{ASKED} [{ROWS[row]}]" if full else f"Q1[{row}]"] = cells
    for row in TICKED:
        for option, label in OPTIONS.items():
            head = f"{WHAT_FOR} [{ROWS[row]}][{label}]" if full else f"Q2[{row}_{option}]"
            columns[head] = split(row, option, "Yes" if full else "Y", "No" if full else "N")
    return [list(columns), *zip(*columns.values(), strict=True)]


def qualtrics():
    tags, labels, ids = ["ResponseId", "Finished"], ["Response ID", "Finished"], ["_recordId", "finished"]
    columns = [["R_1", "R_2"], ["True", "True"]]
    for number, (row, cells) in enumerate(FREQUENT.items(), 1):
        tags.append(f"Q1_{number}")
        labels.append(f"{ASKED} - {ROWS[row]}")
        ids.append(f"QID1_{number}")
        columns.append(cells)
    for number, row in enumerate(TICKED, 1):
        for place, (option, label) in enumerate(OPTIONS.items(), 1):
            tags.append(f"Q2_{number}_{place}")
            labels.append(f"{WHAT_FOR} - {ROWS[row]} - {label}")
            ids.append(f"QID2_{number}_{place}")
            columns.append(split(row, option, label))
    imports = [json.dumps({"ImportId": one}) for one in ids]
    return [tags, labels, imports, *zip(*columns, strict=True)]


def qualtrics_joined():
    tags, labels = ["ResponseId", "Finished"], ["Response ID", "Finished"]
    columns = [["R_1", "R_2"], ["True", "True"]]
    for number, (row, cells) in enumerate(FREQUENT.items(), 1):
        tags.append(f"Q1_{number}")
        labels.append(f"{ASKED} - {ROWS[row]}")
        columns.append(cells)
    for number, row in enumerate(TICKED, 1):
        tags.append(f"Q2_{number}")
        labels.append(f"{WHAT_FOR} - {ROWS[row]}")
        columns.append(joined(row, ","))
    imports = [json.dumps({"ImportId": f"QID{place}"}) for place in range(len(tags))]
    return [tags, labels, imports, *zip(*columns, strict=True)]


CHINESE = {
    **{"Daily": "每天", "Weekly": "每周", "Never": "从不"},
    **{"Orders": "下单", "Returns": "退货", "Other": "其他", "Nothing": "都不"},
}
CHINESE_ROWS = {"phone": "电话", "mail": "电子邮件", "chat": "网站人工在线客服"}


def wenjuanxing(first_only):
    columns = {"序号": ["1", "2"], "提交答卷时间": ["2026/5/1 10:00:00"] * 2, "所用时间": ["60秒"] * 2}
    columns |= {"来源": ["微信"] * 2, "来自IP": ["1.1.1.1"] * 2}
    for stem, rows, cells in (
        ("1、您使用以下渠道的频率？", FREQUENT, FREQUENT),
        ("2、用于什么？", TICKED, {row: joined(row, "┋") for row in TICKED}),
    ):
        for place, row in enumerate(rows):
            behind = (
                f"{stem[:2]}{CHINESE_ROWS[row]}"  # the stem of a matrix may stand in its first column alone
            )
            head = behind if first_only and place else f"{stem}—{CHINESE_ROWS[row]}"
            texts = []
            for cell in cells[row]:
                words = [CHINESE[word] for word in cell.split("┋") if word]
                texts.append("┋".join(words) or "(跳过)")
            columns[head] = texts
    return [list(columns), *zip(*columns.values(), strict=True)]


def odk_central():
    columns = {"SubmissionDate": ["2026-05-01T10:00:00Z"] * 2}
    columns |= {
        f"channels-channels__{row}": [one.lower() for one in cells] for row, cells in FREQUENT.items()
    }
    for row, ticks in TICKED.items():
        columns[f"reasons-reasons__{row}"] = [" ".join(one or []) for one in ticks]
    columns |= {"meta-instanceID": ["uuid:1", "uuid:2"], "KEY": ["uuid:1", "uuid:2"]}
    columns |= {"SubmitterID": ["1", "1"], "FormVersion": ["1", "1"]}
    return [list(columns), *zip(*columns.values(), strict=True)]


def plain(pattern, part):
    columns = {pattern.format(q="Channels", row=ROWS[row]): cells for row, cells in FREQUENT.items()}
    for row in TICKED:
        for option, label in OPTIONS.items():
            head = part.format(q="Reasons", row=ROWS[row], option=label)
            columns[head] = split(row, option, "1", "0")
    return [list(columns), *zip(*columns.values(), strict=True)]


FORMS = {
    "google_forms": google_forms,
    "survey_monkey": survey_monkey,
    "lime_survey codes": lambda: lime_survey(full=False),
    "lime_survey full": lambda: lime_survey(full=True),
    "qualtrics": qualtrics,
    "qualtrics joined": qualtrics_joined,
    "wenjuanxing": lambda: wenjuanxing(first_only=False),
    "wenjuanxing, stem once": lambda: wenjuanxing(first_only=True),
    "odk": odk_central,
    "plain": lambda: plain("{q}: {row}", "{q}: {row}: {option}"),
    "brackets": lambda: plain("{q} [{row}]", "{q} [{row}] [{option}]"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_grid_is_read(form, tmp_path):
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(FORMS[form]())
    responses = survey.read_responses(path, GRIDS)
    for column, answers in EXPECTED.items():
        found = [None if pd.isna(value) else value for value in responses.data[column].tolist()]
        assert found == answers, column
    asked = responses.missing["reasons__mail__orders"].tolist()
    assert asked[1] == "not_asked", asked
