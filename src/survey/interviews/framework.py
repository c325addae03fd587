"""The framework matrix: people by themes, with what each said in the cells."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from survey.arguments import check_lang, path_of
from survey.errors import usage
from survey.interviews.counting import check_level, unit_of_codes, units
from survey.interviews.paper import Sheet, save_paper
from survey.interviews.reading import segments_of
from survey.interviews.segments import SegmentsLike, gists_of
from survey.messages import message
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd

_MOST_COLUMNS = 6  # of a table on paper; more units go into further tables


def framework_matrix(
    segments: SegmentsLike,
    *,
    level: str = "theme",
    by: str | None = None,
    quotations: bool = False,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per person interviewed and unit, those who said nothing on it included: the gists, in order.

    `gists` are the paraphrases, each once, and `segments` the ids behind them; both are tuples.
    `n_without_gist` counts the segments that no gist stands for.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    level
        "code", "subtheme", "theme" or "aim": each holds what stands below it.
    by
        An attribute of the participants that takes the place of their group.
    quotations
        Where a segment has no gist, show its words, in quotation marks.
    lang
        Language of `label`.

    Raises
    ------
    UsageError
        An unknown level, attribute or language.

    References
    ----------
    Ritchie, J. & Spencer, L. (1994), Qualitative data analysis for applied policy research. Gale, N. K. et
    al. (2013), BMC Medical Research Methodology 13, 117.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> table = survey.framework_matrix(segments, level="aim")
    >>> table[["participant", "code", "n_segments"]].values.tolist()[0]
    ['B1', 'international_location', 4]
    """
    segments = segments_of(segments).grouped_by(by)
    check_lang(lang, *segments.codebook.languages)
    check_level(level)
    data = segments.data.assign(gist=gists_of(segments.data)).drop_duplicates(["segment", "code", "gist"])
    data = data.assign(unit=data["code"].map(unit_of_codes(segments.codebook, level)))
    if level == "code":
        data = data[data["level"] == "code"]
    shown = data["gist"].fillna(data["text"].map(quoted, na_action="ignore")) if quotations else data["gist"]
    data = data.assign(shown=shown)
    cells = {
        place: (
            tuple(dict.fromkeys(rows["shown"].dropna())),
            tuple(dict.fromkeys(rows["segment"])),
            rows.loc[rows["shown"].isna(), "segment"].nunique(),
        )
        for place, rows in data.groupby(["participant", "unit"], sort=False)
    }
    people = segments.participants
    rows: list[dict[str, object]] = []
    for person, group in zip(people.index, people["group"], strict=True):
        for unit in units(segments.codebook, level, lang):
            gists, names, without = cells.get((person, unit.id), ((), (), 0))
            rows.append(
                {
                    "participant": person,
                    "group": group,
                    "level": level,
                    "code": unit.id,
                    "label": unit.label,
                    "n_segments": len(names),
                    "n_without_gist": without,
                    "gists": gists,
                    "segments": names,
                }
            )
    return contract_frame("framework", rows)


def quoted(words: str) -> str:
    """Words of a person in quotation marks."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}"


def cell_text(gists: Iterable[str], without: int, lang: str) -> str:
    """Gists below each other, so that one may take several lines, and how many segments have none."""
    lines = [f"\N{BULLET} {gist}" for gist in gists]
    if without:
        lines.append(message("framework_without_gist", lang, count=without))
    return "\n".join(lines)


def export_framework(
    segments: SegmentsLike,
    path: str | Path,
    *,
    level: str = "theme",
    by: str | None = None,
    quotations: bool = False,
    lang: str = "en",
) -> Path:
    """Write the framework matrix as a document (.docx): a row per person, a column per unit, gists in cells.

    More than six units go into further tables. The same segments give the same bytes.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    path
        Where it goes; the name ends in ".docx".
    level, by, quotations, lang
        As in `framework_matrix`.

    Raises
    ------
    UsageError
        An unknown level, attribute or language, or the path is a folder, does not end in .docx, or cannot be
        written.

    Examples
    --------
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> with TemporaryDirectory() as folder:
    ...     survey.export_framework(segments, Path(folder) / "framework.docx").name
    'framework.docx'
    """
    path = path_of(path)
    if path.suffix.lower() != ".docx":
        raise usage("target_ending", path=path, suffix=".docx")
    segments = segments_of(segments)
    matrix = framework_matrix(segments, level=level, by=by, quotations=quotations, lang=lang)
    title = message("framework_title", lang, level=message(f"coded_level_{level}", lang))
    sheet = Sheet(title, lang, wide=True)
    sheet.line(message("framework_line", lang, codebook=segments.codebook.reference), grey=True)
    if quotations:
        sheet.line(message("framework_quoted", lang), grey=True)
    labels = dict(zip(matrix["code"], matrix["label"], strict=True))
    groups = dict(zip(matrix["participant"], matrix["group"].fillna(""), strict=True))
    cells = {
        (row.participant, row.code): cell_text(row.gists, row.n_without_gist, lang)
        for row in matrix.itertuples()
    }
    codes = list(labels)
    for start in range(0, len(codes), _MOST_COLUMNS):
        shown = codes[start : start + _MOST_COLUMNS]
        head = [message("coded_col_participant", lang), *(labels[code] for code in shown)]
        rows = [
            [
                f"{person}\n{group}" if group else person,
                *(cells[person, code] or "\N{EN DASH}" for code in shown),
            ]
            for person, group in groups.items()
        ]
        sheet.table(head, rows, [2.4, *[(27.3 - 2.4) / len(shown)] * len(shown)])
    return save_paper(sheet, path)
