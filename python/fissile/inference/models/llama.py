"""Llama and its kin: Mistral, Qwen2, Qwen3, SmolLM2, Gemma.

Decoders with rotary positions, shared keys and values, and gated linear maps. What sets them apart are
flags: biases (Qwen2), normalized queries and keys (Qwen3), a window (Mistral), scaled embeddings (Gemma).
"""

from __future__ import annotations

from typing import Any, ClassVar

import torch
from torch import nn

from ..config import Config
from ..generation import Generates
from ..heads import (
    CausalLM,
    Head,
    LastTokenClassification,
    QuestionAnswering,
    TokenClassification,
)
from ..layers.attention import Attention
from ..layers.basic import Embedding, Linear, RMSNorm, activation
from ..layers.blocks import Trail
from ..layers.cache import Cache
from ..layers.rotary import Rotary
from ..layers.scope import Scope, one_way, packing_of
from ..model import Model
from ..outputs import BaseModelOutputWithPast
from ..weights import Names
from .limits import check_length, wants


class LlamaConfig(Config):
    """The configuration of Llama."""

    model_type = "llama"
    ROPE_THETA: ClassVar[float] = 10000.0
    DEFAULTS = {
        "vocab_size": 32000,
        "hidden_size": 4096,
        "intermediate_size": 11008,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": None,
        "hidden_act": "silu",
        "max_position_embeddings": 2048,
        "initializer_range": 0.02,
        "rms_norm_eps": 1e-6,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "tie_word_embeddings": False,
        "rope_parameters": None,
        "attention_bias": False,
        "attention_dropout": 0.0,
        "mlp_bias": False,
        "head_dim": None,
        "sliding_window": None,
    }
    # What sets kin apart; no field of theirs says it.
    QKV_BIAS: ClassVar[bool] = False
    HEAD_NORMS: ClassVar[bool] = False
    SCALED_EMBEDDINGS: ClassVar[bool] = False
    NORM_OFFSET: ClassVar[float] = 0.0

    def settle(self) -> None:
        """Count heads, and read the rotary options of older files."""
        this: Any = self
        if this.num_key_value_heads is None:
            this.num_key_value_heads = this.num_attention_heads
        if this.head_dim is None:
            this.head_dim = this.hidden_size // this.num_attention_heads
        options = dict(vars(self).pop("rope_scaling", None) or {})
        options.update(this.rope_parameters or {})
        theta = vars(self).pop("rope_theta", None)
        options.setdefault("rope_theta", self.ROPE_THETA if theta is None else theta)
        options.setdefault("rope_type", options.pop("type", "default"))
        this.rope_parameters = options

    def window(self, layer: int) -> int | None:
        """Say how many tokens back a layer looks; `None` for all."""
        kinds = getattr(self, "layer_types", None)
        window: int | None = vars(self)["sliding_window"]
        return window if not kinds or kinds[layer] == "sliding_attention" else None


class MistralConfig(LlamaConfig):
    """The configuration of Mistral."""

    model_type = "mistral"
    DEFAULTS = {
        **LlamaConfig.DEFAULTS,
        "intermediate_size": 14336,
        "num_key_value_heads": 8,
        "max_position_embeddings": 4096 * 32,
        "sliding_window": 4096,
    }


class Qwen2Config(LlamaConfig):
    """The configuration of Qwen2."""

    model_type = "qwen2"
    QKV_BIAS = True
    DEFAULTS = {
        **LlamaConfig.DEFAULTS,
        "vocab_size": 151936,
        "intermediate_size": 22016,
        "num_key_value_heads": 32,
        "max_position_embeddings": 32768,
        "use_sliding_window": False,
        "sliding_window": 4096,
        "max_window_layers": 28,
        "layer_types": None,
        "bos_token_id": None,
        "eos_token_id": None,
    }

    def settle(self) -> None:
        """Say which layers look back only so far."""
        super().settle()
        this: Any = self
        if not this.use_sliding_window:
            this.sliding_window = None
        if this.layer_types is None:
            this.layer_types = [
                "sliding_attention"
                if this.sliding_window is not None and number >= this.max_window_layers
                else "full_attention"
                for number in range(this.num_hidden_layers)
            ]


