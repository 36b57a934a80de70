"""The first BPE tokenizers: words with a suffix at their end, merged from characters."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any

from fissile import Tokenizer, decoders, models, pre_tokenizers
from fissile.implementations.base_tokenizer import (
    BaseTokenizer,
    Files,
    Texts,
    Token,
    add_known_specials,
    bpe_trainer,
)
from fissile.implementations.byte_level_bpe import cleaner
from fissile.normalizers import BertNormalizer, Lowercase, Normalizer


class CharBPETokenizer(BaseTokenizer):
    """BPE over characters (Sennrich et al., 2015), with the defaults of OpenAI's first GPT.

    Args:
        vocab: Tokens and ids, or the path of a `vocab.json`; None for an empty one, to be trained.
        merges: Pairs in order of rank, or the path of a `merges.txt`.
        unk_token: Stands for unknown characters.
        suffix: Marks the last symbol of a word.
        dropout: Chance of skipping a merge.
        lowercase: Lower case.
        unicode_normalizer: `nfc`, `nfd`, `nfkc` or `nfkd`.
        bert_normalizer: Clean up as BERT does (control characters, Chinese characters, accents).
        split_on_whitespace_only: Leave punctuation with its word.
    """

    def __init__(
        self,
        vocab: str | dict[str, int] | None = None,
        merges: str | list[tuple[str, str]] | None = None,
        unk_token: Token = "<unk>",
        suffix: str = "</w>",
        dropout: float | None = None,
        lowercase: bool = False,
        unicode_normalizer: str | None = None,
        bert_normalizer: bool = True,
        split_on_whitespace_only: bool = False,
    ) -> None:
        parameters = {
            "model": "BPE",
            "unk_token": unk_token,
            "suffix": suffix,
            "dropout": dropout,
            "lowercase": lowercase,
            "unicode_normalizer": unicode_normalizer,
            "bert_normalizer": bert_normalizer,
            "split_on_whitespace_only": split_on_whitespace_only,
        }
        tables = (vocab, merges) if vocab is not None and merges is not None else (None, None)
        tokenizer = Tokenizer(
            models.BPE(
                *tables, dropout=dropout, unk_token=str(unk_token), end_of_word_suffix=suffix
            )
        )
        add_known_specials(tokenizer, [unk_token])
        steps: list[Normalizer] = [BertNormalizer(lowercase=False)] if bert_normalizer else []
        normalizer = cleaner(unicode_normalizer, steps + ([Lowercase()] if lowercase else []))
        if normalizer is not None:
            tokenizer.normalizer = normalizer
        tokenizer.pre_tokenizer = (
            pre_tokenizers.WhitespaceSplit()
            if split_on_whitespace_only
            else pre_tokenizers.BertPreTokenizer()
        )
        tokenizer.decoder = decoders.BPEDecoder(suffix=suffix)
        super().__init__(tokenizer, parameters)

    @staticmethod
    def from_file(
        vocab_filename: str | PathLike[str], merges_filename: str | PathLike[str], **kwargs: Any
    ) -> CharBPETokenizer:
        """From a `vocab.json` and a `merges.txt`; further arguments as for the class."""
        vocab, merges = models.BPE.read_file(vocab_filename, merges_filename)
        return CharBPETokenizer(vocab, merges, **kwargs)

    def train(
        self,
        files: Files,
        vocab_size: int = 30000,
        min_frequency: int = 2,
        special_tokens: Sequence[Token] = ("<unk>",),
        limit_alphabet: int = 1000,
        initial_alphabet: Sequence[str] = (),
        suffix: str | None = "</w>",
        show_progress: bool = True,
    ) -> None:
        """Train on files; the arguments are those of `trainers.BpeTrainer`."""
        trainer = bpe_trainer(
            vocab_size,
            min_frequency,
            special_tokens,
            limit_alphabet,
            initial_alphabet,
            show_progress,
            suffix,
        )
        self._train_on_files(files, trainer)

    def train_from_iterator(
        self,
        iterator: Texts,
        vocab_size: int = 30000,
        min_frequency: int = 2,
        special_tokens: Sequence[Token] = ("<unk>",),
        limit_alphabet: int = 1000,
        initial_alphabet: Sequence[str] = (),
        suffix: str | None = "</w>",
        show_progress: bool = True,
        length: int | None = None,
    ) -> None:
        """Train on texts; the arguments are those of `trainers.BpeTrainer`."""
        trainer = bpe_trainer(
            vocab_size,
            min_frequency,
            special_tokens,
            limit_alphabet,
            initial_alphabet,
            show_progress,
            suffix,
        )
        self._train_on_texts(iterator, trainer, length)
