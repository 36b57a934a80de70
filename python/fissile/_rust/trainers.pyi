"""Trainers: the settings that training takes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Sequence as _Sequence
from os import PathLike
from typing import Any, Literal, Protocol, TypeAlias, final

from typing_extensions import Self, disjoint_base

from . import AddedToken, Tokenizer

__all__ = [
    "BpeTrainer",
    "ParityBpeTrainer",
    "Pruned",
    "Trainer",
    "UnigramTrainer",
    "WordCounts",
    "WordLevelTrainer",
    "WordPieceTrainer",
]

class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: object | None = None) -> object: ...

_Arrow: TypeAlias = _ArrowStream | _ArrowArray
_Texts: TypeAlias = Iterable[str] | Iterable[Iterable[str]] | Iterable[_Arrow] | _Arrow
_Counts: TypeAlias = WordCounts | Mapping[str, int] | Iterable[tuple[str, int]] | _Arrow
_Progress: TypeAlias = Callable[[str, int, int], object]
_Special: TypeAlias = list[str | AddedToken] | tuple[str | AddedToken, ...]

@disjoint_base
class Trainer:
    """What all trainers have in common: settings."""

    def __getstate__(self) -> bytes: ...
    def __setstate__(self, state: bytes) -> None: ...

@final
class BpeTrainer(Trainer):
    """Settings to train a BPE model.

    Args:
        vocab_size: Tokens at most, alphabet and special tokens included.
        min_frequency: How often a pair has to occur to be merged.
        show_progress: Show progress.
        progress_format: "indicatif", "json" or "silent".
        special_tokens: Tokens that come first and are found whole.
        limit_alphabet: Characters at most.
        initial_alphabet: Characters that are kept even if they do not occur.
        continuing_subword_prefix: Put before every symbol but the first of a word.
        end_of_word_suffix: Put behind the last symbol of a word.
        max_token_length: Characters of a token at most.
        seed_tokens: Texts that become tokens whatever the corpus says, spelled in the characters of the words
            (the byte alphabet where the pre-tokenizer is byte-level).
        clean: Merge the pair that is the most frequent at the time, wherever it stands, and never make longer
            tokens than asked: the textbook's way. By default all of the reference's habits are kept, so that
            the result is the reference's.
    """

    def __new__(
        cls,
        *,
        vocab_size: int = 30000,
        min_frequency: int = 0,
        show_progress: bool = True,
        progress_format: str = "indicatif",
        special_tokens: _Special = ...,
        limit_alphabet: int | None = None,
        initial_alphabet: _Sequence[str] = ...,
        continuing_subword_prefix: str | None = None,
        end_of_word_suffix: str | None = None,
        max_token_length: int | None = None,
        seed_tokens: _Sequence[str] = ...,
        clean: bool = False,
    ) -> Self: ...
    @property
    def seed_tokens(self) -> list[str]:
        """Texts that become tokens whatever the corpus says."""
    @seed_tokens.setter
    def seed_tokens(self, value: _Sequence[str]) -> None: ...
    @property
    def clean(self) -> bool:
        """Whether the reference's habits are left out."""
    @clean.setter
    def clean(self, value: bool) -> None: ...
    @property
    def vocab_size(self) -> int:
        """Tokens at most, alphabet and special tokens included."""
    @vocab_size.setter
    def vocab_size(self, value: int) -> None: ...
    @property
    def min_frequency(self) -> int:
        """How often a pair has to occur to be merged."""
    @min_frequency.setter
    def min_frequency(self, value: int) -> None: ...
    @property
    def show_progress(self) -> bool:
        """Show progress."""
    @show_progress.setter
    def show_progress(self, value: bool) -> None: ...
    @property
    def progress_format(self) -> str:
        """ "indicatif", "json" or "silent"."""
    @progress_format.setter
    def progress_format(self, value: str) -> None: ...
    @property
    def special_tokens(self) -> list[AddedToken]:
        """Tokens that come first and are found whole."""
    @special_tokens.setter
    def special_tokens(self, value: _Special) -> None: ...
    @property
    def limit_alphabet(self) -> int | None:
        """Characters at most."""
    @limit_alphabet.setter
    def limit_alphabet(self, value: int | None) -> None: ...
    @property
    def initial_alphabet(self) -> list[str]:
        """Characters that are kept even if they do not occur."""
    @initial_alphabet.setter
    def initial_alphabet(self, value: _Sequence[str]) -> None: ...
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
    def max_token_length(self) -> int | None:
        """Characters of a token at most."""
    @max_token_length.setter
    def max_token_length(self, value: int | None) -> None: ...
    def get_word_count(self) -> int:
        """Count the distinct words that were seen."""

