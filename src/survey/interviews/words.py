"""The words of interviews: how often they stand there, and in what surroundings; Chinese is cut by jieba."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from survey.errors import usage
from survey.interviews.reading import segments_of
from survey.interviews.segments import Segments, SegmentsLike
from survey.quiet import without_warnings
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


def keyword_in_context(segments: SegmentsLike, keyword: str, *, window: int = 40) -> "pd.DataFrame":
    """One row per place where a word stands, in order: the signs before it, the word as written, those after.

    A word of letters is found whole and whatever its case; `*` at its end stands for any ending. Chinese is
    found wherever it stands. The texts are whole documents where they are known, else the segments.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    keyword
        The word or words.
    window
        How many signs are shown on either side.

    Raises
    ------
    UsageError
        No keyword, or a window below 1.

    References
    ----------
    Luhn, H. P. (1960), American Documentation 11, 288-295.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> code = survey.load_codebook("interview-codebook").code_ids[0]
    >>> rows = {"segment": ["1"], "participant": ["P1"], "code": [code], "text": ["We sell. Selling pays."]}
    >>> segments = survey.segments_from_frame(pd.DataFrame(rows), "interview-codebook")
    >>> survey.keyword_in_context(segments, "sell*")["keyword"].tolist()
    ['sell', 'Selling']
    """
    segments = segments_of(segments)
    stem, ending = keyword.strip().removesuffix("*"), keyword.strip().endswith("*")
    if not stem:
        raise usage("keyword_blank")
    if window < 1:
        raise usage("window_too_small", window=window)
    pattern = re.escape(stem)
    if not _HAN.search(stem):
        pattern = rf"(?<!\w){pattern}" + (r"\w*" if ending else r"(?!\w)")
    rows: list[dict[str, object]] = []
    for text in texts_of(segments):
        words = " ".join(text["text"].split())
        for match in re.finditer(pattern, words, re.IGNORECASE):
            rows.append(
                {
                    **{name: text[name] for name in ("participant", "document", "segment")},
                    "before": words[max(match.start() - window, 0) : match.start()],
                    "keyword": match[0],
                    "after": words[match.end() : match.end() + window],
                }
            )
    return contract_frame("keyword", rows)


def word_counts(segments: SegmentsLike, *, by: str | None = None, drop: Iterable[str] = ()) -> "pd.DataFrame":
    """One row per word and group, first (`group` empty) over all, the commonest words first.

    `n` of the `base` words of the group are this one; `n_participants` people used it. Words are in small
    letters; Chinese is cut into words by jieba.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    by
        An attribute of the participants that takes the place of their group.
    drop
        Words that are not counted.

    Raises
    ------
    UsageError
        An unknown attribute, or jieba is not installed and there is Chinese to be cut.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> code = survey.load_codebook("interview-codebook").code_ids[0]
    >>> rows = {"segment": ["1"], "participant": ["P1"], "code": [code], "text": ["We sell what we make."]}
    >>> segments = survey.segments_from_frame(pd.DataFrame(rows), "interview-codebook")
    >>> survey.word_counts(segments, drop=["what"])[["word", "n", "base"]].values.tolist()
    [['we', 2, 4], ['make', 1, 4], ['sell', 1, 4]]
    """
    segments = segments_of(segments).grouped_by(by)
    left_out = {word.casefold() for word in drop}
    group_of = segments.participants["group"].dropna().to_dict()
    counts: dict[str, Counter[str]] = {"": Counter(), **{group: Counter() for group in segments.groups}}
    users: dict[tuple[str, str], set[str]] = {}
    for text in texts_of(segments):
        words = [word for word in words_of(text["text"]) if word not in left_out]
        for group in dict.fromkeys(["", group_of.get(text["participant"], "")]):
            counts[group].update(words)
            for word in words:
                users.setdefault((group, word), set()).add(text["participant"])
    rows: list[dict[str, object]] = []
    for word, _ in sorted(counts[""].items(), key=lambda item: (-item[1], item[0])):
        for group, own in counts.items():
            base = own.total()
            rows.append(
                {
                    "word": word,
                    "group": group,
                    "n": own[word],
                    "base": base,
                    "proportion": own[word] / base if base else float("nan"),
                    "n_participants": len(users.get((group, word), ())),
                }
            )
    return contract_frame("word_count", rows)


def texts_of(segments: Segments) -> Iterator[dict[str, Any]]:
    """The texts there are, each once: documents as far as they are known whole, else segments with words.

    A document of several people is taken by segments: nobody knows who says the rest.
    """
    data = segments.data.dropna(subset=["text"]).drop_duplicates("segment")
    people = segments.data.dropna(subset=["document"]).groupby("document")["participant"].unique()
    whole = {name: who[0] for name, who in people.items() if len(who) == 1 and name in segments.documents}
    for name, person in whole.items():
        yield {
            "participant": person,
            "document": name,
            "segment": "",
            "text": segments.documents[name],
        }
    for row in data[~data["document"].isin(list(whole))].itertuples():
        document = row.document if isinstance(row.document, str) else ""
        person = row.participant if isinstance(row.participant, str) else ""
        yield {"participant": person, "document": document, "segment": row.segment, "text": row.text}


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, in order; those of Chinese as jieba cuts them."""
    words: list[str] = []
    end = 0
    for match in _HAN.finditer(text):
        words += [word.casefold() for word in _WORD.findall(text[end : match.start()])]
        words += [word for word in _segmenter().lcut(match[0]) if word.strip()]
        end = match.end()
    return words + [word.casefold() for word in _WORD.findall(text[end:])]


@cache
def _segmenter() -> Any:
    """What cuts Chinese into words; its dictionary is kept nowhere but in memory."""
    import logging
    from tempfile import TemporaryDirectory

    try:
        with without_warnings():  # of old escapes in its source
            import jieba
    except ImportError:
        raise usage("jieba_needed") from None
    jieba.setLogLevel(logging.ERROR)
    segmenter = jieba.Tokenizer()
    with TemporaryDirectory() as folder:
        segmenter.tmp_dir = folder
        segmenter.initialize()
    return segmenter
