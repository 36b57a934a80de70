"""T5: encoder and decoder with relative positions, normalized before adding, without biases."""

from __future__ import annotations

from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import nn

from ..config import Config
from ..generation import Generates
from ..heads import QuestionAnswering, Seq2SeqLM, TokenClassification
from ..layers.attention import Attention
from ..layers.basic import Embedding, Linear, RMSNorm, activation
from ..layers.blocks import Trail
from ..layers.cache import Cache
from ..layers.relative import RelativeBias
from ..layers.scope import Scope, both_ways, one_way
from ..outputs import (
    BaseModelOutput,
    DecoderOutput,
    Seq2SeqQuestionAnsweringModelOutput,
)
from ..weights import Names
from .limits import wants
from .seq2seq import EndClassification, Seq2SeqBody


class T5Config(Config):
    """The configuration of T5."""

    model_type = "t5"
    ALIASES = {
        "hidden_size": "d_model",
        "num_attention_heads": "num_heads",
        "num_hidden_layers": "num_layers",
        "head_dim": "d_kv",
    }
    DEFAULTS = {
        "vocab_size": 32128,
        "d_model": 512,
        "d_kv": 64,
        "d_ff": 2048,
        "num_layers": 6,
        "num_decoder_layers": None,
        "num_heads": 8,
        "relative_attention_num_buckets": 32,
        "relative_attention_max_distance": 128,
        "dropout_rate": 0.1,
        "layer_norm_epsilon": 1e-6,
        "initializer_factor": 1.0,
        "feed_forward_proj": "relu",
        "is_encoder_decoder": True,
        "pad_token_id": 0,
        "eos_token_id": 1,
        "classifier_dropout": 0.0,
        "scale_decoder_outputs": None,
    }

    def settle(self) -> None:
        """Read how linear maps are gated, and whether the vocabulary is that of the embeddings."""
        this: Any = self
        if this.num_decoder_layers is None:
            this.num_decoder_layers = this.num_layers
        gated, _, name = this.feed_forward_proj.rpartition("-")
        this.is_gated_act = gated == "gated"
        this.dense_act_fn = "gelu_new" if this.feed_forward_proj == "gated-gelu" else name
        if this.scale_decoder_outputs is None:
            this.scale_decoder_outputs = this.tie_word_embeddings is not False


class T5Layer(nn.Module):
    """Attention, in a decoder attention to the encoder, and linear maps; each normalized before."""

    def __init__(self, config: Any, decoder: bool) -> None:
        super().__init__()
        size, eps = config.d_model, config.layer_norm_epsilon
        self.attention_norm = RMSNorm(size, eps)
        self.attention = _attention(config)
        self.across_norm = RMSNorm(size, eps) if decoder else None
        self.across = _attention(config) if decoder else None
        self.norm = RMSNorm(size, eps)
        self.gate = Linear(size, config.d_ff, False) if config.is_gated_act else None
        self.up = Linear(size, config.d_ff, False)
        self.down = Linear(config.d_ff, size, False)
        self._act, self._dropout = activation(config.dense_act_fn), config.dropout_rate

    def forward(
        self,
        hidden: torch.Tensor,
        scope: Scope,
        bias: torch.Tensor,
        context: torch.Tensor | None,
        context_scope: Scope,
        caches: tuple[Any, Any],
        weights: bool,
    ) -> tuple[torch.Tensor, torch.Tensor | None, torch.Tensor | None]:
        """Go through the layer. *Shape:* `(batch, tokens, size)` to the same, and the two weights."""
        taken, found = self.attention(
            self.attention_norm(hidden), scope, cache=caches[0], bias=bias, weights=weights
        )
        hidden, found_across = hidden + self._drop(taken), None
        if self.across is not None and self.across_norm is not None:
            taken, found_across = self.across(
                self.across_norm(hidden),
                context_scope,
                context=context,
                cache=caches[1],
                weights=weights,
            )
            hidden = hidden + self._drop(taken)
        return hidden + self._drop(self._mapped(self.norm(hidden))), found, found_across

    def _mapped(self, hidden: torch.Tensor) -> torch.Tensor:
        if self.gate is None:
            inner = self._act(self.up(hidden))
        else:
            inner = self._act(self.gate(hidden)) * self.up(hidden)
        return self.down(self._drop(inner))

    def _drop(self, hidden: torch.Tensor) -> torch.Tensor:
        return F.dropout(hidden, self._dropout) if self.training else hidden


def _attention(config: Any) -> Attention:
    return Attention(
        config.d_model,
        config.num_heads,
        head_size=config.d_kv,
        bias=False,
        scale=1.0,
        dropout=config.dropout_rate,
    )


