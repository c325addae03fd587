"""What a column that stands alone asks: a choice, several choices in one cell, a number, a scale, a text."""

import re
from dataclasses import dataclass, field
from typing import Any

from survey.drafting.bands import bands_in_order
from survey.drafting.grouping import asks_for_other, lone_scale
from survey.drafting.joined_options import Joined, joined_options
from survey.drafting.orders import Order, ordered_cells
from survey.drafting.point_batteries import RATED
from survey.drafting.profile import Profile
from survey.drafting.word_scales import WordScale, coded_scale
from survey.ingest.dates import months_first, signs_of
from survey.ingest.day_columns import is_either_day
from survey.ingest.layout import Habits
from survey.ingest.missing_words import missing_kind
from survey.wording import normalise

_WAVE = re.compile(
    r"(?:survey[_ ])?(?:wave|round|year|panel[_ ]?wave|fieldwork|period|quarter|syear)|"
    r"期次|轮次|波次|年份|年度|调查年份",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\bage\b|\byears?\b|yrs|\bnumber\b|\bnum\b|\bcount\b|how (?:many|much|old|long|often)|\bamount\b|"
    r"\bhours?\b|"
    r"\bdays?\b|\bminutes?\b|\bincome\b|\bsalary\b|\bprice\b|\bcost\b|\bpercent|%|\bpopul|\bchildren\b|\btimes\b|"
    r"\bturnover\b|\brevenue\b|\bemployees\b|\bstaff\b|"
    r"年龄|岁|多少|几[个次年人天]|数量|人数|金额|收入|小时|天数|比例|次数|年数",
    re.IGNORECASE,
)
_RECOMMEND = re.compile(r"\brecommend\b|\blikel[iy]|推荐", re.IGNORECASE)
_NET_PROMOTER = re.compile(r"\brecommend|\bnps\b|\bnet promoter|推荐", re.IGNORECASE)
_NOUGHT_TO_TEN = re.compile(r"\b0\s*(?:[-–—~～]|to|\.\.+|至|到)\s*10\b|0\s*[至到]\s*10", re.IGNORECASE)
_NUMBER_LIKE = re.compile(
    r"\s*[$€£¥￥]?\s*[+-]?\d[\d.,' ]*\s*(?:[%‰$€£¥￥]|[a-z]{1,7}\.?|[元万岁年月天人个次分小时钟]{1,2})?\s*",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"[1-9]\d{0,2}\.\d{3}")  # 1.034: little more than one, or more than a thousand
_MONEY = re.compile(r"\bincome\b|\bsalary\b|\bturnover\b|\brevenue\b|收入|薪|营业额", re.IGNORECASE)
_MOST_BRACKETS = 30
_REMARK = r"(?:comments?|remarks?|notes?|suggestions?)"
_REMARKS = re.compile(
    r"(?:.*\b(?:is there|do you (?:have|want|wish))\b.*)?\banything else\b.*|"
    rf"(?:.*\bany )?(?:(?:your|any|other|further|additional|general|open|final|more) )*{_REMARK}"
    rf"(?:(?: (?:and|or|&) |[/, ]+){_REMARK})*(?: (?:for|to|about|on) (?:us|our)\b.*)?|"
    r"(?:您|你)?(?:还有|是否有|有没有|有无|有)?(?:什么|哪些|任何|其他|其它|别的|补充|宝贵|的)*"
    r"(?:想说|要说|想补充|要补充|需要补充|备注|建议|意见|留言|补充说明)(?:的|吗|么)*"
    r"(?:(?:或|和|与|及|/|、)(?:建议|意见))*(?:的|吗|么)?",
    re.IGNORECASE,
)
_NO_REMARK = re.compile(
    r"[-–—./\\]+|none|no|nil|nothing|no comments?|no remarks?|n\.?/?a\.?|无|没有|暂无|没|无备注|无意见|无建议"
)
_YES_NO = (("yes", "y", "true", "t", "是", "有"), ("no", "n", "false", "f", "否", "没有", "无"))
_MOST_CODES = 7  # so many different bare codes may be options; more are a number
_SHORTEST_PADDED = 4  # digits of a code with zeros in front, such as a postcode
_FEW, _MANY = 30, 60
_LONGEST_OPTION = 90


@dataclass(frozen=True)
class Kind:
    """What a lone column is taken for, why, and how sure that is."""

    kind: str
    reason: str
    confidence: float
    scale: WordScale | None = None
    joined: Joined | None = None
    order: Order | None = None
    values: dict[str, Any] = field(default_factory=dict)


