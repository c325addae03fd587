"""A tally as a file (`.tally`): a zip archive of `tally.json` and one NumPy array of whole numbers per block.

`tally.json` says: `format` (1), the instrument as it was, banners, conditions and weight, the respondents and
the files they came from, and of every sparse table whether it was full. `arrays/*.npy` are little-endian
int64 (format 1.0 of NumPy, no pickle): `numpy.load` opens them. `docs/tally.md` names them. There is no
respondent in it, but counts as small as one: it is not anonymous by itself.
"""

import json
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import path_of, unfit
from survey.counts.batch_counts import totals_range
from survey.counts.definition import SEVERAL, Definition
from survey.counts.keyed_counts import LADDER, KeyedCounts, ValueCounts
from survey.counts.model import Tally
from survey.counts.row_rules import ROW_RULES
from survey.counts.tally_parts import MOST_GROUPS, MOST_PATTERNS, MOST_VALUES, CompleteCases, Refusal
from survey.errors import DataError, Place, Problem, SurveyError, usage
from survey.files.guard import check_archive
from survey.files.saving import save_archive
from survey.ingest.conditions import Condition
from survey.ingest.provenance import Provenance, SourceFile
from survey.ingest.provenance_pairs import provenance_pairs, read_provenance
from survey.ingest.responses import MISSING_KINDS
from survey.instrument import Instrument
from survey.instrument.derived import CROSSED

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]

FORMAT = 1
SUFFIX = ".tally"
_JSON = "tally.json"
_MAGIC = b"\x93NUMPY\x01\x00"
_MOST_CELLS = 1 << 40


class _UnfitError(Exception):
    """What is wrong with the content of a file, in few words."""


def write_tally(tally: Tally | str | Path, path: str | Path) -> Path:
    """Write a tally so that `read_tally` gives the same one back. The same tally gives the same bytes.

    Where counts are small a `UserWarning` says that the file is not anonymous by itself.

    Parameters
    ----------
    tally
        What `survey.tally` counted, or the path of a file of it.
    path
        Where to write; it ends in .tally.

    Raises
    ------
    UsageError
        The path does not end in .tally, is a folder, or cannot be written.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech"] * 6})
    >>> counted = survey.tally(survey.from_frame(frame, "executive-survey"))
    >>> survey.write_tally(counted, "wave.tally").name
    'wave.tally'
    """
    import warnings

    tally = tally_of(tally)
    for problem in tally.problems:
        if problem.key == "tally_small_counts":
            warnings.warn(problem.text(), UserWarning, stacklevel=2)
    return save_tally(tally, path)


def save_tally(tally: Tally, path: str | Path) -> Path:
    """Write a tally, without a warning of small counts."""
    path = path_of(path)
    if path.suffix.lower() != SUFFIX:
        raise usage("target_ending", path=path, suffix=SUFFIX)
    return save_archive(lambda target: target.write(packed(tally)), path)


def tally_of(given: Tally | str | Path) -> Tally:
    """Give a tally as it is, or that of the file at a path; refuse anything else (`UsageError`)."""
    if isinstance(given, Tally):
        return given
    if isinstance(given, str | Path):
        return read_tally(given)
    raise unfit("tally_needed", given)


def read_tally(path: str | Path) -> Tally:
    """Read a tally. Nothing in the file is run, and nothing is unpacked before its size is known.

    Parameters
    ----------
    path
        A file that `write_tally` or `survey tally` wrote.

    Raises
    ------
    UsageError
        There is no such file, or it is a folder.
    DataError
        It is no tally, was cut or changed, or is of a newer format.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech"] * 6})
    >>> counted = survey.tally(survey.from_frame(frame, "executive-survey"))
    >>> survey.read_tally(survey.write_tally(counted, "wave.tally")) == counted
    True
    """
    path = path_of(path)
    place = Place(file=path.name)
    if path.is_dir():
        raise usage("file_is_folder", path=path)
    if not path.is_file():
        raise usage("file_not_found", path=path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(Problem("file_unreadable", place, {"told": error})) from None
    return unpacked(content, place)


def packed(tally: Tally, *, travelling: bool = False) -> bytes:
    """A tally as bytes; `travelling` from one process of ours to another, with what was set aside."""
    arrays = dict(_arrays(tally))
    described = _described(tally)
    if travelling:
        described["refusals"] = [
            [one.source, one.column, one.key, one.value, one.n] for one in tally.refusals
        ]
    else:
        described["notice"] = [
            problem.text() for problem in tally.problems if problem.key == "tally_small_counts"
        ]
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1 if travelling else 6) as archive:
        archive.writestr(_JSON, json.dumps(described, ensure_ascii=False, sort_keys=True))
        for name, array in sorted(arrays.items()):
            archive.writestr(f"arrays/{name}.npy", _npy(array))
    return made.getvalue()


