"""The named classes: what each adds is a few defaults, and the parts of its pipeline that options decide.

A class keeps the pipeline that its file holds and changes only what options state; a class made from a
bare vocabulary gets its pipeline from `build`. `XTokenizerFast` is another name of `XTokenizer`.
"""

from __future__ import annotations

import json
from typing import Any

from .._rust import (
    AddedToken,
    Regex,
    Tokenizer,
    UnsupportedError,
    decoders,
    normalizers,
    pre_tokenizers,
    processors,
)
from .numbering import renumbered
from .tokenizer import PreTrainedTokenizerFast

_BERT = {
    "unk_token": "[UNK]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "cls_token": "[CLS]",
    "mask_token": "[MASK]",
}
_ROBERTA = {
    "errors": "replace",
    "bos_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "cls_token": "<s>",
    "unk_token": "<unk>",
    "pad_token": "<pad>",
    "mask_token": "<mask>",
    "add_prefix_space": False,
    "trim_offsets": True,
}
_GPT2_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)


class BertTokenizer(PreTrainedTokenizerFast):
    """BERT: WordPiece between [CLS] and [SEP]."""

    vocab_files_names = {"vocab_file": "vocab.txt", "tokenizer_file": "tokenizer.json"}
    model_input_names = ["input_ids", "token_type_ids", "attention_mask"]
    model_kind = "WordPiece"
    _defaults: dict[str, Any] = _BERT

    def _assemble(self, core: Tokenizer, options: dict[str, Any], stated: set[str]) -> None:
        held = core.normalizer
        found = held if isinstance(held, normalizers.BertNormalizer) else None
        settings = {
            "do_lower_case": True if found is None else found.lowercase,
            "tokenize_chinese_chars": True if found is None else found.handle_chinese_chars,
            "strip_accents": None if found is None else found.strip_accents,
        }
        for name, value in settings.items():
            options.setdefault(name, value)
            setattr(self, name, options[name])
        if held is None or (found is not None and stated & set(settings)):
            core.normalizer = normalizers.BertNormalizer(
                clean_text=True,
                handle_chinese_chars=options["tokenize_chinese_chars"],
                strip_accents=options["strip_accents"],
                lowercase=options["do_lower_case"],
            )
        if core.pre_tokenizer is None:
            core.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        if core.decoder is None:
            core.decoder = decoders.WordPiece(prefix="##")

    def _finish(self, core: Tokenizer) -> None:
        first, last = str(self.cls_token), str(self.sep_token)
        core.post_processor = processors.TemplateProcessing(
            single=f"{first}:0 $A:0 {last}:0",
            pair=f"{first}:0 $A:0 {last}:0 $B:1 {last}:1",
            special_tokens=[(first, self.cls_token_id), (last, self.sep_token_id)],
        )


class DistilBertTokenizer(BertTokenizer):
    """DistilBERT: as BERT, without token types."""

    model_input_names = ["input_ids", "attention_mask"]


class ElectraTokenizer(BertTokenizer):
    """ELECTRA: as BERT."""


class MobileBertTokenizer(BertTokenizer):
    """MobileBERT: as BERT."""


class LxmertTokenizer(BertTokenizer):
    """LXMERT: as BERT."""


class DPRQuestionEncoderTokenizer(BertTokenizer):
    """DPR's encoder of questions: as BERT."""


class DPRContextEncoderTokenizer(BertTokenizer):
    """DPR's encoder of passages: as BERT."""


class GPT2Tokenizer(PreTrainedTokenizerFast):
    """GPT-2: byte-level BPE, nothing added."""

    vocab_files_names = {"vocab_file": "vocab.json", "merges_file": "merges.txt"}
    model_kind = "BPE"
    _defaults: dict[str, Any] = {
        "errors": "replace",
        "unk_token": "<|endoftext|>",
        "bos_token": "<|endoftext|>",
        "eos_token": "<|endoftext|>",
        "pad_token": None,
        "add_prefix_space": False,
    }

    def _assemble(self, core: Tokenizer, options: dict[str, Any], stated: set[str]) -> None:
        core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=options["add_prefix_space"])
        core.decoder = decoders.ByteLevel()


