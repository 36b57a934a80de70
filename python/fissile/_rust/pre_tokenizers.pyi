"""Pre-tokenizers: parts that cut a text into the pieces a model sees."""

from collections.abc import Sequence as _Sequence
from typing import Any, Literal, NoReturn, TypeAlias, final

from typing_extensions import Self, disjoint_base

from . import PreTokenizedString, Regex

__all__ = [
    "BertPreTokenizer",
    "ByteLevel",
    "CharDelimiterSplit",
    "Digits",
    "FixedLength",
    "Metaspace",
    "PreTokenizer",
    "Punctuation",
    "Sequence",
    "Split",
    "UnicodeScripts",
    "Whitespace",
    "WhitespaceSplit",
]

_Behavior: TypeAlias = Literal[
    "removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"
]
_Scheme: TypeAlias = Literal["always", "first", "never"]

@disjoint_base
class PreTokenizer:
    """What all pre-tokenizers have in common: they cut a text into pieces."""

    @staticmethod
    def custom(pretok: Any) -> PreTokenizer:
        """Make a pre-tokenizer of a Python object.

        Args:
            pretok: An object with `pre_tokenize(pretok: PreTokenizedString) -> None`.

        Returns:
            The pre-tokenizer. It cannot be saved.
        """
    def pre_tokenize(self, pretok: PreTokenizedString) -> None:
        """Cut a `PreTokenizedString` in place."""
    def pre_tokenize_str(self, s: str) -> list[tuple[str, tuple[int, int]]]:
        """Cut a string.

        Returns:
            The pieces and their offsets in characters.

        Example:
            >>> from fissile import pre_tokenizers
            >>> pre_tokenizers.Whitespace().pre_tokenize_str("Hey!")
            [('Hey', (0, 3)), ('!', (3, 4))]
        """
    def __getstate__(self) -> bytes: ...
    def __setstate__(self, state: bytes) -> None: ...

@final
class BertPreTokenizer(PreTokenizer):
    """White space dropped, punctuation apart."""

    def __new__(cls) -> Self: ...

@final
class Whitespace(PreTokenizer):
    """Cut by the regular expression for words or else runs of punctuation."""

    def __new__(cls) -> Self: ...

@final
class WhitespaceSplit(PreTokenizer):
    """Cut at white space, which is dropped."""

    def __new__(cls) -> Self: ...

@final
class UnicodeScripts(PreTokenizer):
    """Cut where the script changes."""

    def __new__(cls) -> Self: ...

@final
class ByteLevel(PreTokenizer):
    """GPT-2's cut and byte alphabet.

    Args:
        add_prefix_space: Put a space in front of a text that has none.
        trim_offsets: Leave white space out of the offsets.
        use_regex: Cut with GPT-2's regular expression.
    """

    def __new__(
        cls,
        add_prefix_space: bool = True,
        trim_offsets: bool = True,
        use_regex: bool = True,
        **_kwargs: Any,
    ) -> Self: ...
    @property
    def add_prefix_space(self) -> bool:
        """Whether a space is put in front."""
    @add_prefix_space.setter
    def add_prefix_space(self, value: bool) -> None: ...
    @property
    def trim_offsets(self) -> bool:
        """Whether white space is left out of the offsets."""
    @trim_offsets.setter
    def trim_offsets(self, value: bool) -> None: ...
    @property
    def use_regex(self) -> bool:
        """Whether GPT-2's regular expression cuts."""
    @use_regex.setter
    def use_regex(self, value: bool) -> None: ...
    @staticmethod
    def alphabet() -> list[str]:
        """List the characters that stand for the 256 bytes."""

@final
class CharDelimiterSplit(PreTokenizer):
    """Cut at one character, which is dropped.

    Args:
        delimiter: The character.
    """

    def __new__(cls, delimiter: str) -> Self: ...
    @property
    def delimiter(self) -> str:
        """The character."""
    @delimiter.setter
    def delimiter(self, value: str) -> None: ...
    def __getnewargs__(self) -> tuple[str]: ...

@final
class Digits(PreTokenizer):
    """Cut at digits.

    Args:
        individual_digits: Every digit alone, rather than in runs.
    """

    def __new__(cls, individual_digits: bool = False) -> Self: ...
    @property
    def individual_digits(self) -> bool:
        """Whether every digit stands alone."""
    @individual_digits.setter
    def individual_digits(self, value: bool) -> None: ...

@final
class FixedLength(PreTokenizer):
    """Cut every so many characters.

    Args:
        length: The length of a piece, at least 1.
    """

    def __new__(cls, length: int = 5) -> Self: ...
    @property
    def length(self) -> int:
        """The length of a piece."""
    @length.setter
    def length(self, value: int) -> None: ...

@final
class Punctuation(PreTokenizer):
    """Cut at punctuation.

    Args:
        behavior: What becomes of it.
    """

    def __new__(cls, behavior: _Behavior = "isolated") -> Self: ...
    @property
    def behavior(self) -> str:
        """What becomes of punctuation."""
    @behavior.setter
    def behavior(self, value: _Behavior) -> None: ...

@final
class Split(PreTokenizer):
    """Cut at a literal or a regular expression.

    Args:
        pattern: A `str`, taken literally, or a `Regex`.
        behavior: What becomes of the matches.
        invert: Exchange matches and gaps.
    """

    def __new__(cls, pattern: str | Regex, behavior: _Behavior, invert: bool = False) -> Self: ...
    @property
    def behavior(self) -> str:
        """What becomes of the matches."""
    @behavior.setter
    def behavior(self, value: _Behavior) -> None: ...
    @property
    def invert(self) -> bool:
        """Whether matches and gaps are exchanged."""
    @invert.setter
    def invert(self, value: bool) -> None: ...
    def __getnewargs__(self) -> tuple[str, str]: ...
    @property
    def pattern(self) -> NoReturn:
        """The pattern cannot be read back."""
    @pattern.setter
    def pattern(self, value: str | Regex) -> None: ...

@final
class Metaspace(PreTokenizer):
    """SentencePiece's ▁ in place of spaces.

    Args:
        replacement: The visible character.
        prepend_scheme: When it is put in front.
        split: Cut before it.
    """

    def __new__(
        cls,
        replacement: str = "▁",
        prepend_scheme: _Scheme = "always",
        split: bool = True,
    ) -> Self: ...
    @property
    def replacement(self) -> str:
        """The visible character."""
    @replacement.setter
    def replacement(self, value: str) -> None: ...
    @property
    def prepend_scheme(self) -> str:
        """When it is put in front."""
    @prepend_scheme.setter
    def prepend_scheme(self, value: _Scheme) -> None: ...
    @property
    def split(self) -> bool:
        """Whether to cut before it."""
    @split.setter
    def split(self, value: bool) -> None: ...

@final
class Sequence(PreTokenizer):
    """Several pre-tokenizers, one after the other. Members can be read and replaced in place.

    Args:
        pretokenizers: The pre-tokenizers; a `Sequence` among them is taken apart.
    """

    def __new__(cls, pretokenizers: _Sequence[PreTokenizer]) -> Self: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> PreTokenizer: ...
    def __setitem__(self, index: int, value: PreTokenizer, /) -> None: ...
    def __getnewargs__(self) -> tuple[list[PreTokenizer]]: ...
