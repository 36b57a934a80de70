"""DistilBERT: BERT with half of the layers, without segments and pooler."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from ..config import Config
from ..heads import (
    MaskedLM,
    QuestionAnswering,
    SequenceClassification,
    TokenClassification,
    first_tokens,
)
from ..layers.attention import Attention
from ..layers.basic import Embedding, LayerNorm, Linear, activation, weight
from ..layers.blocks import EncoderLayer, FeedForward, Trail
from ..layers.scope import both_ways, packing_of
from ..model import Model
from ..outputs import BaseModelOutput
from ..weights import Names
from .limits import check_length, wants

_EPS = 1e-12


class DistilBertConfig(Config):
    """The configuration of DistilBERT."""

    model_type = "distilbert"
    ALIASES = {
        "hidden_size": "dim",
        "num_attention_heads": "n_heads",
        "num_hidden_layers": "n_layers",
    }
    DEFAULTS = {
        "vocab_size": 30522,
        "max_position_embeddings": 512,
        "sinusoidal_pos_embds": False,
        "n_layers": 6,
        "n_heads": 12,
        "dim": 768,
        "hidden_dim": 4 * 768,
        "dropout": 0.1,
        "attention_dropout": 0.1,
        "activation": "gelu",
        "initializer_range": 0.02,
        "qa_dropout": 0.1,
        "seq_classif_dropout": 0.2,
        "pad_token_id": 0,
    }


class DistilBertModel(Model):
    """DistilBERT's body."""

    PACKS = True
    config_class = DistilBertConfig
    PREFIX = "distilbert"
    IGNORED = (r"(^|\.)embeddings\.position_ids$",)
    NAMES = Names(
        {
            "tokens": "embeddings.word_embeddings",
            "positions": "embeddings.position_embeddings",
            "norm": "embeddings.LayerNorm",
            "layers.{}.attention.query": "transformer.layer.{}.attention.q_lin",
            "layers.{}.attention.key": "transformer.layer.{}.attention.k_lin",
            "layers.{}.attention.value": "transformer.layer.{}.attention.v_lin",
            "layers.{}.attention.output": "transformer.layer.{}.attention.out_lin",
            "layers.{}.attention_norm": "transformer.layer.{}.sa_layer_norm",
            "layers.{}.feed_forward.up": "transformer.layer.{}.ffn.lin1",
            "layers.{}.feed_forward.down": "transformer.layer.{}.ffn.lin2",
            "layers.{}.norm": "transformer.layer.{}.output_layer_norm",
        }
    )

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.tokens = Embedding(config.vocab_size, config.dim, "token id")
        self.positions = Embedding(config.max_position_embeddings, config.dim, "position")
        self.norm = LayerNorm(config.dim, _EPS)
        self.layers = nn.ModuleList(_layer(config) for _ in range(config.n_layers))

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        position_ids: torch.Tensor | None = None,
        inputs_embeds: torch.Tensor | None = None,
        **options: Any,
    ) -> Any:
        """Run the body; see `BertModel.forward`. Segments are taken and change nothing."""
        packing = packing_of(options)
        hidden = self.tokens(input_ids) if inputs_embeds is None else inputs_embeds
        if position_ids is None:
            longest = hidden.shape[1] if packing is None else packing.longest
            check_length(longest, self.config.max_position_embeddings)
            counted = torch.arange(longest, device=hidden.device)[None]
            position_ids = counted if packing is None else packing.positions(hidden.shape[1])
        hidden = self.norm(hidden + self.positions(position_ids))
        hidden = F.dropout(hidden, self.config.dropout, self.training)
        scope = both_ways(attention_mask, packing)
        trail = Trail(*wants(options, self.config))
        for layer in self.layers:
            trail.state(hidden)
            hidden, found = layer(hidden, scope, trail.weights)
            trail.found(found)
        trail.state(hidden)
        output = BaseModelOutput(
            last_hidden_state=hidden,
            hidden_states=trail.hidden_states,
            attentions=trail.attentions,
        )
        return output if options.get("return_dict") is not False else output.to_tuple()


def _layer(config: Any) -> EncoderLayer:
    return EncoderLayer(
        Attention(config.dim, config.n_heads, dropout=config.attention_dropout),
        FeedForward(config.dim, config.hidden_dim, activation(config.activation), config.dropout),
        config.dim,
        _EPS,
        0.0,
    )


class DistilBertForSequenceClassification(SequenceClassification):
    """DistilBERT that labels texts."""

    BASE = DistilBertModel
    config_class, PREFIX, IGNORED = DistilBertConfig, "distilbert", DistilBertModel.IGNORED
    NAMES = Names({"before": "pre_classifier", "classifier": "classifier"})

    def build(self, config: Any) -> None:
        """Make the classifier and the map before it."""
        self.before = Linear(config.dim, config.dim)
        self.classifier = Linear(config.dim, config.num_labels)

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Label the vector of the first token of every text."""
        first = first_tokens(outputs.last_hidden_state, inputs.get("cu_seq_lens_q"))
        hidden = F.relu(self.before(first))
        hidden = F.dropout(hidden, self.config.seq_classif_dropout, self.training)
        return self.classifier(hidden)


class DistilBertForTokenClassification(TokenClassification):
    """DistilBERT that labels tokens."""

    BASE = DistilBertModel
    config_class, PREFIX, IGNORED = DistilBertConfig, "distilbert", DistilBertModel.IGNORED

    def dropped(self) -> float:
        """Say how much is dropped before the classifier."""
        return float(self.config.dropout)


class DistilBertForQuestionAnswering(QuestionAnswering):
    """DistilBERT that marks answers."""

    BASE = DistilBertModel
    config_class, PREFIX, IGNORED = DistilBertConfig, "distilbert", DistilBertModel.IGNORED

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Score every token as the first and as the last of an answer."""
        hidden = F.dropout(outputs.last_hidden_state, self.config.qa_dropout, self.training)
        return self.spans(hidden)


class DistilBertForMaskedLM(MaskedLM):
    """DistilBERT that fills masks."""

    BASE = DistilBertModel
    config_class, PREFIX = DistilBertConfig, "distilbert"
    IGNORED = (*DistilBertModel.IGNORED, r"^vocab_projector\.weight$")
    NAMES = Names(
        {
            "transform": "vocab_transform",
            "norm": "vocab_layer_norm",
            "bias": "vocab_projector.bias",
            "decoder": "vocab_projector",
        }
    )

    def build(self, config: Any) -> None:
        """Make the transform; the vocabulary is that of the embeddings, unless it is not tied."""
        self.transform = Linear(config.dim, config.dim)
        self.norm = LayerNorm(config.dim, _EPS)
        self.bias = weight(config.vocab_size, fill="zeros")
        self.decoder = None
        if not config.tie_word_embeddings:
            self.decoder = Linear(config.dim, config.vocab_size, bias=False)
        self._act = activation(config.activation)

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Score the vocabulary for every token."""
        hidden = self.norm(self._act(self.transform(outputs.last_hidden_state)))
        table = self.base.tokens if self.decoder is None else self.decoder
        return F.linear(hidden, table.weight, self.bias)
