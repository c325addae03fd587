"""The Summary: what the report says, on one screen and one printed page."""

import pandas as pd

from survey.document import Column, Picture, Sentence, Sheet, Table
from survey.instrument import Question
from survey.report.survey.context import SurveyContext
from survey.report.survey.explained import need_finding
from survey.report.survey.group_words import group_text
from survey.report.survey.kind_tables import kind_findings
from survey.report.survey.kind_tests import kind_differences
from survey.report.survey.pictures import (
    battery_picture,
    heatmap_picture,
    importance_picture,
    overlap_picture,
)
from survey.report.survey.precision import precision_table
from survey.report.survey.sampled import population_notes, sample_text
from survey.report.survey.similar import equivalence_notes
from survey.report.survey.titles import (
    battery_finding,
    choice_finding,
    differences,
    differing_first,
    effects_notes,
    groups_finding,
    groups_title,
    in_order,
    largest_difference,
    led_by_effects,
    overlap_finding,
    rank_title,
    reliable,
    single_finding,
    standing,
)
from survey.report.survey.weighted import weighted_columns
from survey.statistics.fallbacks import LEAST_DIFFERENCE

_MOST_FINDINGS = 4
_MOST_ITEMS = 12  # rows of a battery that the first screen can bear
_MOST_DIFFERENCES = 5
_MOST_PICTURED = 16  # rows or columns of a picture that can be read there


def sheets(context: SurveyContext) -> list[Sheet]:
    """The first sheet: a finding as its title, findings, the battery, where groups differ, pictures."""
    tables = [_battery_table(context, battery) for battery in context.batteries[:1]]
    tables += _difference_tables(context)
    footnotes = context.footnotes(f"intervals{context.by_weight}", level=context.percent_level)
    if context.banners:
        footnotes += context.footnotes(
            f"groups{context.by_weight}", alpha=_alpha(context), minimum=context.min_base
        )
    footnotes += population_notes(context) + equivalence_notes(context)
    return [
        Sheet(
            context.say("sheet_summary"),
            _title(context),
            subtitle=_about(context),
            findings=tuple(_findings(context)),
            tables=tuple(table for table in tables if table is not None),
            footnotes=footnotes + effects_notes(context),
            pictures=tuple(_pictures(context)),
            one_page=True,
        )
    ]


def _alpha(context: SurveyContext) -> str:
    return f"{100 * (1 - context.confidence):.3g}%"


def _title(context: SurveyContext) -> str:
    """The main finding; the title of the report where no test supports one."""
    if len(context.responses) < context.min_base:
        return context.about.title
    ranked = [] if context.minimum else context.ranked  # ranks tell of hidden shares
    if led_by_effects(context):
        titles = [(_lead(context, question), rank_title(context, question)) for question in ranked]
        titles += [
            (largest_difference(context, banner), groups_title(context, banner)) for banner in context.banners
        ]
        size, title = max(titles, key=lambda entry: entry[0], default=(0.0, Sentence("")))
        if size >= LEAST_DIFFERENCE and title.keys:
            return title
    for question in ranked:
        title = rank_title(context, question)
        if title.keys:
            return title
    for banner in differing_first(context):
        title = groups_title(context, banner)
        if title.keys:
            return title
    return context.about.title


def _lead(context: SurveyContext, question: Question) -> float:
    """How far what leads a question is ahead of what cannot lead, as a fraction; 0.0 where all may."""
    return 0.0 if context.minimum else standing(context, question).lead


def _about(context: SurveyContext) -> str:
    """Of whom the report is, and how sure it can be: one line."""
    parts = [sample_text(context)]
    if fieldwork := context.about.fieldwork:
        parts.append(context.say("about_fieldwork", fieldwork=fieldwork))
    if not context.minimum and len(context.responses):  # margins tell of bases
        margins = precision_table(context, context.banner)
        whole = margins.loc[margins["what"] == "base", "margin"].max()
        enough = (margins["what"] == "group") & (margins["effective_base"] >= context.min_base)
        groups = margins.loc[enough, "margin"]
        if whole == whole:
            parts.append(context.say(f"about_margin{context.by_weight}", margin=_margin(whole)))
        if len(groups.dropna()) and context.banner:
            low, high = _margin(groups.min()), _margin(groups.max())
            key = "about_group_margin" if low == high else "about_group_margins"
            noun = context.banner.group_noun(context.lang)
            parts.append(context.say(key, low=low, high=high, noun=noun))
    parts.append(context.weighted_text or context.say("about_unweighted"))
    return context.say("about_separator").join(parts)


