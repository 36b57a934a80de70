"""How scores become a choice: small functions over scores, in a stated order.

First what holds for every way of choosing (penalties, what must and must not come), then, when choosing
by chance, what narrows the choice: temperature, top-k, top-p, min-p.

*Shape:* scores are `(rows, vocabulary)`, ids `(rows, tokens)`.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from .settings import Settings

NEVER = float("-inf")
Rule = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
"""Ids so far and scores to new scores."""


def rules(
    settings: Settings, prompt: int, longest: int, padded: torch.Tensor | None = None
) -> list[Rule]:
    """List what is done to scores, in order.

    Args:
        settings: What was asked for.
        prompt: How many tokens were there before writing.
        longest: How many there may be in all.
        padded: How many ids of padding stand before each prompt. *Shape:* `(rows,)`.
    """
    s = settings
    table: list[tuple[bool, Rule]] = [
        (
            s.repetition_penalty != 1.0,
            lambda i, x: fewer_repeats(i, x, s.repetition_penalty, padded),
        ),
        (
            bool(s.presence_penalty or s.frequency_penalty),
            lambda i, x: less_of_written(i[:, prompt:], x, s.presence_penalty, s.frequency_penalty),
        ),
        (s.no_repeat_ngram_size > 0, lambda i, x: no_row_twice(i, x, s.no_repeat_ngram_size)),
        (bool(s.bad_words_ids), lambda i, x: without_rows(i, x, s.bad_words_ids)),
        (bool(s.ends), lambda i, x: not_yet(i, x, s.ends, _least(s, prompt))),
        (
            s.forced_bos_token_id is not None,
            lambda i, x: only_at(i, x, s.forced_bos_token_id, 1),
        ),
        (
            s.forced_eos_token_id is not None and not s.ignore_eos,
            lambda i, x: only_at(i, x, s.forced_eos_token_id, longest - 1),
        ),
    ]
    chosen = [rule for wanted, rule in table if wanted]
    return chosen + (narrowing(settings) if s.do_sample else [])


def narrowing(settings: Settings) -> list[Rule]:
    """List what narrows a choice by chance."""
    s = settings
    # Beams need something to go on with beside every end of a text.
    kept = 1 if s.num_beams == 1 else 1 + max(1, len(s.eos_token_id))
    table: list[tuple[bool, Rule]] = [
        (s.temperature != 1.0, lambda _, x: x / s.temperature),
        (s.top_k > 0, lambda _, x: likeliest(x, max(s.top_k, kept))),
        (s.top_p < 1.0, lambda _, x: likeliest_together(x, s.top_p, kept)),
        (s.min_p is not None, lambda _, x: likely_enough(x, s.min_p or 0.0, kept)),
    ]
    return [rule for wanted, rule in table if wanted]


def _least(settings: Settings, prompt: int) -> int:
    fresh = prompt + settings.min_new_tokens if settings.min_new_tokens else 0
    return max(settings.min_length, fresh)


# What holds for every way of choosing.


def fewer_repeats(
    ids: torch.Tensor, scores: torch.Tensor, penalty: float, padded: torch.Tensor | None = None
) -> torch.Tensor:
    """Make tokens that were there less likely; padding was not there.

    Example:
        >>> fewer_repeats(torch.tensor([[0, 1]]), torch.tensor([[2.0, -2.0, 2.0]]), 2.0).tolist()
        [[1.0, -4.0, 2.0]]
    """
    if padded is not None:
        places = torch.arange(ids.shape[1], device=ids.device)
        ids = torch.where(places < padded[:, None], ids[:, -1:], ids)
    seen = scores.gather(1, ids)
    seen = torch.where(seen < 0, seen * penalty, seen / penalty)
    return scores.scatter(1, ids, seen)


def less_of_written(
    ids: torch.Tensor, scores: torch.Tensor, presence: float, frequency: float
) -> torch.Tensor:
    """Take something off the scores of tokens that were written, once and by count."""
    counts = torch.zeros_like(scores).scatter_add(1, ids, torch.ones_like(ids, dtype=scores.dtype))
    return scores - presence * (counts > 0) - frequency * counts


def no_row_twice(ids: torch.Tensor, scores: torch.Tensor, size: int) -> torch.Tensor:
    """Forbid tokens that would make a row of `size` tokens come a second time.

    Example:
        >>> no_row_twice(torch.tensor([[1, 2, 1]]), torch.zeros(1, 4), 2).tolist()
        [[0.0, 0.0, -inf, 0.0]]
    """
    length = ids.shape[1]
    if length + 1 < size:
        return scores
    rows = ids.unfold(1, size, 1) if length >= size else ids.new_empty(len(ids), 0, size)
    begun = ids[:, length - size + 1 :]
    again = (rows[..., :-1] == begun[:, None]).all(-1)
    places, which = again.nonzero(as_tuple=True)
    scores = scores.clone()
    scores[places, rows[places, which, -1]] = NEVER
    return scores


def without_rows(
    ids: torch.Tensor, scores: torch.Tensor, banned: tuple[tuple[int, ...], ...]
) -> torch.Tensor:
    """Forbid tokens that would complete one of some rows."""
    scores = scores.clone()
    for row in banned:
        before = torch.tensor(row[:-1], dtype=ids.dtype, device=ids.device)
        if len(before) <= ids.shape[1]:
            there = (ids[:, ids.shape[1] - len(before) :] == before).all(1)
            scores[there, row[-1]] = NEVER
    return scores


def not_yet(
    ids: torch.Tensor, scores: torch.Tensor, ends: tuple[int, ...], least: int
) -> torch.Tensor:
    """Forbid the end before there are `least` tokens."""
    if ids.shape[1] >= least:
        return scores
    scores = scores.clone()
    scores[:, list(ends)] = NEVER
    return scores


def only_at(
    ids: torch.Tensor, scores: torch.Tensor, forced: int | None, length: int
) -> torch.Tensor:
    """Leave nothing but one token when there are `length` tokens."""
    if ids.shape[1] != length or forced is None:
        return scores
    only = torch.full_like(scores, NEVER)
    only[:, forced] = 0.0
    return only


# What narrows a choice by chance.


def likeliest(scores: torch.Tensor, count: int) -> torch.Tensor:
    """Keep that many likeliest, and those as likely as the last of them."""
    last = scores.topk(min(count, scores.shape[-1])).values[:, -1:]
    return scores.masked_fill(scores < last, NEVER)


def likeliest_together(scores: torch.Tensor, part: float, kept: int) -> torch.Tensor:
    """Keep the likeliest that together have a probability, at least `kept` of them."""
    ordered, places = scores.sort(descending=False)
    gone = ordered.softmax(-1).cumsum(-1) <= 1 - part
    gone[:, -kept:] = False
    return scores.masked_fill(gone.scatter(1, places, gone), NEVER)


def likely_enough(scores: torch.Tensor, part: float, kept: int) -> torch.Tensor:
    """Keep those with some part of the probability of the likeliest, at least `kept` of them."""
    chances = scores.softmax(-1)
    gone = chances < part * chances.amax(-1, keepdim=True)
    gone.scatter_(1, scores.topk(kept).indices, False)
    return scores.masked_fill(gone, NEVER)


def choose(
    scores: torch.Tensor, by_chance: bool, generator: torch.Generator | None
) -> torch.Tensor:
    """Choose one token a row. *Shape:* `(rows, vocabulary)` to `(rows,)`."""
    if not by_chance:
        return scores.argmax(-1)
    return torch.multinomial(scores.softmax(-1), 1, generator=generator)[:, 0]