class GPTNeoXTokenizer(PreTrainedTokenizerFast):
    """GPT-NeoX: byte-level BPE, nothing added."""

    model_kind = "BPE"
    _defaults = {
        **GPT2Tokenizer._defaults,
        "pad_token": "<|padding|>",
        "trim_offsets": True,
    }


class RobertaTokenizer(PreTrainedTokenizerFast):
    """RoBERTa: byte-level BPE between <s> and </s>."""

    vocab_files_names = {
        "vocab_file": "vocab.json",
        "merges_file": "merges.txt",
        "tokenizer_file": "tokenizer.json",
    }
    model_kind = "BPE"
    _defaults: dict[str, Any] = _ROBERTA

    def _assemble(self, core: Tokenizer, options: dict[str, Any], stated: set[str]) -> None:
        core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=options["add_prefix_space"])
        core.decoder = decoders.ByteLevel()
        self.trim_offsets = options["trim_offsets"]

    def _finish(self, core: Tokenizer) -> None:
        core.post_processor = processors.RobertaProcessing(
            (str(self.sep_token), self.sep_token_id),
            (str(self.cls_token), self.cls_token_id),
            self.trim_offsets,
            self.add_prefix_space,
        )


class BartTokenizer(RobertaTokenizer):
    """BART: as RoBERTa."""


class LEDTokenizer(RobertaTokenizer):
    """LED: as RoBERTa."""


class MvpTokenizer(RobertaTokenizer):
    """MVP: as RoBERTa."""


class LlamaTokenizer(PreTrainedTokenizerFast):
    """Llama and Llama 2: SentencePiece BPE with bytes to fall back to, behind <s>."""

    vocab_files_names = {"vocab_file": "tokenizer.model", "tokenizer_file": "tokenizer.json"}
    padding_side = "left"
    model_kind = "BPE"
    _defaults: dict[str, Any] = {
        "clean_up_tokenization_spaces": False,
        "unk_token": "<unk>",
        "bos_token": "<s>",
        "eos_token": "</s>",
        "use_default_system_prompt": False,
    }

    def _assemble(self, core: Tokenizer, options: dict[str, Any], stated: set[str]) -> None:
        self.legacy = options.pop("legacy", False)
        self.use_default_system_prompt = options["use_default_system_prompt"]
        options.setdefault("add_prefix_space", None)
        prefix = options["add_prefix_space"] in (None, True)
        core.normalizer = None
        core.pre_tokenizer = pre_tokenizers.Metaspace(
            replacement="▁",
            prepend_scheme=("always" if self.legacy else "first") if prefix else "never",
            split=False,
        )
        steps: list[Any] = [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
        ]
        if prefix:
            steps.append(decoders.Strip(content=" ", left=1))
        core.decoder = decoders.Sequence(steps)


class Qwen2Tokenizer(PreTrainedTokenizerFast):
    """Qwen 2, 2.5 and 3: byte-level BPE, nothing added."""

    vocab_files_names = RobertaTokenizer.vocab_files_names
    model_kind = "BPE"
    _defaults: dict[str, Any] = {
        "unk_token": "<|endoftext|>",
        "bos_token": None,
        "eos_token": "<|endoftext|>",
        "pad_token": "<|endoftext|>",
        "add_prefix_space": None,
    }

    def _assemble(self, core: Tokenizer, options: dict[str, Any], stated: set[str]) -> None:
        prefix = bool(options["add_prefix_space"])
        core.normalizer = normalizers.NFC()
        core.decoder = decoders.ByteLevel()
        core.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(_GPT2_SPLIT), behavior="isolated", invert=False),
                pre_tokenizers.ByteLevel(add_prefix_space=prefix, use_regex=False),
            ]
        )

    def _finish(self, core: Tokenizer) -> None:
        core.add_tokens([AddedToken(token, special=True) for token in self.all_special_tokens])


