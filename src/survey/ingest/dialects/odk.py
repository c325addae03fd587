"""ODK Central and SurveyCTO: columns named as in the form, select-all questions joined and in columns."""

from survey.files.grid import Grid
from survey.ingest.cell_values import as_text
from survey.ingest.dialects.kobo import Further, read_names
from survey.ingest.dialects.roles import NOT_KEPT, by_header
from survey.ingest.dialects.table import Signs, evidence, headers_of
from survey.ingest.raw_table import RawTable

CENTRAL = {
    "SubmissionDate": "submitted",
    "start": "started",
    "end": NOT_KEPT,
    "today": NOT_KEPT,
    "deviceid": "device",
    "username": "name",
    "KEY": "key",
    "PARENT_KEY": NOT_KEPT,
    "meta-instanceID": NOT_KEPT,
    "meta-instanceName": NOT_KEPT,
    "meta-entity": NOT_KEPT,
    "instanceID": NOT_KEPT,
    "instanceName": NOT_KEPT,
    "SubmitterID": NOT_KEPT,
    "SubmitterName": "name",
    "AttachmentsPresent": NOT_KEPT,
    "AttachmentsExpected": NOT_KEPT,
    "Status": NOT_KEPT,
    "ReviewState": NOT_KEPT,
    "DeviceID": "device",
    "Edits": NOT_KEPT,
    "FormVersion": NOT_KEPT,
}
SURVEYCTO = {
    "SubmissionDate": "submitted",
    "CompletionDate": NOT_KEPT,
    "starttime": "started",
    "endtime": NOT_KEPT,
    "deviceid": "device",
    "subscriberid": NOT_KEPT,
    "simid": NOT_KEPT,
    "devicephonenum": NOT_KEPT,
    "username": "name",
    "device_info": NOT_KEPT,
    "duration": "duration",
    "caseid": NOT_KEPT,
    "text_audit": NOT_KEPT,
    "audio_audit": NOT_KEPT,
    "instanceID": NOT_KEPT,
    "instanceName": NOT_KEPT,
    "formdef_version": NOT_KEPT,
    "review_status": NOT_KEPT,
    "review_quality": NOT_KEPT,
    "review_comments": NOT_KEPT,
    "review_corrections": NOT_KEPT,
    "KEY": "key",
}
_MARKS = {"0", "1"}
ROLES = by_header({**CENTRAL, **SURVEYCTO})


def detect_central(grid: Grid) -> Signs:
    """By the columns that Central adds around those of the form."""
    wanted = (
        ("SubmissionDate",),
        ("KEY",),
        ("meta-instanceID", "instanceID"),
        ("SubmitterID",),
        ("FormVersion",),
    )
    return None if _of_surveycto(grid) else evidence(headers_of(grid), *wanted, least=3)


def detect_surveycto(grid: Grid) -> Signs:
    """By the columns that SurveyCTO adds; the version of the form has another name in Central."""
    return _of_surveycto(grid)


def _of_surveycto(grid: Grid) -> Signs:
    wanted = ("formdef_version",), ("KEY",), ("SubmissionDate", "CompletionDate")
    return evidence(headers_of(grid), *wanted, least=2) if "formdef_version" in headers_of(grid) else None


def read_central(grid: Grid) -> RawTable:
    """Read `group-q` and `group-q/option`."""

    def more(header: str) -> Further:
        path, slash, option = header.partition("/")
        steps = path.split("-")
        names = ["-".join(steps[place:]) + slash + option for place in range(1, len(steps))]
        return Further(names, "part" if slash else "")

    return read_names(grid, by_header(CENTRAL), more=more)


def read_surveycto(grid: Grid) -> RawTable:
    """Read `q` and `q_option`; a joined column whose codes all have columns of their own is only compared."""
    headers = headers_of(grid)
    there = set(headers)
    cells = {
        headers[place]: {as_text(cell) for cell in column[1:].present().kinds if cell is not None}
        for place, column in grid.columns.items()
        if place < len(headers)
    }
    joined = {
        header
        for header, texts in cells.items()
        if texts and all(f"{header}_{code}" in there for text in texts for code in text.split())
    }

    def more(header: str) -> Further:
        if header in joined:
            return Further([], "joined")
        question = next((one for one in joined if header.startswith(f"{one}_")), "")
        if question and cells.get(header, set()) <= _MARKS:
            return Further([f"{question}/{header.removeprefix(f'{question}_')}"], "part")
        return Further([])

    return read_names(grid, by_header(SURVEYCTO), more=more)
