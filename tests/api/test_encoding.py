"""`Encoding`: what it says, and how it is cut, filled and joined."""

from __future__ import annotations

import pickle
from types import ModuleType

import fissile
import pytest

from tests.support.build import words


def test_everything_it_says(library: ModuleType) -> None:
    encoding = words(library).encode("my  café", "hello zzz")
    assert encoding.tokens == ["[CLS]", "my", "café", "[SEP]", "hello", "[UNK]", "[SEP]"]
    assert encoding.ids == [1, 4, 11, 2, 9, 0, 2]
    assert encoding.type_ids == [0, 0, 0, 0, 1, 1, 1]
    assert encoding.offsets == [(0, 0), (0, 2), (4, 8), (0, 0), (0, 5), (6, 9), (0, 0)]
    assert encoding.word_ids == [None, 0, 1, None, 0, 1, None]
    assert encoding.sequence_ids == [None, 0, 0, None, 1, 1, None]
    assert encoding.special_tokens_mask == [1, 0, 0, 1, 0, 0, 1]
    assert encoding.attention_mask == [1] * 7
    assert encoding.overflowing == []
    assert encoding.n_sequences == 2
    assert len(encoding) == 7
    assert repr(encoding) == (
        "Encoding(num_tokens=7, attributes=[ids, type_ids, tokens, offsets, attention_mask, "
        "special_tokens_mask, overflowing])"
    )


def test_from_one_coordinate_to_another(library: ModuleType) -> None:
    encoding = words(library).encode("my café", "hello zzz")
    assert encoding.char_to_token(4) == 2
    assert encoding.char_to_token(4, 1) == 4
    assert encoding.char_to_token(2) is None
    assert encoding.char_to_word(6, 1) == 1
    assert encoding.token_to_chars(2) == (3, 7)
    assert encoding.token_to_chars(0) is None
    assert encoding.token_to_word(5) == 1
    assert encoding.token_to_sequence(5) == 1
    assert encoding.word_to_tokens(1) == (2, 3)
    assert encoding.word_to_chars(1, 1) == (6, 9)
    assert encoding.word_to_tokens(9) is None
    assert encoding.token_to_word(99) is None


def test_lists_are_the_callers(library: ModuleType) -> None:
    encoding = words(library).encode("my name")
    encoding.ids.append(7)
    assert encoding.ids == [1, 4, 5, 2]


def test_pad_and_truncate(library: ModuleType) -> None:
    encoding = words(library).encode("my name is john")
    encoding.truncate(4, stride=1)
    assert encoding.ids == [1, 4, 5, 6]
    assert [part.ids for part in encoding.overflowing] == [[6, 7, 2]]
    encoding.pad(6, direction="left", pad_id=3, pad_type_id=5, pad_token="[PAD]")
    assert encoding.ids == [3, 3, 1, 4, 5, 6]
    assert encoding.type_ids == [5, 5, 0, 0, 0, 0]
    assert encoding.attention_mask == [0, 0, 1, 1, 1, 1]
    assert encoding.special_tokens_mask == [1, 1, 1, 0, 0, 0]
    assert encoding.tokens[:2] == ["[PAD]", "[PAD]"]
    assert encoding.word_ids[:3] == [None, None, None]


def test_pad_keeps_what_is_long_enough(library: ModuleType) -> None:
    encoding = words(library).encode("my name")
    encoding.pad(2)
    assert len(encoding) == 4


def test_merge(library: ModuleType) -> None:
    tokenizer = words(library, special=False)
    parts = [tokenizer.encode("my name"), tokenizer.encode("hello")]
    assert library.Encoding.merge(parts).offsets == [(0, 2), (3, 7), (7, 12)]
    assert library.Encoding.merge(parts, growing_offsets=False).offsets == [(0, 2), (3, 7), (0, 5)]
    assert library.Encoding.merge([]).ids == []


def test_merge_keeps_sequence_ids() -> None:
    tokenizer = words(fissile, special=False)
    parts = [tokenizer.encode("my name"), tokenizer.encode("hello")]
    parts[1].set_sequence_id(1)
    assert fissile.Encoding.merge(parts).sequence_ids == [0, 0, 1]


def test_set_sequence_id(library: ModuleType) -> None:
    encoding = words(library, special=False).encode("my name")
    assert encoding.sequence_ids == [0, 0]
    encoding.set_sequence_id(1)
    assert encoding.char_to_token(0, 1) == 0
    assert encoding.word_to_tokens(1, 1) == (1, 2)
    assert encoding.token_to_sequence(1) == 1


def test_empty(library: ModuleType) -> None:
    encoding = library.Encoding()
    assert (encoding.ids, encoding.n_sequences, len(encoding)) == ([], 1, 0)


def test_words_is_deprecated(library: ModuleType) -> None:
    encoding = words(library).encode("my name")
    with pytest.warns(DeprecationWarning, match="0.9.4"):
        assert encoding.words == [None, 0, 1, None]


def test_pickles(library: ModuleType) -> None:
    encoding = words(library).encode("my café", "hello zzz")
    again = pickle.loads(pickle.dumps(encoding))
    assert again.ids == encoding.ids
    assert again.offsets == encoding.offsets
    assert again.sequence_ids == encoding.sequence_ids
    assert again.word_ids == encoding.word_ids


def test_attributes_can_be_set(library: ModuleType) -> None:
    encoding = words(library).encode("my name")
    encoding.note = "mine"
    assert encoding.note == "mine"
    with pytest.raises(AttributeError):
        encoding.ids = [1]
