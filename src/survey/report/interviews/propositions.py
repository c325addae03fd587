"""The report of propositions: the verdict on each, what it rests on, and what would decide the others."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from survey.arguments import check_lang
from survey.document import Report, Sheet, Table, TitleBlock
from survey.instrument.case_schemas import CaseFacts
from survey.instrument.proposition_rules import VERDICTS
from survey.instrument.proposition_schemas import Propositions
from survey.instrument.schema import text_in
from survey.interviews.case_facts import FactsLike
from survey.interviews.propositions import PropositionsLike, facts_for, judge_propositions, propositions_of
from survey.interviews.reading import segments_of
from survey.report.interviews.composing import composed, notes_sheet, with_sign
from survey.report.interviews.context import InterviewContext
from survey.report.properties import title_block_of

if TYPE_CHECKING:
    from survey.interviews.segments import SegmentsLike

_MOST_NAMED = 4  # propositions of which a finding gives the words
_COUNTS = ("n", "base", "n_against")
_SIGNS = {"supported": "holds", "contradicted": "fails"}


@dataclass(kw_only=True)
class PropositionsContext(InterviewContext):
    """The report of propositions in the making."""

    propositions: Propositions
    facts: CaseFacts | None = None

    @cached_property
    def judged(self) -> pd.DataFrame:
        """A row per proposition."""
        return judge_propositions(self.segments, self.propositions, facts=self.facts, lang=self.lang)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many propositions have each verdict."""
        verdicts = self.judged["verdict"].tolist()
        return {verdict: verdicts.count(verdict) for verdict in VERDICTS}

    def worded(self) -> pd.DataFrame:
        """The verdicts, rules and companies in words."""
        frame = self.judged
        strong = self.say("proposition_strong")
        verdicts = [
            with_sign(
                self,
                verdict,
                self.say(f"proposition_{verdict.replace(' ', '_')}") + (strong if is_strong else ""),
                _SIGNS,
            )
            for verdict, is_strong in zip(frame["verdict"], frame["strong"], strict=True)
        ]
        codes = {
            name: [self.listed(self.labels[code] for code in cell) for cell in frame[name]]
            for name in ("codes_for", "codes_against")
        }
        counted = frame["codes_for"].map(bool)  # without codes nobody was looked for
        return frame.assign(
            n=frame["n"].where(counted),
            n_against=frame["n_against"].where(counted),
            verdict=verdicts,
            rule=[self.say(f"proposition_rule_{rule}") for rule in frame["rule"]],
            **codes,
        )


def _verdicts(context: PropositionsContext) -> list[Sheet]:
    """Every proposition with its verdict, by how many of whom, and what would decide it."""
    counts = context.counts
    title = context.say(
        "proposition_find",
        all=len(context.judged),
        **{verdict.replace(" ", "_"): count for verdict, count in counts.items()},
    )
    names = ("statement", "proposition", "verdict", "n", "base", "by_company", "n_against", "note", "needs")
    columns = [
        context.column(name, "count" if name in _COUNTS else "text", context.say(f"proposition_col_{name}"))
        for name in (*names, "place")
    ]
    data = context.worded()
    return [
        Sheet(
            context.say("proposition_sheet"),
            title,
            subtitle=context.about(),
            findings=_findings(context),
            tables=(context.shown("propositions", title, data, columns, "proposition"),),
            footnotes=context.footnotes("proposition_verdicts", "proposition_people"),
        )
    ]


def _findings(context: PropositionsContext) -> tuple[str, ...]:
    """What is strongly supported, what the facts contradict, and what mostly keeps others open."""
    frame = context.judged
    parts = []
    for key, rows in (
        ("proposition_say_strong", frame[frame["strong"]]),
        ("proposition_say_contradicted", frame[frame["verdict"] == "contradicted"]),
        ("proposition_say_coarse", frame[frame["reason"].str.contains("coded_above")]),
    ):
        if len(rows):
            named = [
                f"{one} {text}" for one, text in zip(rows["proposition"], rows["statement"], strict=True)
            ]
            text = context.say("item_separator").join(named[:_MOST_NAMED])
            if more := len(named) - _MOST_NAMED:
                text += context.say("coded_say_more", count=more) if more > 0 else ""
            parts.append(context.say(key, count=len(rows), named=text))
    return tuple(parts)


