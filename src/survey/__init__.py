"""Executive surveys, from the instrument to the report.

Public names load when they are first used, so that ``survey --help`` does not wait for pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Each public name and the module that holds it; adding one is one line here.
_HOMES = {
    "SurveyError": "survey.errors",
    "UsageError": "survey.errors",
    "InstrumentError": "survey.errors",
    "DataError": "survey.errors",
    "FindingsError": "survey.errors",
    "Problem": "survey.errors",
    "Place": "survey.errors",
    "ResultTable": "survey.tables",
    "Instrument": "survey.instrument",
    "list_instruments": "survey.instrument",
    "load_instrument": "survey.instrument",
    "Responses": "survey.ingest",
    "read_responses": "survey.ingest",
    "from_frame": "survey.ingest",
    "write_responses": "survey.ingest",
    "frequencies": "survey.statistics",
    "importance_shares": "survey.statistics",
    "crosstab": "survey.statistics",
    "compare_items": "survey.statistics",
    "compare_ratings": "survey.statistics",
    "compare_group_ratings": "survey.statistics",
    "reliability": "survey.statistics",
    "precision": "survey.statistics",
    "suppress": "survey.statistics",
    "mentions": "survey.statistics",
    "mention_summary": "survey.statistics",
    "overlaps": "survey.statistics",
    "Findings": "survey.published",
    "read_findings": "survey.published",
    "reproduce": "survey.published",
    "reconstruct": "survey.published.reconstruction",
    "Report": "survey.report",
    "analyze": "survey.analysis",
    "write_report": "survey.report",
}

__all__ = ["__version__", *_HOMES]

if TYPE_CHECKING:
    from survey.analysis import analyze
    from survey.errors import (
        DataError,
        FindingsError,
        InstrumentError,
        Place,
        Problem,
        SurveyError,
        UsageError,
    )
    from survey.ingest import Responses, from_frame, read_responses, write_responses
    from survey.instrument import Instrument, list_instruments, load_instrument
    from survey.published import Findings, read_findings, reproduce
    from survey.published.reconstruction import reconstruct
    from survey.report import Report, write_report
    from survey.statistics import (
        compare_group_ratings,
        compare_items,
        compare_ratings,
        crosstab,
        frequencies,
        importance_shares,
        mention_summary,
        mentions,
        overlaps,
        precision,
        reliability,
        suppress,
    )
    from survey.tables import ResultTable


def __getattr__(name: str) -> Any:
    """Import a public name from its home on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'survey' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
