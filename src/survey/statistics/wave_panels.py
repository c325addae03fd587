"""Several waves: who of the panel moved where, and one series of shares with intervals."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, unfit
from survey.errors import Problem, UsageError, usage
from survey.ingest import Responses
from survey.ingest.reading import responses_of
from survey.ingest.responses import ResponsesLike
from survey.instrument import Option, Question
from survey.messages import message
from survey.statistics.indicators import question_with_shares
from survey.statistics.intervals import check_confidence, check_min_base, share_interval
from survey.statistics.wave_answers import WaveAnswers
from survey.statistics.wave_comparisons import question_rows
from survey.statistics.wave_pairs import NOT_COMPARABLE, WavePair, wave_name
from survey.statistics.weighted import effective_base
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


def wave_transitions(
    earlier: ResponsesLike,
    later: ResponsesLike,
    question: str | None = None,
    *,
    key: str | None = None,
    confidence: float = 0.95,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per answer then and answer now of a question: who of the panel moved where.

    `n` of the `base` respondents of both waves who gave the answer `earlier_code` then give `code` now. A
    single question has its options, every option of a select-all question (`item`) "yes" and "no", every item
    of a rating its points. Weights take no part: these are firms, counted. Questions that may not be compared
    have one row with base 0, whose note says why; so has every question where nobody is in both waves.

    Parameters
    ----------
    earlier, later
        Responses of two waves of one instrument, or the paths of their files.
    question
        A single, multiple or rating question; all of them where None.
    key
        The column that names respondents alike in both waves; their id where None.
    confidence
        Level of the intervals (Wilson's).
    lang
        Language of labels and `note`.

    Reasons
    -------
    not_comparable, running_numbers, reconstructed, no_ids, no_answer, unweighted.

    Raises
    ------
    UsageError
        Two instruments, no such question or key, or an argument outside its range.
    DataError
        An id stands twice in a wave.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> firms = [f"firm {letter}" for letter in "abcd"]
    >>> then = pd.DataFrame({"respondent_id": firms, "firm_type": ["biotech"] * 3 + ["biopharma"]})
    >>> now = then.assign(firm_type=["biopharma", "biotech", "biotech", "biopharma"])
    >>> waves = [survey.from_frame(frame, "executive-survey@1.0.0") for frame in (then, now)]
    >>> moved = survey.wave_transitions(*waves, "firm_type").query("n > 0")
    >>> moved[["earlier_code", "code", "n", "base"]].values.tolist()
    [['biotech', 'biotech', 2, 3], ['biotech', 'biopharma', 1, 3], ['biopharma', 'biopharma', 1, 1]]
    """
    check_confidence(confidence)
    pair = WavePair.of(earlier, later, key)
    check_lang(lang, *pair.instrument.languages)
    if question is not None:
        question_with_shares(pair.instrument, question)
    rows: list[dict[str, Any]] = []
    for asked in pair.questions(question):
        for part in asked.parts if asked.traits.split else (None,):
            rows += _moves(pair, asked, part, lang)
    frame = contract_frame("transition", rows)
    frame["proportion"] = (frame["n"] / frame["base"].where(frame["base"] > 0)).astype(float)
    frame["ci_low"], frame["ci_high"] = share_interval(frame["n"], frame["base"], confidence=confidence)
    return frame


def _moves(pair: WavePair, asked: Question, part: Option | None, lang: str) -> list[dict[str, Any]]:
    """The table of one question, or of one option or item."""
    ids: dict[str, Any] = {
        "question": asked.id,
        "item": part.id if part else "",
        "item_label": part.said(lang) if part else asked.named(lang),
    }
    blank = {
        **ids,
        **dict.fromkeys(("earlier_code", "earlier_label", "code", "label"), ""),
        "n": 0,
        "base": 0,
    }
    if why := pair.why_not(asked, part):
        note = message("note_not_comparable", lang, why=message(why, lang))
        return [{**blank, **remarks(("not_comparable", note))}]
    codes = _codes(pair, asked, lang)
    now, then = _answered(pair, asked, part, list(codes))
    known = (now[pair.rows] >= 0) & (then[pair.other_rows] >= 0)
    now, then = now[pair.rows][known], then[pair.other_rows][known]
    if not len(now):
        own = pair.remark_in(lang)
        return [{**blank, **remarks(own if own[0] else ("no_answer", message("note_nobody_in_both", lang)))}]
    remark = remarks(("unweighted", message("note_unweighted", lang))) if pair.weighted else {}
    rows = []
    for before, earlier_label in enumerate(codes.values()):
        for after, label in enumerate(codes.values()):
            rows.append(
                {
                    **ids,
                    "earlier_code": list(codes)[before],
                    "earlier_label": earlier_label,
                    "code": list(codes)[after],
                    "label": label,
                    "n": int(((then == before) & (now == after)).sum()),
                    "base": int((then == before).sum()),
                    **remark,
                }
            )
    return rows


