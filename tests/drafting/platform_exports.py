"""One made-up survey with every newer kind of question, as the export of each platform writes it."""

import datetime
import random
from collections import Counter

RESPONDENTS = 40
OPTIONS = ("Price", "Taste", "Speed", "Health")
PARTS = ("Kitchen", "Staff", "Rooms")
ROWS, PLACES = ("Bread", "Milk", "Fruit"), ("Shop", "Online", "Market")
CHANNELS, USES = ("Phone", "Mail"), ("Orders", "Returns", "Help")
RANKING, SCORE, SUM = "What matters most?", "How likely are you to recommend us?", "Share out 100 points"
DATE, SINGLE, SEVERAL = "When did you start?", "Where do you buy?", "What do you use it for?"

_random = random.Random(4)
RANKS = [_random.sample(range(1, 5), 4) for _ in range(RESPONDENTS)]
ORDER = [[OPTIONS[ranks.index(place)] for place in range(1, 5)] for ranks in RANKS]
SCORES = [_random.choice([0, 3, 5, 6, 7, 7, 8, 8, 9, 9, 10, 10, 10, 4, 2]) for _ in range(RESPONDENTS)]
SHARES = [
    (first, second, 100 - first - second) for first, second in [(n % 11 * 5, n % 7 * 2) for n in range(40)]
]
DAYS = [datetime.date(2020 + n % 6, n % 12 + 1, n % 28 + 1) for n in range(RESPONDENTS)]
BOUGHT = [[_random.choice(PLACES) for _ in ROWS] for _ in range(RESPONDENTS)]
TICKED = [[_random.sample(USES, _random.randint(1, 3)) for _ in CHANNELS] for _ in range(RESPONDENTS)]

TRUTH = {
    "ranking": sorted(sum(ranks[place] == 1 for ranks in RANKS) for place in range(4)),
    "nps": [sum(score >= 9 for score in SCORES), sum(score <= 6 for score in SCORES)],
    "constant_sum": [sum(shares[place] for shares in SHARES) / RESPONDENTS / 100 for place in range(3)],
    "date": [min(DAYS), max(DAYS)],
    "grid of single": [sorted(Counter(row[place] for row in BOUGHT).values()) for place in range(3)],
    "grid of multiple": [
        sorted(Counter(use for row in TICKED for use in row[place]).values()) for place in range(2)
    ],
}


def _flat(*parts):
    return [one for part in parts for one in (part if isinstance(part, list | tuple) else [part])]


def _ordinals(ranks):
    return [f"{rank}{('st', 'nd', 'rd', 'th')[rank - 1]} choice" for rank in ranks]


def _uses(n, sign):
    return [sign.join(use for use in USES if use in row) for row in TICKED[n]]


def _ticks(n, mark=lambda use, ticked: int(ticked)):
    return [mark(use, use in row) for row in TICKED[n] for use in USES]


def _labels(use, ticked):
    return use if ticked else None


def _table(heads, body):
    return [*heads, *[body(n) for n in range(RESPONDENTS)]]


def plain():
    heads = _flat(
        [f"{RANKING} [{one}]" for one in OPTIONS],
        SCORE,
        [f"{SUM} [{one}]" for one in PARTS],
        DATE,
        [f"{SINGLE} [{one}]" for one in ROWS],
        [f"{SEVERAL} [{one}] [{use}]" for one in CHANNELS for use in USES],
    )
    return _table([heads], lambda n: _flat(RANKS[n], SCORES[n], SHARES[n], DAYS[n], BOUGHT[n], _ticks(n)))


def _wjx_about(n):
    return [n + 1, f"2026/5/{n % 28 + 1} 10:00:00", "60秒", "微信", "N/A", "1.2.3.4(广东-深圳)"]


_WJX = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]


def wjx_text(number="{}、"):
    def rows(place, stem, labels):
        own = number.format(place)
        return [f"{own}{stem}—{labels[0]}", *[f"{own}{label}" for label in labels[1:]]]

    heads = _flat(
        f"{number.format(1)}{RANKING}",
        f"{number.format(2)}{SCORE}",
        rows(3, SUM, PARTS),
        f"{number.format(4)}{DATE}",
        rows(5, SINGLE, ROWS),
        rows(6, SEVERAL, CHANNELS),
    )
    return _table(
        [[*_WJX, *heads]],
        lambda n: _flat(
            *(_wjx_about(n), "→".join(ORDER[n]), str(SCORES[n]), [str(one) for one in SHARES[n]]),
            *(DAYS[n].isoformat(), BOUGHT[n], _uses(n, "┋")),
        ),
    )


def wjx_text_without_numbers():
    return wjx_text("")