class T5Tokenizer(PreTrainedTokenizerFast):
    """T5: SentencePiece Unigram, </s> behind, and a hundred sentinels."""

    vocab_files_names = {"vocab_file": "spiece.model", "tokenizer_file": "tokenizer.json"}
    model_kind = "Unigram"
    _defaults: dict[str, Any] = {
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "extra_ids": 100,
    }

    def _assemble(self, core: Tokenizer, options: dict[str, Any], stated: set[str]) -> None:
        sentinels = [f"<extra_id_{number}>" for number in range(options["extra_ids"])]
        held = options.get("extra_special_tokens") or options.pop("additional_special_tokens", None)
        if held is None:
            options["extra_special_tokens"] = sentinels
        elif not any("<extra_id_" in str(token) for token in held):
            options["extra_special_tokens"] = [*held, *sentinels]
        else:
            options["extra_special_tokens"] = held

    def _finish(self, core: Tokenizer) -> None:
        end = str(self.eos_token)
        core.post_processor = processors.TemplateProcessing(
            single=["$A", end],
            pair=["$A", end, "$B", end],
            special_tokens=[(end, self.eos_token_id)],
        )

    def _from_sentencepiece(self, core: Tokenizer, options: dict[str, Any]) -> Tokenizer:
        # The last sentinel comes first behind the pieces.
        count = options.get("extra_ids", self._defaults["extra_ids"])
        core.add_special_tokens([f"<extra_id_{number}>" for number in reversed(range(count))])
        return core

    def get_sentinel_tokens(self) -> list[str]:
        """List the tokens that stand for left-out spans."""
        return [token for token in self.extra_special_tokens if "<extra_id_" in token]

    def get_sentinel_token_ids(self) -> list[int]:
        """List the ids of the tokens that stand for left-out spans."""
        ids: list[int] = self.convert_tokens_to_ids(self.get_sentinel_tokens())
        return ids


class XLNetTokenizer(PreTrainedTokenizerFast):
    """XLNet: SentencePiece Unigram, filled on the left, <sep> and <cls> behind."""

    vocab_files_names = T5Tokenizer.vocab_files_names
    padding_side = "left"
    model_kind = "Unigram"
    _pad_token_type_id = 3
    _defaults: dict[str, Any] = {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "sep_token": "<sep>",
        "pad_token": "<pad>",
        "cls_token": "<cls>",
        "mask_token": "<mask>",
        "do_lower_case": False,
        "remove_space": True,
        "keep_accents": False,
    }

    def _assemble(self, core: Tokenizer, options: dict[str, Any], stated: set[str]) -> None:
        if isinstance(options["mask_token"], str):
            options["mask_token"] = AddedToken(options["mask_token"], lstrip=True)
        if not options.get("extra_special_tokens"):
            options.setdefault("additional_special_tokens", ["<eop>", "<eod>"])

    def _finish(self, core: Tokenizer) -> None:
        sep, end = str(self.sep_token), str(self.cls_token)
        core.post_processor = processors.TemplateProcessing(
            single=f"$A:0 {sep}:0 {end}:2",
            pair=f"$A:0 {sep}:0 $B:1 {sep}:1 {end}:2",
            special_tokens=[(sep, self.sep_token_id), (end, self.cls_token_id)],
        )


class XLMRobertaTokenizer(PreTrainedTokenizerFast):
    """XLM-RoBERTa: SentencePiece Unigram between <s> and </s>."""

    vocab_files_names = {
        "vocab_file": "sentencepiece.bpe.model",
        "tokenizer_file": "tokenizer.json",
    }
    model_kind = "Unigram"
    _defaults: dict[str, Any] = {
        **{name: token for name, token in _ROBERTA.items() if name.endswith("_token")},
        "add_prefix_space": True,
    }

    def _from_sentencepiece(self, core: Tokenizer, options: dict[str, Any]) -> Tokenizer:
        # The model has its own first four tokens in front of the pieces, and the mask token behind.
        document = json.loads(core.to_str())
        front = [[token, 0.0] for token in ("<s>", "<pad>", "</s>", "<unk>")]
        pieces = document["model"]["vocab"][3:]
        document["model"].update(vocab=[*front, *pieces, ["<mask>", 0.0]], unk_id=3)
        document["added_tokens"] = []
        core = Tokenizer.from_str(json.dumps(document))
        core.add_special_tokens(
            ["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True)]
        )
        core.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.WhitespaceSplit(),
                pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always"),
            ]
        )
        core.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
        return core

    def _finish(self, core: Tokenizer) -> None:
        first, last = str(self.bos_token), str(self.eos_token)
        core.post_processor = processors.TemplateProcessing(
            single=[first, "$A", last],
            pair=[first, "$A", last, last, "$B", last],
            special_tokens=[(first, self.bos_token_id), (last, self.eos_token_id)],
        )


