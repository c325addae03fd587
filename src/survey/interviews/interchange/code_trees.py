"""Codes as a tree, as other tools have them: made from our four levels, and our levels made from it."""

import re
import unicodedata
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from survey.instrument.interview_schemas import (
    Aim,
    Approach,
    Codable,
    Code,
    InterviewCodebook,
    Subtheme,
    Theme,
)
from survey.instrument.schema import Wording, text_in
from survey.interviews.interchange.footers import split_footer, with_footer
from survey.messages import LANGUAGES, message
from survey.wording import normalise

# Every identifier is a name-based UUID below this one: the same content gives the same identifiers.
NAMESPACE = uuid.UUID("6f1c2a54-9d0e-5b7a-8c43-2f6e1d9b7a30")

# The wording of a code beside its definition, each on lines of its own below it.
_PARTS = ("use_when", "not_when", "assumption")


@dataclass(frozen=True)
class Node:
    """One code or group of codes as a file has it; `guid` in lower case, without braces."""

    guid: str
    name: str
    codable: bool
    description: str = ""
    children: tuple["Node", ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, each before its children."""
        yield self
        for child in self.children:
            yield from child.walk()


def guid(*parts: object) -> str:
    """The identifier of something, from what it is."""
    return str(uuid.uuid5(NAMESPACE, "/".join(map(str, parts))))


def tree_of(codebook: InterviewCodebook, lang: str = "en") -> tuple[Node, ...]:
    """Lay a codebook out as a tree: aims and themes only group, subthemes and codes can be given to segments.

    No two names are the same: where two labels are, each is followed by its id.
    """
    parts = [*codebook.aims, *codebook.themes, *codebook.subthemes, *codebook.codes]
    labels = Counter(normalise(part.said(lang)) for part in parts)

    def node(part: Any, level: str, children: list[Node]) -> Node:
        label = part.said(lang)
        name = label if labels[normalise(label)] == 1 else f"{label} ({part.id})"
        definition = part.definition if level == "code" else None
        lines = [text_in(definition, lang)] if definition else []
        for key in _PARTS:
            wording = getattr(part, key, None)
            if wording:
                lines.append(message(f"code_{key}", lang) + text_in(wording, lang))
        facts = {"level": level, "id": part.id}
        if level == "code":
            facts |= {"opposite": part.opposite, "guide_questions": list(part.guide_questions) or None}
            facts |= {"theory": list(part.theory) or None}
        if level in ("code", "subtheme"):
            facts["published"] = part.published
        own = guid(codebook.id, level, part.id)
        description = with_footer("\n".join(lines), facts)
        return Node(own, name, level in ("code", "subtheme"), description, tuple(children))

    def codes(subtheme: Subtheme) -> list[Node]:
        return [node(code, "code", []) for code in codebook.codes if code.subtheme == subtheme.id]

    def subthemes(theme: Theme) -> list[Node]:
        below = [part for part in codebook.subthemes if part.theme == theme.id]
        return [node(part, "subtheme", codes(part)) for part in below]

    def themes(aim: Aim) -> list[Node]:
        below = [part for part in codebook.themes if part.aim == aim.id]
        return [node(part, "theme", subthemes(part)) for part in below]

    return tuple(node(aim, "aim", themes(aim)) for aim in codebook.aims)


def matched(nodes: tuple[Node, ...], codebook: InterviewCodebook) -> dict[str, str]:
    """Find each node of a file in a codebook: by guid, by the id it was exported with, by id or label.

    Gives `guid -> id` of a code or subtheme; what is not found is missing.
    """
    labelled: list[tuple[str, Codable]] = [("code", part) for part in codebook.codes]
    labelled += [("subtheme", part) for part in codebook.subthemes]
    by_guid = {guid(codebook.id, level, part.id): part.id for level, part in labelled}
    by_name: dict[str, str] = {}
    for _, part in labelled:
        for form in part.forms:
            by_name.setdefault(normalise(form), part.id)
    ids = {part.id for _, part in labelled}
    part_ids: dict[str, str] = {}
    for node in (below for top in nodes for below in top.walk()):
        facts = split_footer(node.description)[1]
        if facts.get("level") in ("aim", "theme"):
            continue
        part_id = by_guid.get(node.guid) or (facts.get("id") if facts.get("id") in ids else None)
        part_id = part_id or by_name.get(normalise(node.name))
        if part_id:
            part_ids[node.guid] = part_id
    return part_ids


def names_twice(nodes: tuple[Node, ...]) -> list[str]:
    """The codes of a tree, each with what it lies below, that have a name in common whatever the capitals."""
    paths: dict[str, list[str]] = {}

    def descend(node: Node, above: tuple[str, ...]) -> None:
        if not node.children:
            paths.setdefault(normalise(node.name), []).append(" > ".join((*above, node.name)))
        for child in node.children:
            descend(child, (*above, node.name))

    for node in nodes:
        descend(node, ())
    return [path for alike in paths.values() if len(alike) > 1 for path in alike]


def codebook_of(
    nodes: tuple[Node, ...],
    *,
    schema_id: str,
    version: str,
    title: str,
    source: str,
    approach: Approach = "codebook",
    lang: str = "en",
) -> tuple[InterviewCodebook, dict[str, str]]:
    """Make a codebook from a tree of any depth; the second value is `guid -> id` of codes and subthemes.

    A node without children is a code. One with children is a subtheme where it can be coded itself or holds
    codes; its parent is the theme and the parent of that the aim. Where the tree is not so deep, the same
    node stands on the levels above. What the tree does not say (a definition, when to use a code) is put
    there in so many words, for the researcher to fill in.
    """
    levels = _Levels(lang)
    for node in nodes:
        levels.descend((node,))

    def wording(text: str) -> Wording:
        return {lang: text}

    codebook = InterviewCodebook(
        kind="interview-codebook",
        id=schema_id,
        version=version,
        languages=(lang,),
        title=wording(title),
        description=wording(message("codebook_read_from", lang, source=source)),
        approach=approach,
        assumption=wording(message("codebook_approach_ours", lang, approach=approach)),
        aims=tuple(levels.aims.values()),
        themes=tuple(levels.themes.values()),
        subthemes=tuple(levels.subthemes.values()),
        codes=tuple(_with_opposites(levels.codes, nodes, levels.part_ids)),
    )
    return codebook, levels.part_ids


class _Levels:
    """The four levels of a codebook while a tree is walked; groups by the guid of their node."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.codes: list[Code] = []
        self.subthemes: dict[str, Subtheme] = {}
        self.themes: dict[str, Theme] = {}
        self.aims: dict[str, Aim] = {}
        self.part_ids: dict[str, str] = {}
        self._names = _Names()
        self._ungrouped = Node("", message("codes_ungrouped", lang), False)

    def descend(self, path: tuple[Node, ...]) -> None:
        """Take the last node of a path, and all below it."""
        node = path[-1]
        level = _parted(node).get("level")
        if not node.children and level not in ("aim", "theme", "subtheme"):
            self._code(path)
            return
        codable = node.codable and level not in ("aim", "theme")
        if codable or any(not child.children for child in node.children):
            self._group(path)
        for child in node.children:
            self.descend((*path, child))

    def _code(self, path: tuple[Node, ...]) -> None:
        parts = _parted(path[-1])
        unstated = message("code_unstated", self.lang)
        subtheme = self._group(path[:-1] or (self._ungrouped,))
        own_id, label = self._names.new("code", path)
        code = Code(
            id=own_id,
            label={self.lang: label},
            definition={self.lang: parts.get("definition") or unstated},
            use_when={self.lang: parts.get("use_when") or unstated},
            not_when={self.lang: parts.get("not_when") or unstated},
            subtheme=subtheme,
            guide_questions=tuple(parts.get("guide_questions", ())),
            theory=tuple(parts.get("theory", ())),
            published=parts.get("published"),
            assumption=self._assumption(parts),
        )
        self.codes.append(code)
        self.part_ids[path[-1].guid] = own_id

    def _group(self, path: tuple[Node, ...]) -> str:
        """The subtheme that the last node of a path is, with the levels above it."""
        own = path[-1]
        if own.guid not in self.subthemes:
            theme = path[-2] if len(path) > 1 else own
            aim = path[-3] if len(path) > 2 else theme
            parts = _parted(own)
            if aim.guid not in self.aims:
                own_id, label = self._names.new("aim", path[-3:-2] or path[-2:-1] or path)
                self.aims[aim.guid] = Aim(id=own_id, label={self.lang: label})
            if theme.guid not in self.themes:
                own_id, label = self._names.new("theme", path[:-1] or path)
                above = self.aims[aim.guid].id
                self.themes[theme.guid] = Theme(id=own_id, label={self.lang: label}, aim=above)
            own_id, label = self._names.new("code", path)
            self.subthemes[own.guid] = Subtheme(
                id=own_id,
                label={self.lang: label},
                theme=self.themes[theme.guid].id,
                published=parts.get("published"),
                assumption=self._assumption(parts),
            )
            self.part_ids[own.guid] = own_id
        return self.subthemes[own.guid].id

    def _assumption(self, parts: dict[str, Any]) -> Wording | None:
        return {self.lang: parts["assumption"]} if parts.get("assumption") else None


def _with_opposites(codes: list[Code], nodes: tuple[Node, ...], part_ids: dict[str, str]) -> list[Code]:
    """The codes with their opposites, where two codes of the file name each other."""
    opposites = {
        part_ids[node.guid]: _parted(node).get("opposite")
        for top in nodes
        for node in top.walk()
        if node.guid in part_ids
    }
    return [
        code.model_copy(update={"opposite": other})
        if (other := opposites.get(code.id)) and opposites.get(other) == code.id
        else code
        for code in codes
    ]


def _parted(node: Node) -> dict[str, Any]:
    """What a description of ours says part by part; a description of another tool is a definition."""
    text, facts = split_footer(node.description)
    parts: dict[str, Any] = {
        key: value for key, value in facts.items() if key in _FACTS and _FACTS[key](value)
    }
    for key in reversed(_PARTS):
        for lang in LANGUAGES:
            before, sign, after = ("\n" + text).rpartition("\n" + message(f"code_{key}", lang))
            if sign and facts:
                parts[key] = after.strip()
                text = before.removeprefix("\n")
    if text.strip():
        parts["definition"] = text.strip()
    return parts


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", value) is not None


def _are_questions(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, str) and re.fullmatch(r"Q[1-9][0-9]*", one) for one in value
    )


