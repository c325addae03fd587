"""Executive surveys, from the instrument to the report.

Public names load when they are first used, so that ``survey --help`` does not wait for pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

# Each public name and the module that holds it; adding one is one line here.
_HOMES = {
    "SurveyError": "survey.errors",
    "UsageError": "survey.errors",
    "InstrumentError": "survey.errors",
    "DataError": "survey.errors",
    "FindingsError": "survey.errors",
    "Problem": "survey.errors",
    "Place": "survey.errors",
    "Instrument": "survey.instrument",
    "list_instruments": "survey.instrument",
    "load_instrument": "survey.instrument",
    "diff_instruments": "survey.instrument.versions",
    "Composition": "survey.instrument.composition",
    "compose_instrument": "survey.instrument.composition",
    "Draft": "survey.drafting",
    "draft_instrument": "survey.drafting",
    "draft_plan": "survey.drafting.plan_text",
    "Plan": "survey.instrument.report_plans",
    "load_plan": "survey.instrument.report_plans",
    "carry_over": "survey.ingest.version_migration",
    "Responses": "survey.ingest",
    "Provenance": "survey.ingest",
    "read_responses": "survey.ingest",
    "from_frame": "survey.ingest",
    "write_responses": "survey.ingest",
    "rake": "survey.weights",
    "weighting": "survey.weights",
    "Tally": "survey.counts",
    "tally": "survey.counts",
    "read_tally": "survey.counts",
    "write_tally": "survey.counts",
    "Association": "survey.statistics",
    "association": "survey.statistics",
    "cooccurrence": "survey.statistics",
    "correlations": "survey.statistics",
    "rank_sets": "survey.statistics",
    "frequencies": "survey.statistics",
    "importance_shares": "survey.statistics",
    "crosstab": "survey.statistics",
    "compare_items": "survey.statistics",
    "compare_ratings": "survey.statistics",
    "compare_group_ratings": "survey.statistics",
    "compare_numbers": "survey.statistics",
    "compare_waves": "survey.statistics",
    "compare_wave_means": "survey.statistics",
    "wave_transitions": "survey.statistics",
    "wave_series": "survey.statistics",
    "reliability": "survey.statistics",
    "precision": "survey.statistics",
    "suppress": "survey.disclosure",
    "mentions": "survey.statistics",
    "number_summary": "survey.statistics",
    "net_promoter": "survey.statistics",
    "rankings": "survey.statistics",
    "allocations": "survey.statistics",
    "date_summary": "survey.statistics",
    "date_counts": "survey.statistics",
    "mention_summary": "survey.statistics",
    "overlaps": "survey.statistics",
    "model_needs": "survey.models",
    "all_needs": "survey.models",
    "reach": "survey.models",
    "response_rates": "survey.models",
    "sensitivity": "survey.models",
    "Segments": "survey.interviews",
    "read_segments": "survey.interviews",
    "segments_from_frame": "survey.interviews",
    "write_segments": "survey.interviews",
    "export_segments_template": "survey.interviews",
    "export_guide": "survey.interviews",
    "check_privacy": "survey.interviews",
    "export_matrix": "survey.interviews.interchange",
    "export_project": "survey.interviews.interchange",
    "export_codes": "survey.interviews.interchange",
    "read_project": "survey.interviews.interchange",
    "read_codes": "survey.interviews.interchange",
    "joint_display": "survey.interviews.joint_display",
    "coder_agreement": "survey.interviews.agreement",
    "load_guide": "survey.instrument.interview_schemas",
    "load_codebook": "survey.instrument.interview_schemas",
    "export_collection": "survey.export.collection",
    "export_xlsform": "survey.export.xlsform",
    "export_page": "survey.export.page",
    "export_codebook": "survey.export.data_dictionary",
    "data_dictionary": "survey.export.data_dictionary",
    "table_schema": "survey.export.data_dictionary",
    "export_responses": "survey.export.coded_data",
    "Quality": "survey.ingest.quality",
    "screen": "survey.ingest.quality",
    "Findings": "survey.published.findings",
    "read_findings": "survey.published.findings",
    "reproduce": "survey.published.findings",
    "reconstruct": "survey.published.reconstruction",
    "reconstructions": "survey.published.reconstruction",
    "Ensemble": "survey.published.reconstruction",
    "audit": "survey.published.audit",
    "Audit": "survey.published.audit",
    "bounds": "survey.published.bounds",
    "code_matrix": "survey.interviews.matrices",
    "compare_cases": "survey.interviews.cases",
    "framework_matrix": "survey.interviews.framework",
    "export_framework": "survey.interviews.framework",
    "coding_differences": "survey.interviews.consensus",
    "export_consensus": "survey.interviews.consensus",
    "apply_consensus": "survey.interviews.consensus",
    "coding_changes": "survey.interviews.coding_changes",
    "coding_effects": "survey.interviews.coding_effects",
    "keyword_in_context": "survey.interviews.words",
    "word_counts": "survey.interviews.words",
    "reporting_checklist": "survey.interviews.reporting",
    "export_member_checks": "survey.interviews.member_checks",
    "codebook_evidence": "survey.interviews.coverage",
    "Saturation": "survey.interviews.saturation",
    "saturation": "survey.interviews.saturation",
    "code_cooccurrence": "survey.interviews.code_cooccurrence",
    "attribution_conflicts": "survey.interviews.attribution",
    "both_sides": "survey.interviews.contradictions",
    "voices": "survey.interviews.participation",
    "check_claims": "survey.interviews.claims",
    "load_case_facts": "survey.instrument.case_schemas",
    "load_propositions": "survey.instrument.proposition_schemas",
    "compare_facts": "survey.interviews.case_facts",
    "fact_disagreements": "survey.interviews.fact_disagreements",
    "facts_beside": "survey.interviews.case_facts",
    "facts_report": "survey.report.interviews.facts",
    "judge_propositions": "survey.interviews.propositions",
    "propositions_report": "survey.report.interviews.propositions",
    "analyze_interviews": "survey.report.interviews",
    "audit_report": "survey.report.findings",
    "findings_report": "survey.report.findings",
    "mark_results": "survey.report.survey.marking",
    "waves_report": "survey.report.waves",
    "Report": "survey.document",
    "analyze": "survey.report.survey",
    "planned_reports": "survey.report.survey",
    "FinishedReport": "survey.report.survey",
    "quality_report": "survey.report.survey.check_reports",
    "TitleBlock": "survey.document",
    "write_report": "survey.render",
    "write_pictures": "survey.render",
    "write_reconstructions": "survey.report.findings",
}

__all__ = ["__version__", *_HOMES]

if TYPE_CHECKING:
    from survey.counts import Tally, read_tally, tally, write_tally
    from survey.disclosure import suppress
    from survey.document import Report, TitleBlock
    from survey.drafting import Draft, draft_instrument
    from survey.drafting.plan_text import draft_plan
    from survey.errors import (
        DataError,
        FindingsError,
        InstrumentError,
        Place,
        Problem,
        SurveyError,
        UsageError,
    )
    from survey.export.coded_data import export_responses
    from survey.export.collection import export_collection
    from survey.export.data_dictionary import data_dictionary, export_codebook, table_schema
    from survey.export.page import export_page
    from survey.export.xlsform import export_xlsform
    from survey.ingest import Provenance, Responses, from_frame, read_responses, write_responses
    from survey.ingest.quality import Quality, screen
    from survey.ingest.version_migration import carry_over
    from survey.instrument import Instrument, list_instruments, load_instrument
    from survey.instrument.case_schemas import load_case_facts
    from survey.instrument.composition import Composition, compose_instrument
    from survey.instrument.interview_schemas import load_codebook, load_guide
    from survey.instrument.proposition_schemas import load_propositions
    from survey.instrument.report_plans import Plan, load_plan
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
    from survey.interviews.case_facts import compare_facts, facts_beside
    from survey.interviews.cases import compare_cases
    from survey.interviews.claims import check_claims
    from survey.interviews.code_cooccurrence import code_cooccurrence
    from survey.interviews.coding_changes import coding_changes
    from survey.interviews.coding_effects import coding_effects
    from survey.interviews.consensus import apply_consensus, coding_differences, export_consensus
    from survey.interviews.contradictions import both_sides
    from survey.interviews.coverage import codebook_evidence
    from survey.interviews.fact_disagreements import fact_disagreements
    from survey.interviews.framework import export_framework, framework_matrix
    from survey.interviews.interchange import (
        export_codes,
        export_matrix,
        export_project,
        read_codes,
        read_project,
    )
    from survey.interviews.joint_display import joint_display
    from survey.interviews.matrices import code_matrix
    from survey.interviews.member_checks import export_member_checks
    from survey.interviews.participation import voices
    from survey.interviews.propositions import judge_propositions
    from survey.interviews.reporting import reporting_checklist
    from survey.interviews.saturation import Saturation, saturation
    from survey.interviews.words import keyword_in_context, word_counts
    from survey.models import all_needs, model_needs, reach, response_rates, sensitivity
    from survey.published.audit import Audit, audit
    from survey.published.bounds import bounds
    from survey.published.findings import Findings, read_findings, reproduce
    from survey.published.reconstruction import Ensemble, reconstruct, reconstructions
    from survey.render import write_pictures, write_report
    from survey.report.findings import audit_report, findings_report, write_reconstructions
    from survey.report.interviews import analyze_interviews
    from survey.report.interviews.facts import facts_report
    from survey.report.interviews.propositions import propositions_report
    from survey.report.survey import FinishedReport, analyze, planned_reports
    from survey.report.survey.check_reports import quality_report
    from survey.report.survey.marking import mark_results
    from survey.report.waves import waves_report
    from survey.statistics import (
        Association,
        allocations,
        association,
        compare_group_ratings,
        compare_items,
        compare_numbers,
        compare_ratings,
        compare_wave_means,
        compare_waves,
        cooccurrence,
        correlations,
        crosstab,
        date_counts,
        date_summary,
        frequencies,
        importance_shares,
        mention_summary,
        mentions,
        net_promoter,
        number_summary,
        overlaps,
        precision,
        rank_sets,
        rankings,
        reliability,
        wave_series,
        wave_transitions,
    )
    from survey.weights import rake, weighting


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
