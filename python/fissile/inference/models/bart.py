"""BART: encoder and decoder with learned positions, normalized after adding."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import nn

from ..config import Config
from ..generation import Generates
from ..heads import QuestionAnswering, Seq2SeqLM
from ..layers.attention import Attention
from ..layers.basic import Embedding, LayerNorm, Linear, activation, weight
from ..layers.blocks import CrossLayer, EncoderLayer, FeedForward, Trail
from ..layers.cache import Cache
from ..layers.scope import both_ways, one_way
from ..outputs import (
    BaseModelOutput,
    DecoderOutput,
    Seq2SeqQuestionAnsweringModelOutput,
)
from ..weights import Names
from .limits import check_length, wants
from .seq2seq import EndClassification, Seq2SeqBody

_EPS = 1e-5
# The first rows of the table of positions are never used.
_OFFSET = 2


class BartConfig(Config):
    """The configuration of BART."""

    model_type = "bart"
    LABELS = 3
    ALIASES = {
        "num_attention_heads": "encoder_attention_heads",
        "hidden_size": "d_model",
        "num_hidden_layers": "encoder_layers",
        "initializer_range": "init_std",
    }
    DEFAULTS = {
        "vocab_size": 50265,
        "max_position_embeddings": 1024,
        "encoder_layers": 12,
        "encoder_ffn_dim": 4096,
        "encoder_attention_heads": 16,
        "decoder_layers": 12,
        "decoder_ffn_dim": 4096,
        "decoder_attention_heads": 16,
        "activation_function": "gelu",
        "d_model": 1024,
        "dropout": 0.1,
        "attention_dropout": 0.0,
        "activation_dropout": 0.0,
        "init_std": 0.02,
        "classifier_dropout": 0.0,
        "scale_embedding": False,
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
        "is_encoder_decoder": True,
        "decoder_start_token_id": 2,
        "forced_eos_token_id": 2,
    }


class LearnedPositions(Embedding):
    """Vectors of positions, as they were learned."""

    def __init__(self, config: Any) -> None:
        super().__init__(config.max_position_embeddings + _OFFSET, config.d_model, "position")

    def forward(self, places: torch.Tensor) -> torch.Tensor:
        """Look vectors up."""
        return super().forward(places + _OFFSET)


class BartStack(nn.Module):
    """The layers of an encoder or of a decoder, and the vectors of positions before them."""

    def __init__(self, config: Any, decoder: bool, positions: nn.Module, norm: bool) -> None:
        super().__init__()
        self.positions = positions
        self.norm = LayerNorm(config.d_model, _EPS) if norm else None
        make = _decoder_layer if decoder else _encoder_layer
        count = config.decoder_layers if decoder else config.encoder_layers
        self.layers = nn.ModuleList(make(config) for _ in range(count))
        self._limit, self._dropout = config.max_position_embeddings, config.dropout

    def placed(self, hidden: torch.Tensor, before: int = 0) -> torch.Tensor:
        """Add the vectors of positions. *Shape:* `(batch, tokens, size)` to the same."""
        tokens = hidden.shape[1]
        check_length(before + tokens, self._limit)
        places = torch.arange(before, before + tokens, device=hidden.device)
        hidden = hidden + self.positions(places).to(hidden.dtype)
        if self.norm is not None:
            hidden = self.norm(hidden)
        return F.dropout(hidden, self._dropout) if self.training else hidden


def _encoder_layer(config: Any) -> EncoderLayer:
    return EncoderLayer(
        Attention(config.d_model, config.encoder_attention_heads, dropout=config.attention_dropout),
        _feed_forward(config, config.encoder_ffn_dim),
        config.d_model,
        _EPS,
        config.dropout,
    )


def _decoder_layer(config: Any) -> CrossLayer:
    heads, rate = config.decoder_attention_heads, config.attention_dropout
    return CrossLayer(
        Attention(config.d_model, heads, dropout=rate),
        Attention(config.d_model, heads, dropout=rate),
        _feed_forward(config, config.decoder_ffn_dim),
        config.d_model,
        _EPS,
        config.dropout,
    )


def _feed_forward(config: Any, inner: int) -> FeedForward:
    act = activation(config.activation_function)
    return FeedForward(config.d_model, inner, act, config.activation_dropout)


def _stack_names(stack: str) -> dict[str, str]:
    ours, theirs = f"{stack}.layers.{{}}", f"{stack}.layers.{{}}"
    names = {
        f"{stack}.positions": f"{stack}.embed_positions",
        f"{stack}.norm": f"{stack}.layernorm_embedding",
        f"{ours}.attention_norm": f"{theirs}.self_attn_layer_norm",
        f"{ours}.feed_forward.up": f"{theirs}.fc1",
        f"{ours}.feed_forward.down": f"{theirs}.fc2",
        f"{ours}.norm": f"{theirs}.final_layer_norm",
    }
    parts = {"attention": "self_attn", "across": "encoder_attn"}
    if stack == "encoder":
        del parts["across"]
    else:
        names[f"{ours}.across_norm"] = f"{theirs}.encoder_attn_layer_norm"
    for mine, yours in parts.items():
        for one, other in (("query", "q"), ("key", "k"), ("value", "v"), ("output", "out")):
            names[f"{ours}.{mine}.{one}"] = f"{theirs}.{yours}.{other}_proj"
    return names


IGNORED = (r"(^|\.)(encoder|decoder)\.embed_tokens\.weight$", r"(^|\.)(encoder|decoder)\.version$")


class BartModel(Seq2SeqBody):
    """BART's body."""

    config_class = BartConfig
    PREFIX = "model"
    IGNORED: ClassVar[tuple[str, ...]] = IGNORED
    NAMES = Names(
        {
            "shared": ("shared", "encoder.embed_tokens", "decoder.embed_tokens"),
            "own": "decoder.embed_tokens",
            **_stack_names("encoder"),
            **_stack_names("decoder"),
        }
    )

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.shared = Embedding(config.vocab_size, config.d_model, "token id")
        self.build(config)
        self._scale = math.sqrt(config.d_model) if config.scale_embedding else 1.0

    def build(self, config: Any) -> None:
        """Make encoder and decoder."""
        self.encoder = BartStack(config, False, LearnedPositions(config), norm=True)
        self.decoder = BartStack(config, True, LearnedPositions(config), norm=True)

    @property
    def written(self) -> Any:
        """The vectors of the ids that the decoder writes."""
        return self.shared

    def new_cache(self) -> Cache:
        """Make an empty cache for the decoder."""
        return Cache(self.config.decoder_layers)

    def encode(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        inputs_embeds: torch.Tensor | None = None,
        **options: Any,
    ) -> BaseModelOutput:
        """Run the encoder; see `Seq2SeqBody.encode`."""
        hidden = self.shared(input_ids) * self._scale if inputs_embeds is None else inputs_embeds
        hidden = self.encoder.placed(hidden)
        scope = both_ways(attention_mask)
        trail = Trail(*wants(options, self.config))
        for layer in self.encoder.layers:
            trail.state(hidden)
            hidden, found = layer(hidden, scope, trail.weights)
            trail.found(found)
        trail.state(hidden)
        return BaseModelOutput(
            last_hidden_state=hidden,
            hidden_states=trail.hidden_states,
            attentions=trail.attentions,
        )

    def decode(
        self,
        input_ids: torch.Tensor | None,
        context: torch.Tensor,
        *,
        attention_mask: torch.Tensor | None = None,
        context_mask: torch.Tensor | None = None,
        cache: Cache | None = None,
        inputs_embeds: torch.Tensor | None = None,
        **options: Any,
    ) -> DecoderOutput:
        """Run the decoder; see `Seq2SeqBody.decode`."""
        hidden = self.written(input_ids) * self._scale if inputs_embeds is None else inputs_embeds
        before, tokens = cache.length if cache is not None else 0, hidden.shape[1]
        hidden = self.decoder.placed(hidden, before)
        scope = one_way(attention_mask, tokens, before + tokens, hidden.device)
        context_scope = both_ways(context_mask)
        trail = Trail(*wants(options, self.config))
        for number, layer in enumerate(self.decoder.layers):
            trail.state(hidden)
            hidden, found, across = layer(
                hidden,
                scope,
                context,
                context_scope,
                cache=None if cache is None else cache.layers[number],
                across_cache=None if cache is None else cache.across[number],
                weights=trail.weights,
            )
            trail.found(found, across)
        trail.state(hidden)
        return DecoderOutput(
            last_hidden_state=hidden,
            past_key_values=cache,
            hidden_states=trail.hidden_states,
            attentions=trail.attentions,
            cross_attentions=trail.cross_attentions,
        )


