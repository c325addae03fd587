"""What a builder of the interview report is given: the segments, the settings, each result once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from survey.document import Column, Table
from survey.instrument.interview_schemas import InterviewCodebook
from survey.interviews.attribution import attribution_conflicts
from survey.interviews.cases import compare_cases
from survey.interviews.claims import check_claims
from survey.interviews.code_cooccurrence import code_cooccurrence
from survey.interviews.contradictions import both_sides
from survey.interviews.coverage import codebook_evidence
from survey.interviews.joint_display import joint_display, load_joint_display
from survey.interviews.matrices import code_matrix
from survey.interviews.participation import voices
from survey.interviews.saturation import Saturation, saturation
from survey.interviews.segments import DIRECTIONS, Segments
from survey.report.context import ReportContext, once

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from survey.ingest import Responses
    from survey.instrument.joint_displays import JointDisplay


def short_of_all(parts: "pd.Series[float]") -> "pd.Series[float]":
    """Fractions cut to what a cell shows, where it would show all of it as "100.0%" and it is less."""
    return parts.where(~((parts < 1) & (parts >= 0.9995)), 0.999)


@dataclass(kw_only=True)
class InterviewContext(ReportContext):
    """The report of coded interviews in the making."""

    segments: Segments
    base_size: int = 4
    run_length: int = 2
    threshold: float = 0.05
    draws: int = 10_000
    seed: int = 1
    similarity: float = 0.9
    gists: bool = True
    quotations: bool = False
    claims: "str | Path | pd.DataFrame | None" = None
    responses: "Responses | None" = None
    joint: "str | Path | JointDisplay | None" = None
    beside: tuple[Segments, ...] = ()
    password: str | None = field(default=None, repr=False)

    headings: ClassVar[str] = "coded_col"

    @property
    def codebook(self) -> InterviewCodebook:
        """The codebook of the segments."""
        return self.segments.codebook

    @property
    def groups(self) -> tuple[str, ...]:
        """The companies or other cases."""
        return self.segments.groups

    @property
    def size(self) -> int:
        """How many people were interviewed."""
        return len(self.segments.participants)

    @cached_property
    def people(self) -> list[str]:
        """Everybody interviewed, group by group, in the order of the file; those of no group last."""
        group = self.segments.participants["group"]
        order = {name: place for place, name in enumerate(self.groups)}
        return sorted(group.index, key=lambda person: order.get(group[person], len(order)))

    # -- results, each once -----------------------------------------------------------------------------

    @once
    def matrix(self, level: str) -> "pd.DataFrame":
        """Units by participant."""
        return code_matrix(self.segments, level=level, lang=self.lang)

    @once
    def compared(self, level: str) -> "pd.DataFrame":
        """Units by group."""
        return compare_cases(self.segments, level=level, confidence=self.confidence, lang=self.lang)

    @cached_property
    def evidence(self) -> "pd.DataFrame":
        """The codebook against its evidence."""
        return codebook_evidence(self.segments, lang=self.lang)

    @cached_property
    def has_published(self) -> bool:
        """Whether there is a published codebook to compare with."""
        return any(code.published for code in self.codebook.codes)

    @cached_property
    def saturation(self) -> Saturation:
        """New codes per interview."""
        return saturation(
            self.segments,
            base_size=self.base_size,
            run_length=self.run_length,
            threshold=self.threshold,
            draws=self.draws,
            seed=self.seed,
            lang=self.lang,
        )

    @cached_property
    def pairs(self) -> "pd.DataFrame":
        """Codes that the same people speak to."""
        return code_cooccurrence(self.segments, lang=self.lang)

    @cached_property
    def repeated(self) -> "pd.DataFrame":
        """Quotations that stand in several places."""
        return attribution_conflicts(self.segments, similarity=self.similarity)

    @cached_property
    def sides(self) -> "pd.DataFrame":
        """People and groups on both sides of an opposite."""
        return both_sides(self.segments, lang=self.lang)

    @cached_property
    def checked(self) -> "pd.DataFrame | None":
        """Statements against the people behind their codes; None where none were given."""
        if self.claims is None:
            return None
        return check_claims(self.segments, self.claims, lang=self.lang, password=self.password)

    @cached_property
    def display(self) -> "JointDisplay | None":
        """The crosswalk between survey and interviews; None where no responses were given."""
        if self.responses is None:
            return None
        return load_joint_display(self.joint, voices=1 + len(self.beside))

    @cached_property
    def joined(self) -> "pd.DataFrame | None":
        """Survey and interviews side by side; None where no responses were given."""
        if self.responses is None:
            return None
        return joint_display(
            [self.segments, *self.beside],
            self.responses,
            joint=self.display,
            confidence=self.confidence,
            lang=self.lang,
        )

    @cached_property
    def voices(self) -> "pd.DataFrame":
        """Segments of each person, in all and by document."""
        return voices(self.segments)

    @cached_property
    def shares_documents(self) -> bool:
        """Whether a document holds several people; else each is an interview, and may bear a name."""
        people = self.segments.data.groupby("document")["participant"].nunique()
        return bool((people > 1).any())

    @cached_property
    def labels(self) -> dict[str, str]:
        """The label of every code, subtheme, theme and aim by its id; of equal ids the finest."""
        book = self.codebook
        levels = (book.aims, book.themes, book.subthemes, book.codes)
        return {unit.id: unit.said(self.lang) for level in levels for unit in level}

    @property
    def directions(self) -> list[Column]:
        """How many speak for it, against it, or both; no columns where nobody said."""
        names = DIRECTIONS if self.segments.has_directions else ()
        return [self.column(f"n_{name}", "count") for name in names]

    # -- words ------------------------------------------------------------------------------------------

    @cached_property
    def base_text(self) -> str:
        """Who was interviewed, in words: the base of every count of people."""
        bases = self.segments.bases
        known = sum(bases.values())
        parts = [f"{group} {count}" for group, count in bases.items()]
        if parts and known < self.size:
            parts.append(self.say("interviews_no_group", count=self.size - known))
        groups = self.say("in_brackets", text=self.listed(parts)) if parts else ""
        return self.say("interviews_base", count=self.size, groups=groups)

    def about(self, texts: Iterable[str] = ()) -> str:
        """Who was interviewed, in a line under a title, with whatever else belongs there."""
        return self.say("about_separator").join(
            [self.say("interviews_about_people", count=self.size), *texts]
        )

    @cached_property
    def provenance(self) -> list[str]:
        """The source of the codebook and the licence of the segments, as far as they say them."""
        lines = [self.say("codebook_source_text", source=source) for source in self.codebook.sources]
        if licence := self.segments.origin.get("licence"):
            lines.append(self.say("about_entry", name=self.say("origin_licence"), value=licence))
        return lines

    @property
    def studies_beside(self) -> list[str]:
        """From which files, under which codebooks, the further voices are."""
        return [
            self.say(
                "joint_study_provenance",
                file=study.origin.get("input", "-"),
                file_hash=study.origin.get("input_hash", "-"),
                codebook=study.codebook.reference,
                text=self.sentences(study.origin.get("source", ""), study.origin.get("note", "")),
            )
            for study in self.beside
        ]

    @cached_property
    def picture_words(self) -> dict[str, str]:
        """The words inside a picture: its base travels with it."""
        return {"base": self.base_text, "empty": self.say("interviews_no_segments")}

    def shown(
        self, name: str, title: str, data: "pd.DataFrame", columns: list[Column], contract: str = ""
    ) -> Table:
        """A table about everybody interviewed; several names in one cell are written one after the other."""
        texts = {
            column.key: [self.say("item_separator").join(cell) for cell in data[column.key]]
            for column in columns
            if len(data) and all(isinstance(cell, tuple) for cell in data[column.key])
        }
        return self.table(name, title, "", data.assign(**texts), columns, contract)
