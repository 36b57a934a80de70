"""Strings that break tokenizers, from a seed.

`strings(count, special)` gives short ones, `code_points(part, parts)` walks over all of Unicode,
`long_runs()` gives a few of a megabyte.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator

SEED = 20_000
LAST = sys.maxunicode
SURROGATES = range(0xD800, 0xE000)

SPACES = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2003\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
INVISIBLE = "\x00\x01\x08\x7f\x80\x9f\xad\u034f\u061c\u115f\u200b\u200c\u200d\u200e\u2060\u2064\ufeff\ufff9\ufffd\ufffe\uffff"
MARKS = (
    "\u0300\u0301\u0308\u0323\u0327\u0338\u0345\u0483\u05b0\u0651\u0670\u093c\u094d\u0bcd\u0e34\u0f71"
    "\u1ab0\u20d0\u20e3\u3099\u309a\ufe20\U0001d165\U0001e8d0\u0d3b\u07fd\u0898"
)
BASES = "aeiouAKZ1ßſİıΑΣςµÅ\u212b\u1e9eǅﬁ½²①Ⅷ가각각中﨑あアｱक্কกကשءאA"
RIGHT_TO_LEFT = "السَّلَامُ عَلَيْكُمْ שָׁלוֹם עולם \u202eabc\u202c \u2067נסיון\u2069 ۱۲۳ ١٢٣ لا ﷺ ﷽"
EMOJI = [
    "👨‍👩‍👧‍👦", "🏳️‍🌈", "👩🏽‍🚀", "🇩🇪🇫🇷🇯", "☺️☺︎", "1️⃣#️⃣", "👍🏿👍🏻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🫠🪿", "❤️‍🔥", "\u200d👩", "👩\u200d\u200d👩",
]  # fmt: skip
WORDS = [
    "hello", "World", "naïve", "Straße", "ΟΔΟΣ", "ИЗДАНИЕ", "東京都", "안녕하세요", "हिन्दी", "ภาษาไทย", "I'm", "can't",
    "they'LL", "we'ſt", "it'S", "'re", "12345678", "3.14", "1,000", "x=y+1", "foo_bar", "CamelCaseWord", "e\u0301", "http://a.b/c?d=é",
    "<0x41>", "<0xFF>", "##ing", "▁the", "▁", "Ġthe", "Ġ", "Ċ", "</w>", "a</w>", "{}[]", "——", "…", "`´'’", "ﬀﬁﬂ", "™©®",
]  # fmt: skip


def _scalar(random_: random.Random) -> str:
    """A random character, low planes more often."""
    top = random_.choice([0x7F, 0x24F, 0x2FFF, 0xFFFF, 0x1FFFF, LAST])
    while True:
        point = random_.randint(0, top)
        if point not in SURROGATES:
            return chr(point)


def _spaces(random_: random.Random) -> str:
    run = "".join(random_.choice(SPACES) for _ in range(random_.randint(1, 12)))
    one = random_.choice(SPACES) * random_.randint(1, 70)
    return random_.choice([run, one, f"a{run}b{one}", f"{one}word{run}", f"x\n{one}\n\n{run}y "])


def _marks(random_: random.Random) -> str:
    return "".join(
        random_.choice(BASES) + "".join(random_.choice(MARKS) for _ in range(random_.randint(0, 5)))
        for _ in range(random_.randint(1, 8))
    )


def _emoji(random_: random.Random) -> str:
    return random_.choice(["", " ", "a"]).join(
        random_.choice(EMOJI) for _ in range(random_.randint(1, 6))
    )


def _invisible(random_: random.Random) -> str:
    return "".join(random_.choice(INVISIBLE + "ab 1") for _ in range(random_.randint(1, 30)))


def _right_to_left(random_: random.Random) -> str:
    start = random_.randrange(len(RIGHT_TO_LEFT))
    return RIGHT_TO_LEFT[start:] + random_.choice(WORDS) + RIGHT_TO_LEFT[:start]


def _points(random_: random.Random) -> str:
    return "".join(_scalar(random_) for _ in range(random_.randint(1, 24)))


def _in_context(random_: random.Random) -> str:
    return random_.choice(
        ["a{0}b", " {0} ", "{0}{0}", "'{0}", "1{0}2", "中{0}文", "\n{0}\n"]
    ).format(_scalar(random_))


def _words(random_: random.Random) -> str:
    joint = random_.choice(["", " ", "  ", "\n", " \n ", "\t", "-", "'", "\u00a0"])
    return joint.join(random_.choice(WORDS) for _ in range(random_.randint(1, 10)))


def _run(random_: random.Random) -> str:
    return random_.choice(
        [*"aA0. \n'é中", "ab", "\r\n", "ha", "' ", "\u0301", "\U0001f600"]
    ) * random_.randint(1, 150)


def _ascii(random_: random.Random) -> str:
    return "".join(chr(random_.randint(0, 0x7F)) for _ in range(random_.randint(0, 40)))


KINDS: list[Callable[[random.Random], str]] = [
    _spaces, _marks, _emoji, _invisible, _right_to_left, _points, _in_context, _words, _run, _ascii,
]  # fmt: skip


def _with_special(random_: random.Random, special: list[str], rest: str) -> str:
    """A text with added tokens inside, whole, cut and touching."""
    token = random_.choice(special)
    cut = token[: random_.randint(0, len(token))]
    return random_.choice(
        [
            "{0}",
            "{1}{0}{1}",
            " {0} ",
            "{1} {0}",
            "{0}{0}",
            "{1}{2}{0}",
            "{2}{1}",
            "{0}\n",
            "{3}",
            "x{3}y",
            "{0}'s",
        ]
    ).format(token, rest, cut, token.upper() if token.islower() else token.lower())


def strings(count: int, special: list[str] | None = None, seed: int = SEED) -> list[str]:
    """`count` hostile strings; a fifth of them hold `special` tokens, if there are any."""
    random_ = random.Random(seed)
    made = [
        "",
        " ",
        "\n",
        "\x00",
        "\ufeff",
        "a",
        "é",
        "e\u0301",
        "\U0010ffff",
        "\u200d",
        *EMOJI,
        *WORDS,
        *MARKS,
    ]
    seen = set(made)
    turn = len(made)
    while len(made) < count:
        turn += 1
        text = KINDS[turn % len(KINDS)](random_)
        if turn % 7 == 0:
            text += random_.choice(KINDS)(random_)
        if special and turn % 5 == 0:
            text = _with_special(random_, special, text[:40])
        if text not in seen:
            seen.add(text)
            made.append(text)
    return made[:count]


def _chunks(size: int) -> Iterator[str]:
    chunk: list[str] = []
    for point in range(LAST + 1):
        if point in SURROGATES:
            continue
        chunk.append(chr(point))
        if len(chunk) == size:
            yield "".join(chunk)
            chunk = []
    if chunk:
        yield "".join(chunk)


def code_points(part: int = 0, parts: int = 1, size: int = 64) -> Iterator[str]:
    """Every code point in several contexts, `size` of them a string; one part of `parts` of all strings."""
    for index, chunk in enumerate(_chunks(size)):
        if index % parts != part % parts:
            continue
        yield chunk
        yield " ".join(chunk)
        yield "".join(f"a{char}B1{char} {char}." for char in chunk)


def single_code_points(part: int = 0, parts: int = 1) -> Iterator[str]:
    """Every code point alone; one part of `parts` of them."""
    return (chr(point) for point in range(part, LAST + 1, parts) if point not in SURROGATES)


def long_runs(length: int = 1_000_000) -> list[str]:
    """A few texts of `length` characters that punish anything quadratic."""
    return ["a" * length, " " * length, "ab " * (length // 3), "é\n" * (length // 2)]
