"""Unigram training, slow and readable: the twin that the trainer is held against.

1. **Seeds.** All characters, and all substrings that come up in more than one place, each worth its length
   times the number of its places. Distinct words count once here, however often they occur.
2. **Expectation.** How often is each candidate used, over all ways to segment each word, the likelier ways
   counting more? (Forward and backward sums.)
3. **Maximisation.** The new score of a candidate is the digamma of that count, less the digamma of the sum.
   The digamma takes some off of what is rare. What is expected less than half a time goes.
4. **Pruning.** Every word is segmented the best way. Candidates that no segmentation uses go. For each other
   one: how much less likely would the texts be, were its uses replaced by the best segmentation of itself
   without itself? The quarter with the least to lose goes.
5. Steps 2 to 4 are repeated until one tenth too many are left; then all characters and the candidates with
   the most to lose make the vocabulary.

That is the published way (Kudo 2018, arXiv 1804.10959; Liang and Klein 2007 for the digamma), and with
`Settings.published` this is what is done. The library differs in two places, which make unseen text likelier:

* Replacing a use by several makes more uses in all, and so every share falls. The published loss counts that
  for the candidate and for what takes its place; the library counts it for all others as well.
* When the last candidates have gone, the scores are estimated once more for those that stay.

sentencepiece ends with the candidates that score best, not with those that have the most to lose.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

UNKNOWN = ""
UNKNOWN_PENALTY = 10.0
LEAST_EXPECTED = 0.5
STEP_FOR_CHARACTERS = 0.0001

Scores = dict[str, float]
"""Candidates with their scores, in the order in which they would be kept."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the trainer is told."""

    vocab_size: int
    n_sub_iterations: int = 2
    shrinking_factor: float = 0.75
    max_piece_length: int = 16
    seed_size: int = 1_000_000
    published: bool = False


def train(counts: Mapping[str, int], settings: Settings) -> list[tuple[str, float]]:
    """Pieces and scores, best first."""
    scores = seeds(counts, settings)
    wanted = settings.vocab_size * 11 // 10
    while True:
        for _ in range(settings.n_sub_iterations):
            scores = maximise(scores, expect(scores, counts))
        if len(scores) + 1 <= wanted:
            return choose(scores, counts, settings)
        share = int((len(scores) + 1) * settings.shrinking_factor)
        scores = prune(scores, counts, max(wanted, share) - 1, settings)


def seeds(counts: Mapping[str, int], settings: Settings) -> Scores:
    """The first candidates, each with the logarithm of its share of the worth of all."""
    characters: dict[str, int] = {}
    places: dict[str, int] = {}
    followers: dict[str, set[str]] = {}
    for word, count in counts.items():
        for start, character in enumerate(word):
            characters[character] = characters.get(character, 0) + count
            for end in range(start + 2, min(len(word), start + settings.max_piece_length) + 1):
                text = word[start:end]
                places[text] = places.get(text, 0) + 1
                followers.setdefault(text, set()).add(word[end : end + 1])
    # What is always followed by the same character is no candidate: the longer one is. The end of a word
    # counts as a character here, so that what only ever ends words is no candidate at all.
    worth = {text: places[text] * len(text) for text, then in followers.items() if len(then) > 1}
    first = sorted(characters, key=lambda text: (characters[text], text), reverse=True)
    then = sorted(worth, key=lambda text: (worth[text], text), reverse=True)
    then = then[: max(1, settings.seed_size - len(first))]
    values = {text: characters[text] for text in first} | {text: worth[text] for text in then}
    total = math.log(sum(values.values()))
    return {text: math.log(value) - total for text, value in values.items()}


def expect(scores: Scores, counts: Mapping[str, int]) -> dict[str, float]:
    """How often each candidate is expected to be used."""
    expected = dict.fromkeys(scores, 0.0)
    lattice = Lattice(scores)
    for word, count in counts.items():
        before, behind = lattice.forward(word), lattice.backward(word)
        for start in range(len(word)):
            for text, end, score in lattice.at(word, start):
                chance = math.exp(before[start] + score + behind[end] - before[-1])
                expected[text] = expected.get(text, 0.0) + count * chance
    expected.pop(UNKNOWN, None)
    return expected


def maximise(scores: Scores, expected: Mapping[str, float]) -> Scores:
    """The scores that the expectations give."""
    kept = {text: expected[text] for text in scores if expected[text] >= LEAST_EXPECTED}
    total = digamma(sum(kept.values()))
    return {text: digamma(often) - total for text, often in kept.items()}


def prune(scores: Scores, counts: Mapping[str, int], size: int, settings: Settings) -> Scores:
    """Keep what has to stay, and of the others those with the most to lose."""
    used, losses = loss_of_each(scores, counts, settings)
    kept = [text for text in scores if text not in losses and (used[text] > 0 or len(text) == 1)]
    order = sorted(losses, key=lambda text: losses[text], reverse=True)
    kept += order[: max(0, size - len(kept))]
    return {text: scores[text] for text in kept}


