"""`Segments`: what coders marked, one row per code on a segment, and the people who were interviewed."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from survey.errors import Problem, usage
from survey.instrument.interview_schemas import InterviewCodebook
from survey.interviews.memos import Memo
from survey.wording import normalise

if TYPE_CHECKING:
    import pandas as pd

# Whether a segment speaks for what its code says, against it, or both at once.
DIRECTIONS = ("for", "against", "mixed")

# The columns of `Segments.data`, in order, and what each is stored as.
SEGMENT_COLUMNS = {
    "segment": "string[python]",
    "participant": "string[python]",
    "code": "string[python]",
    "level": "string[python]",
    "direction": "string[python]",
    "quote": "string[python]",
    "coder": "string[python]",
    "document": "string[python]",
    "gist": "string[python]",
    "text": "string[python]",
    "start": "Int64",
    "end": "Int64",
    "source": "string[python]",
    "row": "Int64",
}


@dataclass(frozen=True, repr=False)
class Segments:
    """Coded segments under a codebook. Never mutated.

    Attributes
    ----------
    codebook
        The codebook, with its version: every report says `codebook.reference` and its content hash.
    data
        One row per code on a segment, columns `SEGMENT_COLUMNS`: a segment with two codes, or coded by two
        coders, has two rows. `code` is the id of a code or of a subtheme, `level` says which ("code" or
        "subtheme"). `direction` says whether the segment speaks for what the code says ("for"), against it
        ("against") or both at once ("mixed"); missing where nobody said. `quote` tells the same quotation
        apart from others: segments of one passage share it, a segment of its own carries its own id.
        `document` is where the passage stands (a file, a section), `gist` a paraphrase, `text` the words
        themselves, `start` and `end` their place in the document in Unicode code points from 0, end
        exclusive; `source` and `row` the file and line it was read from.
        What a file does not have is missing.
    participants
        One row per person interviewed, index `participant` (pseudonym), column `group` (the company or other
        case; missing where none is known) and whatever else the file says of people. People who have no
        segment stand here too: they are the base.
    problems
        What was found and did not stop the reading.
    origin
        What the file says of itself (`source`, `input_hash`, `licence` and the like).
    documents
        The full text of documents, by name, where the file had them (projects of other tools); line ends are
        line feeds. `start` and `end` count in it.
    memos
        What researchers wrote beside the material, each with what it is about. They travel with the segments;
        no report shows them.
    """

    codebook: InterviewCodebook
    data: "pd.DataFrame"
    participants: "pd.DataFrame"
    problems: tuple[Problem, ...] = ()
    origin: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    memos: tuple[Memo, ...] = ()

    def __repr__(self) -> str:
        """Say how many there are, of whom, under which codebook."""
        count = self.data["segment"].nunique()
        people = ", ".join([str(len(self.participants)), *(f"{g} {n}" for g, n in self.bases.items())])
        return f"Segments({count} segments of participants: {people}; {self.codebook.reference})"

    @property
    def groups(self) -> tuple[str, ...]:
        """The companies or other cases, in order of first appearance; empty where none is known."""
        return tuple(dict.fromkeys(self.participants["group"].dropna()))

    @property
    def bases(self) -> dict[str, int]:
        """How many people were interviewed in each group."""
        counts = self.participants["group"].value_counts()
        return {group: int(counts[group]) for group in self.groups}

    def coded_by(self, *coders: str) -> "Segments":
        """The segments of some coders only; everybody interviewed stays in the base."""
        return replace(self, data=self.data[self.data["coder"].isin(coders)].reset_index(drop=True))

    @property
    def has_directions(self) -> bool:
        """Whether any code on a segment has a direction."""
        return bool(self.data["direction"].notna().any())

    def grouped_by(self, attribute: str | None) -> "Segments":
        """The same segments, the people grouped by an attribute of theirs; None leaves them as they are.

        That no attribute is named the group is then no problem.

        Raises
        ------
        UsageError
            The participants have no such attribute.
        """
        if attribute is None or attribute == "group":
            return self
        names = {normalise(str(name)): name for name in self.participants.columns}
        if not isinstance(attribute, str) or normalise(attribute) not in names:
            known = [str(name) for name in self.participants.columns if name != "group"]
            raise usage("attribute_unknown", attribute=attribute, known=known or "-")
        values = self.participants[names[normalise(attribute)]]
        groups = [
            None if value is None else str(value)
            for value in values.astype(object).where(values.notna(), None)
        ]
        people = self.participants.assign(group=groups).astype({"group": "string[python]"})
        problems = tuple(problem for problem in self.problems if problem.key != "refi_no_groups")
        return replace(self, participants=people, problems=problems)


def gists_of(data: "pd.DataFrame") -> "pd.Series[str]":
    """What a reader is shown as gist of each row of `Segments.data`: that of its coder, else the first of its
    segment.
    """
    return data["gist"].fillna(data.groupby("segment")["gist"].transform("first"))


# What functions take as `segments`: `survey.interviews.reading.segments_of` reads the path.
SegmentsLike = Segments | str | Path