def unpacked(content: bytes, place: Place, *, definition: Definition | None = None) -> Tally:
    """The tally that bytes hold; `definition`: the one it is known to have.

    Raises
    ------
    DataError
        They hold none.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            check_archive(archive, len(content), place)
            if _JSON not in archive.namelist():
                raise DataError(Problem("tally_file_foreign", place, {"told": f"{_JSON} is not in it"}))
            described = json.loads(archive.read(_JSON))
            if not isinstance(described, dict) or not isinstance(described.get("format"), int):
                raise DataError(Problem("tally_file_foreign", place, {"told": _JSON}))
            if described["format"] > FORMAT:
                values = {"format": described["format"], "known": FORMAT}
                raise DataError(Problem("tally_file_newer", place, values))
            return _Reader(archive, described, definition).tally()
    except DataError:
        raise
    except zipfile.BadZipFile as error:
        key = "tally_file_damaged" if content.startswith(b"PK") else "tally_file_foreign"
        raise DataError(Problem(key, place, {"told": error})) from None
    except SurveyError as error:  # of the instrument or the questions named
        told = str(error.problems[0]).splitlines()[0][:200]
        raise DataError(Problem("tally_file_damaged", place, {"told": told})) from None
    except Exception as error:  # whatever damage makes zlib, json or pydantic raise
        raise DataError(Problem("tally_file_damaged", place, {"told": error})) from None


# -- writing -------------------------------------------------------------------------------------------------


def described_definition(definition: Definition) -> dict[str, Any]:
    """A definition as JSON has it."""
    return {
        "instrument": definition.instrument.model_dump(mode="json", exclude_defaults=True),
        "content_hash": definition.instrument.content_hash,
        "banners": list(definition.banners),
        "weight": definition.weight,
        "subset": [
            {
                "question": one.question.id,
                "part": one.part.id if one.part else None,
                "comparison": one.comparison,
                "values": list(one.values),
            }
            for one in definition.subset
        ],
    }


def _described(tally: Tally) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "definition": described_definition(tally.definition),
        "respondents": tally.respondents,
        "total": tally.total,
        "full": sorted(name for name, table in _tables(tally).items() if table.full),
        "bits": {".".join(key): values.bits for key, values in tally.numbers.items()},
        "rules": {rule: list(counts) for rule, counts in tally.rules.items()},
        "sources": [list(one) for one in tally.sources],
        "provenances": sorted(map(_described_provenance, tally.provenances), key=repr),
    }


def _described_provenance(provenance: Provenance) -> dict[str, Any]:
    files = [[file.name, file.sha256, file.dialect] for file in provenance.files]
    return {"files": files, **provenance_pairs(provenance)}


def _provenance(described: dict[str, Any]) -> Provenance:
    files = tuple(SourceFile(*map(str, file)) for file in described["files"])
    pairs = {str(key): str(value) for key, value in described.items() if key != "files"}
    provenance, unread = read_provenance(pairs)
    if unread:
        raise _UnfitError(f"provenance: {next(iter(unread))}")
    return replace(provenance, files=files)


def _tables(tally: Tally) -> dict[str, KeyedCounts]:
    """The sparse tables by the names of their arrays."""
    tables = {f"groups.{name}": table for name, table in tally.groups.items()}
    tables |= {f"patterns.{'.'.join(key)}": table for key, table in tally.patterns.items()}
    return tables | {f"numbers.{'.'.join(key)}": values.table for key, values in tally.numbers.items()}


def _arrays(tally: Tally) -> "Iterator[tuple[str, Whole]]":
    import numpy as np

    for block in ("pairs", "missing", "unanswered", "everybody"):
        yield block, getattr(tally, block)
    for name, table in _tables(tally).items():
        yield from ((f"{name}.keys", table.keys), (f"{name}.sums", table.sums))
    for question, cases in tally.complete.items():
        yield f"complete.{question}.asked", cases.asked.astype(np.int64)
        for part in ("n", "pairs", "totals", "ties"):
            yield f"complete.{question}.{part}", getattr(cases, part)
    for question, counts in tally.ticks.items():
        yield f"ticks.{question}", counts


def _npy(array: "Whole") -> bytes:
    import numpy as np

    whole = np.ascontiguousarray(array, "<i8")
    head = f"{{'descr': '<i8', 'fortran_order': False, 'shape': {tuple(whole.shape)}, }}"
    head += " " * (-(len(_MAGIC) + 2 + len(head) + 1) % 64) + "\n"
    return _MAGIC + struct.pack("<H", len(head)) + head.encode("latin-1") + whole.tobytes()


# -- reading -------------------------------------------------------------------------------------------------


class _Reader:
    """The parts of a file, each checked for what it must be under the instrument."""

    def __init__(
        self, archive: zipfile.ZipFile, described: dict[str, Any], definition: Definition | None
    ) -> None:
        """Take what `tally.json` says."""
        self.archive, self.described = archive, described
        self.definition = definition or read_definition(described["definition"])
        self.full = set(described["full"])

    def tally(self) -> Tally:
        definition, described = self.definition, self.described
        size, measures = definition.columns.size, len(definition.measures)
        pairs = self._array("pairs", (measures, size, size))
        if (pairs != pairs.transpose(0, 2, 1)).any():
            raise _UnfitError("pairs is not symmetric")
        counted = Tally(
            definition,
            _count(described["respondents"]),
            _count(described["total"]),
            pairs,
            self._array("missing", (len(definition.columns.answers), len(MISSING_KINDS))),
            self._array("unanswered", (len(definition.instrument.variables), len(MISSING_KINDS))),
            self._array("everybody", (measures,)),
            {
                name: self._table(f"groups.{name}", 1, MOST_GROUPS, (1 + size,), [self._most(name)])
                for name in definition.banners
            },
            {question.id: self._complete(question) for question in definition.questions(*SEVERAL)},
            {
                question.id: self._array(f"ticks.{question.id}", (measures, *_ticks_shape(question)))
                for question in definition.questions("multiple")
            },
            {
                key: self._table(f"patterns.{'.'.join(key)}", 1, MOST_PATTERNS, (), [self._most(*key)])
                for key in definition.pattern_keys
            },
            {key: self._values(key) for key in definition.number_keys},
            {
                rule: (_count(described["rules"][rule][0]), _count(described["rules"][rule][1]))
                for rule in ROW_RULES
                if rule in described["rules"]
            },
            tuple((str(name), _count(count)) for name, count in described["sources"]),
            tuple(map(_provenance, described["provenances"])),
            tuple(
                Refusal(str(source), str(column), str(key), str(value), _count(n))
                for source, column, key, value, n in described.get("refusals", [])
            ),
        )
        if (pairs[0].diagonal() > counted.respondents).any() or counted.respondents > counted.total:
            raise _UnfitError("more answers than respondents")
        return counted

    def _array(self, name: str, shape: "tuple[int | None, ...]") -> "Whole":
        """An array of this shape (None: as many as there are), without negative counts."""
        import ast

        import numpy as np

        content = self.archive.read(f"arrays/{name}.npy")
        if not content.startswith(_MAGIC) or len(content) < 10:
            raise _UnfitError(f"{name} is no array")
        end = 10 + struct.unpack("<H", content[8:10])[0]
        head = ast.literal_eval(content[10:end].decode("latin-1"))
        found = tuple(head["shape"])
        cells = 1
        for length in found:
            cells *= _count(length)
        if head["descr"] != "<i8" or head["fortran_order"] or cells * 8 != len(content) - end:
            raise _UnfitError(f"{name} is not as long as it says")
        wanted = tuple(
            there if length is None else length for length, there in zip(shape, found, strict=False)
        )
        if len(found) != len(shape) or wanted != found:
            raise _UnfitError(f"{name} has shape {found}, not {shape}")
        array = np.frombuffer(content, "<i8", offset=end).astype(np.int64).reshape(found)
        if not name.endswith(".keys") and array.size and array.min() < 0:
            raise _UnfitError(f"{name} has a negative count")
        return array

    def _table(
        self, name: str, width: int, limit: int, extra: tuple[int, ...], most: list[int | None]
    ) -> KeyedCounts:
        """A sparse table; its keys ascend and are below `most`."""
        import numpy as np

        keys = self._array(f"{name}.keys", (None, width))
        sums = self._array(f"{name}.sums", (len(self.definition.measures), len(keys), *extra))
        if len(keys) > limit or (name in self.full and len(keys)):
            raise _UnfitError(f"{name} has too many rows")
        if len(keys) > 1:
            order = np.lexsort(keys.T[::-1])
            if (order != np.arange(len(keys))).any() or (keys[1:] == keys[:-1]).all(axis=1).any():
                raise _UnfitError(f"{name} is not in order")
        for place, highest in enumerate(most):
            if (
                highest is not None
                and len(keys)
                and not 0 <= keys[:, place].min() <= keys[:, place].max() < highest
            ):
                raise _UnfitError(f"{name} has a pattern that cannot be")
        return KeyedCounts(keys, sums, limit, name in self.full)

    def _most(self, *names: str) -> int:
        product = 1
        for name in names:
            product *= self.definition.spaces[name].size if name else 1
        return product

    def _values(self, key: tuple[str, str]) -> ValueCounts:
        banner = key[0]
        limit = MOST_PATTERNS if banner else MOST_VALUES
        most: list[int | None] = [self._most(banner), None] if banner else [None]
        table = self._table(f"numbers.{'.'.join(key)}", len(most), limit, (), most)
        bits = self.described["bits"][".".join(key)]
        if bits not in LADDER:
            raise _UnfitError(f"{bits} bits")
        return ValueCounts(table, bits)

    def _complete(self, question: Any) -> CompleteCases:
        import numpy as np

        multiple = question.kind == "multiple"
        parts = len(question.groups) if multiple else len(question.items)
        codes = 2 if multiple else len(self.definition.instrument.scale_of(question).values)
        lowest, highest = totals_range(self.definition, question)
        measures = len(self.definition.measures)
        shapes: dict[str, tuple[int | None, ...]] = {
            "n": (measures,),
            "pairs": (measures, parts * codes, parts * codes),
            "totals": (measures, highest - lowest + 1),
            "ties": (measures, parts + 1),
        }
        name = f"complete.{question.id}"
        asked = self._array(f"{name}.asked", (parts,)).astype(np.bool_)
        return CompleteCases(asked, *(self._array(f"{name}.{part}", shape) for part, shape in shapes.items()))


def _ticks_shape(question: Any) -> tuple[int, int]:
    return len(question.groups) + 1, len(question.options) - len(question.groups) + 1


def read_definition(described: dict[str, Any]) -> Definition:
    """The definition that JSON describes."""
    instrument = Instrument.model_validate_json(json.dumps(described["instrument"]))
    faults = [key for _, key, _ in instrument.faults()]
    if faults or instrument.content_hash != described["content_hash"]:
        raise _UnfitError(faults[0] if faults else "content_hash")
    conditions = []
    for one in described["subset"]:
        question = instrument.question(one["question"])
        part = question.part(one["part"]) if one["part"] else None
        if one["comparison"] not in ("=", "!=", ">=", "<=", ">", "<"):
            raise _UnfitError("comparison")
        values = tuple(one["values"])
        conditions.append(Condition.of(instrument, question, part, one["comparison"], values))
    instrument = instrument.crossed(*(name for name in described["banners"] if CROSSED in name))
    banners = tuple(instrument.with_shares(name).id for name in described["banners"])
    return Definition(instrument, banners, tuple(conditions), str(described["weight"]))


def _count(value: Any) -> int:
    """A count as JSON has it."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _MOST_CELLS:
        raise _UnfitError(f"{value!r} is no count")
    return value
