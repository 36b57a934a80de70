"""A tokenizer of a few words, for tiny models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fissile

WORDS = [
    "my",
    "name",
    "is",
    "sylvain",
    "and",
    "i",
    "work",
    "at",
    "hug",
    "##ging",
    "face",
    "in",
    "bro",
    "##ok",
    "##ly",
    "##n",
    ".",
    "hello",
    "this",
    "course",
    "amaz",
    "##ing",
    "!",
    "life",
    ",",
    "whole",
    "was",
    "wait",
    "for",
    "it",
    "new",
    "york",
    "a",
    "b",
    "c",
    "example",
    "?",
    "what",
    "where",
    "do",
]

SPECIAL = {
    "bert": ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
    "roberta": ["[CLS]", "[PAD]", "[SEP]", "[UNK]", "[MASK]"],
    "gpt2": ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"],
    "t5": ["[PAD]", "[SEP]", "[UNK]", "[CLS]", "[MASK]"],
}


def folder_with_words(folder: Path, name: str) -> None:
    """Write a tokenizer into the folder of a model, its special ids where the architecture has them."""
    kind = {"distilbert": "bert", "llama": "gpt2", "bart": "roberta"}.get(name, name)
    special = SPECIAL[kind]
    vocab = {word: place for place, word in enumerate([*special, *WORDS])}
    tokenizer = fissile.Tokenizer(fissile.models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.normalizer = fissile.normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = fissile.pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = fissile.decoders.WordPiece()
    if kind != "gpt2":
        tokenizer.post_processor = fissile.processors.TemplateProcessing(
            single="[CLS] $A [SEP]" if kind != "t5" else "$A [SEP]",
            pair="[CLS] $A [SEP] $B:1 [SEP]:1" if kind != "t5" else "$A [SEP] $B [SEP]",
            special_tokens=[("[CLS]", vocab["[CLS]"]), ("[SEP]", vocab["[SEP]"])],
        )
    tokenizer.save(str(folder / "tokenizer.json"))
    config: dict[str, Any] = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": 64,
        "pad_token": "[PAD]",
        "unk_token": "[UNK]",
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
        "mask_token": "[MASK]",
    }
    types = ["token_type_ids"] if name == "bert" else []
    config["model_input_names"] = ["input_ids", *types, "attention_mask"]
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
