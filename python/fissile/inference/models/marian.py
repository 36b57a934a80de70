"""Marian: BART with positions that are computed, and perhaps two vocabularies."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from ..layers.basic import Embedding
from ..weights import Names
from .bart import BartConfig, BartForConditionalGeneration, BartModel, BartStack


class MarianConfig(BartConfig):
    """The configuration of Marian."""

    model_type = "marian"
    LABELS = 2
    DEFAULTS = {
        **BartConfig.DEFAULTS,
        "vocab_size": 58101,
        "decoder_vocab_size": None,
        "decoder_start_token_id": 58100,
        "pad_token_id": 58100,
        "eos_token_id": 0,
        "bos_token_id": None,
        "forced_eos_token_id": 0,
        "share_encoder_decoder_embeddings": True,
    }


class ComputedPositions(nn.Module):
    """Vectors of positions: sines in the first half, cosines in the second."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        half = config.d_model // 2
        self._pairs, self._size = half, config.d_model

    def forward(self, places: torch.Tensor) -> torch.Tensor:
        """Compute vectors. *Shape:* `(tokens,)` to `(tokens, size)`."""
        numbers = torch.arange(self._pairs, dtype=torch.float64, device=places.device)
        rates = torch.exp(numbers * (-2 * math.log(10000.0) / self._size))
        angles = places.double()[:, None] * rates
        return torch.cat((angles.sin(), angles.cos()), dim=-1).float()


_IGNORED = (r"(^|\.)(encoder|decoder)\.embed_positions\.weight$", *BartModel.IGNORED)


class MarianModel(BartModel):
    """Marian's body."""

    config_class = MarianConfig
    IGNORED = _IGNORED

    def build(self, config: Any) -> None:
        """Make encoder and decoder."""
        self.own = None
        if not config.share_encoder_decoder_embeddings:
            size = config.decoder_vocab_size or config.vocab_size
            self.own = Embedding(size, config.d_model, "token id")
            self.NAMES = _TWO_VOCABULARIES  # type: ignore[misc]
        self.encoder = BartStack(config, False, ComputedPositions(config), norm=False)
        self.decoder = BartStack(config, True, ComputedPositions(config), norm=False)

    @property
    def written(self) -> Any:
        """The vectors of the ids that the decoder writes."""
        return self.shared if self.own is None else self.own


_TWO_VOCABULARIES = Names({**BartModel.NAMES.table(), "shared": "encoder.embed_tokens"})


class MarianMTModel(BartForConditionalGeneration):
    """Marian that translates."""

    BASE = MarianModel
    config_class = MarianConfig
    IGNORED = (*_IGNORED, r"^lm_head\.weight$")
