"""``python -m survey.messages de`` lists what a language lacks, as YAML to fill in; of all with no language.

What it says is for whoever translates, and in English.
"""

import json
import sys

from survey.messages import LANGUAGES
from survey.messages.translation import english, untranslated, unusable


def main(words: list[str]) -> int:
    """Print the messages that are not translated; 1 where a translation cannot be used."""
    if not words:
        for lang in LANGUAGES:
            print(f"{lang}\t{len(untranslated(lang))} of {len(english())} messages are missing")
        return 0
    lang = words[0]
    for key, text in untranslated(lang).items():
        print(f"{key}: {json.dumps(text, ensure_ascii=False)}")
    wrong = unusable(lang)
    for key in wrong:
        print(f"{lang}: {key} is no message, or has other {{values}} than the English one", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
