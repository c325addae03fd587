"""Findings to test with: the packaged ones, and those of another survey altogether."""

import csv
from pathlib import Path

import pytest

from survey.published.audit.verdicts import audit
from survey.published.findings import read_findings
from survey.published.findings.reading import COLUMNS
from survey.published.reconstruction.dataset import reconstruct
from survey.resources import resource_folder

# Another survey: a single-choice banner, a scale of seven points, no select-all question.
CLINICS = """
kind: survey
id: clinic-survey
version: "1.0.0"
languages: [en]
title: {en: Clinics and their suppliers}
defaults: {banner: sector, battery: worries}
scales:
  agree:
    top: 3
    points:
      - {value: 1, label: {en: one}}
      - {value: 2, label: {en: two}}
      - {value: 3, label: {en: three}}
      - {value: 4, label: {en: four}}
      - {value: 5, label: {en: five}}
      - {value: 6, label: {en: six}}
      - {value: 7, label: {en: seven}}
questions:
  - id: sector
    kind: single
    short: {en: Sector}
    text: {en: Which sector?}
    options:
      - {id: public, label: {en: Public}}
      - {id: private, label: {en: Private}}
      - {id: charity, label: {en: Charity}}
  - id: buyer
    kind: single
    short: {en: Buyer}
    text: {en: Who buys?}
    options:
      - {id: owner, label: {en: Owner}}
      - {id: manager, label: {en: Manager}}
      - {id: nobody, label: {en: Nobody}}
  - id: worries
    kind: rating
    short: {en: Worries}
    text: {en: How much does each worry you?}
    scale: agree
    items:
      - {id: prices, label: {en: Prices}}
      - {id: staff, label: {en: Staff}}
      - {id: delays, label: {en: Delays}}
  - id: beds
    kind: number
    short: {en: Beds}
    text: {en: How many beds?}
"""

CLINIC_FIGURES = [
    "N,,figure,,,all,respondents,=,60,0,,,",
    "A1,p. 3,figure,sector,public,all,share_selecting,=,50.0,1,30,,",
    "A2,p. 3,figure,buyer,owner,all,share_selecting,=,35.0,1,,,",
    "A3,p. 4,figure,buyer,owner,public,share_selecting,=,40,0,12,30,",
    "A4,p. 4,figure,buyer,manager,private,share_selecting,=,52.94,2,,,",
    "A5,p. 5,figure,worries,prices,all,top_3_box,=,71.7,1,,,",
    "A6,p. 5,figure,worries,prices,all,share_rated_7,=,20.0,1,,,",
    "A7,p. 5,figure,worries,prices,private,top_3_box,=,76.5,1,,,",
    "A8,p. 6,figure,worries,staff,all,share_rated_1,<=,5,0,,,",
    "A9,p. 6,figure,worries,staff,charity,top_2_box,>,30,0,,,",
]


def _write(path: Path, rows: list[str], header: str = ",".join(COLUMNS)) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def write_findings():
    """Write a findings file: the header and one line per claim."""
    return _write


@pytest.fixture
def clinic_rows():
    """The figures of the clinic survey, as lines."""
    return list(CLINIC_FIGURES)


@pytest.fixture(scope="session")
def published_path():
    return resource_folder("findings") / "executive-survey-2026.csv"


@pytest.fixture(scope="session")
def findings(published_path):
    return read_findings(published_path)


@pytest.fixture(scope="session")
def audited(findings):
    return audit(findings)


@pytest.fixture(scope="session")
def rebuilt(findings):
    return reconstruct(findings)


@pytest.fixture(scope="session")
def clinic_schema(tmp_path_factory):
    path = tmp_path_factory.mktemp("clinics") / "clinic-survey.yaml"
    path.write_text(CLINICS, encoding="utf-8")
    return path


@pytest.fixture
def clinics(tmp_path, clinic_schema):
    """Read figures of the clinic survey, given as lines."""

    def read(rows=CLINIC_FIGURES):
        return read_findings(_write(tmp_path / "clinics.csv", rows), clinic_schema)

    return read


@pytest.fixture
def executive(tmp_path):
    """Read figures of the executive survey, given as lines, without a sidecar."""

    def read(rows, **options):
        path = _write(tmp_path / "own.csv", rows, **options)
        return read_findings(path, "executive-survey@1.0.0")

    return read


@pytest.fixture
def rows_of(published_path):
    """The lines of the packaged file by claim, for a test to change some."""
    with published_path.open(encoding="utf-8", newline="") as file:
        lines = file.read().splitlines()[1:]
    return {next(csv.reader([line]))[0]: line for line in lines}
