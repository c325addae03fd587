"""One set of true answers, and how each platform writes it: rules typed by hand, nothing of the reader's."""

from collections.abc import Callable
from typing import Any, NamedTuple

Rows = list[list[Any]]


class Answer(NamedTuple):
    """What one respondent answered; None is no answer, an empty list does not occur."""

    member: str | None = None
    member_text: str | None = None
    sports: list[str] | None = None
    sports_text: str | None = None
    courts: int | None = None
    people: int | None = None
    visits: float | None = None
    remark: str | None = None


TRUTH = [
    Answer("full", None, ["ball"], None, 1, 2, 3, "Fine"),
    Answer("guest", None, ["ball", "ball_indoor"], None, 3, 3, 0, "None"),
    Answer("other", "Friend of the house", ["run"], None, 2, 1, 12.5, "NA"),
    Answer("full", None, ["none"], None, 1, 1, 1, None),
    Answer("full", None, ["ball", "run", "other"], "Chess boxing", 2, 2, 7, "a, b; c"),
    Answer(None, None, ["run"], None, 3, None, None, None),
    Answer("guest", None, None, None, None, 2, 4, "好"),
    Answer("guest", None, ["ball_indoor"], None, None, None, 30, "2026"),
    Answer("other", "赞助商", ["other"], "太极拳", 1, 3, 2, None),
    Answer("full", None, ["ball", "ball_indoor", "run"], None, 2, 3, 5, "0"),
    Answer(None, None, None, None, 2, 2, None, "only this"),
    Answer("guest", None, ["ball", "run"], None, 3, 1, 9, "ok"),
]

MEMBER = {
    "full": ("Full, with vote", "正式会员，有投票权"),
    "guest": ("Guest", "嘉宾"),
    "other": ("Other", "其他"),
}
SPORTS = {
    "ball": ("Ball games (football, tennis)", "球类(足球、网球)"),
    "ball_indoor": ("Ball games, indoor", "球类、室内"),
    "run": ("Running / walking", "跑步/步行"),
    "other": ("Other sport", "其他运动"),
    "none": ("None of these", "以上都不是"),
}
WORTH = {1: ("Not at all", "完全不"), 2: ("A little", "有一点"), 3: ("Very much", "非常")}
Q_MEMBER = ("What kind of member are you?", "您是哪类会员？")
Q_SPORTS = ("Which sports do you play (all that apply)?", "您参加哪些运动（可多选）？")
Q_VALUE = ("How much do you value each?", "您对以下各项的看重程度？")
COURTS, PEOPLE = ("Courts (clay, grass)", "场地(红土、草地)"), ("People", "会员")
Q_VISITS = ("How often a month do you come?", "您每月来几次？")
Q_REMARK = ("What else?", "还有什么想说的？")
KINDS, ORDER = list(MEMBER), list(SPORTS)


def label(words: dict[Any, tuple[str, str]], code: Any, lang: int) -> str | None:
    return None if code is None else words[code][lang]


def ticked(answer: Answer, sport: str, yes: Any, no: Any, gone: Any = None) -> Any:
    return gone if answer.sports is None else yes if sport in answer.sports else no


def wjx_text() -> Rows:
    head = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
    rows: Rows = [
        [
            *head,
            f"1、{Q_MEMBER[1]}",
            f"2、{Q_SPORTS[1]}",
            f"3、{Q_VALUE[1]}—{COURTS[1]}",
            f"3、{PEOPLE[1]}",
            f"4、{Q_VISITS[1]}",
            f"5、{Q_REMARK[1]}",
        ]
    ]
    for number, one in enumerate(TRUTH, 1):
        member = label(MEMBER, one.member, 1) or "(跳过)"
        if one.member_text:
            member += f"〖{one.member_text}〗"
        sports = "┋".join(SPORTS[sport][1] for sport in one.sports or ()) or "(空)"
        if one.sports_text:
            sports = sports.replace("其他运动", f"其他运动〖{one.sports_text}〗")
        about = [
            number,
            f"2026/4/{number} 9:05:03",
            f"{100 + number}秒",
            "手机提交",
            "直接访问",
            f"10.0.0.{number}(广东-深圳)",
        ]
        values = [label(WORTH, one.courts, 1) or "(空)", label(WORTH, one.people, 1) or "(空)"]
        rows.append(
            [*about, member, sports, *values, one.visits if one.visits is not None else "(空)", one.remark]
        )
    return rows


