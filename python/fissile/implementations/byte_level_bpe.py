"""GPT-2's tokenizer: bytes shown as characters, its cut, BPE."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any

from fissile import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from fissile.implementations.base_tokenizer import BaseTokenizer, Files, Texts, Token
from fissile.normalizers import Lowercase, Normalizer, unicode_normalizer_from_str
from fissile.normalizers import Sequence as NormalizerSequence


class ByteLevelBPETokenizer(BaseTokenizer):
    """GPT-2's tokenizer (Radford et al., 2019): nothing is unknown to it.

    Args:
        vocab: Tokens and ids, or the path of a `vocab.json`; None for an empty one, to be trained.
        merges: Pairs in order of rank, or the path of a `merges.txt`.
        add_prefix_space: Treat the first word like any other.
        lowercase: Lower case.
        dropout: Chance of skipping a merge.
        unicode_normalizer: `nfc`, `nfd`, `nfkc` or `nfkd`.
        continuing_subword_prefix: Put before every symbol but the first of a word.
        end_of_word_suffix: Put behind the last symbol of a word.
        trim_offsets: Leave white space out of the offsets.
    """

    def __init__(
        self,
        vocab: str | dict[str, int] | None = None,
        merges: str | list[tuple[str, str]] | None = None,
        add_prefix_space: bool = False,
        lowercase: bool = False,
        dropout: float | None = None,
        unicode_normalizer: str | None = None,
        continuing_subword_prefix: str | None = None,
        end_of_word_suffix: str | None = None,
        trim_offsets: bool = False,
    ) -> None:
        parameters = {
            "model": "ByteLevelBPE",
            "add_prefix_space": add_prefix_space,
            "lowercase": lowercase,
            "dropout": dropout,
            "unicode_normalizer": unicode_normalizer,
            "continuing_subword_prefix": continuing_subword_prefix,
            "end_of_word_suffix": end_of_word_suffix,
            "trim_offsets": trim_offsets,
        }
        if vocab is not None and merges is not None:
            model = models.BPE(
                vocab,
                merges,
                dropout=dropout,
                continuing_subword_prefix=continuing_subword_prefix or "",
                end_of_word_suffix=end_of_word_suffix or "",
            )
        else:
            model = models.BPE()
        tokenizer = Tokenizer(model)
        normalizer = cleaner(unicode_normalizer, [Lowercase()] if lowercase else [])
        if normalizer is not None:
            tokenizer.normalizer = normalizer
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=add_prefix_space)
        tokenizer.decoder = decoders.ByteLevel()
        tokenizer.post_processor = processors.ByteLevel(trim_offsets=trim_offsets)
        super().__init__(tokenizer, parameters)

    @staticmethod
    def from_file(
        vocab_filename: str | PathLike[str], merges_filename: str | PathLike[str], **kwargs: Any
    ) -> ByteLevelBPETokenizer:
        """From a `vocab.json` and a `merges.txt`; further arguments as for the class."""
        vocab, merges = models.BPE.read_file(vocab_filename, merges_filename)
        return ByteLevelBPETokenizer(vocab, merges, **kwargs)

    def train(
        self,
        files: Files,
        vocab_size: int = 30000,
        min_frequency: int = 2,
        show_progress: bool = True,
        special_tokens: Sequence[Token] = (),
    ) -> None:
        """Train on files; the arguments are those of `trainers.BpeTrainer`."""
        trainer = _trainer(vocab_size, min_frequency, show_progress, special_tokens)
        self._train_on_files(files, trainer)

    def train_from_iterator(
        self,
        iterator: Texts,
        vocab_size: int = 30000,
        min_frequency: int = 2,
        show_progress: bool = True,
        special_tokens: Sequence[Token] = (),
        length: int | None = None,
    ) -> None:
        """Train on texts; the arguments are those of `trainers.BpeTrainer`."""
        trainer = _trainer(vocab_size, min_frequency, show_progress, special_tokens)
        self._train_on_texts(iterator, trainer, length)


def _trainer(
    vocab_size: int, min_frequency: int, show_progress: bool, special_tokens: Sequence[Token]
) -> trainers.BpeTrainer:
    return trainers.BpeTrainer(
        vocab_size=vocab_size,
        min_frequency=min_frequency,
        show_progress=show_progress,
        special_tokens=list(special_tokens),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )


def cleaner(unicode_form: str | None, then: list[Normalizer]) -> Normalizer | None:
    """One normalizer out of a Unicode form and what follows it; None where there is nothing to do."""
    parts = ([unicode_normalizer_from_str(unicode_form)] if unicode_form else []) + then
    if len(parts) > 1:
        return NormalizerSequence(parts)
    return parts[0] if parts else None
