"""Composing: a version of a survey and some of its modules become the next version."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from survey.arguments import unfit
from survey.errors import InstrumentError, Place, Problem, SurveyError, usage
from survey.instrument.loading import (
    KINDS,
    find_schema,
    load_instrument,
    parse_kind,
    schema_path,
    version_key,
)
from survey.instrument.model import Instrument
from survey.instrument.question import Grid, Question
from survey.instrument.scale import Scale
from survey.instrument.schema import KeyPath
from survey.instrument.schema_text import schema_text
from survey.instrument.survey_modules import SurveyModule
from survey.instrument.versions import SchemaDiff, diff_instruments
from survey.instrument.yaml_values import Located, read_text
from survey.messages import message
from survey.wording import near_misses

if TYPE_CHECKING:
    import pandas as pd

Listed = Question | Grid


@dataclass(frozen=True)
class Composition:
    """A version of a survey with modules in it.

    Attributes
    ----------
    base
        The version that the modules are for.
    modules
        The modules, in the order in which they were named.
    instrument
        The version that they make.
    """

    base: Instrument
    modules: tuple[SurveyModule, ...]
    instrument: Instrument

    @cached_property
    def diff(self) -> SchemaDiff:
        """What changed since the base, as `survey.diff_instruments` has it."""
        return diff_instruments(self.base, self.instrument)

    @property
    def yaml(self) -> str:
        """The version as the text of its file; what is in a module stands below a comment that names it."""
        names = [module.reference for module in self.modules]
        head = message("module_composed", base=self.base.reference, modules=names)
        lang = self.base.languages[0]
        notes = {one.questions[0].id: f"{one.reference}: {one.titled(lang)}" for one in self.modules}
        return schema_text(self.instrument, head, notes)

    @property
    def costs(self) -> "pd.DataFrame":
        """One row per module: `module, questions, columns, after, behind, breaks_trend`.

        `questions` are how many it asks (a grid is one), `columns` how many they have in the data. `behind`
        are the ids of the base's questions that now come later than its own, `breaks_trend` those of the
        questions whose answers may no longer be compared because of it, both as tuples.
        """
        import pandas as pd

        rows = [self._cost(module) for module in self.modules]
        names = ("module", "questions", "columns", "after", "behind", "breaks_trend")
        return pd.DataFrame(rows, columns=list(names)).astype({"questions": "int64", "columns": "int64"})

    def _cost(self, module: SurveyModule) -> tuple[str, int, int, str, tuple[str, ...], tuple[str, ...]]:
        own = {question.id for question in module.questions}
        asked = [one for one in self.instrument.questions if (one.whole or one).id in own]
        order = [question.id for question in self.instrument.listed]
        known = {question.id for question in self.base.listed}
        first = order.index(module.questions[0].id)
        behind = [name for name in order[first:] if name in known]
        broken = [
            name
            for one in self.diff.alterations
            if one.rule.breaks and set(one.where.split(".")[1:2]) & {*own, *module.scales}
            for name in one.questions
        ]
        columns = sum(len(question.columns) for question in asked)
        before = next((name for name in reversed(order[:first]) if name in known), "")
        return module.reference, len(own), columns, before, tuple(behind), tuple(broken)


class _Part(NamedTuple):
    """A module, and where its parts stand."""

    module: SurveyModule
    located: Located

    def problem(self, path: KeyPath, key: str, **values: object) -> Problem:
        """What is wrong with a part of it."""
        return Problem(key, self.located(path), {"module": self.module.reference, **values})


def compose_instrument(
    reference: str | Path | Instrument,
    modules: Sequence[str | Path | SurveyModule],
    *,
    version: str,
) -> Composition:
    """Compose a version of a survey and some of its modules: all questions of both, each module in its place.

    A module is asked behind the question that it names (`after`), else last; of several at one place the one
    named first comes first. Nothing that the base asks changes.

    Parameters
    ----------
    reference
        The version that the modules are for: `ID@VERSION`, a path, or an `Instrument`.
    modules
        Modules by their ids (`survey.list_instruments("survey-module")`) or paths, in the order wanted.
    version
        The number of the version that they make: newer than that of the base, by a minor step at least.

    Raises
    ------
    UsageError
        There is no such survey or module, a module stands there twice, or the version is not newer.
    InstrumentError
        A module is wrong, is for another version, lacks a language, repeats an id, or is asked by the answer
        to a later question; every problem carries file and line.

    Examples
    --------
    >>> import survey
    >>> made = survey.compose_instrument("executive-survey@1.1.0", ["objectives"], version="1.2.0")
    >>> made.instrument.listed[-1].id, made.diff.bump, made.diff.breaks_trend
    ('expansion_objectives', 'minor', ())
    """
    if isinstance(modules, str | Path) or not isinstance(modules, Sequence):
        raise unfit("modules_needed", modules)
    if not modules:
        raise usage("modules_none")
    base = load_instrument(reference)
    _check_version(base, version)
    parts = _read(modules)
    composed, problems = _composed(base, parts, version)
    if composed is None or problems:
        raise InstrumentError(*problems)
    composition = Composition(base, tuple(part.module for part in parts), composed)
    if not composition.diff.honest:
        bump, declared = composition.diff.bump, composition.diff.declared_bump
        raise usage("module_step", old=base.reference, version=version, bump=bump, declared=declared)
    return composition


def _check_version(base: Instrument, version: object) -> None:
    """Refuse what is no version, or none that comes after the base."""
    try:
        key = version_key(version) if isinstance(version, str) else ()
    except ValueError:
        key = ()
    if len(key) != 3 or version != ".".join(map(str, key)):
        raise usage("module_version", version=version)
    if key <= version_key(base.version):
        raise usage("module_version_old", version=version, base=base.reference)


def _read(references: Sequence[str | Path | SurveyModule]) -> list[_Part]:
    """The modules named, with their places; what is wrong with several files is told together."""
    parts: list[_Part] = []
    problems: list[Problem] = []
    for reference in references:
        try:
            part = _read_one(reference)
        except InstrumentError as error:
            problems += error.problems
            continue
        if part.module.id in {other.module.id for other in parts}:
            raise usage("module_twice", module=part.module.id)
        parts.append(part)
    if problems:
        raise InstrumentError(*problems)
    return parts


def _read_one(reference: str | Path | SurveyModule) -> _Part:
    if isinstance(reference, SurveyModule):
        name = reference.reference
        return _Part(reference, lambda path: Place(file=name, subject=".".join(map(str, path))))
    path = schema_path(reference)
    schema, located = parse_kind(read_text(path), str(path), KINDS)
    if not isinstance(schema, SurveyModule):
        raise usage("not_a_module", reference=str(reference), kind=schema.kind)
    return _Part(schema, located)


def _composed(
    base: Instrument, parts: Sequence[_Part], version: str
) -> tuple[Instrument | None, list[Problem]]:
    """The version that base and modules make, and what is wrong with it; none where they do not fit."""
    problems = [problem for part in parts for problem in _fit_problems(base, part, parts)]
    problems += _double_problems(base, [part for part in parts if part.module.base == base.reference])
    if problems:
        return None, problems
    owners: list[tuple[_Part | None, int]] = []
    listed: list[Listed] = []
    for position, question in enumerate((*base.listed, None)):
        if question is not None:
            listed.append(question)
            owners.append((None, position))
        for part in parts:
            if part.module.after == (question.id if question else None):
                listed += part.module.marked
                owners += [(part, place) for place in range(len(part.module.questions))]
    sources = [*base.sources, *(source for part in parts for source in part.module.sources)]
    scales: dict[str, Scale] = dict(base.scales)
    for part in parts:
        scales |= part.module.scales
    update = {"version": version, "changes": (), "sources": tuple(dict.fromkeys(sources))}
    composed = base.model_copy(update={**update, "scales": scales, "listed": tuple(listed)})
    for path, key, values in composed.faults():
        owner, own = _owner(path, owners, parts, base)
        if key == "route_not_earlier" and owner and (other := _asked_by(values["other"], parts)):
            problems.append(_route_problem(owner, own, other, values))
        elif owner:
            problems.append(Problem(key, owner.located(own), values))
        else:
            problems.append(Problem(key, Place(file=base.reference, subject=".".join(map(str, own))), values))
    return composed, problems


def _fit_problems(base: Instrument, part: _Part, parts: Sequence[_Part]) -> Iterator[Problem]:
    """What keeps a module from being put into the base: another version, languages, its place, its needs."""
    module = part.module
    if module.base != base.reference:
        yield part.problem(("for",), "module_other_base", wanted=module.base, base=base.reference)
        return
    if set(module.languages) != set(base.languages):
        values = {"languages": list(module.languages), "base": base.reference, "wanted": list(base.languages)}
        yield part.problem(("languages",), "module_languages", **values)
    known = [question.id for question in base.listed]
    if module.after is not None and module.after not in known:
        near = list(near_misses(module.after, known) or known)
        yield part.problem(("after",), "module_after", after=module.after, base=base.reference, known=near)
    there = {other.module.id for other in parts}
    for position, name in enumerate(module.needs):
        if name not in there:
            yield part.problem(("needs", position), "module_needs", needed=name)


def _double_problems(base: Instrument, parts: Sequence[_Part]) -> Iterator[Problem]:
    """Ids that the base or a module named before has already; the same scale may stand in two modules."""
    questions = {question.id: base.reference for question in base.listed}
    questions |= {rule.id: base.reference for rule in base.derived}
    scales = {name: (base.reference, scale) for name, scale in base.scales.items()}
    for part in parts:
        for position, question in enumerate(part.module.questions):
            owner = questions.setdefault(question.id, part.module.reference)
            if owner != part.module.reference:
                yield part.problem(
                    ("questions", position, "id"), "module_id_there", id=question.id, owner=owner
                )
        for name, scale in part.module.scales.items():
            owner, other = scales.setdefault(name, (part.module.reference, scale))
            if other != scale:
                yield part.problem(("scales", name), "module_scale_there", id=name, owner=owner)


def _owner(
    path: KeyPath, owners: Sequence[tuple[_Part | None, int]], parts: Sequence[_Part], base: Instrument
) -> tuple[_Part | None, KeyPath]:
    """The module (None: the base) that a part of the version is from, and the part's place there."""
    match path:
        case ("questions", int(position), *rest):
            owner, own = owners[position]
            return owner, ("questions", own, *rest)
        case ("scales", str(name), *_) if name not in base.scales:
            return next(part for part in parts if name in part.module.scales), path
    return None, path


