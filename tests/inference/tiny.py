"""The smallest models that have everything: what transformers is asked to make, and what they are fed."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import torch

TOKENS = 11
PADDED = 3

_ENCODER: dict[str, Any] = {
    "vocab_size": 99,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 37,
    "max_position_embeddings": 66,
    "num_labels": 3,
}
_DECODER: dict[str, Any] = {
    **_ENCODER,
    "num_key_value_heads": 2,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
_BOTH: dict[str, Any] = {
    "vocab_size": 99,
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 37,
    "decoder_ffn_dim": 37,
    "max_position_embeddings": 66,
    "num_labels": 3,
}
_T5: dict[str, Any] = {
    "vocab_size": 99,
    "d_model": 32,
    "d_kv": 8,
    "d_ff": 37,
    "num_layers": 2,
    "num_heads": 4,
    "decoder_start_token_id": 0,
    "relative_attention_num_buckets": 8,
    "relative_attention_max_distance": 10,
    "num_labels": 3,
}
_STRETCHED = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 16,
    "rope_theta": 500.0,
}
_YARN = {
    "rope_type": "yarn",
    "factor": 4.0,
    "original_max_position_embeddings": 16,
    "rope_theta": 500.0,
}

CONFIGS: dict[str, tuple[str, dict[str, Any]]] = {
    "bert": ("Bert", _ENCODER),
    "bert-untied": ("Bert", {**_ENCODER, "tie_word_embeddings": False}),
    "distilbert": (
        "DistilBert",
        {
            "vocab_size": 99,
            "dim": 32,
            "n_layers": 2,
            "n_heads": 4,
            "hidden_dim": 37,
            "max_position_embeddings": 66,
            "num_labels": 3,
        },
    ),
    "roberta": ("Roberta", _ENCODER),
    "xlm-roberta": ("XLMRoberta", _ENCODER),
    "camembert": ("Camembert", _ENCODER),
    "gpt2": (
        "GPT2",
        {
            "vocab_size": 99,
            "n_embd": 32,
            "n_layer": 2,
            "n_head": 4,
            "n_positions": 66,
            "pad_token_id": 0,
            "bos_token_id": 1,
            "eos_token_id": 2,
            "num_labels": 3,
        },
    ),
    "llama": ("Llama", {**_DECODER, "rope_parameters": _STRETCHED}),
    "llama-yarn": ("Llama", {**_DECODER, "rope_parameters": _YARN, "attention_bias": True}),
    "mistral": ("Mistral", {**_DECODER, "sliding_window": 5}),
    "qwen2": ("Qwen2", _DECODER),
    "qwen3": ("Qwen3", {**_DECODER, "head_dim": 16, "tie_word_embeddings": True}),
    "gemma": ("Gemma", {**_DECODER, "head_dim": 16}),
    "t5": ("T5", _T5),
    "t5-gated": ("T5", {**_T5, "feed_forward_proj": "gated-gelu", "tie_word_embeddings": False}),
    "bart": ("Bart", {**_BOTH, "pad_token_id": 1}),
    "marian": (
        "Marian",
        {
            **_BOTH,
            "pad_token_id": 98,
            "decoder_start_token_id": 98,
            "eos_token_id": 0,
            "forced_eos_token_id": 0,
            "scale_embedding": True,
        },
    ),
}

_ENCODERS = ("bert", "distilbert", "roberta", "xlm-roberta", "camembert")
_DECODERS = ("gpt2", "llama", "llama-yarn", "mistral", "qwen2", "qwen3", "gemma")
_CLASSIFIERS = (
    "AutoModelForSequenceClassification",
    "AutoModelForTokenClassification",
    "AutoModelForQuestionAnswering",
)

HEADS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_ENCODERS, ("AutoModel", *_CLASSIFIERS, "AutoModelForMaskedLM")),
    **dict.fromkeys(_DECODERS, ("AutoModel", *_CLASSIFIERS, "AutoModelForCausalLM")),
    "bert-untied": ("AutoModelForMaskedLM",),
    "llama-yarn": ("AutoModelForCausalLM",),
    "gemma": ("AutoModel", *_CLASSIFIERS[:2], "AutoModelForCausalLM"),
    "t5": ("AutoModel", *_CLASSIFIERS, "AutoModelForSeq2SeqLM"),
    "t5-gated": ("AutoModel", "AutoModelForSeq2SeqLM"),
    "bart": (
        "AutoModel",
        _CLASSIFIERS[0],
        _CLASSIFIERS[2],
        "AutoModelForMaskedLM",
        "AutoModelForSeq2SeqLM",
    ),
    "marian": ("AutoModel", "AutoModelForSeq2SeqLM"),
}
CASES = [(name, head) for name in CONFIGS for head in HEADS[name]]


def theirs(transformers: ModuleType, name: str, head: str, **changes: Any) -> Any:
    """A random model of transformers, its biases and normalizations random as well."""
    family, fields = CONFIGS[name]
    if head == "AutoModelForQuestionAnswering":
        changes = {"num_labels": 2, **changes}
    config = getattr(transformers, f"{family}Config")(**{**fields, **changes})
    torch.manual_seed(0)
    model = getattr(transformers, head).from_config(config).eval()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() < 2:
                weight.add_(torch.randn_like(weight) * 0.1)
    return model


def batch(config: Any, name: str, head: str) -> dict[str, Any]:
    """Three texts, one of them padded, with the labels that the head is trained on."""
    torch.manual_seed(1)
    end = config.eos_token_id if config.eos_token_id is not None else 2
    ids = torch.randint(3, 97, (3, TOKENS))
    mask = torch.ones_like(ids)
    ids[:, -1] = end
    ids[1, -PADDED - 1] = end
    ids[1, -PADDED:] = config.pad_token_id
    mask[1, -PADDED:] = 0
    inputs: dict[str, Any] = {"input_ids": ids, "attention_mask": mask}
    if "Seq2Seq" in head or (head == "AutoModel" and name in ("t5", "t5-gated", "bart", "marian")):
        inputs["decoder_input_ids"] = torch.randint(3, 97, (3, 5))
    return inputs | _labels(inputs, head)


def _labels(inputs: dict[str, Any], head: str) -> dict[str, Any]:
    ids = inputs["input_ids"]
    hidden = inputs["attention_mask"] == 0
    if head == "AutoModelForSequenceClassification":
        return {"labels": torch.tensor([0, 2, 1])}
    if head == "AutoModelForTokenClassification":
        return {"labels": (ids % 3).masked_fill(hidden, -100)}
    if head == "AutoModelForQuestionAnswering":
        return {
            "start_positions": torch.tensor([1, 2, 3]),
            "end_positions": torch.tensor([4, 5, 6]),
        }
    if head in ("AutoModelForMaskedLM", "AutoModelForCausalLM"):
        return {"labels": ids.masked_fill(hidden, -100)}
    return {"labels": inputs["decoder_input_ids"]} if head == "AutoModelForSeq2SeqLM" else {}
