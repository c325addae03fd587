"""Two waves compared: shares, the firms that answer both times known to the variance."""

from collections.abc import Callable, Hashable
from functools import partial
from math import sqrt
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.ingest.responses import ResponsesLike
from survey.instrument import Question
from survey.messages import message
from survey.statistics.equivalence import Limits, check_equivalent_within, fill_verdicts
from survey.statistics.fisher import fisher_p
from survey.statistics.hypotheses import adjust_hypotheses
from survey.statistics.indicators import question_with_shares
from survey.statistics.intervals import (
    check_confidence,
    check_min_base,
    difference_interval,
    paired_difference_interval,
)
from survey.statistics.overlapping_shares import SharedGroups, z_p
from survey.statistics.wave_answers import WaveAnswers
from survey.statistics.wave_pairs import NOT_COMPARABLE, WavePair
from survey.statistics.weighted import difference_limits, effective_base, f_p_value
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

_NAN = float("nan")


def compare_waves(
    earlier: ResponsesLike,
    later: ResponsesLike,
    question: str | None = None,
    *,
    key: str | None = None,
    top: int | None = None,
    confidence: float = 0.95,
    min_base: int = 5,
    equivalent_within: float | None = None,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per option or item: the later wave, the earlier one, and what changed between them.

    `n` of `base` in the later wave, `other_n` of `other_base` in the earlier one; `difference` is later minus
    earlier, in fractions. `both` respondents answered both times; of these `gained` say yes only now and
    `lost` said yes only then, and `panel_p` is the exact McNemar test of the two. `item` is the id of an item
    of a rating, whose shares are those of its top box, or of an option; an item named as
    `battery__item` has a row per point, the whole distribution. `p_adjusted` is Holm's within a question.

    `method` says what was computed: "fisher_exact" with Newcombe's interval where nobody answered both times,
    "mcnemar_exact" with the paired interval where everybody did; else "z_overlap", whose variance knows those
    who are in both, the larger of that of a regression with respondents as clusters and of that under the
    null hypothesis; the interval combines both Wilson limits with the correlation of the two shares. With
    weights on either side it is "f_linearised": the same with linearised contributions and Kish's effective
    bases, on F(1, respondents - 1).

    What changed between two versions of the instrument decides what may be compared: where an option, a
    scale, the routing, the wording (unless it is declared a typo or a clarification), a band or a net is
    another, `verdict` is "not comparable", `reason` says not_comparable, `note` why, and there is no number.

    Parameters
    ----------
    earlier, later
        Responses of two waves of one instrument, or the paths of their files. A tally has no respondents who
        could be known again: it is refused.
    question
        A single, multiple or rating question; all of them where None.
    key
        The column that names respondents alike in both waves, of `meta` or a question; the id that the files
        give their respondents where None. Ids that are running numbers name nobody again (running_numbers).
    top
        How many points of a rating are the top box; what the scale says where None.
    confidence
        Level of the intervals.
    min_base
        With fewer respondents in either wave there is no test; `reason` is small_base untested.
    equivalent_within
        The margin within which two shares are the same, as a fraction: fills `verdict` and `p_equivalence`.
    lang
        Language of `label` and `note`.

    Reasons
    -------
    not_comparable, running_numbers, reconstructed, no_ids, small_base, untested, nobody, everybody,
    no_answer, no_discordant_pair, same_comparison, equivalence, unweighted.

    Raises
    ------
    UsageError
        Two instruments, no such question or key, or an argument outside its range.
    DataError
        An id stands twice in a wave.

    References
    ----------
    Kish, L. (1965), Survey Sampling, 12.4. Liang, K.-Y. & Zeger, S. L. (1986), Biometrika 73, 13-22. Zou, G.
    Y. & Donner, A. (2008), Statistics in Medicine 27, 1693-1702. McNemar, Q. (1947), Psychometrika 12,
    153-157. Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890 and 2635-2650.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> firms = [f"firm {letter}" for letter in "abcdefgh"]
    >>> kinds = ["biotech"] * 5 + ["biopharma"] * 3
    >>> then = pd.DataFrame({"respondent_id": firms, "firm_type": kinds})
    >>> now = then.assign(firm_type=["biopharma", *kinds[1:]])
    >>> waves = [survey.from_frame(frame, "executive-survey@1.0.0") for frame in (then, now)]
    >>> table = survey.compare_waves(*waves, "firm_type").set_index("item")
    >>> table.loc["biotech", ["n", "other_n", "both", "gained", "lost"]].tolist()
    [4, 5, 8, 0, 1]
    >>> table.loc["biotech", "method"], float(table.loc["biotech", "difference"])
    ('mcnemar_exact', -0.125)
    """
    check_confidence(confidence)
    check_min_base(min_base)
    check_equivalent_within(equivalent_within)
    pair = WavePair.of(earlier, later, key)
    check_lang(lang, *pair.instrument.languages)
    if question is not None:
        question_with_shares(pair.instrument, question)
    rows: list[dict[str, Any]] = []
    for asked in pair.questions(question):
        rows += question_rows(
            pair,
            asked,
            top=pair.checked_top(asked, top),
            confidence=confidence,
            min_base=min_base,
            equivalent_within=equivalent_within,
            lang=lang,
        )
    if question is None:
        for asked in pair.asked_before_only:
            label = asked.named(lang)
            rows.append(
                not_comparable({"question": asked.id, "item": "", "label": label}, "why_one_wave", lang)
            )
    return whole_counts(contract_frame("wave", rows))


_COUNTED = ("n", "base", "other_n", "other_base", "both", "gained", "lost")


def whole_counts(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Counts are whole numbers, also beside rows that have none."""
    counts = dict.fromkeys((name for name in _COUNTED if name in frame), "Int64")
    numbers = dict.fromkeys(
        (
            *("proportion", "other_proportion", "difference", "ci_low", "ci_high", "p_value", "p_adjusted"),
            *("panel_p", "p_equivalence"),
        ),
        float,
    )
    return frame.astype(counts).astype({name: form for name, form in numbers.items() if name in frame})


def not_comparable(ids: dict[str, Any], why: str, lang: str) -> dict[str, Any]:
    """The row of what may not be compared: no number, and why."""
    note = message("note_not_comparable", lang, why=message(why, lang))
    return {
        **ids,
        **dict.fromkeys(("p_value", "p_adjusted", "p_equivalence"), _NAN),
        "method": "",
        "verdict": NOT_COMPARABLE,
        **remarks(("not_comparable", note)),
    }


def question_rows(
    pair: WavePair,
    asked: Question,
    *,
    top: int | None,
    confidence: float,
    min_base: int,
    equivalent_within: float | None,
    lang: str,
) -> list[dict[str, Any]]:
    """The rows of one question, adjusted among themselves."""
    now, then = pair.answers(asked, top)
    compared: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for place, part in enumerate(asked.parts):
        ids = {"question": asked.id, "item": part.id, "label": part.said(lang)}
        if why := pair.why_not(asked, part):
            rows.append(not_comparable(ids, why, lang))
            continue
        answers = WaveAnswers.of(pair, now[:, place], then[:, place])
        row = {**ids, **_compared(answers, confidence, min_base, lang)}
        row |= remarks((row.get("reason", ""), row.get("note", "")), pair.remark_in(lang), lang=lang)
        compared.append(row)
        rows.append(row)
    limits: list[Limits | None] = [row.pop("limits") for row in compared]
    hypotheses = _hypotheses(asked, compared)
    adjust_hypotheses(compared, hypotheses, lambda row: str(row["label"]), lang)
    fill_verdicts(
        compared,
        limits,
        within=equivalent_within,
        confidence=confidence,
        hypotheses=hypotheses,
        lang=lang,
    )
    return rows


def _hypotheses(asked: Question, rows: list[dict[str, Any]]) -> list[Hashable]:
    """What each row is a test of: two options of a single question are one where nobody chose a third."""
    names: list[Hashable] = [row["item"] for row in rows]
    if asked.kind != "single":
        return names
    chosen = [row["item"] for row in rows if row["n"] or row["other_n"]]
    return [chosen[0] if len(chosen) == 2 and name in chosen else name for name in names]


# -- one share in two waves --------------------------------------------------------------------------------


def _compared(answers: WaveAnswers, confidence: float, min_base: int, lang: str) -> dict[str, Any]:
    """Everything of one row but what is adjusted over rows; `limits` is its interval."""
    base, other_base = answers.bases
    now, then = answers.current[answers.rows], answers.then[answers.other_rows]
    gained, lost = int(((now == 1) & (then == 0)).sum()), int(((now == 0) & (then == 1)).sum())
    n, other_n = int((answers.current == 1).sum()), int((answers.then == 1).sum())
    row: dict[str, Any] = {
        **{"n": n, "base": base, "other_n": other_n, "other_base": other_base, "both": answers.both},
        **{"gained": gained, "lost": lost, "method": "", "limits": None},
        **dict.fromkeys(("proportion", "other_proportion", "difference", "ci_low", "ci_high"), _NAN),
        **dict.fromkeys(("p_value", "panel_p"), _NAN),
    }
    if answers.both:
        row["panel_p"] = changed_p(gained, lost)
    sides = answers.sums()
    for side, (total, size, squares) in zip(("", "other_"), sides, strict=True):
        row |= {f"{side}weighted_n": total, f"{side}weighted_base": size}
        row[f"{side}effective_base"] = float(effective_base(size, squares))
        row[f"{side}proportion"] = total / size if size else _NAN
    if not (sides[0][1] and sides[1][1]):
        return row | remarks(("no_answer untested", message("note_wave_no_answers", lang)))
    if not answers.weighted:
        row |= {"proportion": n / base, "other_proportion": other_n / other_base}
    row["difference"] = row["proportion"] - row["other_proportion"]
    compare = _weighted if answers.weighted else _unweighted
    limits, method, p_value = compare(answers, row)
    row["limits"] = limits
    row["ci_low"], row["ci_high"] = limits(confidence=confidence)
    if min(base, other_base) < (minimum := max(1, min_base)):
        note = message("note_low_wave", lang, base=min(base, other_base), minimum=minimum)
        return row | remarks(("small_base untested", note)) | {"limits": None}
    panel = (
        ("unweighted", message("note_panel_unweighted", lang))
        if answers.weighted and answers.both
        else ("", "")
    )
    if n + other_n in (0, base + other_base):  # whoever is in both, nothing could differ
        code = "nobody" if n + other_n == 0 else "everybody"
        row["panel_p"] = _NAN
        return row | remarks((f"{code} untested", message(f"note_{code}", lang)), panel, lang=lang)
    same = ("", "")
    if method == "mcnemar_exact" and not gained + lost:
        same = ("no_discordant_pair", message("note_wave_nobody_changed", lang))
    return row | {"method": method, "p_value": p_value} | remarks(same, panel, lang=lang)


Compared = tuple[Callable[..., tuple[float, float]], str, float]


def _unweighted(answers: WaveAnswers, row: dict[str, Any]) -> Compared:
    """The interval, the method and the p-value of two shares of respondents."""
    both_yes = int(((answers.current[answers.rows] == 1) & (answers.then[answers.other_rows] == 1)).sum())
    n, base, other_n, other_base, both = (
        row[name] for name in ("n", "base", "other_n", "other_base", "both")
    )
    changed = row["gained"], row["lost"]
    return compare_counts(SharedGroups(n, base, other_n, other_base, both, both_yes, changed))


def compare_counts(shares: SharedGroups) -> Compared:
    """The interval, the method and the p-value of two waves from the counts of one share."""
    counts = shares.n, shares.base, shares.other_n, shares.other_base
    if not shares.both:
        return partial(difference_interval, *counts), "fisher_exact", fisher_p(*counts)
    gained, lost = shares.changed or (0, 0)
    if shares.both == shares.base == shares.other_base:
        neither = shares.both - shares.both_yes - gained - lost
        limits = partial(paired_difference_interval, shares.both_yes, gained, lost, neither)
        return limits, "mcnemar_exact", changed_p(gained, lost)
    own, other = (
        (shares.n / shares.base, shares.base),
        (shares.other_n / shares.other_base, shares.other_base),
    )
    limits = partial(difference_limits, *own, *other, correlation=shares.correlation)
    return limits, "z_overlap", z_p(shares.difference, shares.variance)


def changed_p(gained: int, lost: int) -> float:
    """McNemar's exact test: whether as many say yes only now as said it only then."""
    from scipy.special import bdtr

    return min(1.0, 2 * float(bdtr(min(gained, lost), gained + lost, 0.5)))


def _weighted(answers: WaveAnswers, row: dict[str, Any]) -> Compared:
    """The same of two weighted shares."""
    share, other_share = row["proportion"], row["other_proportion"]
    effective, other_effective = row["effective_base"], row["other_effective_base"]
    own, other, crossed = answers.linearised()
    clusters = answers.clusters
    variance = (own + other - 2 * crossed) * clusters / max(clusters - 1, 1)
    pooled = (share * effective + other_share * other_effective) / (effective + other_effective)
    null = pooled * (1 - pooled) * (1 / effective + 1 / other_effective) - 2 * crossed
    correlation = crossed / sqrt(own * other) if own > 0 and other > 0 else 0.0
    limits = partial(
        difference_limits, share, effective, other_share, other_effective, correlation=correlation
    )
    larger = max(variance, null)
    p_value = f_p_value(row["difference"] ** 2 / larger, clusters) if larger > 1e-15 else 1.0
    return limits, "f_linearised", p_value
