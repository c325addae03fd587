"""Which columns make one question together: select-all questions, batteries, the text beside an option."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from survey.drafting.crossing import possible_options, rows_by_options
from survey.drafting.orders import is_rank, option_of_each_rank, place_of
from survey.drafting.point_batteries import are_amounts, scale_of_points
from survey.drafting.profile import Profile
from survey.drafting.quantity_groups import quantities_of
from survey.drafting.stems import Stem
from survey.drafting.word_scales import (
    WordScale,
    coded_scale,
    common_scale,
    find_scale,
    labelled_scale,
    lettered_scale,
)
from survey.ingest.layout import Habits
from survey.ingest.missing_words import missing_kind
from survey.wording import normalise

OTHER = re.compile(r"\bother\b|\bothers\b|\belse\b|其他|其它", re.IGNORECASE)
_TEXT_OF_OTHER = re.compile(
    r"\bother\b|\bspecify\b|\bplease (?:describe|state|explain)\b|_TEXT$|_other(?:[ _]text)?$|\[other\]|"
    r"其他|其它|请注明|请说明|请填写",
    re.IGNORECASE,
)
_LONE_POINTS = 4  # a scale of a single column has at least so many points


@dataclass
class Group:
    """Columns that make one question: `kind` is `multiple`, `rating`, `ranking` or `constant_sum`.

    `number`: the places of a ranking, or the total of a sum. `options` of a ranking whose columns are ranks.
    """

    kind: str
    head: str
    members: list[Profile]
    tails: dict[int, str]
    scale: WordScale | None = None
    reason: str = ""
    confidence: float = 0.9
    texts: list[Profile] = field(default_factory=list)
    number: float = 0
    options: dict[str, int] = field(default_factory=dict)


def scale_of(profile: Profile) -> tuple[WordScale, bool] | None:  # noqa: PLR0911 - a rule, an answer
    """The scale of one column, and whether its order is known from words; None where it is no scale."""
    variable = profile.variable
    if variable and variable.codes:
        valid = {
            int(code): label.strip()
            for code, label in variable.codes.items()
            if isinstance(code, int) and not variable.is_missing(code) and not missing_kind(label)
        }
        words = list(valid.values())
        if found := common_scale(words) or find_scale(words):
            return found, True
        inside = [number for number in profile.numbers.values() if number.is_integer()]
        between = {int(number) for number in inside if valid and min(valid) <= number <= max(valid)}
        if valid and len(between) == len(profile.numbers) and (scale := labelled_scale(valid, len(between))):
            ends = len(valid) < len(scale.points)
            return scale, ends or variable.measure == "ordinal"
        return None
    if profile.labelled:
        return None
    if lettered := lettered_scale(profile.counts):
        return lettered, False
    if profile.numbers:
        found = coded_scale(profile.numbers.values()) if profile.whole else None
        return (found, False) if found else None
    scale = find_scale(profile.counts)
    return (scale, True) if scale else None


def group_columns(profiles: list[Profile], stems: dict[int, Stem], habits: Habits) -> list[Group]:
    """Put columns together, first those under one stem, then neighbours that share a scale in words."""
    by_stem: dict[tuple[bool, str], list[Profile]] = defaultdict(list)
    for profile in profiles:
        if stem := stems.get(profile.place):
            by_stem[stem.strong, stem.key].append(profile)
    groups: list[Group] = []
    taken: set[int] = set()
    for (strong, _), members in by_stem.items():
        for run in [members] if strong else _runs(members, profiles):
            for group in (
                _quantities(run, stems),
                _ranked(run, stems),
                _ticked(run, stems, habits, strong=strong),
                _battery(run, stems, strong=strong),
            ):
                if group and not taken & {one.place for one in group.members}:
                    groups.append(group)
                    taken |= {one.place for one in (*group.members, *group.texts)}
    if headed := _headed_by_ranks([one for one in profiles if one.place not in taken]):
        groups.append(headed)
        taken |= {one.place for one in headed.members}
    groups += _neighbours([one for one in profiles if one.place not in taken], profiles)
    return groups


def _runs(members: list[Profile], profiles: list[Profile]) -> list[list[Profile]]:
    """Cut members where a whole other question stands between them: a stem like "Q" says little."""
    order = {profile.place: number for number, profile in enumerate(profiles)}
    runs: list[list[Profile]] = []
    for member in members:
        if runs and order[member.place] - order[runs[-1][-1].place] <= 2:
            runs[-1].append(member)
        else:
            runs.append([member])
    return runs


def is_open(profile: Profile) -> bool:
    """Tell whether a column reads like free text."""
    return bool(profile.counts) and not profile.numbers and not profile.ticks


def _ticked(members: list[Profile], stems: dict[int, Stem], habits: Habits, *, strong: bool) -> Group | None:  # noqa: C901, PLR0912 - a kind, a branch
    """A select-all question: every column ticks (1/0, x or blank, its own label), some may be blank."""
    ticks, texts, blank = [], [], []
    if any(profile.aside for profile in members):
        return None
    by_place = _ticked_by_place(members, stems) if strong and habits.positions else set()
    for profile in members:
        stem = stems[profile.place]
        own = {normalise(profile.label), normalise(profile.header)}
        if strong or not stem.tail.isdigit():  # a lone 2 under Q2 is a code
            own.add(normalise(stem.tail))
            own |= set(map(normalise, possible_options(stem.tail)))
        lone = profile.different == 1 and {normalise(text) for text in profile.counts} <= own
        if profile.column.text:
            texts.append(profile)
        elif profile.ticks or lone or profile.place in by_place:
            ticks.append(profile)
        elif not profile.counts:
            blank.append(profile)
        elif is_open(profile) and _TEXT_OF_OTHER.search(f"{profile.header} {stem.tail}"):
            texts.append(profile)
        else:
            return None
    # The text of an "other" may stand in the place of its tick, which then is the option itself.
    for profile in list(texts):
        named = any(OTHER.search(stems[one.place].tail) for one in ticks)
        if habits.other_in_tick and not named and not profile.column.text:
            texts.remove(profile)
            ticks.append(profile)
    words = {normalise(text) for profile in ticks for text in profile.counts}
    if not any(OTHER.search(stems[one.place].tail) for one in ticks):
        texts = [one for one in texts if one.column.text]
    if len(ticks) < 2 or not any(profile.ticks for profile in ticks):
        first = ticks[0] if ticks else None
        if first is None or len(ticks) < 2 or not strong:
            return None
    if not strong and stems[members[0].place].generic and words & {"yes", "no", "是", "否", "true", "false"}:
        return None
    ticks = sorted([*ticks, *blank], key=lambda one: one.place)
    tails = {one.place: _tail(one, stems[one.place]) for one in (*ticks, *texts)}
    confidence = (0.95 if strong else 0.85) - (0.25 if stems[members[0].place].generic else 0)
    return Group("multiple", stems[members[0].place].head, ticks, tails, None, "ticks", confidence, texts)


def _quantities(members: list[Profile], stems: dict[int, Stem]) -> Group | None:
    """A ranking, or a constant sum: what the rows of several columns of numbers add up to."""
    if any(profile.aside for profile in members):
        return None
    sizes = range(len(members), 2, -1)  # a total of them may stand behind, or a question without its stem
    found, members = next(
        ((kind, members[:size]) for size in sizes if (kind := quantities_of(members[:size]))), (None, members)
    )
    if found is None:
        return None
    tails = {one.place: _tail(one, stems[one.place]) for one in members}
    reason = {"ranking": "ranks", "constant_sum": "sums"}[found.kind]
    head = stems[members[0].place].head
    return Group(found.kind, head, members, tails, None, reason, 0.9, number=found.number)


def _ranked(members: list[Profile], stems: dict[int, Stem]) -> Group | None:
    """A ranking whose columns are its ranks: each holds the option that has it."""
    if any(profile.aside for profile in members):
        return None
    tails = {one.place: stems[one.place].tail for one in members}
    head, strong = stems[members[0].place].head, stems[members[0].place].strong
    if not (strong or is_rank(head)):
        return None
    order = option_of_each_rank(members, list(tails.values()))
    if order is None:
        return None
    numbered_choices = "choice" in head.casefold() and not strong  # they may be mentions in no order
    sure = min(order.confidence, 0.7) if numbered_choices else order.confidence
    group = Group("ranking", head, members, tails, None, "option_of_rank", sure)
    group.number, group.options = order.places, order.options
    return group


def _headed_by_ranks(free: list[Profile]) -> Group | None:
    """A ranking whose columns are headed by the ranks alone: "1st choice", "2nd choice"."""
    members = [one for one in free if not one.header.strip().isdigit() and place_of(one.header, len(free))]
    members = sorted(members, key=lambda one: place_of(one.header, len(free)) or 0)
    tails = {one.place: one.header for one in members}
    if any(one.aside for one in members):
        return None
    order = option_of_each_rank(members, list(tails.values()))
    if order is None:
        return None
    group = Group("ranking", "", members, tails, None, "option_of_rank", order.confidence)
    group.number, group.options = order.places, order.options
    return group


def _ticked_by_place(members: list[Profile], stems: dict[int, Stem]) -> set[int]:
    """The columns that hold one whole number each, the place of its option: rising, of a grid in each row."""
    lone = {one.place: float(next(iter(one.counts))) for one in members if one.different == 1 and one.whole}
    codes = list(lone.values())
    if len(codes) > 1 and codes == sorted(set(codes)):
        return set(lone)
    pairs = rows_by_options([stems[one.place].tail for one in members])
    if pairs is None:
        return set()
    by_option: dict[str, set[float]] = defaultdict(set)
    for profile, (_, option) in zip(members, pairs, strict=True):
        by_option[option] |= {lone[profile.place]} if profile.place in lone else set()
    each = [next(iter(own)) for own in by_option.values() if len(own) == 1]
    one_code = all(len(own) < 2 for own in by_option.values())
    return set(lone) if one_code and len(each) > 1 and each == sorted(set(each)) else set()


def _tail(profile: Profile, stem: Stem) -> str:
    """What names a part: the rest of the header, or the label the file gives."""
    if not stem.strong and profile.label != profile.header:
        return profile.label
    return stem.tail if stem.strong or not stem.tail[:1].isdigit() else profile.header


def _battery(members: list[Profile], stems: dict[int, Stem], *, strong: bool) -> Group | None:  # noqa: PLR0911
    """A battery: two columns share a scale in words, or three (under a sign two) bare codes."""
    scales = {profile.place: scale_of(profile) for profile in members if profile.counts}
    rated = [profile for profile in members if scales.get(profile.place)]
    if strong and len(rated) < len(scales) and (scale := _scale_of_all(members)):
        tails = {one.place: _tail(one, stems[one.place]) for one in members}
        sure = _confidence(scale, known=True)
        return Group("rating", stems[members[0].place].head, members, tails, scale, scale.reason, sure)
    head = stems[members[0].place].head
    numeric = [one for one in members if one.numbers and not one.labelled]
    bare_numbers = 2 * len(numeric) > len(scales) and not any(scale and scale[1] for scale in scales.values())
    if bare_numbers and are_amounts(numeric, head):
        return None
    if battery := _battery_of_points(members, stems, strong=strong):
        return battery
    if len(rated) < 2 or len(rated) < len(scales) * 0.6:
        return None
    found = [scales[profile.place] for profile in rated]
    known = [scale for pair in found if pair for scale, ordered in [pair] if ordered]
    bare = [scale for pair in found if pair for scale, ordered in [pair] if not ordered]
    if known and bare:
        return None
    scale = shared_scale(rated, known or bare)
    if scale is None or (not known and scale.is_nominal) or (not known and len(rated) < (2 if strong else 3)):
        return None
    # Items that nobody rated, or all alike, say too little by themselves.
    points = scale.values
    rated += [
        one for one in members if one not in rated and all(normalise(text) in points for text in one.counts)
    ]
    rated.sort(key=lambda one: one.place)
    tails = {one.place: _tail(one, stems[one.place]) for one in rated}
    confidence = _confidence(scale, known=bool(known)) - (0 if strong or known else 0.1)
    return Group("rating", stems[rated[0].place].head, rated, tails, scale, scale.reason, confidence)


def _battery_of_points(members: list[Profile], stems: dict[int, Stem], *, strong: bool) -> Group | None:
    """A battery of bare numbers, each item of which may lack points that the others have."""
    stem = stems[members[0].place]
    answered = [one for one in members if one.counts]
    numeric = [one for one in members if one.whole or not one.counts]
    if len(numeric) < len(members) * 0.6 or any(one.numbers and not one.whole for one in members):
        return None
    found = scale_of_points(numeric, stem.head)
    if found is None:
        return None
    scale, begins = found
    if not strong and (stem.generic or not begins or len(answered) < 3 or len(numeric) < len(members)):
        return None
    tails = {one.place: _tail(one, stems[one.place]) for one in numeric}
    confidence = _confidence(scale, known=False) - (0 if strong else 0.1) - (0 if begins else 0.15)
    reason = scale.reason if begins else "codes_unseen"
    return Group("rating", stem.head, numeric, tails, scale, reason, confidence)


def _scale_of_all(members: list[Profile]) -> WordScale | None:
    """The common scale of all words of several columns, each of which may say too little alone."""
    if any(one.numbers or one.labelled or one.dates for one in members):
        return None
    words = list({normalise(text): text for profile in members for text in profile.counts}.values())
    scale = find_scale(words) if len(words) > 2 else None
    return scale if scale and scale.reason == "scale_words" else None


def shared_scale(members: Sequence[Profile], scales: Sequence[WordScale]) -> WordScale | None:
    """One scale for several columns: that of all their words or codes; None where they differ."""
    if all(scale.reason == "codes" for scale in scales):
        texts = {text: None for profile in members for text in profile.counts}
        if lettered := lettered_scale(texts):
            return lettered
        return coded_scale(number for profile in members for number in profile.numbers.values())
    if len({scale.signature for scale in scales}) == 1:
        return scales[0]
    if any(profile.variable and profile.variable.codes for profile in members):
        return None
    return find_scale(text for profile in members for text in profile.counts)


def _confidence(scale: WordScale, *, known: bool) -> float:
    """How sure a scale is: of words in a table very, of words of degree and bare codes less."""
    base = {
        "scale_words": 0.95,
        "numbered_labels": 0.95,
        "file_labels": 0.9,
        "degree_words": 0.6,
        "codes": 0.75,
    }
    missing = len(scale.points) - scale.seen if scale.reason == "scale_words" else 0
    return base[scale.reason] - min(0.05 * missing, 0.2) - (0 if known or scale.reason == "codes" else 0.05)


def _neighbours(free: list[Profile], profiles: list[Profile]) -> list[Group]:
    """Batteries without a stem: neighbours that share a scale in words, or three that share bare codes."""
    order = {profile.place: number for number, profile in enumerate(profiles)}
    runs: list[list[tuple[Profile, WordScale, bool]]] = []
    for profile in free:
        found = scale_of(profile) if profile.counts else None
        if found is None:
            continue
        scale, ordered = found
        last = runs[-1][-1] if runs else None
        if (
            last
            and order[profile.place] - order[last[0].place] == 1
            and last[2] == ordered
            and (
                last[1].signature == scale.signature
                or (ordered and scale.reason == "scale_words" and last[1].name == scale.name)
            )
        ):
            runs[-1].append((profile, scale, ordered))
        else:
            runs.append([(profile, scale, ordered)])
    groups = []
    for run in runs:
        members = [profile for profile, _, _ in run]
        ordered = run[0][2]
        if len(run) < (2 if ordered else 3):
            continue
        ranks = None if ordered else quantities_of(members)
        if ranks and ranks.kind == "ranking":
            tails = {profile.place: profile.label for profile in members}
            groups.append(Group("ranking", "", members, tails, None, "ranks", 0.85, number=ranks.number))
            continue
        if not ordered and all(are_amounts([one], one.label) for one in members):
            continue
        shared = shared_scale(members, [scale for _, scale, _ in run])
        if shared is None or (not ordered and shared.is_nominal):
            continue
        tails = {profile.place: profile.label for profile in members}
        confidence = _confidence(shared, known=ordered) - (0.05 if ordered else 0.2)
        groups.append(Group("rating", "", members, tails, shared, shared.reason, confidence))
    return groups


def lone_scale(profile: Profile) -> tuple[WordScale, float] | None:
    """The scale of a column that stands alone, and how sure it is; a few bare codes are no scale."""
    found = scale_of(profile)
    if found is None:
        return None
    scale, ordered = found
    if not ordered or len(scale.points) < _LONE_POINTS or scale.seen < 2:
        return None
    if scale.reason == "scale_words" and scale.seen < 3:
        return None
    return scale, _confidence(scale, known=True) - 0.1


def asks_for_other(profile: Profile) -> bool:
    """Tell whether a column of free text holds what was written beside an "other"."""
    return is_open(profile) and _TEXT_OF_OTHER.search(f"{profile.header} {profile.label}") is not None
