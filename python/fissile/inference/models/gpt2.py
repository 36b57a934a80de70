"""GPT-2: a decoder with learned positions, normalized before adding."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from ..config import Config
from ..generation import Generates
from ..heads import (
    CausalLM,
    LastTokenClassification,
    QuestionAnswering,
    TokenClassification,
)
from ..layers.attention import attend
from ..layers.basic import Embedding, LayerNorm, TransposedLinear, activation
from ..layers.blocks import Trail
from ..layers.cache import Cache
from ..layers.scope import Scope, one_way, packing_of
from ..model import Model
from ..outputs import BaseModelOutputWithPast
from ..weights import Names
from .limits import check_length, wants


class GPT2Config(Config):
    """The configuration of GPT-2."""

    model_type = "gpt2"
    ALIASES = {
        "hidden_size": "n_embd",
        "max_position_embeddings": "n_positions",
        "num_attention_heads": "n_head",
        "num_hidden_layers": "n_layer",
    }
    DEFAULTS = {
        "vocab_size": 50257,
        "n_positions": 1024,
        "n_embd": 768,
        "n_layer": 12,
        "n_head": 12,
        "n_inner": None,
        "activation_function": "gelu_new",
        "resid_pdrop": 0.1,
        "embd_pdrop": 0.1,
        "attn_pdrop": 0.1,
        "layer_norm_epsilon": 1e-5,
        "initializer_range": 0.02,
        "scale_attn_weights": True,
        "scale_attn_by_inverse_layer_idx": False,
        "bos_token_id": 50256,
        "eos_token_id": 50256,
    }


class GPT2Layer(nn.Module):
    """Attention and two linear maps, each normalized before and added."""

    def __init__(self, config: Any, number: int) -> None:
        super().__init__()
        size, inner = config.n_embd, config.n_inner or 4 * config.n_embd
        self.attention_norm = LayerNorm(size, config.layer_norm_epsilon)
        self.joint = TransposedLinear(size, 3 * size)
        self.output = TransposedLinear(size, size)
        self.norm = LayerNorm(size, config.layer_norm_epsilon)
        self.up = TransposedLinear(size, inner)
        self.down = TransposedLinear(inner, size)
        self._heads, self._dropout = config.n_head, config.resid_pdrop
        self._attention_dropout = config.attn_pdrop
        self._act = activation(config.activation_function)
        self._scale = (size // config.n_head) ** -0.5 if config.scale_attn_weights else 1.0
        if config.scale_attn_by_inverse_layer_idx:
            self._scale /= number + 1

    def forward(
        self, hidden: torch.Tensor, scope: Scope, cache: Any, weights: bool
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Go through the layer. *Shape:* `(batch, tokens, size)` to the same, and the weights."""
        joint = self.joint(self.attention_norm(hidden)).unflatten(-1, (3, self._heads, -1))
        query, key, value = joint.permute(2, 0, 3, 1, 4)
        if cache is not None:
            key, value = cache.append(key, value)
        dropout = self._attention_dropout if self.training else 0.0
        taken, found = attend(
            query, key, value, scope, scale=self._scale, dropout=dropout, weights=weights
        )
        hidden = hidden + self._drop(self.output(taken.transpose(1, 2).flatten(2)))
        inner = self.down(self._act(self.up(self.norm(hidden))))
        return hidden + self._drop(inner), found

    def _drop(self, hidden: torch.Tensor) -> torch.Tensor:
        return F.dropout(hidden, self._dropout) if self.training else hidden


