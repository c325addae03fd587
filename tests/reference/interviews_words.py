"""The Chinese words of interviews-data.csv, cut by jieba itself: word, times, people. Nothing of the package.

python tests/reference/interviews_words.py > tests/reference/interviews-words.csv
"""

import csv
import re
from collections import Counter
from pathlib import Path

import jieba

TEXTS = {}
with (Path(__file__).parent / "interviews-data.csv").open(encoding="utf-8") as file:
    for row in csv.DictReader(file):
        TEXTS[row["segment"]] = row["participant"], row["text"]
counts, people = Counter(), {}
for person, text in TEXTS.values():
    for word in jieba.lcut(text):
        if re.fullmatch(r"[\u4e00-\u9fff]+", word):
            counts[word] += 1
            people.setdefault(word, set()).add(person)
print("word,n,n_participants")
for word in sorted(counts):
    print(f"{word},{counts[word]},{len(people[word])}")
