"""BERT: an encoder with learned positions and two kinds of segments."""

from __future__ import annotations

from typing import Any, ClassVar

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
from ..layers.scope import Packing, both_ways, packing_of
from ..model import Model
from ..outputs import BaseModelOutputWithPooling
from ..weights import Names
from .limits import check_length, wants


class BertConfig(Config):
    """The configuration of BERT."""

    model_type = "bert"
    DEFAULTS = {
        "vocab_size": 30522,
        "hidden_size": 768,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "intermediate_size": 3072,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "max_position_embeddings": 512,
        "type_vocab_size": 2,
        "initializer_range": 0.02,
        "layer_norm_eps": 1e-12,
        "pad_token_id": 0,
        "classifier_dropout": None,
    }


class BertEmbeddings(nn.Module):
    """Vectors of tokens, positions and segments, added and normalized."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.tokens = Embedding(config.vocab_size, config.hidden_size, "token id")
        self.positions = Embedding(config.max_position_embeddings, config.hidden_size, "position")
        self.types = Embedding(config.type_vocab_size, config.hidden_size, "token type")
        self.norm = LayerNorm(config.hidden_size, config.layer_norm_eps)
        self._dropout = config.hidden_dropout_prob

    def forward(
        self,
        ids: torch.Tensor | None,
        types: torch.Tensor | None,
        positions: torch.Tensor,
        given: Any,
    ) -> torch.Tensor:
        """Look vectors up. *Shape:* `(batch, tokens)` to `(batch, tokens, size)`."""
        hidden = self.tokens(ids) if given is None else given
        kinds = self.types.weight[0] if types is None else self.types(types)
        hidden = self.norm(hidden + kinds + self.positions(positions))
        return F.dropout(hidden, self._dropout) if self.training else hidden


class BertModel(Model):
    """BERT's body: hidden states, and with `pooler` one vector a text.

    Args:
        config: What it is made like.
        pooler: Make the vector of the text.
    """

    PACKS = True
    READS_TYPES = True
    config_class = BertConfig
    PREFIX = "bert"
    OPTIONAL = ("pooler",)
    OLD_NORMS = True
    IGNORED: ClassVar[tuple[str, ...]] = (
        r"(^|\.)embeddings\.position_ids$",
        r"(^|\.)embeddings\.token_type_ids$",
    )
    NAMES = Names(
        {
            "embeddings.tokens": "embeddings.word_embeddings",
            "embeddings.positions": "embeddings.position_embeddings",
            "embeddings.types": "embeddings.token_type_embeddings",
            "embeddings.norm": "embeddings.LayerNorm",
            "layers.{}.attention.query": "encoder.layer.{}.attention.self.query",
            "layers.{}.attention.key": "encoder.layer.{}.attention.self.key",
            "layers.{}.attention.value": "encoder.layer.{}.attention.self.value",
            "layers.{}.attention.output": "encoder.layer.{}.attention.output.dense",
            "layers.{}.attention_norm": "encoder.layer.{}.attention.output.LayerNorm",
            "layers.{}.feed_forward.up": "encoder.layer.{}.intermediate.dense",
            "layers.{}.feed_forward.down": "encoder.layer.{}.output.dense",
            "layers.{}.norm": "encoder.layer.{}.output.LayerNorm",
            "pooler": "pooler.dense",
        }
    )

    def __init__(self, config: Any, pooler: bool = True) -> None:
        super().__init__(config)
        self.embeddings = BertEmbeddings(config)
        self.layers = nn.ModuleList(_layer(config) for _ in range(config.num_hidden_layers))
        self.pooler = Linear(config.hidden_size, config.hidden_size) if pooler else None

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        token_type_ids: torch.Tensor | None = None,
        position_ids: torch.Tensor | None = None,
        inputs_embeds: torch.Tensor | None = None,
        **options: Any,
    ) -> Any:
        """Run the body.

        Args:
            input_ids: The ids of tokens. *Shape:* `(batch, tokens)`.
            attention_mask: 1 for tokens, 0 for padding; all ones by default.
            token_type_ids: The segments of tokens, zeros by default.
            position_ids: The positions of tokens, counted by default.
            inputs_embeds: Vectors in place of ids. *Shape:* `(batch, tokens, size)`.
            **options: `output_hidden_states`, `output_attentions`, `return_dict`; `cu_seq_lens_q` where
                texts are packed into one row.

        Returns:
            `last_hidden_state`, `pooler_output`, and what else is asked for.
        """
        packing = packing_of(options)
        if position_ids is None:
            position_ids = self.positions(input_ids, inputs_embeds, packing)
        scope = both_ways(attention_mask, packing)
        hidden = self.embeddings(input_ids, token_type_ids, position_ids, inputs_embeds)
        trail = Trail(*wants(options, self.config))
        for layer in self.layers:
            trail.state(hidden)
            hidden, found = layer(hidden, scope, trail.weights)
            trail.found(found)
        trail.state(hidden)
        pooled = None
        if self.pooler is not None:
            borders = None if packing is None else packing.borders
            pooled = torch.tanh(self.pooler(first_tokens(hidden, borders)))
        output = BaseModelOutputWithPooling(
            last_hidden_state=hidden,
            pooler_output=pooled,
            hidden_states=trail.hidden_states,
            attentions=trail.attentions,
        )
        return output if options.get("return_dict") is not False else output.to_tuple()

    def positions(
        self, ids: torch.Tensor | None, given: torch.Tensor | None, packing: Packing | None
    ) -> torch.Tensor:
        """Number tokens by their place."""
        source = ids if given is None else given
        assert source is not None, "input_ids or inputs_embeds"
        longest = source.shape[1] if packing is None else packing.longest
        check_length(longest, self.config.max_position_embeddings)
        if packing is not None:
            return packing.positions(source.shape[1])
        return torch.arange(longest, device=source.device)[None]


def _layer(config: Any) -> EncoderLayer:
    size = config.hidden_size
    return EncoderLayer(
        Attention(size, config.num_attention_heads, dropout=config.attention_probs_dropout_prob),
        FeedForward(size, config.intermediate_size, activation(config.hidden_act)),
        size,
        config.layer_norm_eps,
        config.hidden_dropout_prob,
    )


def head_dropout(config: Any) -> float:
    """Say how much is dropped before a head."""
    own = getattr(config, "classifier_dropout", None)
    return float(config.hidden_dropout_prob if own is None else own)


class BertForSequenceClassification(SequenceClassification):
    """BERT that labels texts."""

    BASE = BertModel
    config_class, PREFIX, IGNORED, OLD_NORMS = BertConfig, "bert", BertModel.IGNORED, True
    NAMES = Names({"classifier": "classifier"})

    def build(self, config: Any) -> None:
        """Make the classifier."""
        self.classifier = Linear(config.hidden_size, config.num_labels)

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Label the vector of every text."""
        pooled = F.dropout(outputs.pooler_output, head_dropout(self.config), self.training)
        return self.classifier(pooled)

    def is_quiet(self, ours: str) -> bool:
        """Tell of a missing pooler: the labels are made of it."""
        return False


