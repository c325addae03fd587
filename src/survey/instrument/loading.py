"""From a YAML file to a checked schema: every fault with its file, line and remedy."""

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from survey.arguments import unfit
from survey.errors import InstrumentError, Place, Problem, UsageError, usage
from survey.instrument.model import Instrument
from survey.instrument.schema import FileModel, Schema
from survey.instrument.type_faults import type_problems
from survey.instrument.yaml_values import Located, built_values, read_text
from survey.resources import resource_folder
from survey.wording import near_misses


class SchemaKind(NamedTuple):
    """The model of one kind of file, and what checks it against the files that it names (`module:function`).

    A model is built when its kind is read, and what checks it loads when files are validated.
    """

    module: str
    model: str
    check: str = ""


# Each kind of schema; a new kind is one line here.
KINDS = {
    "survey": SchemaKind("survey.instrument.model", "Instrument"),
    "survey-module": SchemaKind(
        "survey.instrument.survey_modules", "SurveyModule", "survey.instrument.composition:check_module"
    ),
    "interview-guide": SchemaKind("survey.instrument.interview_schemas", "InterviewGuide"),
    "interview-codebook": SchemaKind("survey.instrument.interview_schemas", "InterviewCodebook"),
    "joint-display": SchemaKind(
        "survey.instrument.joint_displays",
        "JointDisplay",
        "survey.instrument.joint_displays:check_joint_display",
    ),
    "case-facts": SchemaKind("survey.instrument.case_schemas", "CaseFacts"),
    "propositions": SchemaKind(
        "survey.instrument.proposition_schemas",
        "Propositions",
        "survey.instrument.joint_displays:check_propositions",
    ),
    "version-crosswalk": SchemaKind(
        "survey.instrument.crosswalks", "VersionCrosswalk", "survey.instrument.crosswalks:check_crosswalk"
    ),
}

# Where the packaged schemas are: a version in a file of its name, the modules of a survey by theirs.
_FILES = (".yaml", ".yml", ".xlsx", ".xlsm", ".xls", ".ods")  # a workbook is refused as one, not as a name
_PLACES = ("*/*.yaml", "*/modules/*.yaml")

_VERSION_NAME = re.compile(r"\d+\.\d+\.\d+")
_KIND_LINE = re.compile(r"^kind:\s*['\"]?([a-z-]+)", re.MULTILINE)
_ID_LINE = re.compile(r"^id:\s*['\"]?([a-z0-9-]+)", re.MULTILINE)
_VERSION_LINE = re.compile(r"^version:\s*['\"]?(\d+\.\d+\.\d+)", re.MULTILINE)


AnySchema = TypeVar("AnySchema", bound=Schema)


class Known(NamedTuple):
    """A schema that travels with the package."""

    id: str
    version: str
    kind: str
    path: Path


def read_schema(path: str | Path) -> Schema:
    """Read and check one schema file.

    Raises
    ------
    UsageError
        There is no such file.
    InstrumentError
        It is not YAML, of no known kind, or wrong; every problem carries file and line.
    """
    schema = parse_schema(read_text(path), str(path))
    schema._folder = Path(path).parent
    return schema


def parse_schema(text: str, file: str) -> Schema:
    """Check the text of a schema file; `file` is how errors name it.

    Raises
    ------
    InstrumentError
        It is not YAML, of no known kind, or wrong; every problem carries file and line.
    """
    schema, _ = parse_kind(text, file, KINDS)
    assert isinstance(schema, Schema)  # every model of KINDS is one
    return schema


def parse_kind(text: str, file: str, kinds: Mapping[str, SchemaKind]) -> tuple[FileModel, Located]:
    """Check the text of a file of one of some kinds; give it with the places of its parts.

    Raises
    ------
    InstrumentError
        It is not YAML, of none of these kinds, or wrong; every problem carries file and line.
    """
    data, located, problems = built_values(text, file)
    return validated(data, kinds, located, problems), located


def validated(
    data: Any, kinds: Mapping[str, SchemaKind], located: Located, problems: list[Problem]
) -> FileModel:
    """Check plain data against the model of their kind; `problems` are those that are known before.

    Raises
    ------
    InstrumentError
        They are of none of these kinds, or wrong.
    """
    model = _model_of(data, located(("kind",)), kinds)
    try:
        checked = model.model_validate(data)
    except ValidationError as error:
        problems = problems + type_problems(error.errors(), data, model, located)
    else:
        problems = problems + [
            Problem(key, located(where), values) for where, key, values in checked.faults()
        ]
        if not problems:
            return checked
    raise InstrumentError(*sorted(problems, key=lambda problem: problem.place.line or 0))


def _model_of(data: Any, place: Place, kinds: Mapping[str, SchemaKind]) -> type[FileModel]:
    kind = data.get("kind") if isinstance(data, dict) else None
    if not isinstance(kind, str) or kind not in kinds:
        key = "schema_kind_absent" if kind is None else "schema_kind_unknown"
        raise InstrumentError(Problem(key, place, {"kind": kind, "known": list(kinds)}))
    model: type[FileModel] = getattr(import_module(kinds[kind].module), kinds[kind].model)
    return model


