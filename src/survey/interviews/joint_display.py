"""Survey and interviews side by side: shares with their intervals beside the people who speak to a topic."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, unfit
from survey.errors import Place, Problem, UsageError
from survey.ingest import Responses, ResponsesLike, responses_of
from survey.ingest.provenance import PublishedShare
from survey.instrument import Question, list_instruments
from survey.instrument.joint_displays import Evidence, JointDisplay, Voice
from survey.instrument.loading import load_kind
from survey.instrument.schema import text_in
from survey.instrument.shares import shown_share
from survey.interviews.counting import disputed_quotes, distinct
from survey.interviews.reading import segments_of
from survey.interviews.segments import Segments, SegmentsLike, gists_of
from survey.messages import message
from survey.statistics.frequencies import frequencies
from survey.statistics.importance import importance_shares
from survey.statistics.intervals import check_confidence
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

DEFAULT = "joint-display"


def load_joint_display(
    reference: "str | Path | JointDisplay | None" = None, *, voices: int = 1
) -> JointDisplay:
    """Load a joint display: `ID`, `ID@VERSION`, a path, or one that comes back as it is.

    Where None, it is the newest packaged one of so many `voices`; the newest of all, if there is none.

    Raises
    ------
    UsageError
        There is no such schema, or it is of another kind.
    InstrumentError
        The file is wrong; every problem carries file and line.
    """
    if reference is not None:
        return load_kind(reference, JointDisplay, "not_a_joint_display")
    packaged = [
        load_kind(known.path, JointDisplay, "not_a_joint_display")
        for known in reversed(list_instruments("joint-display"))
        if known.id == DEFAULT
    ]
    return next((one for one in packaged if len(one.every_voice) == voices), packaged[0])


def joint_display(
    segments: SegmentsLike | Sequence[SegmentsLike],
    responses: ResponsesLike,
    *,
    joint: "str | Path | JointDisplay | None" = None,
    confidence: float = 0.95,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per topic, item of the survey and voice; a topic without an item has no share.

    `proportion` is the fraction of `base` who rated the item in the top box, or chose it (`statistic` says
    which), with its Wilson interval. `people` of the `people_base` people of a voice (those interviewed, or
    quoted) have a segment that speaks to the topic, `by_group` says of which group, `segments` which, `gists`
    what, a repeated gist once. `mark` and `why` are the researcher's, from the schema (its `mark` and
    `reason`), and of all voices together. `open` is true where responses were reconstructed and the published
    figures do not fix the share.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them; of several studies a list, one for each voice of the display.
        A voice takes the first of them that is under its codebook and that no voice before it has taken.
    responses
        Responses, or the path of a file of responses.
    joint
        A schema of the kind `joint-display`: `ID`, `ID@VERSION`, a path, or a `JointDisplay`; the newest
        packaged one of so many voices where None.
    confidence
        Level of the intervals, as a fraction.
    lang
        Language of labels, notes and `why`.

    Reasons
    -------
    missing_segments, disputed.

    Raises
    ------
    UsageError
        The schema is for another survey or codebook, has a voice without segments, or names items or codes
        that they do not have: all of them at once. Or there is no such file or language.

    References
    ----------
    Guetterman, T. C., Fetters, M. D. & Creswell, J. W. (2015), Annals of Family Medicine 13(6), 554-561.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> grades = {"geopolitics": [5, 4, 5, 2, 4, 5], "ip_protection": [3, 2, 4, 2, 1, 5]}
    >>> frame = pd.DataFrame(grades).add_prefix("challenges__")
    >>> responses = survey.from_frame(frame, "executive-survey")
    >>> table = survey.joint_display(segments, responses).set_index("item")
    >>> table.loc["geopolitics", ["n", "base", "people", "people_base"]].tolist()
    [5, 6, 2, 14]
    >>> quoted = resource_folder("interviews") / "quoted-people.xlsx"
    >>> table = survey.joint_display([segments, quoted], responses).set_index(["item", "voice"])
    >>> table.loc[("geopolitics", "quoted"), ["n", "base", "people", "people_base"]].tolist()
    [5, 6, 0, 5]
    """
    check_confidence(confidence)
    studies, responses = studies_of(segments), responses_of(responses)
    check_lang(lang, *responses.instrument.languages, *(one for s in studies for one in s.codebook.languages))
    display = load_joint_display(joint, voices=len(studies))
    of_voice = _study_of_voice(display, studies, responses)
    shares = _Shares(responses, confidence, lang)
    disputed = {voice.id: disputed_quotes(study) for voice, study in of_voice}
    rows: list[dict[str, Any]] = []
    for topic in display.topics:
        about: dict[str, Any] = {"topic": topic.id, "label": topic.said(lang), "open": False}
        about |= {"mark": topic.mark, "why": text_in(topic.reason, lang)}
        evidence = display.evidence(topic)
        voices = [
            {"voice": voice.id, "voice_label": voice.said(lang)}
            | _gather_evidence(evidence[voice.id], study, disputed[voice.id], lang)
            for voice, study in of_voice
        ]
        no_item = dict.fromkeys(("question", "item", "item_label", "statistic"), "")
        items = [shares.of(responses.instrument.question(one.question), one.item) for one in topic.items]
        rows += [about | item | voice for item in items or [no_item] for voice in voices]
    frame = contract_frame("joint_display", rows)
    whole = dict.fromkeys(("n", "base", "people", "people_base"), "Int64")
    numbers = dict.fromkeys(("proportion", "ci_low", "ci_high"), "float64")
    return frame.astype({**whole, **numbers, "open": bool})


