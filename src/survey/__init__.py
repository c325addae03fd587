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
    "diff_instruments": "survey.instrument.versions",
    "carry_over": "survey.ingest.carrying",
    "Responses": "survey.ingest",
    "read_responses": "survey.ingest",
    "from_frame": "survey.ingest",
    "write_responses": "survey.ingest",
    "Association": "survey.statistics",
    "association": "survey.statistics",
    "cooccurrence": "survey.statistics",
    "rank_sets": "survey.statistics",
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
    "number_summary": "survey.statistics",
    "mention_summary": "survey.statistics",
    "overlaps": "survey.statistics",
    "Segments": "survey.interviews",
    "read_segments": "survey.interviews",
    "segments_from_frame": "survey.interviews",
    "write_segments": "survey.interviews",
    "export_segments_template": "survey.interviews",
    "export_guide": "survey.interviews",
    "check_privacy": "survey.interviews",
    "export_project": "survey.interviews.exchange",
    "export_codes": "survey.interviews.exchange",
    "read_project": "survey.interviews.exchange",
    "read_codes": "survey.interviews.exchange",
    "joint_display": "survey.interviews.joint",
    "coder_agreement": "survey.interviews.agreement",
    "load_guide": "survey.instrument.interviews",
    "load_codebook": "survey.instrument.interviews",
    "export_collection": "survey.fielding.collection",
    "export_xlsform": "survey.fielding.xlsform",
    "export_page": "survey.fielding.page",
    "export_codebook": "survey.fielding.dictionary",
    "data_dictionary": "survey.fielding.dictionary",
    "table_schema": "survey.fielding.dictionary",
    "export_responses": "survey.fielding.handing",
    "Quality": "survey.ingest.quality",
    "screen": "survey.ingest.quality",
    "Findings": "survey.published",
    "read_findings": "survey.published",
    "reproduce": "survey.published",
    "reconstruct": "survey.published.reconstruction",
    "reconstructions": "survey.published.ensemble",
    "Ensemble": "survey.published.ensemble",
    "audit": "survey.published.audit",
    "Audit": "survey.published.audit",
    "bounds": "survey.published.bounds",
    "overlap": "survey.published.bounds",
    "memberships": "survey.published.bounds",
    "rated_together": "survey.published.bounds",
    "group_share": "survey.published.bounds",
    "group_difference": "survey.published.bounds",
    "item_p_value": "survey.published.bounds",
    "group_p_value": "survey.published.bounds",
    "code_matrix": "survey.interviews.matrices",
    "compare_cases": "survey.interviews.cases",
    "codebook_evidence": "survey.interviews.evidence",
    "Saturation": "survey.interviews.saturation",
    "saturation": "survey.interviews.saturation",
    "code_cooccurrence": "survey.interviews.cooccurrence",
    "attribution_conflicts": "survey.interviews.attribution",
    "both_sides": "survey.interviews.opposites",
    "voices": "survey.interviews.voices",
    "check_claims": "survey.interviews.claims",
    "analyze_interviews": "survey.analysis",
    "audit_report": "survey.analysis",
    "findings_report": "survey.analysis",
    "mark_results": "survey.analysis",
    "Report": "survey.report",
    "analyze": "survey.analysis",
    "write_report": "survey.report",
    "write_reconstructions": "survey.analysis",
}

__all__ = ["__version__", *_HOMES]

if TYPE_CHECKING:
    from survey.analysis import (
        analyze,
        analyze_interviews,
        audit_report,
        findings_report,
        mark_results,
        write_reconstructions,
    )
    from survey.errors import (
        DataError,
        FindingsError,
        InstrumentError,
        Place,
        Problem,
        SurveyError,
        UsageError,
    )
    from survey.fielding.collection import export_collection
    from survey.fielding.dictionary import data_dictionary, export_codebook, table_schema
    from survey.fielding.handing import export_responses
    from survey.fielding.page import export_page
    from survey.fielding.xlsform import export_xlsform
    from survey.ingest import Responses, from_frame, read_responses, write_responses
    from survey.ingest.carrying import carry_over
    from survey.ingest.quality import Quality, screen
    from survey.instrument import Instrument, list_instruments, load_instrument
    from survey.instrument.interviews import load_codebook, load_guide
    from survey.instrument.versions import diff_instruments
    from survey.interviews import (
        Segments,
        check_privacy,
        export_guide,
        export_segments_template,
        read_segments,
        segments_from_frame,
        write_segments,
    )
    from survey.interviews.agreement import coder_agreement
    from survey.interviews.attribution import attribution_conflicts
    from survey.interviews.cases import compare_cases
    from survey.interviews.claims import check_claims
    from survey.interviews.cooccurrence import code_cooccurrence
    from survey.interviews.evidence import codebook_evidence
    from survey.interviews.exchange import export_codes, export_project, read_codes, read_project
    from survey.interviews.joint import joint_display
    from survey.interviews.matrices import code_matrix
    from survey.interviews.opposites import both_sides
    from survey.interviews.saturation import Saturation, saturation
    from survey.interviews.voices import voices
    from survey.published import Findings, read_findings, reproduce
    from survey.published.audit import Audit, audit
    from survey.published.bounds import (
        bounds,
        group_difference,
        group_p_value,
        group_share,
        item_p_value,
        memberships,
        overlap,
        rated_together,
    )
    from survey.published.ensemble import Ensemble, reconstructions
    from survey.published.reconstruction import reconstruct
    from survey.report import Report, write_report
    from survey.statistics import (
        Association,
        association,
        compare_group_ratings,
        compare_items,
        compare_ratings,
        cooccurrence,
        crosstab,
        frequencies,
        importance_shares,
        mention_summary,
        mentions,
        number_summary,
        overlaps,
        precision,
        rank_sets,
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
