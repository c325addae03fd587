"""What makes the questions of one sketch: its language, and the ids and short names it has given."""

import re

from survey.drafting.naming import Names
from survey.drafting.profile import Profile
from survey.drafting.recognition import Kind
from survey.drafting.sketch import Guess, Sketch, SketchPart, SketchQuestion
from survey.ingest.layout import Habits

_OWN_NUMBER = re.compile(r"\s*(?:q|第)?\s*(\d{1,3})\s*[题问]?\s*[、.．:：)）]\s*\D", re.IGNORECASE)


class QuestionMaker:
    """Makes questions of a sketch, each with an id and a short name of its own, and notes the guesses."""

    def __init__(self, sketch: Sketch, names: Names, habits: Habits) -> None:
        """Begin with the names that are taken."""
        self.sketch = sketch
        self.names = names
        self.habits = habits
        self.lang = sketch.languages[0]

    def say(self, text: str) -> dict[str, str]:
        """Words in the language of the file."""
        return {self.lang: text}

    def question(
        self, kind: str, name: str, text: str, fallback: str, own: tuple[str, ...] = ()
    ) -> SketchQuestion:
        """A question named after its words, else by `fallback`; `own` are the headers it may be called by."""
        question_id = self.names.id_of(name, fallback, own)
        short = self.names.short_of(text, header=name)
        return SketchQuestion(question_id, kind, self.say(short), self.say(text))

    def guess(self, question: SketchQuestion, profile: Profile, kind: Kind, column: str) -> None:
        """Note why a column is of a question, and the name it has in the data."""
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

    def text_beside(
        self, question: SketchQuestion, option: SketchPart, profile: Profile, sure: float
    ) -> None:
        """Take a column for the words beside an option."""
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


def numbered_id(profile: Profile) -> str:
    """The id of a question whose words make none: by the number the file gives it, else by its place."""
    own = _OWN_NUMBER.match(profile.header)
    return f"q{own[1] if own else profile.place + 1}"