def studies_of(segments: SegmentsLike | Sequence[SegmentsLike]) -> list[Segments]:
    """The segments of one study, or of each of several, read where a path is given (`UsageError` if none)."""
    if isinstance(segments, list | tuple):
        if not segments:
            raise unfit("segments_needed", segments)
        return [segments_of(one) for one in segments]
    return [segments_of(segments)]  # type: ignore[arg-type]


def _study_of_voice(
    display: JointDisplay, studies: list[Segments], responses: Responses
) -> list[tuple[Voice, Segments]]:
    """Which study has which voice; refuse a display of another survey or of other codebooks.

    Other versions may do, if they have what the display names.
    """
    problems = []
    if display.survey.partition("@")[0] != responses.instrument.id:
        have = responses.instrument.reference
        values: dict[str, object] = {"display": display.reference, "named": display.survey, "have": have}
        problems.append(Problem("joint_other_schema", values=values))
    left = list(studies)
    of_voice: list[tuple[Voice, Segments]] = []
    missing = []
    for voice in display.every_voice:
        fitting = [place for place, one in enumerate(left) if _is_under(voice, one)]
        if fitting:
            of_voice.append((voice, left.pop(fitting[0])))
        else:
            missing.append(voice)
    for one in left:
        named = [voice.codebook for voice in display.every_voice]
        values = {"display": display.reference, "named": named, "have": one.codebook.reference}
        problems.append(Problem("joint_other_schema", values=values))
    for voice in missing if len(left) < len(missing) else ():
        values = {"display": display.reference, "voice": voice.id, "codebook": voice.codebook}
        problems.append(Problem("joint_voice_missing", values=values))
    if not problems:
        codebooks = {voice.id: study.codebook for voice, study in of_voice}
        problems = [
            Problem(key, Place(subject=f"{display.reference}: {'.'.join(map(str, where))}"), values)
            for where, key, values in display.faults_between(responses.instrument, codebooks)
        ]
    if problems:
        raise UsageError(*problems)
    return of_voice


def _is_under(voice: Voice, segments: Segments) -> bool:
    return voice.codebook.partition("@")[0] == segments.codebook.id


class _Shares:
    """The share of each item, every question computed once."""

    def __init__(self, responses: Responses, confidence: float, lang: str) -> None:
        self.responses, self.confidence, self.lang = responses, confidence, lang
        self.tables: dict[str, pd.DataFrame] = {}
        reconstruction = responses.provenance.reconstruction
        self.reconstructed = reconstruction is not None
        self.fixed = frozenset(reconstruction.fixed if reconstruction and not responses.subset else ())

    def of(self, question: Question, item: str) -> dict[str, Any]:
        """What a row says of an item."""
        rating = question.kind == "rating"
        if question.id not in self.tables:
            compute = importance_shares if rating else frequencies
            table = compute(self.responses, question.id, confidence=self.confidence, lang=self.lang)
            self.tables[question.id] = table.set_index("item" if rating else "code")
        row = self.tables[question.id].loc[item]
        statistic = shown_share(self.responses.instrument, question)
        fixed = PublishedShare(question.id, item, "all", statistic) in self.fixed
        cells = {name: row[name] for name in ("base", "proportion", "ci_low", "ci_high")}
        cells |= {"question": question.id, "item": item, "n": row["n_top" if rating else "n"]}
        cells |= {"item_label": question.part(item).said(self.lang), "statistic": str(statistic)}
        return cells | {"open": self.reconstructed and not fixed}


def _gather_evidence(part: Evidence, segments: Segments, disputed: set[str], lang: str) -> dict[str, Any]:
    """The segments of one study that speak to a topic, and the people behind them."""
    import pandas as pd

    codebook, data = segments.codebook, segments.data
    under = {part.id: {part.id, part.theme} for part in codebook.subthemes}
    under |= {code.id: {code.id} | under[code.subtheme] for code in codebook.codes}
    wanted, named = set(part.codes), set(part.segments)
    speaks = [
        bool(under[code] & wanted) or segment in named
        for code, segment in zip(data["code"], data["segment"], strict=True)
    ]
    rows = data.assign(gist=gists_of(data))[pd.Series(speaks, index=data.index, dtype=bool)]
    rows = rows.drop_duplicates("segment")
    people = segments.participants
    speaking = [name for name in people.index if name in set(rows["participant"])]
    groups = [
        message("joint_of_group", lang, group=group, n=sum(people.loc[speaking, "group"] == group), base=base)
        for group, base in segments.bases.items()
    ]
    with_gist = rows[rows["gist"].notna()].drop_duplicates(["participant", "gist"])
    gists = [
        message("joint_gist", lang, participant=row.participant, segment=row.segment, gist=row.gist)
        for row in with_gist.itertuples()
    ]
    missing = [name for name in part.segments if name not in set(data["segment"])]
    parts = []
    if missing:
        note = message("joint_segments_missing", lang, segments=" ".join(missing))
        parts.append(("missing_segments", note))
    quotes = [quote for quote in dict.fromkeys(rows["quote"].dropna()) if quote in disputed]
    if quotes:
        parts.append(("disputed", message("joint_disputed", lang, quotes=" ".join(quotes))))
    return {
        "people": len(speaking),
        "people_base": len(people),
        "by_group": message("joint_separator", lang).join(groups),
        "segments": distinct(rows["segment"]),
        "gists": "\n".join(gists),
        **remarks(*parts, lang=lang),
    }
