"""From the columns of a table to a sketch of the questionnaire that was answered."""

import re
from collections import Counter

from survey.drafting.asides import aside_of
from survey.drafting.grids import gather_grids
from survey.drafting.grouping import OTHER, Group, asks_for_other, group_columns, is_open
from survey.drafting.naming import Names, slug, unique
from survey.drafting.profile import Profile, profiles
from survey.drafting.recognition import Kind, kind_of, yes_and_no
from survey.drafting.sketch import Guess, Sketch, SketchPart, SketchQuestion, SketchScale, Words
from survey.drafting.stems import Stem, find_stems
from survey.drafting.word_scales import WordScale, value_aside
from survey.files.labelled_files import Dictionary
from survey.ingest.missing_words import missing_kind, rates_nothing
from survey.ingest.raw_table import Labelled, RawTable
from survey.messages import enumerated, message
from survey.wording import normalise

_NONE = re.compile(
    r"none(?: of (?:these|the above|them))?\b.*|not (?:yet )?(?:decided|sure|applicable)|undecided|nothing|"
    r"以上(?:都|均)(?:不是|没有)|都没有|没有|尚未(?:决定|确定)|无|不适用",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"\bother\b|\bdon'?t know\b|\bnone\b|\bprefer not\b|其他|其它|不知道|无|以上都不", re.IGNORECASE
)
_FIRST_NUMBER = re.compile(r"[<>≤≥(\[]*\s*(\d[\d,.]*)")
_MOST_POINTS = 7  # columns that share so many answers or fewer may be items of one battery
_BOUNDED = re.compile(
    r"^\s*(?:<|under|below|less|up to|少于|低于|不足)|(?:以下|以内|or (?:less|fewer|under))\W*$",
    re.IGNORECASE,
)
_OWN_NUMBER = re.compile(r"\s*(?:q|第)?\s*(\d{1,3})\s*[题问]?\s*[、.．:：)）]\s*\D", re.IGNORECASE)