def wjx_number():
    heads = _flat(
        [f"1、({one})" for one in OPTIONS],
        f"2、{SCORE}",
        [f"3、{SUM}—{PARTS[0]}", *[f"3、{one}" for one in PARTS[1:]]],
        f"4、{DATE}",
    )
    return _table(
        [[*_WJX, *heads]],
        lambda n: _flat(_wjx_about(n), RANKS[n], SCORES[n], SHARES[n], DAYS[n].isoformat()),
    )


def qualtrics(joined=False):
    own = ["StartDate", "EndDate", "Status", "Progress", "Finished", "RecordedDate", "ResponseId"]
    asked = [
        *[(f"Q1_{n}", f"{RANKING} - {one}") for n, one in enumerate(OPTIONS, 1)],
        *[("Q2", SCORE), ("Q2_NPS_GROUP", f"{SCORE} - Group")],
        *[(f"Q3_{n}", f"{SUM} - {one}") for n, one in enumerate(PARTS, 1)],
        ("Q4", DATE),
        *[(f"Q5_{n}", f"{SINGLE} - {one}") for n, one in enumerate(ROWS, 1)],
    ]
    asked += (
        [(f"Q6_{n}", f"{SEVERAL} - {one}") for n, one in enumerate(CHANNELS, 1)]
        if joined
        else [
            (f"Q6_{n}_{k}", f"{SEVERAL} - {one} - {use}")
            for n, one in enumerate(CHANNELS, 1)
            for k, use in enumerate(USES, 1)
        ]
    )
    tags, labels = ([*own, *names] for names in zip(*asked, strict=True))

    def body(n):
        group = "Promoter" if SCORES[n] > 8 else "Detractor" if SCORES[n] < 7 else "Passive"
        about = ["2026-05-01 10:00:00", "2026-05-01 10:05:00", "IP Address", 100, "True"]
        answers = _uses(n, ",") if joined else _ticks(n, _labels)
        return _flat(
            *(about, "2026-05-01 10:05:01", f"R_{n}", RANKS[n], SCORES[n], group, SHARES[n]),
            *(DAYS[n].isoformat(), BOUGHT[n], answers),
        )

    ids = [f'{{"ImportId":"QID{tag}"}}' for tag in tags]
    return _table([tags, labels, ids], body)


def qualtrics_joined():
    return qualtrics(joined=True)


def surveymonkey(score=str):
    own = ["Respondent ID", "Collector ID", "Start Date", "End Date"]
    stems = [own, RANKING, [None] * 3, SCORE, SUM, [None] * 2, DATE, SINGLE, [None] * 2, SEVERAL, [None] * 5]
    ticks = [f"{one} - {use}" for one in CHANNELS for use in USES]
    second = [[None] * 4, OPTIONS, "Response", PARTS, "Date / Time", ROWS, ticks]
    about = ["01/05/2026 10:00:00 AM", "01/05/2026 10:05:00 AM"]
    return _table(
        [_flat(*stems), _flat(*second)],
        lambda n: _flat(
            *(1000 + n, 5, about, RANKS[n], score(SCORES[n]), SHARES[n]),
            *(DAYS[n].strftime("%m/%d/%Y"), BOUGHT[n], _ticks(n, _labels)),
        ),
    )


def surveymonkey_scores_with_words():
    words = {0: "0 - Not at all likely", 10: "10 - Extremely likely"}
    return surveymonkey(lambda score: words.get(score, str(score)))


def msforms():
    own = ["ID", "Start time", "Completion time", "Email", "Name"]
    start = datetime.datetime(2026, 5, 1, 10)
    return _table(
        [[*own, RANKING, SCORE, DATE]],
        lambda n: [n + 1, start, start, "anonymous", None, ";".join(ORDER[n]) + ";", SCORES[n], DAYS[n]],
    )


def googleforms():
    heads = _flat(
        [f"{RANKING} [{one}]" for one in OPTIONS],
        *(SCORE, DATE),
        [f"{SINGLE} [{one}]" for one in ROWS],
        [f"{SEVERAL} [{one}]" for one in CHANNELS],
    )
    start = datetime.datetime(2026, 5, 1, 10)
    return _table(
        [["Timestamp", *heads]],
        lambda n: _flat(
            *(start, _ordinals(RANKS[n]), SCORES[n], DAYS[n].strftime("%m/%d/%Y"), BOUGHT[n], _uses(n, ", "))
        ),
    )


def googleforms_option_of_each_rank():
    heads = ["Timestamp", *[f"{RANKING} [Rank {place}]" for place in (1, 2, 3, 4)]]
    return _table([heads], lambda n: [datetime.datetime(2026, 5, 1, 10), *ORDER[n]])


