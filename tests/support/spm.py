"""Small SentencePiece model files, written by hand."""

from __future__ import annotations

import struct
from collections.abc import Iterable

NORMAL, UNKNOWN, CONTROL, USER_DEFINED = 1, 2, 3, 4
UNIGRAM, BPE = 1, 2


def _number(value: int) -> bytes:
    """A varint."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _bytes(field: int, content: bytes) -> bytes:
    return _number(field << 3 | 2) + _number(len(content)) + content


def model_file(
    pieces: Iterable[tuple[str, float] | tuple[str, float, int]], model_type: int
) -> bytes:
    """A model without a character map; `<unk>` comes first.

    Args:
        pieces: Texts, scores and, where they are not normal ones, kinds.
        model_type: `UNIGRAM` or `BPE`.

    Returns:
        The file's content.
    """
    model = b""
    for text, score, *kind in [("<unk>", 0.0, UNKNOWN), *pieces]:
        piece = _bytes(1, text.encode()) + b"\x15" + struct.pack("<f", score)
        model += _bytes(1, piece + b"\x18" + _number(kind[0] if kind else NORMAL))
    return model + _bytes(2, b"\x18" + _number(model_type)) + _bytes(3, b"")