def _codes(pair: WavePair, asked: Question, lang: str) -> dict[str, str]:
    """The answers that there are to a question, by code, with their labels."""
    if asked.kind == "rating":
        return {f"{point.value:g}": point.numbered(lang) for point in pair.instrument.scale_of(asked).points}
    if asked.kind == "multiple":
        return {"yes": message("answer_chosen", lang), "no": message("answer_not_chosen", lang)}
    return {option.id: option.said(lang) for option in asked.options}


def _answered(
    pair: WavePair, asked: Question, part: Option | None, codes: list[str]
) -> "tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]":
    """The place of the code that every respondent gave, later and earlier; -1 where there is no answer."""
    import numpy as np

    if asked.kind != "rating":
        answers = pair.answers(asked)
        if part is not None:  # a tick: yes stands first
            at = asked.parts.index(part)
            return tuple(np.nan_to_num(1 - side[:, at], nan=-1.0).astype(np.int64) for side in answers)  # type: ignore[return-value]
        return tuple(
            np.where(np.isnan(side).all(axis=1), -1, np.nan_to_num(side).argmax(axis=1)) for side in answers
        )  # type: ignore[return-value]
    at = [item.id for item in asked.items].index(part.id if part else "")
    places = {code: place for place, code in enumerate(codes)}
    return tuple(
        np.array([places.get(f"{value:g}", -1) for value in side[:, at]], np.int64)
        for side in pair.points(asked)
    )  # type: ignore[return-value]


# -- a series ----------------------------------------------------------------------------------------------


