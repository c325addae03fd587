"""Where the data that travel with the package lie: inside an installed wheel, or at the root of a clone."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOTS = {
    "instruments": Path("instruments"),
    "findings": Path("data/findings"),
    "interviews": Path("data/interviews"),
}


def resource_folder(name: str) -> Path:
    """Give the folder of the packaged `instruments`, `findings` or `interviews`."""
    installed = _PACKAGE / "_resources" / name
    return installed if installed.is_dir() else _PACKAGE.parents[1] / _ROOTS[name]