@final
class WordPieceTrainer(Trainer):
    """Settings to train a WordPiece model.

    Args:
        vocab_size: Tokens at most, alphabet and special tokens included.
        min_frequency: How often a pair has to occur to be merged.
        show_progress: Show progress.
        special_tokens: Tokens that come first and are found whole.
        limit_alphabet: Characters at most.
        initial_alphabet: Characters that are kept even if they do not occur.
        continuing_subword_prefix: Put before every symbol but the first of a word.
        end_of_word_suffix: Put behind the last symbol of a word.
        seed_tokens: Texts that become tokens whatever the corpus says, spelled in the characters of the words
            (the byte alphabet where the pre-tokenizer is byte-level).
        clean: Merge the pair that is the most frequent at the time, wherever it stands, and never make longer
            tokens than asked: the textbook's way. By default all of the reference's habits are kept, so that
            the result is the reference's.
    """

    def __new__(
        cls,
        *,
        vocab_size: int = 30000,
        min_frequency: int = 0,
        show_progress: bool = True,
        special_tokens: _Special = ...,
        limit_alphabet: int | None = None,
        initial_alphabet: _Sequence[str] = ...,
        continuing_subword_prefix: str | None = "##",
        end_of_word_suffix: str | None = None,
        seed_tokens: _Sequence[str] = ...,
        clean: bool = False,
    ) -> Self: ...
    @property
    def seed_tokens(self) -> list[str]:
        """Texts that become tokens whatever the corpus says."""
    @seed_tokens.setter
    def seed_tokens(self, value: _Sequence[str]) -> None: ...
    @property
    def clean(self) -> bool:
        """Whether the reference's habits are left out."""
    @clean.setter
    def clean(self, value: bool) -> None: ...
    @property
    def vocab_size(self) -> int:
        """Tokens at most, alphabet and special tokens included."""
    @vocab_size.setter
    def vocab_size(self, value: int) -> None: ...
    @property
    def min_frequency(self) -> int:
        """How often a pair has to occur to be merged."""
    @min_frequency.setter
    def min_frequency(self, value: int) -> None: ...
    @property
    def show_progress(self) -> bool:
        """Show progress."""
    @show_progress.setter
    def show_progress(self, value: bool) -> None: ...
    @property
    def special_tokens(self) -> list[AddedToken]:
        """Tokens that come first and are found whole."""
    @special_tokens.setter
    def special_tokens(self, value: _Special) -> None: ...
    @property
    def limit_alphabet(self) -> int | None:
        """Characters at most."""
    @limit_alphabet.setter
    def limit_alphabet(self, value: int | None) -> None: ...
    @property
    def initial_alphabet(self) -> list[str]:
        """Characters that are kept even if they do not occur."""
    @initial_alphabet.setter
    def initial_alphabet(self, value: _Sequence[str]) -> None: ...
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

@final
class WordLevelTrainer(Trainer):
    """Settings to train a word-level model.

    Args:
        vocab_size: Tokens at most, alphabet and special tokens included.
        min_frequency: How often a pair has to occur to be merged.
        show_progress: Show progress.
        special_tokens: Tokens that come first and are found whole.
        seed_tokens: Texts that become tokens whatever the corpus says, spelled in the characters of the words
            (the byte alphabet where the pre-tokenizer is byte-level).
    """

    def __new__(
        cls,
        *,
        vocab_size: int = 30000,
        min_frequency: int = 0,
        show_progress: bool = True,
        special_tokens: _Special = ...,
        seed_tokens: _Sequence[str] = ...,
    ) -> Self: ...
    @property
    def seed_tokens(self) -> list[str]:
        """Texts that become tokens whatever the corpus says."""
    @seed_tokens.setter
    def seed_tokens(self, value: _Sequence[str]) -> None: ...
    @property
    def vocab_size(self) -> int:
        """Tokens at most, alphabet and special tokens included."""
    @vocab_size.setter
    def vocab_size(self, value: int) -> None: ...
    @property
    def min_frequency(self) -> int:
        """How often a pair has to occur to be merged."""
    @min_frequency.setter
    def min_frequency(self, value: int) -> None: ...
    @property
    def show_progress(self) -> bool:
        """Show progress."""
    @show_progress.setter
    def show_progress(self, value: bool) -> None: ...
    @property
    def special_tokens(self) -> list[AddedToken]:
        """Tokens that come first and are found whole."""
    @special_tokens.setter
    def special_tokens(self, value: _Special) -> None: ...