def wjx_number() -> Rows:
    head = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
    options = [f"2、({SPORTS[sport][1]})" for sport in ORDER]
    options.insert(4, "2、(其他运动:)")
    rows: Rows = [
        [
            *head,
            f"1、{Q_MEMBER[1]}",
            *options,
            f"3、{Q_VALUE[1]}—{COURTS[1]}",
            f"3、{PEOPLE[1]}",
            f"4、{Q_VISITS[1]}",
            f"5、{Q_REMARK[1]}",
            "其他（会员）",
        ]
    ]
    rows[0][-1] = f"{Q_MEMBER[1]} 其他 text"
    for number, one in enumerate(TRUTH, 1):
        ticks = [ticked(one, sport, 1, 0, -2) for sport in ORDER]
        ticks.insert(4, one.sports_text)
        member = KINDS.index(one.member) + 1 if one.member else -3
        about = [
            number,
            f"2026/4/{number} 9:05:03",
            f"{100 + number}秒",
            "手机提交",
            "直接访问",
            f"10.0.0.{number}(广东-深圳)",
        ]
        values = [one.courts or -2, one.people or -2]
        rows.append(
            [
                *about,
                member,
                *ticks,
                *values,
                one.visits if one.visits is not None else -2,
                one.remark,
                one.member_text,
            ]
        )
    return rows


def tencent() -> Rows:
    head = [
        "编号",
        "开始答题时间",
        "结束答题时间",
        "答题时长",
        "地理位置国家和地区",
        "地理位置省",
        "地理位置市",
        "自定义字段",
    ]
    asked = [
        f"1.{Q_MEMBER[1]}",
        f"2.{Q_SPORTS[1]}",
        f"3.{Q_VALUE[1]}:{COURTS[1]}",
        f"3.{Q_VALUE[1]}:{PEOPLE[1]}",
    ]
    rows: Rows = [
        [*head, *asked, f"4.{Q_VISITS[1]}", f"5.{Q_REMARK[1]}", f"{Q_SPORTS[1]} 其他运动 text", None]
    ]
    for number, one in enumerate(TRUTH, 1):
        about = [
            number,
            f"{number:02}-Apr-2026 09:01:00",
            f"{number:02}-Apr-2026 09:05:03",
            243,
            "中国",
            "广东",
            "深圳",
            None,
        ]
        member = one.member_text or label(MEMBER, one.member, 1)
        sports = "\n".join(SPORTS[sport][1] for sport in one.sports or ()) or None
        values = [label(WORTH, one.courts, 1), label(WORTH, one.people, 1)]
        rows.append([*about, member, sports, *values, one.visits, one.remark, one.sports_text, None])
    return rows


def wenjuanwang() -> Rows:
    """All_Data_Readable.csv: what is known of it, the rest guessed; a column per option and per row."""
    options = [f"Q2_{Q_SPORTS[1]}_{SPORTS[sport][1]}" for sport in ORDER]
    value = [f"Q3_{Q_VALUE[1]}_{COURTS[1]}", f"Q3_{Q_VALUE[1]}_{PEOPLE[1]}"]
    head = ["序号", "开始时间", "结束时间", "答题时长", "IP", f"Q1_{Q_MEMBER[1]}"]
    rows: Rows = [
        [*head, *options, f"{Q_SPORTS[1]} 其他运动 text", *value, f"Q4_{Q_VISITS[1]}", f"Q5_{Q_REMARK[1]}"]
    ]
    for number, one in enumerate(TRUTH, 1):
        day = f"2026-04-{number:02}"
        about = [number, f"{day} 09:01:00", f"{day} 09:05:03", "4分3秒", "10.0.0.1"]
        ticks = [ticked(one, sport, SPORTS[sport][1], None) for sport in ORDER]
        values = [label(WORTH, one.courts, 1), label(WORTH, one.people, 1)]
        member = one.member_text or label(MEMBER, one.member, 1)
        rows.append([*about, member, *ticks, one.sports_text, *values, one.visits, one.remark])
    return rows


