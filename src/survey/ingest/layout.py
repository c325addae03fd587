"""What is particular to an export: how it writes answers that readers of plain tables do not know."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Habits:
    """How one layout writes things; a plain table has none of these habits.

    Attributes
    ----------
    separator
        What stands between joined answers; "" where it is not known.
    brackets
        The pair between which the text of an "other" follows its label: `其他〖text〗`.
    free_other
        The text of an "other" stands in place of the option.
    other_in_tick
        The column of an "other" holds its text instead of a tick.
    positions
        A number in a choice question is the position of the option, 1 the first, where the codes that are
        used bear it out (see `survey.ingest.code_evidence`).
    rating_positions
        The same for the points of a scale.
    codes
        A pattern whose first group is that position: `A3`.
    words
        Further ways to write options, by `other` (the option with a text of its own).
    missing
        Cells that are no answer, by kind, before anything else is tried.
    missing_ticks
        The same, only where an option is ticked or not.
    ticks
        What the codes of an option's own column say: `{"1": False, "2": True}`.
    numbered_part
        A pattern for headers that name a part by its position: groups `head`, `n` and perhaps `text`; a group
        `rank` in place of `n` is the number of a rank.
    coded_headers
        A pattern for headers that are codes without words: `Q2[SQ001]`.
    month_first
        Whether 03/04/2026 is the fourth of March where the column itself does not tell.
    no_date
        The date that stands where none was kept.
    statuses
        What a row is ("preview", "test", "spam") by the platform's codes, beside the words for it.
    preview_channels
        Channels whose rows are previews, whatever their status.
    dated_if_finished
        A response has a time of submission only once it is finished.
    worded_as
        The dialect that writes the same answers in words: two such files of the same responses are one.
    plain
        A table of no platform, though no plain one: what it says of respondents is headed as anywhere.
    """

    separator: str = ""
    brackets: str = ""
    free_other: bool = False
    other_in_tick: bool = False
    positions: bool = False
    rating_positions: bool = False
    codes: re.Pattern[str] | None = None
    words: frozenset[str] = frozenset()
    missing: Mapping[str, str] = field(default_factory=dict)
    missing_ticks: Mapping[str, str] = field(default_factory=dict)
    ticks: Mapping[str, bool] = field(default_factory=dict)
    numbered_part: re.Pattern[str] | None = None
    coded_headers: re.Pattern[str] | None = None
    month_first: bool = True
    plain: bool = False
    no_date: datetime.date | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)
    preview_channels: frozenset[str] = frozenset()
    dated_if_finished: bool = False
    worded_as: str = ""


PLAIN = Habits()
