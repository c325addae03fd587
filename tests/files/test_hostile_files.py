"""Files that hurt, each given to the real command in a process with 1 GiB and 20 seconds of a processor."""

import re
import sys
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from tests.hostile_files import HOSTILE, Hostile, Outcome, outcomes

if sys.platform != "linux":
    pytest.skip("the limits are set the way Linux knows them", allow_module_level=True)

CHINESE = re.compile("[\u4e00-\u9fff]")


def faults(hostile: Hostile, ended: list[Outcome]) -> list[str]:
    """What is wrong with how the command ended: in English, and where that is an error also in Chinese."""
    found = []
    for lang, outcome in zip(("en", "zh"), ended, strict=False):
        text = outcome.text
        if outcome.code < 0:
            found.append(f"{lang}: killed by signal {-outcome.code} after {outcome.seconds:.0f} s")
        if "Traceback" in text or outcome.code == 99:
            found.append(f"{lang}: a traceback: {text[-500:]}")
        if outcome.code != hostile.ends:
            found.append(f"{lang}: ended with {outcome.code}: {text[-500:]}")
        if hostile.ends and outcome.left:
            found.append(f"{lang}: it left {outcome.left}")
        if len(text) > 100_000:
            found.append(f"{lang}: {len(text)} characters")
    if hostile.ends:
        english, chinese = (outcome.text for outcome in ended)
        if not re.search(str(hostile.says), english):
            found.append(f"it says {english[-500:]}")
        if not CHINESE.search(chinese):
            found.append(f"in Chinese it says {chinese[-500:]}")
    elif not found:
        with closing(openpyxl.load_workbook(ended[0].folder / "report.xlsx", read_only=True)) as book:
            rows = list(book["Summary"].iter_rows(values_only=True))
        text = " ".join(str(cell) for row in rows for cell in row if cell)
        if not re.search(rf"\b{hostile.says} respondents", text):
            found.append(f"not {hostile.says} respondents: {text[:300]}")
        if ended[0].left != ["report.xlsx"]:
            found.append(f"it left {ended[0].left}")
    return found


@pytest.mark.parametrize("group", HOSTILE)
def test_a_clear_error_or_a_correct_result(group: str, tmp_path: Path) -> None:
    ended = outcomes(HOSTILE[group], tmp_path)
    wrong = {name: faults(hostile, ended[name]) for name, hostile in HOSTILE[group].items()}
    assert not any(wrong.values()), "\n".join(
        f"{name}: {'; '.join(each)}" for name, each in wrong.items() if each
    )
