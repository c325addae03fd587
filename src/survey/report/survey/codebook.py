"""Codebook: every question, option, item and scale point with its id and its wording in every language."""

import pandas as pd

from survey.document import Sheet
from survey.instrument.derived import CROSSED
from survey.instrument.question import Grid, GridRow
from survey.report.survey.context import SurveyContext


def sheets(context: SurveyContext) -> list[Sheet]:
    """One row per question, option, item and point; where it came from stands on the instrument, not here."""
    instrument = context.schema
    rows: list[dict[str, str]] = []
    grids: list[Grid] = []

    def add(column: str, kind: str, code: str, wording: dict[str, str]) -> None:
        words = {f"label_{lang}": wording.get(lang, "") for lang in instrument.languages}
        rows.append({"column": column, "kind": context.say(kind), "code": code, **words})

    known = {question.id: question for question in instrument.stubs}
    parts = [part for banner in context.banners for part in banner.id.split(CROSSED)]
    banners = [part if part in known else part.partition("__")[0] for part in parts]  # of an item its battery
    shown = [known[name] for name in dict.fromkeys([*(one.id for one in context.questions), *banners])]
    for question in shown:
        if question.whole and question.whole not in grids:
            grids.append(question.whole)
            add("", "kind_grid", question.whole.id, question.whole.text)
            for option in question.options if question.kind == "single" else ():
                add("", "kind_option", option.id, option.label)
        whole = "" if question.traits.split else question.id
        rule = instrument.rule_of(question.id)
        if rule is None:
            wording = question.row.label if isinstance(question, GridRow) else question.text
            kind = "kind_row" if question.whole else f"kind_{question.kind}"
            add(whole, kind, question.id, wording)
        else:
            add(whole, "kind_derived", question.id, rule.text or rule.short)
            formula = {lang: instrument.formula(rule, lang) for lang in instrument.languages}
            add("", "kind_formula", question.id, formula)
        part = "kind_item" if question.kind == "rating" else "kind_option"
        for option in question.parts if question.traits.split or not question.whole else ():
            name = question.id if question.kind == "single" else f"{question.id}__{option.id}"
            add(name, "kind_item_reversed" if option.reverse else part, option.id, option.label)
    used = {question.scale for question in shown} if context.left_out else set(instrument.scales)
    for scale_id, scale in instrument.scales.items():
        if scale_id not in used:
            continue
        for point in scale.points:
            kind = "kind_point" if point.substantive else "kind_point_unrated"
            add("", kind, f"{scale_id} {point.value}", point.label)
    title = context.say("codebook_title", instrument=instrument.reference)
    own, *others = sorted(instrument.languages, key=lambda lang: lang != context.lang)
    columns = [
        context.column("kind"),
        *(
            context.column(f"label_{lang}", heading=context.say("col_wording", lang=lang))
            for lang in (own, *others)
        ),
        context.column("column"),
        context.column("code"),
    ]
    return [
        Sheet(
            context.say("sheet_codebook"),
            title,
            tables=(context.table("codebook", title, "", pd.DataFrame(rows), columns),),
            appendix=True,
        )
    ]