def _forms(lang: int, separator: str, trailing: str, stem: str) -> tuple[list[str], Rows]:
    head = [
        Q_MEMBER[lang],
        Q_SPORTS[lang],
        stem.format(Q_VALUE[lang], COURTS[lang]),
        stem.format(Q_VALUE[lang], PEOPLE[lang]),
        Q_VISITS[lang],
        Q_REMARK[lang],
    ]
    rows: Rows = []
    for one in TRUTH:
        member = one.member_text or label(MEMBER, one.member, lang)
        chosen = [one.sports_text if sport == "other" else SPORTS[sport][lang] for sport in one.sports or ()]
        sports = separator.join(str(one) for one in chosen) + trailing if chosen else None
        values = [label(WORTH, one.courts, lang), label(WORTH, one.people, lang)]
        rows.append([member, sports, *values, one.visits, one.remark])
    return head, rows


def msforms(lang: int = 0) -> Rows:
    head, rows = _forms(lang, ";", ";", "{0}.{1}")
    about = (
        ["ID", "Start time", "Completion time", "Email", "Name"],
        ["ID", "开始时间", "完成时间", "电子邮件", "姓名"],
    )[lang]
    return [
        [*about, *head, f"Points - {head[0]}"],
        *(
            [
                number,
                f"4/{number + 12}/26 9:01:00",
                f"4/{number + 12}/26 9:05:03",
                "a@example.org",
                "A",
                *row,
                0,
            ]
            for number, row in enumerate(rows, 1)
        ),
    ]


def googleforms() -> Rows:
    head, rows = _forms(0, ", ", "", "{0} [{1}]")
    return [
        ["Timestamp", "Email Address", *head],
        *([f"4/{number}/2026 9:05:03", "a@example.org", *row] for number, row in enumerate(rows, 1)),
    ]


def _qualtrics(*, numeric: bool, split: bool, one_row: bool) -> Rows:
    meta = [
        "StartDate",
        "EndDate",
        "Status",
        "IPAddress",
        "Progress",
        "Duration (in seconds)",
        "Finished",
        "RecordedDate",
        "ResponseId",
        "RecipientLastName",
        "DistributionChannel",
        "UserLanguage",
    ]
    tags, labels = ["Q1", "Q1_3_TEXT"], [f"{Q_MEMBER[0]} - Selected Choice", f"{Q_MEMBER[0]} - Other - Text"]
    if split:
        tags += [f"Q2_{place}" for place in range(1, 6)]
        labels += [f"{Q_SPORTS[0]} - Selected Choice - {SPORTS[sport][0]}" for sport in ORDER]
    else:
        tags, labels = [*tags, "Q2"], [*labels, f"{Q_SPORTS[0]} - Selected Choice"]
    tags += ["Q2_4_TEXT", "Q3_1", "Q3_2", "Q4", "Q5"]
    labels += [
        f"{Q_SPORTS[0]} - Other sport - Text",
        f"{Q_VALUE[0]} - {COURTS[0]}",
        f"{Q_VALUE[0]} - {PEOPLE[0]}",
        Q_VISITS[0],
        Q_REMARK[0],
    ]
    ids = [f'{{"ImportId":"QID{place}"}}' for place in range(len(meta) + len(tags))]
    named = labels if one_row else tags
    rows: Rows = [[*meta, *named]]
    if not one_row:
        rows += [[*(f"{name} said" for name in meta), *labels], list(ids)]
    for number, one in enumerate(TRUTH, 1):
        about = [
            f"2026-04-{number:02} 09:01:00",
            f"2026-04-{number:02} 09:05:03",
            0 if numeric else "IP Address",
            f"10.0.0.{number}",
            100,
            243,
            1 if numeric else "True",
            f"2026-04-{number:02} 09:05:04",
            f"R_{number:015}",
            None,
            "anonymous",
            "EN",
        ]
        place = KINDS.index(one.member) + 1 if one.member else None
        member = place if numeric else label(MEMBER, one.member, 0)
        if split:
            sports = [ticked(one, sport, 1 if numeric else SPORTS[sport][0], None) for sport in ORDER]
        elif numeric:
            sports = [",".join(str(ORDER.index(sport) + 1) for sport in one.sports or ()) or None]
        else:
            sports = [",".join(SPORTS[sport][0] for sport in one.sports or ()) or None]
        values = [value if numeric else label(WORTH, value, 0) for value in (one.courts, one.people)]
        rows.append(
            [*about, member, one.member_text, *sports, one.sports_text, *values, one.visits, one.remark]
        )
    return rows


