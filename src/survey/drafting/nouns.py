"""What a question is about, as a noun: "Which channels do you use?" asks about "Channels"."""

import re

_VERB = (
    r"(?:do|does|did|have|has|had|are|is|was|were|would|can|could|should|will|"
    r"(?:best |most closely )?(?:describes?|applies|apply|fits?|matches|match))"
)
_WHOSE = r"(?:your|the|our|their|its)"
_CHOSEN = r"(?:of (?:the following|these|those|the|our|your) |(?:kinds?|types?|sorts?) of )?"
_NAMED = re.compile(rf"(?:which|what) {_CHOSEN}(?P<noun>.+?) {_VERB}\b")
_IS = re.compile(rf"what(?:'s| is| are| was| were) {_WHOSE} (?P<noun>.+)")
_DESCRIBED = re.compile(rf".*\bdescribes? {_WHOSE} (?P<noun>.+)")
_COUNTED = re.compile(rf"how (?:many|much) (?P<noun>.+?) {_VERB}\b")
# What follows a noun in a question: who does what with it, and where.
_REST = re.compile(
    r" (?:you|we|they|that|which|who|when|in|at|of|to|for|with|from|by|on|during|currently|today|now)\b"
)
_NO_NOUN = re.compile(
    rf"(?:following|options?|statements?|answers?|ones?|of|you|your|we|it|this|that|these|those|made|best|most|{_VERB})\b.*"
)
_DEGREES = {
    re.compile(r"how (?:\w+ )?satisfied\b"): "satisfaction",
    re.compile(r"how (?:\w+ )?important\b"): "importance",
    re.compile(r"how (?:\w+ )?likely\b"): "likelihood",
    re.compile(r"how (?:\w+ )?(?:often|frequently)\b"): "frequency",
    re.compile(r"(?:how (?:much|strongly|far)|to what extent) do you (?:dis)?agree\b"): "agreement",
}
_WHICH = re.compile(r"(?:哪一?[些个种类项家]|哪几[个种类项家]|什么)(?:样的)?(?P<noun>.+)")
# Verbs and the like that a Chinese question goes on with after its noun.
_ZH_REST = re.compile(
    r"您|你|我|贵|最|是|被|来|能|会|可|了解|获|得知|知道|进行|使用|用过|选择|购买|联系|接触|参加|关注|符合|适合|属于|"
    r"需要|希望|认为|想|有|在"
)
_ZH_DEGREE = re.compile(
    r"(?:请问)?(?:您|你)?(?:对(?:以下|下列|这些|我们|本|各).*?|有多)(?P<noun>满意|重要)(?:程度|度|吗|如何)*"
)
_LONGEST = 20


def noun_of(text: str, *, chinese: bool) -> str:
    """The noun that a question asks about, as it is written; "" where none is certain."""
    return _chinese_noun(text) if chinese else _english_noun(text)


def _english_noun(text: str) -> str:
    bare = " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()).strip(" ?.:!")
    form = bare.casefold()
    if len(form) != len(bare):
        return ""
    for pattern, noun in _DEGREES.items():
        if pattern.match(form):
            return noun
    for pattern in (_IS, _DESCRIBED, _NAMED, _COUNTED):
        if match := pattern.match(form):
            noun = bare[match.start("noun") : match.end("noun")]
            if len(noun) > _LONGEST and (rest := _REST.search(noun.casefold())):
                noun = noun[: rest.start()]
            if _NO_NOUN.fullmatch(noun.casefold()) is None and 1 < len(noun) <= _LONGEST:
                return noun
    return ""


def _chinese_noun(text: str) -> str:
    bare = "".join(text.split()).strip("？?：:。")
    if degree := _ZH_DEGREE.fullmatch(bare):
        return {"满意": "满意度", "重要": "重要性"}[degree["noun"]]
    match = _WHICH.search(bare)
    if match is None:
        return ""
    noun = match["noun"]
    if rest := _ZH_REST.search(noun):
        noun = noun[: rest.start()]
    return noun if 1 < len(noun) <= _LONGEST else ""