class BartForConditionalGeneration(Generates, Seq2SeqLM):
    """BART that writes."""

    BASE = BartModel
    config_class, PREFIX = BartConfig, "model"
    IGNORED: ClassVar[tuple[str, ...]] = (*IGNORED, r"^lm_head\.weight$")
    QUIET = ("bias",)
    NAMES = Names({"bias": "final_logits_bias", "decoder": "lm_head"})

    def build(self, config: Any) -> None:
        """Make the bias; the vocabulary is that of the embeddings, unless it is not tied."""
        size = self.base.written.weight.shape[0]
        self.bias = weight(1, size, fill="zeros")
        self.decoder = None
        if not config.tie_word_embeddings:
            self.decoder = Linear(config.d_model, size, bias=False)

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Score the vocabulary for the token after each."""
        table = self.base.written if self.decoder is None else self.decoder
        return F.linear(outputs.last_hidden_state, table.weight) + self.bias


class BartForSequenceClassification(EndClassification):
    """BART that labels texts."""

    BASE = BartModel
    config_class, PREFIX, IGNORED = BartConfig, "model", IGNORED


class BartForQuestionAnswering(QuestionAnswering):
    """BART that marks answers."""

    BASE, OUTPUT = BartModel, Seq2SeqQuestionAnsweringModelOutput
    config_class, PREFIX, IGNORED = BartConfig, "model", IGNORED


# A mask in a text is filled by writing the text anew.
BartForMaskedLM = BartForConditionalGeneration