def surveymonkey() -> Rows:
    meta = [
        "Respondent ID",
        "Collector ID",
        "Start Date",
        "End Date",
        "IP Address",
        "Email Address",
        "First Name",
        "Last Name",
        "Custom Data 1",
    ]
    gaps: list[Any] = [None] * len(meta)
    rows: Rows = [
        [
            *meta,
            Q_MEMBER[0],
            None,
            Q_SPORTS[0],
            None,
            None,
            None,
            None,
            Q_VALUE[0],
            None,
            Q_VISITS[0],
            Q_REMARK[0],
        ],
        [
            *gaps,
            "Response",
            "Other",
            *(SPORTS[sport][0] for sport in ORDER),
            COURTS[0],
            PEOPLE[0],
            "Open-Ended Response",
            "Open-Ended Response",
        ],
    ]
    for number, one in enumerate(TRUTH, 1):
        about = [
            f"1180000000{number:02}",
            "400",
            46113.375 + number,
            46113.5 + number,
            "10.0.0.1",
            None,
            None,
            None,
            None,
        ]
        sports = [
            one.sports_text if sport == "other" else ticked(one, sport, SPORTS[sport][0], None)
            for sport in ORDER
        ]
        values = [label(WORTH, one.courts, 0), label(WORTH, one.people, 0)]
        rows.append(
            [*about, label(MEMBER, one.member, 0), one.member_text, *sports, *values, one.visits, one.remark]
        )
    return rows


def _kobo(*, labels: bool, joined: bool, split: bool, texts: bool = False) -> Rows:
    def head(name: str, question: tuple[str, str]) -> str:
        return question[0] if labels else f"about/{name}"

    sports = head("sports", Q_SPORTS)
    columns = [head("member", Q_MEMBER), "about/member_other"]
    if joined:
        columns.append(sports)
    if split:
        columns += [f"{sports}/{SPORTS[sport][0] if labels else sport}" for sport in ORDER]
    columns += [f"{sports}_other"] if not labels else [f"{sports} Other sport text"]
    columns += (
        [f"{Q_VALUE[0]}/{COURTS[0]}", f"{Q_VALUE[0]}/{PEOPLE[0]}"]
        if labels
        else ["value/courts", "value/people"]
    )
    columns += [head("visits", Q_VISITS), head("remark", Q_REMARK)]
    rows: Rows = [
        ["start", "end", *columns, "_id", "_uuid", "_submission_time", "_validation_status", "_index"]
    ]
    for number, one in enumerate(TRUTH, 1):
        row: list[Any] = [
            f"2026-04-{number:02}T09:01:00.123+08:00",
            f"2026-04-{number:02}T09:05:00.000+08:00",
        ]
        row += [label(MEMBER, one.member, 0) if labels else one.member, one.member_text]
        if joined:
            said = [SPORTS[sport][0] if labels else sport for sport in one.sports or ()]
            row.append(" ".join(said) or None)
        if split:
            ticks = [ticked(one, sport, 1, 0) for sport in ORDER]
            row += [None if tick is None else str(tick) if texts else tick for tick in ticks]
        row.append(one.sports_text)
        row += [label(WORTH, value, 0) if labels else value for value in (one.courts, one.people)]
        row += [
            one.visits,
            one.remark,
            7000 + number,
            f"uuid-{number:08}",
            f"2026-04-{number:02}T01:05:04",
            None,
            number,
        ]
        rows.append(row)
    return rows


def _limesurvey(*, full: bool) -> Rows:
    codes = [
        "id",
        "submitdate",
        "lastpage",
        "startlanguage",
        "seed",
        "member",
        "member[other]",
        *(f"sports[SQ00{place}]" for place in (1, 2, 3)),
        "sports[other]",
        "sports[SQ005]",
        "value[SQ001]",
        "value[SQ002]",
        "visits",
        "remark",
    ]
    texts = [
        "Response ID",
        "Date submitted",
        "Last page",
        "Start language",
        "Seed",
        Q_MEMBER[0],
        f"{Q_MEMBER[0]} [Other]",
        *(f"{Q_SPORTS[0]} [{SPORTS[sport][0]}]" for sport in ORDER),
        f"{Q_VALUE[0]} [{COURTS[0]}]",
        f"{Q_VALUE[0]} [{PEOPLE[0]}]",
        Q_VISITS[0].replace("?", "-"),
        Q_REMARK[0],
    ]
    rows: Rows = [texts if full else codes]
    for number, one in enumerate(TRUTH, 1):
        about = [number, f"2026-04-{number:02} 09:05:03", 3, "en", 12345]
        if full:
            member = label(MEMBER, one.member, 0)
            ticks: list[Any] = [ticked(one, sport, "Yes", "No", "N/A") for sport in ORDER]
            values = [label(WORTH, value, 0) for value in (one.courts, one.people)]
        else:
            member = "-oth-" if one.member_text else f"A{KINDS.index(one.member) + 1}" if one.member else None
            ticks = [ticked(one, sport, "Y", None) for sport in ORDER]
            values = [f"A{value}" if value else None for value in (one.courts, one.people)]
        if one.sports_text:
            ticks[3] = one.sports_text
        rows.append([*about, member, one.member_text, *ticks, *values, one.visits, one.remark])
    return rows