class GPT2Model(Model):
    """GPT-2's body."""

    PACKS = True
    config_class = GPT2Config
    PREFIX = "transformer"
    IGNORED = (r"(^|\.)h\.\d+\.attn\.(bias|masked_bias)$",)
    NAMES = Names(
        {
            "tokens": "wte",
            "positions": "wpe",
            "layers.{}.attention_norm": "h.{}.ln_1",
            "layers.{}.joint": "h.{}.attn.c_attn",
            "layers.{}.output": "h.{}.attn.c_proj",
            "layers.{}.norm": "h.{}.ln_2",
            "layers.{}.up": "h.{}.mlp.c_fc",
            "layers.{}.down": "h.{}.mlp.c_proj",
            "norm": "ln_f",
        }
    )

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.tokens = Embedding(config.vocab_size, config.n_embd, "token id")
        self.positions = Embedding(config.n_positions, config.n_embd, "position")
        self.layers = nn.ModuleList(GPT2Layer(config, number) for number in range(config.n_layer))
        self.norm = LayerNorm(config.n_embd, config.layer_norm_epsilon)

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        position_ids: torch.Tensor | None = None,
        token_type_ids: torch.Tensor | None = None,
        past_key_values: Cache | None = None,
        use_cache: bool | None = None,
        inputs_embeds: torch.Tensor | None = None,
        **options: Any,
    ) -> Any:
        """Run the body.

        Args:
            input_ids: The ids of tokens that the cache does not hold. *Shape:* `(batch, tokens)`.
            attention_mask: 1 for tokens, 0 for padding, those of the cache included.
            position_ids: The positions of the tokens, counted by default.
            token_type_ids: Ids whose vectors are added.
            past_key_values: The cache of an earlier pass.
            use_cache: Give a cache back.
            inputs_embeds: Vectors in place of ids.
            **options: `output_hidden_states`, `output_attentions`, `return_dict`; `cu_seq_lens_q` where
                texts are packed into one row.

        Returns:
            `last_hidden_state`, `past_key_values`, and what else is asked for.
        """
        packing = packing_of(options)
        hidden = self.tokens(input_ids) if inputs_embeds is None else inputs_embeds
        cache = past_key_values or (Cache(len(self.layers)) if use_cache else None)
        before, tokens = cache.length if cache is not None else 0, hidden.shape[1]
        if position_ids is None:
            longest = before + tokens if packing is None else packing.longest
            check_length(longest, self.config.n_positions)
            counted = torch.arange(before, before + tokens, device=hidden.device)[None]
            position_ids = counted if packing is None else packing.positions(hidden.shape[1])
        hidden = hidden + self.positions(position_ids)
        if token_type_ids is not None:
            hidden = hidden + self.tokens(token_type_ids)
        hidden = F.dropout(hidden, self.config.embd_pdrop, self.training)
        scope = one_way(attention_mask, tokens, before + tokens, hidden.device, packing=packing)
        trail = Trail(*wants(options, self.config))
        for number, layer in enumerate(self.layers):
            trail.state(hidden)
            kept = None if cache is None else cache.layers[number]
            hidden, found = layer(hidden, scope, kept, trail.weights)
            trail.found(found)
        hidden = self.norm(hidden)
        trail.state(hidden)
        output = BaseModelOutputWithPast(
            last_hidden_state=hidden,
            past_key_values=cache,
            hidden_states=trail.hidden_states,
            attentions=trail.attentions,
        )
        return output if options.get("return_dict") is not False else output.to_tuple()


class GPT2LMHeadModel(Generates, CausalLM):
    """GPT-2 that goes on writing."""

    BASE = GPT2Model
    config_class, PREFIX = GPT2Config, "transformer"
    IGNORED = (*GPT2Model.IGNORED, r"^lm_head\.weight$")


class GPT2ForSequenceClassification(LastTokenClassification):
    """GPT-2 that labels texts by their last token."""

    BASE = GPT2Model
    config_class, PREFIX, IGNORED = GPT2Config, "transformer", GPT2Model.IGNORED


class GPT2ForTokenClassification(TokenClassification):
    """GPT-2 that labels tokens."""

    BASE = GPT2Model
    config_class, PREFIX, IGNORED = GPT2Config, "transformer", GPT2Model.IGNORED

    def dropped(self) -> float:
        """Say how much is dropped before the classifier."""
        rate = getattr(self.config, "classifier_dropout", None)
        return 0.1 if rate is None else float(rate)


class GPT2ForQuestionAnswering(QuestionAnswering):
    """GPT-2 that marks answers."""

    BASE = GPT2Model
    config_class, PREFIX, IGNORED = GPT2Config, "transformer", GPT2Model.IGNORED
