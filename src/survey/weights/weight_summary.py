"""What weights do and what they cost: shares against their targets, the effective base, the extremes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.ingest.deriving import with_derived
from survey.ingest.provenance import TargetShare, Weighting
from survey.ingest.reading import responses_of
from survey.ingest.responses import Responses, ResponsesLike
from survey.instrument import Instrument
from survey.instrument.derived import CROSSED
from survey.messages import message
from survey.tables import contract_frame, remarks
from survey.weights.target_shares import codes_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Floats = npt.NDArray[np.float64]

_MET = 1e-9  # a gap that is rounding


def weighting(responses: ResponsesLike, *, lang: str = "en") -> "pd.DataFrame":
    """One row per target, then one that says what the weights cost, its question empty. Shares are fractions.

    A target's row has its `n` respondents and their unweighted `proportion`, the `target`, the share as it is
    `weighted` and the `gap` (weighted less target). The last row has the `base` of all respondents, Kish's
    `effective_base` and design effect `deff`, the `smallest` and `largest` weight in multiples of the mean,
    how many weights limits have `trimmed`, and the `rounds` of the raking. The effective base is that of a
    share of everybody; each table has that of its own cells.

    Reasons
    -------
    trimmed, subset, no_weights, equal_weights.

    Parameters
    ----------
    responses
        Responses, or the path of their file.
    lang
        Language of `label` and `note`.

    Raises
    ------
    UsageError
        There is no such file or language.
    DataError
        A weight is missing, negative or no finite number, or all are zero.

    References
    ----------
    Kish, L. (1965), Survey Sampling, 11.7.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech", "biopharma"], "w": [1.0, 3.0]})
    >>> table = survey.weighting(survey.from_frame(frame, "executive-survey", weight="w"))
    >>> table[["base", "effective_base", "deff", "largest"]].values.tolist()
    [[2, 1.6, 1.25, 1.5]]
    """
    import numpy as np

    responses = responses_of(responses)
    check_lang(lang, *responses.instrument.languages)
    carried = responses.weights
    weights = np.ones(len(responses)) if carried is None else carried.to_numpy()
    made = responses.provenance.weighting
    rows = [] if made is None or carried is None else list(_target_rows(responses, weights, made, lang))
    rows.append(_last_row(weights, made, carried is not None, lang))
    frame = contract_frame("weighting", rows)
    for name in ("proportion", "target", "weighted", "gap", "effective_base", "deff", "smallest", "largest"):
        frame[name] = frame[name].astype(float)
    return frame.astype(dict.fromkeys(("n", "base", "trimmed", "rounds"), "Int64"))


def _target_rows(
    responses: Responses, weights: "Floats", made: Weighting, lang: str
) -> "Iterator[dict[str, Any]]":
    responses = with_derived(responses)
    for target in made.shares:
        inside = _inside(responses, target)
        weighted = float(weights[inside].sum() / weights.sum()) if weights.any() else float("nan")
        n = int(inside.sum())
        row: dict[str, Any] = {
            **{"question": target.question, "code": target.code, "n": n, "target": target.share},
            "label": _label(responses.instrument, target, lang),
            "proportion": n / len(inside) if len(inside) else float("nan"),
            **{"weighted": weighted, "gap": weighted - target.share},
        }
        if not abs(row["gap"]) <= _MET:
            code = "subset" if responses.subset else "trimmed"
            row |= remarks((code, message(f"note_weights_{code}", lang)), lang=lang)
        yield row


def _inside(responses: Responses, target: TargetShare) -> "npt.NDArray[np.bool_]":
    """Who is in the category of a target."""
    import numpy as np

    inside = np.ones(len(responses), bool)
    names = [part.strip() for part in target.question.split(CROSSED)]
    codes = target.code.split(CROSSED) if len(names) > 1 else [target.code]
    for name, code in zip(names, codes, strict=True):
        if f"{name}__{code}" in responses.data and name not in responses.data:
            inside &= responses.data[f"{name}__{code}"].to_numpy(dtype=bool, na_value=False)
            continue
        question = responses.instrument.question(name, "single")
        inside &= codes_of(responses, question) == [part.id for part in question.parts].index(code)
    return inside


def _label(instrument: Instrument, target: TargetShare, lang: str) -> str:
    """The option of a target, and of a crossed one all of them."""
    names = [part.strip() for part in target.question.split(CROSSED)]
    codes = target.code.split(CROSSED) if len(names) > 1 else [target.code]
    labels = [
        instrument.question(name, "single", "multiple").part(code).said(lang)
        for name, code in zip(names, codes, strict=True)
    ]
    return message("cross_name_separator", lang).join(labels)


def _last_row(weights: "Floats", made: Weighting | None, carried: bool, lang: str) -> "dict[str, Any]":
    n, blank = len(weights), float("nan")
    total, squares = float(weights.sum()), float((weights**2).sum())
    row: dict[str, Any] = {
        **{"question": "", "code": "", "label": message("weighting_everybody", lang), "n": None},
        **dict.fromkeys(("proportion", "target", "weighted", "gap"), blank),
        **{"base": n, "trimmed": made.trimmed if made else 0, "rounds": made.rounds if made else 0},
        "effective_base": total**2 / squares if squares else 0.0,
        "deff": n * squares / total**2 if total else blank,
        "smallest": float(weights.min()) * n / total if total else blank,
        "largest": float(weights.max()) * n / total if total else blank,
    }
    if not carried:
        row |= remarks(("no_weights", message("note_no_weights", lang)), lang=lang)
    elif n and weights.min() == weights.max():
        row |= remarks(("equal_weights", message("note_equal_weights", lang)), lang=lang)
    return row
