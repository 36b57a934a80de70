"""What calls take: sequences of every kind, paths, keywords."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import fissile
import numpy as np
import pytest

from tests.support.build import words


def test_pairs(library: ModuleType) -> None:
    tokenizer = words(library)
    expected = [1, 4, 5, 2, 6, 7, 2]
    assert tokenizer.encode("my name", "is john").ids == expected
    for item in (("my name", "is john"), ["my name", "is john"]):
        assert tokenizer.encode_batch([item])[0].ids == expected


def test_pre_tokenized(library: ModuleType) -> None:
    tokenizer = words(library)
    for item in (["my", "name"], ("my", "name"), np.array(["my", "name"], dtype=object)):
        assert tokenizer.encode(item, is_pretokenized=True).ids == [1, 4, 5, 2]
        assert tokenizer.encode_batch([item], is_pretokenized=True)[0].ids == [1, 4, 5, 2]
    for item in ((["my"], ["is"]), [["my"], ("is",)], (("my",), ["is"])):
        assert tokenizer.encode_batch([item], is_pretokenized=True)[0].ids == [1, 4, 2, 6, 2]
    assert tokenizer.encode(["my name", "is"], is_pretokenized=True).word_ids == [
        None,
        0,
        0,
        1,
        None,
    ]
    assert tokenizer.encode(["my name", "is"], is_pretokenized=True).offsets[1:4] == [
        (0, 2),
        (3, 7),
        (0, 2),
    ]


def test_batches_are_sequences(library: ModuleType) -> None:
    tokenizer = words(library, special=False)
    for batch in (
        ["my", "is"],
        ("my", "is"),
        np.array(["my", "is"]),
        np.array(["my", "is"], dtype=object),
    ):
        assert [encoding.ids for encoding in tokenizer.encode_batch(batch)] == [[4], [6]]
    assert tokenizer.encode_batch([]) == []
    assert tokenizer.encode_batch_fast([]) == []


def test_numpy_strings() -> None:
    tokenizer = words(fissile)
    for values in (["my", "café"], ["my", "\U0001f600", "hello"], ["", "my"]):
        expected = tokenizer.encode(values, is_pretokenized=True)
        found = tokenizer.encode(np.array(values), is_pretokenized=True)
        assert (found.ids, found.offsets) == (expected.ids, expected.offsets)
    strided = np.array(["my", "x", "name", "x"])[::2]
    assert tokenizer.encode(strided, is_pretokenized=True).ids == [1, 4, 5, 2]
    assert tokenizer.encode_batch(np.array([["my", "name"]]), is_pretokenized=True)[0].ids == [
        1,
        4,
        5,
        2,
    ]


def test_ids_are_anything_like_integers(library: ModuleType) -> None:
    tokenizer = words(library)
    for ids in ([4, 5], (4, 5), np.array([4, 5]), np.array([4, 5], dtype=np.uint32)):
        assert tokenizer.decode(ids) == "my name"
        assert tokenizer.decode_batch([ids, ids]) == ["my name"] * 2


def test_own_buffers_can_be_decoded() -> None:
    tokenizer = words(fissile, special=False)
    assert tokenizer.decode(tokenizer.encode_ids("my name")) == "my name"
    assert tokenizer.decode_batch(tokenizer.encode_ids_batch(["my", "name"])) == ["my", "name"]


def test_the_field_s_keywords(library: ModuleType) -> None:
    pattern = library.Regex(s="a+")
    pieces = library.PreTokenizedString(s="baab")
    pieces.split(func=lambda _, text: text.split(pattern=pattern, behavior="isolated"))
    assert [text for text, _, _ in pieces.get_splits()] == ["b", "aa", "b"]
    assert str(library.NormalizedString(sequence="a")) == "a"


def test_paths_and_tuples(tmp_path: Path) -> None:
    tokenizer = words(fissile)
    assert tokenizer.add_tokens(("new", fissile.AddedToken("newer"))) == 2
    assert tokenizer.add_special_tokens(("<s>",)) == 1
    path = tmp_path / "tokenizer.json"
    tokenizer.save(path)
    assert fissile.Tokenizer.from_file(path).to_str() == tokenizer.to_str()
    assert fissile.Tokenizer.from_file(str(path)).to_str() == tokenizer.to_str()


@pytest.mark.parametrize(
    "call",
    [
        lambda t: t.enable_truncation(3, strid=1),
        lambda t: t.enable_padding(pad_tok="x"),
        lambda t: t.encode("my").pad(8, lenght=3),
        lambda t: fissile.AddedToken("x", single=True),
        lambda t: fissile.models.BPE(drop=0.1),
        lambda t: fissile.models.WordPiece({"[UNK]": 0}, prefix="##"),
    ],
)
def test_unknown_keywords_warn(call: object, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.warns(UserWarning, match="gnored unknown"):
        call(words(fissile))  # type: ignore[operator]
    assert capfd.readouterr().out == ""


def test_unknown_keywords_of_new_arguments_raise() -> None:
    with pytest.raises((TypeError, ValueError), match="nonsense"):
        words(fissile).encode("my", nonsense=1)
