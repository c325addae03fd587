"""What the arguments of a report mean for these data: banners, options put together, a frame, findings."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from survey.arguments import unfit
from survey.counts import Tally
from survey.counts.row_rules import tally_quality
from survey.disclosure.reader_groups import can_be_protected
from survey.errors import usage
from survey.ingest import Responses
from survey.ingest.quality import Quality, screen
from survey.ingest.rare_options import Gathered, with_rare_together
from survey.ingest.sampling_frame import Frame, frame_of
from survey.instrument import Instrument, Question
from survey.instrument.derived import CROSSED
from survey.instrument.option import RareOptions
from survey.models import response_rates

if TYPE_CHECKING:
    from survey.ingest.sampling_frame import FrameLike
    from survey.published.findings import Findings, FindingsLike


def check_suppressed(
    instrument: Instrument, banners: Sequence[Question], selected: Sequence[str], only: str | None
) -> None:
    """Refuse what cannot be protected: some derived groups, and groups of several banners limited."""
    derived = [one.id for one in banners if CROSSED in one.id or instrument.rule_of(one.id)]
    whole = instrument.crossed(*(name for name in derived if CROSSED in name))
    known = all(can_be_protected(whole, one) for one in banners)
    if derived and (len(banners) > 1 or only or not known):
        raise usage("suppress_derived", banners=derived)
    if made := [name for name in selected if instrument.rule_of(name)]:
        raise usage("suppress_derived_question", questions=made)
    if only and len(banners) > 1:
        raise usage("suppress_banners_only")


def rare_together(
    data: Responses | Tally,
    findings: "Findings | None",
    smallest: int | Mapping[str, int] | None,
    banners: Sequence[Question],
) -> tuple[Responses | Tally, tuple[Gathered, ...]]:
    """Put options that few chose together; not where published figures speak of single ones.

    One number for all questions leaves those apart whose options are the groups of `banners`.
    """
    if isinstance(data, Tally) or findings is not None or data.provenance.reconstructed:
        if smallest is not None:
            raise usage(f"smallest_option_{'counted' if isinstance(data, Tally) else 'published'}")
        return data, ()
    grouping = {name for banner in banners for name in banner.id.split(CROSSED)}
    return with_rare_together(_with_smallest(data, smallest, grouping))


def _with_smallest(
    data: Responses, smallest: int | Mapping[str, int] | None, grouping: Container[str]
) -> Responses:
    """The same under an instrument that says which options are rare as was asked for."""
    instrument = data.instrument
    for question in instrument.questions if smallest is not None else ():
        least = smallest.get(question.id) if isinstance(smallest, Mapping) else smallest
        if question.id in grouping and not isinstance(smallest, Mapping) and least != 1:
            continue
        if least is not None and question.traits.banner:
            other = RareOptions(below=least) if least > 1 else None
            instrument = instrument.with_question(question.model_copy(update={"other": other}))
    return replace(data, instrument=instrument)


def checked_frame(data: Responses | Tally, frame: "FrameLike | None") -> Frame:
    """The frame that respondents are compared with; nothing where none is given."""
    if frame is None:
        return {}
    if data.subset or data.provenance.subset:
        raise usage("frame_of_subset")
    if not isinstance(frame, Mapping | str | Path):
        raise unfit("sampling_frame_needed", frame)
    population = frame_of(frame, data.instrument)
    for question, sizes in population.items():
        response_rates(data, question, population=sizes)  # refuses what is no frame of these respondents
    return population


def banners_of(data: Responses | Tally, named: Sequence[str]) -> tuple[Question, ...]:
    """The questions whose groups are shown, each once; the default where none is named.

    Of a tally those it was made with: the first of them where the default is not among them.
    """
    instrument = data.instrument
    default = [instrument.defaults.banner] if instrument.defaults.banner else []
    if isinstance(data, Tally):
        known = list(data.definition.banners)
        default = [name for name in default if name in known] or known[:1]
        for name in named:
            own = instrument.banner(name).id
            if own not in known:
                raise usage("tally_banner_not_counted", banner=own, known=known or ["-"])
    banners = {(one := instrument.banner(name)).id: one for name in named or default}
    return tuple(banners.values())


def quality_of(data: Responses | Tally, lang: str) -> Quality:
    """What the rules of data quality find."""
    return tally_quality(data, lang) if isinstance(data, Tally) else screen(data, lang=lang)[1]


def check_quality(quality: object) -> None:
    """Refuse what is no result of `screen`."""
    if not isinstance(quality, Quality | None):
        raise unfit("quality_needed", quality)


def findings_shown(responses: Responses | Tally, findings: "FindingsLike | None") -> "Findings | None":
    """The published figures that are compared: those given, or those of this wave; none of a subset."""
    from survey.published.findings import findings_for, findings_of

    if responses.subset or responses.provenance.subset:
        return None
    if findings is None:
        findings = findings_for(responses.instrument, responses.provenance.wave)
    return None if findings is None else findings_of(findings, responses.instrument)
