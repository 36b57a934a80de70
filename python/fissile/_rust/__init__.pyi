"""The extension module. Import from `fissile`, not from here."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, Protocol, TypeAlias, TypedDict, TypeVar, final, overload

from typing_extensions import CapsuleType, Self, Unpack

from . import decoders, models, normalizers, pre_tokenizers, processors, trainers

__all__ = [
    "AddedToken",
    "DisallowedTokenError",
    "Encoding",
    "FileError",
    "FissileError",
    "FormatError",
    "Ids",
    "IncrementalEncoder",
    "InvalidValueError",
    "Mask",
    "NormalizedString",
    "NormalizedStringRefMut",
    "OffsetPairs",
    "PreTokenizedString",
    "Ragged",
    "Regex",
    "RowSplits",
    "Token",
    "Tokenizer",
    "UnsupportedError",
    "WordIds",
    "__version__",
    "decoders",
    "models",
    "normalizers",
    "pre_tokenizers",
    "processors",
    "read_sentencepiece",
    "trainers",
]

__version__: str

_Path: TypeAlias = str | PathLike[str]
_Range: TypeAlias = int | tuple[int, int] | slice
_Words: TypeAlias = list[str] | tuple[str, ...]
_Sequence: TypeAlias = str | _Words
_Input: TypeAlias = _Sequence | tuple[_Sequence, _Sequence] | list[_Words]
_Direction: TypeAlias = Literal["left", "right"]
_Strategy: TypeAlias = Literal["longest_first", "only_first", "only_second"]
_Behavior: TypeAlias = Literal[
    "removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"
]
_Column: TypeAlias = Literal[
    "ids", "type_ids", "attention_mask", "special_tokens_mask", "word_ids", "offsets"
]
_Special: TypeAlias = Literal["all", "none"] | Iterable[str] | None

_Batch: TypeAlias = Sequence[_Input] | trainers._Arrow
_Number = TypeVar("_Number", covariant=True)

class _IntArray(Protocol):
    """Anything with integers in a row: a list, a tuple, a NumPy array, a one-dimensional tensor."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> Any: ...

class _Truncation(TypedDict):
    max_length: int
    stride: int
    strategy: _Strategy
    direction: _Direction

class _Padding(TypedDict):
    length: int | None
    pad_to_multiple_of: int | None
    pad_id: int
    pad_token: str
    pad_type_id: int
    direction: _Direction

class _IdOptions(TypedDict, total=False):
    """What a call that gives ids can say beside its text.

    truncation: `None` for the tokenizer's own, `False` for none, an `int` for that length, a dict for
        the arguments of `enable_truncation`.
    padding: `None` for the tokenizer's own, `False` for none, `True` for the longest of the batch, a
        dict for the arguments of `enable_padding`.
    allowed_special: Special tokens that are recognised in the text, the others being text: "all", "none",
        or a collection; `None` for the tokenizer's own way (all, or none under `encode_special_tokens`).
    disallowed_special: What raises `DisallowedTokenError` when it stands in the text: a collection, or
        "all" for the special tokens that `allowed_special` does not name (every one where it is left out);
        "none" by default. tiktoken's default is `allowed_special=(), disallowed_special="all"`.
    matching: "reference" for the field's way of finding added tokens, "exact" to find those that a
        rejected longer match covers, too.
    num_threads: At most so many threads; `None` asks the environment.
    """

    truncation: _Truncation | Mapping[str, Any] | int | bool | None
    padding: _Padding | Mapping[str, Any] | bool | None
    allowed_special: _Special
    disallowed_special: _Special
    matching: Literal["reference", "exact"]
    num_threads: int | None

class _EncodeOptions(_IdOptions, total=False):
    """What a call that gives encodings can say beside its text.

    offsets: "reference" for the field's offsets, "exact" for right ones where the field's are wrong.
    offset_unit: "char" or "byte".
    """

    offsets: Literal["reference", "exact"]
    offset_unit: Literal["char", "byte"]

class FissileError(Exception):
    """Anything that goes wrong inside fissile.

    Attributes:
        path: The file.
        field: The place inside the document or the argument.
        expected: What would have been right.
        found: What was there instead.
        hint: What to do about it.
    """

    path: str | None
    field: str | None
    expected: str | None
    found: str | None
    hint: str | None

class InvalidValueError(FissileError, ValueError):
    """A value given by the caller cannot be used."""

class FormatError(FissileError, ValueError):
    """A file or document does not follow its format."""

class FileError(FissileError, OSError):
    """Reading or writing a file failed."""

class UnsupportedError(FissileError, NotImplementedError):
    """A well-formed request for something that is not built or not allowed."""

class DisallowedTokenError(FissileError, ValueError):
    """A special token that the caller disallowed stands in the text."""

@final
class AddedToken:
    """A token that is found in the text before the model sees it.

    Args:
        content: Its text.
        single_word: Only where it is a word of its own.
        lstrip: Takes the white space to its left with it.
        rstrip: Takes the white space to its right with it.
        normalized: Looked for in the normalized text, not in the raw one; the default is
            `not special`.
        special: Left out when decoding, on request.
    """

    def __new__(
        cls,
        content: str | None = None,
        *,
        single_word: bool = False,
        lstrip: bool = False,
        rstrip: bool = False,
        normalized: bool | None = None,
        special: bool = False,
    ) -> Self: ...
    @property
    def content(self) -> str:
        """Its text."""
    @content.setter
    def content(self, value: str) -> None: ...
    @property
    def special(self) -> bool:
        """Whether it is left out when decoding, on request."""
    @special.setter
    def special(self, value: bool) -> None: ...
    @property
    def single_word(self) -> bool:
        """Whether it is found only where it is a word of its own."""
    @property
    def lstrip(self) -> bool:
        """Whether it takes the white space to its left with it."""
    @property
    def rstrip(self) -> bool:
        """Whether it takes the white space to its right with it."""
    @property
    def normalized(self) -> bool:
        """Whether it is looked for in the normalized text."""
    def __getstate__(self) -> dict[str, Any]: ...
    def __setstate__(self, state: dict[str, Any]) -> None: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __lt__(self, other: object, /) -> bool: ...
    def __le__(self, other: object, /) -> bool: ...
    def __gt__(self, other: object, /) -> bool: ...
    def __ge__(self, other: object, /) -> bool: ...

