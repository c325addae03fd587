"""The plan: `Responses` -> `Report`. Pure composition; every number comes from `statistics`."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from survey.errors import usage
from survey.ingest import Responses
from survey.messages import LANGUAGES
from survey.report.model import Report, Sheet
from survey.sheets import (
    closing,
    crossed,
    inference,
    numbers,
    opening,
    planning,
    protected,
    questions,
    screening,
)
from survey.sheets.plan import Plan
from survey.statistics.crosstabs import check_compare, check_only
from survey.statistics.intervals import check_confidence, check_min_base
from survey.statistics.suppression import check_minimum

if TYPE_CHECKING:
    import pandas as pd

    from survey.ingest.quality import Quality
    from survey.instrument.joint_displays import JointDisplay
    from survey.interviews import Segments
    from survey.published import Findings
    from survey.published.audit import Audit
    from survey.published.ensemble import Ensemble

# The sheets in their order; each builder gives none, one or several. Adding a sheet is one line here.
SHEETS: tuple[Callable[[Plan], list[Sheet]], ...] = (
    opening.contents,
    opening.summary,
    questions.importance,
    questions.questions,
    questions.banner,
    numbers.numbers,
    numbers.texts,
    crossed.crossed,
    crossed.comparisons,
    inference.ranks,
    inference.associations,
    inference.together,
    planning.precision_sheet,
    closing.published,
    closing.quality,
    screening.rules,
    closing.method,
    closing.codebook,
)

# The sheets of a report whose small cells are hidden: those alone that are protected.
PROTECTED_SHEETS: tuple[Callable[[Plan], list[Sheet]], ...] = (
    protected.contents,
    protected.summary,
    protected.importance,
    protected.questions,
    protected.crossed,
    closing.method,
    closing.codebook,
)


def analyze(
    responses: Responses,
    *,
    by: str | None = None,
    lang: str = "en",
    confidence: float = 0.95,
    min_base: int = 5,
    compare: str = "complement",
    only: str | None = None,
    suppress: int = 0,
    findings: "Findings | str | Path | None" = None,
    command: str = "",
    quality: "Quality | None" = None,
    open_text: bool = False,
) -> Report:
    """Compose the whole report. Nothing is written; `write_report` does that.

    Parameters
    ----------
    by
        The banner of the cross-tabs, a single or select-all question; the instrument's default where None.
    lang
        Language of labels and of the report's own wording: "en" or "zh".
    confidence
        Level of every interval, as a fraction; 1 - confidence is the level of the tests.
    min_base
        Bases below it are marked [low] and never tested; at least 1.
    compare
        "complement", or "columns": the cross-tabs show too which groups differ from each other, as letters.
    only
        "exclusive" or "mixed": the groups of the cross-tabs and group tests hold those who are in no other
        group, or in another one too. Overlaps, association and precision are about whole groups all the same.
    suppress
        Counts of 1 to `suppress` - 1 are hidden, with enough others that nobody can work them back from the
        workbook. It then has only the sheets that can be protected. 0 hides nothing.
    findings
        Published findings to compare with. Where None: the packaged ones of the same instrument and wave,
        if the data say which wave they are. A subset is not compared.
    command
        What was typed, for the sheet on methods.
    quality
        What `screen` found, where it left rows out; else the rules look at these responses.
    open_text
        Print what respondents wrote in their own words; otherwise it is only counted.

    Raises
    ------
    UsageError
        An unknown question or language, or an argument outside its range.
    """
    check_confidence(confidence)
    if lang not in LANGUAGES:
        raise usage("language_unknown", lang=lang, known=list(LANGUAGES))
    check_min_base(min_base, least=1)
    check_compare(compare)
    check_only(only)
    if suppress:
        check_minimum(suppress)
        if compare == "columns":
            raise usage("suppress_columns")
        if open_text:
            raise usage("suppress_open_text")
    instrument = responses.instrument
    banner = by or instrument.defaults.banner
    plan = Plan(
        responses,
        instrument.question(banner, "single", "multiple") if banner else None,
        lang,
        confidence,
        min_base,
        _findings(responses, findings),
        command,
        quality,
        compare,
        only,
        suppress,
        open_text,
    )
    builders = PROTECTED_SHEETS if suppress else SHEETS
    sheets = tuple(sheet for build in builders for sheet in build(plan))
    origin = responses.origin
    warnings = []
    if origin.get("reconstructed") == "yes":
        warnings.append(plan.say("reconstructed_warning"))
    if plan.subset_text:
        warnings.append(plan.subset_text)
    properties = {
        "title": plan.say("report_title", title=sheets[0].title),
        "subject": instrument.reference,
        "creator": "expansion-survey",
        "description": " ".join([*warnings, *_provenance(plan)]),
        "keywords": "reconstructed" if origin.get("reconstructed") == "yes" else "",
        "date": _date(origin.get("wave", "")),
    }
    return Report(lang, sheets, " ".join(warnings), properties)


def analyze_interviews(
    segments: "Segments",
    *,
    lang: str = "en",
    confidence: float = 0.95,
    base_size: int = 4,
    run_length: int = 2,
    threshold: float = 0.05,
    draws: int = 10_000,
    seed: int = 1,
    similarity: float = 0.9,
    gists: bool = True,
    quotations: bool = False,
    claims: "str | Path | pd.DataFrame | None" = None,
    responses: Responses | None = None,
    joint: "str | Path | JointDisplay | None" = None,
    command: str = "",
) -> Report:
    """Compose the report of coded interviews. Nothing is written; `write_report` does that.

    Parameters
    ----------
    lang
        Language of labels and of the report's own wording: "en" or "zh".
    confidence
        Level of the exact intervals, as a fraction.
    base_size, run_length, threshold, draws, seed
        The settings of `saturation`.
    similarity
        From which similarity on two texts may be the same quotation: see `attribution_conflicts`.
    gists, quotations
        Whether paraphrases, and whether the words of the interviewees, are shown.
    responses, joint
        Responses of a survey to put beside the interviews, and the crosswalk between the two: see
        `joint_display`.
    claims
        Statements to hold against the people behind their codes: see `check_claims`.
    command
        What was typed, for the sheet on methods.

    Raises
    ------
    UsageError
        An unknown language, or an argument outside its range.
    """
    from survey.sheets.interviewed import INTERVIEW_SHEETS
    from survey.sheets.interviewed.plan import InterviewPlan

    check_confidence(confidence)
    if lang not in LANGUAGES:
        raise usage("language_unknown", lang=lang, known=", ".join(LANGUAGES))
    plan = InterviewPlan(
        segments,
        lang=lang,
        confidence=confidence,
        base_size=base_size,
        run_length=run_length,
        threshold=threshold,
        draws=draws,
        seed=seed,
        similarity=similarity,
        gists=gists,
        quotations=quotations,
        claims=claims,
        responses=responses,
        joint=joint,
        command=command,
    )
    sheets = tuple(sheet for build in INTERVIEW_SHEETS for sheet in build(plan))
    properties = {
        "title": sheets[0].title,
        "subject": segments.codebook.reference,
        "creator": "expansion-survey",
        "description": " ".join(plan.provenance),
    }
    return Report(lang, sheets, "", properties)


def audit_report(audit: "Audit", *, command: str = "") -> Report:
    """Compose the workbook of an audit, in the language of the audit: nothing is written.

    Parameters
    ----------
    command
        What was typed, for the sheet on methods.
    """
    from survey.sheets.audited import audit_sheets

    findings = audit.findings
    sheets = audit_sheets(audit, command)
    properties = {
        "title": sheets[0].title,
        "subject": findings.instrument.reference,
        "creator": "expansion-survey",
        "description": findings.source,
        "date": _date(findings.wave),
    }
    return Report(audit.lang, sheets, "", properties)


def write_reconstructions(
    ensemble: "Ensemble", folder: str | Path, *, form: str = "csv", lang: str = "en"
) -> Path:
    """Write an ensemble into a folder: one row per draw and respondent, and how the draws were found.

    The files are `draws.csv` (or `draws.parquet`), `settings.csv` (one row per draw), `mixing.csv`,
    `trace.csv`, `mixing.png` and `README.txt`, which says that none of it is data. All are written, or none.

    Parameters
    ----------
    folder
        New, empty, or with nothing in it but files of these names, which are replaced.
    form
        "csv" (UTF-8; options as 1 and 0, ratings as numbers, else ids) or "parquet" (needs pyarrow).
    lang
        The language of `README.txt` and the picture.

    Raises
    ------
    UsageError
        An unknown format or language, or the folder holds other files or cannot be written.
    """
    from survey.sheets.drawn import write_drawn

    if lang not in LANGUAGES:
        raise usage("language_unknown", lang=lang, known=", ".join(LANGUAGES))
    return write_drawn(ensemble, Path(folder), form, lang)


def check_reconstructions_target(folder: str | Path, form: str = "csv") -> None:
    """Refuse, before any work, what `write_reconstructions` would refuse."""
    from survey.sheets.drawn import check_drawn

    check_drawn(Path(folder), form)


def findings_report(
    findings: "Findings | str | Path", *, lang: str = "en", confidence: float = 0.95, command: str = ""
) -> Report:
    """Compose the report of what published figures say, with no data set behind it: nothing is written.

    Each figure with its count and base, Wilson's interval where both are fixed, and what every data set with
    these margins has in common: ranges of shares, ranks, means, overlaps, p-values and differences; then the
    audit of figures, bases and statements.

    Parameters
    ----------
    findings
        What was published, or the path of its CSV file.
    lang
        Language of labels and wording: "en" or "zh".
    confidence
        Level of the intervals, as a fraction.
    command
        What was typed, for the sheet on methods.

    Raises
    ------
    UsageError
        There is no such file or language, or a confidence outside 0 to 1.
    FindingsError
        The file is wrong, or its figures contradict each other.
    """
    from survey.published.audit import audit
    from survey.sheets.known import known_sheets

    check_confidence(confidence)
    found = audit(findings, lang=lang)
    published = found.findings
    sheets = known_sheets(found, confidence, command)
    properties = {
        "title": sheets[0].title,
        "subject": published.instrument.reference,
        "creator": "expansion-survey",
        "description": published.source,
        "date": _date(published.wave),
    }
    return Report(lang, sheets, "", properties)


def mark_results(
    responses: Responses,
    findings: "Findings",
    *,
    draws: int | Iterable[Responses] = 100,
    seed: int = 0,
    tell: Callable[[int], None] | None = None,
) -> Responses:
    """Mark each result of the report of a reconstruction: fixed by the margins, bounded, or open.

    Parameters
    ----------
    responses
        The reconstruction that is to carry the marks. Its answers stay as they are.
    findings
        The published findings it was made from.
    draws
        How many data sets `reconstructions` makes for the ranges; or the data sets themselves.
    seed
        What they start from.
    tell
        Called with the number of draws done, after each.

    Returns
    -------
    Responses
        With an entry in `origin` for each result: `write_responses` puts it on the hidden sheet, `analyze`
        prints it. "fixed": every data set with these margins gives this value. "bounded": the range over the
        draws, and where one is proved the range over all data sets with these margins. "open": the margins
        say nothing, or no figure is about the question. Marks hold for a report of all respondents with the
        default banner, confidence and minimum base.

    Raises
    ------
    UsageError
        `draws` or `seed` is out of range.
    FindingsError
        The figures contradict each other.
    """
    from dataclasses import replace
    from itertools import chain

    from survey.ingest.responses import without_marks
    from survey.sheets.marking import found_marks

    if isinstance(draws, int):
        from survey.published.ensemble import reconstructions

        ensemble = reconstructions(findings, draws=draws, seed=seed)
        draws = (ensemble.responses(draw) for draw in range(1, len(ensemble) + 1))
    marks = found_marks(chain([responses], draws), findings, tell)
    kept = {key: value for key, value in responses.origin.items() if key in ("fixed", "below")}
    return replace(responses, origin={**without_marks(responses.origin), **kept, **marks})


def quality_report(responses: Responses, quality: "Quality", *, lang: str = "en") -> Report:
    """Compose the workbook of `survey check`: the accounting, the rules, the rows they found."""
    plan = Plan(responses, None, lang, quality=quality)
    file = responses.origin.get("input", "")
    title = plan.say("quality_report_title", file=file)
    about = plan.say("contents_about", count=len(responses), instrument=responses.instrument.reference)
    sheets = [
        Sheet(plan.say("sheet_contents"), title, lines=(about,)),
        *closing.quality(plan),
        *screening.rules(plan),
    ]
    properties = {"title": title, "subject": responses.instrument.reference, "creator": "expansion-survey"}
    return Report(lang, tuple(sheets), plan.subset_text, properties)


def _provenance(plan: Plan) -> list[str]:
    """Source and licence, as far as instrument and data say them."""
    said = [plan.say("contents_source", source=source) for source in plan.instrument.sources]
    if licence := plan.responses.origin.get("licence"):
        said.append(plan.say("about_entry", name=plan.say("origin_licence"), value=licence))
    return said


def _date(wave: str) -> str:
    """The date of a report is that of its data, never the clock: a wave such as 2026-04 or 2026-04-15."""
    found = re.fullmatch(r"(\d{4}-\d{2})(-\d{2})?", wave)
    return f"{found[1]}{found[2] or '-01'}" if found else ""


def _findings(responses: Responses, told: "Findings | str | Path | None") -> "Findings | None":
    from survey.published import Findings, findings_for, read_findings

    if responses.subset or responses.origin.get("subset"):
        return None
    if isinstance(told, Findings):
        return told
    path = told or findings_for(responses.instrument, responses.origin.get("wave", ""))
    return read_findings(path, responses.instrument) if path else None
