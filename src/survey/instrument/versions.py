"""What changed between two versions of a schema, what class of change it is, and whose trend it breaks.

The rules are the table `RULES`; docs/versions.md prints it. Two schemas are laid out as parts (questions,
options, points, ...) and fields, each at a place named by ids: `questions.firm_type.options.biotech.label`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from survey.errors import usage
from survey.instrument.change_rules import (
    ADMINISTRATION,
    DECLARED,
    DERIVED,
    DIRECTION,
    ORDER,
    RETIRED,
    RULES,
    Level,
    Move,
    Rule,
)
from survey.instrument.derived import Derived, ordered_rules, routes_of, scored_columns
from survey.instrument.loading import load_schema
from survey.instrument.model import Instrument
from survey.instrument.schema import Schema
from survey.instrument.schema_layout import ASKED, Layout, lay_out

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Alteration:
    """One change: where, what, its class, and the questions whose trend it breaks."""

    where: str
    move: Move
    before: str
    after: str
    rule: Rule
    questions: tuple[str, ...] = ()

    @property
    def level(self) -> Level:
        """The class of the change."""
        return self.rule.level


@dataclass(frozen=True)
class SchemaDiff:
    """Every change from `old` to `new`.

    `bump` is the smallest honest step of the version number (`none`, `patch`, `minor` or `major`; `refused`
    where a retired id is used again). Changes that wait for a declaration are in `undeclared`: they count as
    a patch in `bump`, and it says so wherever it is printed.
    """

    old: Schema
    new: Schema
    alterations: tuple[Alteration, ...] = field(default=())

    @property
    def bump(self) -> str:
        """The smallest honest step of the version number."""
        levels = {alteration.level for alteration in self.alterations}
        if "refused" in levels:
            return "refused"
        ranked = [level for level in reversed(ORDER) if level in levels]
        return ranked[0] if ranked else "patch" if "undeclared" in levels else "none"

    @property
    def declared_bump(self) -> str:
        """The step that the version numbers say."""
        before, after = (tuple(map(int, schema.version.split("."))) for schema in (self.old, self.new))
        if after <= before:
            return "none" if after == before else "backwards"
        step = next(place for place in range(3) if before[place] != after[place])
        return ("major", "minor", "patch")[step]

    @property
    def honest(self) -> bool:
        """Whether the version number says at least what changed, and every changed wording is declared."""
        if self.bump == "refused" or self.undeclared or self.declared_bump == "backwards":
            return False
        steps = ("none", *ORDER)
        return steps.index(self.declared_bump) >= steps.index(self.bump)

    @property
    def undeclared(self) -> tuple[str, ...]:
        """The places whose wording changed without a declared kind (typo, clarification, meaning)."""
        return tuple(one.where for one in self.alterations if one.level == "undeclared")

    @property
    def breaks_trend(self) -> tuple[str, ...]:
        """The ids of the questions whose answers may no longer be compared, in the order asked."""
        breaking = [one for one in self.alterations if one.rule.breaks]
        broken = {name for one in breaking for name in _broken_by(one)}
        both = [*_question_ids(self.new), *_question_ids(self.old)]
        for schema in (self.old, self.new):
            for rule in ordered_rules(_rules(schema)):
                read = _columns_read(schema, rule)
                broken |= {rule.id} if broken & (read | {name.partition("__")[0] for name in read}) else set()
        broken |= {name for one in breaking for name in one.questions}
        return tuple(name for name in dict.fromkeys(both) if name in broken)

    @property
    def broken(self) -> dict[str, Alteration]:
        """What may not be compared, and the first change that says so: question ids, and `question__item`.

        A change of one item of a rating breaks that item alone. Wording that changed without a word of what
        it means breaks, too, until somebody declares it.
        """
        broken: dict[str, Alteration] = {}
        for one in self.alterations:
            if one.rule.breaks or one.level == "undeclared":
                broken |= {name: one for name in _broken_by(one) if name not in broken}
        for schema in (self.old, self.new):
            for rule in ordered_rules(_rules(schema)):
                read = _columns_read(schema, rule)
                names = sorted({*read, *(name.partition("__")[0] for name in read)})
                first = next((broken[name] for name in names if name in broken), None)
                if first is not None:
                    broken.setdefault(rule.id, first)
        return broken

    @property
    def changes(self) -> "pd.DataFrame":
        """One row per change: `where, change, before, after, class, breaks_trend, why`.

        `breaks_trend` joins the question ids with spaces; `why` is the English sentence of the rule.
        """
        import pandas as pd

        from survey.messages import message

        rows = [
            {
                "where": one.where,
                "change": one.move,
                "before": one.before,
                "after": one.after,
                "class": one.level,
                "breaks_trend": " ".join(one.questions) if one.rule.breaks else "",
                "why": message(one.rule.why),
            }
            for one in self.alterations
        ]
        names = ("where", "change", "before", "after", "class", "breaks_trend", "why")
        return pd.DataFrame(rows, columns=list(names), dtype=object)


def diff_instruments(old: "str | Path | Schema", new: "str | Path | Schema") -> SchemaDiff:
    """Compare two versions of one schema (a survey, a guide or a codebook): every change and its class.

    Parameters
    ----------
    old, new
        `ID@VERSION`, paths of YAML files, or schemas.

    Raises
    ------
    UsageError
        There is no such schema, or the two are of different id or kind.
    InstrumentError
        A file is wrong.

    References
    ----------
    Semantic Versioning 2.0.0 (semver.org), applied to what answers mean; the rules are in `RULES`.

    Examples
    --------
    >>> import survey
    >>> survey.diff_instruments("executive-survey@1.0.0", "executive-survey@1.1.0").bump
    'minor'
    """
    before, after = (one if isinstance(one, Schema) else load_schema(one) for one in (old, new))
    if (before.id, before.kind) != (after.id, after.kind):
        raise usage("diff_strangers", old=before.reference, new=after.reference)
    return SchemaDiff(before, after, tuple(_alterations(before, after)))


def _question_ids(schema: Schema) -> list[str]:
    return [one.id for one in (*getattr(schema, "questions", ()), *_rules(schema))]


def _rules(schema: Schema) -> tuple[Derived, ...]:
    """What a survey derives."""
    return schema.derived if isinstance(schema, Instrument) else ()


def _broken_by(alteration: Alteration) -> tuple[str, ...]:
    """What an alteration breaks for what is derived: an item alone (`rating__item`), else whole questions."""
    steps = alteration.where.split(".")
    if steps[0] == "questions" and steps[2:3] == ["items"] and len(steps) > 3:
        return (f"{steps[1]}__{steps[3]}",)
    return alteration.questions


def _columns_read(schema: Schema, rule: Derived) -> set[str]:
    """The variables that a rule reads; of a rating the items, as `rating__item`, of a grid the rows."""
    assert isinstance(schema, Instrument)
    if rule.kind == "score":
        return {column for _, _, column in scored_columns(rule, schema.sources_of(rule))}
    routes = [route for option in rule.options for route in routes_of(option)]
    conditions = [f"{route.question}__{route.item}" if route.item else route.question for route in routes]
    return {*rule.sources, *conditions}


def _alterations(old: Schema, new: Schema) -> Iterator[Alteration]:
    before, after = Layout(), Layout()
    for schema, layout in ((old, before), (new, after)):
        lay_out(schema, "", "Schema", layout)
    yield from _part_changes(old, new, before, after)
    yield from _order_changes(old, new, before, after)
    yield from _field_changes(old, new, before, after)
    yield from _word_changes(old, new, before, after)
    yield from _score_changes(old, new)


def _part_changes(old: Schema, new: Schema, before: Layout, after: Layout) -> Iterator[Alteration]:
    retired = set(getattr(old, "retired", ()))
    moves: tuple[tuple[Move, Layout, Layout, Schema], ...] = (
        ("removed", before, after, old),
        ("added", after, before, new),
    )
    for move, here, there, schema in moves:
        gone = [where for where in here.parts if where not in there.parts]
        for where in gone:
            if any(where.startswith(f"{parent}.") for parent in gone):
                continue  # what hangs below goes with it
            kind = here.parts[where]
            rule = RULES.get((kind, "", move)) or RULES["any", "", move]
            if move == "added" and kind == "Question" and f"{where}.required" in here.fields:
                rule = Rule("major", False, "why_question_required")
            if move == "added" and {_column(where), where.split(".")[-1]} & retired:
                rule = RETIRED
            label = where.split(".")[-1]
            values = (label, "") if move == "removed" else ("", label)
            yield Alteration(where, move, *values, rule, _concerned(where, schema))


def _column(where: str) -> str:
    """The name of a question or option as `retired` has it: `question` or `question__option`."""
    steps = where.split(".")
    return "__".join(steps[1::2]) if steps[0] in ("questions", "derived") else ""


def _order_changes(old: Schema, new: Schema, before: Layout, after: Layout) -> Iterator[Alteration]:
    for where, names in after.orders.items():
        earlier = before.orders.get(where, [])
        shared = [name for name in names if name in earlier]
        was = [name for name in earlier if name in shared]
        if shared != was:
            kind = after.parts[f"{where}.{names[0]}"]
            rule = RULES.get((kind, "", "reordered")) or RULES["any", "", "reordered"]
            if kind == "DerivedOption" and _is_condition(where.split(".")[1], new):
                rule = DERIVED  # the first that holds counts
            yield Alteration(
                where, "reordered", " ".join(was), " ".join(shared), rule, _concerned(where, new)
            )


def _field_changes(old: Schema, new: Schema, before: Layout, after: Layout) -> Iterator[Alteration]:
    for where in dict.fromkeys([*before.fields, *after.fields]):
        was, now = before.fields.get(where), after.fields.get(where)
        owner, name, _ = known = was or now  # type: ignore[misc]
        if was == now or not _both_have(where, name, before, after):
            continue
        move: Move = "added" if was is None else "removed" if now is None else "changed"
        rule = RULES.get((owner, name, move)) or RULES.get((owner, "any", "changed"))
        rule = rule or RULES.get(("any", name, move)) or ADMINISTRATION
        first, second = ("" if side is None else str(side[2]) for side in (was, now))
        schema = new if known is now else old
        yield Alteration(where, move, first, second, rule, _concerned(where, schema))


def _both_have(where: str, name: str, before: Layout, after: Layout) -> bool:
    """Whether the part that a field belongs to stands in both versions."""
    steps = where.split(".")
    for length in range(len(steps) - 1, -1, -1):
        owner = ".".join(steps[:length])
        if owner in before.parts or owner in after.parts:
            return owner in before.parts and owner in after.parts
    return True


def _word_changes(old: Schema, new: Schema, before: Layout, after: Layout) -> Iterator[Alteration]:
    declared = {change.where: change.kind for change in new.changes}
    turned = set(_turned_scales(before, after))
    for scale in turned:
        yield Alteration(f"scales.{scale}", "changed", "", "", DIRECTION, _concerned(f"scales.{scale}", new))
    shared = set(old.languages) & set(new.languages)
    for where in dict.fromkeys([*before.words, *after.words]):
        name = where.split(".")[-1]
        if not _both_have(where, name, before, after):
            continue
        if where.startswith("scales.") and where.split(".")[1] in turned:
            continue
        was, now = before.words.get(where, {}), after.words.get(where, {})
        changed = [lang for lang in old.languages if lang in shared and was.get(lang) != now.get(lang)]
        if not changed:
            continue
        rule = ADMINISTRATION
        if name in ASKED and was and now:
            rule = DECLARED[declared.get(where)]
        first, second = (
            ", ".join(f"{lang}: {side[lang]}" for lang in changed if lang in side) for side in (was, now)
        )
        move: Move = "added" if not was else "removed" if not now else "changed"
        yield Alteration(where, move, first, second, rule, _concerned(where, new))


def _is_condition(variable: str, schema: Schema) -> bool:
    return any(rule.id == variable and rule.kind == "condition" for rule in _rules(schema))


def _score_changes(old: Schema, new: Schema) -> Iterator[Alteration]:
    """Find scores of all items of a rating that has other items now."""
    if not (isinstance(old, Instrument) and isinstance(new, Instrument)):
        return
    for rule in new.derived:
        earlier = old.rule_of(rule.id)
        if rule.kind != "score" or earlier is None or earlier.kind != "score" or rule.items != earlier.items:
            continue
        was, now = (
            [column for _, _, column in scored_columns(one, schema.sources_of(one))]
            for one, schema in ((earlier, old), (rule, new))
        )
        if was != now and rule.sources == earlier.sources:
            where = f"derived.{rule.id}.items"
            yield Alteration(where, "changed", " ".join(was), " ".join(now), DERIVED, (rule.id,))


def _turned_scales(before: Layout, after: Layout) -> Iterator[str]:
    """The scales whose labels stand in the opposite order: the direction was turned."""
    for where, points in after.orders.items():
        steps = where.split(".")
        if steps[0] != "scales" or steps[-1] != "points" or before.orders.get(where) != points:
            continue
        was = [before.words.get(f"{where}.{point}.label") for point in points]
        now = [after.words.get(f"{where}.{point}.label") for point in points]
        if was != now and was == now[::-1]:
            yield steps[1]


def _concerned(where: str, schema: Schema) -> tuple[str, ...]:
    """The questions that a place belongs to: its own, or all that use the scale."""
    steps = where.split(".")
    if steps[0] in ("questions", "derived") and len(steps) > 1:
        grid = next((one for one in getattr(schema, "grids", ()) if one.id == steps[1]), None)
        if grid is None or steps[0] == "derived":
            return (steps[1],)
        rows = [steps[3]] if steps[2:3] == ["rows"] and len(steps) > 3 else [row.id for row in grid.rows]
        return tuple(f"{grid.id}__{row}" for row in rows)
    if steps[0] == "scales" and len(steps) > 1:
        questions = getattr(schema, "questions", ())
        return tuple(one.id for one in questions if getattr(one, "scale", "") == steps[1])
    return ()
