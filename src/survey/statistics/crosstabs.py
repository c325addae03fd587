"""Cross-tabs: each group of the banner beside its complement, which stays disjoint when groups overlap."""

from typing import TYPE_CHECKING, Any

from survey.errors import usage
from survey.ingest import Responses
from survey.messages import message
from survey.statistics.indicators import banner_of, indicators
from survey.statistics.intervals import check_confidence, check_min_base, difference_interval, share_interval
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd


def crosstab(
    responses: Responses,
    stub: str,
    *,
    banner: str | None = None,
    top: int | None = None,
    confidence: float = 0.95,
    method: str = "wilson",
    min_base: int = 5,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per row of the stub and group of the banner, empty ones included.

    `n` of `base` in the group against `complement_n` of `complement_base` outside it: the respondents who
    answered the banner but are not in the group. A respondent may be in several groups, never in a group
    and its complement. `difference` is group minus complement, in fractions, with Newcombe's interval;
    `p_value` is Fisher's exact test, two-sided; `p_adjusted` is Holm's over all tested cells of the table.
    Exclusive options ("not decided") are no group; their respondents stay in every complement.

    Parameters
    ----------
    stub
        A single, multiple or rating question (a rating: one row per item, `n` counts the top box).
    banner
        A single or multiple question; the instrument's default banner where None.
    top
        How many points are the top box of a rating stub; what the scale says where None.
    confidence, method
        Level of the intervals, and method of those of the shares.
    min_base
        A cell with fewer respondents in the group or its complement is not tested; `note` says [low].
    lang
        Language of the labels and of `note`.

    Raises
    ------
    UsageError
        No such question, stub and banner are the same, or an argument outside its range.

    References
    ----------
    Fisher, R. A. (1935). Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890. Holm, S. (1979),
    Scandinavian Journal of Statistics 6, 65-70.
    """
    import numpy as np

    check_confidence(confidence)
    check_min_base(min_base)
    stub_question = responses.instrument.question(stub, "single", "multiple", "rating")
    banner_question = banner_of(responses, banner)
    if stub_question.id == banner_question.id:
        raise usage("stub_is_banner", question=stub)
    stub_yes = indicators(responses, stub_question, top=top)
    in_group = indicators(responses, banner_question)
    answered_banner = in_group.notna().any(axis=1).to_numpy()
    rows: list[dict[str, object]] = []
    for part in stub_question.parts:
        yes = stub_yes[part.id].to_numpy()
        answered = ~np.isnan(yes) & answered_banner
        for group in banner_question.groups:
            member = in_group[group.id].to_numpy()
            inside, outside = answered & (member == 1), answered & (member == 0)
            counts = [int(np.nansum(yes[inside])), int(inside.sum())]
            counts += [int(np.nansum(yes[outside])), int(outside.sum())]
            rows.append(
                {
                    "stub": stub_question.id,
                    "stub_code": part.id,
                    "stub_label": part.said(lang),
                    "banner": banner_question.id,
                    "banner_code": group.id,
                    "banner_label": group.said(lang),
                    **dict(zip(("n", "base", "complement_n", "complement_base"), counts, strict=True)),
                    **_against_complement(*counts, confidence=confidence, min_base=min_base, lang=lang),
                }
            )
    frame = contract_frame("crosstab", rows)
    frame["proportion"] = frame["n"] / frame["base"].where(frame["base"] > 0)
    frame["ci_low"], frame["ci_high"] = share_interval(
        frame["n"], frame["base"], confidence=confidence, method=method
    )
    frame["p_value"] = frame["p_value"].astype(float)
    frame["p_adjusted"] = holm(frame["p_value"].to_numpy())
    return frame


def _against_complement(
    n: int, base: int, other_n: int, other_base: int, *, confidence: float, min_base: int, lang: str
) -> dict[str, object]:
    """Compare one group with its complement: difference, interval, test, and why there is no test."""
    from scipy.stats import fisher_exact

    found: dict[str, object] = {"method": "", "p_value": float("nan"), "note": ""}
    if base and other_base:
        found["difference"] = n / base - other_n / other_base
        low, high = difference_interval(n, base, other_n, other_base, confidence=confidence)
        found |= {"difference_low": low, "difference_high": high}
    if min(base, other_base) < (minimum := max(1, min_base)):
        small = "note_low_group" if base <= other_base else "note_low_complement"
        found["note"] = message(small, lang, base=min(base, other_base), minimum=minimum)
    elif n + other_n in (0, base + other_base):
        found["note"] = message("note_nobody" if n + other_n == 0 else "note_everybody", lang)
    else:
        p_value = fisher_exact([[n, base - n], [other_n, other_base - other_n]]).pvalue
        found |= {"method": "fisher_exact", "p_value": float(p_value)}
    return found


def holm(p_values: Any) -> Any:
    """Adjust p-values by Holm's step-down method; nan (not tested) stays nan and does not count.

    Three lines of arithmetic rather than `statsmodels.stats.multitest.multipletests`, which collects the
    garbage of the whole process at every call (0.1 s each); the tests compare it with R's `p.adjust`.
    """
    import numpy as np

    values = np.asarray(p_values, dtype=float)
    tested = np.flatnonzero(~np.isnan(values))
    rising = tested[np.argsort(values[tested], kind="stable")]
    steps = values[rising] * np.arange(len(rising), 0, -1)
    adjusted = np.full(len(values), np.nan)
    adjusted[rising] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
