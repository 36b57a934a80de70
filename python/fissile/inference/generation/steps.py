"""The model as a generator sees it: ids in, scores of the next token out, with a cache between."""

from __future__ import annotations

from typing import Any

import torch


class DecoderSteps:
    """Steps of a model that goes on with its prompt.

    Args:
        model: The model.
        mask: 1 for tokens of the prompt, 0 for padding before them; `None` without padding.
        options: What else the model takes.
        use_cache: Keep keys and values.
    """

    def __init__(
        self, model: Any, mask: torch.Tensor | None, options: dict[str, Any], use_cache: bool
    ) -> None:
        self._model, self._options, self._use_cache = model, options, use_cache
        self._mask = mask
        self.padded = None if mask is None else (mask == 0).sum(1)
        self._cache: Any = None

    def __call__(self, ids: torch.Tensor) -> torch.Tensor:
        """Score what may come next. *Shape:* `(rows, tokens)` to `(rows, vocabulary)`."""
        seen = self._cache.length if self._cache is not None else 0
        fresh = ids[:, seen:]
        rows, tokens = ids.shape
        places = None
        mask = self._mask
        if mask is not None:
            if mask.shape[1] < tokens:
                mask = torch.cat((mask, mask.new_ones(rows, tokens - mask.shape[1])), 1)
                self._mask = mask
            places = (mask.cumsum(1) - 1).clamp(min=0)[:, seen:]
        output = self._model(
            fresh,
            attention_mask=mask,
            position_ids=places,
            past_key_values=self._cache,
            use_cache=self._use_cache,
            logits_to_keep=1,
            return_dict=True,
            **self._options,
        )
        self._cache = output.past_key_values
        return output.logits[:, -1].float()

    def reorder(self, rows: torch.Tensor) -> None:
        """Take rows in another order, some perhaps several times."""
        if self._cache is not None:
            self._cache.reorder(rows)
        if self._mask is not None:
            self._mask = self._mask[rows]


class CrossSteps:
    """Steps of a decoder that looks at what an encoder made of its input.

    Prompts of a decoder are never padded.

    Args:
        model: The model.
        encoded: The states of the encoder, one row for every row that is written.
        mask: 1 for tokens of the encoder's input, 0 for padding.
        options: What else the model takes.
        use_cache: Keep keys and values.
    """

    padded = None

    def __init__(
        self,
        model: Any,
        encoded: Any,
        mask: torch.Tensor | None,
        options: dict[str, Any],
        use_cache: bool,
    ) -> None:
        self._model, self._encoded, self._mask = model, encoded, mask
        self._options, self._use_cache = options, use_cache
        self._cache: Any = None

    def __call__(self, ids: torch.Tensor) -> torch.Tensor:
        """Score what may come next. *Shape:* `(rows, tokens)` to `(rows, vocabulary)`."""
        seen = self._cache.length if self._cache is not None else 0
        output = self._model(
            None,
            attention_mask=self._mask,
            decoder_input_ids=ids[:, seen:],
            encoder_outputs=self._encoded,
            past_key_values=self._cache,
            use_cache=self._use_cache,
            return_dict=True,
            **self._options,
        )
        self._cache = output.past_key_values
        return output.logits[:, -1].float()

    def reorder(self, rows: torch.Tensor) -> None:
        """Take rows in another order; all rows of a prompt see the same states of the encoder."""
        if self._cache is not None:
            self._cache.reorder(rows)