@final
class UnigramTrainer(Trainer):
    """Settings to train a Unigram model.

    Args:
        vocab_size: Tokens at most, alphabet and special tokens included.
        show_progress: Show progress.
        special_tokens: Tokens that come first and are found whole.
        initial_alphabet: Characters that are kept even if they do not occur.
        shrinking_factor: The share of tokens that survives a pruning.
        unk_token: What stands for the unknown.
        max_piece_length: Characters of a token at most.
        n_sub_iterations: Rounds of expectation-maximisation before a pruning.
        seed_tokens: Texts that become tokens whatever the corpus says, spelled in the characters of the words
            (the byte alphabet where the pre-tokenizer is byte-level).
    """

    def __new__(
        cls,
        *,
        vocab_size: int = 8000,
        show_progress: bool = True,
        special_tokens: _Special = ...,
        initial_alphabet: _Sequence[str] = ...,
        shrinking_factor: float = 0.75,
        unk_token: str | None = None,
        max_piece_length: int = 16,
        n_sub_iterations: int = 2,
        seed_tokens: _Sequence[str] = ...,
    ) -> Self: ...
    @property
    def seed_tokens(self) -> list[str]:
        """Texts that become tokens whatever the corpus says."""
    @seed_tokens.setter
    def seed_tokens(self, value: _Sequence[str]) -> None: ...
    @property
    def vocab_size(self) -> int:
        """Tokens at most, alphabet and special tokens included."""
    @vocab_size.setter
    def vocab_size(self, value: int) -> None: ...
    @property
    def show_progress(self) -> bool:
        """Show progress."""
    @show_progress.setter
    def show_progress(self, value: bool) -> None: ...
    @property
    def special_tokens(self) -> list[AddedToken]:
        """Tokens that come first and are found whole."""
    @special_tokens.setter
    def special_tokens(self, value: _Special) -> None: ...
    @property
    def initial_alphabet(self) -> list[str]:
        """Characters that are kept even if they do not occur."""
    @initial_alphabet.setter
    def initial_alphabet(self, value: _Sequence[str]) -> None: ...

@final
class ParityBpeTrainer:
    """Settings to train a BPE model that treats several languages alike.

    Args:
        num_merges: Merges at most.
        variant: "base" or "window".
        min_frequency: How often a pair has to occur to be merged.
        ratio: The share that each language should have.
        global_merges: Merges chosen over all languages before the others.
        window_size: Merges that the "window" variant looks back on.
        alpha: How strictly the "window" variant balances.
        total_symbols: Count symbols rather than merges.
        special_tokens: Tokens that come first and are found whole.
        show_progress: Show progress.
        limit_alphabet: Characters at most.
        initial_alphabet: Characters that are kept even if they do not occur.
        continuing_subword_prefix: Put before every symbol but the first of a word.
        end_of_word_suffix: Put behind the last symbol of a word.
        max_token_length: Characters of a token at most.
    """

    def __new__(
        cls,
        num_merges: int = 32000,
        variant: Literal["base", "window"] = "base",
        min_frequency: int = 0,
        ratio: _Sequence[float] | None = None,
        global_merges: int = 0,
        window_size: int = 100,
        alpha: float = 2.0,
        total_symbols: bool = False,
        special_tokens: _Special | None = None,
        show_progress: bool = True,
        limit_alphabet: int | None = None,
        initial_alphabet: _Sequence[str] | None = None,
        continuing_subword_prefix: str | None = None,
        end_of_word_suffix: str | None = None,
        max_token_length: int | None = None,
    ) -> Self: ...
    @property
    def num_merges(self) -> int:
        """Merges at most."""
    @num_merges.setter
    def num_merges(self, value: int) -> None: ...
    @property
    def min_frequency(self) -> int:
        """How often a pair has to occur to be merged."""
    @min_frequency.setter
    def min_frequency(self, value: int) -> None: ...
    @property
    def global_merges(self) -> int:
        """Merges chosen over all languages before the others."""
    @global_merges.setter
    def global_merges(self, value: int) -> None: ...
    @property
    def window_size(self) -> int:
        """Merges that the "window" variant looks back on."""
    @window_size.setter
    def window_size(self, value: int) -> None: ...
    @property
    def alpha(self) -> float:
        """How strictly the "window" variant balances."""
    @alpha.setter
    def alpha(self, value: float) -> None: ...
    @property
    def total_symbols(self) -> bool:
        """Count symbols rather than merges."""
    @total_symbols.setter
    def total_symbols(self, value: bool) -> None: ...
    @property
    def special_tokens(self) -> list[AddedToken]:
        """Tokens that come first and are found whole."""
    @special_tokens.setter
    def special_tokens(self, value: _Special) -> None: ...
    @property
    def show_progress(self) -> bool:
        """Show progress."""
    @show_progress.setter
    def show_progress(self, value: bool) -> None: ...
    @property
    def limit_alphabet(self) -> int | None:
        """Characters at most."""
    @limit_alphabet.setter
    def limit_alphabet(self, value: int | None) -> None: ...
    @property
    def initial_alphabet(self) -> list[str]:
        """Characters that are kept even if they do not occur."""
    @initial_alphabet.setter
    def initial_alphabet(self, value: _Sequence[str]) -> None: ...
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
    def max_token_length(self) -> int | None:
        """Characters of a token at most."""
    @max_token_length.setter
    def max_token_length(self, value: int | None) -> None: ...
    @property
    def variant(self) -> str:
        """Which variant: "base" or "window"."""
    def train_from_iterator(
        self,
        tokenizer: Tokenizer,
        train_iterators: _Sequence[Iterable[str]],
        dev_iterators: _Sequence[Iterable[str]] | None = None,
        ratio: _Sequence[float] | None = None,
    ) -> None:
        """Train the model of `tokenizer`.

        Args:
            tokenizer: The tokenizer.
            train_iterators: One iterator of texts a language.
            dev_iterators: Texts to balance by.
            ratio: The share that each language should have.
        """
    def __getstate__(self) -> dict[str, Any]: ...
    def __setstate__(self, state: dict[str, Any]) -> None: ...

