"""The hashes of released versions: written once, checked ever after."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

import yaml

from survey.errors import InstrumentError, Place, Problem, usage
from survey.files.saving import save_text
from survey.instrument.loading import KINDS, read_schema, version_key
from survey.instrument.model import Instrument
from survey.instrument.schema import HasId, Schema
from survey.instrument.versions import diff_instruments
from survey.instrument.yaml_values import parse_values, read_text

LOCK_FILE = "lock.yaml"
_HEAD = (
    "# Hashes of released versions, written by `survey instrument lock`. A released version is never\n"
    "# edited: make a new one. semantic: ids, codes, scales, routing; whole: every word.\n"
)


def schema_files(paths: tuple[str | Path, ...]) -> list[Path]:
    """Give the schema files that paths name: files as they are, folders with all that is below them.

    Raises
    ------
    UsageError
        There is no such path, or no schema below a folder.
    """
    files = []
    for path in map(Path, paths):
        if path.is_dir():
            below = sorted(file for file in path.rglob("*.y*ml") if file.name != LOCK_FILE)
            if not below:
                raise usage("no_schemas", path=path)
            files += below
        else:
            files.append(path)
    return files


def check_schemas(paths: tuple[str | Path, ...]) -> list[tuple[Path, Schema]]:
    """Check schema files, and what their folders say of them: locks, version numbers, ids used again.

    Raises
    ------
    InstrumentError
        Anything is wrong; all files are checked before it is told.
    """
    problems: list[Problem] = []
    checked = []
    for path in schema_files(paths):
        try:
            schema = read_schema(path)
        except InstrumentError as error:
            problems += error.problems
            continue
        problems += _release_problems(path, schema)
        checked.append((path, schema))
    if problems:
        raise InstrumentError(*problems)
    return checked


def lock_schemas(paths: tuple[str | Path, ...], *, check: bool = False) -> list[Schema]:
    """Write the hashes of versions not locked yet into `lock.yaml` beside them; give those versions.

    With `check` nothing is written and a version without a lock is an error. The file is replaced at once or
    not at all.

    Raises
    ------
    InstrumentError
        A schema is wrong, was edited after its release, or would share its lock with another.
    """
    fresh = []
    checked = check_schemas(paths)
    if problems := [problem for path, schema in checked for problem in _shared_lock(path, schema)]:
        raise InstrumentError(*problems)
    for path, schema in checked:
        locks = _locks(path.parent)
        if not schema.lock_name or schema.lock_name in locks:
            continue
        if check:
            values = {"reference": schema.reference}
            raise InstrumentError(Problem("not_locked", Place(file=str(path)), values))
        locks[schema.lock_name] = {"semantic": schema.semantic_hash, "whole": schema.content_hash}
        ordered = dict(sorted(locks.items(), key=lambda item: _lock_key(item[0])))
        text = _HEAD + yaml.safe_dump(ordered, sort_keys=False)
        save_text(text, path.parent / LOCK_FILE, ".yaml")
        fresh.append(schema)
    return fresh


def _locks(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / LOCK_FILE
    if not path.is_file():
        return {}
    try:
        locks = parse_values(read_text(path), str(path))[0] or {}
        for version, hashes in locks.items():
            _lock_key(version)
            if set(hashes) != {"semantic", "whole"}:
                raise ValueError
    except (InstrumentError, AttributeError, TypeError, ValueError):
        raise InstrumentError(Problem("lock_unreadable", Place(file=str(path)))) from None
    return dict(locks)


def _lock_key(name: str) -> tuple[str, tuple[int, ...]]:
    """The order of locks: what a version is of (nothing in the folder of one schema), then the version."""
    owner, _, version = name.rpartition("@")
    return owner, version_key(version)


def _release_problems(path: Path, schema: Schema) -> list[Problem]:
    """What is wrong with a version as one of several: edited after release, too small a step, ids again."""
    place = Place(file=str(path))
    problems = _problems_beside(path, schema)
    if not schema.lock_name:
        return problems
    locked = _locks(path.parent).get(schema.lock_name)
    theirs = {rival.content_hash for rival in _rivals(path, schema)}
    if locked and locked["whole"] not in {schema.content_hash, *theirs}:
        key = "edited_meaning" if locked["semantic"] != schema.semantic_hash else "edited_words"
        problems.append(Problem(key, place, {"reference": schema.reference}))
    earlier = _earlier(path, schema)
    if earlier:
        diff = diff_instruments(earlier[-1], schema)
        values = {"old": earlier[-1].reference, "new": schema.reference, "bump": diff.bump}
        for where in diff.undeclared:
            problems.append(Problem("wording_undeclared_kind", place, {**values, "where": where}))
        if not (diff.honest or diff.undeclared):
            problems.append(Problem("bump_too_small", place, {**values, "declared": diff.declared_bump}))
    for name in _used_again(earlier, schema):
        problems.append(Problem("id_retired", place, {"id": name}))
    return problems


def _problems_beside(path: Path, schema: Schema) -> list[Problem]:
    """What is wrong with a schema beside the files that it names."""
    module, _, name = KINDS[schema.kind].check.partition(":")
    return list(getattr(import_module(module), name)(path, schema)) if name else []


def _others(path: Path) -> Iterator[Schema]:
    """The other schemas in the folder of a file."""
    for file in sorted(path.parent.glob("*.yaml")):
        if file.name == LOCK_FILE or file.resolve() == path.resolve():
            continue
        try:
            yield read_schema(file)
        except InstrumentError:
            continue  # told where that file is checked


def _earlier(path: Path, schema: Schema) -> list[Schema]:
    """The versions before this one in the same folder, oldest first."""
    earlier = [
        other
        for other in _others(path)
        if (other.id, other.kind) == (schema.id, schema.kind)
        and version_key(other.version) < version_key(schema.version)
    ]
    return sorted(earlier, key=lambda other: version_key(other.version))


def _rivals(path: Path, schema: Schema) -> list[Schema]:
    """What else in the folder would keep its hashes under the same name, and is no version of this schema."""
    return [
        other
        for other in _others(path)
        if other.lock_name == schema.lock_name and (other.id, other.kind) != (schema.id, schema.kind)
    ]


def _shared_lock(path: Path, schema: Schema) -> Iterator[Problem]:
    """The lock of a folder is by version: it cannot hold those of two schemas."""
    if schema.lock_name and (rivals := _rivals(path, schema)):
        values = {"reference": schema.reference, "others": [rival.reference for rival in rivals]}
        yield Problem("lock_shared", Place(file=str(path)), values)


def _used_again(earlier: list[Schema], schema: Schema) -> list[str]:
    """The ids that an earlier version had, a later one dropped, and this one uses again."""
    if len(earlier) < 2 or not isinstance(schema, Instrument):
        return []
    last, seen = _names(earlier[-1]), {name for one in earlier[:-1] for name in _names(one)}
    return [name for name in _names(schema) if name in seen and name not in last]


def _names(schema: Schema) -> list[str]:
    """The ids of what a survey asks and derives, and of their options and items."""
    if not isinstance(schema, Instrument):
        return []
    named: list[tuple[str, Sequence[HasId]]] = [
        (question.id, question.parts) for question in schema.questions
    ]
    named += [(rule.id, rule.options) for rule in schema.derived]
    return [name for own, parts in named for name in (own, *(f"{own}__{part.id}" for part in parts))]
