"""The call: texts in, model inputs out.

Two roads lead to the same result. When only ids, masks and lengths are asked for, a batch takes the short
one: ids come as one buffer, and the encodings are made later, if anybody asks. Everything else takes the
long one, over encodings.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from .._rust import Encoding, InvalidValueError, Ragged, Tokenizer
from .arrays import PaddedRows, has_numpy, stacked, to_tensors
from .batch import BatchEncoding
from .notices import warn
from .settings import Settings
from .type_ids import RowTypes

if TYPE_CHECKING:
    from .tokenizer import PreTrainedTokenizerFast


def encode(tokenizer: PreTrainedTokenizerFast, text: Any, pair: Any, s: Settings) -> BatchEncoding:
    """Encode a text, a pair, or a batch of either.

    Raises:
        TypeError: When something in the batch is no text.
        ValueError: When text and pair do not go together.
    """
    if type(text) is str and (pair is None or type(pair) is str):
        return _one(tokenizer, text, pair or None, s)
    text, pair = _as_lists(text), _as_lists(pair)
    if not _is_batch(text, pair, s.words):
        return _one(tokenizer, text, pair or None, s)
    items = _paired(text, pair)
    if not items:
        return _nothing(s)
    if not (s.overflow or s.offsets or s.special_mask):
        types = _types(tokenizer.backend_tokenizer, items, s) if s.types else None
        if types is not None or not s.types:
            return _short(tokenizer, items, s, types)
    padding = s.padding_argument(tokenizer)
    return _long(tokenizer, _encodings(tokenizer.backend_tokenizer, items, s, padding), s)


# One text.


def _one(tokenizer: PreTrainedTokenizerFast, text: Any, pair: Any, s: Settings) -> BatchEncoding:
    encoding = tokenizer.backend_tokenizer.encode(
        text,
        pair,
        s.words,
        s.add_special_tokens,
        truncation=s.truncation_argument(),
        padding=s.padding_argument(tokenizer),
        allowed_special="none" if s.split_special else "all",
    )
    if s.tensors is not None or s.overflow:
        return _long(tokenizer, [encoding], s)
    _warn_if_long(tokenizer, len(encoding), s)
    data = _columns([encoding], s, single=True)
    if s.length:
        data["length"] = [len(encoding)]
    return BatchEncoding(data, encoding)


# The long road.


def _encodings(
    core: Tokenizer, items: Sequence[Any], s: Settings, padding: dict[str, Any] | bool
) -> list[Encoding]:
    return core.encode_batch(
        items,
        s.words,
        s.add_special_tokens,
        truncation=s.truncation_argument(),
        padding=padding,
        allowed_special="none" if s.split_special else "all",
    )


def _long(
    tokenizer: PreTrainedTokenizerFast, encodings: list[Encoding], s: Settings
) -> BatchEncoding:
    origins: list[int] = []
    if s.overflow:
        rows: list[Encoding] = []
        for sample, encoding in enumerate(encodings):
            parts = [encoding, *encoding.overflowing]
            rows += parts
            origins += [sample] * len(parts)
        encodings = rows
    data = _arrays(encodings, s) or _columns(encodings, s)
    if s.length:
        data["length"] = [len(encoding) for encoding in encodings]
    if s.overflow:
        data["overflow_to_sample_mapping"] = origins
    _warn_if_long(tokenizer, max(map(len, encodings), default=0), s)
    if s.tensors is not None:
        to_tensors(data, s.tensors)
    return BatchEncoding(data, encodings)


def _wanted(s: Settings) -> dict[str, str]:
    """What is asked for, by the names of a batch and of an encoding."""
    names = {
        "input_ids": ("ids", True),
        "token_type_ids": ("type_ids", s.types),
        "attention_mask": ("attention_mask", s.mask),
        "special_tokens_mask": ("special_tokens_mask", s.special_mask),
        "offset_mapping": ("offsets", s.offsets),
    }
    return {name: column for name, (column, asked) in names.items() if asked}


def _arrays(encodings: list[Encoding], s: Settings) -> dict[str, Any]:
    """Take from every encoding what is asked for, as arrays; nothing where there is no rectangle."""
    lengths = set(map(len, encodings))
    if s.tensors is None or len(lengths) != 1 or not lengths.pop() or not has_numpy():
        return {}
    return {name: stacked(encodings, column, s.tensors) for name, column in _wanted(s).items()}


def _columns(encodings: list[Encoding], s: Settings, single: bool = False) -> dict[str, Any]:
    """Take from every encoding what is asked for; of a single one without the axis of the batch."""
    take = {name: attrgetter(column) for name, column in _wanted(s).items()}
    if single:
        return {name: read(encodings[0]) for name, read in take.items()}
    return {name: list(map(read, encodings)) for name, read in take.items()}


# The short road.


def _short(
    tokenizer: PreTrainedTokenizerFast, items: Sequence[Any], s: Settings, types: RowTypes | None
) -> BatchEncoding:
    core = tokenizer.backend_tokenizer
    rows = core.encode_ids_batch(
        items,
        s.words,
        s.add_special_tokens,
        truncation=s.truncation_argument(),
        padding=False,
        allowed_special="none" if s.split_special else "all",
    )
    # The copy shares everything but what is changed later: tokens added after the call do not
    # reach into encodings that are made after them.
    frozen, padding = copy.copy(core), s.padding_argument(tokenizer)
    if s.tensors is not None:
        data = _rectangle(tokenizer, rows, s, types)
    else:
        data = _lists(tokenizer, rows.to_list(), s, types)
    return BatchEncoding(data, lambda: _encodings(frozen, items, s, padding))


def _lists(
    tokenizer: PreTrainedTokenizerFast, rows: list[list[int]], s: Settings, types: RowTypes | None
) -> dict[str, Any]:
    lengths = [len(row) for row in rows]
    longest = max(lengths)
    width = s.width(longest)
    gaps = [max(width - length, 0) for length in lengths]
    left = s.padding_side == "left"

    def filled(values: list[list[int]], filling: int) -> list[list[int]]:
        if not width:
            return values
        pairs = zip(values, gaps, strict=True)
        if left:
            return [[filling] * gap + row if gap else row for row, gap in pairs]
        return [row + [filling] * gap if gap else row for row, gap in pairs]

    data = {"input_ids": filled(rows, tokenizer.pad_token_id if width else 0)}
    if types is not None:
        data["token_type_ids"] = filled(types.rows(lengths), tokenizer.pad_token_type_id)
    if s.mask:
        data["attention_mask"] = filled([[1] * n for n in lengths], 0)
    result: dict[str, Any] = data
    if s.length:
        result["length"] = [max(length, width) for length in lengths]
    _warn_if_long(tokenizer, max(longest, width), s)
    return result


def _rectangle(
    tokenizer: PreTrainedTokenizerFast, rows: Ragged, s: Settings, types: RowTypes | None
) -> dict[str, Any]:
    """Pad in one array; rows that make no rectangle go over lists, where the error is raised."""
    try:
        lengths = rows.row_splits.numpy()
    except ImportError:
        lengths = None
    if lengths is not None:
        lengths = lengths[1:] - lengths[:-1]
        longest = int(lengths.max())
        width = s.width(longest) or longest
    if lengths is None or longest > width or (not s.width(longest) and int(lengths.min()) < width):
        data = _lists(tokenizer, rows.to_list(), s, types)
        to_tensors(data, s.tensors)
        return data
    kind = s.tensors or "np"
    padded = PaddedRows(rows, width, s.padding_side == "left", tokenizer.pad_token_id or 0, kind)
    data = {"input_ids": padded.ids}
    if types is not None:
        flat = types.flat(lengths)
        data["token_type_ids"] = padded.types(tokenizer.pad_token_type_id, flat)
    if s.mask:
        data["attention_mask"] = padded.mask()
    if s.length:
        data["length"] = padded.lengths
    _warn_if_long(tokenizer, width, s)
    return data


def _types(core: Tokenizer, items: Sequence[Any], s: Settings) -> RowTypes | None:
    """Find what tells the types of a batch by the lengths of its rows; `None` where nothing does."""
    if s.words:
        pairs = sum(bool(item) and isinstance(item[0], (list, tuple)) for item in items)
    else:
        pairs = sum(not isinstance(item, str) for item in items)
    if not pairs:
        return RowTypes.of_texts(core, s.add_special_tokens)
    if pairs < len(items) or any(len(item) != 2 for item in items):
        return None
    return RowTypes.of_pairs(
        core, s.add_special_tokens, lambda lengths: _firsts(core, items, s, lengths)
    )


def _firsts(
    core: Tokenizer, items: Sequence[Any], s: Settings, lengths: Sequence[int]
) -> list[int]:
    """Count the tokens that are left of the first text of every pair."""
    special: Any = "none" if s.split_special else "all"
    counts = core.count_batch(
        [item[0] for item in items],
        s.words,
        False,
        truncation=False,
        padding=False,
        allowed_special=special,
    )
    if s.truncation != "do_not_truncate" and s.max_length is not None:
        cut = [place for place, length in enumerate(lengths) if length >= s.max_length]
        encodings = _encodings(core, [items[place] for place in cut], s, False) if cut else []
        for place, encoding in zip(cut, encodings, strict=True):
            counts[place] = encoding.sequence_ids.count(0)
    return counts


# What is a batch.


def _as_lists(value: Any) -> Any:
    """Take columns of data frames and arrays of texts for lists."""
    if value is None or isinstance(value, (str, list, tuple)):
        return value
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return list(value)
    if hasattr(value, "tolist") and getattr(value, "ndim", 0) >= 1:
        return value.tolist()
    raise InvalidValueError(_NOT_TEXT)


_NOT_TEXT = (
    "text input must be of type `str` (single example), `list[str]` (batch or single pretokenized example) "
    "or `list[list[str]]` (batch of pretokenized examples) or `list[tuple[list[str], list[str]]]` (batch "
    "of pretokenized sequence pairs)."
)


def _is_batch(text: Any, pair: Any, words: bool) -> bool:
    for value in (text, pair):
        if value is not None and not _is_text(value):
            raise InvalidValueError(_NOT_TEXT)
    if words:
        return bool(isinstance(text, (list, tuple)) and text and isinstance(text[0], (list, tuple)))
    return isinstance(text, (list, tuple))


def _is_text(value: Any, depth: int = 3) -> bool:
    """A text, or a list whose first element is one, as deep as pairs of word lists go."""
    if isinstance(value, str):
        return True
    if not isinstance(value, (list, tuple)) or depth < 0:
        return False
    return not value or _is_text(value[0], depth - 1)


def _paired(text: Any, pair: Any) -> Sequence[Any]:
    if pair is None:
        return text  # type: ignore[no-any-return]
    if isinstance(pair, str):
        raise TypeError(
            "when tokenizing batches of text, `text_pair` must be a list or tuple with the same length as "
            "`text`."
        )
    if len(text) != len(pair):
        raise InvalidValueError(
            f"batch length of `text`: {len(text)} does not match batch length of `text_pair`: {len(pair)}."
        )
    return list(zip(text, pair, strict=True))


def _nothing(s: Settings) -> BatchEncoding:
    """The empty batch, with every column that a full one would have."""
    data: dict[str, Any] = _columns([], s)
    if s.length:
        data["length"] = []
    if s.overflow:
        data["overflow_to_sample_mapping"] = []
    return BatchEncoding(data, [], tensor_type=s.tensors)


def _warn_if_long(tokenizer: PreTrainedTokenizerFast, length: int, s: Settings) -> None:
    limit = tokenizer.model_max_length
    if s.max_length is None and s.verbose and limit and length > limit:
        if tokenizer.warned_of_length:
            return
        tokenizer.warned_of_length = True
        warn(
            "Token indices sequence length is longer than the specified maximum sequence length for this "
            "model (%d > %d). Running this sequence through the model will result in indexing errors",
            length,
            limit,
        )
