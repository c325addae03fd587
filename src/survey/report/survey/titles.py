"""Findings in one sentence, made from tests: what leads, what trails, which groups differ, and which do not.

Nothing is said to lead or trail where the confidence sets of the ranks leave it open, and no group to differ
where no test says so. Of many respondents nearly every difference is significant: there a difference must
also be of `LEAST_DIFFERENCE` (`survey.statistics.fallbacks`), sentences name its size, and the largest comes
first. Everything that is chosen as a finding is chosen here.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.document import Key, Sentence
from survey.instrument import Question
from survey.messages import enumerated
from survey.messages.number_forms import all_of
from survey.report.context import once
from survey.report.survey.context import SurveyContext
from survey.report.survey.group_words import apart, group_text
from survey.report.survey.kind_tests import surest_difference
from survey.report.survey.similar import similar_count, similar_sentence
from survey.result_ids import IDS
from survey.statistics.fallbacks import LEAST_DIFFERENCE, is_small_difference, leads_with_effects
from survey.statistics.indicators import complete_table
from survey.statistics.multiple import group_patterns
from survey.tables import has_reason

if TYPE_CHECKING:
    import pandas as pd

_MOST_NAMED = 3  # names that one sentence can bear
_THRESHOLDS = ((3 / 4, "three_quarters"), (2 / 3, "two_thirds"), (1 / 2, "half"))


# -- large counts ----------------------------------------------------------------------------------------


def led_by_effects(context: SurveyContext) -> bool:
    """Whether findings are chosen and ordered by their size, as nearly every difference is significant."""
    return leads_with_effects(len(context.counts))


def points_text(difference: float) -> str:
    """A difference of shares in percentage points: "7.2"."""
    return f"{100 * abs(difference):.1f}"


LEAST_TEXT = f"{100 * LEAST_DIFFERENCE:g}"


def effects_notes(context: SurveyContext) -> tuple[int, ...]:
    """The note on large counts, where findings are led by effects."""
    return context.footnotes("effects", least=LEAST_TEXT) if led_by_effects(context) else ()


# -- what leads ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """Which items of a question may truly be first, and which cannot, the highest share first.

    `lead` is how far the highest share is above the best of those that cannot be first (0.0 where there are
    none), `spread` how far above the lowest of all.
    """

    leaders: tuple[str, ...]
    trailing: tuple[str, ...]
    lead: float = 0.0
    spread: float = 0.0
    common: int = 0  # how many they are ranked among, where that is not everybody who answered


@once
def standing(context: SurveyContext, question: Question) -> Standing:
    """What the confidence sets of all ranks at once leave open; of many respondents also small gaps."""
    import numpy as np

    table = context.ranks(question)
    table = table[table["simultaneous_low"].notna()]
    shares = table["proportion"].to_numpy(float)
    gaps = shares.max() - shares if len(shares) else shares
    first = (table["simultaneous_low"] == 1).to_numpy(bool)
    first |= np.array([is_small_difference(len(context.counts), gap) for gap in gaps], bool)
    leaders, trailing = tuple(table["item"][first]), tuple(table["item"][~first])
    lead, spread = float(min(gaps[~first], default=0.0)), float(max(gaps, default=0.0))
    common = 0
    if any(has_reason(reason, "common_respondents") for reason in table["reason"]):
        common = complete_table(context.counts, question).base
    return Standing(leaders, trailing, lead, spread, common)


def rank_title(context: SurveyContext, question: Question) -> Sentence:
    """What leads or trails among the items of a question; its short name where nothing can be said."""
    places = None if context.minimum else standing(context, question)  # ranks tell of hidden shares
    if places is None or len(places.leaders) + len(places.trailing) < 2:
        return Sentence(context.section_text(question))
    leaders, trailing = len(places.leaders), len(places.trailing)
    named: tuple[str, ...] = ()
    key = "title_many"
    if leaders == 1:
        key, named = "title_first", places.leaders
    elif not trailing:
        key = "title_both" if leaders == 2 else "title_alike"
    elif leaders <= _MOST_NAMED and not (led_by_effects(context) and trailing < leaders):
        key, named = "title_leaders", places.leaders
    elif trailing <= _MOST_NAMED:
        key, named = "title_trails" if trailing == 1 else "title_trail", places.trailing
    title = context.sentence(
        f"{key}_by" if led_by_effects(context) else key,
        *rank_keys(question, places),
        items=question.options_noun(context.lang),
        all=leaders + trailing,
        count=leaders,
        trailing=trailing,
        labels=context.joined_names([context.brief(question, item) for item in named]),
        points=points_text(places.lead or places.spread),
    )
    if not places.common:
        return title
    return Sentence(context.say("title_of_common", title=title, base=places.common), title.keys)


def rank_keys(question: Question, places: Standing) -> list[Key]:
    """The results on which it rests which items may be first."""
    items = (*places.leaders, *places.trailing)
    return [Key("rank_set", (question.id, item), "simultaneous_low") for item in items]


def battery_finding(context: SurveyContext, battery: Question) -> Sentence | None:
    """How many items a share clears with its lower limit, and how far the shares reach."""
    table = context.importance(battery)
    table = table[(table["base"] > 0).fillna(False)].sort_values("proportion", ascending=False, kind="stable")
    if len(table) < 1 or table["proportion"].isna().any():
        return None
    keys = [Key("importance", (battery.id, item), "proportion") for item in table["item"]]
    first, last = table.iloc[0], table.iloc[-1]
    values = {
        "items": battery.named(context.lang),
        "all": len(table),
        "top": context.top_text(battery),
        "highest": context.brief(battery, first["item"]),
        "high": context.percent_of(first),
        "lowest": context.brief(battery, last["item"]),
        "low": context.percent_of(last),
    }
    if len(table) == 1:
        return context.sentence("finding_one_item", *keys, **values)
    for share, name in _THRESHOLDS:
        count = int((table["ci_low"] > share).sum())
        if 2 * count >= len(table):
            much = context.say(f"more_than_{name}")
            key = "finding_all_clear" if count == len(table) else "finding_some_clear"
            return context.sentence(key, *keys, **values, count=count, much=much)
    return context.sentence("finding_range", *keys, **values)


def choice_finding(context: SurveyContext, question: Question) -> Sentence | None:
    """Which options are chosen most, as far as the ranks are sure."""
    places = None if context.minimum else standing(context, question)
    if places is None or not places.leaders or len(places.leaders) + len(places.trailing) < 2:
        return None
    leaders, trailing = len(places.leaders), len(places.trailing)
    if places.common:  # shares are of others than the ranks are
        title = rank_title(context, question)
        return Sentence(context.sentences(title), title.keys)
    rows = context.frequencies(question).set_index("code")
    if not rows.loc[places.leaders[0], "n"]:
        return None
    shares = {code: context.percent_of(rows.loc[code]) for code in places.leaders}
    named = places.leaders[: _MOST_NAMED if leaders <= _MOST_NAMED else 1]
    keys = rank_keys(question, places)
    keys += [Key("frequency", (question.id, "", code), "proportion") for code in named]
    values: dict[str, Any] = {
        "items": question.options_noun(context.lang),
        "all": leaders + trailing,
        "others": leaders - 1,
        "label": context.brief(question, named[0]),
        "share": shares[named[0]],
        "points": points_text(places.lead or places.spread),
    }
    by = "_by" if led_by_effects(context) else ""
    if leaders == 1:
        return context.sentence(f"finding_chosen_first{by}", *keys, **values)
    if leaders > _MOST_NAMED or (by and not trailing):
        alike = "finding_chosen_both" if leaders == 2 else "finding_chosen_alike"
        key = "finding_chosen_open" if trailing else alike
        return context.sentence(key + by, *keys, **values)
    parts = [
        context.say("share_of_name", name=context.brief(question, code), share=shares[code]) for code in named
    ]
    parts_text = joined_shares(context, parts)
    return context.sentence(f"finding_chosen_leaders{by}", *keys, **values, parts=parts_text)


def joined_shares(context: SurveyContext, parts: list[str]) -> str:
    """Shares in a sentence, each with its name: "A, 67%, and B, 64%"."""
    return all_of(parts, context.lang)


# -- which groups differ -----------------------------------------------------------------------------------


@once
def differences(context: SurveyContext, banner: Question) -> "pd.DataFrame":
    """The cells of the cross-tabs by a banner that differ reliably from all others, the surest first.

    Among many respondents: those that differ by enough, the largest difference first. Of cells that are the
    same comparison the first stands for all: a finding is said once.
    """
    frames = [context.crosstab(stub, banner) for stub in context.crossed(banner)]
    return in_order(context, [reliable(frame, context.confidence) for frame in frames])


def in_order(context: SurveyContext, frames: "list[pd.DataFrame]") -> "pd.DataFrame":
    """Differences of several tables, the surest first; among many respondents the largest first."""
    import pandas as pd

    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return pd.DataFrame(columns=IDS["crosstab"])
    rows = pd.concat(frames, ignore_index=True)
    if led_by_effects(context):
        order = (-rows["difference"].astype(float).abs()).argsort(kind="stable")
        return rows.iloc[order].reset_index(drop=True)
    return rows.sort_values("p_adjusted", kind="stable", ignore_index=True)


def differing_first(context: SurveyContext) -> list[Question]:
    """The banners, first those by which anything differs reliably: a finding goes before none."""
    return sorted(context.banners, key=lambda banner: not len(differences(context, banner)))


def largest_difference(context: SurveyContext, banner: Question) -> float:
    """How far apart a group of a banner and all others are at most, as a fraction; 0.0 where none differs."""
    rows = differences(context, banner)
    return float(rows["difference"].astype(float).abs().max()) if len(rows) else 0.0


def reliable(table: "pd.DataFrame", confidence: float) -> "pd.DataFrame":
    """The rows of a cross-tab with a reliable difference, one for each hypothesis."""
    return table[apart(table, confidence)].drop_duplicates("hypothesis")


@once
def tested_stubs(context: SurveyContext, banner: Question) -> list[Question]:
    """The questions in which any group could be compared with all others."""
    return [
        stub for stub in context.crossed(banner) if context.crosstab(stub, banner)["p_value"].notna().any()
    ]


def groups_title(context: SurveyContext, banner: Question, only: Question | None = None) -> Sentence:
    """On which questions the groups of a banner differ, of all or of `only` one; or that they do on none."""
    noun = banner.group_noun(context.lang)
    rows = differences(context, banner)
    if only is not None:
        rows = rows[rows["stub"] == only.id]
    if len(rows):
        stubs = differing_stubs(context, banner, rows)
        names = [context.name_inside(stub) for stub in stubs[:_MOST_NAMED]]
        key = "title_groups_differ" if len(stubs) <= _MOST_NAMED else "title_groups_differ_more"
        return context.sentence(
            f"{key}_by" if led_by_effects(context) else key,
            *difference_keys(rows),
            noun=noun,
            questions=context.joined_names(names),
            more=len(stubs) - len(names),
            points=points_text(float(rows["difference"].astype(float).abs().max())),
        )
    measured = surest_difference(context, banner) if only is None else None
    return measured or no_difference(context, banner, "title_groups_alike", "title_groups_untested")


def differing_stubs(context: SurveyContext, banner: Question, rows: "pd.DataFrame") -> list[Question]:
    """The questions that differences are of, in their order; of many respondents the largest first."""
    stubs = [stub for stub in context.crossed(banner) if stub.id in set(rows["stub"])]
    if led_by_effects(context):
        order = rows["stub"].drop_duplicates().tolist()
        stubs.sort(key=lambda stub: order.index(stub.id))
    return stubs


def no_difference(context: SurveyContext, banner: Question, alike: str, untested: str) -> Sentence:
    """One sentence for all questions: that nothing differs, or that nothing could be tested."""
    tested = tested_stubs(context, banner)
    noun = banner.group_noun(context.lang)
    if not tested:
        return context.sentence(untested, noun=noun, minimum=context.min_base)
    if context.equivalent_within is not None and not led_by_effects(context):
        return similar_sentence(context, banner, tested, alike)
    keys = [Key("sentence", ("cross", stub.id), "value") for stub in tested]
    key = f"{alike}_by" if led_by_effects(context) else alike
    return context.sentence(key, *keys, noun=noun, questions=len(tested), least=LEAST_TEXT)


def difference_keys(rows: "pd.DataFrame") -> list[Key]:
    """The tests that some cells of cross-tabs rest on."""
    ids = zip(*(rows[name].astype(str) for name in IDS["crosstab"]), strict=True)
    return [Key("crosstab", tuple(row), "p_adjusted") for row in ids]


def groups_finding(context: SurveyContext, banner: Question) -> Sentence:
    """The first difference of a group, and how many more there are; or that there is none."""
    rows = differences(context, banner)
    if not len(rows):
        alike = ("finding_groups_alike", "finding_groups_untested")
        return surest_difference(context, banner) or no_difference(context, banner, *alike)
    row, by = rows.iloc[0], "_by" if led_by_effects(context) else ""
    stub = context.instrument.with_shares(row["stub"])
    higher = row["difference"] > 0
    key = f"finding_group_{'higher' if higher else 'lower'}{'_rated' if stub.kind == 'rating' else ''}"
    line = context.sentence(
        key + by,
        *difference_keys(rows.head(1)),
        label=context.answer(stub, row["stub_code"]),
        group=group_text(context, banner, row["banner_code"]),
        share=context.percent_of(row),
        rest=context.percent_of(row, "complement_"),
        top=context.top_text(stub) if stub.kind == "rating" else "",
        points=points_text(float(row["difference"])),
    )
    if len(rows) > 1:
        noun = banner.group_noun(context.lang)
        more = context.say(f"finding_groups_more{by}", count=len(rows) - 1, noun=noun, least=LEAST_TEXT)
        line = Sentence(context.sentences(line, more), line.keys)
    similar = similar_count(context, banner, tested_stubs(context, banner))
    return Sentence(context.sentences(line, similar), (*line.keys, *similar.keys)) if similar.keys else line


def overlap_finding(context: SurveyContext, banner: Question) -> Sentence | None:
    """How many belong to more than one group of a select-all banner."""
    if banner.kind != "multiple" or context.minimum:
        return None
    share = overlap_share(context, banner)
    if share is None:
        return None
    noun, key = banner.group_noun(context.lang), Key("sentence", ("several", banner.id), "value")
    ending = "" if banner.group else "_groups"
    if not share["weighted_n"]:
        return context.sentence(f"finding_no_overlap{ending}", key, noun=noun)
    return context.sentence(f"finding_overlap{ending}", key, share=context.percent_of(share), noun=noun)


def overlap_share(context: SurveyContext, banner: Question) -> dict[str, float] | None:
    """How many are in several groups, and how many answered, by weight; None where nobody counts."""
    patterns = group_patterns(context.counts, banner, "w" if context.counts.weighted else "n")
    several = sum(weight for groups, weight in patterns if len(groups) > 1)
    base = sum(weight for _, weight in patterns)
    return {"weighted_n": several, "weighted_base": base} if base else None


def single_finding(context: SurveyContext, question: Question) -> Sentence | None:
    """The shares of a single question, the largest first."""
    table = context.shares(question)
    if table["n"].isna().any() or not table["base"].any():
        return None
    table = table[table["n"] > 0].sort_values("proportion", ascending=False, kind="stable").head(_MOST_NAMED)
    keys = [Key("frequency", (question.id, "", code), "proportion") for code in table["code"]]
    parts = [
        context.say(
            "share_of_name",
            name=context.brief(question, row["code"]),
            share=context.percent_of(row),
        )
        for _, row in table.iterrows()
    ]
    text = enumerated(parts, context.lang)
    return context.sentence("finding_single", *keys, question=question.named(context.lang), parts=text)
