"""Joined answers: one cell with several options of a select-all question.

Options may hold commas, slashes or brackets, so no separator is trusted by itself. A cell is split by the
known options so that they cover as much of it as they can (the longest match); it counts only if exactly one
set of options does.
"""

import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from survey.ingest.labels import Labels, without_markup
from survey.ingest.layout import PLAIN, Habits
from survey.instrument import Question
from survey.wording import near_misses, normalise

_LONGEST_CODE = 4  # digits of a code
_MOST = 3  # sets of options kept per position: two are enough to know that a cell is ambiguous

Split = tuple[frozenset[str], str]


class Splitter:
    """The options of one question, ready for joined cells; `position` reads a number as an option."""

    def __init__(
        self, question: Question, habits: Habits = PLAIN, position: Callable[[str], str | None] | None = None
    ) -> None:
        """Collect the forms, longest first."""
        self.question = question
        self.habits = habits
        self.position = position or (lambda text: None)
        self.labels = Labels((option.id, option.forms, option.label) for option in question.options)
        self.forms = sorted(self.labels.exact.items(), key=lambda pair: (-len(pair[0]), pair[0]))
        self.known = [form for option in question.options for form in option.forms]
        # Where an option holds the separator itself, the separator alone decides nothing.
        self._held = bool(habits.separator) and any(
            habits.separator.strip() in form if habits.separator.strip() else " " in form
            for form, _ in self.forms
        )
        texts = [option.id for option in question.options if option.text]
        self.other = texts[0] if len(texts) == 1 else ""
        self._segment = cache(self._find_segment)
        firsts = {form[0] for form, _ in self.forms}
        self._firsts = {first: [pair for pair in self.forms if pair[0][0] == first] for first in firsts}

    def _find_segment(self, text: str) -> str | None:
        return self.labels.find(text) or self.position(text)

    def split(self, raw: str) -> tuple[list[Split], str]:
        """Give every way to read a cell (one, if all is well) and what is left where there is none."""
        if self.habits.separator:
            ways = self._by_separator(raw)
            if ways:
                return ways, ""
        sets, rest = self._by_options(normalise(raw))
        if not sets and (plain := without_markup(raw)) != raw:
            return self.split(plain)
        return [(chosen, "") for chosen in sets], rest

    def _by_separator(self, raw: str) -> list[Split]:
        """Split at the separator of the platform; an option or a text may hold the separator itself."""
        separator, opening = self.habits.separator, self.habits.brackets[:1]
        if opening and opening in raw:
            return self._bracketed(raw)
        segments = [segment for segment in raw.split(separator.strip() or separator) if segment.strip()]
        chosen = [self._segment(segment) for segment in segments]
        if None not in chosen and not self._held:
            return [(frozenset(one for one in chosen if one), "")]
        return self._spanning(segments, separator)

    def _bracketed(self, raw: str) -> list[Split]:
        opening, closing = map(re.escape, self.habits.brackets)
        mark = re.escape(self.habits.separator)
        piece = rf"([^{mark}{opening}]+)(?:{opening}(.*?){closing})?\s*(?:{mark}|$)"
        texts, chosen, end = [], set(), 0
        for match in re.finditer(piece, raw, re.DOTALL):
            option = self._segment(match[1].strip())
            if match.start() != end or option is None:
                return []
            if match[2] is not None:
                if not self.question.part(option).text:
                    return []
                texts.append(match[2])
            chosen.add(option)
            end = match.end()
        return [(frozenset(chosen), texts[0] if texts else "")] if end == len(raw) and len(texts) < 2 else []

    def _spanning(self, segments: list[str], separator: str) -> list[Split]:
        """Join neighbouring segments to options; what is left over is the text of an "other", if it may be.

        Of all ways those with the fewest segments left over count.
        """
        count = len(segments)
        width = max((form.count(separator.strip()) for form, _ in self.forms), default=0) + 1
        # best[i]: the cost and the ways to read the segments from i on.
        best: list[tuple[int, list[tuple[frozenset[str], tuple[int, ...]]]]] = [(0, [])] * (count + 1)
        best[count] = (0, [(frozenset(), ())])
        for start in range(count - 1, -1, -1):
            candidates: list[tuple[int, frozenset[str], tuple[int, ...]]] = []
            for end in range(start + 1, min(count, start + width) + 1):
                option = self._segment(separator.join(segments[start:end]).strip())
                if option is not None:
                    cost, ways = best[end]
                    candidates += [(cost, chosen | {option}, left) for chosen, left in ways]
            cost, ways = best[start + 1]
            candidates += [(cost + 1, chosen, (start, *left)) for chosen, left in ways]
            least = min(cost for cost, _, _ in candidates)
            unique = {(chosen, left): None for cost, chosen, left in candidates if cost == least}
            best[start] = (least, list(unique)[:_MOST])
        ways_out: dict[Split, None] = {}
        for chosen, left in best[0][1]:
            if not left:
                ways_out[chosen, ""] = None
            elif self.habits.free_other and self.other and left == tuple(range(left[0], left[-1] + 1)):
                text = separator.join(segments[left[0] : left[-1] + 1]).strip()
                if not near_misses(text, self.known):
                    ways_out[chosen | {self.other}, text] = None
        return list(ways_out)

    def _by_options(self, text: str) -> tuple[list[frozenset[str]], str]:
        """Split by the options alone: between two there is at least one sign, neither letter nor digit."""
        # known[place]: the fewest signs outside options from there on, and the sets that leave them.
        known: dict[int, tuple[float, list[frozenset[str]]]] = {len(text): (0, [frozenset()])}
        furthest, begin = 0, self._skip(text, 0)
        stack = [begin]
        while stack:
            start = stack[-1]
            if start in known:
                stack.pop()
                continue
            furthest = max(furthest, start)
            after = []
            for form, option in self._firsts.get(text[start], ()):
                end = start + len(form)
                if text.startswith(form, start) and (end == len(text) or not text[end].isalnum()):
                    after.append((option, end, self._skip(text, end)))
            pending = [place for _, _, place in after if place not in known]
            if pending:
                stack += pending
                continue
            costs = [known[place][0] + place - end for _, end, place in after]
            least = min(costs, default=math.inf)
            cheapest: dict[frozenset[str], None] = {}
            for (option, _, place), cost in zip(after, costs, strict=True):
                if cost == least < math.inf:
                    cheapest |= dict.fromkeys(rest | {option} for rest in known[place][1])
            known[start] = least, list(cheapest)[:_MOST]
            stack.pop()
        sets = [chosen for chosen in known[begin][1] if chosen]
        return sets, "" if sets else text[furthest:] or text

    def _skip(self, text: str, start: int) -> int:
        while start < len(text) and not text[start].isalnum():
            if any(text.startswith(form, start) for form, _ in self._firsts.get(text[start], ())):
                break
            start += 1
        return start

    def near(self, rest: str) -> list[str]:
        """Propose options for what is left of a cell."""
        return near_misses(rest, self.known) or near_misses(re.split(r"[,;|、┋]", rest)[0], self.known)


def ways_text(ways: list[Split]) -> str:
    """Write the ways a cell may be read, for the message."""
    return " / ".join(" + ".join(sorted(chosen)) for chosen, _ in ways)


def code_of(raw: Any, habits: Habits) -> int | None:
    """The number by which an export may name an option ("3", "3.0", "A3"); None where it is none."""
    form = normalise(str(raw)).removesuffix(".0")
    match = habits.codes.fullmatch(form) if habits.codes else None
    number = match[1] if match else form
    return int(number) if number.isascii() and number.isdigit() and len(number) <= _LONGEST_CODE else None


def as_position(question: Question, habits: Habits) -> Callable[[Any], str | None]:
    """Read the position of an option where this export writes positions ("3", "A3")."""
    options = question.options

    def position(text: Any) -> str | None:
        number = code_of(text, habits) if habits.positions else None
        return options[number - 1].id if number and number <= len(options) else None

    return position
