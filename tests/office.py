"""What LibreOffice makes of a file; without it, or its part for the file, the test is skipped."""

import shutil
import subprocess
from pathlib import Path

import pytest


def converted(path: Path, kind: str, folder: Path) -> Path:
    """Convert a file into a folder; `kind` is the ending, perhaps with a filter after a colon."""
    target = _convert(path, kind, folder)
    if target is None:
        if _convert(_blank(path.suffix, folder), kind, folder) is None:
            pytest.skip(f"LibreOffice has no part that makes {kind} of {path.suffix}")
        pytest.fail(f"LibreOffice makes no {kind} of {path.name}")
    return target


def _convert(path: Path, kind: str, folder: Path) -> Path | None:
    """The converted file, None where LibreOffice made none."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    profile = (folder / "profile").as_uri()  # its own: two conversions at once do not meet
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind, "--outdir"]
    subprocess.run([*command, folder, path], check=False, capture_output=True, timeout=900)
    target = folder / f"{path.stem}.{kind.partition(':')[0]}"
    return target if target.is_file() else None


def _blank(suffix: str, folder: Path) -> Path:
    """An empty file of a kind, which LibreOffice can read if it can read any."""
    path = folder / f"blank{suffix}"
    if suffix == ".docx":
        import docx

        docx.Document().save(str(path))
    elif suffix == ".pptx":
        import pptx

        pptx.Presentation().save(str(path))
    else:
        import openpyxl

        openpyxl.Workbook().save(path)
    return path
