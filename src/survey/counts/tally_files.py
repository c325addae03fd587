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
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import file_of, path_of, unfit
from survey.counts.definition import Definition
from survey.counts.keyed_counts import KeyedCounts
from survey.counts.model import Tally
from survey.counts.tally_reader import MAGIC, TallyReader
from survey.errors import DataError, Place, Problem, SurveyError, usage
from survey.files.guard import check_archive
from survey.files.json_values import parsed_json
from survey.files.saving import save_archive
from survey.ingest.provenance import Provenance
from survey.ingest.provenance_pairs import provenance_pairs

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]

FORMAT = 1
SUFFIX = ".tally"
_JSON = "tally.json"


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
    path = file_of(path)
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
            described = parsed_json(archive.read(_JSON))
            if not isinstance(described, dict) or not isinstance(described.get("format"), int):
                raise DataError(Problem("tally_file_foreign", place, {"told": _JSON}))
            if described["format"] > FORMAT:
                values = {"format": described["format"], "known": FORMAT}
                raise DataError(Problem("tally_file_newer", place, values))
            return TallyReader(archive, described, definition).tally()
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
    head += " " * (-(len(MAGIC) + 2 + len(head) + 1) % 64) + "\n"
    return MAGIC + struct.pack("<H", len(head)) + head.encode("latin-1") + whole.tobytes()


# -- reading -------------------------------------------------------------------------------------------------
