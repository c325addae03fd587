"""Tables of the questions whose options have no shares: numbers, scores, rankings, sums, dates.

A kind has a line in `KIND_TABLES`: its table on the Topline, and those on the sheets of banners.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from survey.document import Column, Key, Sentence, Table
from survey.instrument import Question
from survey.messages.number_forms import date_text, month_text
from survey.report.survey.context import SurveyContext
from survey.report.survey.kind_columns import ALLOCATION, DATES, NPS, NUMBER, RANKING, Shown
from survey.report.survey.kind_sentences import option_sentence, score_sentence
from survey.report.survey.kind_tests import kind_marks
from survey.report.survey.shown_questions import shown_order
from survey.report.survey.weighted import BASES, weighted_columns, weighted_heads
from survey.rounding import printed_range
from survey.statistics.column_comparisons import column_letters
from survey.statistics.group_members import group_label
from survey.statistics.net_promoter import CLASSES


@dataclass(frozen=True)
class KindTable:
    """How one kind of question is shown.

    Attributes
    ----------
    name
        Of the table, of its title (`<name>_title`) and of its first heading (`<name>_heading`).
    columns
        What the Topline shows.
    across
        What the sheets of banners show option by option, a column per group; where empty, they have a row per
        group and the columns of the Topline.
    order
        The measure by which options are sorted, the highest first; "" where there are none.
    further
        Makes more tables for the Topline.
    drawn
        The measures of its chart: bars of one, of several stacked.
    finding
        Says in a sentence what stands out.
    differs
        The measure that is marked where a group differs from all others, of tables with a row per group.
    """

    name: str
    columns: tuple[Shown, ...]
    across: tuple[Shown, ...] = ()
    order: str = ""
    further: Callable[[SurveyContext, Question], Table] | None = None
    drawn: tuple[str, ...] = ()
    finding: Callable[[SurveyContext, Question], Sentence | None] | None = None
    differs: str = ""


def kind_topline(context: SurveyContext) -> list[Table]:
    """The tables of all respondents, one of each kind that was asked; none where cells are hidden."""
    tables = []
    for kind, shown in KIND_TABLES.items():
        asked = [] if context.minimum else context.of_kind(kind)
        if not asked:
            continue
        frames = [_rows(context, question, shown) for question in asked]
        contract = context.summary_contract(asked[0])
        title = context.say(f"{shown.name}_title")
        tables.append(_table(context, shown, (shown.name, title, contract), frames))
        if shown.further is not None:
            tables += [shown.further(context, question) for question in asked]
    return tables


def kind_banner(context: SurveyContext, banner: Question) -> list[Table]:
    """The tables of the groups of a banner."""
    tables = []
    for kind, shown in KIND_TABLES.items():
        asked = [] if context.minimum else context.of_kind_by(kind, banner)
        asked = [question for question in asked if question.id != banner.id]
        if kind == "number":
            tables += _numbers_across(context, asked, banner)
        elif asked and shown.across:
            tables += [_across(context, asked, shown, (measure, banner)) for measure in shown.across]
        elif asked:
            tables.append(_groups_down(context, asked, shown, banner))
    return tables


def _rows(context: SurveyContext, question: Question, shown: KindTable) -> pd.DataFrame:
    """The rows of a question for all respondents: one, or a head with the base and one for each option."""
    table = context.summary(question, None)
    if not shown.order:
        return table.assign(label=question.named(context.lang))
    table = (
        table.set_index("code", drop=False).loc[_order(context, question, table, shown)].assign(section=False)
    )
    head = {**table.iloc[0].to_dict(), "section": True, "label": context.section_text(question, wording=True)}
    bases = {name: {"base": head[name]} for name in BASES}  # shown in place of the base
    return pd.DataFrame([*weighted_heads(context, head, bases), *table.to_dict("records")])


def _order(context: SurveyContext, question: Question, table: pd.DataFrame, shown: KindTable) -> list[str]:
    values = table[shown.order].astype(float).fillna(0)
    by_code = dict(zip(table["code"], values, strict=True))
    return shown_order(question, by_code, context.sort_of(question))


def _table(
    context: SurveyContext, shown: KindTable, about: tuple[str, str, str], frames: list[pd.DataFrame]
) -> Table:
    """A table of rows under the columns of a kind; `about`: its name, title and contract."""
    name, title, contract = about
    data = pd.concat(frames, ignore_index=True)
    heads = data["section"].to_numpy(bool) if "section" in data else None
    few = data["effective_base"]
    if "head_measure" in data:  # the bases by weight in a head are no shares
        few = few.where(~data["head_measure"].isin(BASES))
    columns = [Column("label", context.say(f"{shown.name}_heading"))]
    for place, one in enumerate(shown.columns):
        small = one.form in ("share", "points")
        own = data.get(f"{one.measure}_differs", pd.Series("", index=data.index))
        data[f"{one.measure}_marks"] = [
            " ".join(filter(None, [context.small_mark(base) if small else "", mark]))
            for base, mark in zip(few, own, strict=True)
        ]
        if one.interval is not None and one.ends is not None:
            limits = zip(*(data[end].astype(float) for end in one.interval), strict=True)
            data[f"{one.measure}_interval"] = [one.ends(context, low, high) for low, high in limits]
        if one.form == "text":
            data[one.measure] = [_day_text(value, context.lang) for value in data[one.measure]]
        elif heads is not None:
            own = data[one.measure].astype(float)
            data[one.measure] = own.where(~heads, data["base"].astype(float) if not place else float("nan"))
        if heads is not None and one.interval is not None:
            data.loc[heads, f"{one.measure}_interval"] = ""
        heading = context.say(
            "col_sample" if one.measure == "base" else one.heading, **heading_values(context, data)
        )
        bar = heads is not None and not place
        columns.append(Column(one.measure, heading, one.form, marks=f"{one.measure}_marks", bar=bar))
        columns += weighted_columns(context) if one.measure == "base" else []
        if one.interval is not None:
            key = "col_interval_of" if place and shown.columns[0].interval else "col_interval"
            level = context.say(key, level=context.percent_level, measure=heading)
            columns.append(Column(f"{one.measure}_interval", level, "range"))
    sorted_by = shown.columns[0].measure if heads is not None else ""
    return Table(name, title, "", data, tuple(columns), contract, sorted_by=sorted_by, filtered=False)


def heading_values(context: SurveyContext, data: pd.DataFrame) -> dict[str, Any]:
    """What headings are filled with."""
    tops = sorted(set(data["top"])) if "top" in data else []
    return {"level": context.percent_level, "top": printed_range(tops[0], tops[-1]) if tops[1:] else tops[:1]}


def _day_text(value: Any, lang: str) -> str:
    return "" if pd.isna(value) else date_text(value, lang)


def _groups_down(context: SurveyContext, asked: list[Question], shown: KindTable, banner: Question) -> Table:
    """One row per group under a head for each question."""
    frames = []
    for question in asked:
        table = context.summary(question, banner)
        table["label"] = [
            group_label(banner.part(code), context.only, context.lang) if code else context.say("col_all")
            for code in table["banner_code"]
        ]
        table.loc[table["banner_code"] == "", "banner"] = ""
        if shown.differs:
            marks = kind_marks(context, question, banner, shown.differs)
            table[f"{shown.differs}_differs"] = [
                " ".join(marks.get(("", code), [])) for code in table["banner_code"]
            ]
        if len(asked) > 1:
            table["label"] = [f"{question.named(context.lang)}: {label}" for label in table["label"]]
        frames.append(table)
    noun = banner.group_noun(context.lang)
    title = context.say("kind_by", title=context.say(f"{shown.name}_title"), noun=noun)
    about = (f"{shown.name}_by_{banner.id}", title, context.summary_contract(asked[0]))
    return _table(context, shown, about, frames)


def _groups(context: SurveyContext, banner: Question) -> list[tuple[str, str, str]]:
    """All and the groups of a banner: name of the column, code, heading."""
    columns = [("all", "", context.say("col_all"))]
    letters = column_letters(list(banner.groups)) if context.compare == "columns" else {}
    for group in banner.groups:
        heading = group_label(group, context.only, context.lang)
        if letters:
            heading = context.say("group_letter", group=heading, letter=letters[group.id])
        columns.append((group.id, group.id, heading))
    return columns


def _across(
    context: SurveyContext, asked: list[Question], shown: KindTable, what: tuple[Shown, Question]
) -> Table:
    """One row per option under the head of its question, a column for all and one for each group."""
    one, banner = what
    contract = context.summary_contract(asked[0])
    groups = _groups(context, banner)
    frames = []
    for question in asked:
        total, cells = context.summary(question, None), context.summary(question, banner)
        order = _order(context, question, total, shown)
        table = total.set_index("code", drop=False).loc[order].assign(section=False)
        head: dict[str, Any] = {**table.iloc[0].to_dict(), "section": True}
        head["label"] = context.section_text(question)
        by_weight: dict[str, dict[str, float]] = {base: {} for base in BASES}
        for name, code, _ in groups:
            own = cells[cells["banner_code"] == code].set_index("code").loc[order]
            table[name] = own[one.measure].astype(float).to_numpy()
            few = [context.small_mark(base) for base in own["effective_base"]]
            marks = kind_marks(context, question, banner, one.measure) if code else {}
            table[f"{name}_marks"] = [
                " ".join(filter(None, [mark if one.form == "share" else "", *marks.get((option, code), [])]))
                for mark, option in zip(few, order, strict=True)
            ]
            head |= {name: float(own["base"].iloc[0]), f"{name}_marks": few[0]}
            for base in BASES:
                by_weight[base][name] = float(own[base].iloc[0])
        frames.append(pd.DataFrame([*weighted_heads(context, head, by_weight), *table.to_dict("records")]))
    columns = [Column("label", context.say(f"{shown.name}_heading"))]
    for name, code, heading in groups:
        ids = {"banner": banner.id if code else "", "banner_code": code}
        columns.append(
            Column(
                *(name, heading, one.form),
                part=name,
                marks=f"{name}_marks",
                result=contract,
                ids=ids,
                measures=(one.measure,),
                total=not code,
            )
        )
    data = pd.concat(frames, ignore_index=True)
    measure = context.say(one.heading, **heading_values(context, data))
    title = context.say("kind_measure_by", measure=measure, noun=banner.group_noun(context.lang))
    return Table(f"{one.measure}_by_{banner.id}", title, "", data, tuple(columns), contract, filtered=False)


def _numbers_across(context: SurveyContext, asked: list[Question], banner: Question) -> list[Table]:
    """Mean and median of each number question below its bases, for all and for each group."""
    rows = []
    for question in asked:
        table = context.summary(question, banner).set_index("banner_code")
        for measure in ("base", *(BASES if context.counts.weighted else ()), "mean", "median"):
            values = {code or "all": table.loc[code, measure] for code in table.index}
            name = question.named(context.lang)
            label = name if measure == "base" else context.say(f"number_{measure}", question=name)
            head = {"section": measure in ("base", *BASES), "head_measure": measure}
            rows.append({"question": question.id, "measure": measure, "label": label, **head, **values})
    if not rows:
        return []
    data = pd.DataFrame(rows)
    columns = [Column("label", context.say("numbers_heading"))]
    groups = _groups(context, banner)
    for name, code, heading in groups:
        by = banner.id if code else ""
        data[f"{name}_keys"] = [
            Key("number", (question, by, code), measure)
            for question, measure in zip(data["question"], data["measure"], strict=True)
        ]
        columns.append(Column(name, heading, "number", keys=f"{name}_keys"))
    title = context.say("numbers_title")
    return [Table(f"numbers_by_{banner.id}", title, "", data, tuple(columns), filtered=False)]


def _periods(context: SurveyContext, question: Question) -> Table:
    """How many of the dates of a question lie in each month or year."""
    data = context.date_counts(question).copy()
    data["label"] = [month_text(period, context.lang) for period in data["period"]]
    limits = zip(data["ci_low"].astype(float), data["ci_high"].astype(float), strict=True)
    data["interval"] = [context.interval(low, high) for low, high in limits]
    data["marks"] = [context.small_mark(base) for base in data["effective_base"]]
    columns = (
        Column("label", question.named(context.lang)),
        context.column("proportion", "share", context.say("col_percent"), marks="marks", bar=True),
        context.column("n", "count", context.say("col_people")),
        context.column("interval", "range", context.say("col_interval", level=context.percent_level)),
    )
    title = context.say("periods_title", question=question.named(context.lang))
    return Table(f"periods_{question.id}", title, "", data, columns, "date_count", filtered=False)


def _scores(context: SurveyContext, question: Question) -> Table:
    """How many gave each score, the highest first; promoters, passives and detractors as nets."""
    nets = context.summary(question, None).iloc[0]
    answers = context.frequencies(question).set_index("code", drop=False)
    rows: list[dict[str, Any]] = []
    for net, scores in CLASSES.items():
        row = {
            "label": context.say(f"kind_col_{net}"),
            **{"proportion": nets[net], "n": nets[f"n_{net}"], "effective_base": nets["effective_base"]},
            **{"ci_low": nets[f"{net}_low"], "ci_high": nets[f"{net}_high"]},
            "share_key": Key("net_promoter", (question.id, "", ""), net),
            "count_key": Key("net_promoter", (question.id, "", ""), f"n_{net}"),
        }
        rows.append(row)
        for score in reversed(scores):
            own = answers.loc[
                str(score), ["proportion", "n", "effective_base", "ci_low", "ci_high"]
            ].to_dict()
            ids = (question.id, "", str(score))
            keys = {
                "share_key": Key("frequency", ids, "proportion"),
                "count_key": Key("frequency", ids, "n"),
            }
            rows.append({"label": context.say("score_of_net", score=score)} | own | keys)
    data = pd.DataFrame(rows)
    limits = zip(data["ci_low"].astype(float), data["ci_high"].astype(float), strict=True)
    data["interval"] = [context.interval(low, high) for low, high in limits]
    data["marks"] = [context.small_mark(base) for base in data["effective_base"]]
    columns = (
        Column("label", question.named(context.lang)),
        context.column(
            "proportion", "share", context.say("col_percent"), marks="marks", bar=True, keys="share_key"
        ),
        context.column("n", "count", context.say("col_people"), keys="count_key"),
        context.column("interval", "range", context.say("col_interval", level=context.percent_level)),
    )
    title = context.say("scores_title", question=question.named(context.lang))
    return Table(f"scores_{question.id}", title, "", data, columns, filtered=False)


def kind_findings(context: SurveyContext) -> list[Sentence]:
    """What stands out of each question of these kinds; nothing where cells are hidden."""
    sentences = []
    for kind, shown in KIND_TABLES.items():
        asked = context.of_kind(kind) if shown.finding and not context.minimum else []
        sentences += [shown.finding(context, question) for question in asked if shown.finding]
    return [sentence for sentence in sentences if sentence is not None]


def kind_notes(context: SurveyContext) -> list[str]:
    """The notes that these tables need."""
    return [f"kind_{kind}" for kind in KIND_TABLES if kind != "number" and context.of_kind(kind)]


KIND_TABLES: dict[str, KindTable] = {
    "nps": KindTable(
        "net_promoter",
        NPS,
        further=_scores,
        drawn=("detractors", "passives", "promoters"),
        finding=score_sentence,
        differs="score",
    ),
    "ranking": KindTable(
        *("rankings", RANKING),
        across=(RANKING[0], RANKING[2]),
        order="first",
        drawn=("first",),
        finding=partial(option_sentence, measure="first"),
    ),
    "constant_sum": KindTable(
        *("allocations", ALLOCATION),
        across=ALLOCATION[:1],
        order="share",
        drawn=("share",),
        finding=partial(option_sentence, measure="share"),
    ),
    "number": KindTable("numbers", NUMBER),
    "date": KindTable("dates", DATES, further=_periods, differs="median"),
}
