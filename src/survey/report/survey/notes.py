"""Notes: every note once, by its number; what there is nothing to say of; what the report was made from."""

from typing import Any

import pandas as pd

from survey.counts import Tally
from survey.document import Sheet
from survey.ingest.provenance_pairs import provenance_entries
from survey.instrument.schema import text_in
from survey.report.survey.banners import narrowed_to
from survey.report.survey.changes_since import change_notes
from survey.report.survey.context import SurveyContext
from survey.report.survey.correlated import correlated_questions
from survey.report.survey.explained import explained
from survey.report.survey.nonresponse import changes, examined
from survey.report.survey.topline import answered

_PACKAGES = ("pandas", "numpy", "scipy", "statsmodels", "seaborn", "matplotlib", "openpyxl", "pydantic")


def sheets(context: SurveyContext, *, silences: bool = True) -> list[Sheet]:
    """The last sheet but the codebook, made when all others have asked for their notes."""
    if context.minimum:
        context.footnotes("hidden", "suppress", minimum=context.minimum)
    if context.marks is not None:
        name = "margins_ranged" if context.marks.ranged else "margins"
        if not context.marks.looked_up:
            name = "margins_unknown"
        context.footnotes(name, draws=context.marks.draws)
    rows: list[dict[str, object]] = [
        {"number": number, "topic": note.topic, "what": note.text}
        for number, note in enumerate(context.notes, 1)
    ]
    unnumbered = [
        *_margins(context),
        *_limits(context),
        *_selection(context),
        *change_notes(context),
        *(_silences(context) if silences else []),
        *_origin(context),
    ]
    rows += [{"number": None, "topic": topic, "what": text} for topic, text in unnumbered]
    title = context.say("notes_title")
    columns = [
        context.column("number", "count"),
        context.column("topic"),
        context.column("what", heading=context.say("col_statement")),
    ]
    table = context.table("notes", title, "", pd.DataFrame(rows), columns)
    subtitle = context.say("notes_subtitle")
    return [Sheet(context.say("sheet_notes"), title, subtitle=subtitle, tables=(table,), appendix=True)]


def _margins(context: SurveyContext) -> list[tuple[str, str]]:
    """How many numbers the published figures fix, bound and leave open."""
    counts = context.marks.counts if context.marks else {}
    if not counts:
        return []
    return [
        (context.say("topic_margins"), context.say("margins_counted", all=sum(counts.values()), **counts))
    ]


def _limits(context: SurveyContext) -> list[tuple[str, str]]:
    """What a report with hidden cells leaves out, and what it cannot protect."""
    if not context.minimum:
        return []
    names = ["left_out"]
    names += [] if context.protected.whole else ["in_parts"]
    if context.banner is not None and len(context.crossed(context.banner)) < len(
        context.stubs(context.banner)
    ):
        names.append("no_groups")
    if context.protected.exposed or len(context.responses) < context.minimum:
        names.append("exposed")
    groups = len(context.banner.groups) if context.banner else 0
    apart = [question.named(context.lang) for question in context.asked_questions if question.other]
    names += ["options_apart"] if apart else []
    values: dict[str, Any] = {"groups": groups, "total": len(context.responses), "minimum": context.minimum}
    values["questions"] = apart
    topic = context.say("topic_hidden")
    return [(topic, context.say(f"protected_{name}", **values)) for name in names]


def _selection(context: SurveyContext) -> list[tuple[str, str]]:
    """The questions that are not shown, and over which the tests of whole questions are adjusted."""
    if not context.left_out:
        return []
    lines = [context.not_shown_text]
    families = [len(context.stubs(banner)) for banner in context.banners]
    if families and not context.minimum:
        lines.append(context.say("selection_families", count=max(families)))
    return [(context.say("topic_selection"), context.sentences(*lines))]


def _of_tallies(context: SurveyContext) -> list[str]:
    """What a report of a tally lacks."""
    if not isinstance(context.responses, Tally):
        return []
    models = [context.say("explained_tally")] if context.models else []
    numbers = len(context.of_kind("number")) > 1
    uncorrelated = [context.say("tally_numbers_uncorrelated")] if numbers else []
    alone = [question.named(context.lang) for question in context.questions if question.other]
    singly = [context.say("tally_options_alone", questions=alone)] if alone else []
    return [context.say("tally_report"), *singly, *uncorrelated, *models]