def _evidence(context: PropositionsContext) -> list[Sheet]:
    """What each verdict rests on: codes, people, segments and facts."""
    names = (
        *("statement", "proposition", "verdict", "rule", "codes_for", "participants", "codes_against"),
        *("participants_against", "segments", "facts", "theory"),
    )
    columns = [context.column(name, heading=context.say(f"proposition_col_{name}")) for name in names]
    title = context.say("proposition_title_evidence")
    return [
        Sheet(
            context.say("proposition_sheet_evidence"),
            title,
            subtitle=context.about(),
            tables=(context.shown("evidence", title, context.worded(), columns, "proposition"),),
            appendix=True,
        )
    ]


def _theories(context: PropositionsContext) -> list[Sheet]:
    """How many propositions of each theory have each verdict."""
    frame = context.judged
    theories = [theory for cell in frame["theory"] for theory in cell]
    if not theories:
        return []
    rows: list[dict[str, object]] = []
    for theory in sorted(set(theories), key=lambda name: (-theories.count(name), name)):
        own = frame[[theory in cell for cell in frame["theory"]]]
        verdicts = own["verdict"].tolist()
        rows.append(
            {"theory": theory, "all": len(own)}
            | {verdict.replace(" ", "_"): verdicts.count(verdict) for verdict in VERDICTS}
        )
    title = context.say("proposition_title_theories")
    columns = [
        context.column("theory", heading=context.say("proposition_col_theory")),
        context.column("all", "count", context.say("proposition_col_all")),
        *(
            context.column(name, "count", context.say(f"proposition_{name}"))
            for name in (verdict.replace(" ", "_") for verdict in VERDICTS)
        ),
    ]
    table = Table("theories", title, "", pd.DataFrame(rows), tuple(columns))
    return [
        Sheet(
            context.say("proposition_sheet_theories"),
            title,
            subtitle=context.about(),
            tables=(table,),
            appendix=True,
        )
    ]


def _notes(context: PropositionsContext) -> list[Sheet]:
    ours = context.propositions
    about = [(context.say("proposition_topic_file"), f"{ours.reference}, SHA-256 {ours.content_hash}")]
    if ours.assumption:
        about.append((context.say("proposition_topic_file"), text_in(ours.assumption, context.lang)))
    if context.facts:
        facts = context.facts
        text = f"{facts.reference}, SHA-256 {facts.content_hash}"
        about.append((context.say("facts_topic_file"), text))
    about.append((context.say("coded_method_codebook"), context.codebook.reference))
    about.append((context.say("topic_coded_people"), context.base_text))
    about += [(context.say("coded_method_source"), source) for source in ours.sources]
    rules = dict.fromkeys(context.judged["rule"])
    about += [
        (context.say("proposition_col_rule"), context.say(f"proposition_rule_{rule}")) for rule in rules
    ]
    return [notes_sheet(context, about)]


# Each builder gives none, one or several sheets. Adding a sheet is one line here.
PROPOSITION_SHEETS: tuple[Callable[[PropositionsContext], list[Sheet]], ...] = (
    _verdicts,
    _evidence,
    _theories,
    _notes,
)


def propositions_report(
    segments: "SegmentsLike",
    propositions: PropositionsLike,
    *,
    facts: FactsLike | None = None,
    title_block: TitleBlock | None = None,
    command: str = "",
    lang: str = "en",
) -> Report:
    """Compose the report of propositions judged on interviews and facts: nothing is written.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    propositions
        Propositions: `ID`, `ID@VERSION`, a path, or what `load_propositions` gave.
    facts
        Facts of the companies; those that the propositions name where None.
    title_block
        Who the report is from and for.
    command
        What was typed, for the sheet on methods.
    lang
        Language of labels and wording, such as "zh".

    Raises
    ------
    UsageError
        There are no such segments, propositions, facts or language.
    InstrumentError
        A file is wrong; every problem carries file and line.
    FindingsError
        The propositions do not fit the segments or the facts.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> report = survey.propositions_report(segments, "propositions")
    >>> [sheet.name for sheet in report.sheets]
    ['Propositions', 'Evidence', 'Theories', 'Notes']
    """
    segments, propositions = segments_of(segments), propositions_of(propositions)
    check_lang(lang)
    context = PropositionsContext(
        segments=segments,
        propositions=propositions,
        facts=facts_for(propositions, facts),
        lang=lang,
        command=command,
    )
    block = title_block_of(title_block).completed(
        title=propositions.titled(lang), data_source=segments.origin.get("source", "")
    )
    return composed(context, PROPOSITION_SHEETS, block, propositions.reference)
