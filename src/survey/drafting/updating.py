"""Drafting again: the file that was edited stays as it is, letter for letter; what it lacks is put in."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from survey.drafting.grids import take_apart
from survey.drafting.naming import unique
from survey.drafting.sketch import Sketch, SketchPart, SketchQuestion, SketchScale
from survey.drafting.yaml_text import SEEN, part_line, question_lines, scale_lines, seen_lines
from survey.errors import InstrumentError, usage
from survey.files.json_values import parsed_json
from survey.ingest.cell_values import as_text
from survey.ingest.coding import convert
from survey.ingest.headers import Headers
from survey.ingest.matching import match_columns
from survey.ingest.raw_table import RawTable
from survey.instrument import Instrument, Question
from survey.instrument.loading import parse_schema
from survey.instrument.yaml_lines import quoted
from survey.messages import message
from survey.wording import normalise

_SEEN_LINE = re.compile(rf"^# {SEEN} (\[.*\])\s*$", re.MULTILINE)


def updated_text(
    path: Path, before: Instrument, sketch: Sketch, table: RawTable | None, source: str, lang: str
) -> tuple[str, tuple[int, int]]:
    """The text of the file with what it lacks, and how many questions and options were added.

    Raises
    ------
    UsageError
        The file is laid out so that nothing can be put in.
    """
    text = path.read_text(encoding="utf-8-sig")
    seen = {normalise(header) for listed in _SEEN_LINE.findall(text) for header in _headers_in(listed)}
    seen |= Headers(before).made  # columns of derived variables were never questions
    page = _Page(text, message("draft_added", lang, source=source), lang)
    further = 0
    matched = _matched(before, table) if table else {one.id: one.id for one in before.listed}
    fresh = [header for header in sketch.seen if normalise(header) not in seen and header not in matched]
    known = {question.id: question for question in before.questions}
    for grid_id, rows in _further_rows(sketch, before, matched, set(fresh)).items():
        page.add_parts(grid_id, rows, ("rows",))
        further += len(rows)
    parts = _further_parts(sketch, known, matched, set(fresh))
    options = _refused_options(before, table, sketch) if table else {}
    for question_id, found in options.items():
        parts.setdefault(question_id, []).extend(
            one
            for one in found
            if not _has(parts.get(question_id, []), one) and not _is_part(known[question_id], one)
        )
    for question_id, found in _by_grid(parts, known).items():
        page.add_parts(question_id, found)
        further += len(found)
    added = _further_questions(sketch, before, matched, set(fresh))
    scales = _scales_for(added, sketch, before)
    page.add_questions(added)
    page.add_scales(scales)
    page.add_meta(
        {name: [one for one in headers if one in fresh] for name, headers in sketch.meta.items()}, before
    )
    page.add_seen([header for header in sketch.seen if normalise(header) not in seen], lang)
    result = page.text()
    try:
        parse_schema(result, str(path))
    except InstrumentError as error:
        raise usage("draft_update_failed", told=error.problems[0].text(lang)) from None
    return result, (len(added), further)


def unlisted_words(before: Instrument, sketch: Sketch, lang: str) -> tuple[str, ...]:
    """What looks like no answer, and is none of the file's words for that nor one of its options."""
    listed = {normalise(word) for words in before.missing.values() for word in words}
    listed |= {normalise(form) for one in before.questions for part in one.parts for form in part.forms}
    return tuple(
        message("draft_unlisted", lang, **values)
        for _, values in sketch.notes
        if normalise(values["word"]) not in listed
    )


def _headers_in(listed: str) -> list[str]:
    """The headers that a comment lists (`UsageError`)."""
    try:
        headers = parsed_json(listed)
    except ValueError:
        headers = None
    if not isinstance(headers, list) or not all(isinstance(header, str) for header in headers):
        raise usage("draft_update_failed", told=f"# {SEEN} {listed[:80]}")
    return headers


def _matched(before: Instrument, table: RawTable) -> dict[str, str]:
    """The headers the edited file knows, and the column of the data each heads ("" beside the answers)."""
    match = match_columns(Headers(before), table)
    found = {column.header: target.column for column, target in match.answers}
    return found | {column.header: "" for column in (*(one for one, _ in match.meta), *match.not_kept)}