class T5Stack(nn.Module):
    """The layers of an encoder or of a decoder."""

    def __init__(self, config: Any, decoder: bool) -> None:
        super().__init__()
        count = config.num_decoder_layers if decoder else config.num_layers
        self.bias = RelativeBias(
            config.num_heads,
            config.relative_attention_num_buckets,
            config.relative_attention_max_distance,
            both_ways=not decoder,
        )
        self.layers = nn.ModuleList(T5Layer(config, decoder) for _ in range(count))
        self.norm = RMSNorm(config.d_model, config.layer_norm_epsilon)
        self._dropout = config.dropout_rate

    def forward(
        self,
        hidden: torch.Tensor,
        scope: Scope,
        trail: Trail,
        context: torch.Tensor | None = None,
        context_scope: Scope | None = None,
        cache: Cache | None = None,
    ) -> torch.Tensor:
        """Go through all layers. *Shape:* `(batch, tokens, size)` to the same."""
        before, tokens = cache.length if cache is not None else 0, hidden.shape[1]
        bias = self.bias(tokens, before + tokens)
        hidden = self._drop(hidden)
        for number, layer in enumerate(self.layers):
            trail.state(hidden)
            caches = (None, None)
            if cache is not None:
                caches = (cache.layers[number], cache.across[number])  # type: ignore[assignment]
            hidden, found, across = layer(
                hidden, scope, bias, context, context_scope or Scope(), caches, trail.weights
            )
            trail.found(found, across)
        hidden = self._drop(self.norm(hidden))
        trail.state(hidden)
        return hidden

    def _drop(self, hidden: torch.Tensor) -> torch.Tensor:
        return F.dropout(hidden, self._dropout) if self.training else hidden


def _stack_names(stack: str) -> dict[str, str | tuple[str, ...]]:
    block, last = f"{stack}.block.{{}}.layer", 1 if stack == "encoder" else 2
    names: dict[str, str | tuple[str, ...]] = {
        f"{stack}.bias.table": f"{stack}.block.0.layer.0.SelfAttention.relative_attention_bias",
        f"{stack}.norm": f"{stack}.final_layer_norm",
        f"{stack}.layers.{{}}.attention_norm": f"{block}.0.layer_norm",
        f"{stack}.layers.{{}}.norm": f"{block}.{last}.layer_norm",
        f"{stack}.layers.{{}}.gate": f"{block}.{last}.DenseReluDense.wi_0",
        f"{stack}.layers.{{}}.down": f"{block}.{last}.DenseReluDense.wo",
        f"{stack}.layers.{{}}.across_norm": f"{block}.1.layer_norm",
    }
    for ours, theirs in (("query", "q"), ("key", "k"), ("value", "v"), ("output", "o")):
        names[f"{stack}.layers.{{}}.attention.{ours}"] = f"{block}.0.SelfAttention.{theirs}"
        names[f"{stack}.layers.{{}}.across.{ours}"] = f"{block}.1.EncDecAttention.{theirs}"
    if stack == "encoder":
        del names["encoder.layers.{}.across_norm"]
    return names


_ONE_MAP = {
    f"{stack}.layers.{{}}.up": f"{stack}.block.{{}}.layer.{last}.DenseReluDense.wi"
    for stack, last in (("encoder", 1), ("decoder", 2))
}
_GATED = {ours: f"{theirs}_1" for ours, theirs in _ONE_MAP.items()}
_EMBEDDINGS = ("shared", "encoder.embed_tokens", "decoder.embed_tokens")
_IGNORED: tuple[str, ...] = (
    r"(^|\.)(encoder|decoder)\.embed_tokens\.weight$",
    r"(^|\.)decoder\.block\.0\.layer\.1\.EncDecAttention\.relative_attention_bias\.weight$",
)