def _redcap(*, labels: bool) -> Rows:
    if labels:
        head = [
            "Record ID",
            Q_MEMBER[0],
            f"{Q_MEMBER[0]} Other text",
            *(f"{Q_SPORTS[0]} (choice={SPORTS[sport][0]})" for sport in ORDER),
            f"{Q_SPORTS[0]} Other sport text",
            f"{Q_VALUE[0]} {COURTS[0]}",
            f"{Q_VALUE[0]} {PEOPLE[0]}",
            Q_VISITS[0],
            Q_REMARK[0],
            "Complete?",
        ]
    else:
        head = [
            "record_id",
            "member",
            "member__other__text",
            *(f"sports___{place}" for place in range(1, 6)),
            "sports__other__text",
            "value_courts",
            "value_people",
            "visits",
            "remark",
            "club_complete",
        ]
    rows: Rows = [head]
    for number, one in enumerate(TRUTH, 1):
        member = (
            label(MEMBER, one.member, 0) if labels else KINDS.index(one.member) + 1 if one.member else None
        )
        yes, no = ("Checked", "Unchecked") if labels else (1, 0)
        ticks = [ticked(one, sport, yes, no) for sport in ORDER]
        values = [label(WORTH, value, 0) if labels else value for value in (one.courts, one.people)]
        done = "Complete" if labels else 2
        rows.append(
            [number, member, one.member_text, *ticks, one.sports_text, *values, one.visits, one.remark, done]
        )
    return rows


def googleforms_in(lang: int, head: list[str], moment: str) -> Rows:
    """Headed in another language; the time as that language writes it."""
    asked, rows = _forms(lang, ", ", "", "{0} [{1}]")
    return [
        [*head, *asked],
        *([moment.format(number), "a@example.org", *row] for number, row in enumerate(rows, 1)),
    ]


def surveymonkey_numbers() -> Rows:
    """Answers as numbers: the place of an option, in a select-all question in the option's own column."""
    rows = surveymonkey()
    for row, one in zip(rows[2:], TRUTH, strict=True):
        row[9] = KINDS.index(one.member) + 1 if one.member else None
        for place, sport in enumerate(ORDER):
            if sport != "other" and row[11 + place] is not None:
                row[11 + place] = place + 1
        row[16], row[17] = one.courts, one.people
    return rows


def redcap_headed_by_labels() -> Rows:
    """Labels as REDCap writes them: any label of the record's id, two forms, a time that may be none."""
    rows = _redcap(labels=True)
    rows[0] = ["Study number", "Survey Identifier", "Survey Timestamp", *rows[0][1:]]
    for number, row in enumerate(rows[1:], 1):
        moment = f"2026-04-{number:02} 09:05:03" if number % 2 else "[not completed]"
        row[1:1] = [None, moment]
    return rows


