"""What builders of sheets are given, whatever they report on: language, wording, settings, results kept."""

import platform
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from survey.document import Column, Form, Key, Note, Sentence, Table
from survey.messages import message
from survey.messages.number_forms import percent

if TYPE_CHECKING:
    import pandas as pd

    from survey.instrument.shares import Statistic

_Context = TypeVar("_Context", bound="ReportContext")
_About = ParamSpec("_About")
_Result = TypeVar("_Result")

_IF_ANY = ("mark", "note")  # columns that are shown only where some row has one


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

    def sentences(self, *texts: str) -> str:
        """Sentences one after the other, the empty ones left out, joined as the language does."""
        return self.say("sentence_separator").join(filter(None, texts))

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
