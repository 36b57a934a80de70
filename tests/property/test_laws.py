"""The laws that every tokenizer keeps, whatever the text."""

from __future__ import annotations

import itertools
import json
import pickle
from typing import Any

import fissile
import pytest
from fissile import decoders, models, normalizers, pre_tokenizers
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.property.conftest import load
from tests.property.strategies import batches, texts
from tests.support.build import byte_level

# The tokenizers of the fixture are not changed by a test.
laws = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

IDEMPOTENT = [
    normalizers.NFC(),
    normalizers.NFD(),
    normalizers.NFKC(),
    normalizers.NFKD(),
    normalizers.Strip(),
    normalizers.StripAccents(),
    normalizers.Replace(" ", "_"),
    normalizers.Lowercase(),
]

KEEPING = ["isolated", "merged_with_previous", "merged_with_next", "contiguous"]


def everything(encoding: Any) -> tuple[Any, ...]:
    """All that an encoding says, but its overflow."""
    return (
        encoding.ids,
        encoding.tokens,
        encoding.offsets,
        encoding.type_ids,
        encoding.word_ids,
        encoding.special_tokens_mask,
    )


@laws
@given(text=texts)
def test_byte_level_decodes_to_the_text(text: str) -> None:
    tokenizer = byte_level(fissile)
    assert tokenizer.decode(tokenizer.encode(text).ids) == text
    assert tokenizer.decode_bytes(tokenizer.encode_ids(text)) == text.encode()


@laws
@given(text=texts)
def test_offsets_are_in_the_text_and_in_order(tokenizer: Any, text: str) -> None:
    encoding = tokenizer.encode(text)
    kept = [
        span
        for span, special in zip(encoding.offsets, encoding.special_tokens_mask, strict=True)
        if not special
    ]
    for start, end in kept:
        assert 0 <= start <= end <= len(text)
    starts = [start for start, end in kept if end > start]
    assert starts == sorted(starts)


@laws
@given(text=texts)
def test_offsets_in_bytes_are_those_in_characters(text: str) -> None:
    """A token of a part of a character stands for the whole of it when characters are counted."""
    tokenizer = byte_level(fissile)
    character_of = [index for index, char in enumerate(text) for _ in char.encode()]
    in_bytes = tokenizer.encode(text, offset_unit="byte").offsets
    expected = [(character_of[first], character_of[last - 1] + 1) for first, last in in_bytes]
    assert tokenizer.encode(text).offsets == expected


@laws
@given(batch=batches, threads=st.integers(1, 3))
def test_a_batch_is_its_texts(tokenizer: Any, batch: list[str], threads: int) -> None:
    single = [everything(tokenizer.encode(text)) for text in batch]
    assert [everything(e) for e in tokenizer.encode_batch(batch, num_threads=threads)] == single
    assert [everything(e) for e in tokenizer.encode_batch(batch[::-1])] == single[::-1]
    assert tokenizer.encode_ids_batch(batch).to_list() == [ids for ids, *_ in single]
    assert list(tokenizer.count_batch(batch)) == [len(ids) for ids, *_ in single]


@laws
@given(text=texts)
def test_twice_is_the_same(tokenizer: Any, text: str) -> None:
    """Cached and not cached."""
    first = everything(tokenizer.encode(text))
    fresh = pickle.loads(pickle.dumps(tokenizer))
    assert everything(tokenizer.encode(text)) == first == everything(fresh.encode(text))


def test_saved_documents_are_stable(tokenizer: Any) -> None:
    saved = tokenizer.to_str()
    again = fissile.Tokenizer.from_str(saved)
    assert again.to_str() == saved
    assert again.to_str(pretty=True) == tokenizer.to_str(pretty=True)
    assert json.loads(again.to_str(pretty=True)) == json.loads(saved)


@pytest.mark.parametrize("normalizer", IDEMPOTENT, ids=lambda normalizer: str(normalizer)[:24])
@given(text=texts)
def test_normalizing_twice_is_once(normalizer: Any, text: str) -> None:
    once = normalizer.normalize_str(text)
    # Lower case of a few capitals holds marks that are capitals themselves.
    assume("İ" not in text)
    assert normalizer.normalize_str(once) == once