def _owner_of(name: str, known: dict[str, Question]) -> str:
    """The question that the name of a column belongs to; a row of a grid is a question of its own."""
    owners = [one for one in known if name == one or name.startswith(f"{one}__")]
    return max(owners, key=len, default=name.partition("__")[0])


def _further_parts(
    sketch: Sketch, known: dict[str, Question], matched: dict[str, str], fresh: set[str]
) -> dict[str, list[SketchPart]]:
    """Items and options of questions that the file knows in part, by question."""
    found: dict[str, list[SketchPart]] = {}
    for question in sketch.questions:
        named = [matched[header] for header in question.columns if matched.get(header)]
        owners = {_owner_of(name, known) for name in named}
        if not owners and question.id in matched:
            owners = {question.id}
        if len(owners) != 1 or (owner := known.get(owners.pop())) is None:
            continue
        if owner.kind != question.kind or owner.kind not in ("multiple", "rating", "single"):
            continue
        taken = {part.id for part in owner.parts}
        wanted = {
            name.removeprefix(f"{question.id}__").partition("__")[0]
            for header, name in question.columns.items()
            if header in fresh
        }
        joined = question.id in question.columns.values() or not question.columns
        for part in (*question.options, *question.items):
            if (part.id in wanted or (joined and owner.kind != "rating")) and not _is_part(owner, part):
                fitting = SketchPart(unique(part.id, taken), part.label, list(part.aliases), part.exclusive)
                header = next(
                    (h for h, name in question.columns.items() if name == f"{question.id}__{part.id}"), ""
                )
                if header and owner.kind != "single":
                    fitting.aliases = [*fitting.aliases, header]
                found.setdefault(owner.id, []).append(fitting)
    return found


def _further_rows(
    sketch: Sketch, before: Instrument, matched: dict[str, str], fresh: set[str]
) -> dict[str, list[SketchPart]]:
    """Rows of grids that the file knows in part; a drafted grid that it knows otherwise is taken apart."""
    rows_of_grid: dict[str, list[SketchPart]] = {}
    known = {question.id: question for question in before.questions}
    for grid in [question for question in sketch.questions if question.made_of]:
        owners = {_owner_of(matched[header], known) for header in grid.columns if matched.get(header)}
        if not owners:
            continue
        wholes = [known[owner].whole for owner in owners if owner in known]
        whole = wholes[0] if wholes else None
        if (
            whole is None
            or any(one is not whole for one in wholes)
            or grid.answer != whole.answer
            or grid.answer == "multiple"
        ):
            take_apart(sketch, grid)
            continue
        taken = {row.id for row in whole.rows}
        for header, name in grid.columns.items():
            if header in fresh:
                own = next(row for row in grid.rows if name == f"{grid.id}__{row.id}")
                row = SketchPart(unique(own.id, taken), own.label, [*own.aliases])
                row.aliases += [header] if header not in row.aliases else []
                rows_of_grid.setdefault(whole.id, []).append(row)
    return rows_of_grid


def _by_grid(parts: dict[str, list[SketchPart]], known: dict[str, Question]) -> dict[str, list[SketchPart]]:
    """Options by the question as the file lists it: those of the rows of a grid are the grid's, once."""
    by_question: dict[str, list[SketchPart]] = {}
    for question_id, own in parts.items():
        listed = by_question.setdefault((known[question_id].whole or known[question_id]).id, [])
        listed += [part for part in own if not _has(listed, part)]
    return by_question


def _is_part(question: Question, part: SketchPart) -> bool:
    forms = {normalise(form) for one in question.parts for form in one.forms}
    return any(normalise(form) in forms for form in (*part.label.values(), *part.aliases))


def _has(parts: Iterable[SketchPart], part: SketchPart) -> bool:
    forms = {normalise(form) for one in parts for form in one.label.values()}
    return any(normalise(form) in forms for form in part.label.values())


