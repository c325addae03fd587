"""The arrays of a tally file as a tally: each of the shape and kind that its definition wants."""

import json
import struct
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from survey.counts.batch_counts import totals_range
from survey.counts.definition import SEVERAL, Definition
from survey.counts.keyed_counts import LADDER, KeyedCounts, ValueCounts
from survey.counts.model import Tally
from survey.counts.row_rules import ROW_RULES
from survey.counts.tally_parts import MOST_GROUPS, MOST_PATTERNS, MOST_VALUES, CompleteCases, Refusal
from survey.ingest.conditions import Condition
from survey.ingest.provenance import Provenance, SourceFile
from survey.ingest.provenance_pairs import read_provenance
from survey.ingest.responses import MISSING_KINDS
from survey.instrument import Instrument
from survey.instrument.derived import CROSSED

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]


MAGIC = b"\x93NUMPY\x01\x00"
MOST_CELLS = 1 << 40


class UnfitError(Exception):
    """What is wrong with the content of a file, in few words."""


class TallyReader:
    """The parts of a file, each checked for what it must be under the instrument."""

    def __init__(
        self, archive: zipfile.ZipFile, described: dict[str, Any], definition: Definition | None
    ) -> None:
        """Take what `tally.json` says."""
        self.archive, self.described = archive, described
        self.definition = definition or read_definition(described["definition"])
        self.full = set(described["full"])

    def tally(self) -> Tally:
        """The tally, of which every part was checked."""
        definition, described = self.definition, self.described
        size, measures = definition.columns.size, len(definition.measures)
        pairs = self._array("pairs", (measures, size, size))
        if (pairs != pairs.transpose(0, 2, 1)).any():
            raise UnfitError("pairs is not symmetric")
        counted = Tally(
            definition,
            count_of(described["respondents"]),
            count_of(described["total"]),
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
                rule: (count_of(described["rules"][rule][0]), count_of(described["rules"][rule][1]))
                for rule in ROW_RULES
                if rule in described["rules"]
            },
            tuple((str(name), count_of(count)) for name, count in described["sources"]),
            tuple(map(provenance_of, described["provenances"])),
            tuple(
                Refusal(str(source), str(column), str(key), str(value), count_of(n))
                for source, column, key, value, n in described.get("refusals", [])
            ),
        )
        if (pairs[0].diagonal() > counted.respondents).any() or counted.respondents > counted.total:
            raise UnfitError("more answers than respondents")
        return counted

    def _array(self, name: str, shape: "tuple[int | None, ...]") -> "Whole":
        """An array of this shape (None: as many as there are), without negative counts."""
        import ast

        import numpy as np

        content = self.archive.read(f"arrays/{name}.npy")
        if not content.startswith(MAGIC) or len(content) < 10:
            raise UnfitError(f"{name} is no array")
        end = 10 + struct.unpack("<H", content[8:10])[0]
        head = ast.literal_eval(content[10:end].decode("latin-1"))
        found = tuple(head["shape"])
        cells = 1
        for length in found:
            cells *= count_of(length)
        if head["descr"] != "<i8" or head["fortran_order"] or cells * 8 != len(content) - end:
            raise UnfitError(f"{name} is not as long as it says")
        wanted = tuple(
            there if length is None else length for length, there in zip(shape, found, strict=False)
        )
        if len(found) != len(shape) or wanted != found:
            raise UnfitError(f"{name} has shape {found}, not {shape}")
        array = np.frombuffer(content, "<i8", offset=end).astype(np.int64).reshape(found)
        if not name.endswith(".keys") and array.size and array.min() < 0:
            raise UnfitError(f"{name} has a negative count")
        return array

    def _table(
        self, name: str, width: int, limit: int, extra: tuple[int, ...], most: list[int | None]
    ) -> KeyedCounts:
        """A sparse table; its keys ascend and are below `most`."""
        import numpy as np

        keys = self._array(f"{name}.keys", (None, width))
        sums = self._array(f"{name}.sums", (len(self.definition.measures), len(keys), *extra))
        if len(keys) > limit or (name in self.full and len(keys)):
            raise UnfitError(f"{name} has too many rows")
        if len(keys) > 1:
            order = np.lexsort(keys.T[::-1])
            if (order != np.arange(len(keys))).any() or (keys[1:] == keys[:-1]).all(axis=1).any():
                raise UnfitError(f"{name} is not in order")
        for place, highest in enumerate(most):
            if (
                highest is not None
                and len(keys)
                and not 0 <= keys[:, place].min() <= keys[:, place].max() < highest
            ):
                raise UnfitError(f"{name} has a pattern that cannot be")
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
            raise UnfitError(f"{bits} bits")
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


def count_of(value: Any) -> int:
    """A count as JSON has it."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MOST_CELLS:
        raise UnfitError(f"{value!r} is no count")
    return value


def provenance_of(described: dict[str, Any]) -> Provenance:
    """The provenance that JSON describes."""
    files = tuple(SourceFile(*map(str, file)) for file in described["files"])
    pairs = {str(key): str(value) for key, value in described.items() if key != "files"}
    provenance, unread = read_provenance(pairs)
    if unread:
        raise UnfitError(f"provenance: {next(iter(unread))}")
    return replace(provenance, files=files)


def read_definition(described: dict[str, Any]) -> Definition:
    """The definition that JSON describes."""
    instrument = Instrument.model_validate_json(json.dumps(described["instrument"]))
    faults = [key for _, key, _ in instrument.faults()]
    if faults or instrument.content_hash != described["content_hash"]:
        raise UnfitError(faults[0] if faults else "content_hash")
    conditions = []
    for one in described["subset"]:
        question = instrument.question(one["question"])
        part = question.part(one["part"]) if one["part"] else None
        if one["comparison"] not in ("=", "!=", ">=", "<=", ">", "<"):
            raise UnfitError("comparison")
        values = tuple(one["values"])
        conditions.append(Condition.of(instrument, question, part, one["comparison"], values))
    instrument = instrument.crossed(*(name for name in described["banners"] if CROSSED in name))
    banners = tuple(instrument.with_shares(name).id for name in described["banners"])
    return Definition(instrument, banners, tuple(conditions), str(described["weight"]))
