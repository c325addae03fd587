"""Which numbers of a kind of question are shown, and how each column is headed."""

from dataclasses import dataclass

from survey.document import Form
from survey.report.survey.kind_sentences import CI, Ends, number_ends, percent_ends, point_ends


@dataclass(frozen=True)
class Shown:
    """One column of a table: the measure, its form, and the key of its heading.

    `interval`: the columns with the limits that stand beside it, and how they are written.
    """

    measure: str
    form: Form
    interval: tuple[str, str] | None = None
    ends: Ends | None = None

    @property
    def heading(self) -> str:
        """The key of the heading."""
        return f"kind_col_{self.measure}" if self.measure in _OWN_HEADINGS else f"col_{self.measure}"


# Measures whose headings are of these tables alone.
_OWN_HEADINGS = {
    *("promoters", "passives", "detractors", "score", "first", "in_top", "mean_rank", "n_ranked"),
    *("share", "something", "earliest", "latest"),
}


NPS = (
    Shown("base", "count"),
    *(Shown(name, "share") for name in ("promoters", "passives", "detractors")),
    Shown("score", "points", CI, point_ends),
)


RANKING = (
    Shown("first", "share", ("first_low", "first_high"), percent_ends),
    Shown("in_top", "share"),
    Shown("mean_rank", "number", CI, number_ends),
    Shown("n_ranked", "count"),
)


ALLOCATION = (
    Shown("share", "share", CI, percent_ends),
    Shown("median", "share"),
    Shown("something", "share"),
)


DATES = (Shown("base", "count"), *(Shown(name, "text") for name in ("earliest", "median", "latest")))


NUMBER = tuple(
    Shown(name, "count" if name == "base" else "number")
    for name in ("base", "mean", "ci_low", "ci_high", "median", "q1", "q3", "minimum", "maximum")
)
