"""BERT's tokenizer: its clean-up, its cut, WordPiece, `[CLS] A [SEP] B [SEP]`."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any

from fissile import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from fissile.implementations.base_tokenizer import (
    BaseTokenizer,
    Files,
    Texts,
    Token,
    add_known_specials,
)

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


class BertWordPieceTokenizer(BaseTokenizer):
    """BERT's tokenizer (Devlin et al., 2018).

    Args:
        vocab: Tokens and ids, or the path of a `vocab.txt`; None for an empty one, to be trained.
        unk_token: Stands for words that cannot be built.
        sep_token: Closes a sequence; has to be in the vocabulary.
        cls_token: Opens the first sequence; has to be in the vocabulary.
        pad_token: Fills up.
        mask_token: Hides a word in training.
        clean_text: Drop control characters.
        handle_chinese_chars: Put spaces around Chinese characters.
        strip_accents: Drop accents; None means when lower-casing.
        lowercase: Lower case.
        wordpieces_prefix: Marks a piece that goes on a word.

    Raises:
        TypeError: When `sep_token` or `cls_token` is not in the vocabulary.
    """

    def __init__(
        self,
        vocab: str | dict[str, int] | None = None,
        unk_token: Token = "[UNK]",
        sep_token: Token = "[SEP]",
        cls_token: Token = "[CLS]",
        pad_token: Token = "[PAD]",
        mask_token: Token = "[MASK]",
        clean_text: bool = True,
        handle_chinese_chars: bool = True,
        strip_accents: bool | None = None,
        lowercase: bool = True,
        wordpieces_prefix: str = "##",
    ) -> None:
        parameters = {
            "model": "BertWordPiece",
            "unk_token": unk_token,
            "sep_token": sep_token,
            "cls_token": cls_token,
            "pad_token": pad_token,
            "mask_token": mask_token,
            "clean_text": clean_text,
            "handle_chinese_chars": handle_chinese_chars,
            "strip_accents": strip_accents,
            "lowercase": lowercase,
            "wordpieces_prefix": wordpieces_prefix,
        }
        tokenizer = Tokenizer(models.WordPiece(vocab, unk_token=str(unk_token)))
        add_known_specials(tokenizer, (unk_token, sep_token, cls_token, pad_token, mask_token))
        tokenizer.normalizer = normalizers.BertNormalizer(
            clean_text=clean_text,
            handle_chinese_chars=handle_chinese_chars,
            strip_accents=strip_accents,
            lowercase=lowercase,
        )
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        if vocab is not None:
            ends = {"sep_token": str(sep_token), "cls_token": str(cls_token)}
            sep, cls = ((token, _id_of(tokenizer, name, token)) for name, token in ends.items())
            tokenizer.post_processor = processors.BertProcessing(sep, cls)
        tokenizer.decoder = decoders.WordPiece(prefix=wordpieces_prefix)
        super().__init__(tokenizer, parameters)

    @staticmethod
    def from_file(vocab: str | PathLike[str], **kwargs: Any) -> BertWordPieceTokenizer:
        """From a `vocab.txt`; further arguments as for the class."""
        return BertWordPieceTokenizer(models.WordPiece.read_file(vocab), **kwargs)

    def train(
        self,
        files: Files,
        vocab_size: int = 30000,
        min_frequency: int = 2,
        limit_alphabet: int = 1000,
        initial_alphabet: Sequence[str] = (),
        special_tokens: Sequence[Token] = SPECIAL_TOKENS,
        show_progress: bool = True,
        wordpieces_prefix: str = "##",
    ) -> None:
        """Train on files; the arguments are those of `trainers.WordPieceTrainer`."""
        trainer = _trainer(
            vocab_size,
            min_frequency,
            limit_alphabet,
            initial_alphabet,
            special_tokens,
            show_progress,
            wordpieces_prefix,
        )
        self._train_on_files(files, trainer)

    def train_from_iterator(
        self,
        iterator: Texts,
        vocab_size: int = 30000,
        min_frequency: int = 2,
        limit_alphabet: int = 1000,
        initial_alphabet: Sequence[str] = (),
        special_tokens: Sequence[Token] = SPECIAL_TOKENS,
        show_progress: bool = True,
        wordpieces_prefix: str = "##",
        length: int | None = None,
    ) -> None:
        """Train on texts; the arguments are those of `trainers.WordPieceTrainer`."""
        trainer = _trainer(
            vocab_size,
            min_frequency,
            limit_alphabet,
            initial_alphabet,
            special_tokens,
            show_progress,
            wordpieces_prefix,
        )
        self._train_on_texts(iterator, trainer, length)


def _trainer(
    vocab_size: int,
    min_frequency: int,
    limit_alphabet: int,
    initial_alphabet: Sequence[str],
    special_tokens: Sequence[Token],
    show_progress: bool,
    wordpieces_prefix: str,
) -> trainers.WordPieceTrainer:
    return trainers.WordPieceTrainer(
        vocab_size=vocab_size,
        min_frequency=min_frequency,
        limit_alphabet=limit_alphabet,
        initial_alphabet=list(initial_alphabet),
        special_tokens=list(special_tokens),
        show_progress=show_progress,
        continuing_subword_prefix=wordpieces_prefix,
    )


def _id_of(tokenizer: Tokenizer, name: str, token: str) -> int:
    found = tokenizer.token_to_id(token)
    if found is None:
        raise TypeError(f"{name} not found in the vocabulary")
    return found
