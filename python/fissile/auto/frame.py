"""Ids put between special tokens, as a call would have put them."""

from __future__ import annotations

from collections.abc import Sequence

from .._rust import Encoding, PreTokenizedString, Token, Tokenizer


def frame(core: Tokenizer, first: Sequence[int], second: Sequence[int] | None = None) -> Encoding:
    """Let the post-processor add its special tokens to ids.

    Args:
        core: Whose post-processor it is.
        first: The ids of the first text.
        second: The ids of the second, if there is one.

    Returns:
        The framed encoding; its offsets mean nothing.
    """
    pair = None if second is None else _bare(core, second)
    return core.post_process(_bare(core, first), pair)


def _bare(core: Tokenizer, ids: Sequence[int]) -> Encoding:
    text = PreTokenizedString("x" if len(ids) else "")
    tokens = [Token(int(id), core.id_to_token(int(id)) or "", (0, 0)) for id in ids]
    text.tokenize(lambda _: tokens)
    return text.to_encoding()