def _refused_options(before: Instrument, table: RawTable, sketch: Sketch) -> dict[str, list[SketchPart]]:
    """Answers to single choices that the file has no option for, but for what looks like no answer."""
    found: dict[str, list[SketchPart]] = {}
    gaps = {normalise(word) for words in sketch.missing.values() for word in words}
    known = {question.id: question for question in before.questions}
    for refused in convert(table, before).refused:
        question = known.get(refused.subject)
        if (
            question is None
            or question.kind != "single"
            or not refused.read.key.startswith("cell_not_option")
        ):
            continue
        text = as_text(refused.column.cells[refused.rows[0]]).strip()
        if normalise(text) in gaps:
            continue
        taken = {option.id for option in question.options} | {one.id for one in found.get(question.id, [])}
        part = SketchPart(unique(f"option_{len(taken) + 1}", taken), {before.languages[0]: text})
        found.setdefault(question.id, []).append(part)
    return found


def _further_questions(
    sketch: Sketch, before: Instrument, matched: dict[str, str], fresh: set[str]
) -> list[SketchQuestion]:
    """Questions none of whose columns the file knows, under ids and short names that are free in it."""
    ids = {listed.id for listed in before.listed} | set(before.retired)
    shorts = {normalise(short) for question in before.questions for short in question.short.values()}
    forms = {
        normalise(form) for question in before.questions for part in question.parts for form in part.forms
    }
    found = []
    for question in sketch.questions:
        headers = list(question.columns) or [question.id]
        if not any(header in fresh for header in headers) or any(header in matched for header in headers):
            continue
        short = {}
        for lang, words in question.short.items():
            number, name = 1, words
            while normalise(name) in shorts:
                number += 1
                name = f"{words[:17].rstrip()} {number}"
            shorts.add(normalise(name))
            short[lang] = name
        made = replace(question, id=unique(question.id, ids), short=short)
        made.items = [replace(item, id=unique(item.id, forms)) for item in question.items]
        for wording in (made.short, made.text):
            for lang in before.languages:
                wording.setdefault(lang, next(iter(wording.values())))
        for part in (*made.options, *made.items, *made.rows):
            for lang in before.languages:
                part.label.setdefault(lang, next(iter(part.label.values())))
        found.append(made)
    return found


def _scales_for(added: list[SketchQuestion], sketch: Sketch, before: Instrument) -> list[SketchScale]:
    """The scales the added questions need; one that the file has already is used."""
    taken = set(before.scales)
    found: dict[str, SketchScale] = {}
    for question in added:
        if not question.scale:
            continue
        own = sketch.scales[question.scale]
        points = [(value, {normalise(text) for text in label.values()}) for value, label, _ in own.points]
        same = next(
            (
                name
                for name, scale in before.scales.items()
                if len(scale.rated) == len(points)
                and all(
                    any(
                        set(map(normalise, label.values())) & set(map(normalise, point.forms))
                        for point in scale.points
                    )
                    for _, label, _ in own.unrated
                )
                and all(
                    point.value == value and words & set(map(normalise, point.forms))
                    for point, (value, words) in zip(scale.rated, points, strict=True)
                )
            ),
            None,
        )
        if same is None and own.id not in found:
            scale_id = unique(own.id, taken)
            for _, label, _ in (*own.points, *own.unrated):
                for lang in before.languages:
                    label.setdefault(lang, next(iter(label.values())))
            found[own.id] = replace(own, id=scale_id)
        question.scale = same or found[own.id].id
    return list(found.values())