@final
class Regex:
    """A regular expression in Oniguruma's Ruby dialect.

    Args:
        s: The expression.
    """

    def __new__(cls, s: str) -> Self: ...
    @property
    def pattern(self) -> str:
        """The expression as it was given."""
    def __getnewargs__(self) -> tuple[str]: ...

@final
class Token:
    """One token as a model gives it: its id, its text, and the part of the piece it covers."""

    def __new__(cls, id: int, value: str, offsets: tuple[int, int]) -> Self: ...
    @property
    def id(self) -> int:
        """The number."""
    @property
    def value(self) -> str:
        """The text."""
    @property
    def offsets(self) -> tuple[int, int]:
        """Where it stands in the piece."""
    def as_tuple(self) -> tuple[int, str, tuple[int, int]]:
        """Id, text and offsets as one tuple."""
    def __getnewargs__(self) -> tuple[int, str, tuple[int, int]]: ...

class _NormalizedText:
    @property
    def normalized(self) -> str:
        """The text as it is now."""
    @property
    def original(self) -> str:
        """The text as it was given."""
    def nfd(self) -> None:
        """Canonical decomposition."""
    def nfkd(self) -> None:
        """Compatibility decomposition."""
    def nfc(self) -> None:
        """Canonical composition."""
    def nfkc(self) -> None:
        """Compatibility composition."""
    def lowercase(self) -> None:
        """Lower case."""
    def uppercase(self) -> None:
        """Upper case."""
    def prepend(self, s: str) -> None:
        """Put a string in front."""
    def append(self, s: str) -> None:
        """Put a string behind."""
    def lstrip(self) -> None:
        """Strip white space on the left."""
    def rstrip(self) -> None:
        """Strip white space on the right."""
    def strip(self) -> None:
        """Strip white space at both ends."""
    def clear(self) -> None:
        """Drop everything."""
    def slice(self, range: _Range) -> NormalizedString | None:
        """Take a part of the text, with its alignment.

        Args:
            range: Which characters of the normalized text.

        Returns:
            The part, or `None` when it lies behind the text.
        """
    def filter(self, func: Callable[[str], bool]) -> None:
        """Keep the characters for which `func` is true."""
    def for_each(self, func: Callable[[str], object]) -> None:
        """Call `func` on every character."""
    def map(self, func: Callable[[str], str]) -> None:
        """Replace every character by what `func` gives."""
    def split(self, pattern: str | Regex, behavior: _Behavior) -> list[NormalizedString]:
        """Cut at the matches of a pattern.

        Args:
            pattern: A `str`, taken literally, or a `Regex`.
            behavior: What becomes of the matches.

        Returns:
            The pieces.
        """
    def replace(self, pattern: str | Regex, content: str) -> None:
        """Replace all matches of a pattern by `content`."""
    def __getitem__(self, range: _Range, /) -> NormalizedString | None: ...

@final
class NormalizedString(_NormalizedText):
    """A text under edit that remembers where every character came from.

    Args:
        sequence: The text.
    """

    def __new__(cls, sequence: str) -> Self: ...
    def __getstate__(self) -> bytes: ...
    def __setstate__(self, state: bytes) -> None: ...
    def __getnewargs__(self) -> tuple[str]: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: dict[int, Any]) -> Self: ...

@final
class NormalizedStringRefMut(_NormalizedText):
    """The text that a custom normalizer is lent: usable only during the call."""

@final
class PreTokenizedString:
    """A text cut into pieces.

    Args:
        s: The text.
    """

    def __new__(cls, s: str) -> Self: ...
    def split(self, func: Callable[[int, NormalizedString], Sequence[NormalizedString]]) -> None:
        """Replace every piece by what `func(index, piece)` makes of it."""
    def normalize(self, func: Callable[[NormalizedStringRefMut], object]) -> None:
        """Let `func(piece)` edit every piece."""
    def tokenize(self, func: Callable[[str], Sequence[Token]]) -> None:
        """Give every piece the tokens that `func(text)` makes of it."""
    def to_encoding(self, type_id: int = 0, word_idx: int | None = None) -> Encoding:
        """Join all tokens to an encoding, offsets in characters.

        Args:
            type_id: The type of all tokens.
            word_idx: The word number of all tokens; by default every piece is a word.

        Returns:
            The encoding.
        """
    def get_splits(
        self,
        offset_referential: Literal["original", "normalized"] = "original",
        offset_type: Literal["char", "byte"] = "char",
    ) -> list[tuple[str, tuple[int, int], list[Token] | None]]:
        """List the pieces: text, offsets, and tokens where there are any.

        Args:
            offset_referential: Which text offsets refer to.
            offset_type: Their unit.

        Returns:
            The pieces.
        """
    def __getstate__(self) -> bytes: ...
    def __setstate__(self, state: bytes) -> None: ...
    def __getnewargs__(self) -> tuple[str]: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: dict[int, Any]) -> Self: ...

