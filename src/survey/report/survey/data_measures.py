"""How each result stands in the one long table: its measures, its labels, the columns it fills."""

from dataclasses import dataclass

COLUMNS = (
    *("sheet", "table", "question", "item", "code", "label", "banner", "group", "group_label", "other"),
    *("measure", "value", "n", "base", "weighted_base", "ci_low", "ci_high", "test", "p_value"),
    *("p_adjusted", "fixed", "reason"),
)


@dataclass(frozen=True)
class Measure:
    """One measure of a kind of result: its name, and the columns of the frame that belong to it."""

    name: str
    value: str
    n: str = ""
    base: str = "base"
    low: str = ""
    high: str = ""
    test: str = ""
    known_by: str = ""  # the measure by which it is known, where that is not `value`


_INTERVAL = {"low": "ci_low", "high": "ci_high"}


INTERVAL_OF_STATISTIC = {"ci_low": "ci_low", "ci_high": "ci_high"}


# What the table holds of every kind of result, in this order.
MEASURES: dict[str, tuple[Measure, ...]] = {
    "frequency": (Measure("share", "proportion", "n", **_INTERVAL),),
    "importance": (
        Measure("share", "proportion", "n_top", **_INTERVAL),
        Measure("mean", "mean"),
        Measure("sd", "sd"),
        Measure("median", "median"),
    ),
    "mention": (Measure("share_of_mentions", "share_of_mentions", "n", "mentions"),),
    "mention_summary": (
        Measure("mean_mentions", "mean_mentions"),
        Measure("sd_mentions", "sd_mentions"),
        Measure("median_mentions", "median_mentions"),
        Measure("ticked_nothing", "ticked_nothing"),
    ),
    "number": tuple(
        Measure(name, name, **(_INTERVAL if name == "mean" else {}))
        for name in ("mean", "sd", "median", "q1", "q3", "minimum", "maximum")
    ),
    "net_promoter": (
        *(
            Measure(name, name, f"n_{name}", low=f"{name}_low", high=f"{name}_high")
            for name in ("promoters", "passives", "detractors")
        ),
        Measure("net_promoter_score", "score", **_INTERVAL),
        Measure("mean", "mean"),
    ),
    "ranking": (
        *(
            Measure(name, name, f"n_{name}", low=f"{name}_low", high=f"{name}_high")
            for name in ("first", "in_top")
        ),
        Measure("mean_rank", "mean_rank", "n_ranked", base="n_ranked", **_INTERVAL),
    ),
    "allocation": (
        Measure("mean_share", "share", **_INTERVAL),
        Measure("sd", "sd"),
        Measure("median", "median"),
        Measure("something", "something", "n_something", low="something_low", high="something_high"),
    ),
    "date_count": (Measure("share", "proportion", "n", **_INTERVAL),),
    "text": (Measure("written", "n", "n"),),
    "crosstab": (
        Measure("share", "proportion", "n", **_INTERVAL),
        Measure("share_others", "share_others", "complement_n", "complement_base"),
        Measure("difference", "difference", low="difference_low", high="difference_high", test="method"),
        Measure("p_equivalence", "p_equivalence"),
    ),
    "columns": (
        Measure("difference", "difference", **_INTERVAL, test="method"),
        Measure("p_equivalence", "p_equivalence"),
    ),
    "test": (
        Measure("effect", "effect", **_INTERVAL, test="test"),
        Measure("statistic", "statistic", test="test"),
        Measure("df", "df", test="test"),
        Measure("p_equivalence", "p_equivalence"),
    ),
    "rank_set": (
        Measure("rank", "rank", "n", low="marginal_low", high="marginal_high"),
        Measure(
            *("rank_of_all", "rank", "n"),
            low="simultaneous_low",
            high="simultaneous_high",
            known_by="simultaneous_low",
        ),
    ),
    "association_test": (
        Measure("statistic", "statistic", test="method"),
        Measure("df", "df", test="method"),
        Measure("effect", "effect", **_INTERVAL, test="method"),
    ),
    "correlation": (Measure("correlation", "correlation", **_INTERVAL, test="method"),),
    "cooccurrence": (Measure("phi", "phi", "n", **_INTERVAL),),
    "overlap": (Measure("share_of_group", "proportion", "n"),),
    "precision": (
        Measure("margin", "margin"),
        Measure("base_others", "other_base"),
        Measure("population", "population"),
        Measure("smallest_difference", "smallest_difference"),
        Measure("exact_power", "exact_power"),
        Measure("first_step_power", "first_step_power"),
        Measure("hypotheses", "hypotheses"),
        Measure("needed_base", "needed_base"),
    ),
    "model_need": (
        Measure("odds_ratio", "odds_ratio", "n_yes", **_INTERVAL, test="method"),
        Measure("marginal_effect", "marginal", "n_yes", low="marginal_low", high="marginal_high"),
    ),
    "all_need": (Measure("odds_ratio", "odds_ratio", **_INTERVAL, test="method"),),
    "reach": (
        Measure("reach", "proportion", "reach", **_INTERVAL),
        Measure("chosen_first", "chosen_first"),
    ),
    "sensitivity": (
        Measure("marginal_effect_lowest", "worst_low", "missing"),
        Measure("marginal_effect_highest", "worst_high", "missing"),
        Measure(
            "marginal_effect_screened",
            "screened_marginal",
            base="screened_base",
            low="screened_low",
            high="screened_high",
        ),
    ),
    "response_rate": (Measure("response_rate", "proportion", "n", "population", **_INTERVAL, test="test"),),
    "wave": (
        Measure("change", "difference", **_INTERVAL, test="method"),
        Measure("share_before", "other_proportion", "other_n", "other_base"),
        Measure("in_both_waves", "both"),
        Measure("gained", "gained", base="both"),
        Measure("lost", "lost", base="both"),
        Measure("p_equivalence", "p_equivalence"),
    ),
    "wave_mean": (
        Measure("change_of_mean", "difference", **_INTERVAL, test="method"),
        Measure("mean_before", "other_mean", base="other_base"),
    ),
    "finding": (Measure("share", "share", "count"),),
}


