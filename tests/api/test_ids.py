"""Ids alone: `encode_ids`, `encode_ids_batch`, `count`, and bytes."""

from __future__ import annotations

import itertools
from typing import Any

import fissile
import nanoarrow
import numpy as np
import pytest

from tests.support.build import byte_level, words

TEXTS = ["my name", "", "is john hello"]
ROWS = [[1, 4, 5, 2], [1, 2], [1, 6, 7, 9, 2]]
FLAT = [token for row in ROWS for token in row]


def test_one() -> None:
    tokenizer = words(fissile)
    ids = tokenizer.encode_ids("my name")
    assert ids.to_list() == list(ids) == [1, 4, 5, 2]
    assert len(ids) == 4
    assert ids[-1] == 2
    assert tokenizer.encode_ids("my", "is").to_list() == tokenizer.encode("my", "is").ids
    assert tokenizer.encode_ids("my", add_special_tokens=False).to_list() == [4]
    assert tokenizer.encode_ids(["my", "is"], is_pretokenized=True).to_list() == [1, 4, 6, 2]


def test_one_as_an_array() -> None:
    ids = words(fissile).encode_ids("my name")
    array = np.asarray(ids)
    assert array.dtype == np.uint32
    assert array.tolist() == [1, 4, 5, 2]
    assert not array.flags.writeable
    assert np.from_dlpack(ids).tolist() == [1, 4, 5, 2]
    assert np.shares_memory(np.asarray(ids), np.asarray(ids))
    assert nanoarrow.Array(ids).to_pylist() == [1, 4, 5, 2]


def test_several() -> None:
    ragged = words(fissile).encode_ids_batch(TEXTS)
    assert len(ragged) == 3
    assert ragged.to_list() == ROWS
    assert [row.tolist() for row in ragged] == ROWS
    assert ragged[2].tolist() == ragged[-1].tolist() == ROWS[2]
    with pytest.raises(IndexError):
        ragged[3]


def test_several_in_one_buffer() -> None:
    ragged = words(fissile).encode_ids_batch(TEXTS)
    values, splits = np.asarray(ragged.values), np.asarray(ragged.row_splits)
    assert (values.dtype, splits.dtype) == (np.uint32, np.int64)
    assert values.tolist() == FLAT
    assert splits.tolist() == [0, 4, 6, 11]
    assert np.shares_memory(ragged[0], values)
    assert np.from_dlpack(ragged.values).tolist() == FLAT
    assert nanoarrow.Array(ragged).to_pylist() == ROWS


def test_views_outlive_their_owner() -> None:
    tokenizer = words(fissile)
    views = [tokenizer.encode_ids_batch(TEXTS)[0] for _ in range(200)]
    assert {tuple(view.tolist()) for view in views} == {(1, 4, 5, 2)}


def test_nothing() -> None:
    tokenizer = words(fissile, special=False)
    assert tokenizer.encode_ids("").to_list() == []
    assert np.asarray(tokenizer.encode_ids("")).shape == (0,)
    empty = tokenizer.encode_ids_batch([])
    assert (len(empty), empty.to_list(), np.asarray(empty.row_splits).tolist()) == (0, [], [0])


def test_a_frame_that_names_the_sequence_twice() -> None:
    tokenizer = words(fissile, special=False)
    twice = fissile.processors.TemplateProcessing(single="$A $A", pair="$A $B", special_tokens=[])
    tokenizer.post_processor = twice
    for add in (True, False):
        expected = tokenizer.encode("my name", add_special_tokens=add).ids
        assert len(expected) == 4
        assert tokenizer.encode_ids("my name", add_special_tokens=add).to_list() == expected
        assert tokenizer.encode_ids_batch(["my name"], add_special_tokens=add).to_list() == [
            expected
        ]
        assert tokenizer.count("my name", add_special_tokens=add) == 4
        assert list(tokenizer.count_batch(["my name"], add_special_tokens=add)) == [4]


def test_count() -> None:
    tokenizer = words(fissile)
    assert tokenizer.count("my name") == 4
    assert tokenizer.count("my", "is", add_special_tokens=False) == 2
    assert list(tokenizer.count_batch(TEXTS)) == [4, 2, 5]


def test_bytes() -> None:
    tokenizer = byte_level(fissile)
    ids = tokenizer.encode("é€").ids
    assert [tokenizer.token_bytes(token) for token in ids] == [
        bytes([byte]) for byte in "é€".encode()
    ]
    assert tokenizer.decode_bytes(ids[:3]) == "é€".encode()[:3]
    assert tokenizer.token_bytes(99_999) is None
    assert tokenizer.decode(ids[:3]) == "é\ufffd"


def test_special_tokens_of_the_call() -> None:
    tokenizer = words(fissile, special=False)
    tokenizer.add_special_tokens(["[CLS]", "[SEP]"])
    text = "my[CLS][SEP]"
    assert tokenizer.encode(text).ids == [4, 1, 2]
    plain = tokenizer.encode(text, allowed_special="none").ids
    assert 1 not in plain
    assert tokenizer.encode(text, allowed_special=set()).ids == plain
    assert tokenizer.encode(text, allowed_special={"[CLS]"}).ids[:2] == [4, 1]
    assert tokenizer.encode_ids(text, allowed_special=["[SEP]"]).to_list()[-1] == 2
    with pytest.raises(fissile.DisallowedTokenError, match="CLS"):
        tokenizer.encode(text, allowed_special="none", disallowed_special="all")
    with pytest.raises(ValueError, match="SEP"):
        tokenizer.encode_ids_batch([text], disallowed_special={"[SEP]"})
    assert tokenizer.encode("my", allowed_special="none", disallowed_special="all").ids == [4]
    tokenizer.encode_special_tokens = True
    assert tokenizer.encode(text).ids == plain
    assert tokenizer.encode(text, allowed_special="all").ids == [4, 1, 2]


