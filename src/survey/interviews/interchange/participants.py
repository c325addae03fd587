"""Who said what in a project: cases where there are some, else the sources themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from survey.errors import Place, Problem
from survey.interviews.interchange.positions import Claim
from survey.wording import normalise

if TYPE_CHECKING:
    import pandas as pd

# Variables that say which company or other case a person belongs to, as tools and people call them.
GROUP_NAMES = ("group", "company", "firm", "组", "组别", "公司", "企业")
_TEXT = "string[python]"
_VARIABLE_TYPES = {"Boolean": "boolean", "Integer": "Int64", "Float": "Float64"}


@dataclass
class Passage:
    """One selection: its claim of a place, the comment beside it, and its codings (code guid, coder)."""

    guid: str
    claim: Claim
    comment: str
    codings: list[tuple[str, str | None]]
    whole: bool = False


@dataclass
class Text:
    """One text source with its passages; `raw` is None where its words are not inside the file."""

    guid: str
    name: str
    raw: bytes | None
    path: str
    passages: list[Passage] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)


@dataclass
class Case:
    """One case: a person, with the sources or passages that are this person's words."""

    guid: str
    name: str
    variables: dict[str, str]
    sources: set[str]
    selections: set[str]


class People:
    """Who said what: cases where there are some, else the sources themselves."""

    def __init__(
        self, cases: list[Case], texts: list[Text], variables: dict[str, tuple[str, str]], place: Place
    ) -> None:
        """Take the cases and texts of a project, and its variables: name and type by identifier."""
        self.texts, self.variables, self.place = texts, variables, place
        self.notes: list[Problem] = []
        self.by_source: dict[str, list[Case]] = {}
        self.by_selection: dict[str, Case] = {}
        names = {text.guid: text.name for text in texts}
        for case in cases:
            if not case.name and len(case.sources) == 1:  # MAXQDA and Quirkos: variables of one source
                case.name = names.get(next(iter(case.sources)), "")
            for source in case.sources:
                self.by_source.setdefault(source, []).append(case)
            for selection in case.selections:
                self.by_selection[selection] = case
        self.cases = [case for case in cases if case.name]
        self.by_guid = {case.guid: case for case in self.cases}
        several = [name for source, name in names.items() if len(self._of_source(source)) > 1]
        if several:
            values = {"count": len(several), "sources": several[:10]}
            self.notes.append(Problem("refi_cases_several", self.place, values))

    def _of_source(self, source: str) -> list[Case]:
        return [case for case in self.by_source.get(source, []) if case.name]

    def spans_of(self, text: Text) -> list[tuple[int, int, Case]]:
        """Stretches of a text that are coded with a case (NVivo): start, end, case."""
        return [
            (passage.claim.start, passage.claim.end if not passage.whole else 1 << 62, self.by_guid[code])
            for passage in text.passages
            for code, _ in passage.codings
            if code in self.by_guid
        ]

    def of(self, text: Text, passage: Passage, spans: list[tuple[int, int, Case]]) -> str:
        """The person behind a passage."""
        if (case := self.by_selection.get(passage.guid)) is not None and case.name:
            return case.name
        claim = passage.claim
        around = [case for start, end, case in spans if start <= claim.start and claim.end <= end]
        cases = around or self._of_source(text.guid)
        return cases[0].name if cases else text.name

    def frame(self, speaking: Iterator[str]) -> "pd.DataFrame":
        """One row per person, in the order of the cases, then of the sources."""
        import pandas as pd

        known: dict[str, dict[str, str]] = {}
        for case in self.cases:
            known.setdefault(case.name, {}).update(case.variables)
        for text in self.texts:
            cases = self._of_source(text.guid)
            if not self.cases:
                known.setdefault(text.name, {})
            name = cases[0].name if cases else text.name
            if name in known:
                known[name] = {**text.variables, **known[name]}
        for name in speaking:
            known.setdefault(name, {})
        types = {name: _VARIABLE_TYPES.get(kind, _TEXT) for name, kind in self.variables.values()}
        group = next((name for name in types if normalise(name) in GROUP_NAMES), None)
        index = pd.Index(list(known), name="participant", dtype=_TEXT)
        frame = pd.DataFrame(index=index)
        frame["group"] = pd.array([known[one].get(group or "") for one in known], dtype=_TEXT)
        for name, kind in types.items():
            if name != group and any(name in values for values in known.values()):
                frame[name] = _typed([values.get(name) for values in known.values()], kind)
        if group is None:
            self.notes.append(Problem("refi_no_groups", self.place, {"known": list(types) or "-"}))
        elif normalise(group) != "group":
            self.notes.append(Problem("refi_group_from", self.place, {"variable": group}))
        return frame


def _typed(values: list[str | None], kind: str) -> Any:
    """The values of a variable in its type; as text where one does not fit."""
    import pandas as pd

    truths = {"true": True, "1": True, "false": False, "0": False}
    try:
        if kind == "boolean":
            return pd.array([None if one is None else truths[one.lower()] for one in values], dtype="boolean")
        if kind == "Int64":
            return pd.array([None if one is None else int(one) for one in values], dtype="Int64")
        if kind == "Float64":
            return pd.array([None if one is None else float(one) for one in values], dtype="Float64")
    except (ValueError, KeyError, OverflowError):
        pass
    return pd.array(values, dtype=_TEXT)
