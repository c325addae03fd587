"""What builders of sheets are given, whatever they report on: language, wording, settings, results kept."""

import platform
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from survey.document import Column, Form, Key, Note, Sentence, Table
from survey.messages import message
from survey.messages.number_forms import all_of, percent
from survey.rounding import printed_range, printed_share
from survey.statistics.fallbacks import is_small_difference

if TYPE_CHECKING:
    import pandas as pd

    from survey.instrument import Instrument, Question
    from survey.instrument.shares import Statistic

_Context = TypeVar("_Context", bound="ReportContext")
_About = ParamSpec("_About")
_Result = TypeVar("_Result")

_IF_ANY = ("mark", "note")  # columns that are shown only where some row has one
_BRACKETS = re.compile(r"\s*[(\uff08][^()\uff08\uff09]*[)\uff09]$")


def once(
    compute: Callable[Concatenate[_Context, _About], _Result],
) -> Callable[Concatenate[_Context, _About], _Result]:
    """Compute a result or a picture once for what it is about, however many sheets show it."""

    def result(context: _Context, *about: _About.args, **none: _About.kwargs) -> _Result:
        ids = tuple(str(getattr(each, "id", each)) for each in about)
        key = (compute.__module__, compute.__qualname__, *ids)
        if key not in context.results:
            context.results[key] = compute(context, *about, **none)
        return cast("_Result", context.results[key])

    return cast("Callable[Concatenate[_Context, _About], _Result]", wraps(compute)(result))


