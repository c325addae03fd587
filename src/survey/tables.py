"""The column contracts of the statistics, and what identifies their rows.

A contract fixes the names and the order of the columns, whatever the input. Fractions inside, percentages
at the door: `proportion` and its limits are fractions of `base`; only `render/` multiplies by 100.

A contract with a `note` (a sentence, for people) has a `reason` before it: codes of `REASONS`, for code.
"""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from survey.messages import message

if TYPE_CHECKING:
    import pandas as pd

CONTRACTS: dict[str, tuple[str, ...]] = {
    "frequency": (
        *("question", "item", "code", "label", "n", "base", "proportion", "ci_low", "ci_high"),
        *("reason", "note"),
    ),
    "importance": (
        *("question", "item", "label", "base", "n_top", "proportion", "ci_low", "ci_high"),
        *("rank", "rank_low", "rank_high", "mean", "sd", "median", "reason", "note"),
    ),
    "crosstab": (
        *("stub", "stub_code", "stub_label", "banner", "banner_code", "banner_label"),
        *("n", "base", "proportion", "ci_low", "ci_high", "complement_n", "complement_base"),
        *("difference", "difference_low", "difference_high", "method", "p_value", "p_adjusted"),
        *("hypothesis", "verdict", "p_equivalence", "reason", "note"),
    ),
    "columns": (
        *("stub", "stub_code", "stub_label", "banner", "banner_code", "banner_label"),
        *("other_code", "other_label", "n", "base", "other_n", "other_base", "overlap", "difference"),
        *("ci_low", "ci_high", "method", "p_value", "p_adjusted", "hypothesis", "letter"),
        *("verdict", "p_equivalence", "reason", "note"),
    ),
    "wave": (
        *("question", "item", "label", "n", "base", "proportion", "other_n", "other_base"),
        *("other_proportion", "both", "difference", "ci_low", "ci_high", "method", "p_value", "p_adjusted"),
        *("gained", "lost", "panel_p", "verdict", "p_equivalence", "reason", "note"),
    ),
    "wave_mean": (
        *("question", "item", "label", "base", "mean", "other_base", "other_mean", "both"),
        *("difference", "ci_low", "ci_high", "method", "p_value", "p_adjusted", "verdict", "reason", "note"),
    ),
    "wave_series": (
        *("question", "item", "label", "wave", "place", "n", "base", "proportion", "ci_low", "ci_high"),
        *("both", "difference", "difference_low", "difference_high", "method", "p_value", "p_adjusted"),
        *("reason", "note"),
    ),
    "transition": (
        *("question", "item", "item_label", "earlier_code", "earlier_label", "code", "label"),
        *("n", "base", "proportion", "ci_low", "ci_high", "reason", "note"),
    ),
    "precision": (
        *("what", "question", "item", "group", "base", "other_base", "population"),
        *("margin", "smallest_difference"),
        *("exact_power", "first_step_power", "hypotheses", "needed_base", "reason", "note"),
    ),
    "test": (
        *("question", "item", "other_item", "by", "group", "other_group", "test", "statistic", "df"),
        *("p_value", "p_adjusted"),
        *("effect_name", "effect", "ci_low", "ci_high", "base"),
        *("verdict", "p_equivalence", "reason", "note"),
    ),
    "privacy": (
        *("kind", "source", "sheet", "cell", "row", "column", "segment", "participant", "n", "shown"),
        "entry",
    ),
    "quality_rule": ("rule", "action", "setting", "checked", "n", "base", "reason", "note"),
    "quality_row": ("rule", "source", "sheet", "row", "key", "detail"),
    "association_test": (
        *("method", "statistic", "df", "p_value", "draws", "effect_name", "effect", "ci_low", "ci_high"),
        *("base", "reason", "note"),
    ),
    "association": (
        *("row", "row_code", "row_label", "column", "column_code", "column_label"),
        *("n", "n_row", "n_column", "base", "chi_square", "p_value", "p_adjusted"),
        *("odds_ratio", "ci_low", "ci_high", "reason", "note"),
    ),
    "rank_set": (
        *("question", "item", "label", "n", "base", "proportion", "rank", "marginal_low", "marginal_high"),
        *("simultaneous_low", "simultaneous_high", "in_top", "reason", "note"),
    ),
    "cooccurrence": (
        *("question", "code", "label", "other_code", "other_label", "n", "n_code", "n_other", "base"),
        *("phi", "ci_low", "ci_high", "reason", "note"),
    ),
    "correlation": (
        *("question", "item", "label", "other_question", "other_item", "other_label", "method", "base"),
        *("correlation", "ci_low", "ci_high", "p_value", "p_adjusted", "reason", "note"),
    ),
    "model_need": (
        *("stub", "stub_code", "stub_label", "term", "term_label", "n_yes", "base", "coefficient", "se"),
        *("odds_ratio", "ci_low", "ci_high", "marginal", "marginal_low", "marginal_high"),
        *("p_value", "p_adjusted", "method", "reason", "note"),
    ),
    "all_need": (
        *("stub", "term", "term_label", "base", "coefficient", "se", "odds_ratio", "ci_low", "ci_high"),
        *("p_value", "p_adjusted", "method", "reason", "note"),
    ),
    "sensitivity": (
        *("stub", "stub_code", "stub_label", "term", "term_label", "base", "marginal", "marginal_low"),
        *("marginal_high", "p_adjusted", "missing", "worst_low", "worst_high"),
        *("screened_base", "screened_marginal", "screened_low", "screened_high", "screened_p_adjusted"),
        *("reason", "note"),
    ),
    "response_rate": (
        *("question", "code", "label", "n", "population", "proportion", "ci_low", "ci_high"),
        *("p_value", "p_adjusted", "reason", "note"),
    ),
    "reach": (
        *("group", "size", "options", "labels", "reach", "base", "proportion", "ci_low", "ci_high"),
        *("ties", "chosen_first", "reason", "note"),
    ),
    "number": (
        *("question", "banner", "banner_code", "banner_label", "base", "mean", "sd", "ci_low", "ci_high"),
        *("median", "q1", "q3", "minimum", "maximum", "reason", "note"),
    ),
    "net_promoter": (
        *("question", "banner", "banner_code", "banner_label", "base"),
        *("n_promoters", "promoters", "promoters_low", "promoters_high"),
        *("n_passives", "passives", "passives_low", "passives_high"),
        *("n_detractors", "detractors", "detractors_low", "detractors_high"),
        *("score", "ci_low", "ci_high", "mean", "reason", "note"),
    ),
    "ranking": (
        *("question", "code", "label", "banner", "banner_code", "banner_label", "base", "n_ranked"),
        *("n_first", "first", "first_low", "first_high"),
        *("top", "n_in_top", "in_top", "in_top_low", "in_top_high"),
        *("mean_rank", "ci_low", "ci_high", "reason", "note"),
    ),
    "allocation": (
        *("question", "code", "label", "banner", "banner_code", "banner_label", "base", "share"),
        *("ci_low", "ci_high", "sd", "median"),
        *("n_something", "something", "something_low", "something_high", "reason", "note"),
    ),
    "date": (
        *("question", "banner", "banner_code", "banner_label", "base", "earliest", "median", "latest"),
        *("reason", "note"),
    ),
    "date_count": (
        *("question", "unit", "period", "banner", "banner_code", "banner_label"),
        *("n", "base", "proportion", "ci_low", "ci_high", "reason", "note"),
    ),
    "text": ("question", "item", "label", "n", "base"),
    "mention": (
        *("question", "code", "label", "n", "base", "proportion"),
        *("mentions", "share_of_mentions", "reason", "note"),
    ),
    "mention_summary": (
        *("question", "base", "mentions", "mean_mentions", "sd_mentions", "median_mentions"),
        *("ticked_nothing", "no_answer", "reason", "note"),
    ),
    "weighting": (
        *("question", "code", "label", "n", "proportion", "target", "weighted", "gap", "base"),
        *("effective_base", "deff", "smallest", "largest", "trimmed", "rounds", "reason", "note"),
    ),
    "overlap": (
        *("question", "code", "label", "other_code", "other_label", "n", "base", "proportion"),
        *("reason", "note"),
    ),
    "finding": (
        *("finding", "locator", "published", "digits", "base", "count", "computed", "difference"),
        *("verdict", "reason", "note"),
    ),
    "audited_figure": (
        *("finding", "line", "locator", "question", "item", "group", "statistic", "published", "base"),
        *("base_from", "half_up", "half_even", "truncated", "rounded_twice", "verdict", "reason", "note"),
    ),
    "group_base": ("finding", "group", "base", "smallest", "unique", "verdict", "lines", "reason", "note"),
    "audited_statement": (
        *("finding", "line", "locator", "question", "item", "group", "statement", "rule", "verdict"),
        *("why", "short", "test", "bases", "assumptions"),
    ),
    "known_share": (
        *("question", "item", "label", "group", "group_label", "finding", "published", "count", "base"),
        *("fixed_count", "fixed_base", "low", "high", "verdict", "status", "ci_low", "ci_high"),
    ),
    "known_rating": (
        *("question", "item", "label", "finding", "published", "count", "base", "fixed_count", "fixed_base"),
        *("low", "high", "verdict"),
        *("ci_low", "ci_high", "rank_low", "rank_high", "mean_low", "mean_high", "median_low", "median_high"),
    ),
    "draw": ("draw", "bases", "correlation", "leaning", "chain", "step"),
    "trace": ("draw", "chain", "quantity", "value"),
    "mixing": (
        *("quantity", "draws", "chains", "combinations", "mean", "minimum", "maximum"),
        *("lag_1", "lag_2", "lag_3", "lag_4", "lag_5", "effective", "r_hat", "reason", "note"),
    ),
    "coder_agreement": (
        *("what", "code", "label", "coders", "units", "decisions", "n_yes", "prevalence"),
        *("agreement", "agreement_low", "agreement_high", "kappa", "kappa_low", "kappa_high"),
        *("alpha", "alpha_low", "alpha_high", "ac1", "ac1_low", "ac1_high", "reason", "note"),
    ),
    "joint_display": (
        *("topic", "label", "question", "item", "item_label", "statistic"),
        *("n", "base", "proportion", "ci_low", "ci_high"),
        *("voice", "voice_label", "people", "people_base", "by_group"),
        *("segments", "gists", "mark", "why", "open", "reason", "note"),
    ),
    "bound": ("finding", "quantity", "unit", "low", "high", "verdict", "status", "bases", "reason", "note"),
    "framework": (
        *("participant", "group", "level", "code", "label", "n_segments", "n_without_gist", "gists"),
        "segments",
    ),
    "coding_difference": (
        *("passage", "participant", "document", "code", "label", "given_by", "not_given_by", "gist", "text"),
    ),
    "coding_change": (
        *("segment", "participant", "document", "code", "label", "change", "direction_before", "direction"),
        "gist",
    ),
    "coding_effect": ("table", "id", "label", "measure", "before", "after", "changed"),
    "keyword": ("participant", "document", "segment", "before", "keyword", "after"),
    "word_count": ("word", "group", "n", "base", "proportion", "n_participants"),
    "reporting_item": ("standard", "item", "label", "known", "sheet", "status"),
    "code_matrix": (
        *("level", "code", "label", "participant", "group", "n_segments", "n_quotations", "present"),
    ),
    "case_comparison": (
        *("level", "code", "label", "group", "n", "base", "proportion", "ci_low", "ci_high"),
        *("n_undisputed", "n_quotations", "n_segments", "reason", "note"),
    ),
    "codebook_evidence": (
        *("level", "code", "label", "subtheme", "theme", "aim", "published", "n_segments", "n_quotations"),
        *("n", "base", "n_undisputed", "n_for", "n_against", "n_mixed", "by_group", "participants"),
        *("verdict", "reason", "note"),
    ),
    "saturation": (
        *("interview", "participant", "new", "cumulative", "ratio", "mean_new", "mean_cumulative"),
        *("low_cumulative", "high_cumulative", "share_reached"),
    ),
    "saturation_point": (
        *("base_size", "run_length", "threshold", "base_codes", "reached", "stops_at"),
        *("low", "median", "high", "share_reached", "base", "reason", "note"),
    ),
    "code_cooccurrence": (
        *("level", "code", "label", "other_code", "other_label", "n", "n_code", "n_other", "base"),
        *("jaccard", "phi", "reason", "note"),
    ),
    "attribution": (
        *("quote", "by", "similarity", "segments", "participants", "groups", "codes"),
        *("conflict", "across_groups", "within_code", "gist"),
    ),
    "both_sides": (
        *("kind", "code", "label", "other_code", "other_label", "scope", "who", "n_code", "n_other"),
        *("segments", "other_segments", "why"),
    ),
    "interview_claim": (
        *("claim", "locator", "statement", "rule", "who", "code", "label", "other_code", "other_label"),
        *("direction", "n", "base", "n_for", "n_against", "n_mixed", "participants", "others", "verdict"),
        *("segments", "other_segments", "reason", "note"),
    ),
    "case_figure": (
        *("company", "measure", "label", "of", "of_label", "date", "outlook", "fact", "value", "low", "high"),
        *("unit", "answer", "others", "agrees", "place", "basis", "participants"),
    ),
    "fact_disagreement": (
        *("kind", "company", "measure", "label", "date", "facts", "printed", "computed", "places", "why"),
    ),
    "fact_beside": (
        *("statement", "label", "company", "n", "base", "participants", "segments", "facts", "verdict"),
        *("earlier", "later", "years", "reason", "note"),
    ),
    "proposition": (
        *("proposition", "statement", "place", "theory", "rule", "company", "codes_for", "codes_against"),
        *("codes_denied", "n", "base", "by_company", "n_against", "participants", "participants_against"),
        *("segments", "facts", "facts_verdict", "verdict", "strong", "needs", "reason", "note"),
    ),
    "voice": (
        *("participant", "group", "document", "n_segments", "base", "share", "n_quotations", "n_codes"),
        *("n_for", "n_against", "n_mixed"),
    ),
}


