"""What a builder of the report of waves is given: the waves, and what was compared, computed once."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from survey.counts.row_counts import RowCounts
from survey.ingest import Responses
from survey.ingest.quality import left_out_text
from survey.messages.number_forms import month_text
from survey.report.context import QuestionnaireContext
from survey.statistics.wave_comparisons import compare_waves
from survey.statistics.wave_pairs import NOT_COMPARABLE, WavePair
from survey.statistics.wave_panels import wave_series, wave_transitions

if TYPE_CHECKING:
    import pandas as pd

    from survey.instrument import Instrument, Question


@dataclass(kw_only=True)
class WavesContext(QuestionnaireContext):
    """The report of waves in the making."""

    waves: tuple[Responses, ...]
    key: str | None = None
    min_base: int = 5
    equivalent_within: float | None = None

    @cached_property
    def pair(self) -> WavePair:
        """The last wave beside the one before."""
        return WavePair.of(self.waves[-2], self.waves[-1], self.key)

    @property
    def instrument(self) -> "Instrument":
        """The newest version, whose labels are shown."""
        return self.pair.instrument

    @cached_property
    def weighted(self) -> bool:
        """Whether the respondents of any wave have weights that differ."""
        return any(RowCounts(wave).weighted for wave in self.waves)

    @property
    def by_weight(self) -> str:
        """The ending of messages on tests that are others where the last two waves are weighted."""
        return "_weighted" if self.pair.weighted else ""

    @property
    def reconstructed(self) -> bool:
        """Whether nobody gave the answers of a wave."""
        return any(wave.provenance.reconstructed for wave in self.waves)

    @property
    def data_note(self) -> str:
        """Of which waves nobody gave the answers, as every slide and picture says it; "" where of none."""
        pairs = zip(self.labels, self.waves, strict=True)
        made_up = [label for label, wave in pairs if wave.provenance.reconstructed]
        if not made_up:
            return ""
        return self.say(
            "about_entry", name=self.caption(self.say("word_reconstructed")), value=self.listed(made_up)
        )

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What the waves are called: when they were, else their files, else their places."""
        names = [month_text(wave.provenance.wave, self.lang) for wave in self.waves]
        names = [
            name or wave.provenance.file_names or self.say("waves_number", number=number)
            for number, (name, wave) in enumerate(zip(names, self.waves, strict=True), 1)
        ]
        if len(set(names)) == len(names):
            return tuple(names)
        return tuple(self.say("waves_number", number=number) for number in range(1, len(names) + 1))

    @cached_property
    def subset_text(self) -> str:
        """Of which respondents the waves are a part, shared conditions once, and what rules left out."""
        separator = self.say("condition_separator")
        conditions = [separator.join(one.text(self.lang) for one in wave.subset) for wave in self.waves]
        is_shared = bool(conditions[0]) and len(set(conditions)) == 1
        shared = ""
        if is_shared:
            counts = [
                self.say("waves_part", wave=label, n=len(wave), total=wave.total)
                for label, wave in zip(self.labels, self.waves, strict=True)
            ]
            shared = self.say("waves_subset", conditions=conditions[0], counts=counts)
        own = []
        for label, wave in zip(self.labels, self.waves, strict=True):
            of_file = (self.say("subset_of_file", said=text) for text in wave.provenance.subset)
            subset = "" if is_shared else wave.subset_text(self.lang)
            if text := self.sentences(left_out_text(wave, self.lang), *of_file, subset):
                own.append(self.say("about_entry", name=label, value=text))
        return self.sentences(shared, *own)

    @cached_property
    def changes(self) -> "pd.DataFrame":
        """The last wave against the one before, every question."""
        frame = compare_waves(
            *(self.waves[-2], self.waves[-1]),
            key=self.key,
            confidence=self.confidence,
            min_base=self.min_base,
            equivalent_within=self.equivalent_within,
            lang=self.lang,
        )
        questions = {one.id: one for wave in self.waves for one in wave.instrument.variables}
        briefs = []
        for row in frame.to_dict("records"):
            question = questions[row["question"]]
            here = row["item"] in {part.id for part in question.parts}
            briefs.append(self.brief(question, row["item"]) if here else row["label"])
        numbers = zip(frame["difference"], frame["p_adjusted"], strict=True)
        return frame.assign(
            brief=briefs,
            topic=[questions[name].named(self.lang) for name in frame["question"]],
            mark=[self.change_mark(*pair, len(self.waves[-1])) for pair in numbers],
        )

    @cached_property
    def comparable(self) -> "pd.DataFrame":
        """The changes that have a number."""
        return self.changes[self.changes["difference"].notna()].reset_index(drop=True)

    @cached_property
    def blocked(self) -> "pd.DataFrame":
        """What may not be compared."""
        return self.changes[self.changes["verdict"] == NOT_COMPARABLE].reset_index(drop=True)

    @cached_property
    def reliable(self) -> "pd.DataFrame":
        """The changes with an arrow, the largest first."""
        frame = self.comparable[self.comparable["mark"] != ""]
        order = frame["difference"].abs().sort_values(ascending=False, kind="stable").index
        return frame.loc[order].reset_index(drop=True)

    @cached_property
    def series(self) -> "pd.DataFrame":
        """Every share of every wave."""
        return wave_series(
            self.waves, key=self.key, confidence=self.confidence, min_base=self.min_base, lang=self.lang
        )

    @cached_property
    def moves(self) -> "pd.DataFrame":
        """Who of the panel moved where, of single questions; without what has nobody."""
        frames = [self._moves_of(question) for question in self.pair.questions(None, "single")]
        import pandas as pd

        frames = [frame for frame in frames if len(frame)]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def _moves_of(self, question: "Question") -> "pd.DataFrame":
        frame = wave_transitions(
            self.waves[-2],
            self.waves[-1],
            question.id,
            key=self.key,
            confidence=self.confidence,
            lang=self.lang,
        )
        return frame[frame["base"] > 0]