def test_disallowed_is_what_tiktoken_disallows() -> None:
    tiktoken = pytest.importorskip("tiktoken", reason="the model of these arguments")
    special = {"<a>": 256, "<b>": 257}
    ranks = {bytes([byte]): byte for byte in range(256)}
    oracle = tiktoken.Encoding("tiny", pat_str=".", mergeable_ranks=ranks, special_tokens=special)
    tokenizer = byte_level(fissile)
    tokenizer.add_special_tokens(list(special))

    def refuses(encode: Any, text: str, allowed: Any, disallowed: Any) -> bool:
        try:
            encode(text, allowed_special=allowed, disallowed_special=disallowed)
        except ValueError:
            return True
        return False

    sets: list[Any] = ["all", (), {"<a>"}, {"<b>"}, {"<a>", "<b>"}]
    for text in ("plain", "x<a>", "<b>y<a>", "<c> <a <b"):
        for allowed, disallowed in itertools.product(sets, [*sets, {"plain"}, {"<c>"}]):
            allowed_there = allowed if allowed == "all" else set(allowed)
            expected = refuses(oracle.encode, text, allowed_there, disallowed)
            assert refuses(tokenizer.encode, text, allowed, disallowed) is expected
            if allowed == ():
                assert refuses(tokenizer.encode, text, None, disallowed) is expected
        # Left out, nothing is refused: as in the field.
        assert not refuses(tokenizer.encode, text, None, None)


def test_no_spelling_brings_a_disallowed_token_in() -> None:
    tokenizer = words(fissile, special=False)
    tokenizer.normalizer = fissile.normalizers.Lowercase()
    tokenizer.add_special_tokens([fissile.AddedToken("<End>", normalized=True)])
    end = tokenizer.token_to_id("<End>")
    for text in ("my <End>", "my <END>", "my <end>"):
        assert end in tokenizer.encode(text).ids
        with pytest.raises(fissile.DisallowedTokenError, match=r"(?i)<end>"):
            tokenizer.encode(text, disallowed_special="all")
        with pytest.raises(fissile.DisallowedTokenError, match=r"(?i)<end>"):
            tokenizer.encode_ids(text, disallowed_special={"<End>"})
        assert (
            end in tokenizer.encode(text, allowed_special={"<End>"}, disallowed_special="all").ids
        )


def test_exact_offsets() -> None:
    tokenizer = fissile.Tokenizer(
        fissile.models.WordLevel({"é": 0, "x": 1, "가": 2}, unk_token="x")
    )
    tokenizer.normalizer = fissile.normalizers.NFC()
    tokenizer.pre_tokenizer = fissile.pre_tokenizers.Split("", "isolated")
    tokenizer.pre_tokenizer = fissile.pre_tokenizers.FixedLength(1)
    text = "e\u0301x\u1100\u1161"
    assert tokenizer.encode(text).offsets == [(0, 1), (2, 3), (3, 4)]
    assert tokenizer.encode(text, offsets="exact").offsets == [(0, 2), (2, 3), (3, 5)]


def test_offsets_in_bytes() -> None:
    tokenizer = words(fissile, special=False)
    assert tokenizer.encode("café my").offsets == [(0, 4), (5, 7)]
    assert tokenizer.encode("café my", offset_unit="byte").offsets == [(0, 5), (6, 8)]
    with pytest.raises(ValueError, match="offset_unit"):
        tokenizer.encode("my", offset_unit="word")


@pytest.mark.parametrize("make", [words, byte_level])
def test_a_long_text_on_several_threads(make: Any) -> None:
    tokenizer = make(fissile)
    text = "my name is café john, <x> hello\nworld " * 12_000
    one = tokenizer.encode(text, num_threads=1)
    several = tokenizer.encode(text, num_threads=3)
    assert several.ids == one.ids
    assert several.offsets == one.offsets
    assert several.word_ids == one.word_ids
    assert tokenizer.encode_ids(text, num_threads=3).to_list() == one.ids
    assert tokenizer.encode_ids_batch([text], num_threads=3).to_list() == [one.ids]


@pytest.mark.parametrize("special", [True, False])
@pytest.mark.parametrize("strategy", ["longest_first", "only_first", "only_second"])
@pytest.mark.parametrize("direction", ["left", "right"])
@pytest.mark.parametrize("length", range(6))
def test_ids_cut_to_a_length(length: int, direction: str, strategy: str, special: bool) -> None:
    tokenizer = words(fissile)
    cut = {"max_length": length, "stride": 1, "strategy": strategy, "direction": direction}

    def outcome(work: Any) -> Any:
        try:
            return work()
        except ValueError as error:
            return str(error)

    texts: list[Any]
    for texts in (["my"], ["my name is"], [("my name", "is"), "my name is john"], []):
        options: Any = {"add_special_tokens": special, "truncation": cut}
        rows = outcome(lambda: tokenizer.encode_ids_batch(texts, **options).to_list())  # noqa: B023
        whole = outcome(lambda: [it.ids for it in tokenizer.encode_batch(texts, **options)])  # noqa: B023
        assert rows == whole