def kobo(names=False):
    def said(text):
        return text.lower() if names else text

    stems = ("matters", "recommend", "budget", "since", "buy", "use") if names else _STEMS
    heads = _flat(
        stems[:2],
        [f"{stems[2]}/{said(one)}" for one in PARTS],
        stems[3],
        [f"{stems[4]}/{said(one)}" for one in ROWS],
        *[
            [f"{stems[5]}/{said(one)}", *[f"{stems[5]}/{said(one)}/{said(use)}" for use in USES]]
            for one in CHANNELS
        ],
    )

    def body(n):
        joined = [said(one) for one in _uses(n, " ")]
        ticks = _ticks(n)
        return _flat(
            *("2026-05-01T10:00:00", said(" ".join(ORDER[n])), SCORES[n], SHARES[n], DAYS[n].isoformat()),
            *([said(one) for one in BOUGHT[n]], joined[0], ticks[:3], joined[1], ticks[3:]),
            *(n + 1, f"u{n}", "2026-05-01T10:05:10", n + 1),
        )

    return _table([["start", *heads, "_id", "_uuid", "_submission_time", "_index"]], body)


_STEMS = (RANKING, SCORE, SUM, DATE, SINGLE, SEVERAL)


def kobo_names():
    return kobo(names=True)


def odk_central():
    heads = _flat(
        *("matters", "recommend", [f"budget-{one.lower()}" for one in PARTS], "since"),
        *([f"buy-{one.lower()}" for one in ROWS], [f"use-{one.lower()}" for one in CHANNELS]),
    )
    ends = ["meta-instanceID", "KEY", "SubmitterID", "FormVersion"]

    def body(n):
        answers = [one.lower() for one in (*BOUGHT[n], *_uses(n, " "))]
        order = " ".join(ORDER[n]).lower()
        about = [f"uuid:{n}", f"uuid:{n}", 12, "1"]
        return _flat("2026-05-01T10:05:00Z", order, SCORES[n], SHARES[n], DAYS[n].isoformat(), answers, about)

    return _table([["SubmissionDate", *heads, *ends]], body)


def limesurvey():
    heads = _flat(
        [f"{RANKING} [Rank {place}]" for place in (1, 2, 3, 4)],
        *(SCORE, [f"{SUM} [{one}]" for one in PARTS], DATE, [f"{SINGLE} [{one}]" for one in ROWS]),
        [f"{SEVERAL} [{one}][{use}]" for one in CHANNELS for use in USES],
    )

    def body(n):
        about = [n + 1, "2026-05-01 10:00:00", 3, "en"]
        shares = [f"{one:.10f}" for one in SHARES[n]]
        day = f"{DAYS[n].isoformat()} 00:00:00"
        return _flat(about, ORDER[n], SCORES[n], shares, day, BOUGHT[n], _ticks(n))

    return _table([["Response ID", "Date submitted", "Last page", "Start language", *heads]], body)


def limesurvey_codes():
    heads = _flat(
        [f"Q1[{place}]" for place in (1, 2, 3, 4)],
        [f"Q3[SQ00{place}]" for place in (1, 2, 3)],
        *("Q4", [f"Q6[SQ00{row}_SQ00{use}]" for row in (1, 2) for use in (1, 2, 3)]),
    )

    def body(n):
        about = [n + 1, "2026-05-01 10:00:00", 3, "en"]
        order = [f"A{OPTIONS.index(one) + 1}" for one in ORDER[n]]
        return _flat(about, order, SHARES[n], f"{DAYS[n].isoformat()} 00:00:00", _ticks(n))

    return _table([["id", "submitdate", "lastpage", "startlanguage", *heads]], body)


def redcap_labels():
    heads = _flat(
        [f"Rank {one}" for one in OPTIONS],
        *(SCORE, [f"{SUM}: {one}" for one in PARTS], DATE),
        [f"{one} (choice={use})" for one in CHANNELS for use in USES],
    )

    def body(n):
        ticks = ["Checked" if one else "Unchecked" for one in _ticks(n)]
        return _flat(n + 1, RANKS[n], SCORES[n], SHARES[n], DAYS[n].isoformat(), ticks, "Complete")

    return _table([["Record ID", *heads, "Complete?"]], body)


def _words(stem_and_row, order, several, before, after=()):
    """An export with a stem and a row in each header; `before` and `after` are columns of the platform."""
    heads = _flat(
        *(RANKING, SCORE, [stem_and_row.format(SUM, one) for one in PARTS], DATE),
        [stem_and_row.format(SINGLE, one) for one in ROWS],
        [stem_and_row.format(SEVERAL, one) for one in CHANNELS],
    )
    return _table(
        [[*dict(before), *heads, *dict(after)]],
        lambda n: _flat(
            *([f"{value}".replace("{n}", str(n)) for value in dict(before).values()], order.join(ORDER[n])),
            *(SCORES[n], SHARES[n], DAYS[n].isoformat(), BOUGHT[n], _uses(n, several)),
            [f"{value}".replace("{n}", str(n)) for value in dict(after).values()],
        ),
    )


