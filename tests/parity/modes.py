"""The ways a tokenizer is called, each a small object that any engine can run.

A mode turns texts into comparable results. It builds everything it needs (pairs, words) from the single
text it is given, so that a difference can be shrunk by shortening that text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.parity.outcome import attempt

# Longest text, in characters, for all modes but those over whole documents; and for those that truncate,
# because the overflow of a pair is every part of one beside every part of the other.
SHORT = 240
SHORTER = 24

FIELDS = (
    "ids",
    "type_ids",
    "tokens",
    "offsets",
    "attention_mask",
    "special_tokens_mask",
    "word_ids",
    "sequence_ids",
    "n_sequences",
)


@dataclass(frozen=True)
class Mode:
    """One way to call a tokenizer."""

    name: str
    run: Callable[[Any, list[str]], list[Any]]
    # Settings made before and taken back after.
    truncation: dict[str, Any] | None = None
    padding: dict[str, Any] | None = None
    encode_special_tokens: bool = False
    # Whether documents are given whole.
    whole: bool = False
    # Whether it is held against every code point, too: what depends on characters, not on lengths.
    code_points: bool = False

    def cut(self, texts: list[str]) -> list[str]:
        """As much of each text as this mode takes, from anywhere in it."""
        if self.whole:
            return texts
        length = SHORTER if self.truncation else SHORT
        starts = [len(text) * 7919 % max(len(text) - length, 1) for text in texts]
        return [text[start : start + length] for text, start in zip(texts, starts, strict=True)]

    def apply(self, tokenizer: Any, texts: list[str]) -> list[Any]:
        """One result a text, under this mode's settings."""
        if self.truncation:
            tokenizer.enable_truncation(**self.truncation)
        if self.padding is not None:
            tokenizer.enable_padding(**self.padding)
        tokenizer.encode_special_tokens = self.encode_special_tokens
        try:
            return self.run(tokenizer, texts)
        finally:
            tokenizer.no_truncation()
            tokenizer.no_padding()
            tokenizer.encode_special_tokens = False


def record(encoding: Any) -> dict[str, Any]:
    """Everything an encoding says."""
    found = {name: getattr(encoding, name) for name in FIELDS}
    overflowing = encoding.overflowing
    if overflowing:
        found["overflowing"] = [record(part) for part in overflowing]
    return found


def records(encodings: Iterable[Any]) -> list[dict[str, Any]]:
    """`record` of several."""
    return [record(encoding) for encoding in encodings]


