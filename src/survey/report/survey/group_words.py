"""What several sheets say of groups: which cells differ, and the name of a group in a sentence."""

from typing import TYPE_CHECKING

from survey.instrument import Question
from survey.instrument.question import GridRow
from survey.report.survey.context import SurveyContext
from survey.statistics.group_members import group_label
from survey.tables import has_reason

if TYPE_CHECKING:
    import pandas as pd


def apart(cells: "pd.DataFrame", confidence: float) -> "pd.Series[bool]":
    """Which cells of a cross-tab differ from all others: what has an arrow, and may be a finding."""
    small = cells["reason"].map(lambda reason: has_reason(reason, "small_difference")).astype(bool)
    return (cells["p_adjusted"] < 1 - confidence) & ~small


def group_text(context: SurveyContext, banner: Question, group: str) -> str:
    """The name of a group in a sentence."""
    if context.only:
        return group_label(banner.part(group), context.only, context.lang)
    if own_item(banner) or banner.whole:
        item = banner.row.said(context.lang) if isinstance(banner, GridRow) else banner.named(context.lang)
        return context.say("group_of_points", point=context.brief(banner, group), item=item)
    return context.brief(banner, group)


def own_item(banner: Question) -> bool:
    """Whether the groups of a banner are the points of an item of a rating."""
    return bool(banner.item_of[0])