def kind_of(profile: Profile, habits: Habits) -> Kind:  # noqa: PLR0911 - a rule, an answer
    """Decide what one column asks."""
    if profile.variable and profile.variable.codes:
        return _labelled(profile)
    if (
        _WAVE.fullmatch(profile.header.strip())
        and 1 < profile.different <= _MANY
        and (profile.whole or profile.longest <= 20)
    ):
        return Kind("single", "wave", 0.85)
    if profile.dates:
        return Kind("date", "dates", 0.9) if _days_alone(profile) else Kind("text", "moments", 0.8)
    if profile.times:
        return Kind("text", "times", 0.9)
    if asks_for_remarks(profile):
        return Kind("text", "remarks", 0.85)
    if yes_and_no(profile):
        return Kind("single", "yes_no", 0.95)
    if order := ordered_cells(profile, habits):
        shown = {"sign": order.sign.replace("\n", "\\n"), "count": order.places}
        return Kind("ranking", "ordered_cells", order.confidence, order=order, values=shown)
    if joined := joined_options(profile, habits):
        sure = 0.9 if joined.repeated >= 4 and joined.sign == habits.separator else 0.75
        shown = {"sign": joined.sign.replace("\n", "\\n"), "count": joined.several}
        return Kind("multiple", "joined_cells", sure, joined=joined, values=shown)
    if profile.numbers:
        return _unclear_number(profile) or _number(profile)
    return _words(profile)


def _days_alone(profile: Profile) -> bool:
    """Tell whether dates are days, without a time of day, and the column says what is the month."""
    if profile.has_times:
        return False
    raws = list(profile.raws.values())
    orders = months_first(raws)
    return not any(is_either_day(raw) and orders[signs_of(raw)] is None for raw in raws)


def asks_for_remarks(profile: Profile) -> bool:
    """Tell whether a column is headed as remarks and holds words: few remarks may come again.

    A question whether there are any, with yes and no for answers, is none.
    """
    pair = yes_and_no(profile)
    if profile.numbers or profile.ticks or (pair and all(pair)):
        return False
    heads = (re.sub(r"[(\[（【].*$", "", normalise(text)) for text in (profile.header, profile.label))
    return any(_REMARKS.fullmatch(head.replace("_", " ").strip(" ?？:：.。!！*")) for head in heads)


def no_remarks(profile: Profile) -> list[str]:
    """What stands in a column of remarks for none: "-", "none"."""
    return [text for text in profile.counts if _NO_REMARK.fullmatch(normalise(text).rstrip(".。!！"))]


def yes_and_no(profile: Profile) -> tuple[str, str] | None:
    """How a column says yes and no, where it says nothing else and at least one in words."""
    forms = {normalise(text): text for text in profile.counts}
    if not forms or set(forms) - {*_YES_NO[0], *_YES_NO[1]} or len(forms) > 2:
        return None
    yes = next((text for form, text in forms.items() if form in _YES_NO[0]), "")
    no = next((text for form, text in forms.items() if form in _YES_NO[1]), "")
    return (yes, no) if (yes or no) and len(forms) == bool(yes) + bool(no) else None


def _labelled(profile: Profile) -> Kind:
    """A variable whose codes have labels: a scale, a choice, or a number of which some codes are special."""
    assert profile.variable is not None
    labels = {
        code: text for code, text in profile.variable.codes.items() if not profile.variable.is_missing(code)
    }
    bare = [
        text
        for text, raw in profile.raws.items()
        if isinstance(raw, int | float) and not isinstance(raw, bool)
    ]
    if found := lone_scale(profile):
        return Kind("rating", found[0].reason, found[1], scale=found[0])
    name = f"{profile.header} {profile.label}".replace("_", " ")
    score = _coded(name, sorted(set(profile.numbers.values()))) if not labels and profile.whole else None
    if score and score.kind == "nps":
        return score
    special = all(missing_kind(text) for text in labels.values())
    if not labels or (bare and (special or len(bare) > max(3, len(labels)))):
        return Kind("number", "numbers", 0.9 if not labels else 0.7) if profile.numbers else _words(profile)
    return Kind("single", "file_labels", 0.95)


def _unclear_number(profile: Profile) -> Kind | None:
    """Text that would be another number than was meant: 1.034 for 1034, or 1067 for the code 01067."""
    texts = [text for text, raw in profile.raws.items() if isinstance(raw, str)]
    dotted = [text for text in texts if "." in text]
    if len(dotted) > 1 and all(map(_DOTTED.fullmatch, dotted)):
        return Kind("text", "dots", 0.3, values={"shown": dotted[:3]})
    wide = len(texts[0]) if len(texts) == len(profile.raws) else 0
    padded = [text for text in texts if text.startswith("0") and text.isdecimal()]
    if wide >= _SHORTEST_PADDED and padded and all(len(text) == wide for text in texts):
        return Kind("text", "padded", 0.7, values={"shown": padded[:3]})
    return None


