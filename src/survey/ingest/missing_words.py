"""What a label of a missing answer says: skipped, not asked, refused, or only empty."""

import re

from survey.wording import normalise

# The first kind whose words stand in the label holds.
_WORDS = {
    "not_asked": (
        r"\bnot asked\b|\bnot applicable\b|\bdoes(?:n'?t| not) apply\b|\binap\w*\b|"
        r"\b(?:valid|legitimate) skip\b|\bnot in universe\b|"
        r"\bnot administered\b|\brouted\b|不适用|未询问|未问|不需回答"
    ),
    "refused": (
        r"\brefus\w*|\bdeclin\w*|\bprefer not\b|\bwon'?t say\b|\bdo(?:n'?t| not) want\b|"
        r"拒绝|拒答|不愿|不便"
    ),
    "skipped": (
        r"\bskip\w*|\bno answer\b|\bnot answered\b|\bno response\b|\bnot stated\b|\bunanswered\b|\bna\b|"
        r"\bn/a\b|跳过|未答|未回答|未填|无回答"
    ),
    "unsure": (
        r"\bdo(?:n'?t| not) know\b|\bdk\b|\bunsure\b|\bnot sure\b|\bcan'?t (?:say|choose)\b|\bno opinion\b|"
        r"不知道|不清楚|说不清|不确定"
    ),
    "empty": r"^missing\b|\bunknown\b|\bsystem missing\b|缺失|空白|未知",
}

_APART = r"\bapplicable\b|\bappl(?:y|ies)\b|不适用"


def missing_kind(label: str) -> str:
    """The kind of missing a label speaks of, "" where it speaks of none; "don't know" is a refusal to choose.

    >>> missing_kind("No answer"), missing_kind("Inapplicable"), missing_kind("Industry")
    ('skipped', 'not_asked', '')
    """
    form = normalise(label).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    for kind, pattern in _WORDS.items():
        if re.search(pattern, form):
            return "refused" if kind == "unsure" else kind
    return ""


def rates_nothing(label: str) -> bool:
    """Tell whether a label beside the points of a scale is an answer that is none of them.

    >>> rates_nothing("Don't know"), rates_nothing("不适用"), rates_nothing("No answer")
    (True, True, False)
    """
    form = normalise(label).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    apart = (_APART, _WORDS["unsure"])
    return bool(missing_kind(label)) and any(re.search(pattern, form) for pattern in apart)
