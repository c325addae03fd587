"""How codes are written in a file: by id, label or alias, one in a cell or several joined."""

import re
from collections import defaultdict
from typing import Any

from survey.errors import Place, Problem
from survey.ingest.joined_answers import Splitter, ways_text
from survey.instrument import Option, Question
from survey.instrument.interview_schemas import Codable, InterviewCodebook
from survey.messages import ENGLISH
from survey.wording import near_misses, normalise, skeleton

# Tools with nested tags write the way to a code: "Motivation.Profit", "Motivation/Profit".
_STEP = re.compile(r"\s*[./\\>:›»]+\s*")


# For so many wrong cells the nearest known words are looked for; with more the column is another.
MOST_NEAR = 100


class CodeForms:
    """Every form in which the codes and subthemes of a codebook may be written.

    A form that belongs to two of them means neither, unless it is the id of one.
    """

    def __init__(self, codebook: InterviewCodebook) -> None:
        """Collect the forms."""
        self.codebook = codebook
        parts: list[Codable] = [*codebook.codes, *codebook.subthemes]
        self.order = {part.id: place for place, part in enumerate(parts)}
        self.levels = {part.id: "code" for part in codebook.codes}
        self.levels |= {part.id: "subtheme" for part in codebook.subthemes}
        meant: dict[str, set[str]] = defaultdict(set)
        for part in parts:
            for form in part.forms:
                meant[normalise(form)].add(part.id)
        ids = {normalise(part.id): part.id for part in parts}
        self.ambiguous = {
            form: sorted(part_ids)
            for form, part_ids in meant.items()
            if len(part_ids) > 1 and form not in ids
        }
        self.coarse = {
            skeleton(form): upper.id
            for upper in (*codebook.aims, *codebook.themes)
            for form in (upper.id, *upper.label.values())
        }

        def free(form: str, owner: str) -> bool:
            known = normalise(form)
            return known not in self.ambiguous and ids.get(known, owner) == owner

        options = []
        for part in parts:
            label = {lang: text for lang, text in part.label.items() if free(text, part.id)}
            aliases = tuple(alias for alias in part.aliases if free(alias, part.id))
            options.append(Option(id=part.id, label=label or {ENGLISH: part.id}, aliases=aliases))
        named = {ENGLISH: "code"}
        question = Question(id="code", kind="multiple", short=named, text=named, options=tuple(options))
        self.splitter = Splitter(question)
        self._searched = 0

    def means_one(self, form: str, owner: str) -> bool:
        """Tell whether a form is read as this code or subtheme."""
        return self.splitter.labels.find(form) == owner

    def knows(self, text: str) -> bool:
        """Tell whether a cell holds codes of this codebook, be they ambiguous or too coarse."""
        labels = self.splitter.labels
        steps = [step for step in _STEP.split(text) if step]
        return (
            labels.find(text) is not None
            or normalise(text) in self.ambiguous
            or skeleton(text) in self.coarse
            or bool(self.splitter.split(text)[0])
            or bool(steps and labels.find(steps[-1]) is not None)
        )

    def read(  # noqa: PLR0911 - a way of writing, an answer
        self, text: str, place: Place
    ) -> tuple[tuple[str, ...], Problem | None]:
        """Give the ids that a cell holds, in the order of the codebook, or what is wrong with it."""
        part_id = self.splitter.labels.find(text)
        if part_id is not None:
            return (part_id,), None
        both = self.ambiguous.get(normalise(text))
        if both:
            return (), self._problem("code_ambiguous", text, place, known=list(both))
        ways, rest = self.splitter.split(text)
        if len(ways) == 1:
            return tuple(sorted(ways[0][0], key=self.order.__getitem__)), None
        if ways:
            return (), self._problem("code_ambiguous", text, place, known=ways_text(ways))
        steps = [step for step in _STEP.split(text) if step]
        part_id = self.splitter.labels.find(steps[-1]) if len(steps) > 1 else None
        if part_id is not None:
            return (part_id,), None
        coarse = self.coarse.get(skeleton(text))
        if coarse is not None:
            return (), self._problem("code_too_coarse", text, place, id=coarse)
        self._searched += 1
        near = []
        if self._searched <= MOST_NEAR:
            near = near_misses(text, self.splitter.known) or self.splitter.near(rest)
        if near:
            return (), self._problem("code_unknown_near", text, place, rest=rest[:80], near=list(near))
        return (), self._problem("code_unknown", text, place, rest=rest[:80])

    def _problem(self, key: str, text: str, place: Place, **values: Any) -> Problem:
        return Problem(key, place, {"value": text[:80], "codebook": self.codebook.reference, **values})