class _Buffer(Sequence[_Number]):
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, key: int, /) -> _Number: ...
    @overload
    def __getitem__(self, key: slice, /) -> Self: ...
    def __iter__(self) -> Iterator[_Number]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def to_list(self) -> list[_Number]:
        """The numbers as a list."""
    def numpy(self) -> Any:
        """The numbers as a read-only NumPy array over the same memory."""
    @property
    def __array_interface__(self) -> dict[str, Any]: ...
    def __dlpack__(
        self,
        *,
        stream: object = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> CapsuleType: ...
    def __dlpack_device__(self) -> tuple[int, int]: ...
    def __arrow_c_array__(
        self, requested_schema: object = None
    ) -> tuple[CapsuleType, CapsuleType]: ...

@final
class Ids(_Buffer[int]):
    """Ids of one text: a read-only sequence of unsigned 32-bit integers.

    `numpy.asarray(ids)`, `torch.from_dlpack(ids)` and `pyarrow.array(ids)` read it without copying.

    Args:
        values: The ids, or their bytes (four each, the little end first).
    """

    def __new__(cls, values: Sequence[int] | bytes, /) -> Self: ...
    def __getnewargs__(self) -> tuple[bytes]: ...

@final
class WordIds(_Buffer[int]):
    """The word of each token: a read-only sequence of signed 32-bit integers, -1 for tokens of no word.

    Args:
        values: The numbers, or their bytes (four each, the little end first).
    """

    def __new__(cls, values: Sequence[int] | bytes, /) -> Self: ...
    def __getnewargs__(self) -> tuple[bytes]: ...

@final
class Mask(_Buffer[int]):
    """A mask over tokens: a read-only sequence of unsigned 8-bit integers.

    Args:
        values: The numbers, or their bytes.
    """

    def __new__(cls, values: Sequence[int] | bytes, /) -> Self: ...
    def __getnewargs__(self) -> tuple[bytes]: ...

@final
class OffsetPairs(_Buffer[tuple[int, int]]):
    """Where each token stands in its text: a read-only sequence of pairs of signed 32-bit integers.

    As an array it has two columns, start and end.

    Args:
        values: The pairs, or their bytes (eight each, the little end first).
    """

    def __new__(cls, values: Sequence[Sequence[int]] | bytes, /) -> Self: ...
    def __getnewargs__(self) -> tuple[bytes]: ...

@final
class RowSplits(_Buffer[int]):
    """Where the rows of a `Ragged` begin: a read-only sequence of signed 64-bit integers.

    Args:
        values: The positions, or their bytes (eight each, the little end first).
    """

    def __new__(cls, values: Sequence[int] | bytes, /) -> Self: ...
    def __getnewargs__(self) -> tuple[bytes]: ...

@final
class Ragged:
    """Ids of several texts in one buffer: row `i` is `values[row_splits[i]:row_splits[i + 1]]`.

    Indexing and iterating give the rows, as NumPy arrays over the same memory where NumPy is
    installed, as `Ids` where it is not.

    Args:
        values: The ids of all rows.
        row_splits: Where rows begin, and the end of the last: one more than there are rows.
    """

    def __new__(cls, values: Sequence[int] | bytes, row_splits: Sequence[int] | bytes) -> Self: ...
    def __getnewargs__(self) -> tuple[Ids, RowSplits]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __len__(self) -> int: ...
    def __getitem__(self, row: int, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    @property
    def values(self) -> Ids:
        """All ids."""
    @property
    def row_splits(self) -> RowSplits:
        """Where rows begin; one more than there are rows."""
    def to_list(self) -> list[list[int]]:
        """The rows as a list of lists."""
    def tobytes(
        self, *, dtype: Literal["uint16", "uint32"] = "uint32", end: int | None = None
    ) -> bytes:
        """Give the ids of all rows, one behind the other, as raw numbers of this machine's byte order.

        Args:
            dtype: How wide a number is.
            end: An id to put behind each row.

        Returns:
            What `numpy.frombuffer` and `numpy.fromfile` read.

        Raises:
            ValueError: When the type is unknown, or an id is too large for it.

        Example:
            >>> from fissile import Ragged
            >>> numbers = Ragged([5, 6, 7], [0, 2, 3]).tobytes(dtype="uint16", end=0)
            >>> memoryview(numbers).cast("H").tolist()
            [5, 6, 0, 7, 0]
        """
    def padded(self, width: int, *, side: _Direction = "right", fill: int = 0) -> bytearray:
        """Put the rows side by side in one block of signed 64-bit integers, filled up to one width.

        `numpy.frombuffer(block, "int64").reshape(len(ragged), width)` is the array, which may be written to.

        Args:
            width: How wide every row becomes.
            side: Which end is filled.
            fill: What it is filled with.

        Returns:
            The block, row after row.

        Raises:
            ValueError: When a row is longer than `width`.

        Example:
            >>> from fissile import Ragged
            >>> block = Ragged([5, 6, 7], [0, 2, 3]).padded(2, fill=1)
            >>> memoryview(block).cast("q").tolist()
            [5, 6, 7, 1]
        """
    def padding_mask(self, width: int, *, side: _Direction = "right") -> bytearray:
        """Tell the ids in `padded` from what was filled in.

        Args:
            width: As in `padded`.
            side: As in `padded`.

        Returns:
            A block of the same shape: 1 for ids, 0 for filling.

        Raises:
            ValueError: When a row is longer than `width`.
        """
    def __dlpack__(
        self,
        *,
        stream: object = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> CapsuleType: ...
    def __dlpack_device__(self) -> tuple[int, int]: ...
    def __arrow_c_array__(
        self, requested_schema: object = None
    ) -> tuple[CapsuleType, CapsuleType]: ...

@final
class Encoding:
    """What encoding a text gives: ids, and everything that can be said about them."""

    def __new__(cls) -> Self: ...
    def __len__(self) -> int: ...
    def __getstate__(self) -> bytes: ...
    def __setstate__(self, state: bytes) -> None: ...
    @staticmethod
    def merge(encodings: Sequence[Encoding], growing_offsets: bool = True) -> Encoding:
        """Join encodings to one.

        Args:
            encodings: The encodings.
            growing_offsets: Let offsets go on where those of the encoding before ended.

        Returns:
            The joined encoding.
        """
    @property
    def n_sequences(self) -> int:
        """How many sequences it was made of."""
    def set_sequence_id(self, sequence_id: int) -> None:
        """Say which sequence all tokens belong to."""
    @property
    def ids(self) -> list[int]:
        """The ids."""
    @property
    def ids_buffer(self) -> Ids:
        """The ids as a buffer that NumPy, Torch and Arrow read without copying."""
    @property
    def offsets_buffer(self) -> OffsetPairs:
        """The offsets as a buffer: an array of two columns, start and end.

        Example:
            >>> from fissile import Tokenizer, models, pre_tokenizers
            >>> tokenizer = Tokenizer(models.WordLevel({"a": 0, "b": 1}))
            >>> tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
            >>> encoding = tokenizer.encode("a  b")
            >>> encoding.offsets_buffer
            OffsetPairs([(0, 1), (3, 4)])
            >>> encoding.word_ids_buffer.to_list()
            [0, 1]

        Raises:
            ValueError: When a text of more than 2 GiB has positions that do not fit.
        """
    @property
    def word_ids_buffer(self) -> WordIds:
        """The word numbers as a buffer, -1 for tokens of no word."""
    @property
    def type_ids_buffer(self) -> Ids:
        """The types as a buffer."""
    @property
    def special_tokens_mask_buffer(self) -> Mask:
        """The special tokens mask as a buffer."""
    @property
    def attention_mask_buffer(self) -> Mask:
        """The attention mask as a buffer."""
    @staticmethod
    def stack(encodings: Sequence[Encoding], column: _Column) -> bytearray:
        """Put one column of several encodings, row after row, into one block of signed 64-bit integers.

        `numpy.frombuffer(block, "int64").reshape(len(encodings), -1)` is the array, which may be written
        to; offsets have a third axis of two.

        Args:
            encodings: Encodings of one length.
            column: Which column; of "word_ids" -1 says none.

        Returns:
            The block.

        Raises:
            ValueError: When the encodings differ in length, or there is no such column.

        Example:
            >>> from fissile import Encoding, Tokenizer, models
            >>> encoding = Tokenizer(models.WordLevel({"a": 3})).encode("a")
            >>> memoryview(Encoding.stack([encoding, encoding], "ids")).cast("q").tolist()
            [3, 3]
        """
    @property
    def tokens(self) -> list[str]:
        """The texts of the tokens."""
    @property
    def words(self) -> list[int | None]:
        """Deprecated name of `word_ids`."""
    @property
    def word_ids(self) -> list[int | None]:
        """The number of the word that each token belongs to."""
    @property
    def sequence_ids(self) -> list[int | None]:
        """The number of the sequence that each token belongs to."""
    @property
    def type_ids(self) -> list[int]:
        """The type of each token."""
    @property
    def offsets(self) -> list[tuple[int, int]]:
        """The part of the original text that each token covers."""
    @property
    def special_tokens_mask(self) -> list[int]:
        """1 for tokens that a post-processor or padding added."""
    @property
    def attention_mask(self) -> list[int]:
        """0 for padding."""
    @property
    def overflowing(self) -> list[Encoding]:
        """What truncation cut off."""
    def word_to_tokens(self, word_index: int, sequence_index: int = 0) -> tuple[int, int] | None:
        """Find the tokens of a word, first and one past last."""
    def word_to_chars(self, word_index: int, sequence_index: int = 0) -> tuple[int, int] | None:
        """Find the part of the original text that a word covers."""
    def token_to_sequence(self, token_index: int) -> int | None:
        """Find the sequence of a token."""
    def token_to_chars(self, token_index: int) -> tuple[int, int] | None:
        """Find the part of the original text that a token covers."""
    def token_to_word(self, token_index: int) -> int | None:
        """Find the word of a token."""
    def char_to_token(self, char_pos: int, sequence_index: int = 0) -> int | None:
        """Find the token that covers a position of the original text."""
    def char_to_word(self, char_pos: int, sequence_index: int = 0) -> int | None:
        """Find the word that covers a position of the original text."""
    def pad(
        self,
        length: int,
        *,
        direction: _Direction = "right",
        pad_id: int = 0,
        pad_type_id: int = 0,
        pad_token: str = "[PAD]",
    ) -> None:
        """Fill up to a length, in place.

        Args:
            length: The length.
            direction: Which end is filled.
            pad_id: The id put there.
            pad_type_id: Its type.
            pad_token: Its text.
        """
    def truncate(self, max_length: int, stride: int = 0, direction: _Direction = "right") -> None:
        """Cut to a length, in place; the rest becomes `overflowing`.

        Args:
            max_length: Tokens at most.
            stride: Tokens that an overflowing part repeats of the one before.
            direction: Which end is cut.

        Raises:
            ValueError: When `stride` is not less than `max_length`.
        """

@final
class IncrementalEncoder:
    """The ids of a text that grows at its end, without encoding all of it anew.

    After each addition the ids are those that `Tokenizer.encode` gives for the whole text, without
    truncation and padding. What is encoded again is what stands behind the last white space between two
    letters that is known to be safe. Where a tokenizer has no such places (an unknown pattern or
    normalizer, dropout, added tokens looked for in normalized text), and in text without spaces,
    everything is; `is_incremental` tells which it is.

    Args:
        tokenizer: What encodes. Later changes to it do not count here.
        add_special_tokens: Put the tokens of the post-processor around the text.
    """

    def __new__(cls, tokenizer: Tokenizer, add_special_tokens: bool = True) -> Self: ...
    def append(self, text: str) -> tuple[int, list[int]]:
        """Add to the text.

        Args:
            text: What comes behind.

        Returns:
            How many of the last ids no longer count, and the ids that come instead.
        """
    @property
    def ids(self) -> list[int]:
        """The ids of the text so far."""
    @property
    def settled(self) -> int:
        """How many of the ids no addition changes any more."""
    @property
    def is_incremental(self) -> bool:
        """Whether anything is known to be safe; otherwise each addition encodes the whole text."""
    def __len__(self) -> int: ...

@final
class Tokenizer:
    """A tokenizer: normalizer, pre-tokenizer, model, post-processor and decoder composed.

    Parts are live: getters give new objects over the tokenizer's own parts, so that
    `tokenizer.normalizer.lowercase = False` and `tokenizer.pre_tokenizer[0] = part` change the
    tokenizer, and a part passed to a setter stays linked. A call in progress is never disturbed by a
    change; a tokenizer can be used by any number of threads.

    Args:
        model: What turns pieces of text into tokens.
    """

    def __new__(cls, model: models.Model) -> Self: ...
    def __getstate__(self) -> bytes | tuple[bytes, dict[str, Any]]: ...
    def __setstate__(self, state: bytes | tuple[bytes, dict[str, Any]]) -> None: ...
    def __getnewargs__(self) -> tuple[models.Model]: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, memo: dict[int, Any]) -> Self: ...

    # Parts.
    @property
    def model(self) -> models.Model:
        """The model."""
    @model.setter
    def model(self, value: models.Model) -> None: ...
    @property
    def normalizer(self) -> normalizers.Normalizer | None:
        """The normalizer, if there is one."""
    @normalizer.setter
    def normalizer(self, value: normalizers.Normalizer | None) -> None: ...
    @property
    def pre_tokenizer(self) -> pre_tokenizers.PreTokenizer | None:
        """The pre-tokenizer, if there is one."""
    @pre_tokenizer.setter
    def pre_tokenizer(self, value: pre_tokenizers.PreTokenizer | None) -> None: ...
    @property
    def post_processor(self) -> processors.PostProcessor | None:
        """The post-processor, if there is one."""
    @post_processor.setter
    def post_processor(self, value: processors.PostProcessor | None) -> None: ...
    @property
    def decoder(self) -> decoders.Decoder | None:
        """The decoder, if there is one."""
    @decoder.setter
    def decoder(self, value: decoders.Decoder | None) -> None: ...

    # Files.
    @staticmethod
    def from_str(json: str) -> Tokenizer:
        """Read a tokenizer from the text of a `tokenizer.json`.

        Raises:
            FormatError: When it is not one; `field` names the place.
        """
    @staticmethod
    def from_file(path: _Path, *, cache: _Path | bool | None = None) -> Tokenizer:
        """Read a tokenizer from a file: a `tokenizer.json`, or any other format that is recognized.

        With a cache file, loading again takes a fraction of the time: the tables of the model are
        read as they lay in memory. The tokenizer is the same either way.

        Args:
            path: The file, or a folder that holds one.
            cache: True for a cache file beside the tokenizer's own (its name with `.fissile`
                behind), or the path of one. It is used if it was made of the very bytes that are
                at `path`, by this version and on a machine of this kind, and is whole; it is written,
                in one piece, if not. Tokenizers of several files have none.
                Whoever can write the cache file decides what the tokenizer does, as whoever can
                write the file itself.

        Warns:
            UserWarning: When the cache file cannot be written. The tokenizer is none the worse.

        Example:
            >>> import pathlib, tempfile
            >>> from fissile import Tokenizer, models
            >>> folder = pathlib.Path(tempfile.mkdtemp())
            >>> Tokenizer(models.WordLevel({"a": 0}, unk_token="a")).save(folder / "tokenizer.json")
            >>> tokenizer = Tokenizer.from_file(folder / "tokenizer.json", cache=True)
            >>> sorted(path.name for path in folder.iterdir())
            ['tokenizer.json', 'tokenizer.json.fissile']

        Raises:
            FileError: When the file cannot be read.
            FormatError: When it is of no known format, or broken.
        """
    @staticmethod
    def from_buffer(buffer: bytes) -> Tokenizer:
        """Read a tokenizer from the bytes of a `tokenizer.json`.

        Raises:
            FormatError: When it is not one; `field` names the place.
        """
    @staticmethod
    def from_pretrained(
        identifier: str, revision: str = "main", token: str | None = None
    ) -> Tokenizer:
        """Read a tokenizer from the Hugging Face Hub (needs the package `huggingface_hub`).

        Args:
            identifier: The repository; it must hold a `tokenizer.json`.
            revision: A branch or commit.
            token: What private repositories ask for.

        Returns:
            The tokenizer.
        """
    @staticmethod
    def from_tiktoken(
        path: _Path,
        *,
        name: str | None = None,
        pattern: str | None = None,
        special_tokens: dict[str, int] | None = None,
    ) -> Tokenizer:
        """Read a tokenizer from a `.tiktoken` rank file. Ids are tiktoken's.

        Args:
            path: The file.
            name: One of tiktoken's encodings: its pattern and special tokens are taken, where the
                other arguments do not say otherwise.
            pattern: How texts are cut, in tiktoken's regex dialect.
            special_tokens: Special tokens and their ids.

        Returns:
            The tokenizer.
        """
    @staticmethod
    def from_sentencepiece(path: _Path) -> Tokenizer:
        """Read a tokenizer from a SentencePiece `.model` file of type Unigram, BPE or character.

        It gives SentencePiece's own ids. Control pieces (`<s>`) are text when they stand in a text:
        `encode_special_tokens` is on. A pickle keeps all of that; a saved `tokenizer.json` all but
        `encode_special_tokens`, for which the format has no place.
        """
    @staticmethod
    def from_tekken(path: _Path) -> Tokenizer:
        """Read a tokenizer from a `tekken.json`."""
    @staticmethod
    def from_vocab_txt(
        path: _Path,
        *,
        unk_token: str = "[UNK]",
        sep_token: str = "[SEP]",
        cls_token: str = "[CLS]",
        pad_token: str = "[PAD]",
        mask_token: str = "[MASK]",
        continuing_subword_prefix: str = "##",
        clean_text: bool = True,
        handle_chinese_chars: bool = True,
        strip_accents: bool | None = None,
        lowercase: bool = True,
    ) -> Tokenizer:
        """Read a BERT tokenizer from a `vocab.txt`.

        Args:
            path: The file.
            unk_token: Stands for a word that cannot be built.
            sep_token: Closes every sequence.
            cls_token: Opens the first sequence.
            pad_token: Fills encodings up.
            mask_token: Stands for a word to be guessed.
            continuing_subword_prefix: What marks a token inside a word.
            clean_text: Drop control characters, make all white space a space.
            handle_chinese_chars: Put spaces around Chinese characters.
            strip_accents: Drop accents; `None` means when `lowercase`.
            lowercase: Lower case.

        Returns:
            The tokenizer.
        """
    @staticmethod
    def from_bpe_files(vocab: _Path, merges: _Path) -> Tokenizer:
        """Read a byte-level BPE tokenizer, as GPT-2's, from a `vocab.json` and a `merges.txt`."""
    def to_str(self, pretty: bool = False) -> str:
        """Write the tokenizer as the text of a `tokenizer.json`.

        Raises:
            UnsupportedError: When a part is written in Python: it has no form in a file.
        """
    def save(self, path: _Path, pretty: bool = True) -> None:
        """Write a `tokenizer.json`."""

    # Encoding.
    def encode(
        self,
        sequence: _Sequence,
        pair: _Sequence | None = None,
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
        **options: Unpack[_EncodeOptions],
    ) -> Encoding:
        """Encode a sequence or a pair.

        Args:
            sequence: A text, or its words when `is_pretokenized`.
            pair: The second sequence of a pair.
            is_pretokenized: Sequences are lists of words.
            add_special_tokens: Add the special tokens of the post-processor.
            **options: See `_EncodeOptions`.

        Returns:
            The encoding.

        Example:
            >>> from fissile import Tokenizer, models
            >>> Tokenizer(models.WordLevel({"hello": 0})).encode("hello").ids
            [0]
        """
    def encode_batch(
        self,
        input: _Batch,
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
        **options: Unpack[_EncodeOptions],
    ) -> list[Encoding]:
        """Encode several sequences or pairs, on several threads.

        Args:
            input: Sequences; two in a tuple or list are a pair. Or an Arrow column of texts: anything with
                `__arrow_c_stream__` or `__arrow_c_array__` that has one column of texts, or one called
                "text" (arrays, chunked arrays, tables, of any library); no Python object is made of it.
            is_pretokenized: Sequences are lists of words.
            add_special_tokens: Add the special tokens of the post-processor.
            **options: See `_EncodeOptions`.

        Returns:
            The encodings, in order.

        Raises:
            TypeError: When something in the batch is no text, or there is no column of texts.
            ValueError: When a row of a column is null.
        """
    def encode_batch_fast(
        self,
        input: _Batch,
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
        **options: Unpack[_IdOptions],
    ) -> list[Encoding]:
        """Encode as `encode_batch` does, without offsets and words."""
    def async_encode(
        self,
        sequence: _Sequence,
        pair: _Sequence | None = None,
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
        **options: Unpack[_EncodeOptions],
    ) -> Awaitable[Encoding]:
        """Encode as `encode` does, awaitable. Needs a running event loop."""
    def async_encode_batch(
        self,
        input: _Batch,
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
        **options: Unpack[_EncodeOptions],
    ) -> Awaitable[list[Encoding]]:
        """Encode as `encode_batch` does, awaitable. Needs a running event loop."""
    def async_encode_batch_fast(
        self,
        input: _Batch,
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
        **options: Unpack[_IdOptions],
    ) -> Awaitable[list[Encoding]]:
        """Encode as `encode_batch_fast` does, awaitable. Needs a running event loop."""
    def encode_ids(
        self,
        sequence: _Sequence,
        pair: _Sequence | None = None,
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
        **options: Unpack[_IdOptions],
    ) -> Ids:
        """Encode a sequence or a pair into ids and nothing else: the fastest way.

        Returns:
            The ids, as a buffer that NumPy, Torch and Arrow read without copying.
        """
    def encode_ids_batch(
        self,
        input: _Batch,
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
        **options: Unpack[_IdOptions],
    ) -> Ragged:
        """Encode several sequences or pairs, or an Arrow column of texts, into ids in one buffer.

        Returns:
            The ids, row by row; Arrow reads them as a large list (`pyarrow.array(ids)`), so that a column
            of texts becomes one of ids without a Python object for either.

        Raises:
            TypeError: When something in the batch is no text, or there is no column of texts.
            ValueError: When a row of a column is null.

        Example:
            >>> from fissile import Tokenizer, models, pre_tokenizers
            >>> tokenizer = Tokenizer(models.WordLevel({"a": 0, "b": 1}))
            >>> tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
            >>> tokenizer.encode_ids_batch(["a b", "b"]).to_list()
            [[0, 1], [1]]
            >>> import pyarrow  # doctest: +SKIP
            >>> pyarrow.array(tokenizer.encode_ids_batch(pyarrow.array(["a b", "b"])))  # doctest: +SKIP
        """
    def count(
        self,
        sequence: _Sequence,
        pair: _Sequence | None = None,
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
        **options: Unpack[_IdOptions],
    ) -> int:
        """Count the ids that a sequence or a pair gives."""
    def count_batch(
        self,
        input: _Batch,
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
        **options: Unpack[_IdOptions],
    ) -> list[int]:
        """Count the ids that each of several sequences or pairs gives."""
    def post_process(
        self,
        encoding: Encoding,
        pair: Encoding | None = None,
        add_special_tokens: bool = True,
    ) -> Encoding:
        """Truncate, frame and pad encodings as `encode` would."""

    # Decoding.
    def decode(self, ids: _IntArray, skip_special_tokens: bool = True) -> str:
        """Decode ids to text. Ids that are in no vocabulary are left out.

        Args:
            ids: The ids.
            skip_special_tokens: Leave special tokens out.

        Returns:
            The text.
        """
    def decode_batch(
        self,
        sequences: Sequence[_IntArray],
        skip_special_tokens: bool = True,
        *,
        num_threads: int | None = None,
    ) -> list[str]:
        """Decode several lists of ids, on several threads."""
    def async_decode_batch(
        self,
        sequences: Sequence[_IntArray],
        skip_special_tokens: bool = True,
        *,
        num_threads: int | None = None,
    ) -> Awaitable[list[str]]:
        """Decode as `decode_batch` does, awaitable. Needs a running event loop."""
    def incremental(self, add_special_tokens: bool = True) -> IncrementalEncoder:
        """Make an encoder of text that grows at its end (a conversation, say).

        Example:
            >>> from fissile import Tokenizer, models, pre_tokenizers
            >>> tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "so": 1, "it": 2}, "[UNK]"))
            >>> tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
            >>> encoder = tokenizer.incremental()
            >>> encoder.append("so i")
            (0, [1, 0])
            >>> encoder.append("t so")
            (1, [2, 1])
            >>> encoder.ids
            [1, 2, 1]
        """
    def decode_bytes(self, ids: _IntArray, skip_special_tokens: bool = True) -> bytes:
        """Decode ids to bytes, before they are made text."""

    # Vocabulary.
    def get_vocab(self, with_added_tokens: bool = True) -> dict[str, int]:
        """List every token and its id, by ascending id."""
    def get_vocab_size(self, with_added_tokens: bool = True) -> int:
        """Count the tokens."""
    def get_added_tokens_decoder(self) -> dict[int, AddedToken]:
        """List the added tokens by ascending id."""
    def token_to_id(self, token: str) -> int | None:
        """Find the id of a token."""
    def id_to_token(self, id: int) -> str | None:
        """Find the token of an id."""
    def token_bytes(self, id: int) -> bytes | None:
        """Find the raw bytes that an id stands for when decoded."""
    def add_tokens(self, tokens: list[str | AddedToken] | tuple[str | AddedToken, ...]) -> int:
        """Add tokens.

        Returns:
            How many were new or changed.
        """
    def add_special_tokens(
        self, tokens: list[str | AddedToken] | tuple[str | AddedToken, ...]
    ) -> int:
        """Add special tokens; `special` is set on the very objects passed.

        Returns:
            How many were new or changed.
        """

    # Settings.
    def enable_truncation(
        self,
        max_length: int,
        *,
        stride: int = 0,
        strategy: _Strategy = "longest_first",
        direction: _Direction = "right",
    ) -> None:
        """Cut every encoding to a length.

        Args:
            max_length: Tokens at most, special ones included.
            stride: Tokens that an overflowing part repeats of the one before.
            strategy: Which sequence of a pair gives way.
            direction: Which end is cut.

        Raises:
            ValueError: When `stride` leaves no progress.
        """
    def no_truncation(self) -> None:
        """Do not truncate."""
    @property
    def truncation(self) -> _Truncation | None:
        """How encodings are truncated."""
    def enable_padding(
        self,
        *,
        direction: _Direction = "right",
        pad_id: int = 0,
        pad_type_id: int = 0,
        pad_token: str = "[PAD]",
        length: int | None = None,
        pad_to_multiple_of: int | None = None,
    ) -> None:
        """Fill encodings up to a length.

        Args:
            direction: Which end is filled.
            pad_id: The id put there.
            pad_type_id: Its type.
            pad_token: Its text.
            length: The length; `None` for the longest of the batch.
            pad_to_multiple_of: Round the length up to a multiple of this.
        """
    def no_padding(self) -> None:
        """Do not pad."""
    @property
    def padding(self) -> _Padding | None:
        """How encodings are padded."""
    @property
    def encode_special_tokens(self) -> bool:
        """Whether special tokens in a text are encoded like any other text."""
    @encode_special_tokens.setter
    def encode_special_tokens(self, value: bool) -> None: ...
    @property
    def verbatim_added_tokens(self) -> bool:
        """Whether decoding takes added tokens for the text they are.

        A byte-level decoder reads the characters of an added token such as "naïve" as bytes, which the
        reference does, too. It is not written to files, but pickled.
        """
    @verbatim_added_tokens.setter
    def verbatim_added_tokens(self, value: bool) -> None: ...
    def num_special_tokens_to_add(self, is_pair: bool) -> int:
        """Count the special tokens that are added to one sequence, or to a pair."""

    # Training.
    def train(self, files: Sequence[_Path], trainer: trainers.Trainer | None = None) -> None:
        """Train the model on files, line by line."""
    def train_from_iterator(
        self,
        iterator: trainers._Texts,
        trainer: trainers.Trainer | None = None,
        length: int | None = None,
        *,
        progress: trainers._Progress | None = None,
    ) -> None:
        """Train the model on texts.

        The tokenizer changes at the very end, all at once; when anything fails, it stays as it was. The iterator
        may use the tokenizer itself.

        Args:
            iterator: Texts, lists of texts, or Arrow batches, from anything that can be iterated over; or an Arrow
                object (`__arrow_c_stream__`, `__arrow_c_array__`) with one column of texts, or one called "text",
                which is read where it lies.
            trainer: The settings; by default those of the model's kind.
            length: How many texts there are, to show progress.
            progress: Called now and then with the stage, how much of it is done and of how much (0 where nobody
                knows), instead of showing a bar; what it raises stops the training.

        Raises:
            TypeError: When an item is no text.
            FissileError: When there is no word to train on, or the vocabulary is too small for what has to be in it.

        Example:
            >>> from fissile import Tokenizer, models, pre_tokenizers, trainers
            >>> tokenizer = Tokenizer(models.BPE())
            >>> tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
            >>> trainer = trainers.BpeTrainer(vocab_size=9, show_progress=False)
            >>> tokenizer.train_from_iterator(["hug hug pug pun bun hugs"], trainer)
            >>> tokenizer.encode("hugs pug").tokens
            ['hug', 's', 'p', 'ug']
        """
    def train_from_counts(
        self,
        counts: trainers._Counts,
        trainer: trainers.Trainer | None = None,
        *,
        progress: trainers._Progress | None = None,
    ) -> None:
        """Train the model on words that were counted before.

        Args:
            counts: A `WordCounts`, or what one can be made of: a mapping, an Arrow table, pairs. The words are those
                that the model sees: normalized and pre-tokenized.
            trainer: The settings; by default those of the model's kind.
            progress: As for `train_from_iterator`.

        Raises:
            TypeError: When an item is no pair of a str and a count.
            FissileError: As `train_from_iterator`.

        Example:
            >>> from fissile import Tokenizer, models, trainers
            >>> tokenizer = Tokenizer(models.BPE())
            >>> trainer = trainers.BpeTrainer(vocab_size=9, show_progress=False)
            >>> tokenizer.train_from_counts({"hug": 10, "pug": 5, "pun": 12, "bun": 4, "hugs": 5}, trainer)
            >>> tokenizer.encode("hugs").tokens
            ['h', 'ug', 's']
        """
    def count_words(
        self,
        iterator: trainers._Texts,
        length: int | None = None,
        *,
        progress: trainers._Progress | None = None,
    ) -> trainers.WordCounts:
        """Count the words that the normalizer and the pre-tokenizer make of texts.

        Args:
            iterator: As for `train_from_iterator`.
            length: How many texts there are, for `progress`.
            progress: As for `train_from_iterator`.

        Returns:
            A table that can be saved, added to others, and trained on.

        Example:
            >>> from fissile import Tokenizer, models, pre_tokenizers
            >>> tokenizer = Tokenizer(models.BPE())
            >>> tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
            >>> (tokenizer.count_words(["a b"]) + tokenizer.count_words(["b c"])).to_dict()
            {'a': 1, 'b': 2, 'c': 1}
        """
    def extend_from_iterator(
        self,
        iterator: trainers._Texts,
        trainer: trainers.Trainer,
        length: int | None = None,
        *,
        progress: trainers._Progress | None = None,
    ) -> None:
        """Train on new texts and keep what the model knows: every token keeps its id, every merge its place.

        New tokens come behind the old ones, those that were added to the tokenizer included. Unigram pieces keep
        their scores as well.

        Args:
            iterator: As for `train_from_iterator`.
            trainer: The settings; `vocab_size` includes the old tokens.
            length: How many texts there are, to show progress.
            progress: As for `train_from_iterator`.

        Raises:
            FissileError: When the ids have gaps, or there is no room for the new characters (Unigram).

        Example:
            >>> from fissile import Tokenizer, models, trainers
            >>> tokenizer = Tokenizer(models.BPE())
            >>> trainer = trainers.BpeTrainer(vocab_size=4, show_progress=False)
            >>> tokenizer.train_from_counts({"hug": 10}, trainer)
            >>> trainer.vocab_size = 8
            >>> tokenizer.extend_from_counts({"bug": 7}, trainer)
            >>> list(tokenizer.get_vocab())
            ['g', 'h', 'u', 'hu', 'b', 'ug', 'bug']
        """
    def extend_from_counts(
        self,
        counts: trainers._Counts,
        trainer: trainers.Trainer,
        *,
        progress: trainers._Progress | None = None,
    ) -> None:
        """As `extend_from_iterator`, on words that were counted before.

        Args:
            counts: As for `train_from_counts`.
            trainer: The settings; `vocab_size` includes the old tokens.
            progress: As for `train_from_iterator`.
        """
    def prune(
        self,
        size: int | None = None,
        *,
        texts: trainers._Texts | None = None,
        counts: trainers._Counts | None = None,
        min_count: int = 0,
        keep: Sequence[str] = [],
        drop: Sequence[str] = [],
        progress: trainers._Progress | None = None,
    ) -> trainers.Pruned:
        """A tokenizer with the tokens that texts use most; this one stays as it is.

        Words all of whose tokens stay are cut as before. Added tokens, the unknown token, the tokens of the
        post-processor and the padding, and those for single bytes always stay; a BPE token stays with all that
        it is merged from. Ids are given anew, without gaps, in the old order: tokens of the model, then those that
        were added. The post-processor and the padding are told.

        Args:
            size: Tokens at most, added ones included. Tokens that are used equally often stay in order of their
                ids; without `texts` and `counts` that is true of all of them.
            texts: Texts to count the tokens of, as for `train_from_iterator`.
            counts: Words and how often they occur, as for `train_from_counts`, instead of texts.
            min_count: How often a token has to be used.
            keep: Tokens that stay, however rare they are.
            drop: Tokens that go, however frequent they are, with all BPE tokens that are merged from them.
            progress: As for `train_from_iterator`.

        Returns:
            The tokenizer, and which id each of its tokens had before.

        Raises:
            TypeError: When both texts and counts are given.
            FissileError: When a token of `keep` or `drop` is none of the model's, one of `drop` has to stay, or `size`
                has no room for what has to stay.

        Example:
            >>> from fissile import Tokenizer, models
            >>> tokenizer = Tokenizer(models.WordLevel({"?": 0, "one": 1, "two": 2, "three": 3}, unk_token="?"))
            >>> pruned = tokenizer.prune(3, counts={"three": 5, "one": 2})
            >>> pruned.tokenizer.get_vocab()
            {'?': 0, 'one': 1, 'three': 2}
            >>> pruned.old_ids, pruned.new_ids
            ([0, 1, 3], [0, 1, None, 2])

            A model's matrix, `embedding` a `torch.nn.Embedding`, shrinks by the same ids:
            `torch.nn.Embedding.from_pretrained(embedding.weight[pruned.old_ids], freeze=False)`
        """

def read_sentencepiece(path: _Path, /) -> dict[str, Any]:
    """Read what a SentencePiece model says, for `SentencePieceUnigramTokenizer.from_spm`.

    Args:
        path: The `.model` file.

    Returns:
        `model_type` (1 Unigram, 2 BPE, 3 word, 4 character), `pieces` (texts and scores by id), `unk_id`,
        `byte_fallback`, `precompiled_charsmap`.

    Raises:
        FissileError: When the file cannot be read or is no such model.
    """
