"""Batteries of bare whole numbers: the scale of all items under one stem, and numbers that are amounts."""

import re
from collections.abc import Sequence
from dataclasses import replace

from survey.drafting.profile import Profile
from survey.drafting.quantity_groups import add_up
from survey.drafting.word_scales import WordScale, coded_scale
from survey.wording import normalise

RATED = re.compile(
    r"\brat(?:e|ed|ing)\b|\bsatisf\w*|\bagree\w*|\bimportan\w*|\bquality\b|\bscore\b|满意|同意|重要|评分|打分|评价",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\bhow many\b|\bhow much (?:money|time)\b|\bhow (?:long|old)\b|\bnumber\b|^(?:num|count|qty)\b|"
    r"\bhours (?:per|a|each)\b|\bspen[dt]\b|\bamounts?\b|\bages?\b|\bpercent|%|"
    r"\b(?:divide|distribute|allocate|split)\b|"
    r"多少|几[个次年人天台小]|数量|人数|金额|次数|天数|小时数|年龄|花费|支出|比例|分配",
    re.IGNORECASE,
)
_SAID = re.compile(r"(?<!\d)([01])\s*(?:[-–—~～]|to|\.\.+|至|到)\s*(\d{1,2})(?!\d)", re.IGNORECASE)
_HIGHEST = 10
_FEW, _WELL_FILLED = 3, 10
_USUAL_ENDS = (5, 7, 10)  # where scales that begin at 1 end


def are_amounts(members: Sequence[Profile], head: str) -> bool:
    """Tell whether bare numbers under one stem are counts or parts of a sum, and no points."""
    text = normalise(head.replace("_", " "))
    return (_COUNTED.search(text) is not None and RATED.search(text) is None) or add_up(members)


def scale_of_points(members: Sequence[Profile], head: str) -> tuple[WordScale, bool] | None:
    """The scale of all points that the items of one stem have, and whether its lowest one occurs.

    An item need not have every point. Where nobody gave a 0 or 1, the scale begins at 1: a guess, made only
    where the stem asks for a rating, or where every number up to a usual end occurs.
    """
    answered = [one for one in members if one.counts]
    if len(answered) < 2 or any(
        not one.whole or one.labelled or (one.variable and one.variable.codes) for one in answered
    ):
        return None
    points = {number for one in answered for number in one.numbers.values()}
    low, high = min(points), max(points)
    rated = RATED.search(head) is not None
    if high > _HIGHEST or len(points) < 2 or (not rated and _has_codes_of_two(answered, len(points))):
        return None
    said = _SAID.search(head)
    if said and int(said[1]) <= low and high <= int(said[2]) <= _HIGHEST:
        low_said, high_said = int(said[1]), int(said[2])
        scale = coded_scale((low_said, high_said))
        return (_with_seen(scale, len(points)), True) if scale else None
    if scale := coded_scale(points):
        return scale, True
    usual = high in _USUAL_ENDS and len(points) == high - low + 1 > 2
    if low <= 1 or not (usual or rated):
        return None
    scale = coded_scale({1, *points})
    return (_with_seen(scale, len(points)), False) if scale else None


def _has_codes_of_two(answered: Sequence[Profile], points: int) -> bool:
    """Tell whether a well filled column has only a 1 and a 2 where others reach far: a sex beside an age."""
    return points > _FEW and any(
        one.filled >= _WELL_FILLED and set(one.numbers.values()) in ({0, 1}, {1, 2}) for one in answered
    )


def _with_seen(scale: WordScale, seen: int) -> WordScale:
    return replace(scale, seen=seen)