def loss_of_each(
    scores: Scores, counts: Mapping[str, int], settings: Settings
) -> tuple[dict[str, float], dict[str, float]]:
    """How often each candidate is used, and what the texts lose with each that something can replace."""
    lattice = Lattice(scores)
    used = dict.fromkeys([*scores, UNKNOWN], 0.0)
    for word, count in counts.items():
        for text in lattice.best(word)[0]:
            used[text] += count
    total = sum(used.values())
    losses: dict[str, float] = {}
    for text, score in scores.items():
        often = used[text]
        if len(text) == 1 or often == 0:
            continue
        instead, score_instead = lattice.best(text, without=text)
        if score_instead > score:
            continue
        parts = [used[part] for part in instead]
        losses[text] = loss(often, total, parts, published=settings.published)
    return used, losses


def loss(often: float, total: float, instead: list[float], *, published: bool) -> float:
    """How much less likely all texts would be, were each of the uses replaced."""
    total_without = total + often * (len(instead) - 1)
    then = sum(math.log((uses + often) / total_without) for uses in instead)
    own = often * (math.log(often / total) - then)
    return own if published else own + (total - often) * math.log(total_without / total)


def choose(
    scores: Scores, counts: Mapping[str, int], settings: Settings
) -> list[tuple[str, float]]:
    """All characters, and the first of the others."""
    characters = sorted({character for word in counts for character in word})
    missing = [character for character in characters if character not in scores]
    others = [text for text in scores if len(text) > 1]
    others = others[: max(0, settings.vocab_size - len(characters))]
    chosen = {text: scores[text] for text in [*characters, *others] if text in scores}
    if not settings.published:
        for _ in range(settings.n_sub_iterations):
            chosen = settle(expect(chosen, counts))
    lowest = min(chosen.values())
    chosen |= {text: lowest + at * STEP_FOR_CHARACTERS for at, text in enumerate(missing)}
    return sorted(chosen.items(), key=lambda piece: piece[1], reverse=True)


def settle(expected: Mapping[str, float]) -> Scores:
    """The logarithm of each share; nothing goes any more."""
    often = {text: max(count, LEAST_EXPECTED) for text, count in expected.items()}
    total = math.log(sum(often.values()))
    return {text: math.log(count) - total for text, count in often.items()}


class Lattice:
    """All ways to segment a word into candidates."""

    def __init__(self, scores: Scores) -> None:
        """Of these candidates, and the unknown one, which is far less likely than any of them."""
        self.scores = scores
        self.longest = max(map(len, scores))
        self.unknown = min(scores.values()) - UNKNOWN_PENALTY

    def at(self, word: str, start: int) -> Iterator[tuple[str, int, float]]:
        """Candidates that begin at a place: text, end, score; the unknown where no character is one."""
        for end in range(start + 1, min(len(word), start + self.longest) + 1):
            text = word[start:end]
            if text in self.scores:
                yield text, end, self.scores[text]
            elif end == start + 1:
                yield UNKNOWN, end, self.unknown

    def forward(self, word: str) -> list[float]:
        """The logarithm of the sum over all ways up to each place."""
        ways: list[list[float]] = [[0.0], *([] for _ in word)]
        sums = []
        for start in range(len(word) + 1):
            sums.append(log_sum(ways[start]))
            for _, end, score in self.at(word, start):
                ways[end].append(sums[start] + score)
        return sums

    def backward(self, word: str) -> list[float]:
        """The logarithm of the sum over all ways from each place."""
        sums = [0.0] * (len(word) + 1)
        for start in reversed(range(len(word))):
            sums[start] = log_sum([score + sums[end] for _, end, score in self.at(word, start)])
        return sums

    def best(self, word: str, without: str | None = None) -> tuple[list[str], float]:
        """The best way, and its score."""
        best: list[tuple[float, int, str]] = [(-math.inf, 0, "")] * (len(word) + 1)
        best[0] = (0.0, 0, "")
        for start in range(len(word)):
            for text, end, score in self.at(word, start):
                if text != without and best[start][0] + score > best[end][0]:
                    best[end] = (best[start][0] + score, start, text)
        parts, at = [], len(word)
        while at > 0:
            _, at, text = best[at]
            parts.append(text)
        return parts[::-1], best[-1][0]


def log_sum(values: list[float]) -> float:
    """The logarithm of the sum of what these are logarithms of."""
    highest = max(values)
    return highest + math.log(sum(math.exp(value - highest) for value in values))


def digamma(x: float) -> float:
    """The logarithmic derivative of the gamma function."""
    shift = 0.0
    while x < 7:
        shift -= 1 / x
        x += 1
    x -= 0.5
    terms = ((2, 1 / 24), (4, -7 / 960), (6, 31 / 8064), (8, -127 / 30720))
    return shift + math.log(x) + sum(factor / x**power for power, factor in terms)
