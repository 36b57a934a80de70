"""tiktoken and sentencepiece as oracles for the files they are at home with."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.vocabularies import SENTENCEPIECE, TEKKEN, TIKTOKEN, Vocabulary

# Which of tiktoken's encodings a rank file is, by the name it has here.
ENCODINGS = {
    "gpt2": "gpt2",
    "cl100k": "cl100k_base",
    "cl100k_base": "cl100k_base",
    "o200k": "o200k_base",
    "r50k": "r50k_base",
    "p50k": "p50k_base",
}

# Rank files of encodings that tiktoken does not know by itself: the pattern is the caller's to give.
WITHOUT_NAME = {
    "whisper": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "qwen": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+",
}

GPT2_PATTERN = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"


@dataclass(frozen=True)
class Check:
    """One thing that two engines have to agree on: a text to a result, on each side."""

    name: str
    expected: Callable[[str], Any]
    found: Callable[[str], Any]


def ranks(path: Path) -> dict[bytes, int]:
    """The tokens of a rank file."""
    lines = path.read_bytes().splitlines()
    return {
        base64.b64decode(token): int(rank)
        for token, rank in (line.split() for line in lines if line)
    }


def _openai(name: str, path: Path) -> Any:
    """One of tiktoken's own encodings, its ranks from a file here."""
    import tiktoken
    from tiktoken_ext import openai_public

    original = openai_public.load_tiktoken_bpe
    openai_public.load_tiktoken_bpe = lambda *_args, **_keywords: ranks(path)
    try:
        arguments = getattr(openai_public, "r50k_base" if name == "gpt2" else name)()
    finally:
        openai_public.load_tiktoken_bpe = original
    arguments.pop("explicit_n_vocab", None)
    return tiktoken.Encoding(**arguments)


def _pattern(vocabulary: Vocabulary) -> str | None:
    """The pattern of a rank file that tiktoken has no name for."""
    return WITHOUT_NAME.get(vocabulary.name.removesuffix("_multilingual"))


def _special(path: Path) -> dict[str, int]:
    """Two special tokens behind the ranks of a file."""
    first = max(ranks(path).values()) + 1
    return {"<|endoftext|>": first, "<|start|>": first + 1}


def _tiktoken(vocabulary: Vocabulary) -> Any:
    """The encoding of a rank file."""
    import tiktoken

    pattern = _pattern(vocabulary)
    if pattern is None:
        return _openai(ENCODINGS[vocabulary.name], vocabulary.path)
    return tiktoken.Encoding(
        vocabulary.name,
        pat_str=pattern,
        mergeable_ranks=ranks(vocabulary.path),
        special_tokens=_special(vocabulary.path),
    )


def _tekken(path: Path) -> tuple[Any, int]:
    """The encoding inside a `tekken.json`, and how many ids lie before its ranks."""
    import tiktoken

    document = json.loads(path.read_text(encoding="utf-8"))
    config = document["config"]
    special = config["default_num_special_tokens"]
    room = config["default_vocab_size"] - special
    mergeable = {
        base64.b64decode(entry["token_bytes"]): entry["rank"] for entry in document["vocab"][:room]
    }
    encoding = tiktoken.Encoding(
        "tekken", pat_str=config["pattern"], mergeable_ranks=mergeable, special_tokens={}
    )
    return encoding, special


def _plain_ids(tokenizer: Any) -> Callable[[str], list[int]]:
    return lambda text: tokenizer.encode_ids(
        text, add_special_tokens=False, allowed_special=set()
    ).to_list()


def _tiktoken_checks(vocabulary: Vocabulary, tokenizer: Any) -> list[Check]:
    encoding = _tiktoken(vocabulary)
    special = " ".join(sorted(encoding.special_tokens_set))

    def with_special(text: str) -> str:
        return f"{special}{text[:60]}{special} {text[60:]}"

    def ordinary(text: str) -> list[int]:
        return list(encoding.encode_ordinary(text))

    plain = _plain_ids(tokenizer)
    return [
        Check("ordinary", ordinary, plain),
        Check(
            "special tokens",
            lambda text: list(encoding.encode(with_special(text), allowed_special="all")),
            lambda text: tokenizer.encode(with_special(text), add_special_tokens=False).ids,
        ),
        Check(
            "bytes",
            lambda text: encoding.decode_bytes(ordinary(text)[1:-1]),
            lambda text: tokenizer.decode_bytes(ordinary(text)[1:-1], skip_special_tokens=False),
        ),
        Check(
            "text",
            lambda text: encoding.decode(ordinary(text)[1:-1]),
            lambda text: tokenizer.decode(ordinary(text)[1:-1], skip_special_tokens=False),
        ),
    ]


def _tekken_checks(vocabulary: Vocabulary, tokenizer: Any) -> list[Check]:
    encoding, shift = _tekken(vocabulary.path)

    def ordinary(text: str) -> list[int]:
        return [rank + shift for rank in encoding.encode_ordinary(text)]

    return [
        Check(
            "ordinary", ordinary, lambda text: tokenizer.encode(text, add_special_tokens=False).ids
        ),
        Check(
            "text",
            lambda text: encoding.decode([token - shift for token in ordinary(text)]),
            lambda text: tokenizer.decode(ordinary(text)),
        ),
    ]


def _sentencepiece_checks(vocabulary: Vocabulary, tokenizer: Any) -> list[Check]:
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary.path))

    def ids(text: str) -> list[int]:
        return list(processor.encode(text))

    return [
        Check("ids", ids, lambda text: tokenizer.encode(text, add_special_tokens=False).ids),
        Check(
            "text",
            lambda text: processor.decode(ids(text)),
            lambda text: tokenizer.decode(ids(text)),
        ),
    ]


MAKERS: dict[str, Callable[[Vocabulary, Any], list[Check]]] = {
    TIKTOKEN: _tiktoken_checks,
    TEKKEN: _tekken_checks,
    SENTENCEPIECE: _sentencepiece_checks,
}


def has_oracle(vocabulary: Vocabulary) -> bool:
    """Whether there is an oracle for this file."""
    return vocabulary.kind in (TEKKEN, SENTENCEPIECE) or (
        vocabulary.kind == TIKTOKEN
        and (vocabulary.name in ENCODINGS or _pattern(vocabulary) is not None)
    )


def checks(vocabulary: Vocabulary) -> list[Check]:
    """What fissile and the file's own library have to agree on."""
    import fissile

    pattern = _pattern(vocabulary) if vocabulary.kind == TIKTOKEN else None
    if pattern is None:
        tokenizer = fissile.Tokenizer.from_file(vocabulary.path)
    else:
        tokenizer = fissile.Tokenizer.from_tiktoken(
            vocabulary.path, pattern=pattern, special_tokens=_special(vocabulary.path)
        )
    return MAKERS[vocabulary.kind](vocabulary, tokenizer)