# What is compared with, where it is no item.
OTHERS = {"test": "other_group", "correlation": "other_question"}


# The columns with the label of what is asked about, where that is not `label`, and of its group.
LABELS: dict[str, tuple[str, str]] = {
    "crosstab": ("stub_label", "banner_label"),
    "columns": ("stub_label", "banner_label"),
    "model_need": ("stub_label", "term_label"),
    "all_need": ("", "term_label"),
    "sensitivity": ("stub_label", "term_label"),
    "reach": ("bundle", "group_label"),
}


_OF_WAVE = {"question": "question", "own_item": "item", "own_code": "code", "wave": "other"}


_OF_SUMMARY = {"question": "question", "banner": "banner", "banner_code": "group"}


# Where the ids of a kind of result stand.
PLACES: dict[str, dict[str, str]] = {
    "crosstab": {"stub": "question", "banner": "banner", "banner_code": "group"},
    "columns": {"stub": "question", "banner": "banner", "banner_code": "group", "other_code": "other"},
    "test": {"question": "question", "item": "item", "other_item": "other", "by": "banner", "group": "group"},
    "correlation": {"question": "question", "item": "item", "other_item": "other"},
    "association_test": {"question": "question", "banner": "banner"},
    "cooccurrence": {"question": "question", "code": "code", "other_code": "other"},
    "overlap": {"question": "question", "code": "code", "other_code": "other"},
    "number": _OF_SUMMARY,
    "net_promoter": _OF_SUMMARY,
    "ranking": {**_OF_SUMMARY, "code": "code"},
    "allocation": {**_OF_SUMMARY, "code": "code"},
    "date_count": {"question": "question", "period": "code"},
    "precision": {"question": "question", "item": "item", "group": "group", "planned": "other"},
    "model_need": {"stub": "question", "by": "banner", "term": "group"},
    "all_need": {"stub": "question", "by": "banner", "term": "group"},
    "sensitivity": {"stub": "question", "by": "banner", "term": "group"},
    "reach": {"question": "question", "bundle_id": "code", "by": "banner", "group": "group"},
    "wave": _OF_WAVE,
    "wave_mean": _OF_WAVE,
}