def _margin(margin: float) -> str:
    """A margin of error in points: whole ones, of large samples tenths; never 0."""
    points = 100 * margin
    return f"{points:.0f}" if points >= 0.5 else f"{max(points, 0.1):.1f}"


def _findings(context: SurveyContext) -> list[Sentence]:
    """Three or four sentences: of the main battery, the select-all questions, the groups, the overlaps.

    Among many respondents the largest difference comes first.
    """
    if 0 < len(context.responses) < context.min_base:
        return [context.sentence("finding_too_few", count=len(context.responses))]
    choices = [question for question in context.ranked if question.kind == "multiple"]
    if led_by_effects(context):
        return _largest_findings(context, choices)
    lines = [battery_finding(context, battery) for battery in context.batteries[:1]]
    lines += [choice_finding(context, question) for question in choices[:1]]
    groups = [
        groups_finding(context, banner) for banner in differing_first(context) if context.crossed(banner)
    ]
    lines += groups[:1]
    lines += [need_finding(context)] if context.models else []
    lines += [battery_finding(context, battery) for battery in context.batteries[1:2]]
    lines += [choice_finding(context, question) for question in choices[1:2]]
    lines += groups[1:]
    lines += [*kind_differences(context)[:1], *kind_findings(context)]
    lines += [overlap_finding(context, banner) for banner in context.banners]
    lines += [single_finding(context, question) for question in context.of_kind("single")]
    sentences = dict.fromkeys(line for line in lines if line is not None)
    return list(sentences)[:_MOST_FINDINGS]


def _largest_findings(context: SurveyContext, choices: list[Question]) -> list[Sentence]:
    """The sentences by the size of the difference that each names, then those that name none."""
    sized = [(_reach(context, battery), battery_finding(context, battery)) for battery in context.batteries]
    sized += [(_lead(context, question), choice_finding(context, question)) for question in choices]
    sized += [
        (largest_difference(context, banner), groups_finding(context, banner))
        for banner in context.banners
        if context.crossed(banner)
    ]
    sized.sort(key=lambda entry: -entry[0])
    lines = [line for size, line in sized if size >= LEAST_DIFFERENCE]
    lines += [*kind_differences(context)[:1], *kind_findings(context)]
    lines += [overlap_finding(context, banner) for banner in context.banners]
    lines += [single_finding(context, question) for question in context.of_kind("single")]
    lines += [line for size, line in sized if size < LEAST_DIFFERENCE]
    sentences = dict.fromkeys(line for line in lines if line is not None)
    return list(sentences)[:_MOST_FINDINGS]


def _reach(context: SurveyContext, battery: Question) -> float:
    """How far the highest share of a battery is above the lowest, as a fraction."""
    shares = context.importance(battery)["proportion"].astype(float)
    reach = float(shares.max() - shares.min())
    return reach if reach == reach else 0.0


def _battery_table(context: SurveyContext, battery: Question) -> Table | None:
    """The main battery: share with its bar, interval and n of each item, the highest first."""
    table = context.shares(battery)
    table = table[(table["base"].fillna(1) > 0).to_numpy(bool)]
    if table.empty:
        return None
    marks = [context.share_mark(n, base) for n, base in zip(table["n"], table["effective_base"], strict=True)]
    table = table.assign(
        marks=marks,
        base_marks=["hidden" if pd.isna(base) else "" for base in table["base"]],
        interval=[
            context.interval(low, high) for low, high in zip(table["ci_low"], table["ci_high"], strict=True)
        ],
    ).head(_MOST_ITEMS)
    title = context.section_text(battery)
    columns = (
        Column("label", battery.named(context.lang)),
        context.column("proportion", "share", context.say("col_percent"), marks="marks", bar=True),
        context.column("interval", "range", context.say("col_interval", level=context.percent_level)),
        context.column("base", "count", context.say("col_sample"), marks="base_marks"),
        *weighted_columns(context, "base_marks"),
    )
    return Table(
        f"summary_{battery.id}",
        title,
        "",
        table,
        columns,
        "importance",
        sorted_by="proportion",
        filtered=False,
    )