class Qwen3Config(Qwen2Config):
    """The configuration of Qwen3."""

    model_type = "qwen3"
    QKV_BIAS = False
    HEAD_NORMS = True
    DEFAULTS = {**Qwen2Config.DEFAULTS, "head_dim": 128}


class GemmaConfig(LlamaConfig):
    """The configuration of Gemma."""

    model_type = "gemma"
    SCALED_EMBEDDINGS = True
    NORM_OFFSET = 1.0
    DEFAULTS = {
        **LlamaConfig.DEFAULTS,
        "vocab_size": 256000,
        "hidden_size": 3072,
        "intermediate_size": 24576,
        "num_hidden_layers": 28,
        "num_attention_heads": 16,
        "num_key_value_heads": 16,
        "head_dim": 256,
        "hidden_act": "gelu_pytorch_tanh",
        "max_position_embeddings": 8192,
        "pad_token_id": 0,
        "eos_token_id": 1,
        "bos_token_id": 2,
        "tie_word_embeddings": True,
    }

    def settle(self) -> None:
        """Take the activation that the weights were made with: older files name another."""
        super().settle()
        this: Any = self
        if this.hidden_act == "gelu":
            this.hidden_act = "gelu_pytorch_tanh"


class LlamaLayer(nn.Module):
    """Attention and gated linear maps, each normalized before and added."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        size, inner, eps = config.hidden_size, config.intermediate_size, config.rms_norm_eps
        self.attention_norm = RMSNorm(size, eps, config.NORM_OFFSET)
        self.attention = Attention(
            size,
            config.num_attention_heads,
            groups=config.num_key_value_heads,
            head_size=config.head_dim,
            bias=config.QKV_BIAS or config.attention_bias,
            output_bias=config.attention_bias,
            dropout=config.attention_dropout,
        )
        if config.HEAD_NORMS:
            self.attention.query_norm = RMSNorm(config.head_dim, eps)
            self.attention.key_norm = RMSNorm(config.head_dim, eps)
        self.norm = RMSNorm(size, eps, config.NORM_OFFSET)
        self.gate = Linear(size, inner, config.mlp_bias)
        self.up = Linear(size, inner, config.mlp_bias)
        self.down = Linear(inner, size, config.mlp_bias)
        self._act = activation(config.hidden_act)

    def forward(
        self,
        hidden: torch.Tensor,
        scope: Scope,
        angles: tuple[torch.Tensor, torch.Tensor],
        cache: Any,
        weights: bool,
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Go through the layer. *Shape:* `(batch, tokens, size)` to the same, and the weights."""
        taken, found = self.attention(
            self.attention_norm(hidden), scope, cache=cache, angles=angles, weights=weights
        )
        hidden = hidden + taken
        inner = self.norm(hidden)
        return hidden + self.down(self._act(self.gate(inner)) * self.up(inner)), found


