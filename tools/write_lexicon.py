"""Write the lexicon of the redaction rules from a dictionary of words: `write_lexicon.py DICT.TXT`.

DICT.TXT has `word count tag` a line (the dictionary of jieba 0.42.1, MIT licence). Words are kept with the rounded
logarithm of their frequency, names of places however rare; of the personal names in it only how often a character stands in a given name.
"""

import sys
from collections import Counter, defaultdict
from math import log
from pathlib import Path

LISTS = Path(__file__).parents[1] / "src/sanxiang/law/redaction/lists"
SEEN = 5
"""Words rarer than this in the dictionary's own corpus are left out."""
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙朱胡郭何高林郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪"
)
"""Surnames with which no foreign name is written: what follows them is a Chinese given name."""
UNUSED = "口" + "令"
"""GLOSSARY.md has another word for it."""
HEAD = "# Drawn from the dictionary of jieba 0.42.1 (MIT licence) by tools/write_lexicon.py.\n"


def main(source: str) -> None:
    """The files: words by their cost, characters of given names and of the sounds of foreign ones by theirs."""
    entries = [line.split() for line in Path(source).read_text(encoding="utf-8").splitlines()]
    total = sum(int(count) for _, count, _ in entries)
    costs: dict[int, list[str]] = defaultdict(list)
    given: Counter[str] = Counter()
    sounds: Counter[str] = Counter()
    for word, times, tag in entries:
        if tag == "nr" and len(word) == 3 and word[0] in SURNAMES:
            given.update(word[1:])
        han = all("一" <= char <= "鿿" for char in word)
        han = han and UNUSED not in word
        if han and tag == "nrt" and len(word) > 2:
            sounds.update(word)
        seen = int(times) >= SEEN or tag == "ns"
        if han and len(word) <= 4 and seen and (len(word) == 1 or not tag.startswith("nr")):
            costs[round(2 * log(total / int(times)))].append(word)
    write("lexicon.txt", "Twice the cost of words in nats, then the words.", costs)
    remark = "Twice the cost of characters {} in nats, then the characters."
    write("given.txt", remark.format("of given names"), by_cost(given, 3))
    write("sounds.txt", remark.format("that write the sounds of foreign names"), by_cost(sounds, 8))


def by_cost(counts: Counter[str], least: int) -> dict[int, list[str]]:
    """Characters that stand often enough, by twice their cost."""
    characters: dict[int, list[str]] = defaultdict(list)
    whole = sum(counts.values())
    for char, count in counts.items():
        if count >= least:
            characters[round(2 * log(whole / count))].append(char)
    return characters


def write(name: str, remark: str, costs: dict[int, list[str]]) -> None:
    """One line a cost."""
    lines = (f"{cost} {' '.join(sorted(words))}\n" for cost, words in sorted(costs.items()))
    (LISTS / name).write_text(HEAD + f"# {remark}\n" + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
