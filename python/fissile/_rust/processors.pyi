"""Post-processors: special tokens, type ids, trimmed offsets."""

from collections.abc import Sequence as _Sequence
from typing import Any, TypeAlias, TypedDict, final

from typing_extensions import Self, disjoint_base

from . import Encoding

__all__ = [
    "BertProcessing",
    "ByteLevel",
    "PostProcessor",
    "RobertaProcessing",
    "Sequence",
    "TemplateProcessing",
]

class _SpecialToken(TypedDict):
    id: str
    ids: list[int]
    tokens: list[str]

_Special: TypeAlias = tuple[str, int] | tuple[int, str] | _SpecialToken

@disjoint_base
class PostProcessor:
    """What all post-processors have in common: they frame encodings with special tokens."""

    def num_special_tokens_to_add(self, is_pair: bool) -> int:
        """Count the tokens that are added to one sequence, or to a pair."""
    def process(
        self, encoding: Encoding, pair: Encoding | None = None, add_special_tokens: bool = True
    ) -> Encoding:
        """Frame one encoding, or the two of a pair.

        Args:
            encoding: The first sequence.
            pair: The second of a pair.
            add_special_tokens: Add the special tokens.

        Returns:
            The framed encoding.
        """
    def __getstate__(self) -> bytes: ...
    def __setstate__(self, state: bytes) -> None: ...

@final
class BertProcessing(PostProcessor):
    """BERT's frame: `[CLS] A [SEP] B [SEP]`.

    Args:
        sep: The token that closes every sequence, and its id.
        cls_token: The token that opens the first, and its id.
    """

    def __new__(cls, sep: tuple[str, int], cls_token: tuple[str, int]) -> Self: ...
    @property
    def sep(self) -> tuple[str, int]:
        """The token that closes every sequence, and its id."""
    @sep.setter
    def sep(self, value: tuple[str, int]) -> None: ...
    @property
    def cls(self) -> tuple[str, int]:
        """The token that opens the first sequence, and its id."""
    @cls.setter
    def cls(self, value: tuple[str, int]) -> None: ...
    def __getnewargs__(self) -> tuple[tuple[str, int], tuple[str, int]]: ...

@final
class RobertaProcessing(PostProcessor):
    """RoBERTa's frame: `<s> A </s></s> B </s>`, offsets trimmed.

    Args:
        sep: The token that closes every sequence, and its id.
        cls_token: The token that opens the first, and its id.
        trim_offsets: Leave white space out of the offsets.
        add_prefix_space: Whether the pre-tokenizer added a space in front.
    """

    def __new__(
        cls,
        sep: tuple[str, int],
        cls_token: tuple[str, int],
        trim_offsets: bool = True,
        add_prefix_space: bool = True,
    ) -> Self: ...
    @property
    def sep(self) -> tuple[str, int]:
        """The token that closes every sequence, and its id."""
    @sep.setter
    def sep(self, value: tuple[str, int]) -> None: ...
    @property
    def cls(self) -> tuple[str, int]:
        """The token that opens the first sequence, and its id."""
    @cls.setter
    def cls(self, value: tuple[str, int]) -> None: ...
    @property
    def trim_offsets(self) -> bool:
        """Whether white space is left out of the offsets."""
    @trim_offsets.setter
    def trim_offsets(self, value: bool) -> None: ...
    @property
    def add_prefix_space(self) -> bool:
        """Whether the pre-tokenizer added a space in front."""
    @add_prefix_space.setter
    def add_prefix_space(self, value: bool) -> None: ...
    def __getnewargs__(self) -> tuple[tuple[str, int], tuple[str, int]]: ...

@final
class ByteLevel(PostProcessor):
    """Offsets trimmed of byte-level white space.

    Args:
        add_prefix_space: Whether the pre-tokenizer added a space in front.
        trim_offsets: Leave white space out of the offsets.
        use_regex: Carried for the file's sake.
    """

    def __new__(
        cls,
        add_prefix_space: bool | None = None,
        trim_offsets: bool | None = None,
        use_regex: bool | None = None,
        **_kwargs: Any,
    ) -> Self: ...
    @property
    def add_prefix_space(self) -> bool:
        """Whether the pre-tokenizer added a space in front."""
    @add_prefix_space.setter
    def add_prefix_space(self, value: bool) -> None: ...
    @property
    def trim_offsets(self) -> bool:
        """Whether white space is left out of the offsets."""
    @trim_offsets.setter
    def trim_offsets(self, value: bool) -> None: ...
    @property
    def use_regex(self) -> bool:
        """Carried for the file's sake."""
    @use_regex.setter
    def use_regex(self, value: bool) -> None: ...

@final
class TemplateProcessing(PostProcessor):
    """Any frame, written as a template: `[CLS] $A [SEP] $B:1 [SEP]:1`.

    Args:
        single: The template of one sequence, `$A` by default.
        pair: The template of a pair, `$A:0 $B:1` by default.
        special_tokens: The special tokens that the templates name, as `(token, id)` or as dicts with
            `id`, `ids` and `tokens`.
    """

    def __new__(
        cls,
        single: str | _Sequence[str] | None = None,
        pair: str | _Sequence[str] | None = None,
        special_tokens: _Sequence[_Special] | None = None,
    ) -> Self: ...
    @property
    def single(self) -> str:
        """The template of one sequence."""
    @single.setter
    def single(self, value: str | _Sequence[str]) -> None: ...

@final
class Sequence(PostProcessor):
    """Several post-processors, one after the other. Members can be read and replaced in place.

    Args:
        processors: The post-processors; a `Sequence` among them is taken apart.
    """

    def __new__(cls, processors: _Sequence[PostProcessor]) -> Self: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> PostProcessor: ...
    def __setitem__(self, index: int, value: PostProcessor, /) -> None: ...
    def __getnewargs__(self) -> tuple[list[PostProcessor]]: ...