def pair(text: str) -> tuple[str, str]:
    """A pair made of one text."""
    return text[: len(text) // 3], text[len(text) // 3 :]


def words(text: str) -> list[str]:
    """A text cut as users cut it."""
    return text.split()


def ragged_words(text: str) -> list[str]:
    """A text cut so that some words are empty or hold spaces."""
    return re.split(r"([\s.]|(?<=e)(?=[a-z]))", text)


def _single(tokenizer: Any, texts: list[str]) -> list[Any]:
    return records(tokenizer.encode(text) for text in texts)


def _single_pair(tokenizer: Any, texts: list[str]) -> list[Any]:
    return records(tokenizer.encode(*pair(text), add_special_tokens=False) for text in texts)


def _batch(tokenizer: Any, texts: list[str]) -> list[Any]:
    return records(tokenizer.encode_batch(texts))


def _batch_plain(tokenizer: Any, texts: list[str]) -> list[Any]:
    return records(tokenizer.encode_batch(texts, add_special_tokens=False))


def _fast(tokenizer: Any, texts: list[str]) -> list[Any]:
    return [
        [encoding.ids, encoding.type_ids, encoding.attention_mask, encoding.special_tokens_mask]
        for encoding in tokenizer.encode_batch_fast(texts)
    ]


def _pairs(tokenizer: Any, texts: list[str]) -> list[Any]:
    return records(tokenizer.encode_batch([pair(text) for text in texts]))


def _words(tokenizer: Any, texts: list[str]) -> list[Any]:
    return records(tokenizer.encode_batch([words(text) for text in texts], is_pretokenized=True))


def _ragged_words(tokenizer: Any, texts: list[str]) -> list[Any]:
    inputs = [tuple(ragged_words(text)) for text in texts]
    return records(tokenizer.encode_batch(inputs, is_pretokenized=True, add_special_tokens=False))


def _word_pairs(tokenizer: Any, texts: list[str]) -> list[Any]:
    inputs = [(words(first), words(second)) for first, second in map(pair, texts)]
    return records(tokenizer.encode_batch(inputs, is_pretokenized=True))


def _mixed(tokenizer: Any, texts: list[str]) -> list[Any]:
    """Single texts and pairs in one batch."""
    inputs = [text if len(text) % 2 else pair(text) for text in texts]
    return records(tokenizer.encode_batch(inputs))


def _decode(tokenizer: Any, texts: list[str]) -> list[Any]:
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    cut = [row[1:-1] for row in ids]
    return list(
        zip(
            tokenizer.decode_batch(ids, skip_special_tokens=False),
            tokenizer.decode_batch(ids),
            tokenizer.decode_batch(cut, skip_special_tokens=False),
            [tokenizer.decode(row[::-1]) for row in cut],
            strict=True,
        )
    )


def _lookups(tokenizer: Any, texts: list[str]) -> list[Any]:
    """The methods of an encoding that go from one coordinate to another."""
    found = []
    for text in texts:
        encoding = tokenizer.encode(*pair(text))
        tokens = range(len(encoding) + 1)
        positions = range(0, len(text) + 2, 3)
        indices = range(0, 12)
        found.append(
            [
                len(encoding),
                [[encoding.char_to_token(at, part) for at in positions] for part in (0, 1)],
                [[encoding.char_to_word(at, part) for at in positions] for part in (0, 1)],
                [encoding.token_to_chars(at) for at in tokens],
                [encoding.token_to_word(at) for at in tokens],
                [encoding.token_to_sequence(at) for at in tokens],
                [[encoding.word_to_tokens(at, part) for at in indices] for part in (0, 1)],
                [[encoding.word_to_chars(at, part) for at in indices] for part in (0, 1)],
            ]
        )
    return found


def _edited(tokenizer: Any, texts: list[str]) -> list[Any]:
    """Encodings cut, filled and merged by hand."""
    found = []
    for text in texts:
        encoding, other = tokenizer.encode(text), tokenizer.encode(text[::-1])
        merged = record(
            type(encoding).merge([encoding, other], growing_offsets=bool(len(text) % 2))
        )
        # The reference loses them: "merge keeps sequences" in allowed.toml.
        del merged["sequence_ids"]
        encoding.truncate(7, stride=2, direction=("left", "right")[len(text) % 2])
        encoding.pad(
            11,
            direction=("left", "right")[len(text) % 3 == 0],
            pad_id=1,
            pad_type_id=2,
            pad_token="[P]",
        )
        found.append([record(encoding), merged])
    return found


def _cut_modes() -> list[Mode]:
    """Truncation: strategies, strides, both directions; singles and pairs."""
    shapes = [
        ("longest_first", 16, 0),
        ("longest_first", 14, 2),
        ("only_first", 48, 5),
        ("only_second", 64, 2),
        ("longest_first", 12, 0),
    ]
    made = []
    for strategy, length, stride in shapes:
        for direction in ("right", "left"):
            settings = {
                "max_length": length,
                "stride": stride,
                "strategy": strategy,
                "direction": direction,
            }
            name = f"truncation {strategy} {length}/{stride} {direction}"
            if strategy == "longest_first":
                made.append(Mode(name, _single, truncation=settings))
                made.append(Mode(f"{name} words", _words, truncation=settings))
            made.append(Mode(f"{name} pairs", _forgiving_pairs, truncation=settings))
    return made


def _forgiving_pairs(tokenizer: Any, texts: list[str]) -> list[Any]:
    """Pairs one at a time, because the reference refuses those whose one part is too short to cut."""
    return [attempt(lambda text=text: record(tokenizer.encode(*pair(text)))) for text in texts]


def _fill_modes() -> list[Mode]:
    """Padding, alone and after truncation."""
    filled = {"pad_id": 3, "pad_type_id": 1, "pad_token": "[FILL]"}
    cut = {"max_length": 12, "stride": 2}
    return [
        Mode("padding longest", _batch, padding={}),
        Mode("padding longest left", _mixed, padding={"direction": "left", **filled}),
        Mode("padding multiple", _batch, padding={"pad_to_multiple_of": 8}),
        Mode("padding fixed", _batch, padding={"length": 50, "pad_to_multiple_of": 16, **filled}),
        Mode("padding single", _single, padding={"length": 40, "direction": "left"}),
        Mode("truncation and padding", _mixed, truncation=cut, padding={"length": 12}),
        Mode(
            "truncation and padding left",
            _words,
            cut | {"direction": "left"},
            {"direction": "left"},
        ),
    ]


MODES: list[Mode] = [
    Mode("batch", _batch, whole=True, code_points=True),
    Mode("batch without special tokens", _batch_plain, code_points=True),
    Mode("decode", _decode, whole=True, code_points=True),
    Mode("single", _single),
    Mode("single pair without special tokens", _single_pair),
    Mode("fast", _fast),
    Mode("pairs", _pairs, code_points=True),
    Mode("mixed", _mixed),
    Mode("words", _words),
    Mode("ragged words", _ragged_words, code_points=True),
    Mode("word pairs", _word_pairs),
    Mode("special tokens as text", _batch, encode_special_tokens=True),
    Mode("lookups", _lookups),
    Mode("edited", _edited),
    *_cut_modes(),
    *_fill_modes(),
]