def _number(profile: Profile) -> Kind:
    numbers = sorted(set(profile.numbers.values()))
    name = f"{profile.header} {profile.label}".replace("_", " ")
    amount = _AMOUNT.search(name) is not None
    if not profile.whole:
        return Kind("number", "numbers", 0.95)
    low, high, different = numbers[0], numbers[-1], len(numbers)
    if kind := _coded(name, numbers):
        return kind
    if different > _MOST_CODES or amount or low < 0:
        sure = 0.95 if different > 20 or (amount and different > 2) else 0.6 if different <= 12 else 0.75
        return Kind("number", "numbers", sure)
    dense = low in (0, 1) and high <= 9 and different >= (high - low + 1) * 0.6
    if dense or (different <= 2 and high < 100):
        return Kind("single", "codes", 0.85 if different == 2 else 0.7)
    return Kind("number", "numbers", 0.7)


def _coded(name: str, numbers: list[float]) -> Kind | None:  # noqa: PLR0911 - a rule, an answer
    """Whole numbers that are codes by what their header asks: points of a scale, brackets of money."""
    low, high, different = numbers[0], numbers[-1], len(numbers)
    if low >= 0 and high <= 10 and _NET_PROMOTER.search(name):
        if _NOUGHT_TO_TEN.search(name):
            return Kind("nps", "recommends", 0.95)
        if low > 1 and high > 8 and different > 3:
            return Kind("nps", "recommends_unseen", 0.6, values={"low": f"{low:g}"})
    if low not in (0, 1):
        return None
    if low == 0 and high == 10 and different > 5 and _NET_PROMOTER.search(name):
        return Kind("nps", "recommends", 0.9)
    if high == 10 and different > 5 and _RECOMMEND.search(name):
        return Kind("rating", "codes", 0.8, scale=coded_scale([low, high]))
    if high - low >= 3 and high <= 10 and different > 2 and RATED.search(name):
        return Kind("rating", "codes", 0.7, scale=coded_scale([low, high]))
    if 2 < different == high - low + 1 <= _MOST_BRACKETS and _MONEY.search(name):
        return Kind("single", "brackets", 0.6)  # sums of money leave gaps
    return None


def _words(profile: Profile) -> Kind:  # noqa: C901, PLR0911 - a rule, an answer
    if asks_for_other(profile):
        return Kind("text", "open_text", 0.7)
    if found := lone_scale(profile):
        return _net_promoter(profile, found[0]) or Kind("rating", found[0].reason, found[1], scale=found[0])
    filled, different = profile.filled, profile.different
    if different < filled and bands_in_order(profile.counts):
        return Kind("single", "bands", 0.9)
    odd = _odd_among_numbers(profile)
    if odd:
        return Kind("text", "mixed", 0.3, values={"shown": odd[:3], "count": len(odd)})
    if profile.longest <= _LONGEST_OPTION:
        if different <= _FEW and filled >= 2.5 * different:
            return Kind("single", "few_answers", 0.95 if filled >= 8 * different or different <= 8 else 0.85)
        if different <= _MANY and filled >= 8 * different:
            return Kind("single", "few_answers", 0.85)
        if filled < 15 and different < filled and profile.longest <= 60:
            return Kind("single", "few_answers", 0.6)
        if filled <= 5 and profile.longest <= 25:
            return Kind("single", "few_answers", 0.4)
    if different > 2 and all(map(_NUMBER_LIKE.fullmatch, profile.counts)):
        return Kind("text", "number_like", 0.3, values={"shown": list(profile.counts)[:3]})
    sure = 0.95 if filled > 10 and different > 0.7 * filled else 0.7
    return Kind("text", "open_text", sure)


def _net_promoter(profile: Profile, scale: WordScale) -> Kind | None:
    """A scale from 0 to 10, some of its points with words, below a header that asks for a recommendation."""
    name = f"{profile.header} {profile.label}".replace("_", " ")
    points = [value for value, _, _ in scale.points]
    asked = points == list(range(11)) and _NET_PROMOTER.search(name)
    return Kind("nps", "recommends", 0.9) if asked else None


def _odd_among_numbers(profile: Profile) -> list[str]:
    """The few words in a column of numbers, which keep it from being one."""
    numeric = [text for text in profile.counts if re.fullmatch(r"[+-]?\d[\d.,]*", text.strip())]
    cells = sum(profile.counts[text] for text in numeric)
    return [text for text in profile.counts if text not in numeric] if cells >= 0.8 * profile.filled else []
