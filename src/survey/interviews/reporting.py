"""What a paper on interviews should report: COREQ and SRQR, filled in from what the segments tell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey.arguments import check_lang
from survey.errors import usage
from survey.instrument.schema import text_in
from survey.interviews.agreement import coders_of
from survey.interviews.coverage import codebook_evidence
from survey.interviews.reading import segments_of
from survey.interviews.saturation import saturation
from survey.interviews.segments import Segments, SegmentsLike
from survey.messages import message
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd

# How many items each list has.
STANDARDS = {"coreq": 32, "srqr": 21}


@dataclass(frozen=True)
class _Knowing:
    """Segments and a language: what each method says stands in a list."""

    segments: Segments
    lang: str

    def _fill(self, key: str, **values: object) -> str:
        return message(f"reported_{key}", self.lang, **values)

    def approach(self) -> str:
        name = message(f"coded_approach_{self.segments.codebook.approach.replace('-', '_')}", self.lang)
        return self._fill("approach", approach=name)

    def size(self) -> str:
        silent = set(self.segments.participants.index) - set(self.segments.data["participant"].dropna())
        return self._fill("size", count=len(self.segments.participants), silent=len(silent))

    def sample(self) -> str:
        groups = [f"{group} {count}" for group, count in self.segments.bases.items()]
        attributes = [str(name) for name in self.segments.participants.columns if name != "group"]
        lines = [self._fill("groups", groups=groups)] if groups else []
        return " ".join([*lines, *([self._fill("attributes", names=attributes)] if attributes else [])])

    def guide(self) -> str:
        guide = self.segments.codebook.guide
        return self._fill("guide", guide=guide) if guide else ""

    def saturation(self) -> str:
        if self.segments.data.empty:
            return ""
        point = saturation(self.segments, draws=1, lang=self.lang).points.iloc[0]
        settings = {"base_size": int(point["base_size"]), "run_length": int(point["run_length"])}
        if point["reached"] == point["reached"]:
            return self._fill("saturation", reached=int(point["reached"]), **settings)
        return self._fill("saturation_not", **settings)

    def coders(self) -> str:
        coders = coders_of(self.segments)
        return self._fill("coders", count=len(coders), names=list(coders)) if coders else ""

    def tree(self) -> str:
        book = self.segments.codebook
        counts = {"themes": len(book.themes), "subthemes": len(book.subthemes), "codes": len(book.codes)}
        return self._fill("tree", codebook=book.reference, **counts)

    def software(self) -> str:
        from survey import __version__

        tool = self.segments.origin.get("tool", "")
        return self._fill("software", version=__version__) + (
            f" {self._fill('tool', tool=tool)}" if tool else ""
        )

    def quotations(self) -> str:
        data = self.segments.data
        quotations = data["quote"].fillna(data["segment"]).nunique()
        values = {"segments": data["segment"].nunique(), "quotations": quotations}
        return self._fill("quotations", **values)

    def major(self) -> str:
        return self._themes({"several"})

    def minor(self) -> str:
        return self._themes({"one person", "one group", "nobody"})

    def _themes(self, verdicts: set[str]) -> str:
        evidence = codebook_evidence(self.segments, lang=self.lang)
        codes = evidence[(evidence["level"] == "code") & evidence["verdict"].isin(verdicts)]
        return self._fill("major" if "several" in verdicts else "minor", count=len(codes))

    def aims(self) -> str:
        book = self.segments.codebook
        return self._fill("aims", aims=[text_in(aim.label, self.lang) for aim in book.aims])

    def purposive(self) -> str:
        return message("note_coded_sample", self.lang, count=len(self.segments.participants))

    def trust(self) -> str:
        coders = coders_of(self.segments)
        return self._fill("trust", coders=len(coders))


# What the segments know of an item, and the sheet of the report that shows it. The others are the author's.
_KNOWN: dict[str, tuple[Callable[[_Knowing], str], str]] = {
    "coreq_9": (_Knowing.approach, "sheet_notes"),
    "coreq_10": (_Knowing.purposive, "sheet_notes"),
    "coreq_12": (_Knowing.size, "sheet_notes"),
    "coreq_16": (_Knowing.sample, "coded_sheet_cases"),
    "coreq_17": (_Knowing.guide, ""),
    "coreq_22": (_Knowing.saturation, "coded_sheet_saturation"),
    "coreq_24": (_Knowing.coders, "coded_sheet_sources"),
    "coreq_25": (_Knowing.tree, "sheet_codebook"),
    "coreq_26": (_Knowing.approach, "sheet_notes"),
    "coreq_27": (_Knowing.software, "sheet_notes"),
    "coreq_29": (_Knowing.quotations, "coded_sheet_segments"),
    "coreq_31": (_Knowing.major, "coded_sheet_codes"),
    "coreq_32": (_Knowing.minor, "coded_sheet_codes"),
    "srqr_4": (_Knowing.aims, "sheet_codebook"),
    "srqr_5": (_Knowing.approach, "sheet_notes"),
    "srqr_8": (_Knowing.saturation, "coded_sheet_saturation"),
    "srqr_11": (_Knowing.guide, ""),
    "srqr_12": (_Knowing.size, "coded_sheet_cases"),
    "srqr_14": (_Knowing.tree, "sheet_codebook"),
    "srqr_15": (_Knowing.trust, "coded_sheet_sources"),
    "srqr_16": (_Knowing.major, "coded_sheet_codes"),
    "srqr_17": (_Knowing.quotations, "coded_sheet_segments"),
    "srqr_19": (_Knowing.purposive, "sheet_notes"),
}


def reporting_checklist(
    segments: SegmentsLike, *, standard: str = "coreq", lang: str = "en"
) -> "pd.DataFrame":
    """One row per item of a reporting standard, in its order: what it asks for, and what the segments tell.

    `known` is what the tool can say, a draft to be checked; where it is empty (`status` "to write") the item
    is the author's. The wording of the items is ours, in short; the standards themselves say them in full.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    standard
        "coreq" (32 items) or "srqr" (21 items).
    lang
        Language of items and drafts.

    Raises
    ------
    UsageError
        An unknown standard or language.

    References
    ----------
    Tong, A., Sainsbury, P. & Craig, J. (2007), International Journal for Quality in Health Care 19(6),
    349-357 (COREQ). O'Brien, B. C. et al. (2014), Academic Medicine 89(9), 1245-1251 (SRQR).

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> survey.reporting_checklist(segments, standard="srqr")["status"].value_counts().to_dict()
    {'to write': 11, 'known': 10}
    """
    segments = segments_of(segments)
    check_lang(lang, *segments.codebook.languages)
    if standard not in STANDARDS:
        raise usage("standard_unknown", standard=standard, known=list(STANDARDS))
    knowing = _Knowing(segments, lang)
    rows: list[dict[str, object]] = []
    for number in range(1, STANDARDS[standard] + 1):
        tell, sheet = _KNOWN.get(f"{standard}_{number}", (None, ""))
        known = tell(knowing) if tell else ""
        rows.append(
            {
                "standard": standard,
                "item": number,
                "label": message(f"{standard}_{number}", lang),
                "known": known,
                "sheet": message(sheet, lang) if known and sheet else "",
                "status": "known" if known else "to write",
            }
        )
    return contract_frame("reporting_item", rows)
