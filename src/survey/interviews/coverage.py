"""The codebook against its evidence: what rests on many people, on one, on nobody."""

from typing import TYPE_CHECKING

from survey.arguments import check_lang
from survey.interviews.cases import compare_cases
from survey.interviews.counting import LEVELS, coded, distinct, members, people_by_direction, units
from survey.interviews.reading import segments_of
from survey.interviews.segments import DIRECTIONS, SegmentsLike
from survey.messages import message
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def codebook_evidence(segments: SegmentsLike, *, lang: str = "en") -> "pd.DataFrame":
    """One row per code, subtheme, theme and aim of the codebook: the people and quotations behind it.

    `published` says whether the published codebook has it (missing where nothing is known of one). `verdict`
    is "nobody", "one person", "one group" or "several": what a statement about it would rest on. `by_group`
    tells people and base of each group as text, `participants` is a tuple. `n_for`, `n_against` and `n_mixed`
    are the people whose segments have that direction, each counted once (above codes those of all codes below
    together); who has segments without one alone is in none of them. `note` says how many quotations
    are coded to its subtheme only, where a code has none of its own (coded_above), and how many people are
    left without those quotations that are given to someone else as well (disputed).

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    coded_above, disputed.

    Raises
    ------
    UsageError
        There is no such file or language.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> survey.codebook_evidence(segments).query("level == 'theme'")["verdict"].unique().tolist()
    ['several']
    """
    segments = segments_of(segments)
    check_lang(lang, *segments.codebook.languages)
    coarse = segments.data[segments.data["level"] == "subtheme"]
    at_subtheme = (
        coarse.assign(quote=coarse["quote"].fillna(coarse["segment"])).groupby("code")["quote"].nunique()
    )
    subthemes = {unit.id: unit.label for unit in units(segments.codebook, "subtheme", lang)}
    order = {person: place for place, person in enumerate(members(segments)[""])}
    rows: list[dict[str, object]] = []
    for level in LEVELS:
        frame = compare_cases(segments, level=level, lang=lang)
        cells = {(row["code"], row["group"]): row for row in frame.to_dict("records")}
        behind = coded(segments, level).dropna(subset=["participant"])
        people = behind.groupby("unit")["participant"].unique()
        sides = {str(unit): people_by_direction(own) for unit, own in behind.groupby("unit")}
        for unit in units(segments.codebook, level, lang):
            total = cells[unit.id, ""]
            named = sorted(
                people.get(unit.id, ()), key=lambda person: (order.get(person, len(order)), person)
            )
            inside = [cells[unit.id, group] for group in segments.groups]
            parts = []
            waiting = int(at_subtheme.get(unit.subtheme, 0)) if level == "code" else 0
            if not total["n"] and waiting:
                note = message("evidence_coarser", lang, count=waiting, subtheme=subthemes[unit.subtheme])
                parts.append(("coded_above", note))
            if total["n_undisputed"] < total["n"]:
                note = message("evidence_disputed", lang, least=total["n_undisputed"], count=total["n"])
                parts.append(("disputed", note))
            rows.append(
                {
                    "level": level,
                    "code": unit.id,
                    "label": unit.label,
                    "subtheme": unit.subtheme,
                    "theme": unit.theme,
                    "aim": unit.aim,
                    "published": unit.published,
                    **{
                        key: total[key] for key in ("n_segments", "n_quotations", "n", "base", "n_undisputed")
                    },
                    **sides.get(unit.id, {f"n_{name}": 0 for name in DIRECTIONS}),
                    "by_group": message("list_separator", lang).join(
                        f"{cell['group']} {cell['n']}/{cell['base']}" for cell in inside
                    ),
                    "participants": distinct(named),
                    "verdict": _verdict(int(total["n"]), [int(cell["n"]) for cell in inside]),
                    **remarks(*parts, lang=lang),
                }
            )
    return contract_frame("codebook_evidence", rows)


def _verdict(n: int, by_group: list[int]) -> str:
    if n < 2:
        return ("nobody", "one person")[n]
    return "one group" if len(by_group) > 1 and sum(count > 0 for count in by_group) == 1 else "several"