def odk_central(*, split: bool, groups: bool) -> Rows:
    """Names of the form behind those of its groups, unless they are removed; codes joined by blanks."""
    about, value = ("about-", "value-") if groups else ("", "")
    meta = ["meta-instanceID" if groups else "instanceID", "KEY", "SubmitterID", "SubmitterName"]
    meta += [
        "AttachmentsPresent",
        "AttachmentsExpected",
        "Status",
        "ReviewState",
        "DeviceID",
        "Edits",
        "FormVersion",
    ]
    ticks = [f"{about}sports/{sport}" for sport in ORDER] if split else []
    asked = [f"{about}member", f"{about}member_other", f"{about}sports", *ticks, f"{about}sports_other"]
    asked += [f"{value}courts", f"{value}people", "visits", "remark"]
    rows: Rows = [["SubmissionDate", "start", "end", *asked, *meta]]
    for number, one in enumerate(TRUTH, 1):
        day = f"2026-04-{number:02}"
        ticked_ones = [ticked(one, sport, 1, 0) for sport in ORDER] if split else []
        answers = [
            one.member,
            one.member_text,
            " ".join(one.sports or ()) or None,
            *ticked_ones,
            one.sports_text,
        ]
        answers += [one.courts, one.people, one.visits, one.remark]
        about_row = [f"{day}T01:05:04.123Z", f"{day}T09:01:00.000+08:00", f"{day}T09:05:03.000+08:00"]
        key = f"uuid:{number:08}"
        rows.append([*about_row, *answers, key, key, 12, "Field 1", 0, 0, None, None, "collect:abc", 0, "1"])
    return rows


def surveycto(*, split: bool) -> Rows:
    """The wide format: names of the form, codes joined by blanks, in columns of 1 and 0 as well."""
    head = ["SubmissionDate", "starttime", "endtime", "deviceid", "subscriberid", "simid", "devicephonenum"]
    head += ["username", "duration", "caseid"]
    ticks = [f"sports_{sport}" for sport in ORDER] if split else []
    asked = ["member", "member_other", "sports", *ticks, "sports_other_text", "value_courts", "value_people"]
    rows: Rows = [
        [*head, *asked, "visits", "remark", "instanceID", "formdef_version", "review_status", "KEY"]
    ]
    for number, one in enumerate(TRUTH, 1):
        day = f"Apr {number}, 2026"
        about = [f"{day} 9:06:00 AM", f"{day} 9:01:00 AM", f"{day} 9:05:03 AM", "collect:x", None, None, None]
        ticked_ones = [ticked(one, sport, 1, 0) for sport in ORDER] if split else []
        answers = [
            one.member,
            one.member_text,
            " ".join(one.sports or ()) or None,
            *ticked_ones,
            one.sports_text,
        ]
        answers += [one.courts, one.people, one.visits, one.remark]
        key = f"uuid:{number:08}"
        rows.append([*about, "enumerator", 243, None, *answers, key, "2604031200", "APPROVED", key])
    return rows


def typeform() -> Rows:
    """A column per choice, headed by the choice alone; the words of an "other" in the last of them."""
    head = ["#", Q_MEMBER[0], "Other", *(SPORTS[sport][0] for sport in ORDER if sport != "other")]
    head += [
        SPORTS["other"][0],
        f"{Q_VALUE[0]} - {COURTS[0]}",
        f"{Q_VALUE[0]} - {PEOPLE[0]}",
        Q_VISITS[0],
        Q_REMARK[0],
    ]
    rows: Rows = [
        [
            *head,
            "Response Type",
            "Start Date (UTC)",
            "Stage Date (UTC)",
            "Submit Date (UTC)",
            "Network ID",
            "Tags",
        ]
    ]
    for number, one in enumerate(TRUTH, 1):
        ticks = [ticked(one, sport, SPORTS[sport][0], None) for sport in ORDER if sport != "other"]
        member = None if one.member == "other" else label(MEMBER, one.member, 0)
        values = [label(WORTH, one.courts, 0), label(WORTH, one.people, 0)]
        answers = [member, one.member_text, *ticks, one.sports_text, *values, one.visits, one.remark]
        day = f"2026-04-{number:02}"
        about = ["completed", f"{day} 09:01:00", None, f"{day} 09:05:03", "d3560842b2", None]
        rows.append([f"{number:032x}", *answers, *about])
    return rows


def jotform() -> Rows:
    head, answers = _forms(0, "\n", "", "{0} >> {1}")
    rows: Rows = [["Submission Date", *head, "Submission IP", "Submission ID", "Last Update Date"]]
    for number, row in enumerate(answers, 1):
        rows.append([f"Apr {number}, 2026 9:05:03 AM", *row, "10.0.0.1", f"60000{number:04}", None])
    return rows


