"""What the definitions share: plain text of HTML, ids kept or made, questions put into a sketch."""

import html
import re
from typing import Any

from survey.drafting.naming import Names, slug, unique
from survey.drafting.sketch import Guess, Sketch, SketchPart, SketchQuestion, SketchScale, Words
from survey.drafting.word_scales import common_scale, find_scale, value_aside
from survey.ingest.missing_words import missing_kind

_TAG = re.compile(r"<(?:br|/p|/div|/li)[^>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^>]+>")
_BARE_CODE = re.compile(r"-?\d+|[A-Za-z]{1,2}\d+|[A-Z]")  # codes that say nothing: 3, A1, SQ001
_NUMBER = re.compile(r"-?\d{1,4}(?:\.5)?")  # of a point
_COUNTED = re.compile(r"\s*\(?[+-]?\d")  # a point with its number
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1>", re.IGNORECASE | re.DOTALL)


def plain_text(text: Any) -> str:
    """The words of a piece of HTML, in one line."""
    words = _ANY_TAG.sub(" ", _TAG.sub(" ", _HIDDEN.sub(" ", str(text or ""))))
    return " ".join(html.unescape(words).replace("\xa0", " ").split())


def _value(code: str) -> int | float:
    """The value of a point, whole where it is."""
    return float(code) if "." in code else int(code)