def _asked_by(question: str, parts: Sequence[_Part]) -> _Part | None:
    """The module that asks a question, or the grid that a row is of."""
    names = {question, question.partition("__")[0]}
    return next((part for part in parts if names & {one.id for one in part.module.questions}), None)


def _route_problem(owner: _Part, path: KeyPath, other: _Part, values: Mapping[str, object]) -> Problem:
    """A question that is asked by the answer to one which comes later, or two by each other."""
    shown = {"question": values["question"], "other": values["other"], "later": other.module.reference}
    own = {question.id for question in owner.module.questions}
    back = {one.asked_if.question.partition("__")[0] for one in other.module.questions if one.asked_if}
    if owner.module.id == other.module.id:
        return owner.problem(path, "module_route_itself", **shown)
    return owner.problem(path, "module_route_circle" if own & back else "module_route_later", **shown)


def check_module(path: Path, module: SurveyModule) -> list[Problem]:
    """Check a module in the survey it is for, with the modules it needs: beside it, above it, or packaged."""
    folders = (path.parent, path.parent.parent)
    located = parse_kind(read_text(path), str(path), KINDS)[1]
    part = _Part(module, located)
    base = find_schema(module.base, *folders)
    if not isinstance(base, Instrument):
        return [part.problem(("for",), "module_no_base", wanted=module.base)]
    try:
        needed = _needed(part, folders, ())
    except SurveyError as error:
        return list(error.problems)
    major, minor, _ = version_key(base.version)
    _, problems = _composed(base, [*needed, part], f"{major}.{minor + 1}.0")
    return [problem for problem in problems if problem.place.file == str(path)]


def _needed(part: _Part, folders: Sequence[Path], above: tuple[str, ...]) -> list[_Part]:
    """The modules that one needs, those that they need first; `above` are those that led to it."""
    needed: dict[str, _Part] = {}
    above = (*above, part.module.id)
    for position, name in enumerate(part.module.needs):
        where = ("needs", position)
        if name in above:
            raise InstrumentError(part.problem(where, "module_needs_circle", circle=[*above, name]))
        module = find_schema(name, *folders)
        if not isinstance(module, SurveyModule) or module.base != part.module.base:
            raise InstrumentError(part.problem(where, "module_needs_absent", needed=name))
        own = _read_one(module)
        needed |= {other.module.id: other for other in (*_needed(own, folders, above), own)}
    return list(needed.values())