def alchemer() -> Rows:
    """Headed "option:question"; the option that asks for words has its tick and its words in two columns."""
    meta = [
        "Response ID",
        "Time Started",
        "Date Submitted",
        "Status",
        "Contact ID",
        "Legacy Comments",
        "Comments",
    ]
    meta += [
        "Language",
        "Referer",
        "SessionID",
        "User Agent",
        "Extended Referer",
        "Longitude",
        "Latitude",
        "Country",
    ]
    meta += ["City", "State/Region", "Postal"]
    asked = [Q_MEMBER[0], f"Other - Write In (Required):{Q_MEMBER[0]}"]
    for sport in ORDER:
        own = SPORTS[sport][0]
        asked += [f"{own} - Write In:{Q_SPORTS[0]}"] * 2 if sport == "other" else [f"{own}:{Q_SPORTS[0]}"]
    asked += [f"{COURTS[0]}:{Q_VALUE[0]}", f"{PEOPLE[0]}:{Q_VALUE[0]}", Q_VISITS[0], Q_REMARK[0]]
    rows: Rows = [[*meta, *asked]]
    for number, one in enumerate(TRUTH, 1):
        day = f"2026-04-{number:02}"
        about = [
            number,
            f"{day} 09:01:00",
            f"{day} 09:05:03",
            "Complete",
            *[None] * 3,
            "English",
            *[None] * 10,
        ]
        member = label(MEMBER, one.member, 0)
        answers: list[Any] = [
            f"{member} - Write In (Required)" if one.member_text else member,
            one.member_text,
        ]
        for sport in ORDER:
            own = SPORTS[sport][0]
            if sport == "other":
                answers += [ticked(one, sport, f"{own} - Write In", None), one.sports_text]
            else:
                answers.append(ticked(one, sport, own, None))
        answers += [label(WORTH, one.courts, 0), label(WORTH, one.people, 0), one.visits, one.remark]
        rows.append([*about, *answers])
    return rows


def sosci(*, labels: bool, lang: int = 0) -> Rows:
    """Variables over their labels ("title: row"); 1 is not chosen, 2 is chosen, -9 is no answer."""
    head = ["CASE", "SERIAL", "REF", "QUESTNNR", "MODE", "STARTED"]
    tail = [
        "TIME001",
        "TIME_SUM",
        "MAILSENT",
        "LASTDATA",
        "FINISHED",
        "Q_VIEWER",
        "LASTPAGE",
        "MAXPAGE",
        "MISSING",
    ]
    if labels:
        asked = [
            "CL01",
            "CL01_03",
            *(f"CL02_{place:02}" for place in range(1, 6)),
            "CL02_04a",
            "CL03_01",
            "CL03_02",
        ]
        asked += ["CL04_01", "CL05_01"]
    else:
        asked = [
            "member",
            "member__other__text",
            *(f"sports_{sport}" for sport in ORDER),
            "sports_other_text",
        ]
        asked += ["value_courts", "value_people", "visits", "remark"]
    rows: Rows = [[*head, *asked, *tail]]
    if labels:
        said = [Q_MEMBER[lang], f"{Q_MEMBER[lang]}: {MEMBER['other'][lang]} text"]
        said += [f"{Q_SPORTS[lang]}: {SPORTS[sport][lang]}" for sport in ORDER]
        said += [f"{Q_SPORTS[lang]}: {SPORTS['other'][lang]} text"]
        said += [
            f"{Q_VALUE[lang]}: {COURTS[lang]}",
            f"{Q_VALUE[lang]}: {PEOPLE[lang]}",
            Q_VISITS[lang],
            Q_REMARK[lang],
        ]
        about = [
            "Interview-Nummer (fortlaufend)",
            "Seriennummer",
            "Referenz",
            "Fragebogen",
            "Interview-Modus",
            "Beginn",
        ]
        rows.append([*about, *said, *(f"{name} (Angabe)" for name in tail)])
    for number, one in enumerate(TRUTH, 1):
        member = KINDS.index(one.member) + 1 if one.member else -9
        ticks = [ticked(one, sport, 2, 1, -9) for sport in ORDER]
        answers = [member, one.member_text, *ticks, one.sports_text, one.courts or -9, one.people or -9]
        answers += [one.visits, one.remark]
        day = f"2026-04-{number:02}"
        about_row = [100 + number, None, None, "base", "interview", f"{day} 09:01:00"]
        rows.append([*about_row, *answers, 30, 243, None, f"{day} 09:05:03", 1, 0, 3, 3, 0])
    return rows


def feishu() -> Rows:
    head, answers = _forms(1, ",", "", "{0}-{1}")
    rows: Rows = [["编号", *head, "提交人", "提交时间"]]
    for number, row in enumerate(answers, 1):
        rows.append([number, *row, "张三", f"2026/04/{number:02} 09:05"])
    return rows


