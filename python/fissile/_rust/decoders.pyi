"""Decoders: tokens back into text."""

from collections.abc import Sequence as _Sequence
from typing import Any, Literal, TypeAlias, final

from typing_extensions import Self, disjoint_base

from . import Regex, Tokenizer

__all__ = [
    "CTC",
    "BPEDecoder",
    "ByteFallback",
    "ByteLevel",
    "DecodeStream",
    "Decoder",
    "Fuse",
    "Metaspace",
    "Replace",
    "Sequence",
    "Strip",
    "WordPiece",
]

_Scheme: TypeAlias = Literal["always", "first", "never"]

@disjoint_base
class Decoder:
    """What all decoders have in common: they turn tokens back into text."""

    @staticmethod
    def custom(decoder: Any) -> Decoder:
        """Make a decoder of a Python object.

        Args:
            decoder: An object with `decode_chain(tokens: list[str]) -> list[str]`.

        Returns:
            The decoder. It cannot be saved.
        """
    def decode(self, tokens: _Sequence[str]) -> str:
        """Join tokens to a text.

        Example:
            >>> from fissile import decoders
            >>> decoders.WordPiece().decode(["to", "##ken"])
            'token'
        """
    def __getstate__(self) -> bytes: ...
    def __setstate__(self, state: bytes) -> None: ...

@final
class ByteFallback(Decoder):
    """`<0xE3>` tokens back into bytes."""

    def __new__(cls) -> Self: ...

@final
class Fuse(Decoder):
    """All tokens joined into one."""

    def __new__(cls) -> Self: ...

@final
class ByteLevel(Decoder):
    """GPT-2's byte alphabet back into bytes."""

    def __new__(cls, **_kwargs: Any) -> Self: ...

@final
class BPEDecoder(Decoder):
    """A suffix that marks the end of a word becomes a space.

    Args:
        suffix: The suffix.
    """

    def __new__(cls, suffix: str = "</w>") -> Self: ...
    @property
    def suffix(self) -> str:
        """The suffix."""
    @suffix.setter
    def suffix(self, value: str) -> None: ...

@final
class WordPiece(Decoder):
    """WordPiece: the prefix removed, words joined by spaces.

    Args:
        prefix: What marks a token inside a word.
        cleanup: Undo the spaces that tokenizing put before punctuation.
    """

    def __new__(cls, prefix: str = "##", cleanup: bool = True) -> Self: ...
    @property
    def prefix(self) -> str:
        """What marks a token inside a word."""
    @prefix.setter
    def prefix(self, value: str) -> None: ...
    @property
    def cleanup(self) -> bool:
        """Whether spaces before punctuation are undone."""
    @cleanup.setter
    def cleanup(self, value: bool) -> None: ...

@final
class Metaspace(Decoder):
    """▁ back into spaces.

    Args:
        replacement: The visible character.
        prepend_scheme: When it was put in front.
        split: Carried for the file's sake.
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
        """When it was put in front."""
    @prepend_scheme.setter
    def prepend_scheme(self, value: _Scheme) -> None: ...
    @property
    def split(self) -> bool:
        """Carried for the file's sake."""
    @split.setter
    def split(self, value: bool) -> None: ...

@final
class CTC(Decoder):
    """Repeats and blanks of a CTC output removed.

    Args:
        pad_token: The blank.
        word_delimiter_token: What stands between words.
        cleanup: Undo the spaces that tokenizing put before punctuation.
    """

    def __new__(
        cls,
        pad_token: str = "<pad>",
        word_delimiter_token: str = "|",
        cleanup: bool = True,
    ) -> Self: ...
    @property
    def pad_token(self) -> str:
        """The blank."""
    @pad_token.setter
    def pad_token(self, value: str) -> None: ...
    @property
    def word_delimiter_token(self) -> str:
        """What stands between words."""
    @word_delimiter_token.setter
    def word_delimiter_token(self, value: str) -> None: ...
    @property
    def cleanup(self) -> bool:
        """Whether spaces before punctuation are undone."""
    @cleanup.setter
    def cleanup(self, value: bool) -> None: ...

@final
class Replace(Decoder):
    """Matches of a pattern replaced, token by token.

    Args:
        pattern: A `str`, taken literally, or a `Regex`.
        content: What to put in place of every match.
    """

    def __new__(cls, pattern: str | Regex, content: str) -> Self: ...
    def __getnewargs__(self) -> tuple[str, str]: ...

@final
class Strip(Decoder):
    """Characters stripped from the ends of each token.

    Args:
        content: The character.
        left: At most so many from the front.
        right: At most so many from the back.
    """

    def __new__(cls, content: str = " ", left: int = 0, right: int = 0) -> Self: ...
    @property
    def content(self) -> str:
        """The character."""
    @content.setter
    def content(self, value: str) -> None: ...
    @property
    def start(self) -> int:
        """At most so many from the front."""
    @start.setter
    def start(self, value: int) -> None: ...
    @property
    def stop(self) -> int:
        """At most so many from the back."""
    @stop.setter
    def stop(self, value: int) -> None: ...

@final
class Sequence(Decoder):
    """Several decoders, one after the other. Members can be read and replaced in place.

    Args:
        decoders: The decoders; a `Sequence` among them is taken apart.
    """

    def __new__(cls, decoders: _Sequence[Decoder]) -> Self: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> Decoder: ...
    def __setitem__(self, index: int, value: Decoder, /) -> None: ...
    def __getnewargs__(self) -> tuple[list[Decoder]]: ...

@final
class DecodeStream:
    """Decodes ids one by one, and gives text as soon as it is certain.

    Args:
        ids: Ids that went before (a prompt); their text is not given out.
        skip_special_tokens: Leave special tokens out of the text.
    """

    def __new__(
        cls,
        ids: _Sequence[int] | None = None,
        skip_special_tokens: bool | None = False,
    ) -> Self: ...
    def step(self, tokenizer: Tokenizer, id: int | _Sequence[int]) -> str | None:
        """Take an id or several.

        Args:
            tokenizer: What decodes them.
            id: One id, or several.

        Returns:
            The text that became certain with them, if any.
        """
    def flush(self, tokenizer: Tokenizer) -> str | None:
        """Give out the text still held back, at the end of a stream.

        Args:
            tokenizer: What decodes it.

        Returns:
            The text, unfinished characters as U+FFFD, if there is any. The stream is then as new.
        """
    def __getstate__(self) -> bytes: ...
    def __setstate__(self, state: bytes) -> None: ...
    def __getnewargs__(self) -> tuple[()]: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: dict[int, Any]) -> Self: ...