class Sketcher:
    """Makes the sketch of one table."""

    def __init__(self, table: RawTable, dictionary: Dictionary | None, sketch_id: str, title: str) -> None:
        """Look at the columns of a table."""
        self.table = table
        self.profiles = profiles(table, dictionary)
        words = " ".join(profile.label for profile in self.profiles)
        chinese = sum("\u4e00" <= sign <= "\u9fff" for sign in words)
        self.lang = "zh" if chinese > sum(sign.isalpha() and sign.isascii() for sign in words) / 3 else "en"
        self.sketch = Sketch(sketch_id, {self.lang: title}, [self.lang])
        self.names = Names(column.header for column in table.columns)
        self._rows = len(table.numbers)
        self._sharing: Counter[frozenset[str]] = Counter()

    def draw(self) -> Sketch:
        """Go through the columns: what is no answer first, then groups, then what stands alone."""
        sketch = self.sketch
        sketch.seen = [column.header for column in self.table.columns if column.header]
        asked = self._set_aside()
        stems = find_stems(asked)
        asked = self._without_doubled(asked, stems)
        groups = group_columns(asked, stems, self.table.habits)
        owner = {profile.place: group for group in groups for profile in (*group.members, *group.texts)}
        self._sharing = Counter(_answer_set(one) for one in asked if one.place not in owner)
        made: list[SketchQuestion] = []
        done: set[int] = set()
        for profile in asked:
            group = owner.get(profile.place)
            if group is None:
                if not profile.counts:
                    self._aside(profile, "left_out", "nothing", 0.95)
                elif not self._beside_option(profile, made):
                    made.append(self._alone(profile))
            elif id(group) not in done:
                done.add(id(group))
                made.append(self._battery(group) if group.kind == "rating" else self._options_of(group))
        sketch.questions = made
        gather_grids(sketch, self.names)
        self._missing_words(asked)
        return sketch

    # -- what is no answer -----------------------------------------------------------------------------

    def _set_aside(self) -> list[Profile]:
        asked = []
        heads = Counter(normalise(profile.header) for profile in self.profiles)
        names: set[str] = set()
        for column in self.table.columns:
            if (role := column.role or column.otherwise) and role != "joined":
                self.sketch.asides.append(Guess(column.header, column.letter, role, "platform_column", 1.0))
                names.add(role)
            elif role:
                self.sketch.asides.append(
                    Guess(column.header, column.letter, "left_out", "joined_twice", 0.95)
                )
            elif not column.header:
                filled = int(column.cells.filled().sum())
                guess = Guess("", column.letter, "left_out", "headless", 0.5, {"count": filled})
                self.sketch.asides.append(guess)
        stems = find_stems(self.profiles)
        for profile in self.profiles:
            if heads[normalise(profile.header)] > 1:
                self._aside(profile, "left_out", "header_twice", 0.3)
                continue
            if not profile.counts and not profile.lost and profile.place in stems:
                asked.append(profile)  # an option that nobody ticked, an item that nobody rated
                continue
            aside = aside_of(profile, self._rows)
            if aside is None:
                asked.append(profile)
            elif aside.name in names and aside.name != "left_out":
                self._aside(profile, "left_out", f"{aside.reason}_again", 0.7)
            else:
                names.add(aside.name)
                self._aside(profile, aside.name, aside.reason, aside.confidence, **aside.values)
        return asked

    def _aside(self, profile: Profile, name: str, reason: str, confidence: float, **values: object) -> None:
        headers = self.sketch.meta.setdefault(name, [])
        if normalise(profile.header) not in map(normalise, headers):
            headers.append(profile.header)
        self.sketch.asides.append(
            Guess(profile.header, profile.column.letter, name, reason, confidence, dict(values))
        )

    def _without_doubled(self, asked: list[Profile], stems: dict[int, Stem]) -> list[Profile]:
        """Set aside a joined column that only repeats the columns of its options."""
        heads = Counter(stem.key for stem in stems.values() if stem.strong)
        kept = []
        for profile in asked:
            own = stems.get(profile.place)
            alone = own is None or not own.strong
            if alone and heads[normalise(profile.header)] > 1 and is_open(profile):
                self._aside(profile, "left_out", "joined_twice", 0.85)
            else:
                kept.append(profile)
        return kept

    def _missing_words(self, asked: list[Profile]) -> None:
        found: Counter[str] = Counter()
        for profile in asked:
            for word, cells in profile.gaps.items():
                found[word] += cells
        kinds = {
            normalise(word): missing_kind(word) or "empty"
            for word in found
            if normalise(word) not in ("na", "n/a")
        }
        for word, cells in found.items():
            words = self.sketch.missing.setdefault(kinds.get(normalise(word), "empty"), [])
            if normalise(word) not in map(normalise, words):
                words.append(word)
            number = re.fullmatch(r"[+-]?\d+(?:\.0+)?", word) is not None
            key = "draft_missing_code" if number else "draft_missing_word"
            self.sketch.notes.append((key, {"word": word, "count": cells}))

    # -- questions -------------------------------------------------------------------------------------

    def _say(self, text: str) -> dict[str, str]:
        return {self.lang: text}

    def _question(
        self, kind: str, name: str, text: str, fallback: str, own: tuple[str, ...] = ()
    ) -> SketchQuestion:
        question_id = self.names.id_of(name, fallback, own)
        return SketchQuestion(question_id, kind, self._say(self.names.short_of(text)), self._say(text))

    def _alone(self, profile: Profile) -> SketchQuestion:
        kind = kind_of(profile, self.table.habits)
        if profile.aside and kind.kind != "rating":
            profile.put_back()
            kind = kind_of(profile, self.table.habits)
        sharing = self._sharing[_answer_set(profile)]
        if kind.reason == "few_answers" and sharing > 2 and 2 < profile.different <= _MOST_POINTS:
            kind = Kind("single", "shared_answers", 0.6, values={"count": sharing})
        text, header = profile.label, profile.header
        name = header if len(header) <= 24 else text
        question = self._question(kind.kind, name, text, _numbered_id(profile), (header, text))
        if header != text:
            question.aliases.append(header)
        column = question.id
        if kind.kind == "rating":
            assert kind.scale is not None
            item = self.names.id_of(f"{question.id} item", "item")
            question.items = [SketchPart(item, self._say(text), [header] if header != text else [])]
            question.scale = self._scale(kind.scale, [profile])
            column = f"{question.id}__{item}"
        elif kind.kind == "multiple":
            assert kind.joined is not None
            question.options = self._options(list(kind.joined.options.items()), several=True)
            self._exclusive(question, profile, kind)
        elif kind.kind == "single":
            question.options = self._choices(profile, kind)
        elif kind.kind == "number":
            self._limit(question, profile)
        for option in question.options:
            option.text = option.text or option.label[self.lang] in profile.with_text
        self._guess(question, profile, kind, column)
        return question

    def _guess(self, question: SketchQuestion, profile: Profile, kind: Kind, column: str) -> None:
        shown = {"different": profile.different, "cells": profile.filled, **kind.values}
        name = (
            "wave"
            if kind.reason == "wave"
            else {"times": "time", "moments": "moment"}.get(kind.reason, question.kind)
        )
        item = column.partition("__")[2]
        question.guesses.append(
            Guess(
                profile.header,
                profile.column.letter,
                name,
                kind.reason,
                kind.confidence,
                shown,
                question.id,
                item,
            )
        )
        question.columns[profile.header] = column

    def _choices(self, profile: Profile, kind: Kind) -> list[SketchPart]:
        """The options of a single choice, from labels, yes and no, codes, or words."""
        if profile.variable and profile.variable.codes:
            valid = [
                (code, label.strip())
                for code, label in profile.variable.codes.items()
                if not profile.variable.is_missing(code)
            ]
            known = {normalise(label) for _, label in valid}
            bare = [text for text in profile.counts if normalise(text) not in known]
            texts = [label or str(code) for code, label in valid]
            options = self._options([(text, 1) for text in (*texts, *bare)])
            for option in options[len(texts) :]:
                option.ask = "draft_ask_code"
            return options
        if kind.reason == "yes_no" and (pair := yes_and_no(profile)):
            parts = []
            for form, name in zip(pair, ("yes", "no"), strict=True):
                label = form if normalise(form) not in ("true", "false", "t", "f", "y", "n") else ""
                label = label or message(f"draft_{name}", self.lang)
                parts.append(SketchPart(name, self._say(label), [form] if form and form != label else []))
            return parts
        if profile.numbers:
            texts = sorted(profile.counts, key=lambda text: profile.numbers[text])
            parts = []
            for text in texts:
                number = profile.numbers[text]
                code = str(int(number)) if number.is_integer() else text
                word = "code" if kind.reason != "wave" else "wave"
                part = SketchPart(
                    f"{word}_{re.sub(r'[^0-9]+', '_', code.replace('-', 'minus ')).strip('_') or 'x'}"
                    if number >= 0
                    else f"{word}_minus_{abs(int(number))}",
                    self._say(code),
                    [code],
                    ask="draft_ask_code" if kind.reason != "wave" else "",
                )
                parts.append(part)
            return _each_once(parts)
        return self._options(_in_order(profile.counts))

    def _options(self, counts: list[tuple[str, int]], *, several: bool = False) -> list[SketchPart]:
        ids = Names()
        parts: dict[str, SketchPart] = {}
        for number, (text, _) in enumerate(counts, 1):
            part = SketchPart(ids.id_of(text, f"option_{number}"), self._say(text))
            code = re.fullmatch(r"[+-]?\d+(?:\.0+)?", text.strip())
            if code:
                part.id = ids.id_of(f"code {text.strip().removeprefix('-')}", f"option_{number}")
                part.aliases, part.ask = [text.strip()], "draft_ask_code"
            if several and _NONE.fullmatch(text.strip()):
                part.exclusive = True
            parts.setdefault(normalise(text), part)
        return list(parts.values())

    def _exclusive(self, question: SketchQuestion, profile: Profile, kind: Kind) -> None:
        """Take "none of these" as exclusive only where nobody chose it with another."""
        sign = kind.joined.sign if kind.joined else ""
        for option in question.options:
            label = option.label[self.lang]
            if option.exclusive and any(
                label in text and sign in text for text in profile.counts if text != label
            ):
                option.exclusive = False

    def _limit(self, question: SketchQuestion, profile: Profile) -> None:
        """Keep codes of missing answers out of a number by limits: they would be numbers otherwise."""
        gaps = [float(word) for word in profile.gaps if re.fullmatch(r"[+-]?\d+(?:\.\d+)?", word)]
        special = {
            text: profile.numbers[text]
            for text, raw in profile.raws.items()
            if isinstance(raw, Labelled) and missing_kind(raw.label)
        }
        for text in special:
            words = self.sketch.missing.setdefault(missing_kind(text) or "empty", [])
            if text not in words:
                words.append(text)
        outside = [*gaps, *special.values()]
        inside = [number for text, number in profile.numbers.items() if text not in special]
        if not outside or not inside:
            return
        if min(outside) < min(inside):
            question.limits["minimum"] = _plain(min(inside) if min(inside) < 0 else 0)
        if max(outside) > max(inside):
            question.limits["maximum"] = _plain(max(inside))

    # -- several columns -------------------------------------------------------------------------------

    def _head(self, group: Group) -> tuple[str, str]:
        """The text of a question of several columns, and a name for when it says nothing."""
        first = group.members[0]
        if group.head.startswith("#"):
            return message("draft_question_number", self.lang, number=group.head[1:]), f"q{group.head[1:]}"
        if group.head.strip(" _.-"):
            return group.head.strip(" _-"), _numbered_id(first)
        names = enumerated((group.tails[profile.place] for profile in group.members), self.lang)
        return names[:120], f"battery_{first.place + 1}"

    def _options_of(self, group: Group) -> SketchQuestion:
        """A question with a column per option: ticked, ranked, or given a part of a sum."""
        text, fallback = self._head(group)
        question = self._question(group.kind, text, text, fallback, (text,))
        if group.kind == "ranking" and group.number < len(group.members):
            question.ranks = int(group.number)
        elif group.kind == "constant_sum":
            question.total = int(group.number)
        taken = Names()
        for number, profile in enumerate(group.members, 1):
            tail = group.tails[profile.place]
            label = f"{text} {tail}" if tail.strip().isdigit() else tail
            part = SketchPart(
                taken.id_of(tail if not tail.strip().isdigit() else label, f"option_{number}"),
                self._say(label),
            )
            none = group.kind == "multiple" and bool(_NONE.fullmatch(tail.strip()))
            part.exclusive = none and not self._together(profile, group)
            part.ask = "draft_ask_option" if tail.strip().isdigit() else ""
            part.text = is_open(profile) and bool(OTHER.search(tail)) and profile.different > 1
            question.options.append(part)
            self._guess(
                question,
                profile,
                Kind(group.kind, group.reason, group.confidence, values={"total": f"{group.number:g}"}),
                f"{question.id}__{part.id}",
            )
        for profile in group.texts:
            tail = group.tails[profile.place]
            own = next((part for part in question.options if OTHER.search(part.label[self.lang])), None)
            named = [part for part in question.options if normalise(part.label[self.lang]) in normalise(tail)]
            target = named[0] if named else own
            if target is None:
                continue
            self._text_beside(question, target, profile, 0.9)
        return question

    def _together(self, profile: Profile, group: Group) -> bool:
        """Tell whether an option was ticked with another one."""
        from survey.ingest.cell_values import as_text
        from survey.ingest.option_cells import UNTICKED

        def ticked(one: Profile) -> list[bool]:
            return [raw is not None and normalise(as_text(raw)) not in UNTICKED for raw in one.column.cells]

        own = ticked(profile)
        others = [ticked(one) for one in group.members if one is not profile]
        return any(mine and any(cells) for mine, *cells in zip(own, *others, strict=True))

    def _battery(self, group: Group) -> SketchQuestion:
        assert group.scale is not None
        text, fallback = self._head(group)
        question = self._question("rating", text, text, fallback)
        question.scale = self._scale(group.scale, group.members)
        heads = {normalise(question.text[self.lang])}
        for number, profile in enumerate(group.members, 1):
            label = group.tails[profile.place]
            own = (label, profile.header)
            part = SketchPart(self.names.id_of(label, f"{question.id}_{number}", own), self._say(label))
            if normalise(label) in heads:
                part.label = self._say(profile.header)
            question.items.append(part)
            shown = {"points": len(group.scale.points), "seen": group.scale.seen}
            kind = Kind("rating", group.reason, group.confidence, values=shown)
            self._guess(question, profile, kind, f"{question.id}__{part.id}")
        return question

    def _scale(self, scale: WordScale, members: list[Profile]) -> str:
        """Give the id of a scale; one that is there already is used again."""
        points: list[tuple[int | float, Words, list[str]]] = [
            (value, self._say(label), list(forms)) for value, label, forms in scale.points
        ]
        unrated = self._unrated({value for value, _, _ in points}, members)
        for known in self.sketch.scales.values():
            if _shown([*known.points, *known.unrated]) == _shown([*points, *unrated]):
                return known.id
        scale_id = unique(slug(scale.name) or "scale", set(self.sketch.scales))
        top = 2 if len(points) > 3 else 1
        notes: list[tuple[str, dict[str, object]]] = []
        order = enumerated((label[self.lang] for _, label, _ in points), self.lang)
        if scale.reason == "degree_words":
            notes.append(("draft_order_guessed", {"order": order}))
        elif scale.reason == "codes":
            notes.append(("draft_points_asked", {}))
        elif scale.seen < len(points):
            notes.append(("draft_points_unseen", {"count": len(points) - scale.seen}))
        if self._reversed(scale, members):
            notes.append(("draft_order_reversed", {}))
        if unrated:
            labels = enumerated((label[self.lang] for _, label, _ in unrated), self.lang)
            notes.append(("draft_points_aside", {"labels": labels}))
        self.sketch.scales[scale_id] = SketchScale(scale_id, points, top, notes, unrated)
        return scale_id

    def _unrated(
        self, values: set[float], members: list[Profile]
    ) -> list[tuple[int | float, Words, list[str]]]:
        """The points of several columns that rate nothing, under the codes of the file where it has codes.

        What is no answer at all ("no answer", "refused") is put under `missing` instead.
        """
        points: list[tuple[int | float, Words, list[str]]] = []
        raws = {normalise(text): (text, raw) for one in members for text, raw in one.raws_aside.items()}
        for text, raw in raws.values():
            if not rates_nothing(text):
                words = self.sketch.missing.setdefault(missing_kind(text), [])
                words += [text] if text not in words else []
                continue
            code = raw.code if isinstance(raw, Labelled) else None
            taken = {*values, *(value for value, _, _ in points)}
            if not isinstance(code, int | float) or not float(code).is_integer() or code in taken:
                code = value_aside(taken)
            points.append((int(code), self._say(text), []))
        return sorted(points, key=lambda point: point[0])

    def _reversed(self, scale: WordScale, members: list[Profile]) -> bool:
        """Tell whether the codes of the file fall where the points rise."""
        variable = next((one.variable for one in members if one.variable and one.variable.codes), None)
        if variable is None:
            return False
        codes = {normalise(label): code for code, label in variable.codes.items()}
        found = [codes[form] for form in (normalise(label) for _, label, _ in scale.points) if form in codes]
        return len(found) > 1 and found == sorted(found, reverse=True)

    def _beside_option(self, profile: Profile, made: list[SketchQuestion]) -> bool:
        """Put a column of text beside the option "other" of the question before it."""
        if not profile.counts or not asks_for_other(profile):
            return False
        for question in made[:-3:-1]:
            for option in question.options:
                label = option.label[self.lang]
                if question.kind in ("single", "multiple") and OTHER.search(label) and not option.text:
                    self._text_beside(question, option, profile, 0.85)
                    return True
        return False

    def _text_beside(
        self, question: SketchQuestion, option: SketchPart, profile: Profile, sure: float
    ) -> None:
        option.text = True
        option.text_aliases.append(profile.header)
        name = f"{question.id}__{option.id}__text"
        values = {"option": option.label[self.lang]}
        question.guesses.append(
            Guess(
                profile.header,
                profile.column.letter,
                "other_text",
                "other_text",
                sure,
                values,
                question.id,
                option.id,
            )
        )
        question.columns[profile.header] = name