def _difference_tables(context: SurveyContext) -> list[Table]:
    """Where groups differ from all others: the first differences of all banners together."""
    rows = in_order(context, [differences(context, banner) for banner in context.banners])
    if rows.empty:
        return []
    rows = rows.head(_MOST_DIFFERENCES)
    cells = rows.to_dict("records")
    questions = {
        name: context.instrument.with_shares(name) for row in cells for name in (row["stub"], row["banner"])
    }
    rows = rows.assign(
        what=[
            context.say(
                "difference_label",
                label=context.answer(questions[row["stub"]], row["stub_code"]),
                group=group_text(context, questions[row["banner"]], row["banner_code"]),
            )
            for row in cells
        ],
        rest=[row["complement_weighted_n"] / row["complement_weighted_base"] for row in cells],
        marks=[
            " ".join(
                filter(
                    None,
                    ["up" if row["difference"] > 0 else "down", context.small_mark(row["effective_base"])],
                )
            )
            for row in cells
        ],
        rest_marks=[context.small_mark(row["complement_effective_base"]) for row in cells],
    )
    columns = (
        Column("what", context.say("col_answer_and_group")),
        Column("proportion", context.say("col_in_group"), "share", marks="marks"),
        Column("rest", context.say("col_others"), "share", marks="rest_marks", measures=("share_others",)),
        Column("difference", context.say("col_difference"), "points"),
    )
    title = context.say(f"differences_title{context.by_weight}")
    return [Table("summary_differences", title, "", rows, columns, "crosstab", filtered=False)]


def _pictures(context: SurveyContext) -> list[Picture]:
    """One or two pictures of what there is evidence of."""
    pictures: list[Picture] = []
    for battery in context.batteries[:1]:
        shares = context.importance(battery)
        if len(shares) <= _MOST_PICTURED and shares["n_top"].notna().all() and shares["base"].any():
            pictures.append(importance_picture(context, battery))
    banners = list(context.banners)
    if led_by_effects(context):
        banners.sort(key=lambda banner: -largest_difference(context, banner))
    for banner in banners:
        rows = differences(context, banner)
        if len(rows) and not context.minimum:
            stub = context.instrument.with_shares(rows.iloc[0]["stub"])
            if max(len(stub.parts), len(banner.groups)) <= _MOST_PICTURED:
                pictures.append(heatmap_picture(context, stub, banner))
    if len(pictures) < 2 and not context.minimum:
        answered = [battery for battery in context.batteries if context.importance(battery)["base"].any()]
        few = [battery for battery in answered[:1] if len(battery.items) <= _MOST_PICTURED]
        pictures += [battery_picture(context, battery) for battery in few]
    if len(pictures) < 2 and not context.minimum:
        several = [banner for banner in context.banners if banner.kind == "multiple"]
        pictures += [overlap_picture(context, banner) for banner in several]
    return pictures[:2]


def sentence_counts(context: SurveyContext) -> pd.DataFrame:
    """The counts on which sentences rest that no table shows: one row for each kind and question."""
    from survey.statistics.multiple import group_patterns

    rows: list[tuple[str, str, float]] = []
    if context.banner is None:
        return pd.DataFrame(rows, columns=["what", "question", "value"])
    if context.banner.kind == "multiple":
        patterns = group_patterns(context.counts, context.banner)
        several = sum(count for groups, count in patterns if len(groups) > 1)
        rows.append(("several", context.banner.id, several))
    for stub in context.stubs(context.banner):
        rows.append(
            ("cross", stub.id, len(reliable(context.crosstab(stub, context.banner), context.confidence)))
        )
    return pd.DataFrame(rows, columns=["what", "question", "value"])