class BertForTokenClassification(TokenClassification):
    """BERT that labels tokens."""

    BASE, BASE_OPTIONS = BertModel, {"pooler": False}
    config_class, PREFIX, IGNORED, OLD_NORMS = BertConfig, "bert", BertModel.IGNORED, True

    def dropped(self) -> float:
        """Say how much is dropped before the classifier."""
        return head_dropout(self.config)


class BertForQuestionAnswering(QuestionAnswering):
    """BERT that marks answers."""

    BASE, BASE_OPTIONS = BertModel, {"pooler": False}
    config_class, PREFIX, IGNORED, OLD_NORMS = BertConfig, "bert", BertModel.IGNORED, True


class BertForMaskedLM(MaskedLM):
    """BERT that fills masks."""

    BASE, BASE_OPTIONS = BertModel, {"pooler": False}
    config_class, PREFIX, OLD_NORMS = BertConfig, "bert", True
    IGNORED = (*BertModel.IGNORED, r"^cls\.predictions\.decoder\.(bias|weight)$")
    NAMES = Names(
        {
            "transform": "cls.predictions.transform.dense",
            "norm": "cls.predictions.transform.LayerNorm",
            "bias": "cls.predictions.bias",
            "decoder": "cls.predictions.decoder",
            "decoder.bias": ("cls.predictions.decoder.bias", "cls.predictions.bias"),
        }
    )

    def build(self, config: Any) -> None:
        """Make the transform; the vocabulary is that of the embeddings, unless it is not tied."""
        self.transform = Linear(config.hidden_size, config.hidden_size)
        self.norm = LayerNorm(config.hidden_size, config.layer_norm_eps)
        self.bias = weight(config.vocab_size, fill="zeros")
        self.decoder = None
        if not config.tie_word_embeddings:
            self.decoder = Linear(config.hidden_size, config.vocab_size)
        self._act = activation(config.hidden_act)

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Score the vocabulary for every token."""
        hidden = self.norm(self._act(self.transform(outputs.last_hidden_state)))
        if self.decoder is not None:
            return self.decoder(hidden)
        return F.linear(hidden, self.base.embeddings.tokens.weight, self.bias)