def tencent():
    times = {"开始答题时间": "01-May-2026 10:00:00", "结束答题时间": "01-May-2026 10:05:00"}
    return _words("{}:{}", "→", "|", {"编号": "{n}", **times, "答题时长": "300"})


def typeform():
    times = {"Start Date (UTC)": "2026-05-01 10:00:00", "Submit Date (UTC)": "2026-05-01 10:05:00"}
    return _words("{} - {}", ", ", ", ", {"#": "a{n}x"}, times)


def feishu():
    return _words("{}-{}", ",", ",", {"提交人": "匿名", "提交时间": "2026-05-01 10:00:00"})


def wenjuanwang():
    own = ["序号", "开始时间", "结束时间", "答题时长"]
    heads = _flat(
        [f"Q1_{RANKING}_{one}" for one in OPTIONS],
        *(f"Q2_{SCORE}", [f"Q3_{SUM}_{one}" for one in PARTS], f"Q4_{DATE}"),
        [f"Q5_{SINGLE}_{one}" for one in ROWS],
        [f"Q6_{SEVERAL}_{one}_{use}" for one in CHANNELS for use in USES],
    )
    about = ["2026-05-01 10:00:00", "2026-05-01 10:05:00", "300"]
    return _table(
        [[*own, *heads]],
        lambda n: _flat(
            *(n + 1, about, RANKS[n], SCORES[n], SHARES[n], DAYS[n].isoformat(), BOUGHT[n]),
            _ticks(n, _labels),
        ),
    )


def alchemer():
    own = ["Response ID", "Time Started", "Date Submitted", "Status"]
    heads = _flat(
        [f"{one}:{RANKING}" for one in OPTIONS],
        *(SCORE, [f"{one}:{SUM}" for one in PARTS], DATE, [f"{one}:{SINGLE}" for one in ROWS]),
    )
    about = ["2026-05-01 10:00:00", "2026-05-01 10:05:00", "Complete"]
    return _table(
        [[*own, *heads]],
        lambda n: _flat(n + 1, about, RANKS[n], SCORES[n], SHARES[n], DAYS[n].isoformat(), BOUGHT[n]),
    )


def sosci():
    own = {"CASE": "Interview-Nummer", "QUESTNNR": "Fragebogen", "MODE": "Modus", "STARTED": "Beginn"}
    asked = [
        *[(f"A1_0{n}", f"{RANKING}: {one}") for n, one in enumerate(OPTIONS, 1)],
        ("A201", SCORE),
        *[(f"A3_0{n}", f"{SUM}: {one}") for n, one in enumerate(PARTS, 1)],
        ("A401", DATE),
    ]
    heads, labels = zip(*own.items(), *asked, ("LASTPAGE", "LASTPAGE (Angabe)"), strict=True)
    about = ["base", "interview", "2026-05-01 10:00:00"]
    return _table(
        [list(heads), list(labels)],
        lambda n: _flat(n + 1, about, RANKS[n], SCORES[n], SHARES[n], DAYS[n].isoformat(), 3),
    )


def surveycto():
    heads = _flat(
        *("matters", "recommend", [f"budget_{one.lower()}" for one in PARTS], "since"),
        [f"buy_{one.lower()}" for one in ROWS],
    )

    def body(n):
        order, bought = " ".join(ORDER[n]).lower(), [one.lower() for one in BOUGHT[n]]
        day = DAYS[n].strftime("%b %d, %Y")
        return _flat("May 1, 2026 10:05:00 AM", order, SCORES[n], SHARES[n], day, bought, "1", f"uuid:{n}")

    return _table([["SubmissionDate", *heads, "formdef_version", "KEY"]], body)


ALL = {"ranking", "nps", "constant_sum", "date", "grid of single", "grid of multiple"}
# Every export, and the kinds it holds: where a platform has no such kind, or no words for its rows, not all.
EXPORTS = {
    **dict.fromkeys((plain, wjx_text, wjx_text_without_numbers, qualtrics, qualtrics_joined), ALL),
    **dict.fromkeys((surveymonkey, surveymonkey_scores_with_words, kobo, kobo_names, odk_central), ALL),
    **dict.fromkeys((limesurvey, tencent, typeform, feishu, wenjuanwang), ALL),
    wjx_number: ALL - {"grid of single", "grid of multiple"},
    msforms: {"ranking", "nps", "date"},
    googleforms: ALL - {"constant_sum"},
    googleforms_option_of_each_rank: {"ranking"},
    limesurvey_codes: ALL - {"nps", "grid of single"},
    redcap_labels: ALL - {"grid of single"},
    alchemer: ALL - {"grid of multiple"},
    sosci: {"ranking", "nps", "constant_sum", "date"},
    surveycto: ALL - {"grid of multiple"},
}
