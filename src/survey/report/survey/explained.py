"""What explains needs: models of every need in a report, where they are asked for.

They take longer than all other tables together, so that a report has them only on request.
"""

from collections.abc import Iterable, Iterator

import pandas as pd

from survey.document import Key, Picture, Sentence, Table
from survey.instrument import Question
from survey.models import all_needs, model_needs, reach
from survey.models.bundles import reach_of
from survey.models.estimates import estimates_of_needs
from survey.report.context import once
from survey.report.survey.context import SurveyContext
from survey.result_ids import IDS

_MOST_EFFECTS = 8  # rows of the picture
_LARGEST = 4  # options of a bundle that is shown
_MOST_ALIKE = 3  # bundles of a group and size with the same reach that are shown
DRAWS = 499


def explained(context: SurveyContext) -> list[tuple[Question, Question]]:
    """Each question that is explained with the banner that explains it: needs and ratings, by the groups."""
    if not context.models or context.minimum:
        return []
    own = {banner.id for banner in context.banners}
    return [
        (stub, banner)
        for banner in context.banners
        for stub in context.stubs(banner)
        if stub.kind in ("multiple", "rating") and stub.id not in own and context.was_asked(stub)
    ]


@once
def needs_of(context: SurveyContext, stub: Question, banner: Question) -> pd.DataFrame:
    """The models of a question by a banner; its groups stand in `by`."""
    table = model_needs(
        context.counts,
        stub.id,
        by=banner.id,
        confidence=context.confidence,
        min_events=context.min_base,
        draws=DRAWS,
        lang=context.lang,
    )
    return table.assign(by=banner.id)


@once
def common_effects_of(context: SurveyContext, stub: Question, banner: Question) -> pd.DataFrame | None:
    """What a group adds to all needs alike; None of a tally."""
    if context.rows is None:
        return None
    table = all_needs(
        context.rows, stub.id, by=banner.id, draws=DRAWS, confidence=context.confidence, lang=context.lang
    )
    return table.assign(by=banner.id)


@once
def bundles_of(context: SurveyContext, question: Question, banner: Question) -> pd.DataFrame:
    """The best bundles of each group."""
    table = reach(
        context.counts,
        question.id,
        by=banner.id,
        draws=DRAWS,
        confidence=context.confidence,
        lang=context.lang,
    )
    table = table[table["size"] <= _LARGEST].reset_index(drop=True)
    names = {option.id: option.said(context.lang) for option in banner.options}
    return table.assign(
        question=question.id,
        by=banner.id,
        group_label=[names.get(group, "") for group in table["group"]],
        bundle=[context.joined_names(list(labels)) for labels in table["labels"]],
        bundle_id=[" ".join(options) for options in table["options"]],
    )


def estimates_of(context: SurveyContext, stub: Question, banner: Question) -> pd.DataFrame:
    """What `needs_of` estimates, without its limits: what a data set of a reconstruction is measured by."""
    return estimates_of_needs(context.counts, stub, banner.id, min_events=context.min_base)


def same_bundles(context: SurveyContext, ids: Iterable[tuple[str, ...]]) -> Iterator[pd.DataFrame]:
    """What the bundles of another data set reach in this one, whichever are best here."""
    rows = pd.DataFrame(ids, columns=list(IDS["reach"]))
    for (question, by), table in rows[rows["bundle_id"] != ""].groupby(["question", "by"], sort=False):
        bundles = [
            (group, tuple(name.split()))
            for group, name in zip(table["group"], table["bundle_id"], strict=True)
        ]
        asked, banner = (context.instrument.question(name) for name in (question, by))
        reached = pd.DataFrame(reach_of(context.counts, asked, banner, bundles), index=table.index)
        yield table.assign(reach=reached[0], base=reached[1], proportion=reached[0] / reached[1])


def need_tables(context: SurveyContext) -> list[Table]:
    """The section "What explains needs": every option, all needs at once, bundles."""
    pairs = explained(context)
    if not pairs:
        return []
    title = context.say("explained_title")
    whole = pd.concat(
        [needs_of(context, *pair).assign(question_label=pair[0].named(context.lang)) for pair in pairs],
        ignore_index=True,
    )
    tables = [context.table("explained", title, "", whole, _need_columns(context), "model_need")]
    common = [
        table.assign(question_label=stub.named(context.lang))
        for stub, banner in pairs
        if (table := common_effects_of(context, stub, banner)) is not None
    ]
    if common:
        data = pd.concat(common, ignore_index=True)
        name = context.say("explained_together")
        tables.append(
            context.table("explained_together", name, "", data, _common_columns(context), "all_need")
        )
    bundles = [
        bundles_of(context, stub, banner).assign(question_label=stub.named(context.lang))
        for stub, banner in pairs
        if stub.kind == "multiple"
    ]
    if bundles:
        data = pd.concat(bundles, ignore_index=True)
        alike = ["question", "by", "group", "size"]
        often = data.groupby(alike)["chosen_first"].rank(ascending=False, method="first", na_option="top")
        data = data[often <= _MOST_ALIKE].reset_index(drop=True)
        name = context.say("explained_bundles")
        tables.append(context.table("explained_bundles", name, "", data, _bundle_columns(context), "reach"))
    return tables