# The contracts of respondents' shares, means and comparisons, and the count that stands beside their base
# (the base itself where there is none). After each base stand the sums of the weights of both, of which the
# mean weight is 1, and Kish's effective base; without weights these are the counts again.
WEIGHTED: dict[str, str] = {
    **dict.fromkeys(("frequency", "crosstab", "columns", "rank_set", "cooccurrence", "association"), "n"),
    **dict.fromkeys(("mention", "overlap", "date_count", "wave", "wave_series"), "n"),
    **dict.fromkeys(("wave_mean", "test", "association_test", "correlation", "number", "date"), "base"),
    "precision": "base",
    **{"importance": "n_top", "reach": "reach", "mention_summary": "mentions"},
    **{"net_promoter": "n_promoters", "ranking": "n_ranked", "allocation": "n_something"},
}
WEIGHTED_COLUMNS = ("weighted_n", "weighted_base", "effective_base")
_SIDES = ("", "complement_", "other_")


def _with_weighted(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a contract, with those of weights after each base."""
    widened: list[str] = []
    for column in columns:
        widened.append(column)
        if (side := column.removesuffix("base")) in _SIDES:
            widened += [side + name for name in WEIGHTED_COLUMNS]
    return tuple(widened)


CONTRACTS |= {name: _with_weighted(CONTRACTS[name]) for name in WEIGHTED}

# The ids by which a result is known, whatever sheet shows it: columns that tell the rows of a contract apart
# in a whole report. What a frame of one question, or of one banner, leaves out is added where it is shown.
IDS: dict[str, tuple[str, ...]] = {
    "frequency": ("question", "item", "code"),
    "importance": ("question", "item"),
    "crosstab": ("stub", "stub_code", "banner", "banner_code"),
    "columns": ("stub", "stub_code", "banner", "banner_code", "other_code"),
    "wave": ("question", "item"),
    "wave_mean": ("question", "item"),
    "wave_series": ("question", "item", "place"),
    "transition": ("question", "item", "earlier_code", "code"),
    "precision": ("what", "question", "item", "group", "planned"),
    "test": ("question", "item", "other_item", "by", "group", "other_group", "test"),
    "association_test": ("question", "banner", "method"),
    "rank_set": ("question", "item"),
    "model_need": ("stub", "stub_code", "by", "term"),
    "all_need": ("stub", "by", "term"),
    "sensitivity": ("stub", "stub_code", "by", "term"),
    "response_rate": ("question", "code"),
    "reach": ("question", "by", "group", "size", "bundle_id"),
    "cooccurrence": ("question", "code", "other_code"),
    "correlation": ("question", "item", "other_question", "other_item", "method"),
    "number": ("question", "banner", "banner_code"),
    "net_promoter": ("question", "banner", "banner_code"),
    "ranking": ("question", "code", "banner", "banner_code"),
    "allocation": ("question", "code", "banner", "banner_code"),
    "date": ("question", "banner", "banner_code"),
    "date_count": ("question", "period", "banner", "banner_code"),
    "text": ("question", "item"),
    "mention": ("question", "code"),
    "mention_summary": ("question",),
    "weighting": ("question", "code"),
    "overlap": ("question", "code", "other_code"),
    "association": ("row", "row_code", "column", "column_code"),
    "joint_display": ("topic", "question", "item", "voice"),
    # files and figures
    "quality_rule": ("rule",),
    "quality_row": ("source", "sheet", "row", "rule"),
    "finding": ("finding",),
    "audited_figure": ("finding",),
    "audited_statement": ("finding",),
    "group_base": ("group", "base"),
    "known_share": ("question", "item", "group"),
    "known_rating": ("question", "item"),
    "bound": ("finding", "quantity"),
    # interviews
    "framework": ("participant", "level", "code"),
    "coding_difference": ("passage", "code"),
    "coding_change": ("segment", "code", "change"),
    "coding_effect": ("table", "id", "measure"),
    "keyword": ("document", "segment", "before", "keyword", "after"),
    "word_count": ("word", "group"),
    "reporting_item": ("standard", "item"),
    "code_matrix": ("level", "code", "participant"),
    "case_comparison": ("level", "code", "group"),
    "codebook_evidence": ("level", "code"),
    "code_cooccurrence": ("level", "code", "other_code"),
    "saturation": ("interview",),
    "saturation_point": ("base_size", "run_length", "threshold"),
    "attribution": ("by", "segments"),
    "both_sides": ("kind", "code", "other_code", "scope", "who"),
    "interview_claim": ("claim",),
    "case_figure": ("fact",),
    "fact_disagreement": ("kind", "facts"),
    "fact_beside": ("statement", "company"),
    "proposition": ("proposition",),
    "voice": ("participant", "document"),
    "coder_agreement": ("what", "code"),
    "sentence": ("what", "question"),  # a count that stands in a sentence only
}


# Every code that may stand in the column `reason`, and what it means. Several stand in a cell with a blank
# between them. A new code is a line here and one in docs/reasons.md; nothing reads the sentence in `note`.
REASONS: dict[str, str] = {
    # what is not there
    "untested": "no test was made: there is no p-value",
    "not_computed": "the number was not computed",
    "undefined": "a coefficient is not defined",
    "no_interval": "there is no interval",
    "suppressed": "the count is small, or would give a small one away, and is hidden",
    "exposed": "what is hidden follows from the totals of rows and bases all the same",
    # who answered, and what
    "small_base": "fewer respondents than the minimum base",
    "no_answer": "nobody is there who answered",
    "not_comparable": "what was asked changed between two waves, or one of them did not ask it",
    "running_numbers": "the ids are running numbers (17; in both waves R017), which name nobody again",
    "no_ids": "a wave has no ids: nobody is known to be in both",
    "nobody": "nobody chose it, or speaks to it",
    "everybody": "everybody chose it, or speaks to it",
    "no_variation": "everybody answered, or decided, the same: nothing varies",
    "constant_side": "all values on one side are the same; the test rests on the spread of the other",
    "too_few_answers": "fewer answers than the computation needs",
    "too_few_items": "fewer items than the computation needs",
    "too_few_groups": "fewer than two groups can be compared",
    "partial_ranking": "some did not rank the option; its mean rank is of those who did",
    "left_out": "items, options or codings take no part; the note names or counts them",
    "same_comparison": "another row is the same comparison; it is counted once",
    "same_respondents": "both groups hold the same respondents",
    "no_complement": "nobody is outside the group",
    "common_respondents": "ranks and their limits are of those who answered every item",
    "different_bases": "the items were answered by different respondents, too few of whom answered all",
    "tie": "others have the same share",
    "discordant_pairs": "the test rests on those who answered the two differently; the note counts them",
    "no_discordant_pair": "no respondent answered the two differently",
    "empty_cell": "a cell of the table is empty",
    "sparse": "a cell is expected to hold fewer than five: read the permutation",
    "not_ordered": "the options are no steps: there is no trend to ask for",
    "same_item": "the groups are the points of this very item",
    "permuted": "a side has few answers of few values: the p-value is of permutations of the respondents",
    "exact_small_cells": "a cell is expected to hold few: the p-value is exact or from permutations",
    "at_limit": "the coefficient is as large as it can be",
    "keyed_items": "the items that the schema calls reversed are turned round first",
    "not_rated": "answers that rate nothing, such as don't know, take no part",
    "reversed_items": "items run against the others; the keyed value has them turned round",
    "improper_solution": "a unique variance had to be held at its bound",
    "rounded_values": "a tally kept the values of the number to fewer digits",
    "too_many_patterns": "a tally does not keep the combinations of answers needed here: they were too many",
    "fisher_for_boschloo": "Fisher's exact test stands in for Boschloo's, which takes too long at this size",
    "normal_permutations": "permuted counts were drawn from their normal limit, as many respondents allow",
    "small_difference": "significant, but too small to be a finding among so many respondents",
    "normal_power": "the power of exact tests is that of their approximation, as many respondents allow",
    "population_estimated": "how many there are of a group was estimated by its part of those who answered",
    "population_unknown": "how many there are is not known: the interval is not corrected for them",
    "population_exact": "fewer than ten were not asked: the interval is the exact hypergeometric one",
    "test_uncorrected": "the test is not corrected for the finite population: it is about firms like these",
    "equivalence": "two shares are the same within the margin, by an interval that the note names",
    "census": "what asking the rest of a finite population would add; the note says it",
    "low_power": "so few respondents would show no difference with the power asked for",
    # models
    "few_events": "fewer answers of one kind than a model needs",
    "separated": "one side of a term has one kind of answer only: the usual estimate would be infinite",
    "collinear": "a term cannot be told apart from others",
    "held": "a term that is held: its p-value is not among those adjusted",
    "not_converged": "the fit did not converge",
    "not_proportional": "the effects on a rating differ between the cuts of its scale",
    "target": "the weights set the share of all: no interval and no test of it, in groups neither",
    "trimmed": "limits cut some weights, and keep a share from its target",
    "no_weights": "the responses carry no weights: everybody counts as one",
    "equal_weights": "all weights are the same: everybody counts as one",
    "subset": "the weights were made for all respondents, of whom these are a part",
    "unweighted": "the data carry weights, and the computation does not use them",
    "effective_base": "computed at the effective base, as unequal weights cost precision",
    "no_weight": "nobody of whom this is has a weight above zero",
    "weighted_ranks": "ranks are those in the weight of all, tested as means are",
    "rao_scott": "a weighted table, tested by Rao and Scott's F",
    "too_many_bundles": "there are more bundles than are tried, or bundles of the same reach than are listed",
    # what the data are
    "not_in_data": "the data do not have what is looked at",
    "not_in_instrument": "the instrument does not have what is looked at",
    "reconstructed": "the answers were made up to fit published figures",
    # published figures
    "no_base": "no base is stated, and none can be recovered",
    "no_count": "no count of the base prints the published value",
    "other_count": "the published value needs another count than the data have",
    "bound_broken": "the count is on the other side of the published bound",
    "stated_count": "the stated count differs",
    "stated_base": "the stated base differs",
    "other_rounding": "another rounding rule prints the published value",
    "no_rounding": "no other rounding rule prints the published value either",
    "rounding_contradicted": "the rounding rule would leave another figure without a count",
    "parts_add_up": "the counts of the parts add up to that of the whole",
    "parts_differ": "the counts of the parts do not add up to that of the whole",
    "contradicted": "the lines that the note names cannot hold together with it",
    "irreducible": "none of these lines can be spared; whether fewer would do was not proved",
    "not_proved": "the solver did not settle both ends, or not every possible count was tried",
    "too_few_draws": "too few draws of a chain to judge how they mixed",
    # interviews
    "one_group": "people of one group alone speak to it",
    "no_direction": "nobody said whether a segment speaks for or against its code",
    "coded_above": "quotations are coded to its subtheme, none to the code itself",
    "disputed": "quotations that are given to several people stand behind it",
    "missing_segments": "segments that are named are not there",
    "too_few_interviews": "fewer interviews than base and run need",
    "no_code_in_base": "the first interviews have no code: there is no base to divide by",
    "not_reached": "saturation is not reached in the order as given",
    "no_pair": "no passage was decided by two coders",
    "one_constant": "one coder never varies: kappa is 0 whatever the agreement",
    "single_coder": "passages of one coder alone are not compared; the note counts them",
    "few_units": "few passages: the intervals are rough",
    "resamples_left_out": "bootstrap samples in which nothing varied are left out of the interval",
    "mean_of_pairs": "kappa is the mean over all pairs of coders",
    # facts of companies, and propositions
    "facts_silent": "the facts of a company do not decide it",
    "facts_for": "dated events or figures bear it out",
    "facts_against": "dated events or figures say otherwise than the people behind the codes",
    "other_order": "by the facts the order is the other way round",
    "opposed": "people stand behind codes for and codes against",
    "side_unknown": "the codes do not say whether people are for it or against it",
    "level": "both sides of a comparison are level",
    "no_bearing": "quotations given for it are not of its company, or not under its codes",
}


def remarks(*parts: tuple[str, str], lang: str = "en", separator: str | None = None) -> dict[str, str]:
    """Give the columns `reason` and `note` of a row: each part is codes of `REASONS` and their sentence.

    Sentences follow each other as in a text; after what is no whole sentence stands the sign of a list.

    >>> remarks(("nobody untested", "nobody chose it: not tested"), ("", ""), ("tie", "tied with: Law"))
    {'reason': 'nobody untested tie', 'note': 'nobody chose it: not tested; tied with: Law'}
    """
    codes = dict.fromkeys(code for reason, _ in parts for code in reason.split())
    return {"reason": " ".join(codes), "note": _joined([note for _, note in parts if note], lang, separator)}


def _joined(notes: list[str], lang: str, separator: str | None) -> str:
    """Notes one after the other."""
    if len(notes) < 2 or separator is not None:
        return (separator or "").join(notes)
    after_sentence, after_part = (message(f"{name}_separator", lang) for name in ("sentence", "item"))
    text = notes[0]
    for before, note in pairwise(notes):
        ended = before.endswith((".", "\N{IDEOGRAPHIC FULL STOP}"))
        text += (after_sentence if ended else after_part) + note
    return text


def has_reason(reason: str, code: str) -> bool:
    """Whether a code of `REASONS` is among those of a cell of the column `reason`."""
    if code not in REASONS:
        raise ValueError(f"no reason has the code {code!r}")
    return code in reason.split()


def contract_frame(contract: str, rows: "list[dict[str, object]]") -> "pd.DataFrame":
    """Build the frame of a contract from rows: every column there, in order, also when there is no row.

    Raises
    ------
    ValueError
        A column that the contract has not, a code that is not in `REASONS`, or a note without a reason.
    """
    import pandas as pd

    columns = list(CONTRACTS[contract])
    if rows and (extra := set().union(*rows) - set(columns)):
        raise ValueError(f"contract {contract!r} has no column {sorted(extra)}")
    if "note" in columns:
        rows = [{"reason": "", "note": "", **row} for row in rows]
        for row in rows:
            if unknown := set(str(row["reason"]).split()) - REASONS.keys():
                raise ValueError(f"contract {contract!r}: no reason has the code {sorted(unknown)}")
            if bool(row["reason"]) != bool(row["note"]):
                raise ValueError(f"contract {contract!r}: reason {row['reason']!r}, note {row['note']!r}")
    if contract not in WEIGHTED:
        return pd.DataFrame(rows, columns=columns)
    sides = [side for side in _SIDES if side + WEIGHTED_COLUMNS[0] in columns]
    frame = pd.DataFrame([_counted(row, WEIGHTED[contract], sides) for row in rows], columns=columns)
    weighted = [side + name for side in sides for name in WEIGHTED_COLUMNS]
    others = {name: float for name, dtype in frame[weighted].dtypes.items() if dtype.kind != "f"}
    return frame.astype(others) if others else frame


def _counted(row: "dict[str, Any]", count: str, sides: list[str]) -> "dict[str, object]":
    """A row whose weighted columns are its counts, where nothing else was put there."""
    plain: dict[str, Any] = {}
    for side in sides:
        base = row.get(f"{side}base")
        own = (row.get(side + count, base), base, base)
        floats = [value if value is None else float(value) for value in own]
        plain |= {side + name: value for name, value in zip(WEIGHTED_COLUMNS, floats, strict=True)}
    return {**plain, **row}
