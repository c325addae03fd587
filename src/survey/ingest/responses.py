"""`Responses`: what came back, one row per respondent, answers apart from everything else."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.errors import DataError, Problem, usage
from survey.ingest.provenance import Provenance, Weighting
from survey.instrument import Instrument, Question
from survey.messages import message

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from survey.ingest.conditions import Condition

MISSING_KINDS = ("skipped", "empty", "not_asked", "refused")


def digest_of(data: "pd.DataFrame") -> str:
    """A digest of answers that does not hang on the order of the respondents."""
    import hashlib

    lines = sorted(data.to_csv(index=False, header=False, lineterminator="\n").splitlines())
    return hashlib.sha256("\n".join([",".join(data.columns), *lines]).encode()).hexdigest()


def check_weights(weights: "npt.NDArray[np.float64]") -> None:
    """Refuse weights that are none (`DataError`): missing, negative or infinite ones, nothing but zeros."""
    import numpy as np

    wrong = ~(np.isfinite(weights) & (weights >= 0))
    if wrong.any():
        first = int(wrong.argmax())
        told = {"count": int(wrong.sum()), "place": first + 1, "value": f"{weights[first]:g}"}
        raise DataError(Problem("weights_unusable", values=told))
    if len(weights) and not weights.any():
        raise DataError(Problem("weights_zero"))


@dataclass(frozen=True)
class Responses:
    """Answers under an instrument. Never mutated: every change gives a new object.

    Attributes
    ----------
    data
        One row per respondent, one column per `instrument.columns`: a single question is categorical (option
        ids), a rating item is nullable integer, an option of a select-all question is nullable boolean
        (`False`: asked and not chosen; missing: not asked or not answered), a number is nullable float, a
        text is a nullable string.
    missing
        Same shape: "" where there is an answer, else the kind of missing: `skipped`, `empty`, `not_asked`
        (also a question without a column) or `refused` (the respondent declined, or the cell could not be
        read and was set aside).
    meta
        Same index: `source` (file), `sheet`, `row` (in the sheet), and what the file carried of `key`,
        `started`, `submitted`, `duration` and the rest of the table in `survey.ingest.respondents`.
    instrument
        The instrument, with its version.
    problems
        What was found and did not stop the reading: cells set aside, columns not matched, doubtful answers.
    accounting
        One row per category (`category`, `kind`, `cells`): cells read = mapped + missing by kind + refused.
    provenance
        Where they come from: files and hashes, wave, licence, whether they are reconstructed, rows left out.
    subset
        The conditions of a subset; `subset_text(lang)` says them in words. Empty for all.
    total
        How many respondents there were before any condition; None where there is no condition.
    """

    data: "pd.DataFrame"
    missing: "pd.DataFrame"
    meta: "pd.DataFrame"
    instrument: Instrument
    problems: tuple[Problem, ...] = ()
    accounting: "pd.DataFrame | None" = None
    provenance: Provenance = field(default_factory=Provenance)
    subset: tuple["Condition", ...] = ()
    total: int | None = None

    def __len__(self) -> int:
        """Count the respondents."""
        return len(self.data)

    def __repr__(self) -> str:
        """Say what this is in one line."""
        return f"<Responses: {len(self)} respondents, {self.instrument.reference}>"

    @property
    def weights(self) -> "pd.Series[float] | None":
        """The weight of every respondent, as it was read or made; None where there are none.

        Raises
        ------
        DataError
            A weight is missing, negative or no finite number, or all are zero.
        """
        if "weight" not in self.meta:
            return None
        weights = self.meta["weight"].astype("Float64").astype(float)
        check_weights(weights.to_numpy())
        return weights

    def with_weights(self, weights: Any, name: str) -> "Responses":
        """The same respondents, each with a weight: one per respondent, in their order.

        Parameters
        ----------
        weights
            Numbers of 0 and above, not all zero; only what they are to each other counts.
        name
            What the weights are called: the column they were read from, or how they were made.

        Raises
        ------
        DataError
            As many weights as respondents are needed; one is missing, negative, no finite number; all are
            zero.
        """
        import numpy as np
        import pandas as pd

        given = np.asarray(weights, dtype=object)
        if given.shape != (len(self),):
            told = {"count": given.size, "respondents": len(self)}
            raise DataError(Problem("weights_count", values=told))
        values = pd.to_numeric(pd.Series(given), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        check_weights(values)
        meta = self.meta.assign(weight=pd.Series(values, index=self.meta.index))
        return replace(self, meta=meta, provenance=replace(self.provenance, weighting=Weighting(name)))

    def unweighted(self) -> "Responses":
        """The same respondents, each counted once: without weights."""
        meta = self.meta.drop(columns="weight", errors="ignore")
        return replace(self, meta=meta, provenance=replace(self.provenance, weighting=None))

    def columns_of(self, question: Question) -> "pd.DataFrame":
        """Give the answer columns of a question, one per option or item, named by the bare ids."""
        names = [part.id for part in question.parts] if question.traits.split else [question.id]
        return self.data[list(question.answer_columns)].set_axis(names, axis=1)

    def subset_text(self, lang: str = "en") -> str:
        """The conditions of a subset in words, and of how many respondents it is; empty for all."""
        if not self.subset:
            return ""
        conditions = message("condition_separator", lang).join(one.text(lang) for one in self.subset)
        return message("subset_text", lang, conditions=conditions, n=len(self), total=self.total)

    def where(self, *expressions: str, **chosen: Any) -> "Responses":
        """Keep the respondents who meet every condition; the base text of every table then says so.

        Parameters
        ----------
        expressions
            `"question=option"` or `"question=option,option"` (any of them), `"question!=option"`, and for a
            rating item or a number also `>=`, `<=`, `>`, `<`: `"challenges__geopolitics>=4"`.
        chosen
            The same as keywords: `where(firm_type="biotech")`.

        Respondents without an answer to the question meet no condition on it.

        Raises
        ------
        UsageError
            The expression cannot be read, or names a question or option the instrument does not have.
        """
        from survey.ingest.conditions import parse_condition

        conditions = [parse_condition(text, self.instrument) for text in expressions]
        for question_id, value in chosen.items():
            several = isinstance(value, Iterable) and not isinstance(value, str)
            wanted = ", ".join(str(one) for one in value) if several else str(value)
            conditions.append(parse_condition(f"{question_id}={wanted}", self.instrument))
        if not conditions:
            raise usage("where_empty")
        kept = conditions[0].holds(self.data)
        for condition in conditions[1:]:
            kept &= condition.holds(self.data)
        weighting = self.provenance.weighting
        if weighting is not None:  # of a part of the respondents no share is set
            weighting = replace(weighting, targets=())
        return replace(
            self,
            provenance=replace(self.provenance, weighting=weighting),
            data=self.data[kept],
            missing=self.missing[kept],
            meta=self.meta[kept],
            subset=(*self.subset, *conditions),
            total=self.total if self.total is not None else len(self),
        )


# What functions take as `data` or `responses`: `survey.ingest.reading.responses_of` reads the path.
ResponsesLike = Responses | str | Path
