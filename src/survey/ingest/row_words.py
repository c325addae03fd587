"""The words by which rows that are no respondents are known: one table, by language."""

import re

from survey.wording import normalise

# What heads a row of totals, averages or counts, alone in its cell.
_SUMMARIES = {
    "en": (
        "total|totals|grand total|grand totals|subtotal|subtotals|sub-total|sub total|column total|"
        "total respondents|total responses|sum|sums|overall|overall average|overall total|average|averages|"
        "avg|mean|means|median|std|stdev|std dev|std. dev.|std. deviation|standard deviation|sd|variance|"
        "min|max|minimum|maximum|count|counts|base|bases|n|n valid|valid n|number of responses|"
        "answered|skipped"
    ),
    "zh": (
        "合计|总计|小计|汇总|共计|累计|总和|求和|总数|合计人数|总人数|平均|平均值|平均分|平均数|均值|人均|户均|"
        "总体|整体|全体|中位数|标准差|方差|最大值|最小值|最大|最小|计数|人数|样本量|样本数|有效样本|有效人数|"
        "本题有效填写人次|有效填写人次|"
        "合計|總計|小計|總和|總數|平均値|標準差|中位數"
    ),
    "de": (
        "gesamt|gesamtsumme|insgesamt|summe|summen|zwischensumme|teilsumme|endsumme|mittelwert|mittel|"
        "durchschnitt|schnitt|anzahl|standardabweichung|median|minimum|maximum|basis"
    ),
    "others": (
        "moyenne|somme|sous-total|ensemble|promedio|suma|media|totale|somma|subtotale|totaal|gemiddelde"
    ),
}
# Those that may stand before or behind the name of a group: "North total", 北店小计.
_OF_GROUPS = {
    "total", "totals", "subtotal", "subtotals", "sum", "average", "averages", "mean", "gesamt", "summe",
    "zwischensumme", "mittelwert", "durchschnitt", "somme", "moyenne",
}  # fmt: skip
_OF_GROUPS_ZH = ("合计", "总计", "小计", "汇总", "平均", "平均值", "均值", "人均", "合計", "總計", "小計")
# How a note below a table begins.
_NOTES = {
    "en": (
        r"(?:notes?|sources?|remarks?|legend|exported|generated|compiled|prepared|printed|checked|approved|"
        r"n\.?b|as of|end of|unit|units|date)\b\s*[:：.\s]|confidential\b|page \d+ of \d+|"
        r"\d+ (?:responses|respondents|rows|records|submissions|entries|cases)\b"
    ),
    "zh": (
        r"(?:注释?|备注|说明|附注|附|声明|[填制]表(?:人|日期|时间|单位)?|审核人?|复核人?|审批人?|负责人|经办人|联系人|"
        r"联系电话|联系方式|单位|日期|时间|统计(?:时间|日期|口径|范围)|口径|资料来源|数据来源|来源|签[字名]|盖章)\s*[:：]|"
        r"(?:数据)?截[至止]|共\s*\d+\s*[人份条行]|\d{4}年\d{1,2}月(?:\d{1,2}日)?$"
    ),
    "de": (
        r"(?:quellen?|anmerkung(?:en)?|hinweise?|stand|erstellt|einheit|geprüft|fußnote)\b\s*[:：.\s]|"
        r"\d+ (?:antworten|befragte|fälle)\b"
    ),
    "others": r"(?:fuente|nota|remarque|fonte)\b\s*[:：.\s]|[*†‡§]\s?\S|\[(?:note )?\d+\]",
}

# Those that people and firms are called, too.
_NAMES = {"max", "min", "n", "base", "basis", "sd", "sum", "count", "mean", "median", "media", "ensemble"}

EXACT, LIKE_A_NAME, OF_A_GROUP = 3, 2, 1
_LONGEST = 40
_WORDS = frozenset(word for words in _SUMMARIES.values() for word in words.split("|"))
_NOTE = re.compile("|".join(_NOTES.values()))
# What may stand behind such a word: 合计（30人）, Total (n=30), 合计：30人; or alone: n=30.
_COUNT_BEHIND = re.compile(r"\s*(?:\((?:n\s*=\s*)?\d+\s*[人份]?\)|:?\s*\d+\s*[人份]|n\s*=\s*\d+)$")
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_ENDS = " :：.,()-–—/"
_FIRST_WORDS = frozenset(word.split()[0].strip(_ENDS) for word in _WORDS) | _OF_GROUPS
_CHINESE = "".join(sorted({letter for word in _WORDS for letter in word if letter > "\u4e00"}))
# Letters of such words: Chinese, of full width, Latin.
_LETTERS = re.compile(f"[{_CHINESE}\uff01-\uff5ea-zA-Z]")


def summary_label(text: str) -> int:
    """How surely a cell heads a row of totals: `EXACT`, `LIKE_A_NAME`, `OF_A_GROUP` ("North total"), or 0.

    >>> [summary_label(text) for text in ("合 计（30人）", "n = 30", "Max", "North Total", "Totally")]
    [3, 3, 2, 1, 0]
    """
    if len(text) > _LONGEST or not _may_be_label(text):
        return 0
    form = _SPACED.sub("", normalise(text)).rstrip(_ENDS[:3])
    bare = _COUNT_BEHIND.sub("", form).rstrip(_ENDS[:3])
    if bare in _WORDS or (form and not bare):
        return LIKE_A_NAME if form in _NAMES else EXACT
    words = bare.split()
    if len(words) > 1 and not _OF_GROUPS.isdisjoint((words[0].strip(_ENDS), words[-1].strip(_ENDS))):
        return OF_A_GROUP
    ends = bare.strip(_ENDS)
    return OF_A_GROUP if ends.startswith(_OF_GROUPS_ZH) or ends.endswith(_OF_GROUPS_ZH) else 0


def _may_be_label(text: str) -> bool:
    """Look at the first and the last word alone: most texts of a table end here."""
    if not text.isascii():
        return _LETTERS.search(text) is not None
    words = text.lower().split()
    if not words:
        return False
    first = words[0].partition("(")[0].partition(":")[0].partition("=")[0].strip(_ENDS)
    return first in _FIRST_WORDS or words[-1].strip(_ENDS) in _OF_GROUPS


def is_note(text: str) -> bool:
    """Tell whether a cell begins as notes below a table do.

    >>> is_note("Source: own survey"), is_note("填表人：张三"), is_note("30 responses"), is_note("Ann")
    (True, True, True, False)
    """
    return _NOTE.match(normalise(text)) is not None
