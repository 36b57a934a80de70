"""BPE, WordPiece and Unigram as textbooks teach them: small, slow, to be read.

Where the library differs from them:

* **BPE.** Of equally frequent pairs the textbook takes the one that it met first; the library the one whose
  tokens have the lower ids.
* **WordPiece.** The textbook's score divides a pair's count by those of its parts, so that rare parts that stand
  together come first. The library (as the reference) merges by count, as in BPE, and differs from it only in
  the prefix inside words and in how text is tokenized.
* **Unigram.** The textbook begins with all frequent substrings, scores by plain counts of substrings, and
  recomputes the whole loss without each token. The trainer estimates (`tests/reference/unigram.py`).
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping

Split = dict[str, list[str]]
PREFIX = "##"


def spell(counts: Mapping[str, int], prefix: str = "") -> Split:
    """Words as characters, all but the first with a prefix."""
    return {word: [word[0], *(prefix + letter for letter in word[1:])] for word in counts}


def pairs(split: Split, counts: Mapping[str, int]) -> Counter[tuple[str, str]]:
    """How often each pair of neighbours occurs, in the order in which they come."""
    found: Counter[tuple[str, str]] = Counter()
    for word, parts in split.items():
        for pair in itertools.pairwise(parts):
            found[pair] += counts[word]
    return found


def scores(split: Split, counts: Mapping[str, int]) -> dict[tuple[str, str], float]:
    """WordPiece's score: a pair's count over the product of the counts of its parts."""
    parts: Counter[str] = Counter()
    for word, tokens in split.items():
        for token in tokens:
            parts[token] += counts[word]
    return {
        (left, right): count / (parts[left] * parts[right])
        for (left, right), count in pairs(split, counts).items()
    }


def merge(split: Split, left: str, right: str) -> str:
    """Merge a pair wherever it stands; the token that it makes."""
    token = left + right.removeprefix(PREFIX)
    for parts in split.values():
        at = 0
        while at + 1 < len(parts):
            if (parts[at], parts[at + 1]) == (left, right):
                parts[at : at + 2] = [token]
            at += 1
    return token


def bpe(counts: Mapping[str, int], merges: int) -> list[tuple[str, str]]:
    """The first merges; of equally frequent pairs the one that comes first in the words."""
    split = spell(counts)
    learned = []
    for _ in range(merges):
        found = pairs(split, counts)
        best = max(found, key=lambda pair: found[pair])
        merge(split, *best)
        learned.append(best)
    return learned


def wordpiece(counts: Mapping[str, int], merges: int) -> list[str]:
    """The tokens that the first merges by score make."""
    split = spell(counts, PREFIX)
    learned = []
    for _ in range(merges):
        found = scores(split, counts)
        learned.append(merge(split, *max(found, key=lambda pair: found[pair])))
    return learned


class Unigram:
    """Tokens with how often they occur as substrings."""

    def __init__(self, often: Mapping[str, int]) -> None:
        """A token costs the negative logarithm of its share."""
        total = sum(often.values())
        self.often = dict(often)
        self.costs = {token: -math.log(count / total) for token, count in often.items()}

    def encode(self, word: str) -> tuple[list[str], float]:
        """The cheapest way to make a word of tokens, and what it costs."""
        best: list[tuple[float, int]] = [(0.0, 0), *[(math.inf, 0)] * len(word)]
        for start in range(len(word)):
            for end in range(start + 1, len(word) + 1):
                cost = best[start][0] + self.costs.get(word[start:end], math.inf)
                best[end] = min(best[end], (cost, start), key=lambda way: way[0])
        tokens: list[str] = []
        at = len(word)
        while at > 0:
            start = best[at][1]
            tokens.insert(0, word[start:at])
            at = start
        return tokens, best[-1][0]

    def loss(self, counts: Mapping[str, int]) -> float:
        """What all words cost."""
        return sum(count * self.encode(word)[1] for word, count in counts.items())

    def rise(self, token: str, counts: Mapping[str, int]) -> float:
        """How much more all words cost without a token, the costs of the others as they are."""
        without = Unigram(self.often)
        del without.costs[token]
        return without.loss(counts) - self.loss(counts)

    def prune(self, counts: Mapping[str, int], share: float) -> Unigram:
        """Without the share of the tokens whose lack costs least; characters stay."""
        rises = {token: self.rise(token, counts) for token in self.often if len(token) > 1}
        order = sorted(rises, key=lambda token: rises[token])
        gone = set(order[: int(len(self.often) * share)])
        return Unigram({token: count for token, count in self.often.items() if token not in gone})


def substrings(counts: Mapping[str, int], size: int) -> Unigram:
    """All characters, and the most frequent longer substrings behind them."""
    letters: Counter[str] = Counter()
    longer: Counter[str] = Counter()
    for word, count in counts.items():
        for start, letter in enumerate(word):
            letters[letter] += count
            for end in range(start + 2, len(word) + 1):
                longer[word[start:end]] += count
    most = sorted(longer.items(), key=lambda pair: pair[1], reverse=True)
    return Unigram(dict(letters) | dict(most[: size - len(letters)]))
