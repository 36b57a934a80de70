"""Control tokens that users write: marked before a template sees them, encoded as text after.

Marks are two private characters. A template may move, trim or split what lies between them; a mark that
lost its partner is dropped, and the text still comes apart there, so that no control token forms across.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .._rust import InvalidValueError, Tokenizer
from . import settings, template
from .batch import BatchEncoding

if TYPE_CHECKING:
    from .tokenizer import PreTrainedTokenizerFast

START, END = "\U000f0000", "\U000f0001"

_PRIVATE = str.maketrans("", "", START + END + template.SPAN_START + template.SPAN_END)


class Marker:
    """Marks the control tokens of one template in what users wrote.

    Args:
        tokenizer: Whose tokens they are.
        text: The template.
        everything: Mark them in the messages of the assistant too.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerFast, text: str, everything: bool) -> None:
        self._pattern = _pattern(_control_tokens(tokenizer, text))
        self._everything = everything

    def mark_message(self, message: dict[str, Any]) -> dict[str, Any]:
        """Mark control tokens in a message, but for its role."""
        if not self._everything and message.get("role") == "assistant":
            return {key: _without_private(value) for key, value in message.items()}
        return {key: self.mark(value) for key, value in message.items()}

    def mark(self, value: Any) -> Any:
        """Mark control tokens in every text of a plain value; keys of mappings are left alone."""
        if isinstance(value, str):
            return self._pattern.sub(f"{START}\\g<0>{END}", value.translate(_PRIVATE))
        if isinstance(value, dict):
            return {key: self.mark(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.mark(item) for item in value]
        return value


def _without_private(value: Any) -> Any:
    """Take marks out that came from outside, so that nobody can forge one."""
    if isinstance(value, str):
        return value.translate(_PRIVATE)
    if isinstance(value, dict):
        return {key: _without_private(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_private(item) for item in value]
    return value


def _control_tokens(tokenizer: PreTrainedTokenizerFast, text: str) -> tuple[str, ...]:
    """Special tokens, and added ones that the template writes; white space is text even there."""
    added = tokenizer.added_tokens_decoder.values()
    named = tokenizer.chat_control_tokens
    if named is not None:
        chosen = set(named)
        return tuple(token.content for token in added if token.special or token.content in chosen)
    written = template.literals(text)
    return tuple(
        token.content
        for token in added
        if token.special or (token.content in written and not token.content.isspace())
    )


@lru_cache(maxsize=64)
def _pattern(tokens: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(tokens, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")


def is_marked(text: str) -> bool:
    """Whether there are marks in a text."""
    return START in text or END in text


def encode(
    tokenizer: PreTrainedTokenizerFast,
    texts: Sequence[str],
    batched: bool,
    arguments: Mapping[str, Any],
) -> tuple[BatchEncoding, list[list[tuple[int, int]]]]:
    """Encode texts with marks.

    Args:
        tokenizer: The tokenizer.
        texts: The texts.
        batched: They are a batch; otherwise there is one.
        arguments: The arguments of the call.

    Returns:
        The inputs, and the offsets of every row in the text without marks.

    Raises:
        InvalidValueError: When something is asked for that such texts cannot have.
    """
    read = settings.read(tokenizer, **arguments)
    if read.overflow or read.special_mask or read.words or read.add_special_tokens:
        raise InvalidValueError(
            "control tokens in user text are encoded apart: that goes without return_overflowing_tokens, "
            "return_special_tokens_mask and add_special_tokens; pass sanitize_control_tokens=False if you "
            "trust the text"
        )
    rows = [_row(tokenizer, text) for text in texts]
    if read.truncation != "do_not_truncate" and read.max_length is not None:
        cut = (
            slice(read.max_length)
            if read.truncation_side == "right"
            else slice(-read.max_length, None)
        )
        rows = [(ids[cut], offsets[cut]) for ids, offsets in rows]
    data: dict[str, Any] = {"input_ids": [ids for ids, _ in rows]}
    if read.types:
        data["token_type_ids"] = [[0] * len(ids) for ids, _ in rows]
    padded = tokenizer.pad(
        data,
        padding=read.padding,
        max_length=read.max_length,
        pad_to_multiple_of=read.multiple,
        padding_side=read.padding_side,
        return_attention_mask=read.mask,
    )
    spans = [
        _filled(offsets, len(ids), read.padding_side == "left")
        for (_, offsets), ids in zip(rows, padded["input_ids"], strict=True)
    ]
    if read.offsets:
        padded["offset_mapping"] = spans
    if read.length:
        padded["length"] = [len(ids) for ids in padded["input_ids"]]
    if not batched and read.tensors is None:
        padded = BatchEncoding({key: value[0] for key, value in padded.items()})
    return padded.convert_to_tensors(read.tensors), spans


def _filled(offsets: list[tuple[int, int]], length: int, left: bool) -> list[tuple[int, int]]:
    filling = [(0, 0)] * (length - len(offsets))
    return filling + offsets if left else offsets + filling


def _row(tokenizer: PreTrainedTokenizerFast, text: str) -> tuple[list[int], list[tuple[int, int]]]:
    core = tokenizer.backend_tokenizer
    without = _without_added_tokens(core)
    added = _pattern(tuple(tokenizer.added_tokens_encoder)).pattern
    pieces = re.split(f"{START}({added}){END}|[{START}{END}]", text)
    ids: list[int] = []
    offsets: list[tuple[int, int]] = []
    place = 0
    for number, piece in enumerate(pieces):
        if not piece:
            continue
        as_text = number % 2 == 1
        found, spans = _piece(without if as_text else core, piece, first=number == 0)
        if as_text and core.token_to_id(piece) in found:
            raise InvalidValueError(
                f"Can't sanitize {piece!r}: the tokenizer produces it from plain text"
            )
        ids += found
        offsets += [(place + start, place + end) for start, end in spans]
        place += len(piece)
    return ids, offsets


def _piece(core: Tokenizer, piece: str, first: bool) -> tuple[list[int], list[tuple[int, int]]]:
    """Encode a piece of a text: but for the first, behind a line break, which is taken off again.

    So a model that puts a blank in front of every text puts none in front of the piece.
    """
    options: dict[str, Any] = {"truncation": False, "padding": False, "add_special_tokens": False}
    if not first:
        line_break = core.encode("\n", **options).ids
        encoding = core.encode("\n" + piece, **options)
        if encoding.ids[: len(line_break)] == line_break:
            count = len(line_break)
            return encoding.ids[count:], [
                (max(start - 1, 0), end - 1) for start, end in encoding.offsets[count:]
            ]
    encoding = core.encode(piece, **options)
    return encoding.ids, encoding.offsets


def _without_added_tokens(core: Tokenizer) -> Tokenizer:
    bare = Tokenizer(core.model)
    bare.normalizer = core.normalizer
    bare.pre_tokenizer = core.pre_tokenizer
    return bare
