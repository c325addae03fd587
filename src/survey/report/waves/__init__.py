"""The report of waves: what changed since the last one, and a series of them."""

from collections.abc import Sequence

from survey.arguments import check_lang
from survey.document import Report, TitleBlock
from survey.errors import DataError, Problem, usage
from survey.ingest import Responses
from survey.ingest.reading import responses_of
from survey.ingest.responses import ResponsesLike
from survey.ingest.wave_column import are_out_of_order, same_wave
from survey.report.properties import of_reconstruction, signed, title_block_of, title_lines
from survey.report.waves import notes, summary, trend
from survey.report.waves.context import WavesContext
from survey.statistics.equivalence import check_equivalent_within
from survey.statistics.intervals import check_confidence, check_min_base


def waves_report(
    waves: Sequence[ResponsesLike],
    *,
    key: str | None = None,
    confidence: float = 0.95,
    min_base: int = 5,
    equivalent_within: float | None = None,
    title_block: TitleBlock | None = None,
    command: str = "",
    lang: str = "en",
) -> Report:
    """Compose the report of two waves or more, the earliest first: nothing is written.

    A Summary whose title is a finding, shares of every wave with what changed since the last one, who of the
    panel moved where, and every number. What may not be compared is named with its reason and has no number.

    Parameters
    ----------
    waves
        Responses, or the paths of their files, the earliest first; two at least.
    key
        The column that names respondents alike in all waves; their id where None.
    confidence
        Level of the intervals; a change is reliable where the adjusted p-value is below the rest to 1.
    min_base
        With fewer respondents in a wave there is no test.
    equivalent_within
        The margin within which two shares are the same, as a fraction; not asked where None.
    title_block
        Who the report is from and for.
    command
        What was typed, for the notes.
    lang
        Language of labels and wording, such as "zh".

    Raises
    ------
    UsageError
        Fewer than two waves, dates that are not in their order, two instruments, no such key, a condition on
        a question that was not asked alike, or an argument outside its range.
    DataError
        Two waves say that they are the same one; an id stands twice in a wave.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frames = [pd.DataFrame({"firm_type": ["biotech"] * n + ["biopharma"] * 6}) for n in (6, 9)]
    >>> waves = [survey.from_frame(frame, "executive-survey@1.0.0") for frame in frames]
    >>> [sheet.name for sheet in survey.waves_report(waves).sheets]
    ['Summary', 'Trend', 'Data', 'Notes']
    """
    check_confidence(confidence)
    check_min_base(min_base)
    check_equivalent_within(equivalent_within)
    everybody = _checked(waves, key)
    context = WavesContext(
        waves=everybody,
        key=key,
        confidence=confidence,
        min_base=min_base,
        equivalent_within=equivalent_within,
        command=command,
        lang=lang,
    )
    check_lang(lang, *context.instrument.languages)
    block = title_block_of(title_block)
    named = everybody if block.data_source else everybody[-1:]  # the waves whose source the block names
    block = block.completed(
        title=context.say("waves_report_title", title=context.instrument.titled(lang)),
        data_source=everybody[-1].provenance.source,
    )
    if all(wave.provenance.reconstructed for wave in named):
        block = of_reconstruction(block, lang)
    builders = (
        summary.summary_sheets,
        trend.trend_sheets,
        trend.panel_sheets,
        notes.data_sheets,
        notes.notes_sheets,
    )
    sheets = tuple(sheet for build in builders for sheet in build(context))
    properties = {
        "title": block.title,
        "subject": context.instrument.reference,
        "creator": "expansion-survey",
        "description": " ".join(title_lines(block, lang)),
    }
    made_up = context.say("waves_reconstructed") if context.reconstructed else ""
    warning = context.sentences(made_up, context.subset_text)
    return Report(
        *(lang, signed(sheets, block, lang), warning, properties, tuple(context.notes)),
        title_block=block,
        data_note=context.data_note,
    )


def _checked(waves: Sequence[ResponsesLike], key: str | None) -> tuple[Responses, ...]:
    """The waves, two at least, of which no two say that they are the same one, nor stand in another order."""
    from survey.statistics.wave_panels import check_conditions, check_waves

    everybody = check_waves(waves)
    labels = [wave.provenance.wave for wave in everybody]
    if twice := [label for label in labels if sum(same_wave(label, other) for other in labels) > 1]:
        files = [wave.provenance.file_names or "-" for wave in everybody if wave.provenance.wave in twice]
        raise DataError(Problem("waves_same", values={"wave": sorted(set(twice)), "files": files}))
    check_conditions(everybody, key)
    if are_out_of_order(labels):
        raise usage("waves_order", waves=labels)
    return tuple(map(responses_of, everybody))
