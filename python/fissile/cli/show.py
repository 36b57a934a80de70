"""A text with its tokens coloured, for a terminal."""

from __future__ import annotations

from fissile import Encoding

_BACKGROUNDS = (153, 223, 151, 225, 229)
_RESET = "\x1b[0m"


def coloured(text: str, encoding: Encoding) -> str:
    """The text, each token on a background of its own; what no token covers stays bare."""
    out: list[str] = []
    done = 0
    for number, (start, end) in enumerate(encoding.offsets):
        # Bytes of one character can be several tokens: the first one shows it.
        start = max(start, done)
        if start >= end:
            continue
        out.append(text[done:start])
        background = _BACKGROUNDS[number % len(_BACKGROUNDS)]
        out.append(f"\x1b[48;5;{background}m\x1b[38;5;16m{text[start:end]}{_RESET}")
        done = end
    out.append(text[done:])
    return "".join(out)
