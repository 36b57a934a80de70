"""Masked language modelling: which tokens a model has to guess.

A chosen token becomes the mask token four times in five, any token once in ten, and stays as it is
otherwise; its label is the id it had, and all other labels are ignored. Whole words are chosen by the
word ids of the tokenizer, which hold for every kind of tokenizer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._rust import InvalidValueError
from .batch import BatchEncoding
from .collate import IGNORED, finished, same_columns
from .tokenizer import PreTrainedTokenizerFast


def words_of(word_ids: Sequence[int | None]) -> list[list[int]]:
    """Gather the tokens of every word.

    Args:
        word_ids: The word of every token, `None` for special tokens.

    Returns:
        For every word its tokens, by place, in order; a number that comes back later is another word.

    Example:
        >>> words_of([None, 0, 0, 1, None, 0])
        [[1, 2], [3], [5]]
    """
    words: list[list[int]] = []
    before: int | None = None
    for place, word in enumerate(word_ids):
        if word is not None:
            if word == before and words:
                words[-1].append(place)
            else:
                words.append([place])
        before = word
    return words


@dataclass
class DataCollatorForLanguageModeling:
    """Pads a batch and chooses the tokens that a model has to guess.

    Args:
        tokenizer: Its mask token, special tokens and vocabulary count.
        mlm: Mask; otherwise labels are the ids themselves, for models that foretell the next token.
        mlm_probability: How likely a token (or word) is chosen.
        mask_replace_prob: How likely a chosen one becomes the mask token.
        random_replace_prob: How likely it becomes any token.
        pad_to_multiple_of: As in the call of a tokenizer.
        return_tensors: "pt" or "np"; `None` for lists.
        seed: Makes the choices the same again in every run; each worker of a loader makes its own.
    """

    tokenizer: PreTrainedTokenizerFast
    mlm: bool = True
    mlm_probability: float = 0.15
    mask_replace_prob: float = 0.8
    random_replace_prob: float = 0.1
    pad_to_multiple_of: int | None = None
    return_tensors: str | None = "pt"
    seed: int | None = None

    _whole_words = False

    def __post_init__(self) -> None:
        if self.mlm and self.tokenizer.mask_token_id is None:
            raise InvalidValueError(
                "This tokenizer does not have a mask token which is necessary for masked language modeling. "
                "You should pass `mlm=False` to train on causal language modeling instead."
            )
        for name in ("mlm_probability", "mask_replace_prob", "random_replace_prob"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise InvalidValueError(f"{name} should be between 0 and 1, found {value}")
        if self.mask_replace_prob + self.random_replace_prob > 1:
            raise InvalidValueError(
                "mask_replace_prob and random_replace_prob should not sum to more than 1"
            )
        self._random: Any = None
        self._random_of = (0, 0)

    def __call__(self, features: Sequence[Any]) -> BatchEncoding:
        """Make a batch of rows.

        Args:
            features: The rows, each with `input_ids`; for whole words with `word_ids` as well. A
                `special_tokens_mask` says what is never chosen, special tokens by default.

        Returns:
            The batch, with `labels`.
        """
        import numpy

        self._take_generator()
        rows = [row if hasattr(row, "keys") else {"input_ids": row} for row in features]
        columns = same_columns(rows)
        words = [row.pop("word_ids", None) for row in columns]
        special = [row.pop("special_tokens_mask", None) for row in columns]
        batch = self.tokenizer.pad(columns, pad_to_multiple_of=self.pad_to_multiple_of)
        ids = numpy.array(batch["input_ids"], dtype=numpy.int64)
        data = dict(batch.items())
        if self.mlm:
            fixed = self._fixed(ids, columns, special)
            chosen = self._choose(ids.shape, fixed, columns, words)
            data["input_ids"], data["labels"] = self._mask(ids, chosen)
        else:
            labels = numpy.array(data["labels"]) if "labels" in data else ids.copy()
            if self.tokenizer.pad_token_id is not None:
                labels[labels == self.tokenizer.pad_token_id] = IGNORED
            data["labels"] = labels
        if self.return_tensors is None:
            for name in ("input_ids", "labels"):
                if hasattr(data[name], "tolist"):
                    data[name] = data[name].tolist()
        return finished(data, self.return_tensors)

    def _take_generator(self) -> None:
        """Each process of a loader chooses for itself: a copied generator would choose the same in all."""
        import numpy

        torch = sys.modules.get("torch")
        worker = None if torch is None else torch.utils.data.get_worker_info()
        number = 0 if worker is None else worker.id + 1
        if self._random is not None and self._random_of == (os.getpid(), number):
            return
        self._random_of = (os.getpid(), number)
        known = self.seed if number == 0 or self.seed is None else [self.seed, number]
        self._random = numpy.random.default_rng(known)

    def _fixed(self, ids: Any, columns: Sequence[Mapping[str, Any]], special: Sequence[Any]) -> Any:
        """Mark what is never chosen: special tokens, and filling."""
        import numpy

        added = self.tokenizer.added_tokens_decoder.items()
        special_ids = {id for id, token in added if token.special} | set(
            self.tokenizer.all_special_ids
        )
        fixed = numpy.isin(ids, sorted(special_ids))
        for place, (row, mask) in enumerate(zip(columns, special, strict=True)):
            if mask is None:
                continue
            start, length = self._place(len(row["input_ids"]), ids.shape[1])
            fixed[place] = True
            fixed[place, start : start + length] = numpy.array(mask, dtype=bool)
        return fixed

    def _place(self, length: int, width: int) -> tuple[int, int]:
        left = self.tokenizer.padding_side == "left"
        return (width - length if left else 0), length

    def _choose(
        self,
        shape: tuple[int, int],
        fixed: Any,
        columns: Sequence[Mapping[str, Any]],
        words: Sequence[Any],
    ) -> Any:
        import numpy

        if not self._whole_words:
            return (self._random.random(shape) < self.mlm_probability) & ~fixed
        chosen: Any = numpy.zeros(shape, dtype=bool)
        for place, (row, numbers) in enumerate(zip(columns, words, strict=True)):
            if numbers is None:
                raise InvalidValueError(
                    f"row {place} has no 'word_ids': keep them when tokenizing, as "
                    "`batch['word_ids'] = [batch.word_ids(i) for i in range(len(batch['input_ids']))]`"
                )
            start, _ = self._place(len(row["input_ids"]), shape[1])
            for word in words_of(numbers):
                if self._random.random() < self.mlm_probability:
                    for token in word:
                        chosen[place, start + token] = True
        return chosen & ~fixed

    def _mask(self, ids: Any, chosen: Any) -> tuple[Any, Any]:
        import numpy

        labels = numpy.where(chosen, ids, IGNORED)
        dice = self._random.random(ids.shape)
        masked = chosen & (dice < self.mask_replace_prob)
        swapped = chosen & ~masked & (dice < self.mask_replace_prob + self.random_replace_prob)
        others = self._random.integers(0, len(self.tokenizer), ids.shape)
        ids = numpy.where(masked, self.tokenizer.mask_token_id, ids)
        return numpy.where(swapped, others, ids), labels


@dataclass
class DataCollatorForWholeWordMask(DataCollatorForLanguageModeling):
    """Pads a batch and chooses whole words that a model has to guess; rows carry `word_ids`."""

    _whole_words = True
