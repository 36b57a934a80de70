"""Models: what turns a piece into tokens."""

from collections.abc import Sequence as _Sequence
from os import PathLike
from typing import Any, TypeAlias, final

from typing_extensions import Self, disjoint_base

from . import Token, trainers

__all__ = [
    "BPE",
    "Model",
    "Unigram",
    "WordLevel",
    "WordPiece",
]

_Path: TypeAlias = str | PathLike[str]
_Vocab: TypeAlias = dict[str, int] | _Path
_Merges: TypeAlias = _Sequence[tuple[str, str]] | _Path

@disjoint_base
class Model:
    """What all models have in common: they turn a piece into tokens."""

    def __new__(cls) -> Self: ...
    def tokenize(self, sequence: str) -> list[Token]:
        """Turn one piece into tokens."""
    def token_to_id(self, token: str) -> int | None:
        """Find the id of a token."""
    def id_to_token(self, id: int) -> str | None:
        """Find the token of an id."""
    def save(self, folder: _Path, prefix: str | None = None, name: str | None = None) -> list[str]:
        """Write the model's files.

        Args:
            folder: Where to.
            prefix: What their names begin with.
            name: Deprecated name of `prefix`.

        Returns:
            The paths of the files.
        """
    def get_trainer(self) -> trainers.Trainer:
        """Make the trainer of models of this kind, with its default settings."""
    def __getstate__(self) -> bytes: ...
    def __setstate__(self, state: bytes) -> None: ...

@final
class BPE(Model):
    """Byte-pair encoding.

    Args:
        vocab: Tokens and their ids, or the path of a `vocab.json`.
        merges: Pairs of tokens by rank, or the path of a `merges.txt`.
        cache_capacity: Taken for compatibility.
        dropout: Chance of skipping a merge, 0 to 1.
        unk_token: What stands for the unknown.
        continuing_subword_prefix: Put before every symbol but the first of a word.
        end_of_word_suffix: Put behind the last symbol of a word.
        fuse_unk: One unknown token for a run of unknowns.
        byte_fallback: `<0x00>` tokens for what is unknown.
        ignore_merges: A piece that is a token is that token, whatever the merges say.
        seed: Where dropout's draws start; without it they differ from call to call.
    """

    def __new__(
        cls,
        vocab: _Vocab | None = None,
        merges: _Merges | None = None,
        *,
        cache_capacity: int | None = None,
        dropout: float | None = None,
        unk_token: str | None = None,
        continuing_subword_prefix: str | None = None,
        end_of_word_suffix: str | None = None,
        fuse_unk: bool | None = None,
        byte_fallback: bool | None = False,
        ignore_merges: bool | None = False,
        seed: int | None = None,
    ) -> Self: ...
    @property
    def dropout(self) -> float | None:
        """Chance of skipping a merge."""
    @dropout.setter
    def dropout(self, value: float | None) -> None: ...
    @property
    def unk_token(self) -> str | None:
        """What stands for the unknown."""
    @unk_token.setter
    def unk_token(self, value: str | None) -> None: ...
    @property
    def continuing_subword_prefix(self) -> str | None:
        """Put before every symbol but the first of a word."""
    @continuing_subword_prefix.setter
    def continuing_subword_prefix(self, value: str | None) -> None: ...
    @property
    def end_of_word_suffix(self) -> str | None:
        """Put behind the last symbol of a word."""
    @end_of_word_suffix.setter
    def end_of_word_suffix(self, value: str | None) -> None: ...
    @property
    def fuse_unk(self) -> bool:
        """One unknown token for a run of unknowns."""
    @fuse_unk.setter
    def fuse_unk(self, value: bool) -> None: ...
    @property
    def byte_fallback(self) -> bool:
        """`<0x00>` tokens for what is unknown."""
    @byte_fallback.setter
    def byte_fallback(self, value: bool) -> None: ...
    @property
    def ignore_merges(self) -> bool:
        """A piece that is a token is that token, whatever the merges say."""
    @ignore_merges.setter
    def ignore_merges(self, value: bool) -> None: ...
    @staticmethod
    def read_file(vocab: _Path, merges: _Path) -> tuple[dict[str, int], list[tuple[str, str]]]:
        """Read a `vocab.json` and a `merges.txt`, without making a model of them."""
    @classmethod
    def from_file(cls, vocab: _Path, merges: _Path, **kwargs: Any) -> BPE:
        """Make a model from a `vocab.json` and a `merges.txt`."""
    def _clear_cache(self) -> None: ...
    def _resize_cache(self, capacity: int) -> None: ...

