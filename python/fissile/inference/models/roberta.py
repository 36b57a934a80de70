"""RoBERTa and its kin (XLM-RoBERTa, CamemBERT): BERT whose positions begin behind the padding id."""

from __future__ import annotations

from typing import Any, ClassVar

import torch
import torch.nn.functional as F

from ..heads import (
    Head,
    MaskedLM,
    QuestionAnswering,
    SequenceClassification,
    TokenClassification,
    first_tokens,
)
from ..layers.basic import LayerNorm, Linear, weight
from ..layers.scope import Packing
from ..weights import Names
from .bert import BertConfig, BertModel, head_dropout
from .limits import check_length


class RobertaConfig(BertConfig):
    """The configuration of RoBERTa."""

    model_type = "roberta"
    DEFAULTS = {
        **BertConfig.DEFAULTS,
        "vocab_size": 50265,
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
    }


class XLMRobertaConfig(RobertaConfig):
    """The configuration of XLM-RoBERTa."""

    model_type = "xlm-roberta"
    DEFAULTS = {**RobertaConfig.DEFAULTS, "vocab_size": 30522}


class CamembertConfig(RobertaConfig):
    """The configuration of CamemBERT."""

    model_type = "camembert"
    DEFAULTS = {**RobertaConfig.DEFAULTS, "vocab_size": 30522}


class RobertaModel(BertModel):
    """RoBERTa's body: BERT's, but for positions."""

    config_class = RobertaConfig
    PREFIX = "roberta"

    def positions(
        self, ids: torch.Tensor | None, given: torch.Tensor | None, packing: Packing | None
    ) -> torch.Tensor:
        """Number tokens from behind the padding id on; padding keeps that number."""
        first = self.config.pad_token_id + 1
        source = ids if given is None else given
        assert source is not None, "input_ids or inputs_embeds"
        longest = source.shape[1] if packing is None else packing.longest
        if ids is None or packing is not None:
            check_length(longest, self.config.max_position_embeddings - first)
            counted = torch.arange(longest, device=source.device)[None]
            return first + (counted if packing is None else packing.positions(source.shape[1]))
        real = (ids != self.config.pad_token_id).int()
        if longest + first > self.config.max_position_embeddings:
            check_length(int(real.sum(1).max()), self.config.max_position_embeddings - first)
        return (real.cumsum(1) * real).long() + first - 1


class _Roberta(Head):
    """What all classes with RoBERTa's body have."""

    BASE = RobertaModel
    config_class = RobertaConfig
    PREFIX = "roberta"
    IGNORED: ClassVar[tuple[str, ...]] = BertModel.IGNORED
    OLD_NORMS = True


class RobertaForSequenceClassification(_Roberta, SequenceClassification):
    """RoBERTa that labels texts."""

    BASE_OPTIONS = {"pooler": False}
    NAMES = Names({"before": "classifier.dense", "classifier": "classifier.out_proj"})

    def build(self, config: Any) -> None:
        """Make the classifier and the map before it."""
        self.before = Linear(config.hidden_size, config.hidden_size)
        self.classifier = Linear(config.hidden_size, config.num_labels)

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Label the vector of the first token of every text."""
        rate = head_dropout(self.config)
        first = first_tokens(outputs.last_hidden_state, inputs.get("cu_seq_lens_q"))
        hidden = torch.tanh(self.before(F.dropout(first, rate, self.training)))
        return self.classifier(F.dropout(hidden, rate, self.training))


class RobertaForTokenClassification(_Roberta, TokenClassification):
    """RoBERTa that labels tokens."""

    BASE_OPTIONS = {"pooler": False}

    def dropped(self) -> float:
        """Say how much is dropped before the classifier."""
        return head_dropout(self.config)


class RobertaForQuestionAnswering(_Roberta, QuestionAnswering):
    """RoBERTa that marks answers."""

    BASE_OPTIONS = {"pooler": False}


class RobertaForMaskedLM(_Roberta, MaskedLM):
    """RoBERTa that fills masks."""

    BASE_OPTIONS = {"pooler": False}
    IGNORED = (*BertModel.IGNORED, r"^lm_head\.decoder\.(bias|weight)$")
    NAMES = Names(
        {
            "transform": "lm_head.dense",
            "norm": "lm_head.layer_norm",
            "bias": "lm_head.bias",
            "decoder": "lm_head.decoder",
            "decoder.bias": ("lm_head.decoder.bias", "lm_head.bias"),
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

    def logits(self, outputs: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Score the vocabulary for every token."""
        hidden = self.norm(F.gelu(self.transform(outputs.last_hidden_state)))
        if self.decoder is not None:
            return self.decoder(hidden)
        return F.linear(hidden, self.base.embeddings.tokens.weight, self.bias)


def _kin(name: str, config: type[RobertaConfig]) -> None:
    """Make the classes of an architecture that differs in nothing but its name."""
    body = type(f"{name}Model", (RobertaModel,), {"config_class": config, "__module__": __name__})
    globals()[body.__name__] = body
    for head in (
        RobertaForSequenceClassification,
        RobertaForTokenClassification,
        RobertaForQuestionAnswering,
        RobertaForMaskedLM,
    ):
        own = head.__name__.replace("Roberta", name)
        fields = {"config_class": config, "BASE": body, "__module__": __name__}
        globals()[own] = type(own, (head,), {**fields, "__doc__": head.__doc__})


_kin("XLMRoberta", XLMRobertaConfig)
_kin("Camembert", CamembertConfig)
