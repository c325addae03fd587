"""A comparison of two versions as text: a table, Markdown, or JSON for programs."""

import json
from typing import TYPE_CHECKING

from survey.instrument.versions import Alteration, SchemaDiff
from survey.messages import enumerated, message

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("class", "where", "change", "why")


def format_diff(diff: SchemaDiff, form: str = "table", lang: str = "en") -> str:
    """Write a comparison as text: `table`, `markdown`, or `json` (whose keys and words are English)."""
    if form == "json":
        return json.dumps(_plain(diff), ensure_ascii=False, indent=2)
    heading = f"{diff.old.reference} -> {diff.new.reference}"
    body = _markdown(diff, lang) if form == "markdown" else _table(diff, lang)
    lines = [f"## {heading}\n" if form == "markdown" else heading, *body, *_conclusions(diff, lang)]
    return "\n".join(lines)


def _plain(diff: SchemaDiff) -> dict[str, object]:
    return {
        "old": diff.old.reference,
        "new": diff.new.reference,
        "bump": diff.bump,
        "declared_bump": diff.declared_bump,
        "honest": diff.honest,
        "breaks_trend": list(diff.breaks_trend),
        "undeclared": list(diff.undeclared),
        "changes": diff.changes.to_dict("records"),
    }


def _row(alteration: Alteration, lang: str) -> tuple[str, ...]:
    before, after = alteration.before, alteration.after
    move = message(f"diff_move_{alteration.move}", lang)
    if alteration.move == "changed" and (before or after):
        values = {"before": _short(before, after), "after": _short(after, before)}
        move += " (" + message("diff_from_to", lang, **values) + ")"
    return alteration.level, alteration.where, move, message(alteration.rule.why, lang)


def _short(text: str, other: str) -> str:
    """Show where a text differs from the other one: from a little before the first difference."""
    same = next((place for place, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), 0)
    start = max(0, same - 20) if len(text) > 60 else 0
    cut = text[start : start + 60]
    return ("..." * bool(start) + cut + "..." * (start + 60 < len(text))) or "-"


def _table(diff: SchemaDiff, lang: str) -> list[str]:
    if not diff.alterations:
        return [message("diff_none", lang)]
    return ["  ".join(_row(alteration, lang)) for alteration in diff.alterations]


def _markdown(diff: SchemaDiff, lang: str) -> list[str]:
    if not diff.alterations:
        return [message("diff_none", lang), ""]
    names = [message(f"diff_column_{name}", lang) for name in _COLUMNS]
    rows = [names, ["---"] * len(names), *(_row(alteration, lang) for alteration in diff.alterations)]
    escaped = ([cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows)
    return ["| " + " | ".join(row) + " |" for row in escaped] + [""]


def _conclusions(diff: SchemaDiff, lang: str) -> list[str]:
    lines = [message("diff_bump", lang, bump=diff.bump, declared=diff.declared_bump)]
    if diff.bump == "refused":
        lines.append(message("diff_refused", lang))
    elif diff.undeclared:
        lines.append(message("diff_declare", lang, new=diff.new.reference))
        lines += [f"  - {{where: {where}, kind: ...}}" for where in diff.undeclared]
    elif diff.declared_bump == "backwards":
        values = {"old": diff.old.reference, "new": diff.new.reference}
        lines.append(message("diff_backwards", lang, **values))
    elif not diff.honest and diff.bump != "none":
        lines.append(message("diff_dishonest", lang, new=diff.new.reference, bump=diff.bump))
    questions = message("list_separator", lang).join(diff.breaks_trend)
    key = "diff_breaks" if questions else "diff_keeps"
    return [*lines, message(key, lang, **({"questions": questions} if questions else {}))]


def format_costs(costs: "pd.DataFrame", lang: str = "en") -> list[str]:
    """What each module of a composition costs, a line each: its size, what it breaks, what it may sway."""
    lines = []
    for module, questions, columns, after, behind, breaks in costs.itertuples(index=False):
        values = {"module": module, "questions": questions, "columns": columns, "after": after}
        sentences = [message("module_cost" if after else "module_cost_first", lang, **values)]
        for key, names in (("breaks", breaks), ("behind", behind)):
            listed = enumerated(names, lang) if names else ""
            sentences.append(message(f"module_{key}" if names else f"module_{key}_none", lang, names=listed))
        lines.append(message("sentence_separator", lang).join(sentences))
    return lines
