"""The reports of published figures: an audit of them, what they fix alone, and the files of many draws."""

from pathlib import Path
from typing import TYPE_CHECKING

from survey.arguments import check_lang, path_of, unfit
from survey.document import Report, Sheet, TitleBlock
from survey.messages.number_forms import month_text
from survey.report.properties import signed, title_block_of, title_lines
from survey.statistics.intervals import check_confidence

if TYPE_CHECKING:
    from survey.published.audit import Audit
    from survey.published.findings import FindingsLike
    from survey.published.reconstruction import Ensemble
    from survey.report.findings.context import FindingsContext


def audit_report(audit: "Audit", *, title_block: TitleBlock | None = None, command: str = "") -> Report:
    r"""Compose the workbook of an audit, in the language of the audit: nothing is written.

    Parameters
    ----------
    audit
        What `survey.audit` found.
    title_block
        Who the report is from and for.
    command
        What was typed, for the sheet on methods.

    Raises
    ------
    UsageError
        `audit` is no audit.

    Examples
    --------
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from survey.published.findings.reading import COLUMNS
    >>> size = "N,,figure,,,all,respondents,=,20,0,,,"
    >>> share = "A,,figure,firm_type,biotech,all,share_selecting,=,55,0,,,"
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "figures.csv"
    ...     _ = path.write_text("\n".join([",".join(COLUMNS), size, share]))
    ...     report = survey.audit_report(survey.audit(path))
    >>> [sheet.name for sheet in report.sheets][:3]
    ['Claims', 'Figures', 'Notes']
    """
    from survey.published.audit import Audit
    from survey.report.findings.audit import audit_sheets
    from survey.report.findings.context import FindingsContext

    if not isinstance(audit, Audit):
        raise unfit("audit_needed", audit)

    context = FindingsContext(audit=audit, lang=audit.lang, command=command)
    return _of_figures(context, audit_sheets(context), "audit_report_title", title_block_of(title_block))


def _of_figures(
    context: "FindingsContext", sheets: tuple[Sheet, ...], title: str, block: TitleBlock
) -> Report:
    """The report of published figures: their source is that of the data."""
    audit, findings = context.audit, context.audit.findings
    about = block.completed(
        title=context.say(title, name=findings.said(audit.lang)),
        fieldwork=month_text(findings.wave, audit.lang),
        data_source=findings.source,
    )
    properties = {
        "title": about.title,
        "subject": findings.instrument.reference,
        "creator": "expansion-survey",
        "description": " ".join(title_lines(about, audit.lang)),
    }
    return Report(
        audit.lang, signed(sheets, about, audit.lang), "", properties, tuple(context.notes), title_block=about
    )


def findings_report(
    findings: "FindingsLike",
    *,
    title_block: TitleBlock | None = None,
    command: str = "",
    confidence: float = 0.95,
    lang: str = "en",
) -> Report:
    r"""Compose the report of what published figures say, with no data set behind it: nothing is written.

    Each figure with its count and base, Wilson's interval where both are fixed, and what every data set with
    these margins has in common: ranges of shares, ranks, means, overlaps, p-values and differences; then the
    audit of figures, bases and statements.

    Parameters
    ----------
    findings
        What was published, or the path of its CSV file.
    title_block
        Who the report is from and for.
    command
        What was typed, for the sheet on methods.
    confidence
        Level of the intervals, as a fraction.
    lang
        Language of labels and wording, such as "zh".

    Raises
    ------
    UsageError
        There is no such file or language, or a confidence outside 0 to 1.
    FindingsError
        The file is wrong, or its figures contradict each other.

    Examples
    --------
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from survey.published.findings.reading import COLUMNS
    >>> size = "N,,figure,,,all,respondents,=,20,0,,,"
    >>> share = "A,,figure,firm_type,biotech,all,share_selecting,=,55,0,,,"
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "figures.csv"
    ...     _ = path.write_text("\n".join([",".join(COLUMNS), size, share]))
    ...     report = survey.findings_report(path)
    >>> [sheet.name for sheet in report.sheets][:3]
    ['Summary', 'Topline', 'Claims']
    """
    from survey.published.audit import audit
    from survey.report.findings.context import FindingsContext
    from survey.report.findings.known import known_sheets

    check_confidence(confidence)
    block = title_block_of(title_block)
    findings_audit = audit(findings, lang=lang)
    context = FindingsContext(
        audit=findings_audit, lang=findings_audit.lang, confidence=confidence, command=command
    )
    return _of_figures(context, known_sheets(context), "known_report_title", block)


def write_reconstructions(
    ensemble: "Ensemble", folder: str | Path, *, form: str = "csv", lang: str = "en"
) -> Path:
    """Write an ensemble into a folder: one row per draw and respondent, and how the draws were found.

    The files are `draws.csv` (or `draws.parquet`), `settings.csv` (one row per draw), `mixing.csv`,
    `trace.csv`, `mixing.png` and `README.txt`, which says that none of it is data. All are written, or none.

    Parameters
    ----------
    ensemble
        What `reconstructions` gave.
    folder
        New, empty, or with nothing in it but files of these names, which are replaced.
    form
        "csv" (UTF-8; options as 1 and 0, ratings as numbers, else ids) or "parquet" (needs pyarrow).
    lang
        The language of `README.txt` and the picture.

    Raises
    ------
    UsageError
        No ensemble, an unknown format or language, or the folder holds other files or cannot be written.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> findings = resource_folder("findings") / "executive-survey-2026.csv"
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> ensemble = survey.reconstructions(findings, draws=2, sweeps=1)
    >>> with TemporaryDirectory() as folder:
    ...     written = survey.write_reconstructions(ensemble, Path(folder) / "draws")
    ...     sorted(path.name for path in written.iterdir())[:3]
    ['README.txt', 'draws.csv', 'mixing.csv']
    """
    from survey.published.reconstruction import Ensemble
    from survey.report.findings.ensemble_files import write_drawn

    if not isinstance(ensemble, Ensemble):
        raise unfit("ensemble_needed", ensemble)
    check_lang(lang)
    return write_drawn(ensemble, path_of(folder), form, lang)


def check_reconstructions_target(folder: str | Path, form: str = "csv") -> None:
    """Refuse, before any work, what `write_reconstructions` would refuse."""
    from survey.report.findings.ensemble_files import check_drawn

    check_drawn(Path(folder), form)