class Builder:
    """Collects the questions of a definition; `columns` counts what the definition asks."""

    def __init__(self, sketch_id: str, title: Words, languages: list[str]) -> None:
        """Begin with nothing asked."""
        words = re.findall(r"[a-z0-9]+", slug(sketch_id))
        name = "-".join(words) or "my-survey"
        self.sketch = Sketch(name if name[0].isalpha() else f"survey-{name}", title, languages)
        self.names = Names()
        self._asked = 0

    @property
    def lang(self) -> str:
        """The first language."""
        return self.sketch.languages[0]

    def words(self, wording: Words, fallback: str) -> Words:
        """The wording in every language of the definition; where one is missing, the first there is."""
        said = {lang: text for lang, text in wording.items() if text.strip()}
        first = said.get(self.lang) or next(iter(said.values()), fallback) or fallback
        return {lang: said.get(lang, first) for lang in self.sketch.languages}

    def question(
        self,
        name: str,
        kind: str,
        wording: Words,
        *,
        reason: str = "definition",
        confidence: float = 0.95,
        **values: Any,
    ) -> SketchQuestion:
        """Put a question into the sketch; `name` is what the definition calls it."""
        self._asked += 1
        text = self.words(wording, name)
        question_id = self.names.id_of(name, f"q{self._asked}", (name,))
        short = {lang: self.names.short_of(words) for lang, words in text.items()}
        aliases = [] if name.casefold() == question_id or not name.strip() else [name]
        question = SketchQuestion(question_id, kind, short, text, aliases)
        question.guesses.append(Guess(name, "", kind, reason, confidence, values, question_id))
        self.sketch.questions.append(question)
        self.sketch.seen.append(name)
        return question

    def grid(self, name: str, wording: Words, answer: str, *, sure: bool) -> SketchQuestion:
        """Put a grid into the sketch; not `sure` where its answers may have an order."""
        if sure:
            grid = self.question(name, "grid", wording)
        else:
            grid = self.question(name, "grid", wording, reason="definition_grid", confidence=0.6)
        grid.answer = answer
        return grid

    def parts(self, entries: list[tuple[str, Words]], *, keep_names: bool = True) -> list[SketchPart]:
        """Options or items by (name, wording); a name that is no id becomes an alias."""
        taken: set[str] = set()
        forms: set[str] = set()
        parts = []
        for number, (name, wording) in enumerate(entries, 1):
            label = self.words(wording, name)
            for lang, text in label.items():
                count = 1
                while label[lang].casefold() in forms:
                    count += 1
                    label[lang] = f"{text} ({count})"
            forms |= {text.casefold() for text in label.values()}
            stem = slug(name) if keep_names and not _BARE_CODE.fullmatch(name.strip()) else ""
            part_id = unique(stem or slug(label[self.lang]) or f"option_{number}", taken)
            aliases = []
            if keep_names and name.casefold() not in (part_id, *forms):
                aliases.append(name)
                forms.add(name.casefold())
            parts.append(SketchPart(part_id, label, aliases))
        return parts

    def has_order(self, entries: list[tuple[str, Words]]) -> bool:
        """Tell whether the words of answers, in any language, or numbers before them say an order."""
        rating, _ = self._split(entries)
        for lang in self.sketch.languages:
            labels = [label for _, words in rating if (label := words.get(lang))]
            if len(labels) == len(rating) and (find_scale(labels) or any(map(_COUNTED.match, labels))):
                return True
        return not all(any(words.values()) for _, words in rating)

    def rows(self, entries: list[tuple[str, Words]], headers: list[str]) -> list[SketchPart]:
        """The rows of a grid, each with the header of its column."""
        parts = self.parts(entries, keep_names=False)
        for part, header in zip(parts, headers, strict=True):
            part.aliases.append(header)
        return parts

    def scale(self, entries: list[tuple[str, Words]], name: str) -> tuple[str, bool]:
        """A scale by (name, wording) of its points in the order of the definition, and whether it was turned.

        Words of a common scale that fall from first to last are turned round, so that the highest means most.
        Words such as "don't know" rate nothing, and stand behind the others.
        """
        rating, aside = self._split(entries)
        entries = rating
        labels = [self.words(wording, code) for code, wording in entries]
        texts = [label[self.lang] for label in labels]
        known = common_scale(texts)
        turned = False
        if known:
            ranks = [known.values.get(text.casefold(), 0) for text in texts]
            turned = len(ranks) > 1 and ranks == sorted(ranks, reverse=True) and len(set(ranks)) == len(ranks)
        order = list(zip(entries, labels, strict=True))
        order = order[::-1] if turned else order
        codes = [code for (code, _), _ in order]
        numbers = [_value(code) for code in codes if _NUMBER.fullmatch(code)]
        own = len(numbers) == len(codes) and numbers == sorted(set(numbers))
        points: list[tuple[int | float, Words, list[str]]] = []
        for place, ((code, _), label) in enumerate(order, 1):
            value = _value(code) if own else place
            aliases = (
                []
                if own or code.isdigit() or code.casefold() in map(str.casefold, label.values())
                else [code]
            )
            points.append((value, label, aliases))
        unrated = self._unrated(aside, [value for value, _, _ in points], own)
        for scale in self.sketch.scales.values():
            if (scale.points, scale.unrated) == (points, unrated):
                return scale.id, turned
        scale_id = unique(slug(known.name if known else name) or "scale", set(self.sketch.scales))
        notes: list[tuple[str, dict[str, Any]]] = [("draft_order_reversed", {})] if turned else []
        top = 2 if len(points) > 3 else 1
        self.sketch.scales[scale_id] = SketchScale(scale_id, points, top, notes, unrated)
        return scale_id, turned

    def _split(
        self, entries: list[tuple[str, Words]]
    ) -> tuple[list[tuple[str, Words]], list[tuple[str, Words]]]:
        """Those points that rate, and those that do not; all rate where fewer than two would."""
        aside = [entry for entry in entries if missing_kind(self.words(entry[1], entry[0])[self.lang])]
        rating = [entry for entry in entries if entry not in aside]
        return (rating, aside) if len(rating) > 1 else (entries, [])

    def _unrated(
        self, entries: list[tuple[str, Words]], values: list[int | float], own: bool
    ) -> list[tuple[int | float, Words, list[str]]]:
        """The points that rate nothing, with their own codes or with codes far from the others."""
        points: list[tuple[int | float, Words, list[str]]] = []
        for code, wording in entries:
            label = self.words(wording, code)
            taken = {*values, *(value for value, _, _ in points)}
            kept = own and re.fullmatch(r"-?\d{1,4}", code) and int(code) not in taken
            value = int(code) if kept else value_aside(taken)
            named = kept or code.isdigit() or code.casefold() in map(str.casefold, label.values())
            points.append((value, label, [] if named else [code]))
        return points
