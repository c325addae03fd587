"""The report of facts of companies: timeline, disagreements, what interviewees say beside them, figures."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from survey.arguments import check_lang
from survey.document import Column, Picture, Report, Sheet, Table, TitleBlock
from survey.instrument.case_schemas import CaseFacts, Fact, date_limits
from survey.instrument.schema import text_in
from survey.interviews.case_facts import FactsLike, case_facts_of, compare_facts, facts_beside
from survey.interviews.fact_disagreements import fact_disagreements
from survey.interviews.reading import segments_of
from survey.interviews.segments import Segments
from survey.report.context import ReportContext
from survey.report.interviews.composing import composed, notes_sheet, with_sign
from survey.report.properties import title_block_of

if TYPE_CHECKING:
    from survey.interviews.segments import SegmentsLike

_MOST_FINDINGS = 6
_SIGNS = {"agrees": "holds", "contradicts": "fails"}


@dataclass(kw_only=True)
class FactsContext(ReportContext):
    """The report of facts in the making."""

    facts: CaseFacts
    segments: Segments | None = None

    headings: ClassVar[str] = "facts_col"

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Figures of one measure and date beside each other."""
        return compare_facts(self.facts, lang=self.lang)

    @cached_property
    def disagreements(self) -> pd.DataFrame:
        """What cannot hold together."""
        return fact_disagreements(self.facts, lang=self.lang)

    @cached_property
    def beside(self) -> pd.DataFrame | None:
        """What interviewees say, and the facts; None without segments."""
        return None if self.segments is None else facts_beside(self.segments, self.facts, lang=self.lang)

    @property
    def about(self) -> str:
        """The companies of the study, in a line under a title."""
        return self.listed(self.labels[name] for name in self.facts.cases)

    @property
    def about_all(self) -> str:
        """All of whom there are facts, also those only told of."""
        return self.listed(self.labels.values())

    @cached_property
    def labels(self) -> dict[str, str]:
        """The label of each company."""
        return {company.id: company.said(self.lang) for company in self.facts.companies}

    def basis(self, fact: Fact) -> str:
        """On what a fact rests, and who says it."""
        text = self.say(f"facts_basis_{fact.basis}")
        people = self.listed(fact.people)
        return text + self.say("in_brackets", text=people) if people else text

    def cited(self, ids: tuple[str, ...]) -> str:
        """Facts by id with their places, a line each."""
        facts = [self.facts.fact(one) for one in ids]
        ends = f"{self.say('item_separator').rstrip()}\n"
        return ends.join(f"{fact.id}: {fact.said(self.lang)} ({fact.place})" for fact in facts)

    def joined(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with several names in a cell written one after the other."""
        texts = {
            name: [self.say("item_separator").join(cell) for cell in frame[name]]
            for name in frame
            if len(frame) and all(isinstance(cell, tuple) for cell in frame[name])
        }
        return frame.assign(**texts)


def _timeline(context: FactsContext) -> list[Sheet]:
    """The events of all companies, drawn side by side, and as a table; nothing where none has a date."""
    facts = [fact for fact in context.facts.facts if fact.event]
    kinds = {kind.id: kind for kind in context.facts.events}
    rows = []
    for fact in facts:
        limits = date_limits(fact.date or "")
        rows.append(
            {
                "company": fact.company,
                "company_label": context.labels[fact.company],
                "year": limits[0].year if limits else 0,
                "date": fact.date or "",
                "kind_label": kinds[fact.event or ""].said(context.lang),
                "text_label": fact.said(context.lang),
                "where": context.listed(context.facts.label(place, context.lang) for place in fact.places),
                "abroad": context.facts.is_abroad(fact),
                "outlook": fact.outlook,
                "place": fact.place,
                "basis": context.basis(fact),
                "fact": fact.id,
            }
        )
    if not any(row["year"] for row in rows):
        return []
    data = pd.DataFrame(rows)
    data = data.sort_values(["date", "fact"], kind="stable").reset_index(drop=True)
    title = _timeline_title(context, data)
    lines = [_first_abroad(context, data, company) for company in context.facts.cases]
    names = ("text_label", "date", "company_label", "kind_label", "where", "place", "basis", "fact")
    columns = [context.column(name) for name in names]
    picture = Picture(
        "timeline",
        "timeline",
        data,
        context.say("facts_alt_timeline", lines=" ".join(filter(None, lines))),
        title,
        subtitle=context.say("facts_timeline_reads"),
        footer=context.say("facts_source", source=context.facts.sources[0]) if context.facts.sources else "",
    )
    table = Table("events", title, "", data, tuple(columns))
    return [
        Sheet(
            context.say("facts_sheet_timeline"),
            title,
            subtitle=context.about,
            findings=tuple(filter(None, lines)),
            tables=(table,),
            pictures=(picture,),
            footnotes=context.footnotes("facts_dates"),
        )
    ]


def _timeline_title(context: FactsContext, data: pd.DataFrame) -> str:
    """Which company was abroad first, and with what; else what the sheet shows."""
    cases = data["company"].isin(context.facts.cases)
    abroad = data[cases & data["abroad"] & ~data["outlook"] & (data["year"] > 0)]
    if abroad.empty:
        return context.say("facts_title_timeline")
    first = abroad.iloc[0]
    values = {"company": first["company_label"], "date": first["date"], "what": first["text_label"]}
    return context.say("facts_find_timeline", **values)


def _first_abroad(context: FactsContext, data: pd.DataFrame, company: str) -> str:
    """How many dated events a company has, and when it was abroad first."""
    own = data[(data["company"] == company) & (data["year"] > 0)]
    abroad = own[own["abroad"] & ~own["outlook"]]
    values = {"company": context.labels[company], "count": len(own)}
    if abroad.empty:
        return context.say("facts_say_not_abroad", **values)
    first = abroad.iloc[0]
    return context.say("facts_say_abroad", date=first["date"], what=first["text_label"], **values)


def _disagreements(context: FactsContext) -> list[Sheet]:
    """What cannot hold together, with both sides and their places."""
    frame = context.disagreements
    data = context.joined(
        frame.assign(
            company=[context.labels[one] for one in frame["company"]],
            kind=[context.say(f"facts_kind_{kind}") for kind in frame["kind"]],
            cited=[context.cited(ids) for ids in frame["facts"]],
        )
    )
    title = context.say("facts_find_disagreements", count=len(frame), facts=len(context.facts.facts))
    firsts = frame.drop_duplicates("kind")  # one of each kind
    findings = [
        context.say("facts_say_disagreement", company=context.labels[row.company], why=row.why)
        for row in firsts.itertuples()
    ]
    names = ("company", "why", "label", "date", "kind", "cited")
    columns = tuple(context.column(name) for name in names)
    table = Table("disagreements", title, "", data, columns, "fact_disagreement")
    return [
        Sheet(
            context.say("facts_sheet_disagreements"),
            title,
            subtitle=context.about_all,
            findings=tuple(findings[:_MOST_FINDINGS]),
            tables=(table,),
            footnotes=context.footnotes("facts_ranges", "facts_relations"),
        )
    ]


def _beside(context: FactsContext) -> list[Sheet]:
    """What interviewees say, and whether the facts agree."""
    frame = context.beside
    if frame is None or frame.empty:
        return []
    data = context.joined(
        frame.assign(
            company=[context.labels[one] for one in frame["company"]],
            verdict=[
                with_sign(context, verdict, context.say(f"facts_verdict_{verdict.replace(' ', '_')}"), _SIGNS)
                for verdict in frame["verdict"]
            ],
            cited=[context.cited(ids) for ids in frame["facts"]],
        )
    )
    against = int((frame["verdict"] == "contradicts").sum())
    said = int((frame["n"] > 0).sum())
    silent = int((frame["verdict"] == "facts silent").sum())
    title = context.say("facts_find_beside", count=against, all=said)
    if silent and not against:
        title = context.say("facts_find_beside_silent", count=silent, all=said)
    contradicted = frame[frame["verdict"] == "contradicts"]
    findings = [
        context.say(
            "facts_say_beside",
            company=context.labels[row.company],
            statement=row.label,
            people=context.listed(row.participants),
            cited=context.listed(row.facts),
        )
        for row in contradicted.itertuples()
    ]
    columns = [
        context.column("label", heading=context.say("facts_col_said")),
        context.column("company"),
        context.column("verdict"),
        context.column("n", "count"),
        context.column("base", "count"),
        context.column("participants"),
        context.column("segments"),
        context.column("cited"),
        context.column("note"),
    ]
    table = context.table("beside", title, "", data, columns, "fact_beside")
    return [
        Sheet(
            context.say("facts_sheet_beside"),
            title,
            subtitle=context.about,
            findings=tuple(findings[:_MOST_FINDINGS]),
            tables=(table,),
            footnotes=context.footnotes("facts_beside"),
        )
    ]


def _figures(context: FactsContext) -> list[Sheet]:
    """A row per measure, subject and date, the figures of each company in a column."""
    frame = context.figures
    if frame.empty:
        return []
    companies = [name for name in context.labels if name in set(frame["company"])]
    rows = []
    for (label, of, date), part in frame.groupby(["label", "of_label", "date"], sort=False):
        apart = bool((part["agrees"] == False).any())  # noqa: E712 - missing is neither
        row: dict[str, object] = {"label": label, "of_label": of, "date": date}
        for place, company in enumerate(companies):
            own = part[part["company"] == company]
            row[f"company_{place}"] = "\n".join(
                f"{context.facts.fact(fact).said(context.lang)} ({fact})" for fact in own["fact"]
            )
        row["apart"] = context.say("facts_apart") if apart else ""
        rows.append(row)
    several = frame[frame["agrees"].notna()].groupby(["label", "of_label", "date"]).ngroups
    title = context.say("facts_title_figures")
    if several:
        count = sum(row["apart"] != "" for row in rows)
        title = context.say("facts_find_figures", count=count, all=several)
    columns = [context.column(name) for name in ("label", "of_label", "date")]
    columns += [
        Column(f"company_{place}", context.labels[company]) for place, company in enumerate(companies)
    ]
    columns.append(context.column("apart"))
    table = Table("figures", title, "", pd.DataFrame(rows), tuple(columns))
    return [
        Sheet(
            context.say("facts_sheet_figures"),
            title,
            subtitle=context.about_all,
            tables=(table,),
            footnotes=context.footnotes("facts_ranges", "facts_dates"),
        )
    ]


def _facts(context: FactsContext) -> list[Sheet]:
    """Every fact as it stands in the file, with its place and basis."""
    facts = context.facts
    rows = [
        {
            "fact": fact.id,
            "company": context.labels[fact.company],
            "date": fact.date or "",
            "label": facts.label(fact.event or fact.measure or "", context.lang),
            "of_label": facts.label(fact.of, context.lang) if fact.of else "",
            "value": fact.said(context.lang),
            "answer": context.say(f"facts_answer_{fact.answer}") if fact.answer else "",
            "place": fact.place,
            "basis": context.basis(fact),
            "note": text_in(fact.note, context.lang) if fact.note else "",
        }
        for fact in facts.facts
    ]
    title = context.say("facts_title_facts", count=len(rows))
    names = ("value", "label", "of_label", "company", "date", "answer", "place", "basis", "fact", "note")
    columns = [context.column(name) for name in names]
    table = context.table("facts", title, "", pd.DataFrame(rows), columns)
    return [
        Sheet(
            context.say("facts_sheet_facts"),
            title,
            subtitle=context.about_all,
            tables=(table,),
            appendix=True,
        )
    ]


def _notes(context: FactsContext) -> list[Sheet]:
    facts = context.facts
    about = [(context.say("facts_topic_file"), f"{facts.reference}, SHA-256 {facts.content_hash}")]
    about += [(context.say("coded_method_source"), source) for source in facts.sources]
    return [notes_sheet(context, about)]


# Each builder gives none, one or several sheets. Adding a sheet is one line here.
FACT_SHEETS: tuple[Callable[[FactsContext], list[Sheet]], ...] = (
    _disagreements,
    _timeline,
    _beside,
    _figures,
    _facts,
    _notes,
)


def facts_report(
    facts: FactsLike,
    *,
    beside: "SegmentsLike | None" = None,
    title_block: TitleBlock | None = None,
    command: str = "",
    lang: str = "en",
) -> Report:
    """Compose the report of facts of companies: what disagrees, a timeline, figures beside each other.

    Nothing is written; `write_report` does that.

    Parameters
    ----------
    facts
        Facts of companies: `ID`, `ID@VERSION`, a path, or what `load_case_facts` gave.
    beside
        Coded interviews (segments, or their path) to put beside the facts: see `facts_beside`.
    title_block
        Who the report is from and for.
    command
        What was typed, for the sheet on methods.
    lang
        Language of labels and wording, such as "zh".

    Raises
    ------
    UsageError
        There are no such facts, segments or language.
    InstrumentError
        The file is wrong; every problem carries file and line.

    Examples
    --------
    >>> import survey
    >>> [sheet.name for sheet in survey.facts_report("case-facts").sheets]
    ['Disagreements', 'Timeline', 'Figures', 'Facts', 'Notes']
    """
    facts = case_facts_of(facts)
    check_lang(lang)
    read = None if beside is None else segments_of(beside)
    context = FactsContext(facts=facts, segments=read, lang=lang, command=command)
    block = title_block_of(title_block).completed(title=facts.titled(lang))
    return composed(context, FACT_SHEETS, block, facts.reference)