def _need_columns(context: SurveyContext) -> list:  # type: ignore[type-arg]
    level = context.percent_level
    return [
        context.column("question_label", heading=context.say("col_question")),
        context.column("stub_label", heading=context.say("col_what")),
        context.column("term_label", heading=context.say("col_term")),
        context.column("n_yes", "count", context.say("col_n_yes")),
        context.column("base", "count", context.say("col_sample")),
        context.column("marginal", "points", context.say("col_marginal")),
        context.column("marginal_low", "points", context.say("col_ci_low", level=level)),
        context.column("marginal_high", "points", context.say("col_ci_high", level=level)),
        *_odds_columns(context),
        context.column("note"),
    ]


def _odds_columns(context: SurveyContext) -> list:  # type: ignore[type-arg]
    level = context.percent_level
    return [
        context.column("odds_ratio", "number", context.say("col_odds_ratio")),
        context.column("ci_low", "number", context.say("col_ci_low", level=level)),
        context.column("ci_high", "number", context.say("col_ci_high", level=level)),
        context.column("p_value", "p"),
        context.column("p_adjusted", "p"),
    ]


def _common_columns(context: SurveyContext) -> list:  # type: ignore[type-arg]
    return [
        context.column("question_label", heading=context.say("col_question")),
        context.column("term_label", heading=context.say("col_term")),
        context.column("base", "count", context.say("col_sample")),
        *_odds_columns(context),
        context.column("note"),
    ]


def _bundle_columns(context: SurveyContext) -> list:  # type: ignore[type-arg]
    level = context.percent_level
    return [
        context.column("question_label", heading=context.say("col_question")),
        context.column("group_label", heading=context.say("col_group")),
        context.column("size", "count", context.say("col_bundle_size"), measures=()),
        context.column("bundle", heading=context.say("col_bundle")),
        context.column("reach", "count", context.say("col_reach")),
        context.column("base", "count", context.say("col_sample")),
        context.column("proportion", "share", context.say("col_percent")),
        context.column("ci_low", "share", context.say("col_ci_low", level=level)),
        context.column("ci_high", "share", context.say("col_ci_high", level=level)),
        context.column("ties", "count", context.say("col_ties")),
        context.column("chosen_first", "share", context.say("col_chosen_first")),
        context.column("note"),
    ]


def reliable_effects(context: SurveyContext) -> pd.DataFrame:
    """The effects that stay reliable when the other groups are held, the surest first."""
    frames = [needs_of(context, *pair) for pair in explained(context)]
    frames = [table[table["p_adjusted"] < 1 - context.confidence] for table in frames]
    frames = [table for table in frames if len(table)]
    if not frames:
        return pd.DataFrame(columns=list(IDS["model_need"]))
    return pd.concat(frames, ignore_index=True).sort_values("p_adjusted", kind="stable", ignore_index=True)


def need_finding(context: SurveyContext) -> Sentence | None:
    """The surest effect that stays when the other groups are held; None where none does."""
    rows = reliable_effects(context)
    rows = rows[rows["marginal"].notna()] if len(rows) else rows
    if not len(rows):
        return None
    row = rows.iloc[0]
    stub = context.instrument.question(row["stub"])
    key = Key("model_need", tuple(str(row[name]) for name in IDS["model_need"]), "p_adjusted")
    banner = context.instrument.question(row["by"])
    low, middle, high = (100 * float(row[name]) for name in ("marginal_low", "marginal", "marginal_high"))
    return context.sentence(
        f"finding_need_{'more' if middle > 0 else 'less'}",
        key,
        label=context.answer(stub, row["stub_code"]),
        group=_brief_term(context, banner, row["term"], row["term_label"]),
        points=f"{abs(middle):.0f}",
        low=f"{min(abs(low), abs(high)) if low * high > 0 else 0:.0f}",
        high=f"{max(abs(low), abs(high)):.0f}",
        level=context.percent_level,
    )


def _brief_term(context: SurveyContext, banner: Question, term: str, label: str) -> str:
    """A group without what stands in brackets behind it; what it is compared with stays."""
    return context.brief(banner, term) if banner.kind == "multiple" else label


def effect_pictures(context: SurveyContext) -> list[Picture]:
    """A picture of the surest effects of each question that is explained."""
    pictures = []
    for stub, banner in explained(context):
        table = needs_of(context, stub, banner)
        rows = table[table["marginal"].notna()].sort_values("p_value", kind="stable").head(_MOST_EFFECTS)
        if not len(rows):
            continue
        labels = [
            context.say(
                "effect_row",
                label=context.answer(stub, row.stub_code),
                group=_brief_term(context, banner, row.term, row.term_label),
            )
            for row in rows.itertuples()
        ]
        ids = (rows["stub_code"] + " " + rows["term"]).tolist()
        rows = rows.assign(row_id=ids, row_label=labels)
        sure = (rows["p_adjusted"] < 1 - context.confidence).tolist()
        names = {"question": stub.named(context.lang), "noun": banner.group_noun(context.lang)}
        subtitle = context.say("picture_of_effects", level=context.percent_level, **names)
        pictures.append(
            Picture(
                f"effects_{stub.id}_{banner.id}",
                "effects",
                rows,
                context.say("alt_effects", label=labels[0], count=sum(sure), **names),
                context.say("effects_title" if any(sure) else "effects_title_none", **names),
                context.picture_words(stub),
                {"accent": [row for row, is_sure in zip(ids, sure, strict=True) if is_sure]},
                subtitle=subtitle,
                footer=context.source_line(*[context.say("picture_test_effects")] * any(sure)),
            )
        )
    return pictures