@dataclass(kw_only=True)
class ReportContext:
    """One report in the making. Results are computed when the first sheet asks for them, and kept."""

    lang: str = "en"
    confidence: float = 0.95
    command: str = ""
    results: dict[tuple[str, ...], Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    headings: ClassVar[str] = "col"  # what the messages of headings begin with

    def say(self, key: str, **values: Any) -> str:
        """Fill a message of the catalogue in the language of the report."""
        return message(key, self.lang, **values)

    def sentence(self, message_key: str, *keys: Key, **values: Any) -> Sentence:
        """A message that rests on some results."""
        return Sentence(self.say(message_key, **values), keys)

    def footnotes(self, *names: str, **values: Any) -> tuple[int, ...]:
        """The numbers of notes, each written once in the report, where the first sheet asks for it.

        A note is two messages: `topic_<name>`, what it is about, and `note_<name>`, what it says.
        """
        numbers = []
        for name in names:
            note = Note(self.say(f"topic_{name}"), self.say(f"note_{name}", **values))
            if note not in self.notes:
                self.notes.append(note)
            numbers.append(self.notes.index(note) + 1)
        return tuple(numbers)

    def listed(self, parts: Iterable[str]) -> str:
        """A list in words."""
        return self.say("list_separator").join(parts)

    def joined_names(self, names: list[str]) -> str:
        """Names in a sentence: "A", "A and B", "A, B, and C"."""
        return all_of([self.say("quoted_name", name=name) for name in names], self.lang)

    def percent(self, n: Any, base: Any) -> str:
        """A share in whole percent, rounded half up from the counts: "77%"."""
        return f"{printed_share(int(n), int(base), 0)}%"

    def percent_of(self, row: Any, side: str = "") -> str:
        """The share of a row in whole percent, by weight where there are weights; `side`: "complement_"."""
        n, base = (round(float(row[f"{side}weighted_{name}"]) * 1e6) for name in ("n", "base"))
        return self.percent(n, base)

    def interval(self, low: float, high: float) -> str:
        """The limits of a share in whole percent: "70-83%", with an en dash; empty where there are none."""
        if low != low or high != high:
            return ""
        ends = (f"{100 * end:.0f}" for end in (low, high))
        return f"{printed_range(*ends)}%"

    def sentences(self, *texts: str) -> str:
        """Sentences one after the other, the empty ones left out, joined as the language does."""
        return self.say("sentence_separator").join(filter(None, texts))

    def caption(self, *texts: str) -> str:
        """Texts in one line under a title or drawing: no full stop stands at its end."""
        return self.say("about_separator").join(text.rstrip(".\u3002") for text in texts if text)

    @cached_property
    def percent_level(self) -> str:
        """The confidence level as text: "95%"."""
        return percent(self.confidence, self.lang)

    def statistic_text(self, statistic: "Statistic") -> str:
        """What a published figure counts, in words."""
        if statistic.kind == "rated":
            return self.say("figure_rated", point=statistic.number)
        if statistic.kind == "top_box":
            return self.say("figure_top_box", points=statistic.number)
        return self.say(f"figure_{statistic.kind}")

    def column(self, key: str, form: Form = "text", heading: str | None = None, **fields: Any) -> Column:
        """A column under the heading given, or else that of the catalogue; `fields` as in `Column`."""
        return Column(key, self.say(f"{self.headings}_{key}") if heading is None else heading, form, **fields)

    def table(
        self,
        name: str,
        title: str,
        base_text: str,
        data: "pd.DataFrame",
        columns: Iterable[Column],
        contract: str = "",
    ) -> Table:
        """A frame with the columns that are shown: marks and notes only where there are any."""
        shown = [
            column
            for column in columns
            if column.key not in _IF_ANY or data.empty or (data[column.key] != "").any()
        ]
        return Table(name, title, base_text, data, tuple(shown), contract)

    def versions(self, packages: Iterable[str]) -> list[tuple[str, str]]:
        """The rows of a sheet on methods that say which versions made the report."""
        made = [("expansion-survey", version("expansion-survey")), ("Python", platform.python_version())]
        made += [(name, version(name)) for name in packages]
        return [(self.say("method_version", name=name), number) for name, number in made]


@dataclass(kw_only=True)
class QuestionnaireContext(ReportContext):
    """A report about the questions of an instrument."""

    @property
    def instrument(self) -> "Instrument":
        """The instrument of the data or of the figures."""
        raise NotImplementedError

    def brief(self, question: "Question", part: str) -> str:
        """The label of an option or item without what stands in brackets behind it."""
        return brief_labels(question, self.lang)[part]

    def answer(self, question: "Question", part: str) -> str:
        """An answer in a sentence that does not name its question: of a row of a grid "Phone: Daily"."""
        return question.answer_text(self.brief(question, part), self.lang)

    def name_inside(self, question: "Question") -> str:
        """The short name of a question inside a sentence."""
        return inside_sentence(question.named(self.lang))

    def change_mark(self, difference: float, p_adjusted: float, respondents: int) -> str:
        """Up or down where a test supports the change of a share; among very many its size must, too."""
        if not p_adjusted < 1 - self.confidence or is_small_difference(respondents, difference):
            return ""
        return "up" if difference > 0 else "down"

    def top_text(self, battery: "Question") -> str:
        """The top box of a battery by its points: "4-5 of 5", with an en dash."""
        scale = self.instrument.scale_of(battery)
        points = printed_range(scale.top_points[0].value, scale.top_points[-1].value)
        if between := self.say("top_of"):
            points = f"{points}{between}{scale.values[-1]}"
        return self.say("top_points", points=points)

    def asked_text(self, question: "Question") -> str:
        """How the shares of a question are made: "several answers", "rated 4-5 of 5"; or empty."""
        if question.kind == "rating":
            return self.say("asked_rating", top=self.top_text(question))
        return self.say("asked_multiple") if question.kind == "multiple" else ""

    def section_text(self, question: "Question", *, wording: bool = False) -> str:
        """The head of a section: the short name, how its shares are made, and the question as asked."""
        text, asked = question.heading(self.lang), self.asked_text(question)
        if asked:
            text = self.say("section_asked", question=text, asked=asked)
        return (
            self.say("section_wording", question=text, wording=(question.whole or question).said(self.lang))
            if wording
            else text
        )


def inside_sentence(name: str) -> str:
    """A name inside a sentence: "quoted people"; an abbreviation stays as it is."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def brief_labels(question: "Question", lang: str) -> dict[str, str]:
    """The labels without a bracket at their end, as sentences need them; whole where two would be alike."""
    whole = {part.id: part.said(lang) for part in question.parts}
    brief = {part: _BRACKETS.sub("", label) or label for part, label in whole.items()}
    labels = list(brief.values())
    return {part: label if labels.count(label) == 1 else whole[part] for part, label in brief.items()}
