"""``python -m survey.messages de`` lists what a language lacks, as YAML to fill in; of all with no language.

What it says is for whoever translates, and in English.
"""

import json
import re
import sys

from survey.messages import LANGUAGES
from survey.messages.translation import english, unreadable, untranslated, unusable

_CODE = re.compile(r"[a-z]{2,3}([_-][A-Za-z0-9]+)*")


def main(words: list[str]) -> int:
    """Print the messages not translated; give 1 where a translation cannot be used, 2 where asked wrongly.

    Signs that are not ASCII are escaped as YAML has it, so that any console can print them into a file.
    """
    if len(words) > 1 or not all(map(_CODE.fullmatch, words)):
        print(__doc__, file=sys.stderr)
        return 2
    if not words:
        for lang in LANGUAGES:
            print(f"{lang}\t{len(untranslated(lang))} of {len(english())} messages are missing")
        return 0
    lang = words[0]
    if faults := unreadable(lang):
        print(*(f"{lang}/{fault}" for fault in faults), sep="\n", file=sys.stderr)
        return 1
    for key, text in untranslated(lang).items():
        print(f"{key}: {json.dumps(text)}")
    wrong = unusable(lang)
    for key in wrong:
        why = "is no message, or its {values} are not those of the English one"
        print(f"{lang}: {key} {why}", file=sys.stderr)
    if lang not in LANGUAGES:
        print(f"{lang}: not known yet: {lang}/language.yaml makes it a language", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