@final
class Pruned:
    """What `Tokenizer.prune` gives: a smaller tokenizer, and where its tokens were before.

    Attributes:
        tokenizer: The smaller tokenizer.
        old_ids: For each of its ids the one that the token had before. The rows of an embedding matrix that stay:
            `smaller = torch.nn.Embedding.from_pretrained(embedding.weight[pruned.old_ids])`.
        new_ids: For each id that there was before the one that the token has now, `None` where it is gone.
    """

    @property
    def tokenizer(self) -> Tokenizer: ...
    @property
    def old_ids(self) -> list[int]: ...
    @property
    def new_ids(self) -> list[int | None]: ...

@final
class WordCounts(Mapping[str, int]):
    """Words and how often each occurs: what `Tokenizer.count_words` gives and `train_from_counts` takes.

    Tables of parts of a corpus add up to the table of the whole: count on many machines, save, load, add.

    Args:
        counts: A mapping of words to counts, an Arrow table with a column of words and one of counts, or pairs
            of word and count; counts of the same word add up.

    Raises:
        TypeError: When an item is no pair of a str and an int from 0 to 2**64 - 1.
        FissileError: When a sum passes 2**64 - 1.

    Example:
        >>> from fissile.trainers import WordCounts
        >>> sum_of_both = WordCounts({"the": 2, "cat": 1}) + WordCounts({"the": 3})
        >>> sum_of_both["the"], sum_of_both["dog"], len(sum_of_both)
        (5, 0, 2)
        >>> sum_of_both.most_common(1)
        [('the', 5)]
    """

    def __new__(
        cls, counts: Mapping[str, int] | Iterable[tuple[str, int]] | _Arrow | None = None
    ) -> Self: ...
    @staticmethod
    def load(path: str | PathLike[str]) -> WordCounts:
        """Read a table that `save` wrote.

        Raises:
            OSError: When the file cannot be read.
            FissileError: When a line is none of a count table; the message names it.
        """
    def save(self, path: str | PathLike[str]) -> None:
        """Write the table into a text file, whole or not at all.

        A first line names the format; then comes one word a line, its count before it.

        Raises:
            OSError: When writing fails.
        """
    def most_common(self, n: int | None = None) -> list[tuple[str, int]]:
        """The most frequent words with their counts, equally frequent ones in order."""
    def total(self) -> int:
        """How often all words occur together."""
    def keys(self) -> list[str]:  # type: ignore[override]
        """The words, in order."""
    def items(self) -> list[tuple[str, int]]:  # type: ignore[override]
        """Words and counts, in order of the words."""
    def to_dict(self) -> dict[str, int]:
        """A dict of the words and their counts."""
    def __add__(self, value: WordCounts, /) -> WordCounts: ...
    def __radd__(self, value: WordCounts, /) -> WordCounts: ...
    def __getitem__(self, key: str, /) -> int: ...
    def __contains__(self, key: object, /) -> bool: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[str]: ...
    def __eq__(self, value: object, /) -> bool: ...
