"""Bad input: typed errors that say what is wrong, never a panic."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import fissile
import pytest
from fissile import decoders, models, normalizers, pre_tokenizers

from tests.parity.outcome import PANIC, attempt
from tests.support.build import words


def _short_stride() -> Any:
    tokenizer = words(fissile)
    tokenizer.enable_truncation(4, stride=3)
    return tokenizer.encode("my name is john", "my name is john")


PANICS: dict[str, Callable[[], Any]] = {
    "stride as long as the length": lambda: words(fissile).enable_truncation(4, stride=4),
    "stride as long as what is left": _short_stride,
    "cut with a stride too long": lambda: words(fissile).encode("my name is").truncate(2, stride=2),
    "fixed length of nothing": lambda: pre_tokenizers.FixedLength(0).pre_tokenize_str("abc"),
    "broken character map": lambda: normalizers.Precompiled(b"\x01\x02\x03"),
    "broken character map in a document": lambda: fissile.Tokenizer.from_str(
        json.dumps(
            {
                "normalizer": {
                    "type": "Precompiled",
                    "precompiled_charsmap": base64.b64encode(b"xx").decode(),
                },
                "model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"},
            }
        )
    ),
    "custom decoder in a sequence": lambda: decoders.Sequence(
        [decoders.Decoder.custom(object())]
    ).decode(["a"]),
    "split at a place inside a character": lambda: fissile.NormalizedString("é").split(
        "\u0301", "isolated"
    ),
}


@pytest.mark.parametrize("name", PANICS)
def test_no_panic_crosses(name: str) -> None:
    outcome = attempt(PANICS[name])
    assert outcome != PANIC


def test_catastrophic_pattern() -> None:
    """The reference gives up; here it is answered, or refused, in no time: the timeout would tell."""
    pattern = fissile.Regex(r"(a+)+$")
    split = pre_tokenizers.Split(pattern, "isolated")
    assert attempt(lambda: split.pre_tokenize_str("a" * 40 + "b")) != PANIC


def test_classes() -> None:
    assert issubclass(fissile.FissileError, Exception)
    for name in ("InvalidValueError", "FormatError"):
        assert issubclass(getattr(fissile, name), (fissile.FissileError, ValueError))
    assert issubclass(fissile.FileError, OSError)
    assert issubclass(fissile.UnsupportedError, NotImplementedError)


def test_says_where_and_what(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    document = {"version": "1.0", "truncation": {"max_length": "long"}, "model": {"type": "BPE"}}
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(fissile.FormatError) as raised:
        fissile.Tokenizer.from_file(path)
    assert raised.value.path == str(path)
    assert raised.value.field
    assert raised.value.expected
    assert str(path) in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere") as raised:
        fissile.Tokenizer.from_file(tmp_path / "nowhere.json")
    assert isinstance(raised.value, fissile.FissileError)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: t.encode(3), TypeError, "TextInputSequence must be str"),
        (lambda t: t.encode(None), TypeError, "TextInputSequence must be str"),
        (lambda t: t.encode(b"a"), TypeError, "TextInputSequence must be str"),
        (lambda t: t.encode("a", 3), TypeError, "TextInputSequence must be str"),
        (
            lambda t: t.encode("a b", is_pretokenized=True),
            TypeError,
            "PreTokenizedInputSequence must be Union",
        ),
        (
            lambda t: t.encode([1], is_pretokenized=True),
            TypeError,
            "PreTokenizedInputSequence must be Union",
        ),
        (lambda t: t.encode_batch([3]), TypeError, "TextEncodeInput must be Union"),
        (lambda t: t.encode_batch([("a", "b", "c")]), TypeError, "TextEncodeInput must be Union"),
        (lambda t: t.encode_batch("ab"), TypeError, None),
        (lambda t: t.encode_batch(x for x in ["a"]), TypeError, None),
        (lambda t: t.encode("\ud800"), TypeError, "TextInputSequence must be str"),
        (lambda t: t.add_tokens([3]), TypeError, "Input must be a List"),
        (lambda t: t.add_tokens("abc"), TypeError, None),
        (lambda t: t.enable_truncation(4, strategy="none"), ValueError, "strategy"),
        (lambda t: t.enable_truncation(4, direction="up"), ValueError, None),
        (lambda t: t.enable_padding(direction="up"), ValueError, None),
        (lambda t: t.enable_truncation(-1), OverflowError, None),
        (lambda t: t.from_buffer(b"{"), ValueError, None),
        (lambda t: t.from_str("{"), Exception, None),
        (lambda t: t.decode(["a"]), TypeError, None),
    ],
)
def test_wrong_arguments(
    library: ModuleType, call: Callable[[Any], Any], error: type[Exception], message: str | None
) -> None:
    with pytest.raises(error, match=message):
        call(words(library))


@pytest.mark.parametrize(
    "build",
    [
        lambda lib: lib.models.BPE({"a": 0}, None),
        lambda lib: lib.models.BPE({"a": 0}, [("a", "b")]),
        lambda lib: lib.models.BPE(dropout=2.0),
        lambda lib: lib.models.Unigram([("a", 0.0)], 5),
        lambda lib: lib.pre_tokenizers.Split("a", "nonsense"),
        lambda lib: lib.pre_tokenizers.Metaspace("ab"),
        lambda lib: lib.pre_tokenizers.Metaspace(prepend_scheme="sometimes"),
        lambda lib: lib.Regex("("),
        lambda lib: lib.processors.TemplateProcessing(single="[CLS] $A", special_tokens=[]),
        lambda lib: lib.processors.TemplateProcessing(single="$X:y"),
        lambda lib: lib.normalizers.unicode_normalizer_from_str("nfx"),
    ],
)
def test_wrong_parts(library: ModuleType, build: Callable[[ModuleType], Any]) -> None:
    with pytest.raises(Exception) as raised:
        build(library)
    assert str(raised.value)


def test_missing_unknown_token(library: ModuleType) -> None:
    tokenizer = library.Tokenizer(library.models.WordPiece({"a": 0}, unk_token="[UNK]"))
    with pytest.raises(Exception, match="Missing \\[UNK\\] token from the vocabulary"):
        tokenizer.encode("b")


def test_model_errors_in_a_batch() -> None:
    tokenizer = fissile.Tokenizer(models.WordPiece({"a": 0}, unk_token="[UNK]"))
    with pytest.raises(fissile.FissileError, match="Missing"):
        tokenizer.encode_batch(["a"] * 100 + ["b"])
    assert tokenizer.encode("a").ids == [0]
