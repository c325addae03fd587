"""Survey and interviews side by side: shares and intervals beside the people who speak to a topic."""

from survey.document import Sheet
from survey.report.interviews.context import InterviewPlan

_MARKS = ("agree", "contradict", "silent")
_OPEN = "[r]"


def joint(plan: InterviewPlan) -> list[Sheet]:
    """One row per topic and item of the survey; nothing where no responses were given."""
    found = plan.joined
    if found is None or plan.display is None or plan.responses is None:
        return []
    display, responses = plan.display, plan.responses
    instrument = responses.instrument
    reconstructed = responses.provenance.reconstructed
    further = found["topic"].duplicated()
    data = found.assign(
        statistic=[_statistic(plan, one) for one in found["statistic"]],
        item_label=[
            plan.say("joint_item", question=instrument.question(question).named(plan.lang), item=label)
            if question
            else plan.say("joint_no_item")
            for question, label in zip(found["question"], found["item_label"], strict=True)
        ],
        why=found["why"].mask(further, ""),
        gists=found["gists"].mask(further, ""),
        reason=found["reason"].mask(further, ""),
        note=found["note"].mask(further, ""),
        mark=[plan.say(f"joint_mark_{one}") for one in found["mark"]],
        open=[_OPEN if one else "" for one in found["open"]],
    )
    level = plan.percent_level
    names = ("label", "mark", "item_label", "statistic")
    columns = [
        *(plan.column(name, heading=plan.say(f"joint_col_{name}")) for name in names),
        plan.column("n", "count", plan.say("joint_col_n")),
        plan.column("base", "count", plan.say("joint_col_base")),
        plan.column("proportion", "share", plan.say("joint_col_proportion")),
        plan.column("ci_low", "share", plan.say("col_ci_low", level=level)),
        plan.column("ci_high", "share", plan.say("col_ci_high", level=level)),
        *([plan.column("open", heading=plan.say("joint_col_open"))] if reconstructed else []),
        plan.column("interviewees", "count", plan.say("joint_col_interviewees")),
        plan.column("interview_base", "count", plan.say("coded_col_base")),
        *([plan.column("by_group", heading=plan.say("joint_col_by_group"))] if plan.groups else []),
        plan.column("why", heading=plan.say("joint_col_why")),
        *([plan.column("gists", heading=plan.say("joint_col_gists"))] if plan.gists else []),
        plan.column("note"),
    ]
    title = display.titled(plan.lang)
    said = {"count": len(responses), "instrument": instrument.reference, "size": plan.size}
    lines = [
        plan.say("joint_about", **said),
        *joint_summary(plan),
        plan.say("joint_marks"),
        plan.say("joint_first_row"),
    ]
    if display.assumption:
        lines.append(display.assumption.get(plan.lang) or next(iter(display.assumption.values())))
    if responses.subset:
        lines.append(responses.subset_text(plan.lang))
    if reconstructed:
        lines.append(plan.say("reconstructed_warning"))
    notes = [plan.say("joint_note", level=level), plan.purposive]
    notes += [plan.say("note_open")] if reconstructed else []
    hashes = {"display": display.reference, "display_hash": display.content_hash}
    provenance = responses.provenance
    files = {"file": provenance.file_names or "-", "file_hash": provenance.file_hashes or "-"}
    notes.append(plan.say("joint_provenance", **hashes, **files))
    notes += [plan.say("contents_source", source=source) for source in instrument.sources]
    table = plan.shown("joint_display", title, data, columns, "joint_display")
    return [
        Sheet(
            plan.say("joint_sheet"),
            title,
            base_text=plan.base_text,
            lines=tuple(lines),
            tables=(table,),
            notes=tuple(notes),
        )
    ]


def joint_summary(plan: InterviewPlan) -> list[str]:
    """How many topics carry each mark, in a sentence, with their names."""
    if plan.joined is None:
        return []
    topics = plan.joined.drop_duplicates("topic")
    said = []
    for mark in _MARKS:
        labels = topics.loc[topics["mark"] == mark, "label"].tolist()
        if labels:
            names = plan.say("item_separator").join(labels)
            said.append(plan.say(f"joint_say_{mark}", count=len(labels), topics=names))
    sentence = plan.say("joint_separator").join(said)
    return [plan.say("joint_say", count=len(topics), said=sentence)]


def _statistic(plan: InterviewPlan, statistic: str) -> str:
    """What a share is the share of."""
    if not statistic.startswith("top_"):
        return plan.say(f"joint_statistic_{statistic}") if statistic else ""
    return plan.say("joint_statistic_top", top=statistic.split("_")[1])