@final
class WordPiece(Model):
    """Greedy longest match, as in BERT.

    Args:
        vocab: Tokens and their ids, or the path of a `vocab.txt`.
        unk_token: What stands for the unknown.
        max_input_chars_per_word: A longer word is unknown.
        continuing_subword_prefix: What marks a token inside a word.
    """

    def __new__(
        cls,
        vocab: _Vocab | None = None,
        *,
        unk_token: str = "[UNK]",
        max_input_chars_per_word: int = 100,
        continuing_subword_prefix: str = "##",
    ) -> Self: ...
    @property
    def unk_token(self) -> str:
        """What stands for the unknown."""
    @unk_token.setter
    def unk_token(self, value: str) -> None: ...
    @property
    def max_input_chars_per_word(self) -> int:
        """A longer word is unknown."""
    @max_input_chars_per_word.setter
    def max_input_chars_per_word(self, value: int) -> None: ...
    @property
    def continuing_subword_prefix(self) -> str:
        """What marks a token inside a word."""
    @continuing_subword_prefix.setter
    def continuing_subword_prefix(self, value: str) -> None: ...
    @staticmethod
    def read_file(vocab: _Path) -> dict[str, int]:
        """Read a `vocab.txt`, without making a model of it."""
    @classmethod
    def from_file(cls, vocab: _Path, **kwargs: Any) -> WordPiece:
        """Make a model from a `vocab.txt`."""

@final
class WordLevel(Model):
    """One word, one id.

    Args:
        vocab: Words and their ids, or the path of a `vocab.json`.
        unk_token: What stands for the unknown, `<unk>` by default.
    """

    def __new__(cls, vocab: _Vocab | None = None, unk_token: str | None = None) -> Self: ...
    @property
    def unk_token(self) -> str:
        """What stands for the unknown."""
    @unk_token.setter
    def unk_token(self, value: str) -> None: ...
    @staticmethod
    def read_file(vocab: _Path) -> dict[str, int]:
        """Read a `vocab.json`, without making a model of it."""
    @classmethod
    def from_file(cls, vocab: _Path, unk_token: str | None = None) -> WordLevel:
        """Make a model from a `vocab.json`."""

@final
class Unigram(Model):
    """The most likely segmentation, as in SentencePiece.

    Args:
        vocab: Tokens and their scores, in order of id.
        unk_id: The id of the unknown token.
        byte_fallback: `<0x00>` tokens for what is unknown.
        alpha: Sampling: smoothing of the distribution.
        nbest_size: Sampling: out of the best so many.
        seed: Sampling: where its draws start; without it they differ from call to call.
    """

    def __new__(
        cls,
        vocab: _Sequence[tuple[str, float]] | None = None,
        unk_id: int | None = None,
        byte_fallback: bool | None = None,
        alpha: float | None = None,
        nbest_size: int | None = None,
        *,
        seed: int | None = None,
    ) -> Self: ...
    @property
    def alpha(self) -> float | None:
        """Sampling: smoothing of the distribution."""
    @alpha.setter
    def alpha(self, value: float | None) -> None: ...
    @property
    def nbest_size(self) -> int | None:
        """Sampling: out of the best so many."""
    @nbest_size.setter
    def nbest_size(self, value: int | None) -> None: ...
    def _clear_cache(self) -> None: ...
    def _resize_cache(self, capacity: int) -> None: ...
