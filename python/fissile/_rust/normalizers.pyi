"""Normalizers: parts that clean a text before it is cut."""

from collections.abc import Sequence as _Sequence
from typing import Any, NoReturn, final

from typing_extensions import Self, disjoint_base

from . import NormalizedString, NormalizedStringRefMut, Regex

__all__ = [
    "NFC",
    "NFD",
    "NFKC",
    "NFKD",
    "BertNormalizer",
    "ByteLevel",
    "Lowercase",
    "Nmt",
    "Normalizer",
    "Precompiled",
    "Prepend",
    "Replace",
    "Sequence",
    "Strip",
    "StripAccents",
]

@disjoint_base
class Normalizer:
    """What all normalizers have in common: they change a text and remember where every character came
    from.
    """

    @staticmethod
    def custom(normalizer: Any) -> Normalizer:
        """Make a normalizer of a Python object.

        Args:
            normalizer: An object with `normalize(normalized: NormalizedString) -> None`.

        Returns:
            The normalizer. It cannot be saved.
        """
    def normalize(self, normalized: NormalizedString | NormalizedStringRefMut) -> None:
        """Normalize a `NormalizedString` in place."""
    def normalize_str(self, sequence: str) -> str:
        """Normalize a string.

        Example:
            >>> from fissile import normalizers
            >>> normalizers.Lowercase().normalize_str("HELLO")
            'hello'
        """
    def __getstate__(self) -> bytes: ...
    def __setstate__(self, state: bytes) -> None: ...

@final
class NFC(Normalizer):
    """Canonical composition."""

    def __new__(cls) -> Self: ...

@final
class NFD(Normalizer):
    """Canonical decomposition."""

    def __new__(cls) -> Self: ...

@final
class NFKC(Normalizer):
    """Compatibility composition."""

    def __new__(cls) -> Self: ...

@final
class NFKD(Normalizer):
    """Compatibility decomposition."""

    def __new__(cls) -> Self: ...

@final
class Lowercase(Normalizer):
    """Lower case, character by character."""

    def __new__(cls) -> Self: ...

@final
class StripAccents(Normalizer):
    """Combining marks dropped."""

    def __new__(cls) -> Self: ...

@final
class Nmt(Normalizer):
    """SentencePiece's NMT clean-up."""

    def __new__(cls) -> Self: ...

@final
class ByteLevel(Normalizer):
    """Every byte shown as a printable character."""

    def __new__(cls) -> Self: ...

@final
class BertNormalizer(Normalizer):
    """BERT's clean-up: control characters out, Chinese characters apart, accents off, lower case.

    Args:
        clean_text: Drop control characters, make all white space a space.
        handle_chinese_chars: Put spaces around Chinese characters.
        strip_accents: Drop accents; `None` means when `lowercase`.
        lowercase: Lower case.
    """

    def __new__(
        cls,
        clean_text: bool = True,
        handle_chinese_chars: bool = True,
        strip_accents: bool | None = None,
        lowercase: bool = True,
    ) -> Self: ...
    @property
    def clean_text(self) -> bool:
        """Whether control characters are dropped."""
    @clean_text.setter
    def clean_text(self, value: bool) -> None: ...
    @property
    def handle_chinese_chars(self) -> bool:
        """Whether Chinese characters are set apart."""
    @handle_chinese_chars.setter
    def handle_chinese_chars(self, value: bool) -> None: ...
    @property
    def strip_accents(self) -> bool | None:
        """Whether accents are dropped."""
    @strip_accents.setter
    def strip_accents(self, value: bool | None) -> None: ...
    @property
    def lowercase(self) -> bool:
        """Whether the text is lower-cased."""
    @lowercase.setter
    def lowercase(self, value: bool) -> None: ...

@final
class Strip(Normalizer):
    """White space at the ends dropped.

    Args:
        left: The left end.
        right: The right end.
    """

    def __new__(cls, left: bool = True, right: bool = True) -> Self: ...
    @property
    def left(self) -> bool:
        """Whether the left end is stripped."""
    @left.setter
    def left(self, value: bool) -> None: ...
    @property
    def right(self) -> bool:
        """Whether the right end is stripped."""
    @right.setter
    def right(self, value: bool) -> None: ...

@final
class Prepend(Normalizer):
    """A string put in front.

    Args:
        prepend: The string.
    """

    def __new__(cls, prepend: str = "▁") -> Self: ...
    @property
    def prepend(self) -> str:
        """The string."""
    @prepend.setter
    def prepend(self, value: str) -> None: ...

@final
class Precompiled(Normalizer):
    """SentencePiece's character map.

    Args:
        precompiled_charsmap: The map, as a SentencePiece model holds it.
    """

    def __new__(cls, precompiled_charsmap: bytes) -> Self: ...
    def __getnewargs__(self) -> tuple[bytes]: ...

@final
class Replace(Normalizer):
    """Matches of a pattern replaced.

    Args:
        pattern: A `str`, taken literally, or a `Regex`.
        content: What to put in place of every match.
    """

    def __new__(cls, pattern: str | Regex, content: str) -> Self: ...
    @property
    def content(self) -> str:
        """What is put in place of matches."""
    @content.setter
    def content(self, value: str) -> None: ...
    def __getnewargs__(self) -> tuple[str, str]: ...
    @property
    def pattern(self) -> NoReturn:
        """The pattern cannot be read back."""
    @pattern.setter
    def pattern(self, value: str | Regex) -> None: ...

@final
class Sequence(Normalizer):
    """Several normalizers, one after the other. Members can be read and replaced in place.

    Args:
        normalizers: The normalizers; a `Sequence` among them is taken apart.
    """

    def __new__(cls, normalizers: _Sequence[Normalizer]) -> Self: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> Normalizer: ...
    def __setitem__(self, index: int, value: Normalizer, /) -> None: ...
    def __getnewargs__(self) -> tuple[list[Normalizer]]: ...
