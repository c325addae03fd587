"""Comparing words that people typed: normal forms and near misses."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import PurePath

# Zero-width and direction marks, soft hyphen, variation selectors, byte-order mark: common in pasted text.
_HIDDEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
_INVISIBLE = re.compile(f"[{_HIDDEN}]")
_VISIBLE = re.compile(rf"[^\s{_HIDDEN}]")
_SPACE = re.compile(r"\s+")
_NO_LETTERS = re.compile(r"[\W_]+")
STRUCK = "***"
_LONGEST_ENDING = 7  # characters: .parquet
_LONGEST_ADDRESS = 320  # characters of an e-mail address
_NEAR = 0.5999  # so alike words must be: three fifths, and a hair less because 3 / 5 is no float


@lru_cache(maxsize=64)  # the rules of one cell ask for its form one after the other
def normalise(text: str) -> str:
    """Bring a label to the form in which labels are compared.

    NFKC (full-width "５" becomes "5"), no invisible characters, one space for any white space, case folded.
    """
    if text.isascii():
        return " ".join(text.split()).casefold()
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return _SPACE.sub(" ", folded).strip().casefold()


# E-mail and IP addresses and Chinese mobile numbers, which may stand in cells where they do not belong.
# Each begins where a word does: else a long word would be looked through from each of its characters.
_PERSONAL = re.compile(
    r"(?<![^\s@<>,;，；])[^\s@<>,;，；]+@[^\s@<>,;，；]+\.\w{2,}|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"
    r"|(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"
)


# What names a person, in normalised text: half-width, lower case, single spaces.
EMAIL = re.compile(
    r"(?<![a-z0-9._%+-])[a-z0-9._%+-]+(?:@|\s?[(\[](?:at|@)[)\]]\s?)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}"
)
_GAP = r"[\s.-]?"
PHONE = re.compile(
    r"(?<![\d+])(?:"
    # Mainland China: mobile, landline with its area code, service numbers.
    rf"(?:(?:\+|00)?86{_GAP})?1[3-9]\d(?:{_GAP}\d{{4}}){{2}}"
    rf"|(?:(?:\+|00)86{_GAP})?[(]?0\d{{2,3}}[)]?{_GAP}[1-9]\d{{2,3}}{_GAP}\d{{4}}"
    rf"|[48]00{_GAP}\d{{3}}{_GAP}\d{{4}}"
    # Elsewhere: an international prefix, or the North American form.
    r"|\+[1-9](?:[\s().-]{0,2}\d){7,14}|00[1-9]\d{0,2}(?:[\s().-]{1,2}\d{2,4}){3,5}"
    r"|[(]\d{3}[)]\s?\d{3}[\s.-]\d{4}|\d{3}[.-]\d{3}[.-]\d{4}"
    r")(?!\d)"
)
_ADDRESS = re.compile(EMAIL.pattern, re.IGNORECASE)


def public_name(file: str) -> str:
    """The name of a file as a report shows it: addresses and telephone numbers of persons struck out.

    >>> public_name("anna.smith@firm.com.xlsx"), public_name("Survey 2027-04.xlsx")
    ('***.xlsx', 'Survey 2027-04.xlsx')
    """
    stem, dot, ending = file.rpartition(".")
    if stem and len(ending) <= _LONGEST_ENDING and (struck := _struck(stem)) != stem:
        return struck + dot + ending
    return _struck(file)


def public_names(files: Sequence[str]) -> list[str]:
    """The names of several files as a report shows them; what is struck out of two leaves two names.

    >>> public_names(["anna@firm.com.csv", "bob@firm.com.csv", "May.csv"])
    ['***.csv', '*** (2).csv', 'May.csv']
    """
    shown: list[str] = []
    alike: Counter[str] = Counter()
    for file in files:
        name = public_name(file)
        if name != file:
            alike[name] += 1
            if alike[name] > 1:
                stem, dot, ending = name.rpartition(".")
                number = f" ({alike[name]})"
                name = f"{stem}{number}.{ending}" if dot else f"{name}{number}"
        shown.append(name)
    return shown


def output_stem(path: str | PurePath) -> str:
    """What files made of a file of data are named after: its name without its ending.

    >>> output_stem("data/anna@firm.com-May.csv"), output_stem("Survey 2027-04.xlsx")
    ('xxx-May', 'Survey 2027-04')
    """
    return public_name(PurePath(path).stem).replace(STRUCK, "xxx")  # Windows takes no star


def public_words(words: Iterable[str]) -> list[str]:
    """The words of a command as a report shows it: no path in them names a person."""
    return ["/".join(map(public_name, word.split("/"))) for word in words]


def _struck(name: str) -> str:
    form = " ".join(unicodedata.normalize("NFKC", _INVISIBLE.sub("", name)).split())
    struck = PHONE.sub(STRUCK, _ADDRESS.sub(STRUCK, form))
    return name if struck == form else struck


def without_personal(text: str) -> str:
    """Strike out addresses and numbers of persons."""
    return _PERSONAL.sub(STRUCK, text)


def quoted(text: str, most: int = 80) -> str:
    """Give a cell as a message may quote it: cut, and addresses and numbers of persons struck out."""
    return without_personal(text[: most + _LONGEST_ADDRESS])[:most]


def is_blank_text(text: str) -> bool:
    """Tell whether a text shows nothing: white space and invisible characters only."""
    return _VISIBLE.search(text) is None


def skeleton(text: str) -> str:
    """Keep only the letters and digits of a label: how "Needs: CRO / CMO" and "needs__cro_cmo" meet."""
    return _NO_LETTERS.sub("", normalise(text))


def near_misses(word: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """Propose the known words nearest to `word`, best first; nothing where none is near."""
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    by_form: dict[str, str] = {}
    for candidate in known:
        by_form.setdefault(normalise(candidate), candidate)
    nearest = process.extract(
        normalise(word), list(by_form), scorer=Indel.normalized_similarity, score_cutoff=_NEAR, limit=most
    )
    return [by_form[form] for form, _, _ in nearest]


def runs(numbers: Iterable[float], most: int = 20) -> list[str]:
    """Write rising numbers with runs drawn together: 3, 7-9; of very many runs the first ones and "..."."""
    ranges: list[list[float]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in ranges[:most]]
    return [*shown, "..."] if len(ranges) > most else shown