def plain() -> Rows:
    head = [
        "id",
        "member",
        "member__other__text",
        *(f"sports__{sport}" for sport in ORDER),
        "sports__other__text",
        "value__courts",
        "value__people",
        "visits",
        "remark",
    ]
    rows: Rows = [head]
    for number, one in enumerate(TRUTH, 1):
        ticks = [ticked(one, sport, 1, 0) for sport in ORDER]
        rows.append(
            [
                number,
                one.member,
                one.member_text,
                *ticks,
                one.sports_text,
                one.courts,
                one.people,
                one.visits,
                one.remark,
            ]
        )
    return rows


# The name of each export, the dialect it must be recognised as, and its rows.
EXPORTS: dict[str, tuple[str, Callable[[], Rows]]] = {
    "wjx_text": ("wjx_text", wjx_text),
    "wjx_number": ("wjx_number", wjx_number),
    "tencent": ("tencent", tencent),
    "wenjuanwang": ("wenjuanwang", wenjuanwang),
    "msforms_en": ("msforms", lambda: msforms(0)),
    "msforms_zh": ("msforms", lambda: msforms(1)),
    "googleforms": ("googleforms", googleforms),
    "qualtrics_text_split": ("qualtrics", lambda: _qualtrics(numeric=False, split=True, one_row=False)),
    "qualtrics_text_joined": ("qualtrics", lambda: _qualtrics(numeric=False, split=False, one_row=False)),
    "qualtrics_numeric_split": ("qualtrics", lambda: _qualtrics(numeric=True, split=True, one_row=False)),
    "qualtrics_numeric_joined": ("qualtrics", lambda: _qualtrics(numeric=True, split=False, one_row=False)),
    "qualtrics_one_row": ("qualtrics", lambda: _qualtrics(numeric=False, split=True, one_row=True)),
    "surveymonkey": ("surveymonkey", surveymonkey),
    "kobo_names_both": ("kobo", lambda: _kobo(labels=False, joined=True, split=True)),
    "kobo_names_joined": ("kobo", lambda: _kobo(labels=False, joined=True, split=False)),
    "kobo_names_split_text": ("kobo", lambda: _kobo(labels=False, joined=False, split=True, texts=True)),
    "kobo_labels_joined": ("kobo", lambda: _kobo(labels=True, joined=True, split=False)),
    "kobo_labels_split": ("kobo", lambda: _kobo(labels=True, joined=False, split=True)),
    "limesurvey_codes": ("limesurvey", lambda: _limesurvey(full=False)),
    "limesurvey_full": ("limesurvey", lambda: _limesurvey(full=True)),
    "redcap_raw": ("redcap", lambda: _redcap(labels=False)),
    "redcap_labels": ("redcap", lambda: _redcap(labels=True)),
    "googleforms_zh_tw": (
        "googleforms",
        lambda: googleforms_in(1, ["時間戳記", "電子郵件地址"], "2026/4/{0} 上午 9:05:03"),
    ),
    "googleforms_de": (
        "googleforms",
        lambda: googleforms_in(0, ["Zeitstempel", "E-Mail-Adresse"], "{0:02}.04.2026 09:05:03"),
    ),
    "surveymonkey_numbers": ("surveymonkey", surveymonkey_numbers),
    "redcap_headed_by_labels": ("redcap", redcap_headed_by_labels),
    "odk_central_joined": ("odk_central", lambda: odk_central(split=False, groups=True)),
    "odk_central_split": ("odk_central", lambda: odk_central(split=True, groups=True)),
    "odk_central_bare_names": ("odk_central", lambda: odk_central(split=True, groups=False)),
    "surveycto_joined": ("surveycto", lambda: surveycto(split=False)),
    "surveycto_split": ("surveycto", lambda: surveycto(split=True)),
    "typeform": ("typeform", typeform),
    "jotform": ("jotform", jotform),
    "alchemer": ("alchemer", alchemer),
    "sosci_labels": ("sosci", lambda: sosci(labels=True)),
    "sosci_labels_zh": ("sosci", lambda: sosci(labels=True, lang=1)),
    "sosci_names": ("sosci", lambda: sosci(labels=False)),
    "feishu": ("feishu", feishu),
    "plain": ("plain", plain),
}