def wave_series(
    waves: Sequence[ResponsesLike],
    question: str | None = None,
    *,
    key: str | None = None,
    top: int | None = None,
    confidence: float = 0.95,
    min_base: int = 5,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per option or item and wave, the waves in their order: shares, and what changed since the last.

    `wave` is the label of a wave, `place` counts them from 1. `n` of `base` with Wilson's interval; against
    the wave before: `both`, `difference`, its limits, `method` and p-values as in `compare_waves`,
    `p_adjusted` by Holm over all steps and rows of a question. A wave that asked otherwise than the newest
    version has the reason not_comparable and no number; the wave after it has no difference.

    Parameters
    ----------
    waves
        Responses, or the paths of their files, the earliest first; two at least.
    question
        A single, multiple or rating question; all of them where None.
    key
        The column that names respondents alike in all waves; their id where None.
    top
        How many points of a rating are the top box; what the scale says where None.
    confidence
        Level of the intervals.
    min_base
        With fewer respondents in a wave there is no test; `reason` is small_base untested.
    lang
        Language of `label` and `note`.

    Reasons
    -------
    not_comparable, running_numbers, reconstructed, no_ids, small_base, untested, nobody, everybody,
    no_answer, no_discordant_pair, same_comparison, unweighted.

    Raises
    ------
    UsageError
        Fewer than two waves, two instruments, no such question or key, or an argument outside its range.
    DataError
        An id stands twice in a wave.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frames = [pd.DataFrame({"firm_type": ["biotech"] * n + ["biopharma"] * 6}) for n in (2, 6, 12)]
    >>> waves = [survey.from_frame(frame, "executive-survey@1.0.0") for frame in frames]
    >>> series = survey.wave_series(waves, "firm_type").query("item == 'biotech'")
    >>> series[["place", "n", "base"]].values.tolist()
    [[1, 2, 8], [2, 6, 12], [3, 12, 18]]
    """
    check_confidence(confidence)
    check_min_base(min_base)
    everybody = check_waves(waves)
    newest = max(reversed(everybody), key=lambda wave: tuple(map(int, wave.instrument.version.split("."))))
    against = [WavePair.of(wave, newest, key if wave is not newest else None) for wave in everybody]
    steps = [WavePair.of(before, wave, key) for before, wave in pairwise(everybody)]
    if question is not None:
        question_with_shares(newest.instrument, question)
    check_lang(lang, *newest.instrument.languages)
    rows: list[dict[str, Any]] = []
    for asked in against[-1].questions(question):
        checked = against[-1].checked_top(asked, top)
        rows += _series_of(asked, against, steps, everybody, checked, confidence, min_base, lang)
    frame = contract_frame("wave_series", rows)
    counts = dict.fromkeys(("n", "base", "both"), "Int64")
    return frame.astype(counts)


def check_waves(waves: Sequence[ResponsesLike]) -> list[Responses]:
    """Take two waves or more; refuse anything else (`UsageError`)."""
    if isinstance(waves, str) or not isinstance(waves, Sequence):
        raise unfit("waves_needed", waves)
    if len(waves) < 2:
        raise usage("waves_too_few", count=len(waves))
    return [responses_of(wave) for wave in waves]


def check_conditions(waves: list[Responses], key: str | None) -> None:
    """Refuse waves chosen by a condition on a question that was not asked alike (`UsageError`)."""
    unfit_for: dict[str, None] = {}
    for earlier, later in pairwise(waves):
        conditions = (*earlier.subset, *later.subset)
        if conditions:
            pair = WavePair.of(earlier, later, key)
            unfit_for |= {one.text(): None for one in conditions if not pair.means_the_same(one)}
    if unfit_for:
        raise UsageError(*(Problem("waves_condition", values={"condition": text}) for text in unfit_for))


def _series_of(  # noqa: PLR0917 - the parts of one question
    asked: Question,
    against: list[WavePair],
    steps: list[WavePair],
    waves: list[Responses],
    top: int | None,
    confidence: float,
    min_base: int,
    lang: str,
) -> list[dict[str, Any]]:
    """The rows of one question: parts x waves."""
    from survey.statistics.hypotheses import holm

    changes: list[dict[str, dict[str, Any]]] = [{}]
    for step in steps:
        own = question_rows(
            step,
            step.instrument.question(asked.id) if _has(step, asked) else asked,
            top=top,
            confidence=confidence,
            min_base=min_base,
            equivalent_within=None,
            lang=lang,
        )
        changes.append({row["item"]: row for row in own})
    rows: list[dict[str, Any]] = []
    for at, part in enumerate(asked.parts):
        for place, (pair, wave) in enumerate(zip(against, waves, strict=True)):
            ids: dict[str, Any] = {"question": asked.id, "item": part.id, "label": part.said(lang)}
            ids |= {"wave": wave_name(wave), "place": place + 1}
            if why := pair.why_not(asked, part):
                note = message("note_not_comparable", lang, why=message(why, lang))
                rows.append({**ids, "p_value": float("nan"), **remarks(("not_comparable", note))})
                continue
            row = {**ids, **_share(pair, asked, at, top, confidence)}
            change = changes[place].get(part.id, {})
            if place and change.get("verdict") != NOT_COMPARABLE:
                row |= {name: change[name] for name in ("both", "difference", "method", "p_value")}
                row |= {"difference_low": change["ci_low"], "difference_high": change["ci_high"]}
                row |= {"reason": change["reason"], "note": change["note"]}
            rows.append({"p_value": float("nan"), **row})
    for row, adjusted in zip(rows, holm([row["p_value"] for row in rows]).tolist(), strict=True):
        row["p_adjusted"] = adjusted
    return rows


def _has(pair: WavePair, asked: Question) -> bool:
    return any(one.id == asked.id for one in pair.instrument.variables)


def _share(pair: WavePair, asked: Question, at: int, top: int | None, confidence: float) -> dict[str, Any]:
    """The share of one part in the earlier wave of a pair, with its interval."""
    now, then = (side[:, at] for side in pair.answers(asked, top))
    answers = WaveAnswers.of(pair, now, then)
    total, size, squares = answers.sums()[1]
    effective = float(effective_base(size, squares))
    row: dict[str, Any] = {
        "n": int((then == 1).sum()),
        "base": answers.bases[1],
        **{"weighted_n": total, "weighted_base": size, "effective_base": effective},
        "proportion": total / size if size else float("nan"),
    }
    if size:
        row["ci_low"], row["ci_high"] = share_interval(
            row["proportion"] * effective, effective, confidence=confidence
        )
    return row
