"""The column contracts of the statistics.

A contract fixes the names and the order of the columns, whatever the input. Fractions inside, percentages
at the door: `proportion` and its limits are fractions of `base`; only `render/` multiplies by 100.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

CONTRACTS: dict[str, tuple[str, ...]] = {
    "frequency": ("question", "item", "code", "label", "n", "base", "proportion", "ci_low", "ci_high"),
    "importance": (
        *("question", "item", "label", "base", "n_top", "proportion", "ci_low", "ci_high"),
        *("rank", "rank_low", "rank_high", "mean", "sd", "median", "note"),
    ),
    "crosstab": (
        *("stub", "stub_code", "stub_label", "banner", "banner_code", "banner_label"),
        *("n", "base", "proportion", "ci_low", "ci_high", "complement_n", "complement_base"),
        *("difference", "difference_low", "difference_high", "method", "p_value", "p_adjusted", "note"),
    ),
    "columns": (
        *("stub", "stub_code", "stub_label", "banner", "banner_code", "banner_label"),
        *("other_code", "other_label", "n", "base", "other_n", "other_base", "overlap", "difference"),
        *("ci_low", "ci_high", "method", "p_value", "p_adjusted", "letter", "note"),
    ),
    "precision": (
        *("what", "question", "item", "group", "base", "other_base", "margin", "smallest_difference"),
        *("needed_base", "note"),
    ),
    "test": (
        *("question", "by", "test", "statistic", "df", "p_value", "p_adjusted"),
        *("effect_name", "effect", "ci_low", "ci_high", "base", "note"),
    ),
    "privacy": (
        *("kind", "source", "sheet", "cell", "row", "column", "segment", "participant", "n", "shown"),
        "entry",
    ),
    "quality_rule": ("rule", "action", "setting", "checked", "n", "base", "note"),
    "quality_row": ("rule", "source", "sheet", "row", "key", "detail"),
    "association_test": ("method", "statistic", "df", "p_value", "draws", "note"),
    "association": (
        *("row", "row_code", "row_label", "column", "column_code", "column_label"),
        *("n", "n_row", "n_column", "base", "chi_square", "p_value", "p_adjusted"),
        *("odds_ratio", "ci_low", "ci_high", "note"),
    ),
    "rank_set": (
        *("question", "item", "label", "n", "base", "proportion", "rank", "marginal_low", "marginal_high"),
        *("simultaneous_low", "simultaneous_high", "in_top", "note"),
    ),
    "cooccurrence": (
        *("question", "code", "label", "other_code", "other_label", "n", "n_code", "n_other", "base"),
        *("phi", "ci_low", "ci_high", "note"),
    ),
    "number": (
        *("question", "banner", "banner_code", "banner_label", "base", "mean", "sd", "ci_low", "ci_high"),
        *("median", "q1", "q3", "minimum", "maximum", "note"),
    ),
    "mention": (
        *("question", "code", "label", "n", "base", "proportion"),
        *("mentions", "share_of_mentions"),
    ),
    "mention_summary": (
        *("question", "base", "mentions", "mean_mentions", "sd_mentions", "median_mentions"),
        *("ticked_nothing", "no_answer"),
    ),
    "overlap": ("question", "code", "label", "other_code", "other_label", "n", "base", "proportion"),
    "finding": (
        *("finding", "locator", "published", "digits", "base", "count", "computed", "difference"),
        *("verdict", "note"),
    ),
    "audited_figure": (
        *("finding", "line", "locator", "question", "item", "group", "statistic", "published", "base"),
        *("base_from", "half_up", "half_even", "truncated", "rounded_twice", "verdict", "note"),
    ),
    "group_base": ("finding", "group", "base", "smallest", "unique", "verdict", "lines", "note"),
    "audited_statement": (
        *("finding", "line", "locator", "question", "item", "group", "statement", "rule", "verdict"),
        *("reason", "test", "bases", "assumptions"),
    ),
    "known_share": (
        *("question", "item", "label", "group", "group_label", "finding", "published", "count", "base"),
        *("low", "high", "verdict", "status", "ci_low", "ci_high"),
    ),
    "known_rating": (
        *("question", "item", "label", "finding", "published", "count", "base", "low", "high", "verdict"),
        *("ci_low", "ci_high", "rank_low", "rank_high", "mean_low", "mean_high", "median_low", "median_high"),
    ),
    "draw": ("draw", "bases", "correlation", "leaning", "chain", "step"),
    "trace": ("draw", "chain", "quantity", "value"),
    "mixing": (
        *("quantity", "draws", "chains", "combinations", "mean", "minimum", "maximum"),
        *("lag_1", "lag_2", "lag_3", "lag_4", "lag_5", "effective", "r_hat", "note"),
    ),
    "coder_agreement": (
        *("what", "code", "label", "coders", "units", "decisions", "n_yes", "prevalence"),
        *("agreement", "agreement_low", "agreement_high", "kappa", "kappa_low", "kappa_high"),
        *("alpha", "alpha_low", "alpha_high", "ac1", "ac1_low", "ac1_high", "note"),
    ),
    "joint_display": (
        *("topic", "label", "question", "item", "item_label", "statistic"),
        *("n", "base", "proportion", "ci_low", "ci_high", "interviewees", "interview_base", "by_group"),
        *("segments", "gists", "mark", "reason", "open", "note"),
    ),
    "bound": ("finding", "quantity", "unit", "low", "high", "verdict", "status", "bases", "note"),
    "code_matrix": (
        *("level", "code", "label", "participant", "group", "n_segments", "n_quotations", "present"),
    ),
    "case_comparison": (
        *("level", "code", "label", "group", "n", "base", "proportion", "ci_low", "ci_high"),
        *("n_undisputed", "n_quotations", "n_segments", "note"),
    ),
    "codebook_evidence": (
        *("level", "code", "label", "subtheme", "theme", "aim", "published", "n_segments", "n_quotations"),
        *("n", "base", "n_undisputed", "by_group", "participants", "verdict", "note"),
    ),
    "saturation": (
        *("interview", "participant", "new", "cumulative", "ratio", "mean_new", "mean_cumulative"),
        *("low_cumulative", "high_cumulative", "share_reached"),
    ),
    "saturation_point": (
        *("base_size", "run_length", "threshold", "base_codes", "reached", "stops_at"),
        *("low", "median", "high", "share_reached", "base", "note"),
    ),
    "code_cooccurrence": (
        *("level", "code", "label", "other_code", "other_label", "n", "n_code", "n_other", "base"),
        *("jaccard", "phi", "note"),
    ),
    "attribution": (
        *("quote", "by", "similarity", "segments", "participants", "groups", "codes"),
        *("conflict", "across_groups", "within_code", "gist"),
    ),
    "both_sides": (
        *("code", "label", "other_code", "other_label", "scope", "who", "n_code", "n_other"),
        *("segments", "other_segments"),
    ),
    "interview_claim": (
        *("claim", "locator", "statement", "rule", "who", "code", "label", "other_code", "other_label"),
        *("n", "base", "participants", "others", "verdict", "segments", "other_segments", "note"),
    ),
    "voice": (
        *("participant", "group", "document", "n_segments", "base", "share", "n_quotations", "n_codes"),
    ),
}


def contract_frame(contract: str, rows: "list[dict[str, object]]") -> "pd.DataFrame":
    """Build the frame of a contract from rows: every column there, in order, also when there is no row."""
    import pandas as pd

    columns = list(CONTRACTS[contract])
    frame = pd.DataFrame(rows, columns=columns)
    if rows and (extra := set().union(*rows) - set(columns)):
        raise ValueError(f"contract {contract!r} has no column {sorted(extra)}")
    return frame
