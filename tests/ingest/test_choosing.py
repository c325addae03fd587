"""Which sheet holds the data and which instrument it is of: the hidden sheet says it, else the headers."""

import re
import shutil
from pathlib import Path

import pytest

from survey import DataError, UsageError, load_instrument, read_responses
from survey.instrument import list_instruments
from tests.helpers import workbook
from tests.ingest.conftest import CANTEEN

DATA = """
    | diet  | drinks__tea | dishes__soup |
    |-------|-------------|--------------|
    | other | 1           | 5            |
"""
NOTES = "| What this is |\n| A note |"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of instruments of our own instead of the packaged ones: canteen 1.0.0, to begin with."""
    folder = tmp_path / "instruments"
    (folder / "canteen").mkdir(parents=True)
    shutil.copy(CANTEEN, folder / "canteen" / "1.0.0.yaml")
    monkeypatch.setattr("survey.instrument.loading.resource_folder", lambda name: folder)
    return folder


def publish(shelf: Path, reference: str, *changes: tuple[str, str]) -> None:
    """Put a changed copy of canteen 1.0.0 on the shelf."""
    name, version = reference.split("@")
    text = CANTEEN.read_text(encoding="utf-8")
    for old, new in (("id: canteen", f"id: {name}"), ('version: "1.0.0"', f'version: "{version}"'), *changes):
        assert old in text
        text = text.replace(old, new)
    (shelf / name).mkdir(exist_ok=True)
    (shelf / name / f"{version}.yaml").write_text(text, encoding="utf-8")


NEW_OPTION = (
    "      - {id: nothing,",
    '      - {id: cocoa, label: {en: "Cocoa", zh: "可可"}}\n      - {id: nothing,',
)
NEW_DIET = (
    "      - {id: other,",
    '      - {id: vegan, label: {en: "Vegan", zh: "纯素"}}\n      - {id: other,',
)
NEW_QUESTION = (
    "  - id: remark\n",
    '  - {id: floor, kind: number, short: {en: "Floor", zh: "楼层"}, text: {en: "Floor?", zh: "几楼?"}}\n'
    "  - id: remark\n",
)


# -- the sheet -------------------------------------------------------------------------------------------


def test_the_only_sheet_whose_header_matches(shelf: Path, tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", {"About": NOTES, "Empty": "", "Answers": DATA})
    assert read_responses(path).meta["sheet"].tolist() == ["Answers"]


def test_several_sheets_that_match_are_named(shelf: Path, tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", {"About": NOTES, "May": DATA, "June": DATA})
    with pytest.raises(UsageError, match=r"Several sheets of 'r\.xlsx' could hold the responses: May, June"):
        read_responses(path)
    assert read_responses(path, sheet="June").meta["sheet"].tolist() == ["June"]


def test_the_hidden_sheet_names_the_data_sheet(shelf: Path, tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", {"May": DATA, "June": DATA}, says={"data_sheet": "June"})
    assert read_responses(path).meta["sheet"].tolist() == ["June"]
    assert read_responses(path, sheet="May").meta["sheet"].tolist() == ["May"]


@pytest.mark.parametrize("options", [{}, {"sheet": "July"}, {"sheet": "_survey"}, {"sheet": "Empty"}])
def test_a_sheet_that_is_not_there(shelf: Path, tmp_path: Path, options: dict[str, str]) -> None:
    path = workbook(tmp_path / "r.xlsx", {"May": DATA, "Empty": ""}, says={"data_sheet": "June"})
    wanted = options.get("sheet", "June")
    with pytest.raises(UsageError, match=rf"no filled sheet '{wanted}'. Its sheets: May, Empty"):
        read_responses(path, **options)


def test_no_sheet_matches(shelf: Path, tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", {"About": NOTES, "Other": "| a | 5.0 | =1+1 |\n| 1 | 2 | 3 |"})
    with pytest.raises(DataError, match=r"headed by a question of canteen@1\.0\.0.*What this is"):
        read_responses(path)
    with pytest.raises(DataError, match=r"The headers begin: a, 5, =1\+1\."):
        read_responses(path, sheet="Other")


# -- the instrument --------------------------------------------------------------------------------------


def test_the_hidden_sheet_names_instrument_and_version(shelf: Path, tmp_path: Path) -> None:
    publish(shelf, "canteen@1.1.0")
    path = workbook(tmp_path / "r.xlsx", DATA, says={"instrument": "canteen@1.1.0", "wave": "may"})
    responses = read_responses(path)
    assert responses.instrument.reference == "canteen@1.1.0"
    assert responses.provenance.wave == "may"
    assert read_responses(path, "canteen@1.0.0").instrument.version == "1.0.0"


def test_a_reference_without_a_version_means_the_newest(shelf: Path, tmp_path: Path) -> None:
    for version in ("1.2.0", "1.10.0", "1.9.0"):
        publish(shelf, f"canteen@{version}")
    assert load_instrument("canteen").version == "1.10.0"
    said = workbook(tmp_path / "said.xlsx", DATA, says={"instrument": "canteen"})
    assert read_responses(said).instrument.version == "1.10.0"
    plain = workbook(tmp_path / "plain.xlsx", DATA)
    assert read_responses(plain, "canteen").instrument.version == "1.10.0"
    assert read_responses(plain).instrument.version == "1.0.0"


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("cafeteria", "There is no instrument 'cafeteria'. Did you mean: canteen?"),
        ("canten@1.0.0", "There is no instrument 'canten'. Did you mean: canteen?"),
        ("canteen@9.0.0", "'canteen' has no version 9.0.0. There are: 1.0.0."),
        ("canteen@latest", "'canteen' has no version latest. There are: 1.0.0."),
        ("../other/canteen.yaml", "There is no instrument '../other/canteen.yaml'."),
        ("canteen.yaml", "There is no instrument 'canteen.yaml'."),
    ],
)
def test_a_hidden_sheet_that_names_what_is_not_there(
    shelf: Path, tmp_path: Path, reference: str, told: str
) -> None:
    path = workbook(tmp_path / "r.xlsx", DATA, says={"instrument": reference})
    with pytest.raises(UsageError, match=re.escape(f"r.xlsx, sheet '_survey': {told}")):
        read_responses(path)
    assert len(read_responses(path, CANTEEN)) == 1


@pytest.mark.parametrize(
    ("header", "cells", "version"),
    [
        # Every version leaves as much unmatched and absent: the oldest wins.
        ("diet", "other", "1.0.0"),
        # A header that only the newer versions know; 1.1.0 has fewer parts absent than 1.2.0.
        ("diet | drinks__cocoa", "other | 1", "1.1.0"),
        # Two such headers.
        ("diet | drinks__cocoa | floor", "other | 1 | 3", "1.2.0"),
        ("diet | floor", "other | 3", "1.2.0"),
        # An option in a cell that only the newest knows.
        ("diet", "vegan", "1.2.0"),
        ("drinks", "Tea, Cocoa", "1.1.0"),
        # A header nobody knows counts against all alike.
        ("diet | weather", "other | rain", "1.0.0"),
    ],
)
def test_the_version_that_fits_the_headers_and_options(
    shelf: Path, tmp_path: Path, header: str, cells: str, version: str
) -> None:
    publish(shelf, "canteen@1.1.0", NEW_OPTION)
    publish(shelf, "canteen@1.2.0", NEW_OPTION, NEW_DIET, NEW_QUESTION)
    path = workbook(tmp_path / "r.xlsx", f"| {header} |\n| {cells} |")
    assert read_responses(path).instrument.version == version


def test_fewest_absent_decides_between_versions(shelf: Path, tmp_path: Path) -> None:
    publish(shelf, "canteen@0.9.0", NEW_OPTION)
    path = workbook(tmp_path / "r.xlsx", DATA)
    assert read_responses(path).instrument.version == "1.0.0"


def test_only_different_instruments_are_ambiguous(shelf: Path, tmp_path: Path) -> None:
    publish(shelf, "canteen@1.1.0", NEW_OPTION)
    publish(shelf, "kiosk@2.0.0")
    path = workbook(tmp_path / "r.xlsx", DATA)
    told = r"The headers of 'r\.xlsx' fit several instruments equally well: canteen, kiosk\..*--instrument"
    with pytest.raises(UsageError, match=told):
        read_responses(path)
    assert read_responses(path, "kiosk").instrument.reference == "kiosk@2.0.0"


def test_an_instrument_that_knows_more_of_the_headers_is_not_ambiguous(shelf: Path, tmp_path: Path) -> None:
    publish(shelf, "kiosk@2.0.0", NEW_QUESTION)
    path = workbook(tmp_path / "r.xlsx", "| diet | floor |\n| other | 3 |")
    assert read_responses(path).instrument.id == "kiosk"


def test_interviews_are_no_candidates_and_no_answer(shelf: Path, tmp_path: Path) -> None:
    folder = shelf / "guide"
    folder.mkdir()
    (folder / "1.0.0.yaml").write_text("kind: interview-guide\nid: guide\n")
    (folder / "draft.yaml").write_text("kind: survey\n")
    assert [known.id for known in list_instruments()] == ["canteen", "guide"]
    assert [known.id for known in list_instruments("survey")] == ["canteen"]
    path = workbook(tmp_path / "r.xlsx", DATA)
    assert read_responses(path).instrument.id == "canteen"


def test_no_instrument_of_that_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", DATA)
    with pytest.raises(UsageError, match="There is no instrument 'nope'"):
        read_responses(path, "nope")
    with pytest.raises(UsageError, match="is of kind interview-guide, not a survey"):
        read_responses(path, "interview-guide")
