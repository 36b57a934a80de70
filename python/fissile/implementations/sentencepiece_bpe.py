"""BPE over ▁-words, as SentencePiece cuts them."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any

from fissile import Tokenizer, decoders, models, normalizers, pre_tokenizers
from fissile.implementations.base_tokenizer import (
    BaseTokenizer,
    Files,
    Scheme,
    Texts,
    Token,
    add_known_specials,
    bpe_trainer,
)


class SentencePieceBPETokenizer(BaseTokenizer):
    """BPE with SentencePiece's treatment of white space (Kudo and Richardson, 2018).

    For ids equal to SentencePiece's own, load its `.model` with `Tokenizer.from_sentencepiece`.

    Args:
        vocab: Tokens and ids, or the path of a `vocab.json`; None for an empty one, to be trained.
        merges: Pairs in order of rank, or the path of a `merges.txt`.
        unk_token: Stands for unknown characters.
        replacement: The visible space.
        add_prefix_space: Treat the first word like any other.
        dropout: Chance of skipping a merge.
        fuse_unk: One unknown token for a run of unknowns.
    """

    def __init__(
        self,
        vocab: str | dict[str, int] | None = None,
        merges: str | list[tuple[str, str]] | None = None,
        unk_token: Token = "<unk>",
        replacement: str = "▁",
        add_prefix_space: bool = True,
        dropout: float | None = None,
        fuse_unk: bool | None = False,
    ) -> None:
        parameters = {
            "model": "SentencePieceBPE",
            "unk_token": unk_token,
            "replacement": replacement,
            "add_prefix_space": add_prefix_space,
            "dropout": dropout,
        }
        tables = (vocab, merges) if vocab is not None and merges is not None else (None, None)
        tokenizer = Tokenizer(
            models.BPE(*tables, dropout=dropout, unk_token=str(unk_token), fuse_unk=bool(fuse_unk))
        )
        add_known_specials(tokenizer, [unk_token])
        tokenizer.normalizer = normalizers.NFKC()
        scheme: Scheme = "always" if add_prefix_space else "never"
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
            replacement=replacement, prepend_scheme=scheme
        )
        tokenizer.decoder = decoders.Metaspace(replacement=replacement, prepend_scheme=scheme)
        super().__init__(tokenizer, parameters)

    @staticmethod
    def from_file(
        vocab_filename: str | PathLike[str], merges_filename: str | PathLike[str], **kwargs: Any
    ) -> SentencePieceBPETokenizer:
        """From a `vocab.json` and a `merges.txt`; further arguments as for the class."""
        vocab, merges = models.BPE.read_file(vocab_filename, merges_filename)
        return SentencePieceBPETokenizer(vocab, merges, **kwargs)

    def train(
        self,
        files: Files,
        vocab_size: int = 30000,
        min_frequency: int = 2,
        special_tokens: Sequence[Token] = ("<unk>",),
        limit_alphabet: int = 1000,
        initial_alphabet: Sequence[str] = (),
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
        )
        self._train_on_texts(iterator, trainer, length)