@pytest.mark.parametrize("behavior", KEEPING)
@given(text=texts, pattern=st.sampled_from([r"\s+", r"\w", "a|b", r"\p{L}+", "(?=x)", "."]))
def test_splitting_keeps_the_text(behavior: str, text: str, pattern: str) -> None:
    for invert in (False, True):
        split = pre_tokenizers.Split(fissile.Regex(pattern), behavior, invert=invert)
        pieces = split.pre_tokenize_str(text)
        assert "".join(piece for piece, _ in pieces) == text
        assert [text[start:end] for _, (start, end) in pieces] == [piece for piece, _ in pieces]


@laws
@given(text=texts)
@pytest.mark.parametrize("name", ["byte_level_roberta", "metaspace_pieces", "unigram", "deepseek"])
def test_streams_give_what_decoding_gives(name: str, text: str) -> None:
    tokenizer = load(name)
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    stream = decoders.DecodeStream()
    parts = [stream.step(tokenizer, token) for token in ids]
    whole = tokenizer.decode(ids, skip_special_tokens=False)
    given_out = "".join(part for part in parts if part)
    # The last characters may be waiting for more bytes.
    assert whole.startswith(given_out) or "\ufffd" in whole


@laws
@given(text=texts, length=st.integers(4, 12), left=st.booleans())
def test_truncation_loses_nothing(tokenizer: Any, text: str, length: int, left: bool) -> None:
    settings_ = {"max_length": length, "direction": "left" if left else "right"}
    whole = tokenizer.encode(text, add_special_tokens=False).ids
    first = tokenizer.encode(text, add_special_tokens=False, truncation=settings_)
    parts = [first.ids, *(part.ids for part in first.overflowing)]
    assert all(len(part) <= length for part in parts)
    joined = [token for part in (parts[::-1] if left else parts) for token in part]
    assert joined == whole


@given(text=st.text("abcd", max_size=40))
def test_merging_is_the_naive_one(text: str) -> None:
    vocab = {
        piece: index
        for index, piece in enumerate(
            ["a", "b", "c", "d", "ab", "cd", "abc", "aa", "aab", "abcd", "da"]
        )
    }
    merges = [
        ("a", "b"),
        ("a", "a"),
        ("c", "d"),
        ("ab", "c"),
        ("aa", "b"),
        ("ab", "cd"),
        ("d", "a"),
    ]
    model = models.BPE(vocab, merges)
    assert [token.value for token in model.tokenize(text)] == naive_bpe(text, merges)


def naive_bpe(text: str, merges: list[tuple[str, str]]) -> list[str]:
    """Merge the leftmost pair of the lowest rank until there is none."""
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    parts = list(text)
    while True:
        found = [
            (ranks[pair], at) for at, pair in enumerate(itertools.pairwise(parts)) if pair in ranks
        ]
        if not found:
            return parts
        _, at = min(found)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]


@given(text=st.text("abc", max_size=30))
def test_word_pieces_are_the_naive_ones(text: str) -> None:
    vocab = {
        "[UNK]": 0,
        "a": 1,
        "ab": 2,
        "##b": 3,
        "##bc": 4,
        "##ca": 5,
        "##c": 6,
        "b": 7,
        "##abca": 8,
    }
    model = models.WordPiece(vocab, unk_token="[UNK]")
    assert [token.value for token in model.tokenize(text)] == naive_word_piece(text, vocab)


def naive_word_piece(text: str, vocab: dict[str, int]) -> list[str]:
    """The longest piece that fits, from the left; one that is missing spoils the word."""
    pieces: list[str] = []
    start = 0
    while start < len(text):
        prefix = "##" if start else ""
        ends = [end for end in range(len(text), start, -1) if prefix + text[start:end] in vocab]
        if not ends:
            return ["[UNK]"]
        pieces.append(prefix + text[start : ends[0]])
        start = ends[0]
    return pieces
