"""Two waves laid side by side: under which version, what may be compared, who is in both."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from survey.counts.row_counts import RowCounts
from survey.errors import DataError, Problem, UsageError, usage
from survey.ingest import Responses
from survey.ingest.reading import responses_of
from survey.ingest.respondents import is_running_number
from survey.ingest.responses import ResponsesLike
from survey.ingest.version_migration import as_asked_before, carry_over, version_as_asked
from survey.instrument import Instrument, Option, Question
from survey.instrument.kinds import kinds_with
from survey.instrument.versions import diff_instruments
from survey.messages import message
from survey.statistics.indicators import YesNo, top_points

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from survey.ingest.conditions import Condition

    Answers = npt.NDArray[np.float64]

NOT_COMPARABLE = "not comparable"
_NUMBERED = re.compile(r"(\D+?)(\d+)")
_PLACES = ("source", "sheet", "row")  # where in the files a respondent stands: another one in another wave
_MOST_HEADS = 4  # rows above the first respondent of a sheet; a frame counts its rows from 0
_WHOLE = re.compile(r"^(-?\d+)\.0+$")


@dataclass(frozen=True)
class WavePair:
    """Two waves of one instrument, and what may be compared between them.

    Attributes
    ----------
    earlier, later
        The answers, carried to the newer version where a crosswalk says how.
    instrument
        The newer version, whose labels are shown.
    broken
        Why a question, or an item alone (`question__item`), may not be compared: keys of messages.
    rows, other_rows
        The rows of the later and of the earlier wave of those who are in both, in the same order.
    remark
        The code of `REASONS` that says why nobody is known to be in both, and the key of its message; blank
        where respondents have ids.
    """

    earlier: Responses
    later: Responses
    instrument: Instrument
    broken: dict[str, str]
    rows: "npt.NDArray[np.int64]"
    other_rows: "npt.NDArray[np.int64]"
    remark: tuple[str, str] = ("", "")

    @classmethod
    def of(cls, earlier: ResponsesLike, later: ResponsesLike, key: str | None = None) -> "WavePair":
        """Lay two waves side by side; refuse two instruments, and an id that stands twice in a wave."""
        waves = [responses_of(earlier), responses_of(later)]
        if waves[0].instrument.id != waves[1].instrument.id:
            raise usage(
                "waves_strangers", old=waves[0].instrument.reference, new=waves[1].instrument.reference
            )
        instrument = max(reversed(waves), key=lambda wave: _version(wave.instrument)).instrument
        broken: dict[str, str] = {}
        if len({_as_asked(wave).content_hash for wave in waves}) > 1:
            for place, wave in enumerate(waves):
                waves[place], why = under_version(wave, instrument)
                broken |= why
        rows, other_rows, remark = _panel(waves[0], waves[1], key)
        return cls(waves[0], waves[1], instrument, broken, rows, other_rows, remark)

    def remark_in(self, lang: str) -> tuple[str, str]:
        """Why nobody is known to be in both waves, as code and sentence."""
        code, note = self.remark
        return (code, message(note, lang)) if code else ("", "")

    @cached_property
    def counts(self) -> tuple[RowCounts, RowCounts]:
        """The counts of the later and of the earlier wave."""
        return RowCounts(self.later), RowCounts(self.earlier)

    @property
    def weighted(self) -> bool:
        """Whether the respondents of a wave have weights that differ."""
        return any(counts.weighted for counts in self.counts)

    def why_not(self, question: Question, part: Option | None = None) -> str:
        """Why a question, or a part of it, may not be compared: the key of a message; "" where it may."""
        battery, item = question.item_of
        rule = self.instrument.rule_of(question.id)
        made_of = [name for one in (rule.sources if rule else ()) for name in (one, one.partition("__")[0])]
        for name in (question.id, *([battery] if item else []), *made_of):
            if name in self.broken:
                return self.broken[name]
        if question.id in self.asked_in_part:
            return "why_option_not_asked"
        if part is not None and (own := self.broken.get(f"{question.id}__{part.id}")):
            return own
        for wave in (self.earlier, self.later):
            there = _question(wave.instrument, question.id)
            if there is None or (part is not None and part.id not in {one.id for one in there.parts}):
                return "why_one_wave"
        return ""

    @cached_property
    def asked_in_part(self) -> frozenset[str]:
        """The select-all questions of which one wave asked options that the other has no column for."""
        apart = set()
        for question in self.questions(None, "multiple"):
            columns = [f"{question.id}__{option.id}" for option in question.options]
            asked = [
                {name for name in columns if name in wave.data and (wave.missing[name] != "not_asked").any()}
                for wave in (self.earlier, self.later)
            ]
            if all(asked) and asked[0] != asked[1]:
                apart.add(question.id)
        return frozenset(apart)

    def means_the_same(self, condition: "Condition") -> bool:
        """Whether a condition chooses the same kind of respondents in both waves."""
        question = condition.question
        parts = [part for part in question.parts if part.id in condition.values or part == condition.part]
        return not any(self.why_not(question, part) for part in (None, *parts))

    def answers(self, question: Question, top: int | None = None) -> "tuple[Answers, Answers]":
        """Respondents x parts of a question, later and earlier: 1.0, 0.0, nan where unanswered."""
        import numpy as np

        pair = []
        for counts in self.counts:
            own = _question(counts.instrument, question.id)
            answers = np.full((len(counts), len(question.parts)), np.nan)
            if own is not None and own.kind == question.kind:
                layout = YesNo.of(counts.instrument, own, top=top)
                marks = counts.indicators(own)
                yes, no = marks @ layout.yes.T > 0, marks @ layout.no.T > 0
                values = np.where(yes, 1.0, np.where(no, 0.0, np.nan))
                ids = [part.id for part in own.parts]
                for place, part in enumerate(question.parts):
                    if part.id in ids:
                        answers[:, place] = values[:, ids.index(part.id)]
            pair.append(answers)
        return pair[0], pair[1]

    def points(self, question: Question) -> "tuple[Answers, Answers]":
        """Respondents x items of a rating, later and earlier: the points given, nan where unanswered."""
        import numpy as np

        pair = []
        for wave in (self.later, self.earlier):
            points = np.full((len(wave), len(question.items)), np.nan)
            for place, item in enumerate(question.items):
                if (column := f"{question.id}__{item.id}") in wave.data:
                    points[:, place] = wave.data[column].to_numpy(dtype=float, na_value=np.nan)
            pair.append(points)
        return pair[0], pair[1]

    def questions(self, question: str | None, *kinds: str) -> Iterator[Question]:
        """The question that is named, or every one of some kinds, as the newer version has them."""
        wanted = kinds or kinds_with(shares=True)
        if question is not None:
            yield self.instrument.question(question, *wanted)
            return
        yield from (one for one in self.instrument.variables if one.kind in wanted)

    @property
    def asked_before_only(self) -> list[Question]:
        """The questions of shares that the older version alone has."""
        here = {question.id for question in self.instrument.variables}
        kinds = kinds_with(shares=True)
        return [
            question
            for wave in (self.earlier, self.later)
            for question in wave.instrument.variables
            if question.id not in here and question.kind in kinds
        ]

    def checked_top(self, question: Question, top: int | None) -> int | None:
        """The top box of a rating as asked, refused where it does not fit; None for other questions."""
        return top_points(self.instrument, question, top) if question.kind == "rating" else None


def under_version(wave: Responses, instrument: Instrument) -> tuple[Responses, dict[str, str]]:
    """A wave as it can be laid beside one of a newer version, and what of it may not be compared, and why."""
    asked = _as_asked(wave)
    if asked.content_hash == instrument.content_hash:
        return wave, {}
    renamed, is_renamed = as_asked_before(asked, instrument)
    broken = {name: one.rule.why for name, one in diff_instruments(renamed, instrument).broken.items()}
    if is_renamed and wave.instrument.content_hash != instrument.content_hash:
        wave = carry_over(wave, instrument)
    return wave, broken


def _as_asked(wave: Responses) -> Instrument:
    """The version that respondents answered, whatever it was carried to."""
    try:
        return version_as_asked(wave)
    except UsageError:
        raise usage("waves_version_unknown", reference=wave.provenance.carried_from) from None


def _version(instrument: Instrument) -> tuple[int, ...]:
    return tuple(map(int, instrument.version.split(".")))


def _question(instrument: Instrument, name: str) -> Question | None:
    """A question, variable or item of a rating by its id; None where there is none."""
    try:
        return instrument.question(name)
    except UsageError:
        return None


# -- who is in both ----------------------------------------------------------------------------------------


def _panel(
    earlier: Responses, later: Responses, key: str | None
) -> "tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], tuple[str, str]]":
    """The rows of those in both waves, later and earlier, and why there are none where ids say nothing."""
    import numpy as np

    nobody = np.zeros(0, np.int64), np.zeros(0, np.int64)
    ids = [_ids(wave, key) for wave in (earlier, later)]
    if not all(any(one) for one in ids):
        return *nobody, ("no_ids", "note_no_ids")
    if key is None and earlier.provenance.reconstructed | later.provenance.reconstructed:
        return *nobody, ("reconstructed", "note_reconstructed_ids")
    if key is None and _are_running_numbers((earlier, later), ids):
        return *nobody, ("running_numbers", "note_running_numbers")
    problems = [
        Problem("wave_ids_twice", values={"wave": wave_name(wave), "count": len(twice), "ids": twice[:5]})
        for wave, own in zip((earlier, later), ids, strict=True)
        if (twice := sorted(one for one, n in Counter(filter(None, own)).items() if n > 1))
    ]
    if problems:
        raise DataError(*problems)
    places = {one: place for place, one in enumerate(ids[0]) if one}
    pairs = [(place, places[one]) for place, one in enumerate(ids[1]) if one in places]
    if not pairs:
        return *nobody, ("", "")
    rows, other_rows = np.array(pairs, np.int64).T
    return rows, other_rows, ("", "")


def _are_running_numbers(waves: tuple[Responses, ...], ids: list[list[str]]) -> bool:
    """Whether ids count the rows of their files: 17 in either wave, or R017 in both."""
    if any(all(map(is_running_number, filter(None, own))) for own in ids):
        return True
    return all(_counts_rows(wave, own) for wave, own in zip(waves, ids, strict=True))


def _counts_rows(wave: Responses, ids: list[str]) -> bool:
    """Whether ids are a word and a number that counts the rows, some of which may be left out."""
    parts = [_NUMBERED.fullmatch(one) for one in ids]
    if not all(parts) or len({part[1] for part in parts if part}) > 1:
        return False
    numbers = [int(part[2]) for part in parts if part]
    if not all(is_running_number(part[2]) for part in parts if part):
        return False
    if sorted(numbers) in (list(range(len(ids))), list(range(1, len(ids) + 1))):
        return True
    rows = wave.meta["row"].tolist() if "row" in wave.meta else []
    above = {int(row) - number for row, number in zip(rows, numbers, strict=False)}
    return len(above) == 1 and -1 <= min(above) <= _MOST_HEADS


def _ids(wave: Responses, key: str | None) -> list[str]:
    """The id of every respondent; "" where there is none."""
    name = "key" if key is None else key
    column = None if name in _PLACES else wave.meta.get(name, wave.data.get(name))
    if column is None:
        if key is None:
            return [""] * len(wave)
        columns = (*wave.meta.columns, *wave.instrument.asked_columns)
        known = [str(one) for one in columns if one not in _PLACES]
        raise usage("wave_key_unknown", key=key, wave=wave_name(wave), known=known)
    return [
        "" if gone else _id_text(value) for value, gone in zip(column.tolist(), column.isna(), strict=True)
    ]


def _id_text(value: object) -> str:
    """An id as text; a whole number is the same one with ".0" behind it, as spreadsheets give it."""
    return _WHOLE.sub(r"\1", str(value).strip())


def wave_name(wave: Responses) -> str:
    """What a wave is called: its label, else its files, else that nobody said."""
    return wave.provenance.wave or wave.provenance.file_names or "-"
