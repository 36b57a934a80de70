"""A pipeline for a bare vocabulary: what a named class makes when no file holds one."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any

from .._rust import InvalidValueError, Tokenizer, decoders, models, pre_tokenizers

if TYPE_CHECKING:
    from .tokenizer import PreTrainedTokenizerFast


def build(tokenizer: PreTrainedTokenizerFast, vocab: Any, merges: Any) -> Tokenizer:
    """Make the pipeline of a class from a vocabulary.

    Args:
        tokenizer: The class asks; its defaults name the special tokens.
        vocab: A dictionary, for Unigram a list of pairs, or a file.
        merges: For BPE pairs, or a file.

    Returns:
        The pipeline; the class sets what its options decide.
    """
    if isinstance(vocab, (str, PathLike)):
        return Tokenizer.from_file(merges if isinstance(merges, (str, PathLike)) else vocab)
    kind = getattr(tokenizer, "model_kind", None) or _kind_of(vocab)
    tokens = [
        token
        for name, token in tokenizer._defaults.items()
        if name.endswith("_token") and isinstance(token, str)
    ]
    if kind == "WordPiece":
        unknown = str(tokenizer._defaults.get("unk_token", "[UNK]"))
        return Tokenizer(models.WordPiece(vocab or _ids(["[PAD]", *tokens]), unk_token=unknown))
    if kind == "BPE":
        return _bpe(tokenizer, vocab or _ids(tokens), merges or [])
    return _unigram(tokenizer, vocab, tokens)


def _kind_of(vocab: Any) -> str:
    if isinstance(vocab, dict):
        return "BPE"
    if isinstance(vocab, (list, tuple)):
        return "Unigram"
    raise InvalidValueError(
        f"vocab: expected a dict, a list of pairs or a file, found {type(vocab)}"
    )


def _ids(tokens: list[str]) -> dict[str, int]:
    return {token: id for id, token in enumerate(dict.fromkeys(tokens))}


def _bpe(tokenizer: PreTrainedTokenizerFast, vocab: dict[str, int], merges: Any) -> Tokenizer:
    pairs: list[tuple[str, str]] = [
        (left, right)
        for left, right in (
            merge.split(" ") if isinstance(merge, str) else merge for merge in merges
        )
    ]
    falls_back = type(tokenizer).__name__ in ("LlamaTokenizer", "GemmaTokenizer")
    core = Tokenizer(
        models.BPE(vocab=vocab, merges=pairs, fuse_unk=falls_back, byte_fallback=falls_back)
    )
    if not falls_back and "errors" in tokenizer._defaults:
        core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        core.decoder = decoders.ByteLevel()
    return core


def _unigram(tokenizer: PreTrainedTokenizerFast, vocab: Any, tokens: list[str]) -> Tokenizer:
    pairs = [(str(piece), float(score)) for piece, score in vocab or [(t, 0.0) for t in tokens]]
    unknown = str(tokenizer._defaults.get("unk_token", "<unk>"))
    place = next((place for place, (piece, _) in enumerate(pairs) if piece == unknown), None)
    core = Tokenizer(models.Unigram(pairs, unk_id=place, byte_fallback=False))
    core.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always"),
        ]
    )
    core.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    return core