def _numbered_id(profile: Profile) -> str:
    """The id of a question whose words make none: by the number the file gives it, else by its place."""
    own = _OWN_NUMBER.match(profile.header)
    return f"q{own[1] if own else profile.place + 1}"


def _shown(points: list[tuple[int | float, Words, list[str]]]) -> list[tuple[int | float, Words]]:
    """Points without the ways they are written."""
    return [(value, label) for value, label, _ in points]


def _answer_set(profile: Profile) -> frozenset[str]:
    """The different answers of a column, however written."""
    return frozenset(map(normalise, profile.counts))


def _plain(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number


def _each_once(parts: list[SketchPart]) -> list[SketchPart]:
    seen: dict[str, SketchPart] = {}
    for part in parts:
        first = seen.setdefault(part.id, part)
        if first is not part:
            first.aliases += [alias for alias in part.aliases if alias not in first.aliases]
    return list(seen.values())


def _in_order(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Options in an order readers expect: by the number they begin with, else the most frequent first."""
    starts = [_FIRST_NUMBER.match(text) for text in counts]
    if sum(start is not None for start in starts) >= max(2, 0.7 * len(counts)):
        return sorted(counts.items(), key=lambda pair: _rank(pair[0]))
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return sorted(ordered, key=lambda pair: _LAST.search(pair[0]) is not None)


def _rank(text: str) -> tuple[float, int]:
    start = _FIRST_NUMBER.search(text)
    if start is None:
        return (float("inf"), 1)
    number = float(start[1].replace(",", "").rstrip(".") or 0)
    return number, 0 if _BOUNDED.search(text) else 1
