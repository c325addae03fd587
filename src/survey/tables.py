"""The column contracts of the statistics.

A contract fixes the names and the order of the columns, whatever the input. Fractions inside, percentages
at the door: `proportion` and its limits are fractions of `base`; only `render/` multiplies by 100.

A contract with a `note` (a sentence, for people) has a `reason` before it: codes of `REASONS`, for code.
"""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from survey.messages import message
from survey.reasons import REASONS

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
        return _frame(rows, columns)
    sides = [side for side in _SIDES if side + WEIGHTED_COLUMNS[0] in columns]
    frame = _frame([_counted(row, WEIGHTED[contract], sides) for row in rows], columns)
    weighted = [side + name for side in sides for name in WEIGHTED_COLUMNS]
    others = {name: float for name, dtype in frame[weighted].dtypes.items() if dtype.kind != "f"}
    return frame.astype(others) if others else frame


def _frame(rows: list[dict[str, Any]], columns: list[str]) -> "pd.DataFrame":
    """The rows; of text that pandas cannot hold the lone halves of signs are replaced, as in every file."""
    import pandas as pd

    try:
        return pd.DataFrame(rows, columns=columns)
    except UnicodeEncodeError:
        held = [
            {name: _whole_signs(value) if isinstance(value, str) else value for name, value in row.items()}
            for row in rows
        ]
        return pd.DataFrame(held, columns=columns)


def _whole_signs(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _counted(row: "dict[str, Any]", count: str, sides: list[str]) -> "dict[str, object]":
    """A row whose weighted columns are its counts, where nothing else was put there."""
    plain: dict[str, Any] = {}
    for side in sides:
        base = row.get(f"{side}base")
        own = (row.get(side + count, base), base, base)
        floats = [value if value is None else float(value) for value in own]
        plain |= {side + name: value for name, value in zip(WEIGHTED_COLUMNS, floats, strict=True)}
    return {**plain, **row}
