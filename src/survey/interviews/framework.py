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
    segments: SegmentsLike, *, level: str = "theme", by: str | None = None, lang: str = "en"
) -> "pd.DataFrame":
    """One row per person interviewed and unit, those who said nothing on it included: the gists, in order.

    `gists` are the paraphrases, each once; where a segment has none, its words stand for it. `segments` are
    the ids behind them. Both are tuples.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    level
        "code", "subtheme", "theme" or "aim": each holds what stands below it.
    by
        An attribute of the participants that takes the place of their group.
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
    data = data.assign(words=data["gist"].fillna(data["text"]))
    said = {
        place: (tuple(dict.fromkeys(rows["words"].dropna())), tuple(dict.fromkeys(rows["segment"])))
        for place, rows in data.groupby(["participant", "unit"], sort=False)
    }
    people = segments.participants
    rows: list[dict[str, object]] = []
    for person, group in zip(people.index, people["group"], strict=True):
        for unit in units(segments.codebook, level, lang):
            gists, names = said.get((person, unit.id), ((), ()))
            rows.append(
                {
                    "participant": person,
                    "group": group,
                    "level": level,
                    "code": unit.id,
                    "label": unit.label,
                    "n_segments": len(names),
                    "gists": gists,
                    "segments": names,
                }
            )
    return contract_frame("framework", rows)


def bulleted(gists: Iterable[str]) -> str:
    """Gists below each other, so that one may take several lines."""
    return "\n".join(f"\N{BULLET} {gist}" for gist in gists)


def export_framework(
    segments: SegmentsLike, path: str | Path, *, level: str = "theme", by: str | None = None, lang: str = "en"
) -> Path:
    """Write the framework matrix as a document (.docx): a row per person, a column per unit, gists in cells.

    More than six units go into further tables. The same segments give the same bytes.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    path
        Where it goes; the name ends in ".docx".
    level, by, lang
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
    matrix = framework_matrix(segments, level=level, by=by, lang=lang)
    title = message("framework_title", lang, level=message(f"coded_level_{level}", lang))
    sheet = Sheet(title, lang, wide=True)
    sheet.line(message("framework_line", lang, codebook=segments.codebook.reference), grey=True)
    labels = dict(zip(matrix["code"], matrix["label"], strict=True))
    groups = dict(zip(matrix["participant"], matrix["group"].fillna(""), strict=True))
    cells = {
        (person, code): gists
        for person, code, gists in zip(matrix["participant"], matrix["code"], matrix["gists"], strict=True)
    }
    codes = list(labels)
    for start in range(0, len(codes), _MOST_COLUMNS):
        shown = codes[start : start + _MOST_COLUMNS]
        head = [message("coded_col_participant", lang), *(labels[code] for code in shown)]
        rows = [
            [
                f"{person}\n{group}" if group else person,
                *(bulleted(cells[person, code]) or "\N{EN DASH}" for code in shown),
            ]
            for person, group in groups.items()
        ]
        sheet.table(head, rows, [2.4, *[(27.3 - 2.4) / len(shown)] * len(shown)])
    return save_paper(sheet, path)