def _silences(context: SurveyContext) -> list[tuple[str, str]]:
    """A line for what has nothing to say, and so no sheet or section."""
    topic = context.say("topic_silence")
    lines = _of_tallies(context)
    lines += [context.say("suppressed_unweighted")] if context.weights_left_out else []
    if context.minimum:
        return [(topic, line) for line in lines]
    if context.quality is not None and len(context.quality.rows) < context.flagged:
        shown = len(context.quality.rows)
        lines.append(context.say("quality_rows_capped", shown=shown, count=context.flagged))
    with_answers = answered(context)
    for question in context.closed:
        if question not in with_answers:
            key = "nothing_answered" if context.was_asked(question) else "nothing_asked"
            lines.append(context.say(key, question=question.named(context.lang)))
    lines += _not_crossed(context)
    lines += _narrowed(context)
    if not context.banners:
        lines.append(context.say("nothing_banner"))
    if context.published is None:
        lines.append(context.say("nothing_published"))
    if not context.batteries:
        lines.append(context.say("nothing_battery"))
    lines += _unexamined(context)
    frames = [context.correlated(*questions) for questions in correlated_questions(context)]
    if frames and not any(frame["correlation"].notna().any() for frame in frames):
        lines.append(context.say("nothing_correlated"))
    return [(topic, line) for line in lines]


def _unexamined(context: SurveyContext) -> list[str]:
    """Why effects stand without what could become of them: made-up answers, or nobody skipped or careless."""
    if not context.models or context.rows is None or not explained(context):
        return []
    if context.reconstructed:
        return [context.say("sensitivity_reconstructed")]
    return [context.say("sensitivity_nothing")] if examined(context) and changes(context) is None else []


def _narrowed(context: SurveyContext) -> list[str]:
    """A line for each banner of which a subset has one group alone."""
    return [
        context.say(
            "nothing_narrowed",
            banner=banner.named(context.lang),
            group=banner.part(group).said(context.lang),
            noun=banner.group_noun(context.lang),
        )
        for banner in context.banners
        if (group := narrowed_to(context, banner))
    ]


def _not_crossed(context: SurveyContext) -> list[str]:
    """A line for each banner with which some variables are not crossed: they share their questions."""
    lines = []
    for banner in context.banners:
        others = [one for one in [*context.closed, *context.of_kind("number")] if one.id != banner.id]
        related = [one.named(context.lang) for one in others if not context.instrument.are_apart(one, banner)]
        if related:
            values = {"banner": banner.named(context.lang), "questions": related}
            lines.append(context.say("nothing_crossed", **values))
    return lines


def _origin(context: SurveyContext) -> list[tuple[str, str]]:
    """From which data, with which versions, by which command."""
    responses, instrument = context.responses, context.schema
    provenance = responses.provenance
    rows = [
        (context.say("method_instrument"), instrument.reference),
        (context.say("method_instrument_hash"), instrument.content_hash),
        *((context.say("method_instrument_source"), source) for source in instrument.sources),
        (context.say("method_input"), provenance.file_names),
        # Who guesses the hidden answers could try guesses until the hash is met.
        (context.say("method_input_hash"), "" if context.minimum else provenance.file_hashes),
        (context.say("method_command"), context.command),
        (context.say("method_respondents"), str(len(responses))),
    ]
    if context.subset_text:
        rows.append((context.say("method_subset"), context.subset_text))
    # Figures of the file's own origin may be those that this report hides.
    of_figures = () if context.minimum else ("findings", "seed")
    names = ("wave", "source", "licence", "fielded_by", *of_figures)
    rows += [(context.say(f"origin_{name}"), text) for name, text in provenance_entries(provenance, *names)]
    rows += [] if context.minimum else _reconstructed(context)
    if context.findings is not None and not context.minimum:
        rows.append((context.say("method_findings_hash"), context.findings.hash))
    if context.reconstructed:
        rows += [(context.say("method_assumption"), text) for text in _assumptions(context)]
    rows += context.versions(_PACKAGES)
    return [(topic, text) for topic, text in rows if text]


def _reconstructed(context: SurveyContext) -> list[tuple[str, str]]:
    """The sizes of groups and the figures that no count meets, of reconstructed data, in words."""
    reconstruction = context.responses.provenance.reconstruction
    default = context.instrument.defaults.banner
    if reconstruction is None or default is None:
        return []
    banner = context.instrument.question(default)
    labels = {part.id: context.brief(banner, part.id) for part in banner.parts}
    sizes = (f"{labels.get(group, '')} {base}" for group, base in reconstruction.group_bases.items())
    rows = [(context.say("origin_group_bases"), context.listed(sizes))]
    missed = set(reconstruction.not_met)
    parsed = context.findings.parsed() if context.findings is not None and missed else ()
    names = [
        context.say("item_separator").join(
            [
                context.brief(context.instrument.question(figure.question), figure.item),
                *([labels[figure.group]] if figure.group in labels else []),
                f"{figure.printed}%",
            ]
        )
        for figure in parsed
        if figure.claim in missed and not figure.is_size
    ]
    return [*rows, *((context.say("origin_not_met"), name) for name in names)]


def _assumptions(context: SurveyContext) -> list[str]:
    """What the schema of a published study assumes: it belongs to reconstructed data, to no others."""
    wordings = [scale.assumption for scale in context.instrument.scales.values()]
    shown = {question.id: question for question in (*context.asked_questions, *context.banners)}
    for question in shown.values():
        wordings += [question.assumption, *(part.assumption for part in question.parts)]
    return [text_in(wording, context.lang) for wording in wordings if wording]
