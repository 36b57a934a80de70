"""The same calls of fissile and of transformers, settings crossed: equal keys, values and encodings."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fissile import AutoTokenizer

from tests.auto.conftest import vocabulary_file

pytestmark = pytest.mark.parity

TEXTS = [
    "Hello, I'm a single sentence!",
    "Ünïcödé text — naïve café 🤗 日本語 テスト",
    "",
    "a",
    "  spaces   and\ttabs\n\nnewlines ",
    "The quick brown fox jumps over the lazy dog. " * 4,
    "x" * 50,
    "[CLS] <s> <|endoftext|> </s> [MASK] <|im_start|>",
]
PAIRS = ["How old are you?", "I'm 6 years old", "b", "", "zzz " * 10, "c d e", "Second 🤗", "end"]
WORDS = [["Hello", "I'm", "a"], ["single"], ["sentence", "日本", "🤗"]]
WORD_PAIRS = [["b"], ["c", "d"], ["e"]]
INPUTS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("text", (TEXTS[0],), {}),
    ("pair", (TEXTS[1], PAIRS[1]), {}),
    ("texts", (TEXTS,), {}),
    ("texts and texts", (TEXTS, PAIRS), {}),
    ("tuples", (list(zip(TEXTS, PAIRS, strict=True)),), {}),
    ("words", (WORDS[0],), {"is_split_into_words": True}),
    ("lists of words", (WORDS,), {"is_split_into_words": True}),
    ("pairs of words", (WORDS, WORD_PAIRS), {"is_split_into_words": True}),
    ("pair of words", (WORDS[0], WORD_PAIRS[1]), {"is_split_into_words": True}),
    ("nothing", ("",), {}),
    ("nothing twice", (["", ""],), {}),
]
EXTRAS: list[dict[str, Any]] = [
    {},
    {
        "return_overflowing_tokens": True,
        "return_offsets_mapping": True,
        "return_special_tokens_mask": True,
        "return_length": True,
        "return_token_type_ids": True,
    },
    {
        "add_special_tokens": False,
        "padding_side": "left",
        "pad_to_multiple_of": 8,
        "return_token_type_ids": True,
    },
    {"return_attention_mask": False, "split_special_tokens": True, "return_length": True},
]
NAMES = [
    "bert_uncased", "bert_cased", "gpt2", "llama2", "llama3", "qwen3", "xlmr", "deepseek",
    "word_pieces", "byte_level_roberta", "metaspace_pieces", "byte_fallback", "unigram",
]  # fmt: skip
PADS = [
    "[PAD]",
    "<pad>",
    "</s>",
    "<|endoftext|>",
    "<|end_of_text|>",
    "<｜▁pad▁｜>",
    "<｜end▁of▁sentence｜>",
    "<sep>",
    "<unk>",
]


def settings() -> Iterator[dict[str, Any]]:
    for padding, truncation, max_length, stride, tensors, extra in itertools.product(
        [False, True, "max_length"],
        [None, True, "only_first", "only_second"],
        [None, 9, 16],
        [0, 2],
        [None, "np", "pt"],
        EXTRAS,
    ):
        yield {
            "padding": padding,
            "truncation": truncation,
            "max_length": max_length,
            "stride": stride,
            "return_tensors": tensors,
            **extra,
        }


def plain(value: Any) -> Any:
    if hasattr(value, "dtype"):
        return (type(value).__module__, str(value.dtype), [*value.shape], plain(value.tolist()))
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def outcome(tokenizer: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            encoded = tokenizer(*arguments, **options)
    except BaseException as error:  # The reference panics, which is no Exception.
        if isinstance(error, KeyboardInterrupt):
            raise
        return "error"
    rows = range(len(encoded.encodings))
    return (
        [(name, plain(value)) for name, value in encoded.items()],
        [encoded.tokens(row) for row in rows],
        [encoded.word_ids(row) for row in rows],
        [encoded.sequence_ids(row) for row in rows],
        [encoded[row].offsets for row in rows],
    )


def both(name: str, transformers: ModuleType) -> tuple[Any, Any]:
    file = vocabulary_file(name)
    source: Path = file.parent if file.name == "tokenizer.json" else file
    opened = AutoTokenizer.from_pretrained(source)
    if source.is_dir():
        expected = transformers.AutoTokenizer.from_pretrained(source)
    else:
        expected = transformers.PreTrainedTokenizerFast(tokenizer_file=str(file))
    vocabulary = opened.get_vocab()
    for tokenizer in (opened, expected):
        tokenizer.pad_token = next(token for token in PADS if token in vocabulary)
        tokenizer.model_max_length = 20
    return opened, expected


@pytest.mark.parametrize("name", NAMES)
def test_calls_are_equal(name: str, transformers: ModuleType, silence: Callable[..., Any]) -> None:
    compare(name, transformers, every=11)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_all_calls_are_equal(
    name: str, transformers: ModuleType, silence: Callable[..., Any]
) -> None:
    compare(name, transformers, every=1)


def compare(name: str, transformers: ModuleType, every: int) -> None:
    pytest.importorskip("torch")
    opened, expected = both(name, transformers)
    different = [
        (what, options)
        for start, (what, arguments, more) in enumerate(INPUTS)
        for options in itertools.islice(settings(), start, None, every)
        if outcome(opened, arguments, {**options, **more})
        != outcome(expected, arguments, {**options, **more})
    ]
    assert different == []


@pytest.mark.parametrize("name", NAMES)
def test_decoding_is_equal(name: str, transformers: ModuleType) -> None:
    opened, expected = both(name, transformers)
    rows = opened(TEXTS)["input_ids"]
    for skip, clean in itertools.product([True, False], [True, False]):
        options = {"skip_special_tokens": skip, "clean_up_tokenization_spaces": clean}
        assert opened.batch_decode(rows, **options) == expected.batch_decode(rows, **options)
        assert opened.decode(rows[0], **options) == expected.decode(rows[0], **options)
    for row in rows:
        assert opened.convert_ids_to_tokens(row) == expected.convert_ids_to_tokens(row)
    tokens = [*opened.convert_ids_to_tokens(rows[1]), "no such token"]
    assert opened.convert_tokens_to_ids(tokens) == expected.convert_tokens_to_ids(tokens)
    assert opened.convert_tokens_to_string(tokens[:-1]) == expected.convert_tokens_to_string(
        tokens[:-1]
    )


@pytest.mark.parametrize("name", NAMES)
def test_padding_of_encoded_texts_is_equal(name: str, transformers: ModuleType) -> None:
    opened, expected = both(name, transformers)
    rows: dict[str, Any] = {"input_ids": [[1, 2, 3], [4]], "token_type_ids": [[0, 0, 1], [1]]}
    for options in (
        {},
        {"padding": "max_length", "max_length": 5},
        {"pad_to_multiple_of": 4, "padding_side": "left"},
        {"padding": False},
        {"return_tensors": "np", "return_attention_mask": False},
    ):
        for data in (
            rows,
            [dict(zip(rows, row, strict=True)) for row in zip(*rows.values(), strict=True)],
        ):
            found, wanted = opened.pad(data, **options), expected.pad(data, **options)
            assert {key: plain(found[key]) for key in found} == {
                key: plain(wanted[key]) for key in wanted
            }
    assert opened.pad({"input_ids": [1, 2]}).data == expected.pad({"input_ids": [1, 2]}).data
