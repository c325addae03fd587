"""Columns that are no answers: ids, weights, clocks, addresses, what a design needs, what holds nothing."""

import re
from dataclasses import dataclass, field
from typing import Any

from survey.drafting.profile import Profile
from survey.ingest.column_targets import META_HEADERS
from survey.wording import normalise

_KEY = re.compile(
    r"(?:.*[_ .-])?(?:id|ids|caseid|case|uuid|guid|key|serial|respondent|participant|subject|recordno|seqn)"
    r"(?:[_ .]?(?:id|no|nr|num|number|code))?|id[_ .]?\w{0,12}|no\.?|#|index|rownames|row|unnamed: 0|"
    r"(?:.*)(?:编号|序号|流水号)",
    re.IGNORECASE,
)
_WEIGHT = re.compile(
    r"(?:.*[_ .])?(?:weights?|wts?|wgts?|pweight|weighting)(?:[_ .]?\w{0,12})?|wt\w{2,10}|.*权重.*|.*加权.*",
    re.IGNORECASE,
)
_BODY = re.compile(r"\b(?:kg|lbs?|pounds?|body|birth)\b|体重|公斤", re.IGNORECASE)
_DESIGN = re.compile(
    r"(?:.*[_ .])?(?:psu|strat(?:a|um)|cluster|fpc|repw\w*|jkrep\w*|sdmv\w+|vstrat|vpsu|sampunit)"
    r"(?:[_ .]?\d*)?",
    re.IGNORECASE,
)
_CLOCK = {
    "started": re.compile(r".*\bstart(?:ed|[_ ]?(?:time|date))?\b.*|开始.*", re.IGNORECASE),
    "submitted": re.compile(
        r".*(?:submi\w+|complet\w+|finish\w*|\bend(?:ed|[_ ]?(?:time|date))?\b|timestamp|time stamp|recorded|"
        r"response date|interview date|date of interview|created).*|"
        r"(?:提交|完成|结束|填写).*(?:时间|日期)|date|datetime|日期|时间",
        re.IGNORECASE,
    ),
}
_ASKED = re.compile(r"[?？]|\byou(?:r|rs)?\b|[您你]", re.IGNORECASE)  # a question, not what a platform notes
_DURATION = re.compile(
    r".*(?:duration|interviewtime|time (?:taken|spent|to complete)|用时|时长).*", re.IGNORECASE
)
_LONG_NUMBER = 1e11  # numbers of accounts, cards and people, not amounts
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w{2,}")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}")
_PHONE = re.compile(r"\+?[\d() -]{8,18}")
_PHONE_HEAD = re.compile(r".*\b(?:phone|mobile|telephone|cell)\b.*|.*(?:手机|电话|联系方式).*", re.IGNORECASE)
_NAME_HEAD = re.compile(
    r"(?:(?:your|full|first|last|respondent|contact)[_ ])?name|surname|姓名|.*您的姓名.*|联系人",
    re.IGNORECASE,
)
_UUID = re.compile(r"(?:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|R_\w{12,}", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?|english|chinese|中文|英文", re.IGNORECASE)
_META = {normalise(form): name for name, forms in META_HEADERS.items() for form in forms}


@dataclass(frozen=True)
class Aside:
    """What a column says of the respondent (`left_out`: nothing needed), and why it was taken for that."""

    name: str
    reason: str
    confidence: float
    values: dict[str, Any] = field(default_factory=dict)


def aside_of(profile: Profile, rows: int) -> Aside | None:
    """What a column is, where it holds no answers; None where it may hold some."""
    if profile.lost:
        return Aside("left_out", "formulas", 0.3, {"count": profile.lost})
    if not profile.counts:
        return Aside("left_out", "nothing", 0.95)
    name = _META.get(normalise(profile.header.strip()), "")
    rules = (_by_content, _by_design, _key, _clock, _person, _of_platform)
    return next((aside for rule in rules if (aside := rule(profile, name, rows))), None)


def _is_unique(profile: Profile) -> bool:
    return profile.different >= 0.95 * profile.filled and profile.filled > 1


def _by_content(profile: Profile, _name: str, _rows: int) -> Aside | None:
    """Addresses and the ids of platforms, whatever their header."""
    texts = list(profile.counts)
    if all(_EMAIL.fullmatch(text) for text in texts):
        return Aside("email", "address", 0.95)
    if all(_IP.fullmatch(text.lower()) for text in texts):
        return Aside("ip", "address", 0.95)
    if all(_UUID.fullmatch(text) for text in texts) and _is_unique(profile):
        return Aside("key", "identifiers", 0.95)
    return None


def _by_design(profile: Profile, _name: str, _rows: int) -> Aside | None:
    if _DESIGN.fullmatch(profile.header.strip()) and profile.whole:
        return Aside("left_out", "design", 0.85)
    return Aside("weight", "weight", 0.9) if _is_weight(profile) else None


def _key(profile: Profile, name: str, rows: int) -> Aside | None:
    named = _KEY.fullmatch(profile.header.strip()) is not None
    unique = _is_unique(profile)
    if unique and (name == "key" or (named and not profile.dates and profile.longest < 60)):
        return Aside("key", "identifiers", 0.95)
    if unique and profile.whole and min(profile.numbers.values()) >= _LONG_NUMBER:
        return Aside("key", "identifiers", 0.75)
    if name == "key" or (named and profile.different > max(20, rows / 2)):
        return Aside("left_out", "identifiers_repeated", 0.6, {"different": profile.different})
    return Aside("key", "running_number", 0.85) if _is_running(profile, rows) else None


def _clock(profile: Profile, name: str, _rows: int) -> Aside | None:
    header = profile.header.strip()
    own_name = name in _CLOCK
    asked = _ASKED.search(header) is not None and not own_name
    for role, pattern in _CLOCK.items() if profile.dates and not asked else ():
        if pattern.fullmatch(header) or name == role:
            return Aside(role, "clock", 0.9 if own_name or profile.has_times else 0.75)
    amount = profile.numbers or profile.times
    if amount and (name == "duration" or _DURATION.fullmatch(header)):
        return Aside("duration", "duration", 0.85)
    return Aside("progress", "progress", 0.9) if amount and name == "progress" else None


def _person(profile: Profile, _name: str, _rows: int) -> Aside | None:
    header = profile.header.strip()
    if _PHONE_HEAD.fullmatch(header) and all(_PHONE.fullmatch(text) for text in profile.counts):
        return Aside("left_out", "phone", 0.9)
    if _NAME_HEAD.fullmatch(header) and profile.different > 0.8 * profile.filled and not profile.numbers:
        return Aside("name", "person", 0.85)
    return None


def _of_platform(profile: Profile, name: str, _rows: int) -> Aside | None:
    if name == "language" and all(_LANGUAGE.fullmatch(text) for text in profile.counts):
        return Aside("language", "language", 0.9)
    short = profile.different <= 3 and profile.longest < 20
    if name in ("device", "ip", "email") or (name in ("finished", "status") and short):
        return Aside(name, "platform", 0.8)
    return None


def _is_weight(profile: Profile) -> bool:
    if not (
        _WEIGHT.fullmatch(profile.header.strip())
        or (profile.label != profile.header and _WEIGHT.fullmatch(profile.label))
    ):
        return False
    numbers = [
        number for text, number in profile.numbers.items() for _ in range(min(profile.counts[text], 1000))
    ]
    if len(set(numbers)) < 2 or min(numbers) < 0 or _BODY.search(f"{profile.header} {profile.label}"):
        return False
    mean = sum(numbers) / len(numbers)
    spread = (sum((number - mean) ** 2 for number in numbers) / len(numbers)) ** 0.5
    body = 30 < mean < 300 and spread < 0.35 * mean  # what people weigh, in kilograms or pounds
    return not body and not (profile.whole and max(numbers) <= 11)


def _is_running(profile: Profile, rows: int) -> bool:
    """Tell whether a column counts the rows."""
    if rows < 10 or profile.different != rows or not profile.whole:
        return False
    numbers = [profile.numbers.get(str(text).strip()) for text in map(_as_key, profile.column.cells)]
    return numbers[0] in (0, 1) and all(number == place + numbers[0] for place, number in enumerate(numbers))


def _as_key(raw: Any) -> str:
    from survey.ingest.cell_values import as_text

    return as_text(raw)