class T5Model(Seq2SeqBody):
    """T5's body.

    Args:
        config: What it is made like.
        decoder: Make the decoder.
    """

    config_class = T5Config
    PREFIX = "transformer"
    IGNORED: ClassVar[tuple[str, ...]] = _IGNORED
    SHIFTS = False
    NAMES = Names(
        {"shared": _EMBEDDINGS, **_stack_names("encoder"), **_stack_names("decoder"), **_ONE_MAP}
    )
    NAMES_GATED = Names(
        {"shared": _EMBEDDINGS, **_stack_names("encoder"), **_stack_names("decoder"), **_GATED}
    )

    def __init__(self, config: Any, decoder: bool = True, shifts: bool = False) -> None:
        super().__init__(config)
        if config.is_gated_act:
            self.NAMES = self.NAMES_GATED  # type: ignore[misc]
        self.SHIFTS = shifts
        self.shared = Embedding(config.vocab_size, config.d_model, "token id")
        self.encoder = T5Stack(config, decoder=False)
        self.decoder = T5Stack(config, decoder=True) if decoder else None

    def initialise(self, name: str, tensor: torch.Tensor) -> None:
        """Fill a weight at random."""
        with torch.no_grad():
            if tensor.dim() < 2:
                tensor.fill_(1.0)
            else:
                tensor.normal_(0.0, self.config.d_model**-0.5)

    def new_cache(self) -> Cache:
        """Make an empty cache for the decoder."""
        return Cache(self.config.num_decoder_layers)

    def encode(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        inputs_embeds: torch.Tensor | None = None,
        **options: Any,
    ) -> BaseModelOutput:
        """Run the encoder; see `Seq2SeqBody.encode`."""
        hidden = self.shared(input_ids) if inputs_embeds is None else inputs_embeds
        trail = Trail(*wants(options, self.config))
        hidden = self.encoder(hidden, both_ways(attention_mask), trail)
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
        assert self.decoder is not None
        hidden = self.shared(input_ids) if inputs_embeds is None else inputs_embeds
        before, tokens = cache.length if cache is not None else 0, hidden.shape[1]
        scope = one_way(attention_mask, tokens, before + tokens, hidden.device)
        trail = Trail(*wants(options, self.config))
        hidden = self.decoder(hidden, scope, trail, context, both_ways(context_mask), cache)
        return DecoderOutput(
            last_hidden_state=hidden,
            past_key_values=cache,
            hidden_states=trail.hidden_states,
            attentions=trail.attentions,
            cross_attentions=trail.cross_attentions,
        )


class T5EncoderModel(T5Model):
    """T5's encoder alone."""

    IGNORED: ClassVar[tuple[str, ...]] = (*_IGNORED, r"(^|\.)decoder\.")

    def __init__(self, config: Any) -> None:
        super().__init__(config, decoder=False)

    def forward(  # type: ignore[override]
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        inputs_embeds: torch.Tensor | None = None,
        **options: Any,
    ) -> Any:
        """Run the encoder; see `Seq2SeqBody.encode`."""
        output = self.encode(input_ids, attention_mask, inputs_embeds, **options)
        return output if options.get("return_dict") is not False else output.to_tuple()


class T5ForConditionalGeneration(Generates, Seq2SeqLM):
    """T5 that writes."""

    BASE = T5Model
    config_class, PREFIX = T5Config, ""
    IGNORED = (*_IGNORED, r"^lm_head\.weight$")
    NAMES = Names({"decoder": "lm_head"})

    def __init__(self, config: Any, untied: bool = False) -> None:
        super().__init__(config, untied=untied)

    def build(self, config: Any, untied: bool = False) -> None:
        """Make the map to the vocabulary, unless it is that of the embeddings."""
        self.decoder = Linear(config.d_model, config.vocab_size, bias=False) if untied else None

    @classmethod
    def _structure_options(cls, checkpoint: Any, config: Any) -> dict[str, Any]:
        """Files of T5 1.1 hold a map of their own, and their configurations do not say so any more."""
        return {
            "untied": "lm_head.weight" in checkpoint.shapes and not config.scale_decoder_outputs
        }

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Score the vocabulary for the token after each."""
        hidden = outputs.last_hidden_state
        if self.config.scale_decoder_outputs:
            hidden = hidden * self.config.d_model**-0.5
        table = self.base.shared if self.decoder is None else self.decoder
        return F.linear(hidden, table.weight)


class T5ForSequenceClassification(EndClassification):
    """T5 that labels texts."""

    BASE, BASE_OPTIONS = T5Model, {"shifts": True}
    config_class, PREFIX, IGNORED = T5Config, "transformer", _IGNORED


class T5ForTokenClassification(TokenClassification):
    """T5's encoder, labelling tokens."""

    BASE = T5EncoderModel
    config_class, PREFIX, IGNORED = T5Config, "transformer", T5EncoderModel.IGNORED

    def dropped(self) -> float:
        """Say how much is dropped before the classifier."""
        return float(self.config.classifier_dropout)


class T5ForQuestionAnswering(QuestionAnswering):
    """T5 that marks answers."""

    BASE, BASE_OPTIONS = T5Model, {"shifts": True}
    OUTPUT = Seq2SeqQuestionAnsweringModelOutput
    config_class, PREFIX, IGNORED = T5Config, "", _IGNORED