class _Page:
    """A YAML text into which lines are put without changing any other."""

    def __init__(self, text: str, note: str, lang: str) -> None:
        """Find the places of the text."""
        self._text = text if text.endswith("\n") else text + "\n"
        self._note = note
        self._lang = lang
        self._edits: list[tuple[int, int, str]] = []
        root = yaml.compose(self._text, Loader=yaml.SafeLoader)
        assert isinstance(root, yaml.MappingNode)
        self._root = root

    def text(self) -> str:
        """The text with everything put in."""
        text = self._text
        for index, _, words in sorted(self._edits, key=lambda edit: edit[:2], reverse=True):
            text = text[:index] + words + text[index:]
        return text

    def _put(self, index: int, words: str) -> None:
        self._edits.append((index, len(self._edits), words))

    def _after(self, node: yaml.Node) -> int:
        """The place after the last line of a node."""
        line = _last_line(node)
        place = 0
        for _ in range(line + 1):
            place = self._text.index("\n", place) + 1
        return place

    def _append(self, node: Any, words: str) -> None:
        """Put one entry, written in flow style, at the end of a sequence."""
        if node.flow_style:
            before = self._text[: node.end_mark.index - 1].rstrip()
            comma = "" if before.endswith(("[", ",")) else ", "
            self._put(len(before), f"{comma}{words}")
        else:
            self._put(self._after(node), f"{' ' * node.start_mark.column}- {words}  # {self._note}\n")

    def add_parts(
        self, question_id: str, parts: list[SketchPart], keys: tuple[str, ...] = ("items", "options")
    ) -> None:
        """Add options, items or rows to a question."""
        for question in _entry(self._root, "questions").value:
            own = _entry(question, "id")
            if own is None or own.value != question_id:
                continue
            target = next((node for key in keys if (node := _entry(question, key)) is not None), None)
            for part in parts if target is not None else ():
                line = part_line(replace(part, ask=""), self._lang, "").removeprefix("- ")
                self._append(target, line)

    def add_questions(self, questions: list[SketchQuestion]) -> None:
        """Add questions at the end of the list."""
        node = _entry(self._root, "questions")
        if questions and node.flow_style:
            raise usage("draft_update_failed", told="questions: [...]")
        shift = " " * node.start_mark.column
        for question in questions:
            lines = [shift + line.removeprefix("  ") for line in question_lines(question, self._lang)]
            self._put(self._after(node), "\n" + f"{shift}# {self._note}\n" + "\n".join(lines) + "\n")

    def add_scales(self, scales: list[SketchScale]) -> None:
        """Add scales below those there are."""
        node = _entry(self._root, "scales")
        for scale in scales:
            if node is None or not node.value or node.flow_style:
                words = "scales:\n" + "\n".join(scale_lines(scale, self._lang)) + "\n\n"
                if node is not None:
                    raise usage("draft_update_failed", told="scales: {...}")
                self._put(self._key_place("questions"), words)
                node = None
                self._merge_new_scales(scales[1:])
                return
            indent = " " * node.value[0][0].start_mark.column
            self._put(self._after(node), "\n".join(scale_lines(scale, self._lang, indent)) + "\n")

    def _merge_new_scales(self, scales: list[SketchScale]) -> None:
        for scale in scales:
            self._put(self._key_place("questions"), "\n".join(scale_lines(scale, self._lang)) + "\n\n")

    def add_meta(self, headers: dict[str, list[str]], before: Instrument) -> None:
        """Add headers of columns that are no answers."""
        node = _entry(self._root, "meta")
        known = {normalise(one) for found in before.meta.values() for one in found}
        fresh: list[str] = []
        for name, found in headers.items():
            found = [header for header in found if normalise(header) not in known]
            if not found:
                continue
            own = _entry(node, name) if node is not None else None
            if own is not None:
                for header in found:
                    self._append(own, quoted(header))
            else:
                fresh += [f"  {name}:", *(f"    - {quoted(header)}  # {self._note}" for header in found)]
        if not fresh:
            return
        if node is None:
            self._put(self._key_place("questions"), "\n".join(["meta:", *fresh]) + "\n\n")
        elif node.flow_style:
            raise usage("draft_update_failed", told="meta: {...}")
        else:
            shift = " " * node.value[0][0].start_mark.column
            self._put(self._after(node), "\n".join(shift + line.removeprefix("  ") for line in fresh) + "\n")

    def add_seen(self, headers: list[str], lang: str) -> None:
        """Remember the headers, so that what is deleted later stays deleted."""
        lines = list(seen_lines(headers, lang))
        if lines and SEEN in self._text:
            lines = [line for line in lines if line.startswith(f"# {SEEN}")]
        if lines:
            self._put(len(self._text), "\n".join(lines) + "\n")

    def _key_place(self, name: str) -> int:
        """The beginning of the line of a key at the top level."""
        key = next(key for key, _ in self._root.value if key.value == name)
        return int(self._text.rfind("\n", 0, key.start_mark.index) + 1)


def _entry(node: Any, name: str) -> Any:
    """The value of a key of a mapping; None where there is none."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _last_line(node: Any) -> int:
    """The last line on which something of a node stands."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        end = node.end_mark
        return int(end.line - 1 if end.column == 0 and end.line > node.start_mark.line else end.line)
    if isinstance(node, yaml.MappingNode):
        return max(_last_line(value) for _, value in node.value)
    return max(map(_last_line, node.value))
