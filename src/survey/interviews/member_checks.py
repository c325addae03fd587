"""Member checking: for each person a sheet with what was taken from the interview, to confirm or correct."""

import re
from pathlib import Path
from typing import Any

from survey.arguments import check_lang, path_of
from survey.errors import Place, Problem, UsageError
from survey.interviews.counting import check_level, unit_of_codes, units
from survey.interviews.framework import quoted
from survey.interviews.paper import Sheet, save_paper
from survey.interviews.reading import segments_of
from survey.interviews.segments import SegmentsLike, gists_of
from survey.messages import message

_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def export_member_checks(
    segments: SegmentsLike,
    folder: str | Path,
    *,
    level: str = "theme",
    quotations: bool = False,
    lang: str = "en",
) -> list[Path]:
    """Write a document (.docx) per person interviewed: what was understood, with room to confirm or correct.

    Each person sees nothing of anybody else; names of codes stay out, only the headings of `level` are shown.
    Who has no segment gets a sheet that says so. Files bear the pseudonyms.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    folder
        Where they go; it is made where it is not there.
    level
        What the statements stand under: "code", "subtheme", "theme" or "aim".
    quotations
        Show the words of the person too, beside the gists. Where there is no gist, they are shown anyway: the
        sheet goes to the person who said them. It tells which is which.
    lang
        Language of the sheets.

    Returns
    -------
    The paths, in the order of the participants.

    Raises
    ------
    UsageError
        An unknown level or language, or the folder is a file or cannot be written.

    References
    ----------
    Birt, L. et al. (2016), Qualitative Health Research 26(13), 1802-1811.

    Examples
    --------
    >>> import survey
    >>> from tempfile import TemporaryDirectory
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in survey.export_member_checks(segments, folder)][:2]
    ['B1.docx', 'B2.docx']
    """
    folder = path_of(folder)
    segments = segments_of(segments)
    check_lang(lang, *segments.codebook.languages)
    check_level(level)
    if folder.is_file():
        raise UsageError(Problem("folder_is_file", Place(file=str(folder))))
    headings = units(segments.codebook, level, lang)
    unit_of = unit_of_codes(segments.codebook, level)
    data = segments.data.assign(unit=segments.data["code"].map(unit_of), gist=gists_of(segments.data))
    paths: list[Path] = []
    taken: set[str] = set()
    for person in segments.participants.index:
        own = data[data["participant"] == person]
        name = base = _UNFIT.sub("_", str(person)).strip(" .") or "participant"
        while name.casefold() in taken:
            name = f"{base}_{len(taken)}"
        taken.add(name.casefold())
        sheet = Sheet(message("member_title", lang), lang)
        sheet.line(f"{message('guide_pseudonym', lang)}: {person}")
        with_words = bool((own["text"].notna() & (own["gist"].isna() | quotations)).any())
        sheet.line(message("member_about_words" if with_words else "member_about", lang))
        content = "taken" if with_words else "understood"
        head = [message(f"member_{part}", lang) for part in ("number", content, "right", "correction")]
        number = 0
        for unit in headings:
            rows: list[list[str]] = []
            for row in own[own["unit"] == unit.id].drop_duplicates("segment").itertuples():
                number += 1
                rows.append(
                    [str(number), _shown(row, quotations) or message("member_wordless", lang), "☐ ☐ ☐", ""]
                )
            if rows:
                sheet.heading(unit.label)
                sheet.table(head, rows, [1.3, 7.8, 2.6, 4.9])
        sheet.line(message("member_boxes", lang) if number else message("member_nothing", lang), grey=True)
        sheet.heading(message("member_missing", lang))
        sheet.table([message("guide_notes", lang)], [["\n\n\n\n"]], [16.6])
        paths.append(save_paper(sheet, folder / f"{name}.docx"))
    return paths


def _shown(row: Any, quotations: bool) -> str:
    """The gist of a segment, and its words where they are asked for or all there is."""
    gist = row.gist if isinstance(row.gist, str) else ""
    text = row.text if isinstance(row.text, str) else ""
    parts = [gist, quoted(text) if text else ""]
    return "\n".join(part for part in (parts if quotations else parts[:1] if gist else parts) if part)
