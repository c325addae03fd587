"""Text of CSV files that a spreadsheet would run as a formula, and the way back.

An apostrophe is put before a text whose first visible sign begins a formula, or that such an apostrophe
already leads; reading takes one away. What begins one: OWASP's list (CSV injection), also in full width.
"""

import re

_RUN = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def guarded(text: str) -> str:
    r"""The text as it stands in a CSV file.

    >>> [guarded(text) for text in ("=1+1", "'=1+1", " \uff0bSUM(A1)", "plain", "'tis")]
    ["'=1+1", "''=1+1", "' \uff0bSUM(A1)", 'plain', "'tis"]
    """
    text = text.replace("\x00", "\ufffd")
    return f"'{text}" if _RUN.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given.

    >>> [unguarded(text) for text in ("'=1+1", "''=1+1", "plain", "'tis", "-5")]
    ['=1+1', "'=1+1", 'plain', "'tis", '-5']
    """
    return text[1:] if text.startswith("'") and _RUN.match(text) else text