def version_key(version: str) -> tuple[int, ...]:
    """The order of versions: 1.10.0 comes after 1.9.0."""
    return tuple(int(part) for part in version.split("."))


def list_instruments(kind: str | None = None) -> list[Known]:
    """List the schemas that travel with the package, by id and rising version; `kind` picks one kind.

    Parameters
    ----------
    kind
        "survey", "survey-module", "interview-guide", "interview-codebook", "joint-display", "case-facts" or
        "propositions"; every kind where None.

    Examples
    --------
    >>> import survey
    >>> [known.version for known in survey.list_instruments("survey")]
    ['1.0.0', '1.1.0', '1.2.0']
    """
    schemas = []
    folders = dict.fromkeys(resource_folder(name) for name in ("instruments", "interviews"))
    for path in (path for folder in folders for place in _PLACES for path in folder.glob(place)):
        schema = _known(path)
        if schema and kind in (None, schema.kind):
            schemas.append(schema)
    return sorted(schemas, key=lambda known: (known.id, version_key(known.version)))


def _known(path: Path) -> Known | None:
    """What a packaged file is; None where it is no version and no module."""
    if path.parent.name != "modules":
        if not _VERSION_NAME.fullmatch(path.stem):
            return None
        match = _KIND_LINE.search(path.read_text(encoding="utf-8-sig", errors="replace"))
        return Known(path.parent.name, path.stem, match[1], path) if match else None
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    lines = [pattern.search(text) for pattern in (_ID_LINE, _VERSION_LINE, _KIND_LINE)]
    schema_id, version, kind = (match[1] if match else "" for match in lines)
    return Known(schema_id, version, kind, path) if schema_id and version and kind else None


def load_schema(reference: str | Path) -> Schema:
    """Load any schema: `ID`, `ID@VERSION`, or the path of a YAML file. Without a version, the newest.

    Raises
    ------
    UsageError
        There is no such id, version or file (the error lists what there is), or it is no reference.
    InstrumentError
        The file is wrong; every problem carries file and line.
    """
    return read_schema(schema_path(reference))


def schema_path(reference: str | Path) -> Path:
    """The file of a schema: `ID`, `ID@VERSION`, or its path. Without a version, the newest.

    Raises
    ------
    UsageError
        There is no such id or version (the error lists what there is), or it is no reference.
    """
    if not isinstance(reference, str | Path):
        raise unfit("schema_needed", reference)
    text = str(reference)
    if isinstance(reference, Path) or text.lower().endswith(_FILES) or "/" in text or "\\" in text:
        return Path(text)
    schema_id, _, version = text.partition("@")
    known = [entry for entry in list_instruments() if entry.id == schema_id]
    if not known:
        ids = sorted({entry.id for entry in list_instruments()})
        near = near_misses(schema_id, ids) or ids
        raise usage("unknown_instrument", instrument=schema_id, known=near)
    if not version:
        return known[-1].path
    for entry in known:
        if entry.version == version:
            return entry.path
    versions = [entry.version for entry in known]
    raise usage("unknown_version", instrument=schema_id, version=version, known=versions)


def find_schema(reference: str, *folders: Path) -> Schema | None:
    """Find the schema that a file names (`ID@VERSION`, `ID`): in one of some folders, else a packaged one.

    One that is wrong is told where it is checked; here it counts as absent.
    """
    for file in (file for folder in folders for file in sorted(folder.glob("*.y*ml"))):
        try:
            schema = read_schema(file) if _may_be(file, reference) else None
        except InstrumentError:
            continue
        if schema and reference in (schema.reference, schema.id):
            return schema
    try:
        return load_schema(reference)
    except (InstrumentError, UsageError):
        return None


def _may_be(file: Path, reference: str) -> bool:
    """Whether a file can be the schema: not where its lines say another id or version."""
    text = file.read_text(encoding="utf-8-sig", errors="replace") if file.is_file() else ""
    lines = zip((_ID_LINE, _VERSION_LINE), reference.split("@"), strict=False)
    return all((match := pattern.search(text)) is None or match[1] == part for pattern, part in lines)


def load_kind(reference: str | Path | Schema, model: type[AnySchema], refusal: str) -> AnySchema:
    """Load a schema of one kind; a schema comes back as it is. One of another kind is refused (`refusal`)."""
    schema = reference if isinstance(reference, Schema) else load_schema(reference)
    if not isinstance(schema, model):
        raise usage(refusal, reference=schema.reference, kind=schema.kind)
    return schema


def load_instrument(reference: str | Path | Instrument) -> Instrument:
    """Load a survey instrument: `ID`, `ID@VERSION`, a path, or an `Instrument`, which comes back as it is.

    Parameters
    ----------
    reference
        `ID`, `ID@VERSION`, the path of a YAML file, or an `Instrument`.

    Raises
    ------
    UsageError
        There is no such instrument, or the schema is not a survey.
    InstrumentError
        The file is wrong; every problem carries file and line.

    Examples
    --------
    >>> import survey
    >>> instrument = survey.load_instrument("executive-survey@1.0.0")
    >>> [question.id for question in instrument.questions][:3]
    ['firm_type', 'position', 'expansion_models']
    """
    return load_kind(reference, Instrument, "not_a_survey")