class LlamaModel(Model):
    """The body."""

    PACKS = True
    config_class = LlamaConfig
    PREFIX = "model"
    IGNORED = (r"rotary_emb\.inv_freq$",)
    NAMES = Names(
        {
            "tokens": "embed_tokens",
            "layers.{}.attention_norm": "layers.{}.input_layernorm",
            "layers.{}.attention.query": "layers.{}.self_attn.q_proj",
            "layers.{}.attention.key": "layers.{}.self_attn.k_proj",
            "layers.{}.attention.value": "layers.{}.self_attn.v_proj",
            "layers.{}.attention.output": "layers.{}.self_attn.o_proj",
            "layers.{}.attention.query_norm": "layers.{}.self_attn.q_norm",
            "layers.{}.attention.key_norm": "layers.{}.self_attn.k_norm",
            "layers.{}.norm": "layers.{}.post_attention_layernorm",
            "layers.{}.gate": "layers.{}.mlp.gate_proj",
            "layers.{}.up": "layers.{}.mlp.up_proj",
            "layers.{}.down": "layers.{}.mlp.down_proj",
            "norm": "norm",
        }
    )

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.tokens = Embedding(config.vocab_size, config.hidden_size, "token id")
        self.layers = nn.ModuleList(LlamaLayer(config) for _ in range(config.num_hidden_layers))
        self.norm = RMSNorm(config.hidden_size, config.rms_norm_eps, config.NORM_OFFSET)
        self._rotary = Rotary(
            config.head_dim, config.rope_parameters, config.max_position_embeddings
        )

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        position_ids: torch.Tensor | None = None,
        past_key_values: Cache | None = None,
        use_cache: bool | None = None,
        inputs_embeds: torch.Tensor | None = None,
        **options: Any,
    ) -> Any:
        """Run the body; see `GPT2Model.forward`."""
        packing = packing_of(options)
        hidden = self.tokens(input_ids) if inputs_embeds is None else inputs_embeds
        if self.config.SCALED_EMBEDDINGS:
            hidden = hidden * torch.tensor(self.config.hidden_size**0.5, dtype=hidden.dtype)
        cache = past_key_values or (Cache(len(self.layers)) if use_cache else None)
        before, tokens = cache.length if cache is not None else 0, hidden.shape[1]
        longest = before + tokens if packing is None else packing.longest
        check_length(longest, self.config.max_position_embeddings)
        if position_ids is None:
            counted = torch.arange(before, before + tokens, device=hidden.device)[None]
            position_ids = counted if packing is None else packing.positions(hidden.shape[1])
        angles = self._rotary(position_ids, hidden.dtype)
        scopes: dict[int | None, Scope] = {}
        trail = Trail(*wants(options, self.config))
        for number, layer in enumerate(self.layers):
            window = self.config.window(number)
            if window not in scopes:
                scopes[window] = one_way(
                    attention_mask,
                    tokens,
                    before + tokens,
                    hidden.device,
                    packing=packing,
                    window=window,
                )
            trail.state(hidden)
            kept = None if cache is None else cache.layers[number]
            hidden, found = layer(hidden, scopes[window], angles, kept, trail.weights)
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


class _Llama(Head):
    """What all classes with this body have."""

    BASE = LlamaModel
    config_class = LlamaConfig
    PREFIX = "model"
    IGNORED: ClassVar[tuple[str, ...]] = LlamaModel.IGNORED


class LlamaForCausalLM(_Llama, Generates, CausalLM):
    """A decoder that goes on writing."""

    IGNORED = (*LlamaModel.IGNORED, r"^lm_head\.weight$")


class LlamaForSequenceClassification(_Llama, LastTokenClassification):
    """A decoder that labels texts by their last token."""


class LlamaForTokenClassification(_Llama, TokenClassification):
    """A decoder that labels tokens."""

    NAMES = Names({"score": "score"})

    def build(self, config: Any) -> None:
        """Make the classifier."""
        self.score = Linear(config.hidden_size, config.num_labels)

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Label every token."""
        return self.score(outputs.last_hidden_state)


class LlamaForQuestionAnswering(_Llama, QuestionAnswering):
    """A decoder that marks answers."""

    PREFIX = "transformer"


def _kin(name: str, config: type[LlamaConfig], **differences: Any) -> None:
    """Make the classes of an architecture whose configuration says all that is different."""
    own = {"config_class": config, "__module__": __name__}
    body = type(f"{name}Model", (LlamaModel,), own)
    globals()[body.__name__] = body
    for head in (
        LlamaForCausalLM,
        LlamaForSequenceClassification,
        LlamaForTokenClassification,
        LlamaForQuestionAnswering,
    ):
        made = head.__name__.replace("Llama", name)
        fields = {
            **own,
            "BASE": body,
            "__doc__": head.__doc__,
            **differences.get(head.__name__, {}),
        }
        globals()[made] = type(made, (head,), fields)


# Its marker of answers has the prefix of the others, unlike its kin.
_kin("Mistral", MistralConfig, LlamaForQuestionAnswering={"PREFIX": "model"})
_kin("Qwen2", Qwen2Config)
_kin("Qwen3", Qwen3Config)
_kin("Gemma", GemmaConfig)
