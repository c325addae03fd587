"""Framework, pairs of codes on passages, where coders differ, and the lists of reporting standards."""

import pandas as pd

from survey.document import Column, Sheet, Table
from survey.interviews.agreement import coders_of
from survey.interviews.code_cooccurrence import code_cooccurrence
from survey.interviews.consensus import coding_differences
from survey.interviews.framework import cell_text, framework_matrix
from survey.interviews.reporting import STANDARDS, reporting_checklist
from survey.report.interviews.context import InterviewContext


def framework(context: InterviewContext) -> list[Sheet]:
    """People by themes, with their gists in the cells; none where the report leaves gists out."""
    if not context.gists or context.segments.data.empty:
        return []
    matrix = framework_matrix(context.segments, quotations=context.quotations, lang=context.lang)
    themes = dict(zip(matrix["code"], matrix["label"], strict=True))
    groups = dict(zip(matrix["participant"], matrix["group"], strict=True))
    cells = {
        (row.participant, row.code): cell_text(row.gists, row.n_without_gist, context.lang)
        for row in matrix.itertuples()
    }
    rows = [
        {"participant": person, "group": groups[person], "level": "theme"}
        | {f"theme_{code}": cells[person, code] for code in themes}
        for person in context.people
    ]
    columns = [
        context.column("participant"),
        context.column("group"),
        *(Column(f"theme_{code}", label, part=code, ids={"code": code}) for code, label in themes.items()),
    ]
    level = context.say("coded_level_theme")
    title = context.say("framework_title", level=level)
    table = context.shown("framework", title, pd.DataFrame(rows), columns)
    lines = [context.say("framework_sheet_line")]
    if context.quotations:
        lines.append(context.say("framework_quoted"))
    return [
        Sheet(
            context.say("framework_sheet"),
            title,
            subtitle=context.about(),
            lines=tuple(lines),
            tables=(table,),
            lines_across=True,
        )
    ]


def passage_tables(context: InterviewContext) -> tuple[list[Table], tuple[str, ...]]:
    """Pairs of codes that stand on the same passages, and how many; none where no passage has two."""
    pairs = code_cooccurrence(context.segments, within="passages", lang=context.lang)
    shown = pairs[pairs["n"] > 0].sort_values(["n", "jaccard"], ascending=False, kind="stable")
    if shown.empty:
        return [], ()
    title = context.say("passages_title")
    columns = [context.column("label"), context.column("other_label")]
    columns += [
        context.column(name, "count", context.say(f"passages_col_{name}"), measures=())
        for name in ("n", "n_code", "n_other", "base")
    ]
    columns += [
        context.column("jaccard", "number", measures=()),
        context.column("phi", "number", measures=()),
    ]
    columns.append(context.column("note"))
    base = int(shown["base"].iloc[0])
    line = context.say("passages_line", base=base, shown=len(shown), pairs=len(pairs))
    table = context.shown("passages", title, shown.reset_index(drop=True), columns)
    return [table], (line,)


def difference_tables(context: InterviewContext) -> tuple[list[Table], tuple[str, ...]]:
    """The passages on which coders differ, and how many; none where fewer than two coders are named."""
    if len(coders_of(context.segments)) < 2:
        return [], ()
    data = coding_differences(context.segments, lang=context.lang)
    title = context.say("consensus_title")
    names = ["passage", "participant", "label", "given_by", "not_given_by"]
    names += [name for name, wanted in (("gist", context.gists), ("text", context.quotations)) if wanted]
    columns = [context.column(name, heading=context.say(f"consensus_col_{name}")) for name in names]
    line = context.say("consensus_line", count=len(data)) if len(data) else context.say("consensus_none")
    return [context.shown("differences", title, data, columns)] if len(data) else [], (line,)


def reporting(context: InterviewContext) -> list[Sheet]:
    """COREQ and SRQR, filled in from what the segments tell."""
    tables, lines = [], []
    for standard in STANDARDS:
        data = reporting_checklist(context.segments, standard=standard, lang=context.lang)
        known = int((data["status"] == "known").sum())
        data = data.assign(
            label=[f"{item}. {label}" for item, label in zip(data["item"], data["label"], strict=True)],
            status=[context.say(f"reporting_{status.replace(' ', '_')}") for status in data["status"]],
        )
        columns = [
            context.column(name, heading=context.say(f"reporting_col_{name}"))
            for name in ("label", "known", "sheet", "status")
        ]
        title = context.say(f"reporting_title_{standard}")
        tables.append(context.shown(standard, title, data, columns))
        counted = context.say("reporting_line", known=known, count=len(data))
        lines.append(f"{context.say(f'reporting_sheet_{standard}')}: {counted}")
    name = " \N{MIDDLE DOT} ".join(context.say(f"reporting_sheet_{standard}") for standard in STANDARDS)
    return [
        Sheet(
            name,
            name,
            subtitle=context.about(),
            lines=tuple(lines),
            tables=tuple(tables),
            appendix=True,
            lines_across=True,
        )
    ]