# What a footer may say, checked: anybody may have edited it.
_FACTS: dict[str, Callable[[Any], bool]] = {
    "id": _is_id,
    "opposite": _is_id,
    "guide_questions": _are_questions,
    "theory": lambda value: (
        isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)
    ),
    "published": lambda value: isinstance(value, bool),
    "level": lambda value: isinstance(value, str),
}


class _Names:
    """Ids and labels for the parts of a new codebook, each told apart from all others of its level."""

    def __init__(self) -> None:
        self.taken: dict[str, set[str]] = {}

    def new(self, level: str, path: tuple[Node, ...]) -> tuple[str, str]:
        """An id as exported by us, else from the name, else from the guid; the name, with what it lies below
        or its id where another part is called so too.
        """
        node = path[-1]
        taken = self.taken.setdefault(level, set())
        exported_id = _parted(node).get("id")
        words = re.findall(r"[a-z0-9]+", _ascii(node.name).lower())
        base = exported_id or "_".join(words)[:60].strip("_")
        if not base:
            base = "code_" + (node.guid.replace("-", "")[:8] or "none")
        if not base[0].isalpha():
            base = f"code_{base}"
        own, number = base, 2
        while own in taken:
            own, number = f"{base}_{number}", number + 1
        labels = [
            node.name,
            *(f"{above.name} / {node.name}" for above in path[-2:-1]),
            f"{node.name} ({own})",
        ]
        label = next((one for one in labels if normalise(one) not in taken), f"{own}: {node.name}")
        taken |= {own, normalise(label)}
        return own, label


def _ascii(text: str) -> str:
    """A name in ASCII letters; empty where it has others, which would be lost."""
    plain = unicodedata.normalize("NFKD", text)
    letters = [character for character in plain if character.isalnum()]
    if any(not character.isascii() for character in letters):
        return ""
    return plain.encode("ascii", "ignore").decode()


def named_reference(reference: Any, stem: str) -> tuple[str, str]:
    """Id and version of a codebook: those it was exported with, else an id from the name of the file."""
    pattern = r"([a-z][a-z0-9]*(-[a-z0-9]+)*)@((0|[1-9]\d*)(\.(0|[1-9]\d*)){2})"
    match = re.fullmatch(pattern, reference if isinstance(reference, str) else "")
    if match:
        return match[1], match[3]
    words = "-".join(re.findall("[a-z0-9]+", stem.lower())) or "codebook"
    return words if words[0].isalpha() else f"codebook-{words}", "1.0.0"