class CamembertTokenizer(XLMRobertaTokenizer):
    """CamemBERT: as XLM-RoBERTa, from a tokenizer.json."""

    def _from_sentencepiece(self, core: Tokenizer, options: dict[str, Any]) -> Tokenizer:
        raise UnsupportedError(renumbered(type(self).__name__))


class AlbertTokenizer(PreTrainedTokenizerFast):
    """ALBERT: SentencePiece Unigram between [CLS] and [SEP]."""

    vocab_files_names = T5Tokenizer.vocab_files_names
    model_kind = "Unigram"
    _defaults: dict[str, Any] = {
        "bos_token": "[CLS]",
        "eos_token": "[SEP]",
        "unk_token": "<unk>",
        "sep_token": "[SEP]",
        "pad_token": "<pad>",
        "cls_token": "[CLS]",
        "mask_token": "[MASK]",
    }


class DebertaV2Tokenizer(PreTrainedTokenizerFast):
    """DeBERTa v2 and v3: SentencePiece Unigram between [CLS] and [SEP]."""

    vocab_files_names = {"vocab_file": "spm.model", "tokenizer_file": "tokenizer.json"}
    model_input_names = ["input_ids", "attention_mask", "token_type_ids"]
    model_kind = "Unigram"
    _defaults: dict[str, Any] = {**_BERT, "bos_token": "[CLS]", "eos_token": "[SEP]"}


class DebertaTokenizer(PreTrainedTokenizerFast):
    """DeBERTa: byte-level BPE between [CLS] and [SEP]."""

    vocab_files_names = RobertaTokenizer.vocab_files_names
    model_input_names = ["input_ids", "attention_mask", "token_type_ids"]
    model_kind = "BPE"
    _defaults: dict[str, Any] = {**_BERT, "bos_token": "[CLS]", "eos_token": "[SEP]"}


class MPNetTokenizer(PreTrainedTokenizerFast):
    """MPNet: WordPiece between <s> and </s>."""

    vocab_files_names = BertTokenizer.vocab_files_names
    model_kind = "WordPiece"
    _defaults: dict[str, Any] = {
        **{name: token for name, token in _ROBERTA.items() if name.endswith("_token")},
        "unk_token": "[UNK]",
    }


class CLIPTokenizer(PreTrainedTokenizerFast):
    """CLIP: BPE with word ends, between <|startoftext|> and <|endoftext|>."""

    vocab_files_names = RobertaTokenizer.vocab_files_names
    model_kind = "BPE"
    _defaults: dict[str, Any] = {
        "unk_token": "<|endoftext|>",
        "bos_token": "<|startoftext|>",
        "eos_token": "<|endoftext|>",
        "pad_token": "<|endoftext|>",
    }


class GemmaTokenizer(PreTrainedTokenizerFast):
    """Gemma: SentencePiece BPE with bytes to fall back to, behind <bos>."""

    vocab_files_names = {"tokenizer_file": "tokenizer.json"}
    padding_side = "left"
    model_kind = "BPE"
    _defaults: dict[str, Any] = {
        "unk_token": "<unk>",
        "bos_token": "<bos>",
        "eos_token": "<eos>",
        "pad_token": "<pad>",
        "mask_token": "<mask>",
    }


NAMES = tuple(
    name
    for name, value in list(globals().items())
    if isinstance(value, type)
    and issubclass(value, PreTrainedTokenizerFast)
    and name.endswith("Tokenizer")
)
"""The names of all classes here."""

for _name in NAMES:
    globals()[_name + "Fast"] = globals()[_name]
